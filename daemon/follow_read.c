/* daemon/follow_read: see follow_read.h. */
#include "daemon/follow_read.h"

#include "base/limits.h"
#include "daemon/fetch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAY_S = 86400,
    /* Endless series reach further with each day, and what was undone by hand comes back: all of it is taken
     * in anew after so long even when nothing changed. */
    READ_AGAIN_S = 7 * DAY_S
};

static const struct {
    const char *name, *zh;
} OUTCOMES[] = {
#define X(code, name, zh) [code] = {name, zh},
    FOLLOW_OUTCOME_LIST(X)
#undef X
};

const char *follow_outcome_name(enum follow_outcome outcome)
{
    return OUTCOMES[outcome].name;
}

const char *follow_outcome_zh(const char *name)
{
    for (size_t i = 0; i < sizeof OUTCOMES / sizeof *OUTCOMES; i++) {
        if (strcmp(OUTCOMES[i].name, name) == 0) {
            return OUTCOMES[i].zh;
        }
    }
    return "";
}

void follow_reading_finish(struct follow_reading *reading)
{
    if (reading->has_report) {
        import_report_finish(&reading->report);
    }
    reading->has_report = false;
}

int64_t follow_due_s(const struct follow *follow)
{
    int64_t wait_s = follow->interval_s;
    for (int64_t i = 0; i < follow->failures && wait_s < DAY_S; i++) {
        wait_s *= 2;
    }
    wait_s = follow->failures > 0 && wait_s > DAY_S && follow->interval_s < DAY_S ? DAY_S : wait_s;
    return follow->checked_at == 0 ? 0 : follow->checked_at + wait_s;
}

static void digest_write(const char *bytes, size_t length, char ret_digest[FOLLOW_DIGEST_SIZE])
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    }
    (void)snprintf(ret_digest, FOLLOW_DIGEST_SIZE, "%zu-%016" PRIx64, length, hash);
}

static void outcome_set(struct follow_reading *reading, enum follow_outcome outcome, const char *zh,
                        const char *en)
{
    reading->outcome = outcome;
    (void)snprintf(reading->detail, sizeof reading->detail, "%.950s (%.950s)", zh, en);
}

static enum import_kind kind_of(const struct follow *follow)
{
    enum import_kind kind = IMPORT_AUTO;
    (void)import_kind_from_name(follow->kind, &kind);
    return kind;
}

static void target_set(const struct follow *follow, struct calendar_options *calendar)
{
    const struct {
        const char *scope, **to;
    } scopes[] = {{"hall", &calendar->hall},
                  {"room", &calendar->room},
                  {"area", &calendar->area},
                  {"instructor", &calendar->instructor}};
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        if (strcmp(follow->scope, scopes[i].scope) == 0) {
            *scopes[i].to = follow->target;
        }
    }
}

/* What an import did, in one line for the list and the log. */
static void summary_write(struct follow_reading *reading, enum error_code code, const struct error *err)
{
    const struct import_report *report = &reading->report;
    char zh[LIMIT_NOTE_BYTES / 2];
    char en[LIMIT_NOTE_BYTES / 2];
    if (code != ERR_NONE) {
        const struct import_finding *first = report->errors.count > 0 ? &report->errors.items[0] : NULL;
        (void)snprintf(zh, sizeof zh, "%.700s", first != NULL ? first->zh : err->text);
        (void)snprintf(en, sizeof en, "%.700s", first != NULL ? first->en : "see the Chinese sentence");
        outcome_set(reading, FOLLOW_FAULTY, zh, en);
        return;
    }
    size_t dropped = report->result.dropped_by_table[import_kind_table(report->kind)];
    (void)snprintf(zh, sizeof zh, "新增 %zu，更新 %zu，未变 %zu，删除 %zu；有误 %zu；%zu 个场次因此冲突",
                   report->created, report->updated, report->unchanged, dropped, report->rows_bad,
                   report->result.reflagged.count);
    (void)snprintf(en, sizeof en,
                   "%zu created, %zu updated, %zu unchanged, %zu dropped; %zu faulty; %zu sessions now clash",
                   report->created, report->updated, report->unchanged, dropped, report->rows_bad,
                   report->result.reflagged.count);
    outcome_set(reading, FOLLOW_IMPORTED, zh, en);
}

