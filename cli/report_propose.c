/* cli/report_propose: proposals for what a coverage figure does not reach, saved as a draft plan. */
#include "cli/report_propose.h"

#include "reports/propose.h"
#include "store/plans.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXT_MAX = 256 * 1024 * 1024
};

/* Set by SIGINT: what was found so far is answered. */
static atomic_bool interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    atomic_store(&interrupted, true);
}

bool report_wants_proposals(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            return false;
        }
        if (strcmp(argv[i], "--propose") == 0) {
            return true;
        }
    }
    return false;
}

/* What was asked for, as words. */
struct wish {
    const char *definition, *area, *township, *hall, *target, *name, *format;
    int32_t from_day, to_day, by_day;
    int64_t minimum, max;
    bool all, propose, dry;
};

/* "98", "97.68": hundredths of a percent. */
static bool target_parse(const char *text, int32_t *ret_hundredths)
{
    int32_t value = 0;
    int decimals = -1;
    size_t digits = 0;
    for (const char *at = text; *at != '\0' && !(*at == '%' && at[1] == '\0'); at++) {
        if (*at == '.' && decimals < 0 && digits > 0) {
            decimals = 0;
        } else if (*at >= '0' && *at <= '9' && decimals < 2 && digits < 5) {
            value = value * 10 + (*at - '0');
            digits++;
            decimals += decimals >= 0 ? 1 : 0;
        } else {
            return false;
        }
    }
    for (int k = decimals < 0 ? 0 : decimals; k < 2; k++) {
        value *= 10;
    }
    if (digits == 0 || decimals == 0 || value > PROPOSE_ALL) {
        return false;
    }
    *ret_hundredths = value;
    return true;
}

/* A deadline alone names the year; without one, the newest session's, as the report has it. */
static void days_resolve(const struct timetable *tt, const struct wish *wish, int32_t today,
                         struct propose_options *options)
{
    int32_t newest = wish->by_day != INT32_MIN ? wish->by_day : today;
    for (size_t i = 0; wish->by_day == INT32_MIN && i < tt->session_count; i++) {
        newest = tt->sessions[i].at.day > newest ? tt->sessions[i].at.day : newest;
    }
    options->to_day =
        wish->to_day != INT32_MIN ? wish->to_day : date_from_civil((struct civil){date_year(newest), 12, 31});
    options->from_day = wish->from_day != INT32_MIN
                            ? wish->from_day
                            : date_from_civil((struct civil){date_year(options->to_day), 1, 1});
    options->by_day = wish->by_day != INT32_MIN ? wish->by_day : options->to_day;
}

static int usage_say(const char *zh, const char *en, const char *word)
{
    fprintf(stderr, "litang report: %s / %s: %s\n", zh, en, word);
    return EXIT_USAGE;
}

static int wish_resolve(const struct timetable *tt, const struct wish *wish, int32_t today,
                        struct propose_options *options)
{
    *options = propose_defaults(today);
    options->definition = coverage_from_name(wish->definition);
    if (options->definition == COVERAGE_COUNT) {
        return usage_say("没有这个口径", "no such definition", wish->definition);
    }
    options->target_hundredths = tt->coverage_target;
    if (wish->target != NULL && !target_parse(wish->target, &options->target_hundredths)) {
        return usage_say("目标应为 0 至 100 的百分数", "a target is a percentage from 0 to 100",
                         wish->target);
    }
    if (wish->all || wish->hall != NULL) {
        options->target_hundredths = PROPOSE_ALL;
    }
    const char *area = wish->township != NULL ? wish->township : wish->area;
    if (area != NULL && (options->area = cli_find_area(tt, area, AREA_TOWNSHIP)) == NONE) {
        return EXIT_USAGE;
    }
    if (wish->hall != NULL && (options->hall = timetable_find_hall(tt, wish->hall)) == NONE) {
        return usage_say("没有这个礼堂", "no such hall", wish->hall);
    }
    if (strcmp(wish->format, "table") != 0 && strcmp(wish->format, "json") != 0) {
        return usage_say("格式应为 table 或 json", "unknown format", wish->format);
    }
    options->minimum = (int32_t)wish->minimum;
    days_resolve(tt, wish, today, options);
    return EXIT_DONE;
}

