#include "scheduler/free_price.h"

#include "base/date.h"
#include "base/vec.h"
#include "scheduler/book_lines.h"
#include "scheduler/placement.h"
#include "scheduler/standing.h"
#include "scheduler/travel.h"

#include <stdlib.h>

enum {
    SPACING_DAYS = 7,
    /* How far a move takes a session, in the same units as the cost: a day is 1, up to two months. */
    DISTANCE_DAYS_MAX = 60,
    DISTANCE_HALL = 30,
    DISTANCE_ROOM = 10,
    DISTANCE_LEADER = 20,
    DISTANCE_START = 5,
    NOON_MIN = 720,
    EVENING_MIN = 1050
};

static bool category_offered(const struct timetable *t, uint32_t category)
{
    for (size_t i = 0; i < t->course_count; i++) {
        if (t->courses[i].active && t->courses[i].category == category) {
            return true;
        }
    }
    return false;
}

static void others_take(struct pricing *pricing, const struct placement *pattern)
{
    for (uint8_t i = 1; i < pattern->instructor_count; i++) {
        if (!placement_repeats(pattern, i)) {
            pricing->others[pricing->other_count++] = pattern->instructors[i];
        }
    }
}

enum error_code pricing_open(struct pricing *pricing, const struct book *book, const struct free_query *query,
                             const struct placement *pattern, uint32_t self, struct error *err)
{
    const struct timetable *t = book_timetable(book);
    *pricing = (struct pricing){.book = book,
                                .timetable = t,
                                .weights = query->weights,
                                .from_day = query->score_from_day,
                                .to_day = query->score_to_day,
                                .self = self,
                                .course = pattern->course,
                                .series_id = pattern->series_id,
                                .parts = t->courses[pattern->course].parts,
                                .distance = query->distance};
    if (pattern->request != NONE) {
        const struct request *request = &t->requests[pattern->request];
        pricing->weekdays = request->weekdays;
        pricing->parts = request->parts != 0 ? request->parts : pricing->parts;
    }
    pricing->category_offered = category_offered(t, t->courses[pattern->course].category);
    others_take(pricing, pattern);
    if (self != NONE) {
        const struct session *session = timetable_find_session(t, pattern->session_id);
        pricing->origin = book_at(book, self);
        if (session != NULL && session->status != SESSION_CANCELLED && session->at.day >= pricing->from_day &&
            session->at.day <= pricing->to_day) {
            pricing->published = &session->at;
        }
    }
    if (pricing->to_day < pricing->from_day || pricing->to_day - pricing->from_day >= LIMIT_PLAN_DAYS + 366) {
        return error_set(err, ERR_INPUT, "price: %d days", pricing->to_day - pricing->from_day + 1);
    }
    return ERR_NONE;
}

void pricing_close(struct pricing *pricing)
{
    for (size_t i = 0; i < pricing->township_count; i++) {
        free(pricing->townships[i].weeks);
    }
    free(pricing->townships);
    *pricing = (struct pricing){.self = NONE};
}

/* ---- what stands in the counted days, without the session itself ---- */

static struct timeline_window counted_window(const struct pricing *pricing, const struct timeline *line)
{
    return timeline_between(line, (int64_t)pricing->from_day * DAY_MINUTES,
                            ((int64_t)pricing->to_day + 1) * DAY_MINUTES);
}

static struct timeline_window day_window(const struct timeline *line, int32_t day)
{
    return timeline_between(line, (int64_t)day * DAY_MINUTES, ((int64_t)day + 1) * DAY_MINUTES);
}

/* ---- townships ---- */

static bool hall_counts(const struct pricing *pricing, uint32_t hall)
{
    return hall_standing(pricing->timetable, hall, pricing->from_day, pricing->to_day) == HALL_COUNTS;
}

static size_t week_of(const struct pricing *pricing, int32_t day)
{
    return (size_t)(date_week_start(day) - date_week_start(pricing->from_day)) / 7;
}

