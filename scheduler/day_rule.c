#include "scheduler/day_rule.h"

#include "base/date.h"

#include <string.h>

enum {
    WEEKDAYS = 7,
    DIGITS_MAX = 10,
    BRANCH_MAX = 11
};

static const char *const BRANCHES[] = {"子", "丑", "寅", "卯", "辰", "巳",
                                       "午", "未", "申", "酉", "戌", "亥"};
static const char *const NUMERALS[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};

/* A list of numbers as bits; a table, so that parse, format and 中文 go through one loop. */
struct kind {
    const char *name; /* with its colon */
    int32_t min, max;
    const char *what_zh, *what_en;
    const char *before_zh, *after_zh;
    bool branches; /* the twelve characters instead of numerals */
};

enum kind_index {
    KIND_WEEKLY,
    KIND_MONTHDAY,
    KIND_LUNARDAY,
    KIND_BRANCH,
    KINDS
};

static const struct kind KIND_TABLE[KINDS] = {
    [KIND_WEEKLY] = {"weekly:", 1, WEEKDAYS, "星期须为1至7", "a weekday is 1 to 7", "每周", "", false},
    [KIND_MONTHDAY] = {"monthday:", 1, DIGITS_MAX, "逢几须为1至10", "a digit is 1 to 10", "逢", "（公历）",
                       false},
    [KIND_LUNARDAY] = {"lunarday:", 1, DIGITS_MAX, "逢几须为1至10", "a digit is 1 to 10", "逢", "（农历）",
                       false},
    [KIND_BRANCH] = {"branch:", 0, BRANCH_MAX, "地支须为0至11或子至亥", "a branch is 0 to 11 or 子 to 亥",
                     "逢", "日", true},
};

static const char DATES_NAME[] = "lunardate:";

static uint16_t *rule_mask(struct day_rule *rule, enum kind_index kind)
{
    switch (kind) {
    case KIND_WEEKLY:
        return &rule->weekdays;
    case KIND_MONTHDAY:
        return &rule->month_digits;
    case KIND_LUNARDAY:
        return &rule->lunar_digits;
    default:
        return &rule->branches;
    }
}

static uint16_t rule_bits(const struct day_rule *rule, enum kind_index kind)
{
    struct day_rule copy = *rule;
    return *rule_mask(&copy, kind);
}

struct parser {
    const char *text; /* the whole rule */
    const char *at;
    struct error *err;
};

/* The n-th character, as a person counts. */
static size_t parser_column(const struct parser *parser)
{
    size_t column = 1;
    for (const char *at = parser->text; at < parser->at; at++) {
        column += ((unsigned char)*at & 0xc0U) != 0x80 ? 1 : 0;
    }
    return column;
}

static enum error_code parser_refuse(const struct parser *parser, const char *zh, const char *en)
{
    size_t column = parser_column(parser);
    return error_set(parser->err, ERR_SYNTAX, "日期规则“%s”第%zu个字符：%s (date rule, character %zu: %s)",
                     parser->text, column, zh, column, en);
}

static void parser_skip_blanks(struct parser *parser)
{
    while (*parser->at == ' ') {
        parser->at++;
    }
}

static bool parser_take(struct parser *parser, const char *word)
{
    parser_skip_blanks(parser);
    size_t length = strlen(word);
    if (strncmp(parser->at, word, length) != 0) {
        return false;
    }
    parser->at += length;
    return true;
}

static bool parser_take_comma(struct parser *parser)
{
    return parser_take(parser, ",") || parser_take(parser, "，") || parser_take(parser, "、");
}

/* One or two decimal digits within the bounds; the place stays before them when it fails. */
static bool parser_take_number(struct parser *parser, int32_t min, int32_t max, int32_t *ret_number)
{
    parser_skip_blanks(parser);
    const char *at = parser->at;
    int32_t number = 0;
    int digits = 0;
    for (; digits < 3 && at[digits] >= '0' && at[digits] <= '9'; digits++) {
        number = number * 10 + (at[digits] - '0');
    }
    if (digits == 0 || digits > 2 || number < min || number > max) {
        return false;
    }
    parser->at = at + digits;
    *ret_number = number;
    return true;
}

static bool parser_take_branch(struct parser *parser, int32_t *ret_branch)
{
    for (int32_t i = 0; i <= BRANCH_MAX; i++) {
        if (parser_take(parser, BRANCHES[i])) {
            *ret_branch = i;
            return true;
        }
    }
    return false;
}

