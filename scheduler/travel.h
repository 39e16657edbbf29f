/* scheduler/travel: minutes from one hall to another, the one definition for rules, planner and
 * reports. Great-circle km (haversine, mean radius 6371.0088 km, IUGG) × detour ÷ speed + fixed
 * minutes, rounded up; of the two ends' travel classes the slower leg counts (max of detour/speed and
 * of fixed). 0 within one hall. An override between the two areas (or their townships, or counties; nearest
 * level first) replaces it. Unknown places: 0 km, fixed minutes only. Pure, any thread. */
#ifndef LITANG_SCHEDULER_TRAVEL_H
#define LITANG_SCHEDULER_TRAVEL_H

#include "scheduler/timetable.h"

/* For timetable_seal: the end of a journey at a place of an area (NONE is allowed), whose travel class is its
 * own, its nearest ancestor's that has one, or class 0. Areas must have their parents. */
struct travel_end travel_end_at(const struct timetable *, struct place place, uint32_t area);
/* The classes that journeys are counted by: the deployment's, or, where it has none, one with the figures of
 * a plain road (135 %, 40 km/h, 5 minutes). Borrowed from the timetable; at least one. */
const struct travel_class *travel_classes(const struct timetable *, size_t *ret_count);
/* The one that counts at an end; borrowed likewise. */
const struct travel_class *travel_end_class(const struct timetable *, const struct travel_end *);
int32_t travel_hall_minutes(const struct timetable *, uint32_t from_hall, uint32_t to_hall);
int32_t travel_hall_metres(const struct timetable *, uint32_t from_hall, uint32_t to_hall);
/* From an instructor's home to a hall; soft: costs, never a clash. */
int32_t travel_home_minutes(const struct timetable *, uint32_t instructor, uint32_t hall);
int32_t travel_home_metres(const struct timetable *, uint32_t instructor, uint32_t hall);

#endif
