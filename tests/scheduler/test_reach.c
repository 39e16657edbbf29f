/* reach against plain loops that try everything: as many targets, as few sessions, and every "impossible"
 * truly so; every proposal within the rules on top of the others; the road as the score counts it. */
#include "tests/scheduler/reach_city.h"

enum {
    CITIES = 600,
    FIRST_SEED = 1,
    PLACES_MAX = 4000,
    TRIES_MAX = 60000000 /* cities with more combinations are left to others */
};

static uint64_t no_time(void *context)
{
    (void)context;
    return 0;
}

static const struct planner_world WORLD = {.clock = {.mono_ns = no_time}};

static struct reach *run(const struct reach_city *c)
{
    struct reach *reach = NULL;
    struct error err = {.code = ERR_NONE};
    reach_fine(reach_run(c->timetable, &c->query, &WORLD, &reach, &err), &err);
    return reach;
}

/* ---- everything, by plain loops ---- */

struct everything {
    const struct reach_city *city;
    struct book *book;
    struct placement *places[REACH_CITY_TARGETS]; /* owned; allowed on the published sessions alone */
    size_t counts[REACH_CITY_TARGETS];
    int32_t left[8]; /* of each request */
    size_t goal, reached, best_reached;
    int32_t sessions, best_sessions;
    uint64_t tries;
};

static bool in_target(const struct timetable *t, const struct reach_target *target, uint32_t hall)
{
    return target->hall != NONE ? hall == target->hall
                                : timetable_area_within(t, t->halls[hall].area, target->area);
}

static void starts_list(struct everything *e, size_t target, struct placement at)
{
    for (at.start_min = 360; at.start_min + at.minutes <= 1320; at.start_min += 15) {
        if (rules_allow(e->book, &at, NONE, NULL)) {
            assert_true(e->counts[target] < PLACES_MAX);
            e->places[target][e->counts[target]++] = at;
        }
    }
}

/* A course of the menu (request NONE) or of a request, by everybody, in every room of the target. */
static void course_list(struct everything *e, size_t target, uint32_t course, uint32_t request)
{
    const struct timetable *t = e->city->timetable;
    const struct course *row = &t->courses[course];
    struct placement at = {.course = course,
                           .request = request,
                           .instructor_count = 1,
                           .minutes = row->minutes,
                           .setup_min = row->setup_min,
                           .clear_min = row->clear_min,
                           .heads = row->heads};
    if (request != NONE && t->requests[request].heads > 0) {
        at.heads = t->requests[request].heads;
    }
    for (at.day = e->city->query.from_day; at.day <= e->city->query.to_day; at.day++) {
        if (request != NONE ? !request_allows_day(t, request, at.day)
                            : !seasons_allow(row->seasons, row->season_count, at.day)) {
            continue;
        }
        for (at.room = 0; at.room < t->room_count; at.room++) {
            uint32_t hall = t->rooms[at.room].hall;
            if (!in_target(t, &e->city->targets[target], hall) ||
                (request != NONE && !request_allows_hall(t, request, hall))) {
                continue;
            }
            for (uint32_t i = 0; i < t->instructor_count; i++) {
                at.instructors[0] = i;
                starts_list(e, target, at);
            }
        }
    }
}

static void everything_open(struct everything *e, const struct reach_city *city)
{
    const struct timetable *t = city->timetable;
    struct error err = {.code = ERR_NONE};
    *e = (struct everything){.city = city, .goal = city->query.goal};
    reach_fine(book_create(city->timetable, false, &e->book, &err), &err);
    for (uint32_t r = 0; r < t->request_count; r++) {
        e->left[r] = t->requests[r].withdrawn ? 0 : t->requests[r].sessions;
    }
    for (size_t i = 0; i < city->query.target_count; i++) {
        e->places[i] = malloc(PLACES_MAX * sizeof *e->places[i]);
        for (uint32_t c = 0; c < t->course_count; c++) {
            if (t->courses[c].active) {
                course_list(e, i, c, NONE);
            }
        }
        for (uint32_t r = 0; r < t->request_count; r++) {
            if (e->left[r] > 0) {
                course_list(e, i, t->requests[r].course, r);
            }
        }
    }
}

