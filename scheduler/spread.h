/* scheduler/spread: which of many numbered places to look at when there is no time for all. */
#ifndef LITANG_SCHEDULER_SPREAD_H
#define LITANG_SCHEDULER_SPREAD_H

#include <stdint.h>

/* The stride, at least 1, of a walk 0, s, 2s, … modulo `count` that meets each of `count` numbers once and
 * whose first steps, however many, lie evenly over all of them. */
uint64_t spread_stride(uint64_t count);

#endif
