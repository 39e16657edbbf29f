/* reports/session_sum: what a set of sessions adds up to. One definition of "sessions", "held", "heads" and
 * the rest for every report, page and frozen period. Pure, any thread. */
#ifndef LITANG_REPORTS_SESSION_SUM_H
#define LITANG_REPORTS_SESSION_SUM_H

#include "scheduler/timetable.h"

/* stable name, Chinese, English: in the order of docs/reports.md */
#define SESSION_SUM_LIST(X)                                                                                  \
    X(planned, "计划场次", "planned")               /* not cancelled */                                      \
    X(sessions, "场次", "sessions")                 /* planned, less those entered as not held */            \
    X(meetings, "折算场次", "counted meetings")     /* the same, a two-day course as often as it counts */   \
    X(held, "已开展", "held")                       /* in the hall or outside */                             \
    X(held_meetings, "已开展折算", "held meetings") /* held, as often as they count */                       \
    X(outside, "改在堂外", "outside")               /* of the held ones */                                   \
    X(not_held, "未开展", "not held")                                                                        \
    X(unknown, "未登记", "not entered") /* planned, nothing entered */                                       \
    X(cancelled, "已取消", "cancelled")                                                                      \
    X(heads, "人次", "heads") /* of held ones, where entered */                                              \
    X(heads_60, "60岁以上人次", "heads 60+")                                                                 \
    X(heads_entered, "登记人数场次", "with heads") /* sessions whose heads were entered */                   \
    X(satisfaction, "满意度合计", "satisfaction")  /* sum of percents */                                     \
    X(satisfaction_entered, "登记满意度场次", "with satisfaction")

struct session_sum {
#define X(name, zh, en) int64_t name;
    SESSION_SUM_LIST(X)
#undef X
};

void session_sum_add(struct session_sum *sum, const struct session *session);
/* Adds to the sums of an area and of every area above it; NONE adds nowhere. */
void session_sum_add_up(const struct timetable *timetable, uint32_t area, const struct session *session,
                        struct session_sum *sums);

#endif
