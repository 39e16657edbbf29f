/* The life of a snapshot, its words, and the reads after sealing. */
#include "tests/scheduler/timetable_sample.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static void test_defaults_and_city(void **state)
{
    (void)state;
    struct timetable *tt = timetable_new();
    char uid[UID_TEXT_SIZE];
    assert_string_equal(tt->tzid, "Asia/Shanghai");
    timetable_uid(tt, 17, uid);
    assert_string_equal(uid, "s-17@litang.example");
    assert_int_equal(timetable_set_city(tt, NULL, NULL, "calendar.example", NULL, "https://h.example"),
                     ERR_NONE);
    assert_string_equal(tt->tzid, "Asia/Shanghai");
    assert_string_equal(tt->public_url, "https://h.example");
    timetable_uid(tt, INT64_MIN, uid);
    assert_string_equal(uid, "s--9223372036854775808@calendar.example");
    assert_int_equal(timetable_set_city(tt, "x", NULL, "evil\r\nX:1", NULL, NULL), ERR_INPUT);
    assert_int_equal(timetable_set_city(tt, "x", NULL, "", NULL, NULL), ERR_INPUT);
    assert_int_equal(timetable_set_city(tt, "x\n", NULL, NULL, NULL, NULL), ERR_INPUT);
    char domain[74];
    memset(domain, 'a', sizeof domain);
    domain[73] = '\0';
    assert_int_equal(timetable_set_city(tt, "x", NULL, domain, NULL, NULL), ERR_INPUT);
    domain[72] = '\0';
    assert_int_equal(timetable_set_city(tt, NULL, NULL, domain, NULL, NULL), ERR_NONE);
    timetable_uid(tt, INT64_MIN, uid); /* the longest UID fits */
    assert_int_equal(uid[strlen(uid) - 1], 'a');
    assert_int_equal(strlen(uid), UID_TEXT_SIZE - 1);
    assert_string_not_equal(tt->city_name, "x");
    timetable_unref(tt);
}

static void *references_take(void *timetable)
{
    for (int i = 0; i < 20000; i++) {
        timetable_unref(timetable_ref(timetable));
    }
    timetable_unref(timetable);
    return NULL;
}

static void test_references(void **state)
{
    (void)state;
    enum {
        THREADS = 4
    };
    timetable_unref(NULL);
    assert_null(timetable_ref(NULL));
    struct timetable *tt = sample_new();
    seal(tt);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, references_take, timetable_ref(tt)), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(timetable_find_hall(tt, "H1"), 0); /* still there: ours is the last one */
    timetable_unref(tt);
}

static void test_texts_are_copied(void **state)
{
    (void)state;
    struct timetable *tt = sample_new();
    char id[] = "H2";
    char name[] = "示例二村文化礼堂";
    struct hall hall = hall_sample(id, 0);
    hall.name = name;
    uint32_t index = NONE;
    assert_int_equal(timetable_add_hall(tt, &hall, &index, NULL), ERR_NONE);
    memset(id, 'x', sizeof id - 1);
    memset(name, 'x', sizeof name - 1);
    struct session session = session_sample(5, 0);
    char note[] = "自带手机\n下午";
    session.note = note;
    assert_int_equal(timetable_add_session(tt, &session, NULL), ERR_NONE);
    memset(note, 'x', sizeof note - 1);
    seal(tt);
    assert_int_equal(timetable_find_hall(tt, "H2"), index);
    assert_string_equal(tt->halls[index].name, "示例二村文化礼堂");
    assert_string_equal(timetable_find_session(tt, 5)->note, "自带手机\n下午");
    assert_null(timetable_find_session(tt, 5)->cancel_reason);
    timetable_unref(tt);
}

