#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void additions_join(void **state)
{
    (void)state;
    struct text text;
    text_init(&text, 1000);
    assert_string_equal(text_string(&text), "");
    text_add(&text, "第");
    text_addf(&text, "%d%s", 3, "场");
    text_add_char(&text, '!');
    text_add_bytes(&text, "abc", 2);
    text_add(&text, NULL);
    assert_string_equal(text_string(&text), "第3场!ab");
    assert_int_equal(text.length, strlen("第3场!ab"));
    assert_int_equal(text_status(&text, NULL), ERR_NONE);
    text_finish(&text);
}

static void ceiling_is_exact_and_sticky(void **state)
{
    (void)state;
    struct text text;
    struct error err = {0};
    text_init(&text, 10);
    text_add(&text, "12345");
    text_addf(&text, "%s", "67890");
    assert_int_equal(text_status(&text, &err), ERR_NONE);
    text_add_char(&text, 'x');
    assert_int_equal(text_status(&text, &err), ERR_LIMIT);
    assert_non_null(strstr(err.text, "10"));
    text_clear(&text);
    text_add(&text, "123456");
    text_add(&text, "78901");
    text_add(&text, "x");
    assert_string_equal(text_string(&text), "123456");
    assert_int_equal(text.failed, ERR_LIMIT);
    assert_null(text_take(&text));
    text_clear(&text);
    text_add(&text, "again");
    assert_string_equal(text_string(&text), "again");
    assert_int_equal(text_status(&text, &err), ERR_NONE);
    text_finish(&text);
}

static void grows_far(void **state)
{
    (void)state;
    struct text text;
    text_init(&text, SIZE_MAX);
    for (int i = 0; i < 100000; i++) {
        text_addf(&text, "%05d", i);
    }
    assert_int_equal(text.length, 500000);
    assert_memory_equal(text_string(&text) + 499995, "99999", 6);
    text_finish(&text);
    assert_string_equal(text_string(&text), "");
}

static void take_hands_over(void **state)
{
    (void)state;
    struct text text;
    text_init(&text, 100);
    char *empty = text_take(&text);
    assert_string_equal(empty, "");
    text_add(&text, "灵塘");
    char *full = text_take(&text);
    assert_string_equal(full, "灵塘");
    assert_string_equal(text_string(&text), "");
    text_add(&text, "next");
    assert_string_equal(text_string(&text), "next");
    free(empty);
    free(full);
    text_finish(&text);
}

static void memory_runs_out(void **state)
{
    (void)state;
    struct text text;
    struct error err = {0};
    text_init(&text, SIZE_MAX);
    text_add(&text, "kept");
    text_add_bytes(&text, "x", SIZE_MAX / 2);
    assert_int_equal(text_status(&text, &err), ERR_MEMORY);
    text_add(&text, "more");
    assert_string_equal(text_string(&text), "kept");
    assert_null(text_take(&text));
    text_clear(&text);
    text_add_bytes(&text, "x", SIZE_MAX);
    assert_int_equal(text_status(&text, &err), ERR_LIMIT);
    text_finish(&text);
}

static void zeros_are_kept(void **state)
{
    (void)state;
    struct text text;
    text_init(&text, 100);
    text_add_bytes(&text, "a\0b", 3);
    text_add_bytes(&text, NULL, 0);
    assert_int_equal(text.length, 3);
    assert_memory_equal(text.data, "a\0b", 4);
    text_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(additions_join),  cmocka_unit_test(ceiling_is_exact_and_sticky),
        cmocka_unit_test(grows_far),       cmocka_unit_test(take_hands_over),
        cmocka_unit_test(memory_runs_out), cmocka_unit_test(zeros_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
