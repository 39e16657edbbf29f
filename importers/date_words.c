#include "importers/date_words.h"

#include "base/date.h"
#include "base/text.h"
#include "importers/words.h"

#include <stdio.h>

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Like plain_text, but digits that a blank or the T of RFC 3339 keeps apart stay apart. */
static bool date_plain(const char *text, char *ret_plain, size_t size)
{
    char part[PLAIN_TEXT_SIZE];
    size_t used = 0;
    size_t length = strlen(text);
    if (length >= sizeof part) {
        return false;
    }
    for (size_t from = 0; from < length;) {
        /* The stretch up to the next ASCII blank, ideographic blank or T. */
        size_t to = from;
        size_t step = 0;
        while (to < length && step == 0) {
            bool is_wide = strncmp(text + to, "　", 3) == 0;
            bool is_t = (text[to] == 'T' || text[to] == 't') && to > 0 && is_digit(text[to - 1]) &&
                        is_digit(text[to + 1]);
            step = text[to] == ' ' || text[to] == '\n' || text[to] == '\t' || is_t ? 1 : is_wide ? 3 : 0;
            to += step == 0 ? 1 : 0;
        }
        memcpy(part, text + from, to - from);
        part[to - from] = '\0';
        char piece[PLAIN_TEXT_SIZE];
        if (!plain_text(part, piece, sizeof piece) || used + strlen(piece) + 2 > size) {
            return false;
        }
        bool is_apart = used > 0 && is_digit(ret_plain[used - 1]) && is_digit(piece[0]);
        used += (size_t)snprintf(ret_plain + used, size - used, "%s%s", is_apart ? " " : "", piece);
        from = to + step;
    }
    ret_plain[used] = '\0';
    return used > 0;
}

/* 2024年 / 二〇二四年: four digits, then the mark. */
static bool year_take(const char **at, int32_t *ret_year, bool *ret_is_plain)
{
    const char *p = *at;
    int32_t year = 0;
    if (!digits_take(&p, 4, &year)) {
        for (int i = 0; i < 4; i++) {
            int32_t digit = 0;
            if (!numeral_digit_take(&p, &digit)) {
                return false;
            }
            year = year * 10 + digit;
        }
        *ret_is_plain = false;
    }
    if (!word_take(&p, "年")) {
        return false;
    }
    *ret_year = year;
    *at = p;
    return true;
}

static bool number_take(const char **at, int32_t *ret_number, bool *ret_is_plain)
{
    bool is_ascii = is_digit(**at);
    if (is_ascii && strspn(*at, "0123456789") > 2) {
        return false;
    }
    if (!numeral_take(at, ret_number)) {
        return false;
    }
    *ret_is_plain = *ret_is_plain && is_ascii;
    return true;
}

static bool day_mark_take(const char **at)
{
    return word_take(at, "日") || word_take(at, "号");
}

/* [闰]三月[初十|廿三|10日]. */
static bool lunar_month_day(const char **at, struct date_item *item)
{
    const char *p = *at;
    bool ignored = true;
    item->is_leap = word_take(&p, "闰");
    if (word_take(&p, "正月")) {
        item->month = 1;
    } else if (word_take(&p, "腊月")) {
        item->month = 12;
    } else if (word_take(&p, "冬月")) {
        item->month = 11;
    } else if (!number_take(&p, &item->month, &ignored) || !word_take(&p, "月")) {
        return false;
    }
    (void)word_take(&p, "初");
    if (!number_take(&p, &item->day, &ignored)) {
        return false;
    }
    (void)day_mark_take(&p);
    *at = p;
    return true;
}

static bool lunar_read(const char **at, struct date_words *words)
{
    static const char *const NAMES[] = {"农历", "阴历", "旧历", NULL};
    const char *p = *at;
    struct date_item item = {0};
    bool ignored = true;
    bool is_named = word_take_any(&p, NAMES);
    (void)year_take(&p, &item.year, &ignored);
    is_named = word_take_any(&p, NAMES) || is_named;
    const char *month = p;
    if (!lunar_month_day(&p, &item)) {
        return false;
    }
    size_t size = (size_t)(p - month);
    char words_text[PLAIN_TEXT_SIZE];
    memcpy(words_text, month, size);
    words_text[size] = '\0';
    bool is_lunar = is_named || item.is_leap || strstr(words_text, "初") != NULL ||
                    strstr(words_text, "廿") != NULL || strstr(words_text, "正月") != NULL ||
                    strstr(words_text, "腊月") != NULL || strstr(words_text, "冬月") != NULL;
    if (!is_lunar) {
        return false;
    }
    words->form = DATE_LUNAR;
    words->is_plain = false;
    words->items[words->count++] = item;
    *at = p;
    return true;
}

