#include "importers/ics_rows.h"

#include "base/date.h"
#include "base/limits.h"
#include "importers/ics_holiday.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    KEY_SIZE = 24,
    CELLS_MAX = 10,
    REASON_BYTES = 900 /* of LIMIT_NOTE_BYTES */
};

/* A span of whole days or of one day, as closures and absences have it. */
struct span {
    int32_t from_day, to_day, from_min, to_min;
};

struct filling {
    struct ics_reading *reading;
    const struct ics_target *target;
    struct lookup *lookup;
    struct sheet *sheet;
    enum import_kind kind;
    char source[LIMIT_NAME_BYTES];
    const struct ics_event *refused; /* the event that was found faulty last */
    size_t bad;
    struct map days; /* of holidays -> 1 off, 0 work */
    enum error_code code;
    struct error *err;
};

static bool row_add(struct filling *filling, uint32_t line, const char *const *cells, size_t count)
{
    const struct sheet *sheet = filling->sheet;
    bool is_again = sheet->row_count > 0 && sheet->rows[sheet->row_count - 1].number == line;
    filling->code = is_again ? sheet_row_again(filling->sheet, filling->err)
                             : sheet_row_begin(filling->sheet, line, filling->err);
    for (size_t i = 0; i < count && filling->code == ERR_NONE; i++) {
        filling->code = sheet_cell(filling->sheet, (uint32_t)i + 1, cells[i], strlen(cells[i]), filling->err);
    }
    return filling->code == ERR_NONE;
}

static uint64_t hash_part(uint64_t hash, const char *text)
{
    /* FNV-1a; a zero byte ends each part, so that "ab","c" differs from "a","bc". */
    for (;; text++) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
        if (*text == '\0') {
            return hash;
        }
    }
}

/* By UID, target and, of a series, the meeting's first start: a moved meeting stays the same record. */
static void key_write(const struct ics_meeting *meeting, const char *scope, const char *target, size_t part,
                      char ret_key[KEY_SIZE])
{
    char when[64];
    const struct ics_event *event = meeting->event;
    bool has_uid = *event->uid != '\0';
    (void)snprintf(when, sizeof when, "%" PRId64 " %zu",
                   meeting->is_one_of_many ? meeting->original_s
                   : has_uid               ? 0
                                           : meeting->start_s,
                   part);
    uint64_t hash = hash_part(UINT64_C(14695981039346656037), scope);
    hash = hash_part(hash, target);
    hash = hash_part(hash, has_uid ? event->uid : event->summary);
    hash = hash_part(hash, when);
    (void)snprintf(ret_key, KEY_SIZE, "ics-%016" PRIx64, hash);
}

/* Local days and minutes; a begun minute counts. */
static void local_of(const struct filling *filling, int64_t utc_s, bool is_end, int32_t *ret_day,
                     int32_t *ret_min)
{
    int32_t second = 0;
    zone_local_from_utc(&filling->reading->zones.local, utc_s, ret_day, ret_min, &second);
    *ret_min += is_end && second > 0 ? 1 : 0;
    if (is_end && *ret_min == 0) {
        *ret_day -= 1;
        *ret_min = DAY_MINUTES;
    }
}

/* A meeting over midnight becomes the rest of its first day, the whole days between and the beginning of the
 * last.
 */
static size_t spans_of(const struct filling *filling, const struct ics_meeting *meeting,
                       struct span ret_spans[3])
{
    int32_t from_day = meeting->day;
    int32_t to_day = meeting->end_day - 1;
    int32_t from_min = 0;
    int32_t to_min = DAY_MINUTES;
    size_t count = 0;
    if (!meeting->is_day) {
        local_of(filling, meeting->start_s, false, &from_day, &from_min);
        local_of(filling, meeting->end_s, true, &to_day, &to_min);
    }
    if (to_day == from_day) {
        to_min = to_min > from_min ? to_min : from_min + 1;
        ret_spans[0] = (struct span){from_day, from_day, from_min, to_min};
        return 1;
    }
    if (from_min > 0) {
        ret_spans[count++] = (struct span){from_day, from_day, from_min, DAY_MINUTES};
        from_day++;
    }
    int32_t whole_to = to_min < DAY_MINUTES ? to_day - 1 : to_day;
    if (whole_to >= from_day) {
        ret_spans[count++] = (struct span){from_day, whole_to, 0, DAY_MINUTES};
    }
    if (to_min < DAY_MINUTES) {
        ret_spans[count++] = (struct span){to_day, to_day, 0, to_min};
    }
    return count;
}

static void event_refuse(struct filling *filling, const struct ics_event *event, enum import_code code,
                         const char *zh, const char *en)
{
    if (filling->refused != event) { /* its meetings stand together: told once */
        filling->refused = event;
        filling->bad++;
        (void)ics_fault(&filling->reading->notes, event->line, "LOCATION", code, zh, en, event->location);
    }
}

