/* Rows of series and sessions. Instructors, overrides and attendance are read along in the order of the
 * sessions: a million sessions need four scans and no search. */
#include "store/snapshot_private.h"

#include "scheduler/rules.h"

enum {
    SIDE_INSTRUCTORS,
    SIDE_OVERRIDES,
    SIDE_ATTENDANCE
};

enum error_code series_read(struct loader *loader)
{
    struct series row = {.id = column_integer(&loader->rows, 0)};
    enum error_code code = row_refer(loader, 1, timetable_find_request, &row.request);
    if (code == ERR_NONE && !holiday_rule_from_name(row_text(loader, 2), &row.holiday_rule)) {
        code = row_fault(loader, 2, "节假日规则无效 (not a holiday rule)");
    }
    return code == ERR_NONE ? timetable_add_series(loader->timetable, &row, loader->err) : code;
}

/* Is the side table at a row of this session? */
static bool side_here(const struct loader *loader, int side, int64_t session_id)
{
    return loader->side_row[side] && column_integer(&loader->sides[side], 0) == session_id;
}

static enum error_code instructors_read(struct loader *loader, struct placement *at)
{
    enum error_code code = ERR_NONE;
    while (code == ERR_NONE && side_here(loader, SIDE_INSTRUCTORS, at->session_id)) {
        const char *id = column_text(&loader->sides[SIDE_INSTRUCTORS], 1);
        uint32_t found = timetable_find_instructor(loader->timetable, id);
        if (found == NONE || at->instructor_count >= LIMIT_SESSION_INSTRUCTORS) {
            return error_set(loader->err, ERR_INPUT, "session_instructor: instructor_id = \"%.80s\": %s", id,
                             found == NONE ? "所引用的记录不存在 (refers to nothing)"
                                           : "讲师过多 (too many)");
        }
        at->instructors[at->instructor_count++] = found;
        code = side_step(loader, SIDE_INSTRUCTORS);
    }
    return code;
}

static enum error_code overrides_read(struct loader *loader, struct placement *at)
{
    enum error_code code = ERR_NONE;
    while (code == ERR_NONE && side_here(loader, SIDE_OVERRIDES, at->session_id)) {
        const char *name = column_text(&loader->sides[SIDE_OVERRIDES], 1);
        enum rule_code rule = rule_from_name(name);
        if (rule == RULE_COUNT) {
            return error_set(loader->err, ERR_INPUT, "override: rule = \"%.80s\": %s", name,
                             "没有这条规则 (no such rule)");
        }
        at->overrides |= RULE_BIT(rule);
        code = side_step(loader, SIDE_OVERRIDES);
    }
    return code;
}

static const char *text_or_none(const struct statement *rows, int column)
{
    const char *text = column_text(rows, column);
    return text != NULL && text[0] != '\0' ? text : NULL;
}

static int32_t count_or_none(const struct statement *rows, int column)
{
    return column_null(rows, column) ? -1 : column_small(rows, column);
}

/* The entry that the side table stands on, if it is this session's; its texts live until the next step. */
static void attendance_read(const struct loader *loader, struct session *session)
{
    const struct statement *rows = &loader->sides[SIDE_ATTENDANCE];
    session->turnout = (struct turnout){.heads = -1, .heads_60 = -1, .satisfaction = -1};
    if (!side_here(loader, SIDE_ATTENDANCE, session->at.session_id)) {
        return;
    }
    bool took_place = column_integer(rows, 1) != 0;
    bool outside = column_integer(rows, 2) != 0;
    session->at.held = outside ? HELD_OUTSIDE : took_place ? HELD_YES : HELD_NO;
    session->turnout = (struct turnout){.heads = count_or_none(rows, 3),
                                        .heads_60 = count_or_none(rows, 4),
                                        .satisfaction = count_or_none(rows, 5),
                                        .recorded_at = column_integer(rows, 6),
                                        .reason = text_or_none(rows, 7),
                                        .note = text_or_none(rows, 8)};
}

static enum error_code placement_read(struct loader *loader, struct placement *at)
{
    const struct statement *rows = &loader->rows;
    at->session_id = column_integer(rows, 0);
    at->start_min = column_small(rows, 4);
    at->minutes = column_small(rows, 5);
    at->setup_min = column_small(rows, 6);
    at->clear_min = column_small(rows, 7);
    at->series_id = column_integer(rows, 10);
    at->series_exception = column_integer(rows, 11) != 0;
    at->pinned = column_integer(rows, 12) != 0;
    at->heads = column_small(rows, 13);
    enum error_code code = row_refer(loader, 1, timetable_find_course, &at->course);
    if (code == ERR_NONE) {
        code = row_refer(loader, 2, timetable_find_room, &at->room);
    }
    if (code == ERR_NONE) {
        code = row_day(loader, 3, 0, &at->day);
    }
    if (code == ERR_NONE) {
        code = row_refer(loader, 9, timetable_find_request, &at->request);
    }
    if (code == ERR_NONE) {
        code = instructors_read(loader, at);
    }
    if (code == ERR_NONE) {
        code = overrides_read(loader, at);
    }
    return code;
}

enum error_code session_read(struct loader *loader)
{
    const struct statement *rows = &loader->rows;
    struct session row = {
        .counts_as = column_small(rows, 14),
        .note = row_optional(loader, 15),
        .cancel_reason = row_optional(loader, 16),
        .sequence = column_small(rows, 17),
        .created_at = column_integer(rows, 18),
        .changed_at = column_integer(rows, 19),
        .cancelled_at = column_integer(rows, 20),
        .moved_at = column_integer(rows, 21),
        .moved_from_min = column_small(rows, 23),
    };
    enum error_code code = placement_read(loader, &row.at);
    if (code == ERR_NONE && !session_status_from_name(row_text(loader, 8), &row.status)) {
        code = row_fault(loader, 8, "状态无效 (not a status)");
    }
    if (code == ERR_NONE) {
        code = row_day(loader, 22, row.at.day, &row.moved_from_day);
    }
    if (code == ERR_NONE) {
        attendance_read(loader, &row);
        code = timetable_add_session(loader->timetable, &row, loader->err);
    }
    if (code == ERR_NONE && side_here(loader, SIDE_ATTENDANCE, row.at.session_id)) {
        code = side_step(loader, SIDE_ATTENDANCE);
    }
    return code;
}
