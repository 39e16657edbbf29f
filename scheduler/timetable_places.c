/* Adding what stands somewhere: travel classes, areas, travel overrides, halls, rooms, closures. */
#include "base/date.h"
#include "scheduler/timetable_private.h"

static enum error_code travel_class_check(const struct timetable *timetable, const struct travel_class *row,
                                          struct error *err)
{
    struct row_check check = {.zh = "交通类别",
                              .en = "travel class",
                              .id = row->id,
                              .number = (int64_t)timetable->travel_class_count,
                              .err = err};
    row_check_id(&check, &timetable->travel_class_ids);
    row_check_text(&check, "name", row->name, LIMIT_NAME_BYTES, TEXT_OPTIONAL);
    row_check_range(&check, "detour_pct", row->detour_pct, 100, LIMIT_TRAVEL_DETOUR_PCT);
    row_check_range(&check, "speed_kmh", row->speed_kmh, 1, LIMIT_TRAVEL_SPEED_KMH);
    row_check_range(&check, "fixed_min", row->fixed_min, 0, LIMIT_TRAVEL_MINUTES);
    return check.code;
}

enum error_code timetable_add_travel_class(struct timetable *timetable,
                                           const struct travel_class *travel_class, uint32_t *ret_index,
                                           struct error *err)
{
    struct travel_class row = *travel_class;
    enum error_code code = timetable_open(timetable, err);
    if (code == ERR_NONE) {
        code = travel_class_check(timetable, &row, err);
    }
    if (code == ERR_NONE) {
        ROWS_RESERVE(code, timetable, travel_classes, travel_class_count, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    uint32_t index = (uint32_t)timetable->travel_class_count;
    if (!timetable_keep(timetable, &row.id) || !timetable_keep(timetable, &row.name) ||
        map_add(&timetable->travel_class_ids, row.id, index) != ERR_NONE) {
        return timetable_memory(err);
    }
    row.name = row.name == NULL ? row.id : row.name;
    timetable->travel_classes[timetable->travel_class_count++] = row;
    *ret_index = index;
    return ERR_NONE;
}

static enum error_code area_check(const struct timetable *timetable, const struct area *row,
                                  struct error *err)
{
    struct row_check check = {
        .zh = "区域", .en = "area", .id = row->id, .number = (int64_t)timetable->area_count, .err = err};
    row_check_id(&check, &timetable->area_ids);
    row_check_text(&check, "code_system", row->code_system, LIMIT_ID_BYTES, TEXT_OPTIONAL);
    row_check_text(&check, "name", row->name, LIMIT_NAME_BYTES, TEXT_REQUIRED);
    row_check_text(&check, "parent_id", row->parent_id, LIMIT_ID_BYTES, TEXT_OPTIONAL);
    row_check_range(&check, "level", row->level, AREA_CITY, AREA_VILLAGE);
    row_check_place(&check, row->place);
    row_check_index(&check, "travel_class", row->travel_class, timetable->travel_class_count, true);
    row_check_range(&check, "population", row->population, 0, INT32_MAX);
    return check.code;
}

enum error_code timetable_add_area(struct timetable *timetable, const struct area *area, uint32_t *ret_index,
                                   struct error *err)
{
    struct area row = *area;
    enum error_code code = timetable_open(timetable, err);
    if (code == ERR_NONE) {
        code = area_check(timetable, &row, err);
    }
    if (code == ERR_NONE) {
        ROWS_RESERVE(code, timetable, areas, area_count, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    uint32_t index = (uint32_t)timetable->area_count;
    if (!timetable_keep(timetable, &row.id) || !timetable_keep(timetable, &row.code_system) ||
        !timetable_keep(timetable, &row.name) || !timetable_keep(timetable, &row.parent_id) ||
        map_add(&timetable->area_ids, row.id, index) != ERR_NONE) {
        return timetable_memory(err);
    }
    row.code_system = row.code_system == NULL ? "" : row.code_system;
    row.parent = row.county = row.township = NONE;
    row.known_place = (struct place){0};
    row.has_override = false;
    timetable->areas[timetable->area_count++] = row;
    *ret_index = index;
    return ERR_NONE;
}

enum error_code timetable_add_travel_override(struct timetable *timetable,
                                              const struct travel_override *travel_override,
                                              struct error *err)
{
    struct row_check check = {.zh = "路程时间",
                              .en = "travel override",
                              .number = (int64_t)timetable->travel_override_count,
                              .err = err};
    enum error_code code = timetable_open(timetable, err);
    if (code != ERR_NONE) {
        return code;
    }
    row_check_index(&check, "from_area", travel_override->from_area, timetable->area_count, false);
    row_check_index(&check, "to_area", travel_override->to_area, timetable->area_count, false);
    row_check_range(&check, "minutes", travel_override->minutes, 0, LIMIT_TRAVEL_MINUTES);
    if (check.code != ERR_NONE) {
        return check.code;
    }
    ROWS_RESERVE(code, timetable, travel_overrides, travel_override_count, err);
    if (code == ERR_NONE) {
        timetable->travel_overrides[timetable->travel_override_count++] = *travel_override;
    }
    return code;
}

static enum error_code hall_check(const struct timetable *timetable, const struct hall *row,
                                  struct error *err)
{
    struct row_check check = {
        .zh = "礼堂", .en = "hall", .id = row->id, .number = (int64_t)timetable->hall_count, .err = err};
    row_check_id(&check, &timetable->hall_ids);
    row_check_text(&check, "name", row->name, LIMIT_NAME_BYTES, TEXT_REQUIRED);
    row_check_index(&check, "area", row->area, timetable->area_count, false);
    row_check_text(&check, "address", row->address, LIMIT_NOTE_BYTES, TEXT_OPTIONAL);
    row_check_place(&check, row->place);
    row_check_hours(&check, &row->hours);
    row_check_range(&check, "valid_from", row->valid_from, DATE_MIN, DATE_MAX);
    row_check_range(&check, "valid_to", row->valid_to, row->valid_from, DATE_MAX);
    row_check_note(&check, "exempt_reason", row->exempt_reason);
    row_check_index(&check, "school", row->school, timetable->provider_count, true);
    return check.code;
}

enum error_code timetable_add_hall(struct timetable *timetable, const struct hall *hall, uint32_t *ret_index,
                                   struct error *err)
{
    struct hall row = *hall;
    enum error_code code = timetable_open(timetable, err);
    if (code == ERR_NONE) {
        code = hall_check(timetable, &row, err);
    }
    if (code == ERR_NONE) {
        ROWS_RESERVE(code, timetable, halls, hall_count, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    uint32_t index = (uint32_t)timetable->hall_count;
    if (!timetable_keep(timetable, &row.id) || !timetable_keep(timetable, &row.name) ||
        !timetable_keep(timetable, &row.address) || !timetable_keep(timetable, &row.exempt_reason) ||
        map_add(&timetable->hall_ids, row.id, index) != ERR_NONE) {
        return timetable_memory(err);
    }
    row.first_room = row.room_count = 0;
    row.known_place = (struct place){0};
    row.travel = (struct travel_end){.travel_class = NONE, .area = NONE};
    timetable->halls[timetable->hall_count++] = row;
    *ret_index = index;
    return ERR_NONE;
}

static enum error_code room_check(const struct timetable *timetable, const struct room *row,
                                  struct error *err)
{
    struct row_check check = {
        .zh = "场地", .en = "room", .id = row->id, .number = (int64_t)timetable->room_count, .err = err};
    row_check_id(&check, &timetable->room_ids);
    row_check_text(&check, "name", row->name, LIMIT_NAME_BYTES, TEXT_OPTIONAL);
    row_check_index(&check, "hall", row->hall, timetable->hall_count, false);
    row_check_range(&check, "capacity", row->capacity, 0, INT32_MAX);
    return check.code;
}

enum error_code timetable_add_room(struct timetable *timetable, const struct room *room, uint32_t *ret_index,
                                   struct error *err)
{
    struct room row = *room;
    enum error_code code = timetable_open(timetable, err);
    if (code == ERR_NONE) {
        code = room_check(timetable, &row, err);
    }
    if (code == ERR_NONE) {
        ROWS_RESERVE(code, timetable, rooms, room_count, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    uint32_t index = (uint32_t)timetable->room_count;
    if (!timetable_keep(timetable, &row.id) || !timetable_keep(timetable, &row.name) ||
        map_add(&timetable->room_ids, row.id, index) != ERR_NONE) {
        return timetable_memory(err);
    }
    row.name = row.name == NULL ? "" : row.name;
    timetable->rooms[timetable->room_count++] = row;
    *ret_index = index;
    return ERR_NONE;
}

static enum error_code closure_check(const struct timetable *timetable, const struct closure *row,
                                     struct error *err)
{
    struct row_check check = {.zh = "停用",
                              .en = "closure",
                              .id = row->id,
                              .number = (int64_t)timetable->closure_count,
                              .err = err};
    size_t targets = row->scope == CLOSURE_ROOM   ? timetable->room_count
                     : row->scope == CLOSURE_HALL ? timetable->hall_count
                                                  : timetable->area_count;
    row_check_text(&check, "id", row->id, LIMIT_ID_BYTES, TEXT_OPTIONAL);
    row_check_range(&check, "scope", row->scope, CLOSURE_ROOM, CLOSURE_AREA);
    row_check_index(&check, "target", row->target, targets, false);
    row_check_range(&check, "strength", row->strength, CLOSURE_NOTE, CLOSURE_HARD);
    row_check_days(&check, row->from_day, row->to_day);
    row_check_minutes(&check, row->from_min, row->to_min);
    row_check_note(&check, "reason", row->reason);
    row_check_note(&check, "source", row->source);
    return check.code;
}

enum error_code timetable_add_closure(struct timetable *timetable, const struct closure *closure,
                                      struct error *err)
{
    struct closure row = *closure;
    enum error_code code = timetable_open(timetable, err);
    if (code == ERR_NONE) {
        code = closure_check(timetable, &row, err);
    }
    if (code == ERR_NONE) {
        ROWS_RESERVE(code, timetable, closures, closure_count, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    if (!timetable_keep(timetable, &row.id) || !timetable_keep(timetable, &row.reason) ||
        !timetable_keep(timetable, &row.source)) {
        return timetable_memory(err);
    }
    row.id = row.id == NULL ? "" : row.id;
    timetable->closures[timetable->closure_count++] = row;
    return ERR_NONE;
}
