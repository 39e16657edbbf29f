/* importers/ics_text: the bytes of a calendar file as unfolded lines of UTF-8, each with its true number.
 * Pure; any thread.
 *
 * The order matters: a fold may stand inside a character (RFC 5545 §3.1 allows it), so bytes are unfolded
 * first and decoded after. Line ends may be CRLF, LF, CR or a mixture. */
#ifndef LITANG_IMPORTERS_ICS_TEXT_H
#define LITANG_IMPORTERS_ICS_TEXT_H

#include "importers/ics_note.h"

struct ics_line {
    char *text; /* NUL-terminated UTF-8 without control characters, in `bytes` */
    size_t length;
    uint32_t number; /* of its first part in the file, from 1 */
};

struct ics_text {
    char *bytes;            /* owned */
    struct ics_line *items; /* owned; blank ones are left out */
    size_t count, capacity;
    const char *encoding; /* "UTF-8", "UTF-8 BOM", "UTF-16LE", "UTF-16BE", "GB18030", "Windows-1252" */
};

/* Does this begin like a calendar (a byte order mark, blank lines and UTF-16 allowed)? */
bool ics_text_looks(const char *bytes, size_t length);

/* A byte order mark decides; without one: UTF-8 (broken bytes of mostly UTF-8 become U+FFFD, noted), else
 * GB18030 when its characters are the common ones, else Windows-1252, noted. ERR_LIMIT: more than
 * LIMIT_ICS_BYTES or LIMIT_IMPORT_ROWS lines. ERR_SYNTAX: zero bytes, or no known encoding; *ret_line is the
 * line or 0. ERR_MEMORY. To be finished by the caller in every case. */
enum error_code ics_text_read(const char *bytes, size_t length, struct ics_notes *notes,
                              struct ics_text *ret_text, uint32_t *ret_line, struct error *err);
void ics_text_finish(struct ics_text *text);

#endif
