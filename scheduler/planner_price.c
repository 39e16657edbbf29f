/* The soft terms: what a place adds to the cost, and the same counted from scratch. docs/planner.md has the
 * formula; scheduler/score.c says it once more without sharing code. */
#include "scheduler/planner_price.h"

#include "base/date.h"

enum {
    SPACING_DAYS = 7
};

/* n^2 grows by this when `more` join `n`. */
static int64_t square_step(int64_t n, int64_t more)
{
    return more * (2 * n + more);
}

static int64_t own_in(const struct search *s, uint32_t index, const uint16_t *periods, uint32_t period)
{
    int64_t count = 0;
    const struct node *nodes = &s->nodes[s->problem->blocks[index].first_node];
    for (uint32_t k = 0; k < s->met[index]; k++) {
        count += periods[node_day(&nodes[k])] == period ? 1 : 0;
    }
    return count;
}

/* The growth of the sum of squared counts over periods; `counts` are those of one instructor or township. */
static int64_t squares(const struct search *s, uint32_t index, const struct trial *trial,
                       const uint16_t *counts, const uint16_t *periods, bool own)
{
    int64_t sum = 0;
    if (trial->count == 1) {
        uint32_t period = periods[trial->days[0]];
        return square_step(counts[period] - (own ? own_in(s, index, periods, period) : 0), 1);
    }
    for (uint32_t from = 0, to; from < trial->count; from = to) {
        uint32_t period = periods[trial->days[from]];
        for (to = from + 1; to < trial->count && periods[trial->days[to]] == period; to++) {}
        int64_t others = counts[period] - (own ? own_in(s, index, periods, period) : 0);
        sum += square_step(others, (int64_t)(to - from));
    }
    return sum;
}

/* What depends on the place alone. */
int64_t price_place(const struct planner_problem *p, const struct block *block, const struct trial *trial)
{
    const struct weights *w = &p->options.weights;
    const struct spot *at = &trial->at;
    int32_t start = slot_minute(at->slot);
    int64_t price = 0;
    if (block->weekdays != 0 && (block->weekdays >> p->weekday[at->day] & 1) == 0) {
        price += (int64_t)w->weekday * trial->count;
    }
    if ((block->part_starts >> at->slot & 1) == 0) {
        price += (int64_t)w->part_of_day * trial->count;
    }
    for (uint32_t k = 0; k < trial->count; k++) {
        uint32_t day = trial->days[k];
        price += problem_day_unwelcome(p, block->course, day) ? w->holiday : 0;
        price += problem_blocked(p, at->room, day, start - block->setup_min,
                                 start + block->minutes + block->clear_min, false)
                     ? w->soft_closure
                     : 0;
    }
    if (block->is_published && block->published.room == at->room &&
        block->published.instructor == at->instructor && block->published.day == at->day &&
        block->published.slot == at->slot) {
        price -= (int64_t)w->change * block->session_count;
    }
    return COST_SCALE * price;
}

static bool node_inside(const struct planner_problem *p, const struct node *node)
{
    uint32_t day = node_day(node);
    return day > 0 && day + 1 < p->day_count;
}

static int64_t spacing_pairs(const struct search *s, uint32_t index, const struct trial *trial,
                             const struct hall_line *line)
{
    int64_t pairs = 0;
    for (uint32_t i = 0; i < line->count; i++) {
        const struct node *node = &s->nodes[line->nodes[i]];
        if (node->block == index || !node_inside(s->problem, node)) {
            continue;
        }
        int32_t day = (int32_t)node_day(node);
        for (uint32_t k = 0; k < trial->count; k++) {
            int32_t apart = day - (int32_t)trial->days[k];
            pairs += apart > -SPACING_DAYS && apart < SPACING_DAYS ? 1 : 0;
        }
    }
    return pairs;
}

