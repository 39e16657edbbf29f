/* scheduler/planner: timetable in, plan out. A pure function: clock, random numbers and cancel are passed
 * in; a seed with a count of iterations replays any run on any machine. Call it on a worker thread. */
#ifndef LITANG_SCHEDULER_PLANNER_H
#define LITANG_SCHEDULER_PLANNER_H

#include "base/clock.h"
#include "scheduler/plan.h"

#include <stdatomic.h>

struct planner_options {
    int32_t from_day, to_day; /* inclusive; at most LIMIT_PLAN_DAYS */
    int32_t frozen_until_day; /* published sessions on or before this day do not move; from_day-1: none */
    uint64_t seed;
    uint32_t threads;    /* 1 … LIMIT_THREADS */
    int64_t time_ms;     /* wall limit; the search may stop early when it no longer gains */
    uint64_t iterations; /* > 0: stop after exactly so many per thread, whatever the time */
    /* Moves that the cooling is laid out for; 0: as many as are made. And those of them that are for the
     * weekly series alone; 0: by their share. A run that the clock cut short is replayed by the plan's three
     * counts. */
    uint64_t schedule, series_moves;
    bool keep_published; /* true: published sessions stay where they are, only open requests are placed */
    struct weights weights;
};

struct planner_progress {
    uint64_t elapsed_ms, iterations;
    int64_t wanted, placed, cost;
};

/* The planner's view of the world; context pointers are borrowed. */
struct planner_world {
    struct clock_source clock;
    const atomic_bool *cancel; /* may be NULL; read at least every 1,024 moves */
    void (*progress)(void *context,
                     const struct planner_progress *progress); /* may be NULL; from the calling thread */
    void *progress_context;
};

struct planner_options planner_options_default(int32_t from_day, int32_t to_day);
/* Answers the best plan found; a cancelled run answers what it has. The plan breaks no rule: it is checked by
 * the rule book before it is handed out (ERR_INTERNAL if the search had been wrong). */
enum error_code planner_run(struct timetable *timetable, const struct planner_options *options,
                            const struct planner_world *world, struct plan **ret_plan, struct error *err);

#endif
