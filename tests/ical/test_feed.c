/* The feed contract of DESIGN §7, line by line (docs/feeds.md says which test holds which line). */
#include "feed_city.h"

#define GOLDEN TEST_SOURCE_DIR "/golden/township.ics"

/* Three sessions of the township: plain, moved, cancelled; each after the other in time. */
static struct feed_set *golden_set(const char *public_url)
{
    struct timetable *tt = city_open(NULL, public_url);
    struct session moved = plain_session(12, on(2026, 3, 20), 18 * 60 + 30);
    moved.at.course = READING;
    moved.at.room = ROOM_LECTURE;
    moved.at.instructors[1] = YI;
    moved.at.instructor_count = 2;
    moved.sequence = 1;
    moved.moved_at = moved.changed_at = instant("2026-03-14T08:00:00Z");
    moved.moved_from_day = on(2026, 3, 19);
    moved.moved_from_min = 9 * 60;
    moved.note = "请带老花镜\n和身份证";
    struct session cancelled = plain_session(13, on(2026, 3, 21), 23 * 60);
    cancelled.status = SESSION_CANCELLED;
    cancelled.sequence = 1;
    cancelled.cancelled_at = cancelled.changed_at = instant("2026-03-15T01:00:00Z");
    cancelled.cancel_reason = "台风; 停课";
    add_session(tt, cancelled);
    add_session(tt, plain_session(11, on(2026, 3, 18), 9 * 60));
    add_session(tt, moved);
    city_seal(tt);
    return set_of(tt, the_today(), NULL);
}

static char *file_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = calloc(1, 65536);
    assert_non_null(bytes);
    size_t length = fread(bytes, 1, 65535, file);
    assert_true(length > 0);
    fclose(file);
    return bytes;
}

static void golden_feed(void **state)
{
    (void)state;
    struct feed_set *set = golden_set("https://litang.example");
    char *bytes = render(set, FEED_TOWNSHIP, TOWNSHIP_1, 0, NULL);
    if (getenv("LITANG_GOLDEN_WRITE") != NULL) {
        FILE *file = fopen(GOLDEN, "wb");
        assert_non_null(file);
        fputs(bytes, file);
        fclose(file);
    }
    char *golden = file_read(GOLDEN);
    assert_string_equal(bytes, golden);
    free(golden);
    free(bytes);
    feed_set_unref(set);
}

static void uid_is_equal_in_every_feed(void **state)
{
    (void)state;
    struct feed_set *set = golden_set(NULL);
    static const struct {
        enum feed_scope scope;
        uint32_t index;
    } FEEDS[] = {{FEED_CITY, 0},     {FEED_COUNTY, COUNTY_1}, {FEED_TOWNSHIP, TOWNSHIP_1},
                 {FEED_HALL, 0},     {FEED_INSTRUCTOR, JIA},  {FEED_INSTRUCTOR, YI},
                 {FEED_PROVIDER, 0}, {FEED_CATEGORY, 1}};
    for (size_t i = 0; i < sizeof FEEDS / sizeof FEEDS[0]; i++) {
        char *bytes = render(set, FEEDS[i].scope, FEEDS[i].index, 0, NULL);
        assert_int_equal(count_of(bytes, "UID:s-12@litang.example\r\n"), 1);
        free(bytes);
    }
    feed_set_unref(set);
}

static void uid_survives_moves_and_neighbours(void **state)
{
    (void)state;
    struct session moved = plain_session(11, on(2026, 5, 1), 8 * 60);
    moved.at.room = ROOM_LECTURE;
    char *bytes = render_one(moved, the_today());
    assert_has(bytes, "UID:s-11@litang.example\r\n");
    free(bytes);
    struct timetable *tt = city_open(NULL, NULL);
    add_session(tt, plain_session(99, on(2026, 3, 17), 8 * 60));
    add_session(tt, moved);
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    bytes = render(set, FEED_TOWNSHIP, TOWNSHIP_1, 0, NULL);
    assert_has(bytes, "UID:s-11@litang.example\r\n");
    assert_true(strstr(bytes, "s-99@") < strstr(bytes, "s-11@"));
    free(bytes);
    feed_set_unref(set);
}

