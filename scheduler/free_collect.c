/* What a search looks through: the rooms, the people and the price of each day. */
#include "scheduler/free_search.h"

#include "base/date.h"
#include "base/vec.h"
#include "scheduler/book_lines.h"
#include "scheduler/placement.h"
#include "scheduler/travel.h"

#include <stdlib.h>

enum {
    SPACING_REACH = 6
};

static enum error_code memory_out(struct error *err)
{
    return error_set(err, ERR_MEMORY, "free: %s", error_sentence_en(ERR_MEMORY));
}

/* ---- rooms and halls ---- */

static bool room_serves(const struct free_search *search, uint32_t room)
{
    const struct room *row = &search->timetable->rooms[room];
    uint64_t needed = search->timetable->courses[search->pattern.course].facilities;
    uint64_t aside = search->query->overrides;
    if (search->query->room != NONE && search->query->room != room) {
        return false;
    }
    if ((needed & ~row->facilities) != 0 && (aside & RULE_BIT(RULE_FACILITIES)) == 0) {
        return false;
    }
    return row->capacity <= 0 || search->pattern.heads <= row->capacity ||
           (aside & RULE_BIT(RULE_CAPACITY)) != 0;
}

static enum error_code hall_collect(struct free_search *search, uint32_t hall)
{
    const struct hall *row = &search->timetable->halls[hall];
    struct free_hall found = {.hall = hall, .township = NONE, .first_room = (uint32_t)search->room_count};
    if ((row->valid_to < search->query->from_day || row->valid_from > search->query->to_day) &&
        (search->query->overrides & RULE_BIT(RULE_CLOSURE)) == 0) {
        return ERR_NONE;
    }
    for (uint32_t r = row->first_room; r < row->first_room + row->room_count; r++) {
        if (!room_serves(search, r)) {
            continue;
        }
        struct free_room *rooms = vec_reserve(search->rooms, &search->room_capacity, search->room_count + 1,
                                              sizeof *rooms, LIMIT_ROWS);
        if (rooms == NULL) {
            return ERR_MEMORY;
        }
        search->rooms = rooms;
        rooms[search->room_count++] = (struct free_room){.room = r};
        found.room_count++;
    }
    if (found.room_count == 0) {
        return ERR_NONE;
    }
    struct free_hall *halls =
        vec_reserve(search->halls, &search->hall_capacity, search->hall_count + 1, sizeof *halls, LIMIT_ROWS);
    if (halls == NULL) {
        return ERR_MEMORY;
    }
    search->halls = halls;
    halls[search->hall_count++] = found;
    return ERR_NONE;
}

static enum error_code halls_collect(struct free_search *search, struct error *err)
{
    const struct timetable *t = search->timetable;
    const struct free_query *query = search->query;
    enum error_code code = ERR_NONE;
    if (query->hall != NONE) {
        code = hall_collect(search, query->hall);
    }
    for (uint32_t h = 0; query->hall == NONE && code == ERR_NONE && h < t->hall_count; h++) {
        if (timetable_area_within(t, t->halls[h].area, query->area)) {
            code = hall_collect(search, h);
        }
    }
    reach_measure(search);
    return code == ERR_NONE ? ERR_NONE : memory_out(err);
}

/* ---- people ---- */

static bool person_serves(const struct free_search *search, uint32_t instructor)
{
    const struct instructor *person = &search->timetable->instructors[instructor];
    if (search->query->instructor != NONE && search->query->instructor != instructor) {
        return false;
    }
    for (uint8_t k = 0; k < search->pricing.other_count; k++) {
        if (search->pricing.others[k] == instructor) {
            return false;
        }
    }
    if ((person->valid_to < search->query->from_day || person->valid_from > search->query->to_day) &&
        (search->query->overrides & RULE_BIT(RULE_ABSENCE)) == 0) {
        return false;
    }
    return timetable_qualified(search->timetable, instructor, search->pattern.course);
}

