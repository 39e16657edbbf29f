/* Making room for one block: those in its way are taken out and look for other places. */
#include "scheduler/planner_search.h"

#include "base/date.h"

#include <string.h>

enum {
    EJECT_SAMPLES = 32,
    EJECT_LOOKS = 1500,
    SUPPLY_LOOKS = 4096,
    SHAKE_AIMS = 8,
    SHAKE_SAMPLES = 8,
    SHAKE_LOOKS = 300
};

/* ---- taking out ---- */

struct ejected {
    uint32_t block;
    struct trial was;
    int64_t price;
};

struct ejection {
    struct search *search;
    uint32_t block; /* for whom */
    struct trial trial;
    struct ejected out[EJECT_MOST];
    uint32_t count, most;
};

/* Takes the block out; false when it is fixed, is one too many, or cannot leave. */
static bool eject(struct ejection *e, uint32_t block)
{
    struct search *s = e->search;
    if (block >= s->problem->block_count || e->count == e->most || !search_may_leave(s, block)) {
        return false;
    }
    struct ejected *out = &e->out[e->count++];
    out->block = block;
    search_now(s, block, &out->was);
    out->price = search_price(s, block, &out->was);
    search_remove(s, block, out->price);
    return true;
}

static void eject_undo(struct ejection *e)
{
    while (e->count > 0) {
        const struct ejected *out = &e->out[--e->count];
        search_insert(e->search, out->block, &out->was, out->price);
    }
}

/* A place free of what is fixed: closures, hours, published sessions. */
static bool aim_static(struct ejection *e)
{
    struct search *s = e->search;
    const struct planner_problem *p = s->problem;
    const struct block *block = &p->blocks[e->block];
    struct spot spot = {.room = search_pick_room(s, block)};
    spot.instructor = search_pick_instructor(s, block, block->township);
    spot.day = (uint16_t)(block->day_from + rng_below(&s->rng, block->day_to - block->day_from + 1U));
    uint64_t starts = block_starts(block, p->room_open[(size_t)spot.room * p->day_count + spot.day],
                                   p->instructor_open[(size_t)spot.instructor * p->day_count + spot.day]);
    if (starts == 0) {
        return false;
    }
    spot.slot = search_pick_start(s, block, starts);
    return search_aim(s, e->block, &spot, &e->trial);
}

/* Who holds the room on the day of one meeting? NONE: nobody that can be found. */
static uint32_t room_holder(const struct ejection *e, uint32_t day)
{
    const struct search *s = e->search;
    const struct planner_problem *p = s->problem;
    uint32_t room = e->trial.at.room;
    uint64_t mask = block_room_mask(&p->blocks[e->block], e->trial.at.slot);
    const struct hall_line *line = &s->lines[p->room_hall[room]];
    for (uint32_t i = 0; i < line->count; i++) {
        const struct node *node = &s->nodes[line->nodes[i]];
        bool excludes = node->room == room || p->timetable->rooms[node->room].whole_hall ||
                        p->timetable->rooms[room].whole_hall;
        if (node->block < p->block_count && node_day(node) == day && excludes &&
            (block_room_mask(&p->blocks[node->block], s->spots[node->block].slot) & mask) != 0) {
            return node->block;
        }
    }
    return NONE;
}

/* A movable block of the instructor in days from … to; nearest in time first on the day itself. */
static uint32_t person_block(struct ejection *e, uint32_t from_day, uint32_t to_day)
{
    struct search *s = e->search;
    const struct planner_problem *p = s->problem;
    uint32_t found = NONE;
    uint32_t seen = 0;
    for (uint32_t day = from_day; day <= to_day; day++) {
        uint32_t at = s->days[(size_t)e->trial.at.instructor * p->day_count + day].head;
        for (; at != NONE; at = s->nodes[at].next) {
            if (s->nodes[at].block < p->block_count && rng_below(&s->rng, ++seen) == 0) {
                found = s->nodes[at].block;
            }
        }
    }
    return found;
}

