/* store/rows: see rows.h. */
#include "store/rows.h"

#include "base/vec.h"
#include "store/store_private.h"
#include "store/tables.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SQL_BYTES_MAX = 4000,
    KEY_BYTES_MAX = 1 << 16
};

static const char *const SESSION_COLUMNS[] = {
    "id",        "course_id", "room_id", "instructor_ids", "date",      "start_min",        "minutes",
    "setup_min", "clear_min", "status",  "request_id",     "series_id", "series_exception", "pinned",
    "heads",     "counts_as", "note",    "cancel_reason"};
#define SESSION_COLUMN_COUNT ((int)(sizeof SESSION_COLUMNS / sizeof *SESSION_COLUMNS))

static const char SESSION_SQL[] =
    "SELECT s.id, s.course_id, s.room_id, "
    "coalesce((SELECT group_concat(p.instructor_id, ';') FROM (SELECT instructor_id FROM session_instructor "
    "WHERE session_id = s.id ORDER BY position) p), ''), "
    "s.date, s.start_min, s.minutes, s.setup_min, s.clear_min, s.status, s.request_id, "
    "coalesce(s.series_id, 0), s.series_exception, s.pinned, s.heads, s.counts_as, s.note, s.cancel_reason "
    "FROM session s ORDER BY s.id";

static enum error_code out_of_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

static const char *table_name(int table)
{
    return table == STORED_SESSION ? "session" : table_info((enum store_table)table)->name;
}

static int key_count(int table)
{
    return table == STORED_SESSION ? 1 : table_info((enum store_table)table)->key_count;
}

static enum error_code columns_name(struct stored_rows *rows, int table, struct error *err)
{
    struct stored_table *stored = &rows->tables[table];
    if (table == STORED_SESSION) {
        stored->columns = SESSION_COLUMNS;
        stored->column_count = SESSION_COLUMN_COUNT;
        return ERR_NONE;
    }
    const struct table_info *info = table_info((enum store_table)table);
    const char **names = arena_array(&rows->arena, (size_t)info->column_count, sizeof *names);
    if (names == NULL) {
        return out_of_memory(err);
    }
    for (int i = 0; i < info->column_count; i++) {
        names[i] = info->columns[i].name;
    }
    stored->columns = names;
    stored->column_count = info->column_count;
    return ERR_NONE;
}

/* ["key", …] as the audit writes it. */
static const char *key_text(struct stored_rows *rows, int table, const struct cell *cells)
{
    struct text key;
    text_init(&key, KEY_BYTES_MAX);
    for (int i = 0; i < key_count(table); i++) {
        text_add(&key, i == 0 ? "[" : ",");
        if (cells[i].type == CELL_INTEGER) {
            text_addf(&key, "%" PRId64, cells[i].integer);
        } else {
            text_add_json(&key, cells[i].type == CELL_TEXT ? cells[i].text : "");
        }
    }
    text_add(&key, "]");
    const char *kept = key.failed == ERR_NONE ? arena_copy_text(&rows->arena, text_string(&key)) : NULL;
    text_finish(&key);
    return kept;
}

static enum error_code row_add(struct stored_rows *rows, int table, struct cell *cells, const char *key,
                               struct error *err)
{
    struct stored_table *stored = &rows->tables[table];
    struct stored_row row = {key != NULL ? key : key_text(rows, table, cells), cells};
    void *grown = row.key == NULL ? NULL
                                  : vec_reserve(stored->rows, &stored->capacity, stored->count + 1,
                                                sizeof row, LIMIT_ROWS);
    if (grown == NULL) {
        return out_of_memory(err);
    }
    stored->rows = grown;
    stored->rows[stored->count++] = row;
    return ERR_NONE;
}

static enum error_code row_take(struct stored_rows *rows, int table, const struct statement *from,
                                struct error *err)
{
    const struct stored_table *stored = &rows->tables[table];
    struct cell *cells = arena_array(&rows->arena, (size_t)stored->column_count, sizeof *cells);
    if (cells == NULL) {
        return out_of_memory(err);
    }
    for (int i = 0; i < stored->column_count; i++) {
        const char *name = stored->columns[i];
        if (column_null(from, i)) {
            cells[i] = CELL_NIL(name);
        } else if (sqlite3_column_type(from->handle, i) == SQLITE_INTEGER) {
            cells[i] = CELL_INT(name, column_integer(from, i));
        } else {
            cells[i] = CELL_STR(name, arena_copy_text(&rows->arena, column_text(from, i)));
            if (cells[i].text == NULL) {
                return out_of_memory(err);
            }
        }
    }
    return row_add(rows, table, cells, NULL, err);
}

