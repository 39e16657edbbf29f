/* The proven optimum of small problems (reference_problem.h makes some), to hold the planner
 * against. The search below shares nothing with the planner's: every spot of every block is tried, judged by
 * the rule book and scored by score_timetable; a branch is left only when its bound says that it cannot win.
 * One thread. */
#ifndef LITANG_TESTS_REFERENCE_H
#define LITANG_TESTS_REFERENCE_H

#include "base/date.h"
#include "scheduler/plan.h"
#include "scheduler/travel.h"

#include <stdlib.h>
#include <string.h>

enum {
    REFERENCE_BLOCKS = 12,
    REFERENCE_SPOTS = 400,
    REFERENCE_GRID_MIN = 15,
    REFERENCE_DAY_FROM = 360,
    REFERENCE_DAY_TO = 1320
};

/* ---- the optimum ---- */

/* All meetings of a block at one place, time and person. */
struct reference_spot {
    struct placement at; /* the first meeting */
    int32_t days[LIMIT_SERIES_MEETINGS];
    uint32_t count;
    uint32_t hall;
    uint64_t reaches; /* bit of its township and category */
    int64_t own;      /* wishes, holidays, soft closures: what it costs whatever the others do */
    int64_t cost;     /* of the whole with it placed; while its block is branched on */
};

struct reference_block {
    uint32_t request;
    int64_t value;                /* at most */
    struct reference_spot *spots; /* owned */
    size_t count;
    uint64_t halls, reaches;             /* of all spots */
    const struct reference_spot *seated; /* NULL: not placed */
};

struct reference {
    struct timetable *timetable; /* borrowed */
    struct book *book;
    const struct weights *weights;
    int32_t from_day, to_day;
    struct reference_block blocks[REFERENCE_BLOCKS];
    size_t block_count;
    uint64_t nodes, nodes_max;
    int64_t best_value, best_cost;
    bool proven;
    bool is_plain; /* no branch is left: to check the bounds */
    enum error_code code;
    struct error *err;
};

struct reference_answer {
    int64_t value; /* priority x sessions placed */
    int64_t cost;
    bool proven; /* false: the count of nodes ran out */
    uint64_t nodes;
};

static inline bool reference_blocked(const struct reference *r, const struct placement *at, int32_t day)
{
    int64_t start = (int64_t)day * DAY_MINUTES + at->start_min;
    return timetable_day(r->timetable, day).is_off ||
           closure_hit(r->timetable, at->room, start - at->setup_min, start + at->minutes + at->clear_min,
                       CLOSURE_HARD) != NONE;
}

/* The days of the meetings when the first is at->day (docs/interchange.md, "Series"); 0: it cannot be. */
static inline uint32_t reference_dates(const struct reference *r, const struct placement *at,
                                       int32_t *ret_days)
{
    const struct request *request = &r->timetable->requests[at->request];
    uint32_t count = 0;
    int32_t day = at->day;
    for (int32_t step = 0; step < request->sessions; day += 7) {
        if (day < r->from_day || day > r->to_day || !request_allows_day(r->timetable, at->request, day)) {
            return 0;
        }
        bool blocked = request->is_series && reference_blocked(r, at, day);
        if (blocked && (request->holiday_rule == HOLIDAY_FORBID || count == 0)) {
            return 0;
        }
        if (!blocked) {
            ret_days[count++] = day;
        }
        step += blocked && request->holiday_rule == HOLIDAY_SHIFT ? 0 : 1;
    }
    return 2 * count >= (uint32_t)request->sessions ? count : 0;
}

static inline void reference_fail(struct reference *r, enum error_code code)
{
    r->code = r->code == ERR_NONE ? code : r->code;
}

static inline int64_t reference_cost(struct reference *r)
{
    struct plan_cost cost = {0};
    reference_fail(r, score_timetable(r->book, r->weights, r->from_day, r->to_day, &cost, r->err));
    return plan_cost_total(&cost);
}

/* Puts the meetings into the book as long as the rules allow; answers how many. */
static inline uint32_t reference_seat(struct reference *r, const struct reference_spot *spot, uint32_t *slots)
{
    struct placement at = spot->at;
    for (uint32_t i = 0; i < spot->count; i++) {
        at.day = spot->days[i];
        if (!rules_allow(r->book, &at, NONE, NULL)) {
            return i;
        }
        enum error_code code = book_add(r->book, &at, &slots[i], r->err);
        if (code != ERR_NONE) {
            reference_fail(r, code);
            return i;
        }
    }
    return spot->count;
}

static inline void reference_unseat(struct reference *r, const uint32_t *slots, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        book_remove(r->book, slots[i]);
    }
}

