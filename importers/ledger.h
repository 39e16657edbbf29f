/* importers/ledger: rows that are sessions, from their cells to the commit. The kinds sessions and attendance
 * put rows in; import.c puts them into the change set, and when the rules refuse some, turns each clash back
 * into an error of its rows and takes them out. One thread at a time. */
#ifndef LITANG_IMPORTERS_LEDGER_H
#define LITANG_IMPORTERS_LEDGER_H

#include "importers/report.h"
#include "scheduler/timetable.h"
#include "store/attendance.h"

/* One meeting of a row; texts live as long as the report or the snapshot. */
struct ledger_row {
    uint32_t sheet; /* index in the report's sheets */
    uint32_t row;   /* index in that sheet's rows */
    bool is_bad;    /* refused by the rules; not put */
    bool has_attendance;
    uint32_t edits;     /* EDIT_* bits of an existing session; 0: only its attendance */
    int64_t session_id; /* 0: a new one */
    const char *room_id, *course_id;
    const char *instructor_ids[LIMIT_SESSION_INSTRUCTORS];
    uint8_t instructor_count;
    int32_t day, start_min, minutes;
    bool is_past; /* no set-up and clear-up; expected heads unknown */
    enum session_status status;
    const char *cancel_reason, *note;
    int32_t heads, counts_as; /* expected heads, -1: the course's */
    enum held_state held;
    int32_t attended, attended_60, satisfaction; /* -1: not said */
    const char *attendance_reason, *attendance_note;
    bool is_news; /* its attendance is not what the session has */
};

struct ledger; /* in the report; may be NULL there */

/* Adds a copy to the report's ledger, made at the first row. ERR_MEMORY, ERR_LIMIT. */
enum error_code ledger_add(struct import_report *report, const struct ledger_row *row);
void ledger_destroy(struct ledger *ledger); /* NULL is allowed */
/* Good rows about sessions that stay as they are: with the same attendance, or (is_news) with another. */
size_t ledger_untouched(const struct import_report *report, bool is_news);
/* Claims a key for the row that is added next; NULL, or the row that has claimed it before. ERR_MEMORY goes
 * to *ret_code. */
const struct ledger_row *ledger_claim(struct import_report *report, int64_t key, enum error_code *ret_code);
/* The true number of a row in its sheet. */
uint32_t ledger_row_number(const struct import_report *report, const struct ledger_row *row);

/* All rows that are not bad into the set. */
enum error_code ledger_put(const struct import_report *report, const struct timetable *base,
                           struct change_set *set, struct error *err);
/* Each clash of a refused commit that is about a row of the ledger becomes an error of that row, and of the
 * other row when both are of the ledger; those rows are bad from then on. Overridden ones become warnings
 * when `is_final`. *ret_rows: rows that turned bad. ERR_MEMORY. */
enum error_code ledger_judge(struct import_report *report, const struct commit_result *result, bool is_final,
                             size_t *ret_rows);

/* The sessions of a snapshot by hall and day. */
struct ledger_index;
struct ledger_index *ledger_index_create(const struct timetable *timetable); /* NULL: no memory */
void ledger_index_destroy(struct ledger_index *index);
/* The first session in a hall on a day, and the next one after it; NULL at the end. */
const struct session *ledger_index_first(const struct ledger_index *index, uint32_t hall, int32_t day);
const struct session *ledger_index_next(const struct ledger_index *index, const struct session *session);

#endif
