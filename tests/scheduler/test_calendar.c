#include "scheduler/calendar.h"

#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int32_t day_of(int32_t year, int32_t month, int32_t day)
{
    return date_from_civil((struct civil){year, month, day});
}

static void a_day_is_known(void **state)
{
    (void)state;
    struct day_info info = day_info_plain(day_of(2026, 11, 23));
    assert_int_equal(info.day, day_of(2026, 11, 23));
    assert_int_equal(info.weekday, 1);
    assert_int_equal(info.lunar.year, 2026);
    assert_int_equal(info.lunar.month, 10);
    assert_int_equal(info.lunar.day, 15);
    assert_false(info.lunar.leap);
    assert_false(info.is_off);
    assert_false(info.is_makeup);
    assert_null(info.holiday_name);
}

/* 2000-01-01 was 戊午 and 1949-10-01 甲子. */
static void branches(void **state)
{
    (void)state;
    assert_int_equal(day_info_plain(day_of(2000, 1, 1)).branch, 6);
    assert_int_equal(day_info_plain(day_of(1949, 10, 1)).branch, 0);
    for (int32_t day = DATE_MIN; day < DATE_MAX; day++) {
        uint8_t today = day_info_plain(day).branch;
        assert_true(today < 12);
        assert_int_equal(day_info_plain(day + 1).branch, (today + 1) % 12);
    }
}

static void far_days_have_no_lunar_date(void **state)
{
    (void)state;
    static const int32_t DAYS[] = {INT32_MIN, -1000000, 1000000, INT32_MAX};
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
        struct day_info info = day_info_plain(DAYS[i]);
        assert_int_equal(info.lunar.month, 0);
        assert_true(info.branch < 12);
        assert_true(info.weekday >= 1 && info.weekday <= 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_known),
        cmocka_unit_test(branches),
        cmocka_unit_test(far_days_have_no_lunar_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
