/* reports/freeze: the figures of a period that stay as they were reported, and what they turned out to be. A
 * frozen period holds, for the whole (the city or one area) and for every county and township in it, all sums
 * of session_sum and numerator, denominator, exempt and closed of every coverage definition. Any thread. */
#ifndef LITANG_REPORTS_FREEZE_H
#define LITANG_REPORTS_FREEZE_H

#include "reports/coverage.h"
#include "store/frozen.h"

struct freeze_figure {
    const char *area_id; /* FROZEN_CITY or an area's id */
    const char *name;    /* "heads", "halls-held/1 numerator" */
    int64_t value;
};

struct freeze_figures {
    struct arena arena;
    struct freeze_figure *items; /* owned */
    size_t count, capacity;
};

/* What the period's figures are in this snapshot. `area` NONE: the city. To be finished in every case. */
enum error_code freeze_compute(const struct timetable *timetable, int32_t from_day, int32_t to_day,
                               int32_t minimum, uint32_t area, struct freeze_figures *ret_figures,
                               struct error *err);
void freeze_figures_finish(struct freeze_figures *figures);

/* Adds the rows of a new frozen period to the set. */
struct freeze_order {
    const char *id, *reason, *actor;
    int32_t from_day, to_day, minimum;
    uint32_t area;
    int64_t at;    /* UTC seconds */
    int32_t today; /* of the city's zone */
};
/* ERR_INPUT: the period's last day has not passed, so that nobody could have reported it. */
enum error_code freeze_put(struct change_set *set, const struct timetable *timetable,
                           const struct freeze_order *order, struct error *err);
/* Adds a correction for each figure that differs from what was frozen and corrected so far; how many.
 * ERR_NOT_FOUND: the period's area is gone. */
enum error_code freeze_correct(struct change_set *set, const struct timetable *timetable,
                               const struct frozen_period *period, const struct frozen_figures *frozen,
                               const char *reason, const char *actor, int64_t at, size_t *ret_count,
                               struct error *err);
/* A correction that somebody types, since the period's records do not hold it: of one figure of the whole or
 * (area) of a county or township. Computed corrections leave it standing. ERR_NOT_FOUND: never reported;
 * ERR_INPUT: of 0. */
struct freeze_entry {
    const char *name, *reason, *actor;
    int64_t difference, at;
    uint32_t area; /* NONE: the whole */
};
enum error_code freeze_correct_one(struct change_set *set, const struct timetable *timetable,
                                   const struct frozen_period *period, const struct frozen_figures *frozen,
                                   const struct freeze_entry *entry, struct error *err);

/* "人次", "halls-held/1 已覆盖" for a figure's name; the name itself when unknown. */
void freeze_title(const char *name, bool chinese, struct text *out);

#endif
