/* ical/lint_component: components and their properties: what must be there, once, in which order, and what
 * one part of a calendar says of another (UIDs, TZIDs). */
#include "ical/lint_rules.h"

#include "base/limits.h"
#include "base/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    CAL = COMPONENT_CALENDAR,
    EVENT = COMPONENT_EVENT,
    TODO_ITEM = COMPONENT_TODO,
    JOURNAL = COMPONENT_JOURNAL,
    BUSY = COMPONENT_FREEBUSY,
    ZONE = COMPONENT_TIMEZONE,
    OBSERVANCE = COMPONENT_OBSERVANCE,
    ALARM = COMPONENT_ALARM,
    ITEMS = EVENT | TODO_ITEM | JOURNAL,
    ITEMS_BUSY = ITEMS | BUSY
};

/* Which value a property has, where it may stand but once, and where it must stand: RFC 5545 §3.6 to §3.8 and
 * RFC 7986. At most 64 rows: a frame has a bit for each. */
static const struct {
    const char *name;
    enum lint_kind kind;
    unsigned once, required;
    const char *words;
} PROPERTIES[] = {
    {"PRODID", KIND_TEXT, CAL, CAL, NULL},
    {"VERSION", KIND_KEYWORD, CAL, CAL, "2.0"},
    {"CALSCALE", KIND_KEYWORD, CAL, 0, "GREGORIAN"},
    {"METHOD", KIND_ANY, CAL, 0, NULL},
    {"NAME", KIND_TEXT, 0, 0, NULL},
    {"X-WR-CALNAME", KIND_TEXT, CAL, 0, NULL},
    {"X-WR-CALDESC", KIND_TEXT, CAL, 0, NULL},
    {"REFRESH-INTERVAL", KIND_DURATION, CAL, 0, NULL},
    {"X-PUBLISHED-TTL", KIND_DURATION, CAL, 0, NULL},
    {"COLOR", KIND_COLOR, CAL | ITEMS, 0, NULL},
    {"SOURCE", KIND_URI, CAL, 0, NULL},
    {"URL", KIND_URI, CAL | ITEMS_BUSY, 0, NULL},
    {"UID", KIND_TEXT, CAL | ITEMS_BUSY | ALARM, ITEMS_BUSY, NULL},
    {"DTSTAMP", KIND_UTC, ITEMS_BUSY, ITEMS_BUSY, NULL},
    {"CREATED", KIND_UTC, ITEMS, 0, NULL},
    {"LAST-MODIFIED", KIND_UTC, CAL | ITEMS | ZONE, 0, NULL},
    {"COMPLETED", KIND_UTC, TODO_ITEM, 0, NULL},
    {"SEQUENCE", KIND_INTEGER, ITEMS, 0, NULL},
    {"PRIORITY", KIND_INTEGER, EVENT | TODO_ITEM, 0, NULL},
    {"PERCENT-COMPLETE", KIND_INTEGER, TODO_ITEM, 0, NULL},
    {"REPEAT", KIND_INTEGER, ALARM, 0, NULL},
    {"DTSTART", KIND_TIME, ITEMS_BUSY | OBSERVANCE, EVENT | OBSERVANCE, NULL},
    {"DTEND", KIND_TIME, EVENT | BUSY, 0, NULL},
    {"DUE", KIND_TIME, TODO_ITEM, 0, NULL},
    {"DURATION", KIND_DURATION, EVENT | TODO_ITEM | ALARM, 0, NULL},
    {"RECURRENCE-ID", KIND_TIME, ITEMS, 0, NULL},
    {"EXDATE", KIND_TIME_LIST, 0, 0, NULL},
    {"RDATE", KIND_TIME_LIST, 0, 0, NULL},
    {"RRULE", KIND_RECUR, 0, 0, NULL},
    {"SUMMARY", KIND_TEXT, ITEMS | ALARM, 0, NULL},
    {"DESCRIPTION", KIND_TEXT, EVENT | TODO_ITEM | ALARM, 0, NULL},
    {"LOCATION", KIND_TEXT, EVENT | TODO_ITEM, 0, NULL},
    {"COMMENT", KIND_TEXT, 0, 0, NULL},
    {"CONTACT", KIND_TEXT, BUSY, 0, NULL},
    {"CATEGORIES", KIND_TEXT_LIST, 0, 0, NULL},
    {"RESOURCES", KIND_TEXT_LIST, 0, 0, NULL},
    {"RELATED-TO", KIND_TEXT, 0, 0, NULL},
    {"STATUS", KIND_STATUS, ITEMS, 0, NULL},
    {"TRANSP", KIND_KEYWORD, EVENT, 0, "OPAQUE TRANSPARENT"},
    {"CLASS", KIND_ANY, ITEMS, 0, NULL},
    {"GEO", KIND_GEO, EVENT | TODO_ITEM, 0, NULL},
    {"ORGANIZER", KIND_URI, ITEMS_BUSY, 0, NULL},
    {"ATTENDEE", KIND_URI, 0, 0, NULL},
    {"TZID", KIND_ANY, ZONE, ZONE, NULL},
    {"TZURL", KIND_URI, ZONE, 0, NULL},
    {"TZNAME", KIND_TEXT, 0, 0, NULL},
    {"TZOFFSETFROM", KIND_OFFSET, OBSERVANCE, OBSERVANCE, NULL},
    {"TZOFFSETTO", KIND_OFFSET, OBSERVANCE, OBSERVANCE, NULL},
    {"ACTION", KIND_ANY, ALARM, ALARM, NULL},
    {"TRIGGER", KIND_TRIGGER, ALARM, ALARM, NULL},
};
enum {
    PROPERTY_COUNT = sizeof PROPERTIES / sizeof PROPERTIES[0]
};
_Static_assert(PROPERTY_COUNT <= 64, "lint_frame.seen has 64 bits");

