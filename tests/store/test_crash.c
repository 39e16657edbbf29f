/* kill -9 and a full disk during a big commit: afterwards the file is sound and holds all of it or nothing.
 */
#include "sample.h"

#include "base/rng.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum {
    SESSIONS = 2000,
    KILLS = 50
};

/* 2000 sessions in two rooms over most of a year. */
static struct change_set *big_set(void)
{
    static const char *const ROOMS[] = {"R1", "R2"};
    static const char *const PEOPLE[] = {"I1", "I2"};
    struct change_set *set = sample_set("大批");
    for (int i = 0; i < SESSIONS; i++) {
        sample_add(set, ROOMS[i % 2], PEOPLE[i % 2], SAMPLE_DAY + i / 8, 480 + 70 * (i / 2 % 4));
    }
    return set;
}

static int64_t raw_integer(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

static void is_sound(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), "ok");
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

/* All or nothing: sessions, instructors, audit and revision agree. */
static bool is_whole(const char *path)
{
    is_sound(path);
    int64_t sessions = raw_integer(path, "SELECT count(*) FROM session");
    bool all = sessions == SESSIONS;
    assert_true(all || sessions == 0);
    assert_int_equal(raw_integer(path, "SELECT count(*) FROM session_instructor"), sessions);
    assert_int_equal(raw_integer(path, "SELECT count(*) FROM audit WHERE table_name = 'session'"), sessions);
    assert_int_equal(raw_integer(path, "SELECT max(id) FROM revision"), all ? 2 : 1);
    assert_int_equal(raw_integer(path, "SELECT count(*) FROM session WHERE lifted = 1"), 0);
    return all;
}

static void child_commit(const struct sample *parent)
{
    struct sample sample = *parent;
    struct commit_result result = {0};
    sample.store = NULL;
    enum error_code code =
        store_open(sample.path, STORE_OPEN, sample_clock(&sample.now_s), &sample.store, NULL);
    struct change_set *set = big_set();
    if (code == ERR_NONE) {
        code = store_commit(sample.store, set, false, &result, NULL);
    }
    _exit((int)code); /* as abrupt as it gets */
}

static uint64_t now_us(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000 + (uint64_t)at.tv_nsec / 1000;
}

/* How long an undisturbed run takes, so that the kills fall inside one on any machine. */
static uint64_t whole_run_us(void)
{
    struct sample sample;
    int status = 0;
    sample_city(&sample);
    store_close(sample.store);
    sample.store = NULL;
    uint64_t begin = now_us();
    pid_t child = fork();
    if (child == 0) {
        child_commit(&sample);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    uint64_t took = now_us() - begin;
    assert_true(is_whole(sample.path));
    sample_end(&sample);
    return took;
}

static void killed_commit_is_all_or_nothing(void **state)
{
    struct rng rng;
    (void)state;
    uint64_t span_us = whole_run_us();
    rng_seed(&rng, 20261123);
    for (int i = 0; i < KILLS; i++) {
        struct sample sample;
        struct error error = {0};
        int status = 0;
        sample_city(&sample);
        store_close(sample.store);
        sample.store = NULL;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            child_commit(&sample);
        }
        usleep((useconds_t)rng_below(&rng, (uint32_t)(span_us + span_us / 10)));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        bool all = is_whole(sample.path);
        /* And life goes on. */
        EXPECT(ERR_NONE,
               store_open(sample.path, STORE_OPEN, sample_clock(&sample.now_s), &sample.store, &error));
        (void)sample_book(&sample, "R1", "I3", SAMPLE_DAY + 3000, NOON);
        assert_int_equal(sample_session_count(&sample), all ? SESSIONS + 1 : 1);
        sample_end(&sample);
    }
}

/* No file may grow past what it has now plus a little: like a full disk, the write fails in the middle. */
static void child_on_full_disk(const struct sample *parent, rlim_t bytes)
{
    const struct rlimit limit = {bytes, bytes};
    struct sample sample = *parent;
    struct commit_result result = {0};
    signal(SIGXFSZ, SIG_IGN);
    sample.store = NULL;
    enum error_code code =
        store_open(sample.path, STORE_OPEN, sample_clock(&sample.now_s), &sample.store, NULL);
    struct change_set *set = big_set();
    if (code == ERR_NONE && setrlimit(RLIMIT_FSIZE, &limit) == 0) {
        code = store_commit(sample.store, set, false, &result, NULL);
    }
    _exit((int)code);
}

static void full_disk_is_an_error(void **state)
{
    (void)state;
    for (rlim_t bytes = 150000; bytes <= 600000; bytes += 150000) {
        struct sample sample;
        int status = 0;
        sample_city(&sample);
        store_close(sample.store);
        sample.store = NULL;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            child_on_full_disk(&sample, bytes);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), ERR_IO);
        assert_false(is_whole(sample.path));
        sample_end(&sample);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_commit_is_all_or_nothing),
        cmocka_unit_test(full_disk_is_an_error),
    };
    return cmocka_run_group_tests_name("store.crash", tests, NULL, NULL);
}
