/* Static masks: when a room or an instructor is free before anything is planned. Free spans are rounded
 * inwards to quarter hours, taken ones outwards. */
#include "base/date.h"
#include "base/vec.h"
#include "scheduler/placement.h"
#include "scheduler/planner_problem.h"

#include <stdlib.h>
#include <string.h>

/* A hall without hours is open at any time, but nobody wants a talk at six: the planner offers this. */
enum {
    UNLIMITED_FROM_MIN = 8 * 60,
    UNLIMITED_TO_MIN = 21 * 60,
    WEEK_DAYS = 7
};

/* Closed room-days kept at once: 64 million are 3,000 halls closed each day of 30 years. */
#define BLOCKED_MAX ((size_t)64 * 1000 * 1000)

/* Slots wholly inside [from, to) minutes. */
static uint64_t slots_inside(int32_t from_min, int32_t to_min)
{
    uint64_t slots = 0;
    for (uint32_t s = 0; s < GRID_SLOTS; s++) {
        if (slot_minute(s) >= from_min && slot_minute(s) + SLOT_MINUTES <= to_min) {
            slots |= UINT64_C(1) << s;
        }
    }
    return slots;
}

/* Slots that [from, to) minutes touches; the span may lie outside the day. */
static uint64_t slots_touched(int32_t from_min, int32_t to_min)
{
    int32_t first = from_min <= GRID_FROM_MIN ? 0 : (from_min - GRID_FROM_MIN) / SLOT_MINUTES;
    int32_t end = to_min <= GRID_FROM_MIN ? 0 : (to_min - GRID_FROM_MIN + SLOT_MINUTES - 1) / SLOT_MINUTES;
    end = end > GRID_SLOTS ? GRID_SLOTS : end;
    return first >= end ? 0 : slots_span((uint32_t)first, (uint32_t)(end - first));
}

static void hours_week(const struct hours *hours, uint64_t unlimited, uint64_t ret_week[WEEK_DAYS])
{
    for (int d = 0; d < WEEK_DAYS; d++) {
        ret_week[d] = hours->count == 0 ? unlimited : 0;
    }
    for (int i = 0; i < hours->count; i++) {
        const struct hours_span *span = &hours->spans[i];
        ret_week[span->weekday - 1] |= slots_inside(span->from_min, span->to_min);
    }
}

bool problem_hours_assumed(const struct planner_problem *p, const struct block *block, uint32_t room,
                           uint32_t slot)
{
    const struct timetable *t = p->timetable;
    return t->halls[t->rooms[room].hall].hours.count == 0 &&
           (block_room_mask(block, slot) & ~slots_inside(UNLIMITED_FROM_MIN, UNLIMITED_TO_MIN)) != 0;
}

static void open_days(const struct planner_problem *p, const uint64_t week[WEEK_DAYS], int32_t valid_from,
                      int32_t valid_to, uint64_t *ret_open)
{
    for (uint32_t d = 0; d < p->day_count; d++) {
        int32_t day = p->day_zero + (int32_t)d;
        ret_open[d] = day >= valid_from && day <= valid_to ? week[p->weekday[d]] : 0;
    }
}

static void build_open(struct planner_problem *p)
{
    const struct timetable *t = p->timetable;
    uint64_t week[WEEK_DAYS];
    for (uint32_t r = 0; r < p->room_count; r++) {
        const struct hall *hall = &t->halls[t->rooms[r].hall];
        hours_week(&hall->hours, slots_inside(UNLIMITED_FROM_MIN, UNLIMITED_TO_MIN), week);
        open_days(p, week, hall->valid_from, hall->valid_to, &p->room_open[(size_t)r * p->day_count]);
    }
    for (uint32_t i = 0; i < p->instructor_count; i++) {
        const struct instructor *person = &t->instructors[i];
        hours_week(&person->hours, UINT64_MAX, week);
        open_days(p, week, person->valid_from, person->valid_to,
                  &p->instructor_open[(size_t)i * p->day_count]);
    }
    for (size_t a = 0; a < t->absence_count; a++) {
        const struct absence *absence = &t->absences[a];
        int32_t last = p->day_zero + (int32_t)p->day_count - 1;
        int32_t from = absence->from_day < p->day_zero ? p->day_zero : absence->from_day;
        int32_t to = absence->to_day > last ? last : absence->to_day;
        for (int32_t day = from; day <= to; day++) {
            p->instructor_open[(size_t)absence->instructor * p->day_count + (uint32_t)(day - p->day_zero)] &=
                ~slots_touched(absence->from_min, absence->to_min);
        }
    }
}

/* ---- closures ---- */