/* 2024-4-3, 2024/4/3, 2024.4.3: `*ret_mark` is the separator. */
static bool marked_take(const char **at, struct date_item *item, char *ret_mark)
{
    const char *p = *at;
    bool is_plain = true;
    struct date_item found = {0};
    if (!digits_take(&p, 4, &found.year) || *p == '\0' || strchr("-/.", *p) == NULL) {
        return false;
    }
    char mark = *p++;
    if (!number_take(&p, &found.month, &is_plain) || *p != mark) {
        return false;
    }
    p++;
    if (!number_take(&p, &found.day, &is_plain) || !is_plain) {
        return false;
    }
    *item = found;
    *ret_mark = mark;
    *at = p;
    return true;
}

/* [2024年]4月3日. */
static bool worded_take(const char **at, struct date_item *item, bool *ret_is_plain)
{
    const char *p = *at;
    struct date_item found = {0};
    bool is_plain = true;
    (void)year_take(&p, &found.year, &is_plain);
    if (!number_take(&p, &found.month, &is_plain) || !word_take(&p, "月") ||
        !number_take(&p, &found.day, &is_plain)) {
        return false;
    }
    bool is_marked = day_mark_take(&p);
    if (!is_plain && !is_marked) {
        return false; /* 五月十二: by which calendar? */
    }
    *item = found;
    *ret_is_plain = *ret_is_plain && is_plain;
    *at = p;
    return true;
}

/* What follows a first day after "-" or "、": a date, a month and day, or a day of the same month. */
static bool next_take(const char **at, char mark, struct date_words *words, struct date_item *item)
{
    const struct date_item *first = &words->items[words->count - 1];
    const char *p = *at;
    char again = mark;
    if (marked_take(&p, item, &again) || worded_take(&p, item, &words->is_plain)) {
        *at = p;
        return true;
    }
    struct date_item found = {.year = first->year, .month = first->month};
    if (!number_take(&p, &found.day, &words->is_plain)) {
        return false;
    }
    if (mark != '\0' && *p == mark) {
        p++;
        found.month = found.day;
        if (!number_take(&p, &found.day, &words->is_plain)) {
            return false;
        }
    }
    (void)day_mark_take(&p);
    *item = found;
    *at = p;
    return true;
}

static bool items_take(const char **at, char mark, struct date_words *words)
{
    static const char *const TO[] = {"---", "--", "-", "至", "到", NULL};
    static const char *const AND[] = {"、", ",", "和", "及", NULL};
    for (;;) {
        const char *p = *at;
        struct date_item item = {0};
        bool is_span = words->count == 1 && word_take_any(&p, TO);
        if (!is_span && !word_take_any(&p, AND)) {
            return true;
        }
        if (words->count == DATE_ITEMS_MAX || words->is_span || !next_take(&p, mark, words, &item)) {
            return false;
        }
        words->items[words->count++] = item;
        words->is_span = words->is_span || is_span;
        words->is_plain = false;
        *at = p;
    }
}

/* 45411, 45411.375. */
static bool serial_take(const char **at, struct date_words *words)
{
    enum {
        SERIAL_DIGITS = 5
    };
    const char *p = *at;
    if (strspn(p, "0123456789") != SERIAL_DIGITS) {
        return false;
    }
    (void)digits_take(&p, SERIAL_DIGITS, &words->items[0].day);
    if (*p == '.') {
        size_t digits = strspn(p + 1, "0123456789");
        double minutes = 0;
        double place = DAY_MINUTES;
        for (size_t i = 0; i < digits; i++) {
            place /= 10;
            minutes += place * (p[1 + i] - '0');
        }
        words->time = (struct time_span){.from_min = (int32_t)(minutes + 0.5), .to_min = -1};
        words->has_time = words->time.from_min > 0;
        p += 1 + digits;
    }
    words->form = DATE_SERIAL;
    words->is_plain = false;
    words->count = 1;
    *at = p;
    return *p == '\0';
}

/* (周三), 星期三, （周四-周五）: the first one counts. */
static void weekday_take(const char **at, struct date_words *words)
{
    static const char *const WEEK[] = {"星期", "礼拜", "周", NULL};
    static const char *const DAYS[] = {"一", "二", "三", "四", "五", "六", "日", "天"};
    const char *p = *at;
    bool is_open = word_take(&p, "(") || word_take(&p, "[");
    if (!word_take_any(&p, WEEK)) {
        return;
    }
    int32_t weekday = 0;
    for (int32_t i = 0; i < 8 && weekday == 0; i++) {
        weekday = word_take(&p, DAYS[i]) ? (i < 7 ? i + 1 : 7) : 0;
    }
    if (weekday == 0) {
        return;
    }
    if (words->is_span && (word_take(&p, "-") || word_take(&p, "至") || word_take(&p, "、"))) {
        (void)word_take_any(&p, WEEK);
        bool is_day = false;
        for (int32_t i = 0; i < 8 && !is_day; i++) {
            is_day = word_take(&p, DAYS[i]);
        }
    }
    if (is_open && !word_take(&p, ")") && !word_take(&p, "]")) {
        return;
    }
    words->weekday = weekday;
    *at = p;
}

