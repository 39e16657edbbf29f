/* scheduler/repair_private: what the repair_*.c files share; nobody else includes it.
 *
 * A task is a session that repair has in its hands: hit, urgent, or a neighbour that gave way. Everything
 * else is in the book as published. Each change of a task is put down in a journal, so that a chain of moves
 * that comes to nothing is taken back. */
#ifndef LITANG_SCHEDULER_REPAIR_PRIVATE_H
#define LITANG_SCHEDULER_REPAIR_PRIVATE_H

#include "scheduler/id_map.h"
#include "scheduler/placement.h"
#include "scheduler/repair.h"

enum {
    REPAIR_CHAIN = 4,         /* hit sessions that may make room for each other, one after another */
    REPAIR_NEIGHBOURS = 2,    /* sessions that were not hit and give way for one that was */
    REPAIR_BLOCKERS = 3,      /* sessions in the way of one place */
    REPAIR_LOOKS = 12000,     /* places that the rule book is asked about for one session */
    REPAIR_TIER_LOOKS = 4000, /* and in one tier of distance */
    REPAIR_FOUND = 48,        /* possible places of a tier that are compared */
    REPAIR_OPTIONS = 96,      /* places in other sessions' way that are tried */
    REPAIR_TRIES = 600,       /* attempts at making room for one session */
    REPAIR_STUCK = 3,         /* of those that fail because one and the same session finds no other place */
    /* Looks while room is made for one session, and for all of them. Room that there is was found within
     * 10,000 looks; to learn that there is none took up to 50 million, 0.1 to 0.4 microseconds each. */
    REPAIR_ROOM_LOOKS = 300 * 1000,
    REPAIR_ALL_LOOKS = 20 * 1000 * 1000
};

/* What a place differs in from the published one. As a number: date > start > instructor > hall. */
enum {
    CHANGE_HALL = 1,
    CHANGE_INSTRUCTOR = 2,
    CHANGE_START = 4,
    CHANGE_DATE = 8,
    CHANGE_ALL = 15
};

struct task {
    struct placement was; /* urgent: a template; its session_id is negative, a number for the book alone */
    struct placement now; /* meaningful when placed */
    bool placed;
    bool is_hit, is_urgent; /* neither: a neighbour */
    bool rule_day;          /* hit by a closure or a holiday: the series' holiday rule has a say */
    bool dropped;           /* left out as the rule says */
    bool locked;            /* in the chain that is being tried, or a meeting of a new series */
    bool has_place;         /* some place would do, if nobody else were there */
    bool is_tried;          /* a free place was looked for */
    uint8_t stuck;          /* attempts at making room that failed because of it */
    size_t failed_at;       /* 1 + length of the journal when no room could be made; 0: not tried */
};

struct journal_entry {
    uint32_t task;
    bool placed;
    struct placement now;
};

struct repair {
    struct timetable *timetable;
    const struct repair_options *options;
    struct book *book;
    struct book *alone; /* an empty book: which rules does a place break by itself? */
    struct {
        struct task *items;
        size_t count, capacity;
    } tasks;
    struct {
        struct journal_entry *items;
        size_t count, capacity;
    } journal;
    struct id_map task_of; /* session number -> task */
    struct clash_list scratch;
    uint32_t *qualified_start; /* [course + 1] into qualified */
    uint32_t *qualified;
    uint32_t tries;         /* left for the session that room is made for */
    uint64_t looks;         /* so far */
    uint64_t room_looks;    /* of those, while room was made */
    uint64_t looks_end;     /* where the search for room for the session ends */
    enum error_code failed; /* memory; checked at the end of each step */
};

/* ---- repair.c ---- */
uint32_t repair_task_of(const struct repair *repair, int64_t session_id); /* NONE */
/* May it be touched at all? A hit one: not pinned, held or frozen. Any other also carries no override. */
bool repair_movable(const struct repair *repair, const struct placement *at, bool is_hit);
/* A task for the placement, which stays in the book for now; NONE when memory is out. */
uint32_t repair_task_add(struct repair *repair, const struct placement *at);
/* Puts the task there (NULL: takes it out), and writes the journal. */
void repair_set(struct repair *repair, uint32_t task, const struct placement *now);
void repair_undo(struct repair *repair, size_t mark);
/* Does taking a session out of this place leave its people enough time between their others? */
bool repair_leaves(const struct repair *repair, const struct placement *at, int64_t *ret_late_id);

/* ---- repair_hits.c ---- */
enum error_code repair_collect_hits(struct repair *repair, struct error *err);

/* ---- repair_domain.c ---- */
int32_t repair_first_day(const struct repair_options *options); /* that anything may come to lie on */
/* A place for a session, with what it changes. False ends the walk. */
typedef bool repair_visit(void *context, const struct placement *at, unsigned change);
struct repair_domain {
    int32_t *days; /* other than the published one */
    size_t day_count;
    bool day_stays; /* it may stay on the published one */
    int32_t starts[64];
    size_t start_count;
    uint32_t *rooms;
    size_t room_count;
    const uint32_t *people; /* qualified for the course */
    size_t people_count;
};
enum error_code repair_domain_make(const struct repair *repair, const struct task *task,
                                   struct repair_domain *ret_domain);
void repair_domain_finish(struct repair_domain *domain);
/* Every place that the room side of `judge` (NULL: nobody) allows, nearest tier first. A tier's walk ends
 * when the visitor answers false or after REPAIR_TIER_LOOKS; `after_tier` answers whether to go on to the
 * next. */
void repair_domain_walk(struct repair *repair, const struct task *task, const struct repair_domain *domain,
                        const struct book *judge, repair_visit *visit, bool (*after_tier)(void *context),
                        void *context);
/* The soft cost of a place by itself, as docs/repair.md says, and its distance in days and minutes. */
int64_t repair_price(const struct repair *repair, const struct task *task, const struct placement *at);

/* ---- repair_place.c ---- */
/* The nearest free place; false when there is none. */
bool repair_place(struct repair *repair, uint32_t task);
/* A place that others make free: hit ones for nothing, at most `neighbours` that were not hit. Nothing is
 * tried again while nothing has changed. */
bool repair_make_room(struct repair *repair, uint32_t task, int neighbours);
/* Sends neighbours home that need not have moved. */
void repair_send_home(struct repair *repair);

/* ---- repair_series.c ---- */
/* What the series' holiday rule does with a hit meeting: true when that settled it. */
bool repair_by_holiday_rule(struct repair *repair, uint32_t task);
/* Is at least half of the published series left, as when it was planned? */
bool repair_leaves_half(const struct repair *repair, int64_t series_id);
/* The open sessions of an urgent request become tasks; a weekly series is placed at once as a plan series.
 * One that contradicts itself is refused. */
enum error_code repair_add_urgent(struct repair *repair, uint32_t request, struct plan *plan,
                                  struct error *err);
/* Is the placement where its series meets anyway (weekday, start, length, room, people)? True without others.
 */
bool repair_is_regular(const struct repair *repair, const struct placement *at);

/* ---- repair_refuse.c ---- */
enum error_code repair_refuse(struct plan *plan, const struct plan_refusal *refusal);
/* At the end: a refusal for each request with tasks that have no place; the figures of all. */
enum error_code repair_refusals(struct repair *repair, struct plan *plan);

#endif
