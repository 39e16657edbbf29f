/* Series under repair: a hit meeting is left out or goes to the end of the series as its holiday rule says;
 * an urgent request for a weekly series is placed as one. */
#include "base/date.h"
#include "base/vec.h"
#include "scheduler/bound.h"
#include "scheduler/repair_private.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    SLIDE_WEEKS = 8 /* a meeting that slides further than this is another series */
};

bool repair_is_regular(const struct repair *repair, const struct placement *at)
{
    for (uint32_t slot = book_series_first(repair->book, at->series_id); slot != NONE;
         slot = book_series_next(repair->book, slot)) {
        const struct placement *other = book_at(repair->book, slot);
        if (other->session_id == at->session_id || other->series_exception) {
            continue;
        }
        bool same = date_weekday(other->day) == date_weekday(at->day) && other->start_min == at->start_min &&
                    other->minutes == at->minutes && other->room == at->room &&
                    other->instructor_count == at->instructor_count;
        for (uint8_t k = 0; same && k < at->instructor_count; k++) {
            same = placement_teaches(other, at->instructors[k]);
        }
        return same;
    }
    return true;
}

/* Meetings of a published series, cancelled ones not counted. */
struct meetings {
    int32_t all;
    int32_t left_out; /* of those, by the holiday rule */
    int32_t homeless; /* without a place now, the former among them */
    int32_t last_day;
};

static struct meetings meetings_count(const struct repair *repair, int64_t series_id)
{
    const struct timetable *t = repair->timetable;
    struct meetings meetings = {.last_day = INT32_MIN};
    for (size_t i = 0; i < t->session_count; i++) {
        const struct session *session = &t->sessions[i];
        if (session->at.series_id == series_id && session->status != SESSION_CANCELLED) {
            uint32_t task = repair_task_of(repair, session->at.session_id);
            const struct task *held = task == NONE ? NULL : &repair->tasks.items[task];
            meetings.all++;
            meetings.left_out += held != NULL && held->dropped;
            meetings.homeless += held != NULL && !held->placed;
            int32_t day = held != NULL && held->placed ? held->now.day : session->at.day;
            bool counts = !session->at.series_exception && (held == NULL || !held->now.series_exception);
            meetings.last_day = counts && day > meetings.last_day ? day : meetings.last_day;
        }
    }
    return meetings;
}

/* At least half of the meetings must be left, as when the series was planned. */
static bool leave_out(struct repair *repair, uint32_t task)
{
    struct meetings meetings = meetings_count(repair, repair->tasks.items[task].was.series_id);
    if (2 * (meetings.all - meetings.left_out - 1) < meetings.all) {
        return false;
    }
    repair->tasks.items[task].dropped = true;
    return true;
}

bool repair_leaves_half(const struct repair *repair, int64_t series_id)
{
    struct meetings meetings = meetings_count(repair, series_id);
    return 2 * (meetings.all - meetings.homeless) >= meetings.all;
}

/* All later meetings slide by a week; as meetings are alike, that is the hit one going to the end. */
static bool slide(struct repair *repair, uint32_t task)
{
    const struct timetable *t = repair->timetable;
    struct placement at = repair->tasks.items[task].was;
    int32_t last = meetings_count(repair, at.series_id).last_day;
    for (int32_t week = 1; week <= SLIDE_WEEKS && last != INT32_MIN; week++) {
        at.day = last + 7 * week;
        bool in_window = at.request == NONE || request_allows_day(t, at.request, at.day);
        if (in_window && at.day > repair->options->frozen_until_day && at.day >= repair->options->from_day &&
            at.day <= repair->options->to_day && !timetable_day(t, at.day).is_off &&
            repair_is_regular(repair, &at) && rules_allow(repair->book, &at, NONE, NULL)) {
            repair_set(repair, task, &at);
            return true;
        }
    }
    return false;
}

bool repair_by_holiday_rule(struct repair *repair, uint32_t task)
{
    const struct task *held = &repair->tasks.items[task];
    if (!held->rule_day || held->was.series_id == 0 || held->was.series_exception) {
        return false;
    }
    const struct series *series = timetable_find_series(repair->timetable, held->was.series_id);
    if (series == NULL) {
        return false;
    }
    switch (series->holiday_rule) {
    case HOLIDAY_SKIP:
        return leave_out(repair, task);
    case HOLIDAY_SHIFT:
        return slide(repair, task);
    case HOLIDAY_FORBID:
    default:
        return false;
    }
}

