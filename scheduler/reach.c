#include "scheduler/reach.h"

#include "base/date.h"
#include "scheduler/placement.h"
#include "scheduler/reach_why.h"
#include "scheduler/reach_work.h"

#include <stdlib.h>
#include <string.h>

enum {
    WORK_DEFAULT = 2000000, /* placements asked about in a phase: some two seconds */
    LOOKS_DEFAULT = 400000,
    EXPLAINED_MAX = 200 /* targets whose reasons are looked for; the others say only that they are left out */
};

struct reach_query reach_query_default(int32_t from_day, int32_t to_day)
{
    return (struct reach_query){.from_day = from_day,
                                .to_day = to_day,
                                .latest_day = to_day,
                                .goal = SIZE_MAX,
                                .looks = LOOKS_DEFAULT,
                                .work = WORK_DEFAULT,
                                .weights = weights_default()};
}

void reach_destroy(struct reach *reach)
{
    if (reach == NULL) {
        return;
    }
    timetable_unref(reach->timetable);
    free(reach->proposals);
    free(reach->verdicts);
    free(reach);
}

/* ---- checks ---- */

static enum error_code query_check(const struct timetable *t, const struct reach_query *query,
                                   struct error *err)
{
    if (query->from_day < DATE_MIN || query->to_day > DATE_MAX || query->to_day < query->from_day ||
        query->to_day - query->from_day >= LIMIT_PLAN_DAYS) {
        return error_set(err, ERR_INPUT, "日期范围须为 1 到 %d 天 (1 to %d days)", LIMIT_PLAN_DAYS,
                         LIMIT_PLAN_DAYS);
    }
    for (size_t i = 0; i < query->target_count; i++) {
        const struct reach_target *target = &query->targets[i];
        bool fine = (target->hall == NONE) != (target->area == NONE) &&
                    (target->hall == NONE || target->hall < t->hall_count) &&
                    (target->area == NONE || target->area < t->area_count);
        if (!fine) {
            return error_set(err, ERR_INPUT, "reach: a target is one hall or one area");
        }
        if (target->need < 1 || target->need > LIMIT_REACH_NEED) {
            return error_set(err, ERR_INPUT,
                             "每个礼堂或区域最多补排 %d 场 (a hall or area can be given 1 to %d sessions)",
                             LIMIT_REACH_NEED, LIMIT_REACH_NEED);
        }
    }
    return ERR_NONE;
}

/* ---- ranking: gain per minute of travel ---- */

struct ranking {
    const struct reach_work *work;
    struct book *book; /* published, and what is ranked already */
    bool *done;        /* owned; [aim] */
    int64_t *minutes;  /* owned; [aim] what all its sessions add, each by itself */
};

static int64_t seat_minutes(const struct ranking *ranking, const struct reach_seat *seat)
{
    struct pricing pricing = ranking->work->field.lessons[seat->found.lesson].pricing;
    const struct placement *at = &seat->found.place.at;
    pricing.book = ranking->book;
    return pricing_travel_min(&pricing, at->instructors[0], ranking->work->timetable->rooms[at->room].hall,
                              at->day, at->start_min, NULL);
}

static void aim_measure(struct ranking *ranking, size_t i)
{
    const struct reach_aim *aim = &ranking->work->aims[i];
    ranking->minutes[i] = 0;
    for (int32_t s = 0; s < aim->seat_count; s++) {
        ranking->minutes[i] += seat_minutes(ranking, &aim->seats[s]);
    }
}

static bool shares_day(const struct reach_aim *a, const struct reach_aim *b)
{
    for (int32_t i = 0; i < a->seat_count; i++) {
        const struct placement *x = &a->seats[i].found.place.at;
        for (int32_t k = 0; k < b->seat_count; k++) {
            const struct placement *y = &b->seats[k].found.place.at;
            if (x->day == y->day && x->instructors[0] == y->instructors[0]) {
                return true;
            }
        }
    }
    return false;
}

/* Each target gains one: the fewest minutes first. */
static size_t ranking_next(const struct ranking *ranking)
{
    const struct reach_work *work = ranking->work;
    size_t best = work->aim_count;
    for (size_t i = 0; i < work->aim_count; i++) {
        if (aim_is_placed(&work->aims[i]) && !ranking->done[i] &&
            (best == work->aim_count || ranking->minutes[i] < ranking->minutes[best])) {
            best = i;
        }
    }
    return best;
}

