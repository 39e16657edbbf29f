/* The daemon as a process of its own: what it answers while nothing changes. */
#include "tests/daemon/serve_process.h"

#include "base/text.h"
#include "reports/session_list.h"

#include <zlib.h>

#define FEED "/feed/township/T1.ics"

static void assert_header(const struct http_response *response, const char *name, const char *value)
{
    const char *got = response_header(response, name);
    if (got == NULL || strcmp(got, value) != 0) {
        fail_msg("%s: %s, not %s", name, got != NULL ? got : "(none)", value);
    }
}

static int start(void **state)
{
    static struct served served;
    served = served_new();
    database_make(&served, served.path, 40);
    served_start(&served);
    *state = &served;
    return 0;
}

static int stop(void **state)
{
    struct served *served = *state;
    int code = served_stop(served);
    served_finish(served);
    return code;
}

static void test_feed_headers(void **state)
{
    struct served *served = *state;
    struct http_response response = http_get(served->port, FEED, "");
    assert_int_equal(response.status, 200);
    assert_header(&response, "Content-Type", "text/calendar; charset=utf-8");
    assert_header(&response, "Content-Disposition", "inline; filename=\"township-T1.ics\"");
    assert_header(&response, "Cache-Control", "public, max-age=300");
    assert_header(&response, "Vary", "Accept-Encoding");
    assert_header(&response, "Last-Modified", "Mon, 23 Nov 2026 01:00:00 GMT");
    assert_null(response_header(&response, "Content-Encoding"));
    assert_null(response_header(&response, "Set-Cookie"));
    assert_null(response_header(&response, "Location"));
    assert_memory_equal(response.body, "BEGIN:VCALENDAR\r\n", 17);
    assert_string_equal(response.body + response.length - 15, "END:VCALENDAR\r\n");
    assert_int_equal(strlen(response.body), response.length);
    response_finish(&response);
}

/* HEAD: the same head, no body; the connection can be used again. */
static void test_head(void **state)
{
    static const char *const TARGETS[] = {FEED, "/", "/style.css", "/nothing", "/feed/hall/none.ics"};
    struct served *served = *state;
    for (size_t i = 0; i < sizeof TARGETS / sizeof TARGETS[0]; i++) {
        struct http_response get = http_get(served->port, TARGETS[i], "");
        struct http_response head = http_request(served->port, "HEAD", TARGETS[i], "");
        char *get_date = strstr(get.head, "Date: ");
        char *head_date = strstr(head.head, "Date: ");
        assert_non_null(get_date);
        assert_non_null(head_date);
        memset(get_date, '-', 35); /* the one line that may differ */
        memset(head_date, '-', 35);
        assert_string_equal(get.head, head.head);
        response_finish(&get);
        response_finish(&head);
    }
}

/* The tag goes back in `format`, whose %s stands for it. */
static struct http_response conditional(struct served *served, const char *format, const char *etag,
                                        const char *more)
{
    char line[512];
    char *at = strstr(format, "%s");
    int head = at != NULL ? (int)(at - format) : (int)strlen(format);
    snprintf(line, sizeof line, "If-None-Match: %.*s%s%s\r\n%s", head, format, at != NULL ? etag : "",
             at != NULL ? at + 2 : "", more);
    return http_get(served->port, FEED, line);
}

static void test_not_modified(void **state)
{
    static const struct {
        const char *format;
        int status;
    } CASES[] = {{"%s", 304}, {"W/%s", 304},  {"\"a\", %s", 304}, {"\"a\" , W/%s,\"b\"", 304},
                 {"*", 304},  {"\"a\"", 200}, {"\"*\"", 200},     {"x%s", 200}};
    struct served *served = *state;
    struct http_response full = http_get(served->port, FEED, "");
    char etag[64];
    snprintf(etag, sizeof etag, "%s", response_header(&full, "ETag"));
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct http_response response = conditional(served, CASES[i].format, etag, "");
        if (response.status != CASES[i].status) {
            fail_msg("If-None-Match: %s: %d", CASES[i].format, response.status);
        }
        assert_header(&response, "ETag", etag);
        assert_header(&response, "Cache-Control", "public, max-age=300");
        assert_header(&response, "Vary", "Accept-Encoding");
        assert_header(&response, "Last-Modified", response_header(&full, "Last-Modified"));
        assert_true((response_header(&response, "Content-Type") == NULL) == (response.status == 304));
        response_finish(&response);
    }
    char bare[64];
    snprintf(bare, sizeof bare, "%.*s", (int)strlen(etag) - 2, etag + 1);
    struct http_response unquoted = conditional(served, "%s", bare, "");
    assert_int_equal(unquoted.status, 304);
    response_finish(&unquoted);
    struct http_response wins =
        conditional(served, "\"a\"", "", "If-Modified-Since: Fri, 01 Jan 2038 00:00:00 GMT\r\n");
    assert_int_equal(wins.status, 200);
    response_finish(&wins);
    response_finish(&full);
}

