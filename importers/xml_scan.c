#include "importers/xml_scan.h"

#include "base/limits.h"
#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    ATTRIBUTES_MAX = 64,
    NAME_MAX_BYTES = 255
};

struct xml_scan {
    struct xml_scan_handlers handlers;
    void *context;
    char *buffer; /* owned */
    size_t length, capacity;
    size_t at;      /* what comes before was read */
    size_t checked; /* what comes before is good UTF-8 without NUL */
    size_t lines;
    bool is_last, has_root;
    size_t depth;
    char names[LIMIT_XML_DEPTH * (NAME_MAX_BYTES + 1)]; /* of the open elements, each with a NUL */
    size_t names_length;
    size_t name_at[LIMIT_XML_DEPTH];
};

/* The scanner's own answers beside xml_scan_result: go on, or wait for more bytes. */
enum step {
    STEP_ON,
    STEP_WAIT,
    STEP_BROKEN,
    STEP_DOCTYPE,
    STEP_DEEP,
    STEP_STOPPED
};

struct xml_scan *xml_scan_open(const struct xml_scan_handlers *handlers, void *context)
{
    struct xml_scan *scan = calloc(1, sizeof *scan);
    if (scan == NULL) {
        return NULL;
    }
    scan->buffer = calloc(1, 1);
    if (scan->buffer == NULL) {
        free(scan);
        return NULL;
    }
    scan->capacity = 1;
    scan->handlers = *handlers;
    scan->context = context;
    scan->lines = 1;
    return scan;
}

void xml_scan_close(struct xml_scan *scan)
{
    if (scan != NULL) {
        free(scan->buffer);
        free(scan);
    }
}

size_t xml_scan_line(const struct xml_scan *scan)
{
    size_t lines = scan->lines;
    for (size_t i = 0; i < scan->at; i++) {
        lines += scan->buffer[i] == '\n' ? 1 : 0;
    }
    return lines;
}

bool xml_scan_fits(const char *bytes, size_t length)
{
    char head[200];
    size_t size = length < sizeof head - 1 ? length : sizeof head - 1;
    memcpy(head, bytes, size);
    head[size] = '\0';
    if (strlen(head) < size ||
        (size >= 2 && (memcmp(head, "\xFF\xFE", 2) == 0 || memcmp(head, "\xFE\xFF", 2) == 0))) {
        return false;
    }
    const char *end = strstr(head, "?>");
    const char *encoding = strstr(head, "encoding");
    if (end == NULL || encoding == NULL || encoding > end) {
        return true;
    }
    encoding += strcspn(encoding, "\"'");
    return strncasecmp(encoding + (*encoding != '\0' ? 1 : 0), "utf-8", 5) == 0;
}

/* ---- bytes ---- */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

/* Checks what came in; a character that is cut at the end waits. */
static bool check_utf8(struct xml_scan *scan)
{
    static const uint64_t HIGH = UINT64_C(0x8080808080808080);
    size_t at = scan->checked;
    if (memchr(scan->buffer + at, '\0', scan->length - at) != NULL) {
        return false;
    }
    while (at < scan->length) {
        uint64_t word = 0;
        if (scan->length - at >= sizeof word) {
            memcpy(&word, scan->buffer + at, sizeof word);
            if ((word & HIGH) == 0) {
                at += sizeof word;
                continue;
            }
        }
        if ((unsigned char)scan->buffer[at] < 0x80) {
            at++;
            continue;
        }
        size_t size = utf8_next(scan->buffer + at, scan->length - at, NULL);
        if (size == 0) {
            scan->checked = at;
            return !scan->is_last && scan->length - at < 4;
        }
        at += size;
    }
    scan->checked = at;
    return true;
}

