#include "importers/ics_bad.h"

#include "base/limits.h"
#include "importers/ics_text.h"

#include <string.h>

enum {
    FOLD_BYTES = 75 /* RFC 5545 §3.1 */
};

/* Lines [from, to) of the text that are one event. */
struct block {
    size_t from, to;
};

/* The reader has cut "NAME:VALUE" lines at the colon. */
static char line_byte(const struct ics_line *line, size_t at)
{
    return line->text[at] == '\0' ? ':' : line->text[at];
}

static bool line_is(const struct ics_line *line, const char *words)
{
    size_t size = strlen(words);
    for (size_t i = 0; i < size; i++) {
        if (i >= line->length || (line_byte(line, i) & ~0x20) != (words[i] & ~0x20)) {
            return false;
        }
    }
    return true;
}

static void add_folded(struct text *out, const char *bytes, size_t length)
{
    size_t room = FOLD_BYTES;
    while (length > room) {
        size_t size = utf8_cut(bytes, length, room);
        text_add_bytes(out, bytes, size);
        text_add(out, "\r\n ");
        bytes += size;
        length -= size;
        room = FOLD_BYTES - 1;
    }
    text_add_bytes(out, bytes, length);
    text_add(out, "\r\n");
}

static void line_add(struct text *out, const struct ics_line *line, struct text *buffer)
{
    text_clear(buffer);
    for (size_t i = 0; i < line->length; i++) {
        text_add_char(buffer, line_byte(line, i));
    }
    add_folded(out, text_string(buffer), buffer->length);
}

/* From a BEGIN:VEVENT to its END, or to where the next one begins. */
static struct block block_at(const struct ics_text *text, size_t from)
{
    size_t to = from + 1;
    while (to < text->count && !line_is(&text->items[to], "END:VEVENT") &&
           !line_is(&text->items[to], "BEGIN:VEVENT") && !line_is(&text->items[to], "END:VCALENDAR")) {
        to++;
    }
    to += to < text->count && line_is(&text->items[to], "END:VEVENT") ? 1 : 0;
    return (struct block){from, to};
}

static bool is_within(const struct ics_text *text, const struct block *block, uint32_t row)
{
    return row >= text->items[block->from].number && row <= text->items[block->to - 1].number;
}

static bool reasons_add(const struct import_report *report, const struct block *block, bool only_look,
                        struct text *out, struct text *buffer)
{
    bool is_bad = false;
    for (size_t i = 0; i < report->errors.count && !(only_look && is_bad); i++) {
        const struct import_finding *finding = &report->errors.items[i];
        if (!is_within(report->calendar_text, block, finding->row)) {
            continue;
        }
        is_bad = true;
        if (!only_look) {
            text_clear(buffer);
            text_addf(buffer, "X-LITANG-ERROR:%s%s%s", finding->header, *finding->header == '\0' ? "" : "：",
                      finding->zh);
            for (size_t at = 0; at < buffer->length; at++) {
                buffer->data[at] =
                    buffer->data[at] == '\n' || buffer->data[at] == '\r' ? ' ' : buffer->data[at];
            }
            add_folded(out, text_string(buffer), buffer->length);
        }
    }
    return is_bad;
}

static void zones_add(const struct ics_text *text, struct text *out, struct text *buffer)
{
    bool is_inside = false;
    for (size_t i = 0; i < text->count; i++) {
        bool is_begin = line_is(&text->items[i], "BEGIN:VTIMEZONE");
        is_inside = is_inside || is_begin;
        if (is_inside) {
            line_add(out, &text->items[i], buffer);
        }
        is_inside = is_inside && !line_is(&text->items[i], "END:VTIMEZONE");
    }
}

void ics_bad_write(const struct import_report *report, struct text *out)
{
    const struct ics_text *text = report->calendar_text;
    struct text buffer;
    bool has_begun = false;
    text_init(&buffer, LIMIT_ICS_BYTES);
    for (size_t i = 0; text != NULL && i < text->count;) {
        if (!line_is(&text->items[i], "BEGIN:VEVENT")) {
            i++;
            continue;
        }
        const struct block block = block_at(text, i);
        i = block.to;
        if (!reasons_add(report, &block, true, out, &buffer)) {
            continue;
        }
        if (!has_begun) {
            text_add(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//litang//faulty events//ZH\r\n");
            zones_add(text, out, &buffer);
            has_begun = true;
        }
        line_add(out, &text->items[block.from], &buffer);
        (void)reasons_add(report, &block, false, out, &buffer);
        for (size_t line = block.from + 1; line < block.to; line++) {
            line_add(out, &text->items[line], &buffer);
        }
        if (!line_is(&text->items[block.to - 1], "END:VEVENT")) {
            text_add(out, "END:VEVENT\r\n");
        }
    }
    if (has_begun) {
        text_add(out, "END:VCALENDAR\r\n");
    }
    text_finish(&buffer);
}
