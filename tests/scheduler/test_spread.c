/* A walk by the stride meets every number once, and its first steps lie evenly over all of them. */
#include "scheduler/spread.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

enum {
    COUNT_MOST = 3000,
    PARTS = 10
};

static void every_number_is_met_once(void **state)
{
    static unsigned char met[COUNT_MOST];
    (void)state;
    for (uint64_t count = 1; count <= COUNT_MOST; count++) {
        uint64_t stride = spread_stride(count);
        uint64_t number = 0;
        memset(met, 0, sizeof met);
        for (uint64_t i = 0; i < count; i++) {
            assert_int_equal(met[number], 0);
            met[number] = 1;
            number = (number + stride) % count;
        }
    }
}

/* Each tenth gets its share of the looks, within two fifths of it for the fewest that are asked. */
static void first_steps_lie_evenly(void **state)
{
    static const uint64_t LOOKS[] = {64, 300, 1500};
    static const uint64_t COUNTS[] = {1501, 1760, 2310, 2900, 2999, 30030, 65536, 1000000, 5040 * 5040};
    (void)state;
    for (size_t k = 0; k < sizeof LOOKS / sizeof *LOOKS * (sizeof COUNTS / sizeof *COUNTS); k++) {
        uint64_t looks = LOOKS[k % 3];
        uint64_t count = COUNTS[k / 3];
        uint64_t stride = spread_stride(count);
        uint64_t share[PARTS] = {0};
        uint64_t number = 0;
        for (uint64_t i = 0; i < looks; i++) {
            share[number * PARTS / count]++;
            number = (number + stride) % count;
        }
        for (size_t part = 0; part < PARTS; part++) {
            assert_in_range(share[part] * PARTS * 10, looks * 6, looks * 14);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_is_met_once),
        cmocka_unit_test(first_steps_lie_evenly),
    };
    return cmocka_run_group_tests_name("scheduler.spread", tests, NULL, NULL);
}