static bool take_bytes(struct xml_scan *scan, const char *bytes, size_t length)
{
    for (size_t i = 0; i < scan->at; i++) {
        const char *line = memchr(scan->buffer + i, '\n', scan->at - i);
        if (line == NULL) {
            break;
        }
        scan->lines++;
        i = (size_t)(line - scan->buffer);
    }
    memmove(scan->buffer, scan->buffer + scan->at, scan->length - scan->at);
    scan->length -= scan->at;
    scan->checked -= scan->checked < scan->at ? scan->checked : scan->at;
    scan->at = 0;
    if (scan->length + length + 1 > scan->capacity) {
        char *grown = realloc(scan->buffer, scan->length + length + 1);
        if (grown == NULL) {
            return false;
        }
        scan->buffer = grown;
        scan->capacity = scan->length + length + 1;
    }
    if (length > 0) {
        memcpy(scan->buffer + scan->length, bytes, length);
    }
    scan->length += length;
    scan->buffer[scan->length] = '\0';
    return true;
}

/* ---- references ---- */

static size_t put_character(uint32_t code, char *to)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xC0 | (code >> 6));
        to[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    size_t size = code < 0x10000 ? 3 : 4;
    to[0] = (char)(size == 3 ? 0xE0 | (code >> 12) : 0xF0 | (code >> 18));
    for (size_t i = 1; i < size; i++) {
        to[i] = (char)(0x80 | ((code >> (6 * (size - 1 - i))) & 0x3F));
    }
    return size;
}

/* XML 1.0, 2.2: what a character reference may name. */
static bool is_character(uint32_t code)
{
    return code == '\t' || code == '\n' || code == '\r' || (code >= ' ' && code < 0xD800) ||
           (code >= 0xE000 && code <= 0x10FFFF && code != 0xFFFE && code != 0xFFFF);
}

static bool number_reference(const char *at, size_t length, uint32_t *ret_code)
{
    bool is_hex = length > 1 && at[1] == 'x';
    uint32_t code = 0;
    size_t i = is_hex ? 2 : 1;
    if (i >= length) {
        return false;
    }
    for (; i < length; i++) {
        int digit = at[i] >= '0' && at[i] <= '9'             ? at[i] - '0'
                    : is_hex && at[i] >= 'a' && at[i] <= 'f' ? at[i] - 'a' + 10
                    : is_hex && at[i] >= 'A' && at[i] <= 'F' ? at[i] - 'A' + 10
                                                             : -1;
        if (digit < 0 || code > 0x10FFFF) {
            return false;
        }
        code = code * (is_hex ? 16 : 10) + (uint32_t)digit;
    }
    *ret_code = code;
    return is_character(code);
}

/* What stands between "&" and ";". */
static bool reference(const char *name, size_t length, uint32_t *ret_code)
{
    static const struct {
        const char *name;
        char code;
    } NAMES[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    if (length > 0 && name[0] == '#') {
        return number_reference(name, length, ret_code);
    }
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (strlen(NAMES[i].name) == length && memcmp(NAMES[i].name, name, length) == 0) {
            *ret_code = (uint32_t)NAMES[i].code;
            return true;
        }
    }
    return false;
}

/* ---- texts ---- */

static bool give(struct xml_scan *scan, const char *bytes, size_t length)
{
    return length == 0 || scan->handlers.text == NULL || scan->handlers.text(scan->context, bytes, length);
}

/* Line ends become "\n" (XML 1.0, 2.11); a CR at the very end of what is there was held back. */
static bool give_lines(struct xml_scan *scan, const char *bytes, size_t length)
{
    while (length > 0) {
        const char *cr = memchr(bytes, '\r', length);
        size_t size = cr == NULL ? length : (size_t)(cr - bytes);
        if (!give(scan, bytes, size)) {
            return false;
        }
        if (cr == NULL) {
            return true;
        }
        if (!(size + 1 < length && bytes[size + 1] == '\n') && !give(scan, "\n", 1)) {
            return false;
        }
        bytes += size + 1;
        length -= size + 1;
    }
    return true;
}

static bool is_only_blank(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!is_blank(bytes[i])) {
            return false;
        }
    }
    return true;
}

