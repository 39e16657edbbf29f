/* Ledgers of the past and attendance: what is made, what is set aside, what comes back, what is never taken.
 */
#include "tests/importers/support.h"

#include "base/date.h"
#include "base/limits.h"
#include "store/overrides.h"

static void import_ledger(struct fixture *fixture, const char *csv, struct import_options options,
                          enum error_code wanted, struct import_report *report)
{
    enum error_code code = import_text(fixture, "台账.csv", csv, strlen(csv), options, report);
    if (code != wanted) {
        report_print(report);
        fail_msg("%s", error_name(code));
    }
}

static bool has_code(const struct import_findings *list, enum import_code code)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].code == code) {
            return true;
        }
    }
    return false;
}

#define HEAD "日期,时间,乡镇,礼堂名称,课程名称,类别,师资,人数,备注\n"

static void rows_in_another_order_change_nothing(void **state)
{
    static const char FORTH[] = HEAD "2024-04-05,14:00-15:30,示例镇,示例一村文化礼堂,KC1,,T1,45,\n"
                                     "2024-04-09,14:00,示例镇,示例二村文化礼堂,KC2,,T3,50,\n";
    static const char BACK[] = HEAD "2024.4.9,下午2点,示例镇,示例二村,示例书画课,,T3,50人,\n"
                                    "4月5日,下午2:00-3:30,示例镇,示例一村礼堂,示例防诈课,,示例甲,45,\n";
    struct fixture *fixture = *state;
    struct import_report report;
    import_all_good(fixture);
    import_ledger(fixture, FORTH, (struct import_options){0}, ERR_NONE, &report);
    assert_int_equal(report.created, 1); /* the other one is of the good files */
    import_report_finish(&report);
    int64_t revision = fixture_revision(fixture);
    import_ledger(fixture, BACK, (struct import_options){.year = 2024}, ERR_NONE, &report);
    assert_int_equal(report.created, 0);
    assert_int_equal(report.updated, 0);
    assert_int_equal(report.unchanged, 2);
    assert_int_equal(fixture_revision(fixture), revision);
    import_report_finish(&report);
}

static void commit_one(struct fixture *fixture, struct change_set *set)
{
    struct error err = {.text = ""};
    struct commit_result result = {0};
    assert_int_equal(store_commit(fixture->store, set, false, &result, &err), ERR_NONE);
    commit_result_finish(&result);
    change_set_destroy(set);
}

/* A held session cannot be cancelled: this one is not yet entered. */
static void attendance_drop(struct fixture *fixture, int64_t id)
{
    struct error err = {.text = ""};
    struct change_set *set = NULL;
    assert_int_equal(change_set_create("test", "试", "test", &set, &err), ERR_NONE);
    assert_int_equal(change_set_drop(set, TABLE_ATTENDANCE, &CELL_INT("session_id", id), 1, &err), ERR_NONE);
    commit_one(fixture, set);
}

static void cancelled_in_litang_is_brought_back(void **state)
{
    static const char CSV[] = HEAD "2024-04-16,9:00,示例镇,示例二村,示例书画课,,T1、T3,41,\n";
    struct fixture *fixture = *state;
    struct import_report report;
    struct error err = {.text = ""};
    struct change_set *set = NULL;
    import_all_good(fixture);
    struct timetable *before = fixture_snapshot(fixture);
    size_t count = before->session_count;
    timetable_unref(before);
    attendance_drop(fixture, 3);
    assert_int_equal(change_set_create("test", "试", "test", &set, &err), ERR_NONE);
    struct session_edit edit = {
        .id = 3, .fields = EDIT_STATUS, .status = SESSION_CANCELLED, .cancel_reason = "雨"};
    assert_int_equal(change_set_session_edit(set, &edit, &err), ERR_NONE);
    commit_one(fixture, set);
    import_ledger(fixture, CSV, (struct import_options){0}, ERR_NONE, &report);
    assert_true(has_code(&report.warnings, CODE_REVIVED));
    import_report_finish(&report);
    struct timetable *timetable = fixture_snapshot(fixture);
    assert_int_equal(timetable->session_count, count); /* no second one */
    const struct session *session = timetable_find_session(timetable, 3);
    assert_int_equal(session->status, SESSION_CONFIRMED);
    assert_int_equal(session->turnout.heads, 41);
    timetable_unref(timetable);
}

/* A row that cancels a session, and one for a session that is cancelled already, leave it where it was, and
 * the rest of the file goes in. */
