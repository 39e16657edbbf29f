#include "ical/zone_lines.h"

#include "base/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAY_SECONDS = 86400,
    LAST_WEEK = 5, /* POSIX: the last such weekday of the month */
    EPOCH_YEAR = 1970
};

static void add_line(struct text *out, const char *line)
{
    safe_fold(out, line, strlen(line));
}

/* "+HHMM", or "+HHMMSS" when there are seconds, RFC 5545 §3.3.14. */
static void add_offset(struct text *out, const char *name, int32_t offset_s)
{
    char line[64];
    int32_t size = abs(offset_s);
    int length = snprintf(line, sizeof line, "%s:%c%02d%02d", name, offset_s < 0 ? '-' : '+', size / 3600,
                          size / 60 % 60);
    if (size % 60 != 0) {
        (void)snprintf(line + length, sizeof line - (size_t)length, "%02d", size % 60);
    }
    add_line(out, line);
}

/* One observance; NULL `rule`: it always holds. */
struct observance {
    const char *kind; /* "STANDARD" or "DAYLIGHT" */
    const char *name; /* TZNAME */
    int32_t from_s, to_s;
    const struct zone_change *rule;
};

/* The days of the month on which the change can fall, and its weekday, after a time of day below 0:00 or past
 * 24:00 has moved it. False when it leaves the month, which no rule by month can say. */
struct change_days {
    int32_t shift_days, second; /* second of the shifted day, 0 … 86399 */
    int32_t first, last;        /* days of the month; 0: the last seven, plainly */
    int32_t weekday;            /* 1 Monday … 7 Sunday */
};

static bool change_days_of(const struct zone_change *change, struct change_days *ret_days)
{
    static const int32_t LENGTHS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct change_days days = {.second = change->second % DAY_SECONDS};
    days.second += days.second < 0 ? DAY_SECONDS : 0;
    days.shift_days = (change->second - days.second) / DAY_SECONDS;
    days.weekday = ((change->weekday - 1 + days.shift_days) % 7 + 7) % 7 + 1;
    int32_t length = LENGTHS[change->month - 1];
    bool is_last = change->week == LAST_WEEK;
    if (is_last && days.shift_days == 0) {
        *ret_days = days;
        return true;
    }
    /* The last seven days of February are not the same days every year. */
    if (is_last && change->month == 2) {
        return false;
    }
    days.first = (is_last ? length - 6 : (change->week - 1) * 7 + 1) + days.shift_days;
    days.last = days.first + 6;
    *ret_days = days;
    return days.first >= 1 && days.last <= length;
}

/* The local day of the change in 1970, where RFC 5545 lets an observance begin. */
static int32_t first_day(const struct zone_change *change, const struct change_days *days)
{
    int32_t first = days->first;
    if (first == 0) {
        first = date_to_civil(date_from_civil((struct civil){EPOCH_YEAR, change->month + 1, 1}) - 7).day;
    }
    int32_t day = date_from_civil((struct civil){EPOCH_YEAR, change->month, first});
    return day + (days->weekday - date_weekday(day) + 7) % 7;
}

static void add_rule(struct text *out, const struct zone_change *change, const struct change_days *days)
{
    static const char *const WEEKDAYS[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    char line[128];
    const char *weekday = WEEKDAYS[days->weekday - 1];
    /* "2SU" and "-1SU" are what every client knows; lists of days only where the shift asks for them. */
    if (days->shift_days == 0) {
        (void)snprintf(line, sizeof line, "RRULE:FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", change->month,
                       change->week == LAST_WEEK ? -1 : change->week, weekday);
    } else {
        int32_t d = days->first;
        (void)snprintf(line, sizeof line,
                       "RRULE:FREQ=YEARLY;BYMONTH=%d;BYMONTHDAY=%d,%d,%d,%d,%d,%d,%d;BYDAY=%s", change->month,
                       d, d + 1, d + 2, d + 3, d + 4, d + 5, d + 6, weekday);
    }
    add_line(out, line);
}

static void add_start(struct text *out, int32_t day, int32_t second)
{
    char line[64];
    struct civil civil = date_to_civil(day);
    (void)snprintf(line, sizeof line, "DTSTART:%04d%02d%02dT%02d%02d%02d", civil.year, civil.month, civil.day,
                   second / 3600, second / 60 % 60, second % 60);
    add_line(out, line);
}

static bool add_observance(struct text *out, const struct observance *observance)
{
    struct change_days days = {0};
    if (observance->rule != NULL && !change_days_of(observance->rule, &days)) {
        return false;
    }
    char line[64];
    (void)snprintf(line, sizeof line, "BEGIN:%s", observance->kind);
    add_line(out, line);
    add_start(out, observance->rule == NULL ? 0 : first_day(observance->rule, &days), days.second);
    if (observance->rule != NULL) {
        add_rule(out, observance->rule, &days);
    }
    add_offset(out, "TZOFFSETFROM", observance->from_s);
    add_offset(out, "TZOFFSETTO", observance->to_s);
    (void)snprintf(line, sizeof line, "TZNAME:%s", observance->name);
    add_line(out, line);
    (void)snprintf(line, sizeof line, "END:%s", observance->kind);
    add_line(out, line);
    return true;
}

static bool add_observances(struct text *out, const struct zone *zone)
{
    if (!zone->has_dst) {
        return add_observance(out, &(struct observance){"STANDARD", zone->std_name, zone->std_offset_s,
                                                        zone->std_offset_s, NULL});
    }
    /* Dublin's POSIX "daylight" is its winter; clients expect DAYLIGHT to be the later clock. */
    bool later = zone->dst_offset_s > zone->std_offset_s;
    return add_observance(out,
                          &(struct observance){later ? "DAYLIGHT" : "STANDARD", zone->dst_name,
                                               zone->std_offset_s, zone->dst_offset_s, &zone->dst_start}) &&
           add_observance(out, &(struct observance){later ? "STANDARD" : "DAYLIGHT", zone->std_name,
                                                    zone->dst_offset_s, zone->std_offset_s, &zone->dst_end});
}

enum error_code zone_lines_add(struct text *out, const struct zone *zone, struct error *err)
{
    char line[ZONE_TZID_SIZE + 32];
    add_line(out, "BEGIN:VTIMEZONE");
    (void)snprintf(line, sizeof line, "TZID:%s", zone->tzid);
    add_line(out, line);
    (void)snprintf(line, sizeof line, "X-LIC-LOCATION:%s", zone->tzid);
    add_line(out, line);
    if (!add_observances(out, zone)) {
        return error_set(
            err, ERR_INPUT,
            "时区 %s 的夏令时规则无法写入日历 / the daylight saving rule of %s crosses a month's end",
            zone->tzid, zone->tzid);
    }
    add_line(out, "END:VTIMEZONE");
    return text_status(out, err);
}
