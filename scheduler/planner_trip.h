/* scheduler/planner_trip: an instructor's day around one start: who comes before and after, and what the
 * journey costs. Internal to the planner's search. */
#ifndef LITANG_SCHEDULER_PLANNER_TRIP_H
#define LITANG_SCHEDULER_PLANNER_TRIP_H

#include "scheduler/planner_search.h"

/* The words of a room and of an instructor, the block itself not counted. */
/* Does a meeting of the placed block fall on the day? A series keeps its weekday. */
static inline bool search_block_meets(const struct search *s, uint32_t index, uint32_t day)
{
    const struct block *block = &s->problem->blocks[index];
    if (!block->is_series) {
        return s->spots[index].day == day;
    }
    if ((day + 7 * 1024 - s->spots[index].day) % 7 != 0) {
        return false;
    }
    for (uint32_t k = 0; k < s->met[index]; k++) {
        if (node_day(&s->nodes[block->first_node + k]) == day) {
            return true;
        }
    }
    return false;
}

static inline uint64_t search_room_free(const struct search *s, uint32_t index, uint32_t day, uint32_t room)
{
    const struct planner_problem *p = s->problem;
    const struct spot *now = &s->spots[index];
    uint64_t free = search_room_is_odd(s, room, day)
                        ? s->room_free[(size_t)room * p->day_count + day]
                        : p->room_week[(size_t)room * WEEK_WORDS + p->weekday[day]];
    if (now->room == NONE || !search_block_meets(s, index, day)) {
        return free;
    }
    if (now->room == room) {
        return free | block_room_mask(&p->blocks[index], now->slot);
    }
    uint32_t hall = p->room_hall[room];
    if (p->hall_has_whole[hall] && p->room_hall[now->room] == hall) {
        return search_room_without(s, room, day, index);
    }
    return free;
}

static inline uint64_t search_instructor_free(const struct search *s, uint32_t index, uint32_t day,
                                              uint32_t instructor)
{
    const struct planner_problem *p = s->problem;
    const struct spot *now = &s->spots[index];
    uint64_t free = search_day_is_odd(s, instructor, day)
                        ? s->days[(size_t)instructor * p->day_count + day].free
                        : p->instructor_week[(size_t)instructor * WEEK_WORDS + p->weekday[day]];
    if (now->room != NONE && now->instructor == instructor && search_block_meets(s, index, day)) {
        free |= slots_span(now->slot, s->problem->blocks[index].slots);
    }
    return free;
}

/* search_starts, to be inlined. */
static inline uint64_t search_starts_here(const struct search *s, uint32_t index, uint32_t day, uint32_t room,
                                          uint32_t instructor)
{
    uint64_t instructor_free = search_instructor_free(s, index, day, instructor);
    return instructor_free == 0 ? 0
                                : block_starts(&s->problem->blocks[index],
                                               search_room_free(s, index, day, room), instructor_free);
}

/* Minutes of the day in question; the evening before is negative, the morning after past 1440. */
struct trip {
    uint32_t before_hall, after_hall; /* NONE: home */
    uint32_t first_hall;              /* of the others; NONE: there are none */
    int32_t before_end, after_start;
    int32_t count; /* others on the day */
};

static inline void trip_meet(struct trip *trip, uint32_t hall, int32_t from_min, int32_t to_min,
                             int32_t start_min)
{
    trip->first_hall = trip->count == 0 ? hall : trip->first_hall;
    trip->count++;
    if (from_min < start_min) {
        trip->before_hall = hall;
        trip->before_end = to_min;
    } else if (trip->after_hall == NONE) {
        trip->after_hall = hall;
        trip->after_start = from_min;
    }
}

/* The day's other sessions around a start; those of the block do not count. */
static inline struct trip trip_find(const struct search *s, uint32_t index, uint32_t instructor, uint32_t day,
                                    int32_t start_min)
{
    const struct planner_problem *p = s->problem;
    struct trip trip = {NONE, NONE, NONE, 0, 0, 0};
    if (!search_day_is_odd(s, instructor, day)) {
        return trip;
    }
    const struct person_day *line = &s->days[(size_t)instructor * p->day_count + day];
    const struct block *block = &p->blocks[index];
    if (line->count <= DAY_STOPS) {
        for (uint32_t i = 0; i < line->count; i++) {
            const struct stop *stop = &line->stops[i];
            if (stop->node - block->first_node >= block->meetings) {
                trip_meet(&trip, stop->hall, stop->start, stop->end, start_min);
            }
        }
        return trip;
    }
    int32_t midnight = (int32_t)day * 1440;
    for (uint32_t at = line->head; at != NONE; at = s->nodes[at].next) {
        const struct node *node = &s->nodes[at];
        if (node->block != index) {
            trip_meet(&trip, node->hall, node->start - midnight, node->end - midnight, start_min);
        }
    }
    return trip;
}

