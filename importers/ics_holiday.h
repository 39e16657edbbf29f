/* importers/ics_holiday: what the title of a holiday calendar's event says: which holiday, off or at work.
 * Pure; any thread. */
#ifndef LITANG_IMPORTERS_ICS_HOLIDAY_H
#define LITANG_IMPORTERS_ICS_HOLIDAY_H

#include <stdbool.h>
#include <stddef.h>

struct ics_holiday {
    char name[128];  /* "春节"; the title when nothing is left of it */
    bool is_off;     /* 休, 假; false: 班 */
    bool is_marked;  /* the title says which */
    bool is_shifted; /* 调休 alone: taken as work */
};

/* "春节（休）", "上班(补春节假期)", "「国庆节、中秋节 补班」 第1天/共2天", "元旦假期", "Labour Day". */
void ics_holiday_read(const char *summary, struct ics_holiday *ret_holiday);

#endif