/* The hall of a LOCATION "礼堂名, 场地\n地址": all of it, its first line, or that up to a comma or bracket.
 */
static const char *hall_of(struct filling *filling, const struct ics_event *event,
                           const struct timetable *base)
{
    static const char *const ENDS[] = {"\n", ",", "，", "(", "（", ";", "；", NULL};
    char place[LIMIT_NAME_BYTES + 1];
    struct lookup_answer answer = {.count = 0};
    const struct lookup_filter filter = {.within = NONE};
    if (*event->location == '\0') {
        event_refuse(filling, event, CODE_MISSING, "日程没有写地点，不知道是哪个礼堂；请用 --hall 指明%s",
                     "the event has no place; say whose calendar it is with --hall%s");
        return NULL;
    }
    (void)snprintf(place, sizeof place, "%.*s",
                   (int)utf8_cut(event->location, strlen(event->location), LIMIT_NAME_BYTES),
                   event->location);
    for (size_t i = 0;;) {
        char *end = NULL;
        uint32_t by_id = lookup_by_id(base, LOOKUP_HALLS, place);
        if (by_id != NONE) {
            return base->halls[by_id].id;
        }
        filling->code = lookup_find(filling->lookup, LOOKUP_HALLS, place, &filter, &answer);
        if (filling->code != ERR_NONE) {
            (void)error_set(filling->err, filling->code, "内存不足 (out of memory)");
            return NULL;
        }
        if (answer.count > 0) {
            break;
        }
        for (; ENDS[i] != NULL && end == NULL; i++) {
            end = strstr(place, ENDS[i]);
        }
        if (end == NULL) {
            break;
        }
        *end = '\0';
    }
    if (answer.count == 1) {
        return base->halls[answer.found[0]].id;
    }
    if (answer.count > 1) {
        event_refuse(filling, event, CODE_AMBIGUOUS, "地点“%s”对应好几个礼堂；请用 --hall 指明",
                     "several halls are called \"%s\"; say which with --hall");
    } else {
        event_refuse(filling, event, CODE_UNKNOWN, "地点“%s”不是已知的礼堂；请用 --hall 指明是谁的日历",
                     "\"%s\" is no hall that is known; say whose calendar it is with --hall");
    }
    return NULL;
}

static void reason_write(const struct ics_event *event, char ret_reason[REASON_BYTES + 1])
{
    const char *text = event->is_private         ? "有安排（不公开）"
                       : *event->summary == '\0' ? "日历中的日程"
                                                 : event->summary;
    (void)snprintf(ret_reason, REASON_BYTES + 1, "%.*s", (int)utf8_cut(text, strlen(text), REASON_BYTES),
                   text);
}

static void span_cells(const struct span *span, char ret_dates[2][DATE_TEXT_SIZE],
                       char ret_times[2][TIME_TEXT_SIZE])
{
    date_format(span->from_day, ret_dates[0]);
    date_format(span->to_day, ret_dates[1]);
    (void)snprintf(ret_times[0], TIME_TEXT_SIZE, "%02d:%02d", span->from_min / 60 % 25, span->from_min % 60);
    (void)snprintf(ret_times[1], TIME_TEXT_SIZE, "%02d:%02d", span->to_min / 60 % 25, span->to_min % 60);
}

static void closure_rows(struct filling *filling, const struct timetable *base,
                         const struct ics_meeting *meeting)
{
    static const char *const STRENGTHS[] = {
        [ICS_BUSY] = "hard", [ICS_TENTATIVE] = "soft", [ICS_FREE] = "note"};
    const char *scope = filling->target->scope != NULL ? filling->target->scope : "hall";
    const char *id =
        filling->target->scope != NULL ? filling->target->id : hall_of(filling, meeting->event, base);
    struct span spans[3];
    char reason[REASON_BYTES + 1];
    reason_write(meeting->event, reason);
    for (size_t i = 0, count = id == NULL ? 0 : spans_of(filling, meeting, spans); i < count; i++) {
        char key[KEY_SIZE];
        char dates[2][DATE_TEXT_SIZE];
        char times[2][TIME_TEXT_SIZE];
        key_write(meeting, scope, id, i, key);
        span_cells(&spans[i], dates, times);
        const char *const cells[] = {key,      scope,          id,       STRENGTHS[meeting->event->weight],
                                     dates[0], dates[1],       times[0], times[1],
                                     reason,   filling->source};
        if (!row_add(filling, meeting->event->line, cells, sizeof cells / sizeof *cells)) {
            return;
        }
    }
}

