/* Rows of a problem about who teaches what for whom: categories, courses, instructors, absences, requests,
 * series, sessions. */
#include "importers/problem_read.h"

#include "base/date.h"
#include "base/text.h"
#include "base/vec.h"
#include "scheduler/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const PARTS[] = PART_WORDS;
static const char *const HOLIDAY_RULES[] = HOLIDAY_WORDS;

static const char *name_or(struct json_row *row, const char *id)
{
    const char *name = field_text(row, "name", FIELD_OPTIONAL);
    return name != NULL ? name : id;
}

static bool going_on(const struct json_row *row)
{
    return row->reader->code == ERR_NONE;
}

void problem_read_category(struct json_row *row)
{
    uint32_t index;
    struct category category = {.id = field_text(row, "id", FIELD_NEEDED)};
    category.name = name_or(row, category.id);
    if (going_on(row)) {
        json_row_wrap(row, NULL,
                      timetable_add_category(row->reader->timetable, &category, &index, row->reader->err));
    }
}

/* [["03-01", "06-30"], …] */
static void seasons_read(struct json_row *row, struct season seasons[SEASONS_MAX], size_t *ret_count)
{
    struct text text;
    const json_t *list = field_list(row, "seasons", SEASONS_MAX);
    text_init(&text, LIMIT_NOTE_BYTES);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *pair = json_array_get(list, i);
        const char *from = json_string_value(json_array_get(pair, 0));
        const char *to = json_string_value(json_array_get(pair, 1));
        if (json_array_size(pair) != 2 || from == NULL || to == NULL) {
            json_row_fail(row, "seasons", "应为 [\"月-日\", \"月-日\"] 的列表",
                          "must be a list of [\"MM-DD\", \"MM-DD\"]");
        } else {
            text_addf(&text, "%s%s/%s", i > 0 ? ";" : "", from, to);
        }
    }
    if (going_on(row)) {
        json_row_wrap(row, "seasons",
                      seasons_parse(text_string(&text), seasons, ret_count, row->reader->err));
    }
    text_finish(&text);
}

static void course_words_read(struct json_row *row, struct course *course)
{
    struct timetable *timetable = row->reader->timetable;
    struct error *err = row->reader->err;
    const char *audience = field_text(row, "audience", FIELD_OPTIONAL);
    struct text words;
    text_init(&words, LIMIT_NOTE_BYTES);
    field_joined(row, "facilities", &words);
    if (going_on(row)) {
        json_row_wrap(row, "facilities",
                      timetable_facility_mask(timetable, text_string(&words), &course->facilities, err));
    }
    text_finish(&words);
    if (going_on(row)) {
        json_row_wrap(row, "audience", timetable_audience(timetable, audience, &course->audience, err));
    }
}

void problem_read_course(struct json_row *row)
{
    struct season seasons[SEASONS_MAX];
    uint32_t index;
    struct course course = {.id = field_text(row, "id", FIELD_NEEDED), .provider = NONE, .seasons = seasons};
    course.name = name_or(row, course.id);
    course.category = field_refer(row, "category", FIELD_NEEDED, timetable_find_category);
    course.minutes = (int32_t)field_integer_needed(row, "minutes", 1, LIMIT_SESSION_MINUTES);
    course.setup_min = (int32_t)field_integer(row, "setup_min", 0, 0, LIMIT_MARGIN_MINUTES);
    course.clear_min = (int32_t)field_integer(row, "clear_min", 0, 0, LIMIT_MARGIN_MINUTES);
    course_words_read(row, &course);
    course.heads = (int32_t)field_integer(row, "heads", 0, 0, INT32_MAX);
    course.supply_limit = (int32_t)field_integer(row, "supply_limit", 0, 0, INT32_MAX);
    course.hall_quota = (int32_t)field_integer(row, "hall_quota", 0, 0, INT32_MAX);
    seasons_read(row, seasons, &course.season_count);
    course.parts = field_words(row, "parts", PARTS, 3);
    course.holidays_wanted = field_bool(row, "holidays_wanted", false);
    course.active = field_bool(row, "active", true);
    if (going_on(row)) {
        json_row_wrap(row, NULL,
                      timetable_add_course(row->reader->timetable, &course, &index, row->reader->err));
    }
}

