/* cli/cmd_plan: plan, diff, publish: a draft from the planner to the published timetable. */
#include "cli/cli.h"
#include "cli/repair.h"
#include "scheduler/bound.h"
#include "scheduler/planner.h"
#include "store/plans.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    REFUSALS_SHOWN = 20,
    DEFICITS_SHOWN = 5
};

/* Set by SIGINT while a plan is searched for: the best plan so far is kept. */
static atomic_bool interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    atomic_store(&interrupted, true);
}

static void progress_print(void *context, const struct planner_progress *progress)
{
    (void)context;
    fprintf(stderr, "\r%6.1f s  已排 placed %" PRId64 "/%" PRId64 "  代价 cost %" PRId64 "   ",
            (double)progress->elapsed_ms / 1000.0, progress->placed, progress->wanted, progress->cost);
}

/* The days that requests still open span; today and later, unless all of it is past. */
static bool window_default(const struct timetable *timetable, int32_t today, int32_t *from_day,
                           int32_t *to_day)
{
    int32_t from = INT32_MAX;
    int32_t to = INT32_MIN;
    for (size_t i = 0; i < timetable->request_count; i++) {
        const struct request *request = &timetable->requests[i];
        if (!request->withdrawn) {
            from = request->from_day < from ? request->from_day : from;
            to = request->to_day > to ? request->to_day : to;
        }
    }
    if (from > to) {
        return false;
    }
    if (from < today && to >= today) {
        from = today;
    }
    *from_day = *from_day != INT32_MIN ? *from_day : from;
    *to_day = *to_day != INT32_MIN ? *to_day : to;
    return true;
}

static void cost_print(const struct plan_cost *cost)
{
#define X(field, value, unit, zh) printf("  %-18s %10" PRId64 "  %s\n", #field, cost->field, zh);
    WEIGHT_LIST(X)
#undef X
}

static void plan_print(const struct cli *cli, const char *name, const struct plan *plan)
{
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    date_format(plan->from_day, from);
    date_format(plan->to_day, to);
    size_t counts[3] = {0};
    for (size_t i = 0; i < plan->item_count; i++) {
        counts[plan->items[i].action]++;
    }
    printf("plan %s\nbase revision %" PRId64 "\ndays %s to %s\nseconds %.2f\niterations %" PRIu64 "\n", name,
           plan->base_revision, from, to, (double)plan->elapsed_ms / 1000.0, plan->iterations);
    printf("placed %" PRId64 " of %" PRId64 "\ncreate %zu\nmove %zu\ncancel %zu\ncost %" PRId64 "\n",
           plan->placed, plan->wanted, counts[PLAN_CREATE], counts[PLAN_MOVE], counts[PLAN_CANCEL],
           plan_cost_total(&plan->cost));
    cost_print(&plan->cost);
    printf("refused requests %zu\n", plan->refusal_count);
    for (size_t i = 0; i < plan->refusal_count && i < REFUSALS_SHOWN; i++) {
        struct text zh;
        struct text en;
        text_init(&zh, LIMIT_NOTE_BYTES * 2);
        text_init(&en, LIMIT_NOTE_BYTES * 2);
        refusal_sentence(plan->timetable, &plan->refusals[i], true, &zh);
        refusal_sentence(plan->timetable, &plan->refusals[i], false, &en);
        cli_say(cli, text_string(&zh), text_string(&en));
        text_finish(&zh);
        text_finish(&en);
    }
    if (plan->refusal_count > REFUSALS_SHOWN) {
        fprintf(stderr, "… litang diff %s\n", name);
    }
}

