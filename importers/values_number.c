/* Counts, minutes and degrees. */
#include "importers/values.h"
#include "importers/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LESSON_MINUTES = 45,
    /* More digits than any count or coordinate has. */
    NUMBER_DIGITS = 15
};

static bool not_number(struct fault *fault, const char *text)
{
    return fault_set(fault, CODE_NUMBER, "“%s”不是数字", "\"%s\" is not a number", text);
}

/* Digits with "," or "，" every three and at most six decimals, as millionths. */
static bool take_number(const char **at, int64_t *ret_e6)
{
    int64_t whole = 0;
    int digits = 0;
    int since_comma = -1; /* -1: no comma seen */
    const char *p = *at;
    for (;; p++) {
        if (*p >= '0' && *p <= '9' && digits < NUMBER_DIGITS - 3) {
            whole = whole * 10 + (*p - '0');
            digits++;
            since_comma += since_comma >= 0 ? 1 : 0;
        } else if (*p == ',' && digits > 0 && (since_comma == 3 || (since_comma < 0 && digits <= 3))) {
            since_comma = 0;
        } else {
            break;
        }
    }
    if (digits == 0 || (since_comma >= 0 && since_comma != 3)) {
        return false;
    }
    int64_t fraction = 0;
    if (*p == '.') {
        int64_t place = 100000;
        const char *from = ++p;
        for (; *p >= '0' && *p <= '9'; p++) {
            fraction += place * (*p - '0');
            place /= 10;
        }
        if (p == from || p - from > NUMBER_DIGITS) {
            return false;
        }
    }
    *ret_e6 = whole * 1000000 + fraction;
    *at = p;
    return true;
}

static bool in_range(const struct value_rule *rule, int64_t number, struct value *ret_value,
                     struct fault *fault)
{
    if (number < rule->min || number > rule->max) {
        char zh[128];
        char en[128];
        (void)snprintf(zh, sizeof zh, "%lld 超出范围，应在 %lld 至 %lld 之间", (long long)number,
                       (long long)rule->min, (long long)rule->max);
        (void)snprintf(en, sizeof en, "%lld is outside %lld to %lld", (long long)number, (long long)rule->min,
                       (long long)rule->max);
        return fault_set(fault, CODE_RANGE, zh, en, NULL);
    }
    *ret_value = (struct value){.given = true, .text = "", .number = number, .number_to = -1};
    return true;
}

static const char *const ABOUT[] = {"约", "大约", "近", "+", NULL};
static const char *const UNITS[] = {"人次", "人", "名",   "位", "场次", "场", "次",
                                    "个",   "岁", "星级", "星", "级",   NULL};
static const char *const MORE[] = {"以上", "左右", "以内", "余", "多", "+", "许", NULL};

bool value_count(const struct value_rule *rule, const char *text, struct value_context *context,
                 struct value *ret_value, struct fault *ret_fault)
{
    (void)context;
    char plain[PLAIN_TEXT_SIZE];
    int64_t e6 = 0;
    const char *at = plain;
    if (!plain_text(text, plain, sizeof plain)) {
        return not_number(ret_fault, text);
    }
    bool is_about = word_take_any(&at, ABOUT);
    (void)word_take(&at, "共");
    bool is_minus = *at == '-';
    at += is_minus ? 1 : 0;
    int32_t whole = 0;
    if (!take_number(&at, &e6)) {
        if (!numeral_take(&at, &whole)) {
            return not_number(ret_fault, text);
        }
        e6 = (int64_t)whole * 1000000;
    }
    if (word_take(&at, "万")) {
        e6 *= 10000;
    }
    is_about = word_take_any(&at, MORE) || is_about;
    (void)word_take_any(&at, UNITS);
    is_about = word_take_any(&at, MORE) || is_about;
    if (*at != '\0') {
        return strncmp(at, "e+", 2) == 0
                   ? fault_set(ret_fault, CODE_DESTROYED,
                               "表格软件把数字变成了科学计数法“%s”，原来的数字已丢失，请重新填写",
                               "a spreadsheet turned the number into \"%s\" and its digits are lost; enter "
                               "it again",
                               text)
                   : not_number(ret_fault, text);
    }
    if (e6 % 1000000 != 0) {
        return fault_set(ret_fault, CODE_NUMBER, "“%s”不是整数", "\"%s\" is not a whole number", text);
    }
    if (!in_range(rule, is_minus ? -e6 / 1000000 : e6 / 1000000, ret_value, ret_fault)) {
        return false;
    }
    bool is_digits = strspn(text, "0123456789") == strlen(text);
    ret_value->how = (uint16_t)((is_about ? HOW_ABOUT : 0) | (is_digits ? 0 : HOW_NOTATION));
    return true;
}

