/* Moves of several blocks at once, where one alone would have to make things worse first: a whole journey to
 * another instructor or day; two sessions that change places, or rooms. */
#include "scheduler/planner_move.h"
#include "scheduler/planner_trip.h"

enum {
    /* Minutes that a move may win besides travel, as far as it is tried. */
    REGROUP_SLACK_MIN = 20,
    SWAP_SLACK_MIN = 30,
    ROOMS_SLACK_MIN = 10
};

struct member {
    uint32_t block, meetings;
    struct spot to;
    struct trial was;
    int64_t was_price, price;
};

struct group {
    struct mover *mover;
    uint32_t count;
    struct member members[DAY_STOPS];
};

/* False when the block may not move: it is fixed, or of another part. */
static bool group_add(struct group *g, uint32_t block)
{
    const struct search *s = g->mover->search;
    const struct planner_problem *p = s->problem;
    if (block >= p->block_count || g->count == DAY_STOPS || s->spots[block].room == NONE) {
        return false;
    }
    const struct spot *spot = &s->spots[block];
    if (!mover_owns_town(g->mover, p->hall_township[p->room_hall[spot->room]]) ||
        !mover_owns_town(g->mover, p->blocks[block].township) ||
        !mover_owns_instructor(g->mover, spot->instructor)) {
        return false;
    }
    g->members[g->count++] = (struct member){.block = block, .meetings = s->met[block], .to = *spot};
    return true;
}

static bool group_add_single(struct group *g, uint32_t block)
{
    const struct planner_problem *p = g->mover->search->problem;
    return block < p->block_count && !p->blocks[block].is_series && group_add(g, block);
}

/* May the block stand with the instructor on the day, as far as its domain goes? Parts share the supply of a
 * year, so the year stays. */
static bool member_allows(const struct search *s, uint32_t index, uint32_t instructor, uint32_t day)
{
    const struct planner_problem *p = s->problem;
    return day_bit(&p->block_days[(size_t)index * p->day_words], day) &&
           problem_qualified(p, p->blocks[index].course, instructor) &&
           p->year[day] == p->year[s->spots[index].day];
}

static bool is_dear(const struct search *s, int64_t minutes, int32_t slack_min, int64_t limit)
{
    return (minutes - slack_min) * COST_SCALE * s->problem->options.weights.travel > limit;
}

/* ---- making it ---- */

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

