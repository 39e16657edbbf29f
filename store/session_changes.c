/* The audit of one session, for its page and for who asks what happened. */
#include "base/vec.h"
#include "store/history.h"
#include "store/store_private.h"

#include <stdlib.h>

static enum error_code change_read(const struct statement *rows, struct arena *arena,
                                   struct session_change *change)
{
    *change = (struct session_change){
        .revision = column_integer(rows, 0),
        .at = column_integer(rows, 1),
        .actor = arena_copy_text(arena, column_text(rows, 2)),
        .reason = arena_copy_text(arena, column_text(rows, 3)),
        .source = arena_copy_text(arena, column_text(rows, 4)),
        .before = arena_copy_text(arena, column_text(rows, 5)),
        .after = arena_copy_text(arena, column_text(rows, 6)),
    };
    bool kept = change->actor != NULL && change->reason != NULL && change->source != NULL;
    return kept ? ERR_NONE : ERR_MEMORY;
}

static enum error_code changes_read(struct statement *rows, struct session_changes *changes,
                                    struct error *err)
{
    size_t capacity = 0;
    bool row = true;
    enum error_code code = ERR_NONE;
    while (code == ERR_NONE && row) {
        code = statement_step(rows, &row, err);
        if (code != ERR_NONE || !row) {
            continue;
        }
        void *grown =
            vec_reserve(changes->items, &capacity, changes->count + 1, sizeof *changes->items, LIMIT_ROWS);
        code = grown == NULL ? ERR_MEMORY : ERR_NONE;
        if (code == ERR_NONE) {
            changes->items = grown;
            code = change_read(rows, &changes->arena, &changes->items[changes->count]);
        }
        if (code == ERR_NONE) {
            changes->count++;
        } else {
            (void)error_set(err, code, "内存不足 (out of memory)");
        }
    }
    return code;
}

enum error_code session_changes_load(struct store *store, int64_t session_id,
                                     struct session_changes *ret_changes, struct error *err)
{
    struct statement rows;
    char key[32];
    *ret_changes = (struct session_changes){0};
    arena_init(&ret_changes->arena);
    sqlite3_snprintf((int)sizeof key, key, "[%lld]", (long long)session_id);
    enum error_code code =
        statement_prepare(&rows, store->db,
                          "SELECT r.id, r.at, r.actor, r.reason, r.source, a.before, a.after FROM audit a "
                          "JOIN revision r ON r.id = a.revision_id "
                          "WHERE a.table_name = 'session' AND a.row_key = :key ORDER BY r.id DESC",
                          err);
    statement_text(&rows, ":key", key);
    if (code == ERR_NONE) {
        code = changes_read(&rows, ret_changes, err);
    }
    statement_finish(&rows);
    return code;
}

void session_changes_finish(struct session_changes *changes)
{
    free(changes->items);
    arena_finish(&changes->arena);
    *changes = (struct session_changes){0};
}
