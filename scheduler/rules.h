/* scheduler/rules: the rule book. Every hard rule of litang is stated here, once. The planner, the
 * commit gate, the command line, imports and pages all ask these functions; nobody else decides.
 * docs/adding.md says how to add one: a line in RULE_LIST and a function in its table.
 *
 * Intervals are half-open: 10:00-12:00 and 12:00-14:00 do not overlap. A room is taken from set-up to
 * clear-up; opening hours and closures are held against that whole span; an instructor teaches from
 * start to end. Times compare as absolute local minutes (day*1440 + minute), so midnight is no border.
 * Caps count sessions: a week runs from Monday (ISO 8601), a month and a year are Gregorian. */
#ifndef LITANG_SCHEDULER_RULES_H
#define LITANG_SCHEDULER_RULES_H

#include "base/text.h"
#include "scheduler/book.h"

/* code, stable name, overridable with a recorded reason, Chinese title, English title */
#define RULE_LIST(X)                                                                                         \
    X(RULE_ROOM_OVERLAP, "room-overlap", false, "场地时间重叠", "room taken")                                \
    X(RULE_INSTRUCTOR_OVERLAP, "instructor-overlap", false, "讲师时间重叠", "instructor taken")              \
    X(RULE_TRAVEL, "travel", false, "讲师来不及赶到", "not enough travel time")                              \
    X(RULE_QUALIFICATION, "qualification", false, "讲师不具备授课资格", "instructor not qualified")          \
    X(RULE_ABSENCE, "absence", true, "讲师请假", "instructor absent")                                        \
    X(RULE_AVAILABILITY, "availability", true, "不在讲师可授课时段", "outside availability")                 \
    X(RULE_CLOSURE, "closure", true, "礼堂停用", "hall closed")                                              \
    X(RULE_OPENING, "opening-hours", true, "不在开放时间内", "outside opening hours")                        \
    X(RULE_FACILITIES, "facilities", true, "场地设施不足", "facilities missing")                             \
    X(RULE_CAPACITY, "capacity", true, "场地容量不足", "room too small")                                     \
    X(RULE_CAP_DAY, "cap-day", true, "超过讲师每日上限", "daily cap")                                        \
    X(RULE_CAP_WEEK, "cap-week", true, "超过讲师每周上限", "weekly cap")                                     \
    X(RULE_CAP_MONTH, "cap-month", true, "超过讲师每月上限", "monthly cap")                                  \
    X(RULE_CAP_YEAR, "cap-year", true, "超过讲师每年上限", "yearly cap")                                     \
    X(RULE_SERIES, "series", false, "系列课时间地点讲师不一致", "series not regular")                        \
    X(RULE_AUDIENCE, "audience", true, "同村同一人群时间重叠", "audience taken")                             \
    X(RULE_SUPPLY, "supply", true, "超过课程供给上限", "course supply used up")                              \
    X(RULE_HALL_QUOTA, "hall-quota", true, "超过每堂配额", "hall quota used up")                             \
    X(RULE_PINNED, "pinned", false, "已锁定场次不可变动", "pinned session")                                  \
    X(RULE_HELD, "held", false, "已开展场次不可变动", "held session")

enum rule_code {
#define X(code, name, overridable, zh, en) code,
    RULE_LIST(X)
#undef X
    RULE_COUNT
};

#define RULE_BIT(rule) (UINT64_C(1) << (rule))

const char *rule_name(enum rule_code rule); /* "room-overlap" */
const char *rule_title(enum rule_code rule, bool chinese);
bool rule_overridable(enum rule_code rule);
/* Does the rule speak of an instructor's qualification, leave, hours or caps (PERSON_LIMITS of
 * scheduler/audience)? */
bool rule_is_personal(enum rule_code rule);
enum rule_code rule_from_name(const char *name); /* RULE_COUNT when unknown */

/* One broken rule: `subject` breaks it; the other party is another placement, a closure, an absence
 * or a figure, whichever the rule is about. Plain data: it outlives the book it came from. */
