/* Texts of old workbooks: 8 or 16 bits a character, and shared strings that continue in further records. */
#include "base/limits.h"
#include "base/vec.h"
#include "importers/xls_parts.h"

#include <iconv.h>
#include <stdio.h>

enum {
    /* [MS-XLS] 2.5.293 */
    FLAG_WIDE = 1,
    FLAG_PHONETIC = 4,
    FLAG_RICH = 8
};

static void add_code_point(struct text *out, uint32_t code)
{
    char bytes[4];
    size_t size = 0;
    if (code < 0x80) {
        bytes[size++] = (char)code;
    } else if (code < 0x800) {
        bytes[size++] = (char)(0xC0 | (code >> 6));
        bytes[size++] = (char)(0x80 | (code & 0x3F));
    } else {
        bytes[size++] = (char)(code < 0x10000 ? 0xE0 | (code >> 12) : 0xF0 | (code >> 18));
        for (int shift = code < 0x10000 ? 6 : 12; shift >= 0; shift -= 6) {
            bytes[size++] = (char)(0x80 | ((code >> shift) & 0x3F));
        }
    }
    text_add_bytes(out, bytes, size);
}

/* One unit of 8 or 16 bits; `*high` keeps the first half of a pair, 0: none. Halves alone become U+FFFD, and
 * so does NUL, for a cell's text ends there. */
static void add_unit(struct text *out, uint32_t unit, uint32_t *high)
{
    if (*high != 0 && unit >= 0xDC00 && unit <= 0xDFFF) {
        add_code_point(out, 0x10000 + ((*high - 0xD800) << 10) + (unit - 0xDC00));
        *high = 0;
        return;
    }
    if (*high != 0) {
        add_code_point(out, 0xFFFD);
        *high = 0;
    }
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        *high = unit;
    } else {
        add_code_point(out, unit == 0 || (unit >= 0xDC00 && unit <= 0xDFFF) ? 0xFFFD : unit);
    }
}

static void end_units(struct text *out, uint32_t high)
{
    if (high != 0) {
        add_code_point(out, 0xFFFD);
    }
}

/* BIFF5 keeps texts in the code page of the machine that wrote them: 936 is GBK. */
static bool add_code_page(struct xls *xls, const char *bytes, size_t length)
{
    char name[32];
    char piece[512];
    (void)snprintf(name, sizeof name, xls->code_page == 936 ? "GB18030" : "CP%u", xls->code_page);
    iconv_t cd = iconv_open("UTF-8", name);
    if (cd == (iconv_t)-1) {
        return false;
    }
    union {
        const char *in;
        char *out;
    } at = {.in = bytes};
    size_t left = length;
    bool is_good = true;
    while (left > 0 && is_good) {
        char *to = piece;
        size_t room = sizeof piece;
        size_t before = left;
        (void)iconv(cd, &at.out, &left, &to, &room);
        text_add_bytes(&xls->text, piece, sizeof piece - room);
        is_good = left < before;
    }
    (void)iconv_close(cd);
    return is_good;
}

bool xls_string(struct xls *xls, const char *bytes, size_t length, bool wide)
{
    size_t head = wide ? 2 : 1;
    text_clear(&xls->text);
    if (length < head) {
        return false;
    }
    size_t count = wide ? xls_u16(bytes) : (unsigned char)bytes[0];
    if (xls->version == XLS_BIFF5) {
        return count <= length - head && add_code_page(xls, bytes + head, count);
    }
    if (length < head + 1) {
        return count == 0;
    }
    uint32_t flags = (unsigned char)bytes[head];
    size_t at = head + 1 + ((flags & FLAG_RICH) != 0 ? 2 : 0) + ((flags & FLAG_PHONETIC) != 0 ? 4 : 0);
    size_t size = (flags & FLAG_WIDE) != 0 ? 2 : 1;
    uint32_t high = 0;
    if (at > length || count * size > length - at) {
        return false;
    }
    for (size_t i = 0; i < count; i++, at += size) {
        add_unit(&xls->text, size == 2 ? xls_u16(bytes + at) : (unsigned char)bytes[at], &high);
    }
    end_units(&xls->text, high);
    return true;
}