static enum error_code table_select(struct store *store, int table, struct statement *ret_rows,
                                    struct error *err)
{
    if (table == STORED_SESSION) {
        return statement_prepare(ret_rows, store->db, SESSION_SQL, err);
    }
    const struct table_info *info = table_info((enum store_table)table);
    struct text sql;
    text_init(&sql, SQL_BYTES_MAX);
    for (int i = 0; i < info->column_count; i++) {
        text_addf(&sql, "%s%s", i == 0 ? "SELECT " : ", ", info->columns[i].name);
    }
    text_addf(&sql, " FROM %s ORDER BY ", info->name);
    for (int i = 0; i < info->key_count; i++) {
        text_addf(&sql, "%s%s", i == 0 ? "" : ", ", info->columns[i].name);
    }
    enum error_code code = text_status(&sql, err);
    if (code == ERR_NONE) {
        code = statement_prepare(ret_rows, store->db, text_string(&sql), err);
    }
    text_finish(&sql);
    return code;
}

static enum error_code table_load(struct store *store, struct stored_rows *rows, int table, struct error *err)
{
    struct statement from = {0};
    bool row = true;
    enum error_code code = columns_name(rows, table, err);
    if (code == ERR_NONE) {
        code = table_select(store, table, &from, err);
    }
    while (code == ERR_NONE && row) {
        code = statement_step(&from, &row, err);
        if (code == ERR_NONE && row) {
            code = row_take(rows, table, &from, err);
        }
    }
    statement_finish(&from);
    return code;
}

/* ---- back in time ---- */

static const char *joined(struct arena *arena, const json_t *list)
{
    struct text out;
    text_init(&out, KEY_BYTES_MAX);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *item = json_string_value(json_array_get(list, i));
        text_addf(&out, "%s%s", i == 0 ? "" : ";", item != NULL ? item : "");
    }
    const char *kept = arena_copy_text(arena, text_string(&out));
    text_finish(&out);
    return kept;
}

static struct cell cell_default(int table, int column, const char *name)
{
    if (table == STORED_SESSION) {
        return CELL_NIL(name);
    }
    const struct column_info *info = &table_info((enum store_table)table)->columns[column];
    if ((info->flags & COLUMN_NULLABLE) != 0) {
        return CELL_NIL(name);
    }
    return info->type == CELL_INTEGER ? CELL_INT(name, info->otherwise)
                                      : CELL_STR(name, info->otherwise_text);
}

/* A row in the audit's words. A column that the step of that time did not have yet takes its default. */
static struct cell *row_from_json(struct stored_rows *rows, int table, const char *text)
{
    const struct stored_table *stored = &rows->tables[table];
    struct cell *cells = arena_array(&rows->arena, (size_t)stored->column_count, sizeof *cells);
    json_t *json = json_loads(text, 0, NULL);
    bool good = cells != NULL && json_is_object(json);
    for (int i = 0; good && i < stored->column_count; i++) {
        const char *name = stored->columns[i];
        const json_t *value = json_object_get(json, name);
        if (json_is_integer(value)) {
            cells[i] = CELL_INT(name, json_integer_value(value));
        } else if (json_is_string(value)) {
            cells[i] = CELL_STR(name, arena_copy_text(&rows->arena, json_string_value(value)));
            good = cells[i].text != NULL;
        } else if (json_is_array(value)) {
            cells[i] = CELL_STR(name, joined(&rows->arena, value));
            good = cells[i].text != NULL;
        } else {
            cells[i] = value == NULL ? cell_default(table, i, name) : CELL_NIL(name);
        }
    }
    json_decref(json);
    return good ? cells : NULL;
}

static int compare_cells(const struct cell *a, const struct cell *b)
{
    if (a->type == CELL_INTEGER && b->type == CELL_INTEGER) {
        return a->integer < b->integer ? -1 : a->integer > b->integer;
    }
    return strcmp(a->type == CELL_TEXT ? a->text : "", b->type == CELL_TEXT ? b->text : "");
}

static int compare_rows(const void *left, const void *right)
{
    const struct stored_row *a = left;
    const struct stored_row *b = right;
    int order = compare_cells(&a->cells[0], &b->cells[0]);
    return order != 0 ? order : strcmp(a->key, b->key);
}

