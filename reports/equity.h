/* reports/equity: is the offer spread fairly? Sessions per hall and per 1,000 residents of each township, the
 * lowest tenth of the townships, and the categories of the menu that a township got nothing of. Pure over a
 * snapshot; any thread.
 *
 * Halls are those that count (scheduler/standing), sessions are those of session_sum. Residents are the
 * township's own figure, else the sum of its villages'; 0: unknown. Townships without a hall that counts have
 * no row. The lowest tenth: by sessions per hall, ties by code, a tenth of the rows rounded up. */
#ifndef LITANG_REPORTS_EQUITY_H
#define LITANG_REPORTS_EQUITY_H

#include "scheduler/timetable.h"

struct equity_row {
    uint32_t township;
    int64_t halls, sessions, meetings, population;
    bool is_lowest;
    size_t gaps; /* categories on offer without a session */
};

struct equity {
    struct equity_row *rows; /* owned; by township */
    size_t count;
    bool *gaps;    /* owned; [row × category_count + category] */
    bool *offered; /* owned; categories with an active course */
    size_t category_count;
};

/* Only townships below `area` (NONE: all). ERR_MEMORY. */
enum error_code equity_compute(const struct timetable *timetable, int32_t from_day, int32_t to_day,
                               uint32_t area, struct equity *ret_equity, struct error *err);
void equity_finish(struct equity *equity);
/* The row of a township, or NULL. */
const struct equity_row *equity_find(const struct equity *equity, uint32_t township);

#endif
