#include "importers/calendar.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "importers/ics_rows.h"
#include "importers/take_in.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void calendar_rows_finish(struct calendar_rows *rows)
{
    free(rows->items);
    free(rows->texts);
    *rows = (struct calendar_rows){0};
}

bool calendar_looks(const char *bytes, size_t length)
{
    return ics_text_looks(bytes, length);
}

static enum error_code out_of_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

/* --hall and the like, by id or name, to an id. */
static enum error_code target_find(const struct calendar_options *options, struct lookup *lookup,
                                   const struct timetable *base, struct import_report *report,
                                   struct ics_target *ret_target, struct error *err)
{
    const struct {
        const char *word, *scope;
        enum lookup_table table;
    } ways[] = {{options->hall, "hall", LOOKUP_HALLS},
                {options->area, "area", LOOKUP_AREAS},
                {options->instructor, "instructor", LOOKUP_INSTRUCTORS}};
    if (options->room != NULL) {
        uint32_t room = timetable_find_room(base, options->room);
        *ret_target = (struct ics_target){"room", room == NONE ? NULL : base->rooms[room].id};
        return room != NONE ? ERR_NONE
                            : take_in_fail(report, ERR_INPUT, CODE_UNKNOWN, NULL, 0,
                                           "没有这个场地编号 (no room has this id)", err);
    }
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct lookup_answer answer = {.count = 0};
        const struct lookup_filter filter = {.within = NONE};
        char sentence[LIMIT_NOTE_BYTES];
        if (ways[i].word == NULL) {
            continue;
        }
        uint32_t found = lookup_by_id(base, ways[i].table, ways[i].word);
        if (found == NONE && lookup_find(lookup, ways[i].table, ways[i].word, &filter, &answer) != ERR_NONE) {
            return out_of_memory(err);
        }
        found = found == NONE && answer.count == 1 ? answer.found[0] : found;
        if (found == NONE) {
            if (answer.count > 1) {
                (void)snprintf(sentence, sizeof sentence,
                               "有 %zu 个叫“%.100s”的；请改用编号 (%zu are called \"%.100s\"; use the id)",
                               answer.count, ways[i].word, answer.count, ways[i].word);
            } else {
                (void)snprintf(sentence, sizeof sentence, "没有叫“%.100s”的 (nothing is called \"%.100s\")",
                               ways[i].word, ways[i].word);
            }
            return take_in_fail(report, ERR_INPUT, answer.count > 1 ? CODE_AMBIGUOUS : CODE_UNKNOWN, NULL, 0,
                                sentence, err);
        }
        *ret_target = (struct ics_target){ways[i].scope, lookup_id(base, ways[i].table, found)};
        return ERR_NONE;
    }
    *ret_target = (struct ics_target){NULL, NULL};
    return ERR_NONE;
}

enum error_code calendar_target(struct store *store, const struct calendar_options *options, char *ret_id,
                                size_t size, struct error *err)
{
    struct import_report report;
    struct timetable *base = NULL;
    struct lookup *lookup = NULL;
    struct ics_target target = {NULL, NULL};
    import_report_init(&report);
    report.file = "--hall --room --area --instructor";
    enum error_code code = store_snapshot(store, &base, err);
    if (code == ERR_NONE) {
        lookup = lookup_create(base);
        code =
            lookup == NULL ? out_of_memory(err) : target_find(options, lookup, base, &report, &target, err);
    }
    if (code == ERR_NONE) {
        (void)snprintf(ret_id, size, "%s", target.id != NULL ? target.id : "");
    }
    lookup_destroy(lookup);
    timetable_unref(base);
    import_report_finish(&report);
    return code;
}

static enum import_kind kind_choose(enum import_kind forced, const struct ics_target *target,
                                    const struct ics_event *events, size_t count)
{
    if (forced != IMPORT_AUTO) {
        return forced;
    }
    if (target->scope != NULL) {
        return strcmp(target->scope, "instructor") == 0 ? IMPORT_ABSENCES : IMPORT_CLOSURES;
    }
    return ics_rows_are_holidays(events, count) ? IMPORT_HOLIDAYS : IMPORT_CLOSURES;
}

