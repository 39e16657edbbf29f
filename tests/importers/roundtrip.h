/* What the round-trip tests share: an export as a grid of cells that can be edited and imported again. */
#ifndef LITANG_TESTS_IMPORTERS_ROUNDTRIP_H
#define LITANG_TESTS_IMPORTERS_ROUNDTRIP_H

#include "importers/export.h"
#include "tests/importers/support.h"

enum {
    GRID_COLUMNS = 40
};

struct grid {
    struct arena arena;
    const char **cells; /* owned; GRID_COLUMNS a row */
    size_t rows;        /* the header is row 0 */
    size_t columns;
};

static inline void grid_read(struct grid *grid, const char *bytes, size_t length)
{
    struct workbook book;
    struct error err = {.text = ""};
    *grid = (struct grid){0};
    workbook_init(&book);
    if (workbook_read(&book, bytes, length, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    const struct sheet *sheet = book.sheets[0];
    grid->rows = sheet->row_count;
    grid->columns = sheet->rows[0].cell_count;
    assert_true(grid->columns <= GRID_COLUMNS);
    grid->cells = calloc(grid->rows * GRID_COLUMNS, sizeof *grid->cells);
    assert_non_null(grid->cells);
    for (size_t r = 0; r < grid->rows; r++) {
        for (size_t c = 0; c < GRID_COLUMNS; c++) {
            grid->cells[r * GRID_COLUMNS + c] =
                arena_copy_text(&grid->arena, sheet_text(sheet, &sheet->rows[r], c));
            assert_non_null(grid->cells[r * GRID_COLUMNS + c]);
        }
    }
    workbook_finish(&book);
}

static inline void grid_finish(struct grid *grid)
{
    free(grid->cells);
    arena_finish(&grid->arena);
}

static inline void grid_export(struct fixture *fixture, enum import_kind kind, enum export_format format,
                               struct grid *grid)
{
    struct exported exported = {0};
    struct error err = {.text = ""};
    if (export_kind(fixture->store, kind, format, &exported, &err) != ERR_NONE) {
        fail_msg("%s: %s", import_kind_name(kind), err.text);
    }
    grid_read(grid, exported.bytes, exported.length);
    free(exported.bytes);
}

static inline const char *grid_at(const struct grid *grid, size_t row, size_t column)
{
    return grid->cells[row * GRID_COLUMNS + column];
}

static inline size_t grid_column(const struct grid *grid, const char *header)
{
    for (size_t c = 0; c < grid->columns; c++) {
        if (strcmp(grid_at(grid, 0, c), header) == 0) {
            return c;
        }
    }
    fail_msg("no column %s", header);
    return 0;
}

/* The row whose first cell is `id`. */
static inline size_t grid_row(const struct grid *grid, const char *id)
{
    for (size_t r = 1; r < grid->rows; r++) {
        if (strcmp(grid_at(grid, r, 0), id) == 0) {
            return r;
        }
    }
    fail_msg("no row %s", id);
    return 0;
}

/* `text` is borrowed. */
static inline void grid_set(struct grid *grid, size_t row, const char *header, const char *text)
{
    grid->cells[row * GRID_COLUMNS + grid_column(grid, header)] = text;
}

static inline void grid_drop(struct grid *grid, size_t row)
{
    memmove(&grid->cells[row * GRID_COLUMNS], &grid->cells[(row + 1) * GRID_COLUMNS],
            (grid->rows - row - 1) * GRID_COLUMNS * sizeof *grid->cells);
    grid->rows--;
}

/* The grid as CSV into the database; the report is init'ed here and finished by the caller. */
static inline enum error_code grid_import(struct fixture *fixture, const struct grid *grid,
                                          enum import_kind kind, struct import_options options,
                                          struct import_report *report)
{
    struct text csv;
    text_init(&csv, LIMIT_IMPORT_BYTES);
    for (size_t r = 0; r < grid->rows; r++) {
        for (size_t c = 0; c < grid->columns; c++) {
            text_add_csv(&csv, grid_at(grid, r, c));
            text_add(&csv, c + 1 < grid->columns ? "," : "\r\n");
        }
    }
    options.kind = kind;
    enum error_code code = import_text(fixture, "edited.csv", text_string(&csv), csv.length, options, report);
    text_finish(&csv);
    return code;
}

static inline void grid_import_good(struct fixture *fixture, const struct grid *grid, enum import_kind kind)
{
    struct import_report report;
    enum error_code code = grid_import(fixture, grid, kind, (struct import_options){0}, &report);
    if (code != ERR_NONE || report.errors.total > 0) {
        report_print(&report);
        fail_msg("%s", import_kind_name(kind));
    }
    import_report_finish(&report);
}

static inline const struct import_finding *finding_of(const struct import_findings *findings,
                                                      enum import_code code)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->items[i].code == code) {
            return &findings->items[i];
        }
    }
    return NULL;
}

#endif
