/* The places of a sample city: areas, providers, villages, halls, rooms. */
#include "importers/demo_city.h"

#include <stdio.h>
#include <string.h>

/* Village names are 示例 + one of each + 村; 16 × 12 of them, more than the largest township has. */
static const char *const STEMS_FIRST[] = {"上", "下", "前", "后", "东", "西", "南", "北",
                                          "大", "小", "新", "老", "里", "外", "中", "高"};
static const char *const STEMS_LAST[] = {"岙", "洋", "塘", "溪", "桥", "林",
                                         "屿", "湖", "坑", "埠", "坦", "园"};
enum {
    STEMS = 16 * 12
};

/* People of a village at each sixteenth of the distribution: log-normal, median 1,100, sigma 0.65. */
static const uint16_t PEOPLE[17] = {180,  406,  521,  618,  710,  800,  894,  993, 1100,
                                    1218, 1353, 1512, 1705, 1957, 2323, 2982, 7000};

enum room_kind {
    ROOM_AUDITORIUM,
    ROOM_LECTURE,
    ROOM_LIBRARY,
    ROOM_REHEARSAL,
    ROOM_KITCHEN
};

struct room_model {
    const char *name;
    uint32_t always;
    struct {
        uint32_t facility;
        uint32_t percent;
    } often[3];
    int32_t capacity_min, capacity_max;
};

static const struct room_model ROOMS[] = {
    [ROOM_AUDITORIUM] = {"大礼堂",
                         FACILITY_SOUND | FACILITY_STAGE | FACILITY_PROJECTOR,
                         {{FACILITY_DESKS, 60}, {FACILITY_STEP_FREE, 70}, {FACILITY_NETWORK, 60}},
                         120,
                         400},
    [ROOM_LECTURE] = {"讲堂",
                      FACILITY_PROJECTOR | FACILITY_SOUND | FACILITY_DESKS,
                      {{FACILITY_NETWORK, 80}, {FACILITY_STEP_FREE, 50}, {0, 0}},
                      60,
                      110},
    [ROOM_LIBRARY] = {"书屋",
                      FACILITY_DESKS | FACILITY_NETWORK,
                      {{FACILITY_COMPUTERS, 55}, {FACILITY_STEP_FREE, 40}, {0, 0}},
                      20,
                      40},
    [ROOM_REHEARSAL] =
        {"排练室", FACILITY_MIRROR | FACILITY_SOUND, {{FACILITY_STEP_FREE, 30}, {0, 0}, {0, 0}}, 25, 50},
    [ROOM_KITCHEN] =
        {"共享厨房", FACILITY_KITCHEN | FACILITY_DESKS, {{FACILITY_STEP_FREE, 30}, {0, 0}, {0, 0}}, 20, 40},
};

void demo_county_code(const struct demo_city *city, uint32_t county, char ret_code[DEMO_CODE_SIZE])
{
    snprintf(ret_code, DEMO_CODE_SIZE, "%s%s", city->code, city->demo->base.counties[county].code + 4);
}

void demo_town_code(const struct demo_city *city, uint32_t township, char ret_code[DEMO_CODE_SIZE])
{
    snprintf(ret_code, DEMO_CODE_SIZE, "%s%s", city->code, city->demo->base.townships[township].code + 4);
}

struct area_row {
    const char *id, *level, *name, *parent_id, *travel_class;
    int32_t lat_e6, lon_e6;
    uint32_t people;
};

static void put_area(struct demo_city *city, const struct area_row *row)
{
    bool official = city->number == 0 && strcmp(row->level, "village") != 0;
    demo_put(city->demo, TABLE_AREA,
             (struct cell[]){CELL_STR("id", row->id), CELL_STR("code_system", official ? "NBS" : "DEMO"),
                             CELL_STR("level", row->level), CELL_STR("name", row->name),
                             CELL_STR("parent_id", row->parent_id), CELL_INT("lat_e6", row->lat_e6),
                             CELL_INT("lon_e6", row->lon_e6), CELL_STR("travel_class_id", row->travel_class),
                             CELL_INT("population", row->people)},
             9);
}

static void put_provider(struct demo_city *city, const char *area_id, const char *name, const char *suffix)
{
    char id[DEMO_CODE_SIZE + 2];
    char full[DEMO_NAME_SIZE + 48];
    snprintf(id, sizeof id, "P%s", area_id);
    snprintf(full, sizeof full, "%s%s（示例）", name, suffix);
    demo_put(city->demo, TABLE_PROVIDER,
             (struct cell[]){CELL_STR("id", id), CELL_STR("name", full), CELL_STR("area_id", area_id)}, 3);
    city->demo->summary.providers++;
}

