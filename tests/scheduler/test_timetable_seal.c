/* What sealing derives: ancestors, order, lists. */
#include "base/rng.h"
#include "tests/scheduler/timetable_sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_parents(void **state)
{
    (void)state;
    struct timetable *tt = timetable_new();
    /* children before their parents: the order of adding does not matter */
    uint32_t village = area_add(tt, "331002001001", "331002001", AREA_VILLAGE);
    uint32_t orphan = area_add(tt, "331002401001", "331002401", AREA_VILLAGE);
    uint32_t lost = area_add(tt, "990000", "990", AREA_VILLAGE);
    uint32_t itself = area_add(tt, "88", "881", AREA_TOWNSHIP);
    uint32_t town = area_add(tt, "331002001", "331002", AREA_TOWNSHIP);
    uint32_t county = area_add(tt, "331002", "3310", AREA_COUNTY);
    uint32_t city = area_add(tt, "3310", "", AREA_CITY);
    uint32_t hall = hall_add(tt, "H1", village);
    uint32_t orphan_hall = hall_add(tt, "H2", orphan);
    seal(tt);
    assert_int_equal(tt->areas[village].parent, town);
    assert_int_equal(tt->areas[village].township, town);
    assert_int_equal(tt->areas[village].county, county);
    assert_int_equal(tt->areas[town].township, town);
    assert_int_equal(tt->areas[county].county, county);
    assert_int_equal(tt->areas[county].township, NONE);
    assert_int_equal(tt->areas[city].parent, NONE);
    assert_int_equal(tt->areas[city].county, NONE);
    /* 331002401 is not there; 331002 is the nearest that begins it */
    assert_int_equal(tt->areas[orphan].parent, county);
    assert_int_equal(tt->areas[orphan].township, NONE);
    assert_int_equal(tt->areas[orphan].county, county);
    assert_int_equal(tt->areas[lost].parent, NONE);
    assert_int_equal(tt->areas[itself].parent, NONE);
    assert_int_equal(timetable_hall_township(tt, hall), town);
    assert_int_equal(timetable_hall_county(tt, hall), county);
    assert_int_equal(timetable_hall_township(tt, orphan_hall), NONE);
    assert_int_equal(timetable_hall_township(tt, NONE), NONE);
    assert_true(timetable_area_within(tt, village, city));
    assert_true(timetable_area_within(tt, village, village));
    assert_false(timetable_area_within(tt, city, village));
    assert_false(timetable_area_within(tt, village, NONE));
    assert_false(timetable_area_within(tt, NONE, NONE));
    assert_false(timetable_area_within(tt, orphan, town));
    timetable_unref(tt);
}

static void test_circle_of_parents(void **state)
{
    (void)state;
    struct timetable *tt = timetable_new();
    area_add(tt, "root", NULL, AREA_CITY);
    area_add(tt, "one", "two", AREA_COUNTY);
    area_add(tt, "two", "three", AREA_COUNTY);
    area_add(tt, "three", "one", AREA_COUNTY);
    struct error err = {0};
    assert_int_equal(timetable_seal(tt, &err), ERR_INPUT);
    assert_non_null(strstr(err.text, "one"));
    timetable_unref(tt);

    tt = timetable_new();
    area_add(tt, "self", "self", AREA_COUNTY);
    assert_int_equal(timetable_seal(tt, &err), ERR_INPUT);
    timetable_unref(tt);
}

static void test_depth_of_areas(void **state)
{
    (void)state;
    for (int depth = AREA_ANCESTORS_MAX; depth <= AREA_ANCESTORS_MAX + 1; depth++) {
        struct timetable *tt = timetable_new();
        for (int i = 0; i < depth; i++) {
            char id[16];
            char parent[16];
            (void)snprintf(id, sizeof id, "L%d", i);
            (void)snprintf(parent, sizeof parent, "L%d", i - 1);
            area_add(tt, id, i == 0 ? NULL : parent, AREA_VILLAGE);
        }
        assert_int_equal(timetable_seal(tt, NULL), depth <= AREA_ANCESTORS_MAX ? ERR_NONE : ERR_INPUT);
        timetable_unref(tt);
    }
}

