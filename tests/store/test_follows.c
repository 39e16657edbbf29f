/* Followed calendars: what is kept of them beside the gate. */
#include "sample.h"

#include "store/follows.h"

static void create(struct sample *sample)
{
    struct error error = {0};
    sample_begin(sample);
    EXPECT(ERR_NONE,
           store_open(sample->path, STORE_CREATE, sample_clock(&sample->now_s), &sample->store, &error));
}

static const struct follow HALL = {.source = "https://a.example/hall.ics",
                                   .kind = "closures",
                                   .scope = "hall",
                                   .target = "H1",
                                   .interval_s = 3600};

static void a_follow_is_kept_noted_and_removed(void **state)
{
    struct sample sample;
    struct error error = {0};
    struct follow_list list;
    struct follow_rows rows;
    int64_t id = 0;
    int64_t other = 0;
    (void)state;
    create(&sample);
    EXPECT(ERR_NONE, follow_add(sample.store, &HALL, &id, &error));
    EXPECT(ERR_EXISTS, follow_add(sample.store, &HALL, &other, &error));
    struct follow second = HALL;
    memcpy(second.target, "H2", 3);
    second.allow_private = true;
    EXPECT(ERR_NONE,
           follow_add(sample.store, &second, &other, &error)); /* the same source for another hall */
    EXPECT(ERR_NONE, follow_list_load(sample.store, &list, &error));
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].source, HALL.source);
    assert_int_equal(list.items[0].created_at, sample.now_s);
    assert_int_equal(list.items[0].checked_at, 0);
    assert_false(list.items[0].allow_private);
    assert_true(list.items[1].allow_private);
    struct follow follow = list.items[0];
    follow_list_finish(&list);

    static const char *const IDS[] = {"ics-1", "ics-2"};
    sample.now_s += 60;
    memcpy(follow.etag, "\"7\"", 4);
    memcpy(follow.outcome, "imported", 9);
    follow.read_at = sample.now_s;
    EXPECT(ERR_NONE, follow_note(sample.store, &follow, IDS, 2, &error));
    memcpy(follow.outcome, "failed", 7);
    follow.failures = 1;
    EXPECT(ERR_NONE, follow_note(sample.store, &follow, NULL, 0, &error)); /* its records stay as they are */
    EXPECT(ERR_NONE, follow_list_load(sample.store, &list, &error));
    assert_string_equal(list.items[0].etag, "\"7\"");
    assert_string_equal(list.items[0].outcome, "failed");
    assert_int_equal(list.items[0].failures, 1);
    assert_int_equal(list.items[0].checked_at, sample.now_s);
    follow_list_finish(&list);
    EXPECT(ERR_NONE, follow_rows_load(sample.store, id, &rows, &error));
    assert_int_equal(rows.count, 2);
    assert_string_equal(rows.ids[0], "ics-1");
    follow_rows_finish(&rows);

    EXPECT(ERR_NONE, follow_remove(sample.store, id, &error));
    EXPECT(ERR_NOT_FOUND, follow_remove(sample.store, id, &error));
    EXPECT(ERR_NOT_FOUND, follow_note(sample.store, &follow, IDS, 2, &error));
    EXPECT(ERR_NONE, follow_rows_load(sample.store, id, &rows, &error));
    assert_int_equal(rows.count, 0);
    follow_rows_finish(&rows);
    sample_end(&sample);
}

static void there_are_not_too_many(void **state)
{
    struct sample sample;
    struct error error = {0};
    struct follow follow = HALL;
    int64_t id = 0;
    (void)state;
    create(&sample);
    for (int i = 0; i < LIMIT_FOLLOWS; i++) {
        (void)snprintf(follow.target, sizeof follow.target, "H%d", i);
        EXPECT(ERR_NONE, follow_add(sample.store, &follow, &id, &error));
    }
    memcpy(follow.target, "one more", 9);
    EXPECT(ERR_LIMIT, follow_add(sample.store, &follow, &id, &error));
    sample_end(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_follow_is_kept_noted_and_removed),
        cmocka_unit_test(there_are_not_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
