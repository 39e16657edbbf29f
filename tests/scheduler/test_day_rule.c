#include "scheduler/day_rule.h"

#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static struct day_rule rule_of(const char *text)
{
    struct day_rule rule;
    struct error err = {0};
    if (day_rule_parse(text, &rule, &err) != ERR_NONE) {
        fail_msg("%s: %s", text, err.text);
    }
    return rule;
}

static bool matches(const char *text, int32_t day)
{
    struct day_rule rule = rule_of(text);
    struct day_info info = day_info_plain(day);
    return day_rule_matches(&rule, &info);
}

static int32_t day_of(int32_t year, int32_t month, int32_t day)
{
    return date_from_civil((struct civil){year, month, day});
}

static void weekly(void **state)
{
    (void)state;
    for (int32_t day = day_of(2026, 11, 23); day <= day_of(2026, 11, 29); day++) {
        int32_t weekday = date_weekday(day);
        assert_int_equal(matches("weekly:2,4", day), weekday == 2 || weekday == 4);
        assert_int_equal(matches("weekly:7", day), weekday == 7);
    }
}

/* The Gregorian days of a month that match, as "3 8 13 …". */
static void check_month(const char *text, int32_t year, int32_t month, const char *wanted)
{
    char got[128] = "";
    int32_t first = day_of(year, month, 1);
    int32_t after = day_of(year, month + 1, 1);
    for (int32_t day = first; day < after; day++) {
        if (matches(text, day)) {
            size_t length = strlen(got);
            (void)snprintf(got + length, sizeof got - length, "%s%d", length == 0 ? "" : " ",
                           (int)(day - first + 1));
        }
    }
    assert_string_equal(got, wanted);
}

static void month_digits(void **state)
{
    (void)state;
    check_month("monthday:3,8", 2026, 11, "3 8 13 18 23 28");
    check_month("monthday:10", 2026, 11, "10 20 30");
    check_month("monthday:10", 2026, 2, "10 20");
    check_month("monthday:5", 2026, 11, "5 15 25");
    check_month("monthday:1", 2026, 12, "1 11 21 31");
    check_month("monthday:1", 2026, 11, "1 11 21");
}

/* The lunar days of a lunar month that match. */
static void check_lunar(const char *text, int32_t year, int32_t month, bool leap, const char *wanted)
{
    char got[128] = "";
    for (int32_t lunar_day = 1; lunar_day <= 30; lunar_day++) {
        int32_t day = 0;
        if (day_from_lunar(year, month, leap, lunar_day, &day) && matches(text, day)) {
            size_t length = strlen(got);
            (void)snprintf(got + length, sizeof got - length, "%s%d", length == 0 ? "" : " ", (int)lunar_day);
        }
    }
    assert_string_equal(got, wanted);
}

static void lunar_digits(void **state)
{
    (void)state;
    check_lunar("lunarday:3,8", 2026, 3, false, "3 8 13 18 23 28");
    check_lunar("lunarday:10", 2025, 6, false, "10 20 30"); /* a long month */
    check_lunar("lunarday:10", 2025, 6, true, "10 20");     /* a short one has no 三十 */
    check_lunar("lunarday:5,10", 2025, 6, true, "5 10 15 20 25");
    check_lunar("lunarday:1", 2026, 3, false, "1 11 21");
}

static void lunar_dates(void **state)
{
    (void)state;
    int32_t day = 0;
    assert_true(day_from_lunar(2026, 3, false, 10, &day));
    assert_int_equal(day, day_of(2026, 4, 26));
    assert_true(matches("lunardate:3-10", day));
    assert_false(matches("lunardate:3-10", day + 1));
    check_lunar("lunardate:6-1", 2025, 6, false, "1");
    check_lunar("lunardate:6-1", 2025, 6, true, "");
    check_lunar("lunardate:6-1+leap", 2025, 6, false, "1");
    check_lunar("lunardate:6-1+leap", 2025, 6, true, "1");
    check_lunar("lunardate:6-1,6-30", 2025, 6, true, "");
    check_lunar("lunardate:9-9,3-10,9-10", 2026, 9, false, "9 10");
}

