/* scheduler/why_changes: the single changes that would each free a place, tallied by what would change. For
 * scheduler/why*.c and reach*.c only. */
#ifndef LITANG_SCHEDULER_WHY_CHANGES_H
#define LITANG_SCHEDULER_WHY_CHANGES_H

#include "scheduler/id_map.h"
#include "scheduler/why.h"

enum {
    CHANGE_KEPT_MAX = 16
}; /* places kept of each change, to see how many go together */

struct change_tally {
    struct why_change change;
    struct placement kept[CHANGE_KEPT_MAX];
    size_t kept_count;
};

struct changes {
    const struct book *book;
    int32_t missing;
    bool is_series;             /* all or nothing */
    struct id_map keys;         /* of a change -> index */
    struct change_tally *items; /* owned */
    size_t count, capacity;
};

void changes_init(struct changes *changes, const struct book *book, int32_t missing, bool is_series);
void changes_finish(struct changes *changes);

/* The one change that would do away with the clash; false when none would. */
bool change_of_clash(const struct timetable *timetable, const struct clash *clash,
                     struct why_change *ret_change);
/* Makes room for more, or asks less of people. */
bool change_better(const struct why_change *a, const struct why_change *b);
/* Do two clashes ask for the same change? */
bool change_same(const struct why_change *a, const struct why_change *b);
/* A place (of a series: its first meeting, `meetings` in all) that the change would free. ERR_MEMORY. */
enum error_code changes_add(struct changes *changes, const struct why_change *change,
                            const struct placement *at, int32_t meetings);
/* The best into ret; answers how many. */
size_t changes_rank(const struct changes *changes, struct why_change *ret, size_t max);

/* How many more sessions a counting rule lets in beside those of the book, in the period of the placement;
 * INT64_MAX without a limit. */
int64_t count_left(const struct book *book, enum rule_code rule, const struct placement *at);
/* Are two placements counted together by the rule? */
bool count_together(const struct timetable *timetable, enum rule_code rule, const struct placement *a,
                    const struct placement *b);

#endif
