/* Proposals from a coverage figure: how many are asked for, what they promise against the figure computed
 * anew with them in the timetable, JSON and sentences, and questions that make no sense. */
#include "reports/propose.h"

#include "report_city.h"

#include <jansson.h>

enum {
    HALLS = 10,
    REACHED = 4,
    CLOSED_HALL = 9 /* shut in its hours, but in the denominator */
};

static uint64_t no_time(void *context)
{
    (void)context;
    return 0;
}

static const struct planner_world WORLD = {.clock = {.mono_ns = no_time}};

static const uint32_t VILLAGES[HALLS] = {VILLAGE_A1X, VILLAGE_A1X, VILLAGE_A1X, VILLAGE_A1Y, VILLAGE_A1Y,
                                         VILLAGE_A1Y, VILLAGE_A2X, VILLAGE_A2X, VILLAGE_A2X, VILLAGE_B1X};

/* Ten halls, the first four with a session; what was proposed is published, too, when `set` is given. */
static struct timetable *unsealed_city(const struct proposal_set *set)
{
    struct timetable *tt = report_city();
    struct error err = {0};
    uint32_t index = NONE;
    const uint32_t taught[] = {1};
    struct course course = course_sample("X2");
    struct instructor person = instructor_sample("T3");
    course.active = true;
    person.courses = taught;
    person.course_count = 1;
    assert_done(timetable_add_course(tt, &course, &index, &err), &err);
    assert_done(timetable_add_instructor(tt, &person, &index, &err), &err);
    for (uint32_t h = 0; h < HALLS; h++) {
        char id[8];
        (void)snprintf(id, sizeof id, "H%u", h);
        plain_place_add(tt, id, VILLAGES[h]);
    }
    struct closure closure = closure_sample(CLOSURE_HALL, CLOSED_HALL);
    closure.to_day = DAY + 1000;
    closure.from_min = 300;
    closure.to_min = 1400;
    assert_done(timetable_add_closure(tt, &closure, &err), &err);
    for (uint32_t h = 0; h < REACHED; h++) {
        meeting_add(tt, (int64_t)h + 1, h, DAY - 20 + (int32_t)h, SESSION_CONFIRMED, HELD_UNKNOWN);
    }
    for (size_t i = 0; set != NULL && i < set->reach->proposal_count; i++) {
        struct session session = {
            .at = set->reach->proposals[i].place.at, .status = SESSION_CONFIRMED, .counts_as = 1};
        session.at.session_id = 100 + (int64_t)i;
        assert_done(timetable_add_session(tt, &session, &err), &err);
    }
    return tt;
}

static struct timetable *city_with(const struct proposal_set *set)
{
    struct timetable *tt = unsealed_city(set);
    seal(tt);
    return tt;
}

/* The same, and nobody who teaches is there. */
static struct timetable *city_on_leave(void)
{
    struct timetable *tt = unsealed_city(NULL);
    struct error err = {0};
    for (uint32_t i = 0; i < tt->instructor_count; i++) {
        const struct absence absence = {
            .instructor = i, .from_day = DAY, .to_day = DAY + 200, .to_min = DAY_MINUTES};
        assert_done(timetable_add_absence(tt, &absence, &err), &err);
    }
    seal(tt);
    return tt;
}

static struct propose_options options_of(enum coverage_definition definition, int32_t target_hundredths)
{
    struct propose_options options = propose_defaults(DAY);
    options.definition = definition;
    options.target_hundredths = target_hundredths;
    options.from_day = DAY - 100;
    options.to_day = DAY + 100;
    options.by_day = DAY + 60;
    return options;
}

static struct proposal_set ask(struct timetable *tt, const struct propose_options *options)
{
    struct proposal_set set;
    struct error err = {0};
    assert_done(propose_run(tt, options, &WORLD, &set, &err), &err);
    return set;
}

/* The rate's numerator is rounded up, never met by what is only printed so. */
static void test_goals(void **state)
{
    (void)state;
    static const struct {
        int32_t target;
        size_t goal, reached;
        bool is_met;
    } CASES[] = {{4000, 0, 0, true}, {4001, 1, 1, true},  {8000, 4, 4, true},         {8500, 5, 5, true},
                 {9000, 5, 5, true}, {9800, 6, 5, false}, {PROPOSE_ALL, 6, 5, false}, {0, 0, 0, true}};
    struct timetable *tt = city_with(NULL);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct propose_options options = options_of(COVERAGE_HALLS_PLANNED, CASES[i].target);
        struct proposal_set set = ask(tt, &options);
        assert_int_equal(set.before.numerator, REACHED);
        assert_int_equal(set.before.denominator, HALLS);
        assert_int_equal(set.goal, CASES[i].goal);
        assert_int_equal(set.reach->reached, CASES[i].reached);
        assert_int_equal(propose_is_met(&set), CASES[i].is_met);
        assert_int_equal(set.reach->verdicts[5].state, REACH_IMPOSSIBLE);
        propose_finish(&set);
    }
    timetable_unref(tt);
}

