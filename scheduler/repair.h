/* scheduler/repair: a published timetable that breaks rules now (a hall closed, a teacher ill, a holiday
 * moved) in, the fewest changes that mend it out. What is not hit stays; another session gives way only when
 * a hit one would have no place otherwise. docs/repair.md. Pure, one thread; the same input gives the same
 * plan. */
#ifndef LITANG_SCHEDULER_REPAIR_H
#define LITANG_SCHEDULER_REPAIR_H

#include "scheduler/plan.h"

struct repair_options {
    int32_t from_day, to_day; /* the plan's days: nothing outside is moved, and nothing is moved outside */
    int32_t frozen_until_day; /* sessions up to this day stay, and nothing comes to lie there */
    const uint32_t *urgent;   /* requests whose open sessions are placed, too; borrowed */
    size_t urgent_count;
    struct weights weights; /* of the soft cost, between changes of equal number and distance */
};

/* What became of it, besides the plan. */
struct repair_report {
    size_t hit;   /* sessions that break a rule, or whose series does not meet on that day, and may move */
    size_t moved; /* of those, moved */
    size_t cancelled;  /* of those, without a place; a refusal of its request says why */
    size_t dropped;    /* of those, left out as their series' holiday rule says */
    size_t neighbours; /* sessions that were not hit and move all the same */
    size_t created;    /* sessions of urgent requests */
    uint64_t looks;    /* places looked at: how much work it was */
    struct clash_list
        left; /* owned: what only pinned, held or frozen sessions are party to; a person decides */
};
void repair_report_finish(struct repair_report *report);

/* The plan holds PLAN_MOVE, PLAN_CANCEL, and PLAN_CREATE for urgent requests; a timetable without a clash
 * gives an empty one. The rule book has checked the whole result (ERR_INTERNAL otherwise): what is left
 * broken is in ret_report. ERR_INPUT for days the wrong way round. */
enum error_code repair_run(struct timetable *timetable, const struct repair_options *options,
                           struct plan **ret_plan, struct repair_report *ret_report, struct error *err);

#endif