static void township_read_hall(const struct pricing *pricing, uint32_t hall, struct price_township *township)
{
    const struct timetable *t = pricing->timetable;
    const struct timeline *line = book_hall_line(pricing->book, hall);
    struct timeline_window window = counted_window(pricing, line);
    uint32_t category = t->courses[pricing->course].category;
    township->counts |= hall_counts(pricing, hall);
    for (size_t i = window.from; i < window.to; i++) {
        if (line->items[i].slot == pricing->self) {
            continue;
        }
        const struct placement *at = book_at(pricing->book, line->items[i].slot);
        township->weeks[week_of(pricing, at->day)]++;
        township->has_category |= placement_is_given(at) && t->courses[at->course].category == category;
    }
}

enum error_code pricing_township_of(struct pricing *pricing, uint32_t hall, uint32_t *ret_index,
                                    struct error *err)
{
    const struct timetable *t = pricing->timetable;
    uint32_t area = timetable_hall_township(t, hall);
    size_t at = 0;
    while (at < pricing->township_count && pricing->townships[at].area != area) {
        at++;
    }
    if (area == NONE || at < pricing->township_count) {
        *ret_index = area == NONE ? (uint32_t)NONE : (uint32_t)at;
        return ERR_NONE;
    }
    struct price_township *grown = vec_reserve(pricing->townships, &pricing->township_capacity,
                                               pricing->township_count + 1, sizeof *grown, LIMIT_ROWS);
    uint16_t *weeks = calloc(week_of(pricing, pricing->to_day) + 1, sizeof *weeks);
    pricing->townships = grown != NULL ? grown : pricing->townships;
    if (grown == NULL || weeks == NULL) {
        free(weeks);
        return error_set(err, ERR_MEMORY, "price: %s", error_sentence_en(ERR_MEMORY));
    }
    struct price_township *township = &pricing->townships[pricing->township_count++];
    *township = (struct price_township){.area = area, .weeks = weeks};
    for (uint32_t h = 0; h < t->hall_count; h++) {
        if (timetable_hall_township(t, h) == area) {
            township_read_hall(pricing, h, township);
        }
    }
    *ret_index = (uint32_t)at;
    return ERR_NONE;
}

/* ---- the terms ---- */

int64_t pricing_day(const struct pricing *pricing, int32_t day)
{
    struct day_info info = timetable_day(pricing->timetable, day);
    bool wanted = pricing->timetable->courses[pricing->course].holidays_wanted;
    int64_t price = 0;
    if (pricing->weekdays != 0 && (pricing->weekdays >> (date_weekday(day) - 1) & 1) == 0) {
        price += pricing->weights.weekday;
    }
    if (wanted ? info.is_makeup : info.is_off) {
        price += pricing->weights.holiday;
    }
    if (pricing->origin != NULL) {
        int32_t days = abs(day - pricing->origin->day);
        price += (int64_t)pricing->distance * (days < DISTANCE_DAYS_MAX ? days : DISTANCE_DAYS_MAX);
    }
    return price * FREE_SCALE;
}

static uint8_t part_of(int32_t start_min)
{
    return start_min < NOON_MIN ? PART_MORNING : start_min < EVENING_MIN ? PART_AFTERNOON : PART_EVENING;
}

int64_t pricing_part(const struct pricing *pricing, int32_t start_min)
{
    bool is_unwelcome = pricing->parts != 0 && (pricing->parts & part_of(start_min)) == 0;
    return is_unwelcome ? (int64_t)pricing->weights.part_of_day * FREE_SCALE : 0;
}

