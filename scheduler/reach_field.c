/* What is taught and who travels where: the field that the walks go over. */
#include "scheduler/reach_field.h"

#include "base/date.h"
#include "base/vec.h"
#include "scheduler/book_lines.h"
#include "scheduler/travel.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* Rows of minutes are kept up to here: 4,096 halls and 400 people are 74 MB, if all are targets. */
    ROADS_KEPT_HALLS = 4096,
    SPACING_DAYS = 7,
    WEEKDAYS = 7
};

static enum error_code memory_out(struct error *err)
{
    return error_set(err, ERR_MEMORY, "reach: %s", error_sentence_en(ERR_MEMORY));
}

/* ---- lessons ---- */

static enum error_code shape_of(struct reach_field *field, const struct course *course, uint32_t *ret_shape)
{
    const struct reach_shape shape = {course->minutes, course->setup_min, course->clear_min};
    for (uint32_t i = 0; i < field->shape_count; i++) {
        const struct reach_shape *at = &field->shapes[i];
        if (at->minutes == shape.minutes && at->setup_min == shape.setup_min &&
            at->clear_min == shape.clear_min) {
            *ret_shape = i;
            return ERR_NONE;
        }
    }
    void *grown =
        vec_reserve(field->shapes, &field->shape_capacity, field->shape_count + 1, sizeof shape, LIMIT_ROWS);
    if (grown == NULL) {
        return ERR_MEMORY;
    }
    field->shapes = grown;
    *ret_shape = (uint32_t)field->shape_count;
    field->shapes[field->shape_count++] = shape;
    return ERR_NONE;
}

/* The days of the query on which the course may be held, for the request if there is one; NULL with `any`
 * false when there are none. */
static uint64_t *lesson_days(const struct reach_field *field, const struct course *course,
                             const struct request *request, bool *ret_any)
{
    uint64_t *days = calloc(2 * field->day_words, sizeof *days); /* and easy_days */
    int32_t from = field->query->from_day;
    int32_t to = field->query->to_day;
    *ret_any = false;
    from = request != NULL && request->from_day > from ? request->from_day : from;
    to = request != NULL && request->to_day < to ? request->to_day : to;
    for (int32_t day = from; days != NULL && day <= to; day++) {
        if (seasons_allow(course->seasons, course->season_count, day)) {
            bit_set(days, (size_t)(day - field->query->from_day));
            *ret_any = true;
        }
    }
    return days;
}

static uint64_t welcome_starts(const struct pricing *pricing)
{
    uint64_t starts = 0;
    for (int bit = 0; bit < FREE_STARTS; bit++) {
        starts |= pricing_part(pricing, mask_minute(bit)) == 0 ? UINT64_C(1) << bit : 0;
    }
    return starts;
}

/* The days that cost the lesson nothing; NULL: no memory. Few lessons differ in what they want. */
static const uint64_t *calendar_of(struct reach_field *field, const struct pricing *pricing)
{
    const bool wanted = field->timetable->courses[pricing->course].holidays_wanted;
    for (size_t i = 0; i < field->calendar_count; i++) {
        if (field->calendars[i].holidays_wanted == wanted &&
            field->calendars[i].weekdays == pricing->weekdays) {
            return field->calendars[i].days;
        }
    }
    void *grown = vec_reserve(field->calendars, &field->calendar_capacity, field->calendar_count + 1,
                              sizeof *field->calendars, LIMIT_ROWS);
    uint64_t *days = calloc(field->day_words, sizeof *days);
    field->calendars = grown != NULL ? grown : field->calendars;
    if (grown == NULL || days == NULL) {
        free(days);
        return NULL;
    }
    for (int32_t d = 0; d < field->day_count; d++) {
        if (pricing_day(pricing, field->query->from_day + d) == 0) {
            bit_set(days, (size_t)d);
        }
    }
    field->calendars[field->calendar_count++] = (struct reach_calendar){wanted, pricing->weekdays, days};
    return days;
}

static enum error_code lesson_price(struct reach_field *field, struct reach_lesson *lesson, struct error *err)
{
    struct free_query query =
        free_query_course(lesson->course, 0, NONE, field->query->from_day, field->query->to_day);
    const struct placement pattern = {
        .course = lesson->course, .request = lesson->request, .instructor_count = 1};
    query.weights = field->query->weights;
    query.score_from_day = field->query->from_day - SPACING_DAYS;
    query.score_to_day = field->query->to_day + SPACING_DAYS;
    enum error_code code = pricing_open(&lesson->pricing, field->book, &query, &pattern, NONE, err);
    const uint64_t *easy = code == ERR_NONE ? calendar_of(field, &lesson->pricing) : NULL;
    if (code == ERR_NONE && easy == NULL) {
        code = memory_out(err);
    }
    lesson->easy_days = lesson->days + field->day_words;
    for (size_t i = 0; code == ERR_NONE && i < field->day_words; i++) {
        lesson->easy_days[i] = lesson->days[i] & easy[i];
    }
    if (code == ERR_NONE) {
        lesson->welcome = welcome_starts(&lesson->pricing);
    }
    return code;
}

