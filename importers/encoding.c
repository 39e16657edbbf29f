#include "importers/encoding.h"

#include "base/text.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uchardet/uchardet.h>

/* The row of the byte at `at`: line ends inside quotation marks do not count. `unit` is 2 in UTF-16, whose
 * significant byte stands at `offset` of each unit. */
static uint32_t row_of(const char *bytes, size_t at, size_t unit, size_t offset)
{
    uint32_t row = 1;
    bool is_quoted = false;
    char before = '\0';
    for (size_t i = offset; i < at; i += unit) {
        char byte = unit == 2 && bytes[offset == 0 ? i + 1 : i - 1] != '\0' ? 'x' : bytes[i];
        if (byte == '"') {
            is_quoted = !is_quoted;
        } else if (!is_quoted && (byte == '\r' || (byte == '\n' && before != '\r'))) {
            row++;
        }
        before = byte;
    }
    return row;
}

/* Bytes of well-formed characters of three bytes from E1 to EC, which most Chinese is: told four at a time.
 */
static size_t han_run(const char *bytes, size_t length)
{
    size_t at = 0;
    while (length - at >= 3) {
        unsigned char first = (unsigned char)bytes[at];
        uint16_t tails = 0;
        memcpy(&tails, bytes + at + 1, sizeof tails);
        if ((tails & 0xC0C0) != 0x8080 || first <= 0xE0 || first >= 0xED) {
            break;
        }
        at += 3;
    }
    return at;
}

static size_t utf8_bad_at(const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        unsigned char first = (unsigned char)bytes[at];
        if (first < 0x80) {
            uint64_t word = 0;
            at++;
            while (length - at >= sizeof word) {
                memcpy(&word, bytes + at, sizeof word);
                if ((word & UINT64_C(0x8080808080808080)) != 0) {
                    break;
                }
                at += sizeof word;
            }
            continue;
        }
        size_t han = han_run(bytes + at, length - at);
        if (han > 0) {
            at += han;
            continue;
        }
        size_t size = utf8_next(bytes + at, length - at, NULL);
        if (size == 0) {
            break;
        }
        at += size;
    }
    return at;
}

/* A file with Chinese in UTF-8 and a few broken bytes also passes as GB18030, as gibberish. In real GB18030
 * text well-formed three-byte sequences are rare, so a file of mostly those is broken UTF-8. */
static bool utf8_is_meant(const char *bytes, size_t length)
{
    size_t good = 0;
    size_t bad = 0;
    size_t at = 0;
    while (at < length) {
        size_t size = utf8_next(bytes + at, length - at, NULL);
        if (size >= 3) {
            good += size;
        } else if (size == 0 || size == 2) {
            bad += size == 0 ? 1 : 2;
        }
        at += size == 0 ? 1 : size;
    }
    return good > 9 * bad;
}

static void guess_encoding(const char *bytes, size_t length, char ret_guess[ENCODING_NAME_SIZE])
{
    enum {
        SAMPLE_BYTES = 256 * 1024
    };
    ret_guess[0] = '\0';
    uchardet_t detector = uchardet_new();
    if (detector == NULL) {
        return;
    }
    if (uchardet_handle_data(detector, bytes, length < SAMPLE_BYTES ? length : SAMPLE_BYTES) == 0) {
        uchardet_data_end(detector);
        (void)snprintf(ret_guess, ENCODING_NAME_SIZE, "%s", uchardet_get_charset(detector));
    }
    uchardet_delete(detector);
}

/* ERR_SYNTAX leaves the offset of the first byte that does not fit in *ret_at. */
static enum error_code convert(const char *from, const char *bytes, size_t length, char **ret_text,
                               size_t *ret_length, size_t *ret_at)
{
    iconv_t cd = iconv_open("UTF-8", from);
    if (cd == (iconv_t)-1) {
        return ERR_INTERNAL;
    }
    enum error_code code = ERR_NONE;
    /* Two bytes become three at most: UTF-16 and GB18030 alike; a BMP character of four bytes too. */
    size_t room = length + length / 2 + 4;
    char *text = malloc(room + 1);
    if (text == NULL) {
        code = ERR_MEMORY;
        goto close;
    }
    /* iconv takes a plain char ** but only reads; the union says so without a cast. */
    union {
        const char *in;
        char *out;
    } at = {.in = bytes};
    size_t left = length;
    char *to = text;
    size_t to_left = room;
    if (iconv(cd, &at.out, &left, &to, &to_left) == (size_t)-1 || left > 0) {
        code = errno == ENOMEM ? ERR_MEMORY : ERR_SYNTAX;
        *ret_at = length - left;
        free(text);
        goto close;
    }
    *to = '\0';
    *ret_length = (size_t)(to - text);
    *ret_text = text;
close:
    (void)iconv_close(cd);
    return code;
}

