/* A small database and a daemon over it in a child process. The clock stands still where the test put it. */
#ifndef LITANG_TESTS_DAEMON_SERVE_PROCESS_H
#define LITANG_TESTS_DAEMON_SERVE_PROCESS_H

#include "base/date.h"
#include "daemon/serve.h"
#include "daemon/template.h"
#include "ical/feed.h"
#include "store/change.h"
#include "tests/daemon/http_client.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const int32_t TODAY = 20780;                  /* 2026-11-23, a Monday */
static const int64_t MORNING = 20780 * 86400 + 3600; /* 09:00 in Taizhou */

struct served {
    char folder[64];
    char path[96];
    int64_t *now_s; /* shared with the child */
    pid_t process;
    uint16_t port;
};

static inline int64_t shared_now(void *context)
{
    return __atomic_load_n((int64_t *)context, __ATOMIC_RELAXED);
}

static inline uint64_t shared_mono(void *context)
{
    (void)context;
    return 0;
}

static inline struct clock_source served_clock(struct served *served)
{
    return (struct clock_source){shared_now, shared_mono, served->now_s};
}

static inline void done(enum error_code code, const struct error *err)
{
    if (code != ERR_NONE) {
        fail_msg("%s: %s", error_name(code), err->text);
    }
}

static inline void put(struct change_set *set, enum store_table table, const struct cell *cells, size_t count)
{
    struct error err = {0};
    done(change_set_put(set, table, cells, count, &err), &err);
}
#define PUT(set, table, ...)                                                                                 \
    put((set), (table), (const struct cell[]){__VA_ARGS__},                                                  \
        sizeof((const struct cell[]){__VA_ARGS__}) / sizeof(struct cell))

/* Commits the set and lets it go. */
static inline void commit(struct served *served, const char *path, struct change_set *set)
{
    struct store *store = NULL;
    struct commit_result result = {0};
    struct error err = {0};
    done(store_open(path, STORE_OPEN, served_clock(served), &store, &err), &err);
    done(store_commit(store, set, false, &result, &err), &err);
    commit_result_finish(&result);
    change_set_destroy(set);
    store_close(store);
}

static inline struct change_set *changes(void)
{
    struct change_set *set = NULL;
    struct error err = {0};
    done(change_set_create("test", "test", "test", &set, &err), &err);
    return set;
}

/* A county, a township, two halls with a room each, one course, one instructor. */
static inline void city_put(struct change_set *set)
{
    PUT(set, TABLE_AREA, CELL_STR("id", "C1"), CELL_STR("level", "county"), CELL_STR("name", "示例县"));
    PUT(set, TABLE_AREA, CELL_STR("id", "T1"), CELL_STR("level", "township"), CELL_STR("name", "示例镇"),
        CELL_STR("parent_id", "C1"));
    PUT(set, TABLE_CATEGORY, CELL_STR("id", "K1"), CELL_STR("name", "智慧助老"));
    PUT(set, TABLE_COURSE, CELL_STR("id", "X1"), CELL_STR("name", "手机防诈骗"),
        CELL_STR("category_id", "K1"), CELL_INT("minutes", 90));
    PUT(set, TABLE_INSTRUCTOR, CELL_STR("id", "I1"), CELL_STR("name", "示例甲"));
    PUT(set, TABLE_QUALIFICATION, CELL_STR("instructor_id", "I1"), CELL_STR("course_id", "X1"));
    for (int i = 1; i <= 2; i++) {
        char hall[8];
        char room[8];
        snprintf(hall, sizeof hall, "H%d", i);
        snprintf(room, sizeof room, "R%d", i);
        PUT(set, TABLE_HALL, CELL_STR("id", hall), CELL_STR("name", "示例文化礼堂"),
            CELL_STR("area_id", "T1"));
        PUT(set, TABLE_ROOM, CELL_STR("id", room), CELL_STR("hall_id", hall), CELL_STR("name", "大礼堂"),
            CELL_INT("capacity", 100));
    }
}