/* One bit for each township and category; more than 64 of them are more than this search is for. */
static inline uint64_t reference_reach_bit(struct reference *r, const struct placement *at)
{
    uint32_t township = timetable_hall_township(r->timetable, r->timetable->rooms[at->room].hall);
    if (township == NONE) {
        return 0;
    }
    size_t bit = township * r->timetable->category_count + r->timetable->courses[at->course].category;
    r->proven = r->proven && bit < 64;
    return UINT64_C(1) << (bit & 63);
}

/* Terms that depend on nobody else: wishes of day and time, holidays, soft closures. They are those of a plan
 * with this spot alone, as the score itself counts them. */
static inline int64_t reference_own(struct reference *r)
{
    struct plan_cost cost = {0};
    reference_fail(r, score_timetable(r->book, r->weights, r->from_day, r->to_day, &cost, r->err));
    return cost.weekday + cost.part_of_day + cost.holiday + cost.soft_closure;
}

static inline void reference_spot_try(struct reference *r, struct reference_block *block,
                                      const struct placement *at)
{
    struct reference_spot spot = {.at = *at};
    uint32_t slots[LIMIT_SERIES_MEETINGS];
    spot.count = reference_dates(r, at, spot.days);
    if (spot.count == 0 || block->count >= REFERENCE_SPOTS) {
        r->proven = r->proven && block->count < REFERENCE_SPOTS;
        return;
    }
    uint32_t seated = reference_seat(r, &spot, slots);
    if (seated == spot.count) {
        spot.hall = r->timetable->rooms[at->room].hall;
        spot.own = reference_own(r);
        spot.reaches = reference_reach_bit(r, at);
        int64_t value = (int64_t)spot.count * r->timetable->requests[at->request].priority;
        block->value = value > block->value ? value : block->value;
        block->halls |= UINT64_C(1) << spot.hall;
        block->reaches |= spot.reaches;
        block->spots[block->count++] = spot;
    }
    reference_unseat(r, slots, seated);
}

static inline void reference_domain(struct reference *r, struct reference_block *block)
{
    const struct timetable *t = r->timetable;
    const struct request *request = &t->requests[block->request];
    const struct course *course = &t->courses[request->course];
    struct placement at = {.course = request->course,
                           .instructor_count = 1,
                           .minutes = course->minutes,
                           .setup_min = course->setup_min,
                           .clear_min = course->clear_min,
                           .request = block->request,
                           .series_id = request->is_series ? -1 - (int64_t)block->request : 0,
                           .heads = request->heads > 0 ? request->heads : course->heads};
    for (at.room = 0; at.room < t->room_count; at.room++) {
        if (!request_allows_hall(t, block->request, t->rooms[at.room].hall)) {
            continue;
        }
        for (at.day = request->from_day; at.day <= request->to_day; at.day++) {
            for (at.start_min = REFERENCE_DAY_FROM; at.start_min < REFERENCE_DAY_TO;
                 at.start_min += REFERENCE_GRID_MIN) {
                for (uint32_t i = 0; i < t->instructor_count; i++) {
                    at.instructors[0] = i;
                    reference_spot_try(r, block, &at);
                }
            }
        }
    }
}

/* What the blocks from `next` on can still take off the cost: a hall or a category in a township that nobody
 * has reached yet, each once. */
static inline int64_t reference_gain(const struct reference *r, size_t next, uint64_t halls, uint64_t reached)
{
    int64_t hall_blocks = 0;
    int64_t reach_blocks = 0;
    uint64_t new_halls = 0;
    uint64_t new_reaches = 0;
    for (size_t b = next; b < r->block_count; b++) {
        hall_blocks += (r->blocks[b].halls & ~halls) != 0;
        reach_blocks += (r->blocks[b].reaches & ~reached) != 0;
        new_halls |= r->blocks[b].halls & ~halls;
        new_reaches |= r->blocks[b].reaches & ~reached;
    }
    int64_t most_halls = __builtin_popcountll(new_halls);
    int64_t most_reaches = __builtin_popcountll(new_reaches);
    most_halls = most_halls < hall_blocks ? most_halls : hall_blocks;
    most_reaches = most_reaches < reach_blocks ? most_reaches : reach_blocks;
    return most_halls * r->weights->hall_unreached + most_reaches * r->weights->category_missing;
}

/* A day of an instructor as it stands. */
struct reference_day {
    uint32_t count, hall;
};

