/* Which halls a coverage figure is about: validity, exemption, closures that follow one another; and that the
 * planner's term counts the same ones. */
#include "scheduler/standing.h"

#include "scheduler/book.h"
#include "scheduler/plan.h"
#include "timetable_sample.h"

enum {
    COUNTY,
    TOWN,
    VILLAGE
};

static const int32_t LAST = 9; /* days after DAY */

static struct timetable *city(void)
{
    struct timetable *tt = timetable_new();
    struct error err = {0};
    uint32_t index = NONE;
    struct category category = {.id = "K", .name = "智慧助老"};
    struct course course = course_sample("X");
    struct instructor instructor = instructor_sample("T");
    course.active = true;
    (void)area_add(tt, "A", NULL, AREA_COUNTY);
    (void)area_add(tt, "A1", "A", AREA_TOWNSHIP);
    (void)area_add(tt, "A1x", "A1", AREA_VILLAGE);
    assert_done(timetable_add_category(tt, &category, &index, &err), &err);
    assert_done(timetable_add_course(tt, &course, &index, &err), &err);
    assert_done(timetable_add_instructor(tt, &instructor, &index, &err), &err);
    return tt;
}

static enum hall_standing standing(const struct timetable *tt)
{
    return hall_standing(tt, 0, DAY, DAY + LAST);
}

static void validity_and_exemption(void **state)
{
    const struct {
        int32_t from, to;
        bool exempt;
        enum hall_standing wanted;
    } cases[] = {
        {DATE_MIN, DATE_MAX, false, HALL_COUNTS},         {DATE_MIN, DATE_MAX, true, HALL_EXEMPT},
        {DAY + LAST, DATE_MAX, false, HALL_COUNTS},       {DAY + LAST + 1, DATE_MAX, false, HALL_NOT_IN_USE},
        {DATE_MIN, DAY + LAST, false, HALL_COUNTS},       {DATE_MIN, DAY + LAST - 1, false, HALL_NOT_IN_USE},
        {DATE_MIN, DAY + LAST - 1, true, HALL_NOT_IN_USE}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct timetable *tt = city();
        struct hall hall = hall_sample("H", VILLAGE);
        struct error err = {0};
        uint32_t index = NONE;
        hall.valid_from = cases[i].from;
        hall.valid_to = cases[i].to;
        hall.exempt = cases[i].exempt;
        assert_done(timetable_add_hall(tt, &hall, &index, &err), &err);
        seal(tt);
        assert_int_equal(standing(tt), cases[i].wanted);
        timetable_unref(tt);
    }
}

struct shut {
    enum closure_scope scope;
    uint32_t target;
    int32_t from, to; /* days after DAY */
    bool soft, part;
};

