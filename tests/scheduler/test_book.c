/* The book: what is put in is found in order of time by every way, and is gone when taken out. */
#include "rules_city.h"
#include "scheduler/placement.h"

#include "base/rng.h"

static int city_set(void **state)
{
    struct city *city = malloc(sizeof *city);
    assert_non_null(city);
    city_build(city);
    city_open(city);
    *state = city;
    return 0;
}

static int city_drop(void **state)
{
    city_close(*state);
    free(*state);
    return 0;
}

static void test_add_find_remove(void **state)
{
    struct city *city = *state;
    struct book *book = city->book;
    assert_int_equal(book_slot_end(book), 0);
    assert_int_equal(book_hall_first(book, city->hall), NONE);
    struct placement at = meeting(17, city->stage, tuesday(), 600, 120);
    uint32_t slot = city_put(city, at);
    assert_int_equal(book_slot_of(book, 17), slot);
    assert_true(placement_equal(book_at(book, slot), &at));
    struct error err;
    uint32_t second = 99;
    assert_int_equal(book_add(book, &at, &second, &err), ERR_EXISTS);
    assert_int_equal(second, 99);
    at.session_id = 0;
    second = city_put(city, at);
    uint32_t third = city_put(city, at); /* sessions without a number may be many */
    assert_int_equal(book_slot_of(book, 0), NONE);
    book_remove(book, slot);
    assert_false(book_slot_used(book, slot));
    assert_null(book_at(book, slot));
    assert_int_equal(book_slot_of(book, 17), NONE);
    book_remove(book, slot); /* twice is nothing */
    book_remove(book, NONE);
    assert_true(book_slot_used(book, second) && book_slot_used(book, third));
    assert_int_equal(city_put(city, meeting(18, city->stage, tuesday(), 0, 10)), slot); /* used again */
    assert_int_equal(book_slot_end(book), 3);
}

static void test_bounds(void **state)
{
    struct city *city = *state;
    struct error err;
    uint32_t slot = 99;
    struct placement at = meeting(17, city->stage, tuesday(), 600, 0);
    assert_int_equal(book_add(city->book, &at, &slot, &err), ERR_INPUT);
    at = meeting(17, NONE, tuesday(), 600, 60);
    assert_int_equal(book_add(city->book, &at, &slot, NULL), ERR_INPUT);
    assert_int_equal(slot, 99);
    assert_int_equal(book_slot_end(city->book), 0);
    assert_int_equal(book_hall_first(city->book, NONE), NONE);
    assert_int_equal(book_instructor_first(city->book, NONE), NONE);
    assert_int_equal(book_course_first(city->book, NONE), NONE);
    assert_int_equal(book_series_first(city->book, 12345), NONE);
    assert_int_equal(book_hall_next(city->book, 5), NONE);
    assert_int_equal(book_course_next(city->book, 5), NONE);
    assert_int_equal(book_series_next(city->book, 5), NONE);
    assert_int_equal(book_instructor_next(city->book, 5, JIA), NONE);
    book_destroy(NULL);
}

/* Cancelled sessions stay out; an empty book holds none. */
static void test_create_from_sessions(void **state)
{
    (void)state;
    struct city city;
    struct error err = {.code = ERR_NONE};
    city_build(&city);
    for (int i = 0; i < 6; i++) {
        struct session session = {.at = meeting(10 + i, 0, tuesday() - i, 600, 60),
                                  .status = i == 2 ? SESSION_CANCELLED : SESSION_CONFIRMED,
                                  .counts_as = 1};
        must(timetable_add_session(city.timetable, &session, &err), &err);
    }
    city_open(&city);
    assert_int_equal(book_slot_of(city.book, 12), NONE);
    int64_t expected = 15;
    for (uint32_t slot = book_hall_first(city.book, 0); slot != NONE;
         slot = book_hall_next(city.book, slot)) {
        expected -= expected == 12 ? 1 : 0;
        assert_int_equal(book_at(city.book, slot)->session_id, expected);
        expected--;
    }
    assert_int_equal(expected, 9);
    struct book *empty = NULL;
    must(book_create(city.timetable, true, &empty, &err), &err);
    assert_ptr_equal(book_timetable(empty), city.timetable);
    assert_int_equal(book_slot_end(empty), 0);
    book_destroy(empty);
    city_close(&city);
}

static bool comes_before(const struct placement *a, const struct placement *b)
{
    if (placement_start(a) != placement_start(b)) {
        return placement_start(a) < placement_start(b);
    }
    return a->session_id < b->session_id;
}

