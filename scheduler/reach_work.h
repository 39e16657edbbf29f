/* scheduler/reach_work: the targets in work: who has which sessions, and the ways to give them some. For
 * scheduler/reach*.c only. One thread. */
#ifndef LITANG_SCHEDULER_REACH_WORK_H
#define LITANG_SCHEDULER_REACH_WORK_H

#include "scheduler/reach_field.h"

struct reach_seat {
    struct reach_found found;
    uint32_t slot; /* of the book */
};

struct reach_aim {
    struct reach_site site;
    int32_t need;
    struct reach_seat *seats; /* inside work.seats: need of them */
    int32_t seat_count;
    struct reach_found best; /* the next seat, when has_best; of `version` */
    uint32_t version;
    bool has_best;
    bool impossible;  /* proven: not even alone */
    int32_t possible; /* of an impossible one */
    bool is_visited;  /* of one chain of ejections */
    bool in_core;     /* some chain that failed went through it */
};

/* One step that can be taken back. */
struct reach_undo {
    uint32_t aim;
    bool added;
    struct reach_found found; /* of a removed one */
};

struct reach_work {
    struct timetable *timetable;
    const struct reach_query *query;
    const atomic_bool *cancel;
    struct book *book;        /* owned; published and drafts */
    struct reach_field field; /* over it */
    struct book *base_book;   /* owned; published only; NULL until wanted */
    struct reach_field base;  /* over it */
    uint32_t *site_halls;     /* owned */
    struct reach_seat *seats; /* owned */
    struct reach_aim *aims;   /* owned */
    size_t aim_count;
    size_t goal, reached;
    uint32_t *owners; /* owned; [slot] aim, NONE */
    size_t owner_capacity;
    struct reach_undo *undos; /* owned */
    size_t undo_count, undo_capacity;
    bool undo_kept; /* steps are noted */
    uint64_t spent; /* in this phase: days of people looked at, placements asked about */
    bool is_cut;    /* work or cancel ended the phase early */
    bool is_cancelled;
    size_t reached_most;
    int64_t sessions_least;
    bool proven;
};

enum error_code work_open(struct reach_work *work, struct timetable *timetable,
                          const struct reach_query *query, const atomic_bool *cancel, struct error *err);
void work_close(struct reach_work *work);
/* The field over the published sessions alone. */
enum error_code work_base(struct reach_work *work, struct error *err);
/* Each phase has query.work to spend. */
void work_phase(struct reach_work *work);
/* False: the phase has spent what it may, or the run is cancelled. */
bool work_goes_on(struct reach_work *work);
static inline bool aim_is_placed(const struct reach_aim *aim)
{
    return aim->seat_count == aim->need;
}

/* The best place for one more session; *ret_any false: there is none. */
enum error_code seat_find(struct reach_work *work, uint32_t aim, struct reach_found *ret_found, bool *ret_any,
                          struct error *err);
enum error_code seat_add(struct reach_work *work, uint32_t aim, const struct reach_found *found,
                         struct error *err);
/* The last one. */
enum error_code seat_drop(struct reach_work *work, uint32_t aim, struct error *err);
/* Takes the steps back down to a count of them. */
enum error_code seats_undo(struct reach_work *work, size_t mark, struct error *err);
/* All sessions that it lacks, or none more: *ret_placed. */
enum error_code aim_fill(struct reach_work *work, uint32_t aim, bool *ret_placed, struct error *err);

/* The phases, in their order. Each keeps what stands allowed. */
enum error_code work_construct(struct reach_work *work,
                               struct error *err);                        /* cheapest first, up to the goal */
enum error_code work_alone(struct reach_work *work, struct error *err);   /* who is impossible */
enum error_code work_eject(struct reach_work *work, struct error *err);   /* chains of moves for the rest */
enum error_code work_trade(struct reach_work *work, struct error *err);   /* fewer sessions for as many */
enum error_code work_prove(struct reach_work *work, struct error *err);   /* bounds; small ones to the end */
enum error_code work_improve(struct reach_work *work, struct error *err); /* shorter roads */

/* ---- the whole domain of some targets, for proofs ---- */

struct reach_choice {
    uint32_t aim; /* of the domain */
    struct reach_found found;
};
struct reach_domain {
    uint32_t *aims; /* owned; of the work, by number of choices */
    size_t aim_count;
    struct reach_choice *choices; /* owned; by aim */
    size_t choice_count, choice_capacity;
    size_t *first; /* owned; [aim_count + 1] */
    bool whole;    /* false: too many places to list */
};
/* Every place of each target on top of the published sessions, but for those that others stand for. Finish in
 * any case. ERR_MEMORY. */
enum error_code domain_collect(struct reach_work *work, const uint32_t *aims, size_t count,
                               struct reach_domain *ret_domain, struct error *err);
void domain_finish(struct reach_domain *domain);
/* Drops places that another one stands for, whatever the other targets do. ERR_MEMORY. */
enum error_code domain_thin(const struct reach_work *work, struct reach_domain *domain);
/* The sessions that everybody's caps leave room for in the days of the query. */
int64_t people_capacity(const struct reach_work *work);
/* No set of sessions reaches more of the domain's targets. ERR_MEMORY. */
enum error_code domain_bound(const struct reach_work *work, const struct reach_domain *domain,
                             size_t *ret_most, struct error *err);
/* Most targets, then fewest sessions, by trying all that could be better than (*reached, *sessions), up to
 * `goal`. What is better is in ret_chosen ([sessions] choices, by target). *ret_whole: nothing was left
 * untried. */
struct reach_best {
    size_t reached;
    int64_t sessions;
    size_t *chosen; /* owned; choices; NULL: nothing better than what was asked for */
    bool whole;
};
enum error_code domain_exhaust(struct reach_work *work, const struct reach_domain *domain, size_t goal,
                               struct reach_best *best, struct error *err);

#endif
