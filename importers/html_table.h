/* importers/html_table: the tables of a web page, which many systems send as "xls". Each table with text is a
 * sheet; a table within a cell is one of its own. Rows count from the table's first. rowspan and colspan
 * become merged ranges; <br> and paragraphs are line breaks; rows that are not displayed are read and counted
 * as hidden. One thread at a time. */
#ifndef LITANG_IMPORTERS_HTML_TABLE_H
#define LITANG_IMPORTERS_HTML_TABLE_H

#include "importers/workbook.h"

/* See workbook_read. The encoding is that of the byte order mark, of the bytes when they are UTF-8, of <meta>
 * when it says Big5, else GB18030. */
enum error_code html_read(struct workbook *book, const char *bytes, size_t length, struct error *err);

#endif
