/* importers/take_in: the bytes of an office file into a change set, without a database: which reader, which
 * sheets, then every row. import.c, the fuzz targets and the benchmark call it. One thread at a time. */
#ifndef LITANG_IMPORTERS_TAKE_IN_H
#define LITANG_IMPORTERS_TAKE_IN_H

#include "importers/intake.h"

/* Reads the workbook into report->book and chooses its sheets: report->sheets and, for each of them, a header
 * in *ret_headers (malloc'd; free()). A sheet that looks like a table but cannot be used stops the import;
 * one without a table is named as skipped. ERR_INPUT, ERR_LIMIT: report->errors says why, err holds the
 * first. ERR_MEMORY. */
enum error_code take_in_book(const char *bytes, size_t length, enum import_kind forced,
                             struct import_report *report, struct header **ret_headers, struct error *err);

/* The second half of it, for a report->book that somebody else has filled. */
enum error_code take_in_sheets(enum import_kind forced, struct import_report *report,
                               struct header **ret_headers, struct error *err);

/* Every row of the chosen sheets into `set`, checked against `base`; wrong ones into report->errors, which is
 * no failure here. `base` is read only. ERR_MEMORY. */
enum error_code take_in_rows(const struct header *headers, struct timetable *base, struct change_set *set,
                             struct import_report *report, struct error *err);

/* The same, rows of exports being compared with what `origin` knows; it may be NULL. */
enum error_code take_in_edited_rows(const struct header *headers, struct timetable *base,
                                    struct origin *origin, struct change_set *set,
                                    struct import_report *report, struct error *err);

/* Trouble with the file (sheet NULL, row 0), a sheet or a row as a whole: once in the report and, after the
 * file's name, in err. The sentence is "中文 (English)". Returns `code`, or ERR_MEMORY. */
enum error_code take_in_fail(struct import_report *report, enum error_code code, enum import_code about,
                             const char *sheet, uint32_t row, const char *sentence, struct error *err);

/* The first error and how many there are, as ERR_INPUT. */
enum error_code take_in_refuse(const struct import_report *report, struct error *err);

#endif
