#include "store/refusals.h"

#include "base/vec.h"
#include "store/store_private.h"

#include <stdlib.h>
#include <string.h>

static enum error_code entry_read(const struct statement *rows, struct arena *arena,
                                  struct refusal_entry *entry, struct error *err)
{
    *entry = (struct refusal_entry){
        arena_copy_text(arena, column_text(rows, 0)), arena_copy_text(arena, column_text(rows, 1)),
        arena_copy_text(arena, column_text(rows, 2)), arena_copy_text(arena, column_text(rows, 3)),
        arena_copy_text(arena, column_text(rows, 4))};
    bool kept = entry->request_id != NULL && entry->plan_name != NULL && entry->kind != NULL &&
                entry->zh != NULL && entry->en != NULL;
    return kept ? ERR_NONE : error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

enum error_code refusals_load(struct store *store, struct refusal_entries *ret_entries, struct error *err)
{
    struct statement rows;
    size_t capacity = 0;
    bool row = true;
    *ret_entries = (struct refusal_entries){0};
    arena_init(&ret_entries->arena);
    /* Newest plan first within a request; the reader keeps the first. */
    enum error_code code = statement_prepare(
        &rows, store->db,
        "SELECT r.request_id, r.plan_name, r.kind, r.zh, r.en FROM plan_refusal r "
        "JOIN plan p ON p.name = r.plan_name ORDER BY r.request_id, p.created_at DESC, p.name DESC",
        err);
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        size_t count = ret_entries->count;
        if (code != ERR_NONE || !row ||
            (count > 0 && strcmp(ret_entries->items[count - 1].request_id, column_text(&rows, 0)) == 0)) {
            continue;
        }
        void *grown =
            vec_reserve(ret_entries->items, &capacity, count + 1, sizeof *ret_entries->items, LIMIT_ROWS);
        if (grown == NULL) {
            code = error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
            continue;
        }
        ret_entries->items = grown;
        code = entry_read(&rows, &ret_entries->arena, &ret_entries->items[count], err);
        ret_entries->count += code == ERR_NONE;
    }
    statement_finish(&rows);
    return code;
}

void refusals_finish(struct refusal_entries *entries)
{
    free(entries->items);
    arena_finish(&entries->arena);
    *entries = (struct refusal_entries){0};
}

const struct refusal_entry *refusals_find(const struct refusal_entries *entries, const char *request_id)
{
    size_t low = 0;
    size_t high = entries->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(entries->items[middle].request_id, request_id);
        if (order == 0) {
            return &entries->items[middle];
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return NULL;
}
