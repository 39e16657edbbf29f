/* What cannot be placed is refused with its kind and a sentence; series keep their holiday rule. */
#include "tests/scheduler/planner_help.h"

/* One hall, one instructor, one course; what a test changes before it is built. */
struct village {
    struct hall hall;
    struct room room;
    struct instructor person;
    struct course course;
    struct request request;
    int32_t holidays[4]; /* days after `monday`; 0: none */
    int32_t closed_day;  /* the same, 0: none */
    int32_t closed_more; /* days after it that the hall is closed, too */
    int32_t monday;
    uint32_t extra_requests;
};

static const uint32_t FIRST[] = {0};

static struct village village_make(void)
{
    int32_t monday = date_from_civil((struct civil){2026, 6, 1});
    struct village v = {
        .monday = monday,
        .hall = {.id = "h",
                 .name = "示例村文化礼堂",
                 .area = 1,
                 .school = NONE,
                 .valid_from = DATE_MIN,
                 .valid_to = DATE_MAX,
                 .place = {28600000, 121300000, true}},
        .room = {.id = "h-1", .name = "大礼堂", .capacity = 50, .facilities = 0},
        .person = {.id = "i",
                   .name = "示例甲",
                   .provider = NONE,
                   .home_area = 1,
                   .valid_from = DATE_MIN,
                   .valid_to = DATE_MAX,
                   .courses = FIRST,
                   .course_count = 1},
        .course = {.id = "c",
                   .name = "手机防诈骗",
                   .provider = NONE,
                   .minutes = 90,
                   .audience = NONE,
                   .heads = 30,
                   .active = true},
        .request = {.id = "r",
                    .hall = 0,
                    .area = NONE,
                    .course = 0,
                    .sessions = 1,
                    .from_day = monday,
                    .to_day = monday + 55,
                    .priority = 5},
    };
    (void)hours_parse("1-7 09:00-11:00", &v.hall.hours, NULL);
    return v;
}

static void must(enum error_code code, const struct error *err)
{
    if (code != ERR_NONE) {
        fail_msg("%s", err->text);
    }
}

static struct timetable *village_build(const struct village *v)
{
    struct error err = {.code = ERR_NONE};
    struct timetable *t = timetable_create();
    uint32_t index;
    assert_non_null(t);
    struct travel_class road = {
        .id = "road", .name = "公路", .detour_pct = 135, .speed_kmh = 40, .fixed_min = 5};
    must(timetable_add_travel_class(t, &road, &index, &err), &err);
    struct area town = {
        .id = "t", .code_system = "T", .name = "示例镇", .level = AREA_TOWNSHIP, .travel_class = 0};
    struct area village = {.id = "v",
                           .code_system = "T",
                           .name = "示例村",
                           .parent_id = "t",
                           .level = AREA_VILLAGE,
                           .travel_class = NONE};
    must(timetable_add_area(t, &town, &index, &err), &err);
    must(timetable_add_area(t, &village, &index, &err), &err);
    struct category category = {.id = "k", .name = "智慧助老"};
    must(timetable_add_category(t, &category, &index, &err), &err);
    must(timetable_add_course(t, &v->course, &index, &err), &err);
    must(timetable_add_hall(t, &v->hall, &index, &err), &err);
    must(timetable_add_room(t, &v->room, &index, &err), &err);
    must(timetable_add_instructor(t, &v->person, &index, &err), &err);
    for (int k = 0; k < 4; k++) {
        struct holiday holiday = {.day = v->monday + v->holidays[k], .name = "示例节", .is_off = true};
        if (v->holidays[k] > 0) {
            must(timetable_add_holiday(t, &holiday, &err), &err);
        }
    }
    struct closure closure = {.id = "x",
                              .scope = CLOSURE_HALL,
                              .target = 0,
                              .strength = CLOSURE_HARD,
                              .from_day = v->monday + v->closed_day,
                              .to_day = v->monday + v->closed_day + v->closed_more,
                              .from_min = 0,
                              .to_min = 1440,
                              .reason = "婚宴",
                              .source = "示例"};
    if (v->closed_day > 0) {
        must(timetable_add_closure(t, &closure, &err), &err);
    }
    must(timetable_add_request(t, &v->request, &index, &err), &err);
    for (uint32_t k = 0; k < v->extra_requests; k++) {
        char id[16];
        (void)snprintf(id, sizeof id, "extra%u", k);
        struct request extra = v->request;
        extra.id = id;
        must(timetable_add_request(t, &extra, &index, &err), &err);
    }
    return help_seal(t);
}

