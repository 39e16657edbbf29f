/* What a file is, by its content: everything that is read, and everything that is refused with what to do. */
#include "tests/importers/package.h"

#include <stdio.h>

static void expect(const char *bytes, size_t length, enum format format)
{
    enum format got = format_detect(bytes, length);
    if (got != format) {
        fail_msg("%.40s: %s, not %s", bytes, format_name(got), format_name(format));
    }
}
#define EXPECT(bytes, format) expect(bytes, sizeof(bytes) - 1, format)

static void texts_and_pages_are_told_apart(void **state)
{
    (void)state;
    EXPECT("日期,节日\n", FORMAT_TEXT);
    EXPECT("BM,PK\n", FORMAT_TEXT);
    EXPECT("<5岁,<10岁\n", FORMAT_TEXT);
    EXPECT("\xEF\xBB\xBF  \r\nbegin:vcalendar\r\n", FORMAT_ICS);
    EXPECT("\xFF\xFE"
           "B\0E\0G\0I\0N\0:\0V\0C\0A\0L\0E\0N\0D\0A\0R\0\n\0",
           FORMAT_ICS);
    EXPECT("\xFF\xFE\xE5\x65\x1F\x67,\0\x82\x82\n\0", FORMAT_TEXT);
    EXPECT("\x65\xE5\x67\x1F\0,\x82\x82\0\n\0"
           "1\0,\x4E\0\0\n",
           FORMAT_TEXT);
    EXPECT("\n <!DOCTYPE HTML PUBLIC>", FORMAT_HTML);
    EXPECT("<table><tr>", FORMAT_HTML);
    EXPECT("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", FORMAT_HTML);
    EXPECT("<style>td{}</style>\n<TABLE>", FORMAT_HTML);
    EXPECT("<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook "
           "xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
           FORMAT_XML_SHEET);
    EXPECT("<?xml version='1.0'?><office:document xmlns:office='x'>", FORMAT_ODS);
    EXPECT("<?xml version='1.0'?><data/>", FORMAT_XML_OTHER);
    EXPECT("MIME-Version: 1.0\r\nX-Document-Type: Workbook", FORMAT_MHTML);
}

static void foreign_files_are_known(void **state)
{
    (void)state;
    EXPECT("", FORMAT_EMPTY);
    EXPECT(" \r\n\t\n", FORMAT_EMPTY);
    EXPECT("\xEF\xBB\xBF", FORMAT_EMPTY);
    EXPECT("\0\0\0\0\0\0\0\0", FORMAT_EMPTY);
    EXPECT("%PDF-1.7", FORMAT_PDF);
    EXPECT("{\\rtf1", FORMAT_WORD);
    EXPECT("\x89PNG\r\n\x1A\n", FORMAT_IMAGE);
    EXPECT("\xFF\xD8\xFF\xE0\0\x10JFIF", FORMAT_IMAGE);
    EXPECT("GIF89a", FORMAT_IMAGE);
    EXPECT("BM\x36\x10\0\0\0\0\0\0", FORMAT_IMAGE);
    EXPECT("RIFF\x10\0\0\0WEBPVP8 ", FORMAT_IMAGE);
    EXPECT("\0\0\0\x18"
           "ftypheic",
           FORMAT_IMAGE);
    EXPECT("Rar!\x1A\x07", FORMAT_ARCHIVE);
    EXPECT("7z\xBC\xAF\x27\x1C", FORMAT_ARCHIVE);
    EXPECT("\x1F\x8B\x08\0", FORMAT_ARCHIVE);
    EXPECT("\x09\x08\x06\0\0\0\x10\0", FORMAT_OTHER);
    EXPECT("\x09\x04\x06\0\0\0\x10\0", FORMAT_XLS_OLD);
    EXPECT("\x7F"
           "ELF\x02\x01\x01\0\0\0\0",
           FORMAT_OTHER);
    EXPECT("PK\x03\x04\x14\0", FORMAT_DAMAGED);
    EXPECT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", FORMAT_DAMAGED);
}

static void packages_are_told_by_their_parts(void **state)
{
    static const struct {
        const char *part;
        enum format format;
    } CASES[] = {{"xl/workbook.xml", FORMAT_XLSX},      {"xl/workbook.bin", FORMAT_XLSB},
                 {"word/document.xml", FORMAT_WORD},    {"ppt/presentation.xml", FORMAT_SLIDES},
                 {"META-INF/manifest.xml", FORMAT_ODS}, {"台账.xlsx", FORMAT_ARCHIVE}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct part parts[] = {{"[Content_Types].xml", "x", 0}, {CASES[i].part, "y", 0}};
        size_t length = 0;
        char *bytes = package_make(parts, 2, &length);
        expect(bytes, length, CASES[i].format);
        free(bytes);
    }
}

