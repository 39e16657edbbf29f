/* Rows of a problem that stand somewhere: travel classes, areas, travel overrides, halls, rooms, holidays,
 * closures. */
#include "importers/problem_read.h"

#include "base/date.h"
#include "base/text.h"
#include "scheduler/rules.h"

#include <string.h>

static uint32_t find_travel_class(const struct timetable *timetable, const char *id)
{
    return map_get(&timetable->travel_class_ids, id);
}

/* A row without a name is called by its id. */
static const char *name_or(struct json_row *row, const char *id)
{
    const char *name = field_text(row, "name", FIELD_OPTIONAL);
    return name != NULL ? name : id;
}

void problem_read_travel_class(struct json_row *row)
{
    uint32_t index;
    struct travel_class class = {.id = field_text(row, "id", FIELD_NEEDED)};
    class.name = name_or(row, class.id);
    class.detour_pct = (int32_t)field_integer_needed(row, "detour_pct", 100, LIMIT_TRAVEL_DETOUR_PCT);
    class.speed_kmh = (int32_t)field_integer_needed(row, "speed_kmh", 1, LIMIT_TRAVEL_SPEED_KMH);
    class.fixed_min = (int32_t)field_integer_needed(row, "fixed_min", 0, LIMIT_TRAVEL_MINUTES);
    if (row->reader->code == ERR_NONE) {
        json_row_wrap(row, NULL,
                      timetable_add_travel_class(row->reader->timetable, &class, &index, row->reader->err));
    }
}

void problem_read_area(struct json_row *row)
{
    static const char *const LEVELS[] = LEVEL_WORDS;
    uint32_t index;
    struct area area = {.id = field_text(row, "id", FIELD_NEEDED)};
    area.name = name_or(row, area.id);
    area.code_system = field_text(row, "code_system", FIELD_OPTIONAL);
    area.level = (enum area_level)field_word(row, "level", LEVELS, 4, -1);
    area.parent_id = field_text(row, "parent", FIELD_OPTIONAL);
    area.place = field_place(row);
    area.travel_class = field_refer(row, "travel_class", FIELD_OPTIONAL, find_travel_class);
    if (row->reader->code == ERR_NONE) {
        json_row_wrap(row, NULL, timetable_add_area(row->reader->timetable, &area, &index, row->reader->err));
    }
}

/* Sealing takes a parent that is not there for one of another year's register; a problem names its own. */
static void parent_check(struct json_row *row, uint32_t index)
{
    const struct timetable *t = row->reader->timetable;
    uint32_t at = index;
    for (int step = 0; step < AREA_ANCESTORS_MAX && at != NONE; step++) {
        const char *parent_id = t->areas[at].parent_id;
        at = map_get(&t->area_ids, parent_id);
        if (step == 0 && parent_id != NULL && at == NONE) {
            json_row_fail(row, "parent", "所引用的记录不存在", "refers to nothing");
        }
    }
    if (at != NONE) {
        json_row_fail(row, "parent", "上级关系成环", "its parents form a circle");
    }
}

void problem_check_areas(struct json_reader *reader, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list) && reader->code == ERR_NONE; i++) {
        struct json_row row = json_row_at(reader, "areas", i, json_array_get(list, i));
        parent_check(&row, (uint32_t)i);
    }
}

void problem_read_travel_override(struct json_row *row)
{
    struct travel_override pair = {
        .from_area = field_refer(row, "from", FIELD_NEEDED, timetable_find_area),
        .to_area = field_refer(row, "to", FIELD_NEEDED, timetable_find_area),
        .minutes = (int32_t)field_integer_needed(row, "minutes", 0, LIMIT_TRAVEL_MINUTES),
    };
    if (row->reader->code == ERR_NONE) {
        json_row_wrap(row, NULL,
                      timetable_add_travel_override(row->reader->timetable, &pair, row->reader->err));
    }
}

