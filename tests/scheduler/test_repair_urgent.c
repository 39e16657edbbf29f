/* Repair in one hall with two rooms and one or two people: where urgent requests may lie, what is said of
 * those that cannot be placed, and what becomes of a series on a day on which it does not meet. */
#include "base/text.h"
#include "scheduler/repair.h"
#include "tests/scheduler/timetable_sample.h"

#include <stdlib.h>
#include <string.h>

enum {
    FORTNIGHT = 14,
    WINDOW = 28, /* days of the requests: four whole weeks from Monday, DAY */
    SUNDAY = 6,
    YEAR = 366
};

static const uint32_t TAUGHT[] = {0};

static struct timetable *village(void)
{
    struct timetable *t = sample_new();
    struct error err = {0};
    uint32_t index = NONE;
    struct instructor second = instructor_sample("T2");
    room_add(t, "R2", 0);
    assert_done(timetable_add_instructor(t, &second, &index, &err), &err);
    for (size_t i = 0; i < t->instructor_count; i++) {
        t->instructors[i].courses = TAUGHT;
        t->instructors[i].course_count = 1;
    }
    t->requests[0].to_day = DAY + WINDOW - 1;
    return t;
}

/* The request's meetings, weekly from the day on, in the first room by the first instructor. */
static void add_meetings(struct timetable *t, enum holiday_rule rule, int count, int32_t first)
{
    struct error err = {0};
    const struct series series = {1, 0, rule};
    t->requests[0].is_series = true;
    t->requests[0].holiday_rule = rule;
    assert_done(timetable_add_series(t, &series, &err), &err);
    for (int i = 0; i < count; i++) {
        struct session session = session_sample(i + 1, 0);
        session.at.day = first + 7 * i;
        session.at.request = 0;
        session.at.series_id = 1;
        assert_done(timetable_add_session(t, &session, &err), &err);
    }
}

static void add_holiday(struct timetable *t, int32_t day)
{
    struct error err = {0};
    const struct holiday holiday = {.day = day, .name = "示例节", .is_off = true};
    assert_done(timetable_add_holiday(t, &holiday, &err), &err);
}

/* Both are there on Sundays from 9:00 to 10:30 and at no other time. */
static void teach_on_sunday_mornings(struct timetable *t)
{
    for (size_t i = 0; i < t->instructor_count; i++) {
        t->instructors[i].hours =
            (struct hours){.count = 1, .spans = {{.weekday = SUNDAY + 1, .from_min = 540, .to_min = 630}}};
    }
}

static void close_hall(struct timetable *t)
{
    struct error err = {0};
    struct closure closure = closure_sample(CLOSURE_HALL, 0);
    closure.to_day = DAY + YEAR;
    assert_done(timetable_add_closure(t, &closure, &err), &err);
}

struct outcome {
    struct timetable *timetable;
    struct plan *plan;
    struct repair_report report;
};

/* Seals the timetable, which is the outcome's from now on. */
static struct outcome repaired(struct timetable *t, int32_t from_day, int32_t frozen_days,
                               size_t urgent_count)
{
    static const uint32_t URGENT[] = {0, 0};
    const struct repair_options options = {.from_day = from_day,
                                           .to_day = from_day + YEAR,
                                           .frozen_until_day = from_day - 1 + frozen_days,
                                           .urgent = URGENT,
                                           .urgent_count = urgent_count,
                                           .weights = weights_default()};
    struct outcome outcome = {.timetable = t};
    struct error err = {0};
    seal(t);
    assert_done(repair_run(t, &options, &outcome.plan, &outcome.report, &err), &err);
    return outcome;
}

static void outcome_finish(struct outcome *outcome)
{
    plan_destroy(outcome->plan);
    repair_report_finish(&outcome->report);
    timetable_unref(outcome->timetable);
}

static void expect_refused(const struct outcome *outcome, enum refusal_kind kind, int32_t missing,
                           const char *words)
{
    const struct plan *plan = outcome->plan;
    struct text text;
    assert_int_equal(plan->refusal_count, 1);
    assert_int_equal(plan->refusals[0].kind, kind);
    assert_int_equal(plan->refusals[0].missing, missing);
    text_init(&text, LIMIT_NOTE_BYTES);
    refusal_sentence(plan->timetable, &plan->refusals[0], true, &text);
    if (strstr(text_string(&text), words) == NULL) {
        fail_msg("no “%s” in: %s", words, text_string(&text));
    }
    text_finish(&text);
}

/* ---- where urgent requests may lie ---- */

/* So many are made, each on a day that the request allows; none: it is said whether its own days are wrong or
 * those that may be planned. */
