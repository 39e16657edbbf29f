/* ical/feed_compare: does an event show the same by two timetables? By signature and by table, without
 * rendering, so that one edit among 100,000 sessions costs a look at each and no more. For ical/feed_set. */
#ifndef LITANG_ICAL_FEED_COMPARE_H
#define LITANG_ICAL_FEED_COMPARE_H

#include "scheduler/timetable.h"

/* Everything that event_gather reads, and the indices by which sessions are listed. */
struct feed_compare {
    const struct timetable *old, *timetable; /* borrowed */
    bool same_day;                           /* marks and cancelled sessions stand as they did */
    bool same_frame;                         /* zone, UIDs, organizer, addresses */
    bool *rooms, *courses, *instructors;     /* by index: shown and listed alike */
};

enum error_code feed_compare_init(struct feed_compare *compare, const struct timetable *old,
                                  const struct timetable *timetable, bool same_day);
void feed_compare_finish(struct feed_compare *compare);
/* Of all that the session's own row shows, ids and indices included; 64 bits, compared within one process
 * only. The old snapshot's need not be read again: that halves the time, which is the memory's. */
uint64_t feed_signature(const struct session *session);
/* `then` and `now` are the signatures by either timetable. False may also mean "look closer": nothing is
 * known of a session whose place has another index now. */
bool feed_compare_same(const struct feed_compare *compare, uint64_t then, uint64_t now,
                       const struct session *session);

#endif