int64_t pricing_reach(const struct pricing *pricing, uint32_t hall, uint32_t township)
{
    const struct timeline *line = book_hall_line(pricing->book, hall);
    struct timeline_window window = counted_window(pricing, line);
    size_t others = 0;
    for (size_t i = window.from; i < window.to; i++) {
        uint32_t slot = line->items[i].slot;
        others += slot != pricing->self && placement_reaches_hall(book_at(pricing->book, slot)) ? 1 : 0;
    }
    int64_t price = 0;
    if (others == 0 && hall_counts(pricing, hall)) {
        price -= pricing->weights.hall_unreached;
    }
    if (township != NONE && pricing->category_offered && pricing->townships[township].counts &&
        !pricing->townships[township].has_category) {
        price -= pricing->weights.category_missing;
    }
    return price * FREE_SCALE;
}

int64_t pricing_evenness(const struct pricing *pricing, uint32_t township, int32_t day)
{
    if (township == NONE) {
        return 0;
    }
    int64_t others = pricing->townships[township].weeks[week_of(pricing, day)];
    return pricing->weights.evenness * (2 * others + 1) * (FREE_SCALE / 4);
}

int64_t pricing_spacing(const struct pricing *pricing, uint32_t hall, int32_t day)
{
    const struct timeline *line = book_hall_line(pricing->book, hall);
    struct timeline_window window = counted_window(pricing, line);
    int64_t pairs = 0;
    for (size_t i = window.from; i < window.to; i++) {
        const struct placement *at = book_at(pricing->book, line->items[i].slot);
        bool one_series = pricing->series_id != 0 && at->series_id == pricing->series_id;
        if (line->items[i].slot != pricing->self && !one_series && abs(at->day - day) < SPACING_DAYS) {
            pairs++;
        }
    }
    return pairs * pricing->weights.spacing * FREE_SCALE;
}

int64_t pricing_load(const struct pricing *pricing, uint32_t instructor, int32_t day)
{
    struct civil civil = date_to_civil(day);
    int32_t from = day - civil.day + 1;
    int32_t to = date_from_civil((struct civil){civil.year, civil.month + 1, 1});
    from = from < pricing->from_day ? pricing->from_day : from;
    to = to > pricing->to_day + 1 ? pricing->to_day + 1 : to;
    const struct timeline *line = book_instructor_line(pricing->book, instructor);
    struct timeline_window window =
        timeline_between(line, (int64_t)from * DAY_MINUTES, (int64_t)to * DAY_MINUTES);
    int64_t others = (int64_t)(window.to - window.from);
    for (size_t i = window.from; pricing->self != NONE && i < window.to; i++) {
        others -= line->items[i].slot == pricing->self ? 1 : 0;
    }
    return pricing->weights.load * (2 * others + 1);
}

/* ---- travel: home, halls in order of time, home ---- */

struct day_trip {
    const struct pricing *pricing;
    uint32_t instructor, hall;
};

/* Minutes between two stops; NONE is home. */
static int64_t leg(const struct day_trip *trip, uint32_t from_hall, uint32_t to_hall)
{
    const struct timetable *t = trip->pricing->timetable;
    if (from_hall == NONE && to_hall == NONE) {
        return 0;
    }
    if (from_hall == NONE || to_hall == NONE) {
        return travel_home_minutes(t, trip->instructor, from_hall == NONE ? to_hall : from_hall);
    }
    return travel_hall_minutes(t, from_hall, to_hall);
}

static int64_t detour(const struct day_trip *trip, uint32_t before, uint32_t after)
{
    return leg(trip, before, trip->hall) + leg(trip, trip->hall, after) - leg(trip, before, after);
}

