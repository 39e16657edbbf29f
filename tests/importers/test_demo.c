/* The sample city: bounds, the same rows for the same options, public facts, shares. */
#include "demo_sample.h"

#include <string.h>

static struct demo_summary build(struct demo_options options)
{
    struct error err;
    struct change_set *set = NULL;
    struct demo_summary summary;
    assert_int_equal(change_set_create("test", "示例", "demo", &set, &err), ERR_NONE);
    if (demo_build(&options, set, &summary, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    change_set_destroy(set);
    return summary;
}

static void test_same_seed_same_rows(void **state)
{
    (void)state;
    static const uint32_t SIZES[] = {100, 1000, 12500};
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        struct demo_summary first = build(sample_options(7, SIZES[i]));
        struct demo_summary again = build(sample_options(7, SIZES[i]));
        struct demo_summary other = build(sample_options(8, SIZES[i]));
        assert_memory_equal(&first, &again, sizeof first);
        assert_true(first.content_hash != other.content_hash);
    }
}

static void test_bounds(void **state)
{
    (void)state;
    struct error err;
    struct change_set *set = NULL;
    struct demo_summary summary = {.halls = 12345};
    assert_int_equal(change_set_create("test", "示例", "demo", &set, &err), ERR_NONE);
    struct demo_options options = sample_options(1, DEMO_SESSIONS_MIN - 1);
    assert_int_equal(demo_build(&options, set, &summary, &err), ERR_INPUT);
    options.sessions = DEMO_SESSIONS_MAX + 1;
    assert_int_equal(demo_build(&options, set, &summary, &err), ERR_INPUT);
    options.sessions = DEMO_SESSIONS_MIN;
    options.year = 2000;
    assert_int_equal(demo_build(&options, set, &summary, &err), ERR_INPUT);
    options.year = 2100;
    assert_int_equal(demo_build(&options, set, &summary, &err), ERR_INPUT);
    assert_int_equal(summary.halls, 12345); /* untouched */
    change_set_destroy(set);
}

/* Every year that is accepted can be built, and its holidays are in it. */
static void test_years(void **state)
{
    (void)state;
    for (int32_t year = 2001; year <= 2099; year += 7) {
        struct demo_options options = sample_options(1, 100);
        options.year = year;
        assert_true(build(options).sessions >= 100);
        struct demo_holiday days[DEMO_HOLIDAYS_MAX];
        size_t count = demo_holidays_by_rule(year, days);
        assert_true(count >= 13 && count <= DEMO_HOLIDAYS_MAX);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(date_year(days[i].day), year);
        }
    }
    struct demo_holiday none[DEMO_HOLIDAYS_MAX];
    assert_int_equal(demo_holidays_by_rule(2000, none), 0);
    assert_int_equal(demo_holidays_by_rule(2100, none), 0);
}

static const struct area *area_of(const struct timetable *timetable, const char *id)
{
    uint32_t area = timetable_find_area(timetable, id);
    assert_true(area != NONE);
    return &timetable->areas[area];
}

static void check_holidays(const struct timetable *timetable)
{
    size_t off = 0;
    size_t worked = 0;
    struct demo_holiday rule[DEMO_HOLIDAYS_MAX];
    size_t rule_count = demo_holidays_by_rule(2027, rule);
    size_t found = 0;
    for (size_t i = 0; i < timetable->holiday_count; i++) {
        const struct holiday *holiday = &timetable->holidays[i];
        if (date_year(holiday->day) == 2026) {
            off += holiday->is_off ? 1 : 0;
            worked += holiday->is_off ? 0 : 1;
            continue;
        }
        /* The file of 2027 is the regulation's own days, and says that it is a sample. */
        assert_non_null(strstr(holiday->name, "（示例）"));
        for (size_t j = 0; j < rule_count; j++) {
            found +=
                rule[j].day == holiday->day && strncmp(rule[j].name, holiday->name, strlen(rule[j].name)) == 0
                    ? 1
                    : 0;
        }
    }
    assert_int_equal(off, 33);
    assert_int_equal(worked, 6);
    assert_int_equal(found, rule_count);
    assert_int_equal(timetable->holiday_count, 39 + rule_count);
}

static void check_facts(const struct timetable *timetable)
{
    size_t levels[4] = {0};
    for (size_t i = 0; i < timetable->area_count; i++) {
        levels[timetable->areas[i].level]++;
        bool made_up = timetable->areas[i].level == AREA_VILLAGE;
        assert_int_equal(strncmp(timetable->areas[i].name, "示例", strlen("示例")) == 0, made_up);
    }
    assert_int_equal(levels[AREA_CITY], 1);
    assert_int_equal(levels[AREA_COUNTY], 9);
    assert_int_equal(levels[AREA_TOWNSHIP], 136);
    const struct area *island = area_of(timetable, "331002101");
    assert_string_equal(island->name, "大陈镇");
    assert_string_equal(timetable->travel_classes[island->travel_class].id, "ferry");
    assert_int_equal(island->place.lon_e6, 121898000);
    assert_int_equal(island->place.lat_e6, 28453000);
    assert_string_equal(timetable->travel_classes[area_of(timetable, "331024200")->travel_class].id, "hill");
    assert_string_equal(timetable->tzid, "Asia/Shanghai");
    assert_string_equal(timetable->city_name, "台州市（示例）");
}

