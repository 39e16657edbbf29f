/* Weekly hours, weekdays and parts of the day as townships write them. */
#include "importers/values.h"
#include "importers/words.h"
#include "scheduler/hours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ALL_DAYS = 0xFE, /* bits 1 … 7 */
    DAY_END = 1440,
    HOURS_TEXT_SIZE = 1024
};

static const char *const WEEK_WORDS[] = {"每周", "每星期", "星期", "礼拜", "周", NULL};
static const char *const TO_WORDS[] = {"至", "到", "-", NULL};
static const char *const AND_WORDS[] = {"、", ",", "和", "及", "/", NULL};

/* A digit that begins a time of day is no weekday. */
static bool take_digit_day(const char **at, int *ret_day)
{
    const char *p = *at;
    if (*p < '1' || *p > '7' || (p[1] >= '0' && p[1] <= '9') || p[1] == ':' || strncmp(p + 1, "点", 3) == 0 ||
        strncmp(p + 1, "时", 3) == 0) {
        return false;
    }
    *ret_day = *p - '0';
    *at = p + 1;
    return true;
}

static bool take_day(const char **at, bool is_digit, int *ret_day)
{
    static const char *const DAYS[] = {"一", "二", "三", "四", "五", "六", "日", "天", "七"};
    if (is_digit) {
        return take_digit_day(at, ret_day);
    }
    for (int i = 0; i < (int)(sizeof DAYS / sizeof *DAYS); i++) {
        if (word_take(at, DAYS[i])) {
            *ret_day = i < 7 ? i + 1 : 7;
            return true;
        }
    }
    return false;
}

static uint32_t day_range(int from, int to)
{
    uint32_t mask = 1U << from;
    for (int day = from; day != to;) {
        day = day % 7 + 1;
        mask |= 1U << day;
    }
    return mask;
}

/* "一", "一至五", "一-周五", then "、四" and so on. */
static bool day_list(const char **at, uint32_t *ret_mask)
{
    int from = 0;
    bool is_digit = **at >= '1' && **at <= '7';
    if (!take_day(at, is_digit, &from)) {
        return false;
    }
    uint32_t mask = 1U << from;
    for (;;) {
        const char *p = *at;
        int to = 0;
        bool is_range = word_take_any(&p, TO_WORDS);
        bool is_more = is_range || word_take_any(&p, AND_WORDS);
        (void)word_take_any(&p, WEEK_WORDS);
        if ((!is_more && p == *at && is_digit) || !take_day(&p, is_digit, &to)) {
            break;
        }
        mask |= is_range ? day_range(from, to) : 1U << to;
        from = to;
        *at = p;
    }
    *ret_mask = mask;
    return true;
}

bool weekday_words(const char **at, uint32_t *ret_mask)
{
    static const struct {
        const char *word;
        uint32_t mask;
    } NAMED[] = {{"全周", ALL_DAYS}, {"每天", ALL_DAYS}, {"每日", ALL_DAYS},
                 {"天天", ALL_DAYS}, {"全年", ALL_DAYS}, {"工作日", 0x3E},
                 {"平日", 0x3E},     {"双休日", 0xC0},   {"周末", 0xC0}};
    for (size_t i = 0; i < sizeof NAMED / sizeof *NAMED; i++) {
        if (word_take(at, NAMED[i].word)) {
            *ret_mask = NAMED[i].mask;
            return true;
        }
    }
    const char *p = *at;
    if (!word_take_any(&p, WEEK_WORDS) || !day_list(&p, ret_mask)) {
        return false;
    }
    *at = p;
    return true;
}

/* Hours under construction: the days of the current group and its spans. */
struct draft {
    uint32_t days;
    struct hours_span group[LIMIT_HOURS_SPANS]; /* weekday not used */
    size_t group_count;
    struct hours_span spans[LIMIT_HOURS_SPANS];
    size_t count;
    bool is_over; /* more spans than LIMIT_HOURS_SPANS */
    bool is_pm;
};

