/* What may be entered about a session, what a snapshot shows of it, and that reported figures stay. */
#include "sample.h"
#include "store/attendance.h"

#include <sqlite3.h>

static const struct attendance HELD_WELL = {
    .held = HELD_YES, .heads = 30, .heads_60 = 12, .satisfaction = 96, .recorded_at = 7};

static enum error_code enter(struct sample *sample, const struct attendance *entry, struct error *error)
{
    struct timetable *timetable = NULL;
    struct commit_result result = {0};
    struct change_set *set = sample_set("登记");
    assert_int_equal(store_snapshot(sample->store, &timetable, error), ERR_NONE);
    enum error_code code = attendance_put(set, timetable, SAMPLE_DAY, entry, error);
    if (code == ERR_NONE) {
        code = sample_commit(sample, set, &result, error);
    } else {
        change_set_destroy(set);
    }
    commit_result_finish(&result);
    timetable_unref(timetable);
    return code;
}

static const char *sample_turnout_reason(struct sample *sample, int64_t id, char text[100])
{
    struct timetable *timetable = NULL;
    struct error error = {0};
    EXPECT(ERR_NONE, store_snapshot(sample->store, &timetable, &error));
    snprintf(text, 100, "%s", timetable_find_session(timetable, id)->turnout.reason);
    timetable_unref(timetable);
    return text;
}

static void entries_are_read_back(void **state)
{
    struct sample sample;
    struct session_changes changes;
    struct error error = {0};
    char reason[100];
    (void)state;
    sample_city(&sample);
    int64_t id = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    assert_int_equal(sample_stored(&sample, id).at.held, HELD_UNKNOWN);
    assert_int_equal(sample_stored(&sample, id).turnout.heads, -1);
    struct attendance entry = HELD_WELL;
    entry.session_id = id;
    EXPECT(ERR_NONE, enter(&sample, &entry, &error));
    struct session stored = sample_stored(&sample, id);
    assert_int_equal(stored.at.held, HELD_YES);
    assert_int_equal(stored.turnout.heads, 30);
    assert_int_equal(stored.turnout.heads_60, 12);
    assert_int_equal(stored.turnout.satisfaction, 96);
    assert_int_equal(stored.turnout.recorded_at, 7);
    entry = (struct attendance){id, HELD_OUTSIDE, 25, -1, -1, "礼堂停电，改在广场", "", "示例丁", 9};
    EXPECT(ERR_NONE, enter(&sample, &entry, &error));
    stored = sample_stored(&sample, id);
    assert_int_equal(stored.at.held, HELD_OUTSIDE);
    assert_int_equal(stored.turnout.heads, 25);
    assert_string_equal(sample_turnout_reason(&sample, id, reason), "礼堂停电，改在广场");
    assert_int_equal(stored.turnout.heads_60, -1);
    assert_int_equal(stored.turnout.satisfaction, -1);
    entry = (struct attendance){id, HELD_NO, -1, -1, -1, "台风", NULL, NULL, 10};
    EXPECT(ERR_NONE, enter(&sample, &entry, &error));
    assert_int_equal(sample_stored(&sample, id).at.held, HELD_NO);
    EXPECT(ERR_NONE, session_changes_load(sample.store, id, &changes, &error));
    session_changes_finish(&changes);
    sample_end(&sample);
}

