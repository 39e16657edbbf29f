/* Bounds: how long they take on a generated city, how far the planner's first plan is from them, and whether
 * they ever contradict an exhaustive search of small cases. */
#include "scheduler/planner.h"
#include "tests/scheduler/bound_reference.h"
#include "tests/scheduler/planner_city.h"

#include <inttypes.h>
#include <time.h>

enum {
    SMALL_CASES = 300
};

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static uint64_t clock_mono(void *context)
{
    (void)context;
    return (uint64_t)(cpu_ms() * 1e6);
}

static int64_t clock_now(void *context)
{
    (void)context;
    return 0;
}

static int small_cases(void)
{
    int exact = 0;
    int below = 0;
    int travel_over = 0;
    int64_t travel_sum = 0;
    int64_t bound_sum = 0;
    for (uint64_t seed = 1; seed <= SMALL_CASES; seed++) {
        struct timetable *t = bound_small(seed);
        const struct bound_options options = {
            .from_day = small_first_day(), .to_day = small_first_day() + 6, .keep_published = true};
        struct bound *bound = NULL;
        int64_t placed = 0;
        int64_t travel = 0;
        if (t == NULL || bound_create(t, &options, &bound, NULL) != ERR_NONE ||
            !bound_best(t, t->request_count <= 4, &placed, &travel)) {
            return 3;
        }
        exact += bound->placed_most == placed;
        below += bound->placed_most < placed;
        if (t->request_count <= 4) {
            travel_over += bound_travel(bound, placed) > travel;
            travel_sum += travel;
            bound_sum += bound_travel(bound, placed);
        }
        bound_destroy(bound);
        timetable_unref(t);
    }
    printf("small cases %d: bound exact %d, below the optimum %d; travel bound above the optimum %d, in all "
           "%" PRId64 " of %" PRId64 " minutes\n",
           SMALL_CASES, exact, below, travel_over, bound_sum, travel_sum);
    return below + travel_over > 0;
}

static int city_case(uint64_t seed, uint32_t people)
{
    struct planner_city city = planner_city_year(seed, 10000, 3000, people);
    struct planner_options options = planner_options_default(city.from_day, city.from_day + city.days - 1);
    struct planner_world world = {.clock = {.now_s = clock_now, .mono_ns = clock_mono}};
    const struct bound_options bounds = {
        .from_day = options.from_day, .to_day = options.to_day, .keep_published = true};
    struct timetable *t = NULL;
    struct plan *plan = NULL;
    struct bound *bound = NULL;
    struct error err = {.code = ERR_NONE};
    options.iterations = 2000000;
    if (planner_city_create(&city, &t, &err) != ERR_NONE ||
        planner_run(t, &options, &world, &plan, &err) != ERR_NONE) {
        fprintf(stderr, "%s\n", err.text);
        return 3;
    }
    double before = cpu_ms();
    if (bound_create(t, &bounds, &bound, &err) != ERR_NONE) {
        fprintf(stderr, "%s\n", err.text);
        return 3;
    }
    double took = cpu_ms() - before;
    int64_t minutes = plan->cost.travel / options.weights.travel;
    int64_t least = bound_travel(bound, plan->placed);
    printf("city, seed %" PRIu64 ", %u instructors: wanted %" PRId64 ", placed %" PRId64 " <= %" PRId64
           " (%.2f %%); travel %" PRId64 " >= %" PRId64 " (%.1f %%); %.0f ms processor time\n",
           seed, people, bound->wanted, plan->placed, bound->placed_most,
           100.0 * (double)plan->placed / (double)bound->placed_most, minutes, least,
           100.0 * (double)least / (double)minutes, took);
    for (size_t i = 0; i < bound->deficit_count && i < 4; i++) {
        struct text text;
        text_init(&text, 2000);
        bound_deficit_sentence(t, &bound->deficits[i], false, &text);
        printf("  %s\n", text_string(&text));
        text_finish(&text);
    }
    int code = plan->placed > bound->placed_most || least > minutes;
    bound_destroy(bound);
    plan_destroy(plan);
    timetable_unref(t);
    return code;
}

int main(void)
{
    static const uint32_t PEOPLE[] = {260, 110, 80, 40};
    int code = small_cases();
    for (size_t i = 0; i < sizeof PEOPLE / sizeof *PEOPLE; i++) {
        int failed = city_case(i + 1, PEOPLE[i]);
        code = failed != 0 ? failed : code;
    }
    return code;
}
