/* Repair from end to end: what is hit, where it goes, the plan that comes of it. */
#include "scheduler/repair.h"

#include "base/date.h"
#include "base/vec.h"
#include "scheduler/repair_private.h"

#include <stdlib.h>

void repair_report_finish(struct repair_report *report)
{
    clash_list_finish(&report->left);
    *report = (struct repair_report){.hit = 0};
}

static enum error_code memory_error(struct error *err)
{
    return error_set(err, ERR_MEMORY, "repair: %s", error_sentence_en(ERR_MEMORY));
}

/* ---- tasks ---- */

uint32_t repair_task_of(const struct repair *repair, int64_t session_id)
{
    return id_map_get(&repair->task_of, session_id);
}

bool repair_movable(const struct repair *repair, const struct placement *at, bool is_hit)
{
    const struct repair_options *o = repair->options;
    return at->session_id > 0 && !at->pinned && at->held == HELD_UNKNOWN && at->day > o->frozen_until_day &&
           at->day >= o->from_day && at->day <= o->to_day &&
           (is_hit || (at->overrides == 0 && !at->series_exception && at->instructor_count == 1));
}

uint32_t repair_task_add(struct repair *repair, const struct placement *at)
{
    enum error_code code = ERR_NONE;
    struct task task = {.was = *at, .now = *at, .placed = true};
    if (repair->tasks.count >= ID_MAP_NONE - 1) {
        repair->failed = ERR_LIMIT;
        return NONE;
    }
    uint32_t index = (uint32_t)repair->tasks.count;
    VEC_PUSH(code, &repair->tasks, task, LIMIT_ROWS);
    if (code == ERR_NONE) {
        code = id_map_put(&repair->task_of, at->session_id, index);
    }
    if (code != ERR_NONE) {
        repair->failed = code;
        return NONE;
    }
    return index;
}

/* The book and the task, without the journal. */
static void place_task(struct repair *repair, struct task *task, bool placed, const struct placement *now)
{
    uint32_t slot = NONE;
    if (task->placed) {
        book_remove(repair->book, book_slot_of(repair->book, task->was.session_id));
    }
    task->placed = placed;
    task->now = *now;
    if (placed && book_add(repair->book, now, &slot, NULL) != ERR_NONE) {
        task->placed = false;
        repair->failed = ERR_MEMORY;
    }
}

void repair_set(struct repair *repair, uint32_t index, const struct placement *now)
{
    struct task *task = &repair->tasks.items[index];
    struct journal_entry entry = {index, task->placed, task->now};
    enum error_code code = ERR_NONE;
    VEC_PUSH(code, &repair->journal, entry, LIMIT_ROWS);
    if (code != ERR_NONE) {
        repair->failed = code;
        return;
    }
    place_task(repair, task, now != NULL, now != NULL ? now : &entry.now);
}

void repair_undo(struct repair *repair, size_t mark)
{
    while (repair->journal.count > mark) {
        const struct journal_entry entry = repair->journal.items[--repair->journal.count];
        place_task(repair, &repair->tasks.items[entry.task], entry.placed, &entry.now);
    }
}

bool repair_leaves(const struct repair *repair, const struct placement *at, int64_t *ret_late_id)
{
    for (uint8_t k = 0; k < at->instructor_count; k++) {
        uint32_t slot = book_instructor_first(repair->book, at->instructors[k]);
        while (slot != NONE && placement_start(book_at(repair->book, slot)) < placement_start(at)) {
            slot = book_instructor_next(repair->book, slot, at->instructors[k]);
        }
        enum rule_code rule = RULE_COUNT;
        if (slot != NONE && placement_start(book_at(repair->book, slot)) < placement_end(at) + DAY_MINUTES &&
            !rules_allow(repair->book, book_at(repair->book, slot), slot, &rule) && rule == RULE_TRAVEL) {
            if (ret_late_id != NULL) {
                *ret_late_id = book_at(repair->book, slot)->session_id;
            }
            return false;
        }
    }
    return true;
}

/* ---- a life ---- */

