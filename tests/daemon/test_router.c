/* The table of routes: which path goes where, which options it takes, and what each handler answers. */
#include "base/limits.h"
#include "daemon/router.h"
#include "daemon/web_assets.h"
#include "tests/daemon/daemon_city.h"

#define TOKEN "abcdefghijklmnopqrstuvwxyz234567"

static void test_paths(void **state)
{
    static const struct {
        const char *path, *pattern, *id; /* pattern NULL: no route */
    } CASES[] = {
        {"/", "/", ""},
        {"/township/331002100", "/township/*", "331002100"},
        {"/hall/宁溪", "/hall/*", "宁溪"},
        {"/hall/a%2Fb", "/hall/*", "a/b"},
        {"/hall/..", "/hall/*", ".."},
        {"/hall/a.ics", "/hall/*", "a.ics"},
        {"/feed/city.ics", "/feed/city.ics", ""},
        {"/feed/hall/H1.ics", "/feed/hall/*.ics", "H1"},
        {"/feed/hall/H1.ics.ics", "/feed/hall/*.ics", "H1.ics"},
        {"/feed/hall/*.ics", "/feed/hall/*.ics", "*"},
        {"/robots.txt", "/robots.txt", ""},
        {"", NULL, ""},
        {"//", NULL, ""},
        {"/hall", NULL, ""},
        {"/hall/", NULL, ""},
        {"/hall/a/b", NULL, ""},
        {"/hall/a/", NULL, ""},
        {"/hall//", NULL, ""},
        {"/hall/../robots.txt", NULL, ""},
        {"/./robots.txt", NULL, ""},
        {"/robots.txt/", NULL, ""},
        {"/robots.txt%00", NULL, ""},
        {"/robots.txt ", NULL, ""},
        {"/ROBOTS.TXT", NULL, ""},
        {"/feed/hall/.ics", NULL, ""},
        {"/feed/hall/H1.ICS", NULL, ""},
        {"/feed/hall/H1", NULL, ""},
        {"/feed%2Fcity.ics", NULL, ""},
        {"/feed/hall/a/b.ics", NULL, ""},
        {"*", NULL, ""},
        {"http://other.example/", NULL, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char id[ROUTE_ID_SIZE];
        const struct route *route = route_find(CASES[i].path, id);
        if ((route == NULL) != (CASES[i].pattern == NULL)) {
            fail_msg("%s: %s", CASES[i].path, route != NULL ? route->pattern : "no route");
        }
        if (route != NULL) {
            assert_string_equal(route->pattern, CASES[i].pattern);
            assert_string_equal(id, CASES[i].id);
        }
    }
}

static void test_long_ids(void **state)
{
    char path[12000] = "/hall/";
    char id[ROUTE_ID_SIZE];
    (void)state;
    memset(path + 6, 'a', LIMIT_ID_BYTES);
    assert_non_null(route_find(path, id));
    assert_int_equal(strlen(id), LIMIT_ID_BYTES);
    memset(path + 6, 'a', ROUTE_ID_SIZE);
    assert_null(route_find(path, id));
    memset(path + 6, 'a', 10000);
    assert_null(route_find(path, id));
}

static void test_options(void **state)
{
    static const struct {
        const char *path, *name, *value;
        bool ok;
    } CASES[] = {
        {"/", "lang", "en", true},
        {"/", "lang", "zh", true},
        {"/", "lang", "", false},
        {"/", "lang", "EN", false},
        {"/", "lang", "english", false},
        {"/", "alarm", "60", false},
        {"/", "", "", false},
        {"/", "utm_source", "x", false},
        {"/feed/hall/H1.ics", "lang", "en", true},
        {"/feed/hall/H1.ics", "category", "K1", true},
        {"/feed/hall/H1.ics", "category", "", false},
        {"/hall/H1", "category", "K1", false},
        {"/feed/hall/H1.ics", "revision", "1", false},
        {"/api/receipts/township/T1.json", "revision", "1", true},
        {"/api/receipts/township/T1.json", "revision", "0", false},
        {"/api/receipts/township/T1.json", "revision", "1x", false},
        {"/api/receipts/township/T1.json", "revision", "9999999999999999999", false},
        {"/feed/hall/H1.ics", "alarm", "1", true},
        {"/feed/hall/H1.ics", "alarm", "10080", true},
        {"/feed/hall/H1.ics", "alarm", "10081", false},
        {"/feed/hall/H1.ics", "alarm", "0", false},
        {"/feed/hall/H1.ics", "alarm", "-1", false},
        {"/feed/hall/H1.ics", "alarm", "+1", false},
        {"/feed/hall/H1.ics", "alarm", " 1", false},
        {"/feed/hall/H1.ics", "alarm", "01", false},
        {"/feed/hall/H1.ics", "alarm", "1x", false},
        {"/feed/hall/H1.ics", "alarm", "0x10", false},
        {"/feed/hall/H1.ics", "alarm", "", false},
        {"/feed/hall/H1.ics", "alarm", "99999999999999999999", false},
        {"/feed/city.ics", "alarm", "60", false},
        {"/robots.txt", "lang", "en", false},
        {"/coverage", "lang", "en", true},
        {"/coverage", "definition", "villages", true},
        {"/api/coverage", "definition", "halls-held/1", true},
        {"/api/coverage", "lang", "en", false}, /* the figures are the same in both languages */
        {"/api/coverage", "utm_source", "x", false},
        {"/", "definition", "villages", false},
        {"/api/proposals", "hall", "H1", true},
        {"/api/proposals", "hall", "", false},
        {"/api/proposals", "township", "T1", true},
        {"/api/proposals", "minimum", "2", true},
        {"/api/coverage", "hall", "H1", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct route_request request = {0};
        struct error err = {0};
        const struct route *route = route_find(CASES[i].path, request.id);
        enum error_code code = route_option(route, &request, CASES[i].name, CASES[i].value, &err);
        if (code != (CASES[i].ok ? ERR_NONE : ERR_INPUT)) {
            fail_msg("%s?%s=%s: %s", CASES[i].path, CASES[i].name, CASES[i].value, error_name(code));
        }
    }
}

/* Runs the handler of a path; the draft must be finished by the caller. */
static enum error_code handle(const struct published *published, const char *path, struct reply_draft *draft)
{
    struct route_request request = {.published = published, .place = "T1", .place_is_township = true};
    struct error err = {0};
    const struct route *route = route_find(path, request.id);
    int argument = 0;
    assert_non_null(route);
    argument = route->argument;
    *draft = (struct reply_draft){.status = 200};
    text_init(&draft->body, LIMIT_CALENDAR_BYTES);
    if ((route->flags & ROUTE_SECRET) != 0) { /* as the router does for a token of I1 */
        memcpy(request.token, request.id, SECRET_SIZE);
        snprintf(request.id, sizeof request.id, "I1");
        argument = FEED_INSTRUCTOR;
    }
    enum error_code code = route->handle(&request, argument, draft, &err);
    feed_body_write(&draft->feed, &draft->body);
    feed_body_finish(&draft->feed);
    return code;
}

static void test_every_address_answers(void **state)
{
    char asset[128]; /* without pages there are no assets to ask for */
    bool has_assets = WEB_ASSETS[0].name != NULL;
    snprintf(asset, sizeof asset, "/assets/%s", has_assets ? WEB_ASSETS[0].name : "none");
    const char *const PATHS[] = {asset,
                                 "/",
                                 "/coverage",
                                 "/api/coverage",
                                 "/api/proposals",
                                 "/favicon.ico",
                                 "/township/T1",
                                 "/hall/H%2F1?a=1&b#\"<'>% 礼",
                                 "/instructor/I1",
                                 "/session/1",
                                 "/feed/city.ics",
                                 "/feed/county/C1.ics",
                                 "/feed/township/T1.ics",
                                 "/feed/hall/H%2F1?a=1&b#\"<'>% 礼.ics",
                                 "/feed/instructor/I1.ics",
                                 "/feed/provider/P1.ics",
                                 "/feed/category/K1.ics",
                                 "/i/" TOKEN,
                                 "/subscribe/county/C1",
                                 "/subscribe/township/T1",
                                 "/subscribe/hall/H%2F1?a=1&b#\"<'>% 礼",
                                 "/subscribe/instructor/I1",
                                 "/subscribe/provider/P1",
                                 "/subscribe/category/K1",
                                 "/subscribe/secret/" TOKEN,
                                 "/feed/secret/" TOKEN ".ics",
                                 "/feed/county/C1.jcal",
                                 "/feed/township/T1.jcal",
                                 "/feed/hall/H%2F1?a=1&b#\"<'>% 礼.jcal",
                                 "/feed/instructor/I1.jcal",
                                 "/feed/provider/P1.jcal",
                                 "/feed/category/K1.jcal",
                                 "/feed/secret/" TOKEN ".jcal",
                                 "/freebusy/hall/H%2F1?a=1&b#\"<'>% 礼.ifb",
                                 "/freebusy/instructor/I1.ifb",
                                 "/freebusy/secret/" TOKEN ".ifb",
                                 "/sessions/county/C1.json",
                                 "/sessions/township/T1.json",
                                 "/sessions/hall/H%2F1?a=1&b#\"<'>% 礼.json",
                                 "/sessions/instructor/I1.json",
                                 "/sessions/provider/P1.json",
                                 "/sessions/category/K1.json",
                                 "/sessions/secret/" TOKEN ".json",
                                 "/api/receipts/township/T1.json",
                                 "/robots.txt",
                                 "/style.css",
                                 "/health"};
    struct published *city = odd_city();
    (void)state;
    assert_int_equal(sizeof PATHS / sizeof PATHS[0], ROUTE_COUNT); /* a new route gets a line here */
    for (size_t i = has_assets ? 0 : 1; i < sizeof PATHS / sizeof PATHS[0]; i++) {
        struct reply_draft draft;
        if (handle(city, PATHS[i], &draft) != ERR_NONE || draft.body.length == 0) {
            fail_msg("%s", PATHS[i]);
        }
        text_finish(&draft.body);
    }
    published_destroy(city);
}

static void test_what_is_not_there(void **state)
{
    static const char *const PATHS[] = {
        "/township/C1",
        "/township/V1",
        "/township/x",
        "/hall/x",
        "/instructor/..",
        "/session/0",
        "/session/4",
        "/session/-1",
        "/session/01",
        "/session/ 1",
        "/session/1x",
        "/session/99999999999999999999",
        "/feed/county/T1.ics",
        "/feed/township/C1.ics",
        "/feed/township/V1.ics",
        "/feed/hall/x.ics",
        "/feed/instructor/x.ics",
        "/feed/provider/x.ics",
        "/feed/category/x.ics",
        "/subscribe/township/C1",
        "/subscribe/hall/x",
        "/api/receipts/township/C1.json",
        "/sessions/hall/x.json",
        "/freebusy/hall/x.ifb",
        "/feed/hall/x.jcal",
        "/assets/coverage.js",
        "/assets/..",
    };
    struct published *city = odd_city();
    (void)state;
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++) {
        struct reply_draft draft;
        enum error_code code = handle(city, PATHS[i], &draft);
        if (code != ERR_NOT_FOUND) {
            fail_msg("%s: %s", PATHS[i], error_name(code));
        }
        text_finish(&draft.body);
    }
    published_destroy(city);
}

static void test_a_feed_is_what_ical_renders(void **state)
{
    struct published *city = odd_city();
    struct reply_draft draft;
    struct feed_info info = {0};
    struct text wanted;
    (void)state;
    text_init(&wanted, LIMIT_CALENDAR_BYTES);
    assert_int_equal(feed_render(city->feeds, FEED_HALL, 0, NULL, &wanted, &info, NULL), ERR_NONE);
    assert_int_equal(handle(city, "/feed/hall/H%2F1?a=1&b#\"<'>% 礼.ics", &draft), ERR_NONE);
    assert_string_equal(text_string(&draft.body), text_string(&wanted));
    assert_string_equal(draft.content_type, "text/calendar; charset=utf-8");
    assert_string_equal(draft.filename, "hall-H_1_a_1_b__________.ics"); /* only what every client can take */
    assert_false(draft.attachment);
    assert_true(draft.last_modified >= info.last_modified);
    text_finish(&draft.body);
    text_finish(&wanted);
    published_destroy(city);
}

/* A session that left a feed for another leaves it with older events only: Last-Modified must rise even so.
 */
static void test_last_modified_is_that_of_the_whole_timetable(void **state)
{
    struct published *city = odd_city();
    (void)state;
    /* 2026-11-23T00:00+08:00 is later than the sessions' changes (2026-11-18) */
    assert_int_equal(city->last_modified, 1795363200);
    published_destroy(city);
}

static void test_prepare_keeps_the_city(void **state)
{
    struct published *city = odd_city();
    (void)state;
    router_prepare(city);
    struct reply *reply = reply_cache_find(&city->replies, "/feed/city.ics?zh/");
    assert_non_null(reply);
    assert_true(reply->attachment);
    assert_non_null(reply_cache_find(&city->replies, "/api/coverage?zh/"));
    assert_non_null(reply_cache_find(&city->replies, "/coverage?zh/"));
    published_destroy(city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_long_ids),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_every_address_answers),
        cmocka_unit_test(test_what_is_not_there),
        cmocka_unit_test(test_a_feed_is_what_ical_renders),
        cmocka_unit_test(test_last_modified_is_that_of_the_whole_timetable),
        cmocka_unit_test(test_prepare_keeps_the_city),
    };
    feed_library_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
