/* cli/cmd_import: office files into the database, with a preview and every fault named. */
#include "cli/cmd_follow.h"
#include "cli/output.h"
#include "importers/import.h"
#include "importers/workbook.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    IMPORT_FILES_MAX = 100
};

enum import_output {
    OUTPUT_TEXT,
    OUTPUT_JSON
};

struct import_run {
    struct cli *cli;
    struct store *store;
    struct import_options options;
    enum import_output output;
    const char *bad_rows; /* NULL: beside the input when good rows go in */
};

/* ---- the bar ---- */

struct bar {
    clock_t shown_at;
    bool is_drawn;
};

/* At most ten times a second of our own time, and only where somebody looks. */
static void bar_draw(void *context, size_t done, size_t all)
{
    enum {
        WIDTH = 30
    };
    struct bar *bar = context;
    clock_t now = clock();
    if (bar->is_drawn && now - bar->shown_at < CLOCKS_PER_SEC / 10) {
        return;
    }
    char line[WIDTH + 1] = "";
    size_t filled = all == 0 ? 0 : done * WIDTH / all;
    memset(line, '#', filled);
    memset(line + filled, '.', WIDTH - filled);
    fprintf(stderr, "\r[%s] %zu/%zu", line, done, all);
    fflush(stderr);
    bar->is_drawn = true;
    bar->shown_at = now;
}

static void bar_clear(const struct bar *bar)
{
    if (bar->is_drawn) {
        fputs("\r\x1b[K", stderr);
    }
}

/* ---- bad rows ---- */

/* Creates the file, or with `replace` empties it; -1 when it cannot be. */
static int file_make(const char *path, bool replace)
{
    return open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (replace ? O_TRUNC : O_EXCL), 0666);
}

/* "halls.csv" -> "halls.errors.csv", or "halls.errors-2.csv" when that is there: nothing is overwritten. */
static int beside_make(const char *input, const char *ending, char *ret_path, size_t size)
{
    enum {
        TRIES = 100
    };
    const char *slash = strrchr(input, '/');
    const char *dot = strrchr(slash == NULL ? input : slash, '.');
    int stem = (int)(dot == NULL || dot == input ? strlen(input) : (size_t)(dot - input));
    for (int i = 1; i <= TRIES; i++) {
        char number[16] = "";
        if (i > 1) {
            (void)snprintf(number, sizeof number, "-%d", i);
        }
        int length = snprintf(ret_path, size, "%.*s.errors%s.%s", stem, input, number, ending);
        int fd = length > 0 && (size_t)length < size ? file_make(ret_path, false) : -1;
        if (fd >= 0 || errno != EEXIST) {
            return fd;
        }
    }
    return -1;
}

static bool rows_write(int fd, const struct import_report *report, bool is_workbook, const char *path)
{
    struct error err = {0};
    if (is_workbook) {
        bool is_written = close(fd) == 0 && import_report_write_bad_workbook(report, path, &err) == ERR_NONE;
        return is_written;
    }
    struct text rows;
    text_init(&rows, LIMIT_IMPORT_BYTES * 2);
    import_report_write_bad_rows(report, &rows);
    FILE *file = fdopen(fd, "wb");
    bool is_written = file != NULL && rows.failed == ERR_NONE &&
                      fwrite(text_string(&rows), 1, rows.length, file) == rows.length;
    if (file == NULL) {
        (void)close(fd);
    }
    is_written = file != NULL && fclose(file) == 0 && is_written;
    text_finish(&rows);
    return is_written;
}

/* The bad rows of one file, to mend and import again, as the kind of file that it is. */
static int bad_rows_write(const struct import_run *run, const struct import_report *report, const char *input)
{
    char path[PATH_MAX];
    bool was_workbook =
        report->book != NULL && (report->book->format == FORMAT_XLSX || report->book->format == FORMAT_XLS);
    const char *named = run->bad_rows;
    const char *dot = named == NULL ? NULL : strrchr(named, '.');
    bool is_workbook = named == NULL ? was_workbook : dot != NULL && strcmp(dot, ".xlsx") == 0;
    bool is_over = named != NULL && access(named, F_OK) == 0;
    int fd = -1;
    if (named != NULL) {
        (void)snprintf(path, sizeof path, "%s", named);
        fd = file_make(named, true);
    } else {
        fd = beside_make(input,
                         is_workbook                     ? "xlsx"
                         : report->calendar_text != NULL ? "ics"
                                                         : "csv",
                         path, sizeof path);
    }
    if (fd < 0 || !rows_write(fd, report, is_workbook, path)) {
        fprintf(stderr, "litang: 无法写入 / cannot be written: %s\n", path);
        return EXIT_TROUBLE;
    }
    fprintf(stderr,
            is_over ? "错误行已写入（覆盖了原有文件）/ bad rows written, the old file is replaced: %s\n"
                    : "错误行已另存 / bad rows written to: %s\n",
            path);
    return EXIT_FINDING;
}

