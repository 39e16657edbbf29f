/* store/plans_private: what the plans*.c files share; nobody else includes it. */
#ifndef LITANG_STORE_PLANS_PRIVATE_H
#define LITANG_STORE_PLANS_PRIVATE_H

#include "store/plans.h"
#include "store/store_private.h"

struct plan_head {
    char name[LIMIT_ID_BYTES + 1];
    int64_t base_revision, published_revision;
};

/* name NULL: the newest that is not published. ERR_NOT_FOUND. */
enum error_code plan_find(struct store *store, const char *name, struct plan_head *ret_head,
                          struct error *err);

#endif
