/* ical/freebusy: when a hall or an instructor is taken, as a VFREEBUSY (RFC 5545 §3.6.4) that names no course
 * and no person. A pure function of a feed set; any thread. */
#ifndef LITANG_ICAL_FREEBUSY_H
#define LITANG_ICAL_FREEBUSY_H

#include "ical/feed.h"

/* Appends the calendar. FEED_HALL: a hall is taken while one of its rooms is, from set-up to clear-up.
 * FEED_INSTRUCTOR: from start to end. Busy times are UTC, merged where they touch, cut to the feeds' window;
 * cancelled sessions leave the time free. DTSTAMP is the newest change of a session in the list, or the local
 * midnight of the set's day, at which the window moved: the same set gives the same bytes.
 * ERR_NOT_FOUND: another scope, or a bad index. `ret_stamp` (DTSTAMP, UTC seconds) may be NULL. */
enum error_code freebusy_render(const struct feed_set *set, enum feed_scope scope, uint32_t index,
                                struct text *out, int64_t *ret_stamp, struct error *err);

#endif
