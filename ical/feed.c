#include "ical/feed.h"

#include "base/date.h"
#include "ical/calendar.h"
#include "ical/event.h"
#include "ical/feed_set.h"

#include <stdlib.h>
#include <string.h>

/* 2026-01-01T00:00:00Z: when the text of FEED_TEMPLATE 1 was made. */
static const int64_t TEMPLATE_AT = 1767225600;

static const char OPAQUE_LINE[] = "TRANSP:OPAQUE\r\n";

const char *feed_scope_name(enum feed_scope scope)
{
    static const char *const NAMES[FEED_SCOPES] = {"city",       "county",   "township", "hall",
                                                   "instructor", "provider", "category"};
    return (size_t)scope < FEED_SCOPES ? NAMES[scope] : "";
}

/* One feed in the making: the part [from, to) of a scope's list. */
struct selection {
    const struct feed_set *set;
    const uint32_t *items;
    size_t count;
    size_t from, to;
    bool has_window, is_narrowed, is_opaque;
    int32_t from_day, to_day;
    struct feed_options options;
    uint32_t *owned; /* the items, when only some of the scope's are wanted */
};

/* Where events are written, and what renders the English ones on the way. */
struct feed_writer {
    struct safe_writer safe;
    struct event_writer events; /* into `bytes` */
    struct text bytes;
};

static const struct session *session_at(const struct selection *selection, size_t i)
{
    return &selection->set->timetable->sessions[selection->items[i]];
}

static const struct fragment *fragment_at(const struct selection *selection, size_t i)
{
    return feed_set_fragment(selection->set, selection->items[i]);
}

/* An upper bound of what an event adds to the feed. */
static size_t event_size(const struct selection *selection, size_t i)
{
    const struct fragment *fragment = fragment_at(selection, i);
    if (fragment->bytes == NULL) {
        return 0;
    }
    /* A VALARM repeats the summary, folded anew, in some 90 bytes of its own. */
    size_t summary = fragment->layout.summary_length;
    size_t length =
        selection->options.english ? event_english_max(&fragment->layout) : fragment->layout.length;
    return length + (selection->options.alarm_min > 0 ? summary + summary / 64 + 120 : 0);
}

static void select_window(struct selection *selection)
{
    while (selection->from < selection->to &&
           fragment_at(selection, selection->from)->day < selection->from_day) {
        selection->from++;
    }
    while (selection->to > selection->from &&
           fragment_at(selection, selection->to - 1)->day > selection->to_day) {
        selection->to--;
    }
}

/* Narrows by whole days until `size` fits: first the oldest of the past, then the farthest of the future; one
 * day that is too much alone is cut by its events. */
static void select_narrow(struct selection *selection, size_t size, size_t max)
{
    int32_t today = selection->set->today;
    while (size > max && selection->from < selection->to) {
        int32_t first = fragment_at(selection, selection->from)->day;
        int32_t last = fragment_at(selection, selection->to - 1)->day;
        selection->is_narrowed = true;
        if (first < today && first < last) {
            size -= event_size(selection, selection->from);
            selection->from++;
            selection->from_day = first + 1;
            while (fragment_at(selection, selection->from)->day == first) {
                size -= event_size(selection, selection->from);
                selection->from++;
            }
            continue;
        }
        do {
            selection->to--;
            size -= event_size(selection, selection->to);
        } while (first < last && fragment_at(selection, selection->to - 1)->day == last);
        selection->to_day = first < last ? last - 1 : last;
    }
}

static int64_t later(int64_t left, int64_t right)
{
    return left > right ? left : right;
}

/* When a session last changed what the feed shows: itself, by coming into the window, or by having fallen
 * out. */
static int64_t touched_at(const struct selection *selection, size_t i)
{
    const struct zone *zone = &selection->set->zone;
    const struct fragment *fragment = fragment_at(selection, i);
    bool inside = i >= selection->from && i < selection->to;
    int64_t at = INT64_MIN;
    if (fragment->bytes == NULL) {
        return zone_utc_from_local(zone, event_end_day(session_at(selection, i)) + EVENT_CANCELLED_DAYS + 1,
                                   0);
    }
    if (inside) {
        at = fragment->modified_at;
    }
    if (selection->has_window && fragment->day < selection->set->today - FEED_WINDOW_PAST_DAYS) {
        at = zone_utc_from_local(zone, fragment->day + FEED_WINDOW_PAST_DAYS + 1, 0);
    } else if (selection->has_window && inside) {
        at = later(at, zone_utc_from_local(zone, fragment->day - FEED_WINDOW_FUTURE_DAYS, 0));
    }
    return at;
}

