/* store/follows: see follows.h. */
#include "store/follows.h"

#include "base/vec.h"
#include "store/store_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void copy(char *to, size_t size, const char *from)
{
    (void)snprintf(to, size, "%s", from != NULL ? from : "");
}

static enum error_code out_of_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

static void follow_read_row(const struct statement *rows, struct follow *follow)
{
    follow->id = column_integer(rows, 0);
    copy(follow->source, sizeof follow->source, column_text(rows, 1));
    copy(follow->kind, sizeof follow->kind, column_text(rows, 2));
    copy(follow->scope, sizeof follow->scope, column_text(rows, 3));
    copy(follow->target, sizeof follow->target, column_text(rows, 4));
    follow->interval_s = column_integer(rows, 5);
    follow->allow_private = column_integer(rows, 6) != 0;
    follow->created_at = column_integer(rows, 7);
    copy(follow->etag, sizeof follow->etag, column_text(rows, 8));
    copy(follow->last_modified, sizeof follow->last_modified, column_text(rows, 9));
    copy(follow->digest, sizeof follow->digest, column_text(rows, 10));
    follow->read_at = column_integer(rows, 11);
    follow->checked_at = column_integer(rows, 12);
    follow->failures = column_integer(rows, 13);
    copy(follow->outcome, sizeof follow->outcome, column_text(rows, 14));
    copy(follow->detail, sizeof follow->detail, column_text(rows, 15));
}

enum error_code follow_list_load(struct store *store, struct follow_list *ret_list, struct error *err)
{
    struct statement rows;
    size_t capacity = 0;
    bool row = true;
    *ret_list = (struct follow_list){0};
    enum error_code code = statement_prepare(
        &rows, store->db,
        "SELECT id, source, kind, scope, target, interval_s, allow_private, created_at, etag, last_modified, "
        "digest, read_at, checked_at, failures, outcome, detail FROM follow ORDER BY id LIMIT :max",
        err);
    statement_integer(&rows, ":max", LIMIT_FOLLOWS);
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code != ERR_NONE || !row) {
            continue;
        }
        void *grown = vec_reserve(ret_list->items, &capacity, ret_list->count + 1, sizeof *ret_list->items,
                                  LIMIT_FOLLOWS);
        if (grown == NULL) {
            code = out_of_memory(err);
            continue;
        }
        ret_list->items = grown;
        follow_read_row(&rows, &ret_list->items[ret_list->count++]);
    }
    statement_finish(&rows);
    return code;
}

void follow_list_finish(struct follow_list *list)
{
    free(list->items);
    *list = (struct follow_list){0};
}

/* Ends a transaction as `code` says and answers how that went. */
static enum error_code transaction_end(struct store *store, enum error_code code, struct error *err)
{
    if (code == ERR_NONE) {
        code = sql_run(store->db, "COMMIT", err);
    }
    if (code != ERR_NONE) {
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    }
    return code;
}

/* Is this calendar followed already, are there too many? */
static enum error_code room_check(struct store *store, const struct follow *follow, struct error *err)
{
    struct statement rows;
    bool row = false;
    int64_t count = 0;
    enum error_code code =
        statement_prepare(&rows, store->db,
                          "SELECT id FROM follow WHERE source = :source AND kind = :kind AND "
                          "scope = :scope AND target = :target",
                          err);
    if (code == ERR_NONE) {
        statement_text(&rows, ":source", follow->source);
        statement_text(&rows, ":kind", follow->kind);
        statement_text(&rows, ":scope", follow->scope);
        statement_text(&rows, ":target", follow->target);
        code = statement_step(&rows, &row, err);
    }
    if (code == ERR_NONE && row) {
        code = error_set(err, ERR_EXISTS, "此日历已在关注，编号 %lld (followed already as number %lld)",
                         (long long)column_integer(&rows, 0), (long long)column_integer(&rows, 0));
    }
    statement_finish(&rows);
    if (code == ERR_NONE) {
        code = sql_integer(store->db, "SELECT count(*) FROM follow", 0, &count, err);
    }
    if (code == ERR_NONE && count >= LIMIT_FOLLOWS) {
        code = error_set(err, ERR_LIMIT, "关注的日历已达 %d 个 (%d calendars are followed already)",
                         LIMIT_FOLLOWS, LIMIT_FOLLOWS);
    }
    return code;
}

enum error_code follow_add(struct store *store, const struct follow *follow, int64_t *ret_id,
                           struct error *err)
{
    struct statement statement;
    enum error_code code = sql_run(store->db, "BEGIN IMMEDIATE", err);
    if (code != ERR_NONE) {
        return code;
    }
    code = room_check(store, follow, err);
    if (code == ERR_NONE) {
        code = statement_prepare(
            &statement, store->db,
            "INSERT INTO follow (source, kind, scope, target, interval_s, allow_private, "
            "created_at) VALUES (:source, :kind, :scope, :target, :interval, :private, :now)",
            err);
        if (code == ERR_NONE) {
            statement_text(&statement, ":source", follow->source);
            statement_text(&statement, ":kind", follow->kind);
            statement_text(&statement, ":scope", follow->scope);
            statement_text(&statement, ":target", follow->target);
            statement_integer(&statement, ":interval", follow->interval_s);
            statement_integer(&statement, ":private", follow->allow_private ? 1 : 0);
            statement_integer(&statement, ":now", store_now_s(store));
            code = statement_run(&statement, err);
        }
        statement_finish(&statement);
    }
    int64_t id = sqlite3_last_insert_rowid(store->db);
    code = transaction_end(store, code, err);
    if (code == ERR_NONE) {
        *ret_id = id;
    }
    return code;
}

