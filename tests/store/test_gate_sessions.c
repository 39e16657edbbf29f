/* What the gate asks of a session besides the rules: a cancelled one stays where it was, and one that counts
 * for a request is what was asked for. */
#include "sample.h"

static enum error_code edit_commit(struct sample *sample, struct session_edit edit, struct error *err)
{
    struct commit_result result = {0};
    struct change_set *set = sample_set("改课");
    struct error error = {0};
    EXPECT(ERR_NONE, change_set_session_edit(set, &edit, &error));
    enum error_code code = sample_commit(sample, set, &result, err);
    commit_result_finish(&result);
    return code;
}

static void edit_one(struct sample *sample, struct session_edit edit)
{
    struct error error = {0};
    EXPECT(ERR_NONE, edit_commit(sample, edit, &error));
}

static void refused(enum error_code code, const struct error *error, const char *words)
{
    assert_int_equal(code, ERR_INPUT);
    if (strstr(error->text, words) == NULL) {
        fail_msg("no \"%s\" in: %s", words, error->text);
    }
}

/* ---- cancelled sessions ---- */

/* Every way in which a session is placed anew. */
static struct session_edit moved(int64_t id, size_t way)
{
    const struct session_edit ways[] = {
        {.id = id, .fields = EDIT_TIME, .day = SAMPLE_DAY + 1, .start_min = NOON},
        {.id = id, .fields = EDIT_ROOM, .room_id = "R2"},
        {.id = id, .fields = EDIT_INSTRUCTORS, .instructor_ids = {"I2"}, .instructor_count = 1},
        {.id = id, .fields = EDIT_COURSE, .course_id = "C2"}};
    return way < sizeof ways / sizeof *ways ? ways[way] : (struct session_edit){.id = 0};
}

static void cancelled_stays_until_it_is_held_again(void **state)
{
    struct sample sample;
    (void)state;
    sample_city(&sample);
    int64_t id = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    edit_one(&sample, (struct session_edit){.id = id, .fields = EDIT_STATUS, .status = SESSION_CANCELLED});
    for (size_t way = 0; moved(id, way).id != 0; way++) {
        struct error error = {0};
        refused(edit_commit(&sample, moved(id, way), &error), &error, "move --lift");
    }
    edit_one(&sample, (struct session_edit){.id = id, .fields = EDIT_NOTE, .note = "下月再办"});
    struct session_edit lift = moved(id, 0);
    lift.fields |= EDIT_STATUS;
    lift.status = SESSION_CONFIRMED;
    edit_one(&sample, lift); /* held again, elsewhere */
    struct session stored = sample_stored(&sample, id);
    assert_int_equal(stored.status, SESSION_CONFIRMED);
    assert_int_equal(stored.at.day, SAMPLE_DAY + 1);
    sample_end(&sample);
}

static void nothing_moves_while_it_is_cancelled(void **state)
{
    struct sample sample;
    (void)state;
    sample_city(&sample);
    int64_t id = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    for (size_t way = 0; moved(id, way).id != 0; way++) {
        struct error error = {0};
        struct session_edit edit = moved(id, way);
        edit.fields |= EDIT_STATUS;
        edit.status = SESSION_CANCELLED;
        refused(edit_commit(&sample, edit, &error), &error, "停课的同时不能有其他改动");
    }
    assert_int_equal(sample_stored(&sample, id).status, SESSION_CONFIRMED);
    sample_end(&sample);
}

/* Two revisions undone in turn: the cancellation, then the move before it; and the other way about. */
static void undo_puts_back_what_was(void **state)
{
    struct sample sample;
    struct commit_result result = {0};
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    int64_t id = sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON); /* 2 */
    edit_one(&sample, moved(id, 0));                                 /* 3 */
    struct session_edit lift = moved(id, 1);
    edit_one(&sample,
             (struct session_edit){.id = id, .fields = EDIT_STATUS, .status = SESSION_CANCELLED}); /* 4 */
    lift.fields |= EDIT_STATUS;
    lift.status = SESSION_CONFIRMED;
    edit_one(&sample, lift);                                                          /* 5 */
    EXPECT(ERR_NONE, store_undo(sample.store, 0, "示例员", "撤销", &result, &error)); /* moves and cancels */
    commit_result_finish(&result);
    struct session stored = sample_stored(&sample, id);
    assert_int_equal(stored.status, SESSION_CANCELLED);
    assert_int_equal(stored.at.day, SAMPLE_DAY + 1);
    sample_end(&sample);
}

/* ---- sessions of a request ---- */

static void request_put(struct sample *sample, const char *course, int64_t withdrawn)
{
    struct commit_result result = {0};
    struct error error = {0};
    struct change_set *set = sample_set("点单");
    PUT(set, TABLE_REQUEST, CELL_STR("id", "Q1"), CELL_STR("hall_id", "H1"), CELL_STR("course_id", course),
        CELL_INT("sessions", 1), CELL_STR("from_date", "2026-05-01"), CELL_STR("to_date", "2026-06-30"),
        CELL_INT("withdrawn", withdrawn));
    EXPECT(ERR_NONE, sample_commit(sample, set, &result, &error));
    commit_result_finish(&result);
}

static enum error_code request_book(struct sample *sample, const char *room, struct error *err)
{
    struct commit_result result = {0};
    struct change_set *set = sample_set("约课");
    struct session_new session = sample_session(room, "I1", SAMPLE_DAY, NOON);
    session.request_id = "Q1";
    struct error error = {0};
    EXPECT(ERR_NONE, change_set_session_new(set, &session, &error));
    enum error_code code = sample_commit(sample, set, &result, err);
    commit_result_finish(&result);
    return code;
}

static void a_request_is_answered_by_what_it_asks_for(void **state)
{
    struct sample sample;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    request_put(&sample, "C2", 0);
    refused(request_book(&sample, "R1", &error), &error, "点单 Q1 要的是《示例课程二》，不是《示例课程一》");
    request_put(&sample, "C1", 0);
    refused(request_book(&sample, "R2", &error), &error,
            "点单 Q1 要的是示例一村文化礼堂，不是示例二村文化礼堂");
    request_put(&sample, "C1", 1);
    refused(request_book(&sample, "R1", &error), &error, "点单 Q1 已撤回");
    assert_int_equal(sample_session_count(&sample), 0);
    request_put(&sample, "C1", 0);
    EXPECT(ERR_NONE, request_book(&sample, "R1", &error));
    assert_int_equal(sample_session_count(&sample), 1);
    sample_end(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cancelled_stays_until_it_is_held_again),
        cmocka_unit_test(nothing_moves_while_it_is_cancelled),
        cmocka_unit_test(undo_puts_back_what_was),
        cmocka_unit_test(a_request_is_answered_by_what_it_asks_for),
    };
    return cmocka_run_group_tests_name("store.gate_sessions", tests, NULL, NULL);
}
