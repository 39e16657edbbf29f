/* Small random cities with sessions published, some halls and villages lacking some, and so few people, days
 * and starts that everything can be tried by plain loops: for the tests of reach. The same seed gives the
 * same city. */
#ifndef LITANG_TESTS_REACH_CITY_H
#define LITANG_TESTS_REACH_CITY_H

#include "base/date.h"
#include "base/rng.h"
#include "scheduler/placement.h"
#include "scheduler/reach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    REACH_CITY_TARGETS = 8
};

struct reach_city {
    struct rng rng;
    struct timetable *timetable; /* owned */
    int32_t from_day, days;
    struct reach_target targets[REACH_CITY_TARGETS];
    struct reach_query query;
};

static inline void reach_fine(enum error_code code, const struct error *err)
{
    if (code != ERR_NONE) {
        fail_msg("%s: %s", error_name(code), err->text);
    }
}

static inline uint32_t reach_pick(struct reach_city *c, uint32_t bound)
{
    return rng_below(&c->rng, bound);
}

static inline struct place reach_near(struct reach_city *c)
{
    return (struct place){28500000 + (int32_t)reach_pick(c, 150000),
                          121000000 + (int32_t)reach_pick(c, 150000), reach_pick(c, 12) != 0};
}

static inline void reach_areas(struct reach_city *c, uint32_t villages)
{
    struct error err = {.code = ERR_NONE};
    uint32_t index = NONE;
    struct area town = {.id = "t",
                        .code_system = "T",
                        .name = "示例镇",
                        .level = AREA_TOWNSHIP,
                        .travel_class = NONE,
                        .place = {28500000, 121000000, true}};
    reach_fine(timetable_add_area(c->timetable, &town, &index, &err), &err);
    for (uint32_t v = 0; v < villages; v++) {
        char id[16];
        (void)snprintf(id, sizeof id, "v%u", v);
        struct area village = {.id = id,
                               .code_system = "T",
                               .name = id,
                               .parent_id = "t",
                               .level = AREA_VILLAGE,
                               .travel_class = NONE,
                               .place = reach_near(c)};
        reach_fine(timetable_add_area(c->timetable, &village, &index, &err), &err);
    }
}

static inline void reach_courses(struct reach_city *c, uint32_t courses)
{
    static const struct season SHORT = {601, 603};
    struct error err = {.code = ERR_NONE};
    uint32_t index = NONE;
    uint32_t audience = NONE;
    uint64_t projector = 0;
    struct category category = {.id = "k", .name = "示例类"};
    reach_fine(timetable_add_category(c->timetable, &category, &index, &err), &err);
    reach_fine(timetable_facility_mask(c->timetable, "投影", &projector, &err), &err);
    for (uint32_t k = 0; k < courses; k++) {
        char id[16];
        (void)snprintf(id, sizeof id, "c%u", k);
        reach_fine(timetable_audience(c->timetable, reach_pick(c, 2) == 0 ? "老人" : NULL, &audience, &err),
                   &err);
        struct course course = {.id = id,
                                .name = id,
                                .category = 0,
                                .provider = NONE,
                                .minutes = 45 + 15 * (int32_t)reach_pick(c, 3),
                                .setup_min = 15 * (int32_t)reach_pick(c, 2),
                                .facilities = reach_pick(c, 3) == 0 ? projector : 0,
                                .audience = audience,
                                .heads = 20 + 10 * (int32_t)reach_pick(c, 3),
                                .supply_limit = reach_pick(c, 3) == 0 ? 1 + (int32_t)reach_pick(c, 2) : 0,
                                .hall_quota = reach_pick(c, 3) == 0 ? 1 : 0,
                                .seasons = &SHORT,
                                .season_count = reach_pick(c, 5) == 0 ? 1 : 0,
                                .parts = (uint8_t)(reach_pick(c, 3) == 0 ? PART_AFTERNOON : 0),
                                .active = k == 0 || reach_pick(c, 5) != 0};
        reach_fine(timetable_add_course(c->timetable, &course, &index, &err), &err);
    }
}

