/* The expansion: periods of the rule's frequency, the days of each that fit, and BYSETPOS over those. */
#include "importers/ics_rule.h"

#include "base/date.h"

struct expansion {
    const struct ics_rule *rule;
    const struct ics_rule_run *run;
    struct civil start;
    int32_t times[ICS_RULE_TIMES]; /* seconds of a day, ascending */
    size_t time_count;
    int32_t told;
};

static bool has_number(const int16_t *items, size_t count, int32_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i] == number) {
            return true;
        }
    }
    return false;
}

static void times_fill(struct expansion *expansion)
{
    const struct ics_rule *rule = expansion->rule;
    int32_t second = expansion->run->second;
    for (int32_t h = 0; h < 24; h++) {
        if (rule->hours != 0 ? (rule->hours >> h & 1U) == 0 : h != second / 3600) {
            continue;
        }
        for (int32_t m = 0; m < 60; m++) {
            if (rule->minutes != 0 ? (rule->minutes >> m & 1U) == 0 : m != second / 60 % 60) {
                continue;
            }
            for (int32_t s = 0; s < 60; s++) {
                bool is_in = rule->seconds != 0 ? (rule->seconds >> s & 1U) != 0 : s == second % 60;
                if (is_in && expansion->time_count < ICS_RULE_TIMES) {
                    expansion->times[expansion->time_count++] = h * 3600 + m * 60 + s;
                }
            }
        }
    }
}

/* The first day of week 1 of a year: the week with at least four days in it. */
static int32_t week_one(int32_t year, int32_t week_start)
{
    int32_t first = date_from_civil((struct civil){year, 1, 1});
    int32_t back = (date_weekday(first) - week_start + 7) % 7;
    return back <= 3 ? first - back : first - back + 7;
}

static bool week_fits(const struct ics_rule *rule, int32_t day, int32_t year)
{
    int32_t of = year;
    int32_t first = week_one(of, rule->week_start);
    if (day < first) {
        first = week_one(--of, rule->week_start);
    } else if (day >= week_one(of + 1, rule->week_start)) {
        first = week_one(++of, rule->week_start);
    }
    int32_t weeks = (week_one(of + 1, rule->week_start) - first) / 7;
    int32_t week = (day - first) / 7 + 1;
    return has_number(rule->weeks, rule->week_count, week) ||
           has_number(rule->weeks, rule->week_count, week - weeks - 1);
}

static bool weekday_fits(const struct ics_rule *rule, int32_t day, struct civil civil)
{
    int32_t weekday = date_weekday(day);
    bool by_month = rule->frequency == ICS_MONTHLY || rule->months != 0;
    int32_t first = date_from_civil((struct civil){civil.year, by_month ? civil.month : 1, 1});
    int32_t after = by_month ? date_from_civil((struct civil){civil.year, civil.month + 1, 1})
                             : date_from_civil((struct civil){civil.year + 1, 1, 1});
    for (size_t i = 0; i < rule->day_count; i++) {
        int32_t week = rule->days[i].week;
        int32_t from_start = (day - first) / 7 + 1;
        int32_t from_end = -((after - 1 - day) / 7 + 1);
        if (rule->days[i].weekday == weekday && (week == 0 || week == from_start || week == from_end)) {
            return true;
        }
    }
    return false;
}

static bool month_day_fits(const struct ics_rule *rule, int32_t day, struct civil civil)
{
    int32_t after = date_from_civil((struct civil){civil.year, civil.month + 1, 1});
    return has_number(rule->month_days, rule->month_day_count, civil.day) ||
           has_number(rule->month_days, rule->month_day_count, day - after);
}

static bool year_day_fits(const struct ics_rule *rule, int32_t day, struct civil civil)
{
    int32_t first = date_from_civil((struct civil){civil.year, 1, 1});
    int32_t after = date_from_civil((struct civil){civil.year + 1, 1, 1});
    return has_number(rule->year_days, rule->year_day_count, day - first + 1) ||
           has_number(rule->year_days, rule->year_day_count, day - after);
}

/* What a rule does not say is as in DTSTART. */
static bool start_fits(const struct expansion *expansion, int32_t day, struct civil civil)
{
    const struct ics_rule *rule = expansion->rule;
    if (rule->day_count > 0 || rule->month_day_count > 0 || rule->year_day_count > 0) {
        return true;
    }
    switch (rule->frequency) {
    case ICS_DAILY:
        return true;
    case ICS_WEEKLY:
        return date_weekday(day) == date_weekday(expansion->run->day);
    case ICS_MONTHLY:
        return civil.day == expansion->start.day;
    default:
        return rule->week_count > 0 ? date_weekday(day) == date_weekday(expansion->run->day)
                                    : civil.day == expansion->start.day &&
                                          (rule->months != 0 || civil.month == expansion->start.month);
    }
}

