#include "scheduler/planner_scene.h"

#include "scheduler/planner_price.h"

/* A meeting that a series would lose by moving outweighs all soft cost. */
#define MEETING_WORTH (INT64_C(1) << 40)

/* Of 64 candidates. */
static const uint8_t SHARES[] = {
    [MOVE_TRIP] = 16, [MOVE_INSTRUCTOR] = 12, [MOVE_DAY] = 8,   [MOVE_START] = 6, [MOVE_ROOM] = 4,
    [MOVE_ALL] = 8,   [MOVE_JOIN] = 6,        [MOVE_GROUP] = 2, [MOVE_SWAP] = 2};

/* ---- the block ---- */

static uint32_t draw_block(struct mover *m)
{
    uint32_t i = rng_below(&m->search->rng, m->block_count);
    uint32_t block = m->blocks == NULL ? i : m->blocks[i];
    fetch(&m->search->spots[block]);
    fetch(&m->search->met[block]);
    fetch(&m->search->problem->blocks[block]);
    fetch((const char *)(&m->search->problem->blocks[block] + 1) - 1);
    return block;
}

void mover_begin(struct mover *m)
{
    uint32_t draw = 0;
    for (uint8_t kind = 0; kind < sizeof SHARES; kind++) {
        for (uint8_t i = 0; i < SHARES[kind] && draw < MOVE_KINDS; i++) {
            m->kinds[draw++] = kind;
        }
    }
    m->next = 0;
    for (int i = 0; m->block_count > 0 && i < MOVE_AHEAD; i++) {
        m->ahead[i] = draw_block(m);
    }
}

/* Three steps of asking for what a block's own place is about, each using what the one before has fetched. */
static void fetch_block(const struct mover *m, uint32_t index)
{
    const struct search *s = m->search;
    const struct planner_problem *p = s->problem;
    const struct block *block = &p->blocks[index];
    const struct spot *now = &s->spots[index];
    if (now->room == NONE) {
        return;
    }
    fetch(&s->lines[p->room_hall[now->room]]);
    fetch(&s->days[(size_t)now->instructor * p->day_count + now->day]);
    fetch(&s->nodes[block->first_node]);
    fetch(&p->near[block->near_first]);
    fetch(&p->near[block->near_first + block->near_count]);
    fetch(&s->room_odd[(size_t)now->room * p->day_words]);
    fetch(&p->room_week[(size_t)now->room * WEEK_WORDS]);
    fetch(&p->soft_days[(size_t)now->room * p->day_words]);
}

static void fetch_journey(const struct mover *m, uint32_t index)
{
    const struct search *s = m->search;
    const struct planner_problem *p = s->problem;
    const struct spot *now = &s->spots[index];
    if (now->room == NONE) {
        return;
    }
    uint32_t hall = p->room_hall[now->room];
    struct trip trip = trip_find(s, index, now->instructor, now->day, slot_minute(now->slot));
    fetch(s->lines[hall].nodes);
    fetch_home(p, now->instructor, hall);
    fetch_home(p, now->instructor, trip.before_hall);
    fetch_home(p, now->instructor, trip.after_hall);
    fetch_travel(p, trip.before_hall, hall);
    fetch_travel(p, hall, trip.after_hall);
    fetch_travel(p, trip.before_hall, trip.after_hall);
}

static void fetch_line(const struct mover *m, uint32_t index)
{
    const struct search *s = m->search;
    const struct spot *now = &s->spots[index];
    if (now->room != NONE) {
        const struct hall_line *line = &s->lines[s->problem->room_hall[now->room]];
        for (uint32_t i = 0; i < line->count && i < 6; i++) {
            fetch(&s->nodes[line->nodes[i]]);
        }
    }
}

