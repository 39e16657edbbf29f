/* scheduler/book_lines: the inside of a book that the rules read: its timelines. For scheduler/rules*.c
 * and book.c, and for free and why, which read many days at once; everybody else uses book.h. */
#ifndef LITANG_SCHEDULER_BOOK_LINES_H
#define LITANG_SCHEDULER_BOOK_LINES_H

#include "scheduler/book.h"
#include "scheduler/timeline.h"

const struct timeline *book_hall_line(const struct book *book, uint32_t hall);
const struct timeline *book_instructor_line(const struct book *book, uint32_t instructor);
const struct timeline *book_course_line(const struct book *book, uint32_t course);
/* NULL for a series without meetings. */
const struct timeline *book_series_line(const struct book *book, int64_t series_id);

/* The entries of a line that may touch [from, to) absolute minutes, with set-up and clear-up; the caller
 * compares each one exactly. */
struct timeline_window book_touching(const struct book *book, const struct timeline *line,
                                     int64_t from_abs_min, int64_t to_abs_min);

/* The halls of one area: hall indices, ascending. */
const uint32_t *book_area_halls(const struct book *book, uint32_t area, size_t *ret_count);

#endif
