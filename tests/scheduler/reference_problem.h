/* Small problems by seed for tests/scheduler/reference.h: few enough spots for a proof, and every rule that a
 * search can get wrong in some of them. The same seed gives the same problem. Any thread. */
#ifndef LITANG_TESTS_REFERENCE_PROBLEM_H
#define LITANG_TESTS_REFERENCE_PROBLEM_H

#include "base/date.h"
#include "base/rng.h"
#include "scheduler/timetable.h"

#include <stdio.h>

struct reference_build {
    struct timetable *timetable;
    struct rng rng;
    uint32_t halls, people, courses, index;
    int32_t from_day, days;
    enum error_code code;
    struct error *err;
};

static inline uint32_t reference_below(struct reference_build *b, uint32_t bound)
{
    return rng_below(&b->rng, bound);
}

static inline void reference_keep(struct reference_build *b, enum error_code code)
{
    b->code = b->code == ERR_NONE ? code : b->code;
}

static inline struct place reference_place(struct reference_build *b)
{
    return (struct place){28600000 + (int32_t)reference_below(b, 200000),
                          121200000 + (int32_t)reference_below(b, 200000), true};
}

static inline void reference_areas(struct reference_build *b)
{
    static const char *const IDS[] = {"33", "t0", "t1", "v0", "v1", "v2"};
    static const char *const PARENTS[] = {NULL, "33", "33", "t0", "t1", "t0"};
    static const char *const NAMES[] = {"示例市", "示例甲镇", "示例乙镇", "示例一村", "示例二村", "示例三村"};
    struct travel_class road = {
        .id = "road", .name = "公路", .detour_pct = 135, .speed_kmh = 40, .fixed_min = 5};
    reference_keep(b, timetable_add_travel_class(b->timetable, &road, &b->index, b->err));
    for (int i = 0; i < 6; i++) {
        struct area area = {.id = IDS[i],
                            .code_system = "T",
                            .name = NAMES[i],
                            .parent_id = PARENTS[i],
                            .level = i == 0  ? AREA_CITY
                                     : i < 3 ? AREA_TOWNSHIP
                                             : AREA_VILLAGE,
                            .place = reference_place(b),
                            .travel_class = NONE};
        reference_keep(b, timetable_add_area(b->timetable, &area, &b->index, b->err));
    }
}

static inline void reference_courses(struct reference_build *b)
{
    for (int k = 0; k < 2; k++) {
        struct category category = {.id = k == 0 ? "k0" : "k1", .name = k == 0 ? "智慧助老" : "技能培训"};
        reference_keep(b, timetable_add_category(b->timetable, &category, &b->index, b->err));
    }
    for (uint32_t c = 0; c < b->courses; c++) {
        char id[32];
        uint32_t audience = NONE;
        (void)snprintf(id, sizeof id, "c%u", c);
        if (reference_below(b, 3) == 0) {
            reference_keep(b, timetable_audience(b->timetable, "老年人", &audience, b->err));
        }
        struct course course = {.id = id,
                                .name = id,
                                .category = c % 2,
                                .provider = NONE,
                                .minutes = reference_below(b, 3) == 0 ? 75 : 90,
                                .setup_min = reference_below(b, 3) == 0 ? 15 : 0,
                                .audience = audience,
                                .supply_limit = reference_below(b, 5) == 0 ? 3 : 0,
                                .hall_quota = reference_below(b, 5) == 0 ? 2 : 0,
                                .parts = reference_below(b, 3) == 0 ? PART_AFTERNOON : 0,
                                .active = true};
        reference_keep(b, timetable_add_course(b->timetable, &course, &b->index, b->err));
    }
}

/* Open on two to four weekdays for little more than a course takes: few starts. */
static inline struct hours reference_hours(struct reference_build *b)
{
    static const int16_t FROM[] = {540, 810, 1080};
    struct hours hours = {.count = 0};
    for (uint8_t day = 1; day <= 7 && hours.count < 3; day++) {
        if (reference_below(b, 2) == 0) {
            int16_t from = FROM[reference_below(b, 3)];
            hours.spans[hours.count++] =
                (struct hours_span){day, from, (int16_t)(from + 90 + 15 * (int)reference_below(b, 2))};
        }
    }
    if (hours.count == 0) {
        hours.spans[hours.count++] = (struct hours_span){3, 540, 660};
    }
    return hours;
}

static inline void reference_halls(struct reference_build *b)
{
    for (uint32_t h = 0; h < b->halls; h++) {
        char id[32];
        (void)snprintf(id, sizeof id, "h%u", h);
        struct hall hall = {.id = id,
                            .name = id,
                            .area = 3 + (h == 2 && reference_below(b, 2) == 0 ? 0 : h),
                            .place = reference_place(b),
                            .hours = reference_hours(b),
                            .valid_from = DATE_MIN,
                            .valid_to = DATE_MAX,
                            .school = NONE};
        reference_keep(b, timetable_add_hall(b->timetable, &hall, &b->index, b->err));
        uint32_t rooms = 1 + (reference_below(b, 5) == 0);
        for (uint32_t r = 0; r < rooms; r++) {
            (void)snprintf(id, sizeof id, "h%u-%u", h, r);
            struct room room = {.id = id, .name = id, .hall = h, .whole_hall = rooms > 1 && r == 0};
            reference_keep(b, timetable_add_room(b->timetable, &room, &b->index, b->err));
        }
    }
}

