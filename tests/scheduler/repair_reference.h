/* Small disrupted timetables, and the best repair of them found by trying everything. Shared by the tests and
 * the benchmark of repair; it uses the rule book and nothing of the repair. */
#ifndef LITANG_TESTS_REPAIR_REFERENCE_H
#define LITANG_TESTS_REPAIR_REFERENCE_H

#include "base/date.h"
#include "base/rng.h"
#include "scheduler/placement.h"
#include "scheduler/repair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SMALL_SESSIONS = 8,
    SMALL_PLACES = 400
};

static inline int32_t small_first_day(void)
{
    return date_from_civil((struct civil){2026, 5, 11}); /* a Monday */
}

struct small {
    struct rng rng;
    struct timetable *timetable;
    struct error err;
    int32_t days;
    uint32_t halls, people, courses, sessions;
    bool failed;
};

static inline uint32_t small_below(struct small *s, uint32_t bound)
{
    return rng_below(&s->rng, bound);
}

static inline void small_keep(struct small *s, enum error_code code)
{
    s->failed |= code != ERR_NONE;
}

static inline void small_world(struct small *s)
{
    struct timetable *t = s->timetable;
    char id[32];
    uint32_t index = 0;
    struct place middle = {28000000, 120500000, true};
    struct area city = {.id = "330300",
                        .code_system = "T",
                        .name = "示例市",
                        .level = AREA_CITY,
                        .place = middle,
                        .travel_class = NONE};
    small_keep(s, timetable_add_area(t, &city, &index, &s->err));
    struct area town = {.id = "t",
                        .code_system = "T",
                        .name = "示例镇",
                        .parent_id = "330300",
                        .level = AREA_TOWNSHIP,
                        .place = middle,
                        .travel_class = NONE};
    small_keep(s, timetable_add_area(t, &town, &index, &s->err));
    struct category category = {"k", "示例类"};
    small_keep(s, timetable_add_category(t, &category, &index, &s->err));
    for (uint32_t c = 0; c < s->courses; c++) {
        (void)snprintf(id, sizeof id, "c%u", c);
        struct course course = {.id = id,
                                .name = id,
                                .provider = NONE,
                                .audience = NONE,
                                .minutes = 90 + 30 * (int32_t)small_below(s, 2),
                                .active = true};
        small_keep(s, timetable_add_course(t, &course, &index, &s->err));
    }
    for (uint32_t h = 0; h < s->halls; h++) {
        (void)snprintf(id, sizeof id, "h%u", h);
        struct hall hall = {.id = id,
                            .name = id,
                            .area = 1,
                            .school = NONE,
                            .valid_from = DATE_MIN,
                            .valid_to = DATE_MAX,
                            .place = {28000000 + (int32_t)small_below(s, 300000),
                                      120500000 + (int32_t)small_below(s, 300000), true}};
        small_keep(s, hours_parse("1-7 09:00-11:00 14:00-16:00", &hall.hours, &s->err));
        small_keep(s, timetable_add_hall(t, &hall, &index, &s->err));
        struct room room = {.id = id, .name = "大礼堂", .hall = h, .capacity = 0};
        small_keep(s, timetable_add_room(t, &room, &index, &s->err));
    }
    for (uint32_t i = 0; i < s->people; i++) {
        uint32_t courses[8];
        size_t count = 0;
        for (uint32_t c = 0; c < s->courses; c++) {
            if (small_below(s, 3) != 0 || c % s->people == i) {
                courses[count++] = c;
            }
        }
        (void)snprintf(id, sizeof id, "i%u", i);
        struct instructor person = {.id = id,
                                    .name = id,
                                    .provider = NONE,
                                    .home_area = 1,
                                    .max_day = 1 + (int32_t)small_below(s, 2),
                                    .max_week = small_below(s, 3) == 0 ? 3 : 0,
                                    .valid_from = DATE_MIN,
                                    .valid_to = DATE_MAX,
                                    .courses = courses,
                                    .course_count = count};
        small_keep(s, timetable_add_instructor(t, &person, &index, &s->err));
    }
    for (uint32_t r = 0; r < s->sessions; r++) {
        (void)snprintf(id, sizeof id, "r%u", r);
        bool by_area = small_below(s, 4) == 0;
        struct request request = {.id = id,
                                  .hall = by_area ? (uint32_t)NONE : small_below(s, s->halls),
                                  .area = by_area ? 1U : (uint32_t)NONE,
                                  .course = small_below(s, s->courses),
                                  .sessions = 1,
                                  .from_day = small_first_day(),
                                  .to_day = small_first_day() + s->days - 1,
                                  .priority = 5};
        small_keep(s, timetable_add_request(t, &request, &index, &s->err));
    }
}

