/* daemon/inbox_job: one look into the drop folder, and the file that it finds settled. Worker threads, one at
 * a time. */
#ifndef LITANG_DAEMON_INBOX_JOB_H
#define LITANG_DAEMON_INBOX_JOB_H

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

enum {
    INBOX_SETTLE_MS = 3000, /* a file stands still for so long before it is read */
    INBOX_POLL_MS = 5000,   /* events get lost on network shares */
    INBOX_EVENT_MS = 200,
    INBOX_TRIES = 5, /* of a file that fails for a reason outside itself, ever later */
    INBOX_RETRY_MS = 5000
};

/* policy, name, what it does */
#define INBOX_POLICY_LIST(X)                                                                                 \
    X(INBOX_PREVIEW, "preview") /* a report, nothing written */                                              \
    X(INBOX_IMPORT, "import")   /* all rows or none */                                                       \
    X(INBOX_PARTIAL, "partial") /* good rows go in */
enum inbox_policy {
#define X(code, name) code,
    INBOX_POLICY_LIST(X)
#undef X
};
const char *inbox_policy_name(enum inbox_policy policy);
bool inbox_policy_from_name(const char *name, enum inbox_policy *ret_policy);

/* A name in the folder, and how it was when it was seen last. */
struct inbox_file {
    char name[NAME_MAX + 1];
    dev_t device;
    ino_t inode;
    mode_t mode;
    off_t size;
    int64_t changed_ns;
    uint64_t since_ms;      /* when it was seen so first */
    uint64_t not_before_ms; /* after a failure outside the file */
    unsigned tries;
    bool is_there; /* in the current look */
    bool is_done;  /* dealt with but could not be moved: not again until it changes */
};

struct inbox_job {
    const char *path, *actor, *db_path;
    enum inbox_policy policy;
    struct clock_source clock;
    uint64_t settle_ms; /* 0: INBOX_SETTLE_MS */

    int root, done, failed;   /* descriptors of the folders, -1: not open */
    struct inbox_file *files; /* owned */
    size_t count, capacity;
    bool is_gone, is_full; /* said in the log */
    atomic_bool is_stopping;
    uint64_t wait_ms; /* result: when to look again */
};

enum error_code inbox_job_open(struct inbox_job *job, struct error *err);
void inbox_job_close(struct inbox_job *job);
/* No further file is begun. Any thread. */
void inbox_job_stop(struct inbox_job *job);

/* Looks, and deals with at most one file. */
void inbox_job_run(struct inbox_job *job);

#endif
