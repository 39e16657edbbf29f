#include "importers/ics_text.h"

#include "base/limits.h"
#include "base/text.h"
#include "base/vec.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    /* A file begins with BEGIN: within so many bytes: blank lines and a mark. */
    LOOK_BYTES = 64
};

/* By its mark, or by the zero beside the B of BEGIN. */
static bool is_utf16(const char *bytes, size_t length, bool *ret_little, size_t *ret_mark)
{
    static const struct {
        const char *head;
        size_t size, mark;
        bool is_little;
    } HEADS[] = {{"\xFF\xFE", 2, 2, true},
                 {"\xFE\xFF", 2, 2, false},
                 {"B\0E\0G\0", 6, 0, true},
                 {"\0B\0E\0G", 6, 0, false}};
    for (size_t i = 0; i < sizeof HEADS / sizeof *HEADS; i++) {
        if (length >= HEADS[i].size && memcmp(bytes, HEADS[i].head, HEADS[i].size) == 0) {
            *ret_little = HEADS[i].is_little;
            *ret_mark = HEADS[i].mark;
            return true;
        }
    }
    return false;
}

bool ics_text_looks(const char *bytes, size_t length)
{
    static const char *const HEADS[] = {"BEGIN:VCALENDAR", "BEGIN:VEVENT", "BEGIN:VTIMEZONE"};
    char head[LOOK_BYTES];
    size_t used = 0;
    bool is_little = false;
    size_t mark = 0;
    bool is_wide = is_utf16(bytes, length, &is_little, &mark);
    size_t at = is_wide ? mark : length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    for (; at < length && used < sizeof head && at < (size_t)LOOK_BYTES * 8; at++) {
        bool is_blank = bytes[at] == '\0' || bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r' ||
                        bytes[at] == '\n';
        if ((is_wide && bytes[at] == '\0') || (used == 0 && is_blank)) {
            continue;
        }
        head[used++] = bytes[at];
    }
    for (size_t i = 0; i < sizeof HEADS / sizeof *HEADS; i++) {
        if (used >= strlen(HEADS[i]) && strncasecmp(head, HEADS[i], strlen(HEADS[i])) == 0) {
            return true;
        }
    }
    return false;
}

static enum error_code out_of_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

/* The whole of `bytes` in UTF-8. ERR_SYNTAX: a byte does not fit. */
static enum error_code convert(const char *from, const char *bytes, size_t length, char **ret_text,
                               size_t *ret_length)
{
    iconv_t cd = iconv_open("UTF-8", from);
    if (cd == (iconv_t)-1) {
        return ERR_INTERNAL;
    }
    enum error_code code = ERR_NONE;
    size_t room = length * 3 + 4; /* one byte of Windows-1252 becomes three at most */
    char *text = malloc(room + 1);
    /* iconv takes a plain char ** but only reads; the union says so without a cast. */
    union {
        const char *in;
        char *out;
    } at = {.in = bytes};
    char *to = text;
    size_t left = length;
    if (text == NULL) {
        code = ERR_MEMORY;
    } else if (iconv(cd, &at.out, &left, &to, &room) == (size_t)-1 || left > 0) {
        code = ERR_SYNTAX;
        free(text);
    } else {
        *to = '\0';
        *ret_length = (size_t)(to - text);
        *ret_text = text;
    }
    (void)iconv_close(cd);
    return code;
}

/* Joins folded parts, in place: afterwards every line ends with one LF. Fills the lines' numbers. */
static enum error_code unfold(struct ics_text *text, size_t *length, struct error *err)
{
    char *bytes = text->bytes;
    size_t to = 0;
    uint32_t number = 0;
    for (size_t at = 0; at < *length;) {
        size_t end = at;
        while (end < *length && bytes[end] != '\r' && bytes[end] != '\n') {
            end++;
        }
        bool is_pair = end + 1 < *length && bytes[end] == '\r' && bytes[end + 1] == '\n';
        number++;
        bool is_folded = (bytes[at] == ' ' || bytes[at] == '\t') && text->count > 0;
        size_t from = at + (is_folded ? 1 : 0);
        if (is_folded) {
            to--; /* over the LF */
        } else if (number > LIMIT_IMPORT_ROWS) {
            return error_set(err, ERR_LIMIT, "超过 %zu 行 (more than %zu lines)", LIMIT_IMPORT_ROWS,
                             LIMIT_IMPORT_ROWS);
        } else if (end > at) {
            enum error_code code = ERR_NONE;
            VEC_PUSH(code, text, ((struct ics_line){.number = number}), LIMIT_IMPORT_ROWS);
            if (code != ERR_NONE) {
                return out_of_memory(err);
            }
        }
        if (end > at) {
            memmove(bytes + to, bytes + from, end - from);
            to += end - from;
            bytes[to++] = '\n';
        }
        at = end + (is_pair ? 2 : 1);
    }
    *length = to;
    bytes[to] = '\0';
    return ERR_NONE;
}

