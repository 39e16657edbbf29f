/* Drafts: saved beside what is published, compared with it, published through the gate. */
#include "sample.h"
#include "scheduler/repair.h"

#include <sqlite3.h>

enum {
    PLAN_SESSIONS = 40
};

/* Requests for the two halls, so that drafts have somebody to be for. */
static void requests_put(struct sample *sample)
{
    struct commit_result result;
    struct error error = {0};
    struct change_set *set = sample_set("点单");
    PUT(set, TABLE_REQUEST, CELL_STR("id", "Q1"), CELL_STR("hall_id", "H1"), CELL_STR("course_id", "C1"),
        CELL_INT("sessions", PLAN_SESSIONS), CELL_STR("from_date", "2026-05-01"),
        CELL_STR("to_date", "2026-12-31"), CELL_STR("weekdays", "1,2,5"),
        CELL_STR("parts", "morning;evening"));
    PUT(set, TABLE_REQUEST, CELL_STR("id", "Q2"), CELL_STR("area_id", "330101"), CELL_STR("course_id", "C2"),
        CELL_INT("sessions", 3), CELL_INT("is_series", 1), CELL_STR("from_date", "2026-05-01"),
        CELL_STR("to_date", "2026-12-31"));
    EXPECT(ERR_NONE, sample_commit(sample, set, &result, &error));
    commit_result_finish(&result);
}

/* An empty plan on the current revision, with room for items. */
static struct plan *plan_begin(struct sample *sample)
{
    struct error error = {0};
    struct plan *plan = calloc(1, sizeof *plan);
    assert_non_null(plan);
    EXPECT(ERR_NONE, store_snapshot(sample->store, &plan->timetable, &error));
    plan->base_revision = plan->timetable->revision;
    plan->from_day = SAMPLE_DAY;
    plan->to_day = SAMPLE_DAY + 200;
    plan->items = calloc(PLAN_SESSIONS + 8, sizeof *plan->items);
    plan->series = calloc(1, sizeof *plan->series);
    plan->refusals = calloc(1, sizeof *plan->refusals);
    assert_true(plan->items != NULL && plan->series != NULL && plan->refusals != NULL);
    plan->item_capacity = PLAN_SESSIONS + 8;
    plan->series_capacity = plan->refusal_capacity = 1;
    return plan;
}

static struct placement *plan_create_item(struct plan *plan, const char *room, const char *instructor,
                                          int32_t day, int32_t start_min)
{
    const struct timetable *timetable = plan->timetable;
    struct plan_item *item = &plan->items[plan->item_count++];
    item->action = PLAN_CREATE;
    item->at = (struct placement){
        .course = timetable_find_course(timetable, "C1"),
        .room = timetable_find_room(timetable, room),
        .instructors = {timetable_find_instructor(timetable, instructor), NONE, NONE, NONE},
        .instructor_count = 1,
        .day = day,
        .start_min = start_min,
        .minutes = 60,
        .request = timetable_find_request(timetable, "Q1"),
        .heads = 20,
    };
    return &item->at;
}

static void plan_save_and_drop(struct sample *sample, const char *name, struct plan *plan)
{
    struct error error = {0};
    EXPECT(ERR_NONE, plan_save(sample->store, name, "示例员", plan, &error));
    plan_destroy(plan);
}

static void full_draft(struct sample *sample, const char *name)
{
    struct plan *plan = plan_begin(sample);
    for (int i = 0; i < PLAN_SESSIONS - 3; i++) {
        (void)plan_create_item(plan, "R1", "I1", SAMPLE_DAY + i, NOON);
    }
    plan->series[plan->series_count++] =
        (struct plan_series){timetable_find_request(plan->timetable, "Q2"), HOLIDAY_SKIP};
    for (int week = 0; week < 3; week++) {
        struct placement *at = plan_create_item(plan, "R2", "I2", SAMPLE_DAY + 7 * week, NOON);
        at->series_id = -1;
        at->course = timetable_find_course(plan->timetable, "C2");
        at->request = timetable_find_request(plan->timetable, "Q2");
    }
    plan->refusals[plan->refusal_count++] = (struct plan_refusal){
        .request = timetable_find_request(plan->timetable, "Q1"), .missing = 3, .kind = REFUSAL_CROWDED};
    plan_save_and_drop(sample, name, plan);
}

