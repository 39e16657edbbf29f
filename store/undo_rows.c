#include "store/undo_rows.h"

#include "base/date.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

static enum error_code memory_error(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

static enum error_code audit_error(const struct audit_entry *entry, struct error *err)
{
    return error_set(err, ERR_DATABASE, "audit %s %s: 无法读取 (cannot be read)", entry->table, entry->key);
}

/* Which later revision it was, when the audit knows. */
enum error_code undo_stale(struct undo *undo, const struct audit_entry *entry, struct error *err)
{
    struct statement rows;
    bool row = false;
    int64_t later = 0;
    if (statement_prepare(&rows, undo->db,
                          "SELECT max(revision_id) FROM audit WHERE table_name = :table AND row_key = :key "
                          "AND revision_id > :revision",
                          NULL) == ERR_NONE) {
        statement_text(&rows, ":table", entry->table);
        statement_text(&rows, ":key", entry->key);
        statement_integer(&rows, ":revision", undo->revision);
        if (statement_step(&rows, &row, NULL) == ERR_NONE && row) {
            later = column_integer(&rows, 0);
        }
    }
    statement_finish(&rows);
    return error_set(err, ERR_STALE,
                     "%s %s 在版本 %" PRId64 " 之后又有变动（版本 %" PRId64
                     "） (%s %s was changed after revision %" PRId64 ", by revision %" PRId64 ")",
                     entry->table, entry->key, undo->revision, later, entry->table, entry->key,
                     undo->revision, later);
}

static json_t *json_read(const char *text)
{
    return text == NULL ? NULL : json_loads(text, 0, NULL);
}

/* ---- plain rows ---- */

/* A JSON value as a column's; false: neither integer, text nor null. */
static bool value_read(const json_t *json, struct arena *arena, struct value *ret_value)
{
    *ret_value = (struct value){CELL_NULL, 0, NULL};
    if (json_is_integer(json)) {
        ret_value->type = CELL_INTEGER;
        ret_value->integer = json_integer_value(json);
    } else if (json_is_string(json)) {
        ret_value->type = CELL_TEXT;
        ret_value->text = arena_copy_text(arena, json_string_value(json));
        return ret_value->text != NULL;
    }
    return json_is_integer(json) || json_is_string(json) || json_is_null(json);
}

/* The columns that the JSON names; others (of a later schema) are left out. */
static bool record_read(const json_t *json, const struct table_info *info, struct arena *arena,
                        struct row_op *op)
{
    for (int i = 0; i < info->column_count; i++) {
        const json_t *value = json_object_get(json, info->columns[i].name);
        if (value == NULL) {
            continue;
        }
        if (!value_read(value, arena, &op->record.at[i])) {
            return false;
        }
        op->given |= UINT32_C(1) << i;
    }
    return true;
}

static bool record_matches(const struct table_info *info, const struct row_op *op, const struct record *now)
{
    for (int i = 0; i < info->column_count; i++) {
        if ((op->given & UINT32_C(1) << i) != 0 && !value_equal(&op->record.at[i], &now->at[i])) {
            return false;
        }
    }
    return true;
}

/* Is the row what the entry's "after" says? */
static enum error_code row_check(struct undo *undo, enum store_table table, const struct audit_entry *entry,
                                 const struct row_op *after, const struct row_op *before, struct error *err)
{
    const struct table_info *info = table_info(table);
    struct record now;
    bool found = false;
    const struct record *key = entry->after != NULL ? &after->record : &before->record;
    enum error_code code =
        row_fetch(undo->db, &undo->tables[table], info, key, &undo->set->arena, &found, &now, err);
    if (code != ERR_NONE) {
        return code;
    }
    bool same = entry->after != NULL ? found && record_matches(info, after, &now) : !found;
    return same ? ERR_NONE : undo_stale(undo, entry, err);
}

enum error_code undo_plain_row(struct undo *undo, enum store_table table, const struct audit_entry *entry,
                               struct error *err)
{
    const struct table_info *info = table_info(table);
    struct row_op before = {.kind = ROW_PUT, .table = table};
    struct row_op after = {.kind = ROW_DROP, .table = table};
    json_t *old = json_read(entry->before);
    json_t *new = json_read(entry->after);
    bool parsed = (old != NULL) == (entry->before != NULL) && (new != NULL) == (entry->after != NULL);
    bool read = parsed && (old != NULL || new != NULL) &&
                record_read(old, info, &undo->set->arena, &before) &&
                record_read(new, info, &undo->set->arena, &after);
    json_decref(old);
    json_decref(new);
    if (!read) {
        return audit_error(entry, err);
    }
    enum error_code code = row_check(undo, table, entry, &after, &before, err);
    if (code != ERR_NONE) {
        return code;
    }
    return change_set_add_row(undo->set, entry->before != NULL ? &before : &after, err);
}

/* ---- series ---- */

enum error_code undo_series(struct undo *undo, const struct audit_entry *entry, struct error *err)
{
    json_t *json = json_read(entry->before != NULL ? entry->before : entry->after);
    struct series_op op = {.kind = entry->before == NULL ? SERIES_OP_DROP : SERIES_OP_RESTORE};
    const char *request = json_string_value(json_object_get(json, "request_id"));
    const char *rule = json_string_value(json_object_get(json, "holiday_rule"));
    bool read = rule != NULL && holiday_rule_from_name(rule, &op.holiday_rule);
    op.id = json_integer_value(json_object_get(json, "id"));
    op.request_id = arena_copy_text(&undo->set->arena, request);
    read = read && op.id > 0 && (request == NULL || op.request_id != NULL);
    json_decref(json);
    if (!read) {
        return audit_error(entry, err);
    }
    bool there = timetable_find_series(undo->timetable, op.id) != NULL;
    if (there != (entry->after != NULL)) {
        return undo_stale(undo, entry, err);
    }
    return change_set_add_series(undo->set, &op, err);
}

/* ---- sessions ---- */

/* What the gate keeps itself and what goes on rising: no part of what a session is. */
static bool is_stamp(const char *name)
{
    static const char *const STAMPS[] = {"sequence",       "created_at",        "changed_at",
                                         "cancelled_at",   "moved_at",          "moved_from_date",
                                         "moved_from_min", "moved_from_room_id"};
    for (size_t i = 0; i < sizeof STAMPS / sizeof *STAMPS; i++) {
        if (strcmp(name, STAMPS[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool session_matches(json_t *after, const json_t *now)
{
    const char *name;
    json_t *value;
    json_object_foreach(after, name, value)
    {
        if (!is_stamp(name) && !json_equal(value, json_object_get(now, name))) {
            return false;
        }
    }
    return true;
}

/* The stored session in the audit's words; *ret_json NULL when there is none. */
static enum error_code session_now(struct undo *undo, int64_t id, json_t **ret_json, struct error *err)
{
    enum {
        SESSION_JSON_MAX = 64 * 1024
    };
    const struct session *session = timetable_find_session(undo->timetable, id);
    struct text text;
    if (session == NULL) {
        *ret_json = NULL;
        return ERR_NONE;
    }
    struct session_words words = {.timetable = undo->timetable, .session = session};
    enum error_code code = session_extras(undo->db, session, &undo->set->arena, &words, err);
    text_init(&text, SESSION_JSON_MAX);
    if (code == ERR_NONE) {
        session_json(&words, &text);
        code = text_status(&text, err);
    }
    if (code == ERR_NONE) {
        json_t *json = json_read(text_string(&text));
        code = json != NULL ? ERR_NONE : memory_error(err);
        *ret_json = json;
    }
    text_finish(&text);
    return code;
}

static int32_t small(const json_t *json, const char *name)
{
    json_int_t value = json_integer_value(json_object_get(json, name));
    return value > INT32_MAX || value < INT32_MIN ? 0 : (int32_t)value;
}

static const char *text_of(const json_t *json, const char *name, struct arena *arena)
{
    return arena_copy_text(arena, json_string_value(json_object_get(json, name)));
}

static bool people_read(const json_t *json, struct arena *arena, struct session_spec *spec)
{
    const json_t *people = json_object_get(json, "instructor_ids");
    size_t count = json_array_size(people);
    if (count > LIMIT_SESSION_INSTRUCTORS) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        spec->instructor_ids[i] = arena_copy_text(arena, json_string_value(json_array_get(people, i)));
        if (spec->instructor_ids[i] == NULL) {
            return false;
        }
    }
    spec->instructor_count = count;
    return true;
}

static bool overrides_read(const json_t *json, struct arena *arena, struct session_spec *spec)
{
    const json_t *overrides = json_object_get(json, "overrides");
    size_t count = json_array_size(overrides);
    struct override_row *rows = arena_array(arena, count + 1, sizeof *rows);
    if (rows == NULL || count > OVERRIDES_MAX) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(overrides, i);
        rows[i].rule = rule_from_name(json_string_value(json_object_get(one, "rule")));
        rows[i].reason = text_of(one, "reason", arena);
        rows[i].actor = text_of(one, "actor", arena);
        rows[i].at = json_integer_value(json_object_get(one, "at"));
        if (rows[i].rule == RULE_COUNT || rows[i].reason == NULL || rows[i].actor == NULL) {
            return false;
        }
    }
    spec->overrides = rows;
    spec->override_count = count;
    return true;
}

static bool spec_read(const json_t *json, struct arena *arena, struct session_spec *spec)
{
    const char *date = json_string_value(json_object_get(json, "date"));
    const char *status = json_string_value(json_object_get(json, "status"));
    *spec = (struct session_spec){
        .id = json_integer_value(json_object_get(json, "id")),
        .course_id = text_of(json, "course_id", arena),
        .room_id = text_of(json, "room_id", arena),
        .request_id = text_of(json, "request_id", arena),
        .start_min = small(json, "start_min"),
        .minutes = small(json, "minutes"),
        .setup_min = small(json, "setup_min"),
        .clear_min = small(json, "clear_min"),
        .series_id = json_integer_value(json_object_get(json, "series_id")),
        .pinned = small(json, "pinned") != 0,
        .series_exception = small(json, "series_exception") != 0,
        .heads = small(json, "heads"),
        .counts_as = small(json, "counts_as"),
        .note = text_of(json, "note", arena),
        .cancel_reason = text_of(json, "cancel_reason", arena),
        .sequence = small(json, "sequence"),
        .created_at = json_integer_value(json_object_get(json, "created_at")),
        .changed_at = json_integer_value(json_object_get(json, "changed_at")),
    };
    return spec->id > 0 && spec->course_id != NULL && spec->room_id != NULL && date != NULL &&
           status != NULL && date_parse(date, &spec->day) &&
           session_status_from_name(status, &spec->status) && people_read(json, arena, spec) &&
           overrides_read(json, arena, spec);
}

enum error_code undo_session(struct undo *undo, const struct audit_entry *entry, struct error *err)
{
    struct session_op op = {.kind = SESSION_OP_EDIT, .fields = EDIT_EVERYTHING};
    json_t *old = json_read(entry->before);
    json_t *new = json_read(entry->after);
    json_t *now = NULL;
    enum error_code code = ERR_NONE;
    bool parsed = (old != NULL) == (entry->before != NULL) && (new != NULL) == (entry->after != NULL);
    if (!parsed || !spec_read(old != NULL ? old : new, &undo->set->arena, &op.spec)) {
        code = audit_error(entry, err);
    }
    if (code == ERR_NONE) {
        code = session_now(undo, op.spec.id, &now, err);
    }
    bool same = new == NULL ? now == NULL : now != NULL &&session_matches(new, now);
    if (code == ERR_NONE && !same) {
        code = undo_stale(undo, entry, err);
    }
    op.kind = old == NULL ? SESSION_OP_DROP : new == NULL ? SESSION_OP_RESTORE : SESSION_OP_EDIT;
    if (code == ERR_NONE) {
        code = change_set_add_session(undo->set, &op, err);
    }
    json_decref(old);
    json_decref(new);
    json_decref(now);
    return code;
}
