/* reports/coverage: the coverage rate, each definition in one place (DESIGN §8). Every figure carries its
 * numerator, denominator, definition, period and revision, and the list behind it. Pure over a snapshot; any
 * thread.
 *
 * Which halls are in the denominator, exempt or closed is scheduler/standing's answer. A session counts for a
 * hall when its day is in the period, it is not cancelled and was entered neither as not held nor as moved
 * outside; "held" counts only sessions entered as held. Villages and townships are never exempt or closed:
 * any session of a hall below them, moved outside or not, reaches them. docs/reports.md has every figure. */
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
    int32_t *sessions;                 /* owned; that count, for each of them */
    size_t standing_count;
};

enum error_code coverage_compute(const struct timetable *timetable, enum coverage_definition definition,
                                 int32_t from_day, int32_t to_day, int32_t minimum, uint32_t area,
                                 struct coverage *ret_coverage, struct error *err);
/* The same, but only sessions of the courses that are flagged count (by category, provider or tag); NULL: all
 * courses. Pairing has nothing to do with sessions. */
enum error_code coverage_compute_some(const struct timetable *timetable, enum coverage_definition definition,
                                      int32_t from_day, int32_t to_day, int32_t minimum, uint32_t area,
                                      const bool *courses, struct coverage *ret_coverage, struct error *err);
void coverage_finish(struct coverage *coverage);
/* Is the figure about villages or townships instead of halls? */
bool coverage_is_of_areas(enum coverage_definition definition);

/* The figure of each area by itself, the city's standings summed up the tree: `counts` has area_count items
 * and is overwritten. Equal to coverage_compute with that area. */
struct coverage_count {
    int64_t numerator, denominator, exempt, closed;
};
void coverage_spread(const struct timetable *timetable, const struct coverage *coverage,
                     struct coverage_count *counts);

/* "reached", "unreached", "exempt", "closed", "not-in-use"; in Chinese; and back (false: unknown). */
const char *standing_name(enum coverage_standing standing);
const char *standing_title(enum coverage_standing standing, bool chinese);
bool standing_from_name(const char *name, enum coverage_standing *ret_standing);

/* "97.68" with two decimals, rounded half up in integers; "–" when the denominator is 0 (never "100"). */
enum {
    COVERAGE_RATE_SIZE = 32
};
void coverage_rate(const struct coverage *coverage, char ret_text[COVERAGE_RATE_SIZE]);
/* The same of scale × numerator ÷ denominator; percent: scale 100. */
void ratio_format(int64_t numerator, int64_t denominator, int64_t scale, char ret_text[COVERAGE_RATE_SIZE]);
/* One sentence: rate, numerator, denominator, definition, period, revision. */
void coverage_sentence(const struct coverage *coverage, bool chinese, struct text *out);

#endif
