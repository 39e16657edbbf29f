/* Weekly hours: text to spans, spans to text, and whether they cover a time. */
#include "scheduler/hours.h"

#include "base/date.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum {
    WEEK_DAYS = 7,
    /* Whole days of a week between a first and a last part of a day: longer is not worth looking. */
    COVER_DAYS_MAX = 9
};

struct parser {
    const char *text;
    const char *at;
    struct error *err;
};

static enum error_code parser_refuse(const struct parser *parser, enum error_code code, const char *zh,
                                     const char *en)
{
    size_t column = 1;
    size_t ahead = (size_t)(parser->at - parser->text);
    for (const char *at = parser->text; ahead > 0; column++) {
        size_t length = utf8_next(at, ahead, NULL);
        length = length == 0 ? 1 : length;
        at += length;
        ahead -= length;
    }
    return error_set(parser->err, code, "时段第 %zu 个字符处：%s (hours, character %zu: %s)", column, zh,
                     column, en);
}

static bool parser_take(struct parser *parser, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(parser->at, word, length) != 0) {
        return false;
    }
    parser->at += length;
    return true;
}

static bool parser_skip_blanks(struct parser *parser)
{
    const char *before = parser->at;
    while (*parser->at == ' ' || *parser->at == '\t' || parser_take(parser, "\u3000")) {
        parser->at += *parser->at == ' ' || *parser->at == '\t' ? 1 : 0;
    }
    return parser->at != before;
}

static bool parser_take_weekday(struct parser *parser, int *ret_weekday)
{
    if (*parser->at < '1' || *parser->at > '7') {
        return false;
    }
    *ret_weekday = *parser->at++ - '0';
    return true;
}

/* "1-3,5" to bits 1 … 7. */
static enum error_code weekdays_parse(struct parser *parser, unsigned *ret_days)
{
    unsigned days = 0;
    do {
        int from = 0;
        if (!parser_take_weekday(parser, &from)) {
            return parser_refuse(parser, ERR_SYNTAX, "应为星期 1 至 7", "a weekday 1 to 7 is wanted");
        }
        int to = from;
        if (parser_take(parser, "-") && (!parser_take_weekday(parser, &to) || to < from)) {
            return parser_refuse(parser, ERR_SYNTAX, "星期范围不正确", "not a range of weekdays");
        }
        for (int day = from; day <= to; day++) {
            days |= 1U << day;
        }
    } while (parser_take(parser, ",") || parser_take(parser, "，") || parser_take(parser, "、"));
    *ret_days = days;
    return ERR_NONE;
}

static bool parser_take_minute(struct parser *parser, int32_t *ret_minute)
{
    char text[6] = {0};
    size_t length = strnlen(parser->at, sizeof text - 1);
    memcpy(text, parser->at, length);
    if (!minute_parse(text, ret_minute)) {
        return false;
    }
    parser->at += sizeof text - 1;
    return true;
}

static enum error_code span_parse(struct parser *parser, int32_t *ret_from, int32_t *ret_to)
{
    const char *before = parser->at;
    if (!parser_take_minute(parser, ret_from) || !parser_take(parser, "-") ||
        !parser_take_minute(parser, ret_to)) {
        return parser_refuse(parser, ERR_SYNTAX, "应为 HH:MM-HH:MM", "HH:MM-HH:MM is wanted");
    }
    if (*ret_from >= *ret_to) {
        parser->at = before;
        return parser_refuse(parser, ERR_SYNTAX, "结束应晚于开始，跨夜请分两天写",
                             "the end must be after the start; write a night as two days");
    }
    return ERR_NONE;
}

static bool spans_touch(const struct hours_span *a, const struct hours_span *b)
{
    return a->weekday == b->weekday && a->from_min <= b->to_min && b->from_min <= a->to_min;
}

static bool span_before(const struct hours_span *a, const struct hours_span *b)
{
    return a->weekday != b->weekday ? a->weekday < b->weekday : a->from_min < b->from_min;
}

