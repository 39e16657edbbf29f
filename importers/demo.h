/* importers/demo: the sample city. Names, codes and places of Taizhou's counties and townships are public
 * facts (examples/taizhou); villages, halls, rooms, people, courses, closures and requests are generated and
 * marked 示例.
 *
 * The same options give the same rows on any machine: integers and base/rng only. Any thread; one call owns
 * all it uses. examples/taizhou/README.md says what is generated and how. */
#ifndef LITANG_IMPORTERS_DEMO_H
#define LITANG_IMPORTERS_DEMO_H

#include "base/error.h"
#include "store/change.h"

#include <stdint.h>

enum {
    DEMO_SESSIONS_MIN = 100,
    DEMO_SESSIONS_MAX = 1000000,
    /* Requests that cannot be met on purpose bear ids with this letter, all others start with R. */
    DEMO_UNMET_LETTER = 'X',
    DEMO_REQUEST_LETTER = 'R'
};

struct demo_options {
    uint64_t seed;
    uint32_t sessions; /* wanted by requests that can be met; DEMO_SESSIONS_MIN … _MAX */
    int32_t year;      /* 2001 … 2099: windows, closures and absences lie in it */
};

/* Seed 1, 10,000 sessions, 2027. */
struct demo_options demo_options_default(void);

/* Why a request cannot be met. */
#define DEMO_UNMET_LIST(X)                                                                                   \
    X(DEMO_UNMET_CLOSED, "the hall is closed for the whole window")                                          \
    X(DEMO_UNMET_UNSTAFFED, "nobody is qualified for the course")                                            \
    X(DEMO_UNMET_FACILITY, "no room of the hall has what the course needs")                                  \
    X(DEMO_UNMET_CAPACITY, "more people than any room of the hall holds")                                    \
    X(DEMO_UNMET_SEASON, "the window lies outside the course's season")                                      \
    X(DEMO_UNMET_SERIES, "the series is longer than the window")

enum demo_unmet {
#define X(code, about) code,
    DEMO_UNMET_LIST(X)
#undef X
    DEMO_UNMET_COUNT
};

struct demo_summary {
    uint32_t cities, counties, townships, villages, halls, rooms, providers, instructors, courses, categories;
    uint32_t closures, absences, holidays;
    uint32_t requests, series_requests, hall_requests; /* all; weekly series; with a given hall */
    uint32_t sessions;                                 /* wanted by requests that can be met */
    uint32_t unmet_requests, unmet_sessions;           /* wanted by those that cannot */
    uint32_t unmet_by_kind[DEMO_UNMET_COUNT];          /* requests */
    uint32_t exempt_halls;                             /* not in the coverage denominator */
    uint32_t silent_halls; /* in use, and neither asked for nor to be reached by a township's request */
    uint64_t content_hash; /* FNV-1a over every row in order: equal data, equal hash */
};

/* Fills `set` (change_set_create is the caller's). ERR_INPUT: an option out of its bounds. */
enum error_code demo_build(const struct demo_options *options, struct change_set *set,
                           struct demo_summary *ret_summary, struct error *err);

/* Builds and commits to an empty database; name, organizer, UID domain and zone of the city stay what they
 * were given as. ERR_EXISTS when it holds areas, halls or sessions already. `actor` is recorded in the audit.
 */
enum error_code demo_fill(struct store *store, const struct demo_options *options, const char *actor,
                          struct demo_summary *ret_summary, struct error *err);

/* Public holidays of `year` by the State Council's regulation (国务院令第795号, in force since 2025-01-01):
 * the thirteen days, and a following working day for each that falls on a weekend; no bridges or make-up
 * days. Answers the count, at most DEMO_HOLIDAYS_MAX; 0 outside 2001 … 2099. */
enum {
    DEMO_HOLIDAYS_MAX = 32
};
struct demo_holiday {
    int32_t day;
    const char *name; /* static */
};
size_t demo_holidays_by_rule(int32_t year, struct demo_holiday ret[DEMO_HOLIDAYS_MAX]);

#endif
