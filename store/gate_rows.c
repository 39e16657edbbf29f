/* Plain rows through the gate: read, compare, write, note, driven by the table of tables. */
#include "store/gate.h"

#include <inttypes.h>
#include <string.h>

enum {
    SQL_BYTES_MAX = 4000,
    JSON_BYTES_MAX = 1 << 20
};

enum error_code gate_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

void table_statements_finish(struct table_statements *statements)
{
    statement_finish(&statements->select);
    statement_finish(&statements->insert);
    statement_finish(&statements->update);
    statement_finish(&statements->drop);
}

/* "name1<between>name2…" of the columns from … to. */
static void names_add(struct text *sql, const struct table_info *info, int from, int to, const char *after,
                      const char *between)
{
    for (int i = from; i < to; i++) {
        text_addf(sql, "%s%s%s", i == from ? "" : between, info->columns[i].name, after);
    }
}

static enum error_code text_prepare(struct statement *statement, sqlite3 *db, struct text *sql,
                                    struct error *err)
{
    enum error_code code = text_status(sql, err);
    if (code == ERR_NONE) {
        code = statement_prepare(statement, db, text_string(sql), err);
    }
    text_finish(sql);
    return code;
}

static enum error_code select_prepare(sqlite3 *db, struct table_statements *statements,
                                      const struct table_info *info, struct error *err)
{
    if (statements->select.handle != NULL) {
        return ERR_NONE;
    }
    struct text sql;
    text_init(&sql, SQL_BYTES_MAX);
    text_add(&sql, "SELECT ");
    names_add(&sql, info, 0, info->column_count, "", ", ");
    text_addf(&sql, " FROM %s WHERE ", info->name);
    names_add(&sql, info, 0, info->key_count, " = ?", " AND ");
    return text_prepare(&statements->select, db, &sql, err);
}

static enum error_code insert_prepare(sqlite3 *db, struct table_statements *statements,
                                      const struct table_info *info, struct error *err)
{
    if (statements->insert.handle != NULL) {
        return ERR_NONE;
    }
    struct text sql;
    text_init(&sql, SQL_BYTES_MAX);
    text_addf(&sql, "INSERT INTO %s (", info->name);
    names_add(&sql, info, 0, info->column_count, "", ", ");
    text_add(&sql, ") VALUES (");
    for (int i = 0; i < info->column_count; i++) {
        text_add(&sql, i == 0 ? "?" : ", ?");
    }
    text_add(&sql, ")");
    return text_prepare(&statements->insert, db, &sql, err);
}

/* Parameters: the other columns in their order, then the key. */
static enum error_code update_prepare(sqlite3 *db, struct table_statements *statements,
                                      const struct table_info *info, struct error *err)
{
    if (statements->update.handle != NULL) {
        return ERR_NONE;
    }
    struct text sql;
    text_init(&sql, SQL_BYTES_MAX);
    text_addf(&sql, "UPDATE %s SET ", info->name);
    names_add(&sql, info, info->key_count, info->column_count, " = ?", ", ");
    text_add(&sql, " WHERE ");
    names_add(&sql, info, 0, info->key_count, " = ?", " AND ");
    return text_prepare(&statements->update, db, &sql, err);
}

static enum error_code drop_prepare(sqlite3 *db, struct table_statements *statements,
                                    const struct table_info *info, struct error *err)
{
    if (statements->drop.handle != NULL) {
        return ERR_NONE;
    }
    struct text sql;
    text_init(&sql, SQL_BYTES_MAX);
    text_addf(&sql, "DELETE FROM %s WHERE ", info->name);
    names_add(&sql, info, 0, info->key_count, " = ?", " AND ");
    return text_prepare(&statements->drop, db, &sql, err);
}

/* Binds the columns from … to at positions from `position`. */
static void record_bind(struct statement *statement, const struct record *record, int from, int to,
                        int position)
{
    for (int i = from; i < to; i++, position++) {
        const struct value *value = &record->at[i];
        if (value->type == CELL_INTEGER) {
            statement_integer_at(statement, position, value->integer);
        } else {
            statement_text_at(statement, position, value->type == CELL_TEXT ? value->text : NULL);
        }
    }
}

static enum error_code record_take(const struct statement *rows, const struct table_info *info,
                                   struct arena *arena, struct record *ret_record, struct error *err)
{
    for (int i = 0; i < info->column_count; i++) {
        struct value *value = &ret_record->at[i];
        *value = (struct value){CELL_NULL, 0, NULL};
        if (column_null(rows, i)) {
            continue;
        }
        value->type = info->columns[i].type;
        if (value->type == CELL_INTEGER) {
            value->integer = column_integer(rows, i);
        } else if ((value->text = arena_copy_text(arena, column_text(rows, i))) == NULL) {
            return gate_memory(err);
        }
    }
    return ERR_NONE;
}

