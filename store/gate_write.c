/* Sessions into their tables: those that move are lifted first, so that the triggers see two that change
 * places only when both have left. */
#include "store/gate.h"

#include "base/date.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    SESSION_JSON_MAX = 64 * 1024
};

struct writer {
    struct gate *gate;
    struct statement lift, insert, update, people_drop, people_insert, overrides_drop, override_insert;
    int64_t next_id;
};

static const char SESSION_INSERT[] = "INSERT INTO session (id, course_id, room_id, date, start_min, minutes, "
                                     "setup_min, clear_min, status, request_id, "
                                     "series_id, series_exception, pinned, heads, counts_as, note, "
                                     "cancel_reason, sequence, created_at, changed_at, "
                                     "cancelled_at, moved_at, moved_from_date, moved_from_min, "
                                     "moved_from_room_id) VALUES (:id, :course, :room, :date, "
                                     ":start, :minutes, :setup, :clear, :status, :request, :series, "
                                     ":exception, :pinned, :heads, :counts_as, :note, "
                                     ":cancel_reason, :sequence, :created_at, :changed_at, :cancelled_at, "
                                     ":moved_at, :moved_from_date, :moved_from_min, "
                                     ":moved_from_room)";
static const char SESSION_UPDATE[] =
    "UPDATE session SET course_id = :course, room_id = :room, date = :date, start_min = :start, minutes = "
    ":minutes, "
    "setup_min = :setup, clear_min = :clear, status = :status, request_id = :request, series_id = :series, "
    "series_exception = :exception, pinned = :pinned, heads = :heads, counts_as = :counts_as, note = :note, "
    "cancel_reason = :cancel_reason, sequence = :sequence, created_at = :created_at, changed_at = "
    ":changed_at, "
    "cancelled_at = :cancelled_at, moved_at = :moved_at, moved_from_date = :moved_from_date, "
    "moved_from_min = :moved_from_min, moved_from_room_id = :moved_from_room, lifted = 0 WHERE id = :id";

static void writer_finish(struct writer *writer)
{
    statement_finish(&writer->lift);
    statement_finish(&writer->insert);
    statement_finish(&writer->update);
    statement_finish(&writer->people_drop);
    statement_finish(&writer->people_insert);
    statement_finish(&writer->overrides_drop);
    statement_finish(&writer->override_insert);
}

static enum error_code writer_begin(struct writer *writer, struct error *err)
{
    sqlite3 *db = writer->gate->db;
    const struct {
        struct statement *statement;
        const char *sql;
    } wanted[] = {
        {&writer->lift, "UPDATE session SET lifted = 1 WHERE id = :id"},
        {&writer->insert, SESSION_INSERT},
        {&writer->update, SESSION_UPDATE},
        {&writer->people_drop, "DELETE FROM session_instructor WHERE session_id = :id"},
        {&writer->people_insert, "INSERT INTO session_instructor (session_id, position, instructor_id) "
                                 "VALUES (:id, :position, :instructor)"},
        {&writer->overrides_drop, "DELETE FROM override WHERE session_id = :id"},
        {&writer->override_insert, "INSERT INTO override (session_id, rule, reason, actor, at) "
                                   "VALUES (:id, :rule, :reason, :actor, :at)"},
    };
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted && code == ERR_NONE; i++) {
        code = statement_prepare(wanted[i].statement, db, wanted[i].sql, err);
    }
    if (code == ERR_NONE) {
        code = sql_integer(db, "SELECT seq FROM sqlite_sequence WHERE name = 'session'", 0, &writer->next_id,
                           err);
        writer->next_id++;
    }
    return code;
}

