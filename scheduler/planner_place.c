/* Finding a place for one block: at random, or by looking everywhere. */
#include "scheduler/planner_search.h"

/* ---- random picks ---- */

uint8_t search_pick_start(struct search *s, const struct block *block, uint64_t starts)
{
    uint64_t random = rng_next(&s->rng);
    uint64_t preferred = starts & block->part_starts;
    if (preferred != 0 && (random >> 8 & 7) != 0) {
        starts = preferred;
    }
    uint32_t turn = (uint32_t)(random & (GRID_SLOTS - 1));
    uint64_t turned = turn == 0 ? starts : starts >> turn | starts << (GRID_SLOTS - turn);
    return (uint8_t)((turn + (uint32_t)__builtin_ctzll(turned)) & (GRID_SLOTS - 1));
}

uint32_t search_pick_room(struct search *s, const struct block *block)
{
    const uint32_t *rooms = &s->problem->domain_rooms[block->first_room];
    if (block->room_count == 1) {
        return rooms[0];
    }
    uint32_t room = rooms[rng_below(&s->rng, block->room_count)];
    for (int tries = 0; tries < 3 && s->hall_sessions[s->problem->room_hall[room]] > 0; tries++) {
        room = rooms[rng_below(&s->rng, block->room_count)];
    }
    return room;
}

uint32_t search_pick_instructor(struct search *s, const struct block *block, uint32_t township)
{
    const struct planner_problem *p = s->problem;
    uint32_t first_near = block->near_first;
    uint32_t near = block->near_count;
    if (township != block->township) {
        size_t list = (size_t)block->course * (p->township_count + 1U) + township;
        first_near = p->near_start[list];
        near = p->near_start[list + 1] - first_near;
    }
    uint64_t random = rng_next(&s->rng);
    if ((random & 3) != 0) {
        /* The nearer, the likelier: the smaller of two. */
        uint32_t a = (uint32_t)((random >> 48) * near >> 16);
        uint32_t b = (uint32_t)((random >> 32 & 0xFFFF) * near >> 16);
        return p->near[first_near + (a < b ? a : b)];
    }
    uint32_t first = p->qualified_start[block->course];
    uint32_t count = p->qualified_start[block->course + 1] - first;
    return p->qualified[first + (uint32_t)((random >> 32) * count >> 32)];
}

bool search_has_domain(const struct planner_problem *p, const struct block *block)
{
    return block->meetings > 0 && block->room_count > 0 &&
           p->qualified_start[block->course + 1] > p->qualified_start[block->course];
}

/* The day and instructor of another block in the township: two sessions, one journey. */
static void join_trip(struct search *s, const struct block *block, struct spot *spot)
{
    const struct planner_problem *p = s->problem;
    uint32_t first = p->township_start[block->township];
    uint32_t count = p->township_start[block->township + 1] - first;
    const struct spot *other = &s->spots[p->township_blocks[first + rng_below(&s->rng, count)]];
    if (other->room != NONE && other->day >= block->day_from && other->day <= block->day_to) {
        spot->day = other->day;
        if (problem_qualified(p, block->course, other->instructor)) {
            spot->instructor = other->instructor;
        }
    }
}

/* On a day without other sessions the journey is known before anything else is asked. */
static bool is_too_far(const struct search *s, const struct spot *spot, int32_t most_min)
{
    return !search_day_is_odd(s, spot->instructor, spot->day) &&
           2 * problem_home(s->problem, spot->instructor, s->problem->room_hall[spot->room]) > most_min;
}

/* A random place, its room and instructor free for its first meeting; not judged. */
static bool propose(struct search *s, uint32_t index, int32_t most_min, struct trial *ret_trial)
{
    const struct planner_problem *p = s->problem;
    const struct block *block = &p->blocks[index];
    if (!search_has_domain(p, block)) {
        return false;
    }
    struct spot spot = {.room = search_pick_room(s, block)};
    spot.instructor = search_pick_instructor(s, block, p->hall_township[p->room_hall[spot.room]]);
    spot.day = (uint16_t)(block->day_from + rng_below(&s->rng, block->day_to - block->day_from + 1U));
    if ((rng_next(&s->rng) & 3) == 0) {
        join_trip(s, block, &spot);
    }
    if (is_too_far(s, &spot, most_min)) {
        return false;
    }
    uint64_t starts = search_starts(s, index, spot.day, spot.room, spot.instructor);
    if (starts == 0) {
        return false;
    }
    spot.slot = search_pick_start(s, block, starts);
    return search_aim(s, index, &spot, ret_trial);
}

