/* Moves of several blocks at once. An instructor's whole day goes to somebody else, or to another day: one
 * session alone could not leave a journey that the others still need. Or two sessions change places: neither
 * day has room for a third. */
#include "scheduler/planner_move.h"
#include "scheduler/planner_trip.h"

struct member {
    uint32_t block;
    struct spot to;
    struct trial was;
    int64_t was_price, price;
};

struct group {
    struct mover *mover;
    uint32_t instructor, day, count;
    struct member members[DAY_STOPS];
};

static bool group_member(struct group *g, uint32_t node)
{
    const struct search *s = g->mover->search;
    const struct planner_problem *p = s->problem;
    uint32_t block = s->nodes[node].block;
    if (block >= p->block_count || p->blocks[block].is_series) {
        return false;
    }
    const uint16_t *parts = g->mover->township_part;
    uint32_t township = p->hall_township[s->nodes[node].hall];
    if (parts != NULL &&
        (parts[township] != g->mover->part || parts[p->blocks[block].township] != g->mover->part)) {
        return false;
    }
    g->members[g->count++].block = block;
    return true;
}

/* All sessions of the instructor on the block's day; false when one of them may not move. */
static bool group_collect(struct group *g, uint32_t index)
{
    const struct search *s = g->mover->search;
    const struct spot *spot = &s->spots[index];
    const struct person_day *line = &s->days[(size_t)spot->instructor * s->problem->day_count + spot->day];
    g->instructor = spot->instructor;
    g->day = spot->day;
    g->count = 0;
    if (line->count < 2 || line->count > DAY_STOPS) {
        return false;
    }
    for (uint32_t i = 0; i < line->count; i++) {
        if (!group_member(g, line->stops[i].node)) {
            return false;
        }
    }
    return true;
}

/* What the journeys alone say about somebody who is free that day. */
static int64_t group_guess(const struct group *g, uint32_t instructor)
{
    const struct search *s = g->mover->search;
    const struct planner_problem *p = s->problem;
    uint32_t first = p->room_hall[s->spots[g->members[0].block].room];
    uint32_t last = p->room_hall[s->spots[g->members[g->count - 1].block].room];
    int64_t minutes = problem_home(p, instructor, first) + problem_home(p, instructor, last) -
                      problem_home(p, g->instructor, first) - problem_home(p, g->instructor, last);
    return minutes * COST_SCALE * p->options.weights.travel;
}

static bool group_allows(const struct group *g, uint32_t instructor, uint32_t day)
{
    const struct planner_problem *p = g->mover->search->problem;
    for (uint32_t i = 0; i < g->count; i++) {
        const struct block *block = &p->blocks[g->members[i].block];
        if (!problem_qualified(p, block->course, instructor) || day < block->day_from ||
            day > block->day_to || !problem_in_season(p, block->course, day) ||
            p->year[day] != p->year[g->day]) {
            return false;
        }
    }
    return true;
}

static void group_undo(struct group *g, uint32_t seated)
{
    struct search *s = g->mover->search;
    while (seated-- > 0) {
        search_remove(s, g->members[seated].block, g->members[seated].price);
    }
    for (uint32_t i = g->count; i-- > 0;) {
        search_insert(s, g->members[i].block, &g->members[i].was, g->members[i].was_price);
    }
}

/* Where the member goes, at its start where that is free. */
static bool member_aim(const struct group *g, struct member *member, struct trial *ret_trial)
{
    struct search *s = g->mover->search;
    struct spot spot = member->to;
    uint64_t starts = search_starts_here(s, member->block, spot.day, spot.room, spot.instructor);
    if (starts == 0) {
        return false;
    }
    if ((starts >> spot.slot & 1) == 0) {
        spot.slot = search_pick_start(s, &s->problem->blocks[member->block], starts);
    }
    return search_aim(s, member->block, &spot, ret_trial) &&
           search_judge(s, member->block, ret_trial) == RULE_COUNT;
}

/* All members leave, then each goes where it shall; all go back when one cannot or it costs more than the
 * limit. */
static bool group_move(struct group *g, int64_t limit)
{
    struct search *s = g->mover->search;
    int64_t before = s->cost;
    for (uint32_t i = 0; i < g->count; i++) {
        struct member *member = &g->members[i];
        search_now(s, member->block, &member->was);
        member->was_price = search_price(s, member->block, &member->was);
        search_remove(s, member->block, member->was_price);
    }
    for (uint32_t i = 0; i < g->count; i++) {
        struct member *member = &g->members[i];
        struct trial trial;
        if (!member_aim(g, member, &trial)) {
            group_undo(g, i);
            return false;
        }
        member->price = search_price(s, member->block, &trial);
        search_insert(s, member->block, &trial, member->price);
    }
    if (s->cost - before > limit) {
        group_undo(g, g->count);
        return false;
    }
    return true;
}

bool mover_group(struct mover *m, uint32_t index, uint32_t instructor, uint32_t day, int64_t limit)
{
    struct group group = {.mover = m};
    struct search *s = m->search;
    if (!group_collect(&group, index) || (instructor == group.instructor && day == group.day) ||
        !group_allows(&group, instructor, day)) {
        return false;
    }
    bool is_idle =
        (s->work_days[(size_t)instructor * s->problem->day_words + day / 64] >> (day % 64) & 1) == 0;
    if (is_idle && group_guess(&group, instructor) > limit + GROUP_SLACK * COST_SCALE) {
        return false;
    }
    for (uint32_t i = 0; i < group.count; i++) {
        group.members[i].to = s->spots[group.members[i].block];
        group.members[i].to.instructor = instructor;
        group.members[i].to.day = (uint16_t)day;
    }
    return group_move(&group, limit);
}

/* May the block stand with the instructor on the day, as far as its domain goes? */
static bool swap_allows(const struct planner_problem *p, uint32_t index, const struct spot *to)
{
    const struct block *block = &p->blocks[index];
    return to->day >= block->day_from && to->day <= block->day_to &&
           problem_in_season(p, block->course, to->day) &&
           problem_qualified(p, block->course, to->instructor);
}

bool mover_swap(struct mover *m, uint32_t index, uint32_t other, int64_t limit)
{
    struct search *s = m->search;
    const struct planner_problem *p = s->problem;
    const struct spot a = s->spots[index];
    const struct spot b = s->spots[other];
    struct group group = {.mover = m, .count = 0};
    if (b.room == NONE || (a.instructor == b.instructor && a.day == b.day) ||
        p->year[a.day] != p->year[b.day] || !swap_allows(p, index, &b) || !swap_allows(p, other, &a) ||
        !search_may_leave(s, index) || !search_may_leave(s, other) ||
        !group_member(&group, p->blocks[index].first_node) ||
        !group_member(&group, p->blocks[other].first_node)) {
        return false;
    }
    group.members[0].to = (struct spot){a.room, b.instructor, b.day, a.slot};
    group.members[1].to = (struct spot){b.room, a.instructor, a.day, b.slot};
    return group_move(&group, limit);
}
