/* scheduler/planner_problem: the planner's immutable view of a timetable: dense numbers, static masks
 * and domains. Internal to the planner; read by all search threads, written by none.
 *
 * Grid: a resource and day is one 64-bit word of quarter hours from 06:00 to 22:00. Occupied spans are
 * rounded outwards and free spans inwards, so whatever the search allows, the rule book allows; where all
 * times are multiples of 15 minutes the two agree exactly.
 *
 * Days are indices from the day before the plan's first to the day after its last: the border days
 * only hold what is published there. */
#ifndef LITANG_SCHEDULER_PLANNER_PROBLEM_H
#define LITANG_SCHEDULER_PLANNER_PROBLEM_H

#include "scheduler/planner.h"

#include <stdatomic.h>

enum {
    SLOT_MINUTES = 15,
    GRID_FROM_MIN = 6 * 60,
    GRID_SLOTS = 64,
    NEAR_TOWNS = 16,
    NEAR_INSTRUCTORS = 32, /* of a course and township, at most */
    DAY_WORDS_MAX = (LIMIT_PLAN_DAYS + 2 + 63) / 64,
    WEEK_WORDS = 8, /* of room_week: 7 and one to fill the cache line */
    COST_SCALE =
        16, /* costs inside are this often the plan's, so that load / 16 and evenness / 4 are exact */
    TRAVEL_MATRIX_HALLS = 8192, /* past this a matrix of hall pairs (a byte each) would be > 64 MB */
    TRAVEL_LONG = 254           /* minutes from which on a journey is worked out each time */
};

/* Where a block stands: its first day, start, room and instructor. */
struct spot {
    uint32_t room; /* NONE: not placed */
    uint32_t instructor;
    uint16_t day;
    uint8_t slot;
};

enum {
    RUN_STEPS = 4,
    RUN_SLOTS = 1 << RUN_STEPS /* the longest run that so many steps tell */
};

/* slots_run without a loop: the shifts that make up a length of 1 … RUN_SLOTS. */
struct run_shifts {
    uint8_t by[RUN_STEPS];
};

/* What is decided as one: a single session, or a weekly series. */
struct block {
    uint32_t request, course;
    uint32_t first_room, room_count; /* problem.domain_rooms */
    uint32_t first_node;             /* nodes first_node … + meetings - 1 */
    uint32_t near_first, near_count; /* problem.near of its township */
    uint32_t township;               /* dense; of its hall or area; TOWNSHIP none: township_count */
    uint32_t first_session;          /* problem.session_ids, when published */
    uint32_t session_count;          /* how many, one a meeting: a published series keeps its number */
    uint16_t meetings;
    uint16_t day_from, day_to; /* of every meeting, inclusive */
    uint8_t holiday_rule;
    bool is_series;
    bool is_published;
    uint8_t weekdays;                       /* preferred, bit 0 Monday; 0 any */
    uint8_t setup_slots, room_slots, slots; /* rounded outwards */
    struct run_shifts room_run, run;        /* of room_slots and slots, when they are at most RUN_SLOTS */
    int32_t minutes, setup_min, clear_min, heads, priority;
    uint64_t part_starts;  /* starts in the preferred parts of day */
    struct spot published; /* where it is now, when published */
};

/* An instructor's caps; 0: none. Small, because the search asks for them all the time. */
struct caps {
    int32_t day, week, month, year;
};

/* What the search asks of a course, small for the same reason. */
struct lesson {
    uint32_t audience, category;
    int32_t supply_limit, hall_quota; /* 0: none */
    uint32_t quota;                   /* dense number among courses with a hall quota, or NONE */
    bool holidays_wanted;
};

/* A hall's place in metres from some corner: for saying that a journey cannot take long without asking. */
struct spread {
    int32_t x, y;
};

/* A published session that does not move. Times in minutes from the first border day. */
struct fixed {
    uint32_t session; /* index in the timetable */
    uint32_t group;   /* equal within a series; counts on from the last block */
};

/* A closure of a room on a day. */
struct blocked {
    uint16_t day, from_min, to_min;
    uint16_t is_hard;
};

struct planner_problem {
    struct timetable *timetable; /* owned reference */
    struct arena arena;
    struct planner_options options;
    uint32_t day_count; /* plan days are the indices 1 … day_count - 2 */
    int32_t day_zero;   /* the day of index 0 */
    uint32_t week_count, month_count, year_count;
    uint8_t *weekday; /* by day index: 0 Monday … 6 Sunday */
    uint16_t *week, *month;
    uint16_t *year;
    bool *is_off, *is_makeup;

