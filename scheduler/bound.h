/* scheduler/bound: what no plan can do better than: how many sessions could be placed at most, and how many
 * minutes of travel at least; and, where not all can be placed, who is short of what (docs/repair.md).
 *
 * A bound leaves rules out, so the truth may lie on this side of it, never beyond. Placed: out of account are
 * hours of the day once a day is possible at all, journeys, audiences, the rhythm of series, and that one
 * request's hall and people must fit together twice. It holds for plans on the planner's grid (quarter hours,
 * 06:00 to 22:00). */
#ifndef LITANG_SCHEDULER_BOUND_H
#define LITANG_SCHEDULER_BOUND_H

#include "scheduler/plan.h"

enum {
    DEFICIT_NAMES = 4 /* categories that a deficit names */
};

enum deficit_kind {
    DEFICIT_NO_PLACE, /* requests without any day on which a room and somebody qualified are free */
    DEFICIT_PEOPLE,   /* more sessions than the qualified can give on those days */
    DEFICIT_HALLS,    /* more sessions than the halls can take on those days */
    DEFICIT_SUPPLY,   /* the course's supply of the year */
    DEFICIT_QUOTA     /* the course's quota in the hall, of the year */
};

/* A set of sessions that cannot all be placed, and why: `need` of them have but `capacity` places. */
struct bound_deficit {
    enum deficit_kind kind;
    int64_t need, capacity;
    int32_t from_day, to_day;
    uint32_t categories[DEFICIT_NAMES]; /* the first few */
    uint32_t category_count;            /* of all */
    uint32_t course, hall;              /* DEFICIT_SUPPLY, DEFICIT_QUOTA; else NONE */
    uint32_t requests;                  /* how many requests it is about */
    uint32_t people;                    /* instructors, or halls, whose time is used up */
};

struct bound_options {
    int32_t from_day, to_day;
    bool keep_published; /* as the planner's: published sessions stay and take their share */
};

struct bound {
    int64_t wanted;                 /* as in a plan */
    int64_t placed_most;            /* no plan places more */
    struct bound_deficit *deficits; /* owned; the largest first */
    size_t deficit_count, deficit_capacity;
    int64_t *travel; /* owned: thousandths of minutes that each session costs at least, ascending */
    size_t travel_count;
    int64_t travel_fixed; /* thousandths: of published sessions that stay */
};

/* ERR_INPUT for days the wrong way round. */
enum error_code bound_create(const struct timetable *timetable, const struct bound_options *options,
                             struct bound **ret_bound, struct error *err);
void bound_destroy(struct bound *bound); /* NULL is allowed */
/* Minutes of travel, home and back, that a plan with so many sessions of the requests placed has at least. */
int64_t bound_travel(const struct bound *bound, int64_t placed);
/* "第 18–20 周…：需 61 场，讲师最多能上 52 场". */
void bound_deficit_sentence(const struct timetable *timetable, const struct bound_deficit *deficit,
                            bool chinese, struct text *out);

/* Is there a day for the sessions that the request lacks (a series: its first, from which all meetings lie
 * so), by window, season and holidays alone, whatever days are planned? */
bool bound_has_day(const struct timetable *timetable, uint32_t request, int32_t missing);
/* Can a request that lacks so many sessions not be met between these days, whatever else is planned?
 * REFUSAL_WITHDRAWN, before anything else; _NO_HALL, _NO_INSTRUCTOR, _NO_DAY; _PLAN_DAYS when it is these
 * days alone that are too short. */
bool bound_contradicts(const struct timetable *timetable, uint32_t request, int32_t missing, int32_t from_day,
                       int32_t to_day, enum refusal_kind *ret_kind);
/* Requests that contradict themselves, found before any search: REFUSAL_NO_HALL, _NO_INSTRUCTOR, _NO_DAY.
 * Those whose window touches from … to and that still lack sessions; none that were withdrawn, and none for
 * which these days alone are too short. By request; *ret_items is the caller's to free. */
enum error_code bound_contradictions(const struct timetable *timetable, int32_t from_day, int32_t to_day,
                                     struct plan_refusal **ret_items, size_t *ret_count, struct error *err);

#endif
