/* One journey on one day: the words of room, person, hours and road put together, and each start asked of the
 * rule book; what a refusal rules out beyond its start is remembered. */
#include "base/date.h"
#include "base/vec.h"
#include "scheduler/reach_walk.h"
#include "scheduler/rules_private.h"

#include <stdlib.h>

enum {
    WEEKDAYS = 7
};

/* What can be taught in a room on the day in hand. */
struct reach_combo {
    uint64_t starts;
    uint32_t lesson, room;
};

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

/* The person's cap is used up in the whole period of the rule. */
static void person_fill(struct reach_field *f, uint32_t person, enum rule_code rule, int32_t d)
{
    struct reach_strike period = {.walk = 0};
    strike_period(f, &period, rule, d);
    for (int32_t k = period.from < 0 ? 0 : period.from; k < period.to && k < f->day_count; k++) {
        bit_set(f->people[person].full_days, (size_t)k);
    }
}

/* ---- masks ---- */

static struct placement shape_pattern(const struct reach_shape *shape)
{
    return (struct placement){
        .minutes = shape->minutes, .setup_min = shape->setup_min, .clear_min = shape->clear_min};
}

static uint64_t hall_hours(struct walker *w, uint32_t hall, uint32_t shape, int32_t day)
{
    struct reach_field *f = w->field;
    uint64_t *hours = f->hall_hours[hall];
    int32_t weekday = date_weekday(day) - 1;
    if (hours == NULL) {
        hours = calloc(f->shape_count * (WEEKDAYS + 1), sizeof *hours);
        f->hall_hours[hall] = hours;
    }
    if (hours == NULL) {
        w->failed = ERR_MEMORY;
        return 0;
    }
    uint64_t *known = &hours[f->shape_count * WEEKDAYS + shape];
    uint64_t *mask = &hours[shape * WEEKDAYS + (uint32_t)weekday];
    if ((*known >> weekday & 1) == 0) {
        const struct reach_shape *at = &f->shapes[shape];
        *mask = mask_hours(&f->timetable->halls[hall].hours, day, at->setup_min, at->minutes + at->clear_min);
        *known |= UINT64_C(1) << weekday;
    }
    return *mask;
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
        open->open &= hall_hours(w, w->walk->site.halls[hall], shape, day);
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

/* Once a spot and shape. */
static uint64_t person_open(struct walker *w, const struct reach_entry *entry, uint32_t shape, int32_t d)
{
    struct reach_field *f = w->field;
    struct reach_starts *starts = &f->starts[shape];
    if (starts->spot == f->spot) {
        return starts->mask;
    }
    int32_t day = f->query->from_day + d;
    uint64_t mask = person_hours(f, entry->person, shape, day);
    if (entry->day != FREE_DAYS) {
        mask &= mask_between(entry->from_min, (int64_t)entry->until_min - 1);
    }
    if (mask != 0) {
        const struct placement pattern = shape_pattern(&f->shapes[shape]);
        const struct mask_query query = {f->book, &pattern, NONE, 0};
        mask &= mask_person(&query, entry->person, w->walk->site.halls[entry->hall], day);
    }
    *starts = (struct reach_starts){f->spot, mask};
    return mask;
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
static uint64_t starts_of_pass(const struct walker *w, const struct reach_lesson *lesson, int32_t d,
                               const struct reach_open *open)
{
    uint64_t soft = w->field->query->weights.soft_closure > 0 ? open->soft : 0;
    uint64_t easy = w->is_spaced && bit_of(lesson->easy_days, (size_t)d) ? lesson->welcome & ~soft : 0;
    return w->easy ? easy : ~easy;
}

static void lesson_open(struct walker *w, const struct reach_entry *entry, int32_t d, uint32_t l)
{
    struct reach_field *f = w->field;
    const struct reach_lesson *lesson = &f->lessons[l];
    const struct hall *hall = &f->timetable->halls[w->walk->site.halls[entry->hall]];
    if (lesson->left <= 0 || !bit_of(w->easy ? lesson->easy_days : lesson->days, (size_t)d) ||
        is_struck(f, &f->hall_strikes[entry->hall * f->lesson_count + l], d)) {
        return;
    }
    for (uint32_t r = 0; w->failed == ERR_NONE && r < hall->room_count; r++) {
        size_t room = entry->hall * w->max_rooms + r;
        if (is_struck(f, &f->room_strikes[room * f->lesson_count + l], d)) {
            continue;
        }
        const struct reach_open *open = room_open(w, entry->hall, hall->first_room + r, lesson->shape, d);
        uint64_t starts = open->open & starts_of_pass(w, lesson, d, open);
        starts &= starts == 0 ? 0 : person_open(w, entry, lesson->shape, d);
        if (starts != 0 && w->failed == ERR_NONE) {
            w->failed = combo_add(w, (struct reach_combo){starts, l, hall->first_room + r});
        }
    }
}

/* Is no session of the hall near the day? What spacing costs is the same for every lesson. */
static bool hall_is_spaced(const struct walker *w, const struct reach_entry *entry, int32_t d)
{
    const struct reach_field *f = w->field;
    return pricing_spacing(&f->lessons[0].pricing, w->walk->site.halls[entry->hall],
                           f->query->from_day + d) == 0;
}

static void lessons_open(struct walker *w, const struct reach_entry *entry, int32_t d)
{
    struct reach_field *f = w->field;
    const struct reach_person *person = &f->people[entry->person];
    w->combo_count = 0;
    w->is_spaced = hall_is_spaced(w, entry, d);
    f->spot++;
    if (w->easy && !w->is_spaced) {
        return;
    }
    for (size_t k = 0; w->wished && k < f->wish_count; k++) {
        const struct reach_wish *wish = &f->wishes[k];
        if (wish->hall == entry->hall &&
            timetable_qualified(f->timetable, entry->person, f->lessons[wish->lesson].course)) {
            lesson_open(w, entry, d, wish->lesson);
        }
    }
    for (uint32_t k = 0; !w->wished && k < person->lesson_count; k++) {
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
        person_fill(f, entry->person, rule, d);
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

void spot_walk(struct walker *w, const struct reach_entry *entry, int32_t d)
{
    struct reach_field *f = w->field;
    struct reach_combo *combo = NULL;
    f->steps++;
    lessons_open(w, entry, d);
    while (w->failed == ERR_NONE && (combo = combo_next(w)) != NULL) {
        const struct placement at = combo_placement(w, entry, d, combo);
        enum rule_code rule = RULE_COUNT;
        enum reach_step step = WALK_ON;
        f->steps++;
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
