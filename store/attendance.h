/* store/attendance: what became of a session, as it is entered: by hand, by import, from a page. All of them
 * come through attendance_put, so that one function says what may be entered. Entries are rows of a change
 * set: the gate's audit keeps what an earlier entry said and who said it. */
#ifndef LITANG_STORE_ATTENDANCE_H
#define LITANG_STORE_ATTENDANCE_H

#include "store/change.h"

struct attendance {
    int64_t session_id;                    /* < 0: a new one of the same set, see change_set_put */
    enum held_state held;                  /* HELD_YES, HELD_NO or HELD_OUTSIDE */
    int32_t heads, heads_60, satisfaction; /* -1: not entered; satisfaction in percent */
    const char *reason;                    /* needed unless HELD_YES: why not, or where instead */
    const char *note;                      /* NULL: as it was */
    const char *recorded_by;               /* who reports it, e.g. the hall keeper; NULL: the actor alone */
    int64_t recorded_at;                   /* UTC seconds; 0: the commit's instant, if anything changes */
};

/* Adds the entry to the set; it replaces an earlier one of that session. ERR_NOT_FOUND: no such session;
 * ERR_INPUT: a cancelled session, one after `today`, no reason, heads at a session that did not take place,
 * more people of 60 and more than people, a number out of its bounds. Texts are copied. */
enum error_code attendance_put(struct change_set *set, const struct timetable *timetable, int32_t today,
                               const struct attendance *attendance, struct error *err);

/* The same for a session that the set itself makes (session_id < 0) or whose cancellation it lifts: only the
 * figures are checked. */
enum error_code attendance_put_with(struct change_set *set, const struct attendance *attendance,
                                    struct error *err);

/* "held", "not-held", "moved-outside" and back; "" and false for HELD_UNKNOWN. */
const char *held_name(enum held_state held);
bool held_from_name(const char *name, enum held_state *ret_held);

#endif
