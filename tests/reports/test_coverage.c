/* The coverage rate: each definition on cases worked out by hand, and against a naive recount of random
 * cities. */
#include "reports/coverage.h"

#include "base/date.h"
#include "base/rng.h"
#include "tests/reports/report_city.h"

static const int32_t FROM = 20454; /* 2026-01-01 */
static const int32_t TO = 20818;   /* 2026-12-31 */

static struct coverage figure_of(const struct timetable *tt, enum coverage_definition definition,
                                 int32_t minimum, uint32_t area)
{
    struct coverage coverage;
    struct error err = {0};
    assert_done(coverage_compute(tt, definition, FROM, TO, minimum, area, &coverage, &err), &err);
    return coverage;
}

static void assert_figure(const struct timetable *tt, enum coverage_definition definition, int32_t minimum,
                          uint32_t area, int64_t numerator, int64_t denominator)
{
    struct coverage coverage = figure_of(tt, definition, minimum, area);
    if (coverage.numerator != numerator || coverage.denominator != denominator) {
        fail_msg("%s: %lld of %lld, not %lld of %lld", coverage_name(definition),
                 (long long)coverage.numerator, (long long)coverage.denominator, (long long)numerator,
                 (long long)denominator);
    }
    coverage_finish(&coverage);
}

/* Hall 0 (A1x): two planned, one of them held, one cancelled. 1 (A1y): one planned. 2 (A2x): only a cancelled
 * and a not-held one. 3 (B1x): none. 4 (B1x): one outside the period. */
static struct timetable *worked_city(void)
{
    struct timetable *tt = report_city();
    plain_place_add(tt, "H0", VILLAGE_A1X);
    plain_place_add(tt, "H1", VILLAGE_A1Y);
    plain_place_add(tt, "H2", VILLAGE_A2X);
    struct hall paired = hall_sample("H3", VILLAGE_B1X);
    paired.school = 0;
    place_add(tt, &paired);
    plain_place_add(tt, "H4", VILLAGE_B1X);
    meeting_add(tt, 1, 0, FROM, SESSION_CONFIRMED, HELD_YES);
    meeting_add(tt, 2, 0, FROM + 1, SESSION_TENTATIVE, HELD_UNKNOWN);
    meeting_add(tt, 3, 0, FROM + 2, SESSION_CANCELLED, HELD_UNKNOWN);
    meeting_add(tt, 4, 1, TO, SESSION_CONFIRMED, HELD_UNKNOWN);
    meeting_add(tt, 5, 2, FROM + 3, SESSION_CANCELLED, HELD_UNKNOWN);
    meeting_add(tt, 6, 2, FROM + 4, SESSION_CONFIRMED, HELD_NO);
    meeting_add(tt, 7, 4, TO + 1, SESSION_CONFIRMED, HELD_YES);
    meeting_add(tt, 8, 4, FROM - 1, SESSION_CONFIRMED, HELD_YES);
    seal(tt);
    return tt;
}

static void test_definitions(void **state)
{
    struct timetable *tt = worked_city();
    (void)state;
    assert_figure(tt, COVERAGE_HALLS_PLANNED, 1, NONE, 2, 5);
    assert_figure(tt, COVERAGE_HALLS_HELD, 1, NONE, 1, 5);
    assert_figure(tt, COVERAGE_HALLS_PAIRED, 1, NONE, 1, 5);
    assert_figure(tt, COVERAGE_VILLAGES, 1, NONE, 2, 4);
    assert_figure(tt, COVERAGE_TOWNSHIPS, 1, NONE, 1, 3);
    timetable_unref(tt);
}

static void test_minimum(void **state)
{
    struct timetable *tt = worked_city();
    (void)state;
    assert_figure(tt, COVERAGE_HALLS_PLANNED, 2, NONE, 1, 5);
    assert_figure(tt, COVERAGE_HALLS_PLANNED, 3, NONE, 0, 5);
    assert_figure(tt, COVERAGE_HALLS_HELD, 2, NONE, 0, 5);
    assert_figure(tt, COVERAGE_HALLS_PAIRED, 9, NONE, 1, 5); /* a pairing has no number of sessions */
    assert_figure(tt, COVERAGE_VILLAGES, 2, NONE, 1, 4);
    assert_figure(tt, COVERAGE_TOWNSHIPS, 3, NONE, 1, 3); /* both villages of A1 together */
    assert_figure(tt, COVERAGE_TOWNSHIPS, 4, NONE, 0, 3);
    timetable_unref(tt);
}

