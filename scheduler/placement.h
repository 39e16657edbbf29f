/* scheduler/placement: is a placement well-formed, when does it begin and end, who teaches. Any thread. */
#ifndef LITANG_SCHEDULER_PLACEMENT_H
#define LITANG_SCHEDULER_PLACEMENT_H

#include "scheduler/timetable.h"

/* Is everything in the placement within the timetable and base/limits.h? ERR_INPUT says what is not. */
enum error_code placement_validate(const struct timetable *timetable, const struct placement *placement,
                                   struct error *err);
/* Absolute local minutes. The room is taken from `from` to `to`, the instructor teaches start to end. */
int64_t placement_start(const struct placement *placement);
int64_t placement_end(const struct placement *placement);
int64_t placement_taken_from(const struct placement *placement);
int64_t placement_taken_to(const struct placement *placement);
bool placement_teaches(const struct placement *placement, uint32_t instructor);
/* Equal field by field (memcmp would look at padding); instructors in their order. */
bool placement_equal(const struct placement *a, const struct placement *b);
/* Is instructors[i] named a second time? Each person counts once. */
bool placement_repeats(const struct placement *placement, uint8_t i);

#endif
