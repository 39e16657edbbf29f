/* store/change_private: a change set as the gate sees it, with what only undo may ask for. Only store/
 * includes it. */
#ifndef LITANG_STORE_CHANGE_PRIVATE_H
#define LITANG_STORE_CHANGE_PRIVATE_H

#include "store/change.h"
#include "store/tables.h"

enum {
    /* Beyond EDIT_*: what undo brings back. */
    EDIT_MARGINS = 1 << 16,
    EDIT_OVERRIDES = 1 << 17,
    EDIT_EVERYTHING = (1 << 10) - 1 + EDIT_MARGINS + EDIT_OVERRIDES,
    /* Overridable rules of one session. */
    OVERRIDES_MAX = RULE_COUNT
};

struct override_row {
    enum rule_code rule;
    const char *reason, *actor;
    int64_t at;
};

/* A session in ids and texts, as it comes from a caller or from the audit. */
struct session_spec {
    int64_t id; /* 0: new */
    const char *course_id, *room_id, *request_id;
    const char *instructor_ids[LIMIT_SESSION_INSTRUCTORS];
    size_t instructor_count;
    int32_t day, start_min, minutes, setup_min, clear_min;
    int64_t series_id;
    enum session_status status;
    bool pinned, series_exception;
    int32_t heads, counts_as;
    const char *note, *cancel_reason;
    /* of a session that comes back after it was dropped */
    int32_t sequence;
    int64_t created_at, changed_at;
    const struct override_row *overrides;
    size_t override_count;
};

enum row_op_kind {
    ROW_PUT,
    ROW_DROP
};
struct row_op {
    enum row_op_kind kind;
    enum store_table table;
    uint32_t given; /* bit i: column i */
    struct record record;
};

enum session_op_kind {
    SESSION_OP_NEW,
    SESSION_OP_EDIT,
    SESSION_OP_DROP,
    SESSION_OP_RESTORE
};
struct session_op {
    enum session_op_kind kind;
    uint32_t fields; /* of an edit */
    struct session_spec spec;
};

enum series_op_kind {
    SERIES_OP_NEW,
    SERIES_OP_DROP,
    SERIES_OP_RESTORE
};
struct series_op {
    enum series_op_kind kind;
    int64_t id; /* 0: new */
    const char *request_id;
    enum holiday_rule holiday_rule;
};

struct change_set {
    struct arena arena;
    const char *actor, *reason, *source;
    struct {
        struct row_op *items;
        size_t count, capacity;
    } rows; /* owned */
    struct {
        struct session_op *items;
        size_t count, capacity;
    } sessions; /* owned */
    struct {
        struct series_op *items;
        size_t count, capacity;
    } series; /* owned */
    size_t new_series_count;
    uint64_t override_rules;
    const char *override_reason;
    int32_t override_until; /* day */
    int64_t expected_revision;
};

/* Appends; texts of the spec must already live in set->arena. */
enum error_code change_set_add_session(struct change_set *set, const struct session_op *op,
                                       struct error *err);
enum error_code change_set_add_series(struct change_set *set, const struct series_op *op, struct error *err);
enum error_code change_set_add_row(struct change_set *set, const struct row_op *op, struct error *err);

/* The gate with what undo and publish need around it. */
struct gate_options {
    bool dry_run;
    /* Inside the transaction, before anything is read: fill the set, or refuse. May be NULL. */
    enum error_code (*prepare)(struct store *store, struct change_set *set, void *context, struct error *err);
    /* Inside the transaction, after the revision was written. May be NULL. */
    enum error_code (*conclude)(struct store *store, int64_t revision, void *context, struct error *err);
    void *context;
    int64_t undoes; /* 0: nothing */
};
enum error_code gate_run(struct store *store, struct change_set *set, const struct gate_options *options,
                         struct commit_result *result, struct error *err);

#endif
