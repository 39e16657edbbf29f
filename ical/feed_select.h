/* ical/feed_select: which sessions a feed holds: those under its key, of one category if that is asked for,
 * in the window around today, and no more than fit. For ical/feed; any thread. */
#ifndef LITANG_ICAL_FEED_SELECT_H
#define LITANG_ICAL_FEED_SELECT_H

#include "ical/feed_set.h"

/* The part [from, to) of a scope's list. */
struct selection {
    const struct feed_set *set; /* borrowed */
    const uint32_t *items;      /* indices into timetable->sessions, by start and id */
    size_t count;
    size_t from, to;
    bool has_window, is_narrowed, is_opaque;
    int32_t from_day, to_day;
    struct feed_options options;
    uint32_t *owned; /* the items, when only some of the scope's are wanted */
};

/* Those in the window. ERR_MEMORY. */
enum error_code selection_init(struct selection *selection, const struct feed_set *set, enum feed_scope scope,
                               uint32_t index, const struct feed_options *options);
void selection_finish(struct selection *selection);
/* Narrows to what fits into `room` bytes, by whole days: what is to come is kept before what is past, and the
 * near before the far; one day that is too much alone is cut by its events. Looks only at what it keeps. */
void selection_fit(struct selection *selection, size_t room);
void selection_describe(const struct selection *selection, struct feed_info *ret_info);

static inline const struct session *selection_session(const struct selection *selection, size_t i)
{
    return &selection->set->timetable->sessions[selection->items[i]];
}

static inline const struct fragment *selection_fragment(const struct selection *selection, size_t i)
{
    return feed_set_fragment(selection->set, selection->items[i]);
}

#endif
