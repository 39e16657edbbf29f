/* Rows as they stood at an earlier revision, told from the audit: plain rows and sessions, made, changed,
 * dropped and brought back. And the stamps of revisions. */
#include "store/rows.h"
#include "tests/store/sample.h"

#include <inttypes.h>

enum {
    STEPS_MAX = 16,
    DUMP_BYTES = 1 << 20
};

/* Every table at a revision as text. */
static char *dump(struct sample *sample, int64_t revision)
{
    struct stored_rows rows;
    struct error error = {0};
    struct text out;
    text_init(&out, DUMP_BYTES);
    EXPECT(ERR_NONE,
           stored_rows_load(sample->store, STORED_BIT(STORED_TABLE_COUNT) - 1, revision, &rows, &error));
    for (int table = 0; table < STORED_TABLE_COUNT; table++) {
        const struct stored_table *stored = &rows.tables[table];
        for (size_t i = 0; i < stored->count; i++) {
            text_addf(&out, "%d %s", table, stored->rows[i].key);
            for (int c = 0; c < stored->column_count; c++) {
                char number[STORED_NUMBER_SIZE];
                text_addf(&out, "|%s=%s", stored->columns[c],
                          stored_text(stored, &stored->rows[i], stored->columns[c], number));
            }
            text_add(&out, "\n");
        }
    }
    stored_rows_finish(&rows);
    assert_int_equal(out.failed, ERR_NONE);
    return text_take(&out);
}

struct history_of {
    struct sample *sample;
    char *dumps[STEPS_MAX];
    int64_t revisions[STEPS_MAX];
    size_t count;
};

static void step(struct history_of *history, struct change_set *set)
{
    struct commit_result result = {0};
    struct error error = {0};
    if (set != NULL) {
        EXPECT(ERR_NONE, sample_commit(history->sample, set, &result, &error));
    } else {
        EXPECT(ERR_NONE, store_undo(history->sample->store, 0, "示例员", "undo", &result, &error));
    }
    history->revisions[history->count] = result.revision;
    history->dumps[history->count++] = dump(history->sample, STORED_NEWEST);
    commit_result_finish(&result);
    history->sample->now_s += 60;
}

static void every_revision_can_be_told(void **state)
{
    struct sample sample;
    struct error error = {0};
    struct history_of history = {.sample = &sample};
    (void)state;
    sample_begin(&sample);
    EXPECT(ERR_NONE,
           store_open(sample.path, STORE_CREATE, sample_clock(&sample.now_s), &sample.store, &error));
    char *empty = dump(&sample, STORED_NEWEST);
    struct change_set *set = sample_set("city");
    sample_places(set);
    sample_people(set);
    step(&history, set);
    set = sample_set("a session");
    const struct session_new session = {.course_id = "C1",
                                        .room_id = "R1",
                                        .instructor_ids = {"I2", "I1"},
                                        .instructor_count = 2,
                                        .day = SAMPLE_DAY,
                                        .start_min = NOON,
                                        .setup_min = -1,
                                        .clear_min = -1,
                                        .status = SESSION_CONFIRMED,
                                        .heads = -1};
    EXPECT(ERR_NONE, change_set_session_new(set, &session, &error));
    PUT(set, TABLE_HALL, CELL_STR("id", "H1"), CELL_STR("address", "路\"1\"号"), CELL_INT("stars", 3));
    step(&history, set);
    set = sample_set("moved, reassigned, dropped");
    const struct session_edit edit = {.id = 1,
                                      .fields = EDIT_TIME | EDIT_INSTRUCTORS | EDIT_NOTE,
                                      .day = SAMPLE_DAY + 1,
                                      .start_min = 600,
                                      .instructor_ids = {"I3"},
                                      .instructor_count = 1,
                                      .note = "改期"};
    EXPECT(ERR_NONE, change_set_session_edit(set, &edit, &error));
    const struct cell keys[] = {CELL_STR("instructor_id", "I1"), CELL_STR("course_id", "C2")};
    EXPECT(ERR_NONE, change_set_drop(set, TABLE_QUALIFICATION, keys, 2, &error));
    PUT(set, TABLE_CLOSURE, CELL_STR("id", "S1"), CELL_STR("scope", "hall"), CELL_STR("target_id", "H2"),
        CELL_STR("strength", "soft"), CELL_STR("from_date", "2026-06-01"), CELL_STR("to_date", "2026-06-02"));
    step(&history, set);
    set = sample_set("again the same rows");
    PUT(set, TABLE_HALL, CELL_STR("id", "H1"), CELL_STR("address", "二号"));
    PUT(set, TABLE_HALL, CELL_STR("id", "H1"), CELL_NIL("school_id"), CELL_STR("name", "改名"));
    PUT(set, TABLE_QUALIFICATION, CELL_STR("instructor_id", "I1"), CELL_STR("course_id", "C2"));
    const struct cell key = CELL_STR("id", "S1");
    EXPECT(ERR_NONE, change_set_drop(set, TABLE_CLOSURE, &key, 1, &error));
    step(&history, set);
    step(&history, NULL);
    step(&history, NULL);
    for (size_t i = 0; i < history.count; i++) {
        char *told = dump(&sample, history.revisions[i]);
        assert_string_equal(told, history.dumps[i]);
        assert_true(i == 0 || strcmp(history.dumps[i], history.dumps[i - 1]) != 0);
        free(told);
    }
    char *told = dump(&sample, 0);
    assert_string_equal(told, empty);
    free(told);
    free(empty);
    for (size_t i = 0; i < history.count; i++) {
        free(history.dumps[i]);
    }
    sample_end(&sample);
}

