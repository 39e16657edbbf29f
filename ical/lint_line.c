/* ical/lint_line: one unfolded content line → name, parameters, value. */
#include "ical/lint_rules.h"

#include <string.h>
#include <strings.h>

int lint_shown(struct lint_span span)
{
    return (int)utf8_cut(span.bytes, span.length, 40);
}

bool lint_equal(struct lint_span span, const char *word)
{
    return span.length == strlen(word) && strncasecmp(span.bytes, word, span.length) == 0;
}

/* iana-token and x-name, RFC 5545 §3.1. */
static size_t token_length(const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length && ((bytes[at] >= 'A' && bytes[at] <= 'Z') || (bytes[at] >= 'a' && bytes[at] <= 'z') ||
                           (bytes[at] >= '0' && bytes[at] <= '9') || bytes[at] == '-')) {
        at++;
    }
    return at;
}

/* One value of a parameter at `at`: quoted, or up to one of ;:, ; false when its quote stays open. */
static bool value_span(const char *bytes, size_t length, size_t *at, struct lint_span *ret_span)
{
    size_t from = *at;
    if (from < length && bytes[from] == '"') {
        const char *close = memchr(bytes + from + 1, '"', length - from - 1);
        if (close == NULL) {
            return false;
        }
        *ret_span = (struct lint_span){bytes + from + 1, (size_t)(close - bytes) - from - 1};
        *at = (size_t)(close - bytes) + 1;
        return true;
    }
    size_t end = from;
    while (end < length && strchr(";:,\"", bytes[end]) == NULL) {
        end++;
    }
    *ret_span = (struct lint_span){bytes + from, end - from};
    *at = end;
    return true;
}

/* ";NAME=value,value" at `at`. NULL, or what is wrong. */
static const char *parameter_parse(const char *bytes, size_t length, size_t *at, struct lint_line *line)
{
    struct lint_span name = {bytes + *at, token_length(bytes + *at, length - *at)};
    *at += name.length;
    if (name.length == 0 || *at >= length || bytes[*at] != '=') {
        return "a parameter without \"=\"";
    }
    struct lint_span first = {NULL, 0};
    do {
        struct lint_span value;
        (*at)++;
        if (!value_span(bytes, length, at, &value)) {
            return "a quoted parameter that is not closed";
        }
        first = first.bytes == NULL ? value : first;
    } while (*at < length && bytes[*at] == ',');
    if (*at < length && bytes[*at] != ';' && bytes[*at] != ':') {
        return "a parameter value with a quote inside";
    }
    if (lint_equal(name, "TZID")) {
        line->tzid = first;
    } else if (lint_equal(name, "VALUE")) {
        line->value_type = first;
    }
    return NULL;
}

bool lint_line_parse(struct lint_context *context, const char *bytes, size_t length, size_t number,
                     struct lint_line *ret_line)
{
    struct lint_line line = {.number = number, .name = {bytes, token_length(bytes, length)}};
    size_t at = line.name.length;
    struct lint_span whole = {bytes, length};
    if (at == 0 || at >= length || (bytes[at] != ';' && bytes[at] != ':')) {
        lint_add(context, LINT_LINE_SYNTAX, number, "not NAME:value but \"%.*s\"", lint_shown(whole), bytes);
        return false;
    }
    while (at < length && bytes[at] == ';') {
        at++;
        const char *wrong = parameter_parse(bytes, length, &at, &line);
        if (wrong != NULL) {
            lint_add(context, LINT_PARAMETER, number, "%s: \"%.*s\"", wrong, lint_shown(whole), bytes);
            return false;
        }
    }
    if (at >= length) {
        lint_add(context, LINT_LINE_SYNTAX, number, "no \":\" in \"%.*s\"", lint_shown(whole), bytes);
        return false;
    }
    line.value = (struct lint_span){bytes + at + 1, length - at - 1};
    *ret_line = line;
    return true;
}
