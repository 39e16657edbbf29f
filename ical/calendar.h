/* ical/calendar: what stands around the events of a feed: VCALENDAR's own properties and the VTIMEZONE. For
 * ical/feed; any thread. */
#ifndef LITANG_ICAL_CALENDAR_H
#define LITANG_ICAL_CALENDAR_H

#include "base/zone.h"
#include "ical/feed.h"
#include "ical/safe.h"

struct calendar {
    const struct timetable *timetable; /* borrowed */
    const struct zone *zone;           /* borrowed */
    enum feed_scope scope;
    uint32_t index; /* valid for the scope */
    int64_t last_modified;
    struct feed_options options;
};

/* Appends BEGIN:VCALENDAR … END:VTIMEZONE. Its length does not depend on last_modified. */
enum error_code calendar_head(struct safe_writer *writer, const struct calendar *calendar, struct error *err);
void calendar_tail(struct text *out);
/* An office's number as one segment of a path: "a/1" must not look like two. RFC 3986 §3.3. */
void calendar_add_segment(struct text *out, const char *id);

#endif