/* Puts what the audit remembers in the place of the row of this key. */
static enum error_code row_turn_back(struct stored_rows *rows, int table, const struct map *index,
                                     const char *key, const char *before, struct error *err)
{
    struct stored_table *stored = &rows->tables[table];
    uint32_t at = map_get(index, key);
    if (before == NULL) {
        if (at != MAP_NONE) {
            stored->rows[at].cells = NULL; /* it was not there yet */
        }
        return ERR_NONE;
    }
    struct cell *cells = row_from_json(rows, table, before);
    if (cells == NULL) {
        return error_set(err, ERR_DATABASE, "audit %s %s: 无法读取 (cannot be read)", table_name(table), key);
    }
    if (at == MAP_NONE) {
        return row_add(rows, table, cells, key, err);
    }
    stored->rows[at].cells = cells;
    return ERR_NONE;
}

/* The oldest "before" of each row that was changed since is what it was then. */
static enum error_code changes_turn_back(struct store *store, struct stored_rows *rows, int table,
                                         int64_t revision, const struct map *index, struct map *seen,
                                         struct error *err)
{
    struct statement from = {0};
    bool row = true;
    enum error_code code = statement_prepare(&from, store->db,
                                             "SELECT row_key, before FROM audit WHERE table_name = :table "
                                             "AND revision_id > :revision ORDER BY revision_id, seq",
                                             err);
    statement_text(&from, ":table", table_name(table));
    statement_integer(&from, ":revision", revision);
    while (code == ERR_NONE && row) {
        code = statement_step(&from, &row, err);
        if (code != ERR_NONE || !row || map_get(seen, column_text(&from, 0)) != MAP_NONE) {
            continue;
        }
        const char *key = arena_copy_text(&rows->arena, column_text(&from, 0));
        code = key == NULL || map_add(seen, key, 0) != ERR_NONE ? out_of_memory(err) : ERR_NONE;
        if (code == ERR_NONE) {
            code = row_turn_back(rows, table, index, key, column_text(&from, 1), err);
        }
    }
    statement_finish(&from);
    return code;
}

static enum error_code table_turn_back(struct store *store, struct stored_rows *rows, int table,
                                       int64_t revision, struct error *err)
{
    struct stored_table *stored = &rows->tables[table];
    struct map index;
    struct map seen;
    enum error_code code = ERR_NONE;
    map_init(&index);
    map_init(&seen);
    for (size_t i = 0; i < stored->count && code == ERR_NONE; i++) {
        code = map_put(&index, stored->rows[i].key, (uint32_t)i) == ERR_NONE ? ERR_NONE : out_of_memory(err);
    }
    if (code == ERR_NONE) {
        code = changes_turn_back(store, rows, table, revision, &index, &seen, err);
    }
    size_t kept = 0;
    for (size_t i = 0; i < stored->count; i++) {
        if (stored->rows[i].cells != NULL) {
            stored->rows[kept++] = stored->rows[i];
        }
    }
    stored->count = kept;
    if (kept > 1) {
        qsort(stored->rows, kept, sizeof *stored->rows, compare_rows);
    }
    map_finish(&seen);
    map_finish(&index);
    return code;
}

static enum error_code tables_load(struct store *store, uint32_t tables, int64_t revision,
                                   struct stored_rows *rows, struct error *err)
{
    int64_t newest = 0;
    enum error_code code = store_read_revision(store, &newest, err);
    if (code == ERR_NONE && revision > newest) {
        code = error_set(err, ERR_NOT_FOUND, "没有版本 %" PRId64 " (there is no revision %" PRId64 ")",
                         revision, revision);
    }
    rows->revision = revision == STORED_NEWEST ? newest : revision;
    for (int table = 0; table < STORED_TABLE_COUNT && code == ERR_NONE; table++) {
        if ((tables & STORED_BIT(table)) == 0) {
            continue;
        }
        code = table_load(store, rows, table, err);
        if (code == ERR_NONE && rows->revision < newest) {
            code = table_turn_back(store, rows, table, rows->revision, err);
        }
    }
    return code;
}

enum error_code stored_rows_load(struct store *store, uint32_t tables, int64_t revision,
                                 struct stored_rows *ret_rows, struct error *err)
{
    *ret_rows = (struct stored_rows){.revision = revision};
    arena_init(&ret_rows->arena);
    enum error_code code = sql_run(store->db, "BEGIN", err);
    if (code != ERR_NONE) {
        return code;
    }
    code = tables_load(store, tables, revision, ret_rows, err);
    (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

void stored_rows_finish(struct stored_rows *rows)
{
    for (int table = 0; table < STORED_TABLE_COUNT; table++) {
        free(rows->tables[table].rows);
    }
    arena_finish(&rows->arena);
    *rows = (struct stored_rows){0};
}

struct cell stored_cell(const struct stored_table *table, const struct stored_row *row, const char *column)
{
    for (int i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i], column) == 0) {
            return row->cells[i];
        }
    }
    return CELL_NIL(column);
}

