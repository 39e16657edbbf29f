/* Calendars that nobody means well with: each ceiling of base/limits.h is crossed, and the true line is
 * named. */
#include "tests/importers/support.h"

#include "base/limits.h"

/* 2026-11-27T00:00:00Z. */
static const int64_t NOW_S = 1795737600;

#define BEGIN "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
#define END   "END:VCALENDAR\r\n"

struct outcome {
    enum error_code code;
    struct import_report report;
};

static void take_bytes(struct fixture *fixture, const char *bytes, size_t length, struct outcome *ret)
{
    const struct calendar_options calendar = {.hall = "H1", .now_s = NOW_S};
    ret->code =
        import_text(fixture, "hall.ics", bytes, length,
                    (struct import_options){
                        .kind = IMPORT_CLOSURES, .calendar = &calendar, .partial = true, .dry_run = true},
                    &ret->report);
}

static void take(struct fixture *fixture, struct text *text, struct outcome *ret)
{
    assert_int_equal(text->failed, ERR_NONE);
    take_bytes(fixture, text_string(text), text->length, ret);
    text_finish(text);
}

static void repeat(struct text *text, const char *what, size_t times)
{
    for (size_t i = 0; i < times; i++) {
        text_add(text, what);
    }
}

static void text_begin(struct text *text)
{
    text_init(text, (size_t)1 << 26);
    text_add(text, BEGIN);
}

static void event_add(struct text *text, size_t number, const char *more)
{
    text_addf(
        text,
        "BEGIN:VEVENT\r\nUID:%zu\r\nDTSTART:20270311T063000Z\r\nDTEND:20270311T080000Z\r\n%sEND:VEVENT\r\n",
        number, more);
}

/* The file is refused with a sentence about a ceiling, at this line (0: any). */
static void assert_limit(struct outcome *outcome, uint32_t line)
{
    assert_int_equal(outcome->code, ERR_LIMIT);
    const struct import_finding *last = &outcome->report.errors.items[outcome->report.errors.count - 1];
    assert_int_equal(last->code, CODE_LIMIT);
    assert_true(line == 0 || last->row == line);
    assert_false(outcome->report.is_committed);
    import_report_finish(&outcome->report);
}

static void a_hundred_thousand_broken_lines(void **state)
{
    struct outcome outcome;
    struct text text;
    text_begin(&text);
    repeat(&text, "broken line\r\n", 100000);
    text_add(&text, END);
    take(*state, &text, &outcome);
    assert_int_equal(outcome.report.warnings.total, LIMIT_ICS_BAD_LINES + 1);
    assert_int_equal(outcome.report.warnings.items[0].row, 3);
    assert_int_equal(outcome.report.warnings.items[1].row, 4);
    assert_limit(&outcome, 3 + LIMIT_ICS_BAD_LINES);
    /* One line less is read over. */
    text_begin(&text);
    repeat(&text, "broken line\r\n", LIMIT_ICS_BAD_LINES);
    event_add(&text, 1, "");
    text_add(&text, END);
    take(*state, &text, &outcome);
    assert_int_equal(outcome.code, ERR_NONE);
    assert_int_equal(outcome.report.rows_good, 1);
    import_report_finish(&outcome.report);
}

static void a_line_of_eight_megabytes(void **state)
{
    struct outcome outcome;
    struct text text;
    static const char *const NAMES[] = {"DESCRIPTION:", "ATTACH;ENCODING=BASE64:", "SUMMARY:"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        text_begin(&text);
        text_add(&text, "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20270311T063000Z\r\nDTEND:20270311T080000Z\r\n");
        text_add(&text, NAMES[i]);
        repeat(&text, "0123456789abcdef", (size_t)512 * 1024);
        text_add(&text, "\r\nEND:VEVENT\r\n" END);
        take(*state, &text, &outcome);
        assert_int_equal(outcome.code, ERR_NONE);
        assert_int_equal(outcome.report.rows_good, 1);
        import_report_finish(&outcome.report);
    }
    /* Where it counts, it is a fault of the event. */
    text_begin(&text);
    text_add(&text, "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20270311T063000Z\r\nEXDATE:");
    repeat(&text, "20270311T063000Z,", LIMIT_ICS_LINE_BYTES / 17 + 1);
    text_add(&text, "\r\nEND:VEVENT\r\n" END);
    take(*state, &text, &outcome);
    assert_int_equal(outcome.code, ERR_INPUT);
    assert_int_equal(outcome.report.errors.items[0].row, 6);
    import_report_finish(&outcome.report);
}

