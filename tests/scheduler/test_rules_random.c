/* The rules that look at other sessions against a second statement of them by plain loops over
 * everything, on 20,000 random placements. The sentences of docs/rules.md, read once more. */
#include "rules_city.h"

#include "base/rng.h"

/* A clash as the plain loops and the rule book both state it. */
struct plain {
    int64_t rule, other, instructor, count, limit;
};

enum {
    PLAIN_MAX = 4096
};

struct plain_list {
    struct plain items[PLAIN_MAX];
    size_t count;
};

static void plain_add(struct plain_list *list, enum rule_code rule, int64_t other, int64_t instructor,
                      int64_t count, int64_t limit)
{
    assert_true(list->count < PLAIN_MAX);
    list->items[list->count++] = (struct plain){(int64_t)rule, other, instructor, count, limit};
}

/* Everything that is in the book, kept apart from it. */
struct world {
    struct city city;
    struct placement *all;
    size_t count;
};

static int64_t from_of(const struct placement *p)
{
    return (int64_t)p->day * 1440 + p->start_min;
}

static int64_t to_of(const struct placement *p)
{
    return from_of(p) + p->minutes;
}

static bool meet(int64_t a_from, int64_t a_to, int64_t b_from, int64_t b_to)
{
    return a_from < b_to && b_from < a_to;
}

static int64_t shared_instructor(const struct placement *a, const struct placement *b)
{
    for (int i = 0; i < a->instructor_count; i++) {
        for (int j = 0; j < b->instructor_count; j++) {
            if (a->instructors[i] == b->instructors[j]) {
                return a->instructors[i];
            }
        }
    }
    return -1;
}

static uint32_t hall_of(const struct world *world, const struct placement *p)
{
    return world->city.timetable->rooms[p->room].hall;
}

static void plain_pairs(const struct world *world, const struct placement *a, const struct placement *b,
                        struct plain_list *list)
{
    const struct timetable *t = world->city.timetable;
    bool one_hall = hall_of(world, a) == hall_of(world, b);
    bool whole = t->rooms[a->room].whole_hall || t->rooms[b->room].whole_hall;
    if (one_hall && (a->room == b->room || whole) &&
        meet(from_of(a) - a->setup_min, to_of(a) + a->clear_min, from_of(b) - b->setup_min,
             to_of(b) + b->clear_min)) {
        plain_add(list, RULE_ROOM_OVERLAP, b->session_id, -1, 0, 0);
    }
    if (!meet(from_of(a), to_of(a), from_of(b), to_of(b))) {
        return;
    }
    if (shared_instructor(a, b) >= 0) {
        plain_add(list, RULE_INSTRUCTOR_OVERLAP, b->session_id, shared_instructor(a, b), 0, 0);
    }
    if (t->courses[a->course].audience != NONE &&
        t->courses[a->course].audience == t->courses[b->course].audience &&
        t->halls[hall_of(world, a)].area == t->halls[hall_of(world, b)].area) {
        plain_add(list, RULE_AUDIENCE, b->session_id, -1, 0, 0);
    }
}

/* Right before: ends last of those that end by the start; right after: starts first. Ties by order. */
static const struct placement *neighbour(const struct world *world, const struct placement *a,
                                         uint32_t person, bool before)
{
    const struct placement *best = NULL;
    for (size_t i = 0; i < world->count; i++) {
        const struct placement *b = &world->all[i];
        if (b->session_id == a->session_id || !placement_teaches(b, person)) {
            continue;
        }
        int64_t gap = before ? from_of(a) - to_of(b) : from_of(b) - to_of(a);
        if (gap < 0 || gap >= 1440) {
            continue;
        }
        if (best == NULL) {
            best = b;
            continue;
        }
        int64_t best_gap = before ? from_of(a) - to_of(best) : from_of(best) - to_of(a);
        bool later =
            from_of(b) != from_of(best) ? from_of(b) > from_of(best) : b->session_id > best->session_id;
        if (gap < best_gap || (gap == best_gap && later == before)) {
            best = b;
        }
    }
    return best;
}

