/* The linter: each rule bites on a bad sample, none on a good calendar; hostile input is bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/text.h"
#include "ical/lint.h"
#include "ical/lint_rules.h"

#define HEAD "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//ZH\r\n"
#define SHANGHAI                                                                                             \
    "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"                 \
    "TZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nTZNAME:CST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
#define EVENT "BEGIN:VEVENT\r\nUID:1@test\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260301T010000Z\r\n"
#define TAIL  "END:VEVENT\r\nEND:VCALENDAR\r\n"
/* A calendar of one event with one more line, or two. */
#define WITH(lines) HEAD EVENT lines TAIL

#define DEEP "BEGIN:X-A\r\nBEGIN:X-A\r\nBEGIN:X-A\r\nBEGIN:X-A\r\n"

static const char GOOD[] = HEAD
    "NAME:镇\r\nX-WR-CALNAME:镇\\, 村\r\nREFRESH-INTERVAL;VALUE=DURATION:PT2H\r\nX-PUBLISHED-TTL:PT2H\r\n"
    "COLOR:SeaGreen\r\nSOURCE;VALUE=URI:https://x.example/t.ics\r\n" SHANGHAI EVENT
    "DTEND:20260301T023000Z\r\nSUMMARY:太极拳\\, 第一讲\\; 二楼\\\\\\n: \"x\"\r\nCATEGORIES:a,b\\,c\r\n"
    "GEO:-28.6564;121.4208\r\nSTATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\nSEQUENCE:3\r\nURL:https://x.example/1\r\n"
    "ORGANIZER;CN=\"a;b:c\":invalid:nomail\r\nRRULE:FREQ=WEEKLY;COUNT=3;BYDAY=MO\r\n"
    "EXDATE;TZID=Asia/Shanghai:20260308T090000,20260315T090000\r\nX-ANYTHING;X-P=1,\"2\":a;b,c\\x\r\n"
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT1H30M\r\nEND:VALARM\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:1@test\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID:20260308T010000Z\r\n"
    "DTSTART;VALUE=DATE:20260308\r\nDTEND;VALUE=DATE:20260309\r\nDESCRIPTION:"
    "字字字字字字字字字字字字字字字\r\n"
    " 字字\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2@test\r\nDTSTAMP:20260101T000000Z\r\n"
    "DTSTART:20240229T010000Z\r\nDURATION:P1DT2H\r\n" TAIL;

