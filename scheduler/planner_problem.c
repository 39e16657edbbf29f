#include "scheduler/planner_problem.h"

#include "base/date.h"
#include "scheduler/standing.h"
#include "scheduler/travel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum error_code planner_no_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "planner: %s", error_sentence_en(ERR_MEMORY));
}

enum {
    HUGE_PAGE_BYTES = 2 * 1024 * 1024
};

void *planner_calloc(size_t count, size_t size)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes < HUGE_PAGE_BYTES) {
        return calloc(count, size);
    }
    void *memory =
        aligned_alloc(HUGE_PAGE_BYTES, (bytes + HUGE_PAGE_BYTES - 1) / HUGE_PAGE_BYTES * HUGE_PAGE_BYTES);
    if (memory != NULL) {
        (void)madvise(memory, bytes, MADV_HUGEPAGE);
        memset(memory, 0, bytes);
    }
    return memory;
}

/* ---- days ---- */

static enum error_code build_days(struct planner_problem *p, struct error *err)
{
    uint32_t n = p->day_count;
    p->weekday = arena_array(&p->arena, n, sizeof *p->weekday);
    p->week = arena_array(&p->arena, n, sizeof *p->week);
    p->month = arena_array(&p->arena, n, sizeof *p->month);
    p->year = arena_array(&p->arena, n, sizeof *p->year);
    p->is_off = arena_array(&p->arena, n, sizeof *p->is_off);
    p->is_makeup = arena_array(&p->arena, n, sizeof *p->is_makeup);
    if (p->weekday == NULL || p->week == NULL || p->month == NULL || p->year == NULL || p->is_off == NULL ||
        p->is_makeup == NULL) {
        return planner_no_memory(err);
    }
    for (uint32_t i = 0; i < n; i++) {
        int32_t day = p->day_zero + (int32_t)i;
        struct day_info info = timetable_day(p->timetable, day);
        p->weekday[i] = (uint8_t)(info.weekday - 1);
        p->week[i] = (uint16_t)((date_week_start(day) - date_week_start(p->day_zero)) / 7);
        p->month[i] = (uint16_t)(date_month_index(day) - date_month_index(p->day_zero));
        p->year[i] = (uint16_t)(date_year(day) - date_year(p->day_zero));
        p->is_off[i] = info.is_off;
        p->is_makeup[i] = info.is_makeup;
    }
    p->week_count = p->week[n - 1] + 1U;
    p->month_count = p->month[n - 1] + 1U;
    p->year_count = p->year[n - 1] + 1U;
    return ERR_NONE;
}

/* ---- halls, townships, villages ---- */

static bool hall_counts(const struct planner_problem *p, uint32_t hall)
{
    return hall_standing(p->timetable, hall, p->options.from_day, p->options.to_day) == HALL_COUNTS;
}

static enum error_code build_townships(struct planner_problem *p, struct error *err)
{
    const struct timetable *t = p->timetable;
    uint32_t *dense = arena_array(&p->arena, t->area_count + 1, sizeof *dense);
    p->area_township = dense;
    p->hall_township = arena_array(&p->arena, p->hall_count + 1U, sizeof *p->hall_township);
    p->hall_counts = arena_array(&p->arena, p->hall_count + 1U, sizeof *p->hall_counts);
    p->township_counts = arena_array(&p->arena, t->area_count + 1, sizeof *p->township_counts);
    if (dense == NULL || p->hall_township == NULL || p->hall_counts == NULL || p->township_counts == NULL) {
        return planner_no_memory(err);
    }
    for (uint32_t a = 0; a < t->area_count; a++) {
        dense[a] = t->areas[a].level == AREA_TOWNSHIP ? p->township_count++ : NONE;
    }
    for (uint32_t h = 0; h < p->hall_count; h++) {
        uint32_t area = timetable_hall_township(t, h);
        p->hall_township[h] = area == NONE || dense[area] == NONE ? p->township_count : dense[area];
        p->hall_counts[h] = hall_counts(p, h);
        p->township_counts[p->hall_township[h]] |= p->hall_counts[h];
    }
    p->township_counts[p->township_count] = false;
    return ERR_NONE;
}

