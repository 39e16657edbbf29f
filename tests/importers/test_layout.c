/* What a sheet's arrangement means: two-row headers, merged cells, empty cells as above, rows that are no
 * records, several sheets. */
#include "tests/importers/package.h"
#include "tests/importers/support.h"

static void import_ok(struct fixture *fixture, const char *csv, struct import_report *report)
{
    if (import_text(fixture, "t.csv", csv, strlen(csv), (struct import_options){0}, report) != ERR_NONE) {
        report_print(report);
        fail_msg("%s", csv);
    }
}

static void areas_in(struct fixture *fixture)
{
    struct import_report report;
    import_good(fixture, "areas.csv", &report);
    import_report_finish(&report);
}

static const struct hall *hall_at(struct fixture *fixture, struct timetable **ret_timetable, const char *id)
{
    *ret_timetable = fixture_snapshot(fixture);
    uint32_t index = timetable_find_hall(*ret_timetable, id);
    assert_int_not_equal(index, NONE);
    return &(*ret_timetable)->halls[index];
}

static void expect_hall_area(struct fixture *fixture, const char *id, const char *area)
{
    struct timetable *timetable = NULL;
    const struct hall *hall = hall_at(fixture, &timetable, id);
    assert_string_equal(timetable->areas[hall->area].id, area);
    timetable_unref(timetable);
}

static void groups_stand_above_their_columns(void **state)
{
    struct fixture *fixture = *state;
    struct import_report report;
    areas_in(fixture);
    import_ok(fixture,
              "示例县礼堂名册,,,,,\n填报单位：示例,,,,填报日期：2026.1.1,\n\n"
              "序号,礼堂,,所在地,,备注\n,礼堂编号,礼堂名称,乡镇,村,\n"
              "1,H1,甲礼堂,示例镇,示例一村,无\n",
              &report);
    assert_int_equal(report.kind, IMPORT_HALLS);
    assert_int_equal(report.header_row, 4);
    assert_int_equal(report.rows_read, 1);
    assert_int_equal(report.rows_skipped, 2);
    /* 备注 is not used; the column is named by its own header. */
    assert_int_equal(report.warnings.total, 1);
    assert_string_equal(report.warnings.items[0].header, "备注");
    import_report_finish(&report);
    expect_hall_area(fixture, "H1", "339901101201");
}

/* A title is no group: the header is the row below it, and the title is counted as skipped. */
static void a_title_is_no_group(void **state)
{
    struct fixture *fixture = *state;
    struct import_report report;
    import_ok(fixture, "节假日安排,,\n日期,节日,是否放假\n2027-01-01,元旦,是\n", &report);
    assert_int_equal(report.header_row, 2);
    assert_int_equal(report.rows_skipped, 1);
    import_report_finish(&report);
}

/* 开始/结束 above 日期/时间: the group makes the difference. */
static void the_group_is_part_of_the_name(void **state)
{
    struct fixture *fixture = *state;
    struct import_report report;
    areas_in(fixture);
    import_good(fixture, "courses.csv", &report);
    import_report_finish(&report);
    import_ok(fixture,
              "点单乡镇,点单课程,开始,,结束,\n,,日期,备注,日期,备注\n示例镇,KC1,2026-03-01,,2026-06-30,\n",
              &report);
    assert_int_equal(report.kind, IMPORT_REQUESTS);
    assert_int_equal(report.rows_good, 1);
    import_report_finish(&report);
}

static void empty_cells_of_grouping_columns_are_as_above(void **state)
{
    struct fixture *fixture = *state;
    struct import_report report;
    areas_in(fixture);
    import_ok(fixture,
              "序号,乡镇,礼堂编号,礼堂名称\n1,示例镇,H1,甲礼堂\n2,,H2,乙礼堂\n,,,\n3,,H3,丙礼堂\n小计,,,3\n4,"
              "示例乡,H4,丁礼堂\n",
              &report);
    assert_int_equal(report.rows_read, 4);
    assert_int_equal(report.rows_skipped, 1);
    assert_int_equal(report.warnings.total, 1);
    const struct import_finding *warning = &report.warnings.items[0];
    assert_int_equal(warning->code, CODE_ASSUMED);
    assert_int_equal(warning->row, 3);
    assert_int_equal(warning->column, 2);
    assert_string_equal(warning->header, "乡镇");
    assert_string_equal(warning->text, "示例镇");
    assert_non_null(strstr(warning->zh, "第 3, 5 行"));
    import_report_finish(&report);
    expect_hall_area(fixture, "H3", "339901101");
    expect_hall_area(fixture, "H4", "339901102");
}

static void an_empty_cell_elsewhere_stays_empty(void **state)
{
    struct fixture *fixture = *state;
    struct import_report report;
    areas_in(fixture);
    /* The township does not lead the table; and after a sum a new group must say its township. */
    static const char *const CSVS[] = {"礼堂编号,礼堂名称,乡镇\nH1,甲礼堂,示例镇\nH2,乙礼堂,\n",
                                       "乡镇,礼堂编号,礼堂名称\n示例镇,H1,甲礼堂\n小计,,1\n,H2,乙礼堂\n"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(
            import_text(fixture, "t.csv", CSVS[i], strlen(CSVS[i]), (struct import_options){0}, &report),
            ERR_INPUT);
        assert_int_equal(report.rows_bad, 1);
        assert_int_equal(report.errors.items[0].row, i == 0 ? 3 : 4);
        import_report_finish(&report);
    }
}

