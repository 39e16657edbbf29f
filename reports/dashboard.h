/* reports/dashboard: what the coverage page shows, as one JSON object (docs/http.md, GET /api/coverage). Pure
 * over a snapshot: the same options and revision give the same bytes. Any thread. */
#ifndef LITANG_REPORTS_DASHBOARD_H
#define LITANG_REPORTS_DASHBOARD_H

#include "reports/coverage.h"

struct dashboard_options {
    enum coverage_definition definition;
    int32_t from_day, to_day; /* inclusive */
    int32_t minimum;          /* sessions a place needs, >= 1 */
    uint32_t area;            /* only below this area; NONE: the city */
    int32_t as_of_day;        /* printed as "as_of": the day on which it is asked */
};

/* The calendar year of the day and 31 December, halls-planned, minimum 1, the whole city. */
struct dashboard_options dashboard_defaults(int32_t today);
/* Adds the object to `out`. Rates and ratios are texts with two decimals ("98.17", "–" for a rate of nothing,
 * null for a ratio of nothing); coordinates are numbers or null. ERR_INPUT: options out of their bounds, a
 * period longer than LIMIT_REPORT_DAYS. */
enum error_code dashboard_json(const struct timetable *timetable, const struct dashboard_options *options,
                               struct text *out, struct error *err);

#endif
