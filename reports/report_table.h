/* reports/report_table: a report before it is written: title, columns with types, rows, totals, notes, a
 * chart. Reports fill one, writers (report_write.h) print one. Failures are sticky: check report_table_status
 * once. One thread at a time. */
#ifndef LITANG_REPORTS_REPORT_TABLE_H
#define LITANG_REPORTS_REPORT_TABLE_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum report_type {
    REPORT_TEXT,
    REPORT_DATE,    /* text "YYYY-MM-DD" */
    REPORT_COUNT,   /* a whole number */
    REPORT_PERCENT, /* 100 × numerator ÷ denominator, two decimals, rounded half up */
    REPORT_RATIO    /* scale × numerator ÷ denominator, two decimals, rounded half up */
};

/* The last line of the table; only where the rows do not overlap. */
enum report_total {
    TOTAL_NONE,
    TOTAL_SUM,  /* of a count: the column's sum */
    TOTAL_RATIO /* of a percent or ratio: from the totals of its two columns */
};

struct report_column {
    const char *key; /* JSON */
    const char *zh, *en;
    enum report_type type;
    enum report_total total;
    int numerator, denominator; /* percent, ratio: columns that it divides, so that a spreadsheet can */
    int64_t scale;              /* of a ratio: 1, 1000 … */
};

/* Texts are borrowed from the snapshot, or copied into the table's arena by whoever fills it. */
struct report_cell {
    const char *text; /* text and date; NULL: empty */
    int64_t number;   /* count; numerator */
    int64_t denominator;
    bool is_empty; /* a count that was not entered */
};

struct report_note {
    const char *zh, *en;
};

enum {
    REPORT_COLUMNS_MAX = 24,
    REPORT_NOTES_MAX = 8
};

enum report_chart {
    CHART_NONE,
    CHART_COLUMNS,
    CHART_BARS,
    CHART_LINE
};

struct report_table {
    struct arena arena;
    const char *name; /* "coverage" */
    const char *title_zh, *title_en;
    const struct report_column *columns; /* borrowed */
    int column_count;
    struct report_cell *cells; /* owned; row × column_count + column */
    size_t row_count, row_capacity;
    struct report_note notes[REPORT_NOTES_MAX]; /* what the figures are about, in front of the rows */
    size_t note_count;
    enum report_chart chart;
    int chart_label, chart_value;                   /* columns */
    struct report_cell nowhere[REPORT_COLUMNS_MAX]; /* a row to write to when memory is out */
    enum error_code failed;
};

/* Empty, with these columns (a static array). */
void report_table_init(struct report_table *table, const char *name, const char *title_zh,
                       const char *title_en, const struct report_column *columns, int column_count);
void report_table_finish(struct report_table *table);
/* ERR_NONE, or what failed while it was filled. */
enum error_code report_table_status(const struct report_table *table, struct error *err);

/* The cells of a new row, all empty; after a failure, of a row that is thrown away. Valid until the next. */
struct report_cell *report_row(struct report_table *table);
const struct report_cell *report_at(const struct report_table *table, size_t row, int column);
/* A copy in the table's arena; NULL after a failure. */
const char *report_text(struct report_table *table, const char *text);
const char *report_textf(struct report_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *report_date(struct report_table *table, int32_t day);
/* Texts are copied. Notes past REPORT_NOTES_MAX are a failure. */
void report_note(struct report_table *table, const char *zh, const char *en);

struct report_cell cell_text(const char *text);
struct report_cell cell_count(int64_t number);
/* A count that nobody entered: empty when `number` < 0. */
struct report_cell cell_entered(int64_t number);
struct report_cell cell_ratio(int64_t numerator, int64_t denominator);

/* Has any column a total? And the last line's cell of a column. */
bool report_has_total(const struct report_table *table);
struct report_cell report_total(const struct report_table *table, int column);

/* What a cell shows: "12", "97.68", "–", "" (percents without the sign). */
enum {
    REPORT_NUMBER_SIZE = 32
};
const char *report_show(const struct report_column *column, const struct report_cell *cell,
                        char buffer[REPORT_NUMBER_SIZE]);

#endif
