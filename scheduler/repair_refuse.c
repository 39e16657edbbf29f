/* Why requests have sessions without a place after a repair, and how many: the rule book is asked about
 * places evenly spread over all that the session could have, as the planner does. */
#include "base/vec.h"
#include "scheduler/bound.h"
#include "scheduler/repair_private.h"
#include "scheduler/spread.h"

#include <stdlib.h>

enum {
    LOOKS_EACH = 1500, /* places asked about for one request */
    LOOKS_ALL = 60000, /* and for all of them */
    LOOKS_LEAST = 64
};

/* What became of a request. */
struct tally {
    int32_t before, now; /* sessions that stood and stand */
    int32_t dropped;     /* left out by the rule of its series */
    uint32_t unplaced;   /* tasks without a place */
    uint32_t task;       /* the first of them */
    bool has_place;
};

static void tallies_make(const struct repair *repair, struct tally *tallies)
{
    const struct timetable *t = repair->timetable;
    for (size_t i = 0; i < t->session_count; i++) {
        const struct session *session = &t->sessions[i];
        if (session->at.request != NONE && session->status != SESSION_CANCELLED) {
            tallies[session->at.request].before++;
        }
    }
    for (uint32_t slot = 0; slot < book_slot_end(repair->book); slot++) {
        if (book_slot_used(repair->book, slot) && book_at(repair->book, slot)->request != NONE) {
            tallies[book_at(repair->book, slot)->request].now++;
        }
    }
    for (uint32_t i = 0; i < repair->tasks.count; i++) {
        const struct task *task = &repair->tasks.items[i];
        if (task->was.request == NONE || task->placed) {
            continue;
        }
        struct tally *tally = &tallies[task->was.request];
        if (task->dropped) {
            tally->dropped += !task->is_urgent;
            continue;
        }
        tally->task = tally->unplaced++ == 0 ? i : tally->task;
        tally->has_place |= task->has_place;
    }
}

/* Every place that the task could have, by number. */
struct candidates {
    const struct task *task;
    struct repair_domain domain;
    uint64_t days, starts, rooms, people;
};

static struct placement candidate_at(const struct candidates *c, uint64_t number)
{
    struct placement at = c->task->was;
    uint64_t start = number % c->starts;
    number /= c->starts;
    uint64_t person = number % c->people;
    number /= c->people;
    uint64_t room = number % c->rooms;
    uint64_t day = number / c->rooms;
    at.overrides &= room == 0 ? RULE_BIT(RULE_FACILITIES) | RULE_BIT(RULE_CAPACITY) : 0;
    at.series_exception = at.series_id != 0;
    at.start_min = start == 0 ? at.start_min : c->domain.starts[start - 1];
    at.room = room == 0 ? at.room : c->domain.rooms[room - 1];
    at.day = day < c->domain.day_count ? c->domain.days[day] : at.day;
    if (c->domain.people_count > 0 && at.instructor_count > 0 &&
        !placement_teaches(&at, c->domain.people[person])) {
        at.instructors[0] = c->domain.people[person];
    }
    return at;
}

static enum error_code look(struct repair *repair, const struct candidates *c, uint32_t looks,
                            struct plan_refusal *refusal)
{
    uint64_t rules[LOOKS_EACH];
    uint64_t count = c->days * c->rooms * c->people * c->starts;
    uint64_t stride = spread_stride(count);
    uint64_t number = 0;
    enum error_code code = ERR_NONE;
    for (; refusal->looked_at < looks && refusal->looked_at < count && code == ERR_NONE;
         number = (number + stride) % count) {
        const struct placement at = candidate_at(c, number);
        size_t hard = 0;
        uint64_t *broken = &rules[refusal->looked_at++];
        *broken = 0;
        repair->scratch.count = 0;
        code = rules_check(repair->book, &at, NONE, &repair->scratch, &hard, NULL);
        for (size_t i = 0; i < repair->scratch.count; i++) {
            const struct clash *clash = &repair->scratch.items[i];
            *broken |= clash->overridden ? 0 : RULE_BIT(clash->rule);
        }
    }
    refusal_attribute(rules, refusal->looked_at, refusal->by_rule);
    return code;
}

