#include "store/attendance.h"

#include "base/limits.h"

#include <inttypes.h>
#include <string.h>

static const char *const HELD_NAMES[] = {
    [HELD_UNKNOWN] = "", [HELD_YES] = "held", [HELD_NO] = "not-held", [HELD_OUTSIDE] = "moved-outside"};

const char *held_name(enum held_state held)
{
    return (unsigned)held < sizeof HELD_NAMES / sizeof *HELD_NAMES ? HELD_NAMES[held] : "";
}

bool held_from_name(const char *name, enum held_state *ret_held)
{
    for (size_t i = HELD_YES; i < sizeof HELD_NAMES / sizeof *HELD_NAMES; i++) {
        if (strcmp(name, HELD_NAMES[i]) == 0) {
            *ret_held = (enum held_state)i;
            return true;
        }
    }
    return false;
}

static enum error_code fault(const struct attendance *a, const char *zh, const char *en, struct error *err)
{
    return error_set(err, ERR_INPUT, "场次 %" PRId64 "：%s (session %" PRId64 ": %s)", a->session_id, zh,
                     a->session_id, en);
}

static enum error_code session_check(const struct timetable *timetable, int32_t today,
                                     const struct attendance *a, struct error *err)
{
    const struct session *session = timetable_find_session(timetable, a->session_id);
    if (session == NULL) {
        return error_set(err, ERR_NOT_FOUND, "没有场次 %" PRId64 " (there is no session %" PRId64 ")",
                         a->session_id, a->session_id);
    }
    if (session->status == SESSION_CANCELLED) {
        return fault(a, "已取消，不能登记", "is cancelled", err);
    }
    if (session->at.day > today) {
        return fault(a, "尚未到日期，不能登记", "has not come yet", err);
    }
    return ERR_NONE;
}

static bool has_text(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static enum error_code figures_check(const struct attendance *a, struct error *err)
{
    if (a->held != HELD_YES && a->held != HELD_NO && a->held != HELD_OUTSIDE) {
        return fault(a, "须说明是否开展", "says not whether it was held", err);
    }
    if (a->held != HELD_YES && !has_text(a->reason)) {
        return fault(a, "未开展或改在礼堂外的，须写明原因", "not held or moved outside needs a reason", err);
    }
    if (a->held == HELD_NO && (a->heads > 0 || a->heads_60 > 0 || a->satisfaction >= 0)) {
        return fault(a, "未开展，不能有人数或满意度", "was not held, yet has heads or satisfaction", err);
    }
    if (a->heads > LIMIT_HEADS || a->heads_60 > a->heads) {
        return fault(a, "人数有误：60 岁以上不能多于总人数", "heads: more people of 60 and more than people",
                     err);
    }
    if (a->heads < -1 || a->heads_60 < -1 || a->satisfaction < -1 || a->satisfaction > 100) {
        return fault(a, "人数不能为负，满意度为 0 至 100", "heads are 0 or more, satisfaction 0 to 100", err);
    }
    return ERR_NONE;
}

static struct cell count_cell(const char *name, int32_t value)
{
    return value < 0 ? CELL_NIL(name) : CELL_INT(name, value);
}

enum error_code attendance_put(struct change_set *set, const struct timetable *timetable, int32_t today,
                               const struct attendance *attendance, struct error *err)
{
    enum error_code code = session_check(timetable, today, attendance, err);
    return code == ERR_NONE ? attendance_put_with(set, attendance, err) : code;
}

enum error_code attendance_put_with(struct change_set *set, const struct attendance *attendance,
                                    struct error *err)
{
    const struct attendance *a = attendance;
    enum error_code code = figures_check(a, err);
    if (code != ERR_NONE) {
        return code;
    }
    struct cell cells[] = {CELL_INT("session_id", a->session_id),
                           CELL_INT("held", held_took_place(a->held)),
                           CELL_INT("outside", a->held == HELD_OUTSIDE),
                           count_cell("heads", a->heads),
                           count_cell("heads_60", a->heads_60),
                           count_cell("satisfaction", a->satisfaction),
                           CELL_STR("reason", a->reason != NULL ? a->reason : ""),
                           CELL_STR("recorded_by", a->recorded_by != NULL ? a->recorded_by : ""),
                           {0},
                           {0}};
    size_t count = sizeof cells / sizeof *cells - 2;
    if (a->note != NULL) {
        cells[count++] = CELL_STR("note", a->note);
    }
    if (a->recorded_at != 0) {
        cells[count++] = CELL_INT("recorded_at", a->recorded_at);
    }
    return change_set_put(set, TABLE_ATTENDANCE, cells, count, err);
}
