#include "scheduler/standing.h"

#include "base/date.h"

/* One closure that shuts its target all day on each of its days. */
static bool shuts_whole_days(const struct closure *closure)
{
    return closure->strength == CLOSURE_HARD && !closure->has_rule && closure->from_min == 0 &&
           closure->to_min == DAY_MINUTES;
}

/* The last day of an unbroken shut stretch that begins at or before `day`, as far as this list knows;
 * day - 1: not shut on that day. */
static int32_t shut_until(const struct timetable *tt, const uint32_t *start, const uint32_t *list,
                          uint32_t target, int32_t day)
{
    int32_t until = day - 1;
    for (uint32_t i = start[target]; i < start[target + 1]; i++) {
        const struct closure *closure = &tt->closures[list[i]];
        if (shuts_whole_days(closure) && closure->from_day <= day && closure->to_day > until) {
            until = closure->to_day;
        }
    }
    return until;
}

/* The same over the hall and every area above it. */
static int32_t hall_shut_until(const struct timetable *tt, uint32_t hall, int32_t day)
{
    int32_t until = shut_until(tt, tt->hall_closures_start, tt->hall_closures, hall, day);
    uint32_t area = tt->halls[hall].area;
    for (int level = 0; area != NONE && level < AREA_ANCESTORS_MAX; level++, area = tt->areas[area].parent) {
        int32_t here = shut_until(tt, tt->area_closures_start, tt->area_closures, area, day);
        until = here > until ? here : until;
    }
    return until;
}

/* Every round gains at least a day of the period, and jumps to the end of a closure. */
static bool hall_is_shut(const struct timetable *tt, uint32_t hall, int32_t from_day, int32_t to_day)
{
    int32_t day = from_day;
    while (day <= to_day) {
        int32_t until = hall_shut_until(tt, hall, day);
        if (until < day) {
            return false;
        }
        day = until + 1;
    }
    return true;
}

enum hall_standing hall_standing(const struct timetable *timetable, uint32_t hall, int32_t from_day,
                                 int32_t to_day)
{
    const struct hall *it = &timetable->halls[hall];
    if (it->valid_from > to_day || it->valid_to < to_day) {
        return HALL_NOT_IN_USE;
    }
    if (it->exempt) {
        return HALL_EXEMPT;
    }
    return hall_is_shut(timetable, hall, from_day, to_day) ? HALL_CLOSED : HALL_COUNTS;
}

bool placement_is_given(const struct placement *at)
{
    return at->held != HELD_NO;
}

bool placement_reaches_hall(const struct placement *at)
{
    return at->held == HELD_UNKNOWN || at->held == HELD_YES;
}