/* The figure with the proposals published is the one that was promised, whatever it is about. */
static void test_promises(void **state)
{
    (void)state;
    static const struct {
        enum coverage_definition definition;
        int32_t minimum;
    } CASES[] = {{COVERAGE_HALLS_PLANNED, 1}, {COVERAGE_HALLS_PLANNED, 3}, {COVERAGE_HALLS_HELD, 2},
                 {COVERAGE_VILLAGES, 1},      {COVERAGE_VILLAGES, 4},      {COVERAGE_TOWNSHIPS, 5}};
    struct timetable *tt = city_with(NULL);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct propose_options options = options_of(CASES[i].definition, PROPOSE_ALL);
        struct error err = {0};
        options.minimum = CASES[i].minimum;
        struct proposal_set set = ask(tt, &options);
        struct timetable *then = city_with(&set);
        struct coverage now;
        assert_done(coverage_compute(then, set.before.definition, options.from_day, options.to_day,
                                     options.minimum, NONE, &now, &err),
                    &err);
        assert_int_equal(now.numerator, propose_after(&set).numerator);
        assert_true(now.numerator > set.before.numerator);
        for (size_t p = 0; p < set.reach->proposal_count; p++) {
            assert_true(set.reach->proposals[p].place.at.day > DAY);
            assert_true(set.reach->proposals[p].place.at.day <= options.by_day);
        }
        coverage_finish(&now);
        timetable_unref(then);
        propose_finish(&set);
    }
    timetable_unref(tt);
}

static json_t *json_of(struct text *text)
{
    struct error err = {0};
    assert_done(text_status(text, &err), &err);
    json_t *json = json_loads(text_string(text), JSON_REJECT_DUPLICATES, NULL);
    if (json == NULL) {
        fail_msg("not JSON: %s", text_string(text));
    }
    text_finish(text);
    return json;
}

static void test_json(void **state)
{
    (void)state;
    struct timetable *tt = city_with(NULL);
    const struct propose_options options = options_of(COVERAGE_HALLS_PLANNED, PROPOSE_ALL);
    struct proposal_set set = ask(tt, &options);
    struct text text;
    text_init(&text, 1000000);
    propose_json(&set, AUDIENCE_OFFICE, &text);
    json_t *json = json_of(&text);
    assert_int_equal(json_array_size(json_object_get(json, "proposals")), 5);
    assert_int_equal(json_integer_value(json_object_get(json, "goal")), 6);
    assert_string_equal(json_string_value(json_object_get(json_object_get(json, "before"), "rate")), "40.00");
    assert_string_equal(json_string_value(json_object_get(json_object_get(json, "after"), "rate")), "90.00");
    assert_true(json_is_true(json_object_get(json, "proven")));
    assert_true(json_is_false(json_object_get(json, "met")));
    const json_t *left_out = json_array_get(json_object_get(json, "left_out"), 0);
    assert_int_equal(json_array_size(json_object_get(json, "left_out")), 1);
    assert_string_equal(json_string_value(json_object_get(left_out, "id")), "H9");
    assert_string_equal(json_string_value(json_object_get(left_out, "state")), "impossible");
    assert_string_equal(json_string_value(json_object_get(left_out, "always")), "closure");
    assert_true(json_is_true(json_object_get(left_out, "has_change")));
    json_decref(json);
    propose_finish(&set);
    timetable_unref(tt);
}

static void test_sentences(void **state)
{
    (void)state;
    struct timetable *tt = city_with(NULL);
    const struct propose_options options = options_of(COVERAGE_HALLS_PLANNED, PROPOSE_ALL);
    struct proposal_set set = ask(tt, &options);
    struct text text;
    text_init(&text, 1000000);
    propose_text(&set, true, &text);
    assert_non_null(strstr(text_string(&text), "覆盖率 40.00 %"));
    assert_non_null(strstr(text_string(&text), "发布后：90.00 %（9 ÷ 10）"));
    assert_non_null(strstr(text_string(&text), "达不到：已证明最多新增 5 处"));
    assert_non_null(strstr(text_string(&text), "示例文化礼堂：可排 2026 年 11 月 "));
    assert_non_null(strstr(text_string(&text), "，讲师 示例甲，增程 "));
    assert_non_null(strstr(text_string(&text), "每个时间都因“礼堂停用”不可行；若取消停用"));
    text_clear(&text);
    propose_text(&set, false, &text);
    assert_non_null(strstr(text_string(&text), "once published: 90.00 % (9 of 10)"));
    assert_non_null(
        strstr(text_string(&text), "every place breaks one rule: hall closed; if this closure were lifted"));
    text_finish(&text);
    propose_finish(&set);
    timetable_unref(tt);
}

