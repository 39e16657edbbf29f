/* cli/cmd_sessions: sessions: what is published, as a list. */
#include "cli/cli.h"
#include "reports/session_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The words of the filter to indices; an exit code, or EXIT_DONE. */
static int filter_resolve(const struct timetable *tt, const char *township, const char *hall,
                          const char *instructor, const char *status, struct session_filter *filter)
{
    if (township != NULL && (filter->area = cli_find_area(tt, township, AREA_TOWNSHIP)) == NONE) {
        return EXIT_USAGE;
    }
    if (hall != NULL && (filter->hall = timetable_find_hall(tt, hall)) == NONE) {
        fprintf(stderr, "litang: 没有这个礼堂 / no such hall: %s\n", hall);
        return EXIT_USAGE;
    }
    if (instructor != NULL && (filter->instructor = timetable_find_instructor(tt, instructor)) == NONE) {
        fprintf(stderr, "litang: 没有这位讲师 / no such instructor: %s\n", instructor);
        return EXIT_USAGE;
    }
    if (status != NULL && !session_status_from_name(status, &filter->status)) {
        fprintf(stderr, "litang: 状态应为 TENTATIVE、CONFIRMED 或 CANCELLED / unknown status: %s\n", status);
        return EXIT_USAGE;
    }
    filter->any_status = status == NULL;
    return EXIT_DONE;
}

static int sessions_write(const struct cli *cli, const struct timetable *tt,
                          const struct session_filter *filter, bool json, bool excel)
{
    struct error err = {0};
    uint32_t *indices = NULL;
    size_t count = 0;
    if (session_list_select(tt, filter, &indices, &count, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    const struct zone zone = cli_zone(tt);
    const struct session_list list = {tt, &zone, cli_today(cli, tt), AUDIENCE_OFFICE, indices, count};
    struct text out;
    text_init(&out, (size_t)4 << 30);
    if (json) {
        session_list_json(&list, &out);
    } else {
        session_list_csv(&list, excel, &out);
    }
    int code = text_status(&out, &err) == ERR_NONE ? EXIT_DONE : cli_error(&err);
    if (code == EXIT_DONE) {
        fwrite(text_string(&out), 1, out.length, stdout);
    }
    text_finish(&out);
    free(indices);
    return code;
}

int command_sessions(struct cli *cli, int argc, char **argv)
{
    struct session_filter filter = {
        .from_day = DATE_MIN, .to_day = DATE_MAX, .area = NONE, .hall = NONE, .instructor = NONE};
    const char *township = NULL;
    const char *hall = NULL;
    const char *instructor = NULL;
    const char *status = NULL;
    const char *format = "csv";
    bool excel = false;
    const struct arg_spec specs[] = {
        {"from", ARG_DATE, &filter.from_day, "DATE", "首日 / first day", 0, 0},
        {"to", ARG_DATE, &filter.to_day, "DATE", "末日 / last day", 0, 0},
        {"township", ARG_TEXT, &township, "CODE", "镇街代码或名称 / code or name (a county's works, too)", 0,
         0},
        {"hall", ARG_TEXT, &hall, "ID", "礼堂 / hall", 0, 0},
        {"instructor", ARG_TEXT, &instructor, "ID", "讲师 / instructor", 0, 0},
        {"status", ARG_TEXT, &status, "S", "TENTATIVE, CONFIRMED, CANCELLED", 0, 0},
        {"format", ARG_TEXT, &format, "F", "csv (默认 default), json", 0, 0},
        {"excel", ARG_FLAG, &excel, "", "CSV 带 BOM 与 CRLF / with BOM and CRLF for Excel and WPS", 0, 0},
        {0}};
    const struct arg_usage usage = {"sessions", "",
                                    "已发布的场次。 The published sessions, by date and time.", NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    if (code != ARGS_RUN) {
        return code;
    }
    if (strcmp(format, "csv") != 0 && strcmp(format, "json") != 0) {
        fprintf(stderr, "litang sessions: 格式应为 csv 或 json / unknown format: %s\n", format);
        return EXIT_USAGE;
    }
    struct store *store = NULL;
    struct timetable *tt = NULL;
    if ((code = cli_open_snapshot(cli, &store, &tt)) != EXIT_DONE) {
        return code;
    }
    code = filter_resolve(tt, township, hall, instructor, status, &filter);
    if (code == EXIT_DONE) {
        code = sessions_write(cli, tt, &filter, strcmp(format, "json") == 0, excel);
    }
    timetable_unref(tt);
    store_close(store);
    return code;
}
