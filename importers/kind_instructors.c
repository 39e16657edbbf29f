/* Instructors with what they are qualified for. */
#include "base/limits.h"
#include "importers/kinds.h"

#include <string.h>

enum {
    ID,
    NAME,
    PROVIDER,
    HOME,
    COUNTY,
    TOWNSHIP,
    VILLAGE,
    COURSES,
    HOURS,
    MAX_DAY,
    MAX_WEEK,
    MAX_MONTH,
    MAX_YEAR,
    KIND,
    VALID_FROM,
    VALID_TO,
    LAT,
    LON,
    LAT_GCJ,
    LON_GCJ,
    DATUM,
    COLUMNS_END
};

static const struct column COLUMNS[COLUMNS_END] = {
    [ID] = {"instructor_id", "讲师编号", "!讲师编号|!教师编号|!师资编号|!工号|编号|id|code|代码",
            COLUMN_OPTIONAL, value_code, RULE_ID, STORE_BY_KIND, NULL, 0},
    [NAME] = {"instructor_name", "姓名",
              "!姓名|!讲师姓名|!教师姓名|讲师|教师|主讲|授课人|师资|instructor|name|名称", COLUMN_REQUIRED,
              value_name, RULE_NAME, STORE_TEXT, "name", 0},
    [PROVIDER] = {"provider", "所属单位", "所属单位|单位|开课单位|providerid|!工作单位", COLUMN_OPTIONAL,
                  value_name, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [HOME] = {"home_area", "常住地", "!常住地|!homeareaid|!住址代码|!常住地代码|!居住地|所在地|area|areaid",
              COLUMN_OPTIONAL, value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [COUNTY] = {"county", "县(市、区)", "县|县(市、区)|县市区|区县|countycode", COLUMN_OPTIONAL,
                value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [TOWNSHIP] = {"township", "乡镇", "乡镇|镇街|乡镇(街道)|街道|townshipcode|!常住乡镇", COLUMN_OPTIONAL,
                  value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [VILLAGE] = {"village", "村", "村|行政村|村居|villagecode|!常住村", COLUMN_OPTIONAL, value_reference,
                 RULE_NAME, STORE_BY_KIND, NULL, 0},
    [COURSES] = {"courses",
                 "可授课程",
                 "!可授课程|!授课课程|!擅长课程|!课程编号列表|!courseids|!qualifications|课程",
                 COLUMN_OPTIONAL,
                 value_note,
                 {.max = LIMIT_IMPORT_CELL_BYTES},
                 STORE_BY_KIND,
                 NULL,
                 0},
    [HOURS] = {"hours", "可授时段", "!可授时段|!可授课时间|!可用时间|!空闲时间|!availability|时段",
               COLUMN_OPTIONAL, value_hours, RULE_NONE, STORE_TEXT, NULL, 0},
    [MAX_DAY] = {"max_day", "每日上限", "!每日上限|!日上限|!每天最多", COLUMN_OPTIONAL, value_count,
                 RULE_COUNT(1000), STORE_NUMBER, NULL, 0},
    [MAX_WEEK] = {"max_week", "每周上限", "!每周上限|!周上限|!每周最多", COLUMN_OPTIONAL, value_count,
                  RULE_COUNT(1000), STORE_NUMBER, NULL, 0},
    [MAX_MONTH] = {"max_month", "每月上限", "!每月上限|!月上限|!每月最多", COLUMN_OPTIONAL, value_count,
                   RULE_COUNT(1000), STORE_NUMBER, NULL, 0},
    [MAX_YEAR] = {"max_year", "每年上限", "!每年上限|!年上限|!每年最多", COLUMN_OPTIONAL, value_count,
                  RULE_COUNT(10000), STORE_NUMBER, NULL, 0},
    [KIND] = {"kind", "类型", "类型|!师资类型|!教师类型|!讲师类型", COLUMN_OPTIONAL, value_name, RULE_NAME,
              STORE_TEXT, NULL, 0},
    [VALID_FROM] = {"valid_from", "起聘日期", "!起聘日期|启用日期", COLUMN_OPTIONAL, value_date, RULE_NONE,
                    STORE_DATE_OR_NULL, NULL, 0},
    [VALID_TO] = {"valid_to", "止聘日期", "!止聘日期|停用日期", COLUMN_OPTIONAL, value_date, RULE_NONE,
                  STORE_DATE_OR_NULL, NULL, 0},
    PLACE_COLUMNS(LAT, LON, LAT_GCJ, LON_GCJ, DATUM)};

static const struct area_columns AREA_COLUMNS = {HOME, COUNTY, TOWNSHIP, VILLAGE};

enum {
    /* Courses that one person teaches. */
    PERSON_COURSES_MAX = 500
};

static size_t courses_read(struct intake *intake, uint32_t courses[PERSON_COURSES_MAX])
{
    size_t count = 0;
    char item[LIMIT_NAME_BYTES + 1];
    const char *at = intake_text(intake, COURSES);
    while (list_next(&at, item, sizeof item)) {
        uint32_t course = reference_find(intake, COURSES, LOOKUP_COURSES, item);
        bool is_new = course != NONE;
        for (size_t i = 0; i < count; i++) {
            is_new = is_new && courses[i] != course;
        }
        if (is_new && count == PERSON_COURSES_MAX) {
            intake_error(intake, COURSES, CODE_ITEMS, "课程过多", "too many courses", NULL);
            return count;
        }
        if (is_new) {
            courses[count++] = course;
        }
    }
    return count;
}

static const char *instructor_id(struct intake *intake)
{
    if (intake_value(intake, ID)->given) {
        return intake_text(intake, ID);
    }
    struct lookup_answer answer = {.count = 0};
    struct lookup_filter anywhere = {.within = NONE};
    const char *name = intake_text(intake, NAME);
    if (lookup_find(intake->lookup, LOOKUP_INSTRUCTORS, name, &anywhere, &answer) != ERR_NONE) {
        intake->failed = ERR_MEMORY;
    }
    if (answer.count > 1) {
        intake_error(intake, NAME, CODE_AMBIGUOUS, "有几位讲师都叫“%s”，请加“讲师编号”列",
                     "several instructors are called \"%s\"; add a column with ids", name);
    }
    return answer.count == 1 ? intake->base->instructors[answer.found[0]].id
                             : intake_derive(intake, "instructor", &name, 1);
}

/* The list is the whole truth: what is no longer in it is dropped. An empty cell changes nothing, unless it
 * was exported with courses in it. */
static void put_qualifications(struct intake *intake, const char *id, const uint32_t *courses, size_t count)
{
    uint32_t person = timetable_find_instructor(intake->base, id);
    for (size_t i = 0; i < count; i++) {
        struct cells cells = {.count = 0};
        cells_add(&cells, CELL_STR("instructor_id", id));
        cells_add(&cells, CELL_STR("course_id", intake->base->courses[courses[i]].id));
        intake_put(intake, TABLE_QUALIFICATION, &cells);
    }
    bool is_whole = count > 0 || (intake->is_compared && intake_has(intake, COURSES));
    for (size_t i = 0; person != NONE && is_whole && i < intake->base->instructors[person].course_count;
         i++) {
        uint32_t old = intake->base->instructors[person].courses[i];
        bool is_kept = false;
        for (size_t j = 0; j < count; j++) {
            is_kept = is_kept || courses[j] == old;
        }
        if (!is_kept) {
            struct cells keys = {.count = 0};
            cells_add(&keys, CELL_STR("instructor_id", id));
            cells_add(&keys, CELL_STR("course_id", intake->base->courses[old].id));
            intake_drop(intake, TABLE_QUALIFICATION, &keys);
        }
    }
}

static void instructor_row(struct intake *intake)
{
    uint32_t courses[PERSON_COURSES_MAX];
    struct cells cells = {.count = 0};
    uint32_t home = reference_area(intake, &AREA_COLUMNS);
    size_t course_count = courses_read(intake, courses);
    if (!intake_value(intake, NAME)->given) {
        return;
    }
    const struct value *from = intake_value(intake, VALID_FROM);
    const struct value *to = intake_value(intake, VALID_TO);
    if (from->given && to->given && to->number < from->number) {
        intake_error(intake, VALID_TO, CODE_ORDER, "止聘日期早于起聘日期", "the last day is before the first",
                     NULL);
    }
    const char *id = instructor_id(intake);
    intake_claim(intake, intake_has(intake, ID) ? ID : NAME, id);
    cells_add(&cells, CELL_STR("id", id));
    cells_add_stored(&cells, intake);
    cells_add_place(&cells, intake, &(struct place_columns){LAT, LON, LAT_GCJ, LON_GCJ, DATUM});
    if (intake_has(intake, HOME) || intake_has(intake, TOWNSHIP) || intake_has(intake, VILLAGE)) {
        cells_add(&cells, CELL_STR("home_area_id", home == NONE ? NULL : intake->base->areas[home].id));
    }
    if (intake_has(intake, PROVIDER)) {
        bool given = intake_value(intake, PROVIDER)->given;
        cells_add(&cells, CELL_STR("provider_id",
                                   given ? reference_or_make(intake, PROVIDER, LOOKUP_PROVIDERS) : NULL));
    }
    if (intake->row_errors == 0) {
        intake_put(intake, TABLE_INSTRUCTOR, &cells);
        put_qualifications(intake, id, courses, course_count);
    }
}

/* Their ids; a name can be of several. */
static void show_courses(const struct showing *showing, const struct column_form *form, struct text *out)
{
    const struct stored_table *table = &showing->rows->tables[TABLE_QUALIFICATION];
    const char *id = show_string(showing, "id");
    uint32_t at = map_get(&showing->qualifications.first, id);
    for (size_t i = at; at != MAP_NONE && i < table->count; i++) {
        const struct stored_row *row = &table->rows[showing->qualifications.order[i]];
        if (strcmp(stored_cell(table, row, "instructor_id").text, id) != 0) {
            break;
        }
        text_add(out, i == at ? "" : "；");
        const char *course = stored_cell(table, row, "course_id").text;
        if (form->stored != NULL) {
            text_add(out, course);
        } else {
            show_other(showing, TABLE_COURSE, course, "name", out);
        }
    }
}

static const struct column_form FORMS[COLUMNS_END] = {
    [ID] = {.show = show_plain,
            .stored = "id",
            .help = "留空则按姓名找，没有就新建 / empty: found by name, or made",
            .example = {"【示例】JS001"}},
    [NAME] = {.help = "姓名 / name", .example = {"示例甲"}},
    [PROVIDER] = {.show = show_plain,
                  .stored = "provider_id",
                  .choice = CHOICE_PROVIDERS,
                  .help = "没有的单位会新建 / a new one is made",
                  .example = {"示例社区学院"}},
    [HOME] = {.show = show_plain,
              .stored = "home_area_id",
              .choice = CHOICE_TOWNSHIPS,
              .help = "村或乡镇的代码或名称 / code or name of a village or township",
              .example = {"331081105"}},
    [COURSES] = {.show = show_courses,
                 .stored = "course_id",
                 .help = "课程编号或名称，用；隔开，是完整的名单 / all of them, ids or names joined by ;",
                 .example = {"智能手机应用入门；健康养生"}},
    [HOURS] = {.help = "如 周二、周四上午；留空随时 / empty: any time",
               .example = {"周二、周四上午；周六 13:00-17:00"}},
    [MAX_DAY] = {.help = "一天最多几场，留空不限 / sessions a day", .example = {"2"}},
    [MAX_WEEK] = {.help = "留空不限 / empty: no cap", .example = {"6"}},
    [MAX_MONTH] = {.help = "留空不限 / empty: no cap", .example = {"20"}},
    [MAX_YEAR] = {.help = "留空不限 / empty: no cap", .example = {"120"}},
    [KIND] = {.help = "如 专职教师、志愿者 / as you call it", .example = {"专职教师"}},
    [VALID_FROM] = {.help = "留空不限 / empty: open", .example = {"2027-01-01"}},
    [VALID_TO] = {.help = "留空不限 / empty: open"},
    [LAT] = {.show = show_degrees, .stored = "lat_e6"},
    [LON] = {.show = show_degrees, .stored = "lon_e6"}};

static const struct info_column INFOS[] = {{INFO_MARK "常住地", show_area_path, "home_area_id"},
                                           {INFO_MARK "可授课程名称", show_courses, NULL}};

const struct kind KIND_INSTRUCTORS = {
    .kind = IMPORT_INSTRUCTORS,
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
    /* A name alone fits any list of things. */
    .any_of = {COLUMN_BIT(COURSES) | COLUMN_BIT(HOURS) | COLUMN_BIT(PROVIDER) | COLUMN_BIT(HOME) |
               COLUMN_BIT(TOWNSHIP) | COLUMN_BIT(KIND) | COLUMN_BIT(MAX_DAY) | COLUMN_BIT(MAX_WEEK) |
               COLUMN_BIT(MAX_MONTH) | COLUMN_BIT(MAX_YEAR)},
    .row = instructor_row,
    .forms = FORMS,
    .infos = INFOS,
    .info_count = COLUMN_COUNT(INFOS),
    .shown = STORED_BIT(TABLE_INSTRUCTOR) | STORED_BIT(TABLE_QUALIFICATION) | STORED_BIT(TABLE_COURSE) |
             STORED_BIT(TABLE_AREA),
    .key = ID,
    .wholes = {COLUMN_BIT(LAT) | COLUMN_BIT(LON) | COLUMN_BIT(LAT_GCJ) | COLUMN_BIT(LON_GCJ) |
               COLUMN_BIT(DATUM)},
    .when_changed = COLUMN_BIT(COURSES)};
