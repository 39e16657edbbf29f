/* The walk over a target's places in order: open requests before the menu, easy ones before others, then by
 * the minutes that they add to the road. A journey is known before any start is looked at: a free day costs
 * home and back, a day with sessions a detour between two of them; a heap opens the cheapest first. */
#include "base/date.h"
#include "base/vec.h"
#include "scheduler/reach_field.h"
#include "scheduler/rules_private.h"

#include <stdlib.h>

enum {
    WEEKDAYS = 7,
    FREE_DAYS = -1,
    /* Journeys up to the nearest home and so many minutes more are opened first, the rest when these give
     * too little. */
    NEAR_MIN = 10
};

/* A journey: to a hall on a free day of the person's, or into a gap of a day with sessions. */
struct reach_entry {
    int32_t cost_min;
    int32_t day;                 /* FREE_DAYS: any day without sessions */
    int32_t from_min, until_min; /* starts in [from, until), minutes of the day */
    uint32_t person;
    uint32_t hall; /* of the site */
};

/* What can be taught in a room on the day in hand. */
struct reach_combo {
    uint64_t starts;
    uint32_t lesson, room;
};

struct walker {
    struct reach_field *field;
    const struct reach_walk *walk;
    size_t max_rooms;
    bool wished, easy;
    int32_t above_min, up_to_min; /* journeys of this phase */
    size_t combo_count;
    enum reach_step step;
    enum error_code failed;
};

/* ---- memory of one walk ---- */

static bool zeroed_reserve(void **items, size_t *capacity, size_t need, size_t size)
{
    if (need <= *capacity) {
        return true;
    }
    void *fresh = calloc(need, size);
    if (fresh == NULL) {
        return false;
    }
    free(*items);
    *items = fresh;
    *capacity = need;
    return true;
}

static bool walk_allocate(struct walker *w)
{
    struct reach_field *f = w->field;
    size_t halls = w->walk->site.hall_count;
    size_t rooms = halls * w->max_rooms;
    void *opens = f->opens;
    void *room_strikes = f->room_strikes;
    void *hall_strikes = f->hall_strikes;
    bool fine = zeroed_reserve(&opens, &f->open_capacity, rooms * f->shape_count * (size_t)f->day_count,
                               sizeof *f->opens) &&
                zeroed_reserve(&room_strikes, &f->room_strike_capacity, rooms * f->lesson_count,
                               sizeof *f->room_strikes) &&
                zeroed_reserve(&hall_strikes, &f->hall_strike_capacity, halls * f->lesson_count,
                               sizeof *f->hall_strikes);
    f->opens = opens;
    f->room_strikes = room_strikes;
    f->hall_strikes = hall_strikes;
    return fine;
}

static bool is_struck(const struct reach_field *f, const struct reach_strike *strike, int32_t d)
{
    return strike->walk == f->walk && d >= strike->from && d < strike->to;
}

static void strike_period(const struct reach_field *f, struct reach_strike *strike, enum rule_code rule,
                          int32_t d)
{
    int32_t from = d;
    int32_t to = d + 1;
    if (count_period(rule, f->query->from_day + d, &from, &to)) {
        *strike = (struct reach_strike){f->walk, from - f->query->from_day, to - f->query->from_day};
    }
}

/* ---- masks ---- */

static struct placement shape_pattern(const struct reach_shape *shape)
{
    return (struct placement){
        .minutes = shape->minutes, .setup_min = shape->setup_min, .clear_min = shape->clear_min};
}

static const struct reach_open *room_open(struct walker *w, uint32_t hall, uint32_t room, uint32_t shape,
                                          int32_t d)
{
    struct reach_field *f = w->field;
    const struct hall *place = &f->timetable->halls[w->walk->site.halls[hall]];
    size_t at = hall * w->max_rooms + (room - place->first_room);
    struct reach_open *open = &f->opens[(at * f->shape_count + shape) * (size_t)f->day_count + (size_t)d];
    if (open->walk != f->walk) {
        const struct placement pattern = shape_pattern(&f->shapes[shape]);
        const struct mask_query query = {f->book, &pattern, NONE, 0};
        int32_t day = f->query->from_day + d;
        open->walk = f->walk;
        open->open = mask_grid(pattern.minutes) & mask_room(&query, room, day, &open->soft);
        if (open->open != 0) {
            open->open &=
                mask_hours(&place->hours, day, pattern.setup_min, pattern.minutes + pattern.clear_min);
        }
    }
    return open;
}

