/* importers/ics_note: what reading a calendar finds: faults of one event or line, each told with its place,
 * and conventions that were applied, each told once for the whole file with the number of times. One thread
 * at a time. */
#ifndef LITANG_IMPORTERS_ICS_NOTE_H
#define LITANG_IMPORTERS_ICS_NOTE_H

#include "importers/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ics_note_kind {
    NOTE_FLOATING,      /* a time without zone */
    NOTE_ZULU,          /* TZID and Z together */
    NOTE_NAMELESS_ZONE, /* TZID is blank, or a word that names no zone */
    NOTE_FIXED_OFFSET,  /* only "(UTC+08:00) …" is known of the zone */
    NOTE_OWN_ZONE,      /* a VTIMEZONE was used, for its name is not known */
    NOTE_FORM,          /* 2026-03-11T14:30, 24:00:00 … */
    NOTE_NO_END,        /* one hour, or one day */
    NOTE_TWO_ENDS,      /* DTEND and DURATION */
    NOTE_NO_UID,
    NOTE_TENTATIVE,
    NOTE_TRANSPARENT,
    NOTE_CANCELLED,
    NOTE_OLD_SEQUENCE,
    NOTE_SAME_UID,
    NOTE_BARE_EVENT, /* no VCALENDAR around it */
    NOTE_OTHER_PART, /* VTODO, VJOURNAL … */
    NOTE_CP1252,
    NOTE_BAD_UTF8,
    NOTE_CONTROL,
    NOTE_WINDOW,   /* a series goes on past the window */
    NOTE_NO_MATCH, /* EXDATE or RECURRENCE-ID that names no meeting of the series */
    NOTE_OFF_RULE, /* DTSTART is no meeting of its own rule */
    NOTE_SHIFT,    /* 调休 without 休 or 班 */
    NOTE_COUNT
};

struct ics_notes {
    struct import_report *report; /* borrowed */
    struct {
        uint32_t line; /* of the first */
        size_t count;
    } tally[NOTE_COUNT];
    bool is_out_of_memory;
};

/* Counts one; told by ics_notes_tell. */
void ics_note(struct ics_notes *notes, enum ics_note_kind kind, uint32_t line);
/* Tells each kind that was noted as one warning, and starts anew. */
void ics_notes_tell(struct ics_notes *notes);
/* Puts the report's findings in the order of their lines: events are looked at by UID. */
void ics_notes_sort(struct ics_notes *notes);

/* An error at a line; the sentences may hold one %s for `shown`, which may be NULL. `name` is the property,
 * or
 * "". Answers false, so that `return ics_fault(…)` reads well. */
bool ics_fault(struct ics_notes *notes, uint32_t line, const char *name, enum import_code code,
               const char *zh, const char *en, const char *shown);
/* The same as a warning. */
void ics_warn(struct ics_notes *notes, uint32_t line, const char *name, enum import_code code, const char *zh,
              const char *en, const char *shown);

#endif