static enum error_code busy_collect(struct free_search *search, struct free_person *person)
{
    const struct timeline *line = book_instructor_line(search->book, person->instructor);
    struct timeline_window window = timeline_between(line, (int64_t)search->query->from_day * DAY_MINUTES,
                                                     ((int64_t)search->query->to_day + 1) * DAY_MINUTES);
    person->first_busy = (uint32_t)search->busy_count;
    for (size_t i = window.from; i < window.to; i++) {
        if (line->items[i].slot == search->self) {
            continue;
        }
        const struct placement *at = book_at(search->book, line->items[i].slot);
        struct free_busy *busy = vec_reserve(search->busy, &search->busy_capacity, search->busy_count + 1,
                                             sizeof *busy, LIMIT_ROWS);
        if (busy == NULL) {
            return ERR_MEMORY;
        }
        search->busy = busy;
        uint32_t hall = search->timetable->rooms[at->room].hall;
        busy[search->busy_count++] =
            (struct free_busy){.day = (uint32_t)(at->day - search->query->from_day),
                               .hall = hall,
                               .home_min = travel_home_minutes(search->timetable, person->instructor, hall),
                               .leg_min = -1};
        struct free_busy *last = &busy[search->busy_count - 1];
        if (person->busy_count++ > 0 && last[-1].day == last->day) {
            last->leg_min = travel_hall_minutes(search->timetable, last[-1].hall, hall);
        }
    }
    return ERR_NONE;
}

/* So that one number a person bounds the road to every hall. */
static void person_bound(const struct free_search *search, struct free_person *person)
{
    int64_t last_road_min = 0;
    person->beside_min = person->between_min = LIMIT_TRAVEL_MINUTES * 4;
    for (uint32_t k = 0; search->reach.known && k < person->busy_count; k++) {
        const struct free_busy *busy = &search->busy[person->first_busy + k];
        int64_t road_min = reach_least_min(search, busy->hall);
        int64_t beside_min = road_min - busy->home_min;
        int64_t between_min =
            busy->leg_min < 0 ? person->between_min : last_road_min + road_min - busy->leg_min;
        person->beside_min = beside_min < person->beside_min ? beside_min : person->beside_min;
        person->between_min = between_min < person->between_min ? between_min : person->between_min;
        last_road_min = road_min;
    }
}

static enum error_code people_collect(struct free_search *search, struct error *err)
{
    for (uint32_t i = 0; i < search->timetable->instructor_count; i++) {
        if (!person_serves(search, i)) {
            continue;
        }
        struct free_person *people = vec_reserve(search->people, &search->people_capacity,
                                                 search->people_count + 1, sizeof *people, LIMIT_ROWS);
        if (people == NULL) {
            return memory_out(err);
        }
        search->people = people;
        struct free_person *person = &people[search->people_count++];
        *person = (struct free_person){.instructor = i,
                                       .base = pricing_distance_leader(&search->pricing, i),
                                       .least_load = search->pricing.weights.load};
        if (busy_collect(search, person) != ERR_NONE) {
            return memory_out(err);
        }
        person_bound(search, person);
    }
    return ERR_NONE;
}

/* ---- days ---- */

/* What those who teach besides the leader add; the least of any time of day. */
static int64_t others_price(const struct free_search *search, uint32_t hall, int32_t day)
{
    int64_t price = 0;
    for (uint8_t k = 0; k < search->pricing.other_count; k++) {
        uint32_t other = search->pricing.others[k];
        price += pricing_load(&search->pricing, other, day) +
                 (int64_t)search->pricing.weights.travel * FREE_SCALE *
                     pricing_travel_min(&search->pricing, other, hall, day, -1, NULL);
    }
    return price;
}

static void spacing_add(const struct free_search *search, struct free_hall *hall)
{
    const struct free_query *query = search->query;
    const struct timeline *line = book_hall_line(search->book, hall->hall);
    struct timeline_window window =
        timeline_between(line, ((int64_t)query->from_day - SPACING_REACH) * DAY_MINUTES,
                         ((int64_t)query->to_day + 1 + SPACING_REACH) * DAY_MINUTES);
    int32_t done = query->from_day;
    for (size_t i = window.from; i < window.to; i++) {
        int32_t at = book_at(search->book, line->items[i].slot)->day;
        int32_t from = at - SPACING_REACH < done ? done : at - SPACING_REACH;
        for (int32_t day = from; day <= at + SPACING_REACH && day <= query->to_day; day++) {
            int64_t *price = &hall->day_price[day - query->from_day];
            *price += *price == INT64_MAX ? 0 : pricing_spacing(&search->pricing, hall->hall, day);
            done = day + 1;
        }
    }
}

