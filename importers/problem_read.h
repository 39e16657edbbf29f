/* importers/problem_read: one reader per list of a problem; each turns a row into a timetable_add_* call.
 * Only the problem_*.c files include it. */
#ifndef LITANG_IMPORTERS_PROBLEM_READ_H
#define LITANG_IMPORTERS_PROBLEM_READ_H

#include "importers/problem_json.h"

/* The words of the forms, in the order of their enums and bits. */
#define LEVEL_WORDS                                                                                          \
    {                                                                                                        \
        "city", "county", "township", "village"                                                              \
    }
#define SCOPE_WORDS                                                                                          \
    {                                                                                                        \
        "room", "hall", "area"                                                                               \
    }
#define STRENGTH_WORDS                                                                                       \
    {                                                                                                        \
        "note", "soft", "hard"                                                                               \
    }
#define HOLIDAY_WORDS                                                                                        \
    {                                                                                                        \
        "forbid", "skip", "shift"                                                                            \
    }
#define PART_WORDS                                                                                           \
    {                                                                                                        \
        "morning", "afternoon", "evening"                                                                    \
    }

typedef void problem_row_reader(struct json_row *row);
typedef void problem_list_check(struct json_reader *reader, const json_t *list);
/* Parents are in the list, in whatever order, and form no circle. */
problem_list_check problem_check_areas;
problem_row_reader problem_read_travel_class, problem_read_area, problem_read_travel_override,
    problem_read_category, problem_read_course, problem_read_hall, problem_read_room, problem_read_instructor,
    problem_read_holiday, problem_read_closure, problem_read_absence, problem_read_request,
    problem_read_series, problem_read_session;

#endif
