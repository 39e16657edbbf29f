/* A feed above 64 kB is sent from where its events lie: whole to whoever takes it fast or slowly, plain or
 * packed, also when its revision is gone before the end. */
#include "tests/daemon/serve_process.h"

#include <zlib.h>

#define FEED "/feed/township/T1.ics"

enum {
    SESSIONS = 390,
    SLOW = 6,
    BYTES_MAX = 1 << 20
};

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        count++;
    }
    return count;
}

static void test_whole_and_packed(void **state)
{
    static char unpacked[BYTES_MAX];
    struct served *served = *state;
    struct http_response plain = http_get(served->port, FEED, "");
    struct http_response packed = http_get(served->port, FEED, "Accept-Encoding: gzip\r\n");
    struct http_response head = http_request(served->port, "HEAD", FEED, "");
    struct http_response city = http_get(served->port, "/feed/city.ics", "");
    assert_int_equal(plain.status, 200);
    assert_true(plain.length > 65536);
    assert_int_equal(count_of(plain.body, "\r\nBEGIN:VEVENT\r\n"), SESSIONS);
    assert_int_equal(count_of(plain.body, "\r\nEND:VEVENT\r\n"), SESSIONS);
    assert_memory_equal(plain.body + plain.length - 15, "END:VCALENDAR\r\n", 15);
    assert_int_equal(count_of(city.body, "\r\nBEGIN:VEVENT\r\n"), SESSIONS);
    assert_string_equal(response_header(&head, "Content-Length"), response_header(&plain, "Content-Length"));
    assert_string_equal(response_header(&packed, "Content-Encoding"), "gzip");
    z_stream stream = {.next_in = (Bytef *)packed.body,
                       .avail_in = (uInt)packed.length,
                       .next_out = (Bytef *)unpacked,
                       .avail_out = sizeof unpacked};
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, plain.length);
    assert_memory_equal(unpacked, plain.body, plain.length);
    inflateEnd(&stream);
    response_finish(&plain);
    response_finish(&packed);
    response_finish(&head);
    response_finish(&city);
}

/* Another course name: all events change. */
static void edit(struct served *served)
{
    struct change_set *set = changes();
    *served->now_s += 60;
    PUT(set, TABLE_COURSE, CELL_STR("id", "X1"), CELL_STR("name", "改名之后"), CELL_STR("category_id", "K1"),
        CELL_INT("minutes", 90));
    commit(served, served->path, set);
}

/* Several read the same reply at their own pace; what the first of them began with, they end with. */
static void test_slow_readers(void **state)
{
    struct served *served = *state;
    struct http_response plain = http_get(served->port, FEED, "");
    int sockets[SLOW];
    char *bodies[SLOW];
    size_t lengths[SLOW] = {0};
    for (size_t i = 0; i < SLOW; i++) {
        int small = 32768;
        sockets[i] = client_connect(served->port);
        setsockopt(sockets[i], SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        bodies[i] = calloc(1, BYTES_MAX);
        assert_non_null(bodies[i]);
        client_send(sockets[i], "GET " FEED " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        lengths[i] = (size_t)recv(sockets[i], bodies[i], 100, MSG_WAITALL);
        assert_int_equal(lengths[i], 100);
    }
    edit(served);
    assert_true(body_comes(served, FEED, "改名之后"));
    size_t open = SLOW;
    for (size_t round = 0; open > 0; round++) {
        for (size_t i = 0; i < SLOW; i++) {
            size_t part = 9000 + 3700 * ((round + i) % SLOW);
            ssize_t got = sockets[i] < 0 ? 0 : recv(sockets[i], bodies[i] + lengths[i], part, 0);
            assert_true(got >= 0);
            lengths[i] += (size_t)got;
            if (got == 0 && sockets[i] >= 0) {
                close(sockets[i]);
                sockets[i] = -1;
                open--;
            }
        }
    }
    for (size_t i = 0; i < SLOW; i++) {
        const char *body = strstr(bodies[i], "\r\n\r\n");
        assert_non_null(body);
        body += 4;
        assert_int_equal(lengths[i] - (size_t)(body - bodies[i]), plain.length);
        assert_memory_equal(body, plain.body, plain.length);
        free(bodies[i]);
    }
    response_finish(&plain);
}

static int start(void **state)
{
    static struct served served;
    served = served_new();
    database_make(&served, served.path, SESSIONS);
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_whole_and_packed),
                                       cmocka_unit_test(test_slow_readers)};
    feed_library_init();
    return cmocka_run_group_tests(tests, start, stop);
}
