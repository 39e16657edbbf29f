/* The rules about a course's meetings among themselves: a series stays regular, an audience is asked to
 * one place at a time. How often a course is given is counted in rules_count.c. */
#include "base/date.h"
#include "scheduler/rules_private.h"

static bool instructors_within(const struct placement *a, const struct placement *b)
{
    for (uint8_t i = 0; i < a->instructor_count; i++) {
        if (!placement_teaches(b, a->instructors[i])) {
            return false;
        }
    }
    return true;
}

unsigned series_difference(const struct placement *a, const struct placement *b)
{
    unsigned difference = 0;
    difference |= date_weekday(a->day) != date_weekday(b->day) ? SERIES_WEEKDAY : 0U;
    difference |= a->start_min != b->start_min ? SERIES_START : 0U;
    difference |= a->minutes != b->minutes ? SERIES_MINUTES : 0U;
    difference |= a->room != b->room ? SERIES_ROOM : 0U;
    difference |= !instructors_within(a, b) || !instructors_within(b, a) ? SERIES_INSTRUCTORS : 0U;
    return difference;
}

bool series_check(const struct rule_query *query, struct rule_sink *sink)
{
    const struct timeline *line = book_series_line(query->book, query->at->series_id);
    if (line == NULL || query->at->series_exception) {
        return true;
    }
    for (size_t i = 0; i < line->count; i++) {
        const struct placement *other = query_party(query, line->items[i]);
        if (other == NULL || other->series_exception || series_difference(query->at, other) == 0) {
            continue;
        }
        struct finding finding = finding_of(RULE_SERIES, PARTY_SESSION);
        finding.other = other;
        if (!rule_report(sink, query->at, &finding)) {
            return false;
        }
    }
    return true;
}

static bool audience_hall_check(const struct rule_query *query, struct rule_sink *sink, uint32_t hall)
{
    const struct course *courses = query->timetable->courses;
    const struct timeline *line = book_hall_line(query->book, hall);
    struct timeline_window window = book_touching(query->book, line, query->start, query->end);
    for (size_t i = window.from; i < window.to; i++) {
        const struct placement *other = query_party(query, line->items[i]);
        if (other == NULL || courses[other->course].audience != courses[query->at->course].audience ||
            placement_start(other) >= query->end || query->start >= placement_end(other)) {
            continue;
        }
        struct finding finding = finding_of(RULE_AUDIENCE, PARTY_SESSION);
        finding.other = other;
        if (!rule_report(sink, query->at, &finding)) {
            return false;
        }
    }
    return true;
}

bool audience_check(const struct rule_query *query, struct rule_sink *sink)
{
    if (query->timetable->courses[query->at->course].audience == NONE) {
        return true;
    }
    size_t count = 0;
    const uint32_t *halls = book_area_halls(query->book, query->timetable->halls[query->hall].area, &count);
    for (size_t i = 0; i < count; i++) {
        if (!audience_hall_check(query, sink, halls[i])) {
            return false;
        }
    }
    return true;
}