/* Well-formed three-byte sequences are rare in other encodings: a file of mostly those is UTF-8. */
static bool utf8_is_meant(const char *bytes, size_t length, size_t *ret_bad)
{
    size_t good = 0;
    size_t bad = 0;
    for (size_t at = 0; at < length;) {
        size_t size = (unsigned char)bytes[at] < 0x80 ? 1 : utf8_next(bytes + at, length - at, NULL);
        good += size >= 3 ? size : 0;
        bad += size == 0 ? 1 : 0;
        at += size == 0 ? 1 : size;
    }
    *ret_bad = bad;
    return bad == 0 || good > 9 * bad;
}

/* GB18030 takes almost any pair of bytes; real Chinese is mostly of the GB 2312 block, both bytes from 0xA1.
 */
static bool gb18030_is_meant(const char *bytes, size_t length)
{
    size_t common = 0;
    size_t other = 0;
    for (size_t at = 0; at < length; at++) {
        if ((unsigned char)bytes[at] < 0x80) {
            continue;
        }
        bool is_common =
            (unsigned char)bytes[at] >= 0xA1 && at + 1 < length && (unsigned char)bytes[at + 1] >= 0xA1;
        common += is_common ? 1 : 0;
        other += is_common ? 0 : 1;
        at++;
    }
    return common >= other;
}

static enum error_code mend_utf8(struct ics_text *text, size_t *length, struct ics_notes *notes, size_t bad)
{
    char *mended = malloc(*length + bad * 2 + 1);
    size_t to = 0;
    size_t line = 0;
    if (mended == NULL) {
        return ERR_MEMORY;
    }
    for (size_t at = 0; at < *length;) {
        size_t size =
            (unsigned char)text->bytes[at] < 0x80 ? 1 : utf8_next(text->bytes + at, *length - at, NULL);
        if (size == 0) {
            ics_note(notes, NOTE_BAD_UTF8, text->items[line].number);
            memcpy(mended + to, "\xEF\xBF\xBD", 3);
        } else {
            memcpy(mended + to, text->bytes + at, size);
        }
        line += text->bytes[at] == '\n' && line + 1 < text->count ? 1 : 0;
        to += size == 0 ? 3 : size;
        at += size == 0 ? 1 : size;
    }
    mended[to] = '\0';
    free(text->bytes);
    text->bytes = mended;
    *length = to;
    return ERR_NONE;
}

/* Unfolded bytes into UTF-8. */
static enum error_code decode(struct ics_text *text, size_t *length, struct ics_notes *notes,
                              struct error *err)
{
    size_t bad = 0;
    if (utf8_is_meant(text->bytes, *length, &bad)) {
        enum error_code code = bad == 0 ? ERR_NONE : mend_utf8(text, length, notes, bad);
        return code == ERR_NONE ? ERR_NONE : out_of_memory(err);
    }
    char *decoded = NULL;
    size_t decoded_length = 0;
    enum error_code code = ERR_SYNTAX;
    text->encoding = "GB18030";
    if (gb18030_is_meant(text->bytes, *length)) {
        code = convert("GB18030", text->bytes, *length, &decoded, &decoded_length);
    }
    if (code == ERR_SYNTAX) {
        text->encoding = "Windows-1252";
        ics_note(notes, NOTE_CP1252, 1);
        code = convert("CP1252", text->bytes, *length, &decoded, &decoded_length);
    }
    if (code == ERR_SYNTAX) {
        return error_set(
            err, code,
            "文字编码无法识别；请从日历程序重新导出为 UTF-8 (the text's encoding is not known; export "
            "the calendar anew as UTF-8)");
    }
    if (code != ERR_NONE) {
        return out_of_memory(err);
    }
    free(text->bytes);
    text->bytes = decoded;
    *length = decoded_length;
    return ERR_NONE;
}

