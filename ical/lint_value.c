/* ical/lint_value: values by their kind, RFC 5545 §3.3. One pass over the bytes each. */
#include "ical/lint_rules.h"

#include <string.h>
#include <strings.h>

static size_t digits(struct lint_span span, size_t from)
{
    size_t at = from;
    while (at < span.length && span.bytes[at] >= '0' && span.bytes[at] <= '9') {
        at++;
    }
    return at - from;
}

/* The number in `count` digits; at most 9 of them count. */
static int32_t number_at(struct lint_span span, size_t from, size_t count)
{
    int32_t number = 0;
    for (size_t i = 0; i < count && i < 9; i++) {
        number = number * 10 + (span.bytes[from + i] - '0');
    }
    return number;
}

static bool is_sign(struct lint_span span)
{
    return span.length > 0 && (span.bytes[0] == '+' || span.bytes[0] == '-');
}

static bool real_day(int32_t year, int32_t month, int32_t day)
{
    static const int32_t DAYS[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= DAYS[month - 1] &&
           (month != 2 || day < 29 || leap);
}

/* NULL, or what is wrong with a DATE or DATE-TIME. */
static const char *time_parse(struct lint_span span, struct lint_time *ret_time)
{
    bool is_date = span.length == 8;
    bool is_utc = span.length == 16 && span.bytes[15] == 'Z';
    if (!(is_date || is_utc || span.length == 15) || digits(span, 0) < 8) {
        return "neither YYYYMMDD nor YYYYMMDDTHHMMSS[Z]";
    }
    int32_t year = number_at(span, 0, 4);
    if (!real_day(year, number_at(span, 4, 2), number_at(span, 6, 2))) {
        return "no such day";
    }
    struct lint_time time = {true, is_date, is_utc, (int64_t)number_at(span, 0, 8) * 1000000};
    if (!is_date) {
        if (span.bytes[8] != 'T' || digits(span, 9) != 6) {
            return "neither YYYYMMDD nor YYYYMMDDTHHMMSS[Z]";
        }
        /* A second of 60 is a leap second. */
        if (number_at(span, 9, 2) > 23 || number_at(span, 11, 2) > 59 || number_at(span, 13, 2) > 60) {
            return "no such time of day";
        }
        time.number += number_at(span, 9, 6);
    }
    *ret_time = time;
    return NULL;
}

struct value_check {
    struct lint_context *context;
    const struct lint_line *line;
    const struct lint_frame *frame;
    const char *words;
    struct lint_time time;
};

static void value_add(struct value_check *check, enum lint_rule rule, const char *wrong)
{
    const struct lint_line *line = check->line;
    lint_add(check->context, rule, line->number, "%.*s: %s: \"%.*s\"", lint_shown(line->name),
             line->name.bytes, wrong, lint_shown(line->value), line->value.bytes);
}

static void check_one_time(struct value_check *check, struct lint_span span)
{
    const struct lint_line *line = check->line;
    bool says_date = line->value_type.bytes != NULL && lint_equal(line->value_type, "DATE");
    struct lint_time time = {0};
    const char *wrong = time_parse(span, &time);
    if (wrong == NULL && time.is_date != says_date) {
        wrong = says_date ? "a date-time under VALUE=DATE" : "a date without VALUE=DATE";
    }
    if (wrong != NULL) {
        value_add(check, LINT_DATE_TIME, wrong);
        return;
    }
    if (time.is_utc && line->tzid.bytes != NULL) {
        value_add(check, LINT_TZID_UTC, "TZID on a time in UTC");
    }
    check->time = time;
}

static void check_time(struct value_check *check)
{
    check_one_time(check, check->line->value);
}

static void check_time_list(struct value_check *check)
{
    const struct lint_line *line = check->line;
    if (line->value_type.bytes != NULL && lint_equal(line->value_type, "PERIOD")) {
        return;
    }
    struct lint_span rest = line->value;
    for (;;) {
        const char *comma = memchr(rest.bytes, ',', rest.length);
        size_t length = comma == NULL ? rest.length : (size_t)(comma - rest.bytes);
        check_one_time(check, (struct lint_span){rest.bytes, length});
        if (comma == NULL) {
            return;
        }
        rest = (struct lint_span){comma + 1, rest.length - length - 1};
    }
}

static void check_utc(struct value_check *check)
{
    check_one_time(check, check->line->value);
    if (check->time.known && !check->time.is_utc) {
        value_add(check, LINT_UTC_NEEDED, "must be in UTC");
    }
}

/* How many octets "nHnMnS" takes from `at` by RFC 5545 §3.3.6, where no unit may be left out between; 0:
 * wrong. */
static size_t time_part(struct lint_span span, size_t at)
{
    static const char UNITS[] = "HMS";
    size_t from = at;
    size_t unit = 0;
    bool any = false;
    while (at < span.length) {
        size_t count = digits(span, at);
        const char *found =
            count == 0 || at + count >= span.length ? NULL : strchr(UNITS, span.bytes[at + count]);
        if (found == NULL || *found == '\0') {
            return 0;
        }
        size_t index = (size_t)(found - UNITS);
        if (any && index != unit) {
            return 0;
        }
        any = true;
        unit = index + 1;
        at += count + 1;
    }
    return at - from;
}

static bool duration_valid(struct lint_span span, bool may_be_negative)
{
    size_t at = is_sign(span) ? 1 : 0;
    if ((at == 1 && span.bytes[0] == '-' && !may_be_negative) || at >= span.length || span.bytes[at] != 'P') {
        return false;
    }
    at++;
    size_t count = digits(span, at);
    if (count > 0) {
        at += count;
        char unit = at < span.length ? span.bytes[at] : '\0';
        at++;
        if (unit == 'W' || (unit == 'D' && at == span.length)) {
            return at == span.length;
        }
        if (unit != 'D') {
            return false;
        }
    }
    return at < span.length && span.bytes[at] == 'T' && time_part(span, at + 1) > 0;
}

static void check_duration(struct value_check *check)
{
    const struct lint_line *line = check->line;
    bool refresh = lint_equal(line->name, "REFRESH-INTERVAL");
    if (refresh && (line->value_type.bytes == NULL || !lint_equal(line->value_type, "DURATION"))) {
        value_add(check, LINT_REFRESH_VALUE, "without VALUE=DURATION");
    }
    if (!duration_valid(line->value, false)) {
        value_add(check, LINT_DURATION, "no duration");
    }
}

static void check_trigger(struct value_check *check)
{
    const struct lint_line *line = check->line;
    if (line->value_type.bytes != NULL && lint_equal(line->value_type, "DATE-TIME")) {
        check_utc(check);
    } else if (!duration_valid(line->value, true)) {
        value_add(check, LINT_DURATION, "no duration");
    }
}

static void check_integer(struct value_check *check)
{
    struct lint_span span = check->line->value;
    size_t at = is_sign(span) ? 1 : 0;
    size_t count = digits(span, at);
    if (count == 0 || count > 10 || at + count != span.length || span.bytes[0] == '-') {
        value_add(check, LINT_INTEGER, "no integer from 0 on");
    }
}

static void check_offset(struct value_check *check)
{
    struct lint_span span = check->line->value;
    bool formed =
        is_sign(span) && (span.length == 5 || span.length == 7) && digits(span, 1) == span.length - 1;
    if (!formed || number_at(span, 1, 2) > 23 || number_at(span, 3, 2) > 59 ||
        (span.length == 7 && number_at(span, 5, 2) > 59)) {
        value_add(check, LINT_UTC_OFFSET, "not +HHMM or -HHMM");
    } else if (span.bytes[0] == '-' && number_at(span, 1, span.length - 1) == 0) {
        value_add(check, LINT_UTC_OFFSET, "-0000 is not allowed");
    }
}

/* "[+-]digits[.digits]" between -max and max, without strtod(3), which asks the locale. */
static bool degrees_valid(struct lint_span span, int32_t max)
{
    size_t at = is_sign(span) ? 1 : 0;
    size_t whole = digits(span, at);
    if (whole == 0 || whole > 9) {
        return false;
    }
    int32_t value = number_at(span, at, whole);
    at += whole;
    bool fraction = false;
    if (at < span.length && span.bytes[at] == '.') {
        size_t count = digits(span, at + 1);
        if (count == 0) {
            return false;
        }
        for (size_t i = 0; i < count; i++) {
            fraction = fraction || span.bytes[at + 1 + i] != '0';
        }
        at += count + 1;
    }
    return at == span.length && (value < max || (value == max && !fraction));
}

static void check_geo(struct value_check *check)
{
    struct lint_span span = check->line->value;
    const char *middle = memchr(span.bytes, ';', span.length);
    size_t first = middle == NULL ? 0 : (size_t)(middle - span.bytes);
    if (middle == NULL || !degrees_valid((struct lint_span){span.bytes, first}, 90) ||
        !degrees_valid((struct lint_span){middle + 1, span.length - first - 1}, 180)) {
        value_add(check, LINT_GEO, "not latitude;longitude in degrees");
    }
}

static void check_uri(struct value_check *check)
{
    struct lint_span span = check->line->value;
    const char *colon = memchr(span.bytes, ':', span.length);
    size_t scheme = colon == NULL ? 0 : (size_t)(colon - span.bytes);
    bool valid = scheme > 0 && ((span.bytes[0] | 0x20) >= 'a' && (span.bytes[0] | 0x20) <= 'z');
    for (size_t i = 0; i < scheme && valid; i++) {
        char byte = span.bytes[i];
        bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
        valid = letter || (byte >= '0' && byte <= '9') || byte == '+' || byte == '-' || byte == '.';
    }
    for (size_t i = scheme; i < span.length && valid; i++) {
        unsigned char byte = (unsigned char)span.bytes[i];
        valid = byte > 0x20 && byte != 0x7f && strchr("\"<>\\^`{|}", byte) == NULL;
    }
    if (!valid) {
        value_add(check, LINT_URI, "no URI");
    }
}

/* Is the span one of `words`, which are separated by spaces? */
static bool word_known(struct lint_span span, const char *words)
{
    while (*words != '\0') {
        size_t length = strcspn(words, " ");
        if (span.length == length && strncasecmp(span.bytes, words, length) == 0) {
            return true;
        }
        words += length;
        words += *words == ' ' ? 1 : 0;
    }
    return false;
}

/* NULL, or what is wrong with one "NAME=value" of a rule. */
static const char *recur_part(struct lint_span part, unsigned *seen)
{
    static const char *const NAMES[] = {
        "FREQ",       "UNTIL",     "COUNT",    "INTERVAL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY",
        "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH",  "BYSETPOS", "WKST",     "RSCALE", "SKIP"};
    const char *equal = memchr(part.bytes, '=', part.length);
    if (equal == NULL) {
        return "a part without \"=\"";
    }
    struct lint_span name = {part.bytes, (size_t)(equal - part.bytes)};
    struct lint_span value = {equal + 1, part.length - name.length - 1};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (!lint_equal(name, NAMES[i])) {
            continue;
        }
        if ((*seen & (1U << i)) != 0) {
            return "a part twice";
        }
        *seen |= 1U << i;
        if (i == 0 && !word_known(value, "SECONDLY MINUTELY HOURLY DAILY WEEKLY MONTHLY YEARLY")) {
            return "an unknown FREQ";
        }
        bool counts = i == 2 || i == 3;
        if (counts && (value.length == 0 || digits(value, 0) != value.length ||
                       number_at(value, 0, value.length) == 0)) {
            return "COUNT or INTERVAL below 1";
        }
        return NULL;
    }
    return name.length > 2 && (name.bytes[0] | 0x20) == 'x' ? NULL : "an unknown part";
}

