/* scheduler/weights: the soft terms and what each costs. Data: the table `weight` overrides the defaults. All
 * integers, so that every cost is exact. docs/planner.md states the formula term by term. */
#ifndef LITANG_SCHEDULER_WEIGHTS_H
#define LITANG_SCHEDULER_WEIGHTS_H

#include "base/error.h"

#include <stdint.h>

/* field, default, unit it multiplies (English), Chinese name */
#define WEIGHT_LIST(X)                                                                                       \
    X(hall_unreached, 600, "hall of the coverage figure without a session in the plan's days", "未覆盖礼堂") \
    X(category_missing, 200, "category of the menu never held in a township", "镇街缺少的课程类别")          \
    X(weekday, 20, "session outside the request's preferred weekdays", "不在希望的星期")                     \
    X(part_of_day, 30, "session outside the preferred part of day", "不在希望的时段")                        \
    X(spacing, 40, "pair of sessions in one hall less than 7 days apart (not one series)", "同礼堂间隔过近") \
    X(holiday, 25,                                                                                           \
      "session on a holiday when the course does not want one, or on a make-up working day when it does",    \
      "节假日")                                                                                              \
    X(soft_closure, 50, "session inside a soft closure (market day, farm season)", "赶集农忙等")             \
    X(travel, 1, "minute of travel home - halls - home per instructor and day", "路程分钟")                  \
    X(load, 2, "squared deviation step of an instructor's sessions per month (sum of squares / 16)",         \
      "讲师负荷")                                                                                            \
    X(evenness, 1, "sum over weeks of squared sessions of a township / 4", "全年均衡")                       \
    X(continuity, 15, "change of instructor between two consecutive sessions of one course in one hall",     \
      "更换讲师")                                                                                            \
    X(change, 400, "session moved or cancelled against the published timetable", "与已发布方案的变动")

struct weights {
#define X(field, value, unit, zh) int32_t field;
    WEIGHT_LIST(X)
#undef X
};

struct weights weights_default(void);
/* ERR_NOT_FOUND names an unknown weight; ERR_INPUT a value outside 0 … 100,000. */
enum error_code weights_set(struct weights *weights, const char *name, int64_t value, struct error *err);

#endif
