/* One place of a request, judged: see why_place.h. */
#include "scheduler/why_place.h"

#include "base/vec.h"
#include "scheduler/closure.h"
#include "scheduler/placement.h"

/* What stands against a place: reasons as bits, and the change that would do away with all of it. */
struct verdict {
    uint32_t reasons; /* 1 << rule, WHY_HOLIDAY, WHY_WINDOW */
    bool has_change, is_fixable;
    struct why_change change;
    int32_t meetings;
};

static void verdict_clash(const struct look *look, const struct clash *clash, struct verdict *verdict)
{
    struct why_change change;
    verdict->reasons |= UINT32_C(1) << clash->rule;
    if (!change_of_clash(look->timetable, clash, &change) ||
        (verdict->has_change && !change_same(&verdict->change, &change))) {
        verdict->is_fixable = false;
        return;
    }
    verdict->has_change = true;
    verdict->change = change;
}

static enum error_code blocker_count(struct look *look, const struct placement *other, struct placement *last)
{
    if (other->session_id == 0 || other->session_id == last->session_id) {
        return ERR_NONE; /* one session may break several rules with one place */
    }
    last->session_id = other->session_id;
    uint32_t index = id_map_get(&look->blocker_ids, other->session_id);
    enum error_code code = ERR_NONE;
    if (index == ID_MAP_NONE) {
        struct why_blocker fresh = {.at = *other};
        index = (uint32_t)look->blockers.count;
        VEC_PUSH(code, &look->blockers, fresh, LIMIT_ROWS);
        code = code == ERR_NONE ? id_map_put(&look->blocker_ids, other->session_id, index) : code;
    }
    if (code == ERR_NONE) {
        look->blockers.items[index].candidates++;
    }
    return code;
}

/* Sessions of the series itself that fall into one month or year are not in the book yet. */
static void meeting_count(const struct look *look, const struct placement *meetings, int32_t count,
                          struct verdict *verdict)
{
    static const enum rule_code LONG[] = {RULE_CAP_MONTH, RULE_CAP_YEAR, RULE_SUPPLY, RULE_HALL_QUOTA};
    const struct placement *at = &meetings[count];
    for (size_t i = 0; i < sizeof LONG / sizeof *LONG; i++) {
        int64_t left = count_left(look->book, LONG[i], at);
        int64_t own = 0;
        for (int32_t k = 0; left != INT64_MAX && k < count; k++) {
            own += count_together(look->timetable, LONG[i], at, &meetings[k]) ? 1 : 0;
        }
        if (own > 0 && left - own < 1) {
            verdict->reasons |= UINT32_C(1) << LONG[i];
            verdict->is_fixable = false;
        }
    }
}

static enum error_code meeting_judge(struct look *look, const struct placement *meetings, int32_t count,
                                     struct verdict *verdict, struct error *err)
{
    size_t hard = 0;
    struct placement last = {.session_id = 0};
    look->clashes.count = 0;
    enum error_code code = rules_check(look->book, &meetings[count], NONE, &look->clashes, &hard, err);
    for (size_t i = 0; code == ERR_NONE && i < look->clashes.count; i++) {
        const struct clash *clash = &look->clashes.items[i];
        if (clash->overridden) {
            continue;
        }
        verdict_clash(look, clash, verdict);
        if (clash->party == PARTY_SESSION) {
            code = blocker_count(look, &clash->other, &last);
        }
    }
    if (code == ERR_NONE && look->meetings > 1) {
        meeting_count(look, meetings, count, verdict);
    }
    return code;
}

/* A session may stand between two others: without it, those two count. */
static bool is_free_without(const struct look *look, const struct placement *meetings, int32_t count,
                            int64_t session_id)
{
    uint32_t slot = book_slot_of(look->book, session_id);
    for (int32_t k = 0; k < count; k++) {
        if (!rules_allow(look->book, &meetings[k], slot, NULL)) {
            return false;
        }
    }
    return true;
}

