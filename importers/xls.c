#include "importers/xls.h"

#include "base/limits.h"
#include "base/vec.h"
#include "importers/ole_stream.h"
#include "importers/xls_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct own_format {
    uint32_t id;
    struct number_style style;
};

/* What the workbook's own records say, before its sheets. */
struct globals {
    struct xls *xls;
    struct {
        struct own_format *items; /* owned */
        size_t count, capacity;
    } formats;
};

enum {
    FORMATS_MAX = 2000
};

bool xls_next(struct xls_cursor *cursor, struct xls_data *ret_record)
{
    if (cursor->at > cursor->length || cursor->length - cursor->at < 4) {
        return false;
    }
    const char *head = cursor->stream + cursor->at;
    size_t length = xls_u16(head + 2);
    if (length > cursor->length - cursor->at - 4) {
        return false;
    }
    *ret_record = (struct xls_data){xls_u16(head), head + 4, length};
    cursor->at += 4 + length;
    return true;
}

enum error_code xls_damaged(struct xls *xls)
{
    return error_set(xls->err, ERR_INPUT, "%s", format_refusal(FORMAT_DAMAGED));
}

static enum error_code take_sheet(struct xls *xls, const struct xls_data *record)
{
    enum {
        WORKSHEET = 0
    };
    if (record->length < 7 || record->bytes[5] != WORKSHEET) {
        return ERR_NONE; /* charts and macros hold no table */
    }
    if (xls->sheet_count >= LIMIT_IMPORT_SHEETS) {
        return error_set(xls->err, ERR_LIMIT,
                         "工作表超过 %zu 张；请拆成几个文件 (more than %zu sheets; split the file)",
                         LIMIT_IMPORT_SHEETS, LIMIT_IMPORT_SHEETS);
    }
    if (!xls_string(xls, record->bytes + 6, record->length - 6, false)) {
        return xls_damaged(xls);
    }
    struct xls_sheet *sheet = &xls->sheets[xls->sheet_count++];
    sheet->offset = xls_u32(record->bytes);
    sheet->is_hidden = (record->bytes[4] & 3) != 0;
    (void)snprintf(sheet->name, sizeof sheet->name, "%.*s",
                   (int)utf8_cut(text_string(&xls->text), xls->text.length, sizeof sheet->name - 1),
                   text_string(&xls->text));
    return ERR_NONE;
}

static enum error_code take_format(struct globals *globals, const struct xls_data *record)
{
    struct xls *xls = globals->xls;
    enum error_code code = ERR_NONE;
    if (record->length < 2 ||
        !xls_string(xls, record->bytes + 2, record->length - 2, xls->version == XLS_BIFF8)) {
        return xls_damaged(xls);
    }
    struct own_format format = {xls_u16(record->bytes), number_style_parse(text_string(&xls->text))};
    VEC_PUSH(code, &globals->formats, format, FORMATS_MAX);
    return code == ERR_LIMIT ? ERR_NONE
                             : code; /* more formats than Excel allows: the rest are plain numbers */
}

static enum error_code take_cell_format(struct globals *globals, const struct xls_data *record)
{
    struct xls *xls = globals->xls;
    if (record->length < 4) {
        return xls_damaged(xls);
    }
    uint32_t id = xls_u16(record->bytes + 2);
    struct number_style style = number_style_builtin(id);
    for (size_t i = 0; i < globals->formats.count; i++) {
        style = globals->formats.items[i].id == id ? globals->formats.items[i].style : style;
    }
    struct number_style *styles = vec_reserve(xls->styles, &xls->style_capacity, xls->style_count + 1,
                                              sizeof *styles, LIMIT_IMPORT_STYLES);
    if (styles == NULL) {
        return error_set(xls->err, ERR_LIMIT, "工作簿的单元格样式过多 (too many cell styles)");
    }
    xls->styles = styles;
    styles[xls->style_count++] = style;
    return ERR_NONE;
}

