/* The gate: what it refuses, what it records, and what feeds see of it (DESIGN §7.2, §7.3). */
#include "sample.h"

#include "store/overrides.h"

static enum error_code edit_commit(struct sample *sample, const struct session_edit *edits, size_t count,
                                   struct commit_result *result, struct error *err)
{
    struct change_set *set = sample_set("改课");
    struct error error = {0};
    for (size_t i = 0; i < count; i++) {
        EXPECT(ERR_NONE, change_set_session_edit(set, &edits[i], &error));
    }
    return sample_commit(sample, set, result, err);
}

static void edit_one(struct sample *sample, struct session_edit edit)
{
    struct commit_result result;
    struct error error = {0};
    EXPECT(ERR_NONE, edit_commit(sample, &edit, 1, &result, &error));
    commit_result_finish(&result);
}

static void put_is_idempotent(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    struct change_set *set = sample_set("再来一次");
    sample_places(set);
    sample_people(set);
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    assert_int_equal(result.revision, 1);
    assert_int_equal(result.created + result.updated + result.dropped, 0);
    assert_int_equal(result.unchanged_by_table[TABLE_AREA], 5);
    commit_result_finish(&result);
    sample_end(&sample);
}

static void snapshot_has_what_was_put(void **state)
{
    struct sample sample;
    struct timetable *timetable = NULL;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    EXPECT(ERR_NONE, store_snapshot(sample.store, &timetable, &error));
    assert_int_equal(timetable->revision, 1);
    assert_int_equal(timetable->hall_count, 2);
    assert_int_equal(timetable->room_count, 3);
    uint32_t person = timetable_find_instructor(timetable, "I2");
    assert_string_equal(timetable->instructors[person].name, "示例乙");
    assert_int_equal(timetable->instructors[person].course_count, 2);
    timetable_unref(timetable);
    sample_end(&sample);
}

/* Refused, named, and nothing written. */
static void row_refused(const char *wanted, enum store_table table, const struct cell *cells, size_t count)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    int64_t revision = 0;
    sample_city(&sample);
    struct change_set *set = sample_set("错");
    EXPECT(ERR_NONE, change_set_put(set, table, cells, count, &error));
    EXPECT(ERR_INPUT, sample_commit(&sample, set, &result, &error));
    if (strstr(error.text, wanted) == NULL) {
        fail_msg("\"%s\" does not name %s", error.text, wanted);
    }
    commit_result_finish(&result);
    EXPECT(ERR_NONE, store_revision(sample.store, &revision, &error));
    assert_int_equal(revision, 1);
    sample_end(&sample);
}

static void bad_rows_are_refused_and_named(void **state)
{
    (void)state;
    const struct cell hall[] = {CELL_STR("id", "H9"), CELL_STR("name", "某堂"), CELL_STR("area_id", "999")};
    row_refused("H9", TABLE_HALL, hall, 3);
    const struct cell hours[] = {CELL_STR("id", "H1"), CELL_STR("hours", "8 am")};
    row_refused("H1", TABLE_HALL, hours, 2);
    const struct cell missing[] = {CELL_STR("id", "H9"), CELL_STR("area_id", "330101001")};
    row_refused("name", TABLE_HALL, missing, 2);
    const struct cell qualification[] = {CELL_STR("instructor_id", "I1"), CELL_STR("course_id", "C9")};
    row_refused("C9", TABLE_QUALIFICATION, qualification, 2);
    const struct cell closure[] = {
        CELL_STR("id", "X1"),         CELL_STR("scope", "hall"),           CELL_STR("target_id", "H9"),
        CELL_STR("strength", "hard"), CELL_STR("from_date", "2026-05-27"), CELL_STR("to_date", "2026-05-27")};
    row_refused("X1", TABLE_CLOSURE, closure, 6);
    const struct cell attendance[] = {CELL_INT("session_id", 77), CELL_INT("held", 1),
                                      CELL_INT("recorded_at", 1)};
    row_refused("77", TABLE_ATTENDANCE, attendance, 3);
}

