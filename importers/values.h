/* importers/values: one cell's text into a checked value. Pure functions; any thread (the context is the
 * caller's).
 *
 * Each parser answers true and a value, or false and a fault: a stable code with a sentence in Chinese and
 * English that says what was expected. An empty text never reaches a parser. */
#ifndef LITANG_IMPORTERS_VALUES_H
#define LITANG_IMPORTERS_VALUES_H

#include "base/arena.h"
#include "importers/report.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    FAULT_TEXT_SIZE = 400,
    /* Numbers, dates and times are short; longer cells are none. */
    PLAIN_TEXT_SIZE = 128,
    PLAIN_HOURS_SIZE = 1024
};

struct fault {
    enum import_code code;
    char zh[FAULT_TEXT_SIZE], en[FAULT_TEXT_SIZE];
};

/* false, so that `return fault_set(…)` reads well. The %s of both sentences is `shown`, a part of the cell,
 * cut short; it may be NULL for sentences without one. */
bool fault_set(struct fault *fault, enum import_code code, const char *zh, const char *en, const char *shown);

/* What a value has that its text has not: shown to the one who imports, next to what was written. */
enum {
    HOW_NOTATION = 1 << 0,  /* another way of writing the same: 二〇二四年, 下午2:30, 45人 */
    HOW_YEAR = 1 << 1,      /* the year is the context's */
    HOW_SERIAL = 1 << 2,    /* a spreadsheet's serial number */
    HOW_LUNAR = 1 << 3,     /* from the lunar calendar */
    HOW_PART = 1 << 4,      /* 上午: a part of the day, not a time */
    HOW_ABOUT = 1 << 5,     /* 约50, 120+: the figure alone is kept */
    HOW_NEXT_YEAR = 1 << 6, /* 12月30日-1月2日: the end lies in the next year */
    HOW_USUAL = 1 << 7,     /* what is usual, since the row does not say: the largest room, heads a day */
    HOW_SPELLING = 1 << 8,  /* another spelling of a record's name */
    HOW_DATUM = 1 << 9,     /* another datum's coordinates, converted */
    HOW_KINDS = 10
};

struct value {
    bool given;               /* the cell held something */
    uint16_t how;             /* HOW_* bits; 0: as it stands there */
    const char *text;         /* in the arena; "" when not given */
    int64_t number;           /* see each parser */
    int64_t number_to;        /* the end of a span; -1: none */
    uint64_t days;            /* of a date: bit i is the day number + i; bit 0 always */
    int32_t from_min, to_min; /* of a date with its time: minutes of the day, -1: none */
};
#define VALUE_NONE ((struct value){.text = "", .number_to = -1, .from_min = -1, .to_min = -1})

/* What a parser knows beside the cell. */
struct value_context {
    struct arena *arena; /* for texts */
    int32_t year;        /* for dates that do not say theirs; 0: not known */
};

enum {
    DATE_WITH_TIME = 1, /* "2024/4/16 9:00" */
    DATE_DAYS = 2,      /* "4月25-26日", "5月1、3日": at most 64 days from the first to the last */
    DATE_DAYS_MAX = 64,
    DATE_WINDOW = 4 /* a longer from-to as well: number_to holds, `days` is full */
};

/* What a column allows: bounds of numbers, bytes of text, or the words of value_word. */
struct value_word {
    const char *word; /* plain form: half-width, lower case, without blanks */
    int64_t number;
};
struct value_rule {
    int64_t min, max;
    const struct value_word *words; /* ends with a NULL word */
    unsigned dates;                 /* DATE_* bits: what else than one day a date may be */
};

typedef bool (*value_parser)(const struct value_rule *rule, const char *text, struct value_context *context,
                             struct value *ret_value, struct fault *ret_fault);

/* Half-width, ASCII lower case, dashes and tildes as "-", no blanks. False when it does not fit. */
bool plain_text(const char *text, char *ret_plain, size_t size);

/* values_text.c. rule->max: bytes. A name's inner line breaks become one blank; a note keeps them. */
bool value_name(const struct value_rule *, const char *, struct value_context *, struct value *,
                struct fault *);
bool value_note(const struct value_rule *, const char *, struct value_context *, struct value *,
                struct fault *);
/* An id: as a name, without inner blanks, half-width; 3.31E+11 is refused. The apostrophe or ="…" that keeps
 * a spreadsheet from counting is taken off. */
bool value_code(const struct value_rule *, const char *, struct value_context *, struct value *,
                struct fault *);
/* An id or a name: as a name, but 3.31E+11 is refused. */
bool value_reference(const struct value_rule *, const char *, struct value_context *, struct value *,
                     struct fault *);
/* Words "a;b" (also ； 、 ， , and line breaks) rejoined by ";" without doubles. */
bool value_list(const struct value_rule *, const char *, struct value_context *, struct value *,
                struct fault *);
/* number: that of the matching word in rule->words; text: the word. */
bool value_word(const struct value_rule *, const char *, struct value_context *, struct value *,
                struct fault *);
/* 是/否, 有/无, 1/0, yes/no, true/false, √/×: number 1 or 0. */
bool value_boolean(const struct value_rule *, const char *, struct value_context *, struct value *,
                   struct fault *);

/* The next item of a list, trimmed, into `ret_item`; false at the end. An item that does not fit is cut. */
bool list_next(const char **at, char *ret_item, size_t size);

/* values_number.c. A whole number between rule->min and max: 45, ４５人, 约50, 1,905, 0.19万, 120+,
 * 四十五人. 3.31E+11 is refused. */
