/* scheduler/book: who is where: a mutable index of placements by hall, instructor, series and course, on top
 * of an immutable timetable. The gate, the checks and the pages ask the rules over a book; a book
 * that nobody changes may be read from many threads. */
#ifndef LITANG_SCHEDULER_BOOK_H
#define LITANG_SCHEDULER_BOOK_H

#include "scheduler/timetable.h"

struct book;

/* A book of every session of the timetable that is not cancelled (or an empty one). Holds a
 * reference on the timetable. */
enum error_code book_create(struct timetable *timetable, bool empty, struct book **ret_book,
                            struct error *err);
void book_destroy(struct book *book);
const struct timetable *book_timetable(const struct book *book);

/* Slots stay valid until removed; NONE is never a slot. */
enum error_code book_add(struct book *book, const struct placement *placement, uint32_t *ret_slot,
                         struct error *err);
void book_remove(struct book *book, uint32_t slot);
const struct placement *book_at(const struct book *book, uint32_t slot);
uint32_t book_slot_of(const struct book *book, int64_t session_id); /* NONE when absent */
uint32_t book_slot_end(const struct book *book);                    /* slots are 0 … end-1 */
bool book_slot_used(const struct book *book, uint32_t slot);

/* Iteration: first/next slot of a hall, an instructor, a series or a course; NONE at the end. */
uint32_t book_hall_first(const struct book *, uint32_t hall);
uint32_t book_hall_next(const struct book *, uint32_t slot);
uint32_t book_instructor_first(const struct book *, uint32_t instructor);
uint32_t book_instructor_next(const struct book *, uint32_t slot, uint32_t instructor);
uint32_t book_series_first(const struct book *, int64_t series_id);
uint32_t book_series_next(const struct book *, uint32_t slot);
uint32_t book_course_first(const struct book *, uint32_t course);
uint32_t book_course_next(const struct book *, uint32_t slot);

#endif
