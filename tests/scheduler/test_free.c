/* free_find against everything: each quarter hour of each day, room and person is asked of the rule book,
 * priced and ranked by plain loops; the offers must be the same. Prices are held against score_timetable. */
#include "tests/scheduler/free_city.h"

#include "scheduler/free.h"
#include "scheduler/free_price.h"

enum {
    SEEDS = 40,
    ALL_MAX = 400000
};

struct all_list {
    struct free_offer *items; /* owned */
    size_t count;
};

struct trial {
    struct free_city *city;
    struct free_query query;
    struct placement pattern;
    uint32_t self;
    struct pricing pricing;
    struct free_price now;
};

static struct weights random_weights(struct free_city *c)
{
    struct weights w = weights_default();
    w.load = 16 * (int32_t)pick(c, 3);
    w.evenness = 4 * (int32_t)pick(c, 3);
    w.spacing = (int32_t)pick(c, 60);
    w.travel = (int32_t)pick(c, 3);
    w.continuity = (int32_t)pick(c, 40);
    return w;
}

/* ---- the same price by the scorer ---- */

static struct plan_cost score(const struct trial *trial)
{
    struct plan_cost cost;
    struct error err = {.code = ERR_NONE};
    fine(score_timetable(trial->city->book, &trial->query.weights, trial->query.score_from_day,
                         trial->query.score_to_day, &cost, &err),
         &err);
    return cost;
}

static int64_t distance_by_hand(const struct trial *trial, const struct placement *at)
{
    if (trial->self == NONE) {
        return 0;
    }
    const struct timetable *t = trial->city->timetable;
    const struct placement *was = &trial->pattern;
    int64_t days = labs((long)at->day - was->day);
    int64_t distance = days > 60 ? 60 : days;
    distance += t->rooms[at->room].hall != t->rooms[was->room].hall ? 30 : at->room != was->room ? 10 : 0;
    distance += at->start_min != was->start_min ? 5 : 0;
    distance += at->instructors[0] != was->instructors[0] ? 20 : 0;
    return 16 * trial->query.distance * distance;
}

/* Puts the offer into the book, scores, and puts all back. */
static void assert_price_is_scored(struct trial *trial, const struct free_offer *offer)
{
    struct book *book = trial->city->book;
    struct error err = {.code = ERR_NONE};
    struct placement was = {0};
    struct plan_cost before = score(trial);
    uint32_t slot = NONE;
    if (trial->self != NONE) {
        was = *book_at(book, trial->self);
        book_remove(book, trial->self);
    }
    fine(book_add(book, &offer->at, &slot, &err), &err);
    struct plan_cost after = score(trial);
    book_remove(book, slot);
    if (trial->self != NONE) {
        fine(book_add(book, &was, &slot, &err), &err);
        assert_int_equal(slot, trial->self);
    }
#define X(field, value, unit, zh)                                                                            \
    if (offer->price.terms.field != 16 * (after.field - before.field)) {                                     \
        fail_msg("%s: the scorer says %lld, free %lld / 16", #field,                                         \
                 (long long)(after.field - before.field), (long long)offer->price.terms.field);              \
    }
    WEIGHT_LIST(X)
#undef X
    assert_int_equal(offer->price.distance, distance_by_hand(trial, &offer->at));
    assert_int_equal(offer->price.total,
                     offer->price.distance + 16 * (plan_cost_total(&after) - plan_cost_total(&before)));
}

/* ---- everything ---- */

static int offer_compare(const void *a, const void *b)
{
    const struct free_offer *x = a;
    const struct free_offer *y = b;
    const int64_t keys[][2] = {{x->needs != 0, y->needs != 0}, {x->price.total, y->price.total},
                               {x->at.day, y->at.day},         {x->at.start_min, y->at.start_min},
                               {x->at.room, y->at.room},       {x->at.instructors[0], y->at.instructors[0]}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1] ? -1 : 1;
        }
    }
    return 0;
}

static bool room_asked(const struct trial *trial, uint32_t room)
{
    const struct timetable *t = trial->city->timetable;
    uint32_t hall = t->rooms[room].hall;
    if (trial->query.room != NONE && trial->query.room != room) {
        return false;
    }
    return trial->query.hall != NONE ? trial->query.hall == hall
                                     : timetable_area_within(t, t->halls[hall].area, trial->query.area);
}

