/* CSV texts to sheets: rows counted as a spreadsheet shows them, delimiters, quotes, ceilings. */
#include "base/limits.h"
#include "importers/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct cell_pool pool; /* of the sheet being tested */

static void sheet_open(struct sheet *sheet, const char *name)
{
    cell_pool_init(&pool);
    assert_int_equal(sheet_init(sheet, name, &pool, NULL), ERR_NONE);
}

static void sheet_close(struct sheet *sheet)
{
    sheet_finish(sheet);
    cell_pool_finish(&pool);
}

static enum error_code read_text(const char *text, size_t length, struct sheet *sheet, uint32_t *ret_row)
{
    sheet_open(sheet, NULL);
    return csv_read(text, length, csv_delimiter(text, length), sheet, ret_row, NULL);
}

static void rows_keep_their_numbers(void **state)
{
    static const char CSV[] = "a,b\r\n\r\n\"x\ny\r\nz\",2\r\n,,\r\n  c  ,\"say \"\"hi\"\"\"\n\rlast,row";
    struct sheet sheet;
    uint32_t row = 0;
    (void)state;
    assert_int_equal(read_text(CSV, sizeof CSV - 1, &sheet, &row), ERR_NONE);
    assert_int_equal(sheet.row_count, 4);
    assert_int_equal(sheet.rows[0].number, 1);
    assert_int_equal(sheet.rows[1].number, 3);
    assert_string_equal(sheet_text(&sheet, &sheet.rows[1], 0), "x\ny\r\nz");
    assert_int_equal(sheet.rows[2].number, 5);
    assert_string_equal(sheet_text(&sheet, &sheet.rows[2], 0), "c");
    assert_string_equal(sheet_text(&sheet, &sheet.rows[2], 1), "say \"hi\"");
    assert_string_equal(sheet_text(&sheet, &sheet.rows[2], 9), "");
    assert_int_equal(sheet.rows[3].number, 7);
    sheet_close(&sheet);
}

static void delimiters_are_found(void **state)
{
    (void)state;
#define D(text) csv_delimiter(text, sizeof(text) - 1)
    assert_int_equal(D("a,b,c\n1,2,3\n"), ',');
    assert_int_equal(D("a;b;c\n1,5;2,5;3\n"), ';');
    assert_int_equal(D("a\tb\tc\n1,2\t3\t4\n"), '\t');
    assert_int_equal(D("a,b\nx;y;z,1\nu;v,2\n"), ',');
    assert_int_equal(D("\"a;b;c\",d\n\"e;f;g\",h\n"), ',');
    assert_int_equal(D("single\n"), ',');
#undef D
}

/* Lines with and without quotation marks take two ways; both must read alike. */
static void quoted_and_plain_lines_agree(void **state)
{
    static const char PLAIN[] = "a, b ,c\r\n\r\n  \r\n1,,3\r\n,,\nx\ry,z\n\t7\t,8\nlast,one";
    struct sheet sheet;
    uint32_t row = 0;
    (void)state;
    for (size_t quoted = 0; quoted < 2; quoted++) {
        char csv[200];
        size_t length = 0;
        for (const char *at = PLAIN; *at != '\0'; at++) {
            bool is_cell = quoted == 1 && *at > ' ' && *at != ',';
            bool begins = is_cell && (at == PLAIN || at[-1] <= ' ' || at[-1] == ',');
            bool ends = is_cell && (at[1] <= ' ' || at[1] == ',');
            length += (size_t)snprintf(csv + length, sizeof csv - length, "%s%c%s", begins ? "\"" : "", *at,
                                       ends ? "\"" : "");
        }
        assert_int_equal(read_text(csv, length, &sheet, &row), ERR_NONE);
        static const struct {
            uint32_t number;
            const char *first, *second;
        } ROWS[] = {{1, "a", "b"}, {4, "1", ""},  {6, "x", ""},
                    {7, "y", "z"}, {8, "7", "8"}, {9, "last", "one"}};
        assert_int_equal(sheet.row_count, sizeof ROWS / sizeof *ROWS);
        for (size_t r = 0; r < sheet.row_count; r++) {
            assert_int_equal(sheet.rows[r].number, ROWS[r].number);
            assert_string_equal(sheet_text(&sheet, &sheet.rows[r], 0), ROWS[r].first);
            assert_string_equal(sheet_text(&sheet, &sheet.rows[r], 1), ROWS[r].second);
        }
        sheet_close(&sheet);
    }
}

