/* importers/xlsx_parts: what the parts of an Excel workbook share while it is read. Only importers/xlsx*.c
 * include it. */
#ifndef LITANG_IMPORTERS_XLSX_PARTS_H
#define LITANG_IMPORTERS_XLSX_PARTS_H

#include "base/text.h"
#include "importers/number_style.h"
#include "importers/package.h"

enum {
    /* A sheet's name has at most 31 characters, a part's path is as short. */
    XLSX_NAME_BYTES = 256
};

struct xlsx_sheet {
    char name[XLSX_NAME_BYTES];
    char relation[XLSX_NAME_BYTES]; /* its id in the workbook's relations */
    char part[XLSX_NAME_BYTES];     /* "" until the relations are read; and for a chart */
    bool is_hidden;
};

struct xlsx {
    struct workbook *book;
    struct package *package; /* owned */
    struct error *err;
    bool is_1904;
    struct xlsx_sheet *sheets; /* owned */
    size_t sheet_count;
    char strings_part[XLSX_NAME_BYTES], styles_part[XLSX_NAME_BYTES];
    const char **strings; /* owned array; texts are the book's, without blanks around */
    size_t string_count, string_capacity;
    struct number_style *styles; /* owned; of a cell's style index */
    size_t style_count, style_capacity;
};

/* xlsx_strings.c, xlsx_styles.c, xlsx_sheet.c: a part into the structure above, or into `sheet`. Errors as
 * workbook_read's. */
enum error_code xlsx_read_strings(struct xlsx *xlsx);
enum error_code xlsx_read_styles(struct xlsx *xlsx);
enum error_code xlsx_read_sheet(struct xlsx *xlsx, const char *part, struct sheet *sheet);

/* ST_Xstring (ECMA-376 part 1, 22.9.2.19): _x000D_ is a character; in place. */
void xlsx_unescape(struct text *text);

#endif
