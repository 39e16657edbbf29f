#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void check(void (*add)(struct text *, const char *), const char *string, const char *wanted)
{
    struct text text;
    text_init(&text, 1000);
    add(&text, string);
    assert_string_equal(text_string(&text), wanted);
    text_finish(&text);
}

static void html(void **state)
{
    (void)state;
    check(text_add_html, "<a href=\"x\">Tom & 'J'</a>",
          "&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;J&#39;&lt;/a&gt;");
    check(text_add_html, "村\t二\n三", "村\t二\n三");
    check(text_add_html,
          "a\x01\r\x7f"
          "b\xc2\x85"
          "c\xef\xbf\xbe",
          "abc");
    check(text_add_html, "a\xff\xe6\x9d", "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    check(text_add_html, NULL, "");
}

static void csv(void **state)
{
    (void)state;
    check(text_add_csv, "路桥", "路桥");
    check(text_add_csv, "a,b", "\"a,b\"");
    check(text_add_csv, "say \"hi\"", "\"say \"\"hi\"\"\"");
    check(text_add_csv, "\"", "\"\"\"\"");
    check(text_add_csv, "two\nlines", "\"two\nlines\"");
    check(text_add_csv, "cr\r", "\"cr\r\"");
    check(text_add_csv, "=1+1", "=1+1");
    check(text_add_csv, "", "");
    check(text_add_csv, NULL, "");
}

static void json(void **state)
{
    (void)state;
    check(text_add_json, "村\"\\/", "\"村\\\"\\\\/\"");
    check(text_add_json, "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"");
    check(text_add_json, "\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\"");
    check(text_add_json, "\xc0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
    check(text_add_json, "", "\"\"");
    check(text_add_json, NULL, "\"\"");
}

static void ceiling_holds(void **state)
{
    (void)state;
    void (*const add[])(struct text *, const char *) = {text_add_html, text_add_csv, text_add_json};
    for (size_t i = 0; i < 3; i++) {
        struct text text;
        text_init(&text, 5);
        add[i](&text, "\"\"\"\"\"\"");
        assert_int_equal(text_status(&text, NULL), ERR_LIMIT);
        assert_true(text.length <= 5);
        text_finish(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html),
        cmocka_unit_test(csv),
        cmocka_unit_test(json),
        cmocka_unit_test(ceiling_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
