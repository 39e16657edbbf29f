/* The list of sessions: the columns of DESIGN §11, their order and their quoting, as CSV and as JSON. */
#include "reports/session_list.h"

#include "tests/reports/report_city.h"

#include <jansson.h>

static const char CONTRACT[] =
    "uid,status,date,start,end,tzid,county,township_code,township,hall_id,hall,room_id,"
    "instructor_id,instructor,course_id,course,category,request_id,series_id,sequence,"
    "last_modified";

static struct session_filter everything(void)
{
    return (struct session_filter){.from_day = DATE_MIN,
                                   .to_day = DATE_MAX,
                                   .area = NONE,
                                   .hall = NONE,
                                   .instructor = NONE,
                                   .any_status = true};
}

/* Five sessions whose order by id is not that by time. Session 3 has everything: two instructors, a series, a
 * request, an end past midnight, a note to be quoted. */
static struct timetable *listed_city(void)
{
    struct timetable *tt = report_city();
    struct error err = {0};
    uint32_t index = NONE;
    struct hall odd = hall_sample("H,2", VILLAGE_B1X);
    odd.name = "示例\"礼堂\",二";
    plain_place_add(tt, "H1", VILLAGE_A1X);
    place_add(tt, &odd);
    struct request request = request_sample("Q1");
    assert_done(timetable_add_request(tt, &request, &index, &err), &err);
    assert_done(timetable_add_series(tt, &(struct series){.id = 9, .request = 0}, &err), &err);
    meeting_add(tt, 1, 0, DAY + 2, SESSION_CONFIRMED, HELD_YES);
    meeting_add(tt, 2, 0, DAY, SESSION_CANCELLED, HELD_UNKNOWN);
    struct session full = session_sample(3, 1);
    full.at.start_min = 1410;
    full.at.minutes = 120;
    full.at.instructors[0] = 1;
    full.at.instructors[1] = 0;
    full.at.instructor_count = 2;
    full.at.request = 0;
    full.at.series_id = 9;
    full.at.pinned = true;
    full.status = SESSION_TENTATIVE;
    full.sequence = 4;
    full.changed_at = 1795424400;
    full.note = "=1+1";
    assert_done(timetable_add_session(tt, &full, &err), &err);
    struct session early = session_sample(5, 0);
    early.at.start_min = 480;
    assert_done(timetable_add_session(tt, &early, &err), &err);
    struct session twin = session_sample(4, 1);
    twin.at.start_min = 480;
    assert_done(timetable_add_session(tt, &twin, &err), &err);
    seal(tt);
    return tt;
}

/* The CSV of what passes, malloc'd. */
static char *csv_of(const struct timetable *tt, const struct session_filter *filter, bool for_excel)
{
    uint32_t *indices = NULL;
    size_t count = 0;
    struct error err = {0};
    struct text text;
    text_init(&text, 1 << 20);
    assert_done(session_list_select(tt, filter, &indices, &count, &err), &err);
    struct zone zone;
    assert_done(zone_load(tt->tzid, &zone, &err), &err);
    session_list_csv(&(struct session_list){tt, &zone, DAY, AUDIENCE_OFFICE, indices, count}, for_excel,
                     &text);
    free(indices);
    return text_take(&text);
}

static void test_header(void **state)
{
    struct timetable *tt = listed_city();
    struct session_filter none = everything();
    none.to_day = DATE_MIN;
    char *csv = csv_of(tt, &none, false);
    (void)state;
    assert_memory_equal(csv, CONTRACT, sizeof CONTRACT - 1);
    assert_true(csv[sizeof CONTRACT - 1] == ',' || csv[sizeof CONTRACT - 1] == '\n'); /* more may follow */
    assert_ptr_equal(strchr(csv, '\n'), csv + strlen(csv) - 1);
    free(csv);
    timetable_unref(tt);
}

static void test_order(void **state)
{
    struct timetable *tt = listed_city();
    struct session_filter filter = everything();
    uint32_t *indices = NULL;
    size_t count = 0;
    struct error err = {0};
    static const int64_t ORDER[] = {4, 5, 2, 3, 1}; /* by day, start, id */
    (void)state;
    assert_done(session_list_select(tt, &filter, &indices, &count, &err), &err);
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(tt->sessions[indices[i]].at.session_id, ORDER[i]);
    }
    free(indices);
    timetable_unref(tt);
}

static void test_a_full_row(void **state)
{
    struct timetable *tt = listed_city();
    struct session_filter filter = everything();
    filter.hall = 1;
    filter.any_status = false;
    filter.status = SESSION_TENTATIVE;
    char *csv = csv_of(tt, &filter, false);
    char wanted[1024];
    (void)state;
    snprintf(wanted, sizeof wanted,
             "\ns-3@%s,TENTATIVE,2026-11-23,23:30,+1 01:30,Asia/Shanghai,示例,B1,示例,\"H,2\","
             "\"示例\"\"礼堂\"\",二\",\"R-H,2\",T2;T1,\"示例乙, "
             "\"\"丙\"\";示例甲\",X1,手机防诈骗,智慧助老,Q1,9,4,"
             "2026-11-23T09:00:00Z,",
             tt->uid_domain);
    if (strstr(csv, wanted) == NULL) {
        fail_msg("%s\nnot in\n%s", wanted, csv);
    }
    free(csv);
    timetable_unref(tt);
}

