/* Coverage by area, category, provider, tag or month, and the list of places behind a figure. */
#include "reports/report.h"

#include "base/limits.h"

#include <stdlib.h>

enum {
    CODE,
    NAME,
    REACHED,
    COUNTED,
    RATE,
    EXEMPT,
    CLOSED,
    SESSIONS,
    MEETINGS,
    COLUMNS
};

/* Areas do not overlap and add up; categories, providers, tags and months (which run on from the first) do
 * not. */
#define COVERAGE_COLUMNS(sum, ratio)                                                                         \
    {                                                                                                        \
        {.key = "code", .zh = "代码", .en = "code"}, {.key = "name", .zh = "名称", .en = "name"},            \
            {.key = "numerator", .zh = "已覆盖", .en = "reached", .type = REPORT_COUNT, .total = (sum)},     \
            {.key = "denominator", .zh = "应覆盖", .en = "in use", .type = REPORT_COUNT, .total = (sum)},    \
            {.key = "rate",                                                                                  \
             .zh = "覆盖率（%）",                                                                            \
             .en = "rate (%)",                                                                               \
             .type = REPORT_PERCENT,                                                                         \
             .total = (ratio),                                                                               \
             .numerator = REACHED,                                                                           \
             .denominator = COUNTED},                                                                        \
            {.key = "exempt", .zh = "豁免", .en = "exempt", .type = REPORT_COUNT, .total = (sum)},           \
            {.key = "closed", .zh = "停用", .en = "closed", .type = REPORT_COUNT, .total = (sum)},           \
            {.key = "sessions", .zh = "场次", .en = "sessions", .type = REPORT_COUNT, .total = TOTAL_SUM},   \
            {.key = "meetings",                                                                              \
             .zh = "折算场次",                                                                               \
             .en = "counted meetings",                                                                       \
             .type = REPORT_COUNT,                                                                           \
             .total = TOTAL_SUM},                                                                            \
    }

static const struct report_column BY_AREAS[COLUMNS] = COVERAGE_COLUMNS(TOTAL_SUM, TOTAL_RATIO);
static const struct report_column BY_OTHERS[COLUMNS] = COVERAGE_COLUMNS(TOTAL_NONE, TOTAL_NONE);
/* Sessions of several tags would be added twice. */
static const struct report_column BY_TAGS[SESSIONS] = {
    {.key = "code", .zh = "代码", .en = "code"},
    {.key = "name", .zh = "名称", .en = "name"},
    {.key = "numerator", .zh = "已覆盖", .en = "reached", .type = REPORT_COUNT},
    {.key = "denominator", .zh = "应覆盖", .en = "in use", .type = REPORT_COUNT},
    {.key = "rate",
     .zh = "覆盖率（%）",
     .en = "rate (%)",
     .type = REPORT_PERCENT,
     .numerator = REACHED,
     .denominator = COUNTED},
    {.key = "exempt", .zh = "豁免", .en = "exempt", .type = REPORT_COUNT},
    {.key = "closed", .zh = "停用", .en = "closed", .type = REPORT_COUNT},
};

static bool is_by_area(enum group_by by)
{
    return by == BY_CITY || by == BY_COUNTY || by == BY_TOWNSHIP;
}

static void row_add(struct report_table *table, const struct group *group, const struct coverage_count *count,
                    const struct session_sum *sum)
{
    struct report_cell *row = report_row(table);
    row[CODE] = cell_text(report_text(table, group->code));
    row[NAME] = cell_text(report_text(table, group->name));
    row[REACHED] = cell_count(count->numerator);
    row[COUNTED] = cell_count(count->denominator);
    row[RATE] = cell_ratio(count->numerator, count->denominator);
    row[EXEMPT] = cell_count(count->exempt);
    row[CLOSED] = cell_count(count->closed);
    if (table->column_count > SESSIONS) {
        row[SESSIONS] = cell_count(sum->sessions);
        row[MEETINGS] = cell_count(sum->meetings);
    }
}

