/* The rules about an instructor. */
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

static void test_overlap(void **state)
{
    struct city *city = *state;
    city_put(city, meeting(17, city->stage, tuesday(), 600, 120));
    static const struct {
        int32_t start_min, minutes;
        bool taken;
    } cases[] = {
        {600, 120, true}, {630, 30, true},  {540, 300, true},  {540, 61, true},
        {719, 60, true},  {540, 60, false}, {720, 120, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct placement at = meeting(18, city->lecture, tuesday(), cases[i].start_min, cases[i].minutes);
        assert_breaks(city, at, cases[i].taken ? RULE_BIT(RULE_INSTRUCTOR_OVERLAP) : 0);
        assert_allowed(city, taught_by(at, YI));
    }
    /* Set-up and clear-up are the keeper's, not the instructor's. */
    struct placement at = meeting(18, city->lecture, tuesday(), 720, 60);
    at.setup_min = 60;
    assert_allowed(city, at);
    assert_override(city, meeting(18, city->lecture, tuesday(), 600, 120), RULE_INSTRUCTOR_OVERLAP);
}

static void test_overlap_midnight(void **state)
{
    struct city *city = *state;
    city_put(city, meeting(17, city->stage, tuesday(), 1380, 120)); /* 23:00 – 01:00 */
    assert_breaks(city, meeting(18, city->lecture, tuesday() + 1, 59, 60), RULE_BIT(RULE_INSTRUCTOR_OVERLAP));
    assert_allowed(city, meeting(18, city->lecture, tuesday() + 1, 60, 60));
    /* 30 minutes to the next village, over midnight too. */
    assert_breaks(city, meeting(18, city->third, tuesday() + 1, 104, 60), RULE_BIT(RULE_TRAVEL));
    assert_allowed(city, meeting(18, city->third, tuesday() + 1, 105, 60));
}

static void test_several_instructors(void **state)
{
    struct city *city = *state;
    struct placement pair = meeting(17, city->stage, tuesday(), 600, 120);
    pair.instructors[1] = YI;
    pair.instructor_count = 2;
    city_put(city, pair);
    struct placement at = taught_by(meeting(18, city->lecture, tuesday(), 660, 30), BING);
    assert_allowed(city, at);
    at.instructors[1] = DING;
    at.instructors[2] = YI;
    at.instructor_count = 3;
    struct clash_list list;
    assert_int_equal(broken(city, at, NONE, &list), RULE_BIT(RULE_INSTRUCTOR_OVERLAP));
    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0].instructor, YI);
    assert_int_equal(list.items[0].other.session_id, 17);
    clash_list_finish(&list);
    /* Two shared people are still one pair. */
    at.instructors[0] = JIA;
    at.instructors[1] = YI;
    at.instructor_count = 2;
    assert_int_equal(broken(city, at, NONE, &list), RULE_BIT(RULE_INSTRUCTOR_OVERLAP));
    assert_int_equal(list.count, 1);
    clash_list_finish(&list);
    at = meeting(18, city->third, tuesday(), 730, 60);
    at.instructors[1] = YI;
    at.instructor_count = 2;
    assert_int_equal(broken(city, at, NONE, &list), RULE_BIT(RULE_TRAVEL));
    assert_int_equal(list.count, 1);
    clash_list_finish(&list);
    /* Nobody teaches: nothing about people can break. */
    at.instructor_count = 0;
    assert_allowed(city, at);
}

static void test_travel(void **state)
{
    struct city *city = *state;
    city_put(city, meeting(17, city->stage, tuesday(), 840, 60)); /* 14:00 – 15:00 */
    assert_int_equal(travel_hall_minutes(city->timetable, 0, 2), 30);
    assert_allowed(city, meeting(18, city->second, tuesday(), 930, 60));
    assert_override(city, meeting(18, city->second, tuesday(), 929, 60), RULE_TRAVEL);
    assert_allowed(city, meeting(18, city->third, tuesday(), 735, 60));
    assert_breaks(city, meeting(18, city->third, tuesday(), 736, 60), RULE_BIT(RULE_TRAVEL));
    /* Back to back in one hall is fine; the hall next door is ten minutes away. */
    assert_allowed(city, meeting(18, city->lecture, tuesday(), 900, 60));
    assert_breaks(city, meeting(18, city->next_door, tuesday(), 909, 60), RULE_BIT(RULE_TRAVEL));
    assert_allowed(city, meeting(18, city->next_door, tuesday(), 910, 60));

    struct clash_list list;
    (void)broken(city, meeting(18, city->second, tuesday(), 920, 60), NONE, &list);
    assert_int_equal(list.items[0].count, 30);
    assert_int_equal(list.items[0].limit, 20);
    assert_int_equal(list.items[0].instructor, JIA);
    struct text text;
    text_init(&text, 4096);
    clash_sentence(city->timetable, &list.items[0], true, &text);
    assert_true(
        says(&text,
             "示例甲从下各镇·示例一村文化礼堂到下各镇·示例二村文化礼堂路上需 30 分钟，两场之间只有 20 分钟"));
    text_finish(&text);
    clash_list_finish(&list);
}

