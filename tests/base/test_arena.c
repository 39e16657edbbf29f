#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

/* AddressSanitizer ends the program at a huge malloc unless told otherwise. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    static const unsigned char ZEROS[300];
    struct arena arena;
    arena_init(&arena);
    for (size_t size = 0; size < 300; size++) {
        unsigned char *memory = arena_alloc(&arena, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        assert_memory_equal(memory, ZEROS, size);
        memset(memory, 0xaa, size);
    }
    arena_finish(&arena);
}

static void pieces_do_not_overlap(void **state)
{
    (void)state;
    enum {
        PIECES = 3000
    };
    static unsigned char *pieces[PIECES];
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < PIECES; i++) {
        /* Every 100th piece is larger than any block. */
        size_t size = i % 100 == 99 ? 2000000 : i % 257 + 1;
        pieces[i] = arena_alloc(&arena, size);
        assert_non_null(pieces[i]);
        pieces[i][0] = (unsigned char)i;
        pieces[i][size - 1] = (unsigned char)i;
    }
    for (size_t i = 0; i < PIECES; i++) {
        size_t size = i % 100 == 99 ? 2000000 : i % 257 + 1;
        assert_int_equal(pieces[i][0], (unsigned char)i);
        assert_int_equal(pieces[i][size - 1], (unsigned char)i);
    }
    assert_true(arena.used <= arena.reserved);
    arena_finish(&arena);
}

static void a_large_piece_leaves_the_block_in_use(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    char *before = arena_alloc(&arena, 16);
    assert_non_null(arena_alloc(&arena, 1000000));
    char *after = arena_alloc(&arena, 16);
    assert_ptr_equal(after, before + 16);
    arena_finish(&arena);
}

static void overflow_and_exhaustion_answer_null(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_null(arena_alloc(&arena, SIZE_MAX - 64));
    assert_null(arena_alloc(&arena, SIZE_MAX / 2));
    assert_null(arena_array(&arena, SIZE_MAX / 2, 3));
    assert_null(arena_array(&arena, 3, SIZE_MAX / 2));
    assert_null(arena_copy_bytes(&arena, "x", SIZE_MAX));
    assert_int_equal(arena.used, 0);
    assert_int_equal(arena.reserved, 0);
    assert_non_null(arena_alloc(&arena, 8));
    arena_finish(&arena);
}

static void copies(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    char *text = arena_copy_text(&arena, "文化礼堂");
    assert_string_equal(text, "文化礼堂");
    char *bytes = arena_copy_bytes(&arena, "ab\0cd", 5);
    assert_memory_equal(bytes, "ab\0cd", 6);
    assert_string_equal(arena_copy_bytes(&arena, NULL, 0), "");
    assert_null(arena_copy_text(&arena, NULL));
    assert_non_null(arena_array(&arena, 0, 8));
    arena_finish(&arena);
}

static void finish_leaves_it_usable(void **state)
{
    (void)state;
    struct arena arena = {0};
    arena_finish(&arena);
    assert_non_null(arena_alloc(&arena, 100));
    arena_finish(&arena);
    assert_null(arena.head);
    assert_int_equal(arena.used, 0);
    assert_int_equal(arena.reserved, 0);
    assert_non_null(arena_alloc(&arena, 100));
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(a_large_piece_leaves_the_block_in_use),
        cmocka_unit_test(overflow_and_exhaustion_answer_null),
        cmocka_unit_test(copies),
        cmocka_unit_test(finish_leaves_it_usable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