static struct coverage_count count_of(const struct coverage *coverage)
{
    return (struct coverage_count){coverage->numerator, coverage->denominator, coverage->exempt,
                                   coverage->closed};
}

/* What lies in no county or township: the whole less the parts. */
static struct coverage_count rest_of(const struct grouping *g, const struct coverage *city,
                                     const struct coverage_count *counts)
{
    struct coverage_count rest = count_of(city);
    for (size_t i = 0; i < g->count; i++) {
        if (g->groups[i].index != NONE) {
            const struct coverage_count *part = &counts[g->groups[i].index];
            rest.numerator -= part->numerator;
            rest.denominator -= part->denominator;
            rest.exempt -= part->exempt;
            rest.closed -= part->closed;
        }
    }
    return rest;
}

static bool is_something(const struct coverage_count *count)
{
    return count->denominator > 0 || count->exempt > 0 || count->closed > 0;
}

static enum error_code areas_fill(const struct grouping *g, const struct session_sum *sums,
                                  const struct coverage *city, struct report_table *table, struct error *err)
{
    static const struct session_sum NOTHING = {0};
    static const struct group NOWHERE = {"", "（无）", NONE, 0};
    struct coverage_count *counts = calloc(g->timetable->area_count + 1, sizeof *counts);
    if (counts == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (coverage: out of memory)");
    }
    coverage_spread(g->timetable, city, counts);
    for (size_t i = 0; i < g->count; i++) {
        if (g->groups[i].index != NONE) {
            row_add(table, &g->groups[i], &counts[g->groups[i].index], &sums[i]);
        }
    }
    struct coverage_count rest = rest_of(g, city, counts);
    if (g->by == BY_CITY) {
        row_add(table, &g->groups[0], &rest, &sums[0]);
    } else if (is_something(&rest) || g->rest != NONE) {
        row_add(table, &NOWHERE, &rest, g->rest != NONE ? &sums[g->rest] : &NOTHING);
    }
    free(counts);
    return ERR_NONE;
}

static enum error_code others_fill(const struct report_query *query, const struct grouping *g,
                                   const struct session_sum *sums, struct report_table *table,
                                   struct error *err)
{
    bool *courses = malloc(g->timetable->course_count + 1);
    enum error_code code = courses != NULL ? ERR_NONE : error_set(err, ERR_MEMORY, "内存不足 (coverage)");
    for (size_t i = 0; code == ERR_NONE && i < g->count; i++) {
        struct coverage coverage;
        grouping_courses(g, i, courses);
        code = coverage_compute_some(g->timetable, query->definition, query->from_day, g->groups[i].last_day,
                                     query->minimum, query->area, courses, &coverage, err);
        if (code == ERR_NONE) {
            struct coverage_count count = count_of(&coverage);
            row_add(table, &g->groups[i], &count, &sums[i]);
            coverage_finish(&coverage);
        }
    }
    free(courses);
    return code;
}

static enum error_code figures_fill(const struct report_query *query, enum group_by by,
                                    const struct coverage *city, struct report_table *table,
                                    struct error *err)
{
    struct grouping grouping;
    struct session_sum *sums = NULL;
    enum error_code code =
        grouping_make(query->timetable, by, query->from_day, query->to_day, query->area, &grouping, err);
    if (code != ERR_NONE) {
        return code;
    }
    code = grouping_sum(&grouping, &sums, err);
    if (code == ERR_NONE) {
        code = is_by_area(by) ? areas_fill(&grouping, sums, city, table, err)
                              : others_fill(query, &grouping, sums, table, err);
    }
    free(sums);
    grouping_finish(&grouping);
    return code;
}

/* ---- the list behind a figure ---- */

enum {
    LIST_CODE,
    LIST_NAME,
    LIST_COUNTY,
    LIST_TOWNSHIP,
    LIST_STANDING,
    LIST_SESSIONS,
    LIST_REMARK,
    LIST_COLUMNS
};