/* The text up to `end`; references in it are whole, unless it was cut there. */
static enum step scan_text(struct xml_scan *scan, size_t end, bool is_cut)
{
    enum {
        REFERENCE_MAX = 16
    };
    const char *text = scan->buffer + scan->at;
    size_t length = end - scan->at;
    if (scan->depth == 0) {
        scan->at = end;
        return is_only_blank(text, length) ? STEP_ON : STEP_BROKEN;
    }
    if (is_cut && length > 0 && text[length - 1] == '\r') {
        length--;
    }
    while (length > 0) {
        const char *mark = memchr(text, '&', length);
        size_t size = mark == NULL ? length : (size_t)(mark - text);
        if (!give_lines(scan, text, size)) {
            return STEP_STOPPED;
        }
        scan->at += size;
        text += size;
        length -= size;
        if (mark == NULL) {
            break;
        }
        const char *close = memchr(text, ';', length < REFERENCE_MAX ? length : REFERENCE_MAX);
        if (close == NULL) {
            return is_cut && length < REFERENCE_MAX ? STEP_WAIT : STEP_BROKEN;
        }
        uint32_t code = 0;
        char bytes[4];
        size = (size_t)(close - text);
        if (!reference(text + 1, size - 1, &code)) {
            return STEP_BROKEN;
        }
        if (!give(scan, bytes, put_character(code, bytes))) {
            return STEP_STOPPED;
        }
        scan->at += size + 1;
        text += size + 1;
        length -= size + 1;
    }
    return is_cut ? STEP_WAIT : STEP_ON;
}

/* ---- tags ---- */

static bool is_name_start(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' || byte == ':' ||
           (unsigned char)byte >= 0x80;
}

/* Past a name; 0 when there is none. The buffer ends with NUL, which is no part of a name. */
static size_t name_end(const char *buffer, size_t at)
{
    if (!is_name_start(buffer[at])) {
        return 0;
    }
    while (is_name_start(buffer[at]) || (buffer[at] >= '0' && buffer[at] <= '9') || buffer[at] == '-' ||
           buffer[at] == '.') {
        at++;
    }
    return at;
}

static const char *local_name(const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        if (*at == ':') {
            return at + 1;
        }
    }
    return name;
}

/* Resolves references and line ends of an attribute's value in place. */
static bool settle_value(char *value, size_t length)
{
    size_t used = 0;
    while (used < length && value[used] != '&' && (unsigned char)value[used] >= ' ') {
        used++; /* mostly all of it */
    }
    for (size_t i = used; i < length;) {
        if (value[i] != '&') {
            bool is_pair = value[i] == '\r' && i + 1 < length && value[i + 1] == '\n';
            value[used++] = is_blank(value[i]) ? ' ' : value[i];
            i += is_pair ? 2 : 1;
            continue;
        }
        const char *close = memchr(value + i, ';', length - i);
        uint32_t code = 0;
        if (close == NULL || !reference(value + i + 1, (size_t)(close - value) - i - 1, &code)) {
            return false;
        }
        i = (size_t)(close - value) + 1;
        used += put_character(code, value + used);
    }
    value[used] = '\0';
    return true;
}

static enum step end_of_data(const struct xml_scan *scan)
{
    return scan->is_last ? STEP_BROKEN : STEP_WAIT;
}

static bool push_name(struct xml_scan *scan, const char *name, size_t length)
{
    if (scan->depth >= LIMIT_XML_DEPTH || length > NAME_MAX_BYTES) {
        return false;
    }
    scan->name_at[scan->depth++] = scan->names_length;
    memcpy(scan->names + scan->names_length, name, length + 1);
    scan->names_length += length + 1;
    return true;
}

static bool pop_name(struct xml_scan *scan)
{
    const char *name = scan->names + scan->name_at[scan->depth - 1];
    bool goes_on = scan->handlers.end(scan->context, local_name(name));
    scan->names_length = scan->name_at[--scan->depth];
    return goes_on;
}

struct tag {
    size_t name, name_end;            /* in the buffer */
    size_t values[ATTRIBUTES_MAX][4]; /* name, its end, value, its end */
    size_t count;
    bool is_empty;
    size_t end;
};