static void a_new_session_comes_with_its_attendance(void **state)
{
    struct sample sample;
    struct error error = {0};
    struct commit_result result;
    (void)state;
    sample_city(&sample);
    struct change_set *set = sample_set("台账");
    struct session_new held = {.course_id = "C1", .room_id = "R1", .day = SAMPLE_DAY, .start_min = NOON};
    held.instructor_ids[0] = "I1";
    held.instructor_count = 1;
    held.counts_as = 2;
    EXPECT(ERR_NONE, change_set_session_new(set, &held, &error));
    PUT(set, TABLE_ATTENDANCE, CELL_INT("session_id", -1), CELL_INT("held", 1), CELL_INT("heads", 45));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    assert_int_equal(result.created_by_table[TABLE_ATTENDANCE], 1);
    int64_t id = result.new_session_ids[0];
    commit_result_finish(&result);
    struct timetable *timetable = NULL;
    EXPECT(ERR_NONE, store_snapshot(sample.store, &timetable, &error));
    assert_int_equal(timetable_find_session(timetable, id)->at.held, HELD_YES);
    assert_int_equal(timetable_find_session(timetable, id)->counts_as, 2);
    assert_int_equal(timetable_find_session(timetable, id)->turnout.recorded_at, sample.now_s);
    timetable_unref(timetable);
    /* Again, later: nothing changes, not even the instant. */
    sample.now_s += 60;
    set = sample_set("再次");
    PUT(set, TABLE_ATTENDANCE, CELL_INT("session_id", id), CELL_INT("held", 1), CELL_INT("heads", 45));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    assert_int_equal(result.updated, 0);
    commit_result_finish(&result);
    /* One undo takes both back, although a held session may not be touched otherwise. */
    EXPECT(ERR_NONE, store_undo(sample.store, 0, "示例员", "撤销", &result, &error));
    assert_int_equal(result.dropped, 2);
    commit_result_finish(&result);
    sample_end(&sample);
}

static void attendance_of_no_new_session_is_refused(void **state)
{
    (void)state;
    const struct cell attendance[] = {CELL_INT("session_id", -1), CELL_INT("held", 1)};
    row_refused("there is no new session 1", TABLE_ATTENDANCE, attendance, 2);
}

static void wrong_cells_are_refused(void **state)
{
    struct error error = {0};
    struct change_set *set = sample_set("错");
    (void)state;
    const struct cell unknown[] = {CELL_STR("id", "H1"), CELL_STR("colour", "red")};
    EXPECT(ERR_INPUT, change_set_put(set, TABLE_HALL, unknown, 2, &error));
    assert_non_null(strstr(error.text, "colour"));
    const struct cell keyless[] = {CELL_STR("name", "某堂")};
    EXPECT(ERR_INPUT, change_set_put(set, TABLE_HALL, keyless, 1, &error));
    const struct cell type[] = {CELL_STR("id", "H1"), CELL_STR("stars", "5")};
    EXPECT(ERR_INPUT, change_set_put(set, TABLE_HALL, type, 2, &error));
    const struct cell bytes[] = {CELL_STR("id", "H1"), CELL_STR("name", "\xff")};
    EXPECT(ERR_INPUT, change_set_put(set, TABLE_HALL, bytes, 2, &error));
    const struct cell control[] = {CELL_STR("id", "H1"), CELL_STR("name", "a\x01")};
    EXPECT(ERR_INPUT, change_set_put(set, TABLE_HALL, control, 2, &error));
    change_set_destroy(set);
    EXPECT(ERR_INPUT, change_set_create("示例员", "", "test", &set, &error));
    EXPECT(ERR_INPUT, change_set_create(NULL, "因为", "test", &set, &error));
}

static void clash_names_both(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    int64_t first = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    struct change_set *set = sample_set("撞");
    sample_add(set, "R1b", "I2", SAMPLE_DAY, NOON + 30);
    EXPECT(ERR_CLASH, sample_commit(&sample, set, &result, &error));
    assert_int_equal(result.clashes.count, 1);
    assert_int_equal(result.clashes.items[0].rule, RULE_ROOM_OVERLAP);
    assert_int_equal(result.clashes.items[0].other.session_id, first);
    assert_non_null(result.timetable);
    assert_non_null(strstr(error.text, "示例甲"));
    assert_non_null(strstr(error.text, "示例乙"));
    assert_int_equal(result.new_session_count, 0);
    commit_result_finish(&result);
    assert_int_equal(sample_session_count(&sample), 1);
    /* Back to back is fine. */
    (void)sample_book(&sample, "R1b", "I2", SAMPLE_DAY, NOON + 60);
    sample_end(&sample);
}

