/* Excel workbooks to sheets: every form of a cell, and what must be refused within its bounds. */
#include "tests/importers/package.h"

static struct workbook book;

static enum error_code read_sheet(const char *sheet, const char *strings, const char *styles,
                                  const char *properties, struct error *err)
{
    size_t length = 0;
    char *bytes = workbook_make(sheet, 0, strings, styles, properties, &length);
    workbook_init(&book);
    enum error_code code = workbook_read(&book, bytes, length, err);
    free(bytes);
    return code;
}

static int close_book(void **state)
{
    (void)state;
    workbook_finish(&book);
    return 0;
}

static const char STYLES_USED[] =
    STYLES("<numFmts count=\"2\"><numFmt numFmtId=\"176\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d"
           "&quot;日&quot;;@\"/><numFmt numFmtId=\"177\" formatCode=\"h:mm\"/></numFmts>"
           "<cellStyleXfs count=\"1\"><xf numFmtId=\"22\"/></cellStyleXfs>"
           "<cellXfs count=\"4\"><xf numFmtId=\"0\"/><xf numFmtId=\"176\"/><xf numFmtId=\"177\"/>"
           "<xf numFmtId=\"9\"/></cellXfs>");

static void every_form_of_a_cell_is_read(void **state)
{
    struct error err = {.text = ""};
    (void)state;
    enum error_code code = read_sheet(
        SHEET("<sheetData>"
              "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"s\"><v>1</v></c>"
              "<c r=\"D2\" t=\"s\"><v>2</v></c></row>"
              "<row r=\"5\"><c r=\"A5\" t=\"inlineStr\"><is><t> 内联 </t><r><t>文字</t></r></is></c>"
              "<c r=\"B5\" t=\"b\"><v>1</v></c><c r=\"C5\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>"
              "<c r=\"D5\" t=\"str\"><f>A1&amp;\"x\"</f><v>公式_x000D_字</v></c><c "
              "r=\"E5\"><f>1+1</f><v>2</v></c>"
              "<c r=\"F5\" t=\"d\"><v>2024-05-12T14:30:00</v></c><c r=\"XFD5\" s=\"1\"/></row>"
              "<row r=\"6\"><c r=\"A6\" s=\"1\"><v>45411</v></c><c r=\"B6\" "
              "s=\"2\"><v>0.604166666666667</v></c>"
              "<c r=\"C6\" s=\"3\"><v>0.98</v></c><c r=\"D6\"><v>331081001202</v></c><c "
              "r=\"E6\"><v>3.31081199001011E+17</v></c><c r=\"F6\" s=\"99\"><v>45411</v></c>"
              "<c r=\"G6\"><f>A1</f></c><c r=\"H6\" t=\"str\"><f>A1</f><v></v></c><c "
              "r=\"I6\"><f>A1</f><v></v></c></row>"
              "<row r=\"1048576\"><c r=\"A1048576\" s=\"1\"/></row>"
              "</sheetData><mergeCells><mergeCell ref=\"A2:B4\"/><mergeCell ref=\"C9\"/></mergeCells>"),
        STRINGS("<si><t xml:space=\"preserve\">  共享 </t></si><si><r><t>富</t></r><r><rPr/><t>文本</t></r>"
                "<rPh sb=\"0\" eb=\"1\"><t>fu</t></rPh></si><si/>"),
        STYLES_USED, "", &err);
    assert_string_equal(err.text, "");
    assert_int_equal(code, ERR_NONE);
    assert_int_equal(book.format, FORMAT_XLSX);
    assert_int_equal(book.sheet_count, 1);
    const struct sheet *sheet = book.sheets[0];
    assert_string_equal(sheet->name, "表一");
    assert_int_equal(sheet->row_count, 3);
    assert_string_equal(cell_at(sheet, 2, 1), "共享");
    assert_string_equal(cell_at(sheet, 2, 2), "");
    assert_string_equal(cell_at(sheet, 2, 3), "富文本");
    assert_int_equal(sheet->rows[0].cell_count, 3);
    assert_string_equal(cell_at(sheet, 5, 1), "内联 文字");
    assert_string_equal(cell_at(sheet, 5, 2), "TRUE");
    assert_string_equal(cell_at(sheet, 5, 3), "#DIV/0!");
    assert_string_equal(cell_at(sheet, 5, 4), "公式\r字");
    assert_string_equal(cell_at(sheet, 5, 5), "2");
    assert_string_equal(cell_at(sheet, 5, 6), "2024-05-12 14:30");
    assert_string_equal(cell_at(sheet, 6, 1), "2024-04-29");
    assert_string_equal(cell_at(sheet, 6, 2), "14:30");
    assert_string_equal(cell_at(sheet, 6, 3), "98%");
    assert_string_equal(cell_at(sheet, 6, 4), "331081001202");
    assert_string_equal(cell_at(sheet, 6, 5), "3.31081199001011E+17");
    assert_string_equal(cell_at(sheet, 6, 6), "45411");
    assert_string_equal(cell_at(sheet, 6, 7), "#CALC!");
    assert_string_equal(cell_at(sheet, 6, 8), "");
    assert_string_equal(cell_at(sheet, 6, 9), "#CALC!");
    assert_int_equal(sheet->merge_count, 1);
    assert_int_equal(sheet->merges[0].last_row, 4);
    assert_int_equal(sheet->merges[0].last_column, 2);
}

