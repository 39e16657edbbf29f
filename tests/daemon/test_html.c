/* Pages: whatever stands in names and notes, a page is well-formed and runs nothing. Each page of a city full
 * of odd texts is read by a strict little tokenizer that knows the tags and attributes that litang writes. */
#include "base/limits.h"
#include "daemon/html.h"
#include "daemon/router.h"
#include "tests/daemon/daemon_city.h"

static const char *const TAGS =
    " !doctype html head meta title link body header a main h1 h2 h3 p ul li ol span "
    "b br code footer dl dt dd svg rect path form button "
    "div table thead tbody tr th td label select option input script ";
static const char *const EMPTY_TAGS = " !doctype meta link br input ";
static const char *const ATTRIBUTES = " lang charset name content rel href class viewBox role aria-label "
                                      "shape-rendering width height fill d method "
                                      "action scope value selected type min max src ";

enum {
    WORD_MAX = 32,
    DEPTH_MAX = 16
};

static bool is_listed(const char *list, const char *word)
{
    char padded[WORD_MAX + 3];
    snprintf(padded, sizeof padded, " %s ", word);
    return strstr(list, padded) != NULL;
}

/* Reads a word of letters, digits, ! and -, at most WORD_MAX - 1. */
static const char *word_read(const char *at, char ret_word[WORD_MAX])
{
    size_t length = strspn(at, "!abcdefghijklmnopqrstuvwxyzB0123456789-");
    assert_in_range(length, 1, WORD_MAX - 1);
    memcpy(ret_word, at, length);
    ret_word[length] = '\0';
    return at + length;
}

static const char *entity_check(const char *at)
{
    static const char *const KNOWN[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++) {
        if (strncmp(at, KNOWN[i], strlen(KNOWN[i])) == 0) {
            return at + strlen(KNOWN[i]);
        }
    }
    fail_msg("a bare ampersand: %.60s", at);
    return at;
}

/* ` name="value"` */
static const char *attribute_check(const char *at)
{
    char name[WORD_MAX];
    at = word_read(at + 1, name);
    if (!is_listed(ATTRIBUTES, name) || strncmp(at, "=\"", 2) != 0) {
        fail_msg("attribute %s: %.60s", name, at);
    }
    const char *value = at += 2;
    while (*at != '"') {
        if (*at == '\0' || *at == '<' || *at == '>') {
            fail_msg("attribute %s is open: %.60s", name, value);
        }
        at = *at == '&' ? entity_check(at) : at + 1;
    }
    if (strcmp(name, "href") == 0 && value[0] != '/' &&
        strncmp(value, "webcal://litang.example/feed/", 29) != 0) {
        fail_msg("a link away: %.60s", value);
    }
    return at + 1;
}

struct tags_open {
    char names[DEPTH_MAX][WORD_MAX];
    size_t depth;
};

static const char *tag_check(const char *at, struct tags_open *open)
{
    char name[WORD_MAX];
    bool closes = at[1] == '/';
    const char *start = at;
    at = word_read(at + 1 + closes, name);
    if (!is_listed(TAGS, name)) {
        fail_msg("tag %s: %.60s", name, start);
    }
    if (strcmp(name, "!doctype") == 0) {
        assert_memory_equal(at, " html>", 6);
        return at + 6;
    }
    if (closes) {
        assert_true(open->depth > 0);
        assert_string_equal(open->names[--open->depth], name);
    } else if (!is_listed(EMPTY_TAGS, name)) {
        assert_true(open->depth < DEPTH_MAX);
        snprintf(open->names[open->depth++], WORD_MAX, "%s", name);
    }
    while (!closes && *at == ' ') {
        at = attribute_check(at);
    }
    if (*at != '>') {
        fail_msg("tag %s does not end: %.60s", name, start);
    }
    return at + 1;
}

