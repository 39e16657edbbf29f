/* importers/ics_event: one VEVENT, checked: when it is, how long, and what kind of claim it makes. One thread
 * at a time. */
#ifndef LITANG_IMPORTERS_ICS_EVENT_H
#define LITANG_IMPORTERS_ICS_EVENT_H

#include "importers/ics_time.h"
#include "importers/ics_zone.h"

/* What everything that reads one file shares. */
struct ics_reading {
    struct ics_notes notes;
    struct ics_text text;
    struct ics_parts parts;
    struct ics_zones zones;
    struct arena arena;
    int64_t budget;         /* LIMIT_ICS_RULE_DAYS, falling */
    int32_t today;          /* local day */
    enum error_code failed; /* ERR_MEMORY or ERR_LIMIT: the file is given up */
};

enum ics_frame {
    ICS_DATE,  /* a day, of no zone */
    ICS_UTC,   /* Z */
    ICS_ZONED, /* by the clock of `zone` */
    ICS_LOCAL  /* by the deployment's clock */
};

struct ics_moment {
    int32_t day, second;
    enum ics_frame frame;
    uint32_t zone; /* in zones.items; of ICS_ZONED */
};

enum ics_weight {
    ICS_BUSY,
    ICS_TENTATIVE, /* STATUS:TENTATIVE, or busy status TENTATIVE */
    ICS_FREE       /* TRANSP:TRANSPARENT, or busy status FREE */
};

struct ics_event {
    const struct ics_part *part;
    uint32_t line;
    const char *uid; /* "" when there is none */
    const char *summary, *location;
    struct ics_moment start;
    int64_t length_s;    /* exact, as RFC 5545 §3.8.5.3 says of DTEND */
    int32_t length_days; /* of a day without time; or whole days of a DURATION, on top of length_s */
    bool has_original;
    struct ics_moment original; /* RECURRENCE-ID */
    int64_t sequence;
    enum ics_weight weight;
    bool is_cancelled;
    bool is_private; /* CLASS:PRIVATE or CONFIDENTIAL: its words are nobody's business */
};

/* False: the event is faulty; the faults were reported, or reading->failed is set. */
bool ics_event_read(struct ics_reading *reading, const struct ics_part *part, struct ics_event *ret_event);

/* One value of a DTSTART, EXDATE … ; `text` may be a part of its value. A fault names the line. */
bool ics_moment_read(struct ics_reading *reading, const struct ics_prop *prop, const char *text,
                     struct ics_moment *ret_moment);
/* Seconds since 1970 UTC; a day begins at the deployment's midnight. */
int64_t ics_moment_utc(const struct ics_reading *reading, const struct ics_moment *moment);
/* `count` items of a comma list, one after the other: false at the end. An item that is too long is cut,
 * which no parser takes. */
bool ics_item_next(const char **at, char *ret_item, size_t size);

#endif