static void test_places_come_down(void **state)
{
    (void)state;
    struct timetable *tt = timetable_new();
    struct area county = area_sample("01", NULL, AREA_COUNTY);
    county.place = (struct place){1, 2, true};
    uint32_t index = NONE;
    assert_int_equal(timetable_add_area(tt, &county, &index, NULL), ERR_NONE);
    area_add(tt, "0101", "01", AREA_TOWNSHIP);
    uint32_t village = area_add(tt, "010101", "0101", AREA_VILLAGE);
    uint32_t nowhere = area_add(tt, "02", NULL, AREA_COUNTY);
    uint32_t by_area = hall_add(tt, "H1", village);
    struct hall own = hall_sample("H2", village);
    own.place = (struct place){3, 4, true};
    uint32_t by_place = NONE;
    assert_int_equal(timetable_add_hall(tt, &own, &by_place, NULL), ERR_NONE);
    uint32_t unknown = hall_add(tt, "H3", nowhere);
    seal(tt);
    assert_int_equal(timetable_hall_place(tt, by_area).lon_e6, 2);
    assert_int_equal(timetable_hall_place(tt, by_place).lon_e6, 4);
    assert_false(timetable_hall_place(tt, unknown).known);
    assert_false(timetable_hall_place(tt, NONE).known);
    timetable_unref(tt);
}

static void test_rooms_are_regrouped(void **state)
{
    (void)state;
    struct timetable *tt = sample_new(); /* holds R1 of H1 at index 0 */
    uint32_t second = hall_add(tt, "H2", 0);
    uint32_t bare = hall_add(tt, "H3", 0);
    uint32_t b2 = room_add(tt, "B2", second);
    uint32_t a9 = room_add(tt, "A9", 0);
    uint32_t b1 = room_add(tt, "B1", second);
    session_add(tt, 10, b2);
    session_add(tt, 11, a9);
    session_add(tt, 12, b1);
    session_add(tt, 13, 0);
    struct closure closure = closure_sample(CLOSURE_ROOM, b1);
    struct closure of_hall = closure_sample(CLOSURE_HALL, second);
    assert_int_equal(timetable_add_closure(tt, &of_hall, NULL), ERR_NONE);
    assert_int_equal(timetable_add_closure(tt, &closure, NULL), ERR_NONE);
    seal(tt);
    static const char *const ORDER[] = {"A9", "R1", "B1", "B2"};
    for (uint32_t i = 0; i < 4; i++) {
        assert_string_equal(tt->rooms[i].id, ORDER[i]);
        assert_int_equal(timetable_find_room(tt, ORDER[i]), i);
    }
    assert_int_equal(tt->halls[0].first_room, 0);
    assert_int_equal(tt->halls[0].room_count, 2);
    assert_int_equal(tt->halls[second].first_room, 2);
    assert_int_equal(tt->halls[second].room_count, 2);
    assert_int_equal(tt->halls[bare].room_count, 0);
    assert_string_equal(tt->rooms[timetable_find_session(tt, 10)->at.room].id, "B2");
    assert_string_equal(tt->rooms[timetable_find_session(tt, 11)->at.room].id, "A9");
    assert_string_equal(tt->rooms[timetable_find_session(tt, 12)->at.room].id, "B1");
    assert_string_equal(tt->rooms[timetable_find_session(tt, 13)->at.room].id, "R1");
    assert_int_equal(tt->closures[0].target, second);
    assert_string_equal(tt->rooms[tt->closures[1].target].id, "B1");
    assert_int_equal(tt->room_closures_start[2], 0);
    assert_int_equal(tt->room_closures_start[3], 1);
    assert_int_equal(tt->room_closures[0], 1);
    timetable_unref(tt);
}

static void test_sessions_by_id(void **state)
{
    (void)state;
    static const int64_t IDS[] = {9, -4, INT64_MAX, 3, INT64_MIN, 1};
    struct timetable *tt = sample_new();
    for (size_t i = 0; i < sizeof IDS / sizeof IDS[0]; i++) {
        session_add(tt, IDS[i], 0);
        struct series series = {.id = IDS[i], .request = NONE, .holiday_rule = HOLIDAY_SKIP};
        assert_int_equal(timetable_add_series(tt, &series, NULL), ERR_NONE);
    }
    seal(tt);
    for (size_t i = 0; i < sizeof IDS / sizeof IDS[0]; i++) {
        assert_int_equal(timetable_find_session(tt, IDS[i])->at.session_id, IDS[i]);
        assert_int_equal(timetable_find_series(tt, IDS[i])->id, IDS[i]);
        assert_true(i == 0 || tt->sessions[i - 1].at.session_id < tt->sessions[i].at.session_id);
    }
    assert_null(timetable_find_session(tt, 2));
    assert_null(timetable_find_session(tt, 10));
    assert_null(timetable_find_series(tt, 2));
    timetable_unref(tt);
}

