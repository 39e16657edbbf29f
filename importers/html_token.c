#include "importers/html_token.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_name_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == ':' || byte == '-' || byte == '_';
}

/* Past the tag's ">", which may stand inside of quotation marks. */
static const char *tag_end(const char *at, const char *end)
{
    char quote = '\0';
    for (; at < end; at++) {
        if (quote != '\0') {
            quote = *at == quote ? '\0' : quote;
        } else if ((*at == '"' || *at == '\'') && at[-1] == '=') {
            quote = *at;
        } else if (*at == '>') {
            return at;
        }
    }
    return end;
}

static void take_name(const char **at, const char *end, char ret_name[HTML_NAME_SIZE])
{
    size_t used = 0;
    for (; *at < end && is_name_byte(**at); ++*at) {
        if (**at == ':') {
            used = 0; /* a prefix */
        } else if (used + 1 < HTML_NAME_SIZE) {
            ret_name[used++] = (char)tolower((unsigned char)**at);
        }
    }
    ret_name[used] = '\0';
}

/* What has no text for a reader, up to its end tag; the whole rest when that is missing. */
static bool skip_raw(struct html_reader *reader, const char *name)
{
    static const char *const RAW[] = {"script", "style", "title", "xml", "noscript"};
    for (size_t i = 0; i < sizeof RAW / sizeof *RAW; i++) {
        if (strcmp(name, RAW[i]) != 0) {
            continue;
        }
        size_t size = strlen(name);
        for (const char *at = reader->at; at < reader->end; at++) {
            at = memchr(at, '<', (size_t)(reader->end - at));
            if (at == NULL) {
                break;
            }
            if ((size_t)(reader->end - at) > size + 2 && at[1] == '/' &&
                strncasecmp(at + 2, name, size) == 0) {
                reader->at = at;
                return true;
            }
        }
        reader->at = reader->end;
        return true;
    }
    return false;
}

/* <!-- … -->, <!doctype …>, <![if …]>, <?xml …?>: false when it is none of these. */
static bool skip_declaration(struct html_reader *reader)
{
    size_t left = (size_t)(reader->end - reader->at);
    if (left >= 4 && memcmp(reader->at, "<!--", 4) == 0) {
        const char *close = memmem(reader->at + 4, left - 4, "-->", 3);
        reader->at = close == NULL ? reader->end : close + 3;
        return true;
    }
    if (left >= 2 && (reader->at[1] == '!' || reader->at[1] == '?')) {
        const char *close = memchr(reader->at, '>', left);
        reader->at = close == NULL ? reader->end : close + 1;
        return true;
    }
    return false;
}

static bool begins_tag(const struct html_reader *reader)
{
    size_t left = (size_t)(reader->end - reader->at);
    return left >= 2 && *reader->at == '<' &&
           (isalpha((unsigned char)reader->at[1]) ||
            (reader->at[1] == '/' && left >= 3 && isalpha((unsigned char)reader->at[2])));
}

static struct html_token take_tag(struct html_reader *reader)
{
    struct html_token token = {.kind = reader->at[1] == '/' ? HTML_CLOSE : HTML_OPEN};
    const char *at = reader->at + (token.kind == HTML_CLOSE ? 2 : 1);
    take_name(&at, reader->end, token.name);
    const char *close = tag_end(at, reader->end);
    token.bytes = at;
    token.length = (size_t)(close - at);
    reader->at = close < reader->end ? close + 1 : close;
    if (token.kind == HTML_OPEN) {
        (void)skip_raw(reader, token.name);
    }
    return token;
}

struct html_token html_next(struct html_reader *reader)
{
    while (reader->at < reader->end) {
        if (begins_tag(reader)) {
            return take_tag(reader);
        }
        if (*reader->at == '<' && skip_declaration(reader)) {
            continue;
        }
        const char *from = reader->at;
        const char *next = memchr(from + 1, '<', (size_t)(reader->end - from - 1));
        reader->at = next == NULL ? reader->end : next;
        return (struct html_token){.kind = HTML_TEXT, .bytes = from, .length = (size_t)(reader->at - from)};
    }
    return (struct html_token){.kind = HTML_END, .bytes = reader->end};
}

/* The value of an attribute; NULL when the tag does not have it. */
static const char *attribute(const struct html_token *token, const char *name, size_t *ret_length)
{
    const char *at = token->bytes;
    const char *end = token->bytes + token->length;
    size_t size = strlen(name);
    while (at < end) {
        while (at < end && !is_name_byte(*at)) {
            at++;
        }
        const char *from = at;
        while (at < end && is_name_byte(*at)) {
            at++;
        }
        bool is_it = (size_t)(at - from) == size && strncasecmp(from, name, size) == 0;
        while (at < end && is_blank(*at)) {
            at++;
        }
        if (at >= end || *at != '=') {
            continue;
        }
        at++;
        while (at < end && is_blank(*at)) {
            at++;
        }
        char quote = at < end && (*at == '"' || *at == '\'') ? *at++ : '\0';
        const char *value = at;
        while (at < end && (quote != '\0' ? *at != quote : !is_blank(*at))) {
            at++;
        }
        if (is_it) {
            *ret_length = (size_t)(at - value);
            return value;
        }
        at += quote != '\0' && at < end ? 1 : 0;
    }
    return NULL;
}

