/* cli/cmd_follow: import --follow, follow: calendars that the daemon reads again and again. */
#include "cli/cmd_follow.h"

#include "daemon/fetch.h"
#include "daemon/follow_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The report of a reading on stderr, and the exit code that fits it. */
static int reading_show(struct cli *cli, const struct follow_reading *reading)
{
    static const enum import_language LANGUAGES[] = {
        [LANGUAGE_BOTH] = IMPORT_BOTH, [LANGUAGE_ZH] = IMPORT_ZH, [LANGUAGE_EN] = IMPORT_EN};
    bool is_good = reading->outcome == FOLLOW_IMPORTED || reading->outcome == FOLLOW_UNCHANGED;
    if (reading->has_report) {
        struct text out;
        text_init(&out, LIMIT_IMPORT_BYTES);
        import_report_write(&reading->report, LANGUAGES[cli->language], &out);
        fputs(text_string(&out), stderr);
        text_finish(&out);
        (void)cli_print_clashes(cli, reading->report.result.timetable, &reading->report.result.reflagged,
                                CLASHES_SHOWN);
    } else {
        fprintf(stderr, "%s\n", reading->detail);
    }
    return is_good && (!reading->has_report || reading->report.rows_bad == 0) ? EXIT_DONE : EXIT_FINDING;
}

/* Whose it is, as the table has it; a name becomes an id here, so that renaming does no harm. */
static int target_find(struct cli *cli, struct store *store, const struct calendar_options *calendar,
                       struct follow *follow)
{
    const struct {
        const char *scope, *word;
    } targets[] = {{"hall", calendar->hall},
                   {"room", calendar->room},
                   {"area", calendar->area},
                   {"instructor", calendar->instructor}};
    struct error err = {0};
    (void)cli;
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        if (targets[i].word != NULL) {
            (void)snprintf(follow->scope, sizeof follow->scope, "%s", targets[i].scope);
            enum error_code code =
                calendar_target(store, calendar, follow->target, sizeof follow->target, &err);
            return code == ERR_NONE ? EXIT_DONE : cli_error(&err);
        }
    }
    return EXIT_DONE;
}

static int follow_begin(struct cli *cli, struct store *store, struct follow *follow,
                        const struct import_options *options)
{
    struct follow_reading reading;
    struct error err = {0};
    struct follow_read_options read = {
        .actor = cli->actor, .dry_run = true, .may_be_empty = true, .now_s = options->calendar->now_s};
    /* First as a preview: a calendar that gives nothing is not followed. */
    enum error_code code = follow_read(store, follow, &read, &reading, &err);
    int shown = code == ERR_NONE ? EXIT_DONE : cli_error(&err);
    bool is_good = code == ERR_NONE && reading.outcome == FOLLOW_IMPORTED;
    if (code == ERR_NONE && (options->dry_run || !is_good)) {
        shown = reading_show(cli, &reading);
    }
    follow_reading_finish(&reading);
    if (!is_good || options->dry_run) {
        return shown;
    }
    follow->read_at = 0;
    code = follow_add(store, follow, &follow->id, &err);
    if (code != ERR_NONE) {
        return cli_error(&err);
    }
    read.dry_run = false;
    code = follow_read(store, follow, &read, &reading, &err);
    shown = code == ERR_NONE ? reading_show(cli, &reading) : cli_error(&err);
    follow_reading_finish(&reading);
    printf("%" PRId64 "\n", follow->id);
    return shown;
}