static void two_of_one_set_clash(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    struct change_set *set = sample_set("自撞");
    sample_add(set, "R1", "I1", SAMPLE_DAY, NOON);
    sample_add(set, "R2", "I1", SAMPLE_DAY, NOON);
    EXPECT(ERR_CLASH, sample_commit(&sample, set, &result, &error));
    /* Said once, not from both sides. */
    size_t overlaps = 0;
    for (size_t i = 0; i < result.clashes.count; i++) {
        overlaps += result.clashes.items[i].rule == RULE_INSTRUCTOR_OVERLAP;
        assert_int_equal(result.clashes.items[i].subject.session_id, 0);
        assert_int_equal(result.clashes.items[i].other.session_id, 0);
    }
    assert_int_equal(overlaps, 1);
    commit_result_finish(&result);
    assert_int_equal(sample_session_count(&sample), 0);
    sample_end(&sample);
}

static void note_passes_on_a_session_in_conflict(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    struct change_set *set = sample_set("小间");
    PUT(set, TABLE_ROOM, CELL_STR("id", "R2b"), CELL_STR("hall_id", "H2"), CELL_STR("name", "小间"));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    (void)sample_book(&sample, "R2", "I1", SAMPLE_DAY, NOON);
    int64_t id = sample_book(&sample, "R2b", "I2", SAMPLE_DAY, NOON);
    set = sample_set("打通");
    PUT(set, TABLE_ROOM, CELL_STR("id", "R2b"), CELL_INT("whole_hall", 1));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    assert_int_equal(result.reflagged.count, 1);
    assert_int_equal(result.reflagged.items[0].rule, RULE_ROOM_OVERLAP);
    commit_result_finish(&result);
    edit_one(&sample, (struct session_edit){.id = id, .fields = EDIT_NOTE, .note = "待调"});
    edit_one(&sample, (struct session_edit){.id = id, .fields = EDIT_STATUS, .status = SESSION_TENTATIVE});
    assert_int_equal(sample_stored(&sample, id).status, SESSION_TENTATIVE);
    sample_end(&sample);
}

static void settings_of_the_feeds_raise_all(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    int64_t id = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    int64_t was = sample_stored(&sample, id).changed_at;
    sample.now_s += 60;
    struct change_set *set = sample_set("设置");
    PUT(set, TABLE_SETTING, CELL_STR("name", "daemon_colour"), CELL_STR("value", "red"));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    assert_int_equal(sample_stored(&sample, id).changed_at, was);
    set = sample_set("设置");
    PUT(set, TABLE_SETTING, CELL_STR("name", "feed_template"), CELL_STR("value", "2"));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    assert_int_equal(sample_stored(&sample, id).changed_at, sample.now_s);
    sample_end(&sample);
}

static void side_tables_are_read(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct session_changes changes;
    struct override_list overrides;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    struct change_set *set = sample_set("特批");
    PUT(set, TABLE_ABSENCE, CELL_STR("id", "A1"), CELL_STR("instructor_id", "I1"),
        CELL_STR("from_date", "2026-05-27"), CELL_STR("to_date", "2026-05-27"));
    sample_add(set, "R1", "I1", SAMPLE_DAY, NOON);
    EXPECT(ERR_NONE, change_set_override(set, RULE_BIT(RULE_ABSENCE), "本人同意", &error));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    int64_t id = result.new_session_ids[0];
    commit_result_finish(&result);
    set = sample_set("登记");
    PUT(set, TABLE_ATTENDANCE, CELL_INT("session_id", id), CELL_INT("held", 1), CELL_INT("heads", 30),
        CELL_INT("recorded_at", 7));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    EXPECT(ERR_NONE, override_list_load(sample.store, id, &overrides, &error));
    assert_int_equal(overrides.count, 1);
    assert_int_equal(overrides.items[0].rule, RULE_ABSENCE);
    assert_string_equal(overrides.items[0].reason, "本人同意");
    override_list_finish(&overrides);
    EXPECT(ERR_NONE, session_changes_load(sample.store, id, &changes, &error));
    assert_int_equal(changes.count, 1);
    assert_null(changes.items[0].before);
    assert_non_null(strstr(changes.items[0].after, "本人同意"));
    session_changes_finish(&changes);
    sample_end(&sample);
}

