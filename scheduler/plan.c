#include "scheduler/plan.h"

#include <stdlib.h>

void plan_destroy(struct plan *plan)
{
    if (plan == NULL) {
        return;
    }
    timetable_unref(plan->timetable);
    free(plan->items);
    free(plan->series);
    free(plan->refusals);
    free(plan);
}

int64_t plan_cost_total(const struct plan_cost *cost)
{
    int64_t total = 0;
#define X(field, value, unit, zh) total += cost->field;
    WEIGHT_LIST(X)
#undef X
    return total;
}
