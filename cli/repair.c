/* cli/repair: see repair.h. */
#include "cli/repair.h"

#include "cli/draft.h"
#include "scheduler/repair.h"
#include "store/plans.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    REFUSALS_SHOWN = 20,
    URGENT_MAX = 1000 /* requests named on one command line */
};

static const char DEFAULT_NAME[] = "repair";

/* The last day of anything published or asked for, so that a session may go where there is room. */
static int32_t last_day(const struct timetable *t)
{
    int32_t last = INT32_MIN;
    for (size_t i = 0; i < t->session_count; i++) {
        last = t->sessions[i].at.day > last ? t->sessions[i].at.day : last;
    }
    for (size_t i = 0; i < t->request_count; i++) {
        bool counts = !t->requests[i].withdrawn && t->requests[i].to_day > last;
        last = counts ? t->requests[i].to_day : last;
    }
    return last;
}

/* Ids to indices, with blanks around the commas; an unknown one is said. */
static int urgent_find(const struct timetable *t, const char *ids, uint32_t *urgent, size_t *ret_count)
{
    size_t count = 0;
    while (ids != NULL && *ids != '\0') {
        char id[LIMIT_ID_BYTES + 1] = {0};
        size_t whole = strcspn(ids, ",");
        size_t blanks = strspn(ids, " ");
        size_t from = blanks < whole ? blanks : whole;
        size_t to = whole;
        while (to > from && ids[to - 1] == ' ') {
            to--;
        }
        if (to - from > LIMIT_ID_BYTES || count == URGENT_MAX) {
            fprintf(stderr, "litang: --request: 编号过长或过多 / an id is too long, or too many ids\n");
            return EXIT_USAGE;
        }
        memcpy(id, ids + from, to - from);
        urgent[count] = timetable_find_request(t, id);
        if (urgent[count] == NONE) {
            fprintf(stderr, "litang: --request: 没有点单 / no such request: %s\n", id);
            return EXIT_USAGE;
        }
        count++;
        ids += whole;
        ids += *ids == ',';
    }
    *ret_count = count;
    return EXIT_DONE;
}

static void refusals_print(const struct cli *cli, const struct plan *plan)
{
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
}

static void repair_print(const struct cli *cli, const char *name, const struct plan *plan,
                         const struct repair_report *report)
{
    if (plan->item_count > 0) {
        printf("plan %s\n", name);
    }
    printf("base revision %" PRId64
           "\nhit %zu\nmoved %zu\nleft out %zu\ncancelled %zu\nneighbours moved %zu\n",
           plan->base_revision, report->hit, report->moved, report->dropped, report->cancelled,
           report->neighbours);
    printf("created %zu\nleft broken %zu\nseconds %.3f\n", report->created, report->left.count,
           (double)plan->elapsed_ms / 1000.0);
    refusals_print(cli, plan);
    if (report->left.count > 0) {
        cli_say(cli, "以下冲突只涉及锁定、已开展或冻结期内的场次，请人工决定：",
                "only pinned, held or frozen sessions take part in these; a person decides:");
        (void)cli_print_clashes(cli, plan->timetable, &report->left, CLASHES_SHOWN);
    }
    if (plan->item_count > 0) {
        fprintf(stderr, "litang diff %s; litang publish %s\n", name, name);
    }
}

static void no_draft_say(const struct cli *cli, const char *name, bool dropped)
{
    char zh[LIMIT_ID_BYTES + 128];
    char en[LIMIT_ID_BYTES + 128];
    cli_say(cli, "没有可改动的场次，未生成方案。", "nothing to change: there is no draft.");
    if (dropped) {
        snprintf(zh, sizeof zh, "先前未发布的方案“%s”已删除。", name);
        snprintf(en, sizeof en, "the earlier draft %s, which was not published, is dropped.", name);
        cli_say(cli, zh, en);
    }
}

