#include "importers/import.h"

#include "base/limits.h"
#include "importers/csv.h"
#include "importers/encoding.h"
#include "importers/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static enum error_code out_of_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

/* Trouble with the whole file, said once in the report and once in err. Sentences are "中文 (English)". */
static enum error_code file_error(struct import_report *report, enum error_code code, enum import_code about,
                                  uint32_t row, const char *sentence, struct error *err)
{
    char zh[ERROR_TEXT_MAX];
    char en[ERROR_TEXT_MAX];
    (void)snprintf(zh, sizeof zh, "%s", sentence);
    (void)snprintf(en, sizeof en, "%s", sentence);
    size_t length = strlen(zh);
    char *open = strstr(zh, " (");
    if (open != NULL && zh[length - 1] == ')') {
        (void)snprintf(en, sizeof en, "%.*s", (int)(zh + length - 1 - (open + 2)), open + 2);
        *open = '\0';
    }
    struct import_finding finding = {.code = about, .row = row, .zh = zh, .en = en};
    if (!import_report_add(report, false, &finding)) {
        return out_of_memory(err);
    }
    return error_set(err, code, "%s: %s", report->file, sentence);
}

/* Files that are no text but often bear the name of one. */
static const char *foreign_format(const char *bytes, size_t length)
{
    static const struct {
        const char *magic;
        size_t size;
        const char *sentence;
    } FORMATS[] = {
        {"PK\x03\x04", 4,
         "这是 Excel 工作簿（xlsx），不是 CSV；请另存为“CSV UTF-8” (an Excel workbook, not CSV; save it as "
         "CSV UTF-8)"},
        {"\xD0\xCF\x11\xE0", 4,
         "这是旧版 Excel 工作簿（xls），不是 CSV；请另存为“CSV UTF-8” (an old Excel workbook, not CSV; save "
         "it as CSV UTF-8)"},
        {"<html", 5,
         "文件内容是网页（HTML），不是表格；请在表格软件中打开后另存为“CSV UTF-8” (a web page, not CSV; open "
         "it in a spreadsheet and save it as CSV UTF-8)"},
        {"<!doctype", 9,
         "文件内容是网页（HTML），不是表格；请在表格软件中打开后另存为“CSV UTF-8” (a web page, not CSV; open "
         "it in a spreadsheet and save it as CSV UTF-8)"},
        {"<?xml", 5, "文件内容是 XML，不是 CSV；请另存为“CSV UTF-8” (XML, not CSV; save it as CSV UTF-8)"},
        {"BEGIN:VCALENDAR", 15, "这是日历文件（ics），不是 CSV (a calendar file, not CSV)"},
        {"%PDF", 4, "这是 PDF 文件，不是 CSV (a PDF file, not CSV)"}};
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++) {
        if (length >= FORMATS[i].size && strncasecmp(bytes, FORMATS[i].magic, FORMATS[i].size) == 0) {
            return FORMATS[i].sentence;
        }
    }
    return NULL;
}

static enum import_code code_of(enum error_code code, enum import_code syntax)
{
    return code == ERR_LIMIT ? CODE_LIMIT : syntax;
}

/* Bytes to a sheet in the report. */
static enum error_code read_sheet(const char *bytes, size_t length, struct import_report *report,
                                  struct error *err)
{
    uint32_t row = 0;
    struct error inner = {.text = ""};
    struct decoded decoded = {.text = NULL};
    const char *foreign = foreign_format(bytes, length);
    if (foreign != NULL) {
        return file_error(report, ERR_INPUT, CODE_FORMAT, 0, foreign, err);
    }
    enum error_code code = encoding_decode(bytes, length, &decoded, &row, &inner);
    if (code != ERR_NONE) {
        return code == ERR_SYNTAX ? file_error(report, ERR_INPUT, CODE_ENCODING, row, inner.text, err)
                                  : error_set(err, code, "%s", inner.text);
    }
    report->encoding = decoded.encoding;
    report->delimiter = csv_delimiter(decoded.text, decoded.length);
    struct sheet *sheet = malloc(sizeof *sheet);
    if (sheet == NULL || sheet_init(sheet, NULL, NULL) != ERR_NONE) {
        free(sheet);
        free(decoded.text);
        return out_of_memory(err);
    }
    report->sheet = sheet;
    code = csv_read(decoded.text, decoded.length, report->delimiter, sheet, &row, &inner);
    free(decoded.text);
    if (code == ERR_SYNTAX || code == ERR_LIMIT) {
        return file_error(report, code == ERR_LIMIT ? code : ERR_INPUT, code_of(code, CODE_QUOTE), row,
                          inner.text, err);
    }
    if (code == ERR_NONE && decoded.guess[0] != '\0') {
        struct import_finding finding = {
            .code = CODE_ASSUMED,
            .zh = "按 GB18030 读取，但也可能是别的编码（如繁体 BIG5）；请在预览中核对文字",
            .en = "read as GB18030, but it may be another encoding such as BIG5; check the preview",
            .text = decoded.guess};
        return import_report_add(report, true, &finding) ? ERR_NONE : out_of_memory(err);
    }
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "%s", inner.text);
}