const char *stored_text(const struct stored_table *table, const struct stored_row *row, const char *column,
                        char *buffer)
{
    struct cell cell = stored_cell(table, row, column);
    if (cell.type == CELL_INTEGER) {
        (void)snprintf(buffer, STORED_NUMBER_SIZE, "%" PRId64, cell.integer);
        return buffer;
    }
    return cell.type == CELL_TEXT ? cell.text : "";
}

/* ---- stamps ---- */

static uint32_t hash_add(uint32_t hash, const char *text)
{
    for (const char *at = text != NULL ? text : "";; at++) {
        hash = (hash ^ (unsigned char)*at) * UINT32_C(16777619); /* FNV-1a; the zero byte ends a part */
        if (*at == '\0') {
            return hash;
        }
    }
}

enum error_code stored_stamp(struct store *store, int64_t revision, char ret_stamp[STORED_STAMP_SIZE],
                             struct error *err)
{
    struct statement rows = {0};
    bool row = false;
    uint32_t hash = UINT32_C(2166136261);
    enum error_code code = statement_prepare(
        &rows, store->db, "SELECT at, actor, reason, source FROM revision WHERE id = :id", err);
    statement_integer(&rows, ":id", revision);
    if (code == ERR_NONE) {
        code = statement_step(&rows, &row, err);
    }
    if (code == ERR_NONE && !row && revision != 0) {
        code = error_set(err, ERR_NOT_FOUND, "没有版本 %" PRId64 " (there is no revision %" PRId64 ")",
                         revision, revision);
    }
    for (int i = 0; code == ERR_NONE && row && i < 4; i++) {
        hash = hash_add(hash, column_text(&rows, i));
    }
    statement_finish(&rows);
    if (code == ERR_NONE) {
        (void)snprintf(ret_stamp, STORED_STAMP_SIZE, "r%" PRId64 "-%08" PRIx32, revision, hash);
    }
    return code;
}

enum error_code stored_stamp_read(struct store *store, const char *stamp, int64_t *ret_revision,
                                  struct error *err)
{
    char expected[STORED_STAMP_SIZE] = "";
    char *end = NULL;
    long long revision =
        stamp[0] == 'r' && stamp[1] >= '0' && stamp[1] <= '9' ? strtoll(stamp + 1, &end, 10) : -1;
    if (revision < 0 || end == NULL || *end != '-' || strlen(end) != 9) {
        return error_set(err, ERR_SYNTAX, "“%.40s”不是版本标记 (no revision mark)", stamp);
    }
    enum error_code code = stored_stamp(store, revision, expected, err);
    if (code == ERR_NONE && strcmp(expected, stamp) != 0) {
        code = error_set(err, ERR_NOT_FOUND, "版本标记“%.40s”来自另一个数据库 (of another database)", stamp);
    }
    if (code == ERR_NONE) {
        *ret_revision = revision;
    }
    return code;
}

enum error_code stored_last_change(struct store *store, int table, const char *key, int64_t revision,
                                   struct stored_change *ret_change, struct error *err)
{
    struct statement rows = {0};
    bool row = false;
    struct stored_change change = {0};
    enum error_code code =
        statement_prepare(&rows, store->db,
                          "SELECT r.id, r.actor FROM audit a JOIN revision r ON r.id = a.revision_id "
                          "WHERE a.table_name = :table AND a.row_key = :key AND a.revision_id > :revision "
                          "ORDER BY r.id DESC LIMIT 1",
                          err);
    statement_text(&rows, ":table", table_name(table));
    statement_text(&rows, ":key", key);
    statement_integer(&rows, ":revision", revision);
    if (code == ERR_NONE) {
        code = statement_step(&rows, &row, err);
    }
    if (code == ERR_NONE && row) {
        change.revision = column_integer(&rows, 0);
        const char *actor = column_text(&rows, 1);
        size_t length = utf8_cut(actor, strlen(actor), LIMIT_NAME_BYTES);
        memcpy(change.actor, actor, length);
    }
    statement_finish(&rows);
    if (code == ERR_NONE) {
        *ret_change = change;
    }
    return code;
}
