/* Hostile text in every field of a feed, parsed back by libical, equals the cleaned data. With
 * LITANG_HOSTILE_FOLDER the feeds and what they must say are written there, for other parsers to read
 * (tests/scripts/feed_clients.sh). */
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

#define ROOM_SUFFIX "室" /* a room that is called like its hall is not shown */

/* Every field that the city's sessions show holds `value`. The snapshot is ours alone, so that its texts may
 * be exchanged behind the checks that would refuse them. The third session has no address, but a village. */
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
    struct session elsewhere = plain_session(3, on(2026, 3, 20), 540);
    elsewhere.at.room = ROOM_SECOND;
    add_session(tt, moved);
    add_session(tt, cancelled);
    add_session(tt, elsewhere);
    city_seal(tt);
    size_t size = strlen(value) + sizeof ROOM_SUFFIX;
    char *room = arena_alloc(&tt->arena, size);
    assert_non_null(room);
    snprintf(room, size, "%s%s", value, ROOM_SUFFIX);
    tt->city_name = tt->organizer = value;
    for (size_t i = 0; i < tt->area_count; i++) {
        tt->areas[i].name = value;
    }
    tt->courses[TAIJI].name = tt->categories[0].name = value;
    tt->halls[0].name = tt->halls[0].address = tt->halls[1].name = value;
    tt->rooms[ROOM_STAGE].name = tt->rooms[ROOM_SECOND].name = room;
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

static void trim(struct text *text)
{
    size_t from = strspn(text_string(text), " \t");
    while (text->length > from && strchr(" \t", text->data[text->length - 1]) != NULL) {
        text->data[--text->length] = '\0';
    }
    if (text->length > 0) {
        memmove(text->data, text->data + from, text->length - from + 1);
        text->length -= from;
    }
}

/* What an event must say. Empty means: the property may be absent. */
enum part {
    PART_SUMMARY,
    PART_CATEGORIES,
    PART_DESCRIPTION,
    PART_LOCATION,
    PARTS
};
static const icalproperty_kind KINDS[PARTS] = {ICAL_SUMMARY_PROPERTY, ICAL_CATEGORIES_PROPERTY,
                                               ICAL_DESCRIPTION_PROPERTY, ICAL_LOCATION_PROPERTY};
static const char *const PART_NAMES[PARTS] = {"summary", "categories", "description", "location"};

static void expect_description(struct text *want, const char *value, int64_t session)
{
    static const char *const LABELS[] = {"课程：", "类别：", "讲师：", "镇街："};
    if (session == 2) {
        add_field(want, "停课原因：", value, SAFE_ONE_LINE);
    } else if (session == 1) {
        add_field(want, "原定：", "2026-03-17（周二）00:00", SAFE_ONE_LINE);
    }
    for (size_t i = 0; i < sizeof LABELS / sizeof LABELS[0]; i++) {
        add_field(want, LABELS[i], value, SAFE_ONE_LINE);
    }
    if (session == 1) {
        add_field(want, "备注：", value, SAFE_LINES);
    }
}

static void expect_location(struct text *want, const char *value, int64_t session)
{
    add_field(want, "", value, SAFE_ONE_LINE);
    text_add(want, want->length > 0 ? ", " : "");
    add_field(want, "", value, SAFE_ONE_LINE);
    text_add(want, ROOM_SUFFIX);
    size_t before = want->length;
    text_add(want, "\n");
    add_field(want, "", value, SAFE_ONE_LINE); /* the address, or the township … */
    if (session == 3) {
        add_field(want, "", value, SAFE_ONE_LINE); /* … and the village */
    }
    if (want->length == before + 1 && value[0] == '\0') {
        want->data[--want->length] = '\0';
    }
}

static void expect_event(struct text wants[PARTS], const char *value, int64_t session)
{
    for (size_t i = 0; i < PARTS; i++) {
        text_init(&wants[i], 1 << 20);
    }
    add_field(&wants[PART_SUMMARY], "",
              session == 2   ? "【停课】"
              : session == 1 ? "【改期】"
                             : "",
              SAFE_ONE_LINE);
    add_field(&wants[PART_SUMMARY], "", value, SAFE_ONE_LINE);
    add_field(&wants[PART_CATEGORIES], "", value, SAFE_ONE_LINE);
    expect_description(&wants[PART_DESCRIPTION], value, session);
    expect_location(&wants[PART_LOCATION], value, session);
    for (size_t i = 0; i < PARTS; i++) {
        trim(&wants[i]);
    }
}

