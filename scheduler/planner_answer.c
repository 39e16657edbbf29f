/* The finished search as a plan: items, series, figures; each item is asked of the rule book before anybody
 * sees it. */
#include "scheduler/planner_answer.h"

#include "base/vec.h"

#include <stdlib.h>

static enum error_code item_add(struct plan *plan, enum plan_action action, const struct placement *at)
{
    void *grown =
        vec_reserve(plan->items, &plan->item_capacity, plan->item_count + 1, sizeof *plan->items, LIMIT_ROWS);
    if (grown == NULL) {
        return ERR_MEMORY;
    }
    plan->items = grown;
    plan->items[plan->item_count++] = (struct plan_item){action, *at};
    return ERR_NONE;
}

static enum error_code series_add(struct plan *plan, const struct planner_problem *p,
                                  const struct block *block, int64_t *ret_id)
{
    void *grown = vec_reserve(plan->series, &plan->series_capacity, plan->series_count + 1,
                              sizeof *plan->series, LIMIT_ROWS);
    if (grown == NULL) {
        return ERR_MEMORY;
    }
    plan->series = grown;
    plan->series[plan->series_count++] =
        (struct plan_series){block->request, p->timetable->requests[block->request].holiday_rule};
    *ret_id = -(int64_t)plan->series_count;
    return ERR_NONE;
}

static enum error_code add_new(const struct search *s, uint32_t b, struct plan *plan)
{
    const struct planner_problem *p = s->problem;
    const struct block *block = &p->blocks[b];
    int64_t series_id = 0;
    enum error_code code = block->is_series ? series_add(plan, p, block, &series_id) : ERR_NONE;
    for (uint32_t k = 0; k < s->met[b] && code == ERR_NONE; k++) {
        struct placement at =
            problem_placement(p, b, &s->spots[b], node_day(&s->nodes[block->first_node + k]));
        at.series_id = series_id;
        code = item_add(plan, PLAN_CREATE, &at);
    }
    return code;
}

static enum error_code add_published(const struct search *s, uint32_t b, struct plan *plan)
{
    const struct planner_problem *p = s->problem;
    const struct block *block = &p->blocks[b];
    const struct spot *now = &s->spots[b];
    const struct spot *was = &block->published;
    enum error_code code = ERR_NONE;
    if (now->room == was->room && now->instructor == was->instructor && now->day == was->day &&
        now->slot == was->slot) {
        return ERR_NONE;
    }
    for (uint32_t k = 0; k < block->session_count && code == ERR_NONE; k++) {
        struct placement at =
            timetable_find_session(p->timetable, p->session_ids[block->first_session + k])->at;
        if (now->room == NONE) {
            code = item_add(plan, PLAN_CANCEL, &at);
            continue;
        }
        at.room = now->room;
        at.instructors[0] = now->instructor;
        at.day = p->day_zero + (int32_t)node_day(&s->nodes[block->first_node + k]);
        at.start_min = slot_minute(now->slot);
        code = item_add(plan, PLAN_MOVE, &at);
    }
    return code;
}

static enum error_code add_items(const struct search *s, struct plan *plan)
{
    enum error_code code = ERR_NONE;
    for (uint32_t b = 0; b < s->problem->block_count && code == ERR_NONE; b++) {
        code = s->problem->blocks[b].is_published ? add_published(s, b, plan) : add_new(s, b, plan);
    }
    return code;
}

/* ---- the rule book has the last word ---- */

static enum error_code book_apply(struct book *book, const struct plan *plan, uint32_t *slots,
                                  struct error *err)
{
    for (size_t i = 0; i < plan->item_count; i++) {
        if (plan->items[i].action != PLAN_CREATE) {
            book_remove(book, book_slot_of(book, plan->items[i].at.session_id));
        }
    }
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < plan->item_count && code == ERR_NONE; i++) {
        slots[i] = NONE;
        if (plan->items[i].action != PLAN_CANCEL) {
            code = book_add(book, &plan->items[i].at, &slots[i], err);
        }
    }
    return code;
}

static enum error_code clash_refuse(const struct book *book, const struct clash_list *list, struct error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        if (!list->items[i].overridden) {
            return clash_internal(book_timetable(book), &list->items[i], "planner", err);
        }
    }
    return error_set(err, ERR_INTERNAL, "planner: a place is refused, and no rule says why");
}

static enum error_code items_check(const struct book *book, const struct plan *plan, const uint32_t *slots,
                                   struct error *err)
{
    enum error_code code = ERR_NONE;
    struct clash_list list;
    clash_list_init(&list);
    for (size_t i = 0; i < plan->item_count && code == ERR_NONE; i++) {
        size_t hard = 0;
        if (slots[i] != NONE && !rules_allow(book, &plan->items[i].at, slots[i], NULL)) {
            code = rules_check(book, &plan->items[i].at, slots[i], &list, &hard, err);
            code = code == ERR_NONE ? clash_refuse(book, &list, err) : code;
        }
    }
    clash_list_finish(&list);
    return code;
}

bool answer_block_breaks(const struct planner_problem *p, const struct book *book, uint32_t b)
{
    const struct block *block = &p->blocks[b];
    for (uint32_t k = 0; k < block->session_count; k++) {
        int64_t id = p->session_ids[block->first_session + k];
        if (!rules_allow(book, &timetable_find_session(p->timetable, id)->at, book_slot_of(book, id), NULL)) {
            return true;
        }
    }
    return false;
}

/* ---- the plan ---- */

static enum error_code answer_fill(const struct search *s, struct plan *plan, struct book *book,
                                   struct error *err)
{
    const struct planner_options *options = &s->problem->options;
    enum error_code code = add_items(s, plan);
    if (code != ERR_NONE) {
        return error_set(err, code, "planner: %s", error_sentence_en(code));
    }
    uint32_t *slots = malloc((plan->item_count + 1) * sizeof *slots);
    if (slots == NULL) {
        return planner_no_memory(err);
    }
    code = book_apply(book, plan, slots, err);
    if (code == ERR_NONE) {
        code = items_check(book, plan, slots, err);
    }
    free(slots);
    if (code == ERR_NONE) {
        struct search_units units = search_count(s);
        plan->cost = units_cost(&options->weights, &units);
        score_requests(book, options->from_day, options->to_day, &plan->wanted, &plan->placed,
                       &plan->priority_wanted, &plan->priority_placed);
        code = answer_refusals(s, book, plan, err);
    }
    return code;
}

enum error_code answer_create(const struct search *s, struct plan **ret_plan, struct error *err)
{
    const struct planner_problem *p = s->problem;
    struct book *book = NULL;
    struct plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL) {
        return planner_no_memory(err);
    }
    plan->timetable = timetable_ref(p->timetable);
    plan->base_revision = p->timetable->revision;
    plan->from_day = p->options.from_day;
    plan->to_day = p->options.to_day;
    plan->seed = p->options.seed;
    plan->threads = p->options.threads;
    enum error_code code = book_create(p->timetable, false, &book, err);
    if (code == ERR_NONE) {
        code = answer_fill(s, plan, book, err);
    }
    book_destroy(book);
    if (code != ERR_NONE) {
        plan_destroy(plan);
        return code;
    }
    *ret_plan = plan;
    return ERR_NONE;
}
