/* cli/main: `litang --db FILE COMMAND`: finds the command in the table and runs it. */
#include "cli/cli.h"
#include "cli/likely.h"
#include "ical/feed.h"
#include "reports/report.h"

#include <locale.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void help_print(FILE *out)
{
    fprintf(out,
            "litang %s — 乡村文化礼堂社区教育排课 / plans community education in village halls\n\n"
            "litang --db FILE [--actor NAME] [--lang zh|en] COMMAND [options]\n\n",
            LITANG_VERSION);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "  %-10s %s\n", COMMANDS[i].name, COMMANDS[i].summary);
    }
    fprintf(out, "\nlitang COMMAND --help\n"
                 "0 完成 done · 1 有发现 a finding · 2 用法错误 wrong use · 3 故障 trouble\n");
}

static const char *account_name(void)
{
    const char *name = getenv("LITANG_ACTOR");
    if (name != NULL && name[0] != '\0') {
        return name;
    }
    const struct passwd *entry = getpwuid(geteuid());
    return entry != NULL ? entry->pw_name : "unknown";
}

static const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(COMMANDS[i].name, name) == 0) {
            return &COMMANDS[i];
        }
    }
    return NULL;
}

static int command_unknown(const char *word)
{
    struct likely command = {.typed = word, .length = strlen(word)};
    struct likely report = command;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        likely_try(&command, COMMANDS[i].name);
    }
    for (size_t i = 0; i < REPORT_LIST_COUNT; i++) {
        likely_try(&report, REPORTS[i].name);
    }
    bool is_report = report.best != NULL && (command.best == NULL || report.distance < command.distance);
    fprintf(stderr, "litang: 没有这个命令 / no such command: %s\nlitang --help\n", word);
    likely_say(is_report ? &report : &command, is_report ? "litang report " : "litang ");
    return EXIT_USAGE;
}

/* The options before the command; answers the index of the command's word, or -exit code - 1. */
static int globals_read(struct cli *cli, int argc, char **argv)
{
    int at = 1;
    while (at < argc && strncmp(argv[at], "-", 1) == 0) {
        const char *name = argv[at];
        if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
            help_print(stdout);
            return -EXIT_DONE - 1;
        }
        if (strcmp(name, "--version") == 0) {
            printf("litang %s\n", LITANG_VERSION);
            return -EXIT_DONE - 1;
        }
        const char *value = at + 1 < argc ? argv[at + 1] : NULL;
        if (strcmp(name, "--db") == 0 && value != NULL) {
            cli->db_path = value;
        } else if (strcmp(name, "--actor") == 0 && value != NULL && value[0] != '\0') {
            cli->actor = value;
        } else if (strcmp(name, "--lang") == 0 && value != NULL && strcmp(value, "zh") == 0) {
            cli->language = LANGUAGE_ZH;
        } else if (strcmp(name, "--lang") == 0 && value != NULL && strcmp(value, "en") == 0) {
            cli->language = LANGUAGE_EN;
        } else {
            fprintf(stderr, "litang: 选项不可用 / not usable: %s\nlitang --help\n", name);
            return -EXIT_USAGE - 1;
        }
        at += 2;
    }
    return at;
}

int main(int argc, char **argv)
{
    /* Numbers and bytes must not depend on the account's locale: the C locale stays in force. */
    struct cli cli = {.db_path = getenv("LITANG_DB"), .actor = account_name(), .clock = clock_system()};
    int at = globals_read(&cli, argc, argv);
    if (at < 0) {
        return -at - 1;
    }
    if (at >= argc) {
        help_print(stderr);
        return EXIT_USAGE;
    }
    const struct command *command = command_find(argv[at]);
    if (command == NULL) {
        return command_unknown(argv[at]);
    }
    feed_library_init();
    int code = command->run(&cli, argc - at, argv + at);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "litang: 输出失败 / writing the output failed\n");
        return EXIT_TROUBLE;
    }
    return code;
}