static const struct report_column LIST[LIST_COLUMNS] = {
    {.key = "code", .zh = "代码", .en = "code"},
    {.key = "name", .zh = "名称", .en = "name"},
    {.key = "county", .zh = "县（市、区）", .en = "county"},
    {.key = "township", .zh = "乡镇（街道）", .en = "township"},
    {.key = "standing", .zh = "状态", .en = "standing"},
    {.key = "sessions", .zh = "计入场次", .en = "sessions that count", .type = REPORT_COUNT},
    {.key = "remark", .zh = "备注", .en = "remark"},
};

static const char *area_name(const struct timetable *tt, uint32_t area)
{
    return area != NONE ? tt->areas[area].name : NULL;
}

static void list_fill(const struct report_query *query, const struct coverage *coverage,
                      struct report_table *table)
{
    const struct timetable *tt = query->timetable;
    bool areas = coverage_is_of_areas(coverage->definition);
    for (uint32_t i = 0; i < coverage->standing_count; i++) {
        if (coverage->standings[i] != query->standing) {
            continue;
        }
        struct report_cell *row = report_row(table);
        row[LIST_CODE] = cell_text(areas ? tt->areas[i].id : tt->halls[i].id);
        row[LIST_NAME] = cell_text(areas ? tt->areas[i].name : tt->halls[i].name);
        row[LIST_COUNTY] =
            cell_text(area_name(tt, areas ? tt->areas[i].county : timetable_hall_county(tt, i)));
        row[LIST_TOWNSHIP] =
            cell_text(area_name(tt, areas ? tt->areas[i].township : timetable_hall_township(tt, i)));
        row[LIST_STANDING] = cell_text(standing_title(query->standing, !query->english));
        row[LIST_SESSIONS] = cell_count(coverage->sessions[i]);
        row[LIST_REMARK] = cell_text(!areas && tt->halls[i].exempt ? tt->halls[i].exempt_reason : NULL);
    }
}

/* ---- the report ---- */

static const char *figures_title(struct report_table *table, enum group_by by, bool chinese)
{
    return chinese ? report_textf(table, "覆盖率：按%s", group_by_title(by, true))
                   : report_textf(table, "Coverage by %s", group_by_title(by, false));
}

enum error_code report_coverage(const struct report_query *query, struct report_table *table,
                                struct error *err)
{
    enum group_by by = query->by != BY_COUNT ? query->by : query->area != NONE ? BY_TOWNSHIP : BY_COUNTY;
    struct coverage city;
    bool by_course = !is_by_area(by) && by != BY_MONTH;
    if (by_course && query->definition == COVERAGE_HALLS_PAIRED && !query->lists) {
        return error_set(err, ERR_INPUT,
                         "结对与课程无关，不能按%s统计 (pairing has nothing to do with courses: not by %s)",
                         group_by_title(by, true), group_by_title(by, false));
    }
    enum error_code code = coverage_compute(query->timetable, query->definition, query->from_day,
                                            query->to_day, query->minimum, query->area, &city, err);
    if (code != ERR_NONE) {
        return code;
    }
    if (query->lists) {
        report_table_init(table, "coverage", NULL, NULL, LIST, LIST_COLUMNS);
        table->title_zh = report_textf(table, "覆盖率明细：%s", standing_title(query->standing, true));
        table->title_en = report_textf(table, "Coverage: what is %s", standing_title(query->standing, false));
    } else {
        report_table_init(table, "coverage", NULL, NULL,
                          is_by_area(by) ? BY_AREAS
                          : by == BY_TAG ? BY_TAGS
                                         : BY_OTHERS,
                          by == BY_TAG ? SESSIONS : COLUMNS);
        table->title_zh = figures_title(table, by, true);
        table->title_en = figures_title(table, by, false);
        table->chart = by == BY_MONTH ? CHART_LINE : CHART_COLUMNS;
        table->chart_label = NAME;
        table->chart_value = RATE;
    }
    report_note_coverage(table, &city);
    report_note_scope(table, query);
    code = report_note_frozen(table, query, err);
    if (code == ERR_NONE && query->lists) {
        list_fill(query, &city, table);
    } else if (code == ERR_NONE) {
        code = figures_fill(query, by, &city, table, err);
    }
    coverage_finish(&city);
    return code;
}
