/* Templates: they come back clean, their examples are no data, and their lists are in the file. And the
 * guards of cells, and what is in a workbook's parts. */
#include "importers/guard.h"
#include "importers/template.h"
#include "tests/importers/roundtrip.h"

#include <zip.h>

static void template_of(struct fixture *fixture, enum import_kind kind, enum export_format format,
                        struct exported *ret_exported)
{
    struct error err = {.text = ""};
    if (export_template(fixture->store, kind, format, ret_exported, &err) != ERR_NONE) {
        fail_msg("%s: %s", import_kind_name(kind), err.text);
    }
}

static void templates_come_back_clean(void **state)
{
    struct fixture *fixture = *state;
    import_all_good(fixture);
    int64_t before = fixture_revision(fixture);
    for (int kind = IMPORT_AUTO + 1; kind < IMPORT_KIND_END; kind++) {
        for (int format = EXPORT_CSV; format <= EXPORT_XLSX; format++) {
            struct exported exported = {0};
            struct import_report report;
            template_of(fixture, (enum import_kind)kind, (enum export_format)format, &exported);
            assert_int_equal(import_text(fixture, "t", exported.bytes, exported.length,
                                         (struct import_options){0}, &report),
                             ERR_NONE);
            if (report.errors.total > 0 || report.warnings.total != 1 ||
                report.kind != (enum import_kind)kind) {
                report_print(&report);
                fail_msg("%s", import_kind_name((enum import_kind)kind));
            }
            assert_int_equal(report.warnings.items[0].code, CODE_EXAMPLE); /* nothing but examples */
            assert_true(report.rows_examples > 0);
            assert_int_equal(report.rows_read, 0);
            import_report_finish(&report);
            free(exported.bytes);
        }
    }
    assert_int_equal(fixture_revision(fixture), before);
}

/* A row below the examples goes in; an example that was typed over is named. */
static void rows_below_the_examples(void **state)
{
    struct fixture *fixture = *state;
    struct exported exported = {0};
    struct import_report report;
    struct text file;
    import_all_good(fixture);
    template_of(fixture, IMPORT_HOLIDAYS, EXPORT_CSV, &exported);
    text_init(&file, 65536);
    text_add_bytes(&file, exported.bytes, exported.length);
    text_add(&file, "2027-10-02,国庆节,休\r\n");
    assert_int_equal(
        import_text(fixture, "t.csv", text_string(&file), file.length, (struct import_options){0}, &report),
        ERR_NONE);
    assert_int_equal(report.warnings.total, 0);
    assert_int_equal(report.rows_examples, 2);
    assert_int_equal(report.created, 1);
    import_report_finish(&report);
    text_add(&file, EXAMPLE_MARK "2027-10-03,国庆节,休\r\n");
    assert_int_equal(
        import_text(fixture, "t.csv", text_string(&file), file.length, (struct import_options){0}, &report),
        ERR_NONE);
    assert_int_equal(report.warnings.total, 1);
    assert_int_equal(report.warnings.items[0].code, CODE_EXAMPLE);
    assert_int_equal(report.warnings.items[0].row, 5);
    import_report_finish(&report);
    text_finish(&file);
    free(exported.bytes);
}

/* A part of a workbook; malloc'd. */
static char *part_read(const struct exported *exported, const char *name)
{
    zip_error_t failed;
    zip_stat_t about;
    zip_error_init(&failed);
    zip_source_t *source = zip_source_buffer_create(exported->bytes, exported->length, 0, &failed);
    zip_t *archive = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &failed);
    assert_non_null(archive);
    assert_int_equal(zip_stat(archive, name, 0, &about), 0);
    char *text = malloc(about.size + 1);
    assert_non_null(text);
    zip_file_t *file = zip_fopen(archive, name, 0);
    assert_non_null(file);
    assert_int_equal(zip_fread(file, text, about.size), about.size);
    text[about.size] = '\0';
    zip_fclose(file);
    zip_discard(archive);
    return text;
}

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        count++;
    }
    return count;
}

