/* The first complete plan: what is published stays seated, the rest is placed tightest first; then those
 * without a place are let in by moving others. */
#include "scheduler/planner_search.h"

#include <stdlib.h>

enum {
    CONSTRUCT_SAMPLES = 200,
    CONSTRUCT_LOOKS = 400000,
    PLACEABLE_LOOKS = 2000000,
    EJECT_ROUNDS = 5,
    EJECT_ATTEMPTS = 30,
    EJECT_BLOCKS = 2,
    /* For each meeting of the whole problem; with far too few people it would go on for long. */
    LOOKS_BUDGET = 4096,
    EJECT_BUDGET = 2,
    WATCH_EVERY = 64
};

void search_seat_published(struct search *s, bool *broken, uint32_t *ret_misfit)
{
    const struct planner_problem *p = s->problem;
    struct trial trial;
    *ret_misfit = NONE;
    for (uint32_t b = 0; b < p->block_count; b++) {
        const struct block *block = &p->blocks[b];
        if (!block->is_published || block->meetings == 0 || broken[b]) {
            continue;
        }
        if (!search_aim(s, b, &block->published, &trial) || search_judge(s, b, &trial) != RULE_COUNT) {
            *ret_misfit = b;
            return;
        }
        search_insert(s, b, &trial, search_price(s, b, &trial));
    }
}

/* ---- order ---- */

struct turn {
    int32_t priority;
    double room; /* combinations of day, room and instructor a meeting */
    uint32_t block;
};

static int turn_compare(const void *a, const void *b)
{
    const struct turn *x = a;
    const struct turn *y = b;
    if (x->priority != y->priority) {
        return x->priority > y->priority ? -1 : 1;
    }
    if (x->room < y->room || x->room > y->room) {
        return x->room < y->room ? -1 : 1;
    }
    return x->block < y->block ? -1 : x->block > y->block;
}

static struct turn turn_of(const struct planner_problem *p, uint32_t b)
{
    const struct block *block = &p->blocks[b];
    double days = block->day_to - block->day_from + 1.0;
    double instructors = p->qualified_start[block->course + 1] - p->qualified_start[block->course];
    double meetings = (double)block->meetings * block->meetings;
    return (struct turn){block->priority, days * instructors * block->room_count / meetings, b};
}

static struct turn *turns_make(const struct search *s, enum stage stage, size_t *ret_count)
{
    const struct planner_problem *p = s->problem;
    struct turn *turns = malloc((p->block_count + 1) * sizeof *turns);
    size_t count = 0;
    for (uint32_t b = 0; turns != NULL && b < p->block_count; b++) {
        if (stage_has(stage, &p->blocks[b]) && !search_placed(s, b)) {
            turns[count++] = turn_of(p, b);
        }
    }
    if (count > 0) {
        qsort(turns, count, sizeof *turns, turn_compare);
    }
    *ret_count = count;
    return turns;
}

/* ---- rounds ---- */

static bool watched(const struct search *s, const struct search_watch *watch, size_t step)
{
    return step % WATCH_EVERY != 0 || watch->go_on(watch->context, s);
}

/* How many combinations a walk over all of them would look at. */
static uint64_t walk_looks(const struct planner_problem *p, uint32_t b)
{
    const struct block *block = &p->blocks[b];
    uint64_t instructors = p->qualified_start[block->course + 1] - p->qualified_start[block->course];
    uint64_t looks = (block->day_to - block->day_from + 1U) * instructors * block->room_count;
    return looks < CONSTRUCT_LOOKS ? looks : CONSTRUCT_LOOKS;
}

/* False: told to stop. */
static bool place_all(struct search *s, const struct turn *turns, size_t count,
                      const struct search_watch *watch)
{
    uint64_t left = (uint64_t)LOOKS_BUDGET * s->problem->node_count;
    for (size_t i = 0; i < count; i++) {
        if (!watched(s, watch, i)) {
            return false;
        }
        uint32_t b = turns[i].block;
        if (!search_place(s, b, CONSTRUCT_SAMPLES, 0)) {
            s->hopeless[b] = !problem_placeable(s->problem, b, PLACEABLE_LOOKS);
            uint64_t looks = walk_looks(s->problem, b);
            if (!s->hopeless[b] && looks <= left) {
                (void)search_place(s, b, CONSTRUCT_SAMPLES, CONSTRUCT_LOOKS);
                left -= looks;
            }
        }
    }
    return true;
}

struct eject_effort {
    uint32_t attempts; /* for one block */
    uint64_t left;     /* in all */
};

static size_t eject_round(struct search *s, const struct turn *turns, size_t count,
                          struct eject_effort *effort, const struct search_watch *watch, bool *go_on)
{
    size_t open = 0;
    for (size_t i = 0; i < count && *go_on && effort->left >= effort->attempts; i++) {
        uint32_t b = turns[i].block;
        if (search_placed(s, b) || s->hopeless[b]) {
            continue;
        }
        *go_on = watch->go_on(watch->context, s);
        if (search_place(s, b, CONSTRUCT_SAMPLES, 0)) {
            continue;
        }
        open += search_eject(s, b, effort->attempts, EJECT_BLOCKS) ? 0 : 1;
        effort->left -= effort->attempts;
    }
    return open;
}

enum error_code search_fill(struct search *s, enum stage stage, const struct search_watch *watch,
                            size_t *ret_open, struct error *err)
{
    size_t count = 0;
    struct turn *turns = turns_make(s, stage, &count);
    if (turns == NULL) {
        return planner_no_memory(err);
    }
    (void)place_all(s, turns, count, watch);
    *ret_open = 0;
    for (size_t i = 0; i < count; i++) {
        *ret_open += !search_placed(s, turns[i].block) && !s->hopeless[turns[i].block] ? 1 : 0;
    }
    free(turns);
    return ERR_NONE;
}

enum error_code search_squeeze(struct search *s, enum stage stage, const struct search_watch *watch,
                               struct error *err)
{
    size_t count = 0;
    struct turn *turns = turns_make(s, stage, &count);
    if (turns == NULL) {
        return planner_no_memory(err);
    }
    bool go_on = watch->go_on(watch->context, s);
    struct eject_effort effort = {EJECT_ATTEMPTS, (uint64_t)EJECT_BUDGET * s->problem->node_count};
    for (int round = 0; round < EJECT_ROUNDS && go_on; round++, effort.attempts *= 2) {
        if (eject_round(s, turns, count, &effort, watch, &go_on) == 0) {
            break;
        }
    }
    free(turns);
    return ERR_NONE;
}

void search_restore(struct search *s, const struct spot *spots)
{
    struct trial trial;
    search_reset(s);
    for (uint32_t b = 0; b < s->problem->block_count; b++) {
        if (spots[b].room != NONE && search_aim(s, b, &spots[b], &trial)) {
            search_measure(s, b, &trial);
            search_insert(s, b, &trial, search_price(s, b, &trial));
        }
    }
}
