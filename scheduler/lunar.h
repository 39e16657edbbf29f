/* scheduler/lunar: the Chinese calendar (农历) by an embedded table, for market days and fairs.
 * Any thread.
 *
 * The table covers the lunar years 1900–2100, so every day from DATE_MIN to DATE_MAX is known. It
 * agrees month by month with the conversion tables of the Hong Kong Observatory for 1901–2099, which
 * follow the same rules as GB/T 33661-2017 (https://www.hko.gov.hk/en/gts/time/conversion.htm); 1900
 * and 2100 are as ICU and the widely published tables have them. The Observatory
 * warns that the new moons of 2057-09-28, 2089-09-04 and 2097-08-07 fall so near to midnight that
 * later work may move those months by a day. */
#ifndef LITANG_SCHEDULER_LUNAR_H
#define LITANG_SCHEDULER_LUNAR_H

#include <stdbool.h>
#include <stdint.h>

struct lunar_date {
    int16_t year;      /* the Gregorian year in which the lunar year began */
    int8_t month;      /* 1 … 12; 0: unknown */
    bool leap;         /* 闰月: the second month of this number */
    int8_t day;        /* 1 … 30 */
    int8_t month_days; /* 29 or 30 */
};

/* "闰十二月三十" is the longest. */
enum {
    LUNAR_TEXT_SIZE = 24
};

/* False, with *ret_lunar untouched, outside DATE_MIN … DATE_MAX. */
bool lunar_from_day(int32_t day, struct lunar_date *ret_lunar);
/* False, with *ret_day untouched, when there is no such day: no such leap month in that year, 三十
 * in a short month, or a day outside DATE_MIN … DATE_MAX. */
bool day_from_lunar(int32_t year, int32_t month, bool leap, int32_t day, int32_t *ret_day);
/* The leap month's number, or 0: none in that year, or a year outside 1900–2100. */
int32_t lunar_leap_month(int32_t year);
/* "三月初十", "闰六月初一", "正月初一"; "" for a date that cannot be. */
void lunar_format_zh(struct lunar_date lunar, char ret_text[LUNAR_TEXT_SIZE]);

#endif
