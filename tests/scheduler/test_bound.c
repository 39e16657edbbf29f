/* Bounds: never on the wrong side of what an exhaustive search or the planner reaches, and close to it where
 * people are short. */
#include "bound_reference.h"
#include "planner_help.h"
#include "scheduler/bound_flow.h"

enum {
    CASES = 60
};

static struct bound *bound_of(const struct timetable *t, int32_t from, int32_t to, bool keep)
{
    const struct bound_options options = {.from_day = from, .to_day = to, .keep_published = keep};
    struct bound *bound = NULL;
    struct error err = {.code = ERR_NONE};
    if (bound_create(t, &options, &bound, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    return bound;
}

/* ---- flow ---- */

/* The most by trying: every way to send units of a small bipartite problem. */
static int64_t match_most(const int *ends, const int *left, int count, int at, int *taken)
{
    if (at == count) {
        return 0;
    }
    int64_t best = match_most(ends, left, count, at + 1, taken);
    for (int k = 0; k < 4; k++) {
        if ((ends[at] >> k & 1) != 0 && taken[k] < left[k]) {
            taken[k]++;
            int64_t with = 1 + match_most(ends, left, count, at + 1, taken);
            taken[k]--;
            best = with > best ? with : best;
        }
    }
    return best;
}

static void flow_is_the_most(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 5);
    for (int round = 0; round < 200; round++) {
        int ends[6];
        int left[4];
        int taken[4] = {0};
        struct flow flow;
        uint32_t sinks[4];
        int64_t value = -1;
        flow_init(&flow);
        for (int k = 0; k < 4; k++) {
            left[k] = (int)rng_below(&rng, 3);
            sinks[k] = flow_node(&flow);
            flow_connect(&flow, sinks[k], FLOW_SINK, left[k]);
        }
        for (int i = 0; i < 6; i++) {
            uint32_t node = flow_node(&flow);
            ends[i] = (int)rng_below(&rng, 16);
            flow_connect(&flow, FLOW_SOURCE, node, 1);
            for (int k = 0; k < 4; k++) {
                if ((ends[i] >> k & 1) != 0) {
                    flow_connect(&flow, node, sinks[k], FLOW_WIDE);
                }
            }
        }
        assert_int_equal(flow_run(&flow, &value), ERR_NONE);
        assert_int_equal(value, match_most(ends, left, 6, 0, taken));
        flow_finish(&flow);
    }
}

/* ---- against everything tried ---- */

static void never_below_the_optimum(void **state)
{
    (void)state;
    int exact = 0;
    int short_of = 0;
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        struct timetable *t = bound_small(seed);
        int64_t placed = 0;
        int64_t travel = 0;
        assert_non_null(t);
        struct bound *bound = bound_of(t, small_first_day(), small_first_day() + 6, true);
        assert_true(bound_best(t, t->request_count <= 4, &placed, &travel));
        if (bound->placed_most < placed) {
            fail_msg("seed %d: bound %d, proven %d", (int)seed, (int)bound->placed_most, (int)placed);
        }
        if (t->request_count <= 4 && bound_travel(bound, placed) > travel) {
            fail_msg("seed %d: travel bound %d, proven %d", (int)seed, (int)bound_travel(bound, placed),
                     (int)travel);
        }
        assert_int_equal(bound->wanted, t->request_count);
        assert_int_equal(bound->placed_most<bound->wanted, bound->deficit_count> 0);
        exact += bound->placed_most == placed;
        short_of += placed < bound->wanted;
        bound_destroy(bound);
        timetable_unref(t);
    }
    assert_true(short_of > CASES / 4);
    assert_true(exact > CASES / 2);
}

/* ---- against the planner ---- */

static void planner_stays_within(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct planner_city city = planner_city_small(seed);
        city.crowded = seed % 3 == 0;
        city.odd = seed % 4 == 0;
        struct planner_options options = help_options(&city);
        options.weights.travel = seed % 2 == 0 ? 100 : options.weights.travel;
        struct timetable *t = help_city(&city);
        struct plan *plan = help_plan(t, &options);
        struct bound *bound = bound_of(t, options.from_day, options.to_day, true);
        assert_true(plan->placed <= bound->placed_most);
        assert_true(bound->placed_most <= bound->wanted);
        int64_t minutes = plan->cost.travel / options.weights.travel;
        assert_true(bound_travel(bound, plan->placed) <= minutes);
        assert_true(bound_travel(bound, plan->placed) > 0);
        bound_destroy(bound);
        /* What is published takes its share, whether it may move or not. */
        struct timetable *after = help_seal(help_publish_open(&city, plan));
        for (int keep = 0; keep < 2; keep++) {
            bound = bound_of(after, options.from_day, options.to_day, keep != 0);
            assert_true(plan->placed <= bound->placed_most);
            assert_true(bound_travel(bound, plan->placed) <= minutes);
            bound_destroy(bound);
        }
        timetable_unref(after);
        plan_destroy(plan);
        timetable_unref(t);
    }
}

