/* scheduler/planner_search: one search's state: where each block stands, kept with occupancy, lists and
 * counters, so that a move is judged and priced by its difference. Internal to the planner; one thread.
 *
 * Hard rules are never broken inside: search_judge is asked before search_insert. Costs are exact
 * integers, COST_SCALE times the plan's. */
#ifndef LITANG_SCHEDULER_PLANNER_SEARCH_H
#define LITANG_SCHEDULER_PLANNER_SEARCH_H

#include "base/rng.h"
#include "scheduler/planner_problem.h"

/* A meeting of a block, or a fixed session (one node an instructor). Minutes from day index 0. */
struct node {
    int32_t start, end;
    uint32_t room, hall;
    uint32_t block; /* block, or block_count + group */
    uint32_t next;  /* in its instructor's day, by start; NONE */
    uint32_t course;
    uint32_t instructor;
};

enum {
    DAY_STOPS = 4,
    EJECT_MOST = 8,
    SHAKE_BLOCKS = 64 /* a problem of up to so many is small */
};

/* A node as its instructor's day sees it; minutes of that day. */
struct stop {
    uint32_t node, hall;
    uint16_t start, end;
};

/* What the search asks of an instructor's day, in one cache line. */
struct person_day {
    uint64_t free;
    uint32_t head;                /* first node, by start; NONE */
    uint16_t count;               /* nodes; past DAY_STOPS only the list from `head` has all */
    uint8_t home_first;           /* minutes home from the first and the last of the stops, + 1; */
    uint8_t home_last;            /* 0: not known, or too many for a byte */
    struct stop stops[DAY_STOPS]; /* the first ones of the list */
};
_Static_assert(sizeof(struct person_day) == 64, "a day is one cache line");

/* The sessions of a hall by start, room, instructor. */
struct hall_line {
    uint32_t *nodes; /* owned */
    uint32_t count, capacity;
};

/* A place that a block might take, with what judging found on the way. */
struct trial {
    struct spot at;
    uint32_t count; /* meetings */
    int32_t travel_min;
    uint16_t days[LIMIT_SERIES_MEETINGS];
};

struct search {
    const struct planner_problem *problem;
    struct rng rng;
    struct spot *spots;      /* [block] */
    uint16_t *met;           /* [block] meetings placed */
    float *dearness;         /* [block] travel and load of a meeting when last looked at */
    uint64_t *room_free;     /* [room][day]: other rooms that take the whole hall counted in */
    uint64_t *room_odd;      /* [room][day_words] bits: room_free differs from problem.room_week */
    struct person_day *days; /* [instructor][day] */
    uint64_t *days_odd;      /* [instructor][day_words] bits: not empty or not as problem.instructor_week */
    uint64_t *work_days;     /* [instructor][day_words] bits: somebody is taught */
    uint64_t *joint_days;    /* [instructor][day_words] bits: and the cap of the day leaves room for more */
    uint16_t *day_town;      /* [instructor][day] of the first session, modulo 2^16; only on work days */
    struct node *nodes;      /* blocks' meetings, then fixed ones */
    uint32_t node_count;
    uint32_t *fixed_session; /* by node - problem.node_count: the session in the timetable */
    uint32_t fixed_capacity;
    struct hall_line *lines; /* [hall] */
    uint16_t *load;          /* [instructor][month], the plan's days only, as all below */
    uint16_t *week_load;     /* [instructor][week] */
    uint16_t *year_load;     /* [instructor][year] */
    uint16_t *township_week; /* [township][week] */
    uint32_t *township_category;
    uint32_t *hall_sessions;
    uint32_t *supply;   /* [course][year] */
    uint16_t *quota;    /* [hall][quota][year] */
    int64_t cost;       /* of all that stands, against an empty plan; scaled */
    int64_t value;      /* priority x meetings placed */
    uint64_t moves;     /* tried */
    uint64_t scanned;   /* places that scans measured, of which each is one move */
    bool *hopeless;     /* [block] no place even in an empty timetable, as far as looked */
    bool keeps_seats;   /* the cost also counts kept_minutes: until the cooling is two thirds through */
    bool out_of_memory; /* a hall's line could not grow: the state is no longer right */
};