static enum error_code misfit(const char *bytes, size_t at, size_t unit, size_t offset, const char *encoding,
                              uint32_t *ret_row, struct error *err)
{
    uint32_t row = row_of(bytes, at, unit, offset);
    *ret_row = row;
    return error_set(err, ERR_SYNTAX,
                     "第 %u 行有无法识别的字节 0x%02X（按 %s 读取）；请在表格软件中另存为“CSV UTF-8”再导入 "
                     "(row %u: byte 0x%02X is no text, read as %s; save the file as CSV UTF-8)",
                     row, (unsigned char)bytes[at], encoding, row, (unsigned char)bytes[at], encoding);
}

static enum error_code take_copy(const char *bytes, size_t length, struct decoded *ret, struct error *err)
{
    char *text = malloc(length + 1);
    if (text == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    if (length > 0) {
        memcpy(text, bytes, length);
    }
    text[length] = '\0';
    ret->text = text;
    ret->length = length;
    return ERR_NONE;
}

static bool has_utf16_mark(const char *bytes, size_t length)
{
    return length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0);
}

const char *encoding_utf16(const char *bytes, size_t length)
{
    enum {
        SAMPLE_BYTES = 64 * 1024
    };
    if (has_utf16_mark(bytes, length)) {
        return bytes[0] == '\xFF' ? "UTF-16LE" : "UTF-16BE";
    }
    /* 一 is U+4E00, so a zero byte alone says little; its partner and the majority do. */
    size_t low_first = 0;
    size_t high_first = 0;
    for (size_t i = 0; i + 1 < length && i < SAMPLE_BYTES; i += 2) {
        bool is_low = (bytes[i] >= ' ' && bytes[i] < 0x7F) || (bytes[i] >= '\t' && bytes[i] <= '\r');
        bool is_high =
            (bytes[i + 1] >= ' ' && bytes[i + 1] < 0x7F) || (bytes[i + 1] >= '\t' && bytes[i + 1] <= '\r');
        low_first += is_low && bytes[i + 1] == '\0' ? 1 : 0;
        high_first += is_high && bytes[i] == '\0' ? 1 : 0;
        if (bytes[i] == '\0' && bytes[i + 1] == '\0') {
            return NULL;
        }
    }
    size_t sampled = (length < SAMPLE_BYTES ? length : SAMPLE_BYTES) / 2;
    if (length % 2 != 0 || (low_first + high_first) * 20 < sampled) {
        return NULL; /* even Chinese prose has a line end or a digit among twenty characters */
    }
    return low_first > 3 * high_first ? "UTF-16LE" : high_first > 3 * low_first ? "UTF-16BE" : NULL;
}

static enum error_code decode_utf16(const char *bytes, size_t length, const char *encoding,
                                    struct decoded *ret, uint32_t *ret_row, struct error *err)
{
    size_t at = 0;
    size_t skip = has_utf16_mark(bytes, length) ? 2 : 0;
    bool is_little = strcmp(encoding, "UTF-16LE") == 0;
    ret->encoding = encoding;
    enum error_code code = convert(encoding, bytes + skip, length - skip, &ret->text, &ret->length, &at);
    if (code == ERR_SYNTAX) {
        at += skip;
        return misfit(bytes, at < length ? at : length - 1, 2, is_little ? 0 : 1, ret->encoding, ret_row,
                      err);
    }
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "UTF-16");
}

