/* Opening and migrating, and the triggers that refuse double bookings to anyone with an SQLite shell. */
#include "sample.h"

#include "store/schema.h"

#include <sqlite3.h>
#include <sys/wait.h>

static sqlite3 *raw_open(const char *path)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    return db;
}

static void raw_run(const char *path, const char *sql)
{
    sqlite3 *db = raw_open(path);
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
    sqlite3_close(db);
}

/* The statement must fail with this word in its message. */
static void raw_refused(sqlite3 *db, const char *sql, const char *word)
{
    char *message = NULL;
    int result = sqlite3_exec(db, sql, NULL, NULL, &message);
    if (result == SQLITE_OK || strstr(message, word) == NULL) {
        fail_msg("%s: %s, wanted %s", sql, message == NULL ? "accepted" : message, word);
    }
    sqlite3_free(message);
}

static void raw_accepted(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
}

static int64_t raw_integer(const char *path, const char *sql)
{
    sqlite3 *db = raw_open(path);
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

static enum error_code try_open(struct sample *sample, enum store_mode mode, struct error *err)
{
    store_close(sample->store);
    sample->store = NULL;
    return store_open(sample->path, mode, sample_clock(&sample->now_s), &sample->store, err);
}

static void modes_keep_their_promise(void **state)
{
    struct sample sample;
    struct error error = {0};
    bool empty = false;
    (void)state;
    sample_begin(&sample);
    EXPECT(ERR_NOT_FOUND, try_open(&sample, STORE_OPEN, &error));
    EXPECT(ERR_NOT_FOUND, try_open(&sample, STORE_READ_ONLY, &error));
    EXPECT(ERR_NONE, try_open(&sample, STORE_CREATE, &error));
    EXPECT(ERR_NONE, store_is_empty(sample.store, &empty, &error));
    assert_true(empty);
    EXPECT(ERR_EXISTS, try_open(&sample, STORE_CREATE, &error));
    EXPECT(ERR_NONE, try_open(&sample, STORE_READ_ONLY, &error));
    EXPECT(ERR_NONE, try_open(&sample, STORE_OPEN, &error));
    struct timetable *timetable = NULL;
    EXPECT(ERR_NONE, store_snapshot(sample.store, &timetable, &error));
    assert_int_equal(timetable->revision, 0);
    timetable_unref(timetable);
    sample_end(&sample);
}

static void names_are_no_uris(void **state)
{
    struct sample sample;
    struct error error = {0};
    char here[512];
    (void)state;
    sample_begin(&sample);
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(sample.folder), 0);
    struct store *store = NULL;
    EXPECT(ERR_NONE,
           store_open("file:x?mode=memory", STORE_CREATE, sample_clock(&sample.now_s), &store, &error));
    store_close(store);
    assert_int_equal(access("file:x?mode=memory", F_OK), 0);
    assert_int_equal(chdir(here), 0);
    sample_end(&sample);
}

static void junk_is_refused(void **state)
{
    struct sample sample;
    struct error error = {0};
    (void)state;
    sample_begin(&sample);
    FILE *file = fopen(sample.path, "wb");
    assert_non_null(file);
    for (int i = 0; i < 500; i++) {
        fputs("not a database at all\n", file);
    }
    fclose(file);
    EXPECT(ERR_DATABASE, try_open(&sample, STORE_OPEN, &error));
    EXPECT(ERR_DATABASE, try_open(&sample, STORE_CREATE, &error));
    unlink(sample.path);
    raw_run(sample.path, "CREATE TABLE other (x)");
    EXPECT(ERR_DATABASE, try_open(&sample, STORE_OPEN, &error));
    EXPECT(ERR_DATABASE, try_open(&sample, STORE_CREATE, &error));
    EXPECT(ERR_IO, store_open(sample.folder, STORE_OPEN, sample_clock(&sample.now_s), &sample.store, &error));
    sample_end(&sample);
}

static const char OLD_ROWS[] =
    "INSERT INTO area (id, level, name) VALUES ('1', 'village', '示例一村');"
    "INSERT INTO hall (id, name, area_id) VALUES ('H1', '示例一村文化礼堂', '1');"
    "INSERT INTO room (id, hall_id, name) VALUES ('R1', 'H1', '大厅');"
    "INSERT INTO category (id, name) VALUES ('K1', '智慧助老');"
    "INSERT INTO course (id, name, category_id, minutes) VALUES ('C1', '示例课程', 'K1', 60);"
    "INSERT INTO instructor (id, name) VALUES ('I1', '示例甲'), ('I2', '示例乙');"
    "INSERT INTO session (id, course_id, room_id, date, start_min, minutes, created_at, changed_at)"
    " VALUES (1, 'C1', 'R1', '2026-05-27', 720, 60, 1, 1);"
    "INSERT INTO session_instructor (session_id, position, instructor_id) VALUES (1, 0, 'I1');";

