/* Real division tables and office sheets, when LITANG_SHARED_DATA names their folder; skipped otherwise. */
#include "tests/importers/support.h"

#include "base/date.h"

static bool shared_path(const char *name, char *ret_path, size_t size)
{
    const char *folder = getenv("LITANG_SHARED_DATA");
    if (folder == NULL || *folder == '\0') {
        return false;
    }
    (void)snprintf(ret_path, size, "%s/%s", folder, name);
    return true;
}

/* One line of the table of file -> outcome. */
static void outcome_print(const char *file, const struct import_report *report)
{
    const struct import_finding *first = report->errors.count > 0 ? &report->errors.items[0] : NULL;
    if (first == NULL) {
        print_message("| %s | %s | %zu rows in, %zu created, %zu conversions, %zu warnings |\n", file,
                      import_kind_name(report->kind), report->rows_read, report->created,
                      report->conversions.total, report->warnings.total);
    } else {
        print_message("| %s | %s | refused, %zu errors, first: row %u: %s |\n", file,
                      import_kind_name(report->kind), report->errors.total, first->row, first->zh);
    }
}

struct expected {
    const char *file;
    enum error_code code;
    enum import_kind kind;
    size_t rows, warnings;
    enum import_code first_error; /* CODE_… when code is not ERR_NONE */
};

static void check_files(struct fixture *fixture, const struct expected *files, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char path[512];
        struct import_report report;
        struct error err = {.text = ""};
        if (!shared_path(files[i].file, path, sizeof path)) {
            skip();
        }
        import_report_init(&report);
        enum error_code code =
            import_file(fixture->store, path, &(struct import_options){.actor = "test"}, &report, &err);
        if (code != files[i].code || report.kind != files[i].kind || report.rows_read != files[i].rows ||
            report.warnings.total != files[i].warnings) {
            report_print(&report);
            fail_msg("%s: %s, %s, %zu rows, %zu warnings", files[i].file, error_name(code),
                     import_kind_name(report.kind), report.rows_read, report.warnings.total);
        }
        outcome_print(files[i].file, &report);
        if (code == ERR_NONE) {
            assert_int_equal(report.created, report.rows_read);
        } else {
            assert_string_equal(import_code_name(report.errors.items[0].code),
                                import_code_name(files[i].first_error));
            assert_false(report.is_committed);
        }
        import_report_finish(&report);
    }
}

static void division_tables_load_as_they_are(void **state)
{
    static const struct expected FILES[] = {
        {"taizhou/counties.csv", ERR_NONE, IMPORT_AREAS, 9, 9, CODE_EMPTY},
        {"taizhou/townships.csv", ERR_NONE, IMPORT_AREAS, 136, 0, CODE_EMPTY},
        {"taizhou/villages.csv", ERR_NONE, IMPORT_AREAS, 3433, 2, CODE_EMPTY},
        {"taizhou/holidays.csv", ERR_NONE, IMPORT_HOLIDAYS, 108, 0, CODE_EMPTY}};
    check_files(*state, FILES, sizeof FILES / sizeof *FILES);
}

static void division_tables_load_in_any_order(void **state)
{
    static const struct expected FILES[] = {
        {"taizhou/villages.csv", ERR_NONE, IMPORT_AREAS, 3433, 3433, CODE_EMPTY},
        {"taizhou/townships.csv", ERR_NONE, IMPORT_AREAS, 136, 136, CODE_EMPTY},
        {"taizhou/counties.csv", ERR_NONE, IMPORT_AREAS, 9, 9, CODE_EMPTY}};
    check_files(*state, FILES, sizeof FILES / sizeof *FILES);
}

static void sheets_go_in_or_are_refused_clearly(void **state)
{
    static const struct expected FILES[] = {
        {"sheets/01_menu_utf8bom.csv", ERR_NONE, IMPORT_COURSES, 3, 3, CODE_EMPTY},
        {"sheets/02_ledger_gb18030.csv", ERR_INPUT, IMPORT_SESSIONS, 5, 3, CODE_UNKNOWN},
        {"sheets/04_export_is_html.xls", ERR_INPUT, IMPORT_AUTO, 0, 0, CODE_NO_HEADER},
        {"taizhou/lunar_days_2024_2026.csv", ERR_INPUT, IMPORT_AUTO, 0, 0, CODE_NO_HEADER}};
    check_files(*state, FILES, sizeof FILES / sizeof *FILES);
}