/* One statement with :id in it. */
static enum error_code run_with_id(struct store *store, const char *sql, int64_t id, struct error *err)
{
    struct statement statement;
    enum error_code code = statement_prepare(&statement, store->db, sql, err);
    if (code == ERR_NONE) {
        statement_integer(&statement, ":id", id);
        code = statement_run(&statement, err);
    }
    statement_finish(&statement);
    return code;
}

static enum error_code not_there(int64_t id, struct error *err)
{
    return error_set(err, ERR_NOT_FOUND, "没有编号为 %lld 的关注 (no calendar is followed as number %lld)",
                     (long long)id, (long long)id);
}

enum error_code follow_remove(struct store *store, int64_t id, struct error *err)
{
    enum error_code code = run_with_id(store, "DELETE FROM follow WHERE id = :id", id, err);
    return code == ERR_NONE && sqlite3_changes(store->db) == 0 ? not_there(id, err) : code;
}

enum error_code follow_rows_load(struct store *store, int64_t id, struct follow_rows *ret_rows,
                                 struct error *err)
{
    struct statement rows;
    size_t capacity = 0;
    bool row = true;
    *ret_rows = (struct follow_rows){0};
    enum error_code code =
        statement_prepare(&rows, store->db, "SELECT row_id FROM follow_row WHERE follow_id = :id", err);
    statement_integer(&rows, ":id", id);
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code != ERR_NONE || !row) {
            continue;
        }
        void *grown =
            vec_reserve(ret_rows->ids, &capacity, ret_rows->count + 1, sizeof *ret_rows->ids, LIMIT_ROWS);
        char *text = strdup(column_text(&rows, 0));
        ret_rows->ids = grown != NULL ? grown : ret_rows->ids;
        if (grown == NULL || text == NULL) {
            free(text);
            code = out_of_memory(err);
            continue;
        }
        ret_rows->ids[ret_rows->count++] = text;
    }
    statement_finish(&rows);
    return code;
}

void follow_rows_finish(struct follow_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        free(rows->ids[i]);
    }
    free(rows->ids);
    *rows = (struct follow_rows){0};
}

static enum error_code rows_replace(struct store *store, int64_t id, const char *const *row_ids,
                                    size_t row_count, struct error *err)
{
    struct statement statement;
    enum error_code code = run_with_id(store, "DELETE FROM follow_row WHERE follow_id = :id", id, err);
    if (code != ERR_NONE) {
        return code;
    }
    code = statement_prepare(&statement, store->db,
                             "INSERT OR IGNORE INTO follow_row (follow_id, row_id) VALUES (:id, :row)", err);
    for (size_t i = 0; i < row_count && code == ERR_NONE; i++) {
        statement_integer(&statement, ":id", id);
        statement_text(&statement, ":row", row_ids[i]);
        code = statement_run(&statement, err);
    }
    statement_finish(&statement);
    return code;
}

enum error_code follow_note(struct store *store, const struct follow *follow, const char *const *row_ids,
                            size_t row_count, struct error *err)
{
    struct statement statement;
    enum error_code code = sql_run(store->db, "BEGIN IMMEDIATE", err);
    if (code != ERR_NONE) {
        return code;
    }
    code = statement_prepare(
        &statement, store->db,
        "UPDATE follow SET etag = :etag, last_modified = :modified, digest = :digest, read_at "
        "= :read, checked_at = :now, failures = :failures, outcome = :outcome, detail = "
        ":detail WHERE id = :id",
        err);
    if (code == ERR_NONE) {
        statement_text(&statement, ":etag", follow->etag);
        statement_text(&statement, ":modified", follow->last_modified);
        statement_text(&statement, ":digest", follow->digest);
        statement_integer(&statement, ":read", follow->read_at);
        statement_integer(&statement, ":now", store_now_s(store));
        statement_integer(&statement, ":failures", follow->failures);
        statement_text(&statement, ":outcome", follow->outcome);
        statement_text(&statement, ":detail", follow->detail);
        statement_integer(&statement, ":id", follow->id);
        code = statement_run(&statement, err);
    }
    statement_finish(&statement);
    if (code == ERR_NONE && sqlite3_changes(store->db) == 0) {
        code = not_there(follow->id, err);
    }
    if (code == ERR_NONE && row_ids != NULL) {
        code = rows_replace(store, follow->id, row_ids, row_count, err);
    }
    return transaction_end(store, code, err);
}
