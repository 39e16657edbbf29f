/* importers/workbook_write: exports and templates as XLSX, through libxlsxwriter. One thread at a time. */
#ifndef LITANG_IMPORTERS_WORKBOOK_WRITE_H
#define LITANG_IMPORTERS_WORKBOOK_WRITE_H

#include "importers/export.h"
#include "importers/template.h"

/* The rows of showing's own table, with a page of notes. ERR_LIMIT: a cell holds more than a workbook can
 * (LIMIT_XLSX_CELL_CHARS). ERR_IO: no room for the file. */
enum error_code workbook_write_rows(const struct kind *kind, struct showing *showing, const char *stamp,
                                    struct exported *exported, struct error *err);

enum error_code workbook_write_template(const struct kind *kind, const struct template_lists *lists,
                                        struct exported *exported, struct error *err);

#endif
