/* Halls with their rooms. */
#include "base/limits.h"
#include "importers/kinds.h"

#include <stdio.h>
#include <string.h>

enum {
    ID,
    NAME,
    AREA,
    COUNTY,
    TOWNSHIP,
    VILLAGE,
    ADDRESS,
    ROOMS,
    CAPACITY,
    FACILITIES,
    HOURS,
    STARS,
    EXEMPT,
    EXEMPT_REASON,
    SCHOOL,
    VALID_FROM,
    VALID_TO,
    LAT,
    LON,
    LAT_GCJ,
    LON_GCJ,
    DATUM,
    COLUMNS_END
};

enum {
    /* More bookable rooms than any hall has. */
    HALL_ROOMS_MAX = 50,
    ROOM_CAPACITY_MAX = 100000
};

static const struct column COLUMNS[COLUMNS_END] = {
    [ID] = {"hall_id", "礼堂编号", "!礼堂编号|!礼堂代码|!文化礼堂编号|编号|id|code|代码", COLUMN_OPTIONAL,
            value_code, RULE_ID, STORE_BY_KIND, NULL, 0},
    [NAME] = {"hall_name", "礼堂名称", "!礼堂名称|!文化礼堂|!文化礼堂名称|!hall|礼堂|name|名称|地点",
              COLUMN_REQUIRED, value_name, RULE_NAME, STORE_TEXT, "name", 0},
    [AREA] = {"area", "所在村代码",
              "!村代码|!villagecode|!村级代码|区划代码|行政区划代码|areaid|areacode|所在地代码|所在区域",
              COLUMN_OPTIONAL, value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [COUNTY] = {"county", "县(市、区)", "县|县(市、区)|县市区|区县|countycode|所属县", COLUMN_OPTIONAL,
                value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [TOWNSHIP] = {"township", "乡镇", "乡镇|镇街|乡镇(街道)|街道|乡镇街道|townshipcode|所属乡镇|所属镇街|镇",
                  COLUMN_OPTIONAL, value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [VILLAGE] = {"village", "村", "村|行政村|村居|所在村|村名|村(社区)|村社|所属村", COLUMN_OPTIONAL,
                 value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [ADDRESS] = {"address", "地址", "地址|详细地址", COLUMN_OPTIONAL, value_name, RULE_NOTE, STORE_TEXT, NULL,
                 0},
    [ROOMS] = {"rooms", "场地", "!场地|!厅室|!房间|!功能室", COLUMN_OPTIONAL, value_note, RULE_NOTE,
               STORE_BY_KIND, NULL, 0},
    [CAPACITY] = {"capacity", "容量", "!容量|!容纳人数|!座位数|!座位|!可容纳人数", COLUMN_OPTIONAL,
                  value_count, RULE_COUNT(ROOM_CAPACITY_MAX), STORE_BY_KIND, NULL, 0},
    [FACILITIES] = {"facilities", "设施", "设施|设备|设施设备", COLUMN_OPTIONAL, value_list, RULE_NOTE,
                    STORE_BY_KIND, NULL, 0},
    [HOURS] = {"hours", "开放时间", "!开放时间|!开放时段|!openinghours|时段", COLUMN_OPTIONAL, value_hours,
               RULE_NONE, STORE_TEXT, NULL, 0},
    [STARS] = {"stars", "星级", "!星级|!礼堂星级", COLUMN_OPTIONAL, value_count, RULE_COUNT(5), STORE_NUMBER,
               NULL, 0},
    [EXEMPT] = {"exempt", "豁免", "!豁免|!不计覆盖|!免计覆盖率", COLUMN_OPTIONAL, value_boolean, RULE_NONE,
                STORE_NUMBER, NULL, 0},
    [EXEMPT_REASON] = {"exempt_reason", "豁免原因", "!豁免原因|!不计原因", COLUMN_OPTIONAL, value_note,
                       RULE_NOTE, STORE_TEXT, NULL, 0},
    [SCHOOL] = {"school", "结对学校", "!结对学校|!结对单位|!schoolid|!教学点|!结对成校|provider|开课单位",
                COLUMN_OPTIONAL, value_name, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [VALID_FROM] = {"valid_from", "启用日期", "启用日期|!建成日期|起用日期", COLUMN_OPTIONAL, value_date,
                    RULE_NONE, STORE_DATE_OR_NULL, NULL, 0},
    [VALID_TO] = {"valid_to", "停用日期", "停用日期|!撤销日期", COLUMN_OPTIONAL, value_date, RULE_NONE,
                  STORE_DATE_OR_NULL, NULL, 0},
    PLACE_COLUMNS(LAT, LON, LAT_GCJ, LON_GCJ, DATUM)};

static const struct area_columns AREA_COLUMNS = {AREA, COUNTY, TOWNSHIP, VILLAGE};

static const char *hall_id(struct intake *intake, uint32_t area)
{
    if (intake_value(intake, ID)->given) {
        return intake_text(intake, ID);
    }
    struct lookup_answer answer = {.count = 0};
    const char *name = intake_text(intake, NAME);
    if (lookup_find(intake->lookup, LOOKUP_HALLS, name, &(struct lookup_filter){.within = area}, &answer) !=
        ERR_NONE) {
        intake->failed = ERR_MEMORY;
    }
    if (answer.count == 1 && strcmp(intake->base->halls[answer.found[0]].name, name) == 0) {
        return intake->base->halls[answer.found[0]].id;
    }
    const char *const parts[] = {intake->base->areas[area].id, name};
    return intake_derive(intake, "hall", parts, 2);
}

struct room_draft {
    char name[LIMIT_NAME_BYTES + 1];
    int64_t capacity; /* -1: not said */
};

/* "大礼堂 120", "讲堂(40人)", "排练室". */
static bool room_read(struct intake *intake, const char *item, struct room_draft *ret_room)
{
    static const char *const TAILS[] = {"人", "座", ")", "）", " ", "個", "个"};
    size_t length = strlen(item);
    bool is_cut = true;
    while (is_cut) {
        is_cut = false;
        for (size_t i = 0; i < sizeof TAILS / sizeof *TAILS; i++) {
            size_t size = strlen(TAILS[i]);
            if (length > size && memcmp(item + length - size, TAILS[i], size) == 0) {
                length -= size;
                is_cut = true;
            }
        }
    }
    size_t digits = 0;
    while (digits < length && item[length - digits - 1] >= '0' && item[length - digits - 1] <= '9') {
        digits++;
    }
    struct room_draft room = {.capacity = -1};
    size_t name_length = digits == 0 ? strlen(item) : length - digits;
    while (digits > 0 && name_length > 0 && strchr(" (:", item[name_length - 1]) != NULL) {
        name_length--;
    }
    if (digits > 0 && name_length >= 3 &&
        (memcmp(item + name_length - 3, "（", 3) == 0 || memcmp(item + name_length - 3, "：", 3) == 0)) {
        name_length -= 3;
    }
    for (size_t i = length - digits; digits > 0 && digits <= 6 && i < length; i++) {
        room.capacity = (room.capacity < 0 ? 0 : room.capacity) * 10 + (item[i] - '0');
    }
    if (name_length == 0 || digits > 6 || room.capacity > ROOM_CAPACITY_MAX) {
        intake_error(intake, ROOMS, CODE_ITEMS, "看不懂场地“%s”，请写成“大礼堂 120；讲堂 40”",
                     "cannot read the room \"%s\"; write rooms like \"大礼堂 120; 讲堂 40\"", item);
        return false;
    }
    memcpy(room.name, item, name_length);
    *ret_room = room;
    return true;
}

static size_t rooms_read(struct intake *intake, struct room_draft rooms[HALL_ROOMS_MAX])
{
    size_t count = 0;
    char item[LIMIT_NAME_BYTES + 1];
    const char *at = intake_text(intake, ROOMS);
    while (list_next(&at, item, sizeof item)) {
        struct room_draft room;
        if (!room_read(intake, item, &room)) {
            continue;
        }
        bool is_double = false;
        for (size_t i = 0; i < count; i++) {
            is_double = is_double || strcmp(rooms[i].name, room.name) == 0;
        }
        if (is_double || count == HALL_ROOMS_MAX) {
            intake_error(intake, ROOMS, CODE_ITEMS, is_double ? "场地“%s”写了两次" : "场地过多：“%s”",
                         is_double ? "room \"%s\" stands twice" : "too many rooms: \"%s\"", room.name);
            return count;
        }
        rooms[count++] = room;
    }
    return count;
}

/* The hall's stored room of this name, or NONE. */
static uint32_t room_by_name(const struct timetable *base, uint32_t hall, const char *name)
{
    for (uint32_t i = 0; hall != NONE && i < base->halls[hall].room_count; i++) {
        uint32_t room = base->halls[hall].first_room + i;
        if (strcmp(base->rooms[room].name, name) == 0) {
            return room;
        }
    }
    return NONE;
}

/* "<hall>-<n>" with the first n that no room has. */
static const char *room_new_id(struct intake *intake, const char *hall_id_text, uint32_t *next)
{
    char id[LIMIT_ID_BYTES * 2];
    do {
        (void)snprintf(id, sizeof id, "%s-%u", hall_id_text, ++*next);
    } while (timetable_find_room(intake->base, id) != NONE && *next < 10 * HALL_ROOMS_MAX);
    return intake_keep(intake, id);
}

static void put_room(struct intake *intake, const char *hall, const char *id, const char *name,
                     int64_t capacity)
{
    struct cells cells = {.count = 0};
    cells_add(&cells, CELL_STR("id", id));
    cells_add(&cells, CELL_STR("hall_id", hall));
    cells_add(&cells, CELL_STR("name", name));
    if (capacity >= 0) {
        cells_add(&cells, CELL_INT("capacity", capacity));
    }
    if (intake_has(intake, FACILITIES)) {
        cells_add(&cells, CELL_STR("facilities", intake_text(intake, FACILITIES)));
    }
    intake_put(intake, TABLE_ROOM, &cells);
}

static void put_rooms(struct intake *intake, const char *id, struct room_draft *rooms, size_t count)
{
    uint32_t hall = timetable_find_hall(intake->base, id);
    const struct value *capacity = intake_value(intake, CAPACITY);
    uint32_t next = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t old = room_by_name(intake->base, hall, rooms[i].name);
        const char *room_id = old != NONE ? intake->base->rooms[old].id : room_new_id(intake, id, &next);
        int64_t seats =
            rooms[i].capacity < 0 && count == 1 && capacity->given ? capacity->number : rooms[i].capacity;
        put_room(intake, id, room_id, intake_keep(intake, rooms[i].name), seats);
    }
    if (count > 0) {
        return;
    }
    const struct timetable *base = intake->base;
    uint32_t stored = hall == NONE ? 0 : base->halls[hall].room_count;
    if (stored == 0) {
        put_room(intake, id, room_new_id(intake, id, &next), "礼堂", capacity->given ? capacity->number : 0);
    } else if (intake_has(intake, FACILITIES) || capacity->given) {
        for (uint32_t i = 0; i < stored; i++) {
            const struct room *room = &base->rooms[base->halls[hall].first_room + i];
            put_room(intake, id, room->id, room->name, capacity->given ? capacity->number : -1);
        }
    }
}

static void check_capacity(struct intake *intake, const char *id, size_t room_count)
{
    uint32_t hall = timetable_find_hall(intake->base, id);
    bool is_many =
        room_count > 1 || (room_count == 0 && hall != NONE && intake->base->halls[hall].room_count > 1);
    if (is_many && intake_value(intake, CAPACITY)->given) {
        intake_error(intake, CAPACITY, CODE_CONFLICT,
                     "礼堂有几个场地，容量请写在“场地”列，例如“大礼堂 120；讲堂 40”",
                     "the hall has several rooms; give each one's capacity in the rooms column", NULL);
    }
}

static void hall_row(struct intake *intake)
{
    struct room_draft rooms[HALL_ROOMS_MAX];
    struct cells cells = {.count = 0};
    size_t before = intake->row_errors;
    uint32_t area = reference_area(intake, &AREA_COLUMNS);
    size_t room_count = rooms_read(intake, rooms);
    if (area == NONE) {
        bool is_filled = intake_filled(intake, AREA) || intake_filled(intake, TOWNSHIP) ||
                         intake_filled(intake, VILLAGE) || intake_filled(intake, COUNTY);
        if (intake->row_errors == before && !is_filled) {
            intake_error(intake, intake_has(intake, AREA) ? AREA : VILLAGE, CODE_MISSING,
                         "要写明礼堂所在的村或乡镇", "the hall's village or township is needed", NULL);
        }
        return;
    }
    if (!intake_value(intake, NAME)->given) {
        return;
    }
    const struct value *from = intake_value(intake, VALID_FROM);
    const struct value *to = intake_value(intake, VALID_TO);
    if (from->given && to->given && to->number < from->number) {
        intake_error(intake, VALID_TO, CODE_ORDER, "停用日期早于启用日期", "the last day is before the first",
                     NULL);
    }
    const char *id = hall_id(intake, area);
    intake_claim(intake, intake_has(intake, ID) ? ID : NAME, id);
    check_capacity(intake, id, room_count);
    cells_add(&cells, CELL_STR("id", id));
    cells_add(&cells, CELL_STR("area_id", intake->base->areas[area].id));
    cells_add_stored(&cells, intake);
    cells_add_place(&cells, intake, &(struct place_columns){LAT, LON, LAT_GCJ, LON_GCJ, DATUM});
    if (intake_has(intake, SCHOOL)) {
        bool given = intake_value(intake, SCHOOL)->given;
        cells_add(&cells,
                  CELL_STR("school_id", given ? reference_or_make(intake, SCHOOL, LOOKUP_PROVIDERS) : NULL));
    }
    if (intake->row_errors == 0) {
        intake_put(intake, TABLE_HALL, &cells);
        put_rooms(intake, id, rooms, room_count);
    }
}

const struct kind KIND_HALLS = {.kind = IMPORT_HALLS,
                                .columns = COLUMNS,
                                .column_count = COLUMN_COUNT(COLUMNS),
                                .any_of = {COLUMN_BIT(AREA) | COLUMN_BIT(TOWNSHIP) | COLUMN_BIT(VILLAGE)},
                                .as_above = COLUMN_BIT(COUNTY) | COLUMN_BIT(TOWNSHIP),
                                .row = hall_row};