static void plain_travel(const struct world *world, const struct placement *a, struct plain_list *list)
{
    for (int i = 0; i < a->instructor_count; i++) {
        for (int side = 0; side < 2; side++) {
            const struct placement *b = neighbour(world, a, a->instructors[i], side == 0);
            if (b == NULL) {
                continue;
            }
            int64_t gap = side == 0 ? from_of(a) - to_of(b) : from_of(b) - to_of(a);
            int64_t needed = travel_hall_minutes(world->city.timetable, hall_of(world, a), hall_of(world, b));
            bool known = false;
            for (size_t k = 0; k < list->count; k++) {
                known =
                    known || (list->items[k].rule == RULE_TRAVEL && list->items[k].other == b->session_id);
            }
            if (gap < needed && !known) {
                plain_add(list, RULE_TRAVEL, b->session_id, a->instructors[i], needed, gap);
            }
        }
    }
}

static bool same_period(enum rule_code rule, int32_t a, int32_t b)
{
    struct civil x = date_to_civil(a);
    struct civil y = date_to_civil(b);
    switch (rule) {
    case RULE_CAP_DAY:
        return a == b;
    case RULE_CAP_WEEK:
        /* 1970-01-01 was a Thursday. */
        return (a + 3) / 7 == (b + 3) / 7;
    case RULE_CAP_MONTH:
        return x.year == y.year && x.month == y.month;
    default:
        return x.year == y.year;
    }
}

static void plain_counts(const struct world *world, const struct placement *a, struct plain_list *list)
{
    const struct timetable *t = world->city.timetable;
    const struct course *course = &t->courses[a->course];
    int64_t supply = 1;
    int64_t quota = 1;
    for (size_t i = 0; i < world->count; i++) {
        const struct placement *b = &world->all[i];
        if (b->session_id != a->session_id && b->course == a->course &&
            same_period(RULE_SUPPLY, a->day, b->day)) {
            supply++;
            quota += hall_of(world, a) == hall_of(world, b) ? 1 : 0;
        }
    }
    if (course->supply_limit > 0 && supply > course->supply_limit) {
        plain_add(list, RULE_SUPPLY, 0, -1, supply, course->supply_limit);
    }
    if (course->hall_quota > 0 && quota > course->hall_quota) {
        plain_add(list, RULE_HALL_QUOTA, 0, -1, quota, course->hall_quota);
    }
    for (int k = 0; k < a->instructor_count; k++) {
        const struct instructor *person = &t->instructors[a->instructors[k]];
        const int32_t caps[] = {person->max_day, person->max_week, person->max_month, person->max_year};
        for (int cap = 0; cap < 4; cap++) {
            enum rule_code rule = (enum rule_code)(RULE_CAP_DAY + cap);
            int64_t count = 1;
            for (size_t i = 0; i < world->count; i++) {
                const struct placement *b = &world->all[i];
                count += b->session_id != a->session_id && placement_teaches(b, a->instructors[k]) &&
                                 same_period(rule, a->day, b->day)
                             ? 1
                             : 0;
            }
            if (caps[cap] > 0 && count > caps[cap]) {
                plain_add(list, rule, 0, a->instructors[k], count, caps[cap]);
            }
        }
    }
}

static bool series_differ(const struct placement *a, const struct placement *b)
{
    bool people = a->instructor_count != b->instructor_count;
    for (int i = 0; i < a->instructor_count; i++) {
        people = people || !placement_teaches(b, a->instructors[i]);
    }
    return date_weekday(a->day) != date_weekday(b->day) || a->start_min != b->start_min ||
           a->minutes != b->minutes || a->room != b->room || people;
}

