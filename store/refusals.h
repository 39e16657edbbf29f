/* store/refusals: why a request was not placed, as the newest plan that says so put it. */
#ifndef LITANG_STORE_REFUSALS_H
#define LITANG_STORE_REFUSALS_H

#include "base/arena.h"
#include "store/store.h"

struct refusal_entry {
    const char *request_id, *plan_name, *kind, *zh, *en; /* texts belong to the list */
};

struct refusal_entries {
    struct arena arena;
    struct refusal_entry *items; /* owned; by request, one each */
    size_t count;
};

/* To be finished by the caller, also after a failure. */
enum error_code refusals_load(struct store *store, struct refusal_entries *ret_entries, struct error *err);
void refusals_finish(struct refusal_entries *entries);
/* NULL: no plan has said anything about this request. */
const struct refusal_entry *refusals_find(const struct refusal_entries *entries, const char *request_id);

#endif
