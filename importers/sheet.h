/* importers/sheet: one table of an office file as its reader saw it: rows of cells with their true row and
 * column numbers. Every reader ends here and every kind starts here. One thread at a time. */
#ifndef LITANG_IMPORTERS_SHEET_H
#define LITANG_IMPORTERS_SHEET_H

#include "importers/cell_pool.h"

#include <stdbool.h>

struct sheet_row {
    uint32_t number;     /* as a spreadsheet shows it, from 1; ascending, rows without text are left out */
    uint16_t cell_count; /* up to the last cell that holds text */
    bool is_skipped;     /* no record: a sum, a note, the header again (importers/layout.h) */
    size_t first_cell;
};

/* A merged range: row numbers and columns from 1, both ends in it. Its text stands in the first cell. */
struct sheet_merge {
    uint32_t first_row, last_row, first_column, last_column;
};

struct sheet {
    const char *name;       /* of the sheet within its workbook; "" for a CSV file */
    struct cell_pool *pool; /* borrowed: the workbook's */
    struct sheet_row *rows; /* owned */
    size_t row_count, row_capacity;
    const char **cells; /* owned array; the texts are the pool's: well-formed UTF-8 without surrounding
                           blanks; "" for a cell without text, never NULL */
    size_t cell_count, cell_capacity;
    struct sheet_merge *merges; /* owned */
    size_t merge_count, merge_capacity;
    bool is_hidden;       /* the workbook does not show it */
    uint32_t hidden_rows; /* rows with text that the workbook does not show */
    uint32_t hidden_row;  /* the first of them; 0: none */
};

/* `name` may be NULL. The pool must outlive the sheet. ERR_LIMIT, ERR_MEMORY. */
enum error_code sheet_init(struct sheet *sheet, const char *name, struct cell_pool *pool, struct error *err);
void sheet_finish(struct sheet *sheet);

/* Filling: row_begin, cell … cell, row_begin …. Row numbers must rise and columns within a row too (both from
 * 1); gaps become empty cells. ERR_LIMIT (LIMIT_IMPORT_ROWS, _COLUMNS, _CELL_BYTES, _CELLS, _TEXT_BYTES)
 * names the place; ERR_INPUT when they do not rise; ERR_MEMORY. */
enum error_code sheet_row_begin(struct sheet *sheet, uint32_t number, struct error *err);
/* Another row of the same number: the meetings of one event of a calendar. */
enum error_code sheet_row_again(struct sheet *sheet, struct error *err);
enum error_code sheet_cell(struct sheet *sheet, uint32_t column, const char *bytes, size_t length,
                           struct error *err);
/* The same for a text that the pool keeps already. */
enum error_code sheet_cell_kept(struct sheet *sheet, uint32_t column, const char *text, struct error *err);
/* ERR_LIMIT (LIMIT_IMPORT_MERGES), ERR_MEMORY. Ranges of one cell, or upside down, are left out. */
enum error_code sheet_add_merge(struct sheet *sheet, struct sheet_merge merge, struct error *err);

/* Overwrites a cell of a row that exists (index from 0, column from 0); the text is the pool's. ERR_LIMIT,
 * ERR_MEMORY. */
enum error_code sheet_put(struct sheet *sheet, size_t row_index, uint32_t column, const char *text,
                          struct error *err);

/* Column from 0; "" past the row's end. */
const char *sheet_text(const struct sheet *sheet, const struct sheet_row *row, size_t column);
/* The index of the first row whose number is at least this; row_count when there is none. */
size_t sheet_row_from(const struct sheet *sheet, uint32_t number);

#endif
