#include "importers/ics_part.h"

#include "base/limits.h"
#include "base/text.h"
#include "base/vec.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* `counts`: an event with a damaged line of this property must not be taken. */
static const struct {
    const char *name;
    bool counts;
} PROPERTIES[ICS_PROPERTY_COUNT] = {[ICS_UID] = {"UID", false},
                                    [ICS_SUMMARY] = {"SUMMARY", false},
                                    [ICS_LOCATION] = {"LOCATION", true},
                                    [ICS_DTSTART] = {"DTSTART", true},
                                    [ICS_DTEND] = {"DTEND", true},
                                    [ICS_DURATION] = {"DURATION", true},
                                    [ICS_RRULE] = {"RRULE", true},
                                    [ICS_RDATE] = {"RDATE", true},
                                    [ICS_EXDATE] = {"EXDATE", true},
                                    [ICS_EXRULE] = {"EXRULE", true},
                                    [ICS_RECURRENCE_ID] = {"RECURRENCE-ID", true},
                                    [ICS_SEQUENCE] = {"SEQUENCE", false},
                                    [ICS_STATUS] = {"STATUS", true},
                                    [ICS_TRANSP] = {"TRANSP", false},
                                    [ICS_BUSYSTATUS] = {"X-MICROSOFT-CDO-BUSYSTATUS", false},
                                    [ICS_TZID] = {"TZID", true},
                                    [ICS_TZOFFSETFROM] = {"TZOFFSETFROM", true},
                                    [ICS_TZOFFSETTO] = {"TZOFFSETTO", true},
                                    [ICS_LIC_LOCATION] = {"X-LIC-LOCATION", false},
                                    [ICS_CALNAME] = {"X-WR-CALNAME", false},
                                    [ICS_METHOD] = {"METHOD", false},
                                    [ICS_CLASS] = {"CLASS", false}};

static const char *const PARTS[ICS_OTHER] = {[ICS_CALENDAR] = "VCALENDAR",
                                             [ICS_EVENT] = "VEVENT",
                                             [ICS_ZONE] = "VTIMEZONE",
                                             [ICS_STANDARD] = "STANDARD",
                                             [ICS_DAYLIGHT] = "DAYLIGHT"};

struct open_part {
    char name[32];
    enum ics_part_kind kind;
    size_t index; /* in parts->items */
    uint32_t line;
};

struct reading {
    struct ics_parts *parts;
    struct ics_notes *notes;
    struct open_part open[LIMIT_ICS_NESTING];
    size_t depth;
    size_t bad_lines, zones;
    bool is_cancelling;     /* METHOD of the calendar that is open */
    enum error_code failed; /* the file is refused */
    uint32_t line;
};

const char *ics_property_name(enum ics_property property)
{
    return property < ICS_PROPERTY_COUNT ? PROPERTIES[property].name : "";
}

static bool is_name_char(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
           byte == '-';
}

/* Cuts "NAME;PARAMS:VALUE" (RFC 5545 §3.1) in place; the colon may stand within quotation marks. A TZID that
 * holds blanks or is empty is let through. */
static bool line_cut(char *text, char **ret_params, char **ret_value)
{
    char *at = text;
    while (is_name_char(*at)) {
        at++;
    }
    char *params = at;
    if (at == text || (*at != ';' && *at != ':')) {
        return false;
    }
    bool is_quoted = false;
    bool has_equals = true;
    for (; *at != '\0' && (is_quoted || *at != ':'); at++) {
        if (*at == '"') {
            is_quoted = !is_quoted;
        } else if (*at == '\\' && at[1] == ';') {
            at++; /* Apple escapes within parameters */
        } else if (!is_quoted && *at == ';') {
            if (!has_equals) {
                return false;
            }
            has_equals = false;
        } else if (*at == '=') {
            has_equals = true;
        }
    }
    if (*at != ':' || !has_equals) {
        return false;
    }
    *ret_value = at + 1;
    *ret_params = params;
    return true;
}

static enum ics_property property_of(const char *name, size_t length)
{
    for (size_t i = 0; i < ICS_PROPERTY_COUNT; i++) {
        if (strlen(PROPERTIES[i].name) == length && strncasecmp(PROPERTIES[i].name, name, length) == 0) {
            return (enum ics_property)i;
        }
    }
    return ICS_PROPERTY_COUNT;
}

static enum ics_part_kind part_kind(const char *name)
{
    for (size_t i = 0; i < ICS_OTHER; i++) {
        if (strcasecmp(PARTS[i], name) == 0) {
            return (enum ics_part_kind)i;
        }
    }
    return ICS_OTHER;
}