static void branch_cycle(void **state)
{
    (void)state;
    int32_t horse = day_of(2000, 1, 1); /* 戊午 */
    for (int32_t i = -24; i <= 24; i++) {
        assert_int_equal(matches("branch:6", horse + i), i % 12 == 0);
        assert_int_equal(matches("branch:午", horse + i), i % 12 == 0);
        assert_int_equal(matches("branch:0,6", horse + i), i % 6 == 0);
        assert_int_equal(matches("branch:子、午", horse + i), i % 6 == 0);
    }
}

static void any_of_several(void **state)
{
    (void)state;
    check_month("monthday:3|weekly:1", 2026, 11, "2 3 9 13 16 23 30");
}

static void holidays_do_not_matter(void **state)
{
    (void)state;
    struct day_rule rule = rule_of("weekly:1");
    struct day_info info = day_info_plain(day_of(2026, 11, 23));
    info.is_off = true;
    assert_true(day_rule_matches(&rule, &info));
}

static void nothing_matches_the_empty_rule(void **state)
{
    (void)state;
    struct day_rule rule = {0};
    for (int32_t day = 20000; day < 20400; day++) {
        struct day_info info = day_info_plain(day);
        assert_false(day_rule_matches(&rule, &info));
    }
    /* A day that nobody filled in properly must not be undefined behaviour. */
    struct day_rule full = rule_of("weekly:1,2,3,4,5,6,7|lunarday:1,10|branch:0");
    struct day_info odd = {.day = INT32_MAX, .weekday = 255, .branch = 255};
    assert_false(day_rule_matches(&full, &odd));
}

static void canonical_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *canonical, *zh;
    } CASES[] = {
        {"weekly:2,4", "weekly:2,4", "每周二、四"},
        {"weekly:7,6", "weekly:6,7", "每周六、日"},
        {"monthday:8,3,3", "monthday:3,8", "逢三、八（公历）"},
        {"lunarday:3,8", "lunarday:3,8", "逢三、八（农历）"},
        {"lunarday:10,5", "lunarday:5,10", "逢五、十（农历）"},
        {"lunardate:3-10", "lunardate:3-10", "农历三月初十"},
        {"lunardate:6-1+leap,3-10", "lunardate:3-10,6-1+leap", "农历三月初十、六月初一（含闰月）"},
        {"lunardate:6-1|lunardate:6-1+leap", "lunardate:6-1+leap", "农历六月初一（含闰月）"},
        {"lunardate:03-010", NULL, NULL},
        {"lunardate:03-09", "lunardate:3-9", "农历三月初九"},
        {"branch:子午", NULL, NULL},
        {"branch:午,子", "branch:0,6", "逢子、午日"},
        {"branch:11", "branch:11", "逢亥日"},
        {" weekly : 1", NULL, NULL},
        {" weekly: 1 ， 3 | branch: 亥 ", "weekly:1,3|branch:11", "每周一、三；逢亥日"},
        {"branch:1|lunardate:1-15|lunarday:1|monthday:2|weekly:5",
         "weekly:5|monthday:2|lunarday:1|lunardate:1-15|branch:1",
         "每周五；逢二（公历）；逢一（农历）；农历正月十五；逢丑日"},
        {"weekly:2|weekly:4", "weekly:2,4", "每周二、四"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct day_rule rule;
        enum error_code code = day_rule_parse(CASES[i].text, &rule, NULL);
        assert_int_equal(code, CASES[i].canonical == NULL ? ERR_SYNTAX : ERR_NONE);
        if (code != ERR_NONE) {
            continue;
        }
        struct text text;
        text_init(&text, 4000);
        day_rule_format(&rule, &text);
        assert_string_equal(text_string(&text), CASES[i].canonical);
        struct day_rule again = rule_of(text_string(&text));
        assert_memory_equal(&again, &rule, sizeof rule);
        text_clear(&text);
        day_rule_zh(&rule, &text);
        assert_string_equal(text_string(&text), CASES[i].zh);
        text_finish(&text);
    }
}

