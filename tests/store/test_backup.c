/* Backup and restore, and what restore refuses. */
#include "sample.h"

#include <sqlite3.h>

struct paths {
    char backup[112], target[112], junk[112];
};

static struct paths paths_in(const struct sample *sample)
{
    struct paths paths;
    snprintf(paths.backup, sizeof paths.backup, "%s/b.db", sample->folder);
    snprintf(paths.target, sizeof paths.target, "%s/t.db", sample->folder);
    snprintf(paths.junk, sizeof paths.junk, "%s/j.db", sample->folder);
    return paths;
}

static void file_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static size_t sessions_in(struct sample *sample, const char *path)
{
    struct sample other = *sample;
    struct error error = {0};
    EXPECT(ERR_NONE, store_open(path, STORE_OPEN, sample_clock(&sample->now_s), &other.store, &error));
    size_t count = sample_session_count(&other);
    store_close(other.store);
    return count;
}

static void backup_is_a_database(void **state)
{
    struct sample sample;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    struct paths paths = paths_in(&sample);
    (void)sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    EXPECT(ERR_NONE, store_backup(sample.store, paths.backup, &error));
    (void)sample_book(&sample, "R2", "I2", SAMPLE_DAY, NOON);
    assert_int_equal(sessions_in(&sample, paths.backup), 1);
    EXPECT(ERR_NONE, store_backup(sample.store, paths.backup, &error)); /* the next night */
    assert_int_equal(sessions_in(&sample, paths.backup), 2);
    EXPECT(ERR_USAGE, store_backup(sample.store, sample.path, &error));
    EXPECT(ERR_IO, store_backup(sample.store, "/proc/nowhere/b.db", &error));
    sample_end(&sample);
}

static void backup_leaves_other_files_alone(void **state)
{
    static const char TEXT[] =
        "礼堂编号,礼堂名称,所在村代码,场地,开放时间: a table that somebody typed, of more bytes than a head";
    char read[sizeof TEXT] = "";
    struct sample sample;
    struct error error = {0};
    sqlite3 *db = NULL;
    (void)state;
    sample_city(&sample);
    struct paths paths = paths_in(&sample);
    file_write(paths.junk, TEXT);
    EXPECT(ERR_USAGE, store_backup(sample.store, paths.junk, &error));
    FILE *file = fopen(paths.junk, "rb");
    assert_non_null(file);
    assert_int_equal(fread(read, 1, sizeof read, file), sizeof TEXT - 1);
    fclose(file);
    assert_string_equal(read, TEXT);
    EXPECT(ERR_USAGE, store_backup(sample.store, "/dev/null", &error));
    file_write(paths.junk, "");
    EXPECT(ERR_NONE, store_backup(sample.store, paths.junk, &error));
    unlink(paths.junk);
    assert_int_equal(sqlite3_open(paths.junk, &db), SQLITE_OK); /* a database, not ours */
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE other (x)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    EXPECT(ERR_USAGE, store_backup(sample.store, paths.junk, &error));
    /* Ours, while it is written to. */
    EXPECT(ERR_NONE, store_backup(sample.store, paths.backup, &error));
    assert_int_equal(sqlite3_open(paths.backup, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE other (x)", NULL, NULL, NULL), SQLITE_OK);
    EXPECT(ERR_USAGE, store_backup(sample.store, paths.backup, &error));
    sqlite3_close(db);
    EXPECT(ERR_NONE, store_backup(sample.store, paths.backup, &error));
    sample_end(&sample);
}

static void restore_brings_it_back_under_readers(void **state)
{
    struct sample sample;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    struct paths paths = paths_in(&sample);
    (void)sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    EXPECT(ERR_NONE, store_backup(sample.store, paths.backup, &error));
    (void)sample_book(&sample, "R2", "I2", SAMPLE_DAY, NOON);
    assert_int_equal(sample_session_count(&sample), 2);
    EXPECT(ERR_NONE, store_restore(paths.backup, sample.path, &error)); /* while sample.store is open */
    assert_int_equal(sample_session_count(&sample), 1);
    /* An equal revision number with other contents is not mistaken for the cached snapshot. */
    (void)sample_book(&sample, "R2", "I3", SAMPLE_DAY, NOON);
    (void)sample_book(&sample, "R2", "I3", SAMPLE_DAY + 1, NOON);
    EXPECT(ERR_NONE, store_restore(paths.backup, paths.target, &error));
    assert_int_equal(sessions_in(&sample, paths.target), 1);
    sample_end(&sample);
}

static void restore_refuses_junk(void **state)
{
    struct sample sample;
    struct error error = {0};
    sqlite3 *db = NULL;
    (void)state;
    sample_city(&sample);
    struct paths paths = paths_in(&sample);
    (void)sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    EXPECT(ERR_NOT_FOUND, store_restore(paths.junk, sample.path, &error));
    file_write(paths.junk, "this is a text file, and long enough to be looked at as a database of some kind, "
                           "which it is not, whatever its name may say to those who only read names");
    EXPECT(ERR_DATABASE, store_restore(paths.junk, sample.path, &error));
    file_write(paths.junk, "");
    EXPECT(ERR_DATABASE, store_restore(paths.junk, sample.path, &error));
    unlink(paths.junk);
    assert_int_equal(sqlite3_open(paths.junk, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE other (x)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    EXPECT(ERR_DATABASE, store_restore(paths.junk, sample.path, &error));
    EXPECT(ERR_DATABASE, store_restore(sample.path, paths.junk, &error)); /* nor is it overwritten */
    EXPECT(ERR_USAGE, store_restore(sample.path, sample.path, &error));
    assert_int_equal(sample_session_count(&sample), 1);
    sample_end(&sample);
}

static void restore_refuses_newer_and_damaged(void **state)
{
    struct sample sample;
    struct error error = {0};
    sqlite3 *db = NULL;
    (void)state;
    sample_city(&sample);
    struct paths paths = paths_in(&sample);
    EXPECT(ERR_NONE, store_backup(sample.store, paths.backup, &error));
    assert_int_equal(sqlite3_open(paths.backup, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    EXPECT(ERR_VERSION, store_restore(paths.backup, sample.path, &error));
    EXPECT(ERR_NONE, store_backup(sample.store, paths.backup, &error));
    FILE *file = fopen(paths.backup, "r+b");
    assert_non_null(file);
    for (long page = 3; page < 30; page++) { /* the heads of many pages */
        assert_int_equal(fseek(file, page * 4096, SEEK_SET), 0);
        fputs("################", file);
    }
    fclose(file);
    EXPECT(ERR_DATABASE, store_restore(paths.backup, sample.path, &error));
    assert_int_equal(sample_session_count(&sample), 0);
    sample_end(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(backup_is_a_database),
        cmocka_unit_test(backup_leaves_other_files_alone),
        cmocka_unit_test(restore_brings_it_back_under_readers),
        cmocka_unit_test(restore_refuses_junk),
        cmocka_unit_test(restore_refuses_newer_and_damaged),
    };
    return cmocka_run_group_tests_name("store.backup", tests, NULL, NULL);
}