static void cancelled_stays_where_it_was(void **state)
{
    static const char *const CSV[] = {
        "场次编号," HEAD "3,2099-04-16,10:00-11:00,示例乡,示例三村礼堂,KC1,,T3,,取消\n"
        ",2024-04-05,14:00-15:30,示例镇,示例一村文化礼堂,KC1,,T1,45,\n",
        "场次编号," HEAD "3,2099-04-17,9:00-10:00,示例镇,示例二村,示例书画课,,T1,,取消\n"
        ",2024-04-06,14:00-15:30,示例镇,示例一村文化礼堂,KC1,,T1,45,\n"};
    struct fixture *fixture = *state;
    import_all_good(fixture);
    attendance_drop(fixture, 3);
    struct timetable *first = fixture_snapshot(fixture);
    const struct placement *was = &timetable_find_session(first, 3)->at;
    for (size_t i = 0; i < 2; i++) {
        struct import_report report;
        import_ledger(fixture, CSV[i], (struct import_options){0}, ERR_NONE, &report);
        assert_true(has_code(&report.warnings, CODE_CANCELLED));
        assert_int_equal(report.created, 1);
        import_report_finish(&report);
        struct timetable *timetable = fixture_snapshot(fixture);
        const struct session *session = timetable_find_session(timetable, 3);
        assert_int_equal(session->status, SESSION_CANCELLED);
        assert_int_equal(session->at.day, was->day);
        assert_int_equal(session->at.start_min, was->start_min);
        assert_int_equal(session->at.minutes, was->minutes);
        assert_int_equal(session->at.room, was->room);
        assert_int_equal(session->at.course, was->course);
        assert_int_equal(session->at.instructor_count, was->instructor_count);
        timetable_unref(timetable);
    }
    timetable_unref(first);
}

static void after_an_undo_it_goes_in_again(void **state)
{
    struct fixture *fixture = *state;
    struct import_report report;
    struct commit_result result = {0};
    struct error err = {.text = ""};
    import_all_good(fixture);
    for (int i = 0; i < 2; i++) { /* attendance, then the ledger */
        assert_int_equal(store_undo(fixture->store, 0, "test", "undo", &result, &err), ERR_NONE);
        commit_result_finish(&result);
    }
    import_good(fixture, "sessions.csv", &report);
    assert_int_equal(report.created, 8);
    import_report_finish(&report);
}

static void facts_set_rules_aside_with_a_reason_and_plans_do_not(void **state)
{
    /* Hall H1 is open from Monday to Friday, 8:00-11:00. */
    static const char PAST[] = HEAD "2024-05-11,19:00-20:00,示例镇,示例一村文化礼堂,KC1,,T3,30,\n";
    static const char COMING[] = HEAD "2099-05-11,19:00-20:00,示例镇,示例一村文化礼堂,KC1,,T3,,\n";
    struct fixture *fixture = *state;
    struct import_report report;
    struct override_list overrides;
    struct error err = {.text = ""};
    import_all_good(fixture);
    import_ledger(fixture, PAST, (struct import_options){0}, ERR_NONE, &report);
    assert_true(has_code(&report.warnings, CODE_SET_ASIDE));
    int64_t id = report.result.new_session_ids[0];
    import_report_finish(&report);
    assert_int_equal(override_list_load(fixture->store, id, &overrides, &err), ERR_NONE);
    assert_true(overrides.count > 0);
    assert_non_null(strstr(overrides.items[0].reason, "台账"));
    override_list_finish(&overrides);
    import_ledger(fixture, COMING, (struct import_options){0}, ERR_INPUT, &report);
    assert_true(has_code(&report.errors, CODE_CLASH));
    assert_int_equal(report.rows_bad, 1);
    import_report_finish(&report);
}

static void overlapping_rows_both_stay_out(void **state)
{
    static const char CSV[] = HEAD "2024-05-11,9:00-10:30,示例镇,示例二村文化礼堂,KC1,,T1,30,\n"
                                   "2024-05-11,10:00-11:30,示例镇,示例二村文化礼堂,KC2,,T3,30,\n"
                                   "2024-05-12,10:00-11:30,示例镇,示例二村文化礼堂,KC2,,T3,31,\n";
    struct fixture *fixture = *state;
    struct import_report report;
    import_all_good(fixture);
    import_ledger(fixture, CSV, (struct import_options){.partial = true}, ERR_NONE, &report);
    assert_int_equal(report.rows_bad, 2);
    assert_int_equal(report.created, 1);
    assert_int_equal(report.errors.items[0].row, 2);
    assert_non_null(strstr(report.errors.items[0].zh, "第 3 行"));
    assert_int_equal(report.errors.items[1].row, 3);
    assert_non_null(strstr(report.errors.items[1].zh, "第 2 行"));
    struct text rows;
    text_init(&rows, 1 << 20);
    import_report_write_bad_rows(&report, &rows);
    assert_non_null(strstr(text_string(&rows), "2024-05-11,9:00-10:30"));
    assert_null(strstr(text_string(&rows), "2024-05-12"));
    text_finish(&rows);
    import_report_finish(&report);
}