static const char *const HOUR_WORDS[] = {"小时", "个小时", "h", NULL};
static const char *const MINUTE_WORDS[] = {"分钟", "分", "min", NULL};
static const char *const LESSON_WORDS[] = {"课时", "学时", "节", NULL};

static bool minutes_read(const struct value_rule *rule, const char *text, int64_t bare_min,
                         struct value *ret_value, struct fault *fault)
{
    char plain[PLAIN_TEXT_SIZE];
    const char *at = plain;
    int64_t sum_e6 = 0;
    if (!plain_text(text, plain, sizeof plain)) {
        return not_number(fault, text);
    }
    do {
        int64_t e6 = 0;
        if (!take_number(&at, &e6)) {
            return not_number(fault, text);
        }
        int64_t unit_min = bare_min;
        if (word_take_any(&at, HOUR_WORDS)) {
            unit_min = 60;
        } else if (word_take_any(&at, LESSON_WORDS)) {
            unit_min = LESSON_MINUTES;
        } else if (word_take_any(&at, MINUTE_WORDS)) {
            unit_min = 1;
        }
        sum_e6 += e6 * unit_min;
    } while (*at >= '0' && *at <= '9');
    if (*at != '\0') {
        return not_number(fault, text);
    }
    return in_range(rule, (sum_e6 + 500000) / 1000000, ret_value, fault);
}

bool value_minutes(const struct value_rule *rule, const char *text, struct value_context *context,
                   struct value *ret_value, struct fault *ret_fault)
{
    (void)context;
    return minutes_read(rule, text, 1, ret_value, ret_fault);
}

bool value_lessons(const struct value_rule *rule, const char *text, struct value_context *context,
                   struct value *ret_value, struct fault *ret_fault)
{
    (void)context;
    return minutes_read(rule, text, LESSON_MINUTES, ret_value, ret_fault);
}

bool value_clock_hours(const struct value_rule *rule, const char *text, struct value_context *context,
                       struct value *ret_value, struct fault *ret_fault)
{
    (void)context;
    return minutes_read(rule, text, 60, ret_value, ret_fault);
}

bool value_degrees(const struct value_rule *rule, const char *text, struct value_context *context,
                   struct value *ret_value, struct fault *ret_fault)
{
    static const char *const COMPASS[] = {"e", "n", "东经", "北纬", NULL};
    static const char *const DEGREE[] = {"°", "度", NULL};
    (void)context;
    char plain[PLAIN_TEXT_SIZE];
    const char *at = plain;
    int64_t e6 = 0;
    if (!plain_text(text, plain, sizeof plain)) {
        return not_number(ret_fault, text);
    }
    (void)word_take_any(&at, COMPASS);
    bool is_minus = *at == '-';
    at += is_minus ? 1 : 0;
    bool is_good = strchr(at, ',') == NULL && take_number(&at, &e6);
    (void)word_take_any(&at, DEGREE);
    (void)word_take_any(&at, COMPASS);
    if (!is_good || *at != '\0') {
        return fault_set(ret_fault, CODE_PLACE, "“%s”不是以度为单位的小数坐标，例如 121.4386",
                         "\"%s\" is not a coordinate in decimal degrees such as 121.4386", text);
    }
    e6 = is_minus ? -e6 : e6;
    if (e6 < rule->min * 1000000 || e6 > rule->max * 1000000) {
        return fault_set(ret_fault, CODE_PLACE, "坐标“%s”超出范围；经度与纬度是否写反？",
                         "coordinate \"%s\" is out of range; are longitude and latitude swapped?", text);
    }
    *ret_value = (struct value){.given = true, .text = "", .number = e6, .number_to = -1};
    return true;
}
