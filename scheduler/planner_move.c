/* The annealing's step: a block and the candidates for it, drafted together so that memory is asked for in
 * time. */
#include "scheduler/planner_scene.h"

#include "scheduler/planner_price.h"

/* How often each move is tried. A series can not scan, regroup or swap; a single session finds journeys to
 * join by scans. */
static const uint8_t SHARES[MIX_COUNT][MOVE_ROOMS + 1] = {
    [MIX_SINGLE] = {[MOVE_INSTRUCTOR] = 8,
                    [MOVE_DAY] = 12,
                    [MOVE_START] = 2,
                    [MOVE_ROOM] = 3,
                    [MOVE_ALL] = 4,
                    [MOVE_SCAN] = 8,
                    [MOVE_REGROUP] = 2,
                    [MOVE_SWAP] = 3,
                    [MOVE_ROOMS] = 5},
    [MIX_SETTLING] = {[MOVE_INSTRUCTOR] = 1,
                      [MOVE_DAY] = 4,
                      [MOVE_START] = 2,
                      [MOVE_ROOM] = 6,
                      [MOVE_ALL] = 2,
                      [MOVE_SCAN] = 8,
                      [MOVE_REGROUP] = 4,
                      [MOVE_SWAP] = 6,
                      [MOVE_ROOMS] = 6},
    [MIX_SERIES] = {[MOVE_TRIP] = 13,
                    [MOVE_INSTRUCTOR] = 11,
                    [MOVE_DAY] = 14,
                    [MOVE_START] = 2,
                    [MOVE_ROOM] = 3,
                    [MOVE_ALL] = 7,
                    [MOVE_ROOMS] = 5},
};

/* A journey of its own may cost so many temperatures more and is still looked at. */
static const double CLOSE_TEMPERATURES = 4;

/* In the last stage two blocks are drawn and, so many times of 16, the one whose instructor costs more is
 * taken: who sits in a cheap seat has little to win elsewhere. */
static const uint32_t DEARER_OF_16 = 12;

/* ---- the block ---- */

static uint32_t draw_which(struct mover *m)
{
    struct search *s = m->search;
    uint64_t random = rng_next(&s->rng);
    uint32_t block = m->blocks[(random & UINT32_MAX) * m->block_count >> 32];
    uint32_t other = m->blocks[(random >> 32) * m->block_count >> 32];
    bool swaps = m->stage == STAGE_ALL && s->dearness[other] > s->dearness[block] &&
                 rng_below(&s->rng, 16) < DEARER_OF_16;
    return swaps ? other : block;
}

static uint32_t draw_block(struct mover *m)
{
    uint32_t block = draw_which(m);
    fetch(&m->search->spots[block]);
    fetch(&m->search->met[block]);
    fetch(&m->search->problem->blocks[block]);
    fetch((const char *)(&m->search->problem->blocks[block] + 1) - 1);
    return block;
}

static void set_kinds(struct move_kinds *kinds, const uint8_t shares[MOVE_ROOMS + 1], bool has_rooms)
{
    kinds->count = 0;
    for (uint8_t kind = 0; kind <= MOVE_ROOMS; kind++) {
        bool can = has_rooms || (kind != MOVE_ROOM && kind != MOVE_ROOMS);
        for (uint8_t i = 0; can && i < shares[kind] && kinds->count < MOVE_KINDS; i++) {
            kinds->kinds[kinds->count++] = kind;
        }
    }
}

void mover_begin(struct mover *m)
{
    for (int mix = 0; mix < MIX_COUNT; mix++) {
        set_kinds(&m->kinds[mix][0], SHARES[mix], false);
        set_kinds(&m->kinds[mix][1], SHARES[mix], true);
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
    fetch_travel(p, hall, trip.before_hall);
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

/* Near instructors for whom a journey of its own may be accepted. */
static void set_close(struct scene *scene)
{
    const struct planner_problem *p = scene->problem;
    const struct block *block = scene->block;
    int64_t unit = (int64_t)COST_SCALE * p->options.weights.travel * scene->now.count;
    int64_t most = scene->person + scene->most + (int64_t)(CLOSE_TEMPERATURES * scene->temperature);
    int64_t most_min = unit == 0 || scene->mover->worse != NULL ? INT32_MAX : most / unit;
    for (uint32_t k = 0; k < block->near_count; k++) {
        uint32_t instructor = p->near[block->near_first + k];
        if (trip_alone_minutes(scene->search, instructor, scene->hall) <= most_min) {
            scene->close[scene->close_count++] = instructor;
        }
    }
}

static void scene_set(struct scene *scene, struct mover *m, uint32_t index, double temperature)
{
    struct search *s = m->search;
    const struct planner_problem *p = s->problem;
    const struct block *block = &p->blocks[index];
    *scene = (struct scene){
        .mover = m, .search = s, .problem = p, .block = block, .index = index, .temperature = temperature};
    search_now(s, index, &scene->now);
    scene->hall = p->room_hall[scene->now.at.room];
    scene->is_single = !block->is_series;
    scene->alone = s->lines[scene->hall].count == scene->now.count;
    scene->person = price_person(s, index, &scene->now);
    s->dearness[index] = (float)scene->person / (float)scene->now.count;
    scene->place = price_place(p, block, &scene->now);
    scene->evenness = price_evenness(s, index, &scene->now, p->hall_township[scene->hall]);
    if (!scene->alone) {
        scene->spacing = price_spacing(s, index, &scene->now, scene->hall);
        scene->continuity = price_continuity(s, index, &scene->now, scene->hall);
    }
    scene->most = scene->place + scene->evenness + scene->spacing + scene->continuity +
                  (int64_t)COST_SCALE * p->options.weights.change * block->session_count;
    scene->idle = (int64_t)COST_SCALE * p->options.weights.travel *
                  trip_alone_minutes(s, scene->now.at.instructor, scene->hall);
    bool is_settling = temperature == 0 && m->worse == NULL;
    enum move_mix mix = block->is_series ? MIX_SERIES : is_settling ? MIX_SETTLING : MIX_SINGLE;
    scene->kinds = &m->kinds[mix][block->room_count > 1 ? 1 : 0];
    set_close(scene);
}

static void fetch_candidate(const struct scene *scene, const struct candidate *c)
{
    const struct search *s = scene->search;
    const struct planner_problem *p = scene->problem;
    if (c->kind >= MOVE_SCAN) {
        return;
    }
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
        candidates[i].is_dead = candidates[i].is_dead || !scene_look(scene, &candidates[i]);
    }
}

/* Once one is accepted, the rest are drafted anew for the block's new place, each when it is its turn. */
static void decide_all(struct scene *scene, struct candidate *candidates, uint32_t count)
{
    bool has_moved = false;
    for (uint32_t i = 0; i < count; i++) {
        struct candidate *c = &candidates[i];
        if (has_moved) {
            c->is_dead = !candidate_draft(scene, c) || !scene_look(scene, c);
        }
        if (!c->is_dead && scene_decide(scene, c) && i + 1 < count) {
            scene_set(scene, scene->mover, scene->index, scene->temperature);
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
        scene_set(&scene, m, index, temperature);
        done = most < MOVE_BATCH ? most : MOVE_BATCH;
        for (uint32_t i = 0; i < done; i++) {
            candidate_draw(&scene, &candidates[i]);
        }
        draft_all(&scene, candidates, done);
        decide_all(&scene, candidates, done);
    }
    s->moves += done;
    return done;
}