enum error_code row_fetch(sqlite3 *db, struct table_statements *statements, const struct table_info *info,
                          const struct record *key, struct arena *arena, bool *ret_found,
                          struct record *ret_record, struct error *err)
{
    enum error_code code = select_prepare(db, statements, info, err);
    if (code != ERR_NONE) {
        return code;
    }
    bool found = false;
    record_bind(&statements->select, key, 0, info->key_count, 1);
    code = statement_step(&statements->select, &found, err);
    if (code == ERR_NONE && found) {
        code = record_take(&statements->select, info, arena, ret_record, err);
        statement_reset(&statements->select);
    }
    if (code == ERR_NONE) {
        *ret_found = found;
    }
    return code;
}

/* What the row will be: the given columns over what is there, or over the defaults. */
static enum error_code record_merge(const struct table_info *info, const struct row_op *op, bool found,
                                    struct record *record, struct error *err)
{
    for (int i = 0; i < info->column_count; i++) {
        const struct column_info *column = &info->columns[i];
        struct value *value = &record->at[i];
        if ((op->given & UINT32_C(1) << i) != 0) {
            *value = op->record.at[i];
        } else if (!found && (column->flags & COLUMN_NEEDED) != 0) {
            return error_set(err, ERR_INPUT, "缺少 %s (%s is missing)", column->name, column->name);
        } else if (!found && (column->flags & COLUMN_NULLABLE) != 0) {
            *value = (struct value){CELL_NULL, 0, NULL};
        } else if (!found) {
            *value = (struct value){column->type, column->otherwise, column->otherwise_text};
        }
    }
    return ERR_NONE;
}

static enum error_code row_note(struct gate *gate, const struct table_info *info, const struct record *before,
                                const struct record *after, struct error *err)
{
    struct text key;
    struct text old;
    struct text new;
    text_init(&key, JSON_BYTES_MAX);
    text_init(&old, JSON_BYTES_MAX);
    text_init(&new, JSON_BYTES_MAX);
    record_key_json(info, before != NULL ? before : after, &key);
    if (before != NULL) {
        record_json(info, before, &old);
    }
    if (after != NULL) {
        record_json(info, after, &new);
    }
    enum error_code code = text_status(&key, err);
    if (code == ERR_NONE) {
        code = text_status(&old, err);
    }
    if (code == ERR_NONE) {
        code = text_status(&new, err);
    }
    if (code == ERR_NONE) {
        code =
            audit_note(&gate->audit, info->name, text_string(&key), before != NULL ? text_string(&old) : NULL,
                       after != NULL ? text_string(&new) : NULL, err);
    }
    text_finish(&key);
    text_finish(&old);
    text_finish(&new);
    return code;
}

static enum error_code shown_add(struct gate *gate, enum store_table table, const struct record *record,
                                 struct error *err)
{
    struct shown_row row = {table, record->at[0].text};
    enum error_code code;
    VEC_PUSH(code, &gate->shown, row, LIMIT_ROWS);
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "visible rows");
}

static enum error_code shown_note(struct gate *gate, enum store_table table, const struct record *before,
                                  const struct record *after, struct error *err)
{
    const struct table_info *info = table_info(table);
    bool visible = false;
    for (int i = 0; i < info->column_count; i++) {
        bool shown = (info->columns[i].flags & COLUMN_VISIBLE) != 0;
        visible = visible || (shown && !value_equal(&before->at[i], &after->at[i]));
    }
    return visible ? shown_add(gate, table, before, err) : ERR_NONE;
}

static enum error_code row_insert(struct gate *gate, const struct table_info *info,
                                  struct table_statements *statements, const struct record *record,
                                  struct error *err)
{
    enum error_code code = insert_prepare(gate->db, statements, info, err);
    if (code == ERR_NONE) {
        record_bind(&statements->insert, record, 0, info->column_count, 1);
        code = statement_run(&statements->insert, err);
    }
    return code == ERR_NONE ? row_note(gate, info, NULL, record, err) : code;
}

static enum error_code row_update(struct gate *gate, enum store_table table,
                                  struct table_statements *statements, const struct record *before,
                                  const struct record *after, struct error *err)
{
    const struct table_info *info = table_info(table);
    enum error_code code = update_prepare(gate->db, statements, info, err);
    if (code == ERR_NONE) {
        int others = info->column_count - info->key_count;
        record_bind(&statements->update, after, info->key_count, info->column_count, 1);
        record_bind(&statements->update, after, 0, info->key_count, others + 1);
        code = statement_run(&statements->update, err);
    }
    if (code == ERR_NONE) {
        code = shown_note(gate, table, before, after, err);
    }
    return code == ERR_NONE ? row_note(gate, info, before, after, err) : code;
}

