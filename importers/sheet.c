#include "importers/sheet.h"

#include "base/limits.h"
#include "base/text.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum error_code sheet_init(struct sheet *sheet, const char *name, struct cell_pool *pool, struct error *err)
{
    const char *kept = "";
    enum error_code code = name == NULL ? ERR_NONE : cell_pool_keep(pool, name, strlen(name), &kept, err);
    if (code == ERR_NONE) {
        *sheet = (struct sheet){.name = kept, .pool = pool};
    }
    return code;
}

void sheet_finish(struct sheet *sheet)
{
    free(sheet->merges);
    free(sheet->rows);
    free(sheet->cells);
    *sheet = (struct sheet){.name = ""};
}

static enum error_code out_of_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

static enum error_code not_rising(struct error *err)
{
    return error_set(
        err, ERR_INPUT,
        "表格的行或列次序颠倒，文件已损坏；请在 Excel 或 WPS 中打开、另存后再导入 (rows or columns do not "
        "rise, the file is damaged; open it in Excel or WPS and save it anew)");
}

static enum error_code row_push(struct sheet *sheet, uint32_t number, struct error *err)
{
    if (sheet->row_count == sheet->row_capacity) {
        struct sheet_row *rows = vec_reserve(sheet->rows, &sheet->row_capacity, sheet->row_count + 1,
                                             sizeof *rows, LIMIT_IMPORT_ROWS);
        if (rows == NULL) {
            return out_of_memory(err);
        }
        sheet->rows = rows;
    }
    sheet->rows[sheet->row_count++] = (struct sheet_row){.number = number, .first_cell = sheet->cell_count};
    return ERR_NONE;
}

enum error_code sheet_row_begin(struct sheet *sheet, uint32_t number, struct error *err)
{
    if (sheet->row_count > 0 && sheet->rows[sheet->row_count - 1].cell_count == 0) {
        sheet->row_count--; /* the row before had no text */
    }
    if (number == 0 || (sheet->row_count > 0 && sheet->rows[sheet->row_count - 1].number >= number)) {
        return not_rising(err);
    }
    if (number > LIMIT_IMPORT_ROWS) {
        return error_set(err, ERR_LIMIT, "第 %u 行：超过 %zu 行 (row %u: more than %zu rows)", number,
                         LIMIT_IMPORT_ROWS, number, LIMIT_IMPORT_ROWS);
    }
    return row_push(sheet, number, err);
}

enum error_code sheet_row_again(struct sheet *sheet, struct error *err)
{
    if (sheet->row_count == 0) {
        return error_set(err, ERR_INTERNAL, "还没有行 (there is no row yet)");
    }
    return row_push(sheet, sheet->rows[sheet->row_count - 1].number, err);
}

static enum error_code cells_reserve(struct sheet *sheet, size_t need, uint32_t row, struct error *err)
{
    size_t added = need - sheet->cell_count;
    if (added > LIMIT_IMPORT_CELLS - sheet->pool->cells) {
        return error_set(err, ERR_LIMIT, "第 %u 行：单元格超过 %zu 个 (row %u: more than %zu cells)", row,
                         LIMIT_IMPORT_CELLS, row, LIMIT_IMPORT_CELLS);
    }
    if (need > sheet->cell_capacity) {
        const char **cells =
            vec_reserve(sheet->cells, &sheet->cell_capacity, need, sizeof *cells, LIMIT_IMPORT_CELLS);
        if (cells == NULL) {
            return out_of_memory(err);
        }
        sheet->cells = cells;
    }
    sheet->pool->cells += added;
    return ERR_NONE;
}

static enum error_code place_check(const struct sheet *sheet, uint32_t column, struct error *err)
{
    const struct sheet_row *row = sheet->row_count > 0 ? &sheet->rows[sheet->row_count - 1] : NULL;
    if (row == NULL || column <= row->cell_count) {
        return not_rising(err);
    }
    return ERR_NONE;
}

