/* cli/cmd_problem: problem export, import, score, solve: what there is to plan as JSON, for other solvers and
 * for judging them (docs/interchange.md). */
#include "cli/cli.h"
#include "importers/problem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    READ_FIRST_BYTES = 1 << 16
};

/* ---- files ---- */

/* The whole of a file or, for "-", of standard input, at most LIMIT_PROBLEM_BYTES and one more byte. */
static int bytes_read(const char *path, char **ret_bytes, size_t *ret_length)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    size_t capacity = READ_FIRST_BYTES;
    size_t length = 0;
    char *bytes = malloc(capacity);
    bool ok = file != NULL && bytes != NULL;
    while (ok && length <= LIMIT_PROBLEM_BYTES) {
        size_t got = fread(bytes + length, 1, capacity - length, file);
        length += got;
        if (got == 0) {
            ok = ferror(file) == 0;
            break;
        }
        if (length == capacity) {
            char *grown = realloc(bytes, capacity * 2);
            ok = grown != NULL;
            bytes = ok ? grown : bytes;
            capacity = ok ? capacity * 2 : capacity;
        }
    }
    if (file != NULL && file != stdin) {
        (void)fclose(file);
    }
    if (!ok) {
        free(bytes);
        fprintf(stderr, "litang: 无法读取 / cannot be read: %s\n", path);
        return EXIT_TROUBLE;
    }
    *ret_bytes = bytes;
    *ret_length = length;
    return EXIT_DONE;
}

static int problem_open(const char *path, struct problem_file *ret_file)
{
    char *bytes = NULL;
    size_t length = 0;
    struct error err = {0};
    int code = bytes_read(path, &bytes, &length);
    if (code == EXIT_DONE && problem_file_read(bytes, length, ret_file, &err) != ERR_NONE) {
        (void)error_wrap(&err, "%s", path);
        code = cli_error(&err);
    }
    free(bytes);
    return code;
}

static int plan_open(const char *path, const struct problem_file *file, struct plan **ret_plan)
{
    char *bytes = NULL;
    size_t length = 0;
    struct error err = {0};
    int code = bytes_read(path, &bytes, &length);
    if (code == EXIT_DONE && plan_file_read(file, bytes, length, ret_plan, &err) != ERR_NONE) {
        (void)error_wrap(&err, "%s", path);
        code = cli_error(&err);
    }
    free(bytes);
    return code;
}

static int text_print(const struct text *text)
{
    bool written = fwrite(text_string(text), 1, text->length, stdout) == text->length && fflush(stdout) == 0;
    if (!written) {
        fprintf(stderr, "litang: 无法写出 / cannot be written\n");
    }
    return written ? EXIT_DONE : EXIT_TROUBLE;
}

/* ---- export ---- */

