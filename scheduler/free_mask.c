#include "scheduler/free_mask.h"

#include "base/date.h"
#include "scheduler/book_lines.h"
#include "scheduler/closure.h"
#include "scheduler/placement.h"
#include "scheduler/travel.h"

static int64_t floor_steps(int64_t minutes)
{
    return minutes >= 0 ? minutes / FREE_STEP_MIN : -((FREE_STEP_MIN - 1 - minutes) / FREE_STEP_MIN);
}

uint64_t mask_between(int64_t from_min, int64_t to_min)
{
    int64_t first = floor_steps(from_min - FREE_FIRST_MIN + FREE_STEP_MIN - 1);
    int64_t last = floor_steps(to_min - FREE_FIRST_MIN);
    first = first < 0 ? 0 : first;
    last = last > FREE_STARTS - 1 ? FREE_STARTS - 1 : last;
    if (first > last) {
        return 0;
    }
    uint64_t up_to_last = last == 63 ? UINT64_MAX : (UINT64_C(1) << (last + 1)) - 1;
    return up_to_last & ~((UINT64_C(1) << first) - 1);
}

uint64_t mask_grid(int32_t minutes)
{
    return mask_between(FREE_FIRST_MIN, (int64_t)FREE_LAST_END_MIN - minutes);
}

/* Starts whose [start - before, start + after) touches [from, to), all in minutes of the day. */
static uint64_t mask_touching(int64_t from_min, int64_t to_min, int32_t before_min, int32_t after_min)
{
    return mask_between(from_min - after_min + 1, to_min + before_min - 1);
}

uint64_t mask_hours(const struct hours *hours, int32_t day, int32_t before_min, int32_t after_min)
{
    if (hours->count == 0) {
        return UINT64_MAX;
    }
    uint64_t mask = 0;
    for (int bit = 0; bit < FREE_STARTS; bit++) {
        int32_t start = mask_minute(bit);
        if (hours_cover(hours, day, start - before_min, start + after_min)) {
            mask |= UINT64_C(1) << bit;
        }
    }
    return mask;
}

/* ---- rooms ---- */

struct closure_walk {
    const struct mask_query *query;
    int32_t day;
    uint64_t hard, soft;
};

/* A session of this day may touch a closure of the day before or after with its margins. */
static bool closure_blocks(void *context, uint32_t index)
{
    struct closure_walk *walk = context;
    const struct timetable *t = book_timetable(walk->query->book);
    const struct placement *at = walk->query->pattern;
    const struct closure *closure = &t->closures[index];
    for (int32_t shift = -1; shift <= 1; shift++) {
        int64_t midnight = ((int64_t)walk->day + shift) * DAY_MINUTES;
        if (!closure_touches(t, closure, midnight + closure->from_min, midnight + closure->to_min)) {
            continue;
        }
        uint64_t hit =
            mask_touching(shift * DAY_MINUTES + closure->from_min, shift * DAY_MINUTES + closure->to_min,
                          at->setup_min, at->minutes + at->clear_min);
        walk->soft |= hit;
        walk->hard |= closure->strength == CLOSURE_HARD ? hit : 0;
    }
    return true;
}

static bool rooms_exclude(const struct timetable *t, uint32_t a, uint32_t b)
{
    return a == b || t->rooms[a].whole_hall || t->rooms[b].whole_hall;
}

static uint64_t room_taken(const struct mask_query *query, uint32_t room, int32_t day)
{
    const struct timetable *t = book_timetable(query->book);
    const struct placement *at = query->pattern;
    const struct timeline *line = book_hall_line(query->book, t->rooms[room].hall);
    int64_t midnight = (int64_t)day * DAY_MINUTES;
    struct timeline_window window = book_touching(query->book, line, midnight - at->setup_min,
                                                  midnight + DAY_MINUTES + at->minutes + at->clear_min);
    uint64_t taken = 0;
    for (size_t i = window.from; i < window.to; i++) {
        const struct placement *other = book_at(query->book, line->items[i].slot);
        if (line->items[i].slot != query->self && rooms_exclude(t, room, other->room)) {
            taken |=
                mask_touching(placement_taken_from(other) - midnight, placement_taken_to(other) - midnight,
                              at->setup_min, at->minutes + at->clear_min);
        }
    }
    return taken;
}