enum walk {
    WALK_HALL,
    WALK_INSTRUCTOR,
    WALK_SERIES,
    WALK_COURSE,
    WALK_COUNT
};

static bool belongs(const struct city *city, enum walk walk, int64_t key, const struct placement *at)
{
    switch (walk) {
    case WALK_HALL:
        return city->timetable->rooms[at->room].hall == key;
    case WALK_INSTRUCTOR:
        return placement_teaches(at, (uint32_t)key);
    case WALK_SERIES:
        return at->series_id == key;
    default:
        return at->course == key;
    }
}

static uint32_t walk_first(const struct book *book, enum walk walk, int64_t key)
{
    switch (walk) {
    case WALK_HALL:
        return book_hall_first(book, (uint32_t)key);
    case WALK_INSTRUCTOR:
        return book_instructor_first(book, (uint32_t)key);
    case WALK_SERIES:
        return book_series_first(book, key);
    default:
        return book_course_first(book, (uint32_t)key);
    }
}

static uint32_t walk_next(const struct book *book, enum walk walk, int64_t key, uint32_t slot)
{
    switch (walk) {
    case WALK_HALL:
        return book_hall_next(book, slot);
    case WALK_INSTRUCTOR:
        return book_instructor_next(book, slot, (uint32_t)key);
    case WALK_SERIES:
        return book_series_next(book, slot);
    default:
        return book_course_next(book, slot);
    }
}

/* A walk meets just those that belong, each once, in order of time. */
static void assert_walk(const struct city *city, enum walk walk, int64_t key)
{
    const struct placement *last = NULL;
    size_t met = 0;
    size_t expected = 0;
    for (uint32_t slot = walk_first(city->book, walk, key); slot != NONE;
         slot = walk_next(city->book, walk, key, slot)) {
        const struct placement *at = book_at(city->book, slot);
        assert_non_null(at);
        assert_true(belongs(city, walk, key, at));
        assert_true(last == NULL || comes_before(last, at));
        last = at;
        met++;
    }
    for (uint32_t slot = 0; slot < book_slot_end(city->book); slot++) {
        const struct placement *at = book_at(city->book, slot);
        expected += at != NULL && belongs(city, walk, key, at) ? 1 : 0;
    }
    assert_int_equal(met, expected);
}

static struct placement random_meeting(const struct city *city, struct rng *rng, int64_t id)
{
    struct placement at =
        meeting(id, rng_below(rng, (uint32_t)city->timetable->room_count),
                tuesday() + (int32_t)rng_below(rng, 9), (int32_t)rng_below(rng, 4) * 300, 60);
    at.course = rng_below(rng, COURSE_COUNT);
    at.series_id = (int64_t)rng_below(rng, 5) - 2;
    at.instructor_count = (uint8_t)rng_below(rng, 4);
    for (uint8_t i = 0; i < at.instructor_count; i++) {
        at.instructors[i] = (uint32_t)(id + i) % INSTRUCTOR_COUNT;
    }
    return at;
}

static void test_random_walks(void **state)
{
    struct city *city = *state;
    struct rng rng;
    rng_seed(&rng, 20260512);
    for (int64_t id = 1; id <= 3000; id++) {
        city_put(city, random_meeting(city, &rng, id));
        if (rng_below(&rng, 100) < 48) {
            book_remove(city->book, book_slot_of(city->book, 1 + (int64_t)rng_below(&rng, (uint32_t)id)));
        }
        if (id % 500 == 0) {
            for (int64_t key = -2; key < 6; key++) {
                if (key != 0) {
                    assert_walk(city, WALK_SERIES, key);
                }
                if (key >= 0) {
                    assert_walk(city, WALK_HALL, key);
                    assert_walk(city, WALK_INSTRUCTOR, key);
                    assert_walk(city, WALK_COURSE, key);
                }
            }
        }
    }
    for (int64_t id = 1; id <= 3000; id++) {
        uint32_t slot = book_slot_of(city->book, id);
        assert_true(slot == NONE || book_at(city->book, slot)->session_id == id);
        book_remove(city->book, slot);
        assert_int_equal(book_slot_of(city->book, id), NONE);
    }
    assert_int_equal(book_hall_first(city->book, city->hall), NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_add_find_remove, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_bounds, city_set, city_drop),
        cmocka_unit_test(test_create_from_sessions),
        cmocka_unit_test_setup_teardown(test_random_walks, city_set, city_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