static enum error_code lesson_add(struct reach_field *field, uint32_t course, uint32_t request, int32_t left,
                                  struct error *err)
{
    const struct timetable *t = field->timetable;
    const struct request *row = request != NONE ? &t->requests[request] : NULL;
    struct reach_lesson lesson = {.course = course,
                                  .request = request,
                                  .next = NONE,
                                  .left = left,
                                  .heads =
                                      row != NULL && row->heads > 0 ? row->heads : t->courses[course].heads};
    bool any = false;
    lesson.days = lesson_days(field, &t->courses[course], row, &any);
    void *grown = vec_reserve(field->lessons, &field->lesson_capacity, field->lesson_count + 1, sizeof lesson,
                              LIMIT_ROWS);
    field->lessons = grown != NULL ? grown : field->lessons;
    if (lesson.days == NULL || grown == NULL ||
        shape_of(field, &t->courses[course], &lesson.shape) != ERR_NONE) {
        free(lesson.days);
        return memory_out(err);
    }
    if (!any) {
        free(lesson.days);
        return ERR_NONE;
    }
    enum error_code code = lesson_price(field, &lesson, err);
    if (code != ERR_NONE) {
        free(lesson.days);
        return code;
    }
    uint32_t *first = row == NULL         ? NULL
                      : row->hall != NONE ? &field->hall_requests[row->hall]
                                          : &field->area_requests;
    if (first != NULL) {
        lesson.next = *first;
        *first = (uint32_t)field->lesson_count;
    }
    field->lessons[field->lesson_count++] = lesson;
    return ERR_NONE;
}

/* How many sessions of each request stand in the book. */
static int32_t *requests_count(const struct reach_field *field)
{
    int32_t *placed = calloc(field->timetable->request_count + 1, sizeof *placed);
    for (uint32_t slot = 0; placed != NULL && slot < book_slot_end(field->book); slot++) {
        const struct placement *at = book_at(field->book, slot);
        if (at != NULL && at->request != NONE) {
            placed[at->request]++;
        }
    }
    return placed;
}

static enum error_code wanted_collect(struct reach_field *field)
{
    const struct timetable *t = field->timetable;
    field->wanted_halls = calloc(t->hall_count + 1, sizeof *field->wanted_halls);
    for (size_t i = 0; field->wanted_halls != NULL && i < field->query->target_count; i++) {
        const struct reach_target *target = &field->query->targets[i];
        if (target->hall != NONE) {
            field->wanted_halls[target->hall] = true;
        }
        for (size_t h = 0; target->hall == NONE && h < t->hall_count; h++) {
            field->wanted_halls[h] |= timetable_area_within(t, t->halls[h].area, target->area);
        }
    }
    return field->wanted_halls != NULL ? ERR_NONE : ERR_MEMORY;
}

/* Open, one meeting each, in the days of the query, for a hall of some target. */
static bool request_counts(const struct reach_field *field, const struct request *row, int32_t placed)
{
    return !row->withdrawn && !row->is_series && row->sessions > placed &&
           row->from_day <= field->query->to_day && row->to_day >= field->query->from_day &&
           (row->hall == NONE || field->wanted_halls[row->hall]);
}

static enum error_code lessons_collect(struct reach_field *field, struct error *err)
{
    const struct timetable *t = field->timetable;
    int32_t *placed = requests_count(field);
    field->hall_requests = malloc((t->hall_count + 1) * sizeof *field->hall_requests);
    enum error_code code = placed == NULL || field->hall_requests == NULL || wanted_collect(field) != ERR_NONE
                               ? memory_out(err)
                               : ERR_NONE;
    for (size_t h = 0; code == ERR_NONE && h < t->hall_count; h++) {
        field->hall_requests[h] = NONE;
    }
    field->area_requests = NONE;
    for (uint32_t c = 0; code == ERR_NONE && c < t->course_count; c++) {
        code = t->courses[c].active ? lesson_add(field, c, NONE, INT32_MAX, err) : ERR_NONE;
    }
    field->menu_count = field->lesson_count;
    for (uint32_t r = (uint32_t)t->request_count; code == ERR_NONE && r-- > 0;) {
        const struct request *row = &t->requests[r];
        if (request_counts(field, row, placed[r])) {
            code = lesson_add(field, row->course, r, row->sessions - placed[r], err);
        }
    }
    free(placed);
    return code;
}

