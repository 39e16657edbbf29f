#include "ical/safe.h"

#include "base/date.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* RFC 5545 §3.1: 75 octets without the line break. */
    FOLD_OCTETS = 75,
    DAY_SECONDS = 86400
};

/* One line in work: a note, an address and a few names, escaped; far above any field's limit. */
#define SCRATCH_BYTES ((size_t)16 * 1024 * 1024)

void safe_writer_init(struct safe_writer *writer, struct text *out)
{
    *writer = (struct safe_writer){.out = out};
    text_init(&writer->scratch, SCRATCH_BYTES);
    text_init(&writer->clean, SCRATCH_BYTES);
}

void safe_writer_finish(struct safe_writer *writer)
{
    text_finish(&writer->scratch);
    text_finish(&writer->clean);
}

static void writer_fail(struct safe_writer *writer, enum error_code code)
{
    if (writer->out->failed == ERR_NONE) {
        writer->out->failed = code;
    }
}

static bool is_line_break(uint32_t code)
{
    return code == '\n' || code == '\r' || code == 0x2028 || code == 0x2029;
}

static bool is_control(uint32_t code)
{
    return (code < 0x20 && code != '\t') || (code >= 0x7f && code <= 0x9f);
}

/* Plain bytes of ASCII and of well-formed characters go in runs; this answers the run's length. */
static size_t clean_run(const char *value, size_t length)
{
    size_t at = 0;
    while (at < length) {
        unsigned char byte = (unsigned char)value[at];
        if (byte >= 0x20 && byte < 0x7f) {
            at++;
            continue;
        }
        uint32_t code = 0;
        size_t size = utf8_next(value + at, length - at, &code);
        if (size == 0 || code == '\t' || is_control(code) || is_line_break(code)) {
            break;
        }
        at += size;
    }
    return at;
}

void safe_clean(struct text *out, const char *value, enum safe_lines lines)
{
    size_t length = value == NULL ? 0 : strlen(value);
    size_t at = 0;
    while (at < length) {
        size_t run = clean_run(value + at, length - at);
        text_add_bytes(out, value + at, run);
        at += run;
        if (at == length) {
            break;
        }
        uint32_t code = 0;
        size_t size = utf8_next(value + at, length - at, &code);
        if (size == 0) {
            text_add(out, "\xef\xbf\xbd");
            size = 1;
        } else if (is_line_break(code)) {
            size += code == '\r' && at + 1 < length && value[at + 1] == '\n' ? 1 : 0;
            text_add_char(out, lines == SAFE_LINES ? '\n' : ' ');
        } else if (code == '\t') {
            text_add_char(out, lines == SAFE_LINES ? '\t' : ' ');
        }
        at += size;
    }
}

/* Blanks at either end of a value get lost in readers (libical's among them), so none is written. */
static void trim(struct text *text)
{
    size_t from = strspn(text_string(text), " \t");
    while (text->length > from &&
           (text->data[text->length - 1] == ' ' || text->data[text->length - 1] == '\t')) {
        text->length--;
    }
    if (text->length > 0) {
        text->length -= from;
        memmove(text->data, text->data + from, text->length);
        text->data[text->length] = '\0';
    }
}

static bool is_uri_byte(unsigned char byte)
{
    if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9')) {
        return true;
    }
    return byte != '\0' && strchr("-._~:/?#[]@!$&'()*+,;=%", byte) != NULL;
}

void safe_clean_uri(struct text *out, const char *uri)
{
    size_t from = 0;
    for (size_t i = 0; uri != NULL && uri[i] != '\0'; i++) {
        unsigned char byte = (unsigned char)uri[i];
        if (is_uri_byte(byte)) {
            continue;
        }
        text_add_bytes(out, uri + from, i - from);
        from = i + 1;
        if (byte >= 0x20 && byte != 0x7f) {
            text_addf(out, "%%%02X", byte);
        }
    }
    text_add(out, uri == NULL ? "" : uri + from);
}

void safe_unfold(struct text *out, const char *folded, size_t length)
{
    size_t before = out->length;
    size_t at = 0;
    while (at < length) {
        const char *found = memchr(folded + at, '\r', length - at);
        size_t end = found == NULL ? length : (size_t)(found - folded);
        text_add_bytes(out, folded + at, end - at);
        /* "\r\n " and "\r\n\t" continue; the last "\r\n" ends the line. */
        bool is_break = end + 1 < length && folded[end + 1] == '\n';
        at = end + (is_break && end + 2 < length ? 3 : is_break ? 2 : 1);
    }
    /* libical 3.0.16 also folds between the last CR and its LF: "…\r" "\r\n " "\n". */
    if (out->length > before && out->data[out->length - 1] == '\n') {
        out->data[--out->length] = '\0';
    }
}

