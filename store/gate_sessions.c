/* What each touched session will be: edits in the order of the set over what is stored, in indices of the
 * timetable; then the bookkeeping that feeds rely on (DESIGN §7.2, §7.3). */
#include "store/gate.h"

#include "base/date.h"
#include "scheduler/rules.h"

#include <inttypes.h>
#include <string.h>

static enum error_code unknown(const char *zh, const char *en, const char *id, struct error *err)
{
    return error_set(err, ERR_INPUT, "没有%s %s (there is no %s %s)", zh, id == NULL ? "" : id, en,
                     id == NULL ? "" : id);
}

static enum error_code room_set(struct gate *gate, struct session_work *work, const char *id,
                                struct error *err)
{
    uint32_t found = timetable_find_room(gate->timetable, id);
    if (found == NONE) {
        return unknown("场地", "room", id, err);
    }
    work->after.at.room = found;
    return ERR_NONE;
}

/* A course brings its own set-up and clear-up. */
static enum error_code course_set(struct gate *gate, struct session_work *work, const char *id,
                                  struct error *err)
{
    uint32_t found = timetable_find_course(gate->timetable, id);
    if (found == NONE) {
        return unknown("课程", "course", id, err);
    }
    struct placement *at = &work->after.at;
    at->course = found;
    at->setup_min = gate->timetable->courses[found].setup_min;
    at->clear_min = gate->timetable->courses[found].clear_min;
    return ERR_NONE;
}

static enum error_code instructors_set(struct gate *gate, struct session_work *work,
                                       const struct session_spec *spec, struct error *err)
{
    struct placement *at = &work->after.at;
    for (size_t i = 0; i < LIMIT_SESSION_INSTRUCTORS; i++) {
        at->instructors[i] = NONE;
    }
    at->instructor_count = 0;
    for (size_t i = 0; i < spec->instructor_count; i++) {
        uint32_t found = timetable_find_instructor(gate->timetable, spec->instructor_ids[i]);
        if (found == NONE) {
            return unknown("讲师", "instructor", spec->instructor_ids[i], err);
        }
        if (placement_teaches(at, found)) {
            return error_set(err, ERR_INPUT, "讲师 %s 重复 (instructor %s is named twice)",
                             spec->instructor_ids[i], spec->instructor_ids[i]);
        }
        at->instructors[at->instructor_count++] = found;
    }
    return ERR_NONE;
}

static void status_set(struct session_work *work, enum session_status status, const char *reason)
{
    struct session *after = &work->after;
    if (status == SESSION_CANCELLED && (reason != NULL || after->status != SESSION_CANCELLED)) {
        after->cancel_reason = reason;
    }
    if (status != SESSION_CANCELLED) {
        after->cancel_reason = NULL;
    }
    after->status = status;
}

static void overrides_set(struct session_work *work, const struct override_row *rows, size_t count)
{
    work->override_count = 0;
    work->after.at.overrides = 0;
    for (size_t i = 0; i < count && i < OVERRIDES_MAX; i++) {
        work->overrides[work->override_count++] = rows[i];
        work->after.at.overrides |= RULE_BIT(rows[i].rule);
    }
}

static void small_fields_set(struct session_work *work, uint32_t fields, const struct session_spec *spec)
{
    struct placement *at = &work->after.at;
    if ((fields & EDIT_TIME) != 0) {
        at->day = spec->day;
        at->start_min = spec->start_min;
        at->minutes = spec->minutes != 0 ? spec->minutes : at->minutes;
    }
    if ((fields & EDIT_MARGINS) != 0) {
        at->setup_min = spec->setup_min;
        at->clear_min = spec->clear_min;
    }
    if ((fields & EDIT_PINNED) != 0) {
        at->pinned = spec->pinned;
    }
    if ((fields & EDIT_SERIES_EXCEPTION) != 0) {
        at->series_exception = spec->series_exception;
    }
    if ((fields & EDIT_HEADS) != 0) {
        at->heads = spec->heads;
    }
    if ((fields & EDIT_COUNTS_AS) != 0) {
        work->after.counts_as = spec->counts_as;
    }
    if ((fields & EDIT_NOTE) != 0) {
        work->after.note = spec->note != NULL && spec->note[0] != '\0' ? spec->note : NULL;
    }
    if ((fields & EDIT_STATUS) != 0) {
        status_set(work, spec->status, spec->cancel_reason);
    }
    if ((fields & EDIT_OVERRIDES) != 0) {
        overrides_set(work, spec->overrides, spec->override_count);
        work->keeps_overrides = true;
    }
}

