/* The server alone, in one thread with its client: the deadlines of slow clients, and closing down. */
#include "base/limits.h"
#include "daemon/http_server.h"
#include "tests/daemon/http_client.h"

#include <sys/resource.h>

enum {
    BIG_BYTES = 16 * 1024 * 1024,
    TURNS_MAX = 3000 /* of 10 ms */
};

struct fixture {
    uv_loop_t loop;
    struct http_server server;
    struct MHD_Response *big;
    unsigned answered;
};

static enum MHD_Result on_answer(void *context, struct MHD_Connection *connection, const char *method,
                                 const char *path)
{
    struct fixture *fixture = context;
    (void)method;
    (void)path;
    fixture->answered++;
    return MHD_queue_response(connection, 200, fixture->big);
}

static struct fixture *fixture_start(uint64_t header_ms, uint64_t reply_ms)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct error err = {0};
    assert_non_null(fixture);
    char *bytes = calloc(1, BIG_BYTES);
    fixture->big = MHD_create_response_from_buffer(BIG_BYTES, bytes, MHD_RESPMEM_MUST_FREE);
    assert_non_null(fixture->big);
    fixture->server = (struct http_server){
        .answer = on_answer, .context = fixture, .header_ms = header_ms, .reply_ms = reply_ms};
    assert_int_equal(uv_loop_init(&fixture->loop), 0);
    assert_int_equal(http_server_start(&fixture->server, &fixture->loop, "127.0.0.1", 0, &err), ERR_NONE);
    return fixture;
}

static void fixture_stop(struct fixture *fixture)
{
    http_server_stop(&fixture->server);
    uv_run(&fixture->loop, UV_RUN_DEFAULT);
    assert_null(fixture->server.clients);
    assert_int_equal(fixture->server.in_flight, 0);
    assert_int_equal(uv_loop_close(&fixture->loop), 0);
    MHD_destroy_response(fixture->big);
    free(fixture);
}

static void turn(struct fixture *fixture)
{
    uv_run(&fixture->loop, UV_RUN_NOWAIT);
    usleep(10000);
}

/* Has the server hung up? Reads away what is there, counting it. */
static bool is_over(int connection, size_t *bytes)
{
    static char buffer[65536];
    ssize_t got = recv(connection, buffer, sizeof buffer, MSG_DONTWAIT);
    *bytes += got > 0 ? (size_t)got : 0;
    return got == 0 || (got < 0 && errno != EAGAIN);
}

/* A header byte now and then keeps libmicrohttpd's own time-out away; the deadline counts all the same. */
static void test_slow_headers(void **state)
{
    struct fixture *fixture = fixture_start(300, 0);
    int connection = client_connect(fixture->server.port);
    size_t bytes = 0;
    int turns = 0;
    (void)state;
    client_send(connection, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    while (turns < TURNS_MAX && !is_over(connection, &bytes)) {
        client_send(connection, "x");
        turn(fixture);
        turns++;
    }
    assert_true(turns < TURNS_MAX);
    assert_int_equal(fixture->answered, 0);
    close(connection);
    fixture_stop(fixture);
}

static void test_slow_reader(void **state)
{
    struct fixture *fixture = fixture_start(0, 300);
    int connection = client_connect(fixture->server.port);
    size_t bytes = 0;
    int turns = 0;
    (void)state;
    client_send(connection, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    for (; turns < TURNS_MAX && (turns < 50 || fixture->server.in_flight > 0); turns++) {
        turn(fixture); /* reads nothing */
    }
    assert_true(turns < TURNS_MAX);
    while (!is_over(connection, &bytes)) {
        turn(fixture);
    }
    assert_int_equal(fixture->answered, 1);
    assert_true(bytes < BIG_BYTES);
    close(connection);
    fixture_stop(fixture);
}

/* Connections in every state at the moment of stopping: idle, half a request, a reply half read. */
static void test_stop_with_open_connections(void **state)
{
    static const char *const SENT[] = {"", "GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"};
    struct fixture *fixture = fixture_start(0, 0);
    int connections[3];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        connections[i] = client_connect(fixture->server.port);
        client_send(connections[i], SENT[i]);
    }
    for (int turns = 0; turns < TURNS_MAX && fixture->server.in_flight == 0; turns++) {
        turn(fixture);
    }
    assert_int_equal(fixture->server.in_flight, 1);
    http_server_quiesce(&fixture->server);
    fixture_stop(fixture);
    for (size_t i = 0; i < 3; i++) {
        close(connections[i]);
    }
}

/* What had been sent before the stop is answered after it. */
static void test_quiesce_still_accepts_who_waits(void **state)
{
    struct fixture *fixture = fixture_start(0, 0);
    int connection = client_connect(fixture->server.port); /* in the backlog: the loop has not run */
    (void)state;
    client_send(connection, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    http_server_quiesce(&fixture->server);
    for (int turns = 0; turns < 100 && fixture->answered == 0; turns++) {
        turn(fixture);
    }
    assert_int_equal(fixture->answered, 1);
    close(connection);
    fixture_stop(fixture);
}

/* More clients than descriptors: who has one is served, and when some are free again, so are the others. */
static void test_descriptors_run_out(void **state)
{
    enum {
        CLIENTS = 40,
        SPARE = 10
    };
    struct fixture *fixture = fixture_start(0, 0);
    struct rlimit before;
    int clients[CLIENTS];
    size_t bytes = 0;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i] = client_connect(fixture->server.port);
    }
    struct rlimit tight = {.rlim_cur = (rlim_t)clients[CLIENTS - 1] + SPARE, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
    for (int turns = 0; turns < 50; turns++) {
        turn(fixture);
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        close(clients[i]);
    }
    for (int turns = 0; turns < 50; turns++) {
        turn(fixture);
    }
    int connection = client_connect(fixture->server.port);
    client_send(connection, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    for (int turns = 0; turns < TURNS_MAX && bytes == 0; turns++) {
        is_over(connection, &bytes);
        turn(fixture);
    }
    assert_true(bytes > 0);
    close(connection);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    fixture_stop(fixture);
}

static void test_addresses(void **state)
{
    static const char *const WRONG[] = {"", "localhost", "127.0.0.1:80", "[::1]", "256.0.0.1", "::1%lo"};
    uv_loop_t loop;
    (void)state;
    assert_int_equal(uv_loop_init(&loop), 0);
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        struct http_server server = {.answer = on_answer};
        struct error err = {0};
        if (http_server_start(&server, &loop, WRONG[i], 0, &err) != ERR_INPUT) {
            fail_msg("%s", WRONG[i]);
        }
    }
    assert_int_equal(uv_loop_close(&loop), 0);
}

static void test_port_taken(void **state)
{
    struct fixture *fixture = fixture_start(0, 0);
    struct http_server second = {.answer = on_answer};
    struct error err = {0};
    (void)state;
    assert_int_equal(http_server_start(&second, &fixture->loop, "127.0.0.1", fixture->server.port, &err),
                     ERR_BUSY);
    fixture_stop(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slow_headers),
        cmocka_unit_test(test_slow_reader),
        cmocka_unit_test(test_stop_with_open_connections),
        cmocka_unit_test(test_quiesce_still_accepts_who_waits),
        cmocka_unit_test(test_descriptors_run_out),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_port_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