static void test_area(void **state)
{
    struct timetable *tt = worked_city();
    (void)state;
    assert_figure(tt, COVERAGE_HALLS_PLANNED, 1, COUNTY_A, 2, 3);
    assert_figure(tt, COVERAGE_HALLS_PLANNED, 1, COUNTY_B, 0, 2);
    assert_figure(tt, COVERAGE_HALLS_PLANNED, 1, TOWN_A1, 2, 2);
    assert_figure(tt, COVERAGE_HALLS_PLANNED, 1, VILLAGE_A1X, 1, 1);
    assert_figure(tt, COVERAGE_VILLAGES, 1, COUNTY_A, 2, 3);
    assert_figure(tt, COVERAGE_TOWNSHIPS, 1, COUNTY_A, 1, 2);
    assert_figure(tt, COVERAGE_TOWNSHIPS, 1, TOWN_B1, 0, 1);
    timetable_unref(tt);
}

/* Halls are judged as of the period's last day. */
static void test_who_is_in_the_denominator(void **state)
{
    struct timetable *tt = report_city();
    struct error err = {0};
    struct hall gone = hall_sample("H-gone", VILLAGE_A1X);
    struct hall last_day = hall_sample("H-last-day", VILLAGE_A1X);
    struct hall new_year = hall_sample("H-new-year", VILLAGE_A1X);
    struct hall exempt = hall_sample("H-exempt", VILLAGE_A1X);
    gone.valid_to = TO - 1;
    last_day.valid_to = TO;
    new_year.valid_from = TO + 1;
    exempt.exempt = true;
    (void)state;
    place_add(tt, &gone);
    place_add(tt, &last_day);
    place_add(tt, &new_year);
    place_add(tt, &exempt);
    uint32_t shut = plain_place_add(tt, "H-shut", VILLAGE_A1Y);
    uint32_t half_shut = plain_place_add(tt, "H-half", VILLAGE_A1Y);
    uint32_t soft = plain_place_add(tt, "H-soft", VILLAGE_A1Y);
    plain_place_add(tt, "H-area", VILLAGE_B1X);
    struct closure closures[] = {closure_sample(CLOSURE_HALL, shut), closure_sample(CLOSURE_HALL, half_shut),
                                 closure_sample(CLOSURE_HALL, soft), closure_sample(CLOSURE_AREA, COUNTY_B)};
    static const char *const IDS[] = {"C1", "C2", "C3", "C4"};
    for (size_t i = 0; i < 4; i++) {
        closures[i].id = IDS[i];
        closures[i].from_day = FROM;
        closures[i].to_day = TO;
    }
    closures[1].to_day = TO - 1;
    closures[2].strength = CLOSURE_SOFT;
    for (size_t i = 0; i < 4; i++) {
        assert_done(timetable_add_closure(tt, &closures[i], &err), &err);
    }
    for (uint32_t hall = 0; hall < 8; hall++) {
        meeting_add(tt, hall + 1, hall, FROM + (int32_t)hall, SESSION_CONFIRMED, HELD_YES);
    }
    seal(tt);
    struct coverage coverage = figure_of(tt, COVERAGE_HALLS_HELD, 1, NONE);
    static const enum coverage_standing WANTED[] = {
        STANDING_NOT_IN_USE, STANDING_REACHED, STANDING_NOT_IN_USE, STANDING_EXEMPT,
        STANDING_CLOSED,     STANDING_REACHED, STANDING_REACHED,    STANDING_CLOSED};
    assert_int_equal(coverage.standing_count, 8);
    for (size_t i = 0; i < 8; i++) {
        if (coverage.standings[i] != WANTED[i]) {
            fail_msg("%s: %d", tt->halls[i].id, coverage.standings[i]);
        }
    }
    assert_int_equal(coverage.numerator, 3);
    assert_int_equal(coverage.denominator, 3);
    assert_int_equal(coverage.exempt, 1);
    assert_int_equal(coverage.closed, 2);
    coverage_finish(&coverage);
    timetable_unref(tt);
}

