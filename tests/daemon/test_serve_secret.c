/* Secret addresses and receipts in a running daemon: what a token opens, how its owner changes it, who has
 * picked up which revision. */
#include "daemon/receipt_book.h"
#include "daemon/secret.h"
#include "tests/daemon/serve_process.h"

#define WORD_A "abcdefghijklmnopqrstuvwxyz234567"
#define WORD_B "bbcdefghijklmnopqrstuvwxyz234567"
#define FORM   "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n"

/* A database without public instructors, and a token of I1. */
static struct served secret_city(void)
{
    struct served served = served_new();
    struct store *store = NULL;
    struct error err = {0};
    char hash[TOKEN_HASH_SIZE];
    assert_true(secret_library_init());
    database_make(&served, served.path, 6);
    struct change_set *set = changes();
    PUT(set, TABLE_SETTING, CELL_STR("name", "public_instructors"), CELL_STR("value", "0"));
    commit(&served, served.path, set);
    assert_true(secret_hash(WORD_A, hash));
    done(store_open(served.path, STORE_OPEN, served_clock(&served), &store, &err), &err);
    done(token_add(store, "instructor", "I1", hash, "", &err), &err);
    store_close(store);
    served_start(&served);
    return served;
}

static void assert_header_has(const struct http_response *response, const char *name, const char *part)
{
    const char *value = response_header(response, name);
    if (value == NULL || strstr(value, part) == NULL) {
        fail_msg("%s: %s, without %s", name, value != NULL ? value : "none", part);
    }
}

static int status_of(struct served *served, const char *target)
{
    struct http_response response = http_get(served->port, target, "");
    int status = response.status;
    response_finish(&response);
    return status;
}

static void test_token_opens_what_the_id_does_not(void **state)
{
    static const struct {
        const char *target;
        int status;
    } CASES[] = {
        {"/instructor/I1", 404},
        {"/feed/instructor/I1.ics", 404},
        {"/feed/instructor/I1.jcal", 404},
        {"/freebusy/instructor/I1.ifb", 404},
        {"/sessions/instructor/I1.json", 404},
        {"/sessions/secret/" WORD_A ".json", 200},
        {"/subscribe/instructor/I1", 404},
        {"/i/" WORD_A, 200},
        {"/subscribe/secret/" WORD_A, 200},
        {"/feed/secret/" WORD_A ".ics", 200},
        {"/feed/secret/" WORD_A ".jcal", 200},
        {"/freebusy/secret/" WORD_A ".ifb", 200},
        {"/feed/secret/" WORD_A ".ics?alarm=60", 200},
        {"/feed/secret/" WORD_A ".ics?category=none", 400},
        {"/feed/secret/" WORD_B ".ics", 404},
        {"/feed/secret/I1.ics", 404},
        {"/feed/secret/ABCDEFGHIJKLMNOPQRSTUVWXYZ234567.ics", 404},
        {"/i/" WORD_A "a", 404},
        {"/subscribe/secret/" WORD_A "/rotate", 405}, /* a GET changes nothing */
        {"/township/T1", 200},
    };
    struct served served = secret_city();
    (void)state;
    for (int round = 0; round < 2; round++) { /* made, then out of the cache */
        for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
            int status = status_of(&served, CASES[i].target);
            if (status != CASES[i].status) {
                fail_msg("%s: %d", CASES[i].target, status);
            }
        }
    }
    struct http_response page = http_get(served.port, "/township/T1", "");
    assert_non_null(strstr(page.body, "示例甲"));
    assert_null(strstr(page.body, "/instructor/"));
    response_finish(&page);
    page = http_get(served.port, "/i/" WORD_A, "");
    assert_header_has(&page, "Cache-Control", "private");
    assert_non_null(strstr(page.body, "/subscribe/secret/" WORD_A));
    assert_null(strstr(page.body, "/instructor/"));
    response_finish(&page);
    page = http_get(served.port, "/feed/secret/" WORD_A ".ics", "");
    assert_header_has(&page, "Content-Disposition", "\"instructor.ics\"");
    assert_null(strstr(page.body, WORD_A));
    response_finish(&page);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