    uint32_t room_count, hall_count, instructor_count, course_count, township_count, category_count;
    uint32_t *room_hall;
    struct caps *caps;       /* [instructor] */
    struct lesson *lessons;  /* [course] */
    uint32_t *hall_township; /* dense, township_count when it has none */
    struct spread *spread;   /* [hall] */
    int64_t spread_per_km;   /* no journey takes more than spread_fixed + km x this / 2^20 minutes, */
    int32_t spread_fixed;    /* km measured along both axes */
    /* No journey between halls takes longer; nobody starts earlier or ends later, in minutes of the day. */
    int32_t longest_leg_min, earliest_start_min, latest_end_min;
    uint32_t *area_township;           /* [area of the timetable] dense number of a township, else NONE */
    uint32_t *town_start, *town_halls; /* by township: its halls, ascending */
    uint32_t *hall_rank;  /* [hall] its row and column in hall_travel: near halls stand together */
    uint32_t *near_towns; /* [township][NEAR_TOWNS]: itself and the nearest others */
    uint64_t *near_bits;  /* [township][town_words] bits: the same */
    uint32_t town_words;
    bool *hall_counts;                       /* scheduler/standing says so: the coverage term */
    bool *hall_has_whole;                    /* some room of it takes all */
    bool *hall_audience;                     /* its village has more than one room: audiences can meet */
    uint32_t *village_start, *village_halls; /* by area: the halls standing in it */
    bool *township_counts;                   /* has a hall that counts */
    bool *category_counts;                   /* has an active course */

    uint64_t *room_open;       /* [room][day]: opening hours less closures less fixed sessions */
    uint64_t *instructor_open; /* [instructor][day] */
    /* [room][WEEK_WORDS], [instructor][WEEK_WORDS]: the same on most days of each weekday */
    uint64_t *room_week, *instructor_week;
    uint64_t *able_days;     /* [instructor][day_words] bits: instructor_open is not empty */
    uint32_t *blocked_start; /* by room: closures hard and soft, by day */
    struct blocked *blocked;
    uint64_t *soft_days, *hard_days; /* [room][day_words] bits: some soft / hard closure touches the day */
    uint32_t day_words;

    uint64_t *course_days;  /* [course][day_words]: in season */
    uint32_t *course_quota; /* dense number of a course with a hall quota, or NONE */
    uint32_t quota_count;
    uint32_t *qualified_start, *qualified; /* by course: instructors */
    uint64_t *qualified_bits;              /* [course][instructor_words]: the same */
    uint32_t instructor_words;
    uint32_t *near_start, *near; /* by course and township: the nearest qualified instructors */

    uint32_t *domain_rooms;
    size_t domain_room_count, domain_room_capacity;
    struct block *blocks;
    size_t block_count, block_capacity;
    /* [block][day_words] bits: days for the first meeting, as far as window and season of that day go; and
     * those of them that cost nothing for their weekday or as a holiday */
    uint64_t *block_days, *welcome_days;
    uint32_t *township_start, *township_blocks; /* blocks by township, series first */
    uint32_t *township_singles; /* [township] where in township_blocks its single ones begin */
    int64_t *session_ids;
    size_t session_id_count, session_id_capacity;
    uint32_t node_count; /* meetings of all blocks */
    /* Blocks that meet, series first: how many of all, and of the series, and how often these meet. */
    uint32_t *movable;
    uint32_t movable_count, series_count, series_meetings;
    struct fixed *fixed;
    size_t fixed_count, fixed_capacity;
    /* counts of published sessions outside the plan's days, which count towards caps */
    uint16_t *week_base, *month_base, *year_base; /* [instructor][…] */
    uint32_t *supply_base;                        /* [course][year] */
    uint16_t *quota_base;                         /* [hall][quota][year] */

    /* Minutes + 1; 0: not asked yet, or TRAVEL_LONG. Bytes, because most of what the search waits for is
     * these. [hall][hall], by rank; NULL for many halls. [hall][instructor] */
    _Atomic uint8_t *hall_travel, *home_travel;
    void *hall_memory, *home_memory; /* owned: what the two point to */
};

enum error_code problem_create(struct timetable *timetable, const struct planner_options *options,
                               struct planner_problem **ret_problem, struct error *err);