/* ---- one file ---- */

static void tell(const struct import_run *run, const struct import_report *report)
{
    static const enum import_language LANGUAGES[] = {
        [LANGUAGE_BOTH] = IMPORT_BOTH, [LANGUAGE_ZH] = IMPORT_ZH, [LANGUAGE_EN] = IMPORT_EN};
    enum import_language language = LANGUAGES[run->cli->language];
    struct text out;
    text_init(&out, LIMIT_IMPORT_BYTES);
    if (run->output == OUTPUT_JSON) {
        import_report_write_json(report, &out);
        fputs(text_string(&out), stdout);
    } else {
        if (report->dry_run) {
            import_report_write_preview(report, language, &out);
            fputs(text_string(&out), stdout);
            fflush(stdout);
            text_clear(&out);
        } else if (report->conversions.total > 0) {
            fprintf(stderr,
                    "%zu 处写法与理解不同，--dry-run 可逐条查看 / %zu values were understood otherwise than "
                    "written; --dry-run lists them\n",
                    report->conversions.total, report->conversions.total);
        }
        import_report_write(report, language, &out);
        fputs(text_string(&out), stderr);
    }
    text_finish(&out);
}

/* Of several files each is a commit of its own, so that a later one may fail alone: which are in? NULL in
 * `left`: it is. */
static void tell_files(const char *const *left, size_t count, size_t files_in)
{
    fprintf(stderr, "共 %zu 个文件，已导入 %zu 个 / %zu files, %zu imported", count, files_in, count,
            files_in);
    const char *between = "；未导入 / not imported: ";
    for (size_t i = 0; i < count; i++) {
        if (left[i] != NULL) {
            fprintf(stderr, "%s%s", between, left[i]);
            between = ", ";
        }
    }
    fputs("\n", stderr);
}

static int import_one(struct import_run *run, const char *path, bool *ret_in)
{
    struct import_report report;
    struct error err = {0};
    struct bar bar = {0};
    struct import_options options = run->options;
    if (isatty(STDERR_FILENO) == 1) {
        options.progress = bar_draw;
        options.progress_context = &bar;
    }
    import_report_init(&report);
    enum error_code failed = import_file(run->store, path, &options, &report, &err);
    bar_clear(&bar);
    tell(run, &report);
    int code = failed == ERR_NONE && report.errors.total == 0 ? EXIT_DONE : EXIT_FINDING;
    if (failed != ERR_NONE && report.errors.total == 0) {
        code = cli_error(&err);
        (void)cli_print_clashes(run->cli, report.result.timetable, &report.result.clashes, CLASHES_SHOWN);
    }
    (void)cli_print_clashes(run->cli, report.result.timetable, &report.result.reflagged, CLASHES_SHOWN);
    bool is_wanted = run->bad_rows != NULL || (report.partial && report.is_committed);
    if (is_wanted && report.rows_bad > 0) {
        code = bad_rows_write(run, &report, path);
    }
    *ret_in = report.is_committed;
    import_report_finish(&report);
    return code;
}

