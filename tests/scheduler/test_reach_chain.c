/* reach where everything cannot be tried: halls and people as a random graph (one session a person and year,
 * a course of their own that only some halls have what it takes for). The most that can be reached is then a
 * maximum matching, found here by Kuhn's method; and bounds for people, days and courses that run out. */
#include "tests/scheduler/reach_city.h"

enum {
    HALLS = 60,
    GRAPHS = 12,
    WORK = 2000000
};

static uint64_t no_time(void *context)
{
    (void)context;
    return 0;
}

static const struct planner_world WORLD = {.clock = {.mono_ns = no_time}};

struct graph {
    struct rng rng;
    bool joined[HALLS][HALLS]; /* [hall][person] */
    uint32_t hall_of[HALLS];   /* of a person, NONE */
    bool seen[HALLS];
};

static bool graph_augment(struct graph *g, uint32_t hall)
{
    for (uint32_t i = 0; i < HALLS; i++) {
        if (g->joined[hall][i] && !g->seen[i]) {
            g->seen[i] = true;
            if (g->hall_of[i] == NONE || graph_augment(g, g->hall_of[i])) {
                g->hall_of[i] = hall;
                return true;
            }
        }
    }
    return false;
}

static size_t graph_matching(struct graph *g)
{
    size_t count = 0;
    for (uint32_t i = 0; i < HALLS; i++) {
        g->hall_of[i] = NONE;
    }
    for (uint32_t h = 0; h < HALLS; h++) {
        memset(g->seen, 0, sizeof g->seen);
        count += graph_augment(g, h) ? 1 : 0;
    }
    return count;
}

static void graph_open(struct graph *g, uint64_t seed)
{
    memset(g, 0, sizeof *g);
    rng_seed(&g->rng, seed);
    for (uint32_t h = 0; h < HALLS; h++) {
        /* The first few are wanted by many. */
        for (uint32_t k = 0; k < 1 + rng_below(&g->rng, 3); k++) {
            g->joined[h][rng_below(&g->rng, rng_below(&g->rng, 2) == 0 ? HALLS / 3 : HALLS)] = true;
        }
    }
}

static void areas_add(struct timetable *t)
{
    struct error err = {.code = ERR_NONE};
    uint32_t index = NONE;
    struct area town = {.id = "t",
                        .code_system = "T",
                        .name = "示例镇",
                        .level = AREA_TOWNSHIP,
                        .travel_class = NONE,
                        .place = {28500000, 121000000, true}};
    struct category category = {.id = "k", .name = "示例类"};
    reach_fine(timetable_add_area(t, &town, &index, &err), &err);
    reach_fine(timetable_add_category(t, &category, &index, &err), &err);
}

static void course_add(struct timetable *t, uint32_t number, uint64_t facilities, int32_t supply_limit)
{
    struct error err = {.code = ERR_NONE};
    uint32_t index = NONE;
    char id[16];
    (void)snprintf(id, sizeof id, "c%u", number);
    struct course course = {.id = id,
                            .name = id,
                            .provider = NONE,
                            .minutes = 60,
                            .facilities = facilities,
                            .audience = NONE,
                            .supply_limit = supply_limit,
                            .active = true};
    reach_fine(timetable_add_course(t, &course, &index, &err), &err);
}

static void person_add(struct timetable *t, uint32_t number, uint32_t course, const char *hours,
                       int32_t max_day, int32_t max_year)
{
    struct error err = {.code = ERR_NONE};
    uint32_t index = NONE;
    char id[16];
    (void)snprintf(id, sizeof id, "i%u", number);
    struct instructor person = {.id = id,
                                .name = id,
                                .provider = NONE,
                                .home_area = 0,
                                .max_day = max_day,
                                .max_year = max_year,
                                .valid_from = DATE_MIN,
                                .valid_to = DATE_MAX,
                                .courses = &course,
                                .course_count = 1};
    reach_fine(hours_parse(hours, &person.hours, &err), &err);
    reach_fine(timetable_add_instructor(t, &person, &index, &err), &err);
}

static void hall_add(struct timetable *t, uint32_t number, uint64_t facilities)
{
    struct error err = {.code = ERR_NONE};
    uint32_t index = NONE;
    char id[16];
    (void)snprintf(id, sizeof id, "h%u", number);
    struct hall hall = {
        .id = id,
        .name = id,
        .area = 0,
        .school = NONE,
        .valid_from = DATE_MIN,
        .valid_to = DATE_MAX,
        .place = {28500000 + 3000 * (int32_t)(number * 7 % 31), 121000000 + 3000 * (int32_t)number, true}};
    struct room room = {.id = id, .name = id, .hall = number, .facilities = facilities};
    reach_fine(timetable_add_hall(t, &hall, &index, &err), &err);
    reach_fine(timetable_add_room(t, &room, &index, &err), &err);
}

static struct reach *halls_reach(struct timetable *t, size_t count, int32_t days, uint64_t work)
{
    static struct reach_target targets[HALLS];
    struct error err = {.code = ERR_NONE};
    struct reach *reach = NULL;
    int32_t from = date_from_civil((struct civil){2026, 6, 1});
    struct reach_query query = reach_query_default(from, from + days - 1);
    for (uint32_t h = 0; h < count; h++) {
        targets[h] = (struct reach_target){.hall = h, .area = NONE, .need = 1};
    }
    query.targets = targets;
    query.target_count = count;
    query.looks = 0;
    query.work = work;
    reach_fine(reach_run(t, &query, &WORLD, &reach, &err), &err);
    return reach;
}