/* ---- who is short of what ---- */

/* One instructor with two sessions a week, and a course that needs nine in three. */
static void shortage_is_named(void **state)
{
    (void)state;
    struct small s = {.days = 21, .halls = 2, .people = 1, .courses = 1, .sessions = 9};
    struct text text;
    rng_seed(&s.rng, 1);
    s.timetable = timetable_create();
    small_world(&s);
    s.timetable->instructors[0].max_day = 2;
    s.timetable->instructors[0].max_week = 2;
    assert_false(s.failed);
    struct timetable *t = help_seal(s.timetable);
    struct bound *bound = bound_of(t, small_first_day(), small_first_day() + 20, true);
    assert_int_equal(bound->wanted, 9);
    assert_int_equal(bound->placed_most, 6);
    assert_int_equal(bound->deficit_count, 1);
    assert_int_equal(bound->deficits[0].kind, DEFICIT_PEOPLE);
    assert_int_equal(bound->deficits[0].need, 9);
    assert_int_equal(bound->deficits[0].capacity, 6);
    assert_int_equal(bound->deficits[0].people, 1);
    text_init(&text, 1000);
    bound_deficit_sentence(t, &bound->deficits[0], true, &text);
    assert_non_null(strstr(text_string(&text), "需 9 场，1 位讲师最多能上 6 场"));
    text_clear(&text);
    bound_deficit_sentence(t, &bound->deficits[0], false, &text);
    assert_non_null(strstr(text_string(&text), "9 sessions are needed, 1 instructors can give 6"));
    text_finish(&text);
    bound_destroy(bound);
    timetable_unref(t);
}

static void contradictions_are_named(void **state)
{
    (void)state;
    struct small s = {.days = 21, .halls = 1, .people = 1, .courses = 2, .sessions = 6};
    struct plan_refusal *items = NULL;
    size_t count = 0;
    struct error err = {.code = ERR_NONE};
    rng_seed(&s.rng, 1);
    s.timetable = timetable_create();
    small_world(&s);
    static const struct season WINTER = {1201, 228};
    struct request *r = s.timetable->requests;
    s.timetable->instructors[0].course_count = 1; /* of course 0 alone */
    for (uint32_t i = 0; i < 6; i++) {
        r[i].course = i == 1 ? 1 : 0;
        r[i].hall = 0;
        r[i].area = NONE;
    }
    r[2].heads = 500;
    r[3].sessions = 4; /* four weekly meetings in three weeks */
    r[3].is_series = true;
    r[4].sessions = 3;
    r[4].is_series = true;
    r[5].withdrawn = true;
    s.timetable->rooms[0].capacity = 100;
    struct timetable *t = help_seal(s.timetable);
    assert_int_equal(bound_contradictions(t, small_first_day(), small_first_day() + 20, &items, &count, &err),
                     ERR_NONE);
    assert_int_equal(count, 3);
    assert_int_equal(items[0].request, 1);
    assert_int_equal(items[0].kind, REFUSAL_NO_INSTRUCTOR);
    assert_int_equal(items[1].request, 2);
    assert_int_equal(items[1].kind, REFUSAL_NO_HALL);
    assert_int_equal(items[2].request, 3);
    assert_int_equal(items[2].kind, REFUSAL_NO_DAY);
    assert_int_equal(items[2].missing, 4);
    free(items);
    items = NULL;
    /* What fewer days would cut does not contradict itself. */
    size_t again = 0;
    assert_int_equal(bound_contradictions(t, small_first_day(), small_first_day() + 3, &items, &again, &err),
                     ERR_NONE);
    assert_int_equal(again, count);
    free(items);
    items = NULL;
    /* The bound knows them, too. */
    struct bound *bound = bound_of(t, small_first_day(), small_first_day() + 20, true);
    assert_int_equal(bound->wanted - bound->placed_most, 6);
    bound_destroy(bound);
    /* Out of season there is no day at all. */
    t->courses[0].seasons = &WINTER;
    t->courses[0].season_count = 1;
    assert_int_equal(bound_contradictions(t, small_first_day(), small_first_day() + 20, &items, &count, &err),
                     ERR_NONE);
    assert_int_equal(count, 5);
    assert_int_equal(items[0].kind, REFUSAL_NO_DAY);
    free(items);
    timetable_unref(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flow_is_the_most),         cmocka_unit_test(never_below_the_optimum),
        cmocka_unit_test(planner_stays_within),     cmocka_unit_test(shortage_is_named),
        cmocka_unit_test(contradictions_are_named),
    };
    return cmocka_run_group_tests_name("scheduler.bound", tests, NULL, NULL);
}