/* ---- shared strings ---- */

/* The bytes of a record and its continuations, one after the other. */
struct flow {
    struct xls_cursor cursor;
    const char *at, *end;
};

/* On to the next continuation when this record is used up; false when there is none. */
static bool flow_more(struct flow *flow)
{
    while (flow->at == flow->end) {
        struct xls_data next;
        if (!xls_next(&flow->cursor, &next) || next.type != XLS_CONTINUE) {
            return false;
        }
        flow->at = next.bytes;
        flow->end = next.bytes + next.length;
    }
    return true;
}

static bool flow_number(struct flow *flow, size_t size, uint32_t *ret_number)
{
    uint32_t number = 0;
    for (size_t i = 0; i < size; i++) {
        if (!flow_more(flow)) {
            return false;
        }
        number |= (uint32_t)(unsigned char)*flow->at++ << (8 * i);
    }
    *ret_number = number;
    return true;
}

static bool flow_skip(struct flow *flow, size_t size)
{
    while (size > 0) {
        if (!flow_more(flow)) {
            return false;
        }
        size_t part = (size_t)(flow->end - flow->at) < size ? (size_t)(flow->end - flow->at) : size;
        flow->at += part;
        size -= part;
    }
    return true;
}

/* [MS-XLS] 2.5.293: where the characters go on in a new record, a byte says again how wide they are. */
static bool flow_characters(struct flow *flow, size_t count, uint32_t flags, struct text *out)
{
    uint32_t high = 0;
    for (size_t i = 0; i < count; i++) {
        if (flow->at == flow->end) {
            if (!flow_more(flow)) {
                return false;
            }
            flags = (unsigned char)*flow->at++;
            if (!flow_more(flow)) {
                return false;
            }
        }
        uint32_t unit = 0;
        if (!flow_number(flow, (flags & FLAG_WIDE) != 0 ? 2 : 1, &unit)) {
            return false;
        }
        add_unit(out, unit, &high);
    }
    end_units(out, high);
    return true;
}

static bool flow_string(struct flow *flow, struct text *out)
{
    uint32_t count = 0;
    uint32_t flags = 0;
    uint32_t runs = 0;
    uint32_t phonetic = 0;
    text_clear(out);
    return flow_number(flow, 2, &count) && flow_number(flow, 1, &flags) &&
           ((flags & FLAG_RICH) == 0 || flow_number(flow, 2, &runs)) &&
           ((flags & FLAG_PHONETIC) == 0 || flow_number(flow, 4, &phonetic)) &&
           flow_characters(flow, count, flags, out) && flow_skip(flow, (size_t)runs * 4 + phonetic);
}

enum error_code xls_read_strings(struct xls *xls, const struct xls_data *sst, struct xls_cursor cursor)
{
    struct flow flow = {cursor, sst->bytes, sst->bytes + sst->length};
    uint32_t total = 0;
    uint32_t unique = 0;
    if (!flow_number(&flow, 4, &total) || !flow_number(&flow, 4, &unique)) {
        return xls_damaged(xls);
    }
    for (uint32_t i = 0; i < unique; i++) {
        const char *text = NULL;
        if (!flow_string(&flow, &xls->text)) {
            return xls_damaged(xls);
        }
        enum error_code code = text_status(&xls->text, xls->err);
        if (code == ERR_NONE) {
            code =
                cell_pool_keep(&xls->book->pool, text_string(&xls->text), xls->text.length, &text, xls->err);
        }
        if (code != ERR_NONE) {
            return code;
        }
        const char **strings = vec_reserve(xls->strings, &xls->string_capacity, xls->string_count + 1,
                                           sizeof *strings, LIMIT_IMPORT_CELLS);
        if (strings == NULL) {
            return error_set(xls->err, ERR_LIMIT, "工作簿里的文字超过 %zu 条 (more than %zu shared strings)",
                             LIMIT_IMPORT_CELLS, LIMIT_IMPORT_CELLS);
        }
        xls->strings = strings;
        strings[xls->string_count++] = text;
    }
    return ERR_NONE;
}
