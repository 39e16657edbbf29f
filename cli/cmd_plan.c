/* cli/cmd_plan: plan: a draft from the planner. */
#include "cli/cli.h"
#include "cli/draft.h"
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
    DEFICITS_SHOWN = 5,
    TIME_DEFAULT_MS = 10000
};

static const char DEFAULT_NAME[] = "draft";

/* Set by SIGINT or SIGTERM while a plan is searched for: the best plan so far is kept. */
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

/* The days of a plan; INT32_MIN where the command line does not say. */
struct window {
    int32_t from_day, to_day;
};

/* Where nothing is said: from today, or, when every request begins later or is past, from where they begin,
 * to where the last one ends. A window longer than a plan may be is cut, and said. */
static bool window_default(const struct cli *cli, const struct timetable *timetable, struct window *window)
{
    const struct request *last = NULL;
    int32_t today = cli_today(cli, timetable);
    int32_t from = INT32_MAX;
    for (size_t i = 0; i < timetable->request_count; i++) {
        const struct request *request = &timetable->requests[i];
        if (!request->withdrawn) {
            from = request->from_day < from ? request->from_day : from;
            last = last == NULL || request->to_day > last->to_day ? request : last;
        }
    }
    if (last == NULL) {
        return window->from_day != INT32_MIN && window->to_day != INT32_MIN;
    }
    from = from < today && last->to_day >= today ? today : from;
    window->from_day = window->from_day != INT32_MIN ? window->from_day : from;
    if (window->to_day != INT32_MIN) {
        return true;
    }
    window->to_day = last->to_day;
    if (window->to_day - window->from_day >= LIMIT_PLAN_DAYS) {
        char date[DATE_TEXT_SIZE];
        char zh[LIMIT_ID_BYTES + 160];
        char en[LIMIT_ID_BYTES + 160];
        window->to_day = window->from_day + LIMIT_PLAN_DAYS - 1;
        date_format(window->to_day, date);
        snprintf(zh, sizeof zh, "点单 %s 等的时段超出一份方案的 %d 天，只排到 %s；--from、--to 可另定。",
                 last->id, LIMIT_PLAN_DAYS, date);
        snprintf(en, sizeof en,
                 "request %s reaches beyond the %d days of a plan; this one ends on %s (--from, --to).",
                 last->id, LIMIT_PLAN_DAYS, date);
        cli_say(cli, zh, en);
    }
    return true;
}

/* Requests that still lack sessions and end before the first day: nobody is going to plan them. */
static size_t past_count(const struct timetable *timetable, int32_t from_day)
{
    int32_t *placed = calloc(timetable->request_count + 1, sizeof *placed);
    size_t count = 0;
    if (placed != NULL) {
        request_count_placed(timetable, placed);
    }
    for (size_t r = 0; placed != NULL && r < timetable->request_count; r++) {
        const struct request *request = &timetable->requests[r];
        bool lacks = !request->withdrawn && request_missing(request, placed[r]) > 0;
        count += lacks && request->to_day < from_day ? 1 : 0;
    }
    free(placed);
    return count;
}

static void past_say(const struct cli *cli, const struct timetable *timetable, const struct window *window)
{
    size_t count = past_count(timetable, window->from_day);
    char date[DATE_TEXT_SIZE];
    char zh[160];
    char en[192];
    if (count > 0) {
        date_format(window->from_day, date);
        snprintf(zh, sizeof zh,
                 "另有 %zu 份未排满的点单在 %s 前已到期，不在此方案内；见 litang report requests。", count,
                 date);
        snprintf(en, sizeof en,
                 "%zu requests that lack sessions ended before %s and are not in this plan; see litang "
                 "report requests.",
                 count, date);
        cli_say(cli, zh, en);
    }
}

