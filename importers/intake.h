/* importers/intake: one file on its way in, and what a kind of file must state: a table of columns and a
 * function for one row. Only importers/ includes it. One thread at a time.
 *
 * For each row the table's parsers run first and every fault is reported; then the kind's function resolves
 * references, reports what it finds and, when the row is good, puts rows into the change set. Adding a column
 * is one line in the kind's table (docs/importing.md). */
#ifndef LITANG_IMPORTERS_INTAKE_H
#define LITANG_IMPORTERS_INTAKE_H

#include "base/map.h"
#include "importers/import.h"
#include "importers/lookup.h"
#include "importers/showing.h"
#include "importers/values.h"

enum {
    INTAKE_COLUMNS_MAX = 40,
    /* The widest table plus its resolved references. */
    INTAKE_CELLS_MAX = 48,
    /* "c-" and 16 hexadecimal digits. */
    DERIVED_KEY_SIZE = 24
};

enum column_need {
    COLUMN_OPTIONAL,
    COLUMN_REQUIRED /* the header and every cell */
};

/* How the parsed value reaches the kind's own table. */
enum column_store {
    STORE_BY_KIND, /* the kind's function does it */
    STORE_TEXT,    /* empty: '' */
    STORE_TEXT_OR_NULL,
    STORE_NUMBER, /* empty: `otherwise` */
    STORE_NUMBER_OR_NULL,
    STORE_DATE_OR_NULL
};

struct column {
    const char *field;    /* in English, a header too */
    const char *zh;       /* how messages call it */
    const char *synonyms; /* headers in plain form, joined by "|"; "!" before one that only this kind has, "?"
                             before one that another means more often */
    enum column_need need;
    value_parser parse;
    struct value_rule rule;
    enum column_store store;
    const char *stored; /* the column of the kind's table; NULL: as `field` */
    int64_t otherwise;
};

struct intake;

struct kind {
    enum import_kind kind;
    const struct column *columns;
    size_t column_count;
    uint64_t any_of[3]; /* the header needs one of each non-empty set of columns (bits) */
    /* Columns (bits) by which ledgers group their rows: an empty cell means "as above" (importers/layout.h).
     */
    uint64_t as_above;
    bool yields; /* to a kind whose columns fit the header as well */
    void (*row)(struct intake *intake);
    void (*finish)(struct intake *intake); /* may be NULL */

    /* The way out and back (importers/showing.h, importers/origin.h). */
    const struct column_form *forms; /* one for each column */
    const struct info_column *infos;
    size_t info_count;
    uint32_t shown;        /* the tables (STORED_BIT) that the forms read */
    size_t key;            /* the column that holds the row's id */
    uint64_t wholes[3];    /* sets of columns (bits) that are changed as one: latitude with longitude */
    uint64_t keeps;        /* columns (bits) in which an emptied cell changes nothing */
    uint64_t outcomes;     /* columns (bits) that stand in TABLE_ATTENDANCE, by the same key */
    uint64_t when_changed; /* columns (bits) that `row` shall not see unless the file changed them */
};

const struct kind *kind_find(enum import_kind kind);

struct header {
    const struct kind *kind;
    size_t row_index, row_count;          /* in sheet->rows; two rows: groups above their columns */
    uint32_t columns[INTAKE_COLUMNS_MAX]; /* of the sheet, from 0; NONE: not in the file */
};

/* The index of the first row below it. */
static inline size_t header_end(const struct header *header)
{
    return header->row_index + header->row_count;
}
/* What stands above a column (from 0) of the sheet, and how many columns the header has. importers/header.c
 */
const char *header_text(const struct sheet *sheet, const struct header *header, uint32_t column);
uint32_t header_width(const struct sheet *sheet, const struct header *header);

enum header_found {
    HEADER_FOUND,
    HEADER_REFUSED, /* there is a table, but its header cannot be used: reported */
    HEADER_ABSENT   /* nothing looks like a table; reported only when `is_only` */
};
/* Does the sheet list who came (姓名 with 电话 or 签名)? A header without a kind: looked for in the first
 * rows. importers/personal.c */
