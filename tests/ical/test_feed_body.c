/* A feed as a list of pieces: the same bytes from every position, and a digest that changes with them. */
#include "feed_city.h"

#include "ical/feed_body.h"
#include "ical/line_memo.h"

static struct timetable *some_city(int sessions)
{
    struct timetable *tt = city_open(NULL, "https://litang.example");
    for (int i = 0; i < sessions; i++) {
        add_session(tt, plain_session(i + 1, the_today() + i / 3, 480 + 60 * (i % 3)));
    }
    return tt;
}

static struct feed_body compose(struct feed_set *set, enum feed_scope scope, uint32_t index,
                                const struct feed_options *options)
{
    struct feed_body body;
    struct error err = {0};
    if (feed_compose(set, scope, index, options, &body, NULL, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    return body;
}

static char *bytes_of(const struct feed_body *body)
{
    struct text text;
    text_init(&text, LIMIT_CALENDAR_BYTES);
    feed_body_write(body, &text);
    assert_int_equal(text.length, body->length);
    return text_take(&text);
}

static void pieces_are_what_is_rendered(void **state)
{
    static const struct {
        enum feed_scope scope;
        uint32_t index;
        struct feed_options options;
    } FEEDS[] = {
        {FEED_CITY, 0, {.category = NONE}},
        {FEED_TOWNSHIP, TOWNSHIP_1, {.category = NONE}},
        {FEED_INSTRUCTOR, JIA, {.category = NONE}},
        {FEED_INSTRUCTOR, JIA, {.alarm_min = 30, .category = NONE}},
        {FEED_HALL, 0, {.english = true, .category = NONE}},
        {FEED_HALL, 0, {.category = 0}},
        {FEED_HALL, 1, {.category = NONE}}, /* empty */
    };
    (void)state;
    struct timetable *tt = some_city(9);
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    for (size_t i = 0; i < sizeof FEEDS / sizeof FEEDS[0]; i++) {
        struct text wanted;
        text_init(&wanted, LIMIT_CALENDAR_BYTES);
        assert_int_equal(
            feed_render(set, FEEDS[i].scope, FEEDS[i].index, &FEEDS[i].options, &wanted, NULL, NULL),
            ERR_NONE);
        struct feed_body body = compose(set, FEEDS[i].scope, FEEDS[i].index, &FEEDS[i].options);
        char *bytes = bytes_of(&body);
        assert_string_equal(bytes, text_string(&wanted));
        free(bytes);
        feed_body_finish(&body);
        text_finish(&wanted);
    }
    feed_set_unref(set);
}

static void every_part_can_be_read(void **state)
{
    char part[2048];
    (void)state;
    struct timetable *tt = some_city(4);
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    struct feed_body body = compose(set, FEED_INSTRUCTOR, JIA, NULL);
    feed_set_unref(set); /* the body keeps it */
    char *bytes = bytes_of(&body);
    assert_true(body.count > 10);
    for (size_t at = 0; at <= body.length; at++) {
        for (size_t max = 1; max <= sizeof part; max = max * 3 + 1) {
            size_t wanted = body.length - at < max ? body.length - at : max;
            assert_int_equal(feed_body_read(&body, at, part, max), wanted);
            assert_memory_equal(part, bytes + at, wanted);
        }
    }
    assert_int_equal(feed_body_read(&body, body.length + 1, part, 10), 0);
    free(bytes);
    feed_body_finish(&body);
}

/* Equal bytes made again have an equal digest, whatever the set was made from; other bytes have another. */
static void digest_follows_the_bytes(void **state)
{
    (void)state;
    struct timetable *tt = some_city(9);
    city_seal(tt);
    struct feed_set *first = set_of(tt, the_today(), NULL);
    struct feed_body before = compose(first, FEED_TOWNSHIP, TOWNSHIP_1, NULL);
    struct feed_body county = compose(first, FEED_COUNTY, COUNTY_1, NULL);
    struct feed_body person = compose(first, FEED_INSTRUCTOR, JIA, NULL);
    assert_memory_not_equal(before.digest, county.digest, FEED_DIGEST_SIZE);
    assert_memory_not_equal(before.digest, person.digest, FEED_DIGEST_SIZE);
    for (int change = 0; change < 4; change++) {
        tt = some_city(9);
        if (change == 1) {
            tt->sessions[4].note = "带水杯";
        } else if (change == 2) {
            tt->courses[TAIJI].name = "改名";
        } else if (change == 3) {
            tt->areas[TOWNSHIP_1].name = "改名"; /* the head's name, too */
        }
        city_seal(tt);
        for (int anew = 0; anew < 2; anew++) {
            struct feed_set *set = set_of(timetable_ref(tt), the_today(), anew == 1 ? NULL : first);
            struct feed_body body = compose(set, FEED_TOWNSHIP, TOWNSHIP_1, NULL);
            char *bytes = bytes_of(&body);
            char *old = bytes_of(&before);
            assert_true((strcmp(bytes, old) == 0) == (change == 0));
            assert_true((memcmp(body.digest, before.digest, FEED_DIGEST_SIZE) == 0) == (change == 0));
            free(old);
            free(bytes);
            feed_body_finish(&body);
            feed_set_unref(set);
        }
        timetable_unref(tt);
    }
    feed_body_finish(&person);
    feed_body_finish(&county);
    feed_body_finish(&before);
    feed_set_unref(first);
}

static void options_have_their_own_digest(void **state)
{
    static const struct feed_options OPTIONS[] = {{.category = NONE},
                                                  {.alarm_min = 30, .category = NONE},
                                                  {.alarm_min = 60, .category = NONE},
                                                  {.english = true, .category = NONE},
                                                  {.category = 0}};
    unsigned char digests[5][FEED_DIGEST_SIZE];
    (void)state;
    struct timetable *tt = some_city(3);
    city_seal(tt);
    struct feed_set *set = set_of(tt, the_today(), NULL);
    for (size_t i = 0; i < 5; i++) {
        struct feed_body body = compose(set, FEED_HALL, 0, &OPTIONS[i]);
        memcpy(digests[i], body.digest, FEED_DIGEST_SIZE);
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(digests[i], digests[j], FEED_DIGEST_SIZE);
        }
        feed_body_finish(&body);
    }
    feed_set_unref(set);
}

/* A memo that is full begins anew and never answers with another line. */
static void memo_keeps_lines_apart(void **state)
{
    struct line_memo memo;
    struct text out;
    char line[64];
    size_t known = 0;
    (void)state;
    line_memo_init(&memo);
    text_init(&out, 1024);
    assert_false(line_memo_write(&memo, &(struct line_key){{1, 2}}, &out));
    for (int round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < 120000; i++) {
            const struct line_key key = {{1, i * 64, 0, i / 3}};
            snprintf(line, sizeof line, "LINE-%d-of-some-length:%llu\r\n", 7, (unsigned long long)i);
            text_clear(&out);
            if (line_memo_write(&memo, &key, &out)) {
                assert_string_equal(text_string(&out), line);
                known++;
            } else {
                line_memo_keep(&memo, &key, line, strlen(line));
            }
            text_clear(&out);
            assert_true(line_memo_write(&memo, &key, &out));
            assert_string_equal(text_string(&out), line);
        }
    }
    assert_true(known < 240000);
    line_memo_finish(&memo);
    text_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_what_is_rendered), cmocka_unit_test(every_part_can_be_read),
        cmocka_unit_test(digest_follows_the_bytes),    cmocka_unit_test(options_have_their_own_digest),
        cmocka_unit_test(memo_keeps_lines_apart),
    };
    return cmocka_run_group_tests(tests, library_setup, NULL);
}