static enum error_code build_villages(struct planner_problem *p, struct error *err)
{
    const struct timetable *t = p->timetable;
    p->village_start = arena_array(&p->arena, t->area_count + 2, sizeof *p->village_start);
    p->village_halls = arena_array(&p->arena, p->hall_count + 1U, sizeof *p->village_halls);
    p->room_hall = arena_array(&p->arena, p->room_count + 1U, sizeof *p->room_hall);
    p->hall_has_whole = arena_array(&p->arena, p->hall_count + 1U, sizeof *p->hall_has_whole);
    p->hall_audience = arena_array(&p->arena, p->hall_count + 1U, sizeof *p->hall_audience);
    if (p->village_start == NULL || p->village_halls == NULL || p->room_hall == NULL ||
        p->hall_has_whole == NULL || p->hall_audience == NULL) {
        return planner_no_memory(err);
    }
    for (uint32_t h = 0; h < p->hall_count; h++) {
        p->village_start[t->halls[h].area + 2]++;
    }
    for (uint32_t a = 2; a < t->area_count + 2; a++) {
        p->village_start[a] += p->village_start[a - 1];
    }
    for (uint32_t h = 0; h < p->hall_count; h++) {
        p->village_halls[p->village_start[t->halls[h].area + 1]++] = h;
    }
    for (uint32_t r = 0; r < p->room_count; r++) {
        p->room_hall[r] = t->rooms[r].hall;
        p->hall_has_whole[t->rooms[r].hall] |= t->rooms[r].whole_hall;
    }
    for (uint32_t h = 0; h < p->hall_count; h++) {
        uint32_t area = t->halls[h].area;
        p->hall_audience[h] =
            t->halls[h].room_count > 1 || p->village_start[area + 1] - p->village_start[area] > 1;
    }
    return ERR_NONE;
}

/* An upper bound of every journey: the longer way along both axes, at the slowest class. 1.12 m to the
 * hundred-thousandth of a degree is more than any meridian or parallel has. */
static enum error_code build_spread(struct planner_problem *p, struct error *err)
{
    const struct timetable *t = p->timetable;
    int64_t slowest = 0;
    p->spread = arena_array(&p->arena, p->hall_count + 1U, sizeof *p->spread);
    if (p->spread == NULL) {
        return planner_no_memory(err);
    }
    size_t class_count = 0;
    const struct travel_class *classes = travel_classes(t, &class_count);
    for (size_t i = 0; i < class_count; i++) {
        const struct travel_class *class = &classes[i];
        int64_t per_km = ((int64_t) class->detour_pct * 60 << 20) / (class->speed_kmh * 100);
        slowest = per_km > slowest ? per_km : slowest;
        p->spread_fixed = class->fixed_min > p->spread_fixed ? class->fixed_min : p->spread_fixed;
    }
    for (size_t i = 0; i < t->travel_override_count; i++) {
        int32_t minutes = t->travel_overrides[i].minutes;
        p->spread_fixed = minutes > p->spread_fixed ? minutes : p->spread_fixed;
    }
    p->spread_fixed += 2;
    p->spread_per_km = slowest + 1;
    struct spread least = {INT32_MAX, INT32_MAX};
    struct spread most = {INT32_MIN, INT32_MIN};
    for (uint32_t h = 0; h < p->hall_count; h++) {
        struct place place = timetable_hall_place(t, h);
        if (place.known) {
            p->spread[h] = (struct spread){(int32_t)((int64_t)place.lon_e6 * 112 / 1000),
                                           (int32_t)((int64_t)place.lat_e6 * 112 / 1000)};
        }
        least.x = p->spread[h].x < least.x ? p->spread[h].x : least.x;
        least.y = p->spread[h].y < least.y ? p->spread[h].y : least.y;
        most.x = p->spread[h].x > most.x ? p->spread[h].x : most.x;
        most.y = p->spread[h].y > most.y ? p->spread[h].y : most.y;
    }
    if (p->hall_count > 0) {
        double x = (double)most.x - least.x;
        double y = (double)most.y - least.y;
        int64_t metres = (int64_t)sqrt(x * x + y * y) + 1;
        p->longest_leg_min = p->spread_fixed + (int32_t)(metres * p->spread_per_km / 1000 >> 20);
    }
    return ERR_NONE;
}