static void everything_close(struct everything *e)
{
    for (size_t i = 0; i < e->city->query.target_count; i++) {
        free(e->places[i]);
    }
    book_destroy(e->book);
}

static bool is_small(const struct everything *e)
{
    double combinations = 1;
    for (size_t i = 0; i < e->city->query.target_count; i++) {
        double places = (double)e->counts[i];
        combinations *= 1 + (e->city->targets[i].need == 2 ? places * places / 2 : places);
    }
    return combinations < TRIES_MAX;
}

static void try_from(struct everything *e, size_t target);

static void try_target(struct everything *e, size_t target, size_t from, int32_t missing)
{
    for (size_t p = from; p < e->counts[target]; p++) {
        const struct placement *at = &e->places[target][p];
        uint32_t slot = NONE;
        if ((at->request != NONE && e->left[at->request] == 0) || !rules_allow(e->book, at, NONE, NULL)) {
            continue;
        }
        assert_int_equal(book_add(e->book, at, &slot, NULL), ERR_NONE);
        e->sessions++;
        if (at->request != NONE) {
            e->left[at->request]--;
        }
        if (missing > 1) {
            try_target(e, target, p + 1, missing - 1);
        } else {
            e->reached++;
            try_from(e, target + 1);
            e->reached--;
        }
        if (at->request != NONE) {
            e->left[at->request]++;
        }
        e->sessions--;
        book_remove(e->book, slot);
    }
}

static void try_from(struct everything *e, size_t target)
{
    bool is_better =
        e->reached > e->best_reached || (e->reached == e->best_reached && e->sessions < e->best_sessions);
    e->tries++;
    if (e->reached <= e->goal && is_better) {
        e->best_reached = e->reached;
        e->best_sessions = e->sessions;
    }
    size_t more = e->city->query.target_count - target;
    int32_t sessions = e->sessions; /* when all that are left are needed to be as good */
    for (size_t i = target; i < e->city->query.target_count; i++) {
        sessions += e->city->targets[i].need;
    }
    if (more == 0 || e->reached >= e->goal || e->reached + more < e->best_reached ||
        (e->reached + more == e->best_reached && sessions >= e->best_sessions)) {
        return;
    }
    try_target(e, target, 0, e->city->targets[target].need);
    try_from(e, target + 1);
}

/* Is there a way for the target alone? */
static bool try_alone(struct everything *e, size_t target)
{
    const struct reach_target *at = &e->city->targets[target];
    if (at->need == 1) {
        return e->counts[target] > 0;
    }
    for (size_t p = 0; p < e->counts[target]; p++) {
        uint32_t slot = NONE;
        bool found = false;
        const struct placement *first = &e->places[target][p];
        assert_int_equal(book_add(e->book, first, &slot, NULL), ERR_NONE);
        for (size_t q = 0; q < e->counts[target] && !found; q++) {
            const struct placement *second = &e->places[target][q];
            found = (second->request == NONE || second->request != first->request ||
                     e->left[second->request] > 1) &&
                    rules_allow(e->book, second, NONE, NULL);
        }
        book_remove(e->book, slot);
        if (found) {
            return true;
        }
    }
    return false;
}

/* ---- what is compared ---- */

static int64_t road_of(const struct book *book, const struct reach_city *c)
{
    struct weights weights = weights_default();
    struct plan_cost cost;
    struct error err = {.code = ERR_NONE};
    weights.travel = 1;
    reach_fine(score_timetable(book, &weights, c->query.from_day, c->query.to_day, &cost, &err), &err);
    return cost.travel;
}

/* Each proposal in its turn: allowed, in its target, over the road that it says; none of a request too many.
 */