/* Closures and absences over one or two days, now and then a lower cap. */
static inline void small_disrupt(struct small *s)
{
    uint32_t events = 1 + small_below(s, 2);
    char id[32];
    for (uint32_t e = 0; e < events; e++) {
        int32_t from = small_first_day() + (int32_t)small_below(s, (uint32_t)s->days);
        int32_t to = from + (int32_t)small_below(s, 2);
        (void)snprintf(id, sizeof id, "e%u", e);
        if (small_below(s, 2) == 0) {
            struct closure closure = {.id = id,
                                      .scope = CLOSURE_HALL,
                                      .target = small_below(s, s->halls),
                                      .strength = CLOSURE_HARD,
                                      .from_day = from,
                                      .to_day = to,
                                      .from_min = 0,
                                      .to_min = small_below(s, 3) == 0 ? 720 : DAY_MINUTES,
                                      .reason = "示例",
                                      .source = "示例"};
            small_keep(s, timetable_add_closure(s->timetable, &closure, &s->err));
        } else {
            struct absence absence = {.id = id,
                                      .instructor = small_below(s, s->people),
                                      .from_day = from,
                                      .to_day = to,
                                      .from_min = 0,
                                      .to_min = DAY_MINUTES,
                                      .reason = "示例"};
            small_keep(s, timetable_add_absence(s->timetable, &absence, &s->err));
        }
    }
}

/* Random places that the rules allow, as long as they are found; the same world without what hits it. */
static inline size_t small_publish(struct small *s, struct timetable *calm, struct placement *ret_at)
{
    struct book *book = NULL;
    size_t count = 0;
    uint32_t slot = NONE;
    if (book_create(calm, false, &book, &s->err) != ERR_NONE) {
        s->failed = true;
        return 0;
    }
    for (uint32_t r = 0; r < s->sessions; r++) {
        const struct request *request = &calm->requests[r];
        for (int attempt = 0; attempt < 60; attempt++) {
            struct placement at = {.session_id = (int64_t)r + 1,
                                   .course = request->course,
                                   .room = request->hall != NONE ? request->hall : small_below(s, s->halls),
                                   .instructors = {small_below(s, s->people)},
                                   .instructor_count = 1,
                                   .day = request->from_day + (int32_t)small_below(s, (uint32_t)s->days),
                                   .start_min = small_below(s, 2) == 0 ? 540 : 840,
                                   .minutes = calm->courses[request->course].minutes,
                                   .request = r};
            if (rules_allow(book, &at, NONE, NULL) && book_add(book, &at, &slot, NULL) == ERR_NONE) {
                ret_at[count++] = at;
                break;
            }
        }
    }
    book_destroy(book);
    return count;
}

/* NULL on failure. The same seed gives the same timetable. */
static inline struct timetable *small_create(uint64_t seed)
{
    struct small s = {.days = 3};
    struct timetable *calm = timetable_create();
    struct timetable *hit = timetable_create();
    struct placement at[SMALL_SESSIONS];
    rng_seed(&s.rng, seed);
    s.days = 2 + (int32_t)small_below(&s, 3);
    s.halls = 2 + small_below(&s, 2);
    s.people = 2 + small_below(&s, 2);
    s.courses = 2 + small_below(&s, 2);
    s.sessions = 5 + small_below(&s, 3);
    struct rng again = s.rng;
    s.timetable = calm;
    small_world(&s);
    s.failed |= timetable_seal(calm, &s.err) != ERR_NONE;
    s.timetable = hit;
    struct rng after = s.rng;
    s.rng = again;
    small_world(&s);
    s.rng = after;
    size_t count = s.failed ? 0 : small_publish(&s, calm, at);
    for (size_t i = 0; i < count; i++) {
        struct session session = {.at = at[i], .status = SESSION_CONFIRMED, .counts_as = 1};
        small_keep(&s, timetable_add_session(hit, &session, &s.err));
    }
    small_disrupt(&s);
    s.failed |= timetable_seal(hit, &s.err) != ERR_NONE;
    timetable_unref(calm);
    if (s.failed) {
        fprintf(stderr, "small case: %s\n", s.err.text);
        timetable_unref(hit);
        return NULL;
    }
    return hit;
}

static inline struct repair_options small_options(const struct timetable *t)
{
    (void)t;
    return (struct repair_options){.from_day = small_first_day(),
                                   .to_day = small_first_day() + 13,
                                   .frozen_until_day = small_first_day() - 1,
                                   .weights = weights_default()};
}

/* ---- everything tried ---- */

struct reference {
    struct timetable *timetable;
    struct book *book;                        /* those that stay and those that have been placed */
    struct placement *places[SMALL_SESSIONS]; /* each session's places that break no rule by themselves */
    size_t place_counts[SMALL_SESSIONS];
    const struct placement *was[SMALL_SESSIONS];
    size_t count;
    int cancelled, changed; /* the best */
};

