/* Old Excel workbooks: samples of two writers against FreeXL, records made by hand, and damage of every kind.
 */
#include "tests/importers/package.h"
#include "tests/importers/support.h"

#include <freexl.h>

static struct workbook book;

static int close_book(void **state)
{
    (void)state;
    workbook_finish(&book);
    return 0;
}

static char *file_read(const char *name, size_t *ret_length)
{
    FILE *file = fopen(data_path(name), "rb");
    assert_non_null(file);
    char *bytes = malloc(1 << 20);
    assert_non_null(bytes);
    *ret_length = fread(bytes, 1, 1 << 20, file);
    (void)fclose(file);
    return bytes;
}

static void read_sample(const char *name)
{
    size_t length = 0;
    struct error err = {.text = ""};
    char *bytes = file_read(name, &length);
    workbook_init(&book);
    if (workbook_read(&book, bytes, length, &err) != ERR_NONE) {
        fail_msg("%s: %s", name, err.text);
    }
    free(bytes);
}

static void texts_dates_and_formulas_are_read(void **state)
{
    (void)state;
    read_sample("book_excel8.xls");
    const struct sheet *sheet = book.sheets[0];
    assert_int_equal(book.sheet_count, 2);
    assert_string_equal(sheet->name, "节假日表");
    assert_false(sheet->is_hidden);
    assert_true(book.sheets[1]->is_hidden);
    assert_string_equal(cell_at(sheet, 1, 1), "2024 年节假日");
    assert_string_equal(cell_at(sheet, 3, 1), "2024-05-01");
    assert_string_equal(cell_at(sheet, 3, 3), "TRUE");
    assert_string_equal(cell_at(sheet, 5, 1), "14:30");
    assert_string_equal(cell_at(sheet, 5, 2), "331081001202");
    assert_string_equal(cell_at(sheet, 5, 3), "12.34");
    assert_string_equal(cell_at(sheet, 6, 1), "000331");
    assert_string_equal(cell_at(sheet, 6, 2), "𠮷 Latin é");
    assert_string_equal(cell_at(sheet, 6, 3), "1.00000000000000E+300");
    assert_int_equal(sheet->hidden_rows, 1);
    assert_int_equal(sheet->hidden_row, 6);
    assert_int_equal(sheet->merge_count, 1);
    assert_int_equal(sheet->merges[0].last_column, 3);
    workbook_finish(&book);
    read_sample("book_libreoffice.xls");
    sheet = book.sheets[0];
    assert_string_equal(cell_at(sheet, 2, 1), "2024-04-29");
    assert_string_equal(cell_at(sheet, 2, 2), "14:30");
    assert_string_equal(cell_at(sheet, 2, 4), "98%");
    assert_string_equal(cell_at(sheet, 2, 5), "2");
    assert_string_equal(cell_at(sheet, 3, 5), "公式");
    assert_string_equal(cell_at(sheet, 4, 1), "2024-05-02 09:00");
    assert_string_equal(cell_at(sheet, 4, 5), "#DIV/0!");
    assert_int_equal(sheet->merges[0].first_column, 3);
}

/* Every text and every date is what another reader finds there; it leaves formulas out. */
static void compare_sheet(const void *other, const struct sheet *sheet, size_t *compared)
{
    unsigned int rows = 0;
    unsigned short columns = 0;
    assert_int_equal(freexl_worksheet_dimensions(other, &rows, &columns), FREEXL_OK);
    for (unsigned int r = 0; r < rows; r++) {
        for (unsigned short c = 0; c < columns; c++) {
            FreeXL_CellValue value;
            assert_int_equal(freexl_get_cell_value(other, r, c, &value), FREEXL_OK);
            const char *text = cell_at(sheet, r + 1, c + 1U);
            if (value.type == FREEXL_CELL_TEXT || value.type == FREEXL_CELL_SST_TEXT) {
                assert_string_equal(text, value.value.text_value);
                ++*compared;
            } else if (value.type == FREEXL_CELL_DATE) {
                assert_memory_equal(text, value.value.text_value, 10);
                ++*compared;
            }
        }
    }
}