static bool meets_closure(const struct look *look, const struct placement *at)
{
    return closure_hit(look->timetable, at->room, placement_taken_from(at), placement_taken_to(at),
                       CLOSURE_HARD) != NONE;
}

/* How a series is laid out: no meeting after `to_day`; closures heeded, as the planner does, or not. */
struct layout {
    int32_t to_day;
    bool heeds_closures;
};

/* The meetings of a series from its first one on; false: a reason is noted. */
static bool series_lay(const struct look *look, const struct placement *first, const struct layout *layout,
                       struct placement *ret_meetings, struct verdict *verdict)
{
    enum holiday_rule rule = look->request->holiday_rule;
    struct placement at = *first;
    int32_t count = 0;
    for (int32_t steps = 0; steps < look->meetings; at.day += 7) {
        if (at.day > layout->to_day || !look_in_season(look, at.day)) {
            verdict->reasons |= UINT32_C(1) << WHY_WINDOW;
            return false;
        }
        bool is_blocked = timetable_day(look->timetable, at.day).is_off ||
                          (layout->heeds_closures && meets_closure(look, &at));
        if (!is_blocked) {
            ret_meetings[count++] = at;
        } else if (rule == HOLIDAY_FORBID || count == 0) {
            verdict->reasons |= UINT32_C(1) << WHY_HOLIDAY;
            return false;
        }
        steps += is_blocked && rule == HOLIDAY_SHIFT ? 0 : 1;
    }
    verdict->meetings = count;
    if (2 * count < look->meetings) {
        verdict->reasons |= UINT32_C(1) << WHY_HOLIDAY;
    }
    return verdict->reasons == 0;
}

/* As far as its meetings count together. */
static bool series_counts_fit(const struct look *look, const struct placement *meetings, int32_t count)
{
    struct verdict verdict = {.is_fixable = true};
    for (int32_t k = 0; k < count; k++) {
        meeting_count(look, meetings, k, &verdict);
    }
    return verdict.reasons == 0;
}

bool series_allowed(const struct look *look, const struct placement *first, int32_t to_day,
                    int32_t *ret_meetings)
{
    struct placement meetings[LIMIT_SERIES_MEETINGS];
    struct verdict verdict = {.meetings = 0};
    const struct layout layout = {to_day, true};
    bool allowed = series_lay(look, first, &layout, meetings, &verdict);
    for (int32_t k = 0; allowed && k < verdict.meetings; k++) {
        allowed = rules_allow(look->book, &meetings[k], NONE, NULL);
    }
    *ret_meetings = verdict.meetings;
    return allowed && series_counts_fit(look, meetings, verdict.meetings);
}

/* The series does not end within the window: would it in one a week longer? */
static bool window_judge(const struct look *look, const struct placement *first, struct verdict *verdict)
{
    int32_t meetings = 0;
    if (!look->may_lengthen || verdict->reasons != UINT32_C(1) << WHY_WINDOW ||
        !series_allowed(look, first, look->why->to_day + WINDOW_STEP, &meetings)) {
        return false;
    }
    verdict->change = window_change(WINDOW_STEP);
    verdict->meetings = meetings;
    return true;
}

/* Closures are in the series' way: would it be allowed if one were lifted? */
static enum error_code closure_judge(struct look *look, const struct placement *first,
                                     struct verdict *verdict, bool *ret_fixable, struct error *err)
{
    struct placement meetings[LIMIT_SERIES_MEETINGS];
    struct verdict lifted = {.is_fixable = true};
    const struct layout layout = {look->why->to_day, false};
    enum error_code code = ERR_NONE;
    *ret_fixable = series_lay(look, first, &layout, meetings, &lifted);
    for (int32_t k = 0; code == ERR_NONE && *ret_fixable && k < lifted.meetings; k++) {
        size_t hard = 0;
        look->clashes.count = 0;
        code = rules_check(look->book, &meetings[k], NONE, &look->clashes, &hard, err);
        for (size_t i = 0; code == ERR_NONE && i < look->clashes.count; i++) {
            if (!look->clashes.items[i].overridden) {
                verdict_clash(look, &look->clashes.items[i], &lifted);
            }
        }
        meeting_count(look, meetings, k, &lifted);
        *ret_fixable = lifted.is_fixable && (!lifted.has_change || lifted.change.kind == CHANGE_CLOSURE);
    }
    *ret_fixable = *ret_fixable && lifted.has_change;
    if (*ret_fixable) {
        verdict->change = lifted.change;
        verdict->meetings = lifted.meetings;
    }
    return code;
}

