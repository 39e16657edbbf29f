/* Number formats and the text that a number then has. */
#include "importers/number_style.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void formats_tell_what_a_number_is(void **state)
{
    static const struct {
        const char *code;
        enum number_kind kind;
    } CASES[] = {{"General", NUMBER_PLAIN},
                 {"G/通用格式", NUMBER_PLAIN},
                 {"0.00", NUMBER_PLAIN},
                 {"#,##0", NUMBER_PLAIN},
                 {"0.00E+00", NUMBER_PLAIN},
                 {"@", NUMBER_PLAIN},
                 {"0\"人\"", NUMBER_PLAIN},
                 {"\"日期\"0", NUMBER_PLAIN},
                 {"[Red]0.0;[Blue]-0.0", NUMBER_PLAIN},
                 {"\\d0", NUMBER_PLAIN},
                 {"yyyy-mm-dd", NUMBER_DATE},
                 {"yyyy\"年\"m\"月\"d\"日\";@", NUMBER_DATE},
                 {"[$-804]yyyy\"年\"m\"月\"d\"日\"", NUMBER_DATE},
                 {"[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\";@", NUMBER_DATE},
                 {"m/d", NUMBER_DATE},
                 {"m\"月\"d\"日\"", NUMBER_DATE},
                 {"e/m/d", NUMBER_DATE},
                 {"yyyy\"年\"m\"月\"", NUMBER_MONTH},
                 {"mmm-yy", NUMBER_MONTH},
                 {"h:mm", NUMBER_TIME},
                 {"h:mm AM/PM", NUMBER_TIME},
                 {"上午/下午h\"时\"mm\"分\"", NUMBER_TIME},
                 {"mm:ss", NUMBER_TIME},
                 {"yyyy/m/d h:mm", NUMBER_DATE_TIME},
                 {"m/d/yy h:mm AM/PM", NUMBER_DATE_TIME},
                 {"[h]:mm", NUMBER_ELAPSED},
                 {"0%", NUMBER_PERCENT},
                 {"0.00%", NUMBER_PERCENT},
                 {"000000", NUMBER_CODE},
                 {"\"unclosed", NUMBER_PLAIN},
                 {"[", NUMBER_PLAIN},
                 {"", NUMBER_PLAIN}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        if (number_style_parse(CASES[i].code).kind != CASES[i].kind) {
            fail_msg("%s: %d", CASES[i].code, (int)number_style_parse(CASES[i].code).kind);
        }
    }
    assert_int_equal(number_style_builtin(14).kind, NUMBER_DATE);
    assert_int_equal(number_style_builtin(22).kind, NUMBER_DATE_TIME);
    assert_int_equal(number_style_builtin(31).kind, NUMBER_DATE);
    assert_int_equal(number_style_builtin(0).kind, NUMBER_PLAIN);
    assert_int_equal(number_style_builtin(4).kind, NUMBER_PLAIN);
    assert_int_equal(number_style_builtin(164).kind, NUMBER_PLAIN);
}

static void numbers_read_as_they_are_shown(void **state)
{
    static const struct {
        double number;
        struct number_style style;
        const char *text;
        bool is_1904;
    } CASES[] = {{45, {NUMBER_PLAIN, 0}, "45", false},
                 {-0.0, {NUMBER_PLAIN, 0}, "0", false},
                 {0.1 + 0.2, {NUMBER_PLAIN, 0}, "0.3", false},
                 {121.43, {NUMBER_PLAIN, 0}, "121.43", false},
                 {1234567.891, {NUMBER_PLAIN, 0}, "1234567.891", false},
                 {331081001202, {NUMBER_PLAIN, 0}, "331081001202", false},
                 {9007199254740991, {NUMBER_PLAIN, 0}, "9007199254740991", false},
                 {331081199001011234.0, {NUMBER_PLAIN, 0}, "3.31081199001011E+17", false},
                 {1e-12, {NUMBER_PLAIN, 0}, "1.00000000000000E-12", false},
                 {45411, {NUMBER_DATE, 0}, "2024-04-29", false},
                 {45411.6, {NUMBER_DATE, 0}, "2024-04-29", false},
                 {43949, {NUMBER_DATE, 0}, "2024-04-29", true},
                 {1, {NUMBER_DATE, 0}, "1900-01-01", false},
                 {59, {NUMBER_DATE, 0}, "1900-02-28", false},
                 {60, {NUMBER_DATE, 0}, "60", false},
                 {61, {NUMBER_DATE, 0}, "1900-03-01", false},
                 {-1, {NUMBER_DATE, 0}, "-1", false},
                 {1e12, {NUMBER_DATE, 0}, "1000000000000", false},
                 {45411.375, {NUMBER_DATE_TIME, 0}, "2024-04-29 09:00", false},
                 {45411, {NUMBER_DATE_TIME, 0}, "2024-04-29", false},
                 {0.604166666666667, {NUMBER_DATE_TIME, 0}, "14:30", false},
                 {0.604166666666667, {NUMBER_TIME, 0}, "14:30", false},
                 {45411.604166666664, {NUMBER_TIME, 0}, "14:30", false},
                 {0.99999999999, {NUMBER_TIME, 0}, "00:00", false},
                 {0.604178240740741, {NUMBER_TIME, 0}, "14:30:01", false},
                 {1.0625, {NUMBER_ELAPSED, 0}, "25:30", false},
                 {45383, {NUMBER_MONTH, 0}, "2024年4月", false},
                 {0.98, {NUMBER_PERCENT, 0}, "98%", false},
                 {0.975, {NUMBER_PERCENT, 0}, "97.5%", false},
                 {331, {NUMBER_CODE, 6}, "000331", false},
                 {3.5, {NUMBER_CODE, 6}, "3.5", false}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char text[NUMBER_TEXT_SIZE];
        size_t length = number_text(CASES[i].number, CASES[i].style, CASES[i].is_1904, text);
        assert_string_equal(text, CASES[i].text);
        assert_int_equal(length, strlen(text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(formats_tell_what_a_number_is),
                                       cmocka_unit_test(numbers_read_as_they_are_shown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
