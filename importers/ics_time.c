#include "importers/ics_time.h"

#include "base/date.h"

#include <string.h>

enum {
    DAY_SECONDS = 86400,
    LENGTH_DAYS_MAX = 3660
};

static bool take_digits(const char **at, size_t count, int32_t *ret_number)
{
    int32_t number = 0;
    for (size_t i = 0; i < count; i++) {
        if ((*at)[i] < '0' || (*at)[i] > '9') {
            return false;
        }
        number = number * 10 + ((*at)[i] - '0');
    }
    *at += count;
    *ret_number = number;
    return true;
}

static bool take_char(const char **at, const char *set)
{
    bool is_there = **at != '\0' && strchr(set, **at) != NULL;
    *at += is_there ? 1 : 0;
    return is_there;
}

/* A day that exists, in any year. */
static bool day_of(struct civil civil, int32_t *ret_day)
{
    if (civil.year < 1 || civil.month < 1 || civil.month > 12 || civil.day < 1) {
        return false;
    }
    int32_t first = date_from_civil((struct civil){civil.year, civil.month, 1});
    if (civil.day > date_from_civil((struct civil){civil.year, civil.month + 1, 1}) - first) {
        return false;
    }
    *ret_day = first + civil.day - 1;
    return true;
}

/* "143000", "14:30", "1430"; *ret_loose: not six digits. */
static bool take_clock(const char **at, int32_t *ret_second, bool *ret_loose)
{
    int32_t hour = 0;
    int32_t minute = 0;
    int32_t second = 0;
    if (!take_digits(at, 2, &hour)) {
        return false;
    }
    *ret_loose = take_char(at, ":");
    if (!take_digits(at, 2, &minute)) {
        return false;
    }
    if (take_char(at, ":") || (**at >= '0' && **at <= '9')) {
        if (!take_digits(at, 2, &second)) {
            return false;
        }
        if (take_char(at, ".")) { /* fractions: some web tools write milliseconds */
            int32_t digit = 0;
            while (take_digits(at, 1, &digit)) {
                *ret_loose = true;
            }
        }
    } else {
        *ret_loose = true;
    }
    bool is_midnight = hour == 24 && minute == 0 && second == 0;
    *ret_loose = *ret_loose || is_midnight;
    if ((hour > 23 && !is_midnight) || minute > 59 || second > 60) {
        return false;
    }
    second = second == 60 ? 59 : second;
    *ret_second = hour * 3600 + minute * 60 + second;
    return true;
}

bool ics_stamp_parse_old(const char *text, struct ics_stamp *ret_stamp)
{
    struct ics_stamp stamp = {0};
    struct civil civil;
    const char *at = text + strspn(text, " \t");
    stamp.is_loose = at != text;
    if (!take_digits(&at, 4, &civil.year)) {
        return false;
    }
    bool is_dashed = take_char(&at, "-/");
    if (!take_digits(&at, 2, &civil.month) || (is_dashed && !take_char(&at, "-/")) ||
        !take_digits(&at, 2, &civil.day) || !day_of(civil, &stamp.day)) {
        return false;
    }
    stamp.is_loose = stamp.is_loose || is_dashed;
    bool is_blank = *at == ' ' && at[1] >= '0' && at[1] <= '9';
    if (take_char(&at, "Tt") || (is_blank && take_char(&at, " "))) {
        bool is_loose = false;
        if (!take_clock(&at, &stamp.second, &is_loose)) {
            return false;
        }
        stamp.has_time = true;
        stamp.is_loose = stamp.is_loose || is_loose || is_blank;
        stamp.is_utc = take_char(&at, "Zz");
        if (!stamp.is_utc && (*at == '+' || *at == '-')) {
            int32_t offset = 0;
            if (!ics_offset_parse(at, &offset)) {
                return false;
            }
            at += strlen(at);
            stamp.is_utc = true;
            stamp.is_loose = true;
            stamp.second -= offset;
        }
    }
    at += strspn(at, " \t");
    if (*at != '\0') {
        return false;
    }
    stamp.day += stamp.second >= DAY_SECONDS ? 1 : stamp.second < 0 ? -1 : 0;
    stamp.second += stamp.second >= DAY_SECONDS ? -DAY_SECONDS : stamp.second < 0 ? DAY_SECONDS : 0;
    *ret_stamp = stamp;
    return true;
}

bool ics_stamp_parse(const char *text, struct ics_stamp *ret_stamp)
{
    struct ics_stamp stamp;
    if (!ics_stamp_parse_old(text, &stamp) || stamp.day < DATE_MIN || stamp.day >= DATE_MAX) {
        return false;
    }
    *ret_stamp = stamp;
    return true;
}

bool ics_length_parse(const char *text, struct ics_length *ret_length)
{
    static const struct {
        char unit;
        int32_t seconds;
        bool is_time;
    } UNITS[] = {{'W', 7 * DAY_SECONDS, false},
                 {'D', DAY_SECONDS, false},
                 {'H', 3600, true},
                 {'M', 60, true},
                 {'S', 1, true}};
    struct ics_length length = {0};
    const char *at = text + strspn(text, " \t");
    size_t next = 0; /* units must come in this order */
    length.is_negative = *at == '-';
    (void)take_char(&at, "+-");
    if (!take_char(&at, "Pp")) {
        return false;
    }
    while (*at != '\0' && *at != ' ') {
        bool is_time = take_char(&at, "Tt");
        int32_t number = 0;
        int32_t digit = 0;
        size_t digits = 0;
        for (; digits < 9 && take_digits(&at, 1, &digit); digits++) {
            number = number * 10 + digit;
        }
        size_t unit = next;
        while (unit < sizeof UNITS / sizeof *UNITS && UNITS[unit].unit != (*at & ~0x20)) {
            unit++;
        }
        if (digits == 0 || unit == sizeof UNITS / sizeof *UNITS || (is_time && !UNITS[unit].is_time)) {
            return false;
        }
        at++;
        next = unit + 1;
        int64_t seconds = (int64_t)number * UNITS[unit].seconds;
        if (seconds > (int64_t)LENGTH_DAYS_MAX * DAY_SECONDS) {
            return false;
        }
        length.days += UNITS[unit].is_time ? 0 : (int32_t)(seconds / DAY_SECONDS);
        length.seconds += UNITS[unit].is_time ? seconds : 0;
    }
    at += strspn(at, " \t");
    if (next == 0 || *at != '\0') {
        return false;
    }
    *ret_length = length;
    return true;
}

bool ics_offset_parse(const char *text, int32_t *ret_seconds)
{
    int32_t hour = 0;
    int32_t minute = 0;
    int32_t second = 0;
    const char *at = text + strspn(text, " \t");
    int32_t sign = *at == '-' ? -1 : 1;
    if (!take_char(&at, "+-") || !take_digits(&at, 2, &hour)) {
        return false;
    }
    (void)take_char(&at, ":");
    if (!take_digits(&at, 2, &minute)) {
        return false;
    }
    (void)take_char(&at, ":");
    if (*at >= '0' && *at <= '9' && !take_digits(&at, 2, &second)) {
        return false;
    }
    at += strspn(at, " \t");
    if (*at != '\0' || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    *ret_seconds = sign * (hour * 3600 + minute * 60 + second);
    return true;
}
