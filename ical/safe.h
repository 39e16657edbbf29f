/* ical/safe: writing content lines through libical 3.0.16 with its holes closed (measured, ICAL contract in
 * docs/feeds.md): its TEXT lets C0 controls and bad UTF-8 through, CATEGORIES and X- values are not escaped,
 * URI values and X- names can carry a line break, GEO is printed through setlocale(3), and its folding splits
 * "\n". For ical/event and ical/calendar. One writer, one thread. */
#ifndef LITANG_ICAL_SAFE_H
#define LITANG_ICAL_SAFE_H

#include "base/text.h"

#include <libical/ical.h>
#include <stdint.h>

/* Failures stick in `out` (text_status), so that a writer of many lines checks once. */
struct safe_writer {
    struct text *out;    /* borrowed: the calendar's bytes */
    struct text scratch; /* the line or value in work */
    struct text clean;   /* a value on its way into scratch */
    /* The last instants written: those of one commit are equal in many events. */
    struct safe_instant {
        int64_t seconds;
        char text[sizeof "20260101T000000Z"]; /* "": none yet */
    } instants[2];
    size_t oldest; /* of instants */
};

void safe_writer_init(struct safe_writer *writer, struct text *out);
void safe_writer_finish(struct safe_writer *writer);

/* Appends `value` (NULL: nothing) as a TEXT may hold it, RFC 5545 §3.1 and §3.3.11: CR LF, CR, U+2028 and
 * U+2029 become LF; C0 controls but TAB, DEL and C1 are dropped; a byte that is not UTF-8 becomes U+FFFD.
 * Bidi marks stay. One-line fields get a space for LF and TAB. */
enum safe_lines {
    SAFE_LINES,
    SAFE_ONE_LINE
};
void safe_clean(struct text *out, const char *value, enum safe_lines lines);
/* Appends a URI: every byte outside RFC 3986 §2 is percent-encoded; CR, LF and other controls are dropped. */
void safe_clean_uri(struct text *out, const char *uri);

/* Serialises, folds and frees a property of libical's; NULL is its out-of-memory. */
void safe_property(struct safe_writer *writer, icalproperty *property);
/* A TEXT, URI or UID property: cleaned, blanks at both ends cut off, then through libical. An empty value
 * writes no line. */
void safe_text(struct safe_writer *writer, icalproperty_kind kind, const char *value, enum safe_lines lines);
/* The same of a text that was put together from what safe_clean gave; it is changed. */
void safe_text_clean(struct safe_writer *writer, icalproperty_kind kind, struct text *value);
void safe_uri(struct safe_writer *writer, icalproperty_kind kind, const char *uri);
/* DTSTART, DTEND … in local time with TZID; DTSTAMP … in UTC. `minute` may pass 1440. */
void safe_local_time(struct safe_writer *writer, icalproperty_kind kind, const char *tzid, int32_t day,
                     int32_t minute);
void safe_utc_time(struct safe_writer *writer, icalproperty_kind kind, int64_t seconds);

/* Lines that libical 3.0.16 cannot write right. X- names are limited to A-Z 0-9 and "-" (ERR_INTERNAL). */
void safe_x(struct safe_writer *writer, const char *name, const char *value);
void safe_categories(struct safe_writer *writer, const char *const *names, size_t count);
/* WGS-84 in millionths of a degree, RFC 5545 §3.8.1.6: "28.656400;121.420800" by integers only. */
void safe_geo(struct safe_writer *writer, int32_t lat_e6, int32_t lon_e6);

/* Writes one finished content line folded: at most 75 octets a physical line, CRLF, never inside a UTF-8
 * character nor between a backslash and what it escapes. The line holds no CR or LF (ERR_INTERNAL). */
void safe_fold(struct text *out, const char *line, size_t length);
/* The opposite: appends a folded line's content, without its last CRLF. */
void safe_unfold(struct text *out, const char *folded, size_t length);

#endif
