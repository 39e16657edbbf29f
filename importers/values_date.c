/* Dates: the words of a cell and the year that they lack. */
#include "base/date.h"
#include "importers/date_words.h"
#include "scheduler/lunar.h"

#include <stdio.h>
#include <string.h>

enum {
    /* Day 0 of the serial numbers of spreadsheets that count from 1900, as a day since 1970-01-01. The system
     * takes 1900 for a leap year, which no longer matters after 1900-02 (ECMA-376 Part 1, §18.17.4.1). */
    SERIAL_EPOCH = -25569,
    SERIAL_MIN = 36526, /* 2000-01-01 */
    SERIAL_MAX = 73050  /* 2099-12-31 */
};

static bool no_year(struct fault *fault, const char *text)
{
    return fault_set(
        fault, CODE_DATE,
        "“%s”没有年份，标题、文件名和同列日期也看不出唯一的年份；请写全年份，或用 --year 指明",
        "\"%s\" has no year, and neither the title nor the column tells a single one; write it, or "
        "give --year",
        text);
}

static bool no_day(struct fault *fault, const char *text)
{
    return fault_set(fault, CODE_DATE, "“%s”这一天不存在或不在 1901–2100 年内",
                     "there is no day \"%s\" between 1901 and 2100", text);
}

static bool solar_day(const struct date_item *item, int32_t year, int32_t *ret_day)
{
    struct civil civil = {item->year != 0 ? item->year : year, item->month, item->day};
    if (!civil_valid(civil)) {
        return false;
    }
    *ret_day = date_from_civil(civil);
    return true;
}

/* The days with this lunar date: of the lunar year, and within the Gregorian year, of the same number. */
static size_t lunar_days(const struct date_item *item, int32_t year, bool within_gregorian, int32_t days[2])
{
    size_t count = 0;
    for (int32_t lunar_year = year - 1; lunar_year <= year; lunar_year++) {
        int32_t day = 0;
        if (!day_from_lunar(lunar_year, item->month, item->is_leap, item->day, &day)) {
            continue;
        }
        bool is_wanted = within_gregorian ? date_year(day) == year : lunar_year == year;
        if (is_wanted) {
            days[count++] = day;
        }
    }
    return count;
}

static bool lunar_day(const struct date_item *item, const struct value_context *context, const char *text,
                      int32_t *ret_day, struct fault *fault)
{
    int32_t within[2];
    int32_t of_year[2];
    int32_t year = item->year != 0 ? item->year : context->year;
    if (year == 0) {
        return no_year(fault, text);
    }
    size_t inside = lunar_days(item, year, true, within);
    size_t named = item->year != 0 ? lunar_days(item, year, false, of_year) : 0;
    if (inside == 0 && named == 0) {
        return fault_set(fault, CODE_DATE, "这一年没有农历“%s”这一天", "that year has no lunar day \"%s\"",
                         text);
    }
    int32_t day = inside > 0 ? within[0] : of_year[0];
    int32_t other = named > 0 ? of_year[0] : inside > 1 ? within[1] : day;
    if (other != day || inside > 1) {
        char zh[FAULT_TEXT_SIZE];
        char en[FAULT_TEXT_SIZE];
        char first[DATE_TEXT_SIZE];
        char second[DATE_TEXT_SIZE];
        date_format(day, first);
        date_format(other, second);
        (void)snprintf(zh, sizeof zh, "“%%s”可能是 %s 或 %s，请写公历日期", first, second);
        (void)snprintf(en, sizeof en, "\"%%s\" may be %s or %s; write the Gregorian date", first, second);
        return fault_set(fault, CODE_DATE, zh, en, text);
    }
    *ret_day = day;
    return true;
}

/* The last day of a span, which may lie in the next year when it does not say its own. */
static bool span_end(const struct date_words *words, int32_t year, int32_t first, int32_t *ret_last,
                     uint16_t *how)
{
    const struct date_item *from = &words->items[0];
    struct date_item to = words->items[1];
    int32_t of = from->year != 0 ? from->year : year;
    if (!solar_day(&to, of, ret_last)) {
        return false;
    }
    bool is_borrowed = to.year == 0 || to.year == from->year;
    if (*ret_last < first && is_borrowed && to.month < from->month) {
        to.year = of + 1;
        *how |= HOW_NEXT_YEAR;
        return solar_day(&to, of, ret_last);
    }
    return true;
}

static bool days_read(const struct value_rule *rule, const struct date_words *words, int32_t year,
                      const char *text, struct value *value, struct fault *fault)
{
    int32_t first = (int32_t)value->number;
    int32_t last = first;
    value->days = 1;
    for (size_t i = 1; i < words->count; i++) {
        int32_t before = last;
        bool is_day =
            words->is_span
                ? span_end(words, year, first, &last, &value->how)
                : solar_day(&words->items[i], words->items[0].year != 0 ? words->items[0].year : year, &last);
        if (!is_day) {
            return no_day(fault, text);
        }
        if (last <= before) {
            return fault_set(fault, CODE_ORDER, "“%s”的日期没有从早到晚", "the days of \"%s\" do not rise",
                             text);
        }
        if (last - first >= DATE_DAYS_MAX && words->is_span && (rule->dates & DATE_WINDOW) != 0) {
            value->days = UINT64_MAX;
            break;
        }
        if (last - first >= DATE_DAYS_MAX) {
            return fault_set(fault, CODE_DATE, "“%s”超过 64 天，请分成几行填写",
                             "\"%s\" covers more than 64 days; write several rows", text);
        }
        for (int32_t day = words->is_span ? before + 1 : last; day <= last; day++) {
            value->days |= UINT64_C(1) << (day - first);
        }
    }
    value->number_to = last > first ? last : -1;
    return true;
}

