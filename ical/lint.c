/* ical/lint: the bytes: line ends, lengths, folds, UTF-8, control characters. Every pass is linear in the
 * bytes; the findings are bounded, in all and by rule, so that hostile input costs no more than reading it.
 */
#include "ical/lint.h"

#include "base/limits.h"
#include "base/vec.h"
#include "ical/lint_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *section;
} RULES[] = {
#define X(rule, name, section) {name, section},
    LINT_RULE_LIST(X)
#undef X
};

void lint_add(struct lint_context *context, enum lint_rule rule, size_t line, const char *format, ...)
{
    if (context->by_rule[rule]++ >= LIMIT_LINT_BY_RULE) {
        context->report.dropped++;
        return;
    }
    struct lint_finding finding = {.rule = RULES[rule].name, .section = RULES[rule].section, .line = line};
    char text[2 * sizeof finding.text];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    /* Bytes of the calendar stand in the text: what a terminal would act on must not. */
    size_t cut = utf8_cut(text, strlen(text), sizeof finding.text - 1);
    size_t at = 0;
    while (at < cut) {
        size_t size = utf8_next(text + at, cut - at, NULL);
        bool plain = size > 1 || (size == 1 && (unsigned char)text[at] >= 0x20 && text[at] != 0x7f);
        size = size == 0 ? 1 : size;
        memcpy(finding.text + at, text + at, size);
        finding.text[at] = plain ? finding.text[at] : '?';
        at += size;
    }
    enum error_code code = ERR_NONE;
    VEC_PUSH(code, &context->report, finding, (size_t)LIMIT_LINT_BY_RULE * LINT_RULE_COUNT);
    context->failed = context->failed == ERR_NONE ? code : context->failed;
}

/* Where the next physical line ends. */
struct physical {
    size_t from, end, next; /* bytes [from, end) without the line break; the next line */
    bool has_break, has_cr;
};

static struct physical physical_at(const char *bytes, size_t length, size_t from)
{
    const char *found = memchr(bytes + from, '\n', length - from);
    struct physical line = {.from = from, .has_break = found != NULL};
    line.end = found == NULL ? length : (size_t)(found - bytes);
    line.next = found == NULL ? length : line.end + 1;
    line.has_cr = line.end > from && bytes[line.end - 1] == '\r';
    line.end -= line.has_cr ? 1 : 0;
    return line;
}

static void check_controls(struct lint_context *context, const char *bytes, size_t length, size_t number)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte == '\r') {
            lint_add(context, LINT_LINE_ENDING, number, "a CR without LF at octet %zu", i + 1);
            return;
        }
        if ((byte < 0x20 && byte != '\t') || byte == 0x7f) {
            lint_add(context, LINT_CONTROL, number, "control character 0x%02X at octet %zu", byte, i + 1);
            return;
        }
    }
}

static void check_physical(struct lint_context *context, const char *bytes, struct physical line,
                           size_t number)
{
    size_t length = line.end - line.from;
    if (!line.has_break) {
        lint_add(context, LINT_LINE_ENDING, number, "the last line does not end");
    } else if (!line.has_cr) {
        lint_add(context, LINT_LINE_ENDING, number, "LF without CR");
    }
    if (length > 75) {
        lint_add(context, LINT_LINE_LENGTH, number, "%zu octets", length);
    }
    if (length == 0) {
        lint_add(context, LINT_EMPTY_LINE, number, "an empty line");
    }
    check_controls(context, bytes + line.from, length, number);
}

static bool is_continuation(const char *bytes, struct physical line)
{
    return line.end > line.from && (bytes[line.from] == ' ' || bytes[line.from] == '\t');
}

static void finish_logical(struct lint_context *context, const struct text *logical, size_t number)
{
    const char *bytes = text_string(logical);
    size_t length = logical->length;
    if (length == 0) {
        return;
    }
    if (!utf8_valid(bytes, length)) {
        lint_add(context, LINT_UTF8, number, "bytes that are not UTF-8");
    }
    struct lint_line line;
    if (lint_line_parse(context, bytes, length, number, &line)) {
        lint_component_line(context, &line);
    }
}

static size_t lint_lines(struct lint_context *context, const char *bytes, size_t length, struct text *logical)
{
    size_t number = 0;
    size_t first = 1;
    size_t from = 0;
    while (from < length && context->failed == ERR_NONE) {
        struct physical line = physical_at(bytes, length, from);
        number++;
        check_physical(context, bytes, line, number);
        bool continues = is_continuation(bytes, line) && number > 1;
        if (continues) {
            bool split = line.end - line.from > 1 && ((unsigned char)bytes[line.from + 1] & 0xc0U) == 0x80;
            if (split) {
                lint_add(context, LINT_FOLD_IN_CHARACTER, number, "the line break stands inside a character");
            }
        } else {
            finish_logical(context, logical, first);
            text_clear(logical);
            first = number;
        }
        size_t skip = continues ? 1 : 0;
        text_add_bytes(logical, bytes + line.from + skip, line.end - line.from - skip);
        from = line.next;
    }
    finish_logical(context, logical, first);
    return number;
}

/* By line, so that a reader goes through the file once. */
static int compare_finding(const void *left, const void *right)
{
    const struct lint_finding *a = left;
    const struct lint_finding *b = right;
    if (a->line != b->line) {
        return a->line < b->line ? -1 : 1;
    }
    int order = strcmp(a->rule, b->rule);
    return order != 0 ? order : strcmp(a->text, b->text);
}

enum error_code lint_calendar(const char *bytes, size_t length, struct lint_report *ret_report,
                              struct error *err)
{
    if (length > LIMIT_LINT_BYTES) {
        return error_set(err, ERR_LIMIT, "文件过大 / more than %zu bytes", LIMIT_LINT_BYTES);
    }
    struct lint_context context = {0};
    struct text logical;
    text_init(&logical, length);
    arena_init(&context.arena);
    size_t skip = 0;
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        lint_add(&context, LINT_BOM, 1, "a byte order mark before BEGIN:VCALENDAR");
        skip = 3;
    }
    size_t last = length == skip ? 0 : lint_lines(&context, bytes + skip, length - skip, &logical);
    lint_component_finish(&context, last);
    if (context.failed == ERR_NONE) {
        context.failed = logical.failed;
    }
    text_finish(&logical);
    arena_finish(&context.arena);
    free(context.uids.items);
    free(context.zones_used.items);
    free(context.zones_defined.items);
    if (context.failed != ERR_NONE) {
        lint_report_finish(&context.report);
        return error_set(err, context.failed, "lint: %s", error_sentence_en(context.failed));
    }
    if (context.report.count > 0) {
        qsort(context.report.items, context.report.count, sizeof *context.report.items, compare_finding);
    }
    *ret_report = context.report;
    return ERR_NONE;
}

void lint_report_finish(struct lint_report *report)
{
    free(report->items);
    *report = (struct lint_report){0};
}
