/* Times of day and parts of the day. */
#include "base/date.h"
#include "importers/values.h"
#include "importers/words.h"

enum {
    /* 0.604166666666667: what a spreadsheet's time cell is inside. */
    FRACTION_DIGITS_MIN = 3,
    FRACTION_DIGITS_MAX = 17
};

/* Longest first where one begins another. Hours of availability: what a township means by the word. */
static const struct {
    const char *word;
    int16_t from_min, to_min;
    bool is_pm;
} PARTS[] = {{"凌晨", 0, 360, false},    {"早上", 480, 720, false},  {"早晨", 480, 720, false},
             {"上午", 480, 720, false},  {"中午", 690, 780, false},  {"下午", 780, 1050, true},
             {"午后", 780, 1050, true},  {"傍晚", 1050, 1170, true}, {"晚上", 1050, 1290, true},
             {"晚间", 1050, 1290, true}, {"夜间", 1050, 1290, true}, {"晚", 1050, 1290, true},
             {"am", 480, 720, false},    {"pm", 780, 1050, true}};

bool time_part(const char **at, int32_t *ret_from_min, int32_t *ret_to_min)
{
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        if (word_take(at, PARTS[i].word)) {
            *ret_from_min = PARTS[i].from_min;
            *ret_to_min = PARTS[i].to_min;
            return true;
        }
    }
    return false;
}

/* One or two digits, or characters: 9, 14, 九, 十四. */
static bool take_two(const char **at, int32_t *ret_number)
{
    return strspn(*at, "0123456789") <= 2 && numeral_take(at, ret_number);
}

/* ":30", "点", "点半", "时30分", "点一刻", ":30:00", ".30". */
static bool take_minutes(const char **at, int32_t *ret_minutes)
{
    *ret_minutes = 0;
    if (word_take(at, ":")) {
        int32_t seconds = 0;
        if (strspn(*at, "0123456789") != 2 || !take_two(at, ret_minutes)) {
            return false;
        }
        return !word_take(at, ":") || (take_two(at, &seconds) && seconds == 0);
    }
    if (word_take(at, ".")) {
        return strspn(*at, "0123456789") == 2 && take_two(at, ret_minutes);
    }
    if (!word_take(at, "点钟") && !word_take(at, "点整") && !word_take(at, "点") && !word_take(at, "时")) {
        return false;
    }
    if (word_take(at, "半")) {
        *ret_minutes = 30;
        return true;
    }
    if (word_take(at, "一刻") || word_take(at, "三刻")) {
        *ret_minutes = strncmp(*at - strlen("一刻"), "一", strlen("一")) == 0 ? 15 : 45;
        return true;
    }
    const char *p = *at;
    if (take_two(&p, ret_minutes)) {
        *at = p;
        (void)word_take(at, "分");
    }
    return true;
}

/* The part before an hour, if any: 下午 3点. */
static void part_take(const char **at, bool *is_pm)
{
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        if (word_take(at, PARTS[i].word)) {
            *is_pm = PARTS[i].is_pm;
            return;
        }
    }
}

static bool minute_of(bool is_pm, int32_t hour, int32_t minutes, int32_t *ret_min)
{
    hour += is_pm && hour < 12 ? 12 : 0;
    if (minutes > 59 || hour * 60 + minutes > DAY_MINUTES) {
        return false;
    }
    *ret_min = hour * 60 + minutes;
    return true;
}

bool time_point(const char **at, bool *is_pm, int32_t *ret_min)
{
    const char *p = *at;
    bool pm = *is_pm;
    int32_t hour = 0;
    int32_t minutes = 0;
    part_take(&p, &pm);
    if (!take_two(&p, &hour) || !take_minutes(&p, &minutes)) {
        return false;
    }
    /* 2:30pm, 9:00 am */
    pm = pm || word_take(&p, "pm");
    (void)(!pm && word_take(&p, "am"));
    if (!minute_of(pm, hour, minutes, ret_min)) {
        return false;
    }
    *is_pm = pm;
    *at = p;
    return true;
}

static bool take_to(const char **at)
{
    static const char *const TO[] = {"---", "--", "-", "至", "到", NULL};
    return word_take_any(at, TO);
}

