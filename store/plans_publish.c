/* Publishing a draft: its items become a change set inside the gate's transaction, after a look whether the
 * draft still fits what was published meanwhile. */
#include "store/change_private.h"
#include "store/plans_private.h"

#include "base/date.h"
#include "scheduler/closure.h"
#include "scheduler/placement.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct publication {
    struct plan_head head;
    struct timetable *published; /* owned reference; read for the first session that the draft cancels */
};

static enum error_code memory_error(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

/* A session that the draft moves or cancels must not have been changed since the draft was made. */
static enum error_code items_check_sessions(struct store *store, const struct plan_head *head,
                                            struct error *err)
{
    struct statement rows;
    bool row = false;
    enum error_code code = statement_prepare(
        &rows, store->db,
        "SELECT i.session_id, a.revision_id FROM plan_item i JOIN audit a "
        "ON a.table_name = 'session' AND a.row_key = '[' || i.session_id || ']' "
        "WHERE i.plan_name = :name AND i.session_id IS NOT NULL AND a.revision_id > :base LIMIT 1",
        err);
    statement_text(&rows, ":name", head->name);
    statement_integer(&rows, ":base", head->base_revision);
    if (code == ERR_NONE) {
        code = statement_step(&rows, &row, err);
    }
    if (code == ERR_NONE && row) {
        int64_t id = column_integer(&rows, 0);
        int64_t revision = column_integer(&rows, 1);
        code = error_set(err, ERR_STALE,
                         "场次 %" PRId64 " 已在版本 %" PRId64 " 中变动，请重新排课 (session %" PRId64
                         " was changed by revision %" PRId64 "; plan again)",
                         id, revision, id, revision);
    }
    statement_finish(&rows);
    return code;
}

/* Two drafts for the same requests: the second one would give halls more than they asked for. */
static enum error_code items_check_requests(struct store *store, const struct plan_head *head,
                                            struct error *err)
{
    struct statement rows;
    bool row = false;
    enum error_code code = statement_prepare(
        &rows, store->db,
        "SELECT r.id, r.sessions, p.made - p.gone, "
        "(SELECT count(*) FROM session s WHERE s.request_id = r.id AND s.status <> 'CANCELLED') AS there "
        "FROM (SELECT request_id, sum(CASE action WHEN 'create' THEN 1 ELSE 0 END) AS made, "
        "sum(CASE action WHEN 'cancel' THEN 1 ELSE 0 END) AS gone FROM plan_item "
        "WHERE plan_name = :name AND request_id IS NOT NULL GROUP BY request_id) p "
        "JOIN request r ON r.id = p.request_id WHERE p.made > 0 AND p.made - p.gone + (SELECT count(*) FROM "
        "session s "
        "WHERE s.request_id = r.id AND s.status <> 'CANCELLED') > r.sessions LIMIT 1",
        err);
    statement_text(&rows, ":name", head->name);
    if (code == ERR_NONE) {
        code = statement_step(&rows, &row, err);
    }
    if (code == ERR_NONE && row) {
        const char *id = column_text(&rows, 0);
        code = error_set(err, ERR_STALE,
                         "点单 %s 要 %" PRId64 " 场，已有 %" PRId64 " 场，方案再加 %" PRId64
                         " 场，请重新排课 (request %s wants %" PRId64 ", has %" PRId64
                         ", the plan adds %" PRId64 "; plan again)",
                         id, column_integer(&rows, 1), column_integer(&rows, 3), column_integer(&rows, 2), id,
                         column_integer(&rows, 1), column_integer(&rows, 3), column_integer(&rows, 2));
    }
    statement_finish(&rows);
    return code;
}

static enum error_code series_take(struct store *store, struct change_set *set, const char *name,
                                   struct error *err)
{
    struct statement rows;
    bool row = true;
    enum error_code code = statement_prepare(
        &rows, store->db,
        "SELECT request_id, holiday_rule FROM plan_series WHERE plan_name = :name ORDER BY seq", err);
    statement_text(&rows, ":name", name);
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code == ERR_NONE && row) {
            enum holiday_rule rule = HOLIDAY_SHIFT;
            int64_t id;
            (void)holiday_rule_from_name(column_text(&rows, 1), &rule);
            code = change_set_new_series(set, column_text(&rows, 0), rule, &id, err);
        }
    }
    statement_finish(&rows);
    return code;
}