/* ---- people ---- */

/* What each may teach of the menu. */
static enum error_code taught_collect(struct reach_field *field)
{
    const struct timetable *t = field->timetable;
    size_t total = 0;
    uint32_t *lesson_of = malloc((t->course_count + 1) * sizeof *lesson_of);
    for (size_t i = 0; i < t->instructor_count; i++) {
        total += t->instructors[i].course_count;
    }
    field->taught = malloc((total + 1) * sizeof *field->taught);
    if (lesson_of == NULL || field->taught == NULL) {
        free(lesson_of);
        return ERR_MEMORY;
    }
    for (size_t c = 0; c < t->course_count; c++) {
        lesson_of[c] = NONE;
    }
    for (uint32_t l = 0; l < field->menu_count; l++) {
        lesson_of[field->lessons[l].course] = l;
    }
    uint32_t *at = field->taught;
    for (size_t i = 0; i < t->instructor_count; i++) {
        struct reach_person *person = &field->people[i];
        person->lessons = at;
        for (size_t k = 0; k < t->instructors[i].course_count; k++) {
            uint32_t lesson = lesson_of[t->instructors[i].courses[k]];
            if (lesson != NONE) {
                *at++ = lesson;
                person->lesson_count++;
            }
        }
    }
    free(lesson_of);
    return ERR_NONE;
}

static enum error_code people_allocate(struct reach_field *field)
{
    size_t people = field->timetable->instructor_count;
    size_t hours = field->shape_count * WEEKDAYS;
    field->people = calloc(people + 1, sizeof *field->people);
    field->bits = calloc(2 * people * field->day_words + 1, sizeof *field->bits);
    field->hours = malloc((people * hours + 1) * sizeof *field->hours);
    field->hours_known = calloc(people * field->shape_count + 1, sizeof *field->hours_known);
    field->starts = calloc(field->shape_count + 1, sizeof *field->starts);
    if (field->starts == NULL || field->people == NULL || field->bits == NULL || field->hours == NULL ||
        field->hours_known == NULL) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < people; i++) {
        field->people[i].busy_days = &field->bits[2 * i * field->day_words];
        field->people[i].full_days = field->people[i].busy_days + field->day_words;
        field->people[i].hours = &field->hours[i * hours];
        field->people[i].hours_known = &field->hours_known[i * field->shape_count];
    }
    return ERR_NONE;
}

/* A stop's column of field_roads, and the way between two of them. */
static int32_t direct_min(const struct timetable *t, uint32_t instructor, uint32_t before, uint32_t after)
{
    if (before >= t->hall_count || after >= t->hall_count) {
        return travel_home_minutes(t, instructor, before < t->hall_count ? before : after);
    }
    return travel_hall_minutes(t, before, after);
}

static void gap_add(const struct reach_field *field, uint32_t instructor, struct reach_gap gap)
{
    struct reach_person *person = &field->people[instructor];
    gap.direct_min = direct_min(field->timetable, instructor, gap.before, gap.after);
    person->gaps[person->gap_count++] = gap;
}

enum error_code field_refresh(struct reach_field *field, uint32_t instructor)
{
    const struct timetable *t = field->timetable;
    struct reach_person *person = &field->people[instructor];
    const struct timeline *line = book_instructor_line(field->book, instructor);
    struct timeline_window window = timeline_between(line, (int64_t)field->query->from_day * DAY_MINUTES,
                                                     ((int64_t)field->query->to_day + 1) * DAY_MINUTES);
    const uint32_t home = (uint32_t)t->hall_count + instructor;
    struct reach_gap *gaps = vec_reserve(person->gaps, &person->gap_capacity,
                                         2 * (window.to - window.from) + 1, sizeof *gaps, LIMIT_ROWS);
    if (gaps == NULL) {
        return ERR_MEMORY;
    }
    person->gaps = gaps;
    person->gap_count = 0;
    memset(person->busy_days, 0, 2 * field->day_words * sizeof *person->busy_days); /* full_days, too */
    for (size_t i = window.from; i < window.to; i++) {
        const struct placement *at = book_at(field->book, line->items[i].slot);
        int32_t day = at->day - field->query->from_day;
        struct reach_gap *last = person->gap_count > 0 ? &gaps[person->gap_count - 1] : NULL;
        bool is_first = last == NULL || last->day != day;
        /* The gap after the last stop so far ends at this one. */
        struct reach_gap gap = {.before = is_first ? home : last->before,
                                .after = t->rooms[at->room].hall,
                                .day = day,
                                .from_min = is_first ? INT32_MIN : last->from_min,
                                .until_min = at->start_min};
        person->gap_count -= is_first ? 0 : 1;
        gap_add(field, instructor, gap);
        gap.before = gap.after;
        gap.after = home;
        gap.from_min = at->start_min;
        gap.until_min = INT32_MAX;
        gap_add(field, instructor, gap);
        bit_set(person->busy_days, (size_t)day);
    }
    return ERR_NONE;
}

