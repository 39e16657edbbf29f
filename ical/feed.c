#include "ical/feed.h"

#include "ical/calendar.h"
#include "ical/feed_select.h"

#include <sodium.h>

/* 2026-01-01T00:00:00Z: when the text of FEED_TEMPLATE 1 was made. */
static const int64_t TEMPLATE_AT = 1767225600;

static const char OPAQUE_LINE[] = "TRANSP:OPAQUE\r\n";

const char *feed_scope_name(enum feed_scope scope)
{
    static const char *const NAMES[FEED_SCOPES] = {"city",       "county",   "township", "hall",
                                                   "instructor", "provider", "category"};
    return (size_t)scope < FEED_SCOPES ? NAMES[scope] : "";
}

/* Where events are written anew, and what renders the English ones on the way. */
struct feed_writer {
    struct safe_writer safe;
    struct event_writer events; /* into `bytes` */
    struct text bytes;
};

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
    event_gather(set->timetable, &set->zone, selection_session(selection, i), set->today, &event);
    text_clear(&writer->bytes);
    event_render(&writer->events, &event, ret_layout);
    if (writer->bytes.failed != ERR_NONE && writer->safe.out->failed == ERR_NONE) {
        writer->safe.out->failed = writer->bytes.failed;
    }
    return text_string(&writer->bytes);
}

/* An event as only this feed has it: in English, or with an alarm. */
static void write_event(struct feed_writer *writer, const struct selection *selection, size_t i)
{
    struct text *out = writer->safe.out;
    const struct fragment *fragment = selection_fragment(selection, i);
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
    if (selection->options.alarm_min > 0 && selection_session(selection, i)->status != SESSION_CANCELLED) {
        event_render_alarm(&writer->safe, bytes + layout.summary_at, layout.summary_length,
                           selection->options.alarm_min);
    }
    text_add_bytes(out, bytes + end, EVENT_END_BYTES);
}

/* Adds a kept event: not copied, but for the one line that an instructor's feed has otherwise. */
static void add_event(struct feed_body *body, const struct selection *selection, size_t i)
{
    const struct fragment *fragment = selection_fragment(selection, i);
    const char *bytes = fragment->bytes;
    size_t at = 0;
    if (bytes == NULL) {
        return;
    }
    if (selection->is_opaque) {
        feed_body_add(body, bytes, fragment->layout.transp_at);
        feed_body_add(body, OPAQUE_LINE, sizeof OPAQUE_LINE - 1);
        at = fragment->layout.transp_at + EVENT_TRANSP_BYTES;
    }
    feed_body_add(body, bytes + at, fragment->layout.length - at);
}

static bool is_kept(const struct selection *selection)
{
    return !selection->options.english && selection->options.alarm_min == 0;
}

/* Head and tail, or, when no event is as it is kept, everything. */
static enum error_code write_own(const struct calendar *calendar, const struct selection *selection,
                                 struct text *own, size_t *ret_head, struct error *err)
{
    struct feed_writer writer;
    feed_writer_init(&writer, own, selection);
    enum error_code code = calendar_head(&writer.safe, calendar, err);
    for (size_t i = selection->from; i < selection->to && code == ERR_NONE && !is_kept(selection); i++) {
        write_event(&writer, selection, i);
    }
    *ret_head = own->length;
    calendar_tail(own);
    feed_writer_finish(&writer, selection);
    return code == ERR_NONE ? text_status(own, err) : code;
}

/* RFC 9110 §8.8.1 asks of a strong tag that it changes with the bytes, not how it is made. */
static void digest_make(struct feed_body *body, const struct selection *selection)
{
    crypto_generichash_state state;
    unsigned char kind = is_kept(selection) ? (selection->is_opaque ? 'O' : 'T') : 'W';
    crypto_generichash_init(&state, NULL, 0, sizeof body->digest);
    crypto_generichash_update(&state, &kind, 1);
    crypto_generichash_update(&state, (const unsigned char *)text_string(&body->own), body->own.length);
    for (size_t i = selection->from; i < selection->to && is_kept(selection); i++) {
        const struct fragment *fragment = selection_fragment(selection, i);
        if (fragment->bytes != NULL) {
            crypto_generichash_update(&state, fragment->digest, sizeof fragment->digest);
        }
    }
    crypto_generichash_final(&state, body->digest, sizeof body->digest);
}

