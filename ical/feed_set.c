#include "ical/feed_set.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* Past so many edits at once the lists are sorted anew instead of patched. */
    CHANGES_MAX = 32
};

void feed_library_init(void)
{
    icalerror_set_errors_are_fatal(0);
    ical_set_unknown_token_handling_setting(ICAL_ASSUME_IANA_TOKEN);
    /* Loads the built-in zones' list, which two threads must not do at once. */
    (void)icaltimezone_get_utc_timezone();
    if (sodium_init() < 0) {
        return; /* it chooses the fastest BLAKE2b; the portable one gives the same digests */
    }
}

/* A set in the making. */
struct builder {
    struct feed_set *set;
    const struct feed_set *previous; /* or NULL */
    bool same_frame, same_day;       /* as in the previous set */
    struct event_writer writer;
    struct text event, bytes; /* one rendered event; the chunk's data so far */
    size_t at;                /* where in the previous set's sessions, which are sorted by id too */
    struct feed_change changes[CHANGES_MAX];
    size_t change_count; /* CHANGES_MAX + 1: too many, or sessions moved up or down in the array */
};

static void chunk_unref(struct chunk *chunk)
{
    if (chunk != NULL && atomic_fetch_sub_explicit(&chunk->references, 1, memory_order_acq_rel) == 1) {
        free(chunk);
    }
}

static void note_change(struct builder *builder, size_t index, bool is_new)
{
    if (builder->change_count < CHANGES_MAX) {
        builder->changes[builder->change_count] = (struct feed_change){(uint32_t)index, is_new};
    }
    builder->change_count += builder->change_count <= CHANGES_MAX ? 1 : 0;
}

static bool text_same(const char *left, const char *right)
{
    /* NULL shows as nothing. */
    return strcmp(left == NULL ? "" : left, right == NULL ? "" : right) == 0;
}

/* What all events show: zone, UIDs, organizer, addresses. */
static bool frame_same(const struct timetable *old, const struct timetable *timetable)
{
    return text_same(old->tzid, timetable->tzid) && text_same(old->uid_domain, timetable->uid_domain) &&
           text_same(old->organizer, timetable->organizer) &&
           text_same(old->public_url, timetable->public_url);
}

static bool day_matters(const struct session *session)
{
    return session->moved_at != 0 || session->status == SESSION_CANCELLED;
}

/* Does the session look as it did in the set before, at `then` of its sessions? */
static bool session_same(const struct builder *builder, size_t then, size_t now)
{
    const struct timetable *timetable = builder->set->timetable;
    return builder->same_frame &&
           builder->previous->timetable->signatures[then] == timetable->signatures[now] &&
           (builder->same_day || !day_matters(&timetable->sessions[now]));
}

/* Notes those of a chunk's sessions that stand elsewhere in the lists than in the set before. */
static void chunk_compare(struct builder *builder, size_t from, size_t to)
{
    const struct timetable *timetable = builder->set->timetable;
    const struct timetable *old = builder->previous->timetable;
    for (size_t i = from; i < to; i++) {
        if (i >= old->session_count) {
            note_change(builder, i, true);
        } else if (old->signatures[i] == timetable->signatures[i]) {
            continue;
        } else if (old->sessions[i].at.session_id != timetable->sessions[i].at.session_id) {
            builder->change_count = CHANGES_MAX + 1;
        } else if (feed_index_moves(old, timetable, (uint32_t)i)) {
            note_change(builder, i, false);
        }
    }
}

/* The chunk of the set before, if all its sessions show what they did. One look at 512 bytes, so that one
 * edit among 100,000 sessions costs little more than its own chunk. */
static struct chunk *chunk_same(struct builder *builder, size_t c, size_t from, size_t to)
{
    const struct timetable *timetable = builder->set->timetable;
    const struct timetable *old = builder->previous->timetable;
    bool same = to <= old->session_count && memcmp(old->signatures + from, timetable->signatures + from,
                                                   (to - from) * sizeof *timetable->signatures) == 0;
    if (!same) {
        chunk_compare(builder, from, to);
        return NULL;
    }
    struct chunk *chunk = builder->previous->chunks[c];
    bool whole = chunk->count == to - from;
    return whole && builder->same_frame && (builder->same_day || !chunk->day_matters) ? chunk : NULL;
}

