/* Judging a plan: the rule book over everything, what a plan may not do although no rule is about it, and the
 * score by plain loops. It shares no code with the search. docs/interchange.md states each fault. */
#include "base/date.h"
#include "base/vec.h"
#include "importers/problem.h"

#include <stdlib.h>
#include <string.h>

struct judge {
    const struct problem_file *file;
    const struct timetable *timetable;
    const struct plan *plan;
    const struct book *book;
    struct plan_verdict *verdict;
    uint32_t *made; /* owned: by request, non-cancelled sessions with the plan done */
    enum error_code code;
};

static void fault(struct judge *judge, enum plan_fault_kind kind, uint32_t request, size_t item)
{
    struct plan_verdict *v = judge->verdict;
    struct plan_fault found = {kind, request, item};
    if (v->fault_count >= LIMIT_PROBLEM_FAULTS) {
        v->faults_dropped++;
        return;
    }
    void *grown =
        vec_reserve(v->faults, &v->fault_capacity, v->fault_count + 1, sizeof found, LIMIT_PROBLEM_FAULTS);
    if (grown == NULL) {
        judge->code = ERR_MEMORY;
        return;
    }
    v->faults = grown;
    v->faults[v->fault_count++] = found;
}

/* ---- items ---- */

static void place_check(struct judge *judge, size_t item)
{
    const struct timetable *t = judge->timetable;
    const struct placement *at = &judge->plan->items[item].at;
    if (at->day < judge->file->from_day || at->day > judge->file->to_day ||
        (at->request != NONE && !request_allows_day(t, at->request, at->day))) {
        fault(judge, FAULT_DAY, at->request, item);
    }
    if (at->request != NONE && !request_allows_hall(t, at->request, t->rooms[at->room].hall)) {
        fault(judge, FAULT_HALL, at->request, item);
    }
}

/* What stands still: everything, or what is frozen; pinned and held sessions are the rule book's business. */
static void published_check(struct judge *judge, size_t item)
{
    const struct plan_item *changed = &judge->plan->items[item];
    const struct placement *before = &timetable_find_session(judge->timetable, changed->at.session_id)->at;
    struct plan_verdict *v = judge->verdict;
    size_t hard = 0;
    bool stays = judge->file->keep_published || before->day <= judge->file->frozen_until_day ||
                 before->day < judge->file->from_day || before->day > judge->file->to_day;
    if (stays) {
        fault(judge, FAULT_KEPT, before->request, item);
    }
    judge->code = rules_check_change(before, changed->action == PLAN_CANCEL ? NULL : &changed->at,
                                     &v->clashes, &hard, NULL);
    v->hard += hard;
}

static void items_check(struct judge *judge)
{
    for (size_t i = 0; i < judge->plan->item_count && judge->code == ERR_NONE; i++) {
        enum plan_action action = judge->plan->items[i].action;
        if (action != PLAN_CANCEL) {
            place_check(judge, i);
        }
        if (action != PLAN_CREATE) {
            published_check(judge, i);
        }
    }
}

/* ---- requests ---- */

static void counts_check(struct judge *judge)
{
    const struct timetable *t = judge->timetable;
    for (uint32_t slot = 0; slot < book_slot_end(judge->book); slot++) {
        const struct placement *at = book_slot_used(judge->book, slot) ? book_at(judge->book, slot) : NULL;
        if (at != NULL && at->request != NONE) {
            judge->made[at->request]++;
        }
    }
    for (size_t i = 0; i < judge->plan->item_count; i++) {
        const struct plan_item *item = &judge->plan->items[i];
        uint32_t request = item->at.request;
        if (item->action == PLAN_CREATE && judge->made[request] > (uint32_t)t->requests[request].sessions) {
            fault(judge, FAULT_MORE, request, SIZE_MAX);
            judge->made[request] = 0; /* told once */
        }
    }
}

/* ---- series ---- */

static bool is_blocked(const struct judge *judge, const struct placement *at, int32_t day)
{
    int64_t start = (int64_t)day * DAY_MINUTES + at->start_min;
    return timetable_day(judge->timetable, day).is_off ||
           closure_hit(judge->timetable, at->room, start - at->setup_min, start + at->minutes + at->clear_min,
                       CLOSURE_HARD) != NONE;
}

/* Do the meetings, by day, stand just where `steps` weekly steps from the first put them? A step on a holiday
 * or in a hard closure is forbidden, left out, or moves everything after it by a week. */
static bool weeks_follow(const struct judge *judge, const struct placement *const *meetings, size_t count,
                         int32_t steps, enum holiday_rule rule)
{
    int32_t day = meetings[0]->day;
    size_t met = 0;
    if (is_blocked(judge, meetings[0], day)) {
        return false;
    }
    for (int32_t step = 0; step < steps; day += 7) {
        bool blocked = is_blocked(judge, meetings[0], day);
        if ((blocked && rule == HOLIDAY_FORBID) || day > judge->file->to_day) {
            return false;
        }
        if (!blocked) {
            if (met >= count || meetings[met]->day != day) {
                return false;
            }
            met++;
        }
        step += blocked && rule == HOLIDAY_SHIFT ? 0 : 1;
    }
    return met == count && 2 * met >= (size_t)steps;
}

static int meeting_compare(const void *a, const void *b)
{
    const struct placement *x = *(const struct placement *const *)a;
    const struct placement *y = *(const struct placement *const *)b;
    if (x->request != y->request) {
        return x->request < y->request ? -1 : 1;
    }
    if (x->series_id != y->series_id) {
        return x->series_id < y->series_id ? -1 : 1;
    }
    return x->day < y->day ? -1 : x->day > y->day;
}

