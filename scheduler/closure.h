/* scheduler/closure: which closures touch a span of time. rules.h has the plain question (closure_hit);
 * this is for whoever wants each of them. Pure, any thread. */
#ifndef LITANG_SCHEDULER_CLOSURE_H
#define LITANG_SCHEDULER_CLOSURE_H

#include "scheduler/timetable.h"

/* Does a closure's time of day, on a day that it holds on, touch [from, to) absolute local minutes? */
bool closure_touches(const struct timetable *timetable, const struct closure *closure, int64_t from_abs_min,
                     int64_t to_abs_min);

/* Called for each closure of the room, its hall and every area above it, of at least this strength, that
 * touches the span; a false answer ends the walk. */
typedef bool closure_visit(void *context, uint32_t closure);
/* False when the visitor ended it. */
bool closure_each(const struct timetable *timetable, uint32_t room, int64_t from_abs_min, int64_t to_abs_min,
                  enum closure_strength at_least, closure_visit *visit, void *context);

/* Does a window of minutes, the same on each day from … to (inclusive), touch [from, to)? */
bool daily_touches(int32_t from_day, int32_t to_day, int32_t from_min, int32_t to_min, int64_t from_abs_min,
                   int64_t to_abs_min);

#endif
