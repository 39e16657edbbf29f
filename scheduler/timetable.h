/* scheduler/timetable: the immutable snapshot of one revision: everything the rules, the planner,
 * the feeds and the reports read. Words as in DESIGN §2.
 *
 * Life: timetable_create → timetable_add_* in the order of this file (a reference is an index into
 * what was added before) → timetable_seal → read from any number of threads → timetable_unref.
 * Every string is copied into the snapshot's arena. Times: `day` counts from 1970-01-01 local,
 * `*_min` are minutes from local midnight. Coordinates are WGS-84 in millionths of a degree. */
#ifndef LITANG_SCHEDULER_TIMETABLE_H
#define LITANG_SCHEDULER_TIMETABLE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/map.h"
#include "scheduler/calendar.h"
#include "scheduler/day_rule.h"
#include "scheduler/hours.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NONE = UINT32_MAX
}; /* "no such index", for every reference below */

/* Steps from an area up to its root: four levels and some to spare. Seal refuses a longer way. */
enum {
    AREA_ANCESTORS_MAX = 8
};

enum area_level {
    AREA_CITY,
    AREA_COUNTY,
    AREA_TOWNSHIP,
    AREA_VILLAGE
};
enum closure_strength {
    CLOSURE_NOTE,
    CLOSURE_SOFT,
    CLOSURE_HARD
};
enum closure_scope {
    CLOSURE_ROOM,
    CLOSURE_HALL,
    CLOSURE_AREA
};
enum session_status {
    SESSION_TENTATIVE,
    SESSION_CONFIRMED,
    SESSION_CANCELLED
};
enum held_state {
    HELD_UNKNOWN,
    HELD_YES,
    HELD_NO,
    HELD_OUTSIDE /* it took place, but outside the hall that it was planned in */
};
/* What a series does with a meeting that falls on a holiday or a hard closure: the whole series
 * may not be placed so; the meeting is left out; the meeting and all after it slide by a week. */
enum holiday_rule {
    HOLIDAY_FORBID,
    HOLIDAY_SKIP,
    HOLIDAY_SHIFT
};
enum {
    PART_MORNING = 1,
    PART_AFTERNOON = 2,
    PART_EVENING = 4
}; /* start < 12:00, < 17:30, later */

struct place {
    int32_t lat_e6;
    int32_t lon_e6;
    bool known;
};

/* Speed and detour of a region's roads; data, not code. Index 0 is the default class. */
struct travel_class {
    const char *id; /* "road", "hill", "ferry" … */
    const char *name;
    int32_t detour_pct; /* 135: the road is 1.35 × the great circle */
    int32_t speed_kmh;
    int32_t fixed_min;
};

/* Where a journey starts or ends, ready for scheduler/travel; derived by seal. */
struct travel_end {
    double x, y, z; /* on the unit sphere; nothing meaningful when !known */
    bool known;
    uint32_t travel_class; /* NONE: the deployment has no classes, built-in figures count */
    uint32_t area;         /* may be NONE */
};

struct area {
    const char *id;          /* code in its own code system */
    const char *code_system; /* "NBS" … */
    const char *name;
    const char *parent_id; /* as given; NULL for a root */
    enum area_level level;
    struct place place;
    uint32_t travel_class; /* NONE: as its parent */
    int32_t population;    /* 0 unknown */
    /* derived by seal. A parent that does not exist is replaced by the nearest area whose id is a
     * prefix of parent_id (registers of different years disagree), else NONE. */
    uint32_t parent, county, township; /* the area itself counts; NONE when it has none */
    struct place known_place;          /* its own or the nearest ancestor's that is known */
    bool has_override;                 /* a travel override names it */
};

struct travel_override {
    uint32_t from_area, to_area;
    int32_t minutes;
}; /* both directions */

struct provider {
    const char *id, *name;
    uint32_t area;
};

struct category {
    const char *id, *name;
};

struct season {
    int16_t from_md, to_md;
}; /* month*100+day, inclusive, may wrap over New Year */

struct course {
    const char *id, *name;
    uint32_t category;
    uint32_t provider; /* may be NONE */
    int32_t minutes;   /* > 0 */
    int32_t setup_min, clear_min;
    uint64_t facilities;  /* all needed */
    uint32_t audience;    /* index into audiences, NONE: no particular one */
    int32_t heads;        /* expected when the request does not say; 0 unknown */
    int32_t supply_limit; /* sessions a calendar year, city-wide; 0 no limit */
    int32_t hall_quota;   /* sessions a calendar year in one hall; 0 no limit */
    const struct season *seasons;
    size_t season_count;  /* 0: all year */
    uint8_t parts;        /* preferred parts of day, PART_*; 0 any */
    const char *tags;     /* "能者为师;…" or NULL */
    bool holidays_wanted; /* soft: holidays are good days for it */
    bool active;
};

