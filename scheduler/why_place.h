/* scheduler/why_place: one place that a request might have, and what stands against it: rules, and for a
 * series the rhythm of its meetings. Internal to why_request. */
#ifndef LITANG_SCHEDULER_WHY_PLACE_H
#define LITANG_SCHEDULER_WHY_PLACE_H

#include "scheduler/why_changes.h"

enum {
    WINDOW_STEP = 7 /* days that a window is tried longer or earlier */
};

struct indices {
    uint32_t *items; /* owned */
    size_t count, capacity;
};

struct blocker_list {
    struct why_blocker *items; /* owned */
    size_t count, capacity;
};

struct look {
    const struct book *book;
    const struct timetable *timetable;
    const struct request *request; /* or a wish that is in no timetable */
    struct why_request *why;       /* why->request NONE: a wish */
    struct placement pattern;
    struct indices days, rooms, people;
    uint32_t starts;   /* a day */
    int32_t meetings;  /* of one place: 1, or those of a series that are missing */
    bool may_lengthen; /* the window */
    struct clash_list clashes;
    struct changes changes;
    struct id_map blocker_ids; /* session -> index of blockers */
    struct blocker_list blockers;
};

static inline bool look_in_season(const struct look *look, int32_t day)
{
    const struct course *course = &look->timetable->courses[look->request->course];
    return seasons_allow(course->seasons, course->season_count, day);
}

/* The window so many days longer; earlier when they are negative. */
static inline struct why_change window_change(int32_t days)
{
    return (struct why_change){.kind = CHANGE_WINDOW,
                               .rule = RULE_COUNT,
                               .instructor = NONE,
                               .index = days < 0 ? 1U : 0U,
                               .days = days};
}

/* Judges the place (of a series: with its first meeting there) and adds it to the counts of `look`;
 * *ret_crowded: only other sessions, caps and counts stand in its way. */
enum error_code place_count(struct look *look, const struct placement *at, bool *ret_crowded,
                            struct error *err);
/* Would all meetings of the series from that first one on be allowed, none after `to_day`? *ret_meetings: how
 * many they are. */
bool series_allowed(const struct look *look, const struct placement *first, int32_t to_day,
                    int32_t *ret_meetings);

#endif