static void test_a_bare_row(void **state)
{
    struct timetable *tt = listed_city();
    struct session_filter filter = everything();
    filter.from_day = filter.to_day = DAY + 2;
    char *csv = csv_of(tt, &filter, false);
    (void)state;
    assert_non_null(strstr(csv, "CONFIRMED,2026-11-25,09:00,10:30,"));
    assert_non_null(strstr(csv, ",智慧助老,,,0,1970-01-01T00:00:00Z,")); /* nobody asked, no series */
    free(csv);
    timetable_unref(tt);
}

/* Excel and WPS: a BOM, CRLF, and nothing that is run as a formula. */
static void test_for_excel(void **state)
{
    struct timetable *tt = listed_city();
    struct session_filter filter = everything();
    char *plain = csv_of(tt, &filter, false);
    char *excel = csv_of(tt, &filter, true);
    (void)state;
    assert_memory_equal(excel, "\xEF\xBB\xBFuid,", 7);
    assert_string_equal(excel + strlen(excel) - 2, "\r\n");
    for (const char *at = excel + 1; *at != '\0'; at++) {
        assert_true(*at != '\n' || at[-1] == '\r');
    }
    assert_non_null(strstr(plain, ",=1+1\n"));
    assert_non_null(strstr(excel, ",'=1+1\r\n"));
    assert_non_null(strstr(plain, ",+1 01:30,"));
    assert_non_null(strstr(excel, ",'+1 01:30,"));
    free(plain);
    free(excel);
    timetable_unref(tt);
}

static size_t count_of(const struct timetable *tt, const struct session_filter *filter)
{
    uint32_t *indices = NULL;
    size_t count = 0;
    struct error err = {0};
    assert_done(session_list_select(tt, filter, &indices, &count, &err), &err);
    free(indices);
    return count;
}

static void test_filters(void **state)
{
    struct timetable *tt = listed_city();
    struct session_filter filter = everything();
    (void)state;
    assert_int_equal(count_of(tt, &filter), 5);
    filter.hall = 0;
    assert_int_equal(count_of(tt, &filter), 3);
    filter = everything();
    filter.area = COUNTY_B;
    assert_int_equal(count_of(tt, &filter), 2);
    filter.area = TOWN_A2;
    assert_int_equal(count_of(tt, &filter), 0);
    filter = everything();
    filter.instructor = 1; /* second of two, and alone */
    assert_int_equal(count_of(tt, &filter), 1);
    filter.instructor = 0;
    assert_int_equal(count_of(tt, &filter), 5);
    filter = everything();
    filter.from_day = DAY + 1;
    assert_int_equal(count_of(tt, &filter), 1);
    filter = everything();
    filter.to_day = DAY + 1;
    assert_int_equal(count_of(tt, &filter), 4);
    filter = everything();
    filter.any_status = false;
    filter.status = SESSION_CANCELLED;
    assert_int_equal(count_of(tt, &filter), 1);
    timetable_unref(tt);
}

static void test_json(void **state)
{
    struct timetable *tt = listed_city();
    struct session_filter filter = everything();
    uint32_t *indices = NULL;
    size_t count = 0;
    struct error err = {0};
    struct text text;
    json_error_t problem;
    (void)state;
    text_init(&text, 1 << 20);
    assert_done(session_list_select(tt, &filter, &indices, &count, &err), &err);
    struct zone zone;
    assert_done(zone_load(tt->tzid, &zone, &err), &err);
    struct session_list rows = {tt, &zone, DAY, AUDIENCE_OFFICE, indices, count};
    session_list_json(&rows, &text);
    json_t *list = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, &problem);
    if (list == NULL) {
        fail_msg("%s: %s", problem.text, text_string(&text));
    }
    assert_int_equal(json_array_size(list), 5);
    const json_t *full = json_array_get(list, 3);
    assert_string_equal(json_string_value(json_object_get(full, "hall")), "示例\"礼堂\",二");
    assert_string_equal(json_string_value(json_object_get(full, "instructor_id")), "T2;T1");
    assert_string_equal(json_string_value(json_object_get(full, "end")), "+1 01:30");
    assert_string_equal(json_string_value(json_object_get(full, "note")), "=1+1");
    assert_int_equal(json_integer_value(json_object_get(full, "series_id")), 9);
    assert_int_equal(json_integer_value(json_object_get(full, "sequence")), 4);
    assert_int_equal(json_integer_value(json_object_get(full, "id")), 3);
    const json_t *bare = json_array_get(list, 4);
    assert_true(json_is_null(json_object_get(bare, "series_id")));
    assert_string_equal(json_string_value(json_object_get(bare, "request_id")), "");
    json_decref(list);
    text_clear(&text);
    rows.audience = AUDIENCE_PUBLIC; /* names, but no ids that lead to more */
    session_list_json(&rows, &text);
    list = json_loadb(text.data, text.length, 0, &problem);
    full = json_array_get(list, 3);
    assert_string_equal(json_string_value(json_object_get(full, "instructor_id")), "");
    assert_true(json_string_length(json_object_get(full, "instructor")) > 0);
    json_decref(list);
    text_clear(&text);
    rows.count = 0;
    session_list_json(&rows, &text);
    list = json_loadb(text.data, text.length, 0, &problem);
    assert_non_null(list);
    assert_int_equal(json_array_size(list), 0);
    json_decref(list);
    free(indices);
    text_finish(&text);
    timetable_unref(tt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_header),     cmocka_unit_test(test_order),
        cmocka_unit_test(test_a_full_row), cmocka_unit_test(test_a_bare_row),
        cmocka_unit_test(test_for_excel),  cmocka_unit_test(test_filters),
        cmocka_unit_test(test_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
