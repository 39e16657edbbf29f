/* reports/propose: from a coverage figure's unreached places to sessions that would reach them
 * (docs/reach.md). The search is scheduler/reach; here is who lacks how many, how many must be reached for a
 * rate, and the answer as text and JSON. Pure over a snapshot; long enough for a worker thread. */
#ifndef LITANG_REPORTS_PROPOSE_H
#define LITANG_REPORTS_PROPOSE_H

#include "reports/coverage.h"
#include "scheduler/reach.h"

enum {
    PROPOSE_ALL = 10000, /* hundredths of a percent */
    PROPOSE_PLACES_DEFAULT = 6
};

struct propose_options {
    enum coverage_definition definition; /* not halls-paired: sessions do not pair a hall. halls-held is asked
                                          * as halls-planned: what is proposed counts once it was held */
    int32_t from_day, to_day;            /* the figure's period */
    int32_t minimum;                     /* sessions a place needs, 1 … LIMIT_REACH_NEED */
    uint32_t area;                       /* only below this area; NONE: the city */
    uint32_t hall;                       /* only this hall, or NONE; definitions of halls */
    int32_t first_day, by_day;           /* proposals lie in both … and in the period */
    int32_t target_hundredths;           /* the rate that is wanted: 9800 is 98 %, PROPOSE_ALL all */
    struct weights weights;
};

struct proposal_set {
    struct propose_options options; /* as asked; halls-held still says so */
    struct coverage before;         /* owned */
    struct reach *reach;            /* owned */
    struct reach_target *targets;   /* owned; every unreached place */
    size_t target_count;
    size_t goal; /* of them, to come to the rate; above target_count when the rate is out of reach */
};

/* 98 % of halls planned to its period's end, from tomorrow on. */
struct propose_options propose_defaults(int32_t today);
/* ERR_INPUT: options out of their bounds, or no day is left. A rate that cannot be met is no error: the set
 * says how far it comes and why. */
enum error_code propose_run(struct timetable *timetable, const struct propose_options *options,
                            const struct planner_world *world, struct proposal_set *ret_set,
                            struct error *err);
void propose_finish(struct proposal_set *set);
/* The figure as it is once the proposals are published; `standings` and `sessions` stay NULL. */
struct coverage propose_after(const struct proposal_set *set);
/* Does the answer come to the rate that was asked for? Not where nothing is to be reached. */
bool propose_is_met(const struct proposal_set *set);

/* "示例一村文化礼堂：可排 3 月 12 日 14:00–15:30《手机防诈骗》，讲师 示例甲，增程 25 分钟"; the instructor is
 * left out for who may not know whom. */
void propose_place_text(const struct timetable *timetable, const struct reach_place *place,
                        enum audience audience, bool chinese, struct text *out);
/* Figures before and after, every proposal, and what is left out with its reasons; for the office. */
void propose_text(const struct proposal_set *set, bool chinese, struct text *out);
/* What the audience may not know of people is null, and not in the sentences. */
void propose_json(const struct proposal_set *set, enum audience audience, struct text *out);

/* The best places for one more session in one hall, and when there are none, why: the object of
 * GET /api/proposals?hall=ID and of `--hall --format json`. `max` 1 … FREE_RESULTS_MAX. *ret_any (may be
 * NULL) false: there is none. */
enum error_code propose_hall_json(struct timetable *timetable, uint32_t hall, int32_t first_day,
                                  int32_t by_day, size_t max, const struct weights *weights,
                                  enum audience audience, struct text *out, bool *ret_any, struct error *err);
/* The same in lines, for the office. */
enum error_code propose_hall_text(struct timetable *timetable, uint32_t hall, int32_t first_day,
                                  int32_t by_day, size_t max, const struct weights *weights, bool chinese,
                                  struct text *out, bool *ret_any, struct error *err);

#endif
