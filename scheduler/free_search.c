#include "scheduler/free_search.h"

#include "base/date.h"
#include "base/vec.h"
#include "scheduler/placement.h"
#include "scheduler/travel.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* Nodes taken in one search: some tenths of a second; a town's year takes a hundredth of it. */
    WORK_MAX = 2000000,
    HEAP_SPARE = 2000,
    DAY_BITS = 11 /* of a key in a hall's order of days: LIMIT_PLAN_DAYS fits */
};

/* ---- the heap ---- */

static bool node_before(const struct free_node *a, const struct free_node *b)
{
    if (a->price != b->price) {
        return a->price < b->price;
    }
    if (a->day != b->day) {
        return a->day < b->day;
    }
    if (a->start_min != b->start_min) {
        return a->start_min < b->start_min;
    }
    return a->hall_or_room != b->hall_or_room ? a->hall_or_room < b->hall_or_room : a->person < b->person;
}

enum error_code search_push(struct free_search *search, struct free_node node)
{
    struct free_node *heap =
        vec_reserve(search->heap, &search->heap_capacity, search->heap_count + 1, sizeof *heap, LIMIT_ROWS);
    if (heap == NULL) {
        return ERR_MEMORY;
    }
    search->heap = heap;
    size_t at = search->heap_count++;
    while (at > 0 && node_before(&node, &heap[(at - 1) / 2])) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = node;
    return ERR_NONE;
}

