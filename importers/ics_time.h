/* importers/ics_time: dates, times and durations as calendars write them (RFC 5545 §3.3.4–3.3.6), checked: no
 * month 13, no 30 February. Pure functions; any thread. */
#ifndef LITANG_IMPORTERS_ICS_TIME_H
#define LITANG_IMPORTERS_ICS_TIME_H

#include <stdbool.h>
#include <stdint.h>

struct ics_stamp {
    int32_t day;    /* since 1970-01-01 */
    int32_t second; /* 0 … 86399 */
    bool has_time;
    bool is_utc;   /* Z */
    bool is_loose; /* not as the standard writes it: 2026-03-11T14:30, 24:00:00, no seconds, blanks */
};

/* "20260311", "20260311T143000Z", also without seconds, with - and :, with a blank for T, with an offset
 * (+0800) for Z; 24:00:00 is the next day, second 60 is 59. False: no such day or time, outside 1901–2100, or
 * something else. */
bool ics_stamp_parse(const char *text, struct ics_stamp *ret_stamp);
/* The same in any year from 1 on: a VTIMEZONE begins in 1601. */
bool ics_stamp_parse_old(const char *text, struct ics_stamp *ret_stamp);

struct ics_length {
    int32_t days; /* weeks and days: of the calendar */
    int64_t seconds;
    bool is_negative;
};
/* "PT1H30M", "P1W", "P1DT12H", "-PT15M", also "P1H" without its T. At most ten years. */
bool ics_length_parse(const char *text, struct ics_length *ret_length);
/* "+0800", "-013045", also "+08:00": seconds. */
bool ics_offset_parse(const char *text, int32_t *ret_seconds);

#endif
