/* Calendars of all dialects: each file of data/ics against data/ics/expected.csv, printed as a table; and the
 * files of other projects when LITANG_SHARED_DATA names their folder. */
#include "tests/importers/support.h"

#include "base/date.h"

#include <ctype.h>

enum {
    FIELDS = 9,
    FILES_MAX = 200
};

/* 2026-11-27T00:00:00Z: the window of endless series depends on the day. */
static const int64_t NOW_S = 1795737600;

struct outcome {
    enum error_code code;
    struct import_report report;
};

static void import_calendar(struct fixture *fixture, const char *path, enum import_kind kind, bool dry_run,
                            struct outcome *ret)
{
    const struct calendar_options calendar = {.hall = kind == IMPORT_CLOSURES ? "H1" : NULL,
                                              .instructor = kind == IMPORT_ABSENCES ? "T1" : NULL,
                                              .now_s = NOW_S};
    const struct import_options options = {
        .kind = kind, .calendar = &calendar, .partial = true, .dry_run = dry_run, .actor = "test"};
    struct error err = {.text = ""};
    import_report_init(&ret->report);
    ret->code = import_file(fixture->store, path, &options, &ret->report, &err);
}

static const struct sheet *sheet_of(const struct import_report *report)
{
    return report->sheet_count > 0 ? report->sheets[0].sheet : NULL;
}

static const char *cell(const struct import_report *report, size_t row, size_t column)
{
    const struct sheet *sheet = sheet_of(report);
    return sheet == NULL || row >= sheet->row_count ? "" : sheet_text(sheet, &sheet->rows[row], column);
}

/* The first row as expected.csv writes it. */
static void first_row(const struct import_report *report, char ret_from[64], char ret_to[64])
{
    size_t at = report->kind == IMPORT_CLOSURES ? 4 : 2;
    ret_from[0] = '\0';
    ret_to[0] = '\0';
    if (*cell(report, 1, 0) == '\0') {
        return;
    }
    if (report->kind == IMPORT_HOLIDAYS) {
        (void)snprintf(ret_from, 64, "%s", cell(report, 1, 0));
        (void)snprintf(ret_to, 64, "%s", cell(report, 1, 1));
        return;
    }
    (void)snprintf(ret_from, 64, "%s %s", cell(report, 1, at), cell(report, 1, at + 2));
    (void)snprintf(ret_to, 64, "%s %s", cell(report, 1, at + 1), cell(report, 1, at + 3));
}

static bool has_warning(const struct import_report *report, const char *words)
{
    for (size_t i = 0; i < report->warnings.count; i++) {
        if (strstr(report->warnings.items[i].zh, words) != NULL) {
            return true;
        }
    }
    return *words == '\0';
}

static size_t split(char *line, char *fields[FIELDS])
{
    size_t count = 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *at = line; count < FIELDS; at++) {
        fields[count++] = at;
        at = at + strcspn(at, ",");
        if (*at == '\0') {
            break;
        }
        *at = '\0';
    }
    return count;
}

static bool check(const struct outcome *outcome, char *fields[FIELDS])
{
    char from[64];
    char to[64];
    const struct import_report *report = &outcome->report;
    const struct sheet *sheet = sheet_of(report);
    const char *error = report->errors.count > 0 ? import_code_name(report->errors.items[0].code) : "";
    size_t rows = sheet == NULL ? 0 : sheet->row_count - 1;
    first_row(report, from, to);
    bool is_good = report->calendar_events == strtoul(fields[2], NULL, 10) &&
                   report->calendar_bad == strtoul(fields[3], NULL, 10) &&
                   rows == strtoul(fields[4], NULL, 10) && strcmp(from, fields[5]) == 0 &&
                   strcmp(to, fields[6]) == 0 && strcmp(error, fields[7]) == 0 &&
                   has_warning(report, fields[8]) && (*fields[8] != '\0' || report->warnings.total == 0) &&
                   (report->rows_bad == report->calendar_bad) && (outcome->code == ERR_NONE) == (rows > 0);
    print_message("%-34s %-12s %zu events, %zu faulty, %4zu rows  %-16s %-16s %s\n", fields[0],
                  report->encoding, report->calendar_events, report->calendar_bad, rows, from, to, error);
    return is_good;
}

