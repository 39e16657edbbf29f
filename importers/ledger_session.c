/* A ledger's row: which hall, which session that exists already, and what is to be put or changed. */
#include "importers/ledger_session.h"

#include "base/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct area_columns AREA_COLUMNS = {LEDGER_TOWNSHIP_ID, LEDGER_COUNTY, LEDGER_TOWNSHIP,
                                                 LEDGER_VILLAGE};

/* ---- the hall and its room ---- */

bool ledger_hall(struct intake *intake, struct ledger_draft *draft)
{
    const struct timetable *base = intake->base;
    size_t before = intake->row_errors;
    uint32_t area = reference_area(intake, &AREA_COLUMNS);
    if (intake->row_errors > before) {
        return false;
    }
    if (intake_value(intake, LEDGER_HALL_ID)->given) {
        draft->hall =
            reference_find(intake, LEDGER_HALL_ID, LOOKUP_HALLS, intake_text(intake, LEDGER_HALL_ID));
    } else if (intake_value(intake, LEDGER_HALL)->given) {
        draft->hall = reference_hall(intake, LEDGER_HALL, area);
    } else if (!intake_value(intake, LEDGER_ROOM)->given) {
        if (!intake_filled(intake, LEDGER_HALL) && !intake_filled(intake, LEDGER_HALL_ID)) {
            intake_error(intake, LEDGER_HALL, CODE_MISSING, "要写礼堂", "the hall is needed", NULL);
        }
        return false;
    }
    if (draft->hall != NONE && area != NONE &&
        !timetable_area_within(base, base->halls[draft->hall].area, area)) {
        intake_error(intake, intake_has(intake, LEDGER_HALL) ? LEDGER_HALL : LEDGER_HALL_ID, CODE_CONFLICT,
                     "礼堂“%s”不在同一行所填的区域内",
                     "hall \"%s\" is not within the area given in the same row",
                     base->halls[draft->hall].name);
        return false;
    }
    return intake->row_errors == before;
}

/* A room by id, or by name within the hall. */
static uint32_t room_named(struct intake *intake, struct ledger_draft *draft)
{
    const struct timetable *base = intake->base;
    const char *text = intake_text(intake, LEDGER_ROOM);
    uint32_t found = timetable_find_room(base, text);
    for (uint32_t i = 0; found == NONE && draft->hall != NONE && i < base->halls[draft->hall].room_count;
         i++) {
        uint32_t room = base->halls[draft->hall].first_room + i;
        found = strcmp(base->rooms[room].name, text) == 0 ? room : NONE;
    }
    bool is_elsewhere = found != NONE && draft->hall != NONE && base->rooms[found].hall != draft->hall;
    if (found == NONE || is_elsewhere) {
        intake_error(intake, LEDGER_ROOM, CODE_UNKNOWN, "该礼堂没有场地“%s”", "the hall has no room \"%s\"",
                     text);
        return NONE;
    }
    draft->hall = base->rooms[found].hall;
    return found;
}

/* The room of a row that names only its hall: the largest one, the first of equals. */
static uint32_t room_usual(const struct timetable *base, uint32_t hall)
{
    uint32_t best = base->halls[hall].first_room;
    for (uint32_t i = 1; i < base->halls[hall].room_count; i++) {
        uint32_t room = base->halls[hall].first_room + i;
        best = base->rooms[room].capacity > base->rooms[best].capacity ? room : best;
    }
    return best;
}

static bool room_find(struct intake *intake, struct ledger_draft *draft, const struct session *existing,
                      bool is_first)
{
    const struct timetable *base = intake->base;
    uint32_t room = NONE;
    if (intake_value(intake, LEDGER_ROOM)->given) {
        room = room_named(intake, draft);
        if (room == NONE) {
            return false;
        }
    } else if (existing != NULL && base->rooms[existing->at.room].hall == draft->hall) {
        room = existing->at.room;
    } else if (base->halls[draft->hall].room_count == 0) {
        intake_error(intake, LEDGER_HALL, CODE_UNKNOWN, "礼堂“%s”还没有场地，请先在礼堂表中登记",
                     "hall \"%s\" has no room yet", base->halls[draft->hall].name);
        return false;
    } else {
        room = room_usual(base, draft->hall);
        if (is_first && base->halls[draft->hall].room_count > 1 && intake_has(intake, LEDGER_HALL)) {
            intake_convert(intake, LEDGER_HALL, HOW_USUAL, base->rooms[room].name);
        }
    }
    draft->row.room_id = base->rooms[room].id;
    return true;
}

/* ---- a session that exists ---- */

