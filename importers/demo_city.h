/* importers/demo_city: one sample city while it is generated. Large demands lay further cities beside the
 * first, each generated, written and forgotten in turn. For importers/demo*.c only.
 *
 * Order: demo_places_build → demo_closures_build → demo_people_build → demo_requests_build →
 * demo_unmet_build. */
#ifndef LITANG_IMPORTERS_DEMO_CITY_H
#define LITANG_IMPORTERS_DEMO_CITY_H

#include "base/date.h"
#include "base/rng.h"
#include "importers/demo.h"
#include "importers/demo_base.h"
#include "scheduler/hours.h"
#include "store/change.h"

enum {
    DEMO_HALLS_PER_CITY = 3100, /* one hall a village is the top for Taizhou */
    DEMO_ROOMS_MAX = 4,
    DEMO_SPANS_MAX = 10,  /* hard closures of one hall that the generator remembers */
    DEMO_LEAVES_MAX = 3,  /* absences of one instructor */
    DEMO_HALL_HOURS = 6,  /* weekly patterns of halls */
    DEMO_WORK_HOURS = 15, /* weekly patterns of instructors */
    DEMO_CODE_SIZE = 40,
    DEMO_NAME_SIZE = 160,
    DEMO_LOOKED_AT = 16 /* instructors tried for one request: enough, and quick */
};

struct demo_span {
    int32_t from_day, to_day; /* inclusive */
};

struct demo_room {
    uint32_t facilities;
    int32_t capacity;
    bool under_repair; /* a closure of its own: the generator does not count on it */
};

enum demo_hall_state {
    HALL_ASKS,   /* wants sessions */
    HALL_WAITS,  /* asks for nothing itself; its township's requests may come */
    HALL_SILENT, /* asks for nothing, in a township that asks for nothing as a whole */
    HALL_SHUT,   /* closed for the whole year, still in use on paper */
    HALL_EXEMPT
};

struct demo_hall {
    uint32_t township;
    char code[24]; /* the hall's id */
    enum demo_hall_state state;
    uint8_t hours;
    uint8_t room_count;
    struct demo_room rooms[DEMO_ROOMS_MAX];
    uint8_t span_count;
    struct demo_span spans[DEMO_SPANS_MAX];
    int32_t open_from, open_to; /* days in use */
    uint32_t people;
    uint32_t demand; /* relative */
};

struct demo_instructor {
    uint8_t work_hours;
    uint8_t leave_count;
    struct demo_span leaves[DEMO_LEAVES_MAX];
    uint64_t courses; /* bits */
};

/* Everything that outlives one city. */
struct demo {
    struct demo_base base;
    struct demo_options options;
    struct change_set *set;
    struct demo_summary summary;
    enum error_code failed; /* sticky: rows after a failure are dropped */
    struct error *err;
    int32_t first_day, last_day; /* of the year */
    int32_t spring_day;          /* 正月初一 */
    struct demo_holiday off_days[DEMO_HOLIDAYS_MAX * 2];
    size_t off_day_count;
    struct hours hall_hours[DEMO_HALL_HOURS];
    struct hours work_hours[DEMO_WORK_HOURS];
    /* Weekdays (bit 0 Monday) on which a course fits a hall's and an instructor's hours. */
    uint8_t fits[DEMO_HALL_HOURS][DEMO_WORK_HOURS][DEMO_COURSES_MAX];
    bool has_evenings[DEMO_HALL_HOURS];
    uint32_t next_closure, next_absence, next_request, next_unmet, next_instructor;
};

struct demo_city {
    struct demo *demo;
    uint32_t number; /* 0: Taizhou itself */
    char code[8];
    char prefix[48]; /* "示例二市·" before names, "" for Taizhou */
    int32_t lat_shift_e6, lon_shift_e6;
    uint32_t hall_count, instructor_count, sessions_wanted;
    struct demo_hall *halls;                           /* owned; by township */
    struct demo_instructor *instructors;               /* owned */
    uint32_t town_first[DEMO_TOWNSHIPS_MAX + 1];       /* halls of township t: first[t] … first[t+1]-1 */
    bool town_quiet[DEMO_TOWNSHIPS_MAX];               /* asks for nothing as a whole */
    struct demo_span town_shelter[DEMO_TOWNSHIPS_MAX]; /* hard, from > to when there is none */
    uint32_t taught[DEMO_CATEGORIES_MAX]; /* sessions a month that its teachers may hold, roughly */
    uint32_t *teachers;                   /* owned; by course: who is qualified */
    uint32_t teacher_first[DEMO_COURSES_MAX + 1];
    uint8_t *quota_used;                                                    /* owned; hall × course */
    uint32_t supply_used[DEMO_COURSES_MAX], supply_limit[DEMO_COURSES_MAX]; /* of this city's share */
    struct rng rng;
};

/* How much each category is asked for, in the order of categories.csv. */
extern const uint8_t DEMO_CATEGORY_WEIGHTS[DEMO_CATEGORIES_MAX];

/* One request before it is written. */
struct demo_request {
    uint32_t course, hall, township;
    bool any_hall; /* of the township; `hall` is then only the proof that it can be met */
    bool series;
    int32_t sessions, heads; /* heads 0: as the course says */
    int32_t from_day, to_day;
    enum holiday_rule holiday_rule;
    uint8_t weekdays, parts;
    int32_t priority;
};

/* Writing: rows go to the change set and into the hash. A failure is kept in demo->failed. */
void demo_put(struct demo *demo, enum store_table table, const struct cell *cells, size_t count);
/* Every row of an example file; columns that are no column of the table are the caller's fault. */
void demo_put_table(struct demo *demo, enum store_table table, const struct demo_table *rows);
/* The menu; `provider_id` delivers it. */
void demo_put_courses(struct demo *demo, const char *provider_id);
void demo_fail(struct demo *demo, enum error_code code, const char *sentence);

/* Ids and names. */
void demo_town_code(const struct demo_city *city, uint32_t township, char ret_code[DEMO_CODE_SIZE]);
void demo_county_code(const struct demo_city *city, uint32_t county, char ret_code[DEMO_CODE_SIZE]);
void demo_numeral(uint32_t number, char *ret_text, size_t size); /* 1 … 999 in Chinese */

/* Chance: `percent` in a hundred; from … to, inclusive; an index by weights (sum > 0). */
bool demo_chance(struct rng *rng, uint32_t percent);
int32_t demo_between(struct rng *rng, int32_t from, int32_t to);
uint32_t demo_weighted(struct rng *rng, const uint8_t *weights, uint32_t count);

/* The stages. Failures are sticky in demo->failed. */
void demo_places_build(struct demo_city *city);
void demo_closures_build(struct demo_city *city);
void demo_people_build(struct demo_city *city);
void demo_requests_build(struct demo_city *city);
void demo_unmet_build(struct demo_city *city);
void demo_holidays_build(struct demo *demo);
void demo_request_put(struct demo_city *city, const struct demo_request *request, bool unmet);

/* demo_hours: the weekly patterns and what fits into them. */
enum error_code demo_hours_init(struct demo *demo, struct error *err);
const char *demo_hall_hours_text(uint8_t pattern);
const char *demo_work_hours_text(uint8_t pattern);

/* demo_fit: can this request be met with some slack, were it alone in the year? */
bool demo_fits(const struct demo_city *city, const struct demo_request *request, uint32_t salt);
bool demo_hall_open(const struct demo_city *city, const struct demo_hall *hall, int32_t day);
/* Does any room have the facilities and the size? */
bool demo_hall_suits(const struct demo_hall *hall, uint32_t facilities, int32_t heads);

#endif
