/* store/tokens: see tokens.h. */
#include "store/tokens.h"

#include "base/vec.h"
#include "store/store_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void copy(char *to, size_t size, const char *from)
{
    (void)snprintf(to, size, "%s", from != NULL ? from : "");
}

static void token_read(const struct statement *rows, struct feed_token *token)
{
    copy(token->hash, sizeof token->hash, column_text(rows, 0));
    copy(token->scope, sizeof token->scope, column_text(rows, 1));
    copy(token->target, sizeof token->target, column_text(rows, 2));
    token->created_at = column_integer(rows, 3);
    token->revoked_at = column_integer(rows, 4);
    copy(token->label, sizeof token->label, column_text(rows, 5));
}

enum error_code token_list_load(struct store *store, struct token_list *ret_list, struct error *err)
{
    struct statement rows;
    size_t capacity = 0;
    bool row = true;
    *ret_list = (struct token_list){0};
    enum error_code code =
        statement_prepare(&rows, store->db,
                          "SELECT token_hash, scope, target, created_at, revoked_at, label "
                          "FROM feed_token ORDER BY token_hash LIMIT :max",
                          err);
    statement_integer(&rows, ":max", LIMIT_TOKENS);
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code != ERR_NONE || !row) {
            continue;
        }
        void *grown = vec_reserve(ret_list->items, &capacity, ret_list->count + 1, sizeof *ret_list->items,
                                  LIMIT_TOKENS);
        if (grown == NULL) {
            code = error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
            continue;
        }
        ret_list->items = grown;
        token_read(&rows, &ret_list->items[ret_list->count++]);
    }
    statement_finish(&rows);
    return code;
}

void token_list_finish(struct token_list *list)
{
    free(list->items);
    *list = (struct token_list){0};
}

static int token_compare(const void *hash, const void *item)
{
    return strcmp(hash, ((const struct feed_token *)item)->hash);
}

const struct feed_token *token_list_find(const struct token_list *list, const char *hash)
{
    return list->count == 0 ? NULL
                            : bsearch(hash, list->items, list->count, sizeof *list->items, token_compare);
}

/* Runs one statement; `hash`, `other`, `scope`, `target`, `label` and the present go where it names them. */
struct token_words {
    const char *hash, *other, *scope, *target, *label;
};

