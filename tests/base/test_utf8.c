#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static size_t encode(uint32_t code, char ret_bytes[4])
{
    if (code < 0x80) {
        ret_bytes[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        ret_bytes[0] = (char)(0xc0 | (code >> 6));
        ret_bytes[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        ret_bytes[0] = (char)(0xe0 | (code >> 12));
        ret_bytes[1] = (char)(0x80 | ((code >> 6) & 0x3f));
        ret_bytes[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    ret_bytes[0] = (char)(0xf0 | (code >> 18));
    ret_bytes[1] = (char)(0x80 | ((code >> 12) & 0x3f));
    ret_bytes[2] = (char)(0x80 | ((code >> 6) & 0x3f));
    ret_bytes[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* Every number up to 21 bits: the scalar values decode, all others are refused. */
static void every_code_point(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 0x1fffff; code++) {
        char bytes[4];
        size_t size = encode(code, bytes);
        uint32_t decoded = UINT32_MAX;
        size_t got = utf8_next(bytes, size, &decoded);
        bool scalar = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
        if (got != (scalar ? size : 0) || (scalar && decoded != code)) {
            fail_msg("U+%04X: %zu", (unsigned)code, got);
        }
        if (scalar && size > 1 && utf8_next(bytes, size - 1, NULL) != 0) {
            fail_msg("U+%04X cut short is accepted", (unsigned)code);
        }
    }
}

static void ill_formed_is_refused(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "\x80",         "\xc0\x80",     "\xc1\xbf",         "\xe0\x80\x80",     "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80",     "\xff",         "\xe6\x9d",         "\xe6\x9d-",        "\xe6-\x91",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        uint32_t code = 7;
        assert_int_equal(utf8_next(BAD[i], strlen(BAD[i]), &code), 0);
        assert_int_equal(code, 7);
        assert_false(utf8_valid(BAD[i], strlen(BAD[i])));
    }
    assert_int_equal(utf8_next("", 0, NULL), 0);
    assert_true(utf8_valid("", 0));
    assert_true(utf8_valid("村😀a", strlen("村😀a")));
    assert_false(utf8_valid("村\xff", 4));
}

static void cut_ends_at_a_character(void **state)
{
    (void)state;
    static const char TEXT[] = "a村é😀z"; /* boundaries 0 1 4 6 10 11 */
    static const size_t WANTED[] = {0, 1, 1, 1, 4, 4, 6, 6, 6, 6, 10, 11, 11};
    for (size_t max = 0; max < sizeof WANTED / sizeof *WANTED; max++) {
        assert_int_equal(utf8_cut(TEXT, 11, max), WANTED[max]);
    }
    /* Not UTF-8: still within the bound. */
    assert_true(utf8_cut("\x80\x80\x80\x80\x80\x80", 6, 5) <= 5);
    assert_int_equal(utf8_cut("\x80\x80", 2, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point),
        cmocka_unit_test(ill_formed_is_refused),
        cmocka_unit_test(cut_ends_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
