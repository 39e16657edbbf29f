/* reports/coverage: see coverage.h. */
#include "reports/coverage.h"

#include "base/date.h"

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

static bool counts(const struct session *session, const struct coverage *coverage)
{
    if (session->status == SESSION_CANCELLED || session->at.held == HELD_NO ||
        session->at.day < coverage->from_day || session->at.day > coverage->to_day) {
        return false;
    }
    return coverage->definition != COVERAGE_HALLS_HELD || session->at.held == HELD_YES;
}

/* One closure alone that shuts its target all day, every day of the period. */
static bool shuts_throughout(const struct closure *closure, const struct coverage *coverage)
{
    return closure->strength == CLOSURE_HARD && !closure->has_rule && closure->from_min == 0 &&
           closure->to_min == DAY_MINUTES && closure->from_day <= coverage->from_day &&
           closure->to_day >= coverage->to_day;
}

static bool any_shuts(const struct timetable *tt, const uint32_t *start, const uint32_t *list,
                      uint32_t target, const struct coverage *coverage)
{
    for (uint32_t i = start[target]; i < start[target + 1]; i++) {
        if (shuts_throughout(&tt->closures[list[i]], coverage)) {
            return true;
        }
    }
    return false;
}

static bool hall_is_shut(const struct timetable *tt, uint32_t hall, const struct coverage *coverage)
{
    if (any_shuts(tt, tt->hall_closures_start, tt->hall_closures, hall, coverage)) {
        return true;
    }
    uint32_t area = tt->halls[hall].area;
    for (int level = 0; area != NONE && level < 8; level++, area = tt->areas[area].parent) {
        if (any_shuts(tt, tt->area_closures_start, tt->area_closures, area, coverage)) {
            return true;
        }
    }
    return false;
}

static enum coverage_standing hall_standing(const struct timetable *tt, uint32_t hall,
                                            const int32_t *sessions, const struct coverage *coverage)
{
    const struct hall *it = &tt->halls[hall];
    if (it->valid_from > coverage->to_day || it->valid_to < coverage->to_day ||
        (coverage->area != NONE && !timetable_area_within(tt, it->area, coverage->area))) {
        return STANDING_NOT_IN_USE;
    }
    if (it->exempt) {
        return STANDING_EXEMPT;
    }
    if (hall_is_shut(tt, hall, coverage)) {
        return STANDING_CLOSED;
    }
    bool reached = coverage->definition == COVERAGE_HALLS_PAIRED ? it->school != NONE
                                                                 : sessions[hall] >= coverage->minimum;
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

static void halls_tally(const struct timetable *tt, const int32_t *sessions, struct coverage *coverage)
{
    for (uint32_t hall = 0; hall < tt->hall_count; hall++) {
        tally(coverage, hall, hall_standing(tt, hall, sessions, coverage));
    }
}

static void areas_tally(const struct timetable *tt, const int32_t *sessions, struct coverage *coverage)
{
    enum area_level level = coverage->definition == COVERAGE_VILLAGES ? AREA_VILLAGE : AREA_TOWNSHIP;
    for (uint32_t area = 0; area < tt->area_count; area++) {
        bool in = tt->areas[area].level == level &&
                  (coverage->area == NONE || timetable_area_within(tt, area, coverage->area));
        tally(coverage, area,
              !in                                   ? STANDING_NOT_IN_USE
              : sessions[area] >= coverage->minimum ? STANDING_REACHED
                                                    : STANDING_UNREACHED);
    }
}

/* Sessions that count, per hall or per area with everything above it. */
static void sessions_count(const struct timetable *tt, const struct coverage *coverage, bool by_area,
                           int32_t *sessions)
{
    for (size_t i = 0; i < tt->session_count; i++) {
        if (!counts(&tt->sessions[i], coverage)) {
            continue;
        }
        uint32_t hall = tt->rooms[tt->sessions[i].at.room].hall;
        if (!by_area) {
            sessions[hall]++;
            continue;
        }
        uint32_t area = tt->halls[hall].area;
        for (int level = 0; area != NONE && level < 8; level++, area = tt->areas[area].parent) {
            sessions[area]++;
        }
    }
}

enum error_code coverage_compute(const struct timetable *timetable, enum coverage_definition definition,
                                 int32_t from_day, int32_t to_day, int32_t minimum, uint32_t area,
                                 struct coverage *ret_coverage, struct error *err)
{
    if (definition >= COVERAGE_COUNT || from_day > to_day || minimum < 1 ||
        (area != NONE && area >= timetable->area_count)) {
        return error_set(err, ERR_INPUT,
                         "coverage needs a known definition, a period and a minimum of at least 1");
    }
    struct coverage coverage = {.definition = definition,
                                .from_day = from_day,
                                .to_day = to_day,
                                .minimum = minimum,
                                .area = area,
                                .revision = timetable->revision};
    bool by_area = definition == COVERAGE_VILLAGES || definition == COVERAGE_TOWNSHIPS;
    coverage.standing_count = by_area ? timetable->area_count : timetable->hall_count;
    coverage.standings = calloc(coverage.standing_count + 1, sizeof *coverage.standings);
    int32_t *sessions = calloc(coverage.standing_count + 1, sizeof *sessions);
    if (coverage.standings == NULL || sessions == NULL) {
        free(coverage.standings);
        free(sessions);
        return error_set(err, ERR_MEMORY, "coverage: out of memory");
    }
    sessions_count(timetable, &coverage, by_area, sessions);
    if (by_area) {
        areas_tally(timetable, sessions, &coverage);
    } else {
        halls_tally(timetable, sessions, &coverage);
    }
    free(sessions);
    *ret_coverage = coverage;
    return ERR_NONE;
}

void coverage_finish(struct coverage *coverage)
{
    free(coverage->standings);
    coverage->standings = NULL;
    coverage->standing_count = 0;
}

void coverage_rate(const struct coverage *coverage, char ret_text[COVERAGE_RATE_SIZE])
{
    if (coverage->denominator <= 0) {
        snprintf(ret_text, COVERAGE_RATE_SIZE, "–");
        return;
    }
    int64_t hundredths = (coverage->numerator * 20000 + coverage->denominator) / (2 * coverage->denominator);
    snprintf(ret_text, COVERAGE_RATE_SIZE, "%" PRId64 ".%02" PRId64, hundredths / 100, hundredths % 100);
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
