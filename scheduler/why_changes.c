#include "scheduler/why_changes.h"

#include "base/date.h"
#include "base/vec.h"
#include "scheduler/book_lines.h"
#include "scheduler/rules_private.h"

#include <stdlib.h>

void changes_init(struct changes *changes, const struct book *book, int32_t missing, bool is_series)
{
    *changes = (struct changes){.book = book, .missing = missing, .is_series = is_series};
    id_map_init(&changes->keys);
}

void changes_finish(struct changes *changes)
{
    id_map_finish(&changes->keys);
    free(changes->items);
}

/* ---- a clash and its change ---- */

enum {
    NOON_MIN = 720,
    EVENING_MIN = 1050
};

/* The parts of the day that a span touches, so that being free in them is enough. */
static uint8_t parts_touched(int32_t from_min, int32_t to_min)
{
    unsigned parts = from_min < NOON_MIN ? PART_MORNING : 0U;
    parts |= from_min < EVENING_MIN && to_min > NOON_MIN ? PART_AFTERNOON : 0U;
    parts |= to_min > EVENING_MIN ? PART_EVENING : 0U;
    return (uint8_t)parts;
}

static bool change_of_party(const struct clash *clash, struct why_change *change)
{
    if (clash->other.pinned || held_took_place(clash->other.held) || clash->other.session_id == 0) {
        return false;
    }
    change->kind = CHANGE_SESSION;
    change->rule = RULE_COUNT;
    change->session_id = clash->other.session_id;
    return true;
}

/* One more is enough only for the first that is too many. */
static bool change_of_limit(const struct clash *clash, struct why_change *change)
{
    change->kind = clash->instructor == NONE ? CHANGE_SUPPLY : CHANGE_CAP;
    change->instructor = clash->instructor;
    return clash->count == clash->limit + 1;
}

static bool change_of_absence(const struct clash *clash, struct why_change *change)
{
    bool by_row = clash->party == PARTY_ABSENCE;
    change->kind = by_row ? CHANGE_ABSENCE : CHANGE_ENGAGEMENT;
    change->index = by_row ? clash->other_index : (uint32_t)NONE;
    change->instructor = clash->instructor;
    return true;
}

static bool change_of_hours(const struct timetable *timetable, const struct clash *clash,
                            struct why_change *change)
{
    bool is_person = clash->rule == RULE_AVAILABILITY;
    change->kind = is_person ? CHANGE_AVAILABILITY : CHANGE_OPENING;
    change->instructor = is_person ? clash->instructor : (uint32_t)NONE;
    change->index = is_person ? (uint32_t)NONE : timetable->rooms[clash->subject.room].hall;
    change->weekday = (uint8_t)date_weekday(clash->subject.day);
    const struct placement *at = &clash->subject;
    change->part = parts_touched(at->start_min - (is_person ? 0 : at->setup_min),
                                 at->start_min + at->minutes + (is_person ? 0 : at->clear_min));
    return true;
}

bool change_of_clash(const struct timetable *timetable, const struct clash *clash,
                     struct why_change *ret_change)
{
    struct why_change change = {.rule = clash->rule, .instructor = NONE, .index = NONE};
    bool found = true;
    switch (clash->rule) {
    case RULE_ROOM_OVERLAP:
    case RULE_INSTRUCTOR_OVERLAP:
    case RULE_TRAVEL:
    case RULE_AUDIENCE:
        found = change_of_party(clash, &change);
        break;
    case RULE_CAP_DAY:
    case RULE_CAP_WEEK:
    case RULE_CAP_MONTH:
    case RULE_CAP_YEAR:
    case RULE_SUPPLY:
    case RULE_HALL_QUOTA:
        found = change_of_limit(clash, &change);
        break;
    case RULE_ABSENCE:
        found = change_of_absence(clash, &change);
        break;
    case RULE_AVAILABILITY:
    case RULE_OPENING:
        found = change_of_hours(timetable, clash, &change);
        break;
    case RULE_CLOSURE:
        change.kind = CHANGE_CLOSURE;
        change.index = clash->other_index;
        found = clash->party == PARTY_CLOSURE;
        break;
    case RULE_QUALIFICATION:
        change.kind = CHANGE_QUALIFY;
        change.instructor = clash->instructor;
        break;
    case RULE_FACILITIES:
    case RULE_CAPACITY:
        change.kind = CHANGE_ROOM;
        change.index = clash->subject.room;
        break;
    default:
        found = false;
        break;
    }
    *ret_change = change;
    return found;
}

