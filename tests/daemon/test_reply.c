/* A reply: its tags, its headers, which form and status a request gets, and the cache. */
#include "base/limits.h"
#include "daemon/reply.h"
#include "daemon/reply_cache.h"
#include "tests/daemon/daemon_city.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#define GZIP "gzip, deflate, br"

/* A calendar-like reply of `lines` lines. */
static struct reply *reply_of(const char *address, size_t lines, unsigned status, int64_t last_modified)
{
    struct reply_draft draft = {.status = status,
                                .content_type = "text/calendar; charset=utf-8",
                                .cache_control = "public, max-age=300",
                                .last_modified = last_modified,
                                .filename = "hall-H1.ics"};
    struct reply *reply = NULL;
    struct error err = {0};
    text_init(&draft.body, LIMIT_CALENDAR_BYTES);
    for (size_t i = 0; i < lines; i++) {
        text_add(&draft.body, "SUMMARY:示例课程\r\n");
    }
    assert_int_equal(reply_create(address, &draft, &reply, &err), ERR_NONE);
    text_finish(&draft.body);
    return reply;
}

static const char *header(struct MHD_Response *response, const char *name)
{
    const char *value = MHD_get_response_header(response, name);
    return value != NULL ? value : "";
}

static void test_tags(void **state)
{
    struct reply *one = reply_of("/a", 100, 200, 0);
    struct reply *same = reply_of("/b", 100, 200, 0);
    struct reply *other = reply_of("/a", 101, 200, 0);
    struct reply *small = reply_of("/c", 1, 200, 0);
    struct reply *empty = reply_of("/d", 0, 200, 0);
    struct reply *error = reply_of("/e", 100, 404, 0);
    (void)state;
    assert_string_equal(one->forms[FORM_PLAIN].etag, same->forms[FORM_PLAIN].etag);
    assert_string_not_equal(one->forms[FORM_PLAIN].etag, other->forms[FORM_PLAIN].etag);
    assert_string_not_equal(one->forms[FORM_PLAIN].etag, one->forms[FORM_PACKED].etag);
    assert_int_equal(one->forms[FORM_PLAIN].etag[0], '"');
    assert_int_equal(strlen(one->forms[FORM_PLAIN].etag), 34);
    assert_string_equal(small->forms[FORM_PACKED].etag, "");
    assert_string_not_equal(empty->forms[FORM_PLAIN].etag, "");
    assert_string_equal(error->forms[FORM_PLAIN].etag, "");
    reply_destroy(one);
    reply_destroy(same);
    reply_destroy(other);
    reply_destroy(small);
    reply_destroy(empty);
    reply_destroy(error);
}