uint64_t mask_room(const struct mask_query *query, uint32_t room, int32_t day, uint64_t *ret_soft)
{
    const struct timetable *t = book_timetable(query->book);
    const struct hall *hall = &t->halls[t->rooms[room].hall];
    const struct placement *at = query->pattern;
    bool closures_count = (query->overrides & RULE_BIT(RULE_CLOSURE)) == 0;
    int64_t midnight = (int64_t)day * DAY_MINUTES;
    struct closure_walk walk = {.query = query, .day = day};
    (void)closure_each(t, room, midnight - at->setup_min,
                       midnight + DAY_MINUTES + at->minutes + at->clear_min, CLOSURE_SOFT, closure_blocks,
                       &walk);
    *ret_soft = walk.soft;
    if (closures_count && (day < hall->valid_from || day > hall->valid_to)) {
        return 0;
    }
    return ~room_taken(query, room, day) & (closures_count ? ~walk.hard : UINT64_MAX);
}

/* ---- people ---- */

static uint64_t person_absent(const struct mask_query *query, uint32_t instructor, int32_t day)
{
    const struct timetable *t = book_timetable(query->book);
    const struct instructor *person = &t->instructors[instructor];
    uint64_t absent = 0;
    if (day < person->valid_from || day > person->valid_to) {
        return UINT64_MAX;
    }
    if (t->absence_count == 0) {
        return 0;
    }
    for (uint32_t i = t->absences_start[instructor]; i < t->absences_start[instructor + 1]; i++) {
        const struct absence *absence = &t->absences[t->absences_list[i]];
        if (day >= absence->from_day && day <= absence->to_day) {
            absent |= mask_touching(absence->from_min, absence->to_min, 0, query->pattern->minutes);
        }
    }
    return absent;
}

/* Starts that `other` leaves no time for on the road, seen alone: those after it up to the start of what
 * follows, those before it from the end of what precedes. */
static uint64_t person_on_road(const struct mask_query *query, const struct placement *other, uint32_t hall,
                               int64_t midnight, int64_t before_end, int64_t next_start)
{
    const struct timetable *t = book_timetable(query->book);
    int32_t travel_min = travel_hall_minutes(t, t->rooms[other->room].hall, hall);
    if (travel_min <= 0) {
        return 0;
    }
    int64_t end = placement_end(other);
    int64_t late = end + travel_min - 1;
    late = late < next_start ? late : next_start - 1;
    int64_t start = placement_start(other) - query->pattern->minutes;
    int64_t early = start - travel_min + 1;
    early = early > before_end ? early : before_end;
    return mask_between(end - midnight, late - midnight) | mask_between(early - midnight, start - midnight);
}

static uint64_t person_busy(const struct mask_query *query, uint32_t instructor, uint32_t hall, int32_t day)
{
    const struct timeline *line = book_instructor_line(query->book, instructor);
    int64_t midnight = (int64_t)day * DAY_MINUTES;
    struct timeline_window window = book_touching(query->book, line, midnight, midnight + DAY_MINUTES);
    uint64_t busy = 0;
    const struct placement *at = NULL; /* the one in hand; `other` follows it */
    int64_t before_end = INT32_MIN;
    for (size_t i = window.from; i <= window.to; i++) {
        const struct placement *other = i < window.to && line->items[i].slot != query->self
                                            ? book_at(query->book, line->items[i].slot)
                                            : NULL;
        if (i < window.to && other == NULL) {
            continue;
        }
        if (at != NULL) {
            int64_t next_start = other != NULL ? placement_start(other) : INT32_MAX;
            busy |= person_on_road(query, at, hall, midnight, before_end, next_start);
            before_end = placement_end(at);
        }
        at = other;
        if (other != NULL) {
            busy |= mask_touching(placement_start(other) - midnight, placement_end(other) - midnight, 0,
                                  query->pattern->minutes);
        }
    }
    return busy;
}

uint64_t mask_person(const struct mask_query *query, uint32_t instructor, uint32_t hall, int32_t day)
{
    uint64_t mask = ~person_busy(query, instructor, hall, day);
    if ((query->overrides & RULE_BIT(RULE_ABSENCE)) == 0) {
        mask &= ~person_absent(query, instructor, day);
    }
    return mask;
}