/* Finds the tag's parts without touching the buffer, for it may have to wait for its rest. */
static enum step measure_tag(const struct xml_scan *scan, struct tag *tag)
{
    const char *buffer = scan->buffer;
    size_t at = scan->at + 1;
    tag->name = at;
    tag->name_end = name_end(buffer, at);
    tag->count = 0;
    if (tag->name_end == 0) {
        return STEP_BROKEN;
    }
    for (at = tag->name_end;;) {
        size_t from = at;
        while (is_blank(buffer[at])) {
            at++;
        }
        if (at >= scan->length) {
            return end_of_data(scan);
        }
        if (buffer[at] == '>' || (buffer[at] == '/' && buffer[at + 1] == '>')) {
            tag->is_empty = buffer[at] == '/';
            tag->end = at + (tag->is_empty ? 2 : 1);
            return STEP_ON;
        }
        if (buffer[at] == '/' && at + 1 >= scan->length) {
            return end_of_data(scan);
        }
        if (at == from || tag->count >= ATTRIBUTES_MAX) {
            return STEP_BROKEN;
        }
        size_t *parts = tag->values[tag->count++];
        parts[0] = at;
        parts[1] = name_end(buffer, at);
        if (parts[1] == 0) {
            return STEP_BROKEN;
        }
        for (at = parts[1]; is_blank(buffer[at]); at++) {}
        if (at >= scan->length) {
            return end_of_data(scan);
        }
        if (buffer[at] != '=') {
            return STEP_BROKEN;
        }
        for (at++; is_blank(buffer[at]); at++) {}
        if (at >= scan->length) {
            return end_of_data(scan);
        }
        if (buffer[at] != '"' && buffer[at] != '\'') {
            return STEP_BROKEN;
        }
        parts[2] = at + 1;
        /* The buffer's own NUL ends the search. */
        for (size_t i = at + 1;; i++) {
            if (buffer[i] == buffer[at]) {
                parts[3] = i;
                break;
            }
            if (buffer[i] == '<') {
                return STEP_BROKEN;
            }
            if (i >= scan->length) {
                return end_of_data(scan);
            }
        }
        at = parts[3] + 1;
    }
}

static enum step scan_start(struct xml_scan *scan)
{
    struct tag tag;
    const char *attributes[2 * ATTRIBUTES_MAX + 1];
    enum step step = measure_tag(scan, &tag);
    if (step != STEP_ON) {
        return step;
    }
    if (scan->depth == 0 && scan->has_root) {
        return STEP_BROKEN;
    }
    scan->has_root = true;
    for (size_t i = 0; i < tag.count; i++) {
        size_t *parts = tag.values[i];
        scan->buffer[parts[1]] = '\0';
        scan->buffer[parts[3]] = '\0';
        if (!settle_value(scan->buffer + parts[2], parts[3] - parts[2])) {
            return STEP_BROKEN;
        }
        attributes[2 * i] = scan->buffer + parts[0];
        attributes[2 * i + 1] = scan->buffer + parts[2];
    }
    attributes[2 * tag.count] = NULL;
    scan->buffer[tag.name_end] = '\0';
    if (!push_name(scan, scan->buffer + tag.name, tag.name_end - tag.name)) {
        return scan->depth >= LIMIT_XML_DEPTH ? STEP_DEEP : STEP_BROKEN;
    }
    scan->at = tag.end;
    if (!scan->handlers.start(scan->context, local_name(scan->buffer + tag.name), attributes)) {
        return STEP_STOPPED;
    }
    return !tag.is_empty || pop_name(scan) ? STEP_ON : STEP_STOPPED;
}

static enum step scan_end(struct xml_scan *scan)
{
    const char *name = scan->depth == 0 ? "" : scan->names + scan->name_at[scan->depth - 1];
    size_t length = strlen(name);
    size_t at = scan->at + 2;
    if (scan->length - at < length + 1) {
        return end_of_data(scan);
    }
    if (length == 0 || memcmp(scan->buffer + at, name, length) != 0) {
        return STEP_BROKEN;
    }
    for (at += length; is_blank(scan->buffer[at]); at++) {}
    if (at >= scan->length) {
        return end_of_data(scan);
    }
    if (scan->buffer[at] != '>') {
        return STEP_BROKEN;
    }
    scan->at = at + 1;
    return pop_name(scan) ? STEP_ON : STEP_STOPPED;
}

