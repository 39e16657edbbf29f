/* Sessions and attendances, and planned against held: the sums of session_sum by any grouping. */
#include "reports/report.h"

#include <stdlib.h>

typedef void row_function(struct report_cell *row, const struct session_sum *sum);

struct layout {
    const char *name, *zh, *en; /* the title in front of "：按…" */
    const struct report_column *columns;
    int column_count, chart_value;
    row_function *fill; /* the cells after code and name */
};

static enum error_code sums_report(const struct report_query *query, const struct layout *layout,
                                   struct report_table *table, struct error *err)
{
    enum group_by by = query->by != BY_COUNT ? query->by : BY_MONTH;
    struct grouping grouping;
    struct session_sum *sums = NULL;
    enum error_code code =
        grouping_make(query->timetable, by, query->from_day, query->to_day, query->area, &grouping, err);
    if (code != ERR_NONE) {
        return code;
    }
    code = grouping_sum(&grouping, &sums, err);
    report_table_init(table, layout->name, NULL, NULL, layout->columns, layout->column_count);
    table->title_zh = report_textf(table, "%s：按%s", layout->zh, group_by_title(by, true));
    table->title_en = report_textf(table, "%s by %s", layout->en, group_by_title(by, false));
    table->chart = by == BY_MONTH ? CHART_LINE : CHART_COLUMNS;
    table->chart_label = 1;
    table->chart_value = layout->chart_value;
    report_note_scope(table, query);
    if (grouping_overlaps(&grouping)) {
        report_note(table, "一门课程可有多个标签，各行相加会重复计算",
                    "a course may have several tags: rows added up count it more than once");
    }
    for (size_t i = 0; code == ERR_NONE && i < grouping.count; i++) {
        struct report_cell *row = report_row(table);
        row[0] = cell_text(report_text(table, grouping.groups[i].code));
        row[1] = cell_text(report_text(table, grouping.groups[i].name));
        layout->fill(row, &sums[i]);
    }
    free(sums);
    grouping_finish(&grouping);
    return code;
}

#define KEYS                                                                                                 \
    {.key = "code", .zh = "代码", .en = "code"},                                                             \
    {                                                                                                        \
        .key = "name", .zh = "名称", .en = "name"                                                            \
    }
#define SUM(column, word_zh, word_en, adds)                                                                  \
    {                                                                                                        \
        .key = column, .zh = word_zh, .en = word_en, .type = REPORT_COUNT, .total = (adds)                   \
    }

/* ---- sessions ---- */

enum {
    S_PLANNED = 2,
    S_SESSIONS,
    S_MEETINGS,
    S_HELD,
    S_HELD_MEETINGS,
    S_HEADS,
    S_HEADS_60,
    S_ENTERED,
    S_AVERAGE,
    S_SATISFACTION,
    S_SATISFIED,
    S_MEAN,
    S_COLUMNS
};

#define SESSION_COLUMNS(adds, ratio)                                                                         \
    {                                                                                                        \
        KEYS, SUM("planned", "计划场次", "planned", adds), SUM("sessions", "场次", "sessions", adds),        \
            SUM("meetings", "折算场次", "counted meetings", adds), SUM("held", "已开展", "held", adds),      \
            SUM("held_meetings", "已开展折算", "held meetings", adds), SUM("heads", "人次", "heads", adds),  \
            SUM("heads_60", "60岁以上", "heads 60+", adds),                                                  \
            SUM("heads_entered", "登记人数场次", "sessions with heads", adds),                               \
            {.key = "heads_average",                                                                         \
             .zh = "场均人次",                                                                               \
             .en = "heads a session",                                                                        \
             .type = REPORT_RATIO,                                                                           \
             .total = (ratio),                                                                               \
             .numerator = S_HEADS,                                                                           \
             .denominator = S_ENTERED,                                                                       \
             .scale = 1},                                                                                    \
            SUM("satisfaction_sum", "满意度合计", "satisfaction summed", adds),                              \
            SUM("satisfaction_entered", "评价场次", "sessions with satisfaction", adds),                     \
            {.key = "satisfaction",                                                                          \
             .zh = "平均满意度",                                                                             \
             .en = "mean satisfaction",                                                                      \
             .type = REPORT_RATIO,                                                                           \
             .total = (ratio),                                                                               \
             .numerator = S_SATISFACTION,                                                                    \
             .denominator = S_SATISFIED,                                                                     \
             .scale = 1},                                                                                    \
    }

