/* importers/xlsx: an Excel workbook (ECMA-376, "xlsx", "xlsm") into sheets, streaming. One thread at a time.
 *
 * What a cell gives: shared and inline strings (rich text joined, phonetic runs left out), the value that
 * Excel last counted for a formula, TRUE/FALSE, an error as #N/A, a number as importers/number_style.h says.
 * Rows and cells may be sparse and may leave out their addresses. Hidden rows and columns are read, hidden
 * sheets are marked. */
#ifndef LITANG_IMPORTERS_XLSX_H
#define LITANG_IMPORTERS_XLSX_H

#include "importers/workbook.h"

/* See workbook_read. */
enum error_code xlsx_read(struct workbook *book, const char *bytes, size_t length, struct error *err);

#endif
