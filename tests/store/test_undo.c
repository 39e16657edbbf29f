/* Undo by a new commit through the same gate. */
#include "sample.h"

static void undo_one(struct sample *sample, int64_t revision)
{
    struct commit_result result;
    struct error error = {0};
    EXPECT(ERR_NONE, store_undo(sample->store, revision, "示例员", "撤销", &result, &error));
    commit_result_finish(&result);
}

static void undo_refused(struct sample *sample, int64_t revision, enum error_code wanted, const char *word)
{
    struct commit_result result;
    struct error error = {0};
    EXPECT(wanted, store_undo(sample->store, revision, "示例员", "撤销", &result, &error));
    commit_result_finish(&result);
    if (strstr(error.text, word) == NULL) {
        fail_msg("\"%s\" does not say %s", error.text, word);
    }
}

static void commit_edit(struct sample *sample, struct session_edit edit)
{
    struct commit_result result;
    struct error error = {0};
    struct change_set *set = sample_set("改课");
    EXPECT(ERR_NONE, change_set_session_edit(set, &edit, &error));
    EXPECT(ERR_NONE, sample_commit(sample, set, &result, &error));
    commit_result_finish(&result);
}

static void rename_hall(struct sample *sample, const char *name)
{
    struct commit_result result;
    struct error error = {0};
    struct change_set *set = sample_set("改名");
    PUT(set, TABLE_HALL, CELL_STR("id", "H1"), CELL_STR("name", name));
    EXPECT(ERR_NONE, sample_commit(sample, set, &result, &error));
    commit_result_finish(&result);
}

static void hall_is(struct sample *sample, const char *name)
{
    struct timetable *timetable = NULL;
    struct error error = {0};
    EXPECT(ERR_NONE, store_snapshot(sample->store, &timetable, &error));
    uint32_t hall = timetable_find_hall(timetable, "H1");
    if (name == NULL) {
        assert_int_equal(hall, NONE);
    } else {
        assert_int_not_equal(hall, NONE);
        assert_string_equal(timetable->halls[hall].name, name);
    }
    timetable_unref(timetable);
}

static void import_is_undone_whole(void **state)
{
    struct sample sample;
    (void)state;
    sample_city(&sample);
    undo_one(&sample, 0);
    hall_is(&sample, NULL);
    undo_refused(&sample, 0, ERR_NOT_FOUND, "undo");
    undo_refused(&sample, 1, ERR_STALE, "2");
    undo_one(&sample, 2); /* redo */
    hall_is(&sample, "示例一村文化礼堂");
    sample_end(&sample);
}

static void undo_walks_back(void **state)
{
    struct sample sample;
    (void)state;
    sample_city(&sample);
    rename_hall(&sample, "甲堂"); /* 2 */
    rename_hall(&sample, "乙堂"); /* 3 */
    undo_one(&sample, 0);         /* 4 undoes 3 */
    hall_is(&sample, "甲堂");
    undo_one(&sample, 0); /* 5 undoes 2 */
    hall_is(&sample, "示例一村文化礼堂");
    undo_one(&sample, 5);
    hall_is(&sample, "甲堂");
    undo_refused(&sample, 99, ERR_NOT_FOUND, "99");
    sample_end(&sample);
}

static void later_change_is_in_the_way(void **state)
{
    struct sample sample;
    (void)state;
    sample_city(&sample);
    rename_hall(&sample, "甲堂");
    rename_hall(&sample, "乙堂");
    undo_refused(&sample, 2, ERR_STALE, "H1");
    hall_is(&sample, "乙堂");
    /* The whole city cannot go while its hall has another name, and its sessions hang on it. */
    undo_refused(&sample, 1, ERR_STALE, "H1");
    sample_end(&sample);
}

static void used_rows_cannot_go(void **state)
{
    struct sample sample;
    (void)state;
    sample_city(&sample);
    (void)sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    undo_refused(&sample, 1, ERR_STALE, "session");
    assert_int_equal(sample_session_count(&sample), 1);
    sample_end(&sample);
}

static void move_is_undone(void **state)
{
    struct sample sample;
    (void)state;
    sample_city(&sample);
    int64_t id = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    commit_edit(&sample,
                (struct session_edit){.id = id,
                                      .fields = EDIT_TIME | EDIT_ROOM | EDIT_INSTRUCTORS | EDIT_PINNED,
                                      .room_id = "R2",
                                      .day = SAMPLE_DAY + 3,
                                      .start_min = 600,
                                      .instructor_ids = {"I2", "I3"},
                                      .instructor_count = 2,
                                      .pinned = true});
    struct session moved = sample_stored(&sample, id);
    assert_int_equal(moved.sequence, 1);
    undo_one(&sample, 0);
    struct session back = sample_stored(&sample, id);
    assert_int_equal(back.at.day, SAMPLE_DAY);
    assert_int_equal(back.at.start_min, NOON);
    assert_int_equal(back.at.instructor_count, 1);
    assert_false(back.at.pinned);
    assert_int_equal(back.sequence, 2);
    assert_true(back.changed_at > moved.changed_at);
    assert_int_equal(back.moved_at, 0);
    undo_one(&sample, 4);
    assert_int_equal(sample_stored(&sample, id).at.day, SAMPLE_DAY + 3);
    assert_int_equal(sample_stored(&sample, id).sequence, 3);
    sample_end(&sample);
}