static void test_matchings(void **state)
{
    (void)state;
    size_t crowded = 0;
    size_t best = 0;
    size_t first = 0;
    for (uint64_t seed = 1; seed <= GRAPHS; seed++) {
        struct graph g;
        struct error err = {.code = ERR_NONE};
        struct timetable *t = timetable_create();
        graph_open(&g, seed);
        areas_add(t);
        for (uint32_t i = 0; i < HALLS; i++) {
            char word[16];
            uint64_t facility = 0;
            (void)snprintf(word, sizeof word, "f%u", i);
            reach_fine(timetable_facility_mask(t, word, &facility, &err), &err);
            course_add(t, i, facility, 0);
            person_add(t, i, i, "1-7 08:00-18:00", 0, 1);
        }
        for (uint32_t h = 0; h < HALLS; h++) {
            uint64_t facilities = 0;
            for (uint32_t i = 0; i < HALLS; i++) {
                facilities |= g.joined[h][i] ? UINT64_C(1) << i : 0;
            }
            hall_add(t, h, facilities);
        }
        reach_fine(timetable_seal(t, &err), &err);
        struct reach *greedy = halls_reach(t, HALLS, 20, 0);
        struct reach *reach = halls_reach(t, HALLS, 20, WORK);
        size_t most = graph_matching(&g);
        if (reach->reached != most || !reach->proven) {
            fail_msg("graph %llu: %zu reached, %zu at most, proven %d", (unsigned long long)seed,
                     reach->reached, most, reach->proven);
        }
        crowded += HALLS - most;
        best += most;
        first += greedy->reached;
        reach_destroy(greedy);
        reach_destroy(reach);
        timetable_unref(t);
    }
    print_message("%zu halls in all graphs, %zu without time for chains\n", best, first);
    assert_true(crowded > GRAPHS);
    assert_true(first < best);
}

/* One person, whose days and hours hold so many: the bound knows it where trying would take for ever. */
static void test_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *hours;
        int32_t max_day, max_year, supply, days;
        size_t reached;
    } CASES[] = {
        {"1-7 08:00-18:00", 0, 7, 0, 30, 7}, /* the year's cap */
        {"1-7 08:00-18:00", 1, 0, 0, 9, 9},  /* one a day */
        {"1-7 08:00-18:00", 0, 0, 5, 30, 5}, /* the course's supply */
        {"1-7 08:00-09:30", 0, 0, 0, 8, 8},  /* no second one fits into the hours */
        {"1-7 08:00-10:05", 0, 0, 0, 8, 8},  /* nor with the shortest way between */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct timetable *t = timetable_create();
        areas_add(t);
        course_add(t, 0, 0, CASES[i].supply);
        person_add(t, 0, 0, CASES[i].hours, CASES[i].max_day, CASES[i].max_year);
        for (uint32_t h = 0; h < 20; h++) {
            hall_add(t, h, 0);
        }
        struct error err = {.code = ERR_NONE};
        reach_fine(timetable_seal(t, &err), &err);
        struct reach *reach = halls_reach(t, 20, CASES[i].days, WORK);
        assert_int_equal(reach->reached, CASES[i].reached);
        assert_int_equal(reach->reached_most, CASES[i].reached);
        assert_true(reach->proven);
        for (size_t k = 0, placed = 0; k < 20; k++) {
            placed += reach->verdicts[k].state == REACH_PLACED ? 1 : 0;
            assert_true(reach->verdicts[k].state == REACH_PLACED ||
                        reach->verdicts[k].state == REACH_CROWDED);
            assert_true(k < 19 || placed == CASES[i].reached);
        }
        reach_destroy(reach);
        timetable_unref(t);
    }
}

/* Two halls side by side, far from home: one journey for both. */
static void test_one_journey(void **state)
{
    (void)state;
    struct timetable *t = timetable_create();
    struct error err = {.code = ERR_NONE};
    areas_add(t);
    course_add(t, 0, 0, 0);
    person_add(t, 0, 0, "1-7 08:00-18:00", 0, 0);
    for (uint32_t h = 0; h < 2; h++) {
        uint32_t index = NONE;
        char id[8];
        (void)snprintf(id, sizeof id, "h%u", h);
        struct hall hall = {.id = id,
                            .name = id,
                            .area = 0,
                            .school = NONE,
                            .valid_from = DATE_MIN,
                            .valid_to = DATE_MAX,
                            .place = {28900000 + 2000 * (int32_t)h, 121000000, true}};
        struct room room = {.id = id, .name = id, .hall = h};
        reach_fine(timetable_add_hall(t, &hall, &index, &err), &err);
        reach_fine(timetable_add_room(t, &room, &index, &err), &err);
    }
    reach_fine(timetable_seal(t, &err), &err);
    struct reach *reach = halls_reach(t, 2, 10, WORK);
    assert_int_equal(reach->proposal_count, 2);
    const struct reach_place *first = &reach->proposals[0].place;
    const struct reach_place *second = &reach->proposals[1].place;
    assert_int_equal(first->at.day, second->at.day);
    assert_true(second->travel_min * 5 < first->travel_min);
    assert_int_equal(reach->travel_min, first->travel_min + second->travel_min);
    reach_destroy(reach);
    timetable_unref(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matchings),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_one_journey),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
