/* Repair: nothing broken stays, nothing else moves, and as few sessions as an exhaustive search needs. */
#include "planner_help.h"
#include "repair_reference.h"

enum {
    CASES = 60,
    EVERY_MINUTE = DAY_MINUTES
};

static struct repair_options options_of(const struct planner_city *city)
{
    return (struct repair_options){.from_day = city->from_day,
                                   .to_day = city->from_day + city->days - 1,
                                   .frozen_until_day = city->from_day - 1,
                                   .weights = weights_default()};
}

static struct plan *run(struct timetable *t, const struct repair_options *options,
                        struct repair_report *report)
{
    struct plan *plan = NULL;
    struct error err = {.code = ERR_NONE};
    if (repair_run(t, options, &plan, report, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    return plan;
}

static void finish(struct plan *plan, struct repair_report *report)
{
    plan_destroy(plan);
    repair_report_finish(report);
}

/* The small city with the planner's plan published; the caller disrupts and seals it. */
static struct timetable *published(const struct planner_city *city)
{
    struct planner_options options = help_options(city);
    struct timetable *empty = help_city(city);
    struct plan *plan = help_plan(empty, &options);
    struct timetable *t = help_publish_open(city, plan);
    plan_destroy(plan);
    timetable_unref(empty);
    return t;
}

static void add_closure(struct timetable *t, enum closure_scope scope, uint32_t target, int32_t from,
                        int32_t to)
{
    struct error err = {.code = ERR_NONE};
    const struct closure closure = {.id = "typhoon",
                                    .scope = scope,
                                    .target = target,
                                    .strength = CLOSURE_HARD,
                                    .from_day = from,
                                    .to_day = to,
                                    .to_min = EVERY_MINUTE,
                                    .reason = "台风",
                                    .source = "示例"};
    assert_int_equal(timetable_add_closure(t, &closure, &err), ERR_NONE);
}

static bool stood_clean(const struct book *before, int64_t id)
{
    uint32_t slot = book_slot_of(before, id);
    const struct placement *at = book_at(before, slot);
    bool holiday = at->series_id != 0 && timetable_day(book_timetable(before), at->day).is_off;
    return rules_allow(before, at, slot, NULL) && !holiday;
}

/* No clash is left, and all that moved had to, but for the neighbours that the report counts. */
static void check(const struct plan *plan, const struct repair_report *report)
{
    struct error err = {.code = ERR_NONE};
    struct book *after = help_book(plan);
    struct book *before = NULL;
    size_t clean = 0;
    assert_int_equal(book_create(plan->timetable, false, &before, &err), ERR_NONE);
    help_no_clash(after);
    for (size_t i = 0; i < plan->item_count; i++) {
        assert_int_not_equal(plan->items[i].action, PLAN_CREATE);
        clean += stood_clean(before, plan->items[i].at.session_id);
    }
    assert_true(clean <= report->neighbours);
    assert_int_equal(report->moved + report->cancelled + report->dropped + report->neighbours,
                     plan->item_count);
    assert_int_equal(report->left.count, 0);
    book_destroy(before);
    book_destroy(after);
}

static void nothing_broken_nothing_changed(void **state)
{
    (void)state;
    struct planner_city city = planner_city_small(3);
    struct repair_options options = options_of(&city);
    struct repair_report report;
    struct timetable *t = help_seal(published(&city));
    struct plan *plan = run(t, &options, &report);
    assert_true(t->session_count > 50);
    assert_int_equal(plan->item_count, 0);
    assert_int_equal(report.hit, 0);
    assert_true(plan->placed > 50);
    finish(plan, &report);
    timetable_unref(t);
}

static void as_few_as_proven(void **state)
{
    (void)state;
    int hit = 0;
    int one_more = 0;
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        struct timetable *t = small_create(seed);
        struct repair_report report;
        int cancelled = 0;
        int changed = 0;
        assert_non_null(t);
        struct repair_options options = small_options(t);
        struct plan *plan = run(t, &options, &report);
        assert_true(reference_best(t, &cancelled, &changed));
        if ((int)report.cancelled > cancelled || (int)plan->item_count > changed + 1) {
            fail_msg("seed %d: %zu changes, %zu cancelled; proven %d, %d", (int)seed, plan->item_count,
                     report.cancelled, changed, cancelled);
        }
        check(plan, &report);
        one_more += (int)plan->item_count > changed;
        hit += report.hit > 0;
        finish(plan, &report);
        timetable_unref(t);
    }
    assert_true(hit > CASES / 2);
    assert_true(one_more <= CASES / 20);
}

static void typhoon_over_townships(void **state)
{
    (void)state;
    size_t hit = 0;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct planner_city city = planner_city_small(seed);
        city.crowded = seed % 2 == 0;
        struct repair_options options = options_of(&city);
        struct repair_report report;
        struct timetable *t = published(&city);
        int32_t day = city.from_day + 10 + 5 * (int32_t)seed;
        add_closure(t, CLOSURE_AREA, 1 + (uint32_t)seed % 4, day, day + 13);
        t = help_seal(t);
        struct plan *plan = run(t, &options, &report);
        check(plan, &report);
        hit += report.hit;
        struct repair_report again;
        struct plan *same = run(t, &options, &again);
        assert_int_equal(same->item_count, plan->item_count);
        for (size_t i = 0; i < plan->item_count; i++) {
            const struct placement *a = &same->items[i].at;
            const struct placement *b = &plan->items[i].at;
            assert_int_equal(same->items[i].action, plan->items[i].action);
            assert_int_equal(a->session_id, b->session_id);
            assert_int_equal(a->day, b->day);
            assert_int_equal(a->start_min, b->start_min);
            assert_int_equal(a->room, b->room);
            assert_int_equal(a->instructors[0], b->instructors[0]);
        }
        finish(same, &again);
        finish(plan, &report);
        timetable_unref(t);
    }
    assert_true(hit > 10);
}

