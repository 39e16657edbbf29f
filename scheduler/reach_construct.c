/* Construction: the target that costs the least takes its place, and so on; whoever is near the new journey
 * looks at it. Afterwards each target is taken out once more and looks for a shorter road. */
#include "base/vec.h"
#include "scheduler/reach_work.h"

#include <stdlib.h>

/* Targets by sessions that they lack, then by the road of the next one. */
struct queue_item {
    int64_t key;
    uint32_t aim, version;
};

struct queue {
    struct reach_work *work;
    struct queue_item *items; /* owned */
    size_t count, capacity;
};

static bool item_before(const struct queue_item *a, const struct queue_item *b)
{
    return a->key != b->key ? a->key < b->key : a->aim < b->aim;
}

static enum error_code queue_push(struct queue *queue, uint32_t aim)
{
    const struct reach_aim *at = &queue->work->aims[aim];
    const struct queue_item item = {((int64_t)at->need << 32) + at->best.place.travel_min, aim, at->version};
    struct queue_item *items =
        vec_reserve(queue->items, &queue->capacity, queue->count + 1, sizeof item, LIMIT_ROWS);
    if (items == NULL) {
        return ERR_MEMORY;
    }
    queue->items = items;
    size_t i = queue->count++;
    for (; i > 0 && item_before(&item, &items[(i - 1) / 2]); i = (i - 1) / 2) {
        items[i] = items[(i - 1) / 2];
    }
    items[i] = item;
    return ERR_NONE;
}

static struct queue_item queue_pop(struct queue *queue)
{
    struct queue_item *items = queue->items;
    struct queue_item top = items[0];
    struct queue_item last = items[--queue->count];
    size_t at = 0;
    for (size_t child = 1; child < queue->count; child = 2 * at + 1) {
        child += child + 1 < queue->count && item_before(&items[child + 1], &items[child]) ? 1 : 0;
        if (!item_before(&items[child], &last)) {
            break;
        }
        items[at] = items[child];
        at = child;
    }
    if (queue->count > 0) {
        items[at] = last;
    }
    return top;
}

/* Looks for the best place anew. */
static enum error_code best_find(struct queue *queue, uint32_t aim, struct error *err)
{
    struct reach_aim *at = &queue->work->aims[aim];
    at->version++;
    enum error_code code = seat_find(queue->work, aim, &at->best, &at->has_best, err);
    if (code == ERR_NONE && at->has_best && queue_push(queue, aim) != ERR_NONE) {
        code = error_set(err, ERR_MEMORY, "reach: %s", error_sentence_en(ERR_MEMORY));
    }
    return code;
}

/* May the place still be taken, over the same road? */
static bool best_stands(const struct reach_work *work, const struct reach_aim *aim)
{
    const struct reach_lesson *lesson = &work->field.lessons[aim->best.lesson];
    const struct placement *at = &aim->best.place.at;
    if (lesson->left <= 0 || !rules_allow(work->book, at, NONE, NULL)) {
        return false;
    }
    return pricing_travel_min(&lesson->pricing, at->instructors[0], work->timetable->rooms[at->room].hall,
                              at->day, at->start_min, NULL) <= aim->best.place.travel_min;
}

static enum reach_step first_take(void *context, const struct reach_found *found)
{
    struct reach_found *first = context;
    *first = *found;
    return WALK_STOP;
}

/* The new session at `at` may save another target half of its journey. */
static enum error_code neighbour_look(struct queue *queue, uint32_t aim, const struct placement *at,
                                      struct error *err)
{
    struct reach_work *work = queue->work;
    struct reach_aim *other = &work->aims[aim];
    int32_t day = at->day - work->query->from_day;
    bool is_near = false;
    for (size_t h = 0; h < other->site.hall_count && !is_near; h++) {
        is_near = 2 * (int64_t)field_detour_min(&work->field, other->site.halls[h], at->instructors[0], day) <
                  other->best.place.travel_min;
    }
    if (!is_near) {
        return ERR_NONE;
    }
    struct reach_found found = {.lesson = NONE};
    const struct reach_place before = other->best.place;
    const struct reach_walk walk = {.site = other->site,
                                    .person = at->instructors[0],
                                    .day = day,
                                    .menu_too = true,
                                    .better = &before,
                                    .visit = first_take,
                                    .context = &found};
    enum error_code code = field_walk(&work->field, &walk, err);
    if (code == ERR_NONE && found.lesson != NONE && place_before(&found.place, &other->best.place)) {
        other->best = found;
        other->version++;
        if (queue_push(queue, aim) != ERR_NONE) {
            code = error_set(err, ERR_MEMORY, "reach: %s", error_sentence_en(ERR_MEMORY));
        }
    }
    return code;
}

static enum error_code neighbours_look(struct queue *queue, uint32_t aim, struct error *err)
{
    struct reach_work *work = queue->work;
    const struct reach_aim *done = &work->aims[aim];
    enum error_code code = ERR_NONE;
    for (int32_t s = 0; s < done->seat_count; s++) {
        const struct placement at = done->seats[s].found.place.at;
        for (uint32_t i = 0; i < work->aim_count && code == ERR_NONE; i++) {
            if (work->aims[i].has_best && work->aims[i].seat_count == 0) {
                code = neighbour_look(queue, i, &at, err);
            }
        }
    }
    return code;
}

