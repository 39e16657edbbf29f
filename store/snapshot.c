/* The snapshot of a revision: every table read once, in the order in which rows refer to each other. */
#include "store/snapshot_private.h"
#include "store/store_private.h"

#include "base/date.h"

#include <stdlib.h>
#include <string.h>

/* sides: further statements that the reader consumes in step with its rows. */
static const struct load_step {
    const char *table, *sql;
    row_reader *read;
    const char *sides[3];
} LOAD_STEPS[] = {
    /* The first class is the default one: roads, when there are any. */
    {"travel_class",
     "SELECT id, name, detour_pct, speed_kmh, fixed_min FROM travel_class "
     "ORDER BY CASE id WHEN 'road' THEN 0 ELSE 1 END, id",
     travel_class_read,
     {NULL}},
    {"area",
     "SELECT id, code_system, level, name, parent_id, lat_e6, lon_e6, travel_class_id, population "
     "FROM area ORDER BY id",
     area_read,
     {NULL}},
    {"travel_override",
     "SELECT from_area_id, to_area_id, minutes FROM travel_override "
     "ORDER BY from_area_id, to_area_id",
     travel_override_read,
     {NULL}},
    {"provider", "SELECT id, name, area_id FROM provider ORDER BY id", provider_read, {NULL}},
    {"category", "SELECT id, name FROM category ORDER BY id", category_read, {NULL}},
    {"course",
     "SELECT id, name, category_id, provider_id, minutes, setup_min, clear_min, facilities, audience, "
     "heads, supply_limit, hall_quota, seasons, parts, tags, holidays_wanted, active "
     "FROM course ORDER BY id",
     course_read,
     {NULL}},
    {"hall",
     "SELECT id, name, area_id, address, lat_e6, lon_e6, hours, valid_from, valid_to, exempt, exempt_reason, "
     "school_id, stars FROM hall ORDER BY id",
     hall_read,
     {NULL}},
    {"room",
     "SELECT id, hall_id, name, capacity, facilities, whole_hall FROM room ORDER BY id",
     room_read,
     {NULL}},
    {"instructor",
     "SELECT id, name, provider_id, home_area_id, lat_e6, lon_e6, hours, max_day, max_week, max_month, "
     "max_year, valid_from, valid_to FROM instructor ORDER BY id",
     instructor_read,
     {"SELECT instructor_id, course_id FROM qualification ORDER BY instructor_id, course_id"}},
    {"holiday", "SELECT date, name, is_off FROM holiday ORDER BY date", holiday_read, {NULL}},
    {"closure",
     "SELECT id, scope, target_id, strength, from_date, to_date, from_min, to_min, rule, reason, source "
     "FROM closure ORDER BY id",
     closure_read,
     {NULL}},
    {"absence",
     "SELECT id, instructor_id, from_date, to_date, from_min, to_min, reason FROM absence ORDER BY id",
     absence_read,
     {NULL}},
    {"request",
     "SELECT id, hall_id, area_id, course_id, sessions, is_series, holiday_rule, from_date, to_date, "
     "weekdays, parts, priority, heads, withdrawn FROM request ORDER BY id",
     request_read,
     {NULL}},
    {"series", "SELECT id, request_id, holiday_rule FROM series ORDER BY id", series_read, {NULL}},
    {"session",
     "SELECT id, course_id, room_id, date, start_min, minutes, setup_min, clear_min, status, request_id, "
     "series_id, series_exception, pinned, heads, counts_as, note, cancel_reason, sequence, created_at, "
     "changed_at, cancelled_at, moved_at, moved_from_date, moved_from_min FROM session ORDER BY id",
     session_read,
     {"SELECT session_id, instructor_id FROM session_instructor ORDER BY session_id, position",
      "SELECT session_id, rule FROM override ORDER BY session_id",
      "SELECT session_id, held, outside, heads, heads_60, satisfaction, recorded_at, reason, note "
      "FROM attendance ORDER BY session_id"}},
};

const char *row_text(const struct loader *loader, int column)
{
    const char *text = column_text(&loader->rows, column);
    return text != NULL ? text : "";
}

const char *row_optional(const struct loader *loader, int column)
{
    const char *text = column_text(&loader->rows, column);
    return text != NULL && text[0] != '\0' ? text : NULL;
}

enum error_code row_fault(const struct loader *loader, int column, const char *text)
{
    return error_set(loader->err, ERR_INPUT, "%s = \"%.80s\": %s",
                     sqlite3_column_name(loader->rows.handle, column), row_text(loader, column), text);
}

enum error_code row_refer(const struct loader *loader, int column, finder *find, uint32_t *ret_index)
{
    const char *id = column_text(&loader->rows, column);
    uint32_t found = id == NULL ? NONE : find(loader->timetable, id);
    if (id != NULL && found == NONE) {
        return row_fault(loader, column, "所引用的记录不存在 (refers to nothing)");
    }
    *ret_index = found;
    return ERR_NONE;
}

enum error_code row_day(const struct loader *loader, int column, int32_t otherwise, int32_t *ret_day)
{
    const char *text = column_text(&loader->rows, column);
    if (text == NULL) {
        *ret_day = otherwise;
        return ERR_NONE;
    }
    return date_parse(text, ret_day) ? ERR_NONE : row_fault(loader, column, "日期无效 (not a date)");
}

enum error_code row_hours(const struct loader *loader, int column, struct hours *ret_hours)
{
    return hours_parse(row_text(loader, column), ret_hours, loader->err);
}

