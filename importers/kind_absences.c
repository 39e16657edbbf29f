/* Absences: when an instructor cannot come. */
#include "base/limits.h"
#include "importers/kinds.h"

#include <stdio.h>

enum {
    ID,
    INSTRUCTOR,
    FROM,
    TO,
    TIME,
    FROM_TIME,
    TO_TIME,
    REASON,
    COLUMNS_END
};

static const struct column COLUMNS[COLUMNS_END] = {
    [ID] = {"absence_id", "请假编号", "!请假编号|编号|id", COLUMN_OPTIONAL, value_code, RULE_ID,
            STORE_BY_KIND, NULL, 0},
    [INSTRUCTOR] = {"instructor", "讲师",
                    "讲师|教师|姓名|讲师姓名|讲师编号|教师姓名|instructorid|instructorname|!请假人|主讲|师资",
                    COLUMN_REQUIRED, value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [FROM] =
        {"from", "开始日期",
         "开始日期|fromdate|起始日期|!请假开始|!请假日期|!请假时间|!请假起止日期|日期|date|startdate|start",
         COLUMN_REQUIRED, value_date, RULE_DAYS, STORE_BY_KIND, NULL, 0},
    [TO] = {"to", "结束日期", "结束日期|todate|截止日期|!请假结束|enddate|end", COLUMN_OPTIONAL, value_date,
            RULE_NONE, STORE_BY_KIND, NULL, 0},
    [TIME] = {"time", "时间", "时间|时段|每日时段", COLUMN_OPTIONAL, value_time, RULE_NONE, STORE_BY_KIND,
              NULL, 0},
    [FROM_TIME] = {"from_time", "开始时间", "开始时间|starttime", COLUMN_OPTIONAL, value_time, RULE_NONE,
                   STORE_BY_KIND, NULL, 0},
    [TO_TIME] = {"to_time", "结束时间", "结束时间|endtime", COLUMN_OPTIONAL, value_time, RULE_NONE,
                 STORE_BY_KIND, NULL, 0},
    [REASON] = {"reason", "原因", "原因|!请假原因|!请假事由|事由|备注", COLUMN_OPTIONAL, value_note,
                RULE_NOTE, STORE_TEXT, NULL, 0}};

static void absence_row(struct intake *intake)
{
    static const struct span_columns SPAN = {FROM, TO, TIME, FROM_TIME, TO_TIME};
    uint32_t person = NONE;
    struct span span;
    struct cells cells = {.count = 0};
    if (intake_value(intake, INSTRUCTOR)->given) {
        person = reference_find(intake, INSTRUCTOR, LOOKUP_INSTRUCTORS, intake_text(intake, INSTRUCTOR));
    }
    if (!intake_value(intake, FROM)->given || !intake_days_spread(intake, &SPAN) ||
        !intake_span(intake, &SPAN, &span) || person == NONE || intake->row_errors > 0) {
        return;
    }
    const char *person_id = intake->base->instructors[person].id;
    const char *id = intake_text(intake, ID);
    if (!intake_value(intake, ID)->given) {
        char when[96];
        (void)snprintf(when, sizeof when, "%d %d %d %d", span.from_day, span.to_day, span.from_min,
                       span.to_min);
        const char *const parts[] = {person_id, when};
        id = intake_derive(intake, "absence", parts, 2);
    }
    intake_claim(intake, intake_has(intake, ID) ? ID : INTAKE_NO_COLUMN, id);
    cells_add(&cells, CELL_STR("id", id));
    cells_add(&cells, CELL_STR("instructor_id", person_id));
    cells_add_span(&cells, intake, &span);
    cells_add_stored(&cells, intake);
    if (intake->row_errors == 0) {
        intake_put(intake, TABLE_ABSENCE, &cells);
    }
}

static const struct column_form FORMS[COLUMNS_END] = {
    [ID] = {.show = show_plain,
            .stored = "id",
            .help = "留空则自动编号 / empty: made from the row",
            .example = {"【示例】QJ001"}},
    [INSTRUCTOR] = {.show = show_plain,
                    .stored = "instructor_id",
                    .choice = CHOICE_INSTRUCTORS,
                    .help = "讲师编号或姓名 / id or name",
                    .example = {"示例甲"}},
    [FROM] = {.show = show_plain,
              .stored = "from_date",
              .help = "第一天 / the first day",
              .example = {"2027-04-12"}},
    [TO] = {.show = show_plain,
            .stored = "to_date",
            .help = "最后一天，留空为一天 / the last day, empty: one day",
            .example = {"2027-04-16"}},
    [FROM_TIME] = {.show = show_minute,
                   .stored = "from_min",
                   .help = "每天从几点，留空为 0:00 / each day from",
                   .example = {"13:00"}},
    [TO_TIME] = {.show = show_minute,
                 .stored = "to_min",
                 .help = "每天到几点，留空为 24:00 / each day to",
                 .example = {"17:30"}},
    [REASON] = {.help = "为什么 / why", .example = {"外出培训"}}};

static const struct info_column INFOS[] = {{INFO_MARK "讲师姓名", show_instructor_name, "instructor_id"}};

const struct kind KIND_ABSENCES = {.kind = IMPORT_ABSENCES,
                                   .columns = COLUMNS,
                                   .column_count = COLUMN_COUNT(COLUMNS),
                                   .row = absence_row,
                                   .forms = FORMS,
                                   .infos = INFOS,
                                   .info_count = COLUMN_COUNT(INFOS),
                                   .shown = STORED_BIT(TABLE_ABSENCE) | STORED_BIT(TABLE_INSTRUCTOR),
                                   .key = ID,
                                   .wholes = {COLUMN_BIT(FROM) | COLUMN_BIT(TO) | COLUMN_BIT(TIME) |
                                              COLUMN_BIT(FROM_TIME) | COLUMN_BIT(TO_TIME)}};
