/* Rules of recurring days (market days, fairs) and seasons. Chinese wording is turned into the canonical
 * text, which scheduler/day_rule then checks. */
#include "base/text.h"
#include "importers/values.h"
#include "importers/words.h"
#include "scheduler/day_rule.h"
#include "scheduler/timetable.h"

#include <stdio.h>
#include <string.h>

/* 1 … 39 in digits or characters: 三, 十, 十二, 廿三, 二十, 三十. */
static bool take_number(const char **at, int *ret_number)
{
    const char *p = *at;
    int32_t number = 0;
    if (!numeral_take(&p, &number) || number > 39) {
        return false;
    }
    *ret_number = number;
    *at = p;
    return true;
}

static bool take_comma(const char **at)
{
    return word_take(at, "、") || word_take(at, ",") || word_take(at, "和") || word_take(at, "及");
}

/* "逢三、八", "逢3、8", "逢子、午日": after 逢. */
static bool digits_part(const char **at, const char *kind, struct text *out)
{
    static const char *const BRANCHES[] = {"子", "丑", "寅", "卯", "辰", "巳",
                                           "午", "未", "申", "酉", "戌", "亥"};
    text_add(out, kind);
    bool is_branch = false;
    size_t count = 0;
    do {
        int number = 0;
        bool is_found = false;
        for (int i = 0; i < 12 && !is_found; i++) {
            is_found = word_take(at, BRANCHES[i]);
            number = i;
        }
        if (is_found && count == 0) {
            text_clear(out);
            text_add(out, "branch:");
            is_branch = true;
        }
        if (is_found != is_branch || (!is_branch && !take_number(at, &number))) {
            return count > 0 && !is_found;
        }
        text_addf(out, "%s%d", count == 0 ? "" : ",", number);
        count++;
        /* 逢三八 without a comma. */
    } while (take_comma(at) ||
             (**at != '\0' && strncmp(*at, "日", 3) != 0 && **at != '(' && **at != ';' && **at != '|'));
    (void)word_take(at, "日");
    return true;
}

/* "三月初十", "正月十五", "腊月廿三", "3月10日", "六月初一(含闰月)". */
static bool lunar_part(const char **at, struct text *out)
{
    text_add(out, "lunardate:");
    size_t count = 0;
    do {
        int month = 0;
        int day = 0;
        if (word_take(at, "正月")) {
            month = 1;
        } else if (word_take(at, "腊月")) {
            month = 12;
        } else if (word_take(at, "冬月")) {
            month = 11;
        } else if (!take_number(at, &month) || !word_take(at, "月")) {
            return false;
        }
        (void)word_take(at, "初");
        if (!take_number(at, &day)) {
            return false;
        }
        (void)(word_take(at, "日") || word_take(at, "号"));
        bool is_leap = word_take(at, "(含闰月)");
        text_addf(out, "%s%d-%d%s", count == 0 ? "" : ",", month, day, is_leap ? "+leap" : "");
        count++;
    } while (take_comma(at));
    return true;
}

static bool weekly_part(const char **at, struct text *out)
{
    uint32_t mask = 0;
    if (!weekday_words(at, &mask)) {
        return false;
    }
    text_add(out, "weekly:");
    const char *comma = "";
    for (int day = 1; day <= 7; day++) {
        if ((mask & (1U << day)) != 0) {
            text_addf(out, "%s%d", comma, day);
            comma = ",";
        }
    }
    return true;
}

static bool rule_part(const char **at, struct text *out)
{
    if (weekly_part(at, out)) {
        return true;
    }
    bool is_solar = word_take(at, "公历") || word_take(at, "阳历");
    bool is_lunar = !is_solar && (word_take(at, "农历") || word_take(at, "阴历"));
    (void)word_take(at, "每月");
    if (word_take(at, "逢")) {
        struct text part;
        text_init(&part, LIMIT_RULE_BYTES);
        bool is_good = digits_part(at, "", &part);
        is_solar = word_take(at, "(公历)") || is_solar;
        (void)word_take(at, "(农历)");
        bool is_branch = strncmp(text_string(&part), "branch:", 7) == 0;
        text_add(out, is_branch ? "" : is_solar ? "monthday:" : "lunarday:");
        text_add(out, text_string(&part));
        text_finish(&part);
        return is_good;
    }
    (void)word_take(at, "每年");
    return is_lunar && lunar_part(at, out);
}