static enum error_code kind_parse(struct parser *parser, const struct kind *kind, uint16_t *mask)
{
    do {
        int32_t number = 0;
        bool taken = (kind->branches && parser_take_branch(parser, &number)) ||
                     parser_take_number(parser, kind->min, kind->max, &number);
        if (!taken) {
            return parser_refuse(parser, kind->what_zh, kind->what_en);
        }
        *mask = (uint16_t)(*mask | (1U << number));
    } while (parser_take_comma(parser));
    return ERR_NONE;
}

static int date_compare(const struct day_rule_date *left, const struct day_rule_date *right)
{
    return (left->month * 32 + left->day) - (right->month * 32 + right->day);
}

/* Keeps the dates ascending; a double with and without "+leap" is the wider one. */
static enum error_code date_insert(struct day_rule *rule, struct day_rule_date date, struct error *err)
{
    size_t at = 0;
    while (at < rule->date_count && date_compare(&rule->dates[at], &date) < 0) {
        at++;
    }
    if (at < rule->date_count && date_compare(&rule->dates[at], &date) == 0) {
        rule->dates[at].leap = rule->dates[at].leap || date.leap;
        return ERR_NONE;
    }
    if (rule->date_count >= LIMIT_RULE_DATES) {
        return error_set(err, ERR_LIMIT,
                         "日期规则中的农历日期多于%d个 (more than %d lunar dates in a date rule)",
                         LIMIT_RULE_DATES, LIMIT_RULE_DATES);
    }
    memmove(&rule->dates[at + 1], &rule->dates[at], (rule->date_count - at) * sizeof date);
    rule->dates[at] = date;
    rule->date_count++;
    return ERR_NONE;
}

static enum error_code dates_parse(struct parser *parser, struct day_rule *rule)
{
    do {
        int32_t month = 0;
        int32_t day = 0;
        if (!parser_take_number(parser, 1, 12, &month)) {
            return parser_refuse(parser, "农历月份须为1至12", "a lunar month is 1 to 12");
        }
        if (!parser_take(parser, "-")) {
            return parser_refuse(parser, "月与日之间须为“-”", "\"-\" stands between month and day");
        }
        if (!parser_take_number(parser, 1, 30, &day)) {
            return parser_refuse(parser, "农历日须为1至30", "a lunar day is 1 to 30");
        }
        bool leap = parser_take(parser, "+leap");
        struct day_rule_date date = {.month = (uint8_t)month, .day = (uint8_t)day, .leap = leap};
        enum error_code code = date_insert(rule, date, parser->err);
        if (code != ERR_NONE) {
            return code;
        }
    } while (parser_take_comma(parser));
    return ERR_NONE;
}

static enum error_code part_parse(struct parser *parser, struct day_rule *rule)
{
    for (int kind = 0; kind < KINDS; kind++) {
        if (parser_take(parser, KIND_TABLE[kind].name)) {
            return kind_parse(parser, &KIND_TABLE[kind], rule_mask(rule, (enum kind_index)kind));
        }
    }
    if (parser_take(parser, DATES_NAME)) {
        return dates_parse(parser, rule);
    }
    return parser_refuse(parser, "须为weekly:、monthday:、lunarday:、lunardate:或branch:",
                         "weekly:, monthday:, lunarday:, lunardate: or branch: is expected");
}

enum error_code day_rule_parse(const char *text, struct day_rule *ret_rule, struct error *err)
{
    if (text == NULL) {
        return error_set(err, ERR_SYNTAX, "缺少日期规则 (no date rule)");
    }
    if (strnlen(text, LIMIT_RULE_BYTES + 1) > LIMIT_RULE_BYTES) {
        return error_set(err, ERR_LIMIT, "日期规则超过%d字节 (date rule of more than %d bytes)",
                         LIMIT_RULE_BYTES, LIMIT_RULE_BYTES);
    }
    struct day_rule rule = {0};
    struct parser parser = {.text = text, .at = text, .err = err};
    do {
        enum error_code code = part_parse(&parser, &rule);
        if (code != ERR_NONE) {
            return code;
        }
    } while (parser_take(&parser, "|"));
    parser_skip_blanks(&parser);
    if (*parser.at != '\0') {
        return parser_refuse(&parser, "此处须为“,”、“|”或结束", "\",\", \"|\" or the end is expected");
    }
    *ret_rule = rule;
    return ERR_NONE;
}

static bool bit_set(uint16_t mask, int32_t bit)
{
    return bit >= 0 && bit < 16 && ((uint32_t)mask >> bit & 1U) != 0;
}

