/* cli/common: opening, saying, committing: see cli.h. */
#include "cli/cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cli_error(const struct error *err)
{
    fprintf(stderr, "litang: %s / %s: %s\n", error_sentence_zh(err->code), error_sentence_en(err->code),
            err->text);
    switch (err->code) {
    case ERR_CLASH:
    case ERR_STALE:
        return EXIT_FINDING;
    case ERR_USAGE:
    case ERR_INPUT:
    case ERR_SYNTAX:
    case ERR_NOT_FOUND:
    case ERR_EXISTS:
        return EXIT_USAGE;
    default:
        return EXIT_TROUBLE;
    }
}

void cli_say(const struct cli *cli, const char *zh, const char *en)
{
    switch (cli->language) {
    case LANGUAGE_ZH:
        fprintf(stderr, "%s\n", zh);
        break;
    case LANGUAGE_EN:
        fprintf(stderr, "%s\n", en);
        break;
    case LANGUAGE_BOTH:
        fprintf(stderr, "%s\n  %s\n", zh, en);
        break;
    }
}

/* The end of a line of stdout. */
static void words_print(const struct cli *cli, const char *zh, const char *en)
{
    printf("  %s%s%s\n", cli->language != LANGUAGE_EN ? zh : "", cli->language == LANGUAGE_BOTH ? " / " : "",
           cli->language != LANGUAGE_ZH ? en : "");
}

