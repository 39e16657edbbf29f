/* litang_bench_free: plans a generated year, publishes it, and asks `free` and `why` many times; prints the
 * median and the 99th percentile of each question. --help says how. */
#include "tests/scheduler/planner_city.h"

#include "scheduler/planner.h"
#include "scheduler/why.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

struct bench_options {
    uint64_t sessions, halls, instructors, city_seed, plan_ms, questions, seed, only;
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
    {"--questions", "questions of each kind", offsetof(struct bench_options, questions)},
    {"--seed", "seed of the questions", offsetof(struct bench_options, seed)},
    {"--only", "this question only, counted from 1", offsetof(struct bench_options, only)},
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
    printf("litang_bench_free [OPTION NUMBER]...\n");
    for (size_t k = 0; k < sizeof OPTIONS / sizeof *OPTIONS; k++) {
        printf("  %-14s %s\n", OPTIONS[k].name, OPTIONS[k].about);
    }
}

/* ---- a published year ---- */

static enum error_code plan_publish(const struct planner_city *city, const struct plan *plan,
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
    how.threads = 1;
    code = planner_run(timetable, &how, &world, &plan, err);
    timetable_unref(timetable);
    if (code == ERR_NONE) {
        printf("planned %" PRId64 " of %" PRId64 " sessions\n", plan->placed, plan->wanted);
        code = plan_publish(&city, plan, ret_timetable, err);
    }
    plan_destroy(plan);
    return code;
}

/* ---- questions ---- */

struct bench {
    const struct bench_options *options;
    const struct timetable *timetable;
    struct book *book;
    struct rng rng;
    int32_t from_day;
    uint64_t offers;
    uint32_t *refused; /* owned; requests with sessions missing */
    size_t refused_count;
};

typedef enum error_code question(struct bench *bench, struct error *err);

static uint32_t below(struct bench *bench, size_t bound)
{
    return rng_below(&bench->rng, (uint32_t)bound);
}

static enum error_code free_ask(struct bench *bench, const struct free_query *query, struct error *err)
{
    struct free_list list;
    enum error_code code = free_find(bench->book, query, &list, err);
    if (code == ERR_NONE) {
        bench->offers += list.count;
        free_list_finish(&list);
    }
    return code;
}

static int64_t session_any(struct bench *bench)
{
    return bench->timetable->sessions[below(bench, bench->timetable->session_count)].at.session_id;
}

static enum error_code ask_session(struct bench *bench, struct error *err)
{
    struct free_query query;
    enum error_code code = free_query_session(bench->book, session_any(bench), &query, err);
    return code == ERR_NONE ? free_ask(bench, &query, err) : code;
}

static enum error_code ask_session_overrides(struct bench *bench, struct error *err)
{
    struct free_query query;
    enum error_code code = free_query_session(bench->book, session_any(bench), &query, err);
    query.overrides = RULE_BIT(RULE_AVAILABILITY) | RULE_BIT(RULE_CLOSURE) | RULE_BIT(RULE_CAP_WEEK);
    return code == ERR_NONE ? free_ask(bench, &query, err) : code;
}

static enum error_code ask_hall(struct bench *bench, int32_t days, struct error *err)
{
    int32_t from = bench->from_day + (int32_t)below(bench, (size_t)(366 - days));
    struct free_query query =
        free_query_course(below(bench, bench->timetable->course_count),
                          below(bench, bench->timetable->hall_count), NONE, from, from + days - 1);
    return free_ask(bench, &query, err);
}

static enum error_code ask_hall_quarter(struct bench *bench, struct error *err)
{
    return ask_hall(bench, 120, err);
}

static enum error_code ask_hall_year(struct bench *bench, struct error *err)
{
    return ask_hall(bench, 365, err);
}

static enum error_code ask_township(struct bench *bench, int32_t days, struct error *err)
{
    int32_t from = bench->from_day + (int32_t)below(bench, (size_t)(366 - days));
    uint32_t hall = below(bench, bench->timetable->hall_count);
    struct free_query query =
        free_query_course(below(bench, bench->timetable->course_count), NONE,
                          timetable_hall_township(bench->timetable, hall), from, from + days - 1);
    return free_ask(bench, &query, err);
}

static enum error_code ask_township_month(struct bench *bench, struct error *err)
{
    return ask_township(bench, 30, err);
}

static enum error_code ask_township_quarter(struct bench *bench, struct error *err)
{
    return ask_township(bench, 120, err);
}

static enum error_code ask_why_session(struct bench *bench, struct error *err)
{
    struct free_query query;
    struct why_session why;
    enum error_code code = free_query_session(bench->book, session_any(bench), &query, err);
    query.max_results = WHY_OFFERS_MAX;
    code = code == ERR_NONE ? why_session(bench->book, &query, &why, err) : code;
    if (code == ERR_NONE) {
        bench->offers += why.others.count;
        why_session_finish(&why);
    }
    return code;
}