static void test_double_ids(void **state)
{
    (void)state;
    struct error err = {0};
    struct timetable *tt = sample_new();
    session_add(tt, 8, 0);
    session_add(tt, 7, 0);
    session_add(tt, 8, 0);
    assert_int_equal(timetable_seal(tt, &err), ERR_EXISTS);
    assert_non_null(strstr(err.text, "session 8 "));
    timetable_unref(tt);

    tt = sample_new(); /* in order already */
    session_add(tt, 7, 0);
    session_add(tt, 8, 0);
    session_add(tt, 8, 0);
    assert_int_equal(timetable_seal(tt, &err), ERR_EXISTS);
    timetable_unref(tt);

    tt = sample_new();
    struct series series = {.id = 5, .request = 0};
    assert_int_equal(timetable_add_series(tt, &series, NULL), ERR_NONE);
    assert_int_equal(timetable_add_series(tt, &series, NULL), ERR_NONE);
    assert_int_equal(timetable_seal(tt, &err), ERR_EXISTS);
    assert_non_null(strstr(err.text, "series 5 "));
    timetable_unref(tt);

    tt = sample_new();
    struct holiday holiday = {DAY, "示例节", true};
    assert_int_equal(timetable_add_holiday(tt, &holiday, NULL), ERR_NONE);
    assert_int_equal(timetable_add_holiday(tt, &holiday, NULL), ERR_NONE);
    assert_int_equal(timetable_seal(tt, &err), ERR_EXISTS);
    assert_non_null(strstr(err.text, "2026-11-23"));
    timetable_unref(tt);
}

static void test_lists(void **state)
{
    (void)state;
    struct timetable *tt = sample_new();
    uint32_t hall = hall_add(tt, "H2", 0);
    struct instructor second = instructor_sample("T2");
    uint32_t index = NONE;
    assert_int_equal(timetable_add_instructor(tt, &second, &index, NULL), ERR_NONE);
    static const struct {
        enum closure_scope scope;
        uint32_t target;
    } CLOSURES[] = {{CLOSURE_HALL, 1}, {CLOSURE_AREA, 0}, {CLOSURE_HALL, 0},
                    {CLOSURE_ROOM, 0}, {CLOSURE_HALL, 1}, {CLOSURE_AREA, 0}};
    for (size_t i = 0; i < sizeof CLOSURES / sizeof CLOSURES[0]; i++) {
        struct closure closure = closure_sample(CLOSURES[i].scope, CLOSURES[i].target);
        assert_int_equal(timetable_add_closure(tt, &closure, NULL), ERR_NONE);
    }
    for (uint32_t i = 0; i < 3; i++) {
        struct absence absence = absence_sample(i == 0 ? 1 : i - 1);
        assert_int_equal(timetable_add_absence(tt, &absence, NULL), ERR_NONE);
    }
    seal(tt);
    assert_int_equal(hall, 1);
    static const uint32_t HALL_STARTS[] = {0, 1, 3};
    static const uint32_t HALLS[] = {2, 0, 4};
    assert_memory_equal(tt->hall_closures_start, HALL_STARTS, sizeof HALL_STARTS);
    assert_memory_equal(tt->hall_closures, HALLS, sizeof HALLS);
    static const uint32_t AREA_STARTS[] = {0, 2};
    static const uint32_t AREAS[] = {1, 5};
    assert_memory_equal(tt->area_closures_start, AREA_STARTS, sizeof AREA_STARTS);
    assert_memory_equal(tt->area_closures, AREAS, sizeof AREAS);
    static const uint32_t ROOM_STARTS[] = {0, 1};
    assert_memory_equal(tt->room_closures_start, ROOM_STARTS, sizeof ROOM_STARTS);
    assert_int_equal(tt->room_closures[0], 3);
    static const uint32_t ABSENCE_STARTS[] = {0, 1, 3};
    static const uint32_t ABSENCES[] = {1, 0, 2};
    assert_memory_equal(tt->absences_start, ABSENCE_STARTS, sizeof ABSENCE_STARTS);
    assert_memory_equal(tt->absences_list, ABSENCES, sizeof ABSENCES);
    timetable_unref(tt);
}

static void test_overrides_are_sorted(void **state)
{
    (void)state;
    struct timetable *tt = timetable_new();
    for (char id[] = "a"; id[0] <= 'e'; id[0]++) {
        area_add(tt, id, NULL, AREA_COUNTY);
    }
    static const struct travel_override ROWS[] = {{3, 1, 20}, {2, 0, 9}, {1, 3, 25}, {1, 1, 4}, {0, 2, 9}};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        assert_int_equal(timetable_add_travel_override(tt, &ROWS[i], NULL), ERR_NONE);
    }
    seal(tt);
    /* both directions of a pair are one row with the longer time */
    static const struct travel_override SEALED[] = {{0, 2, 9}, {1, 1, 4}, {1, 3, 25}};
    assert_int_equal(tt->travel_override_count, 3);
    assert_memory_equal(tt->travel_overrides, SEALED, sizeof SEALED);
    timetable_unref(tt);
}

