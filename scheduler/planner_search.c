/* The state of a search: made, emptied, changed. */
#include "scheduler/planner_search.h"

#include "base/date.h"
#include "base/vec.h"
#include "scheduler/placement.h"
#include "scheduler/standing.h"

#include <stdlib.h>
#include <string.h>

enum {
    LINE_START = 4
};

/* ---- life ---- */

struct search_memory {
    void **array;
    size_t count, size;
};

static uint32_t fixed_node_count(const struct planner_problem *p)
{
    uint32_t count = 0;
    for (size_t i = 0; i < p->fixed_count; i++) {
        uint8_t instructors = p->timetable->sessions[p->fixed[i].session].at.instructor_count;
        count += instructors == 0 ? 1 : instructors;
    }
    return count;
}

static enum error_code search_allocate(struct search *s, struct error *err)
{
    const struct planner_problem *p = s->problem;
    size_t days = p->day_count;
    size_t townships = p->township_count + 1U;
    s->fixed_capacity = fixed_node_count(p);
    const struct search_memory memory[] = {
        {(void **)&s->spots, p->block_count, sizeof *s->spots},
        {(void **)&s->hopeless, p->block_count, sizeof *s->hopeless},
        {(void **)&s->met, p->block_count, sizeof *s->met},
        {(void **)&s->dearness, p->block_count, sizeof *s->dearness},
        {(void **)&s->room_free, p->room_count * days, sizeof *s->room_free},
        {(void **)&s->room_odd, (size_t)p->room_count * p->day_words, sizeof *s->room_odd},
        {(void **)&s->days, p->instructor_count * days, sizeof *s->days},
        {(void **)&s->days_odd, p->instructor_count * (size_t)p->day_words, sizeof *s->days_odd},
        {(void **)&s->joint_days, p->instructor_count * (size_t)p->day_words, sizeof *s->joint_days},
        {(void **)&s->day_town, p->instructor_count * days, sizeof *s->day_town},
        {(void **)&s->work_days, p->instructor_count * (size_t)p->day_words, sizeof *s->work_days},
        {(void **)&s->nodes, (size_t)p->node_count + s->fixed_capacity, sizeof *s->nodes},
        {(void **)&s->fixed_session, s->fixed_capacity, sizeof *s->fixed_session},
        {(void **)&s->lines, p->hall_count, sizeof *s->lines},
        {(void **)&s->load, (size_t)p->instructor_count * p->month_count, sizeof *s->load},
        {(void **)&s->week_load, (size_t)p->instructor_count * p->week_count, sizeof *s->week_load},
        {(void **)&s->year_load, (size_t)p->instructor_count * p->year_count, sizeof *s->year_load},
        {(void **)&s->township_week, townships * p->week_count, sizeof *s->township_week},
        {(void **)&s->township_category, townships * p->category_count, sizeof *s->township_category},
        {(void **)&s->hall_sessions, p->hall_count, sizeof *s->hall_sessions},
        {(void **)&s->supply, (size_t)p->course_count * p->year_count, sizeof *s->supply},
        {(void **)&s->quota, (size_t)p->hall_count * p->quota_count * p->year_count, sizeof *s->quota},
    };
    for (size_t i = 0; i < sizeof memory / sizeof *memory; i++) {
        *memory[i].array = planner_calloc(memory[i].count + 1, memory[i].size);
        if (*memory[i].array == NULL) {
            return planner_no_memory(err);
        }
    }
    return ERR_NONE;
}

enum error_code search_create(const struct planner_problem *problem, uint64_t seed,
                              struct search **ret_search, struct error *err)
{
    struct search *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return planner_no_memory(err);
    }
    s->problem = problem;
    rng_seed(&s->rng, seed);
    enum error_code code = search_allocate(s, err);
    if (code != ERR_NONE) {
        search_destroy(s);
        return code;
    }
    search_reset(s);
    *ret_search = s;
    return ERR_NONE;
}