/* ---- looking ---- */

struct best {
    struct trial trial; /* count 0: none yet */
    int64_t price;
};

static void best_try(struct search *s, uint32_t index, struct trial *trial, struct best *best)
{
    if (search_judge(s, index, trial) != RULE_COUNT) {
        return;
    }
    int64_t price = search_price(s, index, trial);
    if (trial->count > best->trial.count || (trial->count == best->trial.count && price < best->price)) {
        *best = (struct best){*trial, price};
    }
}

/* Minutes of travel a meeting past which a place is not looked at: those of the best one, and what a better
 * weekday and part of day may be worth. */
static int32_t best_most_min(const struct search *s, const struct best *best)
{
    const struct weights *w = &s->problem->options.weights;
    if (best->trial.count == 0 || w->travel == 0) {
        return INT32_MAX;
    }
    return best->trial.travel_min / (int32_t)best->trial.count + (w->weekday + w->part_of_day) / w->travel;
}

/* The day of one of the other's meetings, and for a series the first of its own days that leads there. */
static uint32_t meeting_day(struct search *s, const struct block *block, uint32_t other)
{
    const struct planner_problem *p = s->problem;
    uint32_t day = s->spots[other].day;
    if (block->is_series || s->met[other] > 1) {
        day = node_day(&s->nodes[p->blocks[other].first_node + rng_below(&s->rng, s->met[other])]);
        day -= block->is_series ? 7 * rng_below(&s->rng, block->meetings) : 0;
    }
    return day;
}

/* The journeys that somebody qualified makes to the township anyway. */
static void try_journeys(struct search *s, uint32_t index, uint32_t town, uint32_t room, uint32_t *looks,
                         struct best *best)
{
    const struct planner_problem *p = s->problem;
    const struct block *block = &p->blocks[index];
    uint32_t first = p->township_start[town];
    uint32_t count = p->township_start[town + 1] - first;
    uint32_t turn = count == 0 ? 0 : rng_below(&s->rng, count);
    for (uint32_t i = 0; i<count && * looks> 0; i++) {
        uint32_t other = p->township_blocks[first + (i + turn) % count];
        const struct spot *spot = &s->spots[other];
        if (spot->room == NONE || !problem_qualified(p, block->course, spot->instructor)) {
            continue;
        }
        uint32_t day = meeting_day(s, block, other);
        if (day < block->day_from || day > block->day_to) {
            continue;
        }
        uint64_t starts = search_starts(s, index, day, room, spot->instructor);
        if (starts == 0) {
            continue;
        }
        --*looks;
        struct trial trial;
        struct spot to = {room, spot->instructor, (uint16_t)day, search_pick_start(s, block, starts)};
        if (search_aim(s, index, &to, &trial)) {
            best_try(s, index, &trial, best);
        }
    }
}

/* A third as many journeys nearby as random places; the journeys first, for they tell what is far. */
static bool place_sampled(struct search *s, uint32_t index, uint32_t samples)
{
    const struct planner_problem *p = s->problem;
    struct best best = {.price = 0};
    struct trial trial;
    uint32_t looks = samples / 3;
    uint32_t room = search_pick_room(s, &p->blocks[index]);
    const uint32_t *towns = &p->near_towns[(size_t)p->hall_township[p->room_hall[room]] * NEAR_TOWNS];
    for (uint32_t i = 0; i < NEAR_TOWNS && looks > 0; i++) {
        if (i == 0 || towns[i] != towns[0]) { /* fewer townships repeat the first */
            try_journeys(s, index, towns[i], room, &looks, &best);
        }
    }
    for (uint32_t i = 0; i < samples; i++) {
        if (propose(s, index, best_most_min(s, &best), &trial)) {
            best_try(s, index, &trial, &best);
        }
    }
    if (best.trial.count > 0) {
        search_insert(s, index, &best.trial, best.price);
    }
    return best.trial.count > 0;
}

