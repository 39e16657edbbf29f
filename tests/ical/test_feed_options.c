/* What a subscriber may ask for: English, one category, and both with alarms. */
#include "feed_city.h"

static struct timetable *options_city(void)
{
    struct timetable *tt = city_open(NULL, "https://litang.example");
    struct session session = plain_session(1, on(2026, 3, 20), 540);
    session.note = "带杯子";
    session.at.instructor_count = 2;
    session.at.instructors[1] = YI;
    add_session(tt, session);
    session = plain_session(2, on(2026, 3, 21), 540);
    session.at.course = READING;
    session.status = SESSION_CANCELLED;
    session.cancel_reason = "停电";
    add_session(tt, session);
    session = plain_session(3, on(2026, 3, 22), 540);
    session.moved_at = session.changed_at = instant("2026-03-15T01:00:00Z");
    session.moved_from_day = on(2026, 3, 19);
    session.moved_from_min = 840;
    add_session(tt, session);
    city_seal(tt);
    return tt;
}

static void english_words(void **state)
{
    (void)state;
    struct feed_set *set = set_of(options_city(), the_today(), NULL);
    const struct feed_options options = {.english = true, .category = NONE};
    char *bytes = render_with(set, FEED_TOWNSHIP, TOWNSHIP_1, &options, NULL);
    assert_has(bytes, "PRODID:-//litang//feed 1//EN\r\n");
    assert_has(bytes, "\r\nNAME:宁溪镇 village halls\r\n");
    assert_has(bytes, "SOURCE;VALUE=URI:https://litang.example/feed/township/t1.ics?lang=en\r\n");
    assert_has(bytes, "SUMMARY:[CANCELLED] 亲子阅读\r\n");
    assert_has(bytes, "SUMMARY:[MOVED] 太极拳\\, 第一讲\r\n");
    assert_has(bytes, "Reason: 停电");
    assert_has(bytes, "Was: 2026-03-19 (Thu) 14:00");
    assert_has(bytes, "By: 示例甲");
    assert_has_not(bytes, "【");
    assert_has_not(bytes, "讲师");
    /* Only the words differ. */
    char *plain = render(set, FEED_TOWNSHIP, TOWNSHIP_1, 0, NULL);
    assert_int_equal(count_of(bytes, "LAST-MODIFIED:2026"), count_of(plain, "LAST-MODIFIED:2026"));
    assert_has(plain, "【停课】");
    free(plain);
    free(bytes);
    feed_set_unref(set);
}

static void english_again_is_equal_and_opaque_for_instructors(void **state)
{
    (void)state;
    struct feed_set *set = set_of(options_city(), the_today(), NULL);
    const struct feed_options options = {.alarm_min = 30, .english = true, .category = NONE};
    char *bytes = render_with(set, FEED_INSTRUCTOR, JIA, &options, NULL);
    char *again = render_with(set, FEED_INSTRUCTOR, JIA, &options, NULL);
    assert_string_equal(bytes, again);
    assert_int_equal(count_of(bytes, "TRANSP:OPAQUE\r\n"), 3);
    assert_int_equal(count_of(bytes, "DESCRIPTION:[MOVED] "), 1);
    assert_int_equal(count_of(bytes, "TRIGGER:-PT30M\r\n"), 2);
    assert_has_not(bytes, "SOURCE");
    free(again);
    free(bytes);
    feed_set_unref(set);
}

static void one_category_only(void **state)
{
    (void)state;
    struct feed_set *set = set_of(options_city(), the_today(), NULL);
    struct feed_info info;
    const struct feed_options options = {.alarm_min = 60, .english = true, .category = 1};
    char *bytes = render_with(set, FEED_TOWNSHIP, TOWNSHIP_1, &options, &info);
    assert_int_equal(info.events, 1);
    assert_int_equal(info.left_out, 0);
    assert_has(bytes, "UID:s-2@litang.example\r\n");
    assert_has(bytes, "NAME:宁溪镇 village halls: 家庭教育\\, 亲子\r\n");
    assert_int_equal(info.last_modified, instant("2026-01-06T03:04:05Z"));
    free(bytes);
    bytes = render_with(set, FEED_CITY, 0, &(struct feed_options){.category = 0}, &info);
    assert_int_equal(info.events, 2);
    assert_has(bytes, "SOURCE;VALUE=URI:https://litang.example/feed/city.ics?category=elders\r\n");
    free(bytes);
    struct text out;
    text_init(&out, LIMIT_FEED_BYTES);
    assert_int_equal(feed_render(set, FEED_HALL, 0, &(struct feed_options){.category = 2}, &out, NULL, NULL),
                     ERR_NOT_FOUND);
    assert_int_equal(out.length, 0);
    text_finish(&out);
    feed_set_unref(set);
}

/* English events are measured by a bound before they are rendered: it holds for the longest texts, too. */
static void english_fits_the_ceiling(void **state)
{
    (void)state;
    char note[LIMIT_NOTE_BYTES + 1];
    for (int kind = 0; kind < 3; kind++) {
        static const char *const UNITS[] = {"a", ",", "𠮷"};
        note[0] = '\0';
        for (size_t length = 0; length + strlen(UNITS[kind]) < sizeof note; length += strlen(UNITS[kind])) {
            strcpy(note + length, UNITS[kind]);
        }
        struct timetable *tt = city_open(NULL, NULL);
        for (int32_t i = 0; i < 1000; i++) {
            struct session session = plain_session(i + 1, the_today() + i / 10, 480 + i % 10);
            session.note = note;
            add_session(tt, session);
        }
        city_seal(tt);
        struct feed_set *set = set_of(tt, the_today(), NULL);
        const struct feed_options options = {.english = true, .category = NONE};
        char *bytes = render_with(set, FEED_TOWNSHIP, TOWNSHIP_1, &options, NULL);
        assert_in_range(strlen(bytes), LIMIT_FEED_BYTES * 8 / 10, LIMIT_FEED_BYTES);
        free(bytes);
        feed_set_unref(set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(english_words),
        cmocka_unit_test(english_again_is_equal_and_opaque_for_instructors),
        cmocka_unit_test(one_category_only),
        cmocka_unit_test(english_fits_the_ceiling),
    };
    return cmocka_run_group_tests(tests, library_setup, NULL);
}
