/* Targets in work: their halls, their seats, and steps that can be taken back. */
#include "scheduler/reach_work.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

static enum error_code memory_out(struct error *err)
{
    return error_set(err, ERR_MEMORY, "reach: %s", error_sentence_en(ERR_MEMORY));
}

/* ---- life ---- */

static bool in_target(const struct timetable *t, const struct reach_target *target, uint32_t hall)
{
    return target->hall != NONE ? target->hall == hall
                                : timetable_area_within(t, t->halls[hall].area, target->area);
}

static enum error_code sites_collect(struct reach_work *work)
{
    const struct timetable *t = work->timetable;
    size_t count = 0;
    uint32_t *halls = malloc((t->hall_count + work->aim_count + 1) * sizeof *halls);
    if (halls == NULL) {
        return ERR_MEMORY;
    }
    work->site_halls = halls;
    for (size_t i = 0; i < work->aim_count; i++) {
        const struct reach_target *target = &work->query->targets[i];
        struct reach_site *site = &work->aims[i].site;
        site->halls = &halls[count];
        if (target->hall != NONE) {
            halls[count++] = target->hall;
            site->hall_count = 1;
            continue;
        }
        for (uint32_t h = 0; h < t->hall_count && count < t->hall_count + work->aim_count; h++) {
            if (in_target(t, target, h)) {
                halls[count++] = h;
                site->hall_count++;
            }
        }
    }
    return ERR_NONE;
}

static enum error_code aims_allocate(struct reach_work *work)
{
    size_t seats = 0;
    for (size_t i = 0; i < work->aim_count; i++) {
        seats += (size_t)work->query->targets[i].need;
    }
    work->aims = calloc(work->aim_count + 1, sizeof *work->aims);
    work->seats = calloc(seats + 1, sizeof *work->seats);
    if (work->aims == NULL || work->seats == NULL) {
        return ERR_MEMORY;
    }
    struct reach_seat *next = work->seats;
    for (size_t i = 0; i < work->aim_count; i++) {
        work->aims[i].need = work->query->targets[i].need;
        work->aims[i].seats = next;
        next += work->aims[i].need;
    }
    return sites_collect(work);
}

enum error_code work_open(struct reach_work *work, struct timetable *timetable,
                          const struct reach_query *query, const atomic_bool *cancel, struct error *err)
{
    *work =
        (struct reach_work){.timetable = timetable,
                            .query = query,
                            .cancel = cancel,
                            .aim_count = query->target_count,
                            .goal = query->goal < query->target_count ? query->goal : query->target_count};
    if (aims_allocate(work) != ERR_NONE) {
        return memory_out(err);
    }
    enum error_code code = book_create(timetable, false, &work->book, err);
    return code == ERR_NONE ? field_open(&work->field, work->book, query, err) : code;
}

void work_close(struct reach_work *work)
{
    if (work->field.timetable != NULL) {
        field_close(&work->field);
    }
    if (work->base.timetable != NULL) {
        field_close(&work->base);
    }
    book_destroy(work->book);
    book_destroy(work->base_book);
    free(work->site_halls);
    free(work->seats);
    free(work->aims);
    free(work->owners);
    free(work->undos);
}

enum error_code work_base(struct reach_work *work, struct error *err)
{
    if (work->base_book != NULL) {
        return ERR_NONE;
    }
    enum error_code code = book_create(work->timetable, false, &work->base_book, err);
    return code == ERR_NONE ? field_open(&work->base, work->base_book, work->query, err) : code;
}

void work_phase(struct reach_work *work)
{
    work->spent = 0;
    work->is_cut = work->is_cancelled;
}

bool work_goes_on(struct reach_work *work)
{
    work->is_cancelled |= work->cancel != NULL && atomic_load_explicit(work->cancel, memory_order_relaxed);
    work->is_cut |= work->is_cancelled || work->spent > work->query->work;
    return !work->is_cut;
}

/* ---- seats ---- */

static enum reach_step first_take(void *context, const struct reach_found *found)
{
    struct reach_found *first = context;
    *first = *found;
    return WALK_STOP;
}

enum error_code seat_find(struct reach_work *work, uint32_t aim, struct reach_found *ret_found, bool *ret_any,
                          struct error *err)
{
    struct reach_found found = {.lesson = NONE};
    const struct reach_walk walk = {.site = work->aims[aim].site,
                                    .person = NONE,
                                    .menu_too = true,
                                    .visit = first_take,
                                    .context = &found};
    enum error_code code = field_walk(&work->field, &walk, err);
    if (code == ERR_NONE) {
        *ret_any = found.lesson != NONE;
        *ret_found = found;
    }
    return code;
}

