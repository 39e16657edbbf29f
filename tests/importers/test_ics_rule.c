/* Recurrence rules: the examples of RFC 5545 §3.8.5.3, faults, the budget, and libical as an oracle over
 * random rules.
 */
#include "importers/ics_rule.h"

#include "base/date.h"
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TOLD_MAX = 400
};

struct told {
    int32_t days[TOLD_MAX], seconds[TOLD_MAX];
    size_t count, max;
};

static bool tell(void *context, int32_t day, int32_t second)
{
    struct told *told = context;
    told->days[told->count] = day;
    told->seconds[told->count] = second;
    return ++told->count < told->max;
}

static int32_t day_of(int32_t year, int32_t month, int32_t day)
{
    return date_from_civil((struct civil){year, month, day});
}

static enum ics_rule_end expand(const char *text, int32_t day, int32_t second, int32_t last_day, size_t max,
                                struct told *ret)
{
    int64_t budget = 1000000;
    struct ics_rule rule;
    *ret = (struct told){.max = max};
    if (ics_rule_parse(text, &rule) != ICS_RULE_GOOD) {
        fail_msg("not a rule: %s", text);
    }
    const struct ics_rule_run run = {.day = day,
                                     .second = second,
                                     .last_day = last_day,
                                     .until_day = rule.until.day,
                                     .until_second = rule.until.has_time ? rule.until.second : 86399,
                                     .budget = &budget,
                                     .meeting = tell,
                                     .context = ret};
    return ics_rule_expand(&rule, &run);
}

