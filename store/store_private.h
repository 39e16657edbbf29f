/* store/store_private: the open database as the files of store/ see it; nobody else includes it. */
#ifndef LITANG_STORE_STORE_PRIVATE_H
#define LITANG_STORE_STORE_PRIVATE_H

#include "store/sql.h"
#include "store/store.h"

struct store {
    sqlite3 *db; /* owned */
    struct clock_source clock;
    bool read_only;
    /* The newest snapshot that was loaded; it holds while neither the revision nor the file has changed
     * (a restore may bring an equal number back with other contents). */
    struct timetable *cached; /* owned reference */
    int64_t cached_data_version;
};

enum {
    /* How long a writer waits for another one before ERR_BUSY. */
    STORE_BUSY_MS = 10000
};

/* A connection with our settings; `flags` are SQLITE_OPEN_*. The path is never taken for a URI. */
enum error_code store_connect(const char *path, int flags, sqlite3 **ret_db, struct error *err);
/* The revision as the current transaction sees it. */
enum error_code store_read_revision(struct store *store, int64_t *ret_revision, struct error *err);
/* store_snapshot inside a transaction that the caller has begun. */
enum error_code store_snapshot_here(struct store *store, struct timetable **ret_timetable, struct error *err);
/* Makes `timetable` the cached snapshot, true at this data version (read before the transaction ended). */
void store_cache(struct store *store, struct timetable *timetable, int64_t data_version);

/* Reads all tables within the current transaction; `revision` is written into the snapshot. Bad rows are
 * ERR_INPUT with table and row. */
enum error_code snapshot_load(struct store *store, int64_t revision, struct timetable **ret_timetable,
                              struct error *err);

#endif