static void put_city_and_counties(struct demo_city *city)
{
    const struct demo_base *base = &city->demo->base;
    char name[DEMO_NAME_SIZE];
    size_t prefix = strlen(city->prefix);
    /* "示例二市·" without its dot is the further city's name. */
    snprintf(name, sizeof name, "%.*s", (int)(prefix < strlen("·") ? 0 : prefix - strlen("·")), city->prefix);
    put_area(city, &(struct area_row){city->code, "city", city->number == 0 ? "台州市" : name, NULL, "road",
                                      base->counties[0].lat_e6 + city->lat_shift_e6,
                                      base->counties[0].lon_e6 + city->lon_shift_e6, 0});
    put_provider(city, city->code, city->number == 0 ? "台州" : name, "社区大学");
    for (uint32_t i = 0; i < base->county_count; i++) {
        const struct demo_county *county = &base->counties[i];
        char code[DEMO_CODE_SIZE];
        demo_county_code(city, i, code);
        snprintf(name, sizeof name, "%s%s", city->prefix, county->name);
        put_area(city, &(struct area_row){code, "county", name, city->code, NULL,
                                          county->lat_e6 + city->lat_shift_e6,
                                          county->lon_e6 + city->lon_shift_e6, 0});
        put_provider(city, code, name, "社区学院");
        city->demo->summary.counties++;
    }
}

static void put_township(struct demo_city *city, uint32_t township)
{
    const struct demo_township *town = &city->demo->base.townships[township];
    char code[DEMO_CODE_SIZE];
    char parent[DEMO_CODE_SIZE];
    char name[DEMO_NAME_SIZE];
    demo_town_code(city, township, code);
    demo_county_code(city, town->county, parent);
    snprintf(name, sizeof name, "%s%s", city->prefix, town->name);
    put_area(city,
             &(struct area_row){code, "township", name, parent, town->travel_class,
                                town->lat_e6 + city->lat_shift_e6, town->lon_e6 + city->lon_shift_e6, 0});
    put_provider(city, code, name, "社区学校");
    city->demo->summary.townships++;
}

/* Shares the halls out by village-level units; what rounding leaves goes to the largest remainders. */
static void share_halls(struct demo_city *city)
{
    const struct demo_base *base = &city->demo->base;
    uint32_t units = 0;
    uint32_t given = 0;
    uint32_t halls[DEMO_TOWNSHIPS_MAX];
    uint32_t remainders[DEMO_TOWNSHIPS_MAX];
    for (size_t i = 0; i < base->township_count; i++) {
        units += base->townships[i].units;
    }
    for (size_t i = 0; i < base->township_count; i++) {
        uint64_t product = (uint64_t)city->hall_count * base->townships[i].units;
        halls[i] = (uint32_t)(product / units);
        remainders[i] = (uint32_t)(product % units) + 1;
        given += halls[i];
    }
    for (; given < city->hall_count; given++) {
        size_t best = 0;
        for (size_t i = 1; i < base->township_count; i++) {
            best = remainders[i] > remainders[best] ? i : best;
        }
        halls[best]++;
        remainders[best] = 0;
    }
    for (size_t i = 0; i < base->township_count; i++) {
        city->town_first[i + 1] = city->town_first[i] + halls[i];
    }
}

static uint32_t draw_people(struct rng *rng)
{
    uint32_t draw = rng_below(rng, 1600);
    uint32_t low = PEOPLE[draw / 100];
    uint32_t high = PEOPLE[draw / 100 + 1];
    return low + (high - low) * (draw % 100) / 100;
}

static int32_t draw_offset(struct demo_city *city, const struct demo_township *town)
{
    int32_t radius = town->terrain == TERRAIN_FERRY ? 9000 : town->terrain == TERRAIN_HILL ? 40000 : 28000;
    return (demo_between(&city->rng, -radius, radius) + demo_between(&city->rng, -radius, radius)) / 2;
}

static void draw_room(struct demo_city *city, struct demo_room *room, enum room_kind kind)
{
    const struct room_model *model = &ROOMS[kind];
    room->facilities = model->always;
    for (size_t i = 0; i < 3; i++) {
        room->facilities |= demo_chance(&city->rng, model->often[i].percent) ? model->often[i].facility : 0;
    }
    room->capacity = demo_between(&city->rng, model->capacity_min / 10, model->capacity_max / 10) * 10;
}

