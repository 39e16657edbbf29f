/* Calendars in the database: whose they are, how strong an event closes, re-import, and what a followed one
 * drops. */
#include "tests/importers/support.h"

#include "base/date.h"

/* 2026-11-27T00:00:00Z. */
static const int64_t NOW_S = 1795737600;

#define BEGIN "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:示例祠堂\r\n"
#define END   "END:VCALENDAR\r\n"
#define EVENT(uid, day, more)                                                                                \
    "BEGIN:VEVENT\r\nUID:" uid "\r\nSUMMARY:婚宴\r\nDTSTART;TZID=Asia/Shanghai:" day                         \
    "T140000\r\nDTEND;TZID=Asia/Shanghai:" day "T160000\r\n" more "END:VEVENT\r\n"

struct outcome {
    enum error_code code;
    struct import_report report;
};

static void take(struct fixture *fixture, const char *text, const struct calendar_options *calendar,
                 enum import_kind kind, bool partial, struct outcome *ret)
{
    struct calendar_options options = *calendar;
    options.now_s = NOW_S;
    ret->code = import_text(fixture, "hall.ics", text, strlen(text),
                            (struct import_options){.kind = kind, .calendar = &options, .partial = partial},
                            &ret->report);
}

static const struct closure *closure_of(const struct timetable *timetable, const char *reason)
{
    for (size_t i = 0; i < timetable->closure_count; i++) {
        const char *text = timetable->closures[i].reason;
        if (text != NULL && strcmp(text, reason) == 0) {
            return &timetable->closures[i];
        }
    }
    return NULL;
}

static size_t ics_closures(struct fixture *fixture)
{
    struct timetable *timetable = fixture_snapshot(fixture);
    size_t count = 0;
    for (size_t i = 0; i < timetable->closure_count; i++) {
        count += strncmp(timetable->closures[i].id, "ics-", 4) == 0 ? 1 : 0;
    }
    timetable_unref(timetable);
    return count;
}

static void an_event_closes_as_strongly_as_it_claims(void **state)
{
    static const char TEXT[] = BEGIN EVENT("a", "20270311", "") EVENT("b", "20270312", "STATUS:TENTATIVE\r\n")
        EVENT("c", "20270313", "TRANSP:TRANSPARENT\r\n") END;
    struct fixture *fixture = *state;
    struct outcome outcome;
    import_all_good(fixture);
    take(fixture, TEXT, &(struct calendar_options){.hall = "H1"}, IMPORT_AUTO, false, &outcome);
    assert_int_equal(outcome.code, ERR_NONE);
    assert_int_equal(outcome.report.kind, IMPORT_CLOSURES);
    assert_int_equal(outcome.report.created, 3);
    import_report_finish(&outcome.report);
    struct timetable *timetable = fixture_snapshot(fixture);
    enum closure_strength strengths[3] = {CLOSURE_HARD, CLOSURE_SOFT, CLOSURE_NOTE};
    size_t found = 0;
    for (size_t i = 0; i < timetable->closure_count; i++) {
        const struct closure *closure = &timetable->closures[i];
        if (strncmp(closure->id, "ics-", 4) == 0) {
            int32_t first = date_from_civil((struct civil){2027, 3, 11});
            assert_int_equal(closure->strength, strengths[closure->from_day - first]);
            assert_int_equal(closure->scope, CLOSURE_HALL);
            assert_string_equal(timetable->halls[closure->target].id, "H1");
            assert_int_equal(closure->from_min, 14 * 60);
            assert_int_equal(closure->to_min, 16 * 60);
            assert_string_equal(closure->reason, "婚宴");
            assert_string_equal(closure->source, "日历 示例祠堂");
            found++;
        }
    }
    assert_int_equal(found, 3);
    timetable_unref(timetable);
}

static void importing_again_updates_the_same_records(void **state)
{
    struct fixture *fixture = *state;
    const struct calendar_options hall = {.hall = "H1"};
    struct outcome outcome;
    import_all_good(fixture);
    take(fixture,
         BEGIN EVENT("a", "20270311", "") EVENT("b", "20270312", "RRULE:FREQ=WEEKLY;COUNT=3\r\n") END, &hall,
         IMPORT_CLOSURES, false, &outcome);
    assert_int_equal(outcome.report.created, 4);
    import_report_finish(&outcome.report);
    /* The order in the file does not matter, a moved event stays the same record, one of a series too. */
    take(fixture,
         BEGIN EVENT("b", "20270325", "RECURRENCE-ID:20270319T060000Z\r\nSEQUENCE:1\r\n")
             EVENT("b", "20270312", "RRULE:FREQ=WEEKLY;COUNT=3\r\n") EVENT("a", "20270411", "SEQUENCE:2\r\n")
                 END,
         &hall, IMPORT_CLOSURES, false, &outcome);
    assert_int_equal(outcome.code, ERR_NONE);
    assert_int_equal(outcome.report.created, 0);
    assert_int_equal(outcome.report.updated, 2);
    assert_int_equal(outcome.report.unchanged, 2);
    import_report_finish(&outcome.report);
    assert_int_equal(ics_closures(fixture), 4);
    /* What a single import no longer holds stays. */
    take(fixture, BEGIN EVENT("a", "20270411", "") END, &hall, IMPORT_CLOSURES, false, &outcome);
    assert_int_equal(outcome.report.unchanged, 1);
    import_report_finish(&outcome.report);
    assert_int_equal(ics_closures(fixture), 4);
    struct commit_result undone = {0};
    assert_int_equal(store_undo(fixture->store, 0, "test", "undo", &undone, NULL), ERR_NONE);
    commit_result_finish(&undone);
}

