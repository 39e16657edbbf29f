/* cli/cmd_feed: feed, lint, serve: calendars out. */
#include "cli/cli.h"
#include "daemon/serve.h"
#include "ical/feed.h"
#include "ical/freebusy.h"
#include "ical/jcal.h"
#include "ical/lint.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct feed_choice {
    const char *option;
    enum feed_scope scope;
    const char *id; /* as given; NULL: not chosen */
};

static uint32_t choice_find(const struct timetable *tt, const struct feed_choice *choice)
{
    switch (choice->scope) {
    case FEED_COUNTY:
        return cli_find_area(tt, choice->id, AREA_COUNTY);
    case FEED_TOWNSHIP:
        return cli_find_area(tt, choice->id, AREA_TOWNSHIP);
    case FEED_HALL:
        return timetable_find_hall(tt, choice->id);
    case FEED_INSTRUCTOR:
        return timetable_find_instructor(tt, choice->id);
    case FEED_PROVIDER:
        return timetable_find_provider(tt, choice->id);
    case FEED_CATEGORY:
        return timetable_find_category(tt, choice->id);
    case FEED_CITY:
        break;
    }
    return 0;
}

/* The forms of one feed. */
enum feed_format {
    FORMAT_ICS,
    FORMAT_JCAL,
    FORMAT_IFB
};
static const char *const FORMATS[] = {"ics", "jcal", "ifb"};
enum {
    FORMAT_COUNT = sizeof FORMATS / sizeof FORMATS[0]
};

/* Replaces a calendar by its jCal. */
static enum error_code jcal_replace(struct text *out, struct error *err)
{
    struct text json;
    text_init(&json, out->max);
    enum error_code code = jcal_from_calendar(text_string(out), out->length, &json, err);
    if (code == ERR_NONE) {
        text_finish(out);
        *out = json;
    } else {
        text_finish(&json);
    }
    return code;
}

static int feed_write(struct timetable *tt, int32_t today, enum feed_scope scope, uint32_t index,
                      const struct feed_options *options, enum feed_format format)
{
    struct error err = {0};
    struct feed_set *feeds = NULL;
    struct feed_info info = {0};
    struct text out;
    text_init(&out, (size_t)2 << 30);
    int code = EXIT_DONE;
    enum error_code failed = feed_set_create(tt, today, NULL, &feeds, &err);
    if (failed == ERR_NONE) {
        failed = format == FORMAT_IFB ? freebusy_render(feeds, scope, index, &out, NULL, &err)
                                      : feed_render(feeds, scope, index, options, &out, &info, &err);
    }
    if (failed == ERR_NONE && format == FORMAT_JCAL) {
        failed = jcal_replace(&out, &err);
    }
    if (failed != ERR_NONE) {
        code = cli_error(&err);
    } else {
        fwrite(text_string(&out), 1, out.length, stdout);
        if (info.left_out > 0) {
            fprintf(stderr, "%zu 个场次不在时间窗口内 / %zu sessions lie outside the window\n", info.left_out,
                    info.left_out);
        }
    }
    text_finish(&out);
    feed_set_unref(feeds);
    return code;
}

/* --lang and --format; false after saying what is wrong. */
static bool words_read(const char *lang, const char *format_name, bool *ret_english,
                       enum feed_format *ret_format)
{
    size_t format = 0;
    while (format < FORMAT_COUNT && strcmp(format_name, FORMATS[format]) != 0) {
        format++;
    }
    if (format == FORMAT_COUNT) {
        fprintf(stderr, "litang feed: --format: ics, jcal, ifb\n");
        return false;
    }
    if (strcmp(lang, "zh") != 0 && strcmp(lang, "en") != 0) {
        fprintf(stderr, "litang feed: --lang: zh, en\n");
        return false;
    }
    *ret_english = strcmp(lang, "en") == 0;
    *ret_format = (enum feed_format)format;
    return true;
}

