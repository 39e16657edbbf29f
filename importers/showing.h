/* importers/showing: stored rows as the cells that their kind's importer reads back. The exporter writes
 * them, the merge (importers/origin.h) compares an edited copy with them. One thread at a time. */
#ifndef LITANG_IMPORTERS_SHOWING_H
#define LITANG_IMPORTERS_SHOWING_H

#include "base/text.h"
#include "store/rows.h"

/* Rows of another table that hang on one id: rooms of a hall, qualifications of an instructor. */
struct related {
    uint32_t *order;  /* owned; positions in the table's rows, by the id they hang on, then by key */
    struct map first; /* the id -> position in `order` */
};

struct showing {
    const struct stored_rows *rows;
    int own;                            /* the kind's table, STORED_… */
    const struct stored_row *row;       /* the row to be shown */
    struct map ids[STORED_TABLE_COUNT]; /* first column as text -> position; of each table that was loaded */
    struct related rooms, qualifications;
    struct arena arena; /* integer ids as text */
};

/* Writes one column's cell of showing->row: text without the guards that a file format needs. */
typedef void (*column_shower)(const struct showing *showing, struct text *out);

/* Indexes the tables that are loaded in `rows`, which must outlive it. ERR_MEMORY. To be finished in any
 * case. */
enum error_code showing_init(struct showing *showing, const struct stored_rows *rows, int own,
                             struct error *err);
void showing_finish(struct showing *showing);

/* The row of an id, or NULL. */
const struct stored_row *showing_find(const struct showing *showing, int table, const char *id);

/* For showers. Of the row itself: a cell as text ("" for NULL), an integer (0 for NULL). */
void show_text(const struct showing *showing, const char *column, struct text *out);
int64_t show_integer(const struct showing *showing, const char *column);
/* A text cell, borrowed; "" when NULL or an integer. */
const char *show_string(const struct showing *showing, const char *column);
/* The column `wanted` of the row of another table that `column` refers to; the id when there is no such row.
 */
void show_referred(const struct showing *showing, const char *column, int table, const char *wanted,
                   struct text *out);
/* An area with what it lies in, "某市 某镇 某村". */
void show_area_path(const struct showing *showing, const char *area_id, struct text *out);
/* Millionths of a degree; nothing for NULL. */
void show_degrees(const struct showing *showing, const char *column, struct text *out);
/* A minute of the day as "14:00"; nothing when it is `plain`, the value that an empty cell has. */
void show_minute(const struct showing *showing, const char *column, int64_t plain, struct text *out);

#endif