static void errors_name_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int place;
    } CASES[] = {
        {"", 1},
        {"每周二", 1},
        {"weekly", 1},
        {"weekly:", 8},
        {"weekly:8", 8},
        {"weekly:0", 8},
        {"weekly:2,", 10},
        {"weekly:2,,4", 10},
        {"weekly:2;4", 9},
        {"weekly:2 4", 10},
        {"weekly:100", 8},
        {"weekly:-1", 8},
        {"monthday:0", 10},
        {"monthday:11", 10},
        {"lunarday:三", 10},
        {"lunardate:13-1", 11},
        {"lunardate:3-31", 13},
        {"lunardate:3", 12},
        {"lunardate:3-10+leap+leap", 20},
        {"lunardate:3-10+", 15},
        {"branch:12", 8},
        {"branch:子,猫", 10},
        {"weekly:2|", 10},
        {"weekly:2||branch:1", 10},
        {"WEEKLY:2", 1},
        {"weekly:2\n", 9},
    };
    struct day_rule rule = {.weekdays = 7};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct error err = {0};
        assert_int_equal(day_rule_parse(CASES[i].text, &rule, &err), ERR_SYNTAX);
        char zh[40];
        char en[40];
        (void)snprintf(zh, sizeof zh, "第%d个字符", CASES[i].place);
        (void)snprintf(en, sizeof en, "character %d:", CASES[i].place);
        if (strstr(err.text, zh) == NULL || strstr(err.text, en) == NULL) {
            fail_msg("“%s” wanted place %d: %s", CASES[i].text, CASES[i].place, err.text);
        }
    }
    assert_int_equal(day_rule_parse(NULL, &rule, NULL), ERR_SYNTAX);
    assert_int_equal(rule.weekdays, 7);
}

static void limits_hold(void **state)
{
    (void)state;
    struct text text;
    text_init(&text, 100000);
    text_add(&text, "lunardate:");
    for (int i = 0; i < LIMIT_RULE_DATES; i++) {
        text_addf(&text, "%s%d-%d", i == 0 ? "" : ",", i % 12 + 1, i + 1);
    }
    struct day_rule rule;
    assert_int_equal(day_rule_parse(text_string(&text), &rule, NULL), ERR_NONE);
    assert_int_equal(rule.date_count, LIMIT_RULE_DATES);
    text_add(&text, ",1-1"); /* a double is no seventeenth */
    assert_int_equal(day_rule_parse(text_string(&text), &rule, NULL), ERR_NONE);
    text_add(&text, ",12-30");
    struct error err = {0};
    assert_int_equal(day_rule_parse(text_string(&text), &rule, &err), ERR_LIMIT);

    text_clear(&text);
    text_add(&text, "weekly:1");
    while (text.length < LIMIT_RULE_BYTES) {
        text_add_char(&text, ' ');
    }
    assert_int_equal(day_rule_parse(text_string(&text), &rule, NULL), ERR_NONE);
    text_add_char(&text, ' ');
    assert_int_equal(day_rule_parse(text_string(&text), &rule, NULL), ERR_LIMIT);
    text_finish(&text);
}

/* The fullest rule there is still fits the limit of a rule's text, so it can be stored and read. */
static void the_fullest_rule_fits(void **state)
{
    (void)state;
    struct day_rule rule = {
        .weekdays = 0xfe, .month_digits = 0x7fe, .lunar_digits = 0x7fe, .branches = 0xfff};
    for (size_t i = 0; i < LIMIT_RULE_DATES; i++) {
        rule.dates[i] = (struct day_rule_date){
            .month = (uint8_t)(i < 8 ? 11 : 12), .day = (uint8_t)(10 + i), .leap = true};
    }
    rule.date_count = LIMIT_RULE_DATES;
    struct text text;
    text_init(&text, LIMIT_RULE_BYTES);
    day_rule_format(&rule, &text);
    assert_int_equal(text_status(&text, NULL), ERR_NONE);
    struct day_rule again = rule_of(text_string(&text));
    assert_memory_equal(&again, &rule, sizeof rule);
    text_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weekly),
        cmocka_unit_test(month_digits),
        cmocka_unit_test(lunar_digits),
        cmocka_unit_test(lunar_dates),
        cmocka_unit_test(branch_cycle),
        cmocka_unit_test(any_of_several),
        cmocka_unit_test(holidays_do_not_matter),
        cmocka_unit_test(nothing_matches_the_empty_rule),
        cmocka_unit_test(canonical_text),
        cmocka_unit_test(errors_name_the_place),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(the_fullest_rule_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
