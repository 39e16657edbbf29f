/* Writing a problem: one row a line, fields with their defaults left out, in the timetable's order, so that
 * the same timetable gives the same bytes. */
#include "importers/problem.h"

#include "base/date.h"
#include "importers/problem_read.h"

#include <inttypes.h>
#include <string.h>

/* ---- one row ---- */

static void row_open(struct text *out, size_t index)
{
    text_add(out, index > 0 ? ",\n{" : "\n{");
}

/* The comma before a field that is not the object's first. */
static void key_put(struct text *out, const char *key)
{
    if (out->length > 0 && out->data[out->length - 1] != '{') {
        text_add_char(out, ',');
    }
    text_addf(out, "\"%s\":", key);
}

static void text_put(struct text *out, const char *key, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        key_put(out, key);
        text_add_json(out, value);
    }
}

static void number_put(struct text *out, const char *key, int64_t value)
{
    key_put(out, key);
    text_addf(out, "%" PRId64, value);
}

static void number_unless(struct text *out, const char *key, int64_t value, int64_t otherwise)
{
    if (value != otherwise) {
        number_put(out, key, value);
    }
}

static void flag_unless(struct text *out, const char *key, bool value, bool otherwise)
{
    if (value != otherwise) {
        key_put(out, key);
        text_add(out, value ? "true" : "false");
    }
}

static void day_put(struct text *out, const char *key, int32_t day)
{
    char date[DATE_TEXT_SIZE];
    date_format(day, date);
    text_put(out, key, date);
}

static void day_unless(struct text *out, const char *key, int32_t day, int32_t otherwise)
{
    if (day != otherwise) {
        day_put(out, key, day);
    }
}

/* The words whose bits are set, as a list. */
static void words_put(struct text *out, const char *key, uint64_t mask, const char *const *words,
                      size_t count)
{
    bool first = true;
    for (size_t i = 0; i < count && mask != 0; i++) {
        if ((mask >> i & 1) == 0) {
            continue;
        }
        if (first) {
            key_put(out, key);
        }
        text_add_char(out, first ? '[' : ',');
        text_add_json(out, words[i]);
        first = false;
    }
    if (!first) {
        text_add_char(out, ']');
    }
}

static void parts_put(struct text *out, uint8_t parts)
{
    static const char *const PARTS[] = PART_WORDS;
    words_put(out, "parts", parts, PARTS, 3);
}

static void place_put(struct text *out, struct place place)
{
    if (place.known) {
        number_put(out, "lat_e6", place.lat_e6);
        number_put(out, "lon_e6", place.lon_e6);
    }
}

static void hours_put(struct text *out, const struct hours *hours)
{
    for (uint8_t i = 0; i < hours->count; i++) {
        const struct hours_span *span = &hours->spans[i];
        if (i == 0) {
            key_put(out, "hours");
        }
        text_addf(out, "%c[%d,%d,%d]", i == 0 ? '[' : ',', span->weekday, span->from_min, span->to_min);
    }
    text_add(out, hours->count > 0 ? "]" : "");
}

static void span_put(struct text *out, int32_t from_min, int32_t to_min)
{
    number_unless(out, "from_min", from_min, 0);
    number_unless(out, "to_min", to_min, DAY_MINUTES);
}

/* ---- places ---- */

static void travel_class_write(const struct problem_file *file, size_t i, struct text *out)
{
    const struct travel_class *class = &file->timetable->travel_classes[i];
    text_put(out, "id", class->id);
    text_put(out, "name", class->name);
    number_put(out, "detour_pct", class->detour_pct);
    number_put(out, "speed_kmh", class->speed_kmh);
    number_put(out, "fixed_min", class->fixed_min);
}

static const char *area_id(const struct timetable *timetable, uint32_t area)
{
    return area == NONE ? NULL : timetable->areas[area].id;
}

/* The parent as it was resolved: registers of different years disagree, and others need not know how we mend
 * it. */
static void area_write(const struct problem_file *file, size_t i, struct text *out)
{
    static const char *const LEVELS[] = LEVEL_WORDS;
    const struct timetable *t = file->timetable;
    const struct area *area = &t->areas[i];
    text_put(out, "id", area->id);
    text_put(out, "name", area->name);
    text_put(out, "code_system", area->code_system);
    text_put(out, "level", LEVELS[area->level]);
    text_put(out, "parent", area_id(t, area->parent));
    place_put(out, area->place);
    text_put(out, "travel_class",
             area->travel_class == NONE ? NULL : t->travel_classes[area->travel_class].id);
}

