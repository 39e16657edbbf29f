/* Attendance: what became of sessions that litang has: by their number, or by hall, day and time. Head counts
 * only: a list of who came is refused (Personal Information Protection Law, PIPL: no more than the purpose
 * needs). The columns are those of the kind sessions, so that both read when, where and what became of it
 * alike. */
#include "base/date.h"
#include "base/limits.h"
#include "importers/export.h"
#include "importers/kinds.h"
#include "importers/ledger_session.h"

#include <inttypes.h>
#include <string.h>

static bool is_then(const struct ledger_draft *draft, const struct session *session)
{
    int32_t start = session->at.start_min;
    return !draft->has_start || (draft->is_part ? start >= draft->earliest_min && start < draft->latest_min
                                                : start == draft->row.start_min);
}

/* "当天该礼堂有：14:00《…》（场次 17）" */
static void report_absent(struct intake *intake, const struct ledger_draft *draft, size_t fitting)
{
    const struct timetable *base = intake->base;
    struct text zh;
    struct text en;
    text_init(&zh, FAULT_TEXT_SIZE - 1);
    text_init(&en, FAULT_TEXT_SIZE - 1);
    text_add(&zh, fitting == 0 ? "系统里没有这一场" : "这一天这个礼堂有几场，请写明时间或场次编号");
    text_add(&en, fitting == 0
                      ? "there is no such session"
                      : "several sessions are in this hall on that day; give the time or the number");
    const char *between_zh = "；当天该礼堂有：";
    const char *between_en = "; on that day the hall has: ";
    const struct session *at = ledger_index_first(intake->sessions, draft->hall, draft->row.day);
    for (; at != NULL; at = ledger_index_next(intake->sessions, at)) {
        char start[TIME_TEXT_SIZE];
        minute_format(at->at.start_min, start);
        const char *course = base->courses[at->at.course].name;
        text_addf(&zh, "%s%s《%s》（场次 %" PRId64 "）", between_zh, start, course, at->at.session_id);
        text_addf(&en, "%s%s %s (session %" PRId64 ")", between_en, start, course, at->at.session_id);
        between_zh = "、";
        between_en = ", ";
    }
    if (strcmp(between_zh, "、") != 0) {
        text_add(&zh, "；没有排过的活动请用台账（sessions）导入");
        text_add(&en, "; import what was never planned as a ledger (sessions)");
    }
    size_t column = intake_has(intake, LEDGER_DATE) ? LEDGER_DATE : LEDGER_TIME;
    intake_error(intake, column, fitting == 0 ? CODE_UNKNOWN : CODE_AMBIGUOUS, text_string(&zh),
                 text_string(&en), NULL);
    text_finish(&en);
    text_finish(&zh);
}

static const struct session *session_then(struct intake *intake, const struct ledger_draft *draft)
{
    const struct session *found = NULL;
    size_t fitting = 0;
    const struct session *at = ledger_index_first(intake->sessions, draft->hall, draft->row.day);
    for (; at != NULL; at = ledger_index_next(intake->sessions, at)) {
        if (at->status != SESSION_CANCELLED && is_then(draft, at)) {
            found = at;
            fitting++;
        }
    }
    if (fitting != 1) {
        report_absent(intake, draft, fitting);
        return NULL;
    }
    return found;
}

static const struct session *session_find(struct intake *intake, struct ledger_draft *draft)
{
    const struct session *session = NULL;
    if (intake_value(intake, LEDGER_ID)->given) {
        return ledger_session_by_number(intake, &session) ? session : NULL;
    }
    bool is_good = ledger_when(intake, draft);
    is_good = ledger_hall(intake, draft) && is_good;
    if (is_good && (draft->days & (draft->days - 1)) != 0) {
        intake_error(intake, intake_has(intake, LEDGER_DATE) ? LEDGER_DATE : LEDGER_TIME, CODE_DATE,
                     "一行只登记一天；请分成几行", "one row is one day; write several rows", NULL);
        return NULL;
    }
    return is_good ? session_then(intake, draft) : NULL;
}

static void attendance_row(struct intake *intake)
{
    struct ledger_draft draft = {.hall = NONE, .course = NONE};
    if (!ledger_begin(intake, &draft)) {
        return;
    }
    const struct session *session = session_find(intake, &draft);
    if (session == NULL || intake->row_errors > 0) {
        return;
    }
    draft.row.day = session->at.day;
    draft.row.start_min = session->at.start_min;
    draft.row.is_past = session->at.day <= intake->report->today;
    draft.days = 1;
    if (!draft.row.is_past && intake_value(intake, LEDGER_HEADS)->given) {
        intake_error(intake, LEDGER_HEADS, CODE_CONFLICT, "这一场在今天之后，还不能登记人数",
                     "the session is yet to come; its head count cannot be entered", NULL);
        return;
    }
    if (!ledger_outcome(intake, &draft)) {
        return;
    }
    if (draft.status == LEDGER_UNSAID || draft.status > LEDGER_OUTSIDE) {
        intake_error(intake, intake_has(intake, LEDGER_HEADS) ? LEDGER_HEADS : LEDGER_STATUS, CODE_MISSING,
                     "要写人数，或写明是否开展", "a head count, or whether it was held, is needed", NULL);
        return;
    }
    ledger_attendance(intake, &draft, session);
}

