/* Requests (点单): a hall, or any hall of a township, wants sessions of a course in a window. */
#include "base/date.h"
#include "base/limits.h"
#include "importers/kinds.h"

#include <stdio.h>

enum {
    ID,
    HALL,
    AREA,
    COUNTY,
    TOWNSHIP,
    VILLAGE,
    COURSE,
    SESSIONS,
    FROM,
    TO,
    SERIES,
    HOLIDAY_RULE,
    WEEKDAYS,
    PARTS,
    PRIORITY,
    HEADS,
    WITHDRAWN,
    COLUMNS_END
};

static const struct value_word HOLIDAY_WORDS[] = {
    {"forbid", HOLIDAY_FORBID}, {"skip", HOLIDAY_SKIP}, {"shift", HOLIDAY_SHIFT}, {"禁止", HOLIDAY_FORBID},
    {"不排", HOLIDAY_FORBID},   {"跳过", HOLIDAY_SKIP}, {"顺延", HOLIDAY_SHIFT},  {NULL, 0}};

static const struct column COLUMNS[COLUMNS_END] = {
    [ID] = {"request_id", "点单编号", "!点单编号|!订单编号|!需求编号|编号|id", COLUMN_OPTIONAL, value_code,
            RULE_ID, STORE_BY_KIND, NULL, 0},
    [HALL] = {"hall", "礼堂", "礼堂|礼堂名称|礼堂编号|文化礼堂|hallid|hallname|地点|!点单礼堂",
              COLUMN_OPTIONAL, value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [AREA] = {"area", "区域代码", "区域|区域代码|areaid|areacode|villagecode|村代码", COLUMN_OPTIONAL,
              value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [COUNTY] = {"county", "县(市、区)", "县|县(市、区)|县市区|区县|countycode", COLUMN_OPTIONAL,
                value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [TOWNSHIP] = {"township", "乡镇", "乡镇|镇街|乡镇(街道)|街道|townshipcode|乡镇代码|!点单乡镇",
                  COLUMN_OPTIONAL, value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [VILLAGE] = {"village", "村", "村|行政村|村居", COLUMN_OPTIONAL, value_reference, RULE_NAME,
                 STORE_BY_KIND, NULL, 0},
    [COURSE] = {"course", "课程", "课程|课程名称|课程编号|courseid|coursename|!点单课程|内容|主题|项目",
                COLUMN_REQUIRED, value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [SESSIONS] = {"sessions",
                  "场次",
                  "!场次|!需求场次|!场数|!次数|!count",
                  COLUMN_OPTIONAL,
                  value_count,
                  {.min = 1, .max = LIMIT_REQUEST_SESSIONS},
                  STORE_NUMBER,
                  NULL,
                  1},
    [FROM] = {"from", "开始日期", "开始日期|fromdate|!期望开始|!期望开始日期|起始日期|自|startdate|start",
              COLUMN_REQUIRED, value_date, RULE_NONE, STORE_BY_KIND, NULL, 0},
    [TO] = {"to", "结束日期", "结束日期|todate|!期望结束|!期望结束日期|截止日期|至|enddate|end",
            COLUMN_REQUIRED, value_date, RULE_NONE, STORE_BY_KIND, NULL, 0},
    [SERIES] = {"series", "系列课", "!系列课|!系列|!是否系列课|!是否系列|!isseries", COLUMN_OPTIONAL,
                value_boolean, RULE_NONE, STORE_NUMBER, "is_series", 0},
    [HOLIDAY_RULE] = {"holiday_rule",
                      "遇节假日",
                      "!遇节假日|!节假日处理",
                      COLUMN_OPTIONAL,
                      value_word,
                      {.words = HOLIDAY_WORDS},
                      STORE_BY_KIND,
                      NULL,
                      0},
    [WEEKDAYS] = {"weekdays", "希望星期", "!希望星期|!星期|!期望星期|!weekday", COLUMN_OPTIONAL,
                  value_weekdays, RULE_NONE, STORE_TEXT, NULL, 0},
    [PARTS] = {"parts", "希望时段", "!希望时段|!期望时段|时段|partofday", COLUMN_OPTIONAL, value_parts,
               RULE_NONE, STORE_TEXT, NULL, 0},
    [PRIORITY] = {"priority",
                  "优先级",
                  "!优先级|!优先",
                  COLUMN_OPTIONAL,
                  value_count,
                  {.min = 1, .max = 9},
                  STORE_NUMBER,
                  NULL,
                  5},
    [HEADS] = {"heads", "预计人数", "预计人数|人数|参加人数", COLUMN_OPTIONAL, value_count,
               RULE_COUNT(100000), STORE_NUMBER, NULL, 0},
    [WITHDRAWN] = {"withdrawn", "撤回", "!撤回|!已撤回|!取消|!退单", COLUMN_OPTIONAL, value_boolean,
                   RULE_NONE, STORE_NUMBER, NULL, 0}};

static const struct area_columns AREA_COLUMNS = {AREA, COUNTY, TOWNSHIP, VILLAGE};

static void check_window(struct intake *intake)
{
    const struct value *from = intake_value(intake, FROM);
    const struct value *to = intake_value(intake, TO);
    if (from->given && to->given && to->number < from->number) {
        intake_error(intake, TO, CODE_ORDER, "结束日期早于开始日期", "the last day is before the first",
                     NULL);
    }
    const struct value *sessions = intake_value(intake, SESSIONS);
    if (intake_value(intake, SERIES)->number == 1 && sessions->given &&
        sessions->number > LIMIT_SERIES_MEETINGS) {
        intake_error(intake, SESSIONS, CODE_RANGE, "系列课最多 53 次（每周一次，一年）",
                     "a series has at most 53 meetings", NULL);
    }
}

static const char *request_id(struct intake *intake, const char *where, const char *course)
{
    if (intake_value(intake, ID)->given) {
        return intake_text(intake, ID);
    }
    struct cell from = cell_date(intake, "from_date", intake_value(intake, FROM)->number);
    struct cell to = cell_date(intake, "to_date", intake_value(intake, TO)->number);
    const char *const parts[] = {where, course, from.text, to.text,
                                 intake_value(intake, SERIES)->number == 1 ? "series" : ""};
    return intake_derive(intake, "request", parts, sizeof parts / sizeof *parts);
}

/* A row that names a hall is the hall's request; its township then only narrows the name. */
static bool find_where(struct intake *intake, uint32_t *ret_hall, uint32_t *ret_area)
{
    size_t before = intake->row_errors;
    uint32_t area = reference_area(intake, &AREA_COLUMNS);
    uint32_t hall = NONE;
    if (intake->row_errors == before && intake_value(intake, HALL)->given) {
        hall = reference_hall(intake, HALL, area);
        if (hall != NONE && area != NONE &&
            !timetable_area_within(intake->base, intake->base->halls[hall].area, area)) {
            intake_error(intake, HALL, CODE_CONFLICT, "礼堂“%s”不在同一行所填的区域内",
                         "hall \"%s\" is not within the area given in the same row",
                         intake_text(intake, HALL));
        }
    } else if (intake->row_errors == before && area == NONE && !intake_filled(intake, HALL) &&
               !intake_filled(intake, AREA) && !intake_filled(intake, TOWNSHIP) &&
               !intake_filled(intake, VILLAGE)) {
        intake_error(intake, intake_has(intake, HALL) ? HALL : TOWNSHIP, CODE_MISSING, "要写明礼堂或乡镇",
                     "a hall or a township is needed", NULL);
    }
    *ret_hall = hall;
    *ret_area = area;
    return intake->row_errors == before;
}

static void request_row(struct intake *intake)
{
    static const char *const HOLIDAY_NAMES[] = {"forbid", "skip", "shift"};
    uint32_t hall = NONE;
    uint32_t area = NONE;
    uint32_t course = NONE;
    struct cells cells = {.count = 0};
    check_window(intake);
    if (intake_value(intake, COURSE)->given) {
        course = reference_find(intake, COURSE, LOOKUP_COURSES, intake_text(intake, COURSE));
    }
    if (!find_where(intake, &hall, &area) || intake->row_errors > 0) {
        return;
    }
    const char *hall_id = hall != NONE ? intake->base->halls[hall].id : NULL;
    const char *area_id = hall != NONE ? NULL : intake->base->areas[area].id;
    const char *course_id = intake->base->courses[course].id;
    const char *id = request_id(intake, hall_id != NULL ? hall_id : area_id, course_id);
    intake_claim(intake, intake_has(intake, ID) ? ID : INTAKE_NO_COLUMN, id);
    cells_add(&cells, CELL_STR("id", id));
    cells_add(&cells, CELL_STR("hall_id", hall_id));
    cells_add(&cells, CELL_STR("area_id", area_id));
    cells_add(&cells, CELL_STR("course_id", course_id));
    cells_add(&cells, cell_date(intake, "from_date", intake_value(intake, FROM)->number));
    cells_add(&cells, cell_date(intake, "to_date", intake_value(intake, TO)->number));
    cells_add_stored(&cells, intake);
    if (intake_value(intake, HOLIDAY_RULE)->given) {
        cells_add(&cells,
                  CELL_STR("holiday_rule", HOLIDAY_NAMES[intake_value(intake, HOLIDAY_RULE)->number]));
    } else if (intake_has(intake, HOLIDAY_RULE)) {
        cells_add(&cells, CELL_STR("holiday_rule", "shift"));
    }
    if (intake->row_errors == 0) {
        intake_put(intake, TABLE_REQUEST, &cells);
    }
}

static const struct form_word HOLIDAY_FORMS[] = {
    {"forbid", "禁止"}, {"skip", "跳过"}, {"shift", "顺延"}, {NULL, NULL}};
static const struct form_word WEEKDAY_FORMS[] = {{"1", "周一"}, {"2", "周二"}, {"3", "周三"}, {"4", "周四"},
                                                 {"5", "周五"}, {"6", "周六"}, {"7", "周日"}, {NULL, NULL}};
static const struct form_word PART_FORMS[] = {
    {"morning", "上午"}, {"afternoon", "下午"}, {"evening", "晚上"}, {NULL, NULL}};

static const struct column_form FORMS[COLUMNS_END] = {
    [ID] = {.show = show_plain,
            .stored = "id",
            .help = "留空则自动编号 / empty: made from the row",
            .example = {"【示例】DD001", "【示例】DD002"}},
    [HALL] = {.show = show_plain,
              .stored = "hall_id",
              .choice = CHOICE_HALLS,
              .help = "礼堂编号或名称；不指定礼堂时填右边的区域 / a hall, or else the area",
              .example = {"示例文化礼堂", NULL}},
    [AREA] = {.show = show_plain,
              .stored = "area_id",
              .choice = CHOICE_TOWNSHIPS,
              .help = "由区域内任一礼堂开课时填代码或名称 / any hall of this township or village",
              .example = {NULL, "331081105"}},
    [COURSE] = {.show = show_plain,
                .stored = "course_id",
                .choice = CHOICE_COURSES,
                .help = "课程编号或名称 / id or name",
                .example = {"智能手机应用入门", "健康养生"}},
    [SESSIONS] = {.help = "要几场，留空为 1 / how many, empty: 1", .example = {"1", "8"}},
    [FROM] = {.show = show_plain,
              .stored = "from_date",
              .help = "希望最早哪天 / not before",
              .example = {"2027-03-01", "2027-03-01"}},
    [TO] = {.show = show_plain,
            .stored = "to_date",
            .help = "希望最晚哪天 / not after",
            .example = {"2027-06-30", "2027-06-30"}},
    [SERIES] = {.choice = CHOICE_YES_NO,
                .help = "每周同一时间连续上 / weekly at one time",
                .example = {"否", "是"}},
    [HOLIDAY_RULE] = {.show = show_word,
                      .stored = "holiday_rule",
                      .words = HOLIDAY_FORMS,
                      .choice = CHOICE_WORDS,
                      .help = "系列课遇节假日怎么办 / a series on a holiday",
                      .example = {NULL, "顺延"}},
    [WEEKDAYS] = {.show = show_word_list,
                  .stored = "weekdays",
                  .words = WEEKDAY_FORMS,
                  .help = "如 周二、周四，留空不限 / empty: any",
                  .example = {"周二、周四", NULL}},
    [PARTS] = {.show = show_word_list,
               .stored = "parts",
               .words = PART_FORMS,
               .help = "上午、下午、晚上，留空不限 / empty: any",
               .example = {"上午", "晚上"}},
    [PRIORITY] = {.help = "1 到 9，9 最先，留空为 5 / 9 first", .example = {"5", "9"}},
    [HEADS] = {.help = "预计人数 / people expected", .example = {"40", "25"}},
    [WITHDRAWN] = {.choice = CHOICE_YES_NO, .help = "退单填是 / yes takes it back", .example = {"否", "否"}}};

static void show_where(const struct showing *showing, const struct column_form *form, struct text *out)
{
    (void)form;
    const char *hall = show_string(showing, "hall_id");
    if (*hall == '\0') {
        show_area_names(showing, show_string(showing, "area_id"), out);
    } else {
        show_other(showing, TABLE_HALL, hall, "name", out);
    }
}

static const struct info_column INFOS[] = {{INFO_MARK "点单地点", show_where, NULL},
                                           {INFO_MARK "课程名称", show_course_name, "course_id"}};

const struct kind KIND_REQUESTS = {
    .kind = IMPORT_REQUESTS,
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
    .any_of = {COLUMN_BIT(HALL) | COLUMN_BIT(AREA) | COLUMN_BIT(TOWNSHIP) | COLUMN_BIT(VILLAGE)},
    .row = request_row,
    .forms = FORMS,
    .infos = INFOS,
    .info_count = COLUMN_COUNT(INFOS),
    .shown = STORED_BIT(TABLE_REQUEST) | STORED_BIT(TABLE_HALL) | STORED_BIT(TABLE_AREA) |
             STORED_BIT(TABLE_COURSE),
    .key = ID,
    .wholes = {COLUMN_BIT(HALL) | COLUMN_BIT(AREA) | COLUMN_BIT(COUNTY) | COLUMN_BIT(TOWNSHIP) |
                   COLUMN_BIT(VILLAGE),
               COLUMN_BIT(FROM) | COLUMN_BIT(TO)}};