static inline void reach_halls(struct reach_city *c, uint32_t halls, uint32_t villages)
{
    struct error err = {.code = ERR_NONE};
    uint32_t index = NONE;
    for (uint32_t h = 0; h < halls; h++) {
        char id[16];
        (void)snprintf(id, sizeof id, "h%u", h);
        struct hall hall = {.id = id,
                            .name = id,
                            .area = 1 + reach_pick(c, villages),
                            .school = NONE,
                            .place = reach_near(c),
                            .valid_from = DATE_MIN,
                            .valid_to = reach_pick(c, 10) == 0 ? c->from_day + 1 : DATE_MAX};
        reach_fine(hours_parse("1-7 08:00-17:00", &hall.hours, &err), &err);
        reach_fine(timetable_add_hall(c->timetable, &hall, &index, &err), &err);
        uint32_t rooms = reach_pick(c, 12) == 0 ? 0 : 1 + reach_pick(c, 4) / 3;
        for (uint32_t r = 0; r < rooms; r++) {
            (void)snprintf(id, sizeof id, "h%ur%u", h, r);
            struct room room = {.id = id,
                                .name = id,
                                .hall = h,
                                .capacity = 20 + 10 * (int32_t)reach_pick(c, 6),
                                .facilities = reach_pick(c, 4) == 0 ? 0 : 1,
                                .whole_hall = r == 1 && h % 2 == 0};
            reach_fine(timetable_add_room(c->timetable, &room, &index, &err), &err);
        }
    }
}

static inline void reach_people(struct reach_city *c, uint32_t people, uint32_t courses)
{
    static const char *const HOURS[] = {"1-7 09:00-10:00", "1,3,5 09:00-10:30",
                                        "2,4 13:00-14:15; 6 09:00-10:15", "1-3 09:00-10:15 14:00-15:15"};
    struct error err = {.code = ERR_NONE};
    uint32_t index = NONE;
    for (uint32_t i = 0; i < people; i++) {
        char id[16];
        uint32_t taught[8];
        size_t count = 0;
        (void)snprintf(id, sizeof id, "i%u", i);
        for (uint32_t k = 0; k < courses; k++) {
            if (reach_pick(c, 4) != 0) {
                taught[count++] = k;
            }
        }
        struct instructor person = {.id = id,
                                    .name = id,
                                    .provider = NONE,
                                    .home_area = NONE,
                                    .home = reach_near(c),
                                    .max_day = reach_pick(c, 2) == 0 ? 1 : 0,
                                    .max_week = reach_pick(c, 3) == 0 ? 1 + (int32_t)reach_pick(c, 2) : 0,
                                    .max_month = reach_pick(c, 4) == 0 ? 2 : 0,
                                    .max_year = reach_pick(c, 4) == 0 ? 2 : 0,
                                    .valid_from = DATE_MIN,
                                    .valid_to = DATE_MAX,
                                    .courses = taught,
                                    .course_count = count};
        reach_fine(hours_parse(HOURS[reach_pick(c, 4)], &person.hours, &err), &err);
        reach_fine(timetable_add_instructor(c->timetable, &person, &index, &err), &err);
        if (reach_pick(c, 3) == 0) {
            struct absence absence = {.id = id,
                                      .instructor = i,
                                      .from_day = c->from_day + 1,
                                      .to_day = c->from_day + 2,
                                      .to_min = 1440,
                                      .reason = "示例"};
            reach_fine(timetable_add_absence(c->timetable, &absence, &err), &err);
        }
    }
}

static inline void reach_blocks(struct reach_city *c, uint32_t halls)
{
    struct error err = {.code = ERR_NONE};
    if (reach_pick(c, 2) == 0) {
        struct holiday off = {.day = c->from_day + 2, .name = "示例节", .is_off = true};
        reach_fine(timetable_add_holiday(c->timetable, &off, &err), &err);
    }
    for (uint32_t h = 0; h < halls; h++) {
        if (reach_pick(c, 4) != 0) {
            continue;
        }
        char id[16];
        (void)snprintf(id, sizeof id, "x%u", h);
        struct closure closure = {.id = id,
                                  .scope = CLOSURE_HALL,
                                  .target = h,
                                  .strength = reach_pick(c, 3) == 0 ? CLOSURE_SOFT : CLOSURE_HARD,
                                  .from_day = c->from_day + (int32_t)reach_pick(c, 3),
                                  .to_day = c->from_day + (int32_t)reach_pick(c, 8),
                                  .to_min = 1440,
                                  .reason = "示例",
                                  .source = "示例"};
        closure.to_day = closure.to_day < closure.from_day ? closure.from_day : closure.to_day;
        reach_fine(timetable_add_closure(c->timetable, &closure, &err), &err);
    }
}