static void the_place_names_the_hall(void **state)
{
    static const struct {
        const char *location, *hall; /* NULL: refused */
        enum import_code code;
    } PLACES[] = {{"LOCATION:示例二村文化礼堂\r\n", "H2", CODE_EMPTY},
                  {"LOCATION:H1\r\n", "H1", CODE_EMPTY},
                  {"LOCATION:示例二村\r\n", "H2", CODE_EMPTY},
                  {"LOCATION:示例二村文化礼堂\\, 大礼堂\\n示例路1号\r\n", "H2", CODE_EMPTY},
                  {"LOCATION:示例二村文化礼堂（二楼）\r\n", "H2", CODE_EMPTY},
                  {"LOCATION:示例一村文化礼堂\r\n", NULL, CODE_AMBIGUOUS},
                  {"LOCATION:别处\r\n", NULL, CODE_UNKNOWN},
                  {"", NULL, CODE_MISSING}};
    struct fixture *fixture = *state;
    import_all_good(fixture);
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        char text[1024];
        struct outcome outcome;
        (void)snprintf(text, sizeof text,
                       BEGIN
                       "BEGIN:VEVENT\r\nUID:%zu\r\nSUMMARY:place %zu\r\nDTSTART;VALUE=DATE:20270311\r\n%s"
                       "END:VEVENT\r\n" END,
                       i, i, PLACES[i].location);
        take(fixture, text, &(struct calendar_options){0}, IMPORT_CLOSURES, false, &outcome);
        if (PLACES[i].hall == NULL) {
            assert_int_equal(outcome.code, ERR_INPUT);
            assert_int_equal(outcome.report.errors.items[0].code, PLACES[i].code);
            assert_int_equal(outcome.report.errors.items[0].row, 4);
            assert_false(outcome.report.is_committed);
        } else {
            char reason[32];
            struct timetable *timetable = fixture_snapshot(fixture);
            (void)snprintf(reason, sizeof reason, "place %zu", i);
            const struct closure *closure = closure_of(timetable, reason);
            assert_non_null(closure);
            assert_string_equal(timetable->halls[closure->target].id, PLACES[i].hall);
            timetable_unref(timetable);
        }
        import_report_finish(&outcome.report);
    }
}

static void whose_calendar_it_is_decides_the_kind(void **state)
{
    static const struct {
        struct calendar_options calendar;
        enum import_kind kind, expected;
        enum import_code code; /* CODE_EMPTY: imported */
    } CASES[] = {{{.instructor = "示例甲"}, IMPORT_AUTO, IMPORT_ABSENCES, CODE_EMPTY},
                 {{.instructor = "T1"}, IMPORT_ABSENCES, IMPORT_ABSENCES, CODE_EMPTY},
                 {{.area = "示例镇"}, IMPORT_AUTO, IMPORT_CLOSURES, CODE_EMPTY},
                 {{.hall = "示例二村文化礼堂"}, IMPORT_AUTO, IMPORT_CLOSURES, CODE_EMPTY},
                 {{.hall = "示例一村文化礼堂"}, IMPORT_AUTO, IMPORT_AUTO, CODE_AMBIGUOUS},
                 {{.hall = "没有的礼堂"}, IMPORT_AUTO, IMPORT_AUTO, CODE_UNKNOWN},
                 {{.room = "没有的场地"}, IMPORT_AUTO, IMPORT_AUTO, CODE_UNKNOWN},
                 {{.instructor = "T1"}, IMPORT_CLOSURES, IMPORT_CLOSURES, CODE_CONFLICT},
                 {{.hall = "H1"}, IMPORT_ABSENCES, IMPORT_ABSENCES, CODE_MISSING},
                 {{.hall = "H1"}, IMPORT_COURSES, IMPORT_COURSES, CODE_FORMAT}};
    struct fixture *fixture = *state;
    import_all_good(fixture);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct outcome outcome;
        take(fixture, BEGIN EVENT("a", "20270311", "") END, &CASES[i].calendar, CASES[i].kind, false,
             &outcome);
        assert_int_equal(outcome.report.kind, CASES[i].expected);
        assert_int_equal(outcome.code, CASES[i].code == CODE_EMPTY ? ERR_NONE : ERR_INPUT);
        assert_true(CASES[i].code == CODE_EMPTY || outcome.report.errors.items[0].code == CASES[i].code);
        import_report_finish(&outcome.report);
    }
}