struct hall {
    const char *id, *name;
    uint32_t area;       /* the village (or township) it stands in */
    const char *address; /* may be NULL */
    struct place place;
    struct hours hours;
    int32_t valid_from, valid_to; /* days, inclusive; DATE_MIN/DATE_MAX when open */
    bool exempt;                  /* not in the coverage denominator, listed as such */
    const char *exempt_reason;
    uint32_t school; /* the provider it is paired with, coverage (b); NONE */
    uint8_t stars;
    uint32_t first_room, room_count; /* derived: rooms of a hall are contiguous after seal */
    struct place known_place;        /* derived: its own, else its area's known_place */
    struct travel_end travel;        /* derived */
};

struct room {
    const char *id, *name;
    uint32_t hall;
    int32_t capacity; /* 0 unknown: not checked */
    uint64_t facilities;
    bool whole_hall; /* booking it takes every room of the hall */
};

struct instructor {
    const char *id, *name;
    uint32_t provider;                              /* may be NONE */
    uint32_t home_area;                             /* may be NONE */
    struct place home;                              /* unknown: home_area's place */
    struct hours hours;                             /* availability */
    int32_t max_day, max_week, max_month, max_year; /* sessions; 0 no cap */
    int32_t valid_from, valid_to;
    const uint32_t *courses;
    size_t course_count;      /* qualified for; ascending after seal */
    struct place known_home;  /* derived: home, else home_area's known_place */
    struct travel_end travel; /* derived */
};

struct holiday {
    int32_t day;
    const char *name;
    bool is_off;
}; /* is_off false: make-up working day */

struct closure {
    const char *id;
    enum closure_scope scope;
    uint32_t target; /* index of room, hall or area */
    enum closure_strength strength;
    int32_t from_day, to_day; /* inclusive */
    int32_t from_min, to_min; /* each day, 0 … 1440 */
    bool has_rule;
    struct day_rule rule; /* which days within from … to */
    const char *reason, *source;
};

struct absence {
    const char *id;
    uint32_t instructor;
    int32_t from_day, to_day, from_min, to_min;
    const char *reason;
};

struct request {
    const char *id;
    uint32_t hall; /* NONE: any hall of `area` */
    uint32_t area; /* township or village; NONE when hall is given */
    uint32_t course;
    int32_t sessions; /* how many are wanted, >= 1 */
    bool is_series;   /* all of them weekly, one block */
    enum holiday_rule holiday_rule;
    int32_t from_day, to_day; /* window, inclusive */
    uint8_t weekdays;         /* preferred, bit 0 Monday … bit 6 Sunday; 0 any */
    uint8_t parts;            /* preferred PART_*; 0: as the course says */
    int32_t priority;         /* 1 … 9, 9 first */
    int32_t heads;            /* 0: as the course says */
    bool withdrawn;
};

struct series {
    int64_t id;
    uint32_t request;
    enum holiday_rule holiday_rule;
};

/* Where and when a session is, or would be: what the rules judge. */
struct placement {
    int64_t session_id; /* 0: not yet a session */
    uint32_t course, room;
    uint32_t instructors[LIMIT_SESSION_INSTRUCTORS]; /* the first one leads */
    uint8_t instructor_count;
    int32_t day, start_min, minutes; /* start 0 … 1439; the end may pass midnight */
    int32_t setup_min, clear_min;
    uint32_t request;      /* NONE: nobody asked */
    int64_t series_id;     /* 0: none. A plan's new series have ids < 0 until published */
    bool series_exception; /* this meeting was moved alone on purpose; the series rule skips it */
    bool pinned;
    enum held_state held;
    int32_t heads;      /* expected; 0 unknown */
    uint64_t overrides; /* RULE_BIT()s that an authorised person set aside, with a reason */
};

/* What was counted at a session; -1: not entered. */
struct turnout {
    int32_t heads, heads_60; /* attendances, of them people of 60 and more */
    int32_t satisfaction;    /* percent */
    int64_t recorded_at;     /* UTC seconds of the last entry */
    const char *reason;      /* why it was not held, or where instead; may be NULL */
    const char *note;        /* may be NULL */
};

