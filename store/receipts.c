/* store/receipts: see receipts.h. */
#include "store/receipts.h"

#include "base/vec.h"
#include "store/store_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const FAMILY_NAMES[] = {
#define X(code, name) [code] = name,
    CLIENT_FAMILY_LIST(X)
#undef X
};

const char *client_family_name(enum client_family family)
{
    return FAMILY_NAMES[family < CLIENT_FAMILIES ? family : CLIENT_OTHER];
}

enum client_family client_family_from_name(const char *name)
{
    for (size_t i = 0; i < CLIENT_FAMILIES; i++) {
        if (strcmp(FAMILY_NAMES[i], name) == 0) {
            return (enum client_family)i;
        }
    }
    return CLIENT_OTHER;
}

static void copy(char *to, size_t size, const char *from)
{
    (void)snprintf(to, size, "%s", from != NULL ? from : "");
}

static struct receipt receipt_read(const struct statement *rows)
{
    struct receipt receipt = {.family = client_family_from_name(column_text(rows, 3)),
                              .client = (uint16_t)column_integer(rows, 4),
                              .first_at = column_integer(rows, 5),
                              .last_at = column_integer(rows, 6),
                              .revision = column_integer(rows, 7),
                              .fetches = column_integer(rows, 8)};
    copy(receipt.scope, sizeof receipt.scope, column_text(rows, 0));
    copy(receipt.target, sizeof receipt.target, column_text(rows, 1));
    copy(receipt.token, sizeof receipt.token, column_text(rows, 2));
    return receipt;
}

enum error_code receipt_list_load(struct store *store, struct receipt_list *ret_list, struct error *err)
{
    struct statement rows;
    bool row = true;
    *ret_list = (struct receipt_list){0};
    enum error_code code =
        statement_prepare(&rows, store->db,
                          "SELECT scope, target, token, family, client, first_at, last_at, revision, fetches "
                          "FROM (SELECT * FROM receipt ORDER BY last_at DESC LIMIT :max) "
                          "ORDER BY scope, target, token, family, client",
                          err);
    statement_integer(&rows, ":max", LIMIT_RECEIPTS);
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code == ERR_NONE && row) {
            VEC_PUSH(code, ret_list, receipt_read(&rows), LIMIT_RECEIPTS);
            if (code != ERR_NONE) {
                (void)error_set(err, code, "内存不足 (out of memory)");
            }
        }
    }
    statement_finish(&rows);
    return code;
}

void receipt_list_finish(struct receipt_list *list)
{
    free(list->items);
    *list = (struct receipt_list){0};
}

static enum error_code receipt_put(struct statement *put, const struct receipt *receipt, struct error *err)
{
    statement_text(put, ":scope", receipt->scope);
    statement_text(put, ":target", receipt->target);
    statement_text(put, ":token", receipt->token);
    statement_text(put, ":family", client_family_name(receipt->family));
    statement_integer(put, ":client", receipt->client);
    statement_integer(put, ":first_at", receipt->first_at);
    statement_integer(put, ":last_at", receipt->last_at);
    statement_integer(put, ":revision", receipt->revision);
    statement_integer(put, ":fetches", receipt->fetches);
    return statement_run(put, err);
}

static enum error_code receipts_put(struct store *store, const struct receipt *items, size_t count,
                                    struct error *err)
{
    struct statement put;
    enum error_code code = statement_prepare(
        &put, store->db,
        "INSERT INTO receipt (scope, target, token, family, client, first_at, last_at, revision, fetches) "
        "VALUES (:scope, :target, :token, :family, :client, :first_at, :last_at, :revision, :fetches) "
        "ON CONFLICT DO UPDATE SET last_at = max(last_at, excluded.last_at), "
        "revision = excluded.revision, fetches = max(fetches, excluded.fetches)",
        err);
    for (size_t i = 0; code == ERR_NONE && i < count; i++) {
        code = receipt_put(&put, &items[i], err);
    }
    statement_finish(&put);
    return code;
}

static enum error_code receipts_forget(struct store *store, struct error *err)
{
    struct statement drop;
    enum error_code code =
        statement_prepare(&drop, store->db, "DELETE FROM receipt WHERE last_at < :oldest", err);
    if (code == ERR_NONE) {
        statement_integer(&drop, ":oldest", store_now_s(store) - LIMIT_RECEIPT_DAYS * INT64_C(86400));
        code = statement_run(&drop, err);
    }
    statement_finish(&drop);
    int64_t count = 0;
    if (code == ERR_NONE) {
        code = sql_integer(store->db, "SELECT count(*) FROM receipt", 0, &count, err);
    }
    if (code != ERR_NONE || count <= LIMIT_RECEIPTS) {
        return code;
    }
    code =
        statement_prepare(&drop, store->db,
                          "DELETE FROM receipt WHERE (scope, target, token, family, client) IN (SELECT "
                          "scope, target, token, family, client FROM receipt ORDER BY last_at LIMIT :many)",
                          err);
    if (code == ERR_NONE) {
        statement_integer(&drop, ":many", count - LIMIT_RECEIPTS);
        code = statement_run(&drop, err);
    }
    statement_finish(&drop);
    return code;
}

enum error_code receipts_write(struct store *store, const struct receipt *items, size_t count,
                               struct error *err)
{
    enum error_code code = sql_run(store->db, "BEGIN IMMEDIATE", err);
    if (code != ERR_NONE) {
        return code;
    }
    code = receipts_put(store, items, count, err);
    if (code == ERR_NONE) {
        code = receipts_forget(store, err);
    }
    if (code == ERR_NONE) {
        code = sql_run(store->db, "COMMIT", err);
    }
    if (code != ERR_NONE) {
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    }
    return code;
}

enum error_code receipt_filter_init(struct receipt_filter *filter, const struct timetable *timetable,
                                    uint32_t township, struct error *err)
{
    *filter = (struct receipt_filter){.timetable = timetable, .township = township};
    filter->teaches = calloc(timetable->instructor_count + 1, sizeof *filter->teaches);
    if (filter->teaches == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    for (size_t i = 0; i < timetable->session_count; i++) {
        const struct session *session = &timetable->sessions[i];
        uint32_t hall = timetable->rooms[session->at.room].hall;
        bool here = timetable_hall_township(timetable, hall) == township;
        for (uint8_t j = 0; here && j < session->at.instructor_count; j++) {
            filter->teaches[session->at.instructors[j]] = true;
        }
    }
    return ERR_NONE;
}

void receipt_filter_finish(struct receipt_filter *filter)
{
    free(filter->teaches);
    *filter = (struct receipt_filter){0};
}

bool receipt_filter_takes(const struct receipt_filter *filter, const struct receipt *receipt)
{
    const struct timetable *timetable = filter->timetable;
    if (strcmp(receipt->scope, "township") == 0) {
        return timetable_find_area(timetable, receipt->target) == filter->township;
    }
    if (strcmp(receipt->scope, "hall") == 0) {
        uint32_t hall = timetable_find_hall(timetable, receipt->target);
        return hall != NONE && timetable_hall_township(timetable, hall) == filter->township;
    }
    if (strcmp(receipt->scope, "instructor") == 0) {
        uint32_t instructor = timetable_find_instructor(timetable, receipt->target);
        return instructor != NONE && filter->teaches[instructor];
    }
    return false;
}