static enum error_code take_record(struct globals *globals, const struct xls_data *record,
                                   const struct xls_cursor *cursor)
{
    struct xls *xls = globals->xls;
    switch (record->type) {
    case XLS_FILE_PASS:
        return error_set(xls->err, ERR_INPUT, "%s", format_refusal(FORMAT_ENCRYPTED));
    case XLS_CODE_PAGE:
        xls->code_page = record->length >= 2 ? xls_u16(record->bytes) : xls->code_page;
        return ERR_NONE;
    case XLS_DATE_1904:
        xls->is_1904 = record->length >= 2 && xls_u16(record->bytes) == 1;
        return ERR_NONE;
    case XLS_FORMAT:
        return take_format(globals, record);
    case XLS_XF:
        return take_cell_format(globals, record);
    case XLS_BOUND_SHEET:
        return take_sheet(xls, record);
    case XLS_SST:
        return xls->string_count > 0 ? ERR_NONE : xls_read_strings(xls, record, *cursor);
    default:
        return ERR_NONE;
    }
}

static enum error_code read_globals(struct xls *xls)
{
    struct globals globals = {.xls = xls};
    struct xls_cursor cursor = {xls->stream, xls->length, 0};
    struct xls_data record;
    enum error_code code = ERR_NONE;
    if (!xls_next(&cursor, &record) || record.type != XLS_BOF || record.length < 4) {
        return xls_damaged(xls);
    }
    xls->version = xls_u16(record.bytes);
    if (xls->version != XLS_BIFF8 && xls->version != XLS_BIFF5) {
        return error_set(xls->err, ERR_INPUT, "%s", format_refusal(FORMAT_XLS_OLD));
    }
    while (code == ERR_NONE && xls_next(&cursor, &record) && record.type != XLS_EOF) {
        code = take_record(&globals, &record, &cursor);
    }
    free(globals.formats.items);
    return code;
}

static enum error_code read_sheets(struct xls *xls)
{
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < xls->sheet_count && code == ERR_NONE; i++) {
        struct sheet *sheet = NULL;
        code = workbook_add(xls->book, xls->sheets[i].name, &sheet, xls->err);
        if (code == ERR_NONE) {
            sheet->is_hidden = xls->sheets[i].is_hidden;
            code = xls_read_sheet(xls, xls->sheets[i].offset, sheet);
        }
    }
    return code == ERR_NONE && xls->sheet_count == 0 ? xls_damaged(xls) : code;
}

static enum error_code open_stream(struct xls *xls, const char *bytes, size_t length)
{
    if (length > LIMIT_IMPORT_XLS_BYTES) {
        size_t mb = LIMIT_IMPORT_XLS_BYTES / (1024 * 1024);
        return error_set(xls->err, ERR_LIMIT,
                         "旧版工作簿（xls）超过 %zu MB；请另存为 xlsx 再导入 (an old workbook of more than "
                         "%zu MB; save it "
                         "as .xlsx)",
                         mb, mb);
    }
    enum error_code code = ole_stream_read(bytes, length, "Workbook", &xls->stream, &xls->length);
    if (code == ERR_NOT_FOUND) {
        code = ole_stream_read(bytes, length, "Book", &xls->stream, &xls->length);
    }
    if (code == ERR_MEMORY) {
        return error_set(xls->err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    return code == ERR_NONE ? ERR_NONE : xls_damaged(xls);
}

enum error_code xls_read(struct workbook *book, const char *bytes, size_t length, struct error *err)
{
    enum {
        CODE_PAGE_GBK = 936
    };
    struct xls xls = {.book = book, .err = err, .code_page = CODE_PAGE_GBK};
    text_init(&xls.text, LIMIT_IMPORT_CELL_BYTES);
    xls.sheets = calloc(LIMIT_IMPORT_SHEETS, sizeof *xls.sheets);
    enum error_code code = xls.sheets == NULL ? error_set(err, ERR_MEMORY, "内存不足 (out of memory)")
                                              : open_stream(&xls, bytes, length);
    if (code == ERR_NONE) {
        code = read_globals(&xls);
    }
    if (code == ERR_NONE) {
        code = read_sheets(&xls);
    }
    free(xls.styles);
    free(xls.strings);
    free(xls.sheets);
    free(xls.stream);
    text_finish(&xls.text);
    return code;
}