/* ---- courses and who may teach them ---- */

static enum error_code build_courses(struct planner_problem *p, struct error *err)
{
    const struct timetable *t = p->timetable;
    p->course_days =
        arena_array(&p->arena, (size_t)p->course_count * p->day_words + 1, sizeof *p->course_days);
    p->course_quota = arena_array(&p->arena, p->course_count + 1U, sizeof *p->course_quota);
    p->category_counts = arena_array(&p->arena, p->category_count + 1U, sizeof *p->category_counts);
    p->lessons = arena_array(&p->arena, p->course_count + 1U, sizeof *p->lessons);
    if (p->course_days == NULL || p->course_quota == NULL || p->category_counts == NULL ||
        p->lessons == NULL) {
        return planner_no_memory(err);
    }
    for (uint32_t c = 0; c < p->course_count; c++) {
        const struct course *course = &t->courses[c];
        p->course_quota[c] = course->hall_quota > 0 ? p->quota_count++ : NONE;
        p->category_counts[course->category] |= course->active;
        p->lessons[c] = (struct lesson){course->audience,   course->category,   course->supply_limit,
                                        course->hall_quota, p->course_quota[c], course->holidays_wanted};
        for (uint32_t d = 1; d + 1 < p->day_count; d++) {
            if (seasons_allow(course->seasons, course->season_count, p->day_zero + (int32_t)d)) {
                p->course_days[(size_t)c * p->day_words + d / 64] |= UINT64_C(1) << (d % 64);
            }
        }
    }
    return ERR_NONE;
}

static enum error_code build_qualified(struct planner_problem *p, struct error *err)
{
    const struct timetable *t = p->timetable;
    size_t total = 0;
    for (uint32_t i = 0; i < p->instructor_count; i++) {
        total += t->instructors[i].course_count;
    }
    p->qualified_start = arena_array(&p->arena, p->course_count + 2U, sizeof *p->qualified_start);
    p->qualified = arena_array(&p->arena, total + 1, sizeof *p->qualified);
    p->caps = arena_array(&p->arena, p->instructor_count + 1U, sizeof *p->caps);
    p->instructor_words = p->instructor_count / 64 + 1;
    p->qualified_bits = arena_array(&p->arena, ((size_t)p->course_count + 1) * p->instructor_words,
                                    sizeof *p->qualified_bits);
    if (p->qualified_start == NULL || p->qualified == NULL || p->caps == NULL || p->qualified_bits == NULL) {
        return planner_no_memory(err);
    }
    for (uint32_t i = 0; i < p->instructor_count; i++) {
        const struct instructor *person = &t->instructors[i];
        p->caps[i] = (struct caps){person->max_day, person->max_week, person->max_month, person->max_year};
        for (size_t k = 0; k < t->instructors[i].course_count; k++) {
            p->qualified_start[t->instructors[i].courses[k] + 2]++;
        }
    }
    for (uint32_t c = 2; c < p->course_count + 2; c++) {
        p->qualified_start[c] += p->qualified_start[c - 1];
    }
    for (uint32_t i = 0; i < p->instructor_count; i++) {
        for (size_t k = 0; k < t->instructors[i].course_count; k++) {
            uint32_t course = t->instructors[i].courses[k];
            p->qualified[p->qualified_start[course + 1]++] = i;
            p->qualified_bits[(size_t)course * p->instructor_words + i / 64] |= UINT64_C(1) << (i % 64);
        }
    }
    return ERR_NONE;
}

