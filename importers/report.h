/* importers/report: what an import found and did: every wrong cell with its place, a stable code and a
 * sentence in Chinese and in English. One thread at a time. */
#ifndef LITANG_IMPORTERS_REPORT_H
#define LITANG_IMPORTERS_REPORT_H

#include "base/arena.h"
#include "base/text.h"
#include "importers/workbook.h"
#include "store/change.h"

#include <stdbool.h>
#include <stddef.h>

/* The kinds of files, in the order in which an empty database wants them. code, name, table, Chinese */
#define IMPORT_KIND_LIST(X)                                                                                  \
    X(IMPORT_AREAS, "areas", TABLE_AREA, "区域")                                                             \
    X(IMPORT_HOLIDAYS, "holidays", TABLE_HOLIDAY, "节假日")                                                  \
    X(IMPORT_COURSES, "courses", TABLE_COURSE, "课程")                                                       \
    X(IMPORT_HALLS, "halls", TABLE_HALL, "文化礼堂")                                                         \
    X(IMPORT_INSTRUCTORS, "instructors", TABLE_INSTRUCTOR, "讲师")                                           \
    X(IMPORT_REQUESTS, "requests", TABLE_REQUEST, "点单")                                                    \
    X(IMPORT_CLOSURES, "closures", TABLE_CLOSURE, "停用")                                                    \
    X(IMPORT_ABSENCES, "absences", TABLE_ABSENCE, "讲师请假")                                                \
    X(IMPORT_SESSIONS, "sessions", TABLE_COUNT, "活动台账")                                                  \
    X(IMPORT_ATTENDANCE, "attendance", TABLE_ATTENDANCE, "开展登记")

enum import_kind {
    IMPORT_AUTO, /* guessed from the headers */
#define X(code, name, table, zh) code,
    IMPORT_KIND_LIST(X)
#undef X
    IMPORT_KIND_END
};

const char *import_kind_name(enum import_kind kind); /* "auto", "areas" … */
const char *import_kind_zh(enum import_kind kind);
/* The table that its rows go to; TABLE_COUNT: sessions, which are none of those. */
enum store_table import_kind_table(enum import_kind kind);
/* The English name or the Chinese one; false leaves *ret_kind untouched. */
bool import_kind_from_name(const char *name, enum import_kind *ret_kind);

