#include "base/error.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static void set_answers_code_and_text(void **state)
{
    (void)state;
    struct error err = {0};
    assert_int_equal(error_set(&err, ERR_INPUT, "row %d: %s", 17, "村名为空"), ERR_INPUT);
    assert_int_equal(err.code, ERR_INPUT);
    assert_string_equal(err.text, "row 17: 村名为空");
    assert_int_equal(error_set(NULL, ERR_IO, "%s", "unused"), ERR_IO);
}

static void set_may_use_its_own_text(void **state)
{
    (void)state;
    struct error err = {0};
    (void)error_set(&err, ERR_IO, "inner");
    (void)error_set(&err, ERR_IO, "outer(%s)", err.text);
    assert_string_equal(err.text, "outer(inner)");
}

/* 400 three-byte characters cross the limit; with 0, 1 and 2 bytes before them the cut falls at
 * every place inside a character. */
static void long_text_is_cut_at_a_character(void **state)
{
    (void)state;
    char many[1201] = "";
    for (int i = 0; i < 400; i++) {
        memcpy(many + (size_t)i * 3, "村", 4);
    }
    static const char *const LEADS[] = {"", "a", "ab"};
    for (size_t i = 0; i < 3; i++) {
        struct error err = {0};
        (void)error_set(&err, ERR_LIMIT, "%s%s", LEADS[i], many);
        size_t length = strlen(err.text);
        assert_true(length < ERROR_TEXT_MAX && length > ERROR_TEXT_MAX - 4);
        assert_true(utf8_valid(err.text, length));
    }
}

static void wrap_puts_context_first(void **state)
{
    (void)state;
    struct error err = {0};
    (void)error_set(&err, ERR_SYNTAX, "row 17");
    assert_int_equal(error_wrap(&err, "import %s: ", "halls.xlsx"), ERR_SYNTAX);
    assert_string_equal(err.text, "import halls.xlsx: row 17");
    (void)error_wrap(&err, "job %d", 3);
    assert_string_equal(err.text, "job 3: import halls.xlsx: row 17");
    (void)error_wrap(&err, "任务：");
    assert_string_equal(err.text, "任务：job 3: import halls.xlsx: row 17");
    assert_int_equal(error_wrap(NULL, "nothing"), ERR_INTERNAL);
}

static void wrap_stays_within_the_text(void **state)
{
    (void)state;
    struct error err = {0};
    (void)error_set(&err, ERR_IO, "root");
    for (int i = 0; i < 500; i++) {
        (void)error_wrap(&err, "层%d", i);
        assert_true(utf8_valid(err.text, strlen(err.text)));
    }
    assert_true(strlen(err.text) < ERROR_TEXT_MAX);
    assert_int_equal(err.code, ERR_IO);
}

static void every_code_has_its_words(void **state)
{
    (void)state;
    for (int code = ERR_NONE; code <= ERR_INTERNAL; code++) {
        assert_string_not_equal(error_name((enum error_code)code), "unknown");
        assert_true(strlen(error_sentence_en((enum error_code)code)) > 0);
        assert_true(strlen(error_sentence_zh((enum error_code)code)) > 0);
    }
    assert_string_equal(error_name(ERR_NOT_FOUND), "not-found");
    assert_string_equal(error_sentence_zh(ERR_STALE), "数据已被他人修改");
    assert_string_equal(error_name((enum error_code)999), "unknown");
    assert_string_equal(error_sentence_en((enum error_code)999), "unknown error");
    assert_string_equal(error_sentence_zh((enum error_code)999), "未知错误");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_answers_code_and_text),       cmocka_unit_test(set_may_use_its_own_text),
        cmocka_unit_test(long_text_is_cut_at_a_character), cmocka_unit_test(wrap_puts_context_first),
        cmocka_unit_test(wrap_stays_within_the_text),      cmocka_unit_test(every_code_has_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