static void lists_are_in_the_file(void **state)
{
    struct fixture *fixture = *state;
    struct exported exported = {0};
    import_all_good(fixture);
    template_of(fixture, IMPORT_REQUESTS, EXPORT_XLSX, &exported);
    char *sheet = part_read(&exported, "xl/worksheets/sheet1.xml");
    char *book = part_read(&exported, "xl/workbook.xml");
    char *lists = part_read(&exported, "xl/worksheets/sheet3.xml");
    char *strings = part_read(&exported, "xl/sharedStrings.xml");
    /* hall, area, course: lists of the database; series, withdrawn: yes or no; holiday rule: words. */
    assert_int_equal(count_of(sheet, "type=\"list\""), 6);
    assert_int_equal(count_of(sheet, "<formula1>list_"), 3);
    assert_int_equal(count_of(sheet, "<formula1>\"是,否\"</formula1>"), 2);
    assert_int_equal(count_of(sheet, "<formula1>\"禁止,跳过,顺延\"</formula1>"), 1);
    assert_int_equal(count_of(book, "<definedName name=\"list_"), 3);
    assert_non_null(strstr(book, "state=\"hidden\""));
    assert_non_null(strstr(book, "'litang选项'!$A$1:$A$4")); /* the four halls */
    assert_non_null(strstr(lists, "<sheetData>"));
    assert_non_null(strstr(strings, "示例二村文化礼堂"));
    assert_non_null(strstr(strings, "示例书画课"));
    assert_non_null(strstr(sheet, "state=\"frozen\""));
    free(strings);
    free(lists);
    free(book);
    free(sheet);
    free(exported.bytes);
}

/* Two records of one name stand in a list as their ids; more than an inline list can hold is no trouble. */
static void lists_longer_than_a_rule_and_double_names(void **state)
{
    struct fixture *fixture = *state;
    struct exported exported = {0};
    struct change_set *set = NULL;
    struct commit_result result = {0};
    struct error err = {.text = ""};
    char id[16];
    import_all_good(fixture);
    assert_int_equal(change_set_create("test", "t", "t", &set, &err), ERR_NONE);
    for (int i = 0; i < 500; i++) {
        (void)snprintf(id, sizeof id, "P%03d", i);
        const struct cell cells[] = {CELL_STR("id", id), CELL_STR("name", i < 2 ? "同名学校" : id)};
        assert_int_equal(change_set_put(set, TABLE_PROVIDER, cells, 2, &err), ERR_NONE);
    }
    assert_int_equal(store_commit(fixture->store, set, false, &result, &err), ERR_NONE);
    commit_result_finish(&result);
    change_set_destroy(set);
    template_of(fixture, IMPORT_COURSES, EXPORT_XLSX, &exported);
    char *strings = part_read(&exported, "xl/sharedStrings.xml");
    assert_null(strstr(strings, "同名学校"));
    assert_non_null(strstr(strings, ">P000<"));
    assert_non_null(strstr(strings, ">P499<"));
    free(strings);
    free(exported.bytes);
}

static void codes_and_dates_are_what_they_are(void **state)
{
    struct fixture *fixture = *state;
    struct exported exported = {0};
    struct error err = {.text = ""};
    import_all_good(fixture);
    assert_int_equal(export_kind(fixture->store, IMPORT_HOLIDAYS, EXPORT_XLSX, &exported, &err), ERR_NONE);
    char *sheet = part_read(&exported, "xl/worksheets/sheet1.xml");
    char *styles = part_read(&exported, "xl/styles.xml");
    assert_non_null(strstr(sheet, "<v>46388</v>")); /* 2027-01-01 as a date */
    assert_non_null(strstr(styles, "yyyy\\-mm\\-dd") != NULL ? styles : strstr(styles, "yyyy-mm-dd"));
    assert_non_null(strstr(sheet, "<autoFilter"));
    free(styles);
    free(sheet);
    free(exported.bytes);
    assert_int_equal(export_kind(fixture->store, IMPORT_AREAS, EXPORT_XLSX, &exported, &err), ERR_NONE);
    sheet = part_read(&exported, "xl/worksheets/sheet1.xml");
    assert_null(strstr(sheet, "<v>339901101</v>")); /* a code is text */
    assert_null(strstr(sheet, "<f>"));
    free(sheet);
    free(exported.bytes);
}

