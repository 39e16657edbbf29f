/* Courses: the menu, with its categories and providers. */
#include "base/limits.h"
#include "importers/kinds.h"

#include <string.h>

enum {
    ID,
    NAME,
    CATEGORY,
    PROVIDER,
    MINUTES,
    HOURS,
    LESSONS,
    SETUP,
    CLEAR,
    FACILITIES,
    AUDIENCE,
    HEADS,
    SUPPLY,
    QUOTA,
    SEASONS,
    PARTS,
    TAGS,
    HOLIDAYS,
    ACTIVE,
    COLUMNS_END
};

static const struct column COLUMNS[COLUMNS_END] = {
    [ID] = {"course_id", "课程编号", "!课程编号|!课程代码|编号|id|code|代码", COLUMN_OPTIONAL, value_code,
            RULE_ID, STORE_BY_KIND, NULL, 0},
    [NAME] = {"course_name", "课程名称", "!课程名称|课程|!课程名|name|course|名称|内容|主题|项目",
              COLUMN_REQUIRED, value_name, RULE_NAME, STORE_TEXT, "name", 0},
    [CATEGORY] = {"category", "课程类别", "!课程类别|类别|!categoryid|!课程分类|分类|类型", COLUMN_REQUIRED,
                  value_name, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [PROVIDER] = {"provider", "开课单位", "!开课单位|单位|providerid|!授课单位|!提供单位|所属单位|主办单位",
                  COLUMN_OPTIONAL, value_name, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [MINUTES] = {"minutes",
                 "时长",
                 "!时长|!时长(分钟)|!分钟|!课程时长|!durationmin|!duration",
                 COLUMN_OPTIONAL,
                 value_minutes,
                 {.min = 1, .max = LIMIT_SESSION_MINUTES},
                 STORE_BY_KIND,
                 NULL,
                 0},
    [HOURS] = {"hours",
               "时长(小时)",
               "!时长(小时)|!小时|!课程时长(小时)|!durationhours",
               COLUMN_OPTIONAL,
               value_clock_hours,
               {.min = 1, .max = LIMIT_SESSION_MINUTES},
               STORE_BY_KIND,
               NULL,
               0},
    [LESSONS] = {"lessons",
                 "课时",
                 "!课时|!学时|!课时数",
                 COLUMN_OPTIONAL,
                 value_lessons,
                 {.min = 1, .max = LIMIT_SESSION_MINUTES},
                 STORE_BY_KIND,
                 NULL,
                 0},
    [SETUP] = {"setup_min",
               "准备分钟",
               "!准备分钟|!准备时间|!setup",
               COLUMN_OPTIONAL,
               value_minutes,
               {.min = 0, .max = LIMIT_MARGIN_MINUTES},
               STORE_NUMBER,
               NULL,
               0},
    [CLEAR] = {"clear_min",
               "收场分钟",
               "!收场分钟|!收场时间|!清场时间|!clear",
               COLUMN_OPTIONAL,
               value_minutes,
               {.min = 0, .max = LIMIT_MARGIN_MINUTES},
               STORE_NUMBER,
               NULL,
               0},
    [FACILITIES] = {"facilities", "所需设施", "!所需设施|设施|设备|!所需设备", COLUMN_OPTIONAL, value_list,
                    RULE_NOTE, STORE_TEXT, NULL, 0},
    [AUDIENCE] = {"audience", "适合对象", "!适合对象|!对象|!适合人群|!人群|!授课对象", COLUMN_OPTIONAL,
                  value_name, RULE_NAME, STORE_TEXT, NULL, 0},
    [HEADS] = {"heads", "人数", "人数|!适合人数|预计人数|!每场人数", COLUMN_OPTIONAL, value_count,
               RULE_COUNT(100000), STORE_NUMBER, NULL, 0},
    [SUPPLY] = {"supply_limit", "年供应场次", "!限额|!年供应场次|!供应场次|!年度上限|!供应上限",
                COLUMN_OPTIONAL, value_count, RULE_COUNT(1000000), STORE_NUMBER, NULL, 0},
    [QUOTA] = {"hall_quota", "每礼堂场次上限", "!每礼堂上限|!每礼堂场次上限|!单礼堂限额|!每堂限额",
               COLUMN_OPTIONAL, value_count, RULE_COUNT(1000000), STORE_NUMBER, NULL, 0},
    [SEASONS] = {"seasons", "适宜季节", "!适宜季节|!季节|!season|!适宜月份|!开课月份", COLUMN_OPTIONAL,
                 value_seasons, RULE_NONE, STORE_TEXT, NULL, 0},
    [PARTS] = {"parts", "适宜时段", "!适宜时段|时段", COLUMN_OPTIONAL, value_parts, RULE_NONE, STORE_TEXT,
               NULL, 0},
    [TAGS] = {"tags", "标签", "!标签|!项目标签", COLUMN_OPTIONAL, value_list, RULE_NOTE, STORE_TEXT, NULL, 0},
    [HOLIDAYS] = {"holidays_wanted", "宜节假日", "!宜节假日|!适合节假日|!节假日优先", COLUMN_OPTIONAL,
                  value_boolean, RULE_NONE, STORE_NUMBER, NULL, 0},
    [ACTIVE] = {"active", "启用", "!启用|!是否启用|!在用", COLUMN_OPTIONAL, value_boolean, RULE_NONE,
                STORE_NUMBER, NULL, 1}};

/* Of the three ways to give a length, the first one that the row fills. */
static int64_t course_minutes(struct intake *intake)
{
    static const size_t WAYS[] = {MINUTES, HOURS, LESSONS};
    for (size_t i = 0; i < sizeof WAYS / sizeof *WAYS; i++) {
        if (intake_value(intake, WAYS[i])->given) {
            return intake_value(intake, WAYS[i])->number;
        }
    }
    if (!intake_filled(intake, MINUTES) && !intake_filled(intake, HOURS) && !intake_filled(intake, LESSONS)) {
        size_t at = intake_has(intake, MINUTES) ? MINUTES : intake_has(intake, HOURS) ? HOURS : LESSONS;
        intake_error(intake, at, CODE_MISSING, "时长不能为空", "the length is needed", NULL);
    }
    return 0;
}

/* The id given, that of the course of this name, or one derived from the name. */
static const char *course_id(struct intake *intake)
{
    if (intake_value(intake, ID)->given) {
        return intake_text(intake, ID);
    }
    const char *name = intake_text(intake, NAME);
    struct lookup_answer answer = {.count = 0};
    struct lookup_filter anywhere = {.within = NONE};
    if (lookup_find(intake->lookup, LOOKUP_COURSES, name, &anywhere, &answer) != ERR_NONE) {
        intake->failed = ERR_MEMORY;
    }
    if (answer.count > 1) {
        intake_error(intake, NAME, CODE_AMBIGUOUS, "有几门课程都叫“%s”，请加“课程编号”列",
                     "several courses are called \"%s\"; add a column with ids", name);
    }
    return answer.count == 1 ? intake->base->courses[answer.found[0]].id
                             : intake_derive(intake, "course", &name, 1);
}

static void course_row(struct intake *intake)
{
    struct cells cells = {.count = 0};
    int64_t minutes = course_minutes(intake);
    if (!intake_value(intake, NAME)->given || !intake_value(intake, CATEGORY)->given) {
        return;
    }
    const char *id = course_id(intake);
    intake_claim(intake, intake_has(intake, ID) ? ID : NAME, id);
    cells_add(&cells, CELL_STR("id", id));
    cells_add_stored(&cells, intake);
    cells_add(&cells, CELL_INT("minutes", minutes));
    cells_add(&cells, CELL_STR("category_id", reference_or_make(intake, CATEGORY, LOOKUP_CATEGORIES)));
    if (intake_has(intake, PROVIDER)) {
        bool given = intake_value(intake, PROVIDER)->given;
        cells_add(&cells, CELL_STR("provider_id",
                                   given ? reference_or_make(intake, PROVIDER, LOOKUP_PROVIDERS) : NULL));
    }
    if (intake->row_errors == 0) {
        intake_put(intake, TABLE_COURSE, &cells);
    }
}

static void course_finish(struct intake *intake)
{
    if (intake_has(intake, LESSONS) && !intake_has(intake, MINUTES) && !intake_has(intake, HOURS)) {
        intake_warn_row(intake, &intake->sheet->rows[intake->header->row_index], LESSONS, CODE_ASSUMED,
                        "“%s”按每课时 45 分钟换算；若不同，请改用“时长(分钟)”列",
                        "column \"%s\": a lesson was taken as 45 minutes; if it is not, give minutes",
                        "课时");
    }
}

static const struct form_word PART_FORMS[] = {
    {"morning", "上午"}, {"afternoon", "下午"}, {"evening", "晚上"}, {NULL, NULL}};

static const struct column_form FORMS[COLUMNS_END] = {
    [ID] = {.show = show_plain,
            .stored = "id",
            .help = "留空则按课程名称找，没有就新建 / empty: found by name, or made",
            .example = {"【示例】KC001"}},
    [NAME] = {.help = "菜单上的名称 / as on the menu", .example = {"智能手机应用入门"}},
    [CATEGORY] = {.show = show_plain,
                  .stored = "category_id",
                  .choice = CHOICE_CATEGORIES,
                  .help = "没有的类别会新建 / a new one is made",
                  .example = {"智慧助老"}},
    [PROVIDER] = {.show = show_plain,
                  .stored = "provider_id",
                  .choice = CHOICE_PROVIDERS,
                  .help = "没有的单位会新建 / a new one is made",
                  .example = {"示例社区学院"}},
    [MINUTES] = {.show = show_plain,
                 .stored = "minutes",
                 .help = "一次课多少分钟 / minutes of one meeting",
                 .example = {"90"}},
    [SETUP] = {.help = "课前布置 / minutes before", .example = {"15"}},
    [CLEAR] = {.help = "课后收拾 / minutes after", .example = {"15"}},
    [FACILITIES] = {.help = "几样之间用；隔开 / several joined by ;", .example = {"投影；音响"}},
    [AUDIENCE] = {.help = "一类人群 / one group of people", .example = {"老年人"}},
    [HEADS] = {.help = "每场预计人数 / people expected", .example = {"40"}},
    [SUPPLY] = {.help = "一年最多供应多少场，留空不限 / a year, empty: no limit", .example = {"200"}},
    [QUOTA] = {.help = "一个礼堂一年最多几场，留空不限 / a hall and year", .example = {"2"}},
    [SEASONS] = {.help = "如 3月1日-6月30日；9-12月，留空全年 / empty: all year",
                 .example = {"3-6月；9-12月"}},
    [PARTS] = {.show = show_word_list,
               .stored = "parts",
               .words = PART_FORMS,
               .help = "上午、下午、晚上 / parts of the day",
               .example = {"上午、下午"}},
    [TAGS] = {.help = "如 能者为师 / programmes", .example = {"能者为师"}},
    [HOLIDAYS] = {.choice = CHOICE_YES_NO,
                  .help = "放假的日子更合适吗 / better on holidays",
                  .example = {"否"}},
    [ACTIVE] = {.choice = CHOICE_YES_NO, .help = "今年还开吗 / still offered", .example = {"是"}}};

const struct kind KIND_COURSES = {.kind = IMPORT_COURSES,
                                  .columns = COLUMNS,
                                  .column_count = COLUMN_COUNT(COLUMNS),
                                  .any_of = {COLUMN_BIT(MINUTES) | COLUMN_BIT(HOURS) | COLUMN_BIT(LESSONS)},
                                  .row = course_row,
                                  .finish = course_finish,
                                  .forms = FORMS,
                                  .shown = STORED_BIT(TABLE_COURSE),
                                  .key = ID,
                                  .wholes = {COLUMN_BIT(MINUTES) | COLUMN_BIT(HOURS) | COLUMN_BIT(LESSONS)}};
