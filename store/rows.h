/* store/rows: plain tables and sessions as rows of cells, as they stand now or as they stood at an earlier
 * revision (told from the audit). For exports, and for comparing an edited copy of one with what became of
 * its rows since. One thread: the store's. */
#ifndef LITANG_STORE_ROWS_H
#define LITANG_STORE_ROWS_H

#include "base/map.h"
#include "store/change.h"

enum {
    /* Sessions stand behind the plain tables. Their cells: id, course_id, room_id, instructor_ids (joined by
     * ';'), date, start_min, minutes, setup_min, clear_min, status, request_id, series_id, series_exception,
     * pinned, heads, counts_as, note, cancel_reason. */
    STORED_SESSION = TABLE_COUNT,
    STORED_TABLE_COUNT,
    /* "r" revision "-" 8 hexadecimal digits. */
    STORED_STAMP_SIZE = 32,
    /* Any integer as text. */
    STORED_NUMBER_SIZE = 24
};
#define STORED_BIT(table) (UINT32_C(1) << (table))

struct stored_row {
    const char *key;          /* as the audit's row_key: a JSON array */
    const struct cell *cells; /* every column, in the table's order */
};

struct stored_table {
    struct stored_row *rows; /* owned; by their first column */
    size_t count, capacity;
    int column_count;
    const char *const *columns;
};

struct stored_rows {
    struct arena arena;
    int64_t revision;
    struct stored_table tables[STORED_TABLE_COUNT];
};

/* The tables of the mask (STORED_BIT), all at one revision: `revision`, or the newest (STORED_NEWEST). To be
 * finished by the caller, also after a failure. ERR_NOT_FOUND: there is no such revision. */
enum {
    STORED_NEWEST = -1
};
enum error_code stored_rows_load(struct store *store, uint32_t tables, int64_t revision,
                                 struct stored_rows *ret_rows, struct error *err);
void stored_rows_finish(struct stored_rows *rows);

/* A cell by its column's name; an unknown column is a bug and answers a NULL cell. */
struct cell stored_cell(const struct stored_table *table, const struct stored_row *row, const char *column);
/* The same as text: "" for NULL; integers in decimal in `buffer`, which holds STORED_NUMBER_SIZE bytes. */
const char *stored_text(const struct stored_table *table, const struct stored_row *row, const char *column,
                        char *buffer);

/* What names a revision of this database and no other: its number, and a hash of when, by whom and why it was
 * made. Put into exports. */
enum error_code stored_stamp(struct store *store, int64_t revision, char ret_stamp[STORED_STAMP_SIZE],
                             struct error *err);
/* The revision of a stamp. ERR_SYNTAX: no stamp at all. ERR_NOT_FOUND: of another database, or of a part of
 * this one's history that a restored backup does not have. */
enum error_code stored_stamp_read(struct store *store, const char *stamp, int64_t *ret_revision,
                                  struct error *err);

/* Who changed a row last, after `revision`; *ret_revision 0 when nobody did. */
struct stored_change {
    int64_t revision;
    char actor[LIMIT_NAME_BYTES + 1];
};
enum error_code stored_last_change(struct store *store, int table, const char *key, int64_t revision,
                                   struct stored_change *ret_change, struct error *err);

#endif
