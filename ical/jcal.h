/* ical/jcal: a calendar of ours as jCal, RFC 7265. It reads the bytes that ical/feed or ical/freebusy made,
 * so that the two forms cannot say different things. Any thread. */
#ifndef LITANG_ICAL_JCAL_H
#define LITANG_ICAL_JCAL_H

#include "base/text.h"

/* Appends the JSON of one VCALENDAR, ending in a newline. The input is well-formed, as ours is: ERR_INPUT for
 * what is not a property line, a BEGIN without its END, or components deeper than 8; `out` is then as it was.
 */
enum error_code jcal_from_calendar(const char *bytes, size_t length, struct text *out, struct error *err);

#endif