static void draft_is_no_publication(void **state)
{
    struct sample sample;
    struct plan_diff diff;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    requests_put(&sample);
    full_draft(&sample, "草案");
    assert_int_equal(sample_session_count(&sample), 0);
    EXPECT(ERR_NONE, plan_diff_load(sample.store, NULL, &diff, &error));
    assert_int_equal(diff.created, PLAN_SESSIONS);
    assert_int_equal(diff.row_count, PLAN_SESSIONS);
    assert_int_equal(diff.base_revision, 2);
    assert_int_equal(diff.current_revision, 2);
    assert_string_equal(diff.rows[0].action, "create");
    assert_string_equal(diff.rows[0].township, "示例镇");
    assert_string_equal(diff.rows[0].hall, "示例一村文化礼堂");
    assert_string_equal(diff.rows[0].instructors, "示例甲");
    assert_int_equal(diff.refusal_count, 1);
    assert_string_equal(diff.refusals[0].request_id, "Q1");
    assert_non_null(strstr(diff.summary_json, "\"cost\""));
    plan_diff_finish(&diff);
    EXPECT(ERR_NOT_FOUND, plan_diff_load(sample.store, "没有", &diff, &error));
    sample_end(&sample);
}

static void publish_creates_everything_once(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    struct plan_entry entries[4];
    size_t count = 0;
    (void)state;
    sample_city(&sample);
    requests_put(&sample);
    full_draft(&sample, "草案");
    EXPECT(ERR_NONE, plan_publish(sample.store, NULL, "示例员", "公布", &result, &error));
    assert_int_equal(result.created, PLAN_SESSIONS);
    assert_int_equal(result.new_session_count, PLAN_SESSIONS);
    int64_t revision = result.revision;
    commit_result_finish(&result);
    assert_int_equal(sample_session_count(&sample), PLAN_SESSIONS);
    struct session last = sample_stored(&sample, PLAN_SESSIONS);
    assert_true(last.at.series_id > 0);
    assert_int_equal(last.at.heads, 20);
    EXPECT(ERR_NONE, plan_list(sample.store, entries, 4, &count, &error));
    assert_int_equal(count, 1);
    assert_int_equal(entries[0].published_revision, revision);
    EXPECT(ERR_EXISTS, plan_publish(sample.store, "草案", "示例员", "再公布", &result, &error));
    commit_result_finish(&result);
    EXPECT(ERR_NOT_FOUND, plan_publish(sample.store, NULL, "示例员", "再公布", &result, &error));
    commit_result_finish(&result);
    /* A published name is taken; and a second draft for the same requests is too much. */
    struct plan *plan = plan_begin(&sample);
    EXPECT(ERR_EXISTS, plan_save(sample.store, "草案", "示例员", plan, &error));
    for (int i = 0; i < PLAN_SESSIONS; i++) {
        (void)plan_create_item(plan, "R1", "I3", SAMPLE_DAY + i, 1000);
    }
    plan_save_and_drop(&sample, "第二", plan);
    EXPECT(ERR_STALE, plan_publish(sample.store, "第二", "示例员", "公布", &result, &error));
    assert_non_null(strstr(error.text, "Q1"));
    commit_result_finish(&result);
    assert_int_equal(sample_session_count(&sample), PLAN_SESSIONS);
    /* Undo takes all of it back. */
    EXPECT(ERR_NONE, store_undo(sample.store, revision, "示例员", "撤销", &result, &error));
    assert_int_equal(result.dropped, PLAN_SESSIONS);
    commit_result_finish(&result);
    assert_int_equal(sample_session_count(&sample), 0);
    sample_end(&sample);
}

/* A draft that moves one session and cancels another. */
static void repair_draft(struct sample *sample, int64_t moved, int64_t cancelled)
{
    struct plan *plan = plan_begin(sample);
    struct plan_item *move = &plan->items[plan->item_count++];
    struct plan_item *cancel = &plan->items[plan->item_count++];
    *move = (struct plan_item){PLAN_MOVE, timetable_find_session(plan->timetable, moved)->at};
    move->at.day += 2;
    *cancel = (struct plan_item){PLAN_CANCEL, timetable_find_session(plan->timetable, cancelled)->at};
    plan_save_and_drop(sample, "修补", plan);
}

