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

/* How a column is written: in exports, and in templates with an example, a help line and a drop-down list.
 * Its headers stand in struct column (importers/intake.h); a kind has one form for each column, in the same
 * order. */
struct form_word {
    const char *stored, *zh; /* as the database has it, as coordinators read it; ends with a NULL */
};
enum form_choice {
    CHOICE_NONE,
    CHOICE_WORDS, /* form->words */
    CHOICE_YES_NO,
    CHOICE_AREAS,
    CHOICE_TOWNSHIPS,
    CHOICE_HALLS,
    CHOICE_COURSES,
    CHOICE_CATEGORIES,
    CHOICE_PROVIDERS,
    CHOICE_INSTRUCTORS,
    CHOICE_TRAVEL_CLASSES,
    CHOICE_COUNT
};
struct column_form;
/* Writes one column's cell of showing->row: text without the guards that a file format needs. */
typedef void (*form_shower)(const struct showing *showing, const struct column_form *form, struct text *out);
struct column_form {
    form_shower show; /* NULL: by the column's `store`; a column that the kind stores is then not exported */
    const char *stored; /* the column of the kind's table that a shower reads */
    const struct form_word *words;
    enum form_choice choice;
    const char *help;       /* "中文 / English"; NULL: not part of the template */
    const char *example[2]; /* cells of the example rows; NULL: empty */
};
/* A column to read only, with the names of what the others give as ids; headers begin with INFO_MARK. */
#define INFO_MARK "※"
struct info_column {
    const char *header;
    form_shower show;
    const char *stored;
};

/* Indexes the tables that are loaded in `rows`, which must outlive it. ERR_MEMORY. To be finished in any
 * case. */
enum error_code showing_init(struct showing *showing, const struct stored_rows *rows, int own,
                             struct error *err);
void showing_finish(struct showing *showing);

/* The row of an id, or NULL. */
const struct stored_row *showing_find(const struct showing *showing, int table, const char *id);

/* For showers. Of the row itself: an integer (0 for NULL), a text (borrowed; "" for NULL or an integer). */
int64_t show_integer(const struct showing *showing, const char *column);
const char *show_string(const struct showing *showing, const char *column);
/* An area with what it lies in, "某市 某镇 某村". */
void show_area_names(const struct showing *showing, const char *area_id, struct text *out);
/* The column `wanted` of a row of another table; the id when there is no such row. */
void show_other(const struct showing *showing, int table, const char *id, const char *wanted,
                struct text *out);

/* Showers. A cell as it is; "" for NULL. */
void show_plain(const struct showing *, const struct column_form *, struct text *);
/* The Chinese word; each word of a list joined by ; or , */
void show_word(const struct showing *, const struct column_form *, struct text *);
void show_word_list(const struct showing *, const struct column_form *, struct text *);
void show_yes_no(const struct showing *, const struct column_form *, struct text *);
/* Millionths of a degree; nothing for NULL. */
void show_degrees(const struct showing *, const struct column_form *, struct text *);
/* A minute of the day as "14:00"; nothing at the day's start or end, which an empty cell means. */
void show_minute(const struct showing *, const struct column_form *, struct text *);
/* Names of the area, course or instructor that the column refers to. */
void show_area_path(const struct showing *, const struct column_form *, struct text *);
void show_course_name(const struct showing *, const struct column_form *, struct text *);
void show_instructor_name(const struct showing *, const struct column_form *, struct text *);

#endif
