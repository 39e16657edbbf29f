#include "base/zone.h"

#include "base/date.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char LONDON[] = "GMT0BST,M3.5.0/1,M10.5.0";
static char folder[64];

static struct zone zone_of(const char *rule)
{
    struct zone zone;
    struct error err = {0};
    if (zone_parse("Test/Zone", rule, &zone, &err) != ERR_NONE) {
        fail_msg("%s: %s", rule, err.text);
    }
    return zone;
}

static int64_t utc(const char *text)
{
    int64_t seconds = 0;
    assert_true(instant_parse(text, &seconds));
    return seconds;
}

/* Local "2026-03-29 01:30" as an instant of UTC. */
static void check_utc(const struct zone *zone, const char *date, const char *time, const char *wanted)
{
    int32_t day = 0;
    int32_t minute = 0;
    assert_true(date_parse(date, &day) && minute_parse(time, &minute));
    char got[INSTANT_TEXT_SIZE];
    instant_format(zone_utc_from_local(zone, day, minute), got);
    assert_string_equal(got, wanted);
}

static void check_local(const struct zone *zone, const char *instant, const char *date, int32_t minute,
                        int32_t second)
{
    int32_t day = 0;
    int32_t got_minute = 0;
    int32_t got_second = 0;
    zone_local_from_utc(zone, utc(instant), &day, &got_minute, &got_second);
    char got[DATE_TEXT_SIZE];
    date_format(day, got);
    assert_string_equal(got, date);
    assert_int_equal(got_minute, minute);
    assert_int_equal(got_second, second);
}

static void check_shanghai(const struct zone *zone)
{
    assert_string_equal(zone->tzid, "Asia/Shanghai");
    assert_int_equal(zone->std_offset_s, 28800);
    assert_int_equal(zone->dst_offset_s, 28800);
    assert_false(zone->has_dst);
    assert_string_equal(zone->std_name, "CST");
    check_utc(zone, "2026-11-23", "08:30", "2026-11-23T00:30:00Z");
    check_utc(zone, "2026-11-23", "00:00", "2026-11-22T16:00:00Z");
    check_utc(zone, "2026-11-23", "24:00", "2026-11-23T16:00:00Z");
    check_local(zone, "2026-11-22T16:00:00Z", "2026-11-23", 0, 0);
    check_local(zone, "2026-11-22T15:59:59Z", "2026-11-22", 1439, 59);
}

static void shanghai_by_the_system(void **state)
{
    (void)state;
    struct zone zone;
    struct error err = {0};
    assert_int_equal(zone_load("Asia/Shanghai", &zone, &err), ERR_NONE);
    check_shanghai(&zone);
}

static void shanghai_without_a_file(void **state)
{
    (void)state;
    struct zone zone;
    struct error err = {0};
    assert_int_equal(zone_load_from("/nonexistent", "Asia/Shanghai", &zone, &err), ERR_NONE);
    check_shanghai(&zone);
    assert_int_equal(zone_load_from("/nonexistent", "Asia/Urumqi", &zone, &err), ERR_NOT_FOUND);
    assert_non_null(strstr(err.text, "Asia/Urumqi"));
    check_shanghai(&zone);
}

static void check_london(const struct zone *zone)
{
    assert_true(zone->has_dst);
    assert_int_equal(zone->std_offset_s, 0);
    assert_int_equal(zone->dst_offset_s, 3600);
    assert_string_equal(zone->std_name, "GMT");
    assert_string_equal(zone->dst_name, "BST");
    assert_int_equal(zone->dst_start.month, 3);
    assert_int_equal(zone->dst_start.week, 5);
    assert_int_equal(zone->dst_start.weekday, 7);
    assert_int_equal(zone->dst_start.second, 3600);
    assert_int_equal(zone->dst_end.month, 10);
    assert_int_equal(zone->dst_end.second, 7200);
    /* Spring: 2026-03-29 01:00 GMT, the clock goes to 02:00. */
    check_utc(zone, "2026-03-29", "00:59", "2026-03-29T00:59:00Z");
    check_utc(zone, "2026-03-29", "01:30", "2026-03-29T01:30:00Z"); /* in the gap: GMT */
    check_utc(zone, "2026-03-29", "02:00", "2026-03-29T01:00:00Z");
    check_utc(zone, "2026-07-01", "19:00", "2026-07-01T18:00:00Z");
    check_local(zone, "2026-03-29T00:59:59Z", "2026-03-29", 59, 59);
    check_local(zone, "2026-03-29T01:00:00Z", "2026-03-29", 120, 0);
    /* Autumn: 2026-10-25 02:00 BST, the clock goes to 01:00. */
    check_utc(zone, "2026-10-25", "00:59", "2026-10-24T23:59:00Z");
    check_utc(zone, "2026-10-25", "01:00", "2026-10-25T00:00:00Z"); /* twice: BST first */
    check_utc(zone, "2026-10-25", "01:59", "2026-10-25T00:59:00Z");
    check_utc(zone, "2026-10-25", "02:00", "2026-10-25T02:00:00Z");
    check_local(zone, "2026-10-25T00:59:59Z", "2026-10-25", 119, 59);
    check_local(zone, "2026-10-25T01:00:00Z", "2026-10-25", 60, 0);
    check_utc(zone, "2026-12-31", "23:00", "2026-12-31T23:00:00Z");
}