/* A database as the first step alone makes it. */
static void old_database(const struct sample *sample)
{
    char mark[96];
    raw_run(sample->path, SCHEMA_STEPS[0]);
    raw_run(sample->path, OLD_ROWS);
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = 1",
             (int)SCHEMA_APPLICATION_ID);
    raw_run(sample->path, mark);
}

static void old_database_is_migrated(void **state)
{
    struct sample sample;
    struct error error = {0};
    (void)state;
    sample_begin(&sample);
    old_database(&sample);
    EXPECT(ERR_VERSION, try_open(&sample, STORE_READ_ONLY, &error));
    EXPECT(ERR_NONE, try_open(&sample, STORE_OPEN, &error));
    assert_int_equal(sample_session_count(&sample), 1);
    assert_int_equal(raw_integer(sample.path, "PRAGMA user_version"), (int64_t)SCHEMA_STEP_COUNT);
    /* Old rows are guarded, too: step 2 filled in who teaches when. */
    sqlite3 *db = raw_open(sample.path);
    raw_accepted(
        db, "INSERT INTO room (id, hall_id, name) VALUES ('R9', 'H1', '小间');"
            "INSERT INTO session (id, course_id, room_id, date, start_min, minutes, created_at, changed_at)"
            " VALUES (2, 'C1', 'R9', '2026-05-27', 750, 60, 1, 1)");
    raw_refused(db,
                "INSERT INTO session_instructor (session_id, position, instructor_id) VALUES (2, 0, 'I1')",
                "instructor-overlap");
    sqlite3_close(db);
    sample_end(&sample);
}

static void newer_database_is_refused(void **state)
{
    struct sample sample;
    struct error error = {0};
    char ours[16];
    (void)state;
    sample_begin(&sample);
    EXPECT(ERR_NONE, try_open(&sample, STORE_CREATE, &error));
    raw_run(sample.path, "PRAGMA user_version = 99");
    EXPECT(ERR_VERSION, try_open(&sample, STORE_OPEN, &error));
    snprintf(ours, sizeof ours, "%d", (int)SCHEMA_STEP_COUNT);
    assert_non_null(strstr(error.text, "99"));
    assert_non_null(strstr(error.text, ours));
    EXPECT(ERR_VERSION, try_open(&sample, STORE_READ_ONLY, &error));
    sample_end(&sample);
}

/* Opens in a child; exits with the error code. */
static pid_t child_open(const struct sample *sample)
{
    pid_t child = fork();
    if (child == 0) {
        struct store *store = NULL;
        int64_t now_s = sample->now_s;
        enum error_code code = store_open(sample->path, STORE_OPEN, sample_clock(&now_s), &store, NULL);
        store_close(store);
        _exit((int)code);
    }
    return child;
}

static void two_openers_migrate_once(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        struct sample sample;
        sample_begin(&sample);
        old_database(&sample);
        pid_t children[3];
        for (int i = 0; i < 3; i++) {
            children[i] = child_open(&sample);
        }
        for (int i = 0; i < 3; i++) {
            int status = 0;
            assert_int_equal(waitpid(children[i], &status, 0), children[i]);
            assert_true(WIFEXITED(status));
            assert_int_equal(WEXITSTATUS(status), 0);
        }
        assert_int_equal(raw_integer(sample.path, "PRAGMA user_version"), (int64_t)SCHEMA_STEP_COUNT);
        sample_end(&sample);
    }
}

#define SESSION(id, room, date, start)                                                                       \
    "INSERT INTO session (id, course_id, room_id, date, start_min, minutes, created_at, changed_at) VALUES " \
    "(" #id ", 'C1', '" room "', '" date "', " #start ", 60, 1, 1)"