static void what_is_missing_is_made_only_when_asked(void **state)
{
    static const char CSV[] =
        HEAD "2024-05-11,9:00-10:30,示例镇,示例二村文化礼堂,示例新课,技能培训,示例戊,30,\n";
    struct fixture *fixture = *state;
    struct import_report report;
    import_all_good(fixture);
    import_ledger(fixture, CSV, (struct import_options){0}, ERR_INPUT, &report);
    assert_int_equal(report.errors.total, 2);
    import_report_finish(&report);
    import_ledger(fixture, CSV, (struct import_options){.create_missing = true}, ERR_NONE, &report);
    assert_true(has_code(&report.warnings, CODE_MADE));
    import_report_finish(&report);
    struct timetable *timetable = fixture_snapshot(fixture);
    bool found = false;
    for (size_t i = 0; i < timetable->course_count; i++) {
        if (strcmp(timetable->courses[i].name, "示例新课") == 0) {
            found = true;
            assert_false(timetable->courses[i].active);
        }
    }
    assert_true(found);
    int32_t day = 0;
    assert_true(date_parse("2024-05-11", &day));
    for (size_t i = 0; i < timetable->instructor_count; i++) {
        if (strcmp(timetable->instructors[i].name, "示例戊") == 0) {
            assert_int_equal(timetable->instructors[i].valid_from, day);
            assert_int_equal(timetable->instructors[i].valid_to, day);
        }
    }
    timetable_unref(timetable);
}

static void people_are_counted_never_listed(void **state)
{
    static const char *const LISTS[] = {
        "示例讲座签到表\n序号,姓名,联系电话,签名\n1,示例甲,0,\n",
        "姓名,身份证号,礼堂名称,日期,人数\n示例甲,0,示例一村文化礼堂,2024-04-03,1\n",
        "礼堂名称,日期,人数,签名\n示例一村文化礼堂,2024-04-03,1,x\n",
        "姓名,所属单位,可授课程,签到\n示例甲,示例单位,KC1,x\n"};
    struct fixture *fixture = *state;
    import_all_good(fixture);
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++) {
        struct import_report report;
        import_ledger(fixture, LISTS[i], (struct import_options){0}, ERR_INPUT, &report);
        assert_string_equal(import_code_name(report.errors.items[0].code), "personal-data");
        import_report_finish(&report);
    }
}

static void attendance_by_part_of_the_day_and_by_number(void **state)
{
    static const char CSV[] = "礼堂名称,日期,时间,场次编号,人数,是否开展,备注\n"
                              "示例二村文化礼堂,2024-04-16,上午,,40,,\n"
                              ",,,4,,未开展,停电\n";
    struct fixture *fixture = *state;
    struct import_report report;
    import_all_good(fixture);
    import_ledger(fixture, CSV, (struct import_options){0}, ERR_NONE, &report);
    assert_int_equal(report.kind, IMPORT_ATTENDANCE);
    assert_int_equal(report.updated, 2);
    import_report_finish(&report);
    struct timetable *timetable = fixture_snapshot(fixture);
    assert_int_equal(timetable_find_session(timetable, 3)->turnout.heads, 40);
    assert_int_equal(timetable_find_session(timetable, 4)->at.held, HELD_NO);
    timetable_unref(timetable);
}

static void attendance_changes_what_was_entered_and_nothing_else(void **state)
{
    struct fixture *fixture = *state;
    import_all_good(fixture);
    struct timetable *timetable = fixture_snapshot(fixture);
    const struct session *first = timetable_find_session(timetable, 1);
    assert_int_equal(first->turnout.heads, 45);
    assert_int_equal(first->turnout.heads_60, 40);
    assert_int_equal(first->turnout.satisfaction, 98);
    assert_int_equal(timetable_find_session(timetable, 4)->turnout.heads_60, 70); /* by its number */
    assert_int_equal(timetable->session_count, 8);
    timetable_unref(timetable);
}

