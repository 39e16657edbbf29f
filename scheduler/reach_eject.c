/* Chains of moves: a target without a place takes one that drafts stand in the way of; those look for other
 * places, if need be in the same manner (Kuhn's augmenting paths, where one session holds one place). Nothing
 * published is moved. */
#include "base/vec.h"
#include "scheduler/book_lines.h"
#include "scheduler/reach_work.h"
#include "scheduler/rules_private.h"

#include <stdlib.h>

enum {
    PLACES_MAX = 256,      /* places that one target tries */
    PLACES_OF_PERSON = 24, /* of them with one person */
    EVICTED_MAX = 2,
    DEPTH_MAX = 5,
    ROUNDS_MAX = 3
};

struct places {
    struct reach_found *items; /* owned */
    size_t count;
    int32_t last_day;
    uint32_t last_person;
    int last_part;
    uint8_t *by_person; /* owned; how many of each */
};

/* A few places of each person: one a day and part of it. */
static enum reach_step places_take(void *context, const struct reach_found *found)
{
    struct places *places = context;
    const struct placement *at = &found->place.at;
    int part = at->start_min < 720 ? 0 : at->start_min < 1050 ? 1 : 2;
    if (places->by_person[at->instructors[0]] >= PLACES_OF_PERSON) {
        return WALK_NEXT_DAY;
    }
    if (places->count > 0 && places->last_day == at->day && places->last_person == at->instructors[0] &&
        places->last_part == part) {
        return WALK_ON;
    }
    places->last_day = at->day;
    places->last_person = at->instructors[0];
    places->last_part = part;
    places->by_person[at->instructors[0]]++;
    places->items[places->count++] = *found;
    return places->count == PLACES_MAX ? WALK_STOP : WALK_ON;
}

static enum error_code places_collect(struct reach_work *work, uint32_t aim, struct places *places,
                                      struct error *err)
{
    *places = (struct places){.items = malloc(PLACES_MAX * sizeof *places->items),
                              .by_person = calloc(work->timetable->instructor_count + 1, 1)};
    if (places->items == NULL || places->by_person == NULL) {
        return error_set(err, ERR_MEMORY, "reach: %s", error_sentence_en(ERR_MEMORY));
    }
    const struct reach_walk walk = {.site = work->aims[aim].site,
                                    .person = NONE,
                                    .menu_too = true,
                                    .visit = places_take,
                                    .context = places};
    uint64_t before = work->base.steps;
    enum error_code code = field_walk(&work->base, &walk, err);
    work->spent += work->base.steps - before;
    return code;
}

static void places_finish(struct places *places)
{
    free(places->items);
    free(places->by_person);
}

/* ---- who is in the way ---- */

struct evicted {
    uint32_t aims[EVICTED_MAX];
    size_t count;
};

static bool evicted_has(const struct evicted *evicted, uint32_t aim)
{
    for (size_t i = 0; i < evicted->count; i++) {
        if (evicted->aims[i] == aim) {
            return true;
        }
    }
    return false;
}

static bool evicted_add(const struct reach_work *work, struct evicted *evicted, uint32_t aim)
{
    if (evicted_has(evicted, aim)) {
        return true;
    }
    if (aim == NONE || work->aims[aim].is_visited || evicted->count == EVICTED_MAX) {
        return false;
    }
    evicted->aims[evicted->count++] = aim;
    return true;
}

/* The target whose draft stands at the placement; NONE: it is published. */
static uint32_t draft_owner(const struct reach_work *work, const struct placement *at)
{
    uint32_t hall = work->timetable->rooms[at->room].hall;
    for (uint32_t slot = book_hall_first(work->book, hall); slot != NONE;
         slot = book_hall_next(work->book, slot)) {
        if (slot < work->owner_capacity && work->owners[slot] != NONE &&
            placement_equal(book_at(work->book, slot), at)) {
            return work->owners[slot];
        }
    }
    return NONE;
}