static void stamps_are_stored_times(void **state)
{
    (void)state;
    char *bytes = render_one(plain_session(11, on(2026, 3, 18), 540), the_today());
    assert_has(bytes,
               "DTSTAMP:20260106T030405Z\r\nCREATED:20260105T020000Z\r\nLAST-MODIFIED:20260106T030405Z\r\n"
               "SEQUENCE:0\r\n");
    free(bytes);
}

/* The mark's fall changes the event, so LAST-MODIFIED must rise by it, and a later change by more. */
static void moved_mark_falls_and_raises_last_modified(void **state)
{
    (void)state;
    struct session moved = plain_session(11, on(2026, 4, 30), 540);
    moved.moved_at = moved.changed_at = instant("2026-03-14T17:00:00Z"); /* 2026-03-15 01:00 local */
    moved.moved_from_day = on(2026, 4, 29);
    moved.moved_from_min = 14 * 60 + 5;
    char *bytes = render_one(moved, on(2026, 3, 21));
    assert_has(bytes, "SUMMARY:【改期】太极拳\\, 第一讲\r\n");
    assert_has(bytes, "原定：2026-04-29（周三）14:05");
    assert_has(bytes, "LAST-MODIFIED:20260314T170000Z\r\n");
    free(bytes);
    bytes = render_one(moved, on(2026, 3, 22));
    assert_has(bytes, "SUMMARY:太极拳\\, 第一讲\r\n");
    assert_has_not(bytes, "原定");
    assert_has(bytes, "UID:s-11@litang.example\r\nDTSTAMP:20260321T160000Z\r\n");
    assert_has(bytes, "\r\nLAST-MODIFIED:20260321T160000Z\r\n");
    free(bytes);
    moved.changed_at = instant("2026-03-21T16:00:01Z");
    bytes = render_one(moved, on(2026, 3, 22));
    assert_has(bytes, "\r\nLAST-MODIFIED:20260321T160001Z\r\n");
    free(bytes);
}

static void sequence_is_the_stored_one(void **state)
{
    (void)state;
    struct session session = plain_session(11, on(2026, 3, 18), 540);
    session.sequence = 7;
    char *bytes = render_one(session, the_today());
    assert_has(bytes, "SEQUENCE:7\r\n");
    free(bytes);
}

static void cancelled_stays_seven_days(void **state)
{
    (void)state;
    struct session session = plain_session(11, on(2026, 3, 1), 23 * 60); /* ends on March 2 at 00:30 */
    session.status = SESSION_CANCELLED;
    session.cancel_reason = "停电";
    char *bytes = render_one(session, on(2026, 3, 9));
    assert_has(bytes, "SUMMARY:【停课】太极拳\\, 第一讲\r\n");
    assert_has(bytes, "STATUS:CANCELLED\r\n");
    assert_has(bytes, "DESCRIPTION:停课原因：停电\\n课程：");
    free(bytes);
    bytes = render_one(session, on(2026, 3, 10));
    assert_has_not(bytes, "BEGIN:VEVENT");
    /* The day on which it fell out dates the feed. */
    assert_has(bytes, "LAST-MODIFIED:20260309T160000Z\r\n");
    free(bytes);
    session.status = SESSION_TENTATIVE;
    bytes = render_one(session, on(2026, 3, 10));
    assert_has(bytes, "STATUS:TENTATIVE\r\n");
    free(bytes);
}

