/* reports/report: the list of reports. Each fills a report_table from a query; adding one is a function in a
 * report_*.c and a line in report.c. Any thread, except those that need the store (its own thread). */
#ifndef LITANG_REPORTS_REPORT_H
#define LITANG_REPORTS_REPORT_H

#include "reports/coverage.h"
#include "reports/grouping.h"
#include "reports/report_table.h"
#include "store/store.h"

struct report_query {
    struct timetable *timetable; /* borrowed, like the rest */
    struct store *store;         /* NULL where there is none: what needs it answers ERR_USAGE */
    int32_t from_day, to_day;    /* inclusive; at most LIMIT_REPORT_DAYS */
    int32_t as_of_day;           /* printed; the day on which it is asked, or asked about */
    enum coverage_definition definition;
    int32_t minimum;
    uint32_t area, hall, instructor; /* NONE: any */
    const char *period;              /* frozen, corrections: its name, or NULL */
    enum group_by by;                /* BY_COUNT: the report's own choice */
    bool english;                    /* words in cells; headings are the writer's */
    bool lists;                      /* coverage: the places of this standing instead of the figures */
    enum coverage_standing standing;
};

typedef enum error_code report_function(const struct report_query *query, struct report_table *table,
                                        struct error *err);

struct report {
    const char *name, *zh, *en;
    report_function *make; /* the table is not yet initialised; on failure it is left finished or zeroed */
};

extern const struct report REPORTS[];
extern const size_t REPORT_LIST_COUNT;

/* NULL when unknown. */
const struct report *report_find(const char *name);
/* Checks the query's period, fills the table and checks its status. The caller finishes the table in every
 * case. */
enum error_code report_make(const struct report *report, const struct report_query *query,
                            struct report_table *ret_table, struct error *err);

/* For the report_*.c files: the note that every report carries: period, place, date, revision. */
void report_note_scope(struct report_table *table, const struct report_query *query);
/* The note of a coverage figure. */
void report_note_coverage(struct report_table *table, const struct coverage *coverage);
/* When this very period was frozen: what was reported and what it was corrected to. */
enum error_code report_note_frozen(struct report_table *table, const struct report_query *query,
                                   struct error *err);
/* A session that the query's period, area, hall and instructor let in. */
bool report_wants(const struct report_query *query, const struct session *session);

report_function report_coverage, report_sessions, report_held, report_load, report_halls, report_requests,
    report_refused, report_ledger, report_changes, report_equity, report_gaps, report_instructor_list,
    report_hall_list, report_frozen, report_corrections;

#endif
