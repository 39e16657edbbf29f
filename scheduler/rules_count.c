/* The rules that count: an instructor's caps, a course's supply and its quota per hall. A session counts
 * on the day that it starts. */
#include "base/date.h"
#include "scheduler/rules_private.h"

#include <stdlib.h>

enum count_over {
    OVER_INSTRUCTOR,
    OVER_COURSE,
    OVER_COURSE_IN_HALL
};
enum count_period {
    PERIOD_DAY,
    PERIOD_WEEK,
    PERIOD_MONTH,
    PERIOD_YEAR
};

static const struct count_rule {
    enum rule_code rule;
    enum count_over over;
    enum count_period period;
} COUNT_RULES[] = {
    {RULE_CAP_DAY, OVER_INSTRUCTOR, PERIOD_DAY},     {RULE_CAP_WEEK, OVER_INSTRUCTOR, PERIOD_WEEK},
    {RULE_CAP_MONTH, OVER_INSTRUCTOR, PERIOD_MONTH}, {RULE_CAP_YEAR, OVER_INSTRUCTOR, PERIOD_YEAR},
    {RULE_SUPPLY, OVER_COURSE, PERIOD_YEAR},         {RULE_HALL_QUOTA, OVER_COURSE_IN_HALL, PERIOD_YEAR},
};

enum {
    COUNT_RULE_COUNT = sizeof COUNT_RULES / sizeof *COUNT_RULES
};

struct period {
    int32_t from_day, to_day; /* [from, to) */
};

static struct period period_around(enum count_period kind, int32_t day)
{
    struct civil civil;
    switch (kind) {
    case PERIOD_WEEK:
        return (struct period){date_week_start(day), date_week_start(day) + 7};
    case PERIOD_MONTH:
        civil = date_to_civil(day);
        return (struct period){day - civil.day + 1,
                               date_from_civil((struct civil){civil.year, civil.month + 1, 1})};
    case PERIOD_YEAR:
        civil = date_to_civil(day);
        return (struct period){date_from_civil((struct civil){civil.year, 1, 1}),
                               date_from_civil((struct civil){civil.year + 1, 1, 1})};
    case PERIOD_DAY:
    default:
        return (struct period){day, day + 1};
    }
}

static const struct count_rule *count_rule_of(enum rule_code rule)
{
    for (size_t i = 0; i < COUNT_RULE_COUNT; i++) {
        if (COUNT_RULES[i].rule == rule) {
            return &COUNT_RULES[i];
        }
    }
    return NULL;
}

bool count_period(enum rule_code rule, int32_t day, int32_t *ret_from_day, int32_t *ret_to_day)
{
    const struct count_rule *counting = count_rule_of(rule);
    if (counting == NULL) {
        return false;
    }
    struct period period = period_around(counting->period, day);
    *ret_from_day = period.from_day;
    *ret_to_day = period.to_day;
    return true;
}

/* `whose` is an instructor or a course, as the rule counts; 0: no limit. */
static int32_t limit_of(const struct timetable *timetable, enum rule_code rule, uint32_t whose)
{
    switch (rule) {
    case RULE_CAP_DAY:
        return timetable->instructors[whose].max_day;
    case RULE_CAP_WEEK:
        return timetable->instructors[whose].max_week;
    case RULE_CAP_MONTH:
        return timetable->instructors[whose].max_month;
    case RULE_CAP_YEAR:
        return timetable->instructors[whose].max_year;
    case RULE_SUPPLY:
        return timetable->courses[whose].supply_limit;
    case RULE_HALL_QUOTA:
        return timetable->courses[whose].hall_quota;
    default:
        return 0;
    }
}

/* ---- one placement against the others ---- */

static struct timeline_window period_window(const struct timeline *line, struct period period)
{
    return timeline_between(line, (int64_t)period.from_day * DAY_MINUTES,
                            (int64_t)period.to_day * DAY_MINUTES);
}

