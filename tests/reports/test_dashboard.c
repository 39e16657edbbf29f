/* The dashboard's JSON: well-formed, the names of the contract, figures that agree with coverage_compute and
 * with each other; equal bytes twice. tests/reports/test_recount.c recomputes the figures in SQL. */
#include "reports/dashboard.h"

#include "report_city.h"

#include <jansson.h>

static int32_t from_day(void)
{
    return date_from_civil((struct civil){2026, 1, 1});
}

/* Hall 0 reached (held, 30 heads), 1 planned, 2 exempt, 3 never, 4 only outside. */
static struct timetable *city(void)
{
    struct timetable *tt = report_city();
    struct hall exempt = hall_sample("H2", VILLAGE_A2X);
    struct error err = {0};
    plain_place_add(tt, "H0", VILLAGE_A1X);
    plain_place_add(tt, "H1", VILLAGE_A1Y);
    exempt.exempt = true;
    place_add(tt, &exempt);
    plain_place_add(tt, "H3", VILLAGE_B1X);
    plain_place_add(tt, "H4", VILLAGE_B1X);
    struct session session = session_sample(1, 0);
    session.at.day = from_day() + 40;
    session.at.held = HELD_YES;
    session.turnout = (struct turnout){.heads = 30, .heads_60 = 10, .satisfaction = -1};
    assert_done(timetable_add_session(tt, &session, &err), &err);
    meeting_add(tt, 2, 1, from_day() + 200, SESSION_CONFIRMED, HELD_UNKNOWN);
    meeting_add(tt, 3, 4, from_day() + 201, SESSION_CONFIRMED, HELD_OUTSIDE);
    meeting_add(tt, 4, 1, from_day() + 202, SESSION_CANCELLED, HELD_UNKNOWN);
    meeting_add(tt, 5, 1, from_day() + 500, SESSION_CONFIRMED, HELD_UNKNOWN);
    seal(tt);
    return tt;
}

static json_t *dashboard_of(const struct timetable *tt, const struct dashboard_options *options)
{
    struct text text;
    struct error err = {0};
    text_init(&text, LIMIT_DASHBOARD_BYTES);
    assert_done(dashboard_json(tt, options, &text, &err), &err);
    json_t *json = json_loads(text_string(&text), JSON_REJECT_DUPLICATES, NULL);
    if (json == NULL) {
        fail_msg("not JSON: %s", text_string(&text));
    }
    text_finish(&text);
    return json;
}

static json_int_t number_at(const json_t *json, const char *name)
{
    return json_integer_value(json_object_get(json, name));
}

static const char *text_at(const json_t *json, const char *name)
{
    return json_string_value(json_object_get(json, name));
}

static const json_t *item_of(const json_t *json, const char *list, size_t at)
{
    return json_array_get(json_object_get(json, list), at);
}

static void the_figures(void **state)
{
    struct timetable *tt = city();
    struct dashboard_options options = dashboard_defaults(from_day() + 100);
    (void)state;
    json_t *json = dashboard_of(tt, &options);
    const json_t *coverage = json_object_get(json, "coverage");
    assert_string_equal(text_at(json, "as_of"), "2026-04-11");
    assert_string_equal(text_at(json, "from"), "2026-01-01");
    assert_string_equal(text_at(json, "to"), "2026-12-31");
    assert_string_equal(text_at(json, "target"), "98.00");
    assert_int_equal(number_at(coverage, "numerator"), 2);
    assert_int_equal(number_at(coverage, "denominator"), 4);
    assert_int_equal(number_at(coverage, "exempt"), 1);
    assert_string_equal(text_at(coverage, "rate"), "50.00");
    assert_int_equal(json_array_size(json_object_get(json, "definitions")), COVERAGE_COUNT);
    assert_string_equal(text_at(item_of(json, "counties", 1), "code"), "B");
    assert_int_equal(number_at(item_of(json, "counties", 1), "numerator"), 0);
    assert_int_equal(number_at(item_of(json, "counties", 1), "sessions"), 1);
    assert_int_equal(number_at(item_of(json, "counties", 0), "heads"), 30);
    assert_string_equal(text_at(item_of(json, "townships", 0), "county"), "A");
    assert_true(json_is_null(json_object_get(item_of(json, "townships", 0), "per_1000")));
    assert_true(json_is_null(json_object_get(item_of(json, "townships", 0), "lat")));
    assert_string_equal(text_at(item_of(json, "halls", 0), "standing"), "reached");
    assert_string_equal(text_at(item_of(json, "halls", 2), "standing"), "exempt");
    assert_string_equal(text_at(item_of(json, "halls", 4), "standing"), "unreached");
    assert_int_equal(json_array_size(json_object_get(json, "months")), 12);
    assert_string_equal(text_at(item_of(json, "months", 0), "rate"), "0.00");
    assert_string_equal(text_at(item_of(json, "months", 1), "rate"), "25.00");
    assert_string_equal(text_at(item_of(json, "months", 11), "rate"), "50.00");
    assert_int_equal(number_at(item_of(json, "categories", 0), "sessions"), 3);
    const json_t *equity = json_object_get(json, "equity");
    assert_int_equal(json_array_size(json_object_get(equity, "lowest_decile")), 1);
    assert_string_equal(text_at(item_of(equity, "lowest_decile", 0), "code"), "B1");
    assert_string_equal(text_at(item_of(equity, "lowest_decile", 0), "per_hall"), "0.50");
    json_decref(json);
    timetable_unref(tt);
}

