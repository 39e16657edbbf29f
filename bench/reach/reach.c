/* litang_bench_reach: plans a generated year, publishes it, and asks `reach` for one more session in every
 * hall, then for single halls; prints processor time. --help says how. */
#include "tests/scheduler/planner_city.h"

#include "scheduler/planner.h"
#include "scheduler/reach.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

struct bench_options {
    uint64_t sessions, halls, instructors, city_seed, plan_ms, targets, questions, seed, percent;
};

static const struct {
    const char *name, *about;
    size_t offset;
} OPTIONS[] = {
    {"--sessions", "sessions wanted", offsetof(struct bench_options, sessions)},
    {"--halls", "halls", offsetof(struct bench_options, halls)},
    {"--instructors", "instructors", offsetof(struct bench_options, instructors)},
    {"--city", "seed of the city", offsetof(struct bench_options, city_seed)},
    {"--plan-ms", "wall time of the planner in milliseconds", offsetof(struct bench_options, plan_ms)},
    {"--targets", "halls that lack a session, 0: all", offsetof(struct bench_options, targets)},
    {"--percent", "of them that are to be reached", offsetof(struct bench_options, percent)},
    {"--questions", "questions about single halls", offsetof(struct bench_options, questions)},
    {"--seed", "seed of the questions", offsetof(struct bench_options, seed)},
};

static bool parse(int count, char **words, struct bench_options *options)
{
    for (int i = 1; i < count; i += 2) {
        size_t k = 0;
        while (k < sizeof OPTIONS / sizeof *OPTIONS && strcmp(words[i], OPTIONS[k].name) != 0) {
            k++;
        }
        if (k == sizeof OPTIONS / sizeof *OPTIONS || i + 1 == count) {
            return false;
        }
        uint64_t value = strtoull(words[i + 1], NULL, 10);
        memcpy((char *)options + OPTIONS[k].offset, &value, sizeof value);
    }
    return true;
}

static void usage(void)
{
    printf("litang_bench_reach [OPTION NUMBER]...\n");
    for (size_t k = 0; k < sizeof OPTIONS / sizeof *OPTIONS; k++) {
        printf("  %-14s %s\n", OPTIONS[k].name, OPTIONS[k].about);
    }
}

/* Time on the processor: the machine may be busy with other work. */
static uint64_t cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* ---- a published year ---- */

static enum error_code year_publish(const struct planner_city *city, const struct plan *plan,
                                    struct timetable **ret_timetable, struct error *err)
{
    struct timetable *timetable = NULL;
    enum error_code code = planner_city_open(city, &timetable, err);
    for (size_t i = 0; code == ERR_NONE && i < plan->series_count; i++) {
        struct series series = {(int64_t)i + 1, plan->series[i].request, plan->series[i].holiday_rule};
        code = timetable_add_series(timetable, &series, err);
    }
    for (size_t i = 0; code == ERR_NONE && i < plan->item_count; i++) {
        struct session session = {.at = plan->items[i].at, .status = SESSION_CONFIRMED, .counts_as = 1};
        session.at.session_id = (int64_t)i + 1;
        session.at.series_id = -session.at.series_id;
        code = timetable_add_session(timetable, &session, err);
    }
    code = code == ERR_NONE ? timetable_seal(timetable, err) : code;
    if (code != ERR_NONE) {
        timetable_unref(timetable);
        return code;
    }
    *ret_timetable = timetable;
    return ERR_NONE;
}

static enum error_code year_make(const struct bench_options *options, struct timetable **ret_timetable,
                                 struct error *err)
{
    struct planner_city city = planner_city_year(options->city_seed, (uint32_t)options->sessions,
                                                 (uint32_t)options->halls, (uint32_t)options->instructors);
    struct timetable *timetable = NULL;
    struct plan *plan = NULL;
    enum error_code code = planner_city_create(&city, &timetable, err);
    if (code != ERR_NONE) {
        return code;
    }
    struct planner_options how = planner_options_default(city.from_day, city.from_day + city.days - 1);
    struct planner_world world = {.clock = clock_system()};
    how.time_ms = (int64_t)options->plan_ms;
    code = planner_run(timetable, &how, &world, &plan, err);
    timetable_unref(timetable);
    if (code == ERR_NONE) {
        printf("planned %" PRId64 " of %" PRId64 " sessions\n", plan->placed, plan->wanted);
        code = year_publish(&city, plan, ret_timetable, err);
    }
    plan_destroy(plan);
    return code;
}

