#include "base/log.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char captured[16384];

/* stderr goes to a memory file from start to stop. */
static int capture_start(int *ret_saved)
{
    int file = memfd_create("log", 0);
    assert_true(file >= 0);
    *ret_saved = dup(STDERR_FILENO);
    assert_true(*ret_saved >= 0);
    assert_int_equal(dup2(file, STDERR_FILENO), STDERR_FILENO);
    return file;
}

static void capture_stop(int file, int saved)
{
    assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
    (void)close(saved);
    ssize_t length = pread(file, captured, sizeof captured - 1, 0);
    assert_true(length >= 0);
    captured[length] = '\0';
    (void)close(file);
}

static void a_line_has_time_level_and_text(void **state)
{
    (void)state;
    int saved = -1;
    int file = capture_start(&saved);
    log_line(LOG_LEVEL_WARN, "端口 %d", 8080);
    capture_stop(file, saved);
    assert_string_equal(captured, "2026-11-23T08:30:00Z warning: 端口 8080\n");
}

static void level_filters(void **state)
{
    (void)state;
    int saved = -1;
    int file = capture_start(&saved);
    log_line(LOG_LEVEL_DEBUG, "hidden");
    log_set_level(LOG_LEVEL_ERROR);
    log_line(LOG_LEVEL_WARN, "hidden");
    log_line(LOG_LEVEL_ERROR, "shown");
    log_set_level(LOG_LEVEL_DEBUG);
    log_line(LOG_LEVEL_DEBUG, "shown");
    log_set_level(LOG_LEVEL_INFO);
    capture_stop(file, saved);
    assert_null(strstr(captured, "hidden"));
    assert_non_null(strstr(captured, "error: shown\n"));
    assert_non_null(strstr(captured, "debug: shown\n"));
}

static void a_line_cannot_be_forged(void **state)
{
    (void)state;
    int saved = -1;
    int file = capture_start(&saved);
    log_line(LOG_LEVEL_INFO, "%s", "GET /\r\n2026 error: fake\x1b[0m\x7f\xff\xc2\x85村");
    capture_stop(file, saved);
    char *end = strchr(captured, '\n');
    assert_non_null(end);
    assert_int_equal(end[1], '\0');
    assert_non_null(strstr(captured, "GET /\\x0d\\x0a2026 error: fake\\x1b[0m\\x7f\\xff\\xc2\\x85村"));
}

static void a_long_line_is_cut(void **state)
{
    (void)state;
    char *text = malloc(30001);
    assert_non_null(text);
    for (size_t i = 0; i < 30000; i += 3) {
        memcpy(text + i, "村", 3);
    }
    text[30000] = '\0';
    int saved = -1;
    int file = capture_start(&saved);
    log_line(LOG_LEVEL_INFO, "%s", text);
    log_line(LOG_LEVEL_INFO, "%.*s", 30000, (char[]){"\x01"});
    memset(text, 1, 30000);
    log_line(LOG_LEVEL_INFO, "%s", text);
    capture_stop(file, saved);
    free(text);
    int lines = 0;
    for (char *at = captured; *at != '\0'; lines++) {
        char *end = strchr(at, '\n');
        assert_non_null(end);
        assert_true(end - at < 4096);
        assert_true(utf8_valid(at, (size_t)(end - at)));
        at = end + 1;
    }
    assert_int_equal(lines, 3);
}

static void the_journal_gets_priorities(void **state)
{
    (void)state;
    int saved = -1;
    int file = capture_start(&saved);
    struct stat status;
    assert_int_equal(fstat(file, &status), 0);
    char stream[64];
    (void)snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)status.st_dev,
                   (unsigned long long)status.st_ino);
    assert_int_equal(setenv("JOURNAL_STREAM", stream, 1), 0);
    log_line(LOG_LEVEL_ERROR, "a");
    log_line(LOG_LEVEL_WARN, "b");
    log_line(LOG_LEVEL_INFO, "c");
    assert_int_equal(setenv("JOURNAL_STREAM", "1:1", 1), 0);
    log_line(LOG_LEVEL_INFO, "d");
    assert_int_equal(unsetenv("JOURNAL_STREAM"), 0);
    capture_stop(file, saved);
    assert_string_equal(captured, "<3>a\n<4>b\n<6>c\n2026-11-23T08:30:00Z info: d\n");
}

static int freeze(void **state)
{
    (void)state;
    return setenv("LITANG_NOW", "2026-11-23T08:30:00Z", 1) | unsetenv("JOURNAL_STREAM");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_time_level_and_text), cmocka_unit_test(level_filters),
        cmocka_unit_test(a_line_cannot_be_forged),        cmocka_unit_test(a_long_line_is_cut),
        cmocka_unit_test(the_journal_gets_priorities),
    };
    return cmocka_run_group_tests(tests, freeze, NULL);
}