/* ---- roads ---- */

const int32_t *field_roads(struct reach_field *field, uint32_t hall)
{
    const struct timetable *t = field->timetable;
    int32_t **row = t->hall_count <= ROADS_KEPT_HALLS ? &field->roads[hall] : &field->road_spare;
    if (row != &field->road_spare && *row != NULL) {
        return *row;
    }
    if (*row == NULL) {
        *row = malloc((t->hall_count + t->instructor_count + 1) * sizeof **row);
    }
    for (uint32_t h = 0; *row != NULL && h < t->hall_count; h++) {
        (*row)[h] = travel_hall_minutes(t, hall, h);
    }
    for (uint32_t i = 0; *row != NULL && i < t->instructor_count; i++) {
        (*row)[t->hall_count + i] = travel_home_minutes(t, i, hall);
    }
    return *row;
}

/* The first gap on the day or later. */
static size_t gaps_from(const struct reach_person *person, int32_t day)
{
    size_t low = 0;
    size_t high = person->gap_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (person->gaps[middle].day < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

int32_t field_detour_min(struct reach_field *field, uint32_t hall, uint32_t instructor, int32_t day)
{
    const int32_t *roads = field_roads(field, hall);
    const struct reach_person *person = &field->people[instructor];
    int32_t least = INT32_MAX;
    for (size_t i = gaps_from(person, day);
         roads != NULL && i < person->gap_count && person->gaps[i].day == day; i++) {
        const struct reach_gap *gap = &person->gaps[i];
        int32_t minutes = roads[gap->before] + roads[gap->after] - gap->direct_min;
        least = minutes < least ? minutes : least;
    }
    return least;
}

/* ---- life ---- */

enum error_code field_open(struct reach_field *field, struct book *book, const struct reach_query *query,
                           struct error *err)
{
    const struct timetable *t = book_timetable(book);
    *field = (struct reach_field){
        .query = query, .book = book, .timetable = t, .day_count = query->to_day - query->from_day + 1};
    field->day_words = ((size_t)field->day_count + 63) / 64;
    enum error_code code = lessons_collect(field, err);
    if (code != ERR_NONE) {
        return code;
    }
    field->roads = calloc(t->hall_count + 1, sizeof *field->roads);
    field->hall_hours = calloc(t->hall_count + 1, sizeof *field->hall_hours);
    if (field->roads == NULL || field->hall_hours == NULL || people_allocate(field) != ERR_NONE ||
        taught_collect(field) != ERR_NONE) {
        return memory_out(err);
    }
    for (uint32_t i = 0; i < t->instructor_count; i++) {
        if (field_refresh(field, i) != ERR_NONE) {
            return memory_out(err);
        }
    }
    return ERR_NONE;
}

void field_close(struct reach_field *field)
{
    const struct timetable *t = field->timetable;
    for (size_t l = 0; l < field->lesson_count; l++) {
        free(field->lessons[l].days);
        pricing_close(&field->lessons[l].pricing);
    }
    for (size_t i = 0; field->people != NULL && i < t->instructor_count; i++) {
        free(field->people[i].gaps);
    }
    for (size_t h = 0; field->roads != NULL && field->hall_hours != NULL && h < t->hall_count; h++) {
        free(field->roads[h]);
        free(field->hall_hours[h]);
    }
    for (size_t i = 0; i < field->calendar_count; i++) {
        free(field->calendars[i].days);
    }
    free(field->calendars);
    free(field->wanted_halls);
    free(field->shapes);
    free(field->lessons);
    free(field->hall_requests);
    free(field->people);
    free(field->taught);
    free(field->bits);
    free(field->hours);
    free(field->hours_known);
    free(field->roads);
    free(field->hall_hours);
    free(field->road_spare);
    free(field->opens);
    free(field->room_strikes);
    free(field->hall_strikes);
    free(field->heap);
    free(field->combos);
    free(field->wishes);
    free(field->starts);
    *field = (struct reach_field){.timetable = NULL};
}