static const struct {
    const char *name;
    unsigned kind;
} COMPONENTS[] = {{"VCALENDAR", CAL},    {"VEVENT", EVENT},        {"VTODO", TODO_ITEM},
                  {"VJOURNAL", JOURNAL}, {"VFREEBUSY", BUSY},      {"VTIMEZONE", ZONE},
                  {"VALARM", ALARM},     {"STANDARD", OBSERVANCE}, {"DAYLIGHT", OBSERVANCE}};

static size_t property_find(struct lint_span name)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (lint_equal(name, PROPERTIES[i].name)) {
            return i;
        }
    }
    return PROPERTY_COUNT;
}

static bool has(const struct lint_frame *frame, const char *name)
{
    size_t i = property_find((struct lint_span){name, strlen(name)});
    return i < PROPERTY_COUNT && (frame->seen & (UINT64_C(1) << i)) != 0;
}

static const char *keep(struct lint_context *context, struct lint_span span)
{
    const char *copy = arena_copy_bytes(&context->arena, span.bytes, span.length);
    if (copy == NULL) {
        context->failed = ERR_MEMORY;
    }
    return copy;
}

static void mark_add(struct lint_context *context, struct lint_marks *marks, const char *text, size_t line)
{
    enum error_code code = text == NULL ? ERR_MEMORY : ERR_NONE;
    if (text != NULL) {
        VEC_PUSH(code, marks, ((struct lint_mark){text, line}), (size_t)LIMIT_LINT_BYTES);
    }
    context->failed = context->failed == ERR_NONE ? code : context->failed;
}