static void compound_files_are_told_by_their_streams(void **state)
{
    static const struct {
        const char *stream;
        enum format format;
    } CASES[] = {{"Workbook", FORMAT_XLS},
                 {"Book", FORMAT_XLS},
                 {"WordDocument", FORMAT_WORD},
                 {"PowerPoint Document", FORMAT_SLIDES},
                 {"EncryptedPackage", FORMAT_ENCRYPTED},
                 {"Mail", FORMAT_DAMAGED}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char bytes[1024] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
        size_t size = strlen(CASES[i].stream);
        for (size_t c = 0; c < size; c++) {
            bytes[512 + 2 * c] = CASES[i].stream[c];
        }
        bytes[512 + 64] = (char)(2 * (size + 1));
        expect(bytes, sizeof bytes, CASES[i].format);
    }
}

/* Both languages, and a hint: what cannot be read says what to do instead. */
static void refusals_tell_what_to_do(void **state)
{
    (void)state;
    for (int i = 0; i < FORMAT_COUNT; i++) {
        const char *refusal = format_refusal((enum format)i);
        assert_string_not_equal(format_name((enum format)i), "");
        if (refusal == NULL) {
            assert_true(i <= FORMAT_ICS);
            continue;
        }
        assert_non_null(strstr(refusal, "；"));
        assert_non_null(strstr(refusal, " ("));
        assert_int_equal(refusal[strlen(refusal) - 1], ')');
    }
}

static void xml_sheets_are_read(void **state)
{
    static const char XML[] =
        "\n<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" "
        "xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Styles><Style ss:ID=\"d\"><NumberFormat "
        "ss:Format=\"Short Date\"/></Style><Style ss:ID=\"t\"><NumberFormat "
        "ss:Format=\"h:mm\"/></Style></Styles>"
        "<Worksheet ss:Name=\"表一\"><Table><Row ss:Index=\"2\"><Cell ss:MergeAcross=\"1\" "
        "ss:MergeDown=\"1\"><Data "
        "ss:Type=\"String\">甲<B>乙</B></Data></Cell><Cell><Data ss:Type=\"Number\">45</Data></Cell></Row>"
        "<Row ss:Hidden=\"1\"><Cell ss:Index=\"3\" ss:StyleID=\"d\"><Data "
        "ss:Type=\"DateTime\">2024-05-12T00:00:00.000</Data></Cell><Cell><Data "
        "ss:Type=\"DateTime\">2024-05-12T14:30:00.000</Data></Cell><Cell ss:StyleID=\"t\"><Data "
        "ss:Type=\"DateTime\">1899-12-31T14:30:00.000</Data></Cell><Cell ss:StyleID=\"d\"><Data "
        "ss:Type=\"Number\">45411</Data></Cell><Cell><Data ss:Type=\"Boolean\">1</Data></Cell><Cell><Data "
        "ss:Type=\"Error\">#N/A</Data></Cell></Row></Table></Worksheet></Workbook>";
    struct workbook book;
    struct error err = {.text = ""};
    (void)state;
    workbook_init(&book);
    if (workbook_read(&book, XML, sizeof XML - 1, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    const struct sheet *sheet = book.sheets[0];
    static const char *const EXPECTED[] = {"2024-05-12", "2024-05-12 14:30", "14:30", "2024-04-29", "TRUE",
                                           "#N/A"};
    assert_string_equal(sheet->name, "表一");
    assert_string_equal(cell_at(sheet, 2, 1), "甲乙");
    assert_string_equal(cell_at(sheet, 2, 3), "45");
    for (uint32_t i = 0; i < sizeof EXPECTED / sizeof *EXPECTED; i++) {
        assert_string_equal(cell_at(sheet, 3, i + 3), EXPECTED[i]);
    }
    assert_int_equal(sheet->hidden_row, 3);
    assert_int_equal(sheet->merge_count, 1);
    assert_int_equal(sheet->merges[0].last_row, 3);
    workbook_finish(&book);
    static const char BROKEN[] =
        "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet>";
    workbook_init(&book);
    assert_int_equal(workbook_read(&book, BROKEN, sizeof BROKEN - 1, &err), ERR_INPUT);
    assert_int_equal(book.trouble, WORKBOOK_FORMAT);
    workbook_finish(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_and_pages_are_told_apart),
        cmocka_unit_test(foreign_files_are_known),
        cmocka_unit_test(packages_are_told_by_their_parts),
        cmocka_unit_test(compound_files_are_told_by_their_streams),
        cmocka_unit_test(refusals_tell_what_to_do),
        cmocka_unit_test(xml_sheets_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
