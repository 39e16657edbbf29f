/* scheduler/planner_part: the city cut into parts that can be annealed at the same time. Internal to the
 * planner's search.
 *
 * A part owns townships with their halls, and the instructors who mostly teach there. A block may move while
 * both its township and its instructor are of one part; whatever such a move reads or writes belongs to that
 * part alone. So threads need no locks, and what comes out does not depend on who was quicker. The parts are
 * cut anew for each slice of the run, in another direction or around another township, so that every border
 * moves away. */
#ifndef LITANG_SCHEDULER_PLANNER_PART_H
#define LITANG_SCHEDULER_PLANNER_PART_H

#include "scheduler/planner_move.h"

struct parts;

/* How many parts suit the problem: one for each thread, more when they would not fit into a cache. */
uint32_t parts_suited(const struct planner_problem *problem, uint32_t threads);
/* For the blocks of one stage. `logs` is as in struct mover. */
enum error_code parts_create(struct search *search, enum stage stage, uint32_t count, uint32_t threads,
                             const float *logs, struct parts **ret_parts, struct error *err);
void parts_destroy(struct parts *parts);
/* The part that the last cut gave to a township (its dense number), and to an instructor. */
uint32_t parts_township(const struct parts *parts, uint32_t township);
uint32_t parts_instructor(const struct parts *parts, uint32_t instructor);
/* Cuts anew and anneals: `moves` of each thread, shared out among its parts; with 0 it only cuts. Stops
 * early, at any move, only when `go_on` says so. */
enum error_code parts_run(struct parts *parts, uint64_t moves, double temperature,
                          const struct search_watch *cancel, struct error *err);

#endif