/* 1 when the slot is one of the window's entries. */
static int64_t window_holds(const struct rule_query *query, const struct timeline *line,
                            struct timeline_window window, uint32_t slot)
{
    const struct placement *placement = book_at(query->book, slot);
    if (placement == NULL) {
        return 0;
    }
    size_t at = timeline_position(line, (struct timeline_entry){
                                            .session_id = placement->session_id,
                                            .start_abs_min = (int32_t)placement_start(placement),
                                            .slot = slot,
                                        });
    return at >= window.from && at < window.to && line->items[at].slot == slot ? 1 : 0;
}

/* The sessions of the line in the period that are not the placement itself: no walk, so that a course
 * given ten thousand times a year is counted as quickly as a new one. */
static int64_t others_count(const struct rule_query *query, const struct timeline *line, struct period period)
{
    struct timeline_window window = period_window(line, period);
    int64_t count = (int64_t)(window.to - window.from);
    count -= window_holds(query, line, window, query->self);
    if (query->twin != query->self) {
        count -= window_holds(query, line, window, query->twin);
    }
    return count;
}

/* The hall's line is the shorter one to walk. */
static int64_t others_in_hall(const struct rule_query *query, struct period period)
{
    const struct timeline *line = book_hall_line(query->book, query->hall);
    struct timeline_window window = period_window(line, period);
    int64_t count = 0;
    for (size_t i = window.from; i < window.to; i++) {
        if (!query_is_self(query, line->items[i]) &&
            book_at(query->book, line->items[i].slot)->course == query->at->course) {
            count++;
        }
    }
    return count;
}

static bool count_report(struct rule_sink *sink, const struct placement *subject, enum rule_code rule,
                         uint32_t instructor, int64_t count, int64_t limit)
{
    if (count <= limit) {
        return true;
    }
    struct finding finding = finding_of(rule, PARTY_LIMIT);
    finding.instructor = instructor;
    finding.count = count;
    finding.limit = limit;
    return rule_report(sink, subject, &finding);
}

static bool cap_check(const struct rule_query *query, struct rule_sink *sink, const struct count_rule *rule)
{
    for (uint8_t k = 0; k < query->at->instructor_count; k++) {
        uint32_t instructor = query->at->instructors[k];
        int32_t limit = limit_of(query->timetable, rule->rule, instructor);
        if (limit <= 0 || placement_repeats(query->at, k)) {
            continue;
        }
        int64_t others = others_count(query, book_instructor_line(query->book, instructor),
                                      period_around(rule->period, query->at->day));
        if (!count_report(sink, query->at, rule->rule, instructor, others + 1, limit)) {
            return false;
        }
    }
    return true;
}

static bool course_count_check(const struct rule_query *query, struct rule_sink *sink,
                               const struct count_rule *rule)
{
    int32_t limit = limit_of(query->timetable, rule->rule, query->at->course);
    if (limit <= 0) {
        return true;
    }
    struct period period = period_around(rule->period, query->at->day);
    int64_t others = rule->over == OVER_COURSE_IN_HALL
                         ? others_in_hall(query, period)
                         : others_count(query, book_course_line(query->book, query->at->course), period);
    return count_report(sink, query->at, rule->rule, NONE, others + 1, limit);
}

static bool count_check(const struct rule_query *query, struct rule_sink *sink, enum rule_code code)
{
    const struct count_rule *rule = count_rule_of(code);
    return rule->over == OVER_INSTRUCTOR ? cap_check(query, sink, rule)
                                         : course_count_check(query, sink, rule);
}

bool cap_day_check(const struct rule_query *query, struct rule_sink *sink)
{
    return count_check(query, sink, RULE_CAP_DAY);
}

bool cap_week_check(const struct rule_query *query, struct rule_sink *sink)
{
    return count_check(query, sink, RULE_CAP_WEEK);
}

bool cap_month_check(const struct rule_query *query, struct rule_sink *sink)
{
    return count_check(query, sink, RULE_CAP_MONTH);
}

