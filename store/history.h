/* store/history: who changed what and why. */
#ifndef LITANG_STORE_HISTORY_H
#define LITANG_STORE_HISTORY_H

#include "base/arena.h"
#include "store/store.h"

struct history_entry {
    int64_t revision;
    int64_t at;                          /* UTC seconds */
    const char *actor, *reason, *source; /* texts belong to the history */
    int64_t undoes;                      /* the revision it took back, or 0 */
    int64_t undone_by;                   /* the revision in force that took it back, or 0 */
    size_t rows;                         /* rows changed, a session with its instructors being one */
    size_t created, updated, dropped;    /* of them */
};

struct history {
    struct arena arena;
    struct history_entry *items; /* newest first */
    size_t count;
};

/* The newest `max` revisions. To be finished by the caller, also after a failure. */
enum error_code history_load(struct store *store, size_t max, struct history *ret_history, struct error *err);
void history_finish(struct history *history);

/* What became of one session: the audit's own words, JSON objects, NULL when it was not there. */
struct session_change {
    int64_t revision, at;
    const char *actor, *reason, *source, *before, *after; /* texts belong to the list */
};
struct session_changes {
    struct arena arena;
    struct session_change *items; /* newest first */
    size_t count;
};
/* To be finished by the caller, also after a failure. A session that never was has no changes. */
enum error_code session_changes_load(struct store *store, int64_t session_id,
                                     struct session_changes *ret_changes, struct error *err);
void session_changes_finish(struct session_changes *changes);

#endif
