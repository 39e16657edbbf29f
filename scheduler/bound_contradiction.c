/* Requests that contradict themselves, whatever else is planned and whatever days are. */
#include "base/vec.h"
#include "scheduler/bound_private.h"

#include <stdlib.h>

struct contradictions {
    const struct timetable *timetable;
    bool *offered; /* [course] somebody is qualified; NULL: each is asked */
    struct plan_refusal *items;
    size_t count, capacity;
};

static bool has_room(const struct timetable *t, uint32_t index)
{
    const struct request *request = &t->requests[index];
    uint32_t from = request->hall == NONE ? 0 : t->halls[request->hall].first_room;
    uint32_t to = request->hall == NONE ? (uint32_t)t->room_count : from + t->halls[request->hall].room_count;
    for (uint32_t room = from; room < to; room++) {
        if (bound_room_fits(t, index, room)) {
            return true;
        }
    }
    return false;
}

/* Weekly meetings from the day on, none after the last day, by window, season and holidays alone. */
static bool series_fits(const struct timetable *t, uint32_t index, int32_t first, int32_t last,
                        int32_t meetings)
{
    enum holiday_rule rule = t->requests[index].holiday_rule;
    int32_t met = 0;
    int32_t day = first;
    for (int32_t week = 0; week < meetings; day += 7) {
        if (day > last || !request_allows_day(t, index, day)) {
            return false;
        }
        bool off = timetable_day(t, day).is_off;
        if (off && (rule == HOLIDAY_FORBID || met == 0)) {
            return false;
        }
        met += !off;
        week += off && rule == HOLIDAY_SHIFT ? 0 : 1;
    }
    return 2 * met >= meetings;
}

static bool has_day(const struct timetable *t, uint32_t index, int32_t missing, int32_t from_day,
                    int32_t to_day)
{
    const struct request *row = &t->requests[index];
    bool series = request_is_weekly(row, missing);
    int32_t meetings = missing < LIMIT_SERIES_MEETINGS ? missing : LIMIT_SERIES_MEETINGS;
    int32_t rest = missing % LIMIT_SERIES_MEETINGS;
    int32_t from = row->from_day > from_day ? row->from_day : from_day;
    int32_t to = row->to_day < to_day ? row->to_day : to_day;
    for (int32_t day = from; day <= to; day++) {
        if (request_allows_day(t, index, day) && (!series || series_fits(t, index, day, to, meetings) ||
                                                  (rest > 0 && series_fits(t, index, day, to, rest)))) {
            return true;
        }
    }
    return false;
}

bool bound_has_day(const struct timetable *timetable, uint32_t request, int32_t missing)
{
    return has_day(timetable, request, missing, INT32_MIN, INT32_MAX);
}

static bool has_person(const struct contradictions *c, uint32_t course)
{
    bool offered = c->offered != NULL && c->offered[course];
    for (uint32_t i = 0; c->offered == NULL && !offered && i < c->timetable->instructor_count; i++) {
        offered = timetable_qualified(c->timetable, i, course);
    }
    return offered;
}

static bool contradicts(const struct contradictions *c, uint32_t index, int32_t missing,
                        enum refusal_kind *ret_kind)
{
    if (c->timetable->requests[index].withdrawn) {
        *ret_kind = REFUSAL_WITHDRAWN;
    } else if (!has_room(c->timetable, index)) {
        *ret_kind = REFUSAL_NO_HALL;
    } else if (!has_person(c, c->timetable->requests[index].course)) {
        *ret_kind = REFUSAL_NO_INSTRUCTOR;
    } else if (!bound_has_day(c->timetable, index, missing)) {
        *ret_kind = REFUSAL_NO_DAY;
    } else {
        return false;
    }
    return true;
}

bool bound_contradicts(const struct timetable *timetable, uint32_t request, int32_t missing, int32_t from_day,
                       int32_t to_day, enum refusal_kind *ret_kind)
{
    const struct contradictions c = {.timetable = timetable};
    if (contradicts(&c, request, missing, ret_kind)) {
        return true;
    }
    *ret_kind = REFUSAL_PLAN_DAYS;
    return !has_day(timetable, request, missing, from_day, to_day);
}

static enum error_code look(struct contradictions *c, uint32_t index, int32_t missing)
{
    struct plan_refusal refusal = {.request = index,
                                   .missing = missing,
                                   .is_weekly = request_is_weekly(&c->timetable->requests[index], missing)};
    enum error_code code = ERR_NONE;
    if (contradicts(c, index, missing, &refusal.kind)) {
        VEC_PUSH(code, c, refusal, LIMIT_ROWS);
    }
    return code;
}

enum error_code bound_contradictions(const struct timetable *timetable, int32_t from_day, int32_t to_day,
                                     struct plan_refusal **ret_items, size_t *ret_count, struct error *err)
{
    const struct timetable *t = timetable;
    struct contradictions c = {.timetable = t};
    int32_t *placed = calloc(t->request_count + 1, sizeof *placed);
    c.offered = calloc(t->course_count + 1, sizeof *c.offered);
    enum error_code code = placed == NULL || c.offered == NULL ? ERR_MEMORY : ERR_NONE;
    for (size_t i = 0; code == ERR_NONE && i < t->instructor_count; i++) {
        for (size_t k = 0; k < t->instructors[i].course_count; k++) {
            c.offered[t->instructors[i].courses[k]] = true;
        }
    }
    if (code == ERR_NONE) {
        request_count_placed(t, placed);
    }
    for (uint32_t r = 0; code == ERR_NONE && r < t->request_count; r++) {
        const struct request *request = &t->requests[r];
        int32_t missing = request_missing(request, placed[r]);
        if (!request->withdrawn && request->from_day <= to_day && request->to_day >= from_day &&
            missing > 0) {
            code = look(&c, r, missing);
        }
    }
    free(placed);
    free(c.offered);
    if (code != ERR_NONE) {
        free(c.items);
        return error_set(err, code, "contradictions: %s", error_sentence_en(code));
    }
    *ret_items = c.items;
    *ret_count = c.count;
    return ERR_NONE;
}