/* How many of the `length` bytes fit into `room` octets without splitting a character or an escape. */
static size_t fold_cut(const char *bytes, size_t length, size_t room)
{
    size_t cut = utf8_cut(bytes, length, room);
    size_t slashes = 0;
    while (cut < length && slashes < cut && bytes[cut - slashes - 1] == '\\') {
        slashes++;
    }
    return slashes % 2 == 1 && cut > 1 ? cut - 1 : cut;
}

void safe_fold(struct text *out, const char *line, size_t length)
{
    if (memchr(line, '\r', length) != NULL || memchr(line, '\n', length) != NULL) {
        out->failed = out->failed == ERR_NONE ? ERR_INTERNAL : out->failed;
        return;
    }
    size_t at = 0;
    size_t room = FOLD_OCTETS;
    do {
        size_t cut = fold_cut(line + at, length - at, room);
        text_add(out, at > 0 ? " " : "");
        text_add_bytes(out, line + at, cut);
        text_add_bytes(out, "\r\n", 2);
        at += cut;
        room = FOLD_OCTETS - 1;
    } while (at < length);
}

/* The scratch line, made by hand, goes out. */
static void flush_scratch(struct safe_writer *writer)
{
    if (writer->scratch.failed != ERR_NONE) {
        writer_fail(writer, writer->scratch.failed);
    } else {
        safe_fold(writer->out, text_string(&writer->scratch), writer->scratch.length);
    }
}

void safe_property(struct safe_writer *writer, icalproperty *property)
{
    char *line = property == NULL ? NULL : icalproperty_as_ical_string_r(property);
    if (line == NULL) {
        writer_fail(writer, ERR_MEMORY);
    } else {
        text_clear(&writer->scratch);
        safe_unfold(&writer->scratch, line, strlen(line));
        flush_scratch(writer);
    }
    icalmemory_free_buffer(line);
    if (property != NULL) {
        icalproperty_free(property);
    }
}

/* A property holding `value`; frees what it took when memory is out. */
static icalproperty *property_with(icalproperty_kind kind, icalvalue *value)
{
    icalproperty *property = value == NULL ? NULL : icalproperty_new(kind);
    if (property == NULL) {
        if (value != NULL) {
            icalvalue_free(value);
        }
        return NULL;
    }
    icalproperty_set_value(property, value);
    return property;
}

void safe_text_clean(struct safe_writer *writer, icalproperty_kind kind, struct text *value)
{
    trim(value);
    if (value->failed != ERR_NONE) {
        writer_fail(writer, value->failed);
    } else if (value->length > 0) {
        safe_property(writer, property_with(kind, icalvalue_new_text(text_string(value))));
    }
}

void safe_text(struct safe_writer *writer, icalproperty_kind kind, const char *value, enum safe_lines lines)
{
    text_clear(&writer->scratch);
    safe_clean(&writer->scratch, value, lines);
    safe_text_clean(writer, kind, &writer->scratch);
}

void safe_uri(struct safe_writer *writer, icalproperty_kind kind, const char *uri)
{
    text_clear(&writer->scratch);
    safe_clean_uri(&writer->scratch, uri);
    if (writer->scratch.failed != ERR_NONE) {
        writer_fail(writer, writer->scratch.failed);
    } else if (writer->scratch.length > 0) {
        safe_property(writer, property_with(kind, icalvalue_new_uri(text_string(&writer->scratch))));
    }
}

static struct icaltimetype time_of(int32_t day, int32_t second)
{
    struct civil civil = date_to_civil(day);
    struct icaltimetype time = icaltime_null_time();
    time.year = civil.year;
    time.month = civil.month;
    time.day = civil.day;
    time.hour = second / 3600;
    time.minute = second / 60 % 60;
    time.second = second % 60;
    return time;
}

void safe_local_time(struct safe_writer *writer, icalproperty_kind kind, const char *tzid, int32_t day,
                     int32_t minute)
{
    struct icaltimetype time = time_of(day + minute / DAY_MINUTES, minute % DAY_MINUTES * 60);
    icalproperty *property = property_with(kind, icalvalue_new_datetime(time));
    icalparameter *zone = property == NULL ? NULL : icalparameter_new_tzid(tzid);
    if (zone != NULL) {
        icalproperty_add_parameter(property, zone);
    } else if (property != NULL) {
        icalproperty_free(property);
        property = NULL;
    }
    safe_property(writer, property);
}

