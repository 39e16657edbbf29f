/* Counts, minutes and degrees. */
#include "importers/values.h"

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

/* Takes one of the words off the front. */
static bool take(const char **at, const char *const *words)
{
    for (; *words != NULL; words++) {
        size_t size = strlen(*words);
        if (strncmp(*at, *words, size) == 0) {
            *at += size;
            return true;
        }
    }
    return false;
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

static const char *const ABOUT[] = {"约", "大约", "近", "共", "+", NULL};
static const char *const UNITS[] = {"人次", "人", "名",   "位", "场次", "场", "次",
                                    "个",   "岁", "星级", "星", "级",   NULL};
static const char *const MORE[] = {"以上", "左右", "以内", "余", "多", "+", NULL};

/* 五星, 两场: one character, "十" included. */
static bool take_character(const char **at, int64_t *ret_e6)
{
    static const char *const CHARACTERS[] = {"零", "一", "二", "三", "四", "五",
                                             "六", "七", "八", "九", "十"};
    if (take(at, (const char *const[]){"两", NULL})) {
        *ret_e6 = 2000000;
        return true;
    }
    for (size_t i = 0; i < sizeof CHARACTERS / sizeof *CHARACTERS; i++) {
        if (take(at, (const char *const[]){CHARACTERS[i], NULL})) {
            *ret_e6 = (int64_t)i * 1000000;
            return true;
        }
    }
    return false;
}

bool value_count(const struct value_rule *rule, const char *text, struct arena *arena,
                 struct value *ret_value, struct fault *ret_fault)
{
    (void)arena;
    char plain[PLAIN_TEXT_SIZE];
    int64_t e6 = 0;
    const char *at = plain;
    if (!plain_text(text, plain, sizeof plain)) {
        return not_number(ret_fault, text);
    }
    (void)take(&at, ABOUT);
    bool is_minus = *at == '-';
    at += is_minus ? 1 : 0;
    if (!take_number(&at, &e6) && !take_character(&at, &e6)) {
        return not_number(ret_fault, text);
    }
    if (strncmp(at, "万", strlen("万")) == 0) {
        at += strlen("万");
        e6 *= 10000;
    }
    (void)take(&at, MORE);
    (void)take(&at, UNITS);
    (void)take(&at, MORE);
    if (*at != '\0') {
        return not_number(ret_fault, text);
    }
    if (e6 % 1000000 != 0) {
        return fault_set(ret_fault, CODE_NUMBER, "“%s”不是整数", "\"%s\" is not a whole number", text);
    }
    return in_range(rule, is_minus ? -e6 / 1000000 : e6 / 1000000, ret_value, ret_fault);
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
        if (take(&at, HOUR_WORDS)) {
            unit_min = 60;
        } else if (take(&at, LESSON_WORDS)) {
            unit_min = LESSON_MINUTES;
        } else if (take(&at, MINUTE_WORDS)) {
            unit_min = 1;
        }
        sum_e6 += e6 * unit_min;
    } while (*at >= '0' && *at <= '9');
    if (*at != '\0') {
        return not_number(fault, text);
    }
    return in_range(rule, (sum_e6 + 500000) / 1000000, ret_value, fault);
}

bool value_minutes(const struct value_rule *rule, const char *text, struct arena *arena,
                   struct value *ret_value, struct fault *ret_fault)
{
    (void)arena;
    return minutes_read(rule, text, 1, ret_value, ret_fault);
}

bool value_lessons(const struct value_rule *rule, const char *text, struct arena *arena,
                   struct value *ret_value, struct fault *ret_fault)
{
    (void)arena;
    return minutes_read(rule, text, LESSON_MINUTES, ret_value, ret_fault);
}

bool value_clock_hours(const struct value_rule *rule, const char *text, struct arena *arena,
                       struct value *ret_value, struct fault *ret_fault)
{
    (void)arena;
    return minutes_read(rule, text, 60, ret_value, ret_fault);
}

bool value_degrees(const struct value_rule *rule, const char *text, struct arena *arena,
                   struct value *ret_value, struct fault *ret_fault)
{
    static const char *const COMPASS[] = {"e", "n", "东经", "北纬", NULL};
    static const char *const DEGREE[] = {"°", "度", NULL};
    (void)arena;
    char plain[PLAIN_TEXT_SIZE];
    const char *at = plain;
    int64_t e6 = 0;
    if (!plain_text(text, plain, sizeof plain)) {
        return not_number(ret_fault, text);
    }
    (void)take(&at, COMPASS);
    bool is_minus = *at == '-';
    at += is_minus ? 1 : 0;
    bool is_good = strchr(at, ',') == NULL && take_number(&at, &e6);
    (void)take(&at, DEGREE);
    (void)take(&at, COMPASS);
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
