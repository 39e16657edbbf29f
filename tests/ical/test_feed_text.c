/* Hostile text in every field of a feed, parsed back by libical, equals the cleaned data. */
#include "feed_city.h"

#include "ical/safe.h"

/* What offices, phones and attackers put into names. 10 kB is added below. */
static const char *const HOSTILE[] = {
    "plain",
    "a, b; c\\ d: \"e\" ^n ^' f",
    "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil",
    "line\rone\nline two\r\n\r\nfour",
    "🎉𠮷野家👨‍👩‍👧 垟 ä",
    "\x01\x02\x07\x1b[31m\x7f\xc2\x85",
    "\xff\xfe\xc3(\xed\xa0\x80",
    "\u202eabc\u202c \u200f\u2028\u2029",
    "\\n\\N\\\\;\\,",
    " leading and trailing ",
    "\xef\xbb\xbf"
    "字",
    "tab\there",
    ";",
    ",",
    "\\",
    "\"",
    "^",
};
enum {
    HOSTILE_COUNT = sizeof HOSTILE / sizeof HOSTILE[0]
};

/* Every field that the city's sessions show holds `value`. The snapshot is ours alone, so that its texts may
 * be exchanged behind the checks that would refuse them. */
static struct feed_set *hostile_set(const char *value)
{
    struct timetable *tt = city_open(NULL, "https://litang.example");
    struct session moved = plain_session(1, on(2026, 3, 18), 540);
    moved.moved_at = moved.changed_at = instant("2026-03-15T00:00:00Z");
    moved.moved_from_day = on(2026, 3, 17);
    moved.note = "x";
    struct session cancelled = plain_session(2, on(2026, 3, 19), 540);
    cancelled.status = SESSION_CANCELLED;
    cancelled.cancel_reason = "x";
    add_session(tt, moved);
    add_session(tt, cancelled);
    city_seal(tt);
    tt->city_name = tt->organizer = value;
    for (size_t i = 0; i < tt->area_count; i++) {
        tt->areas[i].name = value;
    }
    tt->courses[TAIJI].name = tt->categories[0].name = value;
    tt->halls[0].name = tt->halls[0].address = value;
    tt->rooms[ROOM_STAGE].name = "讲堂";
    tt->instructors[JIA].name = value;
    tt->sessions[0].note = value;
    tt->sessions[1].cancel_reason = value;
    return set_of(tt, the_today(), NULL);
}

static void add_field(struct text *out, const char *label, const char *value, enum safe_lines lines)
{
    struct text clean;
    text_init(&clean, 1 << 20);
    safe_clean(&clean, value, lines);
    if (clean.length > 0 || strcmp(label, "") == 0) {
        text_add(out, out->length > 0 && label[0] != '\0' ? "\n" : "");
        text_add(out, label);
        text_add(out, text_string(&clean));
    }
    text_finish(&clean);
}

/* Empty means: the property may be absent. */
static void check_text(icalcomponent *component, icalproperty_kind kind, const struct text *want)
{
    icalproperty *property = icalcomponent_get_first_property(component, kind);
    if (want->length == 0) {
        assert_null(property);
        return;
    }
    assert_non_null(property);
    struct text trimmed;
    text_init(&trimmed, 1 << 20);
    text_add(&trimmed, text_string(want) + strspn(text_string(want), " \t"));
    while (trimmed.length > 0 && strchr(" \t", trimmed.data[trimmed.length - 1]) != NULL) {
        trimmed.data[--trimmed.length] = '\0';
    }
    const char *have = icalvalue_get_text(icalproperty_get_value(property));
    assert_string_equal(have, text_string(&trimmed));
    text_finish(&trimmed);
}

static void check_event(icalcomponent *event, const char *value, bool cancelled)
{
    struct text want;
    text_init(&want, 1 << 20);
    add_field(&want, "", cancelled ? "【停课】" : "【改期】", SAFE_ONE_LINE);
    add_field(&want, "", value, SAFE_ONE_LINE);
    check_text(event, ICAL_SUMMARY_PROPERTY, &want);
    text_clear(&want);
    add_field(&want, "", value, SAFE_ONE_LINE);
    check_text(event, ICAL_CATEGORIES_PROPERTY, &want);
    assert_true(icalcomponent_count_properties(event, ICAL_CATEGORIES_PROPERTY) <= 1);
    text_clear(&want);
    add_field(&want, cancelled ? "停课原因：" : "", cancelled ? value : "原定：2026-03-17（周二）00:00",
              SAFE_ONE_LINE);
    static const char *const LABELS[] = {"课程：", "类别：", "讲师：", "镇街："};
    for (size_t i = 0; i < sizeof LABELS / sizeof LABELS[0]; i++) {
        add_field(&want, LABELS[i], value, SAFE_ONE_LINE);
    }
    add_field(&want, cancelled ? "x" : "备注：", cancelled ? NULL : value, SAFE_LINES);
    check_text(event, ICAL_DESCRIPTION_PROPERTY, &want);
    text_clear(&want);
    add_field(&want, "", value, SAFE_ONE_LINE);
    text_add(&want, want.length > 0 ? ", 讲堂\n" : "讲堂\n");
    add_field(&want, "", value, SAFE_ONE_LINE);
    check_text(event, ICAL_LOCATION_PROPERTY, &want);
    text_finish(&want);
}

