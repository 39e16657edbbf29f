/* Adding what is wanted and what is dated: holidays, requests, series, sessions. */
#include "base/date.h"
#include "scheduler/timetable_private.h"

enum {
    PARTS_ALL = PART_MORNING | PART_AFTERNOON | PART_EVENING,
    WEEKDAYS_ALL = 0x7F,
    PRIORITY_MAX = 9
};

enum error_code timetable_add_holiday(struct timetable *timetable, const struct holiday *holiday,
                                      struct error *err)
{
    struct holiday row = *holiday;
    struct row_check check = {.zh = "节假日", .en = "holiday", .number = row.day, .err = err};
    enum error_code code = timetable_open(timetable, err);
    if (code != ERR_NONE) {
        return code;
    }
    row_check_range(&check, "day", row.day, DATE_MIN, DATE_MAX);
    row_check_text(&check, "name", row.name, LIMIT_NAME_BYTES, TEXT_OPTIONAL);
    if (check.code != ERR_NONE) {
        return check.code;
    }
    ROWS_RESERVE(code, timetable, holidays, holiday_count, err);
    if (code != ERR_NONE) {
        return code;
    }
    if (!timetable_keep(timetable, &row.name)) {
        return timetable_memory(err);
    }
    row.name = row.name == NULL ? "" : row.name;
    timetable->holidays[timetable->holiday_count++] = row;
    return ERR_NONE;
}

static enum error_code request_check(const struct timetable *timetable, const struct request *row,
                                     struct error *err)
{
    struct row_check check = {.zh = "点单",
                              .en = "request",
                              .id = row->id,
                              .number = (int64_t)timetable->request_count,
                              .err = err};
    row_check_id(&check, &timetable->request_ids);
    row_check_index(&check, "hall", row->hall, timetable->hall_count, true);
    row_check_index(&check, "area", row->area, timetable->area_count, true);
    if ((row->hall == NONE) == (row->area == NONE)) {
        row_check_fail(&check, ERR_INPUT, "hall/area", "应当二者填一", "wants one of the two");
    }
    row_check_index(&check, "course", row->course, timetable->course_count, false);
    row_check_range(&check, "sessions", row->sessions, 1,
                    row->is_series ? LIMIT_SERIES_MEETINGS : LIMIT_REQUEST_SESSIONS);
    row_check_range(&check, "holiday_rule", row->holiday_rule, HOLIDAY_FORBID, HOLIDAY_SHIFT);
    row_check_days(&check, row->from_day, row->to_day);
    row_check_range(&check, "weekdays", row->weekdays, 0, WEEKDAYS_ALL);
    row_check_range(&check, "parts", row->parts, 0, PARTS_ALL);
    row_check_range(&check, "priority", row->priority, 1, PRIORITY_MAX);
    row_check_range(&check, "heads", row->heads, 0, INT32_MAX);
    return check.code;
}

