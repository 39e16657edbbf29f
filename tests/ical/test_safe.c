/* The wrappers over libical 3.0.16: what it lets through, they do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <locale.h>

#include "ical/safe.h"

static struct text out;
static struct safe_writer writer;

static int setup(void **state)
{
    (void)state;
    text_init(&out, 1 << 20);
    safe_writer_init(&writer, &out);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    safe_writer_finish(&writer);
    text_finish(&out);
    return 0;
}

static void expect(const char *bytes)
{
    assert_int_equal(out.failed, ERR_NONE);
    assert_string_equal(text_string(&out), bytes);
    text_clear(&out);
}

static void texts_are_cleaned(void **state)
{
    (void)state;
    safe_clean(&out, "a\r\nb\rc\nd\te", SAFE_LINES);
    expect("a\nb\nc\nd\te");
    safe_clean(&out,
               "a\r\nb\tc\xe2\x80\xa8"
               "d\xe2\x80\xa9",
               SAFE_ONE_LINE);
    expect("a b c d ");
    safe_clean(&out, "\x01\x1b\x7f\xc2\x85\xc2\x9fz", SAFE_LINES);
    expect("z");
    safe_clean(&out, "\xff\xe5\xad|\xc0\xaf\xed\xa0\x80", SAFE_LINES);
    expect(
        "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    /* Bidi marks, 4-byte characters and rare ones are text. */
    safe_clean(&out, "\xe2\x80\xab\xf0\x9f\x8e\x89\xe5\x9e\x9f\xf0\xa0\xae\xb7", SAFE_ONE_LINE);
    expect("\xe2\x80\xab\xf0\x9f\x8e\x89\xe5\x9e\x9f\xf0\xa0\xae\xb7");
    safe_clean(&out, NULL, SAFE_LINES);
    expect("");
}

static void uris_carry_no_line_break(void **state)
{
    (void)state;
    safe_uri(&writer, ICAL_URL_PROPERTY, "https://a/\r\nX-EVIL:1 \x01<\"礼>?q=1;2,3#x");
    expect("URL:https://a/X-EVIL:1%20%3C%22%E7%A4%BC%3E?q=1;2,3#x\r\n");
    safe_uri(&writer, ICAL_URL_PROPERTY, "\r\n");
    expect("");
}

static void x_names_carry_no_line_break(void **state)
{
    (void)state;
    safe_x(&writer, "X-WR-CALNAME", "a,b;c\\d\ne\x02");
    expect("X-WR-CALNAME:a\\,b\\;c\\\\d e\r\n");
    safe_x(&writer, "X-A", " \t ");
    expect("X-A:\r\n");
    safe_text(&writer, ICAL_SUMMARY_PROPERTY, " \t a b\t ", SAFE_LINES);
    expect("SUMMARY:a b\r\n");
    safe_text(&writer, ICAL_SUMMARY_PROPERTY, " ", SAFE_LINES);
    expect("");
    static const char *const BAD[] = {"X-A\r\nX-EVIL", "X-a", "X-", "SUMMARY", "", "X-A:B"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        safe_x(&writer, BAD[i], "v");
        assert_int_equal(out.failed, ERR_INTERNAL);
        assert_int_equal(out.length, 0);
        text_clear(&out);
    }
}

static void categories_keep_their_commas(void **state)
{
    (void)state;
    const char *const names[] = {"社区,教育", "", NULL, "a;b\\c"};
    safe_categories(&writer, names, 4);
    expect("CATEGORIES:社区\\,教育,a\\;b\\\\c\r\n");
    safe_categories(&writer, names + 1, 2);
    expect("");
}

static void geo_is_made_of_integers(void **state)
{
    (void)state;
    /* A locale with a decimal comma, where the machine has one. */
    (void)setlocale(LC_ALL, "de_DE.UTF-8");
    safe_geo(&writer, 28656400, 121420801);
    expect("GEO:28.656400;121.420801\r\n");
    safe_geo(&writer, -5, -180000000);
    expect("GEO:-0.000005;-180.000000\r\n");
    (void)setlocale(LC_ALL, "C");
}