/* What must be found; and nothing else, unless more says so. */
static const struct {
    const char *rule;
    const char *bytes;
    bool more;
} BAD[] = {
    {"bom", "\xef\xbb\xbf" WITH(""), false},
    {"line-ending", WITH("SUMMARY:x\n"), false},
    {"line-ending", WITH("SUMMARY:a\rb\r\n"), false},
    {"line-ending", HEAD EVENT "END:VEVENT\r\nEND:VCALENDAR", false},
    {"line-length",
     WITH("SUMMARY:0123456789012345678901234567890123456789012345678901234567890123456789\r\n"), false},
    {"fold-in-character", WITH("SUMMARY:\xe5\xad\r\n \x97\r\n"), false},
    {"empty-line", WITH("\r\n"), false},
    {"utf-8", WITH("SUMMARY:\xff\xfe\r\n"), false},
    {"utf-8", WITH("SUMMARY:\xed\xa0\x80\r\n"), false},
    {"control-character", WITH("SUMMARY:a\x01\r\n"), false},
    {"control-character", WITH("SUMMARY:a\x7f\r\n"), false},
    {"line-syntax", WITH("第二行\r\n"), false},
    {"line-syntax", WITH("SUMMARY\r\n"), false},
    {"line-syntax", " " WITH(""), true},
    {"parameter-syntax", WITH("SUMMARY;LANGUAGE:x\r\n"), false},
    {"parameter-syntax", WITH("SUMMARY;LANGUAGE=\"zh:x\r\n"), false},
    {"outside-calendar", WITH("") "X-A:1\r\n", false},
    {"outside-calendar", EVENT "END:VEVENT\r\n", true},
    {"begin-end", HEAD EVENT "END:VTODO\r\n" TAIL, false},
    {"begin-end", HEAD EVENT "END:VCALENDAR\r\n", false},
    {"nesting", HEAD DEEP DEEP DEEP DEEP, true},
    {"truncated", HEAD EVENT, false},
    {"no-calendar", "", false},
    {"no-component", HEAD "END:VCALENDAR\r\n", false},
    {"missing-property", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" EVENT TAIL, false},
    {"missing-property", "BEGIN:VCALENDAR\r\nPRODID:x\r\n" EVENT TAIL, false},
    {"missing-property", HEAD "BEGIN:VEVENT\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260301T010000Z\r\n" TAIL,
     false},
    {"missing-property", HEAD "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260301T010000Z\r\n" TAIL, false},
    {"missing-property", HEAD "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260301T010000Z\r\n" TAIL, false},
    {"missing-property", WITH("BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT1H\r\nEND:VALARM\r\n"), false},
    {"missing-property",
     HEAD "BEGIN:VEVENT\r\nUID:\r\nDTSTAMP:20260301T010000Z\r\nDTSTART:20260301T010000Z\r\nEND:VEVENT\r\n"
          "END:VCALENDAR\r\n",
     false},
    {"missing-property", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:  \r\n" EVENT TAIL, false},
    {"repeated-property", WITH("DTSTART:20260301T010000Z\r\n"), false},
    {"repeated-property", WITH("DTEND:20260301T020000Z\r\nDTEND:20260301T000000Z\r\n"), false},
    {"repeated-property", WITH("SUMMARY:a\r\nsummary:b\r\n"), false},
    {"duplicate-uid", HEAD EVENT "END:VEVENT\r\n" EVENT TAIL, false},
    {"dtend-and-duration", WITH("DTEND:20260301T020000Z\r\nDURATION:PT1H\r\n"), false},
    {"end-before-start", WITH("DTEND:20260301T005959Z\r\n"), false},
    {"end-before-start", WITH("DTEND:20260301T010000Z\r\n"), false},
    {"end-kind", WITH("DTEND;VALUE=DATE:20260302\r\n"), false},
    {"tzid-without-vtimezone", WITH("DTEND;TZID=Asia/Shanghai:20260301T110000\r\n"), false},
    {"tzid-without-vtimezone",
     HEAD EVENT "END:VEVENT\r\nEND:VCALENDAR\r\n" HEAD SHANGHAI EVENT
                "DTEND;TZID=Asia/Chongqing:20260301T110000\r\n" TAIL,
     false},
    {"tzid-on-utc", HEAD SHANGHAI EVENT "DTEND;TZID=Asia/Shanghai:20260301T110000Z\r\n" TAIL, false},
    {"date-time", WITH("DTEND:20261301T110000Z\r\n"), false},
    {"date-time", WITH("DTEND:20260229T110000Z\r\n"), false},
    {"date-time", WITH("DTEND:20260302T240000Z\r\n"), false},
    {"date-time", WITH("DTEND:20260302\r\n"), false},
    {"date-time", WITH("DTEND:2026-03-02\r\n"), false},
    {"date-time", WITH("EXDATE:20260308T010000Z,20260399T010000Z\r\n"), false},
    {"utc-needed", WITH("LAST-MODIFIED:20260301T110000\r\n"), false},
    {"duration", WITH("DURATION:P1H\r\n"), false},
    {"duration", WITH("DURATION:P2W1D\r\n"), false},
    {"duration", WITH("DURATION:-PT1H\r\n"), false},
    {"duration", WITH("DURATION:PT\r\n"), false},
    {"duration", WITH("DURATION:PT1H5S\r\n"), false},
    {"duration", HEAD "X-PUBLISHED-TTL:P2H\r\n" EVENT TAIL, false},
    {"refresh-interval-value", HEAD "REFRESH-INTERVAL:PT2H\r\n" EVENT TAIL, false},
    {"text-escape", WITH("SUMMARY:a, b\r\n"), false},
    {"text-escape", WITH("LOCATION:a; b\r\n"), false},
    {"text-escape", WITH("DESCRIPTION:a\\x\r\n"), false},
    {"text-escape", WITH("DESCRIPTION:a\\\r\n"), false},
    {"text-escape", WITH("CATEGORIES:a,b;c\r\n"), false},
    {"status", WITH("STATUS:POSTPONED\r\n"), false},
    {"keyword", WITH("TRANSP:YES\r\n"), false},
    {"keyword", "BEGIN:VCALENDAR\r\nVERSION:1.0\r\nPRODID:x\r\n" EVENT TAIL, false},
    {"geo", WITH("GEO:28.6,121.4\r\n"), false},
    {"geo", WITH("GEO:90.1;121.4\r\n"), false},
    {"geo", WITH("GEO:28.6;\r\n"), false},
    {"integer", WITH("SEQUENCE:-1\r\n"), false},
    {"integer", WITH("SEQUENCE:1.5\r\n"), false},
    {"utc-offset",
     HEAD "BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
          "TZOFFSETFROM:0800\r\nTZOFFSETTO:+0800\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n" EVENT TAIL,
     false},
    {"uri", WITH("URL:no uri\r\n"), false},
    {"uri", WITH("ORGANIZER:示例\r\n"), false},
    {"recur", WITH("RRULE:FREQ=OFTEN\r\n"), false},
    {"recur", WITH("RRULE:COUNT=3\r\n"), false},
    {"recur", WITH("RRULE:FREQ=DAILY;COUNT=3;UNTIL=20260401\r\n"), false},
    {"color", HEAD "COLOR:#2E8B57\r\n" EVENT TAIL, false},
};
enum {
    BAD_COUNT = sizeof BAD / sizeof BAD[0]
};

static struct lint_report lint(const char *bytes, size_t length)
{
    struct lint_report report = {0};
    struct error err = {0};
    assert_int_equal(lint_calendar(bytes, length, &report, &err), ERR_NONE);
    return report;
}

static bool found(const struct lint_report *report, const char *rule)
{
    for (size_t i = 0; i < report->count; i++) {
        if (strcmp(report->items[i].rule, rule) == 0) {
            return true;
        }
    }
    return false;
}

static void good_calendar_has_no_finding(void **state)
{
    (void)state;
    struct lint_report report = lint(GOOD, sizeof GOOD - 1);
    if (report.count > 0) {
        fail_msg("line %zu: %s: %s", report.items[0].line, report.items[0].rule, report.items[0].text);
    }
    lint_report_finish(&report);
}

static void every_bad_sample_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < BAD_COUNT; i++) {
        struct lint_report report = lint(BAD[i].bytes, strlen(BAD[i].bytes));
        bool only = report.count > 0 && (report.count == 1 || BAD[i].more);
        if (!found(&report, BAD[i].rule) || !only) {
            fail_msg("sample %zu (%s): %zu findings, first %s: %s", i, BAD[i].rule, report.count,
                     report.count > 0 ? report.items[0].rule : "-",
                     report.count > 0 ? report.items[0].text : "-");
        }
        assert_non_null(strstr(report.items[0].section, "RFC "));
        lint_report_finish(&report);
    }
}

