/* A set of feeds: which session stands where, what is taken over from the set before, windows and ceilings.
 */
#include "feed_city.h"

#include <locale.h>
#include <pthread.h>
#include <time.h>

static struct timetable *city_of(int32_t count)
{
    struct timetable *tt = city_open(NULL, NULL);
    for (int32_t i = 1; i <= count; i++) {
        struct session session = plain_session(i, on(2026, 3, 1) + i % 40, 480 + 15 * (i % 30));
        session.at.course = i % 3 == 0 ? READING : TAIJI;
        session.at.room = i % 5 == 0 ? ROOM_SECOND : ROOM_LECTURE;
        session.at.instructors[0] = i % 2 == 0 ? JIA : YI;
        add_session(tt, session);
    }
    return tt;
}

static size_t events_of(const struct feed_set *set, enum feed_scope scope, uint32_t index)
{
    struct feed_info info;
    char *bytes = render(set, scope, index, 0, &info);
    assert_int_equal(count_of(bytes, "BEGIN:VEVENT\r\n"), info.events);
    free(bytes);
    return info.events;
}

static void each_session_stands_in_its_feeds(void **state)
{
    (void)state;
    struct timetable *tt = city_of(60);
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    assert_int_equal(events_of(set, FEED_CITY, 0), 60);
    assert_int_equal(events_of(set, FEED_COUNTY, COUNTY_1), 60);
    assert_int_equal(events_of(set, FEED_TOWNSHIP, TOWNSHIP_1), 48);
    assert_int_equal(events_of(set, FEED_TOWNSHIP, TOWNSHIP_2), 12);
    assert_int_equal(events_of(set, FEED_HALL, 0), 48);
    assert_int_equal(events_of(set, FEED_HALL, 1), 12);
    assert_int_equal(events_of(set, FEED_INSTRUCTOR, JIA), 30);
    assert_int_equal(events_of(set, FEED_INSTRUCTOR, BING), 0);
    assert_int_equal(events_of(set, FEED_PROVIDER, 0), 20);
    assert_int_equal(events_of(set, FEED_CATEGORY, 0), 40);
    assert_int_equal(events_of(set, FEED_CATEGORY, 1), 20);
    feed_set_unref(set);
}

/* Sorted by start, then id, whatever the order of adding. */
static void events_are_sorted(void **state)
{
    (void)state;
    struct timetable *tt = city_open(NULL, NULL);
    add_session(tt, plain_session(4, on(2026, 3, 20), 540));
    add_session(tt, plain_session(2, on(2026, 3, 21), 480));
    add_session(tt, plain_session(3, on(2026, 3, 20), 540));
    add_session(tt, plain_session(1, on(2026, 3, 20), 600));
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    char *bytes = render(set, FEED_HALL, 0, 0, NULL);
    const char *third = strstr(bytes, "UID:s-3@");
    const char *fourth = strstr(bytes, "UID:s-4@");
    const char *first = strstr(bytes, "UID:s-1@");
    assert_true(third < fourth && fourth < first && first < strstr(bytes, "UID:s-2@"));
    free(bytes);
    feed_set_unref(set);
}

static void same_data_gives_same_bytes(void **state)
{
    (void)state;
    struct timetable *tt = city_of(200);
    city_seal(tt);
    struct feed_set *set = set_of(timetable_ref(tt), the_today(), NULL);
    char *bytes = render(set, FEED_COUNTY, COUNTY_1, 0, NULL);
    char *again = render(set, FEED_COUNTY, COUNTY_1, 0, NULL);
    assert_string_equal(bytes, again);
    free(again);
    /* Another machine: its zone and its locale. */
    assert_int_equal(setenv("TZ", "America/St_Johns", 1), 0);
    tzset();
    (void)setlocale(LC_ALL, "");
    (void)setlocale(LC_NUMERIC, "de_DE.UTF-8");
    struct feed_set *other = set_of(tt, the_today(), set);
    struct timetable *fresh = city_of(200);
    city_seal(fresh);
    struct feed_set *third = set_of(fresh, the_today(), NULL);
    again = render(other, FEED_COUNTY, COUNTY_1, 0, NULL);
    assert_string_equal(bytes, again);
    free(again);
    again = render(third, FEED_COUNTY, COUNTY_1, 0, NULL);
    assert_string_equal(bytes, again);
    free(again);
    free(bytes);
    assert_int_equal(unsetenv("TZ"), 0);
    tzset();
    (void)setlocale(LC_ALL, "C");
    feed_set_unref(third);
    feed_set_unref(other);
    feed_set_unref(set);
}

