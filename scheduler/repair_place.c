/* Placing a task: the nearest free place, or one that others make free. */
#include "base/date.h"
#include "base/vec.h"
#include "scheduler/repair_private.h"

#include <stdlib.h>

/* ---- a free place ---- */

struct placing {
    struct repair *repair;
    struct task *task;
    struct placement best;
    int64_t best_price;
    uint32_t found;
    uint32_t wanted; /* go on to further tiers until so many were found */
};

static struct placement as_meeting(const struct repair *repair, const struct task *task,
                                   const struct placement *at)
{
    struct placement placement = *at;
    placement.series_exception =
        at->series_id != 0 && (task->was.series_exception || !repair_is_regular(repair, at));
    return placement;
}

static bool placing_visit(void *context, const struct placement *at, unsigned change)
{
    struct placing *placing = context;
    struct repair *repair = placing->repair;
    struct placement placement = as_meeting(repair, placing->task, at);
    (void)change;
    if (!rules_allow(repair->book, &placement, NONE, NULL)) {
        return true;
    }
    int64_t price = repair_price(repair, placing->task, &placement);
    if (placing->found == 0 || price < placing->best_price) {
        placing->best = placement;
        placing->best_price = price;
    }
    return ++placing->found < REPAIR_FOUND;
}

static bool placing_goes_on(void *context)
{
    const struct placing *placing = context;
    return placing->found < placing->wanted;
}

bool repair_place(struct repair *repair, uint32_t task)
{
    struct repair_domain domain = {.day_count = 0};
    struct task *subject = &repair->tasks.items[task];
    struct placing placing = {
        .repair = repair, .task = subject, .wanted = subject->is_urgent ? REPAIR_FOUND : 1};
    enum error_code code = repair_domain_make(repair, subject, &domain);
    if (code != ERR_NONE) {
        repair->failed = code;
        return false;
    }
    subject->is_tried = true;
    repair_domain_walk(repair, subject, &domain, repair->book, placing_visit, placing_goes_on, &placing);
    repair_domain_finish(&domain);
    if (placing.found > 0) {
        repair_set(repair, task, &placing.best);
    }
    return placing.found > 0 && repair->failed == ERR_NONE;
}

/* ---- places in other sessions' way ---- */

struct option {
    struct placement at;
    int64_t blockers[REPAIR_BLOCKERS];
    int count;
    int fresh; /* of those, sessions that have not moved and were not hit */
    int64_t key;
};

struct options {
    struct repair *repair;
    struct task *task;
    int neighbours; /* fresh ones allowed */
    struct option *items;
    size_t count;
};

/* 0 or 1: what evicting it adds to the changes; -1: it may not be touched. */
static int eviction(const struct repair *repair, int64_t session_id)
{
    uint32_t task = repair_task_of(repair, session_id);
    if (task == NONE) {
        const struct session *session = timetable_find_session(repair->timetable, session_id);
        return session != NULL && repair_movable(repair, &session->at, false) ? 1 : -1;
    }
    const struct task *held = &repair->tasks.items[task];
    if (held->locked || !held->placed) {
        return -1;
    }
    if (held->is_hit || held->is_urgent) {
        return 0;
    }
    bool at_home = held->now.day == held->was.day && held->now.start_min == held->was.start_min &&
                   held->now.room == held->was.room && held->now.instructors[0] == held->was.instructors[0];
    return at_home ? 1 : 0;
}

static bool option_block(const struct repair *repair, struct option *option, int64_t session_id)
{
    for (int i = 0; i < option->count; i++) {
        if (option->blockers[i] == session_id) {
            return true;
        }
    }
    int fresh = eviction(repair, session_id);
    if (fresh < 0 || option->count == REPAIR_BLOCKERS) {
        return false;
    }
    option->blockers[option->count++] = session_id;
    option->fresh += fresh;
    return true;
}

