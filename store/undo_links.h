/* store/undo_links: which revision took back which, and which of these are in force: an undo that was itself
 * undone is not. Only store/ includes it. */
#ifndef LITANG_STORE_UNDO_LINKS_H
#define LITANG_STORE_UNDO_LINKS_H

#include "scheduler/id_map.h"
#include "store/sql.h"

struct undo_links {
    int64_t *undoers; /* owned; revisions that undo another one */
    size_t count, capacity;
    struct id_map undone; /* revision -> index of the undoer in force */
};

enum error_code undo_links_load(sqlite3 *db, struct undo_links *ret_links, struct error *err);
void undo_links_finish(struct undo_links *links);
/* The revision in force that took this one back, or 0. */
int64_t undo_links_by(const struct undo_links *links, int64_t revision);

#endif
