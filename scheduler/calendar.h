/* scheduler/calendar: what litang knows about a day. Holidays come from the timetable
 * (timetable_day); the rest is arithmetic. Any thread. */
#ifndef LITANG_SCHEDULER_CALENDAR_H
#define LITANG_SCHEDULER_CALENDAR_H

#include "scheduler/lunar.h"

#include <stdbool.h>
#include <stdint.h>

struct day_info {
    int32_t day;              /* since 1970-01-01 */
    uint8_t weekday;          /* 1 Monday … 7 Sunday */
    bool is_off;              /* public holiday */
    bool is_makeup;           /* 调休: a weekend day that is worked */
    const char *holiday_name; /* borrowed from the snapshot; may be NULL */
    struct lunar_date lunar;  /* month 0 outside DATE_MIN … DATE_MAX */
    uint8_t branch;           /* 地支 of the day in the sexagenary cycle: 0 子 … 11 亥 */
};

/* Everything but the holiday fields, which are false and NULL. */
struct day_info day_info_plain(int32_t day);

#endif