/* Fewest sessions disturbed first, then the nearest place; a meeting of a series is disturbed last. */
static void option_keep(struct options *options, struct option option, unsigned change)
{
    int series = 0;
    for (int i = 0; i < option.count; i++) {
        const struct session *session =
            timetable_find_session(options->repair->timetable, option.blockers[i]);
        series += session != NULL && session->at.series_id != 0;
    }
    option.key = (((int64_t)option.fresh * 4 + option.count) * 8 + series) * 16 + change;
    size_t at = options->count;
    if (at == REPAIR_OPTIONS && options->items[at - 1].key <= option.key) {
        return;
    }
    at = at == REPAIR_OPTIONS ? at - 1 : options->count++;
    for (; at > 0 && options->items[at - 1].key > option.key; at--) {
        options->items[at] = options->items[at - 1];
    }
    options->items[at] = option;
}

static bool same_period(enum rule_code rule, int32_t a, int32_t b)
{
    switch (rule) {
    case RULE_CAP_DAY:
        return a == b;
    case RULE_CAP_WEEK:
        return date_week_start(a) == date_week_start(b);
    case RULE_CAP_MONTH:
        return date_month_index(a) == date_month_index(b);
    default:
        return date_year(a) == date_year(b);
    }
}

/* One of those that use up a cap, a supply or a quota gives way: an option each, the latest first, not too
 * many. */
static void options_of_limit(struct options *options, const struct option *base, const struct clash *limit,
                             unsigned change)
{
    enum {
        MEMBERS = 12
    };
    const struct book *book = options->repair->book;
    const struct timetable *t = options->repair->timetable;
    bool by_person = limit->rule <= RULE_CAP_YEAR;
    uint32_t hall = t->rooms[base->at.room].hall;
    int64_t members[MEMBERS];
    size_t count = 0;
    uint32_t slot =
        by_person ? book_instructor_first(book, limit->instructor) : book_course_first(book, base->at.course);
    for (; slot != NONE; slot = by_person ? book_instructor_next(book, slot, limit->instructor)
                                          : book_course_next(book, slot)) {
        const struct placement *member = book_at(book, slot);
        if (!same_period(limit->rule, member->day, base->at.day) ||
            (limit->rule == RULE_HALL_QUOTA && t->rooms[member->room].hall != hall) ||
            eviction(options->repair, member->session_id) < 0) {
            continue;
        }
        members[count % MEMBERS] = member->session_id;
        count++;
    }
    for (size_t i = 0; i < count && i < MEMBERS; i++) {
        struct option option = *base;
        if (option_block(options->repair, &option, members[i]) && option.fresh <= options->neighbours) {
            option_keep(options, option, change);
        }
    }
}

/* False when something stands there that cannot be moved away. */
static bool option_blockers(struct options *options, struct option *option, const struct clash **ret_limit)
{
    const struct clash_list *list = &options->repair->scratch;
    *ret_limit = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct clash *clash = &list->items[i];
        if (clash->overridden) {
            continue;
        }
        if (clash->party == PARTY_LIMIT && clash->rule != RULE_CAPACITY) {
            /* With one session too many, one has to go; more than that is not tried. */
            if (clash->count != clash->limit + 1) {
                return false;
            }
            *ret_limit = clash;
        } else if (clash->party != PARTY_SESSION ||
                   !option_block(options->repair, option, clash->other.session_id)) {
            return false;
        }
    }
    return true;
}

static bool options_visit(void *context, const struct placement *at, unsigned change)
{
    struct options *options = context;
    struct repair *repair = options->repair;
    struct option option = {.at = as_meeting(repair, options->task, at)};
    const struct clash *limit = NULL;
    size_t hard = 0;
    struct placement alone = option.at;
    alone.series_id = 0;
    if (!rules_allow(repair->alone, &alone, NONE, NULL)) {
        return true;
    }
    options->task->has_place = true;
    repair->scratch.count = 0;
    if (rules_check(repair->book, &option.at, NONE, &repair->scratch, &hard, NULL) != ERR_NONE) {
        repair->failed = ERR_MEMORY;
        return false;
    }
    if (!option_blockers(options, &option, &limit) || option.fresh > options->neighbours) {
        return true;
    }
    if (limit != NULL) {
        options_of_limit(options, &option, limit, change);
    } else {
        option_keep(options, option, change);
    }
    return true;
}

