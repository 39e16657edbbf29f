/* cli/cmd_receipts: receipts: who has not picked up a revision. */
#include "cli/cli.h"
#include "store/receipts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int receipt_compare(const void *a, const void *b)
{
    const struct receipt *left = a;
    const struct receipt *right = b;
    if (left->revision != right->revision) {
        return left->revision < right->revision ? -1 : 1;
    }
    return left->last_at < right->last_at ? -1 : left->last_at > right->last_at;
}

static const char *name_of(const struct timetable *tt, const struct receipt *receipt)
{
    uint32_t index = strcmp(receipt->scope, "hall") == 0 ? timetable_find_hall(tt, receipt->target)
                     : strcmp(receipt->scope, "instructor") == 0
                         ? timetable_find_instructor(tt, receipt->target)
                         : timetable_find_area(tt, receipt->target);
    return index == NONE                               ? ""
           : strcmp(receipt->scope, "hall") == 0       ? tt->halls[index].name
           : strcmp(receipt->scope, "instructor") == 0 ? tt->instructors[index].name
                                                       : tt->areas[index].name;
}

static void receipt_print(const struct timetable *tt, const struct receipt *receipt, int64_t wanted)
{
    char last[INSTANT_TEXT_SIZE];
    instant_format(receipt->last_at, last);
    printf("%s\t%s\t%s\t%s\t%s%s\trevision %" PRId64 "\t%s\n",
           receipt->revision < wanted ? "未取 no" : "已取 yes", receipt->scope, receipt->target,
           name_of(tt, receipt), client_family_name(receipt->family),
           receipt->token[0] != '\0' ? " secret" : "", receipt->revision, last);
}

static int receipts_print(struct cli *cli, struct receipt_list *list, const struct receipt_filter *filter,
                          int64_t wanted, bool all)
{
    size_t behind = 0;
    size_t total = 0;
    char zh[160];
    char en[160];
    if (list->count > 1) {
        qsort(list->items, list->count, sizeof *list->items, receipt_compare);
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct receipt *receipt = &list->items[i];
        if (!receipt_filter_takes(filter, receipt)) {
            continue;
        }
        total++;
        behind += receipt->revision < wanted;
        if (all || receipt->revision < wanted) {
            receipt_print(filter->timetable, receipt, wanted);
        }
    }
    snprintf(zh, sizeof zh, "版本 %" PRId64 "：%zu 个订阅，%zu 个尚未取得", wanted, total, behind);
    snprintf(en, sizeof en, "revision %" PRId64 ": %zu subscriptions, %zu have not picked it up", wanted,
             total, behind);
    cli_say(cli, zh, en);
    return behind > 0 ? EXIT_FINDING : EXIT_DONE;
}

int command_receipts(struct cli *cli, int argc, char **argv)
{
    const char *township = NULL;
    int64_t wanted = 0;
    bool all = false;
    const struct arg_spec specs[] = {
        {"township", ARG_TEXT, &township, "CODE", "镇街 / township", 0, 0},
        {"revision", ARG_INTEGER, &wanted, "N", "版本，默认当前 / default: the current one", 1, INT64_MAX},
        {"all", ARG_FLAG, &all, "", "已取得的也列出 / also those that have it", 0, 0},
        {0}};
    const struct arg_usage usage = {"receipts", "",
                                    "哪些订阅尚未取得某个版本；有则退出码为 1。 Which subscriptions of a "
                                    "township's sessions have not picked up a "
                                    "revision; exit 1 if any.",
                                    "serve 每隔几秒写入。 The daemon writes them every few seconds."};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    struct store *store = NULL;
    struct timetable *tt = NULL;
    if (code != ARGS_RUN) {
        return code;
    }
    if (township == NULL) {
        fprintf(stderr, "litang receipts: 缺少 / missing: --township CODE\n");
        return EXIT_USAGE;
    }
    if ((code = cli_open_snapshot(cli, &store, &tt)) != EXIT_DONE) {
        return code;
    }
    uint32_t area = cli_find_area(tt, township, AREA_TOWNSHIP);
    struct receipt_filter filter = {0};
    struct receipt_list list = {0};
    struct error err = {0};
    if (area == NONE) {
        code = EXIT_USAGE;
    } else if (receipt_filter_init(&filter, tt, area, &err) != ERR_NONE ||
               receipt_list_load(store, &list, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else {
        code = receipts_print(cli, &list, &filter, wanted > 0 ? wanted : tt->revision, all);
    }
    receipt_list_finish(&list);
    receipt_filter_finish(&filter);
    timetable_unref(tt);
    store_close(store);
    return code;
}