enum error_code search_create(const struct planner_problem *problem, uint64_t seed,
                              struct search **ret_search, struct error *err);
void search_destroy(struct search *search);
/* Nothing placed but what is fixed. */
void search_reset(struct search *search);

static inline uint32_t node_day(const struct node *node)
{
    return (uint32_t)node->start / 1440U;
}

static inline bool search_room_is_odd(const struct search *s, uint32_t room, uint32_t day)
{
    return day_bit(&s->room_odd[(size_t)room * s->problem->day_words], day);
}

static inline bool search_day_is_odd(const struct search *s, uint32_t instructor, uint32_t day)
{
    return day_bit(&s->days_odd[(size_t)instructor * s->problem->day_words], day);
}

/* The order within a hall. */
static inline bool node_before(const struct node *a, const struct node *b)
{
    if (a->start != b->start) {
        return a->start < b->start;
    }
    return a->room != b->room ? a->room < b->room : a->instructor < b->instructor;
}

static inline bool search_placed(const struct search *search, uint32_t block)
{
    return search->spots[block].room != NONE;
}
/* Fills the dates; false when window, season or holiday rule do not allow the first day, or the grid ends. */
bool search_aim(const struct search *search, uint32_t block, const struct spot *spot,
                struct trial *ret_trial);
/* The first rule that the trial would break, the block itself not counted; RULE_COUNT when allowed. Room and
 * instructor are of the block's domain. */
enum rule_code search_judge(const struct search *search, uint32_t block, struct trial *trial);
/* The last part of search_judge: supply, hall quota and audience, whoever the instructor is. */
enum rule_code search_judge_place(const struct search *search, uint32_t block, const struct trial *trial);
/* What the trial, already judged, adds to the cost, the block itself not counted. */
int64_t search_price(const struct search *search, uint32_t block, const struct trial *trial);
/* Travel of a trial that is known to be allowed. */
void search_measure(const struct search *search, uint32_t block, struct trial *trial);
/* The trial that the block stands in, with its travel. */
void search_now(const struct search *search, uint32_t block, struct trial *ret_trial);
/* Without the block, do the sessions before and after it stay within reach of each other? (Journeys need not
 * obey the triangle inequality: a ferry may be quicker by a detour.) */
bool search_may_leave(const struct search *search, uint32_t block);
/* The starts at which room and instructor are free for the block's first meeting, the block not counted. */
uint64_t search_starts(const struct search *search, uint32_t block, uint32_t day, uint32_t room,
                       uint32_t instructor);
/* The room's free slots as if the block (or NONE) were not placed. */
uint64_t search_room_without(const struct search *search, uint32_t room, uint32_t day, uint32_t block);
/* An unplaced block takes a judged trial; a placed one gives its place up. The price is the caller's. */
void search_insert(struct search *search, uint32_t block, const struct trial *trial, int64_t price);
void search_remove(struct search *search, uint32_t block, int64_t price);

/* What is thought to be saved later on a day with `count` sessions, the first of them in the hall, because
 * who teaches them could teach more that day: a share of the minutes home from there. More for two free seats
 * than for one, and for a journey that has one session than for one that has two. */
static inline int32_t kept_minutes(const struct search *s, uint32_t instructor, uint32_t hall, uint32_t count)
{
    static const int32_t TENTHS[3][2] = {{0, 0}, {3, 4}, {2, 2}}; /* by sessions, and more than one seat */
    int32_t most = s->problem->caps[instructor].day;
    uint32_t seats = most == 0 ? 2 : (uint32_t)most > count ? (uint32_t)most - count : 0;
    return count > 2 || seats == 0
               ? 0
               : problem_home(s->problem, instructor, hall) * TENTHS[count][seats > 1 ? 1 : 0] / 10;
}
/* The kept_minutes of all that stands, which its travel counts less; 0 while no seats are kept. */
int64_t search_kept_minutes(const struct search *search);
/* From now on the cost counts kept seats, or does not any more. */
void search_keep_seats(struct search *search, bool keeps_seats);