/* Many rows in a random order: what is found by id is what was put in under it. */
static void test_many(void **state)
{
    (void)state;
    enum {
        HALLS = 300,
        ROOMS = 2000,
        SESSIONS = 5000
    };
    struct rng rng;
    rng_seed(&rng, 5);
    struct timetable *tt = sample_new();
    static uint32_t hall_of[ROOMS];
    static uint32_t room_of[SESSIONS];
    char id[16];
    for (uint32_t i = 1; i < HALLS; i++) {
        (void)snprintf(id, sizeof id, "H-%u", i);
        hall_add(tt, id, 0);
    }
    for (uint32_t i = 0; i < ROOMS; i++) {
        (void)snprintf(id, sizeof id, "R-%u", i);
        hall_of[i] = rng_below(&rng, HALLS);
        room_add(tt, id, hall_of[i]);
    }
    for (uint32_t i = 0; i < SESSIONS; i++) {
        room_of[i] = rng_below(&rng, ROOMS);
        session_add(tt, (int64_t)i * 7919 % SESSIONS + 1, room_of[i] + 1); /* R1 is room 0 */
    }
    seal(tt);
    for (uint32_t i = 1; i < tt->room_count; i++) {
        const struct room *before = &tt->rooms[i - 1];
        bool ordered = before->hall < tt->rooms[i].hall ||
                       (before->hall == tt->rooms[i].hall && strcmp(before->id, tt->rooms[i].id) < 0);
        assert_true(ordered);
    }
    for (uint32_t i = 0; i < ROOMS; i++) {
        (void)snprintf(id, sizeof id, "R-%u", i);
        uint32_t room = timetable_find_room(tt, id);
        const struct hall *hall = &tt->halls[hall_of[i]];
        assert_int_equal(tt->rooms[room].hall, hall_of[i]);
        assert_in_range(room, hall->first_room, hall->first_room + hall->room_count - 1);
    }
    for (uint32_t i = 0; i < SESSIONS; i++) {
        const struct session *session = timetable_find_session(tt, (int64_t)i * 7919 % SESSIONS + 1);
        (void)snprintf(id, sizeof id, "R-%u", room_of[i]);
        assert_string_equal(tt->rooms[session->at.room].id, id);
    }
    timetable_unref(tt);
}

/* Reads "code,name,parent_code" rows; the files have no quoted fields. */
static size_t register_load(struct timetable *tt, const char *folder, const char *file, enum area_level level)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/taizhou/%s", folder, file);
    FILE *stream = fopen(path, "r");
    assert_non_null(stream);
    char line[512];
    size_t count = 0;
    assert_non_null(fgets(line, sizeof line, stream));
    while (fgets(line, sizeof line, stream) != NULL) {
        char *rest = line;
        const char *code = strsep(&rest, ",\r\n");
        const char *name = strsep(&rest, ",\r\n");
        const char *parent = strsep(&rest, ",\r\n");
        struct area area = area_sample(code, parent, level);
        area.name = name;
        struct error err = {0};
        uint32_t index = NONE;
        assert_done(timetable_add_area(tt, &area, &index, &err), &err);
        count++;
    }
    (void)fclose(stream);
    return count;
}

static void test_registers_of_different_years(void **state)
{
    (void)state;
    const char *folder = getenv("LITANG_SHARED_DATA");
    if (folder == NULL || *folder == '\0') {
        skip();
    }
    struct timetable *tt = timetable_new();
    assert_int_equal(register_load(tt, folder, "counties.csv", AREA_COUNTY), 9);
    assert_int_equal(register_load(tt, folder, "townships.csv", AREA_TOWNSHIP), 136);
    assert_int_equal(register_load(tt, folder, "villages.csv", AREA_VILLAGE), 3433);
    seal(tt);
    size_t without_township = 0;
    for (size_t i = 0; i < tt->area_count; i++) {
        const struct area *area = &tt->areas[i];
        assert_int_not_equal(area->county, NONE);
        assert_int_equal(strncmp(area->id, tt->areas[area->county].id, 6), 0);
        without_township += area->level == AREA_VILLAGE && area->township == NONE;
    }
    assert_int_equal(without_township, 2);
    timetable_unref(tt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parents),
        cmocka_unit_test(test_circle_of_parents),
        cmocka_unit_test(test_depth_of_areas),
        cmocka_unit_test(test_places_come_down),
        cmocka_unit_test(test_rooms_are_regrouped),
        cmocka_unit_test(test_sessions_by_id),
        cmocka_unit_test(test_double_ids),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_overrides_are_sorted),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_registers_of_different_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
