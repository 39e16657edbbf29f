/* What no choice of sessions can better: flows that leave rules out, the least of them counts.
 *
 * target → person and day → week, or month and year; target → course and year. A day holds no more than the
 * cap leaves, nor more than fit one after the other when every journey were as short as the shortest. */
#include "base/date.h"
#include "scheduler/bound_flow.h"
#include "scheduler/reach_work.h"
#include "scheduler/rules_private.h"
#include "scheduler/travel.h"
#include "scheduler/why_changes.h"

#include <stdlib.h>

enum {
    LEG_HALLS_MAX = 48 /* halls of one day whose distances are compared pair by pair */
};

enum relaxation {
    BY_WEEK,
    BY_MONTH,
    BY_COURSE,
    RELAXATIONS
};

struct bounder {
    const struct reach_work *work;
    const struct reach_domain *domain;
    struct reach_choice *choices; /* owned; by person, day, end */
    size_t count;
    struct flow flow;
    uint32_t *aims; /* owned; node of each target */
    uint32_t *seen; /* owned; [target] the last group that it was connected to */
    uint32_t groups;
};

static int choice_compare(const void *a, const void *b)
{
    const struct reach_choice *x = a;
    const struct reach_choice *y = b;
    const struct placement *p = &x->found.place.at;
    const struct placement *q = &y->found.place.at;
    const int64_t keys[][2] = {{p->instructors[0], q->instructors[0]},
                               {p->day, q->day},
                               {p->start_min + p->minutes, q->start_min + q->minutes},
                               {p->start_min, q->start_min},
                               {x->aim, y->aim}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1] ? -1 : 1;
        }
    }
    return 0;
}

static int course_compare(const void *a, const void *b)
{
    const struct reach_choice *x = a;
    const struct reach_choice *y = b;
    const int64_t keys[][2] = {{x->found.place.at.course, y->found.place.at.course},
                               {date_year(x->found.place.at.day), date_year(y->found.place.at.day)},
                               {x->aim, y->aim}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1] ? -1 : 1;
        }
    }
    return 0;
}

static int64_t left_of(const struct bounder *b, enum rule_code rule, const struct placement *at)
{
    int64_t left = count_left(b->work->base_book, rule, at);
    return left < 0 ? 0 : left > FLOW_WIDE ? FLOW_WIDE : left;
}

static uint32_t hall_of(const struct bounder *b, size_t c)
{
    return b->work->timetable->rooms[b->choices[c].found.place.at.room].hall;
}

/* The shortest journey between two sessions of the day; 0 when two may be in one hall. */
static int32_t shortest_leg_min(const struct bounder *b, size_t from, size_t to)
{
    uint32_t halls[LEG_HALLS_MAX];
    size_t count = 0;
    int32_t least = INT32_MAX;
    for (size_t c = from; c < to; c++) {
        if (b->work->aims[b->domain->aims[b->choices[c].aim]].need > 1) {
            return 0;
        }
        size_t k = 0;
        while (k < count && halls[k] != hall_of(b, c)) {
            k++;
        }
        if (k == count && count == LEG_HALLS_MAX) {
            return 0;
        }
        halls[k] = hall_of(b, c);
        count += k == count ? 1 : 0;
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            int32_t leg_min = travel_hall_minutes(b->work->timetable, halls[i], halls[k]);
            least = leg_min < least ? leg_min : least;
        }
    }
    return least == INT32_MAX ? 0 : least;
}

/* The most that go one after the other: by their ends, as soon as there is time. */
static int64_t day_capacity(const struct bounder *b, size_t from, size_t to)
{
    int32_t leg_min = shortest_leg_min(b, from, to);
    int32_t free_from = INT32_MIN;
    int64_t count = 0;
    for (size_t c = from; c < to; c++) {
        const struct placement *at = &b->choices[c].found.place.at;
        if (at->start_min >= free_from) {
            free_from = at->start_min + at->minutes + leg_min;
            count++;
        }
    }
    int64_t left = left_of(b, RULE_CAP_DAY, &b->choices[from].found.place.at);
    return count < left ? count : left;
}

static void aims_connect(struct bounder *b)
{
    for (size_t i = 0; i < b->domain->aim_count; i++) {
        b->aims[i] = flow_node(&b->flow);
        flow_connect(&b->flow, FLOW_SOURCE, b->aims[i], b->work->aims[b->domain->aims[i]].need);
    }
}

/* Arcs from the targets that have a choice in [from, to). */
static void group_connect(struct bounder *b, size_t from, size_t to, uint32_t node)
{
    b->groups++;
    for (size_t c = from; c < to; c++) {
        uint32_t aim = b->choices[c].aim;
        if (b->seen[aim] != b->groups) {
            b->seen[aim] = b->groups;
            flow_connect(&b->flow, b->aims[aim], node, b->work->aims[b->domain->aims[aim]].need);
        }
    }
}

static bool same_period(const struct bounder *b, enum rule_code rule, size_t c, size_t d)
{
    return count_together(b->work->timetable, rule, &b->choices[c].found.place.at,
                          &b->choices[d].found.place.at);
}

/* A node of its own for each period, in the order of the choices. */
struct period_node {
    uint32_t node;
    size_t of; /* a choice in it */
};

static uint32_t period_node(struct bounder *b, struct period_node *last, enum rule_code rule, size_t c,
                            uint32_t above)
{
    if (last->node == FLOW_END || !same_period(b, rule, c, last->of)) {
        last->node = flow_node(&b->flow);
        last->of = c;
        flow_connect(&b->flow, last->node, above, left_of(b, rule, &b->choices[c].found.place.at));
    }
    return last->node;
}

