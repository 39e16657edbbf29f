#include "importers/ics_rule.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    ITEM_BYTES = 32
};

static const char *const DAYS[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

/* One item of "a,b,c"; false at the end or when it is too long (*at then stays). */
static bool item_next(const char **at, char ret_item[ITEM_BYTES])
{
    size_t length = strcspn(*at, ",");
    if (length == 0 || length >= ITEM_BYTES) {
        return false;
    }
    memcpy(ret_item, *at, length);
    ret_item[length] = '\0';
    *at += length;
    *at += **at == ',' && (*at)[1] != '\0' ? 1 : 0;
    return true;
}

/* A whole number and nothing else. */
static bool number_of(const char *text, int32_t min, int32_t max, int32_t *ret_number)
{
    char *end = NULL;
    if (strspn(text, "+-0123456789") != strlen(text) || *text == '\0') {
        return false;
    }
    long number = strtol(text, &end, 10);
    if (*end != '\0' || number < min || number > max) {
        return false;
    }
    *ret_number = (int32_t)number;
    return true;
}

static bool numbers_of(const char *text, int32_t max, int16_t *ret_items, size_t *ret_count)
{
    char item[ITEM_BYTES];
    size_t count = 0;
    int32_t number = 0;
    while (*text != '\0') {
        if (!item_next(&text, item) || !number_of(item, -max, max, &number) || number == 0) {
            return false;
        }
        bool is_there = false;
        for (size_t i = 0; i < count; i++) {
            is_there = is_there || ret_items[i] == number;
        }
        if (!is_there && count == ICS_RULE_ITEMS) {
            return false;
        }
        if (!is_there) {
            ret_items[count++] = (int16_t)number;
        }
    }
    *ret_count = count;
    return count > 0;
}

static bool mask_of(const char *text, int32_t min, int32_t max, uint64_t *ret_mask)
{
    char item[ITEM_BYTES];
    int32_t number = 0;
    uint64_t mask = 0;
    while (*text != '\0') {
        if (!item_next(&text, item) || !number_of(item, min, max, &number)) {
            return false;
        }
        mask |= UINT64_C(1) << (number == 60 ? 59 : number);
    }
    *ret_mask = mask;
    return mask != 0;
}

static int8_t weekday_of(const char *text)
{
    for (size_t i = 0; i < 7; i++) {
        if (strcasecmp(text, DAYS[i]) == 0) {
            return (int8_t)(i + 1);
        }
    }
    return 0;
}

static bool days_of(const char *text, struct ics_rule *rule)
{
    char item[ITEM_BYTES];
    while (*text != '\0') {
        if (!item_next(&text, item) || strlen(item) < 2 || rule->day_count == ICS_RULE_ITEMS) {
            return false;
        }
        char *name = item + strlen(item) - 2;
        struct ics_rule_day day = {0, weekday_of(name)};
        int32_t week = 0;
        *name = '\0';
        if (day.weekday == 0 || (name != item && (!number_of(item, -53, 53, &week) || week == 0))) {
            return false;
        }
        day.week = (int16_t)week;
        rule->days[rule->day_count++] = day;
    }
    return rule->day_count > 0;
}

/* One "NAME=VALUE". */
static enum ics_rule_fault part_of(const char *name, const char *value, struct ics_rule *rule)
{
    static const char *const FREQUENCIES[] = {
        [ICS_DAILY] = "DAILY", [ICS_WEEKLY] = "WEEKLY", [ICS_MONTHLY] = "MONTHLY", [ICS_YEARLY] = "YEARLY"};
    uint64_t mask = 0;
    bool is_good = false;
    if (strcasecmp(name, "FREQ") == 0) {
        if (strcasecmp(value, "SECONDLY") == 0 || strcasecmp(value, "MINUTELY") == 0 ||
            strcasecmp(value, "HOURLY") == 0) {
            return ICS_RULE_SUB_DAILY;
        }
        for (size_t i = 0; i < sizeof FREQUENCIES / sizeof *FREQUENCIES; i++) {
            if (strcasecmp(value, FREQUENCIES[i]) == 0) {
                rule->frequency = (enum ics_frequency)i;
                is_good = true;
            }
        }
    } else if (strcasecmp(name, "INTERVAL") == 0) {
        is_good = number_of(value, 1, 10000, &rule->interval);
    } else if (strcasecmp(name, "COUNT") == 0) {
        is_good = number_of(value, 1, 100000000, &rule->count);
    } else if (strcasecmp(name, "UNTIL") == 0) {
        is_good = ics_stamp_parse_old(value, &rule->until);
        rule->has_until = true;
    } else if (strcasecmp(name, "WKST") == 0) {
        rule->week_start = weekday_of(value);
        is_good = rule->week_start != 0;
    } else if (strcasecmp(name, "BYMONTH") == 0) {
        is_good = mask_of(value, 1, 12, &mask);
        rule->months = (uint32_t)mask;
    } else if (strcasecmp(name, "BYMONTHDAY") == 0) {
        is_good = numbers_of(value, 31, rule->month_days, &rule->month_day_count);
    } else if (strcasecmp(name, "BYYEARDAY") == 0) {
        is_good = numbers_of(value, 366, rule->year_days, &rule->year_day_count);
    } else if (strcasecmp(name, "BYWEEKNO") == 0) {
        is_good = numbers_of(value, 53, rule->weeks, &rule->week_count);
    } else if (strcasecmp(name, "BYSETPOS") == 0) {
        is_good = numbers_of(value, 366, rule->positions, &rule->position_count);
    } else if (strcasecmp(name, "BYDAY") == 0) {
        is_good = days_of(value, rule);
    } else if (strcasecmp(name, "BYHOUR") == 0) {
        is_good = mask_of(value, 0, 23, &mask);
        rule->hours = (uint32_t)mask;
    } else if (strcasecmp(name, "BYMINUTE") == 0) {
        is_good = mask_of(value, 0, 59, &rule->minutes);
    } else if (strcasecmp(name, "BYSECOND") == 0) {
        is_good = mask_of(value, 0, 60, &rule->seconds);
    } else if (strcasecmp(name, "RSCALE") == 0) {
        return strcasecmp(value, "GREGORIAN") == 0 ? ICS_RULE_GOOD : ICS_RULE_CALENDAR;
    } else if (strcasecmp(name, "SKIP") == 0) {
        is_good = strcasecmp(value, "OMIT") == 0;
    } else {
        is_good = strncasecmp(name, "X-", 2) == 0;
    }
    return is_good ? ICS_RULE_GOOD : ICS_RULE_SYNTAX;
}

static int bit_count(uint64_t mask)
{
    int count = mask == 0 ? 1 : 0; /* none means DTSTART's */
    for (; mask != 0; mask &= mask - 1) {
        count++;
    }
    return count;
}

/* Parts that RFC 5545 §3.3.10 forbids together. */
static bool parts_agree(const struct ics_rule *rule)
{
    bool has_week = false;
    for (size_t i = 0; i < rule->day_count; i++) {
        has_week = has_week || rule->days[i].week != 0;
    }
    bool is_yearly = rule->frequency == ICS_YEARLY;
    bool is_monthly = rule->frequency == ICS_MONTHLY;
    bool has_by = rule->months != 0 || rule->month_day_count > 0 || rule->year_day_count > 0 ||
                  rule->week_count > 0 || rule->day_count > 0 || rule->hours != 0 || rule->minutes != 0 ||
                  rule->seconds != 0;
    return (is_yearly || rule->week_count == 0) && (is_yearly || rule->year_day_count == 0) &&
           (rule->frequency != ICS_WEEKLY || rule->month_day_count == 0) &&
           (!has_week || is_monthly || (is_yearly && rule->week_count == 0)) &&
           (rule->position_count == 0 || has_by);
}

/* "BYDAY=MO, WE": no value holds a blank. Answers the new length. */
static size_t blanks_drop(char *text)
{
    size_t used = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != ' ' && *at != '\t') {
            text[used++] = *at;
        }
    }
    text[used] = '\0';
    return used;
}