static bool day_fits(const struct expansion *expansion, int32_t day)
{
    const struct ics_rule *rule = expansion->rule;
    struct civil civil = date_to_civil(day);
    return (rule->months == 0 || (rule->months >> civil.month & 1U) != 0) &&
           (rule->week_count == 0 || week_fits(rule, day, civil.year)) &&
           (rule->year_day_count == 0 || year_day_fits(rule, day, civil)) &&
           (rule->month_day_count == 0 || month_day_fits(rule, day, civil)) &&
           (rule->day_count == 0 || weekday_fits(rule, day, civil)) && start_fits(expansion, day, civil);
}

/* The n-th period from DTSTART's: its first day and the one after its last. */
static void period_of(const struct expansion *expansion, int64_t n, int32_t *ret_from, int32_t *ret_to)
{
    const struct ics_rule *rule = expansion->rule;
    int32_t steps = (int32_t)(n * rule->interval);
    int32_t day = expansion->run->day;
    switch (rule->frequency) {
    case ICS_DAILY:
        *ret_from = day + steps;
        *ret_to = *ret_from + 1;
        return;
    case ICS_WEEKLY:
        *ret_from = day - (date_weekday(day) - rule->week_start + 7) % 7 + steps * 7;
        *ret_to = *ret_from + 7;
        return;
    case ICS_MONTHLY:
        *ret_from = date_from_civil((struct civil){expansion->start.year, expansion->start.month + steps, 1});
        *ret_to =
            date_from_civil((struct civil){expansion->start.year, expansion->start.month + steps + 1, 1});
        return;
    default:
        *ret_from = date_from_civil((struct civil){expansion->start.year + steps, 1, 1});
        *ret_to = date_from_civil((struct civil){expansion->start.year + steps + 1, 1, 1});
    }
}

static bool is_chosen(const struct ics_rule *rule, size_t at, size_t count)
{
    return rule->position_count == 0 || has_number(rule->positions, rule->position_count, (int32_t)at + 1) ||
           has_number(rule->positions, rule->position_count, (int32_t)at - (int32_t)count);
}

static bool is_before(int32_t day, int32_t second, int32_t than_day, int32_t than_second)
{
    return day < than_day || (day == than_day && second < than_second);
}

/* False: the series is over. */
static bool meeting_tell(struct expansion *expansion, int32_t day, int32_t second)
{
    const struct ics_rule *rule = expansion->rule;
    const struct ics_rule_run *run = expansion->run;
    if (is_before(day, second, run->day, run->second)) {
        return true;
    }
    if (rule->has_until && is_before(run->until_day, run->until_second, day, second)) {
        return false;
    }
    expansion->told++;
    return (day > run->last_day || run->meeting(run->context, day, second)) &&
           (rule->count == 0 || expansion->told < rule->count);
}

/* All days of a period that fit, with their times; BYSETPOS chooses among them. */
static bool period_tell(struct expansion *expansion, int32_t from, int32_t to)
{
    uint8_t fits[366 + 7];
    size_t days = (size_t)(to - from);
    size_t count = 0;
    for (size_t i = 0; i < days; i++) {
        fits[i] = day_fits(expansion, from + (int32_t)i) ? 1 : 0;
        count += fits[i] * expansion->time_count;
    }
    size_t at = 0;
    for (size_t i = 0; i < days && at < count; i++) {
        for (size_t t = 0; fits[i] != 0 && t < expansion->time_count; t++, at++) {
            if (is_chosen(expansion->rule, at, count) &&
                !meeting_tell(expansion, from + (int32_t)i, expansion->times[t])) {
                return false;
            }
        }
    }
    return true;
}

enum ics_rule_end ics_rule_expand(const struct ics_rule *rule, const struct ics_rule_run *run)
{
    struct expansion expansion = {.rule = rule, .run = run, .start = date_to_civil(run->day)};
    int32_t from = 0;
    int32_t to = 0;
    times_fill(&expansion);
    for (int64_t n = 0;; n++) {
        if (n * rule->interval > INT32_MAX / 400) {
            return ICS_RULE_WINDOW;
        }
        period_of(&expansion, n, &from, &to);
        if (from > run->last_day) {
            return rule->has_until && run->until_day <= run->last_day ? ICS_RULE_ENDED : ICS_RULE_WINDOW;
        }
        *run->budget -= to - from;
        if (*run->budget < 0) {
            return ICS_RULE_BUDGET;
        }
        if (!period_tell(&expansion, from, to)) {
            return ICS_RULE_ENDED;
        }
    }
}
