/* store/change: a change set, and the one gate through which all published data changes.
 *
 *   change_set_init → change_set_put / _drop / _session_* … → store_commit → commit_result_finish,
 * change_set_finish
 *
 * The gate: begin immediate → rows that are not sessions → re-check the rules for every session that the set
 * touches against the current rows → sessions → audit rows → revision + 1 → commit. On a clash nothing is
 * written. Values equal to what is stored are skipped; a set that changes nothing makes no revision. */
#ifndef LITANG_STORE_CHANGE_H
#define LITANG_STORE_CHANGE_H

#include "base/arena.h"
#include "scheduler/plan.h"
#include "scheduler/rules.h"
#include "store/store.h"

/* Tables whose rows are changed as rows; columns are those of store/schema_1.sql. Sessions have their
 * own calls below. */
#define STORE_TABLE_LIST(X)                                                                                  \
    X(TABLE_SETTING, "setting")                                                                              \
    X(TABLE_WEIGHT, "weight")                                                                                \
    X(TABLE_TRAVEL_CLASS, "travel_class")                                                                    \
    X(TABLE_AREA, "area")                                                                                    \
    X(TABLE_AREA_CODE, "area_code")                                                                          \
    X(TABLE_TRAVEL_OVERRIDE, "travel_override")                                                              \
    X(TABLE_PROVIDER, "provider")                                                                            \
    X(TABLE_CATEGORY, "category")                                                                            \
    X(TABLE_COURSE, "course")                                                                                \
    X(TABLE_HALL, "hall")                                                                                    \
    X(TABLE_ROOM, "room")                                                                                    \
    X(TABLE_INSTRUCTOR, "instructor")                                                                        \
    X(TABLE_QUALIFICATION, "qualification")                                                                  \
    X(TABLE_HOLIDAY, "holiday")                                                                              \
    X(TABLE_CLOSURE, "closure")                                                                              \
    X(TABLE_ABSENCE, "absence")                                                                              \
    X(TABLE_REQUEST, "request")                                                                              \
    X(TABLE_ATTENDANCE, "attendance")                                                                        \
    X(TABLE_FROZEN_PERIOD, "frozen_period")                                                                  \
    X(TABLE_FROZEN_FIGURE, "frozen_figure")                                                                  \
    X(TABLE_CORRECTION, "correction")

enum store_table {
#define X(code, name) code,
    STORE_TABLE_LIST(X)
#undef X
    TABLE_COUNT
};

enum cell_type {
    CELL_NULL,
    CELL_INTEGER,
    CELL_TEXT
};
struct cell {
    const char *column;
    enum cell_type type;
    int64_t integer;
    const char *text;
};
#define CELL_INT(name, value) ((struct cell){(name), CELL_INTEGER, (value), NULL})
#define CELL_STR(name, value) ((struct cell){(name), (value) != NULL ? CELL_TEXT : CELL_NULL, 0, (value)})
#define CELL_NIL(name)        ((struct cell){(name), CELL_NULL, 0, NULL})

/* Fields of a session edit; only those whose bit is set are changed. */
enum {
    EDIT_ROOM = 1 << 0,
    EDIT_TIME = 1 << 1 /* date, start, minutes */,
    EDIT_INSTRUCTORS = 1 << 2,
    EDIT_STATUS = 1 << 3,
    EDIT_PINNED = 1 << 4,
    EDIT_NOTE = 1 << 5,
    EDIT_HEADS = 1 << 6,
    EDIT_SERIES_EXCEPTION = 1 << 7,
    EDIT_COURSE = 1 << 8,
    EDIT_COUNTS_AS = 1 << 9,
    /* No field: what change_set_override names is set aside for the session where it stands, too. Without it
     * the rule book is asked only about what is placed anew. Other rules that it breaks there stay as they
     * were and do not refuse the set. */
    EDIT_APPROVE = 1 << 10
};

struct session_edit {
    int64_t id;
    uint32_t fields;
    const char *room_id, *course_id;
    int32_t day, start_min, minutes; /* minutes 0: as it was */
    const char *instructor_ids[LIMIT_SESSION_INSTRUCTORS];
    size_t instructor_count;
    enum session_status status;
    const char *cancel_reason;
    bool pinned, series_exception;
    int32_t heads, counts_as;
    const char *note;
};

struct session_new {
    const char *course_id, *room_id;
    const char *instructor_ids[LIMIT_SESSION_INSTRUCTORS];
    size_t instructor_count;
    int32_t day, start_min, minutes; /* minutes 0: the course's */
    int32_t setup_min, clear_min;    /* -1: the course's */
    const char *request_id;          /* may be NULL */
    int64_t series_id; /* 0 none; < 0: -(n + 1) for the n-th change_set_new_series of this set */
    enum session_status status;
    int32_t heads;     /* -1: the request's or the course's */
    int32_t counts_as; /* 0: one */
    const char *note, *cancel_reason;
};