static void expect_days(struct timetable *t, int32_t from_day, int32_t frozen_days, size_t created,
                        enum refusal_kind kind)
{
    t->requests[0].sessions = 3;
    struct outcome outcome = repaired(t, from_day, frozen_days, 1);
    assert_int_equal(outcome.report.created, created);
    for (size_t i = 0; i < outcome.plan->item_count; i++) {
        assert_true(request_allows_day(t, 0, outcome.plan->items[i].at.day));
        assert_true(outcome.plan->items[i].at.day >= from_day + frozen_days);
    }
    if (created == 0) {
        expect_refused(&outcome, kind, 3, "已排 0 场，缺 3 场");
    }
    outcome_finish(&outcome);
}

static void urgent_stays_in_its_days(void **state)
{
    (void)state;
    static const struct season FROM_DECEMBER = {1201, 1231};
    static const struct season SUMMER = {601, 831};
    expect_days(village(), DAY, 0, 3, REFUSAL_PLAN_DAYS);
    expect_days(village(), DAY + WINDOW - 1, 0, 3, REFUSAL_PLAN_DAYS);
    expect_days(village(), DAY + WINDOW, 0, 0, REFUSAL_PLAN_DAYS); /* its window is past */
    expect_days(village(), DAY, WINDOW - 1, 3, REFUSAL_PLAN_DAYS);
    expect_days(village(), DAY, WINDOW, 0, REFUSAL_PLAN_DAYS); /* all of its window is frozen */
    struct timetable *t = village();                           /* the season begins within the window */
    t->courses[0].seasons = &FROM_DECEMBER;
    t->courses[0].season_count = 1;
    expect_days(t, DAY, 0, 3, REFUSAL_PLAN_DAYS);
    t = village();
    t->courses[0].seasons = &SUMMER;
    t->courses[0].season_count = 1;
    expect_days(t, DAY, 0, 0, REFUSAL_NO_DAY);
}

static void named_twice_is_placed_once(void **state)
{
    (void)state;
    struct outcome outcome = repaired(village(), DAY, 0, 2);
    assert_int_equal(outcome.report.created, 1);
    outcome_finish(&outcome);
}

static void nothing_is_added_to_a_skipping_series(void **state)
{
    (void)state;
    struct timetable *t = village();
    t->requests[0].sessions = 4;
    add_meetings(t, HOLIDAY_SKIP, 3, DAY + SUNDAY);
    struct outcome outcome = repaired(t, DAY, 0, 1);
    assert_int_equal(outcome.plan->item_count, 0);
    assert_int_equal(outcome.plan->refusal_count, 0);
    outcome_finish(&outcome);
}

/* ---- what is said of those that have no place ---- */

static void contradiction_is_refused(void **state)
{
    (void)state;
    struct timetable *t = village();
    t->requests[0].withdrawn = true;
    struct outcome outcome = repaired(t, DAY, 0, 1);
    expect_refused(&outcome, REFUSAL_WITHDRAWN, 1, "需要 1 场，已排 0 场，缺 1 场：点单已撤回。");
    outcome_finish(&outcome);
    t = village(); /* and when nothing is missing */
    t->requests[0].withdrawn = true;
    add_meetings(t, HOLIDAY_FORBID, 1, DAY + SUNDAY);
    outcome = repaired(t, DAY, 0, 1);
    expect_refused(&outcome, REFUSAL_WITHDRAWN, 0, "（点单 Q1）：点单已撤回。");
    outcome_finish(&outcome);
    t = village();
    t->instructors[0].course_count = t->instructors[1].course_count = 0;
    outcome = repaired(t, DAY, 0, 1);
    expect_refused(&outcome, REFUSAL_NO_INSTRUCTOR, 1, "没有具备授课资格的讲师");
    outcome_finish(&outcome);
    t = village();
    t->requests[0].heads = 101;
    outcome = repaired(t, DAY, 0, 1);
    expect_refused(&outcome, REFUSAL_NO_HALL, 1, "场地");
    outcome_finish(&outcome);
}

/* A session of a request that was withdrawn is hit and has no other place: that is why. */
static void hit_and_withdrawn_says_so(void **state)
{
    (void)state;
    struct timetable *t = village();
    t->requests[0].withdrawn = true;
    t->requests[0].sessions = 2;
    add_meetings(t, HOLIDAY_FORBID, 2, DAY + SUNDAY);
    close_hall(t);
    struct outcome outcome = repaired(t, DAY, 0, 0);
    assert_int_equal(outcome.report.cancelled, 2);
    expect_refused(&outcome, REFUSAL_WITHDRAWN, 2, "点单已撤回");
    outcome_finish(&outcome);
}

