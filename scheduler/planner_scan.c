/* One session and all journeys nearby that it might join, looked through at once. Good places are few; to
 * draw one of them at random takes hundreds of candidates, to look at all of them takes as long as ten. */
#include "scheduler/planner_scene.h"

enum {
    SCAN_PLACES = 256, /* kept; when they are full, every other is dropped */
    SCAN_WORDS = NEAR_INSTRUCTORS * DAY_WORDS_MAX,
    SCAN_TRIES = 3 /* of the places tried */
};

struct scan_place {
    uint32_t instructor;
    uint16_t day;
};

/* Days of an instructor, one bit each, from `day` on. */
struct scan_word {
    uint64_t days;
    uint32_t instructor;
    uint32_t day;
};

struct scan {
    struct scene *scene;
    int64_t limit, most_min; /* minutes that the journey may grow by */
    uint32_t count;
    struct scan_place places[SCAN_PLACES];
};

static void scan_make_room(struct scan *scan)
{
    if (scan->count == SCAN_PLACES) {
        for (uint32_t i = 0; i < SCAN_PLACES / 2; i++) {
            scan->places[i] = scan->places[2 * i + 1];
        }
        scan->count = SCAN_PLACES / 2;
    }
}

/* Minutes home from a stop, whose byte the day keeps. */
static int32_t stop_home(const struct planner_problem *p, uint8_t known, uint32_t instructor, uint32_t hall)
{
    return known != 0 ? known - 1 : problem_home(p, instructor, hall);
}

/* The least that a stop at the hall adds to the journey, whenever it is. Asked for from the hall: what is
 * near it stands together. */
static int32_t detour_minutes(const struct planner_problem *p, const struct person_day *line,
                              uint32_t instructor, uint32_t hall)
{
    int32_t home = problem_home(p, instructor, hall);
    uint32_t before = line->stops[0].hall;
    int32_t leg = problem_travel(p, hall, before);
    int32_t least = home + leg - stop_home(p, line->home_first, instructor, before);
    for (uint32_t i = 1; i < line->count && i < DAY_STOPS; i++) {
        uint32_t after = line->stops[i].hall;
        int32_t next = problem_travel(p, hall, after);
        int32_t between = leg + next - problem_travel(p, before, after);
        least = between < least ? between : least;
        before = after;
        leg = next;
    }
    int32_t last = leg + home - stop_home(p, line->home_last, instructor, before);
    return last < least ? last : least;
}

/* The days on which a near instructor's journey might be joined, as far as the block allows them; only words
 * with a day in them, then one that has one, too. */
static uint32_t scan_words(const struct scan *scan, struct scan_word words[SCAN_WORDS + 1])
{
    const struct scene *scene = scan->scene;
    const struct planner_problem *p = scene->problem;
    const struct block *block = scene->block;
    const struct spot *now = &scene->now.at;
    const uint64_t *mine = &p->block_days[(size_t)scene->index * p->day_words];
    uint32_t count = 0;
    for (uint32_t k = 0; k < block->near_count; k++) {
        uint32_t instructor = p->near[block->near_first + k];
        const uint64_t *joint = &scene->search->joint_days[(size_t)instructor * p->day_words];
        uint64_t own = instructor == now->instructor ? UINT64_C(1) << (now->day % 64) : 0;
        if (!mover_owns_instructor(scene->mover, instructor)) {
            continue;
        }
        for (uint32_t word = block->day_from / 64U; word <= block->day_to / 64U; word++) {
            uint64_t days = joint[word] & mine[word] & ~(word == now->day / 64U ? own : 0);
            words[count] = (struct scan_word){days, instructor, word * 64};
            count += days != 0 ? 1U : 0U;
        }
    }
    words[count] = (struct scan_word){1, 0, 0};
    return count;
}

/* Journeys with a stop near. How many days a word has, and whether a stop is near, can not be foretold, so
 * there is one loop over all and no branch on it. */
static void scan_joint(struct scan *scan)
{
    struct scan_word words[SCAN_WORDS + 1]; /* not set: most of it stays unused */
    const struct scene *scene = scan->scene;
    const struct planner_problem *p = scene->problem;
    const uint16_t *towns = scene->search->day_town;
    uint32_t town = p->hall_township[scene->hall];
    uint32_t count = scan_words(scan, words);
    uint64_t days = words[0].days;
    for (uint32_t i = 0; i < count;) {
        uint32_t instructor = words[i].instructor;
        uint32_t day = words[i].day + (uint32_t)__builtin_ctzll(days);
        scan_make_room(scan);
        scan->places[scan->count] = (struct scan_place){instructor, (uint16_t)day};
        scan->count +=
            problem_town_is_near(p, town, towns[(size_t)instructor * p->day_count + day]) ? 1U : 0U;
        days &= days - 1;
        i += days == 0 ? 1U : 0U;
        days = days == 0 ? words[i].days : days;
    }
}

static const struct person_day *place_line(const struct scan *scan, uint32_t i)
{
    const struct scan_place *place = &scan->places[i];
    return &scan->scene->search
                ->days[(size_t)place->instructor * scan->scene->problem->day_count + place->day];
}

