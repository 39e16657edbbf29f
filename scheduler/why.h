/* scheduler/why: why a session stands where it stands and what else was possible at what price; why a request
 * has sessions without a place, and the smallest single change that would make room. Every verdict is the
 * rule book's. Pure; any thread while nobody changes the book. docs/why.md says what is counted. */
#ifndef LITANG_SCHEDULER_WHY_H
#define LITANG_SCHEDULER_WHY_H

#include "scheduler/audience.h"
#include "scheduler/free.h"

/* ---- a session ---- */

/* One thing varied, the rest as it is. Prices are those of the places: what moving costs is left out. */
struct why_axis {
    uint32_t looked_at, possible, cheaper;
    uint32_t
        by_rule[RULE_COUNT]; /* the first rule that removes it; with `possible` they add up to looked_at */
    struct free_offer best;  /* the cheapest possible one, against where it stands */
    bool has_best;
};

struct why_session {
    struct placement at;
    enum rule_code locked;     /* RULE_PINNED, RULE_HELD, or RULE_COUNT */
    struct free_price price;   /* what it costs there, against not being held at all */
    struct clash_list clashes; /* owned; what it breaks where it stands, overridden ones marked */
    struct why_axis days;      /* same room, start and people on the query's other days */
    struct why_axis starts;    /* other starts of that day */
    struct why_axis rooms;     /* other rooms of the query's hall or area */
    struct why_axis people;    /* other leaders who are qualified */
    struct free_list others;   /* everything varied */
};

/* The query is one of free_query_session; others come from free_find. ERR_NOT_FOUND, ERR_INPUT. */
enum error_code why_session(const struct book *book, const struct free_query *query,
                            struct why_session *ret_why, struct error *err);
void why_session_finish(struct why_session *why);
/* Why here, why then, why this person, what else: some lines. */
void why_session_text(const struct timetable *timetable, const struct why_session *why, bool chinese,
                      struct text *out);
/* One offer with its price: "2026-05-14 09:00–11:00 …（示例乙） 代价 -12". */
void offer_text(const struct timetable *timetable, const struct free_offer *offer, bool chinese,
                struct text *out);

/* What would break at another place: the rules of the place and those of changing it, as the gate will say.
 * Appends to `list`; *ret_hard as rules_check. */
enum error_code why_there(const struct book *book, int64_t session_id, const struct placement *there,
                          struct clash_list *list, size_t *ret_hard, struct error *err);

/* ---- a request ---- */

/* Reasons that are no rule of the book: places of a series that meets a holiday it must not meet, or that
 * runs out of its window or season. */
enum {
    WHY_HOLIDAY = RULE_COUNT,
    WHY_WINDOW,
    WHY_REASONS
};

enum why_kind {
    WHY_PLACED, /* nothing is missing */
    WHY_WITHDRAWN,
    WHY_PAST,          /* the window lies before `from_day` */
    WHY_NO_HALL,       /* the hall is not in use in the window, or the area has no room */
    WHY_NO_INSTRUCTOR, /* nobody is qualified */
    WHY_SEASON,        /* window and season have no day in common */
    WHY_SERIES_LONG,   /* more weekly meetings than weeks in the window */
    WHY_ROOM_LEFT,     /* there is a place now */
    WHY_ALWAYS,        /* one rule removes every place: `always` */
    WHY_NO_PLACE,      /* each place breaks a rule even in an empty timetable */
    WHY_CROWDED        /* other sessions and what is used up stand in the way */
};

enum why_change_kind {
    CHANGE_WINDOW,       /* `days` longer; negative: earlier */
    CHANGE_SESSION,      /* `session_id` held elsewhere */
    CHANGE_AVAILABILITY, /* `instructor` free on that `weekday` in the parts of day `part` */
    CHANGE_ABSENCE,      /* without absence `index` */
    CHANGE_ENGAGEMENT,   /* `instructor` at work that day, before or after the days of service */
    CHANGE_CAP,          /* `rule` of `instructor` one higher */
    CHANGE_CLOSURE,      /* without closure `index` */
    CHANGE_OPENING,      /* hall `index` open on that `weekday` in the parts of day `part` */
    CHANGE_SUPPLY,       /* `rule` (supply or hall quota) of the course one higher */
    CHANGE_QUALIFY,      /* `instructor` qualified */
    CHANGE_ROOM          /* room `index` with what the course needs: `rule` facilities or capacity */
};

struct why_change {
    enum why_change_kind kind;
    enum rule_code rule;
    uint32_t instructor, index;
    int64_t session_id;
    int32_t days;
    uint8_t weekday, part;    /* 1 Monday … 7; PART_* bits, all of them needed */
    uint32_t candidates;      /* places, of those looked at, that this alone would free */
    int32_t sessions;         /* of the missing ones that could then be held, at least */
    struct placement example; /* one of them; of a series the first meeting */
};

struct why_blocker {
    struct placement at;
    uint32_t candidates, only; /* places it stands in the way of; those that only it does */
};

enum {
    WHY_CHANGES_MAX = 8,
    WHY_BLOCKERS_MAX = 8,
    WHY_OFFERS_MAX = 5
};

struct why_request {
    uint32_t request;
    int32_t placed, missing;
    int32_t from_day, to_day; /* the days looked at */
    enum why_kind kind;
    enum rule_code always; /* WHY_ALWAYS */
    uint64_t domain;       /* places in all: day x quarter hour x room x person */
    uint32_t looked_at, possible;
    uint32_t first[WHY_REASONS]; /* the first reason of each; with `possible` they add up to looked_at */
    uint32_t only[WHY_REASONS];  /* places that this reason alone removes */
    uint32_t any[WHY_REASONS];   /* places that this reason removes, with others or alone */
    struct why_change changes[WHY_CHANGES_MAX];
    size_t change_count; /* the most sessions for the least first */
    struct why_blocker blockers[WHY_BLOCKERS_MAX];
    size_t blocker_count; /* by `only`, then `candidates` */
    struct free_offer offers[WHY_OFFERS_MAX];
    size_t offer_count; /* WHY_ROOM_LEFT, no series */
};

struct why_options {
    int32_t from_day; /* earlier days are past; DATE_MIN: all count */
    uint32_t looks;   /* places asked of the rule book; a larger domain is sampled evenly */
    struct weights weights;
    bool is_full;      /* the caller knows that no place is left: none is sought */
    bool fixed_window; /* a longer window is not suggested */
};
enum {
    WHY_LOOKS_QUICK = 400,  /* while a person waits for a page */
    WHY_LOOKS_FULL = 200000 /* a command */
};

/* ERR_INPUT: no such request. */
enum error_code why_request(const struct book *book, uint32_t request, const struct why_options *options,
                            struct why_request *ret_why, struct error *err);
/* The same for a wish that nobody has entered: a row of the caller's own, no series; ret_why->request is
 * NONE, and why_request_text is not for it. ERR_INPUT. */
enum error_code why_wish(const struct book *book, const struct request *wish,
                         const struct why_options *options, struct why_request *ret_why, struct error *err);
void why_request_text(const struct timetable *timetable, const struct why_request *why, bool chinese,
                      struct text *out);
/* Is the change one to an instructor's qualification, leave, hours or caps? */
bool why_change_is_personal(const struct why_change *change);
/* "若示例甲周二上午有空，可排 3 场，例如 …" The example names who would lead to those who may know. */
void why_change_text(const struct timetable *timetable, const struct why_change *change,
                     enum audience audience, bool chinese, struct text *out);

#endif
