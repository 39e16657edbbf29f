/* Cells to values: what offices write, and what is refused with which code. */
#include "base/date.h"
#include "base/limits.h"
#include "importers/place.h"
#include "importers/values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static const struct value_rule WIDE = {.min = 0, .max = 1000000};

/* The value as text: "number", "number-number_to" or the text; "!code" for a fault. */
static const char *shown(value_parser parse, const struct value_rule *rule, const char *text)
{
    static char out[1024];
    static struct arena arena;
    struct value value = {.text = ""};
    struct fault fault;
    arena_init(&arena);
    struct value_context context = {.arena = &arena};
    if (!parse(rule, text, &context, &value, &fault)) {
        assert_true(strlen(fault.zh) > 0 && strlen(fault.en) > 0);
        (void)snprintf(out, sizeof out, "!%s", import_code_name(fault.code));
    } else if (parse == value_date) {
        date_format((int32_t)value.number, out);
    } else if (parse == value_time && value.number_to >= 0) {
        (void)snprintf(out, sizeof out, "%lld-%lld", (long long)value.number, (long long)value.number_to);
    } else if (parse == value_count || parse == value_minutes || parse == value_lessons ||
               parse == value_degrees || parse == value_time || parse == value_boolean ||
               parse == value_clock_hours) {
        (void)snprintf(out, sizeof out, "%lld", (long long)value.number);
    } else {
        (void)snprintf(out, sizeof out, "%s", value.text);
    }
    arena_finish(&arena);
    return out;
}

struct sample {
    const char *text, *expected;
};

static void check(value_parser parse, const struct value_rule *rule, const struct sample *samples)
{
    for (; samples->text != NULL; samples++) {
        const char *found = shown(parse, rule, samples->text);
        if (strcmp(found, samples->expected) != 0) {
            fail_msg("\"%s\": \"%s\" instead of \"%s\"", samples->text, found, samples->expected);
        }
    }
}

static void dates(void **state)
{
    static const struct sample SAMPLES[] = {{"2026-03-01", "2026-03-01"},
                                            {"2026/3/1", "2026-03-01"},
                                            {"2026.3.1", "2026-03-01"},
                                            {"2026年3月1日", "2026-03-01"},
                                            {"２０２６年３月１日", "2026-03-01"},
                                            {"2026 年 3 月 1 日", "2026-03-01"},
                                            {"20260301", "2026-03-01"},
                                            {"2026-3-1 0:00", "2026-03-01"},
                                            {"2026-03-01T00:00:00", "2026-03-01"},
                                            {"2026/3/10:00", "!date"},
                                            {"2026-03-01 9:00", "!date"},
                                            {"2026-02-29", "!date"},
                                            {"2024-02-29", "2024-02-29"},
                                            {"3月1日", "!date"},
                                            {"45411", "2024-04-29"},
                                            {"26-03-01", "!date"},
                                            {"2026-13-01", "!date"},
                                            {"农历三月初十", "!date"},
                                            {"2026-03", "!date"},
                                            {"2026-03-01x", "!date"},
                                            {"2026/3-1", "!date"},
                                            {"1900-01-01", "!date"},
                                            {"2101-01-01", "!date"},
                                            {NULL, NULL}};
    (void)state;
    check(value_date, &WIDE, SAMPLES);
}

static void times(void **state)
{
    static const struct sample SAMPLES[] = {{"14:00", "840"},
                                            {"14：00", "840"},
                                            {"9:05", "545"},
                                            {"下午2:30", "870"},
                                            {"晚7点", "1140"},
                                            {"晚上7点半", "1170"},
                                            {"14时30分", "870"},
                                            {"上午9点", "540"},
                                            {"14:00-16:00", "840-960"},
                                            {"14:00～16:00", "840-960"},
                                            {"下午2:30-4:00", "870-960"},
                                            {"8点至11点", "480-660"},
                                            {"14:00:00", "840"},
                                            {"上午", "480-720"},
                                            {"全天", "0-1440"},
                                            {"24:00", "1440"},
                                            {"24:01", "!time"},
                                            {"25:00", "!time"},
                                            {"14:60", "!time"},
                                            {"14:5", "!time"},
                                            {"16:00-14:00", "!order"},
                                            {"下午茶", "!time"},
                                            {"14", "!time"},
                                            {NULL, NULL}};
    (void)state;
    check(value_time, &WIDE, SAMPLES);
}

