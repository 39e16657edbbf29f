/* Feeds of a zone with daylight saving: our VTIMEZONE says what the zone's rule says, and libical agrees on
 * the instants. */
#include "feed_city.h"

#include "ical/zone_lines.h"

static void fixed_zone(void **state)
{
    (void)state;
    struct zone zone;
    struct text out;
    text_init(&out, 10000);
    assert_int_equal(zone_parse("Asia/Kathmandu", "<+0545>-5:45", &zone, NULL), ERR_NONE);
    assert_int_equal(zone_lines_add(&out, &zone, NULL), ERR_NONE);
    assert_string_equal(text_string(&out),
                        "BEGIN:VTIMEZONE\r\nTZID:Asia/Kathmandu\r\nX-LIC-LOCATION:Asia/Kathmandu\r\n"
                        "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0545\r\n"
                        "TZOFFSETTO:+0545\r\nTZNAME:+0545\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n");
    text_finish(&out);
}

static void london(void **state)
{
    (void)state;
    struct zone zone;
    struct text out;
    text_init(&out, 10000);
    assert_int_equal(zone_parse("Europe/London", "GMT0BST,M3.5.0/1,M10.5.0", &zone, NULL), ERR_NONE);
    assert_int_equal(zone_lines_add(&out, &zone, NULL), ERR_NONE);
    assert_string_equal(
        text_string(&out),
        "BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\nX-LIC-LOCATION:Europe/London\r\n"
        "BEGIN:DAYLIGHT\r\nDTSTART:19700329T010000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
        "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nTZNAME:BST\r\nEND:DAYLIGHT\r\n"
        "BEGIN:STANDARD\r\nDTSTART:19701025T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
        "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nTZNAME:GMT\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n");
    text_finish(&out);
}

/* Changes whose hour lies on another day than the rule's weekday; and southern summers. */
static void shifted_and_southern_changes(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *part;
    } ZONES[] = {
        {"EET-2EEST,M3.4.4/50,M10.4.4/50", "DTSTART:19700328T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;"
                                           "BYMONTHDAY=24,25,26,27,28,29,30;BYDAY=SA\r\n"},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "DTSTART:19700328T230000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;"
                                            "BYMONTHDAY=24,25,26,27,28,29,30;BYDAY=SA\r\n"},
        {"NZST-12NZDT,M9.5.0,M4.1.0/3", "BEGIN:STANDARD\r\nDTSTART:19700405T030000\r\nRRULE:FREQ=YEARLY;"
                                        "BYMONTH=4;BYDAY=1SU\r\nTZOFFSETFROM:+1300\r\n"},
        {"IST-1GMT0,M10.5.0,M3.5.0/1",
         "BEGIN:DAYLIGHT\r\nDTSTART:19700329T010000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-"
         "1SU\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nTZNAME:IST\r\n"},
    };
    for (size_t i = 0; i < sizeof ZONES / sizeof ZONES[0]; i++) {
        struct zone zone;
        struct text out;
        text_init(&out, 10000);
        assert_int_equal(zone_parse("Test/Zone", ZONES[i].rule, &zone, NULL), ERR_NONE);
        assert_int_equal(zone_lines_add(&out, &zone, NULL), ERR_NONE);
        char *unfolded = NULL;
        struct text line;
        text_init(&line, 10000);
        for (const char *at = text_string(&out); *at != '\0'; at++) {
            if (strncmp(at, "\r\n ", 3) == 0) {
                at += 2;
            } else {
                text_add_char(&line, *at);
            }
        }
        unfolded = text_take(&line);
        assert_has(unfolded, ZONES[i].part);
        free(unfolded);
        text_finish(&out);
    }
}

static void change_over_a_months_end_is_refused(void **state)
{
    (void)state;
    struct zone zone;
    struct text out;
    struct error err = {0};
    text_init(&out, 10000);
    assert_int_equal(zone_parse("Test/Zone", "AAA0BBB,M3.5.0/50,M10.5.0", &zone, NULL), ERR_NONE);
    assert_int_equal(zone_lines_add(&out, &zone, &err), ERR_INPUT);
    assert_non_null(strstr(err.text, "Test/Zone"));
    text_finish(&out);
}

/* A session a week through the year, one of them across the night of the change: each comes back with its
 * local time, and its UTC instant by our VTIMEZONE is base/zone's. */
static void london_year_round_trip(void **state)
{
    (void)state;
    struct zone zone;
    if (zone_load("Europe/London", &zone, NULL) != ERR_NONE) {
        skip(); /* no tzdata here */
    }
    struct timetable *tt = city_open("Europe/London", NULL);
    for (int32_t i = 0; i < 52; i++) {
        struct session session =
            plain_session(i + 1, on(2026, 1, 3) + 7 * i, i % 2 == 0 ? 23 * 60 + 30 : 540);
        session.at.minutes = 240;
        add_session(tt, session);
    }
    city_seal(tt);
    timetable_ref(tt);
    struct feed_set *set = set_of(tt, on(2026, 3, 16), NULL);
    char *bytes = render(set, FEED_TOWNSHIP, TOWNSHIP_1, 0, NULL);
    icalcomponent *calendar = icalparser_parse_string(bytes);
    assert_non_null(calendar);
    int32_t i = 0;
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
         event != NULL; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT), i++) {
        const struct placement *at = &tt->sessions[i].at;
        struct icaltimetype start = icalcomponent_get_dtstart(event);
        struct icaltimetype end = icalcomponent_get_dtend(event);
        struct civil civil = date_to_civil(at->day);
        assert_int_equal(start.year * 10000 + start.month * 100 + start.day,
                         civil.year * 10000 + civil.month * 100 + civil.day);
        assert_int_equal(start.hour * 60 + start.minute, at->start_min);
        assert_int_equal((end.hour * 60 + end.minute + 1440 - at->start_min) % 1440, 240);
        time_t from = icaltime_as_timet_with_zone(start, start.zone);
        time_t to = icaltime_as_timet_with_zone(end, end.zone);
        assert_non_null(start.zone);
        assert_int_equal(from, zone_utc_from_local(&zone, at->day, at->start_min));
        assert_int_equal(to, zone_utc_from_local(&zone, at->day, at->start_min + at->minutes));
    }
    assert_int_equal(i, 52);
    icalcomponent_free(calendar);
    free(bytes);
    feed_set_unref(set);
    timetable_unref(tt);
}

static void unknown_zone_is_an_error(void **state)
{
    (void)state;
    struct timetable *tt = city_open(NULL, NULL);
    city_seal(tt);
    tt->tzid = "No/Such_Zone";
    struct feed_set *set = NULL;
    struct error err = {0};
    assert_int_equal(feed_set_create(tt, the_today(), NULL, &set, &err), ERR_NOT_FOUND);
    assert_null(set);
    assert_true(err.text[0] != '\0');
    timetable_unref(tt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_zone),
        cmocka_unit_test(london),
        cmocka_unit_test(shifted_and_southern_changes),
        cmocka_unit_test(change_over_a_months_end_is_refused),
        cmocka_unit_test(london_year_round_trip),
        cmocka_unit_test(unknown_zone_is_an_error),
    };
    return cmocka_run_group_tests(tests, library_setup, NULL);
}
