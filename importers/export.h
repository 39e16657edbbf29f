/* importers/export: a kind's rows as a file that import reads back: its own headers, the ids, names to read,
 * and in each row the revision that it is of. docs/exporting.md. One thread at a time: the store's. */
#ifndef LITANG_IMPORTERS_EXPORT_H
#define LITANG_IMPORTERS_EXPORT_H

#include "importers/intake.h"
#include "store/store.h"

/* The last column's header: the stamp of the revision that a row was exported at (store/rows.h). */
#define EXPORT_STAMP_HEADER "版本(勿改)"

enum export_format {
    EXPORT_CSV,
    EXPORT_XLSX
};
/* "csv", "xlsx"; false leaves *ret_format untouched. */
bool export_format_from_name(const char *name, enum export_format *ret_format);

struct exported {
    char *bytes; /* owned: free() */
    size_t length;
    size_t rows;
    int64_t revision;
};

/* Every row of the kind at the newest revision. ERR_LIMIT: more than import reads back (LIMIT_IMPORT_ROWS,
 * LIMIT_IMPORT_BYTES). */
enum error_code export_kind(struct store *store, enum import_kind kind, enum export_format format,
                            struct exported *ret_exported, struct error *err);

/* A form to fill in: headers (needed ones with a star), example rows that import skips, as XLSX also a page
 * of help and drop-down lists of what the database holds. */
enum error_code export_template(struct store *store, enum import_kind kind, enum export_format format,
                                struct exported *ret_exported, struct error *err);
/* Marks the first cell of an example row. */
#define EXAMPLE_MARK "【示例】"
/* Sheets of our workbooks that are no tables. */
#define EXPORT_NOTES_SHEET "litang说明"
#define EXPORT_LISTS_SHEET "litang选项"

/* ---- for the writers and the merge ---- */

enum cell_form {
    CELL_FORM_TEXT,
    CELL_FORM_NUMBER,
    CELL_FORM_DATE,
    CELL_FORM_TIME /* text to a workbook, a time to whoever opens a CSV file */
};
enum cell_form column_cell_form(const struct column *column);

/* Is the column part of exports? */
bool kind_shows(const struct kind *kind, size_t column);
/* Its cell for showing->row, without guards. */
void kind_show(const struct kind *kind, size_t column, const struct showing *showing, struct text *out);
/* The stored table of a kind: STORED_…. */
int kind_stored(const struct kind *kind);

#endif
