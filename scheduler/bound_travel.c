/* The least travel. A day's journey of an instructor leads home – halls – home. For each of its halls it is
 * at least there and back, D and D again, D being a length that no detour over other halls undercuts: the
 * straight line at the fastest road. A journey of at most M sessions therefore costs each of them at least 2
 * D / M on average; with one session a day the true minutes there and back count. Per session the cheapest
 * instructor and hall is taken, whoever else wants that instructor. */
#include "base/date.h"
#include "scheduler/bound_private.h"
#include "scheduler/travel.h"

#include <stdlib.h>

enum {
    THOUSAND = 1000,
    METRES_SLACK = 16 /* distances are rounded to metres leg by leg */
};

struct travel_work {
    struct bound_work *work;
    int32_t *most_a_day; /* [instructor] sessions of one journey; 0: not worked out */
    int64_t *cheapest;   /* [course * halls + hall] thousandths; -1: not worked out */
    int64_t pace;        /* thousandths of a minute per 1,000 metres of straight line, of the fastest road */
    int32_t fixed_min;   /* the least that a leg costs however short */
    bool straight;       /* straight lines hold: no override, all places known */
};

static void roads_look(struct travel_work *w)
{
    const struct timetable *t = w->work->timetable;
    size_t count = 0;
    const struct travel_class *classes = travel_classes(t, &count);
    for (size_t i = 0; i < count; i++) {
        int64_t pace = (int64_t)classes[i].detour_pct * 60 * THOUSAND / ((int64_t)classes[i].speed_kmh * 100);
        w->pace = i == 0 || pace < w->pace ? pace : w->pace;
        w->fixed_min = i == 0 || classes[i].fixed_min < w->fixed_min ? classes[i].fixed_min : w->fixed_min;
    }
    w->straight = t->travel_override_count == 0;
    for (size_t h = 0; h < t->hall_count && w->straight; h++) {
        w->straight = t->halls[h].travel.known;
    }
    w->fixed_min = t->travel_override_count == 0 ? w->fixed_min : 0;
}

/* The most sessions that one of the instructor's journeys can have. */
static int32_t most_a_day(struct travel_work *w, uint32_t person)
{
    if (w->most_a_day[person] == 0) {
        const struct bound_work *work = w->work;
        const struct instructor *who = &work->timetable->instructors[person];
        int32_t most = DAY_MINUTES / (work->shortest[person] > 0 ? work->shortest[person] : 1) + 1;
        most = who->max_day > 0 && who->max_day < most ? who->max_day : most;
        w->most_a_day[person] = most > 0 ? most : 1;
    }
    return w->most_a_day[person];
}

/* What an override let in on top: published days with more sessions than the cap. */
static enum error_code published_days(struct travel_work *w)
{
    const struct bound_work *work = w->work;
    const struct timetable *t = work->timetable;
    uint32_t people = (uint32_t)t->instructor_count;
    int32_t *counts = calloc((size_t)people * work->day_count + 1, sizeof *counts);
    if (counts == NULL) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < t->session_count; i++) {
        const struct placement *at = &t->sessions[i].at;
        int32_t day = at->day - work->from_day;
        if (t->sessions[i].status == SESSION_CANCELLED || day < 0 || day >= (int32_t)work->day_count) {
            continue;
        }
        for (uint8_t k = 0; k < at->instructor_count; k++) {
            uint32_t who = at->instructors[k];
            int32_t *count = &counts[(size_t)who * work->day_count + (uint32_t)day];
            *count += 1;
            if (*count > most_a_day(w, who)) {
                w->most_a_day[who] = *count;
            }
        }
    }
    free(counts);
    return ERR_NONE;
}

/* Thousandths of a minute that a session there costs that instructor at least. */
static int64_t share(struct travel_work *w, uint32_t person, uint32_t hall)
{
    const struct timetable *t = w->work->timetable;
    int32_t most = most_a_day(w, person);
    int64_t direct = (int64_t)travel_home_minutes(t, person, hall) * 2 * THOUSAND;
    if (most == 1) {
        return direct;
    }
    int64_t line = 0;
    if (w->straight && t->instructors[person].travel.known) {
        int64_t metres = travel_home_metres(t, person, hall) - (int64_t)METRES_SLACK * (most + 1);
        line = metres > 0 ? metres * w->pace / THOUSAND : 0;
    }
    int64_t there_and_back = 2 * (line + (int64_t)w->fixed_min * THOUSAND);
    there_and_back = there_and_back < direct ? there_and_back : direct;
    return there_and_back / most;
}

