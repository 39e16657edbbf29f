/* scheduler/free_mask: at which quarter hours of a day a room or a person could take a session: one 64-bit
 * word, bit k for a start at 06:00 + 15 k. A word may hold a start that the rule book then refuses (caps,
 * audiences), but never lacks one that it allows. For scheduler/free*.c and reach*.c only; any
 * thread. */
#ifndef LITANG_SCHEDULER_FREE_MASK_H
#define LITANG_SCHEDULER_FREE_MASK_H

#include "scheduler/free.h"

struct mask_query {
    const struct book *book;
    const struct placement *pattern; /* its length and margins count */
    uint32_t self;                   /* slot that is no party, or NONE */
    uint64_t overrides;              /* rules that do not remove a start */
};

/* Sets of days as bits. */
static inline bool bit_of(const uint64_t *bits, size_t at)
{
    return (bits[at / 64] >> (at % 64) & 1) != 0;
}
static inline void bit_set(uint64_t *bits, size_t at)
{
    bits[at / 64] |= UINT64_C(1) << (at % 64);
}

/* Starts on the grid that end by 22:00. */
uint64_t mask_grid(int32_t minutes);
/* Starts from … to (minutes of the day, both inclusive, may lie outside it). */
uint64_t mask_between(int64_t from_min, int64_t to_min);
static inline int32_t mask_minute(int bit)
{
    return FREE_FIRST_MIN + bit * FREE_STEP_MIN;
}

/* Starts whose span, widened by the margins, lies in the hours of the day. */
uint64_t mask_hours(const struct hours *hours, int32_t day, int32_t before_min, int32_t after_min);
/* Without closures, other sessions and days that the hall is not in use; opening hours are the caller's.
 * *ret_soft: starts that touch a closure of any strength but a note. */
uint64_t mask_room(const struct mask_query *query, uint32_t room, int32_t day, uint64_t *ret_soft);
/* Without absences, other sessions and the way to and from them; hours are the caller's. */
uint64_t mask_person(const struct mask_query *query, uint32_t instructor, uint32_t hall, int32_t day);

#endif
