/* reports/coverage: see coverage.h. */
#include "reports/coverage.h"

#include "base/date.h"
#include "scheduler/standing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *zh, *en;
} DEFINITIONS[] = {
#define X(code, name, zh, en) [code] = {name, zh, en},
    COVERAGE_LIST(X)
#undef X
};

const char *coverage_name(enum coverage_definition definition)
{
    return definition < COVERAGE_COUNT ? DEFINITIONS[definition].name : "?";
}

const char *coverage_title(enum coverage_definition definition, bool chinese)
{
    if (definition >= COVERAGE_COUNT) {
        return "?";
    }
    return chinese ? DEFINITIONS[definition].zh : DEFINITIONS[definition].en;
}

enum coverage_definition coverage_from_name(const char *name)
{
    for (int i = 0; name != NULL && i < COVERAGE_COUNT; i++) {
        size_t stem = strcspn(DEFINITIONS[i].name, "/");
        if (strcmp(DEFINITIONS[i].name, name) == 0 ||
            (strlen(name) == stem && strncmp(DEFINITIONS[i].name, name, stem) == 0)) {
            return (enum coverage_definition)i;
        }
    }
    return COVERAGE_COUNT;
}

static const char *const STANDINGS[][3] = {
    [STANDING_REACHED] = {"reached", "已覆盖", "reached"},
    [STANDING_UNREACHED] = {"unreached", "未覆盖", "not reached"},
    [STANDING_EXEMPT] = {"exempt", "豁免", "exempt"},
    [STANDING_CLOSED] = {"closed", "停用", "closed"},
    [STANDING_NOT_IN_USE] = {"not-in-use", "未启用", "not in use"},
};

const char *standing_name(enum coverage_standing standing)
{
    return standing <= STANDING_NOT_IN_USE ? STANDINGS[standing][0] : "?";
}

const char *standing_title(enum coverage_standing standing, bool chinese)
{
    return standing <= STANDING_NOT_IN_USE ? STANDINGS[standing][chinese ? 1 : 2] : "?";
}

bool standing_from_name(const char *name, enum coverage_standing *ret_standing)
{
    for (int i = 0; i <= STANDING_NOT_IN_USE; i++) {
        if (strcmp(STANDINGS[i][0], name) == 0) {
            *ret_standing = (enum coverage_standing)i;
            return true;
        }
    }
    return false;
}

bool coverage_is_of_areas(enum coverage_definition definition)
{
    return definition == COVERAGE_VILLAGES || definition == COVERAGE_TOWNSHIPS;
}

static bool counts(const struct session *session, const struct coverage *coverage, const bool *courses)
{
    if (session->status == SESSION_CANCELLED || session->at.day < coverage->from_day ||
        session->at.day > coverage->to_day || (courses != NULL && !courses[session->at.course])) {
        return false;
    }
    if (coverage->definition == COVERAGE_HALLS_HELD) {
        return session->at.held == HELD_YES;
    }
    return coverage_is_of_areas(coverage->definition) ? placement_is_given(&session->at)
                                                      : placement_reaches_hall(&session->at);
}

static enum coverage_standing hall_judge(const struct timetable *tt, uint32_t hall,
                                         const struct coverage *coverage)
{
    static const enum coverage_standing BESIDE[] = {[HALL_EXEMPT] = STANDING_EXEMPT,
                                                    [HALL_CLOSED] = STANDING_CLOSED,
                                                    [HALL_NOT_IN_USE] = STANDING_NOT_IN_USE};
    if (coverage->area != NONE && !timetable_area_within(tt, tt->halls[hall].area, coverage->area)) {
        return STANDING_NOT_IN_USE;
    }
    enum hall_standing standing = hall_standing(tt, hall, coverage->from_day, coverage->to_day);
    if (standing != HALL_COUNTS) {
        return BESIDE[standing];
    }
    bool reached = coverage->definition == COVERAGE_HALLS_PAIRED
                       ? tt->halls[hall].school != NONE
                       : coverage->sessions[hall] >= coverage->minimum;
    return reached ? STANDING_REACHED : STANDING_UNREACHED;
}

static void tally(struct coverage *coverage, size_t at, enum coverage_standing standing)
{
    coverage->standings[at] = standing;
    coverage->numerator += standing == STANDING_REACHED;
    coverage->denominator += standing == STANDING_REACHED || standing == STANDING_UNREACHED;
    coverage->exempt += standing == STANDING_EXEMPT;
    coverage->closed += standing == STANDING_CLOSED;
}

static void halls_tally(const struct timetable *tt, struct coverage *coverage)
{
    for (uint32_t hall = 0; hall < tt->hall_count; hall++) {
        tally(coverage, hall, hall_judge(tt, hall, coverage));
    }
}

static void areas_tally(const struct timetable *tt, struct coverage *coverage)
{
    enum area_level level = coverage->definition == COVERAGE_VILLAGES ? AREA_VILLAGE : AREA_TOWNSHIP;
    for (uint32_t area = 0; area < tt->area_count; area++) {
        bool in = tt->areas[area].level == level &&
                  (coverage->area == NONE || timetable_area_within(tt, area, coverage->area));
        tally(coverage, area,
              !in                                             ? STANDING_NOT_IN_USE
              : coverage->sessions[area] >= coverage->minimum ? STANDING_REACHED
                                                              : STANDING_UNREACHED);
    }
}

