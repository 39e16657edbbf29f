/* The walk over a target's places in order: open requests before the menu, easy ones before others, then by
 * the minutes that they add to the road. A journey is known before any start is looked at: a free day costs
 * home and back, a day with sessions a detour between two of them; a heap opens the cheapest first. */
#include "scheduler/reach_walk.h"

#include "base/vec.h"

#include <stdlib.h>

enum {
    /* Journeys up to the nearest home and so many minutes more are opened first, the rest when these give
     * too little. */
    NEAR_MIN = 10
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

/* Neither busy nor full, of the 64 days of a word. */
static uint64_t days_free(const struct walker *w, const struct reach_person *person, size_t word)
{
    uint64_t days = ~(person->busy_days[word] | person->full_days[word]);
    size_t rest = (size_t)w->field->day_count - word * 64;
    return rest < 64 ? days & ((UINT64_C(1) << rest) - 1) : days;
}

static void entry_walk(struct walker *w, const struct reach_entry *entry)
{
    const struct reach_person *person = &w->field->people[entry->person];
    if (entry->day != FREE_DAYS) {
        if (!bit_of(person->full_days, (size_t)entry->day)) {
            spot_walk(w, entry, entry->day);
        }
        return;
    }
    for (size_t word = 0; word < w->field->day_words; word++) {
        uint64_t days = days_free(w, person, word);
        while (days != 0 && w->step != WALK_STOP && w->failed == ERR_NONE) {
            int32_t d = (int32_t)(word * 64) + __builtin_ctzll(days);
            if (w->walk->person == NONE || w->walk->day == d) {
                spot_walk(w, entry, d);
            }
            days &= days - 1;
            days &= days_free(w, person, word); /* a cap may have filled some of them */
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

/* Days with sessions: each gap is a detour. */
static void gaps_push(struct walker *w, uint32_t hall, uint32_t person, const int32_t *roads)
{
    const struct reach_person *at = &w->field->people[person];
    for (size_t i = 0; i < at->gap_count; i++) {
        const struct reach_gap *gap = &at->gaps[i];
        int32_t cost_min = roads[gap->before] + roads[gap->after] - gap->direct_min;
        if (cost_min > w->above_min && cost_min <= w->up_to_min && gap->from_min < gap->until_min &&
            !bit_of(at->full_days, (size_t)gap->day) &&
            (w->walk->person == NONE || gap->day == w->walk->day)) {
            entry_push(w, (struct reach_entry){.cost_min = cost_min,
                                               .day = gap->day,
                                               .from_min = gap->from_min,
                                               .until_min = gap->until_min,
                                               .hall = hall,
                                               .person = person});
        }
    }
}

static bool person_fits(const struct walker *w, uint32_t hall, uint32_t person)
{
    const struct reach_field *f = w->field;
    if (w->walk->person != NONE && w->walk->person != person) {
        return false;
    }
    for (size_t k = 0; w->wished && k < f->wish_count; k++) {
        if (f->wishes[k].hall == hall &&
            timetable_qualified(f->timetable, person, f->lessons[f->wishes[k].lesson].course)) {
            return true;
        }
    }
    return !w->wished && f->people[person].lesson_count > 0;
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

static void wishes_add(struct walker *w, uint32_t hall, uint32_t first)
{
    struct reach_field *f = w->field;
    for (uint32_t l = first; l != NONE && w->failed == ERR_NONE; l = f->lessons[l].next) {
        if (f->lessons[l].left <= 0 ||
            !request_allows_hall(f->timetable, f->lessons[l].request, w->walk->site.halls[hall])) {
            continue;
        }
        void *grown =
            vec_reserve(f->wishes, &f->wish_capacity, f->wish_count + 1, sizeof *f->wishes, LIMIT_ROWS);
        if (grown == NULL) {
            w->failed = ERR_MEMORY;
            return;
        }
        f->wishes = grown;
        f->wishes[f->wish_count++] = (struct reach_wish){l, hall};
    }
}

static void wishes_collect(struct walker *w)
{
    struct reach_field *f = w->field;
    f->wish_count = 0;
    for (uint32_t h = 0; h < w->walk->site.hall_count; h++) {
        wishes_add(w, h, f->hall_requests[w->walk->site.halls[h]]);
        wishes_add(w, h, f->area_requests);
    }
}

/* Up to how many minutes a journey of this pass may take to come before walk.better; INT32_MIN: none may. */
static int32_t pass_limit_min(const struct walker *w)
{
    const struct reach_place *better = w->walk->better;
    if (better == NULL || (w->wished && !better->wished)) {
        return INT32_MAX;
    }
    if (w->wished != better->wished || (!w->easy && better->easy)) {
        return INT32_MIN;
    }
    return w->easy && !better->easy ? INT32_MAX : better->travel_min - 1;
}

static void tier_walk(struct walker *w, bool wished)
{
    int32_t near_min = INT32_MAX;
    bool is_first = true;
    w->wished = wished;
    for (int pass = 0; pass < 2 && w->step != WALK_STOP && w->failed == ERR_NONE; pass++) {
        w->easy = pass == 0;
        int32_t limit_min = pass_limit_min(w);
        if (limit_min == INT32_MIN) {
            continue;
        }
        if (is_first && limit_min == INT32_MAX && w->walk->person == NONE) {
            near_min = nearest_min(w) + NEAR_MIN;
            is_first = false;
        }
        phase_walk(w, INT32_MIN, near_min < limit_min ? near_min : limit_min);
        if (near_min < limit_min && w->step != WALK_STOP && w->failed == ERR_NONE) {
            phase_walk(w, near_min, limit_min);
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
    wishes_collect(&w);
    if (field->wish_count > 0) {
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