static void rows_and_cells_may_lack_addresses(void **state)
{
    (void)state;
    assert_int_equal(
        read_sheet(SHEET("<sheetData><row><c t=\"inlineStr\"><is><t>甲</t></is></c><c/><c><v>3</v>"
                         "</c></row><row/><row hidden=\"1\"><c><v>7</v></c></row></sheetData>"),
                   STRINGS(""), STYLES_USED, "date1904=\"1\"", NULL),
        ERR_NONE);
    const struct sheet *sheet = book.sheets[0];
    assert_string_equal(cell_at(sheet, 1, 1), "甲");
    assert_string_equal(cell_at(sheet, 1, 3), "3");
    assert_string_equal(cell_at(sheet, 3, 1), "7");
    assert_int_equal(sheet->hidden_rows, 1);
    assert_int_equal(sheet->hidden_row, 3);
}

static void the_calendar_of_1904_counts_from_there(void **state)
{
    (void)state;
    assert_int_equal(
        read_sheet(SHEET("<sheetData><row r=\"1\"><c r=\"A1\" s=\"1\"><v>43949</v></c></row></sheetData>"),
                   STRINGS(""), STYLES_USED, "date1904=\"true\"", NULL),
        ERR_NONE);
    assert_string_equal(cell_at(book.sheets[0], 1, 1), "2024-04-29");
}

/* Prefixes and UTF-16 parts, as some generators write them. */
static void prefixed_names_are_read(void **state)
{
    (void)state;
    assert_int_equal(read_sheet(XML_HEAD
                                "<x:worksheet xmlns:x=\"http://schemas.openxmlformats.org/"
                                "spreadsheetml/2006/main\"><x:sheetData><x:row r=\"1\"><x:c r=\"B1\" "
                                "t=\"s\"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>",
                                STRINGS("<si><t>甲</t></si>"), STYLES_USED, "", NULL),
                     ERR_NONE);
    assert_string_equal(cell_at(book.sheets[0], 1, 2), "甲");
}

static void expect_refusal(const char *sheet, const char *strings, enum error_code code, const char *part)
{
    struct error err = {.text = ""};
    enum error_code got = read_sheet(sheet, strings, STYLES_USED, "", &err);
    if (got != code || strstr(err.text, part) == NULL) {
        fail_msg("%s: %s", error_name(got), err.text);
    }
    assert_true(book.trouble == (code == ERR_LIMIT ? WORKBOOK_LIMIT : WORKBOOK_FORMAT));
    workbook_finish(&book);
}

static void what_excel_never_writes_is_refused(void **state)
{
    (void)state;
    expect_refusal(SHEET("<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>5</v></c></row></sheetData>"),
                   STRINGS("<si><t>甲</t></si>"), ERR_INPUT, "已损坏");
    expect_refusal(SHEET("<sheetData><row r=\"2\"><c r=\"A2\"><v>5</v></c></row><row r=\"1\"><c "
                         "r=\"A1\"><v>5</v></c></row></sheetData>"),
                   STRINGS(""), ERR_INPUT, "次序颠倒");
    expect_refusal(SHEET("<sheetData><row r=\"2\">"), STRINGS(""), ERR_INPUT, "XML 有错");
    expect_refusal(XML_HEAD
                   "<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>"
                   "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&b;</t></is>"
                   "</c></row></sheetData></worksheet>",
                   STRINGS(""), ERR_INPUT, "文档类型声明");
    expect_refusal(SHEET("<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&lol;</t></is></c></row>"
                         "</sheetData>"),
                   STRINGS(""), ERR_INPUT, "XML 有错");
    expect_refusal(SHEET("<sheetData><row r=\"1000001\"><c r=\"A1000001\"><v>5</v></c></row></sheetData>"),
                   STRINGS(""), ERR_LIMIT, "第 1000001 行");
    expect_refusal(SHEET("<sheetData><row r=\"1\"><c r=\"XFD1\"><v>5</v></c></row></sheetData>"), STRINGS(""),
                   ERR_LIMIT, "256 列");
}

