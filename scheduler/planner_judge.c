/* The hard rules inside the search: the same definitions as scheduler/rules, asked of words and counters. A
 * block that is judged for a new place does not count at its old one. */
#include "scheduler/planner_trip.h"

#include "base/date.h"

/* Meetings of the placed block in one period of `periods`. */
static int32_t block_meets_in(const struct search *s, uint32_t index, const uint16_t *periods,
                              uint32_t period)
{
    int32_t count = 0;
    const struct node *nodes = &s->nodes[s->problem->blocks[index].first_node];
    for (uint32_t k = 0; k < s->met[index]; k++) {
        count += periods[node_day(&nodes[k])] == period ? 1 : 0;
    }
    return count;
}

uint64_t search_starts(const struct search *s, uint32_t index, uint32_t day, uint32_t room,
                       uint32_t instructor)
{
    return search_starts_here(s, index, day, room, instructor);
}

/* ---- an instructor's day ---- */

/* The last session of the day before, the first of the day after. */
static const struct node *evening_before(const struct search *s, uint32_t index, uint32_t instructor,
                                         uint32_t day)
{
    const struct node *last = NULL;
    uint32_t at = s->days[(size_t)instructor * s->problem->day_count + day - 1].head;
    for (; at != NONE; at = s->nodes[at].next) {
        last = s->nodes[at].block == index ? last : &s->nodes[at];
    }
    return last;
}

static const struct node *morning_after(const struct search *s, uint32_t index, uint32_t instructor,
                                        uint32_t day)
{
    uint32_t at = s->days[(size_t)instructor * s->problem->day_count + day + 1].head;
    while (at != NONE && s->nodes[at].block == index) {
        at = s->nodes[at].next;
    }
    return at == NONE ? NULL : &s->nodes[at];
}

void trip_add_nights(const struct search *s, uint32_t index, uint32_t instructor, uint32_t day,
                     struct trip *trip)
{
    int32_t midnight = (int32_t)day * DAY_MINUTES;
    const struct node *before = trip->before_hall == NONE ? evening_before(s, index, instructor, day) : NULL;
    const struct node *after = trip->after_hall == NONE ? morning_after(s, index, instructor, day) : NULL;
    if (before != NULL) {
        trip->before_hall = before->hall;
        trip->before_end = before->end - midnight;
    }
    if (after != NULL) {
        trip->after_hall = after->hall;
        trip->after_start = after->start - midnight;
    }
}

static enum rule_code judge_day(const struct search *s, uint32_t index, uint32_t day, const struct spot *at,
                                int32_t *travel_min)
{
    const struct planner_problem *p = s->problem;
    struct trip trip = trip_find(s, index, at->instructor, day, slot_minute(at->slot));
    int32_t max_day = p->caps[at->instructor].day;
    if (max_day > 0 && trip.count >= max_day) {
        return RULE_CAP_DAY;
    }
    enum rule_code rule = trip_judge(s, index, at, day, trip);
    if (rule == RULE_COUNT) {
        *travel_min += trip_growth(s, &trip, at->instructor, p->room_hall[at->room]);
    }
    return rule;
}

/* ---- caps, supply, quota: a run of meetings in one period at a time ---- */

struct count_rule {
    enum rule_code rule;
    int32_t limit;           /* 0: none */
    const uint16_t *periods; /* by day */
    bool own;                /* the block's present meetings are in these counts */
};

static int32_t count_of(const struct search *s, enum rule_code rule, const struct block *block,
                        const struct spot *at, uint32_t period)
{
    const struct planner_problem *p = s->problem;
    size_t i = at->instructor;
    size_t place = rule == RULE_HALL_QUOTA
                       ? ((size_t)p->room_hall[at->room] * p->quota_count + p->course_quota[block->course]) *
                                 p->year_count +
                             period
                       : (size_t)block->course * p->year_count + period;
    switch (rule) {
    case RULE_CAP_WEEK:
        return s->week_load[i * p->week_count + period] + p->week_base[i * p->week_count + period];
    case RULE_CAP_MONTH:
        return s->load[i * p->month_count + period] + p->month_base[i * p->month_count + period];
    case RULE_CAP_YEAR:
        return s->year_load[i * p->year_count + period] + p->year_base[i * p->year_count + period];
    case RULE_HALL_QUOTA:
        return s->quota[place] + p->quota_base[place];
    default:
        return (int32_t)(s->supply[place] + p->supply_base[place]);
    }
}

