/* scheduler/planner_move: the annealing's step: several candidate places of one block, drafted together so
 * that memory is asked for in time, each decided by its difference. Internal to the planner's search. */
#ifndef LITANG_SCHEDULER_PLANNER_MOVE_H
#define LITANG_SCHEDULER_PLANNER_MOVE_H

#include "scheduler/planner_search.h"

enum {
    MOVE_BATCH = 16,
    MOVE_AHEAD = 4, /* blocks drafted ahead; a power of two */
    MOVE_LOGS = 1024,
    MOVE_KINDS = 64,
    GROUP_SLACK = 60 /* cost that moving a whole day may win besides travel, as far as it is tried */
};

/* The part of the state that one thread may change: blocks in its townships, held by its instructors. */
struct mover {
    struct search *search;
    const uint32_t *blocks; /* movable ones; NULL: all */
    uint32_t block_count;
    const uint16_t *township_part, *instructor_part; /* NULL: everything belongs to `part` */
    uint16_t part;
    uint32_t ahead[MOVE_AHEAD];
    uint32_t next;
    uint8_t kinds[MOVE_KINDS]; /* what a draw means */
    const float *logs;         /* [MOVE_LOGS] -ln of (i + 0.5) / MOVE_LOGS */
    /* For measuring: differences of worsening moves, when not NULL. */
    int64_t *worse;
    size_t worse_count, worse_capacity;
};

/* Drafts the first blocks. */
void mover_begin(struct mover *mover);
/* Decides up to `most` (at least 1) candidates of one block at the temperature and makes the first that is
 * accepted; answers how many were decided. */
uint32_t mover_step(struct mover *mover, uint32_t most, double temperature);

/* Moves all sessions that the block's instructor has on its day (two or more, all single ones) to another
 * instructor or day; true when it was done. */
bool mover_group(struct mover *mover, uint32_t block, uint32_t instructor, uint32_t day, int64_t limit);
/* Two single blocks take each other's instructor and day. */
bool mover_swap(struct mover *mover, uint32_t block, uint32_t other, int64_t limit);

#endif