static bool options_go_on(void *context)
{
    const struct options *options = context;
    return options->repair->failed == ERR_NONE;
}

static bool options_collect(struct options *options)
{
    struct repair_domain domain = {.day_count = 0};
    struct repair *repair = options->repair;
    options->items = malloc(REPAIR_OPTIONS * sizeof *options->items);
    if (options->items == NULL || repair_domain_make(repair, options->task, &domain) != ERR_NONE) {
        repair->failed = ERR_MEMORY;
        return false;
    }
    repair_domain_walk(repair, options->task, &domain, repair->alone, options_visit, options_go_on, options);
    repair_domain_finish(&domain);
    return repair->failed == ERR_NONE;
}

/* ---- chains ---- */

static int chain_try(struct repair *repair, uint32_t task, int depth, int budget);

/* All that was moved since the mark has left its people time enough where it stood before. */
static bool chain_leaves(const struct repair *repair, size_t mark)
{
    for (size_t i = mark; i < repair->journal.count; i++) {
        const struct journal_entry *entry = &repair->journal.items[i];
        if (entry->placed && !repair_leaves(repair, &entry->now, NULL)) {
            return false;
        }
    }
    return true;
}

/* Evicts, places, finds places for the evicted. Fresh sessions used, or -1 with all as before. */
static int option_try(struct repair *repair, uint32_t task, const struct option *option, int depth,
                      int budget)
{
    size_t mark = repair->journal.count;
    uint32_t evicted[REPAIR_BLOCKERS];
    int used = option->fresh;
    for (int i = 0; i < option->count; i++) {
        const struct session *session = timetable_find_session(repair->timetable, option->blockers[i]);
        uint32_t known = repair_task_of(repair, option->blockers[i]);
        evicted[i] = known != NONE     ? known
                     : session != NULL ? repair_task_add(repair, &session->at)
                                       : (uint32_t)NONE;
        if (evicted[i] == NONE) {
            goto back;
        }
        repair_set(repair, evicted[i], NULL);
    }
    if (!rules_allow(repair->book, &option->at, NONE, NULL)) {
        goto back;
    }
    repair_set(repair, task, &option->at);
    for (int i = 0; i < option->count; i++) {
        if (repair->tasks.items[evicted[i]].placed || repair_place(repair, evicted[i])) {
            continue;
        }
        int more = chain_try(repair, evicted[i], depth - 1, budget - used);
        if (more < 0) {
            repair->tasks.items[evicted[i]].stuck++;
            goto back;
        }
        used += more;
    }
    if (repair->failed == ERR_NONE && chain_leaves(repair, mark)) {
        return used;
    }
back:
    repair_undo(repair, mark);
    return -1;
}

/* Is somebody in the way who has found no other place for several options already? Most options of a cap or a
 * quota differ in nothing else. */
static bool option_is_stuck(const struct repair *repair, const struct option *option)
{
    for (int i = 0; i < option->count; i++) {
        uint32_t task = repair_task_of(repair, option->blockers[i]);
        if (task != NONE && repair->tasks.items[task].stuck >= REPAIR_STUCK) {
            return true;
        }
    }
    return false;
}

static bool may_try(const struct repair *repair)
{
    return repair->tries > 0 && repair->looks < repair->looks_end;
}

static int chain_try(struct repair *repair, uint32_t task, int depth, int budget)
{
    struct options options = {.repair = repair, .task = &repair->tasks.items[task], .neighbours = budget};
    int used = -1;
    if (depth <= 0 || repair->tries == 0 || !options_collect(&options)) {
        free(options.items);
        return -1;
    }
    repair->tasks.items[task].locked = true;
    for (size_t i = 0; i < options.count && used < 0 && may_try(repair); i++) {
        if (!option_is_stuck(repair, &options.items[i])) {
            repair->tries--;
            used = option_try(repair, task, &options.items[i], depth, budget);
        }
    }
    repair->tasks.items[task].locked = false;
    free(options.items);
    return used;
}