static void two_sessions_change_places(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    int64_t a = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    int64_t b = sample_book(&sample, "R2", "I2", SAMPLE_DAY, NOON + 200);
    sample.now_s += 100;
    const struct session_edit edits[] = {
        {.id = a,
         .fields = EDIT_ROOM | EDIT_TIME,
         .room_id = "R2",
         .day = SAMPLE_DAY,
         .start_min = NOON + 200},
        {.id = b, .fields = EDIT_ROOM | EDIT_TIME, .room_id = "R1", .day = SAMPLE_DAY, .start_min = NOON}};
    EXPECT(ERR_CLASH, edit_commit(&sample, edits, 1, &result, &error));
    commit_result_finish(&result);
    EXPECT(ERR_NONE, edit_commit(&sample, edits, 2, &result, &error));
    assert_int_equal(result.updated, 2);
    commit_result_finish(&result);
    struct session stored = sample_stored(&sample, a);
    assert_int_equal(stored.at.start_min, NOON + 200);
    assert_int_equal(stored.moved_from_min, NOON);
    assert_int_equal(stored.sequence, 1);
    sample_end(&sample);
}

static void numbers_rise_as_feeds_need(void **state)
{
    struct sample sample;
    (void)state;
    sample_city(&sample);
    int64_t id = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    struct session made = sample_stored(&sample, id);
    assert_int_equal(made.sequence, 0);
    assert_int_equal(made.changed_at, sample.now_s);
    /* In the same second LAST-MODIFIED rises all the same. */
    edit_one(&sample, (struct session_edit){.id = id, .fields = EDIT_NOTE, .note = "带上手机"});
    struct session noted = sample_stored(&sample, id);
    assert_int_equal(noted.sequence, 0);
    assert_int_equal(noted.changed_at, made.changed_at + 1);
    /* Invisible: nothing rises. */
    edit_one(&sample, (struct session_edit){
                          .id = id, .fields = EDIT_HEADS | EDIT_COUNTS_AS, .heads = 9, .counts_as = 2});
    assert_int_equal(sample_stored(&sample, id).changed_at, noted.changed_at);
    sample.now_s += 1000;
    edit_one(&sample,
             (struct session_edit){.id = id, .fields = EDIT_TIME, .day = SAMPLE_DAY + 1, .start_min = NOON});
    struct session moved = sample_stored(&sample, id);
    assert_int_equal(moved.sequence, 1);
    assert_int_equal(moved.changed_at, sample.now_s);
    assert_int_equal(moved.moved_at, sample.now_s);
    assert_int_equal(moved.moved_from_day, SAMPLE_DAY);
    edit_one(&sample,
             (struct session_edit){.id = id, .fields = EDIT_TIME, .day = SAMPLE_DAY, .start_min = NOON});
    struct session back = sample_stored(&sample, id);
    assert_int_equal(back.sequence, 2);
    assert_int_equal(back.moved_at, 0);
    edit_one(&sample,
             (struct session_edit){
                 .id = id, .fields = EDIT_STATUS, .status = SESSION_CANCELLED, .cancel_reason = "台风"});
    struct session cancelled = sample_stored(&sample, id);
    assert_int_equal(cancelled.sequence, 3);
    assert_int_equal(cancelled.cancelled_at, sample.now_s);
    edit_one(&sample, (struct session_edit){.id = id, .fields = EDIT_STATUS, .status = SESSION_CONFIRMED});
    struct session revived = sample_stored(&sample, id);
    assert_int_equal(revived.sequence, 4);
    assert_int_equal(revived.cancelled_at, 0);
    assert_true(revived.changed_at > cancelled.changed_at);
    sample_end(&sample);
}

static void same_edit_twice_is_nothing(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    int64_t id = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    const struct session_edit edit = {
        .id = id, .fields = EDIT_TIME | EDIT_ROOM, .room_id = "R1", .day = SAMPLE_DAY, .start_min = NOON};
    EXPECT(ERR_NONE, edit_commit(&sample, &edit, 1, &result, &error));
    assert_int_equal(result.revision, 2);
    assert_int_equal(result.unchanged, 1);
    commit_result_finish(&result);
    sample_end(&sample);
}

