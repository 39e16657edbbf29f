/* A random city for the planner's tests and benchmark: counties of townships of villages on a square, halls
 * with hours, instructors with homes, courses, requests, closures, absences, holidays. The same options give
 * the same timetable. Any thread. */
#ifndef LITANG_TESTS_PLANNER_CITY_H
#define LITANG_TESTS_PLANNER_CITY_H

#include "base/date.h"
#include "base/rng.h"
#include "scheduler/timetable.h"

#include <stdio.h>
#include <string.h>

struct planner_city {
    uint64_t seed;
    uint32_t townships, halls, instructors, courses, sessions;
    int32_t from_day, days;
    uint32_t series_pct;  /* of the sessions */
    uint32_t area_pct;    /* of the requests: any hall of a township */
    uint32_t window_days; /* typical */
    bool crowded;         /* low caps, little supply, more rooms a village */
    bool odd;             /* hours, lengths and margins off the quarter hours */
    bool plain;           /* no travel classes, as in a city that offices' files alone have filled */
};

static inline struct planner_city planner_city_small(uint64_t seed)
{
    return (struct planner_city){.seed = seed,
                                 .townships = 4,
                                 .halls = 14,
                                 .instructors = 9,
                                 .courses = 7,
                                 .sessions = 90,
                                 .from_day = date_from_civil((struct civil){2026, 3, 2}),
                                 .days = 70,
                                 .series_pct = 25,
                                 .area_pct = 30,
                                 .window_days = 35};
}

static inline struct planner_city planner_city_year(uint64_t seed, uint32_t sessions, uint32_t halls,
                                                    uint32_t instructors)
{
    return (struct planner_city){.seed = seed,
                                 .townships = halls / 20 + 1,
                                 .halls = halls,
                                 .instructors = instructors,
                                 .courses = 36,
                                 .sessions = sessions,
                                 .from_day = date_from_civil((struct civil){2026, 1, 1}),
                                 .days = 365,
                                 .series_pct = 45,
                                 .area_pct = 30,
                                 .window_days = 120};
}

struct planner_city_build {
    const struct planner_city *city;
    struct timetable *timetable;
    struct rng rng;
    uint32_t villages, index;
    enum error_code code;
    struct error *err;
};

static inline uint32_t city_below(struct planner_city_build *b, uint32_t bound)
{
    return rng_below(&b->rng, bound);
}

static inline void city_keep(struct planner_city_build *b, enum error_code code)
{
    b->code = b->code == ERR_NONE ? code : b->code;
}

/* Some 110 km on a side, like a city region, whatever its number of villages. */
static inline struct place city_place(struct planner_city_build *b, struct place near, int32_t spread_e6)
{
    int32_t lat = (int32_t)city_below(b, 2U * (uint32_t)spread_e6 + 1U) - spread_e6;
    int32_t lon = (int32_t)city_below(b, 2U * (uint32_t)spread_e6 + 1U) - spread_e6;
    return (struct place){near.lat_e6 + lat, near.lon_e6 + lon, true};
}

static inline void city_areas(struct planner_city_build *b)
{
    static const struct place MIDDLE = {28650000, 121200000, true};
    const struct planner_city *c = b->city;
    char id[32], name[48], parent[32];
    struct travel_class road = {
        .id = "road", .name = "公路", .detour_pct = 135, .speed_kmh = 40, .fixed_min = 5};
    struct travel_class hill = {
        .id = "hill", .name = "山路", .detour_pct = 160, .speed_kmh = 25, .fixed_min = 8};
    for (int i = 0; i < 2 && !c->plain; i++) {
        city_keep(b, timetable_add_travel_class(b->timetable, i == 0 ? &road : &hill, &b->index, b->err));
    }
    struct area root = {.id = "33",
                        .code_system = "T",
                        .name = "示例市",
                        .level = AREA_CITY,
                        .place = MIDDLE,
                        .travel_class = c->plain ? NONE : 0};
    city_keep(b, timetable_add_area(b->timetable, &root, &b->index, b->err));
    b->villages = c->crowded ? (c->halls + 1) / 2 : c->halls;
    for (uint32_t t = 0; t < c->townships && b->code == ERR_NONE; t++) {
        (void)snprintf(id, sizeof id, "t%u", t);
        (void)snprintf(name, sizeof name, "示例%u镇", t);
        struct area town = {.id = id,
                            .code_system = "T",
                            .name = name,
                            .parent_id = "33",
                            .level = AREA_TOWNSHIP,
                            .place = city_place(b, MIDDLE, 450000),
                            .travel_class = t % 7 == 6 && !c->plain ? 1 : NONE};
        city_keep(b, timetable_add_area(b->timetable, &town, &b->index, b->err));
    }
    for (uint32_t v = 0; v < b->villages && b->code == ERR_NONE; v++) {
        uint32_t town = v % c->townships;
        (void)snprintf(id, sizeof id, "v%u", v);
        (void)snprintf(parent, sizeof parent, "t%u", town);
        (void)snprintf(name, sizeof name, "示例%u村", v);
        struct area village = {.id = id,
                               .code_system = "T",
                               .name = name,
                               .parent_id = parent,
                               .level = AREA_VILLAGE,
                               .travel_class = NONE,
                               .place = city_place(b, b->timetable->areas[1 + town].place, 40000)};
        city_keep(b, timetable_add_area(b->timetable, &village, &b->index, b->err));
    }
}