static void proposals_check(const struct reach_city *c, const struct reach *reach)
{
    const struct timetable *t = c->timetable;
    struct error err = {.code = ERR_NONE};
    struct book *book = NULL;
    int32_t of_target[REACH_CITY_TARGETS] = {0};
    int32_t of_request[8] = {0};
    reach_fine(book_create(c->timetable, false, &book, &err), &err);
    int64_t road = road_of(book, c);
    for (size_t i = 0; i < reach->proposal_count; i++) {
        const struct reach_proposal *proposal = &reach->proposals[i];
        const struct placement *at = &proposal->place.at;
        uint32_t slot = NONE;
        assert_true(rules_allow(book, at, NONE, NULL));
        assert_true(in_target(t, &c->targets[proposal->target], t->rooms[at->room].hall));
        assert_true(at->day >= c->query.from_day && at->day <= c->query.to_day);
        assert_int_equal(proposal->place.wished, at->request != NONE);
        if (at->request != NONE) {
            assert_true(request_allows_day(t, at->request, at->day));
            assert_true(++of_request[at->request] <= t->requests[at->request].sessions);
        }
        reach_fine(book_add(book, at, &slot, &err), &err);
        of_target[proposal->target]++;
        int64_t longer = road_of(book, c);
        assert_int_equal(longer - road, proposal->place.travel_min);
        road = longer;
    }
    for (size_t i = 0; i < c->query.target_count; i++) {
        bool is_placed = reach->verdicts[i].state == REACH_PLACED;
        assert_int_equal(of_target[i], is_placed ? c->targets[i].need : 0);
    }
    book_destroy(book);
}

static bool city_compare(uint64_t seed, size_t *crowded, size_t *impossible)
{
    struct reach_city c;
    struct everything e;
    reach_city_open(&c, seed);
    everything_open(&e, &c);
    bool small = is_small(&e);
    if (small) {
        struct reach *reach = run(&c);
        e.best_sessions = INT32_MAX;
        try_from(&e, 0);
        if (reach->reached != e.best_reached || (int64_t)reach->proposal_count != e.best_sessions) {
            fail_msg("seed %llu: %zu targets with %zu sessions, best %zu with %d", (unsigned long long)seed,
                     reach->reached, reach->proposal_count, e.best_reached, e.best_sessions);
        }
        assert_true(reach->proven);
        assert_int_equal(reach->reached_most, e.best_reached);
        assert_int_equal(reach->sessions_least, e.best_sessions);
        proposals_check(&c, reach);
        for (size_t i = 0; i < c.query.target_count; i++) {
            bool alone = try_alone(&e, i);
            if (reach->verdicts[i].state != REACH_PLACED &&
                (reach->verdicts[i].state == REACH_IMPOSSIBLE) == alone) {
                fail_msg("seed %llu: target %zu is %s", (unsigned long long)seed, i,
                         alone ? "possible" : "impossible");
            }
            assert_true(alone || reach->verdicts[i].state == REACH_IMPOSSIBLE);
            *impossible += alone ? 0 : 1;
            *crowded += reach->verdicts[i].state == REACH_CROWDED ? 1 : 0;
        }
        reach_destroy(reach);
    }
    everything_close(&e);
    reach_city_close(&c);
    return small;
}

static void test_as_many_as_can_be(void **state)
{
    (void)state;
    size_t crowded = 0;
    size_t impossible = 0;
    size_t compared = 0;
    for (uint64_t seed = FIRST_SEED; compared < CITIES; seed++) {
        compared += city_compare(seed, &crowded, &impossible) ? 1 : 0;
    }
    print_message("%zu cities, %zu targets crowded out, %zu impossible\n", compared, crowded, impossible);
    assert_true(crowded > 100);
    assert_true(impossible > 100);
}

/* ---- one target's best places ---- */

/* By plain words: does the place cost nothing of day, part, spacing and soft closures? */
static bool is_easy(const struct book *book, const struct placement *at)
{
    const struct timetable *t = book_timetable(book);
    const struct course *course = &t->courses[at->course];
    uint8_t part = at->start_min < 720 ? PART_MORNING : at->start_min < 1050 ? PART_AFTERNOON : PART_EVENING;
    uint8_t weekdays = at->request != NONE ? t->requests[at->request].weekdays : 0;
    if (timetable_day(t, at->day).is_off || (course->parts != 0 && (course->parts & part) == 0) ||
        (weekdays != 0 && (weekdays >> (date_weekday(at->day) - 1) & 1) == 0) ||
        closure_hit(t, at->room, placement_taken_from(at), placement_taken_to(at), CLOSURE_SOFT) != NONE) {
        return false;
    }
    for (uint32_t slot = 0; slot < book_slot_end(book); slot++) {
        const struct placement *other = book_at(book, slot);
        if (other != NULL && t->rooms[other->room].hall == t->rooms[at->room].hall &&
            abs(other->day - at->day) < 7) {
            return false;
        }
    }
    return true;
}

