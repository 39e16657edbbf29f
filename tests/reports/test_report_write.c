/* The writers: what a table, CSV, JSON, HTML and XLSX say of one report; totals add up in all of them. */
#include "base/limits.h"
#include "reports/report_write.h"
#include "tests/scheduler/timetable_sample.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct report_column COLUMNS[] = {
    {.key = "name", .zh = "名称", .en = "name"},
    {.key = "day", .zh = "日期", .en = "day", .type = REPORT_DATE},
    {.key = "reached", .zh = "已覆盖", .en = "reached", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "all", .zh = "应覆盖", .en = "all", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "rate",
     .zh = "覆盖率",
     .en = "rate",
     .type = REPORT_PERCENT,
     .total = TOTAL_RATIO,
     .numerator = 2,
     .denominator = 3},
    {.key = "per",
     .zh = "每千",
     .en = "per 1000",
     .type = REPORT_RATIO,
     .numerator = 2,
     .denominator = 3,
     .scale = 1000},
    {.key = "heads", .zh = "人数", .en = "heads", .type = REPORT_COUNT},
};

static void fill(struct report_table *table)
{
    static const struct {
        const char *name, *day;
        int64_t reached, all, heads;
    } ROWS[] = {{"示例村, \"一\"", "2026-11-23", 2, 3, -1},
                {"=1+1", "2026-12-31", 0, 0, 12},
                {"<b>&", NULL, 5, 6, 0}};
    report_table_init(table, "sample", "示例报表", "Sample report", COLUMNS, 7);
    report_note(table, "口径：示例", "definition: sample");
    for (size_t i = 0; i < 3; i++) {
        struct report_cell *row = report_row(table);
        row[0] = cell_text(ROWS[i].name);
        row[1] = cell_text(ROWS[i].day);
        row[2] = cell_count(ROWS[i].reached);
        row[3] = cell_count(ROWS[i].all);
        row[4] = cell_ratio(ROWS[i].reached, ROWS[i].all);
        row[5] = cell_ratio(ROWS[i].reached, ROWS[i].all);
        row[6] = cell_entered(ROWS[i].heads);
    }
    table->chart = CHART_COLUMNS;
    table->chart_label = 0;
    table->chart_value = 4;
    assert_int_equal(report_table_status(table, NULL), ERR_NONE);
}

typedef void writer(const struct report_table *, bool, struct text *);

static char *written(writer *write, bool chinese)
{
    struct report_table table;
    struct text out;
    fill(&table);
    text_init(&out, LIMIT_REPORT_BYTES);
    write(&table, chinese, &out);
    report_table_finish(&table);
    return text_take(&out);
}

static void test_table(void **state)
{
    char *zh = written(report_write_table, true);
    (void)state;
    assert_string_equal(zh, "示例报表\n"
                            "口径：示例\n"
                            "\n"
                            "名称          日期        已覆盖  应覆盖  覆盖率    每千  人数\n"
                            "------------  ----------  ------  ------  ------  ------  ----\n"
                            "示例村, \"一\"  2026-11-23       2       3   66.67  666.67      \n"
                            "=1+1          2026-12-31       0       0       –       –    12\n"
                            "<b>&                           5       6   83.33  833.33     0\n"
                            "------------  ----------  ------  ------  ------  ------  ----\n"
                            "合计                           7       9   77.78              \n");
    free(zh);
    char *en = written(report_write_table, false);
    assert_non_null(strstr(en, "Sample report\ndefinition: sample\n"));
    assert_non_null(strstr(en, "\nTotal "));
    free(en);
}

static void test_csv(void **state)
{
    char *csv = written(report_write_csv, true);
    (void)state;
    assert_string_equal(csv, "\xEF\xBB\xBF"
                             "名称,日期,已覆盖,应覆盖,覆盖率,每千,人数\r\n"
                             "\"示例村, \"\"一\"\"\",2026-11-23,2,3,66.67,666.67,\r\n"
                             "'=1+1,2026-12-31,0,0,–,–,12\r\n"
                             "<b>&,,5,6,83.33,833.33,0\r\n"
                             "合计,,7,9,77.78,,\r\n");
    free(csv);
}

static void test_json(void **state)
{
    char *text = written(report_write_json, false);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    (void)state;
    assert_non_null(json);
    const json_t *rows = json_object_get(json, "rows");
    assert_int_equal(json_array_size(rows), 3);
    assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "name")),
                        "示例村, \"一\"");
    assert_true(json_is_null(json_object_get(json_array_get(rows, 1), "rate")));
    assert_true(json_is_null(json_object_get(json_array_get(rows, 0), "heads")));
    assert_true(json_real_value(json_object_get(json_array_get(rows, 2), "rate")) == 83.33);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(json, "total"), "all")), 9);
    assert_string_equal(json_string_value(json_array_get(json_object_get(json, "notes"), 0)),
                        "definition: sample");
    json_decref(json);
    free(text);
}