static void freexl_finds_the_same(void **state)
{
    static const char *const NAMES[] = {"book_excel8.xls", "book_libreoffice.xls"};
    size_t compared = 0;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const void *other = NULL;
        read_sample(NAMES[i]);
        assert_int_equal(freexl_open(data_path(NAMES[i]), &other), FREEXL_OK);
        for (unsigned short s = 0; s < book.sheet_count; s++) {
            assert_int_equal(freexl_select_active_worksheet(other, s), FREEXL_OK);
            compare_sheet(other, book.sheets[s], &compared);
        }
        (void)freexl_close(other);
        workbook_finish(&book);
    }
    assert_true(compared > 180);
}

/* ---- workbooks made by hand ---- */

static void put16(struct text *to, uint32_t value)
{
    text_add_char(to, (char)(value & 0xFF));
    text_add_char(to, (char)(value >> 8 & 0xFF));
}

static void put32(struct text *to, uint32_t value)
{
    put16(to, value & 0xFFFF);
    put16(to, value >> 16);
}

static void record(struct text *to, uint32_t type, const char *bytes, size_t length)
{
    put16(to, type);
    put16(to, (uint32_t)length);
    text_add_bytes(to, bytes, length);
}
#define RECORD(to, type, bytes) record(to, type, bytes, sizeof(bytes) - 1)

