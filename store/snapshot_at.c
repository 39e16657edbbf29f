#include "store/snapshot_at.h"

#include "base/text.h"
#include "store/store_private.h"
#include "store/tables.h"

#include <inttypes.h>
#include <string.h>

enum {
    SQL_BYTES_MAX = 8000
};

/* What each row was, of those that changed later: the oldest later entry says it. */
static const char PAST[] =
    "INSERT INTO temp.past (table_name, row_key, before) SELECT a.table_name, a.row_key, a.before FROM audit "
    "a "
    "WHERE a.revision_id > :revision AND NOT EXISTS (SELECT 1 FROM audit b WHERE b.table_name = a.table_name "
    "AND b.row_key = a.row_key AND b.revision_id > :revision AND b.revision_id < a.revision_id)";

/* Sessions are one row of the audit with their people and overrides. */
static const char SESSIONS[] =
    "CREATE TEMP TABLE session AS SELECT id, course_id, room_id, date, start_min, minutes, setup_min, "
    "clear_min, "
    "status, request_id, series_id, series_exception, pinned, heads, counts_as, note, cancel_reason, "
    "sequence, "
    "created_at, changed_at, cancelled_at, moved_at, moved_from_date, moved_from_min FROM main.session "
    "WHERE id NOT IN (SELECT json_extract(row_key, '$[0]') FROM temp.past WHERE table_name = 'session');"
    "CREATE TEMP TABLE session_instructor AS SELECT session_id, position, instructor_id "
    "FROM main.session_instructor WHERE session_id NOT IN "
    "(SELECT json_extract(row_key, '$[0]') FROM temp.past WHERE table_name = 'session');"
    "CREATE TEMP TABLE override AS SELECT session_id, rule FROM main.override WHERE session_id NOT IN "
    "(SELECT json_extract(row_key, '$[0]') FROM temp.past WHERE table_name = 'session');"
    "INSERT INTO temp.session SELECT j ->> 'id', j ->> 'course_id', j ->> 'room_id', j ->> 'date', "
    "j ->> 'start_min', j ->> 'minutes', j ->> 'setup_min', j ->> 'clear_min', j ->> 'status', "
    "j ->> 'request_id', nullif(j ->> 'series_id', 0), j ->> 'series_exception', j ->> 'pinned', j ->> "
    "'heads', "
    "j ->> 'counts_as', j ->> 'note', j ->> 'cancel_reason', j ->> 'sequence', j ->> 'created_at', "
    "j ->> 'changed_at', j ->> 'cancelled_at', j ->> 'moved_at', j ->> 'moved_from_date', "
    "j ->> 'moved_from_min' FROM (SELECT before AS j FROM temp.past WHERE table_name = 'session' AND before "
    "IS "
    "NOT NULL);"
    "INSERT INTO temp.session_instructor SELECT p.before ->> 'id', e.key, e.value FROM temp.past p, "
    "json_each(p.before, '$.instructor_ids') e WHERE p.table_name = 'session';"
    "INSERT INTO temp.override SELECT p.before ->> 'id', e.value ->> 'rule' FROM temp.past p, "
    "json_each(p.before, '$.overrides') e WHERE p.table_name = 'session';";

static const char SERIES[] =
    "CREATE TEMP TABLE series AS SELECT id, request_id, holiday_rule FROM main.series WHERE id NOT IN "
    "(SELECT json_extract(row_key, '$[0]') FROM temp.past WHERE table_name = 'series');"
    "INSERT INTO temp.series SELECT before ->> 'id', before ->> 'request_id', before ->> 'holiday_rule' "
    "FROM temp.past WHERE table_name = 'series' AND before IS NOT NULL;";

static enum error_code text_run(sqlite3 *db, struct text *sql, struct error *err)
{
    enum error_code code = text_status(sql, err);
    if (code == ERR_NONE) {
        code = sql_run(db, text_string(sql), err);
    }
    text_finish(sql);
    return code;
}

/* A column of an audit entry; one of a later schema step than the entry has its default. */
static void column_add(struct text *sql, const struct column_info *column)
{
    if ((column->flags & (COLUMN_NULLABLE | COLUMN_NEEDED)) != 0) {
        text_addf(sql, "before ->> '%s'", column->name);
    } else if (column->type == CELL_INTEGER) {
        text_addf(sql, "coalesce(before ->> '%s', %" PRId64 ")", column->name, column->otherwise);
    } else {
        text_addf(sql, "coalesce(before ->> '%s', '%s')", column->name, column->otherwise_text);
    }
}

static void key_add(struct text *sql, const struct table_info *info)
{
    text_add(sql, "(");
    for (int i = 0; i < info->key_count; i++) {
        text_addf(sql, "%s%s", i > 0 ? ", " : "", info->columns[i].name);
    }
    text_add(sql, ") NOT IN (SELECT ");
    for (int i = 0; i < info->key_count; i++) {
        text_addf(sql, "%sjson_extract(row_key, '$[%d]')", i > 0 ? ", " : "", i);
    }
    text_addf(sql, " FROM temp.past WHERE table_name = '%s')", info->name);
}