struct blocked_room {
    uint32_t room;
    struct blocked span;
};

struct blocked_list {
    struct blocked_room *items;
    size_t count, capacity;
    enum error_code failed;
};

static void closure_room(struct blocked_list *list, uint32_t room, struct blocked span)
{
    if (list->failed == ERR_NONE) {
        struct blocked_room item = {room, span};
        VEC_PUSH(list->failed, list, item, BLOCKED_MAX);
    }
}

static void closure_hall(const struct planner_problem *p, struct blocked_list *list, uint32_t hall,
                         struct blocked span)
{
    const struct hall *h = &p->timetable->halls[hall];
    for (uint32_t r = h->first_room; r < h->first_room + h->room_count; r++) {
        closure_room(list, r, span);
    }
}

static void closure_day(const struct planner_problem *p, struct blocked_list *list,
                        const struct closure *closure, const uint32_t *halls, size_t hall_count, uint32_t day)
{
    struct blocked span = {(uint16_t)day, (uint16_t)closure->from_min, (uint16_t)closure->to_min,
                           closure->strength == CLOSURE_HARD};
    if (closure->scope == CLOSURE_ROOM) {
        closure_room(list, closure->target, span);
        return;
    }
    for (size_t i = 0; i < hall_count; i++) {
        closure_hall(p, list, halls[i], span);
    }
}

static size_t closure_halls(const struct planner_problem *p, const struct closure *closure, uint32_t *halls)
{
    size_t count = 0;
    if (closure->scope == CLOSURE_HALL) {
        halls[count++] = closure->target;
    }
    uint32_t known = 0;
    const uint32_t *inside =
        closure->scope == CLOSURE_AREA ? problem_area_halls(p, closure->target, &known) : NULL;
    if (inside != NULL) {
        memcpy(halls, inside, known * sizeof *halls);
        return known;
    }
    for (uint32_t h = 0; closure->scope == CLOSURE_AREA && h < p->hall_count; h++) {
        if (timetable_area_within(p->timetable, p->timetable->halls[h].area, closure->target)) {
            halls[count++] = h;
        }
    }
    return count;
}

static void closure_list(const struct planner_problem *p, const struct closure *closure, uint32_t *halls,
                         struct blocked_list *list)
{
    int32_t last = p->day_zero + (int32_t)p->day_count - 1;
    int32_t from = closure->from_day < p->day_zero ? p->day_zero : closure->from_day;
    int32_t to = closure->to_day > last ? last : closure->to_day;
    if (closure->strength < CLOSURE_SOFT || from > to) {
        return;
    }
    size_t hall_count = closure_halls(p, closure, halls);
    for (int32_t day = from; day <= to && list->failed == ERR_NONE; day++) {
        struct day_info info = timetable_day(p->timetable, day);
        if (!closure->has_rule || day_rule_matches(&closure->rule, &info)) {
            closure_day(p, list, closure, halls, hall_count, (uint32_t)(day - p->day_zero));
        }
    }
}

static int blocked_compare(const void *a, const void *b)
{
    const struct blocked *x = a;
    const struct blocked *y = b;
    const int keys[][2] = {{x->day, y->day}, {x->from_min, y->from_min}, {x->to_min, y->to_min}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] - keys[i][1];
        }
    }
    return x->is_hard - y->is_hard;
}

static void blocked_mark(struct planner_problem *p, uint32_t room)
{
    uint32_t from = p->blocked_start[room];
    uint32_t end = p->blocked_start[room + 1];
    if (end > from) {
        qsort(&p->blocked[from], end - from, sizeof *p->blocked, blocked_compare);
    }
    for (uint32_t i = from; i < end; i++) {
        const struct blocked *blocked = &p->blocked[i];
        uint64_t *days = blocked->is_hard != 0 ? p->hard_days : p->soft_days;
        days[(size_t)room * p->day_words + blocked->day / 64] |= UINT64_C(1) << (blocked->day % 64);
        if (blocked->is_hard != 0) {
            p->room_open[(size_t)room * p->day_count + blocked->day] &=
                ~slots_touched(blocked->from_min, blocked->to_min);
        }
    }
}

static enum error_code blocked_index(struct planner_problem *p, const struct blocked_list *list,
                                     struct error *err)
{
    p->blocked = arena_array(&p->arena, list->count + 1, sizeof *p->blocked);
    if (p->blocked == NULL) {
        return planner_no_memory(err);
    }
    for (size_t i = 0; i < list->count; i++) {
        p->blocked_start[list->items[i].room + 2]++;
    }
    for (uint32_t r = 2; r < p->room_count + 2; r++) {
        p->blocked_start[r] += p->blocked_start[r - 1];
    }
    for (size_t i = 0; i < list->count; i++) {
        p->blocked[p->blocked_start[list->items[i].room + 1]++] = list->items[i].span;
    }
    for (uint32_t r = 0; r < p->room_count; r++) {
        blocked_mark(p, r);
    }
    return ERR_NONE;
}