struct session {
    struct placement at;
    enum session_status status;
    int32_t sequence;                       /* RFC 5545 §3.8.7.4 */
    int64_t created_at, changed_at;         /* UTC seconds; changed_at is the last visible change */
    int64_t cancelled_at;                   /* 0 unless cancelled */
    int64_t moved_at;                       /* 0: never moved after publishing */
    int32_t moved_from_day, moved_from_min; /* what feeds said before the last move */
    int32_t counts_as;                      /* meetings it counts as in reports, >= 1 */
    const char *note;                       /* public remark or NULL */
    const char *cancel_reason;
    struct turnout turnout; /* means something once at.held is known */
};

struct name_list {
    const char **items;
    size_t count;
};

struct timetable {
    struct arena arena;
    int64_t revision;
    const char *tzid, *uid_domain, *city_name, *organizer; /* organizer: the CN of ORGANIZER */
    const char *public_url;                                /* "https://host" without a final slash, or "" */
    int32_t coverage_target;                               /* hundredths of a percent: 9800 is 98 % */

    struct travel_class *travel_classes;
    size_t travel_class_count;
    struct area *areas;
    size_t area_count;
    struct travel_override *travel_overrides;
    size_t travel_override_count; /* sorted by seal */
    struct provider *providers;
    size_t provider_count;
    struct category *categories;
    size_t category_count;
    struct course *courses;
    size_t course_count;
    struct hall *halls;
    size_t hall_count;
    struct room *rooms;
    size_t room_count; /* by hall after seal: room indices change in seal */
    struct instructor *instructors;
    size_t instructor_count;
    struct holiday *holidays;
    size_t holiday_count; /* by day after seal */
    struct closure *closures;
    size_t closure_count;
    struct absence *absences;
    size_t absence_count;
    struct request *requests;
    size_t request_count;
    struct series *series;
    size_t series_count; /* by id after seal */
    struct session *sessions;
    size_t session_count;        /* by id after seal */
    struct name_list facilities; /* bit i of a mask is items[i] */
    struct name_list audiences;

    struct map area_ids, provider_ids, category_ids, course_ids, hall_ids, room_ids, instructor_ids,
        request_ids, travel_class_ids;

    /* derived by seal: closures by what they hang on, absences by instructor. For i:
     * list[start[i]] … list[start[i+1]-1] are indices into closures/absences. */
    uint32_t *room_closures_start, *room_closures;
    uint32_t *hall_closures_start, *hall_closures;
    uint32_t *area_closures_start, *area_closures;
    uint32_t *absences_start, *absences_list;
    /* by session: 64 bits of all that it shows, with the names, places and indices of what it points at.
     * Comparable within one process only. */
    uint64_t *signatures;
    int64_t newest_change_at; /* UTC seconds; INT64_MIN without sessions */

    struct timetable_private *priv; /* capacities and the reference count */
};

/* An empty snapshot holding one reference, or NULL. */
struct timetable *timetable_create(void);
struct timetable *timetable_ref(struct timetable *timetable); /* any thread */
void timetable_unref(struct timetable *timetable);            /* any thread; NULL is allowed */

/* Deployment texts; NULL arguments take the defaults (Asia/Shanghai, litang.example, …). */
enum error_code timetable_set_city(struct timetable *timetable, const char *city_name, const char *tzid,
                                   const char *uid_domain, const char *organizer, const char *public_url);
/* "98", "98.5" or "98.00" percent, 0 to 100; ERR_INPUT otherwise. */
enum error_code timetable_set_coverage_target(struct timetable *timetable, const char *percent,
                                              struct error *err);

/* Each appends a copy, checks bounds and references, and answers the index. ERR_EXISTS names a
 * double id, ERR_INPUT a value out of its bounds. Derived fields of the argument are ignored. */
enum error_code timetable_add_travel_class(struct timetable *, const struct travel_class *,
                                           uint32_t *ret_index, struct error *);
enum error_code timetable_add_area(struct timetable *, const struct area *, uint32_t *ret_index,
                                   struct error *);
enum error_code timetable_add_travel_override(struct timetable *, const struct travel_override *,
                                              struct error *);
enum error_code timetable_add_provider(struct timetable *, const struct provider *, uint32_t *ret_index,
                                       struct error *);
enum error_code timetable_add_category(struct timetable *, const struct category *, uint32_t *ret_index,
                                       struct error *);
enum error_code timetable_add_course(struct timetable *, const struct course *, uint32_t *ret_index,
                                     struct error *);
