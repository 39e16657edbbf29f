/* Equity of townships (reports/equity.h has the figures), and the categories that each of them lacks. */
#include "reports/report.h"

#include "reports/equity.h"

enum {
    CODE,
    NAME,
    COUNTY,
    HALLS,
    POPULATION,
    SESSIONS,
    MEETINGS,
    PER_HALL,
    PER_1000,
    GAPS,
    LOWEST,
    COLUMNS
};

static const struct report_column EQUITY[COLUMNS] = {
    {.key = "code", .zh = "代码", .en = "code"},
    {.key = "name", .zh = "乡镇（街道）", .en = "township"},
    {.key = "county", .zh = "县（市、区）", .en = "county"},
    {.key = "halls", .zh = "应覆盖礼堂", .en = "halls", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "population", .zh = "常住人口", .en = "residents", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "sessions", .zh = "场次", .en = "sessions", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "meetings", .zh = "折算场次", .en = "counted meetings", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "per_hall",
     .zh = "每礼堂场次",
     .en = "sessions a hall",
     .type = REPORT_RATIO,
     .total = TOTAL_RATIO,
     .numerator = SESSIONS,
     .denominator = HALLS,
     .scale = 1},
    /* No total: townships whose residents are unknown would raise it. */
    {.key = "per_1000",
     .zh = "每千人场次",
     .en = "sessions per 1,000",
     .type = REPORT_RATIO,
     .numerator = SESSIONS,
     .denominator = POPULATION,
     .scale = 1000},
    {.key = "gaps", .zh = "缺少类别", .en = "categories missing", .type = REPORT_COUNT},
    {.key = "lowest", .zh = "末位十分之一", .en = "lowest tenth"},
};

static void row_add(const struct report_query *query, const struct equity_row *it, struct report_table *table)
{
    const struct timetable *tt = query->timetable;
    const struct area *township = &tt->areas[it->township];
    struct report_cell *row = report_row(table);
    row[CODE] = cell_text(township->id);
    row[NAME] = cell_text(township->name);
    row[COUNTY] = cell_text(township->county != NONE ? tt->areas[township->county].name : NULL);
    row[HALLS] = cell_count(it->halls);
    row[POPULATION] = it->population > 0 ? cell_count(it->population) : cell_entered(-1);
    row[SESSIONS] = cell_count(it->sessions);
    row[MEETINGS] = cell_count(it->meetings);
    row[PER_HALL] = cell_ratio(it->sessions, it->halls);
    row[PER_1000] = cell_ratio(it->sessions, it->population);
    row[GAPS] = cell_count((int64_t)it->gaps);
    row[LOWEST] = cell_text(!it->is_lowest ? NULL : query->english ? "yes" : "是");
}

enum error_code report_equity(const struct report_query *query, struct report_table *table, struct error *err)
{
    struct equity equity;
    enum error_code code =
        equity_compute(query->timetable, query->from_day, query->to_day, query->area, &equity, err);
    if (code != ERR_NONE) {
        return code;
    }
    report_table_init(table, "equity", "镇街均衡情况", "Equity of townships", EQUITY, COLUMNS);
    table->chart = CHART_COLUMNS;
    table->chart_label = NAME;
    table->chart_value = PER_HALL;
    report_note_scope(table, query);
    report_note(
        table,
        "末位十分之一：按每礼堂场次由少到多排列的前十分之一（进一）；人口为空表示未登记，不算每千人场次",
        "lowest tenth: by sessions a hall, a tenth of the townships rounded up; residents left empty: "
        "unknown, and no sessions per 1,000");
    for (size_t i = 0; i < equity.count; i++) {
        row_add(query, &equity.rows[i], table);
    }
    equity_finish(&equity);
    return ERR_NONE;
}

/* ---- gaps ---- */

enum {
    G_CODE,
    G_NAME,
    G_CATEGORY,
    G_CATEGORY_NAME,
    G_COLUMNS
};

static const struct report_column GAPS_COLUMNS[G_COLUMNS] = {
    {.key = "township_code", .zh = "代码", .en = "code"},
    {.key = "township", .zh = "乡镇（街道）", .en = "township"},
    {.key = "category_id", .zh = "类别编号", .en = "category id"},
    {.key = "category", .zh = "缺少的课程类别", .en = "category missing"},
};

enum error_code report_gaps(const struct report_query *query, struct report_table *table, struct error *err)
{
    const struct timetable *tt = query->timetable;
    struct equity equity;
    enum error_code code = equity_compute(tt, query->from_day, query->to_day, query->area, &equity, err);
    if (code != ERR_NONE) {
        return code;
    }
    report_table_init(table, "gaps", "镇街缺少的课程类别", "Categories missing in townships", GAPS_COLUMNS,
                      G_COLUMNS);
    report_note_scope(table, query);
    for (size_t i = 0; i < equity.count * equity.category_count; i++) {
        if (equity.gaps[i]) {
            const struct area *township = &tt->areas[equity.rows[i / equity.category_count].township];
            const struct category *category = &tt->categories[i % equity.category_count];
            struct report_cell *row = report_row(table);
            row[G_CODE] = cell_text(township->id);
            row[G_NAME] = cell_text(township->name);
            row[G_CATEGORY] = cell_text(category->id);
            row[G_CATEGORY_NAME] = cell_text(category->name);
        }
    }
    equity_finish(&equity);
    return ERR_NONE;
}