bool header_is_personal(const struct sheet *sheet, const struct header *header);
/* Finds the header among the first rows. `is_only`: the file has no other sheet. importers/header.c */
enum header_found header_find(const struct sheet *sheet, enum import_kind forced, bool is_only,
                              struct import_report *report, struct header *ret_header);

struct intake {
    const struct sheet *sheet; /* the one being read, of several */
    uint32_t sheet_index;
    const struct header *header;
    struct import_sheet *part; /* of the report: this sheet */
    struct timetable *base;    /* the published snapshot */
    struct lookup *lookup;
    struct change_set *set;
    struct import_report *report;
    struct arena arena;
    struct map *keys; /* of this kind's rows so far -> row number and sheet, see intake_claim */
    struct map made;  /* categories and providers put by this file */
    void *kept;       /* the kind's own; malloc'd, freed at the end */
    size_t kept_count, kept_capacity;

    const struct sheet_row *row;
    struct value values[INTAKE_COLUMNS_MAX];
    size_t row_errors;
    bool row_left_out; /* the kind has said why in a warning; counted as skipped */

    struct value_context context; /* its year: for all cells of the file */
    bool years_known;             /* the file's year was looked for */
    struct memo *memos;           /* owned; values of texts of this sheet that came before, by column */

    struct origin *origin; /* what exported rows are compared with; NULL: nothing is compared */
    bool is_compared;      /* the current row comes from an export and is still in the database */
    uint64_t unchanged;    /* columns (bits) of the current row that the file leaves as they were exported */

    struct reference_memo *references; /* owned; names that were found */
    size_t near_count;                 /* unknown names that were compared with all others */
    struct ledger_index *sessions;     /* owned; made by the kinds that need it; may be NULL */
    enum error_code failed;            /* memory: the import stops */
};

/* Reads all rows below the header into `intake->set`. importers/intake.c */
void intake_run(struct intake *intake);

/* The cells of the current row into intake->values, faults reported. importers/intake_cells.c */
void intake_parse_row(struct intake *intake);
/* Records that something else than the cell's text was understood. importers/intake_cells.c */
void intake_convert(struct intake *intake, size_t column, uint16_t how, const char *understood);
/* Keeps the current row's values for the report's preview while it wants rows. importers/intake_cells.c */
void intake_preview(struct intake *intake);
/* The year of dates without one, for the whole file, into intake->context and the report; and, when it
 * varies, of the current row's cell: 0 when the full dates above and below do not agree. importers/years.c */
void intake_years_find(struct intake *intake);
int32_t intake_year_beside(const struct intake *intake, size_t column);

static inline const struct value *intake_value(const struct intake *intake, size_t column)
{
    return &intake->values[column];
}
static inline const char *intake_text(const struct intake *intake, size_t column)
{
    return intake->values[column].text;
}
/* Does the cell hold anything, be it right or wrong? */
static inline bool intake_filled(const struct intake *intake, size_t column)
{
    uint32_t at = intake->header->columns[column];
    return at != NONE && *sheet_text(intake->sheet, intake->row, at) != '\0';
}
/* Does the file say anything about the column? Not when it leaves the cell as it was exported. */
static inline bool intake_has(const struct intake *intake, size_t column)
{
    return intake->header->columns[column] != NONE && (intake->unchanged >> column & 1U) == 0;
}

/* Parses one cell of the current row into intake->values; a fault is reported. */
void intake_parse(struct intake *intake, size_t column, const char *text);
/* The current row's cell without the guards that an export puts around it (importers/guard.h). */
const char *intake_cell(struct intake *intake, size_t column);

/* Reports about a column of the current row (INTAKE_NO_COLUMN: the row). The sentences may hold one %s for
 * `shown`. */
