/* A session with its instructors and overrides as one JSON object of the audit. */
#include "store/gate.h"

#include "base/date.h"

#include <inttypes.h>

static void name_add(struct text *out, const char *name)
{
    text_add(out, text_string(out)[0] == '\0' ? "{" : ",");
    text_add_json(out, name);
    text_add(out, ":");
}

static void integer_add(struct text *out, const char *name, int64_t value)
{
    name_add(out, name);
    text_addf(out, "%" PRId64, value);
}

static void string_add(struct text *out, const char *name, const char *value)
{
    name_add(out, name);
    if (value == NULL) {
        text_add(out, "null");
    } else {
        text_add_json(out, value);
    }
}

static void date_add(struct text *out, const char *name, int32_t day)
{
    char date[DATE_TEXT_SIZE];
    date_format(day, date);
    string_add(out, name, date);
}

static void instructors_add(const struct session_words *words, struct text *out)
{
    const struct placement *at = &words->session->at;
    name_add(out, "instructor_ids");
    text_add(out, "[");
    for (uint8_t i = 0; i < at->instructor_count; i++) {
        text_add(out, i == 0 ? "" : ",");
        text_add_json(out, words->timetable->instructors[at->instructors[i]].id);
    }
    text_add(out, "]");
}

static void overrides_add(const struct session_words *words, struct text *out)
{
    name_add(out, "overrides");
    text_add(out, "[");
    for (size_t i = 0; i < words->override_count; i++) {
        const struct override_row *row = &words->overrides[i];
        text_add(out, i == 0 ? "{\"rule\":" : ",{\"rule\":");
        text_add_json(out, rule_name(row->rule));
        text_add(out, ",\"reason\":");
        text_add_json(out, row->reason);
        text_add(out, ",\"actor\":");
        text_add_json(out, row->actor);
        text_addf(out, ",\"at\":%" PRId64 "}", row->at);
    }
    text_add(out, "]");
}

static void stamps_add(const struct session_words *words, struct text *out)
{
    const struct session *session = words->session;
    bool moved = session->moved_at != 0;
    integer_add(out, "sequence", session->sequence);
    integer_add(out, "created_at", session->created_at);
    integer_add(out, "changed_at", session->changed_at);
    integer_add(out, "cancelled_at", session->cancelled_at);
    integer_add(out, "moved_at", session->moved_at);
    if (moved) {
        date_add(out, "moved_from_date", session->moved_from_day);
        integer_add(out, "moved_from_min", session->moved_from_min);
        string_add(out, "moved_from_room_id", words->moved_from_room_id);
    }
}

void session_json(const struct session_words *words, struct text *out)
{
    const struct timetable *timetable = words->timetable;
    const struct session *session = words->session;
    const struct placement *at = &session->at;
    integer_add(out, "id", at->session_id);
    string_add(out, "course_id", timetable->courses[at->course].id);
    string_add(out, "room_id", timetable->rooms[at->room].id);
    instructors_add(words, out);
    date_add(out, "date", at->day);
    integer_add(out, "start_min", at->start_min);
    integer_add(out, "minutes", at->minutes);
    integer_add(out, "setup_min", at->setup_min);
    integer_add(out, "clear_min", at->clear_min);
    string_add(out, "status", session_status_name(session->status));
    string_add(out, "request_id", at->request == NONE ? NULL : timetable->requests[at->request].id);
    integer_add(out, "series_id", at->series_id);
    integer_add(out, "series_exception", at->series_exception);
    integer_add(out, "pinned", at->pinned);
    integer_add(out, "heads", at->heads);
    integer_add(out, "counts_as", session->counts_as);
    string_add(out, "note", session->note != NULL ? session->note : "");
    string_add(out, "cancel_reason", session->cancel_reason != NULL ? session->cancel_reason : "");
    overrides_add(words, out);
    stamps_add(words, out);
    text_add(out, "}");
}

static enum error_code overrides_read(sqlite3 *db, int64_t session_id, struct arena *arena,
                                      struct session_words *words, struct error *err)
{
    struct override_row *found = arena_array(arena, OVERRIDES_MAX, sizeof *found);
    struct statement rows;
    size_t count = 0;
    bool row = true;
    if (found == NULL) {
        return gate_memory(err);
    }
    enum error_code code = statement_prepare(
        &rows, db, "SELECT rule, reason, actor, at FROM override WHERE session_id = :id ORDER BY rule", err);
    statement_integer(&rows, ":id", session_id);
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code != ERR_NONE || !row || count == OVERRIDES_MAX) {
            continue;
        }
        found[count] = (struct override_row){
            rule_from_name(column_text(&rows, 0)), arena_copy_text(arena, column_text(&rows, 1)),
            arena_copy_text(arena, column_text(&rows, 2)), column_integer(&rows, 3)};
        bool kept = found[count].reason != NULL && found[count].actor != NULL;
        code = kept ? ERR_NONE : gate_memory(err);
        count += found[count].rule < RULE_COUNT;
    }
    statement_finish(&rows);
    words->overrides = found;
    words->override_count = count;
    return code;
}

static enum error_code moved_from_read(sqlite3 *db, int64_t session_id, struct arena *arena,
                                       struct session_words *words, struct error *err)
{
    struct statement rows;
    bool row = false;
    enum error_code code =
        statement_prepare(&rows, db, "SELECT moved_from_room_id FROM session WHERE id = :id", err);
    statement_integer(&rows, ":id", session_id);
    if (code == ERR_NONE) {
        code = statement_step(&rows, &row, err);
    }
    if (code == ERR_NONE && row && !column_null(&rows, 0)) {
        words->moved_from_room_id = arena_copy_text(arena, column_text(&rows, 0));
        code = words->moved_from_room_id != NULL ? ERR_NONE : gate_memory(err);
    }
    statement_finish(&rows);
    return code;
}

enum error_code session_extras(sqlite3 *db, const struct session *session, struct arena *arena,
                               struct session_words *words, struct error *err)
{
    enum error_code code = ERR_NONE;
    if (session->at.overrides != 0) {
        code = overrides_read(db, session->at.session_id, arena, words, err);
    }
    if (code == ERR_NONE && session->moved_at != 0) {
        code = moved_from_read(db, session->at.session_id, arena, words, err);
    }
    return code;
}
