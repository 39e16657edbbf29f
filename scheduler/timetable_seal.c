/* Sealing: the rows are put into order, what can be derived is derived, and the snapshot freezes. */
#include "base/date.h"
#include "scheduler/timetable_private.h"
#include "scheduler/travel.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A parent that is not there: the nearest area whose id begins parent_id (registers of different
 * years disagree about townships, hardly about counties). */
static uint32_t parent_by_prefix(const struct timetable *timetable, uint32_t self, const char *parent_id)
{
    char prefix[LIMIT_ID_BYTES + 1] = {0};
    size_t length = strnlen(parent_id, LIMIT_ID_BYTES);
    memcpy(prefix, parent_id, length);
    while (length > 1) {
        prefix[--length] = '\0';
        uint32_t found = map_get(&timetable->area_ids, prefix);
        if (found != NONE && found != self) {
            return found;
        }
    }
    return NONE;
}

static void parents_resolve(struct timetable *timetable)
{
    for (uint32_t i = 0; i < timetable->area_count; i++) {
        struct area *area = &timetable->areas[i];
        area->parent = NONE;
        if (area->parent_id != NULL && area->parent_id[0] != '\0') {
            uint32_t found = map_get(&timetable->area_ids, area->parent_id);
            area->parent = found != NONE ? found : parent_by_prefix(timetable, i, area->parent_id);
        }
    }
}

/* Everything that an area has from those above it. */
static enum error_code ancestors_derive(struct timetable *timetable, uint32_t index, struct error *err)
{
    struct area *area = &timetable->areas[index];
    area->county = area->township = NONE;
    area->known_place = area->place;
    uint32_t at = index;
    for (int step = 0; step < AREA_ANCESTORS_MAX && at != NONE; step++) {
        const struct area *ancestor = &timetable->areas[at];
        if (ancestor->level == AREA_COUNTY && area->county == NONE) {
            area->county = at;
        }
        if (ancestor->level == AREA_TOWNSHIP && area->township == NONE) {
            area->township = at;
        }
        if (!area->known_place.known) {
            area->known_place = ancestor->place;
        }
        at = ancestor->parent;
    }
    if (at != NONE) {
        return error_set(err, ERR_INPUT, "区域 %s（%s）的上级关系成环 (area %s: its parents form a circle)",
                         area->id, area->name, area->id);
    }
    return ERR_NONE;
}

static enum error_code areas_seal(struct timetable *timetable, struct error *err)
{
    parents_resolve(timetable);
    for (uint32_t i = 0; i < timetable->area_count; i++) {
        enum error_code code = ancestors_derive(timetable, i, err);
        if (code != ERR_NONE) {
            return code;
        }
    }
    return ERR_NONE;
}

static int override_compare(const void *left, const void *right)
{
    const struct travel_override *a = left;
    const struct travel_override *b = right;
    if (a->from_area != b->from_area) {
        return a->from_area < b->from_area ? -1 : 1;
    }
    if (a->to_area != b->to_area) {
        return a->to_area < b->to_area ? -1 : 1;
    }
    /* Of two figures for one pair the longer comes first and stays: it holds both ways. */
    return (a->minutes < b->minutes) - (a->minutes > b->minutes);
}

static void overrides_seal(struct timetable *timetable)
{
    struct travel_override *rows = timetable->travel_overrides;
    for (size_t i = 0; i < timetable->travel_override_count; i++) {
        if (rows[i].from_area > rows[i].to_area) {
            uint32_t swapped = rows[i].from_area;
            rows[i].from_area = rows[i].to_area;
            rows[i].to_area = swapped;
        }
        timetable->areas[rows[i].from_area].has_override = true;
        timetable->areas[rows[i].to_area].has_override = true;
    }
    if (timetable->travel_override_count == 0) {
        return;
    }
    qsort(rows, timetable->travel_override_count, sizeof *rows, override_compare);
    size_t count = 1;
    for (size_t i = 1; i < timetable->travel_override_count; i++) {
        const struct travel_override *last = &rows[count - 1];
        if (rows[i].from_area != last->from_area || rows[i].to_area != last->to_area) {
            rows[count++] = rows[i];
        }
    }
    timetable->travel_override_count = count;
}