static void repair_moves_and_cancels(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct plan_diff diff;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    int64_t a = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    int64_t b = sample_book(&sample, "R2", "I2", SAMPLE_DAY, NOON);
    repair_draft(&sample, a, b);
    EXPECT(ERR_NONE, plan_diff_load(sample.store, "修补", &diff, &error));
    assert_int_equal(diff.moved, 1);
    assert_int_equal(diff.cancelled, 1);
    assert_int_equal(diff.rows[1].old_day, SAMPLE_DAY);
    assert_int_equal(diff.rows[1].day, SAMPLE_DAY + 2);
    assert_string_equal(diff.rows[1].old_instructors, "示例甲");
    plan_diff_finish(&diff);
    EXPECT(ERR_NONE, plan_publish(sample.store, "修补", "示例员", "台风", &result, &error));
    assert_int_equal(result.updated, 2);
    commit_result_finish(&result);
    assert_int_equal(sample_stored(&sample, a).at.day, SAMPLE_DAY + 2);
    assert_int_equal(sample_stored(&sample, b).status, SESSION_CANCELLED);
    sample_end(&sample);
}

/* What residents read beside a session that a draft cancels: why the hall is shut, never why somebody
 * published or who is ill. */
static void cancelled_says_why_the_hall_is_shut(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct timetable *timetable = NULL;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    int64_t shut = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    int64_t ill = sample_book(&sample, "R2", "I2", SAMPLE_DAY, NOON);
    char date[DATE_TEXT_SIZE];
    date_format(SAMPLE_DAY, date);
    struct change_set *set = sample_set("停用与请假");
    PUT(set, TABLE_CLOSURE, CELL_STR("id", "N1"), CELL_STR("scope", "hall"), CELL_STR("target_id", "H1"),
        CELL_STR("strength", "hard"), CELL_STR("from_date", date), CELL_STR("to_date", date),
        CELL_STR("reason", "婚宴"));
    PUT(set, TABLE_ABSENCE, CELL_STR("id", "A1"), CELL_STR("instructor_id", "I2"),
        CELL_STR("from_date", date), CELL_STR("to_date", date), CELL_STR("reason", "病假"));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    struct plan *plan = plan_begin(&sample);
    for (int i = 0; i < 2; i++) {
        plan->items[plan->item_count++] =
            (struct plan_item){PLAN_CANCEL, timetable_find_session(plan->timetable, i == 0 ? shut : ill)->at};
    }
    plan_save_and_drop(&sample, "修补", plan);
    EXPECT(ERR_NONE, plan_publish(sample.store, "修补", "示例员", "publish", &result, &error));
    commit_result_finish(&result);
    EXPECT(ERR_NONE, store_snapshot(sample.store, &timetable, &error));
    assert_string_equal(timetable_find_session(timetable, shut)->cancel_reason, "婚宴");
    const char *reason = timetable_find_session(timetable, ill)->cancel_reason;
    assert_true(reason == NULL || reason[0] == '\0');
    timetable_unref(timetable);
    sample_end(&sample);
}

static void draft_over_a_changed_session_is_stale(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    int64_t a = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    int64_t b = sample_book(&sample, "R2", "I2", SAMPLE_DAY, NOON);
    repair_draft(&sample, a, b);
    struct change_set *set = sample_set("手动");
    struct session_edit edit = {.id = a, .fields = EDIT_TIME, .day = SAMPLE_DAY + 5, .start_min = NOON};
    EXPECT(ERR_NONE, change_set_session_edit(set, &edit, &error));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    EXPECT(ERR_STALE, plan_publish(sample.store, "修补", "示例员", "台风", &result, &error));
    commit_result_finish(&result);
    assert_int_equal(sample_stored(&sample, a).at.day, SAMPLE_DAY + 5);
    assert_int_equal(sample_stored(&sample, b).status, SESSION_CONFIRMED);
    sample_end(&sample);
}

static void draft_that_clashes_now_is_refused(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    requests_put(&sample);
    full_draft(&sample, "草案");
    (void)sample_book(&sample, "R1", "I3", SAMPLE_DAY + 5, NOON);
    EXPECT(ERR_CLASH, plan_publish(sample.store, "草案", "示例员", "公布", &result, &error));
    assert_true(result.clashes.count >= 1);
    commit_result_finish(&result);
    assert_int_equal(sample_session_count(&sample), 1);
    sample_end(&sample);
}