static void times(void **state)
{
    (void)state;
    safe_utc_time(&writer, ICAL_DTSTAMP_PROPERTY, 1767669845);
    expect("DTSTAMP:20260106T032405Z\r\n");
    /* Known instants are written from memory. */
    safe_utc_time(&writer, ICAL_LASTMODIFIED_PROPERTY, 1767669845);
    expect("LAST-MODIFIED:20260106T032405Z\r\n");
    safe_utc_time(&writer, ICAL_CREATED_PROPERTY, 1767669845);
    expect("CREATED:20260106T032405Z\r\n");
    safe_utc_time(&writer, ICAL_DTSTAMP_PROPERTY, -1);
    expect("DTSTAMP:19691231T235959Z\r\n");
    safe_local_time(&writer, ICAL_DTEND_PROPERTY, "Asia/Shanghai", 0, 1440 + 61);
    expect("DTEND;TZID=Asia/Shanghai:19700102T010100\r\n");
}

/* Every length and every shift: at most 75 octets, whole characters, whole escapes, and back again. */
static void folding(void **state)
{
    (void)state;
    static const char *const UNITS[] = {"a", "字", "🎉", "\\n", "\\\\", "字\\,a"};
    char line[1200];
    struct text back;
    text_init(&back, 1 << 20);
    for (size_t unit = 0; unit < sizeof UNITS / sizeof UNITS[0]; unit++) {
        for (size_t shift = 0; shift < 80; shift++) {
            memset(line, 'x', shift);
            size_t length = shift;
            while (length < 400) {
                memcpy(line + length, UNITS[unit], strlen(UNITS[unit]));
                length += strlen(UNITS[unit]);
            }
            text_clear(&out);
            safe_fold(&out, line, length);
            const char *at = text_string(&out);
            while (*at != '\0') {
                const char *end = strstr(at, "\r\n");
                assert_non_null(end);
                assert_in_range(end - at, 1, 75);
                assert_true(utf8_valid(at, (size_t)(end - at)));
                size_t slashes = 0;
                while (end - slashes > at && end[-1 - (ptrdiff_t)slashes] == '\\') {
                    slashes++;
                }
                assert_int_equal(slashes % 2, 0);
                at = end + 2;
            }
            text_clear(&back);
            safe_unfold(&back, text_string(&out), out.length);
            assert_int_equal(back.length, length);
            assert_memory_equal(text_string(&back), line, length);
        }
    }
    text_finish(&back);
    text_clear(&out);
    safe_fold(&out, "a\r\nb", 4);
    assert_int_equal(out.failed, ERR_INTERNAL);
}

/* Wherever a value's end falls, the line is whole: libical 3.0.16 folds between the last CR and LF of some.
 */
static void any_length_is_one_line(void **state)
{
    (void)state;
    static const char *const UNITS[] = {"a", "垟", "🎉", ",", "é"};
    char value[1200];
    struct text back;
    text_init(&back, 1 << 20);
    for (size_t unit = 0; unit < sizeof UNITS / sizeof UNITS[0]; unit++) {
        for (size_t shift = 1; shift < 78; shift++) {
            memset(value, 'x', shift);
            for (size_t length = shift; length < 400; length += strlen(UNITS[unit])) {
                value[length] = '\0';
                text_clear(&out);
                text_clear(&back);
                safe_text(&writer, ICAL_LOCATION_PROPERTY, value, SAFE_LINES);
                assert_int_equal(out.failed, ERR_NONE);
                safe_unfold(&back, text_string(&out), out.length);
                assert_null(strpbrk(text_string(&back), "\r\n"));
                assert_int_equal(back.length,
                                 strlen("LOCATION:") + length + (unit == 3 ? length - shift : 0));
                strcpy(value + length, UNITS[unit]);
            }
        }
    }
    text_clear(&out);
    text_finish(&back);
}

static void failures_stick(void **state)
{
    (void)state;
    safe_property(&writer, NULL);
    assert_int_equal(out.failed, ERR_MEMORY);
    safe_x(&writer, "X-A", "1");
    assert_int_equal(out.length, 0);
    text_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(texts_are_cleaned, setup, teardown),
        cmocka_unit_test_setup_teardown(uris_carry_no_line_break, setup, teardown),
        cmocka_unit_test_setup_teardown(x_names_carry_no_line_break, setup, teardown),
        cmocka_unit_test_setup_teardown(categories_keep_their_commas, setup, teardown),
        cmocka_unit_test_setup_teardown(geo_is_made_of_integers, setup, teardown),
        cmocka_unit_test_setup_teardown(times, setup, teardown),
        cmocka_unit_test_setup_teardown(folding, setup, teardown),
        cmocka_unit_test_setup_teardown(any_length_is_one_line, setup, teardown),
        cmocka_unit_test_setup_teardown(failures_stick, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
