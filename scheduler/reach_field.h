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
    uint64_t welcome;       /* starts in the preferred parts of day */
    struct pricing pricing; /* day, part and spacing */
};

/* Length and margins: courses of one shape share their masks. */
struct reach_shape {
    int32_t minutes, setup_min, clear_min;
};

/* A session on an instructor's day, as the road is counted. */
struct reach_stop {
    int32_t day; /* of the query */
    int32_t start_abs_min;
    uint32_t hall;
    int32_t home_min, leg_min; /* from there home; from the stop before it, 0 for the first of a day */
};

struct reach_person {
    struct reach_stop *stops; /* owned; by time */
    size_t stop_count, stop_capacity;
    uint64_t *busy_days; /* inside field.bits */
    uint32_t *lessons;   /* inside field.taught: of the menu, ascending */
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

struct reach_field {
    const struct reach_query *query; /* borrowed */
    struct book *book;               /* borrowed */
    const struct timetable *timetable;
    int32_t day_count;
    size_t day_words;
    struct reach_shape *shapes; /* owned */
    size_t shape_count, shape_capacity;
    struct reach_lesson *lessons; /* owned; the menu first */
    size_t lesson_count, lesson_capacity, menu_count;
    uint32_t *hall_requests;     /* owned; [hall] first lesson of a request, NONE */
    uint32_t area_requests;      /* first lesson of a request for an area */
    struct reach_person *people; /* owned; [instructor] */
    uint32_t *taught;            /* owned */
    uint64_t *bits, *hours;      /* owned */
    uint8_t *hours_known;        /* owned */
    int32_t **roads;             /* owned, rows owned; [hall]: minutes to each hall, then to each home */
    int32_t *road_spare;         /* owned; the row of a city too large to keep them */

    /* of one walk */
    uint32_t walk;
    struct reach_open *opens; /* owned; [room of the walk][shape][day] */
    size_t open_capacity;
    struct reach_strike *room_strikes; /* owned; [room of the walk][lesson] */
    size_t room_strike_capacity;
    struct reach_strike *hall_strikes; /* owned; [hall of the walk][lesson] */
    size_t hall_strike_capacity;
    struct reach_strike *person_strikes; /* owned; [instructor] */
    struct reach_entry *heap;            /* owned */
    size_t heap_count, heap_capacity;
    struct reach_combo *combos; /* owned */
    size_t combo_capacity;
    uint64_t asked; /* placements that the rule book was asked about, all walks */
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
    uint32_t person; /* this one only, or NONE */
    int32_t day;     /* with a person: this day of the query only */
    bool menu_too;   /* false: open requests only */
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