static enum error_code token_run(struct store *store, const char *sql, const struct token_words *words,
                                 struct error *err)
{
    const struct {
        const char *name, *value;
    } binds[] = {{":hash", words->hash},
                 {":other", words->other},
                 {":scope", words->scope},
                 {":target", words->target},
                 {":label", words->label}};
    struct statement statement;
    enum error_code code = statement_prepare(&statement, store->db, sql, err);
    for (size_t i = 0; code == ERR_NONE && i < sizeof binds / sizeof *binds; i++) {
        if (strstr(sql, binds[i].name) != NULL) {
            statement_text(&statement, binds[i].name, binds[i].value);
        }
    }
    if (code == ERR_NONE && strstr(sql, ":now") != NULL) {
        statement_integer(&statement, ":now", store_now_s(store));
    }
    if (code == ERR_NONE) {
        code = statement_run(&statement, err);
    }
    statement_finish(&statement);
    return code;
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

static enum error_code count_where(struct store *store, const char *sql, const char *scope,
                                   const char *target, int64_t *ret_count, struct error *err)
{
    struct statement rows;
    bool row = false;
    enum error_code code = statement_prepare(&rows, store->db, sql, err);
    if (code == ERR_NONE && scope != NULL) {
        statement_text(&rows, ":scope", scope);
        statement_text(&rows, ":target", target);
    }
    if (code == ERR_NONE) {
        code = statement_step(&rows, &row, err);
    }
    if (code == ERR_NONE) {
        *ret_count = row ? column_integer(&rows, 0) : 0;
    }
    statement_finish(&rows);
    return code;
}

static enum error_code room_check(struct store *store, const char *scope, const char *target,
                                  struct error *err)
{
    int64_t of_target = 0;
    int64_t all = 0;
    enum error_code code = count_where(
        store, "SELECT count(*) FROM feed_token WHERE scope = :scope AND target = :target AND revoked_at = 0",
        scope, target, &of_target, err);
    if (code == ERR_NONE) {
        code = count_where(store, "SELECT count(*) FROM feed_token", NULL, NULL, &all, err);
    }
    if (code == ERR_NONE && (of_target >= LIMIT_TARGET_TOKENS || all >= LIMIT_TOKENS)) {
        code = error_set(err, ERR_LIMIT, "地址太多，请先停用 (too many addresses, revoke some first): %s %s",
                         scope, target);
    }
    return code;
}

enum error_code token_add(struct store *store, const char *scope, const char *target, const char *hash,
                          const char *label, struct error *err)
{
    const struct token_words words = {.hash = hash, .scope = scope, .target = target, .label = label};
    enum error_code code = sql_run(store->db, "BEGIN IMMEDIATE", err);
    if (code != ERR_NONE) {
        return code;
    }
    int64_t known = 0;
    const struct token_words *all = &words;
    struct statement rows;
    bool row = false;
    code = statement_prepare(&rows, store->db, "SELECT 1 FROM feed_token WHERE token_hash = :hash", err);
    if (code == ERR_NONE) {
        statement_text(&rows, ":hash", hash);
        code = statement_step(&rows, &row, err);
        known = row;
    }
    statement_finish(&rows);
    if (code == ERR_NONE && known != 0) {
        code = error_set(err, ERR_EXISTS, "已有此地址 (this address exists already)");
    }
    if (code == ERR_NONE) {
        code = room_check(store, scope, target, err);
    }
    if (code == ERR_NONE) {
        code = token_run(store,
                         "INSERT INTO feed_token (token_hash, scope, target, created_at, label) "
                         "VALUES (:hash, :scope, :target, :now, :label)",
                         all, err);
    }
    return transaction_end(store, code, err);
}

/* Forgets the oldest revoked tokens of the target that `hash` belongs to. */
static enum error_code forget_oldest(struct store *store, const char *hash, struct error *err)
{
    char sql[512];
    (void)snprintf(sql, sizeof sql,
                   "DELETE FROM feed_token WHERE token_hash IN (SELECT o.token_hash FROM feed_token o JOIN "
                   "feed_token n ON n.scope = o.scope AND n.target = o.target WHERE n.token_hash = :hash "
                   "AND o.revoked_at > 0 ORDER BY o.revoked_at DESC, o.token_hash LIMIT -1 OFFSET %d)",
                   (int)LIMIT_TARGET_TOKENS);
    return token_run(store, sql, &(struct token_words){.hash = hash}, err);
}

enum error_code token_rotate(struct store *store, const char *old_hash, const char *new_hash,
                             struct error *err)
{
    const struct token_words words = {.hash = new_hash, .other = old_hash};
    enum error_code code = sql_run(store->db, "BEGIN IMMEDIATE", err);
    if (code != ERR_NONE) {
        return code;
    }
    code =
        token_run(store,
                  "INSERT INTO feed_token (token_hash, scope, target, created_at, label) SELECT :hash, "
                  "scope, target, :now, label FROM feed_token WHERE token_hash = :other AND revoked_at = 0",
                  &words, err);
    if (code == ERR_NONE && sqlite3_changes(store->db) != 1) {
        code = error_set(err, ERR_NOT_FOUND, "此地址不存在或已停用 (no such address, or revoked)");
    }
    if (code == ERR_NONE) {
        code = token_run(store, "UPDATE feed_token SET revoked_at = max(:now, 1) WHERE token_hash = :other",
                         &words, err);
    }
    if (code == ERR_NONE) {
        code = forget_oldest(store, new_hash, err);
    }
    return transaction_end(store, code, err);
}

enum error_code token_revoke(struct store *store, const char *scope, const char *target, size_t *ret_count,
                             struct error *err)
{
    const struct token_words words = {.scope = scope, .target = target};
    enum error_code code = sql_run(store->db, "BEGIN IMMEDIATE", err);
    if (code != ERR_NONE) {
        return code;
    }
    code = token_run(store,
                     "UPDATE feed_token SET revoked_at = max(:now, 1) WHERE scope = :scope AND target = "
                     ":target AND revoked_at = 0",
                     &words, err);
    size_t count = code == ERR_NONE ? (size_t)sqlite3_changes(store->db) : 0;
    code = transaction_end(store, code, err);
    if (code == ERR_NONE) {
        *ret_count = count;
    }
    return code;
}

enum error_code store_public_instructors(struct store *store, bool *ret_public, struct error *err)
{
    int64_t found = 0;
    enum error_code code = sql_integer(
        store->db, "SELECT 1 FROM setting WHERE name = 'public_instructors' AND value = '1'", 0, &found, err);
    if (code == ERR_NONE) {
        *ret_public = found != 0;
    }
    return code;
}
