/* A random city with a published timetable for the tests of free and why: sessions put wherever the rule book
 * lets them stand. The same options give the same city. */
#ifndef LITANG_TESTS_FREE_CITY_H
#define LITANG_TESTS_FREE_CITY_H

#include "scheduler/placement.h"
#include "scheduler/rules.h"
#include "tests/scheduler/planner_city.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct free_city {
    struct planner_city city;
    struct timetable *timetable;
    struct book *book;
    struct rng rng;
};

static inline uint32_t pick(struct free_city *c, uint32_t bound)
{
    return rng_below(&c->rng, bound);
}

static inline void fine(enum error_code code, const struct error *err)
{
    if (code != ERR_NONE) {
        fail_msg("%s: %s", error_name(code), err->text);
    }
}

static inline struct planner_city free_city_small(uint64_t seed)
{
    struct planner_city city = planner_city_small(seed);
    city.townships = seed % 4 == 0 ? 8 : 3; /* the seventh lies in the hills */
    city.halls = seed % 4 == 0 ? 9 : 7;
    city.instructors = 6;
    city.courses = 5;
    city.sessions = 40;
    city.days = 35;
    city.window_days = 20;
    city.crowded = seed % 2 == 0;
    city.odd = seed % 3 == 0;
    city.plain = seed % 5 == 3;
    return city;
}

/* Few halls and people, short windows, as many sessions as go in. */
static inline struct planner_city free_city_tight(uint64_t seed)
{
    struct planner_city city = free_city_small(seed);
    city.townships = 1;
    city.halls = 3;
    city.instructors = 4;
    city.sessions = 60;
    city.days = 14;
    city.window_days = 4;
    city.area_pct = 0;
    city.crowded = seed % 3 == 0;
    return city;
}

/* Somewhere, by somebody, at some time; as the course says, sometimes for a request, sometimes by two. */
static inline struct placement free_city_random(struct free_city *c, const struct timetable *t)
{
    uint32_t request = pick(c, 3) == 0 ? (uint32_t)NONE : pick(c, (uint32_t)t->request_count);
    uint32_t course = request == NONE ? pick(c, (uint32_t)t->course_count) : t->requests[request].course;
    struct placement at = {.course = course,
                           .room = pick(c, (uint32_t)t->room_count),
                           .instructors = {pick(c, (uint32_t)t->instructor_count)},
                           .instructor_count = 1,
                           .day = c->city.from_day + (int32_t)pick(c, (uint32_t)c->city.days),
                           .start_min =
                               480 + 15 * (int32_t)pick(c, 50) + (c->city.odd ? (int32_t)pick(c, 9) : 0),
                           .minutes = t->courses[course].minutes,
                           .setup_min = t->courses[course].setup_min,
                           .clear_min = t->courses[course].clear_min,
                           .request = request,
                           .heads = t->courses[course].heads};
    if (pick(c, 10) == 0) {
        at.instructors[at.instructor_count++] = pick(c, (uint32_t)t->instructor_count);
    }
    return at;
}

static inline void free_city_fill(struct free_city *c, struct timetable *empty, struct timetable *open)
{
    struct error err = {.code = ERR_NONE};
    struct book *book = NULL;
    uint32_t slot = NONE;
    fine(book_create(empty, true, &book, &err), &err);
    int64_t id = 1;
    for (uint32_t tries = 0; tries < 100 * c->city.sessions && id <= (int64_t)c->city.sessions; tries++) {
        struct placement at = free_city_random(c, empty);
        at.session_id = id;
        if (at.instructor_count == 2 && at.instructors[0] == at.instructors[1]) {
            continue;
        }
        struct placement next = at;
        next.session_id = id + 1;
        next.day += 7;
        if (id % 5 == 0 && at.request != NONE && next.day < c->city.from_day + c->city.days &&
            rules_allow(book, &next, NONE, NULL)) {
            struct series series = {.id = id, .request = at.request};
            next.series_id = at.series_id = id;
            fine(timetable_add_series(open, &series, &err), &err);
        }
        for (int meeting = 0; meeting < (at.series_id != 0 ? 2 : 1); meeting++) {
            struct placement *put = meeting == 0 ? &at : &next;
            if (rules_allow(book, put, NONE, NULL)) {
                struct session session = {.at = *put, .status = SESSION_CONFIRMED, .counts_as = 1};
                session.at.pinned = id % 13 == 0;
                session.at.held = id % 17 == 0 ? (id % 2 == 0 ? HELD_YES : HELD_OUTSIDE) : HELD_UNKNOWN;
                session.at.held = id % 7 == 4 ? HELD_NO : session.at.held;
                fine(book_add(book, put, &slot, &err), &err);
                fine(timetable_add_session(open, &session, &err), &err);
                id++;
            } else if (meeting == 0) {
                next.session_id = id;
            }
        }
    }
    book_destroy(book);
}

static inline void free_city_open(struct free_city *c, struct planner_city city)
{
    struct error err = {.code = ERR_NONE};
    struct timetable *empty = NULL;
    *c = (struct free_city){.city = city};
    rng_seed(&c->rng, city.seed * 77 + 5);
    fine(planner_city_open(&city, &empty, &err), &err);
    fine(planner_city_open(&city, &c->timetable, &err), &err);
    if (city.seed % 5 == 0 && city.townships > 1) {
        struct travel_override bridge = {1, 2, 2}; /* shorter than the straight line */
        fine(timetable_add_travel_override(empty, &bridge, &err), &err);
        fine(timetable_add_travel_override(c->timetable, &bridge, &err), &err);
    }
    fine(timetable_seal(empty, &err), &err);
    free_city_fill(c, empty, c->timetable);
    timetable_unref(empty);
    fine(timetable_seal(c->timetable, &err), &err);
    fine(book_create(c->timetable, false, &c->book, &err), &err);
}

static inline void free_city_close(struct free_city *c)
{
    book_destroy(c->book);
    timetable_unref(c->timetable);
}

/* Moves a session of the book, if it can, so that draft and published differ. */
static inline void free_city_move(struct free_city *c, int64_t session_id)
{
    struct error err = {.code = ERR_NONE};
    uint32_t slot = book_slot_of(c->book, session_id);
    if (slot == NONE) {
        return;
    }
    struct placement now = *book_at(c->book, slot);
    for (int tries = 0; tries < 200; tries++) {
        struct placement at = now;
        at.day = c->city.from_day + (int32_t)pick(c, (uint32_t)c->city.days);
        at.start_min = 480 + 15 * (int32_t)pick(c, 50);
        if (rules_allow(c->book, &at, slot, NULL)) {
            book_remove(c->book, slot);
            fine(book_add(c->book, &at, &slot, &err), &err);
            return;
        }
    }
}

#endif