int64_t pricing_travel_min(const struct pricing *pricing, uint32_t instructor, uint32_t hall, int32_t day,
                           int32_t start_min, int32_t *ret_until_min)
{
    const struct day_trip trip = {pricing, instructor, hall};
    const struct timeline *line = book_instructor_line(pricing->book, instructor);
    struct timeline_window window = day_window(line, day);
    uint32_t before = NONE;
    bool is_first = true;
    int64_t least = 0;
    int64_t start = (int64_t)day * DAY_MINUTES + start_min;
    for (size_t i = window.from; i < window.to; i++) {
        if (line->items[i].slot == pricing->self) {
            continue;
        }
        uint32_t next = pricing->timetable->rooms[book_at(pricing->book, line->items[i].slot)->room].hall;
        bool is_here = start_min >= 0 && start < line->items[i].start_abs_min;
        if (start_min < 0 || is_here) {
            int64_t minutes = detour(&trip, before, next);
            least = is_first || minutes < least ? minutes : least;
            is_first = false;
        }
        if (is_here) {
            if (ret_until_min != NULL) {
                *ret_until_min = (int32_t)(line->items[i].start_abs_min - (int64_t)day * DAY_MINUTES);
            }
            return least;
        }
        before = next;
    }
    if (ret_until_min != NULL) {
        *ret_until_min = INT32_MAX;
    }
    int64_t minutes = detour(&trip, before, NONE);
    return is_first || minutes < least ? minutes : least;
}

/* ---- continuity ---- */

bool pricing_hall_has_course(const struct pricing *pricing, uint32_t hall)
{
    const struct timeline *line = book_hall_line(pricing->book, hall);
    struct timeline_window window = counted_window(pricing, line);
    for (size_t i = window.from; i < window.to; i++) {
        if (line->items[i].slot != pricing->self &&
            book_at(pricing->book, line->items[i].slot)->course == pricing->course) {
            return true;
        }
    }
    return false;
}

static uint32_t leader_of(const struct placement *at)
{
    return at->instructor_count == 0 ? (uint32_t)NONE : at->instructors[0];
}

/* The order of a hall's sessions: by start, room, leader. */
static bool stands_before(const struct placement *a, const struct placement *b)
{
    if (placement_start(a) != placement_start(b)) {
        return placement_start(a) < placement_start(b);
    }
    return a->room != b->room ? a->room < b->room : leader_of(a) < leader_of(b);
}

int64_t pricing_continuity(const struct pricing *pricing, const struct placement *at)
{
    const struct placement *before = NULL;
    const struct placement *after = NULL;
    const struct timeline *line = book_hall_line(pricing->book, pricing->timetable->rooms[at->room].hall);
    struct timeline_window window = counted_window(pricing, line);
    for (size_t i = window.from; i < window.to; i++) {
        const struct placement *other = book_at(pricing->book, line->items[i].slot);
        if (line->items[i].slot == pricing->self || other->course != pricing->course) {
            continue;
        }
        if (stands_before(other, at)) {
            before = before == NULL || stands_before(before, other) ? other : before;
        } else {
            after = after == NULL || stands_before(other, after) ? other : after;
        }
    }
    int64_t changes = 0;
    changes += before != NULL && leader_of(before) != leader_of(at) ? 1 : 0;
    changes += after != NULL && leader_of(after) != leader_of(at) ? 1 : 0;
    changes -= before != NULL && after != NULL && leader_of(before) != leader_of(after) ? 1 : 0;
    return changes * pricing->weights.continuity * FREE_SCALE;
}

/* ---- moves ---- */

static int64_t distance_of(const struct pricing *pricing, bool differs, int64_t units)
{
    return differs ? units * pricing->distance * FREE_SCALE : 0;
}

int64_t pricing_distance_hall(const struct pricing *pricing, uint32_t hall)
{
    const struct placement *origin = pricing->origin;
    return distance_of(pricing, origin != NULL && pricing->timetable->rooms[origin->room].hall != hall,
                       DISTANCE_HALL - DISTANCE_ROOM);
}

int64_t pricing_distance_room(const struct pricing *pricing, uint32_t room)
{
    return distance_of(pricing, pricing->origin != NULL && pricing->origin->room != room, DISTANCE_ROOM);
}

int64_t pricing_distance_start(const struct pricing *pricing, int32_t start_min)
{
    return distance_of(pricing, pricing->origin != NULL && pricing->origin->start_min != start_min,
                       DISTANCE_START);
}