static void rows_that_are_no_records_are_counted(void **state)
{
    struct fixture *fixture = *state;
    struct import_report report;
    import_ok(fixture,
              "日期,节日,是否放假\n2027-01-01,元旦,是\n日期,节日,是否放假\n2027-02-01,春节,是\n,合计,2\n"
              "注：以通知为准。,,\n填报人：示例甲,,审核人：示例乙\n",
              &report);
    assert_int_equal(report.rows_read, 2);
    assert_int_equal(report.rows_skipped, 4);
    import_report_finish(&report);
}

#define CELL(address, text) "<c r=\"" address "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define ROW(number, cells)  "<row r=\"" number "\">" cells "</row>"

static enum error_code import_sheet_xml(struct fixture *fixture, const char *xml,
                                        struct import_report *report)
{
    size_t length = 0;
    char *bytes = workbook_make(xml, 0, STRINGS(""), STYLES(""), "", &length);
    enum error_code code = import_text(fixture, "t.xlsx", bytes, length, (struct import_options){0}, report);
    free(bytes);
    return code;
}

static void merged_cells_hold_for_all_their_rows(void **state)
{
    struct fixture *fixture = *state;
    struct import_report report;
    areas_in(fixture);
    enum error_code code = import_sheet_xml(
        fixture,
        SHEET("<sheetData>" ROW("1", CELL("A1", "名册")) ROW(
            "2", CELL("A2", "礼堂编号") CELL("B2", "礼堂名称") CELL("C2", "所在地")
                     CELL("E2", "地址")) ROW("3", CELL("C3", "乡镇") CELL("D3", "村"))
                  ROW("4", CELL("A4", "H1") CELL("B4", "甲礼堂") CELL("C4", "示例镇") CELL("E4", "示例路"))
                      ROW("5", CELL("A5", "H2") CELL("B5", "乙礼堂")) ROW("6", CELL("A6", "一、示例乡")) ROW(
                          "7", CELL("A7", "H3") CELL("B7", "丙礼堂") CELL(
                                   "C7",
                                   "示例乡")) "</sheetData><mergeCells><mergeCell ref=\"A1:E1\"/><mergeCell "
                                              "ref=\"A2:A3\"/><mergeCell ref=\"B2:B3\"/><mergeCell "
                                              "ref=\"C2:D2\"/><mergeCell ref=\"E2:E3\"/><mergeCell "
                                              "ref=\"C4:C5\"/><mergeCell ref=\"E4:E5\"/><mergeCell "
                                              "ref=\"A6:E6\"/></mergeCells>"),
        &report);
    if (code != ERR_NONE) {
        report_print(&report);
        fail();
    }
    assert_int_equal(report.kind, IMPORT_HALLS);
    assert_int_equal(report.rows_read, 3);
    assert_int_equal(report.rows_skipped, 2);
    assert_int_equal(report.warnings.total, 0);
    import_report_finish(&report);
    expect_hall_area(fixture, "H2", "339901101");
    struct timetable *timetable = NULL;
    assert_string_equal(hall_at(fixture, &timetable, "H2")->address, "示例路");
    timetable_unref(timetable);
}

static void rows_keep_their_numbers_in_errors(void **state)
{
    struct fixture *fixture = *state;
    struct import_report report;
    assert_int_equal(import_sheet_xml(fixture,
                                      SHEET("<sheetData>" ROW("3", CELL("B3", "日期") CELL("C3", "节日"))
                                                ROW("9", CELL("B9", "2027-01-01") CELL("C9", "元旦"))
                                                    ROW("40", CELL("B40", "没有日期") CELL("C40", "春节"))
                                                        ROW("41", CELL("B41", "2027-01-02")
                                                                      CELL("C41", "#REF!")) "</sheetData>"),
                                      &report),
                     ERR_INPUT);
    assert_int_equal(report.errors.total, 2);
    assert_int_equal(report.errors.items[0].row, 40);
    assert_int_equal(report.errors.items[0].column, 2);
    assert_string_equal(report.errors.items[0].sheet, "表一");
    assert_int_equal(report.errors.items[1].code, CODE_CELL_ERROR);
    import_report_finish(&report);
}

