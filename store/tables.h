/* store/tables: what the gate knows about each plain table: its columns, its key, what feeds show of it. One
 * table of tables drives put, drop, audit and undo. Only store/ includes it. */
#ifndef LITANG_STORE_TABLES_H
#define LITANG_STORE_TABLES_H

#include "base/text.h"
#include "store/change.h"

enum {
    COLUMN_KEY = 1,      /* part of the primary key; stands first */
    COLUMN_NULLABLE = 2, /* left out: NULL; otherwise the default */
    COLUMN_NEEDED = 4,   /* has no default */
    COLUMN_VISIBLE =
        8, /* feeds show it: a change raises LAST-MODIFIED of every session that depends on the row */
    TABLE_COLUMNS_MAX = 20
};

struct column_info {
    const char *name;
    enum cell_type type;
    unsigned flags;
    int64_t otherwise;          /* default of an integer */
    const char *otherwise_text; /* default of a text */
};

/* What a change of the table can mean for others. */
enum {
    TABLE_IN_SNAPSHOT = 1, /* the timetable must be read anew */
    TABLE_IN_RULES = 2     /* published sessions may come into conflict */
};

struct table_info {
    const char *name, *zh;
    unsigned flags;
    const struct column_info *columns;
    int column_count, key_count;
};

const struct table_info *table_info(enum store_table table);
enum store_table table_from_name(const char *name);                /* TABLE_COUNT when unknown */
int table_column(const struct table_info *info, const char *name); /* -1 when unknown */

/* One row's values in the order of the table's columns. */
struct value {
    enum cell_type type;
    int64_t integer;
    const char *text;
};
struct record {
    struct value at[TABLE_COLUMNS_MAX];
};

bool value_equal(const struct value *a, const struct value *b);
bool record_equal(const struct table_info *info, const struct record *a, const struct record *b);
/* ["key", …] and {"column": value, …}; the JSON of row_key, before and after in the table audit. */
void record_key_json(const struct table_info *info, const struct record *record, struct text *out);
void record_json(const struct table_info *info, const struct record *record, struct text *out);
/* "礼堂 H1 (hall H1)" for messages. */
void record_name(const struct table_info *info, const struct record *record, struct text *out);

#endif
