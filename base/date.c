#include "base/date.h"

#include <stdio.h>
#include <string.h>

const int32_t DATE_MIN = -25202; /* 1901-01-01 */
const int32_t DATE_MAX = 47846;  /* 2100-12-31 */

enum {
    ERA_DAYS = 146097,           /* 400 Gregorian years */
    EPOCH_FROM_0000_03 = 719468, /* days from 0000-03-01 to 1970-01-01 */
    DAY_SECONDS = 86400,
    /* What four-digit years can write: 0000-01-01 and 9999-12-31. */
    WRITABLE_MIN = -719528,
    WRITABLE_MAX = 2932896
};

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

static int32_t clamp_i32(int64_t value, int32_t min, int32_t max)
{
    if (value < min) {
        return min;
    }
    return value > max ? max : (int32_t)value;
}

static int32_t month_days(int32_t year, int32_t month)
{
    static const int32_t DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return DAYS[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool civil_valid(struct civil civil)
{
    return civil.year >= 1901 && civil.year <= 2100 && civil.month >= 1 && civil.month <= 12 &&
           civil.day >= 1 && civil.day <= month_days(civil.year, civil.month);
}

/* Both directions count from 0000-03-01, so that the leap day ends its year; the method is
 * H. Hinnant's "chrono-Compatible Low-Level Date Algorithms". */
int32_t date_from_civil(struct civil civil)
{
    int64_t months = (int64_t)civil.year * 12 + civil.month - 3;
    int64_t year = floor_div(months, 12);
    int64_t month = months - year * 12;
    int64_t era = floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * month + 2) / 5 + civil.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return clamp_i32(era * ERA_DAYS + day_of_era - EPOCH_FROM_0000_03, INT32_MIN, INT32_MAX);
}

struct civil date_to_civil(int32_t day)
{
    int64_t shifted = (int64_t)day + EPOCH_FROM_0000_03;
    int64_t era = floor_div(shifted, ERA_DAYS);
    int64_t day_of_era = shifted - era * ERA_DAYS;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    int64_t year = era * 400 + year_of_era + (month >= 10 ? 1 : 0);
    return (struct civil){.year = (int32_t)year,
                          .month = (int32_t)(month < 10 ? month + 3 : month - 9),
                          .day = (int32_t)(day_of_year - (153 * month + 2) / 5 + 1)};
}

int32_t date_weekday(int32_t day)
{
    /* 1970-01-01 was a Thursday. */
    int64_t since_monday = (int64_t)day + 3;
    return (int32_t)(since_monday - floor_div(since_monday, 7) * 7) + 1;
}

int32_t date_week_start(int32_t day)
{
    return clamp_i32((int64_t)day - (date_weekday(day) - 1), INT32_MIN, INT32_MAX);
}

int32_t date_month_index(int32_t day)
{
    struct civil civil = date_to_civil(day);
    return (civil.year - 1970) * 12 + civil.month - 1;
}

int32_t date_year(int32_t day)
{
    return date_to_civil(day).year;
}

/* Exactly `count` ASCII digits; -1 when there is anything else. */
static int32_t digits_read(const char *text, int count)
{
    int32_t value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static bool date_read(const char *text, int32_t *ret_day)
{
    if (text[4] != '-' || text[7] != '-') {
        return false;
    }
    struct civil civil = {
        .year = digits_read(text, 4),
        .month = digits_read(text + 5, 2),
        .day = digits_read(text + 8, 2),
    };
    if (!civil_valid(civil)) {
        return false;
    }
    *ret_day = date_from_civil(civil);
    return true;
}

bool date_parse(const char *text, int32_t *ret_day)
{
    return text != NULL && strnlen(text, DATE_TEXT_SIZE) == DATE_TEXT_SIZE - 1 && date_read(text, ret_day);
}

void date_format(int32_t day, char ret_text[DATE_TEXT_SIZE])
{
    struct civil civil = date_to_civil(clamp_i32(day, WRITABLE_MIN, WRITABLE_MAX));
    (void)snprintf(ret_text, DATE_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)civil.year % 10000U,
                   (unsigned)civil.month % 100U, (unsigned)civil.day % 100U);
}

bool minute_parse(const char *text, int32_t *ret_minute)
{
    if (text == NULL || strnlen(text, 6) != 5 || text[2] != ':') {
        return false;
    }
    int32_t hour = digits_read(text, 2);
    int32_t minute = digits_read(text + 3, 2);
    if (hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > DAY_MINUTES) {
        return false;
    }
    *ret_minute = hour * 60 + minute;
    return true;
}

void minute_format(int32_t minute, char ret_text[TIME_TEXT_SIZE])
{
    int32_t shown = clamp_i32(minute, -9 * DAY_MINUTES, 10 * DAY_MINUTES - 1);
    int32_t days = (int32_t)floor_div(shown, DAY_MINUTES);
    unsigned rest = (unsigned)(shown - days * DAY_MINUTES);
    if (days == 0) {
        (void)snprintf(ret_text, TIME_TEXT_SIZE, "%02u:%02u", rest / 60 % 100U, rest % 60);
    } else {
        (void)snprintf(ret_text, TIME_TEXT_SIZE, "%c%u %02u:%02u", days < 0 ? '-' : '+',
                       (unsigned)(days < 0 ? -days : days) % 10U, rest / 60 % 100U, rest % 60);
    }
}

void instant_format(int64_t seconds, char ret_text[INSTANT_TEXT_SIZE])
{
    int32_t day = clamp_i32(floor_div(seconds, DAY_SECONDS), WRITABLE_MIN, WRITABLE_MAX);
    unsigned rest = (unsigned)(seconds - floor_div(seconds, DAY_SECONDS) * DAY_SECONDS);
    char date[DATE_TEXT_SIZE];
    date_format(day, date);
    (void)snprintf(ret_text, INSTANT_TEXT_SIZE, "%sT%02u:%02u:%02uZ", date, rest / 3600 % 100U,
                   rest / 60 % 60, rest % 60);
}

bool instant_parse(const char *text, int64_t *ret_seconds)
{
    int32_t day = 0;
    if (text == NULL || strnlen(text, INSTANT_TEXT_SIZE) != INSTANT_TEXT_SIZE - 1 || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':' || text[19] != 'Z' || !date_read(text, &day)) {
        return false;
    }
    int32_t hour = digits_read(text + 11, 2);
    int32_t minute = digits_read(text + 14, 2);
    int32_t second = digits_read(text + 17, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
        return false;
    }
    *ret_seconds = (int64_t)day * DAY_SECONDS + (int64_t)hour * 3600 + (int64_t)minute * 60 + second;
    return true;
}
