/* store/overrides: rules that were set aside for a session, by whom and why; a snapshot holds only which. */
#ifndef LITANG_STORE_OVERRIDES_H
#define LITANG_STORE_OVERRIDES_H

#include "base/arena.h"
#include "scheduler/rules.h"
#include "store/store.h"

struct session_override {
    int64_t session_id;
    enum rule_code rule;
    const char *reason, *actor; /* texts belong to the list */
    int64_t at;                 /* UTC seconds */
};

struct override_list {
    struct arena arena;
    struct session_override *items; /* by session_id, then rule name */
    size_t count;
};

/* Of one session, or of all (session_id 0). To be finished by the caller, also after a failure. */
enum error_code override_list_load(struct store *store, int64_t session_id, struct override_list *ret_list,
                                   struct error *err);
void override_list_finish(struct override_list *list);

#endif