/* The day of the first meeting that the rule refuses. */
static uint32_t refused_day(const struct ejection *e, enum rule_code rule)
{
    struct trial part = e->trial;
    for (part.count = 1; part.count < e->trial.count; part.count++) {
        if (search_judge(e->search, e->block, &part) == rule) {
            break;
        }
    }
    return part.days[part.count - 1];
}

static uint32_t person_holder(struct ejection *e, enum rule_code rule, uint32_t day)
{
    const struct search *s = e->search;
    const struct planner_problem *p = s->problem;
    uint64_t mask = slots_span(e->trial.at.slot, p->blocks[e->block].slots);
    uint32_t at = s->days[(size_t)e->trial.at.instructor * p->day_count + day].head;
    for (; at != NONE; at = s->nodes[at].next) {
        uint32_t block = s->nodes[at].block;
        if (block < p->block_count &&
            (slots_span(s->spots[block].slot, p->blocks[block].slots) & mask) != 0) {
            return block;
        }
    }
    uint32_t found = person_block(e, day, day);
    return found == NONE && rule == RULE_TRAVEL ? person_block(e, day - 1, day + 1) : found;
}

static uint32_t period_block(struct ejection *e, const uint16_t *periods)
{
    uint32_t day = e->trial.days[rng_below(&e->search->rng, e->trial.count)];
    uint32_t from = day;
    uint32_t to = day;
    while (from > 1 && periods[from - 1] == periods[day]) {
        from--;
    }
    while (to + 2 < e->search->problem->day_count && periods[to + 1] == periods[day]) {
        to++;
    }
    return person_block(e, from, to);
}

static bool meets_in_year(const struct search *s, uint32_t block, uint32_t year)
{
    const struct node *nodes = &s->nodes[s->problem->blocks[block].first_node];
    for (uint32_t k = 0; k < s->met[block]; k++) {
        if (s->problem->year[node_day(&nodes[k])] == year) {
            return true;
        }
    }
    return false;
}

/* Somebody who takes from the course's supply, or, with a hall, from its quota there. */
static uint32_t course_holder(struct ejection *e, uint32_t hall)
{
    struct search *s = e->search;
    const struct planner_problem *p = s->problem;
    uint32_t course = p->blocks[e->block].course;
    uint32_t year = p->year[e->trial.days[rng_below(&s->rng, e->trial.count)]];
    uint32_t blocks = (uint32_t)p->block_count;
    uint32_t turn = rng_below(&s->rng, blocks);
    for (uint32_t i = 0; i < blocks && i < SUPPLY_LOOKS; i++) {
        uint32_t b = (turn + i) % blocks;
        if (search_placed(s, b) && p->blocks[b].course == course && meets_in_year(s, b, year) &&
            (hall == NONE || p->room_hall[s->spots[b].room] == hall)) {
            return b;
        }
    }
    return NONE;
}

/* A block of the same audience that meets in the village at the same time. */
static uint32_t audience_holder(const struct ejection *e)
{
    const struct search *s = e->search;
    const struct planner_problem *p = s->problem;
    const struct block *block = &p->blocks[e->block];
    uint32_t audience = p->lessons[block->course].audience;
    uint32_t area = p->timetable->halls[p->room_hall[e->trial.at.room]].area;
    for (uint32_t v = p->village_start[area]; v < p->village_start[area + 1]; v++) {
        const struct hall_line *line = &s->lines[p->village_halls[v]];
        for (uint32_t i = 0; i < line->count; i++) {
            const struct node *node = &s->nodes[line->nodes[i]];
            for (uint32_t k = 0; k < e->trial.count; k++) {
                int32_t start = (int32_t)e->trial.days[k] * DAY_MINUTES + slot_minute(e->trial.at.slot);
                if (node->block < p->block_count && node->start < start + block->minutes &&
                    node->end > start && p->lessons[node->course].audience == audience) {
                    return node->block;
                }
            }
        }
    }
    return NONE;
}