static void test_modified_since(void **state)
{
    struct served *served = *state;
    struct http_response same =
        http_get(served->port, FEED, "If-Modified-Since: Mon, 23 Nov 2026 01:00:00 GMT\r\n");
    struct http_response older =
        http_get(served->port, FEED, "If-Modified-Since: Mon, 23 Nov 2026 00:59:59 GMT\r\n");
    struct http_response page =
        http_get(served->port, "/", "If-Modified-Since: Fri, 01 Jan 2038 00:00:00 GMT\r\n");
    assert_int_equal(same.status, 304);
    assert_int_equal(older.status, 200);
    assert_int_equal(page.status, 200); /* pages have a tag only */
    response_finish(&same);
    response_finish(&older);
    response_finish(&page);
}

static size_t unpack(const struct http_response *packed, char *plain, size_t size)
{
    z_stream stream = {.next_in = (Bytef *)packed->body,
                       .avail_in = (uInt)packed->length,
                       .next_out = (Bytef *)plain,
                       .avail_out = (uInt)size};
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    return stream.total_out;
}

static void test_gzip(void **state)
{
    static char unpacked[1 << 20];
    struct served *served = *state;
    struct http_response plain = http_get(served->port, FEED, "Accept-Encoding: identity\r\n");
    struct http_response packed = http_get(served->port, FEED, "Accept-Encoding: br, gzip\r\n");
    struct http_response outlook =
        http_get(served->port, FEED,
                 "Accept-Encoding: gzip\r\nUser-Agent: Microsoft Office/16.0 (Microsoft Outlook)\r\n");
    assert_header(&packed, "Content-Encoding", "gzip");
    assert_header(&packed, "Vary", "Accept-Encoding");
    assert_true(packed.length < plain.length / 2);
    assert_int_equal(unpack(&packed, unpacked, sizeof unpacked), plain.length);
    assert_memory_equal(unpacked, plain.body, plain.length);
    assert_string_not_equal(response_header(&packed, "ETag"), response_header(&plain, "ETag"));
    assert_null(response_header(&outlook, "Content-Encoding"));
    char etag[64];
    snprintf(etag, sizeof etag, "%s", response_header(&packed, "ETag"));
    struct http_response again = conditional(served, "%s", etag, "Accept-Encoding: gzip\r\n");
    assert_int_equal(again.status, 304);
    assert_header(&again, "ETag", etag);
    response_finish(&again);
    response_finish(&plain);
    response_finish(&packed);
    response_finish(&outlook);
}

/* Google's calendar sends no Accept, Thunderbird its own, a browser asks for HTML: all get the calendar. */
static void test_accept_changes_nothing(void **state)
{
    static const char *const ACCEPTS[] = {"Accept: text/html\r\n",
                                          "Accept: application/json;q=1, */*;q=0\r\n",
                                          "Accept-Language: en\r\n", "Accept-Charset: gbk\r\n"};
    struct served *served = *state;
    struct http_response plain = http_get(served->port, FEED, "");
    for (size_t i = 0; i < sizeof ACCEPTS / sizeof ACCEPTS[0]; i++) {
        struct http_response response = http_get(served->port, FEED, ACCEPTS[i]);
        assert_int_equal(response.status, 200);
        assert_string_equal(response.body, plain.body);
        response_finish(&response);
    }
    response_finish(&plain);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *method, *target, *headers;
        int status;
        const char *type;
    } CASES[] = {
        {"GET", "/feed/hall/none.ics", "", 404, "application/problem+json"},
        {"GET", "/feed/", "", 404, "application/problem+json"},
        {"GET", "/feed%2Fcity.ics", "", 404, "text/html; charset=utf-8"},
        {"GET", "/feed/township%2FT1.ics", "", 404, "application/problem+json"},
        {"GET", "/feed/hall/a%2Fb.ics", "", 404, "application/problem+json"},
        {"GET", "/robots.txt%00", "", 404, "text/html; charset=utf-8"},
        {"GET", "/hall/H1%00", "", 404, "text/html; charset=utf-8"},
        {"GET", "/hall/../robots.txt", "", 404, "text/html; charset=utf-8"},
        {"GET", "/hall/%2e%2e/robots.txt", "", 404, "text/html; charset=utf-8"},
        {"GET", "/hall/%3Cscript%3E", "", 404, "text/html; charset=utf-8"},
        {"GET", "/township/T1?foo=1", "", 400, "text/html; charset=utf-8"},
        {"GET", "/township/T1?lang=fr", "", 400, "text/html; charset=utf-8"},
        {"GET", "/township/T1?lang=e%00n", "", 400, "text/html; charset=utf-8"},
        {"GET", "/township/T1?lang=en&lang=en&lang=en&lang=en&lang=en&lang=en&lang=en", "", 400,
         "text/html; charset=utf-8"},
        {"GET", FEED "?alarm=0", "", 400, "application/problem+json"},
        {"GET", FEED "?alarm=6%000", "", 400, "application/problem+json"},
        {"GET", FEED "?alarm", "", 400, "application/problem+json"},
        {"GET", FEED "?%3Cscript%3E=1", "", 400, "application/problem+json"},
        {"POST", FEED, "Content-Length: 0\r\n", 405, "application/problem+json"},
        {"POST", "/", "Content-Length: 1000000\r\n", 405, "text/html; charset=utf-8"},
        {"PUT", FEED, "Transfer-Encoding: chunked\r\n", 405, "application/problem+json"},
        {"DELETE", "/session/1", "", 405, "text/html; charset=utf-8"},
        {"OPTIONS", "/", "", 405, "text/html; charset=utf-8"},
        {"BREW", "/", "", 405, "text/html; charset=utf-8"},
        {"POST", "/nothing", "Content-Length: 0\r\n", 404, "text/html; charset=utf-8"},
        {"GET", "/session/%D6%D0", "", 404, "text/html; charset=utf-8"},
    };
    struct served *served = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct http_response response =
            http_request(served->port, CASES[i].method, CASES[i].target, CASES[i].headers);
        if (response.status != CASES[i].status) {
            fail_msg("%s %s: %d", CASES[i].method, CASES[i].target, response.status);
        }
        assert_header(&response, "Content-Type", CASES[i].type);
        assert_header(&response, "Cache-Control", "no-store");
        assert_null(response_header(&response, "ETag"));
        assert_true(response.length > 0);
        assert_true(strncmp(CASES[i].type, "text/html", 9) != 0 || strstr(response.body, "<script") == NULL);
        if (CASES[i].status == 405) {
            assert_header(&response, "Allow", "GET, HEAD");
        }
        response_finish(&response);
    }
}