void problem_read_hall(struct json_row *row)
{
    uint32_t index;
    struct hall hall = {.id = field_text(row, "id", FIELD_NEEDED), .school = NONE};
    hall.name = name_or(row, hall.id);
    hall.area = field_refer(row, "area", FIELD_NEEDED, timetable_find_area);
    hall.place = field_place(row);
    field_hours(row, "hours", &hall.hours);
    hall.valid_from = field_day(row, "valid_from", DATE_MIN);
    hall.valid_to = field_day(row, "valid_to", DATE_MAX);
    hall.exempt = field_bool(row, "exempt", false);
    if (row->reader->code == ERR_NONE) {
        json_row_wrap(row, NULL, timetable_add_hall(row->reader->timetable, &hall, &index, row->reader->err));
    }
}

void problem_read_room(struct json_row *row)
{
    uint32_t index;
    struct text words;
    struct room room = {.id = field_text(row, "id", FIELD_NEEDED)};
    room.name = field_text(row, "name", FIELD_OPTIONAL);
    room.hall = field_refer(row, "hall", FIELD_NEEDED, timetable_find_hall);
    room.capacity = (int32_t)field_integer(row, "capacity", 0, 0, INT32_MAX);
    room.whole_hall = field_bool(row, "whole_hall", false);
    text_init(&words, LIMIT_NOTE_BYTES);
    field_joined(row, "facilities", &words);
    if (row->reader->code == ERR_NONE) {
        json_row_wrap(row, "facilities",
                      timetable_facility_mask(row->reader->timetable, text_string(&words), &room.facilities,
                                              row->reader->err));
    }
    text_finish(&words);
    if (row->reader->code == ERR_NONE) {
        json_row_wrap(row, NULL, timetable_add_room(row->reader->timetable, &room, &index, row->reader->err));
    }
}

void problem_read_holiday(struct json_row *row)
{
    struct holiday holiday = {
        .day = field_day_needed(row, "date"),
        .name = field_text(row, "name", FIELD_OPTIONAL),
        .is_off = field_bool(row, "is_off", true),
    };
    if (row->reader->code == ERR_NONE) {
        json_row_wrap(row, NULL, timetable_add_holiday(row->reader->timetable, &holiday, row->reader->err));
    }
}

static void target_read(struct json_row *row, struct closure *closure)
{
    static const char *const SCOPES[] = SCOPE_WORDS;
    static field_finder *const FINDERS[] = {timetable_find_room, timetable_find_hall, timetable_find_area};
    int scope = field_word(row, "scope", SCOPES, 3, -1);
    closure->scope = (enum closure_scope)scope;
    closure->target = field_refer(row, "target", FIELD_NEEDED, FINDERS[scope]);
}

void problem_read_closure(struct json_row *row)
{
    static const char *const STRENGTHS[] = STRENGTH_WORDS;
    struct closure closure = {.id = field_text(row, "id", FIELD_OPTIONAL)};
    target_read(row, &closure);
    closure.strength = (enum closure_strength)field_word(row, "strength", STRENGTHS, 3, CLOSURE_HARD);
    closure.from_day = field_day_needed(row, "from");
    closure.to_day = field_day_needed(row, "to");
    closure.from_min = (int32_t)field_integer(row, "from_min", 0, 0, DAY_MINUTES);
    closure.to_min = (int32_t)field_integer(row, "to_min", DAY_MINUTES, 0, DAY_MINUTES);
    closure.reason = field_text(row, "reason", FIELD_OPTIONAL);
    const char *rule = field_text(row, "rule", FIELD_OPTIONAL);
    (void)field_list(row, "dates", LIMIT_ROWS); /* what the rule comes to: told to others, derived here */
    if (rule != NULL && row->reader->code == ERR_NONE) {
        closure.has_rule = true;
        json_row_wrap(row, "rule", day_rule_parse(rule, &closure.rule, row->reader->err));
    }
    if (row->reader->code == ERR_NONE) {
        json_row_wrap(row, NULL, timetable_add_closure(row->reader->timetable, &closure, row->reader->err));
    }
}