static void a_hall_spelt_otherwise_is_offered(void **state)
{
    static const struct {
        const char *row;
        enum error_code code;
        bool is_warned;
    } ROWS[] = {{"示例二村礼堂,示例镇,示例二村,", ERR_INPUT, false}, /* the hall that is there */
                {"示例 二村文化禮堂,示例镇,示例二村,", ERR_INPUT, false},
                {"示例二村礼堂,示例镇,示例二村,H9", ERR_NONE, false},   /* one of its own, on purpose */
                {"示例二屯文化礼堂,示例镇,示例二村,", ERR_NONE, true},  /* 村 or 屯? */
                {"示例五村文化礼堂,示例镇,示例二村,", ERR_NONE, false}, /* a number is another place */
                {"示例二村文化礼堂,示例镇,示例二村,", ERR_NONE, false}};
    struct fixture *fixture = *state;
    import_all_good(fixture);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char csv[256];
        struct import_report report;
        (void)snprintf(csv, sizeof csv, "礼堂名称,乡镇,村,礼堂编号\n%s\n", ROWS[i].row);
        enum error_code code = import_text(fixture, "halls.csv", csv, strlen(csv),
                                           (struct import_options){.dry_run = true}, &report);
        if (code != ROWS[i].code || has_code(&report.warnings, CODE_SIMILAR) != ROWS[i].is_warned ||
            has_code(&report.errors, CODE_SIMILAR) != (code != ERR_NONE)) {
            report_print(&report);
            fail_msg("%s", ROWS[i].row);
        }
        import_report_finish(&report);
    }
}

/* More rules set aside than a list of clashes holds, and the one row that cannot be is still found. */
static void a_long_ledger_sets_more_aside_than_a_list_holds(void **state)
{
    enum {
        ROWS = LIMIT_CLASHES + 500
    };
    struct fixture *fixture = *state;
    struct import_report report;
    struct text csv;
    int32_t first = 0;
    import_all_good(fixture);
    assert_true(date_parse("1960-01-01", &first));
    text_init(&csv, 1 << 22);
    text_add(&csv, "日期,时间,礼堂编号,课程编号,人数\n");
    for (int32_t i = 0; i < ROWS; i++) {
        char date[DATE_TEXT_SIZE];
        date_format(first + i, date);
        text_addf(&csv, "%s,19:00-20:00,H1,KC1,30人\n", date); /* H1 is closed then, and has a quota */
    }
    import_ledger(fixture, text_string(&csv), (struct import_options){.dry_run = true}, ERR_NONE, &report);
    assert_int_equal(report.created, ROWS);
    assert_true(report.conversions.total >= ROWS); /* counted */
    assert_int_equal(report.conversions.count, LIMIT_IMPORT_CONVERSIONS);
    import_report_finish(&report);
    text_add(&csv, "1980-01-01,19:30-20:30,H1,KC2,30\n"); /* the room is taken */
    import_ledger(fixture, text_string(&csv), (struct import_options){.dry_run = true, .partial = true},
                  ERR_NONE, &report);
    assert_int_equal(report.rows_bad, 2);
    assert_int_equal(report.created, ROWS - 1);
    import_report_finish(&report);
    text_finish(&csv);
}

static const char *workbook_path(const struct fixture *fixture)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/bad.xlsx", fixture->folder);
    return path;
}

static void bad_rows_go_out_as_a_workbook_and_come_back(void **state)
{
    static const char CSV[] = "示例县2024年台账\n" HEAD "5/12,9:00,示例镇,示例二村文化礼堂,KC1,,T1,30,\n"
                              "5月12日,9:00,示例镇,示例二村文化礼堂,KC1,,T1,30,\n";
    struct fixture *fixture = *state;
    struct import_report report;
    struct error err = {.text = ""};
    import_all_good(fixture);
    import_ledger(fixture, CSV, (struct import_options){.dry_run = true}, ERR_INPUT, &report);
    assert_int_equal(import_report_write_bad_workbook(&report, workbook_path(fixture), &err), ERR_NONE);
    import_report_finish(&report);
    import_report_init(&report);
    assert_int_equal(import_file(fixture->store, workbook_path(fixture),
                                 &(struct import_options){.actor = "test", .dry_run = true}, &report, &err),
                     ERR_INPUT);
    assert_int_equal(report.rows_read, 1);
    assert_int_equal(report.errors.total, 1);
    assert_string_equal(report.errors.items[0].text, "5/12");
    import_report_finish(&report);
    (void)unlink(workbook_path(fixture));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        T(rows_in_another_order_change_nothing),
        T(cancelled_in_litang_is_brought_back),
        T(cancelled_stays_where_it_was),
        T(after_an_undo_it_goes_in_again),
        T(facts_set_rules_aside_with_a_reason_and_plans_do_not),
        T(overlapping_rows_both_stay_out),
        T(what_is_missing_is_made_only_when_asked),
        T(a_hall_spelt_otherwise_is_offered),
        T(a_long_ledger_sets_more_aside_than_a_list_holds),
        T(bad_rows_go_out_as_a_workbook_and_come_back),
        T(people_are_counted_never_listed),
        T(attendance_by_part_of_the_day_and_by_number),
        T(attendance_changes_what_was_entered_and_nothing_else),
    };
#undef T
    return cmocka_run_group_tests(tests, NULL, NULL);
}