bool change_same(const struct why_change *a, const struct why_change *b)
{
    return a->kind == b->kind && a->rule == b->rule && a->instructor == b->instructor &&
           a->index == b->index && a->session_id == b->session_id && a->weekday == b->weekday &&
           a->part == b->part;
}

/* Numbers of rows are below 2^24 (LIMIT_ROWS); a session's own number stands alone. */
static int64_t change_key(const struct why_change *change)
{
    if (change->kind == CHANGE_SESSION) {
        return change->session_id;
    }
    uint64_t whose = change->instructor != NONE ? change->instructor : change->index;
    if (change->kind == CHANGE_ABSENCE) {
        whose = change->index;
    }
    uint64_t key = (uint64_t)change->kind << 48 | (uint64_t)change->rule << 40 |
                   (uint64_t)change->weekday << 36 | (uint64_t)change->part << 32 | (whose & UINT32_MAX);
    return -(int64_t)key;
}

/* ---- counting rules ---- */

struct days {
    int32_t from, to; /* [from, to) */
};

static const enum rule_code COUNTING[] = {RULE_CAP_DAY,  RULE_CAP_WEEK, RULE_CAP_MONTH,
                                          RULE_CAP_YEAR, RULE_SUPPLY,   RULE_HALL_QUOTA};

static int64_t limit_of(const struct timetable *timetable, enum rule_code rule, const struct placement *at)
{
    const struct instructor *person = &timetable->instructors[at->instructors[0]];
    const struct course *course = &timetable->courses[at->course];
    const int32_t limits[] = {person->max_day,  person->max_week,     person->max_month,
                              person->max_year, course->supply_limit, course->hall_quota};
    for (size_t i = 0; i < sizeof COUNTING / sizeof *COUNTING; i++) {
        if (COUNTING[i] == rule) {
            return limits[i];
        }
    }
    return 0;
}

static uint32_t hall_of(const struct timetable *timetable, const struct placement *at)
{
    return timetable->rooms[at->room].hall;
}

bool count_together(const struct timetable *timetable, enum rule_code rule, const struct placement *a,
                    const struct placement *b)
{
    struct days days;
    if (!count_period(rule, a->day, &days.from, &days.to) || b->day < days.from || b->day >= days.to) {
        return false;
    }
    if (rule == RULE_SUPPLY) {
        return a->course == b->course;
    }
    return rule == RULE_HALL_QUOTA ? a->course == b->course && hall_of(timetable, a) == hall_of(timetable, b)
                                   : a->instructors[0] == b->instructors[0];
}

int64_t count_left(const struct book *book, enum rule_code rule, const struct placement *at)
{
    const struct timetable *timetable = book_timetable(book);
    struct days days;
    int64_t limit = limit_of(timetable, rule, at);
    if (limit <= 0 || !count_period(rule, at->day, &days.from, &days.to)) {
        return INT64_MAX;
    }
    const struct timeline *line = rule == RULE_SUPPLY       ? book_course_line(book, at->course)
                                  : rule == RULE_HALL_QUOTA ? book_hall_line(book, hall_of(timetable, at))
                                                            : book_instructor_line(book, at->instructors[0]);
    struct timeline_window window =
        timeline_between(line, (int64_t)days.from * DAY_MINUTES, (int64_t)days.to * DAY_MINUTES);
    int64_t count = 0;
    for (size_t i = window.from; i < window.to; i++) {
        bool counts = rule != RULE_HALL_QUOTA || book_at(book, line->items[i].slot)->course == at->course;
        count += counts ? 1 : 0;
    }
    return limit - count;
}