static void tries_begin(struct repair *repair)
{
    repair->tries = REPAIR_TRIES;
    for (size_t i = 0; i < repair->tasks.count; i++) {
        repair->tasks.items[i].stuck = 0;
    }
}

/* Did it, or an open session of the same urgent request, which is as good, fail when all stood as it does
 * now? */
static bool failed_before(struct repair *repair, uint32_t task)
{
    struct task *subject = &repair->tasks.items[task];
    size_t now = repair->journal.count + 1;
    uint32_t first = task > 0 && subject->is_urgent ? task - 1 : task;
    uint32_t last = subject->is_urgent && task + 1 < repair->tasks.count ? task + 1 : task;
    for (uint32_t i = first; i <= last; i++) {
        const struct task *alike = &repair->tasks.items[i];
        if (alike->failed_at == now && alike->is_urgent == subject->is_urgent &&
            alike->was.request == subject->was.request) {
            subject->has_place = alike->has_place;
            return true;
        }
    }
    return false;
}

static bool room_make(struct repair *repair, uint32_t task, int neighbours)
{
    for (int budget = 0; budget <= neighbours && repair->failed == ERR_NONE; budget++) {
        tries_begin(repair);
        if (chain_try(repair, task, REPAIR_CHAIN, budget) >= 0) {
            return true;
        }
        if (!repair->tasks.items[task].has_place || repair->looks >= repair->looks_end) {
            return false;
        }
    }
    return false;
}

bool repair_make_room(struct repair *repair, uint32_t task, int neighbours)
{
    uint64_t before = repair->looks;
    uint64_t left = repair->room_looks < REPAIR_ALL_LOOKS ? REPAIR_ALL_LOOKS - repair->room_looks : 0;
    bool found = false;
    repair->looks_end = before + (left < REPAIR_ROOM_LOOKS ? left : REPAIR_ROOM_LOOKS);
    if (!failed_before(repair, task)) {
        found = room_make(repair, task, neighbours);
    }
    repair->tasks.items[task].failed_at = found ? 0 : repair->journal.count + 1;
    repair->room_looks += repair->looks - before;
    return found;
}

/* ---- back home ---- */

static bool home_blockers(struct repair *repair, const struct placement *was, struct option *option)
{
    const struct clash *limit = NULL;
    struct options options = {.repair = repair, .neighbours = 0};
    size_t hard = 0;
    *option = (struct option){.at = *was};
    repair->scratch.count = 0;
    if (rules_check(repair->book, was, NONE, &repair->scratch, &hard, NULL) != ERR_NONE) {
        return false;
    }
    return option_blockers(&options, option, &limit) && limit == NULL && option->fresh == 0;
}

void repair_send_home(struct repair *repair)
{
    for (uint32_t i = 0; i < repair->tasks.count && repair->failed == ERR_NONE; i++) {
        const struct task *task = &repair->tasks.items[i];
        const struct placement was = task->was;
        struct option option;
        bool moved = task->now.day != was.day || task->now.start_min != was.start_min ||
                     task->now.room != was.room || task->now.instructors[0] != was.instructors[0];
        if (task->is_urgent || task->rule_day || task->locked || !task->placed || !moved) {
            continue;
        }
        size_t mark = repair->journal.count;
        repair_set(repair, i, NULL);
        tries_begin(repair);
        repair->looks_end = repair->looks + REPAIR_ROOM_LOOKS;
        if (!home_blockers(repair, &was, &option)) {
            repair_undo(repair, mark);
            continue;
        }
        repair->tasks.items[i].locked = true;
        bool home = option_try(repair, i, &option, REPAIR_CHAIN, 0) >= 0 && chain_leaves(repair, mark);
        repair->tasks.items[i].locked = false;
        if (!home) {
            repair_undo(repair, mark);
        }
    }
}