static void test_rate(void **state)
{
    static const struct {
        int64_t numerator, denominator;
        const char *rate;
    } CASES[] = {
        {0, 0, "–"},
        {0, 1, "0.00"},
        {1, 1, "100.00"},
        {1, 3, "33.33"},
        {2, 3, "66.67"},
        {1, 8, "12.50"},
        {3053, 3433, "88.93"},
        {3353, 3433, "97.67"},
        {1, 20000, "0.01"},
        {1, 20001, "0.00"},
        {9768, 10000, "97.68"},
        {97675, 100000, "97.68"},
        {97674, 100000, "97.67"},
        {19999, 20000, "100.00"},
        {999, 1000, "99.90"},
        {16000000, 16000000, "100.00"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct coverage coverage = {.numerator = CASES[i].numerator, .denominator = CASES[i].denominator};
        char rate[COVERAGE_RATE_SIZE];
        coverage_rate(&coverage, rate);
        assert_string_equal(rate, CASES[i].rate);
    }
}

/* 0 of 0 is nothing, never "all": neither for the city nor for an area without halls. */
static void test_nothing_is_not_everything(void **state)
{
    struct timetable *tt = report_city();
    char rate[COVERAGE_RATE_SIZE];
    (void)state;
    plain_place_add(tt, "H0", VILLAGE_A1X);
    seal(tt);
    struct coverage empty = figure_of(tt, COVERAGE_HALLS_PLANNED, 1, COUNTY_B);
    struct coverage unserved = figure_of(tt, COVERAGE_HALLS_PLANNED, 1, COUNTY_A);
    coverage_rate(&empty, rate);
    assert_string_equal(rate, "–");
    coverage_rate(&unserved, rate);
    assert_string_equal(rate, "0.00");
    assert_int_equal(unserved.standings[0], STANDING_UNREACHED);
    coverage_finish(&empty);
    coverage_finish(&unserved);
    timetable_unref(tt);
}

/* DESIGN §8: numerator, denominator, definition, date and revision, every time. */
static void test_sentence(void **state)
{
    static const char *const ZH[] = {"40.00 %",   "2 ÷ 5",      "有已发布场次的礼堂 ÷ 在用礼堂",
                                     "至少 1 场", "2026-01-01", "2026-12-31",
                                     "版本 7"};
    static const char *const EN[] = {
        "40.00 %",    "2 of 5",     "halls with sessions published ÷ halls in use",
        "2026-01-01", "2026-12-31", "revision 7"};
    struct timetable *tt = worked_city();
    struct text text;
    (void)state;
    text_init(&text, 4096);
    struct coverage coverage = figure_of(tt, COVERAGE_HALLS_PLANNED, 1, NONE);
    coverage.revision = 7;
    coverage_sentence(&coverage, true, &text);
    for (size_t i = 0; i < sizeof ZH / sizeof ZH[0]; i++) {
        assert_non_null(strstr(text_string(&text), ZH[i]));
    }
    text_clear(&text);
    coverage_sentence(&coverage, false, &text);
    for (size_t i = 0; i < sizeof EN / sizeof EN[0]; i++) {
        assert_non_null(strstr(text_string(&text), EN[i]));
    }
    text_finish(&text);
    coverage_finish(&coverage);
    timetable_unref(tt);
}

static void test_refused(void **state)
{
    struct timetable *tt = worked_city();
    struct coverage coverage = {.numerator = 42};
    struct error err = {0};
    (void)state;
    assert_int_equal(coverage_compute(tt, COVERAGE_COUNT, FROM, TO, 1, NONE, &coverage, &err), ERR_INPUT);
    assert_int_equal(coverage_compute(tt, COVERAGE_VILLAGES, TO, FROM, 1, NONE, &coverage, &err), ERR_INPUT);
    assert_int_equal(coverage_compute(tt, COVERAGE_VILLAGES, FROM, TO, 0, NONE, &coverage, &err), ERR_INPUT);
    assert_int_equal(coverage_compute(tt, COVERAGE_VILLAGES, FROM, TO, 1, AREAS, &coverage, &err), ERR_INPUT);
    assert_int_equal(coverage.numerator, 42);
    timetable_unref(tt);
}

static void test_names(void **state)
{
    (void)state;
    for (int i = 0; i < COVERAGE_COUNT; i++) {
        char stem[40];
        enum coverage_definition definition = (enum coverage_definition)i;
        assert_int_equal(coverage_from_name(coverage_name(definition)), definition);
        snprintf(stem, sizeof stem, "%.*s", (int)strcspn(coverage_name(definition), "/"),
                 coverage_name(definition));
        assert_int_equal(coverage_from_name(stem), definition);
    }
    assert_int_equal(coverage_from_name("halls"), COVERAGE_COUNT);
    assert_int_equal(coverage_from_name("halls-held/2"), COVERAGE_COUNT);
    assert_int_equal(coverage_from_name(""), COVERAGE_COUNT);
    assert_int_equal(coverage_from_name(NULL), COVERAGE_COUNT);
}

/* ---- the naive recount: by ids and loops, sharing nothing with reports/ ---- */

enum {
    RANDOM_HALLS = 24,
    RANDOM_SESSIONS = 120
};

static int32_t below(struct rng *rng, uint32_t bound)
{
    return (int32_t)rng_below(rng, bound);
}

static struct timetable *random_city(uint64_t seed)
{
    struct rng rng;
    struct timetable *tt = report_city();
    struct error err = {0};
    rng_seed(&rng, seed);
    for (int i = 0; i < RANDOM_HALLS; i++) {
        char id[16];
        snprintf(id, sizeof id, "H%02d", i);
        struct hall hall = hall_sample(id, (uint32_t)(TOWN_A1 + below(&rng, AREAS - TOWN_A1)));
        hall.exempt = below(&rng, 8) == 0;
        hall.school = below(&rng, 2) == 0 ? 0 : NONE;
        hall.valid_from = below(&rng, 6) == 0 ? TO - 1 + below(&rng, 3) : DATE_MIN;
        hall.valid_to =
            hall.valid_from == DATE_MIN && below(&rng, 6) == 0 ? TO - 1 + below(&rng, 3) : DATE_MAX;
        place_add(tt, &hall);
    }
    for (int i = 0; i < 8; i++) {
        char id[16];
        snprintf(id, sizeof id, "C%d", i);
        bool of_area = below(&rng, 4) == 0;
        struct closure closure =
            closure_sample(of_area ? CLOSURE_AREA : CLOSURE_HALL,
                           (uint32_t)below(&rng, of_area ? (uint32_t)AREAS : RANDOM_HALLS));
        closure.id = id;
        closure.strength = below(&rng, 3) == 0 ? CLOSURE_SOFT : CLOSURE_HARD;
        closure.from_day = FROM - 1 + below(&rng, 3);
        closure.to_day = TO - 1 + below(&rng, 3);
        closure.to_min = below(&rng, 4) == 0 ? 720 : DAY_MINUTES;
        assert_done(timetable_add_closure(tt, &closure, &err), &err);
    }
    for (int64_t id = 1; id <= RANDOM_SESSIONS; id++) {
        /* Halls of higher numbers get fewer. */
        uint32_t place = (uint32_t)(below(&rng, RANDOM_HALLS) * below(&rng, RANDOM_HALLS) / RANDOM_HALLS);
        meeting_add(tt, id, place, FROM - 40 + below(&rng, 440), (enum session_status)below(&rng, 3),
                    (enum held_state)below(&rng, 4));
    }
    seal(tt);
    return tt;
}

/* Is `id` the area `ancestor` or written below it? The ids of the test's tree are prefixes: A, A1, A1x. */
static bool lies_in(const char *id, const char *ancestor)
{
    return strncmp(id, ancestor, strlen(ancestor)) == 0;
}

static int32_t naive_sessions(const struct timetable *tt, const char *hall, const char *area, bool held_only)
{
    int32_t count = 0;
    for (size_t i = 0; i < tt->session_count; i++) {
        const struct session *session = &tt->sessions[i];
        const struct hall *at = &tt->halls[tt->rooms[session->at.room].hall];
        bool here = hall != NULL ? strcmp(at->id, hall) == 0 : lies_in(tt->areas[at->area].id, area);
        bool takes_place = strcmp(session_status_name(session->status), "CANCELLED") != 0 &&
                           session->at.held != HELD_NO && (!held_only || session->at.held == HELD_YES) &&
                           (hall == NULL || session->at.held != HELD_OUTSIDE);
        count += here && takes_place && session->at.day >= FROM && session->at.day <= TO;
    }
    return count;
}

static bool naive_shut_on(const struct timetable *tt, const struct hall *hall, int32_t day)
{
    for (size_t i = 0; i < tt->closure_count; i++) {
        const struct closure *closure = &tt->closures[i];
        bool hits = closure->scope == CLOSURE_HALL
                        ? strcmp(tt->halls[closure->target].id, hall->id) == 0
                        : lies_in(tt->areas[hall->area].id, tt->areas[closure->target].id);
        if (hits && closure->strength == CLOSURE_HARD && closure->from_day <= day && closure->to_day >= day &&
            closure->from_min == 0 && closure->to_min == 1440) {
            return true;
        }
    }
    return false;
}

static bool naive_shut(const struct timetable *tt, const struct hall *hall)
{
    int32_t day = FROM;
    while (day <= TO && naive_shut_on(tt, hall, day)) {
        day++;
    }
    return day > TO;
}

struct naive {
    int64_t numerator, denominator, exempt, closed;
};

static struct naive naive_halls(const struct timetable *tt, enum coverage_definition definition,
                                int32_t minimum, const char *within)
{
    struct naive naive = {0};
    for (size_t i = 0; i < tt->hall_count; i++) {
        const struct hall *hall = &tt->halls[i];
        if (!lies_in(tt->areas[hall->area].id, within) || hall->valid_from > TO || hall->valid_to < TO) {
            continue;
        }
        if (hall->exempt) {
            naive.exempt++;
        } else if (naive_shut(tt, hall)) {
            naive.closed++;
        } else {
            naive.denominator++;
            naive.numerator +=
                definition == COVERAGE_HALLS_PAIRED
                    ? hall->school != NONE
                    : naive_sessions(tt, hall->id, NULL, definition == COVERAGE_HALLS_HELD) >= minimum;
        }
    }
    return naive;
}

static struct naive naive_areas(const struct timetable *tt, enum coverage_definition definition,
                                int32_t minimum, const char *within)
{
    struct naive naive = {0};
    size_t id_length = definition == COVERAGE_VILLAGES ? 3 : 2;
    for (size_t i = 0; i < tt->area_count; i++) {
        const char *id = tt->areas[i].id;
        if (strlen(id) == id_length && lies_in(id, within)) {
            naive.denominator++;
            naive.numerator += naive_sessions(tt, NULL, id, false) >= minimum;
        }
    }
    return naive;
}

static void compare(const struct timetable *tt, enum coverage_definition definition, int32_t minimum,
                    uint32_t area)
{
    const char *within = area != NONE ? tt->areas[area].id : "";
    bool by_area = definition == COVERAGE_VILLAGES || definition == COVERAGE_TOWNSHIPS;
    struct naive naive =
        by_area ? naive_areas(tt, definition, minimum, within) : naive_halls(tt, definition, minimum, within);
    struct coverage coverage = figure_of(tt, definition, minimum, area);
    if (coverage.numerator != naive.numerator || coverage.denominator != naive.denominator ||
        coverage.exempt != naive.exempt || coverage.closed != naive.closed) {
        fail_msg("%s in '%s', at least %d: %lld of %lld, by hand %lld of %lld", coverage_name(definition),
                 within, minimum, (long long)coverage.numerator, (long long)coverage.denominator,
                 (long long)naive.numerator, (long long)naive.denominator);
    }
    coverage_finish(&coverage);
}

/* Each area by itself, from the city's standings alone. */
static void compare_spread(const struct timetable *tt, enum coverage_definition definition)
{
    struct coverage_count counts[AREAS];
    struct coverage city = figure_of(tt, definition, 1, NONE);
    coverage_spread(tt, &city, counts);
    for (uint32_t area = 0; area < AREAS; area++) {
        struct coverage alone = figure_of(tt, definition, 1, area);
        assert_int_equal(counts[area].numerator, alone.numerator);
        assert_int_equal(counts[area].denominator, alone.denominator);
        assert_int_equal(counts[area].exempt, alone.exempt);
        assert_int_equal(counts[area].closed, alone.closed);
        coverage_finish(&alone);
    }
    coverage_finish(&city);
}

static void test_against_a_naive_recount(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct timetable *tt = random_city(seed);
        for (int definition = 0; definition < COVERAGE_COUNT; definition++) {
            compare_spread(tt, (enum coverage_definition)definition);
            for (int32_t minimum = 1; minimum <= 3; minimum++) {
                compare(tt, (enum coverage_definition)definition, minimum, NONE);
                for (uint32_t area = 0; area < AREAS; area++) {
                    compare(tt, (enum coverage_definition)definition, minimum, area);
                }
            }
        }
        timetable_unref(tt);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definitions), cmocka_unit_test(test_minimum),
        cmocka_unit_test(test_area),        cmocka_unit_test(test_who_is_in_the_denominator),
        cmocka_unit_test(test_rate),        cmocka_unit_test(test_nothing_is_not_everything),
        cmocka_unit_test(test_sentence),    cmocka_unit_test(test_refused),
        cmocka_unit_test(test_names),       cmocka_unit_test(test_against_a_naive_recount),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
