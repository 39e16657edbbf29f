/* VFREEBUSY of halls and instructors. */
#include "feed_city.h"

#include "ical/freebusy.h"

static char *freebusy(const struct feed_set *set, enum feed_scope scope, uint32_t index, int64_t *ret_stamp)
{
    struct text out;
    struct error err = {0};
    text_init(&out, LIMIT_FEED_BYTES);
    if (freebusy_render(set, scope, index, &out, ret_stamp, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    struct lint_report report = {0};
    assert_int_equal(lint_calendar(text_string(&out), out.length, &report, NULL), ERR_NONE);
    if (report.count > 0) {
        fail_msg("line %zu: %s: %s", report.items[0].line, report.items[0].rule, report.items[0].text);
    }
    lint_report_finish(&report);
    return text_take(&out);
}

/* 09:00–10:30 with half an hour before and a quarter after, on 2026-03-20. */
static struct session with_margins(int64_t id, int32_t start_min)
{
    struct session session = plain_session(id, on(2026, 3, 20), start_min);
    session.at.setup_min = 30;
    session.at.clear_min = 15;
    return session;
}

static void busy_times_are_merged(void **state)
{
    (void)state;
    struct timetable *tt = city_open(NULL, "https://litang.example");
    add_session(tt, with_margins(1, 540));
    struct session other_room = with_margins(2, 640); /* 10:40, set up from 10:10 */
    other_room.at.room = ROOM_LECTURE;
    add_session(tt, other_room);
    add_session(tt, with_margins(3, 900)); /* 15:00 … 16:30 */
    struct session cancelled = with_margins(4, 1140);
    cancelled.status = SESSION_CANCELLED;
    add_session(tt, cancelled);
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    int64_t stamp = 0;
    char *bytes = freebusy(set, FEED_HALL, 0, &stamp);
    assert_int_equal(count_of(bytes, "\r\nFREEBUSY"), 2);
    assert_has(bytes, "FREEBUSY:20260320T003000Z/20260320T042500Z\r\n");
    assert_has(bytes, "FREEBUSY:20260320T063000Z/20260320T084500Z\r\n");
    assert_has(bytes, "UID:fb-hall-h1@litang.example\r\n");
    assert_has(bytes, "URL:https://litang.example/freebusy/hall/h1.ifb\r\n");
    assert_has(bytes, "DTSTART:20251215T160000Z\r\n"); /* 90 days before, 00:00 local */
    assert_has(bytes, "DTEND:20270420T160000Z\r\n");   /* 400 days ahead, that day included */
    assert_has(bytes, "DTSTAMP:20260315T160000Z\r\n"); /* the local midnight of today */
    assert_int_equal(stamp, instant("2026-03-15T16:00:00Z"));
    assert_has_not(bytes, "太极");
    free(bytes);
    /* The instructor teaches from start to end. */
    bytes = freebusy(set, FEED_INSTRUCTOR, JIA, NULL);
    assert_int_equal(count_of(bytes, "\r\nFREEBUSY"), 3);
    assert_has(bytes, "FREEBUSY:20260320T010000Z/20260320T023000Z\r\n");
    assert_has_not(bytes, "\r\nURL");
    free(bytes);
    feed_set_unref(set);
}

static void nothing_busy_is_whole(void **state)
{
    (void)state;
    struct timetable *tt = city_open(NULL, NULL);
    add_session(tt, plain_session(1, the_today() - 91, 540));
    add_session(tt, plain_session(2, the_today() + 401, 540));
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    char *bytes = freebusy(set, FEED_HALL, 0, NULL);
    assert_has_not(bytes, "\r\nFREEBUSY");
    assert_has(bytes, "END:VFREEBUSY\r\nEND:VCALENDAR\r\n");
    free(bytes);
    struct text out;
    text_init(&out, LIMIT_FEED_BYTES);
    assert_int_equal(freebusy_render(set, FEED_HALL, 2, &out, NULL, NULL), ERR_NOT_FOUND);
    assert_int_equal(freebusy_render(set, FEED_TOWNSHIP, TOWNSHIP_1, &out, NULL, NULL), ERR_NOT_FOUND);
    assert_int_equal(out.length, 0);
    text_finish(&out);
    feed_set_unref(set);
}

/* What goes past the window's edge is cut there; a change of today shows in DTSTAMP. */
static void cut_at_the_window_and_stamped(void **state)
{
    (void)state;
    struct timetable *tt = city_open(NULL, NULL);
    struct session late = plain_session(1, the_today() + 400, 1410);
    late.changed_at = instant("2026-03-16T05:06:07Z");
    add_session(tt, late);
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    char *bytes = freebusy(set, FEED_INSTRUCTOR, JIA, NULL);
    char *again = freebusy(set, FEED_INSTRUCTOR, JIA, NULL);
    assert_string_equal(bytes, again);
    assert_has(bytes, "FREEBUSY:20270420T153000Z/20270420T160000Z\r\n");
    assert_has(bytes, "DTSTAMP:20260316T050607Z\r\n");
    free(again);
    free(bytes);
    feed_set_unref(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(busy_times_are_merged),
        cmocka_unit_test(nothing_busy_is_whole),
        cmocka_unit_test(cut_at_the_window_and_stamped),
    };
    return cmocka_run_group_tests(tests, library_setup, NULL);
}
