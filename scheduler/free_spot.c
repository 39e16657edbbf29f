/* The starts of one hall, person and day: the masks together, each bit a candidate with its whole price. */
#include "base/date.h"
#include "scheduler/free_search.h"

#include <stdlib.h>

static struct mask_query mask_query_of(const struct free_search *search)
{
    return (struct mask_query){search->book, &search->pattern, search->self, search->overrides};
}

static uint64_t hall_hours(struct free_search *search, struct free_hall *hall, int32_t day)
{
    if ((search->overrides & RULE_BIT(RULE_OPENING)) != 0) {
        return UINT64_MAX;
    }
    int32_t weekday = date_weekday(day) - 1;
    if ((hall->hours_known >> weekday & 1) == 0) {
        const struct placement *at = &search->pattern;
        hall->hours[weekday] = mask_hours(&search->timetable->halls[hall->hall].hours, day, at->setup_min,
                                          at->minutes + at->clear_min);
        hall->hours_known |= (uint8_t)(1U << weekday);
    }
    return hall->hours[weekday];
}

static uint64_t person_hours(struct free_search *search, struct free_person *person, int32_t day)
{
    if ((search->overrides & RULE_BIT(RULE_AVAILABILITY)) != 0) {
        return UINT64_MAX;
    }
    int32_t weekday = date_weekday(day) - 1;
    if ((person->hours_known >> weekday & 1) == 0) {
        person->hours[weekday] = mask_hours(&search->timetable->instructors[person->instructor].hours, day, 0,
                                            search->pattern.minutes);
        person->hours_known |= (uint8_t)(1U << weekday);
    }
    return person->hours[weekday];
}

static enum error_code room_masks(struct free_search *search, struct free_room *room, size_t d)
{
    size_t days = (size_t)search->day_count;
    if (room->open == NULL) {
        room->open = calloc(2 * days + search->day_words, sizeof *room->open);
        if (room->open == NULL) {
            return ERR_MEMORY;
        }
        room->soft = room->open + days;
        room->known = room->soft + days;
    }
    if (!bit_of(room->known, d)) {
        struct mask_query query = mask_query_of(search);
        room->open[d] = mask_room(&query, room->room, search->query->from_day + (int32_t)d, &room->soft[d]);
        bit_set(room->known, d);
    }
    return ERR_NONE;
}

bool same_place(const struct placement *a, const struct placement *b)
{
    return b != NULL && a->day == b->day && a->start_min == b->start_min && a->room == b->room &&
           b->instructor_count > 0 && a->instructors[0] == b->instructors[0];
}

struct placement candidate_at(const struct free_search *search, int32_t day, int32_t start_min, uint32_t room,
                              uint32_t instructor)
{
    struct placement at = search->pattern;
    at.day = day;
    at.start_min = start_min;
    at.room = room;
    at.instructors[0] = instructor;
    at.instructor_count = at.instructor_count == 0 ? 1 : at.instructor_count;
    return at;
}

/* What the spot's price lacks because it depends on the start. */
static int64_t start_price(const struct free_search *search, const struct free_hall *hall,
                           const struct placement *at)
{
    const struct pricing *pricing = &search->pricing;
    int64_t price = pricing_part(pricing, at->start_min) + pricing_distance_start(pricing, at->start_min);
    for (uint8_t k = 0; k < pricing->other_count; k++) {
        uint32_t other = pricing->others[k];
        price += travel_price(search,
                              pricing_travel_min(pricing, other, hall->hall, at->day, at->start_min, NULL) -
                                  pricing_travel_min(pricing, other, hall->hall, at->day, -1, NULL));
    }
    return price + (hall->has_course ? pricing_continuity(pricing, at) : 0);
}

/* The road's part of a price, the same from one session of the person to the next. */
struct gap {
    int64_t price;
    int32_t until_min;
};

static struct gap gap_at(const struct free_search *search, const struct free_node *spot, int32_t start_min)
{
    const struct free_person *person = &search->people[spot->person];
    struct gap gap = {.until_min = INT32_MAX};
    if (bit_of(person->busy_days, (size_t)spot->day)) {
        int64_t minutes =
            pricing_travel_min(&search->pricing, person->instructor, search->halls[spot->hall_or_room].hall,
                               search->query->from_day + spot->day, start_min, &gap.until_min);
        gap.price = travel_price(search, minutes - spot->road_min);
    }
    return gap;
}

