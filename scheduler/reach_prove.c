/* Is what was found the most there is? Bounds say at most how many; what is small enough is tried to its end,
 * and what that finds better is taken over. */
#include "scheduler/reach_work.h"

#include <stdlib.h>

static int need_compare(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a;
    int32_t y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The possible targets' needs, ascending; owned by the caller. */
static int32_t *needs_sorted(const struct reach_work *work, size_t *ret_count)
{
    int32_t *needs = malloc((work->aim_count + 1) * sizeof *needs);
    *ret_count = 0;
    for (size_t i = 0; needs != NULL && i < work->aim_count; i++) {
        if (!work->aims[i].impossible) {
            needs[(*ret_count)++] = work->aims[i].need;
        }
    }
    if (needs != NULL) {
        qsort(needs, *ret_count, sizeof *needs, need_compare);
    }
    return needs;
}

/* The fewest sessions that so many of the possible targets could do with; and with so many sessions as all
 * people together may give, how many targets at most. */
static enum error_code sessions_least(struct reach_work *work, int64_t capacity)
{
    size_t count = 0;
    size_t served = 0;
    int32_t *needs = needs_sorted(work, &count);
    if (needs == NULL) {
        return ERR_MEMORY;
    }
    work->sessions_least = 0;
    while (served < count && served < work->reached_most &&
           work->sessions_least + needs[served] <= capacity) {
        work->sessions_least += needs[served++];
    }
    work->reached_most = served < work->reached_most ? served : work->reached_most;
    free(needs);
    return ERR_NONE;
}

static int64_t sessions_placed(const struct reach_work *work)
{
    int64_t sessions = 0;
    for (size_t i = 0; i < work->aim_count; i++) {
        sessions += work->aims[i].seat_count;
    }
    return sessions;
}

/* Those of the domain give way to the better choice. */
static enum error_code best_apply(struct reach_work *work, const struct reach_domain *domain,
                                  const struct reach_best *best, struct error *err)
{
    enum error_code code = ERR_NONE;
    for (uint32_t i = 0; i < work->aim_count && code == ERR_NONE; i++) {
        while (code == ERR_NONE && work->aims[i].seat_count > 0) {
            code = seat_drop(work, i, err);
        }
    }
    for (int64_t s = 0; s < best->sessions && code == ERR_NONE; s++) {
        const struct reach_choice *choice = &domain->choices[best->chosen[s]];
        code = seat_add(work, domain->aims[choice->aim], &choice->found, err);
    }
    return code;
}

static enum error_code domain_settle(struct reach_work *work, struct reach_domain *domain, bool is_all,
                                     size_t possible, struct error *err)
{
    size_t bound = 0;
    enum error_code code = domain_bound(work, domain, &bound, err);
    if (code != ERR_NONE) {
        return code;
    }
    size_t most = possible - domain->aim_count + bound;
    work->reached_most = most < work->reached_most ? most : work->reached_most;
    code = sessions_least(work, INT64_MAX);
    if (code != ERR_NONE || !is_all ||
        (work->reached >= work->reached_most && sessions_placed(work) == work->sessions_least)) {
        return code;
    }
    struct reach_best best = {.reached = work->reached, .sessions = sessions_placed(work)};
    code = domain_thin(work, domain);
    code = code == ERR_NONE ? domain_exhaust(work, domain, work->reached_most, &best, err) : code;
    if (code == ERR_NONE && best.chosen != NULL) {
        code = best_apply(work, domain, &best, err);
    }
    if (code == ERR_NONE && best.whole) {
        work->reached_most = work->reached;
        work->sessions_least = sessions_placed(work);
    }
    free(best.chosen);
    return code;
}

/* The targets that a proof is about: all possible ones when they are few, else those that failed chains went
 * through. */
static size_t aims_pick(const struct reach_work *work, bool core_only, uint32_t *ret_aims)
{
    size_t count = 0;
    for (uint32_t i = 0; i < work->aim_count; i++) {
        if (!work->aims[i].impossible && (!core_only || work->aims[i].in_core)) {
            ret_aims[count++] = i;
        }
    }
    return count;
}

enum {
    AIMS_ALL_MAX = 40,  /* all places of so many targets are listed at first */
    AIMS_CORE_MAX = 400 /* of so many that stand in each other's way */
};

static enum error_code aims_settle(struct reach_work *work, const uint32_t *aims, size_t count, bool is_all,
                                   size_t possible, struct error *err)
{
    struct reach_domain domain;
    enum error_code code = domain_collect(work, aims, count, &domain, err);
    if (code == ERR_NONE && domain.whole) {
        code = domain_settle(work, &domain, is_all, possible, err);
    }
    domain_finish(&domain);
    return code;
}

enum error_code work_prove(struct reach_work *work, struct error *err)
{
    uint32_t *aims = malloc((work->aim_count + 1) * sizeof *aims);
    if (aims == NULL) {
        return error_set(err, ERR_MEMORY, "reach: %s", error_sentence_en(ERR_MEMORY));
    }
    size_t possible = aims_pick(work, false, aims);
    work->reached_most = work->goal < possible ? work->goal : possible;
    enum error_code code = work_base(work, err);
    code = code == ERR_NONE ? sessions_least(work, people_capacity(work)) : code;
    bool is_open = work->reached < work->reached_most || sessions_placed(work) > work->sessions_least;
    if (code == ERR_NONE && is_open && possible <= AIMS_ALL_MAX) {
        code = aims_settle(work, aims, possible, true, possible, err);
    } else if (code == ERR_NONE && work->reached < work->reached_most) {
        size_t count = aims_pick(work, true, aims);
        code =
            count > 0 && count <= AIMS_CORE_MAX ? aims_settle(work, aims, count, false, possible, err) : code;
    }
    work->proven = work->reached >= work->reached_most;
    free(aims);
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "reach: %s", error_sentence_en(code));
}