/* What Excel's cell cannot hold is refused for a workbook; CSV has it. */
static void a_cell_too_long_for_a_workbook(void **state)
{
    struct fixture *fixture = *state;
    struct exported exported = {0};
    struct change_set *set = NULL;
    struct commit_result result = {0};
    struct error err = {.text = ""};
    import_all_good(fixture);
    assert_int_equal(change_set_create("test", "t", "t", &set, &err), ERR_NONE);
    for (int i = 0; i * 61 <= LIMIT_XLSX_CELL_CHARS; i++) {
        char id[LIMIT_ID_BYTES + 1];
        (void)snprintf(id, sizeof id, "%060d", i);
        const struct cell course[] = {CELL_STR("id", id), CELL_STR("name", id),
                                      CELL_STR("category_id", "智慧助老"), CELL_INT("minutes", 90)};
        const struct cell can[] = {CELL_STR("instructor_id", "T1"), CELL_STR("course_id", id)};
        assert_int_equal(change_set_put(set, TABLE_COURSE, course, 4, &err), ERR_NONE);
        assert_int_equal(change_set_put(set, TABLE_QUALIFICATION, can, 2, &err), ERR_NONE);
    }
    assert_int_equal(store_commit(fixture->store, set, false, &result, &err), ERR_NONE);
    commit_result_finish(&result);
    change_set_destroy(set);
    assert_int_equal(export_kind(fixture->store, IMPORT_INSTRUCTORS, EXPORT_XLSX, &exported, &err),
                     ERR_LIMIT);
    assert_null(exported.bytes);
    assert_int_equal(export_kind(fixture->store, IMPORT_INSTRUCTORS, EXPORT_CSV, &exported, &err), ERR_NONE);
    free(exported.bytes);
}

static void guards_come_off_again(void **state)
{
    static const struct {
        const char *text;
        bool is_guarded, is_guarded_in_csv;
    } CASES[] = {{"=1+1", true, true},
                 {"+86", true, true},
                 {"-3", true, true},
                 {"@a", true, true},
                 {"＝a", true, true},
                 {"\tx", true, true},
                 {"'a", true, true},
                 {"''", true, true},
                 {"", false, false},
                 {"12345678901", false, false},
                 {"45", false, false},
                 {"0", false, false},
                 {"331081105201", false, true},
                 {"0012", false, true},
                 {"1-5", false, true},
                 {"3E5", false, true},
                 {"8:30", false, true},
                 {"1/2", false, true},
                 {"1.50", false, true},
                 {"MAR1", false, true},
                 {"Dec-12", false, true},
                 {"H1", false, false},
                 {"March", false, false},
                 {"示例-1", false, false}};
    (void)state;
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        for (int is_csv = 0; is_csv < 2; is_csv++) {
            struct text out;
            text_init(&out, 100);
            guard_add(&out, CASES[i].text, is_csv == 1);
            bool expected = is_csv == 1 ? CASES[i].is_guarded_in_csv : CASES[i].is_guarded;
            if ((text_string(&out)[0] == '\'' && strcmp(text_string(&out) + 1, CASES[i].text) == 0) !=
                expected) {
                fail_msg("%s -> %s", CASES[i].text, text_string(&out));
            }
            assert_string_equal(guard_take(text_string(&out), &arena), CASES[i].text);
            text_finish(&out);
        }
    }
    assert_string_equal(guard_take("=\"00\"\"12\"", &arena), "00\"12");
    assert_string_equal(guard_take("'abc", &arena), "'abc"); /* nobody's guard */
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(templates_come_back_clean, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(rows_below_the_examples, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(lists_are_in_the_file, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(lists_longer_than_a_rule_and_double_names, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(codes_and_dates_are_what_they_are, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_cell_too_long_for_a_workbook, fixture_open, fixture_close),
        cmocka_unit_test(guards_come_off_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