/* From June on somebody is not there any more: other people take over, and nothing else changes. */
static void instructor_leaves(void **state)
{
    (void)state;
    struct planner_city city = planner_city_small(5);
    struct repair_options options = options_of(&city);
    struct repair_report report;
    struct timetable *t = published(&city);
    int32_t last = city.from_day + city.days / 3;
    t->instructors[2].valid_to = last;
    t = help_seal(t);
    struct plan *plan = run(t, &options, &report);
    assert_true(report.hit > 0);
    check(plan, &report);
    for (size_t i = 0; i < plan->item_count; i++) {
        const struct plan_item *item = &plan->items[i];
        if (item->action == PLAN_MOVE && item->at.instructors[0] == 2) {
            assert_true(item->at.day <= last);
        }
    }
    finish(plan, &report);
    timetable_unref(t);
}

/* ---- series ---- */

/* A series of the timetable with this rule and at least four meetings, of which one in the middle is taken.
 */
static const struct session *middle_meeting(const struct timetable *t, enum holiday_rule rule)
{
    for (size_t i = 0; i < t->session_count; i++) {
        const struct placement *at = &t->sessions[i].at;
        bool wanted = false;
        size_t count = 0;
        size_t earlier = 0;
        for (size_t k = 0; k < t->series_count; k++) {
            wanted |= t->series[k].id == at->series_id && t->series[k].holiday_rule == rule;
        }
        for (size_t k = 0; k < t->session_count; k++) {
            bool same = t->sessions[k].at.series_id == at->series_id;
            count += same;
            earlier += same && t->sessions[k].at.day < at->day;
        }
        if (wanted && count >= 4 && earlier == 1 && t->courses[at->course].season_count == 0 &&
            (rule != HOLIDAY_SHIFT || t->requests[at->request].to_day >= at->day + 7 * (int32_t)count)) {
            return &t->sessions[i];
        }
    }
    return NULL;
}

static void add_holiday(struct timetable *t, int32_t day)
{
    struct error err = {.code = ERR_NONE};
    const struct holiday holiday = {.day = day, .name = "示例节", .is_off = true};
    assert_int_equal(timetable_add_holiday(t, &holiday, &err), ERR_NONE);
}

/* The plan's item for a session, or NULL. */
static const struct plan_item *item_of(const struct plan *plan, int64_t id)
{
    for (size_t i = 0; i < plan->item_count; i++) {
        if (plan->items[i].at.session_id == id) {
            return &plan->items[i];
        }
    }
    return NULL;
}

static void check_series_rule(enum holiday_rule rule)
{
    size_t seen = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct planner_city city = planner_city_small(seed);
        city.series_pct = 60;
        struct repair_options options = options_of(&city);
        struct repair_report report;
        struct timetable *t = published(&city);
        const struct session *middle = middle_meeting(t, rule);
        if (middle == NULL) {
            timetable_unref(t);
            continue;
        }
        const struct placement was = middle->at;
        add_holiday(t, was.day);
        t = help_seal(t);
        struct plan *plan = run(t, &options, &report);
        const struct plan_item *item = item_of(plan, was.session_id);
        check(plan, &report);
        assert_non_null(item);
        if (rule == HOLIDAY_SKIP) {
            assert_int_equal(item->action, PLAN_CANCEL);
            assert_true(report.dropped >= 1);
            seen++;
        } else if (item->action == PLAN_MOVE) {
            assert_int_equal(item->at.series_id, was.series_id);
            bool regular = !item->at.series_exception;
            assert_false(timetable_day(t, item->at.day).is_off && regular);
            if (rule == HOLIDAY_SHIFT && regular) {
                assert_int_equal((item->at.day - was.day) % 7, 0);
                assert_true(item->at.day > was.day + 7);
                assert_int_equal(item->at.start_min, was.start_min);
                assert_int_equal(item->at.instructors[0], was.instructors[0]);
                seen++;
            }
            seen += rule == HOLIDAY_FORBID;
        }
        finish(plan, &report);
        timetable_unref(t);
    }
    assert_true(seen >= 2);
}

