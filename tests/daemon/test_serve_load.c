/* Many phones poll while sessions are edited: no error, every body whole and of one revision, memory flat.
 * LITANG_TEST_CONNECTIONS (500) and LITANG_TEST_SECONDS (3) make it larger. */
#include "tests/daemon/serve_process.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sodium.h>
#include <sys/resource.h>
#include <time.h>

#define FEED "/feed/township/T1.ics"

enum {
    RESPONSE_MAX = 262144,
    EDITS_MAX = 4096,
    EDIT_EVERY_MS = 300
};

struct phone {
    int socket;
    bool waits; /* for a response */
    char *bytes;
    size_t length;
    char etag[64];
};

struct revision {
    char etag[64]; /* "": not seen yet */
    unsigned char digest[16];
};

struct load {
    struct served served;
    struct phone *phones;
    struct pollfd *polls;
    size_t count, full, unchanged, edits;
    struct revision *revisions; /* those that came, by the number in the course's name */
};

static size_t setting(const char *name, size_t otherwise)
{
    const char *value = getenv(name);
    return value != NULL ? (size_t)strtoul(value, NULL, 10) : otherwise;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static long resident_kb(pid_t process)
{
    char path[64];
    long pages = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)process);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Every session shows the course's name, so an edit changes all events of all feeds. */
static void course_name(struct load *load)
{
    char name[64];
    struct change_set *set = changes();
    __atomic_fetch_add(load->served.now_s, 60, __ATOMIC_RELAXED);
    snprintf(name, sizeof name, "第%04zu版", ++load->edits);
    PUT(set, TABLE_COURSE, CELL_STR("id", "X1"), CELL_STR("name", name), CELL_STR("category_id", "K1"),
        CELL_INT("minutes", 90));
    commit(&load->served, load->served.path, set);
}

/* Half of them remember the tag, as calendars do. */
static void phone_ask(struct phone *phone, bool remembers)
{
    char request[256];
    snprintf(request, sizeof request, "GET " FEED " HTTP/1.1\r\nHost: a\r\n%s%s%s\r\n",
             remembers && phone->etag[0] != '\0' ? "If-None-Match: " : "", remembers ? phone->etag : "",
             remembers && phone->etag[0] != '\0' ? "\r\n" : "");
    assert_int_equal(send(phone->socket, request, strlen(request), MSG_NOSIGNAL), (ssize_t)strlen(request));
    phone->waits = true;
    phone->length = 0;
}

/* All events name one revision, and a revision has one tag and one body. */
static void body_check(struct load *load, const struct phone *phone, const char *body, size_t length)
{
    unsigned char digest[16];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)body, length, NULL, 0);
    assert_memory_equal(body, "BEGIN:VCALENDAR\r\n", 17);
    assert_memory_equal(body + length - 15, "END:VCALENDAR\r\n", 15);
    long first = -1;
    for (const char *at = strstr(body, "第"); at != NULL; at = strstr(at + 3, "第")) {
        long number = strtol(at + 3, NULL, 10);
        first = first < 0 ? number : first;
        assert_int_equal(number, first);
    }
    assert_in_range(first, 1, EDITS_MAX - 1);
    struct revision *revision = &load->revisions[first];
    if (revision->etag[0] == '\0') {
        memcpy(revision->etag, phone->etag, sizeof revision->etag);
        memcpy(revision->digest, digest, sizeof digest);
    }
    assert_string_equal(phone->etag, revision->etag);
    assert_memory_equal(digest, revision->digest, sizeof digest);
}

/* Two revisions have two tags. Answers how many came. */
static size_t revisions_count(const struct load *load)
{
    size_t count = 0;
    for (size_t i = 0; i < EDITS_MAX; i++) {
        const char *etag = load->revisions[i].etag;
        for (size_t j = 0; j < i && etag[0] != '\0'; j++) {
            assert_string_not_equal(etag, load->revisions[j].etag);
        }
        count += etag[0] != '\0';
    }
    return count;
}