/* How many changes of instructor the trial's meetings bring into the hall's sequence of its course. */
static int64_t instructor_changes(const struct search *s, uint32_t index, const struct trial *trial,
                                  const struct hall_line *line)
{
    uint32_t course = s->problem->blocks[index].course;
    int64_t with = 0;
    int64_t without = 0;
    const struct node *last_other = NULL;
    uint32_t last = NONE;
    bool has_last = false;
    uint32_t k = 0;
    for (uint32_t i = 0; i <= line->count; i++) {
        const struct node *node = i < line->count ? &s->nodes[line->nodes[i]] : NULL;
        if (node != NULL &&
            (node->course != course || node->block == index || !node_inside(s->problem, node))) {
            continue;
        }
        for (; k < trial->count; k++) {
            struct node mine = {.start = (int32_t)trial->days[k] * DAY_MINUTES + slot_minute(trial->at.slot),
                                .room = trial->at.room,
                                .instructor = trial->at.instructor};
            if (node != NULL && !node_before(&mine, node)) {
                break;
            }
            with += has_last && last != mine.instructor ? 1 : 0;
            last = mine.instructor;
            has_last = true;
        }
        if (node != NULL) {
            with += has_last && last != node->instructor ? 1 : 0;
            without += last_other != NULL && last_other->instructor != node->instructor ? 1 : 0;
            last = node->instructor;
            has_last = true;
            last_other = node;
        }
    }
    return with - without;
}

/* Coverage: the first session of a hall, the first of a category in a township. */
int64_t price_reach(const struct search *s, uint32_t index, uint32_t hall)
{
    const struct planner_problem *p = s->problem;
    const struct weights *w = &p->options.weights;
    uint32_t township = p->hall_township[hall];
    uint32_t category = p->lessons[p->blocks[index].course].category;
    uint32_t own_hall = 0;
    uint32_t own_township = 0;
    if (search_placed(s, index)) {
        uint32_t now = p->room_hall[s->spots[index].room];
        own_hall = now == hall ? s->met[index] : 0;
        own_township = p->hall_township[now] == township ? s->met[index] : 0;
    }
    int64_t price = 0;
    if (p->hall_counts[hall] && s->hall_sessions[hall] == own_hall) {
        price -= w->hall_unreached;
    }
    if (p->township_counts[township] && p->category_counts[category] &&
        s->township_category[(size_t)township * p->category_count + category] == own_township) {
        price -= w->category_missing;
    }
    return COST_SCALE * price;
}

/* ---- the parts of a price, each scaled ---- */

int64_t price_person(const struct search *s, uint32_t index, const struct trial *trial)
{
    const struct planner_problem *p = s->problem;
    const struct weights *w = &p->options.weights;
    bool own = s->spots[index].room != NONE && s->spots[index].instructor == trial->at.instructor;
    return (int64_t)w->travel * trial->travel_min * COST_SCALE +
           w->load * squares(s, index, trial, &s->load[(size_t)trial->at.instructor * p->month_count],
                             p->month, own);
}

int64_t price_evenness(const struct search *s, uint32_t index, const struct trial *trial, uint32_t township)
{
    const struct planner_problem *p = s->problem;
    const struct spot *now = &s->spots[index];
    if (township == p->township_count) {
        return 0;
    }
    bool own = now->room != NONE && p->hall_township[p->room_hall[now->room]] == township;
    return p->options.weights.evenness * (COST_SCALE / 4) *
           squares(s, index, trial, &s->township_week[(size_t)township * p->week_count], p->week, own);
}

int64_t price_spacing(const struct search *s, uint32_t index, const struct trial *trial, uint32_t hall)
{
    const struct hall_line *line = &s->lines[hall];
    return line->count == 0
               ? 0
               : COST_SCALE * s->problem->options.weights.spacing * spacing_pairs(s, index, trial, line);
}