static void closed_throughout(void **state)
{
    static const struct {
        struct shut shuts[3];
        size_t count;
        enum hall_standing wanted;
    } CASES[] = {
        {{{CLOSURE_HALL, 0, 0, 9, false, false}}, 1, HALL_CLOSED},
        {{{CLOSURE_AREA, COUNTY, -5, 99, false, false}}, 1, HALL_CLOSED},
        {{{CLOSURE_HALL, 0, 0, 8, false, false}}, 1, HALL_COUNTS},
        {{{CLOSURE_HALL, 0, 1, 9, false, false}}, 1, HALL_COUNTS},
        {{{CLOSURE_HALL, 0, 0, 9, true, false}}, 1, HALL_COUNTS},
        {{{CLOSURE_HALL, 0, 0, 9, false, true}}, 1, HALL_COUNTS},
        {{{CLOSURE_HALL, 0, 4, 9, false, false}, {CLOSURE_HALL, 0, -3, 3, false, false}}, 2, HALL_CLOSED},
        {{{CLOSURE_HALL, 0, 5, 9, false, false}, {CLOSURE_HALL, 0, -3, 3, false, false}}, 2, HALL_COUNTS},
        {{{CLOSURE_AREA, VILLAGE, 2, 6, false, false},
          {CLOSURE_HALL, 0, 7, 20, false, false},
          {CLOSURE_AREA, TOWN, -9, 1, false, false}},
         3,
         HALL_CLOSED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct timetable *tt = city();
        struct error err = {0};
        (void)hall_add(tt, "H", VILLAGE);
        for (size_t k = 0; k < CASES[i].count; k++) {
            const struct shut *shut = &CASES[i].shuts[k];
            static const char *const IDS[] = {"C1", "C2", "C3"};
            struct closure closure = closure_sample(shut->scope, shut->target);
            closure.id = IDS[k];
            closure.from_day = DAY + shut->from;
            closure.to_day = DAY + shut->to;
            closure.strength = shut->soft ? CLOSURE_SOFT : CLOSURE_HARD;
            closure.to_min = shut->part ? 1439 : DAY_MINUTES;
            assert_done(timetable_add_closure(tt, &closure, &err), &err);
        }
        seal(tt);
        assert_int_equal(standing(tt), CASES[i].wanted);
        timetable_unref(tt);
    }
}

/* A day rule shuts some days only. */
static void a_rule_is_not_throughout(void **state)
{
    struct timetable *tt = city();
    struct error err = {0};
    struct closure closure = closure_sample(CLOSURE_HALL, 0);
    (void)state;
    (void)hall_add(tt, "H", VILLAGE);
    closure.to_day = DAY + LAST;
    closure.has_rule = true;
    assert_done(day_rule_parse("weekly:1", &closure.rule, &err), &err);
    assert_done(timetable_add_closure(tt, &closure, &err), &err);
    seal(tt);
    assert_int_equal(standing(tt), HALL_COUNTS);
    timetable_unref(tt);
}

static struct plan_cost score_of(struct timetable *tt, const struct weights *weights)
{
    struct plan_cost cost;
    struct book *book = NULL;
    struct error err = {0};
    assert_done(book_create(tt, false, &book, &err), &err);
    assert_done(score_timetable(book, weights, DAY, DAY + LAST, &cost, &err), &err);
    book_destroy(book);
    return cost;
}

/* Five halls: reached, moved outside, not held, never asked, exempt. */
static void the_planner_counts_the_same(void **state)
{
    static const enum held_state HELD[] = {HELD_YES, HELD_OUTSIDE, HELD_NO};
    static const char *const IDS[] = {"H0", "H1", "H2", "H3", "H4"};
    struct timetable *tt = city();
    struct weights weights = weights_default();
    struct error err = {0};
    (void)state;
    for (uint32_t h = 0; h < 5; h++) {
        struct hall hall = hall_sample(IDS[h], VILLAGE);
        uint32_t index = NONE;
        hall.exempt = h == 4;
        assert_done(timetable_add_hall(tt, &hall, &index, &err), &err);
        (void)room_add(tt, IDS[h], h);
    }
    for (uint32_t h = 0; h < 3; h++) {
        struct session session = session_sample(h + 1, h);
        session.at.day = DAY + (int32_t)h;
        session.at.held = HELD[h];
        assert_done(timetable_add_session(tt, &session, &err), &err);
    }
    seal(tt);
    struct plan_cost cost = score_of(tt, &weights);
    assert_int_equal(cost.hall_unreached, 3 * weights.hall_unreached);
    /* The category: once it was held, in the hall or outside; never by what was not held. */
    assert_int_equal(cost.category_missing, 0);
    tt->sessions[0].at.held = HELD_NO;
    assert_int_equal(score_of(tt, &weights).category_missing, 0);
    tt->sessions[1].at.held = HELD_NO;
    assert_int_equal(score_of(tt, &weights).category_missing, weights.category_missing);
    tt->sessions[1].at.held = HELD_OUTSIDE;
    assert_true(placement_is_given(&tt->sessions[1].at));
    assert_false(placement_is_given(&tt->sessions[2].at));
    timetable_unref(tt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(validity_and_exemption),
        cmocka_unit_test(closed_throughout),
        cmocka_unit_test(a_rule_is_not_throughout),
        cmocka_unit_test(the_planner_counts_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
