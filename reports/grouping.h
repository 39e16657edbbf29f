/* reports/grouping: sessions by city, county, township, category, provider, programme tag or month. Pure over
 * a snapshot; any thread. */
#ifndef LITANG_REPORTS_GROUPING_H
#define LITANG_REPORTS_GROUPING_H

#include "reports/session_sum.h"

#define GROUP_LIST(X)                                                                                        \
    X(BY_CITY, "city", "全市", "city")                                                                       \
    X(BY_COUNTY, "county", "县（市、区）", "county")                                                         \
    X(BY_TOWNSHIP, "township", "乡镇（街道）", "township")                                                   \
    X(BY_CATEGORY, "category", "课程类别", "category")                                                       \
    X(BY_PROVIDER, "provider", "开课单位", "provider")                                                       \
    X(BY_TAG, "tag", "项目标签", "programme tag")                                                            \
    X(BY_MONTH, "month", "月份", "month")

enum group_by {
#define X(code, name, zh, en) code,
    GROUP_LIST(X)
#undef X
    BY_COUNT
};

const char *group_by_name(enum group_by by);
const char *group_by_title(enum group_by by, bool chinese);
enum group_by group_by_from_name(const char *name); /* BY_COUNT when unknown */

/* One line of a report. */
struct group {
    const char *code, *name; /* borrowed from the snapshot or the grouping's arena */
    uint32_t index;          /* of the area, category or provider; NONE: none, or a tag or month */
    int32_t last_day;        /* of a month, cut at the period's end; else the period's */
};

struct grouping {
    const struct timetable *timetable; /* borrowed */
    enum group_by by;
    int32_t from_day, to_day;
    uint32_t area; /* only sessions and groups below it; NONE: all */
    struct arena arena;
    struct group *groups; /* owned */
    size_t count;
    uint32_t *group_of; /* owned; by area, category or provider index */
    /* The last group takes what belongs to none ("（无）"), so that sums add up; NONE: everything belongs. */
    uint32_t rest;
};

/* Finds the groups. ERR_MEMORY; ERR_LIMIT: more tags than LIMIT_REPORT_TAGS. */
enum error_code grouping_make(const struct timetable *timetable, enum group_by by, int32_t from_day,
                              int32_t to_day, uint32_t area, struct grouping *ret_grouping,
                              struct error *err);
void grouping_finish(struct grouping *grouping);
/* Do groups overlap (a course has several tags), so that sums mean nothing? */
bool grouping_overlaps(const struct grouping *grouping);
/* The sums of the period's sessions, one for each group; to be freed. */
enum error_code grouping_sum(const struct grouping *grouping, struct session_sum **ret_sums,
                             struct error *err);
/* Flags the courses of a group of categories, providers or tags: [course]. */
void grouping_courses(const struct grouping *grouping, size_t group, bool *ret_courses);
/* Is this word one of "能者为师;…"? */
bool tag_has(const char *tags, const char *tag);

#endif