static void travel_derive(struct timetable *timetable)
{
    for (size_t i = 0; i < timetable->hall_count; i++) {
        struct hall *hall = &timetable->halls[i];
        hall->known_place = hall->place.known ? hall->place : timetable->areas[hall->area].known_place;
        hall->travel = travel_end_at(timetable, hall->known_place, hall->area);
    }
    for (size_t i = 0; i < timetable->instructor_count; i++) {
        struct instructor *instructor = &timetable->instructors[i];
        instructor->known_home = instructor->home;
        if (!instructor->home.known && instructor->home_area != NONE) {
            instructor->known_home = timetable->areas[instructor->home_area].known_place;
        }
        instructor->travel = travel_end_at(timetable, instructor->known_home, instructor->home_area);
    }
}

/* A room on its way to its new index. */
struct room_move {
    struct room room;
    uint32_t old_index;
};

static int room_compare(const void *left, const void *right)
{
    const struct room_move *a = left;
    const struct room_move *b = right;
    if (a->room.hall != b->room.hall) {
        return a->room.hall < b->room.hall ? -1 : 1;
    }
    return strcmp(a->room.id, b->room.id);
}

/* Everything that names a room by its index. */
static void rooms_renumber(struct timetable *timetable, const uint32_t *new_index)
{
    for (size_t i = 0; i < timetable->session_count; i++) {
        struct placement *at = &timetable->sessions[i].at;
        at->room = new_index[at->room];
    }
    for (size_t i = 0; i < timetable->closure_count; i++) {
        struct closure *closure = &timetable->closures[i];
        if (closure->scope == CLOSURE_ROOM) {
            closure->target = new_index[closure->target];
        }
    }
}

static enum error_code rooms_place(struct timetable *timetable, const struct room_move *moves,
                                   uint32_t *new_index)
{
    for (uint32_t i = 0; i < timetable->room_count; i++) {
        const struct room *room = &moves[i].room;
        struct hall *hall = &timetable->halls[room->hall];
        hall->first_room = hall->room_count == 0 ? i : hall->first_room;
        hall->room_count++;
        timetable->rooms[i] = *room;
        new_index[moves[i].old_index] = i;
        enum error_code code = map_put(&timetable->room_ids, room->id, i);
        if (code != ERR_NONE) {
            return code;
        }
    }
    return ERR_NONE;
}

static enum error_code rooms_seal(struct timetable *timetable, struct error *err)
{
    size_t count = timetable->room_count;
    if (count == 0) {
        return ERR_NONE;
    }
    enum error_code code = ERR_MEMORY;
    struct room_move *moves = calloc(count, sizeof *moves);
    uint32_t *new_index = calloc(count, sizeof *new_index);
    if (moves == NULL || new_index == NULL) {
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        moves[i] = (struct room_move){.room = timetable->rooms[i], .old_index = i};
    }
    qsort(moves, count, sizeof *moves, room_compare);
    code = rooms_place(timetable, moves, new_index);
    if (code == ERR_NONE) {
        rooms_renumber(timetable, new_index);
    }
done:
    free(moves);
    free(new_index);
    return code == ERR_NONE ? ERR_NONE : timetable_memory(err);
}

static int series_compare(const void *left, const void *right)
{
    const struct series *a = left;
    const struct series *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static enum error_code series_seal(struct timetable *timetable, struct error *err)
{
    if (timetable->series_count > 1) {
        qsort(timetable->series, timetable->series_count, sizeof *timetable->series, series_compare);
    }
    for (size_t i = 1; i < timetable->series_count; i++) {
        int64_t id = timetable->series[i].id;
        if (id == timetable->series[i - 1].id) {
            return error_set(err, ERR_EXISTS, "系列课 %" PRId64 " 重复 (series %" PRId64 " exists twice)", id,
                             id);
        }
    }
    return ERR_NONE;
}

static int session_compare(const void *left, const void *right)
{
    const struct session *a = left;
    const struct session *b = right;
    return (a->at.session_id > b->at.session_id) - (a->at.session_id < b->at.session_id);
}

static enum error_code sessions_seal(struct timetable *timetable, struct error *err)
{
    struct session *rows = timetable->sessions;
    bool ascending = true;
    for (size_t i = 1; i < timetable->session_count && ascending; i++) {
        ascending = session_compare(&rows[i - 1], &rows[i]) < 0;
    }
    if (ascending) {
        return ERR_NONE; /* as the store hands them over */
    }
    qsort(rows, timetable->session_count, sizeof *rows, session_compare);
    for (size_t i = 1; i < timetable->session_count; i++) {
        int64_t id = rows[i].at.session_id;
        if (id == rows[i - 1].at.session_id) {
            return error_set(err, ERR_EXISTS, "场次 %" PRId64 " 重复 (session %" PRId64 " exists twice)", id,
                             id);
        }
    }
    return ERR_NONE;
}

static int holiday_compare(const void *left, const void *right)
{
    const struct holiday *a = left;
    const struct holiday *b = right;
    return (a->day > b->day) - (a->day < b->day);
}

static enum error_code holidays_seal(struct timetable *timetable, struct error *err)
{
    if (timetable->holiday_count > 1) {
        qsort(timetable->holidays, timetable->holiday_count, sizeof *timetable->holidays, holiday_compare);
    }
    for (size_t i = 1; i < timetable->holiday_count; i++) {
        if (timetable->holidays[i].day == timetable->holidays[i - 1].day) {
            char date[DATE_TEXT_SIZE];
            date_format(timetable->holidays[i].day, date);
            return error_set(err, ERR_EXISTS, "节假日 %s 重复 (holiday %s exists twice)", date, date);
        }
    }
    return ERR_NONE;
}

/* Turns counts in start[1 …] into first positions; start[count] is the total. */
static void starts_sum(uint32_t *start, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        start[i + 1] += start[i];
    }
}

