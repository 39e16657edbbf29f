/* A problem into an empty database: every row a cell list in one change set, through the gate like any
 * import. */
#include "importers/problem.h"

#include "base/date.h"
#include "base/zone.h"
#include "importers/problem_read.h"

#include <stdio.h>
#include <string.h>

enum {
    HOURS_TEXT_SIZE = 512,
    WORDS_TEXT_MAX = 4000
};

/* A row on its way into the set; the first failure sticks. */
struct row_put {
    const struct timetable *timetable;
    struct change_set *set;
    struct error *err;
    enum error_code code;
};

static void put(struct row_put *row, enum store_table table, const struct cell *cells, size_t count)
{
    if (row->code == ERR_NONE) {
        row->code = change_set_put(row->set, table, cells, count, row->err);
    }
}
#define PUT(row, table, cells) put((row), (table), (cells), sizeof(cells) / sizeof *(cells))

#define CELL_LAT(place) ((place).known ? CELL_INT("lat_e6", (place).lat_e6) : CELL_NIL("lat_e6"))
#define CELL_LON(place) ((place).known ? CELL_INT("lon_e6", (place).lon_e6) : CELL_NIL("lon_e6"))
#define EMPTY_OR(text)  ((text) != NULL ? (text) : "")

/* NULL for an open end. */
static const char *day_text(int32_t day, int32_t open, char text[DATE_TEXT_SIZE])
{
    date_format(day, text);
    return day == open ? NULL : text;
}

static void words_join(struct text *out, uint64_t mask, const char *const *words, size_t count)
{
    text_clear(out);
    for (size_t i = 0; i < count; i++) {
        if ((mask >> i & 1) != 0) {
            text_addf(out, "%s%s", out->length > 0 ? ";" : "", words[i]);
        }
    }
}

static const char *area_id(const struct timetable *timetable, uint32_t area)
{
    return area == NONE ? NULL : timetable->areas[area].id;
}

/* ---- places ---- */

static void settings_put(struct row_put *row)
{
    const struct cell name[] = {CELL_STR("name", "city_name"), CELL_STR("value", row->timetable->city_name)};
    const struct cell tzid[] = {CELL_STR("name", "tzid"), CELL_STR("value", row->timetable->tzid)};
    PUT(row, TABLE_SETTING, name);
    PUT(row, TABLE_SETTING, tzid);
}

