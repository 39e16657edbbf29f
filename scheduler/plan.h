/* scheduler/plan: what the planner answers: a set of changes on top of a published revision, and what it
 * could not place, with reasons. Indices refer to the timetable that it was planned on (held by reference).
 */
#ifndef LITANG_SCHEDULER_PLAN_H
#define LITANG_SCHEDULER_PLAN_H

#include "scheduler/rules.h"
#include "scheduler/weights.h"

enum plan_action {
    PLAN_CREATE,
    PLAN_MOVE,
    PLAN_CANCEL
};

struct plan_item {
    enum plan_action action;
    struct placement at; /* CREATE: session_id 0; MOVE: where it goes; CANCEL: where it was */
};

/* A new weekly series; placements refer to it by series_id -(index + 1). */
struct plan_series {
    uint32_t request;
    enum holiday_rule holiday_rule;
};

enum refusal_kind {
    REFUSAL_WITHDRAWN,     /* it was withdrawn; nothing need be missing */
    REFUSAL_NO_HALL,       /* the hall is not in use, or the area has none with what the course needs */
    REFUSAL_NO_INSTRUCTOR, /* nobody is qualified */
    REFUSAL_NO_DAY,        /* window, season and series leave no day, whatever days are planned */
    REFUSAL_PLAN_DAYS,     /* they do leave days, but not within the plan's */
    REFUSAL_NO_PLACE,      /* each candidate breaks a rule even in an empty timetable */
    REFUSAL_CROWDED        /* candidates exist, but other sessions or caps stand in the way */
};

struct plan_refusal {
    uint32_t request;
    int32_t missing;  /* sessions that were not placed */
    int32_t left_out; /* of a skipping series, by its rule: neither missing nor placed */
    enum refusal_kind kind;
    bool is_weekly; /* REFUSAL_NO_DAY, _PLAN_DAYS: of a series as a whole, not of its meetings one by one */
    uint32_t by_rule[RULE_COUNT]; /* candidates that this rule removed, of those looked at; each counted under
                                   * its most frequent rule */
    uint32_t looked_at;
    bool assumes_hours; /* RULE_OPENING also counts hours that a hall without any was taken to have */
};

/* Soft cost by term, each already multiplied by its weight. */
struct plan_cost {
#define X(field, value, unit, zh) int64_t field;
    WEIGHT_LIST(X)
#undef X
};
int64_t plan_cost_total(const struct plan_cost *cost);

struct plan {
    struct timetable *timetable; /* owned reference */
    int64_t base_revision;
    int32_t from_day, to_day;
    uint64_t seed;
    uint32_t threads;
    uint64_t iterations; /* search steps done by each thread: replays the run, with the next two */
    uint64_t
        schedule; /* steps that the cooling was laid out for; equals iterations unless the clock cut in */
    uint64_t series_moves;  /* those of them that were for the weekly series alone */
    uint64_t scanned;       /* places that steps measured besides their own, by all threads */
    int64_t wanted, placed; /* sessions of requests in the window, already published ones included */
    int64_t priority_wanted, priority_placed; /* the same, weighted by the request's priority */
    struct plan_cost cost;
    uint64_t elapsed_ms;
    struct plan_item *items;
    size_t item_count, item_capacity; /* owned */
    struct plan_series *series;
    size_t series_count, series_capacity; /* owned */
    struct plan_refusal *refusals;
    size_t refusal_count, refusal_capacity; /* owned, by request */
};

void plan_destroy(struct plan *plan); /* NULL is allowed */
/* Which rules are to blame, for by_rule: `rules` holds what each of `count` candidates breaks, as bits, and
 * is used up. The rule that stands in most candidates' way takes what it removes, the next one of the rest,
 * and so on: the first named is then the one worth changing. */
void refusal_attribute(uint64_t *rules, uint32_t count, uint32_t *ret_by_rule);
/* "需要 3 场，已排 1 场：…" Why a request was refused, in a sentence. */
void refusal_sentence(const struct timetable *, const struct plan_refusal *, bool chinese, struct text *out);

/* The cost of a whole timetable by plain loops over its non-cancelled sessions from … to (docs/planner.md).
 * Shares no code with the search, so that each checks the other. */
enum error_code score_timetable(const struct book *book, const struct weights *weights, int32_t from_day,
                                int32_t to_day, struct plan_cost *ret_cost, struct error *err);
/* How many sessions of requests whose window touches from … to are wanted and placed in the book. */
void score_requests(const struct book *book, int32_t from_day, int32_t to_day, int64_t *ret_wanted,
                    int64_t *ret_placed, int64_t *ret_priority_wanted, int64_t *ret_priority_placed);

#endif
