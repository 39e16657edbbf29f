#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The authors' generators' published outputs (prng.di.unimi.it; also the vectors of rand_xoshiro). */
static void known_numbers(void **state)
{
    (void)state;
    static const uint64_t SPLITMIX[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                        UINT64_C(9817491932198370423), UINT64_C(4593380528125082431)};
    static const uint64_t XOSHIRO[] = {UINT64_C(11520),
                                       UINT64_C(0),
                                       UINT64_C(1509978240),
                                       UINT64_C(1215971899390074240),
                                       UINT64_C(1216172134540287360),
                                       UINT64_C(607988272756665600),
                                       UINT64_C(16172922978634559625),
                                       UINT64_C(8476171486693032832)};
    struct rng rng;
    rng_seed(&rng, 1234567);
    for (size_t i = 0; i < 4; i++) {
        assert_true(rng.state[i] == SPLITMIX[i]);
    }
    rng = (struct rng){{1, 2, 3, 4}};
    for (size_t i = 0; i < sizeof XOSHIRO / sizeof *XOSHIRO; i++) {
        assert_true(rng_next(&rng) == XOSHIRO[i]);
    }
}

static void bounds_hold(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 0);
    uint32_t counts[7] = {0};
    for (int i = 0; i < 70000; i++) {
        uint32_t number = rng_below(&rng, 7);
        assert_true(number < 7);
        counts[number]++;
        double unit = rng_unit(&rng);
        assert_true(unit >= 0.0 && unit < 1.0);
        assert_int_equal(rng_below(&rng, 1), 0);
    }
    for (size_t i = 0; i < 7; i++) {
        assert_in_range(counts[i], 9500, 10500);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_numbers),
        cmocka_unit_test(bounds_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
