/* store/undo_rows: audit entries turned round: the change that takes one back, after a look whether the row
 * is still as that revision left it. Only store/ includes it. */
#ifndef LITANG_STORE_UNDO_ROWS_H
#define LITANG_STORE_UNDO_ROWS_H

#include "store/audit.h"
#include "store/gate.h"

struct undo {
    struct store *store;
    sqlite3 *db;
    struct change_set *set;
    struct timetable *timetable; /* owned reference; as it is now */
    struct table_statements tables[TABLE_COUNT];
    int64_t revision; /* that is taken back */
};

/* Adds the reverse of one entry to undo->set. ERR_STALE names the row when something later changed it. */
enum error_code undo_plain_row(struct undo *undo, enum store_table table, const struct audit_entry *entry,
                               struct error *err);
enum error_code undo_series(struct undo *undo, const struct audit_entry *entry, struct error *err);
enum error_code undo_session(struct undo *undo, const struct audit_entry *entry, struct error *err);
enum error_code undo_stale(struct undo *undo, const struct audit_entry *entry, struct error *err);

#endif
