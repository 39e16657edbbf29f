#include "cli/report_freeze.h"

#include "reports/freeze.h"

#include <stdio.h>

static struct change_set *set_make(struct cli *cli, const char *reason)
{
    struct change_set *set = NULL;
    struct error err = {0};
    if (change_set_create(cli->actor, reason, "cli", &set, &err) != ERR_NONE) {
        (void)cli_error(&err);
        return NULL;
    }
    return set;
}

/* Commits what was put in, or says why it could not be. */
static int set_end(struct cli *cli, struct store *store, struct change_set *set, enum error_code code,
                   const struct error *err, bool dry_run)
{
    if (code != ERR_NONE) {
        change_set_destroy(set);
        return cli_error(err);
    }
    return cli_commit(cli, store, set, dry_run);
}

/* ---- freeze ---- */

static bool period_is_new(struct store *store, const char *id, struct error *err)
{
    struct frozen_periods periods;
    bool is_new = frozen_periods_load(store, FROZEN_ALL, &periods, err) == ERR_NONE;
    if (is_new && frozen_periods_find(&periods, id) != NULL) {
        is_new = false;
        (void)error_set(err, ERR_EXISTS,
                        "时段 %.60s 已上报，可用 report correct 更正 (already reported; report "
                        "correct adds corrections)",
                        id);
    }
    frozen_periods_finish(&periods);
    return is_new;
}

static int freeze_run(struct cli *cli, struct freeze_order *order, const char *area_word, bool dry_run)
{
    struct store *store = NULL;
    struct timetable *tt = NULL;
    struct error err = {0};
    int exit_code = cli_open_snapshot(cli, &store, &tt);
    if (exit_code != EXIT_DONE) {
        return exit_code;
    }
    order->today = cli_today(cli, tt);
    order->area = area_word != NULL ? cli_find_area(tt, area_word, AREA_TOWNSHIP) : NONE;
    if (area_word != NULL && order->area == NONE) {
        exit_code = EXIT_USAGE;
    } else if (!period_is_new(store, order->id, &err)) {
        exit_code = cli_error(&err);
    } else {
        struct change_set *set = set_make(cli, order->reason);
        exit_code = EXIT_USAGE;
        if (set != NULL) {
            /* What is frozen is what the snapshot says: nothing may come between. */
            change_set_expect_revision(set, tt->revision);
            exit_code = set_end(cli, store, set, freeze_put(set, tt, order, &err), &err, dry_run);
        }
    }
    timetable_unref(tt);
    store_close(store);
    return exit_code;
}

int report_freeze(struct cli *cli, int argc, char **argv)
{
    struct freeze_order order = {.from_day = INT32_MIN, .to_day = INT32_MIN, .minimum = 1, .area = NONE};
    int64_t minimum = 1;
    const char *area_word = NULL;
    bool dry_run = false;
    const struct arg_spec specs[] = {
        {"from", ARG_DATE, &order.from_day, "DATE", "首日 / first day", 0, 0},
        {"to", ARG_DATE, &order.to_day, "DATE", "末日，须已过去 / last day; it must have passed", 0, 0},
        {"area", ARG_TEXT, &area_word, "CODE", "只报一个区域 / only this area; default: the city", 0, 0},
        {"minimum", ARG_INTEGER, &minimum, "N", "至少几场才算覆盖 / sessions a place needs, default 1", 1,
         1000},
        {"reason", ARG_TEXT, &order.reason, "TEXT", "说明，必填 / why; needed", 0, 0},
        {"dry-run", ARG_FLAG, &dry_run, "", "只检查，不写入 / try it, write nothing", 0, 0},
        {0}};
    const struct arg_usage usage = {
        "report freeze", "PERIOD",
        "固定一个已上报时段的全部数字；以后的变化只作为更正另记。 Freezes every figure "
        "of a reported period; what changes later is a correction of its own.",
        "PERIOD 是自取的名称，如 2026-H1。 PERIOD is a name of your own."};
    const char *words[1];
    size_t count = 0;
    int code = args_parse(argc, argv, &usage, specs, words, 1, 1, &count);
    if (code != ARGS_RUN) {
        return code;
    }
    if (order.from_day == INT32_MIN || order.to_day == INT32_MIN || order.reason == NULL) {
        fprintf(stderr, "litang report freeze: 需要 --from、--to 和 --reason / --from, --to and --reason are "
                        "needed\n");
        return EXIT_USAGE;
    }
    order.id = words[0];
    order.minimum = (int32_t)minimum;
    order.actor = cli->actor;
    order.at = cli->clock.now_s(cli->clock.context);
    return freeze_run(cli, &order, area_word, dry_run);
}

/* ---- correct ---- */

/* What was asked for, as words. figure NULL: every difference. */
struct correct_wish {
    const char *id, *reason, *figure, *area;
    int64_t difference;
    bool dry_run;
};

static enum error_code correct_put(struct cli *cli, struct change_set *set, const struct timetable *tt,
                                   const struct frozen_period *period, const struct frozen_figures *figures,
                                   const struct correct_wish *wish, size_t *ret_count, struct error *err)
{
    int64_t at = cli->clock.now_s(cli->clock.context);
    if (wish->figure == NULL) {
        return freeze_correct(set, tt, period, figures, wish->reason, cli->actor, at, ret_count, err);
    }
    struct freeze_entry entry = {.name = wish->figure,
                                 .reason = wish->reason,
                                 .actor = cli->actor,
                                 .difference = wish->difference,
                                 .at = at,
                                 .area = NONE};
    if (wish->area != NULL && (entry.area = cli_find_area(tt, wish->area, AREA_TOWNSHIP)) == NONE) {
        return error_set(err, ERR_NOT_FOUND, "没有区域 %.60s (no such area)", wish->area);
    }
    *ret_count = 1;
    return freeze_correct_one(set, tt, period, figures, &entry, err);
}

