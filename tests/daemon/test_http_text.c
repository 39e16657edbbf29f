/* Header fields: entity tags, dates, encodings, escapes. */
#include "daemon/http_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_etag_forms(void **state)
{
    static const struct {
        const char *header;
        bool matches;
    } CASES[] = {
        {"\"abc\"", true},
        {"W/\"abc\"", true},
        {"abc", true},
        {"W/abc", true},
        {"*", true},
        {"  \"abc\"  ", true},
        {"\"x\", \"abc\"", true},
        {"\"x\",W/\"abc\" ,\"y\"", true},
        {"\"x\"\t,\t\"abc\"", true},
        {",, ,\"abc\"", true},
        {"", false},
        {" ", false},
        {",", false},
        {"\"abcd\"", false},
        {"\"ab\"", false},
        {"\"ABC\"", false},
        {"\"*\"", false},
        {"w/\"abc\"", false},
        {"\"abc", false},
        {"W/", false},
        {"\"", false},
        {"\"x\" \"abc\"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        if (etag_matches(CASES[i].header, "\"abc\"") != CASES[i].matches) {
            fail_msg("If-None-Match: %s", CASES[i].header);
        }
    }
    assert_false(etag_matches("*", ""));
    assert_false(etag_matches("", ""));
}

static void test_date_round_trip(void **state)
{
    static const int64_t SECONDS[] = {0, 784111777, 1795424400, 4102444799, 253402300799};
    (void)state;
    for (size_t i = 0; i < sizeof SECONDS / sizeof SECONDS[0]; i++) {
        char text[HTTP_DATE_SIZE];
        int64_t back = -1;
        http_date_format(SECONDS[i], text);
        assert_true(http_date_parse(text, &back));
        assert_true(back == SECONDS[i]);
    }
}

static void test_date_forms(void **state)
{
    static const char *const SAME[] = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                                       "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 GMT "};
    static const char *const WRONG[] = {"",
                                        "0",
                                        "yesterday",
                                        "1994-11-06T08:49:37Z",
                                        "Sun, 06 Nov 1994 08:49:37 +0800",
                                        "Sun, 06 Nov 1994 08:49:37 GMT; length=3",
                                        "Sun, 06 Nov 1994"};
    char text[HTTP_DATE_SIZE];
    int64_t seconds = 5;
    (void)state;
    for (size_t i = 0; i < sizeof SAME / sizeof SAME[0]; i++) {
        assert_true(http_date_parse(SAME[i], &seconds));
        assert_int_equal(seconds, 784111777);
    }
    http_date_format(784111777, text);
    assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    seconds = 5;
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        if (http_date_parse(WRONG[i], &seconds)) {
            fail_msg("taken as a date: %s", WRONG[i]);
        }
        assert_int_equal(seconds, 5);
    }
}

static void test_date_out_of_range(void **state)
{
    char text[HTTP_DATE_SIZE];
    (void)state;
    http_date_format(INT64_MAX, text);
    assert_string_equal(text, "Fri, 31 Dec 9999 23:59:59 GMT");
    http_date_format(INT64_MIN, text);
    assert_string_equal(text, "Thu, 01 Jan 1970 00:00:00 GMT");
}

static void test_gzip(void **state)
{
    static const struct {
        const char *header;
        bool accepted;
    } CASES[] = {
        {NULL, false},
        {"", false},
        {"gzip", true},
        {"GZIP", true},
        {"x-gzip", true},
        {"deflate, gzip;q=1.0, *;q=0.5", true},
        {"br;q=1.0,gzip;q=0.001", true},
        {"gzip ; q=0.5", true},
        {"gzip;q=0", false},
        {"gzip;q=0.000, deflate", false},
        {"deflate;q=1, gzip;q=0", false},
        {"*", false},
        {"identity", false},
        {"gzipped", false},
        {"deflate;q=gzip", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        if (accepts_gzip(CASES[i].header) != CASES[i].accepted) {
            fail_msg("Accept-Encoding: %s", CASES[i].header);
        }
    }
}

static void test_url_decode(void **state)
{
    static const struct {
        const char *raw, *decoded, *segment;
    } CASES[] = {
        {"/hall/H1", "/hall/H1", "/hall/H1"},
        {"%E5%AE%81", "宁", "宁"},
        {"a%2Fb%2fc", "a%2Fb%2fc", "a/b/c"},
        {"a%00b", "a%00b", "a%00b"},
        {"%", "%", "%"},
        {"%4", "%4", "%4"},
        {"%zz%41", "%zzA", "%zzA"},
        {"%%41", "%A", "%A"},
        {"%2541", "%41", "%41"},
        {"a+b", "a+b", "a+b"},
        {"", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", CASES[i].raw);
        assert_int_equal(url_decode(text), strlen(CASES[i].decoded));
        assert_string_equal(text, CASES[i].decoded);
        url_decode_slashes(text);
        assert_string_equal(text, CASES[i].segment);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_etag_forms), cmocka_unit_test(test_date_round_trip),
        cmocka_unit_test(test_date_forms), cmocka_unit_test(test_date_out_of_range),
        cmocka_unit_test(test_gzip),       cmocka_unit_test(test_url_decode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