/* The new meetings of one series request: all that was missing, as one new series. */
static bool series_is_whole(const struct judge *judge, const struct placement *const *meetings, size_t count,
                            const uint32_t *published)
{
    const struct request *request = &judge->timetable->requests[meetings[0]->request];
    int32_t missing = request->sessions - (int32_t)published[meetings[0]->request];
    if (missing == 1) {
        return count == 1;
    }
    for (size_t i = 0; i < count; i++) {
        if (meetings[i]->series_id == 0 || meetings[i]->series_id != meetings[0]->series_id) {
            return false;
        }
    }
    return weeks_follow(judge, meetings, count, missing, request->holiday_rule);
}

static enum error_code series_check(struct judge *judge)
{
    const struct timetable *t = judge->timetable;
    const struct plan *plan = judge->plan;
    const struct placement **meetings = malloc((plan->item_count + 1) * sizeof *meetings);
    uint32_t *published = calloc(t->request_count + 1, sizeof *published);
    size_t count = 0;
    if (meetings == NULL || published == NULL) {
        free(meetings);
        free(published);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < t->session_count; i++) {
        if (t->sessions[i].status != SESSION_CANCELLED && t->sessions[i].at.request != NONE) {
            published[t->sessions[i].at.request]++;
        }
    }
    for (size_t i = 0; i < plan->item_count; i++) {
        const struct placement *at = &plan->items[i].at;
        if (plan->items[i].action == PLAN_CREATE && t->requests[at->request].is_series) {
            meetings[count++] = at;
        }
    }
    qsort(meetings, count, sizeof *meetings, meeting_compare);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && meetings[to]->request == meetings[from]->request; to++) {}
        if (!series_is_whole(judge, &meetings[from], to - from, published)) {
            fault(judge, FAULT_SERIES, meetings[from]->request, SIZE_MAX);
        }
    }
    free(meetings);
    free(published);
    return judge->code;
}

/* ---- the whole ---- */

static enum error_code hard_before(const struct plan *plan, size_t *ret_hard, struct error *err)
{
    struct book *book = NULL;
    struct clash_list list;
    clash_list_init(&list);
    enum error_code code = book_create(plan->timetable, false, &book, err);
    if (code == ERR_NONE) {
        code = rules_check_all(book, &list, ret_hard, err);
    }
    book_destroy(book);
    clash_list_finish(&list);
    return code;
}

static enum error_code judge_run(struct judge *judge, struct error *err)
{
    struct plan_verdict *v = judge->verdict;
    const struct problem_file *file = judge->file;
    size_t hard = 0;
    enum error_code code = hard_before(judge->plan, &v->hard_before, err);
    if (code == ERR_NONE) {
        code = rules_check_all(judge->book, &v->clashes, &hard, err);
        v->hard += hard;
    }
    if (code == ERR_NONE) {
        items_check(judge);
        counts_check(judge);
        code = judge->code == ERR_NONE ? series_check(judge) : judge->code;
        code = code == ERR_NONE ? ERR_NONE : error_set(err, code, "内存不足 (out of memory)");
    }
    if (code == ERR_NONE) {
        code = score_timetable(judge->book, &file->weights, file->from_day, file->to_day, &v->cost, err);
    }
    if (code == ERR_NONE) {
        score_requests(judge->book, file->from_day, file->to_day, &v->wanted, &v->placed, &v->priority_wanted,
                       &v->priority_placed);
    }
    return code;
}

enum error_code plan_judge(const struct problem_file *file, const struct plan *plan,
                           struct plan_verdict *ret_verdict, struct error *err)
{
    struct plan_verdict verdict = {.hard = 0};
    struct book *book = NULL;
    struct judge judge = {.file = file, .timetable = file->timetable, .plan = plan, .verdict = &verdict};
    clash_list_init(&verdict.clashes);
    enum error_code code = plan_file_book(plan, &book, err);
    if (code == ERR_NONE) {
        judge.book = book;
        judge.made = calloc(file->timetable->request_count + 1, sizeof *judge.made);
        code = judge.made == NULL ? error_set(err, ERR_MEMORY, "内存不足 (out of memory)")
                                  : judge_run(&judge, err);
    }
    free(judge.made);
    book_destroy(book);
    if (code != ERR_NONE) {
        plan_verdict_finish(&verdict);
        return code;
    }
    *ret_verdict = verdict;
    return ERR_NONE;
}

void plan_verdict_finish(struct plan_verdict *verdict)
{
    clash_list_finish(&verdict->clashes);
    free(verdict->faults);
    verdict->faults = NULL;
    verdict->fault_count = 0;
}

/* ---- words ---- */

static const struct {
    const char *name, *zh, *en;
} FAULT_WORDS[PLAN_FAULT_COUNT] = {
#define X(code, name, zh, en) [code] = {name, zh, en},
    PLAN_FAULT_LIST(X)
#undef X
};

const char *plan_fault_name(enum plan_fault_kind kind)
{
    return kind < PLAN_FAULT_COUNT ? FAULT_WORDS[kind].name : "";
}

void plan_fault_sentence(const struct plan *plan, const struct plan_fault *found, bool chinese,
                         struct text *out)
{
    if (found->item != SIZE_MAX) {
        text_addf(out, "$.items[%zu] ", found->item);
        placement_sentence(plan->timetable, &plan->items[found->item].at, chinese, out);
    }
    if (found->request != NONE) {
        text_addf(out, chinese ? " 点单 %s" : " request %s", plan->timetable->requests[found->request].id);
    }
    text_addf(out, chinese ? "：%s" : ": %s",
              chinese ? FAULT_WORDS[found->kind].zh : FAULT_WORDS[found->kind].en);
}
