/* Halls with their rooms. */
#include "base/limits.h"
#include "importers/kinds.h"
#include "importers/rooms.h"

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
    [VALID_TO] = {"valid_to", "停用日期", "?停用日期|!撤销日期", COLUMN_OPTIONAL, value_date, RULE_NONE,
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

/* A new hall that is almost one of the same area: offered, never taken for it. */
static void similar_check(struct intake *intake, uint32_t area, const char *id)
{
    const char *name = intake_text(intake, NAME);
    struct lookup_answer near = {.count = 0};
    if (timetable_find_hall(intake->base, id) != NONE) {
        return;
    }
    lookup_near(intake->base, LOOKUP_HALLS, name, &(struct lookup_filter){.within = area}, &near);
    for (size_t i = 0; i < near.count; i++) {
        const struct hall *hall = &intake->base->halls[near.found[i]];
        char shown[LIMIT_NAME_BYTES + LIMIT_ID_BYTES + 8];
        (void)snprintf(shown, sizeof shown, "%s（%s）", hall->name, hall->id);
        if (lookup_same_name(LOOKUP_HALLS, name, hall->name) && !intake_value(intake, ID)->given) {
            intake_error(
                intake, NAME, CODE_SIMILAR,
                "与已有的“%s”只是写法不同：是同一礼堂就写它的礼堂编号，不是就给它自己的编号",
                "only spelt otherwise than \"%s\": write that one's id, or give this hall an id of its own",
                shown);
            return;
        }
        if (lookup_is_slip(LOOKUP_HALLS, name, hall->name)) {
            intake_warn(
                intake, NAME, CODE_SIMILAR,
                "与已有的“%s”只差一字，按新礼堂导入；若是同一礼堂请写它的礼堂编号",
                "one character from \"%s\"; taken as a new hall, write that one's id if it is the same",
                shown);
            return;
        }
    }
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

/* The stored room that a draft means, by its id or else its name. False: the id is another hall's (reported).
 */
static bool room_known(struct intake *intake, uint32_t hall, const struct room_draft *draft,
                       uint32_t *ret_room)
{
    if (draft->id == NULL) {
        *ret_room = room_by_name(intake->base, hall, draft->name);
        return true;
    }
    uint32_t room = timetable_find_room(intake->base, draft->id);
    if (room != NONE && intake->base->rooms[room].hall != hall) {
        intake_error(intake, ROOMS, CODE_CONFLICT, "场地编号“%s”属于另一个礼堂",
                     "room \"%s\" belongs to another hall", draft->id);
        return false;
    }
    *ret_room = room;
    return true;
}

static void put_room(struct intake *intake, const char *hall, const char *id, const struct room_draft *draft)
{
    struct cells cells = {.count = 0};
    cells_add(&cells, CELL_STR("id", id));
    cells_add(&cells, CELL_STR("hall_id", hall));
    cells_add(&cells, CELL_STR("name", draft->name));
    if (draft->capacity >= 0) {
        cells_add(&cells, CELL_INT("capacity", draft->capacity));
    }
    if (draft->facilities != NULL || intake_has(intake, FACILITIES)) {
        cells_add(&cells,
                  CELL_STR("facilities",
                           draft->facilities != NULL ? draft->facilities : intake_text(intake, FACILITIES)));
    }
    if (draft->id != NULL || draft->whole_hall) {
        cells_add(&cells, CELL_INT("whole_hall", draft->whole_hall));
    }
    intake_put(intake, TABLE_ROOM, &cells);
}

/* Rooms are never dropped: sessions may be in them. */
static void warn_left_out(struct intake *intake, uint32_t hall, const struct room_draft *rooms, size_t count)
{
    const struct timetable *base = intake->base;
    for (uint32_t i = 0; hall != NONE && i < base->halls[hall].room_count; i++) {
        const struct room *room = &base->rooms[base->halls[hall].first_room + i];
        bool is_kept = false;
        for (size_t j = 0; j < count; j++) {
            is_kept = is_kept || strcmp(rooms[j].name, room->name) == 0 ||
                      (rooms[j].id != NULL && strcmp(rooms[j].id, room->id) == 0);
        }
        if (!is_kept) {
            intake_warn(intake, ROOMS, CODE_NOT_DELETED, "场地“%s”不在格中，但仍保留；导入不删除场地",
                        "room \"%s\" is not in the cell but stays; an import deletes no rooms", room->name);
        }
    }
}

static void put_rooms(struct intake *intake, const char *id, struct room_draft *rooms, size_t count)
{
    uint32_t hall = timetable_find_hall(intake->base, id);
    const struct value *capacity = intake_value(intake, CAPACITY);
    uint32_t next = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t old = NONE;
        if (!room_known(intake, hall, &rooms[i], &old)) {
            return;
        }
        if (rooms[i].capacity < 0 && count == 1 && capacity->given) {
            rooms[i].capacity = capacity->number;
        }
        const char *room_id = old != NONE           ? intake->base->rooms[old].id
                              : rooms[i].id != NULL ? rooms[i].id
                                                    : room_new_id(intake, id, &next);
        put_room(intake, id, room_id, &rooms[i]);
    }
    if (intake->is_compared && intake_has(intake, ROOMS)) {
        warn_left_out(intake, hall, rooms, count);
    }
    if (count > 0) {
        return;
    }
    const struct timetable *base = intake->base;
    uint32_t stored = hall == NONE ? 0 : base->halls[hall].room_count;
    if (stored == 0) {
        const struct room_draft only = {.name = "礼堂", .capacity = capacity->given ? capacity->number : 0};
        put_room(intake, id, room_new_id(intake, id, &next), &only);
    } else if (intake_has(intake, FACILITIES) || capacity->given) {
        for (uint32_t i = 0; i < stored; i++) {
            const struct room *room = &base->rooms[base->halls[hall].first_room + i];
            put_room(intake, id, room->id,
                     &(struct room_draft){.name = room->name,
                                          .capacity = capacity->given ? capacity->number : -1});
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

/* A township alone tells which hall is meant; it does not take the hall out of its village. */
static uint32_t area_kept(const struct intake *intake, const char *id, uint32_t area)
{
    uint32_t hall = timetable_find_hall(intake->base, id);
    bool is_exact = intake_value(intake, AREA)->given || intake_value(intake, VILLAGE)->given;
    return hall != NONE && !is_exact &&
                   timetable_area_within(intake->base, intake->base->halls[hall].area, area)
               ? intake->base->halls[hall].area
               : area;
}

static void hall_row(struct intake *intake)
{
    struct room_draft rooms[HALL_ROOMS_MAX];
    struct cells cells = {.count = 0};
    size_t before = intake->row_errors;
    uint32_t area = reference_area(intake, &AREA_COLUMNS);
    size_t room_count = rooms_read(intake, ROOMS, rooms);
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
    area = area_kept(intake, id, area);
    similar_check(intake, area, id);
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

static const struct column_form FORMS[COLUMNS_END] = {
    [ID] = {.show = show_plain,
            .stored = "id",
            .help = "留空则按区域和名称找，没有就新建 / empty: found by area and name, or made",
            .example = {"【示例】LT001"}},
    [NAME] = {.help = "礼堂全称 / full name", .example = {"示例文化礼堂"}},
    [AREA] = {.show = show_plain,
              .stored = "area_id",
              .choice = CHOICE_AREAS,
              .help = "所在村（或乡镇）的代码或名称 / code or name of its village or township",
              .example = {"331081105201"}},
    [ADDRESS] = {.help = "门牌 / street and number", .example = {"示例路1号"}},
    [ROOMS] = {.show = rooms_show,
               .help = "每个场地的名称和座位数，用；隔开 / name and seats of each room, joined by ;",
               .example = {"大礼堂 120；讲堂 40"}},
    [FACILITIES] = {.show = rooms_show_facilities,
                    .help = "每个场地都有的，用；隔开 / what each room has",
                    .example = {"投影；音响"}},
    [HOURS] = {.help = "留空随时 / empty: any time", .example = {"周一至周日 8:00-11:00,14:00-21:00"}},
    [STARS] = {.help = "0 到 5 / 0 to 5", .example = {"4"}},
    [EXEMPT] = {.choice = CHOICE_YES_NO, .help = "不计入覆盖率 / not counted in coverage", .example = {"否"}},
    [EXEMPT_REASON] = {.help = "为什么不计 / why"},
    [SCHOOL] = {.show = show_plain,
                .stored = "school_id",
                .choice = CHOICE_PROVIDERS,
                .help = "没有的学校会新建 / a new one is made",
                .example = {"示例成校"}},
    [VALID_FROM] = {.help = "留空不限 / empty: open", .example = {"2019-01-01"}},
    [VALID_TO] = {.help = "撤销或停用的最后一天 / the last day of use"},
    [LAT] = {.show = show_degrees,
             .stored = "lat_e6",
             .help = "度，WGS-84 / degrees",
             .example = {"28.372100"}},
    [LON] = {.show = show_degrees,
             .stored = "lon_e6",
             .help = "度，WGS-84 / degrees",
             .example = {"121.386500"}},
    [DATUM] = {.help = "坐标不是 WGS-84 时填 GCJ-02 / GCJ-02 when they are not WGS-84"}};

static const struct info_column INFOS[] = {{INFO_MARK "所在区域", show_area_path, "area_id"}};

const struct kind KIND_HALLS = {
    .kind = IMPORT_HALLS,
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
    .any_of = {COLUMN_BIT(AREA) | COLUMN_BIT(TOWNSHIP) | COLUMN_BIT(VILLAGE)},
    .as_above = COLUMN_BIT(COUNTY) | COLUMN_BIT(TOWNSHIP),
    .row = hall_row,
    .forms = FORMS,
    .infos = INFOS,
    .info_count = COLUMN_COUNT(INFOS),
    .shown = STORED_BIT(TABLE_HALL) | STORED_BIT(TABLE_ROOM) | STORED_BIT(TABLE_AREA),
    .key = ID,
    .wholes = {COLUMN_BIT(ROOMS) | COLUMN_BIT(CAPACITY) | COLUMN_BIT(FACILITIES),
               COLUMN_BIT(LAT) | COLUMN_BIT(LON) | COLUMN_BIT(LAT_GCJ) | COLUMN_BIT(LON_GCJ) |
                   COLUMN_BIT(DATUM),
               COLUMN_BIT(AREA) | COLUMN_BIT(COUNTY) | COLUMN_BIT(TOWNSHIP) | COLUMN_BIT(VILLAGE)},
    .when_changed = COLUMN_BIT(ROOMS)};