/* Takes what there is; true when the response is whole. */
static bool phone_take(struct load *load, struct phone *phone)
{
    ssize_t part = recv(phone->socket, phone->bytes + phone->length, RESPONSE_MAX - 1 - phone->length, 0);
    assert_true(part > 0); /* an error, or the server hung up */
    phone->length += (size_t)part;
    phone->bytes[phone->length] = '\0';
    char *end = strstr(phone->bytes, "\r\n\r\n");
    if (end == NULL) {
        return false;
    }
    int status = atoi(phone->bytes + strcspn(phone->bytes, " "));
    const char *announced = strcasestr(phone->bytes, "\r\ncontent-length:");
    const char *tag = strcasestr(phone->bytes, "\r\netag:");
    size_t wanted = status == 304 || announced == NULL ? 0 : strtoul(announced + 17, NULL, 10);
    char *body = end + 4;
    size_t have = phone->length - (size_t)(body - phone->bytes);
    assert_true(status == 200 || status == 304);
    if (have < wanted) {
        return false;
    }
    assert_int_equal(have, wanted);
    assert_non_null(tag);
    tag += 7 + strspn(tag + 7, " ");
    snprintf(phone->etag, sizeof phone->etag, "%.*s", (int)strcspn(tag, "\r"), tag);
    if (status == 200) {
        body_check(load, phone, body, wanted);
    }
    load->full += status == 200;
    load->unchanged += status == 304;
    phone->waits = false;
    return true;
}

static void phones_connect(struct load *load)
{
    struct rlimit limit;
    load->count = setting("LITANG_TEST_CONNECTIONS", 500);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = load->count + 64 < limit.rlim_max ? load->count + 64 : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    load->phones = calloc(load->count, sizeof *load->phones);
    load->polls = calloc(load->count, sizeof *load->polls);
    assert_non_null(load->phones);
    assert_non_null(load->polls);
    for (size_t i = 0; i < load->count; i++) {
        load->phones[i].socket = client_connect(load->served.port);
        load->phones[i].bytes = malloc(RESPONSE_MAX);
        assert_non_null(load->phones[i].bytes);
        load->polls[i] = (struct pollfd){.fd = load->phones[i].socket, .events = POLLIN};
        phone_ask(&load->phones[i], false);
    }
}

/* Everybody asks again as soon as answered, until `until_ms`; then the last answers are awaited. */
static void phones_run(struct load *load, int64_t until_ms)
{
    int64_t edit_ms = now_ms();
    size_t waiting = load->count;
    while (waiting > 0) {
        bool over = now_ms() >= until_ms;
        if (!over && now_ms() >= edit_ms && load->edits < EDITS_MAX - 1) {
            course_name(load);
            edit_ms = now_ms() + EDIT_EVERY_MS;
        }
        int ready = poll(load->polls, load->count, 30000);
        assert_true(ready > 0);
        for (size_t i = 0; i < load->count; i++) {
            struct phone *phone = &load->phones[i];
            if (phone->waits && load->polls[i].revents != 0 && phone_take(load, phone)) {
                waiting--;
                if (!over) {
                    phone_ask(phone, i % 2 == 0);
                    waiting++;
                }
            }
        }
    }
}

static void phones_close(struct load *load)
{
    for (size_t i = 0; i < load->count; i++) {
        close(load->phones[i].socket);
        free(load->phones[i].bytes);
    }
    free(load->phones);
    free(load->polls);
}

static void test_many_poll_while_sessions_are_edited(void **state)
{
    static struct load load;
    int64_t span_ms = (int64_t)setting("LITANG_TEST_SECONDS", 3) * 1000;
    (void)state;
    assert_true(sodium_init() >= 0);
    load.revisions = calloc(EDITS_MAX, sizeof *load.revisions);
    assert_non_null(load.revisions);
    load.served = served_new();
    database_make(&load.served, load.served.path, 60);
    course_name(&load);
    served_start(&load.served);
    phones_connect(&load);
    phones_run(&load, now_ms() + span_ms / 2);
    long before_kb = resident_kb(load.served.process);
    for (size_t i = 0; i < load.count; i++) {
        phone_ask(&load.phones[i], true);
    }
    phones_run(&load, now_ms() + span_ms / 2);
    long after_kb = resident_kb(load.served.process);
    size_t revisions = revisions_count(&load);
    print_message(
        "%zu connections, %zu bodies, %zu times 304, %zu edits, %zu revisions seen, %ld kB, then %ld "
        "kB\n",
        load.count, load.full, load.unchanged, load.edits, revisions, before_kb, after_kb);
    assert_true(revisions >= 2);
    assert_true(load.unchanged > 0);
#ifndef __SANITIZE_ADDRESS__ /* it keeps what was freed */
    assert_true(after_kb < before_kb + before_kb / 4 + 4096);
#endif
    phones_close(&load);
    free(load.revisions);
    assert_int_equal(served_stop(&load.served), 0);
    served_finish(&load.served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_many_poll_while_sessions_are_edited)};
    feed_library_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
