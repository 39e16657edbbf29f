/* Sessions: ledgers (台账) of what took place, and lists of what will. A row is one meeting, or one on each
 * of its days. What is past is recorded as a fact: with its head counts, and with rules set aside that a plan
 * would have to keep (docs/decisions/0020-ledgers.md). */
#include "base/date.h"
#include "base/limits.h"
#include "importers/export.h"
#include "importers/kinds.h"
#include "importers/ledger_session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WHEN_RULE                                                                                            \
    {                                                                                                        \
        .dates = DATE_WITH_TIME | DATE_DAYS                                                                  \
    }

static const struct value_word STATUS_WORDS[] = {{"已开展", LEDGER_HELD},
                                                 {"开展", LEDGER_HELD},
                                                 {"已完成", LEDGER_HELD},
                                                 {"完成", LEDGER_HELD},
                                                 {"正常", LEDGER_HELD},
                                                 {"是", LEDGER_HELD},
                                                 {"√", LEDGER_HELD},
                                                 {"held", LEDGER_HELD},
                                                 {"yes", LEDGER_HELD},
                                                 {"1", LEDGER_HELD},
                                                 {"未开展", LEDGER_NOT_HELD},
                                                 {"没开展", LEDGER_NOT_HELD},
                                                 {"否", LEDGER_NOT_HELD},
                                                 {"×", LEDGER_NOT_HELD},
                                                 {"not-held", LEDGER_NOT_HELD},
                                                 {"no", LEDGER_NOT_HELD},
                                                 {"0", LEDGER_NOT_HELD},
                                                 {"改场地", LEDGER_OUTSIDE},
                                                 {"礼堂外开展", LEDGER_OUTSIDE},
                                                 {"改在礼堂外", LEDGER_OUTSIDE},
                                                 {"moved-outside", LEDGER_OUTSIDE},
                                                 {"取消", LEDGER_CANCELLED},
                                                 {"已取消", LEDGER_CANCELLED},
                                                 {"停课", LEDGER_CANCELLED},
                                                 {"cancelled", LEDGER_CANCELLED},
                                                 {"计划", LEDGER_PLANNED},
                                                 {"待开展", LEDGER_PLANNED},
                                                 {"confirmed", LEDGER_PLANNED},
                                                 {"已确认", LEDGER_PLANNED},
                                                 {"tentative", LEDGER_TENTATIVE},
                                                 {"暂定", LEDGER_TENTATIVE},
                                                 {NULL, 0}};