/* 逢十 is 10, 20, 30: the digit of a day is its last one, and 10 for 0. */
static bool digit_matches(uint16_t digits, int32_t day)
{
    int32_t last = day % 10;
    return bit_set(digits, last == 0 ? 10 : last);
}

static bool date_matches(const struct day_rule_date *date, struct lunar_date lunar)
{
    return (int)date->month == (int)lunar.month && (int)date->day == (int)lunar.day &&
           (date->leap || !lunar.leap);
}

bool day_rule_matches(const struct day_rule *rule, const struct day_info *day)
{
    if (bit_set(rule->weekdays, day->weekday) || bit_set(rule->branches, day->branch)) {
        return true;
    }
    if (rule->month_digits != 0 && digit_matches(rule->month_digits, date_to_civil(day->day).day)) {
        return true;
    }
    if (day->lunar.month == 0) {
        return false;
    }
    if (rule->lunar_digits != 0 && digit_matches(rule->lunar_digits, day->lunar.day)) {
        return true;
    }
    for (size_t i = 0; i < rule->date_count; i++) {
        if (date_matches(&rule->dates[i], day->lunar)) {
            return true;
        }
    }
    return false;
}

/* "|" or "；" before every part but the first. */
static void part_start(struct text *text, const char *separator, bool *first)
{
    if (!*first) {
        text_add(text, separator);
    }
    *first = false;
}

static void kind_format(const struct kind *kind, uint16_t mask, struct text *text)
{
    text_add(text, kind->name);
    const char *comma = "";
    for (int32_t i = kind->min; i <= kind->max; i++) {
        if (bit_set(mask, i)) {
            text_addf(text, "%s%d", comma, (int)i);
            comma = ",";
        }
    }
}

static void dates_format(const struct day_rule *rule, struct text *text)
{
    text_add(text, DATES_NAME);
    for (size_t i = 0; i < rule->date_count; i++) {
        const struct day_rule_date *date = &rule->dates[i];
        text_addf(text, "%s%d-%d%s", i == 0 ? "" : ",", (int)date->month, (int)date->day,
                  date->leap ? "+leap" : "");
    }
}

void day_rule_format(const struct day_rule *rule, struct text *text)
{
    bool first = true;
    for (int kind = 0; kind < KINDS; kind++) {
        if (kind == KIND_BRANCH && rule->date_count > 0) {
            part_start(text, "|", &first);
            dates_format(rule, text);
        }
        uint16_t mask = rule_bits(rule, (enum kind_index)kind);
        if (mask != 0) {
            part_start(text, "|", &first);
            kind_format(&KIND_TABLE[kind], mask, text);
        }
    }
}

static const char *number_zh(const struct kind *kind, int32_t number)
{
    if (kind->branches) {
        return BRANCHES[number];
    }
    /* 周日, not 周七. */
    return kind == &KIND_TABLE[KIND_WEEKLY] && number == WEEKDAYS ? "日" : NUMERALS[number];
}

static void kind_zh(const struct kind *kind, uint16_t mask, struct text *text)
{
    text_add(text, kind->before_zh);
    const char *comma = "";
    for (int32_t i = kind->min; i <= kind->max; i++) {
        if (bit_set(mask, i)) {
            text_add(text, comma);
            text_add(text, number_zh(kind, i));
            comma = "、";
        }
    }
    text_add(text, kind->after_zh);
}

static void dates_zh(const struct day_rule *rule, struct text *text)
{
    text_add(text, "农历");
    for (size_t i = 0; i < rule->date_count; i++) {
        const struct day_rule_date *date = &rule->dates[i];
        char name[LUNAR_TEXT_SIZE];
        lunar_format_zh((struct lunar_date){.month = (int8_t)date->month, .day = (int8_t)date->day}, name);
        text_addf(text, "%s%s%s", i == 0 ? "" : "、", name, date->leap ? "（含闰月）" : "");
    }
}

void day_rule_zh(const struct day_rule *rule, struct text *text)
{
    bool first = true;
    for (int kind = 0; kind < KINDS; kind++) {
        if (kind == KIND_BRANCH && rule->date_count > 0) {
            part_start(text, "；", &first);
            dates_zh(rule, text);
        }
        uint16_t mask = rule_bits(rule, (enum kind_index)kind);
        if (mask != 0) {
            part_start(text, "；", &first);
            kind_zh(&KIND_TABLE[kind], mask, text);
        }
    }
}