static void wrong_entries_are_refused(void **state)
{
    struct sample sample;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    int64_t id = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    int64_t later = sample_book(&sample, "R1", "I1", SAMPLE_DAY + 1, NOON);
    const struct {
        struct attendance entry;
        enum error_code code;
    } cases[] = {
        {{id, HELD_UNKNOWN, 1, 1, 1, "", "", "", 1}, ERR_INPUT},
        {{id, HELD_NO, -1, -1, -1, "", "", "", 1}, ERR_INPUT},
        {{id, HELD_OUTSIDE, 3, -1, -1, NULL, "", "", 1}, ERR_INPUT},
        {{id, HELD_NO, 3, -1, -1, "雨", "", "", 1}, ERR_INPUT},
        {{id, HELD_NO, -1, -1, 90, "雨", "", "", 1}, ERR_INPUT},
        {{id, HELD_YES, 3, 4, -1, "", "", "", 1}, ERR_INPUT},
        {{id, HELD_YES, -2, -2, -1, "", "", "", 1}, ERR_INPUT},
        {{id, HELD_YES, 3, 1, 101, "", "", "", 1}, ERR_INPUT},
        {{id, HELD_YES, LIMIT_HEADS + 1, -1, -1, "", "", "", 1}, ERR_INPUT},
        {{later, HELD_YES, 3, 1, -1, "", "", "", 1}, ERR_INPUT},
        {{999, HELD_YES, 3, 1, -1, "", "", "", 1}, ERR_NOT_FOUND},
        {{id, HELD_YES, LIMIT_HEADS, LIMIT_HEADS, 100, "", "", "", 1}, ERR_NONE},
        {{id, HELD_NO, 0, 0, -1, "雨", "", "", 1}, ERR_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        EXPECT(cases[i].code, enter(&sample, &cases[i].entry, &error));
    }
    struct commit_result result = {0};
    struct change_set *set = sample_set("停课");
    struct session_edit edit = {
        .id = id, .fields = EDIT_STATUS, .status = SESSION_CANCELLED, .cancel_reason = "雨"};
    EXPECT(ERR_NONE, change_set_session_edit(set, &edit, &error));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    EXPECT(ERR_INPUT, enter(&sample, &cases[11].entry, &error));
    sample_end(&sample);
}

static void names_go_both_ways(void **state)
{
    (void)state;
    for (enum held_state held = HELD_YES; held <= HELD_OUTSIDE; held++) {
        enum held_state back = HELD_UNKNOWN;
        assert_true(held_from_name(held_name(held), &back));
        assert_int_equal(back, held);
    }
    enum held_state none;
    assert_false(held_from_name("", &none));
    assert_string_equal(held_name(HELD_UNKNOWN), "");
}

/* The database itself: outside only when held; a reported figure is not written over. */
static void the_database_refuses(void **state)
{
    struct sample sample;
    struct commit_result result = {0};
    struct error error = {0};
    sqlite3 *db = NULL;
    (void)state;
    sample_city(&sample);
    int64_t id = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    struct change_set *set = sample_set("登记");
    PUT(set, TABLE_ATTENDANCE, CELL_INT("session_id", id), CELL_INT("held", 0), CELL_INT("outside", 1),
        CELL_INT("recorded_at", 7));
    EXPECT(ERR_INPUT, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    set = sample_set("上报");
    PUT(set, TABLE_FROZEN_PERIOD, CELL_STR("id", "2026-H1"), CELL_STR("from_date", "2026-01-01"),
        CELL_STR("to_date", "2026-06-30"), CELL_STR("area_id", "*"), CELL_INT("minimum", 1),
        CELL_INT("revision", 2), CELL_STR("reason", "上报"), CELL_STR("actor", "示例员"), CELL_INT("at", 9));
    PUT(set, TABLE_FROZEN_FIGURE, CELL_STR("period_id", "2026-H1"), CELL_STR("area_id", "*"),
        CELL_STR("name", "heads"), CELL_INT("value", 30));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    set = sample_set("改数字");
    PUT(set, TABLE_FROZEN_FIGURE, CELL_STR("period_id", "2026-H1"), CELL_STR("area_id", "*"),
        CELL_STR("name", "heads"), CELL_INT("value", 31));
    assert_int_not_equal(sample_commit(&sample, set, &result, &error), ERR_NONE);
    commit_result_finish(&result);
    assert_int_equal(sqlite3_open(sample.path, &db), SQLITE_OK);
    assert_int_not_equal(sqlite3_exec(db, "UPDATE frozen_period SET reason = 'x'", NULL, NULL, NULL),
                         SQLITE_OK);
    sqlite3_close(db);
    sample_end(&sample);
}

static void the_target_is_a_setting(void **state)
{
    static const struct {
        const char *text;
        int32_t hundredths;
    } CASES[] = {{"98", 9800},   {"97.68", 9768}, {"100", 10000}, {"0", 0},      {"99.5", 9950},
                 {"100.01", -1}, {"9.8.1", -1},   {"", -1},       {"98%", -1},   {".5", -1},
                 {"98.", -1},    {"98.123", -1},  {"-1", -1},     {"999999", -1}};
    struct sample sample;
    struct commit_result result = {0};
    struct error error = {0};
    struct timetable *timetable = NULL;
    (void)state;
    sample_city(&sample);
    EXPECT(ERR_NONE, store_snapshot(sample.store, &timetable, &error));
    assert_int_equal(timetable->coverage_target, 9800);
    timetable_unref(timetable);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct change_set *set = sample_set("目标");
        PUT(set, TABLE_SETTING, CELL_STR("name", "coverage_target"), CELL_STR("value", CASES[i].text));
        enum error_code code = sample_commit(&sample, set, &result, &error);
        commit_result_finish(&result);
        assert_int_equal(code, CASES[i].hundredths < 0 ? ERR_INPUT : ERR_NONE);
        EXPECT(ERR_NONE, store_snapshot(sample.store, &timetable, &error));
        if (code == ERR_NONE) {
            assert_int_equal(timetable->coverage_target, CASES[i].hundredths);
        }
        timetable_unref(timetable);
    }
    sample_end(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_read_back),   cmocka_unit_test(wrong_entries_are_refused),
        cmocka_unit_test(names_go_both_ways),      cmocka_unit_test(the_database_refuses),
        cmocka_unit_test(the_target_is_a_setting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