/* What a stop at the hall adds to the day's journey. */
static inline int32_t trip_minutes(const struct planner_problem *p, const struct trip *trip,
                                   uint32_t instructor, uint32_t hall)
{
    bool is_first = trip->before_hall == NONE;
    bool is_last = trip->after_hall == NONE;
    if (is_first && is_last) {
        return 2 * problem_home(p, instructor, hall);
    }
    if (is_first) {
        return problem_home(p, instructor, hall) + problem_travel(p, hall, trip->after_hall) -
               problem_home(p, instructor, trip->after_hall);
    }
    if (is_last) {
        return problem_home(p, instructor, hall) + problem_travel(p, hall, trip->before_hall) -
               problem_home(p, instructor, trip->before_hall);
    }
    return problem_travel(p, hall, trip->before_hall) + problem_travel(p, hall, trip->after_hall) -
           problem_travel(p, trip->before_hall, trip->after_hall);
}

/* How much more the cost of seats kept is with the stop, in minutes. */
static inline int32_t trip_seats(const struct search *s, const struct trip *trip, uint32_t instructor,
                                 uint32_t hall)
{
    if (!s->keeps_seats || trip->count > 2) {
        return 0;
    }
    uint32_t count = (uint32_t)trip->count;
    uint32_t first = trip->before_hall == NONE ? hall : trip->first_hall;
    int32_t without = count == 0 ? 0 : kept_minutes(s, instructor, trip->first_hall, count);
    return without - kept_minutes(s, instructor, first, count + 1);
}

/* What a stop at the hall adds to the day, seats that are kept included. */
static inline int32_t trip_growth(const struct search *s, const struct trip *trip, uint32_t instructor,
                                  uint32_t hall)
{
    return trip_minutes(s->problem, trip, instructor, hall) + trip_seats(s, trip, instructor, hall);
}

/* What a day of its own costs in minutes. */
static inline int32_t trip_alone_minutes(const struct search *s, uint32_t instructor, uint32_t hall)
{
    const struct trip none = {NONE, NONE, NONE, 0, 0, 0};
    return trip_growth(s, &none, instructor, hall);
}

static inline bool trip_leg_fits(const struct planner_problem *p, uint32_t hall, uint32_t other_hall,
                                 int32_t gap_min)
{
    return hall == other_hall || gap_min >= p->longest_leg_min ||
           problem_travel(p, hall, other_hall) <= gap_min;
}

/* Midnight is no border for the travel rule: where the night is short, the session of the evening before and
 * the one of the morning after join the trip. */
void trip_add_nights(const struct search *search, uint32_t block, uint32_t instructor, uint32_t day,
                     struct trip *trip);

/* RULE_COUNT, RULE_INSTRUCTOR_OVERLAP or RULE_TRAVEL. */
static inline enum rule_code trip_judge(const struct search *s, uint32_t index, const struct spot *at,
                                        uint32_t day, struct trip trip)
{
    const struct planner_problem *p = s->problem;
    uint32_t hall = p->room_hall[at->room];
    int32_t start = slot_minute(at->slot);
    int32_t end = start + p->blocks[index].minutes;
    if ((trip.before_hall == NONE && start + 1440 - p->latest_end_min < p->longest_leg_min) ||
        (trip.after_hall == NONE && 1440 + p->earliest_start_min - end < p->longest_leg_min)) {
        trip_add_nights(s, index, at->instructor, day, &trip);
    }
    if ((trip.before_hall != NONE && trip.before_end > start) ||
        (trip.after_hall != NONE && trip.after_start < end)) {
        return RULE_INSTRUCTOR_OVERLAP;
    }
    if ((trip.before_hall != NONE && !trip_leg_fits(p, hall, trip.before_hall, start - trip.before_end)) ||
        (trip.after_hall != NONE && !trip_leg_fits(p, hall, trip.after_hall, trip.after_start - end))) {
        return RULE_TRAVEL;
    }
    return RULE_COUNT;
}

#endif