/* ---- urgent requests ---- */

/* Where the search for an urgent request's place begins; of a request that does not contradict itself. */
static bool template_make(const struct repair *repair, uint32_t index, struct placement *ret_at)
{
    const struct timetable *t = repair->timetable;
    const struct request *request = &t->requests[index];
    const struct course *course = &t->courses[request->course];
    uint8_t parts = request->parts != 0 ? request->parts : course->parts;
    int32_t day = repair_first_day(repair->options);
    day = request->from_day > day ? request->from_day : day;
    while (day < repair->options->to_day && !request_allows_day(t, index, day)) {
        day++;
    }
    struct placement at = {.course = request->course,
                           .room = NONE,
                           .instructor_count = 1,
                           .day = day,
                           .start_min = parts == 0                      ? 14 * 60
                                        : (parts & PART_AFTERNOON) != 0 ? 14 * 60
                                        : (parts & PART_MORNING) != 0   ? 9 * 60
                                                                        : 18 * 60 + 30,
                           .minutes = course->minutes,
                           .setup_min = course->setup_min,
                           .clear_min = course->clear_min,
                           .request = index,
                           .heads = request->heads > 0 ? request->heads : course->heads};
    for (uint32_t h = 0; h < t->hall_count && at.room == NONE; h++) {
        if (!request_allows_hall(t, index, h)) {
            continue;
        }
        for (uint32_t r = t->halls[h].first_room; r < t->halls[h].first_room + t->halls[h].room_count; r++) {
            bool fits = (course->facilities & ~t->rooms[r].facilities) == 0 &&
                        (t->rooms[r].capacity == 0 || at.heads <= t->rooms[r].capacity);
            at.room = fits ? r : at.room;
        }
    }
    uint32_t first = repair->qualified_start[request->course];
    if (at.room == NONE || first == repair->qualified_start[request->course + 1]) {
        return false;
    }
    at.instructors[0] = repair->qualified[first];
    *ret_at = at;
    return true;
}

struct weekly {
    struct repair *repair;
    const struct book *book; /* that has to have the room for it */
    const struct request *request;
    int32_t meetings;
    struct placement first;
    int32_t days[LIMIT_SERIES_MEETINGS];
    int32_t count; /* 0: nothing found */
};

/* The dates of a series that begins there, by its holiday rule; 0 when it cannot. As the planner dates them.
 */
static int32_t weekly_dates(const struct weekly *weekly, const struct placement *first, int32_t *days)
{
    const struct repair *repair = weekly->repair;
    const struct timetable *t = repair->timetable;
    struct placement at = *first;
    int32_t count = 0;
    for (int32_t step = 0; step < weekly->meetings; at.day += 7) {
        if (at.day > repair->options->to_day || !request_allows_day(t, at.request, at.day)) {
            return 0;
        }
        bool off =
            timetable_day(t, at.day).is_off ||
            closure_hit(t, at.room, placement_taken_from(&at), placement_taken_to(&at), CLOSURE_HARD) != NONE;
        if (off && (weekly->request->holiday_rule == HOLIDAY_FORBID || count == 0)) {
            return 0;
        }
        if (!off) {
            if (!rules_allow(weekly->book, &at, NONE, NULL)) {
                return 0;
            }
            days[count++] = at.day;
        }
        step += off && weekly->request->holiday_rule == HOLIDAY_SHIFT ? 0 : 1;
    }
    return 2 * count >= weekly->meetings ? count : 0;
}

static bool weekly_visit(void *context, const struct placement *at, unsigned change)
{
    struct weekly *weekly = context;
    (void)change;
    int32_t count = weekly_dates(weekly, at, weekly->days);
    if (count > 0) {
        weekly->first = *at;
        weekly->count = count;
    }
    return count == 0;
}

static bool weekly_goes_on(void *context)
{
    const struct weekly *weekly = context;
    return weekly->count == 0;
}