static enum error_code qualified_collect(struct repair *repair)
{
    const struct timetable *t = repair->timetable;
    size_t total = 0;
    for (size_t i = 0; i < t->instructor_count; i++) {
        total += t->instructors[i].course_count;
    }
    repair->qualified_start = calloc(t->course_count + 2, sizeof *repair->qualified_start);
    repair->qualified = malloc((total + 1) * sizeof *repair->qualified);
    if (repair->qualified_start == NULL || repair->qualified == NULL) {
        return ERR_MEMORY;
    }
    uint32_t *start = repair->qualified_start;
    for (size_t i = 0; i < t->instructor_count; i++) {
        for (size_t k = 0; k < t->instructors[i].course_count; k++) {
            start[t->instructors[i].courses[k] + 2]++;
        }
    }
    for (size_t c = 2; c < t->course_count + 2; c++) {
        start[c] += start[c - 1];
    }
    for (uint32_t i = 0; i < t->instructor_count; i++) {
        for (size_t k = 0; k < t->instructors[i].course_count; k++) {
            repair->qualified[start[t->instructors[i].courses[k] + 1]++] = i;
        }
    }
    return ERR_NONE;
}

static enum error_code repair_open(struct repair *repair, struct error *err)
{
    id_map_init(&repair->task_of);
    clash_list_init(&repair->scratch);
    enum error_code code = book_create(repair->timetable, false, &repair->book, err);
    if (code == ERR_NONE) {
        code = book_create(repair->timetable, true, &repair->alone, err);
    }
    if (code == ERR_NONE && qualified_collect(repair) != ERR_NONE) {
        code = memory_error(err);
    }
    return code;
}

static void repair_close(struct repair *repair)
{
    book_destroy(repair->book);
    book_destroy(repair->alone);
    free(repair->tasks.items);
    free(repair->journal.items);
    id_map_finish(&repair->task_of);
    clash_list_finish(&repair->scratch);
    free(repair->qualified_start);
    free(repair->qualified);
}

/* ---- the order of work ---- */

struct turn {
    uint32_t task;
    int32_t priority, day;
    int64_t series_id, session_id;
};

/* What matters most first; meetings of one series after each other, so that they move alike. */
static int turn_compare(const void *a, const void *b)
{
    const struct turn *x = a;
    const struct turn *y = b;
    if (x->priority != y->priority) {
        return x->priority > y->priority ? -1 : 1;
    }
    if (x->series_id != y->series_id) {
        return x->series_id < y->series_id ? -1 : 1;
    }
    if (x->day != y->day) {
        return x->day < y->day ? -1 : 1;
    }
    return x->session_id < y->session_id ? -1 : x->session_id > y->session_id;
}

static enum error_code turns_make(const struct repair *repair, struct turn **ret_turns, size_t *ret_count)
{
    struct turn *turns = malloc((repair->tasks.count + 1) * sizeof *turns);
    size_t count = 0;
    if (turns == NULL) {
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < repair->tasks.count; i++) {
        const struct task *task = &repair->tasks.items[i];
        if (task->placed || task->dropped || task->locked) {
            continue;
        }
        turns[count++] = (struct turn){
            .task = i,
            .priority =
                task->was.request != NONE ? repair->timetable->requests[task->was.request].priority : 0,
            .day = task->was.day,
            .series_id = task->was.series_id,
            .session_id = task->was.session_id};
    }
    if (count > 0) {
        qsort(turns, count, sizeof *turns, turn_compare);
    }
    *ret_turns = turns;
    *ret_count = count;
    return ERR_NONE;
}

/* A series of which too little is left has left nothing out by its rule: those meetings need a place, too. */
static void take_back(struct repair *repair, const struct turn *turns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct task *task = &repair->tasks.items[turns[i].task];
        task->dropped = task->dropped && repair_leaves_half(repair, task->was.series_id);
    }
    for (size_t i = 0; i < count && repair->failed == ERR_NONE; i++) {
        const struct task *task = &repair->tasks.items[turns[i].task];
        if (!task->placed && !task->dropped && !task->is_tried && !repair_place(repair, turns[i].task)) {
            (void)repair_make_room(repair, turns[i].task, REPAIR_NEIGHBOURS);
        }
    }
}

