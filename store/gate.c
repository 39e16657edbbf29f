/* The gate: the order of a commit, from begin to commit or roll back. */
#include "store/gate.h"

#include "base/vec.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void commit_result_finish(struct commit_result *result)
{
    free(result->new_session_ids);
    clash_list_finish(&result->clashes);
    clash_list_finish(&result->reflagged);
    timetable_unref(result->timetable);
    *result = (struct commit_result){0};
}

static void gate_finish(struct gate *gate)
{
    for (int i = 0; i < TABLE_COUNT; i++) {
        table_statements_finish(&gate->tables[i]);
    }
    audit_finish(&gate->audit);
    book_destroy(gate->book);
    timetable_unref(gate->before);
    timetable_unref(gate->timetable);
    free(gate->shown.items);
    free(gate->works.items);
    free(gate->dropped.items);
    id_map_finish(&gate->work_of);
    id_map_finish(&gate->unheld);
    arena_finish(&gate->arena);
}

static uint32_t tables_with(unsigned flag)
{
    uint32_t mask = 0;
    for (int i = 0; i < TABLE_COUNT; i++) {
        if ((table_info((enum store_table)i)->flags & flag) != 0) {
            mask |= UINT32_C(1) << i;
        }
    }
    return mask;
}

static enum error_code revision_check(struct gate *gate, struct error *err)
{
    enum error_code code = store_read_revision(gate->store, &gate->revision, err);
    int64_t expected = gate->set->expected_revision;
    if (code == ERR_NONE && expected != 0 && expected != gate->revision) {
        code = error_set(err, ERR_STALE,
                         "版本已是 %" PRId64 "，不再是 %" PRId64 " (the database is at revision %" PRId64
                         ", not at %" PRId64 ")",
                         gate->revision, expected, gate->revision, expected);
    }
    gate->result->revision = gate->revision;
    return code;
}

/* Row changes are possible even over data that no snapshot can be made of: that is how they are mended. */
static enum error_code before_load(struct gate *gate, struct error *err)
{
    struct error ignored = {0};
    bool needed = gate->set->sessions.count > 0;
    enum error_code code = store_snapshot_here(gate->store, &gate->before, needed ? err : &ignored);
    return needed || code != ERR_DATABASE ? code : ERR_NONE;
}

/* The timetable that the rules are asked over: the old one, or read anew when plain rows changed. Reading it
 * also proves that the changed rows make sense. */
static enum error_code timetable_load(struct gate *gate, struct error *err)
{
    uint32_t changed = gate->changed_tables & tables_with(TABLE_IN_SNAPSHOT);
    bool only_attendance = changed == UINT32_C(1) << TABLE_ATTENDANCE && gate->set->sessions.count == 0;
    if (changed == 0 || only_attendance) {
        gate->timetable = gate->before != NULL ? timetable_ref(gate->before) : NULL;
        return ERR_NONE;
    }
    enum error_code code = snapshot_load(gate->store, gate->revision + 1, &gate->timetable, err);
    return code == ERR_EXISTS || code == ERR_SYNTAX || code == ERR_LIMIT ? ERR_INPUT : code;
}

static enum error_code revision_write(struct gate *gate, struct error *err)
{
    struct statement insert;
    enum error_code code = statement_prepare(&insert, gate->db,
                                             "INSERT INTO revision (at, actor, reason, source, undoes) "
                                             "VALUES (:at, :actor, :reason, :source, :undoes)",
                                             err);
    if (code == ERR_NONE) {
        statement_integer(&insert, ":at", gate->now_s);
        statement_text(&insert, ":actor", gate->set->actor);
        statement_text(&insert, ":reason", gate->set->reason);
        statement_text(&insert, ":source", gate->set->source);
        if (gate->options->undoes != 0) {
            statement_integer(&insert, ":undoes", gate->options->undoes);
        }
        code = statement_run(&insert, err);
    }
    if (code == ERR_NONE) {
        gate->result->revision = sqlite3_last_insert_rowid(gate->db);
        code = audit_write(&gate->audit, gate->db, gate->result->revision, err);
    }
    statement_finish(&insert);
    if (code == ERR_NONE && gate->options->conclude != NULL) {
        code = gate->options->conclude(gate->store, gate->result->revision, gate->options->context, err);
    }
    return code;
}

static void result_count(struct gate *gate)
{
    struct commit_result *result = gate->result;
    for (size_t i = 0; i < gate->audit.count; i++) {
        const struct audit_entry *entry = &gate->audit.items[i];
        enum store_table table = table_from_name(entry->table);
        bool is_table = table != TABLE_COUNT;
        if (!audit_entry_counts(entry) || strcmp(entry->table, "series") == 0) {
            continue;
        }
        if (entry->before == NULL) {
            result->created++;
            result->created_by_table[is_table ? table : 0] += is_table;
        } else if (entry->after == NULL) {
            result->dropped++;
            result->dropped_by_table[is_table ? table : 0] += is_table;
        } else {
            result->updated++;
            result->updated_by_table[is_table ? table : 0] += is_table;
        }
    }
    for (int i = 0; i < TABLE_COUNT; i++) {
        result->unchanged += result->unchanged_by_table[i];
    }
}