static void time_take(const char **at, struct date_words *words)
{
    const char *p = *at;
    bool is_open = word_take(&p, "(");
    (void)(word_take(&p, " ") || word_take(&p, ",") || word_take(&p, ";"));
    if (!time_span_take(&p, &words->time) || (is_open && !word_take(&p, ")"))) {
        return;
    }
    *at = p;
    /* A date cell's empty time. */
    bool is_midnight = words->time.from_min == 0 && words->time.to_min < 0;
    words->has_time = !is_midnight;
    words->time_how = is_midnight ? 0 : words->time.is_part ? HOW_PART : HOW_NOTATION;
}

/* Why the text is no date, in the most telling words. */
static bool unclear(const char *plain, const char *text, struct fault *fault)
{
    size_t digits = strspn(plain, "0123456789");
    size_t after = digits > 0 && strchr("/.-", plain[digits]) != NULL && plain[digits] != '\0'
                       ? strspn(plain + digits + 1, "0123456789")
                       : 0;
    size_t end = digits + 1 + after;
    if (digits > 0 && digits <= 2 && after > 0 && after <= 2 && plain[end] == '\0') {
        return fault_set(fault, CODE_DATE,
                         "“%s”可以理解成几种日期（月/日、日/月或小数），请写成 2026-05-12 或 5月12日",
                         "\"%s\" can be read as several dates; write it like 2026-05-12", text);
    }
    if (digits == 2 && after > 0 && after <= 2 && plain[end] == plain[digits]) {
        return fault_set(fault, CODE_DATE, "“%s”的年份请写四位数，例如 2026-05-12",
                         "write the year of \"%s\" with four digits, like 2026-05-12", text);
    }
    if (digits == 2 && strncmp(plain + digits, "年", strlen("年")) == 0) {
        return fault_set(fault, CODE_DATE, "“%s”的年份请写四位数，例如 2026年5月12日",
                         "write the year of \"%s\" with four digits", text);
    }
    if (strchr(plain, 'e') != NULL && strstr(plain, "e+") != NULL && digits > 0) {
        return fault_set(fault, CODE_DESTROYED, "表格软件把日期变成了科学计数法“%s”，请重新填写",
                         "a spreadsheet turned the date into \"%s\"; enter it again", text);
    }
    if (strstr(plain, "月") != NULL && digits == 0 && strstr(plain, "日") == NULL) {
        return fault_set(fault, CODE_DATE,
                         "“%s”不是确切的公历日期；农历请写“农历三月初十”，公历请写“5月12日”",
                         "\"%s\" is no exact date; write 农历三月初十 or 5月12日", text);
    }
    return fault_set(fault, CODE_DATE, "“%s”不是确切日期，请写成 2026-03-01、2026/3/1 或 2026年3月1日",
                     "\"%s\" is not an exact date; write it like 2026-03-01 or 2026/3/1", text);
}

bool date_words_read(const char *text, struct date_words *ret_words, struct fault *ret_fault)
{
    char plain[PLAIN_TEXT_SIZE];
    struct date_words words = {.is_plain = true};
    struct date_item item = {0};
    char mark = '\0';
    if (!date_plain(text, plain, sizeof plain)) {
        return unclear("", text, ret_fault);
    }
    const char *at = plain;
    (void)(word_take(&at, "公历") || word_take(&at, "阳历"));
    if (marked_take(&at, &item, &mark)) {
        words.items[words.count++] = item;
        words.is_plain = true;
    } else if (strspn(at, "0123456789") == 8) {
        (void)digits_take(&at, 4, &item.year);
        (void)digits_take(&at, 2, &item.month);
        (void)digits_take(&at, 2, &item.day);
        words.items[words.count++] = item;
    } else if (!serial_take(&at, &words) && !lunar_read(&at, &words)) {
        if (!worded_take(&at, &item, &words.is_plain)) {
            return unclear(plain, text, ret_fault);
        }
        words.items[words.count++] = item;
    }
    if (words.form == DATE_SOLAR && !items_take(&at, mark, &words)) {
        return unclear(plain, text, ret_fault);
    }
    weekday_take(&at, &words);
    if (*at != '\0' && words.form != DATE_SERIAL) {
        time_take(&at, &words);
    }
    if (*at != '\0') {
        return unclear(plain, text, ret_fault);
    }
    *ret_words = words;
    return true;
}

int32_t date_year_written(const char *text)
{
    struct date_words words;
    struct fault fault;
    /* Without the sentence of a fault, which costs more than the reading. */
    size_t digits = strspn(text, "0123456789");
    bool may_be = digits == 4 || digits == 8 || strstr(text, "年") != NULL || digits == 0;
    return may_be && date_words_read(text, &words, &fault) && words.form == DATE_SOLAR ? words.items[0].year
                                                                                       : 0;
}