/* What contradicts itself, before anything is searched for. */
static void contradictions_print(const struct cli *cli, const struct timetable *timetable,
                                 const struct planner_options *options)
{
    struct plan_refusal *items = NULL;
    size_t count = 0;
    if (bound_contradictions(timetable, options->from_day, options->to_day, &items, &count, NULL) !=
        ERR_NONE) {
        return;
    }
    if (count > 0) {
        char zh[128];
        char en[128];
        snprintf(zh, sizeof zh, "%zu 份点单自相矛盾，无论怎样都排不上：", count);
        snprintf(en, sizeof en,
                 "%zu requests contradict themselves and cannot be placed in any plan:", count);
        cli_say(cli, zh, en);
    }
    for (size_t i = 0; i < count && i < REFUSALS_SHOWN; i++) {
        struct text text[2];
        for (int k = 0; k < 2; k++) {
            text_init(&text[k], LIMIT_NOTE_BYTES * 2);
            refusal_sentence(timetable, &items[i], k == 0, &text[k]);
        }
        cli_say(cli, text_string(&text[0]), text_string(&text[1]));
        text_finish(&text[0]);
        text_finish(&text[1]);
    }
    free(items);
}

static void deficits_print(const struct cli *cli, const struct timetable *timetable,
                           const struct bound *bound)
{
    for (size_t i = 0; i < bound->deficit_count && i < DEFICITS_SHOWN; i++) {
        struct text text[2];
        for (int k = 0; k < 2; k++) {
            text_init(&text[k], LIMIT_NOTE_BYTES * 2);
            text_add(&text[k], k == 0 ? "  不足：" : "  short: ");
            bound_deficit_sentence(timetable, &bound->deficits[i], k == 0, &text[k]);
        }
        cli_say(cli, text_string(&text[0]), text_string(&text[1]));
        text_finish(&text[0]);
        text_finish(&text[1]);
    }
}

/* How far the plan is from what no plan can better. A plan without bounds is as good a plan. */
static void bound_print(const struct cli *cli, const struct plan *plan, const struct planner_options *options)
{
    const struct bound_options days = {options->from_day, options->to_day, options->keep_published};
    struct bound *bound = NULL;
    if (bound_create(plan->timetable, &days, &bound, NULL) != ERR_NONE) {
        return;
    }
    int64_t least = bound_travel(bound, plan->placed);
    printf("bound placed <= %" PRId64 " (%.2f %%)\n", bound->placed_most,
           bound->placed_most > 0 ? 100.0 * (double)plan->placed / (double)bound->placed_most : 100.0);
    printf("bound travel >= %" PRId64 " min", least);
    if (options->weights.travel > 0) {
        printf(" (of %" PRId64 ")", plan->cost.travel / options->weights.travel);
    }
    printf("\n");
    cli_say(cli,
            "  "
            "上下界只计讲师次数上限与可授课日、场地容量、供给与配额；未计讲师之间路程、同日时刻搭配、受众与系"
            "列节奏。",
            "  bounds count caps and days of instructors, time of rooms, supply and quota; they leave out "
            "journeys between "
            "halls, times within a day, audiences and the rhythm of series.");
    deficits_print(cli, plan->timetable, bound);
    bound_destroy(bound);
}

