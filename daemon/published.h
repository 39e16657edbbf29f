/* daemon/published: what the daemon shows: one snapshot, its feeds of one local day, and the replies made
 * from them so far. Made on a worker thread; afterwards the loop thread owns it and swaps it whole after
 * each commit. The reply cache belongs to the loop thread. */
#ifndef LITANG_DAEMON_PUBLISHED_H
#define LITANG_DAEMON_PUBLISHED_H

#include "base/zone.h"
#include "daemon/reply_cache.h"
#include "ical/feed.h"
#include "scheduler/audience.h"
#include "scheduler/weights.h"

struct published {
    struct timetable *timetable; /* owned reference */
    struct feed_set *feeds;      /* owned */
    int32_t today;
    struct zone zone; /* the deployment's */
    int64_t
        last_modified; /* of everything: the newest change of a session, or the local midnight of `today` */
    enum audience audience; /* what may be told of people: of the public, by the setting public_instructors */
    struct weights weights; /* what proposals cost; the defaults unless set */
    struct reply_cache replies;
};

/* Takes over a reference on `timetable`, also on failure. `previous` may be NULL and is only read. */
enum error_code published_create(struct timetable *timetable, int32_t today, const struct published *previous,
                                 struct published **ret_published, struct error *err);
void published_destroy(struct published *published); /* NULL is allowed */

/* The local day of the deployment at an instant; UTC when its zone cannot be read. */
int32_t published_today(const struct timetable *timetable, int64_t now_s);

#endif