static enum error_code out_of_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

static enum error_code note_rows(struct store *store, const struct follow *follow,
                                 const struct calendar_rows *rows, struct error *err)
{
    const char **ids = calloc(rows->count + 1, sizeof *ids);
    if (ids == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < rows->count; i++) {
        ids[i] = rows->items[i].id;
    }
    enum error_code code = follow_note(store, follow, ids, rows->count, err);
    free(ids);
    return code;
}

static bool is_database(enum error_code code)
{
    return code != ERR_NONE && code != ERR_INPUT && code != ERR_LIMIT && code != ERR_SYNTAX;
}

/* Takes a body in; *ret_rows are what the calendar owns afterwards. */
static enum error_code body_import(struct store *store, const struct follow *follow,
                                   const struct fetch_answer *answer,
                                   const struct follow_read_options *options, struct follow_reading *reading,
                                   struct calendar_rows *ret_rows, struct error *err)
{
    struct follow_rows known = {0};
    struct calendar_rows owned = {0};
    char name[256];
    char reason[128];
    enum error_code code = follow->id == 0 ? ERR_NONE : follow_rows_load(store, follow->id, &known, err);
    owned.items = calloc(known.count + 1, sizeof *owned.items);
    if (code == ERR_NONE && owned.items == NULL) {
        code = out_of_memory(err);
    }
    for (size_t i = 0; i < known.count && code == ERR_NONE; i++) {
        owned.items[owned.count++].id = known.ids[i];
    }
    if (code == ERR_NONE) {
        struct calendar_options calendar = {.now_s = options->now_s,
                                            .is_followed = true,
                                            .may_be_empty = options->may_be_empty,
                                            .owned = &owned,
                                            .ret_rows = ret_rows};
        target_set(follow, &calendar);
        fetch_source_shown(follow->source, name, sizeof name);
        (void)snprintf(reason, sizeof reason, "关注的日历 %" PRId64 " 有变化", follow->id);
        const struct import_options import = {.kind = kind_of(follow),
                                              .dry_run = options->dry_run,
                                              .partial = true,
                                              .calendar = &calendar,
                                              .actor = options->actor,
                                              .reason = reason};
        reading->has_report = true;
        import_report_init(&reading->report);
        code = import_buffer(store, name, answer->body, answer->length, &import, &reading->report, err);
        if (!is_database(code)) {
            summary_write(reading, code, err);
        }
    }
    calendar_rows_finish(&owned);
    follow_rows_finish(&known);
    return code;
}

/* What came from the server or the disk, into an outcome. */
static enum error_code answer_take(struct store *store, struct follow *follow, struct fetch_answer *answer,
                                   const struct follow_read_options *options, struct follow_reading *reading,
                                   struct error *err)
{
    static const enum follow_outcome BAD[] = {
        [FETCH_GONE] = FOLLOW_GONE, [FETCH_REFUSED] = FOLLOW_REFUSED, [FETCH_FAILED] = FOLLOW_FAILED};
    struct calendar_rows rows = {0};
    char digest[FOLLOW_DIGEST_SIZE] = "";
    enum error_code code = ERR_NONE;
    bool is_old = follow->read_at == 0 || options->now_s - follow->read_at >= READ_AGAIN_S;
    if (answer->outcome == FETCH_BODY) {
        digest_write(answer->body, answer->length, digest);
        if (!options->force && !is_old && strcmp(digest, follow->digest) == 0) {
            answer->outcome = FETCH_UNCHANGED;
            (void)snprintf(answer->zh, sizeof answer->zh, "没有变化");
            (void)snprintf(answer->en, sizeof answer->en, "unchanged");
        }
    }
    if (answer->outcome == FETCH_BODY) {
        code = body_import(store, follow, answer, options, reading, &rows, err);
    } else {
        outcome_set(reading, answer->outcome == FETCH_UNCHANGED ? FOLLOW_UNCHANGED : BAD[answer->outcome],
                    answer->zh, answer->en);
    }
    if (is_database(code)) {
        calendar_rows_finish(&rows);
        return code;
    }
    bool is_good = reading->outcome == FOLLOW_IMPORTED || reading->outcome == FOLLOW_UNCHANGED;
    bool is_noted = options->quiet && reading->outcome == FOLLOW_UNCHANGED && follow->failures == 0 &&
                    strcmp(follow->outcome, follow_outcome_name(FOLLOW_UNCHANGED)) == 0 &&
                    options->now_s - follow->checked_at < FOLLOW_NOTE_EVERY_S;
    follow->failures = is_good ? 0 : follow->failures + 1;
    (void)snprintf(follow->outcome, sizeof follow->outcome, "%s", follow_outcome_name(reading->outcome));
    (void)snprintf(follow->detail, sizeof follow->detail, "%s", reading->detail);
    if (reading->outcome == FOLLOW_IMPORTED) {
        (void)snprintf(follow->etag, sizeof follow->etag, "%s", answer->etag);
        (void)snprintf(follow->last_modified, sizeof follow->last_modified, "%s", answer->last_modified);
        (void)snprintf(follow->digest, sizeof follow->digest, "%s", digest);
        (void)snprintf(follow->kind, sizeof follow->kind, "%s", import_kind_name(reading->report.kind));
        follow->read_at = options->now_s;
    }
    code = ERR_NONE;
    if (!options->dry_run && follow->id != 0 && !is_noted) {
        code = reading->outcome == FOLLOW_IMPORTED ? note_rows(store, follow, &rows, err)
                                                   : follow_note(store, follow, NULL, 0, err);
    }
    calendar_rows_finish(&rows);
    return code;
}

