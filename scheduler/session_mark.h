/* scheduler/session_mark: what a published session shows besides its row on a given local day: the mark
 * 【改期】 and the LAST-MODIFIED that goes with it. One definition for feeds, lists and pages. Pure, any
 * thread. */
#ifndef LITANG_SCHEDULER_SESSION_MARK_H
#define LITANG_SCHEDULER_SESSION_MARK_H

#include "base/zone.h"
#include "scheduler/timetable.h"

enum {
    SESSION_MOVED_DAYS = 7 /* 【改期】 stays this long after the move, DESIGN §7.4 */
};

/* Does the session carry 【改期】 on `today`? Cancelled ones do not. The zone is the timetable's. */
bool session_is_marked(const struct zone *zone, const struct session *session, int32_t today);
/* LAST-MODIFIED (UTC seconds) as feeds say it on that day: changed_at, or the local midnight at which the
 * mark fell, whichever is later, so that clients which look at nothing else see the mark go
 * (docs/decisions/0005). */
int64_t session_modified_at(const struct zone *zone, const struct session *session, int32_t today);

#endif
