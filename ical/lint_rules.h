/* ical/lint_rules: the table of lint rules and what the parts of the linter share. Inside ical/ only.
 * A new rule is one line here, one check, and one bad sample in tests/ical/test_lint.c. */
#ifndef LITANG_ICAL_LINT_RULES_H
#define LITANG_ICAL_LINT_RULES_H

#include "base/arena.h"
#include "base/text.h"
#include "ical/lint.h"

#include <stdbool.h>
#include <stdint.h>

/* rule, stable name, section */
#define LINT_RULE_LIST(X)                                                                                    \
    X(LINT_BOM, "bom", "RFC 5545 §3.4")                                                                      \
    X(LINT_LINE_ENDING, "line-ending", "RFC 5545 §3.1")                                                      \
    X(LINT_LINE_LENGTH, "line-length", "RFC 5545 §3.1")                                                      \
    X(LINT_FOLD_IN_CHARACTER, "fold-in-character", "RFC 5545 §3.1")                                          \
    X(LINT_EMPTY_LINE, "empty-line", "RFC 5545 §3.1")                                                        \
    X(LINT_UTF8, "utf-8", "RFC 5545 §3.1.4")                                                                 \
    X(LINT_CONTROL, "control-character", "RFC 5545 §3.1")                                                    \
    X(LINT_LINE_SYNTAX, "line-syntax", "RFC 5545 §3.1")                                                      \
    X(LINT_PARAMETER, "parameter-syntax", "RFC 5545 §3.2")                                                   \
    X(LINT_OUTSIDE, "outside-calendar", "RFC 5545 §3.4")                                                     \
    X(LINT_BEGIN_END, "begin-end", "RFC 5545 §3.6")                                                          \
    X(LINT_NESTING, "nesting", "RFC 5545 §3.6")                                                              \
    X(LINT_TRUNCATED, "truncated", "RFC 5545 §3.4")                                                          \
    X(LINT_NO_CALENDAR, "no-calendar", "RFC 5545 §3.4")                                                      \
    X(LINT_NO_COMPONENT, "no-component", "RFC 5545 §3.6")                                                    \
    X(LINT_MISSING, "missing-property", "RFC 5545 §3.6")                                                     \
    X(LINT_REPEATED, "repeated-property", "RFC 5545 §3.6")                                                   \
    X(LINT_DUPLICATE_UID, "duplicate-uid", "RFC 5545 §3.8.4.7")                                              \
    X(LINT_END_AND_DURATION, "dtend-and-duration", "RFC 5545 §3.6.1")                                        \
    X(LINT_END_BEFORE_START, "end-before-start", "RFC 5545 §3.8.2.2")                                        \
    X(LINT_END_KIND, "end-kind", "RFC 5545 §3.8.2.2")                                                        \
    X(LINT_TZID_UNDEFINED, "tzid-without-vtimezone", "RFC 5545 §3.2.19")                                     \
    X(LINT_TZID_UTC, "tzid-on-utc", "RFC 5545 §3.2.19")                                                      \
    X(LINT_DATE_TIME, "date-time", "RFC 5545 §3.3.5")                                                        \
    X(LINT_UTC_NEEDED, "utc-needed", "RFC 5545 §3.8.7")                                                      \
    X(LINT_DURATION, "duration", "RFC 5545 §3.3.6")                                                          \
    X(LINT_REFRESH_VALUE, "refresh-interval-value", "RFC 7986 §5.7")                                         \
    X(LINT_TEXT_ESCAPE, "text-escape", "RFC 5545 §3.3.11")                                                   \
    X(LINT_STATUS, "status", "RFC 5545 §3.8.1.11")                                                           \
    X(LINT_KEYWORD, "keyword", "RFC 5545 §3.7")                                                              \
    X(LINT_GEO, "geo", "RFC 5545 §3.8.1.6")                                                                  \
    X(LINT_INTEGER, "integer", "RFC 5545 §3.3.8")                                                            \
    X(LINT_UTC_OFFSET, "utc-offset", "RFC 5545 §3.3.14")                                                     \
    X(LINT_URI, "uri", "RFC 5545 §3.3.13")                                                                   \
    X(LINT_RECUR, "recur", "RFC 5545 §3.3.10")                                                               \
    X(LINT_COLOR, "color", "RFC 7986 §5.9")

