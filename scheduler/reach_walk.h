/* scheduler/reach_walk: what the two halves of the walk share: the heap of journeys (reach_walk.c), and the
 * starts of one journey on one day (reach_spot.c). One thread. */
#ifndef LITANG_SCHEDULER_REACH_WALK_H
#define LITANG_SCHEDULER_REACH_WALK_H

#include "scheduler/reach_field.h"

enum {
    FREE_DAYS = -1
};

/* A journey: to a hall on a free day of the person's, or into a gap of a day with sessions. */
struct reach_entry {
    int32_t cost_min;
    int32_t day;                 /* FREE_DAYS: any day without sessions */
    int32_t from_min, until_min; /* starts in [from, until), minutes of the day */
    uint32_t person;
    uint32_t hall; /* of the site */
};

struct walker {
    struct reach_field *field;
    const struct reach_walk *walk;
    size_t max_rooms;
    bool wished, easy;
    bool is_spaced;               /* the hall's day in hand */
    int32_t above_min, up_to_min; /* journeys of this phase */
    size_t combo_count;
    enum reach_step step;
    enum error_code failed;
};

/* Every place of the journey on the day goes to the visitor, the earliest start first; sets walker.step and
 * walker.failed. */
void spot_walk(struct walker *walker, const struct reach_entry *entry, int32_t d);

#endif
