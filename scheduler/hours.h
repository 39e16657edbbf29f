/* scheduler/hours: weekly hours of a hall or an instructor. Text form, also in files and tables:
 *   "1-5 08:00-11:30 13:30-17:00; 6,7 18:30-21:00"   weekdays by ISO 8601 (1 Monday … 7 Sunday)
 * The empty text means "not limited". Pure functions, any thread. */
#ifndef LITANG_SCHEDULER_HOURS_H
#define LITANG_SCHEDULER_HOURS_H

#include "base/error.h"
#include "base/limits.h"

#include <stdbool.h>
#include <stdint.h>

struct hours_span {
    uint8_t weekday;
    int16_t from_min;
    int16_t to_min;
}; /* 0 <= from < to <= 1440 */

struct hours {
    uint8_t count;                              /* 0: not limited */
    struct hours_span spans[LIMIT_HOURS_SPANS]; /* sorted by weekday, from; touching spans merged */
};

/* Do the spans keep what struct hours promises (ranges, order, no overlap)? */
bool hours_valid(const struct hours *hours);
/* ERR_SYNTAX names the place; NULL or "" gives the unlimited hours. */
enum error_code hours_parse(const char *text, struct hours *ret_hours, struct error *err);
/* The canonical text (equal days grouped), for storing and showing; size >= 512 always suffices. */
void hours_format(const struct hours *hours, char *ret_text, int size);
/* Does [start, end) minutes of local `day` (end may pass 1440, start may be negative: the
 * neighbouring days then count) lie inside the hours throughout? */
bool hours_cover(const struct hours *hours, int32_t day, int32_t start_min, int32_t end_min);

#endif