static void plain_check(const struct world *world, const struct placement *a, struct plain_list *ret_list)
{
    ret_list->count = 0;
    for (size_t i = 0; i < world->count; i++) {
        const struct placement *b = &world->all[i];
        if (b->session_id == a->session_id) {
            continue;
        }
        plain_pairs(world, a, b, ret_list);
        if (a->series_id != 0 && a->series_id == b->series_id && !a->series_exception &&
            !b->series_exception && series_differ(a, b)) {
            plain_add(ret_list, RULE_SERIES, b->session_id, -1, 0, 0);
        }
    }
    plain_travel(world, a, ret_list);
    plain_counts(world, a, ret_list);
}

static int plain_compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct plain));
}

static void book_check(const struct world *world, const struct placement *a, uint32_t self,
                       struct plain_list *ret_list)
{
    struct error err = {.code = ERR_NONE};
    struct clash_list list;
    size_t hard = 0;
    size_t soft = 0;
    clash_list_init(&list);
    must(rules_check(world->city.book, a, self, &list, &hard, &err), &err);
    ret_list->count = 0;
    for (size_t i = 0; i < list.count; i++) {
        const struct clash *clash = &list.items[i];
        soft += clash->overridden ? 1 : 0;
        assert_int_equal(clash->subject.session_id, a->session_id);
        bool alone = clash->party != PARTY_SESSION && clash->party != PARTY_LIMIT;
        if (alone || clash->rule == RULE_CAPACITY) {
            continue; /* about one session alone; the other tests have these */
        }
        plain_add(ret_list, clash->rule, clash->party == PARTY_SESSION ? clash->other.session_id : 0,
                  clash->instructor == NONE ? -1 : (int64_t)clash->instructor, clash->count, clash->limit);
    }
    assert_int_equal(hard + soft, list.count);
    enum rule_code rule = RULE_COUNT;
    assert_int_equal(rules_allow(world->city.book, a, self, &rule), hard == 0);
    assert_int_equal(rule == RULE_COUNT, hard == 0);
    clash_list_finish(&list);
}

static void assert_same(struct plain_list *a, struct plain_list *b)
{
    qsort(a->items, a->count, sizeof *a->items, plain_compare);
    qsort(b->items, b->count, sizeof *b->items, plain_compare);
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->items, b->items, a->count * sizeof *a->items);
}

static struct placement random_placement(const struct world *world, struct rng *rng, int64_t id)
{
    struct placement at = {.session_id = id,
                           .course = rng_below(rng, SECRET),
                           .room = rng_below(rng, (uint32_t)world->city.timetable->room_count),
                           .day = tuesday() - 40 + (int32_t)rng_below(rng, 300),
                           .start_min = (int32_t)rng_below(rng, 96) * 15,
                           .minutes = 15 + (int32_t)rng_below(rng, 12) * 15,
                           .request = NONE};
    if (rng_below(rng, 50) == 0) {
        at.minutes = LIMIT_SESSION_MINUTES;
    }
    at.setup_min = (int32_t)rng_below(rng, 3) * 15;
    at.clear_min = rng_below(rng, 80) == 0 ? LIMIT_MARGIN_MINUTES : (int32_t)rng_below(rng, 3) * 10;
    at.instructor_count = (uint8_t)rng_below(rng, 4);
    uint32_t first = rng_below(rng, INSTRUCTOR_COUNT);
    for (uint8_t i = 0; i < at.instructor_count; i++) {
        at.instructors[i] = (first + i) % INSTRUCTOR_COUNT;
    }
    if (rng_below(rng, 20) == 0) {
        at.series_id = 1 + rng_below(rng, 4);
        at.series_exception = rng_below(rng, 5) == 0;
    }
    /* Half of the time somebody has set a rule or two aside. */
    at.overrides = rng_next(rng) & rng_next(rng) & rng_next(rng);
    return at;
}

static void world_drop(struct world *world, size_t i)
{
    book_remove(world->city.book, book_slot_of(world->city.book, world->all[i].session_id));
    world->all[i] = world->all[--world->count];
}

enum {
    ROUNDS = 20000,
    KEPT = 300
};

