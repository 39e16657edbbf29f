#include "store/history.h"

#include "base/vec.h"
#include "store/store_private.h"
#include "store/undo_links.h"

#include <stdlib.h>
#include <string.h>

static enum error_code entry_read(const struct statement *rows, const struct undo_links *links,
                                  struct arena *arena, struct history_entry *entry, struct error *err)
{
    *entry = (struct history_entry){
        .revision = column_integer(rows, 0),
        .at = column_integer(rows, 1),
        .actor = arena_copy_text(arena, column_text(rows, 2)),
        .reason = arena_copy_text(arena, column_text(rows, 3)),
        .source = arena_copy_text(arena, column_text(rows, 4)),
        .undoes = column_integer(rows, 5),
        .rows = (size_t)column_integer(rows, 6),
        .created = (size_t)column_integer(rows, 7),
        .dropped = (size_t)column_integer(rows, 8),
    };
    entry->updated = entry->rows - entry->created - entry->dropped;
    entry->undone_by = undo_links_by(links, entry->revision);
    bool kept = entry->actor != NULL && entry->reason != NULL && entry->source != NULL;
    return kept ? ERR_NONE : error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

static enum error_code entries_read(struct store *store, size_t max, const struct undo_links *links,
                                    struct history *history, struct error *err)
{
    struct statement rows;
    bool row = true;
    enum error_code code =
        statement_prepare(&rows, store->db,
                          "SELECT r.id, r.at, r.actor, r.reason, r.source, r.undoes, count(a.seq), "
                          "sum(CASE WHEN a.seq IS NOT NULL AND a.before IS NULL THEN 1 ELSE 0 END), "
                          "sum(CASE WHEN a.seq IS NOT NULL AND a.after IS NULL THEN 1 ELSE 0 END) "
                          "FROM (SELECT * FROM revision ORDER BY id DESC LIMIT :max) r LEFT JOIN audit a ON "
                          "a.revision_id = r.id "
                          "GROUP BY r.id ORDER BY r.id DESC",
                          err);
    statement_integer(&rows, ":max", max > LIMIT_ROWS ? LIMIT_ROWS : (int64_t)max);
    struct history_entry *items = NULL;
    size_t capacity = 0;
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code != ERR_NONE || !row) {
            continue;
        }
        void *grown = vec_reserve(items, &capacity, history->count + 1, sizeof *items, LIMIT_ROWS);
        if (grown == NULL) {
            code = error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
            continue;
        }
        items = grown;
        code = entry_read(&rows, links, &history->arena, &items[history->count], err);
        history->count += code == ERR_NONE;
    }
    statement_finish(&rows);
    history->items = items;
    return code;
}

enum error_code history_load(struct store *store, size_t max, struct history *ret_history, struct error *err)
{
    struct undo_links links;
    *ret_history = (struct history){0};
    arena_init(&ret_history->arena);
    enum error_code code = sql_run(store->db, "BEGIN", err);
    if (code != ERR_NONE) {
        return code;
    }
    code = undo_links_load(store->db, &links, err);
    if (code == ERR_NONE) {
        code = entries_read(store, max, &links, ret_history, err);
    }
    undo_links_finish(&links);
    (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

void history_finish(struct history *history)
{
    free(history->items);
    arena_finish(&history->arena);
    *history = (struct history){0};
}
