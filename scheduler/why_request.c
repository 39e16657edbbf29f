/* Why a request was not placed, and what single change would make room. */
#include "base/date.h"
#include "base/vec.h"
#include "scheduler/placement.h"
#include "scheduler/spread.h"
#include "scheduler/why_place.h"

#include <stdlib.h>
#include <string.h>

/* ---- the places of a request ---- */

static enum error_code index_add(struct indices *list, uint32_t value)
{
    enum error_code code = ERR_NONE;
    VEC_PUSH(code, list, value, LIMIT_ROWS);
    return code;
}

static void look_finish(struct look *look)
{
    free(look->days.items);
    free(look->rooms.items);
    free(look->people.items);
    clash_list_finish(&look->clashes);
    changes_finish(&look->changes);
    id_map_finish(&look->blocker_ids);
    free(look->blockers.items);
}

static int32_t first_day(const struct request *request, int32_t from_day)
{
    return request->from_day < from_day ? from_day : request->from_day;
}

static enum error_code domain_collect(struct look *look)
{
    const struct timetable *t = look->timetable;
    enum error_code code = ERR_NONE;
    for (int32_t day = look->why->from_day; code == ERR_NONE && day <= look->why->to_day; day++) {
        code = look_in_season(look, day) ? index_add(&look->days, (uint32_t)(day - DATE_MIN)) : ERR_NONE;
    }
    for (uint32_t h = 0; code == ERR_NONE && h < t->hall_count; h++) {
        if (!wish_allows_hall(t, look->request, h)) {
            continue;
        }
        for (uint32_t r = 0; code == ERR_NONE && r < t->halls[h].room_count; r++) {
            code = index_add(&look->rooms, t->halls[h].first_room + r);
        }
    }
    bool anybody = look->why->kind == WHY_NO_INSTRUCTOR; /* who could be, if qualified? */
    for (uint32_t i = 0; code == ERR_NONE && i < t->instructor_count; i++) {
        if (anybody || timetable_qualified(t, i, look->request->course)) {
            code = index_add(&look->people, i);
        }
    }
    int32_t span = FREE_LAST_END_MIN - FREE_FIRST_MIN - look->pattern.minutes;
    look->starts = span < 0 ? 0 : (uint32_t)span / FREE_STEP_MIN + 1;
    look->why->domain = (uint64_t)look->days.count * look->rooms.count * look->people.count * look->starts;
    return code;
}

/* ---- what is known before any place is looked at ---- */

static bool has_room(const struct timetable *t, const struct request *row)
{
    for (uint32_t h = 0; h < t->hall_count; h++) {
        if (wish_allows_hall(t, row, h) && t->halls[h].room_count > 0) {
            return true;
        }
    }
    return false;
}

static bool has_person(const struct timetable *t, uint32_t course)
{
    for (uint32_t i = 0; i < t->instructor_count; i++) {
        if (timetable_qualified(t, i, course)) {
            return true;
        }
    }
    return false;
}

/* `missing`: of its sessions. */
static enum why_kind wish_empty(const struct timetable *timetable, const struct request *row, int32_t missing,
                                int32_t from_day)
{
    if (row->withdrawn) {
        return WHY_WITHDRAWN;
    }
    int32_t from = first_day(row, from_day);
    if (row->to_day < from) {
        return WHY_PAST;
    }
    const struct course *course = &timetable->courses[row->course];
    int32_t day = from;
    while (day <= row->to_day && !seasons_allow(course->seasons, course->season_count, day)) {
        day++;
    }
    if (day > row->to_day) {
        return WHY_SEASON;
    }
    if (!has_room(timetable, row)) {
        return WHY_NO_HALL;
    }
    if (!has_person(timetable, row->course)) {
        return WHY_NO_INSTRUCTOR;
    }
    /* The first of a weekly series of n may fall on any day but the last 7 (n - 1). */
    if (row->is_series && (int64_t)(missing - 1) * 7 > row->to_day - from) {
        return WHY_SERIES_LONG;
    }
    return WHY_ROOM_LEFT;
}

/* ---- all of them, or an even sample ---- */

static struct placement place_numbered(const struct look *look, uint64_t number, int32_t day)
{
    struct placement at = look->pattern;
    at.day = day;
    at.start_min = FREE_FIRST_MIN + FREE_STEP_MIN * (int32_t)(number % look->starts);
    number /= look->starts;
    at.instructors[0] = look->people.items[number % look->people.count];
    number /= look->people.count;
    at.room = look->rooms.items[number % look->rooms.count];
    return at;
}

static struct placement place_at(const struct look *look, uint64_t number)
{
    uint64_t places = (uint64_t)look->rooms.count * look->people.count * look->starts;
    return place_numbered(look, number % places, DATE_MIN + (int32_t)look->days.items[number / places]);
}