static inline void city_courses(struct planner_city_build *b)
{
    const struct planner_city *c = b->city;
    char id[32], name[48];
    uint32_t audience = NONE;
    uint64_t facility = 0;
    for (uint32_t k = 0; k < 12; k++) {
        (void)snprintf(id, sizeof id, "k%u", k);
        struct category category = {.id = id, .name = id};
        city_keep(b, timetable_add_category(b->timetable, &category, &b->index, b->err));
    }
    for (uint32_t k = 0; k < c->courses && b->code == ERR_NONE; k++) {
        static const struct season AUTUMN = {901, 1231};
        static const struct season SPRING = {215, 630};
        (void)snprintf(id, sizeof id, "c%u", k);
        (void)snprintf(name, sizeof name, "示例课程%u", k);
        (void)snprintf(name + 24, sizeof name - 24, "人群%u", k % 3);
        city_keep(b, timetable_audience(b->timetable, k % 4 == 3 ? NULL : name + 24, &audience, b->err));
        city_keep(b, timetable_facility_mask(b->timetable, k % 5 == 4 ? "投影" : "", &facility, b->err));
        struct course course = {.id = id,
                                .name = name,
                                .category = k % 12,
                                .provider = NONE,
                                .minutes = 60 + 15 * (int32_t)city_below(b, 5),
                                .setup_min = 15 * (int32_t)city_below(b, 3),
                                .clear_min = 15 * (int32_t)city_below(b, 2),
                                .facilities = facility,
                                .audience = audience,
                                .heads = 20 + (int32_t)city_below(b, 40),
                                .seasons = k % 9 == 5 ? &AUTUMN : &SPRING,
                                .season_count = k % 9 == 5 || k % 9 == 7 ? 1 : 0,
                                .parts = (uint8_t)(k % 3 == 0   ? PART_MORNING
                                                   : k % 3 == 1 ? PART_EVENING
                                                                : 0),
                                .holidays_wanted = k % 6 == 2,
                                .active = true};
        if (c->crowded) {
            course.supply_limit = k % 3 == 0 ? (int32_t)(c->sessions / c->courses) : 0;
            course.hall_quota = k % 2 == 0 ? 2 : 0;
        }
        if (c->odd) {
            course.minutes += (int32_t)city_below(b, 14);
            course.setup_min += (int32_t)city_below(b, 11);
            course.clear_min += (int32_t)city_below(b, 13);
        }
        city_keep(b, timetable_add_course(b->timetable, &course, &b->index, b->err));
    }
}

static inline void city_halls(struct planner_city_build *b)
{
    static const char *const HOURS[] = {"1-7 08:00-11:30 13:30-21:00", "1-7 08:00-21:30",
                                        "1-5 13:30-21:00; 6,7 08:00-21:00", "1-7 08:10-11:20 13:35-20:55",
                                        "1-6 09:00-17:00 18:30-21:00"};
    const struct planner_city *c = b->city;
    char id[48], name[48];
    uint64_t projector = 0;
    city_keep(b, timetable_facility_mask(b->timetable, "投影", &projector, b->err));
    for (uint32_t h = 0; h < c->halls && b->code == ERR_NONE; h++) {
        uint32_t village = 1 + c->townships + h % b->villages;
        (void)snprintf(id, sizeof id, "h%u", h);
        (void)snprintf(name, sizeof name, "示例%u文化礼堂", h);
        struct hall hall = {.id = id,
                            .name = name,
                            .area = village,
                            .school = NONE,
                            .place = city_place(b, b->timetable->areas[village].place, 4000),
                            .valid_from = DATE_MIN,
                            .valid_to = DATE_MAX,
                            .exempt = h % 50 == 49};
        uint32_t kind = city_below(b, 5);
        kind = kind == 3 && !c->odd ? 1 : kind;
        city_keep(b, hours_parse(HOURS[kind], &hall.hours, b->err));
        if (h % 40 == 39) {
            hall.valid_to = c->from_day + c->days / 2;
        }
        city_keep(b, timetable_add_hall(b->timetable, &hall, &b->index, b->err));
        uint32_t rooms = 1 + (city_below(b, c->crowded ? 2 : 4) == 0 ? 1 + city_below(b, 2) : 0);
        for (uint32_t r = 0; r < rooms; r++) {
            (void)snprintf(id, sizeof id, "h%u-r%u", h, r);
            struct room room = {.id = id,
                                .name = r == 0 ? "大礼堂" : "讲堂",
                                .hall = h,
                                .capacity = r == 0 ? 80 : 30 + (int32_t)city_below(b, 30),
                                .facilities = city_below(b, 10) != 0 ? projector : 0,
                                .whole_hall = rooms > 1 && r == 0 && h % 3 == 0};
            city_keep(b, timetable_add_room(b->timetable, &room, &b->index, b->err));
        }
    }
}

