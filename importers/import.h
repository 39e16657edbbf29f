/* importers/import: an office file into the database. One file is one change set, one revision, one undo.
 *
 * With any row error nothing is written, unless `partial` lets the good rows in; a dry run never writes. Call
 * on a worker thread with a store of its own; a large file takes seconds. */
#ifndef LITANG_IMPORTERS_IMPORT_H
#define LITANG_IMPORTERS_IMPORT_H

#include "importers/calendar.h"
#include "importers/report.h"
#include "store/store.h"

struct import_options {
    enum import_kind kind;                   /* IMPORT_AUTO: guessed from the headers */
    bool dry_run;                            /* everything is tried, counted and rolled back */
    bool partial;                            /* good rows go in, the report lists the bad ones */
    const struct calendar_options *calendar; /* of an iCalendar file; NULL: halls by LOCATION */
    bool create_missing; /* courses, people and qualifications that a ledger of the past names are made */
    int32_t year;        /* of dates that do not say theirs; 0: from the file itself */
    void (*progress)(void *context, size_t done, size_t all); /* rows of a sheet, now and then; may be NULL */
    void *progress_context;
    const char *actor;  /* obligatory */
    const char *reason; /* NULL: "导入 <file>" */
};

/* The report must be init'ed by the caller and is to be finished by it in every case.
 *
 * ERR_NONE: imported (or previewed); with `partial`, look at report->rows_bad. ERR_INPUT: the file or rows
 * are wrong, report->errors says where, nothing was written. ERR_LIMIT: the same, a ceiling was crossed.
 * ERR_NOT_FOUND, ERR_IO: the file cannot be read. ERR_CLASH and others come from store_commit. `err` holds
 * one sentence in any case. */
enum error_code import_file(struct store *store, const char *path, const struct import_options *options,
                            struct import_report *report, struct error *err);
/* The same for bytes in memory; `name` is shown in messages. The bytes are not kept. */
enum error_code import_buffer(struct store *store, const char *name, const char *bytes, size_t length,
                              const struct import_options *options, struct import_report *report,
                              struct error *err);

#endif
