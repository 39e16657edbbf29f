/* The rules about an instructor: elsewhere at the time, on the road, not qualified, absent, not
 * available. What an instructor may teach in a day or a year is counted in rules_count.c. */
#include "base/date.h"
#include "scheduler/closure.h"
#include "scheduler/rules_private.h"
#include "scheduler/travel.h"

/* Does an instructor named before instructors[i] teach the other session too? Then the pair has been
 * reported under that name. */
static bool shared_before(const struct rule_query *query, uint8_t i, const struct placement *other)
{
    for (uint8_t j = 0; j < i; j++) {
        if (placement_teaches(other, query->at->instructors[j])) {
            return true;
        }
    }
    return false;
}

bool instructor_overlap_check(const struct rule_query *query, struct rule_sink *sink)
{
    for (uint8_t k = 0; k < query->at->instructor_count; k++) {
        uint32_t instructor = query->at->instructors[k];
        const struct timeline *line = book_instructor_line(query->book, instructor);
        struct timeline_window window = book_touching(query->book, line, query->start, query->end);
        for (size_t i = window.from; i < window.to; i++) {
            const struct placement *other = query_party(query, line->items[i]);
            if (other == NULL || placement_start(other) >= query->end ||
                query->start >= placement_end(other) || shared_before(query, k, other)) {
                continue;
            }
            struct finding finding = finding_of(RULE_INSTRUCTOR_OVERLAP, PARTY_SESSION);
            finding.other = other;
            finding.instructor = instructor;
            if (!rule_report(sink, query->at, &finding)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- travel: only the sessions right before and right after count ---- */

/* Of the sessions that end at or before this one's start, at most a day before, the one that ends
 * last; of equal ones the later in order. */
static const struct placement *session_before(const struct rule_query *query, const struct timeline *line)
{
    const struct placement *best = NULL;
    struct timeline_window window =
        book_touching(query->book, line, query->start - DAY_MINUTES, query->start);
    for (size_t i = window.from; i < window.to; i++) {
        /* An earlier session is always the party that rules_check_all leaves to the later one. */
        const struct placement *other =
            query_is_self(query, line->items[i]) ? NULL : book_at(query->book, line->items[i].slot);
        if (other != NULL && placement_end(other) <= query->start &&
            (best == NULL || placement_end(other) >= placement_end(best))) {
            best = other;
        }
    }
    return best;
}

/* Of the sessions that start at or after this one's end, the first in order. */
static const struct placement *session_after(const struct rule_query *query, const struct timeline *line)
{
    if (query->earlier_only) {
        return NULL;
    }
    struct timeline_window window = timeline_between(line, query->end, query->end + DAY_MINUTES);
    for (size_t i = window.from; i < window.to; i++) {
        if (!query_is_self(query, line->items[i])) {
            return book_at(query->book, line->items[i].slot);
        }
    }
    return NULL;
}

/* Is the pair also next to each other for an instructor named before? Then it has been reported. */
static bool travel_reported(const struct rule_query *query, uint8_t k, const struct placement *other)
{
    for (uint8_t j = 0; j < k; j++) {
        const struct timeline *line = book_instructor_line(query->book, query->at->instructors[j]);
        if (session_before(query, line) == other || session_after(query, line) == other) {
            return true;
        }
    }
    return false;
}

static bool travel_report(const struct rule_query *query, struct rule_sink *sink, uint8_t k,
                          const struct placement *other)
{
    if (other == NULL) {
        return true;
    }
    const struct timetable *timetable = query->timetable;
    uint32_t other_hall = timetable->rooms[other->room].hall;
    bool is_before = placement_end(other) <= query->start;
    int64_t there_min = is_before ? query->start - placement_end(other) : placement_start(other) - query->end;
    int32_t needed_min = is_before ? travel_hall_minutes(timetable, other_hall, query->hall)
                                   : travel_hall_minutes(timetable, query->hall, other_hall);
    if (there_min >= needed_min || there_min >= DAY_MINUTES || travel_reported(query, k, other)) {
        return true;
    }
    struct finding finding = finding_of(RULE_TRAVEL, PARTY_SESSION);
    finding.other = other;
    finding.instructor = query->at->instructors[k];
    finding.count = needed_min;
    finding.limit = there_min;
    return rule_report(sink, query->at, &finding);
}

bool travel_check(const struct rule_query *query, struct rule_sink *sink)
{
    for (uint8_t k = 0; k < query->at->instructor_count; k++) {
        const struct timeline *line = book_instructor_line(query->book, query->at->instructors[k]);
        if (!travel_report(query, sink, k, session_before(query, line)) ||
            !travel_report(query, sink, k, session_after(query, line))) {
            return false;
        }
    }
    return true;
}

/* ---- the person ---- */

bool qualification_check(const struct rule_query *query, struct rule_sink *sink)
{
    for (uint8_t k = 0; k < query->at->instructor_count; k++) {
        uint32_t instructor = query->at->instructors[k];
        if (placement_repeats(query->at, k) ||
            timetable_qualified(query->timetable, instructor, query->at->course)) {
            continue;
        }
        struct finding finding = finding_of(RULE_QUALIFICATION, PARTY_NONE);
        finding.instructor = instructor;
        if (!rule_report(sink, query->at, &finding)) {
            return false;
        }
    }
    return true;
}

static bool absences_report(const struct rule_query *query, struct rule_sink *sink, uint32_t instructor)
{
    const struct timetable *timetable = query->timetable;
    if (timetable->absence_count == 0) {
        return true;
    }
    const uint32_t *start = timetable->absences_start;
    for (uint32_t i = start[instructor]; i < start[instructor + 1]; i++) {
        const struct absence *absence = &timetable->absences[timetable->absences_list[i]];
        if (!daily_touches(absence->from_day, absence->to_day, absence->from_min, absence->to_min,
                           query->start, query->end)) {
            continue;
        }
        struct finding finding = finding_of(RULE_ABSENCE, PARTY_ABSENCE);
        finding.index = timetable->absences_list[i];
        finding.instructor = instructor;
        if (!rule_report(sink, query->at, &finding)) {
            return false;
        }
    }
    return true;
}

bool absence_check(const struct rule_query *query, struct rule_sink *sink)
{
    for (uint8_t k = 0; k < query->at->instructor_count; k++) {
        if (placement_repeats(query->at, k)) {
            continue;
        }
        const struct instructor *person = &query->timetable->instructors[query->at->instructors[k]];
        if (query->at->day < person->valid_from || query->at->day > person->valid_to) {
            struct finding finding = finding_of(RULE_ABSENCE, PARTY_NONE);
            finding.instructor = query->at->instructors[k];
            if (!rule_report(sink, query->at, &finding)) {
                return false;
            }
        }
        if (!absences_report(query, sink, query->at->instructors[k])) {
            return false;
        }
    }
    return true;
}

bool availability_check(const struct rule_query *query, struct rule_sink *sink)
{
    const struct placement *at = query->at;
    for (uint8_t k = 0; k < at->instructor_count; k++) {
        const struct instructor *person = &query->timetable->instructors[at->instructors[k]];
        if (placement_repeats(at, k) ||
            hours_cover(&person->hours, at->day, at->start_min, at->start_min + at->minutes)) {
            continue;
        }
        struct finding finding = finding_of(RULE_AVAILABILITY, PARTY_NONE);
        finding.instructor = at->instructors[k];
        if (!rule_report(sink, at, &finding)) {
            return false;
        }
    }
    return true;
}