static void quotes_must_fit(void **state)
{
    static const char OPEN[] = "a,b\n1,2\n3,\"four\n5,6\n";
    static const char INNER[] = "a,b\n1,\"two\"x\n";
    struct sheet sheet;
    uint32_t row = 0;
    (void)state;
    assert_int_equal(read_text(OPEN, sizeof OPEN - 1, &sheet, &row), ERR_SYNTAX);
    assert_int_equal(row, 3);
    sheet_close(&sheet);
    assert_int_equal(read_text(INNER, sizeof INNER - 1, &sheet, &row), ERR_SYNTAX);
    assert_int_equal(row, 2);
    sheet_close(&sheet);
}

static void ceilings_hold(void **state)
{
    struct sheet sheet;
    uint32_t row = 0;
    (void)state;
    size_t size = LIMIT_IMPORT_CELL_BYTES + 100;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, 'x', size);
    memcpy(text, "a,b\n1,", 6);
    assert_int_equal(read_text(text, size, &sheet, &row), ERR_LIMIT);
    assert_int_equal(row, 2);
    sheet_close(&sheet);
    /* As long as the ceiling is still a cell. */
    assert_int_equal(read_text(text, LIMIT_IMPORT_CELL_BYTES + 6, &sheet, &row), ERR_NONE);
    sheet_close(&sheet);
    free(text);
    char columns[LIMIT_IMPORT_COLUMNS * 2 + 8];
    for (size_t i = 0; i < LIMIT_IMPORT_COLUMNS; i++) {
        columns[2 * i] = 'c';
        columns[2 * i + 1] = ',';
    }
    columns[2 * LIMIT_IMPORT_COLUMNS] = 'c';
    assert_int_equal(read_text(columns, 2 * LIMIT_IMPORT_COLUMNS + 1, &sheet, &row), ERR_LIMIT);
    assert_int_equal(row, 1);
    sheet_close(&sheet);
    /* Empty cells beyond the last text do not count. */
    assert_int_equal(read_text(columns, 2 * LIMIT_IMPORT_COLUMNS, &sheet, &row), ERR_NONE);
    sheet_close(&sheet);
}

static void rows_have_a_ceiling(void **state)
{
    struct sheet sheet;
    uint32_t row = 0;
    (void)state;
    size_t size = 2 * (LIMIT_IMPORT_ROWS + 1);
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t i = 0; i < size; i += 2) {
        text[i] = 'r';
        text[i + 1] = '\n';
    }
    assert_int_equal(read_text(text, size, &sheet, &row), ERR_LIMIT);
    assert_int_equal(row, LIMIT_IMPORT_ROWS + 1);
    sheet_close(&sheet);
    assert_int_equal(read_text(text, size - 2, &sheet, &row), ERR_NONE);
    assert_int_equal(sheet.row_count, LIMIT_IMPORT_ROWS);
    sheet_close(&sheet);
    free(text);
}

static void cells_have_a_ceiling(void **state)
{
    struct sheet sheet;
    struct error err = {.text = ""};
    (void)state;
    sheet_open(&sheet, "表一");
    assert_string_equal(sheet.name, "表一");
    enum error_code code = ERR_NONE;
    for (uint32_t r = 1; code == ERR_NONE && r <= LIMIT_IMPORT_CELLS / LIMIT_IMPORT_COLUMNS + 1; r++) {
        code = sheet_row_begin(&sheet, r, &err);
        code = code == ERR_NONE ? sheet_cell(&sheet, LIMIT_IMPORT_COLUMNS, "x", 1, &err) : code;
    }
    assert_int_equal(code, ERR_LIMIT);
    assert_int_equal(sheet_row_begin(&sheet, 1, &err), ERR_INPUT);
    sheet_close(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_keep_their_numbers), cmocka_unit_test(quoted_and_plain_lines_agree),
        cmocka_unit_test(delimiters_are_found),    cmocka_unit_test(quotes_must_fit),
        cmocka_unit_test(ceilings_hold),           cmocka_unit_test(rows_have_a_ceiling),
        cmocka_unit_test(cells_have_a_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
