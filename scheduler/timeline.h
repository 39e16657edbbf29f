/* scheduler/timeline: slots of a book in order of time: by start, then session number, then slot. A sorted
 * array: additions in order cost nothing, one in the middle moves at most a few kilobytes, and a window
 * of days is two binary searches. */
#ifndef LITANG_SCHEDULER_TIMELINE_H
#define LITANG_SCHEDULER_TIMELINE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct timeline_entry {
    int64_t session_id;
    int32_t start_abs_min; /* day * 1440 + start; 1901 … 2100 fits */
    uint32_t slot;
};

struct timeline {
    struct timeline_entry *items; /* owned */
    size_t count, capacity;
};

/* items[from] … items[to - 1] */
struct timeline_window {
    size_t from, to;
};

/* A timeline of zero bytes is a valid empty one. */
void timeline_finish(struct timeline *line);
/* Room for one more, so that the next insert cannot fail; ERR_MEMORY. */
enum error_code timeline_reserve(struct timeline *line);
/* Needs the room; the entry must not be there yet. */
void timeline_insert(struct timeline *line, struct timeline_entry entry);
/* Nothing happens when it is absent. */
void timeline_remove(struct timeline *line, struct timeline_entry entry);
/* The first position that does not stand before the entry; the entry's own when it is there. */
size_t timeline_position(const struct timeline *line, struct timeline_entry entry);
/* The entries that start in [from, to) absolute minutes. */
struct timeline_window timeline_between(const struct timeline *line, int64_t from_abs_min,
                                        int64_t to_abs_min);

#endif