static enum error_code proposals_add(struct ranking *ranking, size_t i, struct reach *reach,
                                     struct error *err)
{
    const struct reach_aim *aim = &ranking->work->aims[i];
    enum error_code code = ERR_NONE;
    ranking->done[i] = true;
    for (int32_t s = 0; s < aim->seat_count && code == ERR_NONE; s++) {
        uint32_t slot = NONE;
        struct reach_proposal *proposal = &reach->proposals[reach->proposal_count++];
        *proposal = (struct reach_proposal){aim->seats[s].found.place, (uint32_t)i};
        proposal->place.travel_min = (int32_t)seat_minutes(ranking, &aim->seats[s]);
        reach->travel_min += proposal->place.travel_min;
        code = book_add(ranking->book, &proposal->place.at, &slot, err);
    }
    for (size_t k = 0; k < ranking->work->aim_count; k++) {
        if (!ranking->done[k] && aim_is_placed(&ranking->work->aims[k]) &&
            shares_day(aim, &ranking->work->aims[k])) {
            aim_measure(ranking, k);
        }
    }
    return code;
}

/* The rule book has the last word, over a book that the search has not touched. */
static enum error_code proposals_check(const struct ranking *ranking, struct error *err)
{
    for (uint32_t slot = 0; slot < book_slot_end(ranking->book); slot++) {
        const struct placement *at = book_at(ranking->book, slot);
        enum rule_code rule = RULE_COUNT;
        if (at != NULL && at->session_id == 0 && !rules_allow(ranking->book, at, slot, &rule)) {
            return error_set(err, ERR_INTERNAL, "reach: a proposal breaks rule %s", rule_name(rule));
        }
    }
    return ERR_NONE;
}

static enum error_code proposals_rank(const struct reach_work *work, struct reach *reach, struct error *err)
{
    struct ranking ranking = {.work = work};
    size_t seats = 0;
    size_t next = 0;
    for (size_t i = 0; i < work->aim_count; i++) {
        seats += (size_t)work->aims[i].seat_count;
    }
    ranking.done = calloc(work->aim_count + 1, sizeof *ranking.done);
    ranking.minutes = calloc(work->aim_count + 1, sizeof *ranking.minutes);
    reach->proposals = malloc((seats + 1) * sizeof *reach->proposals);
    enum error_code code = ranking.done == NULL || ranking.minutes == NULL || reach->proposals == NULL
                               ? error_set(err, ERR_MEMORY, "reach: %s", error_sentence_en(ERR_MEMORY))
                               : book_create(work->timetable, false, &ranking.book, err);
    for (size_t i = 0; i < work->aim_count && code == ERR_NONE; i++) {
        aim_measure(&ranking, i);
    }
    while (code == ERR_NONE && (next = ranking_next(&ranking)) < work->aim_count) {
        code = proposals_add(&ranking, next, reach, err);
    }
    code = code == ERR_NONE ? proposals_check(&ranking, err) : code;
    book_destroy(ranking.book);
    free(ranking.done);
    free(ranking.minutes);
    return code;
}

/* ---- the answer ---- */

static enum reach_state state_of(const struct reach_work *work, const struct reach_aim *aim)
{
    if (aim_is_placed(aim)) {
        return REACH_PLACED;
    }
    if (aim->impossible) {
        return REACH_IMPOSSIBLE;
    }
    return work->reached >= work->goal ? REACH_SPARE : REACH_CROWDED;
}

static enum error_code verdicts_fill(struct reach_work *work, struct reach *reach, struct error *err)
{
    size_t left_out = 0;
    reach->verdicts = calloc(work->aim_count + 1, sizeof *reach->verdicts);
    if (reach->verdicts == NULL) {
        return error_set(err, ERR_MEMORY, "reach: %s", error_sentence_en(ERR_MEMORY));
    }
    reach->target_count = work->aim_count;
    for (size_t i = 0; i < work->aim_count; i++) {
        reach->verdicts[i].state = state_of(work, &work->aims[i]);
        reach->verdicts[i].possible = work->aims[i].possible;
        reach->verdicts[i].reasons.always = reach->verdicts[i].impersonal.always = RULE_COUNT;
        left_out += reach->verdicts[i].state >= REACH_IMPOSSIBLE ? 1 : 0;
    }
    enum error_code code = ERR_NONE;
    size_t explained = 0;
    work_phase(work);
    for (uint32_t i = 0; i < work->aim_count && work->query->looks > 0 && code == ERR_NONE; i++) {
        /* A crowded one is possible without the proposals: it is asked on top of them. */
        bool is_alone = reach->verdicts[i].state == REACH_IMPOSSIBLE;
        if (reach->verdicts[i].state >= REACH_IMPOSSIBLE && explained++ < EXPLAINED_MAX &&
            work_goes_on(work)) {
            code = verdict_explain(is_alone ? work->base_book : work->book, work->query, i,
                                   (uint32_t)(work->query->looks / left_out), &reach->verdicts[i], err);
        }
    }
    return code;
}

