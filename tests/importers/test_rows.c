/* A row that is wrong in each possible way: every row named with its column and code, nothing imported. The
 * cases are files: data/KIND_bad.csv with the findings in data/KIND_bad.expected ("row,header,code"). */
#include "tests/importers/support.h"

static char *read_whole(const char *path)
{
    static char bytes[65536];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof bytes - 1, file);
    bytes[length] = '\0';
    (void)fclose(file);
    return bytes;
}

static void write_findings(const struct import_report *report, struct text *out)
{
    for (size_t i = 0; i < report->errors.count; i++) {
        const struct import_finding *finding = &report->errors.items[i];
        text_addf(out, "%u,%s,%s\n", finding->row, finding->header, import_code_name(finding->code));
        assert_string_not_equal(finding->zh, "");
        assert_string_not_equal(finding->en, "");
        assert_null(strstr(finding->zh, "%s"));
        assert_null(strstr(finding->en, "%s"));
    }
}

static void check_kind(struct fixture *fixture, const char *kind, bool dry_run)
{
    char name[64];
    struct import_report report;
    struct error err = {.text = ""};
    struct import_options options = {.actor = "test", .dry_run = dry_run};
    int64_t before = fixture_revision(fixture);
    (void)snprintf(name, sizeof name, "%s_bad.csv", kind);
    import_report_init(&report);
    assert_int_equal(import_file(fixture->store, data_path(name), &options, &report, &err), ERR_INPUT);
    assert_string_equal(import_kind_name(report.kind), kind);
    struct text found;
    text_init(&found, 1 << 20);
    write_findings(&report, &found);
    (void)snprintf(name, sizeof name, "%s_bad.expected", kind);
    assert_string_equal(text_string(&found), read_whole(data_path(name)));
    assert_false(report.is_committed);
    assert_int_equal(fixture_revision(fixture), before);
    text_finish(&found);
    import_report_finish(&report);
}

static void every_wrong_row_is_named(void **state)
{
    struct fixture *fixture = *state;
    import_all_good(fixture);
    for (int kind = IMPORT_AUTO + 1; kind < IMPORT_KIND_END; kind++) {
        check_kind(fixture, import_kind_name((enum import_kind)kind), true);
        check_kind(fixture, import_kind_name((enum import_kind)kind), false);
    }
}

static void partial_lets_good_rows_in_and_returns_the_bad(void **state)
{
    struct fixture *fixture = *state;
    import_all_good(fixture);
    struct import_report report;
    struct error err = {.text = ""};
    struct import_options options = {.actor = "test", .partial = true};
    import_report_init(&report);
    assert_int_equal(import_file(fixture->store, data_path("holidays_bad.csv"), &options, &report, &err),
                     ERR_NONE);
    assert_true(report.is_committed);
    assert_int_equal(report.rows_good, 1);
    assert_int_equal(report.created, 1);
    assert_int_equal(report.rows_bad, 11);
    struct text rows;
    text_init(&rows, 1 << 20);
    import_report_write_bad_rows(&report, &rows);
    assert_non_null(
        strstr(text_string(&rows), "\xEF\xBB\xBF日期,节日,是否放假,错误\r\n5/12,示例节,休,日期："));
    assert_null(strstr(text_string(&rows), "2027-05-03,"));
    assert_non_null(strstr(text_string(&rows), "2027/5/3,"));
    /* The list goes back in as it came out: again each row is wrong, and nothing else. */
    struct import_report again;
    assert_int_equal(import_text(fixture, "bad.csv", rows.data, rows.length,
                                 (struct import_options){.dry_run = true}, &again),
                     ERR_INPUT);
    assert_int_equal(again.rows_read, 11);
    assert_int_equal(again.warnings.total, 0);
    import_report_finish(&again);
    text_finish(&rows);
    import_report_finish(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_wrong_row_is_named, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(partial_lets_good_rows_in_and_returns_the_bad, fixture_open,
                                        fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
