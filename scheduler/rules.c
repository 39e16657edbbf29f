#include "scheduler/rules.h"

#include "base/vec.h"
#include "scheduler/rules_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- the rule book ---- */

/* One line a rule. rules_check_all asks the counting ones by group instead (rules_count.c); pinned and
 * held are about a change and have their table in rules_change.c. */
static const struct rule_entry {
    enum rule_code rule;
    bool counts;
    rule_function *check;
} RULE_BOOK[] = {
    {RULE_ROOM_OVERLAP, false, room_overlap_check},
    {RULE_INSTRUCTOR_OVERLAP, false, instructor_overlap_check},
    {RULE_TRAVEL, false, travel_check},
    {RULE_QUALIFICATION, false, qualification_check},
    {RULE_ABSENCE, false, absence_check},
    {RULE_AVAILABILITY, false, availability_check},
    {RULE_CLOSURE, false, closure_check},
    {RULE_OPENING, false, opening_check},
    {RULE_FACILITIES, false, facilities_check},
    {RULE_CAPACITY, false, capacity_check},
    {RULE_CAP_DAY, true, cap_day_check},
    {RULE_CAP_WEEK, true, cap_week_check},
    {RULE_CAP_MONTH, true, cap_month_check},
    {RULE_CAP_YEAR, true, cap_year_check},
    {RULE_SERIES, false, series_check},
    {RULE_AUDIENCE, false, audience_check},
    {RULE_SUPPLY, true, supply_check},
    {RULE_HALL_QUOTA, true, hall_quota_check},
};

static const struct {
    const char *name, *zh, *en;
    bool overridable;
} RULE_WORDS[RULE_COUNT] = {
#define X(code, name, overridable, zh, en) [code] = {name, zh, en, overridable},
    RULE_LIST(X)
#undef X
};

_Static_assert(RULE_COUNT <= 64, "overrides are bits of one 64-bit word");

const char *rule_name(enum rule_code rule)
{
    return rule < RULE_COUNT ? RULE_WORDS[rule].name : "";
}

const char *rule_title(enum rule_code rule, bool chinese)
{
    if (rule >= RULE_COUNT) {
        return "";
    }
    return chinese ? RULE_WORDS[rule].zh : RULE_WORDS[rule].en;
}

bool rule_is_personal(enum rule_code rule)
{
    const uint64_t personal = RULE_BIT(RULE_QUALIFICATION) | RULE_BIT(RULE_ABSENCE) |
                              RULE_BIT(RULE_AVAILABILITY) | RULE_BIT(RULE_CAP_DAY) | RULE_BIT(RULE_CAP_WEEK) |
                              RULE_BIT(RULE_CAP_MONTH) | RULE_BIT(RULE_CAP_YEAR);
    return rule < RULE_COUNT && (personal & RULE_BIT(rule)) != 0;
}

bool rule_overridable(enum rule_code rule)
{
    return rule < RULE_COUNT && RULE_WORDS[rule].overridable;
}

enum rule_code rule_from_name(const char *name)
{
    int rule = 0;
    while (rule < RULE_COUNT && (name == NULL || strcmp(name, RULE_WORDS[rule].name) != 0)) {
        rule++;
    }
    return (enum rule_code)rule;
}

/* ---- the query: one placement and its place in the book ---- */

static struct rule_query query_make(const struct book *book, const struct placement *placement, uint32_t self)
{
    const struct timetable *timetable = book_timetable(book);
    return (struct rule_query){
        .book = book,
        .timetable = timetable,
        .at = placement,
        .self = self,
        .twin = book_slot_of(book, placement->session_id),
        .hall = timetable->rooms[placement->room].hall,
        .start = placement_start(placement),
        .end = placement_end(placement),
        .from = placement_taken_from(placement),
        .to = placement_taken_to(placement),
    };
}

bool query_is_self(const struct rule_query *query, struct timeline_entry entry)
{
    return entry.slot == query->self || entry.slot == query->twin;
}

/* By time, then number, then slot: the order in which pairs are blamed. */
static bool entry_is_later(const struct rule_query *query, struct timeline_entry entry)
{
    if (entry.start_abs_min != query->start) {
        return entry.start_abs_min > query->start;
    }
    if (entry.session_id != query->at->session_id) {
        return entry.session_id > query->at->session_id;
    }
    return entry.slot > query->self;
}

const struct placement *query_party(const struct rule_query *query, struct timeline_entry entry)
{
    if (query_is_self(query, entry) || (query->earlier_only && entry_is_later(query, entry))) {
        return NULL;
    }
    return book_at(query->book, entry.slot);
}

/* ---- the sink ---- */

struct finding finding_of(enum rule_code rule, enum party_kind party)
{
    return (struct finding){.rule = rule, .party = party, .index = NONE, .instructor = NONE};
}