/* Past `close`, with what stands before it given out as text when it is CDATA. */
static enum step scan_until(struct xml_scan *scan, size_t skip, const char *close, bool is_text)
{
    if (scan->length - scan->at < skip) {
        return end_of_data(scan);
    }
    const char *from = scan->buffer + scan->at + skip;
    const char *end = memmem(from, scan->length - scan->at - skip, close, strlen(close));
    if (end == NULL) {
        return end_of_data(scan);
    }
    scan->at = (size_t)(end - scan->buffer) + strlen(close);
    if (is_text && scan->depth == 0) {
        return STEP_BROKEN;
    }
    return !is_text || give_lines(scan, from, (size_t)(end - from)) ? STEP_ON : STEP_STOPPED;
}

static enum step scan_declaration(struct xml_scan *scan)
{
    static const struct {
        const char *begin, *close;
        bool is_text;
    } FORMS[] = {{"<!--", "-->", false}, {"<![CDATA[", "]]>", true}};
    size_t left = scan->length - scan->at;
    for (size_t i = 0; i < 2; i++) {
        size_t size = strlen(FORMS[i].begin);
        size_t part = left < size ? left : size;
        if (memcmp(scan->buffer + scan->at, FORMS[i].begin, part) == 0) {
            return part < size ? end_of_data(scan) : scan_until(scan, size, FORMS[i].close, FORMS[i].is_text);
        }
    }
    return STEP_DOCTYPE;
}

static enum step scan_markup(struct xml_scan *scan)
{
    if (scan->length - scan->at < 2) {
        return end_of_data(scan);
    }
    switch (scan->buffer[scan->at + 1]) {
    case '/':
        return scan_end(scan);
    case '!':
        return scan_declaration(scan);
    case '?':
        return scan_until(scan, 2, "?>", false);
    default:
        return scan_start(scan);
    }
}

static enum step scan_on(struct xml_scan *scan)
{
    enum step step = STEP_ON;
    while (step == STEP_ON && scan->at < scan->checked) {
        if (scan->buffer[scan->at] == '<') {
            step = scan_markup(scan);
            continue;
        }
        const char *next = memchr(scan->buffer + scan->at, '<', scan->checked - scan->at);
        bool is_cut = next == NULL && !scan->is_last;
        step = scan_text(scan, next == NULL ? scan->checked : (size_t)(next - scan->buffer), is_cut);
    }
    return step;
}

enum xml_scan_result xml_scan_feed(struct xml_scan *scan, const char *bytes, size_t length, bool is_last)
{
    static const enum xml_scan_result RESULTS[] = {
        [STEP_ON] = SCAN_DONE,         [STEP_WAIT] = SCAN_DONE, [STEP_BROKEN] = SCAN_BROKEN,
        [STEP_DOCTYPE] = SCAN_DOCTYPE, [STEP_DEEP] = SCAN_DEEP, [STEP_STOPPED] = SCAN_STOPPED};
    bool is_first = scan->capacity == 1;
    scan->is_last = is_last;
    if (!take_bytes(scan, bytes, length)) {
        return SCAN_MEMORY;
    }
    if (is_first && length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        scan->at = 3;
    }
    if (!check_utf8(scan)) {
        return SCAN_BROKEN;
    }
    enum xml_scan_result result = RESULTS[scan_on(scan)];
    if (result == SCAN_DONE && is_last && (scan->depth > 0 || !scan->has_root || scan->at < scan->length)) {
        return SCAN_BROKEN;
    }
    return result == SCAN_DONE && scan->length - scan->at > LIMIT_XML_TOKEN_BYTES ? SCAN_LARGE : result;
}