static char *repeated(const char *head, const char *unit, size_t count, const char *tail, size_t *ret_length)
{
    struct text text;
    text_init(&text, (size_t)1 << 30);
    text_add(&text, head);
    for (size_t i = 0; i < count; i++) {
        text_add(&text, unit);
    }
    text_add(&text, tail);
    *ret_length = text.length;
    assert_int_equal(text.failed, ERR_NONE);
    return text_take(&text);
}

static void expect_bomb(const char *head, const char *unit, size_t count, const char *tail,
                        enum error_code code, const char *part)
{
    size_t length = 0;
    size_t size = 0;
    struct error err = {.text = ""};
    char *sheet = repeated(head, unit, count, tail, &length);
    char *bytes = workbook_make(sheet, length, STRINGS(""), STYLES_USED, "", &size);
    free(sheet);
    workbook_init(&book);
    enum error_code got = workbook_read(&book, bytes, size, &err);
    free(bytes);
    if (got != code || strstr(err.text, part) == NULL) {
        fail_msg("%s: %s", error_name(got), err.text);
    }
    workbook_finish(&book);
}

static void bombs_are_refused(void **state)
{
    (void)state;
    /* 256 MB of rows in 300 kB. */
    expect_bomb(XML_HEAD "<worksheet><sheetData>", "<row></row><row></row><row></row><row></row><row></row>",
                LIMIT_IMPORT_UNPACKED_BYTES / 55 + 100, "</sheetData></worksheet>", ERR_LIMIT, "解压后超过");
    /* A tag that does not end. */
    expect_bomb(XML_HEAD "<worksheet><sheetData><row r=\"", "11111111111111111111", 200000,
                "\"/></sheetData></worksheet>", ERR_LIMIT, "XML 标记");
    /* One cell of 4 MB. */
    expect_bomb(XML_HEAD "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>", "啊啊啊啊啊啊啊啊啊啊",
                140000, "</t></is></c></row></sheetData></worksheet>", ERR_LIMIT, "");
    /* 100,000 elements within each other. */
    expect_bomb(XML_HEAD "<worksheet>", "<a>", 100000, "", ERR_INPUT, "嵌套过深");
    /* 100,000 columns in one row. */
    expect_bomb(XML_HEAD "<worksheet><sheetData><row>", "<c><v>1</v></c>", 100000,
                "</row></sheetData></worksheet>", ERR_LIMIT, "列");
    /* More merged ranges than anybody makes. */
    expect_bomb(XML_HEAD "<worksheet><sheetData/><mergeCells>", "<mergeCell ref=\"A1:B2\"/>",
                LIMIT_IMPORT_MERGES + 1, "</mergeCells></worksheet>", ERR_LIMIT, "合并单元格");
}

/* Shared strings that together are more text than a workbook may hold, none of them large. */
static void a_bomb_of_shared_strings_is_refused(void **state)
{
    struct error err = {.text = ""};
    size_t length = 0;
    size_t size = 0;
    (void)state;
    char *strings = repeated(XML_HEAD "<sst>", "", 0, "", &length);
    struct text text;
    text_init(&text, (size_t)1 << 28);
    text_add(&text, strings);
    free(strings);
    for (size_t i = 0; i < LIMIT_IMPORT_TEXT_BYTES / 50000 + 2; i++) {
        text_addf(&text, "<si><t>%049999zu</t></si>", i);
    }
    text_add(&text, "</sst>");
    char *bytes = workbook_make(SHEET("<sheetData/>"), 0, text_string(&text), STYLES_USED, "", &size);
    text_finish(&text);
    workbook_init(&book);
    assert_int_equal(workbook_read(&book, bytes, size, &err), ERR_LIMIT);
    assert_non_null(strstr(err.text, "文字总量"));
    free(bytes);
    workbook_finish(&book);
}

static void damaged_archives_are_refused(void **state)
{
    size_t length = 0;
    (void)state;
    char *bytes = workbook_make(SHEET("<sheetData><row><c><v>1</v></c></row></sheetData>"), 0, STRINGS(""),
                                STYLES_USED, "", &length);
    for (size_t cut = 0; cut < length; cut += 7) {
        struct error err = {.text = ""};
        workbook_init(&book);
        assert_int_not_equal(workbook_read(&book, bytes, cut, &err), ERR_NONE);
        assert_string_not_equal(err.text, "");
        workbook_finish(&book);
    }
    free(bytes);
}

int main(void)
{
#define T(name) cmocka_unit_test_teardown(name, close_book)
    const struct CMUnitTest tests[] = {
        T(every_form_of_a_cell_is_read),           T(rows_and_cells_may_lack_addresses),
        T(the_calendar_of_1904_counts_from_there), T(prefixed_names_are_read),
        T(what_excel_never_writes_is_refused),     T(bombs_are_refused),
        T(a_bomb_of_shared_strings_is_refused),    T(damaged_archives_are_refused),
    };
#undef T
    return cmocka_run_group_tests(tests, NULL, NULL);
}