static int64_t cheapest(struct travel_work *w, uint32_t course, uint32_t hall)
{
    const struct bound_work *work = w->work;
    int64_t *known = &w->cheapest[(size_t)course * work->timetable->hall_count + hall];
    if (*known < 0) {
        int64_t best = INT64_MAX;
        for (uint32_t q = work->qualified_start[course]; q < work->qualified_start[course + 1]; q++) {
            int64_t cost = share(w, work->qualified[q], hall);
            best = cost < best ? cost : best;
        }
        *known = best == INT64_MAX ? 0 : best;
    }
    return *known;
}

static int64_t request_least(struct travel_work *w, uint32_t index)
{
    const struct timetable *t = w->work->timetable;
    const struct request *request = &t->requests[index];
    if (request->hall != NONE) {
        return cheapest(w, request->course, request->hall);
    }
    int64_t best = INT64_MAX;
    size_t count = 0;
    const uint32_t *halls = bound_halls_of(w->work, index, &count);
    for (size_t i = 0; i < count; i++) {
        if (request_allows_hall(t, index, halls[i])) {
            int64_t cost = cheapest(w, request->course, halls[i]);
            best = cost < best ? cost : best;
        }
    }
    return best == INT64_MAX ? 0 : best;
}

static int compare(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Every session that may count as placed, with the least it costs. Those that stay as published have their
 * own people; a plan that may move them has the choice of all. */
static enum error_code sessions_collect(struct travel_work *w)
{
    struct bound_work *work = w->work;
    struct bound *bound = work->bound;
    const struct timetable *t = work->timetable;
    size_t count = t->session_count + 1;
    for (size_t r = 0; r < t->request_count; r++) {
        count += (size_t)work->open[r];
    }
    bound->travel = malloc(count * sizeof *bound->travel);
    if (bound->travel == NULL) {
        return ERR_MEMORY;
    }
    for (uint32_t r = 0; r < t->request_count; r++) {
        int64_t least = work->open[r] > 0 ? request_least(w, r) : 0;
        for (int32_t k = 0; k < work->open[r]; k++) {
            bound->travel[bound->travel_count++] = least;
        }
    }
    for (size_t i = 0; i < t->session_count; i++) {
        const struct placement *at = &t->sessions[i].at;
        int32_t day = at->day - work->from_day;
        if (t->sessions[i].status == SESSION_CANCELLED) {
            continue;
        }
        int64_t least = 0;
        for (uint8_t k = 0; k < at->instructor_count; k++) {
            bool here = day >= 0 && day < (int32_t)work->day_count;
            least += here ? share(w, at->instructors[k], t->rooms[at->room].hall) : 0;
        }
        if (!work->options->keep_published && at->request != NONE) {
            int64_t moved = request_least(w, at->request);
            least = moved < least ? moved : least;
        }
        if (at->request == NONE) {
            bound->travel_fixed += least;
        } else {
            bound->travel[bound->travel_count++] = least;
        }
    }
    qsort(bound->travel, bound->travel_count, sizeof *bound->travel, compare);
    return ERR_NONE;
}

enum error_code bound_by_travel(struct bound_work *work, struct error *err)
{
    const struct timetable *t = work->timetable;
    struct travel_work w = {.work = work};
    size_t pairs = t->course_count * t->hall_count;
    w.most_a_day = calloc(t->instructor_count + 1, sizeof *w.most_a_day);
    w.cheapest = malloc((pairs + 1) * sizeof *w.cheapest);
    enum error_code code = w.most_a_day == NULL || w.cheapest == NULL ? ERR_MEMORY : ERR_NONE;
    if (code == ERR_NONE) {
        for (size_t i = 0; i < pairs; i++) {
            w.cheapest[i] = -1;
        }
        roads_look(&w);
        code = published_days(&w);
    }
    code = code == ERR_NONE ? sessions_collect(&w) : code;
    free(w.most_a_day);
    free(w.cheapest);
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "bound: %s", error_sentence_en(code));
}

int64_t bound_travel(const struct bound *bound, int64_t placed)
{
    int64_t sum = bound->travel_fixed;
    for (size_t i = 0; i < bound->travel_count && (int64_t)i < placed; i++) {
        sum += bound->travel[i];
    }
    return sum / THOUSAND;
}