static void london(void **state)
{
    (void)state;
    struct zone zone = zone_of(LONDON);
    check_london(&zone);
}

static void london_by_the_system(void **state)
{
    (void)state;
    struct zone zone;
    struct error err = {0};
    enum error_code code = zone_load("Europe/London", &zone, &err);
    if (code == ERR_NOT_FOUND) {
        skip(); /* tzdata is not installed */
    }
    assert_int_equal(code, ERR_NONE);
    check_london(&zone);
}

static void south_of_the_equator(void **state)
{
    (void)state;
    struct zone zone = zone_of("AEST-10AEDT,M10.1.0,M4.1.0/3");
    check_utc(&zone, "2026-01-01", "12:00", "2026-01-01T01:00:00Z");
    check_utc(&zone, "2026-07-01", "12:00", "2026-07-01T02:00:00Z");
    check_utc(&zone, "2026-04-05", "02:30", "2026-04-04T15:30:00Z"); /* twice */
    check_utc(&zone, "2026-04-05", "03:00", "2026-04-04T17:00:00Z");
    check_utc(&zone, "2026-10-04", "02:30", "2026-10-03T16:30:00Z"); /* gap */
    check_utc(&zone, "2026-10-04", "03:00", "2026-10-03T16:00:00Z");
}

/* Dublin's winter is its "daylight" time, with the smaller offset. */
static void negative_daylight(void **state)
{
    (void)state;
    struct zone dublin = zone_of("IST-1GMT0,M10.5.0,M3.5.0/1");
    assert_int_equal(dublin.std_offset_s, 3600);
    assert_int_equal(dublin.dst_offset_s, 0);
    struct zone zone = zone_of(LONDON);
    for (int32_t day = 20454; day < 20454 + 730; day++) {
        for (int32_t minute = 0; minute < DAY_MINUTES; minute += 15) {
            assert_int_equal(zone_utc_from_local(&dublin, day, minute),
                             zone_utc_from_local(&zone, day, minute));
        }
    }
}

static void odd_times_of_change(void **state)
{
    (void)state;
    /* Nuuk changes on the evening before the last Sunday, Jerusalem 26 h after a Thursday began. */
    struct zone nuuk = zone_of("<-02>2<-01>,M3.5.0/-1,M10.5.0/0");
    assert_int_equal(nuuk.dst_start.second, -3600);
    assert_string_equal(nuuk.std_name, "-02");
    check_local(&nuuk, "2026-03-29T00:59:59Z", "2026-03-28", 22 * 60 + 59, 59);
    check_local(&nuuk, "2026-03-29T01:00:00Z", "2026-03-29", 0, 0);
    struct zone jerusalem = zone_of("IST-2IDT,M3.4.4/26,M10.5.0");
    check_local(&jerusalem, "2026-03-26T23:59:59Z", "2026-03-27", 119, 59);
    check_local(&jerusalem, "2026-03-27T00:00:00Z", "2026-03-27", 180, 0);
    struct zone chatham = zone_of("<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45");
    assert_int_equal(chatham.std_offset_s, 45900);
    assert_int_equal(chatham.dst_offset_s, 49500);
}

/* Every local minute of a year comes back, but those in the gap. */
static void there_and_back(void **state)
{
    (void)state;
    static const char *const RULES[] = {LONDON, "AEST-10AEDT,M10.1.0,M4.1.0/3",
                                        "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "CST-8"};
    static const int32_t GAP_MIN[] = {60, 60, 30, 0};
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) {
        struct zone zone = zone_of(RULES[i]);
        int32_t lost = 0;
        for (int32_t day = 20454; day < 20454 + 365; day++) {
            for (int32_t minute = 0; minute < DAY_MINUTES; minute++) {
                int32_t back_day = 0;
                int32_t back_minute = 0;
                zone_local_from_utc(&zone, zone_utc_from_local(&zone, day, minute), &back_day, &back_minute,
                                    NULL);
                lost += back_day != day || back_minute != minute ? 1 : 0;
            }
        }
        assert_int_equal(lost, GAP_MIN[i]);
    }
}