static void weights_put(struct row_put *row, const struct weights *weights)
{
#define X(field, value, unit, zh)                                                                            \
    {                                                                                                        \
        const struct cell cells[] = {CELL_STR("name", #field), CELL_INT("value", weights->field)};           \
        PUT(row, TABLE_WEIGHT, cells);                                                                       \
    }
    WEIGHT_LIST(X)
#undef X
}

static void travel_class_put(struct row_put *row, size_t i)
{
    const struct travel_class *class = &row->timetable->travel_classes[i];
    const struct cell cells[] = {
        CELL_STR("id", class->id), CELL_STR("name", class->name), CELL_INT("detour_pct", class->detour_pct),
        CELL_INT("speed_kmh", class->speed_kmh), CELL_INT("fixed_min", class->fixed_min)};
    PUT(row, TABLE_TRAVEL_CLASS, cells);
}

static void area_put(struct row_put *row, size_t i)
{
    static const char *const LEVELS[] = LEVEL_WORDS;
    const struct timetable *t = row->timetable;
    const struct area *area = &t->areas[i];
    const char *class = area->travel_class == NONE ? NULL : t->travel_classes[area->travel_class].id;
    const struct cell cells[] = {CELL_STR("id", area->id),
                                 CELL_STR("code_system", area->code_system),
                                 CELL_STR("level", LEVELS[area->level]),
                                 CELL_STR("name", area->name),
                                 CELL_STR("parent_id", area_id(t, area->parent)),
                                 CELL_LAT(area->place),
                                 CELL_LON(area->place),
                                 CELL_STR("travel_class_id", class)};
    PUT(row, TABLE_AREA, cells);
}

static void travel_override_put(struct row_put *row, size_t i)
{
    const struct travel_override *pair = &row->timetable->travel_overrides[i];
    const struct cell cells[] = {CELL_STR("from_area_id", area_id(row->timetable, pair->from_area)),
                                 CELL_STR("to_area_id", area_id(row->timetable, pair->to_area)),
                                 CELL_INT("minutes", pair->minutes)};
    PUT(row, TABLE_TRAVEL_OVERRIDE, cells);
}

static void hall_put(struct row_put *row, size_t i)
{
    const struct hall *hall = &row->timetable->halls[i];
    char hours[HOURS_TEXT_SIZE];
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    hours_format(&hall->hours, hours, (int)sizeof hours);
    const struct cell cells[] = {CELL_STR("id", hall->id),
                                 CELL_STR("name", hall->name),
                                 CELL_STR("area_id", area_id(row->timetable, hall->area)),
                                 CELL_LAT(hall->place),
                                 CELL_LON(hall->place),
                                 CELL_STR("hours", hours),
                                 CELL_STR("valid_from", day_text(hall->valid_from, DATE_MIN, from)),
                                 CELL_STR("valid_to", day_text(hall->valid_to, DATE_MAX, to)),
                                 CELL_INT("exempt", hall->exempt)};
    PUT(row, TABLE_HALL, cells);
}

static void room_put(struct row_put *row, size_t i)
{
    const struct timetable *t = row->timetable;
    const struct room *room = &t->rooms[i];
    struct text words;
    text_init(&words, WORDS_TEXT_MAX);
    words_join(&words, room->facilities, t->facilities.items, t->facilities.count);
    const struct cell cells[] = {CELL_STR("id", room->id),
                                 CELL_STR("hall_id", t->halls[room->hall].id),
                                 CELL_STR("name", room->name),
                                 CELL_INT("capacity", room->capacity),
                                 CELL_STR("facilities", text_string(&words)),
                                 CELL_INT("whole_hall", room->whole_hall)};
    PUT(row, TABLE_ROOM, cells);
    text_finish(&words);
}

static void holiday_put(struct row_put *row, size_t i)
{
    const struct holiday *holiday = &row->timetable->holidays[i];
    char date[DATE_TEXT_SIZE];
    date_format(holiday->day, date);
    const struct cell cells[] = {CELL_STR("date", date), CELL_STR("name", holiday->name),
                                 CELL_INT("is_off", holiday->is_off)};
    PUT(row, TABLE_HOLIDAY, cells);
}

static void closure_put(struct row_put *row, size_t i)
{
    static const char *const SCOPES[] = SCOPE_WORDS;
    const struct timetable *t = row->timetable;
    const struct closure *closure = &t->closures[i];
    const char *target = closure->scope == CLOSURE_ROOM   ? t->rooms[closure->target].id
                         : closure->scope == CLOSURE_HALL ? t->halls[closure->target].id
                                                          : t->areas[closure->target].id;
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    struct text rule;
    text_init(&rule, LIMIT_RULE_BYTES);
    if (closure->has_rule) {
        day_rule_format(&closure->rule, &rule);
    }
    date_format(closure->from_day, from);
    date_format(closure->to_day, to);
    const struct cell cells[] = {CELL_STR("id", closure->id),
                                 CELL_STR("scope", SCOPES[closure->scope]),
                                 CELL_STR("target_id", target),
                                 CELL_STR("strength", closure_strength_name(closure->strength)),
                                 CELL_STR("from_date", from),
                                 CELL_STR("to_date", to),
                                 CELL_INT("from_min", closure->from_min),
                                 CELL_INT("to_min", closure->to_min),
                                 CELL_STR("rule", text_string(&rule)),
                                 CELL_STR("reason", EMPTY_OR(closure->reason))};
    PUT(row, TABLE_CLOSURE, cells);
    text_finish(&rule);
}

/* ---- people ---- */

static void category_put(struct row_put *row, size_t i)
{
    const struct cell cells[] = {CELL_STR("id", row->timetable->categories[i].id),
                                 CELL_STR("name", row->timetable->categories[i].name)};
    PUT(row, TABLE_CATEGORY, cells);
}

static void parts_join(struct text *out, uint8_t parts)
{
    static const char *const PARTS[] = PART_WORDS;
    words_join(out, parts, PARTS, 3);
}

static void seasons_join(struct text *out, const struct course *course)
{
    for (size_t i = 0; i < course->season_count; i++) {
        const struct season *season = &course->seasons[i];
        text_addf(out, "%s%02d-%02d/%02d-%02d", i > 0 ? ";" : "", season->from_md / 100,
                  season->from_md % 100, season->to_md / 100, season->to_md % 100);
    }
}

static void course_put(struct row_put *row, size_t i)
{
    const struct timetable *t = row->timetable;
    const struct course *course = &t->courses[i];
    struct text words;
    struct text seasons;
    struct text parts;
    text_init(&words, WORDS_TEXT_MAX);
    text_init(&seasons, WORDS_TEXT_MAX);
    text_init(&parts, WORDS_TEXT_MAX);
    words_join(&words, course->facilities, t->facilities.items, t->facilities.count);
    seasons_join(&seasons, course);
    parts_join(&parts, course->parts);
    const struct cell cells[] = {
        CELL_STR("id", course->id),
        CELL_STR("name", course->name),
        CELL_STR("category_id", t->categories[course->category].id),
        CELL_INT("minutes", course->minutes),
        CELL_INT("setup_min", course->setup_min),
        CELL_INT("clear_min", course->clear_min),
        CELL_STR("facilities", text_string(&words)),
        CELL_STR("audience", course->audience == NONE ? "" : t->audiences.items[course->audience]),
        CELL_INT("heads", course->heads),
        CELL_INT("supply_limit", course->supply_limit),
        CELL_INT("hall_quota", course->hall_quota),
        CELL_STR("seasons", text_string(&seasons)),
        CELL_STR("parts", text_string(&parts)),
        CELL_INT("holidays_wanted", course->holidays_wanted),
        CELL_INT("active", course->active)};
    PUT(row, TABLE_COURSE, cells);
    text_finish(&words);
    text_finish(&seasons);
    text_finish(&parts);
}

static void instructor_put(struct row_put *row, size_t i)
{
    const struct timetable *t = row->timetable;
    const struct instructor *person = &t->instructors[i];
    char hours[HOURS_TEXT_SIZE];
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    hours_format(&person->hours, hours, (int)sizeof hours);
    const struct cell cells[] = {CELL_STR("id", person->id),
                                 CELL_STR("name", person->name),
                                 CELL_STR("home_area_id", area_id(t, person->home_area)),
                                 CELL_LAT(person->home),
                                 CELL_LON(person->home),
                                 CELL_STR("hours", hours),
                                 CELL_INT("max_day", person->max_day),
                                 CELL_INT("max_week", person->max_week),
                                 CELL_INT("max_month", person->max_month),
                                 CELL_INT("max_year", person->max_year),
                                 CELL_STR("valid_from", day_text(person->valid_from, DATE_MIN, from)),
                                 CELL_STR("valid_to", day_text(person->valid_to, DATE_MAX, to))};
    PUT(row, TABLE_INSTRUCTOR, cells);
    for (size_t k = 0; k < person->course_count; k++) {
        const struct cell pair[] = {CELL_STR("instructor_id", person->id),
                                    CELL_STR("course_id", t->courses[person->courses[k]].id)};
        PUT(row, TABLE_QUALIFICATION, pair);
    }
}

static void absence_put(struct row_put *row, size_t i)
{
    const struct absence *absence = &row->timetable->absences[i];
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    date_format(absence->from_day, from);
    date_format(absence->to_day, to);
    const struct cell cells[] = {
        CELL_STR("id", absence->id),
        CELL_STR("instructor_id", row->timetable->instructors[absence->instructor].id),
        CELL_STR("from_date", from),
        CELL_STR("to_date", to),
        CELL_INT("from_min", absence->from_min),
        CELL_INT("to_min", absence->to_min),
        CELL_STR("reason", EMPTY_OR(absence->reason))};
    PUT(row, TABLE_ABSENCE, cells);
}

static void weekdays_join(uint8_t weekdays, char ret_text[16])
{
    char *at = ret_text;
    for (int day = 0; day < 7; day++) {
        if ((weekdays >> day & 1) != 0) {
            *at = ',';
            at += at != ret_text;
            *at++ = (char)('1' + day);
        }
    }
    *at = '\0';
}

static void request_put(struct row_put *row, size_t i)
{
    const struct timetable *t = row->timetable;
    const struct request *request = &t->requests[i];
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    char weekdays[16];
    struct text parts;
    text_init(&parts, WORDS_TEXT_MAX);
    parts_join(&parts, request->parts);
    date_format(request->from_day, from);
    date_format(request->to_day, to);
    weekdays_join(request->weekdays, weekdays);
    const struct cell cells[] = {
        CELL_STR("id", request->id),
        CELL_STR("hall_id", request->hall == NONE ? NULL : t->halls[request->hall].id),
        CELL_STR("area_id", area_id(t, request->area)),
        CELL_STR("course_id", t->courses[request->course].id),
        CELL_INT("sessions", request->sessions),
        CELL_INT("is_series", request->is_series),
        CELL_STR("holiday_rule", holiday_rule_name(request->holiday_rule)),
        CELL_STR("from_date", from),
        CELL_STR("to_date", to),
        CELL_STR("weekdays", weekdays),
        CELL_STR("parts", text_string(&parts)),
        CELL_INT("priority", request->priority),
        CELL_INT("heads", request->heads),
        CELL_INT("withdrawn", request->withdrawn)};
    PUT(row, TABLE_REQUEST, cells);
    text_finish(&parts);
}

/* ---- what is published ---- */

static void series_put(struct row_put *row, size_t i)
{
    const struct series *series = &row->timetable->series[i];
    const char *request = series->request == NONE ? NULL : row->timetable->requests[series->request].id;
    if (row->code == ERR_NONE) {
        row->code = change_set_series_keep(row->set, series->id, request, series->holiday_rule, row->err);
    }
}

static void session_put(struct row_put *row, size_t i, int64_t now_s, const char *reason)
{
    const struct timetable *t = row->timetable;
    const struct session *session = &t->sessions[i];
    const struct placement *at = &session->at;
    struct session_kept kept = {.id = at->session_id,
                                .created_at = now_s,
                                .pinned = at->pinned,
                                .series_exception = at->series_exception,
                                .overrides = at->overrides,
                                .override_reason = reason};
    kept.as = (struct session_new){.course_id = t->courses[at->course].id,
                                   .room_id = t->rooms[at->room].id,
                                   .instructor_count = at->instructor_count,
                                   .day = at->day,
                                   .start_min = at->start_min,
                                   .minutes = at->minutes,
                                   .setup_min = at->setup_min,
                                   .clear_min = at->clear_min,
                                   .request_id = at->request == NONE ? NULL : t->requests[at->request].id,
                                   .series_id = at->series_id,
                                   .status = session->status,
                                   .heads = at->heads};
    for (uint8_t k = 0; k < at->instructor_count; k++) {
        kept.as.instructor_ids[k] = t->instructors[at->instructors[k]].id;
    }
    if (row->code == ERR_NONE && session->status != SESSION_CANCELLED) {
        row->code = change_set_session_keep(row->set, &kept, row->err);
    }
}

static void attendance_put(struct row_put *row, size_t i, int64_t now_s)
{
    const struct session *session = &row->timetable->sessions[i];
    const struct cell cells[] = {
        CELL_INT("session_id", session->at.session_id), CELL_INT("held", held_took_place(session->at.held)),
        CELL_INT("outside", session->at.held == HELD_OUTSIDE), CELL_INT("recorded_at", now_s)};
    if (session->status != SESSION_CANCELLED && session->at.held != HELD_UNKNOWN) {
        PUT(row, TABLE_ATTENDANCE, cells);
    }
}

/* ---- the whole ---- */

static void rows_put(struct row_put *row, const struct problem_file *file, int64_t now_s, const char *reason)
{
    const struct timetable *t = row->timetable;
    const struct {
        size_t count;
        void (*put)(struct row_put *row, size_t i);
    } sections[] = {
        {t->travel_class_count, travel_class_put},
        {t->area_count, area_put},
        {t->travel_override_count, travel_override_put},
        {t->category_count, category_put},
        {t->course_count, course_put},
        {t->hall_count, hall_put},
        {t->room_count, room_put},
        {t->instructor_count, instructor_put},
        {t->holiday_count, holiday_put},
        {t->closure_count, closure_put},
        {t->absence_count, absence_put},
        {t->request_count, request_put},
        {t->series_count, series_put},
    };
    settings_put(row);
    weights_put(row, &file->weights);
    for (size_t s = 0; s < sizeof sections / sizeof *sections; s++) {
        for (size_t i = 0; i < sections[s].count && row->code == ERR_NONE; i++) {
            sections[s].put(row, i);
        }
    }
    for (size_t i = 0; i < t->session_count && row->code == ERR_NONE; i++) {
        session_put(row, i, now_s, reason);
    }
}

/* Rows of these lists have keys in a database that planning does not ask for. */
static enum error_code keys_check(const struct timetable *timetable, struct error *err)
{
    for (size_t i = 0; i < timetable->closure_count; i++) {
        if (timetable->closures[i].id[0] == '\0') {
            return error_set(err, ERR_INPUT, "$.closures[%zu].id: 缺少 (missing)", i);
        }
    }
    for (size_t i = 0; i < timetable->absence_count; i++) {
        if (timetable->absences[i].id[0] == '\0') {
            return error_set(err, ERR_INPUT, "$.absences[%zu].id: 缺少 (missing)", i);
        }
    }
    return ERR_NONE;
}

/* In a database the class "road" is the default one, otherwise the first by id. */
static enum error_code default_class_check(const struct timetable *timetable, struct error *err)
{
    for (size_t i = 1; i < timetable->travel_class_count; i++) {
        const char *first = timetable->travel_classes[0].id;
        const char *id = timetable->travel_classes[i].id;
        if (strcmp(first, "road") != 0 && (strcmp(id, "road") == 0 || strcmp(id, first) < 0)) {
            return error_set(err, ERR_INPUT,
                             "$.travel_classes[0].id = \"%s\": 数据库以 \"%s\" 为默认类别 (a database takes "
                             "\"%s\" as the default)",
                             first, id, id);
        }
    }
    return ERR_NONE;
}

/* Feeds and pages need the zone; planning does not, so that a problem may name any. */
static enum error_code zone_check(const struct timetable *timetable, struct error *err)
{
    struct zone zone;
    enum error_code code = zone_load(timetable->tzid, &zone, err);
    if (code != ERR_NONE) {
        (void)error_wrap(err, "$.city.tzid = \"%s\"", timetable->tzid);
    }
    return code;
}

static enum error_code empty_check(struct store *store, struct error *err)
{
    bool empty = false;
    enum error_code code = store_is_empty(store, &empty, err);
    if (code == ERR_NONE && !empty) {
        code = error_set(err, ERR_EXISTS, "数据库不是空的 (the database is not empty)");
    }
    return code;
}

/* Attendance hangs on sessions that are there: a commit of its own. */
static enum error_code attendance_store(const struct problem_file *file, struct store *store,
                                        const char *actor, const char *reason, int64_t now_s,
                                        struct error *err)
{
    struct row_put row = {.timetable = file->timetable, .err = err};
    struct commit_result result = {0};
    row.code = change_set_create(actor, reason, PROBLEM_FORMAT, &row.set, err);
    for (size_t i = 0; i < file->timetable->session_count && row.code == ERR_NONE; i++) {
        attendance_put(&row, i, now_s);
    }
    if (row.code == ERR_NONE) {
        row.code = store_commit(store, row.set, false, &result, err);
    }
    commit_result_finish(&result);
    change_set_destroy(row.set);
    return row.code;
}

enum error_code problem_file_store(const struct problem_file *file, struct store *store, const char *actor,
                                   const char *reason, int64_t now_s, struct commit_result *result,
                                   struct error *err)
{
    struct row_put row = {.timetable = file->timetable, .err = err};
    *result = (struct commit_result){0};
    row.code = empty_check(store, err);
    if (row.code == ERR_NONE) {
        row.code = zone_check(file->timetable, err);
    }
    if (row.code == ERR_NONE) {
        row.code = keys_check(file->timetable, err);
    }
    if (row.code == ERR_NONE) {
        row.code = default_class_check(file->timetable, err);
    }
    if (row.code == ERR_NONE) {
        row.code = change_set_create(actor, reason, PROBLEM_FORMAT, &row.set, err);
    }
    if (row.code == ERR_NONE) {
        rows_put(&row, file, now_s, reason);
    }
    if (row.code == ERR_NONE) {
        row.code = store_commit(store, row.set, false, result, err);
    }
    if (row.code == ERR_NONE) {
        row.code = attendance_store(file, store, actor, reason, now_s, err);
    }
    change_set_destroy(row.set);
    return row.code;
}
