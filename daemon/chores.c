/* daemon/chores: see chores.h. */
#include "daemon/chores.h"

#include "base/log.h"

#include <stdlib.h>

static void receipts_clear(struct chores *chores)
{
    free(chores->receipts);
    chores->receipts = NULL;
    chores->receipt_count = 0;
}

bool chores_run(struct chores *chores, struct store *store)
{
    bool tokens_changed = false;
    struct error err = {0};
    for (size_t i = 0; i < chores->rotation_count; i++) {
        struct chore_rotation *rotation = &chores->rotations[i];
        rotation->code = token_rotate(store, rotation->old_hash, rotation->new_hash, &err);
        tokens_changed = tokens_changed || rotation->code == ERR_NONE;
        if (rotation->code != ERR_NONE && rotation->code != ERR_NOT_FOUND) {
            log_line(LOG_LEVEL_ERROR, "changing a secret address: %s", err.text);
        }
    }
    if (chores->receipt_count > 0) {
        if (receipts_write(store, chores->receipts, chores->receipt_count, &err) != ERR_NONE) {
            log_line(LOG_LEVEL_ERROR, "writing receipts: %s", err.text);
        }
        receipts_clear(chores);
    }
    return tokens_changed;
}

void chores_fail(struct chores *chores, enum error_code code)
{
    for (size_t i = 0; i < chores->rotation_count; i++) {
        chores->rotations[i].code = code;
    }
}

void chores_finish(struct chores *chores)
{
    receipts_clear(chores);
    chores->rotation_count = 0;
}