static void far_times_do_not_overflow(void **state)
{
    (void)state;
    struct zone zone = zone_of(LONDON);
    assert_true(zone_utc_from_local(&zone, INT32_MAX, INT32_MAX) > 0);
    assert_true(zone_utc_from_local(&zone, INT32_MIN, INT32_MIN) < 0);
    int32_t day = 0;
    zone_local_from_utc(&zone, INT64_MAX, &day, NULL, NULL);
    assert_int_equal(day, INT32_MAX);
    zone_local_from_utc(&zone, INT64_MIN, &day, NULL, NULL);
    assert_int_equal(day, INT32_MIN);
    int32_t minute = -1;
    zone_local_from_utc(&zone, -1, NULL, &minute, NULL);
    assert_int_equal(minute, 1439);
}

static void names_are_checked(void **state)
{
    (void)state;
    char long_name[ZONE_TZID_SIZE + 1];
    memset(long_name, 'a', sizeof long_name);
    long_name[ZONE_TZID_SIZE] = '\0';
    const char *const bad[] = {"",
                               "/etc/passwd",
                               "../../etc/passwd",
                               "Asia/../../etc/passwd",
                               "Asia//Shanghai",
                               "Asia/",
                               "Asia/Shang\nhai",
                               "Asia/Shang\x01",
                               "Asia\\Shanghai",
                               "亚洲/上海",
                               ".",
                               "Asia/.",
                               "Asia Shanghai",
                               long_name};
    struct zone zone = {.tzid = "untouched"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(zone_load(bad[i], &zone, NULL), ERR_INPUT);
        assert_int_equal(zone_parse(bad[i], "CST-8", &zone, NULL), ERR_INPUT);
    }
    assert_int_equal(zone_load(NULL, &zone, NULL), ERR_INPUT);
    assert_string_equal(zone.tzid, "untouched");
    long_name[ZONE_TZID_SIZE - 1] = '\0'; /* 64 bytes are allowed */
    assert_int_equal(zone_parse(long_name, "CST-8", &zone, NULL), ERR_NONE);
    assert_int_equal(zone_load(long_name, &zone, NULL), ERR_NOT_FOUND);
}

static void other_rules_are_refused(void **state)
{
    (void)state;
    static const char *const BAD[] = {"",
                                      "CST",
                                      "CST-",
                                      "CS-8",
                                      "<+08-8",
                                      "CST-8x",
                                      "CST-25",
                                      "EST5EDT",
                                      "EST5EDT,J60,J300",
                                      "EST5EDT,60,300",
                                      "EST5EDT,M3.2.0",
                                      "EST5EDT,M13.2.0,M11.1.0",
                                      "EST5EDT,M3.6.0,M11.1.0",
                                      "EST5EDT,M3.2.7,M11.1.0",
                                      "EST5EDT,M3.0.0,M11.1.0",
                                      "EST5EDT,M3.2.0/168,M11.1.0",
                                      "EST5EDT,M3.2.0/,M11.1.0",
                                      "EST5EDT,M3.2.0,M11.1.0 ",
                                      "CST-8:60",
                                      "ABCDEFGHIJKLMNOPQ-8",
                                      "EST5EDT,M3.2.0,M11.1.0\n"};
    struct zone zone = {.tzid = "untouched"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        if (zone_parse("Test/Zone", BAD[i], &zone, NULL) != ERR_INPUT) {
            fail_msg("accepted: %s", BAD[i]);
        }
    }
    assert_int_equal(zone_parse("Test/Zone", NULL, &zone, NULL), ERR_INPUT);
    assert_string_equal(zone.tzid, "untouched");
}

/* A TZif file of version 2 with one change at `change_s`, RFC 8536 §3. */
static size_t file_make(unsigned char *ret_bytes, int64_t change_s, const char *footer)
{
    memset(ret_bytes, 0, 512);
    unsigned char *at = ret_bytes;
    static const unsigned char COUNTS[2][6] = {{0, 0, 0, 0, 1, 4}, {0, 0, 0, 1, 1, 4}};
    for (int block = 0; block < 2; block++) {
        memcpy(at, "TZif2", sizeof "TZif2");
        for (int i = 0; i < 6; i++) {
            at[20 + 4 * i + 3] = COUNTS[block][i];
        }
        at += 44;
        if (block == 1) {
            for (int i = 0; i < 8; i++) {
                at[i] = (unsigned char)((uint64_t)change_s >> (56 - 8 * i));
            }
            at += 8 + 1; /* the time and its type */
        }
        at += 6; /* one type: offset 0 */
        memcpy(at, "UTC", 4);
        at += 4;
    }
    int length = sprintf((char *)at, "\n%s\n", footer);
    return (size_t)(at - ret_bytes) + (size_t)length;
}

