#include "base/vec.h"

#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

struct numbers {
    int *items;
    size_t count, capacity;
};

static void push_keeps_all_items(void **state)
{
    (void)state;
    struct numbers numbers = {0};
    enum error_code code = ERR_INTERNAL;
    for (int i = 0; i < 10000; i++) {
        VEC_PUSH(code, &numbers, i, 10000);
        assert_int_equal(code, ERR_NONE);
    }
    for (int i = 0; i < 10000; i++) {
        assert_int_equal(numbers.items[i], i);
    }
    assert_true(numbers.capacity <= 10000);
    VEC_PUSH(code, &numbers, 1, 10000);
    assert_int_equal(code, ERR_LIMIT);
    assert_int_equal(numbers.count, 10000);
    assert_int_equal(numbers.items[9999], 9999);
    free(numbers.items);
}

static void growth_is_by_half_and_at_least_sixteen(void **state)
{
    (void)state;
    size_t capacity = 0;
    int *items = vec_reserve(NULL, &capacity, 1, sizeof *items, 1000);
    assert_non_null(items);
    assert_int_equal(capacity, 16);
    items = vec_reserve(items, &capacity, 17, sizeof *items, 1000);
    assert_int_equal(capacity, 24);
    items = vec_reserve(items, &capacity, 500, sizeof *items, 1000);
    assert_int_equal(capacity, 500);
    items = vec_reserve(items, &capacity, 999, sizeof *items, 1000);
    assert_int_equal(capacity, 999);
    int *same = vec_reserve(items, &capacity, 10, sizeof *items, 1000);
    assert_ptr_equal(same, items);
    free(same);
}

static void small_ceiling_bounds_the_first_growth(void **state)
{
    (void)state;
    size_t capacity = 0;
    char *items = vec_reserve(NULL, &capacity, 1, 1, 3);
    assert_non_null(items);
    assert_int_equal(capacity, 3);
    assert_null(vec_reserve(items, &capacity, 4, 1, 3));
    assert_int_equal(capacity, 3);
    free(items);
}

static void overflow_and_exhaustion_leave_the_array(void **state)
{
    (void)state;
    size_t capacity = 0;
    char *items = vec_reserve(NULL, &capacity, 8, 16, SIZE_MAX);
    assert_non_null(items);
    items[0] = 'x';
    assert_null(vec_reserve(items, &capacity, SIZE_MAX, 16, SIZE_MAX));
    assert_null(vec_reserve(items, &capacity, SIZE_MAX / 16 + 1, 16, SIZE_MAX));
    assert_null(vec_reserve(items, &capacity, SIZE_MAX / 32, 16, SIZE_MAX));
    assert_null(vec_reserve(items, &capacity, 100, 0, SIZE_MAX));
    assert_int_equal(capacity, 16);
    assert_int_equal(items[0], 'x');
    size_t huge = SIZE_MAX;
    assert_null(vec_reserve(NULL, &huge, 1, 16, SIZE_MAX));
    free(items);
}

static void nothing_is_not_a_failure(void **state)
{
    (void)state;
    size_t capacity = 0;
    void *items = vec_reserve(NULL, &capacity, 0, 8, 0);
    assert_non_null(items);
    free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(push_keeps_all_items),
        cmocka_unit_test(growth_is_by_half_and_at_least_sixteen),
        cmocka_unit_test(small_ceiling_bounds_the_first_growth),
        cmocka_unit_test(overflow_and_exhaustion_leave_the_array),
        cmocka_unit_test(nothing_is_not_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
