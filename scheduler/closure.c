#include "scheduler/closure.h"

#include "base/date.h"
#include "scheduler/rules.h"

/* Division that rounds down, also before 1970. */
static int32_t day_of(int64_t abs_min)
{
    int64_t day = abs_min / DAY_MINUTES;
    return (int32_t)(abs_min % DAY_MINUTES < 0 ? day - 1 : day);
}

/* The days of from … to that [from, to) minutes touches; empty when first > last. */
struct day_span {
    int32_t first, last;
};

static struct day_span days_touched(int32_t from_day, int32_t to_day, int64_t from_abs_min,
                                    int64_t to_abs_min)
{
    struct day_span span = {day_of(from_abs_min), day_of(to_abs_min - 1)};
    span.first = span.first < from_day ? from_day : span.first;
    span.last = span.last > to_day ? to_day : span.last;
    return span;
}

static bool day_touches(int32_t day, int32_t from_min, int32_t to_min, int64_t from_abs_min,
                        int64_t to_abs_min)
{
    int64_t midnight = (int64_t)day * DAY_MINUTES;
    return midnight + from_min < to_abs_min && from_abs_min < midnight + to_min;
}

bool daily_touches(int32_t from_day, int32_t to_day, int32_t from_min, int32_t to_min, int64_t from_abs_min,
                   int64_t to_abs_min)
{
    struct day_span span = days_touched(from_day, to_day, from_abs_min, to_abs_min);
    for (int32_t day = span.first; day <= span.last; day++) {
        if (day_touches(day, from_min, to_min, from_abs_min, to_abs_min)) {
            return true;
        }
    }
    return false;
}

bool closure_touches(const struct timetable *timetable, const struct closure *closure, int64_t from_abs_min,
                     int64_t to_abs_min)
{
    struct day_span span = days_touched(closure->from_day, closure->to_day, from_abs_min, to_abs_min);
    for (int32_t day = span.first; day <= span.last; day++) {
        if (!day_touches(day, closure->from_min, closure->to_min, from_abs_min, to_abs_min)) {
            continue;
        }
        if (!closure->has_rule) {
            return true;
        }
        struct day_info info = timetable_day(timetable, day);
        if (day_rule_matches(&closure->rule, &info)) {
            return true;
        }
    }
    return false;
}

struct closure_walk {
    const struct timetable *timetable;
    int64_t from_abs_min, to_abs_min;
    enum closure_strength at_least;
    closure_visit *visit;
    void *context;
};

/* The closures that hang on one room, hall or area. */
static bool list_each(const struct closure_walk *walk, const uint32_t *start, const uint32_t *list,
                      uint32_t target)
{
    for (uint32_t i = start[target]; i < start[target + 1]; i++) {
        const struct closure *closure = &walk->timetable->closures[list[i]];
        if (closure->strength >= walk->at_least &&
            closure_touches(walk->timetable, closure, walk->from_abs_min, walk->to_abs_min) &&
            !walk->visit(walk->context, list[i])) {
            return false;
        }
    }
    return true;
}

bool closure_each(const struct timetable *timetable, uint32_t room, int64_t from_abs_min, int64_t to_abs_min,
                  enum closure_strength at_least, closure_visit *visit, void *context)
{
    if (room >= timetable->room_count || from_abs_min >= to_abs_min || timetable->closure_count == 0) {
        return true;
    }
    const struct closure_walk walk = {timetable, from_abs_min, to_abs_min, at_least, visit, context};
    uint32_t hall = timetable->rooms[room].hall;
    bool go_on = list_each(&walk, timetable->room_closures_start, timetable->room_closures, room) &&
                 list_each(&walk, timetable->hall_closures_start, timetable->hall_closures, hall);
    uint32_t area = timetable->halls[hall].area;
    /* Seal has cut every circle of parents; the level is the bound all the same. */
    for (int level = 0; go_on && level <= AREA_VILLAGE && area < timetable->area_count; level++) {
        go_on = list_each(&walk, timetable->area_closures_start, timetable->area_closures, area);
        area = timetable->areas[area].parent;
    }
    return go_on;
}

static bool first_found(void *context, uint32_t closure)
{
    *(uint32_t *)context = closure;
    return false;
}

uint32_t closure_hit(const struct timetable *timetable, uint32_t room, int64_t from_abs_min,
                     int64_t to_abs_min, enum closure_strength at_least)
{
    uint32_t found = NONE;
    (void)closure_each(timetable, room, from_abs_min, to_abs_min, at_least, first_found, &found);
    return found;
}