/* The 9 of 9-11点, the 2 of 下午2至4点. */
static bool bare_hour(const char **at, bool *is_pm, int32_t *ret_min)
{
    const char *p = *at;
    bool pm = *is_pm;
    int32_t hour = 0;
    part_take(&p, &pm);
    if (!take_two(&p, &hour)) {
        return false;
    }
    const char *q = p;
    bool to_pm = pm;
    int32_t to = 0;
    bool is_hours = take_to(&q) && time_point(&q, &to_pm, &to) && strncmp(p, "-", 1) <= 0;
    /* 9-11:30 is left alone: the 9 may be anything. */
    is_hours = is_hours && strchr(p, ':') == NULL && strchr(p, '.') == NULL;
    if (!is_hours || !minute_of(pm, hour, 0, ret_min)) {
        return false;
    }
    *is_pm = pm;
    *at = p;
    return true;
}

bool time_span_take(const char **at, struct time_span *ret_span)
{
    const char *p = *at;
    bool is_pm = false;
    struct time_span span = {.to_min = -1};
    bool is_point = time_point(&p, &is_pm, &span.from_min) || bare_hour(&p, &is_pm, &span.from_min);
    if (is_point) {
        const char *q = p;
        if (take_to(&q)) {
            (void)word_take(&q, "次日");
            if (!time_point(&q, &is_pm, &span.to_min)) {
                return false;
            }
            p = q;
        }
    } else if (time_part(&p, &span.from_min, &span.to_min)) {
        span.is_part = true;
    } else {
        return false;
    }
    span.is_plain = true;
    for (const char *c = *at; c < p; c++) {
        span.is_plain = span.is_plain && strchr("0123456789:-", *c) != NULL;
    }
    *at = p;
    *ret_span = span;
    return true;
}

/* "0.604166666666667" is 14:30. */
static bool fraction_read(const char *plain, int32_t *ret_min)
{
    if (strncmp(plain, "0.", 2) != 0) {
        return false;
    }
    size_t digits = strspn(plain + 2, "0123456789");
    if (digits < FRACTION_DIGITS_MIN || digits > FRACTION_DIGITS_MAX || plain[2 + digits] != '\0') {
        return false;
    }
    double minutes = 0;
    double place = DAY_MINUTES;
    for (size_t i = 0; i < digits; i++) {
        place /= 10;
        minutes += place * (plain[2 + i] - '0');
    }
    *ret_min = (int32_t)(minutes + 0.5);
    return true;
}

bool value_time(const struct value_rule *rule, const char *text, struct value_context *context,
                struct value *ret_value, struct fault *ret_fault)
{
    (void)rule;
    (void)context;
    char plain[PLAIN_TEXT_SIZE];
    struct value value = VALUE_NONE;
    struct time_span span = {.to_min = -1};
    const char *at = plain;
    value.given = true;
    if (!plain_text(text, plain, sizeof plain)) {
        return fault_set(ret_fault, CODE_TIME, "“%s”不是时间", "\"%s\" is not a time of day", text);
    }
    if (fraction_read(plain, &span.from_min)) {
        value.how = HOW_SERIAL;
    } else if (strcmp(plain, "全天") == 0 || strcmp(plain, "整天") == 0) {
        span = (struct time_span){.from_min = 0, .to_min = DAY_MINUTES, .is_part = true};
        value.how = HOW_PART;
    } else if (time_span_take(&at, &span) && *at == '\0') {
        value.how = span.is_part ? HOW_PART : span.is_plain ? 0 : HOW_NOTATION;
    } else {
        bool is_two = strpbrk(plain, ",;/") != NULL || strstr(plain, "、") != NULL;
        return is_two ? fault_set(ret_fault, CODE_TIME, "“%s”含有几段时间，请分成几行填写",
                                  "\"%s\" holds several times; write one row for each", text)
                      : fault_set(ret_fault, CODE_TIME, "“%s”不是时间，请写成 14:00、下午2:30 或 14:00-16:00",
                                  "\"%s\" is not a time of day; write it like 14:00 or 14:00-16:00", text);
    }
    if (span.to_min >= 0 && span.to_min <= span.from_min) {
        return fault_set(ret_fault, CODE_ORDER, "“%s”的结束时间不晚于开始时间",
                         "\"%s\" does not end after it starts", text);
    }
    value.number = span.from_min;
    value.number_to = span.to_min;
    *ret_value = value;
    return true;
}
