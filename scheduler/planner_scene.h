/* scheduler/planner_scene: a block whose places are compared, and the candidates for it. Internal to the
 * planner's step (planner_move). */
#ifndef LITANG_SCHEDULER_PLANNER_SCENE_H
#define LITANG_SCHEDULER_PLANNER_SCENE_H

#include "scheduler/planner_move.h"
#include "scheduler/planner_trip.h"

enum {
    OTHERS = 4
};

enum candidate_kind {
    MOVE_TRIP,
    MOVE_INSTRUCTOR,
    MOVE_DAY,
    MOVE_START,
    MOVE_ROOM,
    MOVE_ALL,
    MOVE_JOIN,
    MOVE_GROUP,
    MOVE_SWAP
};

struct candidate {
    struct spot to;
    uint8_t kind;
    bool is_dead;
    bool keep; /* the start, where it is free */
    uint64_t random;
    int64_t limit; /* the difference that would be accepted */
    uint32_t others[OTHERS];
    struct trip trip;
};

/* What all candidates of a block have in common. */
struct scene {
    struct mover *mover;
    struct search *search;
    const struct planner_problem *problem;
    const struct block *block;
    uint32_t index, hall;
    bool is_single;
    bool alone; /* nothing else in the hall */
    struct trial now;
    int64_t person, place, evenness, spacing, continuity; /* of now, scaled */
    int64_t most; /* a new place saves at most this besides travel and load, in the same hall */
};

/* Draws what kind of move to try, and how bad it may be. */
void candidate_draw(struct scene *scene, struct candidate *candidate, double temperature);
/* Where to, from the block's present place; false: nothing found. */
bool candidate_draft(struct scene *scene, struct candidate *candidate);

static inline void fetch(const void *address)
{
    __builtin_prefetch(address);
}

static inline void fetch_travel(const struct planner_problem *p, uint32_t a, uint32_t b)
{
    if (p->hall_travel != NULL && a != NONE && b != NONE) {
        fetch((const char *)p->hall_memory + problem_travel_at(p, a, b) * sizeof(uint16_t));
    }
}

static inline void fetch_home(const struct planner_problem *p, uint32_t instructor, uint32_t hall)
{
    if (p->home_travel != NULL && hall != NONE) {
        fetch((const char *)p->home_memory +
              ((size_t)hall * p->instructor_count + instructor) * sizeof(uint16_t));
    }
}

#endif