static int compare_mark(const void *left, const void *right)
{
    const struct lint_mark *a = left;
    const struct lint_mark *b = right;
    int order = strcmp(a->text, b->text);
    return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

static void sort_marks(struct lint_marks *marks)
{
    if (marks->count > 0) {
        qsort(marks->items, marks->count, sizeof *marks->items, compare_mark);
    }
}

/* What one VCALENDAR says in several places; sorted, so that no hash can be attacked. */
static void check_marks(struct lint_context *context)
{
    sort_marks(&context->uids);
    for (size_t i = 1; i < context->uids.count; i++) {
        const struct lint_mark *mark = &context->uids.items[i];
        if (strcmp(mark->text, mark[-1].text) == 0) {
            struct lint_span uid = {mark->text, strcspn(mark->text, "\n")};
            lint_add(context, LINT_DUPLICATE_UID, mark->line, "UID \"%.*s\" again, first in line %zu",
                     lint_shown(uid), uid.bytes, mark[-1].line);
        }
    }
    sort_marks(&context->zones_defined);
    sort_marks(&context->zones_used);
    size_t at = 0;
    for (size_t i = 0; i < context->zones_used.count; i++) {
        const struct lint_mark *used = &context->zones_used.items[i];
        if (i > 0 && strcmp(used->text, used[-1].text) == 0) {
            continue;
        }
        const struct lint_marks *defined = &context->zones_defined;
        while (at < defined->count && strcmp(defined->items[at].text, used->text) < 0) {
            at++;
        }
        if (at >= defined->count || strcmp(defined->items[at].text, used->text) != 0) {
            struct lint_span tzid = {used->text, strlen(used->text)};
            lint_add(context, LINT_TZID_UNDEFINED, used->line, "TZID \"%.*s\" has no VTIMEZONE",
                     lint_shown(tzid), tzid.bytes);
        }
    }
    context->uids.count = context->zones_used.count = context->zones_defined.count = 0;
    arena_finish(&context->arena);
}

/* UID and RECURRENCE-ID as one text; neither holds a line break. */
static void keep_uid(struct lint_context *context, const struct lint_frame *frame)
{
    size_t uid = strlen(frame->uid);
    size_t recurrence = frame->recurrence == NULL ? 0 : strlen(frame->recurrence);
    char *key = arena_alloc(&context->arena, uid + recurrence + 2);
    if (key != NULL) {
        memcpy(key, frame->uid, uid);
        key[uid] = '\n';
        if (recurrence > 0) {
            memcpy(key + uid + 1, frame->recurrence, recurrence);
        }
    }
    mark_add(context, &context->uids, key, frame->line);
}

/* Comparable: both dates, both UTC, or both local to one zone. */
static void check_span(struct lint_context *context, const struct lint_frame *frame)
{
    if (!frame->start.known || !frame->end.known) {
        return;
    }
    if (frame->start.is_date != frame->end.is_date) {
        lint_add(context, LINT_END_KIND, frame->line, "%s: one of start and end is a date, the other a time",
                 frame->name);
        return;
    }
    const char *from = frame->start_tzid == NULL ? "" : frame->start_tzid;
    const char *to = frame->end_tzid == NULL ? "" : frame->end_tzid;
    bool comparable = frame->start.is_utc == frame->end.is_utc && strcmp(from, to) == 0;
    if (comparable && frame->end.number <= frame->start.number) {
        lint_add(context, LINT_END_BEFORE_START, frame->line, "%s: the end is not after the start",
                 frame->name);
    }
}

static void check_frame(struct lint_context *context, const struct lint_frame *frame)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if ((PROPERTIES[i].required & frame->kind) != 0 && (frame->seen & (UINT64_C(1) << i)) == 0) {
            lint_add(context, LINT_MISSING, frame->line, "%s without %s", frame->name, PROPERTIES[i].name);
        }
    }
    if (frame->kind == ALARM && frame->is_display && !has(frame, "DESCRIPTION")) {
        lint_add(context, LINT_MISSING, frame->line, "VALARM with ACTION:DISPLAY without DESCRIPTION");
    }
    if ((frame->kind == EVENT && has(frame, "DTEND") && has(frame, "DURATION")) ||
        (frame->kind == TODO_ITEM && has(frame, "DUE") && has(frame, "DURATION"))) {
        lint_add(context, LINT_END_AND_DURATION, frame->line, "%s has both an end and a DURATION",
                 frame->name);
    }
    if ((frame->kind == CAL || frame->kind == ZONE) && !frame->has_inner) {
        lint_add(context, LINT_NO_COMPONENT, frame->line, "%s without a component inside", frame->name);
    }
    check_span(context, frame);
    if ((frame->kind & ITEMS) != 0 && frame->uid != NULL) {
        keep_uid(context, frame);
    }
}

static void close_frame(struct lint_context *context)
{
    const struct lint_frame *frame = &context->frames[context->depth - 1];
    check_frame(context, frame);
    context->depth--;
    if (context->depth == 0) {
        check_marks(context);
    }
}

static void open_frame(struct lint_context *context, const struct lint_line *line)
{
    if (context->depth == 0 && !lint_equal(line->value, "VCALENDAR")) {
        lint_add(context, LINT_OUTSIDE, line->number, "BEGIN:%.*s outside VCALENDAR", lint_shown(line->value),
                 line->value.bytes);
    }
    if (context->depth == LINT_DEPTH || context->too_deep > 0) {
        if (context->too_deep++ == 0) {
            lint_add(context, LINT_NESTING, line->number, "components nested deeper than %d", LINT_DEPTH);
        }
        return;
    }
    if (context->depth > 0) {
        context->frames[context->depth - 1].has_inner = true;
    }
    struct lint_frame *frame = &context->frames[context->depth++];
    *frame = (struct lint_frame){.line = line->number};
    (void)snprintf(frame->name, sizeof frame->name, "%.*s", lint_shown(line->value), line->value.bytes);
    for (size_t i = 0; i < sizeof COMPONENTS / sizeof COMPONENTS[0]; i++) {
        frame->kind |= lint_equal(line->value, COMPONENTS[i].name) ? COMPONENTS[i].kind : 0;
    }
    context->saw_calendar = context->saw_calendar || frame->kind == CAL;
}

