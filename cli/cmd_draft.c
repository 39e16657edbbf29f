/* cli/cmd_draft: diff, publish: a draft against the published timetable, and into it. */
#include "cli/cli.h"
#include "store/plans.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    DRAFTS_SHOWN = 100
};

static void published_say(const struct cli *cli, const struct plan_diff *diff)
{
    char zh[128];
    char en[128];
    snprintf(zh, sizeof zh, "该方案已发布为版本 %" PRId64 "；以下为发布的内容，不是待办。",
             diff->published_revision);
    snprintf(en, sizeof en, "this plan was published as revision %" PRId64 "; below is what it brought.",
             diff->published_revision);
    cli_say(cli, zh, en);
}

/* "township·hall room", the room only where there is a choice. */
static void place_print(const char *township, const char *hall, const char *room)
{
    printf("%s%s%s%s%s", township, *township != '\0' ? "·" : "", hall, *room != '\0' ? " " : "", room);
}

static void row_print(const struct plan_diff_row *row, bool is_published)
{
    char date[DATE_TEXT_SIZE];
    char start[TIME_TEXT_SIZE];
    char end[TIME_TEXT_SIZE];
    bool is_move = row->action[0] == 'm';
    char sign = is_move ? '~' : row->action[1] == 'r' ? '+' : '-';
    date_format(row->day, date);
    minute_format(row->start_min, start);
    minute_format(row->start_min + row->minutes, end);
    printf("%c %s %s-%s ", sign, date, start, end);
    place_print(row->township, row->hall, row->room);
    printf(" 《%s》 %s", row->course, row->instructors);
    if (row->session_id != 0) {
        printf(" [%" PRId64 "]", row->session_id);
    }
    if (is_move && !is_published) {
        date_format(row->old_day, date);
        minute_format(row->old_start_min, start);
        printf(" ← %s %s ", date, start);
        place_print("", row->old_hall, row->old_room);
        printf(" %s", row->old_instructors);
    }
    printf("\n");
}

static void diff_print(const struct cli *cli, const struct plan_diff *diff, bool refusals_only)
{
    bool is_published = diff->published_revision != 0;
    printf("plan %s\n", diff->name);
    if (is_published) {
        published_say(cli, diff);
    }
    printf("base revision %" PRId64 ", now %" PRId64
           "; create %zu, move %zu, cancel %zu; refused requests %zu\n",
           diff->base_revision, diff->current_revision, diff->created, diff->moved, diff->cancelled,
           diff->refusal_count);
    for (size_t i = 0; !refusals_only && i < diff->row_count; i++) {
        row_print(&diff->rows[i], is_published);
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

static enum error_code drafts_print(struct store *store, struct error *err)
{
    struct plan_entry *entries = calloc(DRAFTS_SHOWN, sizeof *entries);
    size_t count = 0;
    if (entries == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    enum error_code code = plan_list(store, entries, DRAFTS_SHOWN, &count, err);
    for (size_t i = 0; i < count; i++) {
        const struct plan_entry *entry = &entries[i];
        char at[INSTANT_TEXT_SIZE];
        instant_format(entry->created_at, at);
        printf("%s\t%s\t%s\tbase %" PRId64 "\t%" PRId64 " changes\t", entry->name, at, entry->actor,
               entry->base_revision, entry->items);
        if (entry->published_revision != 0) {
            printf("published %" PRId64 "\n", entry->published_revision);
        } else {
            printf("draft\n");
        }
    }
    free(entries);
    return code;
}

int command_diff(struct cli *cli, int argc, char **argv)
{
    bool refusals_only = false;
    bool lists = false;
    const struct arg_spec specs[] = {
        {"refused", ARG_FLAG, &refusals_only, "", "只列未排点单及原因 / only what was refused, and why", 0,
         0},
        {"list", ARG_FLAG, &lists, "", "列出方案，最新在前 / the plans there are, newest first", 0, 0},
        {0}};
    const struct arg_usage usage = {"diff", "[PLAN]",
                                    "方案与已发布场次的差异，默认为最新的未发布方案。 A draft against the "
                                    "published timetable; default: the newest that is not published.",
                                    NULL};
    const char *name[1] = {NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, name, 0, 1, &words);
    struct store *store = NULL;
    if (code == ARGS_RUN && lists && (words > 0 || refusals_only)) {
        fprintf(stderr, "litang diff: --list 须单独使用 / --list goes alone\n");
        return EXIT_USAGE;
    }
    if (code != ARGS_RUN || (code = cli_open(cli, STORE_OPEN, &store)) != EXIT_DONE) {
        return code;
    }
    struct plan_diff diff = {0};
    struct error err = {0};
    enum error_code failed =
        lists ? drafts_print(store, &err) : plan_diff_load(store, words > 0 ? name[0] : NULL, &diff, &err);
    if (failed != ERR_NONE) {
        code = cli_error(&err);
    } else if (!lists) {
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
    const struct arg_usage usage = {"publish", "[PLAN]",
                                    "发布方案：一次提交，全部或全不；有多份未发布的方案时须写明。 Publishes "
                                    "a draft as one commit, all of "
                                    "it or nothing; where several drafts are open it must be named.",
                                    NULL};
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
        if (result.created + result.updated == 0) {
            cli_say(cli, "方案没有改动，未产生新版本。", "the plan changes nothing; no revision was made.");
        }
    }
    commit_result_finish(&result);
    store_close(store);
    return code;
}