void problem_destroy(struct planner_problem *problem);

/* The parts of problem_create, in their order; each owns one file. */
/* Ranks halls so that near ones share memory; and who and which townships are near. */
enum error_code problem_build_ranks(struct planner_problem *problem, struct error *err);
enum error_code problem_build_near(struct planner_problem *problem, struct error *err);
enum error_code problem_build_masks(struct planner_problem *problem, struct error *err);
enum error_code problem_build_blocks(struct planner_problem *problem, struct error *err);
/* A published block that cannot be held on the grid becomes fixed: its meetings join `fixed` and the masks.
 * The block stays in the list, without meetings. Before any search state exists. */
enum error_code problem_fix_block(struct planner_problem *problem, uint32_t block, struct error *err);
/* Masks and counts of one more fixed session. */
void problem_take(struct planner_problem *problem, uint32_t session);

/* The halls within a township, ascending, or NULL when the area is none. */
const uint32_t *problem_area_halls(const struct planner_problem *problem, uint32_t area, uint32_t *ret_count);
/* Are the room and the instructor in the block's domain (facilities, capacity, hall or area, qualified)? */
bool problem_block_allows(const struct planner_problem *problem, const struct block *block, uint32_t room,
                          uint32_t instructor);
/* Does the block's time in the room, margins included, reach beyond the hours that the planner uses a hall in
 * which has none of its own (08:00 to 21:00)? No rule forbids it. */
bool problem_hours_assumed(const struct planner_problem *problem, const struct block *block, uint32_t room,
                           uint32_t slot);
/* The days of a block's meetings when its first is on spot->day; 0 when its window, season or holiday rule do
 * not allow it. `ret_days` holds LIMIT_SERIES_MEETINGS. */
uint32_t problem_dates(const struct planner_problem *problem, const struct block *block,
                       const struct spot *spot, uint16_t *ret_days);
/* May a first meeting fall on the day, as far as window, season and holidays go, whatever the room? */
bool problem_day_possible(const struct planner_problem *problem, const struct block *block, uint32_t day);
/* Does a session of the course on the day cost the holiday weight? */
bool problem_day_unwelcome(const struct planner_problem *problem, uint32_t course, uint32_t day);
/* The part of day of a start: one of PART_*. */
uint8_t planner_part_of(int32_t start_min);
/* Does a closure touch the room on the day in [from, to) minutes? Looks through those of the day. */
bool problem_blocked_then(const struct planner_problem *problem, uint32_t room, uint32_t day,
                          int32_t from_min, int32_t to_min, bool is_hard);
/* Whether any start fits at all in an empty timetable; looks at up to `looks` (room, day, instructor). */
bool problem_placeable(const struct planner_problem *problem, uint32_t block, uint64_t looks);
/* As a placement of the timetable, at one of its days. */
struct placement problem_placement(const struct planner_problem *problem, uint32_t block,
                                   const struct spot *spot, uint32_t day);
int32_t problem_travel_ask(const struct planner_problem *problem, uint32_t from_hall, uint32_t to_hall);
int32_t problem_home_ask(const struct planner_problem *problem, uint32_t instructor, uint32_t hall);

/* Sets and answers ERR_MEMORY. */
enum error_code planner_no_memory(struct error *err);
/* calloc for the big tables that the search reads at random: in huge pages where the system has them, because
 * a miss in the page tables costs as much as one in the cache. To be freed with free(). */
void *planner_calloc(size_t count, size_t size);

/* Bit i: slots i … i + length - 1 are all free. */
static inline uint64_t slots_run(uint64_t free, uint32_t length)
{
    if (length > GRID_SLOTS) {
        return 0;
    }
    for (uint32_t have = 1; have < length;) {
        uint32_t step = have < length - have ? have : length - have;
        free &= free >> step;
        have += step;
    }
    return free;
}

static inline uint64_t slots_run_by(uint64_t free, struct run_shifts shifts)
{
    free &= free >> shifts.by[0];
    free &= free >> shifts.by[1];
    free &= free >> shifts.by[2];
    return free & free >> shifts.by[3];
}

/* Slots from … from + length - 1; the caller keeps it within the grid. */
static inline uint64_t slots_span(uint32_t from, uint32_t length)
{
    return (length >= GRID_SLOTS ? UINT64_MAX : (UINT64_C(1) << length) - 1) << from;
}

