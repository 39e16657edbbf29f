/* Weekly hours: text forms, errors that name the place, and cover against a minute-by-minute count. */
#include "base/date.h"
#include "base/rng.h"
#include "scheduler/hours.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
    FORMAT_SIZE = 512
};

static const int32_t MONDAY = 20780; /* 2026-11-23 */

static struct hours hours_of(const char *text)
{
    struct hours hours = {0};
    struct error err = {0};
    if (hours_parse(text, &hours, &err) != ERR_NONE) {
        fail_msg("%s: %s", text, err.text);
    }
    return hours;
}

/* Field by field: there is padding between the spans. */
static void assert_hours_equal(const struct hours *left, const struct hours *right)
{
    assert_int_equal(left->count, right->count);
    for (uint8_t i = 0; i < left->count; i++) {
        assert_int_equal(left->spans[i].weekday, right->spans[i].weekday);
        assert_int_equal(left->spans[i].from_min, right->spans[i].from_min);
        assert_int_equal(left->spans[i].to_min, right->spans[i].to_min);
    }
}

static void assert_canonical(const char *text, const char *wanted)
{
    struct hours hours = hours_of(text);
    char formatted[FORMAT_SIZE];
    hours_format(&hours, formatted, sizeof formatted);
    assert_string_equal(formatted, wanted);
    assert_true(hours_valid(&hours));
}

static void test_text_forms(void **state)
{
    (void)state;
    assert_canonical("1-5 08:00-11:30 13:30-17:00; 6,7 18:30-21:00",
                     "1-5 08:00-11:30 13:30-17:00; 6,7 18:30-21:00");
    assert_canonical("", "");
    assert_canonical("   ", "");
    assert_canonical("7 00:00-24:00;", "7 00:00-24:00");
    /* grouped by equal days, in the order of the first day */
    assert_canonical("6 09:00-10:00;1 09:00-10:00；2，3、4 09:00-10:00", "1-4,6 09:00-10:00");
    assert_canonical("2 09:00-10:00;1 08:00-10:00;4 09:00-10:00", "1 08:00-10:00; 2,4 09:00-10:00");
    /* touching and overlapping spans are one */
    assert_canonical("1 10:00-12:00 08:00-10:00", "1 08:00-12:00");
    assert_canonical("1 08:00-09:00 10:00-11:00 08:30-10:30", "1 08:00-11:00");
    assert_canonical("1 08:00-09:00 09:01-10:00", "1 08:00-09:00 09:01-10:00");
}

static void test_null_is_unlimited(void **state)
{
    (void)state;
    struct hours hours = {.count = 3};
    assert_int_equal(hours_parse(NULL, &hours, NULL), ERR_NONE);
    assert_int_equal(hours.count, 0);
    assert_true(hours_cover(&hours, MONDAY, -500, 5000));
}

static void test_errors_name_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *place;
    } CASES[] = {
        {"8 08:00-09:00", "character 1:"},
        {"1-", "character 3:"},
        {"5-1 08:00-09:00", "character 4:"},
        {"1 8:00-9:00", "character 3:"},
        {"1 08:00-25:00", "character 9:"},
        {"1 08:00", "character 8:"},
        {"1 10:00-09:00", "character 3:"},
        {"1 22:00-02:00", "character 3:"},
        {"1", "character 2:"},
        {"1 08:00-09:00 x", "character 15:"},
        {"1 08:00-09:00;;", "character 15:"},
        {";", "character 1:"},
        {"1，2；", "character 4:"},
        {"1、2 08:00-09:00；周三", "character 17:"},
        {"1 08:00-09:00\n2 08:00-09:00", "character 14:"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct hours hours = {.count = 7};
        struct error err = {0};
        assert_int_equal(hours_parse(CASES[i].text, &hours, &err), ERR_SYNTAX);
        assert_int_equal(err.code, ERR_SYNTAX);
        if (strstr(err.text, CASES[i].place) == NULL) {
            fail_msg("%s: %s", CASES[i].text, err.text);
        }
        assert_int_equal(hours.count, 7); /* untouched */
    }
}

static void test_limit_of_spans(void **state)
{
    (void)state;
    char text[FORMAT_SIZE] = "1-7 00:00-01:00 02:00-03:00 04:00-05:00 06:00-07:00";
    struct hours hours = hours_of(text);
    assert_int_equal(hours.count, LIMIT_HOURS_SPANS);
    strcat(text, "; 7 08:00-09:00");
    assert_int_equal(hours_parse(text, &hours, NULL), ERR_LIMIT);
    assert_int_equal(hours.count, LIMIT_HOURS_SPANS);

    static char too_long[LIMIT_NOTE_BYTES + 2];
    memset(too_long, ' ', sizeof too_long - 1);
    assert_int_equal(hours_parse(too_long, &hours, NULL), ERR_LIMIT);
    too_long[LIMIT_NOTE_BYTES] = '\0';
    assert_int_equal(hours_parse(too_long, &hours, NULL), ERR_NONE);
}

static void test_valid(void **state)
{
    (void)state;
    static const struct hours BAD[] = {
        {.count = 1, .spans = {{0, 0, 60}}},
        {.count = 1, .spans = {{8, 0, 60}}},
        {.count = 1, .spans = {{1, -1, 60}}},
        {.count = 1, .spans = {{1, 60, 60}}},
        {.count = 1, .spans = {{1, 60, 1441}}},
        {.count = 2, .spans = {{2, 0, 60}, {1, 0, 60}}},
        {.count = 2, .spans = {{1, 120, 180}, {1, 0, 60}}},
        {.count = 2, .spans = {{1, 0, 60}, {1, 60, 90}}},
        {.count = LIMIT_HOURS_SPANS + 1, .spans = {{1, 0, 60}}},
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        assert_false(hours_valid(&BAD[i]));
    }
    struct hours good = {.count = 2, .spans = {{1, 0, 60}, {1, 61, 1440}}};
    assert_true(hours_valid(&good));
}