struct change_set; /* opaque; all texts are copied */

/* The source of what a database begins with: it is not undone. */
#define CHANGE_SOURCE_INIT "init"

/* actor and reason are obligatory and are recorded; source is e.g. "import halls.csv", "plan 2027", "cli". */
enum error_code change_set_create(const char *actor, const char *reason, const char *source,
                                  struct change_set **ret_set, struct error *err);
void change_set_destroy(struct change_set *set);

/* Insert, or update the given columns of, the row with this key (the key columns must be given). ERR_INPUT
 * names an unknown column or a missing key column.
 * Attendance: a session_id < 0 is -(n + 1) for the n-th change_set_session_new of this set; a row that
 * changes without recorded_at is recorded at the commit's instant. */
enum error_code change_set_put(struct change_set *set, enum store_table table, const struct cell *cells,
                               size_t count, struct error *err);
enum error_code change_set_drop(struct change_set *set, enum store_table table, const struct cell *keys,
                                size_t count, struct error *err);
enum error_code change_set_session_edit(struct change_set *set, const struct session_edit *edit,
                                        struct error *err);
enum error_code change_set_new_series(struct change_set *set, const char *request_id, enum holiday_rule rule,
                                      int64_t *ret_series_id, struct error *err);
enum error_code change_set_session_new(struct change_set *set, const struct session_new *session,
                                       struct error *err);
/* A session or a series with the number that it had in another database: how importers/problem fills an empty
 * one. A number that is taken refuses the commit. as.series_id is such a number, too. */
struct session_kept {
    struct session_new as;
    int64_t id, created_at;
    bool pinned, series_exception;
    uint64_t overrides;          /* RULE_BIT mask */
    const char *override_reason; /* recorded with each of them */
};
enum error_code change_set_session_keep(struct change_set *set, const struct session_kept *kept,
                                        struct error *err);
enum error_code change_set_series_keep(struct change_set *set, int64_t id, const char *request_id,
                                       enum holiday_rule rule, struct error *err);
/* Rules (RULE_BIT mask of overridable ones) that the actor sets aside, with a reason, for every session that
 * the set touches and that would break them. */
enum error_code change_set_override(struct change_set *set, uint64_t rules, const char *reason,
                                    struct error *err);
/* The override is only for sessions of this day and before. */
void change_set_override_until(struct change_set *set, int32_t day);
/* How much is in the set; what was added after the mark is taken out again. Texts stay in memory. */
struct change_mark {
    size_t rows, sessions, series, new_series;
};
struct change_mark change_set_mark(const struct change_set *set);
void change_set_rewind(struct change_set *set, struct change_mark mark);
/* Refuse with ERR_STALE unless the database is still at this revision. 0: any. */
void change_set_expect_revision(struct change_set *set, int64_t revision);

struct commit_result {
    int64_t revision;                            /* after the commit (or as it was, when nothing changed) */
    size_t created, updated, unchanged, dropped; /* rows, sessions included */
    size_t created_by_table[TABLE_COUNT], updated_by_table[TABLE_COUNT], unchanged_by_table[TABLE_COUNT],
        dropped_by_table[TABLE_COUNT];
    int64_t *new_session_ids;
    size_t new_session_count;    /* owned, in the order of change_set_session_new */
    struct clash_list clashes;   /* why it was refused, or what was overridden */
    struct clash_list reflagged; /* already published sessions that this change (a closure, an absence, …)
                                  * newly put in conflict: not refused, but told */
    struct timetable
        *timetable; /* owned reference: what the indices in the clash lists refer to; may be NULL */
};
void commit_result_finish(struct commit_result *result);

/* The gate. ERR_CLASH: refused, the clashes are in *result. ERR_INPUT: a foreign key or a check refused a
 * row, named. dry_run: everything is tried and then rolled back. `result` must be finished by the caller in
 * every case. SEQUENCE, LAST-MODIFIED, moved_* and cancelled_* are kept here and nowhere else (DESIGN §7.2,
 * §7.3): a visible change of a hall, room, course, category, instructor, area or the city raises changed_at
 * of every session that shows it. */
enum error_code store_commit(struct store *store, const struct change_set *set, bool dry_run,
                             struct commit_result *result, struct error *err);

/* Takes back revision `revision` (0: the newest that is not yet undone) by a new commit through the same
 * gate. ERR_STALE names the row when a later revision changed it too; ERR_NOT_FOUND when there is none, or
 * none but what the database began with, and ERR_INPUT when that is asked for. Sequence numbers go on rising.
 */
enum error_code store_undo(struct store *store, int64_t revision, const char *actor, const char *reason,
                           struct commit_result *result, struct error *err);

#endif