/* Starts at which both the room, with set-up and clear-up, and the instructor are free. */
static inline uint64_t block_starts(const struct block *block, uint64_t room_free, uint64_t instructor_free)
{
    if (block->room_slots <= RUN_SLOTS) {
        return (slots_run_by(room_free, block->room_run) << block->setup_slots) &
               slots_run_by(instructor_free, block->run);
    }
    if (block->setup_slots >= GRID_SLOTS) {
        return 0;
    }
    return (slots_run(room_free, block->room_slots) << block->setup_slots) &
           slots_run(instructor_free, block->slots);
}

static inline bool block_in_grid(const struct block *block, uint32_t slot)
{
    return slot >= block->setup_slots && slot - block->setup_slots + block->room_slots <= GRID_SLOTS;
}

static inline uint64_t block_room_mask(const struct block *block, uint32_t slot)
{
    return slots_span(slot - block->setup_slots, block->room_slots);
}

static inline int32_t slot_minute(uint32_t slot)
{
    return GRID_FROM_MIN + (int32_t)slot * SLOT_MINUTES;
}

static inline bool day_bit(const uint64_t *days, uint32_t day)
{
    return (days[day / 64] >> (day % 64) & 1) != 0;
}

static inline bool problem_in_season(const struct planner_problem *p, uint32_t course, uint32_t day)
{
    return day_bit(&p->course_days[(size_t)course * p->day_words], day);
}

/* The same, told by one bit on most days. */
static inline bool problem_blocked(const struct planner_problem *p, uint32_t room, uint32_t day,
                                   int32_t from_min, int32_t to_min, bool is_hard)
{
    const uint64_t *days = is_hard ? p->hard_days : p->soft_days;
    return day_bit(&days[(size_t)room * p->day_words], day) &&
           problem_blocked_then(p, room, day, from_min, to_min, is_hard);
}

/* Is the other one of the township's near_towns? */
static inline bool problem_town_is_near(const struct planner_problem *p, uint32_t town, uint32_t other)
{
    return (p->near_bits[(size_t)town * p->town_words + other / 64] >> (other % 64) & 1) != 0;
}

static inline bool problem_qualified(const struct planner_problem *p, uint32_t course, uint32_t instructor)
{
    return (p->qualified_bits[(size_t)course * p->instructor_words + instructor / 64] >> (instructor % 64) &
            1) != 0;
}

static inline size_t problem_travel_at(const struct planner_problem *p, uint32_t from_hall, uint32_t to_hall)
{
    return (size_t)p->hall_rank[from_hall] * p->hall_count + p->hall_rank[to_hall];
}

/* Minutes as a byte: + 1; 0 when there are TRAVEL_LONG or more. */
static inline uint8_t travel_byte(int32_t minutes)
{
    return minutes >= 0 && minutes < TRAVEL_LONG ? (uint8_t)(minutes + 1) : 0;
}

/* Minutes between halls, from the matrix; equal to travel_hall_minutes, which is the same both ways. To be
 * asked from the hall that many others are compared with: its row has those near it in a few cache lines. */
static inline int32_t problem_travel(const struct planner_problem *p, uint32_t from_hall, uint32_t to_hall)
{
    if (from_hall == to_hall) {
        return 0;
    }
    if (p->hall_travel != NULL) {
        uint8_t known = atomic_load_explicit(&p->hall_travel[problem_travel_at(p, from_hall, to_hall)],
                                             memory_order_relaxed);
        if (known != 0) {
            return known - 1;
        }
    }
    return problem_travel_ask(p, from_hall, to_hall);
}

/* At least the minutes between two halls; often far too many. */
static inline int32_t problem_travel_most(const struct planner_problem *p, uint32_t a, uint32_t b)
{
    int64_t x = (int64_t)p->spread[a].x - p->spread[b].x;
    int64_t y = (int64_t)p->spread[a].y - p->spread[b].y;
    int64_t metres = (x < 0 ? -x : x) + (y < 0 ? -y : y);
    return p->spread_fixed + (int32_t)(metres * p->spread_per_km / 1000 >> 20);
}

static inline int32_t problem_home(const struct planner_problem *p, uint32_t instructor, uint32_t hall)
{
    if (p->home_travel != NULL) {
        uint8_t known = atomic_load_explicit(&p->home_travel[(size_t)hall * p->instructor_count + instructor],
                                             memory_order_relaxed);
        if (known != 0) {
            return known - 1;
        }
    }
    return problem_home_ask(p, instructor, hall);
}

#endif