/* Of nothing there is no rate, so no target is reached. */
static void test_nothing_to_reach(void **state)
{
    struct timetable *tt = report_city(); /* areas and people, but no hall */
    const struct propose_options options = options_of(COVERAGE_HALLS_PLANNED, 9800);
    struct text text;
    (void)state;
    seal(tt);
    struct proposal_set set = ask(tt, &options);
    assert_false(propose_is_met(&set));
    text_init(&text, 100000);
    propose_text(&set, true, &text);
    propose_text(&set, false, &text);
    assert_non_null(strstr(text_string(&text), "没有应覆盖的对象，覆盖率不计算。"));
    assert_non_null(strstr(text_string(&text), "there is no rate."));
    assert_null(strstr(text_string(&text), "已经达到"));
    assert_null(strstr(text_string(&text), "met already"));
    text_finish(&text);
    propose_finish(&set);
    timetable_unref(tt);
}

static void test_one_hall(void **state)
{
    (void)state;
    struct timetable *tt = city_with(NULL);
    const struct weights weights = weights_default();
    struct error err = {0};
    struct text text;
    bool any = false;
    text_init(&text, 100000);
    assert_done(propose_hall_json(tt, 5, DAY + 1, DAY + 30, 4, &weights, AUDIENCE_OFFICE, &text, NULL, &err),
                &err);
    json_t *json = json_of(&text);
    const json_t *first = json_array_get(json_object_get(json, "places"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "hall_id")), "H5");
    assert_string_equal(json_string_value(json_object_get(first, "instructor_id")), "T3");
    assert_string_equal(json_string_value(json_object_get(first, "course_id")), "X2");
    assert_true(json_is_null(json_object_get(json, "why")));
    json_decref(json);

    text_init(&text, 100000);
    assert_done(propose_hall_json(tt, CLOSED_HALL, DAY + 1, DAY + 30, 4, &weights, AUDIENCE_OFFICE, &text,
                                  NULL, &err),
                &err);
    json = json_of(&text);
    assert_int_equal(json_array_size(json_object_get(json, "places")), 0);
    assert_string_equal(json_string_value(json_object_get(json_object_get(json, "why"), "always")),
                        "closure");
    json_decref(json);

    text_init(&text, 100000);
    assert_done(propose_hall_text(tt, 5, DAY + 1, DAY + 30, 4, &weights, true, &text, &any, &err), &err);
    assert_true(any);
    assert_non_null(strstr(text_string(&text), "1. "));
    text_clear(&text);
    assert_done(propose_hall_text(tt, CLOSED_HALL, DAY + 1, DAY + 30, 4, &weights, true, &text, &any, &err),
                &err);
    assert_false(any);
    assert_non_null(strstr(text_string(&text), "礼堂停用"));
    assert_int_equal(propose_hall_text(tt, HALLS, DAY, DAY, 1, &weights, true, &text, &any, &err), ERR_INPUT);
    text_finish(&text);
    timetable_unref(tt);
}

/* Asked about hall 5 and about everything: is `word` anywhere in the answers? */
static bool tells(struct timetable *tt, enum audience audience, const char *word)
{
    const struct propose_options options = options_of(COVERAGE_HALLS_PLANNED, PROPOSE_ALL);
    const struct weights weights = weights_default();
    struct proposal_set set = ask(tt, &options);
    struct error err = {0};
    struct text text;
    text_init(&text, 1000000);
    propose_json(&set, audience, &text);
    assert_done(propose_hall_json(tt, 5, DAY + 1, DAY + 30, 4, &weights, audience, &text, NULL, &err), &err);
    bool found = strstr(text_string(&text), word) != NULL;
    text_finish(&text);
    propose_finish(&set);
    return found;
}