static void check_made(const struct feed_set *set, size_t rendered, size_t reused, size_t dropped)
{
    struct feed_set_stats stats = feed_set_stats(set);
    assert_int_equal(stats.rendered, rendered);
    assert_int_equal(stats.reused, reused);
    assert_int_equal(stats.dropped, dropped);
    assert_true(stats.bytes > 0);
}

static void unchanged_fragments_are_taken_over(void **state)
{
    (void)state;
    struct timetable *tt = city_of(100);
    city_seal(tt);
    struct feed_set *first = set_of(tt, the_today(), NULL);
    check_made(first, 100, 0, 0);
    /* One session moves, one goes, one comes. */
    tt = city_of(101);
    tt->sessions[41].at.start_min += 15;
    tt->sessions[41].changed_at++;
    tt->sessions[6] = tt->sessions[--tt->session_count];
    city_seal(tt);
    struct feed_set *second = set_of(tt, the_today(), first);
    check_made(second, 2, 98, 0);
    char *bytes = render(second, FEED_CITY, 0, 0, NULL);
    feed_set_unref(first);
    char *again = render(second, FEED_CITY, 0, 0, NULL);
    assert_string_equal(bytes, again);
    free(again);
    free(bytes);
    feed_set_unref(second);
}

/* Everything that an event shows brings a new fragment, even if nobody raised changed_at. */
static void what_is_shown_is_rendered_again(void **state)
{
    (void)state;
    struct timetable *tt = city_of(10);
    city_seal(tt);
    struct feed_set *first = set_of(tt, the_today(), NULL);
    for (int change = 0; change < 8; change++) {
        tt = city_of(10);
        const char *renamed = "改名";
        switch (change) {
        case 0:
            tt->halls[0].name = renamed;
            break;
        case 1:
            tt->halls[0].address = renamed;
            break;
        case 2:
            tt->halls[0].place.lat_e6++;
            break;
        case 3:
            tt->rooms[ROOM_LECTURE].name = renamed;
            break;
        case 4:
            tt->areas[TOWNSHIP_1].name = renamed;
            break;
        case 5:
            tt->sessions[0].note = renamed;
            break;
        case 6:
            tt->sessions[0].sequence++;
            break;
        default:
            tt->public_url = "https://x.example";
            break;
        }
        city_seal(tt);
        struct feed_set *second = set_of(tt, the_today(), first);
        size_t changed = change < 5 ? 8 : change < 7 ? 1 : 10;
        check_made(second, changed, 10 - changed, 0);
        feed_set_unref(second);
    }
    feed_set_unref(first);
}

/* A day later only the session whose mark fell is rendered, and the cancelled one is gone. */
static void a_new_day_renders_what_it_changes(void **state)
{
    (void)state;
    struct timetable *tt = city_of(10);
    tt->sessions[0].moved_at = tt->sessions[0].changed_at = instant("2026-03-10T01:00:00Z");
    tt->sessions[0].moved_from_day = on(2026, 3, 1);
    tt->sessions[1].at.day = on(2026, 3, 9);
    tt->sessions[1].status = SESSION_CANCELLED;
    city_seal(tt);
    struct feed_set *first = set_of(timetable_ref(tt), the_today(), NULL);
    check_made(first, 10, 0, 0);
    struct feed_set *second = set_of(tt, the_today() + 1, first);
    check_made(second, 1, 8, 1);
    assert_int_equal(feed_set_today(second), the_today() + 1);
    assert_ptr_equal(feed_set_timetable(second), tt);
    feed_set_unref(first);
    feed_set_unref(second);
}

