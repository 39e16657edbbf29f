/* scheduler/planner_answer: from a finished search to a checked plan with its refusals. Internal to the
 * planner; one thread. */
#ifndef LITANG_SCHEDULER_PLANNER_ANSWER_H
#define LITANG_SCHEDULER_PLANNER_ANSWER_H

#include "scheduler/planner_search.h"

/* ERR_INTERNAL with the clash's sentence when the rule book refuses an item. */
enum error_code answer_create(const struct search *search, struct plan **ret_plan, struct error *err);
/* Does a published block break a rule where it stands in the book? */
bool answer_block_breaks(const struct planner_problem *problem, const struct book *book, uint32_t block);
/* Says for each request with unplaced sessions why; `book` holds the finished plan. */
enum error_code answer_refusals(const struct search *search, const struct book *book, struct plan *plan,
                                struct error *err);

#endif
