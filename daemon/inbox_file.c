/* daemon/inbox_file: see inbox_file.h. */
#include "daemon/inbox_file.h"

#include "base/date.h"
#include "base/log.h"
#include "daemon/inbox_move.h"
#include "importers/import.h"
#include "scheduler/rules.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    REPORT_CLASHES = 50
};

bool inbox_name_ignored(const char *name)
{
    static const char *const WHOLE[] = {"done", "failed", "Thumbs.db", "desktop.ini"};
    static const char *const STARTS[] = {".", "~$"};
    static const char *const ENDS[] = {".tmp",      ".part",     ".partial", ".crdownload",
                                       ".download", ".filepart", "~",        INBOX_REPORT_END};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof WHOLE / sizeof *WHOLE; i++) {
        if (strcmp(name, WHOLE[i]) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof STARTS / sizeof *STARTS; i++) {
        if (strncmp(name, STARTS[i], strlen(STARTS[i])) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        size_t size = strlen(ENDS[i]);
        if (length >= size && strcasecmp(name + length - size, ENDS[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* What is said about a file, and where it goes. */
struct dealing {
    struct inbox_job *job;
    struct inbox_file *file;
    char shown[NAME_MAX + 1]; /* the name as UTF-8 without control characters */
    struct text report, bad_rows;
    bool is_good;
};

static void dealing_begin(struct dealing *dealing, struct inbox_job *job, struct inbox_file *file)
{
    *dealing = (struct dealing){.job = job, .file = file};
    size_t length = strlen(file->name);
    memcpy(dealing->shown, file->name, length + 1);
    bool is_utf8 = utf8_valid(file->name, length);
    for (char *at = dealing->shown; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        *at = byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !is_utf8) ? '?' : *at;
    }
    text_init(&dealing->report, LIMIT_IMPORT_BYTES);
    text_init(&dealing->bad_rows, LIMIT_IMPORT_BYTES * 2);
}

static enum inbox_outcome dealing_end(struct dealing *dealing, enum inbox_outcome outcome)
{
    text_finish(&dealing->bad_rows);
    text_finish(&dealing->report);
    return outcome;
}

static void report_head(struct dealing *dealing, const char *zh, const char *en)
{
    char at[INSTANT_TEXT_SIZE];
    const struct inbox_job *job = dealing->job;
    instant_format(job->clock.now_s(job->clock.context), at);
    text_addf(&dealing->report, "%s\n%s\n\n文件 (file): %s\n时间 (time, UTC): %s\n处理方式 (policy): %s\n\n",
              zh, en, dealing->shown, at, inbox_policy_name(job->policy));
}

/* Moves the file with its report. A directory stays where it is: it may still be filled. */
static enum inbox_outcome settle(struct dealing *dealing)
{
    const struct inbox_job *job = dealing->job;
    const struct inbox_moving moving = {.from = job->root,
                                        .to = dealing->is_good ? job->done : job->failed,
                                        .folder = dealing->is_good ? "done" : "failed",
                                        .shown = dealing->shown,
                                        .stays = S_ISDIR(dealing->file->mode),
                                        .report = &dealing->report,
                                        .bad_rows = &dealing->bad_rows};
    return dealing_end(dealing, inbox_move(&moving, dealing->file));
}

static enum inbox_outcome refuse(struct dealing *dealing, const char *zh, const char *en)
{
    report_head(dealing, zh, en);
    log_line(LOG_LEVEL_WARN, "inbox %s: %s", dealing->shown, en);
    return settle(dealing);
}

/* Not the file's fault: later, and when it does not end, with a report after all. */
static enum inbox_outcome later(struct dealing *dealing, const char *reason)
{
    log_line(LOG_LEVEL_WARN, "inbox %s: %s; try %u of %d", dealing->shown, reason, dealing->file->tries + 1,
             INBOX_TRIES);
    if (dealing->file->tries + 1 < INBOX_TRIES) {
        return dealing_end(dealing, INBOX_LATER);
    }
    report_head(dealing, "未导入：多次尝试都没有成功，请稍后把文件移回收件夹再试",
                "Not imported: it was tried several times; move the file back later");
    text_addf(&dealing->report, "%s\n", reason);
    return settle(dealing);
}

/* ---- reading ---- */

static bool is_as_seen(const struct stat *about, const struct inbox_file *file)
{
    int64_t changed_ns = (int64_t)about->st_mtim.tv_sec * 1000000000 + about->st_mtim.tv_nsec;
    return about->st_dev == file->device && about->st_ino == file->inode && about->st_size == file->size &&
           changed_ns == file->changed_ns;
}

static enum error_code bytes_read(int fd, size_t size, char **ret_bytes)
{
    char *bytes = malloc(size + 1);
    size_t length = 0;
    if (bytes == NULL) {
        return ERR_MEMORY;
    }
    while (length < size) {
        ssize_t got = read(fd, bytes + length, size - length);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            free(bytes);
            return got == 0 ? ERR_STALE : ERR_IO;
        }
        length += got > 0 ? (size_t)got : 0;
    }
    *ret_bytes = bytes;
    return ERR_NONE;
}

/* ERR_NOT_FOUND: it is gone. ERR_STALE: it changed. ERR_LIMIT: too large. ERR_USAGE: not allowed. ERR_IO,
 * ERR_MEMORY.
 */
static enum error_code file_read(const struct inbox_job *job, const struct inbox_file *file, char **ret_bytes)
{
    struct stat about;
    int fd = openat(job->root, file->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT                     ? ERR_NOT_FOUND
               : errno == ELOOP                    ? ERR_STALE
               : errno == EACCES || errno == EPERM ? ERR_USAGE
                                                   : ERR_IO;
    }
    enum error_code code = fstat(fd, &about) != 0                          ? ERR_IO
                           : !is_as_seen(&about, file)                     ? ERR_STALE
                           : (uintmax_t)about.st_size > LIMIT_IMPORT_BYTES ? ERR_LIMIT
                                                                           : ERR_NONE;
    char *bytes = NULL;
    if (code == ERR_NONE) {
        code = bytes_read(fd, (size_t)file->size, &bytes);
    }
    if (code == ERR_NONE && (fstat(fd, &about) != 0 || !is_as_seen(&about, file))) {
        code = ERR_STALE; /* written to while it was read */
    }
    (void)close(fd);
    if (code != ERR_NONE) {
        free(bytes);
        return code;
    }
    *ret_bytes = bytes;
    return ERR_NONE;
}

/* ---- importing ---- */

static bool is_outside(enum error_code code)
{
    return code == ERR_BUSY || code == ERR_STALE || code == ERR_MEMORY || code == ERR_DATABASE ||
           code == ERR_IO;
}

static void clashes_add(struct text *out, const struct timetable *timetable, const struct clash_list *list)
{
    for (size_t i = 0; timetable != NULL && i < list->count && i < REPORT_CLASHES; i++) {
        text_addf(out, "[%s] ", rule_name(list->items[i].rule));
        clash_sentence(timetable, &list->items[i], true, out);
        text_add(out, "\n  ");
        clash_sentence(timetable, &list->items[i], false, out);
        text_add_char(out, '\n');
    }
}

static void report_write(struct dealing *dealing, const struct import_report *report, enum error_code code,
                         const struct error *err)
{
    bool is_clean = code == ERR_NONE && report->errors.total == 0 && report->rows_bad == 0;
    dealing->is_good = is_clean;
    if (is_clean && !report->is_committed) {
        report_head(dealing, "预览：没有错误，但什么也没有写入", "Preview: no errors; nothing was written");
    } else if (is_clean) {
        report_head(dealing, "已导入", "Imported");
    } else if (report->is_committed) {
        report_head(dealing,
                    "好的行已导入；错误的行没有导入，见旁边的 " INBOX_BAD_END " 文件，改好后放回收件夹",
                    "The good rows were imported, the bad ones were not: they are in the file beside this "
                    "one; mend it and "
                    "drop it again");
    } else {
        report_head(dealing, "未导入：请按下面的说明改正，再把文件放回收件夹",
                    "Not imported: mend what is named below and drop the file again");
    }
    import_report_write(report, IMPORT_BOTH, &dealing->report);
    if (code != ERR_NONE && report->errors.total == 0) {
        text_addf(&dealing->report, "%s\n", err->text);
    }
    if (report->has_result) {
        clashes_add(&dealing->report, report->result.timetable, &report->result.clashes);
        clashes_add(&dealing->report, report->result.timetable, &report->result.reflagged);
    }
    import_report_write_bad_rows(report, &dealing->bad_rows);
    log_line(is_clean ? LOG_LEVEL_INFO : LOG_LEVEL_WARN,
             "inbox %s: %s: %zu created, %zu updated, %zu unchanged, %zu errors", dealing->shown,
             report->is_committed ? (is_clean ? "imported" : "imported in part")
             : is_clean           ? "preview"
                                  : "not imported",
             report->created, report->updated, report->unchanged, report->errors.total);
}

static enum inbox_outcome file_import(struct dealing *dealing, const char *bytes)
{
    const struct inbox_job *job = dealing->job;
    char reason[LIMIT_NOTE_BYTES];
    (void)snprintf(reason, sizeof reason, "导入 %.*s（收件夹）", 200, dealing->shown);
    const struct calendar_options calendar = {.now_s = job->clock.now_s(job->clock.context)};
    const struct import_options options = {.dry_run = job->policy == INBOX_PREVIEW,
                                           .partial = job->policy == INBOX_PARTIAL,
                                           .calendar = &calendar,
                                           .actor = job->actor,
                                           .reason = reason};
    struct store *store = NULL;
    struct error err = {.text = ""};
    if (store_open(job->db_path, STORE_OPEN, job->clock, &store, &err) != ERR_NONE) {
        return later(dealing, err.text);
    }
    struct import_report report;
    import_report_init(&report);
    enum error_code code =
        import_buffer(store, dealing->shown, bytes, (size_t)dealing->file->size, &options, &report, &err);
    bool is_later = is_outside(code) && report.errors.total == 0;
    if (!is_later) {
        report_write(dealing, &report, code, &err);
    }
    import_report_finish(&report);
    store_close(store);
    return is_later ? later(dealing, err.text) : settle(dealing);
}

enum inbox_outcome inbox_file_take(struct inbox_job *job, struct inbox_file *file)
{
    struct dealing dealing;
    char *bytes = NULL;
    dealing_begin(&dealing, job, file);
    if (S_ISDIR(file->mode)) {
        return refuse(&dealing, "未导入：这是文件夹，请把里面的文件直接放进收件夹",
                      "Not imported: a folder; drop the files in it instead");
    }
    if (!S_ISREG(file->mode)) {
        return refuse(
            &dealing, "未导入：这不是普通文件（是链接、管道或设备），请放文件本身",
            "Not imported: not a regular file but a link, a pipe or a device; drop the file itself");
    }
    enum error_code code = file_read(job, file, &bytes);
    switch (code) {
    case ERR_NONE:
        break;
    case ERR_NOT_FOUND:
    case ERR_STALE:
        return dealing_end(&dealing, INBOX_VANISHED);
    case ERR_LIMIT:
        return refuse(&dealing, "未导入：文件超过 64 MB，请拆成几个文件",
                      "Not imported: more than 64 MB; split the file");
    case ERR_USAGE:
        return refuse(&dealing, "未导入：没有读取这个文件的权限",
                      "Not imported: no permission to read the file");
    default:
        return later(&dealing, "the file cannot be read");
    }
    enum inbox_outcome outcome = file_import(&dealing, bytes);
    free(bytes);
    return outcome;
}