static bool person_asked(const struct trial *trial, uint32_t person)
{
    for (uint8_t k = 1; k < trial->pattern.instructor_count; k++) {
        if (trial->pattern.instructors[k] == person) {
            return false;
        }
    }
    return trial->query.instructor == NONE || trial->query.instructor == person;
}

static bool is_where_it_is(const struct trial *trial, const struct placement *at)
{
    const struct placement *was = &trial->pattern;
    return trial->self != NONE && at->day == was->day && at->start_min == was->start_min &&
           at->room == was->room && at->instructors[0] == was->instructors[0];
}

static void all_ask(struct trial *trial, struct placement at, struct all_list *all)
{
    struct error err = {.code = ERR_NONE};
    struct free_offer offer = {.at = at};
    at.overrides = trial->query.overrides;
    if (is_where_it_is(trial, &at) || !rules_allow(trial->city->book, &at, trial->self, NULL)) {
        return;
    }
    struct clash_list clashes;
    size_t hard = 0;
    clash_list_init(&clashes);
    fine(rules_check(trial->city->book, &offer.at, trial->self, &clashes, &hard, &err), &err);
    for (size_t i = 0; i < clashes.count; i++) {
        offer.needs |= clashes.items[i].overridden ? 0 : RULE_BIT(clashes.items[i].rule);
    }
    clash_list_finish(&clashes);
    offer.at.overrides = offer.needs;
    fine(pricing_all(&trial->pricing, &offer.at, &offer.price, &err), &err);
    offer.price.total -= trial->now.total;
    assert_true(all->count < ALL_MAX);
    all->items[all->count++] = offer;
}

static struct all_list all_find(struct trial *trial)
{
    const struct timetable *t = trial->city->timetable;
    const struct course *course = &t->courses[trial->pattern.course];
    struct all_list all = {.items = malloc(ALL_MAX * sizeof *all.items)};
    assert_non_null(all.items);
    struct placement at = trial->pattern;
    at.instructor_count = at.instructor_count == 0 ? 1 : at.instructor_count;
    for (at.day = trial->query.from_day; at.day <= trial->query.to_day; at.day++) {
        for (at.room = 0; at.room < t->room_count; at.room++) {
            if (!seasons_allow(course->seasons, course->season_count, at.day) ||
                !room_asked(trial, at.room)) {
                continue;
            }
            for (uint32_t i = 0; i < t->instructor_count; i++) {
                at.instructors[0] = i;
                for (at.start_min = 360; at.start_min + at.minutes <= 1320 && person_asked(trial, i);
                     at.start_min += 15) {
                    all_ask(trial, at, &all);
                }
            }
        }
    }
    qsort(all.items, all.count, sizeof *all.items, offer_compare);
    return all;
}

static int part(int32_t start_min)
{
    return start_min < 720 ? 0 : start_min < 1050 ? 1 : 2;
}

/* The ranked list, thinned by the two rules of per_day. */
static size_t all_thin(const struct trial *trial, struct all_list *all)
{
    size_t kept = 0;
    for (size_t i = 0; i < all->count && kept < trial->query.max_results; i++) {
        const struct placement *at = &all->items[i].at;
        uint32_t same_day = 0;
        bool is_twin = false;
        for (size_t k = 0; k < kept; k++) {
            const struct placement *other = &all->items[k].at;
            same_day += other->day == at->day ? 1 : 0;
            is_twin |= other->day == at->day && other->room == at->room &&
                       other->instructors[0] == at->instructors[0] &&
                       part(other->start_min) == part(at->start_min);
        }
        if (trial->query.per_day == 0 || (same_day < trial->query.per_day && !is_twin)) {
            all->items[kept++] = all->items[i];
        }
    }
    return kept;
}

/* ---- one question ---- */

static void assert_same(const struct trial *trial, const struct free_list *list, const struct all_list *all,
                        size_t wanted)
{
    for (size_t i = 0; i < list->count && i < wanted; i++) {
        const struct free_offer *got = &list->items[i];
        const struct free_offer *want = &all->items[i];
        if (offer_compare(got, want) != 0 || got->needs != want->needs) {
            fail_msg("seed %llu, offer %zu: day %d %d room %u by %u at %lld, expected day %d %d room %u by "
                     "%u at %lld",
                     (unsigned long long)trial->city->city.seed, i, got->at.day, got->at.start_min,
                     got->at.room, got->at.instructors[0], (long long)got->price.total, want->at.day,
                     want->at.start_min, want->at.room, want->at.instructors[0],
                     (long long)want->price.total);
        }
    }
    assert_int_equal(list->count, wanted);
    assert_true(list->complete);
}

