/* Changing what is published, the names of the rules, sentences, and where a request may be placed. */
#include "rules_city.h"

static int city_set(void **state)
{
    struct city *city = malloc(sizeof *city);
    assert_non_null(city);
    city_build(city);
    city_open(city);
    *state = city;
    return 0;
}

static int city_drop(void **state)
{
    city_close(*state);
    free(*state);
    return 0;
}

static uint64_t change(const struct city *city, const struct placement *before, const struct placement *after)
{
    struct error err = {.code = ERR_NONE};
    struct clash_list list;
    size_t hard = 0;
    uint64_t bits = 0;
    clash_list_init(&list);
    must(rules_check_change(before, after, &list, &hard, &err), &err);
    assert_int_equal(hard, list.count);
    for (size_t i = 0; i < list.count; i++) {
        bits |= RULE_BIT(list.items[i].rule);
        assert_sentences(city, &list.items[i]);
    }
    clash_list_finish(&list);
    return bits;
}

static void test_pinned(void **state)
{
    struct city *city = *state;
    struct placement before = meeting(17, city->stage, tuesday(), 600, 120);
    struct placement after = before;
    after.start_min = 660;
    assert_int_equal(change(city, &before, &after), 0);
    assert_int_equal(change(city, &before, NULL), 0);
    before.pinned = true;
    before.overrides = ~UINT64_C(0); /* no help */
    assert_int_equal(change(city, &before, &after), RULE_BIT(RULE_PINNED));
    assert_int_equal(change(city, &before, NULL), RULE_BIT(RULE_PINNED));
    after = before;
    after.pinned = false;
    after.held = HELD_YES;
    after.heads = 40;
    after.overrides = 0;
    assert_int_equal(change(city, &before, &after), 0);
    struct placement moved[8];
    for (int i = 0; i < 8; i++) {
        moved[i] = after; /* unpinned and moved at once is a move */
    }
    moved[0].day++;
    moved[1].minutes++;
    moved[2].room = city->lecture;
    moved[3].course = PHONE;
    moved[4].instructors[0] = YI;
    moved[5].instructor_count = 0;
    moved[6].setup_min = 5;
    moved[7].clear_min = 5;
    for (int i = 0; i < 8; i++) {
        assert_int_equal(change(city, &before, &moved[i]), RULE_BIT(RULE_PINNED));
    }
}

static void test_held(void **state)
{
    struct city *city = *state;
    struct placement before = meeting(17, city->stage, tuesday(), 600, 120);
    struct placement after = before;
    before.held = HELD_YES;
    after.day++;
    assert_int_equal(change(city, &before, &after), RULE_BIT(RULE_HELD));
    assert_int_equal(change(city, &before, NULL), RULE_BIT(RULE_HELD));
    after = before;
    after.held = HELD_NO;
    assert_int_equal(change(city, &before, &after), 0);
    before.held = HELD_NO; /* it may be given on another day */
    after.day++;
    assert_int_equal(change(city, &before, &after), 0);
    before.held = HELD_YES;
    before.pinned = true;
    assert_int_equal(change(city, &before, &after), RULE_BIT(RULE_HELD) | RULE_BIT(RULE_PINNED));
}

static void test_names(void **state)
{
    (void)state;
    for (int i = 0; i < RULE_COUNT; i++) {
        enum rule_code rule = (enum rule_code)i;
        assert_int_equal(rule_from_name(rule_name(rule)), rule);
        assert_true(strlen(rule_title(rule, true)) > 0 && strlen(rule_title(rule, false)) > 0);
    }
    assert_int_equal(rule_from_name("no-such-rule"), RULE_COUNT);
    assert_int_equal(rule_from_name(NULL), RULE_COUNT);
    assert_string_equal(rule_name(RULE_COUNT), "");
    assert_false(rule_overridable(RULE_COUNT));
    assert_false(rule_overridable(RULE_ROOM_OVERLAP));
    assert_true(rule_overridable(RULE_ABSENCE));
}

static void test_bad_placement(void **state)
{
    struct city *city = *state;
    struct placement bad[9];
    for (int i = 0; i < 9; i++) {
        bad[i] = meeting(17, city->stage, tuesday(), 600, 120);
    }
    bad[0].course = NONE;
    bad[1].room = NONE;
    bad[2].instructors[0] = NONE;
    bad[3].minutes = 0;
    bad[4].minutes = LIMIT_SESSION_MINUTES + 1;
    bad[5].setup_min = LIMIT_MARGIN_MINUTES + 1;
    bad[6].start_min = 1440;
    bad[7].instructor_count = LIMIT_SESSION_INSTRUCTORS + 1;
    bad[8].day = DATE_MAX + 1;
    for (int i = 0; i < 9; i++) {
        struct error err = {.code = ERR_NONE};
        struct clash_list list;
        size_t hard = 77;
        enum rule_code rule = RULE_HELD;
        clash_list_init(&list);
        assert_int_equal(rules_check(city->book, &bad[i], NONE, &list, &hard, &err), ERR_INPUT);
        assert_non_null(strstr(err.text, "session 17"));
        assert_int_equal(hard, 77);
        assert_int_equal(list.count, 0);
        assert_false(rules_allow(city->book, &bad[i], NONE, &rule));
        assert_int_equal(rule, RULE_COUNT);
    }
}

static void assert_session_says(const struct city *city, struct placement placement, const char *zh,
                                const char *en)
{
    struct text text;
    text_init(&text, 4096);
    placement_sentence(city->timetable, &placement, true, &text);
    assert_string_equal(text_string(&text), zh);
    text_clear(&text);
    placement_sentence(city->timetable, &placement, false, &text);
    assert_string_equal(text_string(&text), en);
    text_finish(&text);
}

