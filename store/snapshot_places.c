/* Rows of places: travel classes, areas, travel overrides, halls, rooms, holidays, closures. */
#include "store/snapshot_private.h"

#include "base/date.h"

#include <string.h>

static uint32_t find_travel_class(const struct timetable *timetable, const char *id)
{
    return map_get(&timetable->travel_class_ids, id);
}

enum error_code travel_class_read(struct loader *loader)
{
    const struct statement *rows = &loader->rows;
    uint32_t index;
    struct travel_class row = {
        .id = row_text(loader, 0),
        .name = row_text(loader, 1),
        .detour_pct = column_small(rows, 2),
        .speed_kmh = column_small(rows, 3),
        .fixed_min = column_small(rows, 4),
    };
    return timetable_add_travel_class(loader->timetable, &row, &index, loader->err);
}

static enum error_code level_read(struct loader *loader, int column, enum area_level *ret_level)
{
    static const char *const NAMES[] = {"city", "county", "township", "village"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(row_text(loader, column), NAMES[i]) == 0) {
            *ret_level = (enum area_level)i;
            return ERR_NONE;
        }
    }
    return row_fault(loader, column, "级别无效 (not a level)");
}

enum error_code area_read(struct loader *loader)
{
    struct area row = {
        .id = row_text(loader, 0),
        .code_system = row_text(loader, 1),
        .name = row_text(loader, 3),
        .parent_id = row_optional(loader, 4),
        .place = row_place(loader, 5, 6),
        .population = column_small(&loader->rows, 8),
    };
    uint32_t index;
    enum error_code code = level_read(loader, 2, &row.level);
    if (code == ERR_NONE) {
        code = row_refer(loader, 7, find_travel_class, &row.travel_class);
    }
    return code == ERR_NONE ? timetable_add_area(loader->timetable, &row, &index, loader->err) : code;
}

enum error_code travel_override_read(struct loader *loader)
{
    struct travel_override row = {.minutes = column_small(&loader->rows, 2)};
    enum error_code code = row_refer(loader, 0, timetable_find_area, &row.from_area);
    if (code == ERR_NONE) {
        code = row_refer(loader, 1, timetable_find_area, &row.to_area);
    }
    return code == ERR_NONE ? timetable_add_travel_override(loader->timetable, &row, loader->err) : code;
}

enum error_code hall_read(struct loader *loader)
{
    struct hall row = {
        .id = row_text(loader, 0),
        .name = row_text(loader, 1),
        .address = row_optional(loader, 3),
        .place = row_place(loader, 4, 5),
        .exempt = column_integer(&loader->rows, 9) != 0,
        .exempt_reason = row_optional(loader, 10),
        .stars = (uint8_t)column_integer(&loader->rows, 12),
    };
    uint32_t index;
    enum error_code code = row_refer(loader, 2, timetable_find_area, &row.area);
    if (code == ERR_NONE) {
        code = row_hours(loader, 6, &row.hours);
    }
    if (code == ERR_NONE) {
        code = row_day(loader, 7, DATE_MIN, &row.valid_from);
    }
    if (code == ERR_NONE) {
        code = row_day(loader, 8, DATE_MAX, &row.valid_to);
    }
    if (code == ERR_NONE) {
        code = row_refer(loader, 11, timetable_find_provider, &row.school);
    }
    return code == ERR_NONE ? timetable_add_hall(loader->timetable, &row, &index, loader->err) : code;
}

enum error_code room_read(struct loader *loader)
{
    struct room row = {
        .id = row_text(loader, 0),
        .name = row_text(loader, 2),
        .capacity = column_small(&loader->rows, 3),
        .whole_hall = column_integer(&loader->rows, 5) != 0,
    };
    uint32_t index;
    enum error_code code = row_refer(loader, 1, timetable_find_hall, &row.hall);
    if (code == ERR_NONE) {
        code = timetable_facility_mask(loader->timetable, row_text(loader, 4), &row.facilities, loader->err);
    }
    return code == ERR_NONE ? timetable_add_room(loader->timetable, &row, &index, loader->err) : code;
}

enum error_code holiday_read(struct loader *loader)
{
    struct holiday row = {.name = row_text(loader, 1), .is_off = column_integer(&loader->rows, 2) != 0};
    enum error_code code = row_day(loader, 0, 0, &row.day);
    return code == ERR_NONE ? timetable_add_holiday(loader->timetable, &row, loader->err) : code;
}

static enum error_code closure_target_read(struct loader *loader, struct closure *row)
{
    static const struct {
        const char *name;
        enum closure_scope scope;
        finder *find;
    } SCOPES[] = {{"room", CLOSURE_ROOM, timetable_find_room},
                  {"hall", CLOSURE_HALL, timetable_find_hall},
                  {"area", CLOSURE_AREA, timetable_find_area}};
    for (size_t i = 0; i < sizeof SCOPES / sizeof *SCOPES; i++) {
        if (strcmp(row_text(loader, 1), SCOPES[i].name) == 0) {
            row->scope = SCOPES[i].scope;
            return row_refer(loader, 2, SCOPES[i].find, &row->target);
        }
    }
    return row_fault(loader, 1, "范围无效 (not a scope)");
}

static enum error_code days_read(struct loader *loader, int column, int32_t *ret_from, int32_t *ret_to)
{
    enum error_code code = row_day(loader, column, 0, ret_from);
    return code == ERR_NONE ? row_day(loader, column + 1, 0, ret_to) : code;
}

enum error_code closure_read(struct loader *loader)
{
    const char *rule = row_optional(loader, 8);
    struct closure row = {
        .id = row_text(loader, 0),
        .from_min = column_small(&loader->rows, 6),
        .to_min = column_small(&loader->rows, 7),
        .has_rule = rule != NULL,
        .reason = row_optional(loader, 9),
        .source = row_optional(loader, 10),
    };
    enum error_code code = closure_target_read(loader, &row);
    if (code == ERR_NONE && !closure_strength_from_name(row_text(loader, 3), &row.strength)) {
        code = row_fault(loader, 3, "强度无效 (not a strength)");
    }
    if (code == ERR_NONE) {
        code = days_read(loader, 4, &row.from_day, &row.to_day);
    }
    if (code == ERR_NONE && rule != NULL) {
        code = day_rule_parse(rule, &row.rule, loader->err);
    }
    return code == ERR_NONE ? timetable_add_closure(loader->timetable, &row, loader->err) : code;
}