/* Does the kind go with the target? */
static enum error_code kind_check(enum import_kind kind, const struct ics_target *target,
                                  struct import_report *report, struct error *err)
{
    bool is_person = target->scope != NULL && strcmp(target->scope, "instructor") == 0;
    if (kind != IMPORT_CLOSURES && kind != IMPORT_ABSENCES && kind != IMPORT_HOLIDAYS) {
        return take_in_fail(
            report, ERR_INPUT, CODE_FORMAT, NULL, 0,
            "日历只能作为停用（closures）、请假（absences）或节假日（holidays）导入 (a calendar can be "
            "closures, absences or holidays)",
            err);
    }
    if (kind == IMPORT_ABSENCES && !is_person) {
        return take_in_fail(
            report, ERR_INPUT, CODE_MISSING, NULL, 0,
            "请假要用 --instructor 指明是哪位讲师的日历 (absences need --instructor: whose calendar it is)",
            err);
    }
    if (kind == IMPORT_CLOSURES && is_person) {
        return take_in_fail(
            report, ERR_INPUT, CODE_CONFLICT, NULL, 0,
            "讲师的日历是请假，不是停用 (an instructor's calendar holds absences, not closures)", err);
    }
    return ERR_NONE;
}

/* The file as a whole is refused at a line. */
static enum error_code refuse(struct import_report *report, enum error_code code, enum import_code about,
                              uint32_t line, const struct error *inner, struct error *err)
{
    if (code == ERR_MEMORY) {
        return out_of_memory(err);
    }
    return take_in_fail(report, code == ERR_SYNTAX ? ERR_INPUT : code, code == ERR_LIMIT ? CODE_LIMIT : about,
                        NULL, line, inner->text, err);
}

static enum error_code read_parts(struct ics_reading *reading, const char *bytes, size_t length,
                                  struct import_report *report, struct error *err)
{
    struct error inner = {.text = ""};
    uint32_t line = 0;
    enum error_code code = ics_text_read(bytes, length, &reading->notes, &reading->text, &line, &inner);
    report->encoding = reading->text.encoding;
    if (code != ERR_NONE) {
        return refuse(report, code, CODE_ENCODING, line, &inner, err);
    }
    code = ics_parts_read(&reading->text, &reading->notes, &reading->parts, &line, &inner);
    return code == ERR_NONE ? ERR_NONE : refuse(report, code, CODE_FORMAT, line, &inner, err);
}

static enum error_code sheet_make(struct import_report *report, const char *encoding,
                                  struct sheet **ret_sheet, struct error *err)
{
    struct workbook *book = malloc(sizeof *book);
    if (book == NULL) {
        return out_of_memory(err);
    }
    workbook_init(book);
    book->format = FORMAT_ICS;
    book->encoding = encoding;
    report->book = book;
    return workbook_add(book, "", ret_sheet, err);
}

/* Events to meetings to rows. */
static enum error_code rows_make(struct ics_reading *reading, const struct calendar_options *options,
                                 enum import_kind *kind, struct timetable *base, struct import_report *report,
                                 struct error *err)
{
    struct ics_event *events = calloc(reading->parts.event_count + 1, sizeof *events);
    struct lookup *lookup = lookup_create(base);
    struct ics_meetings meetings = {0};
    struct ics_target target;
    struct sheet *sheet = NULL;
    size_t count = 0;
    enum error_code code = events == NULL || lookup == NULL ? out_of_memory(err) : ERR_NONE;
    if (code == ERR_NONE) {
        code = target_find(options, lookup, base, report, &target, err);
    }
    for (size_t i = 0; i < reading->parts.count && code == ERR_NONE; i++) {
        if (reading->parts.items[i].kind == ICS_EVENT) {
            bool is_good = ics_event_read(reading, &reading->parts.items[i], &events[count]);
            count += is_good ? 1 : 0;
            report->calendar_bad += is_good ? 0 : 1;
        }
    }
    if (code == ERR_NONE) {
        *kind = kind_choose(*kind, &target, events, count);
        report->kind = *kind;
        code = kind_check(*kind, &target, report, err);
    }
    if (code == ERR_NONE) {
        ics_series_expand(reading, events, count, &meetings, &report->calendar_bad);
        code = reading->failed == ERR_MEMORY ? out_of_memory(err)
               : reading->failed != ERR_NONE ? take_in_refuse(report, err)
                                             : ERR_NONE;
        code = code == ERR_INPUT ? ERR_LIMIT : code;
    }
    if (code == ERR_NONE) {
        code = sheet_make(report, reading->text.encoding, &sheet, err);
    }
    if (code == ERR_NONE) {
        code = ics_rows_fill(reading, &meetings, *kind, &target, base, lookup, sheet, &report->calendar_bad,
                             err);
    }
    ics_meetings_finish(&meetings);
    lookup_destroy(lookup);
    free(events);
    return code;
}