static enum error_code places_look(struct look *look, uint32_t looks, bool *ret_crowded, struct error *err)
{
    uint64_t domain = look->why->domain;
    uint64_t stride = domain > looks ? spread_stride(domain) : 1;
    uint64_t number = 0;
    enum error_code code = ERR_NONE;
    for (uint64_t i = 0; code == ERR_NONE && i < looks && i < domain; i++) {
        struct placement at = place_at(look, number);
        code = place_count(look, &at, ret_crowded, err);
        number = (number + stride) % domain;
    }
    return code;
}

/* ---- places that are left, now or in a longer window ---- */

static struct free_query query_of(const struct look *look)
{
    const struct request *row = look->request;
    return look->why->request != NONE
               ? free_query_request(look->timetable, look->why->request)
               : free_query_course(row->course, row->hall, row->area, row->from_day, row->to_day);
}

static enum error_code offers_find(struct look *look, const struct why_options *options, struct error *err)
{
    struct free_query query = query_of(look);
    struct free_list list;
    free_query_days(&query, look->why->from_day, look->why->to_day);
    query.weights = options->weights;
    query.max_results = WHY_OFFERS_MAX;
    enum error_code code = free_find(look->book, &query, &list, err);
    if (code == ERR_NONE) {
        look->why->offer_count = list.count;
        if (list.count > 0) {
            memcpy(look->why->offers, list.items, list.count * sizeof *list.items);
        }
        free_list_finish(&list);
    }
    return code;
}

static enum error_code window_try(struct look *look, const struct why_options *options, int32_t from_day,
                                  int32_t to_day, int32_t days, struct error *err)
{
    struct free_query query = query_of(look);
    struct free_list list;
    from_day = from_day < options->from_day ? options->from_day : from_day;
    if (from_day > to_day || from_day < DATE_MIN || to_day > DATE_MAX) {
        return ERR_NONE;
    }
    free_query_days(&query, from_day, to_day);
    query.weights = options->weights;
    enum error_code code = free_find(look->book, &query, &list, err);
    if (code != ERR_NONE) {
        return code;
    }
    struct why_change change = window_change(days);
    for (size_t i = 0; code == ERR_NONE && i < list.count; i++) {
        code = changes_add(&look->changes, &change, &list.items[i].at, 1);
    }
    free_list_finish(&list);
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "why: %s", error_sentence_en(code));
}

/* A series that begins before its window, up to a week. */
static enum error_code earlier_try(struct look *look, const struct why_options *options)
{
    const struct why_change change = window_change(-WINDOW_STEP);
    int32_t from = look->why->from_day - WINDOW_STEP;
    uint64_t places = (uint64_t)look->rooms.count * look->people.count * look->starts;
    uint64_t stride = places * WINDOW_STEP > options->looks ? spread_stride(places) : 1;
    uint64_t most = options->looks / WINDOW_STEP < places ? options->looks / WINDOW_STEP : places;
    enum error_code code = ERR_NONE;
    from = from < options->from_day ? options->from_day : from;
    for (int32_t day = from; day < look->why->from_day; day++) {
        uint64_t number = 0;
        for (uint64_t i = 0; code == ERR_NONE && i < most && look_in_season(look, day); i++) {
            struct placement at = place_numbered(look, number, day);
            int32_t meetings = 0;
            if (series_allowed(look, &at, look->why->to_day, &meetings)) {
                code = changes_add(&look->changes, &change, &at, meetings);
            }
            number = (number + stride) % places;
        }
    }
    return code;
}

/* ---- the answer ---- */

static int32_t placed_count(const struct book *book, uint32_t request)
{
    int32_t count = 0;
    for (uint32_t slot = 0; slot < book_slot_end(book); slot++) {
        const struct placement *at = book_at(book, slot);
        count += at != NULL && at->request == request ? 1 : 0;
    }
    return count;
}

static enum why_kind kind_of(const struct why_request *why, bool is_crowded, enum rule_code *ret_always)
{
    if (why->possible > 0 || why->offer_count > 0) {
        return WHY_ROOM_LEFT;
    }
    for (int rule = 0; rule < RULE_COUNT && why->looked_at > 0; rule++) {
        if (why->any[rule] == why->looked_at) {
            *ret_always = (enum rule_code)rule;
            return WHY_ALWAYS;
        }
    }
    return is_crowded ? WHY_CROWDED : WHY_NO_PLACE;
}

static int blocker_compare(const void *a, const void *b)
{
    const struct why_blocker *x = a;
    const struct why_blocker *y = b;
    if (x->only != y->only) {
        return x->only > y->only ? -1 : 1;
    }
    if (x->candidates != y->candidates) {
        return x->candidates > y->candidates ? -1 : 1;
    }
    return x->at.session_id < y->at.session_id ? -1 : x->at.session_id > y->at.session_id;
}

static void answer_rank(struct look *look)
{
    struct why_request *why = look->why;
    why->change_count = changes_rank(&look->changes, why->changes, WHY_CHANGES_MAX);
    if (look->blockers.count > 0) {
        qsort(look->blockers.items, look->blockers.count, sizeof *look->blockers.items, blocker_compare);
    }
    why->blocker_count = look->blockers.count < WHY_BLOCKERS_MAX ? look->blockers.count : WHY_BLOCKERS_MAX;
    for (size_t i = 0; i < why->blocker_count; i++) {
        why->blockers[i] = look->blockers.items[i];
    }
}

