#include "importers/words.h"

enum {
    ASCII_DIGITS_MAX = 8
};

bool digits_take(const char **at, int digits, int32_t *ret_number)
{
    int32_t number = 0;
    for (int i = 0; i < digits; i++) {
        char byte = (*at)[i];
        if (byte < '0' || byte > '9') {
            return false;
        }
        number = number * 10 + (byte - '0');
    }
    *ret_number = number;
    *at += digits;
    return true;
}

bool numeral_digit_take(const char **at, int32_t *ret_digit)
{
    static const char *const DIGITS[][3] = {
        {"〇", "零", "○"}, {"一"}, {"二"}, {"三"}, {"四"}, {"五"}, {"六"}, {"七"}, {"八"}, {"九"}};
    for (int32_t i = 0; i < 10; i++) {
        for (size_t k = 0; k < 3 && DIGITS[i][k] != NULL; k++) {
            if (word_take(at, DIGITS[i][k])) {
                *ret_digit = i;
                return true;
            }
        }
    }
    return false;
}

/* 一 … 九 and 两; not zero. */
static bool one_to_nine(const char **at, int32_t *ret_digit)
{
    const char *p = *at;
    int32_t digit = 0;
    if (word_take(&p, "两")) {
        digit = 2;
    } else if (!numeral_digit_take(&p, &digit) || digit == 0) {
        return false;
    }
    *ret_digit = digit;
    *at = p;
    return true;
}

/* 十, 十二, 四十五, 廿三, 卅, 五. */
static bool below_hundred(const char **at, int32_t *ret_number)
{
    const char *p = *at;
    int32_t tens = 0;
    int32_t ones = 0;
    if (word_take(&p, "廿")) {
        tens = 2;
    } else if (word_take(&p, "卅")) {
        tens = 3;
    } else if (word_take(&p, "十")) {
        tens = 1;
    } else if (one_to_nine(&p, &ones)) {
        if (!word_take(&p, "十")) {
            *ret_number = ones;
            *at = p;
            return true;
        }
        tens = ones;
    } else {
        return false;
    }
    ones = 0;
    (void)one_to_nine(&p, &ones);
    *ret_number = tens * 10 + ones;
    *at = p;
    return true;
}

static bool characters_take(const char **at, int32_t *ret_number)
{
    static const struct {
        const char *word;
        int32_t times;
    } UNITS[] = {{"千", 1000}, {"百", 100}};
    const char *p = *at;
    int32_t sum = 0;
    bool is_any = false;
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++) {
        const char *q = p;
        int32_t digit = 0;
        (void)(is_any && word_take(&q, "零"));
        if (one_to_nine(&q, &digit) && word_take(&q, UNITS[i].word)) {
            sum += digit * UNITS[i].times;
            p = q;
            is_any = true;
        }
    }
    const char *q = p;
    int32_t rest = 0;
    bool is_zero = is_any && word_take(&q, "零");
    if (below_hundred(&q, &rest)) {
        /* 一百五 may be 105 or 150. */
        bool is_unclear = is_any && !is_zero && rest < 10;
        if (is_unclear) {
            return false;
        }
        sum += rest;
        p = q;
        is_any = true;
    }
    if (is_any) {
        *ret_number = sum;
        *at = p;
    }
    return is_any;
}

bool numeral_take(const char **at, int32_t *ret_number)
{
    int digits = (int)strspn(*at, "0123456789");
    if (digits > 0) {
        return digits <= ASCII_DIGITS_MAX && digits_take(at, digits, ret_number);
    }
    return characters_take(at, ret_number);
}