static void stamps_name_one_revision_of_one_database(void **state)
{
    struct sample sample;
    struct sample other;
    struct error error = {0};
    struct commit_result result = {0};
    char stamp[STORED_STAMP_SIZE];
    int64_t revision = -7;
    (void)state;
    sample_begin(&sample);
    sample_begin(&other);
    EXPECT(ERR_NONE,
           store_open(sample.path, STORE_CREATE, sample_clock(&sample.now_s), &sample.store, &error));
    EXPECT(ERR_NONE, store_open(other.path, STORE_CREATE, sample_clock(&other.now_s), &other.store, &error));
    struct change_set *set = sample_set("city");
    sample_places(set);
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    other.now_s += 1;
    set = sample_set("city");
    sample_places(set);
    result = (struct commit_result){0};
    EXPECT(ERR_NONE, sample_commit(&other, set, &result, &error));
    commit_result_finish(&result);
    EXPECT(ERR_NONE, stored_stamp(sample.store, 1, stamp, &error));
    EXPECT(ERR_NONE, stored_stamp_read(sample.store, stamp, &revision, &error));
    assert_int_equal(revision, 1);
    revision = -7;
    assert_int_equal(stored_stamp_read(other.store, stamp, &revision, &error), ERR_NOT_FOUND);
    static const char *const WRONG[] = {
        "", "r", "1-12345678", "r1", "r1-1234567", "r1-123456789", "rx-12345678", "r-1-12345678"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        assert_int_equal(stored_stamp_read(sample.store, WRONG[i], &revision, &error), ERR_SYNTAX);
    }
    assert_int_equal(stored_stamp_read(sample.store, "r99-12345678", &revision, &error), ERR_NOT_FOUND);
    assert_int_equal(stored_stamp_read(sample.store, "r99999999999999999999-12345678", &revision, &error),
                     ERR_NOT_FOUND);
    assert_int_equal(revision, -7);
    struct stored_rows rows;
    assert_int_equal(stored_rows_load(sample.store, STORED_BIT(TABLE_HALL), 2, &rows, &error), ERR_NOT_FOUND);
    stored_rows_finish(&rows);
    struct stored_change change = {0};
    EXPECT(ERR_NONE, stored_last_change(sample.store, TABLE_HALL, "[\"H1\"]", 0, &change, &error));
    assert_int_equal(change.revision, 1);
    assert_string_equal(change.actor, "示例员");
    EXPECT(ERR_NONE, stored_last_change(sample.store, TABLE_HALL, "[\"H1\"]", 1, &change, &error));
    assert_int_equal(change.revision, 0);
    sample_end(&other);
    sample_end(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_revision_can_be_told),
        cmocka_unit_test(stamps_name_one_revision_of_one_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