/* An earlier repair mends what is no longer so and must not be there to be published by mistake. One of a
 * name that somebody chose may be anything, and stays. */
static enum error_code stale_drop(struct store *store, const char *name, bool is_named, bool *ret_dropped,
                                  struct error *err)
{
    return is_named ? ERR_NONE : plan_drop(store, name, ret_dropped, err);
}

static int repair_save(struct cli *cli, struct store *store, const char *name, bool is_named,
                       const struct plan *plan, const struct repair_report *report)
{
    struct error err = {0};
    bool dropped = false;
    if (plan->item_count > 0) {
        draft_replaced_say(cli, store, name);
    }
    enum error_code failed = plan->item_count > 0 ? plan_save(store, name, cli->actor, plan, &err)
                                                  : stale_drop(store, name, is_named, &dropped, &err);
    if (failed != ERR_NONE) {
        return cli_error(&err);
    }
    repair_print(cli, name, plan, report);
    if (plan->item_count == 0) {
        no_draft_say(cli, name, dropped);
    }
    return report->left.count > 0 || report->cancelled > 0 || plan->refusal_count > 0 ? EXIT_FINDING
                                                                                      : EXIT_DONE;
}

int cli_repair_check(struct cli *cli, const struct repair_wish *wish)
{
    struct store *store = NULL;
    char name[LIMIT_ID_BYTES + 1];
    int code = cli_open(cli, STORE_OPEN, &store);
    if (code == EXIT_DONE) {
        code = draft_name_settle(store, wish->name, DEFAULT_NAME, name);
        store_close(store);
    }
    return code;
}

static int repair_make(struct cli *cli, struct store *store, struct timetable *timetable,
                       const struct repair_wish *wish, uint32_t *urgent)
{
    struct repair_options options = {.urgent = urgent};
    struct repair_report report;
    struct plan *plan = NULL;
    struct error err = {0};
    int32_t today = cli_today(cli, timetable);
    char name[LIMIT_ID_BYTES + 1];
    int code = urgent_find(timetable, wish->requests, urgent, &options.urgent_count);
    if (code != EXIT_DONE || (code = draft_name_settle(store, wish->name, DEFAULT_NAME, name)) != EXIT_DONE) {
        return code;
    }
    int32_t last = last_day(timetable);
    options.from_day = wish->from_day != INT32_MIN ? wish->from_day : today;
    options.to_day = wish->to_day != INT32_MIN ? wish->to_day
                     : last > options.from_day ? last
                                               : options.from_day;
    if (wish->to_day == INT32_MIN && options.to_day - options.from_day >= LIMIT_PLAN_DAYS) {
        options.to_day = options.from_day + LIMIT_PLAN_DAYS - 1;
    }
    options.frozen_until_day = today - 1 + (int32_t)wish->freeze_days;
    if (store_weights(store, &options.weights, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    uint64_t before_ns = cli->clock.mono_ns(cli->clock.context);
    if (repair_run(timetable, &options, &plan, &report, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    plan->elapsed_ms = (cli->clock.mono_ns(cli->clock.context) - before_ns) / 1000000;
    code = repair_save(cli, store, name, wish->name != NULL, plan, &report);
    plan_destroy(plan);
    repair_report_finish(&report);
    return code;
}

int cli_repair(struct cli *cli, const struct repair_wish *wish)
{
    struct store *store = NULL;
    struct timetable *timetable = NULL;
    int code = cli_open_snapshot(cli, &store, &timetable);
    if (code != EXIT_DONE) {
        return code;
    }
    uint32_t *urgent = malloc(URGENT_MAX * sizeof *urgent);
    if (urgent == NULL) {
        fprintf(stderr, "litang: %s\n", error_sentence_en(ERR_MEMORY));
        code = EXIT_TROUBLE;
    } else {
        code = repair_make(cli, store, timetable, wish, urgent);
    }
    free(urgent);
    timetable_unref(timetable);
    store_close(store);
    return code;
}