static enum error_code nothing_in_it(const struct ics_reading *reading,
                                     const struct calendar_options *options, struct import_report *report,
                                     struct error *err)
{
    bool has_rows = report->book->sheets[0]->row_count > 1;
    if (has_rows || report->errors.total > 0) {
        return ERR_NONE;
    }
    if (reading->parts.event_count == 0 && !(options->is_followed && options->may_be_empty)) {
        return take_in_fail(
            report, ERR_INPUT, CODE_EMPTY, NULL, 0,
            options->is_followed
                ? "日历里一个日程也没有；以前读到的都保留。确已全部取消的，请用 follow --read ID "
                  "--allow-empty "
                  "(the calendar holds no event at all; what it gave before is kept. If all are called "
                  "off, run follow --read ID --allow-empty)"
                : "日历里没有日程（VEVENT）；请检查导出的日期范围 (the calendar holds no event; check the "
                  "days that were exported)",
            err);
    }
    if (!options->is_followed) {
        return take_in_fail(
            report, ERR_INPUT, CODE_EMPTY, NULL, 0,
            "日程都已取消或不占用时间，没有可导入的 (all events are cancelled or take no time; nothing to "
            "import)",
            err);
    }
    return ERR_NONE;
}

enum error_code calendar_read(struct timetable *base, const char *bytes, size_t length,
                              const struct calendar_options *options, enum import_kind kind,
                              struct import_report *report, struct header **ret_headers, struct error *err)
{
    static const struct calendar_options NOBODY = {0};
    struct clock_source clock = clock_system();
    struct ics_reading reading = {.notes = {.report = report}, .budget = LIMIT_ICS_RULE_DAYS};
    options = options != NULL ? options : &NOBODY;
    arena_init(&reading.arena);
    reading.zones.parts = &reading.parts;
    reading.zones.budget = &reading.budget;
    enum error_code code = zone_load(base->tzid, &reading.zones.local, err);
    if (code == ERR_NONE) {
        code = read_parts(&reading, bytes, length, report, err);
    }
    if (code == ERR_NONE) {
        int64_t now_s = options->now_s != 0 ? options->now_s : clock.now_s(clock.context);
        zone_local_from_utc(&reading.zones.local, now_s, &reading.today, NULL, NULL);
        report->calendar_events = reading.parts.event_count;
        code = rows_make(&reading, options, &kind, base, report, err);
        report->is_calendar_whole = reading.parts.is_complete && report->calendar_bad == 0;
        report->rows_read += report->calendar_bad;
        report->rows_bad += report->calendar_bad;
    }
    ics_notes_tell(&reading.notes);
    ics_notes_sort(&reading.notes);
    if (code == ERR_NONE && reading.notes.is_out_of_memory) {
        code = out_of_memory(err);
    }
    if (code == ERR_NONE) {
        code = nothing_in_it(&reading, options, report, err);
    }
    if (code == ERR_NONE) {
        code = take_in_sheets(kind, report, ret_headers, err);
    }
    ics_zones_finish(&reading.zones);
    ics_parts_finish(&reading.parts);
    report->calendar_text = malloc(sizeof *report->calendar_text);
    if (report->calendar_text != NULL) {
        *report->calendar_text = reading.text;
    } else {
        ics_text_finish(&reading.text);
        code = code == ERR_NONE ? out_of_memory(err) : code;
    }
    arena_finish(&reading.arena);
    return code;
}

enum error_code calendar_take_in(struct store *store, const char *bytes, size_t length,
                                 const struct calendar_options *options, enum import_kind kind,
                                 struct import_report *report, struct header **ret_headers, struct error *err)
{
    struct timetable *base = NULL;
    enum error_code code = store_snapshot(store, &base, err);
    if (code == ERR_NONE) {
        code = calendar_read(base, bytes, length, options, kind, report, ret_headers, err);
    }
    timetable_unref(base);
    return code;
}

/* The ids of a kind's records in the snapshot. */
static enum error_code known_ids(const struct timetable *base, enum import_kind kind, struct arena *arena,
                                 struct map *ret_known)
{
    enum error_code code = ERR_NONE;
    for (size_t i = 0; kind == IMPORT_CLOSURES && i < base->closure_count && code == ERR_NONE; i++) {
        code = map_put(ret_known, base->closures[i].id, 0);
    }
    for (size_t i = 0; kind == IMPORT_ABSENCES && i < base->absence_count && code == ERR_NONE; i++) {
        code = map_put(ret_known, base->absences[i].id, 0);
    }
    for (size_t i = 0; kind == IMPORT_HOLIDAYS && i < base->holiday_count && code == ERR_NONE; i++) {
        char date[DATE_TEXT_SIZE];
        date_format(base->holidays[i].day, date);
        const char *kept = arena_copy_text(arena, date);
        code = kept == NULL ? ERR_MEMORY : map_put(ret_known, kept, 0);
    }
    return code;
}

static const char *key_column(enum import_kind kind)
{
    return kind == IMPORT_HOLIDAYS ? "date" : "id";
}

