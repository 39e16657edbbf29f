#include "importers/import.h"

#include "base/limits.h"
#include "importers/origin.h"
#include "importers/take_in.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum error_code out_of_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

static void count_result(struct import_report *report)
{
    bool is_counted[TABLE_COUNT] = {false};
    for (size_t i = 0; i < report->sheet_count; i++) {
        enum store_table table = import_kind_table(report->sheets[i].kind);
        if (!is_counted[table]) {
            report->created += report->result.created_by_table[table];
            report->updated += report->result.updated_by_table[table];
            report->unchanged += report->result.unchanged_by_table[table];
        }
        is_counted[table] = true;
    }
    report->unchanged += report->rows_unedited;
}

static enum error_code commit(struct store *store, const struct change_set *set, struct import_report *report,
                              struct error *err)
{
    struct error inner = {.text = ""};
    report->has_result = true;
    enum error_code code = store_commit(store, set, report->dry_run, &report->result, &inner);
    if (code == ERR_INPUT) {
        /* The snapshot said the rows are good; the database knows better. */
        return take_in_fail(report, ERR_INPUT, CODE_REFUSED, NULL, 0, inner.text, err);
    }
    if (code != ERR_NONE) {
        return error_set(err, code, "%s: %s", report->file, inner.text);
    }
    count_result(report);
    report->is_committed = !report->dry_run;
    return ERR_NONE;
}

/* What follows from the rows: nothing, a preview or a commit. */
static enum error_code conclude(struct store *store, const struct change_set *set,
                                struct import_report *report, struct error *err)
{
    bool is_wrong = report->errors.total > 0;
    if (report->rows_read == 0 && !is_wrong && report->rows_examples > 0) {
        struct import_finding finding = {.code = CODE_EXAMPLE,
                                         .zh = "表中只有示例行，没有数据，什么也没有导入",
                                         .en =
                                             "the file holds example rows only; there was nothing to import"};
        return import_report_add(report, true, &finding) ? ERR_NONE : out_of_memory(err);
    }
    if (report->rows_read == 0 && !is_wrong && !report->has_drops) {
        return take_in_fail(report, ERR_INPUT, CODE_EMPTY, report->sheets[0].sheet->name, report->header_row,
                            "表头下面没有数据 (no rows below the header)", err);
    }
    bool may_write = !is_wrong || (report->partial && report->rows_good > 0);
    if (may_write || (report->dry_run && report->rows_good > 0)) {
        enum error_code code = commit(store, set, report, err);
        if (code != ERR_NONE) {
            return code;
        }
    }
    return may_write ? ERR_NONE : take_in_refuse(report, err);
}

static enum error_code run(struct store *store, const struct import_options *options,
                           const struct header *headers, struct import_report *report, struct error *err)
{
    char reason[LIMIT_NOTE_BYTES];
    char source[LIMIT_NOTE_BYTES];
    (void)snprintf(reason, sizeof reason, "导入 %.200s", report->file);
    (void)snprintf(source, sizeof source, "import %.200s", report->file);
    struct timetable *base = NULL;
    struct change_set *set = NULL;
    enum error_code code = store_snapshot(store, &base, err);
    if (code == ERR_NONE) {
        code = change_set_create(options->actor, options->reason != NULL ? options->reason : reason, source,
                                 &set, err);
    }
    struct origin *origin = NULL;
    if (code == ERR_NONE) {
        origin = origin_create(store, base->revision);
        code = origin == NULL ? out_of_memory(err) : ERR_NONE;
    }
    if (code == ERR_NONE) {
        code = take_in_edited_rows(headers, base, origin, set, report, err);
    }
    if (code == ERR_NONE && report->book->format == FORMAT_ICS) {
        code = calendar_settle(options->calendar, base, set, report, err);
    }
    if (code == ERR_NONE && origin_was_used(origin)) {
        change_set_expect_revision(set, base->revision);
    }
    origin_destroy(origin);
    if (code == ERR_NONE) {
        code = conclude(store, set, report, err);
    }
    change_set_destroy(set);
    timetable_unref(base);
    return code;
}

static enum error_code begin(const char *name, const struct import_options *options,
                             struct import_report *report, struct error *err)
{
    const char *slash = strrchr(name, '/');
    const char *file = arena_copy_text(&report->arena, slash == NULL ? name : slash + 1);
    if (file == NULL) {
        return out_of_memory(err);
    }
    report->file = file;
    report->dry_run = options->dry_run;
    report->partial = options->partial;
    report->year = options->year;
    if (options->actor == NULL || *options->actor == '\0') {
        return error_set(err, ERR_USAGE, "导入要写明操作人 (an import names its actor)");
    }
    return ERR_NONE;
}

static enum error_code too_large(struct import_report *report, struct error *err)
{
    return take_in_fail(report, ERR_LIMIT, CODE_LIMIT, NULL, 0,
                        "文件超过 64 MB；请拆成几个文件 (more than 64 MB; split the file)", err);
}

enum error_code import_buffer(struct store *store, const char *name, const char *bytes, size_t length,
                              const struct import_options *options, struct import_report *report,
                              struct error *err)
{
    enum error_code code = report->file[0] == '\0' ? begin(name, options, report, err) : ERR_NONE;
    if (code == ERR_NONE && length > LIMIT_IMPORT_BYTES) {
        code = too_large(report, err);
    }
    struct header *headers = NULL;
    if (code == ERR_NONE && calendar_looks(bytes, length)) {
        code =
            calendar_take_in(store, bytes, length, options->calendar, options->kind, report, &headers, err);
    } else if (code == ERR_NONE) {
        code = take_in_book(bytes, length, options->kind, report, &headers, err);
    }
    if (code == ERR_NONE) {
        code = run(store, options, headers, report, err);
    }
    free(headers);
    return code;
}

static enum error_code read_all(int fd, size_t size, char **ret_bytes, size_t *ret_length)
{
    char *bytes = malloc(size + 1);
    size_t length = 0;
    if (bytes == NULL) {
        return ERR_MEMORY;
    }
    while (length < size) {
        ssize_t got = read(fd, bytes + length, size - length);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            free(bytes);
            return ERR_IO;
        }
        if (got == 0) {
            break;
        }
        length += (size_t)got;
    }
    *ret_bytes = bytes;
    *ret_length = length;
    return ERR_NONE;
}

enum error_code import_file(struct store *store, const char *path, const struct import_options *options,
                            struct import_report *report, struct error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    struct stat about;
    enum error_code code = begin(path, options, report, err);
    if (code != ERR_NONE) {
        return code;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        bool is_absent = errno == ENOENT;
        return error_set(err, is_absent ? ERR_NOT_FOUND : ERR_IO, "%s: %s", path,
                         is_absent ? "没有这个文件 (no such file)" : "无法读取 (cannot be read)");
    }
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        code = error_set(err, ERR_IO, "%s: 不是普通文件 (not a regular file)", path);
    } else if ((uintmax_t)about.st_size > LIMIT_IMPORT_BYTES) {
        code = too_large(report, err);
    } else {
        code = read_all(fd, (size_t)about.st_size, &bytes, &length);
        if (code != ERR_NONE) {
            (void)error_set(err, code, "%s: %s (%s)", path, error_sentence_zh(code), error_sentence_en(code));
        }
    }
    (void)close(fd);
    if (code == ERR_NONE) {
        code = import_buffer(store, path, bytes, length, options, report, err);
    }
    free(bytes);
    return code;
}
