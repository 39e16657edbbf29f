/* Why a request has sessions without a place: a walk over its candidates, evenly spread when there are many,
 * asking the rule book about each. */
#include "scheduler/planner_answer.h"

#include "base/vec.h"
#include "scheduler/bound.h"
#include "scheduler/spread.h"

#include <stdlib.h>

enum {
    LOOKS_EACH = 1500, /* candidates asked for one request */
    LOOKS_ALL = 60000, /* and for all of them: some tenths of a second */
    PLACEABLE_LOOKS = 2000000
};

/* A request's candidates as numbers: day x room x instructor x half hour. */
struct candidates {
    const struct planner_problem *problem;
    uint32_t block;
    uint64_t days, rooms, instructors, starts, count;
};

static struct candidates candidates_of(const struct planner_problem *p, uint32_t b)
{
    const struct block *block = &p->blocks[b];
    struct candidates c = {.problem = p, .block = b};
    c.days = block->day_to - block->day_from + 1U;
    c.rooms = block->room_count;
    c.instructors = p->qualified_start[block->course + 1] - p->qualified_start[block->course];
    c.starts = GRID_SLOTS / 2;
    c.count = c.days * c.rooms * c.instructors * c.starts;
    return c;
}

/* Some first day from which window, season and holidays allow all meetings, whatever the room. */
static bool has_day(const struct planner_problem *p, const struct block *block)
{
    for (uint32_t day = block->day_from; day <= block->day_to; day++) {
        if (problem_day_possible(p, block, day)) {
            return true;
        }
    }
    return false;
}

/* The sessions that a request lacks, and its first unplaced block. Blocks stand in order of requests, the
 * published ones before the new ones. */
struct lack {
    uint32_t request, block;
    int32_t missing;
};

static enum refusal_kind kind_of(const struct search *s, const struct lack *lack)
{
    const struct planner_problem *p = s->problem;
    uint32_t b = lack->block;
    const struct block *block = &p->blocks[b];
    if (block->room_count == 0) {
        return REFUSAL_NO_HALL;
    }
    if (p->qualified_start[block->course + 1] == p->qualified_start[block->course]) {
        return REFUSAL_NO_INSTRUCTOR;
    }
    if (!has_day(p, block)) {
        return bound_has_day(p->timetable, lack->request, lack->missing) ? REFUSAL_PLAN_DAYS : REFUSAL_NO_DAY;
    }
    return s->hopeless[b] || !problem_placeable(p, b, PLACEABLE_LOOKS) ? REFUSAL_NO_PLACE : REFUSAL_CROWDED;
}

/* Every rule that the candidate would break, as bits; false when the numbering leads outside. Hours that are
 * assumed count as the hall's own. */
static bool candidate_rules(const struct candidates *c, const struct book *book, uint64_t number,
                            struct clash_list *list, uint64_t *ret_rules, bool *assumes_hours)
{
    const struct planner_problem *p = c->problem;
    const struct block *block = &p->blocks[c->block];
    size_t hard = 0;
    struct spot spot = {.slot = (uint8_t)(number % c->starts * 2)};
    number /= c->starts;
    spot.instructor = p->qualified[p->qualified_start[block->course] + number % c->instructors];
    number /= c->instructors;
    spot.room = p->domain_rooms[block->first_room + number % c->rooms];
    spot.day = (uint16_t)(block->day_from + number / c->rooms);
    if (!problem_in_season(p, block->course, spot.day) || !block_in_grid(block, spot.slot)) {
        return false;
    }
    struct placement at = problem_placement(p, c->block, &spot, spot.day);
    list->count = 0;
    *ret_rules = 0;
    if (rules_check(book, &at, NONE, list, &hard, NULL) != ERR_NONE) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        *ret_rules |= list->items[i].overridden ? 0 : RULE_BIT(list->items[i].rule);
    }
    if (problem_hours_assumed(p, block, spot.room, spot.slot)) {
        *ret_rules |= RULE_BIT(RULE_OPENING);
        *assumes_hours = true;
    }
    return true;
}

static void look(const struct search *s, const struct book *book, uint32_t b, uint32_t looks,
                 struct plan_refusal *refusal)
{
    struct candidates c = candidates_of(s->problem, b);
    uint64_t rules[LOOKS_EACH];
    struct clash_list list;
    uint64_t stride = spread_stride(c.count);
    clash_list_init(&list);
    for (uint64_t i = 0, number = 0; i < looks && i < c.count; i++, number = (number + stride) % c.count) {
        if (candidate_rules(&c, book, number, &list, &rules[refusal->looked_at], &refusal->assumes_hours)) {
            refusal->looked_at++;
        }
    }
    clash_list_finish(&list);
    refusal_attribute(rules, refusal->looked_at, refusal->by_rule);
}

static enum error_code refusal_add(const struct search *s, const struct book *book, const struct lack *lack,
                                   uint32_t looks, struct plan *plan)
{
    struct plan_refusal refusal = {.request = lack->request,
                                   .missing = lack->missing,
                                   .is_weekly = s->problem->blocks[lack->block].is_series};
    refusal.kind = kind_of(s, lack);
    if (refusal.kind >= REFUSAL_NO_PLACE) {
        look(s, book, lack->block, looks, &refusal);
    }
    void *grown = vec_reserve(plan->refusals, &plan->refusal_capacity, plan->refusal_count + 1,
                              sizeof refusal, LIMIT_ROWS);
    if (grown == NULL) {
        return ERR_MEMORY;
    }
    plan->refusals = grown;
    plan->refusals[plan->refusal_count++] = refusal;
    return ERR_NONE;
}

static int lack_compare(const void *a, const void *b)
{
    const struct lack *x = a;
    const struct lack *y = b;
    if (x->request != y->request) {
        return x->request < y->request ? -1 : 1;
    }
    return x->block < y->block ? -1 : x->block > y->block;
}

static size_t lacks_collect(const struct search *s, struct lack *lacks)
{
    const struct planner_problem *p = s->problem;
    size_t count = 0;
    for (uint32_t b = 0; b < p->block_count; b++) {
        if (p->blocks[b].meetings > 0 && !search_placed(s, b)) {
            lacks[count++] = (struct lack){p->blocks[b].request, b, p->blocks[b].meetings};
        }
    }
    if (count == 0) {
        return 0;
    }
    qsort(lacks, count, sizeof *lacks, lack_compare);
    size_t kept = 0;
    for (size_t i = 1; i < count; i++) {
        if (lacks[i].request == lacks[kept].request) {
            lacks[kept].missing += lacks[i].missing;
        } else {
            lacks[++kept] = lacks[i];
        }
    }
    return kept + 1;
}

enum error_code answer_refusals(const struct search *s, const struct book *book, struct plan *plan,
                                struct error *err)
{
    struct lack *lacks = malloc((s->problem->block_count + 1) * sizeof *lacks);
    if (lacks == NULL) {
        return planner_no_memory(err);
    }
    size_t count = lacks_collect(s, lacks);
    uint32_t looks = count * LOOKS_EACH > LOOKS_ALL ? (uint32_t)(LOOKS_ALL / count) : LOOKS_EACH;
    looks = looks < 64 ? 64 : looks;
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < count && code == ERR_NONE; i++) {
        code = refusal_add(s, book, &lacks[i], looks, plan);
    }
    free(lacks);
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "planner: %s", error_sentence_en(code));
}