static bool window_check(const struct cli *cli, const struct window *window)
{
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    char zh[128];
    char en[128];
    if (window->to_day >= window->from_day) {
        return true;
    }
    date_format(window->from_day, from);
    date_format(window->to_day, to);
    snprintf(zh, sizeof zh, "末日 %s 早于首日 %s，请用 --from、--to 指定", to, from);
    snprintf(en, sizeof en, "the last day %s is before the first day %s; see --from and --to", to, from);
    cli_say(cli, zh, en);
    return false;
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
    cli_print_cost(cli, &plan->cost);
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

/* A name that nobody chose may have been published while the search went on: then the next one is taken. */
static enum error_code plan_keep(struct cli *cli, struct store *store, const struct plan *plan,
                                 const char *wish, char name[LIMIT_ID_BYTES + 1], struct error *err)
{
    draft_replaced_say(cli, store, name);
    enum error_code code = plan_save(store, name, cli->actor, plan, err);
    if (code == ERR_EXISTS && wish == NULL) {
        code = plan_name_default(store, DEFAULT_NAME, name, err);
        code = code == ERR_NONE ? plan_save(store, name, cli->actor, plan, err) : code;
    }
    return code;
}

static int plan_make(struct cli *cli, struct store *store, struct timetable *timetable,
                     struct planner_options *options, const char *wish, char name[LIMIT_ID_BYTES + 1])
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
    sigaction(SIGTERM, &action, NULL);
    struct plan *plan = NULL;
    enum error_code failed = planner_run(timetable, options, &world, &plan, &err);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    if (world.progress != NULL) {
        fprintf(stderr, "\n");
    }
    if (failed != ERR_NONE) {
        return cli_error(&err);
    }
    int code = EXIT_DONE;
    if (plan_keep(cli, store, plan, wish, name, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else {
        plan_print(cli, name, plan);
        bound_print(cli, plan, options);
    }
    plan_destroy(plan);
    return code;
}

/* What the command line asks for; 0 and -1: not given. */
struct plan_wish {
    struct window window;
    int64_t time_ms, seed, threads, iterations, freeze_days;
    const char *name, *requests;
    bool replan, repair;
};

static struct planner_options wish_options(const struct plan_wish *wish, int32_t today)
{
    const struct window *window = &wish->window;
    struct planner_options options = planner_options_default(window->from_day, window->to_day);
    options.time_ms = wish->time_ms > 0 ? wish->time_ms : TIME_DEFAULT_MS;
    options.seed = wish->seed >= 0 ? (uint64_t)wish->seed : 1;
    options.threads = wish->threads > 0 ? (uint32_t)wish->threads : 1;
    options.iterations = (uint64_t)wish->iterations;
    options.keep_published = !wish->replan;
    options.frozen_until_day = today > window->from_day ? today - 1 : window->from_day - 1;
    return options;
}

static int plan_anew(struct cli *cli, struct plan_wish *wish)
{
    struct store *store = NULL;
    struct timetable *timetable = NULL;
    char name[LIMIT_ID_BYTES + 1];
    int code = cli_open_snapshot(cli, &store, &timetable);
    if (code != EXIT_DONE) {
        return code;
    }
    if (!window_default(cli, timetable, &wish->window)) {
        cli_say(cli, "没有点单，无课可排", "there are no requests to plan for");
        code = EXIT_FINDING;
    } else if (!window_check(cli, &wish->window)) {
        code = EXIT_USAGE;
    } else if ((code = draft_name_settle(store, wish->name, DEFAULT_NAME, name)) == EXIT_DONE) {
        past_say(cli, timetable, &wish->window);
        struct planner_options options = wish_options(wish, cli_today(cli, timetable));
        code = plan_make(cli, store, timetable, &options, wish->name, name);
    }
    timetable_unref(timetable);
    store_close(store);
    return code;
}

static int plan_wished(struct cli *cli, struct plan_wish *wish)
{
    if (wish->repair &&
        (wish->replan || wish->time_ms > 0 || wish->seed >= 0 || wish->threads > 0 || wish->iterations > 0)) {
        fprintf(stderr, "litang plan: --replan、--seconds、--seed、--threads、--iterations 不能与 --repair "
                        "同用 / do not go with --repair\n");
        return EXIT_USAGE;
    }
    if (!wish->repair && (wish->freeze_days > 0 || wish->requests != NULL)) {
        fprintf(stderr, "litang plan: --freeze-days、--request 须与 --repair 同用 / go with --repair only\n");
        return EXIT_USAGE;
    }
    if (wish->repair) {
        const struct repair_wish repair = {wish->window.from_day, wish->window.to_day, wish->freeze_days,
                                           wish->requests, wish->name};
        return cli_repair(cli, &repair);
    }
    return plan_anew(cli, wish);
}

int command_plan(struct cli *cli, int argc, char **argv)
{
    struct plan_wish wish = {.window = {INT32_MIN, INT32_MIN}, .seed = -1};
    const struct arg_spec specs[] = {
        {"from", ARG_DATE, &wish.window.from_day, "DATE",
         "首日，默认今天，或点单最早的一天 / first day, default: today, or where the requests begin", 0, 0},
        {"to", ARG_DATE, &wish.window.to_day, "DATE",
         "末日，默认点单最晚的一天 / last day, default: where the last request ends", 0, 0},
        {"seconds", ARG_SECONDS, &wish.time_ms, "S", "时限 / time limit, default 10", 10, 86400000},
        {"seed", ARG_INTEGER, &wish.seed, "N", "随机种子 / default 1", 0, INT64_MAX},
        {"threads", ARG_INTEGER, &wish.threads, "N", "线程 / default 1", 1, LIMIT_THREADS},
        {"iterations", ARG_INTEGER, &wish.iterations, "N",
         "步数 / stop after exactly so many steps, whatever the time", 1, INT64_MAX},
        {"name", ARG_TEXT, &wish.name, "PLAN",
         "方案名，默认 draft，已发布过则为 draft-2 … / default \"draft\", with --repair \"repair\"; once "
         "published \"draft-2\" …",
         0, 0},
        {"replan", ARG_FLAG, &wish.replan, "", "允许移动已发布场次 / published sessions may move, at a price",
         0, 0},
        {"repair", ARG_FLAG, &wish.repair, "",
         "只修复已发布场次中的冲突，改动最少 / only mend what is broken, with the fewest changes", 0, 0},
        {"freeze-days", ARG_INTEGER, &wish.freeze_days, "N",
         "修复时今天起 N 天不动 / --repair: nothing moves for N days from today", 0, 3650},
        {"request", ARG_TEXT, &wish.requests, "ID,…",
         "修复时加排的紧急点单 / --repair: urgent requests to place, too", 0, 0},
        {0}};
    const struct arg_usage usage = {
        "plan", "",
        "为未满足的点单排课，存为方案，不发布。 Drafts a plan for the open requests; publishes nothing.",
        NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    return code == ARGS_RUN ? plan_wished(cli, &wish) : code;
}
