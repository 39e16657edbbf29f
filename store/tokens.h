/* store/tokens: the secret addresses of feeds. A token is known by its digest only (daemon/secret makes
 * both). Not published data: no revision, not undone. */
#ifndef LITANG_STORE_TOKENS_H
#define LITANG_STORE_TOKENS_H

#include "base/limits.h"
#include "store/store.h"

enum {
    TOKEN_HASH_SIZE = 65, /* 64 hex digits and the NUL */
    TOKEN_SCOPE_SIZE = 16
};

struct feed_token {
    char hash[TOKEN_HASH_SIZE];
    char scope[TOKEN_SCOPE_SIZE]; /* "instructor": a word of feed_scope_name */
    char target[LIMIT_ID_BYTES + 1];
    int64_t created_at, revoked_at; /* UTC seconds; revoked_at 0: in force */
    char label[LIMIT_NAME_BYTES + 1];
};

struct token_list {
    struct feed_token *items; /* owned; by hash, ascending */
    size_t count;
};

/* All of them, revoked ones too, up to LIMIT_TOKENS. To be finished by the caller, also after a failure. */
enum error_code token_list_load(struct store *store, struct token_list *ret_list, struct error *err);
void token_list_finish(struct token_list *list);
/* Binary search; NULL when there is none. */
const struct feed_token *token_list_find(const struct token_list *list, const char *hash);

/* A new token beside those in force. ERR_EXISTS: this hash is there; ERR_LIMIT: the target has
 * LIMIT_TARGET_TOKENS in force, or all have LIMIT_TOKENS. */
enum error_code token_add(struct store *store, const char *scope, const char *target, const char *hash,
                          const char *label, struct error *err);
/* Puts a new token in the place of one in force, which is revoked, in one transaction; scope, target and
 * label go over. ERR_NOT_FOUND: no such token in force. The oldest revoked ones past LIMIT_TARGET_TOKENS are
 * forgotten. */
enum error_code token_rotate(struct store *store, const char *old_hash, const char *new_hash,
                             struct error *err);
/* Revokes all of a target; *ret_count were in force. */
enum error_code token_revoke(struct store *store, const char *scope, const char *target, size_t *ret_count,
                             struct error *err);

/* The setting `public_instructors`: may pages and feeds of instructors be had by their id? Off unless "1". */
enum error_code store_public_instructors(struct store *store, bool *ret_public, struct error *err);

#endif