static void scene_set(struct scene *scene, struct mover *m, uint32_t index)
{
    struct search *s = m->search;
    const struct planner_problem *p = s->problem;
    const struct block *block = &p->blocks[index];
    *scene = (struct scene){.mover = m, .search = s, .problem = p, .block = block, .index = index};
    search_now(s, index, &scene->now);
    scene->hall = p->room_hall[scene->now.at.room];
    scene->is_single = !block->is_series;
    scene->alone = s->lines[scene->hall].count == scene->now.count;
    scene->person = price_person(s, index, &scene->now);
    scene->place = price_place(p, block, &scene->now);
    scene->evenness = price_evenness(s, index, &scene->now, p->hall_township[scene->hall]);
    if (!scene->alone) {
        scene->spacing = price_spacing(s, index, &scene->now, scene->hall);
        scene->continuity = price_continuity(s, index, &scene->now, scene->hall);
    }
    scene->most = scene->place + scene->evenness + scene->spacing + scene->continuity +
                  (int64_t)COST_SCALE * p->options.weights.change * block->session_count;
}

static void fetch_candidate(const struct scene *scene, const struct candidate *c)
{
    const struct search *s = scene->search;
    const struct planner_problem *p = scene->problem;
    if (search_day_is_odd(s, c->to.instructor, c->to.day)) {
        fetch(&s->days[(size_t)c->to.instructor * p->day_count + c->to.day]);
    }
    if (search_room_is_odd(s, c->to.room, c->to.day)) {
        fetch(&s->room_free[(size_t)c->to.room * p->day_count + c->to.day]);
    }
    fetch_home(p, c->to.instructor, p->room_hall[c->to.room]);
    if (c->to.room != scene->now.at.room) {
        fetch(s->lines[p->room_hall[c->to.room]].nodes);
    }
}

/* ---- looking ---- */

/* ---- the parts of a single session's price, as planner_price has them for any block ---- */

static int64_t single_person(const struct scene *scene, const struct spot *to, int32_t travel_min)
{
    const struct search *s = scene->search;
    const struct planner_problem *p = scene->problem;
    const struct spot *now = &scene->now.at;
    uint32_t month = p->month[to->day];
    int64_t others = s->load[(size_t)to->instructor * p->month_count + month];
    others -= to->instructor == now->instructor && month == p->month[now->day] ? 1 : 0;
    return p->options.weights.travel * (int64_t)COST_SCALE * travel_min +
           p->options.weights.load * (2 * others + 1);
}

static int64_t single_evenness(const struct scene *scene, uint32_t day, uint32_t township)
{
    const struct planner_problem *p = scene->problem;
    uint32_t week = p->week[day];
    if (township == p->township_count) {
        return 0;
    }
    int64_t others = scene->search->township_week[(size_t)township * p->week_count + week];
    others -= township == p->hall_township[scene->hall] && week == p->week[scene->now.at.day] ? 1 : 0;
    return p->options.weights.evenness * (COST_SCALE / 4) * (2 * others + 1);
}

static bool single_caps_fit(const struct scene *scene, const struct spot *to)
{
    const struct search *s = scene->search;
    const struct planner_problem *p = scene->problem;
    const struct caps *caps = &p->caps[to->instructor];
    const struct spot *now = &scene->now.at;
    size_t i = to->instructor;
    bool own = to->instructor == now->instructor;
    uint32_t week = p->week[to->day];
    uint32_t month = p->month[to->day];
    uint32_t year = p->year[to->day];
    int32_t in_week = s->week_load[i * p->week_count + week] + p->week_base[i * p->week_count + week] -
                      (own && week == p->week[now->day] ? 1 : 0);
    int32_t in_month = s->load[i * p->month_count + month] + p->month_base[i * p->month_count + month] -
                       (own && month == p->month[now->day] ? 1 : 0);
    int32_t in_year = s->year_load[i * p->year_count + year] + p->year_base[i * p->year_count + year] -
                      (own && year == p->year[now->day] ? 1 : 0);
    return (caps->week == 0 || in_week < caps->week) && (caps->month == 0 || in_month < caps->month) &&
           (caps->year == 0 || in_year < caps->year);
}