static void rename_raises_exactly_its_sessions(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    int64_t mine = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    int64_t other = sample_book(&sample, "R2", "I2", SAMPLE_DAY, NOON);
    int64_t was = sample_stored(&sample, other).changed_at;
    sample.now_s += 500;
    struct change_set *set = sample_set("改名");
    PUT(set, TABLE_HALL, CELL_STR("id", "H1"), CELL_STR("name", "示例一村新礼堂"));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    assert_int_equal(sample_stored(&sample, mine).changed_at, sample.now_s);
    assert_int_equal(sample_stored(&sample, mine).sequence, 0);
    assert_int_equal(sample_stored(&sample, other).changed_at, was);
    sample.now_s += 500;
    set = sample_set("看不见的");
    PUT(set, TABLE_HALL, CELL_STR("id", "H1"), CELL_INT("stars", 4));
    PUT(set, TABLE_INSTRUCTOR, CELL_STR("id", "I1"), CELL_INT("max_day", 9));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    assert_int_equal(result.updated, 2);
    commit_result_finish(&result);
    assert_int_equal(sample_stored(&sample, mine).changed_at, sample.now_s - 500);
    set = sample_set("镇改名");
    PUT(set, TABLE_AREA, CELL_STR("id", "330101"), CELL_STR("name", "示例新镇"));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    assert_int_equal(sample_stored(&sample, mine).changed_at, sample.now_s);
    assert_int_equal(sample_stored(&sample, other).changed_at, sample.now_s);
    sample_end(&sample);
}

