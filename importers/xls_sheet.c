/* One worksheet of an old workbook. Its records are listed first and sorted when their writer was careless:
 * Excel itself writes rows and cells in order, others do not always. */
#include "base/limits.h"
#include "base/vec.h"
#include "importers/xls_parts.h"

#include <stdlib.h>
#include <string.h>

/* A record with cells: row and column in the upper half, its place in the stream in the lower. */
struct found {
    uint64_t *items; /* owned */
    size_t count, capacity;
    bool is_rising;
};

struct reading {
    struct xls *xls;
    struct sheet *sheet;
    struct found found;
    unsigned char hidden[65536 / 8]; /* rows, a bit each */
    uint32_t row;                    /* that was begun, from 1; 0: none */
};

static enum error_code found_add(struct reading *reading, const struct xls_data *record)
{
    struct found *found = &reading->found;
    uint64_t *items =
        vec_reserve(found->items, &found->capacity, found->count + 1, sizeof *items, LIMIT_IMPORT_CELLS);
    if (items == NULL) {
        return error_set(reading->xls->err, ERR_LIMIT, "单元格超过 %zu 个 (more than %zu cells)",
                         LIMIT_IMPORT_CELLS, LIMIT_IMPORT_CELLS);
    }
    found->items = items;
    uint64_t place = (uint64_t)xls_u16(record->bytes) << 48 | (uint64_t)xls_u16(record->bytes + 2) << 32 |
                     (uint64_t)(record->bytes - reading->xls->stream);
    found->is_rising = found->is_rising && (found->count == 0 || items[found->count - 1] < place);
    items[found->count++] = place;
    return ERR_NONE;
}

static enum error_code take_merges(struct reading *reading, const struct xls_data *record)
{
    size_t count = record->length < 2 ? 0 : xls_u16(record->bytes);
    for (size_t i = 0; i < count && 2 + 8 * (i + 1) <= record->length; i++) {
        const char *at = record->bytes + 2 + 8 * i;
        const struct sheet_merge merge = {xls_u16(at) + 1, xls_u16(at + 2) + 1, xls_u16(at + 4) + 1,
                                          xls_u16(at + 6) + 1};
        enum error_code code = sheet_add_merge(reading->sheet, merge, reading->xls->err);
        if (code != ERR_NONE) {
            return code;
        }
    }
    return ERR_NONE;
}

static enum error_code list_record(struct reading *reading, const struct xls_data *record)
{
    enum {
        ROW_HIDDEN = 0x20
    };
    switch (record->type) {
    case XLS_ROW:
        if (record->length >= 14 && (xls_u16(record->bytes + 12) & ROW_HIDDEN) != 0) {
            uint32_t row = xls_u16(record->bytes);
            reading->hidden[row / 8] |= (unsigned char)(1U << row % 8);
        }
        return ERR_NONE;
    case XLS_MERGED_CELLS:
        return take_merges(reading, record);
    case XLS_FORMULA:
    case XLS_MUL_RK:
    case XLS_RSTRING:
    case XLS_LABEL_SST:
    case XLS_NUMBER:
    case XLS_LABEL:
    case XLS_BOOL_ERR:
    case XLS_RK:
        return record->length < 6 ? xls_damaged(reading->xls) : found_add(reading, record);
    default:
        return ERR_NONE;
    }
}

/* Up to the sheet's end; charts within it have a beginning and an end of their own. */
static enum error_code list_records(struct reading *reading, size_t offset)
{
    struct xls_cursor cursor = {reading->xls->stream, reading->xls->length, offset};
    struct xls_data record;
    size_t depth = 0;
    enum error_code code = ERR_NONE;
    if (!xls_next(&cursor, &record) || record.type != XLS_BOF) {
        return xls_damaged(reading->xls);
    }
    while (code == ERR_NONE && xls_next(&cursor, &record)) {
        if (record.type == XLS_BOF) {
            depth++;
        } else if (record.type == XLS_EOF && depth-- == 0) {
            return ERR_NONE;
        } else if (depth == 0) {
            code = list_record(reading, &record);
        }
    }
    return code == ERR_NONE ? xls_damaged(reading->xls) : code; /* no end: cut off */
}