const uint32_t *problem_area_halls(const struct planner_problem *p, uint32_t area, uint32_t *ret_count)
{
    uint32_t town = p->area_township[area];
    if (town == NONE) {
        return NULL;
    }
    *ret_count = p->town_start[town + 1] - p->town_start[town];
    return &p->town_halls[p->town_start[town]];
}

static enum error_code build_travel(struct planner_problem *p, struct error *err)
{
    if (p->hall_count > TRAVEL_MATRIX_HALLS || p->hall_count == 0) {
        return ERR_NONE;
    }
    p->hall_memory = planner_calloc((size_t)p->hall_count * p->hall_count, sizeof *p->hall_travel);
    p->home_memory = planner_calloc((size_t)p->instructor_count * p->hall_count + 1, sizeof *p->home_travel);
    p->hall_travel = p->hall_memory;
    p->home_travel = p->home_memory;
    return p->hall_travel == NULL || p->home_travel == NULL ? planner_no_memory(err) : ERR_NONE;
}

/* Threads may ask for one pair at once: both store the same number. */
static void remember(_Atomic uint8_t *known, int32_t minutes)
{
    atomic_store_explicit(known, travel_byte(minutes), memory_order_relaxed);
}

int32_t problem_travel_ask(const struct planner_problem *p, uint32_t from_hall, uint32_t to_hall)
{
    int32_t minutes = travel_hall_minutes(p->timetable, from_hall, to_hall);
    if (p->hall_travel != NULL) {
        remember(&p->hall_travel[problem_travel_at(p, from_hall, to_hall)], minutes);
    }
    return minutes;
}

int32_t problem_home_ask(const struct planner_problem *p, uint32_t instructor, uint32_t hall)
{
    int32_t minutes = travel_home_minutes(p->timetable, instructor, hall);
    if (p->home_travel != NULL) {
        remember(&p->home_travel[(size_t)hall * p->instructor_count + instructor], minutes);
    }
    return minutes;
}

/* ---- life ---- */

static enum error_code problem_build(struct planner_problem *p, struct error *err)
{
    enum error_code (*const steps[])(struct planner_problem *, struct error *) = {
        build_days,         build_townships,     build_villages,       build_spread,
        build_courses,      build_qualified,     problem_build_ranks,  build_travel,
        problem_build_near, problem_build_masks, problem_build_blocks,
    };
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && code == ERR_NONE; i++) {
        code = steps[i](p, err);
    }
    return code;
}

enum error_code problem_create(struct timetable *timetable, const struct planner_options *options,
                               struct planner_problem **ret_problem, struct error *err)
{
    struct planner_problem *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return planner_no_memory(err);
    }
    arena_init(&p->arena);
    p->timetable = timetable_ref(timetable);
    p->options = *options;
    p->day_zero = options->from_day - 1;
    p->day_count = (uint32_t)(options->to_day - options->from_day) + 3;
    p->day_words = (p->day_count + 63) / 64;
    p->room_count = (uint32_t)timetable->room_count;
    p->hall_count = (uint32_t)timetable->hall_count;
    p->instructor_count = (uint32_t)timetable->instructor_count;
    p->course_count = (uint32_t)timetable->course_count;
    p->category_count = (uint32_t)timetable->category_count;
    enum error_code code = problem_build(p, err);
    if (code != ERR_NONE) {
        problem_destroy(p);
        return code;
    }
    *ret_problem = p;
    return ERR_NONE;
}

void problem_destroy(struct planner_problem *p)
{
    if (p == NULL) {
        return;
    }
    arena_finish(&p->arena);
    free(p->domain_rooms);
    free(p->blocks);
    free(p->session_ids);
    free(p->fixed);
    free(p->hall_memory);
    free(p->home_memory);
    timetable_unref(p->timetable);
    free(p);
}