static inline void reach_requests(struct reach_city *c, uint32_t halls, uint32_t courses)
{
    struct error err = {.code = ERR_NONE};
    uint32_t index = NONE;
    for (uint32_t r = 0; r < 3; r++) {
        char id[16];
        bool by_area = reach_pick(c, 2) == 0;
        (void)snprintf(id, sizeof id, "r%u", r);
        struct request request = {.id = id,
                                  .hall = by_area ? (uint32_t)NONE : reach_pick(c, halls),
                                  .area = by_area ? 0 : (uint32_t)NONE,
                                  .course = reach_pick(c, courses),
                                  .sessions = 1,
                                  .is_series = false,
                                  .from_day = c->from_day + 1,
                                  .to_day = c->from_day + 2 + (int32_t)reach_pick(c, 4),
                                  .priority = 5,
                                  .weekdays = (uint8_t)(reach_pick(c, 3) == 0 ? 2 : 0),
                                  .heads = reach_pick(c, 2) == 0 ? 15 : 0,
                                  .withdrawn = reach_pick(c, 6) == 0};
        reach_fine(timetable_add_request(c->timetable, &request, &index, &err), &err);
    }
}

static inline void reach_published(struct reach_city *c)
{
    struct timetable *t = c->timetable;
    struct error err = {.code = ERR_NONE};
    for (int64_t id = 1; id <= 2 && t->room_count > 0; id++) {
        uint32_t course = reach_pick(c, (uint32_t)t->course_count);
        struct session session = {.at = {.session_id = id,
                                         .course = course,
                                         .room = reach_pick(c, (uint32_t)t->room_count),
                                         .instructors = {reach_pick(c, (uint32_t)t->instructor_count)},
                                         .instructor_count = 1,
                                         .minutes = t->courses[course].minutes,
                                         .day = c->from_day + (int32_t)reach_pick(c, (uint32_t)c->days),
                                         .start_min = 540 + 120 * (int32_t)(id - 1),
                                         .request = NONE},
                                  .status = SESSION_CONFIRMED,
                                  .counts_as = 1};
        reach_fine(timetable_add_session(t, &session, &err), &err);
    }
}

static inline void reach_aims(struct reach_city *c, uint32_t halls, uint32_t villages)
{
    bool by_area = reach_pick(c, 4) == 0;
    uint32_t count = by_area ? villages : halls;
    c->query = reach_query_default(c->from_day, c->from_day + c->days - 1);
    c->query.targets = c->targets;
    for (uint32_t i = 0; i < count && i < REACH_CITY_TARGETS; i++) {
        c->targets[i] = (struct reach_target){.hall = by_area ? (uint32_t)NONE : i,
                                              .area = by_area ? 1 + i : (uint32_t)NONE,
                                              .need = reach_pick(c, 5) == 0 ? 2 : 1};
        c->query.target_count++;
    }
    if (reach_pick(c, 3) == 0) {
        c->query.goal = 1 + reach_pick(c, (uint32_t)c->query.target_count);
    }
}

static inline void reach_city_open(struct reach_city *c, uint64_t seed)
{
    struct error err = {.code = ERR_NONE};
    *c = (struct reach_city){.from_day = date_from_civil((struct civil){2026, 6, 1}), .days = 5};
    rng_seed(&c->rng, seed);
    uint32_t halls = 2 + reach_pick(c, 4);
    uint32_t villages = 1 + reach_pick(c, 4);
    uint32_t courses = 1 + reach_pick(c, 3);
    uint32_t people = 1 + reach_pick(c, 3);
    c->timetable = timetable_create();
    reach_areas(c, villages);
    reach_courses(c, courses);
    reach_halls(c, halls, villages);
    reach_people(c, people, courses);
    reach_blocks(c, halls);
    reach_requests(c, halls, courses);
    reach_published(c);
    reach_fine(timetable_seal(c->timetable, &err), &err);
    reach_aims(c, halls, villages);
}

static inline void reach_city_close(struct reach_city *c)
{
    timetable_unref(c->timetable);
}

#endif
