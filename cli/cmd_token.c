/* cli/cmd_token: token: the secret addresses of instructors' pages and calendars. */
#include "cli/cli.h"
#include "daemon/secret.h"
#include "store/receipts.h"
#include "store/tokens.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN_SCOPE "instructor"

static void address_print(const struct timetable *tt, const char *token)
{
    const char *host = tt->public_url;
    printf("%s/i/%s\n%s/subscribe/secret/%s\n%s/feed/secret/%s.ics\n", host, token, host, token, host, token);
}

static int token_make(struct cli *cli, struct store *store, const struct timetable *tt, const char *id,
                      const char *label)
{
    char token[SECRET_SIZE];
    char hash[TOKEN_HASH_SIZE];
    struct error err = {0};
    secret_new(token);
    (void)secret_hash(token, hash);
    if (token_add(store, TOKEN_SCOPE, id, hash, label, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    address_print(tt, token);
    cli_say(cli, "页面、订阅说明、日历。地址只显示这一次，请只交给本人",
            "page, how to subscribe, calendar: shown this once; for this person only");
    if (tt->public_url[0] == '\0') {
        cli_say(cli, "未设公开网址：请在前面加上 https://主机",
                "no public_url is set: put https://HOST before it");
    }
    return EXIT_DONE;
}

static int tokens_revoke(struct cli *cli, struct store *store, const char *id)
{
    struct error err = {0};
    size_t count = 0;
    char zh[96];
    char en[96];
    if (token_revoke(store, TOKEN_SCOPE, id, &count, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    snprintf(zh, sizeof zh, "已停用 %zu 个地址", count);
    snprintf(en, sizeof en, "%zu addresses revoked", count);
    cli_say(cli, zh, en);
    return EXIT_DONE;
}

/* The newest fetch through a token; 0: none is known. */
static int64_t last_fetch(const struct receipt_list *receipts, const struct feed_token *token)
{
    int64_t last = 0;
    for (size_t i = 0; i < receipts->count; i++) {
        const struct receipt *receipt = &receipts->items[i];
        if (receipt->token[0] != '\0' && strncmp(receipt->token, token->hash, RECEIPT_TOKEN_SIZE - 1) == 0 &&
            receipt->last_at > last) {
            last = receipt->last_at;
        }
    }
    return last;
}

static void token_print(const struct feed_token *token, const struct receipt_list *receipts)
{
    char made[INSTANT_TEXT_SIZE];
    char gone[INSTANT_TEXT_SIZE] = "-";
    char seen[INSTANT_TEXT_SIZE] = "-";
    int64_t fetched = last_fetch(receipts, token);
    instant_format(token->created_at, made);
    if (token->revoked_at > 0) {
        instant_format(token->revoked_at, gone);
    }
    if (fetched > 0) {
        instant_format(fetched, seen);
    }
    printf("%s\t%.8s\tmade %s\trevoked %s\tfetched %s\t%s\n", token->target, token->hash, made, gone, seen,
           token->label);
}

static int tokens_list(struct store *store, const char *id)
{
    struct token_list tokens = {0};
    struct receipt_list receipts = {0};
    struct error err = {0};
    int code = EXIT_DONE;
    if (token_list_load(store, &tokens, &err) != ERR_NONE ||
        receipt_list_load(store, &receipts, &err) != ERR_NONE) {
        code = cli_error(&err);
    }
    for (size_t i = 0; code == EXIT_DONE && i < tokens.count; i++) {
        if (id == NULL || strcmp(tokens.items[i].target, id) == 0) {
            token_print(&tokens.items[i], &receipts);
        }
    }
    token_list_finish(&tokens);
    receipt_list_finish(&receipts);
    return code;
}

/* The setting goes through the gate like any other: it has a revision and can be undone. */
static int public_set(struct cli *cli, struct store *store, const char *word)
{
    struct change_set *set = NULL;
    struct error err = {0};
    bool on = strcmp(word, "on") == 0;
    if (!on && strcmp(word, "off") != 0) {
        fprintf(stderr, "litang token: --public on | off\n");
        return EXIT_USAGE;
    }
    const struct cell cells[] = {CELL_STR("name", "public_instructors"), CELL_STR("value", on ? "1" : "0")};
    if (change_set_create(cli->actor, "public_instructors", "cli token", &set, &err) != ERR_NONE ||
        change_set_put(set, TABLE_SETTING, cells, 2, &err) != ERR_NONE) {
        change_set_destroy(set);
        return cli_error(&err);
    }
    return cli_commit(cli, store, set, false);
}

int command_token(struct cli *cli, int argc, char **argv)
{
    bool rotate = false;
    bool revoke = false;
    bool list = false;
    const char *label = "";
    const char *public_word = NULL;
    const struct arg_spec specs[] = {
        {"rotate", ARG_FLAG, &rotate, "", "停用旧地址，换新地址 / revoke what there is, make a new one", 0,
         0},
        {"revoke", ARG_FLAG, &revoke, "", "停用全部地址 / revoke all, make none", 0, 0},
        {"list", ARG_FLAG, &list, "", "列出地址的情况 / when made, revoked, last fetched", 0, 0},
        {"label", ARG_TEXT, &label, "TEXT", "备注 / a note to tell addresses apart", 0, 0},
        {"public", ARG_TEXT, &public_word, "on|off",
         "讲师页面和日历是否公开（默认否）/ may instructors' pages be had by id? default off", 0, 0},
        {0}};
    const struct arg_usage usage = {
        "token", "[INSTRUCTOR]",
        "讲师的专属地址（页面和日历）。 The secret address of an instructor's page and calendar.",
        "地址只显示一次，数据库只存其摘要。 An address is printed once; the database keeps a digest."};
    const char *words[1] = {NULL};
    size_t count = 0;
    int code = args_parse(argc, argv, &usage, specs, words, 0, 1, &count);
    if (code != ARGS_RUN) {
        return code;
    }
    bool alone = public_word != NULL || list;
    if ((int)rotate + (int)revoke + (int)list + (int)(public_word != NULL) > 1 || (count == 0 && !alone) ||
        (public_word != NULL && count > 0) || strlen(label) > LIMIT_NAME_BYTES) {
        fprintf(stderr,
                "litang token INSTRUCTOR [--rotate | --revoke | --list]\nlitang token --public on|off\n");
        return EXIT_USAGE;
    }
    struct store *store = NULL;
    struct timetable *tt = NULL;
    if (!secret_library_init()) {
        fprintf(stderr, "litang: no source of randomness\n");
        return EXIT_TROUBLE;
    }
    if ((code = cli_open_snapshot(cli, &store, &tt)) != EXIT_DONE) {
        return code;
    }
    if (public_word != NULL) {
        code = public_set(cli, store, public_word);
    } else if (list) {
        code = tokens_list(store, words[0]);
    } else if (revoke) { /* also of somebody who is in the data no more */
        code = tokens_revoke(cli, store, words[0]);
    } else if (timetable_find_instructor(tt, words[0]) == NONE) {
        fprintf(stderr, "litang token: 没有这位讲师 / no such instructor: %s\n", words[0]);
        code = EXIT_USAGE;
    } else {
        code = rotate ? tokens_revoke(cli, store, words[0]) : EXIT_DONE;
        code = code == EXIT_DONE ? token_make(cli, store, tt, words[0], label) : code;
    }
    timetable_unref(tt);
    store_close(store);
    return code;
}
