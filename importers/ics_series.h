/* importers/ics_series: events into meetings: versions and copies told apart, rules expanded within the
 * window, EXDATE, RDATE and RECURRENCE-ID applied. One thread at a time. */
#ifndef LITANG_IMPORTERS_ICS_SERIES_H
#define LITANG_IMPORTERS_ICS_SERIES_H

#include "importers/ics_event.h"

struct ics_meeting {
    const struct ics_event *event; /* whose words it bears */
    int64_t start_s, end_s;        /* UTC; of a day without time: local midnights */
    bool is_day;                   /* all-day */
    int32_t day, end_day;          /* of is_day: the end is exclusive */
    /* What identifies it beside the UID, through moves: 0 of a single event, else its first start. */
    bool is_one_of_many;
    int64_t original_s;
};

struct ics_meetings {
    struct ics_meeting *items; /* owned; by the line of the event, then by time */
    size_t count, capacity;
};

/* `events` are sorted here. An event whose rule or dates are faulty is reported and counted in *ret_bad,
 * once. A failure is reading->failed: ERR_LIMIT (more than LIMIT_ICS_RECORDS meetings, or the budget of rules
 * is used up) or ERR_MEMORY. To be finished by the caller in every case. */
void ics_series_expand(struct ics_reading *reading, struct ics_event *events, size_t count,
                       struct ics_meetings *ret_meetings, size_t *ret_bad);
void ics_meetings_finish(struct ics_meetings *meetings);

#endif