static struct open_part *innermost(struct reading *reading)
{
    return reading->depth == 0 ? NULL : &reading->open[reading->depth - 1];
}

static void refuse(struct reading *reading, enum error_code code, uint32_t line)
{
    if (reading->failed == ERR_NONE) {
        reading->failed = code;
        reading->line = line;
    }
}

static void bad_line_count(struct reading *reading, uint32_t line)
{
    if (++reading->bad_lines > LIMIT_ICS_BAD_LINES) {
        refuse(reading, ERR_LIMIT, line);
    }
}

static void part_break(struct reading *reading, const struct open_part *open, uint32_t line, const char *zh,
                       const char *en)
{
    struct ics_part *part = &reading->parts->items[open->index];
    if (!part->is_broken && (open->kind == ICS_EVENT || open->kind == ICS_CALENDAR)) {
        (void)ics_fault(reading->notes, line, "", CODE_FORMAT, zh, en, open->name);
        bad_line_count(reading, line);
    }
    part->is_broken = true;
}

/* The value of BEGIN or END: a name, blanks around it allowed. */
static void part_name(const char *value, char *ret_name, size_t size)
{
    size_t length = strcspn(value += strspn(value, " \t"), " \t");
    (void)snprintf(ret_name, size, "%.*s", (int)length, value);
}

static void part_begin(struct reading *reading, const char *value, uint32_t line)
{
    struct ics_parts *parts = reading->parts;
    struct open_part open = {.line = line};
    part_name(value, open.name, sizeof open.name);
    open.kind = part_kind(open.name);
    struct open_part *around = innermost(reading);
    if ((open.kind == ICS_EVENT || open.kind == ICS_CALENDAR) && around != NULL &&
        around->kind == ICS_EVENT) {
        part_break(reading, around, around->line, "日程缺少 END:VEVENT（又遇到新的 BEGIN）",
                   "the event has no END:VEVENT before the next BEGIN");
        reading->depth--;
        parts->is_complete = false;
        around = innermost(reading);
    }
    if (reading->depth == LIMIT_ICS_NESTING) {
        refuse(reading, ERR_LIMIT, line);
        return;
    }
    bool is_bare = open.kind == ICS_EVENT && (around == NULL || around->kind != ICS_CALENDAR);
    if (is_bare) {
        ics_note(reading->notes, NOTE_BARE_EVENT, line);
    } else if (open.kind == ICS_OTHER && (around == NULL || around->kind == ICS_CALENDAR)) {
        ics_note(reading->notes, NOTE_OTHER_PART, line);
    }
    parts->event_count += open.kind == ICS_EVENT ? 1 : 0;
    reading->zones += open.kind == ICS_ZONE ? 1 : 0;
    if (parts->event_count > LIMIT_ICS_EVENTS || reading->zones > LIMIT_ICS_ZONES) {
        refuse(reading, ERR_LIMIT, line);
        return;
    }
    open.index = parts->count;
    if (open.kind != ICS_OTHER) {
        enum error_code code = ERR_NONE;
        reading->is_cancelling = reading->is_cancelling && open.kind != ICS_CALENDAR;
        const struct ics_part part = {.kind = open.kind,
                                      .line = line,
                                      .is_cancelled = open.kind == ICS_EVENT && reading->is_cancelling};
        VEC_PUSH(code, parts, part, LIMIT_IMPORT_ROWS);
        if (code != ERR_NONE) {
            refuse(reading, code, line);
            return;
        }
    }
    reading->open[reading->depth++] = open;
}

static void part_end(struct reading *reading, const char *value, uint32_t line)
{
    char name[32];
    part_name(value, name, sizeof name);
    struct open_part *open = innermost(reading);
    if (open != NULL && strcasecmp(open->name, name) == 0) {
        reading->depth--;
        return;
    }
    /* Does it close one further out? Then those within it lack their end. */
    bool is_outer = false;
    for (size_t i = 0; i < reading->depth; i++) {
        is_outer = is_outer || strcasecmp(reading->open[i].name, name) == 0;
    }
    if (!is_outer) {
        if (open != NULL && open->kind != ICS_OTHER) {
            part_break(reading, open, line, "END 与 BEGIN:%s 不符", "this END does not match BEGIN:%s");
        }
        ics_warn(reading->notes, line, "END", CODE_LINE, "没有对应的 BEGIN：%s", "no BEGIN for this END: %s",
                 name);
        bad_line_count(reading, line);
        /* END:VTODO is what closed the VEVENT, by the writer's mind. */
        if (open != NULL && open->kind == ICS_EVENT && part_kind(name) == ICS_OTHER) {
            reading->depth--;
        }
        return;
    }
    for (; strcasecmp(innermost(reading)->name, name) != 0; reading->depth--) {
        open = innermost(reading);
        if (open->kind != ICS_OTHER) {
            part_break(reading, open, open->line, "“%s”没有 END", "this %s has no END");
        }
        reading->parts->is_complete = false;
    }
    reading->depth--;
}