/* One block that stands behind the refusal; NONE: nobody. */
static uint32_t find_holder(struct ejection *e, enum rule_code rule)
{
    const struct planner_problem *p = e->search->problem;
    switch (rule) {
    case RULE_ROOM_OVERLAP:
        return room_holder(e, refused_day(e, rule));
    case RULE_INSTRUCTOR_OVERLAP:
    case RULE_TRAVEL:
    case RULE_CAP_DAY:
        return person_holder(e, rule, refused_day(e, rule));
    case RULE_CAP_WEEK:
        return period_block(e, p->week);
    case RULE_CAP_MONTH:
        return period_block(e, p->month);
    case RULE_CAP_YEAR:
        return period_block(e, p->year);
    case RULE_SUPPLY:
        return course_holder(e, NONE);
    case RULE_HALL_QUOTA:
        return course_holder(e, p->room_hall[e->trial.at.room]);
    case RULE_AUDIENCE:
        return audience_holder(e);
    default:
        return NONE;
    }
}

static bool eject_until_free(struct ejection *e)
{
    for (;;) {
        enum rule_code rule = search_judge(e->search, e->block, &e->trial);
        if (rule == RULE_COUNT) {
            return true;
        }
        uint32_t holder = find_holder(e, rule);
        if (holder == NONE || !eject(e, holder)) {
            return false;
        }
    }
}

static void leave(struct search *s, uint32_t block)
{
    struct trial now;
    if (search_placed(s, block)) {
        search_now(s, block, &now);
        search_remove(s, block, search_price(s, block, &now));
    }
}

/* The most valuable of those still out and not yet asked; its worth leaves *open. */
static uint32_t next_out(const struct ejection *e, uint32_t *asked, int64_t *open)
{
    const struct block *blocks = e->search->problem->blocks;
    uint32_t best = NONE;
    int64_t best_worth = -1;
    for (uint32_t i = 0; i < e->count; i++) {
        int64_t worth = (int64_t)blocks[e->out[i].block].priority * e->out[i].was.count;
        if ((*asked >> i & 1) == 0 && worth > best_worth) {
            best = i;
            best_worth = worth;
        }
    }
    *asked |= UINT32_C(1) << best;
    *open -= best_worth;
    return e->out[best].block;
}

/* Everybody is seated again, or the plan is worth more than before; else all goes back. */
static bool reseat(struct ejection *e, int64_t value_before)
{
    struct search *s = e->search;
    int64_t open = 0; /* the worth of those still to be seated */
    uint32_t asked = 0;
    for (uint32_t i = 0; i < e->count; i++) {
        open += (int64_t)s->problem->blocks[e->out[i].block].priority * e->out[i].was.count;
    }
    bool worth_it = s->value + open > value_before;
    for (uint32_t i = 0; i < e->count && worth_it; i++) {
        uint32_t block = next_out(e, &asked, &open);
        worth_it =
            (search_place(s, block, EJECT_SAMPLES, EJECT_LOOKS) || !s->problem->blocks[block].is_published) &&
            s->value + open > value_before;
    }
    if (worth_it && s->value > value_before) {
        return true;
    }
    for (uint32_t i = e->count; i-- > 0;) {
        leave(s, e->out[i].block);
    }
    leave(s, e->block);
    return false;
}

bool search_eject(struct search *s, uint32_t block, uint32_t attempts, uint32_t most)
{
    struct ejection e = {.search = s, .block = block, .most = most < EJECT_MOST ? most : EJECT_MOST};
    if (!search_has_domain(s->problem, &s->problem->blocks[block])) {
        return false;
    }
    for (uint32_t i = 0; i < attempts; i++) {
        int64_t value_before = s->value;
        if (!aim_static(&e)) {
            continue;
        }
        if (eject_until_free(&e)) {
            search_insert(s, block, &e.trial, search_price(s, block, &e.trial));
            if (reseat(&e, value_before)) {
                return true;
            }
        }
        eject_undo(&e);
    }
    return false;
}

