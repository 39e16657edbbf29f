/* importers/lookup: names of a snapshot -> indices, for files that name things instead of giving ids. One
 * thread at a time. */
#ifndef LITANG_IMPORTERS_LOOKUP_H
#define LITANG_IMPORTERS_LOOKUP_H

#include "scheduler/timetable.h"

enum lookup_table {
    LOOKUP_AREAS,
    LOOKUP_HALLS,
    LOOKUP_INSTRUCTORS,
    LOOKUP_COURSES,
    LOOKUP_CATEGORIES,
    LOOKUP_PROVIDERS,
    LOOKUP_COUNT
};

struct lookup;

/* Holds a reference on the snapshot; tables are indexed when they are first asked for. NULL: no memory. */
struct lookup *lookup_create(struct timetable *timetable);
void lookup_destroy(struct lookup *lookup); /* NULL is allowed */

/* Only halls of, and areas within, `within` (NONE: all); only areas whose level's bit (1 << AREA_…) is set
 * (0: all). */
struct lookup_filter {
    uint32_t within;
    unsigned levels;
};

struct lookup_answer {
    uint32_t found[8]; /* the first ones */
    size_t count;      /* all of them */
    bool is_stem;      /* found without 村, 镇, 文化礼堂 and the like: another spelling */
};

/* By exact name (blanks, case and width aside); when nothing bears it, by the name without 村, 镇, 文化礼堂
 * and the like; of a hall also on either side (示例村礼堂, 示例村文化礼堂). ERR_MEMORY. */
enum error_code lookup_find(struct lookup *lookup, enum lookup_table table, const char *name,
                            const struct lookup_filter *filter, struct lookup_answer *ret_answer);

/* Up to three names that are almost this one: without their endings they differ in one character (two of a
 * long name), in 禮 for 礼 alone, or one holds the other. Looks at every row: for messages only.
 * lookup_near.c */
void lookup_near(const struct timetable *timetable, enum lookup_table table, const char *name,
                 const struct lookup_filter *filter, struct lookup_answer *ret_answer);

/* The same name but for its ending, blanks, width and 禮 for 礼. */
bool lookup_same_name(enum lookup_table table, const char *a, const char *b);

/* Do they differ in one character that may be a slip of the pen? Not in a number or a direction: 示例一村 and
 * 示例二村, 上陈 and 下陈 are two places. */
bool lookup_is_slip(enum lookup_table table, const char *a, const char *b);

/* The length of a plain name without the ending that people leave off. */
size_t lookup_stem(enum lookup_table table, const char *plain);
size_t lookup_count(const struct timetable *timetable, enum lookup_table table);
bool lookup_passes(const struct timetable *timetable, enum lookup_table table, uint32_t index,
                   const struct lookup_filter *filter);
/* The id and name of a row, and the index of an id (NONE). */
const char *lookup_id(const struct timetable *timetable, enum lookup_table table, uint32_t index);
const char *lookup_name(const struct timetable *timetable, enum lookup_table table, uint32_t index);
uint32_t lookup_by_id(const struct timetable *timetable, enum lookup_table table, const char *id);

#endif
