/* What a snapshot refuses while it is built: ids, texts, bounds, references. */
#include "tests/scheduler/timetable_sample.h"

#include <string.h>

static void test_ids(void **state)
{
    (void)state;
    struct timetable *tt = timetable_new();
    char id[LIMIT_ID_BYTES + 2];
    memset(id, '7', sizeof id - 1);
    id[sizeof id - 1] = '\0';
    struct error err = {0};
    uint32_t index = 42;
    struct area area = area_sample(id, NULL, AREA_COUNTY);
    assert_int_equal(timetable_add_area(tt, &area, &index, &err), ERR_INPUT);
    id[LIMIT_ID_BYTES] = '\0';
    assert_int_equal(timetable_add_area(tt, &area, &index, &err), ERR_NONE);
    assert_int_equal(index, 0);
    index = 42;
    assert_int_equal(timetable_add_area(tt, &area, &index, &err), ERR_EXISTS);
    assert_non_null(strstr(err.text, id));
    static const char *const BAD[] = {"", "a\nb", "a\x7F", "\xC3\x28", "\xED\xA0\x80"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        area = area_sample(BAD[i], NULL, AREA_COUNTY);
        assert_int_equal(timetable_add_area(tt, &area, &index, &err), ERR_INPUT);
        assert_null(strstr(err.text, "\n"));
    }
    area = area_sample(NULL, NULL, AREA_COUNTY);
    assert_int_equal(timetable_add_area(tt, &area, &index, &err), ERR_INPUT);
    assert_int_equal(index, 42);
    assert_int_equal(tt->area_count, 1);
    timetable_unref(tt);
}

static void test_names_and_notes(void **state)
{
    (void)state;
    struct timetable *tt = sample_new();
    static char text[LIMIT_NOTE_BYTES + 2];
    memset(text, 'n', sizeof text - 1);
    struct hall hall = hall_sample("H2", 0);
    uint32_t index = NONE;
    hall.name = text + sizeof text - 1 - (LIMIT_NAME_BYTES + 1);
    assert_int_equal(timetable_add_hall(tt, &hall, &index, NULL), ERR_INPUT);
    hall.name++;
    assert_int_equal(timetable_add_hall(tt, &hall, &index, NULL), ERR_NONE);
    struct session session = session_sample(1, 0);
    session.note = text;
    assert_int_equal(timetable_add_session(tt, &session, NULL), ERR_INPUT);
    session.note = text + 1;
    session.cancel_reason = "台风\x01";
    struct error err = {0};
    assert_int_equal(timetable_add_session(tt, &session, &err), ERR_INPUT);
    assert_non_null(strstr(err.text, "cancel_reason"));
    assert_non_null(strstr(err.text, "场次 #1"));
    session.cancel_reason = "台风\t停课\r\n另行通知";
    assert_int_equal(timetable_add_session(tt, &session, NULL), ERR_NONE);
    timetable_unref(tt);
}

