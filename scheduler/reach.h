/* scheduler/reach: coverage that plans. Given halls (or villages, townships) that lack sessions, sessions
 * that would reach them: each allowed by the rule book on top of the published timetable and of all others
 * that are chosen; as many targets as can be, with the fewest sessions, over the shortest roads; and for
 * every target that is left out whether it is impossible by itself, or only together with the others, and
 * why. docs/reach.md states method and proofs. A pure function; call it on a worker thread. */
#ifndef LITANG_SCHEDULER_REACH_H
#define LITANG_SCHEDULER_REACH_H

#include "scheduler/planner.h"
#include "scheduler/why.h"

/* One of hall and area, the other NONE. An area is reached by sessions in any hall below it. */
struct reach_target {
    uint32_t hall, area;
    int32_t need; /* sessions that it lacks, 1 … LIMIT_REACH_NEED */
};

struct reach_query {
    int32_t from_day, to_day;           /* inclusive, at most LIMIT_PLAN_DAYS */
    int32_t latest_day;                 /* a later deadline is worth suggesting up to here; to_day: never */
    const struct reach_target *targets; /* borrowed; no hall lies in two of them */
    size_t target_count;
    size_t goal;    /* as many targets are enough; SIZE_MAX: all */
    uint32_t looks; /* places looked at for reasons, all targets together; 0: no reasons */
    uint64_t work; /* days of people looked at and places asked of the rule book, in each of chains, trade and
                      proof */
    struct weights
        weights; /* a place is easy when it costs nothing of day, part, spacing and soft closures */
};

/* Every active course of the menu, one meeting; requests of the hall that are no series and still open. */
struct reach_place {
    struct placement at; /* request NONE: from the menu */
    bool wished;         /* an open request is served */
    bool easy;           /* no holiday, market day, unwelcome hour, or session of the hall within a week */
    int32_t travel_min;  /* what it adds to the instructor's day, as the score counts it */
};

struct reach_proposal {
    struct reach_place place; /* travel_min: on top of the proposals before it, so that they add up */
    uint32_t target;
};

enum reach_state {
    REACH_PLACED,     /* its proposals are among those answered */
    REACH_SPARE,      /* possible, or not looked at: the goal was met without it */
    REACH_IMPOSSIBLE, /* proven: no place, even if it were the only target */
    REACH_CROWDED     /* possible alone; the others take what it would need */
};

enum {
    REACH_REASONS_MAX = 3
};
/* What stands against the places of a target, and what would help. */
struct reach_reasons {
    enum rule_code always; /* this rule removes every place; RULE_COUNT: none does */
    /* The rules that remove the most places: counted are those that the rule removes alone, or, when there
     * are none, with others. */
    enum rule_code rules[REACH_REASONS_MAX];
    uint32_t by_rule[REACH_REASONS_MAX];
    size_t rule_count;
    bool by_rule_alone;
    struct why_change change; /* the smallest single change that would make room */
    bool has_change;
};
struct reach_verdict {
    enum reach_state state;
    int32_t possible;   /* of an impossible one: how many of its sessions could be held */
    bool no_room;       /* no hall, or none in use with a room, in these days */
    bool no_course;     /* nothing on the menu in these days, and no open request */
    uint32_t looked_at; /* places, an even sample when there are more */
    struct reach_reasons reasons;
    /* The same without the rules and changes that are about a person, whatever these do: on two days that
     * differ in somebody's leave alone it is the same. Rules are counted with others. */
    struct reach_reasons impersonal;
    bool has_personal; /* rules about a person stand against some places, too */
};

struct reach {
    struct timetable *timetable; /* owned reference */
    int32_t from_day, to_day;
    struct reach_proposal *proposals; /* owned; by gain per travel minute, best first */
    size_t proposal_count;
    struct reach_verdict *verdicts; /* owned; by target */
    size_t target_count;
    size_t reached;      /* targets with all their sessions */
    size_t reached_most; /* no choice of sessions reaches more; at most the goal */
    bool proven; /* nothing reaches more, up to the goal; false: the search was broken off before that */
    int64_t sessions_least; /* so many targets cannot be reached with fewer */
    int64_t travel_min;     /* of all proposals */
    bool cancelled;
    uint64_t elapsed_ms;
};

struct reach_query reach_query_default(int32_t from_day, int32_t to_day);
/* The world's clock tells elapsed_ms only: the answer depends on timetable and query alone, unless cancelled.
 * ERR_INPUT: days, targets or needs out of bounds. Every proposal has been asked of the rule book last. */
enum error_code reach_run(struct timetable *timetable, const struct reach_query *query,
                          const struct planner_world *world, struct reach **ret_reach, struct error *err);
void reach_destroy(struct reach *reach); /* NULL is allowed */
/* The proposals as a draft that can be saved, compared and published. */
enum error_code reach_plan(const struct reach *reach, const struct weights *weights, struct plan **ret_plan,
                           struct error *err);

struct reach_places {
    struct reach_place *items; /* owned */
    size_t count;
};
/* The best places of one target, by itself, best first: open requests before the menu, easy ones before
 * others, then the least travel. At most one a leader and day, a third of them a leader. `book` is of the
 * published timetable; nobody changes it meanwhile. */
enum error_code reach_alternatives(struct book *book, const struct reach_query *query, uint32_t target,
                                   size_t max, struct reach_places *ret_places, struct error *err);
void reach_places_finish(struct reach_places *places);

/* The reasons as the audience may read them: `impersonal` for who may not know people's limits. Borrowed. */
const struct reach_reasons *reach_reasons_for(const struct reach_verdict *verdict, enum audience audience);
/* "每个时间都因“礼堂停用”不可行；若…，可排 1 场，例如 …" Why a target is left out, in a sentence or two. */
void reach_verdict_text(const struct timetable *timetable, const struct reach_verdict *verdict,
                        enum audience audience, bool chinese, struct text *out);

#endif