enum error_code calendar_drop(const struct timetable *base, enum import_kind kind, char *const *ids,
                              size_t count, struct change_set *set, size_t *ret_count, struct error *err)
{
    struct arena arena;
    struct map known;
    size_t dropped = 0;
    arena_init(&arena);
    map_init(&known);
    enum error_code code = known_ids(base, kind, &arena, &known);
    code = code == ERR_NONE ? ERR_NONE : out_of_memory(err);
    for (size_t i = 0; i < count && code == ERR_NONE; i++) {
        const struct cell key = CELL_STR(key_column(kind), ids[i]);
        if (map_get(&known, ids[i]) != MAP_NONE) {
            code = change_set_drop(set, import_kind_table(kind), &key, 1, err);
            dropped++;
        }
    }
    map_finish(&known);
    arena_finish(&arena);
    *ret_count = dropped;
    return code;
}

/* Drops the owned records that no row claims any more; those that are kept stay owned. */
static enum error_code drop_vanished(const struct calendar_options *options, enum import_kind kind,
                                     const struct map *claimed, const struct map *known,
                                     struct change_set *set, struct import_report *report,
                                     struct calendar_rows *rows, struct error *err)
{
    for (size_t i = 0; options->owned != NULL && i < options->owned->count; i++) {
        const char *id = options->owned->items[i].id;
        bool is_there = map_get(known, id) != MAP_NONE;
        bool is_claimed = map_get(claimed, id) != MAP_NONE;
        if (!is_there && !is_claimed) {
            continue; /* somebody else took it away */
        }
        if (is_claimed || !report->is_calendar_whole) {
            rows->items[rows->count++].id = id;
            continue;
        }
        const struct cell key = CELL_STR(key_column(kind), id);
        enum error_code code = change_set_drop(set, import_kind_table(kind), &key, 1, err);
        if (code != ERR_NONE) {
            return code;
        }
        report->has_drops = true;
    }
    return ERR_NONE;
}

/* The list's ids in one block of its own. */
static enum error_code rows_own(struct calendar_rows *rows)
{
    size_t size = 1;
    for (size_t i = 0; i < rows->count; i++) {
        size += strlen(rows->items[i].id) + 1;
    }
    rows->texts = malloc(size);
    size_t at = 0;
    for (size_t i = 0; i < rows->count && rows->texts != NULL; i++) {
        size_t length = strlen(rows->items[i].id) + 1;
        memcpy(rows->texts + at, rows->items[i].id, length);
        rows->items[i].id = rows->texts + at;
        at += length;
    }
    return rows->texts == NULL ? ERR_MEMORY : ERR_NONE;
}

enum error_code calendar_settle(const struct calendar_options *options, const struct timetable *base,
                                struct change_set *set, struct import_report *report, struct error *err)
{
    if (options == NULL || !options->is_followed || report->sheet_count == 0) {
        return ERR_NONE;
    }
    const struct sheet *sheet = report->sheets[0].sheet;
    enum import_kind kind = report->sheets[0].kind;
    report->has_drops = sheet->row_count <= 1; /* a calendar whose events are all called off is no mistake */
    struct calendar_rows rows = {0};
    struct arena arena;
    struct map claimed;
    struct map known;
    struct map owned;
    arena_init(&arena);
    map_init(&claimed);
    map_init(&known);
    map_init(&owned);
    size_t owned_count = options->owned != NULL ? options->owned->count : 0;
    rows.items = calloc(sheet->row_count + owned_count + 1, sizeof *rows.items);
    enum error_code code = rows.items == NULL ? ERR_MEMORY : known_ids(base, kind, &arena, &known);
    for (size_t i = 0; i < owned_count && code == ERR_NONE; i++) {
        code = map_put(&owned, options->owned->items[i].id, 0);
    }
    for (size_t r = 1; r < sheet->row_count && code == ERR_NONE; r++) {
        code = map_put(&claimed, sheet_text(sheet, &sheet->rows[r], ICS_ROWS_KEY), 0);
    }
    if (code == ERR_NONE) {
        code = drop_vanished(options, kind, &claimed, &known, set, report, &rows, err);
    }
    for (size_t r = 1; r < sheet->row_count && code == ERR_NONE; r++) {
        const char *id = sheet_text(sheet, &sheet->rows[r], ICS_ROWS_KEY);
        if (map_get(&known, id) == MAP_NONE && map_get(&owned, id) == MAP_NONE) {
            rows.items[rows.count++] = (struct calendar_row){id, true};
        }
    }
    if (code == ERR_NONE && options->ret_rows != NULL) {
        code = rows_own(&rows);
    }
    if (code == ERR_NONE && options->ret_rows != NULL) {
        *options->ret_rows = rows;
        rows = (struct calendar_rows){0};
    }
    calendar_rows_finish(&rows);
    map_finish(&owned);
    map_finish(&known);
    map_finish(&claimed);
    arena_finish(&arena);
    return code == ERR_MEMORY ? out_of_memory(err) : code;
}
