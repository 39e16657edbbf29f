/* scheduler/day_rule: on which days something recurs, mostly markets (市日) and temple fairs (会市)
 * that close a hall. Any thread.
 *
 * The text is one or more of these, joined by "|" (any of them):
 *
 *   weekly:2,4        ISO weekdays, 1 Monday … 7 Sunday
 *   monthday:3,8      last digit of the Gregorian day: 逢三、八 are 3, 8, 13, 18, 23, 28
 *   lunarday:3,8      the same of the lunar day
 *   lunardate:3-10    lunar month 3 day 10, every year; a leap month does not repeat it,
 *                     but "lunardate:6-1+leap" comes in the leap month too
 *   branch:0,6        twelve-day cycle, 0 子 … 11 亥; the characters 子丑寅卯辰巳午未申酉戌亥 also do
 *
 * Digits are 1 … 10; 10 means the days 10, 20 and 30 (a month without a 30th, or without 三十, has
 * two of them), 1 includes the Gregorian 31st. "，" and "、" may stand for "," and blanks are
 * skipped. The canonical text sorts, joins one kind in one part and writes branches as numbers. */
#ifndef LITANG_SCHEDULER_DAY_RULE_H
#define LITANG_SCHEDULER_DAY_RULE_H

#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "scheduler/calendar.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct day_rule_date {
    uint8_t month, day; /* lunar */
    bool leap;          /* in the leap month too */
};

/* Plain data: copied by assignment, nothing to free. An all-zero rule matches no day. */
struct day_rule {
    uint16_t weekdays;     /* bit 1 Monday … bit 7 Sunday */
    uint16_t month_digits; /* bits 1 … 10 */
    uint16_t lunar_digits; /* bits 1 … 10 */
    uint16_t branches;     /* bits 0 … 11 */
    uint8_t date_count;
    struct day_rule_date dates[LIMIT_RULE_DATES]; /* ascending */
};

/* ERR_SYNTAX with the place of the error (the n-th character) in Chinese and English; ERR_LIMIT for
 * a text past LIMIT_RULE_BYTES or too many lunar dates. */
enum error_code day_rule_parse(const char *text, struct day_rule *ret_rule, struct error *err);
bool day_rule_matches(const struct day_rule *rule, const struct day_info *day);
/* Adds the canonical text; parsing it gives an equal rule. */
void day_rule_format(const struct day_rule *rule, struct text *text);
/* Adds "每周二、四；逢三、八（农历）；农历三月初十；逢子、午日". */
void day_rule_zh(const struct day_rule *rule, struct text *text);

#endif