int command_feed(struct cli *cli, int argc, char **argv)
{
    struct feed_choice choices[] = {{"county", FEED_COUNTY, NULL},     {"township", FEED_TOWNSHIP, NULL},
                                    {"hall", FEED_HALL, NULL},         {"instructor", FEED_INSTRUCTOR, NULL},
                                    {"provider", FEED_PROVIDER, NULL}, {"category", FEED_CATEGORY, NULL}};
    enum {
        CHOICES = sizeof choices / sizeof choices[0]
    };
    bool city = false;
    int64_t alarm_min = 0;
    const char *lang = "zh";
    const char *format_name = FORMATS[FORMAT_ICS];
    const char *only_category = NULL;
    int32_t today = INT32_MIN;
    const struct arg_spec specs[] = {
        {"county", ARG_TEXT, &choices[0].id, "CODE", "县市区 / county", 0, 0},
        {"township", ARG_TEXT, &choices[1].id, "CODE", "镇街 / township", 0, 0},
        {"hall", ARG_TEXT, &choices[2].id, "ID", "礼堂 / hall", 0, 0},
        {"instructor", ARG_TEXT, &choices[3].id, "ID", "讲师 / instructor", 0, 0},
        {"provider", ARG_TEXT, &choices[4].id, "ID", "开课单位 / provider", 0, 0},
        {"category", ARG_TEXT, &choices[5].id, "ID", "课程类别 / category", 0, 0},
        {"city", ARG_FLAG, &city, "", "全市，仅供下载 / the whole city, a download", 0, 0},
        {"alarm", ARG_INTEGER, &alarm_min, "MINUTES", "提前提醒 / remind before the start", 1, 10080},
        {"lang", ARG_TEXT, &lang, "zh|en", "日历的语言 / language of labels and marks", 0, 0},
        {"only-category", ARG_TEXT, &only_category, "ID", "只要此类课程 / only sessions of it", 0, 0},
        {"format", ARG_TEXT, &format_name, "ics|jcal|ifb",
         "ifb: 礼堂或讲师的忙闲 / when a hall or an instructor is taken", 0, 0},
        {"today", ARG_DATE, &today, "DATE", "以此日为今天 / render as on this day", 0, 0},
        {0}};
    const struct arg_usage usage = {
        "feed", "", "把一个日历写到标准输出。 Writes one iCalendar feed to standard output.", NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    if (code != ARGS_RUN) {
        return code;
    }
    const struct feed_choice *chosen = NULL;
    size_t chosen_count = city ? 1 : 0;
    for (size_t i = 0; i < CHOICES; i++) {
        chosen = choices[i].id != NULL ? &choices[i] : chosen;
        chosen_count += choices[i].id != NULL;
    }
    bool english = false;
    enum feed_format format = FORMAT_ICS;
    if (!words_read(lang, format_name, &english, &format)) {
        return EXIT_USAGE;
    }
    if (chosen_count != 1) {
        fprintf(stderr, "litang feed: 请只选一个范围 / choose exactly one of --county --township --hall "
                        "--instructor --provider --category --city\n");
        return EXIT_USAGE;
    }
    struct store *store = NULL;
    struct timetable *tt = NULL;
    if ((code = cli_open_snapshot(cli, &store, &tt)) != EXIT_DONE) {
        return code;
    }
    today = today != INT32_MIN ? today : cli_today(cli, tt);
    uint32_t index = city ? 0 : choice_find(tt, chosen);
    struct feed_options options = {(int32_t)alarm_min, english, NONE};
    if (only_category != NULL) {
        options.category = timetable_find_category(tt, only_category);
    }
    if (index == NONE) {
        fprintf(stderr, "litang feed: 未找到 / not found: %s %s\n", chosen->option, chosen->id);
        code = EXIT_USAGE;
    } else if (only_category != NULL && options.category == NONE) {
        fprintf(stderr, "litang feed: 未找到 / not found: category %s\n", only_category);
        code = EXIT_USAGE;
    } else {
        code = feed_write(tt, today, city ? FEED_CITY : chosen->scope, index, &options, format);
    }
    timetable_unref(tt);
    store_close(store);
    return code;
}

/* A whole file, at most LINT_BYTES_MAX bytes; NULL after saying why not. */
static char *file_read(const char *path, size_t max, size_t *ret_length)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "litang: %s: %s\n", path, strerror(errno));
        return NULL;
    }
    size_t capacity = 65536;
    size_t length = 0;
    char *bytes = malloc(capacity);
    while (bytes != NULL && length <= max) {
        size_t got = fread(bytes + length, 1, capacity - length, file);
        length += got;
        if (got == 0) {
            break;
        }
        if (length == capacity) {
            char *larger = realloc(bytes, capacity * 2);
            if (larger == NULL) {
                free(bytes);
            }
            bytes = larger;
            capacity *= 2;
        }
    }
    bool failed = ferror(file) != 0;
    if (file != stdin) {
        fclose(file);
    }
    if (bytes == NULL || failed || length > max) {
        fprintf(stderr, "litang: %s: %s\n", path,
                length > max ? "文件过大 / too large" : "读取失败 / cannot be read");
        free(bytes);
        return NULL;
    }
    *ret_length = length;
    return bytes;
}