enum error_code follow_read(struct store *store, struct follow *follow,
                            const struct follow_read_options *options, struct follow_reading *ret_reading,
                            struct error *err)
{
    struct fetch_answer answer;
    *ret_reading = (struct follow_reading){.outcome = FOLLOW_FAILED};
    bool is_old = follow->read_at == 0 || options->now_s - follow->read_at >= READ_AGAIN_S;
    bool is_all = options->force || is_old;
    const struct fetch_request request = {.source = follow->source,
                                          .etag = is_all ? "" : follow->etag,
                                          .last_modified = is_all ? "" : follow->last_modified,
                                          .allow_private = follow->allow_private,
                                          .cancel = options->cancel};
    enum error_code code = fetch(&request, &answer, err);
    bool is_cancelled = options->cancel != NULL && __atomic_load_n(options->cancel, __ATOMIC_RELAXED);
    if (code == ERR_NONE && is_cancelled) {
        code = error_set(err, ERR_CANCELLED, "已取消 (cancelled)");
    }
    if (code == ERR_NONE) {
        code = answer_take(store, follow, &answer, options, ret_reading, err);
    }
    fetch_finish(&answer);
    return code;
}

enum error_code follow_end(struct store *store, int64_t id, bool keep_records, const char *actor,
                           struct commit_result *result, struct error *err)
{
    struct follow_list list;
    struct follow_rows rows = {0};
    struct change_set *set = NULL;
    struct timetable *base = NULL;
    const struct follow *found = NULL;
    size_t dropped = 0;
    char reason[128];
    *result = (struct commit_result){0};
    enum error_code code = follow_list_load(store, &list, err);
    for (size_t i = 0; code == ERR_NONE && i < list.count; i++) {
        found = list.items[i].id == id ? &list.items[i] : found;
    }
    if (code == ERR_NONE && found == NULL) {
        code = follow_remove(store, id, err); /* says that it is not there */
    }
    if (code == ERR_NONE && !keep_records) {
        code = follow_rows_load(store, id, &rows, err);
    }
    (void)snprintf(reason, sizeof reason, "不再关注日历 %" PRId64, id);
    if (code == ERR_NONE && rows.count > 0) {
        code = store_snapshot(store, &base, err);
    }
    if (code == ERR_NONE && rows.count > 0) {
        code = change_set_create(actor, reason, "follow", &set, err);
    }
    if (code == ERR_NONE && rows.count > 0) {
        code = calendar_drop(base, kind_of(found), rows.ids, rows.count, set, &dropped, err);
    }
    if (code == ERR_NONE && dropped > 0) {
        code = store_commit(store, set, false, result, err);
    }
    if (code == ERR_NONE) {
        code = follow_remove(store, id, err);
    }
    change_set_destroy(set);
    timetable_unref(base);
    follow_rows_finish(&rows);
    follow_list_finish(&list);
    return code;
}