static void an_area_by_itself(void **state)
{
    struct timetable *tt = city();
    struct dashboard_options options = dashboard_defaults(from_day());
    (void)state;
    options.area = TOWN_B1;
    options.definition = COVERAGE_VILLAGES;
    options.minimum = 2;
    json_t *json = dashboard_of(tt, &options);
    assert_string_equal(text_at(json_object_get(json, "area"), "code"), "B1");
    assert_int_equal(json_array_size(json_object_get(json, "halls")), 2);
    assert_int_equal(json_array_size(json_object_get(json, "townships")), 1);
    assert_int_equal(json_array_size(json_object_get(json, "counties")), 0);
    assert_int_equal(number_at(json_object_get(json, "coverage"), "denominator"), 1);
    assert_int_equal(number_at(json_object_get(json, "coverage"), "numerator"), 0);
    json_decref(json);
    timetable_unref(tt);
}

static void the_same_bytes_twice(void **state)
{
    struct timetable *tt = city();
    struct dashboard_options options = dashboard_defaults(from_day());
    struct text text[2];
    struct error err = {0};
    (void)state;
    for (int i = 0; i < 2; i++) {
        text_init(&text[i], LIMIT_DASHBOARD_BYTES);
        assert_done(dashboard_json(tt, &options, &text[i], &err), &err);
    }
    assert_string_equal(text_string(&text[0]), text_string(&text[1]));
    text_finish(&text[0]);
    text_finish(&text[1]);
    timetable_unref(tt);
}

static void refused(void **state)
{
    struct timetable *tt = city();
    struct dashboard_options options = dashboard_defaults(from_day());
    struct text text;
    struct error err = {0};
    (void)state;
    text_init(&text, LIMIT_DASHBOARD_BYTES);
    options.to_day = options.from_day + LIMIT_REPORT_DAYS - 1;
    assert_int_equal(dashboard_json(tt, &options, &text, &err), ERR_NONE);
    options.to_day++;
    assert_int_equal(dashboard_json(tt, &options, &text, &err), ERR_INPUT);
    options.to_day = options.from_day - 1;
    assert_int_equal(dashboard_json(tt, &options, &text, &err), ERR_INPUT);
    options = dashboard_defaults(from_day());
    options.minimum = 0;
    assert_int_equal(dashboard_json(tt, &options, &text, &err), ERR_INPUT);
    options = dashboard_defaults(from_day());
    options.definition = COVERAGE_COUNT;
    assert_int_equal(dashboard_json(tt, &options, &text, &err), ERR_INPUT);
    text_finish(&text);
    text_init(&text, 100);
    options = dashboard_defaults(from_day());
    assert_int_equal(dashboard_json(tt, &options, &text, &err), ERR_LIMIT);
    text_finish(&text);
    timetable_unref(tt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_figures),
        cmocka_unit_test(an_area_by_itself),
        cmocka_unit_test(the_same_bytes_twice),
        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
