/* Fetching: which addresses, redirects, sizes and answers are taken. */
#include "tests/daemon/calendar_site.h"

#include "base/limits.h"
#include "daemon/fetch.h"

#include <stdlib.h>

#define OK "HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n"

static void fetch_at(struct site *site, const char *path, bool allow_private, const char *etag,
                     struct fetch_answer *ret)
{
    char source[256];
    snprintf(source, sizeof source, "http://127.0.0.1:%u%s", site->port, path);
    const struct fetch_request request = {.source = source, .etag = etag, .allow_private = allow_private};
    assert_int_equal(fetch(&request, ret, NULL), ERR_NONE);
}

static void public_and_private_addresses(void **state)
{
    static const struct {
        const char *address;
        bool is_public;
    } ADDRESSES[] = {{"8.8.8.8", true},
                     {"223.5.5.5", true},
                     {"172.15.255.255", true},
                     {"172.32.0.1", true},
                     {"100.63.255.255", true},
                     {"0.0.0.0", false},
                     {"10.1.2.3", false},
                     {"100.64.0.1", false},
                     {"127.0.0.1", false},
                     {"127.255.255.254", false},
                     {"169.254.169.254", false},
                     {"172.16.0.1", false},
                     {"172.31.255.255", false},
                     {"192.168.1.1", false},
                     {"198.18.0.1", false},
                     {"224.0.0.1", false},
                     {"255.255.255.255", false},
                     {"2400:3200::1", true},
                     {"2001:4860:4860::8888", true},
                     {"::", false},
                     {"::1", false},
                     {"::127.0.0.1", false},
                     {"::ffff:127.0.0.1", false},
                     {"::ffff:10.0.0.1", false},
                     {"::ffff:8.8.8.8", true},
                     {"64:ff9b::7f00:1", false},
                     {"64:ff9b::808:808", true},
                     {"64:ff9b:1::1", false},
                     {"2002:7f00:1::1", false},
                     {"2002:a00:1::1", false},
                     {"2002:808:808::1", true},
                     {"2001::1", false},
                     {"2001:db8::1", false},
                     {"fc00::1", false},
                     {"fd12:3456::1", false},
                     {"fe80::1", false},
                     {"fec0::1", false},
                     {"ff02::1", false},
                     {"100::1", false}};
    (void)state;
    for (size_t i = 0; i < sizeof ADDRESSES / sizeof *ADDRESSES; i++) {
        struct sockaddr_storage address = {0};
        struct sockaddr_in ipv4 = {.sin_family = AF_INET};
        struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6};
        if (inet_pton(AF_INET, ADDRESSES[i].address, &ipv4.sin_addr) == 1) {
            memcpy(&address, &ipv4, sizeof ipv4);
        } else {
            assert_int_equal(inet_pton(AF_INET6, ADDRESSES[i].address, &ipv6.sin6_addr), 1);
            memcpy(&address, &ipv6, sizeof ipv6);
        }
        if (fetch_address_public((const struct sockaddr *)&address) != ADDRESSES[i].is_public) {
            fail_msg("%s", ADDRESSES[i].address);
        }
    }
    struct sockaddr other = {.sa_family = AF_UNIX};
    assert_false(fetch_address_public(&other));
}