void search_destroy(struct search *s)
{
    if (s == NULL) {
        return;
    }
    for (uint32_t h = 0; s->lines != NULL && h < s->problem->hall_count; h++) {
        free(s->lines[h].nodes);
    }
    void *const arrays[] = {
        s->spots,     s->met,           s->room_free,     s->days,    s->room_odd,          s->days_odd,
        s->work_days, s->nodes,         s->lines,         s->load,    s->week_load,         s->year_load,
        s->supply,    s->township_week, s->hall_sessions, s->quota,   s->township_category, s->fixed_session,
        s->hopeless,  s->joint_days,    s->day_town,      s->dearness};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        free(arrays[i]);
    }
    free(s);
}

/* ---- lists ---- */

static uint8_t home_byte(const struct search *s, uint32_t instructor, uint32_t hall)
{
    return travel_byte(problem_home(s->problem, instructor, hall));
}

/* Copies the head of the list into the day's own line. */
static void day_copy(const struct search *s, uint32_t instructor, struct person_day *day)
{
    uint16_t count = 0;
    for (uint32_t at = day->head; at != NONE; at = s->nodes[at].next, count++) {
        if (count < DAY_STOPS) {
            const struct node *node = &s->nodes[at];
            uint32_t midnight = node_day(node) * DAY_MINUTES;
            day->stops[count] = (struct stop){at, node->hall, (uint16_t)((uint32_t)node->start - midnight),
                                              (uint16_t)((uint32_t)node->end - midnight)};
        }
    }
    day->count = count;
    day->home_first = 0;
    day->home_last = 0;
    if (count > 0 && count <= DAY_STOPS) {
        day->home_first = home_byte(s, instructor, day->stops[0].hall);
        day->home_last = count == 1 ? day->home_first : home_byte(s, instructor, day->stops[count - 1].hall);
    }
}

static void day_insert(struct search *s, uint32_t index)
{
    struct node *node = &s->nodes[index];
    struct person_day *day = &s->days[(size_t)node->instructor * s->problem->day_count + node_day(node)];
    uint32_t *at = &day->head;
    while (*at != NONE && s->nodes[*at].start < node->start) {
        at = &s->nodes[*at].next;
    }
    node->next = *at;
    *at = index;
    day_copy(s, node->instructor, day);
}

static void day_remove(struct search *s, uint32_t index)
{
    const struct node *node = &s->nodes[index];
    struct person_day *day = &s->days[(size_t)node->instructor * s->problem->day_count + node_day(node)];
    uint32_t *at = &day->head;
    while (*at != index) {
        at = &s->nodes[*at].next;
    }
    *at = node->next;
    day_copy(s, node->instructor, day);
}

static void day_mark(struct search *s, uint32_t instructor, uint32_t day)
{
    const struct planner_problem *p = s->problem;
    const struct person_day *line = &s->days[(size_t)instructor * p->day_count + day];
    uint64_t bit = UINT64_C(1) << (day % 64);
    uint64_t *odd = &s->days_odd[(size_t)instructor * p->day_words + day / 64];
    bool is_plain = line->head == NONE &&
                    line->free == p->instructor_week[(size_t)instructor * WEEK_WORDS + p->weekday[day]];
    *odd = is_plain ? *odd & ~bit : *odd | bit;
    uint64_t *work = &s->work_days[(size_t)instructor * p->day_words + day / 64];
    *work = line->head == NONE ? *work & ~bit : *work | bit;
    uint64_t *joint = &s->joint_days[(size_t)instructor * p->day_words + day / 64];
    int32_t most = p->caps[instructor].day;
    bool is_joint = line->head != NONE && (most == 0 || line->count < (uint32_t)most);
    *joint = is_joint ? *joint | bit : *joint & ~bit;
    if (line->head != NONE) {
        s->day_town[(size_t)instructor * p->day_count + day] =
            (uint16_t)p->hall_township[s->nodes[line->head].hall];
    }
}

