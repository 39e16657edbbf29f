/* What a ledger writes under 时间: a time, or a date with its time; ends past midnight; percents. */
#include "base/date.h"
#include "importers/values.h"
#include "importers/words.h"

bool value_is_dated(value_parser parse)
{
    return parse == value_date || parse == value_when;
}

int32_t time_usual_start(int32_t from_min, int32_t to_min)
{
    static const struct {
        int32_t from_min, to_min, start_min;
    } USUAL[] = {{480, 720, 540},    {690, 780, 720},    {780, 1050, 840},
                 {1050, 1170, 1080}, {1050, 1290, 1140}, {0, DAY_MINUTES, 540}};
    for (size_t i = 0; i < sizeof USUAL / sizeof *USUAL; i++) {
        if (USUAL[i].from_min == from_min && USUAL[i].to_min == to_min) {
            return USUAL[i].start_min;
        }
    }
    return -1;
}

bool value_when(const struct value_rule *rule, const char *text, struct value_context *context,
                struct value *ret_value, struct fault *ret_fault)
{
    struct fault fault;
    if (value_time(rule, text, context, ret_value, ret_fault)) {
        int32_t usual = (ret_value->how & HOW_PART) != 0
                            ? time_usual_start((int32_t)ret_value->number, (int32_t)ret_value->number_to)
                            : -1;
        if (usual >= 0) {
            ret_value->from_min = (int32_t)ret_value->number;
            ret_value->to_min = (int32_t)ret_value->number_to;
            ret_value->number = usual;
            ret_value->number_to = -1;
        }
        return true;
    }
    if (value_date(rule, text, context, ret_value, &fault)) {
        return true;
    }
    /* What holds a month is meant as a date, and its fault says more. */
    bool is_date = strstr(text, "月") != NULL || strpbrk(text, "/") != NULL || fault.code == CODE_CONFLICT;
    *ret_fault = is_date ? fault : *ret_fault;
    return false;
}

bool value_end_time(const struct value_rule *rule, const char *text, struct value_context *context,
                    struct value *ret_value, struct fault *ret_fault)
{
    bool is_next_day = strncmp(text, "+1 ", 3) == 0;
    if (!value_time(rule, is_next_day ? text + 3 : text, context, ret_value, ret_fault)) {
        return false;
    }
    ret_value->number += is_next_day ? DAY_MINUTES : 0;
    return true;
}

bool value_percent(const struct value_rule *rule, const char *text, struct value_context *context,
                   struct value *ret_value, struct fault *ret_fault)
{
    char plain[PLAIN_TEXT_SIZE];
    (void)rule;
    (void)context;
    int32_t tenths = 0;
    int32_t whole = 0;
    const char *at = plain;
    bool is_good =
        plain_text(text, plain, sizeof plain) && *at >= '0' && *at <= '9' && numeral_take(&at, &whole);
    bool is_decimal = is_good && word_take(&at, ".");
    if (is_decimal) {
        const char *digits = at;
        is_good = digits_take(&at, 1, &tenths);
        at = digits + strspn(digits, "0123456789");
    }
    bool is_marked = is_good && word_take(&at, "%");
    if (!is_good || *at != '\0') {
        return fault_set(ret_fault, CODE_NUMBER, "“%s”不是百分数，请写成 98%",
                         "\"%s\" is no percentage such as 98%", text);
    }
    if (whole > 100 || (whole == 100 && tenths > 0) || (whole <= 1 && is_decimal && !is_marked)) {
        return fault_set(ret_fault, CODE_RANGE, "“%s”应为 0 至 100 的百分数，例如 98%",
                         "\"%s\" should be a percentage from 0 to 100, such as 98%", text);
    }
    struct value value = VALUE_NONE;
    value.given = true;
    value.number = whole + (tenths >= 5 ? 1 : 0);
    value.how = is_decimal ? HOW_ABOUT : is_marked ? HOW_NOTATION : 0;
    *ret_value = value;
    return true;
}