static uint64_t person_hours(struct reach_field *f, uint32_t person, uint32_t shape, int32_t day)
{
    struct reach_person *at = &f->people[person];
    int32_t weekday = date_weekday(day) - 1;
    uint64_t *hours = &at->hours[shape * WEEKDAYS + (uint32_t)weekday];
    if ((at->hours_known[shape] >> weekday & 1) == 0) {
        *hours = mask_hours(&f->timetable->instructors[person].hours, day, 0, f->shapes[shape].minutes);
        at->hours_known[shape] |= (uint8_t)(1U << weekday);
    }
    return *hours;
}

static uint64_t person_open(struct walker *w, const struct reach_entry *entry, uint32_t shape, int32_t d)
{
    struct reach_field *f = w->field;
    int32_t day = f->query->from_day + d;
    uint64_t starts = person_hours(f, entry->person, shape, day);
    if (entry->day != FREE_DAYS) {
        starts &= mask_between(entry->from_min, (int64_t)entry->until_min - 1);
    }
    if (starts != 0) {
        const struct placement pattern = shape_pattern(&f->shapes[shape]);
        const struct mask_query query = {f->book, &pattern, NONE, 0};
        starts &= mask_person(&query, entry->person, w->walk->site.halls[entry->hall], day);
    }
    return starts;
}

/* ---- one journey on one day ---- */

static enum error_code combo_add(struct walker *w, struct reach_combo combo)
{
    struct reach_field *f = w->field;
    void *grown = vec_reserve(f->combos, &f->combo_capacity, w->combo_count + 1, sizeof combo, LIMIT_ROWS);
    if (grown == NULL) {
        return ERR_MEMORY;
    }
    f->combos = grown;
    f->combos[w->combo_count++] = combo;
    return ERR_NONE;
}

/* The starts that are easy, or those that are not. */
static uint64_t starts_of_pass(const struct walker *w, const struct reach_lesson *lesson, uint32_t hall,
                               int32_t d, const struct reach_open *open)
{
    int32_t day = w->field->query->from_day + d;
    uint64_t soft = w->field->query->weights.soft_closure > 0 ? open->soft : 0;
    bool is_easy_day = pricing_day(&lesson->pricing, day) == 0 &&
                       pricing_spacing(&lesson->pricing, w->walk->site.halls[hall], day) == 0;
    uint64_t easy = is_easy_day ? lesson->welcome & ~soft : 0;
    return w->easy ? easy : ~easy;
}

static void lesson_open(struct walker *w, const struct reach_entry *entry, int32_t d, uint32_t l)
{
    struct reach_field *f = w->field;
    const struct reach_lesson *lesson = &f->lessons[l];
    const struct hall *hall = &f->timetable->halls[w->walk->site.halls[entry->hall]];
    if (lesson->left <= 0 || !bit_of(lesson->days, (size_t)d) ||
        is_struck(f, &f->hall_strikes[entry->hall * f->lesson_count + l], d)) {
        return;
    }
    uint64_t person = person_open(w, entry, lesson->shape, d);
    for (uint32_t r = 0; person != 0 && w->failed == ERR_NONE && r < hall->room_count; r++) {
        size_t room = entry->hall * w->max_rooms + r;
        if (is_struck(f, &f->room_strikes[room * f->lesson_count + l], d)) {
            continue;
        }
        const struct reach_open *open = room_open(w, entry->hall, hall->first_room + r, lesson->shape, d);
        uint64_t starts = person & open->open;
        starts &= starts == 0 ? 0 : starts_of_pass(w, lesson, entry->hall, d, open);
        if (starts != 0) {
            w->failed = combo_add(w, (struct reach_combo){starts, l, hall->first_room + r});
        }
    }
}

static void requests_open(struct walker *w, const struct reach_entry *entry, int32_t d, uint32_t first)
{
    const struct reach_field *f = w->field;
    for (uint32_t l = first; l != NONE; l = f->lessons[l].next) {
        if (request_allows_hall(f->timetable, f->lessons[l].request, w->walk->site.halls[entry->hall]) &&
            timetable_qualified(f->timetable, entry->person, f->lessons[l].course)) {
            lesson_open(w, entry, d, l);
        }
    }
}

