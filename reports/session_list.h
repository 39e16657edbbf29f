/* reports/session_list: published sessions as CSV or JSON, the columns of DESIGN §11 first, in that order.
 * Pure over a snapshot; any thread. */
#ifndef LITANG_REPORTS_SESSION_LIST_H
#define LITANG_REPORTS_SESSION_LIST_H

#include "base/text.h"
#include "base/zone.h"
#include "scheduler/audience.h"
#include "scheduler/timetable.h"

struct session_filter {
    int32_t from_day, to_day;        /* inclusive */
    uint32_t area, hall, instructor; /* NONE: any */
    bool any_status;
    enum session_status status;
};

/* Indices of the sessions that pass, by (day, start, id); malloc'd, to be freed by the caller. */
enum error_code session_list_select(const struct timetable *timetable, const struct session_filter *filter,
                                    uint32_t **ret_indices, size_t *ret_count, struct error *err);

/* What a list is printed from: last_modified is the one that feeds say on `today` in the deployment's zone.
 */
struct session_list {
    const struct timetable *timetable; /* borrowed, like the rest */
    const struct zone *zone;
    int32_t today;
    enum audience audience; /* ids of instructors stay empty for who may not know them */
    const uint32_t *indices;
    size_t count;
};

/* The header row and the rows; lines end in "\n". For Excel and WPS: "\r\n", a BOM in front, and an
 * apostrophe before what would run as a formula. */
void session_list_csv(const struct session_list *list, bool for_excel, struct text *out);
/* A JSON array of objects with the same names; numbers stay numbers. */
void session_list_json(const struct session_list *list, struct text *out);

#endif
