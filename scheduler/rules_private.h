/* scheduler/rules_private: what the rules_*.c files share; nobody else includes it (but why_changes.c
 * and reach*.c, for count_period).
 *
 * A rule is a function that looks at one placement and reports every way in which it is broken. What
 * becomes of a report is the sink's business: rules_check stores it, rules_allow stops at the first
 * that counts. So each rule has one definition, whoever asks. */
#ifndef LITANG_SCHEDULER_RULES_PRIVATE_H
#define LITANG_SCHEDULER_RULES_PRIVATE_H

#include "scheduler/book_lines.h"
#include "scheduler/placement.h"
#include "scheduler/rules.h"

struct rule_query {
    const struct book *book;
    const struct timetable *timetable;
    const struct placement *at;
    uint32_t self, twin; /* slots that are the placement itself: not parties */
    uint32_t hall;
    int64_t start, end; /* absolute minutes that are taught */
    int64_t from, to;   /* the same with set-up and clear-up */
    bool earlier_only;  /* rules_check_all: leave the later party of a pair to report it */
};

struct rule_sink {
    struct clash_list *list; /* NULL: stop at the first hard one */
    size_t hard;
    enum rule_code stopped_by; /* RULE_COUNT: nothing */
    enum error_code failed;
};

/* A rule answers false when the sink wants no more. */
typedef bool rule_function(const struct rule_query *query, struct rule_sink *sink);

rule_function room_overlap_check, closure_check, opening_check, facilities_check, capacity_check;
rule_function instructor_overlap_check, travel_check, qualification_check, absence_check, availability_check;
rule_function series_check, audience_check;
rule_function cap_day_check, cap_week_check, cap_month_check, cap_year_check, supply_check, hall_quota_check;

/* What a rule has to say; start from finding_of. */
struct finding {
    enum rule_code rule;
    enum party_kind party;
    const struct placement *other;
    uint32_t index;
    uint32_t instructor;
    int64_t count, limit;
};

struct finding finding_of(enum rule_code rule, enum party_kind party);
/* False: stop. */
bool rule_report(struct rule_sink *sink, const struct placement *subject, const struct finding *finding);

/* The other placement that an entry of a line stands for, or NULL when it is the placement itself, or, in
 * rules_check_all, the one that reports the pair. */
const struct placement *query_party(const struct rule_query *query, struct timeline_entry entry);
/* Is the entry the placement itself, in its old or its new place? */
bool query_is_self(const struct rule_query *query, struct timeline_entry entry);

/* What two meetings of one series do not have in common. */
enum {
    SERIES_WEEKDAY = 1,
    SERIES_START = 2,
    SERIES_MINUTES = 4,
    SERIES_ROOM = 8,
    SERIES_INSTRUCTORS = 16
};
unsigned series_difference(const struct placement *a, const struct placement *b);

/* The days [from, to) that a counting rule counts together with `day`; false for other rules. */
bool count_period(enum rule_code rule, int32_t day, int32_t *ret_from_day, int32_t *ret_to_day);

/* rules_check_all: reports the members of over-full groups (caps, supply, quota). */
enum error_code rules_count_all(const struct book *book, struct rule_sink *sink);

#endif