/* Of meetings that each look for a day, none is said to be a series; of a whole new one it is. */
static void series_is_said_of_the_whole_only(void **state)
{
    (void)state;
    for (int count = 1; count <= 2; count++) {
        struct timetable *t = village(); /* the window was moved away since */
        t->requests[0].sessions = count;
        t->requests[0].from_day = DAY - WINDOW;
        t->requests[0].to_day = DAY - 1;
        add_meetings(t, HOLIDAY_FORBID, count, DAY + SUNDAY);
        close_hall(t);
        struct outcome outcome = repaired(t, DAY, 0, 0);
        expect_refused(&outcome, REFUSAL_PLAN_DAYS, count, "可排课的日期内，没有一天");
        outcome_finish(&outcome);
    }
    struct timetable *t = village();
    t->requests[0].sessions = 5; /* in four weeks */
    t->requests[0].is_series = true;
    struct outcome outcome = repaired(t, DAY, 0, 1);
    expect_refused(&outcome, REFUSAL_NO_DAY, 5, "排不下整个系列");
    outcome_finish(&outcome);
    t = village();
    t->requests[0].sessions = 4;
    t->requests[0].is_series = true;
    outcome = repaired(t, DAY, WINDOW / 2, 1);
    expect_refused(&outcome, REFUSAL_PLAN_DAYS, 4, "排课区间太短，排不下整个系列");
    outcome_finish(&outcome);
}

static void series_without_a_place_lacks_all_of_it(void **state)
{
    (void)state;
    struct timetable *t = village();
    t->requests[0].sessions = 4;
    t->requests[0].is_series = true;
    close_hall(t);
    struct outcome outcome = repaired(t, DAY, 0, 1);
    assert_int_equal(outcome.report.created, 0);
    expect_refused(&outcome, REFUSAL_NO_PLACE, 4, "需要 4 场，已排 0 场，缺 4 场");
    assert_int_equal(outcome.plan->refusals[0].by_rule[RULE_CLOSURE], outcome.plan->refusals[0].looked_at);
    outcome_finish(&outcome);
    /* Only others are in its way: each of the two may teach once a week, and does. */
    t = village();
    t->requests[0].sessions = 4;
    t->requests[0].is_series = true;
    for (int i = 0; i < 8; i++) {
        struct session session = session_sample(i + 1, (uint32_t)i % 2);
        struct error err = {0};
        session.at.day = DAY + 7 * (i / 2);
        session.at.instructors[0] = (uint32_t)i % 2;
        session.at.pinned = true;
        assert_done(timetable_add_session(t, &session, &err), &err);
    }
    t->instructors[0].max_week = t->instructors[1].max_week = 1;
    outcome = repaired(t, DAY, 0, 1);
    expect_refused(&outcome, REFUSAL_CROWDED, 4, "每周上限");
    outcome_finish(&outcome);
}

/* A quota that is used up stands in every place's way, whatever else does, and no moving within the hall
 * mends it: that is told at once, not after trying to move each of those that use it up from every place. */
static void used_up_quota_is_told_soon(void **state)
{
    (void)state;
    enum {
        QUOTA = 12,
        SOON = 1500000
    };
    struct timetable *t = village();
    struct error err = {0};
    t->courses[0].hall_quota = QUOTA;
    t->requests[0].from_day = DAY + 60; /* all within 2027 */
    t->requests[0].to_day = DAY + 300;
    t->requests[0].sessions = 2 + QUOTA;
    t->instructors[1].hours =
        (struct hours){.count = 1, .spans = {{.weekday = 1, .from_min = 480, .to_min = 1080}}};
    for (int i = 0; i < QUOTA; i++) {
        struct session session = session_sample(i + 1, 0);
        session.at.day = DAY + 63 + 10 * i;
        session.at.request = 0;
        assert_done(timetable_add_session(t, &session, &err), &err);
    }
    struct outcome outcome = repaired(t, DAY, 0, 1);
    assert_int_equal(outcome.report.created, 0);
    expect_refused(&outcome, REFUSAL_CROWDED, 2, "每堂配额");
    const struct plan_refusal *refusal = &outcome.plan->refusals[0];
    assert_true(refusal->looked_at > 1000);
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        assert_int_equal(refusal->by_rule[rule], rule == RULE_HALL_QUOTA ? refusal->looked_at : 0);
    }
    assert_in_range(outcome.report.looks, 1, SOON);
    outcome_finish(&outcome);
}

