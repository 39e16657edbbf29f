/* Names, notes, ids, lists and words. */
#include "base/limits.h"
#include "base/text.h"
#include "importers/values.h"

#include <stdio.h>
#include <string.h>

enum {
    SHOWN_BYTES = 60
};

bool fault_set(struct fault *fault, enum import_code code, const char *zh, const char *en, const char *shown)
{
    char cut[SHOWN_BYTES + 8] = "";
    if (shown != NULL) {
        size_t length = strlen(shown);
        size_t kept = utf8_cut(shown, length, SHOWN_BYTES);
        (void)snprintf(cut, sizeof cut, "%.*s%s", (int)kept, shown, kept < length ? "…" : "");
    }
    fault->code = code;
    struct text text;
    const char *const sentences[] = {zh, en};
    char *const to[] = {fault->zh, fault->en};
    for (size_t i = 0; i < 2; i++) {
        /* The sentences hold at most one %s; put in by hand, so that a cell can never be a format. */
        const char *mark = strstr(sentences[i], "%s");
        text_init(&text, FAULT_TEXT_SIZE - 1);
        text_add_bytes(&text, sentences[i],
                       mark == NULL ? strlen(sentences[i]) : (size_t)(mark - sentences[i]));
        if (mark != NULL) {
            text_add(&text, cut);
            text_add(&text, mark + 2);
        }
        (void)snprintf(to[i], FAULT_TEXT_SIZE, "%s", text_string(&text));
        text_finish(&text);
    }
    return false;
}

static uint32_t plain_char(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E) {
        code -= 0xFEE0; /* full-width ASCII */
    }
    if (code >= 'A' && code <= 'Z') {
        return code + ('a' - 'A');
    }
    bool is_dash = code == '~' || code == 0x301C || (code >= 0x2010 && code <= 0x2015) || code == 0x2212;
    return is_dash ? '-' : code;
}

static bool is_blank(uint32_t code)
{
    return code <= ' ' || code == 0xA0 || code == 0x3000 || code == 0x200B || code == 0xFEFF;
}

static size_t utf8_put(uint32_t code, char *to)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xC0 | (code >> 6));
        to[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    size_t size = code < 0x10000 ? 3 : 4;
    to[0] = (char)(size == 3 ? 0xE0 | (code >> 12) : 0xF0 | (code >> 18));
    for (size_t i = 1; i < size; i++) {
        to[i] = (char)(0x80 | ((code >> (6 * (size - 1 - i))) & 0x3F));
    }
    return size;
}

bool plain_text(const char *text, char *ret_plain, size_t size)
{
    size_t length = strlen(text);
    size_t used = 0;
    for (size_t at = 0; at < length;) {
        uint32_t code = 0;
        size_t step = utf8_next(text + at, length - at, &code);
        if (step == 0 || used + 5 > size) {
            return false;
        }
        at += step;
        if (!is_blank(code)) {
            used += utf8_put(plain_char(code), ret_plain + used);
        }
    }
    ret_plain[used] = '\0';
    return true;
}

static bool is_control(unsigned char byte, bool is_note)
{
    return (byte < 0x20 && !(is_note && (byte == '\n' || byte == '\t' || byte == '\r'))) || byte == 0x7F;
}

/* A text that needs no change is not copied: the sheet outlives the values. `cell` is what it came from. */
static bool text_kept(const struct value_rule *rule, const char *cell, const char *text, bool is_note,
                      struct value_context *context, struct value *ret_value, struct fault *fault)
{
    size_t length = strlen(text);
    if (length > (size_t)rule->max) {
        return fault_set(fault, CODE_TOO_LONG, "文字过长：“%s”", "too much text: \"%s\"", text);
    }
    bool is_same = strcmp(cell, text) == 0;
    for (size_t i = 0; i < length; i++) {
        if (is_control((unsigned char)text[i], true)) {
            return fault_set(fault, CODE_CONTROL, "含有控制字符", "holds a control character", NULL);
        }
        bool is_wrapped =
            text[i] == '\n' || text[i] == '\r' || text[i] == '\t' || (text[i] == ' ' && text[i + 1] == ' ');
        is_same = is_same && (is_note || !is_wrapped);
    }
    *ret_value = (struct value){.given = true, .text = cell, .number_to = -1};
    if (is_same) {
        return true;
    }
    char *copy = arena_copy_bytes(context->arena, text, length);
    if (copy == NULL) {
        return fault_set(fault, CODE_LIMIT, "内存不足", "out of memory", NULL);
    }
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        /* A line break within a name is a wrapped cell. */
        char byte = is_note || !is_control((unsigned char)copy[i], false) ? copy[i] : ' ';
        if (!(byte == ' ' && used > 0 && copy[used - 1] == ' ' && !is_note)) {
            copy[used++] = byte;
        }
    }
    copy[used] = '\0';
    ret_value->text = copy;
    return true;
}