static void test_headers(void **state)
{
    struct reply *reply = reply_of("/a", 100, 200, 784111777);
    struct MHD_Response *full = reply->forms[FORM_PLAIN].full;
    (void)state;
    assert_string_equal(header(full, "Content-Type"), "text/calendar; charset=utf-8");
    assert_string_equal(header(full, "ETag"), reply->forms[FORM_PLAIN].etag);
    assert_string_equal(header(full, "Last-Modified"), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_string_equal(header(full, "Cache-Control"), "public, max-age=300");
    assert_string_equal(header(full, "Vary"), "Accept-Encoding");
    assert_string_equal(header(full, "Content-Disposition"), "inline; filename=\"hall-H1.ics\"");
    assert_string_equal(header(full, "Allow"), "");
    reply_destroy(reply);
}

/* Scripts run on the pages that need them and nowhere else, and only the daemon's own. */
static void test_scripts_are_for_pages_that_need_them(void **state)
{
    (void)state;
    for (int scripts = 0; scripts < 2; scripts++) {
        struct reply_draft draft = {.status = 200,
                                    .content_type = "text/html; charset=utf-8",
                                    .cache_control = "no-cache",
                                    .runs_scripts = scripts != 0};
        struct reply *reply = NULL;
        struct error err = {0};
        text_init(&draft.body, LIMIT_PAGE_BYTES);
        text_add(&draft.body, "<p>");
        assert_int_equal(reply_create("/coverage", &draft, &reply, &err), ERR_NONE);
        const char *policy = header(reply->forms[FORM_PLAIN].full, "Content-Security-Policy");
        assert_memory_equal(policy, "default-src 'none';", 19);
        assert_null(strstr(policy, "unsafe"));
        assert_int_equal(strstr(policy, "script-src 'self'") != NULL, scripts != 0);
        assert_int_equal(strstr(policy, "connect-src 'self'") != NULL, scripts != 0);
        reply_destroy(reply);
        text_finish(&draft.body);
    }
}

/* One row: what the client says, and what it must get. A, B stand for the plain and the packed tag. */
struct choice_case {
    const char *none_match, *since, *encoding, *agent;
    bool unchanged;
    enum reply_form form;
};

static const struct choice_case CHOICES[] = {
    {NULL, NULL, NULL, NULL, false, FORM_PLAIN},
    {NULL, NULL, GZIP, NULL, false, FORM_PACKED},
    {NULL, NULL, "gzip;q=0", NULL, false, FORM_PLAIN},
    {NULL, NULL, GZIP, "Mozilla/5.0 Firefox", false, FORM_PACKED},
    {NULL, NULL, GZIP, "Microsoft Office/16.0 (Microsoft Outlook 16)", false, FORM_PLAIN},
    {NULL, NULL, GZIP, "Exchange/15.20", false, FORM_PLAIN},
    {"A", NULL, NULL, NULL, true, FORM_PLAIN},
    {"B", NULL, NULL, NULL, true, FORM_PACKED},
    {"A", NULL, GZIP, NULL, true, FORM_PLAIN},
    {"B", NULL, GZIP, NULL, true, FORM_PACKED},
    {"A, B", NULL, GZIP, NULL, true, FORM_PACKED},
    {"B, A", NULL, NULL, NULL, true, FORM_PLAIN},
    {"W/A", NULL, NULL, NULL, true, FORM_PLAIN},
    {"\"old\", W/B", NULL, GZIP, NULL, true, FORM_PACKED},
    {"*", NULL, NULL, NULL, true, FORM_PLAIN},
    {"*", NULL, GZIP, NULL, true, FORM_PACKED},
    {"\"old\"", NULL, GZIP, NULL, false, FORM_PACKED},
    {NULL, "Sun, 06 Nov 1994 08:49:37 GMT", NULL, NULL, true, FORM_PLAIN},
    {NULL, "Sun, 06 Nov 1994 08:49:38 GMT", GZIP, NULL, true, FORM_PACKED},
    {NULL, "Sun, 06 Nov 1994 08:49:36 GMT", NULL, NULL, false, FORM_PLAIN},
    {NULL, "not a date", NULL, NULL, false, FORM_PLAIN},
    /* If-None-Match wins, whatever the date says. */
    {"\"old\"", "Sun, 06 Nov 2094 08:49:37 GMT", NULL, NULL, false, FORM_PLAIN},
    {"A", "Sun, 06 Nov 1894 08:49:37 GMT", NULL, NULL, true, FORM_PLAIN},
    {"", "Sun, 06 Nov 2094 08:49:37 GMT", NULL, NULL, false, FORM_PLAIN},
};

/* Puts the real tags in the place of A and B. */
static void tags_fill(const struct reply *reply, const char *pattern, char *ret_header, size_t size)
{
    size_t length = 0;
    ret_header[0] = '\0';
    for (const char *at = pattern; *at != '\0'; at++) {
        bool tag = *at == 'A' || *at == 'B';
        int written = snprintf(ret_header + length, size - length, "%.*s", tag ? ETAG_SIZE : 1,
                               tag ? reply->forms[*at == 'A' ? FORM_PLAIN : FORM_PACKED].etag : at);
        length += (size_t)written;
    }
}

static void test_choices(void **state)
{
    struct reply *reply = reply_of("/a", 100, 200, 784111777);
    (void)state;
    for (size_t i = 0; i < sizeof CHOICES / sizeof CHOICES[0]; i++) {
        const struct choice_case *row = &CHOICES[i];
        char none_match[256];
        tags_fill(reply, row->none_match != NULL ? row->none_match : "", none_match, sizeof none_match);
        struct reply_request request = {.if_none_match = row->none_match != NULL ? none_match : NULL,
                                        .if_modified_since = row->since,
                                        .accept_encoding = row->encoding,
                                        .user_agent = row->agent};
        struct reply_choice choice = reply_choose(reply, &request);
        if (choice.unchanged != row->unchanged || choice.form != row->form) {
            fail_msg("row %zu: %s, form %d", i, choice.unchanged ? "304" : "200", choice.form);
        }
    }
    reply_destroy(reply);
}

static void test_an_error_is_never_unchanged(void **state)
{
    struct reply *reply = reply_of("", 100, 404, 0);
    struct reply_request request = {
        .if_none_match = "*", .if_modified_since = "Sun, 06 Nov 2094 08:49:37 GMT", .accept_encoding = GZIP};
    struct reply_choice choice = reply_choose(reply, &request);
    (void)state;
    assert_false(choice.unchanged);
    assert_int_equal(choice.form, FORM_PLAIN);
    reply_destroy(reply);
}

static void test_a_body_past_its_limit(void **state)
{
    struct reply_draft draft = {.status = 200, .content_type = "text/plain", .cache_control = "no-store"};
    struct reply *reply = NULL;
    struct error err = {0};
    (void)state;
    text_init(&draft.body, 4);
    text_add(&draft.body, "12345");
    assert_int_equal(reply_create("/a", &draft, &reply, &err), ERR_LIMIT);
    assert_null(reply);
    text_finish(&draft.body);
}

static void test_cache(void **state)
{
    struct reply_cache cache;
    (void)state;
    reply_cache_init(&cache);
    assert_null(reply_cache_find(&cache, "/a"));
    struct reply *one = reply_of("/a", 10, 200, 0);
    struct reply *twice = reply_of("/a", 11, 200, 0);
    assert_true(reply_cache_keep(&cache, one, false));
    assert_false(reply_cache_keep(&cache, twice, false)); /* the first stays */
    assert_ptr_equal(reply_cache_find(&cache, "/a"), one);
    assert_true(cache.bytes >= reply_bytes(one));
    reply_destroy(twice);
    reply_cache_finish(&cache);
}

/* LIMIT_REPLY_VARIANT_BYTES: alarms of all kinds cannot push the plain feeds out. */
static void test_variants_have_their_share(void **state)
{
    struct reply_cache cache;
    size_t kept = 0;
    (void)state;
    reply_cache_init(&cache);
    for (int alarm = 1; alarm <= 200; alarm++) {
        char address[40];
        snprintf(address, sizeof address, "/feed/a?zh%d", alarm);
        struct reply *reply = reply_of(address, 40000, 200, 0); /* 880 kB */
        if (reply_cache_keep(&cache, reply, true)) {
            kept++;
        } else {
            reply_destroy(reply);
        }
    }
    assert_in_range(kept, 30, 80);
    assert_true(cache.variant_bytes <= LIMIT_REPLY_VARIANT_BYTES);
    assert_true(reply_cache_keep(&cache, reply_of("/feed/plain", 40000, 200, 0), false));
    reply_cache_finish(&cache);
}

/* LIMIT_REPLY_CACHE_BYTES. The sum is set, not filled. */
static void test_a_full_cache(void **state)
{
    struct reply_cache cache;
    struct reply *reply = reply_of("/a", 10, 200, 0);
    (void)state;
    reply_cache_init(&cache);
    cache.bytes = LIMIT_REPLY_CACHE_BYTES - reply_bytes(reply) + 1;
    assert_false(reply_cache_keep(&cache, reply, false));
    cache.bytes--;
    assert_true(reply_cache_keep(&cache, reply, false));
    reply_cache_finish(&cache);
}

static struct reply *reply_of_feed(const struct published *city)
{
    struct reply_draft draft = {.status = 200,
                                .content_type = "text/calendar; charset=utf-8",
                                .cache_control = "public, max-age=300"};
    struct reply *reply = NULL;
    struct error err = {0};
    text_init(&draft.body, LIMIT_CALENDAR_BYTES);
    assert_int_equal(feed_compose(city->feeds, FEED_CITY, 0, NULL, &draft.feed, NULL, &err), ERR_NONE);
    assert_int_equal(reply_create("/f", &draft, &reply, &err), ERR_NONE);
    assert_int_equal(draft.feed.count, 0); /* taken */
    text_finish(&draft.body);
    return reply;
}

/* A feed is sent from a file as long as connections keep their share of the descriptors; then from the heap.
 */
static void test_files_leave_room_for_connections(void **state)
{
    struct rlimit before;
    struct reply *replies[4];
    struct published *city = odd_city();
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit room = {LIMIT_CONNECTIONS + LIMIT_OTHER_FILES + 2, before.rlim_max};
    if (room.rlim_cur > before.rlim_max) {
        print_message("SKIPPED: only %lu descriptors are allowed here\n", (unsigned long)before.rlim_max);
        published_destroy(city);
        return;
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &room), 0);
    for (size_t i = 0; i < 4; i++) {
        replies[i] = reply_of_feed(city);
        assert_null(replies[i]->forms[FORM_PLAIN].full); /* nobody has asked yet */
        assert_true(reply_dress(replies[i]));
        assert_non_null(replies[i]->forms[FORM_PLAIN].full);
        assert_int_equal(replies[i]->from_file, i < 2);
        assert_string_equal(replies[i]->forms[FORM_PLAIN].etag, replies[0]->forms[FORM_PLAIN].etag);
    }
    reply_destroy(replies[0]);
    replies[0] = reply_of_feed(city);
    assert_true(reply_dress(replies[0]));
    assert_true(replies[0]->from_file);
    for (size_t i = 0; i < 4; i++) {
        reply_destroy(replies[i]);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    published_destroy(city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_leave_room_for_connections),
        cmocka_unit_test(test_tags),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_scripts_are_for_pages_that_need_them),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_an_error_is_never_unchanged),
        cmocka_unit_test(test_a_body_past_its_limit),
        cmocka_unit_test(test_cache),
        cmocka_unit_test(test_variants_have_their_share),
        cmocka_unit_test(test_a_full_cache),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