static inline struct reference_day reference_day_of(const struct reference *r, size_t next,
                                                    uint32_t instructor, int32_t day)
{
    struct reference_day found = {0, NONE};
    for (size_t b = 0; b < next; b++) {
        const struct reference_spot *spot = r->blocks[b].seated;
        for (uint32_t k = 0; spot != NULL && spot->at.instructors[0] == instructor && k < spot->count; k++) {
            if (spot->days[k] == day) {
                found.count++;
                found.hall = spot->hall;
            }
        }
    }
    return found;
}

/* At least so many minutes are added by a meeting on a day: to an empty day its share of the way there and
 * back, as nobody teaches more than max_day; to a day with one session, which it fills, the way round by
 * both. The generator gives max_day 1 or 2, and roads without overrides keep the triangle's inequality. */
static inline int64_t reference_way(const struct reference *r, size_t next, uint32_t instructor,
                                    uint32_t hall, int32_t day)
{
    const struct timetable *t = r->timetable;
    int32_t most = t->instructors[instructor].max_day;
    int64_t home = travel_home_minutes(t, instructor, hall);
    struct reference_day there = reference_day_of(r, next, instructor, day);
    if (there.count == 0) {
        return most == 1 ? 2 * home : most == 2 ? home : 0;
    }
    if ((int32_t)there.count >= most || most > 2) {
        return 0; /* the rules will refuse it anyway */
    }
    return home + travel_hall_minutes(t, hall, there.hall) - travel_home_minutes(t, instructor, there.hall);
}

/* Sessions of others already in the hall less than a week apart. */
static inline int64_t reference_crowd(const struct reference *r, size_t next, uint32_t hall, int32_t day)
{
    int64_t pairs = 0;
    for (size_t b = 0; b < next; b++) {
        const struct reference_spot *spot = r->blocks[b].seated;
        for (uint32_t k = 0; spot != NULL && spot->hall == hall && k < spot->count; k++) {
            pairs += abs(spot->days[k] - day) < 7;
        }
    }
    return pairs;
}

/* The least that a block will add, whatever becomes of the others. */
static inline int64_t reference_least(const struct reference *r, size_t next,
                                      const struct reference_block *block)
{
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < block->count; i++) {
        const struct reference_spot *spot = &block->spots[i];
        int64_t cost = spot->own;
        for (uint32_t k = 0; k < spot->count && cost < least; k++) {
            cost += r->weights->travel *
                    reference_way(r, next, spot->at.instructors[0], spot->hall, spot->days[k]);
            cost += r->weights->spacing * reference_crowd(r, next, spot->hall, spot->days[k]);
        }
        least = cost < least ? cost : least;
    }
    return block->count == 0 ? 0 : least;
}

static inline int reference_by_cost(const void *a, const void *b)
{
    const struct reference_spot *const *x = a;
    const struct reference_spot *const *y = b;
    return (*x)->cost < (*y)->cost ? -1 : (*x)->cost > (*y)->cost;
}

struct reference_branch {
    int64_t value, cost;
    uint64_t halls, reached;
};

/* The value that the block may still bring: 0 once the rules leave it no spot, for they only get stricter. */
static inline int64_t reference_value(const struct reference *r, const struct reference_block *block)
{
    for (size_t i = 0; i < block->count; i++) {
        const struct reference_spot *spot = &block->spots[i];
        struct placement at = spot->at;
        uint32_t k = 0;
        for (at.day = spot->days[0]; k < spot->count && rules_allow(r->book, &at, NONE, NULL); k++) {
            at.day = k + 1 < spot->count ? spot->days[k + 1] : at.day;
        }
        if (k == spot->count) {
            return block->value;
        }
    }
    return 0;
}

/* Every term but the reach ones only grows when a session is added (journeys: one class of roads, no
 * overrides), so the cost so far, less what may still be gained, bounds what is below. */
static inline bool reference_hopeless(const struct reference *r, size_t next,
                                      const struct reference_branch *at)
{
    if (r->is_plain) {
        return false;
    }
    int64_t value = at->value;
    for (size_t b = next; b < r->block_count; b++) {
        value += r->blocks[b].value;
    }
    uint32_t possible = 0; /* blocks that the rules leave a spot */
    for (size_t b = next; b < r->block_count && value >= r->best_value; b++) {
        int64_t left = reference_value(r, &r->blocks[b]);
        value -= r->blocks[b].value - left;
        possible |= left > 0 ? UINT32_C(1) << b : 0;
    }
    if (value != r->best_value) {
        return value < r->best_value;
    }
    int64_t least = at->cost - reference_gain(r, next, at->halls, at->reached);
    for (size_t b = next; b < r->block_count && least < r->best_cost; b++) {
        /* All that can be placed must be, then. */
        least += (possible >> b & 1) != 0 ? reference_least(r, next, &r->blocks[b]) : 0;
    }
    return least >= r->best_cost;
}

