/* The rules about a course: series, audience, supply and quota; and the whole book at once. */
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

static struct placement lesson(const struct city *city, int64_t id, int week)
{
    struct placement at = meeting(id, city->stage, tuesday() + 7 * week, 600, 120);
    at.series_id = 5;
    return at;
}

static void test_series(void **state)
{
    struct city *city = *state;
    city_put(city, lesson(city, 1, 0));
    city_put(city, lesson(city, 2, 1));
    struct placement at = lesson(city, 3, 2);
    assert_allowed(city, at);
    at.day++;
    assert_override(city, at, RULE_SERIES);
    struct placement changed[4];
    for (int i = 0; i < 4; i++) {
        changed[i] = lesson(city, 3, 2);
    }
    changed[0].start_min++;
    changed[1].minutes--;
    changed[2].room = city->lecture;
    changed[3].instructors[0] = YI;
    for (int i = 0; i < 4; i++) {
        struct clash_list list;
        assert_int_equal(broken(city, changed[i], NONE, &list), RULE_BIT(RULE_SERIES));
        assert_int_equal(list.count, 2); /* with each of the others */
        clash_list_finish(&list);
        changed[i].series_exception = true;
        assert_allowed(city, changed[i]);
        changed[i].series_exception = false;
        changed[i].series_id = 6;
        assert_allowed(city, changed[i]);
    }
    /* An exception in the book binds nobody. */
    struct placement moved = lesson(city, 4, 3);
    moved.series_exception = true;
    moved.room = city->third;
    city_put(city, moved);
    assert_allowed(city, lesson(city, 3, 2));
}

static void test_series_people_are_a_set(void **state)
{
    struct city *city = *state;
    struct placement first = lesson(city, 1, 0);
    first.instructors[1] = YI;
    first.instructor_count = 2;
    city_put(city, first);
    struct placement at = lesson(city, 2, 1);
    assert_breaks(city, at, RULE_BIT(RULE_SERIES));
    at.instructors[0] = YI;
    at.instructors[1] = JIA;
    at.instructor_count = 2;
    assert_allowed(city, at);
}

static void test_series_overlaps_itself(void **state)
{
    struct city *city = *state;
    city_put(city, lesson(city, 1, 0));
    struct placement at = lesson(city, 2, 0);
    assert_breaks(city, at, RULE_BIT(RULE_ROOM_OVERLAP) | RULE_BIT(RULE_INSTRUCTOR_OVERLAP));
    at.series_exception = true;
    at.start_min = 660;
    assert_breaks(city, at, RULE_BIT(RULE_ROOM_OVERLAP) | RULE_BIT(RULE_INSTRUCTOR_OVERLAP));
}

static void test_audience(void **state)
{
    struct city *city = *state;
    city_put(city, of_course(meeting(1, city->stage, tuesday(), 600, 120), PHONE));
    struct placement at = of_course(taught_by(meeting(2, city->next_door, tuesday(), 660, 120), YI), PHONE);
    assert_override(city, at, RULE_AUDIENCE);
    assert_allowed(city, of_course(at, READING)); /* other people */
    assert_allowed(city, of_course(at, WEAVING)); /* nobody in particular */
    at.start_min = 720;
    assert_allowed(city, at);
    at.start_min = 719;
    assert_breaks(city, at, RULE_BIT(RULE_AUDIENCE));
    at.setup_min = 120;
    at.start_min = 720;
    assert_allowed(city, at); /* people do not come for the set-up */
    at = of_course(taught_by(meeting(2, city->lecture, tuesday(), 600, 60), YI), PHONE);
    assert_breaks(city, at, RULE_BIT(RULE_AUDIENCE)); /* another room of the hall */
    at.room = city->second;
    assert_allowed(city, at); /* another village */
    city_put(city, of_course(meeting(3, city->stage, tuesday() + 1, 1380, 120), PHONE));
    at = of_course(taught_by(meeting(2, city->next_door, tuesday() + 2, 59, 60), YI), PHONE);
    assert_breaks(city, at, RULE_BIT(RULE_AUDIENCE));
}

/* Who let the second session in has let the first one stay. */
static void test_audience_override_of_the_other(void **state)
{
    struct city *city = *state;
    struct placement first = of_course(meeting(1, city->stage, tuesday(), 600, 120), PHONE);
    first.overrides = RULE_BIT(RULE_AUDIENCE);
    city_put(city, first);
    struct placement later =
        of_course(taught_by(meeting(2, city->next_door, tuesday(), 660, 120), YI), PHONE);
    city_put(city, later);
    size_t hard = 9;
    assert_int_equal(count_all(city, &hard), 1);
    assert_int_equal(hard, 0);
    assert_true(rules_allow(city->book, &later, NONE, NULL));
}