static void hours(void **state)
{
    static const struct sample SAMPLES[] = {
        {"1-5 08:00-11:30 13:30-17:00; 6,7 18:30-21:00", "1-5 08:00-11:30 13:30-17:00; 6,7 18:30-21:00"},
        {"周二、周四上午", "2,4 08:00-12:00"},
        {"周二、四上午", "2,4 08:00-12:00"},
        {"周二上午、周四下午", "2 08:00-12:00; 4 13:00-17:30"},
        {"周一至周五 8:00-11:00,14:00-16:00", "1-5 08:00-11:00 14:00-16:00"},
        {"星期一到五 8：00～11：00；周末 晚上", "1-5 08:00-11:00; 6,7 17:30-21:30"},
        {"8:00-11:00,14:00-16:00", "1-7 08:00-11:00 14:00-16:00"},
        {"全周", ""},
        {"不限", ""},
        {"晚上", "1-7 17:30-21:30"},
        {"周六", "6 00:00-24:00"},
        {"周二7:00-9:00", "2 07:00-09:00"},
        {"周一8:00-10:00,9:00-11:00", "1 08:00-11:00"},
        {"周六至周一上午", "1,6,7 08:00-12:00"},
        {"看情况", "!hours"},
        {"周八", "!hours"},
        {"周一 11:00-8:00", "!hours"},
        {"周一上午，节假日除外", "!hours"},
        {"8:00", "!hours"},
        {NULL, NULL}};
    (void)state;
    check(value_hours, &WIDE, SAMPLES);
}

static void weekdays_and_parts(void **state)
{
    static const struct sample DAYS[] = {{"周二、四", "2,4"},     {"1,3,5", "1,3,5"},   {"一、三", "1,3"},
                                         {"工作日", "1,2,3,4,5"}, {"周末", "6,7"},      {"每天", ""},
                                         {"周日", "7"},           {"2-4", "2,3,4"},     {"8", "!word"},
                                         {"随便", "!word"},       {"周二,周五", "2,5"}, {NULL, NULL}};
    static const struct sample PARTS[] = {{"上午", "morning"}, {"上午、晚上", "morning;evening"},
                                          {"晚", "evening"},   {"morning;afternoon", "morning;afternoon"},
                                          {"不限", ""},        {"半夜", "!word"},
                                          {NULL, NULL}};
    (void)state;
    check(value_weekdays, &WIDE, DAYS);
    check(value_parts, &WIDE, PARTS);
}

static void numbers(void **state)
{
    static const struct sample COUNTS[] = {{"45", "45"},
                                           {"45人", "45"},
                                           {"４５人", "45"},
                                           {"约50", "50"},
                                           {"1,905", "1905"},
                                           {"１，９０５", "1905"},
                                           {"0.19万", "1900"},
                                           {"120+", "120"},
                                           {"2.0", "2"},
                                           {"五星", "5"},
                                           {"50余人", "50"},
                                           {"38人次", "38"},
                                           {"2.5", "!number"},
                                           {"19,05", "!number"},
                                           {"1,90", "!number"},
                                           {"若干", "!number"},
                                           {"3.31E+11", "!destroyed-code"},
                                           {"-5", "!range"},
                                           {"1000001", "!range"},
                                           {"99999999999999999999", "!number"},
                                           {NULL, NULL}};
    static const struct sample MINUTES[] = {{"90", "90"},        {"90分钟", "90"}, {"1.5小时", "90"},
                                            {"1小时30分", "90"}, {"2课时", "90"},  {"很久", "!number"},
                                            {NULL, NULL}};
    static const struct sample LESSONS[] = {{"2", "90"}, {"1.5", "68"}, {"90分钟", "90"}, {NULL, NULL}};
    (void)state;
    check(value_count, &WIDE, COUNTS);
    check(value_minutes, &WIDE, MINUTES);
    check(value_lessons, &WIDE, LESSONS);
    check(value_clock_hours, &WIDE, (const struct sample[]){{"2", "120"}, {"0.5", "30"}, {NULL, NULL}});
}