/* These do not depend on the start. */
static bool rule_spans_day(enum rule_code rule)
{
    return rule >= RULE_CAP_DAY && rule <= RULE_CAP_YEAR;
}

/* Answers RULE_COUNT when the block has been placed, else the rule that refused the last start. */
static enum rule_code try_starts(struct search *s, uint32_t index, struct spot spot, uint64_t starts)
{
    struct trial trial;
    enum rule_code rule = RULE_OPENING;
    for (; starts != 0; starts &= starts - 1) {
        spot.slot = (uint8_t)__builtin_ctzll(starts);
        if (!search_aim(s, index, &spot, &trial)) {
            continue;
        }
        rule = search_judge(s, index, &trial);
        if (rule == RULE_COUNT) {
            search_insert(s, index, &trial, search_price(s, index, &trial));
            return rule;
        }
        if (rule_spans_day(rule) || rule == RULE_SUPPLY || rule == RULE_HALL_QUOTA) {
            return rule;
        }
    }
    return rule;
}

/* All qualified instructors at one room and day. RULE_COUNT: placed; RULE_SUPPLY, RULE_HALL_QUOTA: nobody
 * else could do it this year either. */
static enum rule_code look_day(struct search *s, uint32_t index, uint32_t room, uint32_t day, uint32_t *looks)
{
    const struct planner_problem *p = s->problem;
    const struct block *block = &p->blocks[index];
    uint32_t first = p->qualified_start[block->course];
    uint32_t count = p->qualified_start[block->course + 1] - first;
    uint32_t turn = rng_below(&s->rng, count);
    for (uint32_t k = 0; k<count && * looks> 0; k++, --*looks) {
        struct spot spot = {room, p->qualified[first + (k + turn) % count], (uint16_t)day, 0};
        uint64_t starts = search_starts(s, index, day, room, spot.instructor);
        uint64_t parts[] = {starts & block->part_starts, starts & ~block->part_starts};
        for (int i = 0; i < 2; i++) {
            enum rule_code rule = parts[i] == 0 ? RULE_OPENING : try_starts(s, index, spot, parts[i]);
            if (rule == RULE_COUNT || rule == RULE_SUPPLY || rule == RULE_HALL_QUOTA) {
                return rule;
            }
            if (rule_spans_day(rule)) {
                break;
            }
        }
    }
    return RULE_OPENING;
}

static bool place_looking(struct search *s, uint32_t index, uint32_t looks)
{
    const struct planner_problem *p = s->problem;
    const struct block *block = &p->blocks[index];
    uint32_t days = block->day_to - block->day_from + 1U;
    uint32_t day_turn = rng_below(&s->rng, days);
    uint32_t room_turn = rng_below(&s->rng, block->room_count);
    bool one_year = p->year[block->day_from] == p->year[block->day_to];
    for (uint32_t r = 0; r < block->room_count; r++) {
        uint32_t room = p->domain_rooms[block->first_room + (r + room_turn) % block->room_count];
        for (uint32_t d = 0; d < days && looks > 0; d++) {
            uint32_t day = block->day_from + (d + day_turn) % days;
            if (!problem_day_possible(p, block, day) ||
                slots_run(s->room_free[(size_t)room * p->day_count + day], block->room_slots) == 0) {
                continue;
            }
            enum rule_code rule = look_day(s, index, room, day, &looks);
            if (rule == RULE_COUNT || (rule == RULE_SUPPLY && one_year)) {
                return rule == RULE_COUNT;
            }
            if (rule == RULE_HALL_QUOTA && one_year) {
                break; /* the next room may be another hall's */
            }
        }
    }
    return false;
}

bool search_place(struct search *s, uint32_t index, uint32_t samples, uint32_t looks)
{
    if (!search_has_domain(s->problem, &s->problem->blocks[index])) {
        return false;
    }
    return place_sampled(s, index, samples) || (looks > 0 && place_looking(s, index, looks));
}
