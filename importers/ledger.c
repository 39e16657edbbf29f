#include "importers/ledger.h"

#include "base/date.h"
#include "base/map.h"
#include "base/vec.h"
#include "scheduler/id_map.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ledger {
    struct ledger_row *items; /* owned */
    size_t count, capacity;
    struct id_map claims; /* key -> index of the row that was added after the claim */
};

static enum error_code ledger_begin(struct import_report *report)
{
    if (report->ledger == NULL) {
        report->ledger = calloc(1, sizeof *report->ledger);
        if (report->ledger == NULL) {
            return ERR_MEMORY;
        }
        id_map_init(&report->ledger->claims);
    }
    return ERR_NONE;
}

enum error_code ledger_add(struct import_report *report, const struct ledger_row *row)
{
    enum error_code code = ledger_begin(report);
    if (code == ERR_NONE) {
        VEC_PUSH(code, report->ledger, *row, LIMIT_ROWS);
    }
    return code;
}

size_t ledger_untouched(const struct import_report *report, bool is_news)
{
    const struct ledger *ledger = report->ledger;
    size_t count = 0;
    for (size_t i = 0; ledger != NULL && i < ledger->count; i++) {
        const struct ledger_row *row = &ledger->items[i];
        count += !row->is_bad && row->session_id != 0 && row->edits == 0 && row->is_news == is_news ? 1 : 0;
    }
    return count;
}

const struct ledger_row *ledger_claim(struct import_report *report, int64_t key, enum error_code *ret_code)
{
    enum error_code code = ledger_begin(report);
    if (code == ERR_NONE) {
        uint32_t known = id_map_get(&report->ledger->claims, key);
        if (known != ID_MAP_NONE && known < report->ledger->count) {
            return &report->ledger->items[known];
        }
        code = id_map_put(&report->ledger->claims, key, (uint32_t)report->ledger->count);
    }
    if (code != ERR_NONE) {
        *ret_code = code;
    }
    return NULL;
}

uint32_t ledger_row_number(const struct import_report *report, const struct ledger_row *row)
{
    return report->sheets[row->sheet].sheet->rows[row->row].number;
}

void ledger_destroy(struct ledger *ledger)
{
    if (ledger != NULL) {
        id_map_finish(&ledger->claims);
        free(ledger->items);
        free(ledger);
    }
}

/* ---- into the change set ---- */

static enum error_code put_new(struct change_set *set, const struct ledger_row *row, struct error *err)
{
    struct session_new session = {.course_id = row->course_id,
                                  .room_id = row->room_id,
                                  .instructor_count = row->instructor_count,
                                  .day = row->day,
                                  .start_min = row->start_min,
                                  .minutes = row->minutes,
                                  .setup_min = row->is_past ? 0 : -1,
                                  .clear_min = row->is_past ? 0 : -1,
                                  .status = row->status,
                                  .heads = row->is_past ? 0 : row->heads,
                                  .counts_as = row->counts_as,
                                  .note = row->note,
                                  .cancel_reason = row->cancel_reason};
    for (uint8_t i = 0; i < row->instructor_count; i++) {
        session.instructor_ids[i] = row->instructor_ids[i];
    }
    return change_set_session_new(set, &session, err);
}

static enum error_code put_edit(struct change_set *set, const struct ledger_row *row, struct error *err)
{
    struct session_edit edit = {.id = row->session_id,
                                .fields = row->edits,
                                .room_id = row->room_id,
                                .course_id = row->course_id,
                                .day = row->day,
                                .start_min = row->start_min,
                                .minutes = row->minutes,
                                .instructor_count = row->instructor_count,
                                .status = row->status,
                                .cancel_reason = row->cancel_reason,
                                .heads = row->heads,
                                .counts_as = row->counts_as,
                                .note = row->note};
    for (uint8_t i = 0; i < row->instructor_count; i++) {
        edit.instructor_ids[i] = row->instructor_ids[i];
    }
    return row->edits == 0 ? ERR_NONE : change_set_session_edit(set, &edit, err);
}

enum error_code ledger_put(const struct import_report *report, const struct timetable *base,
                           struct change_set *set, struct error *err)
{
    const struct ledger *ledger = report->ledger;
    enum error_code code = ERR_NONE;
    int64_t made = 0;
    for (size_t i = 0; ledger != NULL && i < ledger->count && code == ERR_NONE; i++) {
        const struct ledger_row *row = &ledger->items[i];
        if (row->is_bad) {
            continue;
        }
        code = row->session_id == 0 ? put_new(set, row, err) : put_edit(set, row, err);
        made += row->session_id == 0 ? 1 : 0;
        if (code == ERR_NONE && row->has_attendance) {
            const struct attendance attendance = {.session_id =
                                                      row->session_id == 0 ? -made : row->session_id,
                                                  .held = row->held,
                                                  .heads = row->attended,
                                                  .heads_60 = row->attended_60,
                                                  .satisfaction = row->satisfaction,
                                                  .reason = row->attendance_reason,
                                                  .note = row->attendance_note};
            bool is_with = row->session_id == 0 || (row->edits & EDIT_STATUS) != 0;
            code = is_with ? attendance_put_with(set, &attendance, err)
                           : attendance_put(set, base, report->today, &attendance, err);
        }
    }
    return code;
}