enum lint_rule {
#define X(rule, name, section) rule,
    LINT_RULE_LIST(X)
#undef X
    LINT_RULE_COUNT
};

/* Bytes of the line in work; not NUL-terminated. */
struct lint_span {
    const char *bytes;
    size_t length;
};

/* One unfolded content line in its parts, RFC 5545 §3.1. */
struct lint_line {
    size_t number; /* of its first physical line */
    struct lint_span name, value;
    struct lint_span tzid;       /* bytes NULL: no TZID */
    struct lint_span value_type; /* bytes NULL: no VALUE */
};

/* A date or date-time as one comparable number YYYYMMDDHHMMSS. */
struct lint_time {
    bool known, is_date, is_utc;
    int64_t number;
};

enum {
    LINT_NAME_BYTES = 32
};

/* An open component. */
struct lint_frame {
    char name[LINT_NAME_BYTES];
    unsigned kind; /* a COMPONENT_ bit, 0 for one that RFC 5545 does not name */
    size_t line;
    uint64_t seen;   /* bit i: property i of the table */
    bool has_inner;  /* a component inside */
    bool is_display; /* VALARM with ACTION:DISPLAY */
    struct lint_time start, end;
    const char *start_tzid, *end_tzid, *uid, *recurrence; /* in the context's arena */
};

/* A text and where it stood. */
struct lint_mark {
    const char *text; /* in the arena */
    size_t line;
};
struct lint_marks {
    struct lint_mark *items; /* owned */
    size_t count, capacity;
};

enum {
    LINT_DEPTH = 16
}; /* VCALENDAR > VEVENT > VALARM is 3; deeper is an attack */

struct lint_context {
    struct lint_report report;
    enum error_code failed; /* ERR_MEMORY sticks */
    size_t by_rule[LINT_RULE_COUNT];
    struct arena arena; /* UIDs and TZIDs of the calendar in work */
    struct lint_marks uids, zones_used, zones_defined;
    struct lint_frame frames[LINT_DEPTH];
    size_t depth, too_deep;
    bool saw_calendar;
};

void lint_add(struct lint_context *context, enum lint_rule rule, size_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* For "%.*s": at most 40 bytes of a span. */
int lint_shown(struct lint_span span);

/* ASCII case does not count in names and keywords, RFC 5545 §2. */
bool lint_equal(struct lint_span span, const char *word);

/* Splits a line; false after a finding. */
bool lint_line_parse(struct lint_context *context, const char *bytes, size_t length, size_t number,
                     struct lint_line *ret_line);

/* Feeds a content line into the component tree; and what is left at the end of the bytes. */
void lint_component_line(struct lint_context *context, const struct lint_line *line);
void lint_component_finish(struct lint_context *context, size_t last_line);

enum lint_kind {
    KIND_ANY,
    KIND_TEXT,
    KIND_TEXT_LIST,
    KIND_TIME,
    KIND_TIME_LIST,
    KIND_UTC,
    KIND_DURATION,
    KIND_TRIGGER,
    KIND_INTEGER,
    KIND_OFFSET,
    KIND_GEO,
    KIND_URI,
    KIND_RECUR,
    KIND_COLOR,
    KIND_STATUS,
    KIND_KEYWORD
};

/* Checks the value by its kind, findings to the context; answers the time for KIND_TIME and KIND_UTC. `words`
 * for KIND_KEYWORD: the values allowed, separated by spaces. */
struct lint_time lint_value(struct lint_context *context, const struct lint_line *line, enum lint_kind kind,
                            const char *words, const struct lint_frame *frame);

/* A name of CSS Color Module Level 3 §4.3, as RFC 7986 §5.9 wants it. */
bool lint_color_known(struct lint_span span);

/* Which component a frame is. */
enum {
    COMPONENT_CALENDAR = 1,
    COMPONENT_EVENT = 2,
    COMPONENT_TODO = 4,
    COMPONENT_JOURNAL = 8,
    COMPONENT_FREEBUSY = 16,
    COMPONENT_TIMEZONE = 32,
    COMPONENT_OBSERVANCE = 64,
    COMPONENT_ALARM = 128
};

#endif