static void test_long_things(void **state)
{
    struct served *served = *state;
    char *target = malloc(200001);
    assert_non_null(target);
    static const size_t LENGTHS[] = {10000, 200000};
    for (size_t i = 0; i < 2; i++) {
        memset(target, 'a', LENGTHS[i]);
        memcpy(target, "/hall/", 6);
        target[LENGTHS[i]] = '\0';
        struct http_response response = http_get(served->port, target, "");
        if (response.status != 404 && response.status != 414 && response.status != 431) {
            fail_msg("%zu bytes of path: %d", LENGTHS[i], response.status);
        }
        response_finish(&response);
    }
    free(target);
    struct http_response alive = http_get(served->port, "/health", "");
    assert_int_equal(alive.status, 200);
    response_finish(&alive);
}

static void test_garbage(void **state)
{
    static const struct {
        const char *bytes;
        bool is_whole; /* the server need not wait for more */
    } GARBAGE[] = {{"\r\n\r\n", false},
                   {"\x16\x03\x01\x02", false},
                   {"GET / HTTP/1.1\r\nHost", false},
                   {"GET\r\n\r\n", true},
                   {"GET / HTTP/9.9\r\n\r\n", true},
                   {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", true},
                   {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", true},
                   {"GET / HTTP/1.1\r\nHost: a\r\nNo colon\r\n\r\n", true},
                   {"GET http://[::1 HTTP/1.1\r\nHost: a\r\n\r\n", true}};
    struct served *served = *state;
    for (size_t i = 0; i < sizeof GARBAGE / sizeof GARBAGE[0]; i++) {
        int connection = client_connect(served->port);
        struct http_response response = {0};
        client_send(connection, GARBAGE[i].bytes);
        if (GARBAGE[i].is_whole) {
            client_read(connection, true, &response);
        }
        assert_int_not_equal(response.status, 500);
        response_finish(&response);
        close(connection);
    }
    struct http_response alive = http_get(served->port, "/health", "");
    assert_int_equal(alive.status, 200);
    response_finish(&alive);
}

/* Three requests in one write, then a fourth on the same connection: four answers in order. */
static void test_pipeline(void **state)
{
    struct served *served = *state;
    static const char *const WANTED[] = {"BEGIN:VCALENDAR", "User-agent", "\"status\":404",
                                         "\"status\":\"ok\""};
    int connection = client_connect(served->port);
    client_send(connection,
                "GET " FEED " HTTP/1.1\r\nHost: a\r\n\r\nGET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n"
                "GET /feed/x HTTP/1.1\r\nHost: a\r\n\r\n");
    for (size_t i = 0; i < 4; i++) {
        struct http_response response;
        if (i == 3) {
            client_send(connection, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        client_read(connection, true, &response);
        assert_true(response.status == 200 || response.status == 404);
        assert_non_null(strstr(response.body, WANTED[i]));
        response_finish(&response);
    }
    close(connection);
}

static void test_alarm(void **state)
{
    struct served *served = *state;
    struct http_response plain = http_get(served->port, FEED, "");
    struct http_response alarm = http_get(served->port, FEED "?alarm=60", "");
    struct http_response empty = http_get(served->port, FEED "?", "");
    assert_null(strstr(plain.body, "VALARM"));
    assert_non_null(strstr(alarm.body, "VALARM"));
    assert_string_not_equal(response_header(&plain, "ETag"), response_header(&alarm, "ETag"));
    assert_string_equal(plain.body, empty.body);
    response_finish(&plain);
    response_finish(&alarm);
    response_finish(&empty);
}

static void test_pages_are_asked_for_anew(void **state)
{
    struct served *served = *state;
    struct http_response person = http_get(served->port, "/instructor/I1", "");
    assert_int_equal(person.status, 200);
    assert_header(&person, "Cache-Control", "private, no-cache");
    response_finish(&person);
    struct http_response page = http_get(served->port, "/township/T1", "");
    assert_int_equal(page.status, 200);
    assert_header(&page, "Cache-Control", "no-cache");
    assert_header(&page, "Referrer-Policy", "no-referrer");
    assert_non_null(response_header(&page, "ETag"));
    assert_non_null(response_header(&page, "Content-Security-Policy"));
    assert_non_null(strstr(page.body, "即将开课：40 场"));
    response_finish(&page);
}

static void test_robots_allow_feeds(void **state)
{
    struct served *served = *state;
    struct http_response robots = http_get(served->port, "/robots.txt", "");
    assert_non_null(strstr(robots.body, "Allow: /feed/\n"));
    assert_null(strstr(robots.body, "Disallow: /feed"));
    response_finish(&robots);
}

/* All sessions as text, and the revision. */
static char *database_text(struct served *served)
{
    struct store *store = NULL;
    struct timetable *timetable = NULL;
    struct error err = {0};
    struct text text;
    uint32_t *indices = NULL;
    size_t count = 0;
    const struct session_filter all = {.from_day = DATE_MIN,
                                       .to_day = DATE_MAX,
                                       .area = NONE,
                                       .hall = NONE,
                                       .instructor = NONE,
                                       .any_status = true};
    done(store_open(served->path, STORE_OPEN, served_clock(served), &store, &err), &err);
    done(store_snapshot(store, &timetable, &err), &err);
    done(session_list_select(timetable, &all, &indices, &count, &err), &err);
    text_init(&text, 1 << 20);
    text_addf(&text, "revision %lld\n", (long long)timetable->revision);
    struct zone zone;
    done(zone_load(timetable->tzid, &zone, &err), &err);
    const struct session_list list = {timetable,       &zone,   timetable->sessions[0].at.day,
                                      AUDIENCE_OFFICE, indices, count};
    session_list_csv(&list, false, &text);
    free(indices);
    timetable_unref(timetable);
    store_close(store);
    return text_take(&text);
}

static void test_a_get_changes_nothing(void **state)
{
    static const char *const TARGETS[] = {
        FEED,       FEED "?alarm=5",  "/",        "/session/1",
        "/hall/H1", "/feed/city.ics", "/nothing", "/session/1?status=CANCELLED"};
    struct served *served = *state;
    char *before = database_text(served);
    struct stat file_before;
    struct stat file_after;
    assert_int_equal(stat(served->path, &file_before), 0);
    for (size_t i = 0; i < sizeof TARGETS / sizeof TARGETS[0]; i++) {
        struct http_response response = http_get(served->port, TARGETS[i], "");
        assert_true(response.status >= 200);
        response_finish(&response);
    }
    char *after = database_text(served);
    assert_string_equal(before, after);
    assert_int_equal(stat(served->path, &file_after), 0);
    assert_int_equal(file_before.st_mtim.tv_sec, file_after.st_mtim.tv_sec);
    assert_int_equal(file_before.st_mtim.tv_nsec, file_after.st_mtim.tv_nsec);
    assert_int_equal(file_before.st_size, file_after.st_size);
    free(before);
    free(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_feed_headers),
        cmocka_unit_test(test_head),
        cmocka_unit_test(test_not_modified),
        cmocka_unit_test(test_modified_since),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_accept_changes_nothing),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_long_things),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_pipeline),
        cmocka_unit_test(test_alarm),
        cmocka_unit_test(test_pages_are_asked_for_anew),
        cmocka_unit_test(test_robots_allow_feeds),
        cmocka_unit_test(test_a_get_changes_nothing),
    };
    feed_library_init();
    return cmocka_run_group_tests(tests, start, stop);
}