/* Either party of a pair may carry the override: who let the second session in has let the first
 * one stay. */
static bool is_overridden(const struct placement *subject, const struct finding *finding)
{
    uint64_t overrides = subject->overrides;
    if (finding->other != NULL) {
        overrides |= finding->other->overrides;
    }
    return rule_overridable(finding->rule) && (overrides & RULE_BIT(finding->rule)) != 0;
}

static bool list_add(struct rule_sink *sink, const struct clash *clash)
{
    if (sink->list->count >= LIMIT_CLASHES) {
        sink->list->dropped++;
        return true;
    }
    VEC_PUSH(sink->failed, sink->list, *clash, LIMIT_CLASHES);
    return sink->failed == ERR_NONE;
}

bool rule_report(struct rule_sink *sink, const struct placement *subject, const struct finding *finding)
{
    bool overridden = is_overridden(subject, finding);
    if (!overridden) {
        sink->hard++;
    }
    if (sink->list == NULL) {
        sink->stopped_by = overridden ? sink->stopped_by : finding->rule;
        return overridden;
    }
    struct clash clash = {
        .rule = finding->rule,
        .overridden = overridden,
        .subject = *subject,
        .party = finding->party,
        .other_index = finding->index,
        .instructor = finding->instructor,
        .count = finding->count,
        .limit = finding->limit,
    };
    if (finding->other != NULL) {
        clash.other = *finding->other;
    }
    return list_add(sink, &clash);
}

static struct rule_sink sink_make(struct clash_list *list)
{
    return (struct rule_sink){.list = list, .stopped_by = RULE_COUNT, .failed = ERR_NONE};
}

/* ---- the questions ---- */

static bool rules_run(const struct rule_query *query, bool with_counting, struct rule_sink *sink)
{
    for (size_t i = 0; i < sizeof RULE_BOOK / sizeof *RULE_BOOK; i++) {
        if ((with_counting || !RULE_BOOK[i].counts) && !RULE_BOOK[i].check(query, sink)) {
            return false;
        }
    }
    return true;
}

enum error_code rules_check(const struct book *book, const struct placement *placement, uint32_t self,
                            struct clash_list *list, size_t *ret_hard, struct error *err)
{
    enum error_code code = placement_validate(book_timetable(book), placement, err);
    if (code != ERR_NONE) {
        return code;
    }
    const struct rule_query query = query_make(book, placement, self);
    struct rule_sink sink = sink_make(list);
    (void)rules_run(&query, true, &sink);
    if (sink.failed != ERR_NONE) {
        return error_set(err, sink.failed, "list of %zu clashes", list->count);
    }
    *ret_hard = sink.hard;
    return ERR_NONE;
}

bool rules_allow(const struct book *book, const struct placement *placement, uint32_t self,
                 enum rule_code *ret_rule)
{
    struct rule_sink sink = sink_make(NULL);
    bool allowed = false;
    if (placement_validate(book_timetable(book), placement, NULL) == ERR_NONE) {
        const struct rule_query query = query_make(book, placement, self);
        allowed = rules_run(&query, true, &sink);
    }
    if (ret_rule != NULL) {
        *ret_rule = sink.stopped_by;
    }
    return allowed;
}

/* By the subject's time and number, then in the order of the rules, for a reader. */
static int clash_compare(const void *a, const void *b)
{
    const struct clash *x = a;
    const struct clash *y = b;
    const int64_t keys[][2] = {
        {placement_start(&x->subject), placement_start(&y->subject)},
        {x->subject.session_id, y->subject.session_id},
        {x->rule, y->rule},
        {placement_start(&x->other), placement_start(&y->other)},
        {x->other.session_id, y->other.session_id},
        {x->instructor, y->instructor},
        {x->other_index, y->other_index},
        {x->subject.room, y->subject.room},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1] ? -1 : 1;
        }
    }
    return 0;
}

enum error_code rules_check_all(const struct book *book, struct clash_list *list, size_t *ret_hard,
                                struct error *err)
{
    struct rule_sink sink = sink_make(list);
    size_t before = list->count;
    for (uint32_t slot = 0; slot < book_slot_end(book) && sink.failed == ERR_NONE; slot++) {
        const struct placement *placement = book_at(book, slot);
        if (placement != NULL) {
            struct rule_query query = query_make(book, placement, slot);
            query.earlier_only = true;
            (void)rules_run(&query, false, &sink);
        }
    }
    if (sink.failed == ERR_NONE) {
        sink.failed = rules_count_all(book, &sink);
    }
    if (sink.failed != ERR_NONE) {
        return error_set(err, sink.failed, "list of %zu clashes", list->count);
    }
    if (list->count > before) {
        qsort(&list->items[before], list->count - before, sizeof *list->items, clash_compare);
    }
    *ret_hard = sink.hard;
    return ERR_NONE;
}