static enum error_code ask_why_there(struct bench *bench, struct error *err)
{
    int64_t id = session_any(bench);
    struct placement there = *book_at(bench->book, book_slot_of(bench->book, id));
    struct clash_list list;
    size_t hard = 0;
    there.day += (int32_t)below(bench, 15) - 7;
    there.start_min = 480 + 15 * (int32_t)below(bench, 40);
    clash_list_init(&list);
    enum error_code code = why_there(bench->book, id, &there, &list, &hard, err);
    clash_list_finish(&list);
    return code;
}

static enum error_code ask_why_request(struct bench *bench, struct error *err)
{
    struct why_options options = {
        .from_day = DATE_MIN, .looks = WHY_LOOKS_QUICK, .weights = weights_default()};
    struct why_request why;
    uint32_t request = bench->refused_count > 0 ? bench->refused[below(bench, bench->refused_count)]
                                                : below(bench, bench->timetable->request_count);
    enum error_code code = why_request(bench->book, request, &options, &why, err);
    bench->offers += code == ERR_NONE ? why.change_count + why.offer_count : 0;
    return code;
}

static enum error_code refused_find(struct bench *bench)
{
    const struct timetable *t = bench->timetable;
    uint32_t *placed = calloc(t->request_count + 1, sizeof *placed);
    bench->refused = calloc(t->request_count + 1, sizeof *bench->refused);
    if (placed == NULL || bench->refused == NULL) {
        free(placed);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < t->session_count; i++) {
        placed[t->sessions[i].at.request]++;
    }
    for (uint32_t r = 0; r < t->request_count; r++) {
        if (placed[r] == 0) {
            bench->refused[bench->refused_count++] = r;
        }
    }
    free(placed);
    return ERR_NONE;
}

static const struct {
    const char *name;
    question *ask;
} QUESTIONS[] = {
    {"free SESSION", ask_session},
    {"free SESSION, overrides allowed", ask_session_overrides},
    {"free course, hall, 120 days", ask_hall_quarter},
    {"free course, hall, 365 days", ask_hall_year},
    {"free course, township, 30 days", ask_township_month},
    {"free course, township, 120 days", ask_township_quarter},
    {"why SESSION", ask_why_session},
    {"why SESSION at another place", ask_why_there},
    {"why REQUEST (refused)", ask_why_request},
};

/* Time on the processor: the machine may be busy with other work. */
static uint64_t cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static int compare_times(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static enum error_code question_run(struct bench *bench, size_t which, uint64_t *times, struct error *err)
{
    size_t count = (size_t)bench->options->questions;
    bench->offers = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t from = cpu_ns();
        enum error_code code = QUESTIONS[which].ask(bench, err);
        if (code != ERR_NONE) {
            return code;
        }
        times[i] = cpu_ns() - from;
    }
    qsort(times, count, sizeof *times, compare_times);
    printf("%-34s p50 %7.3f ms  p99 %7.3f ms  max %7.3f ms  %5.1f found\n", QUESTIONS[which].name,
           (double)times[count / 2] / 1e6, (double)times[count * 99 / 100] / 1e6,
           (double)times[count - 1] / 1e6, (double)bench->offers / (double)count);
    return ERR_NONE;
}

static enum error_code run(const struct bench_options *options, struct error *err)
{
    struct timetable *timetable = NULL;
    struct bench bench = {.options = options};
    uint64_t *times = malloc((options->questions + 1) * sizeof *times);
    enum error_code code = times == NULL ? ERR_MEMORY : year_make(options, &timetable, err);
    if (code != ERR_NONE) {
        free(times);
        return code;
    }
    code = book_create(timetable, false, &bench.book, err);
    bench.timetable = timetable;
    bench.from_day = date_from_civil((struct civil){2026, 1, 1});
    rng_seed(&bench.rng, options->seed);
    code = code == ERR_NONE ? refused_find(&bench) : code;
    for (size_t i = 0; code == ERR_NONE && i < sizeof QUESTIONS / sizeof *QUESTIONS; i++) {
        bool is_asked = options->only == 0 || options->only == i + 1;
        code = is_asked ? question_run(&bench, i, times, err) : ERR_NONE;
    }
    free(bench.refused);
    book_destroy(bench.book);
    timetable_unref(timetable);
    free(times);
    return code;
}

int main(int count, char **words)
{
    struct bench_options options = {.sessions = 10000,
                                    .halls = 3000,
                                    .instructors = 260,
                                    .city_seed = 1,
                                    .plan_ms = 2000,
                                    .questions = 1000,
                                    .seed = 1};
    struct error err = {.code = ERR_NONE};
    if (!parse(count, words, &options) || options.questions == 0) {
        usage();
        return 2;
    }
    if (run(&options, &err) != ERR_NONE) {
        fprintf(stderr, "%s\n", err.text);
        return 3;
    }
    return 0;
}
