/* Dates with their year. */
#include "base/date.h"
#include "importers/values.h"

#include <string.h>

static bool take_digits(const char **at, int min_digits, int max_digits, int32_t *ret_number)
{
    int32_t number = 0;
    int digits = 0;
    while ((*at)[digits] >= '0' && (*at)[digits] <= '9' && digits < max_digits) {
        number = number * 10 + ((*at)[digits] - '0');
        digits++;
    }
    if (digits < min_digits) {
        return false;
    }
    *at += digits;
    *ret_number = number;
    return true;
}

static bool take_mark(const char **at, const char *mark)
{
    size_t size = strlen(mark);
    if (strncmp(*at, mark, size) != 0) {
        return false;
    }
    *at += size;
    return true;
}

static bool date_taken(const char **at, struct civil *ret)
{
    static const char *const MARKS[][3] = {{"年", "月", "日"}, {"年", "月", "号"}, {"年", "月", ""},
                                           {"-", "-", ""},     {"/", "/", ""},     {".", ".", ""}};
    struct civil civil = {0};
    const char *start = *at;
    if (strspn(start, "0123456789") == 8) {
        *ret = (struct civil){0};
        return take_digits(at, 4, 4, &ret->year) && take_digits(at, 2, 2, &ret->month) &&
               take_digits(at, 2, 2, &ret->day);
    }
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        const char *p = start;
        if (take_digits(&p, 4, 4, &civil.year) && take_mark(&p, MARKS[i][0]) &&
            take_digits(&p, 1, 2, &civil.month) && take_mark(&p, MARKS[i][1]) &&
            take_digits(&p, 1, 2, &civil.day) && take_mark(&p, MARKS[i][2])) {
            *ret = civil;
            *at = p;
            return true;
        }
    }
    return false;
}

static bool date_fault(struct fault *fault, const char *plain, const char *text)
{
    if (strstr(text, "农历") != NULL || strstr(text, "初") != NULL) {
        return fault_set(fault, CODE_DATE, "“%s”是农历日期，此列要公历日期；每年重复的请写在“规则”列",
                         "\"%s\" is a lunar date; this column wants a Gregorian one", text);
    }
    if (strstr(plain, "月") != NULL && strstr(plain, "年") == NULL) {
        return fault_set(fault, CODE_DATE, "“%s”没有年份，请写成 2026-03-01 的样子",
                         "\"%s\" has no year; write it like 2026-03-01", text);
    }
    if (strspn(plain, "0123456789") == strlen(plain) && strlen(plain) == 5) {
        return fault_set(
            fault, CODE_DATE, "“%s”是表格软件的日期序号；请把该列设为日期格式 2026-03-01 后另存",
            "\"%s\" is a spreadsheet's serial number; format the column as a date like 2026-03-01", text);
    }
    return fault_set(fault, CODE_DATE, "“%s”不是日期，请写成 2026-03-01、2026/3/1 或 2026年3月1日",
                     "\"%s\" is not a date; write it like 2026-03-01 or 2026/3/1", text);
}

/* Cuts "0:00" off "2026/3/1 0:00"; a blank is needed, since "2026/3/10:00" could be two things. False: a time
 * that is not midnight. */
static bool midnight_cut(char *text)
{
    static const char *const MIDNIGHTS[] = {"0:00", "00:00", "0:00:00", "00:00:00"};
    char *blank = strrchr(text, strchr(text, ' ') != NULL ? ' ' : 'T');
    if (strchr(text, ':') == NULL || blank == NULL) {
        return true;
    }
    for (size_t i = 0; i < sizeof MIDNIGHTS / sizeof *MIDNIGHTS; i++) {
        if (strcmp(blank + 1, MIDNIGHTS[i]) == 0) {
            *blank = '\0';
            return true;
        }
    }
    return false;
}

bool value_date(const struct value_rule *rule, const char *text, struct arena *arena, struct value *ret_value,
                struct fault *ret_fault)
{
    (void)rule;
    (void)arena;
    char kept[PLAIN_TEXT_SIZE];
    char plain[PLAIN_TEXT_SIZE];
    struct civil civil = {0};
    const char *at = plain;
    if (strlen(text) >= sizeof kept) {
        return date_fault(ret_fault, "", text);
    }
    memcpy(kept, text, strlen(text) + 1);
    if (!midnight_cut(kept) || !plain_text(kept, plain, sizeof plain) || !date_taken(&at, &civil) ||
        *at != '\0') {
        return date_fault(ret_fault, plain_text(text, plain, sizeof plain) ? plain : "", text);
    }
    if (!civil_valid(civil)) {
        return fault_set(ret_fault, CODE_DATE, "“%s”这一天不存在或不在 1901–2100 年内",
                         "there is no day \"%s\" between 1901 and 2100", text);
    }
    *ret_value = (struct value){.given = true, .text = "", .number = date_from_civil(civil), .number_to = -1};
    return true;
}
