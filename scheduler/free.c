#include "scheduler/free.h"

#include "base/date.h"
#include "scheduler/free_search.h"
#include "scheduler/placement.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    DAYS_EITHER_WAY = 28,
    DISTANCE_DEFAULT = 1
};

void free_list_finish(struct free_list *list)
{
    free(list->items);
    *list = (struct free_list){.locked = RULE_COUNT};
}

/* ---- queries ---- */

static int32_t year_first(int32_t day)
{
    return date_from_civil((struct civil){date_year(day), 1, 1});
}

static int32_t year_last(int32_t day)
{
    return date_from_civil((struct civil){date_year(day), 12, 31});
}

void free_query_days(struct free_query *query, int32_t from_day, int32_t to_day)
{
    query->from_day = from_day;
    query->to_day = to_day;
    int32_t first = year_first(from_day);
    int32_t last = year_last(to_day);
    query->score_from_day = first < query->score_from_day ? first : query->score_from_day;
    query->score_to_day = last > query->score_to_day ? last : query->score_to_day;
}

struct free_query free_query_course(uint32_t course, uint32_t hall, uint32_t area, int32_t from_day,
                                    int32_t to_day)
{
    struct free_query query = {.course = course,
                               .request = NONE,
                               .hall = hall,
                               .area = area,
                               .room = NONE,
                               .instructor = NONE,
                               .max_results = FREE_RESULTS_DEFAULT,
                               .per_day = FREE_PER_DAY_DEFAULT,
                               .distance = DISTANCE_DEFAULT,
                               .score_from_day = INT32_MAX,
                               .score_to_day = INT32_MIN,
                               .weights = weights_default()};
    free_query_days(&query, from_day, to_day);
    return query;
}

struct free_query free_query_request(const struct timetable *timetable, uint32_t request)
{
    const struct request *row = &timetable->requests[request];
    struct free_query query =
        free_query_course(row->course, row->hall, row->area, row->from_day, row->to_day);
    query.request = request;
    return query;
}

enum error_code free_query_session(const struct book *book, int64_t session_id, struct free_query *ret_query,
                                   struct error *err)
{
    const struct timetable *t = book_timetable(book);
    uint32_t slot = book_slot_of(book, session_id);
    if (slot == NONE) {
        return error_set(err, ERR_NOT_FOUND, "没有场次 %" PRId64 " (no session %" PRId64 ")", session_id,
                         session_id);
    }
    const struct placement *at = book_at(book, slot);
    uint32_t hall = t->rooms[at->room].hall;
    struct free_query query = free_query_course(at->course, hall, NONE, at->day, at->day);
    query.session_id = session_id;
    if (at->request != NONE && t->requests[at->request].hall == NONE) {
        query.hall = NONE;
        query.area = t->requests[at->request].area;
    }
    int32_t from = at->day - DAYS_EITHER_WAY;
    int32_t to = at->day + DAYS_EITHER_WAY;
    free_query_days(&query, from < DATE_MIN ? DATE_MIN : from, to > DATE_MAX ? DATE_MAX : to);
    *ret_query = query;
    return ERR_NONE;
}

/* ---- checks ---- */

static bool index_fits(uint32_t index, size_t count)
{
    return index == NONE || index < count;
}

static enum error_code query_check(const struct timetable *t, const struct free_query *query,
                                   struct error *err)
{
    bool references = query->course < t->course_count && index_fits(query->request, t->request_count) &&
                      index_fits(query->hall, t->hall_count) && index_fits(query->area, t->area_count) &&
                      index_fits(query->room, t->room_count) &&
                      index_fits(query->instructor, t->instructor_count);
    if (!references || (query->hall == NONE) == (query->area == NONE)) {
        return error_set(err, ERR_INPUT, "free: a course, and one of hall and area");
    }
    if (query->from_day < DATE_MIN || query->to_day > DATE_MAX || query->to_day < query->from_day ||
        query->to_day - query->from_day >= LIMIT_PLAN_DAYS) {
        return error_set(err, ERR_INPUT, "日期范围须为 1 到 %d 天 (1 to %d days)", LIMIT_PLAN_DAYS,
                         LIMIT_PLAN_DAYS);
    }
    if (query->score_from_day > query->from_day || query->score_to_day < query->to_day) {
        return error_set(err, ERR_INPUT, "free: the counted days do not hold the days asked for");
    }
    if (query->max_results < 1 || query->max_results > FREE_RESULTS_MAX || query->distance < 0 ||
        query->distance > 1000) {
        return error_set(err, ERR_INPUT, "free: 1 to %d results, distance 0 to 1000", FREE_RESULTS_MAX);
    }
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        if ((query->overrides & RULE_BIT(rule)) != 0 && !rule_overridable((enum rule_code)rule)) {
            return error_set(err, ERR_INPUT, "规则 %s 不能突破 (rule %s cannot be set aside)",
                             rule_name((enum rule_code)rule), rule_name((enum rule_code)rule));
        }
    }
    return ERR_NONE;
}

