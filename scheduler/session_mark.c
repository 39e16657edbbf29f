/* scheduler/session_mark: see session_mark.h. */
#include "scheduler/session_mark.h"

/* The first local day without the mark. */
static int32_t mark_falls(const struct zone *zone, const struct session *session)
{
    int32_t day = 0;
    zone_local_from_utc(zone, session->moved_at, &day, NULL, NULL);
    return day + SESSION_MOVED_DAYS;
}

bool session_is_marked(const struct zone *zone, const struct session *session, int32_t today)
{
    return session->moved_at != 0 && session->status != SESSION_CANCELLED &&
           today < mark_falls(zone, session);
}

int64_t session_modified_at(const struct zone *zone, const struct session *session, int32_t today)
{
    int64_t modified_at = session->changed_at;
    if (session->moved_at != 0 && session->status != SESSION_CANCELLED &&
        !session_is_marked(zone, session, today)) {
        int64_t fell_at = zone_utc_from_local(zone, mark_falls(zone, session), 0);
        modified_at = fell_at > modified_at ? fell_at : modified_at;
    }
    return modified_at;
}