static inline void city_people(struct planner_city_build *b)
{
    static const char *const HOURS[] = {"", "1-7 08:00-21:00", "1-5 08:00-17:30",
                                        "1-5 18:00-21:30; 6,7 08:00-21:30", "2-7 07:50-20:40"};
    const struct planner_city *c = b->city;
    char id[32], name[48];
    for (uint32_t i = 0; i < c->instructors && b->code == ERR_NONE; i++) {
        uint32_t courses[64];
        size_t count = 0;
        for (uint32_t k = 0; k < c->courses && count < 64; k++) {
            if (city_below(b, c->courses) < 2 + c->courses / 6 || k % c->instructors == i) {
                courses[count++] = k;
            }
        }
        uint32_t kind = city_below(b, 5);
        kind = kind == 4 && !c->odd ? 1 : kind;
        uint32_t home = 1 + c->townships + city_below(b, b->villages);
        (void)snprintf(id, sizeof id, "i%u", i);
        (void)snprintf(name, sizeof name, "示例%u", i);
        struct instructor person = {.id = id,
                                    .name = name,
                                    .provider = NONE,
                                    .home_area = home,
                                    .max_day = 1 + (int32_t)city_below(b, 3),
                                    .max_week = 5 + (int32_t)city_below(b, 6),
                                    .max_month = 16 + (int32_t)city_below(b, 14),
                                    .max_year = i % 3 == 0 ? 150 : 0,
                                    .valid_from = DATE_MIN,
                                    .valid_to = i % 20 == 19 ? c->from_day + c->days / 2 : DATE_MAX,
                                    .courses = courses,
                                    .course_count = count};
        if (c->crowded) {
            person.max_year = i % 3 == 0 ? 12 : 0;
            person.max_week = 2 + (int32_t)city_below(b, 3);
            person.max_month = 6 + (int32_t)city_below(b, 6);
        }
        city_keep(b, hours_parse(HOURS[kind], &person.hours, b->err));
        city_keep(b, timetable_add_instructor(b->timetable, &person, &b->index, b->err));
    }
}

static inline void city_blocks(struct planner_city_build *b)
{
    const struct planner_city *c = b->city;
    char id[32];
    for (int32_t d = 20; d < c->days; d += 45) {
        for (int32_t k = 0; k < 3; k++) {
            struct holiday holiday = {.day = c->from_day + d + k, .name = "示例节", .is_off = true};
            city_keep(b, timetable_add_holiday(b->timetable, &holiday, b->err));
        }
        struct holiday makeup = {.day = c->from_day + d - 5, .name = "补班", .is_off = false};
        city_keep(b, timetable_add_holiday(b->timetable, &makeup, b->err));
    }
    for (uint32_t k = 0; k < c->halls / 3 && b->code == ERR_NONE; k++) {
        int32_t from = c->from_day + (int32_t)city_below(b, (uint32_t)c->days);
        int32_t start = c->odd ? (int32_t)city_below(b, 700) : 60 * (int32_t)city_below(b, 12);
        (void)snprintf(id, sizeof id, "x%u", k);
        struct closure closure = {.id = id,
                                  .scope = (enum closure_scope)city_below(b, 2),
                                  .strength = k % 2 == 0 ? CLOSURE_HARD : CLOSURE_SOFT,
                                  .from_day = from,
                                  .to_day = from + (int32_t)city_below(b, 6),
                                  .from_min = start,
                                  .to_min = start + 300,
                                  .reason = "示例",
                                  .source = "示例"};
        closure.target = city_below(b, (uint32_t)(closure.scope == CLOSURE_HALL ? b->timetable->hall_count
                                                                                : b->timetable->room_count));
        city_keep(b, timetable_add_closure(b->timetable, &closure, b->err));
    }
    for (uint32_t t = 0; t < c->townships && b->code == ERR_NONE; t += 2) {
        struct closure market = {.scope = CLOSURE_AREA,
                                 .target = 1 + t,
                                 .strength = CLOSURE_SOFT,
                                 .from_day = c->from_day,
                                 .to_day = c->from_day + c->days - 1,
                                 .from_min = 360,
                                 .to_min = 720,
                                 .has_rule = true,
                                 .reason = "市日",
                                 .source = "示例"};
        (void)snprintf(id, sizeof id, "m%u", t);
        market.id = id;
        market.rule.month_digits = (uint16_t)(1U << (1 + t % 10));
        city_keep(b, timetable_add_closure(b->timetable, &market, b->err));
    }
    for (uint32_t i = 0; i < c->instructors && b->code == ERR_NONE; i += 2) {
        int32_t from = c->from_day + (int32_t)city_below(b, (uint32_t)c->days);
        (void)snprintf(id, sizeof id, "a%u", i);
        struct absence absence = {.id = id,
                                  .instructor = i,
                                  .from_day = from,
                                  .to_day = from + (int32_t)city_below(b, 12),
                                  .from_min = i % 4 == 0 ? 0 : 720,
                                  .to_min = 1440,
                                  .reason = "示例"};
        city_keep(b, timetable_add_absence(b->timetable, &absence, b->err));
    }
}

