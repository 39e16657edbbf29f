/* store/schema: the steps that make a database, and the ladder that brings an old one up. docs/store.md says
 * how to add a step. Only store/ includes it. */
#ifndef LITANG_STORE_SCHEMA_H
#define LITANG_STORE_SCHEMA_H

#include "base/error.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

/* PRAGMA application_id: "ltng". */
enum {
    SCHEMA_APPLICATION_ID = 0x6c746e67
};

/* Step n (from 1) is SCHEMA_STEPS[n-1]; a database at version n has run the steps 1 … n. */
extern const char *const SCHEMA_STEPS[];
extern const size_t SCHEMA_STEP_COUNT;

/* What is in the file: *ret_version 0 for an empty database. ERR_DATABASE: not one of ours. */
enum error_code schema_version(sqlite3 *db, int *ret_version, struct error *err);
/* Climbs from whatever version the file has to the newest under an exclusive lock, so that of two processes
 * one migrates and the other finds it done. `only_empty`: ERR_EXISTS unless the file is empty. ERR_VERSION:
 * newer. */
enum error_code schema_climb(sqlite3 *db, bool only_empty, struct error *err);
/* ERR_VERSION with both numbers unless the version is the newest one. */
enum error_code schema_expect_newest(int version, struct error *err);

#endif
