/* The planner as a whole, on random small cities: no clash, exact cost, the same bytes again, published
 * sessions left alone. */
#include "tests/scheduler/planner_help.h"

static struct planner_city city_of(uint64_t seed)
{
    struct planner_city city = planner_city_small(seed);
    city.crowded = seed % 3 == 1;
    city.odd = seed % 2 == 1;
    city.plain = seed % 4 == 0;
    return city;
}

static void check_domain(const struct plan *plan)
{
    for (size_t i = 0; i < plan->item_count; i++) {
        const struct placement *at = &plan->items[i].at;
        assert_true(request_allows_day(plan->timetable, at->request, at->day));
        assert_true(request_allows_hall(plan->timetable, at->request, plan->timetable->rooms[at->room].hall));
        assert_in_range(at->day, plan->from_day, plan->to_day);
    }
}

static void plans_have_no_clash_and_the_true_cost(void **state)
{
    (void)state;
    int64_t placed = 0;
    int64_t wanted = 0;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        struct planner_city city = city_of(seed);
        struct timetable *timetable = help_city(&city);
        struct planner_options options = help_options(&city);
        options.seed = seed;
        struct plan *plan = help_plan(timetable, &options);
        struct book *book = help_book(plan);
        help_no_clash(book);
        check_domain(plan);
        help_same_cost(plan, &options);
        int64_t missing = 0;
        for (size_t i = 0; i < plan->refusal_count; i++) {
            missing += plan->refusals[i].missing;
        }
        assert_int_equal(plan->wanted - plan->placed, missing);
        assert_int_equal(plan->iterations, options.iterations);
        placed += plan->placed;
        wanted += plan->wanted;
        book_destroy(book);
        plan_destroy(plan);
        timetable_unref(timetable);
    }
    assert_true(placed > wanted / 2);
}

static bool same_plan(const struct plan *a, const struct plan *b)
{
    if (a->item_count != b->item_count || memcmp(&a->cost, &b->cost, sizeof a->cost) != 0) {
        return false;
    }
    for (size_t i = 0; i < a->item_count; i++) {
        const struct placement *x = &a->items[i].at;
        const struct placement *y = &b->items[i].at;
        if (x->room != y->room || x->instructors[0] != y->instructors[0] || x->day != y->day ||
            x->start_min != y->start_min || x->request != y->request || x->series_id != y->series_id) {
            return false;
        }
    }
    return true;
}

static void seed_and_threads_give_the_same_plan(void **state)
{
    (void)state;
    struct planner_city city = city_of(7);
    struct timetable *timetable = help_city(&city);
    struct planner_options options = help_options(&city);
    options.iterations = 70000; /* several slices */
    for (options.threads = 1; options.threads <= 2; options.threads++) {
        struct plan *first = help_plan(timetable, &options);
        struct plan *again = help_plan(timetable, &options);
        assert_true(same_plan(first, again));
        plan_destroy(first);
        plan_destroy(again);
    }
    struct plan *one = help_plan(timetable, &options);
    options.seed = 99;
    struct plan *other = help_plan(timetable, &options);
    assert_false(same_plan(one, other));
    plan_destroy(one);
    plan_destroy(other);
    timetable_unref(timetable);
}

/* Each look at the clock takes it a millisecond on. */
static uint64_t tick(void *context)
{
    uint64_t *now_ns = context;
    return *now_ns += 1000000;
}

static void a_timed_run_is_replayed_by_its_counts(void **state)
{
    (void)state;
    struct planner_city city = city_of(3);
    city.sessions = 400;
    struct timetable *timetable = help_city(&city);
    struct planner_options options = help_options(&city);
    for (options.threads = 1; options.threads <= 2; options.threads++) {
        uint64_t now_ns = 0;
        struct plan *timed = NULL;
        struct planner_world world = help_world();
        world.clock.mono_ns = tick;
        world.clock.context = &now_ns;
        options.iterations = 0;
        options.schedule = 0;
        options.series_moves = 0;
        options.time_ms = 400;
        assert_int_equal(planner_run(timetable, &options, &world, &timed, NULL), ERR_NONE);
        assert_true(timed->series_moves > 0);
        assert_true(timed->iterations > timed->series_moves);
        assert_true(timed->scanned > 0);
        assert_int_not_equal(timed->iterations, timed->schedule); /* the clock cut in, or went on */
        options.iterations = timed->iterations;
        options.schedule = timed->schedule;
        options.series_moves = timed->series_moves;
        struct plan *again = help_plan(timetable, &options);
        assert_true(same_plan(timed, again));
        assert_int_equal(timed->scanned, again->scanned);
        plan_destroy(timed);
        plan_destroy(again);
    }
    timetable_unref(timetable);
}

