/* scheduler/free: where else a session could go, or where a new one could be: ranked alternatives, none of
 * which breaks a rule. Fast enough to run while a person drags. Pure; any thread while nobody changes the
 * book. */
#ifndef LITANG_SCHEDULER_FREE_H
#define LITANG_SCHEDULER_FREE_H

#include "scheduler/plan.h"

enum {
    FREE_SCALE = 16, /* prices are in sixteenths of a cost unit: every term is a whole number of them */
    FREE_RESULTS_DEFAULT = 20,
    FREE_RESULTS_MAX = 500,
    FREE_PER_DAY_DEFAULT = 3,
    /* Starts that are offered: each quarter of an hour from 06:00 that lets the session end by 22:00, the
     * grid of the planner; one 64-bit word a day. */
    FREE_FIRST_MIN = 360,
    FREE_STEP_MIN = 15,
    FREE_STARTS = 64,
    FREE_LAST_END_MIN = 1320
};

struct free_query {
    int64_t session_id;  /* whose other places are sought; 0: a new session of `course` */
    uint32_t course;     /* of a new session */
    uint32_t request;    /* of a new session: whose preferences and heads count; NONE */
    uint32_t hall, area; /* one of them, the other NONE: any hall of the area */
    uint32_t room;       /* this room only, or NONE */
    uint32_t instructor; /* this leader only, or NONE: whoever is qualified */
    int32_t from_day, to_day;
    uint64_t overrides;   /* RULE_BIT()s of overridable rules that an offer may need set aside; 0 none */
    uint32_t max_results; /* 1 … FREE_RESULTS_MAX */
    /* 0: no limit. Otherwise at most so many offers a day, and one for a room, leader and part of a day. */
    uint32_t per_day;
    int32_t distance;                     /* weight of how far a move takes the session, docs/why.md; 0 off */
    int32_t score_from_day, score_to_day; /* the days whose soft cost is counted; from … to lies inside */
    struct weights weights;
};

/* Differences of the soft cost in sixteenths, by term; `distance` is not part of a plan's cost. */
struct free_price {
    struct plan_cost terms;
    int64_t distance;
    int64_t total;
};

struct free_offer {
    struct placement at;     /* session_id 0 for a new session; overrides are those it needs */
    uint64_t needs;          /* rules that must be set aside; 0 for most */
    struct free_price price; /* against where it stands now; of a new session: against none */
};

struct free_list {
    struct free_offer *items; /* owned */
    size_t count;
    bool complete;           /* false: broken off at the limit of work; what is there is right all the same */
    enum rule_code locked;   /* RULE_PINNED or RULE_HELD: it may not move at all; else RULE_COUNT */
    enum refusal_kind empty; /* when nothing is offered: no room, nobody qualified, no day, or crowded */
    uint64_t looked_at;      /* placements that the rule book was asked about */
};
void free_list_finish(struct free_list *list);

/* Defaults: 28 days either way, the halls of its request's area or its own hall, whole calendar years
 * counted, a series' meeting alone. ERR_NOT_FOUND: no such session in the book. */
enum error_code free_query_session(const struct book *book, int64_t session_id, struct free_query *ret_query,
                                   struct error *err);
struct free_query free_query_course(uint32_t course, uint32_t hall, uint32_t area, int32_t from_day,
                                    int32_t to_day);
/* The window and place of a request. */
struct free_query free_query_request(const struct timetable *timetable, uint32_t request);
/* Sets from … to and widens the counted days to the calendar years that they touch. */
void free_query_days(struct free_query *query, int32_t from_day, int32_t to_day);

/* The best places in order of (needs an override, price, day, start, room, leader), thinned as `per_day`
 * says. Exactly those that the rule book allows: nothing forbidden is offered, nothing better is left out,
 * unless `complete` is false. Days outside the course's season are not offered. ERR_INPUT: a query out of
 * bounds. */
enum error_code free_find(const struct book *book, const struct free_query *query, struct free_list *ret_list,
                          struct error *err);

#endif
