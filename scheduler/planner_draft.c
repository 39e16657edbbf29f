/* Where a block might go: what to try, and where. */
#include "scheduler/planner_scene.h"

/* The fields of a candidate's random number, low bits first. */
enum {
    RANDOM_KIND_BITS = 16,
    RANDOM_KEEP = 16,  /* 3 bits */
    RANDOM_OTHER = 19, /* 7 bits: which meeting of the other block */
    RANDOM_MINE = 26,  /* 7 bits: and which of its own */
    RANDOM_TOWNS = 33, /* 5 bits for each other block: another township, and which */
    TOWN_BITS = 5,
    RANDOM_LOG = 54 /* 10 bits */
};

/* A share of `count`, by seven random bits: more than LIMIT_SERIES_MEETINGS. */
static uint32_t meeting_share(uint64_t random, int shift, uint32_t count)
{
    return (uint32_t)(random >> shift & 127) * count >> 7;
}

/* ---- what to try ---- */

/* Blocks nearby whose journey might be joined. */
static void draw_others(struct scene *scene, struct candidate *c)
{
    const struct planner_problem *p = scene->problem;
    const struct search *s = scene->search;
    uint32_t town = p->hall_township[scene->hall];
    uint64_t which = c->random >> RANDOM_TOWNS;
    for (int i = 0; i < OTHERS; i += 2) {
        uint64_t random = rng_next(&scene->search->rng);
        for (int k = i; k < i + 2; k++, which >>= TOWN_BITS, random >>= 32) {
            uint32_t near = town;
            if ((which & 1) != 0) {
                near = p->near_towns[(size_t)town * NEAR_TOWNS + (which >> 1 & (NEAR_TOWNS - 1))];
                near = mover_owns_town(scene->mover, near) ? near : town;
            }
            uint32_t first = p->township_start[near];
            uint32_t end =
                scene->mover->stage == STAGE_SERIES ? p->township_singles[near] : p->township_start[near + 1];
            uint32_t count = end - first;
            c->others[k] =
                count == 0 ? scene->index : p->township_blocks[first + ((random & UINT32_MAX) * count >> 32)];
            fetch(&s->spots[c->others[k]]);
        }
    }
}

void candidate_draw(struct scene *scene, struct candidate *c)
{
    const struct mover *m = scene->mover;
    c->random = rng_next(&scene->search->rng);
    c->kind = scene->kinds->kinds[(c->random & 0xFFFF) * scene->kinds->count >> RANDOM_KIND_BITS];
    c->keep = (c->random >> RANDOM_KEEP & (c->kind == MOVE_INSTRUCTOR ? 7 : 1)) != 0;
    c->limit = m->worse != NULL
                   ? INT64_MAX / 2
                   : (int64_t)(scene->temperature * (double)m->logs[(c->random >> RANDOM_LOG) % MOVE_LOGS]);
    if (c->kind == MOVE_TRIP || c->kind == MOVE_SWAP) {
        draw_others(scene, c);
    }
}

/* ---- where ---- */

/* The day of one of the other's meetings. */
static uint32_t trip_day(const struct scene *scene, const struct candidate *c, uint32_t other)
{
    const struct search *s = scene->search;
    if (s->met[other] == 1) {
        return s->spots[other].day;
    }
    uint32_t k = meeting_share(c->random, RANDOM_OTHER, s->met[other]);
    return node_day(&s->nodes[scene->problem->blocks[other].first_node + k]);
}

/* Joins the day of somebody qualified who is near anyway. For a swap the day may be full. */
static bool draft_trip(struct scene *scene, struct candidate *c)
{
    const struct planner_problem *p = scene->problem;
    const struct search *s = scene->search;
    const struct block *block = scene->block;
    const uint64_t *days = &p->block_days[(size_t)scene->index * p->day_words];
    for (int i = 0; i < OTHERS; i++) {
        uint32_t other = c->others[i];
        const struct spot *spot = &s->spots[other];
        if (spot->room == NONE || other == scene->index ||
            !problem_qualified(p, block->course, spot->instructor) ||
            !mover_owns_instructor(scene->mover, spot->instructor)) {
            continue;
        }
        uint32_t joint = trip_day(scene, c, other);
        /* For a series the first of its own days that leads there. */
        uint32_t day =
            scene->is_single ? joint : joint - 7 * meeting_share(c->random, RANDOM_MINE, scene->now.count);
        if (day >= block->day_from && day <= block->day_to && day_bit(days, day) &&
            (c->kind == MOVE_SWAP ||
             day_bit(&s->joint_days[(size_t)spot->instructor * p->day_words], joint))) {
            c->to.day = (uint16_t)day;
            c->to.instructor = spot->instructor;
            c->others[0] = other;
            return true;
        }
    }
    return false;
}

/* One of the same township that has its room by choice, too. */
static bool draft_rooms(struct scene *scene, struct candidate *c)
{
    const struct planner_problem *p = scene->problem;
    struct search *s = scene->search;
    uint32_t first = p->township_start[scene->block->township];
    uint32_t count = p->township_start[scene->block->township + 1] - first;
    for (int i = 0; i < ROOM_DRAWS; i++) {
        uint32_t other = p->township_blocks[first + rng_below(&s->rng, count)];
        const struct spot *spot = &s->spots[other];
        if (other != scene->index && spot->room != NONE && p->blocks[other].room_count > 1 &&
            p->room_hall[spot->room] != scene->hall) {
            c->others[0] = other;
            return true;
        }
    }
    return false;
}