/* What the ledger names exists: its places, but neither its courses nor its people. */
static void prepare_ledger(struct fixture *fixture)
{
    static const char *const AREAS[] = {"taizhou/counties.csv", "taizhou/townships.csv"};
    static const char HALLS[] = "礼堂名称,乡镇\n示例一村文化礼堂,箬横镇\n示例二村文化礼堂,箬横镇\n"
                                "上垟示例村文化礼堂,松门镇\n示例三村文化礼堂,松门镇\n";
    struct import_report report;
    for (size_t i = 0; i < 2; i++) {
        char path[512];
        struct error err = {.text = ""};
        if (!shared_path(AREAS[i], path, sizeof path)) {
            skip();
        }
        import_report_init(&report);
        assert_int_equal(
            import_file(fixture->store, path, &(struct import_options){.actor = "test"}, &report, &err),
            ERR_NONE);
        import_report_finish(&report);
    }
    assert_int_equal(import_text(fixture, "halls.csv", HALLS, sizeof HALLS - 1,
                                 (struct import_options){.dry_run = false}, &report),
                     ERR_NONE);
    import_report_finish(&report);
}

static const struct session *session_on(const struct timetable *timetable, const char *date, const char *hall)
{
    int32_t day = 0;
    assert_true(date_parse(date, &day));
    for (size_t i = 0; i < timetable->session_count; i++) {
        const struct placement *at = &timetable->sessions[i].at;
        if (at->day == day && strcmp(timetable->halls[timetable->rooms[at->room].hall].name, hall) == 0) {
            return &timetable->sessions[i];
        }
    }
    fail_msg("no session on %s in %s", date, hall);
    return NULL;
}

static void the_ledger_of_a_quarter_goes_in(void **state)
{
    struct fixture *fixture = *state;
    char path[512];
    struct import_report report;
    struct error err = {.text = ""};
    prepare_ledger(fixture);
    (void)shared_path("sheets/02_ledger_gb18030.csv", path, sizeof path);
    import_report_init(&report);
    enum error_code code =
        import_file(fixture->store, path, &(struct import_options){.actor = "test", .create_missing = true},
                    &report, &err);
    if (code != ERR_NONE) {
        report_print(&report);
        fail_msg("%s", err.text);
    }
    outcome_print("sheets/02_ledger_gb18030.csv (its halls exist)", &report);
    assert_int_equal(report.rows_read, 5);
    assert_int_equal(report.created, 6); /* one row is two days */
    import_report_finish(&report);
    struct timetable *timetable = fixture_snapshot(fixture);
    const struct session *first = session_on(timetable, "2024-04-03", "示例一村文化礼堂");
    assert_int_equal(first->at.start_min, 870);
    assert_int_equal(first->at.minutes, 90);
    assert_int_equal(first->turnout.heads, 45);
    assert_int_equal(session_on(timetable, "2024-04-09", "示例二村文化礼堂")->at.held, HELD_OUTSIDE);
    assert_int_equal(session_on(timetable, "2024-04-16", "示例二村文化礼堂")->at.instructor_count, 2);
    assert_int_equal(session_on(timetable, "2024-04-29", "上垟示例村文化礼堂")->at.start_min, 1140);
    assert_int_equal(session_on(timetable, "2024-04-26", "上垟示例村文化礼堂")->turnout.heads, 36);
    timetable_unref(timetable);
}

static void coordinates_update_the_same_areas(void **state)
{
    static const char *const FILES[] = {"taizhou/counties.csv", "taizhou/townships.csv",
                                        "taizhou/county_coords.csv", "taizhou/township_coords.csv"};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        char path[512];
        struct import_report report;
        struct error err = {.text = ""};
        if (!shared_path(FILES[i], path, sizeof path)) {
            skip();
        }
        import_report_init(&report);
        assert_int_equal(
            import_file(fixture->store, path, &(struct import_options){.actor = "test"}, &report, &err),
            ERR_NONE);
        assert_int_equal(report.kind, IMPORT_AREAS);
        assert_true(i < 2 || report.created == 0);
        assert_true(i < 2 || report.updated == report.rows_read);
        import_report_finish(&report);
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        T(division_tables_load_as_they_are),    T(division_tables_load_in_any_order),
        T(sheets_go_in_or_are_refused_clearly), T(the_ledger_of_a_quarter_goes_in),
        T(coordinates_update_the_same_areas),
    };
#undef T
    return cmocka_run_group_tests(tests, NULL, NULL);
}