static void test_days(void **state)
{
    (void)state;
    struct timetable *tt = sample_new();
    struct holiday makeup = {DAY + 6, "示例节", false};
    struct holiday off = {DAY, "示例节", true};
    assert_int_equal(timetable_add_holiday(tt, &makeup, NULL), ERR_NONE);
    assert_int_equal(timetable_add_holiday(tt, &off, NULL), ERR_NONE);
    seal(tt);
    struct day_info info = timetable_day(tt, DAY);
    assert_int_equal(info.day, DAY);
    assert_int_equal(info.weekday, 1);
    assert_true(info.is_off && !info.is_makeup);
    assert_string_equal(info.holiday_name, "示例节");
    info = timetable_day(tt, DAY + 6);
    assert_true(!info.is_off && info.is_makeup);
    info = timetable_day(tt, DAY + 1);
    assert_true(!info.is_off && !info.is_makeup && info.holiday_name == NULL);
    timetable_unref(tt);
}

static void test_qualifications(void **state)
{
    (void)state;
    struct timetable *tt = sample_new();
    for (int i = 2; i <= 6; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "X%d", i);
        struct course course = course_sample(id);
        uint32_t index = NONE;
        assert_int_equal(timetable_add_course(tt, &course, &index, NULL), ERR_NONE);
    }
    static const uint32_t COURSES[] = {5, 1, 3, 1, 5};
    struct instructor teacher = instructor_sample("T2");
    teacher.courses = COURSES;
    teacher.course_count = 5;
    uint32_t index = NONE;
    assert_int_equal(timetable_add_instructor(tt, &teacher, &index, NULL), ERR_NONE);
    seal(tt);
    static const bool WANTED[] = {false, true, false, true, false, true, false};
    for (uint32_t course = 0; course < 7; course++) {
        assert_int_equal(timetable_qualified(tt, index, course), WANTED[course]);
        assert_false(timetable_qualified(tt, 0, course));
        assert_false(timetable_qualified(tt, NONE, course));
    }
    assert_int_equal(tt->instructors[index].course_count, 3);
    timetable_unref(tt);
}

static void test_facility_words(void **state)
{
    (void)state;
    struct timetable *tt = timetable_new();
    uint64_t mask = 99;
    assert_int_equal(timetable_facility_mask(tt, "投影;音响", &mask, NULL), ERR_NONE);
    assert_int_equal(mask, 3);
    assert_int_equal(timetable_facility_mask(tt, " 音响、灶台， 镜子,投影；\u3000桌椅 ", &mask, NULL),
                     ERR_NONE);
    assert_int_equal(mask, 0x1F);
    assert_int_equal(timetable_facility_mask(tt, "投影仪", &mask, NULL), ERR_NONE); /* not its beginning */
    assert_int_equal(mask, 0x20);
    assert_int_equal(timetable_facility_mask(tt, NULL, &mask, NULL), ERR_NONE);
    assert_int_equal(mask, 0);
    assert_string_equal(tt->facilities.items[2], "灶台");
    for (size_t i = tt->facilities.count; i < LIMIT_FACILITIES; i++) {
        char word[16];
        (void)snprintf(word, sizeof word, "w%zu", i);
        assert_int_equal(timetable_facility_mask(tt, word, &mask, NULL), ERR_NONE);
    }
    assert_true(mask == UINT64_C(1) << 63);
    assert_int_equal(timetable_facility_mask(tt, "投影 第六十五", &mask, NULL), ERR_LIMIT);
    assert_true(mask == UINT64_C(1) << 63);
    assert_int_equal(timetable_facility_mask(tt, "\xFF\xFE", &mask, NULL), ERR_INPUT);
    seal(tt);
    assert_int_equal(timetable_facility_mask(tt, "投影", &mask, NULL), ERR_NONE);
    assert_int_equal(mask, 1);
    assert_int_equal(timetable_facility_mask(tt, "新词", &mask, NULL), ERR_NOT_FOUND);
    timetable_unref(tt);
}