static bool count_fits(const struct search *s, uint32_t index, const struct trial *trial,
                       const struct count_rule *rule)
{
    const struct block *block = &s->problem->blocks[index];
    for (uint32_t from = 0, to; from < trial->count; from = to) {
        uint32_t period = rule->periods[trial->days[from]];
        for (to = from + 1; to < trial->count && rule->periods[trial->days[to]] == period; to++) {}
        int32_t count = count_of(s, rule->rule, block, &trial->at, period) + (int32_t)(to - from);
        if (count > rule->limit &&
            (!rule->own || count - block_meets_in(s, index, rule->periods, period) > rule->limit)) {
            return false;
        }
    }
    return true;
}

static enum rule_code judge_counts(const struct search *s, uint32_t index, const struct trial *trial,
                                   const struct count_rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (rules[i].limit > 0 && !count_fits(s, index, trial, &rules[i])) {
            return rules[i].rule;
        }
    }
    return RULE_COUNT;
}

static enum rule_code judge_caps(const struct search *s, uint32_t index, const struct trial *trial)
{
    const struct planner_problem *p = s->problem;
    const struct spot *now = &s->spots[index];
    const struct caps *caps = &p->caps[trial->at.instructor];
    bool own = now->room != NONE && now->instructor == trial->at.instructor;
    const struct count_rule rules[] = {{RULE_CAP_WEEK, caps->week, p->week, own},
                                       {RULE_CAP_MONTH, caps->month, p->month, own},
                                       {RULE_CAP_YEAR, caps->year, p->year, own}};
    return judge_counts(s, index, trial, rules, sizeof rules / sizeof *rules);
}

static enum rule_code judge_supply(const struct search *s, uint32_t index, const struct trial *trial)
{
    const struct planner_problem *p = s->problem;
    const struct spot *now = &s->spots[index];
    const struct lesson *course = &p->lessons[p->blocks[index].course];
    bool own = now->room != NONE;
    bool same_hall = own && p->room_hall[now->room] == p->room_hall[trial->at.room];
    const struct count_rule rules[] = {{RULE_SUPPLY, course->supply_limit, p->year, own},
                                       {RULE_HALL_QUOTA, course->hall_quota, p->year, same_hall}};
    return judge_counts(s, index, trial, rules, sizeof rules / sizeof *rules);
}

/* ---- one audience, one place ---- */

/* Either party's recorded override lets both stay. */
static bool node_excused(const struct search *s, uint32_t node)
{
    const struct planner_problem *p = s->problem;
    if (node < p->node_count) {
        return false;
    }
    const struct session *session = &p->timetable->sessions[s->fixed_session[node - p->node_count]];
    return (session->at.overrides & RULE_BIT(RULE_AUDIENCE)) != 0;
}

static bool audience_free(const struct search *s, uint32_t index, uint32_t hall, int32_t start, int32_t end)
{
    const struct planner_problem *p = s->problem;
    uint32_t audience = p->lessons[p->blocks[index].course].audience;
    const struct hall_line *line = &s->lines[hall];
    for (uint32_t i = 0; i < line->count; i++) {
        const struct node *node = &s->nodes[line->nodes[i]];
        if (node->start >= end) {
            break;
        }
        if (node->end > start && node->block != index && p->lessons[node->course].audience == audience &&
            !node_excused(s, line->nodes[i])) {
            return false;
        }
    }
    return true;
}

