#include "importers/sheet.h"

#include "base/limits.h"
#include "base/text.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum error_code sheet_init(struct sheet *sheet, const char *name, struct error *err)
{
    *sheet = (struct sheet){.name = ""};
    arena_init(&sheet->arena);
    if (name == NULL || *name == '\0') {
        return ERR_NONE;
    }
    sheet->name = arena_copy_text(&sheet->arena, name);
    if (sheet->name == NULL) {
        sheet_finish(sheet);
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    return ERR_NONE;
}

void sheet_finish(struct sheet *sheet)
{
    free(sheet->rows);
    free(sheet->cells);
    arena_finish(&sheet->arena);
    *sheet = (struct sheet){.name = ""};
}

static enum error_code out_of_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

enum error_code sheet_row_begin(struct sheet *sheet, uint32_t number, struct error *err)
{
    if (sheet->row_count > 0 && sheet->rows[sheet->row_count - 1].cell_count == 0) {
        sheet->row_count--; /* the row before had no text */
    }
    if (number == 0 || (sheet->row_count > 0 && sheet->rows[sheet->row_count - 1].number >= number)) {
        return error_set(err, ERR_INTERNAL, "行号没有递增 (row numbers must rise)");
    }
    if (number > LIMIT_IMPORT_ROWS) {
        return error_set(err, ERR_LIMIT, "第 %u 行：超过 %zu 行 (row %u: more than %zu rows)", number,
                         LIMIT_IMPORT_ROWS, number, LIMIT_IMPORT_ROWS);
    }
    struct sheet_row *rows =
        vec_reserve(sheet->rows, &sheet->row_capacity, sheet->row_count + 1, sizeof *rows, LIMIT_IMPORT_ROWS);
    if (rows == NULL) {
        return out_of_memory(err);
    }
    sheet->rows = rows;
    rows[sheet->row_count++] = (struct sheet_row){.number = number, .first_cell = sheet->cell_count};
    return ERR_NONE;
}

/* Blanks that offices leave around a value: ASCII ones, U+00A0, U+3000, U+200B and a stray U+FEFF. */
static size_t blank_length(const char *bytes, size_t length)
{
    static const char *const BLANKS[] = {"\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\x8B", "\xEF\xBB\xBF"};
    if (length > 0 && (*bytes == ' ' || (*bytes >= '\t' && *bytes <= '\r'))) {
        return 1;
    }
    for (size_t i = 0; i < sizeof BLANKS / sizeof *BLANKS; i++) {
        size_t size = strlen(BLANKS[i]);
        if (length >= size && memcmp(bytes, BLANKS[i], size) == 0) {
            return size;
        }
    }
    return 0;
}

static void trim(const char **bytes, size_t *length)
{
    size_t size = blank_length(*bytes, *length);
    while (size > 0) {
        *bytes += size;
        *length -= size;
        size = blank_length(*bytes, *length);
    }
    size = 1;
    while (size > 0 && *length > 0) {
        const char *end = *bytes + *length;
        size = 0;
        for (size_t back = 1; back <= 3 && back <= *length && size == 0; back++) {
            size = blank_length(end - back, back) == back ? back : 0;
        }
        *length -= size;
    }
}

enum error_code sheet_cell(struct sheet *sheet, uint32_t column, const char *bytes, size_t length,
                           struct error *err)
{
    struct sheet_row *row = sheet->row_count > 0 ? &sheet->rows[sheet->row_count - 1] : NULL;
    if (row == NULL || column <= row->cell_count) {
        return error_set(err, ERR_INTERNAL, "列号没有递增 (column numbers must rise)");
    }
    trim(&bytes, &length);
    if (length == 0) {
        return ERR_NONE;
    }
    if (column > LIMIT_IMPORT_COLUMNS) {
        return error_set(err, ERR_LIMIT, "第 %u 行：超过 %zu 列 (row %u: more than %zu columns)", row->number,
                         LIMIT_IMPORT_COLUMNS, row->number, LIMIT_IMPORT_COLUMNS);
    }
    if (length > LIMIT_IMPORT_CELL_BYTES) {
        return error_set(
            err, ERR_LIMIT,
            "第 %u 行第 %u 列：单元格超过 %zu 字节 (row %u column %u: a cell of more than %zu bytes)",
            row->number, column, LIMIT_IMPORT_CELL_BYTES, row->number, column, LIMIT_IMPORT_CELL_BYTES);
    }
    size_t need = row->first_cell + column;
    const char **cells =
        vec_reserve(sheet->cells, &sheet->cell_capacity, need, sizeof *cells, LIMIT_IMPORT_CELLS);
    if (cells == NULL) {
        return need > LIMIT_IMPORT_CELLS
                   ? error_set(err, ERR_LIMIT, "第 %u 行：单元格超过 %zu 个 (row %u: more than %zu cells)",
                               row->number, LIMIT_IMPORT_CELLS, row->number, LIMIT_IMPORT_CELLS)
                   : out_of_memory(err);
    }
    sheet->cells = cells;
    const char *text = arena_copy_bytes(&sheet->arena, bytes, length);
    if (text == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = sheet->cell_count; i + 1 < need; i++) {
        cells[i] = "";
    }
    cells[need - 1] = text;
    sheet->cell_count = need;
    row->cell_count = column;
    return ERR_NONE;
}

const char *sheet_text(const struct sheet *sheet, const struct sheet_row *row, size_t column)
{
    return column < row->cell_count ? sheet->cells[row->first_cell + column] : "";
}