int command_lint(struct cli *cli, int argc, char **argv)
{
    (void)cli;
    const struct arg_spec specs[] = {{0}};
    const struct arg_usage usage = {
        "lint", "FILE.ics",
        "逐字节检查日历文件；每个问题一行。 Finds defects in an iCalendar file, one a line; exit 1 if any.",
        "FILE - 读标准输入 reads standard input."};
    const char *path[1];
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, path, 1, 1, &words);
    if (code != ARGS_RUN) {
        return code;
    }
    size_t length = 0;
    char *bytes = file_read(path[0], LIMIT_LINT_BYTES, &length);
    if (bytes == NULL) {
        return EXIT_TROUBLE;
    }
    struct lint_report report = {0};
    struct error err = {0};
    if (lint_calendar(bytes, length, &report, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else {
        for (size_t i = 0; i < report.count; i++) {
            printf("%s:%zu: %s: %s (%s)\n", path[0], report.items[i].line, report.items[i].rule,
                   report.items[i].text, report.items[i].section);
        }
        if (report.dropped > 0) {
            printf("%s: … %zu more\n", path[0], report.dropped);
        }
        code = report.count + report.dropped > 0 ? EXIT_FINDING : EXIT_DONE;
    }
    lint_report_finish(&report);
    free(bytes);
    return code;
}

static void ready_print(void *context, const char *address, uint16_t port)
{
    (void)context;
    const char *open = strchr(address, ':') != NULL ? "[" : "";
    const char *close = open[0] != '\0' ? "]" : "";
    printf("http://%s%s%s:%" PRIu16 "/\n", open, address, close, port);
    fflush(stdout);
}

int command_serve(struct cli *cli, int argc, char **argv)
{
    const char *listen = "127.0.0.1:8080";
    const char *inbox = NULL;
    const char *policy_name = "preview";
    enum inbox_policy policy = INBOX_PREVIEW;
    const struct arg_spec specs[] = {
        {"listen", ARG_TEXT, &listen, "ADDR:PORT", "默认 default 127.0.0.1:8080; [::1]:8080; port 0: any", 0,
         0},
        {"inbox", ARG_TEXT, &inbox, "DIR", "收件夹：放进去的表格自动处理 / a drop folder for office files", 0,
         0},
        {"inbox-policy", ARG_TEXT, &policy_name, "preview|import|partial",
         "只出报告（默认）、全对才导入、导入正确的行 / only a report (default), all rows or "
         "none, the good rows",
         0, 0},
        {0}};
    const struct arg_usage usage = {"serve", "",
                                    "启动服务，直到 SIGTERM。 Serves pages and feeds until SIGTERM.", NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    if (code != ARGS_RUN) {
        return code;
    }
    if (!inbox_policy_from_name(policy_name, &policy)) {
        fprintf(stderr, "litang serve: --inbox-policy 只有 preview、import、partial / one of these: %s\n",
                policy_name);
        return EXIT_USAGE;
    }
    char address[64];
    const char *colon = strrchr(listen, ':');
    char *end = NULL;
    long port = colon != NULL ? strtol(colon + 1, &end, 10) : -1;
    if (colon == NULL || end == colon + 1 || *end != '\0' || port < 0 || port > 65535 ||
        (size_t)(colon - listen) >= sizeof address || colon == listen) {
        fprintf(stderr, "litang serve: 地址应为 ADDR:PORT / not an address with a port: %s\n", listen);
        return EXIT_USAGE;
    }
    bool bracketed = listen[0] == '[' && colon[-1] == ']';
    int length = (int)(colon - listen) - (bracketed ? 2 : 0);
    snprintf(address, sizeof address, "%.*s", length, listen + (bracketed ? 1 : 0));
    if (cli->db_path == NULL) {
        fprintf(stderr, "litang: 请用 --db 指定数据库 / name the database with --db FILE\n");
        return EXIT_USAGE;
    }
    struct error err = {0};
    const struct serve_options options = {.db_path = cli->db_path,
                                          .address = address,
                                          .port = (uint16_t)port,
                                          .clock = cli->clock,
                                          .inbox = inbox,
                                          .inbox_policy = policy,
                                          .actor = cli->actor,
                                          .ready = ready_print};
    return serve_run(&options, &err) == ERR_NONE ? EXIT_DONE : cli_error(&err);
}