/* ---- clashes back to rows ---- */

enum {
    PLACE_KEY_SIZE = LIMIT_ID_BYTES * 2 + 32
};

static void place_key(const char *room_id, int32_t day, int32_t start_min, char ret_key[PLACE_KEY_SIZE])
{
    (void)snprintf(ret_key, PLACE_KEY_SIZE, "%d %d %s", day, start_min, room_id);
}

struct judge {
    struct import_report *report;
    const struct commit_result *result;
    struct map places;  /* place_key -> index of the first row there that is not bad */
    struct arena arena; /* the keys */
    size_t turned;
    enum error_code failed;
};

static void places_fill(struct judge *judge)
{
    const struct ledger *ledger = judge->report->ledger;
    for (uint32_t i = 0; i < ledger->count && judge->failed == ERR_NONE; i++) {
        const struct ledger_row *row = &ledger->items[i];
        char key[PLACE_KEY_SIZE];
        if (row->is_bad) {
            continue;
        }
        if (row->session_id != 0) {
            (void)snprintf(key, sizeof key, "#%" PRId64, row->session_id);
        } else {
            place_key(row->room_id, row->day, row->start_min, key);
        }
        const char *kept = arena_copy_text(&judge->arena, key);
        judge->failed = kept == NULL ? ERR_MEMORY : map_add(&judge->places, kept, i);
        judge->failed = judge->failed == ERR_EXISTS ? ERR_NONE : judge->failed;
    }
}

/* The row that put this session there, or NULL. Two new ones in one place at one time are told apart by
 * course and then by order. */
static struct ledger_row *row_of(struct judge *judge, const struct placement *at,
                                 const struct ledger_row *but)
{
    const struct timetable *timetable = judge->result->timetable;
    struct ledger *ledger = judge->report->ledger;
    char key[PLACE_KEY_SIZE];
    if (at->session_id > 0) {
        (void)snprintf(key, sizeof key, "#%" PRId64, at->session_id);
        uint32_t known = map_get(&judge->places, key);
        return known == MAP_NONE || &ledger->items[known] == but ? NULL : &ledger->items[known];
    }
    place_key(timetable->rooms[at->room].id, at->day, at->start_min, key);
    uint32_t first = map_get(&judge->places, key);
    for (uint32_t i = first; first != MAP_NONE && i < ledger->count; i++) {
        struct ledger_row *row = &ledger->items[i];
        bool is_there = row->session_id == 0 && row->day == at->day && row->start_min == at->start_min &&
                        strcmp(row->room_id, timetable->rooms[at->room].id) == 0 &&
                        strcmp(row->course_id, timetable->courses[at->course].id) == 0;
        if (is_there && !row->is_bad && row != but) {
            return row;
        }
    }
    return NULL;
}

static const struct sheet_row *place_of(const struct judge *judge, const struct ledger_row *row,
                                        const struct import_sheet **ret_sheet)
{
    *ret_sheet = &judge->report->sheets[row->sheet];
    return &(*ret_sheet)->sheet->rows[row->row];
}

/* "另一方见第 9 行。" */
static void other_add(const struct judge *judge, const struct ledger_row *other, struct text *zh,
                      struct text *en)
{
    if (other != NULL) {
        const struct import_sheet *sheet = NULL;
        uint32_t number = place_of(judge, other, &sheet)->number;
        text_addf(zh, "另一方见第 %" PRIu32 " 行。", number);
        text_addf(en, " The other is row %" PRIu32 ".", number);
    }
}

static void clash_tell(struct judge *judge, const struct clash *clash, const struct ledger_row *row,
                       const struct ledger_row *other)
{
    struct text zh;
    struct text en;
    const struct import_sheet *sheet = NULL;
    const struct sheet_row *place = place_of(judge, row, &sheet);
    text_init(&zh, LIMIT_NOTE_BYTES);
    text_init(&en, LIMIT_NOTE_BYTES);
    clash_sentence(judge->result->timetable, clash, true, &zh);
    clash_sentence(judge->result->timetable, clash, false, &en);
    other_add(judge, other, &zh, &en);
    if (clash->overridden) {
        text_add(&zh, "作为已发生的事实记录。");
        text_add(&en, " Recorded as a fact of the past.");
    }
    const struct import_finding finding = {.code = clash->overridden ? CODE_SET_ASIDE : CODE_CLASH,
                                           .sheet = sheet->sheet->name,
                                           .row = place->number,
                                           .zh = text_string(&zh),
                                           .en = text_string(&en)};
    if (!import_report_add(judge->report, clash->overridden, &finding)) {
        judge->failed = ERR_MEMORY;
    }
    text_finish(&en);
    text_finish(&zh);
}

