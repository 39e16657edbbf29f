/* The options of the coverage figures, their defaults, and the page that shows what the JSON says. */
#include "base/date.h"
#include "base/limits.h"
#include "daemon/router.h"
#include "daemon/web_assets.h"
#include "tests/daemon/daemon_city.h"

#include <jansson.h>

#define ID_64 "1234567890123456789012345678901234567890123456789012345678901234"

static void test_options(void **state)
{
    static const struct {
        const char *name, *value;
        bool ok;
    } CASES[] = {
        {"definition", "halls-planned", true},
        {"definition", "halls-held/1", true},
        {"definition", "halls-held%2F1", true}, /* what a form sends */
        {"definition", "halls-held/2", false},
        {"definition", ID_64 "halls-held", false},
        {"definition", "halls", false},
        {"definition", "", false},
        {"from", "2027-01-01", true},
        {"from", "2027-02-29", false},
        {"from", "2027-1-1", false},
        {"from", "", false},
        {"to", "2100-12-31", true},
        {"to", "2101-01-01", false},
        {"to", "tomorrow", false},
        {"minimum", "1", true},
        {"minimum", "1000", true}, /* LIMIT_COVERAGE_MINIMUM */
        {"minimum", "1001", false},
        {"minimum", "0", false},
        {"minimum", "01", false},
        {"minimum", "-1", false},
        {"minimum", "1.5", false},
        {"minimum", "", false},
        {"minimum", "99999999999999999999", false},
        {"area", "", true}, /* what a form sends for the whole city */
        {"area", "331002", true},
        {"area", ID_64, true},
        {"area", ID_64 "5", false},
        {"lang", "en", false}, /* the router's */
        {"", "", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct figures_choice choice = {0};
        struct error err = {0};
        enum error_code code = figures_option(&choice, CASES[i].name, CASES[i].value, &err);
        if (code != (CASES[i].ok ? ERR_NONE : ERR_INPUT)) {
            fail_msg("%s=%s: %s", CASES[i].name, CASES[i].value, error_name(code));
        }
    }
}

static struct figures_choice choice_of(const char *const pairs[][2], size_t count)
{
    struct figures_choice choice = {0};
    for (size_t i = 0; i < count; i++) {
        struct error err = {0};
        assert_done(figures_option(&choice, pairs[i][0], pairs[i][1], &err), &err);
    }
    return choice;
}

static void test_defaults(void **state)
{
    struct published *city = odd_city();
    const struct figures_choice nothing = {0};
    static const char *const LAST_DAY[][2] = {{"to", "2025-06-30"}};
    struct figures_choice to = choice_of(LAST_DAY, 1);
    struct dashboard_options options;
    struct error err = {0};
    (void)state;
    assert_done(figures_resolve(city, &nothing, &options, &err), &err);
    assert_int_equal(options.definition, COVERAGE_HALLS_PLANNED);
    assert_int_equal(options.from_day, date_from_civil((struct civil){2026, 1, 1}));
    assert_int_equal(options.to_day, date_from_civil((struct civil){2026, 12, 31}));
    assert_int_equal(options.minimum, 1);
    assert_int_equal(options.area, NONE);
    assert_int_equal(options.as_of_day, DAY);
    assert_done(figures_resolve(city, &to, &options, &err), &err);
    assert_int_equal(options.from_day, date_from_civil((struct civil){2025, 1, 1}));
    assert_int_equal(options.to_day, date_from_civil((struct civil){2025, 6, 30}));
    published_destroy(city);
}

/* A plan is made in autumn for the next year: that year is shown, not the one that ends. */
static void test_the_year_of_the_newest_session(void **state)
{
    struct published *city = odd_city();
    (void)state;
    city->timetable->sessions[2].at.day = date_from_civil((struct civil){2028, 2, 29});
    assert_int_equal(figures_last_day(city), date_from_civil((struct civil){2028, 12, 31}));
    published_destroy(city);
}

static void test_what_has_no_figures(void **state)
{
    static const char *const BACKWARDS[][2] = {{"from", "2027-01-02"}, {"to", "2027-01-01"}};
    static const char *const NOWHERE[][2] = {{"area", "T2"}};
    static const char *const AGES[][2] = {{"from", "1950-01-01"},
                                          {"to", "2050-01-01"}}; /* LIMIT_REPORT_DAYS */
    struct published *city = odd_city();
    struct dashboard_options options;
    struct text json;
    struct error err = {0};
    (void)state;
    struct figures_choice choice = choice_of(BACKWARDS, 2);
    assert_int_equal(figures_resolve(city, &choice, &options, &err), ERR_INPUT);
    choice = choice_of(NOWHERE, 1);
    assert_int_equal(figures_resolve(city, &choice, &options, &err), ERR_NOT_FOUND);
    assert_int_equal(figures_option(&choice, "from", "2026-02-30", &err), ERR_INPUT);
    assert_non_null(strstr(err.text, "日期写作 2027-01-31"));
    choice = choice_of(AGES, 2);
    assert_done(figures_resolve(city, &choice, &options, &err), &err);
    text_init(&json, LIMIT_DASHBOARD_BYTES);
    assert_int_equal(dashboard_json(city->timetable, &options, &json, &err), ERR_INPUT);
    text_finish(&json);
    published_destroy(city);
}

static void test_one_query_for_one_choice(void **state)
{
    static const char *const ONE[][2] = {{"definition", "villages"},
                                         {"from", "2026-01-01"},
                                         {"to", "2026-06-30"},
                                         {"minimum", "2"},
                                         {"area", "C1"}};
    static const char *const OTHER[][2] = {{"area", "C1"},
                                           {"minimum", "2"},
                                           {"to", "2026-06-30"},
                                           {"definition", "villages/1"},
                                           {"from", "2026-01-01"}};
    static const char *const ODD[][2] = {{"area", "a&b=\"<%2F礼"}};
    struct figures_choice choice = choice_of(ONE, 5);
    struct text query;
    (void)state;
    text_init(&query, LIMIT_NOTE_BYTES);
    figures_query(&choice, &query);
    assert_string_equal(text_string(&query),
                        "definition=villages%2F1&from=2026-01-01&to=2026-06-30&minimum=2&area=C1");
    text_clear(&query);
    choice = choice_of(OTHER, 5);
    figures_query(&choice, &query);
    assert_string_equal(text_string(&query),
                        "definition=villages%2F1&from=2026-01-01&to=2026-06-30&minimum=2&area=C1");
    text_clear(&query);
    choice = choice_of(ODD, 1);
    figures_query(&choice, &query);
    assert_string_equal(text_string(&query), "area=a%26b%3D%22%3C%2F%E7%A4%BC");
    text_finish(&query);
}

/* Runs a route with the given choice; the draft must be finished by the caller. */
static void answer(const struct published *city, const char *path, struct figures_choice choice,
                   struct reply_draft *draft)
{
    struct route_request request = {.published = city, .figures = choice};
    struct error err = {0};
    const struct route *route = route_find(path, request.id);
    assert_non_null(route);
    *draft = (struct reply_draft){.status = 200};
    text_init(&draft->body, LIMIT_PAGE_BYTES);
    assert_done(route->handle(&request, route->argument, draft, &err), &err);
}

static void test_the_page_says_what_the_json_says(void **state)
{
    static const char *const TWICE[][2] = {{"minimum", "3"}, {"area", "T1"}};
    struct figures_choice choice = choice_of(TWICE, 2);
    struct published *city = odd_city();
    struct reply_draft json;
    struct reply_draft page;
    char figure[64];
    (void)state;
    answer(city, "/api/coverage", choice, &json);
    answer(city, "/coverage", choice, &page);
    assert_string_equal(json.content_type, "application/json");
    json_t *data = json_loads(text_string(&json.body), 0, NULL);
    const json_t *coverage = json_object_get(data, "coverage");
    assert_int_equal(json_integer_value(json_object_get(coverage, "numerator")), 0);
    assert_int_equal(json_integer_value(json_object_get(coverage, "denominator")), 1);
    snprintf(figure, sizeof figure, "<li><b>%s %%</b>", json_string_value(json_object_get(coverage, "rate")));
    assert_non_null(strstr(text_string(&page.body), figure));
    assert_non_null(strstr(text_string(&page.body), "<b>0 ÷ 1</b>"));
    assert_non_null(strstr(text_string(&page.body), "未达标，还差 1。"));
    assert_non_null(
        strstr(text_string(&page.body), "href=\"/hall/" HALL_ODD_PATH "\"")); /* the unreached one */
    assert_non_null(strstr(text_string(&page.body), "value=\"3\""));
    /* The other language keeps the choice. */
    assert_non_null(strstr(text_string(&page.body), "href=\"/coverage?lang=en&amp;minimum=3&amp;area=T1\""));
    json_decref(data);
    text_finish(&json.body);
    text_finish(&page.body);
    published_destroy(city);
}

static void test_nothing_to_reach_is_no_hundred_percent(void **state)
{
    static const char *const VILLAGE[][2] = {{"area", "V1"}, {"definition", "townships"}};
    struct published *city = odd_city();
    struct reply_draft page;
    (void)state;
    answer(city, "/coverage", choice_of(VILLAGE, 2), &page);
    assert_non_null(strstr(text_string(&page.body), "<li><b>–</b>"));
    assert_null(strstr(text_string(&page.body), "<b>100"));
    text_finish(&page.body);
    published_destroy(city);
}

/* A hall and a township, with what reaches them or why nothing does; one of the two is needed, and must
 * exist. */
static void test_proposals(void **state)
{
    static const struct {
        const char *name, *value;
        enum error_code code;
        const char *key; /* of the answer */
    } CASES[] = {
        {"hall", HALL_ODD, ERR_NONE, "places"},  {"township", "T1", ERR_NONE, "proposals"},
        {"hall", "T1", ERR_NOT_FOUND, NULL},     {"township", "T2", ERR_NOT_FOUND, NULL},
        {"township", "C1", ERR_NOT_FOUND, NULL}, {"township", "V1", ERR_NOT_FOUND, NULL},
        {NULL, NULL, ERR_INPUT, NULL},
    };
    struct published *city = odd_city();
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct route_request request = {.published = city};
        struct reply_draft draft = {.status = 200};
        struct error err = {0};
        const struct route *route = route_find("/api/proposals", request.id);
        if (CASES[i].name != NULL) {
            assert_done(route_option(route, &request, CASES[i].name, CASES[i].value, &err), &err);
            assert_int_equal(route_option(route, &request, "hall", HALL_ODD, &err),
                             ERR_INPUT); /* a second one */
        }
        text_init(&draft.body, LIMIT_PAGE_BYTES);
        assert_int_equal(route->handle(&request, 0, &draft, &err), CASES[i].code);
        json_t *answer = json_loads(text_string(&draft.body), 0, NULL);
        assert_int_equal(json_is_array(json_object_get(answer, CASES[i].key != NULL ? CASES[i].key : "")),
                         CASES[i].code == ERR_NONE);
        json_decref(answer);
        text_finish(&draft.body);
    }
    published_destroy(city);
}