static enum error_code weekly_publish(struct repair *repair, const struct weekly *weekly, struct plan *plan)
{
    void *grown = vec_reserve(plan->series, &plan->series_capacity, plan->series_count + 1,
                              sizeof *plan->series, LIMIT_ROWS);
    if (grown == NULL) {
        return ERR_MEMORY;
    }
    plan->series = grown;
    plan->series[plan->series_count++] =
        (struct plan_series){weekly->first.request, weekly->request->holiday_rule};
    struct placement at = weekly->first;
    at.series_id = -(int64_t)plan->series_count;
    for (int32_t i = 0; i < weekly->count; i++) {
        at.session_id = -(int64_t)(repair->tasks.count + 1);
        uint32_t task = repair_task_add(repair, &at);
        if (task == NONE) {
            return ERR_MEMORY;
        }
        repair->tasks.items[task].is_urgent = true;
        repair->tasks.items[task].locked = true;
        repair->tasks.items[task].placed = false;
        at.day = weekly->days[i];
        repair_set(repair, task, &at);
    }
    return repair->failed;
}

static enum error_code add_weekly(struct repair *repair, uint32_t task, int32_t missing, struct plan *plan)
{
    const struct task *template = &repair->tasks.items[task];
    struct weekly weekly = {.repair = repair,
                            .book = repair->book,
                            .request = &repair->timetable->requests[template->was.request],
                            .meetings = missing < LIMIT_SERIES_MEETINGS ? missing : LIMIT_SERIES_MEETINGS};
    struct repair_domain domain = {.day_count = 0};
    enum error_code code = repair_domain_make(repair, template, &domain);
    if (code != ERR_NONE) {
        return code;
    }
    repair_domain_walk(repair, template, &domain, NULL, weekly_visit, weekly_goes_on, &weekly);
    if (weekly.count == 0) {
        weekly.book = repair->alone;
        repair_domain_walk(repair, template, &domain, NULL, weekly_visit, weekly_goes_on, &weekly);
        repair->tasks.items[task].has_place = weekly.count > 0;
    } else {
        repair->tasks.items[task].dropped = true; /* the template has served */
        code = weekly_publish(repair, &weekly, plan);
    }
    repair_domain_finish(&domain);
    return code;
}

static enum error_code add_one(struct repair *repair, const struct placement *template, uint32_t *ret_task)
{
    struct placement at = *template;
    at.session_id = -(int64_t)(repair->tasks.count + 1);
    *ret_task = repair_task_add(repair, &at);
    if (*ret_task == NONE) {
        return ERR_MEMORY;
    }
    repair->tasks.items[*ret_task].is_urgent = true;
    repair->tasks.items[*ret_task].placed = false;
    return ERR_NONE;
}

/* One task as the pattern of the whole series, or one for each session. */
static enum error_code add_tasks(struct repair *repair, const struct placement *template, int32_t missing,
                                 bool is_weekly, struct plan *plan)
{
    uint32_t task = NONE;
    enum error_code code = ERR_NONE;
    if (!is_weekly) {
        for (int32_t i = 0; i < missing && code == ERR_NONE; i++) {
            code = add_one(repair, template, &task);
        }
        return code;
    }
    code = add_one(repair, template, &task);
    if (code != ERR_NONE) {
        return code;
    }
    repair->tasks.items[task].locked = true;
    return add_weekly(repair, task, missing, plan);
}

enum error_code repair_add_urgent(struct repair *repair, uint32_t request, struct plan *plan,
                                  struct error *err)
{
    const struct timetable *t = repair->timetable;
    struct placement template;
    if (request >= t->request_count) {
        return error_set(err, ERR_INPUT, "request %" PRIu32 " of %zu", request, t->request_count);
    }
    int32_t published = 0;
    for (size_t i = 0; i < t->session_count; i++) {
        published += t->sessions[i].at.request == request && t->sessions[i].status != SESSION_CANCELLED;
    }
    const struct request *wanted = &t->requests[request];
    int32_t missing = request_missing(wanted, published);
    if (missing == 0 && !wanted->withdrawn) {
        return ERR_NONE;
    }
    struct plan_refusal refusal = {.request = request, .is_weekly = request_is_weekly(wanted, missing)};
    enum error_code code = ERR_NONE;
    if (bound_contradicts(t, request, missing, repair_first_day(repair->options), repair->options->to_day,
                          &refusal.kind)) {
        code = repair_refuse(plan, &refusal);
    } else if (!template_make(repair, request, &template)) {
        return error_set(err, ERR_INTERNAL, "repair: request %s", wanted->id);
    } else {
        code = add_tasks(repair, &template, missing, refusal.is_weekly, plan);
    }
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "repair: %s", error_sentence_en(code));
}