static void lessons_open(struct walker *w, const struct reach_entry *entry, int32_t d)
{
    const struct reach_person *person = &w->field->people[entry->person];
    w->combo_count = 0;
    if (w->wished) {
        requests_open(w, entry, d, w->field->hall_requests[w->walk->site.halls[entry->hall]]);
        requests_open(w, entry, d, w->field->area_requests);
        return;
    }
    for (uint32_t k = 0; k < person->lesson_count; k++) {
        lesson_open(w, entry, d, person->lessons[k]);
    }
}

/* The earliest start; of several lessons the one least used. NULL: nothing is left. */
static struct reach_combo *combo_next(const struct walker *w)
{
    const struct reach_field *f = w->field;
    struct reach_combo *best = NULL;
    for (size_t i = 0; i < w->combo_count; i++) {
        struct reach_combo *combo = &f->combos[i];
        if (combo->starts == 0) {
            continue;
        }
        int bit = __builtin_ctzll(combo->starts);
        int best_bit = best == NULL ? FREE_STARTS : __builtin_ctzll(best->starts);
        if (bit < best_bit ||
            (bit == best_bit && f->lessons[combo->lesson].used < f->lessons[best->lesson].used)) {
            best = combo;
        }
    }
    return best;
}

static struct placement combo_placement(const struct walker *w, const struct reach_entry *entry, int32_t d,
                                        const struct reach_combo *combo)
{
    const struct reach_lesson *lesson = &w->field->lessons[combo->lesson];
    struct placement at = shape_pattern(&w->field->shapes[lesson->shape]);
    at.course = lesson->course;
    at.request = lesson->request;
    at.heads = lesson->heads;
    at.room = combo->room;
    at.instructors[0] = entry->person;
    at.instructor_count = 1;
    at.day = w->field->query->from_day + d;
    at.start_min = mask_minute(__builtin_ctzll(combo->starts));
    return at;
}

/* What the refusal rules out beyond this start. */
static enum reach_step refusal_learn(struct walker *w, const struct reach_entry *entry, int32_t d,
                                     struct reach_combo *combo, enum rule_code rule)
{
    struct reach_field *f = w->field;
    const struct hall *hall = &f->timetable->halls[w->walk->site.halls[entry->hall]];
    size_t room = entry->hall * w->max_rooms + (combo->room - hall->first_room);
    switch (rule) {
    case RULE_CAP_DAY:
    case RULE_CAP_WEEK:
    case RULE_CAP_MONTH:
    case RULE_CAP_YEAR:
        strike_period(f, &f->person_strikes[entry->person], rule, d);
        return WALK_NEXT_DAY;
    case RULE_SUPPLY:
    case RULE_HALL_QUOTA:
        strike_period(f, &f->hall_strikes[entry->hall * f->lesson_count + combo->lesson], rule, d);
        combo->starts = 0;
        return WALK_ON;
    case RULE_FACILITIES:
    case RULE_CAPACITY:
        f->room_strikes[room * f->lesson_count + combo->lesson] =
            (struct reach_strike){f->walk, 0, f->day_count};
        combo->starts = 0;
        return WALK_ON;
    default:
        combo->starts &= combo->starts - 1;
        return WALK_ON;
    }
}

static void spot_walk(struct walker *w, const struct reach_entry *entry, int32_t d)
{
    struct reach_field *f = w->field;
    struct reach_combo *combo = NULL;
    if (is_struck(f, &f->person_strikes[entry->person], d)) {
        return;
    }
    lessons_open(w, entry, d);
    while (w->failed == ERR_NONE && (combo = combo_next(w)) != NULL) {
        const struct placement at = combo_placement(w, entry, d, combo);
        enum rule_code rule = RULE_COUNT;
        enum reach_step step = WALK_ON;
        f->asked++;
        if (rules_allow(f->book, &at, NONE, &rule)) {
            const struct reach_found found = {{at, w->wished, w->easy, entry->cost_min}, combo->lesson};
            combo->starts &= combo->starts - 1;
            step = w->walk->visit(w->walk->context, &found);
        } else {
            step = refusal_learn(w, entry, d, combo, rule);
        }
        if (step != WALK_ON) {
            w->step = step == WALK_STOP ? WALK_STOP : w->step;
            return;
        }
    }
}

static void entry_walk(struct walker *w, const struct reach_entry *entry)
{
    struct reach_field *f = w->field;
    const struct reach_person *person = &f->people[entry->person];
    int32_t from = w->walk->person != NONE ? w->walk->day : 0;
    int32_t to = w->walk->person != NONE ? w->walk->day + 1 : f->day_count;
    if (entry->day != FREE_DAYS) {
        spot_walk(w, entry, entry->day);
        return;
    }
    for (int32_t d = from; d < to && w->step != WALK_STOP && w->failed == ERR_NONE; d++) {
        if (!bit_of(person->busy_days, (size_t)d)) {
            spot_walk(w, entry, d);
        }
    }
}

