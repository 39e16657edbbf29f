/* importers/xls_parts: what the parts of an old workbook share while it is read. Only importers/xls*.c
 * include it. */
#ifndef LITANG_IMPORTERS_XLS_PARTS_H
#define LITANG_IMPORTERS_XLS_PARTS_H

#include "base/text.h"
#include "importers/number_style.h"
#include "importers/workbook.h"

/* [MS-XLS] 2.3 */
enum xls_record {
    XLS_FORMULA = 0x0006,
    XLS_EOF = 0x000A,
    XLS_DATE_1904 = 0x0022,
    XLS_FILE_PASS = 0x002F,
    XLS_CONTINUE = 0x003C,
    XLS_CODE_PAGE = 0x0042,
    XLS_BOUND_SHEET = 0x0085,
    XLS_MUL_RK = 0x00BD,
    XLS_RSTRING = 0x00D6,
    XLS_XF = 0x00E0,
    XLS_MERGED_CELLS = 0x00E5,
    XLS_SST = 0x00FC,
    XLS_LABEL_SST = 0x00FD,
    XLS_NUMBER = 0x0203,
    XLS_LABEL = 0x0204,
    XLS_BOOL_ERR = 0x0205,
    XLS_STRING = 0x0207,
    XLS_ROW = 0x0208,
    XLS_RK = 0x027E,
    XLS_FORMAT = 0x041E,
    XLS_BOF = 0x0809
};

enum {
    XLS_BIFF5 = 0x0500,
    XLS_BIFF8 = 0x0600,
    XLS_NAME_BYTES = 256
};

/* A place in the workbook's stream; `at` is the next record's head. */
struct xls_cursor {
    const char *stream;
    size_t length, at;
};
struct xls_data {
    uint32_t type;
    const char *bytes;
    size_t length;
};
/* False at the end and when the record would reach past it. */
bool xls_next(struct xls_cursor *cursor, struct xls_data *ret_record);

struct xls_sheet {
    char name[XLS_NAME_BYTES];
    size_t offset;
    bool is_hidden;
};

struct xls {
    struct workbook *book;
    struct error *err;
    char *stream; /* owned */
    size_t length;
    uint32_t version;   /* XLS_BIFF5 or XLS_BIFF8 */
    uint32_t code_page; /* of BIFF5's texts */
    bool is_1904;
    struct xls_sheet *sheets; /* owned */
    size_t sheet_count;
    const char **strings; /* owned array; the texts are the book's */
    size_t string_count, string_capacity;
    struct number_style *styles; /* owned; by a cell's format index */
    size_t style_count, style_capacity;
    struct text text; /* scratch */
};

static inline uint32_t xls_u16(const char *at)
{
    return (uint32_t)(unsigned char)at[0] | (uint32_t)(unsigned char)at[1] << 8;
}
static inline uint32_t xls_u32(const char *at)
{
    return xls_u16(at) | xls_u16(at + 2) << 16;
}

/* xls_string.c. A text with its count of one (`wide` false) or two bytes before it into xls->text, in UTF-8.
 * False when it does not fit into its record. */
bool xls_string(struct xls *xls, const char *bytes, size_t length, bool wide);
/* The shared strings: `sst` is the record, the cursor stands behind it, at its continuations. */
enum error_code xls_read_strings(struct xls *xls, const struct xls_data *sst, struct xls_cursor cursor);

/* xls_sheet.c. A worksheet from its BOF on. */
enum error_code xls_read_sheet(struct xls *xls, size_t offset, struct sheet *sheet);

enum error_code xls_damaged(struct xls *xls);

#endif
