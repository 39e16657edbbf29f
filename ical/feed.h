/* ical/feed: timetable → iCalendar feeds by the contract of DESIGN §7, through libical.
 *
 * A feed_set holds one serialised VEVENT per session of one snapshot and one local day ("today": the 【改期】
 * marks and the 7 days of cancelled sessions and the rolling window depend on it, the wall clock does not
 * enter), and concatenates them into feeds. A new set takes over the fragments of the old one that did not
 * change. Building is for a worker thread; after that a set is immutable and may be read from any thread. */
#ifndef LITANG_ICAL_FEED_H
#define LITANG_ICAL_FEED_H

#include "base/text.h"
#include "base/zone.h"
#include "ical/feed_body.h"
#include "scheduler/timetable.h"

enum feed_scope {
    FEED_CITY,
    FEED_COUNTY,
    FEED_TOWNSHIP,
    FEED_HALL,
    FEED_INSTRUCTOR,
    FEED_PROVIDER,
    FEED_CATEGORY
};
enum {
    FEED_WINDOW_PAST_DAYS = 90, /* DESIGN §7.11 */
    FEED_WINDOW_FUTURE_DAYS = 400
};
enum {
    FEED_SCOPES = FEED_CATEGORY + 1
};

/* "city", "county", "township" …: the word in addresses. SOURCE of a feed is
 * <public_url>/feed/<word>/<id>.ics (the city's: /feed/city.ics; an instructor's feed, whose address is
 * secret, names none). */
const char *feed_scope_name(enum feed_scope scope);

struct feed_set;

/* Once per process, in main, before any thread: libical's settings and its zone list. */
void feed_library_init(void);

/* `previous` may be NULL; it is only read. Holds a reference on the timetable. */
enum error_code feed_set_create(struct timetable *timetable, int32_t today, const struct feed_set *previous,
                                struct feed_set **ret_set, struct error *err);
struct feed_set *feed_set_ref(struct feed_set *set); /* any thread */
void feed_set_unref(struct feed_set *set);           /* any thread; NULL is allowed */
/* Of the last build, for tests and for stating memory: about 1 kB a session. */
struct feed_set_stats {
    size_t rendered, reused, dropped; /* dropped: cancelled sessions past their 7 days */
    size_t bytes;                     /* memory of fragments and indexes */
};
struct feed_set_stats feed_set_stats(const struct feed_set *set);
const struct timetable *feed_set_timetable(const struct feed_set *set);
int32_t feed_set_today(const struct feed_set *set);

struct feed_info {
    size_t events;            /* in the feed */
    size_t left_out;          /* outside the (narrowed) window, long cancelled ones counted */
    int32_t from_day, to_day; /* the window really used: -90 … +400, narrowed until <= LIMIT_FEED_BYTES */
    int64_t
        last_modified; /* UTC seconds: newest of the events' LAST-MODIFIED, of the midnights at which an event
                        * came into or fell out of the window, and of the template's date. A session that left
                        * for another hall or instructor does not show in it: trust the ETag first. */
};

/* What a subscriber may ask for. */
struct feed_options {
    int32_t alarm_min; /* 0: no VALARM */
    bool english;      /* labels, marks and names that litang gives; rendered anew at each call, not kept */
    uint32_t category; /* only sessions of this category; NONE: all */
};

/* The feed without copying its events: `ret_body` refers to the set, of which it holds a reference, and is to
 * be finished by the caller. Arguments and errors as of feed_render. */
enum error_code feed_compose(struct feed_set *set, enum feed_scope scope, uint32_t index,
                             const struct feed_options *options, struct feed_body *ret_body,
                             struct feed_info *ret_info, struct error *err);

/* Appends the feed's bytes. `index` is of an area, hall, instructor, provider or category; ignored for
 * FEED_CITY (no window, no ceiling: a download, not a subscription). `options` NULL: none. ERR_NOT_FOUND:
 * bad index or category. */
enum error_code feed_render(const struct feed_set *set, enum feed_scope scope, uint32_t index,
                            const struct feed_options *options, struct text *out, struct feed_info *ret_info,
                            struct error *err);

/* Bumped whenever the text of events changes for the same data; the gate raises changed_at by it (DESIGN
 * §7.2). */
enum {
    FEED_TEMPLATE = 1
};

#endif
