/* The best places of one target by itself, a few that differ. */
#include "scheduler/reach_work.h"

#include <stdlib.h>

struct chooser {
    struct reach_places places;
    size_t max, max_of_person;
};

static enum reach_step place_choose(void *context, const struct reach_found *found)
{
    struct chooser *chooser = context;
    const struct placement *at = &found->place.at;
    size_t of_person = 0;
    for (size_t i = 0; i < chooser->places.count; i++) {
        const struct placement *other = &chooser->places.items[i].at;
        if (other->instructors[0] == at->instructors[0]) {
            if (other->day == at->day) {
                return WALK_NEXT_DAY;
            }
            of_person++;
        }
    }
    if (of_person >= chooser->max_of_person) {
        return WALK_NEXT_DAY;
    }
    chooser->places.items[chooser->places.count++] = found->place;
    return chooser->places.count == chooser->max ? WALK_STOP : WALK_NEXT_DAY;
}

/* The halls of the target, owned by the caller. */
static uint32_t *target_halls(const struct timetable *t, const struct reach_target *target, size_t *ret_count)
{
    uint32_t *halls = malloc((t->hall_count + 1) * sizeof *halls);
    *ret_count = 0;
    for (uint32_t h = 0; halls != NULL && h < t->hall_count; h++) {
        if (target->hall != NONE ? target->hall == h
                                 : timetable_area_within(t, t->halls[h].area, target->area)) {
            halls[(*ret_count)++] = h;
        }
    }
    return halls;
}

enum error_code reach_alternatives(struct book *book, const struct reach_query *query, uint32_t target,
                                   size_t max, struct reach_places *ret_places, struct error *err)
{
    if (target >= query->target_count || max < 1 || max > FREE_RESULTS_MAX ||
        query->to_day < query->from_day || query->to_day - query->from_day >= LIMIT_PLAN_DAYS) {
        return error_set(err, ERR_INPUT, "reach: 1 to %d places of a target, in 1 to %d days",
                         FREE_RESULTS_MAX, LIMIT_PLAN_DAYS);
    }
    struct reach_field field;
    size_t hall_count = 0;
    struct chooser chooser = {.max = max, .max_of_person = (max + 2) / 3};
    uint32_t *halls = target_halls(book_timetable(book), &query->targets[target], &hall_count);
    chooser.places.items = malloc(max * sizeof *chooser.places.items);
    enum error_code code = field_open(&field, book, query, err);
    if (code == ERR_NONE && (halls == NULL || chooser.places.items == NULL)) {
        code = error_set(err, ERR_MEMORY, "reach: %s", error_sentence_en(ERR_MEMORY));
    }
    const struct reach_walk walk = {.site = {halls, hall_count},
                                    .person = NONE,
                                    .menu_too = true,
                                    .visit = place_choose,
                                    .context = &chooser};
    code = code == ERR_NONE ? field_walk(&field, &walk, err) : code;
    field_close(&field);
    free(halls);
    if (code != ERR_NONE) {
        reach_places_finish(&chooser.places);
        return code;
    }
    *ret_places = chooser.places;
    return ERR_NONE;
}

void reach_places_finish(struct reach_places *places)
{
    free(places->items);
    *places = (struct reach_places){.items = NULL};
}
