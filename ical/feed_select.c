#include "ical/feed_select.h"

#include "base/date.h"

#include <stdlib.h>

enum {
    /* Fragments of one feed lie far apart: so many are fetched before they are needed. */
    AHEAD = 8
};

static void prefetch(const struct selection *selection, size_t i)
{
    if (i < selection->count) {
        const char *fragment = (const char *)selection_fragment(selection, i);
        __builtin_prefetch(fragment);
        __builtin_prefetch(fragment + sizeof(struct fragment) - 1);
    }
}

static int32_t day_at(const struct selection *selection, size_t i)
{
    return selection_session(selection, i)->at.day;
}

/* The first of [from, to) that is not before `day`. */
static size_t first_of(const struct selection *selection, size_t from, size_t to, int32_t day)
{
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (day_at(selection, middle) < day) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

/* The sessions of one category among the scope's; they stay sorted. */
static bool category_select(struct selection *selection)
{
    const struct timetable *timetable = selection->set->timetable;
    selection->owned = malloc((selection->count + 1) * sizeof *selection->owned);
    if (selection->owned == NULL) {
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < selection->count; i++) {
        uint32_t course = timetable->sessions[selection->items[i]].at.course;
        if (timetable->courses[course].category == selection->options.category) {
            selection->owned[count++] = selection->items[i];
        }
    }
    selection->items = selection->owned;
    selection->count = count;
    return true;
}

enum error_code selection_init(struct selection *selection, const struct feed_set *set, enum feed_scope scope,
                               uint32_t index, const struct feed_options *options)
{
    const struct feed_list *list = set->indexes[scope]->lists[scope == FEED_CITY ? 0 : index];
    *selection = (struct selection){.set = set,
                                    .items = list == NULL ? NULL : list->items,
                                    .count = list == NULL ? 0 : list->count,
                                    .has_window = scope != FEED_CITY,
                                    .is_opaque = scope == FEED_INSTRUCTOR,
                                    .from_day = DATE_MIN,
                                    .to_day = DATE_MAX,
                                    .options = *options};
    if (options->category != NONE && !category_select(selection)) {
        return ERR_MEMORY;
    }
    selection->to = selection->count;
    if (selection->has_window) {
        selection->from_day = set->today - FEED_WINDOW_PAST_DAYS;
        selection->to_day = set->today + FEED_WINDOW_FUTURE_DAYS;
        selection->from = first_of(selection, 0, selection->count, selection->from_day);
        selection->to = first_of(selection, selection->from, selection->count, selection->to_day + 1);
    }
    return ERR_NONE;
}

void selection_finish(struct selection *selection)
{
    free(selection->owned);
    selection->owned = NULL;
}

/* An upper bound of what an event adds to the feed. */
static size_t event_size(const struct selection *selection, size_t i)
{
    const struct fragment *fragment = selection_fragment(selection, i);
    if (fragment->bytes == NULL) {
        return 0;
    }
    /* A VALARM repeats the summary, folded anew, in some 90 bytes of its own. */
    size_t summary = fragment->layout.summary_length;
    size_t length =
        selection->options.english ? event_english_max(&fragment->layout) : fragment->layout.length;
    return length + (selection->options.alarm_min > 0 ? summary + summary / 64 + 120 : 0);
}

/* Of the whole day that begins at `from`; *ret_end is where the next one does. */
static size_t day_size_after(const struct selection *selection, size_t from, size_t limit, size_t *ret_end)
{
    int32_t day = selection_fragment(selection, from)->day;
    size_t size = 0;
    size_t i = from;
    for (; i < limit && selection_fragment(selection, i)->day == day; i++) {
        prefetch(selection, i + AHEAD);
        size += event_size(selection, i);
    }
    *ret_end = i;
    return size;
}

/* Of the whole day that ends before `to`; *ret_begin is where it begins. */
static size_t day_size_before(const struct selection *selection, size_t to, size_t limit, size_t *ret_begin)
{
    int32_t day = selection_fragment(selection, to - 1)->day;
    size_t size = 0;
    size_t i = to;
    for (; i > limit && selection_fragment(selection, i - 1)->day == day; i--) {
        prefetch(selection, i - 1 - AHEAD); /* wraps to far above the count */
        size += event_size(selection, i - 1);
    }
    *ret_begin = i;
    return size;
}

/* Cuts the day [from, end), which does not fit, by its events. */
static size_t day_cut(const struct selection *selection, size_t from, size_t end, size_t room)
{
    while (from < end && event_size(selection, from) <= room) {
        room -= event_size(selection, from);
        from++;
    }
    return from;
}

void selection_fit(struct selection *selection, size_t room)
{
    size_t first = selection->from;
    size_t last = selection->to;
    size_t today = first_of(selection, first, last, selection->set->today);
    size_t from = today;
    size_t to = today;
    size_t next = today;
    size_t size = 0;
    while (to < last && (size = day_size_after(selection, to, last, &next)) <= room) {
        room -= size;
        to = next;
    }
    if (to < last) {
        int32_t day = day_at(selection, to);
        bool alone = to == today;
        to = alone ? day_cut(selection, to, next, room) : to;
        selection->to_day = alone ? day : day - 1;
    } else {
        while (from > first && (size = day_size_before(selection, from, first, &next)) <= room) {
            room -= size;
            from = next;
        }
        if (from > first && from == last) { /* all is past, and its last day alone is too much */
            from = next;
            selection->to_day = day_at(selection, from);
            to = day_cut(selection, from, last, room);
        }
    }
    selection->from_day = from > first ? day_at(selection, from - 1) + 1 : selection->from_day;
    selection->is_narrowed = from > first || to < last;
    selection->from = from;
    selection->to = to;
}

static int64_t later(int64_t left, int64_t right)
{
    return left > right ? left : right;
}

/* The midnight at which a cancelled session was dropped. */
static int64_t dropped_at(const struct selection *selection, size_t i)
{
    int32_t day = event_end_day(selection_session(selection, i));
    return zone_utc_from_local(&selection->set->zone, day + EVENT_CANCELLED_DAYS + 1, 0);
}

/* When the last one left the window at its past end. Whoever was dropped before that left earlier. */
static int64_t left_at(const struct selection *selection)
{
    int64_t at = INT64_MIN;
    for (size_t i = selection->from; i > 0; i--) {
        const struct fragment *fragment = selection_fragment(selection, i - 1);
        if (fragment->bytes != NULL) {
            return later(
                at, zone_utc_from_local(&selection->set->zone, fragment->day + FEED_WINDOW_PAST_DAYS + 1, 0));
        }
        at = later(at, dropped_at(selection, i - 1));
    }
    return at;
}

void selection_describe(const struct selection *selection, struct feed_info *ret_info)
{
    const struct zone *zone = &selection->set->zone;
    size_t dropped = 0;
    int64_t at = INT64_MIN;
    for (size_t i = selection->from; i < selection->to; i++) {
        const struct fragment *fragment = selection_fragment(selection, i);
        prefetch(selection, i + AHEAD);
        dropped += fragment->bytes == NULL ? 1 : 0;
        at = later(at, fragment->bytes != NULL ? fragment->modified_at : dropped_at(selection, i));
    }
    if (selection->has_window && selection->to > selection->from) {
        /* The last one came into the window last. */
        int32_t day = selection_fragment(selection, selection->to - 1)->day;
        at = later(at, zone_utc_from_local(zone, day - FEED_WINDOW_FUTURE_DAYS, 0));
    }
    if (selection->is_narrowed) {
        /* What fits changes with each day. */
        at = later(at, zone_utc_from_local(zone, selection->set->today, 0));
    } else if (selection->has_window) {
        at = later(at, left_at(selection));
    }
    *ret_info = (struct feed_info){.events = selection->to - selection->from - dropped,
                                   .left_out = selection->count - (selection->to - selection->from),
                                   .from_day = selection->from_day,
                                   .to_day = selection->to_day,
                                   .last_modified = at};
}
