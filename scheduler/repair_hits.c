/* Which sessions are hit: those that break a rule by themselves now, of each pair that cannot stand together
 * one, of each cap that is overdrawn the latest; and meetings of a series on a day on which it does not meet.
 */
#include "scheduler/repair_private.h"

#include <stdlib.h>

static bool is_single(const struct clash *clash)
{
    return clash->party == PARTY_NONE || clash->party == PARTY_CLOSURE || clash->party == PARTY_ABSENCE ||
           clash->rule == RULE_CAPACITY;
}

/* Takes the session out of the book; it is a hit one from now on. False when it may not be moved. */
static bool hit(struct repair *repair, const struct placement *at, bool rule_day)
{
    uint32_t task = repair_task_of(repair, at->session_id);
    if (task == NONE) {
        if (!repair_movable(repair, at, true)) {
            return false;
        }
        task = repair_task_add(repair, at);
        if (task == NONE) {
            return false;
        }
        repair->tasks.items[task].is_hit = true;
        repair_set(repair, task, NULL);
    }
    repair->tasks.items[task].rule_day |= rule_day;
    return true;
}

static bool is_in_book(const struct repair *repair, const struct placement *at)
{
    return book_slot_of(repair->book, at->session_id) != NONE;
}

static void hit_singles(struct repair *repair, const struct clash_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct clash *clash = &list->items[i];
        if (!clash->overridden && is_single(clash) && clash->rule != RULE_SERIES) {
            (void)hit(repair, &clash->subject, clash->rule == RULE_CLOSURE);
        }
    }
}

/* A holiday came to lie on a meeting of a series: it does not meet that day, by its own rule. */
static void hit_holidays(struct repair *repair)
{
    const struct timetable *t = repair->timetable;
    for (size_t i = 0; i < t->session_count; i++) {
        const struct session *session = &t->sessions[i];
        const struct placement *at = &session->at;
        if (session->status == SESSION_CANCELLED || at->series_id == 0 || at->series_exception ||
            timetable_find_series(t, at->series_id) == NULL || !timetable_day(t, at->day).is_off) {
            continue;
        }
        (void)hit(repair, at, true);
    }
}

/* In how many pairs that are not yet dissolved does the session take part? */
static size_t degree(const struct repair *repair, const struct clash_list *list, int64_t session_id)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct clash *clash = &list->items[i];
        if (clash->overridden || clash->party != PARTY_SESSION || clash->rule == RULE_SERIES ||
            !is_in_book(repair, &clash->subject) || !is_in_book(repair, &clash->other)) {
            continue;
        }
        count += clash->subject.session_id == session_id || clash->other.session_id == session_id;
    }
    return count;
}

static bool still_clashes(struct repair *repair, const struct placement *at, enum rule_code rule)
{
    size_t hard = 0;
    repair->scratch.count = 0;
    if (rules_check(repair->book, at, book_slot_of(repair->book, at->session_id), &repair->scratch, &hard,
                    NULL) != ERR_NONE) {
        repair->failed = ERR_MEMORY;
        return false;
    }
    for (size_t i = 0; i < repair->scratch.count; i++) {
        if (repair->scratch.items[i].rule == rule && !repair->scratch.items[i].overridden) {
            return true;
        }
    }
    return false;
}

/* Of two that cannot stand together the one with more quarrels goes, then the later one. */
static void hit_pair(struct repair *repair, const struct clash_list *list, const struct clash *clash)
{
    bool subject_may = repair_movable(repair, &clash->subject, true);
    bool other_may = repair_movable(repair, &clash->other, true);
    if (subject_may && other_may) {
        bool other_first =
            degree(repair, list, clash->other.session_id) > degree(repair, list, clash->subject.session_id);
        (void)hit(repair, other_first ? &clash->other : &clash->subject, false);
    } else if (subject_may || other_may) {
        (void)hit(repair, subject_may ? &clash->subject : &clash->other, false);
    }
}

/* A cap is overdrawn: the one that the rule book blames goes, or else the latest of the group that may. */
static void hit_over_limit(struct repair *repair, const struct clash *clash)
{
    const struct placement *subject = &clash->subject;
    if (hit(repair, subject, false) || clash->instructor == NONE) {
        return;
    }
    const struct placement *last = NULL;
    for (uint32_t slot = book_instructor_first(repair->book, clash->instructor); slot != NONE;
         slot = book_instructor_next(repair->book, slot, clash->instructor)) {
        const struct placement *member = book_at(repair->book, slot);
        if (repair_movable(repair, member, true) && still_clashes(repair, member, clash->rule)) {
            last = member;
        }
    }
    if (last != NULL) {
        const struct placement copy = *last;
        (void)hit(repair, &copy, false);
    }
}

static void hit_pairs(struct repair *repair, const struct clash_list *list)
{
    for (size_t i = 0; i < list->count && repair->failed == ERR_NONE; i++) {
        const struct clash *clash = &list->items[i];
        if (clash->overridden || is_single(clash) || clash->rule == RULE_SERIES ||
            !is_in_book(repair, &clash->subject)) {
            continue;
        }
        if (clash->party == PARTY_SESSION) {
            if (is_in_book(repair, &clash->other)) {
                hit_pair(repair, list, clash);
            }
        } else if (still_clashes(repair, &clash->subject, clash->rule)) {
            hit_over_limit(repair, clash);
        }
    }
}

/* Where a session has gone, its people's sessions before and after may be too far apart. */
static void hit_stranded(struct repair *repair)
{
    for (uint32_t i = 0; i < repair->tasks.count && repair->failed == ERR_NONE; i++) {
        int64_t late_id = 0;
        const struct placement was = repair->tasks.items[i].was;
        for (int round = 0; round < LIMIT_SESSION_INSTRUCTORS && !repair_leaves(repair, &was, &late_id);
             round++) {
            const struct session *late = timetable_find_session(repair->timetable, late_id);
            if (late == NULL || !hit(repair, &late->at, false)) {
                break;
            }
        }
    }
}

enum error_code repair_collect_hits(struct repair *repair, struct error *err)
{
    struct clash_list list;
    size_t hard = 0;
    clash_list_init(&list);
    enum error_code code = rules_check_all(repair->book, &list, &hard, err);
    if (code == ERR_NONE) {
        hit_singles(repair, &list);
        hit_holidays(repair);
        hit_pairs(repair, &list);
        hit_stranded(repair);
        code = repair->failed;
        if (code != ERR_NONE) {
            (void)error_set(err, code, "repair: %s", error_sentence_en(code));
        }
    }
    clash_list_finish(&list);
    return code;
}