static enum error_code build_closures(struct planner_problem *p, struct error *err)
{
    struct blocked_list list = {.failed = ERR_NONE};
    uint32_t *halls = malloc((p->hall_count + 1U) * sizeof *halls);
    enum error_code code = ERR_NONE;
    if (halls == NULL) {
        return planner_no_memory(err);
    }
    for (size_t i = 0; i < p->timetable->closure_count && list.failed == ERR_NONE; i++) {
        closure_list(p, &p->timetable->closures[i], halls, &list);
    }
    if (list.failed != ERR_NONE) {
        code = error_set(err, list.failed, "planner: %zu days of closed rooms", list.count);
    } else {
        code = blocked_index(p, &list, err);
    }
    free(halls);
    free(list.items);
    return code;
}

/* ---- published sessions that stay ---- */

static void take_span(const struct planner_problem *p, uint64_t *open, int64_t from_abs_min,
                      int64_t to_abs_min)
{
    int64_t from = from_abs_min - (int64_t)p->day_zero * DAY_MINUTES;
    int64_t to = to_abs_min - (int64_t)p->day_zero * DAY_MINUTES;
    for (int64_t d = from < 0 ? 0 : from / DAY_MINUTES; d < p->day_count && d * DAY_MINUTES < to; d++) {
        int64_t midnight = d * DAY_MINUTES;
        int32_t first = from > midnight ? (int32_t)(from - midnight) : 0;
        int32_t end = to < midnight + DAY_MINUTES ? (int32_t)(to - midnight) : DAY_MINUTES;
        open[d] &= ~slots_touched(first, end);
    }
}

static void take_room(struct planner_problem *p, const struct placement *at)
{
    const struct timetable *t = p->timetable;
    const struct hall *hall = &t->halls[t->rooms[at->room].hall];
    for (uint32_t r = hall->first_room; r < hall->first_room + hall->room_count; r++) {
        if (r == at->room || t->rooms[r].whole_hall || t->rooms[at->room].whole_hall) {
            take_span(p, &p->room_open[(size_t)r * p->day_count], placement_taken_from(at),
                      placement_taken_to(at));
        }
    }
}

/* Outside the plan's days the counters of the search do not see it: it is counted here for good. */
static void count_person(struct planner_problem *p, size_t instructor, int32_t day)
{
    int32_t weeks = date_week_start(day) - date_week_start(p->day_zero);
    int32_t month = date_month_index(day) - date_month_index(p->day_zero);
    int32_t year = date_year(day) - date_year(p->day_zero);
    if (weeks >= 0 && (uint32_t)weeks / 7 < p->week_count) {
        p->week_base[instructor * p->week_count + (uint32_t)weeks / 7]++;
    }
    if (month >= 0 && (uint32_t)month < p->month_count) {
        p->month_base[instructor * p->month_count + (uint32_t)month]++;
    }
    if (year >= 0 && (uint32_t)year < p->year_count) {
        p->year_base[instructor * p->year_count + (uint32_t)year]++;
    }
}

static void count_base(struct planner_problem *p, const struct placement *at)
{
    for (uint8_t k = 0; k < at->instructor_count; k++) {
        if (!placement_repeats(at, k)) {
            count_person(p, at->instructors[k], at->day);
        }
    }
    int32_t year = date_year(at->day) - date_year(p->day_zero);
    if (year < 0 || (uint32_t)year >= p->year_count) {
        return;
    }
    p->supply_base[(size_t)at->course * p->year_count + (uint32_t)year]++;
    if (p->course_quota[at->course] != NONE) {
        uint32_t hall = p->timetable->rooms[at->room].hall;
        p->quota_base[((size_t)hall * p->quota_count + p->course_quota[at->course]) * p->year_count +
                      (uint32_t)year]++;
    }
}

void problem_take(struct planner_problem *p, uint32_t session)
{
    const struct placement *at = &p->timetable->sessions[session].at;
    int32_t end_min = at->start_min + at->minutes;
    p->earliest_start_min = at->start_min < p->earliest_start_min ? at->start_min : p->earliest_start_min;
    p->latest_end_min = end_min > p->latest_end_min ? end_min : p->latest_end_min;
    if (at->day < p->options.from_day || at->day > p->options.to_day) {
        count_base(p, at);
    }
    int64_t first = (int64_t)p->day_zero * DAY_MINUTES;
    int64_t end = first + (int64_t)p->day_count * DAY_MINUTES;
    if (placement_taken_to(at) <= first || placement_taken_from(at) >= end) {
        return;
    }
    take_room(p, at);
    for (uint8_t k = 0; k < at->instructor_count; k++) {
        take_span(p, &p->instructor_open[(size_t)at->instructors[k] * p->day_count], placement_start(at),
                  placement_end(at));
    }
}