/* Somebody's draft that counts with the placement and may go. */
static uint32_t limit_owner(const struct reach_work *work, const struct clash *clash,
                            const struct evicted *evicted)
{
    const struct placement *at = &clash->subject;
    uint32_t hall = work->timetable->rooms[at->room].hall;
    int32_t from = 0;
    int32_t to = 0;
    if (!count_period(clash->rule, at->day, &from, &to)) {
        return NONE;
    }
    const struct timeline *line = clash->rule == RULE_SUPPLY ? book_course_line(work->book, at->course)
                                  : clash->rule == RULE_HALL_QUOTA
                                      ? book_hall_line(work->book, hall)
                                      : book_instructor_line(work->book, clash->instructor);
    for (size_t i = 0; i < line->count; i++) {
        uint32_t slot = line->items[i].slot;
        const struct placement *other = book_at(work->book, slot);
        uint32_t owner = slot < work->owner_capacity ? work->owners[slot] : (uint32_t)NONE;
        bool counts = other->day >= from && other->day < to &&
                      (clash->rule != RULE_HALL_QUOTA || other->course == at->course);
        if (counts && owner != NONE && !work->aims[owner].is_visited && !evicted_has(evicted, owner)) {
            return owner;
        }
    }
    return NONE;
}

/* A request that is used up by others' drafts. */
static uint32_t lesson_owner(const struct reach_work *work, uint32_t lesson)
{
    for (uint32_t i = 0; i < work->aim_count; i++) {
        const struct reach_aim *aim = &work->aims[i];
        for (int32_t s = 0; s < aim->seat_count; s++) {
            if (aim->seats[s].found.lesson == lesson && !aim->is_visited) {
                return i;
            }
        }
    }
    return NONE;
}

static enum error_code evicted_collect(struct reach_work *work, const struct reach_found *found,
                                       struct evicted *evicted, bool *ret_fine, struct error *err)
{
    struct clash_list list;
    size_t hard = 0;
    bool fine = true;
    clash_list_init(&list);
    work->spent++;
    enum error_code code = rules_check(work->book, &found->place.at, NONE, &list, &hard, err);
    for (size_t i = 0; i < list.count && fine; i++) {
        const struct clash *clash = &list.items[i];
        fine = evicted_add(work, evicted,
                           clash->party == PARTY_SESSION ? draft_owner(work, &clash->other)
                           : clash->party == PARTY_LIMIT ? limit_owner(work, clash, evicted)
                                                         : (uint32_t)NONE);
    }
    clash_list_finish(&list);
    if (fine && work->field.lessons[found->lesson].left <= 0) {
        fine = evicted_add(work, evicted, lesson_owner(work, found->lesson));
    }
    *ret_fine = fine;
    return code;
}

/* ---- the chain ---- */

static enum error_code aim_chain(struct reach_work *work, uint32_t aim, int depth, bool *ret_placed,
                                 struct error *err);

static enum error_code aim_vacate(struct reach_work *work, uint32_t aim, struct error *err)
{
    enum error_code code = ERR_NONE;
    while (code == ERR_NONE && work->aims[aim].seat_count > 0) {
        code = seat_drop(work, aim, err);
    }
    return code;
}

/* The place is taken and everybody who had to go is placed again; else all is as before. */
static enum error_code place_force(struct reach_work *work, uint32_t aim, const struct reach_found *found,
                                   int depth, bool *ret_done, struct error *err)
{
    struct evicted evicted = {.count = 0};
    bool fine = false;
    size_t mark = work->undo_count;
    *ret_done = false;
    enum error_code code = evicted_collect(work, found, &evicted, &fine, err);
    if (code != ERR_NONE || !fine) {
        return code;
    }
    for (size_t i = 0; i < evicted.count && code == ERR_NONE; i++) {
        code = aim_vacate(work, evicted.aims[i], err);
    }
    fine = code == ERR_NONE && work->field.lessons[found->lesson].left > 0 &&
           rules_allow(work->book, &found->place.at, NONE, NULL);
    code = code == ERR_NONE && fine ? seat_add(work, aim, found, err) : code;
    for (size_t i = 0; i < evicted.count && fine && code == ERR_NONE; i++) {
        code = aim_chain(work, evicted.aims[i], depth + 1, &fine, err);
    }
    if (code == ERR_NONE && !fine) {
        code = seats_undo(work, mark, err);
    }
    *ret_done = code == ERR_NONE && fine;
    return code;
}

static enum error_code seat_force(struct reach_work *work, uint32_t aim, int depth, bool *ret_done,
                                  struct error *err)
{
    struct places places;
    enum error_code code = places_collect(work, aim, &places, err);
    *ret_done = false;
    for (size_t i = 0; i < places.count && code == ERR_NONE && !*ret_done && work_goes_on(work); i++) {
        code = place_force(work, aim, &places.items[i], depth, ret_done, err);
    }
    places_finish(&places);
    return code;
}

