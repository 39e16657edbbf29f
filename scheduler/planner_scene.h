/* scheduler/planner_scene: a block whose places are compared, and the candidates for it. Internal to the
 * planner's step (planner_move). */
#ifndef LITANG_SCHEDULER_PLANNER_SCENE_H
#define LITANG_SCHEDULER_PLANNER_SCENE_H

#include "scheduler/planner_move.h"
#include "scheduler/planner_trip.h"

enum {
    OTHERS = 4,
    ROOM_DRAWS = 6
};

enum candidate_kind {
    MOVE_TRIP,
    MOVE_INSTRUCTOR,
    MOVE_DAY,
    MOVE_START,
    MOVE_ROOM,
    MOVE_ALL,
    /* From here on the move finds the place itself. */
    MOVE_SCAN,
    MOVE_REGROUP,
    MOVE_SWAP,
    MOVE_ROOMS
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
    const struct move_kinds *kinds;
    double temperature;
    struct trial now;
    int64_t person, place, evenness, spacing, continuity; /* of now, scaled */
    int64_t most; /* a new place saves at most this besides travel and load, in the same hall */
    int64_t idle; /* travel of a journey of its own, who teaches it now */
    /* Near instructors for whom a journey of its own is not too far at this temperature. */
    uint32_t close[NEAR_INSTRUCTORS];
    uint32_t close_count;
};

/* Draws what kind of move to try, and how bad it may be. */
void candidate_draw(struct scene *scene, struct candidate *candidate);
/* Where to, from the block's present place; false: nothing found. */
bool candidate_draft(struct scene *scene, struct candidate *candidate);
/* Chooses the candidate's start and finds the neighbours; false: no legal start, or too dear already. */
bool scene_look(struct scene *scene, struct candidate *candidate);
/* True when the candidate was accepted and the move made. */
bool scene_decide(struct scene *scene, const struct candidate *candidate);
/* What a single session's candidate, with its start and neighbours, costs more than the present place.
 * INT64_MAX: a rule forbids it, or it is more than the limit whatever the rest is. */
int64_t scene_difference(const struct scene *scene, const struct candidate *candidate,
                         struct trial *ret_trial);
/* Moves the block, unless it may not leave. */
bool scene_take(struct scene *scene, const struct trial *trial, int64_t difference);
/* Looks through all journeys that a single session might join nearby, and days of its own; takes one that is
 * within the limit. True when it was done. */
bool scene_scan(struct scene *scene, int64_t limit);

static inline void fetch(const void *address)
{
    __builtin_prefetch(address);
}

static inline void fetch_travel(const struct planner_problem *p, uint32_t a, uint32_t b)
{
    if (p->hall_travel != NULL && a != NONE && b != NONE) {
        fetch((const char *)p->hall_memory + problem_travel_at(p, a, b));
    }
}

static inline void fetch_home(const struct planner_problem *p, uint32_t instructor, uint32_t hall)
{
    if (p->home_travel != NULL && hall != NONE) {
        fetch((const char *)p->home_memory + (size_t)hall * p->instructor_count + instructor);
    }
}

#endif