void cli_print_cost(const struct cli *cli, const struct plan_cost *cost)
{
#define X(field, value, unit, zh)                                                                            \
    printf("  %-18s %10" PRId64, #field, cost->field);                                                       \
    words_print(cli, zh, unit);
    WEIGHT_LIST(X)
#undef X
}

void cli_print_weights(const struct cli *cli, const struct weights *weights)
{
    const struct weights defaults = weights_default();
#define X(field, value, unit, zh)                                                                            \
    printf("%-18s %8" PRId32 "%s", #field, weights->field, weights->field == defaults.field ? " " : "*");    \
    words_print(cli, zh, unit);
    WEIGHT_LIST(X)
#undef X
}

int cli_open(struct cli *cli, enum store_mode mode, struct store **ret_store)
{
    if (cli->db_path == NULL) {
        fprintf(stderr, "litang: 请用 --db 指定数据库 / name the database with --db FILE\n");
        return EXIT_USAGE;
    }
    struct error err = {0};
    if (store_open(cli->db_path, mode, cli->clock, ret_store, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    return EXIT_DONE;
}

int cli_open_snapshot(struct cli *cli, struct store **ret_store, struct timetable **ret_timetable)
{
    struct store *store = NULL;
    int code = cli_open(cli, STORE_OPEN, &store);
    if (code != EXIT_DONE) {
        return code;
    }
    struct error err = {0};
    if (store_snapshot(store, ret_timetable, &err) != ERR_NONE) {
        store_close(store);
        return cli_error(&err);
    }
    *ret_store = store;
    return EXIT_DONE;
}

struct zone cli_zone(const struct timetable *timetable)
{
    struct zone zone = {.tzid = "UTC"};
    if (zone_load(timetable->tzid, &zone, NULL) != ERR_NONE) {
        fprintf(stderr, "litang: 时区不可用，按 UTC 处理 / the time zone cannot be read, using UTC: %s\n",
                timetable->tzid);
    }
    return zone;
}

int32_t cli_today(const struct cli *cli, const struct timetable *timetable)
{
    struct zone zone = cli_zone(timetable);
    int32_t day = 0;
    zone_local_from_utc(&zone, cli->clock.now_s(cli->clock.context), &day, NULL, NULL);
    return day;
}

static void clash_print(const struct cli *cli, const struct timetable *timetable, const struct clash *clash)
{
    struct text zh;
    struct text en;
    text_init(&zh, LIMIT_NOTE_BYTES * 4);
    text_init(&en, LIMIT_NOTE_BYTES * 4);
    text_addf(&zh, "%s[%s] ", clash->overridden ? "（已批准）" : "", rule_name(clash->rule));
    text_addf(&en, "%s[%s] ", clash->overridden ? "(overridden) " : "", rule_name(clash->rule));
    clash_sentence(timetable, clash, true, &zh);
    clash_sentence(timetable, clash, false, &en);
    cli_say(cli, text_string(&zh), text_string(&en));
    text_finish(&zh);
    text_finish(&en);
}

size_t cli_print_clashes(const struct cli *cli, const struct timetable *timetable,
                         const struct clash_list *list, size_t max)
{
    size_t hard = 0;
    size_t shown = 0;
    for (size_t i = 0; i < list->count; i++) {
        hard += !list->items[i].overridden;
        if (shown < max && timetable != NULL) {
            clash_print(cli, timetable, &list->items[i]);
            shown++;
        }
    }
    size_t left = list->count + list->dropped - shown;
    if (left > 0) {
        fprintf(stderr, "… 另有 %zu 条 / %zu more\n", left, left);
    }
    return hard + list->dropped;
}

static void commit_report(const struct cli *cli, const struct commit_result *result, bool dry_run)
{
    char zh[256];
    char en[256];
    snprintf(zh, sizeof zh, "%s：新增 %zu，更新 %zu，未变 %zu，删除 %zu；版本 %" PRId64,
             dry_run ? "预演（未写入）" : "已提交", result->created, result->updated, result->unchanged,
             result->dropped, result->revision);
    snprintf(en, sizeof en, "%s: %zu created, %zu updated, %zu unchanged, %zu dropped; revision %" PRId64,
             dry_run ? "tried, nothing written" : "committed", result->created, result->updated,
             result->unchanged, result->dropped, result->revision);
    cli_say(cli, zh, en);
    for (size_t i = 0; i < result->new_session_count && i < CLASHES_SHOWN; i++) {
        printf("%" PRId64 "\n", result->new_session_ids[i]);
    }
    if (result->reflagged.count > 0) {
        snprintf(zh, sizeof zh, "注意：%zu 个已发布场次因此产生冲突：",
                 result->reflagged.count + result->reflagged.dropped);
        snprintf(en, sizeof en, "note: %zu published sessions are in conflict now:",
                 result->reflagged.count + result->reflagged.dropped);
        cli_say(cli, zh, en);
        (void)cli_print_clashes(cli, result->timetable, &result->reflagged, CLASHES_SHOWN);
    }
}

int cli_refused(const struct cli *cli, const struct error *err, const struct commit_result *result)
{
    if (err->code != ERR_CLASH || result->clashes.count == 0 || result->timetable == NULL) {
        return cli_error(err);
    }
    cli_say(cli, "未写入：与排课规则冲突", "nothing was written: rules would be broken");
    (void)cli_print_clashes(cli, result->timetable, &result->clashes, CLASHES_SHOWN);
    return EXIT_FINDING;
}

int cli_commit(struct cli *cli, struct store *store, struct change_set *set, bool dry_run)
{
    struct commit_result result = {0};
    struct error err = {0};
    int exit_code = EXIT_DONE;
    enum error_code code = store_commit(store, set, dry_run, &result, &err);
    if (code == ERR_NONE) {
        (void)cli_print_clashes(cli, result.timetable, &result.clashes, CLASHES_SHOWN);
        commit_report(cli, &result, dry_run);
    } else {
        exit_code = cli_refused(cli, &err, &result);
    }
    commit_result_finish(&result);
    change_set_destroy(set);
    return exit_code;
}

uint32_t cli_find_area(const struct timetable *timetable, const char *word, enum area_level level)
{
    uint32_t found = timetable_find_area(timetable, word);
    if (found != NONE) {
        return found;
    }
    size_t matches = 0;
    for (uint32_t i = 0; i < timetable->area_count; i++) {
        if (timetable->areas[i].level == level && strcmp(timetable->areas[i].name, word) == 0) {
            found = i;
            matches++;
        }
    }
    if (matches == 1) {
        return found;
    }
    fprintf(stderr,
            matches == 0 ? "litang: 没有这个区域 / no such area: %s\n"
                         : "litang: 区域名称不唯一，请用代码 / name not unique, give the code: %s\n",
            word);
    return NONE;
}

int64_t cli_find_session(const struct timetable *timetable, const char *word)
{
    const char *digits = strncmp(word, "s-", 2) == 0 ? word + 2 : word;
    char *end = NULL;
    long long id = strtoll(digits, &end, 10);
    bool whole = end != digits && (*end == '\0' || *end == '@');
    if (!whole || id <= 0 || timetable_find_session(timetable, id) == NULL) {
        fprintf(stderr, "litang: 没有这个场次 / no such session: %s\n", word);
        return 0;
    }
    return id;
}
