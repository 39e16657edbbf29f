/* importers/sheet: one table of an office file as its reader saw it: rows of cells with their true row and
 * column numbers. Every reader (CSV now; workbooks fill the same thing) ends here and every kind starts here.
 * One thread at a time. */
#ifndef LITANG_IMPORTERS_SHEET_H
#define LITANG_IMPORTERS_SHEET_H

#include "base/arena.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct sheet_row {
    uint32_t number;     /* as a spreadsheet shows it, from 1; ascending, rows without text are left out */
    uint32_t cell_count; /* up to the last cell that holds text */
    size_t first_cell;
};

struct sheet {
    const char *name;       /* of the sheet within its workbook; "" for a CSV file */
    struct sheet_row *rows; /* owned */
    size_t row_count, row_capacity;
    const char **cells; /* owned; "" for a cell without text, never NULL */
    size_t cell_count, cell_capacity;
    struct arena arena; /* the cells' text: well-formed UTF-8 without surrounding blanks */
};

/* `name` may be NULL. ERR_MEMORY. */
enum error_code sheet_init(struct sheet *sheet, const char *name, struct error *err);
void sheet_finish(struct sheet *sheet);

/* Filling: row_begin, cell … cell, row_begin …. Row numbers must rise and columns within a row too (both from
 * 1); gaps become empty cells. ERR_LIMIT (LIMIT_IMPORT_ROWS, _COLUMNS, _CELL_BYTES, _CELLS) names the place;
 * ERR_MEMORY. */
enum error_code sheet_row_begin(struct sheet *sheet, uint32_t number, struct error *err);
enum error_code sheet_cell(struct sheet *sheet, uint32_t column, const char *bytes, size_t length,
                           struct error *err);

/* Column from 0; "" past the row's end. */
const char *sheet_text(const struct sheet *sheet, const struct sheet_row *row, size_t column);

#endif
