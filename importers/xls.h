/* importers/xls: an old Excel workbook ([MS-XLS] BIFF8, and BIFF5 before it) into sheets: texts, numbers as
 * their format shows them, formulas' last values, merged ranges, hidden rows and sheets. One thread at a
 * time. Why not FreeXL: docs/decisions/0010-own-xls-reader.md. */
#ifndef LITANG_IMPORTERS_XLS_H
#define LITANG_IMPORTERS_XLS_H

#include "importers/workbook.h"

/* See workbook_read. */
enum error_code xls_read(struct workbook *book, const char *bytes, size_t length, struct error *err);

#endif
