/* importers/number_style: a spreadsheet's numbers as the text that a coordinator sees or means. Excel keeps
 * dates and times as numbers; only the cell's number format tells. XLSX, XLS and XML sheets share this. Pure;
 * any thread. */
#ifndef LITANG_IMPORTERS_NUMBER_STYLE_H
#define LITANG_IMPORTERS_NUMBER_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum number_kind {
    NUMBER_PLAIN,
    NUMBER_DATE,
    NUMBER_MONTH, /* year and month without a day: 2024年5月 */
    NUMBER_TIME,
    NUMBER_DATE_TIME,
    NUMBER_ELAPSED, /* [h]:mm, hours past 24 */
    NUMBER_PERCENT,
    NUMBER_CODE /* 000000: shown with leading zeros */
};

struct number_style {
    enum number_kind kind;
    uint8_t digits; /* of NUMBER_CODE */
};

enum {
    NUMBER_TEXT_SIZE = 40,
    /* No date format has more; the rest of a longer one is not looked at. */
    NUMBER_FORMAT_BYTES = 255
};

/* ECMA-376 part 1, 18.8.30: the formats that need no code; 27 to 36 and 50 to 58 as in the Chinese edition.
 */
struct number_style number_style_builtin(uint32_t id);
/* From a format code such as yyyy"年"m"月"d"日";@ (UTF-8; only the first section counts). */
struct number_style number_style_parse(const char *code);

/* 2024-05-12, 14:30, 2024-05-12 14:30, 45%, 000331; other numbers as Excel shows them: at most 15 digits,
 * whole ones below 2^53 in full, larger ones as 1.23456789012346E+17 (their last digits are lost). A number
 * that is no date in that calendar (negative, 1900-02-29) comes as a plain number. `is_1904`: the workbook
 * counts from 1904-01-01. Answers the length. */
size_t number_text(double number, struct number_style style, bool is_1904, char ret_text[NUMBER_TEXT_SIZE]);

#endif