static enum error_code reasons_find(struct repair *repair, const struct tally *tally, uint32_t looks,
                                    struct plan_refusal *refusal)
{
    const struct repair_options *o = repair->options;
    struct candidates c = {.task = &repair->tasks.items[tally->task]};
    if (bound_contradicts(repair->timetable, refusal->request, 1, repair_first_day(o), o->to_day,
                          &refusal->kind)) {
        return ERR_NONE;
    }
    refusal->kind = tally->has_place ? REFUSAL_CROWDED : REFUSAL_NO_PLACE;
    enum error_code code = repair_domain_make(repair, c.task, &c.domain);
    if (code != ERR_NONE) {
        return code;
    }
    c.days = c.domain.day_count + (c.domain.day_stays ? 1 : 0);
    c.starts = c.domain.start_count + 1;
    c.rooms = c.domain.room_count + 1;
    c.people = c.domain.people_count > 0 ? c.domain.people_count : 1;
    code = look(repair, &c, looks, refusal);
    repair_domain_finish(&c.domain);
    return code;
}

enum error_code repair_refuse(struct plan *plan, const struct plan_refusal *refusal)
{
    void *grown = vec_reserve(plan->refusals, &plan->refusal_capacity, plan->refusal_count + 1,
                              sizeof *refusal, LIMIT_ROWS);
    if (grown == NULL) {
        return ERR_MEMORY;
    }
    plan->refusals = grown;
    plan->refusals[plan->refusal_count++] = *refusal;
    return ERR_NONE;
}

/* What a skipping series has left out is not missing, while there is a series. */
static void figures_set(const struct request *request, const struct tally *tally,
                        struct plan_refusal *refusal)
{
    int32_t lacks = request->sessions > tally->now ? request->sessions - tally->now : 0;
    int32_t left_out = request_missing(request, tally->before) == 0 ? request->sessions - tally->before : 0;
    left_out = (left_out > 0 ? left_out : 0) + tally->dropped;
    refusal->left_out = tally->now == 0 ? 0 : left_out < lacks ? left_out : lacks;
    refusal->missing = lacks - refusal->left_out;
}

enum error_code repair_refusals(struct repair *repair, struct plan *plan)
{
    const struct timetable *t = repair->timetable;
    struct tally *tallies = calloc(t->request_count + 1, sizeof *tallies);
    size_t told = plan->refusal_count; /* urgent ones that no place was looked for */
    size_t count = 0;
    enum error_code code = tallies == NULL ? ERR_MEMORY : ERR_NONE;
    if (code == ERR_NONE) {
        tallies_make(repair, tallies);
    }
    for (size_t i = 0; code == ERR_NONE && i < told; i++) {
        struct plan_refusal *refusal = &plan->refusals[i];
        figures_set(&t->requests[refusal->request], &tallies[refusal->request], refusal);
        tallies[refusal->request].unplaced = 0;
    }
    for (uint32_t r = 0; code == ERR_NONE && r < t->request_count; r++) {
        count += tallies[r].unplaced > 0;
    }
    uint32_t looks = count * LOOKS_EACH > LOOKS_ALL ? (uint32_t)(LOOKS_ALL / count) : LOOKS_EACH;
    looks = looks < LOOKS_LEAST ? LOOKS_LEAST : looks;
    for (uint32_t r = 0; code == ERR_NONE && r < t->request_count; r++) {
        struct plan_refusal refusal = {.request = r};
        figures_set(&t->requests[r], &tallies[r], &refusal);
        if (tallies[r].unplaced > 0 && refusal.missing > 0) {
            code = reasons_find(repair, &tallies[r], looks, &refusal);
            code = code == ERR_NONE ? repair_refuse(plan, &refusal) : code;
        }
    }
    free(tallies);
    return code;
}