static struct plan *village_plan(const struct village *v)
{
    struct timetable *t = village_build(v);
    struct planner_options options = planner_options_default(v->monday, v->monday + 55);
    options.iterations = 3000;
    struct plan *plan = help_plan(t, &options);
    help_same_cost(plan, &options);
    struct book *book = help_book(plan);
    help_no_clash(book);
    book_destroy(book);
    timetable_unref(t);
    return plan;
}

static void expect_refused(const struct village *v, enum refusal_kind kind, int32_t missing,
                           const char *words)
{
    struct plan *plan = village_plan(v);
    assert_int_equal(plan->refusal_count, 1);
    assert_int_equal(plan->refusals[0].kind, kind);
    assert_int_equal(plan->refusals[0].missing, missing);
    struct text zh, en;
    text_init(&zh, 2000);
    text_init(&en, 2000);
    refusal_sentence(plan->timetable, &plan->refusals[0], true, &zh);
    refusal_sentence(plan->timetable, &plan->refusals[0], false, &en);
    if (strstr(text_string(&zh), words) == NULL || strstr(text_string(&zh), v->course.name) == NULL ||
        strstr(text_string(&zh), "示例") == NULL || strstr(text_string(&en), "missing") == NULL) {
        fail_msg("%s / %s", text_string(&zh), text_string(&en));
    }
    text_finish(&zh);
    text_finish(&en);
    plan_destroy(plan);
}

static void what_can_be_placed_is(void **state)
{
    (void)state;
    struct village v = village_make();
    struct plan *plan = village_plan(&v);
    assert_int_equal(plan->refusal_count, 0);
    assert_int_equal(plan->item_count, 1);
    assert_int_equal(plan->items[0].action, PLAN_CREATE);
    assert_int_equal(plan->items[0].at.heads, 30);
    plan_destroy(plan);
}

static void no_hall(void **state)
{
    (void)state;
    struct village v = village_make();
    v.request.heads = 51;
    expect_refused(&v, REFUSAL_NO_HALL, 1, "场地");
}

static void no_instructor(void **state)
{
    (void)state;
    struct village v = village_make();
    v.person.course_count = 0;
    expect_refused(&v, REFUSAL_NO_INSTRUCTOR, 1, "没有具备授课资格的讲师");
}

static void no_day(void **state)
{
    (void)state;
    static const struct season WINTER = {1201, 228};
    struct village v = village_make();
    v.course.seasons = &WINTER;
    v.course.season_count = 1;
    v.request.sessions = 3;
    expect_refused(&v, REFUSAL_NO_DAY, 3, "季节");
    v = village_make();
    v.request.sessions = 9; /* weekly in eight weeks */
    v.request.is_series = true;
    expect_refused(&v, REFUSAL_NO_DAY, 9, "整个系列");
}

/* The request is sound: the plan's eight weeks cut it. */
static void the_plan_is_too_short(void **state)
{
    (void)state;
    struct village v = village_make();
    v.request.to_day += 28;
    v.request.sessions = 9;
    v.request.is_series = true;
    expect_refused(&v, REFUSAL_PLAN_DAYS, 9, "排课区间太短");
    static const struct season WINTER = {1201, 1231};
    v = village_make();
    v.course.seasons = &WINTER;
    v.course.season_count = 1;
    v.request.to_day += 366;
    expect_refused(&v, REFUSAL_PLAN_DAYS, 1, "可排课的日期内，没有一天");
}

static void no_place(void **state)
{
    (void)state;
    struct village v = village_make();
    v.course.minutes = 121; /* the hall is open for two hours */
    expect_refused(&v, REFUSAL_NO_PLACE, 1, "100% 因不在开放时间内");
    v = village_make();
    v.request.from_day = v.request.to_day = v.monday + 9;
    v.closed_day = 9; /* most times lie outside the hours as well, but this is in the way of all */
    expect_refused(&v, REFUSAL_NO_PLACE, 1, "100% 因礼堂停用");
    v = village_make();
    v.hall.hours.count = 0; /* nobody wants a talk at six, whatever the hall */
    (void)hours_parse("1-7 06:00-08:00", &v.person.hours, NULL);
    expect_refused(&v, REFUSAL_NO_PLACE, 1, "未填开放时间的礼堂只排 08:00–21:00");
}

