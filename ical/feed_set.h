/* ical/feed_set: a feed_set from within: fragments in chunks that sets share, and the lists of who stands
 * where. For ical/feed*.c and ical/freebusy. */
#ifndef LITANG_ICAL_FEED_SET_H
#define LITANG_ICAL_FEED_SET_H

#include "base/zone.h"
#include "ical/event.h"
#include "ical/feed_index.h"

#include <stdatomic.h>

enum {
    /* An edit copies the 40 kB of its chunk; fewer sessions would mean more chunks to count. */
    CHUNK_SESSIONS = 64,
    FRAGMENT_DIGEST = 16
};

/* One session's VEVENT. */
struct fragment {
    const char *bytes; /* in the chunk; NULL: dropped */
    uint64_t hash;
    int64_t modified_at;
    struct event_layout layout;
    int32_t day; /* of the session: a feed is chosen without a look at far-off memory */
    unsigned char digest[FRAGMENT_DIGEST]; /* BLAKE2b of the bytes: a feed's tag is made from these */
};

/* The fragments of CHUNK_SESSIONS sessions in the timetable's order, with their bytes. Immutable. */
struct chunk {
    atomic_uint references;
    size_t bytes; /* of memory, itself included */
    size_t count, dropped;
    bool day_matters; /* a session may look different tomorrow: it was moved or cancelled */
    struct fragment fragments[CHUNK_SESSIONS];
    char data[];
};

struct feed_set {
    atomic_uint references;
    struct timetable *timetable; /* a reference */
    struct zone zone;
    int32_t today;
    struct chunk **chunks; /* a reference each */
    size_t chunk_count;
    struct feed_index *indexes[FEED_SCOPES]; /* a reference each */
    struct feed_set_stats stats;
};

static inline const struct fragment *feed_set_fragment(const struct feed_set *set, size_t session)
{
    return &set->chunks[session / CHUNK_SESSIONS]->fragments[session % CHUNK_SESSIONS];
}

#endif