static void test_random(void **state)
{
    (void)state;
    static struct plain_list plain, ours;
    static struct placement all[KEPT + 1];
    struct world world = {.all = all, .count = 0};
    struct rng rng;
    size_t seen[RULE_COUNT] = {0};
    size_t clean = 0;
    rng_seed(&rng, 7);
    city_build(&world.city);
    city_open(&world.city);
    for (int64_t round = 1; round <= ROUNDS; round++) {
        struct placement at = random_placement(&world, &rng, round);
        uint32_t self = NONE;
        if (world.count > 0 && rng_below(&rng, 4) == 0) {
            /* A move of a session that is there, named by its number, and now and then by its slot. */
            at.session_id = world.all[rng_below(&rng, (uint32_t)world.count)].session_id;
            self = rng_below(&rng, 2) == 0 ? book_slot_of(world.city.book, at.session_id) : (uint32_t)NONE;
        }
        plain_check(&world, &at, &plain);
        book_check(&world, &at, self, &ours);
        assert_same(&plain, &ours);
        for (size_t i = 0; i < ours.count; i++) {
            seen[ours.items[i].rule]++;
        }
        clean += ours.count == 0 ? 1 : 0;
        if (at.session_id != round) {
            continue;
        }
        city_put(&world.city, at);
        world.all[world.count++] = at;
        if (world.count > KEPT) {
            world_drop(&world, rng_below(&rng, (uint32_t)world.count));
        }
    }
    /* It was about something: every rule was broken often, and many placements broke none. */
    static const enum rule_code rules[] = {
        RULE_ROOM_OVERLAP, RULE_INSTRUCTOR_OVERLAP, RULE_TRAVEL, RULE_CAP_DAY,  RULE_CAP_WEEK,
        RULE_CAP_MONTH,    RULE_CAP_YEAR,           RULE_SERIES, RULE_AUDIENCE, RULE_SUPPLY,
        RULE_HALL_QUOTA};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (seen[rules[i]] < 100) {
            fail_msg("%s was broken only %zu times", rule_name(rules[i]), seen[rules[i]]);
        }
    }
    assert_true(clean > 500);
    city_close(&world.city);
}

static bool later(const struct placement *a, const struct placement *b)
{
    return from_of(a) != from_of(b) ? from_of(a) > from_of(b) : a->session_id > b->session_id;
}

/* rules_check_all: of the symmetric rules each pair once, from the later one; travel, from the later to
 * the one right before it; every number of an over-full group once. */
static void test_random_all(void **state)
{
    (void)state;
    static struct plain_list plain;
    static struct placement all[400];
    struct rng rng;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct world world = {.all = all, .count = 0};
        struct error err = {.code = ERR_NONE};
        size_t pairs = 0;
        size_t hard_pairs = 0;
        rng_seed(&rng, seed);
        city_build(&world.city);
        city_open(&world.city);
        for (int64_t id = 1; id <= 400; id++) {
            /* Numbers fall while time rises or not: order must not depend on when a session came in. */
            struct placement at = random_placement(&world, &rng, 1000 - id);
            at.overrides &= RULE_BIT(RULE_AUDIENCE);
            city_put(&world.city, at);
            world.all[world.count++] = at;
        }
        for (size_t i = 0; i < world.count; i++) {
            const struct placement *a = &world.all[i];
            plain_check(&world, a, &plain);
            for (size_t k = 0; k < plain.count; k++) {
                const struct placement *b =
                    plain.items[k].other == 0
                        ? NULL
                        : book_at(world.city.book, book_slot_of(world.city.book, plain.items[k].other));
                if (b == NULL || !later(a, b)) {
                    continue;
                }
                bool aside = plain.items[k].rule == RULE_AUDIENCE && (a->overrides | b->overrides) != 0;
                pairs++;
                hard_pairs += aside ? 0 : 1;
            }
        }
        struct clash_list list;
        size_t hard = 0;
        size_t counted = 0;
        clash_list_init(&list);
        must(rules_check_all(world.city.book, &list, &hard, &err), &err);
        for (size_t i = 0; i < list.count; i++) {
            const struct clash *clash = &list.items[i];
            counted += clash->party == PARTY_LIMIT ? 1 : 0;
            assert_true(clash->party != PARTY_SESSION || later(&clash->subject, &clash->other));
            assert_true(i == 0 || !later(&list.items[i - 1].subject, &clash->subject));
        }
        size_t single = 0; /* about one session alone: the same as rules_check finds */
        for (size_t i = 0; i < list.count; i++) {
            single += list.items[i].party != PARTY_LIMIT && list.items[i].party != PARTY_SESSION ? 1 : 0;
        }
        assert_int_equal(list.dropped, 0);
        assert_true(counted > 0);
        assert_int_equal(list.count - counted - single, pairs);
        assert_int_equal(hard, hard_pairs + counted + single);
        clash_list_finish(&list);
        city_close(&world.city);
    }
}

