#include "ical/feed_index.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEYS_MAX = LIMIT_SESSION_INSTRUCTORS
};

/* Under which keys a session stands; NONE is left out by the caller. */
typedef size_t keys_function(const struct timetable *timetable, const struct session *session,
                             uint32_t ret_keys[KEYS_MAX]);

static size_t city_keys(const struct timetable *timetable, const struct session *session,
                        uint32_t ret_keys[KEYS_MAX])
{
    (void)timetable;
    (void)session;
    ret_keys[0] = 0;
    return 1;
}

static size_t county_keys(const struct timetable *timetable, const struct session *session,
                          uint32_t ret_keys[KEYS_MAX])
{
    ret_keys[0] = timetable_hall_county(timetable, timetable->rooms[session->at.room].hall);
    return 1;
}

static size_t township_keys(const struct timetable *timetable, const struct session *session,
                            uint32_t ret_keys[KEYS_MAX])
{
    ret_keys[0] = timetable_hall_township(timetable, timetable->rooms[session->at.room].hall);
    return 1;
}

static size_t hall_keys(const struct timetable *timetable, const struct session *session,
                        uint32_t ret_keys[KEYS_MAX])
{
    ret_keys[0] = timetable->rooms[session->at.room].hall;
    return 1;
}

static size_t instructor_keys(const struct timetable *timetable, const struct session *session,
                              uint32_t ret_keys[KEYS_MAX])
{
    (void)timetable;
    size_t count = session->at.instructor_count < KEYS_MAX ? session->at.instructor_count : KEYS_MAX;
    memcpy(ret_keys, session->at.instructors, count * sizeof *ret_keys);
    return count;
}

static size_t provider_keys(const struct timetable *timetable, const struct session *session,
                            uint32_t ret_keys[KEYS_MAX])
{
    ret_keys[0] = timetable->courses[session->at.course].provider;
    return 1;
}

static size_t category_keys(const struct timetable *timetable, const struct session *session,
                            uint32_t ret_keys[KEYS_MAX])
{
    ret_keys[0] = timetable->courses[session->at.course].category;
    return 1;
}

static keys_function *const KEYS_OF[FEED_SCOPES] = {
    [FEED_CITY] = city_keys,         [FEED_COUNTY] = county_keys,         [FEED_TOWNSHIP] = township_keys,
    [FEED_HALL] = hall_keys,         [FEED_INSTRUCTOR] = instructor_keys, [FEED_PROVIDER] = provider_keys,
    [FEED_CATEGORY] = category_keys,
};

static size_t key_count(const struct timetable *timetable, size_t scope)
{
    const size_t counts[FEED_SCOPES] = {
        [FEED_CITY] = 1,
        [FEED_COUNTY] = timetable->area_count,
        [FEED_TOWNSHIP] = timetable->area_count,
        [FEED_HALL] = timetable->hall_count,
        [FEED_INSTRUCTOR] = timetable->instructor_count,
        [FEED_PROVIDER] = timetable->provider_count,
        [FEED_CATEGORY] = timetable->category_count,
    };
    return counts[scope];
}

static int compare_session(const void *left, const void *right, void *context)
{
    const struct timetable *timetable = context;
    const struct session *a = &timetable->sessions[*(const uint32_t *)left];
    const struct session *b = &timetable->sessions[*(const uint32_t *)right];
    int64_t from = (int64_t)a->at.day * 1440 + a->at.start_min;
    int64_t to = (int64_t)b->at.day * 1440 + b->at.start_min;
    if (from != to) {
        return from < to ? -1 : 1;
    }
    return (a->at.session_id > b->at.session_id) - (a->at.session_id < b->at.session_id);
}

/* qsort_r takes a pointer to non-const; it is only read. */
static struct timetable *context_of(const struct timetable *timetable)
{
    struct timetable *context = NULL;
    memcpy(&context, &timetable, sizeof context);
    return context;
}

/* With one reference; start is zeroed, the items are not. */
static struct feed_index *index_create(size_t keys, size_t items)
{
    size_t bytes = sizeof(struct feed_index) + (keys + 2 + items) * sizeof(uint32_t);
    struct feed_index *index = malloc(bytes);
    if (index != NULL) {
        atomic_init(&index->references, 1);
        index->keys = keys;
        index->bytes = bytes;
        index->start = (uint32_t *)(index + 1);
        index->items = index->start + keys + 2;
        memset(index->start, 0, (keys + 2) * sizeof *index->start);
    }
    return index;
}