static bool rule_from_words(const char *plain, struct text *out)
{
    const char *at = plain;
    while (*at != '\0') {
        text_add(out, at == plain ? "" : "|");
        if (!rule_part(&at, out)) {
            return false;
        }
        if (*at != '\0' && !word_take(&at, ";") && !word_take(&at, "|") && !take_comma(&at)) {
            return false;
        }
    }
    return true;
}

bool value_rule_text(const struct value_rule *rule, const char *text, struct value_context *context,
                     struct value *ret_value, struct fault *ret_fault)
{
    (void)rule;
    struct day_rule days;
    struct text words;
    char plain[PLAIN_HOURS_SIZE];
    text_init(&words, LIMIT_RULE_BYTES);
    bool is_good = day_rule_parse(text, &days, NULL) == ERR_NONE;
    if (!is_good && plain_text(text, plain, sizeof plain) && rule_from_words(plain, &words)) {
        is_good = day_rule_parse(text_string(&words), &days, NULL) == ERR_NONE;
    }
    text_clear(&words);
    const char *copy = "";
    if (is_good) {
        day_rule_format(&days, &words);
        copy = arena_copy_text(context->arena, text_string(&words));
    }
    text_finish(&words);
    if (!is_good) {
        return fault_set(
            ret_fault, CODE_RULE,
            "看不懂规则“%s”，请写成“逢三、八”（农历）、“公历逢三、八”、“每周二、四”、“农历三月初十”",
            "cannot read the rule \"%s\"; write it like lunarday:3,8 or weekly:2,4 or lunardate:3-10", text);
    }
    if (copy == NULL) {
        return fault_set(ret_fault, CODE_LIMIT, "内存不足", "out of memory", NULL);
    }
    *ret_value = (struct value){.given = true, .text = copy, .number_to = -1, .from_min = -1, .to_min = -1};
    return true;
}

struct month_day {
    int month, day; /* day 0: not said */
};

static bool take_month_day(const char **at, struct month_day *ret)
{
    struct month_day md = {0};
    if (!take_number(at, &md.month)) {
        return false;
    }
    if (word_take(at, "月")) {
        if (take_number(at, &md.day)) {
            (void)(word_take(at, "日") || word_take(at, "号"));
        }
    }
    *ret = md;
    return md.month >= 1 && md.month <= 12;
}

/* "3月-6月", "3-6月", "3月1日至6月30日", "5月". */
static bool seasons_from_words(const char *plain, struct text *out)
{
    static const int LAST[] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *at = plain;
    while (*at != '\0') {
        struct month_day from;
        struct month_day to;
        if (!take_month_day(&at, &from)) {
            return false;
        }
        to = from;
        if ((word_take(&at, "-") || word_take(&at, "至") || word_take(&at, "到")) &&
            !take_month_day(&at, &to)) {
            return false;
        }
        text_addf(out, "%s%02d-%02d/%02d-%02d", out->length == 0 ? "" : ";", from.month,
                  from.day == 0 ? 1 : from.day, to.month, to.day == 0 ? LAST[to.month] : to.day);
        while (take_comma(&at) || word_take(&at, ";")) {
            continue;
        }
    }
    return true;
}

bool value_seasons(const struct value_rule *rule, const char *text, struct value_context *context,
                   struct value *ret_value, struct fault *ret_fault)
{
    (void)rule;
    struct season seasons[SEASONS_MAX];
    size_t count = 0;
    char plain[PLAIN_TEXT_SIZE];
    struct text words;
    text_init(&words, PLAIN_TEXT_SIZE);
    bool is_good = plain_text(text, plain, sizeof plain);
    bool is_any = is_good && (strcmp(plain, "全年") == 0 || strcmp(plain, "不限") == 0);
    is_good = is_good && (is_any || seasons_parse(plain, seasons, &count, NULL) == ERR_NONE);
    if (is_good) {
        text_add(&words, is_any ? "" : plain);
    } else if (plain_text(text, plain, sizeof plain) && seasons_from_words(plain, &words)) {
        is_good = seasons_parse(text_string(&words), seasons, &count, NULL) == ERR_NONE;
    }
    const char *copy = arena_copy_text(context->arena, text_string(&words));
    text_finish(&words);
    if (!is_good || copy == NULL) {
        return fault_set(ret_fault, CODE_DATE,
                         "看不懂季节“%s”，请写成“3月1日-6月30日；9-12月”或“03-01/06-30”",
                         "cannot read the seasons \"%s\"; write them like 03-01/06-30;09-01/12-31", text);
    }
    *ret_value = (struct value){.given = true, .text = copy, .number_to = -1, .from_min = -1, .to_min = -1};
    return true;
}