static enum error_code fields_set(struct gate *gate, struct session_work *work, uint32_t fields,
                                  const struct session_spec *spec, struct error *err)
{
    enum error_code code = ERR_NONE;
    if ((fields & EDIT_COURSE) != 0) {
        code = course_set(gate, work, spec->course_id, err);
    }
    if (code == ERR_NONE && (fields & EDIT_ROOM) != 0) {
        code = room_set(gate, work, spec->room_id, err);
    }
    if (code == ERR_NONE && (fields & EDIT_INSTRUCTORS) != 0) {
        code = instructors_set(gate, work, spec, err);
    }
    if (code == ERR_NONE) {
        small_fields_set(work, fields, spec);
    }
    return code;
}

/* ---- new ones ---- */

static enum error_code series_set(struct gate *gate, struct session_work *work, int64_t series_id,
                                  struct error *err)
{
    if (series_id < 0) {
        uint64_t n = (uint64_t)(-(series_id + 1));
        if (n >= gate->set->new_series_count) {
            return error_set(err, ERR_INPUT, "没有系列课 %" PRId64 " (there is no such new series)",
                             series_id);
        }
        series_id = gate->series_ids[n];
    }
    work->after.at.series_id = series_id;
    return ERR_NONE;
}

static void defaults_set(struct gate *gate, struct session_work *work, const struct session_spec *spec)
{
    struct placement *at = &work->after.at;
    const struct course *course = &gate->timetable->courses[at->course];
    int32_t asked = at->request == NONE ? 0 : gate->timetable->requests[at->request].heads;
    at->minutes = spec->minutes != 0 ? spec->minutes : course->minutes;
    at->setup_min = spec->setup_min >= 0 ? spec->setup_min : course->setup_min;
    at->clear_min = spec->clear_min >= 0 ? spec->clear_min : course->clear_min;
    at->heads = spec->heads >= 0 ? spec->heads : asked > 0 ? asked : course->heads;
}

/* A session counts for its request, so that no plan makes it again: it must be what was asked for. */
static enum error_code request_check(const struct gate *gate, const struct placement *at, struct error *err)
{
    const struct timetable *t = gate->timetable;
    const struct request *row = &t->requests[at->request];
    uint32_t hall = t->rooms[at->room].hall;
    if (row->withdrawn) {
        return error_set(err, ERR_INPUT, "点单 %s 已撤回 (request %s was withdrawn)", row->id, row->id);
    }
    if (row->course != at->course) {
        const char *asked = t->courses[row->course].name;
        const char *given = t->courses[at->course].name;
        return error_set(err, ERR_INPUT, "点单 %s 要的是《%s》，不是《%s》 (request %s asks for %s, not %s)",
                         row->id, asked, given, row->id, asked, given);
    }
    if (!request_names_hall(t, row, hall)) {
        const char *asked = request_place_name(t, row);
        const char *given = t->halls[hall].name;
        return error_set(err, ERR_INPUT, "点单 %s 要的是%s，不是%s (request %s asks for %s, not %s)", row->id,
                         asked, given, row->id, asked, given);
    }
    return ERR_NONE;
}

static enum error_code new_resolve(struct gate *gate, struct session_work *work,
                                   const struct session_spec *spec, struct error *err)
{
    struct session *after = &work->after;
    *after = (struct session){.counts_as = 1, .created_at = gate->now_s, .changed_at = gate->now_s};
    after->at.session_id = spec->id;
    after->at.request = NONE;
    if (spec->request_id != NULL) {
        after->at.request = timetable_find_request(gate->timetable, spec->request_id);
        if (after->at.request == NONE) {
            return unknown("点单", "request", spec->request_id, err);
        }
    }
    uint32_t fields = EDIT_EVERYTHING & ~(uint32_t)(EDIT_MARGINS | EDIT_HEADS | EDIT_OVERRIDES);
    enum error_code code = fields_set(gate, work, fields, spec, err);
    if (code == ERR_NONE) {
        code = series_set(gate, work, spec->series_id, err);
    }
    if (code == ERR_NONE) {
        defaults_set(gate, work, spec);
        after->cancelled_at = after->status == SESSION_CANCELLED ? gate->now_s : 0;
    }
    return code;
}

