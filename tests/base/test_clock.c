#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

static void frozen_by_the_environment(void **state)
{
    (void)state;
    assert_int_equal(setenv("LITANG_NOW", "2026-11-23T08:30:00Z", 1), 0);
    struct clock_source clock = clock_system();
    assert_int_equal(clock.now_s(clock.context), 1795422600);
    assert_int_equal(unsetenv("LITANG_NOW"), 0);
}

static void a_bad_freeze_is_no_freeze(void **state)
{
    (void)state;
    struct clock_source clock = clock_system();
    assert_int_equal(setenv("LITANG_NOW", "yesterday", 1), 0);
    int64_t before = (int64_t)time(NULL);
    int64_t now = clock.now_s(clock.context);
    assert_true(now >= before - 1 && now <= before + 60);
    assert_int_equal(unsetenv("LITANG_NOW"), 0);
}

static void monotonic_does_not_go_back(void **state)
{
    (void)state;
    struct clock_source clock = clock_system();
    uint64_t last = clock.mono_ns(clock.context);
    assert_true(last > 0);
    for (int i = 0; i < 1000; i++) {
        uint64_t now = clock.mono_ns(clock.context);
        assert_true(now >= last);
        last = now;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frozen_by_the_environment),
        cmocka_unit_test(a_bad_freeze_is_no_freeze),
        cmocka_unit_test(monotonic_does_not_go_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