/* The terms of what stands, counted from scratch over nodes, lists and counters; unweighted units. */
struct search_units {
#define X(field, value, unit, zh) int64_t field;
    WEIGHT_LIST(X)
#undef X
};
struct search_units search_count(const struct search *search);
/* The scaled cost of units; kept seats are in their travel. */
int64_t search_cost_of(const struct search *search, const struct search_units *units);
/* The plan's cost of units: load / 16, evenness / 4. */
struct plan_cost units_cost(const struct weights *weights, const struct search_units *units);

/* ---- the phases ---- */

/* What a phase looks at now and then; false: stop. */
struct search_watch {
    bool (*go_on)(void *context, const struct search *search);
    /* After `done` moves of each thread: how many will there be in all? NULL where that is known. */
    uint64_t (*pace)(void *context, uint64_t done);
    void *context;
};

/* One of the starts, mostly in the preferred part of day. `starts` is not 0. */
uint8_t search_pick_start(struct search *search, const struct block *block, uint64_t starts);
uint32_t search_pick_room(struct search *search, const struct block *block);
uint32_t search_pick_instructor(struct search *search, const struct block *block, uint32_t township);
/* Puts an unplaced block at its best of `samples` random places and a third as many on journeys that are made
 * nearby anyway, else at the first of at most `looks` combinations of day, room and instructor. */
bool search_place(struct search *search, uint32_t block, uint32_t samples, uint32_t looks);
/* Does it meet at all, and are there a room and an instructor for it? */
bool search_has_domain(const struct planner_problem *problem, const struct block *block);
/* Places it in the way of others, up to `most` (at most EJECT_MOST), who look for other places, the most
 * valuable first; they may lose theirs where the plan is worth more for it. */
bool search_eject(struct search *search, uint32_t block, uint32_t attempts, uint32_t most);

/* ---- problems of up to SHAKE_BLOCKS blocks ---- */

/* Forces the block, placed or not, to a random place, and seats who had to leave and whoever has no place.
 * Stays so when the plan is worth more, or as much and its cost rises by no more than `slack`. */
void search_shake(struct search *search, uint32_t block, int64_t slack);
/* Every block but the published ones, as far as it may leave, is placed again, in another order. */
void search_start_anew(struct search *search);
/* search_restore that leaves alone whoever stands there already. */
void search_return(struct search *search, const struct spot *spots);

/* Puts published blocks where they are; one that does not fit is named in *ret_misfit (NONE: all stand). */
void search_seat_published(struct search *search, bool *broken, uint32_t *ret_misfit);
/* What is placed and annealed together: first the weekly series among themselves, then everything. Once
 * single sessions stand around it, a series hardly finds another series whose weeks it could share. */
enum stage {
    STAGE_SERIES,
    STAGE_ALL
};
static inline bool stage_has(enum stage stage, const struct block *block)
{
    return block->meetings > 0 && (stage == STAGE_ALL || block->is_series);
}
/* Places what it can of the stage, tightest first; answers how many blocks that have a place in an empty
 * timetable found none. */
enum error_code search_fill(struct search *search, enum stage stage, const struct search_watch *watch,
                            size_t *ret_open, struct error *err);
/* Lets those in by moving others. */
enum error_code search_squeeze(struct search *search, enum stage stage, const struct search_watch *watch,
                               struct error *err);
/* Takes over places from another state of the same problem. */
void search_restore(struct search *search, const struct spot *spots);

/* The temperatures of an annealing run. */
struct anneal {
    double typical;  /* difference of a worsening move, scaled cost: the lower quartile */
    uint64_t length; /* moves of each thread in the whole run; 0: to be told by the watch */
};
/* Tries moves of the stage without making them, to learn the size of differences. */
struct anneal search_probe(struct search *search, enum stage stage);
/* Anneals the blocks of the stage with *end moves of each thread, and *end becomes the moves that were made:
 * none where nothing has a place.
 * `watch` may end the run wherever it can be replayed from, `cancel` at once. With anneal->length 0 it is set
 * as soon as `watch` could tell; a run with that length and that *end is the same. In the last stage the best
 * state met stays in place; the first ends after anneal->length moves where it is. ERR_INTERNAL when the
 * running cost was wrong. */
enum error_code search_anneal(struct search *search, enum stage stage, struct anneal *anneal, uint64_t *end,
                              uint32_t threads, const struct search_watch *watch,
                              const struct search_watch *cancel, struct error *err);

#endif
