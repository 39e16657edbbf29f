/* cli/cmd_report: report: figures and lists in five formats, as of any day. */
#include "cli/cli.h"
#include "cli/report_freeze.h"
#include "cli/report_propose.h"
#include "reports/report.h"
#include "reports/report_write.h"
#include "store/snapshot_at.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum report_format {
    FORMAT_TABLE,
    FORMAT_CSV,
    FORMAT_JSON,
    FORMAT_HTML,
    FORMAT_XLSX,
    FORMAT_UNKNOWN
};

static const char *const FORMATS[] = {"table", "csv", "json", "html", "xlsx"};

/* What was asked for, as words. */
struct asked {
    int32_t from_day, to_day, as_of_day; /* INT32_MIN: not given */
    bool known_now, unreached;
    int64_t minimum;
    const char *definition, *by, *list, *format, *output;
    const char *areas[3]; /* county, township, area */
    const char *hall, *instructor;
};

/* ---- the snapshot ---- */

/* The last revision of a day, by the deployment's clock. */
static int snapshot_of_day(struct store *store, const struct timetable *now, int32_t day,
                           struct timetable **ret_timetable)
{
    struct zone zone = cli_zone(now);
    struct error err = {0};
    int64_t revision = 0;
    if (store_revision_before(store, zone_utc_from_local(&zone, day + 1, 0), &revision, &err) != ERR_NONE ||
        store_snapshot_at(store, revision, ret_timetable, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    return EXIT_DONE;
}

/* ---- the query ---- */

static int usage_say(const char *zh, const char *en, const char *word)
{
    fprintf(stderr, "litang report: %s / %s: %s\n", zh, en, word);
    return EXIT_USAGE;
}

/* Without dates: the calendar year of the newest session, or of the day that is asked about. Changes are made
 * until that day: their year is its own. */
static void period_resolve(const struct asked *asked, bool of_changes, struct report_query *query)
{
    const struct timetable *tt = query->timetable;
    int32_t newest = query->as_of_day;
    for (size_t i = 0; !of_changes && i < tt->session_count; i++) {
        newest = tt->sessions[i].at.day > newest ? tt->sessions[i].at.day : newest;
    }
    int32_t year_end = date_from_civil((struct civil){date_year(newest), 12, 31});
    query->to_day = asked->to_day != INT32_MIN ? asked->to_day : year_end;
    int32_t year_start = date_from_civil((struct civil){date_year(query->to_day), 1, 1});
    query->from_day = asked->from_day != INT32_MIN ? asked->from_day : year_start;
}

static int area_resolve(const struct asked *asked, struct report_query *query)
{
    static const enum area_level LEVELS[] = {AREA_COUNTY, AREA_TOWNSHIP, AREA_TOWNSHIP};
    query->area = NONE;
    for (int i = 0; i < 3; i++) {
        if (asked->areas[i] == NULL) {
            continue;
        }
        if (query->area != NONE) {
            return usage_say("只能指定一个区域", "only one area", asked->areas[i]);
        }
        query->area = cli_find_area(query->timetable, asked->areas[i], LEVELS[i]);
        if (query->area == NONE) {
            return EXIT_USAGE;
        }
    }
    return EXIT_DONE;
}

static int people_resolve(const struct asked *asked, struct report_query *query)
{
    query->hall = asked->hall != NULL ? timetable_find_hall(query->timetable, asked->hall) : NONE;
    query->instructor =
        asked->instructor != NULL ? timetable_find_instructor(query->timetable, asked->instructor) : NONE;
    if (asked->hall != NULL && query->hall == NONE) {
        return usage_say("没有这个礼堂", "no such hall", asked->hall);
    }
    if (asked->instructor != NULL && query->instructor == NONE) {
        return usage_say("没有这位讲师", "no such instructor", asked->instructor);
    }
    return EXIT_DONE;
}

/* Words that need no snapshot, so that a typo is told before anything is read. */
static int words_resolve(const struct asked *asked, struct report_query *query,
                         enum report_format *ret_format)
{
    int format = 0;
    while (format < FORMAT_UNKNOWN && strcmp(FORMATS[format], asked->format) != 0) {
        format++;
    }
    query->definition = coverage_from_name(asked->definition);
    query->by = asked->by != NULL ? group_by_from_name(asked->by) : BY_COUNT;
    query->minimum = (int32_t)asked->minimum;
    query->lists = asked->list != NULL || asked->unreached;
    query->standing = STANDING_UNREACHED;
    if (query->definition == COVERAGE_COUNT) {
        int code = usage_say("没有这个口径", "no such definition", asked->definition);
        for (enum coverage_definition i = 0; i < COVERAGE_COUNT; i++) {
            fprintf(stderr, "  %-16s %s\n", coverage_name(i), coverage_title(i, true));
        }
        return code;
    }
    if (asked->by != NULL && query->by == BY_COUNT) {
        return usage_say("没有这种分组", "no such grouping", asked->by);
    }
    if (asked->list != NULL && !standing_from_name(asked->list, &query->standing)) {
        return usage_say("明细应为 reached、unreached、exempt 或 closed", "no such list", asked->list);
    }
    if (format == FORMAT_UNKNOWN) {
        return usage_say("格式应为 table、csv、json、html 或 xlsx", "no such format", asked->format);
    }
    if (format == FORMAT_XLSX && asked->output == NULL) {
        return usage_say("xlsx 需要 -o FILE", "xlsx needs -o FILE", asked->format);
    }
    if (asked->known_now && asked->as_of_day == INT32_MIN) {
        return usage_say("--known-now 须与 --as-of 同用", "--known-now goes with --as-of", "--known-now");
    }
    *ret_format = (enum report_format)format;
    return EXIT_DONE;
}

/* ---- output ---- */

static int text_emit(const struct text *text, const char *path)
{
    struct error err = {0};
    if (text_status(text, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    FILE *file = path != NULL ? fopen(path, "wb") : stdout;
    bool written = file != NULL && fwrite(text_string(text), 1, text->length, file) == text->length;
    bool flushed = file != NULL && (path != NULL ? fclose(file) == 0 : fflush(file) == 0);
    if (written && flushed) {
        return EXIT_DONE;
    }
    (void)error_set(&err, ERR_IO, "%s", path != NULL ? path : "stdout");
    return cli_error(&err);
}

/* The table is in Chinese; who reads both languages gets the figure's sentence in English in front of it. */
static void sentence_print(const struct cli *cli, const struct report_table *table)
{
    if (cli->language == LANGUAGE_BOTH && strcmp(table->name, "coverage") == 0 && table->note_count > 0) {
        printf("%s\n\n", table->notes[0].en);
    }
}

static int table_emit(const struct cli *cli, const struct report_table *table, enum report_format format,
                      int32_t day, const char *path)
{
    typedef void writer(const struct report_table *, bool, struct text *);
    static writer *const WRITERS[] = {report_write_table, report_write_csv, report_write_json,
                                      report_write_html};
    bool chinese = cli->language != LANGUAGE_EN;
    struct error err = {0};
    struct text out;
    if (format == FORMAT_XLSX) {
        return report_write_xlsx(table, chinese, day, path, &err) == ERR_NONE ? EXIT_DONE : cli_error(&err);
    }
    if (format == FORMAT_TABLE && path == NULL) {
        sentence_print(cli, table);
    }
    text_init(&out, LIMIT_REPORT_BYTES);
    WRITERS[format](table, chinese, &out);
    int code = text_emit(&out, path);
    text_finish(&out);
    return code;
}

/* ---- the command ---- */

static int report_on(struct cli *cli, const struct report *report, const struct asked *asked,
                     struct report_query *query, enum report_format format)
{
    struct report_table table;
    struct error err = {0};
    int code = area_resolve(asked, query);
    if (code == EXIT_DONE) {
        code = people_resolve(asked, query);
    }
    if (code != EXIT_DONE) {
        return code;
    }
    period_resolve(asked, report->make == report_changes, query);
    if (report_make(report, query, &table, &err) == ERR_NONE) {
        code = table_emit(cli, &table, format, query->as_of_day, asked->output);
    } else {
        code = cli_error(&err);
    }
    report_table_finish(&table);
    return code;
}

static int report_run(struct cli *cli, const struct report *report, const struct asked *asked,
                      struct report_query *query, enum report_format format)
{
    struct store *store = NULL;
    struct timetable *now = NULL;
    struct timetable *then = NULL;
    int code = cli_open_snapshot(cli, &store, &now);
    if (code != EXIT_DONE) {
        return code;
    }
    bool dated = asked->as_of_day != INT32_MIN;
    query->as_of_day = dated ? asked->as_of_day : cli_today(cli, now);
    if (dated && !asked->known_now) {
        code = snapshot_of_day(store, now, asked->as_of_day, &then);
    }
    if (code == EXIT_DONE) {
        query->timetable = then != NULL ? then : now;
        query->store = store;
        query->english = cli->language == LANGUAGE_EN;
        code = report_on(cli, report, asked, query, format);
    }
    timetable_unref(then);
    timetable_unref(now);
    store_close(store);
    return code;
}

static void reports_list(FILE *file)
{
    for (size_t i = 0; i < REPORT_LIST_COUNT; i++) {
        fprintf(file, "  %-12s %s / %s\n", REPORTS[i].name, REPORTS[i].zh, REPORTS[i].en);
    }
    fprintf(file, "  %-12s %s\n  %-12s %s\n  %-12s %s\n", "freeze",
            "固定已上报时段 / freeze a reported period", "correct", "记录更正 / record corrections of one",
            "target", "覆盖率目标 / the coverage target");
}

/* "-o FILE" is known from other programs. */
static void short_option_spell(int argc, char **argv)
{
    static char spelled[] = "--output";
    for (int i = 1; i < argc; i++) {
        argv[i] = strcmp(argv[i], "-o") == 0 ? spelled : argv[i];
    }
}

static int report_parse(struct cli *cli, int argc, char **argv)
{
    struct asked asked = {.from_day = INT32_MIN,
                          .to_day = INT32_MIN,
                          .as_of_day = INT32_MIN,
                          .minimum = 1,
                          .definition = "halls-planned",
                          .format = "table"};
    const struct arg_spec specs[] = {
        {"from", ARG_DATE, &asked.from_day, "DATE",
         "首日 / first day, default: 1 January of the last day's year", 0, 0},
        {"to", ARG_DATE, &asked.to_day, "DATE",
         "末日 / last day, default: 31 December of the newest session's year", 0, 0},
        {"as-of", ARG_DATE, &asked.as_of_day, "DATE", "按那天的数据 / what that day's data said", 0, 0},
        {"known-now", ARG_FLAG, &asked.known_now, "",
         "与 --as-of 同用：按现在所知 / what is known now about it", 0, 0},
        {"definition", ARG_TEXT, &asked.definition, "NAME",
         "halls-planned halls-held halls-paired villages townships", 0, 0},
        {"minimum", ARG_INTEGER, &asked.minimum, "N", "至少几场才算覆盖 / sessions a place needs, default 1",
         1, 1000},
        {"by", ARG_TEXT, &asked.by, "GROUP", "city county township category provider tag month", 0, 0},
        {"list", ARG_TEXT, &asked.list, "STANDING", "明细 / the list: reached unreached exempt closed", 0, 0},
        {"unreached", ARG_FLAG, &asked.unreached, "", "即 --list unreached", 0, 0},
        {"county", ARG_TEXT, &asked.areas[0], "CODE", "县代码或名称 / code or name", 0, 0},
        {"township", ARG_TEXT, &asked.areas[1], "CODE", "镇街代码或名称 / code or name", 0, 0},
        {"area", ARG_TEXT, &asked.areas[2], "CODE", "任一级区域代码 / code of any area", 0, 0},
        {"hall", ARG_TEXT, &asked.hall, "ID", "礼堂 / hall", 0, 0},
        {"instructor", ARG_TEXT, &asked.instructor, "ID", "讲师 / instructor", 0, 0},
        {"format", ARG_TEXT, &asked.format, "F", "table csv xlsx json html", 0, 0},
        {"output", ARG_TEXT, &asked.output, "FILE", "写入文件，也可写 -o / to a file; -o works too", 0, 0},
        {0}};
    const struct arg_usage usage = {
        "report", "NAME [PERIOD]",
        "报表：每个数字都带口径、时段和版本。 Reports; every figure says its "
        "definition, period and revision.",
        "litang report list 列出全部报表。 litang report list names them all.\n"
        "覆盖率加 --propose：怎样再覆盖。 Coverage with --propose: how to reach more."};
    struct report_query query = {0};
    enum report_format format = FORMAT_TABLE;
    const char *words[2] = {NULL, NULL};
    size_t count = 0;
    short_option_spell(argc, argv);
    int code = args_parse(argc, argv, &usage, specs, words, 1, 2, &count);
    if (code != ARGS_RUN) {
        return code;
    }
    if (strcmp(words[0], "list") == 0) {
        reports_list(stdout);
        return EXIT_DONE;
    }
    const struct report *report = report_find(words[0]);
    bool takes_period =
        report != NULL && (report->make == report_frozen || report->make == report_corrections);
    if (report == NULL || (count == 2 && !takes_period)) {
        code = report == NULL ? usage_say("没有这个报表", "no such report", words[0])
                              : usage_say("多余的参数", "one word too many", words[1]);
        reports_list(stderr);
        return code;
    }
    query.period = words[1];
    code = words_resolve(&asked, &query, &format);
    return code == EXIT_DONE ? report_run(cli, report, &asked, &query, format) : code;
}

int command_report(struct cli *cli, int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(struct cli *cli, int argc, char **argv);
    } WRITING[] = {{"freeze", report_freeze}, {"correct", report_correct}, {"target", report_target}};
    for (size_t i = 0; argc > 1 && i < sizeof WRITING / sizeof WRITING[0]; i++) {
        if (strcmp(argv[1], WRITING[i].name) == 0) {
            return WRITING[i].run(cli, argc - 1, argv + 1);
        }
    }
    return report_wants_proposals(argc, argv) ? report_propose(cli, argc, argv)
                                              : report_parse(cli, argc, argv);
}