static void draft_flush(struct draft *draft)
{
    uint32_t days = draft->days == 0 && draft->group_count > 0 ? ALL_DAYS : draft->days;
    if (draft->group_count == 0 && days != 0) {
        draft->group[draft->group_count++] = (struct hours_span){0, 0, DAY_END};
    }
    for (uint8_t day = 1; day <= 7; day++) {
        for (size_t i = 0; i < draft->group_count && (days & (1U << day)) != 0; i++) {
            if (draft->count >= LIMIT_HOURS_SPANS) {
                draft->is_over = true;
                return;
            }
            draft->spans[draft->count] = draft->group[i];
            draft->spans[draft->count++].weekday = day;
        }
    }
    draft->days = 0;
    draft->group_count = 0;
    draft->is_pm = false;
}

static bool draft_span(struct draft *draft, const char **at)
{
    const char *p = *at;
    int32_t from = 0;
    int32_t to = 0;
    bool is_pm = draft->is_pm;
    if (time_point(&p, &is_pm, &from)) {
        if (!word_take_any(&p, TO_WORDS) || !time_point(&p, &is_pm, &to)) {
            return false;
        }
        draft->is_pm = is_pm;
    } else if (word_take(&p, "全天") || word_take(&p, "整天")) {
        to = DAY_END;
    } else if (!time_part(&p, &from, &to)) {
        return false;
    }
    if (to <= from || draft->group_count >= LIMIT_HOURS_SPANS) {
        return false;
    }
    draft->group[draft->group_count++] = (struct hours_span){0, (int16_t)from, (int16_t)to};
    *at = p;
    return true;
}

static int span_compare(const void *left, const void *right)
{
    const struct hours_span *a = left;
    const struct hours_span *b = right;
    return a->weekday != b->weekday ? a->weekday - b->weekday : a->from_min - b->from_min;
}

static bool draft_finish(struct draft *draft, struct hours *ret_hours)
{
    draft_flush(draft);
    if (draft->is_over || draft->count == 0) {
        return false;
    }
    qsort(draft->spans, draft->count, sizeof *draft->spans, span_compare);
    struct hours hours = {0};
    for (size_t i = 0; i < draft->count; i++) {
        struct hours_span span = draft->spans[i];
        struct hours_span *last = hours.count > 0 ? &hours.spans[hours.count - 1] : NULL;
        if (last != NULL && last->weekday == span.weekday && span.from_min <= last->to_min) {
            last->to_min = span.to_min > last->to_min ? span.to_min : last->to_min;
        } else {
            hours.spans[hours.count++] = span;
        }
    }
    bool is_always = hours.count == 7;
    for (size_t i = 0; i < hours.count; i++) {
        is_always = is_always && hours.spans[i].from_min == 0 && hours.spans[i].to_min == DAY_END;
    }
    hours.count = is_always ? 0 : hours.count;
    *ret_hours = hours;
    return true;
}

static bool hours_read(const char *plain, struct hours *ret_hours)
{
    static const char *const ALWAYS[] = {"不限", "随时", "任意", "任何时间", NULL};
    static const char *const FILLERS[] = {"、", ",", "和", "及", "的", "。", ":", NULL};
    const char *at = plain;
    if (word_take_any(&at, ALWAYS) && *at == '\0') {
        *ret_hours = (struct hours){0};
        return true;
    }
    struct draft draft = {0};
    at = plain;
    while (*at != '\0') {
        uint32_t mask = 0;
        const char *p = at;
        if (weekday_words(&p, &mask)) {
            if (draft.group_count > 0) {
                draft_flush(&draft);
            }
            draft.days |= mask;
            at = p;
        } else if (word_take(&at, ";")) {
            draft_flush(&draft);
        } else if (!draft_span(&draft, &at) && !word_take_any(&at, FILLERS)) {
            return false;
        }
    }
    return draft_finish(&draft, ret_hours);
}

static bool keep_text(const char *text, struct value_context *context, struct value *ret_value,
                      struct fault *fault)
{
    const char *copy = arena_copy_text(context->arena, text);
    if (copy == NULL) {
        return fault_set(fault, CODE_LIMIT, "内存不足", "out of memory", NULL);
    }
    *ret_value = (struct value){.given = true, .text = copy, .number_to = -1, .from_min = -1, .to_min = -1};
    return true;
}