int64_t pricing_distance_leader(const struct pricing *pricing, uint32_t instructor)
{
    return distance_of(pricing, pricing->origin != NULL && leader_of(pricing->origin) != instructor,
                       DISTANCE_LEADER);
}

static bool stands_the_same(const struct placement *a, const struct placement *b)
{
    bool same = a->day == b->day && a->start_min == b->start_min && a->room == b->room &&
                a->instructor_count == b->instructor_count;
    for (uint8_t i = 0; same && i < a->instructor_count; i++) {
        same = a->instructors[i] == b->instructors[i];
    }
    return same;
}

int64_t pricing_change(const struct pricing *pricing, const struct placement *at)
{
    bool is_change = pricing->published != NULL && !stands_the_same(at, pricing->published);
    return is_change ? (int64_t)pricing->weights.change * FREE_SCALE : 0;
}

/* ---- the whole ---- */

static int64_t soft_closure(const struct pricing *pricing, const struct placement *at)
{
    bool is_hit = closure_hit(pricing->timetable, at->room, placement_taken_from(at), placement_taken_to(at),
                              CLOSURE_SOFT) != NONE;
    return is_hit ? (int64_t)pricing->weights.soft_closure * FREE_SCALE : 0;
}

static int64_t total_of(const struct free_price *price)
{
    int64_t total = price->distance;
#define X(field, value, unit, zh) total += price->terms.field;
    WEIGHT_LIST(X)
#undef X
    return total;
}

static void terms_people(const struct pricing *pricing, const struct placement *at, uint32_t hall,
                         struct plan_cost *terms)
{
    for (uint8_t k = 0; k < at->instructor_count; k++) {
        if (!placement_repeats(at, k)) {
            terms->travel +=
                (int64_t)pricing->weights.travel * FREE_SCALE *
                pricing_travel_min(pricing, at->instructors[k], hall, at->day, at->start_min, NULL);
            terms->load += pricing_load(pricing, at->instructors[k], at->day);
        }
    }
}

enum error_code pricing_all(struct pricing *pricing, const struct placement *at, struct free_price *ret_price,
                            struct error *err)
{
    uint32_t hall = pricing->timetable->rooms[at->room].hall;
    uint32_t township = NONE;
    enum error_code code = pricing_township_of(pricing, hall, &township, err);
    if (code != ERR_NONE) {
        return code;
    }
    struct pricing plain = *pricing; /* for the terms that come in one sum */
    plain.distance = 0;
    struct free_price price = {.distance = 0};
    struct plan_cost *terms = &price.terms;
    int32_t weekday = plain.weights.weekday;
    plain.weights.weekday = 0;
    terms->holiday = pricing_day(&plain, at->day);
    plain.weights.weekday = weekday;
    terms->weekday = pricing_day(&plain, at->day) - terms->holiday;
    terms->part_of_day = pricing_part(pricing, at->start_min);
    int32_t category = plain.weights.category_missing;
    plain.weights.category_missing = 0;
    terms->hall_unreached = pricing_reach(&plain, hall, township);
    plain.weights.category_missing = category;
    terms->category_missing = pricing_reach(&plain, hall, township) - terms->hall_unreached;
    terms->spacing = pricing_spacing(pricing, hall, at->day);
    terms->soft_closure = soft_closure(pricing, at);
    terms->evenness = pricing_evenness(pricing, township, at->day);
    terms->continuity = pricing_continuity(pricing, at);
    terms->change = pricing_change(pricing, at);
    terms_people(pricing, at, hall, terms);
    price.distance = pricing_day(pricing, at->day) - terms->weekday - terms->holiday +
                     pricing_distance_hall(pricing, hall) + pricing_distance_room(pricing, at->room) +
                     pricing_distance_start(pricing, at->start_min) +
                     pricing_distance_leader(pricing, leader_of(at));
    price.total = total_of(&price);
    *ret_price = price;
    return ERR_NONE;
}