static int text_print(struct text *out, enum error_code failed, struct error *err)
{
    if (failed != ERR_NONE || text_status(out, err) != ERR_NONE) {
        return cli_error(err);
    }
    fwrite(text_string(out), 1, out->length, stdout);
    return EXIT_DONE;
}

/* ---- one hall: where it could have a session ---- */

static int hall_answer(struct cli *cli, struct timetable *tt, const struct wish *wish,
                       const struct propose_options *options)
{
    struct error err = {0};
    struct text out;
    bool any = true;
    int32_t first = options->first_day > options->from_day ? options->first_day : options->from_day;
    int32_t last = options->by_day < options->to_day ? options->by_day : options->to_day;
    text_init(&out, TEXT_MAX);
    enum error_code failed = ERR_NONE;
    if (first > last) {
        text_finish(&out);
        cli_say(cli, "期限内已没有可排的日子", "no day is left before the deadline");
        return EXIT_USAGE;
    }
    if (strcmp(wish->format, "json") == 0) {
        failed = propose_hall_json(tt, options->hall, first, last, (size_t)wish->max, &options->weights,
                                   AUDIENCE_OFFICE, &out, &any, &err);
    }
    for (int k = 0; k < 2 && strcmp(wish->format, "json") != 0 && failed == ERR_NONE; k++) {
        bool chinese = k == 0;
        if (cli->language != (chinese ? LANGUAGE_EN : LANGUAGE_ZH)) {
            failed = propose_hall_text(tt, options->hall, first, last, (size_t)wish->max, &options->weights,
                                       chinese, &out, &any, &err);
        }
    }
    int code = text_print(&out, failed, &err);
    text_finish(&out);
    return code == EXIT_DONE && !any ? EXIT_FINDING : code;
}

/* ---- all of them, as a draft ---- */

static int set_print(const struct cli *cli, const struct wish *wish, const struct proposal_set *set)
{
    struct error err = {0};
    struct text out;
    text_init(&out, TEXT_MAX);
    if (strcmp(wish->format, "json") == 0) {
        propose_json(set, AUDIENCE_OFFICE, &out);
    } else {
        if (cli->language != LANGUAGE_EN) {
            propose_text(set, true, &out);
        }
        if (cli->language != LANGUAGE_ZH) {
            propose_text(set, false, &out);
        }
    }
    int code = text_print(&out, ERR_NONE, &err);
    text_finish(&out);
    return code;
}