static void a_private_title_is_not_taken_over(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome;
    import_all_good(fixture);
    take(fixture, BEGIN EVENT("a", "20270311", "CLASS:PRIVATE\r\n") END,
         &(struct calendar_options){.hall = "H1"}, IMPORT_CLOSURES, false, &outcome);
    assert_int_equal(outcome.report.created, 1);
    import_report_finish(&outcome.report);
    struct timetable *timetable = fixture_snapshot(fixture);
    assert_non_null(closure_of(timetable, "有安排（不公开）"));
    assert_null(closure_of(timetable, "婚宴"));
    timetable_unref(timetable);
}

static void one_faulty_event_stops_all_unless_partial(void **state)
{
    static const char TEXT[] = BEGIN EVENT(
        "a", "20270311", "") "BEGIN:VEVENT\r\nUID:b\r\nDTSTART:20271399T000000Z\r\nEND:VEVENT\r\n" END;
    struct fixture *fixture = *state;
    const struct calendar_options hall = {.hall = "H1"};
    struct outcome outcome;
    import_all_good(fixture);
    take(fixture, TEXT, &hall, IMPORT_CLOSURES, false, &outcome);
    assert_int_equal(outcome.code, ERR_INPUT);
    assert_int_equal(outcome.report.errors.items[0].row, 12);
    import_report_finish(&outcome.report);
    assert_int_equal(ics_closures(fixture), 0);
    take(fixture, TEXT, &hall, IMPORT_CLOSURES, true, &outcome);
    assert_int_equal(outcome.code, ERR_NONE);
    assert_int_equal(outcome.report.rows_bad, 1);
    assert_int_equal(outcome.report.created, 1);
    import_report_finish(&outcome.report);
    assert_int_equal(ics_closures(fixture), 1);
}

/* The events that were left out come back as a calendar: mended, they go in. */
static void faulty_events_come_back_to_be_mended(void **state)
{
    static const char TEXT[] = "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Z\r\nEND:VTIMEZONE\r\n" EVENT(
        "a", "20270311",
        "") "BEGIN:VEVENT\r\nUID:b\r\nSUMMARY:一个很长很长很长很长很长很长很长很长很长的标题\r\n"
            "DTSTART:20271399T000000Z\r\nwithout colon\r\nEND:VEVENT\r\n" END;
    static const char EXPECTED[] = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//litang//faulty events//ZH\r\n"
                                   "BEGIN:VTIMEZONE\r\nTZID:Z\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nX-LITANG-"
                                   "ERROR:DTSTART：“20271399T0000";
    struct fixture *fixture = *state;
    const struct calendar_options hall = {.hall = "H1"};
    struct outcome outcome;
    struct text bad;
    import_all_good(fixture);
    take(fixture, TEXT, &hall, IMPORT_CLOSURES, true, &outcome);
    text_init(&bad, 1 << 20);
    import_report_write_bad_rows(&outcome.report, &bad);
    import_report_finish(&outcome.report);
    assert_memory_equal(text_string(&bad), EXPECTED, strlen(EXPECTED));
    assert_null(strstr(text_string(&bad), "UID:a"));
    assert_non_null(strstr(text_string(&bad), "without colon\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"));
    char *wrong = strstr(text_string(&bad), "20271399T000000Z\r\n");
    assert_non_null(wrong);
    memcpy(wrong, "20271231", 8);
    take(fixture, text_string(&bad), &hall, IMPORT_CLOSURES, true, &outcome);
    assert_int_equal(outcome.code, ERR_NONE);
    assert_int_equal(outcome.report.created, 1);
    text_clear(&bad);
    import_report_write_bad_rows(&outcome.report, &bad);
    assert_int_equal(bad.length, 0);
    import_report_finish(&outcome.report);
    text_finish(&bad);
}

/* One read of a followed calendar; `owned` goes in and what is owned afterwards comes back. */
static void follow(struct fixture *fixture, const char *text, bool may_be_empty, struct calendar_rows *owned,
                   struct outcome *ret)
{
    struct calendar_rows after = {0};
    const struct calendar_options calendar = {
        .hall = "H1", .is_followed = true, .may_be_empty = may_be_empty, .owned = owned, .ret_rows = &after};
    take(fixture, text, &calendar, IMPORT_CLOSURES, true, ret);
    if (ret->code == ERR_NONE) {
        calendar_rows_finish(owned);
        *owned = after;
    } else {
        calendar_rows_finish(&after);
    }
}