/* A session that an undo brings back is the same one: its numbers go on rising. */
static void restore_stamp(struct gate *gate, struct session_work *work, const struct session_spec *spec)
{
    struct session *after = &work->after;
    after->sequence = spec->sequence + 1;
    after->created_at = spec->created_at;
    after->changed_at = gate->now_s > spec->changed_at ? gate->now_s : spec->changed_at + 1;
    overrides_set(work, spec->overrides, spec->override_count);
    work->keeps_overrides = true;
}

/* ---- bookkeeping ---- */

static bool is_elsewhere(const struct placement *a, const struct placement *b)
{
    return a->room != b->room || a->day != b->day || a->start_min != b->start_min;
}

static bool teaches_others(const struct placement *a, const struct placement *b)
{
    bool others = a->instructor_count != b->instructor_count;
    for (uint8_t i = 0; !others && i < a->instructor_count; i++) {
        others = a->instructors[i] != b->instructors[i];
    }
    return others;
}

static bool text_differs(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") != 0;
}

static void move_stamp(struct gate *gate, struct session_work *work)
{
    const struct session *before = work->before;
    struct session *after = &work->after;
    const char *room_id = gate->timetable->rooms[after->at.room].id;
    const char *from_room_id = work->old_moved_from_room_id;
    bool back = before->moved_at != 0 && after->at.day == before->moved_from_day &&
                after->at.start_min == before->moved_from_min &&
                (from_room_id == NULL || strcmp(from_room_id, room_id) == 0);
    after->moved_at = back ? 0 : gate->now_s;
    after->moved_from_day = back ? after->at.day : before->at.day;
    after->moved_from_min = back ? 0 : before->at.start_min;
    work->moved_from_room_id = back ? NULL : gate->timetable->rooms[before->at.room].id;
}

static void edit_stamp(struct gate *gate, struct session_work *work)
{
    const struct session *before = work->before;
    struct session *after = &work->after;
    const struct placement *from = &before->at;
    const struct placement *to = &after->at;
    bool elsewhere = is_elsewhere(from, to);
    bool retimed = elsewhere || from->minutes != to->minutes;
    bool cancelling = (before->status == SESSION_CANCELLED) != (after->status == SESSION_CANCELLED);
    bool visible = retimed || before->status != after->status || from->course != to->course ||
                   teaches_others(from, to) || text_differs(before->note, after->note) ||
                   text_differs(before->cancel_reason, after->cancel_reason);
    work->moved_from_room_id = work->old_moved_from_room_id;
    if (elsewhere) {
        move_stamp(gate, work);
    }
    if (cancelling) {
        after->cancelled_at = after->status == SESSION_CANCELLED ? gate->now_s : 0;
    }
    after->sequence = before->sequence + ((retimed || cancelling) ? 1 : 0);
    if (visible) {
        after->changed_at = gate->now_s > before->changed_at ? gate->now_s : before->changed_at + 1;
    }
    work->is_changed = visible || from->setup_min != to->setup_min || from->clear_min != to->clear_min ||
                       from->pinned != to->pinned || from->series_exception != to->series_exception ||
                       from->heads != to->heads || from->overrides != to->overrides ||
                       before->counts_as != after->counts_as;
}

/* What was approved for one place and time does not follow the session to another. */
static void overrides_settle(struct session_work *work)
{
    const struct placement *from = &work->before->at;
    const struct placement *to = &work->after.at;
    bool revived = work->before->status == SESSION_CANCELLED && work->after.status != SESSION_CANCELLED;
    work->is_placed_anew = revived || is_elsewhere(from, to) || from->minutes != to->minutes ||
                           from->course != to->course || from->setup_min != to->setup_min ||
                           from->clear_min != to->clear_min || teaches_others(from, to);
    if (!work->keeps_overrides) {
        overrides_set(work, work->old_overrides, work->is_placed_anew ? 0 : work->old_override_count);
    }
}

/* No rule is asked about a session that is not held, so it stays where it was until it is: moved unchecked,
 * be it while it is cancelled, it could not be held again. An undo may put back what an older program
 * allowed. */
static enum error_code cancelled_stays(const struct gate *gate, const struct session_work *work,
                                       struct error *err)
{
    int64_t id = work->before->at.session_id;
    if (work->after.status != SESSION_CANCELLED || !work->is_placed_anew || gate->options->undoes != 0) {
        return ERR_NONE;
    }
    if (work->before->status != SESSION_CANCELLED) {
        return error_set(err, ERR_INPUT,
                         "场次 %" PRId64 " 停课的同时不能有其他改动 (session %" PRId64
                         " is cancelled: it cannot be changed along with that)",
                         id, id);
    }
    return error_set(err, ERR_INPUT,
                     "场次 %" PRId64 " 已停课，不能改动；请先恢复（litang cancel %" PRId64
                     " --lift），或在 move、reassign 时加 --lift 一并恢复 (session %" PRId64
                     " is cancelled: lift the cancellation before changing it, with cancel --lift, or along "
                     "with that, with move --lift or reassign --lift)",
                     id, id, id);
}