static void scarce(struct city *city, int64_t id, uint32_t room, int32_t day)
{
    city_put(city, of_course(meeting(id, room, day, 600, 60), SCARCE));
}

static void test_supply_and_quota(void **state)
{
    struct city *city = *state;
    scarce(city, 1, city->stage, on(2026, 1, 1));
    scarce(city, 2, city->lecture, on(2026, 3, 1));
    /* The 3rd in the city, but the 3rd in this hall too, where 2 may be. */
    struct placement at = of_course(meeting(9, city->stage, on(2026, 12, 31), 600, 60), SCARCE);
    assert_override(city, at, RULE_HALL_QUOTA);
    at.room = city->next_door;
    assert_allowed(city, at);
    scarce(city, 3, city->third, on(2026, 4, 1));
    assert_override(city, at, RULE_SUPPLY);
    at.day = on(2027, 1, 1);
    assert_allowed(city, at);
    at.day = on(2025, 12, 31);
    assert_allowed(city, at);
    /* Moving one of them within the year is no fourth. */
    at = of_course(meeting(2, city->third, on(2026, 8, 1), 600, 60), SCARCE);
    assert_allowed(city, at);
}

/* The pair once, blamed on the later; of an over-full group those beyond the limit. */
static void test_check_all(void **state)
{
    struct city *city = *state;
    struct error err = {.code = ERR_NONE};
    city_put(city, meeting(2, city->stage, tuesday(), 660, 120));
    city_put(city, taught_by(meeting(1, city->stage, tuesday(), 600, 120), YI));
    for (int i = 0; i < 4; i++) {
        scarce(city, 20 - i, i % 2 == 0 ? city->third : city->second, on(2026, 1, 5 + i));
    }
    struct clash_list list;
    clash_list_init(&list);
    size_t hard = 0;
    must(rules_check_all(city->book, &list, &hard, &err), &err);
    assert_int_equal(hard, 2);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.items[0].rule, RULE_SUPPLY);
    assert_int_equal(list.items[0].subject.session_id, 17); /* the last in time */
    assert_int_equal(list.items[0].count, 4);
    assert_int_equal(list.items[1].rule, RULE_ROOM_OVERLAP);
    assert_int_equal(list.items[1].subject.session_id, 2);
    assert_int_equal(list.items[1].other.session_id, 1);
    clash_list_finish(&list);
}

static void test_check_all_override_in_group(void **state)
{
    struct city *city = *state;
    struct placement first = of_course(meeting(1, city->stage, on(2026, 1, 5), 600, 60), SCARCE);
    first.overrides = RULE_BIT(RULE_SUPPLY);
    city_put(city, first);
    scarce(city, 2, city->third, on(2026, 1, 6));
    scarce(city, 3, city->stage, on(2026, 1, 7));
    scarce(city, 4, city->third, on(2026, 1, 8));
    size_t hard = 9;
    /* Session 1 was let in on top, although it comes first. */
    assert_int_equal(count_all(city, &hard), 1);
    assert_int_equal(hard, 0);
    scarce(city, 5, city->next_door, on(2026, 1, 4));
    assert_int_equal(count_all(city, &hard), 2);
    assert_int_equal(hard, 1);
}

/* Past LIMIT_CLASHES the list stops and the count goes on. */
static void test_check_all_is_bounded(void **state)
{
    struct city *city = *state;
    struct error err = {.code = ERR_NONE};
    enum {
        CROWD = 150
    };
    for (int i = 0; i < CROWD; i++) {
        city_put(city, taught_by(meeting(i + 1, city->stage, tuesday(), 600, 60), i % 2 == 0 ? JIA : YI));
    }
    struct clash_list list;
    clash_list_init(&list);
    size_t hard = 0;
    must(rules_check_all(city->book, &list, &hard, &err), &err);
    size_t pairs = (size_t)CROWD * (CROWD - 1) / 2;
    size_t shared = 2 * ((size_t)CROWD / 2 * (CROWD / 2 - 1) / 2);
    assert_int_equal(list.count, LIMIT_CLASHES);
    assert_int_equal(hard, pairs + shared);
    assert_int_equal(list.count + list.dropped, hard);
    clash_list_finish(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_series, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_series_people_are_a_set, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_series_overlaps_itself, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_audience, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_audience_override_of_the_other, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_supply_and_quota, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_check_all, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_check_all_override_in_group, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_check_all_is_bounded, city_set, city_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