/* A meeting of a weekly series that repair moves alone stays in its series, as an exception. */
static void series_meeting_moves_alone(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct timetable *timetable = NULL;
    struct plan *plan = NULL;
    struct repair_report report;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    requests_put(&sample);
    full_draft(&sample, "草案");
    EXPECT(ERR_NONE, plan_publish(sample.store, NULL, "示例员", "公布", &result, &error));
    commit_result_finish(&result);
    struct session middle = sample_stored(&sample, PLAN_SESSIONS - 1);
    char date[DATE_TEXT_SIZE];
    date_format(middle.at.day, date);
    struct change_set *set = sample_set("请假");
    PUT(set, TABLE_ABSENCE, CELL_STR("id", "A1"), CELL_STR("instructor_id", "I2"),
        CELL_STR("from_date", date), CELL_STR("to_date", date));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    EXPECT(ERR_NONE, store_snapshot(sample.store, &timetable, &error));
    const struct repair_options options = {.from_day = SAMPLE_DAY,
                                           .to_day = SAMPLE_DAY + 200,
                                           .frozen_until_day = SAMPLE_DAY - 1,
                                           .weights = weights_default()};
    EXPECT(ERR_NONE, repair_run(timetable, &options, &plan, &report, &error));
    assert_int_equal(plan->item_count, 1);
    assert_true(plan->items[0].at.series_exception);
    plan_save_and_drop(&sample, "修复", plan);
    repair_report_finish(&report);
    timetable_unref(timetable);
    EXPECT(ERR_NONE, plan_publish(sample.store, "修复", "示例员", "请假", &result, &error));
    assert_int_equal(result.updated, 1);
    commit_result_finish(&result);
    struct session moved = sample_stored(&sample, PLAN_SESSIONS - 1);
    assert_true(moved.at.series_exception);
    assert_int_equal(moved.at.series_id, middle.at.series_id);
    assert_int_equal(moved.at.day, middle.at.day);
    assert_int_not_equal(moved.at.instructors[0], middle.at.instructors[0]);
    sample_end(&sample);
}

/* Which one, has to be said where two would change something; one that changes nothing does not count, and
 * makes no revision. */
static void several_drafts_must_be_named(void **state)
{
    struct sample sample;
    struct commit_result result;
    struct plan_entry entries[4];
    struct error error = {0};
    size_t count = 0;
    int64_t before = 0;
    int64_t after = 0;
    (void)state;
    sample_city(&sample);
    requests_put(&sample);
    plan_save_and_drop(&sample, "空", plan_begin(&sample));
    EXPECT(ERR_NONE, store_revision(sample.store, &before, &error));
    EXPECT(ERR_NONE, plan_publish(sample.store, NULL, "示例员", "公布", &result, &error));
    assert_int_equal(result.revision, before);
    assert_int_equal(result.created + result.updated, 0);
    EXPECT(ERR_NONE, store_revision(sample.store, &after, &error));
    assert_int_equal(after, before);
    full_draft(&sample, "甲案");
    full_draft(&sample, "乙案");
    EXPECT(ERR_INPUT, plan_publish(sample.store, NULL, "示例员", "公布", &result, &error));
    assert_non_null(strstr(error.text, "乙案, 甲案"));
    assert_int_equal(sample_session_count(&sample), 0);
    EXPECT(ERR_NONE, plan_drop(sample.store, "乙案", NULL, &error));
    EXPECT(ERR_NONE, plan_publish(sample.store, NULL, "示例员", "公布", &result, &error));
    commit_result_finish(&result);
    assert_int_equal(sample_session_count(&sample), PLAN_SESSIONS);
    EXPECT(ERR_NONE, plan_list(sample.store, entries, 4, &count, &error));
    assert_int_equal(count, 2);
    assert_string_equal(entries[0].name, "甲案");
    assert_string_equal(entries[0].actor, "示例员");
    assert_int_equal(entries[0].items, PLAN_SESSIONS);
    assert_int_not_equal(entries[0].published_revision, 0);
    EXPECT(ERR_NONE, plan_look(sample.store, "空", &entries[0], &error));
    assert_int_equal(entries[0].items, 0);
    assert_int_equal(entries[0].published_revision, 0);
    EXPECT(ERR_NOT_FOUND, plan_look(sample.store, "乙案", &entries[0], &error));
    sample_end(&sample);
}

static void bad_names_are_refused(void **state)
{
    struct sample sample;
    struct error error = {0};
    char name[LIMIT_ID_BYTES + 2];
    (void)state;
    sample_city(&sample);
    struct plan *plan = plan_begin(&sample);
    memset(name, 'a', sizeof name);
    name[LIMIT_ID_BYTES + 1] = '\0';
    EXPECT(ERR_INPUT, plan_save(sample.store, name, "示例员", plan, &error));
    EXPECT(ERR_INPUT, plan_save(sample.store, "", "示例员", plan, &error));
    EXPECT(ERR_INPUT, plan_save(sample.store, "a\n", "示例员", plan, &error));
    EXPECT(ERR_INPUT, plan_name_check(sample.store, NULL, &error));
    EXPECT(ERR_INPUT, plan_name_check(sample.store, "", &error));
    name[LIMIT_ID_BYTES] = '\0';
    EXPECT(ERR_NONE, plan_save(sample.store, name, "示例员", plan, &error));
    EXPECT(ERR_NONE, plan_save(sample.store, name, "示例员", plan, &error)); /* replaces */
    plan_destroy(plan);
    sample_end(&sample);
}