static void line_bad(struct reading *reading, const struct ics_line *line)
{
    struct open_part *open = innermost(reading);
    char shown[128];
    (void)snprintf(shown, sizeof shown, "%s", line->text);
    bool counts = false;
    for (size_t i = 0; i < ICS_PROPERTY_COUNT; i++) {
        counts = counts || (PROPERTIES[i].counts &&
                            strncasecmp(line->text, PROPERTIES[i].name, strlen(PROPERTIES[i].name)) == 0);
    }
    if (open != NULL && open->kind == ICS_EVENT && counts) {
        reading->parts->items[open->index].is_broken = true;
        (void)ics_fault(reading->notes, line->number, "", CODE_LINE,
                        "这一行看不懂，而它关系到日程的时间，因此该日程不导入：%s",
                        "this line cannot be read and the event depends on it, so the event is refused: %s",
                        shown);
    } else {
        ics_warn(reading->notes, line->number, "", CODE_LINE, "这一行不是“名称:值”的写法，已忽略：%s",
                 "this line is not NAME:VALUE and was ignored: %s", shown);
    }
    bad_line_count(reading, line->number);
}

static void prop_add(struct reading *reading, const struct ics_line *line, enum ics_property property,
                     const char *params, const char *value)
{
    struct open_part *open = innermost(reading);
    if (open == NULL || open->kind == ICS_OTHER) {
        return;
    }
    if (line->length > LIMIT_ICS_LINE_BYTES && PROPERTIES[property].counts) {
        part_break(reading, open, line->number, "这一行过长，日程 %s 不导入",
                   "this line is too long for a %s");
        return;
    }
    if (property == ICS_CALNAME && reading->parts->name[0] == '\0') {
        const struct ics_prop name = {.value = value};
        ics_prop_text(&name, reading->parts->name, sizeof reading->parts->name);
    }
    if (property == ICS_METHOD && open->kind == ICS_CALENDAR) {
        reading->is_cancelling = strcasecmp(value, "CANCEL") == 0;
    }
    struct ics_props *props = &reading->parts->items[open->index].props;
    enum error_code code = ERR_NONE;
    VEC_PUSH(code, props, ((struct ics_prop){property, line->number, params, value}), LIMIT_IMPORT_ROWS);
    if (code != ERR_NONE) {
        refuse(reading, code, line->number);
    }
}

static void line_read(struct reading *reading, struct ics_line *line)
{
    char *params = NULL;
    char *value = NULL;
    /* libical writes its own complaints into what it exports. */
    if (strncasecmp(line->text, "X-LIC-ERROR", 11) == 0) {
        return;
    }
    if (!line_cut(line->text, &params, &value)) {
        line_bad(reading, line);
        return;
    }
    size_t length = (size_t)(params - line->text);
    if (length == 5 && strncasecmp(line->text, "BEGIN", length) == 0) {
        part_begin(reading, value, line->number);
    } else if (length == 3 && strncasecmp(line->text, "END", length) == 0) {
        part_end(reading, value, line->number);
    } else {
        enum ics_property property = property_of(line->text, length);
        value[-1] = '\0'; /* ends the parameters */
        if (property != ICS_PROPERTY_COUNT) {
            prop_add(reading, line, property, params == value - 1 ? "" : params, value);
        }
    }
}

static enum error_code refusal(const struct reading *reading, struct error *err)
{
    if (reading->failed == ERR_MEMORY) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    if (reading->bad_lines > LIMIT_ICS_BAD_LINES) {
        return error_set(
            err, ERR_LIMIT,
            "超过 %zu 行不是日历的写法；请从日历程序重新导出 (more than %zu lines are of no calendar's "
            "form; export it anew)",
            LIMIT_ICS_BAD_LINES, LIMIT_ICS_BAD_LINES);
    }
    if (reading->depth == LIMIT_ICS_NESTING) {
        return error_set(err, ERR_LIMIT, "BEGIN 嵌套超过 %zu 层 (BEGIN nested more than %zu deep)",
                         LIMIT_ICS_NESTING, LIMIT_ICS_NESTING);
    }
    return error_set(
        err, ERR_LIMIT,
        "超过 %zu 个日程或 %zu 个时区；请缩短导出的日期范围 (more than %zu events or %zu time zones; "
        "export fewer days)",
        LIMIT_ICS_EVENTS, LIMIT_ICS_ZONES, LIMIT_ICS_EVENTS, LIMIT_ICS_ZONES);
}

