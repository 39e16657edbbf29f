/* importers/ics_rule: recurrence rules (RFC 5545 §3.3.10) as the days that they fall on. Pure; any thread.
 *
 * An own expander, for libical's can be made to run for ever by one line, takes half a second for others, and
 * reads BYSETPOS of a day or week as if it were not there (docs/decisions/0030). This one looks at each day
 * at most once and counts the looks. libical is the oracle of its test. */
#ifndef LITANG_IMPORTERS_ICS_RULE_H
#define LITANG_IMPORTERS_ICS_RULE_H

#include "importers/ics_time.h"

#include <stddef.h>

enum ics_frequency {
    ICS_DAILY,
    ICS_WEEKLY,
    ICS_MONTHLY,
    ICS_YEARLY
};

enum {
    ICS_RULE_ITEMS = 64,
    ICS_RULE_TIMES = 24 /* meetings of one day: hourly at most */
};

struct ics_rule_day {
    int16_t week;   /* 0: every one; 1 the first, -1 the last … */
    int8_t weekday; /* 1 Monday … 7 Sunday */
};

struct ics_rule {
    enum ics_frequency frequency;
    int32_t interval, count; /* count 0: none */
    bool has_until;
    struct ics_stamp until;
    int32_t week_start; /* 1 … 7 */
    uint32_t months;    /* bits 1 … 12; 0: all */
    int16_t month_days[ICS_RULE_ITEMS], year_days[ICS_RULE_ITEMS], weeks[ICS_RULE_ITEMS],
        positions[ICS_RULE_ITEMS];
    size_t month_day_count, year_day_count, week_count, position_count;
    struct ics_rule_day days[ICS_RULE_ITEMS];
    size_t day_count;
    uint32_t hours;            /* bits 0 … 23; 0: DTSTART's */
    uint64_t minutes, seconds; /* bits 0 … 59 */
};

enum ics_rule_fault {
    ICS_RULE_GOOD,
    ICS_RULE_SYNTAX,    /* not a rule, or parts that do not go together */
    ICS_RULE_SUB_DAILY, /* SECONDLY, MINUTELY, HOURLY, or over ICS_RULE_TIMES a day */
    ICS_RULE_CALENDAR,  /* RSCALE of another calendar */
    ICS_RULE_FAULT_COUNT
};
enum ics_rule_fault ics_rule_parse(const char *text, struct ics_rule *ret_rule);

/* Where the expansion starts and ends, and what it may cost. */
struct ics_rule_run {
    int32_t day, second;             /* DTSTART by its own clock */
    int32_t last_day;                /* the window's end; meetings after it are not told */
    int32_t until_day, until_second; /* by the same clock; when rule->has_until */
    int64_t *budget;                 /* days that may still be looked at; falls */
    /* Called for each meeting in order; false ends the run. */
    bool (*meeting)(void *context, int32_t day, int32_t second);
    void *context;
};
enum ics_rule_end {
    ICS_RULE_ENDED,  /* by its COUNT or UNTIL, or by `meeting` */
    ICS_RULE_WINDOW, /* it may go on after last_day */
    ICS_RULE_BUDGET
};
enum ics_rule_end ics_rule_expand(const struct ics_rule *rule, const struct ics_rule_run *run);

#endif
