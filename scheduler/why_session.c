#include "scheduler/why.h"

#include "base/date.h"
#include "scheduler/free_price.h"
#include "scheduler/placement.h"

#include <inttypes.h>

enum {
    DAYS_MAX = 120 /* of the axis of days, around the session's own */
};

void why_session_finish(struct why_session *why)
{
    clash_list_finish(&why->clashes);
    free_list_finish(&why->others);
}

struct axes {
    const struct book *book;
    const struct free_query *query;
    struct pricing pricing;
    uint32_t self;
    struct placement at; /* as it would move: overrides left behind */
    int64_t now;         /* price where it stands, without what moving costs */
};

/* Asks the rule book about one other place and counts the answer. */
static enum error_code axis_look(struct axes *axes, const struct placement *there, struct why_axis *axis,
                                 struct error *err)
{
    enum rule_code rule = RULE_COUNT;
    axis->looked_at++;
    if (!rules_allow(axes->book, there, axes->self, &rule)) {
        axis->by_rule[rule < RULE_COUNT ? rule : 0]++;
        return ERR_NONE;
    }
    struct free_price price;
    enum error_code code = pricing_all(&axes->pricing, there, &price, err);
    if (code == ERR_NONE) {
        price.total -= axes->now;
        axis->possible++;
        axis->cheaper += price.total < 0 ? 1 : 0;
        if (!axis->has_best || price.total < axis->best.price.total) {
            axis->best = (struct free_offer){.at = *there, .price = price};
            axis->has_best = true;
        }
    }
    return code;
}

static enum error_code days_look(struct axes *axes, struct why_axis *axis, struct error *err)
{
    const struct course *course = &book_timetable(axes->book)->courses[axes->at.course];
    struct placement there = axes->at;
    enum error_code code = ERR_NONE;
    int32_t from = axes->query->from_day;
    int32_t to = axes->query->to_day;
    if (to - from >= DAYS_MAX) {
        from = axes->at.day - DAYS_MAX / 2 > from ? axes->at.day - DAYS_MAX / 2 : from;
        to = from + DAYS_MAX < to ? from + DAYS_MAX : to;
    }
    for (there.day = from; code == ERR_NONE && there.day <= to; there.day++) {
        if (there.day != axes->at.day && seasons_allow(course->seasons, course->season_count, there.day)) {
            code = axis_look(axes, &there, axis, err);
        }
    }
    return code;
}

static enum error_code starts_look(struct axes *axes, struct why_axis *axis, struct error *err)
{
    struct placement there = axes->at;
    enum error_code code = ERR_NONE;
    for (there.start_min = FREE_FIRST_MIN;
         code == ERR_NONE && there.start_min + there.minutes <= FREE_LAST_END_MIN;
         there.start_min += FREE_STEP_MIN) {
        if (there.start_min != axes->at.start_min) {
            code = axis_look(axes, &there, axis, err);
        }
    }
    return code;
}

static enum error_code hall_rooms_look(struct axes *axes, uint32_t hall, struct why_axis *axis,
                                       struct error *err)
{
    const struct hall *row = &book_timetable(axes->book)->halls[hall];
    struct placement there = axes->at;
    enum error_code code = ERR_NONE;
    for (there.room = row->first_room; code == ERR_NONE && there.room < row->first_room + row->room_count;
         there.room++) {
        if (there.room != axes->at.room) {
            code = axis_look(axes, &there, axis, err);
        }
    }
    return code;
}

static enum error_code rooms_look(struct axes *axes, struct why_axis *axis, struct error *err)
{
    const struct timetable *t = book_timetable(axes->book);
    if (axes->query->hall != NONE) {
        return hall_rooms_look(axes, axes->query->hall, axis, err);
    }
    enum error_code code = ERR_NONE;
    for (uint32_t h = 0; code == ERR_NONE && h < t->hall_count; h++) {
        if (timetable_area_within(t, t->halls[h].area, axes->query->area)) {
            code = hall_rooms_look(axes, h, axis, err);
        }
    }
    return code;
}

static enum error_code people_look(struct axes *axes, struct why_axis *axis, struct error *err)
{
    const struct timetable *t = book_timetable(axes->book);
    struct placement there = axes->at;
    enum error_code code = ERR_NONE;
    there.instructor_count = there.instructor_count == 0 ? 1 : there.instructor_count;
    for (uint32_t i = 0; code == ERR_NONE && i < t->instructor_count; i++) {
        there.instructors[0] = i;
        if (!placement_teaches(&axes->at, i) && timetable_qualified(t, i, axes->at.course)) {
            code = axis_look(axes, &there, axis, err);
        }
    }
    return code;
}

static enum error_code axes_look(struct axes *axes, struct why_session *why, struct error *err)
{
    enum error_code code = pricing_all(&axes->pricing, &why->at, &why->price, err);
    /* Why it was put here, not what moving it away would cost now. */
    axes->pricing.weights.change = 0;
    axes->pricing.distance = 0;
    axes->now = why->price.total - why->price.terms.change;
    code = code == ERR_NONE ? days_look(axes, &why->days, err) : code;
    code = code == ERR_NONE ? starts_look(axes, &why->starts, err) : code;
    code = code == ERR_NONE ? rooms_look(axes, &why->rooms, err) : code;
    code = code == ERR_NONE ? people_look(axes, &why->people, err) : code;
    return code;
}

enum error_code why_session(const struct book *book, const struct free_query *query,
                            struct why_session *ret_why, struct error *err)
{
    uint32_t self = book_slot_of(book, query->session_id);
    if (self == NONE) {
        return error_set(err, ERR_NOT_FOUND, "没有场次 %" PRId64 " (no session %" PRId64 ")",
                         query->session_id, query->session_id);
    }
    struct why_session why = {.at = *book_at(book, self), .others = {.locked = RULE_COUNT}};
    struct axes axes = {.book = book, .query = query, .self = self, .at = why.at};
    size_t hard = 0;
    axes.at.overrides = 0;
    axes.at.series_exception = axes.at.series_exception || axes.at.series_id != 0;
    clash_list_init(&why.clashes);
    enum error_code code = free_find(book, query, &why.others, err);
    if (code != ERR_NONE) {
        return code;
    }
    why.locked = why.others.locked;
    code = rules_check(book, &why.at, self, &why.clashes, &hard, err);
    if (code == ERR_NONE) {
        code = pricing_open(&axes.pricing, book, query, &why.at, self, err);
        code = code == ERR_NONE ? axes_look(&axes, &why, err) : code;
        pricing_close(&axes.pricing);
    }
    if (code != ERR_NONE) {
        why_session_finish(&why);
        return code;
    }
    *ret_why = why;
    return ERR_NONE;
}

enum error_code why_there(const struct book *book, int64_t session_id, const struct placement *there,
                          struct clash_list *list, size_t *ret_hard, struct error *err)
{
    uint32_t self = book_slot_of(book, session_id);
    size_t of_change = 0;
    size_t of_place = 0;
    enum error_code code = ERR_NONE;
    if (self != NONE) {
        code = rules_check_change(book_at(book, self), there, list, &of_change, err);
    }
    code = code == ERR_NONE ? rules_check(book, there, self, list, &of_place, err) : code;
    if (code == ERR_NONE) {
        *ret_hard = of_change + of_place;
    }
    return code;
}
