/* scheduler/timetable_private: what the timetable_*.c files share while a snapshot is built; nobody
 * else includes it. One thread: a snapshot under construction belongs to its builder. */
#ifndef LITANG_SCHEDULER_TIMETABLE_PRIVATE_H
#define LITANG_SCHEDULER_TIMETABLE_PRIVATE_H

#include "base/vec.h"
#include "scheduler/timetable.h"

#include <stdatomic.h>

struct timetable_private {
    atomic_uint references;
    bool is_sealed;
    struct {
        size_t travel_classes, areas, travel_overrides, providers, categories, courses, halls, rooms,
            instructors, holidays, closures, absences, requests, series, sessions, facilities, audiences;
    } capacity;
};

/* Ids and names that a snapshot cannot do without are refused when they are empty. */
enum text_need {
    TEXT_OPTIONAL,
    TEXT_REQUIRED
};

/* The checks of one row. The first failure sticks with its sentence, later checks do nothing, so
 * that a row's checks read as a list. */
struct row_check {
    const char *zh, *en; /* the kind of the row */
    const char *id;      /* NULL: named by `number` */
    int64_t number;
    struct error *err; /* may be NULL */
    enum error_code code;
};

void row_check_fail(struct row_check *check, enum error_code code, const char *field, const char *zh,
                    const char *en);
void row_check_id(struct row_check *check, const struct map *ids);
/* At most `max` bytes of UTF-8 without control characters; notes may hold TAB and newline. */
void row_check_text(struct row_check *check, const char *field, const char *text, size_t max,
                    enum text_need need);
void row_check_note(struct row_check *check, const char *field, const char *text);
void row_check_range(struct row_check *check, const char *field, int64_t value, int64_t min, int64_t max);
/* A reference to one of `count` rows; `optional` allows NONE. */
void row_check_index(struct row_check *check, const char *field, uint32_t index, size_t count, bool optional);
void row_check_days(struct row_check *check, int32_t from_day, int32_t to_day);
/* A part of a day: 0 <= from < to <= 1440. */
void row_check_minutes(struct row_check *check, int32_t from_min, int32_t to_min);
void row_check_place(struct row_check *check, struct place place);
void row_check_hours(struct row_check *check, const struct hours *hours);

/* ERR_USAGE once sealed; a full table and no memory get their sentence here too. */
enum error_code timetable_open(const struct timetable *timetable, struct error *err);
enum error_code timetable_full(size_t count, struct error *err);
enum error_code timetable_memory(struct error *err);

/* Makes `signatures` and `newest_change_at` of a snapshot that is sealed but for them. ERR_MEMORY. */
enum error_code timetable_sign(struct timetable *timetable);
/* Replaces *text by a copy in the arena; NULL stays NULL. False: out of memory. */
bool timetable_keep(struct timetable *timetable, const char **text);

/* ROWS_RESERVE(code, timetable, halls, hall_count, err): room for one more row, or the failure. */
#define ROWS_RESERVE(ret_code, timetable, rows, row_count, err)                                              \
    do {                                                                                                     \
        void *grown_ = vec_reserve((timetable)->rows, &(timetable)->priv->capacity.rows,                     \
                                   (timetable)->row_count + 1, sizeof *(timetable)->rows, LIMIT_ROWS);       \
        if (grown_ == NULL) {                                                                                \
            (ret_code) = timetable_full((timetable)->row_count, (err));                                      \
        } else {                                                                                             \
            (timetable)->rows = grown_;                                                                      \
            (ret_code) = ERR_NONE;                                                                           \
        }                                                                                                    \
    } while (0)

#endif