/* A workbook of several sheets: name, cells, hidden. */
static enum error_code import_sheets(struct fixture *fixture, const char *const sheets[][3], size_t count,
                                     struct import_report *report)
{
    struct text book;
    struct text relations;
    struct part parts[10] = {{"xl/workbook.xml", "", 0}, {"xl/_rels/workbook.xml.rels", "", 0}};
    static const char *const PATHS[] = {"xl/worksheets/s0.xml", "xl/worksheets/s1.xml",
                                        "xl/worksheets/s2.xml", "xl/worksheets/s3.xml"};
    text_init(&book, 100000);
    text_init(&relations, 100000);
    text_add(&book, "<workbook><sheets>");
    text_add(&relations, "<Relationships>");
    for (size_t i = 0; i < count; i++) {
        text_addf(&book, "<sheet name=\"%s\" r:id=\"r%zu\" %s/>", sheets[i][0], i, sheets[i][2]);
        text_addf(&relations, "<Relationship Id=\"r%zu\" Type=\"x/worksheet\" Target=\"/%s\"/>", i, PATHS[i]);
        parts[2 + i] = (struct part){PATHS[i], sheets[i][1], 0};
    }
    text_add(&book, "</sheets></workbook>");
    text_add(&relations, "</Relationships>");
    parts[0].text = text_string(&book);
    parts[1].text = text_string(&relations);
    size_t length = 0;
    char *bytes = package_make(parts, 2 + count, &length);
    enum error_code code = import_text(fixture, "t.xlsx", bytes, length, (struct import_options){0}, report);
    free(bytes);
    text_finish(&relations);
    text_finish(&book);
    return code;
}

#define HOLIDAYS_2027                                                                                        \
    SHEET("<sheetData>" ROW("1", CELL("A1", "日期") CELL("B1", "节日"))                                      \
              ROW("2", CELL("A2", "2027-01-01") CELL("B2", "元旦")) "</sheetData>")
#define HOLIDAYS_2028                                                                                        \
    SHEET("<sheetData>" ROW("1", CELL("A1", "日期") CELL("B1", "节日"))                                      \
              ROW("2", CELL("A2", "2028-01-01") CELL("B2", "元旦")) "</sheetData>")
#define COURSES                                                                                              \
    SHEET("<sheetData>" ROW("1", CELL("A1", "课程名称") CELL("B1", "课程类别") CELL("C1", "时长"))           \
              ROW("2", CELL("A2", "示例课") CELL("B2", "健康") CELL("C2", "90")) "</sheetData>")
#define NOTES SHEET("<sheetData>" ROW("1", CELL("A1", "填表说明")) "</sheetData>")

static void sheets_go_in_together_or_not_at_all(void **state)
{
    static const char *const GOOD[][3] = {{"二七年", HOLIDAYS_2027, ""},
                                          {"课程", COURSES, ""},
                                          {"说明", NOTES, ""},
                                          {"旧表", HOLIDAYS_2028, "state=\"hidden\""}};
    static const char *const TWICE[][3] = {{"二七年", HOLIDAYS_2027, ""}, {"再来", HOLIDAYS_2027, ""}};
    static const char *const LACKING[][3] = {
        {"二八年", HOLIDAYS_2028, ""},
        {"礼堂",
         SHEET("<sheetData>" ROW("1", CELL("A1", "礼堂编号") CELL("B1", "场地") CELL("C1", "星级")
                                          CELL("D1", "开放时间")) "</sheetData>"),
         ""}};
    struct fixture *fixture = *state;
    struct import_report report;
    if (import_sheets(fixture, GOOD, 4, &report) != ERR_NONE) {
        report_print(&report);
        fail();
    }
    assert_int_equal(fixture_revision(fixture), 1);
    assert_int_equal(report.sheet_count, 2);
    assert_int_equal(report.sheets[1].kind, IMPORT_COURSES);
    assert_int_equal(report.created, 2);
    assert_int_equal(report.warnings.total, 2);
    assert_string_equal(report.warnings.items[0].sheet, "说明");
    assert_int_equal(report.warnings.items[0].code, CODE_IGNORED_SHEET);
    assert_string_equal(report.warnings.items[1].sheet, "旧表");
    import_report_finish(&report);
    assert_int_equal(import_sheets(fixture, TWICE, 2, &report), ERR_INPUT);
    assert_int_equal(report.errors.items[0].code, CODE_DUPLICATE);
    assert_string_equal(report.errors.items[0].sheet, "再来");
    assert_non_null(strstr(report.errors.items[0].zh, "二七年:2"));
    import_report_finish(&report);
    /* A table that lacks a column stops the whole file. */
    assert_int_equal(import_sheets(fixture, LACKING, 2, &report), ERR_INPUT);
    assert_int_equal(report.errors.items[0].code, CODE_NO_HEADER);
    assert_string_equal(report.errors.items[0].sheet, "礼堂");
    import_report_finish(&report);
    assert_int_equal(fixture_revision(fixture), 1);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        T(groups_stand_above_their_columns),     T(a_title_is_no_group),
        T(the_group_is_part_of_the_name),        T(empty_cells_of_grouping_columns_are_as_above),
        T(an_empty_cell_elsewhere_stays_empty),  T(rows_that_are_no_records_are_counted),
        T(merged_cells_hold_for_all_their_rows), T(rows_keep_their_numbers_in_errors),
        T(sheets_go_in_together_or_not_at_all),
    };
#undef T
    return cmocka_run_group_tests(tests, NULL, NULL);
}
