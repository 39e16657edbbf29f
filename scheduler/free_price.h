/* scheduler/free_price: what one session more, or one session moved, does to the soft cost of a timetable:
 * the terms of docs/planner.md, each as a difference. For scheduler/free*.c, why*.c and reach*.c. All prices
 * are in sixteenths of a cost unit, so that every term is exact. One thread at a time for one `struct
 * pricing`. */
#ifndef LITANG_SCHEDULER_FREE_PRICE_H
#define LITANG_SCHEDULER_FREE_PRICE_H

#include "scheduler/free.h"

/* A township's sessions without the one that is priced. */
struct price_township {
    uint32_t area;
    bool counts;       /* it has a hall in use: its missing categories cost */
    bool has_category; /* the course's category is held in it */
    uint16_t *weeks;   /* owned; sessions a week, from the first week of the priced days */
};

struct pricing {
    const struct book *book;
    const struct timetable *timetable;
    struct weights weights;
    int32_t from_day, to_day; /* the days whose cost is counted */
    uint32_t self;            /* slot of the session that is priced, or NONE */
    uint32_t course;
    int64_t series_id;
    uint8_t weekdays, parts;
    bool category_offered;
    const struct placement *origin;             /* borrowed; where it stands now, NULL for a new session */
    const struct placement *published;          /* borrowed; where the published timetable has it, or NULL */
    int32_t distance;                           /* weight of the distance of a move */
    uint32_t others[LIMIT_SESSION_INSTRUCTORS]; /* who teaches besides the leader */
    uint8_t other_count;
    struct price_township *townships; /* owned */
    size_t township_count, township_capacity;
};

/* `pattern` is the session as it stands, or as a new one would be (course, request, series, instructors after
 * the first); `self` its slot or NONE. */
enum error_code pricing_open(struct pricing *pricing, const struct book *book, const struct free_query *query,
                             const struct placement *pattern, uint32_t self, struct error *err);
void pricing_close(struct pricing *pricing);

/* The township of a hall, read on first use; *ret_index is NONE for a hall without one. ERR_MEMORY. */
enum error_code pricing_township_of(struct pricing *pricing, uint32_t hall, uint32_t *ret_index,
                                    struct error *err);

/* Weekday and holiday; and the distance in days of a move. */
int64_t pricing_day(const struct pricing *pricing, int32_t day);
int64_t pricing_part(const struct pricing *pricing, int32_t start_min);
/* Coverage: the first session of a hall, the first of a category in a township. Never above 0. */
int64_t pricing_reach(const struct pricing *pricing, uint32_t hall, uint32_t township);
int64_t pricing_evenness(const struct pricing *pricing, uint32_t township, int32_t day);
int64_t pricing_spacing(const struct pricing *pricing, uint32_t hall, int32_t day);
int64_t pricing_load(const struct pricing *pricing, uint32_t instructor, int32_t day);
/* Minutes that the hall adds to the instructor's day when the session starts there at start_min; start_min
 * < 0: the least of any time of day. *ret_until_min (may be NULL): the same for every later start before it.
 */
int64_t pricing_travel_min(const struct pricing *pricing, uint32_t instructor, uint32_t hall, int32_t day,
                           int32_t start_min, int32_t *ret_until_min);
int64_t pricing_continuity(const struct pricing *pricing, const struct placement *at);
/* Does the hall hold another session of the course, so that continuity can cost? */
bool pricing_hall_has_course(const struct pricing *pricing, uint32_t hall);
/* How far a move takes the session, without its days: another room, hall, start, leader. */
int64_t pricing_distance_hall(const struct pricing *pricing, uint32_t hall);
int64_t pricing_distance_room(const struct pricing *pricing, uint32_t room);
int64_t pricing_distance_start(const struct pricing *pricing, int32_t start_min);
int64_t pricing_distance_leader(const struct pricing *pricing, uint32_t instructor);
/* The published place is the only one that does not cost `change`. */
int64_t pricing_change(const struct pricing *pricing, const struct placement *at);

/* Every term of one placement against the timetable without the session. */
enum error_code pricing_all(struct pricing *pricing, const struct placement *at, struct free_price *ret_price,
                            struct error *err);

#endif