/* Puts the span in its place, joined with those that it touches. False: no room. */
static bool span_insert(struct hours *hours, struct hours_span span)
{
    uint8_t kept = 0;
    for (uint8_t i = 0; i < hours->count; i++) {
        struct hours_span other = hours->spans[i];
        if (spans_touch(&other, &span)) {
            if (other.from_min < span.from_min) {
                span.from_min = other.from_min;
            }
            if (other.to_min > span.to_min) {
                span.to_min = other.to_min;
            }
        } else {
            hours->spans[kept++] = other;
        }
    }
    hours->count = kept;
    if (kept >= LIMIT_HOURS_SPANS) {
        return false;
    }
    uint8_t at = kept;
    for (; at > 0 && span_before(&span, &hours->spans[at - 1]); at--) {
        hours->spans[at] = hours->spans[at - 1];
    }
    hours->spans[at] = span;
    hours->count++;
    return true;
}

static enum error_code group_parse(struct parser *parser, struct hours *hours)
{
    unsigned days = 0;
    enum error_code code = weekdays_parse(parser, &days);
    if (code != ERR_NONE) {
        return code;
    }
    if (!parser_skip_blanks(parser)) {
        return parser_refuse(parser, ERR_SYNTAX, "星期之后应为空格和时段", "blank and times are wanted");
    }
    do {
        int32_t from = 0;
        int32_t to = 0;
        code = span_parse(parser, &from, &to);
        if (code != ERR_NONE) {
            return code;
        }
        for (int day = 1; day <= WEEK_DAYS; day++) {
            struct hours_span span = {
                .weekday = (uint8_t)day, .from_min = (int16_t)from, .to_min = (int16_t)to};
            if ((days & (1U << day)) != 0 && !span_insert(hours, span)) {
                return parser_refuse(parser, ERR_LIMIT, "时段过多", "too many spans");
            }
        }
    } while (parser_skip_blanks(parser) && *parser->at >= '0' && *parser->at <= '9');
    return ERR_NONE;
}

enum error_code hours_parse(const char *text, struct hours *ret_hours, struct error *err)
{
    struct hours hours = {0};
    struct parser parser = {.text = text == NULL ? "" : text, .err = err};
    parser.at = parser.text;
    if (strnlen(parser.text, LIMIT_NOTE_BYTES + 1) > LIMIT_NOTE_BYTES) {
        return parser_refuse(&parser, ERR_LIMIT, "文字过长", "the text is too long");
    }
    (void)parser_skip_blanks(&parser);
    while (*parser.at != '\0') {
        enum error_code code = group_parse(&parser, &hours);
        if (code != ERR_NONE) {
            return code;
        }
        if (*parser.at != '\0' && !parser_take(&parser, ";") && !parser_take(&parser, "；")) {
            return parser_refuse(&parser, ERR_SYNTAX, "应为分号或结尾", "a semicolon or the end is wanted");
        }
        (void)parser_skip_blanks(&parser);
    }
    *ret_hours = hours;
    return ERR_NONE;
}

bool hours_valid(const struct hours *hours)
{
    if (hours->count > LIMIT_HOURS_SPANS) {
        return false;
    }
    for (uint8_t i = 0; i < hours->count; i++) {
        const struct hours_span *span = &hours->spans[i];
        if (span->weekday < 1 || span->weekday > WEEK_DAYS || span->from_min < 0 ||
            span->from_min >= span->to_min || span->to_min > DAY_MINUTES) {
            return false;
        }
        if (i > 0 && (!span_before(span - 1, span) || spans_touch(span - 1, span))) {
            return false;
        }
    }
    return true;
}

/* The spans of one weekday: those from *ret_first, their number is the answer. */
static uint8_t day_spans(const struct hours *hours, int weekday, const struct hours_span **ret_first)
{
    uint8_t first = 0;
    while (first < hours->count && hours->spans[first].weekday < weekday) {
        first++;
    }
    uint8_t count = 0;
    while (first + count < hours->count && hours->spans[first + count].weekday == weekday) {
        count++;
    }
    *ret_first = &hours->spans[count == 0 ? 0 : first];
    return count;
}