/* Is there room in a longer window, when there is none in this one? */
static enum error_code windows_try(struct look *look, const struct why_options *options, struct error *err)
{
    const struct why_request *why = look->why;
    if (look->meetings > 1) {
        enum error_code code = earlier_try(look, options);
        return code == ERR_NONE ? ERR_NONE : error_set(err, code, "why: %s", error_sentence_en(code));
    }
    enum error_code code =
        window_try(look, options, why->to_day + 1, why->to_day + WINDOW_STEP, WINDOW_STEP, err);
    return code == ERR_NONE
               ? window_try(look, options, why->from_day - WINDOW_STEP, why->from_day - 1, -WINDOW_STEP, err)
               : code;
}

static enum error_code look_run(struct look *look, const struct why_options *options, struct error *err)
{
    struct why_request *why = look->why;
    bool is_crowded = false;
    bool alone = look->meetings == 1;
    look->may_lengthen = !options->fixed_window && why->kind == WHY_ROOM_LEFT;
    enum error_code code = domain_collect(look);
    if (code != ERR_NONE) {
        return error_set(err, code, "why: %s", error_sentence_en(code));
    }
    if (why->kind == WHY_ROOM_LEFT && alone && !options->is_full) {
        code = offers_find(look, options, err);
    }
    code = code == ERR_NONE ? places_look(look, options->looks, &is_crowded, err) : code;
    if (code == ERR_NONE && look->may_lengthen && why->offer_count == 0 && (alone || why->possible == 0)) {
        code = windows_try(look, options, err);
    }
    if (code == ERR_NONE) {
        why->kind = why->kind == WHY_ROOM_LEFT ? kind_of(why, is_crowded, &why->always) : why->kind;
        answer_rank(look);
    }
    return code;
}

static struct placement pattern_of(const struct timetable *t, uint32_t index, const struct request *request)
{
    const struct course *course = &t->courses[request->course];
    return (struct placement){.course = request->course,
                              .instructor_count = 1,
                              .minutes = course->minutes,
                              .setup_min = course->setup_min,
                              .clear_min = course->clear_min,
                              .request = index,
                              .heads = request->heads > 0 ? request->heads : course->heads};
}

static bool kind_has_places(enum why_kind kind)
{
    return kind == WHY_ROOM_LEFT || kind == WHY_NO_INSTRUCTOR;
}

/* `index` NONE: a wish, of which nothing is placed. */
static enum error_code row_explain(const struct book *book, uint32_t index, const struct request *row,
                                   const struct why_options *options, struct why_request *ret_why,
                                   struct error *err)
{
    const struct timetable *t = book_timetable(book);
    struct why_request why = {.request = index, .always = RULE_COUNT};
    why.placed = index != NONE ? placed_count(book, index) : 0;
    why.missing = request_missing(row, why.placed);
    why.from_day = first_day(row, options->from_day);
    why.to_day = row->to_day;
    why.kind = wish_empty(t, row, why.missing, options->from_day);
    if (why.missing == 0 && !row->withdrawn) {
        why.kind = WHY_PLACED;
    }
    enum error_code code = ERR_NONE;
    if (kind_has_places(why.kind)) {
        struct look look = {.book = book, .timetable = t, .request = row, .why = &why};
        look.pattern = pattern_of(t, index, row);
        look.meetings = request_is_weekly(row, why.missing) ? why.missing : 1;
        look.meetings = look.meetings > LIMIT_SERIES_MEETINGS ? LIMIT_SERIES_MEETINGS : look.meetings;
        clash_list_init(&look.clashes);
        id_map_init(&look.blocker_ids);
        changes_init(&look.changes, book, why.missing, look.meetings > 1);
        code = look_run(&look, options, err);
        look_finish(&look);
    }
    if (code == ERR_NONE) {
        *ret_why = why;
    }
    return code;
}

enum error_code why_request(const struct book *book, uint32_t request, const struct why_options *options,
                            struct why_request *ret_why, struct error *err)
{
    const struct timetable *t = book_timetable(book);
    if (request >= t->request_count) {
        return error_set(err, ERR_INPUT, "why: request %u of %zu", request, t->request_count);
    }
    return row_explain(book, request, &t->requests[request], options, ret_why, err);
}

enum error_code why_wish(const struct book *book, const struct request *wish,
                         const struct why_options *options, struct why_request *ret_why, struct error *err)
{
    const struct timetable *t = book_timetable(book);
    bool fine = wish->course < t->course_count && (wish->hall == NONE) != (wish->area == NONE) &&
                (wish->hall == NONE || wish->hall < t->hall_count) &&
                (wish->area == NONE || wish->area < t->area_count) && !wish->is_series;
    if (!fine) {
        return error_set(err, ERR_INPUT, "why: a wish is for a course in one hall or area, and no series");
    }
    return row_explain(book, NONE, wish, options, ret_why, err);
}