/* A city after some rounds of edits: `round` decides who is there, where and when. */
static struct timetable *edited_city(int32_t round)
{
    static const int32_t COUNTS[] = {300, 300, 301, 340, 340, 256, 255, 257, 300, 0, 300};
    static const int32_t EDITS[] = {0, 1, 3, 5, 32, 0, 2, 40, 33, 0, 0};
    struct timetable *tt = city_open(NULL, NULL);
    for (int32_t i = 1; i <= COUNTS[round]; i++) {
        struct session session = plain_session(i, on(2026, 3, 1) + i % 40, 480 + 15 * (i % 30));
        bool edited = i % 7 == 3 && i / 7 < EDITS[round];
        session.at.course = (i + (edited ? round : 0)) % 3 == 0 ? READING : TAIJI;
        session.at.room = (uint32_t)(i + (edited ? round : 0)) % 3;
        session.at.instructors[0] = (uint32_t)(i % 2);
        session.at.day += edited ? round % 3 : 0;
        if (edited && round % 2 == 0) {
            session.at.instructors[1] = BING;
            session.at.instructor_count = 2;
        }
        /* In one round somebody in the middle is gone. */
        if (round != 8 || i != 100) {
            add_session(tt, session);
        }
    }
    city_seal(tt);
    return tt;
}

/* Whatever was shared, copied, patched or sorted anew: the bytes are those of a set without a past. */
static void a_set_does_not_show_its_past(void **state)
{
    (void)state;
    struct feed_set *set = NULL;
    for (int32_t round = 0; round < 11; round++) {
        struct feed_set *next = set_of(edited_city(round), the_today(), set);
        struct feed_set *fresh = set_of(edited_city(round), the_today(), NULL);
        feed_set_unref(set);
        set = next;
        for (int scope = FEED_CITY; scope < FEED_SCOPES; scope++) {
            uint32_t keys = scope == FEED_CITY || scope == FEED_COUNTY || scope == FEED_PROVIDER ? 1
                            : scope == FEED_INSTRUCTOR                                           ? 3
                                                                                                 : 2;
            for (uint32_t key = 0; key < keys; key++) {
                uint32_t index = scope == FEED_TOWNSHIP ? (key == 0 ? TOWNSHIP_1 : TOWNSHIP_2) : key;
                char *left = render(set, (enum feed_scope)scope, index, 0, NULL);
                char *right = render(fresh, (enum feed_scope)scope, index, 0, NULL);
                assert_string_equal(left, right);
                free(left);
                free(right);
            }
        }
        feed_set_unref(fresh);
    }
    feed_set_unref(set);
}

struct reader {
    const struct feed_set *set;
    char *chinese, *english; /* what the feed was when nobody else was there */
    bool is_torn;
};

static void *read_feeds(void *argument)
{
    struct reader *reader = argument;
    for (int i = 0; i < 20; i++) {
        const struct feed_options options = {.english = i % 2 == 1, .category = NONE};
        struct text out;
        text_init(&out, SIZE_MAX);
        const char *wanted = options.english ? reader->english : reader->chinese;
        reader->is_torn = reader->is_torn ||
                          feed_render(reader->set, FEED_HALL, 0, &options, &out, NULL, NULL) != ERR_NONE ||
                          strcmp(text_string(&out), wanted) != 0;
        text_finish(&out);
    }
    return NULL;
}