static void session_bind(struct statement *statement, const struct timetable *timetable,
                         const struct session_work *work, const char *date, const char *moved_date)
{
    const struct session *session = &work->after;
    const struct placement *at = &session->at;
    statement_integer(statement, ":id", at->session_id);
    statement_text(statement, ":course", timetable->courses[at->course].id);
    statement_text(statement, ":room", timetable->rooms[at->room].id);
    statement_text(statement, ":date", date);
    statement_integer(statement, ":start", at->start_min);
    statement_integer(statement, ":minutes", at->minutes);
    statement_integer(statement, ":setup", at->setup_min);
    statement_integer(statement, ":clear", at->clear_min);
    statement_text(statement, ":status", session_status_name(session->status));
    statement_text(statement, ":request", at->request == NONE ? NULL : timetable->requests[at->request].id);
    if (at->series_id != 0) {
        statement_integer(statement, ":series", at->series_id);
    }
    statement_integer(statement, ":exception", at->series_exception);
    statement_integer(statement, ":pinned", at->pinned);
    statement_integer(statement, ":heads", at->heads);
    statement_integer(statement, ":counts_as", session->counts_as);
    statement_text(statement, ":note", session->note != NULL ? session->note : "");
    statement_text(statement, ":cancel_reason", session->cancel_reason != NULL ? session->cancel_reason : "");
    statement_integer(statement, ":sequence", session->sequence);
    statement_integer(statement, ":created_at", session->created_at);
    statement_integer(statement, ":changed_at", session->changed_at);
    statement_integer(statement, ":cancelled_at", session->cancelled_at);
    statement_integer(statement, ":moved_at", session->moved_at);
    if (session->moved_at != 0) {
        statement_text(statement, ":moved_from_date", moved_date);
        statement_integer(statement, ":moved_from_min", session->moved_from_min);
        statement_text(statement, ":moved_from_room", work->moved_from_room_id);
    }
}

static enum error_code session_put(struct writer *writer, const struct session_work *work,
                                   struct statement *statement, struct error *err)
{
    char date[DATE_TEXT_SIZE];
    char moved_date[DATE_TEXT_SIZE];
    date_format(work->after.at.day, date);
    date_format(work->after.moved_from_day, moved_date);
    session_bind(statement, writer->gate->timetable, work, date, moved_date);
    return statement_run(statement, err);
}

static enum error_code people_put(struct writer *writer, const struct session_work *work, struct error *err)
{
    const struct placement *at = &work->after.at;
    enum error_code code = ERR_NONE;
    for (uint8_t i = 0; i < at->instructor_count && code == ERR_NONE; i++) {
        statement_integer(&writer->people_insert, ":id", at->session_id);
        statement_integer(&writer->people_insert, ":position", i);
        statement_text(&writer->people_insert, ":instructor",
                       writer->gate->timetable->instructors[at->instructors[i]].id);
        code = statement_run(&writer->people_insert, err);
    }
    return code;
}

static enum error_code overrides_put(struct writer *writer, const struct session_work *work,
                                     struct error *err)
{
    int64_t id = work->after.at.session_id;
    enum error_code code = ERR_NONE;
    if (work->old_override_count > 0) {
        statement_integer(&writer->overrides_drop, ":id", id);
        code = statement_run(&writer->overrides_drop, err);
    }
    for (size_t i = 0; i < work->override_count && code == ERR_NONE; i++) {
        const struct override_row *row = &work->overrides[i];
        statement_integer(&writer->override_insert, ":id", id);
        statement_text(&writer->override_insert, ":rule", rule_name(row->rule));
        statement_text(&writer->override_insert, ":reason", row->reason);
        statement_text(&writer->override_insert, ":actor", row->actor);
        statement_integer(&writer->override_insert, ":at", row->at);
        code = statement_run(&writer->override_insert, err);
    }
    return code;
}

static enum error_code words_json(const struct session_words *words, struct text *out, struct error *err)
{
    text_init(out, SESSION_JSON_MAX);
    session_json(words, out);
    return text_status(out, err);
}

