/* Bounds on the road without a sine: the chord is shorter than the arc, and no leg is quicker than the class
 * of one of its ends. */
#include "scheduler/free_search.h"

#include "scheduler/travel.h"

#include <math.h>

static const double EARTH_RADIUS_M = 6371008.8; /* as scheduler/travel */

static bool has_override(const struct timetable *t, uint32_t area)
{
    const struct area *row = &t->areas[area];
    return row->has_override || (row->township != NONE && t->areas[row->township].has_override) ||
           (row->county != NONE && t->areas[row->county].has_override);
}

/* Can a bound be given for journeys to the hall at all? */
static bool is_bounded(const struct timetable *t, uint32_t hall)
{
    return t->travel_override_count == 0 || !has_override(t, t->halls[hall].area);
}

static double chord_m(const struct travel_end *a, const struct travel_end *b)
{
    double dx = a->x - b->x;
    double dy = a->y - b->y;
    double dz = a->z - b->z;
    return EARTH_RADIUS_M * sqrt(dx * dx + dy * dy + dz * dz);
}

/* The metres are rounded before they become minutes: one less is safe. */
static int64_t class_min(const struct travel_class *class, double metres)
{
    double minutes = (metres - 1) * class->detour_pct * 60 / ((double)class->speed_kmh * 100 * 1000);
    return class->fixed_min + (minutes > 0 ? (int64_t)minutes : 0);
}

int64_t road_least_min(const struct timetable *timetable, uint32_t hall, uint32_t other)
{
    const struct travel_end *a = &timetable->halls[hall].travel;
    const struct travel_end *b = &timetable->halls[other].travel;
    if (hall == other || !is_bounded(timetable, hall)) {
        return 0;
    }
    return class_min(travel_end_class(timetable, a), a->known && b->known ? chord_m(a, b) : 0);
}

void reach_measure(struct free_search *search)
{
    const struct timetable *t = search->timetable;
    struct free_reach reach = {.known = search->hall_count > 0};
    for (size_t h = 0; reach.known && h < search->hall_count; h++) {
        const struct travel_end *end = &t->halls[search->halls[h].hall].travel;
        reach.centre = h == 0 ? *end : reach.centre;
        reach.known = end->known && is_bounded(t, search->halls[h].hall) &&
                      end->travel_class == reach.centre.travel_class;
        double away_m = chord_m(end, &reach.centre);
        reach.radius_m = away_m > reach.radius_m ? away_m : reach.radius_m;
    }
    search->reach = reach;
}

int64_t reach_least_min(const struct free_search *search, uint32_t other)
{
    const struct travel_end *end = &search->timetable->halls[other].travel;
    const struct free_reach *reach = &search->reach;
    double metres = end->known ? chord_m(end, &reach->centre) - reach->radius_m : 0;
    /* It may be one of the halls itself. */
    return metres <= 1 ? 0 : class_min(travel_end_class(search->timetable, &reach->centre), metres);
}
