/* daemon/watch: sees commits, its own process's and others', and makes the next snapshot. All of it on a
 * worker thread, four times a second: the loop thread never waits for SQLite. */
#ifndef LITANG_DAEMON_WATCH_H
#define LITANG_DAEMON_WATCH_H

#include "daemon/chores.h"
#include "daemon/published.h"
#include "store/store.h"

#include <sys/stat.h>
#include <uv.h>

struct watch {
    /* set by the caller: */
    const char *db_path; /* borrowed */
    struct clock_source clock;
    /* Called on the loop thread with the new snapshot, which is handed over. */
    void (*changed)(void *context, struct published *published);
    /* Called on the loop thread before and after each job: what is to be written, and how that went. */
    void (*collect)(void *context, struct chores *chores);
    void (*settle)(void *context, struct chores *chores);
    /* Called on the loop thread with all tokens when any of them may have changed; they are handed over. */
    void (*tokens_changed)(void *context, struct token_list tokens);
    void *context;

    uv_timer_t timer;
    uv_work_t work;
    bool working, stopping, timer_open;
    unsigned failures;        /* in a row */
    uint64_t retry_at_ms;     /* loop time; after a failure */
    struct published *loaded; /* what the last job made; NULL: nothing new */
    enum error_code code;     /* how it ended */
    struct error error;
    struct chores chores;
    struct token_list tokens; /* owned; when tokens_loaded */
    bool tokens_loaded;

    /* of the one job in flight, else of nobody: */
    struct store *store;              /* owned */
    dev_t device;                     /* which file `store` has open: */
    ino_t inode;                      /* a restored database is another file */
    int64_t seen_version;             /* data_version when the newest load began */
    const struct published *previous; /* borrowed: what is shown, until `changed` is called */
};

enum {
    WATCH_INTERVAL_MS = 250, /* a commit is seen well within the second that DESIGN asks for */
    WATCH_RETRY_MAX_MS = 30000
};

/* Opens the store and loads the first snapshot and all tokens on the calling thread. */
enum error_code watch_open(struct watch *watch, struct published **ret_first, struct token_list *ret_tokens,
                           struct error *err);
/* `first` is shown from now on. */
void watch_start(struct watch *watch, uv_loop_t *loop, const struct published *first);
/* Stops polling; a job in flight ends by itself (watch->working falls). */
void watch_stop(struct watch *watch);
/* Writes what is left and closes the store; after the loop has ended. */
void watch_close(struct watch *watch);

#endif