static void skipping_series_leaves_out(void **state)
{
    (void)state;
    check_series_rule(HOLIDAY_SKIP);
}

static void shifting_series_slides(void **state)
{
    (void)state;
    check_series_rule(HOLIDAY_SHIFT);
}

static void forbidding_series_moves_one(void **state)
{
    (void)state;
    check_series_rule(HOLIDAY_FORBID);
}

/* ---- what does not move ---- */

static void pinned_held_and_frozen_stay(void **state)
{
    (void)state;
    enum {
        CLOSED_DAYS = 20
    };
    struct planner_city city = planner_city_small(4);
    struct repair_options options = options_of(&city);
    struct repair_report report;
    struct timetable *t = published(&city);
    int32_t from = city.from_day + 20;
    options.frozen_until_day = from + 6;
    for (uint32_t township = 0; township < city.townships; township++) {
        char id[8];
        (void)snprintf(id, sizeof id, "x%c", (char)('A' + township));
        const struct closure closure = {.id = id,
                                        .scope = CLOSURE_AREA,
                                        .target = 1 + township,
                                        .strength = CLOSURE_HARD,
                                        .from_day = from,
                                        .to_day = from + CLOSED_DAYS,
                                        .to_min = EVERY_MINUTE,
                                        .reason = "示例",
                                        .source = "示例"};
        struct error err = {.code = ERR_NONE};
        assert_int_equal(timetable_add_closure(t, &closure, &err), ERR_NONE);
    }
    size_t locked = 0;
    size_t frozen = 0;
    for (size_t i = 0; i < t->session_count; i++) {
        struct placement *at = &t->sessions[i].at;
        bool hit = at->day >= from && at->day <= from + CLOSED_DAYS;
        at->pinned = i % 5 == 0;
        at->held = i % 7 == 0 ? HELD_YES : HELD_UNKNOWN;
        frozen += hit && !at->pinned && at->held == HELD_UNKNOWN && at->day <= options.frozen_until_day;
        locked += hit && (at->pinned || at->held == HELD_YES || at->day <= options.frozen_until_day);
    }
    t = help_seal(t);
    struct plan *plan = run(t, &options, &report);
    assert_true(locked > 3);
    assert_true(frozen > 1);
    assert_true(report.left.count >= locked);
    assert_true(report.hit > 3);
    for (size_t i = 0; i < plan->item_count; i++) {
        const struct placement *was = &timetable_find_session(t, plan->items[i].at.session_id)->at;
        assert_false(was->pinned);
        assert_int_equal(was->held, HELD_UNKNOWN);
        assert_true(was->day > options.frozen_until_day);
        assert_true(plan->items[i].action == PLAN_CANCEL || plan->items[i].at.day > options.frozen_until_day);
    }
    finish(plan, &report);
    timetable_unref(t);
}

/* ---- travel ---- */

/* Three villages, the first and the last ten hours apart but for the one between (a tunnel). One instructor
 * teaches in all three on one day. When the one between is shut, the last one is hit, too: there is no way to
 * it in time. */