/* Chooses the start and finds the neighbours; false: no legal start, or too dear already. */
static bool look(struct scene *scene, struct candidate *c)
{
    struct search *s = scene->search;
    const struct planner_problem *p = scene->problem;
    const struct block *block = scene->block;
    uint32_t day = c->to.day;
    uint32_t hall = p->room_hall[c->to.room];
    bool is_idle = !search_day_is_odd(s, c->to.instructor, day);
    if (c->kind >= MOVE_GROUP) {
        return true;
    }
    if (scene->is_single) {
        if (day < block->day_from || day > block->day_to || !problem_in_season(p, block->course, day)) {
            return false;
        }
        c->trip = (struct trip){NONE, NONE, 0, 0, 0};
        if (is_idle && hall == scene->hall &&
            single_person(scene, &c->to, 2 * problem_home(p, c->to.instructor, hall)) - scene->person -
                    scene->most >
                c->limit) {
            return false;
        }
    }
    uint64_t starts = search_starts_here(s, scene->index, day, c->to.room, c->to.instructor);
    if (starts == 0) {
        return false;
    }
    if (!c->keep || (starts >> c->to.slot & 1) == 0) {
        c->to.slot = search_pick_start(s, block, starts);
    }
    if (!scene->is_single || is_idle) {
        return true;
    }
    c->trip = trip_find(s, scene->index, c->to.instructor, day, slot_minute(c->to.slot));
    int32_t max_day = p->caps[c->to.instructor].day;
    if (max_day > 0 && c->trip.count >= max_day) {
        return false;
    }
    if (c->trip.before_hall != NONE) {
        fetch_travel(p, c->trip.before_hall, hall);
        fetch_home(p, c->to.instructor, c->trip.before_hall);
    }
    if (c->trip.after_hall != NONE) {
        fetch_travel(p, hall, c->trip.after_hall);
        fetch_home(p, c->to.instructor, c->trip.after_hall);
    }
    return true;
}

/* ---- deciding ---- */

static bool same_spot(const struct spot *a, const struct spot *b)
{
    return a->room == b->room && a->instructor == b->instructor && a->day == b->day && a->slot == b->slot;
}

/* The hall's other sessions: spacing and continuity, new less now. */
static int64_t hall_difference(const struct scene *scene, const struct trial *trial, uint32_t hall)
{
    const struct search *s = scene->search;
    if (hall == scene->hall && scene->alone) {
        return 0;
    }
    return price_spacing(s, scene->index, trial, hall) - scene->spacing +
           price_continuity(s, scene->index, trial, hall) - scene->continuity;
}

static int64_t reach_difference(const struct scene *scene, uint32_t hall)
{
    return hall == scene->hall ? 0
                               : price_reach(scene->search, scene->index, hall) -
                                     price_reach(scene->search, scene->index, scene->hall);
}

/* INT64_MAX: a rule forbids it, or it is more than the limit whatever the rest is. */
static int64_t decide_single(const struct scene *scene, const struct candidate *c, struct trial *trial)
{
    const struct search *s = scene->search;
    const struct planner_problem *p = scene->problem;
    uint32_t hall = p->room_hall[c->to.room];
    trial->at = c->to;
    trial->count = 1;
    trial->days[0] = c->to.day;
    trial->travel_min = trip_minutes(p, &c->trip, c->to.instructor, hall);
    int64_t difference = single_person(scene, &c->to, trial->travel_min) - scene->person;
    if (hall == scene->hall && difference - scene->most > c->limit) {
        return INT64_MAX;
    }
    if (!single_caps_fit(scene, &c->to) ||
        trip_judge(s, scene->index, &c->to, c->to.day, c->trip) != RULE_COUNT) {
        return INT64_MAX;
    }
    difference += price_place(p, scene->block, trial) - scene->place +
                  single_evenness(scene, c->to.day, p->hall_township[hall]) - scene->evenness +
                  reach_difference(scene, hall);
    if (difference - scene->spacing - scene->continuity > c->limit) {
        return INT64_MAX;
    }
    difference += hall_difference(scene, trial, hall);
    if (difference > c->limit) {
        return INT64_MAX;
    }
    return search_judge_counts(s, scene->index, trial) == RULE_COUNT ? difference : INT64_MAX;
}

static int64_t decide_series(const struct scene *scene, const struct candidate *c, struct trial *trial)
{
    const struct search *s = scene->search;
    const struct planner_problem *p = scene->problem;
    uint32_t hall = p->room_hall[c->to.room];
    if (!search_aim(s, scene->index, &c->to, trial) || search_judge(s, scene->index, trial) != RULE_COUNT) {
        return INT64_MAX;
    }
    int64_t difference = price_person(s, scene->index, trial) - scene->person;
    difference +=
        ((int64_t)scene->now.count - (int64_t)trial->count) * scene->block->priority * MEETING_WORTH;
    if (hall == scene->hall && difference - scene->most > c->limit) {
        return INT64_MAX;
    }
    return difference + price_place(p, scene->block, trial) - scene->place +
           price_evenness(s, scene->index, trial, p->hall_township[hall]) - scene->evenness +
           reach_difference(scene, hall) + hall_difference(scene, trial, hall);
}

