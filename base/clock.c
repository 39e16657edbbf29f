#include "base/clock.h"

#include "base/date.h"

#include <stdlib.h>
#include <time.h>

/* The frozen instant is the context itself, so that no thread needs memory for it. */
static int64_t frozen_now_s(void *context)
{
    return (int64_t)(intptr_t)context;
}

static int64_t system_now_s(void *context)
{
    (void)context;
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec;
}

static uint64_t system_mono_ns(void *context)
{
    (void)context;
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

struct clock_source clock_system(void)
{
    int64_t frozen = 0;
    if (instant_parse(getenv("LITANG_NOW"), &frozen)) {
        return (struct clock_source){
            .now_s = frozen_now_s, .mono_ns = system_mono_ns, .context = (void *)(intptr_t)frozen};
    }
    return (struct clock_source){.now_s = system_now_s, .mono_ns = system_mono_ns};
}