static void test_audiences(void **state)
{
    (void)state;
    struct timetable *tt = timetable_new();
    uint32_t audience = 5;
    assert_int_equal(timetable_audience(tt, "", &audience, NULL), ERR_NONE);
    assert_int_equal(audience, NONE);
    assert_int_equal(timetable_audience(tt, NULL, &audience, NULL), ERR_NONE);
    assert_int_equal(audience, NONE);
    for (uint32_t i = 0; i < LIMIT_AUDIENCES; i++) {
        char word[16];
        (void)snprintf(word, sizeof word, "g%u", i);
        assert_int_equal(timetable_audience(tt, word, &audience, NULL), ERR_NONE);
        assert_int_equal(audience, i);
    }
    assert_int_equal(timetable_audience(tt, "g7", &audience, NULL), ERR_NONE);
    assert_int_equal(audience, 7);
    assert_int_equal(timetable_audience(tt, "老年人", &audience, NULL), ERR_LIMIT);
    assert_int_equal(audience, 7);
    timetable_unref(tt);
}

static void test_sealed_is_closed(void **state)
{
    (void)state;
    struct timetable *tt = sample_new();
    seal(tt);
    struct hall hall = hall_sample("H2", 0);
    struct session session = session_sample(1, 0);
    struct error err = {0};
    uint32_t index = 42;
    assert_int_equal(timetable_add_hall(tt, &hall, &index, &err), ERR_USAGE);
    assert_int_equal(timetable_add_session(tt, &session, &err), ERR_USAGE);
    assert_int_equal(timetable_set_city(tt, "x", NULL, NULL, NULL, NULL), ERR_USAGE);
    assert_int_equal(timetable_seal(tt, &err), ERR_USAGE);
    assert_int_equal(index, 42);
    assert_int_equal(tt->hall_count, 1);
    timetable_unref(tt);
}

static void test_empty(void **state)
{
    (void)state;
    struct timetable *tt = timetable_new();
    seal(tt);
    assert_int_equal(tt->hall_closures_start[0], 0);
    assert_null(timetable_find_session(tt, 1));
    assert_int_equal(timetable_find_area(tt, "1"), NONE);
    assert_int_equal(timetable_find_area(tt, NULL), NONE);
    assert_null(timetable_day(tt, DAY).holiday_name);
    timetable_unref(tt);
}

static void test_finds(void **state)
{
    (void)state;
    struct timetable *tt = sample_new();
    seal(tt);
    assert_int_equal(timetable_find_area(tt, "331002"), 0);
    assert_int_equal(timetable_find_instructor(tt, "T1"), 0);
    assert_int_equal(timetable_find_course(tt, "X1"), 0);
    assert_int_equal(timetable_find_category(tt, "K1"), 0);
    assert_int_equal(timetable_find_provider(tt, "P1"), 0);
    assert_int_equal(timetable_find_request(tt, "Q1"), 0);
    assert_int_equal(timetable_find_request(tt, "X1"), NONE);
    timetable_unref(tt);
}

static void test_words(void **state)
{
    (void)state;
    assert_string_equal(session_status_name(SESSION_TENTATIVE), "TENTATIVE");
    assert_string_equal(closure_strength_name(CLOSURE_HARD), "hard");
    assert_string_equal(holiday_rule_name(HOLIDAY_SHIFT), "shift");
    for (int i = 0; i < 3; i++) {
        enum session_status status = SESSION_TENTATIVE;
        enum closure_strength strength = CLOSURE_NOTE;
        enum holiday_rule rule = HOLIDAY_FORBID;
        assert_true(session_status_from_name(session_status_name((enum session_status)i), &status));
        assert_true(closure_strength_from_name(closure_strength_name((enum closure_strength)i), &strength));
        assert_true(holiday_rule_from_name(holiday_rule_name((enum holiday_rule)i), &rule));
        assert_int_equal(status, i);
        assert_int_equal(strength, i);
        assert_int_equal(rule, i);
    }
    enum session_status status = SESSION_CANCELLED;
    assert_false(session_status_from_name("cancelled", &status));
    assert_false(session_status_from_name(NULL, &status));
    assert_int_equal(status, SESSION_CANCELLED);
    assert_string_equal(session_status_name((enum session_status)9), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_and_city),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_texts_are_copied),
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_qualifications),
        cmocka_unit_test(test_facility_words),
        cmocka_unit_test(test_audiences),
        cmocka_unit_test(test_sealed_is_closed),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_finds),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
