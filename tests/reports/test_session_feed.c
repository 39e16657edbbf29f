/* sessions.json of a scope: the envelope, and who is in it. */
#include "reports/session_feed.h"

#include "tests/reports/report_city.h"

#include <jansson.h>

static struct session_feed whole(const struct timetable *tt, const struct zone *zone)
{
    return (struct session_feed){.timetable = tt,
                                 .zone = zone,
                                 .today = DAY,
                                 .title = "示例\"礼堂\"",
                                 .feed_url = "https://x.example/sessions/city.json",
                                 .area = NONE,
                                 .hall = NONE,
                                 .instructor = NONE,
                                 .provider = NONE,
                                 .category = NONE,
                                 .from_day = DATE_MIN,
                                 .to_day = DATE_MAX};
}

static json_t *parsed(const struct session_feed *feed)
{
    struct text out;
    struct error err = {0};
    text_init(&out, SIZE_MAX);
    assert_done(session_feed_json(feed, &out, &err), &err);
    json_t *root = json_loads(text_string(&out), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    text_finish(&out);
    return root;
}

static size_t items_of(const struct session_feed *feed)
{
    json_t *root = parsed(feed);
    size_t count = json_array_size(json_object_get(root, "items"));
    json_decref(root);
    return count;
}

static struct timetable *small_city(void)
{
    struct timetable *tt = report_city();
    plain_place_add(tt, "H1", VILLAGE_A1X);
    plain_place_add(tt, "H2", VILLAGE_B1X);
    meeting_add(tt, 1, 0, DAY, SESSION_CONFIRMED, HELD_UNKNOWN);
    meeting_add(tt, 2, 1, DAY + 1, SESSION_CANCELLED, HELD_UNKNOWN);
    seal(tt);
    return tt;
}

static void envelope(void **state)
{
    (void)state;
    struct timetable *tt = small_city();
    struct zone zone;
    assert_int_equal(zone_load("Asia/Shanghai", &zone, NULL), ERR_NONE);
    struct session_feed feed = whole(tt, &zone);
    json_t *root = parsed(&feed);
    assert_string_equal(json_string_value(json_object_get(root, "title")), feed.title);
    assert_string_equal(json_string_value(json_object_get(root, "feed_url")), feed.feed_url);
    assert_int_equal(json_integer_value(json_object_get(root, "revision")), tt->revision);
    const json_t *items = json_object_get(root, "items");
    assert_int_equal(json_array_size(items), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(items, 1), "status")), "CANCELLED");
    json_decref(root);
    feed.feed_url = NULL;
    root = parsed(&feed);
    assert_null(json_object_get(root, "feed_url"));
    json_decref(root);
    timetable_unref(tt);
}

static void scopes(void **state)
{
    (void)state;
    struct timetable *tt = small_city();
    struct zone zone;
    assert_int_equal(zone_load("Asia/Shanghai", &zone, NULL), ERR_NONE);
    struct session_feed feed = whole(tt, &zone);
    feed.hall = 1;
    assert_int_equal(items_of(&feed), 1);
    feed = whole(tt, &zone);
    feed.area = VILLAGE_A1X;
    assert_int_equal(items_of(&feed), 1);
    feed = whole(tt, &zone);
    feed.category = tt->courses[tt->sessions[0].at.course].category;
    assert_int_equal(items_of(&feed), 2);
    feed.category = (uint32_t)tt->category_count;
    assert_int_equal(items_of(&feed), 0);
    feed = whole(tt, &zone);
    feed.provider = (uint32_t)tt->provider_count;
    assert_int_equal(items_of(&feed), 0);
    feed = whole(tt, &zone);
    feed.to_day = DAY;
    assert_int_equal(items_of(&feed), 1);
    struct text out;
    text_init(&out, 10);
    assert_int_equal(session_feed_json(&feed, &out, NULL), ERR_LIMIT);
    assert_int_equal(out.length, 0);
    text_finish(&out);
    timetable_unref(tt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(envelope),
        cmocka_unit_test(scopes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
