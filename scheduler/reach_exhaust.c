/* All choices of a domain, tried: each target takes one of its places or none. A branch that cannot be better
 * than the best so far is left: targets without any place that is still allowed count as lost. */
#include "scheduler/reach_work.h"

#include <stdlib.h>
#include <string.h>

struct exhaust {
    struct reach_work *work;
    const struct reach_domain *domain;
    struct book *book; /* the published sessions, and what is being tried */
    size_t goal;
    int32_t *left;  /* owned; [lesson] */
    size_t *chosen; /* owned; choices in hand */
    size_t chosen_count;
    size_t reached;
    struct reach_best *best;
    enum error_code failed;
};

static bool exhaust_goes_on(struct exhaust *x)
{
    return x->failed == ERR_NONE && work_goes_on(x->work);
}

static int32_t need_of(const struct exhaust *x, size_t k)
{
    return x->work->aims[x->domain->aims[k]].need;
}

static bool is_allowed(struct exhaust *x, size_t c)
{
    const struct reach_found *found = &x->domain->choices[c].found;
    x->work->spent++;
    return x->left[found->lesson] > 0 && rules_allow(x->book, &found->place.at, NONE, NULL);
}

static bool has_place(struct exhaust *x, size_t k)
{
    for (size_t c = x->domain->first[k]; c < x->domain->first[k + 1]; c++) {
        if (is_allowed(x, c)) {
            return true;
        }
    }
    return false;
}

/* Can the targets from k on still make it better? */
static bool is_promising(struct exhaust *x, size_t k)
{
    size_t most = x->reached;
    int32_t least = INT32_MAX;
    for (size_t i = k; i < x->domain->aim_count && most < x->goal; i++) {
        if (has_place(x, i)) {
            most++;
        }
    }
    for (size_t i = k; i < x->domain->aim_count; i++) {
        least = need_of(x, i) < least ? need_of(x, i) : least;
    }
    if (most != x->best->reached) {
        return most > x->best->reached;
    }
    return (int64_t)x->chosen_count + (int64_t)(most - x->reached) * (least == INT32_MAX ? 0 : least) <
           x->best->sessions;
}

static void best_keep(struct exhaust *x)
{
    struct reach_best *best = x->best;
    if (x->reached < best->reached ||
        (x->reached == best->reached && (int64_t)x->chosen_count >= best->sessions)) {
        return;
    }
    size_t *copy = malloc((x->chosen_count + 1) * sizeof *copy);
    if (copy == NULL) {
        x->failed = ERR_MEMORY;
        return;
    }
    memcpy(copy, x->chosen, x->chosen_count * sizeof *copy);
    free(best->chosen);
    best->chosen = copy;
    best->reached = x->reached;
    best->sessions = (int64_t)x->chosen_count;
}

static void try_target(struct exhaust *x, size_t k);

/* One more session of target k, of the choices from c on. */
static void try_places(struct exhaust *x, size_t k, size_t from, int32_t missing)
{
    for (size_t c = from; c < x->domain->first[k + 1] && exhaust_goes_on(x); c++) {
        const struct reach_found *found = &x->domain->choices[c].found;
        uint32_t slot = NONE;
        if (!is_allowed(x, c)) {
            continue;
        }
        x->failed = book_add(x->book, &found->place.at, &slot, NULL);
        if (x->failed != ERR_NONE) {
            return;
        }
        x->left[found->lesson] -= x->left[found->lesson] == INT32_MAX ? 0 : 1;
        x->chosen[x->chosen_count++] = c;
        if (missing > 1) {
            try_places(x, k, c + 1, missing - 1);
        } else {
            x->reached++;
            try_target(x, k + 1);
            x->reached--;
        }
        x->chosen_count--;
        x->left[found->lesson] += x->left[found->lesson] == INT32_MAX ? 0 : 1;
        book_remove(x->book, slot);
    }
}

static void try_target(struct exhaust *x, size_t k)
{
    if (k == x->domain->aim_count || x->reached == x->goal) {
        best_keep(x);
        return;
    }
    if (exhaust_goes_on(x) && is_promising(x, k)) {
        try_places(x, k, x->domain->first[k], need_of(x, k));
        try_target(x, k + 1);
    }
}

enum error_code domain_exhaust(struct reach_work *work, const struct reach_domain *domain, size_t goal,
                               struct reach_best *best, struct error *err)
{
    struct exhaust x = {.work = work, .domain = domain, .book = work->base_book, .goal = goal, .best = best};
    size_t seats = 0;
    for (size_t k = 0; k < domain->aim_count; k++) {
        seats += (size_t)need_of(&x, k);
    }
    x.left = malloc((work->base.lesson_count + 1) * sizeof *x.left);
    x.chosen = malloc((seats + 1) * sizeof *x.chosen);
    if (x.left == NULL || x.chosen == NULL) {
        x.failed = ERR_MEMORY;
    }
    for (size_t l = 0; x.left != NULL && l < work->base.lesson_count; l++) {
        x.left[l] = work->base.lessons[l].left;
    }
    if (x.failed == ERR_NONE) {
        try_target(&x, 0);
    }
    best->whole = x.failed == ERR_NONE && !work->is_cut;
    free(x.left);
    free(x.chosen);
    return x.failed == ERR_NONE ? ERR_NONE
                                : error_set(err, x.failed, "reach: %s", error_sentence_en(x.failed));
}