/* A text of the pool into a column that was checked. */
static enum error_code cell_put(struct sheet *sheet, uint32_t column, const char *text, struct error *err)
{
    struct sheet_row *row = &sheet->rows[sheet->row_count - 1];
    if (column > LIMIT_IMPORT_COLUMNS) {
        return error_set(err, ERR_LIMIT, "第 %u 行：超过 %zu 列 (row %u: more than %zu columns)", row->number,
                         LIMIT_IMPORT_COLUMNS, row->number, LIMIT_IMPORT_COLUMNS);
    }
    size_t need = row->first_cell + column;
    enum error_code code = cells_reserve(sheet, need, row->number, err);
    if (code != ERR_NONE) {
        return code;
    }
    for (size_t i = sheet->cell_count; i + 1 < need; i++) {
        sheet->cells[i] = "";
    }
    sheet->cells[need - 1] = text;
    sheet->cell_count = need;
    row->cell_count = (uint16_t)column;
    return ERR_NONE;
}

enum error_code sheet_cell_kept(struct sheet *sheet, uint32_t column, const char *text, struct error *err)
{
    enum error_code code = place_check(sheet, column, err);
    return code != ERR_NONE || *text == '\0' ? code : cell_put(sheet, column, text, err);
}

/* The pool's sentence with the cell's place before it. */
static enum error_code limit_placed(const struct sheet *sheet, uint32_t column, struct error *err)
{
    if (err == NULL) {
        return ERR_LIMIT;
    }
    uint32_t row = sheet->rows[sheet->row_count - 1].number;
    struct error inner = *err;
    return error_set(err, ERR_LIMIT, "第 %u 行第 %u 列：%s", row, column, inner.text);
}

enum error_code sheet_cell(struct sheet *sheet, uint32_t column, const char *bytes, size_t length,
                           struct error *err)
{
    const char *text = "";
    enum error_code code = place_check(sheet, column, err);
    if (code != ERR_NONE) {
        return code;
    }
    code = cell_pool_keep(sheet->pool, bytes, length, &text, err);
    if (code != ERR_NONE) {
        return code == ERR_LIMIT ? limit_placed(sheet, column, err) : code;
    }
    return *text == '\0' ? ERR_NONE : cell_put(sheet, column, text, err);
}

enum error_code sheet_add_merge(struct sheet *sheet, struct sheet_merge merge, struct error *err)
{
    if (merge.first_row == 0 || merge.first_column == 0 || merge.last_row < merge.first_row ||
        merge.last_column < merge.first_column ||
        (merge.last_row == merge.first_row && merge.last_column == merge.first_column)) {
        return ERR_NONE;
    }
    if (sheet->pool->merges >= LIMIT_IMPORT_MERGES) {
        return error_set(
            err, ERR_LIMIT,
            "合并单元格超过 %zu 处；请取消合并或拆成几个文件 (more than %zu merged ranges; unmerge them "
            "or split the file)",
            LIMIT_IMPORT_MERGES, LIMIT_IMPORT_MERGES);
    }
    struct sheet_merge *merges = vec_reserve(sheet->merges, &sheet->merge_capacity, sheet->merge_count + 1,
                                             sizeof *merges, LIMIT_IMPORT_MERGES);
    if (merges == NULL) {
        return out_of_memory(err);
    }
    sheet->merges = merges;
    merges[sheet->merge_count++] = merge;
    sheet->pool->merges++;
    return ERR_NONE;
}

enum error_code sheet_put(struct sheet *sheet, size_t row_index, uint32_t column, const char *text,
                          struct error *err)
{
    struct sheet_row *row = &sheet->rows[row_index];
    if (column >= row->cell_count) {
        /* The row moves to the end, where it can grow; what it leaves behind is counted but not used. */
        bool is_last = row->first_cell + row->cell_count == sheet->cell_count;
        size_t from = is_last ? row->first_cell : sheet->cell_count;
        enum error_code code = cells_reserve(sheet, from + column + 1, row->number, err);
        if (code != ERR_NONE) {
            return code;
        }
        for (uint32_t c = 0; c <= column; c++) {
            sheet->cells[from + c] = sheet_text(sheet, row, c);
        }
        row->first_cell = from;
        row->cell_count = (uint16_t)(column + 1);
        sheet->cell_count = from + column + 1;
    }
    sheet->cells[row->first_cell + column] = text;
    return ERR_NONE;
}

const char *sheet_text(const struct sheet *sheet, const struct sheet_row *row, size_t column)
{
    return column < row->cell_count ? sheet->cells[row->first_cell + column] : "";
}

size_t sheet_row_from(const struct sheet *sheet, uint32_t number)
{
    size_t low = 0;
    size_t high = sheet->row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sheet->rows[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