/* The first session where it was found, the others wherever. */
static enum error_code best_take(struct queue *queue, uint32_t aim, struct error *err)
{
    struct reach_work *work = queue->work;
    struct reach_aim *at = &work->aims[aim];
    bool placed = false;
    enum error_code code = seat_add(work, aim, &at->best, err);
    code = code == ERR_NONE ? aim_fill(work, aim, &placed, err) : code;
    if (code == ERR_NONE && !placed) {
        at->has_best = false; /* the chains may still find room */
        return seat_drop(work, aim, err);
    }
    return code == ERR_NONE ? neighbours_look(queue, aim, err) : code;
}

enum error_code work_construct(struct reach_work *work, struct error *err)
{
    struct queue queue = {.work = work};
    enum error_code code = ERR_NONE;
    for (uint32_t i = 0; i < work->aim_count && code == ERR_NONE && work_goes_on(work); i++) {
        code = best_find(&queue, i, err);
    }
    while (code == ERR_NONE && queue.count > 0 && work->reached < work->goal && work_goes_on(work)) {
        const struct queue_item item = queue_pop(&queue);
        struct reach_aim *aim = &work->aims[item.aim];
        if (item.version != aim->version || aim->seat_count > 0) {
            continue;
        }
        code = best_stands(work, aim) ? best_take(&queue, item.aim, err) : best_find(&queue, item.aim, err);
    }
    free(queue.items);
    return code;
}

/* ---- shorter roads ---- */

enum {
    IMPROVE_PASSES = 3
};

struct worth {
    int32_t unwished, uneasy;
    int64_t travel_min;
};

static bool worth_less(const struct worth *a, const struct worth *b)
{
    if (a->unwished != b->unwished) {
        return a->unwished < b->unwished;
    }
    return a->uneasy != b->uneasy ? a->uneasy < b->uneasy : a->travel_min < b->travel_min;
}

/* Of the sessions as they come off, last first: what each saves the road. */
static enum error_code aim_empty(struct reach_work *work, uint32_t aim, struct worth *ret_worth,
                                 struct error *err)
{
    struct reach_aim *at = &work->aims[aim];
    enum error_code code = ERR_NONE;
    *ret_worth = (struct worth){0};
    while (code == ERR_NONE && at->seat_count > 0) {
        const struct reach_found found = at->seats[at->seat_count - 1].found;
        const struct placement *place = &found.place.at;
        code = seat_drop(work, aim, err);
        ret_worth->unwished += found.place.wished ? 0 : 1;
        ret_worth->uneasy += found.place.easy ? 0 : 1;
        ret_worth->travel_min +=
            pricing_travel_min(&work->field.lessons[found.lesson].pricing, place->instructors[0],
                               work->timetable->rooms[place->room].hall, place->day, place->start_min, NULL);
    }
    return code;
}

static struct worth seats_worth(const struct reach_aim *aim)
{
    struct worth worth = {0};
    for (int32_t s = 0; s < aim->seat_count; s++) {
        worth.unwished += aim->seats[s].found.place.wished ? 0 : 1;
        worth.uneasy += aim->seats[s].found.place.easy ? 0 : 1;
        worth.travel_min += aim->seats[s].found.place.travel_min;
    }
    return worth;
}

/* A better place for the only session; the old one is looked at no more. */
static enum error_code seat_improve(struct reach_work *work, uint32_t aim, const struct worth *before,
                                    bool *ret_better, struct error *err)
{
    struct reach_found found = {.lesson = NONE};
    const struct reach_place now = {.wished = before->unwished == 0,
                                    .easy = before->uneasy == 0,
                                    .travel_min = (int32_t)before->travel_min};
    const struct reach_walk walk = {.site = work->aims[aim].site,
                                    .person = NONE,
                                    .menu_too = true,
                                    .better = &now,
                                    .visit = first_take,
                                    .context = &found};
    enum error_code code = field_walk(&work->field, &walk, err);
    *ret_better = code == ERR_NONE && found.lesson != NONE;
    return *ret_better ? seat_add(work, aim, &found, err) : code;
}

static enum error_code aim_improve(struct reach_work *work, uint32_t aim, bool *ret_better, struct error *err)
{
    struct worth before;
    bool placed = false;
    uint64_t steps = work->field.steps;
    work->undo_kept = true;
    work->undo_count = 0;
    *ret_better = false;
    enum error_code code = aim_empty(work, aim, &before, err);
    if (code == ERR_NONE && work->aims[aim].need == 1) {
        code = seat_improve(work, aim, &before, ret_better, err);
    } else if (code == ERR_NONE) {
        code = aim_fill(work, aim, &placed, err);
        struct worth after = seats_worth(&work->aims[aim]);
        *ret_better = code == ERR_NONE && placed && worth_less(&after, &before);
    }
    if (code == ERR_NONE && !*ret_better) {
        code = seats_undo(work, 0, err);
    }
    work->undo_kept = false;
    work->undo_count = 0;
    work->spent += work->field.steps - steps;
    return code;
}

enum error_code work_improve(struct reach_work *work, struct error *err)
{
    enum error_code code = ERR_NONE;
    bool any = true;
    for (int pass = 0; pass < IMPROVE_PASSES && any && code == ERR_NONE; pass++) {
        any = false;
        for (uint32_t i = 0; i < work->aim_count && code == ERR_NONE; i++) {
            bool better = false;
            if (!work_goes_on(work)) {
                return ERR_NONE;
            }
            if (aim_is_placed(&work->aims[i])) {
                code = aim_improve(work, i, &better, err);
                any |= better;
            }
        }
    }
    return code;
}