static bool judge_audience(const struct search *s, uint32_t index, const struct trial *trial)
{
    const struct planner_problem *p = s->problem;
    uint32_t hall = p->room_hall[trial->at.room];
    if (p->lessons[p->blocks[index].course].audience == NONE || !p->hall_audience[hall]) {
        return true;
    }
    uint32_t area = p->timetable->halls[hall].area;
    for (uint32_t v = p->village_start[area]; v < p->village_start[area + 1]; v++) {
        for (uint32_t k = 0; k < trial->count; k++) {
            int32_t start = (int32_t)trial->days[k] * DAY_MINUTES + slot_minute(trial->at.slot);
            if (!audience_free(s, index, p->village_halls[v], start, start + p->blocks[index].minutes)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- all of them ---- */

bool search_aim(const struct search *s, uint32_t index, const struct spot *spot, struct trial *ret_trial)
{
    const struct block *block = &s->problem->blocks[index];
    ret_trial->at = *spot;
    ret_trial->travel_min = 0;
    ret_trial->count =
        block_in_grid(block, spot->slot) ? problem_dates(s->problem, block, spot, ret_trial->days) : 0;
    return ret_trial->count > 0;
}

enum rule_code search_judge_place(const struct search *s, uint32_t index, const struct trial *trial)
{
    enum rule_code rule = judge_supply(s, index, trial);
    return rule != RULE_COUNT ? rule : judge_audience(s, index, trial) ? RULE_COUNT : RULE_AUDIENCE;
}

enum rule_code search_judge(const struct search *s, uint32_t index, struct trial *trial)
{
    const struct block *block = &s->problem->blocks[index];
    const struct spot *at = &trial->at;
    uint64_t room_mask = block_room_mask(block, at->slot);
    uint64_t instructor_mask = slots_span(at->slot, block->slots);
    trial->travel_min = 0;
    for (uint32_t k = 0; k < trial->count; k++) {
        uint32_t day = trial->days[k];
        if ((room_mask & ~search_room_free(s, index, day, at->room)) != 0) {
            return RULE_ROOM_OVERLAP;
        }
        if ((instructor_mask & ~search_instructor_free(s, index, day, at->instructor)) != 0) {
            return RULE_INSTRUCTOR_OVERLAP;
        }
        enum rule_code rule = judge_day(s, index, day, at, &trial->travel_min);
        if (rule != RULE_COUNT) {
            return rule;
        }
    }
    enum rule_code rule = judge_caps(s, index, trial);
    return rule != RULE_COUNT ? rule : search_judge_place(s, index, trial);
}

void search_measure(const struct search *s, uint32_t index, struct trial *trial)
{
    const struct planner_problem *p = s->problem;
    uint32_t hall = p->room_hall[trial->at.room];
    trial->travel_min = 0;
    for (uint32_t k = 0; k < trial->count; k++) {
        struct trip trip =
            trip_find(s, index, trial->at.instructor, trial->days[k], slot_minute(trial->at.slot));
        trial->travel_min += trip_growth(s, &trip, trial->at.instructor, hall);
    }
}

void search_now(const struct search *s, uint32_t index, struct trial *ret_trial)
{
    const struct node *nodes = &s->nodes[s->problem->blocks[index].first_node];
    ret_trial->at = s->spots[index];
    ret_trial->count = s->met[index];
    for (uint32_t k = 0; k < ret_trial->count; k++) {
        ret_trial->days[k] = (uint16_t)node_day(&nodes[k]);
    }
    search_measure(s, index, ret_trial);
}

bool search_may_leave(const struct search *s, uint32_t index)
{
    const struct planner_problem *p = s->problem;
    const struct node *nodes = &s->nodes[p->blocks[index].first_node];
    /* No night is so short that a journey would not fit into it. */
    bool nights_are_long = DAY_MINUTES - p->latest_end_min + p->earliest_start_min >= p->longest_leg_min;
    for (uint32_t k = 0; k < s->met[index]; k++) {
        uint32_t day = node_day(&nodes[k]);
        struct trip trip =
            trip_find(s, index, nodes[k].instructor, day, nodes[k].start - (int32_t)day * DAY_MINUTES);
        if (!nights_are_long) {
            trip_add_nights(s, index, nodes[k].instructor, day, &trip);
        }
        if (trip.before_hall != NONE && trip.after_hall != NONE &&
            !trip_leg_fits(p, trip.before_hall, trip.after_hall, trip.after_start - trip.before_end)) {
            return false;
        }
    }
    return true;
}
