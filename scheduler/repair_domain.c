/* Where a session could go: days, starts, rooms and people, walked in the order of what would change. */
#include "base/date.h"
#include "scheduler/closure.h"
#include "scheduler/repair_private.h"
#include "scheduler/travel.h"

#include <stdlib.h>

enum {
    FIRST_MIN = 6 * 60, /* the planner's grid: quarter hours from 06:00 to 22:00 */
    LAST_MIN = 22 * 60,
    STEP_MIN = 15,
    FREE_DAYS_BACK = 30, /* for sessions that nobody asked for */
    FREE_DAYS_ON = 60,
    DAY_PRICE = 8, /* of a day further away, in units of soft cost: a week counts more than close spacing */
    HALF_HOUR_PRICE = 1
};

/* ---- the lists ---- */

int32_t repair_first_day(const struct repair_options *options)
{
    return options->from_day > options->frozen_until_day ? options->from_day : options->frozen_until_day + 1;
}

/* On a public holiday a series does not meet; what a person has put there may stay. */
static bool meets_on(const struct repair *repair, const struct task *task, int32_t day)
{
    return task->was.series_id == 0 || task->was.series_exception ||
           !timetable_day(repair->timetable, day).is_off;
}

static bool day_allowed(const struct repair *repair, const struct task *task, int32_t day)
{
    const struct timetable *t = repair->timetable;
    if (!meets_on(repair, task, day)) {
        return false;
    }
    if (task->was.request != NONE) {
        return request_allows_day(t, task->was.request, day);
    }
    const struct course *course = &t->courses[task->was.course];
    return day >= task->was.day - FREE_DAYS_BACK && day <= task->was.day + FREE_DAYS_ON &&
           seasons_allow(course->seasons, course->season_count, day);
}

static bool is_not_whole_day(void *context, uint32_t closure)
{
    const struct timetable *t = context;
    return t->closures[closure].from_min > 0 || t->closures[closure].to_min < DAY_MINUTES;
}

/* Is the only hall that the request allows shut all day? Then nothing needs to be asked about that day. */
static bool day_is_shut(const struct repair *repair, const struct task *task, int32_t day)
{
    struct timetable *t = repair->timetable;
    uint32_t hall =
        task->was.request != NONE ? t->requests[task->was.request].hall : t->rooms[task->was.room].hall;
    if (hall == NONE || (task->was.request == NONE && t->halls[hall].area != NONE)) {
        return false;
    }
    const struct hall *place = &t->halls[hall];
    int64_t from = (int64_t)day * DAY_MINUTES;
    bool open = place->hours.count == 0;
    for (uint8_t i = 0; i < place->hours.count; i++) {
        open = open || place->hours.spans[i].weekday == date_weekday(day);
    }
    for (uint32_t r = place->first_room; open && r < place->first_room + place->room_count; r++) {
        if (closure_each(t, r, from, from + DAY_MINUTES, CLOSURE_HARD, is_not_whole_day, t)) {
            return false;
        }
    }
    return true;
}

/* Days by distance from the published one, the later of two first. */
static enum error_code days_make(const struct repair *repair, const struct task *task,
                                 struct repair_domain *domain)
{
    const struct repair_options *o = repair->options;
    int32_t from = repair_first_day(o);
    int32_t reach = LIMIT_PLAN_DAYS;
    domain->day_stays = meets_on(repair, task, task->was.day);
    domain->days = malloc((size_t)(LIMIT_PLAN_DAYS + 1) * sizeof *domain->days);
    if (domain->days == NULL) {
        return ERR_MEMORY;
    }
    for (int32_t away = 1; away <= reach; away++) {
        for (int32_t sign = 1; sign >= -1; sign -= 2) {
            int32_t day = task->was.day + sign * away;
            if (day >= from && day <= o->to_day && domain->day_count < LIMIT_PLAN_DAYS &&
                day_allowed(repair, task, day) && !day_is_shut(repair, task, day)) {
                domain->days[domain->day_count++] = day;
            }
        }
    }
    return ERR_NONE;
}

/* Starts by distance from the published one. */
static void starts_make(const struct task *task, struct repair_domain *domain)
{
    const struct placement *was = &task->was;
    for (int32_t start = FIRST_MIN; start < LAST_MIN && domain->start_count < 64; start += STEP_MIN) {
        if (start - was->setup_min < FIRST_MIN || start + was->minutes + was->clear_min > LAST_MIN ||
            start == was->start_min) {
            continue;
        }
        size_t at = domain->start_count++;
        while (at > 0 && abs(domain->starts[at - 1] - was->start_min) > abs(start - was->start_min)) {
            domain->starts[at] = domain->starts[at - 1];
            at--;
        }
        domain->starts[at] = start;
    }
}

static bool hall_allowed(const struct repair *repair, const struct task *task, uint32_t hall)
{
    const struct timetable *t = repair->timetable;
    uint32_t home = t->rooms[task->was.room].hall;
    if (task->was.request != NONE) {
        return request_allows_hall(t, task->was.request, hall);
    }
    return hall == home || t->halls[hall].area == t->halls[home].area;
}