static void a_followed_calendar_drops_what_vanished(void **state)
{
    struct fixture *fixture = *state;
    struct calendar_rows owned = {0};
    struct outcome outcome;
    import_all_good(fixture);
    follow(fixture,
           BEGIN EVENT("a", "20270311", "") EVENT("b", "20270312", "") EVENT("c", "20270313", "") END, false,
           &owned, &outcome);
    assert_int_equal(outcome.report.created, 3);
    assert_int_equal(owned.count, 3);
    import_report_finish(&outcome.report);
    follow(fixture, BEGIN EVENT("a", "20270411", "") EVENT("c", "20270313", "") END, false, &owned, &outcome);
    assert_int_equal(outcome.report.updated, 1);
    assert_int_equal(outcome.report.result.dropped_by_table[TABLE_CLOSURE], 1);
    assert_int_equal(owned.count, 2);
    import_report_finish(&outcome.report);
    /* A faulty event, or a file that breaks off: perhaps it is the one that is missing. */
    follow(fixture,
           BEGIN EVENT("a", "20270411", "") "BEGIN:VEVENT\r\nUID:c\r\nDTSTART:2027\r\nEND:VEVENT\r\n" END,
           false, &owned, &outcome);
    assert_int_equal(outcome.code, ERR_NONE);
    assert_int_equal(outcome.report.result.dropped_by_table[TABLE_CLOSURE], 0);
    assert_int_equal(owned.count, 2);
    import_report_finish(&outcome.report);
    follow(fixture, BEGIN EVENT("a", "20270411", ""), false, &owned, &outcome);
    assert_int_equal(ics_closures(fixture), 2);
    import_report_finish(&outcome.report);
    /* No event at all: kept, unless somebody says that it is meant. */
    follow(fixture, BEGIN END, false, &owned, &outcome);
    assert_int_equal(outcome.code, ERR_INPUT);
    assert_int_equal(outcome.report.errors.items[0].code, CODE_EMPTY);
    assert_int_equal(ics_closures(fixture), 2);
    import_report_finish(&outcome.report);
    /* Called off one by one: gone. */
    follow(fixture,
           BEGIN EVENT("a", "20270411", "STATUS:CANCELLED\r\n") EVENT("c", "20270313", "STATUS:CANCELLED\r\n")
               END,
           false, &owned, &outcome);
    assert_int_equal(outcome.code, ERR_NONE);
    assert_int_equal(owned.count, 0);
    assert_int_equal(ics_closures(fixture), 0);
    import_report_finish(&outcome.report);
    calendar_rows_finish(&owned);
}

static void an_empty_calendar_may_be_meant(void **state)
{
    struct fixture *fixture = *state;
    struct calendar_rows owned = {0};
    struct outcome outcome;
    import_all_good(fixture);
    follow(fixture, BEGIN EVENT("a", "20270311", "") END, false, &owned, &outcome);
    import_report_finish(&outcome.report);
    follow(fixture, BEGIN END, true, &owned, &outcome);
    assert_int_equal(outcome.code, ERR_NONE);
    assert_int_equal(ics_closures(fixture), 0);
    import_report_finish(&outcome.report);
    calendar_rows_finish(&owned);
}

static void a_followed_calendar_owns_only_what_it_made(void **state)
{
    struct fixture *fixture = *state;
    struct calendar_rows owned = {0};
    struct outcome outcome;
    import_all_good(fixture);
    take(fixture, BEGIN EVENT("a", "20270311", "") END, &(struct calendar_options){.hall = "H1"},
         IMPORT_CLOSURES, false, &outcome);
    import_report_finish(&outcome.report);
    follow(fixture, BEGIN EVENT("a", "20270311", "") EVENT("b", "20270312", "") END, false, &owned, &outcome);
    assert_int_equal(owned.count, 1); /* "a" was there before */
    import_report_finish(&outcome.report);
    follow(fixture, BEGIN EVENT("c", "20270312", "") END, false, &owned, &outcome);
    import_report_finish(&outcome.report);
    assert_int_equal(ics_closures(fixture), 2); /* "a" and "c" */
    calendar_rows_finish(&owned);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        T(an_event_closes_as_strongly_as_it_claims),
        T(importing_again_updates_the_same_records),
        T(the_place_names_the_hall),
        T(whose_calendar_it_is_decides_the_kind),
        T(a_private_title_is_not_taken_over),
        T(one_faulty_event_stops_all_unless_partial),
        T(faulty_events_come_back_to_be_mended),
        T(a_followed_calendar_drops_what_vanished),
        T(an_empty_calendar_may_be_meant),
        T(a_followed_calendar_owns_only_what_it_made),
    };
#undef T
    return cmocka_run_group_tests(tests, NULL, NULL);
}