/* Splits "a;b" in place. */
static void people_split(char *ids, struct session_spec *spec)
{
    while (ids != NULL && *ids != '\0' && spec->instructor_count < LIMIT_SESSION_INSTRUCTORS) {
        char *end = strchr(ids, ';');
        spec->instructor_ids[spec->instructor_count++] = ids;
        if (end != NULL) {
            *end++ = '\0';
        }
        ids = end;
    }
}

struct closure_words {
    const struct timetable *timetable;
    const char *reason;
};

/* The first closure that gives a reason ends the walk. */
static bool closure_words_take(void *context, uint32_t closure)
{
    struct closure_words *words = context;
    words->reason = words->timetable->closures[closure].reason;
    return words->reason == NULL || words->reason[0] == '\0';
}

/* What residents read beside a session that the draft cancels: the words of the closure that hits it, else
 * nothing. Why somebody published is for the history, and why no other place was found may name people. */
static enum error_code cancel_reason_find(struct store *store, struct publication *publication,
                                          struct change_set *set, struct session_spec *spec,
                                          struct error *err)
{
    enum error_code code =
        publication->published == NULL ? store_snapshot_here(store, &publication->published, err) : ERR_NONE;
    if (code != ERR_NONE) {
        return code;
    }
    struct closure_words words = {.timetable = publication->published};
    const struct session *session = timetable_find_session(publication->published, spec->id);
    if (session == NULL ||
        closure_each(words.timetable, session->at.room, placement_taken_from(&session->at),
                     placement_taken_to(&session->at), CLOSURE_HARD, closure_words_take, &words)) {
        return ERR_NONE;
    }
    spec->cancel_reason = arena_copy_text(&set->arena, words.reason);
    return spec->cancel_reason != NULL ? ERR_NONE : memory_error(err);
}

static enum error_code item_read(const struct statement *rows, struct change_set *set, struct session_op *op,
                                 struct error *err)
{
    struct session_spec *spec = &op->spec;
    const char *action = column_text(rows, 0);
    char *people = arena_copy_text(&set->arena, column_text(rows, 4));
    *spec = (struct session_spec){
        .id = column_integer(rows, 1),
        .course_id = arena_copy_text(&set->arena, column_text(rows, 2)),
        .room_id = arena_copy_text(&set->arena, column_text(rows, 3)),
        .request_id = arena_copy_text(&set->arena, column_text(rows, 10)),
        .start_min = column_small(rows, 6),
        .minutes = column_small(rows, 7),
        .setup_min = column_small(rows, 8),
        .clear_min = column_small(rows, 9),
        .series_id = column_integer(rows, 11),
        .heads = column_small(rows, 12),
        .series_exception = column_small(rows, 13) != 0,
        .status = SESSION_CONFIRMED,
        .counts_as = 1,
    };
    if (spec->course_id == NULL || spec->room_id == NULL || people == NULL) {
        return memory_error(err);
    }
    people_split(people, spec);
    if (!date_parse(column_text(rows, 5), &spec->day)) {
        return error_set(err, ERR_INPUT, "plan_item: date \"%s\"", column_text(rows, 5));
    }
    if (strcmp(action, "create") == 0) {
        op->kind = SESSION_OP_NEW;
        spec->id = 0;
    } else if (strcmp(action, "move") == 0) {
        op->kind = SESSION_OP_EDIT;
        op->fields = EDIT_ROOM | EDIT_TIME | EDIT_INSTRUCTORS | EDIT_MARGINS | EDIT_SERIES_EXCEPTION;
    } else {
        op->kind = SESSION_OP_EDIT;
        op->fields = EDIT_STATUS;
        spec->status = SESSION_CANCELLED;
    }
    return ERR_NONE;
}

static enum error_code items_take(struct store *store, struct publication *publication,
                                  struct change_set *set, const char *name, struct error *err)
{
    struct statement rows;
    bool row = true;
    enum error_code code = statement_prepare(
        &rows, store->db,
        "SELECT action, session_id, course_id, room_id, instructor_ids, date, start_min, "
        "minutes, setup_min, clear_min, "
        "request_id, series_id, heads, series_exception FROM plan_item WHERE plan_name = :name ORDER BY seq",
        err);
    statement_text(&rows, ":name", name);
    while (code == ERR_NONE && row) {
        struct session_op op = {0};
        code = statement_step(&rows, &row, err);
        if (code == ERR_NONE && row) {
            code = item_read(&rows, set, &op, err);
        }
        if (code == ERR_NONE && row && op.spec.status == SESSION_CANCELLED) {
            code = cancel_reason_find(store, publication, set, &op.spec, err);
        }
        if (code == ERR_NONE && row) {
            code = change_set_add_session(set, &op, err);
        }
    }
    statement_finish(&rows);
    return code;
}

