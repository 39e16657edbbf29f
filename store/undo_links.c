#include "store/undo_links.h"

#include "base/limits.h"
#include "base/vec.h"

#include <stdlib.h>

/* An undoer counts unless a newer one, seen before it, has taken it back. */
static enum error_code link_add(struct undo_links *links, int64_t undoer, int64_t undone)
{
    if (undo_links_by(links, undoer) != 0) {
        return ERR_NONE;
    }
    void *grown =
        vec_reserve(links->undoers, &links->capacity, links->count + 1, sizeof *links->undoers, LIMIT_ROWS);
    if (grown == NULL) {
        return ERR_MEMORY;
    }
    links->undoers = grown;
    links->undoers[links->count] = undoer;
    return id_map_put(&links->undone, undone, (uint32_t)links->count++);
}

enum error_code undo_links_load(sqlite3 *db, struct undo_links *ret_links, struct error *err)
{
    struct statement rows;
    bool row = true;
    *ret_links = (struct undo_links){0};
    id_map_init(&ret_links->undone);
    enum error_code code = statement_prepare(
        &rows, db, "SELECT id, undoes FROM revision WHERE undoes IS NOT NULL ORDER BY id DESC", err);
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code == ERR_NONE && row) {
            code = link_add(ret_links, column_integer(&rows, 0), column_integer(&rows, 1));
        }
    }
    statement_finish(&rows);
    return code;
}

void undo_links_finish(struct undo_links *links)
{
    free(links->undoers);
    id_map_finish(&links->undone);
    *links = (struct undo_links){0};
}

int64_t undo_links_by(const struct undo_links *links, int64_t revision)
{
    uint32_t index = id_map_get(&links->undone, revision);
    return index == ID_MAP_NONE ? 0 : links->undoers[index];
}
