/* store/store: one open database. The only user of SQLite. A store belongs to one thread at a time; each
 * process or thread opens its own. WAL mode, foreign keys on, busy timeout set. */
#ifndef LITANG_STORE_STORE_H
#define LITANG_STORE_STORE_H

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "scheduler/timetable.h"
#include "scheduler/weights.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum store_mode {
    STORE_CREATE,   /* make an empty database; ERR_EXISTS when the file holds one already */
    STORE_OPEN,     /* ERR_NOT_FOUND when absent; an older schema is migrated under an exclusive lock,
                     * a newer one is ERR_VERSION with both numbers */
    STORE_READ_ONLY /* an older schema is ERR_VERSION here */
};

/* `path` is a file name, never a URI. The clock is copied. */
enum error_code store_open(const char *path, enum store_mode mode, struct clock_source clock,
                           struct store **ret_store, struct error *err);
void store_close(struct store *store); /* NULL is allowed */

/* The published revision; 0 in an empty database. */
enum error_code store_revision(struct store *store, int64_t *ret_revision, struct error *err);
/* Changes whenever another connection or process commits (PRAGMA data_version); cheap, for polling. */
enum error_code store_data_version(struct store *store, int64_t *ret_version, struct error *err);
/* The snapshot of the current revision: cached in the store while the revision stands; the caller gets
 * a reference of its own. */
enum error_code store_snapshot(struct store *store, struct timetable **ret_timetable, struct error *err);
enum error_code store_weights(struct store *store, struct weights *ret_weights, struct error *err);

/* Online backup and restore by SQLite's backup API. A backup takes the place of an earlier one or of an empty
 * file; ERR_USAGE: something else is there, or a database in use. Restore refuses a file that is not a litang
 * database of a known version, or fails its integrity check, before touching anything. */
enum error_code store_backup(struct store *store, const char *to_path, struct error *err);
enum error_code store_restore(const char *from_path, const char *to_path, struct error *err);

/* The store's clock: UTC seconds. */
int64_t store_now_s(const struct store *store);

/* Does the database hold any area, hall or session yet? */
enum error_code store_is_empty(struct store *store, bool *ret_empty, struct error *err);
/* The setting's value into `out`, which is cleared; *ret_given false: nobody has set it, the default holds.
 */
enum error_code store_setting(struct store *store, const char *name, struct text *out, bool *ret_given,
                              struct error *err);

#endif