/* Members beyond the limit, counted by hand: for n in a group over a limit there are n - limit. */
static void test_random_groups(void **state)
{
    (void)state;
    static struct placement all[300];
    struct world world = {.all = all, .count = 0};
    struct error err = {.code = ERR_NONE};
    struct rng rng;
    size_t expected[RULE_COUNT] = {0};
    size_t found[RULE_COUNT] = {0};
    rng_seed(&rng, 99);
    city_build(&world.city);
    city_open(&world.city);
    for (int64_t id = 1; id <= 300; id++) {
        struct placement at = random_placement(&world, &rng, 1000 - id);
        at.series_id = 0;
        at.overrides = 0;
        city_put(&world.city, at);
        world.all[world.count++] = at;
    }
    /* A member is beyond the limit when at least `limit` others of its group stand before it. */
    static const int32_t caps[] = {2, 3, 4, 5}; /* BING */
    for (size_t i = 0; i < world.count; i++) {
        const struct placement *a = &world.all[i];
        int32_t before[4] = {0};
        int32_t supply = 0;
        int32_t quota = 0;
        for (size_t j = 0; j < world.count; j++) {
            const struct placement *b = &world.all[j];
            for (int cap = 0; cap < 4 && later(a, b) && placement_teaches(b, BING); cap++) {
                before[cap] += same_period((enum rule_code)(RULE_CAP_DAY + cap), a->day, b->day) ? 1 : 0;
            }
            bool course = later(a, b) && a->course == b->course && same_period(RULE_SUPPLY, a->day, b->day);
            supply += course ? 1 : 0;
            quota += course && hall_of(&world, a) == hall_of(&world, b) ? 1 : 0;
        }
        for (int cap = 0; cap < 4 && placement_teaches(a, BING); cap++) {
            expected[RULE_CAP_DAY + cap] += before[cap] >= caps[cap] ? 1 : 0;
        }
        expected[RULE_SUPPLY] += a->course == SCARCE && supply >= 3 ? 1 : 0;
        expected[RULE_HALL_QUOTA] += a->course == SCARCE && quota >= 2 ? 1 : 0;
    }
    struct clash_list list;
    size_t hard = 0;
    clash_list_init(&list);
    must(rules_check_all(world.city.book, &list, &hard, &err), &err);
    for (size_t i = 0; i < list.count; i++) {
        found[list.items[i].rule] += list.items[i].party == PARTY_LIMIT ? 1 : 0;
    }
    for (int rule = RULE_CAP_DAY; rule <= RULE_HALL_QUOTA; rule++) {
        if (rule != RULE_SERIES && rule != RULE_AUDIENCE) {
            assert_int_equal(found[rule], expected[rule]);
        }
    }
    assert_true(expected[RULE_CAP_YEAR] > 10 && expected[RULE_SUPPLY] > 10);
    clash_list_finish(&list);
    city_close(&world.city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_random_all),
        cmocka_unit_test(test_random_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