/* Who would come is told where instructors are public; who is on leave is never told to the public. */
static void test_what_the_public_learns(void **state)
{
    struct timetable *working = city_with(NULL);
    struct timetable *away = city_on_leave();
    (void)state;
    assert_true(tells(working, AUDIENCE_OFFICE, "示例甲"));
    assert_true(tells(working, AUDIENCE_PUBLIC_OPEN, "讲师 示例甲"));
    assert_true(tells(working, AUDIENCE_PUBLIC_OPEN, "\"T3\""));
    assert_false(tells(working, AUDIENCE_PUBLIC, "示例甲"));
    assert_false(tells(working, AUDIENCE_PUBLIC, "\"T3\""));
    assert_true(tells(working, AUDIENCE_PUBLIC, "《"));
    assert_true(tells(away, AUDIENCE_OFFICE, "示例甲 2026"));
    assert_true(tells(away, AUDIENCE_OFFICE, "不请假"));
    assert_true(tells(away, AUDIENCE_OFFICE, "absence"));
    for (int i = 0; i < 2; i++) {
        enum audience audience = i == 0 ? AUDIENCE_PUBLIC : AUDIENCE_PUBLIC_OPEN;
        assert_false(tells(away, audience, "示例甲"));
        assert_false(tells(away, audience, "不请假"));
        assert_false(tells(away, audience, "absence")); /* nor the rule, by which one could ask day by day */
        assert_false(tells(away, audience, "请假"));
        assert_false(tells(away, audience, "availability"));
        assert_true(tells(away, audience, "讲师方面没有时间"));
        assert_true(tells(away, audience, "instructors cannot"));
    }
    timetable_unref(away);
    timetable_unref(working);
}

/* Nobody teaches on that weekday; on one such day they are on leave, too. */
static struct timetable *city_off(int32_t day, bool is_leave)
{
    struct timetable *tt = unsealed_city(NULL);
    struct error err = {0};
    for (uint32_t i = 0; i < tt->instructor_count; i++) {
        struct hours *hours = &tt->instructors[i].hours;
        const struct absence absence = {
            .instructor = i, .from_day = day, .to_day = day, .to_min = DAY_MINUTES};
        hours->count = 0;
        for (uint8_t weekday = 1; weekday <= 7; weekday++) {
            if (weekday != date_weekday(day)) {
                hours->spans[hours->count++] = (struct hours_span){weekday, 480, 1200};
            }
        }
        if (is_leave) {
            assert_done(timetable_add_absence(tt, &absence, &err), &err);
        }
    }
    seal(tt);
    return tt;
}

static void day_answer(bool is_leave, enum audience audience, struct text *out)
{
    const struct weights weights = weights_default();
    struct timetable *tt = city_off(DAY + 1, is_leave);
    struct error err = {0};
    text_init(out, 100000);
    assert_done(propose_hall_json(tt, 5, DAY + 1, DAY + 1, 4, &weights, audience, out, NULL, &err), &err);
    timetable_unref(tt);
}

/* Asked about one day, the public cannot tell leave from a weekday off; the office can. */
static void test_leave_cannot_be_asked_for(void **state)
{
    (void)state;
    for (int audience = AUDIENCE_PUBLIC; audience <= AUDIENCE_OFFICE; audience++) {
        struct text off;
        struct text leave;
        day_answer(false, (enum audience)audience, &off);
        day_answer(true, (enum audience)audience, &leave);
        assert_int_equal(strcmp(text_string(&off), text_string(&leave)) == 0, audience != AUDIENCE_OFFICE);
        text_finish(&off);
        text_finish(&leave);
    }
}

static void test_bad_questions(void **state)
{
    (void)state;
    struct timetable *tt = city_with(NULL);
    const struct propose_options fine = options_of(COVERAGE_HALLS_PLANNED, 9000);
    struct propose_options bad[6];
    for (size_t i = 0; i < 6; i++) {
        bad[i] = fine;
    }
    bad[0].definition = COVERAGE_HALLS_PAIRED;
    bad[1].minimum = LIMIT_REACH_NEED + 1;
    bad[2].minimum = 0;
    bad[3].target_hundredths = PROPOSE_ALL + 1;
    bad[4].by_day = DAY; /* from tomorrow on */
    bad[5].definition = COVERAGE_VILLAGES;
    bad[5].hall = 1;
    for (size_t i = 0; i < 6; i++) {
        struct proposal_set set;
        struct error err = {0};
        assert_int_equal(propose_run(tt, &bad[i], &WORLD, &set, &err), ERR_INPUT);
        assert_true(err.text[0] != '\0');
    }
    timetable_unref(tt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_goals),
        cmocka_unit_test(test_promises),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_one_hall),
        cmocka_unit_test(test_nothing_to_reach),
        cmocka_unit_test(test_what_the_public_learns),
        cmocka_unit_test(test_leave_cannot_be_asked_for),
        cmocka_unit_test(test_bad_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