static uint32_t *qualified_read(struct json_row *row, size_t *ret_count)
{
    const json_t *list = field_list(row, "courses", LIMIT_ROWS);
    size_t count = json_array_size(list);
    uint32_t *courses = malloc((count + 1) * sizeof *courses);
    for (size_t i = 0; i < count && courses != NULL; i++) {
        courses[i] =
            timetable_find_course(row->reader->timetable, json_string_value(json_array_get(list, i)));
        if (courses[i] == NONE) {
            char key[48];
            (void)snprintf(key, sizeof key, "courses[%zu]", i);
            json_row_fail(row, key, "所引用的课程不存在", "no such course");
        }
    }
    if (courses == NULL) {
        row->reader->code = error_set(row->reader->err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    *ret_count = count;
    return courses;
}

void problem_read_instructor(struct json_row *row)
{
    uint32_t index;
    struct instructor person = {.id = field_text(row, "id", FIELD_NEEDED), .provider = NONE};
    person.name = name_or(row, person.id);
    person.home_area = field_refer(row, "home_area", FIELD_OPTIONAL, timetable_find_area);
    person.home = field_place(row);
    field_hours(row, "hours", &person.hours);
    person.max_day = (int32_t)field_integer(row, "max_day", 0, 0, INT32_MAX);
    person.max_week = (int32_t)field_integer(row, "max_week", 0, 0, INT32_MAX);
    person.max_month = (int32_t)field_integer(row, "max_month", 0, 0, INT32_MAX);
    person.max_year = (int32_t)field_integer(row, "max_year", 0, 0, INT32_MAX);
    person.valid_from = field_day(row, "valid_from", DATE_MIN);
    person.valid_to = field_day(row, "valid_to", DATE_MAX);
    uint32_t *courses = qualified_read(row, &person.course_count);
    person.courses = courses;
    if (going_on(row)) {
        json_row_wrap(row, NULL,
                      timetable_add_instructor(row->reader->timetable, &person, &index, row->reader->err));
    }
    free(courses);
}

void problem_read_absence(struct json_row *row)
{
    struct absence absence = {.id = field_text(row, "id", FIELD_OPTIONAL)};
    absence.instructor = field_refer(row, "instructor", FIELD_NEEDED, timetable_find_instructor);
    absence.from_day = field_day_needed(row, "from");
    absence.to_day = field_day_needed(row, "to");
    absence.from_min = (int32_t)field_integer(row, "from_min", 0, 0, DAY_MINUTES);
    absence.to_min = (int32_t)field_integer(row, "to_min", DAY_MINUTES, 0, DAY_MINUTES);
    absence.reason = field_text(row, "reason", FIELD_OPTIONAL);
    if (going_on(row)) {
        json_row_wrap(row, NULL, timetable_add_absence(row->reader->timetable, &absence, row->reader->err));
    }
}

/* ISO weekdays [1, 5] to bits, bit 0 Monday. */
static uint8_t weekdays_read(struct json_row *row)
{
    const json_t *list = field_list(row, "weekdays", 7);
    unsigned bits = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *value = json_array_get(list, i);
        json_int_t day = json_is_integer(value) ? json_integer_value(value) : 0;
        if (day < 1 || day > 7) {
            json_row_fail(row, "weekdays", "应为 1（周一）至 7 的列表", "must be a list of 1 (Monday) to 7");
            return 0;
        }
        bits |= 1U << (day - 1);
    }
    return (uint8_t)bits;
}

void problem_read_request(struct json_row *row)
{
    uint32_t index;
    struct request request = {.id = field_text(row, "id", FIELD_NEEDED)};
    request.hall = field_refer(row, "hall", FIELD_OPTIONAL, timetable_find_hall);
    request.area = field_refer(row, "area", FIELD_OPTIONAL, timetable_find_area);
    request.course = field_refer(row, "course", FIELD_NEEDED, timetable_find_course);
    request.sessions = (int32_t)field_integer(row, "sessions", 1, 1, LIMIT_REQUEST_SESSIONS);
    request.is_series = field_bool(row, "series", false);
    request.holiday_rule =
        (enum holiday_rule)field_word(row, "holiday_rule", HOLIDAY_RULES, 3, HOLIDAY_SHIFT);
    request.from_day = field_day_needed(row, "from");
    request.to_day = field_day_needed(row, "to");
    request.weekdays = weekdays_read(row);
    request.parts = field_words(row, "parts", PARTS, 3);
    request.priority = (int32_t)field_integer(row, "priority", 5, 1, 9);
    request.heads = (int32_t)field_integer(row, "heads", 0, 0, INT32_MAX);
    request.withdrawn = field_bool(row, "withdrawn", false);
    if (going_on(row)) {
        json_row_wrap(row, NULL,
                      timetable_add_request(row->reader->timetable, &request, &index, row->reader->err));
    }
}

void problem_read_series(struct json_row *row)
{
    struct series series = {
        .id = field_integer_needed(row, "id", 1, INT64_MAX),
        .request = field_refer(row, "request", FIELD_OPTIONAL, timetable_find_request),
        .holiday_rule = (enum holiday_rule)field_word(row, "holiday_rule", HOLIDAY_RULES, 3, HOLIDAY_SHIFT),
    };
    if (going_on(row)) {
        json_row_wrap(row, NULL, timetable_add_series(row->reader->timetable, &series, row->reader->err));
    }
}

/* ---- sessions ---- */

static void teachers_read(struct json_row *row, struct placement *at)
{
    const json_t *list = field_list(row, "instructors", LIMIT_SESSION_INSTRUCTORS);
    for (size_t i = 0; i < json_array_size(list); i++) {
        uint32_t found =
            timetable_find_instructor(row->reader->timetable, json_string_value(json_array_get(list, i)));
        if (found == NONE) {
            char key[48];
            (void)snprintf(key, sizeof key, "instructors[%zu]", i);
            json_row_fail(row, key, "没有这位讲师", "no such instructor");
            return;
        }
        at->instructors[at->instructor_count++] = found;
    }
}

static uint64_t overrides_read(struct json_row *row)
{
    const json_t *list = field_list(row, "overrides", RULE_COUNT);
    uint64_t mask = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        enum rule_code rule = rule_from_name(json_string_value(json_array_get(list, i)));
        if (rule == RULE_COUNT || !rule_overridable(rule)) {
            json_row_fail(row, "overrides", "没有这条可以放行的规则", "no such rule that may be set aside");
            return 0;
        }
        mask |= RULE_BIT(rule);
    }
    return mask;
}

