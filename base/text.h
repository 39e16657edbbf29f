/* base/text: a growing byte string with a ceiling and a sticky failure, so that a writer
 * checks once at its end; and UTF-8. One thread at a time. */
#ifndef LITANG_BASE_TEXT_H
#define LITANG_BASE_TEXT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *data; /* owned; always NUL-terminated once something was added; NULL when empty */
    size_t length;
    size_t capacity;
    size_t max;             /* bytes, without the NUL */
    enum error_code failed; /* ERR_NONE, ERR_MEMORY or ERR_LIMIT; later additions do nothing */
};

void text_init(struct text *text, size_t max_bytes);
void text_finish(struct text *text);
/* Empties it, keeps the memory, clears the failure. */
void text_clear(struct text *text);
void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_add_char(struct text *text, char byte);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The string ("" when empty), valid until the next addition. */
const char *text_string(const struct text *text);
/* Hands the malloc'd string over ("" when empty; NULL when failed or out of memory). */
char *text_take(struct text *text);
/* ERR_NONE, or the failure with a sentence in err. */
enum error_code text_status(const struct text *text, struct error *err);

/* Length in bytes of the well-formed UTF-8 character at `bytes` (RFC 3629: no surrogates, no
 * overlong forms, at most U+10FFFF), or 0. `ret_code_point` may be NULL. */
size_t utf8_next(const char *bytes, size_t length, uint32_t *ret_code_point);
bool utf8_valid(const char *bytes, size_t length);
/* The largest length <= max that ends at a character's boundary. */
size_t utf8_cut(const char *bytes, size_t length, size_t max);

/* XML/HTML text and attribute escaping of & < > " ' ; control characters but TAB and LF are dropped. */
void text_add_html(struct text *text, const char *string);
/* A CSV field by RFC 4180 §2: quoted when it holds , " CR LF. A field that a spreadsheet would run
 * as a formula (= + - @ TAB CR first) is left as it is: the caller decides. */
void text_add_csv(struct text *text, const char *string);
/* The same for a spreadsheet: an apostrophe goes before what it would run as a formula, and before
 * "+1 01:30", which it would take for a broken one. */
void text_add_csv_safe(struct text *text, const char *string);
/* Columns that a text takes in a terminal or a sheet: Chinese, Japanese and Korean characters and full-width
 * forms take two, combining marks none (Unicode UAX #11, the W and F ranges in use). */
size_t utf8_columns(const char *string);
/* A JSON string literal with its quotes (RFC 8259 §7). */
void text_add_json(struct text *text, const char *string);

#endif
