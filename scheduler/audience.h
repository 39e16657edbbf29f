/* scheduler/audience: what an answer may tell of a person. The one rule that pages, feeds and the API ask, so
 * that no address says what another keeps back (docs/http.md, decision 0128). Pure; any thread.
 *
 * Who leads a published session is told to everybody: its name stands on pages and in calendars. */
#ifndef LITANG_SCHEDULER_AUDIENCE_H
#define LITANG_SCHEDULER_AUDIENCE_H

#include <stdbool.h>

/* Who gets the answer. Zero is whoever must be told the least. */
enum audience {
    AUDIENCE_PUBLIC,      /* anybody, over HTTP */
    AUDIENCE_PUBLIC_OPEN, /* the same where instructors are public (setting public_instructors) */
    AUDIENCE_OFFICE       /* who has the database: the commands */
};

enum person_fact {
    PERSON_ID,       /* the id, and with it the addresses of pages and calendars */
    PERSON_PROPOSED, /* who would lead a session that nobody has published */
    PERSON_LIMITS    /* leave, hours, days of service, caps, qualifications, and whatever shows them */
};

bool audience_may_know(enum audience audience, enum person_fact fact);
/* Of the public, by the setting public_instructors. */
enum audience audience_public(bool public_instructors);

#endif
