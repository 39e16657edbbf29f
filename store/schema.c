#include "store/schema.h"

#include "store/sql.h"

#include <inttypes.h>
#include <stdio.h>

enum error_code schema_version(sqlite3 *db, int *ret_version, struct error *err)
{
    int64_t application = 0;
    int64_t version = 0;
    int64_t tables = 0;
    enum error_code code = sql_integer(db, "PRAGMA application_id", 0, &application, err);
    if (code == ERR_NONE) {
        code = sql_integer(db, "PRAGMA user_version", 0, &version, err);
    }
    if (code == ERR_NONE) {
        code = sql_integer(db, "SELECT count(*) FROM sqlite_schema", 0, &tables, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    bool empty = application == 0 && version == 0 && tables == 0;
    if (!empty && (application != SCHEMA_APPLICATION_ID || version < 1 || version > INT32_MAX)) {
        return error_set(err, ERR_DATABASE, "不是 litang 数据库 (not a litang database)");
    }
    *ret_version = (int)version;
    return ERR_NONE;
}

enum error_code schema_expect_newest(int version, struct error *err)
{
    int newest = (int)SCHEMA_STEP_COUNT;
    if (version == newest) {
        return ERR_NONE;
    }
    return error_set(err, ERR_VERSION,
                     version > newest
                         ? "数据库版本 %d 比本程序的 %d 新，请升级 litang (the database is at version %d, "
                           "newer than this program's %d)"
                         : "数据库版本 %d 低于本程序的 %d (the database is at version %d, this program "
                           "needs %d)",
                     version, newest, version, newest);
}

static enum error_code step_run(sqlite3 *db, int step, struct error *err)
{
    char mark[96];
    enum error_code code = sql_run(db, SCHEMA_STEPS[step - 1], err);
    if (code == ERR_NONE) {
        (void)snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                       (int)SCHEMA_APPLICATION_ID, step);
        code = sql_run(db, mark, err);
    }
    if (code != ERR_NONE) {
        (void)error_wrap(err, "数据库升级第 %d 步 (schema step %d)", step, step);
    }
    return code;
}

enum error_code schema_climb(sqlite3 *db, bool only_empty, struct error *err)
{
    int version = 0;
    enum error_code code = sql_run(db, "BEGIN EXCLUSIVE", err);
    if (code != ERR_NONE) {
        return code;
    }
    code = schema_version(db, &version, err);
    if (code == ERR_NONE && only_empty && version > 0) {
        code = error_set(err, ERR_EXISTS, "已有 litang 数据库 (a litang database exists already)");
    }
    if (code == ERR_NONE && version > (int)SCHEMA_STEP_COUNT) {
        code = schema_expect_newest(version, err);
    }
    for (int step = version + 1; code == ERR_NONE && step <= (int)SCHEMA_STEP_COUNT; step++) {
        code = step_run(db, step, err);
    }
    if (code == ERR_NONE) {
        code = sql_run(db, "COMMIT", err);
    }
    if (code != ERR_NONE) {
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    }
    return code;
}
