#include "base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

/* AddressSanitizer ends the program at a huge malloc unless told otherwise. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void empty_map_answers(void **state)
{
    (void)state;
    struct map map;
    map_init(&map);
    assert_int_equal(map_get(&map, "x"), MAP_NONE);
    assert_int_equal(map_get(&map, NULL), MAP_NONE);
    assert_int_equal(map_add(&map, NULL, 1), ERR_INPUT);
    map_finish(&map);
}

static void add_keeps_put_overwrites(void **state)
{
    (void)state;
    struct map map;
    map_init(&map);
    char copy[] = "331002001201";
    assert_int_equal(map_add(&map, "331002001201", 5), ERR_NONE);
    assert_int_equal(map_add(&map, copy, 6), ERR_EXISTS);
    assert_int_equal(map_get(&map, copy), 5);
    assert_int_equal(map_put(&map, copy, 7), ERR_NONE);
    assert_int_equal(map_get(&map, "331002001201"), 7);
    assert_int_equal(map_put(&map, "", 8), ERR_NONE);
    assert_int_equal(map_get(&map, ""), 8);
    assert_int_equal(map.count, 2);
    map_finish(&map);
    assert_int_equal(map_get(&map, copy), MAP_NONE);
}

/* Codes of villages differ in their last digits only; all must be found again and no other. */
static void many_keys(void **state)
{
    (void)state;
    enum {
        KEYS = 50000,
        KEY_SIZE = 16
    };
    char *keys = malloc((size_t)KEYS * KEY_SIZE);
    assert_non_null(keys);
    struct map map;
    map_init(&map);
    for (uint32_t i = 0; i < KEYS; i++) {
        char *key = keys + (size_t)i * KEY_SIZE;
        (void)snprintf(key, KEY_SIZE, "3310%08u", (unsigned)i);
        assert_int_equal(map_add(&map, key, i), ERR_NONE);
    }
    assert_int_equal(map.count, KEYS);
    assert_int_equal(map.capacity & (map.capacity - 1), 0);
    assert_true(map.count < map.capacity);
    for (uint32_t i = 0; i < 2 * KEYS; i++) {
        char key[KEY_SIZE];
        (void)snprintf(key, sizeof key, "3310%08u", (unsigned)i);
        assert_int_equal(map_get(&map, key), i < KEYS ? i : MAP_NONE);
    }
    map_finish(&map);
    free(keys);
}

/* Slots beyond what memory or a size_t can count; the map stays as it was. */
static void growth_overflow_is_out_of_memory(void **state)
{
    (void)state;
    static const size_t CAPACITIES[] = {(size_t)1 << 62, (size_t)1 << 63};
    for (size_t i = 0; i < 2; i++) {
        struct map map = {.slots = NULL, .capacity = CAPACITIES[i], .count = CAPACITIES[i]};
        assert_int_equal(map_add(&map, "x", 1), ERR_MEMORY);
        assert_int_equal(map_put(&map, "x", 1), ERR_MEMORY);
        assert_true(map.capacity == CAPACITIES[i] && map.count == CAPACITIES[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_map_answers),
        cmocka_unit_test(add_keeps_put_overwrites),
        cmocka_unit_test(many_keys),
        cmocka_unit_test(growth_overflow_is_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
