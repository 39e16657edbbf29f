/* reports/propose: who lacks how many sessions, and how many must be reached: see propose.h. */
#include "reports/propose.h"

#include "base/date.h"

#include <stdlib.h>

enum {
    TARGET_DEFAULT = 9800
};

struct propose_options propose_defaults(int32_t today)
{
    int32_t year = date_year(today);
    int32_t last = date_from_civil((struct civil){year, 12, 31});
    return (struct propose_options){.definition = COVERAGE_HALLS_PLANNED,
                                    .from_day = date_from_civil((struct civil){year, 1, 1}),
                                    .to_day = last,
                                    .minimum = 1,
                                    .area = NONE,
                                    .hall = NONE,
                                    .first_day = today + 1,
                                    .by_day = last,
                                    .target_hundredths = TARGET_DEFAULT,
                                    .weights = weights_default()};
}

static int32_t first_of(const struct propose_options *o)
{
    return o->first_day > o->from_day ? o->first_day : o->from_day;
}

static int32_t last_of(const struct propose_options *o)
{
    return o->by_day < o->to_day ? o->by_day : o->to_day;
}

static enum error_code options_check(const struct timetable *t, const struct propose_options *o,
                                     struct error *err)
{
    if (o->definition == COVERAGE_HALLS_PAIRED) {
        return error_set(
            err, ERR_INPUT,
            "结对不靠排课，不能提出建议 (sessions do not pair a hall with a school: nothing to propose)");
    }
    if (o->minimum < 1 || o->minimum > LIMIT_REACH_NEED || o->target_hundredths < 0 ||
        o->target_hundredths > PROPOSE_ALL) {
        return error_set(
            err, ERR_INPUT,
            "至少场次应为 1 至 %d，目标应为 0 至 100 %% (a minimum of 1 to %d, a target of 0 to 100 %%)",
            LIMIT_REACH_NEED, LIMIT_REACH_NEED);
    }
    if (o->hall != NONE && (o->hall >= t->hall_count || coverage_is_of_areas(o->definition))) {
        return error_set(err, ERR_INPUT,
                         "礼堂只能与礼堂口径同用 (a hall goes with definitions of halls only)");
    }
    if (first_of(o) > last_of(o)) {
        return error_set(err, ERR_INPUT, "期限内已没有可排的日子 (no day is left before the deadline)");
    }
    return ERR_NONE;
}

/* The places that lack sessions, and how many. */
static enum error_code targets_collect(struct proposal_set *set)
{
    const struct coverage *before = &set->before;
    bool by_area = coverage_is_of_areas(before->definition);
    set->targets = malloc((before->standing_count + 1) * sizeof *set->targets);
    if (set->targets == NULL) {
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < before->standing_count; i++) {
        bool wanted = before->standings[i] == STANDING_UNREACHED &&
                      (set->options.hall == NONE || set->options.hall == i);
        if (wanted) {
            set->targets[set->target_count++] =
                (struct reach_target){.hall = by_area ? (uint32_t)NONE : i,
                                      .area = by_area ? i : (uint32_t)NONE,
                                      .need = before->minimum - before->sessions[i]};
        }
    }
    return ERR_NONE;
}

/* The smallest numerator that comes to the rate: a printed 98.00 may stand for less. */
static size_t goal_of(const struct proposal_set *set)
{
    int64_t wanted =
        (set->before.denominator * set->options.target_hundredths + PROPOSE_ALL - 1) / PROPOSE_ALL;
    if (set->options.hall != NONE) {
        return set->target_count;
    }
    return wanted > set->before.numerator ? (size_t)(wanted - set->before.numerator) : 0;
}

enum error_code propose_run(struct timetable *timetable, const struct propose_options *options,
                            const struct planner_world *world, struct proposal_set *ret_set,
                            struct error *err)
{
    struct proposal_set set = {.options = *options};
    enum error_code code = options_check(timetable, options, err);
    if (code != ERR_NONE) {
        return code;
    }
    enum coverage_definition definition =
        options->definition == COVERAGE_HALLS_HELD ? COVERAGE_HALLS_PLANNED : options->definition;
    code = coverage_compute(timetable, definition, options->from_day, options->to_day, options->minimum,
                            options->area, &set.before, err);
    if (code == ERR_NONE && targets_collect(&set) != ERR_NONE) {
        code = error_set(err, ERR_MEMORY, "propose: out of memory");
    }
    if (code == ERR_NONE) {
        struct reach_query query = reach_query_default(first_of(options), last_of(options));
        set.goal = goal_of(&set);
        query.targets = set.targets;
        query.target_count = set.target_count;
        query.goal = set.goal;
        query.latest_day = options->to_day;
        query.weights = options->weights;
        code = reach_run(timetable, &query, world, &set.reach, err);
    }
    if (code != ERR_NONE) {
        propose_finish(&set);
        return code;
    }
    *ret_set = set;
    return ERR_NONE;
}

void propose_finish(struct proposal_set *set)
{
    coverage_finish(&set->before);
    reach_destroy(set->reach);
    free(set->targets);
    *set = (struct proposal_set){.reach = NULL};
}

struct coverage propose_after(const struct proposal_set *set)
{
    struct coverage after = set->before;
    after.standings = NULL;
    after.sessions = NULL;
    after.standing_count = 0;
    after.numerator += (int64_t)set->reach->reached;
    return after;
}

bool propose_is_met(const struct proposal_set *set)
{
    if (set->options.hall == NONE && set->before.denominator == 0) {
        return false; /* of nothing there is no rate */
    }
    return set->reach->reached >= set->goal;
}
