/* Times of day and parts of the day. */
#include "base/date.h"
#include "importers/values.h"

#include <string.h>

enum {
    NOON = 720
};

/* Longest first where one begins another. Hours of availability: what a township means by the word. */
static const struct {
    const char *word;
    int16_t from_min, to_min;
    bool is_pm;
} PARTS[] = {{"凌晨", 0, 360, false},    {"早上", 480, 720, false},  {"上午", 480, 720, false},
             {"中午", 690, 780, false},  {"下午", 780, 1050, true},  {"傍晚", 1050, 1170, true},
             {"晚上", 1050, 1290, true}, {"晚间", 1050, 1290, true}, {"夜间", 1050, 1290, true},
             {"晚", 1050, 1290, true},   {"am", 480, 720, false},    {"pm", 780, 1050, true}};

bool time_part(const char **at, int32_t *ret_from_min, int32_t *ret_to_min)
{
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        size_t size = strlen(PARTS[i].word);
        if (strncmp(*at, PARTS[i].word, size) == 0) {
            *at += size;
            *ret_from_min = PARTS[i].from_min;
            *ret_to_min = PARTS[i].to_min;
            return true;
        }
    }
    return false;
}

static bool take_two(const char **at, int32_t *ret_number)
{
    size_t digits = strspn(*at, "0123456789");
    if (digits == 0 || digits > 2) {
        return false;
    }
    *ret_number = digits == 1 ? (*at)[0] - '0' : ((*at)[0] - '0') * 10 + ((*at)[1] - '0');
    *at += digits;
    return true;
}

static bool take_word(const char **at, const char *word)
{
    size_t size = strlen(word);
    bool is_there = strncmp(*at, word, size) == 0;
    *at += is_there ? size : 0;
    return is_there;
}

/* ":30", "点", "点半", "时30分", ":30:00". */
static bool take_minutes(const char **at, int32_t *ret_minutes)
{
    *ret_minutes = 0;
    if (take_word(at, ":")) {
        size_t digits = strspn(*at, "0123456789");
        int32_t seconds = 0;
        if (digits != 2 || !take_two(at, ret_minutes)) {
            return false;
        }
        return !take_word(at, ":") || (take_two(at, &seconds) && seconds == 0);
    }
    if (!take_word(at, "点钟") && !take_word(at, "点") && !take_word(at, "时")) {
        return false;
    }
    if (take_word(at, "半")) {
        *ret_minutes = 30;
    } else if (**at >= '0' && **at <= '9') {
        bool is_good = take_two(at, ret_minutes);
        (void)take_word(at, "分");
        return is_good;
    }
    return true;
}

bool time_point(const char **at, bool *is_pm, int32_t *ret_min)
{
    const char *p = *at;
    bool pm = *is_pm;
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        if (take_word(&p, PARTS[i].word)) {
            pm = PARTS[i].is_pm;
            break;
        }
    }
    int32_t hour = 0;
    int32_t minutes = 0;
    if (!take_two(&p, &hour) || !take_minutes(&p, &minutes) || minutes > 59) {
        return false;
    }
    hour += pm && hour < 12 ? 12 : 0;
    if (hour * 60 + minutes > DAY_MINUTES) {
        return false;
    }
    *is_pm = pm;
    *ret_min = hour * 60 + minutes;
    *at = p;
    return true;
}

bool value_time(const struct value_rule *rule, const char *text, struct arena *arena, struct value *ret_value,
                struct fault *ret_fault)
{
    (void)rule;
    (void)arena;
    char plain[PLAIN_TEXT_SIZE];
    int32_t from = 0;
    int32_t to = -1;
    bool is_pm = false;
    const char *at = plain;
    if (!plain_text(text, plain, sizeof plain)) {
        return fault_set(ret_fault, CODE_TIME, "“%s”不是时间", "\"%s\" is not a time of day", text);
    }
    bool is_good = time_point(&at, &is_pm, &from);
    if (is_good && (take_word(&at, "-") || take_word(&at, "至") || take_word(&at, "到"))) {
        is_good = time_point(&at, &is_pm, &to);
    } else if (!is_good) {
        is_good = time_part(&at, &from, &to);
    }
    if (!is_good || *at != '\0') {
        if (strcmp(plain, "全天") != 0 && strcmp(plain, "整天") != 0) {
            return fault_set(ret_fault, CODE_TIME, "“%s”不是时间，请写成 14:00、下午2:30 或 14:00-16:00",
                             "\"%s\" is not a time of day; write it like 14:00 or 14:00-16:00", text);
        }
        from = 0;
        to = DAY_MINUTES;
    }
    if (to >= 0 && to <= from) {
        return fault_set(ret_fault, CODE_ORDER, "“%s”的结束时间不晚于开始时间",
                         "\"%s\" does not end after it starts", text);
    }
    *ret_value = (struct value){.given = true, .text = "", .number = from, .number_to = to};
    return true;
}
