/* importers/demo_base: what the sample city stands on: the embedded tables of examples/taizhou, read into
 * structs. For importers/demo*.c only. */
#ifndef LITANG_IMPORTERS_DEMO_BASE_H
#define LITANG_IMPORTERS_DEMO_BASE_H

#include "base/arena.h"
#include "base/error.h"
#include "scheduler/timetable.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for the example files to grow a little; ERR_LIMIT past it. */
enum {
    DEMO_COUNTIES_MAX = 16,
    DEMO_TOWNSHIPS_MAX = 200,
    DEMO_CATEGORIES_MAX = 32,
    DEMO_COURSES_MAX = 64,
    DEMO_COLUMNS_MAX = 32
};

/* Facility words as bits; the words stand in courses.csv too. */
enum demo_facility {
    FACILITY_PROJECTOR = 1 << 0,
    FACILITY_SOUND = 1 << 1,
    FACILITY_STAGE = 1 << 2,
    FACILITY_DESKS = 1 << 3,
    FACILITY_MIRROR = 1 << 4,
    FACILITY_KITCHEN = 1 << 5,
    FACILITY_COMPUTERS = 1 << 6,
    FACILITY_NETWORK = 1 << 7,
    FACILITY_STEP_FREE = 1 << 8,
    FACILITY_COUNT = 9
};

enum demo_trait {
    TRAIT_COAST = 1 << 0,
    TRAIT_BAYBERRY = 1 << 1,
    TRAIT_CITRUS = 1 << 2,
    TRAIT_LOQUAT = 1 << 3,
    TRAIT_RICE = 1 << 4
};

enum demo_terrain {
    TERRAIN_ROAD,
    TERRAIN_HILL,
    TERRAIN_FERRY
};

/* A file as rows of texts; cells are never NULL. */
struct demo_table {
    size_t column_count, row_count;
    const char *columns[DEMO_COLUMNS_MAX];
    const char **cells; /* row_count × column_count */
    size_t capacity;
};

struct demo_county {
    const char *code, *name;
    int32_t lat_e6, lon_e6;
};

struct demo_township {
    const char *code, *name, *travel_class;
    uint32_t county;
    int32_t lat_e6, lon_e6;
    enum demo_terrain terrain;
    uint32_t units; /* village-level units: how halls are shared out */
    uint32_t traits;
};

struct demo_course {
    const char *id;
    uint32_t category;
    int32_t minutes, setup_min, clear_min, heads, supply_limit, hall_quota;
    uint32_t facilities;
    struct season seasons[SEASONS_MAX];
    size_t season_count;
    bool evening;   /* the evening is its first choice */
    bool series;    /* tag 系列课: asked for as a weekly series */
    bool unstaffed; /* tag 师资待聘: on the menu, nobody teaches it yet */
};

struct demo_base {
    struct arena arena;
    struct demo_table travel_classes, categories, courses_table, holidays[2];
    struct demo_county counties[DEMO_COUNTIES_MAX];
    size_t county_count;
    const char *city_code;
    struct demo_township townships[DEMO_TOWNSHIPS_MAX];
    size_t township_count;
    size_t category_count;
    struct demo_course courses[DEMO_COURSES_MAX];
    size_t course_count;
};

/* ERR_INTERNAL when an embedded file is not as it should be, named. */
enum error_code demo_base_init(struct demo_base *base, struct error *err);
void demo_base_finish(struct demo_base *base);

/* "" for an unknown column. */
const char *demo_table_cell(const struct demo_table *table, size_t row, const char *column);
/* "投影;桌椅" for the bits; `text` holds every word. */
enum {
    FACILITIES_TEXT_SIZE = 128
};
void demo_facilities_text(uint32_t facilities, char ret_text[FACILITIES_TEXT_SIZE]);

#endif