/* One session in twelve has a place: it goes to those that matter most, of priorities up to 9, series or not.
 */
static void far_too_few_places_go_by_priority(void **state)
{
    (void)state;
    int64_t placed = 0;
    int64_t worth = 0;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct planner_city city = planner_city_small(seed);
        city.sessions = 400;
        city.instructors = 2;
        city.crowded = true;
        struct timetable *timetable = help_city(&city);
        struct planner_options options = help_options(&city);
        options.iterations = 3000;
        struct plan *plan = help_plan(timetable, &options);
        assert_true(plan->series_moves > 0);
        help_same_cost(plan, &options);
        placed += plan->placed;
        worth += plan->priority_placed;
        plan_destroy(plan);
        timetable_unref(timetable);
    }
    assert_true(placed > 0);
    assert_true(worth >= 8 * placed);
}

static void more_moves_cost_less(void **state)
{
    (void)state;
    struct planner_city city = city_of(4);
    struct timetable *timetable = help_city(&city);
    struct planner_options options = help_options(&city);
    options.iterations = 1;
    struct plan *quick = help_plan(timetable, &options);
    options.iterations = 200000;
    struct plan *slow = help_plan(timetable, &options);
    assert_true(slow->placed >= quick->placed);
    assert_true(plan_cost_total(&slow->cost) < plan_cost_total(&quick->cost));
    plan_destroy(quick);
    plan_destroy(slow);
    timetable_unref(timetable);
}

/* A planned city, published. */
static struct timetable *published_city(const struct planner_city *city)
{
    struct timetable *empty = help_city(city);
    struct planner_options options = help_options(city);
    struct plan *plan = help_plan(empty, &options);
    struct timetable *timetable = help_seal(help_publish_open(city, plan));
    plan_destroy(plan);
    timetable_unref(empty);
    return timetable;
}

static void a_second_plan_changes_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct planner_city city = city_of(seed);
        struct timetable *timetable = published_city(&city);
        struct planner_options options = help_options(&city);
        struct plan *plan = help_plan(timetable, &options);
        for (size_t i = 0; i < plan->item_count; i++) {
            /* At most somebody refused before has found a place; nobody is moved. */
            assert_int_equal(plan->items[i].action, PLAN_CREATE);
        }
        help_same_cost(plan, &options);
        int64_t placed = plan->placed;
        plan_destroy(plan);
        options.keep_published = false;
        assert_int_equal(weights_set(&options.weights, "change", 100000, NULL), ERR_NONE);
        plan = help_plan(timetable, &options);
        for (size_t i = 0; i < plan->item_count; i++) {
            assert_int_not_equal(plan->items[i].action, PLAN_CANCEL);
        }
        /* Only to let somebody in is anybody moved at that price. */
        assert_true(plan->cost.change == 0 || plan->placed > placed);
        help_same_cost(plan, &options);
        plan_destroy(plan);
        timetable_unref(timetable);
    }
}

static void an_easy_city_is_planned_once(void **state)
{
    (void)state;
    struct planner_city city = planner_city_small(11);
    city.sessions = 30;
    struct timetable *timetable = published_city(&city);
    struct planner_options options = help_options(&city);
    struct plan *plan = help_plan(timetable, &options);
    assert_int_equal(plan->item_count, 0);
    plan_destroy(plan);
    timetable_unref(timetable);
}

static void moving_is_paid_for_and_stays_legal(void **state)
{
    (void)state;
    size_t moved = 0;
    for (uint64_t seed = 1; seed <= 9; seed++) {
        struct planner_city city = city_of(seed);
        struct timetable *timetable = published_city(&city);
        struct planner_options options = help_options(&city);
        options.keep_published = false;
        options.iterations = 60000;
        assert_int_equal(weights_set(&options.weights, "change", 1, NULL), ERR_NONE);
        struct plan *plan = help_plan(timetable, &options);
        struct book *book = help_book(plan);
        help_no_clash(book);
        help_same_cost(plan, &options);
        size_t moves = 0;
        for (size_t i = 0; i < plan->item_count; i++) {
            moves += plan->items[i].action == PLAN_MOVE ? 1 : 0;
        }
        assert_int_equal(plan->cost.change, (int64_t)moves);
        moved += moves;
        book_destroy(book);
        plan_destroy(plan);
        timetable_unref(timetable);
    }
    assert_true(moved > 0);
}

