#include "scheduler/lunar.h"

#include "base/date.h"

#include <stdio.h>

enum {
    TABLE_FIRST_YEAR = 1900,
    TABLE_LAST_YEAR = 2100,
    TABLE_YEARS = TABLE_LAST_YEAR - TABLE_FIRST_YEAR + 1,
    MONTHS_MAX = 13
};

/* One lunar year in 23 bits: bits 0–5 days from 1 January to the lunar new year's day, bits 6–9 the
 * leap month's number or 0, bits 10–22 the months in their order, the leap month after its
 * namesake: 1 long (30 days), 0 short (29).
 *
 * Made from new moons and solar terms for UTC+8 by ICU 72's Chinese calendar, then compared month
 * by month with the Hong Kong Observatory's tables. ICU's astronomy is off by minutes; where it put
 * a new moon or the leap month differently, the Observatory's date stands: 1917 (闰二月), 1922
 * (闰五月), 1954-02-03, 1955-02-22, 1987 (闰六月), 1999-01-17, 2012-08-17, 2018-11-08, 2027-02-06,
 * 2030-02-03, 2057-09-28 and 2070-03-12. A table long copied through the web has 1933-07-22 as 六月初一;
 * it was 1933-07-23. */
static const uint32_t YEARS[TABLE_YEARS] = {
    0x5b4a1e, 0x1d4831, 0x3a9426, 0x59295c, 0x192c2e, 0x2a6c22, 0x555918, 0x15a82b, /* 1900 */
    0x2d6420, 0x5d4895, 0x1d4828, 0x6c959d, 0x2c9430, 0x292c24, 0x52ad59, 0x0ab42c, /* 1908 */
    0x15ac21, 0x2da496, 0x36a429, 0x7649df, 0x3a4832, 0x349426, 0x69355b, 0x29582e, /* 1916 */
    0x0ad823, 0x56d517, 0x1b502b, 0x3aa420, 0x7a4896, 0x3a4828, 0x34999d, 0x14ac2f, /* 1924 */
    0x295c24, 0x4ad959, 0x2d682c, 0x1b5022, 0x3b24d7, 0x1d2429, 0x5a4dde, 0x2a4c31, /* 1932 */
    0x14ac26, 0x296d9a, 0x2ab42d, 0x15a823, 0x6d5518, 0x2e902b, 0x2d2420, 0x6a4c95, /* 1940 */
    0x2a5428, 0x54b5dc, 0x14d82f, 0x2ab424, 0x56a95a, 0x16c82c, 0x369421, 0x7528d7, /* 1948 */
    0x35282a, 0x2a561e, 0x2a5c30, 0x155826, 0x2ad59b, 0x2b542d, 0x1b4823, 0x3a9518, /* 1956 */
    0x3a942b, 0x192820, 0x325cd4, 0x2a6c27, 0x5569dd, 0x15a82f, 0x2da424, 0x5d495a, /* 1964 */
    0x2d482d, 0x2c9421, 0x592d16, 0x292c29, 0x52ae1e, 0x0ab430, 0x15b425, 0x2da59b, /* 1972 */
    0x36a42e, 0x364823, 0x749518, 0x34942b, 0x6936a0, 0x295832, 0x0ad827, 0x16d59c, /* 1980 */
    0x1b542f, 0x3aa424, 0x7a495a, 0x3a482d, 0x349822, 0x2958d6, 0x295c28, 0x535a1e, /* 1988 */
    0x0d6831, 0x1b5425, 0x5b255b, 0x1d242e, 0x1a4c23, 0x54ad17, 0x14ac2a, 0x296c1f, /* 1996 */
    0x556895, 0x15a827, 0x6d55dc, 0x2e9030, 0x2d2425, 0x6a4d59, 0x2a542c, 0x14b421, /* 2004 */
    0x2ab516, 0x2ad428, 0x56aa5e, 0x174831, 0x369426, 0x75299b, 0x35282e, 0x325423, /* 2012 */
    0x54b918, 0x15582a, 0x2ad41f, 0x56c895, 0x1b4828, 0x3a959c, 0x1c942f, 0x192c24, /* 2020 */
    0x325d59, 0x32ac2b, 0x156821, 0x2b58d6, 0x2da429, 0x5d4ade, 0x2d4831, 0x2c9426, /* 2028 */
    0x692d9b, 0x292c2d, 0x12ac22, 0x156d57, 0x16b42a, 0x2da81f, 0x6d4895, 0x364828, /* 2036 */
    0x7495dd, 0x34942f, 0x295424, 0x52b559, 0x12d82c, 0x16d420, 0x36a8d6, 0x3b2429, /* 2044 */
    0x7a4a1f, 0x3a4831, 0x349826, 0x29599b, 0x295c2d, 0x155822, 0x1b5517, 0x1d542a, /* 2052 */
    0x1d2420, 0x3a4cd4, 0x1a4c27, 0x54addc, 0x14ac2f, 0x296c23, 0x556959, 0x15a82c, /* 2060 */
    0x2d9421, 0x5d2916, 0x2d2829, 0x6a561e, 0x2a5431, 0x14b425, 0x2ab59a, 0x2ad42d, /* 2068 */
    0x16a823, 0x2e9517, 0x36942a, 0x352820, 0x7254d5, 0x325827, 0x6539dc, 0x15582f, /* 2076 */
    0x2ad424, 0x56c959, 0x1b482c, 0x3a9421, 0x392917, 0x1a2c28, 0x325e1d, 0x12ac30, /* 2084 */
    0x156c25, 0x2b599a, 0x2da82d, 0x1d4823, 0x5c9518, 0x2d142a, 0x2a2c1f, 0x526c94, /* 2092 */
    0x12ac27,                                                                       /* 2100 */
};