/* ---- cells ---- */

static enum error_code begin_row(struct reading *reading, uint32_t row)
{
    if (reading->row == row) {
        return ERR_NONE;
    }
    reading->row = row;
    workbook_at(reading->xls->book, reading->sheet->name, row);
    if ((reading->hidden[(row - 1) / 8] >> (row - 1) % 8 & 1) != 0) {
        reading->sheet->hidden_row = reading->sheet->hidden_rows == 0 ? row : reading->sheet->hidden_row;
        reading->sheet->hidden_rows++;
    }
    return sheet_row_begin(reading->sheet, row, reading->xls->err);
}

static enum error_code put(struct reading *reading, const char *record, uint32_t beside, const char *bytes,
                           size_t length)
{
    if (length == 0) {
        return ERR_NONE;
    }
    enum error_code code = begin_row(reading, xls_u16(record) + 1);
    return code == ERR_NONE ? sheet_cell(reading->sheet, xls_u16(record + 2) + 1 + beside, bytes, length,
                                         reading->xls->err)
                            : code;
}

static enum error_code put_number(struct reading *reading, const char *record, uint32_t beside,
                                  uint32_t format, double number)
{
    static const struct number_style PLAIN = {.kind = NUMBER_PLAIN};
    const struct xls *xls = reading->xls;
    char text[NUMBER_TEXT_SIZE];
    size_t length =
        number_text(number, format < xls->style_count ? xls->styles[format] : PLAIN, xls->is_1904, text);
    return put(reading, record, beside, text, length);
}