/* A compound file with one stream, of at least the 4,096 bytes that keep it out of the mini stream. */
static char *ole_make(const struct text *stream, const char *name, size_t *ret_length)
{
    enum {
        SECTOR = 512
    };
    struct text file;
    uint32_t sectors = (uint32_t)(stream->length < 4096 ? 8 : (stream->length + SECTOR - 1) / SECTOR);
    text_init(&file, (size_t)1 << 26);
    text_add_bytes(&file, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    while (file.length < 24) {
        text_add_char(&file, '\0');
    }
    put16(&file, 0x3E);
    put16(&file, 3);
    put16(&file, 0xFFFE);
    put16(&file, 9);
    put16(&file, 6);
    while (file.length < 44) {
        text_add_char(&file, '\0');
    }
    put32(&file, 1); /* FAT sectors */
    put32(&file, 1); /* the directory */
    put32(&file, 0);
    put32(&file, 4096);
    put32(&file, 0xFFFFFFFE);
    put32(&file, 0);
    put32(&file, 0xFFFFFFFE);
    put32(&file, 0);
    put32(&file, 0); /* the FAT's own sector */
    while (file.length < SECTOR) {
        put32(&file, 0xFFFFFFFF);
    }
    put32(&file, 0xFFFFFFFD);
    put32(&file, 0xFFFFFFFE);
    for (uint32_t i = 0; i < sectors; i++) {
        put32(&file, i + 1 == sectors ? 0xFFFFFFFE : i + 3);
    }
    while (file.length < 2 * SECTOR) {
        put32(&file, 0xFFFFFFFF);
    }
    size_t entry = file.length;
    for (const char *at = name; *at != '\0'; at++) {
        put16(&file, (uint32_t)(unsigned char)*at);
    }
    while (file.length < entry + 64) {
        text_add_char(&file, '\0');
    }
    put16(&file, (uint32_t)(2 * (strlen(name) + 1)));
    text_add_bytes(&file, "\x02\x01", 2);
    while (file.length < entry + 116) {
        text_add_char(&file, '\0');
    }
    put32(&file, 2);
    put32(&file, sectors * SECTOR);
    while (file.length < entry + SECTOR) {
        text_add_char(&file, '\0');
    }
    text_add_bytes(&file, stream->data, stream->length);
    while (file.length < entry + SECTOR + (size_t)sectors * SECTOR) {
        text_add_char(&file, '\0');
    }
    *ret_length = file.length;
    assert_int_equal(file.failed, ERR_NONE);
    return text_take(&file);
}

/* The globals of a workbook of one sheet, whose BOF follows them. */
static void begin_book(struct text *stream, uint32_t version, const char *globals, size_t length)
{
    char bof[16] = {(char)(version & 0xFF), (char)(version >> 8), 5, 0};
    text_init(stream, 1 << 20);
    record(stream, 0x809, bof, sizeof bof);
    text_add_bytes(stream, globals, length);
    struct text sheet;
    text_init(&sheet, 100);
    size_t size = version == 0x0600 ? 9 : 8;
    put32(&sheet, (uint32_t)(stream->length + 4 + size + 4));
    text_add_bytes(&sheet, version == 0x0600 ? "\0\0\1\0A" : "\0\0\1A", version == 0x0600 ? 5 : 4);
    record(stream, 0x85, sheet.data, size);
    text_finish(&sheet);
    RECORD(stream, 0x0A, "");
    bof[2] = 0x10;
    record(stream, 0x809, bof, sizeof bof);
}

static enum error_code read_stream(struct text *stream, struct error *err)
{
    size_t length = 0;
    char *bytes = ole_make(stream, "Workbook", &length);
    text_finish(stream);
    workbook_init(&book);
    enum error_code code = workbook_read(&book, bytes, length, err);
    free(bytes);
    return code;
}

static void every_record_of_a_cell_is_read(void **state)
{
    struct text stream;
    struct error err = {.text = ""};
    (void)state;
    begin_book(&stream, 0x0600, "", 0);
    /* Out of order: the second row first. */
    RECORD(&stream, 0x27E, "\x01\0\0\0\0\0\x02\x09\x3D\0");                /* RK 1000000 */
    RECORD(&stream, 0x27E, "\0\0\x01\0\0\0\x0B\0\0\0");                    /* RK 2 / 100 */
    RECORD(&stream, 0x27E, "\0\0\0\0\0\0\0\0\xF0\xBF");                    /* RK -1.0 */
    RECORD(&stream, 0xBD, "\0\0\x02\0\0\0\x06\0\0\0\0\0\x0A\0\0\0\x03\0"); /* 1, 2 */
    RECORD(&stream, 0x204, "\0\0\x04\0\0\0\x02\0\x01\x11\x62\x32\x4E");    /* 我㉎ wide: U+6211 U+4E32 */
    RECORD(&stream, 0xD6, "\0\0\x05\0\0\0\x02\0\0ab\x01\0\0\0\0\0");       /* rich */
    RECORD(&stream, 0x205, "\0\0\x06\0\0\0\x2A\x01");                      /* #N/A */
    RECORD(&stream, 0x205, "\0\0\x07\0\0\0\0\0");                          /* FALSE */
    RECORD(&stream, 0x06, "\0\0\x08\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0\0\0\0\0\0\0"); /* formula: text follows */
    RECORD(&stream, 0x4BC, "");                                                  /* a shared formula */
    RECORD(&stream, 0x207, "\x01\0\0z");
    RECORD(&stream, 0x203, "\0\0\x09\0\0\0\0\0\0\0\0\0\xF8\x3F"); /* 1.5 */
    RECORD(&stream, 0x0A, "");
    assert_int_equal(read_stream(&stream, &err), ERR_NONE);
    const struct sheet *sheet = book.sheets[0];
    static const char *const EXPECTED[] = {"-1", "0.02", "1", "2", "我串", "ab", "#N/A", "FALSE", "z", "1.5"};
    for (uint32_t i = 0; i < sizeof EXPECTED / sizeof *EXPECTED; i++) {
        assert_string_equal(cell_at(sheet, 1, i + 1), EXPECTED[i]);
    }
    assert_string_equal(cell_at(sheet, 2, 1), "1000000");
}

static void texts_of_1995_are_in_their_code_page(void **state)
{
    struct text stream;
    struct text globals;
    (void)state;
    text_init(&globals, 100);
    RECORD(&globals, 0x42, "\xA8\x03"); /* 936 */
    begin_book(&stream, 0x0500, globals.data, globals.length);
    text_finish(&globals);
    RECORD(&stream, 0x204, "\0\0\0\0\0\0\x04\0\xCC\xA8\xD6\xDD");
    RECORD(&stream, 0x0A, "");
    assert_int_equal(read_stream(&stream, NULL), ERR_NONE);
    assert_string_equal(book.sheets[0]->name, "A");
    assert_string_equal(cell_at(book.sheets[0], 1, 1), "台州");
}

static void expect_refusal(struct text *stream, const char *part)
{
    struct error err = {.text = ""};
    assert_int_equal(read_stream(stream, &err), ERR_INPUT);
    if (strstr(err.text, part) == NULL) {
        fail_msg("%s", err.text);
    }
    workbook_finish(&book);
}

static void what_cannot_be_read_is_refused(void **state)
{
    struct text stream;
    struct text globals;
    (void)state;
    text_init(&globals, 100);
    RECORD(&globals, 0x2F, "\0\0\0\0\0\0");
    begin_book(&stream, 0x0600, globals.data, globals.length);
    text_finish(&globals);
    expect_refusal(&stream, "密码");
    begin_book(&stream, 0x0400, "", 0);
    expect_refusal(&stream, "1995");
    begin_book(&stream, 0x0600, "", 0);
    RECORD(&stream, 0xFD, "\0\0\0\0\0\0\x05\0\0\0"); /* a shared string that is not there */
    RECORD(&stream, 0x0A, "");
    expect_refusal(&stream, "已损坏");
    begin_book(&stream, 0x0600, "", 0);
    RECORD(&stream, 0x204, "\0\0\0\0\0\0\xFF\x7F\x01x");
    RECORD(&stream, 0x0A, "");
    expect_refusal(&stream, "已损坏");
}

/* Two cells far apart in a file of 5 kB cost what two cells cost. */
static void a_sheet_of_a_billion_cells_is_small(void **state)
{
    struct text stream;
    (void)state;
    begin_book(&stream, 0x0600, "", 0);
    RECORD(&stream, 0x200, "\0\0\0\0\xFF\xFF\xFF\xFF\0\0\0\x01\0\0"); /* says 4 billion rows */
    RECORD(&stream, 0x27E, "\0\0\0\0\0\0\x06\0\0\0");
    RECORD(&stream, 0x27E, "\xFF\xFF\xFF\0\0\0\x06\0\0\0");
    RECORD(&stream, 0x0A, "");
    assert_int_equal(read_stream(&stream, NULL), ERR_NONE);
    assert_int_equal(book.sheets[0]->row_count, 2);
    assert_true(book.pool.cells <= 257);
}

/* Whatever byte is wrong or missing: an answer, and no access outside (the sanitizers look on). */
static void damage_is_survived(void **state)
{
    static const char *const NAMES[] = {"book_excel8.xls", "book_libreoffice.xls"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        size_t length = 0;
        char *bytes = file_read(NAMES[i], &length);
        for (size_t at = 0; at < length; at += at < 2048 ? 3 : 97) {
            char *cut = malloc(at + 1);
            assert_non_null(cut);
            memcpy(cut, bytes, at);
            workbook_init(&book);
            (void)workbook_read(&book, cut, at, NULL);
            workbook_finish(&book);
            free(cut);
            char kept = bytes[at];
            bytes[at] = (char)~kept;
            workbook_init(&book);
            (void)workbook_read(&book, bytes, length, NULL);
            workbook_finish(&book);
            bytes[at] = kept;
        }
        free(bytes);
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_teardown(name, close_book)
    const struct CMUnitTest tests[] = {
        T(texts_dates_and_formulas_are_read),
        T(freexl_finds_the_same),
        T(every_record_of_a_cell_is_read),
        T(texts_of_1995_are_in_their_code_page),
        T(what_cannot_be_read_is_refused),
        T(a_sheet_of_a_billion_cells_is_small),
        T(damage_is_survived),
    };
#undef T
    return cmocka_run_group_tests(tests, NULL, NULL);
}