static enum error_code file_load(const void *bytes, size_t length, struct zone *ret_zone)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/Sample", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    struct error err = {0};
    enum error_code code = zone_load_from(folder, "Sample", ret_zone, &err);
    assert_int_equal(err.code, code);
    assert_true(code == ERR_NONE || strlen(err.text) > 0);
    return code;
}

static void a_file_is_read(void **state)
{
    (void)state;
    unsigned char bytes[512];
    struct zone zone;
    size_t length = file_make(bytes, 1000, LONDON);
    assert_int_equal(file_load(bytes, length, &zone), ERR_NONE);
    assert_string_equal(zone.tzid, "Sample");
    check_london(&zone);
    /* The last 32-bit second is still the past of a regular zone; the next is not. */
    length = file_make(bytes, INT32_MAX, LONDON);
    assert_int_equal(file_load(bytes, length, &zone), ERR_NONE);
    length = file_make(bytes, (int64_t)INT32_MAX + 1, LONDON);
    assert_int_equal(file_load(bytes, length, &zone), ERR_INPUT);
    length = file_make(bytes, -5000000000, LONDON);
    assert_int_equal(file_load(bytes, length, &zone), ERR_NONE);
}

static void a_broken_file_is_refused(void **state)
{
    (void)state;
    unsigned char bytes[512];
    struct zone zone = {.tzid = "untouched"};
    size_t whole = file_make(bytes, 1000, LONDON);
    for (size_t length = 0; length < whole; length++) {
        assert_int_equal(file_load(bytes, length, &zone), ERR_INPUT);
    }
    for (size_t i = 0; i < 6; i++) { /* counts beyond the file, in both headers */
        bytes[20 + 4 * i] = 0xff;
        assert_int_equal(file_load(bytes, whole, &zone), ERR_INPUT);
        bytes[20 + 4 * i] = 0;
        bytes[54 + 20 + 4 * i] = 0xff;
        assert_int_equal(file_load(bytes, whole, &zone), ERR_INPUT);
        bytes[54 + 20 + 4 * i] = 0;
    }
    bytes[4] = '\0'; /* version 1 has no footer */
    assert_int_equal(file_load(bytes, whole, &zone), ERR_INPUT);
    whole = file_make(bytes, 1000, "");
    assert_int_equal(file_load(bytes, whole, &zone), ERR_INPUT);
    whole = file_make(bytes, 1000, "EST5EDT,J60,J300");
    assert_int_equal(file_load(bytes, whole, &zone), ERR_INPUT);
    assert_string_equal(zone.tzid, "untouched");
    assert_int_equal(zone_load_from("/", "tmp", &zone, NULL), ERR_INPUT); /* a folder */
}

static void a_huge_file_is_refused(void **state)
{
    (void)state;
    unsigned char *bytes = calloc(1, LIMIT_ZONE_BYTES + 1);
    assert_non_null(bytes);
    size_t length = file_make(bytes, 1000, LONDON);
    assert_true(length < LIMIT_ZONE_BYTES);
    struct zone zone;
    assert_int_equal(file_load(bytes, LIMIT_ZONE_BYTES, &zone), ERR_NONE);
    assert_int_equal(file_load(bytes, LIMIT_ZONE_BYTES + 1, &zone), ERR_LIMIT);
    free(bytes);
}

static void a_long_folder_is_refused(void **state)
{
    (void)state;
    char long_folder[600];
    memset(long_folder, 'f', sizeof long_folder);
    long_folder[sizeof long_folder - 1] = '\0';
    struct zone zone;
    assert_int_equal(zone_load_from(long_folder, "Asia/Shanghai", &zone, NULL), ERR_LIMIT);
}

static int folder_make(void **state)
{
    (void)state;
    const char *parent = getenv("TMPDIR");
    (void)snprintf(folder, sizeof folder, "%.40s/zone-XXXXXX", parent == NULL ? "/tmp" : parent);
    return mkdtemp(folder) == NULL ? 1 : 0;
}

static int folder_remove(void **state)
{
    (void)state;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/Sample", folder);
    (void)unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shanghai_by_the_system),
        cmocka_unit_test(shanghai_without_a_file),
        cmocka_unit_test(london),
        cmocka_unit_test(london_by_the_system),
        cmocka_unit_test(south_of_the_equator),
        cmocka_unit_test(negative_daylight),
        cmocka_unit_test(odd_times_of_change),
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(far_times_do_not_overflow),
        cmocka_unit_test(names_are_checked),
        cmocka_unit_test(other_rules_are_refused),
        cmocka_unit_test(a_file_is_read),
        cmocka_unit_test(a_broken_file_is_refused),
        cmocka_unit_test(a_huge_file_is_refused),
        cmocka_unit_test(a_long_folder_is_refused),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
