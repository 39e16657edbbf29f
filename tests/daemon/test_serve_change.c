/* The daemon while things change: commits of another process, midnight, another database in its place,
 * restarts, and its end. */
#include "tests/daemon/serve_process.h"

#define FEED "/feed/township/T1.ics"

enum {
    PARALLEL = 200
};

/* Cancels session 1 as another process would. */
static void session_cancel(struct served *served, const char *path)
{
    struct change_set *set = changes();
    struct session_edit edit = {
        .id = 1, .fields = EDIT_STATUS, .status = SESSION_CANCELLED, .cancel_reason = "停电"};
    struct error err = {0};
    done(change_set_session_edit(set, &edit, &err), &err);
    commit(served, path, set);
}

static void test_a_commit_is_seen(void **state)
{
    struct served served = served_new();
    (void)state;
    database_make(&served, served.path, 5);
    served_start(&served);
    struct http_response before = http_get(served.port, FEED, "");
    assert_null(strstr(before.body, "【停课】"));
    *served.now_s += 60;
    session_cancel(&served, served.path);
    assert_true(body_comes(&served, FEED, "【停课】"));
    struct http_response after = http_get(served.port, FEED, "");
    assert_string_not_equal(response_header(&before, "ETag"), response_header(&after, "ETag"));
    char line[128];
    snprintf(line, sizeof line, "If-None-Match: %s\r\n", response_header(&before, "ETag"));
    struct http_response stale = http_get(served.port, FEED, line);
    assert_int_equal(stale.status, 200);
    snprintf(line, sizeof line, "If-Modified-Since: %s\r\n", response_header(&before, "Last-Modified"));
    struct http_response old = http_get(served.port, FEED, line);
    assert_int_equal(old.status, 200);
    response_finish(&old);
    response_finish(&stale);
    response_finish(&before);
    response_finish(&after);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

static void test_a_restart_changes_no_byte(void **state)
{
    static const char *const TARGETS[] = {FEED, "/feed/city.ics", "/feed/instructor/I1.ics", "/", "/hall/H2"};
    enum {
        COUNT = sizeof TARGETS / sizeof TARGETS[0]
    };
    struct served served = served_new();
    struct http_response before[COUNT];
    (void)state;
    database_make(&served, served.path, 10);
    served_start(&served);
    for (size_t i = 0; i < COUNT; i++) {
        before[i] = http_get(served.port, TARGETS[i], "");
    }
    assert_int_equal(served_stop(&served), 0);
    *served.now_s += 7200; /* the same day */
    served_start(&served);
    for (size_t i = 0; i < COUNT; i++) {
        struct http_response after = http_get(served.port, TARGETS[i], "");
        assert_string_equal(before[i].body, after.body);
        assert_string_equal(response_header(&before[i], "ETag"), response_header(&after, "ETag"));
        char line[128];
        snprintf(line, sizeof line, "If-None-Match: %s\r\n", response_header(&before[i], "ETag"));
        struct http_response unchanged = http_get(served.port, TARGETS[i], line);
        assert_int_equal(unchanged.status, 304);
        response_finish(&unchanged);
        response_finish(&after);
        response_finish(&before[i]);
    }
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

static void test_midnight(void **state)
{
    struct served served = served_new();
    (void)state;
    database_make(&served, served.path, 5);
    served_start(&served);
    assert_true(body_comes(&served, "/hall/H1", "截至 2026-11-23"));
    assert_true(body_comes(&served, "/hall/H1", "即将开课：3 场"));
    *served.now_s = MORNING + 86400;
    assert_true(body_comes(&served, "/hall/H1", "截至 2026-11-24"));
    assert_true(body_comes(&served, "/hall/H1", "即将开课：2 场"));
    struct http_response feed = http_get(served.port, FEED, "");
    assert_string_equal(response_header(&feed, "Last-Modified"),
                        "Mon, 23 Nov 2026 16:00:00 GMT"); /* local midnight */
    response_finish(&feed);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

/* The daemon's path is a link; it is put on `target` in one step. */
static void link_turn(struct served *served, const char *target)
{
    char fresh[128];
    snprintf(fresh, sizeof fresh, "%s.new", served->path);
    assert_int_equal(symlink(target, fresh), 0);
    assert_int_equal(rename(fresh, served->path), 0);
}

static void garbage_write(const char *path)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (int i = 0; i < 4096; i++) {
        fputs("this is no database\n", file);
    }
    fclose(file);
}

/* A file that cannot be read leaves the last good snapshot; a good one put in its place is seen. */
static void test_another_file(void **state)
{
    struct served served = served_new();
    char one[128];
    char garbage[128];
    char two[128];
    (void)state;
    snprintf(one, sizeof one, "%s/one.db", served.folder);
    snprintf(garbage, sizeof garbage, "%s/garbage.db", served.folder);
    snprintf(two, sizeof two, "%s/two.db", served.folder);
    database_make(&served, one, 5);
    database_make(&served, two, 9);
    garbage_write(garbage);
    link_turn(&served, one);
    served_start(&served);
    assert_true(body_comes(&served, "/health", "\"sessions\":5"));
    link_turn(&served, garbage);
    for (int i = 0; i < 10; i++) {
        struct http_response feed = http_get(served.port, FEED, "");
        assert_int_equal(feed.status, 200);
        assert_non_null(strstr(feed.body, "BEGIN:VEVENT"));
        response_finish(&feed);
        usleep(100000);
    }
    link_turn(&served, two);
    assert_true(body_comes(&served, "/health", "\"sessions\":9"));
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

/* PARALLEL connections ask while another process commits: every answer is whole and of one of two revisions.
 */
static void test_parallel_during_a_commit(void **state)
{
    struct served served = served_new();
    static int connections[PARALLEL];
    (void)state;
    database_make(&served, served.path, 60);
    served_start(&served);
    struct http_response before = http_get(served.port, FEED, "");
    for (size_t i = 0; i < PARALLEL; i++) {
        connections[i] = client_connect(served.port);
        client_send(connections[i], "GET " FEED " HTTP/1.1\r\nHost: a\r\n\r\n"); /* the first of two */
    }
    *served.now_s += 60;
    session_cancel(&served, served.path);
    for (size_t i = 0; i < PARALLEL; i++) {
        client_send(connections[i], "GET " FEED " HTTP/1.1\r\nHost: a\r\n\r\n");
        usleep(2000); /* so that the swap falls between them */
    }
    assert_true(body_comes(&served, FEED, "【停课】"));
    struct http_response after = http_get(served.port, FEED, "");
    for (size_t i = 0; i < 2 * PARALLEL; i++) {
        struct http_response response;
        client_read(connections[i % PARALLEL], true, &response);
        assert_int_equal(response.status, 200);
        const struct http_response *same =
            strcmp(response_header(&response, "ETag"), response_header(&before, "ETag")) == 0 ? &before
                                                                                              : &after;
        assert_string_equal(response.body, same->body);
        response_finish(&response);
    }
    for (size_t i = 0; i < PARALLEL; i++) {
        close(connections[i]);
    }
    response_finish(&before);
    response_finish(&after);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

/* SIGTERM while connections idle and one does not read what it asked for: the daemon ends, and ends cleanly.
 */
static void test_stop_with_company(void **state)
{
    struct served served = served_new();
    int idle[20];
    (void)state;
    database_make(&served, served.path, 60);
    served_start(&served);
    for (size_t i = 0; i < 20; i++) {
        struct http_response response;
        idle[i] = client_connect(served.port);
        if (i % 2 == 0) { /* kept alive after one answer; the others never speak */
            client_send(idle[i], "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
            client_read(idle[i], true, &response);
            assert_int_equal(response.status, 200);
            response_finish(&response);
        }
    }
    int slow = client_connect(served.port);
    int small = 2048;
    setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    for (int i = 0; i < 200; i++) {
        client_send(slow, "GET " FEED " HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    assert_int_equal(served_stop(&served), 0);
    for (size_t i = 0; i < 20; i++) {
        char byte;
        assert_true(recv(idle[i], &byte, 1, 0) <= 0);
        close(idle[i]);
    }
    close(slow);
    served_finish(&served);
}

/* Asked before the stop, answered after it. */
static void test_stop_finishes_what_is_asked(void **state)
{
    struct served served = served_new();
    int connections[20];
    (void)state;
    database_make(&served, served.path, 60);
    served_start(&served);
    for (size_t i = 0; i < 20; i++) {
        connections[i] = client_connect(served.port);
        client_send(connections[i], "GET " FEED " HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    assert_int_equal(served_stop(&served), 0);
    for (size_t i = 0; i < 20; i++) {
        struct http_response response;
        client_read(connections[i], true, &response);
        assert_int_equal(response.status, 200);
        response_finish(&response);
        close(connections[i]);
    }
    served_finish(&served);
}

static void test_interrupt(void **state)
{
    struct served served = served_new();
    int status = -1;
    (void)state;
    database_make(&served, served.path, 1);
    served_start(&served);
    kill(served.process, SIGINT);
    kill(served.process, SIGINT);
    assert_int_equal(waitpid(served.process, &status, 0), served.process);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    served_finish(&served);
}

static void test_what_cannot_start(void **state)
{
    struct served served = served_new();
    struct error err = {0};
    (void)state;
    database_make(&served, served.path, 1);
    served_start(&served);
    struct serve_options options = {
        .db_path = served.path, .address = "127.0.0.1", .port = served.port, .clock = served_clock(&served)};
    assert_int_equal(serve_run(&options, &err), ERR_BUSY);
    assert_non_null(strstr(err.text, "127.0.0.1"));
    options.address = "nowhere";
    assert_int_equal(serve_run(&options, &err), ERR_INPUT);
    options.address = "127.0.0.1";
    options.db_path = "/nonexistent/city.db";
    assert_int_equal(serve_run(&options, &err), ERR_NOT_FOUND);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

static bool has_ipv6(void)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int probe = socket(AF_INET6, SOCK_STREAM, 0);
    bool works = probe >= 0 && bind(probe, (struct sockaddr *)&address, sizeof address) == 0;
    close(probe);
    return works;
}

static void test_ipv6(void **state)
{
    struct served served = served_new();
    (void)state;
    if (!has_ipv6()) {
        served_finish(&served);
        skip();
    }
    database_make(&served, served.path, 1);
    served_start_at(&served, "::1");
    struct sockaddr_in6 address = {
        .sin6_family = AF_INET6, .sin6_port = htons(served.port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct http_response response;
    int connection = client_socket(AF_INET6);
    assert_int_equal(connect(connection, (struct sockaddr *)&address, sizeof address), 0);
    client_send(connection, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    client_read(connection, true, &response);
    assert_int_equal(response.status, 200);
    response_finish(&response);
    close(connection);
    assert_int_equal(served_stop(&served), 0);
    served_start_at(&served, "::"); /* takes IPv4, too */
    response = http_get(served.port, "/health", "");
    assert_int_equal(response.status, 200);
    response_finish(&response);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

/* A database that an older version wrote: its events get a new LAST-MODIFIED once, not at every start. */
static void test_new_wording_raises_once(void **state)
{
    struct served served = served_new();
    const struct cell older[] = {CELL_STR("name", "feed_template"), CELL_STR("value", "0")};
    struct change_set *set = changes();
    (void)state;
    database_make(&served, served.path, 3);
    put(set, TABLE_SETTING, older, 2);
    commit(&served, served.path, set);
    *served.now_s += 60;
    served_start(&served);
    struct http_response raised = http_get(served.port, FEED, "");
    assert_non_null(strstr(raised.body, "LAST-MODIFIED:20261123T010100Z"));
    assert_int_equal(served_stop(&served), 0);
    *served.now_s += 60;
    served_start(&served);
    struct http_response again = http_get(served.port, FEED, "");
    assert_string_equal(raised.body, again.body);
    response_finish(&raised);
    response_finish(&again);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_wording_raises_once),
        cmocka_unit_test(test_a_commit_is_seen),
        cmocka_unit_test(test_a_restart_changes_no_byte),
        cmocka_unit_test(test_midnight),
        cmocka_unit_test(test_another_file),
        cmocka_unit_test(test_parallel_during_a_commit),
        cmocka_unit_test(test_stop_with_company),
        cmocka_unit_test(test_stop_finishes_what_is_asked),
        cmocka_unit_test(test_interrupt),
        cmocka_unit_test(test_what_cannot_start),
        cmocka_unit_test(test_ipv6),
    };
    feed_library_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
