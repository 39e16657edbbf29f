/* Web pages that are called .xls: what browsers forgive, spans, nested tables, encodings, bounds. */
#include "tests/importers/package.h"

#include <iconv.h>
#include <stdio.h>

static struct workbook book;

static enum error_code read_page(const char *html, size_t length, struct error *err)
{
    workbook_init(&book);
    return workbook_read(&book, html, length, err);
}

static void expect_page(const char *html)
{
    struct error err = {.text = ""};
    if (read_page(html, strlen(html), &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(book.format, FORMAT_HTML);
}

static int close_book(void **state)
{
    (void)state;
    workbook_finish(&book);
    return 0;
}

static void tables_are_read_as_browsers_show_them(void **state)
{
    (void)state;
    expect_page("<HTML xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head><style>td{a>b}</style>"
                "<!--[if gte mso 9]><xml><x:Name>表</x:Name></xml><![endif]--></head><body>标题"
                "<TABLE border=1><caption>名册</caption><![if !x]><tr><td>日期<td class='x>y'> 节&nbsp;日 "
                "<tr><td>2027&#45;01&#x2D;01</td><TD>元旦<br>&lt;休&gt;&amp;&unknown; 上\n  午</td></tr>"
                "<tr style=\"display: none\"><td>2027-02-06<td><font>春</font><b>节</b><script>x<y</script>");
    const struct sheet *sheet = book.sheets[0];
    assert_int_equal(book.sheet_count, 1);
    assert_string_equal(cell_at(sheet, 1, 1), "名册");
    assert_string_equal(cell_at(sheet, 2, 1), "日期");
    assert_string_equal(cell_at(sheet, 2, 2), "节\xC2\xA0日");
    assert_string_equal(cell_at(sheet, 3, 1), "2027-01-01");
    assert_string_equal(cell_at(sheet, 3, 2), "元旦\n<休>&&unknown; 上 午");
    assert_string_equal(cell_at(sheet, 4, 2), "春节");
    assert_int_equal(sheet->hidden_rows, 1);
    assert_int_equal(sheet->hidden_row, 4);
}

static void spans_move_the_cells_beside_them(void **state)
{
    (void)state;
    expect_page(
        "<table><tr><th rowspan=2>乡镇</th><th colspan=\"2\">上半年</th><th rowspan='2'>备注</th></tr>"
        "<tr><th>场次</th><th>人次</th></tr>"
        "<tr><td rowspan=3>示例镇<td>1<td>2<td>x<tr><td>3<td>4<tr><td></td><td>5<tr><td>示例乡<td>6</table>");
    const struct sheet *sheet = book.sheets[0];
    assert_string_equal(cell_at(sheet, 1, 4), "备注");
    assert_string_equal(cell_at(sheet, 2, 1), "");
    assert_string_equal(cell_at(sheet, 2, 2), "场次");
    assert_string_equal(cell_at(sheet, 2, 3), "人次");
    assert_string_equal(cell_at(sheet, 4, 2), "3");
    assert_string_equal(cell_at(sheet, 5, 3), "5");
    assert_string_equal(cell_at(sheet, 6, 1), "示例乡");
    assert_int_equal(sheet->merge_count, 4);
    assert_int_equal(sheet->merges[3].first_row, 3);
    assert_int_equal(sheet->merges[3].last_row, 5);
}

static void a_table_in_a_cell_is_its_own(void **state)
{
    (void)state;
    expect_page("<table><tr><td>外<table><tr><td>内一<td>内二</table>面<td>右</table><table></table>");
    assert_int_equal(book.sheet_count, 2);
    assert_string_equal(cell_at(book.sheets[0], 1, 2), "内二");
    assert_string_equal(cell_at(book.sheets[1], 1, 1), "外面");
    assert_string_equal(cell_at(book.sheets[1], 1, 2), "右");
}

/* The same page in another encoding, with what its head says of it. */
static void expect_encoded(const char *encoding, const char *charset, const char *mark, size_t mark_size,
                           const char *name)
{
    char html[400];
    char out[1200];
    struct error err = {.text = ""};
    (void)snprintf(
        html, sizeof html,
        "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=%s\"></head><table>"
        "<tr><td>\xE5\x8F\xB0\xE5\xB7\x9E</td></tr></table>",
        charset);
    memcpy(out, mark, mark_size);
    iconv_t cd = iconv_open(encoding, "UTF-8");
    char *from = html;
    char *to = out + mark_size;
    size_t left = strlen(html);
    size_t room = sizeof out - mark_size;
    assert_int_equal(iconv(cd, &from, &left, &to, &room), 0);
    (void)iconv_close(cd);
    assert_int_equal(read_page(out, (size_t)(to - out), &err), ERR_NONE);
    assert_string_equal(book.encoding, name);
    assert_string_equal(cell_at(book.sheets[0], 1, 1), "台州");
    workbook_finish(&book);
}

static void encodings_are_told_by_the_bytes(void **state)
{
    (void)state;
    expect_encoded("GB18030", "gb2312", "", 0, "GB18030");
    expect_encoded("UTF-8", "gb2312", "", 0, "UTF-8");
    expect_encoded("UTF-8", "utf-8", "\xEF\xBB\xBF", 3, "UTF-8 BOM");
    expect_encoded("UTF-16LE", "unicode", "\xFF\xFE", 2, "UTF-16LE");
    expect_encoded("UTF-16BE", "unicode", "", 0, "UTF-16BE");
    expect_encoded("BIG5", "big5", "", 0, "BIG5");
}

static void expect_refusal(const char *html, size_t length, enum error_code code, const char *part)
{
    struct error err = {.text = ""};
    enum error_code got = read_page(html, length, &err);
    if (got != code || strstr(err.text, part) == NULL) {
        fail_msg("%s: %s", error_name(got), err.text);
    }
    workbook_finish(&book);
}

static void expect_bomb(const char *head, const char *unit, size_t count, enum error_code code,
                        const char *part)
{
    struct text text;
    text_init(&text, (size_t)1 << 28);
    text_add(&text, head);
    for (size_t i = 0; i < count; i++) {
        text_add(&text, unit);
    }
    expect_refusal(text_string(&text), text.length, code, part);
    text_finish(&text);
}

static void pages_have_bounds(void **state)
{
    static const char NONE_THERE[] = "<html><body>没有表格</body></html>";
    (void)state;
    expect_refusal(NONE_THERE, sizeof NONE_THERE - 1, ERR_INPUT, "里面没有表格");
    expect_bomb("<table>", "<tr>", LIMIT_IMPORT_ROWS + 1, ERR_LIMIT, "1000000 行");
    expect_bomb("<table><tr>", "<td>x", 100000, ERR_LIMIT, "256 列");
    expect_bomb("", "<table><tr><td>", 100, ERR_LIMIT, "嵌套过深");
    expect_bomb("<table><tr><td>", "啊啊啊啊", 700000, ERR_LIMIT, "");
    expect_bomb("", "<table><tr><td>x</table>", LIMIT_IMPORT_SHEETS + 1, ERR_LIMIT, "工作表超过");
    expect_bomb("<table><tr>", "<td rowspan=99999 colspan=99999>", 1000000, ERR_INPUT, "里面没有表格");
    /* What is never closed is looked for once. */
    expect_bomb("<table><tr><td>", "<!-- <script <a=\"", 500000, ERR_INPUT, "里面没有表格");
    expect_bomb("<table><tr><td>x<script>", "<style></scrip", 500000, ERR_NONE, "");
}

int main(void)
{
#define T(name) cmocka_unit_test_teardown(name, close_book)
    const struct CMUnitTest tests[] = {
        T(tables_are_read_as_browsers_show_them),
        T(spans_move_the_cells_beside_them),
        T(a_table_in_a_cell_is_its_own),
        T(encodings_are_told_by_the_bytes),
        T(pages_have_bounds),
    };
#undef T
    return cmocka_run_group_tests(tests, NULL, NULL);
}
