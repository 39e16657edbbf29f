#include "base/text.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static const char *html_entity(uint32_t code)
{
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* What XML 1.0 §2.2 forbids or discourages, but TAB and LF. */
static bool html_dropped(uint32_t code)
{
    bool c0 = code < 0x20 && code != '\t' && code != '\n';
    bool c1 = code >= 0x7f && code <= 0x9f;
    return c0 || c1 || code == 0xfffe || code == 0xffff;
}

void text_add_html(struct text *text, const char *string)
{
    size_t length = string == NULL ? 0 : strlen(string);
    size_t at = 0;
    while (at < length) {
        uint32_t code = 0;
        size_t size = utf8_next(string + at, length - at, &code);
        const char *entity = size == 0 ? REPLACEMENT : html_entity(code);
        if (entity != NULL) {
            text_add(text, entity);
        } else if (!html_dropped(code)) {
            text_add_bytes(text, string + at, size);
        }
        at += size == 0 ? 1 : size;
    }
}

void text_add_csv(struct text *text, const char *string)
{
    const char *field = string == NULL ? "" : string;
    if (strpbrk(field, ",\"\r\n") == NULL) {
        text_add(text, field);
        return;
    }
    text_add_char(text, '"');
    for (const char *quote = strchr(field, '"'); quote != NULL; quote = strchr(field, '"')) {
        text_add_bytes(text, field, (size_t)(quote - field) + 1);
        text_add_char(text, '"');
        field = quote + 1;
    }
    text_add(text, field);
    text_add_char(text, '"');
}

void text_add_csv_safe(struct text *text, const char *string)
{
    struct text safe;
    bool runs = string != NULL && string[0] != '\0' && strchr("=+-@\t\r", string[0]) != NULL;
    if (!runs) {
        text_add_csv(text, string);
        return;
    }
    text_init(&safe, text->max);
    text_add_char(&safe, '\'');
    text_add(&safe, string);
    text_add_csv(text, text_string(&safe));
    text->failed = safe.failed != ERR_NONE ? safe.failed : text->failed;
    text_finish(&safe);
}

/* The short escapes of RFC 8259 §7, or NULL. */
static const char *json_escape(uint32_t code)
{
    switch (code) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return NULL;
    }
}

void text_add_json(struct text *text, const char *string)
{
    size_t length = string == NULL ? 0 : strlen(string);
    size_t at = 0;
    text_add_char(text, '"');
    while (at < length) {
        uint32_t code = 0;
        size_t size = utf8_next(string + at, length - at, &code);
        const char *escape = size == 0 ? REPLACEMENT : json_escape(code);
        if (escape != NULL) {
            text_add(text, escape);
        } else if (code < 0x20) {
            text_addf(text, "\\u%04x", (unsigned)code);
        } else {
            text_add_bytes(text, string + at, size);
        }
        at += size == 0 ? 1 : size;
    }
    text_add_char(text, '"');
}
