/* The difference between a draft and the published timetable, in names. */
#include "store/plans_private.h"

#include "base/date.h"
#include "base/text.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

struct differ {
    struct store *store;
    struct plan_diff *diff;
    struct timetable *timetable; /* owned reference */
    struct plan_head head;
    size_t row_capacity, refusal_capacity;
};

static const char *keep(struct differ *differ, const char *text)
{
    const char *copy = arena_copy_text(&differ->diff->arena, text != NULL ? text : "");
    return copy != NULL ? copy : "";
}

/* Names of "id;id"; an id that is no longer there stands for itself. */
static const char *people_names(struct differ *differ, const char *ids)
{
    const struct timetable *timetable = differ->timetable;
    struct text names;
    text_init(&names, LIMIT_SESSION_INSTRUCTORS * (LIMIT_NAME_BYTES + 1));
    while (ids != NULL && *ids != '\0') {
        char id[LIMIT_ID_BYTES + 1] = {0};
        size_t length = strcspn(ids, ";");
        memcpy(id, ids, length < LIMIT_ID_BYTES ? length : LIMIT_ID_BYTES);
        uint32_t found = timetable_find_instructor(timetable, id);
        text_addf(&names, "%s%s", text_string(&names)[0] == '\0' ? "" : ";",
                  found != NONE ? timetable->instructors[found].name : id);
        ids += length;
        ids += *ids == ';';
    }
    const char *kept = keep(differ, text_string(&names));
    text_finish(&names);
    return kept;
}

static const char *placement_people(struct differ *differ, const struct placement *at)
{
    struct text names;
    text_init(&names, LIMIT_SESSION_INSTRUCTORS * (LIMIT_NAME_BYTES + 1));
    for (uint8_t i = 0; i < at->instructor_count; i++) {
        text_addf(&names, "%s%s", i == 0 ? "" : ";", differ->timetable->instructors[at->instructors[i]].name);
    }
    const char *kept = keep(differ, text_string(&names));
    text_finish(&names);
    return kept;
}

static const char *room_name(struct differ *differ, uint32_t room)
{
    const struct timetable *timetable = differ->timetable;
    const struct hall *hall = &timetable->halls[timetable->rooms[room].hall];
    return hall->room_count > 1 ? keep(differ, timetable->rooms[room].name) : "";
}

static void old_fill(struct differ *differ, struct plan_diff_row *row)
{
    const struct timetable *timetable = differ->timetable;
    const struct session *session = timetable_find_session(timetable, row->session_id);
    row->old_hall = row->old_room = row->old_instructors = "";
    if (session == NULL) {
        return;
    }
    row->old_day = session->at.day;
    row->old_start_min = session->at.start_min;
    row->old_hall = keep(differ, timetable->halls[timetable->rooms[session->at.room].hall].name);
    row->old_room = room_name(differ, session->at.room);
    row->old_instructors = placement_people(differ, &session->at);
}

static void place_fill(struct differ *differ, struct plan_diff_row *row, const char *room_id,
                       const char *course_id)
{
    const struct timetable *timetable = differ->timetable;
    uint32_t room = timetable_find_room(timetable, room_id);
    uint32_t course = timetable_find_course(timetable, course_id);
    row->room_id = keep(differ, room_id);
    row->course = keep(differ, course != NONE ? timetable->courses[course].name : course_id);
    row->township = row->hall = row->room = "";
    if (room != NONE) {
        uint32_t hall = timetable->rooms[room].hall;
        uint32_t township = timetable_hall_township(timetable, hall);
        row->hall = keep(differ, timetable->halls[hall].name);
        row->room = room_name(differ, room);
        row->township = keep(differ, township != NONE ? timetable->areas[township].name : "");
    }
}

static void row_count(struct plan_diff *diff, const char *action)
{
    diff->created += strcmp(action, "create") == 0;
    diff->moved += strcmp(action, "move") == 0;
    diff->cancelled += strcmp(action, "cancel") == 0;
}