/* A set is read by several threads while the next ones, which share its fragments, come and go. */
static void sets_share_across_threads(void **state)
{
    (void)state;
    enum {
        READERS = 3
    };
    struct feed_set *set = set_of(edited_city(0), the_today(), NULL);
    struct reader readers[READERS];
    pthread_t threads[READERS];
    char *chinese = render(set, FEED_HALL, 0, 0, NULL);
    char *english =
        render_with(set, FEED_HALL, 0, &(struct feed_options){.english = true, .category = NONE}, NULL);
    for (size_t i = 0; i < READERS; i++) {
        readers[i] = (struct reader){set, chinese, english, false};
        assert_int_equal(pthread_create(&threads[i], NULL, read_feeds, &readers[i]), 0);
    }
    for (int32_t round = 0; round < 22; round++) {
        feed_set_unref(set_of(edited_city(round % 11), the_today(), set));
    }
    for (size_t i = 0; i < READERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_false(readers[i].is_torn);
    }
    free(chinese);
    free(english);
    feed_set_unref(set);
}

static void window_rolls(void **state)
{
    (void)state;
    static const int32_t OFFSETS[] = {-91, -90, 0, 400, 401};
    struct timetable *tt = city_open(NULL, NULL);
    for (int32_t i = 0; i < 5; i++) {
        add_session(tt, plain_session(i + 1, the_today() + OFFSETS[i], 540));
    }
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    struct feed_info info;
    char *bytes = render(set, FEED_TOWNSHIP, TOWNSHIP_1, 0, &info);
    assert_int_equal(info.events, 3);
    assert_int_equal(info.left_out, 2);
    assert_int_equal(info.from_day, the_today() - 90);
    assert_int_equal(info.to_day, the_today() + 400);
    assert_has_not(bytes, "s-1@");
    assert_has_not(bytes, "s-5@");
    /* Today one came in and one fell out: the feed changed at midnight. */
    assert_int_equal(info.last_modified, instant("2026-03-15T16:00:00Z"));
    free(bytes);
    bytes = render(set, FEED_CITY, 0, 0, &info);
    assert_int_equal(info.events, 5);
    assert_int_equal(info.left_out, 0);
    assert_int_equal(info.last_modified, instant("2026-01-06T03:04:05Z"));
    free(bytes);
    feed_set_unref(set);
}

static void empty_feed_is_whole(void **state)
{
    (void)state;
    struct timetable *tt = city_open(NULL, NULL);
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    struct feed_info info;
    char *bytes = render(set, FEED_HALL, 1, 0, &info);
    assert_int_equal(info.events, 0);
    assert_int_equal(info.last_modified, instant("2026-01-01T00:00:00Z"));
    assert_has(bytes, "BEGIN:VTIMEZONE");
    assert_has(bytes, "END:VCALENDAR\r\n");
    free(bytes);
    feed_set_unref(set);
}

/* Days of the past go first, then the far future; today stays, and the ceiling holds, also with alarms. */
static void too_much_is_narrowed(void **state)
{
    (void)state;
    struct timetable *tt = city_open(NULL, NULL);
    for (int32_t i = 0; i < 3000; i++) {
        add_session(tt, plain_session(i + 1, the_today() - 50 + i / 10, 480 + i % 10));
    }
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    for (int32_t alarm_min = 0; alarm_min <= 60; alarm_min += 60) {
        struct feed_info info;
        char *bytes = render(set, FEED_TOWNSHIP, TOWNSHIP_1, alarm_min, &info);
        assert_true(strlen(bytes) <= LIMIT_FEED_BYTES);
        assert_true(strlen(bytes) > LIMIT_FEED_BYTES * 9 / 10);
        assert_int_equal(info.events + info.left_out, 3000);
        assert_int_equal(info.events % 10, 0);
        assert_int_equal(info.from_day, the_today());
        assert_int_equal(info.to_day, the_today() + (int32_t)info.events / 10 - 1);
        assert_has(bytes, "DTSTART;TZID=Asia/Shanghai:20260316T080000\r\n");
        free(bytes);
    }
    feed_set_unref(set);
}