static void line_insert(struct search *s, uint32_t index)
{
    const struct node *node = &s->nodes[index];
    struct hall_line *line = &s->lines[node->hall];
    if (line->count == line->capacity) {
        uint32_t capacity = line->capacity == 0 ? LINE_START : line->capacity * 2;
        uint32_t *grown = realloc(line->nodes, capacity * sizeof *grown);
        if (grown == NULL) {
            s->out_of_memory = true;
            return;
        }
        line->nodes = grown;
        line->capacity = capacity;
    }
    uint32_t at = line->count++;
    while (at > 0 && node_before(node, &s->nodes[line->nodes[at - 1]])) {
        line->nodes[at] = line->nodes[at - 1];
        at--;
    }
    line->nodes[at] = index;
}

static void line_remove(struct search *s, uint32_t index)
{
    struct hall_line *line = &s->lines[s->nodes[index].hall];
    uint32_t at = 0;
    while (at < line->count && line->nodes[at] != index) {
        at++;
    }
    if (at == line->count) {
        return; /* it could not grow when this one came */
    }
    line->count--;
    memmove(&line->nodes[at], &line->nodes[at + 1], (line->count - at) * sizeof *line->nodes);
}

/* ---- counters ---- */

static void count_person(struct search *s, uint32_t instructor, uint32_t day, int step)
{
    const struct planner_problem *p = s->problem;
    size_t i = instructor;
    uint16_t *const counters[] = {&s->load[i * p->month_count + p->month[day]],
                                  &s->week_load[i * p->week_count + p->week[day]],
                                  &s->year_load[i * p->year_count + p->year[day]]};
    for (size_t k = 0; k < sizeof counters / sizeof *counters; k++) {
        *counters[k] = (uint16_t)(*counters[k] + step);
    }
}

static void count_place(struct search *s, uint32_t hall, uint32_t course, uint32_t day, int step)
{
    const struct planner_problem *p = s->problem;
    uint32_t township = p->hall_township[hall];
    uint32_t category = p->lessons[course].category;
    uint16_t *week = &s->township_week[(size_t)township * p->week_count + p->week[day]];
    *week = (uint16_t)(*week + step);
    s->township_category[(size_t)township * p->category_count + category] += (uint32_t)step;
    s->hall_sessions[hall] += (uint32_t)step;
    s->supply[(size_t)course * p->year_count + p->year[day]] += (uint32_t)step;
    if (p->course_quota[course] != NONE) {
        uint16_t *quota =
            &s->quota[((size_t)hall * p->quota_count + p->course_quota[course]) * p->year_count +
                      p->year[day]];
        *quota = (uint16_t)(*quota + step);
    }
}

/* ---- rooms ---- */

static bool rooms_exclude(const struct timetable *t, uint32_t a, uint32_t b)
{
    return a == b || t->rooms[a].whole_hall || t->rooms[b].whole_hall;
}

uint64_t search_room_without(const struct search *s, uint32_t room, uint32_t day, uint32_t block)
{
    const struct planner_problem *p = s->problem;
    const struct hall_line *line = &s->lines[p->room_hall[room]];
    uint64_t free = p->room_open[(size_t)room * p->day_count + day];
    for (uint32_t i = 0; i < line->count; i++) {
        const struct node *node = &s->nodes[line->nodes[i]];
        if (node->block < p->block_count && node->block != block && node_day(node) == day &&
            rooms_exclude(p->timetable, room, node->room)) {
            free &= ~block_room_mask(&p->blocks[node->block], s->spots[node->block].slot);
        }
    }
    return free;
}

static void room_set(struct search *s, uint32_t room, uint32_t day, uint64_t free)
{
    const struct planner_problem *p = s->problem;
    uint64_t bit = UINT64_C(1) << (day % 64);
    uint64_t *odd = &s->room_odd[(size_t)room * p->day_words + day / 64];
    s->room_free[(size_t)room * p->day_count + day] = free;
    *odd = free == p->room_week[(size_t)room * WEEK_WORDS + p->weekday[day]] ? *odd & ~bit : *odd | bit;
}