/* code, stable name, what it is about (docs/importing.md repeats this list) */
#define IMPORT_CODE_LIST(X)                                                                                  \
    /* the file: nothing can be read from it */                                                              \
    X(CODE_FORMAT, "format", "not a CSV file")                                                               \
    X(CODE_ENCODING, "encoding", "bytes that are no text in any known encoding")                             \
    X(CODE_LIMIT, "limit", "a ceiling of base/limits.h was crossed")                                         \
    X(CODE_QUOTE, "quote", "a quotation mark is left open or misplaced")                                     \
    X(CODE_EMPTY, "empty", "no data rows")                                                                   \
    X(CODE_NO_HEADER, "no-header", "no row holds the headers that the kind needs")                           \
    X(CODE_TWO_ROW_HEADER, "two-row-header", "the header takes two rows")                                    \
    X(CODE_AMBIGUOUS_KIND, "ambiguous-kind", "the headers fit several kinds")                                \
    X(CODE_DUPLICATE_COLUMN, "duplicate-column", "two columns mean the same")                                \
    /* a cell */                                                                                             \
    X(CODE_MISSING, "missing", "a needed cell is empty")                                                     \
    X(CODE_TOO_LONG, "too-long", "more text than the field holds")                                           \
    X(CODE_CONTROL, "control", "control characters")                                                         \
    X(CODE_NUMBER, "number", "not a number")                                                                 \
    X(CODE_RANGE, "range", "outside the allowed range")                                                      \
    X(CODE_DESTROYED, "destroyed-code", "a spreadsheet has turned the code into 3.31E+11")                   \
    X(CODE_CELL_ERROR, "cell-error", "a formula's error, such as #N/A")                                      \
    X(CODE_BAD_CODE, "bad-code", "not a code of this kind")                                                  \
    X(CODE_DATE, "date", "not a date")                                                                       \
    X(CODE_TIME, "time", "not a time of day")                                                                \
    X(CODE_ORDER, "order", "the end is before the start")                                                    \
    X(CODE_HOURS, "hours", "not weekly hours")                                                               \
    X(CODE_WORD, "word", "none of the words that the column allows")                                         \
    X(CODE_RULE, "rule", "not a rule of recurring days")                                                     \
    X(CODE_PLACE, "place", "not a pair of coordinates")                                                      \
    X(CODE_ITEMS, "items", "too many items in one cell, or one item twice")                                  \
    X(CODE_LINE, "line", "a line of a calendar that cannot be read")                                         \
    X(CODE_ZONE, "zone", "a time zone that is not known")                                                    \
    /* a row */                                                                                              \
    X(CODE_UNKNOWN, "unknown", "refers to something that does not exist")                                    \
    X(CODE_AMBIGUOUS, "ambiguous", "a name that several records bear")                                       \
    X(CODE_DUPLICATE, "duplicate", "the same record stands twice in the file")                               \
    X(CODE_CONFLICT, "conflict", "two cells of the row contradict each other")                               \
    X(CODE_REFUSED, "refused", "the database refused the rows")                                              \
    /* a row of an export that was edited */                                                                 \
    X(CODE_BOTH_CHANGED, "both-changed", "a cell was changed in the file and in the database")               \
    X(CODE_DELETED, "deleted-meanwhile", "the row was changed in the file and deleted in the database")      \
    X(CODE_CLASH, "clash", "a rule that cannot be set aside refuses the session")                            \
    X(CODE_SIMILAR, "similar", "almost the name of a record that exists")                                    \
    X(CODE_PERSONAL, "personal-data", "names, telephone numbers or signatures of those who came")            \
    /* warnings */                                                                                           \
    X(CODE_NOT_DELETED, "not-deleted", "what the file no longer holds stays")                                \
    X(CODE_KEPT, "kept", "cells were changed in the database since the export; they stay so")                \
    X(CODE_OTHER_BASE, "other-base", "the export is of another database; it was taken as a plain file")      \
    X(CODE_EXAMPLE, "example", "an edited example row of a template was skipped")                            \
    X(CODE_UNKNOWN_PARENT, "unknown-parent", "the area's parent is not known; kept as given")                \
    X(CODE_IGNORED_COLUMN, "ignored-column", "a column that this kind does not use")                         \
    X(CODE_IGNORED_SHEET, "ignored-sheet", "a sheet without a known table, or a hidden one")                 \
    X(CODE_ASSUMED, "assumed", "a value was converted by a convention")                                      \
    X(CODE_SET_ASIDE, "set-aside", "a session of the past breaks a rule; recorded with the reason")          \
    X(CODE_LEFT_OUT, "left-out", "a row with nothing to record")                                             \
    X(CODE_CANCELLED, "cancelled", "a session that is not held: the row does not move it")                   \
    X(CODE_REVIVED, "revived", "a session that litang has as cancelled took place")                          \
    X(CODE_MADE, "made", "a record that the file names and that did not exist")

enum import_code {
#define X(code, name, about) code,
    IMPORT_CODE_LIST(X)
#undef X
    IMPORT_CODE_COUNT
};

const char *import_code_name(enum import_code code);

struct import_finding {
    enum import_code code;
    const char *sheet;  /* "" in a CSV file */
    uint32_t row;       /* as a spreadsheet shows it; 0: the file as a whole */
    uint32_t column;    /* from 1; 0: the row as a whole */
    const char *header; /* the column's header in the file, or the field that is missing; "" */
    const char *zh, *en;
    const char *text; /* the cell, cut after 200 bytes */
};

/* Where the year of dates without one comes from. */
enum import_year_source {
    YEAR_UNKNOWN,
    YEAR_OPTION, /* the caller said it */
    YEAR_TITLE,
    YEAR_COLUMN, /* all full dates of the column have it */
    YEAR_FILE_NAME,
    YEAR_NEIGHBOURS /* the full dates above and below a cell agree */
};

/* A value that is not just what stands in the cell: what was made of it. */
struct import_conversion {
    uint32_t row, column; /* as in a finding */
    const char *sheet, *header;
    const char *written;    /* the cell, cut after 200 bytes */
    const char *understood; /* "2024-04-09 14:00" */
    uint16_t how;           /* HOW_* bits of importers/values.h */
    enum import_year_source year_source;
};

struct import_conversions {
    struct import_conversion *items; /* owned; texts belong to the report */
    size_t count, capacity;          /* at most LIMIT_IMPORT_CONVERSIONS */
    size_t total;                    /* all of them */
};

/* The first rows as they were understood. */
enum {
    IMPORT_PREVIEW_ROWS = 10
};
struct import_preview {
    const char **headers; /* texts and arrays belong to the report */
    size_t column_count;
    uint32_t row_numbers[IMPORT_PREVIEW_ROWS];
    const char **rows[IMPORT_PREVIEW_ROWS];
    size_t row_count;
};

struct import_findings {
    struct import_finding *items; /* owned; texts belong to the report */
    size_t count, capacity;       /* at most LIMIT_IMPORT_ERRORS */
    size_t total;                 /* all of them */
};