static int plan_make(struct cli *cli, struct store *store, struct timetable *timetable,
                     struct planner_options *options, const char *name)
{
    struct error err = {0};
    if (store_weights(store, &options->weights, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    struct planner_world world = {.clock = cli->clock,
                                  .cancel = &interrupted,
                                  .progress = isatty(STDERR_FILENO) ? progress_print : NULL};
    contradictions_print(cli, timetable, options);
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    struct plan *plan = NULL;
    enum error_code failed = planner_run(timetable, options, &world, &plan, &err);
    signal(SIGINT, SIG_DFL);
    if (world.progress != NULL) {
        fprintf(stderr, "\n");
    }
    if (failed != ERR_NONE) {
        return cli_error(&err);
    }
    int code = EXIT_DONE;
    if (plan_save(store, name, cli->actor, plan, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else {
        plan_print(cli, name, plan);
        bound_print(cli, plan, options);
    }
    plan_destroy(plan);
    return code;
}

int command_plan(struct cli *cli, int argc, char **argv)
{
    int32_t from_day = INT32_MIN;
    int32_t to_day = INT32_MIN;
    int64_t time_ms = 0; /* here and below: not given */
    int64_t seed = -1;
    int64_t threads = 0;
    int64_t iterations = 0;
    const char *name = NULL;
    const char *requests = NULL;
    int64_t freeze_days = 0;
    bool replan = false;
    bool repair = false;
    const struct arg_spec specs[] = {
        {"from", ARG_DATE, &from_day, "DATE", "首日 / first day, default: where the requests begin", 0, 0},
        {"to", ARG_DATE, &to_day, "DATE", "末日 / last day", 0, 0},
        {"seconds", ARG_SECONDS, &time_ms, "S", "时限 / time limit, default 10", 10, 86400000},
        {"seed", ARG_INTEGER, &seed, "N", "随机种子 / default 1", 0, INT64_MAX},
        {"threads", ARG_INTEGER, &threads, "N", "线程 / default 1", 1, LIMIT_THREADS},
        {"iterations", ARG_INTEGER, &iterations, "N",
         "步数 / stop after exactly so many steps, whatever the time", 1, INT64_MAX},
        {"name", ARG_TEXT, &name, "PLAN",
         "方案名 / default \"draft\", with --repair \"repair\", then \"repair-2\" …", 0, 0},
        {"replan", ARG_FLAG, &replan, "", "允许移动已发布场次 / published sessions may move, at a price", 0,
         0},
        {"repair", ARG_FLAG, &repair, "",
         "只修复已发布场次中的冲突，改动最少 / only mend what is broken, with the fewest changes", 0, 0},
        {"freeze-days", ARG_INTEGER, &freeze_days, "N",
         "修复时今天起 N 天不动 / --repair: nothing moves for N days from today", 0, 3650},
        {"request", ARG_TEXT, &requests, "ID,…",
         "修复时加排的紧急点单 / --repair: urgent requests to place, too", 0, 0},
        {0}};
    const struct arg_usage usage = {
        "plan", "",
        "为未满足的点单排课，存为方案，不发布。 Drafts a plan for the open requests; publishes nothing.",
        NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    struct store *store = NULL;
    struct timetable *timetable = NULL;
    if (code == ARGS_RUN && repair) {
        if (replan || time_ms > 0 || seed >= 0 || threads > 0 || iterations > 0) {
            fprintf(stderr,
                    "litang plan: --replan、--seconds、--seed、--threads、--iterations 不能与 --repair "
                    "同用 / do not go with --repair\n");
            return EXIT_USAGE;
        }
        const struct repair_wish wish = {from_day, to_day, freeze_days, requests, name};
        return cli_repair(cli, &wish);
    }
    if (code == ARGS_RUN && (freeze_days > 0 || requests != NULL)) {
        fprintf(stderr, "litang plan: --freeze-days、--request 须与 --repair 同用 / go with --repair only\n");
        return EXIT_USAGE;
    }
    if (code != ARGS_RUN || (code = cli_open_snapshot(cli, &store, &timetable)) != EXIT_DONE) {
        return code;
    }
    name = name != NULL ? name : "draft";
    int32_t today = cli_today(cli, timetable);
    if (!window_default(timetable, today, &from_day, &to_day) &&
        (from_day == INT32_MIN || to_day == INT32_MIN)) {
        cli_say(cli, "没有点单，无课可排", "there are no requests to plan for");
        code = EXIT_FINDING;
    } else {
        struct planner_options options = planner_options_default(from_day, to_day);
        options.time_ms = time_ms > 0 ? time_ms : 10000;
        options.seed = seed >= 0 ? (uint64_t)seed : 1;
        options.threads = threads > 0 ? (uint32_t)threads : 1;
        options.iterations = (uint64_t)iterations;
        options.keep_published = !replan;
        options.frozen_until_day = today > from_day ? today - 1 : from_day - 1;
        code = plan_make(cli, store, timetable, &options, name);
    }
    timetable_unref(timetable);
    store_close(store);
    return code;
}

static void diff_print(const struct cli *cli, const struct plan_diff *diff, bool refusals_only)
{
    printf("base revision %" PRId64 ", now %" PRId64
           "; create %zu, move %zu, cancel %zu; refused requests %zu\n",
           diff->base_revision, diff->current_revision, diff->created, diff->moved, diff->cancelled,
           diff->refusal_count);
    for (size_t i = 0; !refusals_only && i < diff->row_count; i++) {
        const struct plan_diff_row *row = &diff->rows[i];
        char date[DATE_TEXT_SIZE];
        char start[TIME_TEXT_SIZE];
        char end[TIME_TEXT_SIZE];
        date_format(row->day, date);
        minute_format(row->start_min, start);
        minute_format(row->start_min + row->minutes, end);
        printf("%c %s %s-%s %s·%s 《%s》 %s",
               row->action[0] == 'c' && row->action[1] == 'r' ? '+'
               : row->action[0] == 'm'                        ? '~'
                                                              : '-',
               date, start, end, row->township, row->hall, row->course, row->instructors);
        if (row->session_id != 0) {
            printf(" [%" PRId64 "]", row->session_id);
        }
        if (row->action[0] == 'm') {
            date_format(row->old_day, date);
            minute_format(row->old_start_min, start);
            printf(" ← %s %s %s %s", date, start, row->old_hall, row->old_instructors);
        }
        printf("\n");
    }
    for (size_t i = 0; i < diff->refusal_count; i++) {
        if (cli->language != LANGUAGE_EN) {
            printf("! %s %s\n", diff->refusals[i].request_id, diff->refusals[i].zh);
        }
        if (cli->language != LANGUAGE_ZH) {
            printf("! %s %s\n", diff->refusals[i].request_id, diff->refusals[i].en);
        }
    }
}

int command_diff(struct cli *cli, int argc, char **argv)
{
    bool refusals_only = false;
    const struct arg_spec specs[] = {{"refused", ARG_FLAG, &refusals_only, "",
                                      "只列未排点单及原因 / only what was refused, and why", 0, 0},
                                     {0}};
    const struct arg_usage usage = {
        "diff", "[PLAN]", "方案与已发布场次的差异。 A draft against the published timetable.", NULL};
    const char *name[1] = {NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, name, 0, 1, &words);
    struct store *store = NULL;
    if (code != ARGS_RUN || (code = cli_open(cli, STORE_OPEN, &store)) != EXIT_DONE) {
        return code;
    }
    struct plan_diff diff;
    struct error err = {0};
    if (plan_diff_load(store, words > 0 ? name[0] : NULL, &diff, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else {
        diff_print(cli, &diff, refusals_only);
        plan_diff_finish(&diff);
    }
    store_close(store);
    return code;
}

int command_publish(struct cli *cli, int argc, char **argv)
{
    const char *reason = "publish";
    const struct arg_spec specs[] = {
        {"reason", ARG_TEXT, &reason, "TEXT", "原因 / recorded with the revision", 0, 0}, {0}};
    const struct arg_usage usage = {
        "publish", "[PLAN]",
        "发布方案：一次提交，全部或全不。 Publishes a draft as one commit: all of it or nothing.", NULL};
    const char *name[1] = {NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, name, 0, 1, &words);
    struct store *store = NULL;
    if (code != ARGS_RUN || (code = cli_open(cli, STORE_OPEN, &store)) != EXIT_DONE) {
        return code;
    }
    struct commit_result result = {0};
    struct error err = {0};
    if (plan_publish(store, words > 0 ? name[0] : NULL, cli->actor, reason, &result, &err) != ERR_NONE) {
        code = cli_refused(cli, &err, &result);
    } else {
        printf("revision %" PRId64 "\ncreated %zu\nupdated %zu\n", result.revision, result.created,
               result.updated);
    }
    commit_result_finish(&result);
    store_close(store);
    return code;
}
