/* Export, edit, import: nothing but the edit changes, and nobody's work is lost. */
#include "tests/importers/roundtrip.h"

#include "importers/demo.h"

/* Exports every kind and imports it as it is: all rows unchanged, no finding, no revision. */
static void export_means_no_change(struct fixture *fixture, enum export_format format)
{
    for (int kind = IMPORT_AUTO + 1; kind < IMPORT_KIND_END; kind++) {
        struct exported exported = {0};
        struct import_report report;
        struct error err = {.text = ""};
        int64_t before = fixture_revision(fixture);
        assert_int_equal(export_kind(fixture->store, (enum import_kind)kind, format, &exported, &err),
                         ERR_NONE);
        /* Once with its marks, when nothing is compared but texts; the kind is found by the headers alone. */
        enum error_code code = import_text(fixture, "export", exported.bytes, exported.length,
                                           (struct import_options){0}, &report);
        if (exported.rows == 0) {
            assert_int_equal(code, ERR_INPUT);
        } else if (code != ERR_NONE || report.errors.total > 0 || report.warnings.total > 0) {
            report_print(&report);
            struct grid after;
            grid_export(fixture, (enum import_kind)kind, format, &after);
            for (size_t r = 1; r < after.rows; r++) {
                print_message("%s|%s|%s\n", grid_at(&after, r, 0), grid_at(&after, r, 1),
                              grid_at(&after, r, after.columns - 1));
            }
            grid_finish(&after);
            fail_msg("%s: %s", import_kind_name((enum import_kind)kind), err.text);
        }
        assert_int_equal(report.unchanged, exported.rows);
        assert_int_equal(report.created + report.updated, 0);
        assert_int_equal(fixture_revision(fixture), before);
        import_report_finish(&report);
        free(exported.bytes);
    }
}

/* The same without the marks: the values themselves must come back, not only the comparison succeed. */
static void values_come_back(struct fixture *fixture, enum export_format format)
{
    for (int kind = IMPORT_AUTO + 1; kind < IMPORT_KIND_END; kind++) {
        struct grid grid;
        struct import_report report;
        int64_t before = fixture_revision(fixture);
        grid_export(fixture, (enum import_kind)kind, format, &grid);
        for (size_t r = 1; r < grid.rows; r++) {
            grid_set(&grid, r, EXPORT_STAMP_HEADER, "");
        }
        enum error_code code =
            grid_import(fixture, &grid, (enum import_kind)kind, (struct import_options){0}, &report);
        if (grid.rows > 1 && (code != ERR_NONE || report.created + report.updated > 0)) {
            report_print(&report);
            fail_msg("%s", import_kind_name((enum import_kind)kind));
        }
        assert_int_equal(report.result.updated + report.result.created + report.result.dropped, 0);
        assert_int_equal(fixture_revision(fixture), before);
        import_report_finish(&report);
        grid_finish(&grid);
    }
}

/* The sample writes some weekly hours and rules of days longer than the parsers do; a plain import shortens
 * them once. */
static void settle(struct fixture *fixture)
{
    for (int kind = IMPORT_AUTO + 1; kind < IMPORT_KIND_END; kind++) {
        struct grid grid;
        grid_export(fixture, (enum import_kind)kind, EXPORT_CSV, &grid);
        for (size_t r = 1; r < grid.rows; r++) {
            grid_set(&grid, r, EXPORT_STAMP_HEADER, "");
        }
        if (grid.rows > 1) {
            grid_import_good(fixture, &grid, (enum import_kind)kind);
        }
        grid_finish(&grid);
    }
}

static void sample_city_comes_back_unchanged(void **state)
{
    struct fixture *fixture = *state;
    struct demo_summary summary;
    struct error err = {.text = ""};
    const struct demo_options options = {.seed = 4, .sessions = 600, .year = 2027};
    assert_int_equal(demo_fill(fixture->store, &options, "test", &summary, &err), ERR_NONE);
    export_means_no_change(fixture, EXPORT_CSV);
    export_means_no_change(fixture, EXPORT_XLSX);
    settle(fixture);
    values_come_back(fixture, EXPORT_CSV);
    values_come_back(fixture, EXPORT_XLSX);
}

