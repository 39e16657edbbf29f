/* litang_bench_planner: plans generated cities and prints what came of it. --help says how; without options
 * it prints the table of docs/planner.md. */
#include "scheduler/planner.h"
#include "scheduler/bound.h"
#include "tests/scheduler/planner_city.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

struct bench_options {
    uint64_t sessions, halls, instructors, seed, city_seed, threads, iterations, ms;
    uint64_t refusals; /* printed */
    uint64_t cpu;      /* count processor time */
    uint64_t bound;    /* 1: print what could be placed at most */
    uint64_t long_ms;  /* of the table's reference runs */
    const char *trace; /* NULL: none */
};

static const struct {
    const char *name, *about;
    size_t offset;
} OPTIONS[] = {
    {"--sessions", "sessions wanted", offsetof(struct bench_options, sessions)},
    {"--halls", "halls", offsetof(struct bench_options, halls)},
    {"--instructors", "instructors", offsetof(struct bench_options, instructors)},
    {"--seed", "seed of the search", offsetof(struct bench_options, seed)},
    {"--city", "seed of the city", offsetof(struct bench_options, city_seed)},
    {"--threads", "threads", offsetof(struct bench_options, threads)},
    {"--iterations", "moves a thread, instead of a time", offsetof(struct bench_options, iterations)},
    {"--ms", "time in milliseconds", offsetof(struct bench_options, ms)},
    {"--cpu", "1: processor time of the first thread, for busy machines",
     offsetof(struct bench_options, cpu)},
    {"--refusals", "refusals to print", offsetof(struct bench_options, refusals)},
    {"--bound", "1: what could be placed at most, too", offsetof(struct bench_options, bound)},
    {"--long", "table: milliseconds of the run that others are compared to",
     offsetof(struct bench_options, long_ms)},
};

