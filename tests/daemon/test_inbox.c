/* The drop folder: of a daemon in a process of its own, and its job by itself where the world must be bent.
 */
#include "daemon/inbox_file.h"
#include "importers/import.h"
#include "tests/daemon/serve_process.h"

#include <fcntl.h>
#include <sys/resource.h>

enum {
    SETTLE_MS = 150,
    SETTLE_LONG_MS = 3000 /* where a slow machine must not be taken for a file at rest */
};

#define HOLIDAYS     "日期,节日,是否放假\r\n2027-01-01,元旦,休\r\n"
#define HOLIDAYS_BAD "日期,节日,是否放假\r\n2027-01-02,元旦,休\r\n2027-13-01,元旦,休\r\n"

static void inbox_path(const struct served *served, const char *name, char ret_path[256])
{
    snprintf(ret_path, 256, "%s/in/%s", served->folder, name);
}

static bool there(const struct served *served, const char *name)
{
    char path[256];
    struct stat about;
    inbox_path(served, name, path);
    return lstat(path, &about) == 0;
}

static bool comes(const struct served *served, const char *name)
{
    for (int tries = 0; tries < 600; tries++) {
        if (there(served, name)) {
            return true;
        }
        usleep(50000);
    }
    return false;
}

static void file_put(const struct served *served, const char *name, const char *bytes)
{
    char path[256];
    inbox_path(served, name, path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(bytes, file);
    assert_int_equal(fclose(file), 0);
}

/* The content of a file that must be there, in a buffer of the function's own. */
static const char *content(const struct served *served, const char *name)
{
    static char bytes[65536];
    char path[256];
    inbox_path(served, name, path);
    /* A report is written right after its file was moved. */
    for (int tries = 0; tries < 200; tries++) {
        FILE *file = fopen(path, "rb");
        size_t length = file != NULL ? fread(bytes, 1, sizeof bytes - 1, file) : 0;
        bytes[length] = '\0';
        if (file != NULL) {
            fclose(file);
        }
        if (length > 0) {
            return bytes;
        }
        usleep(50000);
    }
    fail_msg("nothing in %s", path);
    return "";
}

static size_t holidays(struct served *served)
{
    struct store *store = NULL;
    struct timetable *timetable = NULL;
    struct error err = {0};
    done(store_open(served->path, STORE_OPEN, served_clock(served), &store, &err), &err);
    done(store_snapshot(store, &timetable, &err), &err);
    size_t count = timetable->holiday_count;
    timetable_unref(timetable);
    store_close(store);
    return count;
}

static struct served inbox_new(void)
{
    struct served served = served_new();
    char path[256];
    database_make(&served, served.path, 3);
    snprintf(path, sizeof path, "%s/in", served.folder);
    assert_int_equal(mkdir(path, 0777), 0);
    return served;
}

static void inbox_start_settling(struct served *served, enum inbox_policy policy, uint64_t settle_ms)
{
    int ends[2];
    char path[256];
    fflush(NULL);
    assert_int_equal(pipe(ends), 0);
    snprintf(path, sizeof path, "%s/in", served->folder);
    served->process = fork();
    assert_true(served->process >= 0);
    if (served->process == 0) {
        struct error err = {0};
        close(ends[0]);
        struct serve_options options = {.db_path = served->path,
                                        .address = "127.0.0.1",
                                        .clock = served_clock(served),
                                        .inbox = path,
                                        .inbox_policy = policy,
                                        .inbox_settle_ms = settle_ms,
                                        .ready = on_ready,
                                        .ready_context = &ends[1]};
        enum error_code code = serve_run(&options, &err);
        exit(code == ERR_NONE ? 0 : 10 + (int)code);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &served->port, sizeof served->port), sizeof served->port);
    close(ends[0]);
}

static void inbox_start_process(struct served *served, enum inbox_policy policy)
{
    inbox_start_settling(served, policy, SETTLE_MS);
}