static enum error_code gate_rows_phase(struct gate *gate, struct error *err)
{
    enum error_code code = gate_apply_drops(gate, err);
    if (code == ERR_NONE) {
        code = gate_apply_series(gate, err);
    }
    if (code == ERR_NONE) {
        code = gate_apply_rows(gate, err);
    }
    if (code == ERR_NONE) {
        code = gate_check_references(gate, err);
    }
    return code == ERR_NONE ? timetable_load(gate, err) : code;
}

static enum error_code gate_sessions_phase(struct gate *gate, struct error *err)
{
    enum error_code code = gate_resolve_sessions(gate, err);
    if (code == ERR_NONE) {
        code = gate_check_rules(gate, err);
    }
    if (code == ERR_NONE) {
        code = gate_write_sessions(gate, err);
    }
    if (code == ERR_NONE) {
        code = gate_apply_waiting_rows(gate, err);
    }
    if (code == ERR_NONE) {
        code = gate_raise_dependents(gate, err);
    }
    if (code == ERR_NONE && (gate->changed_tables & tables_with(TABLE_IN_RULES)) != 0) {
        code = gate_reflag(gate, err);
    }
    return code == ERR_NONE ? gate_check_references(gate, err) : code;
}

/* Everything between BEGIN and COMMIT. */
static enum error_code gate_work(struct gate *gate, struct error *err)
{
    enum error_code code = sql_run(gate->db, "PRAGMA defer_foreign_keys = ON", err);
    if (code == ERR_NONE) {
        code = revision_check(gate, err);
    }
    if (code == ERR_NONE && gate->options->prepare != NULL) {
        code = gate->options->prepare(gate->store, gate->set, gate->options->context, err);
    }
    if (code == ERR_NONE) {
        code = before_load(gate, err);
    }
    if (code == ERR_NONE) {
        code = gate_rows_phase(gate, err);
    }
    if (code == ERR_NONE) {
        code = gate_sessions_phase(gate, err);
    }
    if (code == ERR_NONE && audit_changes(&gate->audit) > 0) {
        code = revision_write(gate, err);
    }
    return code;
}

/* A snapshot that was read for this commit is the new revision's when no session moved. */
static void cache_keep(struct gate *gate, int64_t data_version)
{
    bool fresh = gate->timetable != NULL && gate->timetable != gate->before &&
                 gate->timetable->revision == gate->result->revision;
    bool raised = gate->shown.count > 0;
    if (fresh && gate->set->sessions.count == 0 && gate->set->series.count == 0 && !raised) {
        store_cache(gate->store, gate->timetable, data_version);
    }
}

enum error_code gate_run(struct store *store, struct change_set *set, const struct gate_options *options,
                         struct commit_result *result, struct error *err)
{
    struct gate gate = {.store = store, .db = store->db, .set = set, .options = options, .result = result};
    *result = (struct commit_result){0};
    clash_list_init(&result->clashes);
    clash_list_init(&result->reflagged);
    enum error_code code = sql_run(store->db, "BEGIN IMMEDIATE", err);
    if (code != ERR_NONE) {
        return code;
    }
    gate.now_s = store_now_s(store);
    arena_init(&gate.arena);
    audit_init(&gate.audit);
    id_map_init(&gate.work_of);
    id_map_init(&gate.unheld);
    code = gate_work(&gate, err);
    bool changed = code == ERR_NONE && result->revision != gate.revision;
    int64_t data_version = 0;
    if (changed && !options->dry_run) {
        code = store_data_version(store, &data_version, err);
    }
    if (changed && !options->dry_run && code == ERR_NONE) {
        code = sql_run(store->db, "COMMIT", err);
    }
    if (code != ERR_NONE || !changed || options->dry_run) {
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
        result->revision = gate.revision;
    }
    if (code == ERR_NONE) {
        result_count(&gate);
        if (!options->dry_run && changed) {
            cache_keep(&gate, data_version);
        }
    }
    struct timetable *told = gate.timetable != NULL ? gate.timetable : gate.before;
    result->timetable = told != NULL ? timetable_ref(told) : NULL;
    gate_finish(&gate);
    return code;
}

enum error_code store_commit(struct store *store, const struct change_set *set, bool dry_run,
                             struct commit_result *result, struct error *err)
{
    struct gate_options options = {.dry_run = dry_run};
    struct change_set copy = *set; /* only prepare writes to it, and there is none */
    return gate_run(store, &copy, &options, result, err);
}