/* ---- the heap of journeys ---- */

static bool entry_before(const struct reach_entry *a, const struct reach_entry *b)
{
    if (a->cost_min != b->cost_min) {
        return a->cost_min < b->cost_min;
    }
    if (a->day != b->day) {
        return a->day < b->day;
    }
    if (a->from_min != b->from_min) {
        return a->from_min < b->from_min;
    }
    return a->hall != b->hall ? a->hall < b->hall : a->person < b->person;
}

static void entry_push(struct walker *w, struct reach_entry entry)
{
    struct reach_field *f = w->field;
    if (entry.cost_min <= w->above_min || entry.cost_min > w->up_to_min) {
        return;
    }
    struct reach_entry *heap =
        vec_reserve(f->heap, &f->heap_capacity, f->heap_count + 1, sizeof entry, LIMIT_ROWS);
    if (heap == NULL) {
        w->failed = ERR_MEMORY;
        return;
    }
    f->heap = heap;
    size_t at = f->heap_count++;
    for (; at > 0 && entry_before(&entry, &heap[(at - 1) / 2]); at = (at - 1) / 2) {
        heap[at] = heap[(at - 1) / 2];
    }
    heap[at] = entry;
}

static struct reach_entry entry_pop(struct reach_field *f)
{
    struct reach_entry *heap = f->heap;
    struct reach_entry top = heap[0];
    struct reach_entry last = heap[--f->heap_count];
    size_t at = 0;
    for (size_t child = 1; child < f->heap_count; child = 2 * at + 1) {
        child += child + 1 < f->heap_count && entry_before(&heap[child + 1], &heap[child]) ? 1 : 0;
        if (!entry_before(&heap[child], &last)) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    if (f->heap_count > 0) {
        heap[at] = last;
    }
    return top;
}

/* The gaps of the days with sessions: before each stop, and after the last of a day. */
static void gaps_push(struct walker *w, uint32_t hall, uint32_t person, const int32_t *roads)
{
    const struct reach_person *at = &w->field->people[person];
    int32_t home_min = roads[w->field->timetable->hall_count + person];
    for (size_t i = 0; i < at->stop_count; i++) {
        const struct reach_stop *stop = &at->stops[i];
        const struct reach_stop *before = i > 0 && at->stops[i - 1].day == stop->day ? stop - 1 : NULL;
        bool is_last = i + 1 == at->stop_count || at->stops[i + 1].day != stop->day;
        if (w->walk->person != NONE && stop->day != w->walk->day) {
            continue;
        }
        int64_t midnight = ((int64_t)w->field->query->from_day + stop->day) * DAY_MINUTES;
        struct reach_entry entry = {.day = stop->day, .hall = hall, .person = person};
        entry.from_min = before != NULL ? (int32_t)(before->start_abs_min - midnight) : INT32_MIN;
        entry.until_min = (int32_t)(stop->start_abs_min - midnight);
        entry.cost_min = before != NULL ? roads[before->hall] + roads[stop->hall] - stop->leg_min
                                        : home_min + roads[stop->hall] - stop->home_min;
        if (entry.from_min < entry.until_min) {
            entry_push(w, entry);
        }
        if (is_last) {
            entry.from_min = entry.until_min;
            entry.until_min = INT32_MAX;
            entry.cost_min = roads[stop->hall] + home_min - stop->home_min;
            entry_push(w, entry);
        }
    }
}

static bool request_fits(const struct walker *w, uint32_t hall, uint32_t person, uint32_t first)
{
    const struct reach_field *f = w->field;
    for (uint32_t l = first; l != NONE; l = f->lessons[l].next) {
        if (f->lessons[l].left > 0 && timetable_qualified(f->timetable, person, f->lessons[l].course) &&
            request_allows_hall(f->timetable, f->lessons[l].request, w->walk->site.halls[hall])) {
            return true;
        }
    }
    return false;
}

static bool person_fits(const struct walker *w, uint32_t hall, uint32_t person)
{
    const struct reach_field *f = w->field;
    if (w->walk->person != NONE && w->walk->person != person) {
        return false;
    }
    return w->wished ? request_fits(w, hall, person, f->hall_requests[w->walk->site.halls[hall]]) ||
                           request_fits(w, hall, person, f->area_requests)
                     : f->people[person].lesson_count > 0;
}

static void journeys_push(struct walker *w)
{
    const struct timetable *t = w->field->timetable;
    for (uint32_t h = 0; h < w->walk->site.hall_count && w->failed == ERR_NONE; h++) {
        const int32_t *roads = field_roads(w->field, w->walk->site.halls[h]);
        w->failed = roads == NULL ? ERR_MEMORY : w->failed;
        for (uint32_t i = 0; roads != NULL && i < t->instructor_count && w->failed == ERR_NONE; i++) {
            if (person_fits(w, h, i)) {
                entry_push(w, (struct reach_entry){.cost_min = 2 * roads[t->hall_count + i],
                                                   .day = FREE_DAYS,
                                                   .hall = h,
                                                   .person = i});
                gaps_push(w, h, i, roads);
            }
        }
    }
}

/* The nearest home's way there and back. */
static int32_t nearest_min(struct walker *w)
{
    const struct timetable *t = w->field->timetable;
    int32_t least = INT32_MAX - NEAR_MIN - 1;
    for (uint32_t h = 0; h < w->walk->site.hall_count && w->failed == ERR_NONE; h++) {
        const int32_t *roads = field_roads(w->field, w->walk->site.halls[h]);
        w->failed = roads == NULL ? ERR_MEMORY : w->failed;
        for (uint32_t i = 0; roads != NULL && i < t->instructor_count; i++) {
            int32_t both_min = 2 * roads[t->hall_count + i];
            least = both_min < least && person_fits(w, h, i) ? both_min : least;
        }
    }
    return least;
}

static void phase_walk(struct walker *w, int32_t above_min, int32_t up_to_min)
{
    w->above_min = above_min;
    w->up_to_min = up_to_min;
    w->field->heap_count = 0;
    journeys_push(w);
    while (w->field->heap_count > 0 && w->step != WALK_STOP && w->failed == ERR_NONE) {
        const struct reach_entry entry = entry_pop(w->field);
        entry_walk(w, &entry);
    }
}

static bool has_requests(const struct walker *w)
{
    bool any = w->field->area_requests != NONE;
    for (size_t h = 0; !any && h < w->walk->site.hall_count; h++) {
        any = w->field->hall_requests[w->walk->site.halls[h]] != NONE;
    }
    return any;
}

static void tier_walk(struct walker *w, bool wished)
{
    w->wished = wished;
    int32_t near_min = w->walk->person != NONE ? INT32_MAX : nearest_min(w) + NEAR_MIN;
    for (int pass = 0; pass < 2 && w->step != WALK_STOP && w->failed == ERR_NONE; pass++) {
        w->easy = pass == 0;
        phase_walk(w, INT32_MIN, near_min);
        if (near_min < INT32_MAX && w->step != WALK_STOP && w->failed == ERR_NONE) {
            phase_walk(w, near_min, INT32_MAX);
        }
    }
}

enum error_code field_walk(struct reach_field *field, const struct reach_walk *walk, struct error *err)
{
    struct walker w = {.field = field, .walk = walk, .max_rooms = 0, .step = WALK_ON, .failed = ERR_NONE};
    for (size_t h = 0; h < walk->site.hall_count; h++) {
        uint32_t rooms = field->timetable->halls[walk->site.halls[h]].room_count;
        w.max_rooms = rooms > w.max_rooms ? rooms : w.max_rooms;
    }
    field->walk++;
    if (w.max_rooms == 0 || field->lesson_count == 0) {
        return ERR_NONE;
    }
    if (!walk_allocate(&w)) {
        return error_set(err, ERR_MEMORY, "reach: %s", error_sentence_en(ERR_MEMORY));
    }
    if (has_requests(&w)) {
        tier_walk(&w, true);
    }
    if (walk->menu_too && w.step != WALK_STOP && w.failed == ERR_NONE) {
        tier_walk(&w, false);
    }
    return w.failed == ERR_NONE ? ERR_NONE
                                : error_set(err, w.failed, "reach: %s", error_sentence_en(w.failed));
}

bool place_before(const struct reach_place *a, const struct reach_place *b)
{
    if (a->wished != b->wished) {
        return a->wished;
    }
    if (a->easy != b->easy) {
        return a->easy;
    }
    if (a->travel_min != b->travel_min) {
        return a->travel_min < b->travel_min;
    }
    return a->at.day != b->at.day ? a->at.day < b->at.day : a->at.start_min < b->at.start_min;
}