static enum error_code decode_gb18030(const char *bytes, size_t length, struct decoded *ret,
                                      uint32_t *ret_row, struct error *err)
{
    size_t at = 0;
    ret->encoding = "GB18030";
    enum error_code code = convert("GB18030", bytes, length, &ret->text, &ret->length, &at);
    if (code == ERR_SYNTAX) {
        return misfit(bytes, at, 1, 0, "GB18030", ret_row, err);
    }
    if (code != ERR_NONE) {
        return error_set(err, code, "GB18030");
    }
    guess_encoding(bytes, length, ret->guess);
    /* Only a guess of another double-byte encoding means something: short Chinese texts look like many
     * things. */
    bool is_other = strcmp(ret->guess, "BIG5") == 0 || strcmp(ret->guess, "EUC-TW") == 0 ||
                    strcmp(ret->guess, "SHIFT_JIS") == 0;
    if (!is_other) {
        ret->guess[0] = '\0';
    }
    return ERR_NONE;
}

static enum error_code decode_plain(const char *bytes, size_t length, struct decoded *ret, uint32_t *ret_row,
                                    struct error *err)
{
    bool has_bom = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    size_t skip = has_bom ? 3 : 0;
    size_t bad_at = utf8_bad_at(bytes + skip, length - skip);
    if (bad_at == length - skip) {
        ret->encoding = has_bom ? "UTF-8 BOM" : "UTF-8";
        return take_copy(bytes + skip, length - skip, ret, err);
    }
    if (has_bom || utf8_is_meant(bytes, length)) {
        return misfit(bytes, skip + bad_at, 1, 0, "UTF-8", ret_row, err);
    }
    return decode_gb18030(bytes, length, ret, ret_row, err);
}

enum error_code encoding_decode(const char *bytes, size_t length, struct decoded *ret_decoded,
                                uint32_t *ret_row, struct error *err)
{
    struct decoded decoded = {0};
    enum error_code code = ERR_NONE;
    const char *wide = encoding_utf16(bytes, length);
    if (wide != NULL) {
        code = decode_utf16(bytes, length, wide, &decoded, ret_row, err);
    } else {
        code = decode_plain(bytes, length, &decoded, ret_row, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    const char *nul = memchr(decoded.text, '\0', decoded.length);
    if (nul != NULL) {
        uint32_t row = row_of(decoded.text, (size_t)(nul - decoded.text), 1, 0);
        *ret_row = row;
        free(decoded.text);
        return error_set(err, ERR_SYNTAX,
                         "第 %u 行含有空字节，不是文本文件；若为 UTF-16，请另存为“CSV UTF-8” "
                         "(row %u holds a zero byte: no text file, or UTF-16 without its mark)",
                         row, row);
    }
    *ret_decoded = decoded;
    return ERR_NONE;
}

/* Does <meta …charset=…> in the page's head say Big5? */
static bool says_big5(const char *bytes, size_t length)
{
    enum {
        HEAD_BYTES = 4096
    };
    char head[HEAD_BYTES + 1];
    size_t size = length < HEAD_BYTES ? length : HEAD_BYTES;
    for (size_t i = 0; i < size; i++) {
        head[i] = bytes[i] == '\0' ? ' ' : bytes[i];
    }
    head[size] = '\0';
    const char *at = strcasestr(head, "charset");
    at = at == NULL ? NULL : at + strlen("charset");
    while (at != NULL && *at != '\0' && strchr(" =\"'", *at) != NULL) {
        at++;
    }
    return at != NULL && strncasecmp(at, "big5", 4) == 0;
}

enum error_code encoding_decode_page(const char *bytes, size_t length, struct decoded *ret_decoded,
                                     uint32_t *ret_row, struct error *err)
{
    struct decoded decoded = {.encoding = "BIG5"};
    size_t at = 0;
    if (encoding_utf16(bytes, length) == NULL && says_big5(bytes, length) &&
        utf8_bad_at(bytes, length) < length) {
        enum error_code code = convert("BIG5-HKSCS", bytes, length, &decoded.text, &decoded.length, &at);
        if (code == ERR_SYNTAX) {
            return misfit(bytes, at, 1, 0, "BIG5", ret_row, err);
        }
        if (code != ERR_NONE) {
            return error_set(err, code, "BIG5");
        }
        *ret_decoded = decoded;
        return ERR_NONE;
    }
    return encoding_decode(bytes, length, ret_decoded, ret_row, err);
}
