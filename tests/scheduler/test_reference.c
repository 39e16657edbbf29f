/* The planner against proven optima: small random problems, each solved to the end by
 * tests/scheduler/reference.h. The clock stands still: only counts of steps end a run, so that the machine's
 * speed does not matter. */
#include "tests/scheduler/planner_help.h"
#include "tests/scheduler/reference.h"
#include "tests/scheduler/reference_problem.h"

enum {
    PROBLEMS = 40,
    SEEDS_MAX = 200,
    NODES_MAX = 1500, /* of a proof; a problem that takes more is left to bench/optimum */
    MOVES = 100000,
    PLAIN_PROBLEMS = 12,
    PLAIN_FIRST_SEED = 95, /* 98 and 101 once caught a bound that was too good */
    PLAIN_NODES = 20000,
    PLAIN_BOUNDED_NODES = 200,
    MISSED_MAX = 0 /* of 40: 1 % */
};

struct small {
    struct timetable *timetable;
    int32_t from_day, to_day;
};

static struct small small_make(uint64_t seed)
{
    struct small small = {.timetable = NULL};
    struct error err = {.code = ERR_NONE};
    if (reference_problem(seed, &small.timetable, &small.from_day, &small.to_day, &err) != ERR_NONE) {
        fail_msg("seed %llu: %s", (unsigned long long)seed, err.text);
    }
    return small;
}

static struct reference_answer optimum(const struct small *small, uint64_t nodes_max, bool is_plain)
{
    struct reference_answer best = {0};
    struct error err = {.code = ERR_NONE};
    const struct weights weights = weights_default();
    const struct reference_task task = {small->timetable, &weights,  small->from_day,
                                        small->to_day,    nodes_max, is_plain};
    if (reference_solve(&task, &best, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    return best;
}

static void the_planner_finds_the_optimum(void **state)
{
    (void)state;
    int proven = 0;
    int missed = 0;
    for (uint64_t seed = 1; seed <= SEEDS_MAX && proven < PROBLEMS; seed++) {
        struct small small = small_make(seed);
        struct planner_options options = planner_options_default(small.from_day, small.to_day);
        struct reference_answer best = optimum(&small, NODES_MAX, false);
        if (best.proven) {
            options.iterations = MOVES;
            struct plan *plan = help_plan(small.timetable, &options);
            int64_t cost = plan_cost_total(&plan->cost);
            proven++;
            if (plan->priority_placed > best.value ||
                (plan->priority_placed == best.value && cost < best.cost)) {
                fail_msg("seed %llu: better than the optimum: %lld, %lld for %lld, %lld",
                         (unsigned long long)seed, (long long)plan->priority_placed, (long long)cost,
                         (long long)best.value, (long long)best.cost);
            }
            if (plan->priority_placed != best.value || cost != best.cost) {
                print_message("seed %llu: %lld, %lld for %lld, %lld\n", (unsigned long long)seed,
                              (long long)plan->priority_placed, (long long)cost, (long long)best.value,
                              (long long)best.cost);
                missed++;
            }
            plan_destroy(plan);
        }
        timetable_unref(small.timetable);
    }
    assert_int_equal(proven, PROBLEMS);
    assert_in_range(missed, 0, MISSED_MAX);
}

/* One hall open an hour on one day, two requests: exactly the more urgent one fits. */
static void the_reference_knows_a_plain_case(void **state)
{
    (void)state;
    struct timetable *t = timetable_create();
    struct error err = {.code = ERR_NONE};
    uint32_t index;
    struct area village = {.id = "v", .name = "示例村", .level = AREA_VILLAGE, .travel_class = NONE};
    struct category category = {.id = "k", .name = "k"};
    struct course course = {
        .id = "c", .name = "c", .provider = NONE, .minutes = 60, .audience = NONE, .active = true};
    struct hall hall = {.id = "h", .name = "h", .valid_from = DATE_MIN, .valid_to = DATE_MAX, .school = NONE};
    struct room room = {.id = "r", .name = "r"};
    uint32_t teaches = 0;
    struct instructor person = {.id = "i",
                                .name = "示例甲",
                                .provider = NONE,
                                .home_area = NONE,
                                .valid_from = DATE_MIN,
                                .valid_to = DATE_MAX,
                                .max_day = 2,
                                .courses = &teaches,
                                .course_count = 1};
    int32_t day = date_from_civil((struct civil){2027, 3, 1});
    assert_int_equal(hours_parse("1-7 09:00-10:00", &hall.hours, &err), ERR_NONE);
    assert_int_equal(timetable_add_area(t, &village, &index, &err), ERR_NONE);
    assert_int_equal(timetable_add_category(t, &category, &index, &err), ERR_NONE);
    assert_int_equal(timetable_add_course(t, &course, &index, &err), ERR_NONE);
    assert_int_equal(timetable_add_hall(t, &hall, &index, &err), ERR_NONE);
    assert_int_equal(timetable_add_room(t, &room, &index, &err), ERR_NONE);
    assert_int_equal(timetable_add_instructor(t, &person, &index, &err), ERR_NONE);
    for (int i = 0; i < 2; i++) {
        struct request request = {.id = i == 0 ? "q0" : "q1",
                                  .hall = 0,
                                  .area = NONE,
                                  .sessions = 1,
                                  .from_day = day,
                                  .to_day = day,
                                  .priority = 3 + i,
                                  .weekdays = 0x02};
        assert_int_equal(timetable_add_request(t, &request, &index, &err), ERR_NONE);
    }
    assert_int_equal(timetable_seal(t, &err), ERR_NONE);
    struct reference_answer best;
    struct weights weights = weights_default();
    const struct reference_task task = {t, &weights, day, day, 1000, false};
    assert_int_equal(reference_solve(&task, &best, &err), ERR_NONE);
    assert_true(best.proven);
    assert_int_equal(best.value, 4);
    /* Monday for Tuesday; there and back 5 minutes each without known places; load 1 x 2 / 16 and evenness
     * without a township are nothing. */
    assert_int_equal(best.cost, weights.weekday + 10 * weights.travel);
    timetable_unref(t);
}

/* A search that was cut short is no proof. */
static void a_proof_without_room_says_so(void **state)
{
    (void)state;
    struct small small = small_make(1);
    assert_false(optimum(&small, 3, false).proven);
    timetable_unref(small.timetable);
}

/* The bounds only save time: without any, what can be finished ends the same. */
static void the_bounds_only_save_time(void **state)
{
    (void)state;
    int compared = 0;
    for (uint64_t seed = PLAIN_FIRST_SEED; seed <= SEEDS_MAX && compared < PLAIN_PROBLEMS; seed++) {
        struct small small = small_make(seed);
        struct reference_answer bounded = optimum(&small, PLAIN_BOUNDED_NODES, false);
        struct reference_answer plain = {.proven = false};
        if (bounded.proven) {
            plain = optimum(&small, PLAIN_NODES, true);
        }
        if (plain.proven) {
            assert_int_equal(plain.value, bounded.value);
            assert_int_equal(plain.cost, bounded.cost);
            assert_true(plain.nodes >= bounded.nodes);
            compared++;
        }
        timetable_unref(small.timetable);
    }
    assert_int_equal(compared, PLAIN_PROBLEMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_knows_a_plain_case),
        cmocka_unit_test(a_proof_without_room_says_so),
        cmocka_unit_test(the_bounds_only_save_time),
        cmocka_unit_test(the_planner_finds_the_optimum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