const struct column LEDGER_COLUMNS[LEDGER_COLUMNS_END] = {
    [LEDGER_ID] = {"session_id",
                   "场次编号",
                   "!场次编号|!活动编号|!uid|!场次号|sessionid|session",
                   COLUMN_OPTIONAL,
                   value_code,
                   {.max = UID_TEXT_SIZE},
                   STORE_BY_KIND,
                   NULL,
                   0},
    [LEDGER_DATE] = {"date", "日期",
                     "日期|!活动日期|!培训日期|!开课日期|!开展日期|!上课日期|!授课日期|!讲座日期",
                     COLUMN_OPTIONAL, value_date, WHEN_RULE, STORE_BY_KIND, NULL, 0},
    [LEDGER_TIME] =
        {"time", "时间",
         "时间|!活动时间|!培训时间|!上课时间|!开展时间|!授课时间|!讲座时间|!日期时间|时段|起止时间",
         COLUMN_OPTIONAL, value_when, WHEN_RULE, STORE_BY_KIND, NULL, 0},
    [LEDGER_START] = {"start", "开始时间", "开始时间|starttime", COLUMN_OPTIONAL, value_time, RULE_NONE,
                      STORE_BY_KIND, NULL, 0},
    [LEDGER_END] = {"end", "结束时间", "结束时间|endtime", COLUMN_OPTIONAL, value_end_time, RULE_NONE,
                    STORE_BY_KIND, NULL, 0},
    [LEDGER_MINUTES] = {"minutes",
                        "时长",
                        "时长|时长(分钟)|分钟|培训时长|活动时长",
                        COLUMN_OPTIONAL,
                        value_minutes,
                        {.min = 1, .max = LIMIT_SESSION_MINUTES},
                        STORE_BY_KIND,
                        NULL,
                        0},
    [LEDGER_LESSONS] = {"lessons",
                        "课时",
                        "课时|课时数|学时",
                        COLUMN_OPTIONAL,
                        value_lessons,
                        {.min = 1, .max = LIMIT_SESSION_MINUTES},
                        STORE_BY_KIND,
                        NULL,
                        0},
    [LEDGER_COUNTY] = {"county", "县(市、区)", "县|县(市、区)|县市区|区县|countycode", COLUMN_OPTIONAL,
                       value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [LEDGER_TOWNSHIP] = {"township", "乡镇", "乡镇|镇街|乡镇(街道)|街道|乡镇街道|镇|所属乡镇|所属镇街",
                         COLUMN_OPTIONAL, value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [LEDGER_TOWNSHIP_ID] = {"township_code", "乡镇代码", "乡镇代码|townshipid", COLUMN_OPTIONAL,
                            value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [LEDGER_VILLAGE] = {"village", "村", "村|行政村|村居|村(社区)|村社|所在村|村名", COLUMN_OPTIONAL,
                        value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [LEDGER_HALL_ID] = {"hall_id", "礼堂编号", "礼堂编号|礼堂代码|文化礼堂编号", COLUMN_OPTIONAL,
                        value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [LEDGER_HALL] = {"hall", "礼堂",
                     "礼堂|礼堂名称|文化礼堂|文化礼堂名称|hallname|地点|!活动地点|!培训地点|!上课地点|!"
                     "授课地点|!活动礼堂",
                     COLUMN_OPTIONAL, value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [LEDGER_ROOM] = {"room", "场地", "场地|roomid|room_id|厅室|活动场地", COLUMN_OPTIONAL, value_reference,
                     RULE_NAME, STORE_BY_KIND, NULL, 0},
    [LEDGER_COURSE_ID] = {"course_id", "课程编号", "课程编号|课程代码", COLUMN_OPTIONAL, value_reference,
                          RULE_NAME, STORE_BY_KIND, NULL, 0},
    [LEDGER_COURSE] = {"course", "课程",
                       "课程|课程名称|coursename|内容|主题|项目|!活动内容|!活动名称|!活动主题|!培训内容|!"
                       "培训项目|!课程内容|!讲座名称|!活动项目",
                       COLUMN_OPTIONAL, value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [LEDGER_CATEGORY] = {"category", "类别", "类别|类型|课程类别|!活动类别|!活动类型|课程类型",
                         COLUMN_OPTIONAL, value_name, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [LEDGER_INSTRUCTOR_ID] = {"instructor_id", "讲师编号", "讲师编号|教师编号", COLUMN_OPTIONAL, value_list,
                              RULE_NOTE, STORE_BY_KIND, NULL, 0},
    [LEDGER_INSTRUCTOR] = {"instructor", "讲师",
                           "讲师|师资|主讲|主讲人|教师|主讲教师|授课人|!授课教师|!授课老师|!上课教师|!"
                           "任课教师|!指导老师|instructors",
                           COLUMN_OPTIONAL, value_list, RULE_NOTE, STORE_BY_KIND, NULL, 0},
    [LEDGER_HEADS] = {"heads", "人数",
                      "人数|人次|参加人数|参与人数|!受益人数|!参训人数|!到场人数|!实到人数|!培训人数|!"
                      "参加人次|!受益人次|!参与人次|!培训人次|!服务人次|!活动人数",
                      COLUMN_OPTIONAL, value_count, RULE_COUNT(LIMIT_HEADS), STORE_BY_KIND, NULL, 0},
    [LEDGER_HEADS_60] =
        {
            "heads_60", "60岁以上人数",
            "!60岁以上人数|!60岁以上|!其中60岁以上|!其中老年人|!老年人数|!60岁及以上|!其中:60岁以上",
            COLUMN_OPTIONAL, value_count, RULE_COUNT(LIMIT_HEADS), STORE_BY_KIND, NULL, 0},
    [LEDGER_SATISFACTION] = {"satisfaction", "满意度", "!满意度|!满意率|!满意度(%)", COLUMN_OPTIONAL,
                             value_percent, RULE_NONE, STORE_BY_KIND, NULL, 0},
    [LEDGER_STATUS] = {"status",
                       "开展情况",
                       "!开展情况|!是否开展|状态|!活动状态|held|outcome|!场次状态",
                       COLUMN_OPTIONAL,
                       value_word,
                       {.words = STATUS_WORDS},
                       STORE_BY_KIND,
                       NULL,
                       0},
    [LEDGER_COUNTS_AS] = {"counts_as",
                          "计场次",
                          "!计场次|!算几场|!折算场次|!场次数",
                          COLUMN_OPTIONAL,
                          value_count,
                          {.min = 1, .max = 100},
                          STORE_BY_KIND,
                          NULL,
                          0},
    [LEDGER_REASON] = {"reason", "未开展原因", "!未开展原因|!取消原因|原因", COLUMN_OPTIONAL, value_note,
                       RULE_NOTE, STORE_BY_KIND, NULL, 0},
    [LEDGER_NOTE] = {"note", "备注", "备注|说明|remark|remarks", COLUMN_OPTIONAL, value_note, RULE_NOTE,
                     STORE_BY_KIND, NULL, 0}};

/* ---- the way out: a session by its number, its outcome beside it ---- */

static const struct stored_row *attendance_of(const struct showing *showing)
{
    char number[STORED_NUMBER_SIZE];
    const struct stored_table *table = &showing->rows->tables[STORED_SESSION];
    return showing_find(showing, TABLE_ATTENDANCE, stored_text(table, showing->row, "id", number));
}

static void show_outcome(const struct showing *showing, const struct column_form *form, struct text *out)
{
    char number[STORED_NUMBER_SIZE];
    const struct stored_row *row = attendance_of(showing);
    if (row != NULL) {
        text_add(out, stored_text(&showing->rows->tables[TABLE_ATTENDANCE], row, form->stored, number));
    }
}

static void show_status(const struct showing *showing, const struct column_form *form, struct text *out)
{
    const struct stored_table *table = &showing->rows->tables[TABLE_ATTENDANCE];
    const struct stored_row *row = attendance_of(showing);
    const char *status = show_string(showing, form->stored);
    if (row != NULL && strcmp(status, "CANCELLED") != 0) {
        text_add(out, stored_cell(table, row, "outside").integer != 0 ? "改场地"
                      : stored_cell(table, row, "held").integer != 0  ? "已开展"
                                                                      : "未开展");
        return;
    }
    text_add(out, strcmp(status, "CANCELLED") == 0   ? "取消"
                  : strcmp(status, "TENTATIVE") == 0 ? "暂定"
                                                     : "计划");
}

static void show_start(const struct showing *showing, const struct column_form *form, struct text *out)
{
    int64_t minute = show_integer(showing, form->stored);
    text_addf(out, "%02" PRId64 ":%02" PRId64, minute / 60, minute % 60);
}

static void show_hall_of_room(const struct showing *showing, const struct column_form *form, struct text *out)
{
    const struct stored_table *rooms = &showing->rows->tables[TABLE_ROOM];
    const struct stored_row *room = showing_find(showing, TABLE_ROOM, show_string(showing, form->stored));
    if (room != NULL) {
        show_other(showing, TABLE_HALL, stored_cell(rooms, room, "hall_id").text, "name", out);
        text_addf(out, " %s", stored_cell(rooms, room, "name").text);
    }
}

static void show_people(const struct showing *showing, const struct column_form *form, struct text *out)
{
    const char *at = show_string(showing, form->stored);
    while (*at != '\0') {
        char id[LIMIT_ID_BYTES + 1];
        size_t length = strcspn(at, ";");
        (void)snprintf(id, sizeof id, "%.*s", (int)length, at);
        show_other(showing, TABLE_INSTRUCTOR, id, "name", out);
        at += length;
        at += *at == ';' ? 1 : 0;
        text_add(out, *at != '\0' ? "；" : "");
    }
}

static const struct form_word STATUS_FORMS[] = {
    {"held", "已开展"},  {"not-held", "未开展"}, {"outside", "改场地"}, {"off", "取消"},
    {"planned", "计划"}, {"tentative", "暂定"},  {NULL, NULL}};

static const struct column_form FORMS[LEDGER_COLUMNS_END] = {
    [LEDGER_ID] = {.show = show_plain,
                   .stored = "id",
                   .help = "已有场次的编号；新场次留空 / of a session that exists; empty for a new one",
                   .example = {EXAMPLE_MARK}},
    [LEDGER_DATE] = {.show = show_plain,
                     .stored = "date",
                     .help = "哪一天 / the day",
                     .example = {"2026-04-16"}},
    [LEDGER_START] = {.show = show_start,
                      .stored = "start_min",
                      .help = "几点开始 / the start",
                      .example = {"14:00"}},
    [LEDGER_MINUTES] = {.show = show_plain,
                        .stored = "minutes",
                        .help = "多少分钟，留空按课程 / minutes; empty: the course's",
                        .example = {"90"}},
    [LEDGER_HALL] = {.choice = CHOICE_HALLS,
                     .help = "礼堂；写了场地编号时可留空 / the hall, unless a room's id is given",
                     .example = {"示例文化礼堂"}},
    [LEDGER_ROOM] =
        {.show = show_plain,
         .stored = "room_id",
         .help = "场地编号，或该礼堂场地的名称；留空为最大的 / a room's id or name; empty: the largest"},
    [LEDGER_COURSE_ID] = {.show = show_plain, .stored = "course_id"},
    [LEDGER_COURSE] = {.choice = CHOICE_COURSES,
                       .help = "课程编号或名称 / id or name",
                       .example = {"健康养生"}},
    [LEDGER_INSTRUCTOR_ID] = {.show = show_plain, .stored = "instructor_ids"},
    [LEDGER_INSTRUCTOR] = {.choice = CHOICE_INSTRUCTORS,
                           .help = "讲师编号或姓名，几位用；隔开 / ids or names joined by ;",
                           .example = {"示例甲"}},
    [LEDGER_STATUS] = {.show = show_status,
                       .stored = "status",
                       .words = STATUS_FORMS,
                       .choice = CHOICE_WORDS,
                       .help = "结果如何 / what became of it",
                       .example = {"已开展"}},
    [LEDGER_HEADS] = {.show = show_outcome,
                      .stored = "heads",
                      .help = "到场人数 / people who came",
                      .example = {"45"}},
    [LEDGER_HEADS_60] = {.show = show_outcome,
                         .stored = "heads_60",
                         .help = "其中60岁以上 / of them 60 and older",
                         .example = {"30"}},
    [LEDGER_SATISFACTION] = {.show = show_outcome,
                             .stored = "satisfaction",
                             .help = "百分之几 / per cent",
                             .example = {"96"}},
    [LEDGER_COUNTS_AS] = {.show = show_plain, .stored = "counts_as", .help = "算几场，留空为 1 / counts as"},
    [LEDGER_REASON] = {.show = show_outcome, .stored = "reason", .help = "未开展或改场地的原因 / why not"}};

static const struct info_column INFOS[] = {{INFO_MARK "礼堂和场地", show_hall_of_room, "room_id"},
                                           {INFO_MARK "课程名称", show_course_name, "course_id"},
                                           {INFO_MARK "讲师姓名", show_people, "instructor_ids"},
                                           {INFO_MARK "点单编号", show_plain, "request_id"},
                                           {INFO_MARK "取消原因", show_plain, "cancel_reason"},
                                           {INFO_MARK "场次备注", show_plain, "note"},
                                           {INFO_MARK "登记备注", show_outcome, "note"}};

const struct kind KIND_SESSIONS = {
    .kind = IMPORT_SESSIONS,
    .columns = LEDGER_COLUMNS,
    .column_count = LEDGER_COLUMNS_END,
    .any_of = {COLUMN_BIT(LEDGER_DATE) | COLUMN_BIT(LEDGER_TIME),
               COLUMN_BIT(LEDGER_HALL) | COLUMN_BIT(LEDGER_HALL_ID) | COLUMN_BIT(LEDGER_ROOM),
               COLUMN_BIT(LEDGER_COURSE) | COLUMN_BIT(LEDGER_COURSE_ID)},
    .as_above = COLUMN_BIT(LEDGER_COUNTY) | COLUMN_BIT(LEDGER_TOWNSHIP) | COLUMN_BIT(LEDGER_VILLAGE) |
                COLUMN_BIT(LEDGER_HALL),
    .row = ledger_session_row,
    .finish = ledger_session_finish,
    .forms = FORMS,
    .infos = INFOS,
    .info_count = COLUMN_COUNT(INFOS),
    .shown = STORED_BIT(STORED_SESSION) | STORED_BIT(TABLE_ATTENDANCE) | STORED_BIT(TABLE_ROOM) |
             STORED_BIT(TABLE_HALL) | STORED_BIT(TABLE_COURSE) | STORED_BIT(TABLE_INSTRUCTOR),
    .key = LEDGER_ID,
    .wholes = {COLUMN_BIT(LEDGER_DATE) | COLUMN_BIT(LEDGER_TIME) | COLUMN_BIT(LEDGER_START) |
                   COLUMN_BIT(LEDGER_END) | COLUMN_BIT(LEDGER_MINUTES) | COLUMN_BIT(LEDGER_LESSONS),
               COLUMN_BIT(LEDGER_HALL) | COLUMN_BIT(LEDGER_HALL_ID) | COLUMN_BIT(LEDGER_ROOM),
               COLUMN_BIT(LEDGER_STATUS) | COLUMN_BIT(LEDGER_HEADS) | COLUMN_BIT(LEDGER_HEADS_60) |
                   COLUMN_BIT(LEDGER_SATISFACTION) | COLUMN_BIT(LEDGER_REASON)},
    .keeps = COLUMN_BIT(LEDGER_INSTRUCTOR_ID) | COLUMN_BIT(LEDGER_HEADS) | COLUMN_BIT(LEDGER_HEADS_60) |
             COLUMN_BIT(LEDGER_SATISFACTION) | COLUMN_BIT(LEDGER_COUNTS_AS)};