int64_t price_continuity(const struct search *s, uint32_t index, const struct trial *trial, uint32_t hall)
{
    const struct hall_line *line = &s->lines[hall];
    return line->count == 0 ? 0
                            : COST_SCALE * s->problem->options.weights.continuity *
                                  instructor_changes(s, index, trial, line);
}

int64_t search_price(const struct search *s, uint32_t index, const struct trial *trial)
{
    const struct planner_problem *p = s->problem;
    uint32_t hall = p->room_hall[trial->at.room];
    return price_place(p, &p->blocks[index], trial) + price_reach(s, index, hall) +
           price_person(s, index, trial) + price_spacing(s, index, trial, hall) +
           price_continuity(s, index, trial, hall) + price_evenness(s, index, trial, p->hall_township[hall]);
}

/* ---- from scratch ---- */

static void count_node(const struct search *s, uint32_t index, struct search_units *units)
{
    const struct planner_problem *p = s->problem;
    const struct node *node = &s->nodes[index];
    bool is_fixed = index >= p->node_count;
    const struct placement *at =
        is_fixed ? &p->timetable->sessions[s->fixed_session[index - p->node_count]].at : NULL;
    const struct block *block = is_fixed ? NULL : &p->blocks[node->block];
    uint32_t day = node_day(node);
    const struct course *course = &p->timetable->courses[node->course];
    const struct request *request = NULL;
    if (!is_fixed || at->request != NONE) {
        request = &p->timetable->requests[is_fixed ? at->request : block->request];
    }
    uint8_t weekdays = request == NULL ? 0 : request->weekdays;
    uint8_t parts = request != NULL && request->parts != 0 ? request->parts : course->parts;
    units->weekday += weekdays != 0 && (weekdays >> p->weekday[day] & 1) == 0 ? 1 : 0;
    units->part_of_day += parts != 0 && (parts & planner_part_of(node->start % DAY_MINUTES)) == 0 ? 1 : 0;
    units->holiday += problem_day_unwelcome(p, node->course, day) ? 1 : 0;
    int64_t start = (int64_t)p->day_zero * DAY_MINUTES + node->start;
    int64_t end = (int64_t)p->day_zero * DAY_MINUTES + node->end;
    int32_t setup = is_fixed ? at->setup_min : block->setup_min;
    int32_t clear = is_fixed ? at->clear_min : block->clear_min;
    units->soft_closure +=
        closure_hit(p->timetable, node->room, start - setup, end + clear, CLOSURE_SOFT) != NONE ? 1 : 0;
}

static void count_line(const struct search *s, const struct hall_line *line, struct search_units *units)
{
    for (uint32_t i = 0; i < line->count; i++) {
        const struct node *a = &s->nodes[line->nodes[i]];
        bool has_next = false;
        if (!node_inside(s->problem, a)) {
            continue;
        }
        count_node(s, line->nodes[i], units);
        for (uint32_t j = i + 1; j < line->count; j++) {
            const struct node *b = &s->nodes[line->nodes[j]];
            if (!node_inside(s->problem, b)) {
                continue;
            }
            units->spacing += a->block != b->block && node_day(b) - node_day(a) < SPACING_DAYS ? 1 : 0;
            if (!has_next && a->course == b->course) {
                has_next = true;
                units->continuity += a->instructor != b->instructor ? 1 : 0;
            }
        }
    }
}

static void count_travel(const struct search *s, struct search_units *units)
{
    const struct planner_problem *p = s->problem;
    for (uint32_t i = 0; i < p->instructor_count; i++) {
        for (uint32_t d = 1; d + 1 < p->day_count; d++) {
            const struct node *last = NULL;
            for (uint32_t at = s->days[(size_t)i * p->day_count + d].head; at != NONE;
                 at = s->nodes[at].next) {
                const struct node *node = &s->nodes[at];
                units->travel +=
                    last == NULL ? problem_home(p, i, node->hall) : problem_travel(p, last->hall, node->hall);
                last = node;
            }
            units->travel += last == NULL ? 0 : problem_home(p, i, last->hall);
        }
    }
}