static size_t trial_run(struct trial *trial)
{
    struct free_list list;
    struct error err = {.code = ERR_NONE};
    fine(pricing_open(&trial->pricing, trial->city->book, &trial->query, &trial->pattern, trial->self, &err),
         &err);
    trial->now = (struct free_price){0};
    if (trial->self != NONE) {
        fine(pricing_all(&trial->pricing, trial->pricing.origin, &trial->now, &err), &err);
    }
    struct all_list all = all_find(trial);
    size_t wanted = all_thin(trial, &all);
    fine(free_find(trial->city->book, &trial->query, &list, &err), &err);
    assert_same(trial, &list, &all, wanted);
    pricing_close(&trial->pricing);
    for (size_t i = 0; i < list.count; i += 3) {
        assert_price_is_scored(trial, &list.items[i]);
    }
    free(all.items);
    free_list_finish(&list);
    return wanted;
}

static struct placement pattern_of_course(const struct free_city *c, const struct free_query *query)
{
    const struct course *course = &c->timetable->courses[query->course];
    int32_t heads = query->request != NONE ? c->timetable->requests[query->request].heads : 0;
    return (struct placement){.course = query->course,
                              .instructor_count = 1,
                              .minutes = course->minutes,
                              .setup_min = course->setup_min,
                              .clear_min = course->clear_min,
                              .request = query->request,
                              .heads = heads > 0 ? heads : course->heads};
}

static void query_vary(struct free_city *c, struct free_query *query)
{
    query->weights = random_weights(c);
    query->max_results = pick(c, 3) == 0 ? FREE_RESULTS_MAX : 1 + pick(c, 40);
    query->per_day = pick(c, 4);
    query->distance = (int32_t)pick(c, 3);
    if (pick(c, 3) == 0) {
        query->overrides = RULE_BIT(RULE_AVAILABILITY) | RULE_BIT(RULE_CLOSURE) | RULE_BIT(RULE_CAP_WEEK);
    }
    if (pick(c, 6) == 0) {
        query->overrides = UINT64_MAX;
        for (int rule = 0; rule < RULE_COUNT; rule++) {
            query->overrides &= rule_overridable((enum rule_code)rule) ? UINT64_MAX : ~RULE_BIT(rule);
        }
    }
}

static struct trial trial_of_course(struct free_city *c)
{
    int32_t from = c->city.from_day + (int32_t)pick(c, 20);
    bool by_hall = pick(c, 2) == 0;
    struct trial trial = {.city = c, .self = NONE};
    trial.query = free_query_course(pick(c, (uint32_t)c->timetable->course_count),
                                    by_hall ? pick(c, (uint32_t)c->timetable->hall_count) : (uint32_t)NONE,
                                    by_hall ? (uint32_t)NONE : pick(c, c->city.townships + 1), from,
                                    from + (int32_t)pick(c, 12));
    if (pick(c, 2) == 0) {
        uint32_t request = pick(c, (uint32_t)c->timetable->request_count);
        trial.query = free_query_request(c->timetable, request);
        free_query_days(&trial.query, from, from + (int32_t)pick(c, 12));
    }
    query_vary(c, &trial.query);
    trial.pattern = pattern_of_course(c, &trial.query);
    return trial;
}

static void test_new_sessions_are_offered_exactly(void **state)
{
    (void)state;
    size_t offers = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct free_city c;
        free_city_open(&c, free_city_small(seed));
        for (int i = 0; i < 3; i++) {
            struct trial trial = trial_of_course(&c);
            offers += trial_run(&trial);
        }
        free_city_close(&c);
    }
    assert_true(offers > 1000);
}