/* Pages and calendars name who leads a session; nothing public holds the id behind which the rest is. */
static void test_no_address_tells_ids(void **state)
{
    static const char *const TARGETS[] = {"/sessions/township/T1.json", "/sessions/hall/H1.json",
                                          "/sessions/secret/" WORD_A ".json", "/township/T1"};
    struct served served = secret_city();
    (void)state;
    for (size_t i = 0; i < sizeof TARGETS / sizeof TARGETS[0]; i++) {
        struct http_response response = http_get(served.port, TARGETS[i], "");
        assert_int_equal(response.status, 200);
        if (strstr(response.body, "示例甲") == NULL || strstr(response.body, "I1") != NULL) {
            fail_msg("%s: %s", TARGETS[i], response.body);
        }
        response_finish(&response);
    }
    static const char *const PROPOSALS[] = {"/api/proposals?township=T1&minimum=10",
                                            "/api/proposals?hall=H1"};
    for (size_t i = 0; i < sizeof PROPOSALS / sizeof PROPOSALS[0]; i++) {
        struct http_response response = http_get(served.port, PROPOSALS[i], "");
        assert_int_equal(response.status, 200);
        assert_non_null(strstr(response.body, "\"instructor\":null"));
        assert_null(strstr(response.body, "示例甲"));
        assert_null(strstr(response.body, "I1"));
        response_finish(&response);
    }
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

static struct http_response rotate(struct served *served, const char *word, const char *headers)
{
    char target[128];
    snprintf(target, sizeof target, "/subscribe/secret/%s/rotate", word);
    return http_request(served->port, "POST", target, headers);
}

static void test_owner_changes_the_address(void **state)
{
    struct served served = secret_city();
    char target[128];
    (void)state;
    assert_int_equal(status_of(&served, "/feed/secret/" WORD_A ".ics"), 200);
    struct http_response response = rotate(&served, WORD_B, FORM);
    assert_int_equal(response.status, 404);
    response_finish(&response);
    response = http_request(served.port, "POST", "/subscribe/secret/" WORD_A, FORM);
    assert_int_equal(response.status, 405);
    response_finish(&response);
    response = rotate(&served, WORD_A, FORM);
    assert_int_equal(response.status, 303);
    const char *location = response_header(&response, "Location");
    assert_non_null(location);
    assert_int_equal(strncmp(location, "/subscribe/secret/", 18), 0);
    char word[SECRET_SIZE];
    snprintf(word, sizeof word, "%s", location + 18);
    assert_int_equal(strlen(word), SECRET_SIZE - 1);
    response_finish(&response);
    /* At once, and after a restart. */
    for (int round = 0; round < 2; round++) {
        assert_int_equal(status_of(&served, "/feed/secret/" WORD_A ".ics"), 410);
        assert_int_equal(status_of(&served, "/i/" WORD_A), 410);
        snprintf(target, sizeof target, "/feed/secret/%s.ics", word);
        assert_int_equal(status_of(&served, target), 200);
        if (round == 0) {
            assert_int_equal(served_stop(&served), 0);
            served_start(&served);
        }
    }
    response = rotate(&served, WORD_A, FORM);
    assert_int_equal(response.status, 410);
    assert_non_null(strstr(response.body, "<h1>410 此地址已停用</h1>"));
    response_finish(&response);
    response = http_get(served.port, "/i/" WORD_A "?lang=en", "");
    assert_non_null(strstr(response.body, "<h1>410 no longer in use</h1>"));
    assert_non_null(strstr(response.body, "<html lang=\"en\">"));
    assert_null(strstr(response.body, "数据已被"));
    response_finish(&response);
    response = http_get(served.port, "/feed/secret/" WORD_A ".ics", "");
    assert_non_null(strstr(response.body, "\"title\":\"此地址已停用 / no longer in use\""));
    response_finish(&response);
    response = http_get(served.port, "/subscribe/secret/" WORD_A "/rotate", "");
    assert_int_equal(response.status, 405);
    assert_string_equal(response_header(&response, "Allow"), "POST");
    response_finish(&response);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

/* Twenty at once: one wins, the others are told that the address is gone or to come again. */
static void test_many_change_it_at_once(void **state)
{
    enum {
        MANY = 20
    };
    struct served served = secret_city();
    int connections[MANY];
    int counts[600] = {0};
    (void)state;
    for (int i = 0; i < MANY; i++) {
        connections[i] = client_connect(served.port);
        client_send(connections[i],
                    "POST /subscribe/secret/" WORD_A "/rotate HTTP/1.1\r\nHost: a\r\n" FORM "\r\n");
    }
    for (int i = 0; i < MANY; i++) {
        struct http_response response;
        if (i % 5 != 4) { /* some hang up before they are answered */
            client_read(connections[i], true, &response);
            assert_in_range(response.status, 1, 599);
            counts[response.status]++;
            response_finish(&response);
        }
        close(connections[i]);
    }
    assert_true(counts[303] <= 1);
    assert_int_equal(counts[303] + counts[410] + counts[503], MANY - MANY / 5);
    assert_int_equal(status_of(&served, "/feed/secret/" WORD_A ".ics"), 410);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

/* Neither a large body nor a stop in the middle does harm. */
static void test_posts_that_misbehave(void **state)
{
    struct served served = secret_city();
    static char body[16384];
    (void)state;
    int connection = client_connect(served.port);
    client_send(connection, "POST /subscribe/secret/" WORD_A "/rotate HTTP/1.1\r\nHost: a\r\nContent-Length: "
                            "16383\r\n\r\n");
    memset(body, 'x', sizeof body - 1);
    client_send(connection, body);
    struct http_response response;
    client_read(connection, true, &response);
    assert_int_equal(response.status, 413);
    assert_non_null(strstr(response.body, "413 内容太大"));
    response_finish(&response);
    close(connection);
    assert_int_equal(status_of(&served, "/feed/secret/" WORD_A ".ics"), 200);
    connection = client_connect(served.port);
    client_send(connection, "POST /subscribe/secret/" WORD_A "/rotate HTTP/1.1\r\nHost: a\r\n" FORM "\r\n");
    assert_int_equal(served_stop(&served), 0); /* with a request suspended, or just answered */
    close(connection);
    served_finish(&served);
}

/* Another revision: the course has another name. */
static void course_rename(struct served *served)
{
    struct change_set *set = changes();
    *served->now_s += 60;
    PUT(set, TABLE_COURSE, CELL_STR("id", "X1"), CELL_STR("name", "手机防诈骗二"),
        CELL_STR("category_id", "K1"), CELL_INT("minutes", 90));
    commit(served, served->path, set);
}

static void test_receipts_tell_who_is_behind(void **state)
{
    static const char API[] = "/api/receipts/township/T1.json";
    struct served served = secret_city();
    struct error err = {0};
    (void)state;
    struct http_response response =
        http_get(served.port, "/feed/township/T1.ics", "User-Agent: ICSx5/2.2\r\n");
    char etag[64];
    snprintf(etag, sizeof etag, "%s", response_header(&response, "ETag"));
    response_finish(&response);
    response = http_get(served.port, "/feed/hall/H1.ics", "User-Agent: iOS/17.0 dataaccessd/1.0\r\n");
    response_finish(&response);
    response =
        http_get(served.port, "/feed/secret/" WORD_A ".ics", "User-Agent: Mozilla Thunderbird/115\r\n");
    response_finish(&response);
    response = http_request(served.port, "HEAD", "/feed/hall/H2.ics", ""); /* fetches nothing */
    response_finish(&response);
    assert_true(body_comes(&served, API, "\"picked_up\":3,\"not_picked_up\":0"));
    course_rename(&served);
    assert_true(body_comes(&served, API, "\"picked_up\":0,\"not_picked_up\":3"));
    response = http_get(served.port, "/feed/township/T1.ics", "User-Agent: ICSx5/2.2\r\n");
    assert_string_not_equal(response_header(&response, "ETag"), etag);
    response_finish(&response);
    response = http_get(served.port, API, "");
    assert_non_null(strstr(response.body, "\"picked_up\":1,\"not_picked_up\":2"));
    assert_non_null(strstr(response.body, "\"client\":\"apple\""));
    assert_non_null(strstr(response.body, "\"client\":\"thunderbird\""));
    assert_null(strstr(response.body, "I1")); /* people are counted, not named */
    assert_string_equal(response_header(&response, "Cache-Control"), "no-store");
    response_finish(&response);
    assert_int_equal(status_of(&served, "/api/receipts/township/T1.json?revision=99999"), 404);
    assert_int_equal(served_stop(&served), 0);
    /* Stored, and known again after a restart; the database's revision is that of the last commit. */
    struct store *store = NULL;
    struct receipt_list list;
    done(store_open(served.path, STORE_OPEN, served_clock(&served), &store, &err), &err);
    done(receipt_list_load(store, &list, &err), &err);
    assert_int_equal(list.count, 3);
    receipt_list_finish(&list);
    store_close(store);
    served_start(&served);
    assert_true(body_comes(&served, API, "\"picked_up\":1,\"not_picked_up\":2"));
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

/* A proxy on this machine says who asks: the last whom it names counts, however it writes the address. */
static void test_receipts_behind_a_proxy(void **state)
{
    static const struct {
        const char *header;
        int subscriptions; /* so far */
    } FETCHES[] = {
        {"X-Forwarded-For: 192.0.2.1\r\n", 1},        {"X-Forwarded-For: 192.0.2.9, 192.0.2.1\r\n", 1},
        {"X-Forwarded-For: ::ffff:192.0.2.1\r\n", 1}, {"X-Forwarded-For: 192.0.2.2\r\n", 2},
        {"X-Forwarded-For: 2001:db8::1\r\n", 3},      {"X-Forwarded-For: 2001:db8:0::1 \r\n", 3},
        {"X-Forwarded-For: unknown\r\n", 4},          {"", 5},
    };
    static const char API[] = "/api/receipts/township/T1.json";
    struct served served = secret_city();
    char wanted[64];
    (void)state;
    for (size_t i = 0; i < sizeof FETCHES / sizeof FETCHES[0]; i++) {
        struct http_response response = http_get(served.port, "/feed/township/T1.ics", FETCHES[i].header);
        assert_int_equal(response.status, 200);
        response_finish(&response);
        snprintf(wanted, sizeof wanted, "\"picked_up\":%d,", FETCHES[i].subscriptions);
        assert_true(body_comes(&served, API, wanted));
    }
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

static void test_families(void **state)
{
    (void)state;
    assert_int_equal(client_family_of(NULL), CLIENT_OTHER);
    assert_int_equal(client_family_of("curl/8"), CLIENT_OTHER);
    assert_int_equal(client_family_of("ICSx5/2.2 (Android)"), CLIENT_ICSX5);
    assert_int_equal(client_family_of("iOS/17.5 (21F79) dataaccessd/1.0"), CLIENT_APPLE);
    assert_int_equal(client_family_of("Google-Calendar-Importer"), CLIENT_GOOGLE);
    assert_int_equal(client_family_of("Microsoft Office/16.0 (Microsoft Outlook)"), CLIENT_OUTLOOK);
    assert_int_equal(client_family_of("Evolution/3.46"), CLIENT_EVOLUTION);
    char first[SECRET_SIZE];
    char second[SECRET_SIZE];
    char hash[TOKEN_HASH_SIZE];
    secret_new(first);
    secret_new(second);
    assert_string_not_equal(first, second);
    assert_true(secret_hash(first, hash));
    assert_false(secret_hash("", hash));
    const struct client_key one = {{192, 0, 2, 1}, 4};
    const struct client_key two = {{192, 0, 2, 2}, 4};
    const struct client_key longer = {{192, 0, 2, 1}, 16};
    assert_true(client_mark(&one, "hall", "H1") == client_mark(&one, "hall", "H1"));
    assert_true(client_mark(&one, "hall", "H1") != client_mark(&two, "hall", "H1"));
    assert_true(client_mark(&one, "hall", "H1") != client_mark(&longer, "hall", "H1"));
    assert_true(client_mark(&one, "hall", "H1") != client_mark(&one, "hall", "H2"));
    assert_true(client_mark(&one, "hall", "H1") != client_mark(&one, "halls", "H1"));
}

/* A book is bounded, whoever comes. */
static void test_book_is_bounded(void **state)
{
    struct receipt_book book;
    struct error err = {0};
    struct receipt *taken = NULL;
    (void)state;
    done(receipt_book_init(&book, &err), &err);
    for (size_t i = 0; i < LIMIT_RECEIPTS * 3; i++) {
        struct receipt seen = {.scope = "hall"};
        snprintf(seen.target, sizeof seen.target, "H%zu", i);
        receipt_book_note(&book, &seen, (int64_t)i, 1);
    }
    assert_in_range(book.count, LIMIT_RECEIPTS / 2, LIMIT_RECEIPTS);
    assert_int_equal(book.changed, book.count);
    size_t total = book.count;
    assert_int_equal(receipt_book_take(&book, 100, &taken), 100);
    free(taken);
    assert_int_equal(receipt_book_take(&book, LIMIT_RECEIPTS, &taken), total - 100);
    free(taken);
    assert_int_equal(receipt_book_take(&book, 10, &taken), 0);
    assert_null(taken);
    receipt_book_finish(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_token_opens_what_the_id_does_not),
        cmocka_unit_test(test_no_address_tells_ids),
        cmocka_unit_test(test_owner_changes_the_address),
        cmocka_unit_test(test_many_change_it_at_once),
        cmocka_unit_test(test_posts_that_misbehave),
        cmocka_unit_test(test_receipts_tell_who_is_behind),
        cmocka_unit_test(test_receipts_behind_a_proxy),
        cmocka_unit_test(test_families),
        cmocka_unit_test(test_book_is_bounded),
    };
    feed_library_init();
    return secret_library_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