int64_t search_kept_minutes(const struct search *s)
{
    const struct planner_problem *p = s->problem;
    int64_t minutes = 0;
    for (uint32_t i = 0; s->keeps_seats && i < p->instructor_count; i++) {
        for (uint32_t word = 0; word < p->day_words; word++) {
            uint64_t work = s->work_days[(size_t)i * p->day_words + word];
            for (; work != 0; work &= work - 1) {
                uint32_t d = word * 64 + (uint32_t)__builtin_ctzll(work);
                const struct person_day *day = &s->days[(size_t)i * p->day_count + d];
                bool is_inside = d > 0 && d + 1 < p->day_count;
                minutes += is_inside ? kept_minutes(s, i, day->stops[0].hall, day->count) : 0;
            }
        }
    }
    return minutes;
}

static void count_reach(const struct search *s, struct search_units *units)
{
    const struct planner_problem *p = s->problem;
    for (uint32_t h = 0; h < p->hall_count; h++) {
        units->hall_unreached += p->hall_counts[h] && s->hall_sessions[h] == 0 ? 1 : 0;
    }
    for (uint32_t t = 0; t < p->township_count; t++) {
        for (uint32_t c = 0; p->township_counts[t] && c < p->category_count; c++) {
            units->category_missing +=
                p->category_counts[c] && s->township_category[(size_t)t * p->category_count + c] == 0 ? 1 : 0;
        }
        for (uint32_t w = 0; w < p->week_count; w++) {
            int64_t n = s->township_week[(size_t)t * p->week_count + w];
            units->evenness += n * n;
        }
    }
}

static void count_changes(const struct search *s, struct search_units *units)
{
    const struct planner_problem *p = s->problem;
    for (size_t b = 0; b < p->block_count; b++) {
        const struct spot *now = &s->spots[b];
        const struct spot *was = &p->blocks[b].published;
        bool stays = now->room == was->room && now->instructor == was->instructor && now->day == was->day &&
                     now->slot == was->slot;
        units->change += stays ? 0 : p->blocks[b].session_count;
    }
}

struct search_units search_count(const struct search *s)
{
    const struct planner_problem *p = s->problem;
    struct search_units units = {0};
    for (uint32_t h = 0; h < p->hall_count; h++) {
        count_line(s, &s->lines[h], &units);
    }
    count_travel(s, &units);
    units.travel -= search_kept_minutes(s);
    count_reach(s, &units);
    count_changes(s, &units);
    for (size_t i = 0; i < (size_t)p->instructor_count * p->month_count; i++) {
        units.load += (int64_t)s->load[i] * s->load[i];
    }
    return units;
}

int64_t search_cost_of(const struct search *s, const struct search_units *units)
{
    const struct weights *w = &s->problem->options.weights;
    int64_t cost = 0;
#define X(field, value, unit, zh) cost += COST_SCALE * (int64_t)w->field * units->field;
    WEIGHT_LIST(X)
#undef X
    /* These two have finer units. */
    cost -= (COST_SCALE - 1) * (int64_t)w->load * units->load;
    cost -= (COST_SCALE - COST_SCALE / 4) * (int64_t)w->evenness * units->evenness;
    return cost;
}

void search_keep_seats(struct search *s, bool keeps_seats)
{
    int64_t unit = (int64_t)COST_SCALE * s->problem->options.weights.travel;
    s->cost += unit * search_kept_minutes(s);
    s->keeps_seats = keeps_seats;
    s->cost -= unit * search_kept_minutes(s);
}

struct plan_cost units_cost(const struct weights *weights, const struct search_units *units)
{
    struct plan_cost cost = {
#define X(field, value, unit, zh) .field = weights->field * units->field,
        WEIGHT_LIST(X)
#undef X
    };
    cost.load /= 16;
    cost.evenness /= 4;
    return cost;
}