/* Mostly one of those close; else anybody near, the nearer, the likelier, or anybody. */
static uint32_t draft_instructor(struct scene *scene)
{
    const struct planner_problem *p = scene->problem;
    const struct block *block = scene->block;
    uint64_t random = rng_next(&scene->search->rng);
    if ((random & 7) != 0 && scene->close_count > 0) {
        return scene->close[(random >> 32) * scene->close_count >> 32];
    }
    if ((random >> 3 & 15) != 0) {
        uint32_t a = (uint32_t)((random >> 48) * block->near_count >> 16);
        uint32_t b = (uint32_t)((random >> 32 & 0xFFFF) * block->near_count >> 16);
        return p->near[block->near_first + (a < b ? a : b)];
    }
    uint32_t first = p->qualified_start[block->course];
    uint32_t count = p->qualified_start[block->course + 1] - first;
    return p->qualified[first + (uint32_t)((random >> 32) * count >> 32)];
}

/* Four days at random first: mostly one of them will do, and counting bits takes longer. */
bool day_pick(const uint64_t *a, const uint64_t *b, const struct day_range *range, uint64_t random,
              uint32_t *ret_day)
{
    uint32_t total = 0;
    uint32_t length = range->to - range->from + 1;
    for (int i = 0; i < 4; i++) {
        uint32_t day = range->from + ((uint32_t)(random >> 16 * i & 0xFFFF) * length >> 16);
        if (day_bit(a, day) && day_bit(b, day)) {
            *ret_day = day;
            return true;
        }
    }
    for (uint32_t word = range->from / 64; word <= range->to / 64; word++) {
        total += (uint32_t)__builtin_popcountll(a[word] & b[word]);
    }
    uint32_t pick = (uint32_t)((random & UINT32_MAX) * total >> 32);
    for (uint32_t word = range->from / 64; word <= range->to / 64; word++) {
        uint64_t days = a[word] & b[word];
        uint32_t count = (uint32_t)__builtin_popcountll(days);
        if (pick < count) {
            while (pick-- > 0) {
                days &= days - 1;
            }
            *ret_day = word * 64 + (uint32_t)__builtin_ctzll(days);
            return true;
        }
        pick -= count;
    }
    return false;
}

/* A day on which the instructor can, mostly a welcome one. */
static bool draft_day(struct scene *scene, struct candidate *c)
{
    const struct planner_problem *p = scene->problem;
    const struct day_range range = {scene->block->day_from, scene->block->day_to};
    const uint64_t *able = &p->able_days[(size_t)c->to.instructor * p->day_words];
    size_t at = (size_t)scene->index * p->day_words;
    uint64_t random = rng_next(&scene->search->rng);
    uint32_t day = 0;
    bool found =
        (c->random >> RANDOM_MINE & 7) != 0 && day_pick(able, &p->welcome_days[at], &range, random, &day);
    found = found || day_pick(able, &p->block_days[at], &range, random, &day);
    c->to.day = (uint16_t)day;
    return found;
}

/* Rooms of another part are not even looked at. */
static uint32_t draft_room(struct scene *scene)
{
    const struct planner_problem *p = scene->problem;
    struct search *s = scene->search;
    const uint32_t *rooms = &p->domain_rooms[scene->block->first_room];
    uint32_t found = scene->now.at.room;
    for (int tries = 0; tries < 3; tries++) {
        uint32_t room = rooms[rng_below(&s->rng, scene->block->room_count)];
        uint32_t hall = p->room_hall[room];
        if (mover_owns_town(scene->mover, p->hall_township[hall])) {
            found = room;
            if (s->hall_sessions[hall] == 0) {
                break;
            }
        }
    }
    return found;
}

/* Would any place of its own, with an instructor such as are drawn, be too dear? */
static bool own_day_is_dear(const struct scene *scene, const struct candidate *c)
{
    if (!scene->is_single || scene->mover->worse != NULL) {
        return false;
    }
    if (c->kind == MOVE_DAY) {
        return scene->idle - scene->person - scene->most > c->limit;
    }
    return (c->kind == MOVE_INSTRUCTOR || c->kind == MOVE_ALL) && scene->close_count == 0;
}

bool candidate_draft(struct scene *scene, struct candidate *c)
{
    if (own_day_is_dear(scene, c)) {
        return false;
    }
    c->to = scene->now.at;
    switch (c->kind) {
    case MOVE_TRIP:
    case MOVE_SWAP:
        return draft_trip(scene, c);
    case MOVE_ROOMS:
        return draft_rooms(scene, c);
    case MOVE_INSTRUCTOR:
        c->to.instructor = draft_instructor(scene);
        break;
    case MOVE_DAY:
        return draft_day(scene, c);
    case MOVE_START:
        c->keep = false;
        break;
    case MOVE_ROOM:
        c->to.room = draft_room(scene);
        break;
    case MOVE_ALL:
        if (c->keep && scene->block->room_count > 1) {
            c->to.room = draft_room(scene);
        }
        c->to.instructor = draft_instructor(scene);
        return mover_owns_instructor(scene->mover, c->to.instructor) && draft_day(scene, c);
    default:
        break;
    }
    return mover_owns_instructor(scene->mover, c->to.instructor);
}