static void expect_finish(struct text wants[PARTS])
{
    for (size_t i = 0; i < PARTS; i++) {
        text_finish(&wants[i]);
    }
}

static void check_text(icalcomponent *component, icalproperty_kind kind, const struct text *want)
{
    icalproperty *property = icalcomponent_get_first_property(component, kind);
    if (want->length == 0) {
        assert_null(property);
        return;
    }
    assert_non_null(property);
    assert_string_equal(icalvalue_get_text(icalproperty_get_value(property)), text_string(want));
}

static void check_event(icalcomponent *event, const char *value, int64_t session)
{
    struct text wants[PARTS];
    char uid[64];
    snprintf(uid, sizeof uid, "s-%d@litang.example", (int)session);
    assert_string_equal(icalcomponent_get_uid(event), uid);
    expect_event(wants, value, session);
    for (size_t i = 0; i < PARTS; i++) {
        check_text(event, KINDS[i], &wants[i]);
        assert_true(icalcomponent_count_properties(event, KINDS[i]) <= 1);
    }
    expect_finish(wants);
}

static void expect_name(struct text *want, const char *value)
{
    text_init(want, 1 << 20);
    add_field(want, "", value, SAFE_ONE_LINE);
    text_add(want, "文化礼堂");
    trim(want);
}

/* Nothing in the names made another component or an error. */
static void check_calendar(icalcomponent *calendar, const char *value, int events)
{
    struct text want;
    expect_name(&want, value);
    check_text(calendar, ICAL_NAME_PROPERTY, &want);
    text_finish(&want);
    assert_int_equal(icalcomponent_count_components(calendar, ICAL_VEVENT_COMPONENT), events);
    assert_int_equal(icalcomponent_count_components(calendar, ICAL_VTIMEZONE_COMPONENT), 1);
    assert_int_equal(icalcomponent_count_errors(calendar), 0);
}

/* ---- for other parsers ---- */

static void file_write(const char *folder, int number, const char *ending, const char *bytes)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%03d.%s", folder, number, ending);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, strlen(bytes), file), strlen(bytes));
    assert_int_equal(fclose(file), 0);
}

static void expectation_write(struct text *json, const char *value, const int64_t *sessions, size_t count)
{
    struct text want;
    expect_name(&want, value);
    text_add(json, "{\"name\":");
    text_add_json(json, text_string(&want));
    text_finish(&want);
    text_add(json, ",\"events\":[");
    for (size_t i = 0; i < count; i++) {
        struct text wants[PARTS];
        expect_event(wants, value, sessions[i]);
        text_addf(json, "%s{\"uid\":\"s-%d@litang.example\"", i > 0 ? "," : "", (int)sessions[i]);
        for (size_t k = 0; k < PARTS; k++) {
            text_addf(json, ",\"%s\":", PART_NAMES[k]);
            text_add_json(json, text_string(&wants[k]));
        }
        text_add(json, "}");
        expect_finish(wants);
    }
    text_add(json, "]}");
}

static void files_write(const char *bytes, const char *value, const int64_t *sessions, size_t count)
{
    static int number;
    const char *folder = getenv("LITANG_HOSTILE_FOLDER");
    if (folder != NULL) {
        struct text json;
        text_init(&json, 1 << 24);
        expectation_write(&json, value, sessions, count);
        assert_int_equal(json.failed, ERR_NONE);
        number++;
        file_write(folder, number, "ics", bytes);
        file_write(folder, number, "json", text_string(&json));
        text_finish(&json);
    }
}

/* ---- the round trip ---- */

static void check_feed(const struct feed_set *set, uint32_t township, const char *value,
                       const int64_t *sessions, size_t count)
{
    char *bytes = render(set, FEED_TOWNSHIP, township, 30, NULL);
    icalcomponent *calendar = icalparser_parse_string(bytes);
    assert_non_null(calendar);
    check_calendar(calendar, value, (int)count);
    icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    for (size_t i = 0; i < count; i++) {
        check_event(event, value, sessions[i]);
        event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT);
    }
    assert_int_equal(icalrestriction_check(calendar), 1);
    files_write(bytes, value, sessions, count);
    icalcomponent_free(calendar);
    free(bytes);
}

static void check_round_trip(const char *value)
{
    struct feed_set *set = hostile_set(value);
    check_feed(set, TOWNSHIP_1, value, (const int64_t[]){1, 2}, 2);
    check_feed(set, TOWNSHIP_2, value, (const int64_t[]){3}, 1);
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