static void page_check(const char *page)
{
    struct tags_open open = {.depth = 0};
    for (const char *at = page; *at != '\0';) {
        at = *at == '<' ? tag_check(at, &open) : *at == '&' ? entity_check(at) : at + 1;
    }
    assert_int_equal(open.depth, 0);
    /* The only scripts are the daemon's own files. */
    static const char OWN[] = "<script type=\"module\" src=\"/assets/";
    for (const char *at = strstr(page, "<script"); at != NULL; at = strstr(at + 1, "<script")) {
        assert_memory_equal(at, OWN, sizeof OWN - 1);
    }
    assert_null(strstr(page, "(null)"));
}

/* The page of a path, malloc'd. */
static char *page_of(const struct published *published, const char *path, bool english)
{
    struct route_request request = {.published = published, .english = english};
    struct reply_draft draft = {.status = 200};
    struct error err = {0};
    const struct route *route = route_find(path, request.id);
    assert_non_null(route);
    assert_true((route->flags & ROUTE_PAGE) != 0);
    text_init(&draft.body, LIMIT_PAGE_BYTES);
    assert_done(route->handle(&request, route->argument, &draft, &err), &err);
    assert_true(utf8_valid(draft.body.data, draft.body.length));
    return text_take(&draft.body);
}

static const char *const PAGES[] = {"/",
                                    "/coverage",
                                    "/township/T1",
                                    "/hall/H%2F1?a=1&b#\"<'>% 礼",
                                    "/instructor/I1",
                                    "/session/1",
                                    "/subscribe/township/T1",
                                    "/subscribe/hall/H%2F1?a=1&b#\"<'>% 礼",
                                    "/subscribe/instructor/I1",
                                    "/subscribe/category/K1",
                                    "/session/2",
                                    "/session/3"};