static enum held_state held_read(struct json_row *row)
{
    bool given = field_get(row, "held") != NULL;
    row->seen_count--;
    bool held = field_bool(row, "held", false);
    bool outside = field_bool(row, "outside", false);
    if (outside && !held) {
        json_row_fail(row, "outside", "只能与 held: true 同写", "only together with held: true");
    }
    if (!given) {
        return HELD_UNKNOWN;
    }
    if (!held) {
        return HELD_NO;
    }
    return outside ? HELD_OUTSIDE : HELD_YES;
}

static void placement_read(struct json_row *row, struct placement *at)
{
    struct timetable *timetable = row->reader->timetable;
    at->session_id = field_integer_needed(row, "id", 1, INT64_MAX);
    at->course = field_refer(row, "course", FIELD_NEEDED, timetable_find_course);
    at->room = field_refer(row, "room", FIELD_NEEDED, timetable_find_room);
    teachers_read(row, at);
    at->day = field_day_needed(row, "date");
    at->start_min = (int32_t)field_integer_needed(row, "start_min", 0, DAY_MINUTES - 1);
    const struct course *course = going_on(row) ? &timetable->courses[at->course] : NULL;
    at->minutes = (int32_t)field_integer(row, "minutes", course != NULL ? course->minutes : 1, 1,
                                         LIMIT_SESSION_MINUTES);
    at->setup_min = (int32_t)field_integer(row, "setup_min", course != NULL ? course->setup_min : 0, 0,
                                           LIMIT_MARGIN_MINUTES);
    at->clear_min = (int32_t)field_integer(row, "clear_min", course != NULL ? course->clear_min : 0, 0,
                                           LIMIT_MARGIN_MINUTES);
    at->request = field_refer(row, "request", FIELD_OPTIONAL, timetable_find_request);
    at->series_id = field_integer(row, "series", 0, 1, INT64_MAX);
    at->series_exception = field_bool(row, "series_exception", false);
    at->pinned = field_bool(row, "pinned", false);
    at->held = held_read(row);
    at->heads = (int32_t)field_integer(row, "heads", 0, 0, INT32_MAX);
    at->overrides = overrides_read(row);
}

void problem_read_session(struct json_row *row)
{
    struct session session = {.status = SESSION_CONFIRMED, .counts_as = 1};
    placement_read(row, &session.at);
    if (field_bool(row, "tentative", false)) {
        session.status = SESSION_TENTATIVE;
    }
    if (going_on(row)) {
        json_row_wrap(row, NULL, timetable_add_session(row->reader->timetable, &session, row->reader->err));
    }
}