static void nesting_fifty_thousand_deep(void **state)
{
    struct outcome outcome;
    struct text text;
    text_begin(&text);
    repeat(&text, "BEGIN:X-A\r\n", 50000);
    take(*state, &text, &outcome);
    assert_limit(&outcome, 2 + LIMIT_ICS_NESTING);
    text_begin(&text);
    repeat(&text, "BEGIN:VEVENT\r\n", 50000);
    take(*state, &text, &outcome);
    assert_limit(&outcome, 0);
}

static void a_million_meetings(void **state)
{
    struct outcome outcome;
    struct text text;
    text_begin(&text);
    event_add(&text, 1, "RRULE:FREQ=DAILY;COUNT=1000000\r\n");
    text_add(&text, END);
    take(*state, &text, &outcome); /* the window ends it */
    assert_int_equal(outcome.code, ERR_NONE);
    assert_int_equal(outcome.report.rows_good, LIMIT_ICS_FUTURE_DAYS + 1);
    import_report_finish(&outcome.report);
    text_begin(&text);
    event_add(&text, 1, "RRULE:FREQ=DAILY;COUNT=1000000;BYHOUR=0,1,2,3,4,5,6,7\r\n");
    text_add(&text, END);
    take(*state, &text, &outcome); /* LIMIT_ICS_MEETINGS */
    assert_int_equal(outcome.code, ERR_INPUT);
    assert_int_equal(outcome.report.errors.items[0].code, CODE_LIMIT);
    assert_int_equal(outcome.report.errors.items[0].row, 7);
    import_report_finish(&outcome.report);
    text_begin(&text);
    for (size_t i = 0; i <= LIMIT_ICS_RECORDS / LIMIT_ICS_FUTURE_DAYS; i++) {
        event_add(&text, i, "RRULE:FREQ=DAILY\r\n");
    }
    text_add(&text, END);
    take(*state, &text, &outcome);
    assert_limit(&outcome, 0);
}

static void rules_that_never_yield(void **state)
{
    static const char *const RULES[] = {
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6"};
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) {
        struct outcome outcome;
        struct text text;
        char more[128];
        (void)snprintf(more, sizeof more, "RRULE:%s\r\n", RULES[i]);
        text_begin(&text);
        event_add(&text, 1, more);
        text_add(&text, END);
        take(*state, &text, &outcome);
        assert_int_equal(outcome.code, ERR_INPUT);
        assert_int_equal(outcome.report.errors.items[0].code, CODE_RULE);
        assert_int_equal(outcome.report.errors.items[0].row, 7);
        import_report_finish(&outcome.report);
    }
}

/* Many rules that each take their time together cross LIMIT_ICS_RULE_DAYS. */
static void rules_that_take_too_long_together(void **state)
{
    struct outcome outcome;
    struct text text;
    text_begin(&text);
    for (size_t i = 0; i < 1000; i++) {
        text_addf(
            &text,
            "BEGIN:VEVENT\r\nUID:%zu\r\nDTSTART;VALUE=DATE:19010101\r\nRRULE:FREQ=YEARLY;BYYEARDAY=1\r\n"
            "END:VEVENT\r\n",
            i);
    }
    text_add(&text, END);
    take(*state, &text, &outcome);
    assert_limit(&outcome, 0);
}