static void test_cover_over_midnight(void **state)
{
    (void)state;
    struct hours evening = hours_of("1 18:00-24:00; 2 00:00-02:00; 7 20:00-24:00");
    assert_true(hours_cover(&evening, MONDAY, 18 * 60, 24 * 60));
    assert_true(hours_cover(&evening, MONDAY, 22 * 60, 26 * 60));
    assert_false(hours_cover(&evening, MONDAY, 22 * 60, 26 * 60 + 1));
    assert_true(hours_cover(&evening, MONDAY + 1, -120, 120));
    assert_false(hours_cover(&evening, MONDAY, -60, 1)); /* Monday begins closed */
    assert_true(hours_cover(&evening, MONDAY, -60, 0));
    assert_true(hours_cover(&evening, MONDAY + 2, -1440, -1440 + 120));
    assert_false(hours_cover(&evening, MONDAY, 17 * 60 + 59, 19 * 60));

    struct hours midday = hours_of("1-7 08:00-11:30 13:30-17:00");
    assert_true(hours_cover(&midday, MONDAY, 8 * 60, 11 * 60 + 30));
    assert_false(hours_cover(&midday, MONDAY, 11 * 60, 14 * 60));

    struct hours always = hours_of("1-7 00:00-24:00");
    assert_true(hours_cover(&always, MONDAY, INT32_MIN, INT32_MAX));
    struct hours weekdays = hours_of("1-5 00:00-24:00");
    assert_true(hours_cover(&weekdays, MONDAY, 0, 5 * DAY_MINUTES));
    assert_false(hours_cover(&weekdays, MONDAY, 0, 5 * DAY_MINUTES + 1));
    assert_false(hours_cover(&weekdays, MONDAY, 0, INT32_MAX));
}

static struct hours random_hours(struct rng *rng)
{
    char text[FORMAT_SIZE * 2] = "";
    uint32_t groups = 1 + rng_below(rng, 6);
    for (uint32_t i = 0; i < groups; i++) {
        uint32_t from = rng_below(rng, 24);
        uint32_t to = from + 1 + rng_below(rng, 24 - from);
        uint32_t first = 1 + rng_below(rng, 7);
        uint32_t last = first + rng_below(rng, 8 - first);
        size_t length = strlen(text);
        (void)snprintf(text + length, sizeof text - length, "%u-%u %02u:%02u-%02u:00;", first, last, from,
                       to == 24 ? 0U : 30U * rng_below(rng, 2), to);
    }
    return hours_of(text);
}

static bool minute_open(const struct hours *hours, int32_t day, int32_t minute)
{
    int32_t shifted = minute + 100 * DAY_MINUTES;
    int32_t weekday = date_weekday(day + shifted / DAY_MINUTES - 100);
    for (uint8_t i = 0; i < hours->count; i++) {
        if (hours->spans[i].weekday == weekday && hours->spans[i].from_min <= shifted % DAY_MINUTES &&
            shifted % DAY_MINUTES < hours->spans[i].to_min) {
            return true;
        }
    }
    return false;
}

static void test_cover_agrees_with_counting(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 7);
    int covered = 0;
    for (int round = 0; round < 4000; round++) {
        struct hours hours = random_hours(&rng);
        int32_t day = MONDAY + (int32_t)rng_below(&rng, 7);
        int32_t start = (int32_t)rng_below(&rng, 3 * 48) * 30 - DAY_MINUTES;
        int32_t end = start + 30 * (1 + (int32_t)rng_below(&rng, round % 2 == 0 ? 6 : 60));
        bool wanted = true;
        for (int32_t minute = start; minute < end && wanted; minute++) {
            wanted = minute_open(&hours, day, minute);
        }
        assert_int_equal(hours_cover(&hours, day, start, end), wanted);
        covered += wanted;
    }
    assert_in_range(covered, 400, 3600); /* both answers were tried */
}

static void test_round_trip(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 11);
    for (int round = 0; round < 2000; round++) {
        struct hours hours = random_hours(&rng);
        char once[FORMAT_SIZE];
        char twice[FORMAT_SIZE];
        hours_format(&hours, once, sizeof once);
        struct hours again = hours_of(once);
        assert_hours_equal(&again, &hours);
        hours_format(&again, twice, sizeof twice);
        assert_string_equal(once, twice);
    }
}

static void test_format_fits(void **state)
{
    (void)state;
    /* the longest text: seven different days, all spans used */
    struct hours hours = {0};
    for (int day = 1; day <= 7; day++) {
        for (int span = 0; span < 4; span++) {
            hours.spans[hours.count++] =
                (struct hours_span){(uint8_t)day, (int16_t)(span * 120 + day), (int16_t)(span * 120 + 60)};
        }
    }
    assert_true(hours_valid(&hours));
    char text[FORMAT_SIZE];
    hours_format(&hours, text, sizeof text);
    struct hours again = hours_of(text);
    assert_hours_equal(&again, &hours);

    char small[8] = "xxxxxxx";
    hours_format(&hours, small, 4);
    assert_true(strlen(small) < 4);
    assert_int_equal(small[4], 'x');
    hours_format(&hours, small, 0);
    assert_int_equal(small[4], 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_forms),
        cmocka_unit_test(test_null_is_unlimited),
        cmocka_unit_test(test_errors_name_the_place),
        cmocka_unit_test(test_limit_of_spans),
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_cover_over_midnight),
        cmocka_unit_test(test_cover_agrees_with_counting),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_format_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