static void test_odd_texts_do_nothing(void **state)
{
    struct published *city = odd_city();
    (void)state;
    for (size_t i = 0; i < sizeof PAGES / sizeof PAGES[0]; i++) {
        for (int english = 0; english < 2; english++) {
            char *page = page_of(city, PAGES[i], english != 0);
            page_check(page);
            assert_non_null(
                strstr(page, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;amp;%s%n 礼堂"));
            free(page);
        }
    }
    published_destroy(city);
}

static void test_ids_stay_in_their_links(void **state)
{
    struct published *city = odd_city();
    char *page = page_of(city, "/township/T1", false);
    (void)state;
    assert_non_null(strstr(page, "href=\"/hall/" HALL_ODD_PATH "\""));
    free(page);
    page = page_of(city, "/hall/H%2F1?a=1&b#\"<'>% 礼", false);
    assert_non_null(strstr(page, "<a class=\"lang\" href=\"/hall/" HALL_ODD_PATH "?lang=en\">"));
    assert_non_null(strstr(page, "href=\"/subscribe/hall/" HALL_ODD_PATH "\""));
    free(page);
    page = page_of(city, "/subscribe/hall/H%2F1?a=1&b#\"<'>% 礼", false);
    assert_non_null(strstr(page, "<svg class=\"qr\""));
    assert_null(strstr(page, "<form")); /* only who holds a secret address can change it */
    assert_non_null(strstr(page, "webcal://litang.example/feed/hall/" HALL_ODD_PATH ".ics"));
    assert_non_null(strstr(page, "<code>https://litang.example/feed/hall/" HALL_ODD_PATH ".ics</code>"));
    free(page);
    page = page_of(city, "/hall/H%2F1?a=1&b#\"<'>% 礼", true);
    assert_non_null(strstr(page, "<a class=\"lang\" href=\"/hall/" HALL_ODD_PATH "\">"));
    free(page);
    published_destroy(city);
}

static void test_problem_pages(void **state)
{
    struct text page;
    (void)state;
    text_init(&page, LIMIT_PAGE_BYTES);
    html_problem(&page, 404, false, ODD_TEXT, ODD_TEXT);
    page_check(text_string(&page));
    assert_null(strstr(text_string(&page), "<script"));
    assert_non_null(strstr(text_string(&page), "<html lang=\"zh-CN\">"));
    text_clear(&page);
    html_problem(&page, 404, true, "not found", "");
    assert_non_null(strstr(text_string(&page), "<html lang=\"en\">"));
    assert_non_null(strstr(text_string(&page), "<a href=\"/?lang=en\">home</a>"));
    text_finish(&page);
}

/* Without the outside address there is no QR code and no button, and no page speaks of one. */
static void test_without_an_outside_address(void **state)
{
    static const char *const WORDS[] = {"二维码", "QR", "一键订阅", "tap “Subscribe”", "webcal:"};
    struct published *city = odd_city();
    (void)state;
    char *page = page_of(city, "/subscribe/township/T1", false);
    assert_non_null(strstr(page, "点“一键订阅”"));
    free(page);
    page = page_of(city, "/township/T1", false);
    assert_non_null(strstr(page, "有二维码"));
    free(page);
    city->timetable->public_url = "";
    for (size_t i = 0; i < sizeof PAGES / sizeof PAGES[0]; i++) {
        for (int english = 0; english < 2; english++) {
            page = page_of(city, PAGES[i], english != 0);
            page_check(page);
            for (size_t w = 0; w < sizeof WORDS / sizeof WORDS[0]; w++) {
                if (strstr(page, WORDS[w]) != NULL) {
                    fail_msg("%s: %s", PAGES[i], WORDS[w]);
                }
            }
            free(page);
        }
    }
    page = page_of(city, "/subscribe/township/T1", false);
    assert_non_null(strstr(page, "iPhone"));
    free(page);
    published_destroy(city);
}

/* Whoever reads 【改期】 wants to know from when; who finds no session, what to do. */
static void test_what_a_reader_asks_next(void **state)
{
    struct published *city = odd_city();
    (void)state;
    char *page = page_of(city, "/session/3", false);
    assert_non_null(strstr(page, "<dt>原时间</dt><dd>2026-11-23 10:00</dd>"));
    free(page);
    page = page_of(city, "/session/3", true);
    assert_non_null(strstr(page, "<dt>moved from</dt><dd>2026-11-23 10:00</dd>"));
    free(page);
    page = page_of(city, "/session/1", false);
    assert_null(strstr(page, "原时间"));
    free(page);
    page = page_of(city, "/township/T1", false);
    assert_null(strstr(page, "目前还没有安排"));
    free(page);
    city->today += 1000;
    page = page_of(city, "/township/T1", false);
    assert_non_null(strstr(page, "目前还没有安排。订阅日历后"));
    free(page);
    page = page_of(city, "/township/T1", true);
    assert_non_null(strstr(page, "Nothing is planned yet."));
    free(page);
    published_destroy(city);
}

/* Chinese first: without an option a page is Chinese, and says so. */
static void test_languages(void **state)
{
    struct published *city = odd_city();
    char *chinese = page_of(city, "/instructor/I1", false);
    char *english = page_of(city, "/instructor/I1", true);
    (void)state;
    assert_non_null(strstr(chinese, "<html lang=\"zh-CN\">"));
    assert_non_null(strstr(chinese, "即将开课：2 场")); /* the cancelled one is shown, not counted */
    assert_non_null(strstr(chinese, "【停课】"));
    assert_non_null(strstr(chinese, "【改期】"));
    assert_non_null(strstr(chinese, "北京时间"));
    assert_non_null(strstr(english, "<html lang=\"en\">"));
    assert_non_null(strstr(english, "Coming sessions: 2"));
    assert_non_null(strstr(english, "width=device-width"));
    free(chinese);
    free(english);
    published_destroy(city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_odd_texts_do_nothing),    cmocka_unit_test(test_ids_stay_in_their_links),
        cmocka_unit_test(test_problem_pages),           cmocka_unit_test(test_without_an_outside_address),
        cmocka_unit_test(test_what_a_reader_asks_next), cmocka_unit_test(test_languages),
    };
    feed_library_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
