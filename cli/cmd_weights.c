/* cli/cmd_weights: weights: what the planner's soft terms cost, one by one or as a named profile. */
#include "cli/cli.h"
#include "store/change.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A profile is the defaults with these values changed; docs/planner.md says what each is for. */
static const struct {
    const char *profile, *weight;
    int32_t value;
} PROFILE_VALUES[] = {
    {"least-travel", "travel", 6},
    {"least-travel", "load", 1},
    {"least-travel", "weekday", 10},
    {"least-travel", "part_of_day", 15},
    {"coverage-first", "hall_unreached", 6000},
    {"coverage-first", "category_missing", 2000},
    {"coverage-first", "spacing", 20},
    {"fewest-changes", "change", 10000},
    {"fewest-changes", "continuity", 60},
};

static const struct {
    const char *name, *zh;
} PROFILES[] = {
    {"balanced", "均衡"}, /* the defaults */
    {"least-travel", "少跑路"},
    {"coverage-first", "覆盖优先"},
    {"fewest-changes", "少变动"},
};

static struct weights profile_weights(const char *profile)
{
    struct weights weights = weights_default();
    for (size_t i = 0; i < sizeof PROFILE_VALUES / sizeof *PROFILE_VALUES; i++) {
        if (strcmp(PROFILE_VALUES[i].profile, profile) == 0) {
            (void)weights_set(&weights, PROFILE_VALUES[i].weight, PROFILE_VALUES[i].value, NULL);
        }
    }
    return weights;
}

static int weights_print(const struct cli *cli, struct store *store)
{
    struct weights weights;
    struct error err = {0};
    if (store_weights(store, &weights, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    cli_print_weights(cli, &weights);
    for (size_t i = 0; i < sizeof PROFILES / sizeof *PROFILES; i++) {
        struct weights profile = profile_weights(PROFILES[i].name);
        if (memcmp(&profile, &weights, sizeof profile) == 0) {
            printf("profile %s\n", PROFILES[i].name);
        }
    }
    return EXIT_DONE;
}

static enum error_code weight_put(struct change_set *set, const char *name, int32_t value, struct error *err)
{
    const struct cell cells[] = {CELL_STR("name", name), CELL_INT("value", value)};
    return change_set_put(set, TABLE_WEIGHT, cells, 2, err);
}

static int weights_store(struct cli *cli, struct store *store, const struct weights *weights,
                         const char *reason)
{
    struct change_set *set = NULL;
    struct error err = {0};
    enum error_code failed = change_set_create(cli->actor, reason, "cli weights", &set, &err);
#define X(field, value, unit, zh)                                                                            \
    failed = failed == ERR_NONE ? weight_put(set, #field, weights->field, &err) : failed;
    WEIGHT_LIST(X)
#undef X
    if (failed != ERR_NONE) {
        change_set_destroy(set);
        return cli_error(&err);
    }
    return cli_commit(cli, store, set, false);
}

static int weights_change(struct cli *cli, struct store *store, const char *const words[3], size_t count,
                          const char *reason)
{
    struct weights weights;
    struct error err = {0};
    if (count == 2 && strcmp(words[0], "profile") == 0) {
        for (size_t i = 0; i < sizeof PROFILES / sizeof *PROFILES; i++) {
            if (strcmp(PROFILES[i].name, words[1]) == 0 || strcmp(PROFILES[i].zh, words[1]) == 0) {
                weights = profile_weights(PROFILES[i].name);
                return weights_store(cli, store, &weights, reason);
            }
        }
        fprintf(stderr, "litang weights: 没有这个方案 / no such profile: %s\n", words[1]);
        return EXIT_USAGE;
    }
    char *end = NULL;
    long long value = count == 3 ? strtoll(words[2], &end, 10) : 0;
    if (count != 3 || strcmp(words[0], "set") != 0 || end == words[2] || *end != '\0') {
        fprintf(stderr, "litang weights [set NAME VALUE | profile NAME]\nlitang weights --help\n");
        return EXIT_USAGE;
    }
    if (store_weights(store, &weights, &err) != ERR_NONE ||
        weights_set(&weights, words[1], value, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    return weights_store(cli, store, &weights, reason);
}

int command_weights(struct cli *cli, int argc, char **argv)
{
    const char *reason = "weights";
    const struct arg_spec specs[] = {
        {"reason", ARG_TEXT, &reason, "TEXT", "原因 / recorded with the revision", 0, 0}, {0}};
    const struct arg_usage usage = {
        "weights", "[set NAME VALUE | profile NAME]",
        "排课各软目标的权重：列出、修改一项、或用整套方案。 What the planner's wishes weigh: list, change "
        "one, or take a profile.",
        "profile: balanced 均衡, least-travel 少跑路, coverage-first 覆盖优先, fewest-changes 少变动"};
    const char *words[3] = {NULL, NULL, NULL};
    size_t count = 0;
    int code = args_parse(argc, argv, &usage, specs, words, 0, 3, &count);
    struct store *store = NULL;
    if (code != ARGS_RUN || (code = cli_open(cli, STORE_OPEN, &store)) != EXIT_DONE) {
        return code;
    }
    code = count == 0 ? weights_print(cli, store) : weights_change(cli, store, words, count, reason);
    store_close(store);
    return code;
}