static enum error_code owner_set(struct reach_work *work, uint32_t slot, uint32_t aim)
{
    size_t before = work->owner_capacity;
    uint32_t *owners =
        vec_reserve(work->owners, &work->owner_capacity, (size_t)slot + 1, sizeof *owners, LIMIT_ROWS);
    if (owners == NULL) {
        return ERR_MEMORY;
    }
    work->owners = owners;
    for (size_t i = before; i < work->owner_capacity; i++) {
        owners[i] = NONE;
    }
    owners[slot] = aim;
    return ERR_NONE;
}

static enum error_code undo_note(struct reach_work *work, struct reach_undo undo)
{
    if (!work->undo_kept) {
        return ERR_NONE;
    }
    void *grown =
        vec_reserve(work->undos, &work->undo_capacity, work->undo_count + 1, sizeof undo, LIMIT_ROWS);
    if (grown == NULL) {
        return ERR_MEMORY;
    }
    work->undos = grown;
    work->undos[work->undo_count++] = undo;
    return ERR_NONE;
}

/* What a lesson has left is shared by all that serve the request. */
static void lesson_count(struct reach_work *work, uint32_t lesson, bool added)
{
    struct reach_lesson *at = &work->field.lessons[lesson];
    at->left -= at->left == INT32_MAX ? 0 : added ? 1 : -1;
    at->used = added ? at->used + 1 : at->used - 1;
}

static enum error_code seat_put(struct reach_work *work, uint32_t aim, const struct reach_found *found,
                                struct error *err)
{
    struct reach_aim *at = &work->aims[aim];
    uint32_t slot = NONE;
    enum error_code code = book_add(work->book, &found->place.at, &slot, err);
    if (code != ERR_NONE) {
        return code;
    }
    bool was_placed = aim_is_placed(at);
    at->seats[at->seat_count++] = (struct reach_seat){*found, slot};
    work->reached += !was_placed && aim_is_placed(at) ? 1 : 0;
    lesson_count(work, found->lesson, true);
    if (owner_set(work, slot, aim) != ERR_NONE ||
        field_refresh(&work->field, found->place.at.instructors[0]) != ERR_NONE) {
        return memory_out(err);
    }
    return ERR_NONE;
}

static enum error_code seat_take(struct reach_work *work, uint32_t aim, struct error *err)
{
    struct reach_aim *at = &work->aims[aim];
    work->reached -= aim_is_placed(at) ? 1 : 0;
    const struct reach_seat *seat = &at->seats[--at->seat_count];
    work->owners[seat->slot] = NONE;
    book_remove(work->book, seat->slot);
    lesson_count(work, seat->found.lesson, false);
    return field_refresh(&work->field, seat->found.place.at.instructors[0]) == ERR_NONE ? ERR_NONE
                                                                                        : memory_out(err);
}

enum error_code seat_add(struct reach_work *work, uint32_t aim, const struct reach_found *found,
                         struct error *err)
{
    enum error_code code = seat_put(work, aim, found, err);
    const struct reach_undo undo = {.aim = aim, .added = true};
    return code == ERR_NONE && undo_note(work, undo) != ERR_NONE ? memory_out(err) : code;
}

enum error_code seat_drop(struct reach_work *work, uint32_t aim, struct error *err)
{
    const struct reach_aim *at = &work->aims[aim];
    const struct reach_undo undo = {.aim = aim, .found = at->seats[at->seat_count - 1].found};
    enum error_code code = seat_take(work, aim, err);
    return code == ERR_NONE && undo_note(work, undo) != ERR_NONE ? memory_out(err) : code;
}

enum error_code seats_undo(struct reach_work *work, size_t mark, struct error *err)
{
    enum error_code code = ERR_NONE;
    while (code == ERR_NONE && work->undo_count > mark) {
        const struct reach_undo undo = work->undos[--work->undo_count];
        code = undo.added ? seat_take(work, undo.aim, err) : seat_put(work, undo.aim, &undo.found, err);
    }
    return code;
}

enum error_code aim_fill(struct reach_work *work, uint32_t aim, bool *ret_placed, struct error *err)
{
    struct reach_aim *at = &work->aims[aim];
    int32_t before = at->seat_count;
    bool any = true;
    enum error_code code = ERR_NONE;
    while (code == ERR_NONE && any && at->seat_count < at->need) {
        struct reach_found found;
        code = seat_find(work, aim, &found, &any, err);
        if (code == ERR_NONE && any) {
            code = seat_add(work, aim, &found, err);
        }
    }
    while (code == ERR_NONE && !any && at->seat_count > before) {
        code = seat_drop(work, aim, err);
    }
    *ret_placed = code == ERR_NONE && any;
    return code;
}