static void room_take(struct search *s, uint32_t room, uint32_t day, uint64_t mask)
{
    const struct planner_problem *p = s->problem;
    uint32_t hall = p->room_hall[room];
    if (!p->hall_has_whole[hall]) {
        room_set(s, room, day, s->room_free[(size_t)room * p->day_count + day] & ~mask);
        return;
    }
    const struct hall *h = &p->timetable->halls[hall];
    for (uint32_t r = h->first_room; r < h->first_room + h->room_count; r++) {
        if (rooms_exclude(p->timetable, room, r)) {
            room_set(s, r, day, s->room_free[(size_t)r * p->day_count + day] & ~mask);
        }
    }
}

/* The block's nodes have left the hall's line already. */
static void room_give(struct search *s, uint32_t room, uint32_t day, uint64_t mask)
{
    const struct planner_problem *p = s->problem;
    uint32_t hall = p->room_hall[room];
    if (!p->hall_has_whole[hall]) {
        room_set(s, room, day, s->room_free[(size_t)room * p->day_count + day] | mask);
        return;
    }
    const struct hall *h = &p->timetable->halls[hall];
    for (uint32_t r = h->first_room; r < h->first_room + h->room_count; r++) {
        room_set(s, r, day, search_room_without(s, r, day, NONE));
    }
}

/* ---- fixed sessions ---- */

/* What was moved outside does not reach its hall, what was not held does not reach the township either. */
static void reach_correct(struct search *s, const struct placement *at)
{
    const struct planner_problem *p = s->problem;
    uint32_t hall = p->room_hall[at->room];
    size_t pair = (size_t)p->hall_township[hall] * p->category_count + p->lessons[at->course].category;
    s->hall_sessions[hall] -= placement_reaches_hall(at) ? 0U : 1U;
    s->township_category[pair] -= placement_is_given(at) ? 0U : 1U;
}

static void fixed_node(struct search *s, const struct fixed *fixed, uint32_t instructor, bool is_first)
{
    const struct planner_problem *p = s->problem;
    const struct placement *at = &p->timetable->sessions[fixed->session].at;
    int64_t midnight = (int64_t)p->day_zero * DAY_MINUTES;
    uint32_t index = s->node_count++;
    s->fixed_session[index - p->node_count] = fixed->session;
    s->nodes[index] = (struct node){.start = (int32_t)(placement_start(at) - midnight),
                                    .end = (int32_t)(placement_end(at) - midnight),
                                    .room = at->room,
                                    .hall = p->room_hall[at->room],
                                    .block = (uint32_t)p->block_count + fixed->group,
                                    .next = NONE,
                                    .course = at->course,
                                    .instructor = instructor};
    uint32_t day = node_day(&s->nodes[index]);
    bool is_inside = day > 0 && day + 1 < p->day_count;
    if (instructor != NONE) {
        day_insert(s, index);
        day_mark(s, instructor, day);
        if (is_inside) {
            count_person(s, instructor, day, 1);
        }
    }
    if (is_first) {
        line_insert(s, index);
        if (is_inside) {
            count_place(s, s->nodes[index].hall, at->course, day, 1);
            reach_correct(s, at);
        }
    }
}

static void seat_fixed(struct search *s)
{
    const struct planner_problem *p = s->problem;
    for (size_t i = 0; i < p->fixed_count; i++) {
        const struct placement *at = &p->timetable->sessions[p->fixed[i].session].at;
        if (at->day < p->day_zero || at->day >= p->day_zero + (int32_t)p->day_count) {
            continue;
        }
        if (at->instructor_count == 0) {
            fixed_node(s, &p->fixed[i], NONE, true);
        }
        for (uint8_t k = 0; k < at->instructor_count; k++) {
            if (!placement_repeats(at, k)) {
                fixed_node(s, &p->fixed[i], at->instructors[k], k == 0);
            }
        }
    }
}