static void check_recur(struct value_check *check)
{
    struct lint_span rest = check->line->value;
    unsigned seen = 0;
    const char *wrong = NULL;
    for (bool more = true; more && wrong == NULL;) {
        const char *end = memchr(rest.bytes, ';', rest.length);
        size_t length = end == NULL ? rest.length : (size_t)(end - rest.bytes);
        wrong = recur_part((struct lint_span){rest.bytes, length}, &seen);
        more = end != NULL;
        rest = more ? (struct lint_span){end + 1, rest.length - length - 1} : rest;
    }
    if (wrong == NULL && (seen & 1U) == 0) {
        wrong = "no FREQ";
    }
    if (wrong == NULL && (seen & 6U) == 6U) {
        wrong = "UNTIL and COUNT together";
    }
    if (wrong != NULL) {
        value_add(check, LINT_RECUR, wrong);
    }
}

/* One finding a line: the rest of a badly escaped text means nothing. */
static void check_escapes(struct value_check *check, bool is_list)
{
    struct lint_span span = check->line->value;
    for (size_t i = 0; i < span.length; i++) {
        char byte = span.bytes[i];
        if (byte == '\\') {
            i++;
            if (i >= span.length || span.bytes[i] == '\0' || strchr("\\;,nN", span.bytes[i]) == NULL) {
                value_add(check, LINT_TEXT_ESCAPE, "a backslash before something else than \\ ; , n N");
                return;
            }
        } else if (byte == ';' || (byte == ',' && !is_list)) {
            value_add(check, LINT_TEXT_ESCAPE,
                      byte == ';' ? "\";\" without backslash" : "\",\" without backslash");
            return;
        }
    }
}