static void people_connect(struct bounder *b, enum relaxation relaxation)
{
    struct period_node week = {FLOW_END, 0};
    struct period_node month = {FLOW_END, 0};
    struct period_node year = {FLOW_END, 0};
    for (size_t from = 0, to = 0; from < b->count; from = to) {
        while (to < b->count && same_period(b, RULE_CAP_DAY, from, to)) {
            to++;
        }
        uint32_t above = relaxation == BY_WEEK
                             ? period_node(b, &week, RULE_CAP_WEEK, from, FLOW_SINK)
                             : period_node(b, &month, RULE_CAP_MONTH, from,
                                           period_node(b, &year, RULE_CAP_YEAR, from, FLOW_SINK));
        uint32_t day = flow_node(&b->flow);
        flow_connect(&b->flow, day, above, day_capacity(b, from, to));
        group_connect(b, from, to, day);
    }
}

static void courses_connect(struct bounder *b)
{
    for (size_t from = 0, to = 0; from < b->count; from = to) {
        while (to < b->count && same_period(b, RULE_SUPPLY, from, to)) {
            to++;
        }
        uint32_t course = flow_node(&b->flow);
        flow_connect(&b->flow, course, FLOW_SINK, left_of(b, RULE_SUPPLY, &b->choices[from].found.place.at));
        group_connect(b, from, to, course);
    }
}

static int need_compare(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a;
    int32_t y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* As many targets as so many sessions could serve, those that need least first. */
static enum error_code targets_of(const struct bounder *b, int64_t sessions, size_t *ret_count)
{
    int32_t *needs = malloc((b->domain->aim_count + 1) * sizeof *needs);
    if (needs == NULL) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < b->domain->aim_count; i++) {
        needs[i] = b->work->aims[b->domain->aims[i]].need;
    }
    qsort(needs, b->domain->aim_count, sizeof *needs, need_compare);
    size_t count = 0;
    while (count < b->domain->aim_count && sessions >= needs[count]) {
        sessions -= needs[count++];
    }
    free(needs);
    *ret_count = count;
    return ERR_NONE;
}

static enum error_code relaxed_most(struct bounder *b, enum relaxation relaxation, size_t *ret_most)
{
    int64_t value = 0;
    flow_init(&b->flow);
    aims_connect(b);
    if (relaxation == BY_COURSE) {
        qsort(b->choices, b->count, sizeof *b->choices, course_compare);
        courses_connect(b);
    } else {
        people_connect(b, relaxation);
    }
    enum error_code code = flow_run(&b->flow, &value);
    flow_finish(&b->flow);
    return code == ERR_NONE ? targets_of(b, value, ret_most) : code;
}

/* ---- without any domain: what caps leave ---- */

/* What a cap leaves in the periods that touch the query's days, summed up; no cap: FLOW_WIDE. */
static int64_t caps_left(const struct reach_work *work, const struct placement *person, enum rule_code rule)
{
    struct placement at = *person;
    int64_t sum = 0;
    for (at.day = work->query->from_day; at.day <= work->query->to_day && sum < FLOW_WIDE;) {
        int32_t from = at.day;
        int32_t to = at.day + 1;
        int64_t left = count_left(work->base_book, rule, &at);
        (void)count_period(rule, at.day, &from, &to);
        sum += left < 0 ? 0 : left;
        sum = left > FLOW_WIDE || sum > FLOW_WIDE ? FLOW_WIDE : sum;
        at.day = to;
    }
    return sum;
}

int64_t people_capacity(const struct reach_work *work)
{
    static const enum rule_code CAPS[] = {RULE_CAP_DAY, RULE_CAP_WEEK, RULE_CAP_MONTH, RULE_CAP_YEAR};
    int64_t sum = 0;
    for (uint32_t i = 0; i < work->timetable->instructor_count && sum < FLOW_WIDE; i++) {
        const struct instructor *row = &work->timetable->instructors[i];
        int64_t least = FLOW_WIDE;
        for (size_t k = 0; k < sizeof CAPS / sizeof *CAPS && row->course_count > 0; k++) {
            const struct placement at = {
                .course = row->courses[0], .instructors = {i}, .instructor_count = 1};
            int64_t left = caps_left(work, &at, CAPS[k]);
            least = left < least ? left : least;
        }
        sum += row->course_count > 0 ? least : 0;
    }
    return sum;
}

enum error_code domain_bound(const struct reach_work *work, const struct reach_domain *domain,
                             size_t *ret_most, struct error *err)
{
    struct bounder b = {.work = work, .domain = domain, .count = domain->choice_count};
    size_t most = domain->aim_count;
    enum error_code code = ERR_NONE;
    b.choices = malloc((b.count + 1) * sizeof *b.choices);
    b.aims = calloc(domain->aim_count + 1, sizeof *b.aims);
    b.seen = calloc(domain->aim_count + 1, sizeof *b.seen);
    if (b.choices == NULL || b.aims == NULL || b.seen == NULL) {
        code = ERR_MEMORY;
    }
    for (size_t c = 0; code == ERR_NONE && c < b.count; c++) {
        b.choices[c] = domain->choices[c];
    }
    if (code == ERR_NONE && b.count > 0) {
        qsort(b.choices, b.count, sizeof *b.choices, choice_compare);
    }
    for (int r = 0; r < RELAXATIONS && code == ERR_NONE; r++) {
        size_t count = 0;
        code = b.count > 0 ? relaxed_most(&b, (enum relaxation)r, &count) : ERR_NONE;
        most = code == ERR_NONE && count < most ? count : most;
    }
    free(b.choices);
    free(b.aims);
    free(b.seen);
    if (code == ERR_NONE) {
        *ret_most = most;
    }
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "reach: %s", error_sentence_en(code));
}