/* The RFC's own examples, from 1997-09-02 (a Tuesday) at 09:00 where it does not say otherwise. */
static void examples_of_the_standard(void **state)
{
    static const struct {
        const char *rule, *start, *expected; /* days, the first ones */
    } EXAMPLES[] = {
        {"FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02", "0902 0912 0922 1002 1012 end"},
        {"FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", "1998-01-01",
         "0101 0102 0103"},
        {"FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997-09-02", "0902 0916 0930 1014 1028"},
        {"FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997-09-02",
         "0902 0904 0909 0911 0916 0918 0923 0925 0930 1002 end"},
        {"FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR", "1997-09-01",
         "0901 0903 0905 0915 0917 0919 0929"},
        {"FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997-09-05",
         "0905 1003 1107 1205 0102 0206 0306 0403 0501 0605 end"},
        {"FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "1997-09-07",
         "0907 0928 1102 1130 0104 0125 0301 0329 0503 0531 end"},
        {"FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22", "0922 1020 1117 1222 0119 0216 end"},
        {"FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", "0928 1029 1128 1229 0129 0226"},
        {"FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "1997-09-30",
         "0930 1001 1031 1101 1130 1201 1231 0101 0131 0201 end"},
        {"FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "1997-09-10",
         "0910 0911 0912 0913 0914 0915 0310 0311 0312 0313 end"},
        {"FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "1997-09-02", "0902 0909 0916 0923 0930 1104"},
        {"FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "1997-06-10", "0610 0710 0610 0710"},
        {"FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "1997-01-01",
         "0101 0410 0719 0101 0409 0718 0101 0410 0719 0101 end"},
        {"FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "0519 0518 0517"},
        {"FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", "0512 0511 0517"},
        {"FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997-03-13", "0313 0320 0327 0305 0312"},
        {"FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998-02-13", "0213 0313 1113 0813 1013"},
        {"FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "1997-09-13", "0913 1011 1108 1213"},
        {"FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05",
         "1105 1107 1102"},
        {"FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", "0904 1007 1106 end"},
        {"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29", "0929 1030 1127 1230 0129 0226 0330"},
        {"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05", "0805 0810 0819 0824 end"},
        {"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05", "0805 0817 0819 0831 end"},
        {"FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007-01-15", "0115 0130 0215 0315 0330 end"},
        {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "1996-02-29", "0229 0229 0229"},
        {"FREQ=YEARLY;BYWEEKNO=1,-1;BYDAY=TH", "2026-01-01", "0101 1231 0107 1230"}};
    (void)state;
    for (size_t i = 0; i < sizeof EXAMPLES / sizeof *EXAMPLES; i++) {
        int32_t start = 0;
        struct told told;
        char text[256] = "";
        size_t wanted = (strlen(EXAMPLES[i].expected) + 1) / 5;
        bool ends = strstr(EXAMPLES[i].expected, "end") != NULL;
        assert_true(date_parse(EXAMPLES[i].start, &start));
        enum ics_rule_end end =
            expand(EXAMPLES[i].rule, start, 32400, start + 366 * 20, ends ? TOLD_MAX : wanted, &told);
        for (size_t m = 0; m < told.count && m < 40; m++) {
            struct civil civil = date_to_civil(told.days[m]);
            (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s%02d%02d", m == 0 ? "" : " ",
                           civil.month, civil.day);
        }
        if (ends) {
            (void)snprintf(text + strlen(text), sizeof text - strlen(text), " end");
            assert_int_equal(end, ICS_RULE_ENDED);
        }
        if (strcmp(text, EXAMPLES[i].expected) != 0) {
            fail_msg("%s\n  gives    %s\n  expected %s", EXAMPLES[i].rule, text, EXAMPLES[i].expected);
        }
    }
}

static void times_of_a_day(void **state)
{
    struct told told;
    (void)state;
    (void)expand("FREQ=DAILY;COUNT=4;BYHOUR=9,14;BYMINUTE=0,30", day_of(2027, 3, 1), 34200,
                 day_of(2027, 4, 1), TOLD_MAX, &told);
    assert_int_equal(told.count, 4);
    assert_int_equal(told.days[0], day_of(2027, 3, 1));
    assert_int_equal(told.seconds[0], 9 * 3600 + 1800); /* 09:00 is before the start */
    assert_int_equal(told.seconds[1], 14 * 3600);
    assert_int_equal(told.seconds[2], 14 * 3600 + 1800);
    assert_int_equal(told.days[3], day_of(2027, 3, 2));
    /* BYSETPOS of a day: libical 3.0.16 reads over it. */
    (void)expand("FREQ=DAILY;BYHOUR=9,14;BYSETPOS=-1", day_of(2027, 3, 1), 0, day_of(2027, 3, 3), TOLD_MAX,
                 &told);
    assert_int_equal(told.count, 3);
    assert_int_equal(told.seconds[0], 14 * 3600);
}

static void faults_are_told_apart(void **state)
{
    static const struct {
        const char *rule;
        enum ics_rule_fault fault;
    } RULES[] = {{"FREQ=HOURLY", ICS_RULE_SUB_DAILY},
                 {"FREQ=MINUTELY;INTERVAL=10", ICS_RULE_SUB_DAILY},
                 {"FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", ICS_RULE_SUB_DAILY},
                 {"FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5", ICS_RULE_SUB_DAILY},
                 {"RSCALE=CHINESE;FREQ=YEARLY", ICS_RULE_CALENDAR},
                 {"RSCALE=GREGORIAN;FREQ=YEARLY", ICS_RULE_GOOD},
                 {"freq=weekly;byday=mo", ICS_RULE_GOOD},
                 {"FREQ=WEEKLY;BYDAY=MO;", ICS_RULE_GOOD},
                 {"", ICS_RULE_SYNTAX},
                 {"FREQ", ICS_RULE_SYNTAX},
                 {"FREQ=FORTNIGHTLY", ICS_RULE_SYNTAX},
                 {"FREQ=DAILY;FREQ=WEEKLY", ICS_RULE_SYNTAX},
                 {"INTERVAL=2", ICS_RULE_SYNTAX},
                 {"FREQ=DAILY;INTERVAL=0", ICS_RULE_SYNTAX},
                 {"FREQ=DAILY;COUNT=-1", ICS_RULE_SYNTAX},
                 {"FREQ=DAILY;UNTIL=tomorrow", ICS_RULE_SYNTAX},
                 {"FREQ=DAILY;BYMONTH=13", ICS_RULE_SYNTAX},
                 {"FREQ=MONTHLY;BYMONTHDAY=0", ICS_RULE_SYNTAX},
                 {"FREQ=MONTHLY;BYMONTHDAY=1,,2", ICS_RULE_SYNTAX},
                 {"FREQ=MONTHLY;BYDAY=XX", ICS_RULE_SYNTAX},
                 {"FREQ=WEEKLY;BYDAY=2MO", ICS_RULE_SYNTAX},
                 {"FREQ=WEEKLY;BYMONTHDAY=2", ICS_RULE_SYNTAX},
                 {"FREQ=MONTHLY;BYWEEKNO=2", ICS_RULE_SYNTAX},
                 {"FREQ=DAILY;BYSETPOS=2", ICS_RULE_SYNTAX},
                 {"FREQ=DAILY;BYEASTER=1", ICS_RULE_SYNTAX},
                 {"FREQ=DAILY;X-NOTE=1", ICS_RULE_GOOD}};
    (void)state;
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) {
        struct ics_rule rule;
        if (ics_rule_parse(RULES[i].rule, &rule) != RULES[i].fault) {
            fail_msg("%s", RULES[i].rule);
        }
    }
}

static void a_rule_that_never_yields_ends_at_the_window(void **state)
{
    struct told told;
    (void)state;
    assert_int_equal(expand("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", day_of(2027, 3, 1), 0, day_of(2100, 1, 1),
                            TOLD_MAX, &told),
                     ICS_RULE_WINDOW);
    assert_int_equal(told.count, 0);
    assert_int_equal(
        expand("FREQ=DAILY;INTERVAL=7;BYDAY=TU", day_of(2027, 3, 1), 0, day_of(2100, 1, 1), TOLD_MAX, &told),
        ICS_RULE_WINDOW);
    assert_int_equal(told.count, 0);
}

static void the_budget_is_kept(void **state)
{
    int64_t budget = 1000;
    struct ics_rule rule;
    struct told told = {.max = TOLD_MAX};
    struct ics_rule_run run = {.day = day_of(2027, 1, 1),
                               .last_day = day_of(2037, 1, 1),
                               .budget = &budget,
                               .meeting = tell,
                               .context = &told};
    (void)state;
    assert_int_equal(ics_rule_parse("FREQ=YEARLY", &rule), ICS_RULE_GOOD);
    assert_int_equal(ics_rule_expand(&rule, &run), ICS_RULE_BUDGET);
    assert_int_equal(told.count, 2); /* two years of 365 days */
}

/* A rule of the kinds that people make, and that libical reads as the standard says. */
static void random_rule(struct rng *rng, char *ret_text, size_t size)
{
    static const char *const FREQUENCIES[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
    static const char *const DAYS[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    uint32_t frequency = rng_below(rng, 4);
    size_t used = (size_t)snprintf(ret_text, size, "FREQ=%s;INTERVAL=%u", FREQUENCIES[frequency],
                                   1 + rng_below(rng, 4));
    uint32_t kind = rng_below(rng, 3);
    if (frequency == 3 || rng_below(rng, 4) == 0) {
        used += (size_t)snprintf(ret_text + used, size - used, ";BYMONTH=%u,%u", 1 + rng_below(rng, 6),
                                 7 + rng_below(rng, 6));
    }
    if (frequency >= 2 && kind == 0) {
        used += (size_t)snprintf(ret_text + used, size - used, ";BYMONTHDAY=%u,-%u", 1 + rng_below(rng, 28),
                                 1 + rng_below(rng, 20));
    } else if (frequency >= 2 && kind == 1) {
        used += (size_t)snprintf(ret_text + used, size - used, ";BYDAY=%u%s,-%u%s", 1 + rng_below(rng, 4),
                                 DAYS[rng_below(rng, 7)], 1 + rng_below(rng, 2), DAYS[rng_below(rng, 7)]);
    } else if (frequency == 1 || kind == 2) {
        used += (size_t)snprintf(ret_text + used, size - used, ";BYDAY=%s,%s", DAYS[rng_below(rng, 4)],
                                 DAYS[4 + rng_below(rng, 3)]);
        if (frequency == 2 && rng_below(rng, 2) == 0) {
            used += (size_t)snprintf(ret_text + used, size - used, ";BYSETPOS=%u,-1", 1 + rng_below(rng, 3));
        }
    }
    if (frequency == 1 && rng_below(rng, 2) == 0) {
        used += (size_t)snprintf(ret_text + used, size - used, ";WKST=SU");
    }
    if (rng_below(rng, 3) == 0) {
        (void)snprintf(ret_text + used, size - used, ";COUNT=%u", 1 + rng_below(rng, 30));
    }
}

static void libical_agrees(void **state)
{
    struct rng rng;
    size_t compared = 0;
    (void)state;
    rng_seed(&rng, 20270301);
    for (size_t i = 0; i < 4000; i++) {
        char text[256];
        struct told told;
        int32_t start = day_of(2026, 1, 1) + (int32_t)rng_below(&rng, 700);
        int32_t last = start + 366 * 6;
        random_rule(&rng, text, sizeof text);
        (void)expand(text, start, 32400, last, 60, &told);
        if (told.count == 0) {
            continue; /* libical might take half a second */
        }
        struct civil civil = date_to_civil(start);
        struct icaltimetype begin = icaltime_null_time();
        begin.year = civil.year;
        begin.month = civil.month;
        begin.day = civil.day;
        begin.hour = 9;
        icalrecur_iterator *other = icalrecur_iterator_new(icalrecurrencetype_from_string(text), begin);
        assert_non_null(other);
        for (size_t m = 0; m < told.count; m++) {
            struct icaltimetype next = icalrecur_iterator_next(other);
            if (icaltime_is_null_time(next) || day_of(next.year, next.month, next.day) != told.days[m]) {
                struct civil ours = date_to_civil(told.days[m]);
                fail_msg("%s from %d-%02d-%02d: meeting %zu is %d-%02d-%02d, libical says %d-%02d-%02d", text,
                         civil.year, civil.month, civil.day, m + 1, ours.year, ours.month, ours.day,
                         next.year, next.month, next.day);
            }
        }
        icalrecur_iterator_free(other);
        compared++;
    }
    print_message("%zu rules compared with libical\n", compared);
    assert_true(compared > 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_of_the_standard),
        cmocka_unit_test(times_of_a_day),
        cmocka_unit_test(faults_are_told_apart),
        cmocka_unit_test(a_rule_that_never_yields_ends_at_the_window),
        cmocka_unit_test(the_budget_is_kept),
        cmocka_unit_test(libical_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
