/* importers/ics_zone: which zone a TZID means, and local time there to UTC.
 *
 * A name that the machine's zone tables know is read by those, whatever VTIMEZONE the file holds: files exist
 * whose "Asia/Shanghai" has the summer time of 1991 for ever. Then the names of Windows; then the file's own
 * VTIMEZONE; then the offset in a name such as "(UTC+08:00) …". One thread at a time. */
#ifndef LITANG_IMPORTERS_ICS_ZONE_H
#define LITANG_IMPORTERS_ICS_ZONE_H

#include "base/zone.h"
#include "importers/ics_part.h"

enum ics_zone_kind {
    ICS_ZONE_LOCAL, /* the name says nothing: as the deployment's clock */
    ICS_ZONE_KNOWN,
    ICS_ZONE_OFFSET,
    ICS_ZONE_OWN,    /* a VTIMEZONE */
    ICS_ZONE_UNKNOWN /* must not be used */
};

enum {
    ICS_TZID_SIZE = 128
};

struct ics_shift {
    int64_t local; /* seconds since 1970-01-01 by the clock before it */
    int32_t from_s, to_s;
};

struct ics_zone {
    char tzid[ICS_TZID_SIZE];
    enum ics_zone_kind kind;
    struct zone known;
    int32_t offset_s;
    struct ics_shift *shifts; /* owned; ascending */
    size_t shift_count, shift_capacity;
};

struct ics_zones {
    const struct ics_parts *parts; /* borrowed: where VTIMEZONEs are */
    struct zone local;             /* the deployment's */
    int64_t *budget;               /* borrowed; as ics_rule_run's */
    struct ics_zone *items;        /* owned; each name once */
    size_t count, capacity;
    bool is_out_of_memory;
};

/* The zone of this name, from the cache or made now. NULL: more than LIMIT_ICS_ZONES names, or no memory.
 * Valid until the next call. */
const struct ics_zone *ics_zones_find(struct ics_zones *zones, const char *tzid);
void ics_zones_finish(struct ics_zones *zones);

/* Seconds since 1970 UTC of `day` and `second` by the clock of `zone`; NULL: the deployment's. */
int64_t ics_zone_utc(const struct ics_zones *zones, const struct ics_zone *zone, int32_t day, int32_t second);

#endif