enum {
    INTAKE_NO_COLUMN = UINT32_MAX
};
void intake_fault(struct intake *intake, size_t column, const struct fault *fault);
/* Takes back the errors of the current row: it is left out, so that they do not matter. */
void intake_forgive(struct intake *intake);
void intake_error(struct intake *intake, size_t column, enum import_code code, const char *zh, const char *en,
                  const char *shown);
/* The same with sentences that are complete. */
void intake_error_text(struct intake *intake, size_t column, enum import_code code, const char *zh,
                       const char *en);
void intake_warn(struct intake *intake, size_t column, enum import_code code, const char *zh, const char *en,
                 const char *shown);
/* The same for an earlier row, from `finish`. */
void intake_warn_row(struct intake *intake, const struct sheet_row *row, size_t column, enum import_code code,
                     const char *zh, const char *en, const char *shown);
/* Claims a key for the current row; a second claim is reported. `key` must live as long as the intake. */
void intake_claim(struct intake *intake, size_t column, const char *key);
/* A copy in the intake's arena; "" when memory is out (intake->failed). */
const char *intake_keep(struct intake *intake, const char *text);
/* A key from the row's content: the prefix and a hash of the parts. */
const char *intake_derive(struct intake *intake, const char *prefix, const char *const *parts, size_t count);

/* One zeroed block for `columns` columns; NULL: no memory. */
struct memo *memos_create(size_t columns);

struct cells {
    struct cell items[INTAKE_CELLS_MAX];
    size_t count;
};
void cells_add(struct cells *cells, struct cell cell);
/* Adds every column that the file has and the table stores by itself. Dates are copied into the arena. */
void cells_add_stored(struct cells *cells, struct intake *intake);
/* "YYYY-MM-DD" in the arena. */
struct cell cell_date(struct intake *intake, const char *column, int64_t day);
void intake_put(struct intake *intake, enum store_table table, const struct cells *cells);
void intake_drop(struct intake *intake, enum store_table table, const struct cells *keys);

/* references.c: text -> index, by id first, then by name; a failure is reported at `column`. */
struct reference_memo *reference_memos_create(void); /* NULL: no memory */
/* How many records bear the id or name; the first in *ret_index. Reports nothing. */
size_t reference_try(struct intake *intake, enum lookup_table table, const char *text, uint32_t *ret_index);
uint32_t reference_find(struct intake *intake, size_t column, enum lookup_table table, const char *text);
/* The deepest of county, township, village and area (each a code or a name) that the row gives; NONE when it
 * gives none or one of them is wrong (reported). Columns may be INTAKE_NO_COLUMN. */
struct area_columns {
    size_t area, county, township, village;
};
uint32_t reference_area(struct intake *intake, const struct area_columns *columns);
/* A hall by id or name; the name is looked for within `area` unless it is NONE. */
uint32_t reference_hall(struct intake *intake, size_t column, uint32_t area);
/* The id of a category or provider by id or name, put into the set when it is new (id = name); NULL when it
 * cannot be (reported). */
const char *reference_or_make(struct intake *intake, size_t column, enum lookup_table table);

/* Shared by closures, absences: from_date/to_date/from_min/to_min from the row. `time` is a span, or
 * INTAKE_NO_COLUMN. */
struct span_columns {
    size_t from, to, time, from_time, to_time;
};
struct span {
    int32_t from_day, to_day, from_min, to_min;
};
/* Takes "4月25-26日" in the column `from` for both ends, and a time beside it for `time`; they stand in the
 * values afterwards. Reports and answers false when the days have gaps, another column says otherwise or the
 * time has no end. To be called before the span is read. importers/days.c */
bool intake_days_spread(struct intake *intake, const struct span_columns *columns);
bool intake_span(struct intake *intake, const struct span_columns *columns, struct span *ret_span);
void cells_add_span(struct cells *cells, struct intake *intake, const struct span *span);
/* Latitude and longitude columns, WGS-84 or GCJ-02. */
struct place_columns {
    size_t lat, lon, lat_gcj, lon_gcj, datum;
};
void cells_add_place(struct cells *cells, struct intake *intake, const struct place_columns *columns);

#endif