/* Published plans with these names, straight into the table. */
static void names_publish(struct sample *sample, const char *numbers)
{
    char sql[400];
    sqlite3 *db = NULL;
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO plan (name, base_revision, created_at, actor, from_date, to_date, "
                   "published_revision, summary) SELECT 'draft' || iif(value = 1, '', '-' || value), 1, 0, "
                   "'示例员', '2026-05-27', '2026-05-28', 1, '{}' FROM %s",
                   numbers);
    assert_int_equal(sqlite3_open(sample->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(db);
}

static void default_name_is_the_next_free(void **state)
{
    struct sample sample;
    struct error error = {0};
    char name[LIMIT_ID_BYTES + 1];
    (void)state;
    sample_city(&sample);
    EXPECT(ERR_NONE, plan_name_default(sample.store, "draft", name, &error));
    assert_string_equal(name, "draft");
    /* An unpublished one makes room; a published one does not. */
    plan_save_and_drop(&sample, "draft", plan_begin(&sample));
    EXPECT(ERR_NONE, plan_name_check(sample.store, "draft", &error));
    EXPECT(ERR_NONE, plan_name_default(sample.store, "draft", name, &error));
    assert_string_equal(name, "draft");
    bool dropped = false;
    EXPECT(ERR_NONE, plan_drop(sample.store, "draft", &dropped, &error));
    assert_true(dropped);
    EXPECT(ERR_NONE, plan_drop(sample.store, "draft", &dropped, &error));
    assert_false(dropped);
    names_publish(&sample, "(SELECT 1 AS value UNION SELECT 2 UNION SELECT 4)");
    EXPECT(ERR_EXISTS, plan_name_check(sample.store, "draft", &error));
    EXPECT(ERR_EXISTS, plan_drop(sample.store, "draft", &dropped, &error));
    EXPECT(ERR_NONE, plan_name_default(sample.store, "draft", name, &error));
    assert_string_equal(name, "draft-3");
    sample_end(&sample);
}

static void default_names_end(void **state)
{
    struct sample sample;
    struct error error = {0};
    char name[LIMIT_ID_BYTES + 1] = "";
    char numbers[200];
    (void)state;
    sample_city(&sample);
    (void)snprintf(numbers, sizeof numbers,
                   "(WITH RECURSIVE n(value) AS (VALUES (1) UNION ALL SELECT value + 1 FROM n LIMIT %d) "
                   "SELECT value FROM n)",
                   LIMIT_PLAN_NAMES - 1);
    names_publish(&sample, numbers);
    EXPECT(ERR_NONE, plan_name_default(sample.store, "draft", name, &error));
    (void)snprintf(numbers, sizeof numbers, "draft-%d", LIMIT_PLAN_NAMES);
    assert_string_equal(name, numbers);
    (void)snprintf(numbers, sizeof numbers, "(SELECT %d AS value)", LIMIT_PLAN_NAMES);
    names_publish(&sample, numbers);
    EXPECT(ERR_LIMIT, plan_name_default(sample.store, "draft", name, &error));
    /* Neither is a name made too long by its number. */
    memset(numbers, 'a', LIMIT_ID_BYTES + 1);
    numbers[LIMIT_ID_BYTES + 1] = '\0';
    EXPECT(ERR_INPUT, plan_name_default(sample.store, numbers, name, &error));
    sample_end(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draft_is_no_publication),
        cmocka_unit_test(publish_creates_everything_once),
        cmocka_unit_test(repair_moves_and_cancels),
        cmocka_unit_test(cancelled_says_why_the_hall_is_shut),
        cmocka_unit_test(draft_over_a_changed_session_is_stale),
        cmocka_unit_test(draft_that_clashes_now_is_refused),
        cmocka_unit_test(series_meeting_moves_alone),
        cmocka_unit_test(several_drafts_must_be_named),
        cmocka_unit_test(bad_names_are_refused),
        cmocka_unit_test(default_name_is_the_next_free),
        cmocka_unit_test(default_names_end),
    };
    return cmocka_run_group_tests_name("store.plans", tests, NULL, NULL);
}
