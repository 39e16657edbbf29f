/* importers/calendar: an iCalendar file as closures, absences or holidays: the plug between the reader
 * (ics_*) and the kinds. The events become rows of a sheet (ics_rows.h); from there on a calendar is a file
 * like any other. */
#ifndef LITANG_IMPORTERS_CALENDAR_H
#define LITANG_IMPORTERS_CALENDAR_H

#include "base/error.h"
#include "importers/report.h"
#include "store/store.h"

struct header;

/* A record that a followed calendar made. */
struct calendar_row {
    const char *id; /* of a closure or absence, or a holiday's date */
    bool is_new;    /* the import made it */
};
struct calendar_rows {
    struct calendar_row *items; /* owned; the ids too when `owned` */
    size_t count;
    char *texts; /* owned; what the ids point into */
};
void calendar_rows_finish(struct calendar_rows *rows);

struct calendar_options {
    /* Whose calendar it is, each an id or a name, one at most: NULL: each event's LOCATION names a hall. */
    const char *hall, *room, *area, *instructor;
    int64_t now_s; /* UTC; for the window of endless series. 0: the machine's clock */

    /* A followed calendar: what it no longer holds is dropped, but never because of a faulty event, a file
     * that breaks off, or (unless allowed) a calendar without any event. */
    bool is_followed, may_be_empty;
    const struct calendar_rows *owned; /* what earlier reads made; borrowed */
    struct calendar_rows *ret_rows; /* what is to be owned after this one; filled when the rows were right */
};

/* Do the bytes begin like a calendar, be it UTF-16 or a bare VEVENT? */
bool calendar_looks(const char *bytes, size_t length);

/* As take_in_book: report->book gets one sheet. `options` may be NULL. Kinds: closures, absences, holidays;
 * AUTO: absences for an instructor, holidays when most titles say so, else closures. */
enum error_code calendar_take_in(struct store *store, const char *bytes, size_t length,
                                 const struct calendar_options *options, enum import_kind kind,
                                 struct import_report *report, struct header **ret_headers,
                                 struct error *err);
/* The same against a snapshot. */
enum error_code calendar_read(struct timetable *base, const char *bytes, size_t length,
                              const struct calendar_options *options, enum import_kind kind,
                              struct import_report *report, struct header **ret_headers, struct error *err);

/* After the rows are in `set`, before the commit: drops what a followed calendar no longer holds, and lists
 * what it owns from now on. `options` may be NULL. */
enum error_code calendar_settle(const struct calendar_options *options, const struct timetable *base,
                                struct change_set *set, struct import_report *report, struct error *err);

/* The id that `options` name as whose calendar it is. ERR_INPUT: unknown or ambiguous; ERR_MEMORY. */
enum error_code calendar_target(struct store *store, const struct calendar_options *options, char *ret_id,
                                size_t size, struct error *err);

/* Drops those of a kind's records that exist; *ret_count of them. */
enum error_code calendar_drop(const struct timetable *base, enum import_kind kind, char *const *ids,
                              size_t count, struct change_set *set, size_t *ret_count, struct error *err);

#endif
