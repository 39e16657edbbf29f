/* A sample city in a database of its own, as a snapshot. For test_demo*.c. */
#ifndef LITANG_TESTS_DEMO_SAMPLE_H
#define LITANG_TESTS_DEMO_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"
#include "importers/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct sample {
    char folder[64], path[96];
    struct store *store;
    struct timetable *timetable;
    struct demo_summary summary;
};

static inline struct demo_options sample_options(uint64_t seed, uint32_t sessions)
{
    struct demo_options options = demo_options_default();
    options.seed = seed;
    options.sessions = sessions;
    return options;
}

static inline void sample_open(struct sample *sample)
{
    struct error err = {0};
    snprintf(sample->folder, sizeof sample->folder, "/tmp/litang_demo_XXXXXX");
    assert_non_null(mkdtemp(sample->folder));
    snprintf(sample->path, sizeof sample->path, "%s/city.db", sample->folder);
    if (store_open(sample->path, STORE_CREATE, clock_system(), &sample->store, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
}

static inline void sample_fill(struct sample *sample, uint64_t seed, uint32_t sessions)
{
    struct error err = {0};
    struct demo_options options = sample_options(seed, sessions);
    enum error_code code = demo_fill(sample->store, &options, "test", &sample->summary, &err);
    if (code == ERR_NONE) {
        code = store_snapshot(sample->store, &sample->timetable, &err);
    }
    if (code != ERR_NONE) {
        fail_msg("%s", err.text);
    }
}

static inline void sample_make(struct sample *sample, uint64_t seed, uint32_t sessions)
{
    sample_open(sample);
    sample_fill(sample, seed, sessions);
}

static inline void sample_drop(struct sample *sample)
{
    char other[112];
    timetable_unref(sample->timetable);
    store_close(sample->store);
    unlink(sample->path);
    snprintf(other, sizeof other, "%s-wal", sample->path);
    unlink(other);
    snprintf(other, sizeof other, "%s-shm", sample->path);
    unlink(other);
    rmdir(sample->folder);
}

#endif
