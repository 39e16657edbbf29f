/* store/follows: the calendars that are followed: where they are, whose, when they were read and how that
 * went, and which records each made. Not published data: no revision, not undone. */
#ifndef LITANG_STORE_FOLLOWS_H
#define LITANG_STORE_FOLLOWS_H

#include "base/limits.h"
#include "store/store.h"

enum {
    FOLLOW_WORD_SIZE = 16,
    FOLLOW_MARK_SIZE = 256, /* an ETag or a date */
    FOLLOW_DIGEST_SIZE = 40
};

struct follow {
    int64_t id;
    char source[LIMIT_FOLLOW_SOURCE_BYTES + 1];
    char kind[FOLLOW_WORD_SIZE], scope[FOLLOW_WORD_SIZE]; /* see store/schema_6.sql */
    char target[LIMIT_ID_BYTES + 1];
    int64_t interval_s;
    bool allow_private;
    int64_t created_at, read_at, checked_at; /* UTC seconds; 0: never */
    char etag[FOLLOW_MARK_SIZE], last_modified[FOLLOW_MARK_SIZE], digest[FOLLOW_DIGEST_SIZE];
    int64_t failures;
    char outcome[FOLLOW_WORD_SIZE];
    char detail[LIMIT_NOTE_BYTES + 1];
};

struct follow_list {
    struct follow *items; /* owned; by id */
    size_t count;
};

/* All of them. To be finished by the caller, also after a failure. */
enum error_code follow_list_load(struct store *store, struct follow_list *ret_list, struct error *err);
void follow_list_finish(struct follow_list *list);

/* id, created_at and how it went are set here. ERR_EXISTS: this source is followed for this target already;
 * ERR_LIMIT: LIMIT_FOLLOWS. */
enum error_code follow_add(struct store *store, const struct follow *follow, int64_t *ret_id,
                           struct error *err);
/* ERR_NOT_FOUND. Its records stay: drop them through the gate first. */
enum error_code follow_remove(struct store *store, int64_t id, struct error *err);

struct follow_rows {
    char **ids; /* owned, each too */
    size_t count;
};
enum error_code follow_rows_load(struct store *store, int64_t id, struct follow_rows *ret_rows,
                                 struct error *err);
void follow_rows_finish(struct follow_rows *rows);

/* Notes a try: etag, last_modified, digest, read_at, failures, outcome and detail of `follow`; checked_at is
 * now. `row_ids`, unless NULL, become the records that it made, all in one transaction. ERR_NOT_FOUND: it was
 * removed meanwhile. */
enum error_code follow_note(struct store *store, const struct follow *follow, const char *const *row_ids,
                            size_t row_count, struct error *err);

#endif
