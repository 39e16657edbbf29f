/* cli/cmd_check: check: every hard rule over everything published, and the score by plain loops. */
#include "cli/cli.h"
#include "scheduler/plan.h"

#include <inttypes.h>
#include <stdio.h>

static void score_print(const struct cli *cli, const struct book *book, const struct weights *weights,
                        int32_t from_day, int32_t to_day)
{
    struct plan_cost cost = {0};
    struct error err = {0};
    if (score_timetable(book, weights, from_day, to_day, &cost, &err) != ERR_NONE) {
        (void)cli_error(&err);
        return;
    }
    int64_t wanted = 0;
    int64_t placed = 0;
    int64_t priority_wanted = 0;
    int64_t priority_placed = 0;
    score_requests(book, from_day, to_day, &wanted, &placed, &priority_wanted, &priority_placed);
    printf("wanted %" PRId64 "\nplaced %" PRId64 "\ncost %" PRId64 "\n", wanted, placed,
           plan_cost_total(&cost));
    cli_print_cost(cli, &cost);
}

/* The days that the published sessions span. */
static void span_of(const struct timetable *timetable, int32_t *from_day, int32_t *to_day)
{
    int32_t first = DATE_MAX;
    int32_t last = DATE_MIN;
    for (size_t i = 0; i < timetable->session_count; i++) {
        int32_t day = timetable->sessions[i].at.day;
        first = day < first ? day : first;
        last = day > last ? day : last;
    }
    *from_day = *from_day != INT32_MIN ? *from_day : first;
    *to_day = *to_day != INT32_MIN ? *to_day : last;
}

static int check_run(struct cli *cli, struct store *store, struct timetable *timetable, bool score,
                     int32_t from_day, int32_t to_day)
{
    struct error err = {0};
    struct book *book = NULL;
    struct clash_list clashes;
    clash_list_init(&clashes);
    size_t hard = 0;
    int code = EXIT_DONE;
    if (book_create(timetable, false, &book, &err) != ERR_NONE ||
        rules_check_all(book, &clashes, &hard, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else {
        (void)cli_print_clashes(cli, timetable, &clashes, LIMIT_CLASHES);
        printf("revision %" PRId64 "\nsessions %zu\nclashes %zu\noverridden %zu\n", timetable->revision,
               timetable->session_count, hard, clashes.count + clashes.dropped - hard);
        code = hard > 0 ? EXIT_FINDING : EXIT_DONE;
        struct weights weights;
        if (score && timetable->session_count > 0) {
            span_of(timetable, &from_day, &to_day);
            if (store_weights(store, &weights, &err) == ERR_NONE) {
                score_print(cli, book, &weights, from_day, to_day);
            } else {
                code = cli_error(&err);
            }
        }
    }
    clash_list_finish(&clashes);
    book_destroy(book);
    return code;
}

int command_check(struct cli *cli, int argc, char **argv)
{
    bool score = false;
    int32_t from_day = INT32_MIN;
    int32_t to_day = INT32_MIN;
    const struct arg_spec specs[] = {
        {"score", ARG_FLAG, &score, "", "并计算软约束代价 / and the soft cost, term by term", 0, 0},
        {"from", ARG_DATE, &from_day, "DATE", "评分首日 / first day of the score", 0, 0},
        {"to", ARG_DATE, &to_day, "DATE", "评分末日 / last day of the score", 0, 0},
        {0}};
    const struct arg_usage usage = {"check", "",
                                    "对全部已发布场次检查每条硬规则；有冲突时退出码为 1。 Every hard rule "
                                    "over everything published; exit 1 if any is broken.",
                                    NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    struct store *store = NULL;
    struct timetable *timetable = NULL;
    if (code != ARGS_RUN || (code = cli_open_snapshot(cli, &store, &timetable)) != EXIT_DONE) {
        return code;
    }
    code = check_run(cli, store, timetable, score, from_day, to_day);
    timetable_unref(timetable);
    store_close(store);
    return code;
}