static const struct safe_instant *instant_find(const struct safe_writer *writer, int64_t seconds)
{
    for (size_t i = 0; i < 2; i++) {
        if (writer->instants[i].text[0] != '\0' && writer->instants[i].seconds == seconds) {
            return &writer->instants[i];
        }
    }
    return NULL;
}

/* Keeps the value that stands at the end of the line just written, which is far too short to be folded. */
static void instant_keep(struct safe_writer *writer, int64_t seconds)
{
    struct safe_instant *instant = &writer->instants[writer->oldest];
    size_t size = sizeof instant->text - 1;
    if (writer->scratch.failed == ERR_NONE && writer->scratch.length > size) {
        memcpy(instant->text, writer->scratch.data + writer->scratch.length - size, size);
        instant->seconds = seconds;
        writer->oldest = 1 - writer->oldest;
    }
}

void safe_utc_time(struct safe_writer *writer, icalproperty_kind kind, int64_t seconds)
{
    const struct safe_instant *known = instant_find(writer, seconds);
    if (known != NULL) {
        text_clear(&writer->scratch);
        text_add(&writer->scratch, icalproperty_kind_to_string(kind));
        text_add_char(&writer->scratch, ':');
        text_add(&writer->scratch, known->text);
        flush_scratch(writer);
        return;
    }
    int64_t day = seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0 ? 1 : 0);
    struct icaltimetype time = time_of((int32_t)day, (int32_t)(seconds - day * DAY_SECONDS));
    time.zone = icaltimezone_get_utc_timezone();
    icalproperty *property = property_with(kind, icalvalue_new_datetime(time));
    bool is_made = property != NULL;
    safe_property(writer, property);
    if (is_made) {
        instant_keep(writer, seconds);
    }
}

/* RFC 5545 §3.3.11, over what safe_clean lets through. */
static void add_escaped(struct text *out, const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (value[i] == '\n') {
            text_add_bytes(out, "\\n", 2);
            continue;
        }
        if (value[i] == '\\' || value[i] == ';' || value[i] == ',') {
            text_add_char(out, '\\');
        }
        text_add_char(out, value[i]);
    }
}

static void add_clean_escaped(struct safe_writer *writer, const char *value)
{
    text_clear(&writer->clean);
    safe_clean(&writer->clean, value, SAFE_ONE_LINE);
    trim(&writer->clean);
    add_escaped(&writer->scratch, text_string(&writer->clean), writer->clean.length);
    if (writer->clean.failed != ERR_NONE) {
        writer_fail(writer, writer->clean.failed);
    }
}

void safe_x(struct safe_writer *writer, const char *name, const char *value)
{
    size_t length = strlen(name);
    if (length < 3 || strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != length || name[0] != 'X' ||
        name[1] != '-') {
        writer_fail(writer, ERR_INTERNAL);
        return;
    }
    text_clear(&writer->scratch);
    text_add(&writer->scratch, name);
    text_add_char(&writer->scratch, ':');
    add_clean_escaped(writer, value);
    flush_scratch(writer);
}

void safe_categories(struct safe_writer *writer, const char *const *names, size_t count)
{
    size_t written = 0;
    text_clear(&writer->scratch);
    for (size_t i = 0; i < count; i++) {
        if (names[i] != NULL && names[i][0] != '\0') {
            text_add(&writer->scratch, written == 0 ? "CATEGORIES:" : ",");
            add_clean_escaped(writer, names[i]);
            written++;
        }
    }
    if (written > 0) {
        flush_scratch(writer);
    }
}

static void add_degrees(struct text *out, int32_t e6)
{
    int64_t size = e6 < 0 ? -(int64_t)e6 : e6;
    text_addf(out, "%s%d.%06d", e6 < 0 ? "-" : "", (int)(size / 1000000), (int)(size % 1000000));
}

void safe_geo(struct safe_writer *writer, int32_t lat_e6, int32_t lon_e6)
{
    text_clear(&writer->scratch);
    text_add(&writer->scratch, "GEO:");
    add_degrees(&writer->scratch, lat_e6);
    text_add_char(&writer->scratch, ';');
    add_degrees(&writer->scratch, lon_e6);
    flush_scratch(writer);
}