static double double_at(const char *at)
{
    uint64_t bits = (uint64_t)xls_u32(at) | (uint64_t)xls_u32(at + 4) << 32;
    double number = 0;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* [MS-XLS] 2.5.217: 30 bits of a whole number or of a double, perhaps times 100. */
static double rk_number(uint32_t rk)
{
    double number = 0;
    if ((rk & 2) != 0) {
        number = (double)((int32_t)(rk & ~3U) / 4);
    } else {
        uint64_t bits = (uint64_t)(rk & ~3U) << 32;
        memcpy(&number, &bits, sizeof number);
    }
    return (rk & 1) != 0 ? number / 100 : number;
}

static enum error_code put_rks(struct reading *reading, const char *record, size_t length)
{
    enum error_code code = ERR_NONE;
    for (uint32_t i = 0; code == ERR_NONE && 4 + 6 * (size_t)(i + 1) + 2 <= length; i++) {
        const char *at = record + 4 + 6 * (size_t)i;
        code = put_number(reading, record, i, xls_u16(at), rk_number(xls_u32(at + 2)));
    }
    return code;
}

static enum error_code put_bool_or_error(struct reading *reading, const char *record, uint32_t value,
                                         bool is_error)
{
    static const struct {
        uint32_t code;
        const char *text;
    } ERRORS[] = {{0x00, "#NULL!"}, {0x07, "#DIV/0!"}, {0x0F, "#VALUE!"}, {0x17, "#REF!"},
                  {0x1D, "#NAME?"}, {0x24, "#NUM!"},   {0x2A, "#N/A"}};
    const char *text = value != 0 ? "TRUE" : "FALSE";
    if (is_error) {
        text = "#VALUE!";
        for (size_t i = 0; i < sizeof ERRORS / sizeof *ERRORS; i++) {
            text = ERRORS[i].code == value ? ERRORS[i].text : text;
        }
    }
    return put(reading, record, 0, text, strlen(text));
}

static enum error_code put_text(struct reading *reading, const char *record, const char *bytes, size_t length)
{
    if (!xls_string(reading->xls, bytes, length, true)) {
        return xls_damaged(reading->xls);
    }
    enum error_code code = text_status(&reading->xls->text, reading->xls->err);
    return code == ERR_NONE
               ? put(reading, record, 0, text_string(&reading->xls->text), reading->xls->text.length)
               : code;
}

/* A formula's text stands in a record of its own behind it, perhaps after a shared formula. */
static enum error_code put_formula_text(struct reading *reading, const char *record, size_t length)
{
    enum {
        BETWEEN_MAX = 4
    };
    struct xls_cursor cursor = {reading->xls->stream, reading->xls->length,
                                (size_t)(record - reading->xls->stream) + length};
    struct xls_data next;
    for (size_t i = 0; i < BETWEEN_MAX && xls_next(&cursor, &next); i++) {
        if (next.type == XLS_STRING) {
            return put_text(reading, record, next.bytes, next.length);
        }
        if (next.type == XLS_FORMULA || next.type == XLS_EOF) {
            break;
        }
    }
    return ERR_NONE;
}

static enum error_code put_formula(struct reading *reading, const char *record, size_t length)
{
    enum {
        TEXT,
        BOOLEAN,
        ERROR,
        EMPTY
    };
    if (length < 14) {
        return xls_damaged(reading->xls);
    }
    if (xls_u16(record + 12) != 0xFFFF) {
        return put_number(reading, record, 0, xls_u16(record + 4), double_at(record + 6));
    }
    switch (record[6]) {
    case TEXT:
        return put_formula_text(reading, record, length);
    case BOOLEAN:
    case ERROR:
        return put_bool_or_error(reading, record, (unsigned char)record[8], record[6] == ERROR);
    default:
        return ERR_NONE;
    }
}

static enum error_code put_shared(struct reading *reading, const char *record)
{
    uint32_t index = xls_u32(record + 6);
    if (index >= reading->xls->string_count) {
        return xls_damaged(reading->xls);
    }
    const char *text = reading->xls->strings[index];
    enum error_code code = *text == '\0' ? ERR_NONE : begin_row(reading, xls_u16(record) + 1);
    return code != ERR_NONE || *text == '\0'
               ? code
               : sheet_cell_kept(reading->sheet, xls_u16(record + 2) + 1, text, reading->xls->err);
}

static enum error_code put_record(struct reading *reading, const char *record)
{
    uint32_t type = xls_u16(record - 4);
    size_t length = xls_u16(record - 2);
    uint32_t format = xls_u16(record + 4);
    size_t need = type == XLS_NUMBER                        ? 14
                  : type == XLS_RK || type == XLS_LABEL_SST ? 10
                  : type == XLS_BOOL_ERR                    ? 8
                                                            : 6;
    if (length < need) {
        return xls_damaged(reading->xls);
    }
    switch (type) {
    case XLS_FORMULA:
        return put_formula(reading, record, length);
    case XLS_MUL_RK:
        return put_rks(reading, record, length);
    case XLS_LABEL_SST:
        return put_shared(reading, record);
    case XLS_NUMBER:
        return put_number(reading, record, 0, format, double_at(record + 6));
    case XLS_RK:
        return put_number(reading, record, 0, format, rk_number(xls_u32(record + 6)));
    case XLS_BOOL_ERR:
        return put_bool_or_error(reading, record, (unsigned char)record[6], record[7] != 0);
    default:
        return put_text(reading, record, record + 6, length - 6);
    }
}

static int place_compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

enum error_code xls_read_sheet(struct xls *xls, size_t offset, struct sheet *sheet)
{
    struct reading *reading = calloc(1, sizeof *reading);
    if (reading == NULL) {
        return error_set(xls->err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    reading->xls = xls;
    reading->sheet = sheet;
    reading->found.is_rising = true;
    workbook_at(xls->book, sheet->name, 0);
    enum error_code code = list_records(reading, offset);
    if (code == ERR_NONE && !reading->found.is_rising) {
        qsort(reading->found.items, reading->found.count, sizeof *reading->found.items, place_compare);
    }
    for (size_t i = 0; i < reading->found.count && code == ERR_NONE; i++) {
        code = put_record(reading, xls->stream + (reading->found.items[i] & UINT32_MAX));
    }
    free(reading->found.items);
    free(reading);
    return code;
}