uint32_t html_number(const struct html_token *token, const char *name, uint32_t otherwise)
{
    size_t length = 0;
    const char *value = attribute(token, name, &length);
    uint32_t number = 0;
    size_t digits = 0;
    for (; value != NULL && digits < length && digits < 9 && isdigit((unsigned char)value[digits]);
         digits++) {
        number = number * 10 + (uint32_t)(value[digits] - '0');
    }
    return digits == 0 ? otherwise : number;
}

bool html_is_hidden(const struct html_token *token)
{
    size_t length = 0;
    const char *style = attribute(token, "style", &length);
    for (size_t i = 0; style != NULL && i + 7 <= length; i++) {
        if (strncasecmp(style + i, "display", 7) == 0) {
            size_t at = i + 7;
            while (at < length && (is_blank(style[at]) || style[at] == ':')) {
                at++;
            }
            return length - at >= 4 && strncasecmp(style + at, "none", 4) == 0;
        }
    }
    return false;
}

/* ---- texts ---- */

static void add_code_point(struct text *out, uint32_t code)
{
    char bytes[4];
    size_t size = 0;
    bool is_bad = code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF) || code < ' ';
    code = is_bad ? (code == '\t' || code == '\n' || code == '\r' ? ' ' : 0xFFFD) : code;
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

static bool take_number(const char *at, size_t length, uint32_t *ret_code, size_t *ret_size)
{
    uint32_t code = 0;
    size_t size = 2;
    bool is_hex = size < length && (at[size] == 'x' || at[size] == 'X');
    size += is_hex ? 1 : 0;
    size_t from = size;
    for (; size < length && size < from + 9 &&
           (is_hex ? isxdigit((unsigned char)at[size]) : isdigit((unsigned char)at[size]));
         size++) {
        uint32_t digit = isdigit((unsigned char)at[size]) ? (uint32_t)(at[size] - '0')
                                                          : (uint32_t)(tolower(at[size]) - 'a' + 10);
        code = code > 0x110000 ? code : code * (is_hex ? 16 : 10) + digit;
    }
    if (size == from) {
        return false;
    }
    *ret_code = code;
    *ret_size = size + (size < length && at[size] == ';' ? 1 : 0);
    return true;
}

/* A character reference at `at` (HTML 13.5: the names that office pages use); its size, or 0. */
static size_t take_reference(const char *at, size_t length, uint32_t *ret_code)
{
    static const struct {
        const char *name;
        uint32_t code;
    } NAMES[] = {{"nbsp", 0xA0},     {"lt", '<'},        {"gt", '>'},       {"amp", '&'},
                 {"quot", '"'},      {"apos", '\''},     {"ensp", 0x2002},  {"emsp", 0x2003},
                 {"thinsp", 0x2009}, {"middot", 0xB7},   {"mdash", 0x2014}, {"ndash", 0x2013},
                 {"ldquo", 0x201C},  {"rdquo", 0x201D},  {"lsquo", 0x2018}, {"rsquo", 0x2019},
                 {"hellip", 0x2026}, {"times", 0xD7},    {"divide", 0xF7},  {"plusmn", 0xB1},
                 {"deg", 0xB0},      {"yen", 0xA5},      {"copy", 0xA9},    {"reg", 0xAE},
                 {"bull", 0x2022},   {"radic", 0x221A},  {"le", 0x2264},    {"ge", 0x2265},
                 {"lsaquo", 0x2039}, {"rsaquo", 0x203A}, {"laquo", 0xAB},   {"raquo", 0xBB},
                 {"zwnj", 0x200C},   {"zwj", 0x200D},    {"shy", 0xAD},     {"permil", 0x2030}};
    size_t size = 0;
    if (length > 2 && at[1] == '#') {
        return take_number(at, length, ret_code, &size) ? size : 0;
    }
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        size = strlen(NAMES[i].name);
        if (length > size && strncmp(at + 1, NAMES[i].name, size) == 0 &&
            !(size + 1 < length && isalnum((unsigned char)at[size + 1]))) {
            *ret_code = NAMES[i].code;
            return size + 1 + (size + 1 < length && at[size + 1] == ';' ? 1 : 0);
        }
    }
    return 0;
}

void html_add_text(struct text *out, const char *bytes, size_t length)
{
    for (size_t at = 0; at < length && out->failed == ERR_NONE;) {
        size_t run = at;
        while (run < length && bytes[run] != '&' && !is_blank(bytes[run])) {
            run++;
        }
        text_add_bytes(out, bytes + at, run - at);
        at = run;
        uint32_t code = 0;
        size_t size = at < length && bytes[at] == '&' ? take_reference(bytes + at, length - at, &code) : 0;
        if (size > 0) {
            add_code_point(out, code);
            at += size;
        } else if (at < length && bytes[at] == '&') {
            text_add_char(out, bytes[at++]);
        } else if (at < length) {
            while (at < length && is_blank(bytes[at])) {
                at++;
            }
            if (out->length > 0 && !is_blank(out->data[out->length - 1])) {
                text_add_char(out, ' ');
            }
        }
    }
}