static inline void reference_dive(struct reference *r, size_t next, const struct reference_branch *at);

static inline void reference_branch_on(struct reference *r, size_t next, const struct reference_branch *at)
{
    struct reference_block *block = &r->blocks[next];
    struct reference_spot **order = malloc((block->count + 1) * sizeof(struct reference_spot *));
    uint32_t slots[LIMIT_SERIES_MEETINGS];
    size_t count = 0;
    if (order == NULL) {
        reference_fail(r, ERR_MEMORY);
        return;
    }
    for (size_t i = 0; i < block->count; i++) {
        struct reference_spot *spot = &block->spots[i];
        uint32_t seated = reference_seat(r, spot, slots);
        if (seated == spot->count) {
            spot->cost = reference_cost(r);
            order[count++] = spot;
        }
        reference_unseat(r, slots, seated);
    }
    qsort(order, count, sizeof *order, reference_by_cost);
    for (size_t i = 0; i < count && r->code == ERR_NONE; i++) {
        const struct reference_spot *spot = order[i];
        struct reference_branch below = {
            at->value + (int64_t)spot->count * r->timetable->requests[block->request].priority, spot->cost,
            at->halls | UINT64_C(1) << spot->hall, at->reached | spot->reaches};
        uint32_t seated = reference_seat(r, spot, slots);
        block->seated = spot;
        if (!reference_hopeless(r, next + 1, &below)) {
            reference_dive(r, next + 1, &below);
        }
        reference_unseat(r, slots, seated);
    }
    free(order);
    block->seated = NULL;
    if (!reference_hopeless(r, next + 1, at)) {
        reference_dive(r, next + 1, at);
    }
}

static inline void reference_dive(struct reference *r, size_t next, const struct reference_branch *at)
{
    if (r->nodes++ >= r->nodes_max) {
        r->proven = false;
        return;
    }
    if (next == r->block_count) {
        if (at->value > r->best_value || (at->value == r->best_value && at->cost < r->best_cost)) {
            r->best_value = at->value;
            r->best_cost = at->cost;
        }
        return;
    }
    reference_branch_on(r, next, at);
}

static inline int reference_by_domain(const void *a, const void *b)
{
    const struct reference_block *x = a;
    const struct reference_block *y = b;
    return x->count < y->count ? -1 : x->count > y->count ? 1 : x->request < y->request ? -1 : 1;
}

/* What is solved, and how long. */
struct reference_task {
    struct timetable *timetable; /* sealed, without sessions, each request single or one series */
    const struct weights *weights;
    int32_t from_day, to_day;
    uint64_t nodes_max;
    bool is_plain; /* try everything: slow, to check the bounds */
};

/* The optimum: what the placed sessions are worth first, then the cost. ERR_LIMIT when there are more than
 * REFERENCE_BLOCKS requests. */
static inline enum error_code reference_solve(const struct reference_task *task,
                                              struct reference_answer *ret_answer, struct error *err)
{
    struct timetable *timetable = task->timetable;
    struct reference r = {.timetable = timetable,
                          .weights = task->weights,
                          .from_day = task->from_day,
                          .to_day = task->to_day,
                          .nodes_max = task->nodes_max,
                          .best_value = -1,
                          .proven = true,
                          .is_plain = task->is_plain,
                          .err = err};
    struct reference_branch root = {.value = 0};
    if (timetable->request_count > REFERENCE_BLOCKS) {
        return error_set(err, ERR_LIMIT, "reference: %zu requests", timetable->request_count);
    }
    r.code = book_create(timetable, true, &r.book, err);
    for (uint32_t i = 0; i < timetable->request_count && r.code == ERR_NONE; i++) {
        struct reference_block *block = &r.blocks[r.block_count++];
        block->request = i;
        block->spots = calloc(REFERENCE_SPOTS, sizeof *block->spots);
        if (block->spots == NULL) {
            reference_fail(&r, error_set(err, ERR_MEMORY, "reference"));
        } else {
            reference_domain(&r, block);
        }
    }
    if (r.code == ERR_NONE) {
        qsort(r.blocks, r.block_count, sizeof *r.blocks, reference_by_domain);
        root.cost = reference_cost(&r);
        reference_dive(&r, 0, &root);
    }
    for (size_t i = 0; i < r.block_count; i++) {
        free(r.blocks[i].spots);
    }
    book_destroy(r.book);
    if (r.code == ERR_NONE) {
        *ret_answer = (struct reference_answer){r.best_value, r.best_cost, r.proven, r.nodes};
    }
    return r.code;
}

#endif