void search_reset(struct search *s)
{
    const struct planner_problem *p = s->problem;
    size_t instructors = p->instructor_count;
    size_t townships = p->township_count + 1U;
    for (size_t b = 0; b < p->block_count; b++) {
        s->spots[b] = (struct spot){.room = NONE, .instructor = NONE};
    }
    memset(s->met, 0, p->block_count * sizeof *s->met);
    for (uint32_t r = 0; r < p->room_count; r++) {
        for (uint32_t d = 0; d < p->day_count; d++) {
            room_set(s, r, d, p->room_open[(size_t)r * p->day_count + d]);
        }
    }
    for (size_t i = 0; i < instructors * p->day_count; i++) {
        s->days[i] = (struct person_day){.free = p->instructor_open[i], .head = NONE};
    }
    for (uint32_t i = 0; i < p->instructor_count; i++) {
        for (uint32_t d = 0; d < p->day_count; d++) {
            day_mark(s, i, d);
        }
    }
    for (uint32_t h = 0; h < p->hall_count; h++) {
        s->lines[h].count = 0;
    }
    memset(s->load, 0, instructors * p->month_count * sizeof *s->load);
    memset(s->week_load, 0, instructors * p->week_count * sizeof *s->week_load);
    memset(s->year_load, 0, instructors * p->year_count * sizeof *s->year_load);
    memset(s->township_week, 0, townships * p->week_count * sizeof *s->township_week);
    memset(s->township_category, 0, townships * p->category_count * sizeof *s->township_category);
    memset(s->hall_sessions, 0, p->hall_count * sizeof *s->hall_sessions);
    memset(s->supply, 0, (size_t)p->course_count * p->year_count * sizeof *s->supply);
    memset(s->quota, 0, (size_t)p->hall_count * p->quota_count * p->year_count * sizeof *s->quota);
    s->node_count = p->node_count;
    s->value = 0;
    seat_fixed(s);
    struct search_units units = search_count(s);
    s->cost = search_cost_of(s, &units);
}

/* ---- blocks ---- */

void search_insert(struct search *s, uint32_t index, const struct trial *trial, int64_t price)
{
    const struct planner_problem *p = s->problem;
    const struct block *block = &p->blocks[index];
    const struct spot *at = &trial->at;
    uint64_t room_mask = block_room_mask(block, at->slot);
    uint64_t instructor_mask = slots_span(at->slot, block->slots);
    s->spots[index] = *at;
    s->met[index] = (uint16_t)trial->count;
    for (uint32_t k = 0; k < trial->count; k++) {
        uint32_t day = trial->days[k];
        int32_t start = (int32_t)day * DAY_MINUTES + slot_minute(at->slot);
        uint32_t node = block->first_node + k;
        s->nodes[node] = (struct node){.start = start,
                                       .end = start + block->minutes,
                                       .room = at->room,
                                       .hall = p->room_hall[at->room],
                                       .block = index,
                                       .next = NONE,
                                       .course = block->course,
                                       .instructor = at->instructor};
        room_take(s, at->room, day, room_mask);
        s->days[(size_t)at->instructor * p->day_count + day].free &= ~instructor_mask;
        day_insert(s, node);
        day_mark(s, at->instructor, day);
        line_insert(s, node);
        count_person(s, at->instructor, day, 1);
        count_place(s, s->nodes[node].hall, block->course, day, 1);
    }
    s->cost += price;
    s->value += (int64_t)block->priority * trial->count;
}

void search_remove(struct search *s, uint32_t index, int64_t price)
{
    const struct planner_problem *p = s->problem;
    const struct block *block = &p->blocks[index];
    const struct spot at = s->spots[index];
    uint64_t room_mask = block_room_mask(block, at.slot);
    uint64_t instructor_mask = slots_span(at.slot, block->slots);
    for (uint32_t k = 0; k < s->met[index]; k++) {
        uint32_t node = block->first_node + k;
        uint32_t day = node_day(&s->nodes[node]);
        day_remove(s, node);
        line_remove(s, node);
        room_give(s, at.room, day, room_mask);
        s->days[(size_t)at.instructor * p->day_count + day].free |= instructor_mask;
        day_mark(s, at.instructor, day);
        count_person(s, at.instructor, day, -1);
        count_place(s, s->nodes[node].hall, block->course, day, -1);
    }
    s->cost -= price;
    s->value -= (int64_t)block->priority * s->met[index];
    s->met[index] = 0;
    s->spots[index] = (struct spot){.room = NONE, .instructor = NONE};
}