/* The unchanged rows, and the changed ones as they were. */
static enum error_code table_shadow(sqlite3 *db, const struct table_info *info, struct error *err)
{
    struct text sql;
    text_init(&sql, SQL_BYTES_MAX);
    text_addf(&sql, "CREATE TEMP TABLE %s AS SELECT ", info->name);
    for (int i = 0; i < info->column_count; i++) {
        text_addf(&sql, "%s%s", i > 0 ? ", " : "", info->columns[i].name);
    }
    text_addf(&sql, " FROM main.%s WHERE ", info->name);
    key_add(&sql, info);
    text_addf(&sql, "; INSERT INTO temp.%s SELECT ", info->name);
    for (int i = 0; i < info->column_count; i++) {
        text_add(&sql, i > 0 ? ", " : "");
        column_add(&sql, &info->columns[i]);
    }
    text_addf(&sql, " FROM temp.past WHERE table_name = '%s' AND before IS NOT NULL", info->name);
    return text_run(db, &sql, err);
}

static enum error_code past_make(sqlite3 *db, int64_t revision, struct error *err)
{
    struct statement insert = {0};
    enum error_code code =
        sql_run(db, "CREATE TEMP TABLE past (table_name TEXT, row_key TEXT, before TEXT)", err);
    if (code == ERR_NONE) {
        code = statement_prepare(&insert, db, PAST, err);
    }
    if (code == ERR_NONE) {
        statement_integer(&insert, ":revision", revision);
        code = statement_run(&insert, err);
    }
    statement_finish(&insert);
    return code == ERR_NONE ? sql_run(db, "CREATE INDEX temp.past_table ON past (table_name)", err) : code;
}

static enum error_code has_past(sqlite3 *db, const char *table, bool *ret_has, struct error *err)
{
    struct statement rows = {0};
    enum error_code code =
        statement_prepare(&rows, db, "SELECT 1 FROM temp.past WHERE table_name = :table LIMIT 1", err);
    if (code == ERR_NONE) {
        statement_text(&rows, ":table", table);
        code = statement_step(&rows, ret_has, err);
    }
    statement_finish(&rows);
    return code;
}

static enum error_code tables_shadow(sqlite3 *db, struct error *err)
{
    bool has = false;
    enum error_code code = ERR_NONE;
    for (int i = 0; i < TABLE_COUNT && code == ERR_NONE; i++) {
        const struct table_info *info = table_info((enum store_table)i);
        code = (info->flags & TABLE_IN_SNAPSHOT) != 0 ? has_past(db, info->name, &has, err) : ERR_NONE;
        if (code == ERR_NONE && (info->flags & TABLE_IN_SNAPSHOT) != 0 && has) {
            code = table_shadow(db, info, err);
        }
    }
    const struct {
        const char *table, *sql;
    } others[] = {{"session", SESSIONS}, {"series", SERIES}};
    for (size_t i = 0; i < sizeof others / sizeof *others && code == ERR_NONE; i++) {
        code = has_past(db, others[i].table, &has, err);
        if (code == ERR_NONE && has) {
            code = sql_run(db, others[i].sql, err);
        }
    }
    return code;
}

static enum error_code snapshot_rebuild(struct store *store, int64_t revision,
                                        struct timetable **ret_timetable, struct error *err)
{
    int64_t now = 0;
    enum error_code code = store_read_revision(store, &now, err);
    if (code == ERR_NONE && (revision < 0 || revision > now)) {
        code = error_set(err, ERR_NOT_FOUND, "没有版本 %" PRId64 " (there is no revision %" PRId64 ")",
                         revision, revision);
    }
    if (code == ERR_NONE && revision == now) {
        return store_snapshot_here(store, ret_timetable, err);
    }
    if (code == ERR_NONE) {
        code = past_make(store->db, revision, err);
    }
    if (code == ERR_NONE) {
        code = tables_shadow(store->db, err);
    }
    return code == ERR_NONE ? snapshot_load(store, revision, ret_timetable, err) : code;
}

enum error_code store_snapshot_at(struct store *store, int64_t revision, struct timetable **ret_timetable,
                                  struct error *err)
{
    enum error_code code = sql_run(store->db, "BEGIN", err);
    if (code != ERR_NONE) {
        return code;
    }
    code = snapshot_rebuild(store, revision, ret_timetable, err);
    /* The temporary tables go with the transaction. */
    (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

enum error_code store_revision_before(struct store *store, int64_t seconds, int64_t *ret_revision,
                                      struct error *err)
{
    struct statement rows = {0};
    bool row = false;
    enum error_code code = statement_prepare(
        &rows, store->db, "SELECT coalesce(max(id), 0) FROM revision WHERE at < :seconds", err);
    if (code == ERR_NONE) {
        statement_integer(&rows, ":seconds", seconds);
        code = statement_step(&rows, &row, err);
    }
    if (code == ERR_NONE) {
        *ret_revision = row ? column_integer(&rows, 0) : 0;
    }
    statement_finish(&rows);
    return code;
}