/* ---- the way out: every session, its number to find it by, the rest of it to read ---- */

static const struct column_form FORMS[LEDGER_COLUMNS_END] = {
    [LEDGER_ID] = {.show = show_plain,
                   .stored = "id",
                   .help = "场次的编号；不知道就写日期和礼堂 / the session's number, or its day and hall",
                   .example = {EXAMPLE_MARK}},
    [LEDGER_DATE] = {.help = "哪一天；写了编号时可留空 / the day, unless the number is given",
                     .example = {"2026-04-16"}},
    [LEDGER_TIME] = {.help = "当天有几场时填，如 14:00 或 上午 / when the day has several",
                     .example = {"14:00"}},
    [LEDGER_HALL] = {.choice = CHOICE_HALLS,
                     .help = "礼堂；写了编号时可留空 / the hall, unless the number is given",
                     .example = {"示例文化礼堂"}},
    [LEDGER_STATUS] = {.show = ledger_show_status,
                       .stored = "status",
                       .words = LEDGER_STATUS_FORMS,
                       .choice = CHOICE_WORDS,
                       .help = "结果如何；写了人数时可留空 / what became of it, unless heads are given",
                       .example = {"已开展"}},
    [LEDGER_HEADS] = {.show = ledger_show_outcome,
                      .stored = "heads",
                      .help = "到场人数，不写姓名 / people who came, no names",
                      .example = {"45"}},
    [LEDGER_HEADS_60] = {.show = ledger_show_outcome,
                         .stored = "heads_60",
                         .help = "其中60岁以上 / of them 60 and older",
                         .example = {"30"}},
    [LEDGER_SATISFACTION] = {.show = ledger_show_outcome,
                             .stored = "satisfaction",
                             .help = "百分之几 / per cent",
                             .example = {"96"}},
    [LEDGER_REASON] = {.show = ledger_show_outcome,
                       .stored = "reason",
                       .help = "未开展或改场地的原因 / why not held, or moved"}};

static const struct info_column INFOS[] = {{INFO_MARK "日期", show_plain, "date"},
                                           {INFO_MARK "开始时间", ledger_show_start, "start_min"},
                                           {INFO_MARK "礼堂和场地", ledger_show_hall_of_room, "room_id"},
                                           {INFO_MARK "课程名称", show_course_name, "course_id"},
                                           {INFO_MARK "讲师姓名", ledger_show_people, "instructor_ids"},
                                           {INFO_MARK "登记备注", ledger_show_outcome, "note"}};

const struct kind KIND_ATTENDANCE = {
    .kind = IMPORT_ATTENDANCE,
    .columns = LEDGER_COLUMNS,
    .column_count = LEDGER_COLUMNS_END,
    .any_of = {COLUMN_BIT(LEDGER_ID) | COLUMN_BIT(LEDGER_DATE) | COLUMN_BIT(LEDGER_TIME),
               COLUMN_BIT(LEDGER_ID) | COLUMN_BIT(LEDGER_HALL) | COLUMN_BIT(LEDGER_HALL_ID) |
                   COLUMN_BIT(LEDGER_ROOM),
               COLUMN_BIT(LEDGER_HEADS) | COLUMN_BIT(LEDGER_STATUS) | COLUMN_BIT(LEDGER_SATISFACTION)},
    .as_above = COLUMN_BIT(LEDGER_COUNTY) | COLUMN_BIT(LEDGER_TOWNSHIP) | COLUMN_BIT(LEDGER_VILLAGE) |
                COLUMN_BIT(LEDGER_HALL),
    .yields = true,
    .row = attendance_row,
    .forms = FORMS,
    .infos = INFOS,
    .info_count = COLUMN_COUNT(INFOS),
    .shown = STORED_BIT(STORED_SESSION) | STORED_BIT(TABLE_ATTENDANCE) | STORED_BIT(TABLE_ROOM) |
             STORED_BIT(TABLE_HALL) | STORED_BIT(TABLE_COURSE) | STORED_BIT(TABLE_INSTRUCTOR),
    .key = LEDGER_ID,
    .wholes = {LEDGER_OUTCOMES},
    .outcomes = LEDGER_OUTCOMES,
    .keeps = COLUMN_BIT(LEDGER_HEADS) | COLUMN_BIT(LEDGER_HEADS_60) | COLUMN_BIT(LEDGER_SATISFACTION)};