enum error_code ics_parts_read(struct ics_text *text, struct ics_notes *notes, struct ics_parts *ret_parts,
                               uint32_t *ret_line, struct error *err)
{
    struct reading reading = {.parts = ret_parts, .notes = notes};
    *ret_parts = (struct ics_parts){.is_complete = true};
    for (size_t i = 0; i < text->count && reading.failed == ERR_NONE; i++) {
        line_read(&reading, &text->items[i]);
    }
    if (reading.failed != ERR_NONE) {
        *ret_line = reading.line;
        return refusal(&reading, err);
    }
    for (; reading.depth > 0; reading.depth--) {
        struct open_part *open = innermost(&reading);
        ret_parts->is_complete = false;
        if (open->kind != ICS_OTHER) {
            part_break(&reading, open, open->line, "文件在此 %s 内中断，缺少 END；可能没有下载完整",
                       "the file breaks off within this %s; it may not be complete");
        }
    }
    return ERR_NONE;
}

void ics_parts_finish(struct ics_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        free(parts->items[i].props.items);
    }
    free(parts->items);
    *parts = (struct ics_parts){0};
}

const struct ics_prop *ics_part_find(const struct ics_part *part, enum ics_property property)
{
    for (size_t i = 0; i < part->props.count; i++) {
        if (part->props.items[i].property == property) {
            return &part->props.items[i];
        }
    }
    return NULL;
}

bool ics_prop_param(const struct ics_prop *prop, const char *name, char *ret_value, size_t size)
{
    size_t length = strlen(name);
    const char *at = prop->params;
    while (*at == ';') {
        at++;
        bool is_it = strncasecmp(at, name, length) == 0 && at[length] == '=';
        const char *from = strchr(at, '=');
        if (from == NULL) {
            return false;
        }
        const char *end = ++from;
        for (bool is_quoted = false; *end != '\0' && (is_quoted || *end != ';'); end++) {
            is_quoted = *end == '"' ? !is_quoted : is_quoted;
        }
        size_t count = (size_t)(end - from);
        if (is_it) {
            if (count >= 2 && from[0] == '"' && end[-1] == '"') {
                from++;
                count -= 2;
            }
            if (count >= size) {
                return false;
            }
            memcpy(ret_value, from, count);
            ret_value[count] = '\0';
            return true;
        }
        at = end;
    }
    return false;
}

static int hex_digit(char byte)
{
    return byte >= '0' && byte <= '9' ? byte - '0' : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* Old phones write vCalendar 1.0: "=E5=A9=9A" (RFC 2045 §6.7). False: it is not that, or no UTF-8. */
static bool quoted_printable(const struct ics_prop *prop, char *ret_text, size_t size)
{
    char encoding[32];
    size_t used = 0;
    if (!ics_prop_param(prop, "ENCODING", encoding, sizeof encoding) ||
        strcasecmp(encoding, "QUOTED-PRINTABLE") != 0) {
        return false;
    }
    for (const char *at = prop->value; *at != '\0' && used + 1 < size; at++) {
        bool is_code = *at == '=' && hex_digit(at[1]) >= 0 && hex_digit(at[2]) >= 0;
        char byte = is_code ? (char)(hex_digit(at[1]) << 4 | hex_digit(at[2])) : *at;
        at += is_code ? 2 : 0;
        ret_text[used++] = (unsigned char)byte < ' ' || byte == 0x7F ? ' ' : byte;
    }
    while (used > 0 && !utf8_valid(ret_text, used)) {
        used--;
    }
    ret_text[used] = '\0';
    return used > 0;
}

void ics_prop_text(const struct ics_prop *prop, char *ret_text, size_t size)
{
    size_t used = 0;
    const char *at = prop->value;
    if (prop->params != NULL && quoted_printable(prop, ret_text, size)) {
        return;
    }
    for (; *at != '\0' && used + 1 < size; at++) {
        bool is_escape = *at == '\\' && at[1] != '\0';
        at += is_escape ? 1 : 0;
        ret_text[used++] = is_escape && (*at == 'n' || *at == 'N') ? '\n' : *at;
    }
    while (*at != '\0' && used > 0 && !utf8_valid(ret_text, used)) {
        used--; /* half a character: at most three bytes */
    }
    ret_text[used] = '\0';
}