static void test_good_and_bad_files_find_their_folder(void **state)
{
    struct served served = inbox_new();
    (void)state;
    inbox_start_process(&served, INBOX_IMPORT);
    file_put(&served, "节假日.csv", HOLIDAYS);
    assert_true(comes(&served, "done/节假日.csv"));
    const char *report = content(&served, "done/节假日.csv.report.txt");
    assert_ptr_equal(strstr(report, "\xEF\xBB\xBF已导入\r\nImported\r\n"), report);
    assert_non_null(strstr(report, "新增 1"));
    assert_false(there(&served, "节假日.csv"));
    assert_int_equal(holidays(&served), 1);
    file_put(&served, "bad.csv", HOLIDAYS_BAD);
    assert_true(comes(&served, "failed/bad.csv"));
    report = content(&served, "failed/bad.csv.report.txt");
    assert_non_null(strstr(report, "bad.csv:3:1"));
    assert_non_null(strstr(report, "[date]"));
    assert_string_equal(content(&served, "failed/bad.csv"), HOLIDAYS_BAD);
    assert_int_equal(holidays(&served), 1);
    struct http_response page = http_get(served.port, "/", "");
    assert_int_equal(page.status, 200);
    response_finish(&page);
    /* The mended file under the same name goes in, and nothing is written over. */
    file_put(&served, "bad.csv", "日期,节日,是否放假\r\n2027-01-02,元旦,休\r\n");
    assert_true(comes(&served, "done/bad.csv"));
    file_put(&served, "bad.csv", HOLIDAYS_BAD);
    assert_true(comes(&served, "failed/bad (2).csv"));
    assert_non_null(strstr(content(&served, "failed/bad (2).csv.report.txt"), "[date]"));
    assert_string_equal(content(&served, "failed/bad.csv"), HOLIDAYS_BAD);
    assert_int_equal(holidays(&served), 2);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

static void test_partial_gives_the_bad_rows_back(void **state)
{
    struct served served = inbox_new();
    (void)state;
    inbox_start_process(&served, INBOX_PARTIAL);
    file_put(&served, "p.csv", HOLIDAYS_BAD);
    assert_true(comes(&served, "failed/p.csv"));
    assert_non_null(strstr(content(&served, "failed/p.csv.report.txt"), "好的行已导入"));
    const char *bad = content(&served, "failed/p.csv.bad.csv");
    assert_non_null(strstr(bad, "2027-13-01"));
    assert_null(strstr(bad, "2027-01-02"));
    assert_int_equal(holidays(&served), 1);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

static void test_preview_writes_nothing(void **state)
{
    struct served served = inbox_new();
    (void)state;
    inbox_start_process(&served, INBOX_PREVIEW);
    file_put(&served, "v.csv", HOLIDAYS);
    assert_true(comes(&served, "done/v.csv"));
    const char *report = content(&served, "done/v.csv.report.txt");
    assert_non_null(strstr(report, "预览：没有错误，但什么也没有写入"));
    assert_non_null(strstr(report, "新增 1"));
    assert_int_equal(holidays(&served), 0);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

static void test_names_that_are_no_drops(void **state)
{
    static const char *const NAMES[] = {"~$a.xlsx", ".hidden.csv",      "a.csv.tmp",
                                        "b.PART",   "c.csv.crdownload", "x.csv.report.txt"};
    struct served served = inbox_new();
    (void)state;
    inbox_start_process(&served, INBOX_IMPORT);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        file_put(&served, NAMES[i], HOLIDAYS);
    }
    file_put(&served, "last.csv", HOLIDAYS);
    assert_true(comes(&served, "done/last.csv"));
    usleep(4 * SETTLE_MS * 1000);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        assert_true(there(&served, NAMES[i]));
    }
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

static void test_links_pipes_folders_and_giants(void **state)
{
    struct served served = inbox_new();
    char path[256];
    char target[256];
    (void)state;
    snprintf(target, sizeof target, "%s/outside.csv", served.folder);
    FILE *outside = fopen(target, "wb");
    assert_non_null(outside);
    fputs(HOLIDAYS, outside);
    fclose(outside);
    inbox_start_process(&served, INBOX_IMPORT);
    inbox_path(&served, "link.csv", path);
    assert_int_equal(symlink(target, path), 0);
    inbox_path(&served, "pipe.csv", path);
    assert_int_equal(mkfifo(path, 0666), 0);
    inbox_path(&served, "folder", path);
    assert_int_equal(mkdir(path, 0777), 0);
    inbox_path(&served, "giant.csv", path);
    FILE *giant = fopen(path, "wb");
    assert_non_null(giant);
    assert_int_equal(ftruncate(fileno(giant), (off_t)LIMIT_IMPORT_BYTES + 1), 0);
    fclose(giant);
    assert_true(comes(&served, "failed/link.csv"));
    assert_true(comes(&served, "failed/pipe.csv"));
    assert_true(comes(&served, "failed/giant.csv"));
    assert_true(comes(&served, "failed/folder.report.txt"));
    assert_true(there(&served, "folder"));
    assert_non_null(strstr(content(&served, "failed/link.csv.report.txt"), "这不是普通文件"));
    assert_non_null(strstr(content(&served, "failed/giant.csv.report.txt"), "64 MB"));
    assert_non_null(strstr(content(&served, "failed/folder.report.txt"), "这是文件夹"));
    struct stat about;
    assert_int_equal(stat(target, &about), 0);
    assert_int_equal(about.st_size, strlen(HOLIDAYS));
    assert_int_equal(holidays(&served), 0);
    usleep(4 * SETTLE_MS * 1000);
    assert_false(there(&served, "failed/folder (2).report.txt")); /* said once */
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

/* A file that is still being written is not read. */
static void test_a_growing_file_waits(void **state)
{
    struct served served = inbox_new();
    char path[256];
    (void)state;
    inbox_start_settling(&served, INBOX_IMPORT, SETTLE_LONG_MS);
    inbox_path(&served, "grows.csv", path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("日期,节日,是否放假\r\n", file);
    for (int i = 1; i <= 28; i++) {
        fprintf(file, "2027-02-%02d,示例节,休\r\n", i);
        assert_int_equal(fflush(file), 0);
        usleep(150000); /* in all longer than a file at rest is waited for */
        assert_true(there(&served, "grows.csv"));
    }
    fclose(file);
    assert_true(comes(&served, "done/grows.csv"));
    assert_int_equal(holidays(&served), 28);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

/* The end comes while a long file is imported: all of it is there or none, and the loop ends clean. */
static void test_the_end_waits_for_the_job(void **state)
{
    enum {
        ROWS = 30000
    };
    struct served served = inbox_new();
    char path[256];
    (void)state;
    inbox_start_process(&served, INBOX_IMPORT);
    inbox_path(&served, "areas.csv", path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("代码,名称,上级代码,层级\r\n", file);
    for (int i = 0; i < ROWS; i++) {
        fprintf(file, "V%06d,示例%d村,T1,村\r\n", i, i);
    }
    fclose(file);
    usleep((SETTLE_MS + 350) * 1000);
    assert_int_equal(served_stop(&served), 0);
    struct store *store = NULL;
    struct timetable *timetable = NULL;
    struct error err = {0};
    done(store_open(served.path, STORE_OPEN, served_clock(&served), &store, &err), &err);
    done(store_snapshot(store, &timetable, &err), &err);
    assert_true(timetable->area_count == 2 || timetable->area_count == 2 + ROWS);
    assert_int_equal(timetable->area_count == 2, there(&served, "areas.csv"));
    timetable_unref(timetable);
    store_close(store);
    served_finish(&served);
}

/* ---- the job by itself ---- */

static struct inbox_job job_open(struct served *served, const char *path)
{
    struct inbox_job job = {.path = path,
                            .actor = "test",
                            .db_path = served->path,
                            .policy = INBOX_IMPORT,
                            .clock = served_clock(served),
                            .settle_ms = 1};
    struct error err = {0};
    done(inbox_job_open(&job, &err), &err);
    return job;
}

static void job_look(struct inbox_job *job, int times)
{
    for (int i = 0; i < times; i++) {
        usleep(3000);
        inbox_job_run(job);
    }
}

static void test_folders_that_lead_elsewhere(void **state)
{
    struct served served = inbox_new();
    char path[256];
    char in[256];
    struct error err = {0};
    (void)state;
    snprintf(in, sizeof in, "%s/in", served.folder);
    inbox_path(&served, "done", path);
    assert_int_equal(symlink("/tmp", path), 0);
    struct inbox_job job = {.path = in, .actor = "test"};
    assert_int_equal(inbox_job_open(&job, &err), ERR_IO);
    assert_non_null(strstr(err.text, "done"));
    inbox_job_close(&job);
    assert_int_equal(unlink(path), 0);
    job.path = "/no/such/folder";
    assert_int_equal(inbox_job_open(&job, &err), ERR_NOT_FOUND);
    inbox_job_close(&job);
    served_finish(&served);
}

static void test_more_files_than_are_held(void **state)
{
    enum {
        COUNT = (int)LIMIT_INBOX_FILES + 5
    };
    struct served served = inbox_new();
    char in[256];
    char path[256];
    char name[32];
    (void)state;
    snprintf(in, sizeof in, "%s/in", served.folder);
    struct inbox_job job = job_open(&served, in);
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "l%04d", i);
        inbox_path(&served, name, path);
        assert_int_equal(symlink("nowhere", path), 0);
    }
    inbox_job_run(&job);
    assert_true(job.count <= LIMIT_INBOX_FILES);
    assert_true(job.is_full);
    usleep(3000);
    for (int i = 0; i < COUNT + 20; i++) {
        inbox_job_run(&job);
    }
    job_look(&job, 20);
    assert_false(job.is_full);
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "failed/l%04d", i);
        assert_true(there(&served, name));
    }
    inbox_job_close(&job);
    served_finish(&served);
}

static void test_a_file_that_vanishes(void **state)
{
    struct served served = inbox_new();
    char in[256];
    (void)state;
    snprintf(in, sizeof in, "%s/in", served.folder);
    struct inbox_job job = job_open(&served, in);
    struct inbox_file gone = {.name = "gone.csv", .mode = S_IFREG | 0644};
    assert_int_equal(inbox_file_take(&job, &gone), INBOX_VANISHED);
    /* One that is another file by now has its own turn. */
    file_put(&served, "gone.csv", HOLIDAYS);
    assert_int_equal(inbox_file_take(&job, &gone), INBOX_VANISHED);
    assert_true(there(&served, "gone.csv"));
    assert_int_equal(holidays(&served), 0);
    inbox_job_close(&job);
    served_finish(&served);
}

/* Runs `body` in a child that may lose rights or get limits; its exit code. */
static int in_child(int (*body)(struct served *served), struct served *served)
{
    int status = -1;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(body(served));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int without_rights(struct served *served)
{
    char in[256];
    snprintf(in, sizeof in, "%s/in", served->folder);
    if (geteuid() == 0 && seteuid(65534) != 0) {
        return 1;
    }
    struct inbox_job job = {
        .path = in, .actor = "test", .db_path = "", .settle_ms = 1, .clock = served_clock(served)};
    if (inbox_job_open(&job, NULL) != ERR_NONE) {
        return 2;
    }
    job_look(&job, 4);
    inbox_job_close(&job);
    return 0;
}

static void test_a_file_that_may_not_be_read(void **state)
{
    struct served served = inbox_new();
    char path[256];
    (void)state;
    assert_int_equal(chmod(served.folder, 0777), 0);
    snprintf(path, sizeof path, "%s/in", served.folder);
    assert_int_equal(chmod(path, 0777), 0);
    file_put(&served, "secret.csv", HOLIDAYS);
    inbox_path(&served, "secret.csv", path);
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(in_child(without_rights, &served), 0);
    assert_true(there(&served, "failed/secret.csv"));
    assert_int_equal(chmod(served.folder, 0777), 0);
    assert_non_null(strstr(content(&served, "failed/secret.csv.report.txt"), "没有读取这个文件的权限"));
    served_finish(&served);
}

/* No file may grow: a disk that is full, to the report. */
static int without_room(struct served *served)
{
    char in[256];
    const struct rlimit none = {0, 0};
    snprintf(in, sizeof in, "%s/in", served->folder);
    signal(SIGXFSZ, SIG_IGN);
    struct inbox_job job = job_open(served, in);
    if (setrlimit(RLIMIT_FSIZE, &none) != 0) {
        return 1;
    }
    job_look(&job, 8);
    inbox_job_close(&job);
    return 0;
}

static void test_a_full_disk(void **state)
{
    struct served served = inbox_new();
    char path[256];
    (void)state;
    file_put(&served, "full.csv", HOLIDAYS);
    inbox_path(&served, "link", path);
    assert_int_equal(symlink("nowhere", path), 0);
    assert_int_equal(in_child(without_room, &served), 0);
    /* What could not be committed stays for later; what needed no room is moved, without half a report. */
    assert_true(there(&served, "full.csv"));
    assert_int_equal(holidays(&served), 0);
    assert_true(there(&served, "failed/link"));
    assert_false(there(&served, "failed/link.report.txt"));
    /* With room again it goes in. */
    char in[256];
    snprintf(in, sizeof in, "%s/in", served.folder);
    struct inbox_job job = job_open(&served, in);
    job_look(&job, 4);
    inbox_job_close(&job);
    assert_true(there(&served, "done/full.csv"));
    assert_int_equal(holidays(&served), 1);
    served_finish(&served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_and_bad_files_find_their_folder),
        cmocka_unit_test(test_partial_gives_the_bad_rows_back),
        cmocka_unit_test(test_preview_writes_nothing),
        cmocka_unit_test(test_names_that_are_no_drops),
        cmocka_unit_test(test_links_pipes_folders_and_giants),
        cmocka_unit_test(test_a_growing_file_waits),
        cmocka_unit_test(test_the_end_waits_for_the_job),
        cmocka_unit_test(test_folders_that_lead_elsewhere),
        cmocka_unit_test(test_more_files_than_are_held),
        cmocka_unit_test(test_a_file_that_vanishes),
        cmocka_unit_test(test_a_file_that_may_not_be_read),
        cmocka_unit_test(test_a_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