static void texts(void **state)
{
    static const struct value_rule SHORT = {.max = 12};
    static const struct sample CODES[] = {{"331002001001", "331002001001"},
                                          {"３３１", "331"},
                                          {"'00123", "00123"},
                                          {"=\"00123\"", "00123"},
                                          {"A 1", "A1"},
                                          {"3.31E+11", "!destroyed-code"},
                                          {"3.31002e+11", "!destroyed-code"},
                                          {"E12", "E12"},
                                          {"1234567890123", "!too-long"},
                                          {"a\x01", "!control"},
                                          {NULL, NULL}};
    static const struct sample NAMES[] = {{"示例村", "示例村"},
                                          {"示例\n村", "示例 村"},
                                          {"示例村示例村", "!too-long"},
                                          {"a\x07", "!control"},
                                          {NULL, NULL}};
    static const struct value_rule LONG = {.max = LIMIT_NOTE_BYTES};
    static const struct sample LISTS[] = {
        {"投影；音响、桌椅, 投影", "投影;音响;桌椅"}, {"；", ""}, {"一 二", "一 二"}, {NULL, NULL}};
    static const struct sample BOOLEANS[] = {{"是", "1"}, {"否", "0"},       {"YES", "1"},
                                             {"０", "0"}, {"也许", "!word"}, {NULL, NULL}};
    (void)state;
    check(value_code, &SHORT, CODES);
    check(value_name, &SHORT, NAMES);
    check(value_list, &LONG, LISTS);
    check(value_boolean, &LONG, BOOLEANS);
    check(value_reference, &LONG,
          (const struct sample[]){{"3.31E+11", "!destroyed-code"}, {"示例", "示例"}, {NULL, NULL}});
}

static void rules_and_seasons(void **state)
{
    static const struct sample RULES[] = {{"逢三、八", "lunarday:3,8"},
                                          {"逢三八", "lunarday:3,8"},
                                          {"农历逢三、八", "lunarday:3,8"},
                                          {"公历逢3、8", "monthday:3,8"},
                                          {"逢三、八（公历）", "monthday:3,8"},
                                          {"逢十", "lunarday:10"},
                                          {"每周二、四", "weekly:2,4"},
                                          {"农历三月初十", "lunardate:3-10"},
                                          {"农历正月十五、腊月廿三", "lunardate:1-15,12-23"},
                                          {"逢子、午日", "branch:0,6"},
                                          {"每周二；逢三、八（农历）", "weekly:2|lunarday:3,8"},
                                          {"weekly:4,2", "weekly:2,4"},
                                          {"lunardate:3-10", "lunardate:3-10"},
                                          {"农历三月三十五", "!rule"},
                                          {"逢年过节", "!rule"},
                                          {"三月初十", "!rule"},
                                          {"每周八", "!rule"},
                                          {NULL, NULL}};
    static const struct sample SEASONS[] = {{"03-01/06-30", "03-01/06-30"},
                                            {"3月1日-6月30日；9-12月", "03-01/06-30;09-01/12-31"},
                                            {"5月", "05-01/05-31"},
                                            {"全年", ""},
                                            {"13月", "!date"},
                                            {"春天", "!date"},
                                            {NULL, NULL}};
    (void)state;
    check(value_rule_text, &WIDE, RULES);
    check(value_seasons, &WIDE, SEASONS);
}

/* Points of a public township table that gives both datums. */
static void places(void **state)
{
    static const struct value_rule LAT = {.min = -90, .max = 90};
    static const struct sample SAMPLES[] = {{"28.675942", "28675942"}, {"北纬28.5°", "28500000"},
                                            {"121.4", "!place"},       {"28,5", "!place"},
                                            {"28°30'", "!place"},      {NULL, NULL}};
    (void)state;
    check(value_degrees, &LAT, SAMPLES);
    struct coordinate wgs = coordinate_from_gcj02((struct coordinate){28672981, 121442978});
    assert_in_range(wgs.lat_e6, 28675942 - 30, 28675942 + 30);
    assert_in_range(wgs.lon_e6, 121438574 - 30, 121438574 + 30);
    /* The same place as BD-09, by the published form of that shift: python3, z·cos(θ) + 0.0065 and so on. */
    wgs = coordinate_from_bd09((struct coordinate){28679339, 121449386});
    assert_in_range(wgs.lat_e6, 28675942 - 40, 28675942 + 40);
    assert_in_range(wgs.lon_e6, 121438574 - 40, 121438574 + 40);
    wgs = coordinate_from_gcj02((struct coordinate){51500000, -100000});
    assert_int_equal(wgs.lon_e6, -100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates),
        cmocka_unit_test(times),
        cmocka_unit_test(hours),
        cmocka_unit_test(weekdays_and_parts),
        cmocka_unit_test(numbers),
        cmocka_unit_test(texts),
        cmocka_unit_test(rules_and_seasons),
        cmocka_unit_test(places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
