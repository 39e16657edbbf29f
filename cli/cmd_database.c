/* cli/cmd_database: init, demo, undo, history, backup, restore: the database as a whole. */
#include "cli/cli.h"
#include "ical/feed.h"
#include "importers/demo.h"
#include "store/history.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int command_init(struct cli *cli, int argc, char **argv)
{
    const char *name = NULL;
    const char *tzid = NULL;
    const char *domain = NULL;
    const char *organizer = NULL;
    const char *url = NULL;
    const struct arg_spec specs[] = {
        {"city", ARG_TEXT, &name, "NAME", "城市名称 / shown in feeds and reports", 0, 0},
        {"tzid", ARG_TEXT, &tzid, "ZONE", "时区 / IANA zone, default Asia/Shanghai", 0, 0},
        {"uid-domain", ARG_TEXT, &domain, "DOMAIN", "UID 域名 / right side of every UID, for ever", 0, 0},
        {"organizer", ARG_TEXT, &organizer, "NAME", "ORGANIZER 名称 / its name in feeds", 0, 0},
        {"public-url", ARG_TEXT, &url, "URL", "公开网址 / https://host, for links in feeds", 0, 0},
        {0}};
    const struct arg_usage usage = {
        "init", "", "建立空数据库。 Makes an empty database; the file must not hold one yet.", NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    struct store *store = NULL;
    struct zone zone;
    struct error err = {0};
    if (code != ARGS_RUN) {
        return code;
    }
    if (tzid != NULL && zone_load(tzid, &zone, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    if ((code = cli_open(cli, STORE_CREATE, &store)) != EXIT_DONE) {
        return code;
    }
    char feed_template[16];
    snprintf(feed_template, sizeof feed_template, "%d", FEED_TEMPLATE);
    const char *const values[][2] = {
        {"feed_template", feed_template}, {"city_name", name},      {"tzid", tzid},
        {"uid_domain", domain},           {"organizer", organizer}, {"public_url", url}};
    struct change_set *set = NULL;
    enum error_code failed = change_set_create(cli->actor, "init", CHANGE_SOURCE_INIT, &set, &err);
    for (size_t i = 0; failed == ERR_NONE && i < sizeof values / sizeof values[0]; i++) {
        const struct cell cells[] = {CELL_STR("name", values[i][0]), CELL_STR("value", values[i][1])};
        failed = values[i][1] == NULL ? ERR_NONE : change_set_put(set, TABLE_SETTING, cells, 2, &err);
    }
    if (failed != ERR_NONE) {
        code = cli_error(&err);
        change_set_destroy(set);
    } else {
        code = cli_commit(cli, store, set, false);
    }
    store_close(store);
    return code;
}

int command_demo(struct cli *cli, int argc, char **argv)
{
    int64_t seed = 1;
    int64_t sessions = 10000;
    int64_t year = 2027;
    const struct arg_spec specs[] = {
        {"seed", ARG_INTEGER, &seed, "N", "随机种子 / the same seed makes the same city", 0, INT64_MAX},
        {"sessions", ARG_INTEGER, &sessions, "N",
         "场次数 / sessions that its requests ask for, default 10000", 100, 1000000},
        {"year", ARG_INTEGER, &year, "YEAR", "年份 / default 2027", 2026, 2099},
        {0}};
    const struct arg_usage usage = {
        "demo", "",
        "在空数据库中生成示例城市及其点单，不排课。 Fills an empty database with the sample city and its "
        "requests; plans nothing.",
        "机构、礼堂、讲师均为生成的示例。 Providers, halls and instructors are generated samples."};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    struct store *store = NULL;
    if (code != ARGS_RUN || (code = cli_open(cli, STORE_OPEN, &store)) != EXIT_DONE) {
        return code;
    }
    const struct demo_options options = {
        .seed = (uint64_t)seed, .sessions = (uint32_t)sessions, .year = (int32_t)year};
    struct demo_summary summary = {0};
    struct error err = {0};
    if (demo_fill(store, &options, cli->actor, &summary, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else {
        printf("townships %u\nhalls %u\ninstructors %u\ncourses %u\nrequests %u\nsessions wanted %u\n"
               "sessions that cannot be met, on purpose %u\n",
               summary.townships, summary.halls, summary.instructors, summary.courses, summary.requests,
               summary.sessions, summary.unmet_sessions);
    }
    store_close(store);
    return code;
}

/* Which commit the newest one took back. */
static void undone_say(const struct cli *cli, struct store *store)
{
    struct history history = {0};
    struct error err = {0};
    if (history_load(store, 1, &history, &err) == ERR_NONE && history.count == 1) {
        const struct history_entry *entry = &history.items[0];
        char zh[128];
        char en[128];
        snprintf(zh, sizeof zh, "已撤销版本 %" PRId64 "，改回 %zu 条记录；经过见 history", entry->undoes,
                 entry->rows);
        snprintf(en, sizeof en, "revision %" PRId64 " was taken back, %zu rows; see history", entry->undoes,
                 entry->rows);
        cli_say(cli, zh, en);
    }
    history_finish(&history);
}

int command_undo(struct cli *cli, int argc, char **argv)
{
    int64_t revision = 0;
    const char *reason = "undo";
    const struct arg_spec specs[] = {{"revision", ARG_INTEGER, &revision, "N",
                                      "默认最近一次 / default: the newest not yet undone", 1, INT64_MAX},
                                     {"reason", ARG_TEXT, &reason, "TEXT", "原因 / recorded", 0, 0},
                                     {0}};
    const struct arg_usage usage = {"undo", "",
                                    "用一次新的提交撤销旧的提交。 Takes a commit back by a new one.", NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    struct store *store = NULL;
    if (code != ARGS_RUN || (code = cli_open(cli, STORE_OPEN, &store)) != EXIT_DONE) {
        return code;
    }
    struct commit_result result = {0};
    struct error err = {0};
    if (store_undo(store, revision, cli->actor, reason, &result, &err) != ERR_NONE) {
        code = cli_refused(cli, &err, &result);
    } else {
        printf("revision %" PRId64 "\n", result.revision);
        undone_say(cli, store);
        (void)cli_print_clashes(cli, result.timetable, &result.reflagged, CLASHES_SHOWN);
    }
    commit_result_finish(&result);
    store_close(store);
    return code;
}

int command_history(struct cli *cli, int argc, char **argv)
{
    int64_t most = 20;
    const struct arg_spec specs[] = {{"most", ARG_INTEGER, &most, "N", "条数 / rows, default 20", 1, 10000},
                                     {0}};
    const struct arg_usage usage = {"history", "",
                                    "变更历史，最新在前。 Who changed what and why, newest first.", NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    struct store *store = NULL;
    if (code != ARGS_RUN || (code = cli_open(cli, STORE_OPEN, &store)) != EXIT_DONE) {
        return code;
    }
    struct history history = {0};
    struct error err = {0};
    if (history_load(store, (size_t)most, &history, &err) != ERR_NONE) {
        code = cli_error(&err);
    }
    for (size_t i = 0; i < history.count; i++) {
        const struct history_entry *entry = &history.items[i];
        char at[INSTANT_TEXT_SIZE];
        instant_format(entry->at, at);
        printf("%" PRId64 "\t%s\t%s\t%s\t%s\t%zu rows", entry->revision, at, entry->actor, entry->source,
               entry->reason, entry->rows);
        if (entry->undoes != 0) {
            printf("\tundoes %" PRId64, entry->undoes);
        }
        printf("\n");
    }
    history_finish(&history);
    store_close(store);
    return code;
}

int command_backup(struct cli *cli, int argc, char **argv)
{
    const struct arg_spec specs[] = {{0}};
    const struct arg_usage usage = {"backup", "FILE", "在线备份。 Copies the database while it is in use.",
                                    NULL};
    const char *file[1];
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, file, 1, 1, &words);
    struct store *store = NULL;
    if (code != ARGS_RUN || (code = cli_open(cli, STORE_OPEN, &store)) != EXIT_DONE) {
        return code;
    }
    struct error err = {0};
    if (store_backup(store, file[0], &err) != ERR_NONE) {
        code = cli_error(&err);
    }
    store_close(store);
    return code;
}

int command_restore(struct cli *cli, int argc, char **argv)
{
    const struct arg_spec specs[] = {{0}};
    const struct arg_usage usage = {"restore", "FILE",
                                    "把备份恢复到 --db。 Brings a backup back into --db; a file that is no "
                                    "sound litang database is refused.",
                                    NULL};
    const char *file[1];
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, file, 1, 1, &words);
    if (code != ARGS_RUN) {
        return code;
    }
    if (cli->db_path == NULL) {
        fprintf(stderr, "litang: 请用 --db 指定数据库 / name the database with --db FILE\n");
        return EXIT_USAGE;
    }
    struct error err = {0};
    return store_restore(file[0], cli->db_path, &err) == ERR_NONE ? EXIT_DONE : cli_error(&err);
}
