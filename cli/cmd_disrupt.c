/* cli/cmd_disrupt: close, absent: what life does to a timetable. Sessions that are hit are named; with
 * --repair a draft moves them. */
#include "cli/cli.h"
#include "cli/repair.h"

#include <stdio.h>
#include <string.h>

struct span {
    int32_t from_day, to_day, from_min, to_min;
};

#define SPAN_SPECS(span)                                                                                     \
    {"from", ARG_DATE, &(span).from_day, "DATE", "首日 / first day", 0, 0},                                  \
        {"to", ARG_DATE, &(span).to_day, "DATE", "末日，默认同首日 / last day, default: the first", 0, 0},   \
        {"start", ARG_TIME, &(span).from_min, "HH:MM", "每天自 / each day from, default 00:00", 0, 0},       \
    {                                                                                                        \
        "end", ARG_TIME, &(span).to_min, "HH:MM", "每天至 / each day to, default 24:00", 0, 0                \
    }

/* --repair and what goes with it. */
struct mend {
    bool wanted;
    int64_t freeze_days;
    const char *name;
};

#define MEND_SPECS(mend)                                                                                     \
    {"repair",                                                                                               \
     ARG_FLAG,                                                                                               \
     &(mend).wanted,                                                                                         \
     "",                                                                                                     \
     "随后生成改动最少的修复方案 / then draft the fewest changes that mend it",                              \
     0,                                                                                                      \
     0},                                                                                                     \
        {"freeze-days",                                                                                      \
         ARG_INTEGER,                                                                                        \
         &(mend).freeze_days,                                                                                \
         "N",                                                                                                \
         "修复时今天起 N 天不动 / --repair: nothing moves for N days from today",                            \
         0,                                                                                                  \
         3650},                                                                                              \
    {                                                                                                        \
        "name", ARG_TEXT, &(mend).name, "PLAN",                                                              \
            "修复方案名 / of that draft, default \"repair\", then \"repair-2\" …", 0, 0                      \
    }

static struct repair_wish mend_wish(const struct mend *mend)
{
    return (struct repair_wish){INT32_MIN, INT32_MIN, mend->freeze_days, NULL, mend->name};
}

/* The draft, once the disruption is committed. */
static int mend_after(struct cli *cli, const struct mend *mend, int code)
{
    const struct repair_wish wish = mend_wish(mend);
    return code == EXIT_DONE && mend->wanted ? cli_repair(cli, &wish) : code;
}

/* Whatever could refuse the draft is asked before anything is committed. An exit code. */
static int mend_check(struct cli *cli, const struct mend *mend, bool dry_run, const char *command)
{
    if (mend->wanted && dry_run) {
        fprintf(stderr, "litang %s: --repair 不能与 --dry-run 同用 / --repair does not go with --dry-run\n",
                command);
        return EXIT_USAGE;
    }
    if (!mend->wanted && (mend->freeze_days > 0 || mend->name != NULL)) {
        fprintf(stderr, "litang %s: --freeze-days、--name 须与 --repair 同用 / go with --repair only\n",
                command);
        return EXIT_USAGE;
    }
    const struct repair_wish wish = mend_wish(mend);
    return mend->wanted ? cli_repair_check(cli, &wish) : EXIT_DONE;
}

static bool span_complete(struct span *span, const char *command)
{
    if (span->to_day == INT32_MIN) {
        span->to_day = span->from_day;
    }
    if (span->from_day == INT32_MIN || span->to_day < span->from_day || span->from_min >= span->to_min) {
        fprintf(stderr, "litang %s: 需要 --from，且起止有序 / needs --from, and an end after the beginning\n",
                command);
        return false;
    }
    return true;
}

/* One row put through the gate; `id` is made from what the row says, so that saying it twice makes one row.
 */
static int row_commit(struct cli *cli, enum store_table table, const struct cell *cells, size_t count,
                      const char *reason, bool dry_run)
{
    struct store *store = NULL;
    int code = cli_open(cli, STORE_OPEN, &store);
    if (code != EXIT_DONE) {
        return code;
    }
    struct change_set *set = NULL;
    struct error err = {0};
    if (change_set_create(cli->actor, reason, "cli", &set, &err) != ERR_NONE ||
        change_set_put(set, table, cells, count, &err) != ERR_NONE) {
        code = cli_error(&err);
        change_set_destroy(set);
    } else {
        code = cli_commit(cli, store, set, dry_run);
    }
    store_close(store);
    return code;
}

static bool one_target(const char *room, const char *hall, const char *area, const char **ret_scope,
                       const char **ret_target)
{
    if ((room != NULL) + (hall != NULL) + (area != NULL) != 1) {
        fprintf(
            stderr,
            "litang close: 请给出 --room、--hall 或 --area 之一 / exactly one of --room, --hall, --area\n");
        return false;
    }
    *ret_scope = room != NULL ? "room" : hall != NULL ? "hall" : "area";
    *ret_target = room != NULL ? room : hall != NULL ? hall : area;
    return true;
}

/* A closure's target has no foreign key (three tables), so it is looked up here. */
static int target_check(struct cli *cli, const char *scope, const char *target)
{
    struct store *store = NULL;
    struct timetable *tt = NULL;
    int code = cli_open_snapshot(cli, &store, &tt);
    if (code != EXIT_DONE) {
        return code;
    }
    uint32_t found = scope[0] == 'r'   ? timetable_find_room(tt, target)
                     : scope[0] == 'h' ? timetable_find_hall(tt, target)
                                       : timetable_find_area(tt, target);
    if (found == NONE) {
        fprintf(stderr, "litang close: 未找到 / not found: %s %s\n", scope, target);
        code = EXIT_USAGE;
    }
    timetable_unref(tt);
    store_close(store);
    return code;
}