/* First what the series rules settle, then free places for all, then room for the rest. */
static enum error_code place_all(struct repair *repair)
{
    struct turn *turns = NULL;
    size_t count = 0;
    enum error_code code = turns_make(repair, &turns, &count);
    if (code != ERR_NONE) {
        return code;
    }
    for (size_t i = 0; i < count; i++) {
        (void)repair_by_holiday_rule(repair, turns[i].task);
    }
    for (size_t i = 0; i < count && repair->failed == ERR_NONE; i++) {
        const struct task *task = &repair->tasks.items[turns[i].task];
        if (!task->placed && !task->dropped) {
            (void)repair_place(repair, turns[i].task);
        }
    }
    /* Twice: what was moved for a later one may have opened a place for an earlier one. */
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < count && repair->failed == ERR_NONE; i++) {
            const struct task *task = &repair->tasks.items[turns[i].task];
            if (!task->placed && !task->dropped && (round == 0 || task->has_place)) {
                (void)repair_make_room(repair, turns[i].task, REPAIR_NEIGHBOURS);
            }
        }
    }
    take_back(repair, turns, count);
    free(turns);
    if (repair->failed == ERR_NONE) {
        repair_send_home(repair);
    }
    return repair->failed;
}

/* ---- the answer ---- */

static bool task_moved(const struct task *task)
{
    const struct placement *a = &task->was;
    const struct placement *b = &task->now;
    bool same = a->day == b->day && a->start_min == b->start_min && a->room == b->room &&
                a->series_exception == b->series_exception;
    for (uint8_t k = 0; same && k < a->instructor_count; k++) {
        same = a->instructors[k] == b->instructors[k];
    }
    return !same;
}

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

static enum error_code urgent_item(struct plan *plan, const struct task *task, struct repair_report *report)
{
    if (!task->placed) {
        return ERR_NONE;
    }
    struct placement at = task->now;
    at.session_id = 0;
    report->created++;
    return item_add(plan, PLAN_CREATE, &at);
}

static enum error_code task_item(struct plan *plan, const struct task *task, struct repair_report *report)
{
    if (task->is_urgent) {
        return urgent_item(plan, task, report);
    }
    report->hit += task->is_hit;
    if (task->placed) {
        if (!task_moved(task)) {
            return ERR_NONE;
        }
        report->moved += task->is_hit;
        report->neighbours += !task->is_hit;
        return item_add(plan, PLAN_MOVE, &task->now);
    }
    report->dropped += task->dropped;
    report->cancelled += !task->dropped;
    return item_add(plan, PLAN_CANCEL, &task->was);
}

static int item_compare(const void *a, const void *b)
{
    const struct plan_item *x = a;
    const struct plan_item *y = b;
    if (x->at.session_id != y->at.session_id) {
        return x->at.session_id < y->at.session_id ? -1 : 1;
    }
    if (x->at.day != y->at.day) {
        return x->at.day < y->at.day ? -1 : 1;
    }
    return x->at.room < y->at.room ? -1 : x->at.room > y->at.room;
}

static int refusal_compare(const void *a, const void *b)
{
    const struct plan_refusal *x = a;
    const struct plan_refusal *y = b;
    return x->request < y->request ? -1 : x->request > y->request;
}

static bool was_touched(const struct repair *repair, const struct placement *at)
{
    uint32_t task = at->session_id == 0 ? (uint32_t)NONE : repair_task_of(repair, at->session_id);
    return task != NONE && repair->tasks.items[task].placed && task_moved(&repair->tasks.items[task]);
}