/* Cuts at the LFs, takes control characters and inner marks out. */
static void cut_lines(struct ics_text *text, size_t length, struct ics_notes *notes)
{
    char *at = text->bytes;
    const char *end = text->bytes + length;
    for (size_t i = 0; i < text->count; i++) {
        struct ics_line *line = &text->items[i];
        char *to = at;
        line->text = at;
        for (; at < end && *at != '\n'; at++) {
            if (((unsigned char)*at < ' ' && *at != '\t') || *at == 0x7F) {
                ics_note(notes, NOTE_CONTROL, line->number);
            } else {
                *to++ = *at;
            }
        }
        line->length = (size_t)(to - line->text);
        if (line->length >= 3 && memcmp(line->text, "\xEF\xBB\xBF", 3) == 0) {
            line->text += 3; /* files that were put together keep each one's mark */
            line->length -= 3;
        }
        at += at < end ? 1 : 0;
        *to = '\0'; /* at most where the LF stood */
    }
}

/* What the mark says: UTF-16 becomes UTF-8 at once, for its line ends are two bytes wide. */
static enum error_code take(const char *bytes, size_t length, struct ics_text *text, size_t *ret_length,
                            struct error *err)
{
    bool is_little = false;
    size_t mark = 0;
    if (is_utf16(bytes, length, &is_little, &mark)) {
        text->encoding = is_little ? "UTF-16LE" : "UTF-16BE";
        enum error_code code = convert(text->encoding, bytes + mark, length - mark, &text->bytes, ret_length);
        return code == ERR_NONE     ? ERR_NONE
               : code == ERR_MEMORY ? out_of_memory(err)
                                    : error_set(err, ERR_SYNTAX, "UTF-16 文字损坏 (broken UTF-16)");
    }
    bool has_mark = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    size_t skip = has_mark ? 3 : 0;
    text->encoding = has_mark ? "UTF-8 BOM" : "UTF-8";
    text->bytes = malloc(length - skip + 2); /* the last line may lack its end */
    if (text->bytes == NULL) {
        return out_of_memory(err);
    }
    memcpy(text->bytes, bytes + skip, length - skip);
    *ret_length = length - skip;
    return ERR_NONE;
}

enum error_code ics_text_read(const char *bytes, size_t length, struct ics_notes *notes,
                              struct ics_text *ret_text, uint32_t *ret_line, struct error *err)
{
    size_t taken = 0;
    *ret_text = (struct ics_text){.encoding = ""};
    if (length > LIMIT_ICS_BYTES) {
        return error_set(err, ERR_LIMIT,
                         "日历文件超过 %zu MB；请缩短导出的日期范围 (more than %zu MB; export fewer days)",
                         LIMIT_ICS_BYTES >> 20, LIMIT_ICS_BYTES >> 20);
    }
    enum error_code code = take(bytes, length, ret_text, &taken, err);
    if (code != ERR_NONE) {
        return code;
    }
    const char *zero = memchr(ret_text->bytes, '\0', taken);
    if (zero != NULL) {
        uint32_t line = 1;
        for (const char *at = ret_text->bytes; at < zero; at++) {
            line += *at == '\n' || (*at == '\r' && at[1] != '\n') ? 1 : 0;
        }
        *ret_line = line;
        return error_set(err, ERR_SYNTAX, "第 %u 行含有空字节，不是日历文本 (line %u holds a zero byte)",
                         line, line);
    }
    code = unfold(ret_text, &taken, err);
    if (code == ERR_NONE) {
        code = decode(ret_text, &taken, notes, err);
    }
    if (code == ERR_NONE) {
        cut_lines(ret_text, taken, notes);
    }
    return code;
}

void ics_text_finish(struct ics_text *text)
{
    free(text->bytes);
    free(text->items);
    *text = (struct ics_text){.encoding = ""};
}