/* ---- which of a change's places go together ---- */

/* Different days are far enough apart for rooms, people and roads; what is counted must still suffice. */
static bool goes_along(const struct changes *changes, const struct change_tally *tally,
                       const struct placement *at)
{
    const struct timetable *timetable = book_timetable(changes->book);
    for (size_t k = 0; k < tally->kept_count; k++) {
        if (tally->kept[k].day == at->day) {
            return false;
        }
    }
    for (size_t i = 0; tally->kept_count > 0 && i < sizeof COUNTING / sizeof *COUNTING; i++) {
        int64_t left = count_left(changes->book, COUNTING[i], at);
        if (left == INT64_MAX) {
            continue;
        }
        left += tally->change.rule == COUNTING[i] ? 1 : 0;
        for (size_t k = 0; k < tally->kept_count; k++) {
            left -= count_together(timetable, COUNTING[i], at, &tally->kept[k]) ? 1 : 0;
        }
        if (left < 1) {
            return false;
        }
    }
    return true;
}

static enum error_code tally_find(struct changes *changes, const struct why_change *change,
                                  struct change_tally **ret_tally)
{
    int64_t key = change_key(change);
    uint32_t index = id_map_get(&changes->keys, key);
    if (index == ID_MAP_NONE) {
        enum error_code code = ERR_NONE;
        struct change_tally fresh = {.change = *change};
        index = (uint32_t)changes->count;
        VEC_PUSH(code, changes, fresh, LIMIT_ROWS);
        code = code == ERR_NONE ? id_map_put(&changes->keys, key, index) : code;
        if (code != ERR_NONE) {
            return code;
        }
    }
    *ret_tally = &changes->items[index];
    return ERR_NONE;
}

enum error_code changes_add(struct changes *changes, const struct why_change *change,
                            const struct placement *at, int32_t meetings)
{
    struct change_tally *tally = NULL;
    enum error_code code = tally_find(changes, change, &tally);
    if (code != ERR_NONE) {
        return code;
    }
    if (tally->change.candidates++ == 0) {
        tally->change.example = *at;
    }
    if (changes->is_series) {
        tally->change.sessions = meetings;
    } else if (tally->kept_count < CHANGE_KEPT_MAX && (int32_t)tally->kept_count < changes->missing &&
               goes_along(changes, tally, at)) {
        tally->kept[tally->kept_count++] = *at;
        tally->change.sessions = (int32_t)tally->kept_count;
    }
    return ERR_NONE;
}

/* How much a change asks of people: a wish's window first, buildings last. */
static int effort_of(enum why_change_kind kind)
{
    switch (kind) {
    case CHANGE_WINDOW:
    case CHANGE_SESSION:
        return 0;
    case CHANGE_AVAILABILITY:
    case CHANGE_CAP:
    case CHANGE_ABSENCE:
        return 1;
    case CHANGE_SUPPLY:
    case CHANGE_CLOSURE:
    case CHANGE_OPENING:
        return 2;
    case CHANGE_ENGAGEMENT:
    case CHANGE_QUALIFY:
    case CHANGE_ROOM:
    default:
        return 3;
    }
}

bool change_better(const struct why_change *a, const struct why_change *b)
{
    if (a->sessions != b->sessions) {
        return a->sessions > b->sessions;
    }
    if (effort_of(a->kind) != effort_of(b->kind)) {
        return effort_of(a->kind) < effort_of(b->kind);
    }
    if (a->candidates != b->candidates) {
        return a->candidates > b->candidates;
    }
    return change_key(a) < change_key(b);
}

size_t changes_rank(const struct changes *changes, struct why_change *ret, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < changes->count; i++) {
        const struct why_change *change = &changes->items[i].change;
        size_t at = count < max ? count++ : max;
        while (at > 0 && change_better(change, &ret[at - 1])) {
            if (at < max) {
                ret[at] = ret[at - 1];
            }
            at--;
        }
        if (at < max) {
            ret[at] = *change;
        }
    }
    return count;
}