static void test_moves_are_offered_exactly(void **state)
{
    (void)state;
    struct error err = {.code = ERR_NONE};
    size_t offers = 0;
    size_t series = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct free_city c;
        free_city_open(&c, free_city_small(seed));
        free_city_move(&c, 3);
        free_city_move(&c, 5);
        for (int64_t id = 3; id <= 30; id += 1 + (int64_t)pick(&c, 9)) {
            struct trial trial = {.city = &c, .self = book_slot_of(c.book, id)};
            if (trial.self == NONE || book_at(c.book, trial.self)->pinned ||
                held_took_place(book_at(c.book, trial.self)->held)) {
                continue;
            }
            trial.pattern = *book_at(c.book, trial.self);
            trial.pattern.series_exception |= trial.pattern.series_id != 0; /* a meeting moves alone */
            series += trial.pattern.series_id != 0 ? 1 : 0;
            fine(free_query_session(c.book, id, &trial.query, &err), &err);
            free_query_days(&trial.query, trial.pattern.day - (int32_t)pick(&c, 8),
                            trial.pattern.day + (int32_t)pick(&c, 8));
            query_vary(&c, &trial.query);
            offers += trial_run(&trial);
        }
        free_city_close(&c);
    }
    assert_true(offers > 1000);
    assert_true(series > 5);
}

/* Nothing but the road costs, anywhere in the city: the bounds on roads decide what is looked at first. */
static void test_cheapest_roads_are_found(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct free_city c;
        free_city_open(&c, free_city_small(seed));
        struct trial trial = {.city = &c, .self = NONE};
        trial.query = free_query_course(pick(&c, (uint32_t)c.timetable->course_count), NONE, 0,
                                        c.city.from_day + 5, c.city.from_day + 5 + (int32_t)pick(&c, 20));
        trial.query.weights = (struct weights){.travel = 1};
        trial.query.per_day = 0;
        trial.query.max_results = 1 + pick(&c, 100);
        trial.pattern = pattern_of_course(&c, &trial.query);
        (void)trial_run(&trial);
        free_city_close(&c);
    }
}

/* ---- what stands in the way ---- */

static void test_locked_sessions_stay(void **state)
{
    (void)state;
    struct free_city c;
    struct free_query query;
    struct free_list list;
    struct error err = {.code = ERR_NONE};
    free_city_open(&c, free_city_small(1));
    fine(free_query_session(c.book, 13, &query, &err), &err);
    fine(free_find(c.book, &query, &list, &err), &err);
    assert_int_equal(list.count, 0);
    assert_int_equal(list.locked, RULE_PINNED);
    free_list_finish(&list);
    fine(free_query_session(c.book, 17, &query, &err), &err);
    fine(free_find(c.book, &query, &list, &err), &err);
    assert_int_equal(list.count, 0);
    assert_int_equal(list.locked, RULE_HELD);
    free_list_finish(&list);
    free_city_close(&c);
}

static void test_bad_queries_are_refused(void **state)
{
    (void)state;
    struct free_city c;
    struct free_list list = {0};
    struct free_query query;
    struct error err = {.code = ERR_NONE};
    free_city_open(&c, free_city_small(1));
    int32_t day = c.city.from_day;
    struct free_query good = free_query_course(0, 0, NONE, day, day + 5);
    assert_int_equal(free_query_session(c.book, 99999, &query, &err), ERR_NOT_FOUND);
    query = good;
    query.session_id = 99999;
    assert_int_equal(free_find(c.book, &query, &list, &err), ERR_NOT_FOUND);
    query = good;
    query.course = (uint32_t)c.timetable->course_count;
    assert_int_equal(free_find(c.book, &query, &list, &err), ERR_INPUT);
    query = good;
    query.area = 1;
    assert_int_equal(free_find(c.book, &query, &list, &err), ERR_INPUT);
    query = good;
    query.to_day = day - 1;
    assert_int_equal(free_find(c.book, &query, &list, &err), ERR_INPUT);
    query = good;
    free_query_days(&query, day, day + LIMIT_PLAN_DAYS);
    assert_int_equal(free_find(c.book, &query, &list, &err), ERR_INPUT);
    query = good;
    query.max_results = FREE_RESULTS_MAX + 1;
    assert_int_equal(free_find(c.book, &query, &list, &err), ERR_INPUT);
    query = good;
    query.overrides = RULE_BIT(RULE_ROOM_OVERLAP);
    assert_int_equal(free_find(c.book, &query, &list, &err), ERR_INPUT);
    assert_null(list.items);
    free_city_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_sessions_are_offered_exactly),
        cmocka_unit_test(test_moves_are_offered_exactly),
        cmocka_unit_test(test_cheapest_roads_are_found),
        cmocka_unit_test(test_locked_sessions_stay),
        cmocka_unit_test(test_bad_queries_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