static void travel_override_write(const struct problem_file *file, size_t i, struct text *out)
{
    const struct travel_override *pair = &file->timetable->travel_overrides[i];
    text_put(out, "from", area_id(file->timetable, pair->from_area));
    text_put(out, "to", area_id(file->timetable, pair->to_area));
    number_put(out, "minutes", pair->minutes);
}

static void hall_write(const struct problem_file *file, size_t i, struct text *out)
{
    const struct hall *hall = &file->timetable->halls[i];
    text_put(out, "id", hall->id);
    text_put(out, "name", hall->name);
    text_put(out, "area", area_id(file->timetable, hall->area));
    place_put(out, hall->place);
    hours_put(out, &hall->hours);
    day_unless(out, "valid_from", hall->valid_from, DATE_MIN);
    day_unless(out, "valid_to", hall->valid_to, DATE_MAX);
    flag_unless(out, "exempt", hall->exempt, false);
}

static void facilities_put(struct text *out, const struct timetable *timetable, uint64_t mask)
{
    words_put(out, "facilities", mask, timetable->facilities.items, timetable->facilities.count);
}

static void room_write(const struct problem_file *file, size_t i, struct text *out)
{
    const struct room *room = &file->timetable->rooms[i];
    text_put(out, "id", room->id);
    text_put(out, "hall", file->timetable->halls[room->hall].id);
    text_put(out, "name", room->name);
    number_unless(out, "capacity", room->capacity, 0);
    facilities_put(out, file->timetable, room->facilities);
    flag_unless(out, "whole_hall", room->whole_hall, false);
}

static void holiday_write(const struct problem_file *file, size_t i, struct text *out)
{
    const struct holiday *holiday = &file->timetable->holidays[i];
    day_put(out, "date", holiday->day);
    text_put(out, "name", holiday->name);
    flag_unless(out, "is_off", holiday->is_off, true);
}

/* The dates of a rule from a day before the plan's first to a day after its last: lunar calendars and
 * branches are not everybody's business. */
static void dates_put(const struct problem_file *file, const struct closure *closure, struct text *out)
{
    int32_t from = closure->from_day > file->from_day - 1 ? closure->from_day : file->from_day - 1;
    int32_t to = closure->to_day < file->to_day + 1 ? closure->to_day : file->to_day + 1;
    char date[DATE_TEXT_SIZE];
    const char *before = "[";
    key_put(out, "dates");
    for (int32_t day = from; day <= to; day++) {
        struct day_info info = timetable_day(file->timetable, day);
        if (day_rule_matches(&closure->rule, &info)) {
            date_format(day, date);
            text_addf(out, "%s\"%s\"", before, date);
            before = ",";
        }
    }
    text_add(out, before[0] == '[' ? "[]" : "]");
}

static void closure_write(const struct problem_file *file, size_t i, struct text *out)
{
    static const char *const SCOPES[] = SCOPE_WORDS;
    static const char *const STRENGTHS[] = STRENGTH_WORDS;
    const struct timetable *t = file->timetable;
    const struct closure *closure = &t->closures[i];
    const char *target = closure->scope == CLOSURE_ROOM   ? t->rooms[closure->target].id
                         : closure->scope == CLOSURE_HALL ? t->halls[closure->target].id
                                                          : t->areas[closure->target].id;
    text_put(out, "id", closure->id);
    text_put(out, "scope", SCOPES[closure->scope]);
    text_put(out, "target", target);
    text_put(out, "strength", STRENGTHS[closure->strength]);
    day_put(out, "from", closure->from_day);
    day_put(out, "to", closure->to_day);
    span_put(out, closure->from_min, closure->to_min);
    if (closure->has_rule) {
        struct text rule;
        text_init(&rule, LIMIT_RULE_BYTES);
        day_rule_format(&closure->rule, &rule);
        text_put(out, "rule", text_string(&rule));
        text_finish(&rule);
        dates_put(file, closure, out);
    }
    text_put(out, "reason", closure->reason);
}

/* ---- people ---- */

static void category_write(const struct problem_file *file, size_t i, struct text *out)
{
    text_put(out, "id", file->timetable->categories[i].id);
    text_put(out, "name", file->timetable->categories[i].name);
}

