/* store/sql: a thin skin on SQLite: statements whose binds fail stickily and are checked at the step, and
 * SQLite's result codes as ours. One thread: that of the connection. Only store/ includes it. */
#ifndef LITANG_STORE_SQL_H
#define LITANG_STORE_SQL_H

#include "base/arena.h"
#include "base/error.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

struct statement {
    sqlite3_stmt *handle; /* owned; NULL before prepare */
    int failed;           /* the first bind that failed */
};

/* The connection's last failure: ERR_BUSY, ERR_IO (disk full and I/O), ERR_MEMORY, ERR_CLASH (a trigger
 * refused an overlap), ERR_INPUT (another constraint), ERR_DATABASE. `what` was being tried. */
enum error_code sql_error(sqlite3 *db, struct error *err, const char *what);
/* Statements without parameters or results. */
enum error_code sql_run(sqlite3 *db, const char *sql, struct error *err);
/* A single integer, e.g. of a pragma; `otherwise` when there is no row or it is NULL. */
enum error_code sql_integer(sqlite3 *db, const char *sql, int64_t otherwise, int64_t *ret_value,
                            struct error *err);

enum error_code statement_prepare(struct statement *statement, sqlite3 *db, const char *sql,
                                  struct error *err);
void statement_finish(struct statement *statement); /* a zeroed statement is allowed */
/* Named parameters, ":name". Texts are borrowed until the next reset; NULL binds NULL. */
void statement_integer(struct statement *statement, const char *name, int64_t value);
void statement_text(struct statement *statement, const char *name, const char *value);
/* The same by position, from 1, for statements that are built from a table. */
void statement_integer_at(struct statement *statement, int position, int64_t value);
void statement_text_at(struct statement *statement, int position, const char *value);
/* One step; *ret_row: there is a row. After the last one the statement is reset and its binds are cleared. */
enum error_code statement_step(struct statement *statement, bool *ret_row, struct error *err);
/* Runs to the end, ignoring rows. */
enum error_code statement_run(struct statement *statement, struct error *err);
void statement_reset(struct statement *statement);

/* Columns of the current row. Texts live until the next step; NULL for NULL. */
int64_t column_integer(const struct statement *statement, int column);
int32_t column_small(const struct statement *statement, int column); /* clamped to 32 bits */
const char *column_text(const struct statement *statement, int column);
bool column_null(const struct statement *statement, int column);

#endif
