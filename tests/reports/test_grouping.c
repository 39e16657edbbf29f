/* Groups of sessions: names, tags of courses, the line of what belongs to none, and the ceiling of tags. Sums
 * are recomputed in test_recount. */
#include "reports/grouping.h"

#include "report_city.h"

static void test_names(void **state)
{
    (void)state;
    for (int by = 0; by < BY_COUNT; by++) {
        assert_int_equal(group_by_from_name(group_by_name((enum group_by)by)), by);
    }
    assert_int_equal(group_by_from_name("twnship"), BY_COUNT);
}

static void test_tags_are_words(void **state)
{
    (void)state;
    assert_true(tag_has("能者为师", "能者为师"));
    assert_true(tag_has("系列课;能者为师", "能者为师"));
    assert_false(tag_has("能者为师傅", "能者为师"));
    assert_false(tag_has("系列课;能者", "能者为师"));
    assert_false(tag_has("", "能者为师"));
    assert_false(tag_has(NULL, "能者为师"));
}

/* A course with so many tags, beside the sample's. */
static struct timetable *tagged_city(int tags)
{
    struct timetable *tt = report_city();
    struct course course = course_sample("X2");
    struct error err = {0};
    struct text words;
    uint32_t index = NONE;
    text_init(&words, 4000);
    for (int i = 0; i < tags; i++) {
        text_addf(&words, "%st%d", i > 0 ? ";" : "", i);
    }
    course.tags = text_string(&words);
    assert_done(timetable_add_course(tt, &course, &index, &err), &err);
    text_finish(&words);
    seal(tt);
    return tt;
}

static void test_ceiling_of_tags(void **state)
{
    (void)state;
    for (int more = 0; more < 2; more++) {
        struct timetable *tt = tagged_city(LIMIT_REPORT_TAGS + more);
        struct grouping grouping;
        struct error err = {0};
        enum error_code code = grouping_make(tt, BY_TAG, DAY, DAY + 9, NONE, &grouping, &err);
        assert_int_equal(code, more == 0 ? ERR_NONE : ERR_LIMIT);
        if (code == ERR_NONE) {
            assert_int_equal(grouping.count, LIMIT_REPORT_TAGS);
            assert_true(grouping_overlaps(&grouping));
            grouping_finish(&grouping);
        }
        timetable_unref(tt);
    }
}

static void test_what_belongs_to_none(void **state)
{
    struct timetable *tt = report_city();
    struct grouping grouping;
    struct session_sum *sums = NULL;
    struct error err = {0};
    (void)state;
    plain_place_add(tt, "H0", TOWN_A1);
    plain_place_add(tt, "H1", COUNTY_A);
    meeting_add(tt, 1, 0, DAY, SESSION_CONFIRMED, HELD_UNKNOWN);
    meeting_add(tt, 2, 1, DAY, SESSION_CONFIRMED, HELD_UNKNOWN);
    seal(tt);
    assert_done(grouping_make(tt, BY_TOWNSHIP, DAY, DAY, NONE, &grouping, &err), &err);
    assert_done(grouping_sum(&grouping, &sums, &err), &err);
    assert_int_equal(grouping.count, 4);
    assert_int_equal(grouping.rest, 3);
    assert_string_equal(grouping.groups[3].name, "（无）");
    assert_int_equal(sums[0].sessions, 1);
    assert_int_equal(sums[3].sessions, 1);
    free(sums);
    grouping_finish(&grouping);
    timetable_unref(tt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_tags_are_words),
        cmocka_unit_test(test_ceiling_of_tags),
        cmocka_unit_test(test_what_belongs_to_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