int command_import(struct cli *cli, int argc, char **argv)
{
    const char *kind = NULL;
    const char *reason = NULL;
    const char *bad_rows = NULL;
    const char *format = "text";
    int64_t year = 0;
    bool dry_run = false;
    bool partial = false;
    bool create_missing = false;
    struct calendar_options calendar = {.now_s = cli->clock.now_s(cli->clock.context)};
    struct follow_wish follow = {.every_minutes = 60};
    const struct arg_spec specs[] = {
        {"kind", ARG_TEXT, &kind, "KIND",
         "areas halls instructors courses requests closures absences holidays sessions attendance", 0, 0},
        {"dry-run", ARG_FLAG, &dry_run, "", "只预览，不写入 / show what would happen, write nothing", 0, 0},
        {"partial", ARG_FLAG, &partial, "", "导入正确的行 / good rows go in although others are bad", 0, 0},
        {"bad-rows", ARG_TEXT, &bad_rows, "FILE",
         "错误行另存到此文件 / the bad rows with their reasons; with --partial beside the input anyway", 0,
         0},
        {"year", ARG_INTEGER, &year, "YEAR", "没写年份的日期属于哪年 / of dates without a year", 1901, 2100},
        {"create-missing", ARG_FLAG, &create_missing, "",
         "台账：新建缺少的课程、讲师、资格 / ledgers of the past: make missing courses, people, "
         "qualifications",
         0, 0},
        {"format", ARG_TEXT, &format, "text|json", "结果的格式 / of the report, default text", 0, 0},
        {"hall", ARG_TEXT, &calendar.hall, "HALL", "日历：哪个礼堂的 / whose calendar an .ics file is", 0, 0},
        {"room", ARG_TEXT, &calendar.room, "ROOM", "日历：哪个场地的 / the same, a room", 0, 0},
        {"area", ARG_TEXT, &calendar.area, "AREA", "日历：哪个区域的 / the same, an area", 0, 0},
        {"instructor", ARG_TEXT, &calendar.instructor, "WHO", "日历：哪位讲师的 / the same, an instructor", 0,
         0},
        {"follow", ARG_TEXT, &follow.source, "URL|FILE",
         "关注日历，由 serve 定时重读 / follow a calendar; serve reads it again and again", 0, 0},
        {"every", ARG_INTEGER, &follow.every_minutes, "MINUTES", "间隔，默认 60 分钟 / default 60",
         LIMIT_FOLLOW_EVERY_MIN_MINUTES, LIMIT_FOLLOW_EVERY_MAX_MINUTES},
        {"allow-private", ARG_FLAG, &follow.allow_private, "",
         "允许内网和本机地址 / private addresses and this machine may be read", 0, 0},
        {"reason", ARG_TEXT, &reason, "TEXT", "原因 / recorded with the revision", 0, 0},
        {0}};
    const struct arg_usage usage = {
        "import", "FILE…",
        "导入表格：一个文件一次提交。 Imports office files: one file, one commit, one undo.", NULL};
    const char *files[IMPORT_FILES_MAX];
    size_t count = 0;
    size_t files_in = 0;
    int code = args_parse(argc, argv, &usage, specs, files, 0, IMPORT_FILES_MAX, &count);
    struct store *store = NULL;
    if (code != ARGS_RUN) {
        return code;
    }
    struct import_run run = {.cli = cli,
                             .options = {.kind = IMPORT_AUTO,
                                         .calendar = &calendar,
                                         .dry_run = dry_run,
                                         .partial = partial,
                                         .create_missing = create_missing,
                                         .year = (int32_t)year,
                                         .actor = cli->actor,
                                         .reason = reason},
                             .output = strcmp(format, "json") == 0 ? OUTPUT_JSON : OUTPUT_TEXT,
                             .bad_rows = bad_rows};
    if (strcmp(format, "json") != 0 && strcmp(format, "text") != 0) {
        fprintf(stderr, "litang import: --format 只能是 text 或 json / is text or json\n");
        return EXIT_USAGE;
    }
    if ((calendar.hall != NULL) + (calendar.room != NULL) + (calendar.area != NULL) +
            (calendar.instructor != NULL) >
        1) {
        fprintf(stderr,
                "litang import: --hall --room --area --instructor 只能用一个 / one of them at most\n");
        return EXIT_USAGE;
    }
    if ((count > 0) == (follow.source != NULL)) {
        fprintf(stderr,
                "litang import: 要么写文件，要么写 --follow / name files, or --follow one calendar\n");
        return EXIT_USAGE;
    }
    if (bad_rows != NULL && count > 1) {
        fprintf(stderr, "litang import: --bad-rows 只用于一个文件 / goes with one file\n");
        return EXIT_USAGE;
    }
    if (kind != NULL && strcmp(kind, import_kind_name(IMPORT_AUTO)) != 0 &&
        !output_kind("import", kind, &run.options.kind)) {
        return EXIT_USAGE;
    }
    if (follow.source != NULL) {
        return cli_follow_add(cli, &follow, &run.options);
    }
    if ((code = cli_open(cli, STORE_OPEN, &store)) != EXIT_DONE) {
        return code;
    }
    run.store = store;
    for (size_t i = 0; i < count; i++) {
        bool is_in = false;
        int one = import_one(&run, files[i], &is_in);
        code = one > code ? one : code;
        files_in += is_in ? 1 : 0;
        files[i] = is_in ? NULL : files[i];
    }
    if (count > 1 && !dry_run && run.output == OUTPUT_TEXT) {
        tell_files(files, count, files_in);
    }
    store_close(store);
    return code;
}
