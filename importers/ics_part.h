/* importers/ics_part: unfolded lines as properties of components: events, time zones and their parts. Only
 * the properties that litang uses are kept. Pure; any thread.
 *
 * libical 3.0.16 takes 45 s for 100,000 lines that it cannot read and 14 s for one of 8 MB, so nothing
 * foreign reaches it: each line is checked here in one pass (docs/decisions/0030). */
#ifndef LITANG_IMPORTERS_ICS_PART_H
#define LITANG_IMPORTERS_ICS_PART_H

#include "importers/ics_text.h"

enum ics_property {
    ICS_UID,
    ICS_SUMMARY,
    ICS_LOCATION,
    ICS_DTSTART,
    ICS_DTEND,
    ICS_DURATION,
    ICS_RRULE,
    ICS_RDATE,
    ICS_EXDATE,
    ICS_EXRULE,
    ICS_RECURRENCE_ID,
    ICS_SEQUENCE,
    ICS_STATUS,
    ICS_TRANSP,
    ICS_BUSYSTATUS, /* X-MICROSOFT-CDO-BUSYSTATUS */
    ICS_TZID,
    ICS_TZOFFSETFROM,
    ICS_TZOFFSETTO,
    ICS_LIC_LOCATION, /* X-LIC-LOCATION */
    ICS_CALNAME,      /* X-WR-CALNAME */
    ICS_METHOD,
    ICS_CLASS,
    ICS_PROPERTY_COUNT
};

const char *ics_property_name(enum ics_property property);

struct ics_prop {
    enum ics_property property;
    uint32_t line;
    const char *params; /* ";TZID=Asia/Shanghai" or "" */
    const char *value;  /* raw; ICS texts are unescaped by ics_prop_text */
};

enum ics_part_kind {
    ICS_CALENDAR,
    ICS_EVENT,
    ICS_ZONE,
    ICS_STANDARD,
    ICS_DAYLIGHT,
    ICS_OTHER
};

/* A component that was closed. The parts of a time zone follow it in `parts`. */
struct ics_part {
    enum ics_part_kind kind;
    uint32_t line;
    bool is_cancelled; /* an event of a calendar that is a notice of cancellation (METHOD:CANCEL, RFC 5546) */
    bool is_broken;    /* a line that counts cannot be read, or the end is missing; told already */
    struct ics_props {
        struct ics_prop *items; /* owned */
        size_t count, capacity;
    } props;
};

struct ics_parts {
    struct ics_part *items; /* owned; in the order in which they begin */
    size_t count, capacity;
    size_t event_count; /* those with a fault too */
    bool is_complete;   /* every BEGIN has its END */
    char name[128];     /* X-WR-CALNAME of the first calendar; "" */
};

/* Faults go to the notes. ERR_LIMIT: LIMIT_ICS_BAD_LINES, _NESTING, _EVENTS or _ZONES; *ret_line is the
 * place. ERR_MEMORY. The texts stay in `text`, whose lines are cut up. To be finished by the caller in every
 * case. */
enum error_code ics_parts_read(struct ics_text *text, struct ics_notes *notes, struct ics_parts *ret_parts,
                               uint32_t *ret_line, struct error *err);
void ics_parts_finish(struct ics_parts *parts);

/* The first of this property; NULL when there is none. */
const struct ics_prop *ics_part_find(const struct ics_part *part, enum ics_property property);
/* Copies a parameter's value without its quotation marks; false when it is not there or does not fit. */
bool ics_prop_param(const struct ics_prop *prop, const char *name, char *ret_value, size_t size);
/* Copies a TEXT value without its escapes (RFC 5545 §3.3.11), cut at a character. */
void ics_prop_text(const struct ics_prop *prop, char *ret_text, size_t size);

#endif