static void check_text(struct value_check *check)
{
    check_escapes(check, false);
}

static void check_text_list(struct value_check *check)
{
    check_escapes(check, true);
}

static void check_color(struct value_check *check)
{
    if (!lint_color_known(check->line->value)) {
        value_add(check, LINT_COLOR, "not a CSS3 colour name");
    }
}

static void check_status(struct value_check *check)
{
    const char *words = "TENTATIVE CONFIRMED CANCELLED";
    if (check->frame->kind == COMPONENT_TODO) {
        words = "NEEDS-ACTION COMPLETED IN-PROCESS CANCELLED";
    } else if (check->frame->kind == COMPONENT_JOURNAL) {
        words = "DRAFT FINAL CANCELLED";
    }
    if (!word_known(check->line->value, words)) {
        value_add(check, LINT_STATUS, "not a status of this component");
    }
}

static void check_keyword(struct value_check *check)
{
    if (!word_known(check->line->value, check->words)) {
        value_add(check, LINT_KEYWORD, "not one of the allowed words");
    }
}

struct lint_time lint_value(struct lint_context *context, const struct lint_line *line, enum lint_kind kind,
                            const char *words, const struct lint_frame *frame)
{
    static void (*const CHECKS[])(struct value_check *) = {
        [KIND_TEXT] = check_text,       [KIND_TEXT_LIST] = check_text_list,
        [KIND_TIME] = check_time,       [KIND_TIME_LIST] = check_time_list,
        [KIND_UTC] = check_utc,         [KIND_DURATION] = check_duration,
        [KIND_TRIGGER] = check_trigger, [KIND_INTEGER] = check_integer,
        [KIND_OFFSET] = check_offset,   [KIND_GEO] = check_geo,
        [KIND_URI] = check_uri,         [KIND_RECUR] = check_recur,
        [KIND_COLOR] = check_color,     [KIND_STATUS] = check_status,
        [KIND_KEYWORD] = check_keyword};
    struct value_check check = {.context = context, .line = line, .frame = frame, .words = words};
    if (kind != KIND_ANY) {
        CHECKS[kind](&check);
    }
    return check.time;
}