/* ---- the session that is looked for ---- */

static struct placement pattern_new(const struct timetable *t, const struct free_query *query)
{
    const struct course *course = &t->courses[query->course];
    struct placement at = {.course = query->course,
                           .instructor_count = 1,
                           .minutes = course->minutes,
                           .setup_min = course->setup_min,
                           .clear_min = course->clear_min,
                           .request = query->request,
                           .heads = course->heads};
    if (query->request != NONE && t->requests[query->request].heads > 0) {
        at.heads = t->requests[query->request].heads;
    }
    return at;
}

/* One meeting of a series that moves alone is an exception from its rule. */
static struct placement pattern_moved(const struct placement *now)
{
    struct placement at = *now;
    at.overrides = 0;
    at.series_exception = at.series_exception || at.series_id != 0;
    return at;
}

static enum rule_code lock_of(const struct placement *at)
{
    return at->pinned ? RULE_PINNED : held_took_place(at->held) ? RULE_HELD : RULE_COUNT;
}

/* ---- the question ---- */

static enum refusal_kind empty_kind(const struct free_search *search)
{
    if (search->room_count == 0) {
        return REFUSAL_NO_HALL;
    }
    if (search->people_count == 0) {
        return REFUSAL_NO_INSTRUCTOR;
    }
    for (int32_t d = 0; d < search->day_count; d++) {
        if (search->day_price[d] != INT64_MAX) {
            return REFUSAL_CROWDED;
        }
    }
    return REFUSAL_NO_DAY;
}

/* Prices of a move are against where the session stands. */
static enum error_code prices_relate(struct free_search *search, struct free_list *list, struct error *err)
{
    struct free_price now;
    if (search->pricing.origin == NULL) {
        return ERR_NONE;
    }
    enum error_code code = pricing_all(&search->pricing, search->pricing.origin, &now, err);
    for (size_t i = 0; code == ERR_NONE && i < list->count; i++) {
        struct free_price *price = &list->items[i].price;
#define X(field, value, unit, zh) price->terms.field -= now.terms.field;
        WEIGHT_LIST(X)
#undef X
        price->distance -= now.distance;
        price->total -= now.total;
    }
    return code;
}

static enum error_code search_run(struct free_search *search, struct free_list *list, struct error *err)
{
    enum error_code code = search_pass(search, 0, list, err);
    if (code == ERR_NONE && search->query->overrides != 0 && list->count < search->query->max_results) {
        code = search_pass(search, search->query->overrides, list, err);
    }
    if (code == ERR_NONE) {
        code = prices_relate(search, list, err);
        list->empty = empty_kind(search);
    }
    return code;
}

enum error_code free_find(const struct book *book, const struct free_query *query, struct free_list *ret_list,
                          struct error *err)
{
    const struct timetable *t = book_timetable(book);
    uint32_t self = book_slot_of(book, query->session_id);
    enum error_code code = query_check(t, query, err);
    if (code != ERR_NONE) {
        return code;
    }
    if (query->session_id != 0 && self == NONE) {
        return error_set(err, ERR_NOT_FOUND, "free: no session %" PRId64, query->session_id);
    }
    struct free_list list = {.complete = true, .locked = RULE_COUNT, .empty = REFUSAL_CROWDED};
    struct placement pattern = self == NONE ? pattern_new(t, query) : pattern_moved(book_at(book, self));
    list.locked = self == NONE ? RULE_COUNT : lock_of(&pattern);
    if (self != NONE && (pattern.day < query->score_from_day || pattern.day > query->score_to_day)) {
        return error_set(err, ERR_INPUT, "free: the counted days do not hold the session");
    }
    list.items = malloc(query->max_results * sizeof *list.items);
    if (list.items == NULL) {
        return error_set(err, ERR_MEMORY, "free: %s", error_sentence_en(ERR_MEMORY));
    }
    if (list.locked == RULE_COUNT) {
        struct free_search search;
        code = search_open(&search, book, query, &pattern, self, err);
        code = code == ERR_NONE ? search_run(&search, &list, err) : code;
        search_close(&search);
    }
    if (code != ERR_NONE) {
        free_list_finish(&list);
        return code;
    }
    *ret_list = list;
    return ERR_NONE;
}