static void describe(const struct selection *selection, struct feed_info *info)
{
    *info = (struct feed_info){
        .from_day = selection->from_day, .to_day = selection->to_day, .last_modified = TEMPLATE_AT};
    for (size_t i = 0; i < selection->count; i++) {
        bool inside = i >= selection->from && i < selection->to;
        bool shown = fragment_at(selection, i)->bytes != NULL;
        info->events += shown && inside ? 1 : 0;
        info->left_out += shown && !inside ? 1 : 0;
        info->last_modified = later(info->last_modified, touched_at(selection, i));
    }
    if (selection->is_narrowed) {
        /* What fits changes with each day. */
        int64_t midnight = zone_utc_from_local(&selection->set->zone, selection->set->today, 0);
        info->last_modified = later(info->last_modified, midnight);
    }
}

static void feed_writer_init(struct feed_writer *writer, struct text *out, const struct selection *selection)
{
    safe_writer_init(&writer->safe, out);
    if (selection->options.english) {
        text_init(&writer->bytes, LIMIT_FEED_BYTES);
        event_writer_init(&writer->events, &writer->bytes, selection->set->timetable->organizer, true);
        out->failed = out->failed == ERR_NONE ? writer->bytes.failed : out->failed;
    }
}

static void feed_writer_finish(struct feed_writer *writer, const struct selection *selection)
{
    if (selection->options.english) {
        event_writer_finish(&writer->events);
        text_finish(&writer->bytes);
    }
    safe_writer_finish(&writer->safe);
}

/* The event in English. Sets stay immutable for all threads: nothing of it is kept. */
static const char *english_bytes(struct feed_writer *writer, const struct selection *selection, size_t i,
                                 struct event_layout *ret_layout)
{
    const struct feed_set *set = selection->set;
    struct event event;
    event_gather(set->timetable, &set->zone, session_at(selection, i), set->today, &event);
    text_clear(&writer->bytes);
    event_render(&writer->events, &event, ret_layout);
    if (writer->bytes.failed != ERR_NONE && writer->safe.out->failed == ERR_NONE) {
        writer->safe.out->failed = writer->bytes.failed;
    }
    return text_string(&writer->bytes);
}

static void add_event(struct feed_writer *writer, const struct selection *selection, size_t i)
{
    struct text *out = writer->safe.out;
    const struct fragment *fragment = fragment_at(selection, i);
    const char *bytes = fragment->bytes;
    struct event_layout layout = fragment->layout;
    if (bytes == NULL || out->failed != ERR_NONE) {
        return;
    }
    if (selection->options.english) {
        bytes = english_bytes(writer, selection, i, &layout);
        if (out->failed != ERR_NONE) {
            return;
        }
    }
    size_t at = 0;
    if (selection->is_opaque) {
        text_add_bytes(out, bytes, layout.transp_at);
        text_add_bytes(out, OPAQUE_LINE, sizeof OPAQUE_LINE - 1);
        at = layout.transp_at + EVENT_TRANSP_BYTES;
    }
    size_t end = layout.length - EVENT_END_BYTES;
    text_add_bytes(out, bytes + at, end - at);
    /* Nobody needs to be reminded of what does not take place. */
    if (selection->options.alarm_min > 0 && session_at(selection, i)->status != SESSION_CANCELLED) {
        event_render_alarm(&writer->safe, bytes + layout.summary_at, layout.summary_length,
                           selection->options.alarm_min);
    }
    text_add_bytes(out, bytes + end, EVENT_END_BYTES);
}

static enum error_code check_scope(const struct feed_set *set, enum feed_scope scope, uint32_t index,
                                   struct error *err)
{
    bool known = (size_t)scope < FEED_SCOPES && (scope == FEED_CITY || index < set->indexes[scope]->keys);
    if (known && (scope == FEED_COUNTY || scope == FEED_TOWNSHIP)) {
        enum area_level level = scope == FEED_COUNTY ? AREA_COUNTY : AREA_TOWNSHIP;
        known = set->timetable->areas[index].level == level;
    }
    if (!known) {
        return error_set(err, ERR_NOT_FOUND, "没有这个日历 / no such feed: %s %u", feed_scope_name(scope),
                         index);
    }
    return ERR_NONE;
}

