/* importers/ledger_session: a row of the kind sessions from its values to rows of the ledger. Only
 * kind_sessions.c and the ledger_*.c files include it. */
#ifndef LITANG_IMPORTERS_LEDGER_SESSION_H
#define LITANG_IMPORTERS_LEDGER_SESSION_H

#include "importers/intake.h"
#include "importers/ledger.h"
#include "importers/ledger_remark.h"

/* Columns of the kind sessions. */
enum {
    LEDGER_ID,
    LEDGER_DATE,
    LEDGER_TIME,
    LEDGER_START,
    LEDGER_END,
    LEDGER_MINUTES,
    LEDGER_LESSONS,
    LEDGER_COUNTY,
    LEDGER_TOWNSHIP,
    LEDGER_TOWNSHIP_ID,
    LEDGER_VILLAGE,
    LEDGER_HALL_ID,
    LEDGER_HALL,
    LEDGER_ROOM,
    LEDGER_COURSE_ID,
    LEDGER_COURSE,
    LEDGER_CATEGORY,
    LEDGER_INSTRUCTOR_ID,
    LEDGER_INSTRUCTOR,
    LEDGER_HEADS,
    LEDGER_HEADS_60,
    LEDGER_SATISFACTION,
    LEDGER_STATUS,
    LEDGER_COUNTS_AS,
    LEDGER_REASON,
    LEDGER_NOTE,
    LEDGER_COLUMNS_END
};

enum ledger_status {
    LEDGER_UNSAID,
    LEDGER_HELD,
    LEDGER_NOT_HELD,
    LEDGER_OUTSIDE,
    LEDGER_CANCELLED,
    LEDGER_PLANNED,
    LEDGER_TENTATIVE
};

/* A row on its way. */
struct ledger_draft {
    struct ledger_row row; /* of its first day */
    enum ledger_status status;
    struct remark remark;
    uint64_t days;         /* bit i: row.day + i */
    uint32_t hall, course; /* NONE: not found; a course may be new, see made_course */
    const char *made_course;
    int32_t earliest_min, latest_min; /* a part of the day within which an existing session is looked for */
    bool has_start, has_end, is_part;
};

/* The table of both kinds. kind_sessions.c */
extern const struct column LEDGER_COLUMNS[LEDGER_COLUMNS_END];

/* Where the row stands, and the index of sessions at the first one; false: no memory. */
bool ledger_begin(struct intake *intake, struct ledger_draft *draft);
/* The hall, and with a room's id the room's hall; the session that a number or UID means. False after an
 * error. */
bool ledger_hall(struct intake *intake, struct ledger_draft *draft);
bool ledger_session_by_number(struct intake *intake, const struct session **ret_session);
/* The draft's outcome as the entry of a session that is there; nothing else of it changes. */
void ledger_attendance(struct intake *intake, struct ledger_draft *draft, const struct session *session);

/* ledger_show.c: showers of a session's cells. An outcome's column; 已开展, 计划, 取消 …; the start as
 * "14:00"; hall and room; names of the instructors. */
extern const struct form_word LEDGER_STATUS_FORMS[];
void ledger_show_outcome(const struct showing *, const struct column_form *, struct text *);
void ledger_show_status(const struct showing *, const struct column_form *, struct text *);
void ledger_show_start(const struct showing *, const struct column_form *, struct text *);
void ledger_show_hall_of_room(const struct showing *, const struct column_form *, struct text *);
void ledger_show_people(const struct showing *, const struct column_form *, struct text *);

#define LEDGER_OUTCOMES                                                                                      \
    (COLUMN_BIT(LEDGER_STATUS) | COLUMN_BIT(LEDGER_HEADS) | COLUMN_BIT(LEDGER_HEADS_60) |                    \
     COLUMN_BIT(LEDGER_SATISFACTION) | COLUMN_BIT(LEDGER_REASON))

/* The row function and the end of the kind. */
void ledger_session_row(struct intake *intake);
void ledger_session_finish(struct intake *intake);

/* ledger_when.c: days, start and length; false after an error. */
bool ledger_when(struct intake *intake, struct ledger_draft *draft);
/* ledger_outcome.c: what became of it: status, heads, remarks; false after an error. */
bool ledger_outcome(struct intake *intake, struct ledger_draft *draft);
/* ledger_people.c: the course and the people, made when they are missing and that is wanted. */
bool ledger_course(struct intake *intake, struct ledger_draft *draft);
bool ledger_people(struct intake *intake, struct ledger_draft *draft);
/* What was made: people are valid on the days that the file names, so that no plan uses them. */
void ledger_people_finish(struct intake *intake);

#endif