static void hall_days(const struct free_search *search, struct free_hall *hall)
{
    const struct pricing *pricing = &search->pricing;
    int64_t evenness = 0;
    for (int32_t d = 0; d < search->day_count; d++) {
        int32_t day = search->query->from_day + d;
        if (d == 0 || date_weekday(day) == 1) {
            evenness = pricing_evenness(pricing, hall->township, day);
        }
        hall->day_price[d] = search->day_price[d];
        if (hall->day_price[d] != INT64_MAX) {
            hall->day_price[d] += evenness + others_price(search, hall->hall, day);
        }
    }
    spacing_add(search, hall);
    hall->least_day = INT64_MAX;
    for (int32_t d = 0; d < search->day_count; d++) {
        hall->least_day = hall->day_price[d] < hall->least_day ? hall->day_price[d] : hall->least_day;
    }
}

static void days_price(struct free_search *search)
{
    const struct course *course = &search->timetable->courses[search->pattern.course];
    for (int32_t d = 0; d < search->day_count; d++) {
        int32_t day = search->query->from_day + d;
        bool in_season = seasons_allow(course->seasons, course->season_count, day);
        search->day_price[d] = in_season ? pricing_day(&search->pricing, day) : INT64_MAX;
    }
}

/* The bits and prices by day, in one piece of memory each. */
static enum error_code days_allocate(struct free_search *search)
{
    size_t days = (size_t)search->day_count;
    size_t words = search->day_words * (1 + search->hall_count + 2 * search->people_count);
    search->day_price = malloc(days * sizeof *search->day_price);
    search->hall_days = malloc((days * search->hall_count + 1) * sizeof *search->hall_days);
    search->dead = malloc(words * sizeof *search->dead);
    search->day_offers = calloc(days, sizeof *search->day_offers);
    if (search->day_price == NULL || search->hall_days == NULL || search->dead == NULL ||
        search->day_offers == NULL) {
        return ERR_MEMORY;
    }
    uint64_t *bits = search->dead;
    search->days_dead = bits;
    for (size_t h = 0; h < search->hall_count; h++) {
        search->halls[h].dead = bits += search->day_words;
        search->halls[h].day_price = &search->hall_days[h * days];
    }
    for (size_t i = 0; i < search->people_count; i++) {
        search->people[i].dead = bits += search->day_words;
        search->people[i].busy_days = bits += search->day_words;
    }
    return ERR_NONE;
}

static enum error_code halls_price(struct free_search *search, struct error *err)
{
    struct pricing *pricing = &search->pricing;
    int64_t change = pricing->published != NULL ? (int64_t)pricing->weights.change * FREE_SCALE : 0;
    for (size_t h = 0; h < search->hall_count; h++) {
        struct free_hall *hall = &search->halls[h];
        enum error_code code = pricing_township_of(pricing, hall->hall, &hall->township, err);
        if (code != ERR_NONE) {
            return code;
        }
        hall->base = change + pricing_reach(pricing, hall->hall, hall->township) +
                     pricing_distance_hall(pricing, hall->hall);
        hall->has_course = pricing_hall_has_course(pricing, hall->hall);
        hall_days(search, hall);
    }
    return ERR_NONE;
}

enum error_code search_open(struct free_search *search, const struct book *book,
                            const struct free_query *query, const struct placement *pattern, uint32_t self,
                            struct error *err)
{
    *search = (struct free_search){.query = query,
                                   .book = book,
                                   .timetable = book_timetable(book),
                                   .pattern = *pattern,
                                   .self = self,
                                   .day_count = query->to_day - query->from_day + 1};
    search->day_words = ((size_t)search->day_count + 63) / 64;
    enum error_code code = pricing_open(&search->pricing, book, query, pattern, self, err);
    code = code == ERR_NONE ? halls_collect(search, err) : code;
    code = code == ERR_NONE ? people_collect(search, err) : code;
    if (code == ERR_NONE && days_allocate(search) != ERR_NONE) {
        code = memory_out(err);
    }
    if (code == ERR_NONE) {
        days_price(search);
        code = halls_price(search, err);
    }
    return code;
}

void search_close(struct free_search *search)
{
    for (size_t r = 0; r < search->room_count; r++) {
        free(search->rooms[r].open);
    }
    for (size_t h = 0; h < search->hall_count; h++) {
        free(search->halls[h].order);
    }
    free(search->rooms);
    free(search->halls);
    free(search->people);
    free(search->busy);
    free(search->day_price);
    free(search->hall_days);
    free(search->dead);
    free(search->day_offers);
    free(search->heap);
    pricing_close(&search->pricing);
}