static const struct report_column SESSION_COLUMNS_ADDED[S_COLUMNS] = SESSION_COLUMNS(TOTAL_SUM, TOTAL_RATIO);
static const struct report_column SESSION_COLUMNS_APART[S_COLUMNS] = SESSION_COLUMNS(TOTAL_NONE, TOTAL_NONE);

static void session_row(struct report_cell *row, const struct session_sum *sum)
{
    row[S_PLANNED] = cell_count(sum->planned);
    row[S_SESSIONS] = cell_count(sum->sessions);
    row[S_MEETINGS] = cell_count(sum->meetings);
    row[S_HELD] = cell_count(sum->held);
    row[S_HELD_MEETINGS] = cell_count(sum->held_meetings);
    row[S_HEADS] = cell_count(sum->heads);
    row[S_HEADS_60] = cell_count(sum->heads_60);
    row[S_ENTERED] = cell_count(sum->heads_entered);
    row[S_AVERAGE] = cell_ratio(sum->heads, sum->heads_entered);
    row[S_SATISFACTION] = cell_count(sum->satisfaction);
    row[S_SATISFIED] = cell_count(sum->satisfaction_entered);
    row[S_MEAN] = cell_ratio(sum->satisfaction, sum->satisfaction_entered);
}

enum error_code report_sessions(const struct report_query *query, struct report_table *table,
                                struct error *err)
{
    const struct layout layout = {.name = "sessions",
                                  .zh = "场次与人次",
                                  .en = "Sessions and attendances",
                                  .columns =
                                      query->by == BY_TAG ? SESSION_COLUMNS_APART : SESSION_COLUMNS_ADDED,
                                  .column_count = S_COLUMNS,
                                  .chart_value = S_HEADS,
                                  .fill = session_row};
    return sums_report(query, &layout, table, err);
}

/* ---- planned against held ---- */

enum {
    H_PLANNED = 2,
    H_HELD,
    H_OUTSIDE,
    H_NOT_HELD,
    H_UNKNOWN,
    H_CANCELLED,
    H_HELD_MEETINGS,
    H_RATE,
    H_COLUMNS
};

#define HELD_COLUMNS(adds, ratio)                                                                            \
    {                                                                                                        \
        KEYS, SUM("planned", "计划场次", "planned", adds), SUM("held", "已开展", "held", adds),              \
            SUM("outside", "其中改在堂外", "of these outside", adds),                                        \
            SUM("not_held", "未开展", "not held", adds), SUM("unknown", "未登记", "not entered", adds),      \
            SUM("cancelled", "已取消", "cancelled", adds),                                                   \
            SUM("held_meetings", "已开展折算", "held meetings", adds),                                       \
            {.key = "rate",                                                                                  \
             .zh = "开展率（%）",                                                                            \
             .en = "held (%)",                                                                               \
             .type = REPORT_PERCENT,                                                                         \
             .total = (ratio),                                                                               \
             .numerator = H_HELD,                                                                            \
             .denominator = H_PLANNED},                                                                      \
    }

static const struct report_column HELD_COLUMNS_ADDED[H_COLUMNS] = HELD_COLUMNS(TOTAL_SUM, TOTAL_RATIO);
static const struct report_column HELD_COLUMNS_APART[H_COLUMNS] = HELD_COLUMNS(TOTAL_NONE, TOTAL_NONE);

static void held_row(struct report_cell *row, const struct session_sum *sum)
{
    row[H_PLANNED] = cell_count(sum->planned);
    row[H_HELD] = cell_count(sum->held);
    row[H_OUTSIDE] = cell_count(sum->outside);
    row[H_NOT_HELD] = cell_count(sum->not_held);
    row[H_UNKNOWN] = cell_count(sum->unknown);
    row[H_CANCELLED] = cell_count(sum->cancelled);
    row[H_HELD_MEETINGS] = cell_count(sum->held_meetings);
    row[H_RATE] = cell_ratio(sum->held, sum->planned);
}

enum error_code report_held(const struct report_query *query, struct report_table *table, struct error *err)
{
    const struct layout layout = {.name = "held",
                                  .zh = "计划与开展对照",
                                  .en = "Planned against held",
                                  .columns = query->by == BY_TAG ? HELD_COLUMNS_APART : HELD_COLUMNS_ADDED,
                                  .column_count = H_COLUMNS,
                                  .chart_value = H_RATE,
                                  .fill = held_row};
    return sums_report(query, &layout, table, err);
}