/* A hall closes for good: what was published there finds another place, or is cancelled with a reason. */
static void a_closed_hall_is_left(void **state)
{
    (void)state;
    struct planner_city city = planner_city_small(3);
    city.series_pct = 0;
    struct timetable *empty = help_city(&city);
    struct planner_options options = help_options(&city);
    struct plan *plan = help_plan(empty, &options);
    struct timetable *timetable = help_publish_open(&city, plan);
    uint32_t hall = timetable->rooms[plan->items[0].at.room].hall;
    struct closure closure = {.id = "burst",
                              .scope = CLOSURE_HALL,
                              .target = hall,
                              .strength = CLOSURE_HARD,
                              .from_day = city.from_day,
                              .to_day = city.from_day + city.days,
                              .from_min = 0,
                              .to_min = 1440,
                              .reason = "维修",
                              .source = "示例"};
    assert_int_equal(timetable_add_closure(timetable, &closure, NULL), ERR_NONE);
    help_seal(timetable);
    plan_destroy(plan);
    timetable_unref(empty);
    options.keep_published = false;
    assert_int_equal(weights_set(&options.weights, "change", 10000, NULL), ERR_NONE);
    plan = help_plan(timetable, &options);
    struct book *book = help_book(plan);
    help_no_clash(book);
    help_same_cost(plan, &options);
    assert_true(plan->item_count > 0);
    assert_int_equal(book_hall_first(book, hall), NONE);
    book_destroy(book);
    plan_destroy(plan);
    timetable_unref(timetable);
}

/* 9:00-9:50 and 9:50-10:40 in one room: legal, but no quarter hours. Both stay, nobody comes between. */
static void sessions_off_the_grid_stay(void **state)
{
    (void)state;
    struct planner_city city = planner_city_small(8);
    struct timetable *timetable = NULL;
    assert_int_equal(planner_city_open(&city, &timetable, NULL), ERR_NONE);
    uint32_t course = timetable->instructors[0].courses[0];
    for (int k = 0; k < 2; k++) {
        struct session session = {.status = SESSION_CONFIRMED, .counts_as = 1};
        session.at = (struct placement){.session_id = k + 1,
                                        .course = course,
                                        .room = 0,
                                        .instructors = {0},
                                        .instructor_count = 1,
                                        .day = city.from_day + 9,
                                        .start_min = 540 + 50 * k,
                                        .minutes = 50,
                                        .request = NONE};
        for (uint32_t r = 0; r < timetable->request_count && session.at.request == NONE; r++) {
            const struct request *request = &timetable->requests[r];
            bool here = request->hall == timetable->rooms[0].hall || request->area != NONE;
            session.at.request =
                request->course == course && here && !request->is_series ? r : (uint32_t)NONE;
        }
        assert_int_equal(timetable_add_session(timetable, &session, NULL), ERR_NONE);
    }
    help_seal(timetable);
    struct planner_options options = help_options(&city);
    options.keep_published = false;
    assert_int_equal(weights_set(&options.weights, "change", 0, NULL), ERR_NONE);
    struct plan *plan = help_plan(timetable, &options);
    help_same_cost(plan, &options);
    for (size_t i = 0; i < plan->item_count; i++) {
        assert_int_not_equal(plan->items[i].at.session_id, 2);
    }
    plan_destroy(plan);
    timetable_unref(timetable);
}

/* Answers how many sessions the second plan changed. */
static size_t change_what_may_move(uint64_t seed)
{
    struct planner_city city = planner_city_small(seed);
    struct timetable *empty = help_city(&city);
    struct planner_options options = help_options(&city);
    uint64_t iterations = options.iterations;
    options.iterations = 20; /* so that something is left to gain by moving */
    struct plan *plan = help_plan(empty, &options);
    options.iterations = iterations;
    struct timetable *timetable = help_publish_open(&city, plan);
    for (size_t i = 0; i < timetable->session_count; i++) {
        timetable->sessions[i].at.pinned = i % 3 == 0;
        timetable->sessions[i].at.held = i % 3 != 1 ? HELD_UNKNOWN : i % 2 == 0 ? HELD_YES : HELD_OUTSIDE;
    }
    help_seal(timetable);
    plan_destroy(plan);
    timetable_unref(empty);
    options.keep_published = false;
    options.frozen_until_day = city.from_day + city.days / 2;
    assert_int_equal(weights_set(&options.weights, "change", 0, NULL), ERR_NONE);
    plan = help_plan(timetable, &options);
    size_t moves = 0;
    for (size_t i = 0; i < plan->item_count; i++) {
        if (plan->items[i].action != PLAN_CREATE) {
            const struct session *was = timetable_find_session(timetable, plan->items[i].at.session_id);
            assert_int_equal(was->at.held, HELD_UNKNOWN);
            assert_false(was->at.pinned);
            assert_true(was->at.day > options.frozen_until_day);
            moves++;
        }
    }
    help_same_cost(plan, &options);
    plan_destroy(plan);
    timetable_unref(timetable);
    return moves;
}

