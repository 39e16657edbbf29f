/* store/snapshot_private: what the snapshot_*.c files share: one reader per table turns a row into a
 * timetable_add_* call. */
#ifndef LITANG_STORE_SNAPSHOT_PRIVATE_H
#define LITANG_STORE_SNAPSHOT_PRIVATE_H

#include "store/sql.h"

#include "scheduler/timetable.h"

struct loader {
    sqlite3 *db;
    struct timetable *timetable;
    struct error *err;
    struct statement rows;
    /* Side tables in the order of their sessions (or instructors), read along with the main rows. */
    struct statement sides[3];
    bool side_row[3];
};

typedef enum error_code row_reader(struct loader *loader);

/* Readers of the row that loader->rows stands on. */
row_reader travel_class_read, area_read, travel_override_read, provider_read, category_read, course_read,
    hall_read, room_read, instructor_read, holiday_read, closure_read, absence_read, request_read,
    series_read, session_read;

/* The text of a column, "" for NULL; and NULL for NULL or "". */
const char *row_text(const struct loader *loader, int column);
const char *row_optional(const struct loader *loader, int column);
/* A reference by id through one of timetable_find_*; NULL gives NONE. ERR_INPUT names column and id. */
typedef uint32_t finder(const struct timetable *timetable, const char *id);
enum error_code row_refer(const struct loader *loader, int column, finder *find, uint32_t *ret_index);
enum error_code row_day(const struct loader *loader, int column, int32_t otherwise, int32_t *ret_day);
enum error_code row_hours(const struct loader *loader, int column, struct hours *ret_hours);
struct place row_place(const struct loader *loader, int lat_column, int lon_column);
/* "morning;evening" to PART_* bits. */
enum error_code row_parts(const struct loader *loader, int column, uint8_t *ret_parts);
enum error_code row_fault(const struct loader *loader, int column, const char *text);

/* Advances a side table. */
enum error_code side_step(struct loader *loader, int side);

#endif
