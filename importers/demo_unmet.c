/* Requests that cannot be met on purpose, about one in a hundred, evenly over the reasons: so that a plan of
 * the sample year shows what it says about them. */
#include "importers/demo_city.h"

enum {
    TRIES = 2000
};

static bool season_touches(const struct demo_course *course, int32_t from_day, int32_t to_day)
{
    for (int32_t day = from_day; day <= to_day; day++) {
        if (seasons_allow(course->seasons, course->season_count, day)) {
            return true;
        }
    }
    return false;
}

/* No room at all, whatever its size or state. */
static bool hall_lacks(const struct demo_hall *hall, uint32_t facilities)
{
    for (size_t i = 0; i < hall->room_count; i++) {
        if ((hall->rooms[i].facilities & facilities) == facilities) {
            return false;
        }
    }
    return true;
}

/* The shortest weekly series of `sessions` does not fit into the window. */
static void shorten_window(struct demo_city *city, struct demo_request *request)
{
    request->series = true;
    request->sessions = demo_between(&city->rng, 10, 12);
    request->to_day = request->from_day + (request->sessions - demo_between(&city->rng, 2, 4)) * 7 - 1;
}

/* Does the draw have the flaw `kind`, and can it be given it? */
static bool make_flawed(struct demo_city *city, enum demo_unmet kind, struct demo_request *request)
{
    const struct demo_hall *hall = &city->halls[request->hall];
    const struct demo_course *course = &city->demo->base.courses[request->course];
    bool plain = hall->state == HALL_ASKS && !course->unstaffed && !course->series;
    switch (kind) {
    case DEMO_UNMET_CLOSED:
        return hall->state == HALL_SHUT && !course->unstaffed && !course->series;
    case DEMO_UNMET_UNSTAFFED:
        return hall->state == HALL_ASKS && course->unstaffed;
    case DEMO_UNMET_FACILITY:
        return plain && hall_lacks(hall, course->facilities);
    case DEMO_UNMET_CAPACITY:
        request->heads = demo_between(&city->rng, 8, 12) * 100;
        return plain;
    case DEMO_UNMET_SEASON:
        return plain && course->season_count > 0 &&
               !season_touches(course, request->from_day, request->to_day);
    case DEMO_UNMET_SERIES:
        shorten_window(city, request);
        return hall->state == HALL_ASKS && course->series && request->to_day <= city->demo->last_day;
    case DEMO_UNMET_COUNT:
        break;
    }
    return false;
}

static void draw_unmet(struct demo_city *city, enum demo_unmet kind)
{
    struct demo *demo = city->demo;
    /* Few halls are shut: look for one instead of waiting for it. */
    uint32_t start = rng_below(&city->rng, city->hall_count);
    for (uint32_t i = 0; i < TRIES || (kind == DEMO_UNMET_CLOSED && i < TRIES + city->hall_count * 8); i++) {
        struct demo_request request = {.priority = 5, .holiday_rule = HOLIDAY_SHIFT};
        request.hall = kind == DEMO_UNMET_CLOSED ? (start + i) % city->hall_count
                                                 : rng_below(&city->rng, city->hall_count);
        request.township = city->halls[request.hall].township;
        request.course = rng_below(&city->rng, (uint32_t)demo->base.course_count);
        request.sessions = demo_between(&city->rng, 1, 2);
        int32_t days = demo_between(&city->rng, 4, 8) * 7;
        request.from_day = demo_between(&city->rng, demo->first_day, demo->last_day - days);
        request.to_day = request.from_day + days - 1;
        if (make_flawed(city, kind, &request)) {
            demo_request_put(city, &request, true);
            demo->summary.unmet_by_kind[kind]++;
            return;
        }
    }
    demo_fail(demo, ERR_INTERNAL, "no request without a way was found");
}

void demo_unmet_build(struct demo_city *city)
{
    /* A request asks for 1.9 sessions on average. */
    uint32_t count = city->sessions_wanted / 190;
    count = count < DEMO_UNMET_COUNT ? DEMO_UNMET_COUNT : count;
    for (uint32_t i = 0; i < count && city->demo->failed == ERR_NONE; i++) {
        draw_unmet(city, (enum demo_unmet)(i % DEMO_UNMET_COUNT));
    }
}
