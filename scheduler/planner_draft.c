/* Where a block might go: what to try, and where. */
#include "scheduler/planner_scene.h"

static bool own_instructor(const struct mover *m, uint32_t instructor)
{
    return m->instructor_part == NULL || m->instructor_part[instructor] == m->part;
}

static bool own_township(const struct mover *m, uint32_t township)
{
    return m->township_part == NULL || m->township_part[township] == m->part;
}

/* Blocks nearby whose journey might be joined. */
static void draw_others(struct scene *scene, struct candidate *c)
{
    const struct planner_problem *p = scene->problem;
    const struct search *s = scene->search;
    uint32_t town = p->hall_township[scene->hall];
    uint64_t which = c->random >> 32;
    for (int i = 0; i < OTHERS; i += 2) {
        uint64_t random = rng_next(&scene->search->rng);
        for (int k = i; k < i + 2; k++, which >>= 4, random >>= 32) {
            uint32_t near = town;
            if ((which & 1) != 0) {
                near = p->near_towns[(size_t)town * NEAR_TOWNS + (which >> 1 & (NEAR_TOWNS - 1))];
                near = own_township(scene->mover, near) ? near : town;
            }
            uint32_t first = p->township_start[near];
            uint32_t count = p->township_start[near + 1] - first;
            c->others[k] =
                count == 0 ? scene->index : p->township_blocks[first + ((random & UINT32_MAX) * count >> 32)];
            fetch(&s->spots[c->others[k]]);
        }
    }
}

/* Joins the day of somebody qualified who is near anyway. */
static bool draft_trip(struct scene *scene, struct candidate *c)
{
    const struct planner_problem *p = scene->problem;
    const struct search *s = scene->search;
    const struct block *block = scene->block;
    for (int i = 0; i < OTHERS; i++) {
        uint32_t other = c->others[i];
        const struct spot *spot = &s->spots[other];
        if (spot->room == NONE || other == scene->index ||
            !problem_qualified(p, block->course, spot->instructor) ||
            !own_instructor(scene->mover, spot->instructor)) {
            continue;
        }
        uint32_t day = spot->day;
        if (s->met[other] > 1) {
            uint32_t k = (uint32_t)(c->random >> 8 & 0xFF) * s->met[other] >> 8;
            day = node_day(&s->nodes[p->blocks[other].first_node + k]);
        }
        if (!scene->is_single) {
            day -= 7 * ((uint32_t)(c->random >> 16 & 0xFF) * scene->now.count >> 8);
        }
        if (day >= block->day_from && day <= block->day_to) {
            c->to.day = (uint16_t)day;
            c->to.instructor = spot->instructor;
            c->others[0] = other;
            return true;
        }
    }
    return false;
}

static uint32_t draft_instructor(struct scene *scene, uint64_t random)
{
    const struct planner_problem *p = scene->problem;
    const struct block *block = scene->block;
    if ((random & 15) != 0) {
        /* The nearer, the likelier: the smaller of two. */
        uint32_t a = (uint32_t)((random >> 48) * block->near_count >> 16);
        uint32_t b = (uint32_t)((random >> 32 & 0xFFFF) * block->near_count >> 16);
        return p->near[block->near_first + (a < b ? a : b)];
    }
    uint32_t first = p->qualified_start[block->course];
    uint32_t count = p->qualified_start[block->course + 1] - first;
    return p->qualified[first + (uint32_t)((random >> 32) * count >> 32)];
}

/* A day on which the instructor works anyway, by bit from the calendar. */
static bool draft_work_day(struct scene *scene, struct candidate *c)
{
    const struct planner_problem *p = scene->problem;
    const struct block *block = scene->block;
    const uint64_t *days = &scene->search->work_days[(size_t)c->to.instructor * p->day_words];
    uint32_t from = block->day_from +
                    (uint32_t)((c->random >> 16 & 0xFFFF) * (block->day_to - block->day_from + 1U) >> 16);
    for (uint32_t word = from / 64; word <= block->day_to / 64U; word++) {
        uint64_t bits = days[word] & (word == from / 64 ? UINT64_MAX << (from % 64) : UINT64_MAX);
        if (bits != 0) {
            c->to.day = (uint16_t)(word * 64 + (uint32_t)__builtin_ctzll(bits));
            return c->to.day <= block->day_to;
        }
    }
    return false;
}

static uint16_t draft_day(struct scene *scene)
{
    const struct block *block = scene->block;
    return (uint16_t)(block->day_from + rng_below(&scene->search->rng, block->day_to - block->day_from + 1U));
}

void candidate_draw(struct scene *scene, struct candidate *c, double temperature)
{
    c->random = rng_next(&scene->search->rng);
    c->kind = scene->mover->kinds[c->random % MOVE_KINDS];
    if (c->kind == MOVE_ROOM && scene->block->room_count == 1) {
        c->kind = MOVE_TRIP;
    }
    c->keep = (c->random >> 6 & (c->kind == MOVE_INSTRUCTOR ? 7 : 1)) != 0;
    const struct mover *m = scene->mover;
    c->limit = m->worse != NULL ? INT64_MAX / 2
                                : (int64_t)(temperature * (double)m->logs[(c->random >> 54) % MOVE_LOGS]);
    if (c->kind == MOVE_TRIP || c->kind == MOVE_SWAP) {
        draw_others(scene, c);
    }
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
        if (own_township(scene->mover, p->hall_township[hall])) {
            found = room;
            if (s->hall_sessions[hall] == 0) {
                break;
            }
        }
    }
    return found;
}

/* Where to; false: nothing found. */
bool candidate_draft(struct scene *scene, struct candidate *c)
{
    uint64_t random = c->random;
    c->to = scene->now.at;
    switch (c->kind) {
    case MOVE_TRIP:
        if (!draft_trip(scene, c)) {
            return false;
        }
        break;
    case MOVE_INSTRUCTOR:
        c->to.instructor = draft_instructor(scene, random >> 9 | random << 55);
        break;
    case MOVE_JOIN:
        c->to.instructor = draft_instructor(scene, random >> 9 | random << 55);
        /* Another part's calendar may be changing just now. */
        if (!own_instructor(scene->mover, c->to.instructor) || !draft_work_day(scene, c)) {
            return false;
        }
        break;
    case MOVE_SWAP:
        if (!scene->is_single || !draft_trip(scene, c)) {
            return false;
        }
        break;
    case MOVE_GROUP:
        if (!scene->is_single) {
            return false;
        }
        if (c->keep) {
            c->to.instructor = draft_instructor(scene, random >> 9 | random << 55);
        } else {
            c->to.day = draft_day(scene);
        }
        break;
    case MOVE_DAY:
        c->to.day = draft_day(scene);
        break;
    case MOVE_START:
        c->keep = false;
        break;
    case MOVE_ROOM:
        c->to.room = draft_room(scene);
        break;
    default:
        if (c->keep && scene->block->room_count > 1) {
            c->to.room = draft_room(scene);
        }
        c->to.instructor = draft_instructor(scene, random >> 9 | random << 55);
        c->to.day = draft_day(scene);
        break;
    }
    return own_instructor(scene->mover, c->to.instructor);
}
