/* Secret addresses and receipts: what the daemon and the command line write beside the gate. */
#include "sample.h"

#include "store/receipts.h"
#include "store/tokens.h"

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define HASH_C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

static void create(struct sample *sample)
{
    struct error error = {0};
    sample_begin(sample);
    EXPECT(ERR_NONE,
           store_open(sample->path, STORE_CREATE, sample_clock(&sample->now_s), &sample->store, &error));
}

static struct feed_token token_of(struct sample *sample, const char *hash)
{
    struct error error = {0};
    struct token_list list;
    struct feed_token token = {{0}, {0}, {0}, -1, -1, {0}};
    EXPECT(ERR_NONE, token_list_load(sample->store, &list, &error));
    const struct feed_token *found = token_list_find(&list, hash);
    if (found != NULL) {
        token = *found;
    }
    token_list_finish(&list);
    return token;
}

static void token_is_rotated_and_revoked(void **state)
{
    struct sample sample;
    struct error error = {0};
    size_t count = 0;
    (void)state;
    create(&sample);
    EXPECT(ERR_NONE, token_add(sample.store, "instructor", "I1", HASH_A, "手机", &error));
    EXPECT(ERR_EXISTS, token_add(sample.store, "instructor", "I2", HASH_A, "", &error));
    EXPECT(ERR_NOT_FOUND, token_rotate(sample.store, HASH_B, HASH_C, &error));
    sample.now_s += 60;
    EXPECT(ERR_NONE, token_rotate(sample.store, HASH_A, HASH_B, &error));
    struct feed_token old = token_of(&sample, HASH_A);
    struct feed_token fresh = token_of(&sample, HASH_B);
    assert_int_equal(old.revoked_at, sample.now_s);
    assert_int_equal(fresh.revoked_at, 0);
    assert_int_equal(fresh.created_at, sample.now_s);
    assert_string_equal(fresh.scope, "instructor");
    assert_string_equal(fresh.target, "I1");
    assert_string_equal(fresh.label, "手机");
    EXPECT(ERR_NOT_FOUND, token_rotate(sample.store, HASH_A, HASH_C, &error));
    assert_int_equal(token_of(&sample, HASH_C).created_at, -1);
    EXPECT(ERR_NONE, token_revoke(sample.store, "instructor", "I1", &count, &error));
    assert_int_equal(count, 1);
    EXPECT(ERR_NONE, token_revoke(sample.store, "instructor", "I1", &count, &error));
    assert_int_equal(count, 0);
    assert_int_equal(token_of(&sample, HASH_B).revoked_at, sample.now_s);
    sample_end(&sample);
}

static void hash_write(char *hash, unsigned number)
{
    snprintf(hash, TOKEN_HASH_SIZE, "%064x", number);
}

static void tokens_of_a_target_are_bounded(void **state)
{
    struct sample sample;
    struct error error = {0};
    struct token_list list;
    char hash[TOKEN_HASH_SIZE];
    char next[TOKEN_HASH_SIZE];
    (void)state;
    create(&sample);
    for (unsigned i = 0; i < LIMIT_TARGET_TOKENS; i++) {
        hash_write(hash, i);
        EXPECT(ERR_NONE, token_add(sample.store, "instructor", "I1", hash, "", &error));
    }
    EXPECT(ERR_LIMIT, token_add(sample.store, "instructor", "I1", HASH_A, "", &error));
    EXPECT(ERR_NONE, token_add(sample.store, "instructor", "I2", HASH_A, "", &error));
    for (unsigned i = 0; i < LIMIT_TARGET_TOKENS * 3; i++) {
        hash_write(hash, LIMIT_TARGET_TOKENS - 1 + i);
        hash_write(next, LIMIT_TARGET_TOKENS + i);
        sample.now_s++;
        EXPECT(ERR_NONE, token_rotate(sample.store, hash, next, &error));
    }
    EXPECT(ERR_NONE, token_list_load(sample.store, &list, &error));
    assert_int_equal(list.count, 1 + LIMIT_TARGET_TOKENS * 2);
    token_list_finish(&list);
    hash_write(hash, LIMIT_TARGET_TOKENS - 1);
    assert_int_equal(token_of(&sample, hash).created_at, -1);
    sample_end(&sample);
}

/* A token or a receipt is no revision and leaves the snapshot as it is. */
static void neither_is_a_revision(void **state)
{
    struct sample sample;
    struct error error = {0};
    struct timetable *before = NULL;
    struct timetable *after = NULL;
    int64_t version = 0;
    int64_t later = 0;
    (void)state;
    create(&sample);
    EXPECT(ERR_NONE, store_snapshot(sample.store, &before, &error));
    EXPECT(ERR_NONE, store_data_version(sample.store, &version, &error));
    const struct receipt receipt = {
        .scope = "hall", .target = "H1", .first_at = sample.now_s, .last_at = sample.now_s};
    EXPECT(ERR_NONE, receipts_write(sample.store, &receipt, 1, &error));
    EXPECT(ERR_NONE, token_add(sample.store, "instructor", "I1", HASH_A, "", &error));
    EXPECT(ERR_NONE, store_snapshot(sample.store, &after, &error));
    EXPECT(ERR_NONE, store_data_version(sample.store, &later, &error));
    assert_ptr_equal(before, after);
    assert_int_equal(version, later);
    assert_int_equal(after->revision, 0);
    timetable_unref(before);
    timetable_unref(after);
    sample_end(&sample);
}