/* Parts share the supply of a course among them: within one, nobody may use up another year's. */
static bool supply_stays(const struct scene *scene, const struct trial *trial)
{
    const struct planner_problem *p = scene->problem;
    if (scene->mover->township_part == NULL || p->lessons[scene->block->course].supply_limit == 0) {
        return true;
    }
    bool stays = trial->count == scene->now.count;
    for (uint32_t k = 0; stays && k < trial->count; k++) {
        stays = p->year[trial->days[k]] == p->year[scene->now.days[k]];
    }
    return stays;
}

/* True when the move was made. */
static bool decide(struct scene *scene, const struct candidate *c)
{
    struct trial trial;
    struct search *s = scene->search;
    struct mover *m = scene->mover;
    if (same_spot(&c->to, &scene->now.at)) {
        return false;
    }
    if (c->kind == MOVE_GROUP) {
        return m->worse == NULL && mover_group(m, scene->index, c->to.instructor, c->to.day, c->limit);
    }
    if (c->kind == MOVE_SWAP) {
        return m->worse == NULL && mover_swap(m, scene->index, c->others[0], c->limit);
    }
    int64_t difference = scene->is_single ? decide_single(scene, c, &trial) : decide_series(scene, c, &trial);
    if (m->worse != NULL) {
        if (difference > 0 && difference < MEETING_WORTH / 2 && m->worse_count < m->worse_capacity) {
            m->worse[m->worse_count++] = difference;
        }
        return false;
    }
    if (difference > c->limit || !search_may_leave(s, scene->index) || !supply_stays(scene, &trial)) {
        return false;
    }
    difference -= ((int64_t)scene->now.count - (int64_t)trial.count) * scene->block->priority * MEETING_WORTH;
    search_remove(s, scene->index, 0);
    search_insert(s, scene->index, &trial, difference);
    return true;
}

/* ---- the step ---- */

static void draft_all(struct scene *scene, struct candidate *candidates, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        candidates[i].is_dead = !candidate_draft(scene, &candidates[i]);
        if (!candidates[i].is_dead) {
            fetch_candidate(scene, &candidates[i]);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        candidates[i].is_dead = candidates[i].is_dead || !look(scene, &candidates[i]);
    }
}

/* Once one is accepted, the rest are drafted anew for the block's new place, each when it is its turn. */
static void decide_all(struct scene *scene, struct candidate *candidates, uint32_t count)
{
    bool has_moved = false;
    for (uint32_t i = 0; i < count; i++) {
        struct candidate *c = &candidates[i];
        if (has_moved) {
            c->is_dead = !candidate_draft(scene, c) || !look(scene, c);
        }
        if (!c->is_dead && decide(scene, c) && i + 1 < count) {
            scene_set(scene, scene->mover, scene->index);
            has_moved = true;
        }
    }
}

uint32_t mover_step(struct mover *m, uint32_t most, double temperature)
{
    struct scene scene;
    struct candidate candidates[MOVE_BATCH];
    struct search *s = m->search;
    uint32_t at = m->next++ % MOVE_AHEAD;
    uint32_t index = m->ahead[at];
    m->ahead[at] = draw_block(m);
    fetch_block(m, m->ahead[(at + 3) % MOVE_AHEAD]);
    fetch_journey(m, m->ahead[(at + 2) % MOVE_AHEAD]);
    fetch_line(m, m->ahead[(at + 1) % MOVE_AHEAD]);
    uint32_t done = 1;
    if (s->spots[index].room != NONE) {
        scene_set(&scene, m, index);
        done = most < MOVE_BATCH ? most : MOVE_BATCH;
        for (uint32_t i = 0; i < done; i++) {
            candidate_draw(&scene, &candidates[i], temperature);
        }
        draft_all(&scene, candidates, done);
        decide_all(&scene, candidates, done);
    }
    s->moves += done;
    return done;
}