static void seasons_put(struct text *out, const struct course *course)
{
    for (size_t i = 0; i < course->season_count; i++) {
        const struct season *season = &course->seasons[i];
        if (i == 0) {
            key_put(out, "seasons");
        }
        text_addf(out, "%c[\"%02d-%02d\",\"%02d-%02d\"]", i == 0 ? '[' : ',', season->from_md / 100,
                  season->from_md % 100, season->to_md / 100, season->to_md % 100);
    }
    text_add(out, course->season_count > 0 ? "]" : "");
}

static void course_write(const struct problem_file *file, size_t i, struct text *out)
{
    const struct timetable *t = file->timetable;
    const struct course *course = &t->courses[i];
    text_put(out, "id", course->id);
    text_put(out, "name", course->name);
    text_put(out, "category", t->categories[course->category].id);
    number_put(out, "minutes", course->minutes);
    number_unless(out, "setup_min", course->setup_min, 0);
    number_unless(out, "clear_min", course->clear_min, 0);
    facilities_put(out, t, course->facilities);
    text_put(out, "audience", course->audience == NONE ? NULL : t->audiences.items[course->audience]);
    number_unless(out, "heads", course->heads, 0);
    number_unless(out, "supply_limit", course->supply_limit, 0);
    number_unless(out, "hall_quota", course->hall_quota, 0);
    seasons_put(out, course);
    parts_put(out, course->parts);
    flag_unless(out, "holidays_wanted", course->holidays_wanted, false);
    flag_unless(out, "active", course->active, true);
}

static void instructor_write(const struct problem_file *file, size_t i, struct text *out)
{
    const struct timetable *t = file->timetable;
    const struct instructor *person = &t->instructors[i];
    text_put(out, "id", person->id);
    text_put(out, "name", person->name);
    text_put(out, "home_area", area_id(t, person->home_area));
    place_put(out, person->home);
    hours_put(out, &person->hours);
    number_unless(out, "max_day", person->max_day, 0);
    number_unless(out, "max_week", person->max_week, 0);
    number_unless(out, "max_month", person->max_month, 0);
    number_unless(out, "max_year", person->max_year, 0);
    day_unless(out, "valid_from", person->valid_from, DATE_MIN);
    day_unless(out, "valid_to", person->valid_to, DATE_MAX);
    key_put(out, "courses");
    for (size_t k = 0; k < person->course_count; k++) {
        text_add_char(out, k == 0 ? '[' : ',');
        text_add_json(out, t->courses[person->courses[k]].id);
    }
    text_add(out, person->course_count == 0 ? "[]" : "]");
}

static void absence_write(const struct problem_file *file, size_t i, struct text *out)
{
    const struct absence *absence = &file->timetable->absences[i];
    text_put(out, "id", absence->id);
    text_put(out, "instructor", file->timetable->instructors[absence->instructor].id);
    day_put(out, "from", absence->from_day);
    day_put(out, "to", absence->to_day);
    span_put(out, absence->from_min, absence->to_min);
    text_put(out, "reason", absence->reason);
}

static void request_write(const struct problem_file *file, size_t i, struct text *out)
{
    const struct timetable *t = file->timetable;
    const struct request *request = &t->requests[i];
    text_put(out, "id", request->id);
    text_put(out, "hall", request->hall == NONE ? NULL : t->halls[request->hall].id);
    text_put(out, "area", area_id(t, request->area));
    text_put(out, "course", t->courses[request->course].id);
    number_put(out, "sessions", request->sessions);
    flag_unless(out, "series", request->is_series, false);
    text_put(out, "holiday_rule", holiday_rule_name(request->holiday_rule));
    day_put(out, "from", request->from_day);
    day_put(out, "to", request->to_day);
    for (int day = 0, first = 1; day < 7; day++) {
        if ((request->weekdays >> day & 1) != 0) {
            if (first) {
                key_put(out, "weekdays");
            }
            text_addf(out, "%c%d%s", first ? '[' : ',', day + 1,
                      request->weekdays >> (day + 1) == 0 ? "]" : "");
            first = 0;
        }
    }
    parts_put(out, request->parts);
    number_put(out, "priority", request->priority);
    number_unless(out, "heads", request->heads, 0);
    flag_unless(out, "withdrawn", request->withdrawn, false);
}

/* ---- what is published ---- */

static void series_write(const struct problem_file *file, size_t i, struct text *out)
{
    const struct timetable *t = file->timetable;
    number_put(out, "id", t->series[i].id);
    text_put(out, "request", t->series[i].request == NONE ? NULL : t->requests[t->series[i].request].id);
    text_put(out, "holiday_rule", holiday_rule_name(t->series[i].holiday_rule));
}

