/* daemon/inbox_move: see inbox_move.h. */
#include "daemon/inbox_move.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    NUMBERS = 10000,
    /* Room for " (9999)" and ".report.txt". */
    STEM_BYTES = NAME_MAX - 24
};

/* The n-th name for a file; its extension stays. */
static void numbered(const char *name, int number, char ret_name[NAME_MAX + 1])
{
    const char *dot = strrchr(name, '.');
    const char *end = dot == NULL || dot == name || strlen(dot) > 16 ? "" : dot;
    size_t stem = strlen(name) - strlen(end);
    size_t room = STEM_BYTES - strlen(end);
    stem = stem <= room ? stem : utf8_cut(name, stem, room);
    stem = stem > 0 ? stem : room; /* bytes that are no UTF-8 */
    if (number == 1) {
        (void)snprintf(ret_name, NAME_MAX + 1, "%.*s%s", (int)stem, name, end);
    } else {
        (void)snprintf(ret_name, NAME_MAX + 1, "%.*s (%d)%s", (int)stem, name, number, end);
    }
}

static void beside(const char *name, const char *end, char ret_name[NAME_MAX + 1])
{
    (void)snprintf(ret_name, NAME_MAX + 1, "%.*s%s", NAME_MAX - 16, name, end);
}

static bool is_there(int folder, const char *name)
{
    struct stat about;
    return fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Without replacing; for file systems that cannot promise that, after a look. 0, or an errno. */
static int rename_new(const struct inbox_moving *moving, const char *from, const char *to)
{
    if (renameat2(moving->from, from, moving->to, to, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return errno;
    }
    if (is_there(moving->to, to)) {
        return EEXIST;
    }
    return renameat(moving->from, from, moving->to, to) == 0 ? 0 : errno;
}

static bool all_written(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        bytes += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

/* Closes `fd`; what could not be written whole is taken away again. */
static void finish(const struct inbox_moving *moving, int fd, const char *name, const char *bytes,
                   size_t length)
{
    bool is_written = fd >= 0 && all_written(fd, bytes, length);
    is_written = fd >= 0 && close(fd) == 0 && is_written;
    if (!is_written) {
        log_line(LOG_LEVEL_ERROR, "inbox %s: %s/%s cannot be written: %s", moving->shown, moving->folder,
                 name, strerror(errno));
        if (fd >= 0) {
            (void)unlinkat(moving->to, name, 0);
        }
    }
}

/* For Windows: a mark and CRLF. */
static void report_write(const struct inbox_moving *moving, int fd, const char *name)
{
    struct text lines;
    text_init(&lines, LIMIT_IMPORT_BYTES * 2);
    text_add(&lines, "\xEF\xBB\xBF");
    for (const char *at = text_string(moving->report); *at != '\0';) {
        size_t length = strcspn(at, "\n");
        text_add_bytes(&lines, at, length);
        at += length;
        text_add(&lines, *at == '\n' ? "\r\n" : "");
        at += *at == '\n' ? 1 : 0;
    }
    finish(moving, fd, name, text_string(&lines), lines.length);
    text_finish(&lines);
}

static int create(int folder, const char *name)
{
    return openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0660);
}

/* Is the name still the file that was read? Another one in its place has its own turn. */
static bool is_same_file(const struct inbox_moving *moving, const struct inbox_file *file)
{
    struct stat about;
    return fstatat(moving->from, file->name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
           about.st_dev == file->device && about.st_ino == file->inode && about.st_size == file->size;
}

static void papers_write(const struct inbox_moving *moving, int report, const char *report_name,
                         const char *bad_name)
{
    report_write(moving, report, report_name);
    if (moving->bad_rows->length > 0) {
        finish(moving, create(moving->to, bad_name), bad_name, text_string(moving->bad_rows),
               moving->bad_rows->length);
    }
}

static enum inbox_outcome stuck(const struct inbox_moving *moving, int failed)
{
    log_line(LOG_LEVEL_ERROR, "inbox %s: cannot be moved to %s/: %s; it is left alone until it changes",
             moving->shown, moving->folder, strerror(failed));
    return INBOX_STUCK;
}

enum inbox_outcome inbox_move(const struct inbox_moving *moving, const struct inbox_file *file)
{
    char name[NAME_MAX + 1];
    char report_name[NAME_MAX + 1];
    char bad_name[NAME_MAX + 1];
    for (int number = 1; number < NUMBERS; number++) {
        numbered(file->name, number, name);
        beside(name, INBOX_REPORT_END, report_name);
        beside(name, INBOX_BAD_END, bad_name);
        if (is_there(moving->to, name) || is_there(moving->to, bad_name)) {
            continue;
        }
        int report = create(moving->to, report_name);
        if (report < 0 && errno == EEXIST) {
            continue;
        }
        bool is_same = is_same_file(moving, file);
        int failed = moving->stays || !is_same ? 0 : rename_new(moving, file->name, name);
        if (failed == EEXIST) {
            (void)close(report);
            (void)unlinkat(moving->to, report_name, 0);
            continue;
        }
        papers_write(moving, report, report_name, bad_name);
        if (failed != 0) {
            return failed == ENOENT ? INBOX_VANISHED : stuck(moving, failed);
        }
        return moving->stays ? INBOX_STUCK : is_same ? INBOX_MOVED : INBOX_VANISHED;
    }
    return stuck(moving, EEXIST);
}
