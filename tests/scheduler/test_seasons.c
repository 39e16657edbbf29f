/* Seasons of a course: text, New Year, leap day. */
#include "base/date.h"
#include "scheduler/timetable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_true(date_parse(text, &day));
    return day;
}

static bool allowed(const char *text, const char *date)
{
    struct season seasons[SEASONS_MAX];
    size_t count = 0;
    struct error err = {0};
    if (seasons_parse(text, seasons, &count, &err) != ERR_NONE) {
        fail_msg("%s: %s", text, err.text);
    }
    return seasons_allow(seasons, count, day_of(date));
}

static void test_days(void **state)
{
    (void)state;
    assert_true(allowed("", "2026-02-28"));
    assert_true(allowed(NULL, "2026-02-28"));
    assert_false(allowed("03-01/06-30;09-01/12-31", "2026-02-28"));
    assert_true(allowed("03-01/06-30;09-01/12-31", "2026-03-01"));
    assert_true(allowed("03-01/06-30；09-01/12-31", "2026-06-30"));
    assert_false(allowed("03-01/06-30 ; 09-01/12-31 ;", "2026-07-01"));
    assert_true(allowed("03-01/06-30 ; 09-01/12-31 ;", "2026-12-31"));
    assert_true(allowed("11-15/02-10", "2026-12-31"));
    assert_true(allowed("11-15/02-10", "2026-01-01"));
    assert_true(allowed("11-15/02-10", "2026-02-10"));
    assert_false(allowed("11-15/02-10", "2026-02-11"));
    assert_false(allowed("11-15/02-10", "2026-11-14"));
    assert_true(allowed("02-29/02-29", "2024-02-29"));
    assert_false(allowed("02-29/02-29", "2025-03-01"));
    assert_true(allowed("05-01/05-01", "2026-05-01"));
}

static void test_errors_name_the_part(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *place;
    } CASES[] = {
        {"3-1/6-30", "season 1"},    {"03-01/06-30;13-01/14-01", "season 2"}, {"02-30/03-01", "season 1"},
        {"03-01-06-30", "season 1"}, {"03-01/06-30;;", "season 2"},           {"春天", "“春天”"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct season seasons[SEASONS_MAX] = {{.from_md = 7}};
        size_t count = 99;
        struct error err = {0};
        assert_int_equal(seasons_parse(CASES[i].text, seasons, &count, &err), ERR_SYNTAX);
        if (strstr(err.text, CASES[i].place) == NULL) {
            fail_msg("%s: %s", CASES[i].text, err.text);
        }
        assert_int_equal(count, 99);
        assert_int_equal(seasons[0].from_md, 7);
    }
}

static void test_limit(void **state)
{
    (void)state;
    char text[(SEASONS_MAX + 1) * 12 + 1] = "";
    struct season seasons[SEASONS_MAX];
    size_t count = 0;
    for (int i = 0; i < SEASONS_MAX; i++) {
        strcat(text, "01-01/01-02;");
    }
    assert_int_equal(seasons_parse(text, seasons, &count, NULL), ERR_NONE);
    assert_int_equal(count, SEASONS_MAX);
    strcat(text, "01-01/01-02;");
    assert_int_equal(seasons_parse(text, seasons, &count, NULL), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_errors_name_the_part),
        cmocka_unit_test(test_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