static struct reach_place place_judge(struct everything *e, const struct placement *at)
{
    uint32_t slot = NONE;
    struct reach_place place = {.at = *at, .wished = at->request != NONE, .easy = is_easy(e->book, at)};
    int64_t before = road_of(e->book, e->city);
    assert_int_equal(book_add(e->book, at, &slot, NULL), ERR_NONE);
    place.travel_min = (int32_t)(road_of(e->book, e->city) - before);
    book_remove(e->book, slot);
    return place;
}

static int64_t rank_of(const struct reach_place *place)
{
    return (place->wished ? 0 : 2000000) + (place->easy ? 0 : 1000000) + place->travel_min;
}

static void test_best_place(void **state)
{
    (void)state;
    size_t with_places = 0;
    for (uint64_t seed = 1000; seed < 1080; seed++) {
        struct reach_city c;
        struct everything e;
        struct error err = {.code = ERR_NONE};
        reach_city_open(&c, seed);
        everything_open(&e, &c);
        for (uint32_t i = 0; i < c.query.target_count; i++) {
            struct reach_places places;
            struct reach_place best = {.travel_min = 0};
            int64_t least = INT64_MAX;
            reach_fine(reach_alternatives(e.book, &c.query, i, 5, &places, &err), &err);
            for (size_t p = 0; p < e.counts[i]; p++) {
                struct reach_place place = place_judge(&e, &e.places[i][p]);
                if (rank_of(&place) < least) {
                    least = rank_of(&place);
                    best = place;
                }
            }
            assert_int_equal(places.count == 0, e.counts[i] == 0);
            if (places.count > 0 && rank_of(&places.items[0]) != least) {
                fail_msg("seed %llu target %u: %lld, best %lld (day %d)", (unsigned long long)seed, i,
                         (long long)rank_of(&places.items[0]), (long long)least, best.at.day);
            }
            for (size_t k = 0; k < places.count; k++) {
                struct reach_place judged = place_judge(&e, &places.items[k].at);
                assert_true(rules_allow(e.book, &places.items[k].at, NONE, NULL));
                assert_int_equal(rank_of(&judged), rank_of(&places.items[k]));
                assert_true(k == 0 || rank_of(&places.items[k - 1]) <= rank_of(&places.items[k]));
            }
            with_places += places.count > 1 ? 1 : 0;
            reach_places_finish(&places);
        }
        everything_close(&e);
        reach_city_close(&c);
    }
    assert_true(with_places > 50);
}

/* ---- shorter roads ---- */

/* No proposal alone could move to a better place beside the others. */
static void test_no_better_place(void **state)
{
    (void)state;
    size_t looked_at = 0;
    for (uint64_t seed = 3000; seed < 4500; seed++) {
        struct reach_city c;
        struct error err = {.code = ERR_NONE};
        struct book *book = NULL;
        uint32_t slots[64];
        reach_city_open(&c, seed);
        struct reach *reach = run(&c);
        reach_fine(book_create(c.timetable, false, &book, &err), &err);
        for (size_t i = 0; i < reach->proposal_count; i++) {
            assert_true(i < 64);
            reach_fine(book_add(book, &reach->proposals[i].place.at, &slots[i], &err), &err);
        }
        for (size_t i = 0; i < reach->proposal_count; i++) {
            const struct reach_proposal *proposal = &reach->proposals[i];
            struct reach_places places;
            if (c.targets[proposal->target].need > 1) {
                continue;
            }
            struct everything e = {.city = &c, .book = book};
            book_remove(book, slots[i]);
            struct reach_place now = place_judge(&e, &proposal->place.at);
            reach_fine(reach_alternatives(book, &c.query, proposal->target, 1, &places, &err), &err);
            if (places.count != 1 || rank_of(&places.items[0]) < rank_of(&now)) {
                fail_msg("seed %llu proposal %zu: %lld, possible %lld", (unsigned long long)seed, i,
                         (long long)rank_of(&now), (long long)rank_of(&places.items[0]));
            }
            reach_fine(book_add(book, &proposal->place.at, &slots[i], &err), &err);
            reach_places_finish(&places);
            looked_at++;
        }
        book_destroy(book);
        reach_destroy(reach);
        reach_city_close(&c);
    }
    assert_true(looked_at > 100);
}

