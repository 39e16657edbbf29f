/* base/clock: time as a table of functions, so that a test or a replay passes its own. */
#ifndef LITANG_BASE_CLOCK_H
#define LITANG_BASE_CLOCK_H

#include <stdint.h>

struct clock_source {
    int64_t (*now_s)(void *context);    /* seconds since 1970-01-01T00:00:00Z */
    uint64_t (*mono_ns)(void *context); /* monotonic nanoseconds */
    void *context;                      /* borrowed */
};

/* The machine's clocks. Setting LITANG_NOW (RFC 3339 UTC, "2026-11-23T08:30:00Z") freezes now_s:
 * demonstrations and tests of dated output need it. */
struct clock_source clock_system(void);

#endif