static uint32_t year_word(int32_t year)
{
    return YEARS[year - TABLE_FIRST_YEAR];
}

static int32_t word_leap(uint32_t word)
{
    return (int32_t)((word >> 6) & 0xf);
}

static int32_t word_month_days(uint32_t word, int32_t index)
{
    return ((word >> (10 + index)) & 1) != 0 ? 30 : 29;
}

static int32_t new_year_day(int32_t year)
{
    return date_from_civil((struct civil){year, 1, 1}) + (int32_t)(year_word(year) & 0x3f);
}

static bool year_known(int32_t year)
{
    return year >= TABLE_FIRST_YEAR && year <= TABLE_LAST_YEAR;
}

/* The place of a month in its year's order, from 0. */
static int32_t month_index(uint32_t word, int32_t month, bool leap)
{
    int32_t leap_month = word_leap(word);
    bool after_leap = leap_month != 0 && month > leap_month;
    return month - 1 + (after_leap || leap ? 1 : 0);
}

int32_t lunar_leap_month(int32_t year)
{
    return year_known(year) ? word_leap(year_word(year)) : 0;
}

bool lunar_from_day(int32_t day, struct lunar_date *ret_lunar)
{
    if (day < DATE_MIN || day > DATE_MAX) {
        return false;
    }
    int32_t year = date_year(day);
    if (day < new_year_day(year)) {
        year--;
    }
    uint32_t word = year_word(year);
    int32_t leap_month = word_leap(word);
    int32_t rest = day - new_year_day(year);
    int32_t index = 0;
    while (index < MONTHS_MAX - 1 && rest >= word_month_days(word, index)) {
        rest -= word_month_days(word, index);
        index++;
    }
    bool leap = leap_month != 0 && index == leap_month;
    bool after_leap = leap_month != 0 && index >= leap_month;
    *ret_lunar = (struct lunar_date){
        .year = (int16_t)year,
        .month = (int8_t)(index + (after_leap ? 0 : 1)),
        .leap = leap,
        .day = (int8_t)(rest + 1),
        .month_days = (int8_t)word_month_days(word, index),
    };
    return true;
}

bool day_from_lunar(int32_t year, int32_t month, bool leap, int32_t day, int32_t *ret_day)
{
    if (!year_known(year) || month < 1 || month > 12 || day < 1) {
        return false;
    }
    uint32_t word = year_word(year);
    if (leap && word_leap(word) != month) {
        return false;
    }
    int32_t index = month_index(word, month, leap);
    if (day > word_month_days(word, index)) {
        return false;
    }
    int32_t found = new_year_day(year) + day - 1;
    for (int32_t i = 0; i < index; i++) {
        found += word_month_days(word, i);
    }
    if (found < DATE_MIN || found > DATE_MAX) {
        return false;
    }
    *ret_day = found;
    return true;
}

void lunar_format_zh(struct lunar_date lunar, char ret_text[LUNAR_TEXT_SIZE])
{
    static const char *const MONTHS[] = {"正", "二", "三", "四", "五",   "六",
                                         "七", "八", "九", "十", "十一", "十二"};
    static const char *const TENS[] = {"初", "十", "廿"};
    static const char *const DIGITS[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
    ret_text[0] = '\0';
    if (lunar.month < 1 || lunar.month > 12 || lunar.day < 1 || lunar.day > 30) {
        return;
    }
    const char *tens = TENS[(lunar.day - 1) / 10];
    const char *digit = DIGITS[(lunar.day - 1) % 10];
    if (lunar.day == 20) {
        tens = "二";
    } else if (lunar.day == 30) {
        tens = "三";
    }
    (void)snprintf(ret_text, LUNAR_TEXT_SIZE, "%s%s月%s%s", lunar.leap ? "闰" : "", MONTHS[lunar.month - 1],
                   tens, digit);
}