static enum error_code publish_prepare(struct store *store, struct change_set *set, void *context,
                                       struct error *err)
{
    struct publication *publication = context;
    struct plan_head *head = &publication->head;
    char name[LIMIT_ID_BYTES + 1];
    memcpy(name, head->name, sizeof name);
    enum error_code code = plan_find(store, name, head, err);
    if (code == ERR_NONE && head->published_revision != 0) {
        code = error_set(err, ERR_EXISTS,
                         "方案“%s”已在版本 %" PRId64 " 发布 (plan %s was published as revision %" PRId64 ")",
                         name, head->published_revision, name, head->published_revision);
    }
    if (code == ERR_NONE) {
        code = items_check_sessions(store, head, err);
    }
    if (code == ERR_NONE) {
        code = items_check_requests(store, head, err);
    }
    if (code == ERR_NONE) {
        code = series_take(store, set, name, err);
    }
    return code == ERR_NONE ? items_take(store, publication, set, name, err) : code;
}

static enum error_code publish_conclude(struct store *store, int64_t revision, void *context,
                                        struct error *err)
{
    const struct publication *publication = context;
    struct statement update;
    enum error_code code = statement_prepare(
        &update, store->db, "UPDATE plan SET published_revision = :revision WHERE name = :name", err);
    statement_integer(&update, ":revision", revision);
    statement_text(&update, ":name", publication->head.name);
    if (code == ERR_NONE) {
        code = statement_run(&update, err);
    }
    statement_finish(&update);
    return code;
}

/* Which draft, when none is named: the one that changes something. None: `ret_name` stays as it is. */
static enum error_code only_draft(struct store *store, char ret_name[LIMIT_ID_BYTES + 1], struct error *err)
{
    struct statement rows;
    struct text names;
    size_t count = 0;
    bool row = true;
    enum error_code code =
        statement_prepare(&rows, store->db,
                          "SELECT name FROM plan WHERE published_revision IS NULL "
                          "AND EXISTS (SELECT 1 FROM plan_item i WHERE i.plan_name = plan.name) "
                          "ORDER BY created_at DESC, rowid DESC LIMIT 10",
                          err);
    text_init(&names, 10 * (LIMIT_ID_BYTES + 8));
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code == ERR_NONE && row) {
            (void)snprintf(ret_name, LIMIT_ID_BYTES + 1, "%s", column_text(&rows, 0));
            text_addf(&names, "%s%s", count++ > 0 ? ", " : "", ret_name);
        }
    }
    statement_finish(&rows);
    if (code == ERR_NONE && count > 1) {
        code = error_set(err, ERR_INPUT,
                         "有多份方案未发布，请写明发布哪一份：%s (several drafts are open, name one: %s)",
                         text_string(&names), text_string(&names));
    }
    text_finish(&names);
    return code;
}

enum error_code plan_publish(struct store *store, const char *name, const char *actor, const char *reason,
                             struct commit_result *result, struct error *err)
{
    struct publication publication = {.published = NULL};
    struct plan_entry entry;
    struct change_set *set = NULL;
    char only[LIMIT_ID_BYTES + 1] = "";
    char text[LIMIT_ID_BYTES + 32];
    enum error_code code = ERR_NONE;
    *result = (struct commit_result){0};
    if (name == NULL) {
        code = only_draft(store, only, err);
        name = only[0] != '\0' ? only : NULL;
    }
    if (code == ERR_NONE) {
        code = plan_find(store, name, &publication.head, err);
    }
    if (code == ERR_NONE) {
        code = plan_look(store, publication.head.name, &entry, err);
    }
    if (code == ERR_NONE && entry.items == 0 && entry.published_revision == 0) {
        return store_revision(store, &result->revision, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    (void)snprintf(text, sizeof text, "plan %s", publication.head.name);
    code = change_set_create(actor, reason != NULL ? reason : text, text, &set, err);
    if (code == ERR_NONE) {
        const struct gate_options options = {
            .prepare = publish_prepare, .conclude = publish_conclude, .context = &publication};
        code = gate_run(store, set, &options, result, err);
    }
    change_set_destroy(set);
    timetable_unref(publication.published);
    return code;
}