static inline void session_put(struct change_set *set, const char *room, int32_t day)
{
    struct session_new session = {.course_id = "X1",
                                  .room_id = room,
                                  .instructor_ids = {"I1"},
                                  .instructor_count = 1,
                                  .day = day,
                                  .start_min = 570,
                                  .setup_min = -1,
                                  .clear_min = -1,
                                  .status = SESSION_CONFIRMED,
                                  .heads = -1};
    struct error err = {0};
    done(change_set_session_new(set, &session, &err), &err);
}

/* An empty folder and the shared clock. */
static inline struct served served_new(void)
{
    struct served served = {0};
    const char *temporary = getenv("TMPDIR");
    snprintf(served.folder, sizeof served.folder, "%.40s/litang-XXXXXX",
             temporary != NULL ? temporary : "/tmp");
    assert_non_null(mkdtemp(served.folder));
    snprintf(served.path, sizeof served.path, "%s/city.db", served.folder);
    served.now_s =
        mmap(NULL, sizeof *served.now_s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(served.now_s != MAP_FAILED);
    *served.now_s = MORNING;
    return served;
}

/* A database with `sessions` sessions, one a day from today on. */
static inline void database_make(struct served *served, const char *path, int sessions)
{
    struct store *store = NULL;
    struct error err = {0};
    struct change_set *set = changes();
    done(store_open(path, STORE_CREATE, served_clock(served), &store, &err), &err);
    store_close(store);
    done(template_publish(path, served_clock(served), &err), &err);
    city_put(set);
    PUT(set, TABLE_SETTING, CELL_STR("name", "public_instructors"), CELL_STR("value", "1"));
    PUT(set, TABLE_SETTING, CELL_STR("name", "public_url"), CELL_STR("value", "https://litang.example"));
    for (int i = 0; i < sessions; i++) {
        session_put(set, i % 2 == 0 ? "R1" : "R2", TODAY + i);
    }
    commit(served, path, set);
}

static inline void on_ready(void *context, const char *address, uint16_t port)
{
    const int *pipe_end = context;
    (void)address;
    ssize_t written = write(*pipe_end, &port, sizeof port);
    (void)written;
}

/* Starts the daemon; port 0 when it did not come up. */
static inline void served_start_at(struct served *served, const char *address)
{
    int ends[2];
    fflush(NULL);
    assert_int_equal(pipe(ends), 0);
    served->process = fork();
    assert_true(served->process >= 0);
    if (served->process == 0) {
        struct error err = {0};
        close(ends[0]);
        struct serve_options options = {.db_path = served->path,
                                        .address = address,
                                        .clock = served_clock(served),
                                        .ready = on_ready,
                                        .ready_context = &ends[1]};
        enum error_code code = serve_run(&options, &err);
        if (code != ERR_NONE) {
            fprintf(stderr, "serve_run: %s\n", err.text);
        }
        exit(code == ERR_NONE ? 0 : 10 + (int)code);
    }
    close(ends[1]);
    served->port = 0;
    ssize_t got = read(ends[0], &served->port, sizeof served->port);
    assert_int_equal(got, sizeof served->port);
    close(ends[0]);
}

static inline void served_start(struct served *served)
{
    served_start_at(served, "127.0.0.1");
}

/* SIGTERM, and the exit code: 0 means that every handle was closed. */
static inline int served_stop(struct served *served)
{
    int status = -1;
    kill(served->process, SIGTERM);
    for (int tries = 0; tries < 3000; tries++) {
        pid_t ended = waitpid(served->process, &status, WNOHANG);
        if (ended == served->process) {
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        usleep(10000);
    }
    kill(served->process, SIGKILL);
    waitpid(served->process, &status, 0);
    fail_msg("the daemon did not stop within 30 s");
    return -1;
}

static inline void served_finish(struct served *served)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", served->folder);
    assert_int_equal(system(command), 0);
    munmap(served->now_s, sizeof *served->now_s);
}

/* Asks until the body of `target` holds `wanted`: at most 30 s. */
static inline bool body_comes(struct served *served, const char *target, const char *wanted)
{
    for (int tries = 0; tries < 300; tries++) {
        struct http_response response = http_get(served->port, target, "");
        bool found = response.status == 200 && strstr(response.body, wanted) != NULL;
        response_finish(&response);
        if (found) {
            return true;
        }
        usleep(100000);
    }
    return false;
}

#endif
