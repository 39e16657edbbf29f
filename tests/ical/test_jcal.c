/* Feeds as jCal. ical.js compares whole feeds (tests/scripts/feed_clients.sh); here is each kind of value. */
#include "feed_city.h"

#include "ical/jcal.h"

static char *jcal(const char *calendar)
{
    struct text out;
    struct error err = {0};
    text_init(&out, SIZE_MAX);
    if (jcal_from_calendar(calendar, strlen(calendar), &out, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    return text_take(&out);
}

static void each_kind_of_value(void **state)
{
    (void)state;
    static const struct {
        const char *line, *json;
    } ROWS[] = {
        {"SUMMARY:a\\, b\\; c\\\\ \\n\"垟\"", "[\"summary\",{},\"text\",\"a, b; c\\\\ \\n\\\"垟\\\"\"]"},
        {"CATEGORIES:a\\,b,c", "[\"categories\",{},\"text\",\"a,b\",\"c\"]"},
        {"DTSTART;TZID=Asia/Shanghai:20260316T090000",
         "[\"dtstart\",{\"tzid\":\"Asia/Shanghai\"},\"date-time\",\"2026-03-16T09:00:00\"]"},
        {"DTSTAMP:20260316T090000Z", "[\"dtstamp\",{},\"date-time\",\"2026-03-16T09:00:00Z\"]"},
        {"SEQUENCE:12", "[\"sequence\",{},\"integer\",12]"},
        {"GEO:28.656400;-121.420800", "[\"geo\",{},\"float\",[28.656400,-121.420800]]"},
        {"TZOFFSETTO:+0545", "[\"tzoffsetto\",{},\"utc-offset\",\"+05:45\"]"},
        {"REFRESH-INTERVAL;VALUE=DURATION:PT2H", "[\"refresh-interval\",{},\"duration\",\"PT2H\"]"},
        {"ORGANIZER;CN=\"a:^'b^'\":invalid:nomail",
         "[\"organizer\",{\"cn\":\"a:\\\"b\\\"\"},\"cal-address\",\"invalid:nomail\"]"},
        {"FREEBUSY:20260316T090000Z/20260316T100000Z",
         "[\"freebusy\",{},\"period\",[\"2026-03-16T09:00:00Z\",\"2026-03-16T10:00:00Z\"]]"},
        {"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
         "[\"rrule\",{},\"recur\",{\"freq\":\"YEARLY\",\"bymonth\":3,\"byday\":\"-1SU\"}]"},
        {"X-WR-CALNAME:a\\, b", "[\"x-wr-calname\",{},\"unknown\",\"a\\\\, b\"]"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        char calendar[512];
        char wanted[512];
        snprintf(calendar, sizeof calendar, "BEGIN:VCALENDAR\r\n%s\r\nEND:VCALENDAR\r\n", ROWS[i].line);
        snprintf(wanted, sizeof wanted, "[\"vcalendar\",[%s],[]]\n", ROWS[i].json);
        char *json = jcal(calendar);
        assert_string_equal(json, wanted);
        free(json);
    }
}

static void folds_and_nesting(void **state)
{
    (void)state;
    char *json = jcal("BEGIN:VCALENDAR\r\nUID:a\r\n b\r\nBEGIN:VEVENT\r\nSUMMARY:c\r\nBEGIN:VALARM\r\n"
                      "TRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\n"
                      "END:VCALENDAR\r\n");
    assert_string_equal(json, "[\"vcalendar\",[[\"uid\",{},\"text\",\"ab\"]],[\n"
                              "[\"vevent\",[[\"summary\",{},\"text\",\"c\"]],[\n"
                              "[\"valarm\",[[\"trigger\",{},\"duration\",\"-PT5M\"]],[]]]],\n"
                              "[\"vevent\",[],[]]]]\n");
    free(json);
}

static void refuses_what_is_not_whole(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "",
        "BEGIN:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\nEND:VEVENT\r\n",
        "UID:a\r\n",
        "BEGIN:VCALENDAR\r\nno colon\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\nUID;X\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        "BEGIN:A\r\nBEGIN:A\r\nBEGIN:A\r\nBEGIN:A\r\nBEGIN:A\r\nBEGIN:A\r\nBEGIN:A\r\nBEGIN:A\r\nBEGIN:A\r\n",
        "BEGIN:VCALENDAR\r\nDTSTAMP:2026\r\n",
        "BEGIN:VCALENDAR\r\nDTSTART;TZID=\"x\r\nEND:VCALENDAR\r\n",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct text out;
        text_init(&out, SIZE_MAX);
        text_add(&out, "before");
        assert_int_equal(jcal_from_calendar(BAD[i], strlen(BAD[i]), &out, NULL), ERR_INPUT);
        assert_int_equal(out.length, 6);
        text_finish(&out);
    }
}

static void a_feed_is_converted(void **state)
{
    (void)state;
    char *bytes = render_one(plain_session(1, the_today(), 540), the_today());
    char *json = jcal(bytes);
    assert_has(json, "[\"uid\",{},\"text\",\"s-1@litang.example\"]");
    assert_has(json, "[\"dtstart\",{\"tzid\":\"Asia/Shanghai\"},\"date-time\",\"2026-03-16T09:00:00\"]");
    assert_has(json, "[\"summary\",{},\"text\",\"太极拳, 第一讲\"]");
    assert_has(json, "[\"vtimezone\",");
    free(json);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_value),
        cmocka_unit_test(folds_and_nesting),
        cmocka_unit_test(refuses_what_is_not_whole),
        cmocka_unit_test(a_feed_is_converted),
    };
    return cmocka_run_group_tests(tests, library_setup, NULL);
}
