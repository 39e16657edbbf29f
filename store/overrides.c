#include "store/overrides.h"

#include "base/vec.h"
#include "store/store_private.h"

#include <stdlib.h>

static enum error_code row_add(struct override_list *list, size_t *capacity, const struct statement *rows)
{
    struct session_override row = {
        .session_id = column_integer(rows, 0),
        .rule = rule_from_name(column_text(rows, 1)),
        .reason = arena_copy_text(&list->arena, column_text(rows, 2)),
        .actor = arena_copy_text(&list->arena, column_text(rows, 3)),
        .at = column_integer(rows, 4),
    };
    void *grown = vec_reserve(list->items, capacity, list->count + 1, sizeof row, LIMIT_ROWS);
    if (grown == NULL || row.reason == NULL || row.actor == NULL) {
        list->items = grown != NULL ? grown : list->items;
        return ERR_MEMORY;
    }
    list->items = grown;
    list->items[list->count] = row;
    list->count += row.rule != RULE_COUNT;
    return ERR_NONE;
}

enum error_code override_list_load(struct store *store, int64_t session_id, struct override_list *ret_list,
                                   struct error *err)
{
    struct statement rows;
    size_t capacity = 0;
    bool row = true;
    *ret_list = (struct override_list){0};
    arena_init(&ret_list->arena);
    enum error_code code = statement_prepare(&rows, store->db,
                                             "SELECT session_id, rule, reason, actor, at FROM override "
                                             "WHERE :id = 0 OR session_id = :id ORDER BY session_id, rule",
                                             err);
    statement_integer(&rows, ":id", session_id);
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code == ERR_NONE && row && row_add(ret_list, &capacity, &rows) != ERR_NONE) {
            code = error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
        }
    }
    statement_finish(&rows);
    return code;
}

void override_list_finish(struct override_list *list)
{
    free(list->items);
    arena_finish(&list->arena);
    *list = (struct override_list){0};
}