/* More places than are asked about, by less than twice: those asked lie over all days. */
static void looks_lie_over_all_days(void **state)
{
    (void)state;
    enum {
        CLOSED = 12 /* days, and as many after them without anybody to teach */
    };
    struct timetable *t = village();
    struct error err = {0};
    struct closure closure = closure_sample(CLOSURE_HALL, 0);
    struct absence absence = absence_sample(0);
    t->instructors[1].course_count = 0;
    t->requests[0].to_day = DAY + 2 * CLOSED - 1;
    closure.to_day = DAY + CLOSED - 1;
    closure.from_min = 60; /* a day that is shut from its first minute is not asked about */
    absence.from_day = DAY + CLOSED;
    absence.to_day = DAY + YEAR;
    assert_done(timetable_add_closure(t, &closure, &err), &err);
    assert_done(timetable_add_absence(t, &absence, &err), &err);
    struct outcome outcome = repaired(t, DAY, 0, 1);
    expect_refused(&outcome, REFUSAL_NO_PLACE, 1, "请假");
    const struct plan_refusal *refusal = &outcome.plan->refusals[0];
    assert_int_equal(refusal->looked_at, 1500);
    assert_in_range(refusal->by_rule[RULE_CLOSURE] * 100 / refusal->looked_at, 48, 52);
    outcome_finish(&outcome);
}

/* ---- series ---- */

static void holiday_moves_a_meeting_to_another_day(void **state)
{
    (void)state;
    struct timetable *t = village();
    t->requests[0].sessions = 4;
    add_meetings(t, HOLIDAY_FORBID, 4, DAY + SUNDAY);
    add_holiday(t, DAY + SUNDAY + 7);
    add_holiday(t, DAY + SUNDAY + 8);
    struct outcome outcome = repaired(t, DAY, 0, 0);
    assert_int_equal(outcome.report.moved, 1);
    assert_int_equal(outcome.plan->item_count, 1);
    const struct placement *at = &outcome.plan->items[0].at;
    assert_int_equal(at->day, DAY + SUNDAY + 6); /* the nearest that is no holiday */
    assert_true(at->series_exception);
    outcome_finish(&outcome);
    /* With no other day for it, it is cancelled. */
    t = village();
    t->requests[0].sessions = 4;
    add_meetings(t, HOLIDAY_FORBID, 4, DAY + SUNDAY);
    add_holiday(t, DAY + SUNDAY + 7);
    teach_on_sunday_mornings(t);
    t->instructors[1].course_count = 0;
    outcome = repaired(t, DAY, 0, 0);
    assert_int_equal(outcome.report.cancelled, 1);
    expect_refused(&outcome, REFUSAL_CROWDED, 1, "需要 4 场，已排 3 场，缺 1 场");
    outcome_finish(&outcome);
}

/* Neither now, nor when it was planned. */
static void fallen_series_has_left_nothing_out(void **state)
{
    (void)state;
    struct timetable *t = village();
    t->requests[0].sessions = 5;
    add_meetings(t, HOLIDAY_SKIP, 4, DAY + SUNDAY);
    close_hall(t);
    struct outcome outcome = repaired(t, DAY, 0, 0);
    assert_int_equal(outcome.report.dropped, 0);
    assert_int_equal(outcome.report.cancelled, 4);
    expect_refused(&outcome, REFUSAL_NO_PLACE, 5, "需要 5 场，已排 0 场，缺 5 场");
    outcome_finish(&outcome);
}

/* One meeting left out on a holiday is not missing; one without anybody to teach it is. */
static void left_out_is_not_missing(void **state)
{
    (void)state;
    struct timetable *t = village();
    struct error err = {0};
    struct absence absence = absence_sample(0);
    absence.from_day = absence.to_day = DAY + SUNDAY + FORTNIGHT;
    t->requests[0].sessions = 4;
    add_meetings(t, HOLIDAY_SKIP, 4, DAY + SUNDAY);
    add_holiday(t, DAY + SUNDAY + 7);
    teach_on_sunday_mornings(t);
    t->instructors[1].course_count = 0;
    assert_done(timetable_add_absence(t, &absence, &err), &err);
    struct outcome outcome = repaired(t, DAY, 0, 0);
    assert_int_equal(outcome.report.dropped, 1);
    assert_int_equal(outcome.report.cancelled, 1);
    expect_refused(&outcome, REFUSAL_CROWDED, 1, "已排 2 场，按系列规则跳过 1 场，缺 1 场");
    outcome_finish(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urgent_stays_in_its_days),
        cmocka_unit_test(named_twice_is_placed_once),
        cmocka_unit_test(nothing_is_added_to_a_skipping_series),
        cmocka_unit_test(contradiction_is_refused),
        cmocka_unit_test(hit_and_withdrawn_says_so),
        cmocka_unit_test(series_is_said_of_the_whole_only),
        cmocka_unit_test(series_without_a_place_lacks_all_of_it),
        cmocka_unit_test(used_up_quota_is_told_soon),
        cmocka_unit_test(looks_lie_over_all_days),
        cmocka_unit_test(holiday_moves_a_meeting_to_another_day),
        cmocka_unit_test(fallen_series_has_left_nothing_out),
        cmocka_unit_test(left_out_is_not_missing),
    };
    return cmocka_run_group_tests_name("scheduler.repair_urgent", tests, NULL, NULL);
}
