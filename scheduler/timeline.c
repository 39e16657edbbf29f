#include "scheduler/timeline.h"

#include "base/limits.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void timeline_finish(struct timeline *line)
{
    free(line->items);
    *line = (struct timeline){.items = NULL};
}

enum error_code timeline_reserve(struct timeline *line)
{
    void *items = vec_reserve(line->items, &line->capacity, line->count + 1, sizeof *line->items, LIMIT_ROWS);
    if (items == NULL) {
        return line->count + 1 > (size_t)LIMIT_ROWS ? ERR_LIMIT : ERR_MEMORY;
    }
    line->items = items;
    return ERR_NONE;
}

static bool entry_before(struct timeline_entry a, struct timeline_entry b)
{
    if (a.start_abs_min != b.start_abs_min) {
        return a.start_abs_min < b.start_abs_min;
    }
    if (a.session_id != b.session_id) {
        return a.session_id < b.session_id;
    }
    return a.slot < b.slot;
}

size_t timeline_position(const struct timeline *line, struct timeline_entry entry)
{
    size_t low = 0;
    size_t high = line->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (entry_before(line->items[middle], entry)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void timeline_insert(struct timeline *line, struct timeline_entry entry)
{
    /* Filling a book in order of time only ever appends. */
    size_t at = line->count;
    if (at > 0 && entry_before(entry, line->items[at - 1])) {
        at = timeline_position(line, entry);
        memmove(&line->items[at + 1], &line->items[at], (line->count - at) * sizeof *line->items);
    }
    line->items[at] = entry;
    line->count++;
}

void timeline_remove(struct timeline *line, struct timeline_entry entry)
{
    size_t at = timeline_position(line, entry);
    if (at == line->count || line->items[at].slot != entry.slot) {
        return;
    }
    line->count--;
    memmove(&line->items[at], &line->items[at + 1], (line->count - at) * sizeof *line->items);
}

/* The first position that starts at or after `abs_min`. */
static size_t position_from(const struct timeline *line, int64_t abs_min)
{
    size_t low = 0;
    size_t high = line->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (line->items[middle].start_abs_min < abs_min) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct timeline_window timeline_between(const struct timeline *line, int64_t from_abs_min, int64_t to_abs_min)
{
    struct timeline_window window = {.from = position_from(line, from_abs_min)};
    window.to = window.from;
    while (window.to < line->count && window.to - window.from < 8 &&
           line->items[window.to].start_abs_min < to_abs_min) {
        window.to++;
    }
    /* A window of a few days is found by walking; only a long one needs the second search. */
    if (window.to < line->count && line->items[window.to].start_abs_min < to_abs_min) {
        window.to = position_from(line, to_abs_min);
    }
    return window;
}