/* Keeps only those that are near enough. */
static void scan_sift(struct scan *scan)
{
    const struct planner_problem *p = scan->scene->problem;
    uint32_t hall = scan->scene->hall;
    uint32_t count = 0;
    for (uint32_t i = 0; i < scan->count; i++) {
        fetch(place_line(scan, i));
    }
    for (uint32_t i = 0; i < scan->count; i++) {
        fetch_travel(p, hall, place_line(scan, i)->stops[0].hall);
    }
    for (uint32_t i = 0; i < scan->count; i++) {
        const struct person_day *line = place_line(scan, i);
        struct scan_place place = scan->places[i];
        bool is_near = detour_minutes(p, line, place.instructor, hall) <= scan->most_min;
        scan->places[count] = place;
        count += is_near && line->count <= DAY_STOPS ? 1U : 0U;
    }
    scan->count = count;
}

/* A day of its own with somebody close. */
static void scan_idle(struct scan *scan, uint32_t instructor)
{
    const struct scene *scene = scan->scene;
    struct search *s = scene->search;
    const struct planner_problem *p = scene->problem;
    const struct day_range range = {scene->block->day_from, scene->block->day_to};
    const uint64_t *able = &p->able_days[(size_t)instructor * p->day_words];
    const uint64_t *work = &s->work_days[(size_t)instructor * p->day_words];
    uint64_t idle[DAY_WORDS_MAX];
    uint32_t day = 0;
    for (uint32_t word = range.from / 64; word <= range.to / 64; word++) {
        idle[word] = able[word] & ~work[word];
    }
    if (day_pick(idle, &p->welcome_days[(size_t)scene->index * p->day_words], &range, rng_next(&s->rng),
                 &day)) {
        scan_make_room(scan);
        scan->places[scan->count++] = (struct scan_place){instructor, (uint16_t)day};
    }
}

/* Slots before the stop. */
static uint64_t slots_before(const struct stop *stop)
{
    int32_t slots = (stop->start - GRID_FROM_MIN + SLOT_MINUTES - 1) / SLOT_MINUTES;
    return slots <= 0 ? 0 : slots >= GRID_SLOTS ? UINT64_MAX : slots_span(0, (uint32_t)slots);
}

/* The cheapest of one start in each gap between the stops; INT64_MAX: none is within the limit. */
static int64_t scan_starts(struct scan *scan, const struct scan_place *place, struct trial *ret_trial)
{
    const struct scene *scene = scan->scene;
    struct search *s = scene->search;
    const struct planner_problem *p = scene->problem;
    struct candidate c = {.kind = MOVE_TRIP, .limit = scan->limit};
    c.to = (struct spot){scene->now.at.room, place->instructor, place->day, 0};
    const struct person_day *line = &s->days[(size_t)place->instructor * p->day_count + place->day];
    uint64_t left = search_starts_here(s, scene->index, place->day, c.to.room, place->instructor);
    int64_t best = INT64_MAX;
    for (uint32_t i = 0; i <= line->count && i <= DAY_STOPS && left != 0; i++) {
        uint64_t here = i < line->count && i < DAY_STOPS ? left & slots_before(&line->stops[i]) : left;
        struct trial trial;
        left &= ~here;
        if (here == 0) {
            continue;
        }
        c.to.slot = search_pick_start(s, scene->block, here);
        c.trip = trip_find(s, scene->index, place->instructor, place->day, slot_minute(c.to.slot));
        int64_t difference = scene_difference(scene, &c, &trial);
        if (difference < best) {
            best = difference;
            *ret_trial = trial;
        }
    }
    return best;
}

bool scene_scan(struct scene *scene, int64_t limit)
{
    struct search *s = scene->search;
    const struct planner_problem *p = scene->problem;
    int64_t unit = (int64_t)COST_SCALE * p->options.weights.travel;
    int64_t most = scene->person + scene->most + limit;
    struct scan scan; /* not set as a whole: most of it stays unused */
    scan.scene = scene;
    scan.limit = limit;
    scan.most_min = unit == 0 ? INT32_MAX : most / unit;
    scan.count = 0;
    scan_joint(&scan);
    s->scanned += scan.count;
    scan_sift(&scan);
    for (uint32_t k = 0; k < scene->close_count; k++) {
        if (mover_owns_instructor(scene->mover, scene->close[k]) &&
            trip_alone_minutes(s, scene->close[k], scene->hall) <= scan.most_min) {
            scan_idle(&scan, scene->close[k]);
        }
    }
    for (int i = 0; i < SCAN_TRIES && scan.count > 0; i++) {
        struct trial trial;
        uint32_t at = rng_below(&s->rng, scan.count);
        struct scan_place place = scan.places[at];
        scan.places[at] = scan.places[--scan.count];
        int64_t difference = scan_starts(&scan, &place, &trial);
        if (difference <= limit && scene_take(scene, &trial, difference)) {
            return true;
        }
    }
    return false;
}