static bool is_match(const struct ledger_draft *draft, const struct session *session)
{
    const struct placement *at = &session->at;
    if (draft->course == NONE || at->course != draft->course) {
        return false;
    }
    if (!draft->has_start) {
        return true;
    }
    return draft->is_part ? at->start_min >= draft->earliest_min && at->start_min < draft->latest_min
                          : at->start_min == draft->row.start_min;
}

/* The session of this hall, day, course and time; false when several fit. */
static bool existing_find(struct intake *intake, const struct ledger_draft *draft, int32_t day,
                          const struct session **ret_session)
{
    const struct session *found = NULL;
    const struct session *at = ledger_index_first(intake->sessions, draft->hall, day);
    for (; at != NULL; at = ledger_index_next(intake->sessions, at)) {
        if (!is_match(draft, at)) {
            continue;
        }
        /* One that stands goes before one that was cancelled. */
        bool is_better =
            found == NULL || (found->status == SESSION_CANCELLED && at->status != SESSION_CANCELLED);
        bool is_tied =
            found != NULL && (found->status == SESSION_CANCELLED) == (at->status == SESSION_CANCELLED);
        if (is_tied && at->status != SESSION_CANCELLED) {
            intake_error(
                intake, LEDGER_TIME, CODE_AMBIGUOUS, "这一天这个礼堂有几场这门课，请写明时间或场次编号",
                "several sessions of this course are in this hall on that day; give the time or the number",
                NULL);
            return false;
        }
        found = is_better ? at : found;
    }
    *ret_session = found;
    return true;
}

bool ledger_session_by_number(struct intake *intake, const struct session **ret_session)
{
    const char *text = intake_text(intake, LEDGER_ID);
    const char *at = strncmp(text, "s-", 2) == 0 ? text + 2 : text;
    char *end = NULL;
    int64_t number = strtoll(at, &end, 10);
    bool is_number = end != at && (*end == '\0' || (*end == '@' && at != text));
    const struct session *session =
        is_number && number > 0 ? timetable_find_session(intake->base, number) : NULL;
    if (session == NULL) {
        intake_error(intake, LEDGER_ID, CODE_UNKNOWN, "没有场次“%s”；新场次请把编号留空",
                     "there is no session \"%s\"; leave the cell empty for a new one", text);
        return false;
    }
    *ret_session = session;
    return true;
}

static bool teaches_others(const struct timetable *base, const struct placement *at,
                           const struct ledger_row *row)
{
    bool differs = at->instructor_count != row->instructor_count;
    for (uint8_t i = 0; !differs && i < row->instructor_count; i++) {
        differs = strcmp(base->instructors[at->instructors[i]].id, row->instructor_ids[i]) != 0;
    }
    return differs;
}

/* A session that is not held stays where it was (the gate refuses else). */
static uint32_t edits_of_cancelled(struct intake *intake, const struct session *session, uint32_t edits)
{
    const uint32_t placing = EDIT_COURSE | EDIT_ROOM | EDIT_TIME | EDIT_INSTRUCTORS;
    if ((edits & placing) != 0) {
        char number[24];
        (void)snprintf(number, sizeof number, "%" PRId64, session->at.session_id);
        intake_warn(intake, INTAKE_NO_COLUMN, CODE_CANCELLED,
                    "场次 %s 已取消或由此表取消；它的课程、场地、时间和师资保持不变",
                    "session %s is cancelled or this file cancels it: its course, room, time and people stay",
                    number);
    }
    return edits & ~placing;
}

/* What the row changes of the session; columns that say nothing change nothing. */
static uint32_t edits_of(struct intake *intake, const struct ledger_draft *draft,
                         const struct session *session)
{
    const struct timetable *base = intake->base;
    const struct placement *at = &session->at;
    const struct ledger_row *row = &draft->row;
    bool is_moved = row->day != at->day ||
                    (draft->has_start && !draft->is_part && row->start_min != at->start_min) ||
                    (draft->has_end && !draft->is_part && row->minutes != at->minutes);
    bool says_status = draft->status == LEDGER_CANCELLED || draft->status == LEDGER_TENTATIVE ||
                       draft->status == LEDGER_PLANNED || session->status == SESSION_CANCELLED;
    uint32_t edits = 0;
    edits |= strcmp(base->courses[at->course].id, row->course_id) != 0 ? EDIT_COURSE : 0;
    edits |= strcmp(base->rooms[at->room].id, row->room_id) != 0 ? EDIT_ROOM : 0;
    edits |= is_moved ? EDIT_TIME : 0;
    edits |= row->instructor_count > 0 && teaches_others(base, at, row) ? EDIT_INSTRUCTORS : 0;
    edits |= says_status && row->status != session->status ? EDIT_STATUS : 0;
    edits |= row->counts_as != 0 && row->counts_as != session->counts_as ? EDIT_COUNTS_AS : 0;
    edits |= row->heads >= 0 && row->heads != at->heads ? EDIT_HEADS : 0;
    return (says_status ? row->status : session->status) == SESSION_CANCELLED
               ? edits_of_cancelled(intake, session, edits)
               : edits;
}