/* A sheet that was imported, and its part of the counts. */
struct import_sheet {
    const struct sheet *sheet; /* borrowed from the report's book */
    enum import_kind kind;
    uint32_t header_row, header_last; /* numbers of its first and last row */
    size_t rows_read, rows_good, rows_bad, rows_skipped;
    struct import_preview preview;
    enum import_year_source year_source; /* of dates without one */
    int32_t year;                        /* 0: not needed, not found, or it varies from cell to cell */
};

struct ics_text;

struct import_report {
    struct arena arena;
    const char *file;      /* as given, without folders */
    const char *encoding;  /* "UTF-8", "GB18030" …; "xlsx" of a workbook */
    enum import_kind kind; /* of the first sheet; IMPORT_AUTO when it could not be recognised */
    bool dry_run, partial;
    int32_t year; /* of dates without one, as the caller says; 0: from the file */
    void (*progress)(void *context, size_t done, size_t all); /* rows of a sheet, now and then; may be NULL */
    void *progress_context;
    int32_t today;       /* local, as the caller says: what lies after it has not taken place */
    bool create_missing; /* courses, people and qualifications that a ledger of the past names are made */
    uint32_t header_row; /* of the first sheet; 0: none found */
    size_t rows_read;    /* data rows: good + bad */
    size_t rows_good, rows_bad;
    size_t rows_unedited;                 /* of the good ones: as exported, so that nothing is done */
    size_t rows_examples;                 /* of the skipped ones: example rows of a template */
    size_t rows_skipped;                  /* title, repeated header, sum and note rows */
    size_t calendar_events, calendar_bad; /* of an iCalendar file; its rows are meetings */
    struct ics_text *calendar_text;       /* owned; its lines, for writing faulty events back; may be NULL */
    bool has_drops;                       /* meetings that a followed calendar no longer holds */
    bool is_calendar_whole;               /* no event is faulty and nothing is cut off */
    struct import_findings errors, warnings;
    struct import_conversions conversions;
    bool has_result;                    /* `result` was filled: a preview or a commit */
    bool is_committed;                  /* the rows are in the database (also when nothing had to change) */
    struct commit_result result;        /* counts over all tables, revision, re-flagged sessions */
    size_t created, updated, unchanged; /* rows of the kinds' own tables */
    struct workbook *book;              /* owned; what was read, for writing bad rows back; may be NULL */
    struct arena values;                /* texts of the ledger's rows */
    struct ledger *ledger;              /* owned; rows that are sessions, may be NULL */
    struct import_sheet *sheets;        /* owned; those with a header, in the file's order */
    size_t sheet_count;
};

void import_report_init(struct import_report *report);
void import_report_finish(struct import_report *report);

/* Adds a finding; texts are copied. `header` and `text` may be NULL. False when memory is out; past
 * LIMIT_IMPORT_ERRORS it is counted only. */
bool import_report_add(struct import_report *report, bool is_warning, const struct import_finding *finding);

/* Errors and warnings in the order of sheets and rows, after some were added late. */
void import_report_sort(struct import_report *report);
/* Adds a conversion; texts are copied. False when memory is out; past LIMIT_IMPORT_CONVERSIONS it is counted
 * only. */
bool import_report_convert(struct import_report *report, const struct import_conversion *conversion);

enum import_language {
    IMPORT_ZH,
    IMPORT_EN,
    IMPORT_BOTH
};
/* The whole report as lines: the summary, then errors, then warnings, then what to do next. */
void import_report_write(const struct import_report *report, enum import_language language, struct text *out);
/* One finding as one line "halls.csv:17: 容量: … [number]" without a newline. */
void import_finding_write(const struct import_report *report, const struct import_finding *finding,
                          enum import_language language, struct text *out);
/* The header and the bad rows as they were read, with the reasons in a last column "错误": CSV with BOM and
 * CRLF, to mend and import again. Nothing when no row is bad. */
void import_report_write_bad_rows(const struct import_report *report, struct text *out);
/* The same as an XLSX file, for rows that came in a workbook. ERR_IO, ERR_MEMORY. bad_rows.c */
enum error_code import_report_write_bad_workbook(const struct import_report *report, const char *path,
                                                 struct error *err);

/* The first rows as they were understood, then every value that was understood otherwise than it is written:
 * as tables for a terminal. report_preview.c */
void import_report_write_preview(const struct import_report *report, enum import_language language,
                                 struct text *out);
/* Everything as one JSON object: summary, errors, warnings, conversions, preview. report_preview.c */
void import_report_write_json(const struct import_report *report, struct text *out);

#endif