bool value_name(const struct value_rule *rule, const char *text, struct value_context *context,
                struct value *ret_value, struct fault *ret_fault)
{
    return text_kept(rule, text, text, false, context, ret_value, ret_fault);
}

bool value_note(const struct value_rule *rule, const char *text, struct value_context *context,
                struct value *ret_value, struct fault *ret_fault)
{
    return text_kept(rule, text, text, true, context, ret_value, ret_fault);
}

/* "3.31E+11", "3.31002e+11": what a spreadsheet leaves of a long number. */
static bool is_destroyed(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    size_t more = text[digits] == '.' ? 1 + strspn(text + digits + 1, "0123456789") : 0;
    const char *at = text + digits + more;
    if (digits == 0 || (*at != 'E' && *at != 'e') || at[1] != '+') {
        return false;
    }
    return at[2] != '\0' && at[2 + strspn(at + 2, "0123456789")] == '\0';
}

static bool destroyed(struct fault *fault, const char *text)
{
    return fault_set(
        fault, CODE_DESTROYED,
        "编号被表格软件变成了科学计数法“%s”，原来的数字已丢失；请把该列设为“文本”后重新填写",
        "a spreadsheet turned the code into \"%s\" and its digits are lost; format the column as text "
        "and enter it again",
        text);
}

bool value_reference(const struct value_rule *rule, const char *text, struct value_context *context,
                     struct value *ret_value, struct fault *ret_fault)
{
    return is_destroyed(text) ? destroyed(ret_fault, text)
                              : text_kept(rule, text, text, false, context, ret_value, ret_fault);
}

bool value_code(const struct value_rule *rule, const char *text, struct value_context *context,
                struct value *ret_value, struct fault *ret_fault)
{
    char code[LIMIT_ID_BYTES * 2];
    size_t used = 0;
    size_t length = strlen(text);
    bool is_formula = length > 3 && strncmp(text, "=\"", 2) == 0 && text[length - 1] == '"';
    size_t at = is_formula ? 2 : *text == '\'' ? 1 : 0;
    size_t end = is_formula ? length - 1 : length;
    while (at < end) {
        uint32_t point = 0;
        size_t step = utf8_next(text + at, end - at, &point);
        if (step == 0 || used + 5 > sizeof code) {
            return fault_set(ret_fault, CODE_TOO_LONG, "编号过长：“%s”", "the id is too long: \"%s\"", text);
        }
        if (point < 0x20 || point == 0x7F) {
            return fault_set(ret_fault, CODE_CONTROL, "编号含有控制字符", "the id holds a control character",
                             NULL);
        }
        at += step;
        point = point >= 0xFF01 && point <= 0xFF5E ? point - 0xFEE0 : point;
        used += is_blank(point) ? 0 : utf8_put(point, code + used);
    }
    code[used] = '\0';
    if (is_destroyed(code)) {
        return destroyed(ret_fault, text);
    }
    if (used == 0) {
        return fault_set(ret_fault, CODE_BAD_CODE, "不是编号：“%s”", "no id: \"%s\"", text);
    }
    return text_kept(rule, text, code, false, context, ret_value, ret_fault);
}

static size_t separator_length(const char *at)
{
    static const char *const SEPARATORS[] = {";", ",", "\n", "\r", "；", "、", "，"};
    unsigned char first = (unsigned char)*at;
    if (first > ';' && first != 0xE3 && first != 0xEF) { /* most bytes of names and of Chinese */
        return 0;
    }
    for (size_t i = 0; i < sizeof SEPARATORS / sizeof *SEPARATORS; i++) {
        size_t size = strlen(SEPARATORS[i]);
        if (strncmp(at, SEPARATORS[i], size) == 0) {
            return size;
        }
    }
    return 0;
}