/* Figures that the row does not give stay as they were entered. */
static void figures_keep(struct ledger_row *row, const struct session *session)
{
    if (row->has_attendance && row->held != HELD_NO && held_took_place(session->at.held)) {
        row->attended = row->attended >= 0 ? row->attended : session->turnout.heads;
        row->attended_60 = row->attended_60 >= 0 ? row->attended_60 : session->turnout.heads_60;
        row->satisfaction = row->satisfaction >= 0 ? row->satisfaction : session->turnout.satisfaction;
    }
}

static bool text_differs(const char *wanted, const char *is)
{
    return wanted != NULL && strcmp(wanted, is != NULL ? is : "") != 0;
}

/* Does the row's entry change what was entered? What it does not give stays (figures_keep). */
static bool attendance_differs(const struct ledger_row *row, const struct session *session)
{
    const struct turnout *was = &session->turnout;
    return row->has_attendance &&
           (row->held != session->at.held || row->attended != was->heads ||
            row->attended_60 != was->heads_60 || row->satisfaction != was->satisfaction ||
            text_differs(row->attendance_reason, was->reason) ||
            text_differs(row->attendance_note, was->note));
}

static void existing_apply(struct intake *intake, struct ledger_draft *draft, const struct session *session)
{
    struct ledger_row *row = &draft->row;
    row->session_id = session->at.session_id;
    if (!draft->has_start || draft->is_part) {
        row->start_min = session->at.start_min;
    }
    row->edits = edits_of(intake, draft, session);
    row->minutes = draft->has_end && !draft->is_part ? row->minutes : 0;
    if ((row->edits & EDIT_STATUS) != 0 && session->status == SESSION_CANCELLED) {
        intake_warn(intake, INTAKE_NO_COLUMN, CODE_REVIVED, "该场次在系统中已取消（%s）；按此表恢复",
                    "the session was cancelled (%s); this file brings it back",
                    session->cancel_reason != NULL ? session->cancel_reason : "");
    }
    figures_keep(row, session);
    row->is_news = attendance_differs(row, session);
}

/* ---- its meetings ---- */

/* Two rows that are the same meeting: the same session, or a new one of one course in one hall at one time.
 */
static bool meeting_claim(struct intake *intake, const struct ledger_draft *draft)
{
    const struct ledger_row *row = &draft->row;
    uint64_t course = draft->course != NONE ? draft->course : 0;
    if (draft->made_course != NULL) {
        for (const char *at = draft->made_course; *at != '\0'; at++) {
            course = course * 31 + (unsigned char)*at;
        }
        course = (course & 0x7FFF) | 0x8000;
    }
    int64_t key = row->session_id != 0
                      ? -row->session_id
                      : (int64_t)((uint64_t)draft->hall << 44 ^ (course & 0xFFFF) << 28 ^
                                  (uint64_t)(row->day - DATE_MIN) << 11 ^ (uint64_t)row->start_min);
    const struct ledger_row *before = ledger_claim(intake->report, key, &intake->failed);
    if (before == NULL) {
        return true;
    }
    char number[16];
    (void)snprintf(number, sizeof number, "%" PRIu32, ledger_row_number(intake->report, before));
    intake_error(intake, INTAKE_NO_COLUMN, CODE_DUPLICATE, "与第 %s 行是同一场活动",
                 "the same session as row %s", number);
    return false;
}

/* 36人 on two days are 36 each day; 36人次 are shared. */
static void heads_share(struct intake *intake, struct ledger_draft *draft, int32_t total, int days, int index)
{
    uint32_t at = intake->header->columns[LEDGER_HEADS];
    const char *header = at == NONE ? "" : header_text(intake->sheet, intake->header, at);
    if (days < 2 || total < 0) {
        return;
    }
    bool is_total = strstr(header, "人次") != NULL;
    draft->row.attended = is_total ? total / days + (index < total % days ? 1 : 0) : total;
    if (index == 0) {
        char shown[64];
        (void)snprintf(shown, sizeof shown, is_total ? "%" PRId32 " ÷ %d" : "%" PRId32 " × %d", total, days);
        intake_convert(intake, LEDGER_HEADS, HOW_USUAL, shown);
    }
}

