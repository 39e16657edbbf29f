/* scheduler/reach_why: why a target is left out. For scheduler/reach*.c only. */
#ifndef LITANG_SCHEDULER_REACH_WHY_H
#define LITANG_SCHEDULER_REACH_WHY_H

#include "scheduler/reach.h"

/* Asks `why` about each course of the menu in the target, over the book, and fills in the reasons and the
 * best single change. `looks` places in all. */
enum error_code verdict_explain(const struct book *book, const struct reach_query *query, uint32_t target,
                                uint32_t looks, struct reach_verdict *verdict, struct error *err);

#endif
