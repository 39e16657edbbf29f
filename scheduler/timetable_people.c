/* Adding who teaches what: providers, categories, courses, instructors, absences. */
#include "base/date.h"
#include "scheduler/timetable_private.h"

#include <stdlib.h>
#include <string.h>

enum {
    PARTS_ALL = PART_MORNING | PART_AFTERNOON | PART_EVENING
};

enum error_code timetable_add_provider(struct timetable *timetable, const struct provider *provider,
                                       uint32_t *ret_index, struct error *err)
{
    struct provider row = *provider;
    struct row_check check = {.zh = "开课单位",
                              .en = "provider",
                              .id = row.id,
                              .number = (int64_t)timetable->provider_count,
                              .err = err};
    enum error_code code = timetable_open(timetable, err);
    if (code != ERR_NONE) {
        return code;
    }
    row_check_id(&check, &timetable->provider_ids);
    row_check_text(&check, "name", row.name, LIMIT_NAME_BYTES, TEXT_REQUIRED);
    row_check_index(&check, "area", row.area, timetable->area_count, true);
    if (check.code != ERR_NONE) {
        return check.code;
    }
    ROWS_RESERVE(code, timetable, providers, provider_count, err);
    if (code != ERR_NONE) {
        return code;
    }
    uint32_t index = (uint32_t)timetable->provider_count;
    if (!timetable_keep(timetable, &row.id) || !timetable_keep(timetable, &row.name) ||
        map_add(&timetable->provider_ids, row.id, index) != ERR_NONE) {
        return timetable_memory(err);
    }
    timetable->providers[timetable->provider_count++] = row;
    *ret_index = index;
    return ERR_NONE;
}

enum error_code timetable_add_category(struct timetable *timetable, const struct category *category,
                                       uint32_t *ret_index, struct error *err)
{
    struct category row = *category;
    struct row_check check = {.zh = "课程类别",
                              .en = "category",
                              .id = row.id,
                              .number = (int64_t)timetable->category_count,
                              .err = err};
    enum error_code code = timetable_open(timetable, err);
    if (code != ERR_NONE) {
        return code;
    }
    row_check_id(&check, &timetable->category_ids);
    row_check_text(&check, "name", row.name, LIMIT_NAME_BYTES, TEXT_REQUIRED);
    if (check.code != ERR_NONE) {
        return check.code;
    }
    ROWS_RESERVE(code, timetable, categories, category_count, err);
    if (code != ERR_NONE) {
        return code;
    }
    uint32_t index = (uint32_t)timetable->category_count;
    if (!timetable_keep(timetable, &row.id) || !timetable_keep(timetable, &row.name) ||
        map_add(&timetable->category_ids, row.id, index) != ERR_NONE) {
        return timetable_memory(err);
    }
    timetable->categories[timetable->category_count++] = row;
    *ret_index = index;
    return ERR_NONE;
}

static bool month_day_valid(int16_t month_day)
{
    /* 2024 is a leap year: 02-29 may begin or end a season. */
    return month_day >= 0 &&
           civil_valid((struct civil){.year = 2024, .month = month_day / 100, .day = month_day % 100});
}

static void seasons_check(struct row_check *check, const struct season *seasons, size_t count)
{
    row_check_range(check, "season_count", (int64_t)count, 0, SEASONS_MAX);
    for (size_t i = 0; i < count && check->code == ERR_NONE; i++) {
        if (!month_day_valid(seasons[i].from_md) || !month_day_valid(seasons[i].to_md)) {
            row_check_fail(check, ERR_INPUT, "seasons", "不是有效的月日", "is not a month and day");
        }
    }
}

static enum error_code course_check(const struct timetable *timetable, const struct course *row,
                                    struct error *err)
{
    struct row_check check = {
        .zh = "课程", .en = "course", .id = row->id, .number = (int64_t)timetable->course_count, .err = err};
    row_check_id(&check, &timetable->course_ids);
    row_check_text(&check, "name", row->name, LIMIT_NAME_BYTES, TEXT_REQUIRED);
    row_check_index(&check, "category", row->category, timetable->category_count, false);
    row_check_index(&check, "provider", row->provider, timetable->provider_count, true);
    row_check_range(&check, "minutes", row->minutes, 1, LIMIT_SESSION_MINUTES);
    row_check_range(&check, "setup_min", row->setup_min, 0, LIMIT_MARGIN_MINUTES);
    row_check_range(&check, "clear_min", row->clear_min, 0, LIMIT_MARGIN_MINUTES);
    row_check_index(&check, "audience", row->audience, timetable->audiences.count, true);
    row_check_range(&check, "heads", row->heads, 0, INT32_MAX);
    row_check_range(&check, "supply_limit", row->supply_limit, 0, INT32_MAX);
    row_check_range(&check, "hall_quota", row->hall_quota, 0, INT32_MAX);
    seasons_check(&check, row->seasons, row->season_count);
    row_check_range(&check, "parts", row->parts, 0, PARTS_ALL);
    row_check_text(&check, "tags", row->tags, LIMIT_NOTE_BYTES, TEXT_OPTIONAL);
    return check.code;
}

static bool course_keep(struct timetable *timetable, struct course *row)
{
    struct season *seasons = NULL;
    if (row->season_count > 0) {
        seasons = arena_array(&timetable->arena, row->season_count, sizeof *seasons);
        if (seasons == NULL) {
            return false;
        }
        memcpy(seasons, row->seasons, row->season_count * sizeof *seasons);
    }
    row->seasons = seasons;
    return timetable_keep(timetable, &row->id) && timetable_keep(timetable, &row->name) &&
           timetable_keep(timetable, &row->tags);
}

