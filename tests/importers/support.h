/* What the tests of importers/ share: a database of its own in a temporary folder, and imports into it. */
#ifndef LITANG_TESTS_IMPORTERS_SUPPORT_H
#define LITANG_TESTS_IMPORTERS_SUPPORT_H

#include "importers/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    char folder[64];
    char path[96];
    struct store *store;
};

static inline int fixture_open(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    (void)snprintf(fixture->folder, sizeof fixture->folder, "/tmp/litang-import-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    (void)snprintf(fixture->path, sizeof fixture->path, "%s/test.db", fixture->folder);
    struct error err = {.text = ""};
    if (store_open(fixture->path, STORE_CREATE, clock_system(), &fixture->store, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    *state = fixture;
    return 0;
}

static inline int fixture_close(void **state)
{
    static const char *const ENDS[] = {"", "-wal", "-shm"};
    struct fixture *fixture = *state;
    store_close(fixture->store);
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s%s", fixture->path, ENDS[i]);
        (void)unlink(path);
    }
    (void)rmdir(fixture->folder);
    free(fixture);
    return 0;
}

static inline const char *data_path(const char *name)
{
    static char path[512];
    (void)snprintf(path, sizeof path, "%s/data/%s", TEST_SOURCE_DIR, name);
    return path;
}

static inline void report_print(const struct import_report *report)
{
    struct text text;
    text_init(&text, 1 << 20);
    import_report_write(report, IMPORT_BOTH, &text);
    print_message("%s", text_string(&text));
    text_finish(&text);
}

/* Imports bytes; the report is init'ed here and finished by the caller. */
static inline enum error_code import_text(struct fixture *fixture, const char *name, const char *bytes,
                                          size_t length, struct import_options options,
                                          struct import_report *report)
{
    struct error err = {.text = ""};
    options.actor = "test";
    import_report_init(report);
    return import_buffer(fixture->store, name, bytes, length, &options, report, &err);
}

/* Imports a file of data/ that must be good. */
static inline void import_good(struct fixture *fixture, const char *name, struct import_report *report)
{
    struct error err = {.text = ""};
    struct import_options options = {.actor = "test"};
    import_report_init(report);
    enum error_code code = import_file(fixture->store, data_path(name), &options, report, &err);
    if (code != ERR_NONE || report->errors.total > 0) {
        report_print(report);
        fail_msg("%s: %s", name, err.text);
    }
}

static const char *const GOOD_FILES[] = {"areas.csv",       "holidays.csv",  "courses.csv",  "halls.csv",
                                         "instructors.csv", "requests.csv",  "closures.csv", "absences.csv",
                                         "sessions.csv",    "attendance.csv"};
enum {
    GOOD_FILE_COUNT = sizeof GOOD_FILES / sizeof *GOOD_FILES
};

static inline void import_all_good(struct fixture *fixture)
{
    for (size_t i = 0; i < GOOD_FILE_COUNT; i++) {
        struct import_report report;
        import_good(fixture, GOOD_FILES[i], &report);
        import_report_finish(&report);
    }
}

static inline struct timetable *fixture_snapshot(struct fixture *fixture)
{
    struct timetable *timetable = NULL;
    struct error err = {.text = ""};
    if (store_snapshot(fixture->store, &timetable, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    return timetable;
}

static inline int64_t fixture_revision(struct fixture *fixture)
{
    int64_t revision = -1;
    assert_int_equal(store_revision(fixture->store, &revision, NULL), ERR_NONE);
    return revision;
}

#endif