static enum error_code row_drop(struct gate *gate, const struct table_info *info,
                                struct table_statements *statements, const struct record *before,
                                struct error *err)
{
    enum error_code code = drop_prepare(gate->db, statements, info, err);
    if (code == ERR_NONE) {
        record_bind(&statements->drop, before, 0, info->key_count, 1);
        code = statement_run(&statements->drop, err);
    }
    return code == ERR_NONE ? row_note(gate, info, before, NULL, err) : code;
}

/* When what was entered changes and nobody says when it was entered, it was now. */
static void recorded_settle(struct gate *gate, const struct row_op *op, bool found,
                            const struct record *before, struct record *after)
{
    const struct table_info *info = table_info(op->table);
    int column = op->table == TABLE_ATTENDANCE ? table_column(info, "recorded_at") : -1;
    bool same = column < 0 || (found && record_equal(info, before, after));
    if (!same && (op->given & UINT32_C(1) << column) == 0) {
        after->at[column] = (struct value){CELL_INTEGER, gate->now_s, NULL};
    }
}

static enum error_code row_apply(struct gate *gate, const struct row_op *op, struct error *err)
{
    const struct table_info *info = table_info(op->table);
    struct table_statements *statements = &gate->tables[op->table];
    struct record before;
    bool found = false;
    enum error_code code =
        row_fetch(gate->db, statements, info, &op->record, &gate->arena, &found, &before, err);
    if (code != ERR_NONE) {
        return code;
    }
    struct record after = before;
    if (op->kind == ROW_PUT) {
        code = record_merge(info, op, found, &after, err);
    } else if (!found) {
        code = error_set(err, ERR_NOT_FOUND, "没有这一行 (there is no such row)");
    }
    if (code != ERR_NONE) {
        return code;
    }
    if (op->kind == ROW_PUT) {
        recorded_settle(gate, op, found, &before, &after);
    }
    if (op->kind == ROW_PUT && found && record_equal(info, &before, &after)) {
        gate->result->unchanged_by_table[op->table]++;
        return ERR_NONE;
    }
    gate->changed_tables |= UINT32_C(1) << op->table;
    if (op->table == TABLE_SETTING && (!found || op->kind == ROW_DROP)) {
        /* Without a row the default is shown, so that its coming and going is a change. */
        code = shown_add(gate, op->table, &op->record, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    if (op->kind == ROW_DROP) {
        return row_drop(gate, info, statements, &before, err);
    }
    return found ? row_update(gate, op->table, statements, &before, &after, err)
                 : row_insert(gate, info, statements, &after, err);
}

/* The attendance of a session that has no number yet waits until it has one. */
static bool row_waits(const struct row_op *op)
{
    return op->table == TABLE_ATTENDANCE && op->record.at[0].integer < 0;
}

static enum error_code row_apply_named(struct gate *gate, const struct row_op *op, struct error *err)
{
    enum error_code code = row_apply(gate, op, err);
    if (code != ERR_NONE) {
        struct text name;
        text_init(&name, LIMIT_NOTE_BYTES);
        record_name(table_info(op->table), &op->record, &name);
        (void)error_wrap(err, "%s", text_string(&name));
        text_finish(&name);
    }
    return code;
}

enum error_code gate_apply_rows(struct gate *gate, struct error *err)
{
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < gate->set->rows.count && code == ERR_NONE; i++) {
        const struct row_op *op = &gate->set->rows.items[i];
        gate->waiting_rows += row_waits(op) ? 1 : 0;
        code = row_waits(op) ? ERR_NONE : row_apply_named(gate, op, err);
    }
    return code;
}

/* The numbers that the set's new sessions got, in their order. */
static int64_t *new_numbers(struct gate *gate, int64_t *ret_count)
{
    int64_t *numbers = arena_array(&gate->arena, gate->works.count + 1, sizeof *numbers);
    int64_t count = 0;
    for (size_t i = 0; i < gate->works.count && numbers != NULL; i++) {
        const struct session_work *work = &gate->works.items[i];
        if (work->is_new && !work->is_restored) {
            numbers[count++] = work->after.at.session_id;
        }
    }
    *ret_count = count;
    return numbers;
}

enum error_code gate_apply_waiting_rows(struct gate *gate, struct error *err)
{
    int64_t count = 0;
    int64_t *numbers = gate->waiting_rows == 0 ? NULL : new_numbers(gate, &count);
    if (gate->waiting_rows > 0 && numbers == NULL) {
        return gate_memory(err);
    }
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < gate->set->rows.count && gate->waiting_rows > 0 && code == ERR_NONE; i++) {
        struct row_op op = gate->set->rows.items[i];
        if (!row_waits(&op)) {
            continue;
        }
        int64_t n = -(op.record.at[0].integer + 1);
        if (n >= count) {
            return error_set(err, ERR_INPUT,
                             "没有第 %" PRId64 " 个新场次 (there is no new session %" PRId64 ")", n + 1,
                             n + 1);
        }
        op.record.at[0].integer = numbers[n];
        code = row_apply_named(gate, &op, err);
        gate->waiting_rows--;
    }
    return code;
}