static void test_session_sentence(void **state)
{
    struct city *city = *state;
    struct placement at = of_course(meeting(17, city->stage, tuesday(), 840, 120), PHONE);
    assert_session_says(
        city, at, "2026-05-12 14:00–16:00 下各镇·示例一村文化礼堂（大礼堂）《手机防诈骗》（示例甲）[场次 17]",
        "2026-05-12 14:00–16:00 下各镇·示例一村文化礼堂 (大礼堂) 《手机防诈骗》 (示例甲) [session 17]");
    at.session_id = 0;
    at.start_min = 1380;
    at.instructors[1] = YI;
    at.instructor_count = 2;
    assert_session_says(city, at,
                        "2026-05-12 23:00–次日 01:00 "
                        "下各镇·示例一村文化礼堂（大礼堂）《手机防诈骗》（示例甲、示例乙）[新场次]",
                        "2026-05-12 23:00–next day 01:00 下各镇·示例一村文化礼堂 (大礼堂) 《手机防诈骗》 "
                        "(示例甲, 示例乙) [new session]");
    at.start_min = 1320;
    at.instructor_count = 0;
    assert_session_says(
        city, at,
        "2026-05-12 22:00–24:00 下各镇·示例一村文化礼堂（大礼堂）《手机防诈骗》（讲师待定）[新场次]",
        "2026-05-12 22:00–24:00 下各镇·示例一村文化礼堂 (大礼堂) 《手机防诈骗》 (no instructor yet) "
        "[new session]");
}

/* A clash that has lost its timetable still says something, and does not read beyond it. */
static void test_sentence_of_strangers(void **state)
{
    struct city *city = *state;
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        for (int party = PARTY_NONE; party <= PARTY_LIMIT; party++) {
            struct clash clash = {.rule = (enum rule_code)rule,
                                  .subject = meeting(1, 4000000, tuesday(), 600, 60),
                                  .party = (enum party_kind)party,
                                  .other = meeting(2, NONE, tuesday(), 600, 60),
                                  .other_index = NONE,
                                  .instructor = NONE};
            clash.subject.course = NONE;
            clash.subject.instructors[0] = NONE;
            struct text text;
            text_init(&text, 4096);
            clash_sentence(city->timetable, &clash, true, &text);
            clash_sentence(city->timetable, &clash, false, &text);
            assert_int_equal(text_status(&text, NULL), ERR_NONE);
            assert_true(says(&text, "场次 1]"));
            text_finish(&text);
        }
    }
}

static void test_requests(void **state)
{
    (void)state;
    struct city city;
    struct error err = {.code = ERR_NONE};
    struct season spring = {301, 630};
    uint32_t course, by_hall, by_town, withdrawn, third, last_day;
    city_build(&city);
    struct course seasonal = {.id = "spring",
                              .name = "春泥",
                              .provider = NONE,
                              .audience = NONE,
                              .minutes = 60,
                              .seasons = &spring,
                              .season_count = 1,
                              .active = true};
    must(timetable_add_course(city.timetable, &seasonal, &course, &err), &err);
    struct request request = {.id = "r1",
                              .hall = 0,
                              .area = NONE,
                              .course = course,
                              .sessions = 1,
                              .from_day = on(2026, 1, 1),
                              .to_day = on(2026, 12, 31),
                              .priority = 5};
    must(timetable_add_request(city.timetable, &request, &by_hall, &err), &err);
    request.id = "r2";
    request.withdrawn = true;
    must(timetable_add_request(city.timetable, &request, &withdrawn, &err), &err);
    request.id = "r3";
    request.withdrawn = false;
    request.hall = NONE;
    request.area = city.township;
    must(timetable_add_request(city.timetable, &request, &by_town, &err), &err);
    request.id = "r4";
    request.hall = 3;
    request.area = NONE;
    request.course = WEAVING;
    request.from_day = on(2027, 1, 1);
    request.to_day = on(2027, 12, 31);
    must(timetable_add_request(city.timetable, &request, &third, &err), &err);
    request.id = "r5";
    request.from_day = on(2026, 12, 31);
    must(timetable_add_request(city.timetable, &request, &last_day, &err), &err);
    city_open(&city);
    const struct timetable *timetable = city.timetable;
    assert_true(request_allows_day(timetable, by_hall, on(2026, 3, 1)));
    assert_true(request_allows_day(timetable, by_hall, on(2026, 6, 30)));
    assert_false(request_allows_day(timetable, by_hall, on(2026, 7, 1)));
    assert_false(request_allows_day(timetable, by_hall, on(2027, 3, 1)));
    assert_false(request_allows_day(timetable, withdrawn, on(2026, 3, 1)));
    assert_false(request_allows_day(timetable, third, on(2027, 3, 1))); /* out of use by then */
    assert_false(request_allows_day(timetable, NONE, on(2026, 3, 1)));
    assert_true(request_allows_hall(timetable, by_hall, 0));
    assert_false(request_allows_hall(timetable, by_hall, 1));
    assert_false(request_allows_hall(timetable, withdrawn, 0));
    assert_true(request_allows_hall(timetable, by_town, 1));
    assert_true(request_allows_hall(timetable, by_town, 2));
    assert_false(request_allows_hall(timetable, by_town, 3));
    assert_false(request_allows_hall(timetable, third, 3));
    assert_true(request_allows_hall(timetable, last_day, 3));
    assert_true(request_allows_day(timetable, last_day, on(2026, 12, 31)));
    assert_false(request_allows_hall(timetable, by_town, NONE));
    city_close(&city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pinned, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_held, city_set, city_drop),
        cmocka_unit_test(test_names),
        cmocka_unit_test_setup_teardown(test_bad_placement, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_session_sentence, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_sentence_of_strangers, city_set, city_drop),
        cmocka_unit_test(test_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