static void times_have_tzid_and_one_rule(void **state)
{
    (void)state;
    char *bytes = render_one(plain_session(11, on(2026, 3, 18), 23 * 60), the_today());
    assert_has(bytes,
               "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nX-LIC-LOCATION:Asia/Shanghai\r\nBEGIN:STANDARD\r\n"
               "DTSTART:19700101T000000\r\nTZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nTZNAME:CST\r\n"
               "END:STANDARD\r\nEND:VTIMEZONE\r\n");
    assert_has(bytes,
               "DTSTART;TZID=Asia/Shanghai:20260318T230000\r\nDTEND;TZID=Asia/Shanghai:20260319T003000\r\n");
    assert_has_not(bytes, "freeassociation");
    free(bytes);
}

static void publish_names_no_person(void **state)
{
    (void)state;
    struct feed_set *set = golden_set("https://litang.example");
    char *bytes = render(set, FEED_INSTRUCTOR, JIA, 0, NULL);
    assert_has(bytes, "METHOD:PUBLISH\r\n");
    assert_int_equal(count_of(bytes, "ORGANIZER;CN=示例社区学院:invalid:nomail\r\n"), 3);
    assert_has_not(bytes, "ATTENDEE");
    assert_has_not(bytes, "mailto:");
    assert_has_not(bytes, "tel:");
    /* Only an instructor's own calendar shows him as busy; and its address is secret. */
    assert_int_equal(count_of(bytes, "TRANSP:OPAQUE\r\n"), 3);
    assert_has_not(bytes, "TRANSP:TRANSPARENT");
    assert_has_not(bytes, "SOURCE");
    free(bytes);
    bytes = render(set, FEED_HALL, 0, 0, NULL);
    assert_int_equal(count_of(bytes, "TRANSP:TRANSPARENT\r\n"), 3);
    assert_has(bytes, "SOURCE;VALUE=URI:https://litang.example/feed/hall/h1.ics\r\n");
    free(bytes);
    feed_set_unref(set);
}

static void head_names_and_refresh(void **state)
{
    (void)state;
    struct feed_set *set = golden_set(NULL);
    static const struct {
        enum feed_scope scope;
        uint32_t index;
        const char *name, *color;
    } FEEDS[] = {{FEED_CITY, 0, "示例市文化礼堂", "steelblue"},
                 {FEED_COUNTY, COUNTY_1, "示例县文化礼堂", "slateblue"},
                 {FEED_TOWNSHIP, TOWNSHIP_2, "白塔镇文化礼堂", "seagreen"},
                 {FEED_HALL, 1, "示例礼堂二", "firebrick"},
                 {FEED_INSTRUCTOR, BING, "示例丙的课程", "darkorange"},
                 {FEED_PROVIDER, 0, "示例社区学校", "teal"},
                 {FEED_CATEGORY, 1, "家庭教育\\, 亲子", NULL}};
    for (size_t i = 0; i < sizeof FEEDS / sizeof FEEDS[0]; i++) {
        char *bytes = render(set, FEEDS[i].scope, FEEDS[i].index, 0, NULL);
        char line[256];
        (void)snprintf(line, sizeof line, "\r\nNAME:%s\r\nX-WR-CALNAME:%s\r\nX-WR-TIMEZONE:Asia/Shanghai\r\n",
                       FEEDS[i].name, FEEDS[i].name);
        assert_has(bytes, line);
        assert_has(bytes, "REFRESH-INTERVAL;VALUE=DURATION:PT2H\r\nX-PUBLISHED-TTL:PT2H\r\n");
        (void)snprintf(line, sizeof line, "\r\nCOLOR:%s\r\nX-APPLE-CALENDAR-COLOR:#",
                       FEEDS[i].color == NULL ? "" : FEEDS[i].color);
        if (FEEDS[i].color != NULL) {
            assert_has(bytes, line);
        }
        assert_has_not(bytes, "URL:");
        free(bytes);
    }
    feed_set_unref(set);
}

static void place_category_and_url(void **state)
{
    (void)state;
    struct feed_set *set = golden_set("https://litang.example");
    char *bytes = render(set, FEED_CATEGORY, 1, 0, NULL);
    assert_has(bytes, "GEO:28.656400;121.420801\r\nCATEGORIES:家庭教育\\, 亲子\r\n");
    assert_has(bytes, "LOCATION:示例礼堂一\\, 讲堂\\n文化路1号\\; 村口\r\n");
    assert_has(bytes, "URL:https://litang.example/session/12\r\n");
    free(bytes);
    feed_set_unref(set);
}