/* Two passes over the closures of one scope: count, then fill; the filling moves each start to its
 * end, which is the next one's start, and a shift by one restores them. */
static enum error_code closures_list(struct timetable *timetable, enum closure_scope scope, size_t targets,
                                     uint32_t **ret_start, uint32_t **ret_list)
{
    uint32_t *start = arena_array(&timetable->arena, targets + 1, sizeof *start);
    if (start == NULL) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < timetable->closure_count; i++) {
        if (timetable->closures[i].scope == scope) {
            start[timetable->closures[i].target + 1]++;
        }
    }
    starts_sum(start, targets);
    uint32_t *list = arena_array(&timetable->arena, start[targets], sizeof *list);
    if (list == NULL) {
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < timetable->closure_count; i++) {
        if (timetable->closures[i].scope == scope) {
            list[start[timetable->closures[i].target]++] = i;
        }
    }
    memmove(start + 1, start, targets * sizeof *start);
    start[0] = 0;
    *ret_start = start;
    *ret_list = list;
    return ERR_NONE;
}

static enum error_code absences_list(struct timetable *timetable)
{
    size_t people = timetable->instructor_count;
    uint32_t *start = arena_array(&timetable->arena, people + 1, sizeof *start);
    uint32_t *list = arena_array(&timetable->arena, timetable->absence_count, sizeof *list);
    if (start == NULL || list == NULL) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < timetable->absence_count; i++) {
        start[timetable->absences[i].instructor + 1]++;
    }
    starts_sum(start, people);
    for (uint32_t i = 0; i < timetable->absence_count; i++) {
        list[start[timetable->absences[i].instructor]++] = i;
    }
    memmove(start + 1, start, people * sizeof *start);
    start[0] = 0;
    timetable->absences_start = start;
    timetable->absences_list = list;
    return ERR_NONE;
}

static enum error_code lists_seal(struct timetable *timetable, struct error *err)
{
    enum error_code code = closures_list(timetable, CLOSURE_ROOM, timetable->room_count,
                                         &timetable->room_closures_start, &timetable->room_closures);
    if (code == ERR_NONE) {
        code = closures_list(timetable, CLOSURE_HALL, timetable->hall_count, &timetable->hall_closures_start,
                             &timetable->hall_closures);
    }
    if (code == ERR_NONE) {
        code = closures_list(timetable, CLOSURE_AREA, timetable->area_count, &timetable->area_closures_start,
                             &timetable->area_closures);
    }
    if (code == ERR_NONE) {
        code = absences_list(timetable);
    }
    return code == ERR_NONE ? ERR_NONE : timetable_memory(err);
}

enum error_code timetable_seal(struct timetable *timetable, struct error *err)
{
    enum error_code code = timetable_open(timetable, err);
    if (code == ERR_NONE) {
        code = areas_seal(timetable, err);
    }
    if (code == ERR_NONE) {
        overrides_seal(timetable);
        travel_derive(timetable);
        code = rooms_seal(timetable, err);
    }
    if (code == ERR_NONE) {
        code = series_seal(timetable, err);
    }
    if (code == ERR_NONE) {
        code = sessions_seal(timetable, err);
    }
    if (code == ERR_NONE) {
        code = holidays_seal(timetable, err);
    }
    if (code == ERR_NONE) {
        code = lists_seal(timetable, err);
    }
    if (code == ERR_NONE && timetable_sign(timetable) != ERR_NONE) {
        code = timetable_memory(err);
    }
    /* A half-sealed snapshot is of no use: it is closed to additions all the same. */
    timetable->priv->is_sealed = true;
    return code;
}