/* ---- shaking small problems ---- */

/* Back to the places of before; who has not moved is not touched. */
void search_return(struct search *s, const struct spot *spots)
{
    struct trial trial;
    bool differs[SHAKE_BLOCKS];
    uint32_t blocks = (uint32_t)s->problem->block_count;
    for (uint32_t b = 0; b < blocks && b < SHAKE_BLOCKS; b++) {
        const struct spot *now = &s->spots[b];
        differs[b] = now->room != spots[b].room || now->instructor != spots[b].instructor ||
                     now->day != spots[b].day || now->slot != spots[b].slot;
        if (differs[b]) {
            leave(s, b);
        }
    }
    for (uint32_t b = 0; b < blocks && b < SHAKE_BLOCKS; b++) {
        if (differs[b] && spots[b].room != NONE && search_aim(s, b, &spots[b], &trial)) {
            search_measure(s, b, &trial);
            search_insert(s, b, &trial, search_price(s, b, &trial));
        }
    }
}

/* Places whoever has no place: by worth, now and then in any order. */
static void fill(struct search *s)
{
    uint64_t keys[SHAKE_BLOCKS];
    uint32_t count = 0;
    bool by_worth = (rng_next(&s->rng) & 3) != 0;
    for (uint32_t b = 0; b < s->problem->block_count; b++) {
        const struct block *block = &s->problem->blocks[b];
        if (search_placed(s, b) || s->hopeless[b] || !search_has_domain(s->problem, block)) {
            continue;
        }
        uint64_t worth = by_worth ? (uint64_t)block->priority * block->meetings : 0;
        uint64_t key = worth << 32 | (rng_next(&s->rng) & 0xFFFFFF) << 8 | b;
        uint32_t at = count++;
        for (; at > 0 && keys[at - 1] < key; at--) {
            keys[at] = keys[at - 1];
        }
        keys[at] = key;
    }
    for (uint32_t i = 0; i < count; i++) {
        (void)search_place(s, (uint32_t)(keys[i] & 0xFF), SHAKE_SAMPLES, SHAKE_LOOKS);
    }
}

/* Some published block that had a place has none now. */
static bool loses_published(const struct search *s, const struct spot *before)
{
    for (uint32_t b = 0; b < s->problem->block_count; b++) {
        if (s->problem->blocks[b].is_published && before[b].room != NONE && !search_placed(s, b)) {
            return true;
        }
    }
    return false;
}

/* Takes the block to a place where others stand, who leave. */
static bool force(struct search *s, uint32_t block)
{
    struct ejection e = {.search = s, .block = block, .most = EJECT_MOST};
    bool aimed = false;
    if (!search_has_domain(s->problem, &s->problem->blocks[block]) ||
        (search_placed(s, block) && !search_may_leave(s, block))) {
        return false;
    }
    for (int i = 0; i < SHAKE_AIMS && !aimed; i++) {
        aimed = aim_static(&e);
    }
    if (!aimed) {
        return false;
    }
    leave(s, block);
    if (!eject_until_free(&e)) {
        return false;
    }
    search_insert(s, block, &e.trial, search_price(s, block, &e.trial));
    return true;
}

void search_shake(struct search *s, uint32_t block, int64_t slack)
{
    struct spot before[SHAKE_BLOCKS];
    int64_t value = s->value;
    int64_t cost = s->cost;
    memcpy(before, s->spots, s->problem->block_count * sizeof *before);
    bool done = force(s, block);
    if (done) {
        fill(s);
    }
    if (!done || s->value < value || (s->value == value && s->cost > cost + slack) ||
        loses_published(s, before)) {
        search_return(s, before);
    }
}

void search_start_anew(struct search *s)
{
    for (uint32_t b = 0; b < s->problem->block_count; b++) {
        if (!s->problem->blocks[b].is_published && search_placed(s, b) && search_may_leave(s, b)) {
            leave(s, b);
        }
    }
    fill(s);
}
