/* Taking a revision back: its audit rows, last first, become a change set of the opposite, inside the gate's
 * transaction. */
#include "store/undo_links.h"
#include "store/undo_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Undoing without a number walks back through what people did, over undos that stand, down to what the
 * database began with. */
static enum error_code newest_find(sqlite3 *db, const struct undo_links *links, int64_t *ret_revision,
                                   struct error *err)
{
    struct statement rows;
    bool row = true;
    int64_t found = 0;
    enum error_code code = statement_prepare(
        &rows, db, "SELECT id FROM revision WHERE undoes IS NULL AND source <> :init ORDER BY id DESC", err);
    statement_text(&rows, ":init", CHANGE_SOURCE_INIT);
    while (code == ERR_NONE && row && found == 0) {
        code = statement_step(&rows, &row, err);
        if (code == ERR_NONE && row && undo_links_by(links, column_integer(&rows, 0)) == 0) {
            found = column_integer(&rows, 0);
        }
    }
    statement_finish(&rows);
    if (code == ERR_NONE && found == 0) {
        code = error_set(err, ERR_NOT_FOUND, "没有可撤销的版本 (there is no revision to undo)");
    }
    if (code == ERR_NONE) {
        *ret_revision = found;
    }
    return code;
}

static enum error_code given_check(sqlite3 *db, const struct undo_links *links, int64_t revision,
                                   struct error *err)
{
    struct statement rows;
    bool row = false;
    int64_t by = undo_links_by(links, revision);
    if (by != 0) {
        return error_set(err, ERR_STALE,
                         "版本 %" PRId64 " 已由版本 %" PRId64 " 撤销 (revision %" PRId64
                         " was undone by %" PRId64 ")",
                         revision, by, revision, by);
    }
    enum error_code code = statement_prepare(&rows, db, "SELECT source FROM revision WHERE id = :id", err);
    statement_integer(&rows, ":id", revision);
    if (code == ERR_NONE) {
        code = statement_step(&rows, &row, err);
    }
    if (code == ERR_NONE && row && strcmp(column_text(&rows, 0), CHANGE_SOURCE_INIT) == 0) {
        code = error_set(err, ERR_INPUT,
                         "版本 %" PRId64 " 是建库时的设置，不能撤销 (revision %" PRId64
                         " is what the database began with and is not undone)",
                         revision, revision);
    }
    statement_finish(&rows);
    if (code == ERR_NONE && !row) {
        code = error_set(err, ERR_NOT_FOUND, "没有版本 %" PRId64 " (there is no revision %" PRId64 ")",
                         revision, revision);
    }
    return code;
}

/* Which revision is meant. */
static enum error_code target_find(sqlite3 *db, int64_t wanted, int64_t *ret_revision, struct error *err)
{
    struct undo_links links;
    enum error_code code = undo_links_load(db, &links, err);
    if (code == ERR_NONE && wanted == 0) {
        code = newest_find(db, &links, ret_revision, err);
    } else if (code == ERR_NONE) {
        code = given_check(db, &links, wanted, err);
        *ret_revision = code == ERR_NONE ? wanted : *ret_revision;
    }
    undo_links_finish(&links);
    return code;
}

static enum error_code entry_reverse(struct undo *undo, const struct audit_entry *entry, struct error *err)
{
    enum store_table table = table_from_name(entry->table);
    if (table == TABLE_FROZEN_PERIOD || table == TABLE_CORRECTION || table == TABLE_FROZEN_FIGURE) {
        return error_set(
            err, ERR_USAGE,
            "版本 %" PRId64 " 是上报或更正，不能撤销；差错请用 report correct 另记，其他版本可用 --revision "
            "撤销 (revision %" PRId64 " reported or corrected a period and stays: report correct adds a "
            "correction, --revision names another one to undo)",
            undo->revision, undo->revision);
    }
    if (table != TABLE_COUNT) {
        return undo_plain_row(undo, table, entry, err);
    }
    if (strcmp(entry->table, "series") == 0) {
        return undo_series(undo, entry, err);
    }
    if (strcmp(entry->table, "session") == 0) {
        return undo_session(undo, entry, err);
    }
    return error_set(err, ERR_VERSION, "audit: table %s", entry->table);
}

static enum error_code entries_reverse(struct undo *undo, struct error *err)
{
    struct statement rows;
    bool row = true;
    enum error_code code = statement_prepare(&rows, undo->db,
                                             "SELECT table_name, row_key, before, after FROM audit "
                                             "WHERE revision_id = :revision ORDER BY seq DESC",
                                             err);
    statement_integer(&rows, ":revision", undo->revision);
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code == ERR_NONE && row) {
            struct audit_entry entry = {column_text(&rows, 0), column_text(&rows, 1), column_text(&rows, 2),
                                        column_text(&rows, 3)};
            code = entry_reverse(undo, &entry, err);
        }
    }
    statement_finish(&rows);
    return code;
}

static enum error_code undo_prepare(struct store *store, struct change_set *set, void *context,
                                    struct error *err)
{
    const int64_t *revision = context;
    struct undo undo = {.store = store, .db = store->db, .set = set, .revision = *revision};
    enum error_code code = store_snapshot_here(store, &undo.timetable, err);
    if (code == ERR_NONE) {
        code = entries_reverse(&undo, err);
    }
    for (int i = 0; i < TABLE_COUNT; i++) {
        table_statements_finish(&undo.tables[i]);
    }
    timetable_unref(undo.timetable);
    return code;
}

/* The target as the transaction sees it, which another process may have changed since. */
static enum error_code undo_prepare_checked(struct store *store, struct change_set *set, void *context,
                                            struct error *err)
{
    int64_t again = 0;
    enum error_code code = target_find(store->db, *(int64_t *)context, &again, err);
    return code == ERR_NONE ? undo_prepare(store, set, context, err) : code;
}

enum error_code store_undo(struct store *store, int64_t revision, const char *actor, const char *reason,
                           struct commit_result *result, struct error *err)
{
    struct change_set *set = NULL;
    int64_t target = 0;
    char source[48];
    *result = (struct commit_result){0};
    enum error_code code = target_find(store->db, revision, &target, err);
    if (code != ERR_NONE) {
        return code;
    }
    (void)snprintf(source, sizeof source, "undo %" PRId64, target);
    code = change_set_create(actor, reason != NULL ? reason : source, source, &set, err);
    if (code == ERR_NONE) {
        const struct gate_options options = {
            .prepare = undo_prepare_checked, .context = &target, .undoes = target};
        code = gate_run(store, set, &options, result, err);
    }
    if (set != NULL && code == ERR_INPUT) {
        /* A later row hangs on what would go. */
        (void)error_wrap(err, "后来的数据依赖版本 %" PRId64 " (later data depends on revision %" PRId64 ")",
                         target, target);
        if (err != NULL) {
            err->code = ERR_STALE;
        }
        code = ERR_STALE;
    }
    change_set_destroy(set);
    return code;
}
