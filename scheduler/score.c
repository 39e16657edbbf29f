/* The cost of a timetable by plain loops (docs/planner.md has each term). It shares no code with the
 * search, so that each checks the other. */
#include "scheduler/plan.h"

#include "base/date.h"
#include "scheduler/standing.h"
#include "scheduler/travel.h"

#include <stdlib.h>

struct score {
    const struct book *book;
    const struct timetable *timetable;
    int32_t from_day, to_day;
    const struct placement **sessions; /* owned: those in the days */
    size_t count;
    struct plan_cost units;
};

static bool in_days(const struct score *score, int32_t day)
{
    return day >= score->from_day && day <= score->to_day;
}

static uint32_t hall_of(const struct score *score, const struct placement *at)
{
    return score->timetable->rooms[at->room].hall;
}

static uint32_t leader_of(const struct placement *at)
{
    return at->instructor_count == 0 ? (uint32_t)NONE : at->instructors[0];
}

static int64_t start_of(const struct placement *at)
{
    return (int64_t)at->day * DAY_MINUTES + at->start_min;
}

static int compare_numbers(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* ---- one session at a time ---- */

static int part_of_day(int32_t start_min)
{
    if (start_min < 720) {
        return PART_MORNING;
    }
    return start_min < 1050 ? PART_AFTERNOON : PART_EVENING;
}

static void score_session(struct score *score, const struct placement *at)
{
    const struct timetable *t = score->timetable;
    const struct course *course = &t->courses[at->course];
    int parts = course->parts;
    int weekdays = 0;
    if (at->request != NONE) {
        const struct request *request = &t->requests[at->request];
        parts = request->parts != 0 ? request->parts : parts;
        weekdays = request->weekdays;
    }
    if (weekdays != 0 && !(weekdays & 1 << (date_weekday(at->day) - 1))) {
        score->units.weekday++;
    }
    if (parts != 0 && !(parts & part_of_day(at->start_min))) {
        score->units.part_of_day++;
    }
    struct day_info info = timetable_day(t, at->day);
    if (course->holidays_wanted ? info.is_makeup : info.is_off) {
        score->units.holiday++;
    }
    int64_t from = start_of(at) - at->setup_min;
    int64_t to = start_of(at) + at->minutes + at->clear_min;
    if (closure_hit(t, at->room, from, to, CLOSURE_SOFT) != NONE) {
        score->units.soft_closure++;
    }
}

/* ---- halls ---- */

static enum error_code score_reach(struct score *score, struct error *err)
{
    const struct timetable *t = score->timetable;
    bool *reached = calloc(t->hall_count + 1, sizeof *reached);
    bool *held = calloc(t->area_count * t->category_count + 1, sizeof *held);
    bool *counts = calloc(t->area_count + 1, sizeof *counts);
    bool *offered = calloc(t->category_count + 1, sizeof *offered);
    enum error_code code = ERR_NONE;
    if (reached == NULL || held == NULL || counts == NULL || offered == NULL) {
        code = error_set(err, ERR_MEMORY, "score: %s", error_sentence_en(ERR_MEMORY));
        goto out;
    }
    for (size_t i = 0; i < score->count; i++) {
        uint32_t hall = hall_of(score, score->sessions[i]);
        uint32_t township = timetable_hall_township(t, hall);
        reached[hall] |= placement_reaches_hall(score->sessions[i]);
        if (township != NONE && placement_is_given(score->sessions[i])) {
            held[township * t->category_count + t->courses[score->sessions[i]->course].category] = true;
        }
    }
    for (size_t c = 0; c < t->course_count; c++) {
        offered[t->courses[c].category] |= t->courses[c].active;
    }
    for (uint32_t h = 0; h < t->hall_count; h++) {
        if (hall_standing(t, h, score->from_day, score->to_day) == HALL_COUNTS) {
            score->units.hall_unreached += reached[h] ? 0 : 1;
            uint32_t township = timetable_hall_township(t, h);
            if (township != NONE) {
                counts[township] = true;
            }
        }
    }
    for (size_t a = 0; a < t->area_count; a++) {
        for (size_t c = 0; counts[a] && c < t->category_count; c++) {
            score->units.category_missing += offered[c] && !held[a * t->category_count + c] ? 1 : 0;
        }
    }
out:
    free(reached);
    free(held);
    free(counts);
    free(offered);
    return code;
}

/* A session under the number that it is sorted by: its hall, or one of its instructors. */
struct entry {
    uint32_t key;
    const struct placement *at;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    int order = compare_numbers(x->key, y->key);
    order = order != 0 ? order : compare_numbers(start_of(x->at), start_of(y->at));
    order = order != 0 ? order : compare_numbers(x->at->room, y->at->room);
    return order != 0 ? order : compare_numbers(leader_of(x->at), leader_of(y->at));
}

/* Pairs closer than a week, and changes of instructor from one session of a course to its next. */
static void score_hall(struct score *score, const struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct placement *a = entries[i].at;
        bool is_last_of_course = true;
        for (size_t j = i + 1; j < count; j++) {
            const struct placement *b = entries[j].at;
            bool one_series = a->series_id != 0 && a->series_id == b->series_id;
            if (b->day - a->day < 7 && !one_series) {
                score->units.spacing++;
            }
            if (is_last_of_course && a->course == b->course) {
                is_last_of_course = false;
                score->units.continuity += leader_of(a) != leader_of(b) ? 1 : 0;
            }
        }
    }
}