static void receipts_keep_the_newest(void **state)
{
    struct sample sample;
    struct error error = {0};
    struct receipt_list list;
    (void)state;
    create(&sample);
    struct receipt receipts[] = {{.scope = "township",
                                  .target = "T1",
                                  .family = CLIENT_APPLE,
                                  .client = 65535,
                                  .first_at = sample.now_s,
                                  .last_at = sample.now_s,
                                  .revision = 7,
                                  .fetches = 1},
                                 {.scope = "township",
                                  .target = "T1",
                                  .family = CLIENT_ICSX5,
                                  .client = 3,
                                  .first_at = sample.now_s,
                                  .last_at = sample.now_s,
                                  .revision = 6,
                                  .fetches = 1}};
    EXPECT(ERR_NONE, receipts_write(sample.store, receipts, 2, &error));
    receipts[0].last_at += 100;
    receipts[0].revision = 5; /* after a restore */
    receipts[0].fetches = 4;
    EXPECT(ERR_NONE, receipts_write(sample.store, receipts, 1, &error));
    EXPECT(ERR_NONE, receipt_list_load(sample.store, &list, &error));
    assert_int_equal(list.count, 2);
    assert_int_equal(list.items[0].family, CLIENT_APPLE);
    assert_int_equal(list.items[0].client, 65535);
    assert_int_equal(list.items[0].first_at, sample.now_s);
    assert_int_equal(list.items[0].last_at, sample.now_s + 100);
    assert_int_equal(list.items[0].revision, 5);
    assert_int_equal(list.items[0].fetches, 4);
    receipt_list_finish(&list);
    sample.now_s += LIMIT_RECEIPT_DAYS * 86400 + 50;
    EXPECT(ERR_NONE, receipts_write(sample.store, NULL, 0, &error));
    EXPECT(ERR_NONE, receipt_list_load(sample.store, &list, &error));
    assert_int_equal(list.count, 1);
    receipt_list_finish(&list);
    sample_end(&sample);
}

static void receipts_are_bounded(void **state)
{
    struct sample sample;
    struct error error = {0};
    struct receipt_list list;
    const size_t many = LIMIT_RECEIPTS + 10;
    struct receipt *receipts = calloc(many, sizeof *receipts);
    (void)state;
    create(&sample);
    assert_non_null(receipts);
    for (size_t i = 0; i < many; i++) {
        snprintf(receipts[i].scope, sizeof receipts[i].scope, "hall");
        snprintf(receipts[i].target, sizeof receipts[i].target, "H%06zu", i);
        receipts[i].first_at = receipts[i].last_at = sample.now_s + (int64_t)i;
    }
    EXPECT(ERR_NONE, receipts_write(sample.store, receipts, many, &error));
    EXPECT(ERR_NONE, receipt_list_load(sample.store, &list, &error));
    assert_int_equal(list.count, LIMIT_RECEIPTS);
    assert_string_equal(list.items[0].target, "H000010");
    receipt_list_finish(&list);
    free(receipts);
    sample_end(&sample);
}

static void family_names_come_back(void **state)
{
    (void)state;
    for (int i = 0; i < CLIENT_FAMILIES; i++) {
        assert_int_equal(client_family_from_name(client_family_name((enum client_family)i)), i);
    }
    assert_int_equal(client_family_from_name("?"), CLIENT_OTHER);
}

static void instructors_are_secret_unless_set(void **state)
{
    struct sample sample;
    struct error error = {0};
    struct commit_result result = {0};
    bool is_public = true;
    (void)state;
    create(&sample);
    EXPECT(ERR_NONE, store_public_instructors(sample.store, &is_public, &error));
    assert_false(is_public);
    struct change_set *set = sample_set("公开");
    const struct cell cells[] = {CELL_STR("name", "public_instructors"), CELL_STR("value", "1")};
    EXPECT(ERR_NONE, change_set_put(set, TABLE_SETTING, cells, 2, &error));
    EXPECT(ERR_NONE, sample_commit(&sample, set, &result, &error));
    commit_result_finish(&result);
    EXPECT(ERR_NONE, store_public_instructors(sample.store, &is_public, &error));
    assert_true(is_public);
    sample_end(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(token_is_rotated_and_revoked),
        cmocka_unit_test(tokens_of_a_target_are_bounded),
        cmocka_unit_test(neither_is_a_revision),
        cmocka_unit_test(receipts_keep_the_newest),
        cmocka_unit_test(receipts_are_bounded),
        cmocka_unit_test(family_names_come_back),
        cmocka_unit_test(instructors_are_secret_unless_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
