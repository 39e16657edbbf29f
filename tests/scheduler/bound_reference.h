/* The most sessions of a small timetable that can be placed, and the least travel of those plans, by trying
 * everything with the rule book. Shared by the tests and the benchmark of bounds. */
#ifndef LITANG_TESTS_BOUND_REFERENCE_H
#define LITANG_TESTS_BOUND_REFERENCE_H

#include "scheduler/bound.h"
#include "tests/scheduler/repair_reference.h"

/* Requests without published sessions, few places each; now and then caps, supply and quotas that bind. */
static inline struct timetable *bound_small(uint64_t seed)
{
    struct small s = {.days = 2};
    rng_seed(&s.rng, seed * 7919 + 1);
    s.days = 1 + (int32_t)small_below(&s, 2);
    s.halls = 1 + small_below(&s, 2);
    s.people = 1 + small_below(&s, 3);
    s.courses = 1 + small_below(&s, 2);
    s.sessions = 3 + small_below(&s, 3);
    s.timetable = timetable_create();
    small_world(&s);
    for (size_t c = 0; c < s.timetable->course_count; c++) {
        s.timetable->courses[c].supply_limit = small_below(&s, 4) == 0 ? 2 : 0;
        s.timetable->courses[c].hall_quota = small_below(&s, 4) == 0 ? 1 : 0;
    }
    small_disrupt(&s);
    if (timetable_seal(s.timetable, &s.err) != ERR_NONE || s.failed) {
        fprintf(stderr, "small case: %s\n", s.err.text);
        timetable_unref(s.timetable);
        return NULL;
    }
    return s.timetable;
}

struct bound_search {
    struct timetable *timetable;
    struct book *book;
    struct placement *places[SMALL_SESSIONS];
    size_t place_counts[SMALL_SESSIONS];
    size_t count;
    int64_t placed, best; /* sessions */
    int64_t travel;       /* the least of those that place `best` */
    bool with_travel;
};

static inline void bound_places(struct bound_search *b, uint32_t r)
{
    const struct timetable *t = b->timetable;
    const struct request *request = &t->requests[r];
    b->places[r] = malloc(SMALL_PLACES * sizeof *b->places[r]);
    for (int32_t day = request->from_day; b->places[r] != NULL && day <= request->to_day; day++) {
        for (int32_t start = 360; start < 1320; start += 15) {
            for (uint32_t room = 0; room < t->room_count; room++) {
                for (uint32_t person = 0; person < t->instructor_count; person++) {
                    struct placement at = {.session_id = (int64_t)r + 1,
                                           .course = request->course,
                                           .room = room,
                                           .instructors = {person},
                                           .instructor_count = 1,
                                           .day = day,
                                           .start_min = start,
                                           .minutes = t->courses[request->course].minutes,
                                           .request = r};
                    if (request_allows_hall(t, r, t->rooms[room].hall) && request_allows_day(t, r, day) &&
                        rules_allow(b->book, &at, NONE, NULL) && b->place_counts[r] < SMALL_PLACES) {
                        b->places[r][b->place_counts[r]++] = at;
                    }
                }
            }
        }
    }
}

static inline int64_t bound_travel_now(const struct bound_search *b)
{
    struct weights weights = weights_default();
    struct plan_cost cost = {.travel = 0};
    weights.travel = 1;
    (void)score_timetable(b->book, &weights, small_first_day(), small_first_day() + 6, &cost, NULL);
    return cost.travel;
}

static inline void bound_leaf(struct bound_search *b)
{
    int64_t travel = b->with_travel ? bound_travel_now(b) : 0;
    if (b->placed > b->best || (b->placed == b->best && travel < b->travel)) {
        b->best = b->placed;
        b->travel = travel;
    }
}

static inline void bound_try(struct bound_search *b, uint32_t r)
{
    int64_t hope = b->placed + (int64_t)(b->count - r);
    if (hope < b->best || (hope == b->best && !b->with_travel)) {
        return;
    }
    if (r == b->count) {
        bound_leaf(b);
        return;
    }
    for (size_t k = 0; k < b->place_counts[r]; k++) {
        uint32_t slot = NONE;
        if (rules_allow(b->book, &b->places[r][k], NONE, NULL) &&
            book_add(b->book, &b->places[r][k], &slot, NULL) == ERR_NONE) {
            b->placed++;
            bound_try(b, r + 1);
            b->placed--;
            book_remove(b->book, slot);
        }
    }
    bound_try(b, r + 1);
}

/* The proven most, and the least travel of a plan that places so many. */
static inline bool bound_best(struct timetable *timetable, bool with_travel, int64_t *ret_placed,
                              int64_t *ret_travel)
{
    struct bound_search b = {
        .timetable = timetable, .count = timetable->request_count, .best = -1, .with_travel = with_travel};
    if (book_create(timetable, true, &b.book, NULL) != ERR_NONE) {
        return false;
    }
    for (uint32_t r = 0; r < b.count; r++) {
        bound_places(&b, r);
    }
    bound_try(&b, 0);
    for (uint32_t r = 0; r < b.count; r++) {
        free(b.places[r]);
    }
    book_destroy(b.book);
    *ret_placed = b.best;
    *ret_travel = b.travel;
    return true;
}

#endif
