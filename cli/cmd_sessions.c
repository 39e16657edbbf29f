/* cli/cmd_sessions: sessions, report: what is published, as lists and figures. */
#include "cli/cli.h"
#include "cli/report_propose.h"
#include "reports/coverage.h"
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
    const struct session_list list = {tt, &zone, cli_today(cli, tt), indices, count};
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

static void unreached_print(const struct timetable *tt, const struct coverage *coverage)
{
    bool by_area = coverage->standing_count == tt->area_count &&
                   (coverage->definition == COVERAGE_VILLAGES || coverage->definition == COVERAGE_TOWNSHIPS);
    for (uint32_t i = 0; i < coverage->standing_count; i++) {
        if (coverage->standings[i] != STANDING_UNREACHED) {
            continue;
        }
        if (by_area) {
            printf("%s\t%s\n", tt->areas[i].id, tt->areas[i].name);
        } else {
            uint32_t township = timetable_hall_township(tt, i);
            printf("%s\t%s\t%s\n", tt->halls[i].id, township != NONE ? tt->areas[township].name : "",
                   tt->halls[i].name);
        }
    }
}

static int coverage_print(struct cli *cli, const struct timetable *tt, struct coverage *coverage, bool list)
{
    struct text zh;
    struct text en;
    text_init(&zh, LIMIT_NOTE_BYTES);
    text_init(&en, LIMIT_NOTE_BYTES);
    coverage_sentence(coverage, true, &zh);
    coverage_sentence(coverage, false, &en);
    if (cli->language != LANGUAGE_EN) {
        printf("%s\n", text_string(&zh));
    }
    if (cli->language != LANGUAGE_ZH) {
        printf("%s\n", text_string(&en));
    }
    text_finish(&zh);
    text_finish(&en);
    if (list) {
        unreached_print(tt, coverage);
    }
    return EXIT_DONE;
}

int command_report(struct cli *cli, int argc, char **argv)
{
    if (report_wants_proposals(argc, argv)) {
        return report_propose(cli, argc, argv);
    }
    int32_t from_day = INT32_MIN;
    int32_t to_day = INT32_MIN;
    int64_t minimum = 1;
    const char *definition = "halls-planned";
    const char *area_word = NULL;
    bool list = false;
    const struct arg_spec specs[] = {
        {"definition", ARG_TEXT, &definition, "NAME",
         "halls-planned halls-held halls-paired villages townships", 0, 0},
        {"from", ARG_DATE, &from_day, "DATE", "首日 / first day, default: 1 January of the last day's year",
         0, 0},
        {"to", ARG_DATE, &to_day, "DATE",
         "末日 / last day, default: 31 December of the newest session's year", 0, 0},
        {"minimum", ARG_INTEGER, &minimum, "N", "至少几场才算覆盖 / sessions a place needs, default 1", 1,
         1000},
        {"area", ARG_TEXT, &area_word, "CODE", "只看一个区域 / only below this area", 0, 0},
        {"unreached", ARG_FLAG, &list, "", "列出未覆盖的 / list what is not reached", 0, 0},
        {0}};
    const struct arg_usage usage = {"report", "coverage",
                                    "覆盖率：分子、分母、口径、日期、版本。 Coverage with numerator, "
                                    "denominator, definition, dates and revision.",
                                    NULL};
    const char *words[1];
    size_t count = 0;
    int code = args_parse(argc, argv, &usage, specs, words, 1, 1, &count);
    if (code != ARGS_RUN) {
        return code;
    }
    if (strcmp(words[0], "coverage") != 0 || coverage_from_name(definition) == COVERAGE_COUNT) {
        fprintf(stderr, "litang report: 没有这个报表或口径 / no such report or definition: %s %s\n", words[0],
                definition);
        return EXIT_USAGE;
    }
    struct store *store = NULL;
    struct timetable *tt = NULL;
    if ((code = cli_open_snapshot(cli, &store, &tt)) != EXIT_DONE) {
        return code;
    }
    int32_t newest = cli_today(cli, tt);
    for (size_t i = 0; i < tt->session_count; i++) {
        newest = tt->sessions[i].at.day > newest ? tt->sessions[i].at.day : newest;
    }
    to_day = to_day != INT32_MIN ? to_day : date_from_civil((struct civil){date_year(newest), 12, 31});
    from_day = from_day != INT32_MIN ? from_day : date_from_civil((struct civil){date_year(to_day), 1, 1});
    uint32_t area = area_word != NULL ? cli_find_area(tt, area_word, AREA_TOWNSHIP) : NONE;
    struct coverage coverage;
    struct error err = {0};
    if (area_word != NULL && area == NONE) {
        code = EXIT_USAGE;
    } else if (coverage_compute(tt, coverage_from_name(definition), from_day, to_day, (int32_t)minimum, area,
                                &coverage, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else {
        code = coverage_print(cli, tt, &coverage, list);
        coverage_finish(&coverage);
    }
    timetable_unref(tt);
    store_close(store);
    return code;
}