/* All meetings of a bad row are bad; the row is counted once. */
static void row_turn_bad(struct judge *judge, struct ledger_row *row)
{
    struct ledger *ledger = judge->report->ledger;
    struct import_sheet *sheet = &judge->report->sheets[row->sheet];
    size_t first = (size_t)(row - ledger->items);
    while (first > 0 && ledger->items[first - 1].row == row->row &&
           ledger->items[first - 1].sheet == row->sheet) {
        first--;
    }
    for (size_t i = first;
         i < ledger->count && ledger->items[i].row == row->row && ledger->items[i].sheet == row->sheet; i++) {
        ledger->items[i].is_bad = true;
    }
    judge->report->rows_good--;
    judge->report->rows_bad++;
    sheet->rows_good--;
    sheet->rows_bad++;
    judge->turned++;
}

/* Rows turn bad after all clashes were told, so that each names its other party. */
struct turn {
    struct ledger_row **items;
    size_t count;
};

static void clash_judge(struct judge *judge, const struct clash *clash, bool is_final, struct turn *turn)
{
    struct ledger_row *row = row_of(judge, &clash->subject, NULL);
    struct ledger_row *other = clash->party == PARTY_SESSION ? row_of(judge, &clash->other, row) : NULL;
    if (clash->overridden) {
        if (is_final && row != NULL) {
            clash_tell(judge, clash, row, other);
        }
        return;
    }
    if (is_final) {
        return;
    }
    if (row != NULL) {
        clash_tell(judge, clash, row, other);
        turn->items[turn->count++] = row;
    }
    if (other != NULL) {
        clash_tell(judge, clash, other, row);
        turn->items[turn->count++] = other;
    }
}

enum error_code ledger_judge(struct import_report *report, const struct commit_result *result, bool is_final,
                             size_t *ret_rows)
{
    *ret_rows = 0;
    const struct clash_list *clashes = &result->clashes;
    if (report->ledger == NULL || result->timetable == NULL || clashes->count == 0) {
        return ERR_NONE;
    }
    struct judge judge = {.report = report, .result = result};
    struct turn turn = {.items = calloc(clashes->count * 2, sizeof(struct ledger_row *))};
    map_init(&judge.places);
    arena_init(&judge.arena);
    judge.failed = turn.items == NULL ? ERR_MEMORY : ERR_NONE;
    if (judge.failed == ERR_NONE) {
        places_fill(&judge);
    }
    for (size_t i = 0; i < clashes->count && judge.failed == ERR_NONE; i++) {
        clash_judge(&judge, &clashes->items[i], is_final, &turn);
    }
    for (size_t i = 0; i < turn.count && judge.failed == ERR_NONE; i++) {
        if (!turn.items[i]->is_bad) {
            row_turn_bad(&judge, turn.items[i]);
        }
    }
    free(turn.items);
    map_finish(&judge.places);
    arena_finish(&judge.arena);
    *ret_rows = judge.turned;
    return judge.failed;
}

/* ---- sessions by hall and day ---- */

struct ledger_index {
    const struct timetable *timetable;
    struct id_map first; /* hall and day -> index of the first session */
    uint32_t *next;      /* owned; of each session, NONE at the end */
};

static int64_t hall_day(uint32_t hall, int32_t day)
{
    return (int64_t)hall << 32 | (uint32_t)day;
}

struct ledger_index *ledger_index_create(const struct timetable *timetable)
{
    struct ledger_index *index = calloc(1, sizeof *index);
    if (index == NULL) {
        return NULL;
    }
    index->timetable = timetable;
    id_map_init(&index->first);
    index->next = calloc(timetable->session_count + 1, sizeof *index->next);
    enum error_code code =
        index->next == NULL ? ERR_MEMORY : id_map_reserve(&index->first, timetable->session_count);
    /* From the last one, so that the chains run upwards. */
    for (size_t i = timetable->session_count; i > 0 && code == ERR_NONE; i--) {
        const struct placement *at = &timetable->sessions[i - 1].at;
        int64_t key = hall_day(timetable->rooms[at->room].hall, at->day);
        uint32_t after = id_map_get(&index->first, key);
        index->next[i - 1] = after == ID_MAP_NONE ? NONE : after;
        code = id_map_put(&index->first, key, (uint32_t)(i - 1));
    }
    if (code != ERR_NONE) {
        ledger_index_destroy(index);
        return NULL;
    }
    return index;
}

void ledger_index_destroy(struct ledger_index *index)
{
    if (index != NULL) {
        id_map_finish(&index->first);
        free(index->next);
        free(index);
    }
}

const struct session *ledger_index_first(const struct ledger_index *index, uint32_t hall, int32_t day)
{
    uint32_t first = id_map_get(&index->first, hall_day(hall, day));
    return first == ID_MAP_NONE ? NULL : &index->timetable->sessions[first];
}

const struct session *ledger_index_next(const struct ledger_index *index, const struct session *session)
{
    uint32_t next = index->next[session - index->timetable->sessions];
    return next == NONE ? NULL : &index->timetable->sessions[next];
}