struct place row_place(const struct loader *loader, int lat_column, int lon_column)
{
    struct place place = {0};
    place.known = !column_null(&loader->rows, lat_column) && !column_null(&loader->rows, lon_column);
    if (place.known) {
        place.lat_e6 = column_small(&loader->rows, lat_column);
        place.lon_e6 = column_small(&loader->rows, lon_column);
    }
    return place;
}

enum error_code row_parts(const struct loader *loader, int column, uint8_t *ret_parts)
{
    static const struct {
        const char *name;
        uint8_t bit;
    } WORDS[] = {{"morning", PART_MORNING}, {"afternoon", PART_AFTERNOON}, {"evening", PART_EVENING}};
    const char *at = row_text(loader, column);
    uint8_t parts = 0;
    while (*at != '\0') {
        size_t length = strcspn(at, ";");
        uint8_t bit = 0;
        for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
            bool same = strlen(WORDS[i].name) == length && memcmp(at, WORDS[i].name, length) == 0;
            bit = same ? WORDS[i].bit : bit;
        }
        if (bit == 0) {
            return row_fault(loader, column, "应为 morning;afternoon;evening 之一 (not a part of the day)");
        }
        parts = (uint8_t)(parts | bit);
        at += length;
        at += *at == ';';
    }
    *ret_parts = parts;
    return ERR_NONE;
}

enum error_code side_step(struct loader *loader, int side)
{
    return statement_step(&loader->sides[side], &loader->side_row[side], loader->err);
}

/* A row of a side table that no main row claimed. */
static enum error_code sides_end(struct loader *loader, const struct load_step *step)
{
    for (int i = 0; i < 3 && step->sides[i] != NULL; i++) {
        if (loader->side_row[i]) {
            return error_set(loader->err, ERR_INPUT, "%s: %s %s", step->sides[i],
                             column_text(&loader->sides[i], 0), "没有对应的记录 (belongs to nothing)");
        }
    }
    return ERR_NONE;
}

static enum error_code sides_begin(struct loader *loader, const struct load_step *step)
{
    enum error_code code = ERR_NONE;
    for (int i = 0; i < 3 && step->sides[i] != NULL && code == ERR_NONE; i++) {
        code = statement_prepare(&loader->sides[i], loader->db, step->sides[i], loader->err);
        if (code == ERR_NONE) {
            code = side_step(loader, i);
        }
    }
    return code;
}

static enum error_code step_load(struct loader *loader, const struct load_step *step)
{
    bool row = true;
    enum error_code code = statement_prepare(&loader->rows, loader->db, step->sql, loader->err);
    if (code == ERR_NONE) {
        code = sides_begin(loader, step);
    }
    while (code == ERR_NONE && row) {
        code = statement_step(&loader->rows, &row, loader->err);
        if (code == ERR_NONE && row) {
            code = step->read(loader);
            if (code != ERR_NONE) {
                (void)error_wrap(loader->err, "%s %s", step->table, row_text(loader, 0));
            }
        }
    }
    if (code == ERR_NONE) {
        code = sides_end(loader, step);
    }
    statement_finish(&loader->rows);
    for (int i = 0; i < 3; i++) {
        statement_finish(&loader->sides[i]);
        loader->side_row[i] = false;
    }
    return code;
}

static enum error_code settings_load(struct loader *loader)
{
    static const char *const NAMES[] = {"city_name", "tzid",       "uid_domain",
                                        "organizer", "public_url", "coverage_target"};
    enum {
        NAME_COUNT = sizeof NAMES / sizeof *NAMES
    };
    char *values[NAME_COUNT] = {NULL};
    struct arena texts;
    struct statement rows;
    arena_init(&texts);
    enum error_code code =
        statement_prepare(&rows, loader->db, "SELECT name, value FROM setting", loader->err);
    bool row = code == ERR_NONE;
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, loader->err);
        for (size_t i = 0; code == ERR_NONE && row && i < NAME_COUNT; i++) {
            if (strcmp(column_text(&rows, 0), NAMES[i]) == 0) {
                values[i] = arena_copy_text(&texts, column_text(&rows, 1));
                code = values[i] == NULL ? error_set(loader->err, ERR_MEMORY, "setting") : ERR_NONE;
            }
        }
    }
    statement_finish(&rows);
    if (code == ERR_NONE) {
        code = timetable_set_city(loader->timetable, values[0], values[1], values[2], values[3], values[4]);
        if (code != ERR_NONE) {
            (void)error_set(loader->err, code, "setting: city_name, tzid, uid_domain, organizer, public_url");
        }
    }
    if (code == ERR_NONE && values[5] != NULL) {
        code = timetable_set_coverage_target(loader->timetable, values[5], loader->err);
    }
    arena_finish(&texts);
    return code;
}

enum error_code snapshot_load(struct store *store, int64_t revision, struct timetable **ret_timetable,
                              struct error *err)
{
    struct loader loader = {.db = store->db, .timetable = timetable_create(), .err = err};
    if (loader.timetable == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    loader.timetable->revision = revision;
    enum error_code code = settings_load(&loader);
    for (size_t i = 0; i < sizeof LOAD_STEPS / sizeof *LOAD_STEPS && code == ERR_NONE; i++) {
        code = step_load(&loader, &LOAD_STEPS[i]);
    }
    if (code == ERR_NONE) {
        code = timetable_seal(loader.timetable, err);
    }
    if (code != ERR_NONE) {
        timetable_unref(loader.timetable);
        return code;
    }
    *ret_timetable = loader.timetable;
    return ERR_NONE;
}