/* The same session's fragment in the set before, and its index there. */
static const struct fragment *previous_find(struct builder *builder, size_t index, int64_t session_id,
                                            size_t *ret_then)
{
    const struct feed_set *previous = builder->previous;
    size_t count = previous == NULL ? 0 : previous->timetable->session_count;
    if (index < count && previous->timetable->sessions[index].at.session_id == session_id) {
        builder->at = index;
    }
    while (builder->at < count && previous->timetable->sessions[builder->at].at.session_id < session_id) {
        builder->at++;
    }
    if (builder->at == count || previous->timetable->sessions[builder->at].at.session_id != session_id) {
        return NULL;
    }
    *ret_then = builder->at;
    return feed_set_fragment(previous, builder->at);
}

/* Renders the event into builder->event. */
static void fragment_render(struct builder *builder, const struct event *event, struct fragment *fragment)
{
    text_clear(&builder->event);
    event_render(&builder->writer, event, &fragment->layout);
    if (builder->event.failed != ERR_NONE && builder->bytes.failed == ERR_NONE) {
        builder->bytes.failed = builder->event.failed;
    }
    crypto_generichash(fragment->digest, sizeof fragment->digest,
                       (const unsigned char *)text_string(&builder->event), builder->event.length, NULL, 0);
    text_add_bytes(&builder->bytes, text_string(&builder->event), builder->event.length);
    builder->set->stats.rendered++;
}

/* Appends the event's bytes; until the chunk is whole, `bytes` of a fragment only says that there are some.
 */
static void fragment_make(struct builder *builder, size_t index, struct fragment *ret_fragment)
{
    struct feed_set *set = builder->set;
    const struct session *session = &set->timetable->sessions[index];
    size_t then = 0;
    const struct fragment *old = previous_find(builder, index, session->at.session_id, &then);
    bool known = old != NULL && old->bytes != NULL;
    if (known && session_same(builder, then, index)) {
        *ret_fragment = *old;
        text_add_bytes(&builder->bytes, old->bytes, old->layout.length);
        set->stats.reused++;
        return;
    }
    struct event event;
    event_gather(set->timetable, &set->zone, session, set->today, &event);
    struct fragment fragment = {.day = session->at.day,
                                .modified_at = event.numbers[EVENT_MODIFIED_AT],
                                .hash = event_hash(&event),
                                .bytes = ""};
    if (known && old->hash == fragment.hash) {
        fragment.layout = old->layout;
        memcpy(fragment.digest, old->digest, sizeof fragment.digest);
        text_add_bytes(&builder->bytes, old->bytes, old->layout.length);
        set->stats.reused++;
    } else {
        fragment_render(builder, &event, &fragment);
    }
    *ret_fragment = fragment;
}

static struct chunk *chunk_make(struct builder *builder, size_t from, size_t to)
{
    struct feed_set *set = builder->set;
    struct fragment fragments[CHUNK_SESSIONS] = {0};
    size_t dropped = 0;
    bool daily = false;
    text_clear(&builder->bytes);
    for (size_t i = from; i < to; i++) {
        const struct session *session = &set->timetable->sessions[i];
        struct fragment *fragment = &fragments[i - from];
        fragment->day = session->at.day;
        daily = daily || day_matters(session);
        if (event_dropped(session, set->today)) {
            fragment->modified_at = session->changed_at;
            dropped++;
        } else {
            fragment_make(builder, i, fragment);
        }
        if (builder->bytes.failed != ERR_NONE) {
            return NULL;
        }
    }
    size_t bytes = sizeof(struct chunk) + builder->bytes.length;
    struct chunk *chunk = malloc(bytes);
    if (chunk == NULL) {
        return NULL;
    }
    atomic_init(&chunk->references, 1);
    chunk->bytes = bytes;
    chunk->count = to - from;
    chunk->dropped = dropped;
    chunk->day_matters = daily;
    memcpy(chunk->fragments, fragments, sizeof fragments);
    memcpy(chunk->data, text_string(&builder->bytes), builder->bytes.length);
    size_t at = 0;
    for (size_t i = 0; i < chunk->count; i++) {
        struct fragment *fragment = &chunk->fragments[i];
        fragment->bytes = fragment->bytes != NULL ? chunk->data + at : NULL;
        at += fragment->bytes != NULL ? fragment->layout.length : 0;
    }
    return chunk;
}