static bool parse(int count, char **words, struct bench_options *options)
{
    for (int i = 1; i < count; i += 2) {
        if (i + 1 < count && strcmp(words[i], "--trace") == 0) {
            options->trace = words[i + 1];
            continue;
        }
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
    printf("litang_bench_planner [OPTION NUMBER]... [--trace FILE]\n");
    for (size_t k = 0; k < sizeof OPTIONS / sizeof *OPTIONS; k++) {
        printf("  %-14s %s\n", OPTIONS[k].name, OPTIONS[k].about);
    }
    printf("  %-14s %s\n", "--trace FILE", "cost over time, to be drawn by bench/planner/plot");
    printf("Without options: the table of docs/planner.md.\n");
}

/* The processor time of the calling thread: what a wall clock would say on an idle machine. */
static uint64_t cpu_ns(void *context)
{
    (void)context;
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void trace_line(void *context, const struct planner_progress *progress)
{
    FILE *file = context;
    (void)fprintf(file, "%" PRIu64 "\t%" PRIu64 "\t%" PRId64 "\t%" PRId64 "\n", progress->elapsed_ms,
                  progress->iterations, progress->placed, progress->cost);
}

static enum error_code plan_once(struct timetable *timetable, const struct planner_city *city,
                                 const struct bench_options *options, struct plan **ret_plan,
                                 struct error *err)
{
    struct planner_options how = planner_options_default(city->from_day, city->from_day + city->days - 1);
    how.seed = options->seed;
    how.threads = (uint32_t)options->threads;
    how.iterations = options->iterations;
    how.time_ms = (int64_t)options->ms;
    struct planner_world world = {.clock = clock_system()};
    world.clock.mono_ns = options->cpu != 0 ? cpu_ns : world.clock.mono_ns;
    FILE *trace = options->trace == NULL ? NULL : fopen(options->trace, "w");
    if (trace != NULL) {
        (void)fprintf(trace, "# ms\tmoves\tplaced\tcost\n");
        world.progress = trace_line;
        world.progress_context = trace;
    }
    enum error_code code = planner_run(timetable, &how, &world, ret_plan, err);
    if (trace != NULL) {
        (void)fclose(trace);
    }
    return code;
}

static double seconds_of(const struct plan *plan)
{
    return plan->elapsed_ms > 0 ? (double)plan->elapsed_ms / 1000 : 0.001;
}

static double moves_rate(const struct plan *plan)
{
    return (double)(plan->iterations * plan->threads) / seconds_of(plan) / 1e6;
}

/* A scan is one move, however many places it measures. */
static double places_rate(const struct plan *plan)
{
    return moves_rate(plan) + (double)plan->scanned / seconds_of(plan) / 1e6;
}

static void print_plan(const struct plan *plan, const struct bench_options *options)
{
    printf("placed %" PRId64 " of %" PRId64 ", refused requests %zu, items %zu\n", plan->placed, plan->wanted,
           plan->refusal_count, plan->item_count);
    printf("cost %" PRId64 "\n", plan_cost_total(&plan->cost));
#define X(field, value, unit, zh) printf("  %-17s %10" PRId64 "\n", #field, plan->cost.field);
    WEIGHT_LIST(X)
#undef X
    printf("seconds %.3f, moves %" PRIu64 " a thread of %" PRIu64 " foreseen, %" PRIu64
           " among the series alone\n",
           seconds_of(plan), plan->iterations, plan->schedule, plan->series_moves);
    printf("M places measured a second, in all: one a move %.2f, with those of scans %.2f\n",
           moves_rate(plan), places_rate(plan));
    struct text sentence;
    text_init(&sentence, 4096);
    for (size_t i = 0; i < plan->refusal_count && i < options->refusals; i++) {
        text_clear(&sentence);
        refusal_sentence(plan->timetable, &plan->refusals[i], true, &sentence);
        printf("  %s\n", text_string(&sentence));
    }
    text_finish(&sentence);
}

static struct planner_city city_of(const struct bench_options *options)
{
    return planner_city_year(options->city_seed, (uint32_t)options->sessions, (uint32_t)options->halls,
                             (uint32_t)options->instructors);
}

static enum error_code print_bound(struct timetable *timetable, const struct planner_city *city,
                                   struct error *err)
{
    const struct bound_options bounds = {city->from_day, city->from_day + city->days - 1, true};
    struct bound *bound = NULL;
    uint64_t started = cpu_ns(NULL);
    enum error_code code = bound_create(timetable, &bounds, &bound, err);
    if (code == ERR_NONE) {
        printf("bound of placed %" PRId64 ", of their travel %" PRId64 " min, in %.3f s\n",
               bound->placed_most, bound_travel(bound, bound->placed_most),
               (double)(cpu_ns(NULL) - started) / 1e9);
    }
    bound_destroy(bound);
    return code;
}

static enum error_code run_one(const struct bench_options *options, struct error *err)
{
    struct planner_city city = city_of(options);
    struct timetable *timetable = NULL;
    struct plan *plan = NULL;
    enum error_code code = planner_city_create(&city, &timetable, err);
    if (code != ERR_NONE) {
        return code;
    }
    code = plan_once(timetable, &city, options, &plan, err);
    if (code == ERR_NONE) {
        struct rusage usage;
        print_plan(plan, options);
        (void)getrusage(RUSAGE_SELF, &usage);
        printf("at most %ld MB in memory\n", usage.ru_maxrss / 1024);
    }
    if (code == ERR_NONE && options->bound != 0) {
        code = print_bound(timetable, &city, err);
    }
    plan_destroy(plan);
    timetable_unref(timetable);
    return code;
}

/* ---- the table ---- */

enum {
    TABLE_SEEDS = 5,
    SHORT_MS = 1000,
    MIDDLE_MS = 10000
};

/* One city: a second, ten seconds, and a long run as the measure; the bound of what can be placed. */
static enum error_code table_row(struct bench_options options, struct error *err)
{
    const uint64_t times[] = {SHORT_MS, MIDDLE_MS, options.long_ms};
    struct planner_city city = city_of(&options);
    struct timetable *timetable = NULL;
    struct plan *plans[3] = {NULL, NULL, NULL};
    struct bound *bound = NULL;
    enum error_code code = planner_city_create(&city, &timetable, err);
    if (code != ERR_NONE) {
        return code;
    }
    const struct bound_options bounds = {city.from_day, city.from_day + city.days - 1, true};
    code = bound_create(timetable, &bounds, &bound, err);
    for (int i = 0; i < 3 && code == ERR_NONE; i++) {
        options.ms = times[i];
        code = plan_once(timetable, &city, &options, &plans[i], err);
    }
    if (code == ERR_NONE) {
        int64_t cost[3];
        for (int i = 0; i < 3; i++) {
            cost[i] = plan_cost_total(&plans[i]->cost);
        }
        double best = (double)(cost[2] < cost[1] ? cost[2] : cost[1]);
        printf("| %" PRIu64 " | %" PRIu64 " | %" PRId64 " | %" PRId64 " (%.2f %%) | %" PRId64
               " (%.2f %%) | %" PRId64 " (%.3f) | %" PRId64 " (%.3f) | %" PRId64 " | %.1f | %.1f |\n",
               options.instructors, options.city_seed, bound->placed_most, plans[0]->placed,
               100.0 * (double)plans[0]->placed / (double)bound->placed_most, plans[1]->placed,
               100.0 * (double)plans[1]->placed / (double)bound->placed_most, cost[0], (double)cost[0] / best,
               cost[1], (double)cost[1] / best, cost[2], moves_rate(plans[1]), places_rate(plans[1]));
        (void)fflush(stdout);
    }
    for (int i = 0; i < 3; i++) {
        plan_destroy(plans[i]);
    }
    bound_destroy(bound);
    timetable_unref(timetable);
    return code;
}

static enum error_code run_table(struct bench_options options, struct error *err)
{
    static const uint64_t PEOPLE[] = {600, 260, 110, 80};
    enum error_code code = ERR_NONE;
    options.cpu = 1;
    printf("| instructors | city | bound | placed in 1 s | in 10 s | cost at 1 s | at 10 s | at %" PRIu64
           " s | M moves/s | M places/s |\n|---|---|---|---|---|---|---|---|---|---|\n",
           options.long_ms / 1000);
    for (size_t i = 0; i < sizeof PEOPLE / sizeof *PEOPLE; i++) {
        for (uint64_t seed = 1; seed <= TABLE_SEEDS && code == ERR_NONE; seed++) {
            options.instructors = PEOPLE[i];
            options.city_seed = seed;
            options.seed = seed;
            code = table_row(options, err);
        }
    }
    return code;
}

int main(int count, char **words)
{
    struct bench_options options = {.sessions = 10000,
                                    .halls = 3000,
                                    .instructors = 260,
                                    .seed = 1,
                                    .city_seed = 1,
                                    .threads = 1,
                                    .ms = 1000,
                                    .long_ms = 100000};
    struct error err = {.code = ERR_NONE};
    bool is_table = count == 1 || (count == 3 && strcmp(words[1], "--long") == 0);
    if (!parse(count, words, &options)) {
        usage();
        return 2;
    }
    if ((is_table ? run_table(options, &err) : run_one(&options, &err)) != ERR_NONE) {
        fprintf(stderr, "%s\n", err.text);
        return 3;
    }
    return 0;
}
