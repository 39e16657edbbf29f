/* scheduler/planner_price: the parts of a place's price, each scaled by COST_SCALE. Internal to the planner's
 * search. Their sum is search_price. */
#ifndef LITANG_SCHEDULER_PLANNER_PRICE_H
#define LITANG_SCHEDULER_PLANNER_PRICE_H

#include "scheduler/planner_search.h"

/* Travel and load; the trial has its travel. */
int64_t price_person(const struct search *search, uint32_t block, const struct trial *trial);
/* Weekday, part of day, holiday, soft closure, change: what depends on the place alone. */
int64_t price_place(const struct planner_problem *problem, const struct block *block,
                    const struct trial *trial);
/* Coverage of halls and categories. */
int64_t price_reach(const struct search *search, uint32_t block, uint32_t hall);
int64_t price_evenness(const struct search *search, uint32_t block, const struct trial *trial,
                       uint32_t township);
int64_t price_spacing(const struct search *search, uint32_t block, const struct trial *trial, uint32_t hall);
int64_t price_continuity(const struct search *search, uint32_t block, const struct trial *trial,
                         uint32_t hall);

#endif