/* A series that cannot be laid out: which single change would help? */
static enum error_code layout_judge(struct look *look, const struct placement *first, struct verdict *verdict,
                                    struct error *err)
{
    bool is_fixable = window_judge(look, first, verdict);
    enum error_code code = ERR_NONE;
    if (!is_fixable) {
        code = closure_judge(look, first, verdict, &is_fixable, err);
    }
    verdict->is_fixable = verdict->has_change = is_fixable;
    return code;
}

static enum error_code place_judge(struct look *look, const struct placement *at, struct verdict *verdict,
                                   struct error *err)
{
    struct placement meetings[LIMIT_SERIES_MEETINGS];
    meetings[0] = *at;
    *verdict = (struct verdict){.meetings = 1, .is_fixable = true};
    const struct layout layout = {look->why->to_day, true};
    if (look->meetings > 1 && !series_lay(look, at, &layout, meetings, verdict)) {
        return layout_judge(look, at, verdict, err);
    }
    enum error_code code = ERR_NONE;
    for (int32_t k = 0; code == ERR_NONE && k < verdict->meetings; k++) {
        code = meeting_judge(look, meetings, k, verdict, err);
    }
    if (code == ERR_NONE && verdict->is_fixable && verdict->has_change &&
        verdict->change.kind == CHANGE_SESSION) {
        verdict->is_fixable = is_free_without(look, meetings, verdict->meetings, verdict->change.session_id);
    }
    return code;
}

static const uint32_t STATIC_REASONS =
    1U << RULE_QUALIFICATION | 1U << RULE_ABSENCE | 1U << RULE_AVAILABILITY | 1U << RULE_CLOSURE |
    1U << RULE_OPENING | 1U << RULE_FACILITIES | 1U << RULE_CAPACITY | 1U << WHY_HOLIDAY | 1U << WHY_WINDOW;

_Static_assert(WHY_REASONS <= 32, "reasons are bits of one 32-bit word");

enum error_code place_count(struct look *look, const struct placement *at, bool *ret_crowded,
                            struct error *err)
{
    struct why_request *why = look->why;
    struct verdict verdict;
    enum error_code code = place_judge(look, at, &verdict, err);
    if (code != ERR_NONE) {
        return code;
    }
    why->looked_at++;
    if (verdict.reasons == 0) {
        why->possible++;
        return ERR_NONE;
    }
    *ret_crowded |= (verdict.reasons & STATIC_REASONS) == 0;
    why->first[__builtin_ctz(verdict.reasons)]++;
    if ((verdict.reasons & (verdict.reasons - 1)) == 0) {
        why->only[__builtin_ctz(verdict.reasons)]++;
    }
    for (uint32_t left = verdict.reasons; left != 0; left &= left - 1) {
        why->any[__builtin_ctz(left)]++;
    }
    if (!verdict.is_fixable || !verdict.has_change) {
        return ERR_NONE;
    }
    if (verdict.change.kind == CHANGE_SESSION) {
        uint32_t index = id_map_get(&look->blocker_ids, verdict.change.session_id);
        look->blockers.items[index].only += index != ID_MAP_NONE ? 1 : 0;
    }
    return changes_add(&look->changes, &verdict.change, at, verdict.meetings);
}