static void end_component(struct lint_context *context, const struct lint_line *line)
{
    if (context->too_deep > 0) {
        context->too_deep--;
        return;
    }
    char name[LINT_NAME_BYTES];
    (void)snprintf(name, sizeof name, "%.*s", lint_shown(line->value), line->value.bytes);
    size_t match = context->depth;
    while (match > 0 && strcasecmp(context->frames[match - 1].name, name) != 0) {
        match--;
    }
    if (match != context->depth || match == 0) {
        const char *open = context->depth == 0 ? "nothing" : context->frames[context->depth - 1].name;
        lint_add(context, LINT_BEGIN_END, line->number, "END:%s closes %s", name, open);
    }
    while (match > 0 && context->depth >= match) {
        close_frame(context);
    }
}

static void note_property(struct lint_context *context, struct lint_frame *frame,
                          const struct lint_line *line, struct lint_time time)
{
    bool is_end = lint_equal(line->name, "DTEND") || lint_equal(line->name, "DUE");
    if (lint_equal(line->name, "DTSTART")) {
        frame->start = time;
        frame->start_tzid = line->tzid.bytes == NULL ? NULL : keep(context, line->tzid);
    } else if (is_end) {
        frame->end = time;
        frame->end_tzid = line->tzid.bytes == NULL ? NULL : keep(context, line->tzid);
    } else if (lint_equal(line->name, "UID")) {
        frame->uid = keep(context, line->value);
    } else if (lint_equal(line->name, "RECURRENCE-ID")) {
        frame->recurrence = keep(context, line->value);
    } else if (lint_equal(line->name, "ACTION")) {
        frame->is_display = lint_equal(line->value, "DISPLAY");
    } else if (lint_equal(line->name, "TZID") && frame->kind == ZONE) {
        mark_add(context, &context->zones_defined, keep(context, line->value), line->number);
    }
    /* RFC 5545 §3.2.19: a TZID that begins with "/" is known to both sides. */
    if (line->tzid.bytes != NULL && !time.is_utc && (line->tzid.length == 0 || line->tzid.bytes[0] != '/')) {
        mark_add(context, &context->zones_used, keep(context, line->tzid), line->number);
    }
}

static bool is_blank(struct lint_span value)
{
    size_t at = 0;
    while (at < value.length && (value.bytes[at] == ' ' || value.bytes[at] == '\t')) {
        at++;
    }
    return at == value.length;
}

void lint_component_line(struct lint_context *context, const struct lint_line *line)
{
    if (lint_equal(line->name, "BEGIN")) {
        open_frame(context, line);
        return;
    }
    if (lint_equal(line->name, "END")) {
        end_component(context, line);
        return;
    }
    if (context->depth == 0) {
        lint_add(context, LINT_OUTSIDE, line->number, "%.*s outside VCALENDAR", lint_shown(line->name),
                 line->name.bytes);
        return;
    }
    size_t index = context->too_deep > 0 ? PROPERTY_COUNT : property_find(line->name);
    if (index == PROPERTY_COUNT) {
        return;
    }
    struct lint_frame *frame = &context->frames[context->depth - 1];
    uint64_t bit = UINT64_C(1) << index;
    bool repeated = (frame->seen & bit) != 0 && (PROPERTIES[index].once & frame->kind) != 0;
    if (repeated) {
        lint_add(context, LINT_REPEATED, line->number, "%s twice in %s", PROPERTIES[index].name, frame->name);
    }
    bool is_text = PROPERTIES[index].kind == KIND_TEXT || PROPERTIES[index].kind == KIND_ANY;
    if ((PROPERTIES[index].required & frame->kind) != 0 && is_text && is_blank(line->value)) {
        lint_add(context, LINT_MISSING, line->number, "%s with an empty %s", frame->name,
                 PROPERTIES[index].name);
    }
    frame->seen |= bit;
    struct lint_time time = lint_value(context, line, PROPERTIES[index].kind, PROPERTIES[index].words, frame);
    if (!repeated) { /* the first one counts: one defect, one finding */
        note_property(context, frame, line, time);
    }
}

void lint_component_finish(struct lint_context *context, size_t last_line)
{
    if (!context->saw_calendar) {
        lint_add(context, LINT_NO_CALENDAR, last_line == 0 ? 1 : last_line, "no BEGIN:VCALENDAR");
    }
    if (context->depth > 0) {
        lint_add(context, LINT_TRUNCATED, last_line, "%s of line %zu is not closed",
                 context->frames[context->depth - 1].name, context->frames[context->depth - 1].line);
        context->depth = 0;
    }
    check_marks(context);
}