/* The page loads what the program carries, and nothing when it carries nothing. */
static void test_the_assets_of_the_page(void **state)
{
    const struct web_page *assets = web_page_find("coverage");
    struct published *city = odd_city();
    struct reply_draft page;
    (void)state;
    assert_null(web_page_find("no such page"));
    answer(city, "/coverage", (struct figures_choice){0}, &page);
    assert_int_equal(page.runs_scripts, assets != NULL);
    assert_int_equal(strstr(text_string(&page.body), "/assets/") != NULL, assets != NULL);
    for (size_t i = 0; assets != NULL && i < 3; i++) {
        const char *const names[] = {assets->script, assets->style, assets->later};
        char path[160];
        struct reply_draft asset;
        snprintf(path, sizeof path, "/assets/%s", names[i]);
        assert_non_null(strstr(text_string(&page.body), path));
        answer(city, path, (struct figures_choice){0}, &asset);
        assert_true(asset.body.length > 1000);
        assert_string_equal(asset.cache_control, "public, max-age=31536000, immutable");
        text_finish(&asset.body);
    }
    text_finish(&page.body);
    published_destroy(city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_the_year_of_the_newest_session),
        cmocka_unit_test(test_what_has_no_figures),
        cmocka_unit_test(test_one_query_for_one_choice),
        cmocka_unit_test(test_the_page_says_what_the_json_says),
        cmocka_unit_test(test_nothing_to_reach_is_no_hundred_percent),
        cmocka_unit_test(test_proposals),
        cmocka_unit_test(test_the_assets_of_the_page),
    };
    feed_library_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