static void every_rule_has_a_sample(void **state)
{
    (void)state;
    static const char *const NAMES[] = {
#define X(rule, name, section) name,
        LINT_RULE_LIST(X)
#undef X
    };
    for (size_t i = 0; i < LINT_RULE_COUNT; i++) {
        size_t at = 0;
        while (at < BAD_COUNT && strcmp(BAD[at].rule, NAMES[i]) != 0) {
            at++;
        }
        if (at == BAD_COUNT) {
            fail_msg("%s has no sample", NAMES[i]);
        }
    }
}

static void findings_name_their_line(void **state)
{
    (void)state;
    static const char BYTES[] = WITH("SUMMARY:a\r\n b\r\nSTATUS:NO\r\nX-A:\x02\r\n");
    struct lint_report report = lint(BYTES, sizeof BYTES - 1);
    assert_int_equal(report.count, 2);
    assert_string_equal(report.items[0].rule, "status");
    assert_int_equal(report.items[0].line, 10);
    assert_int_equal(report.items[1].line, 11);
    lint_report_finish(&report);
}

/* What stands in a finding goes to a terminal. */
static void texts_hold_no_control_bytes(void **state)
{
    (void)state;
    static const char BYTES[] = WITH("STATUS:\x1b[31m\xff字\r\n");
    struct lint_report report = lint(BYTES, sizeof BYTES - 1);
    for (size_t i = 0; i < report.count; i++) {
        assert_true(utf8_valid(report.items[i].text, strlen(report.items[i].text)));
        assert_null(strchr(report.items[i].text, 0x1b));
    }
    assert_true(found(&report, "status"));
    lint_report_finish(&report);
}

static void repeat(struct text *out, const char *part, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_add(out, part);
    }
}

/* Every one of these took a parser seconds or more; here each is one pass, and the findings stop at a number.
 */
static void hostile_input_is_bounded(void **state)
{
    (void)state;
    static const struct {
        const char *before, *part, *after;
    } HOSTILE[] = {
        {HEAD EVENT, "DTSTART:bad\r\n", TAIL},
        {HEAD EVENT, "X:\r\n", TAIL},
        {"", "BEGIN:VEVENT\r\n", ""},
        {HEAD, "END:VEVENT\r\n", ""},
        {HEAD EVENT "SUMMARY:", ",", "\r\n" TAIL},
        {HEAD EVENT "X-A", ";A=\"\"", ":\r\n" TAIL},
        {HEAD EVENT "EXDATE:", ",", "\r\n" TAIL},
        {HEAD EVENT "DESCRIPTION:", "\r\n ", "\r\n" TAIL},
        {HEAD, EVENT "END:VEVENT\r\n", "END:VCALENDAR\r\n"},
        {HEAD EVENT "RRULE:FREQ=DAILY", ";X=", "\r\n" TAIL},
        {"", "\xef\xbb\xbf", ""},
        {HEAD, "BEGIN:VTIMEZONE\r\nTZID:x\r\n", ""},
    };
    for (size_t i = 0; i < sizeof HOSTILE / sizeof HOSTILE[0]; i++) {
        struct text bytes;
        text_init(&bytes, LIMIT_LINT_BYTES);
        text_add(&bytes, HOSTILE[i].before);
        repeat(&bytes, HOSTILE[i].part, 100000);
        text_add(&bytes, HOSTILE[i].after);
        struct lint_report report = lint(text_string(&bytes), bytes.length);
        assert_true(report.count < 10 * LIMIT_LINT_BY_RULE);
        lint_report_finish(&report);
        text_finish(&bytes);
    }
}

