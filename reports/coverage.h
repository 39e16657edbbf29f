/* reports/coverage: the coverage rate, each definition in one place (DESIGN §8). Every figure carries its
 * numerator, denominator, definition, period and revision, and the list behind it. Pure over a snapshot; any
 * thread.
 *
 * The denominator is as of the period's last day: halls whose validity covers that day, less exempt halls,
 * less halls that a hard, whole-day closure without a day rule keeps shut over the whole period. The two are
 * listed apart. A session counts when its day is in the period, it is not cancelled and was not entered as
 * not held; "held" counts only sessions entered as held. Villages and townships are never exempt or closed:
 * any session in a hall below them reaches them. */
#ifndef LITANG_REPORTS_COVERAGE_H
#define LITANG_REPORTS_COVERAGE_H

#include "base/text.h"
#include "scheduler/timetable.h"

/* code, stable name with its version, Chinese, English */
#define COVERAGE_LIST(X)                                                                                     \
    X(COVERAGE_HALLS_PLANNED, "halls-planned/1", "有已发布场次的礼堂 ÷ 在用礼堂",                            \
      "halls with sessions published ÷ halls in use")                                                        \
    X(COVERAGE_HALLS_HELD, "halls-held/1", "有已开展场次的礼堂 ÷ 在用礼堂",                                  \
      "halls with sessions held ÷ halls in use")                                                             \
    X(COVERAGE_HALLS_PAIRED, "halls-paired/1", "与学校结对的礼堂 ÷ 在用礼堂",                                \
      "halls paired with a school ÷ halls in use")                                                           \
    X(COVERAGE_VILLAGES, "villages/1", "有场次的村（社区）÷ 全部村（社区）",                                 \
      "villages reached ÷ all villages")                                                                     \
    X(COVERAGE_TOWNSHIPS, "townships/1", "有场次的镇街 ÷ 全部镇街", "townships reached ÷ all townships")

enum coverage_definition {
#define X(code, name, zh, en) code,
    COVERAGE_LIST(X)
#undef X
    COVERAGE_COUNT
};

const char *coverage_name(enum coverage_definition definition);
const char *coverage_title(enum coverage_definition definition, bool chinese);
enum coverage_definition
coverage_from_name(const char *name); /* with or without "/1"; COVERAGE_COUNT when unknown */

/* What a hall, village or township is to a coverage figure. */
enum coverage_standing {
    STANDING_REACHED,
    STANDING_UNREACHED,
    STANDING_EXEMPT,
    STANDING_CLOSED,
    STANDING_NOT_IN_USE
};

struct coverage {
    enum coverage_definition definition;
    int32_t from_day, to_day;
    int32_t minimum; /* sessions a place needs to count as reached, >= 1 */
    uint32_t area;   /* only below this area; NONE: the city */
    int64_t revision;
    int64_t numerator, denominator, exempt, closed;
    enum coverage_standing *standings; /* owned; per hall or per area of the timetable */
    size_t standing_count;
};

enum error_code coverage_compute(const struct timetable *timetable, enum coverage_definition definition,
                                 int32_t from_day, int32_t to_day, int32_t minimum, uint32_t area,
                                 struct coverage *ret_coverage, struct error *err);
void coverage_finish(struct coverage *coverage);
/* "97.68" with two decimals, rounded half up in integers; "–" when the denominator is 0 (never "100"). */
enum {
    COVERAGE_RATE_SIZE = 32
};
void coverage_rate(const struct coverage *coverage, char ret_text[COVERAGE_RATE_SIZE]);
/* One sentence: rate, numerator, denominator, definition, period, revision. */
void coverage_sentence(const struct coverage *coverage, bool chinese, struct text *out);

#endif