static void too_many_of_everything(void **state)
{
    struct outcome outcome;
    struct text text;
    text_begin(&text);
    for (size_t i = 0; i <= LIMIT_ICS_EVENTS; i++) {
        event_add(&text, i, "");
    }
    text_add(&text, END);
    take(*state, &text, &outcome);
    assert_limit(&outcome, (uint32_t)(3 + LIMIT_ICS_EVENTS * 5));
    text_begin(&text);
    for (size_t i = 0; i <= LIMIT_ICS_ZONES; i++) {
        text_addf(&text, "BEGIN:VTIMEZONE\r\nTZID:%zu\r\nEND:VTIMEZONE\r\n", i);
    }
    text_add(&text, END);
    take(*state, &text, &outcome);
    assert_limit(&outcome, (uint32_t)(3 + LIMIT_ICS_ZONES * 3));
    text_begin(&text); /* each is compared with each */
    for (size_t i = 0; i <= LIMIT_ICS_MEETINGS; i++) {
        event_add(&text, 1, "");
    }
    text_add(&text, END);
    take(*state, &text, &outcome);
    assert_limit(&outcome, 0);
    text_begin(&text);
    repeat(&text, "X-FILLER:0123456789abcdef0123456789abcdef\r\n", LIMIT_ICS_BYTES / 43 + 1);
    take(*state, &text, &outcome);
    assert_limit(&outcome, 0);
}

/* An error stands in the line that an editor shows, whatever the line ends are. */
static void the_true_line_is_named(void **state)
{
    static const char *const ENDS[] = {"\r\n", "\n", "\r"};
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        struct outcome outcome;
        struct text text;
        const char *end = ENDS[i];
        text_init(&text, 4096);
        text_addf(&text, "BEGIN:VCALENDAR%s%sVERSION:2.0%sBEGIN:VEVENT%sSUMMARY:a%s  folded%s", end, end, end,
                  end, end, end);
        text_addf(&text, "UID:1%sDTSTART:20271399T000000Z%sEND:VEVENT%sEND:VCALENDAR", end, end, end);
        take(*state, &text, &outcome);
        assert_int_equal(outcome.report.errors.items[0].row, 8);
        import_report_finish(&outcome.report);
    }
}

static void bytes_that_are_no_text(void **state)
{
    struct outcome outcome;
    static const char ZERO[] = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-A:\0\r\nEND:VCALENDAR\r\n";
    take_bytes(*state, ZERO, sizeof ZERO - 1, &outcome);
    assert_int_equal(outcome.code, ERR_INPUT);
    assert_int_equal(outcome.report.errors.items[0].code, CODE_ENCODING);
    assert_int_equal(outcome.report.errors.items[0].row, 3);
    import_report_finish(&outcome.report);
    /* 0x81 is in neither encoding. */
    static const char ODD[] = "BEGIN:VCALENDAR\r\nX-A:\x81\r\nEND:VCALENDAR\r\n";
    take_bytes(*state, ODD, sizeof ODD - 1, &outcome);
    assert_int_equal(outcome.code, ERR_INPUT);
    assert_int_equal(outcome.report.errors.items[0].code, CODE_ENCODING);
    import_report_finish(&outcome.report);
}

static int setup(void **state)
{
    int failed = fixture_open(state);
    if (failed == 0) {
        import_all_good(*state);
    }
    return failed;
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, fixture_close)
    const struct CMUnitTest tests[] = {
        T(a_hundred_thousand_broken_lines), T(a_line_of_eight_megabytes),
        T(nesting_fifty_thousand_deep),     T(a_million_meetings),
        T(rules_that_never_yield),          T(rules_that_take_too_long_together),
        T(too_many_of_everything),          T(the_true_line_is_named),
        T(bytes_that_are_no_text),
    };
#undef T
    return cmocka_run_group_tests(tests, NULL, NULL);
}