/* Where the member goes, at its start where that is free, with all its meetings. */
static bool member_aim(struct search *s, const struct member *member, struct trial *ret_trial)
{
    struct spot spot = member->to;
    uint64_t starts = search_starts_here(s, member->block, spot.day, spot.room, spot.instructor);
    if (starts == 0) {
        return false;
    }
    if ((starts >> spot.slot & 1) == 0) {
        spot.slot = search_pick_start(s, &s->problem->blocks[member->block], starts);
    }
    return search_aim(s, member->block, &spot, ret_trial) && ret_trial->count == member->meetings &&
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
        if (!member_aim(s, member, &trial)) {
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

/* ---- a journey with somebody else, or on another day ---- */

/* What regrouping knows of its members. */
struct journey {
    uint32_t halls[DAY_STOPS];
    uint32_t day_from, day_to;
    int64_t now_min; /* travel that ends when all leave */
};

/* Minutes of the shortest round from the instructor's home; the legs are the same whoever goes. Of four stops
 * or more, in the order given. */
static int64_t round_minutes(const struct planner_problem *p, uint32_t instructor,
                             const struct journey *journey, uint32_t count)
{
    const uint32_t *halls = journey->halls;
    int64_t least = problem_home(p, instructor, halls[0]) + problem_home(p, instructor, halls[count - 1]);
    for (uint32_t i = 1; i < count; i++) {
        least += problem_travel(p, halls[i - 1], halls[i]);
    }
    for (uint32_t middle = 0; count == 3 && middle < 3; middle++) {
        uint32_t a = halls[(middle + 1) % 3];
        uint32_t b = halls[(middle + 2) % 3];
        int64_t minutes = problem_home(p, instructor, a) + problem_travel(p, a, halls[middle]) +
                          problem_travel(p, halls[middle], b) + problem_home(p, instructor, b);
        least = minutes < least ? minutes : least;
    }
    return least;
}

/* All sessions of the block's journey; false when it is alone, or one of them may not move. */
static bool regroup_collect(struct group *g, uint32_t index, struct journey *journey)
{
    const struct search *s = g->mover->search;
    const struct planner_problem *p = s->problem;
    const struct spot *spot = &s->spots[index];
    const struct person_day *line = &s->days[(size_t)spot->instructor * p->day_count + spot->day];
    if (line->count < 2 || line->count > DAY_STOPS) {
        return false;
    }
    journey->day_from = 0;
    journey->day_to = UINT32_MAX;
    for (uint32_t i = 0; i < line->count; i++) {
        uint32_t member = s->nodes[line->stops[i].node].block;
        if (!group_add_single(g, member)) {
            return false;
        }
        const struct block *block = &p->blocks[member];
        journey->halls[i] = line->stops[i].hall;
        journey->day_from = block->day_from > journey->day_from ? block->day_from : journey->day_from;
        journey->day_to = block->day_to < journey->day_to ? block->day_to : journey->day_to;
    }
    journey->now_min = round_minutes(p, spot->instructor, journey, line->count);
    return journey->day_from <= journey->day_to;
}

static bool regroup_suits(const struct group *g, uint32_t instructor)
{
    const struct planner_problem *p = g->mover->search->problem;
    int32_t most = p->caps[instructor].day;
    bool suits = mover_owns_instructor(g->mover, instructor) && (most == 0 || most >= (int32_t)g->count);
    for (uint32_t i = 0; suits && i < g->count; i++) {
        suits = problem_qualified(p, p->blocks[g->members[i].block].course, instructor);
    }
    return suits;
}

/* One of those near the block who could do all and for whom the journey is not too dear; NONE. */
static uint32_t regroup_whom(const struct group *g, uint32_t index, const struct journey *journey,
                             int64_t limit)
{
    struct search *s = g->mover->search;
    const struct planner_problem *p = s->problem;
    const struct block *block = &p->blocks[index];
    uint32_t chosen = NONE;
    uint32_t count = 0;
    for (uint32_t k = 0; k < block->near_count; k++) {
        uint32_t instructor = p->near[block->near_first + k];
        if (regroup_suits(g, instructor) &&
            !is_dear(s, round_minutes(p, instructor, journey, g->count) - journey->now_min, REGROUP_SLACK_MIN,
                     limit) &&
            rng_below(&s->rng, ++count) == 0) {
            chosen = instructor;
        }
    }
    return chosen;
}

/* A day that all members allow and on which the instructor does not work yet. */
static bool regroup_when(const struct group *g, uint32_t instructor, const struct journey *journey,
                         uint32_t *ret_day)
{
    struct search *s = g->mover->search;
    const struct planner_problem *p = s->problem;
    uint64_t days[DAY_WORDS_MAX];
    struct day_range range = {journey->day_from, journey->day_to};
    const uint64_t *able = &p->able_days[(size_t)instructor * p->day_words];
    const uint64_t *work = &s->work_days[(size_t)instructor * p->day_words];
    for (uint32_t w = range.from / 64; w <= range.to / 64; w++) {
        days[w] = able[w] & ~work[w];
        for (uint32_t i = 0; i < g->count; i++) {
            days[w] &= p->block_days[(size_t)g->members[i].block * p->day_words + w];
        }
    }
    return day_pick(days, days, &range, rng_next(&s->rng), ret_day);
}

bool mover_regroup(struct mover *m, uint32_t index, int64_t limit)
{
    struct group g = {.mover = m};
    struct search *s = m->search;
    const struct planner_problem *p = s->problem;
    struct journey journey;
    uint32_t day = 0;
    if (!regroup_collect(&g, index, &journey)) {
        return false;
    }
    uint32_t instructor = regroup_whom(&g, index, &journey, limit);
    if (instructor == NONE || !regroup_when(&g, instructor, &journey, &day)) {
        return false;
    }
    for (uint32_t i = 0; i < g.count; i++) {
        struct member *member = &g.members[i];
        member->to.instructor = instructor;
        member->to.day = (uint16_t)day;
        if (p->year[day] != p->year[s->spots[member->block].day] ||
            search_starts_here(s, member->block, day, member->to.room, instructor) == 0) {
            return false;
        }
    }
    return group_move(&g, limit);
}

/* ---- two sessions ---- */

/* What the journey at the spot takes more with the hall than with the one that is there. */
static int64_t seat_minutes(const struct search *s, uint32_t index, uint32_t hall)
{
    const struct planner_problem *p = s->problem;
    const struct spot *at = &s->spots[index];
    struct trip trip = trip_find(s, index, at->instructor, at->day, slot_minute(at->slot));
    return trip_minutes(p, &trip, at->instructor, hall) -
           trip_minutes(p, &trip, at->instructor, p->room_hall[at->room]);
}

bool mover_swap(struct mover *m, uint32_t index, uint32_t other, int64_t limit)
{
    struct search *s = m->search;
    const struct planner_problem *p = s->problem;
    struct group g = {.mover = m};
    if (!group_add_single(&g, index) || !group_add_single(&g, other)) {
        return false;
    }
    const struct spot a = g.members[0].to;
    const struct spot b = g.members[1].to;
    if ((a.instructor == b.instructor && a.day == b.day) || !member_allows(s, index, b.instructor, b.day) ||
        !member_allows(s, other, a.instructor, a.day) ||
        is_dear(s,
                seat_minutes(s, index, p->room_hall[b.room]) + seat_minutes(s, other, p->room_hall[a.room]),
                SWAP_SLACK_MIN, limit) ||
        !search_may_leave(s, index) || !search_may_leave(s, other)) {
        return false;
    }
    g.members[0].to = (struct spot){a.room, b.instructor, b.day, a.slot};
    g.members[1].to = (struct spot){b.room, a.instructor, a.day, b.slot};
    return group_move(&g, limit);
}

/* Travel of the block's meetings if it were in the room. */
static int32_t room_minutes(const struct search *s, uint32_t index, uint32_t room)
{
    struct trial trial;
    search_now(s, index, &trial);
    trial.at.room = room;
    search_measure(s, index, &trial);
    return trial.travel_min;
}

bool mover_rooms(struct mover *m, uint32_t index, uint32_t other, int64_t limit)
{
    struct search *s = m->search;
    const struct planner_problem *p = s->problem;
    struct group g = {.mover = m};
    if (!group_add(&g, index) || !group_add(&g, other)) {
        return false;
    }
    const struct spot a = g.members[0].to;
    const struct spot b = g.members[1].to;
    if (!problem_block_allows(p, &p->blocks[index], b.room, a.instructor) ||
        !problem_block_allows(p, &p->blocks[other], a.room, b.instructor) ||
        is_dear(s,
                (int64_t)room_minutes(s, index, b.room) - room_minutes(s, index, a.room) +
                    room_minutes(s, other, a.room) - room_minutes(s, other, b.room),
                ROOMS_SLACK_MIN, limit) ||
        !search_may_leave(s, index) || !search_may_leave(s, other)) {
        return false;
    }
    g.members[0].to.room = b.room;
    g.members[1].to.room = a.room;
    return group_move(&g, limit);
}