/* Rooms that are large and equipped enough, those of the published hall first. */
static enum error_code rooms_make(const struct repair *repair, const struct task *task,
                                  struct repair_domain *domain)
{
    const struct timetable *t = repair->timetable;
    uint32_t home = t->rooms[task->was.room].hall;
    domain->rooms = malloc((t->room_count + 1) * sizeof *domain->rooms);
    if (domain->rooms == NULL) {
        return ERR_MEMORY;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t h = 0; h < t->hall_count; h++) {
            const struct hall *hall = &t->halls[h];
            if ((h == home) != (pass == 0) || !hall_allowed(repair, task, h)) {
                continue;
            }
            for (uint32_t r = hall->first_room; r < hall->first_room + hall->room_count; r++) {
                const struct room *room = &t->rooms[r];
                bool fits = (t->courses[task->was.course].facilities & ~room->facilities) == 0 &&
                            (room->capacity == 0 || task->was.heads <= room->capacity);
                if (fits && r != task->was.room) {
                    domain->rooms[domain->room_count++] = r;
                }
            }
        }
    }
    return ERR_NONE;
}

enum error_code repair_domain_make(const struct repair *repair, const struct task *task,
                                   struct repair_domain *ret_domain)
{
    uint32_t course = task->was.course;
    struct repair_domain domain = {.people = &repair->qualified[repair->qualified_start[course]],
                                   .people_count =
                                       repair->qualified_start[course + 1] - repair->qualified_start[course]};
    enum error_code code = days_make(repair, task, &domain);
    if (code == ERR_NONE) {
        code = rooms_make(repair, task, &domain);
    }
    starts_make(task, &domain);
    if (code != ERR_NONE) {
        repair_domain_finish(&domain);
        return code;
    }
    *ret_domain = domain;
    return ERR_NONE;
}

void repair_domain_finish(struct repair_domain *domain)
{
    free(domain->days);
    free(domain->rooms);
    domain->days = NULL;
    domain->rooms = NULL;
}

/* ---- the walk ---- */

struct walk {
    struct repair *repair;
    const struct task *task;
    const struct repair_domain *domain;
    const struct book *judge;
    repair_visit *visit;
    void *context;
    uint32_t looks, tier_looks;
};

static bool look(struct walk *walk)
{
    walk->repair->looks++;
    return ++walk->looks <= REPAIR_LOOKS && ++walk->tier_looks <= REPAIR_TIER_LOOKS;
}

/* The same place with one of its people replaced by somebody else who is qualified. */
static bool walk_people(struct walk *walk, struct placement at, unsigned change)
{
    for (uint8_t k = 0; k < at.instructor_count; k++) {
        uint32_t was = at.instructors[k];
        for (size_t i = 0; i < walk->domain->people_count; i++) {
            uint32_t person = walk->domain->people[i];
            const struct instructor *who = &walk->repair->timetable->instructors[person];
            if (placement_teaches(&walk->task->was, person) || at.day < who->valid_from ||
                at.day > who->valid_to ||
                !hours_cover(&who->hours, at.day, at.start_min, at.start_min + at.minutes)) {
                continue;
            }
            at.instructors[k] = person;
            if (!look(walk) || !walk->visit(walk->context, &at, change)) {
                return false;
            }
        }
        at.instructors[k] = was;
    }
    return true;
}

/* A place without regard to people: does its room allow it? */
static bool room_allows(struct walk *walk, struct placement at)
{
    const struct timetable *t = walk->repair->timetable;
    const struct hall *hall = &t->halls[t->rooms[at.room].hall];
    if (!hours_cover(&hall->hours, at.day, at.start_min - at.setup_min,
                     at.start_min + at.minutes + at.clear_min)) {
        return false;
    }
    at.instructor_count = 0;
    at.series_exception = true;
    return walk->judge == NULL || rules_allow(walk->judge, &at, NONE, NULL);
}

static bool walk_room(struct walk *walk, struct placement at, unsigned change)
{
    if ((change & CHANGE_INSTRUCTOR) == 0) {
        return look(walk) && walk->visit(walk->context, &at, change);
    }
    if (at.instructor_count == 0) {
        return true;
    }
    return !look(walk) ? false : !room_allows(walk, at) || walk_people(walk, at, change);
}

static bool walk_start(struct walk *walk, struct placement at, unsigned change)
{
    if ((change & CHANGE_HALL) == 0) {
        return walk_room(walk, at, change);
    }
    for (size_t i = 0; i < walk->domain->room_count; i++) {
        at.room = walk->domain->rooms[i];
        if (!walk_room(walk, at, change)) {
            return false;
        }
    }
    return true;
}

