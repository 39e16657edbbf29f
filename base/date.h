/* base/date: days and minutes as numbers. A day is the count of days since 1970-01-01 in the
 * proleptic Gregorian calendar; a minute counts from local midnight and may pass 1440. Any thread. */
#ifndef LITANG_BASE_DATE_H
#define LITANG_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    DAY_MINUTES = 1440,
    DATE_TEXT_SIZE = 11,   /* "2026-11-23" + NUL */
    TIME_TEXT_SIZE = 9,    /* "+1 08:30" + NUL */
    INSTANT_TEXT_SIZE = 21 /* "2026-11-23T08:30:00Z" + NUL */
};

/* The range that litang accepts: 1901-01-01 to 2100-12-31, where the lunar table ends. */
extern const int32_t DATE_MIN;
extern const int32_t DATE_MAX;

struct civil {
    int32_t year;
    int32_t month;
    int32_t day;
}; /* month 1-12, day 1-31 */

/* A real day between DATE_MIN and DATE_MAX. */
bool civil_valid(struct civil civil);
/* Months and days beyond their ends carry over: {2026, 13, 1} is 2027-01-01. */
int32_t date_from_civil(struct civil civil);
struct civil date_to_civil(int32_t day);
/* ISO 8601: 1 Monday … 7 Sunday. */
int32_t date_weekday(int32_t day);
/* The Monday on or before `day`; two days are in one week when this is equal (ISO 8601). */
int32_t date_week_start(int32_t day);
/* Months since 1970-01, for monthly counters; and the Gregorian year. */
int32_t date_month_index(int32_t day);
int32_t date_year(int32_t day);
/* Strict "YYYY-MM-DD", in range; false leaves *ret_day untouched. */
bool date_parse(const char *text, int32_t *ret_day);
void date_format(int32_t day, char ret_text[DATE_TEXT_SIZE]);

/* Strict "HH:MM", 00:00 to 24:00. */
bool minute_parse(const char *text, int32_t *ret_minute);
/* "HH:MM", or "+1 HH:MM" when minute >= 1440 (DESIGN §11); "-1 23:30" for -30. */
void minute_format(int32_t minute, char ret_text[TIME_TEXT_SIZE]);

/* Seconds since 1970-01-01T00:00:00Z as "2026-11-23T08:30:00Z" (RFC 3339). */
void instant_format(int64_t seconds, char ret_text[INSTANT_TEXT_SIZE]);
/* Strict "YYYY-MM-DDTHH:MM:SSZ" in the range of days; false (also for NULL) leaves *ret_seconds
 * untouched. */
bool instant_parse(const char *text, int64_t *ret_seconds);

#endif
