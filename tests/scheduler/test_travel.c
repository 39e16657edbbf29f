/* Travel: distance against the textbook formula, classes, the order of overrides, symmetry. */
#include "base/date.h"
#include "base/rng.h"
#include "scheduler/travel.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
    CLASS_ROAD,
    CLASS_HILL,
    CLASS_FERRY
};

/* Two counties; 示例镇 and 示例岛 (ferry) in the first, 示例山 (hill) in the second; a village each. */
struct city {
    struct timetable *timetable;
    uint32_t county_a, county_b;
    uint32_t town, island, hills;
    uint32_t town_village, island_village, hill_village;
    uint32_t town_hall, island_hall, hill_hall, bare_hall;
};

static const struct place SEAT = {28675942, 121438574, true};   /* 椒江区 */
static const struct place ISLAND = {28452626, 121898038, true}; /* 大陈镇 */
static const struct place HILLS = {28650000, 120900000, true};
static const struct place UNKNOWN = {0, 0, false};

static uint32_t area_add(struct timetable *timetable, const char *id, const char *parent,
                         enum area_level level, struct place place, uint32_t travel_class)
{
    struct area area = {.id = id,
                        .code_system = "TEST",
                        .name = id,
                        .parent_id = parent,
                        .level = level,
                        .place = place,
                        .travel_class = travel_class};
    uint32_t index = NONE;
    assert_int_equal(timetable_add_area(timetable, &area, &index, NULL), ERR_NONE);
    return index;
}

static uint32_t hall_add(struct timetable *timetable, const char *id, uint32_t area, struct place place)
{
    struct hall hall = {.id = id,
                        .name = id,
                        .area = area,
                        .place = place,
                        .valid_from = DATE_MIN,
                        .valid_to = DATE_MAX,
                        .school = NONE};
    uint32_t index = NONE;
    assert_int_equal(timetable_add_hall(timetable, &hall, &index, NULL), ERR_NONE);
    return index;
}

static uint32_t instructor_add(struct timetable *timetable, const char *id, uint32_t home_area,
                               struct place home)
{
    struct instructor instructor = {.id = id,
                                    .name = "示例甲",
                                    .provider = NONE,
                                    .home_area = home_area,
                                    .home = home,
                                    .valid_from = DATE_MIN,
                                    .valid_to = DATE_MAX};
    uint32_t index = NONE;
    assert_int_equal(timetable_add_instructor(timetable, &instructor, &index, NULL), ERR_NONE);
    return index;
}

static void classes_add(struct timetable *timetable)
{
    static const struct travel_class CLASSES[] = {
        {"road", "公路", 135, 40, 5}, {"hill", "山区", 180, 30, 8}, {"ferry", "渡船", 110, 25, 60}};
    for (size_t i = 0; i < 3; i++) {
        uint32_t index = NONE;
        assert_int_equal(timetable_add_travel_class(timetable, &CLASSES[i], &index, NULL), ERR_NONE);
        assert_int_equal(index, i);
    }
}

static void city_build(struct city *city)
{
    struct timetable *tt = timetable_create();
    assert_non_null(tt);
    classes_add(tt);
    city->timetable = tt;
    city->county_a = area_add(tt, "01", NULL, AREA_COUNTY, SEAT, NONE);
    city->county_b = area_add(tt, "02", NULL, AREA_COUNTY, UNKNOWN, CLASS_HILL);
    city->town = area_add(tt, "0101", "01", AREA_TOWNSHIP, UNKNOWN, NONE);
    city->island = area_add(tt, "0102", "01", AREA_TOWNSHIP, ISLAND, CLASS_FERRY);
    city->hills = area_add(tt, "0201", "02", AREA_TOWNSHIP, HILLS, NONE);
    city->town_village = area_add(tt, "010101", "0101", AREA_VILLAGE, UNKNOWN, NONE);
    city->island_village = area_add(tt, "010201", "0102", AREA_VILLAGE, UNKNOWN, NONE);
    city->hill_village = area_add(tt, "020101", "0201", AREA_VILLAGE, UNKNOWN, NONE);
    city->town_hall = hall_add(tt, "H1", city->town_village, UNKNOWN);
    city->island_hall = hall_add(tt, "H2", city->island_village, UNKNOWN);
    city->hill_hall = hall_add(tt, "H3", city->hill_village, UNKNOWN);
    uint32_t bare = area_add(tt, "09", NULL, AREA_COUNTY, UNKNOWN, NONE);
    city->bare_hall = hall_add(tt, "H9", bare, UNKNOWN);
}