static void put_room(struct demo_city *city, const struct demo_hall *hall, uint32_t number,
                     enum room_kind kind, bool whole_hall)
{
    char id[DEMO_CODE_SIZE];
    char facilities[FACILITIES_TEXT_SIZE];
    snprintf(id, sizeof id, "%s-%u", hall->code, number + 1);
    demo_facilities_text(hall->rooms[number].facilities, facilities);
    demo_put(city->demo, TABLE_ROOM,
             (struct cell[]){CELL_STR("id", id), CELL_STR("hall_id", hall->code),
                             CELL_STR("name", ROOMS[kind].name),
                             CELL_INT("capacity", hall->rooms[number].capacity),
                             CELL_STR("facilities", facilities), CELL_INT("whole_hall", whole_hall)},
             6);
    city->demo->summary.rooms++;
}

/* One room is a lecture room or an auditorium; larger halls have both, then others. Every hall can so project
 * and seat sixty. */
static void build_rooms(struct demo_city *city, struct demo_hall *hall)
{
    enum room_kind kinds[DEMO_ROOMS_MAX] = {ROOM_AUDITORIUM, ROOM_LECTURE, ROOM_LIBRARY, ROOM_REHEARSAL};
    if (hall->room_count == 1 && demo_chance(&city->rng, 60)) {
        kinds[0] = ROOM_LECTURE;
    }
    uint32_t turn = rng_below(&city->rng, 3);
    kinds[2] = (enum room_kind)(ROOM_LIBRARY + turn);
    kinds[3] = (enum room_kind)(ROOM_LIBRARY + (turn + 1) % 3);
    bool open_plan = hall->room_count > 1 && demo_chance(&city->rng, 15);
    for (uint32_t i = 0; i < hall->room_count; i++) {
        draw_room(city, &hall->rooms[i], kinds[i]);
        put_room(city, hall, i, kinds[i], i == 0 && open_plan);
    }
}

/* A village while its halls are built. */
struct village {
    char code[DEMO_CODE_SIZE];
    char name[DEMO_NAME_SIZE];
    int32_t lat_e6, lon_e6;
    uint32_t people;
};

static void put_village(struct demo_city *city, uint32_t township, uint32_t number, uint32_t name_from,
                        struct village *ret_village)
{
    const struct demo_township *town = &city->demo->base.townships[township];
    char parent[DEMO_CODE_SIZE];
    demo_town_code(city, township, parent);
    ret_village->people = draw_people(&city->rng);
    ret_village->lat_e6 = town->lat_e6 + city->lat_shift_e6 + draw_offset(city, town);
    ret_village->lon_e6 = town->lon_e6 + city->lon_shift_e6 + draw_offset(city, town);
    snprintf(ret_village->code, DEMO_CODE_SIZE, "%.12sS%03u", parent, (number + 1) % 1000);
    uint32_t stem = (name_from + number * 53) % STEMS; /* 53 shares no factor with 192: no name comes twice */
    snprintf(ret_village->name, DEMO_NAME_SIZE, "示例%s%s村", STEMS_FIRST[stem / 12], STEMS_LAST[stem % 12]);
    put_area(city, &(struct area_row){ret_village->code, "village", ret_village->name, parent, NULL,
                                      ret_village->lat_e6, ret_village->lon_e6, ret_village->people});
    city->demo->summary.villages++;
}

static enum demo_hall_state draw_state(struct demo_city *city, uint32_t township)
{
    if (rng_below(&city->rng, 1000) < 4) {
        return HALL_EXEMPT;
    }
    if (rng_below(&city->rng, 1000) < 7) {
        return HALL_SHUT;
    }
    if (city->town_quiet[township]) {
        return demo_chance(&city->rng, 9) ? HALL_SILENT : HALL_ASKS;
    }
    return demo_chance(&city->rng, 10) ? HALL_WAITS : HALL_ASKS;
}

/* Some halls open in spring, some close when their village is merged in autumn. */
static void draw_use(struct demo_city *city, struct demo_hall *hall)
{
    const struct demo *demo = city->demo;
    hall->open_from = demo->first_day - 3650;
    hall->open_to = demo->last_day + 3650;
    uint32_t draw = rng_below(&city->rng, 200);
    if (draw == 0 && hall->state == HALL_ASKS) {
        hall->open_from = demo->first_day + demo_between(&city->rng, 31, 90);
    } else if (draw == 1 && hall->state == HALL_ASKS) {
        hall->open_to = demo->last_day - demo_between(&city->rng, 10, 60);
    }
}

