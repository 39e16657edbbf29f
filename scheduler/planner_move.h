/* scheduler/planner_move: the annealing's step: several candidate places of one block, drafted together so
 * that memory is asked for in time, each decided by its difference. Internal to the planner's search. */
#ifndef LITANG_SCHEDULER_PLANNER_MOVE_H
#define LITANG_SCHEDULER_PLANNER_MOVE_H

#include "scheduler/planner_search.h"

enum {
    MOVE_BATCH = 8,
    MOVE_AHEAD = 4, /* blocks drafted ahead; a power of two */
    MOVE_LOGS = 1024,
    MOVE_KINDS = 64
};

/* Which moves a block can make, and which pay. */
enum move_mix {
    MIX_SINGLE,
    MIX_SETTLING, /* a single session at temperature 0 */
    MIX_SERIES,
    MIX_COUNT
};

/* What a draw means: each kind of move as often as it is to be tried. */
struct move_kinds {
    uint8_t kinds[MOVE_KINDS];
    uint32_t count;
};

/* The part of the state that one thread may change: blocks in its townships, held by its instructors. */
struct mover {
    struct search *search;
    const uint32_t *blocks; /* those that may move */
    uint32_t block_count;
    enum stage stage;
    const uint16_t *township_part, *instructor_part; /* NULL: everything belongs to `part` */
    uint16_t part;
    uint32_t ahead[MOVE_AHEAD];
    uint32_t next;
    struct move_kinds kinds[MIX_COUNT][2]; /* of blocks with one room; with a choice of them */
    const float *logs;                     /* [MOVE_LOGS] -ln of (i + 0.5) / MOVE_LOGS */
    /* For measuring: differences of worsening moves, when not NULL. */
    int64_t *worse;
    size_t worse_count, worse_capacity;
};

static inline bool mover_owns_instructor(const struct mover *m, uint32_t instructor)
{
    return m->instructor_part == NULL || m->instructor_part[instructor] == m->part;
}

static inline bool mover_owns_town(const struct mover *m, uint32_t township)
{
    return m->township_part == NULL || m->township_part[township] == m->part;
}

/* Sets what is tried how often, and drafts the first blocks. */
void mover_begin(struct mover *mover);
/* Decides up to `most` (at least 1) candidates of one block at the temperature and makes those that are
 * accepted; answers how many were decided. */
uint32_t mover_step(struct mover *mover, uint32_t most, double temperature);

/* Two or more sessions of one journey, all of them single, go to one instructor near the block, the same or
 * another, on a day that is idle so far. True when it was done, as of all below: within the limit, nothing
 * forbidden. */
bool mover_regroup(struct mover *mover, uint32_t block, int64_t limit);
/* Two single blocks take each other's instructor and day. */
bool mover_swap(struct mover *mover, uint32_t block, uint32_t other, int64_t limit);
/* Two blocks take each other's room: neither hall stays without a session. */
bool mover_rooms(struct mover *mover, uint32_t block, uint32_t other, int64_t limit);

struct day_range {
    uint32_t from, to; /* inclusive */
};

/* One of the days in both sets within the range, each as likely; false when there is none. */
bool day_pick(const uint64_t *a, const uint64_t *b, const struct day_range *range, uint64_t random,
              uint32_t *ret_day);

#endif
