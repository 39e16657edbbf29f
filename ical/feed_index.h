/* ical/feed_index: which sessions stand in which feed, sorted by start and id. For ical/feed_set; immutable
 * once built and shared by the sets in which it is the same. */
#ifndef LITANG_ICAL_FEED_INDEX_H
#define LITANG_ICAL_FEED_INDEX_H

#include "ical/feed.h"

#include <stdatomic.h>

/* The sessions under one key, indices into timetable->sessions. */
struct feed_list {
    atomic_uint references;
    uint32_t count, capacity;
    uint32_t items[];
};

/* One scope. An edit copies the lists of the keys that it touches and shares the others. */
struct feed_index {
    atomic_uint references;
    size_t keys, bytes;
    struct feed_list *lists[]; /* by key, a reference each; NULL: nothing stands there */
};

/* A session that is not what it was; `index` is the same in both timetables. */
struct feed_change {
    uint32_t index;
    bool is_new; /* not in the old timetable, in which it would come last */
};

/* One index for each scope; the city's has the single key 0. Each is one reference. ERR_MEMORY: none is. */
enum error_code feed_index_build(const struct timetable *timetable,
                                 struct feed_index *ret_indexes[FEED_SCOPES]);
/* Does the session of both timetables stand under other keys, or at another time? */
bool feed_index_moves(const struct timetable *old, const struct timetable *timetable, uint32_t index);
/* From the indexes of an older timetable that has the same sessions but for `changes`: scopes that they do
 * not touch are shared, the others copied and patched, in time that grows with count × sessions. Tables with
 * another number of rows are the caller's to notice: ERR_INPUT. */
enum error_code feed_index_patch(const struct timetable *old,
                                 struct feed_index *const old_indexes[FEED_SCOPES],
                                 const struct timetable *timetable, const struct feed_change *changes,
                                 size_t count, struct feed_index *ret_indexes[FEED_SCOPES]);
void feed_index_unref(struct feed_index *index); /* any thread; NULL is allowed */

#endif