static void every_file_gives_what_is_expected(void **state)
{
    char line[512];
    size_t wrong = 0;
    size_t checked = 0;
    import_all_good(*state);
    FILE *expected = fopen(data_path("ics/expected.csv"), "r");
    assert_non_null(expected);
    assert_non_null(fgets(line, sizeof line, expected));
    while (fgets(line, sizeof line, expected) != NULL) {
        char *fields[FIELDS];
        char path[512];
        enum import_kind kind = IMPORT_AUTO;
        struct outcome outcome;
        assert_int_equal(split(line, fields), FIELDS);
        assert_true(import_kind_from_name(fields[1], &kind));
        (void)snprintf(path, sizeof path, "%s/data/ics/%s", TEST_SOURCE_DIR, fields[0]);
        import_calendar(*state, path, kind, true, &outcome);
        if (!check(&outcome, fields)) {
            wrong++;
            print_message("^^^ expected %s events, %s faulty, %s rows, %s %s, error %s, warning %s\n",
                          fields[2], fields[3], fields[4], fields[5], fields[6], fields[7], fields[8]);
            report_print(&outcome.report);
        }
        import_report_finish(&outcome.report);
        checked++;
    }
    (void)fclose(expected);
    assert_int_equal(wrong, 0);
    assert_true(checked > 70);
}

/* "20260311T063000Z" of a row's local time in China. */
static void utc_write(const char *date, const char *time, char ret_text[32])
{
    int32_t day = 0;
    int32_t minute = 0;
    assert_true(date_parse(date, &day) && minute_parse(time, &minute));
    minute -= 480;
    day += minute < 0 ? -1 : minute >= DAY_MINUTES ? 1 : 0;
    minute += minute < 0 ? DAY_MINUTES : minute >= DAY_MINUTES ? -DAY_MINUTES : 0;
    struct civil civil = date_to_civil(day);
    (void)snprintf(ret_text, 32, "%04d%02d%02dT%02d%02d00Z", civil.year % 10000, civil.month % 100,
                   civil.day % 100, minute / 60 % 100, minute % 60);
}

static const char *shared_folder(void)
{
    const char *folder = getenv("LITANG_SHARED_DATA");
    return folder == NULL || *folder == '\0' ? NULL : folder;
}

static void shared_dialects_give_what_is_expected(void **state)
{
    char line[1024];
    char path[512];
    size_t wrong = 0;
    size_t checked = 0;
    if (shared_folder() == NULL) {
        skip();
    }
    import_all_good(*state);
    (void)snprintf(path, sizeof path, "%s/ics/synthetic/EXPECTED.csv", shared_folder());
    FILE *expected = fopen(path, "r");
    assert_non_null(expected);
    assert_non_null(fgets(line, sizeof line, expected));
    while (fgets(line, sizeof line, expected) != NULL) {
        char *fields[FIELDS] = {NULL};
        char start[32] = "";
        char end[32] = "";
        struct outcome outcome;
        assert_true(split(line, fields) >= 4);
        (void)snprintf(path, sizeof path, "%s/ics/synthetic/%s", shared_folder(), fields[0]);
        import_calendar(*state, path, IMPORT_CLOSURES, true, &outcome);
        size_t good = outcome.report.calendar_events - outcome.report.calendar_bad;
        if (good > 0) {
            utc_write(cell(&outcome.report, 1, 4), cell(&outcome.report, 1, 6), start);
            utc_write(cell(&outcome.report, 1, 5), cell(&outcome.report, 1, 7), end);
        }
        bool is_good = good == strtoul(fields[1], NULL, 10) && strcmp(start, fields[2]) == 0 &&
                       strcmp(end, fields[3]) == 0 && (good > 0 || outcome.report.errors.total > 0);
        print_message("%s %-34s %zu events  %s %s  %zu rows, %zu errors, %zu warnings\n",
                      is_good ? "  " : "!!", fields[0], good, start, end,
                      sheet_of(&outcome.report) == NULL ? 0 : sheet_of(&outcome.report)->row_count - 1,
                      outcome.report.errors.total, outcome.report.warnings.total);
        wrong += is_good ? 0 : 1;
        checked++;
        import_report_finish(&outcome.report);
    }
    (void)fclose(expected);
    assert_int_equal(wrong, 0);
    assert_true(checked >= 10);
}

