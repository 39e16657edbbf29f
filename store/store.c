#include "store/store.h"

#include "store/schema.h"
#include "store/store_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int64_t store_now_s(const struct store *store)
{
    return store->clock.now_s(store->clock.context);
}

/* Waits for whoever else is switching the same new file to WAL: SQLite does not always ask the busy handler
 * there. */
static enum error_code wal_begin(sqlite3 *db, struct error *err)
{
    enum {
        WAIT_MS = 20
    };
    enum error_code code = ERR_BUSY;
    for (int waited = 0; code == ERR_BUSY && waited < STORE_BUSY_MS; waited += WAIT_MS) {
        code = sql_run(db, "PRAGMA journal_mode = WAL", err);
        if (code == ERR_BUSY) {
            (void)sqlite3_sleep(WAIT_MS);
        }
    }
    return code;
}

enum error_code store_connect(const char *path, int flags, sqlite3 **ret_db, struct error *err)
{
    /* "./" keeps "file:x" and ":memory:" plain names. */
    char *name = sqlite3_mprintf("%s%s", path[0] == '/' ? "" : "./", path);
    sqlite3 *db = NULL;
    if (name == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    enum error_code code = ERR_NONE;
    if (sqlite3_open_v2(name, &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK) {
        code = db == NULL ? error_set(err, ERR_MEMORY, "内存不足 (out of memory)") : sql_error(db, err, path);
    }
    sqlite3_free(name);
    if (code == ERR_NONE) {
        (void)sqlite3_busy_timeout(db, STORE_BUSY_MS);
        /* 64 MiB of pages: publishing a year's plan then spills nothing before its commit. */
        code = sql_run(db,
                       "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON; "
                       "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY",
                       err);
    }
    if (code != ERR_NONE) {
        (void)sqlite3_close_v2(db);
        return code;
    }
    *ret_db = db;
    return ERR_NONE;
}

static enum error_code path_check(const char *path, enum store_mode mode, struct error *err)
{
    struct stat about;
    if (path == NULL || path[0] == '\0') {
        return error_set(err, ERR_USAGE, "未指定数据库文件 (no database file given)");
    }
    if (stat(path, &about) != 0) {
        if (errno != ENOENT || mode != STORE_CREATE) {
            return error_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", path, strerror(errno));
        }
    } else if (!S_ISREG(about.st_mode)) {
        return error_set(err, ERR_IO, "%s: 不是普通文件 (not a regular file)", path);
    }
    return ERR_NONE;
}

/* The schema that the mode promises. */
static enum error_code schema_settle(struct store *store, enum store_mode mode, struct error *err)
{
    int version = 0;
    enum error_code code = schema_version(store->db, &version, err);
    if (code != ERR_NONE) {
        return code;
    }
    if (mode == STORE_CREATE) {
        code = wal_begin(store->db, err);
        return code == ERR_NONE ? schema_climb(store->db, true, err) : code;
    }
    if (version == 0) {
        return error_set(err, ERR_DATABASE,
                         "空文件，请先运行 litang init (an empty file; run litang init first)");
    }
    bool may_climb = mode == STORE_OPEN && version < (int)SCHEMA_STEP_COUNT;
    code = may_climb ? schema_climb(store->db, false, err) : schema_expect_newest(version, err);
    return code == ERR_NONE && mode == STORE_OPEN ? wal_begin(store->db, err) : code;
}

enum error_code store_open(const char *path, enum store_mode mode, struct clock_source clock,
                           struct store **ret_store, struct error *err)
{
    enum error_code code = path_check(path, mode, err);
    if (code != ERR_NONE) {
        return code;
    }
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    store->clock = clock;
    store->read_only = mode == STORE_READ_ONLY;
    int flags = mode == STORE_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    code = store_connect(path, mode == STORE_CREATE ? flags | SQLITE_OPEN_CREATE : flags, &store->db, err);
    if (code == ERR_NONE) {
        code = schema_settle(store, mode, err);
    }
    if (code != ERR_NONE) {
        (void)error_wrap(err, "%s", path);
        store_close(store);
        return code;
    }
    *ret_store = store;
    return ERR_NONE;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    timetable_unref(store->cached);
    (void)sqlite3_close_v2(store->db);
    free(store);
}

enum error_code store_read_revision(struct store *store, int64_t *ret_revision, struct error *err)
{
    return sql_integer(store->db, "SELECT max(id) FROM revision", 0, ret_revision, err);
}

enum error_code store_revision(struct store *store, int64_t *ret_revision, struct error *err)
{
    return store_read_revision(store, ret_revision, err);
}

enum error_code store_data_version(struct store *store, int64_t *ret_version, struct error *err)
{
    return sql_integer(store->db, "PRAGMA data_version", 0, ret_version, err);
}

void store_cache(struct store *store, struct timetable *timetable, int64_t data_version)
{
    struct timetable *old = store->cached;
    store->cached = timetable_ref(timetable);
    store->cached_data_version = data_version;
    timetable_unref(old);
}

enum error_code store_snapshot_here(struct store *store, struct timetable **ret_timetable, struct error *err)
{
    int64_t revision = 0;
    int64_t version = 0;
    enum error_code code = store_read_revision(store, &revision, err);
    if (code == ERR_NONE) {
        code = store_data_version(store, &version, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    if (store->cached != NULL && store->cached->revision == revision &&
        store->cached_data_version == version) {
        *ret_timetable = timetable_ref(store->cached);
        return ERR_NONE;
    }
    struct timetable *loaded = NULL;
    code = snapshot_load(store, revision, &loaded, err);
    if (code == ERR_NONE) {
        store_cache(store, loaded, version);
        *ret_timetable = loaded;
    } else if (code == ERR_INPUT || code == ERR_EXISTS || code == ERR_SYNTAX || code == ERR_LIMIT) {
        code = error_set(err, ERR_DATABASE, "数据库中有错误数据 (bad data in the database): %s",
                         err != NULL ? err->text : "");
    }
    return code;
}

enum error_code store_snapshot(struct store *store, struct timetable **ret_timetable, struct error *err)
{
    enum error_code code = sql_run(store->db, "BEGIN", err);
    if (code != ERR_NONE) {
        return code;
    }
    code = store_snapshot_here(store, ret_timetable, err);
    (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

enum error_code store_weights(struct store *store, struct weights *ret_weights, struct error *err)
{
    struct weights weights = weights_default();
    struct statement rows;
    enum error_code code =
        statement_prepare(&rows, store->db, "SELECT name, value FROM weight ORDER BY name", err);
    bool row = code == ERR_NONE;
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code == ERR_NONE && row) {
            code = weights_set(&weights, column_text(&rows, 0), column_integer(&rows, 1), err);
        }
    }
    statement_finish(&rows);
    if (code == ERR_NONE) {
        *ret_weights = weights;
    }
    return code;
}

enum error_code store_is_empty(struct store *store, bool *ret_empty, struct error *err)
{
    int64_t found = 0;
    enum error_code code = sql_integer(store->db,
                                       "SELECT EXISTS (SELECT 1 FROM area) OR EXISTS (SELECT 1 FROM hall) OR "
                                       "EXISTS (SELECT 1 FROM session)",
                                       0, &found, err);
    if (code == ERR_NONE) {
        *ret_empty = found == 0;
    }
    return code;
}

enum error_code store_setting(struct store *store, const char *name, struct text *out, bool *ret_given,
                              struct error *err)
{
    struct statement rows;
    bool given = false;
    enum error_code code =
        statement_prepare(&rows, store->db, "SELECT value FROM setting WHERE name = :name", err);
    if (code == ERR_NONE) {
        statement_text(&rows, ":name", name);
        code = statement_step(&rows, &given, err);
    }
    if (code == ERR_NONE) {
        text_clear(out);
        text_add(out, given ? column_text(&rows, 0) : "");
        code = text_status(out, err);
    }
    statement_finish(&rows);
    if (code == ERR_NONE) {
        *ret_given = given;
    }
    return code;
}
