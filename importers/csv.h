/* importers/csv: a CSV text into a sheet, through libcsv. Any thread. */
#ifndef LITANG_IMPORTERS_CSV_H
#define LITANG_IMPORTERS_CSV_H

#include "importers/sheet.h"

/* ',' ';' or TAB: the one that most of the first rows hold equally often. */
char csv_delimiter(const char *text, size_t length);

/* Fills an init'ed, empty sheet from well-formed UTF-8. Row numbers count records and empty lines, as a
 * spreadsheet shows them: a line break inside quotation marks starts no row. ERR_SYNTAX: a quotation mark is
 * misplaced or never closed; ERR_LIMIT; both leave the row in *ret_row. ERR_MEMORY. */
enum error_code csv_read(const char *text, size_t length, char delimiter, struct sheet *sheet,
                         uint32_t *ret_row, struct error *err);

#endif