static void city_seal(struct city *city)
{
    struct error err = {0};
    if (timetable_seal(city->timetable, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
}

static void override_add(struct city *city, uint32_t from, uint32_t to, int32_t minutes)
{
    struct travel_override row = {from, to, minutes};
    assert_int_equal(timetable_add_travel_override(city->timetable, &row, NULL), ERR_NONE);
}

/* The haversine formula as textbooks print it. */
static double haversine_m(struct place a, struct place b)
{
    double unit = acos(-1) / 180e6;
    double lat = (b.lat_e6 - a.lat_e6) * unit / 2;
    double lon = (b.lon_e6 - a.lon_e6) * unit / 2;
    double h = sin(lat) * sin(lat) + cos(a.lat_e6 * unit) * cos(b.lat_e6 * unit) * sin(lon) * sin(lon);
    return 2 * 6371008.8 * asin(sqrt(h));
}

static int32_t minutes_of(double metres, int32_t detour_pct, int32_t speed_kmh, int32_t fixed_min)
{
    return fixed_min + (int32_t)ceil(round(metres) * detour_pct * 60 / (100000.0 * speed_kmh) - 1e-9);
}

static void test_known_distance(void **state)
{
    (void)state;
    struct city city;
    city_build(&city);
    city_seal(&city);
    int32_t metres = travel_hall_metres(city.timetable, city.town_hall, city.island_hall);
    assert_in_range(metres, 50800, 51800);
    assert_int_equal(metres, lround(haversine_m(SEAT, ISLAND)));
    timetable_unref(city.timetable);
}

static void test_classes(void **state)
{
    (void)state;
    struct city city;
    city_build(&city);
    city_seal(&city);
    const struct timetable *tt = city.timetable;
    /* detour/speed of the road (3.375) beats the ferry's (4.4); the fixed hour is the ferry's */
    assert_int_equal(travel_hall_minutes(tt, city.town_hall, city.island_hall),
                     minutes_of(haversine_m(SEAT, ISLAND), 110, 25, 60));
    /* the county's class comes down to the village */
    assert_int_equal(travel_hall_minutes(tt, city.town_hall, city.hill_hall),
                     minutes_of(haversine_m(SEAT, HILLS), 180, 30, 8));
    /* slower leg hill (6.0), fixed minutes of the ferry */
    assert_int_equal(travel_hall_minutes(tt, city.island_hall, city.hill_hall),
                     minutes_of(haversine_m(ISLAND, HILLS), 180, 30, 60));
    assert_int_equal(travel_hall_minutes(tt, city.island_hall, city.island_hall), 0);
    assert_int_equal(travel_hall_metres(tt, city.island_hall, city.island_hall), 0);
    timetable_unref(city.timetable);
}

static void test_unknown_places(void **state)
{
    (void)state;
    struct city city;
    city_build(&city);
    uint32_t second = hall_add(city.timetable, "H1b", city.town_village, UNKNOWN);
    uint32_t nobody = instructor_add(city.timetable, "T0", NONE, UNKNOWN);
    city_seal(&city);
    const struct timetable *tt = city.timetable;
    assert_int_equal(travel_hall_metres(tt, city.town_hall, city.bare_hall), 0);
    assert_int_equal(travel_hall_minutes(tt, city.town_hall, city.bare_hall), 5);
    assert_int_equal(travel_hall_minutes(tt, city.island_hall, city.bare_hall), 60);
    /* two halls that stand at one point: not 0, they are two halls */
    assert_int_equal(travel_hall_metres(tt, city.town_hall, second), 0);
    assert_int_equal(travel_hall_minutes(tt, city.town_hall, second), 5);
    assert_int_equal(travel_home_minutes(tt, nobody, city.town_hall), 5);
    assert_int_equal(travel_home_metres(tt, nobody, city.town_hall), 0);
    assert_false(timetable_home_place(tt, nobody).known);
    timetable_unref(city.timetable);
}

static void test_override_order(void **state)
{
    (void)state;
    struct city city;
    city_build(&city);
    struct timetable *tt = city.timetable;
    uint32_t other_village = area_add(tt, "010102", "0101", AREA_VILLAGE, UNKNOWN, NONE);
    uint32_t other_town = area_add(tt, "0103", "01", AREA_TOWNSHIP, UNKNOWN, NONE);
    uint32_t other_hall = hall_add(tt, "H4", other_village, UNKNOWN);
    uint32_t far_hall = hall_add(tt, "H5", other_town, UNKNOWN);
    override_add(&city, city.county_b, city.county_a, 100);
    override_add(&city, city.hills, city.town, 80);
    override_add(&city, city.town_village, city.hill_village, 70);
    override_add(&city, city.county_a, city.county_a, 33);
    override_add(&city, city.town, city.town, 0);
    city_seal(&city);
    assert_int_equal(travel_hall_minutes(tt, city.town_hall, city.hill_hall), 70);
    assert_int_equal(travel_hall_minutes(tt, other_hall, city.hill_hall), 80);
    assert_int_equal(travel_hall_minutes(tt, far_hall, city.hill_hall), 100);
    assert_int_equal(travel_hall_minutes(tt, city.hill_hall, far_hall), 100);
    assert_int_equal(travel_hall_minutes(tt, city.town_hall, city.island_hall), 33);
    assert_int_equal(travel_hall_minutes(tt, city.town_hall, other_hall), 0);
    assert_int_equal(travel_hall_minutes(tt, city.town_hall, city.town_hall), 0);
    /* metres stay what they are */
    assert_int_equal(travel_hall_metres(tt, city.town_hall, city.hill_hall),
                     lround(haversine_m(SEAT, HILLS)));
    timetable_unref(tt);
}

static void test_home(void **state)
{
    (void)state;
    struct city city;
    city_build(&city);
    struct timetable *tt = city.timetable;
    uint32_t by_area = instructor_add(tt, "T1", city.island_village, UNKNOWN);
    uint32_t by_place = instructor_add(tt, "T2", city.town, HILLS);
    override_add(&city, city.island, city.hills, 240);
    city_seal(&city);
    assert_int_equal(timetable_home_place(tt, by_area).lat_e6, ISLAND.lat_e6);
    assert_int_equal(travel_home_metres(tt, by_area, city.town_hall), lround(haversine_m(SEAT, ISLAND)));
    assert_int_equal(travel_home_minutes(tt, by_area, city.town_hall),
                     minutes_of(haversine_m(SEAT, ISLAND), 110, 25, 60));
    assert_int_equal(travel_home_minutes(tt, by_area, city.hill_hall), 240);
    assert_int_equal(travel_home_minutes(tt, by_area, city.island_hall), 60);
    assert_int_equal(travel_home_metres(tt, by_place, city.hill_hall), 0);
    assert_int_equal(travel_home_minutes(tt, by_place, city.hill_hall), 8);
    timetable_unref(tt);
}

static void test_without_classes(void **state)
{
    (void)state;
    struct timetable *tt = timetable_create();
    assert_non_null(tt);
    uint32_t a = area_add(tt, "01", NULL, AREA_COUNTY, SEAT, NONE);
    uint32_t b = area_add(tt, "02", NULL, AREA_COUNTY, ISLAND, NONE);
    uint32_t from = hall_add(tt, "H1", a, UNKNOWN);
    uint32_t to = hall_add(tt, "H2", b, UNKNOWN);
    assert_int_equal(timetable_seal(tt, NULL), ERR_NONE);
    assert_int_equal(travel_hall_minutes(tt, from, to), minutes_of(haversine_m(SEAT, ISLAND), 135, 40, 5));
    timetable_unref(tt);
}

static void test_symmetric_and_true_everywhere(void **state)
{
    (void)state;
    enum {
        HALLS = 200
    };
    static const struct {
        int32_t detour_pct, speed_kmh, fixed_min;
    } CLASSES[] = {{135, 40, 5}, {180, 30, 8}, {110, 25, 60}};
    struct place places[HALLS];
    uint32_t classes[HALLS];
    struct rng rng;
    rng_seed(&rng, 3);
    struct timetable *tt = timetable_create();
    assert_non_null(tt);
    classes_add(tt);
    for (uint32_t i = 0; i < HALLS; i++) {
        bool near = i % 4 != 0;
        places[i] = (struct place){near ? 28000000 + (int32_t)rng_below(&rng, 1000000)
                                        : (int32_t)rng_below(&rng, 180000000) - 90000000,
                                   near ? 121000000 + (int32_t)rng_below(&rng, 1000000)
                                        : (int32_t)rng_below(&rng, 360000000) - 180000000,
                                   true};
        classes[i] = rng_below(&rng, 3);
        char id[16];
        (void)snprintf(id, sizeof id, "A%u", i);
        uint32_t area = area_add(tt, id, NULL, AREA_COUNTY, UNKNOWN, classes[i]);
        hall_add(tt, id, area, places[i]);
    }
    assert_int_equal(timetable_seal(tt, NULL), ERR_NONE);
    for (uint32_t a = 0; a < HALLS; a++) {
        for (uint32_t b = 0; b < HALLS; b++) {
            int32_t metres = travel_hall_metres(tt, a, b);
            int32_t minutes = travel_hall_minutes(tt, a, b);
            /* near opposite points asin loses digits in either formula */
            assert_true(fabs(metres - haversine_m(places[a], places[b])) < 1.0);
            assert_int_equal(metres, travel_hall_metres(tt, b, a));
            assert_int_equal(minutes, travel_hall_minutes(tt, b, a));
            uint32_t one = classes[a];
            uint32_t two = classes[b];
            bool first_slow = CLASSES[one].detour_pct * CLASSES[two].speed_kmh >=
                              CLASSES[two].detour_pct * CLASSES[one].speed_kmh;
            uint32_t slow = first_slow ? one : two;
            int32_t fixed = CLASSES[one].fixed_min > CLASSES[two].fixed_min ? CLASSES[one].fixed_min
                                                                            : CLASSES[two].fixed_min;
            int32_t wanted =
                a == b ? 0 : minutes_of(metres, CLASSES[slow].detour_pct, CLASSES[slow].speed_kmh, fixed);
            assert_int_equal(minutes, wanted);
        }
    }
    timetable_unref(tt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_distance),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_unknown_places),
        cmocka_unit_test(test_override_order),
        cmocka_unit_test(test_home),
        cmocka_unit_test(test_without_classes),
        cmocka_unit_test(test_symmetric_and_true_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
