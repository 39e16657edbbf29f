#include "scheduler/placement.h"

#include "base/date.h"

#include <inttypes.h>

struct bound {
    const char *what;
    int64_t value, low, high;
};

static enum error_code bound_check(const struct placement *placement, const struct bound *bound,
                                   struct error *err)
{
    if (bound->value >= bound->low && bound->value <= bound->high) {
        return ERR_NONE;
    }
    return error_set(err, ERR_INPUT,
                     "session %" PRId64 ": %s %" PRId64 " is not within %" PRId64 " and %" PRId64,
                     placement->session_id, bound->what, bound->value, bound->low, bound->high);
}

enum error_code placement_validate(const struct timetable *timetable, const struct placement *placement,
                                   struct error *err)
{
    const struct bound bounds[] = {
        {"course index", placement->course, 0, (int64_t)timetable->course_count - 1},
        {"room index", placement->room, 0, (int64_t)timetable->room_count - 1},
        {"day", placement->day, DATE_MIN, DATE_MAX},
        {"start minute", placement->start_min, 0, DAY_MINUTES - 1},
        {"length", placement->minutes, 1, LIMIT_SESSION_MINUTES},
        {"set-up", placement->setup_min, 0, LIMIT_MARGIN_MINUTES},
        {"clear-up", placement->clear_min, 0, LIMIT_MARGIN_MINUTES},
        {"number of instructors", placement->instructor_count, 0, LIMIT_SESSION_INSTRUCTORS},
    };
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds && code == ERR_NONE; i++) {
        code = bound_check(placement, &bounds[i], err);
    }
    for (uint8_t i = 0; code == ERR_NONE && i < placement->instructor_count; i++) {
        struct bound bound = {"instructor index", placement->instructors[i], 0,
                              (int64_t)timetable->instructor_count - 1};
        code = bound_check(placement, &bound, err);
    }
    return code;
}

int64_t placement_start(const struct placement *placement)
{
    return (int64_t)placement->day * DAY_MINUTES + placement->start_min;
}

int64_t placement_end(const struct placement *placement)
{
    return placement_start(placement) + placement->minutes;
}

int64_t placement_taken_from(const struct placement *placement)
{
    return placement_start(placement) - placement->setup_min;
}

int64_t placement_taken_to(const struct placement *placement)
{
    return placement_end(placement) + placement->clear_min;
}

bool placement_teaches(const struct placement *placement, uint32_t instructor)
{
    for (uint8_t i = 0; i < placement->instructor_count; i++) {
        if (placement->instructors[i] == instructor) {
            return true;
        }
    }
    return false;
}

bool placement_repeats(const struct placement *placement, uint8_t i)
{
    for (uint8_t j = 0; j < i; j++) {
        if (placement->instructors[j] == placement->instructors[i]) {
            return true;
        }
    }
    return false;
}

bool placement_equal(const struct placement *a, const struct placement *b)
{
    bool same = a->session_id == b->session_id && a->course == b->course && a->room == b->room &&
                a->day == b->day && a->start_min == b->start_min && a->minutes == b->minutes &&
                a->setup_min == b->setup_min && a->clear_min == b->clear_min && a->request == b->request &&
                a->series_id == b->series_id && a->series_exception == b->series_exception &&
                a->pinned == b->pinned && a->held == b->held && a->heads == b->heads &&
                a->overrides == b->overrides && a->instructor_count == b->instructor_count;
    for (uint8_t i = 0; same && i < a->instructor_count; i++) {
        same = a->instructors[i] == b->instructors[i];
    }
    return same;
}