enum party_kind {
    PARTY_NONE,
    PARTY_SESSION,
    PARTY_CLOSURE,
    PARTY_ABSENCE,
    PARTY_LIMIT
};
struct clash {
    enum rule_code rule;
    bool overridden; /* the subject, or the other session of a pair, carries an override for it */
    struct placement subject;
    enum party_kind party;
    struct placement other; /* PARTY_SESSION */
    uint32_t other_index;   /* PARTY_CLOSURE / PARTY_ABSENCE: index in the timetable */
    uint32_t instructor;    /* the instructor it is about, or NONE */
    int64_t count, limit;   /* PARTY_LIMIT: e.g. the 4th of 3; travel: minutes needed, minutes there */
};

struct clash_list {
    struct clash *items; /* owned */
    size_t count, capacity;
    size_t dropped; /* past LIMIT_CLASHES */
};
void clash_list_init(struct clash_list *list);
void clash_list_finish(struct clash_list *list);

/* Every rule that `placement` would break if it stood in the book now. `self` is the slot that it already
 * holds there (ignored as a party), or NONE. Sessions of the book with the same non-zero session_id are
 * ignored too. Appends to `list`, overridden ones included and marked; *ret_hard counts the others.
 * Counting rules (caps, supply, quota) blame the placement itself. Pure; any thread while nobody
 * changes the book. */
enum error_code rules_check(const struct book *book, const struct placement *placement, uint32_t self,
                            struct clash_list *list, size_t *ret_hard, struct error *err);

/* The same question, yes or no, stopping at the first broken rule that is not overridden; the rule in
 * *ret_rule (may be NULL; RULE_COUNT when allowed). No allocation. */
bool rules_allow(const struct book *book, const struct placement *placement, uint32_t self,
                 enum rule_code *ret_rule);

/* May `before` (a published placement) be changed to `after` (NULL: cancelled or removed)? Appends
 * RULE_PINNED and RULE_HELD clashes. Unpinning is a change of the pin alone and allowed; attendance entry
 * likewise. */
enum error_code rules_check_change(const struct placement *before, const struct placement *after,
                                   struct clash_list *list, size_t *ret_hard, struct error *err);

/* Everything in the book: each broken pair once (the later session is the subject). */
enum error_code rules_check_all(const struct book *book, struct clash_list *list, size_t *ret_hard,
                                struct error *err);

/* "2026-05-12 14:00–16:00 下各镇·示例一村文化礼堂（大礼堂）《手机防诈骗》（示例甲）[场次 17] 与 …
 * 场地时间重叠". Names both parties, the place and the time. */
void clash_sentence(const struct timetable *, const struct clash *clash, bool chinese, struct text *out);
/* Answers ERR_INTERNAL, "planner: 中文 (English)": what `who` made must not break a rule, and does. */
enum error_code clash_internal(const struct timetable *, const struct clash *clash, const char *who,
                               struct error *err);
/* One session in the same words, without a verdict. */
void placement_sentence(const struct timetable *, const struct placement *, bool chinese, struct text *out);

/* Where a request may be placed at all (window, season, hall in use, not withdrawn): not a hard rule (a
 * person may move a session out of its window), but the planner never leaves it. */
bool request_allows_day(const struct timetable *, uint32_t request, int32_t day);
bool request_allows_hall(const struct timetable *, uint32_t request, uint32_t hall);
/* How many sessions the request lacks when so many stand, 0 at least. What a skipping series that has begun
 * left out is not missing. */
int32_t request_missing(const struct request *request, int32_t placed);
/* Are the sessions that it lacks to be weekly meetings, found together? A single one is none. */
bool request_is_weekly(const struct request *request, int32_t missing);
/* Of that, what the request itself says: its days from … to, its hall or the halls of its area. */
bool request_has_day(const struct request *row, int32_t day);
bool placement_in_window(const struct timetable *, const struct placement *at); /* also when nobody asked */
bool request_names_hall(const struct timetable *, const struct request *row, uint32_t hall);
/* The name of that hall or area; borrowed. */
const char *request_place_name(const struct timetable *, const struct request *row);
/* How many sessions stand for each request, cancelled ones not counted; `ret_placed` [request], set here. */
void request_count_placed(const struct timetable *, int32_t *ret_placed);
/* The same for a row that need not be in the timetable. */
bool wish_allows_hall(const struct timetable *, const struct request *row, uint32_t hall);
/* The hard closure that covers any part of [from, to) absolute local minutes for the room, or NONE. */
uint32_t closure_hit(const struct timetable *, uint32_t room, int64_t from_abs_min, int64_t to_abs_min,
                     enum closure_strength at_least);

#endif
