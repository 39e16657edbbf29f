/* importers/ics_rows: meetings as rows of a sheet, with the columns that the kinds closures, absences and
 * holidays have and the numbers of the events' lines, so that all later checks are those of any office file.
 * One thread at a time. */
#ifndef LITANG_IMPORTERS_ICS_ROWS_H
#define LITANG_IMPORTERS_ICS_ROWS_H

#include "importers/ics_series.h"
#include "importers/lookup.h"
#include "importers/sheet.h"

/* Whose calendar it is. */
struct ics_target {
    const char *scope; /* "room", "hall", "area", "instructor"; NULL: each event's LOCATION names a hall */
    const char *id;
};

/* Fills the sheet: a header, then a row per meeting and part of a day. Events whose LOCATION is no hall are
 * faults; each is counted in *ret_bad. ERR_LIMIT, ERR_MEMORY. */
enum error_code ics_rows_fill(struct ics_reading *reading, const struct ics_meetings *meetings,
                              enum import_kind kind, const struct ics_target *target,
                              const struct timetable *base, struct lookup *lookup, struct sheet *sheet,
                              size_t *ret_bad, struct error *err);

/* The column that identifies a row, from 0, in every kind's sheet. */
enum {
    ICS_ROWS_KEY = 0
};

/* Are most titles those of a holiday calendar? */
bool ics_rows_are_holidays(const struct ics_event *events, size_t count);

#endif