/* When anybody may teach anywhere; problem_take widens it for published sessions. */
static void bound_hours(struct planner_problem *p)
{
    uint64_t open = 0;
    for (size_t i = 0; i < (size_t)p->room_count * p->day_count; i++) {
        open |= p->room_open[i];
    }
    p->earliest_start_min = open == 0 ? DAY_MINUTES : slot_minute((uint32_t)__builtin_ctzll(open));
    p->latest_end_min = open == 0 ? 0 : slot_minute(64U - (uint32_t)__builtin_clzll(open));
}

/* The word that most days of a weekday share, by the majority vote of Boyer and Moore; where there is no
 * majority any word will do, because exceptions are looked up. */
static void build_week(const struct planner_problem *p, const uint64_t *open, uint64_t *ret_week)
{
    uint32_t votes[WEEK_DAYS] = {0};
    for (uint32_t d = 0; d < p->day_count; d++) {
        uint64_t *week = &ret_week[p->weekday[d]];
        if (votes[p->weekday[d]] == 0) {
            *week = open[d];
        }
        votes[p->weekday[d]] += *week == open[d] ? 1U : UINT32_MAX;
    }
}

static void build_weeks(struct planner_problem *p)
{
    for (size_t r = 0; r < p->room_count; r++) {
        build_week(p, &p->room_open[r * p->day_count], &p->room_week[r * WEEK_WORDS]);
    }
    for (size_t i = 0; i < p->instructor_count; i++) {
        build_week(p, &p->instructor_open[i * p->day_count], &p->instructor_week[i * WEEK_WORDS]);
        for (uint32_t d = 0; d < p->day_count; d++) {
            bool is_able = p->instructor_open[i * p->day_count + d] != 0;
            p->able_days[i * p->day_words + d / 64] |= (uint64_t)is_able << (d % 64);
        }
    }
}

enum error_code problem_build_masks(struct planner_problem *p, struct error *err)
{
    struct arena *arena = &p->arena;
    p->room_open = arena_array(arena, (size_t)p->room_count * p->day_count + 1, sizeof *p->room_open);
    p->instructor_open =
        arena_array(arena, (size_t)p->instructor_count * p->day_count + 1, sizeof *p->instructor_open);
    p->soft_days = arena_array(arena, (size_t)p->room_count * p->day_words + 1, sizeof *p->soft_days);
    p->hard_days = arena_array(arena, (size_t)p->room_count * p->day_words + 1, sizeof *p->hard_days);
    p->blocked_start = arena_array(arena, p->room_count + 2U, sizeof *p->blocked_start);
    p->week_base = arena_array(arena, (size_t)p->instructor_count * p->week_count + 1, sizeof *p->week_base);
    p->month_base =
        arena_array(arena, (size_t)p->instructor_count * p->month_count + 1, sizeof *p->month_base);
    p->year_base = arena_array(arena, (size_t)p->instructor_count * p->year_count + 1, sizeof *p->year_base);
    p->supply_base = arena_array(arena, (size_t)p->course_count * p->year_count + 1, sizeof *p->supply_base);
    p->quota_base =
        arena_array(arena, (size_t)p->hall_count * p->quota_count * p->year_count + 1, sizeof *p->quota_base);
    p->room_week = arena_array(arena, (size_t)p->room_count * WEEK_WORDS + 1, sizeof *p->room_week);
    p->able_days = arena_array(arena, (size_t)p->instructor_count * p->day_words + 1, sizeof *p->able_days);
    p->instructor_week =
        arena_array(arena, (size_t)p->instructor_count * WEEK_WORDS + 1, sizeof *p->instructor_week);
    if (p->able_days == NULL || p->room_week == NULL || p->instructor_week == NULL || p->room_open == NULL ||
        p->instructor_open == NULL || p->soft_days == NULL || p->hard_days == NULL ||
        p->blocked_start == NULL || p->week_base == NULL || p->month_base == NULL || p->year_base == NULL ||
        p->supply_base == NULL || p->quota_base == NULL) {
        return planner_no_memory(err);
    }
    build_open(p);
    bound_hours(p);
    enum error_code code = build_closures(p, err);
    build_weeks(p);
    return code;
}
