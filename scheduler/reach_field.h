/* scheduler/reach_field: what is taught, who travels where, and the walk over the places of a target in their
 * order. For scheduler/reach*.c only. One thread a field. */
#ifndef LITANG_SCHEDULER_REACH_FIELD_H
#define LITANG_SCHEDULER_REACH_FIELD_H

#include "scheduler/free_mask.h"
#include "scheduler/free_price.h"
#include "scheduler/reach.h"

/* A course of the menu, or an open request. */
struct reach_lesson {
    uint32_t course, request; /* request NONE: the menu */
    uint32_t shape;           /* of field.shapes */
    uint32_t next;            /* the next request of the same hall, or of an area; NONE */
    int32_t heads;
    int32_t left;           /* sessions that may still be held for it; INT32_MAX: the menu */
    uint32_t used;          /* drafts of the course: the less, the sooner it is taken */
    uint64_t *days;         /* owned; bits: window and season */
    uint64_t *easy_days;    /* inside its memory: no holiday, no unwelcome weekday */
    uint64_t welcome;       /* starts in the preferred parts of day */
    struct pricing pricing; /* day, part and spacing */
};

/* Days that cost nothing to lessons that want the same of them. */
struct reach_calendar {
    bool holidays_wanted;
    uint8_t weekdays;
    uint64_t *days; /* owned */
};

/* Length and margins: courses of one shape share their masks. */
struct reach_shape {
    int32_t minutes, setup_min, clear_min;
};

/* Where a session could go into an instructor's day that has some: between two stops, home being one, too. */
struct reach_gap {
    uint32_t before, after;      /* columns of field_roads */
    int32_t direct_min;          /* from one to the other */
    int32_t day;                 /* of the query */
    int32_t from_min, until_min; /* starts in [from, until), minutes of the day */
};

struct reach_person {
    struct reach_gap *gaps; /* owned; by time */
    size_t gap_count, gap_capacity;
    uint64_t *busy_days; /* inside field.bits */
    uint64_t
        *full_days;    /* inside it, too: a cap is used up, as the rule book said; until the person changes */
    uint32_t *lessons; /* inside field.taught: of the menu, ascending */
    uint32_t lesson_count;
    uint64_t *hours; /* inside field.hours: [shape][7] */
    uint8_t *hours_known;
};

/* Something that stays forbidden on days from … to of the query, as the rule book said; of one walk. */
struct reach_strike {
    uint32_t walk;
    int32_t from, to; /* [from, to) */
};

/* A room's starts on a day, of one walk. */
struct reach_open {
    uint32_t walk;
    uint64_t open, soft;
};

/* A person's starts on the day in hand. */
struct reach_starts {
    uint32_t spot;
    uint64_t mask;
};

/* An open request that a hall of the site may serve. */
struct reach_wish {
    uint32_t lesson, hall; /* of the site */
};

struct reach_field {
    const struct reach_query *query; /* borrowed */
    struct book *book;               /* borrowed */
    const struct timetable *timetable;
    int32_t day_count;
    size_t day_words;
    struct reach_shape *shapes; /* owned */
    size_t shape_count, shape_capacity;
    struct reach_calendar *calendars; /* owned */
    size_t calendar_count, calendar_capacity;
    bool *wanted_halls;           /* owned; [hall] of some target */
    struct reach_lesson *lessons; /* owned; the menu first */
    size_t lesson_count, lesson_capacity, menu_count;
    uint32_t *hall_requests;     /* owned; [hall] first lesson of a request, NONE */
    uint32_t area_requests;      /* first lesson of a request for an area */
    struct reach_person *people; /* owned; [instructor] */
    uint32_t *taught;            /* owned */
    uint64_t *bits, *hours;      /* owned */
    uint8_t *hours_known;        /* owned */
    uint64_t **hall_hours; /* owned, each owned; [hall]: [shape][7], then a word a shape: known weekdays */
    int32_t **roads;       /* owned, rows owned; [hall]: minutes to each hall, then to each home */
    int32_t *road_spare;   /* owned; the row of a city too large to keep them */

    /* of one walk */
    uint32_t walk;
    struct reach_open *opens; /* owned; [room of the walk][shape][day] */
    size_t open_capacity;
    struct reach_strike *room_strikes; /* owned; [room of the walk][lesson] */
    size_t room_strike_capacity;
    struct reach_strike *hall_strikes; /* owned; [hall of the walk][lesson] */
    size_t hall_strike_capacity;
    struct reach_entry *heap; /* owned */
    size_t heap_count, heap_capacity;
    struct reach_combo *combos; /* owned */
    size_t combo_capacity;
    struct reach_wish *wishes; /* owned; open requests for the site */
    size_t wish_count, wish_capacity;
    struct reach_starts *starts; /* owned; [shape] the person's, of one day */
    uint32_t spot;
    uint64_t steps; /* of all walks: days of people looked at, placements asked about */
};

/* A target as the walk sees it. */
struct reach_site {
    const uint32_t *halls; /* borrowed */
    size_t hall_count;
};

enum reach_step {
    WALK_ON,
    WALK_NEXT_DAY, /* no more of this person and day */
    WALK_STOP
};
struct reach_found {
    struct reach_place place;
    uint32_t lesson;
};
typedef enum reach_step reach_visit(void *context, const struct reach_found *found);

struct reach_walk {
    struct reach_site site;
    uint32_t person;                  /* this one only, or NONE */
    int32_t day;                      /* with a person: this day of the query only */
    bool menu_too;                    /* false: open requests only */
    const struct reach_place *better; /* only what stands before this one, but for ties; or NULL */
    reach_visit *visit;
    void *context;
};

/* `book` may hold drafts (session_id 0) besides the published sessions. ERR_MEMORY. Close in any case. */
enum error_code field_open(struct reach_field *field, struct book *book, const struct reach_query *query,
                           struct error *err);
void field_close(struct reach_field *field);
/* The book changed for a person. ERR_MEMORY. */
enum error_code field_refresh(struct reach_field *field, uint32_t instructor);
/* Minutes from a hall to every hall, then to every home. NULL: no memory. Valid until the next call. */
const int32_t *field_roads(struct reach_field *field, uint32_t hall);
/* The least minutes that the hall adds to the person's day; INT32_MAX when the day has no session. */
int32_t field_detour_min(struct reach_field *field, uint32_t hall, uint32_t instructor, int32_t day);

/* All places of the site that the rule book allows, in the order of reach_alternatives (not thinned). */
enum error_code field_walk(struct reach_field *field, const struct reach_walk *walk, struct error *err);
/* Does a stand before b in that order? Ties by day and start. */
bool place_before(const struct reach_place *a, const struct reach_place *b);

#endif
