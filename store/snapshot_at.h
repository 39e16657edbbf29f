/* store/snapshot_at: the snapshot as an earlier revision left it, from the audit trail backwards. Nothing in
 * the file is touched: the tables that changed since are copied into temporary ones, which the loader then
 * reads in their place; also on a read-only connection.
 *
 * One thing is not in the audit: a visible change of a hall, a course … raises changed_at of the sessions
 * that show it, and an older snapshot shows the later stamp. Reports do not look at it. */
#ifndef LITANG_STORE_SNAPSHOT_AT_H
#define LITANG_STORE_SNAPSHOT_AT_H

#include "store/store.h"

/* ERR_NOT_FOUND: there is no such revision (0 is the empty database before the first). */
enum error_code store_snapshot_at(struct store *store, int64_t revision, struct timetable **ret_timetable,
                                  struct error *err);
/* The newest revision that was made before this instant (UTC seconds); 0: none. */
enum error_code store_revision_before(struct store *store, int64_t seconds, int64_t *ret_revision,
                                      struct error *err);

#endif
