#include "scheduler/lunar.h"

#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int32_t day_of(const char *date)
{
    int32_t day = 0;
    assert_true(date_parse(date, &day));
    return day;
}

static void check(const char *date, int year, int month, bool leap, int day)
{
    struct lunar_date lunar;
    assert_true(lunar_from_day(day_of(date), &lunar));
    assert_int_equal(lunar.year, year);
    assert_int_equal(lunar.month, month);
    assert_int_equal(lunar.leap, leap);
    assert_int_equal(lunar.day, day);
    int32_t back = 0;
    assert_true(day_from_lunar(year, month, leap, day, &back));
    assert_int_equal(back, day_of(date));
}

/* Spring Festivals as the Hong Kong Observatory publishes them. */
static void new_years(void **state)
{
    (void)state;
    static const char *const NEW_YEARS[] = {
        "1901-02-19", "1949-01-29", "1985-02-20", "2000-02-05", "2001-01-24", "2020-01-25", "2023-01-22",
        "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03",
        "2031-01-23", "2033-01-31", "2034-02-19", "2050-01-23", "2099-01-21", "2100-02-09"};
    for (size_t i = 0; i < sizeof NEW_YEARS / sizeof *NEW_YEARS; i++) {
        check(NEW_YEARS[i], date_year(day_of(NEW_YEARS[i])), 1, false, 1);
    }
}

static void days_that_tables_get_wrong(void **state)
{
    (void)state;
    check("1933-07-23", 1933, 6, false, 1); /* 07-22 in a much copied table */
    check("2012-08-17", 2012, 7, false, 1);
    check("2018-11-08", 2018, 10, false, 1);
    check("2033-12-22", 2033, 11, true, 1); /* 闰十一月, not 闰七月 */
    check("2034-01-20", 2033, 12, false, 1);
    check("2057-09-28", 2057, 9, false, 1);
    check("2089-09-04", 2089, 8, false, 1);
    check("2097-08-07", 2097, 7, false, 1);
    check("1987-07-26", 1987, 6, true, 1);
}

static void leap_months(void **state)
{
    (void)state;
    check("2025-07-24", 2025, 6, false, 30);
    check("2025-07-25", 2025, 6, true, 1);
    check("2025-08-22", 2025, 6, true, 29);
    check("2025-08-23", 2025, 7, false, 1);
    assert_int_equal(lunar_leap_month(2025), 6);
    assert_int_equal(lunar_leap_month(2026), 0);
    assert_int_equal(lunar_leap_month(1899), 0);
    assert_int_equal(lunar_leap_month(2101), 0);
    int32_t day = 7;
    assert_false(day_from_lunar(2025, 5, true, 1, &day));
    assert_false(day_from_lunar(2026, 6, true, 1, &day));
    assert_false(day_from_lunar(2025, 6, true, 30, &day));
    assert_int_equal(day, 7);
}

/* Seven leap months in nineteen years: 73 or 74 in the two centuries, none of them 正月 or 腊月. */
static void leap_years_are_as_many_as_they_must(void **state)
{
    (void)state;
    int count = 0;
    for (int32_t year = 1901; year <= 2100; year++) {
        int32_t leap = lunar_leap_month(year);
        assert_true(leap == 0 || (leap >= 2 && leap <= 11));
        count += leap != 0 ? 1 : 0;
    }
    assert_in_range(count, 73, 74);
}

/* Walks all days: each follows the one before, and each comes back from its lunar date. */
static void every_day_of_the_range(void **state)
{
    (void)state;
    struct lunar_date last;
    assert_true(lunar_from_day(DATE_MIN, &last));
    for (int32_t day = DATE_MIN + 1; day <= DATE_MAX; day++) {
        struct lunar_date lunar;
        assert_true(lunar_from_day(day, &lunar));
        assert_true(lunar.month_days == 29 || lunar.month_days == 30);
        if (lunar.day != 1) {
            assert_int_equal(lunar.day, last.day + 1);
            assert_int_equal(lunar.month, last.month);
            assert_int_equal(lunar.leap, last.leap);
            assert_int_equal(lunar.year, last.year);
            assert_int_equal(lunar.month_days, last.month_days);
        } else {
            assert_int_equal(last.day, last.month_days);
            bool next_year = lunar.month == 1 && !lunar.leap;
            assert_int_equal(lunar.year, last.year + (next_year ? 1 : 0));
            assert_int_equal(lunar.month, lunar.leap ? last.month : last.month % 12 + 1);
        }
        int32_t back = 0;
        assert_true(day_from_lunar(lunar.year, lunar.month, lunar.leap, lunar.day, &back));
        assert_int_equal(back, day);
        last = lunar;
    }
}