static enum error_code score_halls(struct score *score, struct error *err)
{
    struct entry *entries = malloc((score->count + 1) * sizeof *entries);
    if (entries == NULL) {
        return error_set(err, ERR_MEMORY, "score: %s", error_sentence_en(ERR_MEMORY));
    }
    for (size_t i = 0; i < score->count; i++) {
        entries[i] = (struct entry){hall_of(score, score->sessions[i]), score->sessions[i]};
    }
    qsort(entries, score->count, sizeof *entries, compare_entries);
    for (size_t from = 0, to; from < score->count; from = to) {
        for (to = from; to < score->count && entries[to].key == entries[from].key; to++) {}
        score_hall(score, &entries[from], to - from);
    }
    free(entries);
    return ERR_NONE;
}

/* ---- instructors ---- */

/* Home, halls in order of time, home. */
static int64_t day_travel(const struct score *score, const struct entry *entries, size_t count)
{
    const struct timetable *t = score->timetable;
    uint32_t instructor = entries[0].key;
    int64_t minutes = travel_home_minutes(t, instructor, hall_of(score, entries[0].at));
    for (size_t i = 1; i < count; i++) {
        minutes += travel_hall_minutes(t, hall_of(score, entries[i - 1].at), hall_of(score, entries[i].at));
    }
    return minutes + travel_home_minutes(t, instructor, hall_of(score, entries[count - 1].at));
}

/* The entries of one instructor, in order of time. */
static void score_instructor(struct score *score, const struct entry *entries, size_t count)
{
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && entries[to].at->day == entries[from].at->day; to++) {}
        score->units.travel += day_travel(score, &entries[from], to - from);
    }
    for (size_t from = 0, to; from < count; from = to) {
        int32_t month = date_month_index(entries[from].at->day);
        for (to = from; to < count && date_month_index(entries[to].at->day) == month; to++) {}
        score->units.load += (int64_t)(to - from) * (int64_t)(to - from);
    }
}

static bool named_before(const struct placement *at, int which)
{
    for (int i = 0; i < which; i++) {
        if (at->instructors[i] == at->instructors[which]) {
            return true;
        }
    }
    return false;
}

static enum error_code score_instructors(struct score *score, struct error *err)
{
    struct entry *entries = malloc((score->count * LIMIT_SESSION_INSTRUCTORS + 1) * sizeof *entries);
    size_t count = 0;
    if (entries == NULL) {
        return error_set(err, ERR_MEMORY, "score: %s", error_sentence_en(ERR_MEMORY));
    }
    for (size_t i = 0; i < score->count; i++) {
        const struct placement *at = score->sessions[i];
        for (int k = 0; k < at->instructor_count; k++) {
            if (!named_before(at, k)) {
                entries[count++] = (struct entry){at->instructors[k], at};
            }
        }
    }
    qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && entries[to].key == entries[from].key; to++) {}
        score_instructor(score, &entries[from], to - from);
    }
    free(entries);
    return ERR_NONE;
}

/* ---- townships and weeks ---- */

static enum error_code score_evenness(struct score *score, struct error *err)
{
    size_t weeks = (size_t)(score->to_day - score->from_day) / 7 + 2;
    int64_t *counts = calloc(score->timetable->area_count * weeks + 1, sizeof *counts);
    if (counts == NULL) {
        return error_set(err, ERR_MEMORY, "score: %s", error_sentence_en(ERR_MEMORY));
    }
    for (size_t i = 0; i < score->count; i++) {
        uint32_t township = timetable_hall_township(score->timetable, hall_of(score, score->sessions[i]));
        int32_t days = date_week_start(score->sessions[i]->day) - date_week_start(score->from_day);
        if (township != NONE) {
            counts[township * weeks + (size_t)days / 7]++;
        }
    }
    for (size_t i = 0; i < score->timetable->area_count * weeks; i++) {
        score->units.evenness += counts[i] * counts[i];
    }
    free(counts);
    return ERR_NONE;
}

