#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <time.h>

static struct civil civil_of(int32_t year, int32_t month, int32_t day)
{
    return (struct civil){year, month, day};
}

/* Counts the days up one by one by the calendar's own rule and compares at each. */
static void every_day_of_the_range(void **state)
{
    (void)state;
    static const int32_t LENGTHS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t day = DATE_MIN;
    for (int32_t year = 1901; year <= 2100; year++) {
        bool leap = year % 4 == 0 && year != 2100;
        for (int32_t month = 1; month <= 12; month++) {
            int32_t length = LENGTHS[month - 1] + (month == 2 && leap ? 1 : 0);
            for (int32_t d = 1; d <= length; d++, day++) {
                struct civil civil = date_to_civil(day);
                assert_int_equal(civil.year, year);
                assert_int_equal(civil.month, month);
                assert_int_equal(civil.day, d);
                assert_int_equal(date_from_civil(civil), day);
                assert_true(civil_valid(civil));
                assert_int_equal(date_year(day), year);
                assert_int_equal(date_month_index(day), (year - 1970) * 12 + month - 1);
            }
            assert_false(civil_valid(civil_of(year, month, length + 1)));
        }
    }
    assert_int_equal(day, DATE_MAX + 1);
}

static void weeks_start_on_monday(void **state)
{
    (void)state;
    assert_int_equal(date_weekday(0), 4);
    assert_int_equal(date_weekday(date_from_civil(civil_of(2026, 11, 23))), 1);
    for (int32_t day = DATE_MIN; day <= DATE_MAX; day++) {
        time_t seconds = (time_t)day * 86400;
        struct tm tm;
        assert_non_null(gmtime_r(&seconds, &tm));
        assert_int_equal(date_weekday(day), tm.tm_wday == 0 ? 7 : tm.tm_wday);
        int32_t monday = date_week_start(day);
        assert_true(monday <= day && day - monday < 7);
        assert_int_equal(date_weekday(monday), 1);
    }
}

static void civil_carries_over(void **state)
{
    (void)state;
    assert_int_equal(date_from_civil(civil_of(2026, 13, 1)), date_from_civil(civil_of(2027, 1, 1)));
    assert_int_equal(date_from_civil(civil_of(2026, 0, 1)), date_from_civil(civil_of(2025, 12, 1)));
    assert_int_equal(date_from_civil(civil_of(2026, 3, 0)), date_from_civil(civil_of(2026, 2, 28)));
}

static void extremes_do_not_overflow(void **state)
{
    (void)state;
    static const int32_t DAYS[] = {INT32_MIN,  INT32_MIN + 1, -1000000000,
                                   1000000000, INT32_MAX - 1, INT32_MAX};
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
        assert_int_equal(date_from_civil(date_to_civil(DAYS[i])), DAYS[i]);
        assert_true(date_weekday(DAYS[i]) >= 1 && date_weekday(DAYS[i]) <= 7);
        (void)date_week_start(DAYS[i]);
        char text[DATE_TEXT_SIZE];
        date_format(DAYS[i], text);
        assert_int_equal(strlen(text), 10);
    }
    assert_int_equal(date_from_civil(civil_of(INT32_MAX, INT32_MAX, INT32_MAX)), INT32_MAX);
    assert_int_equal(date_from_civil(civil_of(INT32_MIN, INT32_MIN, INT32_MIN)), INT32_MIN);
}

static void dates_parse_strictly(void **state)
{
    (void)state;
    int32_t day = 7;
    assert_true(date_parse("1970-01-01", &day));
    assert_int_equal(day, 0);
    assert_true(date_parse("1901-01-01", &day));
    assert_int_equal(day, DATE_MIN);
    assert_true(date_parse("2100-12-31", &day));
    assert_int_equal(day, DATE_MAX);
    assert_true(date_parse("2024-02-29", &day));
    static const char *const BAD[] = {"",           "2026",       "2026-1-1",    "2026/01/01",  "2026-02-29",
                                      "2100-02-29", "2026-00-01", "2026-13-01",  "2026-04-31",  "1900-12-31",
                                      "2101-01-01", "2026-01-0a", " 2026-01-01", "2026-01-01 ", "+026-01-01",
                                      "-026-01-01", "2026-01-00", "2026-01-011", "二六-一-一"};
    day = 7;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        assert_false(date_parse(BAD[i], &day));
    }
    assert_false(date_parse(NULL, &day));
    assert_int_equal(day, 7);
}