static inline void city_requests(struct planner_city_build *b)
{
    const struct planner_city *c = b->city;
    char id[32];
    uint32_t wanted = 0;
    for (uint32_t r = 0; wanted < c->sessions && b->code == ERR_NONE; r++) {
        /* A series is some eight times as long as other requests. */
        bool is_series = city_below(b, 100 * 6) < c->series_pct * 6 / 4;
        bool by_area = city_below(b, 100) < c->area_pct;
        int32_t sessions = is_series ? 4 + (int32_t)city_below(b, 8) : 1 + (int32_t)city_below(b, 2);
        int32_t window = (int32_t)c->window_days / 2 + (int32_t)city_below(b, c->window_days) +
                         (is_series ? 7 * (sessions + 3) : 0);
        window = window > c->days ? c->days : window;
        int32_t from = c->from_day + (int32_t)city_below(b, (uint32_t)(c->days - window) + 1U);
        uint32_t course = city_below(b, c->courses);
        const struct course *asked = &b->timetable->courses[course];
        if (asked->season_count > 0) {
            /* Offices ask for a season's course in its season, but for a few. */
            int32_t year = date_year(c->from_day);
            int32_t md = asked->seasons[0].from_md;
            int32_t spring = date_from_civil((struct civil){year, md / 100, md % 100});
            from = r % 40 == 0 || spring + window > c->from_day + c->days ? from : spring;
        }
        (void)snprintf(id, sizeof id, "r%u", r);
        struct request request = {.id = id,
                                  .hall = by_area ? NONE : city_below(b, c->halls),
                                  .area = by_area ? 1 + city_below(b, c->townships) : (uint32_t)NONE,
                                  .course = course,
                                  .sessions = sessions,
                                  .is_series = is_series,
                                  .holiday_rule = (enum holiday_rule)(r % 3),
                                  .from_day = from,
                                  .to_day = from + window - 1,
                                  .weekdays = (uint8_t)(r % 4 == 0 ? 0x60 : 0),
                                  .parts = (uint8_t)(r % 5 == 0 ? PART_AFTERNOON : 0),
                                  .priority = 1 + (int32_t)city_below(b, 9)};
        city_keep(b, timetable_add_request(b->timetable, &request, &b->index, b->err));
        wanted += (uint32_t)sessions;
    }
}

/* The city without sessions, not yet sealed: the caller may add to it. */
static inline enum error_code planner_city_open(const struct planner_city *city,
                                                struct timetable **ret_timetable, struct error *err)
{
    struct planner_city_build build = {
        .city = city, .timetable = timetable_create(), .code = ERR_NONE, .err = err};
    if (build.timetable == NULL) {
        return error_set(err, ERR_MEMORY, "city");
    }
    rng_seed(&build.rng, city->seed);
    city_areas(&build);
    city_courses(&build);
    city_halls(&build);
    city_people(&build);
    city_blocks(&build);
    city_requests(&build);
    if (build.code != ERR_NONE) {
        timetable_unref(build.timetable);
        return build.code;
    }
    *ret_timetable = build.timetable;
    return ERR_NONE;
}

static inline enum error_code planner_city_create(const struct planner_city *city,
                                                  struct timetable **ret_timetable, struct error *err)
{
    struct timetable *timetable = NULL;
    enum error_code code = planner_city_open(city, &timetable, err);
    if (code != ERR_NONE) {
        return code;
    }
    code = timetable_seal(timetable, err);
    if (code != ERR_NONE) {
        timetable_unref(timetable);
        return code;
    }
    *ret_timetable = timetable;
    return ERR_NONE;
}

#endif
