/* The rules about a room: taken, closed, not open, too small, without what the course needs. */
#include "scheduler/closure.h"
#include "scheduler/rules_private.h"

static bool rooms_exclude(const struct timetable *timetable, uint32_t a, uint32_t b)
{
    /* Both are of one hall here. */
    return a == b || timetable->rooms[a].whole_hall || timetable->rooms[b].whole_hall;
}

bool room_overlap_check(const struct rule_query *query, struct rule_sink *sink)
{
    const struct timeline *line = book_hall_line(query->book, query->hall);
    struct timeline_window window = book_touching(query->book, line, query->from, query->to);
    for (size_t i = window.from; i < window.to; i++) {
        const struct placement *other = query_party(query, line->items[i]);
        if (other == NULL || !rooms_exclude(query->timetable, query->at->room, other->room) ||
            placement_taken_from(other) >= query->to || query->from >= placement_taken_to(other)) {
            continue;
        }
        struct finding finding = finding_of(RULE_ROOM_OVERLAP, PARTY_SESSION);
        finding.other = other;
        if (!rule_report(sink, query->at, &finding)) {
            return false;
        }
    }
    return true;
}

struct closure_report {
    const struct rule_query *query;
    struct rule_sink *sink;
};

static bool closure_found(void *context, uint32_t closure)
{
    const struct closure_report *report = context;
    struct finding finding = finding_of(RULE_CLOSURE, PARTY_CLOSURE);
    finding.index = closure;
    return rule_report(report->sink, report->query->at, &finding);
}

bool closure_check(const struct rule_query *query, struct rule_sink *sink)
{
    const struct hall *hall = &query->timetable->halls[query->hall];
    if (query->at->day < hall->valid_from || query->at->day > hall->valid_to) {
        struct finding finding = finding_of(RULE_CLOSURE, PARTY_NONE);
        if (!rule_report(sink, query->at, &finding)) {
            return false;
        }
    }
    struct closure_report report = {query, sink};
    return closure_each(query->timetable, query->at->room, query->from, query->to, CLOSURE_HARD,
                        closure_found, &report);
}

bool opening_check(const struct rule_query *query, struct rule_sink *sink)
{
    const struct placement *at = query->at;
    if (hours_cover(&query->timetable->halls[query->hall].hours, at->day, at->start_min - at->setup_min,
                    at->start_min + at->minutes + at->clear_min)) {
        return true;
    }
    struct finding finding = finding_of(RULE_OPENING, PARTY_NONE);
    return rule_report(sink, at, &finding);
}

bool facilities_check(const struct rule_query *query, struct rule_sink *sink)
{
    uint64_t needed = query->timetable->courses[query->at->course].facilities;
    if ((needed & ~query->timetable->rooms[query->at->room].facilities) == 0) {
        return true;
    }
    struct finding finding = finding_of(RULE_FACILITIES, PARTY_NONE);
    return rule_report(sink, query->at, &finding);
}

bool capacity_check(const struct rule_query *query, struct rule_sink *sink)
{
    int32_t capacity = query->timetable->rooms[query->at->room].capacity;
    if (capacity <= 0 || query->at->heads <= capacity) {
        return true;
    }
    struct finding finding = finding_of(RULE_CAPACITY, PARTY_LIMIT);
    finding.count = query->at->heads;
    finding.limit = capacity;
    return rule_report(sink, query->at, &finding);
}