static void closure_reflags_and_override_is_recorded(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    int64_t id = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    struct change_set *set = sample_set("婚宴");
    PUT(set, TABLE_CLOSURE, CELL_STR("id", "X1"), CELL_STR("scope", "hall"), CELL_STR("target_id", "H1"),
        CELL_STR("strength", "hard"), CELL_STR("from_date", "2026-05-27"), CELL_STR("to_date", "2026-05-27"));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    assert_int_equal(result.reflagged.count, 1);
    assert_int_equal(result.reflagged.items[0].subject.session_id, id);
    assert_int_equal(result.reflagged.items[0].rule, RULE_CLOSURE);
    commit_result_finish(&result);
    /* A note on the session in conflict passes; a new session on that day does not, unless approved. */
    edit_one(&sample, (struct session_edit){.id = id, .fields = EDIT_NOTE, .note = "待定"});
    set = sample_set("再约");
    sample_add(set, "R1", "I2", SAMPLE_DAY, NOON + 120);
    EXPECT(ERR_CLASH, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    set = sample_set("再约");
    sample_add(set, "R1", "I2", SAMPLE_DAY, NOON + 120);
    EXPECT(ERR_INPUT, change_set_override(set, RULE_BIT(RULE_ROOM_OVERLAP), "不行", &error));
    EXPECT(ERR_NONE, change_set_override(set, RULE_BIT(RULE_CLOSURE), "村里同意", &error));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    assert_int_equal(result.clashes.count, 1);
    assert_true(result.clashes.items[0].overridden);
    int64_t approved = result.new_session_ids[0];
    commit_result_finish(&result);
    assert_true((sample_stored(&sample, approved).at.overrides & RULE_BIT(RULE_CLOSURE)) != 0);
    /* What was approved does not follow the session to another time. */
    const struct session_edit edit = {
        .id = approved, .fields = EDIT_TIME, .day = SAMPLE_DAY, .start_min = NOON + 300};
    EXPECT(ERR_CLASH, edit_commit(&sample, &edit, 1, &result, &error));
    commit_result_finish(&result);
    sample_end(&sample);
}

static void pinned_and_held_stay(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    int64_t id = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    edit_one(&sample, (struct session_edit){.id = id, .fields = EDIT_PINNED, .pinned = true});
    const struct session_edit move = {
        .id = id, .fields = EDIT_TIME, .day = SAMPLE_DAY + 1, .start_min = NOON};
    EXPECT(ERR_CLASH, edit_commit(&sample, &move, 1, &result, &error));
    assert_int_equal(result.clashes.items[0].rule, RULE_PINNED);
    commit_result_finish(&result);
    edit_one(&sample, (struct session_edit){.id = id, .fields = EDIT_PINNED, .pinned = false});
    struct change_set *set = sample_set("登记");
    PUT(set, TABLE_ATTENDANCE, CELL_INT("session_id", id), CELL_INT("held", 1), CELL_INT("heads", 30),
        CELL_INT("heads_60", 12), CELL_INT("recorded_at", sample.now_s));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    EXPECT(ERR_CLASH, edit_commit(&sample, &move, 1, &result, &error));
    assert_int_equal(result.clashes.items[0].rule, RULE_HELD);
    commit_result_finish(&result);
    sample_end(&sample);
}

static void expected_revision_is_kept(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    (void)sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    struct change_set *set = sample_set("迟到");
    change_set_expect_revision(set, 1);
    sample_add(set, "R2", "I2", SAMPLE_DAY, NOON);
    EXPECT(ERR_STALE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    sample_end(&sample);
}

/* The whole file as bytes. */
static char *file_read(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    rewind(file);
    char *bytes = malloc((size_t)size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    *ret_size = (size_t)size;
    return bytes;
}

static void dry_run_leaves_the_bytes(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    size_t before_size;
    size_t after_size;
    (void)state;
    sample_city(&sample);
    (void)sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    store_close(sample.store); /* the last one to close folds the log into the file */
    char *before = file_read(sample.path, &before_size);
    EXPECT(ERR_NONE, store_open(sample.path, STORE_OPEN, sample_clock(&sample.now_s), &sample.store, &error));
    struct change_set *set = sample_set("预演");
    sample_add(set, "R2", "I2", SAMPLE_DAY, NOON);
    PUT(set, TABLE_HALL, CELL_STR("id", "H1"), CELL_STR("name", "别名"));
    EXPECT(ERR_NONE, store_commit(sample.store, set, true, &result, &error));
    change_set_destroy(set);
    assert_int_equal(result.created, 1);
    assert_int_equal(result.updated, 1);
    assert_int_equal(result.revision, 2);
    assert_int_equal(result.new_session_count, 0);
    commit_result_finish(&result);
    store_close(sample.store);
    sample.store = NULL;
    char *after = file_read(sample.path, &after_size);
    assert_int_equal(before_size, after_size);
    assert_memory_equal(before, after, before_size);
    free(before);
    free(after);
    sample_end(&sample);
}

static void another_process_is_seen(void **state)
{
    struct sample sample;
    struct sample second;
    struct error error = {0};
    int64_t before = 0;
    int64_t after = 0;
    (void)state;
    sample_city(&sample);
    assert_int_equal(sample_session_count(&sample), 0);
    EXPECT(ERR_NONE, store_data_version(sample.store, &before, &error));
    second = sample;
    EXPECT(ERR_NONE, store_open(sample.path, STORE_OPEN, sample_clock(&sample.now_s), &second.store, &error));
    (void)sample_book(&second, "R1", "I1", SAMPLE_DAY, NOON);
    store_close(second.store);
    EXPECT(ERR_NONE, store_data_version(sample.store, &after, &error));
    assert_int_not_equal(before, after);
    assert_int_equal(sample_session_count(&sample), 1);
    sample_end(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(put_is_idempotent),
        cmocka_unit_test(snapshot_has_what_was_put),
        cmocka_unit_test(bad_rows_are_refused_and_named),
        cmocka_unit_test(wrong_cells_are_refused),
        cmocka_unit_test(a_new_session_comes_with_its_attendance),
        cmocka_unit_test(attendance_of_no_new_session_is_refused),
        cmocka_unit_test(clash_names_both),
        cmocka_unit_test(two_of_one_set_clash),
        cmocka_unit_test(note_passes_on_a_session_in_conflict),
        cmocka_unit_test(settings_of_the_feeds_raise_all),
        cmocka_unit_test(side_tables_are_read),
        cmocka_unit_test(two_sessions_change_places),
        cmocka_unit_test(numbers_rise_as_feeds_need),
        cmocka_unit_test(same_edit_twice_is_nothing),
        cmocka_unit_test(rename_raises_exactly_its_sessions),
        cmocka_unit_test(closure_reflags_and_override_is_recorded),
        cmocka_unit_test(pinned_and_held_stay),
        cmocka_unit_test(expected_revision_is_kept),
        cmocka_unit_test(dry_run_leaves_the_bytes),
        cmocka_unit_test(another_process_is_seen),
    };
    return cmocka_run_group_tests_name("store.commit", tests, NULL, NULL);
}
