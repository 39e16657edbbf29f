/* ical/zone_lines: the VTIMEZONE that litang writes itself: one rule for a fixed offset, two yearly ones for
 * a zone with daylight saving. libical's own goes back to 1901 with a TZID of its own, which Outlook cannot
 * resolve (DESIGN §7.5). Any thread. */
#ifndef LITANG_ICAL_ZONE_LINES_H
#define LITANG_ICAL_ZONE_LINES_H

#include "base/zone.h"
#include "ical/safe.h"

/* Appends BEGIN:VTIMEZONE … END:VTIMEZONE. ERR_INPUT: a change whose time of day moves it over a month's end.
 */
enum error_code zone_lines_add(struct text *out, const struct zone *zone, struct error *err);

#endif
