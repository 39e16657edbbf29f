/* Is a candidate allowed, and what would it cost? The quick way for single sessions: most candidates are
 * given up for their journey before anything else is asked. */
#include "scheduler/planner_scene.h"

#include "scheduler/planner_price.h"

/* A meeting that a series would lose by moving outweighs all soft cost. */
#define MEETING_WORTH (INT64_C(1) << 40)

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

/* ---- looking ---- */

bool scene_look(struct scene *scene, struct candidate *c)
{
    struct search *s = scene->search;
    const struct planner_problem *p = scene->problem;
    const struct block *block = scene->block;
    uint32_t day = c->to.day;
    uint32_t hall = p->room_hall[c->to.room];
    bool is_idle = !search_day_is_odd(s, c->to.instructor, day);
    if (c->kind >= MOVE_SCAN) {
        return true;
    }
    if (scene->is_single) {
        if (!day_bit(&p->block_days[(size_t)scene->index * p->day_words], day)) {
            return false;
        }
        c->trip = (struct trip){NONE, NONE, NONE, 0, 0, 0};
        if (is_idle && hall == scene->hall &&
            single_person(scene, &c->to, trip_alone_minutes(s, c->to.instructor, hall)) - scene->person -
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
        fetch_travel(p, hall, c->trip.before_hall);
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

int64_t scene_difference(const struct scene *scene, const struct candidate *c, struct trial *trial)
{
    const struct search *s = scene->search;
    const struct planner_problem *p = scene->problem;
    uint32_t hall = p->room_hall[c->to.room];
    trial->at = c->to;
    trial->count = 1;
    trial->days[0] = c->to.day;
    trial->travel_min = trip_growth(s, &c->trip, c->to.instructor, hall);
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
    return search_judge_place(s, scene->index, trial) == RULE_COUNT ? difference : INT64_MAX;
}

/* Do the meetings on days on which the instructor does nothing else cost too much alone? */
static bool series_is_dear(const struct scene *scene, const struct candidate *c, const struct trial *trial)
{
    const struct search *s = scene->search;
    const struct planner_problem *p = scene->problem;
    uint32_t hall = p->room_hall[c->to.room];
    int64_t idle = 0;
    if (hall != scene->hall || trial->count != scene->now.count || scene->mover->worse != NULL) {
        return false;
    }
    for (uint32_t k = 0; k < trial->count; k++) {
        idle += search_day_is_odd(s, c->to.instructor, trial->days[k]) ? 0 : 1;
    }
    int64_t minutes = idle * trip_alone_minutes(s, c->to.instructor, hall);
    return minutes * COST_SCALE * p->options.weights.travel > scene->person + scene->most + c->limit;
}

static int64_t decide_series(const struct scene *scene, const struct candidate *c, struct trial *trial)
{
    const struct search *s = scene->search;
    const struct planner_problem *p = scene->problem;
    uint32_t hall = p->room_hall[c->to.room];
    if (!search_aim(s, scene->index, &c->to, trial) || series_is_dear(scene, c, trial) ||
        search_judge(s, scene->index, trial) != RULE_COUNT) {
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

bool scene_take(struct scene *scene, const struct trial *trial, int64_t difference)
{
    if (!search_may_leave(scene->search, scene->index) || !supply_stays(scene, trial)) {
        return false;
    }
    search_remove(scene->search, scene->index, 0);
    search_insert(scene->search, scene->index, trial, difference);
    return true;
}

/* The moves that find their places themselves. */
static bool decide_other(struct scene *scene, const struct candidate *c)
{
    switch (c->kind) {
    case MOVE_SCAN:
        return scene_scan(scene, c->limit);
    case MOVE_REGROUP:
        return mover_regroup(scene->mover, scene->index, c->limit);
    case MOVE_ROOMS:
        return mover_rooms(scene->mover, scene->index, c->others[0], c->limit);
    default:
        return mover_swap(scene->mover, scene->index, c->others[0], c->limit);
    }
}

bool scene_decide(struct scene *scene, const struct candidate *c)
{
    struct trial trial;
    struct mover *m = scene->mover;
    if (c->kind >= MOVE_SCAN) {
        return m->worse == NULL && decide_other(scene, c);
    }
    if (same_spot(&c->to, &scene->now.at)) {
        return false;
    }
    int64_t difference =
        scene->is_single ? scene_difference(scene, c, &trial) : decide_series(scene, c, &trial);
    if (m->worse != NULL) {
        if (difference > 0 && difference < MEETING_WORTH / 2 && m->worse_count < m->worse_capacity) {
            m->worse[m->worse_count++] = difference;
        }
        return false;
    }
    int64_t lost = (int64_t)scene->now.count - (int64_t)trial.count;
    return difference <= c->limit &&
           scene_take(scene, &trial, difference - lost * scene->block->priority * MEETING_WORTH);
}
