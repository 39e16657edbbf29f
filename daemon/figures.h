/* daemon/figures: which coverage figures a reader asked for: the options definition, from, to, minimum and
 * area of /coverage and /api/coverage, read once for both. Any thread. */
#ifndef LITANG_DAEMON_FIGURES_H
#define LITANG_DAEMON_FIGURES_H

#include "base/limits.h"
#include "daemon/published.h"
#include "reports/dashboard.h"

/* All zero: nothing chosen. */
struct figures_choice {
    bool has_definition, has_from, has_to;
    enum coverage_definition definition;
    int32_t from_day, to_day;
    int32_t minimum;               /* 0: not chosen */
    char area[LIMIT_ID_BYTES + 1]; /* "": not chosen */
};

/* Reads one option; ERR_INPUT: none of these, or not a value of it. Whether there is such an area is for
 * figures_resolve to say. */
enum error_code figures_option(struct figures_choice *choice, const char *name, const char *value,
                               struct error *err);
/* With the defaults in place: halls planned, at least one session, the whole city, the year of the newest
 * session or of today (of the last day, when only that was chosen). ERR_INPUT: no such area, or a period that
 * ends before it begins.
 */
enum error_code figures_resolve(const struct published *published, const struct figures_choice *choice,
                                struct dashboard_options *ret_options, struct error *err);
/* What was chosen as a query, "definition=halls-held/1&minimum=2", "" for nothing: one text for one choice,
 * in any order of options. Percent-encoded, so it needs no escaping in HTML but for its "&". */
void figures_query(const struct figures_choice *choice, struct text *out);
/* The last day of the year that is shown when none is chosen. */
int32_t figures_last_day(const struct published *published);

#endif