static bool meeting_add(struct intake *intake, const struct ledger_draft *of, const struct session *numbered,
                        int32_t day, int days, int index)
{
    struct ledger_draft draft = *of;
    const struct session *existing = numbered;
    draft.row.day = day;
    draft.row.is_past = day <= intake->report->today;
    if (existing == NULL && !existing_find(intake, &draft, day, &existing)) {
        return false;
    }
    if (existing == NULL && !draft.has_start) {
        intake_error(intake, intake_has(intake, LEDGER_TIME) ? LEDGER_TIME : LEDGER_START, CODE_MISSING,
                     "要写时间，例如 14:00-16:00", "the time is needed, such as 14:00-16:00", NULL);
        return false;
    }
    if (!room_find(intake, &draft, existing, index == 0)) {
        return false;
    }
    heads_share(intake, &draft, of->row.attended, days, index);
    if (existing != NULL) {
        existing_apply(intake, &draft, existing);
    }
    if (!meeting_claim(intake, &draft)) {
        return false;
    }
    if (intake->failed == ERR_NONE) {
        intake->failed = ledger_add(intake->report, &draft.row);
    }
    return intake->failed == ERR_NONE;
}

static void meetings_add(struct intake *intake, const struct ledger_draft *draft,
                         const struct session *numbered)
{
    int days = 0;
    for (uint64_t left = draft->days; left != 0; left &= left - 1) {
        days++;
    }
    if (numbered != NULL && days > 1) {
        intake_error(intake, LEDGER_DATE, CODE_CONFLICT, "一个场次编号只能是一天",
                     "one session's number means one day", NULL);
        return;
    }
    int index = 0;
    for (int i = 0; i < DATE_DAYS_MAX && index < days; i++) {
        if ((draft->days >> i & 1U) != 0 &&
            !meeting_add(intake, draft, numbered, draft->row.day + i, days, index++)) {
            return;
        }
    }
}

/* A row that was cancelled without an exact date: nothing to record, and no fault of its cells. */
static bool is_left_out(struct intake *intake)
{
    bool says_date = intake_value(intake, LEDGER_DATE)->given || intake_value(intake, LEDGER_TIME)->days != 0;
    struct remark remark = {0};
    if (says_date || intake_value(intake, LEDGER_HEADS)->number > 0) {
        return false;
    }
    if (intake_value(intake, LEDGER_NOTE)->given) {
        remark_read(intake_text(intake, LEDGER_NOTE), &remark);
    }
    bool is_off = remark.is_cancelled || remark.is_not_held ||
                  intake_value(intake, LEDGER_STATUS)->number == LEDGER_CANCELLED ||
                  intake_value(intake, LEDGER_STATUS)->number == LEDGER_NOT_HELD;
    return is_off;
}

bool ledger_begin(struct intake *intake, struct ledger_draft *draft)
{
    if (intake->sessions == NULL) {
        intake->sessions = ledger_index_create(intake->base);
        if (intake->sessions == NULL) {
            intake->failed = ERR_MEMORY;
            return false;
        }
    }
    draft->row.sheet = (uint32_t)(intake->part - intake->report->sheets);
    draft->row.row = (uint32_t)(intake->row - intake->sheet->rows);
    return true;
}

void ledger_attendance(struct intake *intake, struct ledger_draft *draft, const struct session *session)
{
    struct ledger_row *row = &draft->row;
    row->session_id = session->at.session_id;
    row->room_id = intake->base->rooms[session->at.room].id;
    row->course_id = intake->base->courses[session->at.course].id;
    figures_keep(row, session);
    row->is_news = attendance_differs(row, session);
    if (meeting_claim(intake, draft) && intake->failed == ERR_NONE) {
        intake->failed = ledger_add(intake->report, row);
    }
}

void ledger_session_row(struct intake *intake)
{
    struct ledger_draft draft = {.hall = NONE, .course = NONE};
    const struct session *numbered = NULL;
    if (!ledger_begin(intake, &draft)) {
        return;
    }
    if (is_left_out(intake)) {
        intake_forgive(intake);
        intake_warn(intake, LEDGER_DATE, CODE_LEFT_OUT,
                    "该行已取消且没有确切日期（“%s”），没有可登记的内容，未导入",
                    "cancelled and without an exact date (\"%s\"): nothing to record, left out",
                    intake_has(intake, LEDGER_DATE)
                        ? sheet_text(intake->sheet, intake->row, intake->header->columns[LEDGER_DATE])
                        : "");
        intake->row_left_out = true;
        return;
    }
    bool is_good = ledger_when(intake, &draft);
    is_good =
        (!intake_value(intake, LEDGER_ID)->given || ledger_session_by_number(intake, &numbered)) && is_good;
    is_good = ledger_hall(intake, &draft) && is_good;
    is_good = ledger_course(intake, &draft) && is_good;
    if (is_good) {
        is_good = ledger_outcome(intake, &draft);
    }
    is_good = ledger_people(intake, &draft) && is_good;
    if (is_good && intake->row_errors == 0) {
        meetings_add(intake, &draft, numbered);
    }
}

void ledger_session_finish(struct intake *intake)
{
    ledger_people_finish(intake);
}