/* ---- reasons ---- */

/* Whatever single change is named, the sentence names it; an impossible target has a reason. */
static void test_reasons(void **state)
{
    (void)state;
    size_t named = 0;
    for (uint64_t seed = 2000; seed < 2060; seed++) {
        struct reach_city c;
        reach_city_open(&c, seed);
        struct reach *reach = run(&c);
        for (size_t i = 0; i < reach->target_count; i++) {
            const struct reach_verdict *verdict = &reach->verdicts[i];
            struct text text;
            text_init(&text, 10000);
            reach_verdict_text(c.timetable, verdict, AUDIENCE_OFFICE, true, &text);
            assert_true(text.length > 0);
            if (verdict->state == REACH_IMPOSSIBLE) {
                assert_true(verdict->no_room || verdict->no_course || verdict->reasons.rule_count > 0 ||
                            verdict->possible > 0);
                assert_true(verdict->reasons.rule_count == 0 ||
                            verdict->reasons.by_rule[0] <= verdict->looked_at);
                named += verdict->reasons.has_change ? 1 : 0;
            }
            text_finish(&text);
        }
        reach_destroy(reach);
        reach_city_close(&c);
    }
    assert_true(named > 10);
}

/* ---- bounds of what may be asked ---- */

static void test_bad_questions(void **state)
{
    (void)state;
    struct reach_city c;
    struct reach *reach = NULL;
    struct error err = {.code = ERR_NONE};
    reach_city_open(&c, 5);
    c.targets[0].need = LIMIT_REACH_NEED + 1;
    assert_int_equal(reach_run(c.timetable, &c.query, &WORLD, &reach, &err), ERR_INPUT);
    c.targets[0].need = LIMIT_REACH_NEED;
    reach_fine(reach_run(c.timetable, &c.query, &WORLD, &reach, &err), &err);
    assert_int_not_equal(reach->verdicts[0].state, REACH_PLACED);
    reach_destroy(reach);
    c.targets[0].need = 0;
    assert_int_equal(reach_run(c.timetable, &c.query, &WORLD, &reach, &err), ERR_INPUT);
    c.targets[0] = (struct reach_target){.hall = 0, .area = 0, .need = 1};
    assert_int_equal(reach_run(c.timetable, &c.query, &WORLD, &reach, &err), ERR_INPUT);
    c.targets[0] = (struct reach_target){.hall = 0, .area = NONE, .need = 1};
    c.query.to_day = c.query.from_day - 1;
    assert_int_equal(reach_run(c.timetable, &c.query, &WORLD, &reach, &err), ERR_INPUT);
    c.query.to_day = c.query.from_day + LIMIT_PLAN_DAYS;
    assert_int_equal(reach_run(c.timetable, &c.query, &WORLD, &reach, &err), ERR_INPUT);
    reach_city_close(&c);
}

static void test_cancel(void **state)
{
    (void)state;
    struct reach_city c;
    struct reach *reach = NULL;
    struct error err = {.code = ERR_NONE};
    atomic_bool cancel = true;
    struct planner_world world = WORLD;
    world.cancel = &cancel;
    reach_city_open(&c, 6);
    reach_fine(reach_run(c.timetable, &c.query, &world, &reach, &err), &err);
    assert_true(reach->cancelled);
    assert_false(reach->proven);
    assert_int_equal(reach->proposal_count, 0);
    reach_destroy(reach);
    reach_city_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_many_as_can_be), cmocka_unit_test(test_best_place),
        cmocka_unit_test(test_no_better_place),   cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_bad_questions),     cmocka_unit_test(test_cancel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