int command_close(struct cli *cli, int argc, char **argv)
{
    struct span span = {INT32_MIN, INT32_MIN, 0, DAY_MINUTES};
    const char *room = NULL;
    const char *hall = NULL;
    const char *area = NULL;
    const char *strength = "hard";
    const char *rule = "";
    const char *reason = NULL;
    struct mend mend = {.name = NULL};
    bool dry_run = false;
    const struct arg_spec specs[] = {
        {"room", ARG_TEXT, &room, "ID", "场地 / room", 0, 0},
        {"hall", ARG_TEXT, &hall, "ID", "礼堂 / hall", 0, 0},
        {"area", ARG_TEXT, &area, "CODE", "区域（台风等）/ area", 0, 0},
        SPAN_SPECS(span),
        {"strength", ARG_TEXT, &strength, "S", "hard（默认 default）, soft, note", 0, 0},
        {"rule", ARG_TEXT, &rule, "RULE",
         "哪些日子 / which days: weekly:2,4 monthday:3,8 lunarday:3,8 lunardate:3-10", 0, 0},
        {"reason", ARG_TEXT, &reason, "TEXT", "原因，必填，会公开 / why, needed; public", 0, 0},
        {"dry-run", ARG_FLAG, &dry_run, "", "只看影响 / only show what it would hit", 0, 0},
        MEND_SPECS(mend),
        {0}};
    const struct arg_usage usage = {"close", "",
                                    "登记停用；受影响的已发布场次会列出。 Closes a room, hall or area; "
                                    "published sessions that it hits are named.",
                                    NULL};
    size_t words = 0;
    const char *scope = NULL;
    const char *target = NULL;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    if (code != ARGS_RUN) {
        return code;
    }
    if (!one_target(room, hall, area, &scope, &target) || !span_complete(&span, "close")) {
        return EXIT_USAGE;
    }
    if (reason == NULL ||
        (strcmp(strength, "hard") != 0 && strcmp(strength, "soft") != 0 && strcmp(strength, "note") != 0)) {
        fprintf(stderr, "litang close: 需要 --reason；--strength 为 hard、soft 或 note / needs --reason and "
                        "a known --strength\n");
        return EXIT_USAGE;
    }
    struct day_rule parsed;
    struct error err = {0};
    if (rule[0] != '\0' && day_rule_parse(rule, &parsed, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    if ((code = target_check(cli, scope, target)) != EXIT_DONE ||
        (code = mend_check(cli, &mend, dry_run, "close")) != EXIT_DONE) {
        return code;
    }
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    char id[512];
    date_format(span.from_day, from);
    date_format(span.to_day, to);
    snprintf(id, sizeof id, "%s:%s:%s:%s:%d:%d:%s", scope, target, from, to, span.from_min, span.to_min,
             rule);
    const struct cell cells[] = {CELL_STR("id", id),
                                 CELL_STR("scope", scope),
                                 CELL_STR("target_id", target),
                                 CELL_STR("strength", strength),
                                 CELL_STR("from_date", from),
                                 CELL_STR("to_date", to),
                                 CELL_INT("from_min", span.from_min),
                                 CELL_INT("to_min", span.to_min),
                                 CELL_STR("rule", rule),
                                 CELL_STR("reason", reason),
                                 CELL_STR("source", cli->actor)};
    code = row_commit(cli, TABLE_CLOSURE, cells, sizeof cells / sizeof cells[0], reason, dry_run);
    return mend_after(cli, &mend, code);
}

int command_absent(struct cli *cli, int argc, char **argv)
{
    struct span span = {INT32_MIN, INT32_MIN, 0, DAY_MINUTES};
    const char *reason = NULL;
    struct mend mend = {.name = NULL};
    bool dry_run = false;
    const struct arg_spec specs[] = {
        SPAN_SPECS(span),
        {"reason", ARG_TEXT, &reason, "TEXT", "原因 / why", 0, 0},
        {"dry-run", ARG_FLAG, &dry_run, "", "只看影响 / only show what it would hit", 0, 0},
        MEND_SPECS(mend),
        {0}};
    const struct arg_usage usage = {"absent", "INSTRUCTOR",
                                    "登记讲师请假；受影响的场次会列出。 An instructor is absent; published "
                                    "sessions that it hits are named.",
                                    NULL};
    const char *word[1];
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, word, 1, 1, &words);
    if (code != ARGS_RUN) {
        return code;
    }
    if (!span_complete(&span, "absent")) {
        return EXIT_USAGE;
    }
    if ((code = mend_check(cli, &mend, dry_run, "absent")) != EXIT_DONE) {
        return code;
    }
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    char id[512];
    date_format(span.from_day, from);
    date_format(span.to_day, to);
    snprintf(id, sizeof id, "%s:%s:%s:%d:%d", word[0], from, to, span.from_min, span.to_min);
    const struct cell cells[] = {CELL_STR("id", id),
                                 CELL_STR("instructor_id", word[0]),
                                 CELL_STR("from_date", from),
                                 CELL_STR("to_date", to),
                                 CELL_INT("from_min", span.from_min),
                                 CELL_INT("to_min", span.to_min),
                                 CELL_STR("reason", reason != NULL ? reason : "")};
    code = row_commit(cli, TABLE_ABSENCE, cells, sizeof cells / sizeof cells[0],
                      reason != NULL ? reason : "absent", dry_run);
    return mend_after(cli, &mend, code);
}