static void pinned_held_and_frozen_stay(void **state)
{
    (void)state;
    size_t moves = 0;
    for (uint64_t seed = 5; seed < 9; seed++) {
        moves += change_what_may_move(seed);
    }
    assert_true(moves > 0);
}

/* What was not held reaches neither its hall nor, with its category, its township: the score and the search
 * say the same. */
static void not_held_reaches_nobody(void **state)
{
    (void)state;
    struct planner_city city = planner_city_small(5);
    struct timetable *empty = help_city(&city);
    struct planner_options options = help_options(&city);
    struct plan *plan = help_plan(empty, &options);
    int64_t missing = plan->cost.category_missing;
    struct timetable *timetable = help_publish_open(&city, plan);
    for (size_t i = 0; i < timetable->session_count; i++) {
        timetable->sessions[i].at.held = i % 4 == 0 ? HELD_OUTSIDE : HELD_NO;
    }
    help_seal(timetable);
    plan_destroy(plan);
    timetable_unref(empty);
    plan = help_plan(timetable, &options);
    assert_true(plan->cost.category_missing > missing);
    help_same_cost(plan, &options);
    plan_destroy(plan);
    timetable_unref(timetable);
}

static void cancel_answers_what_there_is(void **state)
{
    (void)state;
    struct planner_city city = city_of(2);
    struct timetable *timetable = help_city(&city);
    struct planner_options options = help_options(&city);
    atomic_bool cancel = true;
    struct planner_world world = help_world();
    world.cancel = &cancel;
    options.iterations = UINT64_C(1) << 50;
    struct plan *plan = NULL;
    assert_int_equal(planner_run(timetable, &options, &world, &plan, NULL), ERR_NONE);
    assert_true(plan->iterations <= 1024);
    plan_destroy(plan);
    timetable_unref(timetable);
}

/* Nothing wanted, or nothing that has a place: the time is not used up. */
static void without_anything_to_place_no_move_is_made(void **state)
{
    (void)state;
    for (int wants = 0; wants <= 1; wants++) {
        struct planner_city city = planner_city_small(4);
        city.sessions = wants == 1 ? 90 : 0;
        struct timetable *timetable = help_city(&city);
        for (size_t c = 0; c < timetable->course_count; c++) {
            timetable->courses[c].minutes = DAY_MINUTES; /* no hall is open so long */
        }
        struct planner_options options = help_options(&city);
        options.iterations = UINT64_C(1) << 50;
        struct plan *plan = help_plan(timetable, &options);
        assert_int_equal(plan->iterations, 0);
        assert_int_equal(plan->placed, 0);
        assert_int_equal(plan->wanted > 0, wants);
        assert_int_equal(plan->refusal_count > 0, wants);
        plan_destroy(plan);
        timetable_unref(timetable);
    }
}

static void bad_options_are_refused(void **state)
{
    (void)state;
    struct planner_city city = city_of(2);
    struct timetable *timetable = help_city(&city);
    struct planner_world world = help_world();
    struct plan *plan = NULL;
    struct planner_options options = help_options(&city);
    options.to_day = options.from_day - 1;
    assert_int_equal(planner_run(timetable, &options, &world, &plan, NULL), ERR_INPUT);
    options.to_day = options.from_day + LIMIT_PLAN_DAYS;
    assert_int_equal(planner_run(timetable, &options, &world, &plan, NULL), ERR_INPUT);
    options = help_options(&city);
    options.threads = LIMIT_THREADS + 1;
    assert_int_equal(planner_run(timetable, &options, &world, &plan, NULL), ERR_INPUT);
    assert_null(plan);
    timetable_unref(timetable);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_have_no_clash_and_the_true_cost),
        cmocka_unit_test(seed_and_threads_give_the_same_plan),
        cmocka_unit_test(a_timed_run_is_replayed_by_its_counts),
        cmocka_unit_test(far_too_few_places_go_by_priority),
        cmocka_unit_test(more_moves_cost_less),
        cmocka_unit_test(a_second_plan_changes_nothing),
        cmocka_unit_test(an_easy_city_is_planned_once),
        cmocka_unit_test(moving_is_paid_for_and_stays_legal),
        cmocka_unit_test(pinned_held_and_frozen_stay),
        cmocka_unit_test(a_closed_hall_is_left),
        cmocka_unit_test(sessions_off_the_grid_stay),
        cmocka_unit_test(not_held_reaches_nobody),
        cmocka_unit_test(cancel_answers_what_there_is),
        cmocka_unit_test(without_anything_to_place_no_move_is_made),
        cmocka_unit_test(bad_options_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