static bool days_equal(const struct hours *hours, int left, int right)
{
    const struct hours_span *a = NULL;
    const struct hours_span *b = NULL;
    uint8_t count = day_spans(hours, left, &a);
    if (day_spans(hours, right, &b) != count) {
        return false;
    }
    for (uint8_t i = 0; i < count; i++) {
        if (a[i].from_min != b[i].from_min || a[i].to_min != b[i].to_min) {
            return false;
        }
    }
    return true;
}

/* "1-5" for three days in a row and more, "6,7" else. */
static void weekdays_format(unsigned days, struct text *text)
{
    bool first = true;
    for (int day = 1; day <= WEEK_DAYS; day++) {
        if ((days & (1U << day)) == 0) {
            continue;
        }
        int last = day;
        while (last < WEEK_DAYS && (days & (1U << (last + 1))) != 0) {
            last++;
        }
        text_addf(text, first ? "%d" : ",%d", day);
        if (last >= day + 2) {
            text_addf(text, "-%d", last);
            day = last;
        }
        first = false;
    }
}

static void group_format(const struct hours *hours, unsigned days, int weekday, struct text *text)
{
    text_add(text, text->length > 0 ? "; " : "");
    weekdays_format(days, text);
    const struct hours_span *spans = NULL;
    uint8_t count = day_spans(hours, weekday, &spans);
    for (uint8_t i = 0; i < count; i++) {
        text_addf(text, " %02d:%02d-%02d:%02d", spans[i].from_min / 60, spans[i].from_min % 60,
                  spans[i].to_min / 60, spans[i].to_min % 60);
    }
}

void hours_format(const struct hours *hours, char *ret_text, int size)
{
    struct text text;
    if (size <= 0) {
        return;
    }
    text_init(&text, (size_t)size - 1);
    unsigned done = 0;
    for (int day = 1; day <= WEEK_DAYS; day++) {
        const struct hours_span *spans = NULL;
        if ((done & (1U << day)) != 0 || day_spans(hours, day, &spans) == 0) {
            continue;
        }
        unsigned days = 0;
        for (int other = day; other <= WEEK_DAYS; other++) {
            days |= days_equal(hours, day, other) ? 1U << other : 0;
        }
        done |= days;
        group_format(hours, days, day, &text);
    }
    (void)snprintf(ret_text, (size_t)size, "%s", text_string(&text));
    text_finish(&text);
}

/* Does [from, to) of one day lie in its spans, one after the other without a gap? */
static bool day_cover(const struct hours *hours, int32_t weekday, int32_t from, int32_t to)
{
    for (uint8_t i = 0; i < hours->count && from < to; i++) {
        const struct hours_span *span = &hours->spans[i];
        if (span->weekday == weekday && span->from_min <= from && from < span->to_min) {
            from = span->to_min;
        }
    }
    return from >= to;
}

bool hours_cover(const struct hours *hours, int32_t day, int32_t start_min, int32_t end_min)
{
    if (hours->count == 0 || start_min >= end_min) {
        return true;
    }
    int64_t at = start_min;
    int64_t end = end_min;
    if (end > at + (int64_t)COVER_DAYS_MAX * DAY_MINUTES) {
        end = at + (int64_t)COVER_DAYS_MAX * DAY_MINUTES;
    }
    while (at < end) {
        int64_t shift = at >= 0 ? at / DAY_MINUTES : -((DAY_MINUTES - 1 - at) / DAY_MINUTES);
        int64_t midnight = shift * DAY_MINUTES;
        int64_t until = end < midnight + DAY_MINUTES ? end : midnight + DAY_MINUTES;
        int32_t weekday = date_weekday((int32_t)(day + shift));
        if (!day_cover(hours, weekday, (int32_t)(at - midnight), (int32_t)(until - midnight))) {
            return false;
        }
        at = until;
    }
    return true;
}