#define REFUSES(kind, sample, field, value)                                                                  \
    do {                                                                                                     \
        struct kind row_ = (sample);                                                                         \
        row_.field = (value);                                                                                \
        uint32_t index_ = 42;                                                                                \
        size_t before_ = tt->kind##_count;                                                                   \
        assert_int_equal(timetable_add_##kind(tt, &row_, &index_, NULL), ERR_INPUT);                         \
        assert_int_equal(index_, 42);                                                                        \
        assert_int_equal(tt->kind##_count, before_);                                                         \
    } while (0)

#define TAKES(kind, sample, field, value)                                                                    \
    do {                                                                                                     \
        struct kind row_ = (sample);                                                                         \
        row_.field = (value);                                                                                \
        struct error err_ = {0};                                                                             \
        uint32_t index_ = 42;                                                                                \
        assert_done(timetable_add_##kind(tt, &row_, &index_, &err_), &err_);                                 \
    } while (0)

static void test_bounds_of_places(void **state)
{
    (void)state;
    struct timetable *tt = sample_new();
    struct travel_class road = {"road", "公路", 135, 40, 5};
    REFUSES(travel_class, road, detour_pct, 99);
    REFUSES(travel_class, road, detour_pct, LIMIT_TRAVEL_DETOUR_PCT + 1);
    REFUSES(travel_class, road, speed_kmh, 0);
    REFUSES(travel_class, road, speed_kmh, LIMIT_TRAVEL_SPEED_KMH + 1);
    REFUSES(travel_class, road, fixed_min, -1);
    REFUSES(travel_class, road, fixed_min, LIMIT_TRAVEL_MINUTES + 1);
    TAKES(travel_class, road, fixed_min, LIMIT_TRAVEL_MINUTES);
    REFUSES(area, area_sample("1", NULL, AREA_CITY), travel_class, 1);
    REFUSES(area, area_sample("1", NULL, AREA_CITY), population, -1);
    REFUSES(area, area_sample("1", NULL, (enum area_level)9), population, 0);
    REFUSES(area, area_sample("1", NULL, AREA_CITY), place, ((struct place){90000001, 0, true}));
    REFUSES(area, area_sample("1", NULL, AREA_CITY), place, ((struct place){0, -180000001, true}));
    TAKES(area, area_sample("1", NULL, AREA_CITY), place, ((struct place){90000000, -180000000, true}));
    REFUSES(hall, hall_sample("H2", 9), stars, 0);
    REFUSES(hall, hall_sample("H2", 0), school, 9);
    REFUSES(hall, hall_sample("H2", 0), valid_from, DATE_MIN - 1);
    REFUSES(hall, hall_sample("H2", 0), valid_to, DATE_MAX + 1);
    REFUSES(hall, hall_sample("H2", 0), hours, ((struct hours){.count = 1}));
    REFUSES(hall, hall_sample("H2", 0), name, NULL);
    struct room room = {.id = "R2", .hall = 0};
    REFUSES(room, room, hall, 1);
    REFUSES(room, room, capacity, -1);
    TAKES(room, room, capacity, 0);
    assert_string_equal(tt->rooms[1].name, "");
    timetable_unref(tt);
}

static void test_bounds_of_teaching(void **state)
{
    (void)state;
    struct timetable *tt = sample_new();
    REFUSES(course, course_sample("X2"), category, NONE);
    REFUSES(course, course_sample("X2"), provider, 1);
    REFUSES(course, course_sample("X2"), minutes, 0);
    REFUSES(course, course_sample("X2"), minutes, LIMIT_SESSION_MINUTES + 1);
    REFUSES(course, course_sample("X2"), setup_min, LIMIT_MARGIN_MINUTES + 1);
    REFUSES(course, course_sample("X2"), clear_min, -1);
    REFUSES(course, course_sample("X2"), audience, 0);
    REFUSES(course, course_sample("X2"), supply_limit, -1);
    REFUSES(course, course_sample("X2"), hall_quota, -1);
    REFUSES(course, course_sample("X2"), parts, 8);
    static const struct season SEASONS[SEASONS_MAX + 1] = {{101, 1231}};
    struct course seasonal = course_sample("X2");
    seasonal.seasons = SEASONS;
    REFUSES(course, seasonal, season_count, 2); /* the second is 00-00 */
    REFUSES(course, seasonal, season_count, SEASONS_MAX + 1);
    TAKES(course, seasonal, season_count, 1);
    assert_int_equal(tt->courses[1].seasons[0].to_md, 1231);
    assert_ptr_not_equal(tt->courses[1].seasons, SEASONS);
    REFUSES(instructor, instructor_sample("T2"), home_area, 1);
    REFUSES(instructor, instructor_sample("T2"), max_week, -1);
    static const uint32_t COURSES[] = {0, 2};
    struct instructor teacher = instructor_sample("T2");
    teacher.courses = COURSES;
    REFUSES(instructor, teacher, course_count, 2);
    TAKES(instructor, teacher, course_count, 1);
    timetable_unref(tt);
}

static void test_bounds_of_requests(void **state)
{
    (void)state;
    struct timetable *tt = sample_new();
    REFUSES(request, request_sample("Q2"), hall, NONE); /* neither hall nor area */
    REFUSES(request, request_sample("Q2"), area, 0);    /* both */
    REFUSES(request, request_sample("Q2"), course, 1);
    REFUSES(request, request_sample("Q2"), sessions, 0);
    REFUSES(request, request_sample("Q2"), sessions, LIMIT_REQUEST_SESSIONS + 1);
    REFUSES(request, request_sample("Q2"), from_day, DAY + 31);
    REFUSES(request, request_sample("Q2"), to_day, DATE_MAX + 1);
    REFUSES(request, request_sample("Q2"), weekdays, 0x80);
    REFUSES(request, request_sample("Q2"), priority, 0);
    REFUSES(request, request_sample("Q2"), priority, 10);
    REFUSES(request, request_sample("Q2"), holiday_rule, (enum holiday_rule)3);
    struct request weekly = request_sample("Q2");
    weekly.is_series = true;
    REFUSES(request, weekly, sessions, LIMIT_SERIES_MEETINGS + 1);
    TAKES(request, weekly, sessions, LIMIT_SERIES_MEETINGS);
    TAKES(request, request_sample("Q3"), sessions, LIMIT_REQUEST_SESSIONS);
    timetable_unref(tt);
}

#define REFUSES_ROW(kind, sample, field, value)                                                              \
    do {                                                                                                     \
        struct kind row_ = (sample);                                                                         \
        row_.field = (value);                                                                                \
        assert_int_equal(timetable_add_##kind(tt, &row_, NULL), ERR_INPUT);                                  \
    } while (0)

static void test_bounds_of_rows_without_index(void **state)
{
    (void)state;
    struct timetable *tt = sample_new();
    struct travel_override journey = {0, 0, 10};
    REFUSES_ROW(travel_override, journey, to_area, 1);
    REFUSES_ROW(travel_override, journey, minutes, LIMIT_TRAVEL_MINUTES + 1);
    struct holiday holiday = {DAY, "示例节", true};
    REFUSES_ROW(holiday, holiday, day, DATE_MAX + 1);
    REFUSES_ROW(closure, closure_sample(CLOSURE_ROOM, 1), to_min, 60);
    REFUSES_ROW(closure, closure_sample(CLOSURE_HALL, 1), to_min, 60);
    REFUSES_ROW(closure, closure_sample(CLOSURE_AREA, NONE), to_min, 60);
    REFUSES_ROW(closure, closure_sample(CLOSURE_HALL, 0), to_min, 0);
    REFUSES_ROW(closure, closure_sample(CLOSURE_HALL, 0), to_min, DAY_MINUTES + 1);
    REFUSES_ROW(closure, closure_sample(CLOSURE_HALL, 0), to_day, DAY - 1);
    REFUSES_ROW(closure, closure_sample((enum closure_scope)3, 0), to_min, 60);
    REFUSES_ROW(absence, absence_sample(1), to_min, 60);
    REFUSES_ROW(absence, absence_sample(0), from_min, DAY_MINUTES);
    struct series series = {.id = 1, .request = 0};
    REFUSES_ROW(series, series, id, 0);
    REFUSES_ROW(series, series, request, 1);
    assert_int_equal(tt->closure_count + tt->absence_count + tt->series_count + tt->holiday_count, 0);
    timetable_unref(tt);
}

static void test_bounds_of_sessions(void **state)
{
    (void)state;
    struct timetable *tt = sample_new();
    REFUSES_ROW(session, session_sample(0, 0), counts_as, 1);
    REFUSES_ROW(session, session_sample(1, 0), at.course, 1);
    REFUSES_ROW(session, session_sample(1, 1), counts_as, 1);
    REFUSES_ROW(session, session_sample(1, 0), at.instructors[0], 1);
    REFUSES_ROW(session, session_sample(1, 0), at.instructor_count, LIMIT_SESSION_INSTRUCTORS + 1);
    REFUSES_ROW(session, session_sample(1, 0), at.day, DATE_MIN - 1);
    REFUSES_ROW(session, session_sample(1, 0), at.start_min, DAY_MINUTES);
    REFUSES_ROW(session, session_sample(1, 0), at.start_min, -1);
    REFUSES_ROW(session, session_sample(1, 0), at.minutes, 0);
    REFUSES_ROW(session, session_sample(1, 0), at.minutes, LIMIT_SESSION_MINUTES + 1);
    REFUSES_ROW(session, session_sample(1, 0), at.setup_min, LIMIT_MARGIN_MINUTES + 1);
    REFUSES_ROW(session, session_sample(1, 0), at.clear_min, LIMIT_MARGIN_MINUTES + 1);
    REFUSES_ROW(session, session_sample(1, 0), at.request, 1);
    REFUSES_ROW(session, session_sample(1, 0), at.heads, -1);
    REFUSES_ROW(session, session_sample(1, 0), status, (enum session_status)3);
    REFUSES_ROW(session, session_sample(1, 0), counts_as, 0);
    struct session twice = session_sample(1, 0);
    twice.at.instructors[1] = 0;
    REFUSES_ROW(session, twice, at.instructor_count, 2);
    assert_int_equal(tt->session_count, 0);
    session_add(tt, 1, 0);
    assert_int_equal(tt->sessions[0].at.instructors[1], NONE); /* unused places say so */
    timetable_unref(tt);
}

static void test_limit_of_rows(void **state)
{
    (void)state;
    struct timetable *tt = sample_new();
    struct travel_override journey = {0, 0, 10};
    struct error err = {0};
    assert_int_equal(timetable_add_travel_override(tt, &journey, NULL), ERR_NONE);
    /* as if the table were full: sixteen million rows would take a test too long */
    tt->travel_override_count = LIMIT_ROWS;
    assert_int_equal(timetable_add_travel_override(tt, &journey, &err), ERR_LIMIT);
    assert_non_null(strstr(err.text, "16000000"));
    assert_int_equal(tt->travel_override_count, LIMIT_ROWS);
    tt->travel_override_count = 1;
    seal(tt);
    timetable_unref(tt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_names_and_notes),
        cmocka_unit_test(test_bounds_of_places),
        cmocka_unit_test(test_bounds_of_teaching),
        cmocka_unit_test(test_bounds_of_requests),
        cmocka_unit_test(test_bounds_of_rows_without_index),
        cmocka_unit_test(test_bounds_of_sessions),
        cmocka_unit_test(test_limit_of_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