static int set_save(struct cli *cli, struct store *store, const struct wish *wish,
                    const struct proposal_set *set)
{
    struct error err = {0};
    struct plan *plan = NULL;
    if (wish->dry || set->reach->proposal_count == 0) {
        return EXIT_DONE;
    }
    if (reach_plan(set->reach, &set->options.weights, &plan, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    int code = EXIT_DONE;
    if (plan_save(store, wish->name, cli->actor, plan, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else {
        fprintf(stderr, "方案 plan: %s\n  litang diff %s · litang publish %s\n", wish->name, wish->name,
                wish->name);
    }
    plan_destroy(plan);
    return code;
}

static int set_answer(struct cli *cli, struct store *store, struct timetable *tt, const struct wish *wish,
                      const struct propose_options *options)
{
    struct error err = {0};
    struct proposal_set set;
    const struct planner_world world = {.clock = cli->clock, .cancel = &interrupted};
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    enum error_code failed = propose_run(tt, options, &world, &set, &err);
    signal(SIGINT, SIG_DFL);
    if (failed != ERR_NONE) {
        return cli_error(&err);
    }
    int code = set_print(cli, wish, &set);
    code = code == EXIT_DONE ? set_save(cli, store, wish, &set) : code;
    if (code == EXIT_DONE && !propose_is_met(&set)) {
        code = EXIT_FINDING;
    }
    propose_finish(&set);
    return code;
}

int report_propose(struct cli *cli, int argc, char **argv)
{
    struct wish wish = {.definition = "halls-planned",
                        .name = "reach",
                        .format = "table",
                        .from_day = INT32_MIN,
                        .to_day = INT32_MIN,
                        .by_day = INT32_MIN,
                        .minimum = 1,
                        .max = PROPOSE_PLACES_DEFAULT};
    const struct arg_spec specs[] = {
        {"propose", ARG_FLAG, &wish.propose, "", "提出建议场次 / propose sessions for what is not reached", 0,
         0},
        {"target", ARG_TEXT, &wish.target, "PERCENT",
         "目标覆盖率 / the rate that is wanted, default: what `report target` says", 0, 0},
        {"all", ARG_FLAG, &wish.all, "", "全部覆盖 / reach all, the same as --target 100", 0, 0},
        {"by", ARG_DATE, &wish.by_day, "DATE", "期限 / the last day for proposals, default: the period's end",
         0, 0},
        {"hall", ARG_TEXT, &wish.hall, "ID",
         "一个礼堂可排的时间 / where one hall could have a session; saves nothing", 0, 0},
        {"max", ARG_INTEGER, &wish.max, "N", "--hall 最多几个 / --hall: at most so many, default 6", 1,
         FREE_RESULTS_MAX},
        {"township", ARG_TEXT, &wish.township, "CODE", "只看一个镇街 / only this township", 0, 0},
        {"area", ARG_TEXT, &wish.area, "CODE", "只看一个区域 / only below this area", 0, 0},
        {"name", ARG_TEXT, &wish.name, "PLAN", "方案名 / the draft's name, default \"reach\"", 0, 0},
        {"dry-run", ARG_FLAG, &wish.dry, "", "不存方案 / save no draft", 0, 0},
        {"format", ARG_TEXT, &wish.format, "F", "table (默认 default), json", 0, 0},
        {"definition", ARG_TEXT, &wish.definition, "NAME", "halls-planned halls-held villages townships", 0,
         0},
        {"from", ARG_DATE, &wish.from_day, "DATE", "统计首日 / the figure's first day, default: 1 January", 0,
         0},
        {"to", ARG_DATE, &wish.to_day, "DATE", "统计末日 / the figure's last day, default: 31 December", 0,
         0},
        {"minimum", ARG_INTEGER, &wish.minimum, "N", "至少几场才算覆盖 / sessions a place needs, default 1",
         1, LIMIT_REACH_NEED},
        {0}};
    const struct arg_usage usage = {"report", "coverage --propose",
                                    "为未覆盖的礼堂、村或镇街提出建议场次，存为方案。 Proposes sessions for "
                                    "what coverage does not reach, as a draft.",
                                    "1: 达不到目标 / the target cannot be reached"};
    const char *words[1] = {NULL};
    size_t count = 0;
    int code = args_parse(argc, argv, &usage, specs, words, 1, 1, &count);
    if (code != ARGS_RUN) {
        return code;
    }
    if (strcmp(words[0], "coverage") != 0) {
        return usage_say("只有覆盖率能提出建议", "only coverage can be proposed for", words[0]);
    }
    struct store *store = NULL;
    struct timetable *tt = NULL;
    struct propose_options options;
    struct error err = {0};
    if ((code = cli_open_snapshot(cli, &store, &tt)) != EXIT_DONE) {
        return code;
    }
    code = wish_resolve(tt, &wish, cli_today(cli, tt), &options);
    if (code == EXIT_DONE && store_weights(store, &options.weights, &err) != ERR_NONE) {
        code = cli_error(&err);
    }
    if (code == EXIT_DONE) {
        code = wish.hall != NULL ? hall_answer(cli, tt, &wish, &options)
                                 : set_answer(cli, store, tt, &wish, &options);
    }
    timetable_unref(tt);
    store_close(store);
    return code;
}
