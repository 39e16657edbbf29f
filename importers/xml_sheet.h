/* importers/xml_sheet: Excel's XML spreadsheets of 2003 (urn:schemas-microsoft-com:office:spreadsheet), which
 * some systems send as "xls". Numbers, dates by their type, merged cells, sparse rows. One thread at a time.
 */
#ifndef LITANG_IMPORTERS_XML_SHEET_H
#define LITANG_IMPORTERS_XML_SHEET_H

#include "importers/workbook.h"

/* See workbook_read. */
enum error_code xml_sheet_read(struct workbook *book, const char *bytes, size_t length, struct error *err);

#endif