static void sources_as_people_type_them(void **state)
{
    static const struct {
        const char *word, *source; /* NULL: refused */
    } WORDS[] = {{"https://a.example/x.ics", "https://a.example/x.ics"},
                 {"HTTP://a.example/x.ics", "http://a.example/x.ics"},
                 {"webcal://a.example/x.ics", "https://a.example/x.ics"},
                 {"webcals://a.example/x.ics", "https://a.example/x.ics"},
                 {"file:///dev/null", "/dev/null"},
                 {"/dev/../dev/null", "/dev/null"},
                 {"ftp://a.example/x.ics", NULL},
                 {"gopher://a.example/", NULL},
                 {"https://", NULL},
                 {"https:///x", NULL},
                 {"https://a.example/x y", NULL},
                 {"https://a.example/\r\nX: y", NULL},
                 {"", NULL},
                 {"/no/such/file.ics", NULL}};
    char source[LIMIT_FOLLOW_SOURCE_BYTES + 1];
    struct error err;
    (void)state;
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        enum error_code code = fetch_source(WORDS[i].word, source, sizeof source, &err);
        if ((code == ERR_NONE) != (WORDS[i].source != NULL)) {
            fail_msg("%s: %s", WORDS[i].word, error_name(code));
        }
        if (code == ERR_NONE) {
            assert_string_equal(source, WORDS[i].source);
        }
    }
    char *longest = calloc(1, LIMIT_FOLLOW_SOURCE_BYTES + 2);
    assert_non_null(longest);
    memset(longest, 'a', LIMIT_FOLLOW_SOURCE_BYTES + 1);
    memcpy(longest, "https://", 8);
    assert_int_equal(fetch_source(longest, source, sizeof source, &err), ERR_INPUT);
    longest[LIMIT_FOLLOW_SOURCE_BYTES] = '\0';
    assert_int_equal(fetch_source(longest, source, sizeof source, &err), ERR_NONE);
    free(longest);
    /* A log shows no secret of a path and no password. */
    fetch_source_shown("https://me:secret@a.example:8443/private-0123/x.ics?key=1", source, sizeof source);
    assert_string_equal(source, "a.example:8443");
    fetch_source_shown("/home/hall.ics", source, sizeof source);
    assert_string_equal(source, "/home/hall.ics");
}

static void private_addresses_are_refused_unless_allowed(void **state)
{
    struct site site;
    struct fetch_answer answer;
    (void)state;
    site_start(&site);
    site_set(&site, OK "ETag: \"1\"\r\nLast-Modified: Mon, 23 Nov 2026 01:00:00 GMT\r\n", "BEGIN:VCALENDAR",
             NULL);
    fetch_at(&site, "/", false, "", &answer);
    assert_int_equal(answer.outcome, FETCH_REFUSED);
    assert_int_equal(site_hits(&site), 0); /* not even a connection */
    fetch_finish(&answer);
    /* A name that means this machine is no way around. */
    char source[64];
    snprintf(source, sizeof source, "http://localhost:%u/", site.port);
    assert_int_equal(fetch(&(struct fetch_request){.source = source}, &answer, NULL), ERR_NONE);
    assert_int_equal(answer.outcome, FETCH_REFUSED);
    assert_int_equal(site_hits(&site), 0);
    fetch_finish(&answer);
    fetch_at(&site, "/", true, "", &answer);
    assert_int_equal(answer.outcome, FETCH_BODY);
    assert_int_equal(answer.length, 15);
    assert_memory_equal(answer.body, "BEGIN:VCALENDAR", 15);
    assert_string_equal(answer.etag, "\"1\"");
    assert_string_equal(answer.last_modified, "Mon, 23 Nov 2026 01:00:00 GMT");
    fetch_finish(&answer);
    site_stop(&site);
}

static void answers_and_what_they_mean(void **state)
{
    static const struct {
        const char *head, *body;
        enum fetch_outcome outcome;
        long status;
    } ANSWERS[] = {{OK, "", FETCH_FAILED, 200},
                   {"HTTP/1.1 404 Not Found\r\n", "no", FETCH_GONE, 404},
                   {"HTTP/1.1 410 Gone\r\n", "", FETCH_GONE, 410},
                   {"HTTP/1.1 500 Oops\r\n", "BEGIN:VCALENDAR", FETCH_FAILED, 500},
                   {"HTTP/1.1 401 Unauthorized\r\n", "", FETCH_FAILED, 401},
                   {"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n", "", FETCH_REFUSED, 0},
                   {"HTTP/1.1 302 Found\r\nLocation: ftp://127.0.0.1/x\r\n", "", FETCH_REFUSED, 0},
                   {"HTTP/1.1 302 Found\r\nLocation: /again\r\n", "", FETCH_FAILED, 0}, /* for ever */
                   {"nonsense\r\n", "", FETCH_FAILED, 0}};
    struct site site;
    struct fetch_answer answer;
    (void)state;
    site_start(&site);
    for (size_t i = 0; i < sizeof ANSWERS / sizeof *ANSWERS; i++) {
        unsigned before = site_hits(&site);
        site_set(&site, ANSWERS[i].head, ANSWERS[i].body, NULL);
        fetch_at(&site, "/", true, "", &answer);
        assert_int_equal(answer.outcome, ANSWERS[i].outcome);
        assert_true(ANSWERS[i].status == 0 || answer.status == ANSWERS[i].status);
        assert_true(answer.zh[0] != '\0' && answer.en[0] != '\0');
        assert_true(site_hits(&site) - before <= 1 + (unsigned)LIMIT_FETCH_REDIRECTS);
        fetch_finish(&answer);
    }
    /* 304 for the mark that was kept. */
    site_set(&site, OK, "BEGIN:VCALENDAR", "\"7\"");
    fetch_at(&site, "/", true, "\"7\"", &answer);
    assert_int_equal(answer.outcome, FETCH_UNCHANGED);
    assert_true(site_request_has(&site, "If-None-Match: \"7\""));
    fetch_finish(&answer);
    site_stop(&site);
}