static void test_html(void **state)
{
    char *html = written(report_write_html, true);
    (void)state;
    assert_non_null(strstr(html, "<html lang=\"zh-CN\">"));
    assert_non_null(strstr(html, "&lt;b&gt;&amp;"));
    assert_null(strstr(html, "<b>&"));
    assert_null(strstr(html, "http:"));
    assert_null(strstr(html, "src="));
    assert_non_null(strstr(html, "--w:77%\">77.78 %</td>"));
    free(html);
}

/* Reads one file out of the workbook with the system's unzip: the sheet as XML. */
static char *sheet_of(const char *path)
{
    char command[200];
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    snprintf(command, sizeof command,
             "python3 -c \"import zipfile,sys; sys.stdout.write(zipfile.ZipFile('%s')."
             "read('xl/worksheets/sheet1.xml').decode())\"",
             path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_true(fread(text, 1, (1 << 20) - 1, pipe) > 100);
    assert_int_equal(pclose(pipe), 0);
    return text;
}

static void test_xlsx(void **state)
{
    struct report_table table;
    struct error err = {0};
    char path[] = "/tmp/litang-report-XXXXXX";
    (void)state;
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    fill(&table);
    assert_done(report_write_xlsx(&table, true, DAY, path, &err), &err);
    char *xml = sheet_of(path);
    /* Title, note, header, rows 4 to 6, total in row 7. */
    assert_non_null(strstr(xml, "<f>SUM(C4:C6)</f><v>7</v>"));
    assert_non_null(strstr(xml, "<f>SUM(D4:D6)</f><v>9</v>"));
    assert_non_null(strstr(xml, "<f>IF(D7&gt;0,C7/D7,\"–\")</f><v>0.7777777777777778</v>"));
    assert_non_null(strstr(xml, "state=\"frozen\""));
    assert_non_null(strstr(xml, "<v>46349</v>")); /* 2026-11-23 as a day number */
    assert_non_null(strstr(xml, "<drawing "));
    assert_non_null(strstr(xml, "<autoFilter ref=\"A3:G6\"/>"));
    /* A chart below the table: all on one page, upright when the table is longer; else as many pages as it
     * takes. */
    assert_non_null(strstr(xml, "orientation=\"landscape\""));
    assert_null(strstr(xml, "fitToHeight=\"0\""));
    free(xml);
    for (int i = 0; i < 20; i++) {
        report_row(&table)[0] = cell_text("示例村");
    }
    assert_done(report_write_xlsx(&table, true, DAY, path, &err), &err);
    xml = sheet_of(path);
    assert_non_null(strstr(xml, "orientation=\"portrait\""));
    assert_null(strstr(xml, "fitToHeight=\"0\""));
    free(xml);
    table.chart = CHART_NONE;
    assert_done(report_write_xlsx(&table, true, DAY, path, &err), &err);
    xml = sheet_of(path);
    assert_non_null(strstr(xml, "fitToHeight=\"0\" orientation=\"landscape\""));
    free(xml);
    assert_int_equal(report_write_xlsx(&table, true, DAY, "/nonexistent/folder/x.xlsx", &err), ERR_IO);
    report_table_finish(&table);
    unlink(path);
}

static void test_too_many_rows_for_a_sheet(void **state)
{
    struct report_table table;
    struct error err = {0};
    char path[] = "/tmp/litang-report-none.xlsx";
    (void)state;
    report_table_init(&table, "sample", "示例", "sample", COLUMNS, 1);
    for (size_t i = 0; i < LIMIT_SHEET_ROWS - 2; i++) {
        report_row(&table)[0] = cell_text("x");
    }
    assert_int_equal(report_write_xlsx(&table, true, DAY, path, &err), ERR_LIMIT);
    assert_int_not_equal(access(path, F_OK), 0);
    report_table_finish(&table);
}

static void test_failures_are_sticky(void **state)
{
    struct report_table table;
    struct error err = {0};
    (void)state;
    report_table_init(&table, "sample", "示例", "sample", COLUMNS, 7);
    for (int i = 0; i < REPORT_NOTES_MAX; i++) {
        report_note(&table, "注", "note");
    }
    assert_int_equal(report_table_status(&table, &err), ERR_NONE);
    report_note(&table, "注", "note");
    assert_int_equal(report_table_status(&table, &err), ERR_LIMIT);
    report_row(&table)[0] = cell_text("nothing is written any more");
    report_table_finish(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_xlsx),
        cmocka_unit_test(test_too_many_rows_for_a_sheet),
        cmocka_unit_test(test_failures_are_sticky),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
