/* Minutes and metres between halls, and from home. Distances are rounded to metres first, so that
 * minutes come from whole numbers and a last bit of libm cannot change a plan. */
#include "scheduler/travel.h"

#include <math.h>

/* The same figures as the class "road" of the sample city. */
static const struct travel_class DEFAULT_CLASS = {
    .id = "road", .name = "road", .detour_pct = 135, .speed_kmh = 40, .fixed_min = 5};

static const double EARTH_RADIUS_M = 6371008.8; /* mean radius R1, IUGG 1980 (GRS 80) */
static const double RADIANS_PER_E6 = 3.14159265358979323846 / 180e6;

static uint32_t class_of_area(const struct timetable *timetable, uint32_t area)
{
    uint32_t at = area;
    for (int step = 0; step < AREA_ANCESTORS_MAX && at != NONE; step++) {
        if (timetable->areas[at].travel_class != NONE) {
            return timetable->areas[at].travel_class;
        }
        at = timetable->areas[at].parent;
    }
    return timetable->travel_class_count > 0 ? 0 : NONE;
}

struct travel_end travel_end_at(const struct timetable *timetable, struct place place, uint32_t area)
{
    double lat = place.lat_e6 * RADIANS_PER_E6;
    double lon = place.lon_e6 * RADIANS_PER_E6;
    return (struct travel_end){.x = cos(lat) * cos(lon),
                               .y = cos(lat) * sin(lon),
                               .z = sin(lat),
                               .known = place.known,
                               .travel_class = class_of_area(timetable, area),
                               .area = area};
}

/* Haversine by the chord: sin²(angle/2) is a quarter of its square, without any sine. */
static int32_t end_metres(const struct travel_end *from, const struct travel_end *to)
{
    if (!from->known || !to->known) {
        return 0;
    }
    double dx = from->x - to->x;
    double dy = from->y - to->y;
    double dz = from->z - to->z;
    double half_chord = sqrt(dx * dx + dy * dy + dz * dz) / 2;
    return (int32_t)lround(2 * EARTH_RADIUS_M * asin(half_chord < 1 ? half_chord : 1));
}

const struct travel_class *travel_classes(const struct timetable *timetable, size_t *ret_count)
{
    bool has_classes = timetable->travel_class_count > 0;
    *ret_count = has_classes ? timetable->travel_class_count : 1;
    return has_classes ? timetable->travel_classes : &DEFAULT_CLASS;
}

const struct travel_class *travel_end_class(const struct timetable *timetable, const struct travel_end *end)
{
    return end->travel_class < timetable->travel_class_count ? &timetable->travel_classes[end->travel_class]
                                                             : &DEFAULT_CLASS;
}

static int32_t road_minutes(const struct timetable *timetable, const struct travel_end *from,
                            const struct travel_end *to)
{
    const struct travel_class *slow = travel_end_class(timetable, from);
    int32_t fixed = slow->fixed_min;
    if (from->travel_class != to->travel_class) {
        const struct travel_class *other = travel_end_class(timetable, to);
        fixed = other->fixed_min > fixed ? other->fixed_min : fixed;
        /* detour/speed of the other is greater, compared without dividing */
        if (other->detour_pct * slow->speed_kmh > slow->detour_pct * other->speed_kmh) {
            slow = other;
        }
    }
    /* metres × detour% / (km/h), in minutes: × 60 / (100 × 1000), rounded up */
    int64_t above = (int64_t)end_metres(from, to) * slow->detour_pct * 60;
    int64_t below = (int64_t)slow->speed_kmh * 100 * 1000;
    return fixed + (int32_t)((above + below - 1) / below);
}

/* The override of a pair, or -1. */
static int32_t override_find(const struct timetable *timetable, uint32_t a, uint32_t b)
{
    if (a == NONE || b == NONE || !timetable->areas[a].has_override || !timetable->areas[b].has_override) {
        return -1;
    }
    uint32_t from = a < b ? a : b;
    uint32_t to = a < b ? b : a;
    size_t low = 0;
    size_t high = timetable->travel_override_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct travel_override *row = &timetable->travel_overrides[middle];
        if (row->from_area < from || (row->from_area == from && row->to_area < to)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < timetable->travel_override_count && timetable->travel_overrides[low].from_area == from &&
        timetable->travel_overrides[low].to_area == to) {
        return timetable->travel_overrides[low].minutes;
    }
    return -1;
}

/* The nearest level decides: the areas themselves, their townships, their counties. */
static int32_t override_minutes(const struct timetable *timetable, uint32_t from, uint32_t to)
{
    if (timetable->travel_override_count == 0 || from == NONE || to == NONE) {
        return -1;
    }
    const struct area *a = &timetable->areas[from];
    const struct area *b = &timetable->areas[to];
    int32_t minutes = override_find(timetable, from, to);
    if (minutes < 0) {
        minutes = override_find(timetable, a->township, b->township);
    }
    if (minutes < 0) {
        minutes = override_find(timetable, a->county, b->county);
    }
    return minutes;
}

static int32_t end_minutes(const struct timetable *timetable, const struct travel_end *from,
                           const struct travel_end *to)
{
    int32_t minutes = override_minutes(timetable, from->area, to->area);
    return minutes >= 0 ? minutes : road_minutes(timetable, from, to);
}

int32_t travel_hall_minutes(const struct timetable *timetable, uint32_t from_hall, uint32_t to_hall)
{
    if (from_hall == to_hall) {
        return 0;
    }
    return end_minutes(timetable, &timetable->halls[from_hall].travel, &timetable->halls[to_hall].travel);
}

int32_t travel_hall_metres(const struct timetable *timetable, uint32_t from_hall, uint32_t to_hall)
{
    return end_metres(&timetable->halls[from_hall].travel, &timetable->halls[to_hall].travel);
}

int32_t travel_home_minutes(const struct timetable *timetable, uint32_t instructor, uint32_t hall)
{
    return end_minutes(timetable, &timetable->instructors[instructor].travel, &timetable->halls[hall].travel);
}

int32_t travel_home_metres(const struct timetable *timetable, uint32_t instructor, uint32_t hall)
{
    return end_metres(&timetable->instructors[instructor].travel, &timetable->halls[hall].travel);
}