/* The rule book has the last word: whatever is broken still must have been so without us. */
static enum error_code verdict(const struct repair *repair, struct clash_list *left, struct error *err)
{
    size_t hard = 0;
    enum error_code code = rules_check_all(repair->book, left, &hard, err);
    for (size_t i = 0; i < left->count && code == ERR_NONE; i++) {
        const struct clash *clash = &left->items[i];
        bool ours = was_touched(repair, &clash->subject) ||
                    (clash->party == PARTY_SESSION && was_touched(repair, &clash->other));
        if (!clash->overridden && ours) {
            code = clash_internal(repair->timetable, clash, "repair", err);
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < left->count; i++) {
        if (!left->items[i].overridden) {
            left->items[kept++] = left->items[i];
        }
    }
    left->count = kept;
    return code;
}

static enum error_code figures(const struct repair *repair, struct plan *plan, struct error *err)
{
    const struct repair_options *o = repair->options;
    score_requests(repair->book, o->from_day, o->to_day, &plan->wanted, &plan->placed, &plan->priority_wanted,
                   &plan->priority_placed);
    return score_timetable(repair->book, &o->weights, o->from_day, o->to_day, &plan->cost, err);
}

static enum error_code answer(struct repair *repair, struct plan *plan, struct repair_report *report,
                              struct error *err)
{
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < repair->tasks.count && code == ERR_NONE; i++) {
        code = task_item(plan, &repair->tasks.items[i], report);
    }
    code = code == ERR_NONE ? repair_refusals(repair, plan) : code;
    if (code != ERR_NONE) {
        return memory_error(err);
    }
    if (plan->item_count > 0) {
        qsort(plan->items, plan->item_count, sizeof *plan->items, item_compare);
    }
    if (plan->refusal_count > 0) {
        qsort(plan->refusals, plan->refusal_count, sizeof *plan->refusals, refusal_compare);
    }
    report->looks = repair->looks;
    code = verdict(repair, &report->left, err);
    return code == ERR_NONE ? figures(repair, plan, err) : code;
}

static enum error_code options_check(const struct repair_options *options, struct error *err)
{
    if (options->to_day < options->from_day || options->to_day - options->from_day >= LIMIT_PLAN_DAYS) {
        return error_set(err, ERR_INPUT,
                         "修复区间须为 1 至 %d 天 (a repair spans 1 to %d days, from its first to its last)",
                         LIMIT_PLAN_DAYS, LIMIT_PLAN_DAYS);
    }
    return ERR_NONE;
}

static struct plan *plan_make(struct timetable *timetable, const struct repair_options *options)
{
    struct plan *plan = calloc(1, sizeof *plan);
    if (plan != NULL) {
        plan->timetable = timetable_ref(timetable);
        plan->base_revision = timetable->revision;
        plan->from_day = options->from_day;
        plan->to_day = options->to_day;
        plan->threads = 1;
    }
    return plan;
}

/* A request that is named twice is placed once. */
static bool is_named_before(const struct repair_options *options, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (options->urgent[i] == options->urgent[index]) {
            return true;
        }
    }
    return false;
}

enum error_code repair_run(struct timetable *timetable, const struct repair_options *options,
                           struct plan **ret_plan, struct repair_report *ret_report, struct error *err)
{
    struct repair repair = {.timetable = timetable, .options = options};
    struct repair_report report = {.hit = 0};
    struct plan *plan = NULL;
    enum error_code code = options_check(options, err);
    if (code != ERR_NONE) {
        return code;
    }
    clash_list_init(&report.left);
    plan = plan_make(timetable, options);
    code = plan == NULL ? memory_error(err) : repair_open(&repair, err);
    if (code == ERR_NONE) {
        code = repair_collect_hits(&repair, err);
    }
    for (size_t i = 0; i < options->urgent_count && code == ERR_NONE; i++) {
        code = is_named_before(options, i) ? ERR_NONE
                                           : repair_add_urgent(&repair, options->urgent[i], plan, err);
    }
    if (code == ERR_NONE && (code = place_all(&repair)) != ERR_NONE) {
        (void)error_set(err, code, "repair: %s", error_sentence_en(code));
    }
    if (code == ERR_NONE) {
        code = answer(&repair, plan, &report, err);
    }
    repair_close(&repair);
    if (code == ERR_NONE) {
        *ret_plan = plan;
        *ret_report = report;
    } else {
        plan_destroy(plan);
        repair_report_finish(&report);
    }
    return code;
}
