/* What may be set aside, and for what it holds. */
#include "sample.h"

/* A closure that came later is approved for a session where it stands; what else it breaks stays as it was.
 */
static void an_override_is_given_in_place(void **state)
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
    PUT(set, TABLE_ABSENCE, CELL_STR("id", "B1"), CELL_STR("instructor_id", "I1"),
        CELL_STR("from_date", "2026-05-27"), CELL_STR("to_date", "2026-05-27"));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    struct session_edit edit = {.id = id, .fields = EDIT_PINNED, .pinned = true};
    for (int approved = 0; approved < 2; approved++) {
        edit.fields |= approved != 0 ? EDIT_APPROVE : 0U;
        set = sample_set("锁定");
        EXPECT(ERR_NONE, change_set_session_edit(set, &edit, &error));
        EXPECT(ERR_NONE, change_set_override(set, RULE_BIT(RULE_CLOSURE), "村里同意", &error));
        EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
        assert_int_equal(result.updated, 1);
        assert_int_equal(result.clashes.count, approved);
        commit_result_finish(&result);
        assert_true(sample_stored(&sample, id).at.pinned);
        assert_int_equal(sample_stored(&sample, id).at.overrides, approved != 0 ? RULE_BIT(RULE_CLOSURE) : 0);
    }
    /* Once is enough. */
    set = sample_set("锁定");
    EXPECT(ERR_NONE, change_set_session_edit(set, &edit, &error));
    EXPECT(ERR_NONE, change_set_override(set, RULE_BIT(RULE_CLOSURE), "村里同意", &error));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    assert_int_equal(result.updated, 0);
    commit_result_finish(&result);
    sample_end(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_override_is_given_in_place),
    };
    return cmocka_run_group_tests_name("store.override", tests, NULL, NULL);
}