/* Percent, rounded down. */
static int percent(size_t part, size_t whole)
{
    return (int)(part * 100 / whole);
}

static void check_shares(const struct timetable *timetable, const struct demo_summary *summary)
{
    assert_int_equal(timetable->hall_count, 3000);
    assert_int_equal(timetable->hall_count, summary->halls);
    assert_int_equal(timetable->room_count, summary->rooms);
    assert_int_equal(timetable->instructor_count, 357);
    assert_int_equal(timetable->request_count, summary->requests);
    assert_int_equal(timetable->closure_count, summary->closures);
    assert_int_equal(timetable->absence_count, summary->absences);
    assert_in_range(percent(summary->series_requests, summary->requests), 7, 12);
    assert_in_range(percent(summary->hall_requests, summary->requests), 66, 74);
    assert_in_range(percent(summary->silent_halls * 10, summary->halls), 15, 35); /* per mille */
    assert_in_range(summary->sessions, 10100, 10120);
    assert_in_range(percent(summary->unmet_requests * 10, summary->requests), 5, 15); /* per mille */
    size_t unmet = 0;
    for (size_t i = 0; i < DEMO_UNMET_COUNT; i++) {
        assert_true(summary->unmet_by_kind[i] > 0);
        unmet += summary->unmet_by_kind[i];
    }
    assert_int_equal(unmet, summary->unmet_requests);
    size_t rules[3] = {0};
    for (size_t i = 0; i < timetable->request_count; i++) {
        if (timetable->requests[i].is_series) {
            rules[timetable->requests[i].holiday_rule]++;
        }
    }
    assert_true(rules[HOLIDAY_FORBID] > 50 && rules[HOLIDAY_SKIP] > 50 && rules[HOLIDAY_SHIFT] > 50);
}

static void test_city(void **state)
{
    (void)state;
    struct sample sample;
    sample_make(&sample, 1, 10000);
    check_facts(sample.timetable);
    check_holidays(sample.timetable);
    check_shares(sample.timetable, &sample.summary);
    sample_drop(&sample);
}

static void test_only_into_an_empty_database(void **state)
{
    (void)state;
    struct sample sample;
    struct error err;
    sample_make(&sample, 1, 100);
    int64_t before = 0;
    int64_t after = 0;
    assert_int_equal(store_revision(sample.store, &before, &err), ERR_NONE);
    struct demo_options options = sample_options(2, 100);
    struct demo_summary summary = {.halls = 12345};
    assert_int_equal(demo_fill(sample.store, &options, "test", &summary, &err), ERR_EXISTS);
    assert_int_equal(summary.halls, 12345);
    assert_int_equal(store_revision(sample.store, &after, &err), ERR_NONE);
    assert_int_equal(before, after);
    sample_drop(&sample);
}

static void test_what_init_was_given_stays(void **state)
{
    (void)state;
    struct sample sample;
    struct error err = {0};
    struct change_set *set = NULL;
    struct commit_result result = {0};
    sample_open(&sample);
    const struct cell zone[] = {CELL_STR("name", "tzid"), CELL_STR("value", "Europe/London")};
    const struct cell city[] = {CELL_STR("name", "city_name"), CELL_STR("value", "示例市")};
    assert_int_equal(change_set_create("test", "init", "test", &set, &err), ERR_NONE);
    assert_int_equal(change_set_put(set, TABLE_SETTING, zone, 2, &err), ERR_NONE);
    assert_int_equal(change_set_put(set, TABLE_SETTING, city, 2, &err), ERR_NONE);
    assert_int_equal(store_commit(sample.store, set, false, &result, &err), ERR_NONE);
    commit_result_finish(&result);
    change_set_destroy(set);
    sample_fill(&sample, 1, 100);
    assert_string_equal(sample.timetable->tzid, "Europe/London");
    assert_string_equal(sample.timetable->city_name, "示例市");
    assert_string_equal(sample.timetable->organizer, "台州社区大学（示例）");
    sample_drop(&sample);
}

/* Past one city's halls another is laid beside it, and the load of a hall stays what it was. */
static void test_more_cities(void **state)
{
    (void)state;
    struct sample sample;
    sample_make(&sample, 1, 25000);
    assert_int_equal(sample.summary.cities, 3);
    assert_int_equal(sample.summary.halls, 7500);
    const struct area *second = area_of(sample.timetable, "9001");
    assert_string_equal(second->name, "示例二市");
    assert_string_equal(area_of(sample.timetable, "900102001")->name, "示例二市·海门街道");
    sample_drop(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_seed_same_rows),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_years),
        cmocka_unit_test(test_city),
        cmocka_unit_test(test_more_cities),
        cmocka_unit_test(test_only_into_an_empty_database),
        cmocka_unit_test(test_what_init_was_given_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