static bool weekday_check(const struct date_words *words, int32_t day, const char *text, struct fault *fault)
{
    static const char *const ZH[] = {"", "一", "二", "三", "四", "五", "六", "日"};
    static const char *const EN[] = {"",         "Monday", "Tuesday",  "Wednesday",
                                     "Thursday", "Friday", "Saturday", "Sunday"};
    int32_t is = date_weekday(day);
    if (words->weekday == 0 || words->weekday == is) {
        return true;
    }
    char zh[FAULT_TEXT_SIZE];
    char en[FAULT_TEXT_SIZE];
    char date[DATE_TEXT_SIZE];
    date_format(day, date);
    (void)snprintf(zh, sizeof zh, "“%%s”自相矛盾：%s 是周%s，不是周%s", date, ZH[is], ZH[words->weekday]);
    (void)snprintf(en, sizeof en, "\"%%s\" contradicts itself: %s is a %s, not a %s", date, EN[is],
                   EN[words->weekday]);
    return fault_set(fault, CODE_CONFLICT, zh, en, text);
}

static bool first_day(const struct date_words *words, const struct value_context *context, const char *text,
                      struct value *value, struct fault *fault)
{
    const struct date_item *item = &words->items[0];
    int32_t day = 0;
    value->how = words->is_plain ? 0 : HOW_NOTATION;
    if (words->form == DATE_SERIAL) {
        value->how = HOW_SERIAL;
        if (item->day < SERIAL_MIN || item->day > SERIAL_MAX) {
            return fault_set(fault, CODE_DATE, "“%s”不是 2000–2099 年内的表格日期序号",
                             "\"%s\" is no spreadsheet serial of a day in 2000–2099", text);
        }
        day = item->day + SERIAL_EPOCH;
    } else if (words->form == DATE_LUNAR) {
        value->how = (uint16_t)(HOW_LUNAR | (item->year == 0 ? HOW_YEAR : 0));
        if (!lunar_day(item, context, text, &day, fault)) {
            return false;
        }
    } else {
        if (item->year == 0 && context->year == 0) {
            return no_year(fault, text);
        }
        value->how |= (uint16_t)(item->year == 0 ? HOW_YEAR : 0);
        if (!solar_day(item, context->year, &day)) {
            return no_day(fault, text);
        }
    }
    value->number = day;
    return weekday_check(words, day, text, fault);
}

static bool rule_check(const struct value_rule *rule, const struct date_words *words, const char *text,
                       struct fault *fault)
{
    if (words->has_time && (rule->dates & DATE_WITH_TIME) == 0) {
        return fault_set(fault, CODE_DATE, "“%s”含有时间，此列只写日期",
                         "\"%s\" holds a time; this column wants a date", text);
    }
    if (words->count > 1 && (rule->dates & DATE_DAYS) == 0) {
        return fault_set(fault, CODE_DATE, "“%s”含有几天，此列只写一天",
                         "\"%s\" holds several days; this column wants one", text);
    }
    return true;
}

/* "2024-04-03", "2024/4/3", "2024.4.3": most cells, without the work that the others take. */
static bool common_read(const char *text, int32_t *ret_day)
{
    struct civil civil = {0};
    int32_t *const parts[] = {&civil.year, &civil.month, &civil.day};
    const char *p = text;
    char mark = '\0';
    for (size_t i = 0; i < 3; i++) {
        int digits = 0;
        for (; *p >= '0' && *p <= '9' && digits < 5; p++, digits++) {
            *parts[i] = *parts[i] * 10 + (*p - '0');
        }
        if (i == 0 ? digits != 4 : digits == 0 || digits > 2) {
            return false;
        }
        if (i < 2) {
            mark = i == 0 ? *p : mark;
            if (*p != mark || (mark != '-' && mark != '/' && mark != '.')) {
                return false;
            }
            p++;
        }
    }
    if (*p != '\0' || !civil_valid(civil)) {
        return false;
    }
    *ret_day = date_from_civil(civil);
    return true;
}

bool value_date(const struct value_rule *rule, const char *text, struct value_context *context,
                struct value *ret_value, struct fault *ret_fault)
{
    struct date_words words;
    struct value value = VALUE_NONE;
    int32_t day = 0;
    value.given = true;
    if (common_read(text, &day)) {
        value.number = day;
        value.days = 1;
        *ret_value = value;
        return true;
    }
    if (!date_words_read(text, &words, ret_fault) || !rule_check(rule, &words, text, ret_fault) ||
        !first_day(&words, context, text, &value, ret_fault) ||
        !days_read(rule, &words, context->year, text, &value, ret_fault)) {
        return false;
    }
    if (words.has_time) {
        value.from_min = words.time.from_min;
        value.to_min = words.time.to_min;
        value.how |= (uint16_t)words.time_how;
        if ((rule->dates & DATE_WINDOW) != 0 && (value.how & HOW_PART) != 0) {
            /* 下午 is when somebody is away, not when a session begins. */
            value.how = (uint16_t)((value.how & ~HOW_PART) | HOW_USUAL);
        }
        if (value.to_min >= 0 && value.to_min <= value.from_min) {
            return fault_set(ret_fault, CODE_ORDER, "“%s”的结束时间不晚于开始时间",
                             "\"%s\" does not end after it starts", text);
        }
    }
    *ret_value = value;
    return true;
}
