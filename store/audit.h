/* store/audit: what a commit did, row by row; collected while it runs, one entry a row however often it is
 * touched, and written at its end. Only store/ includes it. */
#ifndef LITANG_STORE_AUDIT_H
#define LITANG_STORE_AUDIT_H

#include "base/arena.h"
#include "base/map.h"
#include "store/sql.h"

struct audit_entry {
    const char *table, *key;    /* key: JSON array of the key columns */
    const char *before, *after; /* JSON objects; NULL: not there */
};

struct audit {
    struct arena arena;
    struct audit_entry *items; /* owned */
    size_t count, capacity;
    struct map index;
};

void audit_init(struct audit *audit);
void audit_finish(struct audit *audit);
/* Texts are copied. `table` must be a literal. */
enum error_code audit_note(struct audit *audit, const char *table, const char *key, const char *before,
                           const char *after, struct error *err);
/* Does the entry say that anything changed? */
bool audit_entry_counts(const struct audit_entry *entry);
size_t audit_changes(const struct audit *audit);
enum error_code audit_write(const struct audit *audit, sqlite3 *db, int64_t revision, struct error *err);

#endif