static enum error_code chunks_make(struct builder *builder)
{
    struct feed_set *set = builder->set;
    size_t total = set->timetable->session_count;
    for (size_t c = 0; c < set->chunk_count; c++) {
        size_t from = c * CHUNK_SESSIONS;
        size_t to = total - from < CHUNK_SESSIONS ? total : from + CHUNK_SESSIONS;
        struct chunk *chunk = builder->previous == NULL ? NULL : chunk_same(builder, c, from, to);
        if (chunk != NULL) {
            atomic_fetch_add_explicit(&chunk->references, 1, memory_order_relaxed);
            set->stats.reused += chunk->count - chunk->dropped;
        } else {
            chunk = chunk_make(builder, from, to);
        }
        if (chunk == NULL) {
            return builder->bytes.failed != ERR_NONE ? builder->bytes.failed : ERR_MEMORY;
        }
        set->chunks[c] = chunk;
        set->stats.dropped += chunk->dropped;
        set->stats.bytes += chunk->bytes;
    }
    return ERR_NONE;
}

/* Dropped sessions stay in the lists: the day on which they fell out dates the feed. */
static enum error_code indexes_make(struct builder *builder)
{
    struct feed_set *set = builder->set;
    const struct feed_set *previous = builder->previous;
    enum error_code code = ERR_INPUT;
    if (previous != NULL && builder->change_count <= CHANGES_MAX &&
        previous->timetable->session_count <= set->timetable->session_count) {
        code = feed_index_patch(previous->timetable, previous->indexes, set->timetable, builder->changes,
                                builder->change_count, set->indexes);
    }
    if (code == ERR_INPUT) {
        code = feed_index_build(set->timetable, set->indexes);
    }
    for (size_t i = 0; i < FEED_SCOPES && code == ERR_NONE; i++) {
        set->stats.bytes += set->indexes[i]->bytes;
    }
    return code;
}

static enum error_code set_fill(struct feed_set *set, const struct feed_set *previous)
{
    struct builder builder = {.set = set, .previous = previous};
    if (previous != NULL) {
        builder.same_frame = frame_same(previous->timetable, set->timetable);
        builder.same_day = previous->today == set->today;
    }
    enum error_code code = ERR_NONE;
    text_init(&builder.event, LIMIT_FEED_BYTES);
    text_init(&builder.bytes, LIMIT_FEED_BYTES * CHUNK_SESSIONS);
    event_writer_init(&builder.writer, &builder.event, set->timetable->organizer, false);
    code = builder.event.failed;
    if (code == ERR_NONE) {
        code = chunks_make(&builder);
    }
    if (code == ERR_NONE) {
        code = indexes_make(&builder);
    }
    event_writer_finish(&builder.writer);
    text_finish(&builder.event);
    text_finish(&builder.bytes);
    return code;
}

enum error_code feed_set_create(struct timetable *timetable, int32_t today, const struct feed_set *previous,
                                struct feed_set **ret_set, struct error *err)
{
    struct feed_set *set = calloc(1, sizeof *set);
    enum error_code code = ERR_MEMORY;
    if (set == NULL) {
        goto fail_text;
    }
    atomic_init(&set->references, 1);
    set->today = today;
    set->timetable = timetable_ref(timetable);
    code = zone_load(timetable->tzid == NULL ? "Asia/Shanghai" : timetable->tzid, &set->zone, err);
    if (code != ERR_NONE) {
        error_wrap(err, "feeds");
        goto fail;
    }
    size_t count = (timetable->session_count + CHUNK_SESSIONS - 1) / CHUNK_SESSIONS;
    set->chunks = calloc(count + 1, sizeof(struct chunk *));
    if (set->chunks == NULL) {
        code = ERR_MEMORY;
        goto fail_text;
    }
    set->chunk_count = count;
    code = set_fill(set, previous);
    if (code != ERR_NONE) {
        goto fail_text;
    }
    *ret_set = set;
    return ERR_NONE;

fail_text:
    error_set(err, code, "feeds: %s", error_sentence_en(code));
fail:
    feed_set_unref(set);
    return code;
}

struct feed_set *feed_set_ref(struct feed_set *set)
{
    atomic_fetch_add_explicit(&set->references, 1, memory_order_relaxed);
    return set;
}

void feed_set_unref(struct feed_set *set)
{
    if (set == NULL || atomic_fetch_sub_explicit(&set->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (size_t i = 0; i < set->chunk_count; i++) {
        chunk_unref(set->chunks[i]);
    }
    for (size_t i = 0; i < FEED_SCOPES; i++) {
        feed_index_unref(set->indexes[i]);
    }
    free(set->chunks);
    timetable_unref(set->timetable);
    free(set);
}

const struct timetable *feed_set_timetable(const struct feed_set *set)
{
    return set->timetable;
}

int32_t feed_set_today(const struct feed_set *set)
{
    return set->today;
}

struct feed_set_stats feed_set_stats(const struct feed_set *set)
{
    return set->stats;
}