/* Nothing in the names made another component or an error. */
static void check_calendar(icalcomponent *calendar, const char *value)
{
    struct text want;
    text_init(&want, 1 << 20);
    add_field(&want, "", value, SAFE_ONE_LINE);
    text_add(&want, "文化礼堂");
    check_text(calendar, ICAL_NAME_PROPERTY, &want);
    text_finish(&want);
    assert_int_equal(icalcomponent_count_components(calendar, ICAL_VEVENT_COMPONENT), 2);
    assert_int_equal(icalcomponent_count_components(calendar, ICAL_VTIMEZONE_COMPONENT), 1);
    assert_int_equal(icalcomponent_count_errors(calendar), 0);
}

static void check_round_trip(const char *value)
{
    struct feed_set *set = hostile_set(value);
    char *bytes = render(set, FEED_TOWNSHIP, TOWNSHIP_1, 30, NULL);
    icalcomponent *calendar = icalparser_parse_string(bytes);
    assert_non_null(calendar);
    check_calendar(calendar, value);
    icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    assert_string_equal(icalcomponent_get_uid(event), "s-1@litang.example");
    check_event(event, value, false);
    event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT);
    assert_string_equal(icalcomponent_get_uid(event), "s-2@litang.example");
    check_event(event, value, true);
    assert_int_equal(icalrestriction_check(calendar), 1);
    icalcomponent_free(calendar);
    free(bytes);
    feed_set_unref(set);
}

static void hostile_text_comes_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < HOSTILE_COUNT; i++) {
        check_round_trip(HOSTILE[i]);
    }
}

static void long_text_comes_back(void **state)
{
    (void)state;
    static const char *const UNITS[] = {"礼", "x", "\\;,\n", "🎉", "\xff"};
    char value[10241];
    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++) {
        size_t length = 0;
        while (length + strlen(UNITS[i]) < sizeof value) {
            memcpy(value + length, UNITS[i], strlen(UNITS[i]));
            length += strlen(UNITS[i]);
        }
        value[length] = '\0';
        check_round_trip(value);
    }
}

/* ORGANIZER's name is a parameter, RFC 6868; neither a quote nor a line break gets out of it. */
static void organizer_stays_a_parameter(void **state)
{
    (void)state;
    struct feed_set *set = hostile_set("a\"b;c:d,e\r\nATTENDEE:mailto:x@example.org");
    char *bytes = render(set, FEED_TOWNSHIP, TOWNSHIP_1, 0, NULL);
    assert_has(bytes, "ORGANIZER;CN=\"a^'b;c:d,e ATTENDEE:mailto:x@example.org\":invalid:nomail\r\n");
    assert_has_not(bytes, "\nATTENDEE");
    free(bytes);
    feed_set_unref(set);
}

/* A public address with bytes that no URI has cannot break out of its line. */
static void urls_stay_one_line(void **state)
{
    (void)state;
    struct timetable *tt = city_open(NULL, NULL);
    add_session(tt, plain_session(1, on(2026, 3, 18), 540));
    city_seal(tt);
    tt->public_url = "https://x.example\r\nX-EVIL:1/礼";
    tt->areas[TOWNSHIP_1].id = "镇/1?a b";
    struct feed_set *set = set_of(tt, the_today(), NULL);
    char *bytes = render(set, FEED_TOWNSHIP, TOWNSHIP_1, 0, NULL);
    assert_has(bytes, "URL:https://x.exampleX-EVIL:1/%E7%A4%BC/session/1\r\n");
    assert_has(bytes, "SOURCE;VALUE=URI:https://x.exampleX-EVIL:1/%E7%A4%BC/feed/township/%E9%95%8\r\n"
                      " 7%2F1%3Fa%20b.ics\r\n");
    assert_has_not(bytes, "\nX-EVIL");
    free(bytes);
    feed_set_unref(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_comes_back),
        cmocka_unit_test(long_text_comes_back),
        cmocka_unit_test(organizer_stays_a_parameter),
        cmocka_unit_test(urls_stay_one_line),
    };
    return cmocka_run_group_tests(tests, library_setup, NULL);
}
