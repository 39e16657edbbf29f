#include "base/log.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MESSAGE_SIZE = 3072,
    LINE_SIZE = 4096 /* PIPE_BUF on Linux: a write of this size to a pipe is not torn */
};

static _Atomic int log_threshold = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&log_threshold, (int)level);
}

/* stderr is the journal when $JOURNAL_STREAM names its device and inode, systemd.exec(5). */
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat status;
    if (stream == NULL || fstat(STDERR_FILENO, &status) != 0) {
        return false;
    }
    char wanted[64];
    (void)snprintf(wanted, sizeof wanted, "%llu:%llu", (unsigned long long)status.st_dev,
                   (unsigned long long)status.st_ino);
    return strcmp(stream, wanted) == 0;
}

static size_t prefix_write(char *ret_line, size_t size, enum log_level level)
{
    static const char *const NAMES[] = {"error", "warning", "info", "debug"};
    static const int PRIORITIES[] = {3, 4, 6, 7}; /* sd-daemon(3) */
    size_t at = level <= LOG_LEVEL_DEBUG ? (size_t)level : LOG_LEVEL_DEBUG;
    int length = 0;
    if (stderr_is_journal()) {
        length = snprintf(ret_line, size, "<%d>", PRIORITIES[at]);
    } else {
        struct clock_source clock = clock_system();
        char now[INSTANT_TEXT_SIZE];
        instant_format(clock.now_s(clock.context), now);
        length = snprintf(ret_line, size, "%s %s: ", now, NAMES[at]);
    }
    return length < 0 ? 0 : (size_t)length;
}

/* Copies as much as fits before `size`; controls and ill-formed bytes become \xNN. */
static size_t escaped_write(char *ret_line, size_t size, const char *message)
{
    size_t length = strlen(message);
    size_t used = 0;
    size_t at = 0;
    while (at < length) {
        uint32_t code = 0;
        size_t step = utf8_next(message + at, length - at, &code);
        bool raw = step > 0 && code >= 0x20 && (code < 0x7f || code > 0x9f);
        step = step == 0 ? 1 : step;
        size_t need = raw ? step : 4 * step;
        if (size - used < need + 1) {
            break;
        }
        for (size_t i = 0; i < step; i++) {
            if (raw) {
                ret_line[used++] = message[at + i];
            } else {
                used += (size_t)snprintf(ret_line + used, size - used, "\\x%02x",
                                         (unsigned)(unsigned char)message[at + i]);
            }
        }
        at += step;
    }
    return used;
}

static void line_write(const char *line, size_t length)
{
    ssize_t written = -1;
    do {
        written = write(STDERR_FILENO, line, length);
    } while (written < 0 && errno == EINTR);
    /* A log that cannot be written has nobody left to tell. */
}

void log_line(enum log_level level, const char *format, ...)
{
    if ((int)level > atomic_load(&log_threshold)) {
        return;
    }
    int saved = errno;
    char message[MESSAGE_SIZE + 4];
    va_list args;
    va_start(args, format);
    int formatted = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (formatted >= 0) {
        message[utf8_cut(message, strlen(message), MESSAGE_SIZE)] = '\0';
        char line[LINE_SIZE];
        size_t used = prefix_write(line, sizeof line - 1, level);
        used += escaped_write(line + used, sizeof line - 1 - used, message);
        line[used++] = '\n';
        line_write(line, used);
    }
    errno = saved;
}