void feed_index_unref(struct feed_index *index)
{
    if (index != NULL && atomic_fetch_sub_explicit(&index->references, 1, memory_order_acq_rel) == 1) {
        free(index);
    }
}

static void indexes_drop(struct feed_index *indexes[FEED_SCOPES])
{
    for (size_t scope = 0; scope < FEED_SCOPES; scope++) {
        feed_index_unref(indexes[scope]);
    }
}

/* How often `order`'s sessions stand under a key. */
static size_t items_count(const struct timetable *timetable, size_t scope)
{
    uint32_t keys[KEYS_MAX];
    size_t bound = key_count(timetable, scope);
    size_t total = 0;
    for (size_t i = 0; i < timetable->session_count; i++) {
        size_t n = KEYS_OF[scope](timetable, &timetable->sessions[i], keys);
        for (size_t k = 0; k < n; k++) {
            total += keys[k] < bound ? 1 : 0;
        }
    }
    return total;
}

/* A counting sort: `order` is sorted, so each key's list is. */
static struct feed_index *index_make(const struct timetable *timetable, const uint32_t *order, size_t scope)
{
    uint32_t keys[KEYS_MAX];
    struct feed_index *index = index_create(key_count(timetable, scope), items_count(timetable, scope));
    if (index == NULL) {
        return NULL;
    }
    /* start[k + 2] counts; after the sums start[k + 1] is where key k goes on, and in the end where it stops.
     */
    for (size_t i = 0; i < timetable->session_count; i++) {
        size_t n = KEYS_OF[scope](timetable, &timetable->sessions[i], keys);
        for (size_t k = 0; k < n; k++) {
            if (keys[k] < index->keys) {
                index->start[keys[k] + 2]++;
            }
        }
    }
    for (size_t k = 2; k < index->keys + 2; k++) {
        index->start[k] += index->start[k - 1];
    }
    for (size_t i = 0; i < timetable->session_count; i++) {
        size_t n = KEYS_OF[scope](timetable, &timetable->sessions[order[i]], keys);
        for (size_t k = 0; k < n; k++) {
            if (keys[k] < index->keys) {
                index->items[index->start[keys[k] + 1]++] = order[i];
            }
        }
    }
    return index;
}

enum error_code feed_index_build(const struct timetable *timetable,
                                 struct feed_index *ret_indexes[FEED_SCOPES])
{
    struct feed_index *indexes[FEED_SCOPES] = {0};
    size_t count = timetable->session_count;
    uint32_t *order = malloc((count + 1) * sizeof *order);
    enum error_code code = order == NULL ? ERR_MEMORY : ERR_NONE;
    for (size_t i = 0; i < count && code == ERR_NONE; i++) {
        order[i] = (uint32_t)i;
    }
    if (code == ERR_NONE) {
        qsort_r(order, count, sizeof *order, compare_session, context_of(timetable));
    }
    for (size_t scope = 0; scope < FEED_SCOPES && code == ERR_NONE; scope++) {
        indexes[scope] = index_make(timetable, order, scope);
        code = indexes[scope] == NULL ? ERR_MEMORY : ERR_NONE;
    }
    free(order);
    if (code != ERR_NONE) {
        indexes_drop(indexes);
        return code;
    }
    memcpy(ret_indexes, indexes, sizeof indexes);
    return ERR_NONE;
}

/* ---- patching ---- */

/* Does the session stand under the same keys at the same place? */
static bool change_moves(const struct timetable *old, const struct timetable *timetable, size_t scope,
                         const struct feed_change *change)
{
    uint32_t before[KEYS_MAX];
    uint32_t after[KEYS_MAX];
    if (change->is_new) {
        return true;
    }
    const struct session *from = &old->sessions[change->index];
    const struct session *to = &timetable->sessions[change->index];
    size_t count = KEYS_OF[scope](timetable, to, after);
    return from->at.day != to->at.day || from->at.start_min != to->at.start_min ||
           KEYS_OF[scope](old, from, before) != count || memcmp(before, after, count * sizeof *before) != 0;
}

bool feed_index_moves(const struct timetable *old, const struct timetable *timetable, uint32_t index)
{
    const struct feed_change change = {index, false};
    bool moves = false;
    for (size_t scope = 0; scope < FEED_SCOPES && !moves; scope++) {
        moves = change_moves(old, timetable, scope, &change);
    }
    return moves;
}