static void undo_passes_the_rules(void **state)
{
    struct sample sample;
    (void)state;
    sample_city(&sample);
    int64_t id = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    commit_edit(&sample, (struct session_edit){
                             .id = id, .fields = EDIT_TIME, .day = SAMPLE_DAY + 1, .start_min = NOON});
    (void)sample_book(&sample, "R1", "I2", SAMPLE_DAY, NOON); /* takes the old place */
    undo_refused(&sample, 3, ERR_CLASH, "示例乙");
    assert_int_equal(sample_stored(&sample, id).at.day, SAMPLE_DAY + 1);
    sample_end(&sample);
}

static void created_sessions_go_and_return_the_same(void **state)
{
    struct sample sample;
    struct error error = {0};
    struct commit_result result;
    (void)state;
    sample_city(&sample);
    struct change_set *set = sample_set("系列");
    int64_t series = 0;
    EXPECT(ERR_NONE, change_set_new_series(set, NULL, HOLIDAY_SKIP, &series, &error));
    for (int week = 0; week < 4; week++) {
        struct session_new session = sample_session("R1", "I1", SAMPLE_DAY + 7 * week, NOON);
        session.series_id = series;
        session.note = "“引号\"与\n换行”";
        EXPECT(ERR_NONE, change_set_session_new(set, &session, &error));
    }
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    int64_t first = result.new_session_ids[0];
    commit_result_finish(&result);
    struct session made = sample_stored(&sample, first);
    undo_one(&sample, 0);
    assert_int_equal(sample_session_count(&sample), 0);
    /* Numbers are never used again. */
    assert_int_equal(sample_book(&sample, "R2", "I2", SAMPLE_DAY, NOON), first + 4);
    undo_one(&sample, 3); /* the undo itself */
    assert_int_equal(sample_session_count(&sample), 5);
    struct session back = sample_stored(&sample, first);
    assert_int_equal(back.sequence, made.sequence + 1);
    assert_true(back.changed_at > made.changed_at);
    assert_int_equal(back.at.series_id, made.at.series_id);
    assert_int_equal(back.created_at, made.created_at);
    undo_one(&sample, 2);
    assert_int_equal(sample_session_count(&sample), 1);
    sample_end(&sample);
}

static void attendance_keeps_its_session(void **state)
{
    struct sample sample;
    struct error error = {0};
    struct commit_result result;
    (void)state;
    sample_city(&sample);
    int64_t id = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    struct change_set *set = sample_set("登记");
    PUT(set, TABLE_ATTENDANCE, CELL_INT("session_id", id), CELL_INT("held", 0), CELL_INT("recorded_at", 5));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    undo_refused(&sample, 2, ERR_STALE, "attendance");
    undo_one(&sample, 3);
    undo_one(&sample, 2);
    assert_int_equal(sample_session_count(&sample), 0);
    sample_end(&sample);
}

static void overrides_come_back(void **state)
{
    struct sample sample;
    struct error error = {0};
    struct commit_result result;
    (void)state;
    sample_city(&sample);
    struct change_set *set = sample_set("停用");
    PUT(set, TABLE_CLOSURE, CELL_STR("id", "X1"), CELL_STR("scope", "hall"), CELL_STR("target_id", "H1"),
        CELL_STR("strength", "hard"), CELL_STR("from_date", "2026-05-27"), CELL_STR("to_date", "2026-05-27"));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    set = sample_set("特批");
    sample_add(set, "R1", "I1", SAMPLE_DAY, NOON);
    EXPECT(ERR_NONE, change_set_override(set, RULE_BIT(RULE_CLOSURE), "村里同意", &error));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    int64_t id = result.new_session_ids[0];
    commit_result_finish(&result);
    commit_edit(&sample, (struct session_edit){
                             .id = id, .fields = EDIT_TIME, .day = SAMPLE_DAY + 1, .start_min = NOON});
    assert_int_equal(sample_stored(&sample, id).at.overrides, 0);
    undo_one(&sample, 0);
    assert_int_equal(sample_stored(&sample, id).at.overrides, RULE_BIT(RULE_CLOSURE));
    sample_end(&sample);
}

static void history_tells_all(void **state)
{
    struct sample sample;
    struct history history;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    (void)sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    undo_one(&sample, 0);
    EXPECT(ERR_NONE, history_load(sample.store, 10, &history, &error));
    assert_int_equal(history.count, 3);
    assert_int_equal(history.items[0].undoes, 2);
    assert_int_equal(history.items[0].dropped, 1);
    assert_int_equal(history.items[1].undone_by, 3);
    assert_int_equal(history.items[1].created, 1);
    assert_string_equal(history.items[1].reason, "约课");
    assert_string_equal(history.items[1].actor, "示例员");
    history_finish(&history);
    EXPECT(ERR_NONE, history_load(sample.store, 1, &history, &error));
    assert_int_equal(history.count, 1);
    history_finish(&history);
    sample_end(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(import_is_undone_whole),
        cmocka_unit_test(undo_walks_back),
        cmocka_unit_test(later_change_is_in_the_way),
        cmocka_unit_test(used_rows_cannot_go),
        cmocka_unit_test(move_is_undone),
        cmocka_unit_test(undo_passes_the_rules),
        cmocka_unit_test(created_sessions_go_and_return_the_same),
        cmocka_unit_test(attendance_keeps_its_session),
        cmocka_unit_test(overrides_come_back),
        cmocka_unit_test(history_tells_all),
    };
    return cmocka_run_group_tests_name("store.undo", tests, NULL, NULL);
}
