/* store/gate: one commit on its way through the gate; shared by the gate_*.c files and nobody else. */
#ifndef LITANG_STORE_GATE_H
#define LITANG_STORE_GATE_H

#include "base/vec.h"
#include "scheduler/id_map.h"
#include "scheduler/placement.h"
#include "store/audit.h"
#include "store/change_private.h"
#include "store/store_private.h"

/* Prepared on first use. */
struct table_statements {
    struct statement select, insert, update, drop;
};

/* A session that the set touches. */
struct session_work {
    const struct session
        *before;          /* in gate->timetable (dropped: in gate->before); NULL when new or restored */
    struct session after; /* indices of gate->timetable; texts of the set, the snapshot or gate->arena */
    const struct session_op *op; /* the last one that touched it */
    uint32_t slot;               /* in gate->book, NONE when cancelled */
    bool is_new, is_restored, is_changed;
    bool is_placed_anew;  /* room, time, people or coming back from a cancellation */
    bool keeps_overrides; /* it stays where it is, so what was approved for it stands */
    const char *moved_from_room_id, *old_moved_from_room_id;
    struct override_row overrides[OVERRIDES_MAX];
    size_t override_count;
    const struct override_row *old_overrides;
    size_t old_override_count;
};

/* A plain row that changed visibly: which sessions show it is found in gate_dependents.c. */
struct shown_row {
    enum store_table table;
    const char *key;
};

struct gate {
    struct store *store;
    sqlite3 *db;
    struct change_set *set;
    const struct gate_options *options;
    struct commit_result *result;
    struct arena arena;
    int64_t now_s, revision;
    struct timetable *before; /* owned reference; the snapshot when the commit began, or NULL */
    struct timetable
        *timetable;    /* owned reference; plain rows as they will be, sessions as they were, or NULL */
    struct book *book; /* owned; may be NULL */
    struct table_statements tables[TABLE_COUNT];
    uint32_t changed_tables; /* bit of each enum store_table */
    struct audit audit;
    struct {
        struct shown_row *items;
        size_t count, capacity;
    } shown; /* owned */
    struct {
        struct session_work *items;
        size_t count, capacity;
    } works; /* owned */
    struct {
        int64_t *items;
        size_t count, capacity;
    } dropped;             /* owned; session ids */
    struct id_map unheld;  /* sessions whose attendance the set drops */
    struct id_map work_of; /* session id -> index in works */
    int64_t *series_ids;   /* in the arena: of the n-th new series */
    size_t hard;
    size_t waiting_rows; /* of the set: they belong to sessions that are new */
};

enum error_code gate_memory(struct error *err);
/* gate_rows.c */
enum error_code gate_apply_rows(struct gate *gate, struct error *err);
/* After gate_write_sessions: attendance of the set's new sessions. */
enum error_code gate_apply_waiting_rows(struct gate *gate, struct error *err);
enum error_code row_fetch(sqlite3 *db, struct table_statements *statements, const struct table_info *info,
                          const struct record *key, struct arena *arena, bool *ret_found,
                          struct record *ret_record, struct error *err);
void table_statements_finish(struct table_statements *statements);
/* ERR_INPUT names a row that refers to nothing, if any does. */
enum error_code gate_check_references(struct gate *gate, struct error *err);
/* gate_drops.c: sessions and series that undo removes, series that are new; before any rows. */
enum error_code gate_apply_drops(struct gate *gate, struct error *err);
enum error_code gate_apply_series(struct gate *gate, struct error *err);
/* gate_sessions.c: what each touched session will be; and the rules over all of them at once. */
enum error_code gate_resolve_sessions(struct gate *gate, struct error *err);
enum error_code gate_check_rules(struct gate *gate, struct error *err);
/* gate_write.c */
enum error_code gate_write_sessions(struct gate *gate, struct error *err);
/* gate_dependents.c: raises changed_at of every session that shows a changed row. */
enum error_code gate_raise_dependents(struct gate *gate, struct error *err);
/* gate_reflag.c: fills result->reflagged. */
enum error_code gate_reflag(struct gate *gate, struct error *err);

/* session_json.c: the audit's words for a session, its instructors and its overrides. */
struct session_words {
    const struct timetable *timetable;
    const struct session *session;
    const char *moved_from_room_id;
    const struct override_row *overrides;
    size_t override_count;
};
void session_json(const struct session_words *words, struct text *out);
/* Overrides and moved_from_room_id of a stored session, which a snapshot does not hold. */
enum error_code session_extras(sqlite3 *db, const struct session *session, struct arena *arena,
                               struct session_words *words, struct error *err);

#endif
