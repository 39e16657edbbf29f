/* litang_bench_optimum [PROBLEMS [MS [FIRST_SEED]]]: on so many small random problems (300) the planner has
 * so many milliseconds (1000) each, beside the optimum that tests/scheduler/reference.h proves. Prints the
 * problems that it missed, and how many it found. */
#include "scheduler/planner.h"
#include "tests/scheduler/reference.h"
#include "tests/scheduler/reference_problem.h"

#include <inttypes.h>

enum {
    NODES_MAX = 200000
};

struct tally {
    uint64_t problems, proven, optimal, fewer, nodes, nodes_most, better;
};

static enum error_code one(uint64_t seed, int64_t ms, struct tally *tally, struct error *err)
{
    struct timetable *timetable = NULL;
    struct plan *plan = NULL;
    struct reference_answer best = {0};
    struct planner_world world = {.clock = clock_system()};
    int32_t from_day = 0;
    int32_t to_day = 0;
    enum error_code code = reference_problem(seed, &timetable, &from_day, &to_day, err);
    if (code != ERR_NONE) {
        return code;
    }
    struct planner_options options = planner_options_default(from_day, to_day);
    options.time_ms = ms;
    const struct reference_task task = {timetable, &options.weights, from_day, to_day, NODES_MAX, false};
    code = reference_solve(&task, &best, err);
    if (code == ERR_NONE) {
        code = planner_run(timetable, &options, &world, &plan, err);
    }
    if (code == ERR_NONE) {
        int64_t cost = plan_cost_total(&plan->cost);
        bool equal = plan->priority_placed == best.value && cost == best.cost;
        tally->problems++;
        tally->proven += best.proven;
        tally->optimal += best.proven && equal;
        tally->fewer += best.proven && plan->priority_placed < best.value;
        tally->nodes += best.nodes;
        tally->nodes_most = best.nodes > tally->nodes_most ? best.nodes : tally->nodes_most;
        bool better =
            plan->priority_placed > best.value || (plan->priority_placed == best.value && cost < best.cost);
        tally->better += best.proven && better;
        if (!equal || !best.proven) {
            printf("seed %" PRIu64 ": value %" PRId64 " of %" PRId64 ", cost %" PRId64 " for %" PRId64 "%s\n",
                   seed, plan->priority_placed, best.value, cost, best.cost,
                   best.proven ? "" : " (not proven)");
        }
    }
    plan_destroy(plan);
    timetable_unref(timetable);
    return code;
}

int main(int count, char **words)
{
    uint64_t problems = count > 1 ? strtoull(words[1], NULL, 10) : 300;
    int64_t ms = count > 2 ? strtoll(words[2], NULL, 10) : 1000;
    uint64_t first = count > 3 ? strtoull(words[3], NULL, 10) : 1;
    struct tally tally = {0};
    struct error err = {0};
    for (uint64_t seed = first; seed < first + problems; seed++) {
        if (one(seed, ms, &tally, &err) != ERR_NONE) {
            fprintf(stderr, "seed %" PRIu64 ": %s\n", seed, err.text);
            return 3;
        }
    }
    printf("problems %" PRIu64 ", optimum proven %" PRIu64 ", found by the planner in %" PRId64 " ms %" PRIu64
           " (%.2f %%), placed less %" PRIu64 "\nnodes of the proof: %" PRIu64 " on average, %" PRIu64
           " at most\n",
           tally.problems, tally.proven, ms, tally.optimal,
           tally.proven == 0 ? 0.0 : 100.0 * (double)tally.optimal / (double)tally.proven, tally.fewer,
           tally.problems == 0 ? 0 : tally.nodes / tally.problems, tally.nodes_most);
    /* A plan better than the optimum would mean that one of the two is wrong. */
    return tally.better > 0 ? 1 : 0;
}