enum error_code timetable_add_hall(struct timetable *, const struct hall *, uint32_t *ret_index,
                                   struct error *);
enum error_code timetable_add_room(struct timetable *, const struct room *, uint32_t *ret_index,
                                   struct error *);
enum error_code timetable_add_instructor(struct timetable *, const struct instructor *, uint32_t *ret_index,
                                         struct error *);
enum error_code timetable_add_holiday(struct timetable *, const struct holiday *, struct error *);
enum error_code timetable_add_closure(struct timetable *, const struct closure *, struct error *);
enum error_code timetable_add_absence(struct timetable *, const struct absence *, struct error *);
enum error_code timetable_add_request(struct timetable *, const struct request *, uint32_t *ret_index,
                                      struct error *);
enum error_code timetable_add_series(struct timetable *, const struct series *, struct error *);
enum error_code timetable_add_session(struct timetable *, const struct session *, struct error *);

/* Words of facilities "投影;音响" (also 、，, and spaces) to a mask, adding unknown words while building;
 * ERR_LIMIT past 64 words. An audience word to its index; NULL or "" gives NONE. */
enum error_code timetable_facility_mask(struct timetable *, const char *words, uint64_t *ret_mask,
                                        struct error *);
enum error_code timetable_audience(struct timetable *, const char *word, uint32_t *ret_audience,
                                   struct error *);

/* Sorts, derives and freezes. After it only reads are allowed. Room indices in sessions and room
 * closures are renumbered with the rooms. */
enum error_code timetable_seal(struct timetable *timetable, struct error *err);

/* Reads; NONE or NULL when absent. */
uint32_t timetable_find_area(const struct timetable *, const char *id);
uint32_t timetable_find_hall(const struct timetable *, const char *id);
uint32_t timetable_find_room(const struct timetable *, const char *id);
uint32_t timetable_find_instructor(const struct timetable *, const char *id);
uint32_t timetable_find_course(const struct timetable *, const char *id);
uint32_t timetable_find_category(const struct timetable *, const char *id);
uint32_t timetable_find_provider(const struct timetable *, const char *id);
uint32_t timetable_find_request(const struct timetable *, const char *id);
const struct session *timetable_find_session(const struct timetable *, int64_t id); /* binary search */
const struct series *timetable_find_series(const struct timetable *, int64_t id);
/* The day with its holiday, if any. Any day in DATE_MIN … DATE_MAX. */
struct day_info timetable_day(const struct timetable *, int32_t day);
/* The hall's place, or its area's, or the nearest ancestor's that is known. */
struct place timetable_hall_place(const struct timetable *, uint32_t hall);
struct place timetable_home_place(const struct timetable *, uint32_t instructor);
bool timetable_qualified(const struct timetable *, uint32_t instructor, uint32_t course);
/* The village, township or county of a hall, NONE when it has none. */
uint32_t timetable_hall_township(const struct timetable *, uint32_t hall);
uint32_t timetable_hall_county(const struct timetable *, uint32_t hall);
/* Is `area` equal to or below `ancestor`? Bounded by the four levels. */
bool timetable_area_within(const struct timetable *, uint32_t area, uint32_t ancestor);
/* UID of a session for ever: "s-<id>@<uid_domain>", RFC 5545 §3.8.4.7; equal in every feed. */
enum {
    UID_TEXT_SIZE = 96
};
void timetable_uid(const struct timetable *, int64_t session_id, char ret_text[UID_TEXT_SIZE]);
/* "TENTATIVE" … and back; "hard" …; "forbid" … (false: unknown word). */
/* Did it take place, wherever? */
bool held_took_place(enum held_state held);
const char *session_status_name(enum session_status status);
bool session_status_from_name(const char *name, enum session_status *ret_status);
const char *closure_strength_name(enum closure_strength strength);
bool closure_strength_from_name(const char *name, enum closure_strength *ret_strength);
const char *holiday_rule_name(enum holiday_rule rule);
bool holiday_rule_from_name(const char *name, enum holiday_rule *ret_rule);
/* Seasons "03-01/06-30;09-01/12-31": parsed into `ret` (at most 8), and is a day inside (none: always)? */
enum {
    SEASONS_MAX = 8
};
enum error_code seasons_parse(const char *text, struct season ret[SEASONS_MAX], size_t *ret_count,
                              struct error *err);
bool seasons_allow(const struct season *seasons, size_t count, int32_t day);

#endif
