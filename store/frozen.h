/* store/frozen: periods that were reported, their figures as they were reported, and the corrections since.
 * Writing them is a change set like any other (reports/freeze.h makes one). */
#ifndef LITANG_STORE_FROZEN_H
#define LITANG_STORE_FROZEN_H

#include "base/arena.h"
#include "store/change.h"

/* The area of city-wide figures. */
#define FROZEN_CITY "*"

struct frozen_period {
    const char *id, *area_id, *reason, *actor; /* texts belong to the list, here and below */
    int32_t from_day, to_day, minimum;
    int64_t revision, at; /* what was known; UTC seconds */
};
struct frozen_periods {
    struct arena arena;
    struct frozen_period *items; /* owned; by first day, then id */
    size_t count;
};
/* What had been reported when `revision` was the newest (FROZEN_ALL: all that there is): a period or
 * correction that was computed from revision r was committed as r + 1 or later. To be finished by the caller,
 * also after a failure; like the other two. */
#define FROZEN_ALL INT64_MAX
enum error_code frozen_periods_load(struct store *store, int64_t revision, struct frozen_periods *ret_periods,
                                    struct error *err);
void frozen_periods_finish(struct frozen_periods *periods);
const struct frozen_period *frozen_periods_find(const struct frozen_periods *periods, const char *id);

struct frozen_figure {
    const char *area_id, *name;
    int64_t value;
    int64_t corrected; /* value and every correction */
    int64_t by_hand;   /* of the corrections: those that were typed */
};
struct frozen_figures {
    struct arena arena;
    struct frozen_figure *items; /* owned; by area, then name */
    size_t count;
};
enum error_code frozen_figures_load(struct store *store, const char *period_id, int64_t revision,
                                    struct frozen_figures *ret_figures, struct error *err);
void frozen_figures_finish(struct frozen_figures *figures);
/* NULL when there is none. */
const struct frozen_figure *frozen_figures_find(const struct frozen_figures *figures, const char *area_id,
                                                const char *name);

struct correction {
    const char *area_id, *name, *reason, *actor;
    int64_t revision, difference, at;
    bool by_hand; /* typed, not computed */
};
struct corrections {
    struct arena arena;
    struct correction *items; /* owned; oldest first */
    size_t count;
};
enum error_code corrections_load(struct store *store, const char *period_id, int64_t revision,
                                 struct corrections *ret_corrections, struct error *err);
void corrections_finish(struct corrections *corrections);

#endif