bool value_count(const struct value_rule *, const char *, struct value_context *, struct value *,
                 struct fault *);
/* Minutes: 90, 90分钟, 1.5小时, 1小时30分, 2课时 (45 minutes each). */
bool value_minutes(const struct value_rule *, const char *, struct value_context *, struct value *,
                   struct fault *);
/* 课时 of 45 minutes, as is usual in adult education: number is minutes. */
bool value_lessons(const struct value_rule *, const char *, struct value_context *, struct value *,
                   struct fault *);
/* Hours with decimals: number is minutes. */
bool value_clock_hours(const struct value_rule *, const char *, struct value_context *, struct value *,
                       struct fault *);
/* Degrees, also "E121.43" and "121.43°": number in millionths; bounds in whole degrees. */
bool value_degrees(const struct value_rule *, const char *, struct value_context *, struct value *,
                   struct fault *);

/* values_date.c. number: the day since 1970-01-01; number_to: the last one of several. 2026-03-01, 2026/3/1,
 * 2026.3.1, 2026年3月1日, 20260301, 二〇二六年三月一日; 3月1日 and 农历三月初十 with the context's year;
 * serials 36526 … 73050 (2000-01-01 … 2099-12-31, the system that counts from 1900). With rule->dates: a time
 * in the same cell, several days. What can be read in two ways is refused: 5/12, 24.4.3, 五月十二. A weekday
 * in the cell must agree. A lunar date with the context's year is the one within that Gregorian year; with
 * its own year in the cell it is refused when that could mean two days (2024年腊月廿三). */
bool value_date(const struct value_rule *, const char *, struct value_context *, struct value *,
                struct fault *);

/* Does the text give a year of its own (a full date)? 0: no. Cheap; for finding the year of those that do
 * not. */
int32_t date_year_written(const char *text);

/* values_time.c. number: the minute of the day, 0 … 1440. 14:00, 14.30, 下午2:30, 晚7点, 2点半, 14时30分,
 * 九点一刻, a day's fraction 0.604167. With 14:00-16:00, 9-11点 or 上午 number_to is the end; otherwise -1.
 */
bool value_time(const struct value_rule *, const char *, struct value_context *, struct value *,
                struct fault *);
/* values_when.c. When a session usually starts that is said to be 上午 (09:00) and the like, by the bounds of
 * time_part; -1: not a part of the day. */
int32_t time_usual_start(int32_t from_min, int32_t to_min);
/* A time as value_time reads it, or a date as value_date does, then `days` is not 0. Of a part of the day,
 * number is the usual start, from_min and to_min are its bounds. */
bool value_when(const struct value_rule *, const char *, struct value_context *, struct value *,
                struct fault *);
/* A time of day; "+1 01:00" is that time on the next day: number up to 2880. */
bool value_end_time(const struct value_rule *, const char *, struct value_context *, struct value *,
                    struct fault *);
/* 98, 98%, 98.4% (rounded): whole percent, 0 … 100. */
bool value_percent(const struct value_rule *, const char *, struct value_context *, struct value *,
                   struct fault *);
/* Does the parser read dates, so that it may want a year? */
bool value_is_dated(value_parser parse);
/* The parts of a day as hours of availability: 上午 08:00-12:00, 下午 13:00-17:30, 晚上 17:30-21:30 … `*at`
 * moves past the word; false leaves it. Plain text. */
bool time_part(const char **at, int32_t *ret_from_min, int32_t *ret_to_min);
/* A time or a span of the day at `*at`, up to anything; false leaves it. */
struct time_span {
    int32_t from_min, to_min; /* to: -1 when not said */
    bool is_part;             /* 上午: the hours of availability */
    bool is_plain;            /* 14:00-16:00: digits and colons alone */
};
bool time_span_take(const char **at, struct time_span *ret_span);
/* A time of day at `*at`, with its own 上午/下午/晚 or the one before it (`*is_pm`); plain text. */
bool time_point(const char **at, bool *is_pm, int32_t *ret_min);

/* values_hours.c. text: canonical hours (scheduler/hours.h), "" for always. Its own form, or 周二、周四上午,
 * 周一至周五 8:00-11:00,14:00-16:00, 全周, 晚上. */
bool value_hours(const struct value_rule *, const char *, struct value_context *, struct value *,
                 struct fault *);
/* text: ISO weekdays "1,2,5", "" for any. 周一、三, 1,3,5, 工作日, 周末. */
bool value_weekdays(const struct value_rule *, const char *, struct value_context *, struct value *,
                    struct fault *);
/* text: of "morning;afternoon;evening", "" for any. */
bool value_parts(const struct value_rule *, const char *, struct value_context *, struct value *,
                 struct fault *);
/* Weekday words at `*at` into a mask (bit 1 Monday … bit 7 Sunday); false leaves it. Plain text. */
bool weekday_words(const char **at, uint32_t *ret_mask);

/* values_rule.c. text: canonical day rule (scheduler/day_rule.h). Its own form, or what day_rule_zh prints,
 * or 逢三、八 / 农历逢三、八 / 公历逢三、八 / 每周二 / 农历三月初十 / 逢子、午日, several joined by ；.
 * Market days go by the lunar calendar unless 公历 or 阳历 is said. */
bool value_rule_text(const struct value_rule *, const char *, struct value_context *, struct value *,
                     struct fault *);
/* text: seasons "03-01/06-30;09-01/12-31"; also 3月1日-6月30日, 3-6月. */
bool value_seasons(const struct value_rule *, const char *, struct value_context *, struct value *,
                   struct fault *);

#endif
