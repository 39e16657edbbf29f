/* scheduler/standing: which halls a coverage figure is about, and which sessions reach them. Stated once: the
 * planner's coverage terms (hall_unreached, category_missing), the reports and the pages ask here. Pure, any
 * thread. */
#ifndef LITANG_SCHEDULER_STANDING_H
#define LITANG_SCHEDULER_STANDING_H

#include "scheduler/timetable.h"

enum hall_standing {
    HALL_COUNTS, /* in the denominator */
    HALL_EXEMPT, /* listed beside it */
    HALL_CLOSED, /* listed beside it: nobody could come on any day of the period */
    HALL_NOT_IN_USE
};

/* As of the period's last day: a hall whose validity covers it, that is not exempt, and that hard closures of
 * the whole day without a day rule (the hall's own or an area's above it, one after another without a gap) do
 * not keep shut from the first day to the last. */
enum hall_standing hall_standing(const struct timetable *timetable, uint32_t hall, int32_t from_day,
                                 int32_t to_day);

/* Does a session that is not cancelled count as given (planned, or held in the hall or outside)? One entered
 * as not held does not. */
bool placement_is_given(const struct placement *at);
/* Does it reach its hall? What was moved outside does not (docs/decisions/0050). */
bool placement_reaches_hall(const struct placement *at);

#endif