static enum error_code body_make(const struct calendar *calendar, const struct selection *selection,
                                 struct feed_body *body, struct error *err)
{
    size_t head = 0;
    enum error_code code = write_own(calendar, selection, &body->own, &head, err);
    if (code != ERR_NONE) {
        return code;
    }
    const char *own = text_string(&body->own);
    feed_body_add(body, own, head);
    for (size_t i = selection->from; i < selection->to && is_kept(selection); i++) {
        add_event(body, selection, i);
    }
    feed_body_add(body, own + head, body->own.length - head);
    digest_make(body, selection);
    return text_status(&body->own, err);
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

/* The body borrows from `set`. */
static enum error_code compose(const struct feed_set *set, enum feed_scope scope, uint32_t index,
                               const struct feed_options *options, struct feed_body *body,
                               struct feed_info *ret_info, struct error *err)
{
    static const struct feed_options PLAIN = {.category = NONE};
    struct calendar calendar = {set->timetable, &set->zone,  scope,
                                index,          TEMPLATE_AT, options != NULL ? *options : PLAIN};
    enum error_code code = check_scope(set, scope, index, err);
    if (code == ERR_NONE && calendar.options.category != NONE) {
        code = check_scope(set, FEED_CATEGORY, calendar.options.category, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    struct selection selection;
    struct feed_info info;
    size_t head = 0;
    code = selection_init(&selection, set, scope, index, &calendar.options);
    if (code != ERR_NONE) {
        error_set(err, code, "feeds: %s", error_sentence_en(code));
        goto out;
    }
    code = selection.has_window ? measure_head(&calendar, &head, err) : ERR_NONE;
    if (code != ERR_NONE) {
        goto out;
    }
    if (selection.has_window) {
        selection_fit(&selection, head < LIMIT_FEED_BYTES ? LIMIT_FEED_BYTES - head : 0);
    }
    selection_describe(&selection, &info);
    if (info.last_modified < TEMPLATE_AT) {
        info.last_modified = TEMPLATE_AT;
    }
    calendar.last_modified = info.last_modified;
    code = body_make(&calendar, &selection, body, err);
    if (code == ERR_NONE && ret_info != NULL) {
        *ret_info = info;
    }
out:
    selection_finish(&selection);
    return code;
}

enum error_code feed_compose(struct feed_set *set, enum feed_scope scope, uint32_t index,
                             const struct feed_options *options, struct feed_body *ret_body,
                             struct feed_info *ret_info, struct error *err)
{
    struct feed_body body;
    feed_body_init(&body);
    enum error_code code = compose(set, scope, index, options, &body, ret_info, err);
    if (code != ERR_NONE) {
        feed_body_finish(&body);
        return code;
    }
    body.set = feed_set_ref(set);
    *ret_body = body;
    return ERR_NONE;
}

enum error_code feed_render(const struct feed_set *set, enum feed_scope scope, uint32_t index,
                            const struct feed_options *options, struct text *out, struct feed_info *ret_info,
                            struct error *err)
{
    struct feed_body body;
    struct feed_info info;
    size_t before = out->length;
    feed_body_init(&body);
    enum error_code code = compose(set, scope, index, options, &body, &info, err);
    if (code == ERR_NONE) {
        feed_body_write(&body, out);
        code = text_status(out, err);
        out->length = code == ERR_NONE ? out->length : before; /* half a feed must not be mistaken for one */
    }
    feed_body_finish(&body);
    if (code == ERR_NONE && ret_info != NULL) {
        *ret_info = info;
    }
    return code;
}