enum error_code timetable_add_request(struct timetable *timetable, const struct request *request,
                                      uint32_t *ret_index, struct error *err)
{
    struct request row = *request;
    enum error_code code = timetable_open(timetable, err);
    if (code == ERR_NONE) {
        code = request_check(timetable, &row, err);
    }
    if (code == ERR_NONE) {
        ROWS_RESERVE(code, timetable, requests, request_count, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    uint32_t index = (uint32_t)timetable->request_count;
    if (!timetable_keep(timetable, &row.id) || map_add(&timetable->request_ids, row.id, index) != ERR_NONE) {
        return timetable_memory(err);
    }
    timetable->requests[timetable->request_count++] = row;
    *ret_index = index;
    return ERR_NONE;
}

enum error_code timetable_add_series(struct timetable *timetable, const struct series *series,
                                     struct error *err)
{
    struct row_check check = {.zh = "系列课", .en = "series", .number = series->id, .err = err};
    enum error_code code = timetable_open(timetable, err);
    if (code != ERR_NONE) {
        return code;
    }
    if (series->id == 0) {
        row_check_fail(&check, ERR_INPUT, "id", "不能为 0", "must not be 0");
    }
    row_check_index(&check, "request", series->request, timetable->request_count, true);
    row_check_range(&check, "holiday_rule", series->holiday_rule, HOLIDAY_FORBID, HOLIDAY_SHIFT);
    if (check.code != ERR_NONE) {
        return check.code;
    }
    ROWS_RESERVE(code, timetable, series, series_count, err);
    if (code == ERR_NONE) {
        timetable->series[timetable->series_count++] = *series;
    }
    return code;
}

static void instructors_check(struct row_check *check, const struct timetable *timetable,
                              const struct placement *at)
{
    row_check_range(check, "instructor_count", at->instructor_count, 0, LIMIT_SESSION_INSTRUCTORS);
    for (uint8_t i = 0; i < at->instructor_count && check->code == ERR_NONE; i++) {
        row_check_index(check, "instructors", at->instructors[i], timetable->instructor_count, false);
        for (uint8_t j = 0; j < i; j++) {
            if (at->instructors[j] == at->instructors[i]) {
                row_check_fail(check, ERR_INPUT, "instructors", "同一讲师重复", "names one person twice");
            }
        }
    }
}

static void placement_check(struct row_check *check, const struct timetable *timetable,
                            const struct placement *at)
{
    if (at->session_id == 0) {
        row_check_fail(check, ERR_INPUT, "id", "不能为 0", "must not be 0");
    }
    row_check_index(check, "course", at->course, timetable->course_count, false);
    row_check_index(check, "room", at->room, timetable->room_count, false);
    instructors_check(check, timetable, at);
    row_check_range(check, "day", at->day, DATE_MIN, DATE_MAX);
    row_check_range(check, "start_min", at->start_min, 0, DAY_MINUTES - 1);
    row_check_range(check, "minutes", at->minutes, 1, LIMIT_SESSION_MINUTES);
    row_check_range(check, "setup_min", at->setup_min, 0, LIMIT_MARGIN_MINUTES);
    row_check_range(check, "clear_min", at->clear_min, 0, LIMIT_MARGIN_MINUTES);
    row_check_index(check, "request", at->request, timetable->request_count, true);
    row_check_range(check, "held", at->held, HELD_UNKNOWN, HELD_OUTSIDE);
    row_check_range(check, "heads", at->heads, 0, INT32_MAX);
}

static enum error_code session_check(const struct timetable *timetable, const struct session *row,
                                     struct error *err)
{
    struct row_check check = {.zh = "场次", .en = "session", .number = row->at.session_id, .err = err};
    placement_check(&check, timetable, &row->at);
    row_check_range(&check, "status", row->status, SESSION_TENTATIVE, SESSION_CANCELLED);
    row_check_range(&check, "sequence", row->sequence, 0, INT32_MAX);
    if (row->moved_at != 0) {
        row_check_range(&check, "moved_from_day", row->moved_from_day, DATE_MIN, DATE_MAX);
        row_check_range(&check, "moved_from_min", row->moved_from_min, 0, DAY_MINUTES - 1);
    }
    row_check_range(&check, "counts_as", row->counts_as, 1, LIMIT_REQUEST_SESSIONS);
    row_check_range(&check, "turnout.heads", row->turnout.heads, -1, INT32_MAX);
    row_check_range(&check, "turnout.heads_60", row->turnout.heads_60, -1, INT32_MAX);
    row_check_range(&check, "turnout.satisfaction", row->turnout.satisfaction, -1, 100);
    row_check_note(&check, "turnout.reason", row->turnout.reason);
    row_check_note(&check, "turnout.note", row->turnout.note);
    row_check_note(&check, "note", row->note);
    row_check_note(&check, "cancel_reason", row->cancel_reason);
    return check.code;
}

enum error_code timetable_add_session(struct timetable *timetable, const struct session *session,
                                      struct error *err)
{
    struct session row = *session;
    enum error_code code = timetable_open(timetable, err);
    if (code == ERR_NONE) {
        code = session_check(timetable, &row, err);
    }
    if (code == ERR_NONE) {
        ROWS_RESERVE(code, timetable, sessions, session_count, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    if (!timetable_keep(timetable, &row.note) || !timetable_keep(timetable, &row.cancel_reason) ||
        !timetable_keep(timetable, &row.turnout.reason) || !timetable_keep(timetable, &row.turnout.note)) {
        return timetable_memory(err);
    }
    for (int i = row.at.instructor_count; i < LIMIT_SESSION_INSTRUCTORS; i++) {
        row.at.instructors[i] = NONE;
    }
    timetable->sessions[timetable->session_count++] = row;
    return ERR_NONE;
}
