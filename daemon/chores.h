/* daemon/chores: what the loop thread wants written: receipts and rotations. Filled on the loop thread, run
 * by a worker on the store that watches the database (its own commits wake nobody), read again on the loop
 * thread. */
#ifndef LITANG_DAEMON_CHORES_H
#define LITANG_DAEMON_CHORES_H

#include "store/receipts.h"
#include "store/tokens.h"

struct chore_rotation {
    size_t place; /* in the rotation desk */
    char old_hash[TOKEN_HASH_SIZE], new_hash[TOKEN_HASH_SIZE];
    enum error_code code; /* how it ended */
};

struct chores {
    struct receipt *receipts; /* owned */
    size_t receipt_count;
    struct chore_rotation rotations[LIMIT_ROTATIONS];
    size_t rotation_count;
};

enum {
    CHORE_RECEIPTS_MAX = 4096,      /* of one transaction: 40 ms */
    CHORE_RECEIPTS_EVERY_MS = 5000, /* at most one write in so long */
};

/* Writes everything. Receipts that cannot be written are dropped with a line in the log: the next fetch of
 * each brings it again. True: tokens changed. */
bool chores_run(struct chores *chores, struct store *store);
/* All rotations that were not run fail with this code. */
void chores_fail(struct chores *chores, enum error_code code);
void chores_finish(struct chores *chores);

#endif