static void findings_by_rule_stop_and_are_counted(void **state)
{
    (void)state;
    struct text bytes;
    text_init(&bytes, LIMIT_LINT_BYTES);
    text_add(&bytes, HEAD EVENT);
    repeat(&bytes, "X-A:1\n", LIMIT_LINT_BY_RULE + 7);
    text_add(&bytes, "STATUS:NO\r\n" TAIL);
    struct lint_report report = lint(text_string(&bytes), bytes.length);
    assert_int_equal(report.count, LIMIT_LINT_BY_RULE + 1);
    assert_int_equal(report.dropped, 7);
    assert_true(found(&report, "status"));
    lint_report_finish(&report);
    text_finish(&bytes);
    struct lint_report untouched = {.dropped = 42};
    assert_int_equal(lint_calendar("", LIMIT_LINT_BYTES + 1, &untouched, NULL), ERR_LIMIT);
    assert_int_equal(untouched.dropped, 42);
}

/* Cut anywhere, or with any byte wrong, it reports and does not crash. */
static void cuts_and_flips(void **state)
{
    (void)state;
    char bytes[sizeof GOOD];
    for (size_t i = 0; i < sizeof GOOD - 1; i++) {
        struct lint_report report = lint(GOOD, i);
        assert_true(report.count > 0);
        lint_report_finish(&report);
        memcpy(bytes, GOOD, sizeof GOOD);
        bytes[i] = (char)(unsigned char)(i * 37);
        report = lint(bytes, sizeof GOOD - 1);
        lint_report_finish(&report);
    }
}

static void shared_file(const char *folder, const char *name, const char *rule)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/ics/bad-feeds/%s", folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    static char bytes[65536];
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    struct lint_report report = lint(bytes, length);
    if (rule == NULL ? report.count > 0 : !found(&report, rule)) {
        fail_msg("%s: %s", name, rule == NULL ? "a finding" : rule);
    }
    lint_report_finish(&report);
}

/* The shared collection of bad feeds, where it is at hand. */
static void shared_bad_feeds(void **state)
{
    (void)state;
    static const struct {
        const char *name, *rule;
    } FILES[] = {{"00_good.ics", NULL},
                 {"01_lf_only.ics", "line-ending"},
                 {"02_unfolded_long.ics", "line-length"},
                 {"03_fold_in_utf8.ics", "fold-in-character"},
                 {"04_no_uid.ics", "missing-property"},
                 {"05_no_dtstamp.ics", "missing-property"},
                 {"06_unescaped_comma_semicolon.ics", "text-escape"},
                 {"07_raw_newline_in_text.ics", "line-syntax"},
                 {"08_tzid_without_vtimezone.ics", "tzid-without-vtimezone"},
                 {"09_bad_month13.ics", "date-time"},
                 {"10_duplicate_uid.ics", "duplicate-uid"},
                 {"11_truncated.ics", "truncated"},
                 {"12_bad_status.ics", "status"},
                 {"13_dtend_before_dtstart.ics", "end-before-start"},
                 {"14_control_char.ics", "control-character"},
                 {"15_invalid_utf8.ics", "utf-8"},
                 {"16_geo_comma.ics", "geo"},
                 {"17_two_dtstart.ics", "repeated-property"},
                 {"18_no_prodid_version.ics", "missing-property"},
                 {"19_refresh_without_value_bad_ttl.ics", "refresh-interval-value"},
                 {"19_refresh_without_value_bad_ttl.ics", "duration"},
                 {"20_no_dtstart.ics", "missing-property"},
                 {"21_dtend_and_duration.ics", "dtend-and-duration"},
                 {"22_bom.ics", "bom"}};
    const char *folder = getenv("LITANG_SHARED_DATA");
    if (folder == NULL || folder[0] == '\0') {
        skip();
    }
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        shared_file(folder, FILES[i].name, FILES[i].rule);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_calendar_has_no_finding),
        cmocka_unit_test(every_bad_sample_is_found),
        cmocka_unit_test(every_rule_has_a_sample),
        cmocka_unit_test(findings_name_their_line),
        cmocka_unit_test(texts_hold_no_control_bytes),
        cmocka_unit_test(hostile_input_is_bounded),
        cmocka_unit_test(findings_by_rule_stop_and_are_counted),
        cmocka_unit_test(cuts_and_flips),
        cmocka_unit_test(shared_bad_feeds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