static enum error_code row_read(struct differ *differ, const struct statement *rows, struct error *err)
{
    struct plan_diff *diff = differ->diff;
    struct plan_diff_row row = {
        .action = keep(differ, column_text(rows, 0)),
        .session_id = column_integer(rows, 1),
        .start_min = column_small(rows, 6),
        .minutes = column_small(rows, 7),
    };
    if (!date_parse(column_text(rows, 5), &row.day)) {
        return error_set(err, ERR_DATABASE, "plan_item: date \"%s\"", column_text(rows, 5));
    }
    place_fill(differ, &row, column_text(rows, 3), column_text(rows, 2));
    row.instructors = people_names(differ, column_text(rows, 4));
    old_fill(differ, &row);
    void *grown = vec_reserve(diff->rows, &differ->row_capacity, diff->row_count + 1, sizeof row, LIMIT_ROWS);
    if (grown == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    diff->rows = grown;
    diff->rows[diff->row_count++] = row;
    row_count(diff, row.action);
    return ERR_NONE;
}

static enum error_code rows_load(struct differ *differ, struct error *err)
{
    struct statement rows;
    bool row = true;
    enum error_code code = statement_prepare(&rows, differ->store->db,
                                             "SELECT action, session_id, course_id, room_id, instructor_ids, "
                                             "date, start_min, minutes FROM plan_item "
                                             "WHERE plan_name = :name ORDER BY date, start_min, seq",
                                             err);
    statement_text(&rows, ":name", differ->head.name);
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code == ERR_NONE && row) {
            code = row_read(differ, &rows, err);
        }
    }
    statement_finish(&rows);
    return code;
}

static enum error_code refusals_load(struct differ *differ, struct error *err)
{
    struct plan_diff *diff = differ->diff;
    struct statement rows;
    bool row = true;
    enum error_code code = statement_prepare(&rows, differ->store->db,
                                             "SELECT request_id, missing, kind, zh, en FROM plan_refusal "
                                             "WHERE plan_name = :name ORDER BY request_id",
                                             err);
    statement_text(&rows, ":name", differ->head.name);
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code != ERR_NONE || !row) {
            continue;
        }
        void *grown = vec_reserve(diff->refusals, &differ->refusal_capacity, diff->refusal_count + 1,
                                  sizeof *diff->refusals, LIMIT_ROWS);
        if (grown == NULL) {
            code = error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
            continue;
        }
        diff->refusals = grown;
        size_t at = diff->refusal_count++;
        diff->refusals[at].request_id = keep(differ, column_text(&rows, 0));
        diff->refusals[at].missing = column_small(&rows, 1);
        diff->refusals[at].kind = keep(differ, column_text(&rows, 2));
        diff->refusals[at].zh = keep(differ, column_text(&rows, 3));
        diff->refusals[at].en = keep(differ, column_text(&rows, 4));
    }
    statement_finish(&rows);
    return code;
}

static enum error_code head_load(struct differ *differ, const char *name, struct error *err)
{
    struct statement rows;
    bool row = false;
    enum error_code code = plan_find(differ->store, name, &differ->head, err);
    if (code != ERR_NONE) {
        return code;
    }
    differ->diff->name = keep(differ, differ->head.name);
    differ->diff->base_revision = differ->head.base_revision;
    differ->diff->published_revision = differ->head.published_revision;
    code = statement_prepare(&rows, differ->store->db, "SELECT summary FROM plan WHERE name = :name", err);
    statement_text(&rows, ":name", differ->head.name);
    if (code == ERR_NONE) {
        code = statement_step(&rows, &row, err);
    }
    differ->diff->summary_json = keep(differ, code == ERR_NONE && row ? column_text(&rows, 0) : "{}");
    statement_finish(&rows);
    return code;
}

enum error_code plan_diff_load(struct store *store, const char *name, struct plan_diff *ret_diff,
                               struct error *err)
{
    struct plan_diff diff = {0};
    struct differ differ = {.store = store, .diff = &diff};
    enum error_code code = sql_run(store->db, "BEGIN", err);
    if (code != ERR_NONE) {
        return code;
    }
    arena_init(&diff.arena);
    code = head_load(&differ, name, err);
    if (code == ERR_NONE) {
        code = store_snapshot_here(store, &differ.timetable, err);
    }
    if (code == ERR_NONE) {
        diff.current_revision = differ.timetable->revision;
        code = rows_load(&differ, err);
    }
    if (code == ERR_NONE) {
        code = refusals_load(&differ, err);
    }
    (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    timetable_unref(differ.timetable);
    if (code == ERR_NONE) {
        *ret_diff = diff;
    } else {
        plan_diff_finish(&diff);
    }
    return code;
}

void plan_diff_finish(struct plan_diff *diff)
{
    free(diff->rows);
    free(diff->refusals);
    arena_finish(&diff->arena);
    *diff = (struct plan_diff){0};
}