/* Sessions that count, per hall or per area with everything above it. */
static void sessions_count(const struct timetable *tt, const bool *courses, struct coverage *coverage)
{
    bool by_area = coverage_is_of_areas(coverage->definition);
    for (size_t i = 0; i < tt->session_count; i++) {
        if (!counts(&tt->sessions[i], coverage, courses)) {
            continue;
        }
        uint32_t hall = tt->rooms[tt->sessions[i].at.room].hall;
        if (!by_area) {
            coverage->sessions[hall]++;
            continue;
        }
        uint32_t area = tt->halls[hall].area;
        for (int level = 0; area != NONE && level < AREA_ANCESTORS_MAX;
             level++, area = tt->areas[area].parent) {
            coverage->sessions[area]++;
        }
    }
}

enum error_code coverage_compute_some(const struct timetable *timetable, enum coverage_definition definition,
                                      int32_t from_day, int32_t to_day, int32_t minimum, uint32_t area,
                                      const bool *courses, struct coverage *ret_coverage, struct error *err)
{
    if (definition >= COVERAGE_COUNT || from_day > to_day || minimum < 1 ||
        (area != NONE && area >= timetable->area_count)) {
        return error_set(err, ERR_INPUT,
                         "覆盖率需要已知的口径、先后有序的日期和不小于 1 的场次数 (coverage needs a known "
                         "definition, a first day not after the last and a minimum of at least 1)");
    }
    struct coverage coverage = {.definition = definition,
                                .from_day = from_day,
                                .to_day = to_day,
                                .minimum = minimum,
                                .area = area,
                                .revision = timetable->revision};
    coverage.standing_count =
        coverage_is_of_areas(definition) ? timetable->area_count : timetable->hall_count;
    coverage.standings = calloc(coverage.standing_count + 1, sizeof *coverage.standings);
    coverage.sessions = calloc(coverage.standing_count + 1, sizeof *coverage.sessions);
    if (coverage.standings == NULL || coverage.sessions == NULL) {
        coverage_finish(&coverage);
        return error_set(err, ERR_MEMORY, "内存不足 (coverage: out of memory)");
    }
    sessions_count(timetable, courses, &coverage);
    if (coverage_is_of_areas(definition)) {
        areas_tally(timetable, &coverage);
    } else {
        halls_tally(timetable, &coverage);
    }
    *ret_coverage = coverage;
    return ERR_NONE;
}

enum error_code coverage_compute(const struct timetable *timetable, enum coverage_definition definition,
                                 int32_t from_day, int32_t to_day, int32_t minimum, uint32_t area,
                                 struct coverage *ret_coverage, struct error *err)
{
    return coverage_compute_some(timetable, definition, from_day, to_day, minimum, area, NULL, ret_coverage,
                                 err);
}

void coverage_spread(const struct timetable *timetable, const struct coverage *coverage,
                     struct coverage_count *counts_of)
{
    memset(counts_of, 0, timetable->area_count * sizeof *counts_of);
    for (size_t i = 0; i < coverage->standing_count; i++) {
        enum coverage_standing standing = coverage->standings[i];
        uint32_t area = coverage_is_of_areas(coverage->definition) ? (uint32_t)i : timetable->halls[i].area;
        for (int level = 0; area != NONE && level < AREA_ANCESTORS_MAX;
             level++, area = timetable->areas[area].parent) {
            struct coverage_count *count = &counts_of[area];
            count->numerator += standing == STANDING_REACHED;
            count->denominator += standing == STANDING_REACHED || standing == STANDING_UNREACHED;
            count->exempt += standing == STANDING_EXEMPT;
            count->closed += standing == STANDING_CLOSED;
        }
    }
}

void coverage_finish(struct coverage *coverage)
{
    free(coverage->standings);
    free(coverage->sessions);
    coverage->standings = NULL;
    coverage->sessions = NULL;
    coverage->standing_count = 0;
}

void ratio_format(int64_t numerator, int64_t denominator, int64_t scale, char ret_text[COVERAGE_RATE_SIZE])
{
    if (denominator <= 0) {
        snprintf(ret_text, COVERAGE_RATE_SIZE, "–");
        return;
    }
    int64_t hundredths = (numerator * 200 * scale + denominator) / (2 * denominator);
    snprintf(ret_text, COVERAGE_RATE_SIZE, "%" PRId64 ".%02" PRId64, hundredths / 100, hundredths % 100);
}

void coverage_rate(const struct coverage *coverage, char ret_text[COVERAGE_RATE_SIZE])
{
    ratio_format(coverage->numerator, coverage->denominator, 100, ret_text);
}

void coverage_sentence(const struct coverage *coverage, bool chinese, struct text *out)
{
    char rate[COVERAGE_RATE_SIZE];
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    coverage_rate(coverage, rate);
    date_format(coverage->from_day, from);
    date_format(coverage->to_day, to);
    text_addf(out,
              chinese ? "覆盖率 %s %%（%" PRId64 " ÷ %" PRId64
                        "；口径：%s，至少 %d 场；%s 至 %s；另有豁免 %" PRId64 "、停用 %" PRId64
                        "；版本 %" PRId64 "）"
                      : "coverage %s %% (%" PRId64 " of %" PRId64
                        "; %s, at least %d sessions; %s to %s; exempt %" PRId64 ", closed %" PRId64
                        "; revision %" PRId64 ")",
              rate, coverage->numerator, coverage->denominator, coverage_title(coverage->definition, chinese),
              coverage->minimum, from, to, coverage->exempt, coverage->closed, coverage->revision);
}