static void dates_format_back(void **state)
{
    (void)state;
    for (int32_t day = DATE_MIN; day <= DATE_MAX; day += 13) {
        char text[DATE_TEXT_SIZE];
        int32_t back = 0;
        date_format(day, text);
        assert_true(date_parse(text, &back));
        assert_int_equal(back, day);
    }
}

static void minutes(void **state)
{
    (void)state;
    int32_t minute = 7;
    assert_true(minute_parse("00:00", &minute));
    assert_int_equal(minute, 0);
    assert_true(minute_parse("08:30", &minute));
    assert_int_equal(minute, 510);
    assert_true(minute_parse("24:00", &minute));
    assert_int_equal(minute, 1440);
    static const char *const BAD[] = {"",      "8:30", "24:01",  "25:00", "12:60",
                                      "12-30", "12:3", "012:30", "ab:cd", "-1:00"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        assert_false(minute_parse(BAD[i], &minute));
    }
    assert_false(minute_parse(NULL, &minute));
    assert_int_equal(minute, 1440);
}

static void minutes_format(void **state)
{
    (void)state;
    static const struct {
        int32_t minute;
        const char *text;
    } CASES[] = {{0, "00:00"},           {510, "08:30"},      {1439, "23:59"},
                 {1440, "+1 00:00"},     {1470, "+1 00:30"},  {2880, "+2 00:00"},
                 {-30, "-1 23:30"},      {-1440, "-1 00:00"}, {INT32_MAX, "+9 23:59"},
                 {INT32_MIN, "-9 00:00"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char text[TIME_TEXT_SIZE];
        minute_format(CASES[i].minute, text);
        assert_string_equal(text, CASES[i].text);
    }
}

static void instants(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *text;
    } CASES[] = {{0, "1970-01-01T00:00:00Z"},
                 {-1, "1969-12-31T23:59:59Z"},
                 {1795422600, "2026-11-23T08:30:00Z"},
                 {4133980799, "2100-12-31T23:59:59Z"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char text[INSTANT_TEXT_SIZE];
        int64_t back = 5;
        instant_format(CASES[i].seconds, text);
        assert_string_equal(text, CASES[i].text);
        assert_true(instant_parse(text, &back));
        assert_int_equal(back, CASES[i].seconds);
    }
    char text[INSTANT_TEXT_SIZE];
    instant_format(INT64_MAX, text);
    assert_memory_equal(text, "9999-12-31T", 11);
    instant_format(INT64_MIN, text);
    assert_memory_equal(text, "0000-01-01T", 11);
}

static void instants_parse_strictly(void **state)
{
    (void)state;
    static const char *const BAD[] = {"",
                                      "2026-11-23",
                                      "2026-11-23 08:30:00Z",
                                      "2026-11-23T08:30:00",
                                      "2026-11-23T08:30:00+",
                                      "2026-11-23T24:00:00Z",
                                      "2026-11-23T08:60:00Z",
                                      "2026-11-23T08:30:60Z",
                                      "2026-11-31T08:30:00Z",
                                      "2026-11-23T08:30:00ZZ",
                                      "2026-11-23T0a:30:00Z",
                                      "1899-01-01T00:00:00Z"};
    int64_t seconds = 7;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        assert_false(instant_parse(BAD[i], &seconds));
    }
    assert_false(instant_parse(NULL, &seconds));
    assert_int_equal(seconds, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_the_range),
        cmocka_unit_test(weeks_start_on_monday),
        cmocka_unit_test(civil_carries_over),
        cmocka_unit_test(extremes_do_not_overflow),
        cmocka_unit_test(dates_parse_strictly),
        cmocka_unit_test(dates_format_back),
        cmocka_unit_test(minutes),
        cmocka_unit_test(minutes_format),
        cmocka_unit_test(instants),
        cmocka_unit_test(instants_parse_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