/* Each either imports, with as many events as the INDEX counts, or is refused with a sentence at its line. */
static void shared_exports_import_or_are_refused_clearly(void **state)
{
    char line[2048];
    char path[512];
    size_t checked = 0;
    if (shared_folder() == NULL) {
        skip();
    }
    import_all_good(*state);
    (void)snprintf(path, sizeof path, "%s/ics/INDEX.csv", shared_folder());
    FILE *index = fopen(path, "r");
    assert_non_null(index);
    assert_non_null(fgets(line, sizeof line, index));
    while (fgets(line, sizeof line, index) != NULL) {
        struct outcome outcome;
        char file[128];
        (void)snprintf(file, sizeof file, "%.*s", (int)strcspn(line, ","), line);
        (void)snprintf(path, sizeof path, "%s/ics/real/%s", shared_folder(), file);
        bool is_holiday = strstr(file, "holiday") != NULL;
        import_calendar(*state, path, is_holiday ? IMPORT_HOLIDAYS : IMPORT_CLOSURES, true, &outcome);
        const struct import_report *report = &outcome.report;
        print_message("%-60s %-12s %2zu events, %zu faulty, %3zu rows, %zu warnings%s%s\n", file,
                      report->encoding, report->calendar_events, report->calendar_bad,
                      sheet_of(report) == NULL ? 0 : sheet_of(report)->row_count - 1, report->warnings.total,
                      report->errors.count > 0 ? "\n    " : "",
                      report->errors.count > 0 ? report->errors.items[0].zh : "");
        /* ",N," before the last field: the count of VEVENTs, 0 where a plain search does not see them. */
        const char *counted = strstr(line, "crlf=");
        size_t events = counted == NULL ? 0 : strtoul(strchr(counted, ',') + 1, NULL, 10);
        assert_true(events == 0 || report->calendar_events == events);
        assert_true(report->calendar_bad == 0 || report->errors.total >= report->calendar_bad);
        assert_true(report->calendar_events > 0 || report->errors.total == 1);
        import_report_finish(&outcome.report);
        checked++;
    }
    (void)fclose(index);
    assert_true(checked >= 21);
}

static void shared_holidays_agree_with_the_table(void **state)
{
    struct fixture *fixture = *state;
    struct error err = {.text = ""};
    char path[512];
    struct outcome outcome;
    struct import_report table;
    if (shared_folder() == NULL) {
        skip();
    }
    (void)snprintf(path, sizeof path, "%s/taizhou/cn_holidays_natescarlet.ics", shared_folder());
    import_calendar(fixture, path, IMPORT_AUTO, false, &outcome);
    assert_int_equal(outcome.report.kind, IMPORT_HOLIDAYS);
    assert_int_equal(outcome.report.errors.total, 0);
    assert_int_equal(outcome.report.created, 180);
    import_report_finish(&outcome.report);
    /* The same days from the table of 2024 to 2026: nothing is new, and off or at work is the same. */
    struct timetable *before = fixture_snapshot(fixture);
    (void)snprintf(path, sizeof path, "%s/taizhou/holidays.csv", shared_folder());
    import_report_init(&table);
    assert_int_equal(
        import_file(fixture->store, path, &(struct import_options){.actor = "test"}, &table, &err), ERR_NONE);
    assert_int_equal(table.created, 0);
    struct timetable *after = fixture_snapshot(fixture);
    assert_int_equal(before->holiday_count, after->holiday_count);
    for (size_t i = 0; i < after->holiday_count; i++) {
        assert_int_equal(before->holidays[i].day, after->holidays[i].day);
        assert_int_equal(before->holidays[i].is_off, after->holidays[i].is_off);
    }
    timetable_unref(before);
    timetable_unref(after);
    import_report_finish(&table);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        T(every_file_gives_what_is_expected),
        T(shared_dialects_give_what_is_expected),
        T(shared_exports_import_or_are_refused_clearly),
        T(shared_holidays_agree_with_the_table),
    };
#undef T
    return cmocka_run_group_tests(tests, NULL, NULL);
}