/* ---- all of them ---- */

static enum error_code work_begin(struct gate *gate, int64_t id, struct session_work **ret_work,
                                  struct error *err)
{
    uint32_t known = id == 0 ? ID_MAP_NONE : id_map_get(&gate->work_of, id);
    if (known != ID_MAP_NONE) {
        *ret_work = &gate->works.items[known];
        return ERR_NONE;
    }
    struct session_work work = {.slot = NONE};
    enum error_code code;
    VEC_PUSH(code, &gate->works, work, LIMIT_ROWS);
    if (code == ERR_NONE && id != 0) {
        code = id_map_put(&gate->work_of, id, (uint32_t)(gate->works.count - 1));
    }
    if (code != ERR_NONE) {
        return error_set(err, code, "%zu sessions", gate->works.count);
    }
    *ret_work = &gate->works.items[gate->works.count - 1];
    return ERR_NONE;
}

static enum error_code edit_begin(struct gate *gate, struct session_work *work, int64_t id, struct error *err)
{
    struct session_words words = {0};
    const struct session *before = timetable_find_session(gate->timetable, id);
    if (before == NULL) {
        return error_set(err, ERR_NOT_FOUND, "没有场次 %" PRId64 " (there is no session %" PRId64 ")", id,
                         id);
    }
    enum error_code code = session_extras(gate->db, before, &gate->arena, &words, err);
    work->before = before;
    work->after = *before;
    work->old_overrides = words.overrides;
    work->old_override_count = words.override_count;
    work->old_moved_from_room_id = words.moved_from_room_id;
    overrides_set(work, work->old_overrides, work->old_override_count);
    return code;
}

static enum error_code op_resolve(struct gate *gate, const struct session_op *op, struct error *err)
{
    struct session_work *work;
    enum error_code code = work_begin(gate, op->spec.id, &work, err);
    if (code != ERR_NONE) {
        return code;
    }
    bool first = work->op == NULL;
    work->op = op;
    if (op->kind == SESSION_OP_EDIT) {
        if (first) {
            code = edit_begin(gate, work, op->spec.id, err);
        }
        return code == ERR_NONE ? fields_set(gate, work, op->fields, &op->spec, err) : code;
    }
    work->is_new = true;
    work->is_changed = true;
    code = new_resolve(gate, work, &op->spec, err);
    if (code == ERR_NONE && op->kind == SESSION_OP_NEW && work->after.at.request != NONE) {
        code = request_check(gate, &work->after.at, err);
    }
    if (code == ERR_NONE && op->kind == SESSION_OP_RESTORE) {
        work->is_restored = true;
        restore_stamp(gate, work, &op->spec);
    }
    return code;
}

enum error_code gate_resolve_sessions(struct gate *gate, struct error *err)
{
    for (size_t i = 0; i < gate->set->sessions.count; i++) {
        const struct session_op *op = &gate->set->sessions.items[i];
        enum error_code code = op->kind == SESSION_OP_DROP ? ERR_NONE : op_resolve(gate, op, err);
        if (code != ERR_NONE) {
            (void)(op->spec.id != 0 ? error_wrap(err, "场次 %" PRId64 " (session)", op->spec.id)
                                    : error_wrap(err, "新场次（第 %zu 项）(new session)", i + 1));
            return code;
        }
    }
    for (size_t i = 0; i < gate->works.count; i++) {
        struct session_work *work = &gate->works.items[i];
        enum error_code code = placement_validate(gate->timetable, &work->after.at, err);
        bool counts = work->after.counts_as >= 1 && work->after.counts_as <= 100 && work->after.at.heads >= 0;
        if (code == ERR_NONE && !counts) {
            code = error_set(err, ERR_INPUT, "场次 %" PRId64 ": heads, counts_as", work->after.at.session_id);
        }
        if (code != ERR_NONE) {
            return code;
        }
        if (work->before != NULL) {
            overrides_settle(work);
            code = cancelled_stays(gate, work, err);
            edit_stamp(gate, work);
        }
        if (code != ERR_NONE) {
            return code;
        }
    }
    return ERR_NONE;
}
