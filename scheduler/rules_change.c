/* The rules about changing what is published: a pinned or already held session keeps its time, place,
 * course and people. */
#include "scheduler/rules_private.h"

/* What a visitor would notice. The pin, attendance, expected heads, the request and overrides are not. */
static bool is_moved(const struct placement *before, const struct placement *after)
{
    if (after == NULL || before->course != after->course || before->room != after->room ||
        before->day != after->day || before->start_min != after->start_min ||
        before->minutes != after->minutes || before->setup_min != after->setup_min ||
        before->clear_min != after->clear_min || before->instructor_count != after->instructor_count) {
        return true;
    }
    /* The order matters: the first one leads. */
    for (uint8_t i = 0; i < before->instructor_count && i < LIMIT_SESSION_INSTRUCTORS; i++) {
        if (before->instructors[i] != after->instructors[i]) {
            return true;
        }
    }
    return false;
}

static bool is_pinned(const struct placement *placement)
{
    return placement->pinned;
}

/* A session that was entered as not held (HELD_NO) may still be given on another day. */
static bool is_held(const struct placement *placement)
{
    return held_took_place(placement->held);
}

static const struct change_entry {
    enum rule_code rule;
    bool (*forbids)(const struct placement *before);
} CHANGE_BOOK[] = {
    {RULE_PINNED, is_pinned},
    {RULE_HELD, is_held},
};

enum error_code rules_check_change(const struct placement *before, const struct placement *after,
                                   struct clash_list *list, size_t *ret_hard, struct error *err)
{
    struct rule_sink sink = {.list = list, .stopped_by = RULE_COUNT, .failed = ERR_NONE};
    for (size_t i = 0; i < sizeof CHANGE_BOOK / sizeof *CHANGE_BOOK; i++) {
        if (!is_moved(before, after) || !CHANGE_BOOK[i].forbids(before)) {
            continue;
        }
        struct finding finding = finding_of(CHANGE_BOOK[i].rule, after == NULL ? PARTY_NONE : PARTY_SESSION);
        finding.other = after;
        if (!rule_report(&sink, before, &finding)) {
            return error_set(err, sink.failed, "list of %zu clashes", list->count);
        }
    }
    *ret_hard = sink.hard;
    return ERR_NONE;
}
