/* An edited export against what others did meanwhile: whose cell counts, and what is a conflict. */
#include "base/date.h"
#include "store/attendance.h"
#include "tests/importers/roundtrip.h"

static void change(struct fixture *fixture, enum store_table table, const struct cell *cells, size_t count,
                   bool is_drop)
{
    struct change_set *set = NULL;
    struct commit_result result = {0};
    struct error err = {.text = ""};
    assert_int_equal(change_set_create("示例乙", "meanwhile", "test", &set, &err), ERR_NONE);
    enum error_code code = is_drop ? change_set_drop(set, table, cells, count, &err)
                                   : change_set_put(set, table, cells, count, &err);
    if (code != ERR_NONE || store_commit(fixture->store, set, false, &result, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    commit_result_finish(&result);
    change_set_destroy(set);
}
#define CHANGE(fixture, table, ...)                                                                          \
    change(fixture, table, (const struct cell[]){__VA_ARGS__},                                               \
           sizeof((const struct cell[]){__VA_ARGS__}) / sizeof(struct cell), false)

static void hall_is(struct fixture *fixture, const char *id, const char *name, const char *address)
{
    struct timetable *timetable = fixture_snapshot(fixture);
    const struct hall *hall = &timetable->halls[timetable_find_hall(timetable, id)];
    assert_string_equal(hall->name, name);
    assert_string_equal(hall->address == NULL ? "" : hall->address, address);
    timetable_unref(timetable);
}

static void others_work_is_kept(void **state)
{
    struct fixture *fixture = *state;
    struct grid grid;
    struct import_report report;
    import_all_good(fixture);
    grid_export(fixture, IMPORT_HALLS, EXPORT_CSV, &grid);
    /* The file edits H1's address; somebody renames H1 and H2 meanwhile. */
    grid_set(&grid, grid_row(&grid, "H1"), "地址", "新路9号");
    CHANGE(fixture, TABLE_HALL, CELL_STR("id", "H1"), CELL_STR("name", "改名一"));
    CHANGE(fixture, TABLE_HALL, CELL_STR("id", "H2"), CELL_STR("name", "改名二"));
    assert_int_equal(grid_import(fixture, &grid, IMPORT_HALLS, (struct import_options){0}, &report),
                     ERR_NONE);
    assert_int_equal(report.updated, 1);
    assert_int_equal(report.unchanged, grid.rows - 2);
    const struct import_finding *kept = finding_of(&report.warnings, CODE_KEPT);
    assert_non_null(kept);
    assert_non_null(strstr(kept->zh, "2 个单元格"));
    hall_is(fixture, "H1", "改名一", "新路9号");
    hall_is(fixture, "H2", "改名二", "");
    import_report_finish(&report);
    grid_finish(&grid);
}

static void both_sides_are_a_named_conflict(void **state)
{
    struct fixture *fixture = *state;
    struct grid grid;
    struct import_report report;
    import_all_good(fixture);
    grid_export(fixture, IMPORT_HALLS, EXPORT_CSV, &grid);
    grid_set(&grid, grid_row(&grid, "H1"), "礼堂名称", "表中名");
    grid_set(&grid, grid_row(&grid, "H2"), "地址", "表中路");
    CHANGE(fixture, TABLE_HALL, CELL_STR("id", "H1"), CELL_STR("name", "库中名"));
    int64_t before = fixture_revision(fixture);
    assert_int_equal(grid_import(fixture, &grid, IMPORT_HALLS, (struct import_options){0}, &report),
                     ERR_INPUT);
    assert_int_equal(report.errors.total, 1);
    const struct import_finding *conflict = finding_of(&report.errors, CODE_BOTH_CHANGED);
    assert_non_null(conflict);
    assert_int_equal(conflict->row, grid_row(&grid, "H1") + 1);
    assert_int_equal(conflict->column, grid_column(&grid, "礼堂名称") + 1);
    static const char *const PARTS[] = {"示例一村文化礼堂", "库中名", "表中名", "示例乙"};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        assert_non_null(strstr(conflict->zh, PARTS[i]));
        assert_non_null(strstr(conflict->en, PARTS[i]));
    }
    assert_int_equal(fixture_revision(fixture), before);
    import_report_finish(&report);
    /* The other row goes in with --partial, the conflict does not. */
    assert_int_equal(
        grid_import(fixture, &grid, IMPORT_HALLS, (struct import_options){.partial = true}, &report),
        ERR_NONE);
    assert_int_equal(report.rows_bad, 1);
    assert_int_equal(report.updated, 1);
    hall_is(fixture, "H1", "库中名", "示例路1号");
    hall_is(fixture, "H2", "示例二村文化礼堂", "表中路");
    import_report_finish(&report);
    grid_finish(&grid);
}

static void the_same_edit_is_no_conflict(void **state)
{
    struct fixture *fixture = *state;
    struct grid grid;
    import_all_good(fixture);
    grid_export(fixture, IMPORT_HALLS, EXPORT_CSV, &grid);
    grid_set(&grid, grid_row(&grid, "H1"), "礼堂名称", "同名");
    CHANGE(fixture, TABLE_HALL, CELL_STR("id", "H1"), CELL_STR("name", "同名"));
    grid_import_good(fixture, &grid, IMPORT_HALLS);
    /* And a file that was imported can be imported again. */
    grid_set(&grid, grid_row(&grid, "H2"), "星级", "1");
    grid_import_good(fixture, &grid, IMPORT_HALLS);
    int64_t before = fixture_revision(fixture);
    grid_import_good(fixture, &grid, IMPORT_HALLS);
    assert_int_equal(fixture_revision(fixture), before);
    grid_finish(&grid);
}

/* A latitude from one side and a longitude from the other are a place where nobody was. */
static void what_is_changed_as_one_clashes_as_one(void **state)
{
    struct fixture *fixture = *state;
    struct grid grid;
    struct import_report report;
    import_all_good(fixture);
    CHANGE(fixture, TABLE_HALL, CELL_STR("id", "H1"), CELL_INT("lat_e6", 28600000),
           CELL_INT("lon_e6", 121400000));
    grid_export(fixture, IMPORT_HALLS, EXPORT_CSV, &grid);
    grid_set(&grid, grid_row(&grid, "H1"), "纬度", "28.7");
    CHANGE(fixture, TABLE_HALL, CELL_STR("id", "H1"), CELL_INT("lon_e6", 121500000));
    assert_int_equal(grid_import(fixture, &grid, IMPORT_HALLS, (struct import_options){0}, &report),
                     ERR_INPUT);
    assert_non_null(finding_of(&report.errors, CODE_BOTH_CHANGED));
    import_report_finish(&report);
    grid_finish(&grid);
}

static void deleted_meanwhile(void **state)
{
    struct fixture *fixture = *state;
    struct grid grid;
    struct import_report report;
    import_all_good(fixture);
    CHANGE(fixture, TABLE_CLOSURE, CELL_STR("id", "S1"), CELL_STR("scope", "hall"),
           CELL_STR("target_id", "H1"), CELL_STR("strength", "hard"), CELL_STR("from_date", "2027-02-01"),
           CELL_STR("to_date", "2027-02-02"));
    grid_export(fixture, IMPORT_CLOSURES, EXPORT_CSV, &grid);
    const struct cell key = CELL_STR("id", "S1");
    change(fixture, TABLE_CLOSURE, &key, 1, true);
    int64_t before = fixture_revision(fixture);
    /* Unedited: it stays deleted, and the file's owner is told. */
    assert_int_equal(grid_import(fixture, &grid, IMPORT_CLOSURES, (struct import_options){0}, &report),
                     ERR_NONE);
    assert_non_null(finding_of(&report.warnings, CODE_KEPT));
    assert_int_equal(fixture_revision(fixture), before);
    import_report_finish(&report);
    /* Edited: a conflict. */
    grid_set(&grid, grid_row(&grid, "S1"), "原因", "还要");
    assert_int_equal(grid_import(fixture, &grid, IMPORT_CLOSURES, (struct import_options){0}, &report),
                     ERR_INPUT);
    const struct import_finding *deleted = finding_of(&report.errors, CODE_DELETED);
    assert_non_null(deleted);
    assert_int_equal(deleted->row, grid_row(&grid, "S1") + 1);
    assert_int_equal(fixture_revision(fixture), before);
    import_report_finish(&report);
    /* As the message says: without its mark the row is a new one. */
    grid_set(&grid, grid_row(&grid, "S1"), EXPORT_STAMP_HEADER, "");
    assert_int_equal(grid_import(fixture, &grid, IMPORT_CLOSURES, (struct import_options){0}, &report),
                     ERR_NONE);
    assert_int_equal(report.created, 1);
    import_report_finish(&report);
    grid_finish(&grid);
}

static void rows_that_are_gone_or_new(void **state)
{
    struct fixture *fixture = *state;
    struct grid grid;
    struct import_report report;
    import_all_good(fixture);
    grid_export(fixture, IMPORT_COURSES, EXPORT_CSV, &grid);
    size_t count = grid.rows - 1;
    assert_true(count >= 3);
    /* The last row becomes a new one, the first is taken out. */
    size_t last = grid.rows - 1;
    grid_set(&grid, last, "课程编号", "NEW1");
    grid_set(&grid, last, "课程名称", "新课");
    grid_drop(&grid, 1);
    assert_int_equal(grid_import(fixture, &grid, IMPORT_COURSES, (struct import_options){0}, &report),
                     ERR_NONE);
    assert_int_equal(report.created, 1);
    assert_int_equal(report.updated, 0);
    assert_int_equal(report.result.dropped, 0);
    const struct import_finding *stays = finding_of(&report.warnings, CODE_NOT_DELETED);
    assert_non_null(stays);
    assert_non_null(strstr(stays->zh, " 2 行"));
    import_report_finish(&report);
    struct timetable *timetable = fixture_snapshot(fixture);
    assert_int_equal(timetable->course_count, count + 1);
    timetable_unref(timetable);
    /* A row made meanwhile by somebody else under the same id is a conflict, and its own again is none. */
    grid_import_good(fixture, &grid, IMPORT_COURSES);
    CHANGE(fixture, TABLE_COURSE, CELL_STR("id", "NEW1"), CELL_STR("name", "别人的课"));
    assert_int_equal(grid_import(fixture, &grid, IMPORT_COURSES, (struct import_options){0}, &report),
                     ERR_INPUT);
    assert_non_null(finding_of(&report.errors, CODE_BOTH_CHANGED));
    import_report_finish(&report);
    grid_finish(&grid);
}

/* Rows of two exports in one file: each is compared with its own. */
static void rows_of_several_exports(void **state)
{
    struct fixture *fixture = *state;
    struct grid first;
    struct grid second;
    struct import_report report;
    import_all_good(fixture);
    grid_export(fixture, IMPORT_HALLS, EXPORT_CSV, &first);
    CHANGE(fixture, TABLE_HALL, CELL_STR("id", "H1"), CELL_STR("name", "改名一"), CELL_STR("address", "甲"));
    grid_export(fixture, IMPORT_HALLS, EXPORT_CSV, &second);
    /* H1 of the second export, edited; H2 of the first. */
    size_t row = grid_row(&first, "H1");
    for (size_t c = 0; c < first.columns; c++) {
        first.cells[row * GRID_COLUMNS + c] = grid_at(&second, grid_row(&second, "H1"), c);
    }
    grid_set(&first, row, "地址", "乙");
    grid_set(&first, grid_row(&first, "H2"), "星级", "2");
    assert_int_equal(grid_import(fixture, &first, IMPORT_HALLS, (struct import_options){0}, &report),
                     ERR_NONE);
    assert_int_equal(report.updated, 2);
    hall_is(fixture, "H1", "改名一", "乙");
    import_report_finish(&report);
    grid_finish(&second);
    grid_finish(&first);
}

static void more_exports_than_are_held(void **state)
{
    struct fixture *fixture = *state;
    struct grid grid;
    struct import_report report;
    import_all_good(fixture);
    grid_export(fixture, IMPORT_HALLS, EXPORT_CSV, &grid);
    size_t row = grid_row(&grid, "H1");
    struct grid all = {.columns = grid.columns, .rows = 1};
    all.cells = calloc((LIMIT_IMPORT_BASES + 2) * GRID_COLUMNS, sizeof *all.cells);
    assert_non_null(all.cells);
    memcpy(all.cells, grid.cells, GRID_COLUMNS * sizeof *all.cells);
    for (size_t i = 0; i < LIMIT_IMPORT_BASES + 1; i++, all.rows++) {
        struct grid next;
        char address[16];
        (void)snprintf(address, sizeof address, "%zu号", i);
        CHANGE(fixture, TABLE_HALL, CELL_STR("id", "H1"), CELL_STR("address", address));
        grid_export(fixture, IMPORT_HALLS, EXPORT_CSV, &next);
        for (size_t c = 0; c < grid.columns; c++) {
            all.cells[all.rows * GRID_COLUMNS + c] = arena_copy_text(&all.arena, grid_at(&next, row, c));
        }
        grid_finish(&next);
    }
    assert_int_equal(grid_import(fixture, &all, IMPORT_HALLS, (struct import_options){0}, &report),
                     ERR_INPUT);
    assert_non_null(finding_of(&report.errors, CODE_LIMIT));
    import_report_finish(&report);
    grid_finish(&all);
    grid_finish(&grid);
}

static void a_mark_of_another_database(void **state)
{
    struct fixture *fixture = *state;
    struct grid grid;
    struct import_report report;
    import_all_good(fixture);
    grid_export(fixture, IMPORT_HALLS, EXPORT_CSV, &grid);
    for (size_t r = 1; r < grid.rows; r++) {
        grid_set(&grid, r, EXPORT_STAMP_HEADER, "r3-00000000");
    }
    CHANGE(fixture, TABLE_HALL, CELL_STR("id", "H2"), CELL_STR("name", "库中名"));
    assert_int_equal(grid_import(fixture, &grid, IMPORT_HALLS, (struct import_options){0}, &report),
                     ERR_NONE);
    assert_int_equal(report.warnings.total, 1);
    assert_non_null(finding_of(&report.warnings, CODE_OTHER_BASE));
    hall_is(fixture, "H2", "示例二村文化礼堂", ""); /* as a plain file does */
    import_report_finish(&report);
    grid_finish(&grid);
}

static void names_beside_ids_are_not_taken(void **state)
{
    struct fixture *fixture = *state;
    struct grid grid;
    struct import_report report;
    import_all_good(fixture);
    grid_export(fixture, IMPORT_HALLS, EXPORT_CSV, &grid);
    grid_set(&grid, grid_row(&grid, "H1"), INFO_MARK "所在区域", "别处");
    int64_t before = fixture_revision(fixture);
    assert_int_equal(grid_import(fixture, &grid, IMPORT_HALLS, (struct import_options){0}, &report),
                     ERR_NONE);
    assert_non_null(finding_of(&report.warnings, CODE_IGNORED_COLUMN));
    assert_int_equal(fixture_revision(fixture), before);
    import_report_finish(&report);
    grid_finish(&grid);
}

static void a_cell_is_emptied(void **state)
{
    struct fixture *fixture = *state;
    struct grid grid;
    struct import_report report;
    import_all_good(fixture);
    grid_export(fixture, IMPORT_INSTRUCTORS, EXPORT_CSV, &grid);
    grid_set(&grid, grid_row(&grid, "T1"), "可授课程", "");
    grid_set(&grid, grid_row(&grid, "T2"), "常住地", "");
    grid_import_good(fixture, &grid, IMPORT_INSTRUCTORS);
    struct timetable *timetable = fixture_snapshot(fixture);
    assert_int_equal(timetable->instructors[timetable_find_instructor(timetable, "T1")].course_count, 0);
    assert_int_equal(timetable->instructors[timetable_find_instructor(timetable, "T2")].home_area, NONE);
    timetable_unref(timetable);
    grid_finish(&grid);
    /* A room is not dropped by taking it out of the cell, and that is said. */
    grid_export(fixture, IMPORT_HALLS, EXPORT_CSV, &grid);
    grid_set(&grid, grid_row(&grid, "H1"), "场地", "大礼堂 120 〔H1-1〕");
    assert_int_equal(grid_import(fixture, &grid, IMPORT_HALLS, (struct import_options){0}, &report),
                     ERR_NONE);
    const struct import_finding *stays = finding_of(&report.warnings, CODE_NOT_DELETED);
    assert_non_null(stays);
    assert_non_null(strstr(stays->zh, "讲堂"));
    import_report_finish(&report);
    grid_finish(&grid);
}

/* What a spreadsheet does to a file that is only opened and saved is no edit. */
static void other_writing_is_no_edit(void **state)
{
    struct fixture *fixture = *state;
    struct grid grid;
    import_all_good(fixture);
    CHANGE(fixture, TABLE_ABSENCE, CELL_STR("id", "A1"), CELL_STR("instructor_id", "T1"),
           CELL_STR("from_date", "2027-03-08"), CELL_STR("to_date", "2027-03-12"), CELL_INT("from_min", 540));
    grid_export(fixture, IMPORT_ABSENCES, EXPORT_CSV, &grid);
    size_t row = grid_row(&grid, "A1");
    grid_set(&grid, row, "开始日期", "2027/3/8");
    grid_set(&grid, row, "结束日期", "2027/3/12");
    grid_set(&grid, row, "开始时间", "9:00:00");
    CHANGE(fixture, TABLE_ABSENCE, CELL_STR("id", "A1"), CELL_STR("from_date", "2027-03-09"));
    int64_t before = fixture_revision(fixture);
    grid_import_good(fixture, &grid, IMPORT_ABSENCES);
    assert_int_equal(fixture_revision(fixture), before);
    grid_finish(&grid);
}

/* Sessions go through the ledger: a meeting to come, one that was held, one that was called off. */
static void fill_sessions(struct fixture *fixture)
{
    struct change_set *set = NULL;
    struct commit_result result = {0};
    struct error err = {.text = ""};
    static const char *const DAYS[] = {"2027-03-02", "2026-01-06", "2027-03-04"};
    import_all_good(fixture);
    assert_int_equal(change_set_create("test", "sessions", "test", &set, &err), ERR_NONE);
    for (size_t i = 0; i < 3; i++) {
        int32_t day = 0;
        assert_true(date_parse(DAYS[i], &day));
        const struct session_new session = {.course_id = "KC1",
                                            .room_id = "H1-1",
                                            .instructor_ids = {"T1"},
                                            .instructor_count = 1,
                                            .day = day,
                                            .start_min = 540,
                                            .setup_min = -1,
                                            .clear_min = -1,
                                            .heads = -1,
                                            .status = i == 2 ? SESSION_CANCELLED : SESSION_CONFIRMED,
                                            .note = "备注"};
        assert_int_equal(change_set_session_new(set, &session, &err), ERR_NONE);
    }
    const struct attendance attendance = {
        .session_id = -2, .held = HELD_YES, .heads = 40, .heads_60 = 30, .satisfaction = 96, .note = "登记"};
    assert_int_equal(attendance_put_with(set, &attendance, &err), ERR_NONE);
    if (store_commit(fixture->store, set, false, &result, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    commit_result_finish(&result);
    change_set_destroy(set);
}

static void sessions_come_back(void **state)
{
    struct fixture *fixture = *state;
    struct import_report report;
    struct grid grid;
    fill_sessions(fixture);
    int64_t before = fixture_revision(fixture);
    for (int format = EXPORT_CSV; format <= EXPORT_XLSX; format++) {
        grid_export(fixture, IMPORT_SESSIONS, (enum export_format)format, &grid);
        assert_true(grid.rows > 4);
        size_t at = grid.rows - 3; /* the three come last, by their numbers */
        assert_string_equal(grid_at(&grid, at, grid_column(&grid, "开展情况")), "计划");
        assert_string_equal(grid_at(&grid, at + 1, grid_column(&grid, "开展情况")), "已开展");
        assert_string_equal(grid_at(&grid, at + 2, grid_column(&grid, "开展情况")), "取消");
        assert_string_equal(grid_at(&grid, at + 1, grid_column(&grid, "人数")), "40");
        assert_int_equal(grid_import(fixture, &grid, IMPORT_SESSIONS, (struct import_options){0}, &report),
                         ERR_NONE);
        assert_int_equal(report.unchanged, grid.rows - 1);
        assert_int_equal(report.warnings.total, 0);
        assert_int_equal(fixture_revision(fixture), before);
        import_report_finish(&report);
        grid_finish(&grid);
    }
}

/* The next export, after an edit of one cell, differs in that cell alone. */
static void session_edit_one(struct fixture *fixture, size_t index, const char *header, const char *text)
{
    struct grid before;
    struct grid after;
    grid_export(fixture, IMPORT_SESSIONS, EXPORT_CSV, &before);
    size_t last = before.rows - 3;
    grid_set(&before, last + index, header, text);
    grid_import_good(fixture, &before, IMPORT_SESSIONS);
    grid_export(fixture, IMPORT_SESSIONS, EXPORT_CSV, &after);
    for (size_t r = 1; r < before.rows; r++) {
        for (size_t c = 0; c + 1 < before.columns; c++) {
            if (strncmp(grid_at(&before, 0, c), INFO_MARK, sizeof INFO_MARK - 1) != 0) {
                assert_string_equal(grid_at(&before, r, c), grid_at(&after, r, c));
            }
        }
    }
    assert_string_equal(grid_at(&after, last + 1, grid_column(&after, INFO_MARK "登记备注")), "登记");
    grid_finish(&after);
    grid_finish(&before);
}

static void edited_sessions(void **state)
{
    struct fixture *fixture = *state;
    struct import_report report;
    struct grid grid;
    fill_sessions(fixture);
    grid_export(fixture, IMPORT_SESSIONS, EXPORT_CSV, &grid);
    grid_set(&grid, grid.rows - 2, "人数", "39");
    assert_int_equal(grid_import(fixture, &grid, IMPORT_SESSIONS, (struct import_options){0}, &report),
                     ERR_NONE);
    assert_int_equal(report.updated, 1); /* a head count alone is a change too */
    assert_int_equal(report.unchanged, grid.rows - 2);
    import_report_finish(&report);
    grid_finish(&grid);
    session_edit_one(fixture, 0, "日期", "2027-03-16");
    session_edit_one(fixture, 0, "开始时间", "09:10");
    session_edit_one(fixture, 0, "计场次", "2");
    session_edit_one(fixture, 1, "人数", "41");
    session_edit_one(fixture, 1, "60岁以上人数", "29");
    session_edit_one(fixture, 1, "满意度", "88");
    session_edit_one(fixture, 0, "开展情况", "取消");
    /* An emptied cell that changes nothing says so; both sides are a conflict here too. */
    grid_export(fixture, IMPORT_SESSIONS, EXPORT_CSV, &grid);
    grid_set(&grid, grid.rows - 2, "满意度", "");
    assert_int_equal(grid_import(fixture, &grid, IMPORT_SESSIONS, (struct import_options){0}, &report),
                     ERR_NONE);
    assert_non_null(finding_of(&report.warnings, CODE_KEPT));
    import_report_finish(&report);
    grid_set(&grid, grid.rows - 2, "满意度", "77");
    session_edit_one(fixture, 1, "满意度", "66");
    assert_int_equal(grid_import(fixture, &grid, IMPORT_SESSIONS, (struct import_options){0}, &report),
                     ERR_INPUT);
    assert_non_null(finding_of(&report.errors, CODE_BOTH_CHANGED));
    import_report_finish(&report);
    grid_finish(&grid);
}

/* Attendance goes out with every session and takes head counts back; the rest is there to read. */
static void attendance_comes_back(void **state)
{
    struct fixture *fixture = *state;
    struct import_report report;
    struct grid grid;
    struct grid after;
    fill_sessions(fixture);
    int64_t before = fixture_revision(fixture);
    for (int format = EXPORT_CSV; format <= EXPORT_XLSX; format++) {
        grid_export(fixture, IMPORT_ATTENDANCE, (enum export_format)format, &grid);
        assert_int_equal(grid_import(fixture, &grid, IMPORT_AUTO, (struct import_options){0}, &report),
                         ERR_NONE);
        assert_int_equal(report.kind, IMPORT_ATTENDANCE);
        assert_int_equal(report.unchanged, grid.rows - 1);
        assert_int_equal(report.warnings.total, 0);
        assert_int_equal(fixture_revision(fixture), before);
        import_report_finish(&report);
        grid_finish(&grid);
    }
    grid_export(fixture, IMPORT_ATTENDANCE, EXPORT_CSV, &grid);
    size_t held = grid.rows - 2; /* of the three that come last: planned, held, cancelled */
    grid_set(&grid, held, "人数", "41");
    grid_set(&grid, held, INFO_MARK "日期", "2020-01-01");
    assert_int_equal(grid_import(fixture, &grid, IMPORT_AUTO, (struct import_options){0}, &report), ERR_NONE);
    assert_int_equal(report.updated, 1);
    assert_int_equal(report.unchanged, grid.rows - 2);
    assert_non_null(finding_of(&report.warnings, CODE_IGNORED_COLUMN));
    import_report_finish(&report);
    grid_export(fixture, IMPORT_ATTENDANCE, EXPORT_CSV, &after);
    assert_string_equal(grid_at(&after, held, grid_column(&after, "人数")), "41");
    assert_string_equal(grid_at(&after, held, grid_column(&after, "60岁以上人数")), "30");
    assert_string_equal(grid_at(&after, held, grid_column(&after, "满意度")), "96");
    assert_string_equal(grid_at(&after, held, grid_column(&after, INFO_MARK "登记备注")), "登记");
    /* The older copy against it, and heads of a session that is yet to come. */
    grid_set(&grid, held, "人数", "43");
    grid_set(&grid, held - 1, "人数", "20");
    assert_int_equal(grid_import(fixture, &grid, IMPORT_AUTO, (struct import_options){0}, &report),
                     ERR_INPUT);
    const struct import_finding *both = finding_of(&report.errors, CODE_BOTH_CHANGED);
    assert_non_null(both);
    assert_null(strstr(both->en, "revision 0")); /* who changed it is found where outcomes stand */
    assert_non_null(finding_of(&report.errors, CODE_CONFLICT));
    import_report_finish(&report);
    grid_finish(&after);
    grid_finish(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(others_work_is_kept, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(both_sides_are_a_named_conflict, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(the_same_edit_is_no_conflict, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(what_is_changed_as_one_clashes_as_one, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(deleted_meanwhile, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(rows_that_are_gone_or_new, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(rows_of_several_exports, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(more_exports_than_are_held, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_mark_of_another_database, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(names_beside_ids_are_not_taken, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_cell_is_emptied, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(other_writing_is_no_edit, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(sessions_come_back, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(edited_sessions, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(attendance_comes_back, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