/* Only as much of the past is left out as must be. */
static void a_little_too_much_costs_old_days_only(void **state)
{
    (void)state;
    struct timetable *tt = city_open(NULL, NULL);
    for (int32_t i = 0; i < 1600; i++) {
        add_session(tt, plain_session(i + 1, the_today() - 80 + i / 10, 480 + i % 10));
    }
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    struct feed_info info;
    char *bytes = render(set, FEED_COUNTY, COUNTY_1, 0, &info);
    assert_int_equal(info.to_day, the_today() + 400);
    assert_in_range(info.from_day, the_today() - 79, the_today() - 1);
    assert_true(strlen(bytes) <= LIMIT_FEED_BYTES);
    free(bytes);
    feed_set_unref(set);
}

static void one_day_too_much_is_cut(void **state)
{
    (void)state;
    struct timetable *tt = city_open(NULL, NULL);
    for (int32_t i = 0; i < 2000; i++) {
        add_session(tt, plain_session(i + 1, the_today(), i % 1440));
    }
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    struct feed_info info;
    char *bytes = render(set, FEED_COUNTY, COUNTY_1, 0, &info);
    assert_true(info.events > 1000 && info.left_out > 0);
    assert_int_equal(info.to_day, the_today());
    assert_true(strlen(bytes) <= LIMIT_FEED_BYTES);
    free(bytes);
    feed_set_unref(set);
}

/* Nothing is to come, and the last day alone is too much. */
static void one_past_day_too_much_is_cut(void **state)
{
    (void)state;
    struct timetable *tt = city_open(NULL, NULL);
    for (int32_t i = 0; i < 2000; i++) {
        add_session(tt, plain_session(i + 1, the_today() - (i < 10 ? 5 : 3), i % 1440));
    }
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    struct feed_info info;
    char *bytes = render(set, FEED_COUNTY, COUNTY_1, 0, &info);
    assert_true(info.events > 1000);
    assert_int_equal(info.events + info.left_out, 2000);
    assert_int_equal(info.from_day, the_today() - 4);
    assert_int_equal(info.to_day, the_today() - 3);
    assert_true(strlen(bytes) <= LIMIT_FEED_BYTES);
    assert_true(strlen(bytes) > LIMIT_FEED_BYTES * 99 / 100);
    free(bytes);
    feed_set_unref(set);
}

/* LAST-MODIFIED of a feed tells when somebody left it at its past end, also past those who were dropped. */
static void a_leaver_dates_the_feed(void **state)
{
    struct feed_info info;
    (void)state;
    struct timetable *tt = city_open(NULL, NULL);
    add_session(tt, plain_session(1, the_today() - 93, 540));
    add_session(tt, plain_session(2, the_today() - 92, 540));
    add_session(tt, plain_session(3, the_today() + 5, 540));
    tt->sessions[1].status = SESSION_CANCELLED;
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    free(render(set, FEED_COUNTY, COUNTY_1, 0, &info));
    assert_int_equal(info.events, 1);
    /* The local midnight two days ago, at which the first was 91 days old. */
    assert_int_equal(info.last_modified, ((int64_t)the_today() - 2) * 86400 - 28800);
    feed_set_unref(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_session_stands_in_its_feeds),
        cmocka_unit_test(events_are_sorted),
        cmocka_unit_test(same_data_gives_same_bytes),
        cmocka_unit_test(unchanged_fragments_are_taken_over),
        cmocka_unit_test(what_is_shown_is_rendered_again),
        cmocka_unit_test(a_new_day_renders_what_it_changes),
        cmocka_unit_test(a_set_does_not_show_its_past),
        cmocka_unit_test(sets_share_across_threads),
        cmocka_unit_test(window_rolls),
        cmocka_unit_test(empty_feed_is_whole),
        cmocka_unit_test(too_much_is_narrowed),
        cmocka_unit_test(a_little_too_much_costs_old_days_only),
        cmocka_unit_test(one_day_too_much_is_cut),
        cmocka_unit_test(one_past_day_too_much_is_cut),
        cmocka_unit_test(a_leaver_dates_the_feed),
    };
    return cmocka_run_group_tests(tests, library_setup, NULL);
}
