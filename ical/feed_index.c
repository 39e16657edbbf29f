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

static struct feed_list *list_create(size_t capacity)
{
    struct feed_list *list = malloc(sizeof *list + capacity * sizeof(uint32_t));
    if (list != NULL) {
        atomic_init(&list->references, 1);
        list->count = 0;
        list->capacity = (uint32_t)capacity;
    }
    return list;
}

static void list_unref(struct feed_list *list)
{
    if (list != NULL && atomic_fetch_sub_explicit(&list->references, 1, memory_order_acq_rel) == 1) {
        free(list);
    }
}

/* With one reference and no lists. */
static struct feed_index *index_create(size_t keys)
{
    struct feed_index *index = calloc(1, sizeof *index + keys * sizeof(struct feed_list *));
    if (index != NULL) {
        atomic_init(&index->references, 1);
        index->keys = keys;
        index->bytes = sizeof *index + keys * sizeof(struct feed_list *);
    }
    return index;
}

void feed_index_unref(struct feed_index *index)
{
    if (index == NULL || atomic_fetch_sub_explicit(&index->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (size_t key = 0; key < index->keys; key++) {
        list_unref(index->lists[key]);
    }
    free(index);
}

static void indexes_drop(struct feed_index *indexes[FEED_SCOPES])
{
    for (size_t scope = 0; scope < FEED_SCOPES; scope++) {
        feed_index_unref(indexes[scope]);
    }
}

/* Gives each key that has sessions an empty list of the right capacity. False: out of memory. */
static bool lists_create(struct feed_index *index, const struct timetable *timetable, size_t scope)
{
    uint32_t keys[KEYS_MAX];
    uint32_t *counts = calloc(index->keys + 1, sizeof *counts);
    bool made = counts != NULL;
    for (size_t i = 0; i < timetable->session_count && made; i++) {
        size_t n = KEYS_OF[scope](timetable, &timetable->sessions[i], keys);
        for (size_t k = 0; k < n; k++) {
            if (keys[k] < index->keys) {
                counts[keys[k]]++;
            }
        }
    }
    for (size_t key = 0; key < index->keys && made; key++) {
        if (counts[key] > 0) {
            index->lists[key] = list_create(counts[key]);
            index->bytes += sizeof(struct feed_list) + counts[key] * sizeof(uint32_t);
            made = index->lists[key] != NULL;
        }
    }
    free(counts);
    return made;
}

/* `order` is sorted, so each key's list is. */
static struct feed_index *index_make(const struct timetable *timetable, const uint32_t *order, size_t scope)
{
    uint32_t keys[KEYS_MAX];
    struct feed_index *index = index_create(key_count(timetable, scope));
    if (index == NULL || !lists_create(index, timetable, scope)) {
        feed_index_unref(index);
        return NULL;
    }
    for (size_t i = 0; i < timetable->session_count; i++) {
        size_t n = KEYS_OF[scope](timetable, &timetable->sessions[order[i]], keys);
        for (size_t k = 0; k < n; k++) {
            if (keys[k] < index->keys) {
                struct feed_list *list = index->lists[keys[k]];
                list->items[list->count++] = order[i];
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

/* The first place in the list whose session does not come before `session`. */
static size_t lower_bound(const struct feed_list *list, const struct timetable *timetable, uint32_t session)
{
    size_t from = 0;
    size_t to = list->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (compare_session(&list->items[middle], &session, context_of(timetable)) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

/* The key's list, to be changed: a copy with room for one more when it is shared, full or not there. NULL:
 * out of memory. */
static struct feed_list *list_own(struct feed_index *index, uint32_t key)
{
    enum {
        ROOM = 4
    };
    struct feed_list *list = index->lists[key];
    size_t count = list == NULL ? 0 : list->count;
    if (list != NULL && atomic_load_explicit(&list->references, memory_order_acquire) == 1 &&
        list->count < list->capacity) {
        return list;
    }
    struct feed_list *copy = list_create(count + ROOM);
    if (copy == NULL) {
        return NULL;
    }
    index->bytes += sizeof *copy + copy->capacity * sizeof(uint32_t);
    if (list != NULL) {
        memcpy(copy->items, list->items, count * sizeof *copy->items);
        index->bytes -= sizeof *list + list->capacity * sizeof(uint32_t);
    }
    copy->count = (uint32_t)count;
    list_unref(list);
    index->lists[key] = copy;
    return copy;
}

static bool index_remove(struct feed_index *index, uint32_t key, const struct timetable *old,
                         uint32_t session)
{
    struct feed_list *list = list_own(index, key);
    if (list == NULL) {
        return false;
    }
    size_t at = lower_bound(list, old, session);
    if (at < list->count && list->items[at] == session) {
        list->count--;
        memmove(list->items + at, list->items + at + 1, (list->count - at) * sizeof *list->items);
    }
    return true;
}

static bool index_insert(struct feed_index *index, uint32_t key, const struct timetable *timetable,
                         uint32_t session)
{
    struct feed_list *list = list_own(index, key);
    if (list == NULL) {
        return false;
    }
    size_t at = lower_bound(list, timetable, session);
    memmove(list->items + at + 1, list->items + at, (list->count - at) * sizeof *list->items);
    list->items[at] = session;
    list->count++;
    return true;
}

static struct feed_index *index_share(const struct feed_index *old)
{
    struct feed_index *index = index_create(old->keys);
    for (size_t key = 0; index != NULL && key < old->keys; key++) {
        index->lists[key] = old->lists[key];
        if (index->lists[key] != NULL) {
            atomic_fetch_add_explicit(&index->lists[key]->references, 1, memory_order_relaxed);
        }
    }
    if (index != NULL) {
        index->bytes = old->bytes;
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
    struct feed_index *index = index_share(old_index);
    bool done = index != NULL;
    for (size_t i = 0; i < count && done; i++) {
        size_t n = changes[i].is_new ? 0 : KEYS_OF[scope](old, &old->sessions[changes[i].index], keys);
        for (size_t k = 0; k < n && done; k++) {
            done = keys[k] >= index->keys || index_remove(index, keys[k], old, changes[i].index);
        }
    }
    for (size_t i = 0; i < count && done; i++) {
        size_t n = KEYS_OF[scope](timetable, &timetable->sessions[changes[i].index], keys);
        for (size_t k = 0; k < n && done; k++) {
            done = keys[k] >= index->keys || index_insert(index, keys[k], timetable, changes[i].index);
        }
    }
    if (!done) {
        feed_index_unref(index);
        return NULL;
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