static void put(struct change_set *set, enum store_table table, const struct cell *cells, size_t count)
{
    struct error err = {.text = ""};
    if (change_set_put(set, table, cells, count, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
}
#define PUT(set, table, ...)                                                                                 \
    put(set, table, (const struct cell[]){__VA_ARGS__},                                                      \
        sizeof((const struct cell[]){__VA_ARGS__}) / sizeof(struct cell))

static const char *const HOSTILE[] = {"=cmd|'/c calc'!A1",
                                      "+86 576",
                                      "-3",
                                      "@示例",
                                      "'=1+1",
                                      "'引号",
                                      "''",
                                      "＝全角",
                                      "a \"b\" c",
                                      "\"",
                                      "x,y;z；甲、乙",
                                      "垟峧峇湗乢",
                                      "😀礼堂",
                                      "00012",
                                      "331081105201",
                                      "123456789012345",
                                      "12345678901234567890",
                                      "3E5",
                                      "1-5",
                                      "8:30",
                                      "MAR1",
                                      "TRUE",
                                      "_x0041_",
                                      "<b>&amp;</b>",
                                      "教室 2",
                                      "讲堂（大）",
                                      "讲堂 [小] 〔甲〕",
                                      "厅:",
                                      "【示范】",
                                      "※名"};
enum {
    HOSTILE_COUNT = sizeof HOSTILE / sizeof *HOSTILE
};

/* Every text that can be hostile is: ids, names, notes, rooms. */
static void fill_hostile(struct fixture *fixture)
{
    struct change_set *set = NULL;
    struct commit_result result = {0};
    struct error err = {.text = ""};
    assert_int_equal(change_set_create("test", "hostile", "test", &set, &err), ERR_NONE);
    PUT(set, TABLE_AREA, CELL_STR("id", "3399"), CELL_STR("level", "city"), CELL_STR("name", "示例市"));
    for (size_t i = 0; i < HOSTILE_COUNT; i++) {
        const char *text = HOSTILE[i];
        char id[48];
        char other[48];
        char room[LIMIT_ID_BYTES + 16];
        char note[LIMIT_NOTE_BYTES];
        /* No import makes an id with an apostrophe in front or full-width signs. */
        bool is_odd = *text == '\'' || strstr(text, "\xEF\xBC") != NULL;
        (void)snprintf(id, sizeof id, "%s%zu", is_odd ? "x" : text, is_odd ? i : 0);
        id[strlen(id) - (is_odd ? 0 : 1)] = '\0';
        for (char *at = id; *at != '\0'; at++) {
            *at = *at == ' ' ? '_' : *at; /* an id has no blanks */
        }
        (void)snprintf(other, sizeof other, "%s", i == 2 ? "-3" : id);
        (void)snprintf(room, sizeof room, "r%zu%s", i, id);
        (void)snprintf(note, sizeof note, "%s\n第二行,\"%s\"", text, text);
        bool is_area = strcmp(id, "3E5") != 0;
        if (is_area) {
            PUT(set, TABLE_AREA, CELL_STR("id", id), CELL_STR("level", "village"), CELL_STR("name", text),
                CELL_STR("parent_id", "3399"), CELL_STR("code_system", text));
        }
        PUT(set, TABLE_PROVIDER, CELL_STR("id", other), CELL_STR("name", text));
        PUT(set, TABLE_CATEGORY, CELL_STR("id", other), CELL_STR("name", text));
        PUT(set, TABLE_COURSE, CELL_STR("id", id), CELL_STR("name", text), CELL_STR("category_id", other),
            CELL_STR("provider_id", other), CELL_INT("minutes", 90), CELL_STR("audience", text));
        PUT(set, TABLE_HALL, CELL_STR("id", id), CELL_STR("name", text), CELL_STR("area_id", "3399"),
            CELL_STR("address", text), CELL_STR("exempt_reason", note), CELL_STR("school_id", other));
        PUT(set, TABLE_ROOM, CELL_STR("id", room), CELL_STR("hall_id", id), CELL_STR("name", text),
            CELL_INT("capacity", (int64_t)i), CELL_STR("facilities", i % 2 == 0 ? "a]b;\"c" : "投影"),
            CELL_INT("whole_hall", i % 3 == 0));
        (void)snprintf(room, sizeof room, "s%zu%s", i, id);
        PUT(set, TABLE_ROOM, CELL_STR("id", room), CELL_STR("hall_id", id), CELL_STR("name", "厅 3"),
            CELL_STR("facilities", i % 4 == 0 ? "a]b;\"c" : ""));
        PUT(set, TABLE_INSTRUCTOR, CELL_STR("id", id), CELL_STR("name", text), CELL_STR("provider_id", other),
            CELL_STR("kind", text), CELL_STR("home_area_id", "3399"));
        PUT(set, TABLE_CLOSURE, CELL_STR("id", id), CELL_STR("scope", "hall"), CELL_STR("target_id", id),
            CELL_STR("strength", "note"), CELL_STR("from_date", "2027-01-01"),
            CELL_STR("to_date", "2027-01-02"), CELL_STR("reason", note), CELL_STR("source", text));
        PUT(set, TABLE_ABSENCE, CELL_STR("id", id), CELL_STR("instructor_id", id),
            CELL_STR("from_date", "2027-01-01"), CELL_STR("to_date", "2027-01-02"), CELL_STR("reason", note));
        PUT(set, TABLE_REQUEST, CELL_STR("id", id), CELL_STR("hall_id", id), CELL_STR("course_id", id),
            CELL_STR("from_date", "2027-01-01"), CELL_STR("to_date", "2027-01-02"));
    }
    PUT(set, TABLE_QUALIFICATION, CELL_STR("instructor_id", "00012"), CELL_STR("course_id", "331081105201"));
    if (store_commit(fixture->store, set, false, &result, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    commit_result_finish(&result);
    change_set_destroy(set);
}

static void hostile_text_comes_back_unchanged(void **state)
{
    struct fixture *fixture = *state;
    fill_hostile(fixture);
    export_means_no_change(fixture, EXPORT_CSV);
    values_come_back(fixture, EXPORT_CSV);
    export_means_no_change(fixture, EXPORT_XLSX);
    values_come_back(fixture, EXPORT_XLSX);
}

/* No cell of a CSV file begins like a formula. */
static void no_cell_is_a_formula(void **state)
{
    struct fixture *fixture = *state;
    size_t guarded = 0;
    fill_hostile(fixture);
    for (int kind = IMPORT_AUTO + 1; kind < IMPORT_KIND_END; kind++) {
        struct grid grid;
        grid_export(fixture, (enum import_kind)kind, EXPORT_CSV, &grid);
        for (size_t r = 0; r < grid.rows; r++) {
            for (size_t c = 0; c < grid.columns; c++) {
                const char *cell = grid_at(&grid, r, c);
                assert_true(*cell == '\0' || strchr("=+-@", *cell) == NULL);
                assert_true(strncmp(cell, "＝", 3) != 0);
                guarded += cell[0] == '\'' && cell[1] != '\0' && strchr("=+-@", cell[1]) != NULL;
            }
        }
        grid_finish(&grid);
    }
    assert_true(guarded > 20);
}

/* What each column is edited to; the row is the kind's first one, or the one named. */
static const struct edit {
    enum import_kind kind;
    const char *field, *id, *text, *back; /* back: how the next export shows it; NULL: as written */
} EDITS[] = {
    {IMPORT_AREAS, "code", NULL, NULL, NULL},
    {IMPORT_AREAS, "name", "339901101", "改名镇", NULL},
    {IMPORT_AREAS, "parent_code", "339901102", "3399", NULL},
    {IMPORT_AREAS, "level", "339901", "市", NULL},
    {IMPORT_AREAS, "code_system", "339901101", "MCA", NULL},
    {IMPORT_AREAS, "population", "339901101", "１,234人", "1234"},
    {IMPORT_AREAS, "travel_class", "339901101", "hill", NULL},
    {IMPORT_AREAS, "lat", "339901101", "28.5", "28.500000"},
    {IMPORT_AREAS, "lon", "339901101", "121.9", "121.900000"},
    {IMPORT_HOLIDAYS, "date", NULL, NULL, NULL},
    {IMPORT_HOLIDAYS, "name", NULL, "新节", NULL},
    {IMPORT_HOLIDAYS, "is_off", NULL, "班", NULL},
    {IMPORT_COURSES, "course_id", NULL, NULL, NULL},
    {IMPORT_COURSES, "course_name", NULL, "=改名", "'=改名"},
    {IMPORT_COURSES, "category", NULL, "新类别", NULL},
    {IMPORT_COURSES, "provider", NULL, "新单位", NULL},
    {IMPORT_COURSES, "minutes", NULL, "2.5小时", "150"},
    {IMPORT_COURSES, "setup_min", NULL, "25", NULL},
    {IMPORT_COURSES, "clear_min", NULL, "35", NULL},
    {IMPORT_COURSES, "facilities", NULL, "钢琴、话筒", "钢琴;话筒"},
    {IMPORT_COURSES, "audience", NULL, "青年", NULL},
    {IMPORT_COURSES, "heads", NULL, "约77", "77"},
    {IMPORT_COURSES, "supply_limit", NULL, "321", NULL},
    {IMPORT_COURSES, "hall_quota", NULL, "7", NULL},
    {IMPORT_COURSES, "seasons", NULL, "5月", "'05-01/05-31"},
    {IMPORT_COURSES, "parts", NULL, "晚上", NULL},
    {IMPORT_COURSES, "tags", NULL, "新标签", NULL},
    {IMPORT_COURSES, "holidays_wanted", "KC1", "是", NULL},
    {IMPORT_COURSES, "active", NULL, "否", NULL},
    {IMPORT_HALLS, "hall_id", NULL, NULL, NULL},
    {IMPORT_HALLS, "hall_name", "H1", "改名礼堂", NULL},
    {IMPORT_HALLS, "area", "H1", "339901102", NULL},
    {IMPORT_HALLS, "address", "H1", "新路\n2号", "新路 2号"},
    {IMPORT_HALLS, "rooms", "H1", "大礼堂 150 〔H1-1〕；讲堂二 40 〔H1-2〕", NULL},
    {IMPORT_HALLS, "facilities", "H1", "幕布", NULL},
    {IMPORT_HALLS, "hours", "H1", "周六上午", "'6 08:00-12:00"},
    {IMPORT_HALLS, "stars", "H1", "3", NULL},
    {IMPORT_HALLS, "exempt", "H1", "是", NULL},
    {IMPORT_HALLS, "exempt_reason", "H1", "修缮", NULL},
    {IMPORT_HALLS, "school", "H1", "新学校", NULL},
    {IMPORT_HALLS, "valid_from", "H1", "2020/1/2", "2020-01-02"},
    {IMPORT_HALLS, "valid_to", "H1", "2030.1.2", "2030-01-02"},
    {IMPORT_HALLS, "lat", "H1", "28.5", "28.500000"},
    {IMPORT_HALLS, "lon", "H1", "121.9", "121.900000"},
    {IMPORT_INSTRUCTORS, "instructor_id", NULL, NULL, NULL},
    {IMPORT_INSTRUCTORS, "instructor_name", "T1", "示例戊", NULL},
    {IMPORT_INSTRUCTORS, "provider", "T1", "新单位", NULL},
    {IMPORT_INSTRUCTORS, "home_area", "T1", "339901102", NULL},
    {IMPORT_INSTRUCTORS, "courses", "T1", "KC2", NULL},
    {IMPORT_INSTRUCTORS, "hours", "T1", "", NULL},
    {IMPORT_INSTRUCTORS, "max_day", "T1", "4", NULL},
    {IMPORT_INSTRUCTORS, "max_week", "T1", "9", NULL},
    {IMPORT_INSTRUCTORS, "max_month", "T1", "19", NULL},
    {IMPORT_INSTRUCTORS, "max_year", "T1", "119", NULL},
    {IMPORT_INSTRUCTORS, "kind", "T1", "志愿者", NULL},
    {IMPORT_INSTRUCTORS, "valid_from", "T1", "2020-01-02", NULL},
    {IMPORT_INSTRUCTORS, "valid_to", "T1", "2030-01-02", NULL},
    {IMPORT_INSTRUCTORS, "lat", "T1", "28.5", "28.500000"},
    {IMPORT_INSTRUCTORS, "lon", "T1", "121.9", "121.900000"},
    {IMPORT_REQUESTS, "request_id", NULL, NULL, NULL},
    {IMPORT_REQUESTS, "hall", "R1", "H2", NULL},
    {IMPORT_REQUESTS, "area", NULL, NULL, NULL}, /* goes with the hall */
    {IMPORT_REQUESTS, "course", "R1", "KC2", NULL},
    {IMPORT_REQUESTS, "sessions", "R1", "4", NULL},
    {IMPORT_REQUESTS, "from", "R1", "2027-01-05", NULL},
    {IMPORT_REQUESTS, "to", "R1", "2027-12-05", NULL},
    {IMPORT_REQUESTS, "series", "R1", "是", NULL},
    {IMPORT_REQUESTS, "holiday_rule", "R1", "跳过", NULL},
    {IMPORT_REQUESTS, "weekdays", "R1", "周一、周日", NULL},
    {IMPORT_REQUESTS, "parts", "R1", "晚上", NULL},
    {IMPORT_REQUESTS, "priority", "R1", "8", NULL},
    {IMPORT_REQUESTS, "heads", "R1", "88", NULL},
    {IMPORT_REQUESTS, "withdrawn", "R1", "是", NULL},
    {IMPORT_CLOSURES, "closure_id", NULL, NULL, NULL},
    {IMPORT_CLOSURES, "scope", NULL, NULL, NULL}, /* goes with the target */
    {IMPORT_CLOSURES, "target", "S1", "H2", NULL},
    {IMPORT_CLOSURES, "strength", "S1", "备注", NULL},
    {IMPORT_CLOSURES, "from", "S1", "2026-12-05", NULL},
    {IMPORT_CLOSURES, "to", "S1", "2027-12-31", NULL},
    {IMPORT_CLOSURES, "from_time", "S1", "09:15", NULL},
    {IMPORT_CLOSURES, "to_time", "S1", "20:45", NULL},
    {IMPORT_CLOSURES, "rule", "S1", "农历逢三、八", "逢三、八（农历）"},
    {IMPORT_CLOSURES, "reason", "S1", "换了原因", NULL},
    {IMPORT_CLOSURES, "source", "S1", "换了来源", NULL},
    {IMPORT_ABSENCES, "absence_id", NULL, NULL, NULL},
    {IMPORT_ABSENCES, "instructor", "A1", "T2", NULL},
    {IMPORT_ABSENCES, "from", "A1", "2026-12-05", NULL},
    {IMPORT_ABSENCES, "to", "A1", "2027-12-31", NULL},
    {IMPORT_ABSENCES, "from_time", "A1", "09:15", NULL},
    {IMPORT_ABSENCES, "to_time", "A1", "20:45", NULL},
    {IMPORT_ABSENCES, "reason", "A1", "换了原因", NULL},
};

/* The files of data/, and what the edits want beside them. */
static void fill_good(struct fixture *fixture)
{
    struct change_set *set = NULL;
    struct commit_result result = {0};
    struct error err = {.text = ""};
    import_all_good(fixture);
    assert_int_equal(change_set_create("test", "more", "test", &set, &err), ERR_NONE);
    PUT(set, TABLE_TRAVEL_CLASS, CELL_STR("id", "hill"), CELL_STR("name", "山区"),
        CELL_INT("detour_pct", 160), CELL_INT("speed_kmh", 25), CELL_INT("fixed_min", 5));
    PUT(set, TABLE_HALL, CELL_STR("id", "H1"), CELL_INT("lat_e6", 28610000), CELL_INT("lon_e6", 121410000));
    PUT(set, TABLE_INSTRUCTOR, CELL_STR("id", "T1"), CELL_INT("lat_e6", 28620000),
        CELL_INT("lon_e6", 121420000));
    PUT(set, TABLE_REQUEST, CELL_STR("id", "R1"), CELL_STR("hall_id", "H1"), CELL_STR("course_id", "KC1"),
        CELL_STR("from_date", "2027-03-01"), CELL_STR("to_date", "2027-06-30"), CELL_STR("weekdays", "2,4"));
    PUT(set, TABLE_CLOSURE, CELL_STR("id", "S1"), CELL_STR("scope", "hall"), CELL_STR("target_id", "H1"),
        CELL_STR("strength", "hard"), CELL_STR("from_date", "2027-02-01"), CELL_STR("to_date", "2027-02-10"));
    PUT(set, TABLE_ABSENCE, CELL_STR("id", "A1"), CELL_STR("instructor_id", "T1"),
        CELL_STR("from_date", "2027-03-08"), CELL_STR("to_date", "2027-03-12"));
    if (store_commit(fixture->store, set, false, &result, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    commit_result_finish(&result);
    change_set_destroy(set);
}

static void undo(struct fixture *fixture)
{
    struct commit_result result = {0};
    struct error err = {.text = ""};
    if (store_undo(fixture->store, 0, "test", "undo", &result, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    commit_result_finish(&result);
}

/* Is the cell one that must stay: neither the mark nor a name beside an id? */
static bool is_counted(const struct grid *grid, size_t column)
{
    const char *header = grid_at(grid, 0, column);
    return strcmp(header, EXPORT_STAMP_HEADER) != 0 && strncmp(header, INFO_MARK, sizeof INFO_MARK - 1) != 0;
}

static void edit_one(struct fixture *fixture, const struct kind *kind, const struct column *column,
                     const struct edit *edit)
{
    struct grid before;
    struct grid after;
    grid_export(fixture, kind->kind, EXPORT_CSV, &before);
    size_t row = edit->id == NULL ? 1 : grid_row(&before, edit->id);
    size_t at = grid_column(&before, column->zh);
    const char *old = grid_at(&before, row, at);
    grid_set(&before, row, column->zh, edit->text);
    grid_import_good(fixture, &before, kind->kind);
    grid_export(fixture, kind->kind, EXPORT_CSV, &after);
    assert_int_equal(before.rows, after.rows);
    grid_set(&before, row, column->zh, old);
    for (size_t r = 1; r < before.rows; r++) {
        for (size_t c = 0; c < before.columns; c++) {
            const char *expected =
                r == row && c == at ? (edit->back != NULL ? edit->back : edit->text) : grid_at(&before, r, c);
            if (is_counted(&before, c) && strcmp(expected, grid_at(&after, r, c)) != 0) {
                fail_msg("%s.%s: cell %s of %s is \"%s\", not \"%s\"", import_kind_name(kind->kind),
                         column->field, grid_at(&before, 0, c), grid_at(&before, r, 0), grid_at(&after, r, c),
                         expected);
            }
        }
    }
    assert_string_not_equal(old, grid_at(&after, row, at));
    undo(fixture);
    grid_finish(&after);
    grid_finish(&before);
}

static void one_edited_cell_is_one_changed_cell(void **state)
{
    struct fixture *fixture = *state;
    size_t edited = 0;
    fill_good(fixture);
    for (int k = IMPORT_AUTO + 1; k < IMPORT_KIND_END; k++) {
        if (k == IMPORT_SESSIONS || k == IMPORT_ATTENDANCE) {
            continue; /* tests/importers/test_origin.c: each edit there has its own rules */
        }
        const struct kind *kind = kind_find((enum import_kind)k);
        for (size_t i = 0; i < kind->column_count; i++) {
            const struct edit *edit = NULL;
            for (size_t e = 0; e < sizeof EDITS / sizeof *EDITS; e++) {
                bool is_it =
                    EDITS[e].kind == kind->kind && strcmp(EDITS[e].field, kind->columns[i].field) == 0;
                edit = is_it ? &EDITS[e] : edit;
            }
            if (kind_shows(kind, i) && edit == NULL) {
                fail_msg("no edit for %s.%s", import_kind_name(kind->kind), kind->columns[i].field);
            }
            if (edit != NULL && edit->text != NULL) {
                edit_one(fixture, kind, &kind->columns[i], edit);
                edited++;
            }
        }
    }
    assert_true(edited >= 70);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sample_city_comes_back_unchanged, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(hostile_text_comes_back_unchanged, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(no_cell_is_a_formula, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(one_edited_cell_is_one_changed_cell, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
