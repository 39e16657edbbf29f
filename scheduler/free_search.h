/* scheduler/free_search: the walk behind free_find: places in order of their price, cheapest first, each
 * asked of the rule book until enough are found. For scheduler/free*.c only. One thread a search. */
#ifndef LITANG_SCHEDULER_FREE_SEARCH_H
#define LITANG_SCHEDULER_FREE_SEARCH_H

#include "scheduler/free_mask.h"
#include "scheduler/free_price.h"

struct free_room {
    uint32_t room;
    bool dead;       /* the rule book refused it for its own sake */
    uint64_t *open;  /* owned; by day of the window: its mask once known, see `known` */
    uint64_t *soft;  /* inside `open`'s memory */
    uint64_t *known; /* inside too: a bit a day */
};

struct free_hall {
    uint32_t hall, township;
    uint32_t first_room, room_count; /* of search.rooms */
    int64_t base;                    /* what does not depend on day, start or person */
    int64_t least_day;               /* the cheapest day */
    int64_t *day_price;              /* by day of the window; INT64_MAX: out of season */
    uint64_t *order;                 /* owned; days by price, then day; NULL until wanted */
    uint64_t *dead;                  /* a bit a day */
    uint64_t hours[7];
    uint8_t hours_known;
    bool has_course; /* another session of the course: continuity may cost */
};

struct free_busy {
    uint32_t day;     /* of the window */
    uint32_t hall;    /* where a session of that day is */
    int32_t home_min; /* from there home */
    int32_t leg_min;  /* from the session before it on that day, -1 when it is the first */
};

struct free_person {
    uint32_t instructor;
    int64_t base, least_load;
    uint32_t first_busy, busy_count; /* of search.busy */
    /* Beside a session of theirs: at least this much more than one way home, and at least this much between
     * two. */
    int64_t beside_min, between_min;
    uint64_t *dead;      /* a bit a day */
    uint64_t *busy_days; /* a bit a day */
    uint64_t hours[7];
    uint8_t hours_known;
};

/* A promise: nothing below it costs less. In order of (price, day, start, room, person). */
struct free_node {
    int64_t price;
    int32_t day;           /* of the window; INT32_MIN before any */
    int32_t start_min;     /* -1 before any */
    uint32_t hall_or_room; /* index of search.halls; of a candidate: the room */
    uint32_t person;       /* index of search.people */
    uint16_t kind;
    uint16_t cursor; /* of a cursor: where in the hall's order of days; of a spot: 1 when its road is exact */
    int32_t road_min; /* of a pair: from home to the hall; of a spot: what its price counts for the road */
};

/* The halls as one ball, for a bound on the road to all of them. */
struct free_reach {
    bool known; /* false: no bound (a hall without a place, a road set by hand, several classes of roads) */
    struct travel_end centre;
    double radius_m;
};

struct free_search {
    const struct free_query *query;
    const struct book *book;
    const struct timetable *timetable;
    struct placement pattern;
    uint32_t self;
    struct pricing pricing;
    uint64_t overrides; /* set aside in this pass */
    int32_t day_count;
    size_t day_words;

    struct free_room *rooms;
    size_t room_count, room_capacity;
    struct free_hall *halls;
    size_t hall_count, hall_capacity;
    struct free_person *people;
    size_t people_count, people_capacity;
    struct free_busy *busy;
    size_t busy_count, busy_capacity;
    struct free_reach reach;
    int64_t *day_price; /* owned; by day of the window */
    int64_t *hall_days; /* owned; the halls' day_price */
    uint64_t *dead;     /* owned; the halls' and people's bits, and days_dead */
    uint64_t *days_dead;
    uint32_t *day_offers; /* owned; offers a day */
    struct free_node *heap;
    size_t heap_count, heap_capacity;
};

static inline int64_t travel_price(const struct free_search *search, int64_t minutes)
{
    return minutes * search->pricing.weights.travel * FREE_SCALE;
}

enum {
    NODE_PAIR,
    NODE_CURSOR,
    NODE_SPOT,
    NODE_CANDIDATE
};

/* What the parts of the search share: the heap; a spot's starts as candidates; one start as a placement. */
enum error_code search_push(struct free_search *search, struct free_node node);
enum error_code spot_expand(struct free_search *search, const struct free_node *spot);
struct placement candidate_at(const struct free_search *search, int32_t day, int32_t start_min, uint32_t room,
                              uint32_t instructor);
bool same_place(const struct placement *a, const struct placement *b); /* NULL is nowhere */

/* At most the minutes between two halls; and between another hall and any that is looked at. */
int64_t road_least_min(const struct timetable *timetable, uint32_t hall, uint32_t other);
void reach_measure(struct free_search *search);
int64_t reach_least_min(const struct free_search *search, uint32_t other);

/* Collects halls, people and days. ERR_MEMORY, ERR_INPUT. Close in any case. */
enum error_code search_open(struct free_search *search, const struct book *book,
                            const struct free_query *query, const struct placement *pattern, uint32_t self,
                            struct error *err);
void search_close(struct free_search *search);
/* One pass with some rules set aside; appends to `list` what stands for max_results. */
enum error_code search_pass(struct free_search *search, uint64_t overrides, struct free_list *list,
                            struct error *err);

#endif