static struct free_node node_pop(struct free_search *search)
{
    struct free_node *heap = search->heap;
    struct free_node top = heap[0];
    struct free_node last = heap[--search->heap_count];
    size_t at = 0;
    for (size_t child = 1; child < search->heap_count; child = 2 * at + 1) {
        child += child + 1 < search->heap_count && node_before(&heap[child + 1], &heap[child]) ? 1 : 0;
        if (!node_before(&heap[child], &last)) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return top;
}

/* ---- bounds ---- */

/* The least that a day with sessions could add in travel, the day that begins at busy[*k]; moves *k past it.
 */
static int64_t busy_least_min(const struct free_search *search, const struct free_hall *hall,
                              const struct free_person *person, int32_t home_min, uint32_t *k)
{
    int64_t least_min = 2 * (int64_t)home_min;
    int64_t last_road_min = 0;
    uint32_t day = search->busy[person->first_busy + *k].day;
    for (; *k < person->busy_count && search->busy[person->first_busy + *k].day == day; ++*k) {
        const struct free_busy *busy = &search->busy[person->first_busy + *k];
        int64_t road_min = road_least_min(search->timetable, hall->hall, busy->hall);
        int64_t detour_min = home_min + road_min - busy->home_min;
        least_min = detour_min < least_min ? detour_min : least_min;
        if (busy->leg_min >= 0 && last_road_min + road_min - busy->leg_min < least_min) {
            least_min = last_road_min + road_min - busy->leg_min;
        }
        last_road_min = road_min;
    }
    return least_min;
}

/* The least that any day could add in travel. */
static int64_t travel_least_min(const struct free_search *search, const struct free_hall *hall,
                                const struct free_person *person, int32_t home_min)
{
    int64_t least_min = 2 * (int64_t)home_min;
    if (search->reach.known) {
        least_min = person->beside_min + home_min < least_min ? person->beside_min + home_min : least_min;
        return person->between_min < least_min ? person->between_min : least_min;
    }
    for (uint32_t k = 0; k < person->busy_count;) {
        int64_t day_min = busy_least_min(search, hall, person, home_min, &k);
        least_min = day_min < least_min ? day_min : least_min;
    }
    return least_min;
}

static enum error_code pair_push(struct free_search *search, uint32_t h, uint32_t p)
{
    const struct free_hall *hall = &search->halls[h];
    const struct free_person *person = &search->people[p];
    if (hall->least_day == INT64_MAX) {
        return ERR_NONE; /* out of season throughout */
    }
    int32_t home_min = travel_home_minutes(search->timetable, person->instructor, hall->hall);
    int64_t least_min = travel_least_min(search, hall, person, home_min);
    struct free_node node = {.price = hall->base + hall->least_day + person->base + person->least_load +
                                      travel_price(search, least_min),
                             .road_min = home_min,
                             .day = INT32_MIN,
                             .start_min = -1,
                             .hall_or_room = h,
                             .person = p,
                             .kind = NODE_PAIR};
    return search_push(search, node);
}

/* A day that costs at least travel_min on the road. */
static enum error_code spot_push(struct free_search *search, const struct free_node *pair, uint32_t d,
                                 int64_t travel_min)
{
    const struct free_hall *hall = &search->halls[pair->hall_or_room];
    const struct free_person *person = &search->people[pair->person];
    int32_t day = search->query->from_day + (int32_t)d;
    if (hall->day_price[d] == INT64_MAX || bit_of(search->days_dead, d) || bit_of(hall->dead, d) ||
        bit_of(person->dead, d)) {
        return ERR_NONE;
    }
    struct free_node node = *pair;
    node.kind = NODE_SPOT;
    node.cursor = 0;
    node.day = (int32_t)d;
    node.price = hall->base + hall->day_price[d] + person->base +
                 pricing_load(&search->pricing, person->instructor, day) + travel_price(search, travel_min);
    node.road_min = (int32_t)travel_min;
    return search_push(search, node);
}

static int key_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Prices of days are not negative but for a published place far off; the bias keeps keys in order. */
static enum error_code order_make(struct free_search *search, struct free_hall *hall)
{
    if (hall->order != NULL) {
        return ERR_NONE;
    }
    size_t days = (size_t)search->day_count;
    hall->order = malloc((days + 1) * sizeof *hall->order);
    if (hall->order == NULL) {
        return ERR_MEMORY;
    }
    size_t count = 0;
    for (size_t d = 0; d < days; d++) {
        if (hall->day_price[d] != INT64_MAX) {
            hall->order[count++] = (uint64_t)(hall->day_price[d] - hall->least_day) << DAY_BITS | d;
        }
    }
    qsort(hall->order, count, sizeof *hall->order, key_compare);
    hall->order[count] = UINT64_MAX;
    return ERR_NONE;
}

/* The pair's next day without sessions of the person, at the price that it has at least. */
static enum error_code cursor_push(struct free_search *search, const struct free_node *pair, uint16_t cursor)
{
    const struct free_hall *hall = &search->halls[pair->hall_or_room];
    const struct free_person *person = &search->people[pair->person];
    for (; hall->order[cursor] != UINT64_MAX; cursor++) {
        size_t d = hall->order[cursor] & ((1U << DAY_BITS) - 1);
        if (bit_of(person->busy_days, d) || bit_of(person->dead, d) || bit_of(hall->dead, d) ||
            bit_of(search->days_dead, d)) {
            continue;
        }
        struct free_node node = *pair;
        node.kind = NODE_CURSOR;
        node.cursor = cursor;
        node.day = (int32_t)d;
        node.price = hall->base + hall->day_price[d] + person->base + person->least_load +
                     travel_price(search, 2 * (int64_t)pair->road_min);
        return search_push(search, node);
    }
    return ERR_NONE;
}

static enum error_code pair_expand(struct free_search *search, const struct free_node *pair)
{
    const struct free_person *person = &search->people[pair->person];
    struct free_hall *hall = &search->halls[pair->hall_or_room];
    enum error_code code = order_make(search, hall);
    for (uint32_t k = 0; code == ERR_NONE && k < person->busy_count;) {
        uint32_t day = search->busy[person->first_busy + k].day;
        int64_t least_min = busy_least_min(search, hall, person, pair->road_min, &k);
        code = spot_push(search, pair, day, least_min);
    }
    return code == ERR_NONE ? cursor_push(search, pair, 0) : code;
}

static enum error_code cursor_expand(struct free_search *search, const struct free_node *node)
{
    enum error_code code = spot_push(search, node, (uint32_t)node->day, 2 * (int64_t)node->road_min);
    return code == ERR_NONE ? cursor_push(search, node, (uint16_t)(node->cursor + 1)) : code;
}

/* ---- candidates ---- */

static void days_kill(const struct free_search *search, uint64_t *bits, int32_t from_day, int32_t to_day)
{
    int32_t from = from_day - search->query->from_day;
    int32_t to = to_day - search->query->from_day;
    to = to >= search->day_count ? search->day_count - 1 : to;
    for (int32_t d = from < 0 ? 0 : from; d <= to; d++) {
        bit_set(bits, (size_t)d);
    }
}

static uint32_t hall_of_room(const struct free_search *search, uint32_t r)
{
    uint32_t low = 0;
    for (uint32_t high = (uint32_t)search->hall_count; high - low > 1;) {
        uint32_t middle = low + (high - low) / 2;
        if (search->halls[middle].first_room <= r) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* A leader's cap that is used up stays so for its whole period. Not when somebody else teaches along: the
 * cap may be theirs. */
static void cap_learn(struct free_search *search, uint32_t p, int32_t day, enum rule_code rule)
{
    struct civil civil = date_to_civil(day);
    uint64_t *dead = search->people[p].dead;
    if (search->pricing.other_count > 0) {
        return;
    }
    if (rule == RULE_CAP_DAY) {
        days_kill(search, dead, day, day);
    } else if (rule == RULE_CAP_WEEK) {
        days_kill(search, dead, date_week_start(day), date_week_start(day) + 6);
    } else if (rule == RULE_CAP_MONTH) {
        days_kill(search, dead, day - civil.day + 1,
                  date_from_civil((struct civil){civil.year, civil.month + 1, 1}) - 1);
    } else if (rule == RULE_CAP_YEAR) {
        days_kill(search, dead, date_from_civil((struct civil){civil.year, 1, 1}),
                  date_from_civil((struct civil){civil.year, 12, 31}));
    }
}

/* What a refusal says about other candidates. */
static void refusal_learn(struct free_search *search, const struct free_node *node, enum rule_code rule)
{
    int32_t day = search->query->from_day + node->day;
    struct civil civil = date_to_civil(day);
    int32_t year_from = date_from_civil((struct civil){civil.year, 1, 1});
    int32_t year_to = date_from_civil((struct civil){civil.year, 12, 31});
    if (rule == RULE_SUPPLY) {
        days_kill(search, search->days_dead, year_from, year_to);
    } else if (rule == RULE_HALL_QUOTA) {
        days_kill(search, search->halls[hall_of_room(search, node->hall_or_room)].dead, year_from, year_to);
    } else if (rule == RULE_FACILITIES || rule == RULE_CAPACITY) {
        search->rooms[node->hall_or_room].dead = true;
    } else {
        cap_learn(search, node->person, day, rule);
    }
}

static int part_of(int32_t start_min)
{
    return start_min < 720 ? 0 : start_min < 1050 ? 1 : 2;
}

static bool is_thinned(const struct free_search *search, const struct placement *at, size_t d,
                       const struct free_list *list)
{
    if (search->query->per_day == 0) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct placement *other = &list->items[i].at;
        if (other->day == at->day && other->room == at->room && other->instructors[0] == at->instructors[0] &&
            part_of(other->start_min) == part_of(at->start_min)) {
            return true;
        }
    }
    return search->day_offers[d] >= search->query->per_day;
}

/* The rules that would have to be set aside. */
static enum error_code needs_of(const struct free_search *search, const struct placement *at,
                                uint64_t *ret_needs, struct error *err)
{
    struct clash_list clashes;
    size_t hard = 0;
    clash_list_init(&clashes);
    enum error_code code = rules_check(search->book, at, search->self, &clashes, &hard, err);
    *ret_needs = 0;
    for (size_t i = 0; i < clashes.count; i++) {
        *ret_needs |= clashes.items[i].overridden ? 0 : RULE_BIT(clashes.items[i].rule);
    }
    clash_list_finish(&clashes);
    return code;
}

static enum error_code offer_add(struct free_search *search, struct placement at, uint64_t needs,
                                 struct free_list *list, struct error *err)
{
    struct free_offer offer = {.at = at, .needs = needs};
    offer.at.overrides = needs;
    enum error_code code = pricing_all(&search->pricing, &at, &offer.price, err);
    if (code == ERR_NONE) {
        list->items[list->count++] = offer;
        size_t d = (size_t)(at.day - search->query->from_day);
        search->day_offers[d]++;
        if (search->query->per_day > 0 && search->day_offers[d] >= search->query->per_day) {
            bit_set(search->days_dead, d);
        }
    }
    return code;
}

static enum error_code candidate_try(struct free_search *search, const struct free_node *node,
                                     struct free_list *list, struct error *err)
{
    size_t d = (size_t)node->day;
    const struct free_person *person = &search->people[node->person];
    const struct free_room *room = &search->rooms[node->hall_or_room];
    if (bit_of(search->days_dead, d) || bit_of(person->dead, d) || room->dead ||
        bit_of(search->halls[hall_of_room(search, node->hall_or_room)].dead, d)) {
        return ERR_NONE;
    }
    struct placement at = candidate_at(search, search->query->from_day + node->day, node->start_min,
                                       room->room, person->instructor);
    if (is_thinned(search, &at, d, list)) {
        return ERR_NONE;
    }
    enum rule_code rule = RULE_COUNT;
    list->looked_at++;
    at.overrides = search->overrides;
    if (!rules_allow(search->book, &at, search->self, &rule)) {
        refusal_learn(search, node, rule);
        return ERR_NONE;
    }
    uint64_t needs = 0;
    at.overrides = 0;
    enum error_code code = search->overrides == 0 ? ERR_NONE : needs_of(search, &at, &needs, err);
    if (code != ERR_NONE || (search->overrides != 0 && needs == 0)) {
        return code; /* a clean one was the first pass's business */
    }
    return offer_add(search, at, needs, list, err);
}

/* The published place of a moved session costs no change; it is below every bound and goes in by itself. */
static enum error_code published_push(struct free_search *search, struct error *err)
{
    const struct placement *at = search->pricing.published;
    if (at == NULL || at->instructor_count == 0 || same_place(at, search->pricing.origin) ||
        at->day < search->query->from_day || at->day > search->query->to_day ||
        at->start_min < FREE_FIRST_MIN || (at->start_min - FREE_FIRST_MIN) % FREE_STEP_MIN != 0 ||
        at->start_min + search->pattern.minutes > FREE_LAST_END_MIN) {
        return ERR_NONE;
    }
    struct free_node node = {.kind = NODE_CANDIDATE, .start_min = at->start_min};
    while (node.hall_or_room < search->room_count && search->rooms[node.hall_or_room].room != at->room) {
        node.hall_or_room++;
    }
    while (node.person < search->people_count &&
           search->people[node.person].instructor != at->instructors[0]) {
        node.person++;
    }
    node.day = at->day - search->query->from_day;
    if (node.hall_or_room == search->room_count || node.person == search->people_count ||
        search->day_price[node.day] == INT64_MAX) {
        return ERR_NONE;
    }
    struct placement candidate = candidate_at(search, at->day, at->start_min, at->room, at->instructors[0]);
    struct free_price price;
    enum error_code code = pricing_all(&search->pricing, &candidate, &price, err);
    node.price = price.total;
    return code == ERR_NONE ? search_push(search, node) : code;
}

static enum error_code pass_begin(struct free_search *search, uint64_t overrides, struct error *err)
{
    search->overrides = overrides;
    search->heap_count = 0;
    memset(search->dead, 0,
           search->day_words * (1 + search->hall_count + 2 * search->people_count) * sizeof *search->dead);
    for (size_t r = 0; r < search->room_count; r++) {
        search->rooms[r].dead = false;
        if (search->rooms[r].open != NULL) {
            memset(search->rooms[r].known, 0, search->day_words * sizeof *search->rooms[r].known);
        }
    }
    for (size_t d = 0; search->query->per_day > 0 && d < (size_t)search->day_count; d++) {
        if (search->day_offers[d] >= search->query->per_day) {
            bit_set(search->days_dead, d);
        }
    }
    for (size_t p = 0; p < search->people_count; p++) {
        const struct free_person *person = &search->people[p];
        for (uint32_t k = 0; k < person->busy_count; k++) {
            bit_set(person->busy_days, search->busy[person->first_busy + k].day);
        }
    }
    struct free_node *heap =
        vec_reserve(search->heap, &search->heap_capacity,
                    search->hall_count * search->people_count + HEAP_SPARE, sizeof *heap, LIMIT_ROWS);
    search->heap = heap != NULL ? heap : search->heap; /* no room at once: it grows, or fails, by and by */
    enum error_code code = published_push(search, err);
    for (uint32_t h = 0; code == ERR_NONE && h < search->hall_count; h++) {
        for (uint32_t p = 0; code == ERR_NONE && p < search->people_count; p++) {
            code = pair_push(search, h, p);
        }
    }
    return code;
}

enum error_code search_pass(struct free_search *search, uint64_t overrides, struct free_list *list,
                            struct error *err)
{
    enum error_code code = pass_begin(search, overrides, err);
    uint64_t work = 0;
    while (code == ERR_NONE && search->heap_count > 0 && list->count < search->query->max_results) {
        if (++work > WORK_MAX) {
            list->complete = false;
            break;
        }
        struct free_node node = node_pop(search);
        switch (node.kind) {
        case NODE_PAIR:
            code = pair_expand(search, &node);
            break;
        case NODE_CURSOR:
            code = cursor_expand(search, &node);
            break;
        case NODE_SPOT:
            code = spot_expand(search, &node);
            break;
        case NODE_CANDIDATE:
        default:
            code = candidate_try(search, &node, list, err);
            break;
        }
    }
    return code == ERR_MEMORY ? error_set(err, code, "free: %s", error_sentence_en(code)) : code;
}