static void absence_rows(struct filling *filling, const struct ics_meeting *meeting)
{
    struct span spans[3];
    char reason[REASON_BYTES + 1];
    if (meeting->event->weight == ICS_FREE) {
        return; /* noted with the event */
    }
    reason_write(meeting->event, reason);
    for (size_t i = 0, count = spans_of(filling, meeting, spans); i < count; i++) {
        char key[KEY_SIZE];
        char dates[2][DATE_TEXT_SIZE];
        char times[2][TIME_TEXT_SIZE];
        key_write(meeting, "instructor", filling->target->id, i, key);
        span_cells(&spans[i], dates, times);
        const char *const cells[] = {key,   filling->target->id, dates[0], dates[1], times[0], times[1],
                                     reason};
        if (!row_add(filling, meeting->event->line, cells, sizeof cells / sizeof *cells)) {
            return;
        }
    }
}

/* Two titles of one day: the same claim is told once, another one is left for the kind to refuse. */
static bool day_is_told(struct filling *filling, const char *date, bool is_off)
{
    uint32_t told = map_get(&filling->days, date);
    if (told == (is_off ? 1U : 0U)) {
        return true;
    }
    const char *kept = arena_copy_text(&filling->reading->arena, date);
    if (kept == NULL || map_put(&filling->days, kept, is_off ? 1 : 0) != ERR_NONE) {
        filling->code = error_set(filling->err, ERR_MEMORY, "内存不足 (out of memory)");
        return true;
    }
    return false;
}

static void holiday_rows(struct filling *filling, const struct ics_meeting *meeting)
{
    struct ics_holiday holiday;
    struct span spans[3];
    ics_holiday_read(meeting->event->summary, &holiday);
    if (holiday.is_shifted) {
        ics_note(&filling->reading->notes, NOTE_SHIFT, meeting->event->line);
    }
    size_t count = spans_of(filling, meeting, spans);
    for (int32_t day = spans[0].from_day; day <= spans[count - 1].to_day && filling->code == ERR_NONE;
         day++) {
        char date[DATE_TEXT_SIZE];
        date_format(day, date);
        const char *const cells[] = {date, holiday.name, holiday.is_off ? "休" : "班"};
        if (!day_is_told(filling, date, holiday.is_off)) {
            (void)row_add(filling, meeting->event->line, cells, sizeof cells / sizeof *cells);
        }
    }
}

static void weights_note(struct filling *filling, const struct ics_meetings *meetings)
{
    const struct ics_event *last = NULL;
    for (size_t i = 0; i < meetings->count && filling->kind != IMPORT_HOLIDAYS; i++) {
        const struct ics_event *event = meetings->items[i].event;
        if (event != last && event->weight != ICS_BUSY) {
            ics_note(&filling->reading->notes, event->weight == ICS_FREE ? NOTE_TRANSPARENT : NOTE_TENTATIVE,
                     event->line);
        }
        last = event;
    }
}

enum error_code ics_rows_fill(struct ics_reading *reading, const struct ics_meetings *meetings,
                              enum import_kind kind, const struct ics_target *target,
                              const struct timetable *base, struct lookup *lookup, struct sheet *sheet,
                              size_t *ret_bad, struct error *err)
{
    static const char *const CLOSURES[] = {"closure_id", "scope",     "target",  "strength", "from",
                                           "to",         "from_time", "to_time", "reason",   "source"};
    static const char *const ABSENCES[] = {"absence_id", "instructor", "from",  "to",
                                           "from_time",  "to_time",    "reason"};
    static const char *const HOLIDAYS[] = {"date", "name", "is_off"};
    struct filling filling = {
        .reading = reading, .target = target, .lookup = lookup, .sheet = sheet, .kind = kind, .err = err};
    map_init(&filling.days);
    (void)snprintf(filling.source, sizeof filling.source, "日历 %s",
                   reading->parts.name[0] != '\0' ? reading->parts.name : reading->notes.report->file);
    bool is_good =
        kind == IMPORT_CLOSURES   ? row_add(&filling, 1, CLOSURES, sizeof CLOSURES / sizeof *CLOSURES)
        : kind == IMPORT_ABSENCES ? row_add(&filling, 1, ABSENCES, sizeof ABSENCES / sizeof *ABSENCES)
                                  : row_add(&filling, 1, HOLIDAYS, sizeof HOLIDAYS / sizeof *HOLIDAYS);
    weights_note(&filling, meetings);
    for (size_t i = 0; i < meetings->count && is_good && filling.code == ERR_NONE; i++) {
        if (kind == IMPORT_CLOSURES) {
            closure_rows(&filling, base, &meetings->items[i]);
        } else if (kind == IMPORT_ABSENCES) {
            absence_rows(&filling, &meetings->items[i]);
        } else {
            holiday_rows(&filling, &meetings->items[i]);
        }
    }
    map_finish(&filling.days);
    *ret_bad += filling.bad;
    return filling.code;
}

bool ics_rows_are_holidays(const struct ics_event *events, size_t count)
{
    size_t marked = 0;
    for (size_t i = 0; i < count; i++) {
        struct ics_holiday holiday;
        ics_holiday_read(events[i].summary, &holiday);
        marked += holiday.is_marked ? 1 : 0;
    }
    return marked * 2 > count;
}