static inline void reference_people(struct reference_build *b)
{
    for (uint32_t i = 0; i < b->people; i++) {
        char id[32];
        uint32_t courses[8];
        size_t count = 0;
        (void)snprintf(id, sizeof id, "i%u", i);
        for (uint32_t c = 0; c < b->courses; c++) {
            if (c % b->people == i || reference_below(b, 2) == 0) {
                courses[count++] = c;
            }
        }
        struct instructor person = {.id = id,
                                    .name = id,
                                    .provider = NONE,
                                    .home_area = NONE,
                                    .home = reference_place(b),
                                    .max_day = 1 + (int32_t)reference_below(b, 2),
                                    .max_week = 2 + (int32_t)reference_below(b, 2),
                                    .valid_from = DATE_MIN,
                                    .valid_to = DATE_MAX,
                                    .courses = courses,
                                    .course_count = count};
        if (reference_below(b, 3) == 0) {
            reference_keep(b, hours_parse("1-5 08:00-17:30", &person.hours, b->err));
        }
        reference_keep(b, timetable_add_instructor(b->timetable, &person, &b->index, b->err));
    }
}

static inline void reference_blocks_off(struct reference_build *b)
{
    struct holiday off = {.day = b->from_day + (int32_t)reference_below(b, (uint32_t)b->days),
                          .name = "示例节",
                          .is_off = true};
    struct closure hard = {.id = "x0",
                           .scope = CLOSURE_HALL,
                           .target = reference_below(b, b->halls),
                           .strength = CLOSURE_HARD,
                           .from_day = b->from_day + (int32_t)reference_below(b, (uint32_t)b->days),
                           .from_min = 0,
                           .to_min = 1440};
    struct closure soft = {.id = "x1",
                           .scope = CLOSURE_AREA,
                           .target = 1 + reference_below(b, 2),
                           .strength = CLOSURE_SOFT,
                           .from_day = b->from_day,
                           .to_day = b->from_day + b->days - 1,
                           .from_min = 360,
                           .to_min = 720,
                           .has_rule = true};
    struct absence away = {.id = "a0",
                           .instructor = reference_below(b, b->people),
                           .from_day = b->from_day + (int32_t)reference_below(b, (uint32_t)b->days),
                           .from_min = 0,
                           .to_min = 1440};
    hard.to_day = hard.from_day + 1;
    soft.rule.month_digits =
        (uint16_t)(1U << (1 + reference_below(b, 10)) | 1U << (1 + reference_below(b, 10)));
    away.to_day = away.from_day + 2;
    reference_keep(b, timetable_add_holiday(b->timetable, &off, b->err));
    reference_keep(b, timetable_add_closure(b->timetable, &hard, b->err));
    reference_keep(b, timetable_add_closure(b->timetable, &soft, b->err));
    reference_keep(b, timetable_add_absence(b->timetable, &away, b->err));
}

static inline void reference_requests(struct reference_build *b)
{
    uint32_t singles = 4 + reference_below(b, 4);
    uint32_t series = 1 + reference_below(b, 2);
    for (uint32_t r = 0; r < singles + series; r++) {
        char id[32];
        bool is_series = r >= singles;
        bool by_area = reference_below(b, 5) == 0;
        int32_t window = is_series ? b->days : 6 + (int32_t)reference_below(b, 5);
        int32_t from =
            b->from_day + (is_series ? 0 : (int32_t)reference_below(b, (uint32_t)(b->days - window + 1)));
        (void)snprintf(id, sizeof id, "r%u", r);
        struct request request = {.id = id,
                                  .hall = by_area ? NONE : reference_below(b, b->halls),
                                  .area = by_area ? 1 + reference_below(b, 2) : (uint32_t)NONE,
                                  .course = reference_below(b, b->courses),
                                  .sessions = is_series ? 3 : 1,
                                  .is_series = is_series,
                                  .holiday_rule = (enum holiday_rule)reference_below(b, 3),
                                  .from_day = from,
                                  .to_day = from + window - 1,
                                  .weekdays = reference_below(b, 4) == 0 ? 0x1F : 0,
                                  .parts = reference_below(b, 4) == 0 ? PART_MORNING : 0,
                                  .priority = 1 + (int32_t)reference_below(b, 9)};
        reference_keep(b, timetable_add_request(b->timetable, &request, &b->index, b->err));
    }
}

/* A problem of 4 to 7 single sessions, one or two series, 2 to 3 halls and instructors, four weeks. */
static inline enum error_code reference_problem(uint64_t seed, struct timetable **ret_timetable,
                                                int32_t *ret_from_day, int32_t *ret_to_day, struct error *err)
{
    struct reference_build b = {.timetable = timetable_create(),
                                .from_day = date_from_civil((struct civil){2027, 3, 1}),
                                .days = 28,
                                .err = err};
    if (b.timetable == NULL) {
        return error_set(err, ERR_MEMORY, "reference");
    }
    rng_seed(&b.rng, seed * 1000003 + 17);
    b.halls = 2 + reference_below(&b, 2);
    b.people = 2 + reference_below(&b, 2);
    b.courses = 2 + reference_below(&b, 3);
    reference_areas(&b);
    reference_courses(&b);
    reference_halls(&b);
    reference_people(&b);
    reference_blocks_off(&b);
    reference_requests(&b);
    if (b.code == ERR_NONE) {
        b.code = timetable_seal(b.timetable, err);
    }
    if (b.code != ERR_NONE) {
        timetable_unref(b.timetable);
        return b.code;
    }
    *ret_timetable = b.timetable;
    *ret_from_day = b.from_day;
    *ret_to_day = b.from_day + b.days - 1;
    return ERR_NONE;
}

#endif