static void a_body_is_bounded(void **state)
{
    struct site site;
    struct fetch_answer answer;
    (void)state;
    site_start(&site);
    site_set(&site, OK, "BEGIN:VCALENDAR\r\n", NULL);
    site.endless = LIMIT_ICS_BYTES + 8192;
    fetch_at(&site, "/", true, "", &answer);
    assert_int_equal(answer.outcome, FETCH_FAILED);
    assert_non_null(strstr(answer.en, "more than 16 MB"));
    assert_null(answer.body);
    fetch_finish(&answer);
    site_stop(&site);
}

static void a_cancel_ends_it(void **state)
{
    struct site site;
    struct fetch_answer answer;
    bool cancel = true;
    char source[64];
    (void)state;
    site_start(&site);
    site_set(&site, OK, "BEGIN", NULL);
    site.endless = SIZE_MAX;
    snprintf(source, sizeof source, "http://127.0.0.1:%u/", site.port);
    const struct fetch_request request = {.source = source, .allow_private = true, .cancel = &cancel};
    assert_int_equal(fetch(&request, &answer, NULL), ERR_NONE);
    assert_int_equal(answer.outcome, FETCH_FAILED);
    fetch_finish(&answer);
    site_stop(&site);
}

static void files(void **state)
{
    char path[] = "/tmp/litang-fetch-XXXXXX";
    struct fetch_answer answer;
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(fetch(&(struct fetch_request){.source = path}, &answer, NULL), ERR_NONE);
    assert_int_equal(answer.outcome, FETCH_FAILED); /* empty */
    fetch_finish(&answer);
    assert_int_equal(write(fd, "BEGIN", 5), 5);
    assert_int_equal(fetch(&(struct fetch_request){.source = path}, &answer, NULL), ERR_NONE);
    assert_int_equal(answer.outcome, FETCH_BODY);
    assert_int_equal(answer.length, 5);
    fetch_finish(&answer);
    assert_int_equal(ftruncate(fd, (off_t)LIMIT_ICS_BYTES + 1), 0);
    assert_int_equal(fetch(&(struct fetch_request){.source = path}, &answer, NULL), ERR_NONE);
    assert_int_equal(answer.outcome, FETCH_FAILED);
    fetch_finish(&answer);
    close(fd);
    unlink(path);
    assert_int_equal(fetch(&(struct fetch_request){.source = path}, &answer, NULL), ERR_NONE);
    assert_int_equal(answer.outcome, FETCH_GONE);
    fetch_finish(&answer);
    assert_int_equal(fetch(&(struct fetch_request){.source = "/dev/zero"}, &answer, NULL), ERR_NONE);
    assert_int_equal(answer.outcome, FETCH_REFUSED);
    fetch_finish(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(public_and_private_addresses),
        cmocka_unit_test(sources_as_people_type_them),
        cmocka_unit_test(private_addresses_are_refused_unless_allowed),
        cmocka_unit_test(answers_and_what_they_mean),
        cmocka_unit_test(a_body_is_bounded),
        cmocka_unit_test(a_cancel_ends_it),
        cmocka_unit_test(files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