int cli_follow_add(struct cli *cli, const struct follow_wish *wish, const struct import_options *options)
{
    struct follow follow = {.interval_s = wish->every_minutes * 60, .allow_private = wish->allow_private};
    struct store *store = NULL;
    struct error err = {0};
    if (fetch_source(wish->source, follow.source, sizeof follow.source, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    int code = cli_open(cli, STORE_OPEN, &store);
    if (code != EXIT_DONE) {
        return code;
    }
    if (options->kind != IMPORT_AUTO) {
        (void)snprintf(follow.kind, sizeof follow.kind, "%s", import_kind_name(options->kind));
    }
    code = target_find(cli, store, options->calendar, &follow);
    if (code == EXIT_DONE) {
        code = follow_begin(cli, store, &follow, options);
    }
    store_close(store);
    return code;
}

static void follow_print(const struct follow *follow)
{
    char checked[INSTANT_TEXT_SIZE] = "-";
    if (follow->checked_at != 0) {
        instant_format(follow->checked_at, checked);
    }
    printf("%" PRId64 "\t%s\t%s%s%s\t%" PRId64 " min\t%s\t%s %s\t%s\t%s\n", follow->id, follow->kind,
           follow->scope, *follow->scope == '\0' ? "-" : " ", follow->target, follow->interval_s / 60,
           checked, follow_outcome_zh(follow->outcome), follow->outcome, follow->detail, follow->source);
}

/* Reads one (or all, id 0) now. */
static int follows_read(struct cli *cli, struct store *store, struct follow_list *list, int64_t id,
                        bool may_be_empty)
{
    int code = EXIT_DONE;
    size_t found = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct follow_reading reading;
        struct error err = {0};
        const struct follow_read_options options = {.actor = cli->actor,
                                                    .force = id != 0,
                                                    .may_be_empty = may_be_empty,
                                                    .now_s = cli->clock.now_s(cli->clock.context)};
        if (id != 0 && list->items[i].id != id) {
            continue;
        }
        found++;
        int one = follow_read(store, &list->items[i], &options, &reading, &err) == ERR_NONE
                      ? reading_show(cli, &reading)
                      : cli_error(&err);
        follow_reading_finish(&reading);
        follow_print(&list->items[i]);
        code = one > code ? one : code;
    }
    if (found == 0 && id != 0) {
        fprintf(stderr, "litang follow: 没有这个编号 / no such number: %" PRId64 "\n", id);
        return EXIT_USAGE;
    }
    return code;
}

static int follow_drop(struct cli *cli, struct store *store, int64_t id, bool keep)
{
    struct commit_result result = {0};
    struct error err = {0};
    int code = follow_end(store, id, keep, cli->actor, &result, &err) == ERR_NONE
                   ? EXIT_DONE
                   : cli_refused(cli, &err, &result);
    if (code == EXIT_DONE) {
        printf("dropped %zu\n", result.dropped);
    }
    commit_result_finish(&result);
    return code;
}

int command_follow(struct cli *cli, int argc, char **argv)
{
    int64_t remove = 0;
    int64_t read = 0;
    bool read_all = false;
    bool allow_empty = false;
    bool keep = false;
    const struct arg_spec specs[] = {
        {"read", ARG_INTEGER, &read, "ID", "立即重读一个 / read one now, changed or not", 1, INT64_MAX},
        {"read-all", ARG_FLAG, &read_all, "", "立即检查全部 / look at all of them now", 0, 0},
        {"allow-empty", ARG_FLAG, &allow_empty, "",
         "日历已空，删除它以前给的 / with --read: an empty calendar drops what it gave", 0, 0},
        {"remove", ARG_INTEGER, &remove, "ID",
         "不再关注，并删除它给的记录 / follow no longer, drop its records", 1, INT64_MAX},
        {"keep", ARG_FLAG, &keep, "", "与 --remove 同用：记录保留 / with --remove: its records stay", 0, 0},
        {0}};
    const struct arg_usage usage = {"follow", "",
                                    "列出关注的日历；用 import --follow 添加。 Lists the calendars that are "
                                    "followed; import --follow adds one.",
                                    "列：编号、种类、对象、间隔、上次检查、结果、说明、地址。 Columns: "
                                    "number, kind, whose, interval, last look, outcome, "
                                    "what happened, source. serve reads them on time."};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    struct store *store = NULL;
    if (code != ARGS_RUN) {
        return code;
    }
    if ((remove != 0) + (read != 0) + (read_all ? 1 : 0) > 1 || (keep && remove == 0) ||
        (allow_empty && read == 0)) {
        fprintf(stderr, "litang follow: 选项不能这样合用 / these options do not go together\n");
        return EXIT_USAGE;
    }
    if ((code = cli_open(cli, STORE_OPEN, &store)) != EXIT_DONE) {
        return code;
    }
    struct follow_list list = {0};
    struct error err = {0};
    if (remove != 0) {
        code = follow_drop(cli, store, remove, keep);
    } else if (follow_list_load(store, &list, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else if (read != 0 || read_all) {
        code = follows_read(cli, store, &list, read, allow_empty);
    } else {
        for (size_t i = 0; i < list.count; i++) {
            follow_print(&list.items[i]);
        }
        if (list.count == 0) {
            cli_say(cli, "没有关注的日历；添加：litang import --follow 地址",
                    "no calendar is followed; to add one: litang import --follow URL");
        }
    }
    follow_list_finish(&list);
    store_close(store);
    return code;
}