static void overrides_put(struct text *out, uint64_t overrides)
{
    const char *names[RULE_COUNT];
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        names[rule] = rule_name((enum rule_code)rule);
    }
    words_put(out, "overrides", overrides, names, RULE_COUNT);
}

static void session_write(const struct problem_file *file, size_t i, struct text *out)
{
    const struct timetable *t = file->timetable;
    const struct placement *at = &t->sessions[i].at;
    number_put(out, "id", at->session_id);
    text_put(out, "course", t->courses[at->course].id);
    text_put(out, "room", t->rooms[at->room].id);
    key_put(out, "instructors");
    for (uint8_t k = 0; k < at->instructor_count; k++) {
        text_add_char(out, k == 0 ? '[' : ',');
        text_add_json(out, t->instructors[at->instructors[k]].id);
    }
    text_add(out, at->instructor_count == 0 ? "[]" : "]");
    day_put(out, "date", at->day);
    number_put(out, "start_min", at->start_min);
    number_put(out, "minutes", at->minutes);
    number_put(out, "setup_min", at->setup_min);
    number_put(out, "clear_min", at->clear_min);
    text_put(out, "request", at->request == NONE ? NULL : t->requests[at->request].id);
    number_unless(out, "series", at->series_id, 0);
    flag_unless(out, "series_exception", at->series_exception, false);
    flag_unless(out, "pinned", at->pinned, false);
    if (at->held != HELD_UNKNOWN) {
        flag_unless(out, "held", held_took_place(at->held), !held_took_place(at->held));
    }
    flag_unless(out, "outside", at->held == HELD_OUTSIDE, false);
    number_unless(out, "heads", at->heads, 0);
    overrides_put(out, at->overrides);
    flag_unless(out, "tentative", t->sessions[i].status == SESSION_TENTATIVE, false);
}

/* ---- the whole ---- */

static void head_write(const struct problem_file *file, struct text *out)
{
    text_add(out, "{\"format\":\"" PROBLEM_FORMAT "\",\n\"city\":{");
    text_put(out, "name", file->timetable->city_name);
    text_put(out, "tzid", file->timetable->tzid);
    text_add(out, "},\n\"plan\":{");
    day_put(out, "from", file->from_day);
    day_put(out, "to", file->to_day);
    day_unless(out, "frozen_until", file->frozen_until_day, file->from_day - 1);
    flag_unless(out, "keep_published", file->keep_published, true);
    text_add(out, "},\n\"weights\":{");
#define X(field, value, unit, zh) number_put(out, #field, file->weights.field);
    WEIGHT_LIST(X)
#undef X
    text_add(out, "}");
}

static bool session_is_out(const struct timetable *timetable, size_t i)
{
    return timetable->sessions[i].status == SESSION_CANCELLED;
}

enum error_code problem_file_write(const struct problem_file *file, struct text *out, struct error *err)
{
    const struct timetable *t = file->timetable;
    const struct {
        const char *name;
        size_t count;
        void (*write)(const struct problem_file *file, size_t i, struct text *out);
        bool (*is_out)(const struct timetable *timetable, size_t i);
    } sections[] = {
        {"travel_classes", t->travel_class_count, travel_class_write, NULL},
        {"areas", t->area_count, area_write, NULL},
        {"travel_overrides", t->travel_override_count, travel_override_write, NULL},
        {"categories", t->category_count, category_write, NULL},
        {"courses", t->course_count, course_write, NULL},
        {"halls", t->hall_count, hall_write, NULL},
        {"rooms", t->room_count, room_write, NULL},
        {"instructors", t->instructor_count, instructor_write, NULL},
        {"holidays", t->holiday_count, holiday_write, NULL},
        {"closures", t->closure_count, closure_write, NULL},
        {"absences", t->absence_count, absence_write, NULL},
        {"requests", t->request_count, request_write, NULL},
        {"series", t->series_count, series_write, NULL},
        {"sessions", t->session_count, session_write, session_is_out},
    };
    head_write(file, out);
    for (size_t s = 0; s < sizeof sections / sizeof *sections; s++) {
        size_t written = 0;
        text_addf(out, ",\n\"%s\":[", sections[s].name);
        for (size_t i = 0; i < sections[s].count; i++) {
            if (sections[s].is_out == NULL || !sections[s].is_out(t, i)) {
                row_open(out, written++);
                sections[s].write(file, i, out);
                text_add_char(out, '}');
            }
        }
        text_add(out, "]");
    }
    text_add(out, "}\n");
    return text_status(out, err);
}
