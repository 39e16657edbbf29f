/* scheduler/bound_private: what the bound*.c files share; nobody else includes it.
 *
 * Days are words of 64 quarter hours from 06:00 to 22:00, as in the planner; but what is free is rounded
 * outwards and what is taken inwards, so that nothing possible is left out. */
#ifndef LITANG_SCHEDULER_BOUND_PRIVATE_H
#define LITANG_SCHEDULER_BOUND_PRIVATE_H

#include "scheduler/bound.h"

struct bound_work {
    const struct timetable *timetable;
    const struct bound_options *options;
    struct bound *bound;
    int32_t from_day;
    uint32_t day_count;
    struct day_info *days;     /* [day] */
    uint64_t *hall_words;      /* [hall * 7 + weekday] opening hours */
    uint64_t *person_words;    /* [instructor * day_count + day] */
    uint64_t *course_starts;   /* [course * day_count + day] starts at which somebody qualified is free */
    uint32_t *area_start;      /* [area + 1] into area_halls */
    uint32_t *area_halls;      /* halls in the area or below it */
    uint32_t *qualified_start; /* [course + 1] into qualified */
    uint32_t *qualified;
    int32_t *shortest;  /* [instructor] minutes of the shortest course */
    int32_t *open;      /* [request] sessions that could still be placed, 0 when impossible */
    int32_t *published; /* [request] */
    int64_t left_out;   /* what skipping series leave out wherever they are: not short of a place */
    /* Spans of days within one week and one month. */
    uint32_t *part_of_day; /* [day] */
    uint32_t part_count;
    int32_t *part_from;     /* [part + 1] first day of each, from 0 */
    bool *possible;         /* [request's parts, first at possible_start] some day of the part will do */
    size_t *possible_start; /* [request] */
};

/* ---- bound_days.c ---- */
enum error_code bound_days_open(struct bound_work *work);
void bound_days_close(struct bound_work *work);
/* The word of a room on a day, hard closures taken out. */
uint64_t bound_room_word(const struct bound_work *work, uint32_t room, uint32_t day);
/* Fills possible[] and takes requests without any day out of open[]. */
enum error_code bound_requests(struct bound_work *work);
/* The halls that a request may be in; more than it allows at most. */
const uint32_t *bound_halls_of(const struct bound_work *work, uint32_t request, size_t *ret_count);
/* Rooms with size and facilities, of a hall that the request allows. */
bool bound_room_fits(const struct timetable *timetable, uint32_t request, uint32_t room);

/* ---- bound_people.c, bound_halls.c: flows; each answers the most that can be placed of what is open ---- */
enum error_code bound_by_people(struct bound_work *work, int64_t *ret_most, struct error *err);
enum error_code bound_by_halls(struct bound_work *work, int64_t *ret_most, struct error *err);
enum error_code bound_add_deficit(struct bound *bound, const struct bound_deficit *deficit);

/* ---- bound_travel.c ---- */
enum error_code bound_by_travel(struct bound_work *work, struct error *err);

#endif