static void outside_is_refused(void **state)
{
    (void)state;
    struct lunar_date lunar = {.year = 7};
    assert_false(lunar_from_day(DATE_MIN - 1, &lunar));
    assert_false(lunar_from_day(DATE_MAX + 1, &lunar));
    assert_false(lunar_from_day(INT32_MIN, &lunar));
    assert_false(lunar_from_day(INT32_MAX, &lunar));
    assert_int_equal(lunar.year, 7);
    static const struct {
        int32_t year, month, day;
    } BAD[] = {{1899, 1, 1},         {2101, 1, 1},         {2026, 0, 1},        {2026, 13, 1},
               {2026, 1, 0},         {2026, 1, 31},        {2026, 1, -1},       {INT32_MAX, 1, 1},
               {INT32_MIN, 1, 1},    {2026, INT32_MAX, 1}, {1900, 1, 1},        {2100, 12, 29},
               {2026, INT32_MIN, 1}, {2026, 1, INT32_MAX}, {2026, 1, INT32_MIN}};
    int32_t day = 7;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        assert_false(day_from_lunar(BAD[i].year, BAD[i].month, false, BAD[i].day, &day));
    }
    assert_int_equal(day, 7);
}

static void names(void **state)
{
    (void)state;
    static const struct {
        struct lunar_date lunar;
        const char *text;
    } CASES[] = {
        {{.month = 3, .day = 10}, "三月初十"},
        {{.month = 6, .leap = true, .day = 1}, "闰六月初一"},
        {{.month = 1, .day = 1}, "正月初一"},
        {{.month = 1, .day = 15}, "正月十五"},
        {{.month = 8, .day = 20}, "八月二十"},
        {{.month = 9, .day = 29}, "九月廿九"},
        {{.month = 12, .day = 30}, "十二月三十"},
        {{.month = 11, .leap = true, .day = 19}, "闰十一月十九"},
        {{.month = 10, .day = 11}, "十月十一"},
        {{.month = 12, .leap = true, .day = 30}, "闰十二月三十"},
        {{.month = 0, .day = 1}, ""},
        {{.month = 13, .day = 1}, ""},
        {{.month = 1, .day = 0}, ""},
        {{.month = 1, .day = 31}, ""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char text[LUNAR_TEXT_SIZE];
        lunar_format_zh(CASES[i].lunar, text);
        assert_string_equal(text, CASES[i].text);
    }
}

/* date,lunar_year,lunar_month,is_leap_month,lunar_day,… of a published almanac. */
static void almanac_agrees(void **state)
{
    (void)state;
    const char *shared = getenv("LITANG_SHARED_DATA");
    if (shared == NULL) {
        skip();
    }
    char path[512];
    (void)snprintf(path, sizeof path, "%s/taizhou/lunar_days_2024_2026.csv", shared);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[512];
    int rows = 0;
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        long numbers[4];
        char *at = line + strcspn(line, ",");
        for (size_t i = 0; i < 4; i++) {
            assert_int_equal(*at, ',');
            numbers[i] = strtol(at + 1, &at, 10);
        }
        line[DATE_TEXT_SIZE - 1] = '\0';
        check(line, (int)numbers[0], (int)numbers[1], numbers[2] != 0, (int)numbers[3]);
        rows++;
    }
    (void)fclose(file);
    assert_int_equal(rows, 366 + 365 + 365);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_years),
        cmocka_unit_test(days_that_tables_get_wrong),
        cmocka_unit_test(leap_months),
        cmocka_unit_test(leap_years_are_as_many_as_they_must),
        cmocka_unit_test(every_day_of_the_range),
        cmocka_unit_test(outside_is_refused),
        cmocka_unit_test(names),
        cmocka_unit_test(almanac_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