/* The sessions of one category among the scope's; they stay sorted. */
static bool select_category(struct selection *selection)
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

/* ERR_MEMORY; `ret_selection->owned` is to be freed. */
static enum error_code select_scope(const struct calendar *calendar, const struct feed_set *set,
                                    struct selection *ret_selection)
{
    const struct feed_index *list = set->indexes[calendar->scope];
    uint32_t key = calendar->scope == FEED_CITY ? 0 : calendar->index;
    struct selection selection = {.set = set,
                                  .items = list->items + list->start[key],
                                  .count = list->start[key + 1] - list->start[key],
                                  .has_window = calendar->scope != FEED_CITY,
                                  .is_opaque = calendar->scope == FEED_INSTRUCTOR,
                                  .from_day = DATE_MIN,
                                  .to_day = DATE_MAX,
                                  .options = calendar->options};
    if (selection.options.category != NONE && !select_category(&selection)) {
        return ERR_MEMORY;
    }
    selection.to = selection.count;
    if (selection.has_window) {
        selection.from_day = set->today - FEED_WINDOW_PAST_DAYS;
        selection.to_day = set->today + FEED_WINDOW_FUTURE_DAYS;
        select_window(&selection);
    }
    *ret_selection = selection;
    return ERR_NONE;
}

/* The head's length, which does not depend on the events. */
static enum error_code measure_head(const struct calendar *calendar, size_t *ret_size, struct error *err)
{
    struct text head;
    struct safe_writer writer;
    text_init(&head, LIMIT_FEED_BYTES);
    safe_writer_init(&writer, &head);
    enum error_code code = calendar_head(&writer, calendar, err);
    calendar_tail(&head);
    *ret_size = head.length;
    safe_writer_finish(&writer);
    text_finish(&head);
    return code;
}

/* Appends the whole calendar, or nothing. */
static enum error_code write_calendar(const struct calendar *calendar, const struct selection *selection,
                                      struct text *out, struct error *err)
{
    struct feed_writer writer;
    size_t before = out->length;
    feed_writer_init(&writer, out, selection);
    enum error_code code = calendar_head(&writer.safe, calendar, err);
    for (size_t i = selection->from; i < selection->to && code == ERR_NONE; i++) {
        add_event(&writer, selection, i);
    }
    calendar_tail(out);
    feed_writer_finish(&writer, selection);
    code = code == ERR_NONE ? text_status(out, err) : code;
    if (code != ERR_NONE) {
        /* Half a feed must not be mistaken for one. */
        out->length = before;
    }
    return code;
}

enum error_code feed_render(const struct feed_set *set, enum feed_scope scope, uint32_t index,
                            const struct feed_options *options, struct text *out, struct feed_info *ret_info,
                            struct error *err)
{
    static const struct feed_options PLAIN = {.category = NONE};
    struct calendar calendar = {set->timetable, &set->zone,  scope,
                                index,          TEMPLATE_AT, options != NULL ? *options : PLAIN};
    enum error_code code = check_scope(set, scope, index, err);
    size_t size = 0;
    if (code == ERR_NONE && calendar.options.category != NONE) {
        code = check_scope(set, FEED_CATEGORY, calendar.options.category, err);
    }
    if (code == ERR_NONE) {
        code = measure_head(&calendar, &size, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    struct selection selection;
    code = select_scope(&calendar, set, &selection);
    if (code != ERR_NONE) {
        return error_set(err, code, "feeds: %s", error_sentence_en(code));
    }
    for (size_t i = selection.from; i < selection.to && selection.has_window; i++) {
        size += event_size(&selection, i);
    }
    if (selection.has_window) {
        select_narrow(&selection, size, LIMIT_FEED_BYTES);
    }
    struct feed_info info;
    describe(&selection, &info);
    calendar.last_modified = info.last_modified;
    code = write_calendar(&calendar, &selection, out, err);
    if (code == ERR_NONE && ret_info != NULL) {
        *ret_info = info;
    }
    free(selection.owned);
    return code;
}
