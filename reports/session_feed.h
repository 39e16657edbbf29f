/* reports/session_feed: the sessions of one feed's scope as a JSON document for web pages and programs: the
 * envelope is named like JSON Feed's, the items are those of session_list. Pure over a snapshot; any thread.
 */
#ifndef LITANG_REPORTS_SESSION_FEED_H
#define LITANG_REPORTS_SESSION_FEED_H

#include "reports/session_list.h"

struct session_feed {
    const struct timetable *timetable; /* borrowed, like the rest */
    const struct zone *zone;
    int32_t today;
    const char *title;
    const char *feed_url;                                /* of this document; NULL or "": left out */
    uint32_t area, hall, instructor, provider, category; /* NONE: any; several narrow each other */
    int32_t from_day, to_day;                            /* inclusive */
};

/* Appends {"title":…,"home_page_url":…,"feed_url":…,"revision":…,"tzid":…,"items":[…]}, cancelled sessions
 * included (their status says so). The same snapshot and day give the same bytes. ERR_MEMORY, ERR_LIMIT. */
enum error_code session_feed_json(const struct session_feed *feed, struct text *out, struct error *err);

#endif