static enum error_code work_note(struct gate *gate, const struct session_work *work, struct error *err)
{
    struct session_words after = {gate->timetable, &work->after, work->moved_from_room_id, work->overrides,
                                  work->override_count};
    struct session_words before = {gate->timetable, work->before, work->old_moved_from_room_id,
                                   work->old_overrides, work->old_override_count};
    struct text new;
    struct text old;
    char key[32];
    sqlite3_snprintf((int)sizeof key, key, "[%lld]", (long long)work->after.at.session_id);
    text_init(&old, SESSION_JSON_MAX);
    enum error_code code = words_json(&after, &new, err);
    if (code == ERR_NONE && work->before != NULL) {
        code = words_json(&before, &old, err);
    }
    if (code == ERR_NONE) {
        code = audit_note(&gate->audit, "session", key, work->before != NULL ? text_string(&old) : NULL,
                          text_string(&new), err);
    }
    text_finish(&new);
    text_finish(&old);
    return code;
}

/* Lifted already: people first, so that landing shows the triggers who comes along. */
static enum error_code session_land(struct writer *writer, const struct session_work *work, struct error *err)
{
    enum error_code code = ERR_NONE;
    if (work->is_placed_anew) {
        statement_integer(&writer->people_drop, ":id", work->after.at.session_id);
        code = statement_run(&writer->people_drop, err);
    }
    if (code == ERR_NONE && work->is_placed_anew) {
        code = people_put(writer, work, err);
    }
    return code == ERR_NONE ? session_put(writer, work, &writer->update, err) : code;
}

static enum error_code session_create(struct writer *writer, struct session_work *work, struct error *err)
{
    if (!work->is_restored) {
        work->after.at.session_id = writer->next_id++;
    }
    enum error_code code = session_put(writer, work, &writer->insert, err);
    return code == ERR_NONE ? people_put(writer, work, err) : code;
}

static enum error_code work_write(struct writer *writer, struct session_work *work, struct error *err)
{
    enum error_code code = work->is_new ? session_create(writer, work, err) : session_land(writer, work, err);
    if (code == ERR_NONE) {
        code = overrides_put(writer, work, err);
    }
    return code == ERR_NONE ? work_note(writer->gate, work, err) : code;
}

static enum error_code works_lift(struct writer *writer, struct error *err)
{
    struct gate *gate = writer->gate;
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < gate->works.count && code == ERR_NONE; i++) {
        const struct session_work *work = &gate->works.items[i];
        if (work->is_placed_anew && !work->is_new) {
            statement_integer(&writer->lift, ":id", work->after.at.session_id);
            code = statement_run(&writer->lift, err);
        }
    }
    return code;
}

static enum error_code ids_tell(struct gate *gate, struct error *err)
{
    int64_t *ids = calloc(gate->works.count + 1, sizeof *ids);
    size_t count = 0;
    if (ids == NULL) {
        return gate_memory(err);
    }
    for (size_t i = 0; i < gate->works.count; i++) {
        const struct session_work *work = &gate->works.items[i];
        if (work->is_new && !work->is_restored) {
            ids[count++] = work->after.at.session_id;
        }
    }
    free(gate->result->new_session_ids);
    gate->result->new_session_ids = ids;
    gate->result->new_session_count = count;
    return ERR_NONE;
}

enum error_code gate_write_sessions(struct gate *gate, struct error *err)
{
    struct writer writer = {.gate = gate};
    if (gate->works.count == 0) {
        return ERR_NONE;
    }
    enum error_code code = writer_begin(&writer, err);
    if (code == ERR_NONE) {
        code = works_lift(&writer, err);
    }
    for (size_t i = 0; i < gate->works.count && code == ERR_NONE; i++) {
        struct session_work *work = &gate->works.items[i];
        if (!work->is_changed) {
            gate->result->unchanged++;
            continue;
        }
        code = work_write(&writer, work, err);
        if (code != ERR_NONE) {
            (void)error_wrap(err, "场次 %" PRId64 " (session)", work->after.at.session_id);
        }
    }
    writer_finish(&writer);
    if (code == ERR_NONE && !gate->options->dry_run) {
        code = ids_tell(gate, err);
    }
    return code;
}