/* The way leads over the session between: 一村 – 二村 – 三村 takes 30 and 20 minutes. */
static void test_travel_neighbours(void **state)
{
    struct city *city = *state;
    city_put(city, meeting(1, city->third, tuesday(), 600, 30));
    city_put(city, meeting(2, city->third, tuesday(), 634, 1));
    /* 45 minutes from session 1, but session 2 comes between and is 44 away. */
    struct clash_list list;
    assert_int_equal(broken(city, meeting(3, city->stage, tuesday(), 679, 30), NONE, &list),
                     RULE_BIT(RULE_TRAVEL));
    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0].other.session_id, 2);
    clash_list_finish(&list);
    city_put(city, meeting(4, city->next_door, tuesday(), 720, 30));
    /* Both neighbours are too near. */
    assert_int_equal(broken(city, meeting(3, city->stage, tuesday(), 679, 32), NONE, &list),
                     RULE_BIT(RULE_TRAVEL));
    assert_int_equal(list.count, 2);
    clash_list_finish(&list);
    assert_allowed(city, meeting(3, city->stage, tuesday(), 680, 30));
    /* 4 is the next; 5 after it is not a neighbour, however far. */
    city_put(city, meeting(5, city->third, tuesday(), 751, 30));
    assert_allowed(city, meeting(3, city->stage, tuesday(), 680, 30));
    size_t hard = 0;
    assert_int_equal(count_all(city, &hard), 1);
    assert_int_equal(hard, 1);
}

static void test_qualification(void **state)
{
    struct city *city = *state;
    struct placement at = meeting(18, city->stage, tuesday(), 600, 60);
    assert_allowed(city, of_course(at, PHONE));
    assert_override(city, of_course(at, SECRET), RULE_QUALIFICATION);
    at.instructors[1] = YI;
    at.instructor_count = 2;
    struct clash_list list;
    (void)broken(city, of_course(at, SECRET), NONE, &list);
    assert_int_equal(list.count, 2);
    clash_list_finish(&list);
}

static void test_availability(void **state)
{
    struct city *city = *state;
    struct placement at = taught_by(meeting(18, city->stage, tuesday(), 480, 210), DING);
    at.setup_min = 60; /* not the instructor's */
    assert_allowed(city, at);
    at.minutes = 211;
    assert_override(city, at, RULE_AVAILABILITY);
    assert_breaks(city, taught_by(meeting(18, city->stage, tuesday(), 479, 60), DING),
                  RULE_BIT(RULE_AVAILABILITY));
    assert_breaks(city, taught_by(meeting(18, city->stage, tuesday() + 4, 480, 60), DING),
                  RULE_BIT(RULE_AVAILABILITY));
}

static void test_engagement(void **state)
{
    struct city *city = *state;
    assert_allowed(city, taught_by(meeting(18, city->stage, on(2026, 6, 30), 480, 60), DING));
    assert_override(city, taught_by(meeting(18, city->stage, on(2026, 7, 1), 480, 60), DING), RULE_ABSENCE);
    assert_breaks(city, taught_by(meeting(18, city->stage, on(2026, 1, 30), 480, 60), DING),
                  RULE_BIT(RULE_ABSENCE));
}

