#include "store/sql.h"

#include <string.h>

static enum error_code code_of(sqlite3 *db)
{
    int extended = sqlite3_extended_errcode(db);
    switch (extended & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_BUSY;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return ERR_IO;
    case SQLITE_NOMEM:
        return ERR_MEMORY;
    case SQLITE_TOOBIG:
        return ERR_LIMIT;
    case SQLITE_CONSTRAINT:
        return extended == SQLITE_CONSTRAINT_TRIGGER && strstr(sqlite3_errmsg(db), "-overlap") != NULL
                   ? ERR_CLASH
                   : ERR_INPUT;
    default:
        return ERR_DATABASE;
    }
}

enum error_code sql_error(sqlite3 *db, struct error *err, const char *what)
{
    enum error_code code = code_of(db);
    const char *hint = code == ERR_BUSY ? "另一程序正在写数据库 (another process is writing): "
                       : (sqlite3_extended_errcode(db) & 0xFF) == SQLITE_FULL
                           ? "磁盘已满 (the disk is full): "
                           : "";
    return error_set(err, code, "%s%s: %s", hint, what, sqlite3_errmsg(db));
}

enum error_code sql_run(sqlite3 *db, const char *sql, struct error *err)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        char what[64];
        sqlite3_snprintf((int)sizeof what, what, "%s", sql);
        return sql_error(db, err, what);
    }
    return ERR_NONE;
}

enum error_code sql_integer(sqlite3 *db, const char *sql, int64_t otherwise, int64_t *ret_value,
                            struct error *err)
{
    struct statement statement;
    enum error_code code = statement_prepare(&statement, db, sql, err);
    if (code != ERR_NONE) {
        return code;
    }
    bool row = false;
    code = statement_step(&statement, &row, err);
    if (code == ERR_NONE) {
        *ret_value = row && !column_null(&statement, 0) ? column_integer(&statement, 0) : otherwise;
    }
    statement_finish(&statement);
    return code;
}

enum error_code statement_prepare(struct statement *statement, sqlite3 *db, const char *sql,
                                  struct error *err)
{
    *statement = (struct statement){0};
    if (sqlite3_prepare_v2(db, sql, -1, &statement->handle, NULL) != SQLITE_OK) {
        char what[128];
        sqlite3_snprintf((int)sizeof what, what, "%s", sql);
        return sql_error(db, err, what);
    }
    return ERR_NONE;
}

void statement_finish(struct statement *statement)
{
    sqlite3_finalize(statement->handle);
    statement->handle = NULL;
}

static void bound(struct statement *statement, int result)
{
    if (result != SQLITE_OK && statement->failed == SQLITE_OK) {
        statement->failed = result;
    }
}

void statement_integer_at(struct statement *statement, int position, int64_t value)
{
    bound(statement, sqlite3_bind_int64(statement->handle, position, value));
}

void statement_text_at(struct statement *statement, int position, const char *value)
{
    bound(statement, value == NULL
                         ? sqlite3_bind_null(statement->handle, position)
                         : sqlite3_bind_text(statement->handle, position, value, -1, SQLITE_STATIC));
}

void statement_integer(struct statement *statement, const char *name, int64_t value)
{
    statement_integer_at(statement, sqlite3_bind_parameter_index(statement->handle, name), value);
}

void statement_text(struct statement *statement, const char *name, const char *value)
{
    statement_text_at(statement, sqlite3_bind_parameter_index(statement->handle, name), value);
}

void statement_reset(struct statement *statement)
{
    if (statement->handle != NULL) {
        (void)sqlite3_reset(statement->handle);
        (void)sqlite3_clear_bindings(statement->handle);
    }
    statement->failed = SQLITE_OK;
}

enum error_code statement_step(struct statement *statement, bool *ret_row, struct error *err)
{
    if (statement->failed != SQLITE_OK) {
        enum error_code code = statement->failed == SQLITE_NOMEM ? ERR_MEMORY : ERR_INTERNAL;
        (void)error_set(err, code, "%s: %s", sqlite3_sql(statement->handle),
                        sqlite3_errstr(statement->failed));
        statement_reset(statement);
        return code;
    }
    int result = sqlite3_step(statement->handle);
    if (result == SQLITE_ROW) {
        *ret_row = true;
        return ERR_NONE;
    }
    enum error_code code = ERR_NONE;
    if (result != SQLITE_DONE) {
        char what[64];
        sqlite3_snprintf((int)sizeof what, what, "%s", sqlite3_sql(statement->handle));
        code = sql_error(sqlite3_db_handle(statement->handle), err, what);
    } else {
        *ret_row = false;
    }
    statement_reset(statement);
    return code;
}

enum error_code statement_run(struct statement *statement, struct error *err)
{
    bool row = true;
    enum error_code code = ERR_NONE;
    while (row && code == ERR_NONE) {
        code = statement_step(statement, &row, err);
    }
    return code;
}

int64_t column_integer(const struct statement *statement, int column)
{
    return sqlite3_column_int64(statement->handle, column);
}

int32_t column_small(const struct statement *statement, int column)
{
    int64_t value = sqlite3_column_int64(statement->handle, column);
    return value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : (int32_t)value;
}

const char *column_text(const struct statement *statement, int column)
{
    return (const char *)sqlite3_column_text(statement->handle, column);
}

bool column_null(const struct statement *statement, int column)
{
    return sqlite3_column_type(statement->handle, column) == SQLITE_NULL;
}
