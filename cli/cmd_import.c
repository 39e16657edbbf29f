/* cli/cmd_import: office files into the database, with a preview and every fault named. */
#include "cli/cmd_follow.h"
#include "importers/import.h"

#include <stdio.h>

enum {
    IMPORT_FILES_MAX = 100
};

/* The bad rows of one file, to mend and import again. */
static int bad_rows_write(const struct import_report *report, const char *path)
{
    struct text rows;
    text_init(&rows, LIMIT_IMPORT_BYTES * 2);
    import_report_write_bad_rows(report, &rows);
    FILE *file = rows.failed == ERR_NONE ? fopen(path, "wb") : NULL;
    bool written = file != NULL && fwrite(text_string(&rows), 1, rows.length, file) == rows.length;
    written = file != NULL && fclose(file) == 0 && written;
    text_finish(&rows);
    if (!written) {
        fprintf(stderr, "litang: 无法写入 / cannot be written: %s\n", path);
    }
    return written ? EXIT_FINDING : EXIT_TROUBLE;
}

static int import_one(struct cli *cli, struct store *store, const char *path,
                      const struct import_options *options, const char *bad_rows)
{
    static const enum import_language LANGUAGES[] = {
        [LANGUAGE_BOTH] = IMPORT_BOTH, [LANGUAGE_ZH] = IMPORT_ZH, [LANGUAGE_EN] = IMPORT_EN};
    struct import_report report;
    struct error err = {0};
    struct text out;
    import_report_init(&report);
    text_init(&out, LIMIT_IMPORT_BYTES);
    enum error_code failed = import_file(store, path, options, &report, &err);
    import_report_write(&report, LANGUAGES[cli->language], &out);
    fputs(text_string(&out), stderr);
    int code = failed == ERR_NONE && report.errors.total == 0 ? EXIT_DONE : EXIT_FINDING;
    if (failed != ERR_NONE && report.errors.total == 0) {
        code = cli_error(&err);
    }
    if (report.errors.total == 0 && failed != ERR_NONE) {
        (void)cli_print_clashes(cli, report.result.timetable, &report.result.clashes, CLASHES_SHOWN);
    }
    (void)cli_print_clashes(cli, report.result.timetable, &report.result.reflagged, CLASHES_SHOWN);
    if (bad_rows != NULL && report.rows_bad > 0) {
        code = bad_rows_write(&report, bad_rows);
    }
    text_finish(&out);
    import_report_finish(&report);
    return code;
}

int command_import(struct cli *cli, int argc, char **argv)
{
    const char *kind = NULL;
    const char *reason = NULL;
    const char *bad_rows = NULL;
    bool dry_run = false;
    bool partial = false;
    struct calendar_options calendar = {.now_s = cli->clock.now_s(cli->clock.context)};
    struct follow_wish follow = {.every_minutes = 60};
    const struct arg_spec specs[] = {
        {"kind", ARG_TEXT, &kind, "KIND",
         "areas halls instructors courses requests closures absences holidays", 0, 0},
        {"dry-run", ARG_FLAG, &dry_run, "", "只预览，不写入 / show what would happen, write nothing", 0, 0},
        {"partial", ARG_FLAG, &partial, "", "导入正确的行 / good rows go in although others are bad", 0, 0},
        {"bad-rows", ARG_TEXT, &bad_rows, "FILE",
         "错误行另存为表格 / the bad rows with their reasons, to mend", 0, 0},
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
    int code = args_parse(argc, argv, &usage, specs, files, 0, IMPORT_FILES_MAX, &count);
    struct store *store = NULL;
    if (code != ARGS_RUN) {
        return code;
    }
    struct import_options options = {.kind = IMPORT_AUTO,
                                     .calendar = &calendar,
                                     .dry_run = dry_run,
                                     .partial = partial,
                                     .actor = cli->actor,
                                     .reason = reason};
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
    if (kind != NULL && !import_kind_from_name(kind, &options.kind)) {
        fprintf(stderr, "litang import: 没有这个种类 / no such kind: %s\n", kind);
        return EXIT_USAGE;
    }
    if (follow.source != NULL) {
        return cli_follow_add(cli, &follow, &options);
    }
    if ((code = cli_open(cli, STORE_OPEN, &store)) != EXIT_DONE) {
        return code;
    }
    for (size_t i = 0; i < count; i++) {
        int one = import_one(cli, store, files[i], &options, bad_rows);
        code = one > code ? one : code;
    }
    store_close(store);
    return code;
}