/* More candidates than are asked about, by less than twice: those asked lie over all days. */
static void looks_lie_over_all_days(void **state)
{
    (void)state;
    struct village v = village_make();
    (void)hours_parse("1-7 00:00-24:00", &v.hall.hours, NULL);
    v.request.from_day = v.monday + 1;
    v.closed_day = 1; /* four weeks, then nobody for the other 27 days */
    v.closed_more = 27;
    v.person.valid_to = v.monday + 28;
    struct plan *plan = village_plan(&v);
    assert_int_equal(plan->refusal_count, 1);
    const struct plan_refusal *refusal = &plan->refusals[0];
    assert_true(refusal->looked_at > 1000);
    assert_in_range(refusal->by_rule[RULE_CLOSURE] * 100 / refusal->looked_at, 49, 52);
    plan_destroy(plan);
}

static void crowded(void **state)
{
    (void)state;
    struct village v = village_make();
    v.person.max_week = 1;
    v.request.to_day = v.monday + 6;
    v.extra_requests = 1;
    expect_refused(&v, REFUSAL_CROWDED, 1, "每周上限");
    v = village_make();
    v.course.supply_limit = 2;
    v.request.sessions = 5;
    expect_refused(&v, REFUSAL_CROWDED, 3, "供给");
}

/* ---- series ---- */

static struct village series_village(enum holiday_rule rule)
{
    struct village v = village_make();
    v.request.sessions = 4;
    v.request.is_series = true;
    v.request.holiday_rule = rule;
    (void)hours_parse("3 09:00-10:30", &v.hall.hours, NULL); /* Wednesdays, one start */
    return v;
}

static void expect_weeks(const struct village *v, const int *weeks, size_t count)
{
    struct plan *plan = village_plan(v);
    assert_int_equal(plan->item_count, count);
    assert_int_equal(plan->series_count, 1);
    assert_int_equal(plan->refusal_count, 0);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(plan->items[i].at.day, v->monday + 2 + 7 * weeks[i]);
        assert_int_equal(plan->items[i].at.series_id, -1);
        assert_int_equal(plan->items[i].at.start_min, 540);
    }
    plan_destroy(plan);
}

static void a_series_forbids_holidays(void **state)
{
    (void)state;
    struct village v = series_village(HOLIDAY_FORBID);
    v.request.to_day = v.monday + 7 * 6 - 1; /* six Wednesdays, the second a holiday */
    v.holidays[0] = 9;
    static const int WEEKS[] = {2, 3, 4, 5};
    expect_weeks(&v, WEEKS, 4);
    v.closed_day = 23; /* and the fourth closed */
    expect_refused(&v, REFUSAL_NO_PLACE, 4, "即使没有其他场次");
}

static void a_series_skips_holidays(void **state)
{
    (void)state;
    struct village v = series_village(HOLIDAY_SKIP);
    v.request.to_day = v.monday + 7 * 4 - 1;
    v.closed_day = 9;
    static const int WEEKS[] = {0, 2, 3};
    expect_weeks(&v, WEEKS, 3);
    struct plan *plan = village_plan(&v);
    assert_int_equal(plan->wanted, 3); /* what is skipped is not wanted */
    assert_int_equal(plan->placed, 3);
    plan_destroy(plan);
}

static void a_series_shifts_over_holidays(void **state)
{
    (void)state;
    struct village v = series_village(HOLIDAY_SHIFT);
    v.request.to_day = v.monday + 7 * 5 - 1;
    v.holidays[0] = 9;
    static const int WEEKS[] = {0, 2, 3, 4};
    expect_weeks(&v, WEEKS, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_can_be_placed_is),
        cmocka_unit_test(no_hall),
        cmocka_unit_test(no_instructor),
        cmocka_unit_test(no_day),
        cmocka_unit_test(the_plan_is_too_short),
        cmocka_unit_test(no_place),
        cmocka_unit_test(looks_lie_over_all_days),
        cmocka_unit_test(crowded),
        cmocka_unit_test(a_series_forbids_holidays),
        cmocka_unit_test(a_series_skips_holidays),
        cmocka_unit_test(a_series_shifts_over_holidays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