/* Without a place of its own there is no pin; without an address, the township and the village. */
static void place_unknown(void **state)
{
    (void)state;
    struct timetable *tt = city_open(NULL, NULL);
    struct session session = plain_session(11, on(2026, 3, 18), 540);
    session.at.room = ROOM_SECOND;
    add_session(tt, session);
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    char *bytes = render(set, FEED_TOWNSHIP, TOWNSHIP_2, 0, NULL);
    assert_has(bytes, "LOCATION:示例礼堂二\\n白塔镇示例二村\r\n");
    assert_has_not(bytes, "GEO");
    free(bytes);
    feed_set_unref(set);
}

static void no_rrule_and_alarm_only_on_request(void **state)
{
    (void)state;
    struct feed_set *set = golden_set(NULL);
    struct feed_info info;
    char *bytes = render(set, FEED_TOWNSHIP, TOWNSHIP_1, 0, &info);
    assert_int_equal(info.events, 3);
    assert_int_equal(count_of(bytes, "BEGIN:VEVENT"), 3);
    assert_has_not(bytes, "RRULE");
    assert_has_not(bytes, "VALARM");
    free(bytes);
    bytes = render(set, FEED_TOWNSHIP, TOWNSHIP_1, 45, NULL);
    /* The cancelled one rings for nobody. */
    assert_int_equal(count_of(bytes, "BEGIN:VALARM\r\n"), 2);
    assert_has(
        bytes,
        "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:太极拳\\, 第一讲\r\nTRIGGER:-PT45M\r\nEND:VALARM\r\n"
        "END:VEVENT\r\n");
    free(bytes);
    feed_set_unref(set);
}

static void bad_index_is_not_found(void **state)
{
    (void)state;
    struct feed_set *set = golden_set(NULL);
    struct text out;
    text_init(&out, SIZE_MAX);
    struct error err = {0};
    static const struct {
        enum feed_scope scope;
        uint32_t index;
    } BAD[] = {{FEED_TOWNSHIP, COUNTY_1},  {FEED_COUNTY, TOWNSHIP_1},
               {FEED_TOWNSHIP, VILLAGE_1}, {FEED_HALL, 2},
               {FEED_INSTRUCTOR, NONE},    {FEED_PROVIDER, 1},
               {FEED_CATEGORY, 2},         {(enum feed_scope)7, 0}};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        assert_int_equal(feed_render(set, BAD[i].scope, BAD[i].index, NULL, &out, NULL, &err), ERR_NOT_FOUND);
        assert_int_equal(out.length, 0);
    }
    text_finish(&out);
    text_init(&out, 1000);
    assert_int_equal(feed_render(set, FEED_CITY, 0, NULL, &out, NULL, &err), ERR_LIMIT);
    assert_int_equal(out.length, 0);
    text_finish(&out);
    feed_set_unref(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_feed),
        cmocka_unit_test(uid_is_equal_in_every_feed),
        cmocka_unit_test(uid_survives_moves_and_neighbours),
        cmocka_unit_test(stamps_are_stored_times),
        cmocka_unit_test(moved_mark_falls_and_raises_last_modified),
        cmocka_unit_test(sequence_is_the_stored_one),
        cmocka_unit_test(cancelled_stays_seven_days),
        cmocka_unit_test(times_have_tzid_and_one_rule),
        cmocka_unit_test(publish_names_no_person),
        cmocka_unit_test(head_names_and_refresh),
        cmocka_unit_test(place_category_and_url),
        cmocka_unit_test(place_unknown),
        cmocka_unit_test(no_rrule_and_alarm_only_on_request),
        cmocka_unit_test(bad_index_is_not_found),
    };
    return cmocka_run_group_tests(tests, library_setup, NULL);
}