static void test_absence(void **state)
{
    (void)state;
    struct city city;
    struct error err = {.code = ERR_NONE};
    city_build(&city);
    struct absence absence = {.id = "a1",
                              .instructor = JIA,
                              .from_day = tuesday(),
                              .to_day = tuesday() + 2,
                              .from_min = 480,
                              .to_min = 720,
                              .reason = "病假"};
    must(timetable_add_absence(city.timetable, &absence, &err), &err);
    city_open(&city);
    for (int32_t day = tuesday() - 1; day <= tuesday() + 3; day++) {
        bool away = day >= tuesday() && day <= tuesday() + 2;
        assert_breaks(&city, meeting(1, city.stage, day, 719, 60), away ? RULE_BIT(RULE_ABSENCE) : 0);
        assert_allowed(&city, meeting(1, city.stage, day, 720, 60));
        assert_allowed(&city, meeting(1, city.stage, day, 420, 60));
        assert_allowed(&city, taught_by(meeting(1, city.stage, day, 600, 60), YI));
    }
    assert_override(&city, meeting(1, city.stage, tuesday(), 421, 60), RULE_ABSENCE);
    /* A night that ends in the absence. */
    assert_breaks(&city, meeting(1, city.stage, tuesday() - 1, 1410, 511), RULE_BIT(RULE_ABSENCE));
    assert_allowed(&city, meeting(1, city.stage, tuesday() - 1, 1410, 510));
    struct clash_list list;
    (void)broken(&city, meeting(1, city.stage, tuesday(), 600, 60), NONE, &list);
    struct text text;
    text_init(&text, 4096);
    clash_sentence(city.timetable, &list.items[0], true, &text);
    assert_true(says(&text, "示例甲 2026-05-12 至 2026-05-14 每天 08:00–12:00 请假，原因：病假"));
    text_finish(&text);
    clash_list_finish(&list);
    city_close(&city);
}

/* BING: 2 a day, 3 a week, 4 a month, 5 a year. */
static void bing(struct city *city, int64_t id, int32_t day, int32_t start_min)
{
    city_put(city, taught_by(meeting(id, city->stage, day, start_min, 60), BING));
}

static void test_cap_day(void **state)
{
    struct city *city = *state;
    bing(city, 1, tuesday(), 480);
    struct placement at = taught_by(meeting(9, city->stage, tuesday(), 600, 60), BING);
    assert_allowed(city, at);       /* the 2nd of 2 */
    bing(city, 2, tuesday(), 1400); /* counts on the day that it starts */
    assert_override(city, at, RULE_CAP_DAY);
    at.day = tuesday() + 1;
    assert_allowed(city, at);
    /* Its own old place does not count. */
    at = taught_by(meeting(2, city->stage, tuesday(), 900, 60), BING);
    assert_allowed(city, at);
    at.session_id = 0;
    assert_int_equal(broken(city, at, book_slot_of(city->book, 1), NULL), 0);
}

static void test_cap_week(void **state)
{
    struct city *city = *state;
    bing(city, 1, tuesday() - 1, 480); /* Monday */
    bing(city, 2, tuesday(), 480);
    struct placement sunday = taught_by(meeting(9, city->stage, tuesday() + 5, 600, 60), BING);
    assert_allowed(city, sunday);
    bing(city, 3, tuesday() + 1, 480);
    assert_override(city, sunday, RULE_CAP_WEEK);
    sunday.day++;
    assert_allowed(city, sunday); /* the next Monday */
    sunday.day = tuesday() - 2;
    assert_allowed(city, sunday);
    struct clash_list list;
    sunday.day = tuesday() + 5;
    (void)broken(city, sunday, NONE, &list);
    assert_int_equal(list.items[0].count, 4);
    assert_int_equal(list.items[0].limit, 3);
    struct text text;
    text_init(&text, 4096);
    clash_sentence(city->timetable, &list.items[0], true, &text);
    assert_true(says(&text, "示例丙 2026-05-11 至 2026-05-17（一周）的第 4 场，上限 3 场"));
    text_finish(&text);
    clash_list_finish(&list);
}

static void test_cap_month_and_year(void **state)
{
    struct city *city = *state;
    bing(city, 1, on(2026, 5, 1), 480);
    bing(city, 2, on(2026, 5, 11), 480);
    bing(city, 3, on(2026, 5, 20), 480);
    struct placement at = taught_by(meeting(9, city->stage, on(2026, 5, 31), 600, 60), BING);
    assert_allowed(city, at);
    bing(city, 4, on(2026, 5, 21), 480);
    assert_override(city, at, RULE_CAP_MONTH);
    at.day = on(2026, 6, 1);
    assert_allowed(city, at); /* the 5th of the year */
    bing(city, 5, on(2026, 12, 31), 480);
    assert_override(city, at, RULE_CAP_YEAR);
    at.day = on(2027, 1, 1);
    assert_allowed(city, at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_overlap, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_overlap_midnight, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_several_instructors, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_travel, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_travel_neighbours, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_qualification, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_availability, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_engagement, city_set, city_drop),
        cmocka_unit_test(test_absence),
        cmocka_unit_test_setup_teardown(test_cap_day, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_cap_week, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_cap_month_and_year, city_set, city_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
