/* Public holidays and make-up working days (调休), per year as the notice has them. */
#include "base/date.h"
#include "importers/kinds.h"

enum {
    DATE,
    NAME,
    IS_OFF,
    COLUMNS_END
};

static const struct value_word OFF_WORDS[] = {{"休", 1},    {"放假", 1}, {"假", 1},   {"休息", 1}, {"1", 1},
                                              {"是", 1},    {"true", 1}, {"yes", 1},  {"off", 1},  {"班", 0},
                                              {"上班", 0},  {"补班", 0}, {"调休", 0}, {"0", 0},    {"否", 0},
                                              {"false", 0}, {"no", 0},   {"work", 0}, {NULL, 0}};

static const struct column COLUMNS[COLUMNS_END] = {
    [DATE] = {"date", "日期", "日期|!节假日日期|时间", COLUMN_REQUIRED, value_date, RULE_NONE, STORE_BY_KIND,
              NULL, 0},
    [NAME] = {"name", "名称", "!节日|!节假日|!节日名称|!假期|!节假日名称|名称", COLUMN_REQUIRED, value_name,
              RULE_NAME, STORE_TEXT, NULL, 0},
    [IS_OFF] = {"is_off",
                "是否放假",
                "!isoffday|!是否放假|!放假|!是否休息|!休班|类型",
                COLUMN_OPTIONAL,
                value_word,
                {.words = OFF_WORDS},
                STORE_BY_KIND,
                NULL,
                0}};

static void holiday_row(struct intake *intake)
{
    struct cells cells = {.count = 0};
    if (!intake_value(intake, DATE)->given) {
        return;
    }
    struct cell date = cell_date(intake, "date", intake_value(intake, DATE)->number);
    intake_claim(intake, DATE, date.text);
    const struct value *is_off = intake_value(intake, IS_OFF);
    cells_add(&cells, date);
    cells_add_stored(&cells, intake);
    cells_add(&cells, CELL_INT("is_off", is_off->given ? is_off->number : 1));
    if (intake->row_errors == 0) {
        intake_put(intake, TABLE_HOLIDAY, &cells);
    }
}

static const struct form_word OFF_FORMS[] = {{"1", "休"}, {"0", "班"}, {NULL, NULL}};

static const struct column_form FORMS[COLUMNS_END] = {
    [DATE] = {.show = show_plain,
              .stored = "date",
              .help = "放假或补班的每一天各写一行 / one row a day",
              .example = {"【示例】2027-10-01", "【示例】2027-10-09"}},
    [NAME] = {.help = "节日名称 / the holiday's name", .example = {"国庆节", "国庆节"}},
    [IS_OFF] = {.show = show_word,
                .stored = "is_off",
                .words = OFF_FORMS,
                .choice = CHOICE_WORDS,
                .help = "休：放假；班：调休补班；留空为休 / 休 off, 班 a make-up working day",
                .example = {"休", "班"}}};

const struct kind KIND_HOLIDAYS = {.kind = IMPORT_HOLIDAYS,
                                   .columns = COLUMNS,
                                   .column_count = COLUMN_COUNT(COLUMNS),
                                   .row = holiday_row,
                                   .forms = FORMS,
                                   .shown = STORED_BIT(TABLE_HOLIDAY),
                                   .key = DATE};