/* ---- questions ---- */

static struct reach_query query_of(const struct timetable *t, const struct reach_target *targets,
                                   size_t count)
{
    int32_t from = date_from_civil((struct civil){2026, 1, 1});
    struct reach_query query = reach_query_default(from, from + 364);
    (void)t;
    query.targets = targets;
    query.target_count = count;
    return query;
}

static enum error_code ask_all(const struct bench_options *options, struct timetable *t,
                               const struct reach_target *targets, size_t count, struct error *err)
{
    struct reach *reach = NULL;
    struct planner_world world = {.clock = clock_system()};
    struct reach_query query = query_of(t, targets, count);
    query.goal = count * options->percent / 100;
    uint64_t from = cpu_ns();
    enum error_code code = reach_run(t, &query, &world, &reach, err);
    if (code == ERR_NONE) {
        size_t states[4] = {0};
        for (size_t i = 0; i < reach->target_count; i++) {
            states[reach->verdicts[i].state]++;
        }
        printf("reach %zu of %zu halls: %zu sessions, %" PRId64 " min more on the road, %.2f s\n",
               reach->reached, query.goal, reach->proposal_count, reach->travel_min,
               (double)(cpu_ns() - from) / 1e9);
        printf("  impossible %zu, crowded %zu, not needed %zu; at most %zu, proven %s\n",
               states[REACH_IMPOSSIBLE], states[REACH_CROWDED], states[REACH_SPARE], reach->reached_most,
               reach->proven ? "yes" : "no");
    }
    reach_destroy(reach);
    return code;
}

static int compare_times(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static enum error_code ask_each(const struct bench_options *options, struct timetable *t, struct error *err)
{
    struct rng rng;
    struct book *book = NULL;
    size_t count = (size_t)options->questions;
    size_t found = 0;
    uint64_t *times = malloc((count + 1) * sizeof *times);
    enum error_code code = times == NULL ? ERR_MEMORY : book_create(t, false, &book, err);
    rng_seed(&rng, options->seed);
    for (size_t i = 0; i < count && code == ERR_NONE; i++) {
        struct reach_target target = {rng_below(&rng, (uint32_t)t->hall_count), NONE, 1};
        struct reach_query query = query_of(t, &target, 1);
        struct reach_places places = {.items = NULL};
        uint64_t from = cpu_ns();
        code = reach_alternatives(book, &query, 0, 6, &places, err);
        times[i] = cpu_ns() - from;
        found += places.count;
        reach_places_finish(&places);
    }
    if (code == ERR_NONE && count > 0) {
        qsort(times, count, sizeof *times, compare_times);
        printf("one hall, six places: p50 %.2f ms  p99 %.2f ms  max %.2f ms  %.1f found\n",
               (double)times[count / 2] / 1e6, (double)times[count * 99 / 100] / 1e6,
               (double)times[count - 1] / 1e6, (double)found / (double)count);
    }
    book_destroy(book);
    free(times);
    return code;
}

static enum error_code run(const struct bench_options *options, struct error *err)
{
    struct timetable *t = NULL;
    enum error_code code = year_make(options, &t, err);
    if (code != ERR_NONE) {
        return code;
    }
    size_t count =
        options->targets > 0 && options->targets < t->hall_count ? (size_t)options->targets : t->hall_count;
    struct reach_target *targets = malloc((count + 1) * sizeof *targets);
    code = targets == NULL ? ERR_MEMORY : ERR_NONE;
    for (uint32_t h = 0; h < count && code == ERR_NONE; h++) {
        targets[h] = (struct reach_target){h, NONE, 1};
    }
    code = code == ERR_NONE ? ask_all(options, t, targets, count, err) : code;
    code = code == ERR_NONE ? ask_each(options, t, err) : code;
    free(targets);
    timetable_unref(t);
    return code;
}

int main(int count, char **words)
{
    struct bench_options options = {.sessions = 10000,
                                    .halls = 3000,
                                    .instructors = 260,
                                    .city_seed = 1,
                                    .plan_ms = 2000,
                                    .percent = 100,
                                    .questions = 300,
                                    .seed = 1};
    struct error err = {.code = ERR_NONE};
    if (!parse(count, words, &options)) {
        usage();
        return 2;
    }
    if (run(&options, &err) != ERR_NONE) {
        fprintf(stderr, "%s\n", err.text);
        return 3;
    }
    return 0;
}