bool cap_year_check(const struct rule_query *query, struct rule_sink *sink)
{
    return count_check(query, sink, RULE_CAP_YEAR);
}

bool supply_check(const struct rule_query *query, struct rule_sink *sink)
{
    return count_check(query, sink, RULE_SUPPLY);
}

bool hall_quota_check(const struct rule_query *query, struct rule_sink *sink)
{
    return count_check(query, sink, RULE_HALL_QUOTA);
}

/* ---- all of them, group by group ---- */

struct group_walk {
    const struct book *book;
    struct rule_sink *sink;
    uint32_t *counts; /* by hall; [0] alone when the rule does not count by hall; zero between groups */
};

static uint32_t bucket_of(const struct group_walk *walk, const struct count_rule *rule,
                          const struct placement *placement)
{
    const struct timetable *timetable = book_timetable(walk->book);
    return rule->over == OVER_COURSE_IN_HALL ? timetable->rooms[placement->room].hall : 0;
}

/* Members past the limit are blamed in order of time, but those that carry the override come last: they
 * are the ones that were let in on top. */
static bool group_report(const struct group_walk *walk, const struct count_rule *rule,
                         const struct timeline *line, struct timeline_window group, uint32_t whose)
{
    int32_t limit = limit_of(book_timetable(walk->book), rule->rule, whose);
    uint32_t instructor = rule->over == OVER_INSTRUCTOR ? whose : (uint32_t)NONE;
    bool go_on = true;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = group.from; go_on && i < group.to; i++) {
            const struct placement *member = book_at(walk->book, line->items[i].slot);
            bool is_last = (member->overrides & RULE_BIT(rule->rule)) != 0;
            if (is_last == (pass == 1)) {
                int64_t count = ++walk->counts[bucket_of(walk, rule, member)];
                go_on = count_report(walk->sink, member, rule->rule, instructor, count, limit);
            }
        }
    }
    for (size_t i = group.from; i < group.to; i++) {
        walk->counts[bucket_of(walk, rule, book_at(walk->book, line->items[i].slot))] = 0;
    }
    return go_on;
}

static bool line_groups(const struct group_walk *walk, const struct count_rule *rule,
                        const struct timeline *line, uint32_t whose)
{
    int32_t limit = limit_of(book_timetable(walk->book), rule->rule, whose);
    if (limit <= 0) {
        return true;
    }
    size_t at = 0;
    while (at < line->count) {
        int32_t day = book_at(walk->book, line->items[at].slot)->day;
        struct timeline_window group = period_window(line, period_around(rule->period, day));
        if (group.to - group.from > (size_t)limit && !group_report(walk, rule, line, group, whose)) {
            return false;
        }
        at = group.to;
    }
    return true;
}

static bool rule_groups(const struct group_walk *walk, const struct count_rule *rule)
{
    const struct timetable *timetable = book_timetable(walk->book);
    bool by_person = rule->over == OVER_INSTRUCTOR;
    size_t count = by_person ? timetable->instructor_count : timetable->course_count;
    for (uint32_t whose = 0; whose < count; whose++) {
        const struct timeline *line =
            by_person ? book_instructor_line(walk->book, whose) : book_course_line(walk->book, whose);
        if (!line_groups(walk, rule, line, whose)) {
            return false;
        }
    }
    return true;
}

enum error_code rules_count_all(const struct book *book, struct rule_sink *sink)
{
    uint32_t *counts = calloc(book_timetable(book)->hall_count + 1, sizeof *counts);
    if (counts == NULL) {
        return ERR_MEMORY;
    }
    const struct group_walk walk = {book, sink, counts};
    for (size_t i = 0; i < COUNT_RULE_COUNT; i++) {
        if (!rule_groups(&walk, &COUNT_RULES[i])) {
            break;
        }
    }
    free(counts);
    return sink->failed;
}