static enum error_code starts_push(struct free_search *search, const struct free_node *spot, uint32_t r,
                                   uint64_t starts)
{
    const struct free_hall *hall = &search->halls[spot->hall_or_room];
    const struct free_person *person = &search->people[spot->person];
    const struct free_room *room = &search->rooms[r];
    size_t d = (size_t)spot->day;
    int32_t day = search->query->from_day + spot->day;
    struct gap gap = {.until_min = INT32_MIN};
    int64_t soft = (int64_t)search->pricing.weights.soft_closure * FREE_SCALE;
    enum error_code code = ERR_NONE;
    for (; code == ERR_NONE && starts != 0; starts &= starts - 1) {
        int bit = __builtin_ctzll(starts);
        struct placement at = candidate_at(search, day, mask_minute(bit), room->room, person->instructor);
        if (same_place(&at, search->pricing.origin) || same_place(&at, search->pricing.published)) {
            continue;
        }
        gap = at.start_min < gap.until_min ? gap : gap_at(search, spot, at.start_min);
        struct free_node node = {
            .price = gap.price + spot->price + pricing_distance_room(&search->pricing, room->room) +
                     start_price(search, hall, &at) + ((room->soft[d] >> bit & 1) != 0 ? soft : 0),
            .day = spot->day,
            .start_min = at.start_min,
            .hall_or_room = r,
            .person = spot->person,
            .kind = NODE_CANDIDATE};
        code = search_push(search, node);
    }
    return code;
}

/* The bound on the road was a guess by chords: back with the true one, if it is higher. */
static enum error_code spot_exact(struct free_search *search, const struct free_node *spot)
{
    struct free_node node = *spot;
    int64_t minutes = pricing_travel_min(&search->pricing, search->people[spot->person].instructor,
                                         search->halls[spot->hall_or_room].hall,
                                         search->query->from_day + spot->day, -1, NULL);
    node.price += travel_price(search, minutes - spot->road_min);
    node.road_min = (int32_t)minutes;
    node.cursor = 1;
    return search_push(search, node);
}

enum error_code spot_expand(struct free_search *search, const struct free_node *spot)
{
    struct free_hall *hall = &search->halls[spot->hall_or_room];
    struct free_person *person = &search->people[spot->person];
    size_t d = (size_t)spot->day;
    int32_t day = search->query->from_day + spot->day;
    if (bit_of(search->days_dead, d) || bit_of(hall->dead, d) || bit_of(person->dead, d)) {
        return ERR_NONE;
    }
    if (bit_of(person->busy_days, d) && spot->cursor == 0) {
        return spot_exact(search, spot);
    }
    uint64_t hall_starts = mask_grid(search->pattern.minutes) & hall_hours(search, hall, day);
    uint64_t all_rooms = 0;
    enum error_code code = ERR_NONE;
    for (uint32_t r = hall->first_room; code == ERR_NONE && r < hall->first_room + hall->room_count; r++) {
        code = room_masks(search, &search->rooms[r], d);
        all_rooms |= code == ERR_NONE && !search->rooms[r].dead ? search->rooms[r].open[d] : 0;
    }
    if (code == ERR_NONE && (hall_starts & all_rooms) == 0) {
        bit_set(hall->dead, d);
        return ERR_NONE;
    }
    struct mask_query query = mask_query_of(search);
    uint64_t starts = person_hours(search, person, day);
    starts = starts == 0 ? 0 : starts & mask_person(&query, person->instructor, hall->hall, day);
    if (starts == 0 && !bit_of(person->busy_days, d)) {
        bit_set(person->dead, d);
    }
    for (uint32_t r = hall->first_room; code == ERR_NONE && r < hall->first_room + hall->room_count; r++) {
        const struct free_room *room = &search->rooms[r];
        if (!room->dead) {
            code = starts_push(search, spot, r, starts & hall_starts & room->open[d]);
        }
    }
    return code;
}