static enum error_code work_run(struct reach_work *work, struct error *err)
{
    typedef enum error_code phase(struct reach_work *, struct error *);
    static phase *const PHASES[] = {work_construct, work_alone, work_eject,
                                    work_trade,     work_prove, work_improve};
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < sizeof PHASES / sizeof *PHASES && code == ERR_NONE; i++) {
        work_phase(work);
        code = PHASES[i](work, err);
    }
    return code;
}

static enum error_code answer_fill(struct reach_work *work, struct reach *reach, struct error *err)
{
    reach->reached = work->reached;
    reach->reached_most = work->reached_most;
    reach->sessions_least = work->sessions_least;
    reach->cancelled = work->is_cancelled;
    reach->proven = work->proven && !work->is_cancelled;
    enum error_code code = proposals_rank(work, reach, err);
    return code == ERR_NONE ? verdicts_fill(work, reach, err) : code;
}

enum error_code reach_run(struct timetable *timetable, const struct reach_query *query,
                          const struct planner_world *world, struct reach **ret_reach, struct error *err)
{
    enum error_code code = query_check(timetable, query, err);
    if (code != ERR_NONE) {
        return code;
    }
    struct reach_work work;
    uint64_t start_ns = world->clock.mono_ns(world->clock.context);
    struct reach *reach = calloc(1, sizeof *reach);
    if (reach == NULL) {
        return error_set(err, ERR_MEMORY, "reach: %s", error_sentence_en(ERR_MEMORY));
    }
    reach->timetable = timetable_ref(timetable);
    reach->from_day = query->from_day;
    reach->to_day = query->to_day;
    code = work_open(&work, timetable, query, world->cancel, err);
    code = code == ERR_NONE ? work_run(&work, err) : code;
    code = code == ERR_NONE ? answer_fill(&work, reach, err) : code;
    work_close(&work);
    if (code != ERR_NONE) {
        reach_destroy(reach);
        return code;
    }
    reach->elapsed_ms = (world->clock.mono_ns(world->clock.context) - start_ns) / 1000000;
    *ret_reach = reach;
    return ERR_NONE;
}

/* ---- as a draft ---- */

enum error_code reach_plan(const struct reach *reach, const struct weights *weights, struct plan **ret_plan,
                           struct error *err)
{
    struct book *book = NULL;
    struct plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL) {
        return error_set(err, ERR_MEMORY, "reach: %s", error_sentence_en(ERR_MEMORY));
    }
    plan->timetable = timetable_ref(reach->timetable);
    plan->base_revision = reach->timetable->revision;
    plan->from_day = reach->from_day;
    plan->to_day = reach->to_day;
    plan->threads = 1;
    plan->elapsed_ms = reach->elapsed_ms;
    plan->items = calloc(reach->proposal_count + 1, sizeof *plan->items);
    enum error_code code = plan->items == NULL
                               ? error_set(err, ERR_MEMORY, "reach: %s", error_sentence_en(ERR_MEMORY))
                               : book_create(reach->timetable, false, &book, err);
    for (size_t i = 0; i < reach->proposal_count && code == ERR_NONE; i++) {
        uint32_t slot = NONE;
        plan->items[plan->item_count++] = (struct plan_item){PLAN_CREATE, reach->proposals[i].place.at};
        code = book_add(book, &reach->proposals[i].place.at, &slot, err);
    }
    if (code == ERR_NONE) {
        score_requests(book, plan->from_day, plan->to_day, &plan->wanted, &plan->placed,
                       &plan->priority_wanted, &plan->priority_placed);
        code = score_timetable(book, weights, plan->from_day, plan->to_day, &plan->cost, err);
    }
    book_destroy(book);
    if (code != ERR_NONE) {
        plan_destroy(plan);
        return code;
    }
    *ret_plan = plan;
    return ERR_NONE;
}
