/* Backup and restore: copies of a whole database by SQLite's backup API, while others read and write. */
#include "store/schema.h"
#include "store/store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool same_file(const char *a, const char *b)
{
    struct stat x;
    struct stat y;
    return a != NULL && b != NULL && stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

/* Copies all pages in one step, so that the copy is of one moment. */
static enum error_code pages_copy(sqlite3 *from, sqlite3 *to, struct error *err)
{
    enum {
        WAIT_MS = 50
    };
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == NULL) {
        return sql_error(to, err, "backup");
    }
    int result = SQLITE_BUSY;
    for (int waited = 0; (result == SQLITE_BUSY || result == SQLITE_LOCKED) && waited < STORE_BUSY_MS;
         waited += WAIT_MS) {
        result = sqlite3_backup_step(backup, -1);
        if (result == SQLITE_BUSY || result == SQLITE_LOCKED) {
            (void)sqlite3_sleep(WAIT_MS);
        }
    }
    int finished = sqlite3_backup_finish(backup);
    if (result == SQLITE_DONE && finished == SQLITE_OK) {
        return ERR_NONE;
    }
    return result == SQLITE_BUSY || result == SQLITE_LOCKED
               ? error_set(err, ERR_BUSY, "数据库忙 (the database is busy)")
               : sql_error(to, err, "backup");
}

/* The new name must survive a power cut as the data does. */
static enum error_code folder_sync(const char *path, struct error *err)
{
    char *folder = sqlite3_mprintf("%s", path);
    if (folder == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    char *slash = strrchr(folder, '/');
    if (slash != NULL) {
        slash[slash == folder] = '\0';
    }
    int fd = open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum error_code code = ERR_NONE;
    if (fd < 0 || fsync(fd) != 0) {
        code = error_set(err, ERR_IO, "%s: %s", folder, strerror(errno));
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    sqlite3_free(folder);
    return code;
}

/* Whether the file begins as a litang database does (the file format of SQLite, 1.3: magic, application id at
 * 68). A damaged backup is one, too: the next one may take its place. */
static bool has_our_head(const char *path)
{
    unsigned char head[72] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool whole = fd >= 0 && read(fd, head, sizeof head) == (ssize_t)sizeof head;
    if (fd >= 0) {
        (void)close(fd);
    }
    uint32_t id = (uint32_t)head[68] << 24 | (uint32_t)head[69] << 16 | (uint32_t)head[70] << 8 | head[71];
    return whole && memcmp(head, "SQLite format 3", 16) == 0 && id == SCHEMA_APPLICATION_ID;
}

/* What a backup may take the place of: nothing, an empty file, an earlier backup that nobody is writing to (a
 * log that is left would be played into the new file). */
static enum error_code place_check(const char *path, struct error *err)
{
    struct stat about;
    if (stat(path, &about) != 0) {
        return ERR_NONE;
    }
    if (!S_ISREG(about.st_mode) || (about.st_size > 0 && !has_our_head(path))) {
        return error_set(err, ERR_USAGE,
                         "%s: 已有别的文件，不覆盖 (another file is there and is not written over)", path);
    }
    char *log = sqlite3_mprintf("%s-wal", path);
    if (log == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    bool in_use = stat(log, &about) == 0 && about.st_size > 0;
    sqlite3_free(log);
    return in_use ? error_set(err, ERR_USAGE,
                              "%s: 数据库正在使用，不覆盖 (a database in use is not written over)", path)
                  : ERR_NONE;
}

enum error_code store_backup(struct store *store, const char *to_path, struct error *err)
{
    if (to_path == NULL || to_path[0] == '\0' || same_file(sqlite3_db_filename(store->db, "main"), to_path)) {
        return error_set(err, ERR_USAGE, "备份不能写到数据库本身 (a backup cannot be the database itself)");
    }
    enum error_code code = place_check(to_path, err);
    if (code != ERR_NONE) {
        return code;
    }
    char *part = sqlite3_mprintf("%s.part-%d", to_path, (int)getpid());
    sqlite3 *to = NULL;
    if (part == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    (void)unlink(part);
    code = store_connect(part, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &to, err);
    if (code == ERR_NONE) {
        code = pages_copy(store->db, to, err);
    }
    (void)sqlite3_close_v2(to);
    if (code == ERR_NONE && rename(part, to_path) != 0) {
        code = error_set(err, ERR_IO, "%s: %s", to_path, strerror(errno));
    }
    if (code == ERR_NONE) {
        code = folder_sync(to_path, err);
    } else {
        (void)unlink(part);
        (void)error_wrap(err, "备份 (backup) %s", to_path);
    }
    sqlite3_free(part);
    return code;
}

/* A sound litang database of a version that we know. */
static enum error_code source_check(sqlite3 *db, struct error *err)
{
    int version = 0;
    struct statement check;
    bool row = false;
    enum error_code code = schema_version(db, &version, err);
    if (code == ERR_NONE && version == 0) {
        code = error_set(err, ERR_DATABASE, "不是 litang 数据库 (not a litang database)");
    }
    if (code == ERR_NONE && version > (int)SCHEMA_STEP_COUNT) {
        code = schema_expect_newest(version, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    code = statement_prepare(&check, db, "PRAGMA integrity_check(1)", err);
    if (code == ERR_NONE) {
        code = statement_step(&check, &row, err);
    }
    if (code == ERR_NONE && (!row || strcmp(column_text(&check, 0), "ok") != 0)) {
        code = error_set(err, ERR_DATABASE, "数据库已损坏 (damaged): %s", row ? column_text(&check, 0) : "");
    }
    statement_finish(&check);
    return code;
}

/* Only an absent or empty file or another litang database may be replaced. */
static enum error_code target_open(const char *path, sqlite3 **ret_db, struct error *err)
{
    int version = 0;
    sqlite3 *db = NULL;
    enum error_code code = store_connect(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db, err);
    if (code == ERR_NONE) {
        code = schema_version(db, &version, err);
    }
    if (code != ERR_NONE) {
        (void)sqlite3_close_v2(db);
        return code;
    }
    *ret_db = db;
    return ERR_NONE;
}

enum error_code store_restore(const char *from_path, const char *to_path, struct error *err)
{
    sqlite3 *from = NULL;
    sqlite3 *to = NULL;
    if (same_file(from_path, to_path)) {
        return error_set(err, ERR_USAGE, "%s: 来源与目标是同一文件 (is both source and target)", from_path);
    }
    if (access(from_path, F_OK) != 0) {
        return error_set(err, ERR_NOT_FOUND, "%s: %s", from_path, strerror(errno));
    }
    enum error_code code = store_connect(from_path, SQLITE_OPEN_READONLY, &from, err);
    if (code == ERR_NONE) {
        code = source_check(from, err);
    }
    if (code != ERR_NONE) {
        (void)error_wrap(err, "%s", from_path);
    } else if ((code = target_open(to_path, &to, err)) != ERR_NONE ||
               (code = pages_copy(from, to, err)) != ERR_NONE) {
        (void)error_wrap(err, "%s", to_path);
    }
    (void)sqlite3_close_v2(from);
    (void)sqlite3_close_v2(to);
    return code;
}