static int correct_run(struct cli *cli, const struct correct_wish *wish)
{
    const char *id = wish->id;
    struct store *store = NULL;
    struct timetable *tt = NULL;
    struct frozen_periods periods = {0};
    struct frozen_figures figures = {0};
    struct error err = {0};
    size_t corrections = 0;
    int exit_code = cli_open_snapshot(cli, &store, &tt);
    if (exit_code != EXIT_DONE) {
        return exit_code;
    }
    struct change_set *set = set_make(cli, wish->reason);
    enum error_code code = set != NULL ? frozen_periods_load(store, FROZEN_ALL, &periods, &err) : ERR_USAGE;
    const struct frozen_period *period = code == ERR_NONE ? frozen_periods_find(&periods, id) : NULL;
    if (code == ERR_NONE && period == NULL) {
        code = error_set(&err, ERR_NOT_FOUND, "没有上报过时段 %.60s (no such reported period)", id);
    }
    if (code == ERR_NONE) {
        change_set_expect_revision(set, tt->revision);
        code = frozen_figures_load(store, id, FROZEN_ALL, &figures, &err);
    }
    if (code == ERR_NONE) {
        code = correct_put(cli, set, tt, period, &figures, wish, &corrections, &err);
    }
    if (set == NULL) {
        exit_code = EXIT_USAGE;
    } else if (code == ERR_NONE && corrections == 0) {
        cli_say(cli, "没有要更正的：数字与上报（及已有更正）一致",
                "nothing to correct: the figures are as reported and corrected so far");
        change_set_destroy(set);
    } else {
        exit_code = set_end(cli, store, set, code, &err, wish->dry_run);
    }
    frozen_figures_finish(&figures);
    frozen_periods_finish(&periods);
    timetable_unref(tt);
    store_close(store);
    return exit_code;
}

int report_correct(struct cli *cli, int argc, char **argv)
{
    struct correct_wish wish = {0};
    const struct arg_spec specs[] = {
        {"reason", ARG_TEXT, &wish.reason, "TEXT", "原因，必填 / why; needed", 0, 0},
        {"figure", ARG_TEXT, &wish.figure, "NAME",
         "手工更正这一项，如 heads / a correction of this figure by hand, as report frozen names it", 0, 0},
        {"difference", ARG_INTEGER, &wish.difference, "N", "--figure 多报为负、少报为正 / by how much",
         -1000000000, 1000000000},
        {"area", ARG_TEXT, &wish.area, "CODE",
         "--figure 的县或镇街 / of a county or township; default: the whole", 0, 0},
        {"dry-run", ARG_FLAG, &wish.dry_run, "", "只检查，不写入 / try it, write nothing", 0, 0},
        {0}};
    const struct arg_usage usage = {
        "report correct", "PERIOD",
        "把已上报时段与现在所知的差别记为更正。 Records by how much a reported "
        "period's figures differ from what "
        "is known now.",
        "--figure 记一项手工更正：记录里没有、但已查明的差错；以后计算的更正不动它。 --figure "
        "records one that is known but not in the records; computed ones leave it standing.\n"
        "上报的数字不变；report corrections PERIOD 列出更正。 The reported "
        "figures stay; report corrections PERIOD "
        "lists the corrections."};
    const char *words[1];
    size_t count = 0;
    int code = args_parse(argc, argv, &usage, specs, words, 1, 1, &count);
    if (code != ARGS_RUN) {
        return code;
    }
    if (wish.reason == NULL) {
        fprintf(stderr, "litang report correct: 需要 --reason / --reason is needed\n");
        return EXIT_USAGE;
    }
    if ((wish.figure != NULL) != (wish.difference != 0) || (wish.area != NULL && wish.figure == NULL)) {
        fprintf(
            stderr,
            "litang report correct: --figure 与 --difference（不为 0）须同用，--area 须与 --figure 同用 / "
            "--figure and --difference (not 0) go together, --area with --figure\n");
        return EXIT_USAGE;
    }
    wish.id = words[0];
    return correct_run(cli, &wish);
}

/* ---- target ---- */

static int target_show(struct cli *cli)
{
    struct store *store = NULL;
    struct timetable *tt = NULL;
    int code = cli_open_snapshot(cli, &store, &tt);
    if (code == EXIT_DONE) {
        printf("%d.%02d\n", tt->coverage_target / 100, tt->coverage_target % 100);
        timetable_unref(tt);
        store_close(store);
    }
    return code;
}

int report_target(struct cli *cli, int argc, char **argv)
{
    const char *reason = "coverage target";
    const struct arg_spec specs[] = {{"reason", ARG_TEXT, &reason, "TEXT", "原因 / recorded", 0, 0}, {0}};
    const struct arg_usage usage = {"report target", "[PERCENT]",
                                    "覆盖率目标：显示或修改。 Shows or sets the coverage target, in percent.",
                                    NULL};
    const char *words[1];
    size_t count = 0;
    struct store *store = NULL;
    struct error err = {0};
    int code = args_parse(argc, argv, &usage, specs, words, 0, 1, &count);
    if (code != ARGS_RUN) {
        return code;
    }
    if (count == 0) {
        return target_show(cli);
    }
    if ((code = cli_open(cli, STORE_OPEN, &store)) != EXIT_DONE) {
        return code;
    }
    struct change_set *set = set_make(cli, reason);
    const struct cell cells[] = {CELL_STR("name", "coverage_target"), CELL_STR("value", words[0])};
    code = set == NULL
               ? EXIT_USAGE
               : set_end(cli, store, set, change_set_put(set, TABLE_SETTING, cells, 2, &err), &err, false);
    store_close(store);
    return code;
}