static void way_through_the_middle(void **state)
{
    (void)state;
    struct error err = {.code = ERR_NONE};
    struct timetable *t = timetable_create();
    uint32_t index = 0;
    struct place middle = {28000000, 120500000, true};
    const struct category category = {"k", "示例类"};
    const struct course course = {
        .id = "c", .name = "示例课程", .provider = NONE, .audience = NONE, .minutes = 60, .active = true};
    const uint32_t taught[] = {0};
    assert_int_equal(timetable_add_category(t, &category, &index, &err), ERR_NONE);
    for (int v = 0; v < 3; v++) {
        char id[2] = {(char)('a' + v), 0};
        const struct area area = {.id = id,
                                  .code_system = "T",
                                  .name = id,
                                  .level = AREA_VILLAGE,
                                  .place = middle,
                                  .travel_class = NONE};
        assert_int_equal(timetable_add_area(t, &area, &index, &err), ERR_NONE);
    }
    const struct travel_override far = {0, 2, 600};
    assert_int_equal(timetable_add_travel_override(t, &far, &err), ERR_NONE);
    assert_int_equal(timetable_add_course(t, &course, &index, &err), ERR_NONE);
    for (uint32_t v = 0; v < 3; v++) {
        char id[2] = {(char)('a' + (int)v), 0};
        const struct hall hall = {.id = id,
                                  .name = id,
                                  .area = v,
                                  .school = NONE,
                                  .valid_from = DATE_MIN,
                                  .valid_to = DATE_MAX,
                                  .place = middle};
        const struct room room = {.id = id, .name = id, .hall = v};
        assert_int_equal(timetable_add_hall(t, &hall, &index, &err), ERR_NONE);
        assert_int_equal(timetable_add_room(t, &room, &index, &err), ERR_NONE);
    }
    const struct instructor person = {.id = "i",
                                      .name = "示例甲",
                                      .provider = NONE,
                                      .home_area = 1,
                                      .valid_from = DATE_MIN,
                                      .valid_to = DATE_MAX,
                                      .courses = taught,
                                      .course_count = 1};
    assert_int_equal(timetable_add_instructor(t, &person, &index, &err), ERR_NONE);
    for (uint32_t v = 0; v < 3; v++) {
        const struct session session = {.at = {.session_id = (int64_t)v + 1,
                                               .room = v,
                                               .instructor_count = 1,
                                               .day = small_first_day(),
                                               .start_min = 540 + 120 * (int32_t)v,
                                               .minutes = 60,
                                               .request = NONE},
                                        .status = SESSION_CONFIRMED,
                                        .counts_as = 1};
        assert_int_equal(timetable_add_session(t, &session, &err), ERR_NONE);
    }
    add_closure(t, CLOSURE_HALL, 1, small_first_day(), small_first_day());
    t = help_seal(t);
    struct repair_options options = small_options(t);
    struct repair_report report;
    struct plan *plan = run(t, &options, &report);
    struct book *after = help_book(plan);
    help_no_clash(after);
    book_destroy(after);
    assert_int_equal(report.hit, 2);
    assert_int_equal(plan->item_count, 2);
    finish(plan, &report);
    timetable_unref(t);
}

/* ---- urgent requests ---- */

static void urgent_request_is_placed(void **state)
{
    (void)state;
    for (int series = 0; series < 2; series++) {
        struct planner_city city = planner_city_small(6);
        struct repair_options options = options_of(&city);
        struct repair_report report;
        struct timetable *t = published(&city);
        uint32_t index = 0;
        struct error err = {.code = ERR_NONE};
        const struct request request = {.id = "urgent",
                                        .hall = NONE,
                                        .area = 1,
                                        .course = 0,
                                        .sessions = series != 0 ? 4 : 2,
                                        .is_series = series != 0,
                                        .holiday_rule = HOLIDAY_SHIFT,
                                        .from_day = city.from_day,
                                        .to_day = city.from_day + city.days - 1,
                                        .priority = 9};
        assert_int_equal(timetable_add_request(t, &request, &index, &err), ERR_NONE);
        t = help_seal(t);
        options.urgent = &index;
        options.urgent_count = 1;
        struct plan *plan = run(t, &options, &report);
        struct book *after = help_book(plan);
        help_no_clash(after);
        book_destroy(after);
        assert_int_equal(report.created, request.sessions);
        assert_int_equal(plan->series_count, series);
        for (size_t i = 0; i < plan->item_count; i++) {
            if (plan->items[i].action == PLAN_CREATE) {
                assert_int_equal(plan->items[i].at.session_id, 0);
                assert_int_equal(plan->items[i].at.request, index);
                assert_int_equal(plan->items[i].at.series_id, series != 0 ? -1 : 0);
            }
        }
        finish(plan, &report);
        timetable_unref(t);
    }
}

static void bad_days_are_refused(void **state)
{
    (void)state;
    struct planner_city city = planner_city_small(2);
    struct timetable *t = help_city(&city);
    struct repair_options options = options_of(&city);
    struct repair_report report;
    struct plan *plan = NULL;
    struct error err = {.code = ERR_NONE};
    options.to_day = options.from_day - 1;
    assert_int_equal(repair_run(t, &options, &plan, &report, &err), ERR_INPUT);
    options.to_day = options.from_day + LIMIT_PLAN_DAYS;
    assert_int_equal(repair_run(t, &options, &plan, &report, &err), ERR_INPUT);
    assert_null(plan);
    timetable_unref(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_broken_nothing_changed), cmocka_unit_test(as_few_as_proven),
        cmocka_unit_test(typhoon_over_townships),         cmocka_unit_test(instructor_leaves),
        cmocka_unit_test(skipping_series_leaves_out),     cmocka_unit_test(shifting_series_slides),
        cmocka_unit_test(forbidding_series_moves_one),    cmocka_unit_test(pinned_held_and_frozen_stay),
        cmocka_unit_test(way_through_the_middle),         cmocka_unit_test(urgent_request_is_placed),
        cmocka_unit_test(bad_days_are_refused),
    };
    return cmocka_run_group_tests_name("scheduler.repair", tests, NULL, NULL);
}