bool list_next(const char **at, char *ret_item, size_t size)
{
    const char *from = *at;
    size_t step = 1;
    while (*from != '\0' && step > 0) {
        step = *from == ' ' || *from == '\t' ? 1 : separator_length(from);
        step = step == 0 && strncmp(from, "　", 3) == 0 ? 3 : step;
        from += step;
    }
    if (*from == '\0') {
        *at = from;
        return false;
    }
    const char *end = from;
    const char *last = from;
    while (*end != '\0' && separator_length(end) == 0) {
        bool is_wide = strncmp(end, "　", 3) == 0;
        last = *end == ' ' || *end == '\t' || is_wide ? last : end + 1;
        end += is_wide ? 3 : 1;
    }
    size_t kept = utf8_cut(from, (size_t)(last - from), size - 1);
    memcpy(ret_item, from, kept);
    ret_item[kept] = '\0';
    *at = end;
    return true;
}

/* Is `item` one of the words already in "a;b"? */
static bool list_holds(const char *list, const char *item)
{
    size_t length = strlen(item);
    for (const char *at = list; at != NULL && *at != '\0';) {
        const char *end = strchr(at, ';');
        size_t size = end == NULL ? strlen(at) : (size_t)(end - at);
        if (size == length && memcmp(at, item, length) == 0) {
            return true;
        }
        at = end == NULL ? NULL : end + 1;
    }
    return false;
}

bool value_list(const struct value_rule *rule, const char *text, struct value_context *context,
                struct value *ret_value, struct fault *ret_fault)
{
    struct text joined;
    text_init(&joined, (size_t)rule->max);
    char item[LIMIT_NAME_BYTES + 1];
    const char *at = text;
    while (list_next(&at, item, sizeof item)) {
        if (!list_holds(text_string(&joined), item)) {
            text_add(&joined, joined.length == 0 ? "" : ";");
            text_add(&joined, item);
        }
    }
    bool is_good =
        joined.failed == ERR_NONE
            ? text_kept(rule, text, text_string(&joined), false, context, ret_value, ret_fault)
            : fault_set(ret_fault, CODE_TOO_LONG, "列表过长：“%s”", "the list is too long: \"%s\"", text);
    text_finish(&joined);
    return is_good;
}

static bool word_find(const struct value_word *words, const char *text, struct value *ret_value)
{
    char plain[PLAIN_TEXT_SIZE];
    if (!plain_text(text, plain, sizeof plain)) {
        return false;
    }
    for (const struct value_word *word = words; word->word != NULL; word++) {
        if (strcmp(word->word, plain) == 0) {
            *ret_value =
                (struct value){.given = true, .text = word->word, .number = word->number, .number_to = -1};
            return true;
        }
    }
    return false;
}

bool value_word(const struct value_rule *rule, const char *text, struct value_context *context,
                struct value *ret_value, struct fault *ret_fault)
{
    (void)context;
    if (word_find(rule->words, text, ret_value)) {
        return true;
    }
    (void)fault_set(ret_fault, CODE_WORD, "“%s”不是可用的词，可用：", "\"%s\" is none of the words: ", text);
    for (const struct value_word *word = rule->words; word->word != NULL; word++) {
        size_t zh = strlen(ret_fault->zh);
        size_t en = strlen(ret_fault->en);
        const char *comma = word == rule->words ? "" : ", ";
        (void)snprintf(ret_fault->zh + zh, sizeof ret_fault->zh - zh, "%s%s", comma, word->word);
        (void)snprintf(ret_fault->en + en, sizeof ret_fault->en - en, "%s%s", comma, word->word);
    }
    ret_fault->zh[utf8_cut(ret_fault->zh, strlen(ret_fault->zh), FAULT_TEXT_SIZE - 4)] = '\0';
    ret_fault->en[utf8_cut(ret_fault->en, strlen(ret_fault->en), FAULT_TEXT_SIZE - 4)] = '\0';
    return false;
}

bool value_boolean(const struct value_rule *rule, const char *text, struct value_context *context,
                   struct value *ret_value, struct fault *ret_fault)
{
    static const struct value_word WORDS[] = {{"是", 1},   {"否", 0},  {"有", 1},   {"无", 0},    {"1", 1},
                                              {"0", 0},    {"yes", 1}, {"no", 0},   {"y", 1},     {"n", 0},
                                              {"√", 1},    {"×", 0},   {"true", 1}, {"false", 0}, {"对", 1},
                                              {"不是", 0}, {NULL, 0}};
    (void)rule;
    (void)context;
    if (word_find(WORDS, text, ret_value)) {
        return true;
    }
    return fault_set(ret_fault, CODE_WORD, "“%s”应写“是”或“否”", "\"%s\" should be yes or no (是, 否, 1, 0)",
                     text);
}