enum ics_rule_fault ics_rule_parse(const char *text, struct ics_rule *ret_rule)
{
    struct ics_rule rule = {.interval = 1, .week_start = 1};
    char seen[24][ITEM_BYTES];
    size_t seen_count = 0;
    bool has_frequency = false;
    enum ics_rule_fault fault = ICS_RULE_GOOD;
    text += strspn(text, " \t");
    while (*text != '\0') {
        char part[512];
        size_t length = strcspn(text, ";");
        if (length >= sizeof part) {
            return ICS_RULE_SYNTAX;
        }
        memcpy(part, text, length);
        part[length] = '\0';
        text += length;
        text += *text == ';' ? 1 : 0;
        length = blanks_drop(part);
        if (length == 0) {
            continue; /* a stray semicolon */
        }
        char *value = strchr(part, '=');
        if (value == NULL || (size_t)(value - part) >= ITEM_BYTES || seen_count == 24) {
            return ICS_RULE_SYNTAX;
        }
        *value++ = '\0';
        for (size_t i = 0; i < seen_count; i++) {
            fault = strcasecmp(seen[i], part) == 0 ? ICS_RULE_SYNTAX : fault;
        }
        memcpy(seen[seen_count++], part, strlen(part) + 1);
        has_frequency = has_frequency || strcasecmp(part, "FREQ") == 0;
        fault = fault == ICS_RULE_GOOD ? part_of(part, value, &rule) : fault;
        if (fault != ICS_RULE_GOOD) {
            return fault;
        }
    }
    if (!has_frequency || !parts_agree(&rule)) {
        return ICS_RULE_SYNTAX;
    }
    if (bit_count(rule.hours) * bit_count(rule.minutes) * bit_count(rule.seconds) > ICS_RULE_TIMES) {
        return ICS_RULE_SUB_DAILY;
    }
    *ret_rule = rule;
    return ICS_RULE_GOOD;
}