bool value_hours(const struct value_rule *rule, const char *text, struct value_context *context,
                 struct value *ret_value, struct fault *ret_fault)
{
    (void)rule;
    char plain[PLAIN_HOURS_SIZE];
    char canonical[HOURS_TEXT_SIZE];
    struct hours hours;
    bool is_good = hours_parse(text, &hours, NULL) == ERR_NONE;
    if (!is_good) {
        is_good = plain_text(text, plain, sizeof plain) && hours_read(plain, &hours);
    }
    if (!is_good) {
        return fault_set(
            ret_fault, CODE_HOURS,
            "看不懂时段“%s”，请写成“周一至周五 8:00-11:00,14:00-16:00；周末 晚上”或“1-5 08:00-11:30”",
            "cannot read the hours \"%s\"; write them like \"1-5 08:00-11:30 13:30-17:00; 6,7 "
            "18:30-21:00\"",
            text);
    }
    hours_format(&hours, canonical, (int)sizeof canonical);
    return keep_text(canonical, context, ret_value, ret_fault);
}

bool value_weekdays(const struct value_rule *rule, const char *text, struct value_context *context,
                    struct value *ret_value, struct fault *ret_fault)
{
    (void)rule;
    char plain[PLAIN_TEXT_SIZE];
    uint32_t mask = 0;
    bool is_good = plain_text(text, plain, sizeof plain);
    const char *at = plain;
    while (is_good && *at != '\0') {
        uint32_t more = 0;
        is_good =
            weekday_words(&at, &more) || (at == plain && day_list(&at, &more)) || word_take(&at, "不限");
        mask |= more;
        while (word_take_any(&at, AND_WORDS) || word_take(&at, ";")) {
            continue;
        }
    }
    if (!is_good) {
        return fault_set(ret_fault, CODE_WORD, "看不懂星期“%s”，请写成“周二、周四”或“2,4”",
                         "cannot read the weekdays \"%s\"; write them like \"2,4\" (1 is Monday)", text);
    }
    char list[16] = "";
    size_t used = 0;
    for (int day = 1; day <= 7 && mask != ALL_DAYS; day++) {
        if ((mask & (1U << day)) != 0) {
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%d", used == 0 ? "" : ",", day);
        }
    }
    return keep_text(list, context, ret_value, ret_fault);
}

bool value_parts(const struct value_rule *rule, const char *text, struct value_context *context,
                 struct value *ret_value, struct fault *ret_fault)
{
    static const char *const NAMES[] = {"morning", "afternoon", "evening"};
    static const char *const WORDS[][5] = {{"morning", "上午", "早上", "早", NULL},
                                           {"afternoon", "下午", NULL},
                                           {"evening", "晚上", "傍晚", "晚", NULL}};
    static const char *const ANY[] = {"不限", "均可", "都可", NULL};
    (void)rule;
    char plain[PLAIN_TEXT_SIZE];
    unsigned mask = 0;
    bool is_good = plain_text(text, plain, sizeof plain);
    const char *at = plain;
    while (is_good && *at != '\0') {
        is_good = false;
        for (unsigned i = 0; i < 3 && !is_good; i++) {
            is_good = word_take_any(&at, WORDS[i]);
            mask |= is_good ? 1U << i : 0;
        }
        is_good = is_good || word_take_any(&at, ANY);
        while (word_take_any(&at, AND_WORDS) || word_take(&at, ";")) {
            continue;
        }
    }
    if (!is_good) {
        return fault_set(ret_fault, CODE_WORD, "看不懂时段“%s”，请写上午、下午、晚上中的几个",
                         "cannot read the parts of day \"%s\"; use morning, afternoon, evening", text);
    }
    char list[32] = "";
    size_t used = 0;
    for (unsigned i = 0; i < 3; i++) {
        if ((mask & (1U << i)) != 0) {
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used == 0 ? "" : ";", NAMES[i]);
        }
    }
    return keep_text(list, context, ret_value, ret_fault);
}
