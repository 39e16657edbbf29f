/* importers/date_words: a date cell's text into its words: what it says, before a year is put to it. Any
 * thread. */
#ifndef LITANG_IMPORTERS_DATE_WORDS_H
#define LITANG_IMPORTERS_DATE_WORDS_H

#include "importers/values.h"

enum {
    /* Days named one by one in a cell. */
    DATE_ITEMS_MAX = 16
};

struct date_item {
    int32_t year; /* 0: not said */
    int32_t month, day;
    bool is_leap;
};

enum date_form {
    DATE_SOLAR,
    DATE_LUNAR,
    DATE_SERIAL /* items[0].day: the number */
};

struct date_words {
    enum date_form form;
    bool is_plain; /* digits and - / . alone, or 年月日 after digits */
    struct date_item items[DATE_ITEMS_MAX];
    size_t count;
    bool is_span;    /* from items[0] to items[1] */
    int32_t weekday; /* of the first day, ISO; 0: not said */
    bool has_time;
    struct time_span time;
    int32_t time_how;
};

/* False with a fault that says what is unclear. */
bool date_words_read(const char *text, struct date_words *ret_words, struct fault *ret_fault);

#endif