/* Places the target, moving others; visited ones stay where they are. */
static enum error_code aim_chain(struct reach_work *work, uint32_t aim, int depth, bool *ret_placed,
                                 struct error *err)
{
    struct reach_aim *at = &work->aims[aim];
    size_t mark = work->undo_count;
    bool placed = true;
    enum error_code code = ERR_NONE;
    at->is_visited = true;
    while (code == ERR_NONE && placed && !aim_is_placed(at)) {
        struct reach_found found;
        uint64_t before = work->field.steps;
        code = seat_find(work, aim, &found, &placed, err);
        work->spent += work->field.steps - before;
        if (code == ERR_NONE && placed) {
            code = seat_add(work, aim, &found, err);
        } else if (code == ERR_NONE && depth < DEPTH_MAX) {
            code = seat_force(work, aim, depth, &placed, err);
        }
    }
    if (code == ERR_NONE && !placed) {
        code = seats_undo(work, mark, err);
    }
    *ret_placed = code == ERR_NONE && placed;
    return code;
}

static enum error_code root_chain(struct reach_work *work, uint32_t aim, bool *ret_placed, struct error *err)
{
    for (size_t i = 0; i < work->aim_count; i++) {
        work->aims[i].is_visited = false;
    }
    work->undo_count = 0;
    work->undo_kept = true;
    enum error_code code = aim_chain(work, aim, 0, ret_placed, err);
    work->undo_kept = false;
    work->undo_count = 0;
    for (size_t i = 0; i < work->aim_count && !*ret_placed; i++) {
        work->aims[i].in_core |= work->aims[i].is_visited;
    }
    return code;
}

/* The next one without a place, though it could have one; NONE. */
static uint32_t unplaced_next(const struct reach_work *work, uint32_t from)
{
    while (from < work->aim_count && (work->aims[from].impossible || aim_is_placed(&work->aims[from]))) {
        from++;
    }
    return from < work->aim_count ? from : (uint32_t)NONE;
}

enum error_code work_eject(struct reach_work *work, struct error *err)
{
    enum error_code code = work_base(work, err);
    bool any = true;
    for (int round = 0; round < ROUNDS_MAX && any && code == ERR_NONE; round++) {
        any = false;
        for (uint32_t i = 0; (i = unplaced_next(work, i)) != NONE && code == ERR_NONE &&
                             work->reached < work->goal && work_goes_on(work);
             i++) {
            bool placed = false;
            code = root_chain(work, i, &placed, err);
            any |= placed;
        }
    }
    return code;
}

/* ---- fewer sessions ---- */

/* The placed one that needs the most, if it is more than `least`. */
static uint32_t heaviest(const struct reach_work *work, int32_t least)
{
    uint32_t found = NONE;
    for (uint32_t i = 0; i < work->aim_count; i++) {
        if (aim_is_placed(&work->aims[i]) && work->aims[i].need > least) {
            least = work->aims[i].need;
            found = i;
        }
    }
    return found;
}

/* Out with the heavy one for good only when the light one gets a place. */
static enum error_code pair_trade(struct reach_work *work, uint32_t light, uint32_t heavy, struct error *err)
{
    struct reach_aim *at = &work->aims[heavy];
    bool placed = false;
    enum error_code code = ERR_NONE;
    struct reach_found *kept = malloc((size_t)at->need * sizeof *kept);
    if (kept == NULL) {
        return error_set(err, ERR_MEMORY, "reach: %s", error_sentence_en(ERR_MEMORY));
    }
    while (code == ERR_NONE && at->seat_count > 0) {
        kept[at->seat_count - 1] = at->seats[at->seat_count - 1].found;
        code = seat_drop(work, heavy, err);
    }
    code = code == ERR_NONE ? root_chain(work, light, &placed, err) : code;
    for (int32_t s = 0; s < at->need && !placed && code == ERR_NONE; s++) {
        code = seat_add(work, heavy, &kept[s], err);
    }
    free(kept);
    return code;
}

enum error_code work_trade(struct reach_work *work, struct error *err)
{
    enum error_code code = work_base(work, err);
    for (uint32_t i = 0; (i = unplaced_next(work, i)) != NONE && code == ERR_NONE && work_goes_on(work);
         i++) {
        uint32_t heavy = heaviest(work, work->aims[i].need);
        code = heavy != NONE ? pair_trade(work, i, heavy, err) : code;
    }
    return code;
}
