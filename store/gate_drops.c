/* What goes before the rows: sessions and series that an undo removes, and series that are new. */
#include "store/gate.h"

#include <inttypes.h>

enum {
    SESSION_JSON_MAX = 64 * 1024
};

static enum error_code drop_note(struct gate *gate, const struct session *session, struct error *err)
{
    struct session_words words = {.timetable = gate->before, .session = session};
    struct text json;
    char key[32];
    text_init(&json, SESSION_JSON_MAX);
    enum error_code code = session_extras(gate->db, session, &gate->arena, &words, err);
    if (code == ERR_NONE) {
        session_json(&words, &json);
        code = text_status(&json, err);
    }
    if (code == ERR_NONE) {
        sqlite3_snprintf((int)sizeof key, key, "[%lld]", (long long)session->at.session_id);
        code = audit_note(&gate->audit, "session", key, text_string(&json), NULL, err);
    }
    text_finish(&json);
    return code;
}

static enum error_code session_drop(struct gate *gate, struct statement *drop, int64_t id, struct error *err)
{
    const struct session *session = gate->before == NULL ? NULL : timetable_find_session(gate->before, id);
    size_t hard = 0;
    struct placement from;
    if (session == NULL) {
        return error_set(err, ERR_NOT_FOUND, "没有场次 %" PRId64 " (there is no session %" PRId64 ")", id,
                         id);
    }
    enum error_code code = ERR_NONE;
    from = session->at;
    if (id_map_get(&gate->unheld, id) != ID_MAP_NONE) {
        from.held = HELD_UNKNOWN;
    }
    if (session->status != SESSION_CANCELLED) {
        code = rules_check_change(&from, NULL, &gate->result->clashes, &hard, err);
        gate->hard += hard;
    }
    if (code == ERR_NONE) {
        code = drop_note(gate, session, err);
    }
    if (code == ERR_NONE) {
        VEC_PUSH(code, &gate->dropped, id, LIMIT_ROWS);
    }
    if (code == ERR_NONE) {
        statement_integer(drop, ":id", id);
        code = statement_run(drop, err);
    }
    return code;
}

static enum error_code series_note(struct gate *gate, int64_t id, const struct series_op *op,
                                   struct error *err)
{
    struct text json;
    char key[32];
    bool drops = op->kind == SERIES_OP_DROP;
    sqlite3_snprintf((int)sizeof key, key, "[%lld]", (long long)id);
    text_init(&json, SESSION_JSON_MAX);
    text_addf(&json, "{\"id\":%" PRId64 ",\"request_id\":", id);
    if (op->request_id == NULL) {
        text_add(&json, "null");
    } else {
        text_add_json(&json, op->request_id);
    }
    text_add(&json, ",\"holiday_rule\":");
    text_add_json(&json, holiday_rule_name(op->holiday_rule));
    text_add(&json, "}");
    enum error_code code = text_status(&json, err);
    if (code == ERR_NONE) {
        code = audit_note(&gate->audit, "series", key, drops ? text_string(&json) : NULL,
                          drops ? NULL : text_string(&json), err);
    }
    text_finish(&json);
    return code;
}

static enum error_code series_drop(struct gate *gate, const struct series_op *op, struct error *err)
{
    struct statement drop;
    enum error_code code = statement_prepare(&drop, gate->db, "DELETE FROM series WHERE id = :id", err);
    statement_integer(&drop, ":id", op->id);
    if (code == ERR_NONE) {
        code = statement_run(&drop, err);
    }
    statement_finish(&drop);
    return code == ERR_NONE ? series_note(gate, op->id, op, err) : code;
}

/* A session whose attendance goes in the same set (an undo of both) is not kept for it. */
static enum error_code unheld_note(struct gate *gate, struct error *err)
{
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < gate->set->rows.count && code == ERR_NONE; i++) {
        const struct row_op *op = &gate->set->rows.items[i];
        if (op->kind == ROW_DROP && op->table == TABLE_ATTENDANCE) {
            code = id_map_put(&gate->unheld, op->record.at[0].integer, 1);
        }
    }
    return code == ERR_NONE ? ERR_NONE : gate_memory(err);
}

enum error_code gate_apply_drops(struct gate *gate, struct error *err)
{
    struct statement drop = {0};
    enum error_code code = unheld_note(gate, err);
    for (size_t i = 0; i < gate->set->sessions.count && code == ERR_NONE; i++) {
        const struct session_op *op = &gate->set->sessions.items[i];
        if (op->kind != SESSION_OP_DROP) {
            continue;
        }
        if (drop.handle == NULL) {
            code = statement_prepare(&drop, gate->db, "DELETE FROM session WHERE id = :id", err);
        }
        if (code == ERR_NONE) {
            code = session_drop(gate, &drop, op->spec.id, err);
        }
    }
    statement_finish(&drop);
    for (size_t i = 0; i < gate->set->series.count && code == ERR_NONE; i++) {
        if (gate->set->series.items[i].kind == SERIES_OP_DROP) {
            code = series_drop(gate, &gate->set->series.items[i], err);
        }
    }
    return code;
}

static enum error_code series_insert(struct gate *gate, struct statement *insert, const struct series_op *op,
                                     int64_t *ret_id, struct error *err)
{
    if (op->id != 0) {
        statement_integer(insert, ":id", op->id);
    }
    statement_text(insert, ":request", op->request_id);
    statement_text(insert, ":rule", holiday_rule_name(op->holiday_rule));
    enum error_code code = statement_run(insert, err);
    if (code == ERR_NONE) {
        *ret_id = sqlite3_last_insert_rowid(gate->db);
        code = series_note(gate, *ret_id, op, err);
    }
    return code;
}

enum error_code gate_apply_series(struct gate *gate, struct error *err)
{
    struct statement insert = {0};
    if (gate->set->series.count == 0) {
        return ERR_NONE;
    }
    gate->series_ids = arena_array(&gate->arena, gate->set->series.count, sizeof *gate->series_ids);
    enum error_code code = gate->series_ids != NULL ? ERR_NONE : gate_memory(err);
    if (code == ERR_NONE) {
        code = statement_prepare(
            &insert, gate->db,
            "INSERT INTO series (id, request_id, holiday_rule) VALUES (:id, :request, :rule)", err);
    }
    size_t made = 0;
    for (size_t i = 0; i < gate->set->series.count && code == ERR_NONE; i++) {
        const struct series_op *op = &gate->set->series.items[i];
        int64_t id = 0;
        if (op->kind != SERIES_OP_DROP) {
            code = series_insert(gate, &insert, op, &id, err);
        }
        if (op->kind == SERIES_OP_NEW && code == ERR_NONE) {
            gate->series_ids[made++] = id;
        }
    }
    statement_finish(&insert);
    return code;
}