static inline bool reference_clean(const struct book *book)
{
    struct clash_list list;
    size_t hard = 1;
    clash_list_init(&list);
    enum error_code code = rules_check_all(book, &list, &hard, NULL);
    clash_list_finish(&list);
    return code == ERR_NONE && hard == 0;
}

static inline void reference_places(struct reference *r, size_t i)
{
    const struct timetable *t = r->timetable;
    struct book *alone = NULL;
    const struct placement *was = r->was[i];
    r->places[i] = malloc(SMALL_PLACES * sizeof *r->places[i]);
    if (r->places[i] == NULL || book_create(r->timetable, true, &alone, NULL) != ERR_NONE) {
        return;
    }
    for (int32_t day = t->requests[was->request].from_day; day <= t->requests[was->request].to_day; day++) {
        for (int32_t start = 360; start < 1320; start += 15) {
            for (uint32_t room = 0; room < t->room_count; room++) {
                for (uint32_t person = 0; person < t->instructor_count; person++) {
                    struct placement at = *was;
                    at.day = day;
                    at.start_min = start;
                    at.room = room;
                    at.instructors[0] = person;
                    bool same = day == was->day && start == was->start_min && room == was->room &&
                                person == was->instructors[0];
                    if (!same && request_allows_hall(t, was->request, t->rooms[room].hall) &&
                        request_allows_day(t, was->request, day) && rules_allow(alone, &at, NONE, NULL) &&
                        r->place_counts[i] < SMALL_PLACES) {
                        r->places[i][r->place_counts[i]++] = at;
                    }
                }
            }
        }
    }
    book_destroy(alone);
}

static inline bool reference_place(struct reference *r, unsigned moving, size_t i)
{
    while (i < r->count && (moving >> i & 1) == 0) {
        i++;
    }
    if (i >= r->count) {
        return reference_clean(r->book);
    }
    for (size_t k = 0; k < r->place_counts[i]; k++) {
        uint32_t slot = NONE;
        if (!rules_allow(r->book, &r->places[i][k], NONE, NULL) ||
            book_add(r->book, &r->places[i][k], &slot, NULL) != ERR_NONE) {
            continue;
        }
        bool done = reference_place(r, moving, i + 1);
        book_remove(r->book, slot);
        if (done) {
            return true;
        }
    }
    return false;
}

/* Can exactly these be changed, of which exactly those are cancelled? */
static inline bool reference_works(struct reference *r, unsigned changed, unsigned cancelled)
{
    uint32_t slot = NONE;
    bool works = true;
    for (size_t i = 0; i < r->count; i++) {
        if ((changed >> i & 1) == 0) {
            works = works && rules_allow(r->book, r->was[i], NONE, NULL) &&
                    book_add(r->book, r->was[i], &slot, NULL) == ERR_NONE;
        }
    }
    works = works && reference_place(r, changed & ~cancelled, 0);
    for (size_t i = 0; i < r->count; i++) {
        if ((changed >> i & 1) == 0) {
            slot = book_slot_of(r->book, r->was[i]->session_id);
            if (slot != NONE) {
                book_remove(r->book, slot);
            }
        }
    }
    return works;
}

/* Fewest cancelled first, then fewest changed. */
static inline void reference_search(struct reference *r)
{
    unsigned all = 1U << r->count;
    for (int cancelled = 0; cancelled <= (int)r->count; cancelled++) {
        for (int changed = cancelled; changed <= (int)r->count; changed++) {
            for (unsigned set = 0; set < all; set++) {
                if (__builtin_popcount(set) != changed) {
                    continue;
                }
                for (unsigned gone = set;; gone = (gone - 1) & set) {
                    if (__builtin_popcount(gone) == cancelled && reference_works(r, set, gone)) {
                        r->cancelled = cancelled;
                        r->changed = changed;
                        return;
                    }
                    if (gone == 0) {
                        break;
                    }
                }
            }
        }
    }
}

static inline bool reference_best(struct timetable *timetable, int *ret_cancelled, int *ret_changed)
{
    struct reference r = {.timetable = timetable, .count = timetable->session_count};
    if (book_create(timetable, true, &r.book, NULL) != ERR_NONE) {
        return false;
    }
    for (size_t i = 0; i < r.count; i++) {
        r.was[i] = &timetable->sessions[i].at;
        reference_places(&r, i);
    }
    reference_search(&r);
    *ret_cancelled = r.cancelled;
    *ret_changed = r.changed;
    for (size_t i = 0; i < r.count; i++) {
        free(r.places[i]);
    }
    book_destroy(r.book);
    return true;
}

#endif