static void put_hall(struct demo_city *city, const struct demo_hall *hall, const struct village *village,
                     const char *name)
{
    char address[DEMO_NAME_SIZE * 2];
    char town[DEMO_CODE_SIZE];
    char school[DEMO_CODE_SIZE + 2];
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    const struct demo *demo = city->demo;
    demo_town_code(city, hall->township, town);
    snprintf(school, sizeof school, "P%s", town);
    date_format(hall->open_from, from);
    date_format(hall->open_to, to);
    bool exempt = hall->state == HALL_EXEMPT;
    snprintf(address, sizeof address, "%s%s", demo->base.townships[hall->township].name, village->name);
    /* Within about 100 m of the village's point. */
    int32_t lat_e6 = village->lat_e6 + demo_between(&city->rng, -900, 900);
    int32_t lon_e6 = village->lon_e6 + demo_between(&city->rng, -900, 900);
    uint32_t stars = 1 + (hall->room_count + hall->people / 1500U) * 2 / 3;
    demo_put(city->demo, TABLE_HALL,
             (struct cell[]){
                 CELL_STR("id", hall->code), CELL_STR("name", name), CELL_STR("area_id", village->code),
                 CELL_STR("address", address), CELL_INT("lat_e6", lat_e6), CELL_INT("lon_e6", lon_e6),
                 CELL_STR("hours", demo_hall_hours_text(hall->hours)),
                 hall->open_from > demo->first_day ? CELL_STR("valid_from", from) : CELL_NIL("valid_from"),
                 hall->open_to < demo->last_day ? CELL_STR("valid_to", to) : CELL_NIL("valid_to"),
                 CELL_INT("exempt", exempt),
                 CELL_STR("exempt_reason", exempt ? "整村搬迁，暂停使用（示例）" : ""),
                 CELL_STR("school_id", school), CELL_INT("stars", stars > 5 ? 5 : stars)},
             13);
    city->demo->summary.halls++;
    city->demo->summary.exempt_halls += exempt ? 1 : 0;
}

static void build_hall(struct demo_city *city, uint32_t township, uint32_t index,
                       const struct village *village, bool second)
{
    static const uint8_t HOURS[DEMO_HALL_HOURS] = {18, 22, 25, 15, 12, 8};
    static const uint8_t ROOM_COUNTS[DEMO_ROOMS_MAX] = {25, 35, 25, 15};
    struct demo_hall *hall = &city->halls[index];
    char town[DEMO_CODE_SIZE];
    char name[DEMO_NAME_SIZE + 32];
    hall->township = township;
    hall->people = village->people;
    hall->hours = (uint8_t)demo_weighted(&city->rng, HOURS, DEMO_HALL_HOURS);
    /* One hall at least is shut, so that a request for it can be among those that cannot be met. */
    hall->state = index == city->hall_count / 2 ? HALL_SHUT : draw_state(city, township);
    hall->demand = 1 + village->people / 100 *
                           (demo_chance(&city->rng, 15)   ? 6
                            : demo_chance(&city->rng, 60) ? 2
                                                          : 1);
    draw_use(city, hall);
    demo_town_code(city, township, town);
    snprintf(hall->code, sizeof hall->code, "H%.12s-%03u", town,
             (index - city->town_first[township] + 1) % 1000);
    snprintf(name, sizeof name, "%s%s文化礼堂", village->name, second ? "二号" : "");
    hall->room_count = (uint8_t)(1 + demo_weighted(&city->rng, ROOM_COUNTS, DEMO_ROOMS_MAX));
    put_hall(city, hall, village, name);
    build_rooms(city, hall);
}

static void build_township(struct demo_city *city, uint32_t township)
{
    struct village village = {.code = ""};
    uint32_t name_from = rng_below(&city->rng, STEMS);
    uint32_t villages = 0;
    for (uint32_t i = city->town_first[township]; i < city->town_first[township + 1]; i++) {
        bool second = i > city->town_first[township] && demo_chance(&city->rng, 2);
        if (!second) {
            put_village(city, township, villages++, name_from, &village);
        }
        build_hall(city, township, i, &village, second);
    }
    /* About one village in twelve has no hall. */
    uint32_t without = (city->town_first[township + 1] - city->town_first[township] + 6) / 12;
    for (uint32_t i = 0; i < without; i++) {
        put_village(city, township, villages++, name_from, &village);
    }
}

void demo_places_build(struct demo_city *city)
{
    const struct demo_base *base = &city->demo->base;
    put_city_and_counties(city);
    if (city->number == 0) {
        char provider[DEMO_CODE_SIZE + 2];
        snprintf(provider, sizeof provider, "P%s", city->code);
        demo_put_courses(city->demo, provider);
    }
    share_halls(city);
    for (uint32_t i = 0; i < base->township_count; i++) {
        put_township(city, i);
        city->town_quiet[i] = demo_chance(&city->rng, 20);
        build_township(city, i);
    }
}