static bool walk_day(struct walk *walk, struct placement at, unsigned change)
{
    if ((change & CHANGE_START) == 0) {
        return walk_start(walk, at, change);
    }
    for (size_t i = 0; i < walk->domain->start_count; i++) {
        at.start_min = walk->domain->starts[i];
        if (!walk_start(walk, at, change)) {
            return false;
        }
    }
    return true;
}

static void walk_tier(struct walk *walk, unsigned change)
{
    struct placement at = walk->task->was;
    /* What was set aside for the place left behind does not hold for another. */
    at.overrides &= (change & CHANGE_HALL) == 0 ? RULE_BIT(RULE_FACILITIES) | RULE_BIT(RULE_CAPACITY) : 0;
    walk->tier_looks = 0;
    if ((change & CHANGE_DATE) == 0) {
        (void)walk_day(walk, at, change);
        return;
    }
    for (size_t i = 0; i < walk->domain->day_count; i++) {
        at.day = walk->domain->days[i];
        if (!walk_day(walk, at, change)) {
            return;
        }
    }
}

void repair_domain_walk(struct repair *repair, const struct task *task, const struct repair_domain *domain,
                        const struct book *judge, repair_visit *visit, bool (*after_tier)(void *context),
                        void *context)
{
    struct walk walk = {
        .repair = repair, .task = task, .domain = domain, .judge = judge, .visit = visit, .context = context};
    /* An urgent session has no place yet: its template is one more place to look at. */
    unsigned first = !domain->day_stays ? CHANGE_DATE : task->is_urgent ? 0 : 1;
    for (unsigned change = first; change <= CHANGE_ALL && walk.looks < REPAIR_LOOKS; change++) {
        walk_tier(&walk, change);
        if (!after_tier(context)) {
            return;
        }
    }
}

/* ---- what a place costs ---- */

static int64_t price_travel(const struct repair *repair, const struct placement *at)
{
    const struct timetable *t = repair->timetable;
    int64_t minutes = 0;
    uint32_t hall = t->rooms[at->room].hall;
    for (uint8_t k = 0; k < at->instructor_count; k++) {
        int32_t least = 2 * travel_home_minutes(t, at->instructors[k], hall);
        for (uint32_t slot = book_instructor_first(repair->book, at->instructors[k]); slot != NONE;
             slot = book_instructor_next(repair->book, slot, at->instructors[k])) {
            const struct placement *other = book_at(repair->book, slot);
            if (other->day == at->day && other->session_id != at->session_id) {
                int32_t leg = travel_hall_minutes(t, t->rooms[other->room].hall, hall);
                least = leg < least ? leg : least;
            }
        }
        minutes += least;
    }
    return minutes;
}

static int64_t near_in_hall(const struct repair *repair, const struct placement *at)
{
    int64_t near = 0;
    for (uint32_t slot = book_hall_first(repair->book, repair->timetable->rooms[at->room].hall); slot != NONE;
         slot = book_hall_next(repair->book, slot)) {
        const struct placement *other = book_at(repair->book, slot);
        bool one_series = at->series_id != 0 && at->series_id == other->series_id;
        near += other->session_id != at->session_id && !one_series && abs(other->day - at->day) < 7;
    }
    return near;
}

static int64_t price_wishes(const struct repair *repair, const struct placement *at)
{
    const struct timetable *t = repair->timetable;
    const struct weights *w = &repair->options->weights;
    const struct course *course = &t->courses[at->course];
    int parts = course->parts;
    int weekdays = 0;
    if (at->request != NONE) {
        const struct request *request = &t->requests[at->request];
        parts = request->parts != 0 ? request->parts : parts;
        weekdays = request->weekdays;
    }
    int part = at->start_min < 720 ? PART_MORNING : at->start_min < 1050 ? PART_AFTERNOON : PART_EVENING;
    struct day_info info = timetable_day(t, at->day);
    int64_t price = 0;
    price += weekdays != 0 && (weekdays & 1 << (date_weekday(at->day) - 1)) == 0 ? w->weekday : 0;
    price += parts != 0 && (parts & part) == 0 ? w->part_of_day : 0;
    price += (course->holidays_wanted ? info.is_makeup : info.is_off) ? w->holiday : 0;
    if (closure_hit(t, at->room, placement_taken_from(at), placement_taken_to(at), CLOSURE_SOFT) != NONE) {
        price += w->soft_closure;
    }
    return price;
}

int64_t repair_price(const struct repair *repair, const struct task *task, const struct placement *at)
{
    const struct weights *w = &repair->options->weights;
    int64_t price = price_wishes(repair, at);
    price += near_in_hall(repair, at) * w->spacing;
    price += price_travel(repair, at) * w->travel;
    if (!task->is_urgent) {
        price += (int64_t)abs(at->day - task->was.day) * DAY_PRICE;
        price += (int64_t)abs(at->start_min - task->was.start_min) / 30 * HALF_HOUR_PRICE;
        price += repair_is_regular(repair, at) ? 0 : w->continuity;
    }
    return price;
}