static int export_write(struct store *store, struct problem_file *file)
{
    struct error err = {0};
    struct text out;
    int code = EXIT_DONE;
    text_init(&out, LIMIT_PROBLEM_BYTES);
    if (store_weights(store, &file->weights, &err) != ERR_NONE ||
        problem_file_write(file, &out, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else {
        code = text_print(&out);
    }
    text_finish(&out);
    return code;
}

static int problem_export(struct cli *cli, int argc, char **argv)
{
    int32_t from_day = INT32_MIN;
    int32_t to_day = INT32_MIN;
    int32_t frozen_day = INT32_MIN;
    bool replan = false;
    const struct arg_spec specs[] = {
        {"from", ARG_DATE, &from_day, "DATE", "首日 / first day, default: where the requests begin", 0, 0},
        {"to", ARG_DATE, &to_day, "DATE", "末日 / last day", 0, 0},
        {"frozen-until", ARG_DATE, &frozen_day, "DATE",
         "此日及以前不动 / published sessions on or before it do not move", 0, 0},
        {"replan", ARG_FLAG, &replan, "", "允许移动已发布场次 / published sessions may move, at a price", 0,
         0},
        {0}};
    const struct arg_usage usage = {
        "problem export", "",
        "把待排的点单及其条件写成 JSON。 Writes what there is to plan as JSON to standard output.",
        "docs/interchange.md 说明格式。 docs/interchange.md describes the form."};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    struct store *store = NULL;
    struct timetable *timetable = NULL;
    if (code != ARGS_RUN || (code = cli_open_snapshot(cli, &store, &timetable)) != EXIT_DONE) {
        return code;
    }
    struct problem_file file = {.timetable = timetable, .keep_published = !replan};
    if (!problem_file_window(timetable, &file.from_day, &file.to_day) &&
        (from_day == INT32_MIN || to_day == INT32_MIN)) {
        cli_say(cli, "没有点单，请用 --from 和 --to 指定区间",
                "there are no requests: name the days with --from and --to");
        code = EXIT_FINDING;
    } else {
        file.from_day = from_day != INT32_MIN ? from_day : file.from_day;
        file.to_day = to_day != INT32_MIN ? to_day : file.to_day;
        file.frozen_until_day = frozen_day != INT32_MIN ? frozen_day : file.from_day - 1;
        if (file.to_day < file.from_day || file.to_day - file.from_day >= LIMIT_PLAN_DAYS) {
            fprintf(stderr, "litang: 排课区间须为 1 至 %d 天 / a plan spans 1 to %d days\n", LIMIT_PLAN_DAYS,
                    LIMIT_PLAN_DAYS);
            code = EXIT_USAGE;
        } else {
            code = export_write(store, &file);
        }
    }
    timetable_unref(timetable);
    store_close(store);
    return code;
}

/* ---- import ---- */

static int problem_import(struct cli *cli, int argc, char **argv)
{
    const char *reason = "problem import";
    const struct arg_spec specs[] = {
        {"reason", ARG_TEXT, &reason, "TEXT", "原因 / recorded with the revision", 0, 0}, {0}};
    const struct arg_usage usage = {"problem import", "PROBLEM.json",
                                    "把 JSON 问题导入空数据库。 Brings a problem into an empty database.",
                                    NULL};
    const char *path[1] = {NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, path, 1, 1, &words);
    struct problem_file file;
    struct store *store = NULL;
    if (code != ARGS_RUN || (code = problem_open(path[0], &file)) != EXIT_DONE) {
        return code;
    }
    code = cli_open(cli, STORE_OPEN, &store);
    if (code == EXIT_DONE) {
        struct commit_result result = {0};
        struct error err = {0};
        int64_t now_s = cli->clock.now_s(cli->clock.context);
        if (problem_file_store(&file, store, cli->actor, reason, now_s, &result, &err) != ERR_NONE) {
            code = cli_error(&err);
            (void)cli_print_clashes(cli, result.timetable, &result.clashes, CLASHES_SHOWN);
        } else {
            printf("revision %" PRId64 "\nrows %zu\n", result.revision, result.created);
        }
        commit_result_finish(&result);
    }
    store_close(store);
    problem_file_finish(&file);
    return code;
}

/* ---- score ---- */

static void faults_print(const struct cli *cli, const struct plan *plan, const struct plan_verdict *verdict,
                         size_t max)
{
    size_t shown = verdict->fault_count < max ? verdict->fault_count : max;
    size_t left = verdict->fault_count + verdict->faults_dropped - shown;
    for (size_t i = 0; i < shown; i++) {
        struct text zh;
        struct text en;
        text_init(&zh, LIMIT_NOTE_BYTES * 2);
        text_init(&en, LIMIT_NOTE_BYTES * 2);
        text_addf(&zh, "[%s] ", plan_fault_name(verdict->faults[i].kind));
        text_addf(&en, "[%s] ", plan_fault_name(verdict->faults[i].kind));
        plan_fault_sentence(plan, &verdict->faults[i], true, &zh);
        plan_fault_sentence(plan, &verdict->faults[i], false, &en);
        cli_say(cli, text_string(&zh), text_string(&en));
        text_finish(&zh);
        text_finish(&en);
    }
    if (left > 0) {
        fprintf(stderr, "… 另有 %zu 条 / %zu more\n", left, left);
    }
}

static void verdict_print(const struct cli *cli, const struct plan_verdict *verdict)
{
    printf("clashes %zu\nclashes_before %zu\nfaults %zu\n", verdict->hard, verdict->hard_before,
           verdict->fault_count + verdict->faults_dropped);
    printf("wanted %" PRId64 "\nplaced %" PRId64 "\npriority_wanted %" PRId64 "\npriority_placed %" PRId64
           "\ncost %" PRId64 "\n",
           verdict->wanted, verdict->placed, verdict->priority_wanted, verdict->priority_placed,
           plan_cost_total(&verdict->cost));
    cli_print_cost(cli, &verdict->cost);
}

static int problem_score(struct cli *cli, int argc, char **argv)
{
    bool all = false;
    const struct arg_spec specs[] = {{"all", ARG_FLAG, &all, "",
                                      "列出全部冲突，不止前 50 条 / every clash and fault, not the first 50",
                                      0, 0},
                                     {0}};
    const struct arg_usage usage = {
        "problem score", "PROBLEM.json PLAN.json",
        "用全部硬规则和逐项代价评判方案；有冲突则退出码 1。 Judges a plan by every hard rule and by its "
        "cost, term by term; exit 1 if anything is broken.",
        "不用排课搜索的任何代码，也不需数据库。 Shares no code with the search and needs no database."};
    const char *paths[2] = {NULL, NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, paths, 2, 2, &words);
    struct problem_file file;
    struct plan *plan = NULL;
    if (code != ARGS_RUN || (code = problem_open(paths[0], &file)) != EXIT_DONE) {
        return code;
    }
    struct plan_verdict verdict;
    struct error err = {0};
    code = plan_open(paths[1], &file, &plan);
    if (code == EXIT_DONE && plan_judge(&file, plan, &verdict, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else if (code == EXIT_DONE) {
        size_t max = all ? SIZE_MAX : CLASHES_SHOWN;
        (void)cli_print_clashes(cli, file.timetable, &verdict.clashes, max);
        faults_print(cli, plan, &verdict, max);
        verdict_print(cli, &verdict);
        code = verdict.hard > 0 || verdict.fault_count > 0 ? EXIT_FINDING : EXIT_DONE;
        plan_verdict_finish(&verdict);
    }
    plan_destroy(plan);
    problem_file_finish(&file);
    return code;
}

/* ---- solve ---- */

static int solve_run(struct cli *cli, struct problem_file *file, const struct planner_options *options)
{
    struct planner_world world = {.clock = cli->clock};
    struct plan *plan = NULL;
    struct error err = {0};
    struct text out;
    text_init(&out, LIMIT_PROBLEM_BYTES);
    enum error_code failed = planner_run(file->timetable, options, &world, &plan, &err);
    if (failed == ERR_NONE) {
        failed = plan_file_write(plan, &out, &err);
    }
    int code = failed != ERR_NONE ? cli_error(&err) : text_print(&out);
    if (failed == ERR_NONE) {
        fprintf(stderr, "placed %" PRId64 " of %" PRId64 ", cost %" PRId64 "\n", plan->placed, plan->wanted,
                plan_cost_total(&plan->cost));
    }
    text_finish(&out);
    plan_destroy(plan);
    return code;
}

static int problem_solve(struct cli *cli, int argc, char **argv)
{
    int64_t time_ms = 10000;
    int64_t seed = 1;
    int64_t threads = 1;
    int64_t iterations = 0;
    const struct arg_spec specs[] = {
        {"seconds", ARG_SECONDS, &time_ms, "S", "时限 / time limit of the search, default 10", 10, 86400000},
        {"seed", ARG_INTEGER, &seed, "N", "随机种子 / default 1", 0, INT64_MAX},
        {"threads", ARG_INTEGER, &threads, "N", "线程 / default 1", 1, LIMIT_THREADS},
        {"iterations", ARG_INTEGER, &iterations, "N",
         "步数 / stop after exactly so many steps, whatever the time", 1, INT64_MAX},
        {0}};
    const struct arg_usage usage = {
        "problem solve", "PROBLEM.json",
        "为 JSON 问题排课，方案写到标准输出。 Plans a problem and writes the plan to standard output.", NULL};
    const char *path[1] = {NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, path, 1, 1, &words);
    struct problem_file file;
    if (code != ARGS_RUN || (code = problem_open(path[0], &file)) != EXIT_DONE) {
        return code;
    }
    struct planner_options options = problem_file_options(&file);
    options.time_ms = time_ms;
    options.seed = (uint64_t)seed;
    options.threads = (uint32_t)threads;
    options.iterations = (uint64_t)iterations;
    code = solve_run(cli, &file, &options);
    problem_file_finish(&file);
    return code;
}

/* ---- the command ---- */

static const struct command PARTS[] = {
    {"export", "导出 / the database's open requests as a problem", problem_export},
    {"import", "导入 / a problem into an empty database", problem_import},
    {"score", "评判 / a plan for a problem", problem_score},
    {"solve", "排课 / a plan by litang's own planner", problem_solve},
};

int command_problem(struct cli *cli, int argc, char **argv)
{
    bool help = argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0;
    for (size_t i = 0; !help && i < sizeof PARTS / sizeof *PARTS; i++) {
        if (strcmp(argv[1], PARTS[i].name) == 0) {
            return PARTS[i].run(cli, argc - 1, argv + 1);
        }
    }
    FILE *out = argc >= 2 && help ? stdout : stderr;
    fprintf(out, "litang problem export|import|score|solve …\n\n");
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        fprintf(out, "  %-8s %s\n", PARTS[i].name, PARTS[i].summary);
    }
    return argc >= 2 && help ? EXIT_DONE : EXIT_USAGE;
}