/* ---- against what is published ---- */

static bool stands_the_same(const struct placement *a, const struct placement *b)
{
    if (a->day != b->day || a->start_min != b->start_min || a->room != b->room ||
        a->instructor_count != b->instructor_count) {
        return false;
    }
    for (int k = 0; k < a->instructor_count; k++) {
        if (a->instructors[k] != b->instructors[k]) {
            return false;
        }
    }
    return true;
}

static void score_changes(struct score *score)
{
    const struct timetable *t = score->timetable;
    for (size_t i = 0; i < t->session_count; i++) {
        const struct session *session = &t->sessions[i];
        if (session->status == SESSION_CANCELLED || !in_days(score, session->at.day)) {
            continue;
        }
        uint32_t slot = book_slot_of(score->book, session->at.session_id);
        if (slot == NONE || !stands_the_same(book_at(score->book, slot), &session->at)) {
            score->units.change++;
        }
    }
}

/* ---- the whole ---- */

static enum error_code score_collect(struct score *score, struct error *err)
{
    uint32_t end = book_slot_end(score->book);
    score->sessions = malloc((end + 1U) * sizeof *score->sessions);
    if (score->sessions == NULL) {
        return error_set(err, ERR_MEMORY, "score: %s", error_sentence_en(ERR_MEMORY));
    }
    for (uint32_t slot = 0; slot < end; slot++) {
        if (book_slot_used(score->book, slot) && in_days(score, book_at(score->book, slot)->day)) {
            score->sessions[score->count++] = book_at(score->book, slot);
        }
    }
    return ERR_NONE;
}

static struct plan_cost score_weigh(const struct plan_cost *units, const struct weights *weights)
{
    struct plan_cost cost = {
#define X(field, value, unit, zh) .field = units->field * weights->field,
        WEIGHT_LIST(X)
#undef X
    };
    cost.load /= 16;
    cost.evenness /= 4;
    return cost;
}

enum error_code score_timetable(const struct book *book, const struct weights *weights, int32_t from_day,
                                int32_t to_day, struct plan_cost *ret_cost, struct error *err)
{
    struct score score = {
        .book = book, .timetable = book_timetable(book), .from_day = from_day, .to_day = to_day};
    if (to_day < from_day || to_day - from_day >= LIMIT_PLAN_DAYS) {
        return error_set(err, ERR_INPUT, "score: 1 to %d days", LIMIT_PLAN_DAYS);
    }
    enum error_code code = score_collect(&score, err);
    code = code == ERR_NONE ? score_reach(&score, err) : code;
    code = code == ERR_NONE ? score_halls(&score, err) : code;
    code = code == ERR_NONE ? score_instructors(&score, err) : code;
    code = code == ERR_NONE ? score_evenness(&score, err) : code;
    if (code == ERR_NONE) {
        for (size_t i = 0; i < score.count; i++) {
            score_session(&score, score.sessions[i]);
        }
        score_changes(&score);
        *ret_cost = score_weigh(&score.units, weights);
    }
    free(score.sessions);
    return code;
}

/* ---- requests ---- */

static int64_t request_placed(const struct book *book, uint32_t index, const uint32_t *counts)
{
    int64_t wanted = book_timetable(book)->requests[index].sessions;
    return counts[index] < wanted ? counts[index] : wanted;
}

void score_requests(const struct book *book, int32_t from_day, int32_t to_day, int64_t *ret_wanted,
                    int64_t *ret_placed, int64_t *ret_priority_wanted, int64_t *ret_priority_placed)
{
    const struct timetable *t = book_timetable(book);
    uint32_t *counts = calloc(t->request_count + 1, sizeof *counts);
    *ret_wanted = *ret_placed = *ret_priority_wanted = *ret_priority_placed = 0;
    for (uint32_t slot = 0; counts != NULL && slot < book_slot_end(book); slot++) {
        if (book_slot_used(book, slot) && book_at(book, slot)->request != NONE) {
            counts[book_at(book, slot)->request]++;
        }
    }
    for (uint32_t r = 0; counts != NULL && r < t->request_count; r++) {
        const struct request *request = &t->requests[r];
        if (request->withdrawn || request->from_day > to_day || request->to_day < from_day) {
            continue;
        }
        int64_t placed = request_placed(book, r, counts);
        int64_t wanted = placed + request_missing(request, (int32_t)placed);
        *ret_wanted += wanted;
        *ret_placed += placed;
        *ret_priority_wanted += wanted * request->priority;
        *ret_priority_placed += placed * request->priority;
    }
    free(counts);
}