/* The first place in the key's list whose session does not come before `session`. */
static size_t lower_bound(const struct feed_index *index, uint32_t key, const struct timetable *timetable,
                          uint32_t session)
{
    size_t from = index->start[key];
    size_t to = index->start[key + 1];
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (compare_session(&index->items[middle], &session, context_of(timetable)) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

static void index_remove(struct feed_index *index, uint32_t key, const struct timetable *old,
                         uint32_t session)
{
    size_t at = lower_bound(index, key, old, session);
    size_t total = index->start[index->keys];
    if (at < index->start[key + 1] && index->items[at] == session) {
        memmove(index->items + at, index->items + at + 1, (total - at - 1) * sizeof *index->items);
        for (size_t k = (size_t)key + 1; k <= index->keys; k++) {
            index->start[k]--;
        }
    }
}

static void index_insert(struct feed_index *index, uint32_t key, const struct timetable *timetable,
                         uint32_t session)
{
    size_t at = lower_bound(index, key, timetable, session);
    size_t total = index->start[index->keys];
    memmove(index->items + at + 1, index->items + at, (total - at) * sizeof *index->items);
    index->items[at] = session;
    for (size_t k = (size_t)key + 1; k <= index->keys; k++) {
        index->start[k]++;
    }
}

static struct feed_index *index_copy(const struct feed_index *old, size_t room)
{
    size_t total = old->start[old->keys];
    struct feed_index *index = index_create(old->keys, total + room);
    if (index != NULL) {
        memcpy(index->start, old->start, (old->keys + 1) * sizeof *index->start);
        memcpy(index->items, old->items, total * sizeof *index->items);
    }
    return index;
}

/* All changed sessions leave first: what stays is in one order by either timetable, so that a binary search
 * for what goes works with the old one, and for what comes with the new one. */
static struct feed_index *index_patch(const struct timetable *old, const struct feed_index *old_index,
                                      const struct timetable *timetable, size_t scope,
                                      const struct feed_change *changes, size_t count)
{
    uint32_t keys[KEYS_MAX];
    struct feed_index *index = index_copy(old_index, count * KEYS_MAX);
    for (size_t i = 0; i < count && index != NULL; i++) {
        size_t n = changes[i].is_new ? 0 : KEYS_OF[scope](old, &old->sessions[changes[i].index], keys);
        for (size_t k = 0; k < n; k++) {
            if (keys[k] < index->keys) {
                index_remove(index, keys[k], old, changes[i].index);
            }
        }
    }
    for (size_t i = 0; i < count && index != NULL; i++) {
        size_t n = KEYS_OF[scope](timetable, &timetable->sessions[changes[i].index], keys);
        for (size_t k = 0; k < n; k++) {
            if (keys[k] < index->keys) {
                index_insert(index, keys[k], timetable, changes[i].index);
            }
        }
    }
    return index;
}

enum error_code feed_index_patch(const struct timetable *old,
                                 struct feed_index *const old_indexes[FEED_SCOPES],
                                 const struct timetable *timetable, const struct feed_change *changes,
                                 size_t count, struct feed_index *ret_indexes[FEED_SCOPES])
{
    struct feed_index *indexes[FEED_SCOPES] = {0};
    enum error_code code = ERR_NONE;
    for (size_t scope = 0; scope < FEED_SCOPES && code == ERR_NONE; scope++) {
        bool moves = false;
        for (size_t i = 0; i < count && !moves; i++) {
            moves = change_moves(old, timetable, scope, &changes[i]);
        }
        if (old_indexes[scope]->keys != key_count(timetable, scope)) {
            code = ERR_INPUT;
        } else if (!moves) {
            indexes[scope] = old_indexes[scope];
            atomic_fetch_add_explicit(&indexes[scope]->references, 1, memory_order_relaxed);
        } else {
            indexes[scope] = index_patch(old, old_indexes[scope], timetable, scope, changes, count);
            code = indexes[scope] == NULL ? ERR_MEMORY : ERR_NONE;
        }
    }
    if (code != ERR_NONE) {
        indexes_drop(indexes);
        return code;
    }
    memcpy(ret_indexes, indexes, sizeof indexes);
    return ERR_NONE;
}