static enum error_code first_error(const struct import_report *report, struct error *err)
{
    const struct import_finding *first = report->errors.count > 0 ? &report->errors.items[0] : NULL;
    return error_set(err, ERR_INPUT, "%s:%u: %s (%s)；共 %zu 处错误，未导入 (%zu errors, nothing imported)",
                     report->file, first == NULL ? 0 : first->row, first == NULL ? "" : first->zh,
                     first == NULL ? "" : first->en, report->errors.total, report->errors.total);
}

static void count_result(struct import_report *report)
{
    enum store_table table = import_kind_table(report->kind);
    report->created = report->result.created_by_table[table];
    report->updated = report->result.updated_by_table[table];
    report->unchanged = report->result.unchanged_by_table[table];
}

static enum error_code commit(struct store *store, const struct change_set *set, struct import_report *report,
                              struct error *err)
{
    struct error inner = {.text = ""};
    report->has_result = true;
    enum error_code code = store_commit(store, set, report->dry_run, &report->result, &inner);
    if (code == ERR_INPUT) {
        /* The snapshot said the rows are good; the database knows better. */
        return file_error(report, ERR_INPUT, CODE_REFUSED, 0, inner.text, err);
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
    if (report->rows_read == 0 && !is_wrong) {
        return file_error(report, ERR_INPUT, CODE_EMPTY, report->header_row,
                          "表头下面没有数据 (no rows below the header)", err);
    }
    bool may_write = !is_wrong || (report->partial && report->rows_good > 0);
    if (may_write || (report->dry_run && report->rows_good > 0)) {
        enum error_code code = commit(store, set, report, err);
        if (code != ERR_NONE) {
            return code;
        }
    }
    return may_write ? ERR_NONE : first_error(report, err);
}

static enum error_code run(struct store *store, const struct import_options *options,
                           const struct header *header, struct import_report *report, struct error *err)
{
    char reason[LIMIT_NOTE_BYTES];
    char source[LIMIT_NOTE_BYTES];
    (void)snprintf(reason, sizeof reason, "导入 %.200s", report->file);
    (void)snprintf(source, sizeof source, "import %.200s", report->file);
    struct intake intake = {.sheet = report->sheet, .header = header, .report = report};
    arena_init(&intake.arena);
    map_init(&intake.keys);
    map_init(&intake.made);
    enum error_code code = store_snapshot(store, &intake.base, err);
    if (code != ERR_NONE) {
        goto done;
    }
    intake.lookup = lookup_create(intake.base);
    code = intake.lookup == NULL ? out_of_memory(err) : ERR_NONE;
    if (code == ERR_NONE) {
        code = change_set_create(options->actor, options->reason != NULL ? options->reason : reason, source,
                                 &intake.set, err);
    }
    if (code != ERR_NONE) {
        goto done;
    }
    intake_run(&intake);
    code = intake.failed != ERR_NONE
               ? error_set(err, intake.failed, "%s: %s", report->file, error_sentence_zh(intake.failed))
               : conclude(store, intake.set, report, err);
done:
    change_set_destroy(intake.set);
    lookup_destroy(intake.lookup);
    timetable_unref(intake.base);
    free(intake.kept);
    map_finish(&intake.made);
    map_finish(&intake.keys);
    arena_finish(&intake.arena);
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
    if (options->actor == NULL || *options->actor == '\0') {
        return error_set(err, ERR_USAGE, "导入要写明操作人 (an import names its actor)");
    }
    return ERR_NONE;
}

static enum error_code too_large(struct import_report *report, struct error *err)
{
    return file_error(report, ERR_LIMIT, CODE_LIMIT, 0,
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
    if (code == ERR_NONE) {
        code = read_sheet(bytes, length, report, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    if (report->sheet->row_count == 0) {
        return file_error(report, ERR_INPUT, CODE_EMPTY, 0, "文件是空的 (the file is empty)", err);
    }
    struct header header;
    if (!header_find(report->sheet, options->kind, report, &header)) {
        return first_error(report, err);
    }
    return run(store, options, &header, report, err);
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