static void rooms_are_guarded(void **state)
{
    struct sample sample;
    (void)state;
    sample_city(&sample);
    (void)sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    sqlite3 *db = raw_open(sample.path);
    raw_refused(db, SESSION(20, "R1", "2026-05-27", 720), "room-overlap");
    raw_refused(db, SESSION(20, "R1", "2026-05-27", 779), "room-overlap");
    raw_refused(db, SESSION(20, "R1b", "2026-05-27", 700), "room-overlap"); /* R1 takes the whole hall */
    raw_accepted(db, SESSION(20, "R1", "2026-05-27", 780));                 /* back to back */
    raw_accepted(db, SESSION(21, "R1", "2026-05-27", 660));
    raw_accepted(db, SESSION(22, "R2", "2026-05-27", 720));
    raw_accepted(db, SESSION(23, "R2", "2026-05-27", 1410)); /* past midnight */
    raw_refused(db, SESSION(24, "R2", "2026-05-28", 0), "room-overlap");
    raw_accepted(db, SESSION(24, "R2", "2026-05-28", 30));
    raw_refused(db, "UPDATE session SET start_min = 720 WHERE id = 20", "room-overlap");
    raw_refused(db, "UPDATE session SET room_id = 'R1' WHERE id = 22", "room-overlap");
    raw_refused(db, "UPDATE session SET setup_min = 30 WHERE id = 20", "room-overlap");
    raw_accepted(db, "UPDATE session SET status = 'CANCELLED' WHERE id = 20");
    raw_accepted(db, SESSION(25, "R1b", "2026-05-27", 800));
    raw_refused(db, "UPDATE session SET status = 'CONFIRMED' WHERE id = 20", "room-overlap");
    sqlite3_close(db);
    sample_end(&sample);
}

static void instructors_are_guarded(void **state)
{
    struct sample sample;
    (void)state;
    sample_city(&sample);
    int64_t first = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    (void)first;
    sqlite3 *db = raw_open(sample.path);
    raw_accepted(db, SESSION(30, "R2", "2026-05-27", 760));
    raw_refused(db,
                "INSERT INTO session_instructor (session_id, position, instructor_id) VALUES (30, 0, 'I1')",
                "instructor-overlap");
    raw_accepted(db,
                 "INSERT INTO session_instructor (session_id, position, instructor_id) VALUES (30, 0, 'I2')");
    raw_refused(db, "UPDATE session_instructor SET instructor_id = 'I1' WHERE session_id = 30",
                "instructor-overlap");
    raw_accepted(db, "UPDATE session SET start_min = 780 WHERE id = 30");
    raw_accepted(db, "UPDATE session_instructor SET instructor_id = 'I1' WHERE session_id = 30");
    raw_refused(db, "UPDATE session SET start_min = 779 WHERE id = 30", "instructor-overlap");
    /* Set-up takes the room, not the instructor. */
    raw_accepted(db, "UPDATE session SET setup_min = 30 WHERE id = 30");
    sqlite3_close(db);
    sample_end(&sample);
}

static void history_is_append_only(void **state)
{
    struct sample sample;
    (void)state;
    sample_city(&sample);
    sqlite3 *db = raw_open(sample.path);
    raw_refused(db, "DELETE FROM revision", "append-only");
    raw_refused(db, "UPDATE revision SET actor = 'x'", "append-only");
    raw_refused(db, "DELETE FROM audit", "append-only");
    raw_refused(db, "UPDATE audit SET after = NULL", "append-only");
    sqlite3_close(db);
    sample_end(&sample);
}

static void dates_are_real(void **state)
{
    struct sample sample;
    (void)state;
    sample_city(&sample);
    sqlite3 *db = raw_open(sample.path);
    raw_refused(db, SESSION(40, "R1", "2026-02-30", 720), "CHECK");
    raw_refused(db, SESSION(40, "R1", "2026-13-01", 720), "constraint");
    raw_accepted(db, SESSION(40, "R1", "2028-02-29", 720));
    sqlite3_close(db);
    sample_end(&sample);
}

static void bad_data_is_named(void **state)
{
    struct sample sample;
    struct timetable *timetable = NULL;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    raw_run(sample.path, "UPDATE hall SET hours = 'always' WHERE id = 'H2'");
    store_close(sample.store);
    sample.store = NULL;
    EXPECT(ERR_NONE, try_open(&sample, STORE_OPEN, &error));
    EXPECT(ERR_DATABASE, store_snapshot(sample.store, &timetable, &error));
    assert_null(timetable);
    assert_non_null(strstr(error.text, "hall H2"));
    /* The gate can mend it. */
    struct commit_result result;
    struct change_set *set = sample_set("修正");
    PUT(set, TABLE_HALL, CELL_STR("id", "H2"), CELL_STR("hours", "1-5 08:00-11:30"));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    assert_int_equal(sample_session_count(&sample), 0);
    sample_end(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modes_keep_their_promise),  cmocka_unit_test(names_are_no_uris),
        cmocka_unit_test(junk_is_refused),           cmocka_unit_test(old_database_is_migrated),
        cmocka_unit_test(newer_database_is_refused), cmocka_unit_test(two_openers_migrate_once),
        cmocka_unit_test(rooms_are_guarded),         cmocka_unit_test(instructors_are_guarded),
        cmocka_unit_test(history_is_append_only),    cmocka_unit_test(dates_are_real),
        cmocka_unit_test(bad_data_is_named),
    };
    return cmocka_run_group_tests_name("store.schema", tests, NULL, NULL);
}
