#include "importers/import.h"

#include "base/limits.h"
#include "base/zone.h"
#include "importers/ledger.h"
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

/* What is no row of a table is a session. */
static void count_sessions(struct import_report *report)
{
    const struct commit_result *result = &report->result;
    size_t created = result->created;
    size_t updated = result->updated;
    size_t unchanged = result->unchanged;
    for (int i = 0; i < TABLE_COUNT; i++) {
        created -= result->created_by_table[i];
        updated -= result->updated_by_table[i];
        unchanged -= result->unchanged_by_table[i];
    }
    report->created += created;
    report->updated += updated + ledger_untouched(report, true);
    report->unchanged += unchanged + ledger_untouched(report, false);
}

static void count_result(struct import_report *report)
{
    bool is_counted[TABLE_COUNT + 1] = {false};
    for (size_t i = 0; i < report->sheet_count; i++) {
        enum store_table table = import_kind_table(report->sheets[i].kind);
        if (table == TABLE_COUNT && !is_counted[table]) {
            count_sessions(report);
        } else if (!is_counted[table]) {
            report->created += report->result.created_by_table[table];
            report->updated += report->result.updated_by_table[table];
            report->unchanged += report->result.unchanged_by_table[table];
        }
        is_counted[table] = true;
    }
    report->unchanged += report->rows_unedited;
}

enum {
    /* Rows that the rules refuse are taken out and the rest is tried again; one that goes makes no other
     * clash. */
    COMMIT_ROUNDS = 4
};

static void result_forget(struct import_report *report)
{
    if (report->has_result) {
        commit_result_finish(&report->result);
        report->has_result = false;
    }
}

/* Facts of the past may break what a plan must keep; each such rule is recorded with its session. */
static enum error_code past_allow(struct change_set *set, const struct import_report *report,
                                  struct error *err)
{
    uint64_t rules = 0;
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        rules |= rule_overridable((enum rule_code)rule) ? RULE_BIT(rule) : 0;
    }
    change_set_override_until(set, report->today);
    return change_set_override(set, rules, "台账：已发生的事实 (ledger: a fact of the past)", err);
}

/* The set and the ledger's rows through the gate, once more without the rows that the rules refuse. */
static enum error_code commit_rounds(struct store *store, const struct timetable *base,
                                     struct change_set *set, struct import_report *report, bool dry_run,
                                     struct error *err)
{
    struct change_mark mark = change_set_mark(set);
    enum error_code code = report->ledger == NULL ? ERR_NONE : past_allow(set, report, err);
    for (int round = 0; round < COMMIT_ROUNDS && code == ERR_NONE; round++) {
        size_t turned = 0;
        code = ledger_put(report, base, set, err);
        if (code != ERR_NONE) {
            return code;
        }
        report->has_result = true;
        code = store_commit(store, set, dry_run, &report->result, err);
        if (code != ERR_CLASH) {
            return code;
        }
        if (ledger_judge(report, &report->result, false, &turned) != ERR_NONE) {
            return out_of_memory(err);
        }
        if (turned == 0 || !report->partial || report->rows_good == 0) {
            return turned == 0 ? ERR_CLASH : take_in_refuse(report, err);
        }
        result_forget(report);
        change_set_rewind(set, mark);
        code = ERR_NONE;
    }
    return code == ERR_NONE ? error_set(err, ERR_CLASH, "冲突过多 (too many clashes)") : code;
}

static enum error_code commit(struct store *store, const struct timetable *base, struct change_set *set,
                              struct import_report *report, struct error *err)
{
    struct error inner = {.text = ""};
    size_t errors = report->errors.total;
    enum error_code code = commit_rounds(store, base, set, report, report->dry_run, &inner);
    if (report->errors.total > errors) {
        import_report_sort(report);
    }
    if (code == ERR_INPUT && report->errors.total == errors) {
        /* The snapshot said the rows are good; the database knows better. */
        return take_in_fail(report, ERR_INPUT, CODE_REFUSED, NULL, 0, inner.text, err);
    }
    if (code == ERR_INPUT) {
        return take_in_refuse(report, err);
    }
    if (code != ERR_NONE) {
        return error_set(err, code, "%s: %s", report->file, inner.text);
    }
    size_t turned = 0;
    if (ledger_judge(report, &report->result, true, &turned) != ERR_NONE) {
        return out_of_memory(err);
    }
    import_report_sort(report);
    count_result(report);
    report->is_committed = !report->dry_run;
    return ERR_NONE;
}

/* Nothing is written since cells are wrong; what the rules say to the other rows is told all the same. */
static void try_rows(struct store *store, const struct timetable *base, struct change_set *set,
                     struct import_report *report)
{
    struct error ignored = {.text = ""};
    if (report->ledger != NULL && report->rows_good > 0) {
        (void)commit_rounds(store, base, set, report, true, &ignored);
        result_forget(report);
        import_report_sort(report);
    }
}

/* What follows from the rows: nothing, a preview or a commit. */
static enum error_code conclude(struct store *store, const struct timetable *base, struct change_set *set,
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
        enum error_code code = commit(store, base, set, report, err);
        if (code != ERR_NONE) {
            return code;
        }
    } else {
        try_rows(store, base, set, report);
    }
    return may_write ? ERR_NONE : take_in_refuse(report, err);
}

static int32_t today_here(struct store *store, const struct timetable *base)
{
    struct zone zone;
    int32_t today = 0;
    if (zone_load(base->tzid, &zone, NULL) != ERR_NONE) {
        (void)zone_load("Asia/Shanghai", &zone, NULL);
    }
    zone_local_from_utc(&zone, store_now_s(store), &today, NULL, NULL);
    return today;
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
        report->today = today_here(store, base);
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
        code = conclude(store, base, set, report, err);
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
    report->progress = options->progress;
    report->progress_context = options->progress_context;
    report->create_missing = options->create_missing;
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