enum error_code timetable_add_course(struct timetable *timetable, const struct course *course,
                                     uint32_t *ret_index, struct error *err)
{
    struct course row = *course;
    enum error_code code = timetable_open(timetable, err);
    if (code == ERR_NONE) {
        code = course_check(timetable, &row, err);
    }
    if (code == ERR_NONE) {
        ROWS_RESERVE(code, timetable, courses, course_count, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    uint32_t index = (uint32_t)timetable->course_count;
    if (!course_keep(timetable, &row) || map_add(&timetable->course_ids, row.id, index) != ERR_NONE) {
        return timetable_memory(err);
    }
    timetable->courses[timetable->course_count++] = row;
    *ret_index = index;
    return ERR_NONE;
}

static enum error_code instructor_check(const struct timetable *timetable, const struct instructor *row,
                                        struct error *err)
{
    struct row_check check = {.zh = "讲师",
                              .en = "instructor",
                              .id = row->id,
                              .number = (int64_t)timetable->instructor_count,
                              .err = err};
    row_check_id(&check, &timetable->instructor_ids);
    row_check_text(&check, "name", row->name, LIMIT_NAME_BYTES, TEXT_REQUIRED);
    row_check_index(&check, "provider", row->provider, timetable->provider_count, true);
    row_check_index(&check, "home_area", row->home_area, timetable->area_count, true);
    row_check_place(&check, row->home);
    row_check_hours(&check, &row->hours);
    row_check_range(&check, "max_day", row->max_day, 0, INT32_MAX);
    row_check_range(&check, "max_week", row->max_week, 0, INT32_MAX);
    row_check_range(&check, "max_month", row->max_month, 0, INT32_MAX);
    row_check_range(&check, "max_year", row->max_year, 0, INT32_MAX);
    row_check_range(&check, "valid_from", row->valid_from, DATE_MIN, DATE_MAX);
    row_check_range(&check, "valid_to", row->valid_to, row->valid_from, DATE_MAX);
    for (size_t i = 0; i < row->course_count && check.code == ERR_NONE; i++) {
        row_check_index(&check, "courses", row->courses[i], timetable->course_count, false);
    }
    return check.code;
}

static int index_compare(const void *left, const void *right)
{
    const uint32_t *a = left;
    const uint32_t *b = right;
    return (*a > *b) - (*a < *b);
}

/* The courses ascending and each once: timetable_qualified searches them by halves. */
static bool qualifications_keep(struct timetable *timetable, struct instructor *row)
{
    if (row->course_count == 0) {
        row->courses = NULL;
        return true;
    }
    uint32_t *courses = arena_array(&timetable->arena, row->course_count, sizeof *courses);
    if (courses == NULL) {
        return false;
    }
    memcpy(courses, row->courses, row->course_count * sizeof *courses);
    qsort(courses, row->course_count, sizeof *courses, index_compare);
    size_t count = 1;
    for (size_t i = 1; i < row->course_count; i++) {
        if (courses[i] != courses[count - 1]) {
            courses[count++] = courses[i];
        }
    }
    row->courses = courses;
    row->course_count = count;
    return true;
}

enum error_code timetable_add_instructor(struct timetable *timetable, const struct instructor *instructor,
                                         uint32_t *ret_index, struct error *err)
{
    struct instructor row = *instructor;
    enum error_code code = timetable_open(timetable, err);
    if (code == ERR_NONE) {
        code = instructor_check(timetable, &row, err);
    }
    if (code == ERR_NONE) {
        ROWS_RESERVE(code, timetable, instructors, instructor_count, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    uint32_t index = (uint32_t)timetable->instructor_count;
    if (!qualifications_keep(timetable, &row) || !timetable_keep(timetable, &row.id) ||
        !timetable_keep(timetable, &row.name) ||
        map_add(&timetable->instructor_ids, row.id, index) != ERR_NONE) {
        return timetable_memory(err);
    }
    row.known_home = (struct place){0};
    row.travel = (struct travel_end){.travel_class = NONE, .area = NONE};
    timetable->instructors[timetable->instructor_count++] = row;
    *ret_index = index;
    return ERR_NONE;
}

enum error_code timetable_add_absence(struct timetable *timetable, const struct absence *absence,
                                      struct error *err)
{
    struct absence row = *absence;
    struct row_check check = {
        .zh = "请假", .en = "absence", .id = row.id, .number = (int64_t)timetable->absence_count, .err = err};
    enum error_code code = timetable_open(timetable, err);
    if (code != ERR_NONE) {
        return code;
    }
    row_check_text(&check, "id", row.id, LIMIT_ID_BYTES, TEXT_OPTIONAL);
    row_check_index(&check, "instructor", row.instructor, timetable->instructor_count, false);
    row_check_days(&check, row.from_day, row.to_day);
    row_check_minutes(&check, row.from_min, row.to_min);
    row_check_note(&check, "reason", row.reason);
    if (check.code != ERR_NONE) {
        return check.code;
    }
    ROWS_RESERVE(code, timetable, absences, absence_count, err);
    if (code != ERR_NONE) {
        return code;
    }
    if (!timetable_keep(timetable, &row.id) || !timetable_keep(timetable, &row.reason)) {
        return timetable_memory(err);
    }
    row.id = row.id == NULL ? "" : row.id;
    timetable->absences[timetable->absence_count++] = row;
    return ERR_NONE;
}
