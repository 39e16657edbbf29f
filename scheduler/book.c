#include "scheduler/book.h"

#include "base/date.h"
#include "base/vec.h"
#include "scheduler/book_lines.h"
#include "scheduler/id_map.h"
#include "scheduler/placement.h"

#include <inttypes.h>
#include <stdlib.h>

struct book_entry {
    struct placement at;
    uint32_t next_free; /* while not used */
    bool used;
};

struct series_lines {
    struct timeline *items; /* owned */
    size_t count, capacity;
};

struct book {
    struct timetable *timetable; /* owned reference */
    struct book_entry *entries;  /* owned */
    size_t entry_count, entry_capacity;
    uint32_t first_free;

    struct timeline *halls;       /* owned, hall_count of them */
    struct timeline *instructors; /* owned */
    struct timeline *courses;     /* owned */
    struct series_lines series;
    struct id_map series_ids; /* series number -> index in series */
    struct id_map slots;      /* session number -> slot */

    uint32_t *area_halls_start, *area_halls; /* owned; as the derived lists of a timetable */

    /* The longest set-up, and the longest session with its clear-up, ever added: how far from a moment
     * a session that touches it can start. */
    int32_t reach_before_min, reach_after_min;
};

static void lines_finish(struct timeline *lines, size_t count)
{
    for (size_t i = 0; lines != NULL && i < count; i++) {
        timeline_finish(&lines[i]);
    }
    free(lines);
}

void book_destroy(struct book *book)
{
    if (book == NULL) {
        return;
    }
    lines_finish(book->halls, book->timetable->hall_count);
    lines_finish(book->instructors, book->timetable->instructor_count);
    lines_finish(book->courses, book->timetable->course_count);
    lines_finish(book->series.items, book->series.count);
    id_map_finish(&book->series_ids);
    id_map_finish(&book->slots);
    free(book->area_halls_start);
    free(book->area_halls);
    free(book->entries);
    timetable_unref(book->timetable);
    free(book);
}

/* Counting sort of the halls by area. */
static enum error_code area_halls_build(struct book *book)
{
    const struct timetable *timetable = book->timetable;
    book->area_halls_start = calloc(timetable->area_count + 2, sizeof *book->area_halls_start);
    book->area_halls = calloc(timetable->hall_count + 1, sizeof *book->area_halls);
    if (book->area_halls_start == NULL || book->area_halls == NULL) {
        return ERR_MEMORY;
    }
    uint32_t *start = book->area_halls_start;
    for (size_t i = 0; i < timetable->hall_count; i++) {
        if (timetable->halls[i].area < timetable->area_count) {
            start[timetable->halls[i].area + 2]++;
        }
    }
    for (size_t i = 2; i < timetable->area_count + 2; i++) {
        start[i] += start[i - 1];
    }
    for (uint32_t i = 0; i < timetable->hall_count; i++) {
        if (timetable->halls[i].area < timetable->area_count) {
            book->area_halls[start[timetable->halls[i].area + 1]++] = i;
        }
    }
    return ERR_NONE;
}

static enum error_code book_allocate(struct book *book)
{
    const struct timetable *timetable = book->timetable;
    book->halls = calloc(timetable->hall_count + 1, sizeof *book->halls);
    book->instructors = calloc(timetable->instructor_count + 1, sizeof *book->instructors);
    book->courses = calloc(timetable->course_count + 1, sizeof *book->courses);
    if (book->halls == NULL || book->instructors == NULL || book->courses == NULL) {
        return ERR_MEMORY;
    }
    return area_halls_build(book);
}

/* Sessions in order of time, so that filling only appends. */
struct fill_item {
    int64_t start_abs_min;
    const struct placement *at;
};

static int fill_compare(const void *a, const void *b)
{
    const struct fill_item *x = a;
    const struct fill_item *y = b;
    if (x->start_abs_min != y->start_abs_min) {
        return x->start_abs_min < y->start_abs_min ? -1 : 1;
    }
    return (x->at->session_id > y->at->session_id) - (x->at->session_id < y->at->session_id);
}

static enum error_code book_fill(struct book *book, struct error *err)
{
    const struct timetable *timetable = book->timetable;
    struct fill_item *order = malloc((timetable->session_count + 1) * sizeof *order);
    if (order == NULL) {
        return error_set(err, ERR_MEMORY, "book of %zu sessions", timetable->session_count);
    }
    size_t count = 0;
    for (size_t i = 0; i < timetable->session_count; i++) {
        const struct session *session = &timetable->sessions[i];
        if (session->status != SESSION_CANCELLED) {
            order[count++] = (struct fill_item){placement_start(&session->at), &session->at};
        }
    }
    qsort(order, count, sizeof *order, fill_compare);
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < count && code == ERR_NONE; i++) {
        uint32_t slot;
        code = book_add(book, order[i].at, &slot, err);
    }
    free(order);
    return code;
}

enum error_code book_create(struct timetable *timetable, bool empty, struct book **ret_book,
                            struct error *err)
{
    struct book *book = calloc(1, sizeof *book);
    if (book == NULL) {
        return error_set(err, ERR_MEMORY, "book");
    }
    book->timetable = timetable_ref(timetable);
    book->first_free = NONE;
    id_map_init(&book->series_ids);
    id_map_init(&book->slots);
    enum error_code code = book_allocate(book);
    if (code != ERR_NONE) {
        error_set(err, code, "book of %zu halls", timetable->hall_count);
    } else if (!empty) {
        code = book_fill(book, err);
    }
    if (code != ERR_NONE) {
        book_destroy(book);
        return code;
    }
    *ret_book = book;
    return ERR_NONE;
}

const struct timetable *book_timetable(const struct book *book)
{
    return book->timetable;
}

/* The series' line, made when it is its first meeting; NULL when memory is out. An empty line stays: a
 * series that lost its last meeting often gets one back. */
static struct timeline *series_line_make(struct book *book, int64_t series_id)
{
    uint32_t index = id_map_get(&book->series_ids, series_id);
    if (index != ID_MAP_NONE) {
        return &book->series.items[index];
    }
    struct series_lines *series = &book->series;
    void *items =
        vec_reserve(series->items, &series->capacity, series->count + 1, sizeof *series->items, LIMIT_ROWS);
    if (items == NULL) {
        return NULL;
    }
    series->items = items;
    if (id_map_put(&book->series_ids, series_id, (uint32_t)series->count) != ERR_NONE) {
        return NULL;
    }
    series->items[series->count] = (struct timeline){.items = NULL};
    return &series->items[series->count++];
}

/* Everything that an addition may need, so that the addition itself cannot fail half-way. */
static enum error_code book_reserve(struct book *book, const struct placement *placement)
{
    const struct timetable *timetable = book->timetable;
    enum error_code code = ERR_NONE;
    if (book->first_free == NONE) {
        void *entries = vec_reserve(book->entries, &book->entry_capacity, book->entry_count + 1,
                                    sizeof *book->entries, LIMIT_ROWS);
        if (entries == NULL) {
            return book->entry_count + 1 > (size_t)LIMIT_ROWS ? ERR_LIMIT : ERR_MEMORY;
        }
        book->entries = entries;
    }
    code = timeline_reserve(&book->halls[timetable->rooms[placement->room].hall]);
    if (code == ERR_NONE) {
        code = timeline_reserve(&book->courses[placement->course]);
    }
    for (uint8_t i = 0; code == ERR_NONE && i < placement->instructor_count; i++) {
        code = timeline_reserve(&book->instructors[placement->instructors[i]]);
    }
    if (code == ERR_NONE && placement->session_id != 0) {
        code = id_map_reserve(&book->slots, book->slots.count + 1);
    }
    if (code == ERR_NONE && placement->series_id != 0) {
        struct timeline *line = series_line_make(book, placement->series_id);
        code = line == NULL ? ERR_MEMORY : timeline_reserve(line);
    }
    return code;
}

static struct timeline_entry line_entry(const struct placement *placement, uint32_t slot)
{
    return (struct timeline_entry){
        .session_id = placement->session_id,
        .start_abs_min = (int32_t)placement_start(placement),
        .slot = slot,
    };
}

/* Puts the slot into every line it belongs to, or takes it out of them. */
static void lines_change(struct book *book, uint32_t slot,
                         void (*change)(struct timeline *line, struct timeline_entry entry))
{
    const struct placement *placement = &book->entries[slot].at;
    struct timeline_entry entry = line_entry(placement, slot);
    change(&book->halls[book->timetable->rooms[placement->room].hall], entry);
    change(&book->courses[placement->course], entry);
    for (uint8_t i = 0; i < placement->instructor_count; i++) {
        if (!placement_repeats(placement, i)) {
            change(&book->instructors[placement->instructors[i]], entry);
        }
    }
    if (placement->series_id != 0) {
        change(&book->series.items[id_map_get(&book->series_ids, placement->series_id)], entry);
    }
}

static void reach_widen(struct book *book, const struct placement *placement)
{
    int32_t after_min = placement->minutes + placement->clear_min;
    if (after_min > book->reach_after_min) {
        book->reach_after_min = after_min;
    }
    if (placement->setup_min > book->reach_before_min) {
        book->reach_before_min = placement->setup_min;
    }
}

enum error_code book_add(struct book *book, const struct placement *placement, uint32_t *ret_slot,
                         struct error *err)
{
    enum error_code code = placement_validate(book->timetable, placement, err);
    if (code != ERR_NONE) {
        return code;
    }
    if (book_slot_of(book, placement->session_id) != NONE) {
        return error_set(err, ERR_EXISTS, "session %" PRId64 " is in the book already",
                         placement->session_id);
    }
    code = book_reserve(book, placement);
    if (code != ERR_NONE) {
        return error_set(err, code, "book of %zu sessions", book->entry_count);
    }
    uint32_t slot = book->first_free;
    if (slot == NONE) {
        slot = (uint32_t)book->entry_count++;
    } else {
        book->first_free = book->entries[slot].next_free;
    }
    book->entries[slot] = (struct book_entry){.at = *placement, .next_free = NONE, .used = true};
    if (placement->session_id != 0) {
        /* Cannot fail: the room was reserved. */
        (void)id_map_put(&book->slots, placement->session_id, slot);
    }
    lines_change(book, slot, timeline_insert);
    reach_widen(book, placement);
    *ret_slot = slot;
    return ERR_NONE;
}

void book_remove(struct book *book, uint32_t slot)
{
    if (!book_slot_used(book, slot)) {
        return;
    }
    lines_change(book, slot, timeline_remove);
    if (book->entries[slot].at.session_id != 0) {
        id_map_remove(&book->slots, book->entries[slot].at.session_id);
    }
    book->entries[slot].used = false;
    book->entries[slot].next_free = book->first_free;
    book->first_free = slot;
}

const struct placement *book_at(const struct book *book, uint32_t slot)
{
    return book_slot_used(book, slot) ? &book->entries[slot].at : NULL;
}

uint32_t book_slot_of(const struct book *book, int64_t session_id)
{
    return session_id == 0 ? (uint32_t)NONE : id_map_get(&book->slots, session_id);
}

uint32_t book_slot_end(const struct book *book)
{
    return (uint32_t)book->entry_count;
}

bool book_slot_used(const struct book *book, uint32_t slot)
{
    return slot < book->entry_count && book->entries[slot].used;
}

/* ---- lines ---- */

const struct timeline *book_hall_line(const struct book *book, uint32_t hall)
{
    return hall < book->timetable->hall_count ? &book->halls[hall] : NULL;
}

const struct timeline *book_instructor_line(const struct book *book, uint32_t instructor)
{
    return instructor < book->timetable->instructor_count ? &book->instructors[instructor] : NULL;
}

const struct timeline *book_course_line(const struct book *book, uint32_t course)
{
    return course < book->timetable->course_count ? &book->courses[course] : NULL;
}

const struct timeline *book_series_line(const struct book *book, int64_t series_id)
{
    uint32_t index = series_id == 0 ? (uint32_t)ID_MAP_NONE : id_map_get(&book->series_ids, series_id);
    return index == ID_MAP_NONE ? NULL : &book->series.items[index];
}

struct timeline_window book_touching(const struct book *book, const struct timeline *line,
                                     int64_t from_abs_min, int64_t to_abs_min)
{
    return timeline_between(line, from_abs_min - book->reach_after_min, to_abs_min + book->reach_before_min);
}

const uint32_t *book_area_halls(const struct book *book, uint32_t area, size_t *ret_count)
{
    if (area >= book->timetable->area_count) {
        *ret_count = 0;
        return book->area_halls;
    }
    *ret_count = book->area_halls_start[area + 1] - book->area_halls_start[area];
    return &book->area_halls[book->area_halls_start[area]];
}

/* ---- iteration ---- */

static uint32_t line_first(const struct timeline *line)
{
    return line == NULL || line->count == 0 ? (uint32_t)NONE : line->items[0].slot;
}

static uint32_t line_next(const struct book *book, const struct timeline *line, uint32_t slot)
{
    if (line == NULL) {
        return NONE;
    }
    size_t at = timeline_position(line, line_entry(&book->entries[slot].at, slot));
    bool here = at < line->count && line->items[at].slot == slot;
    return here && at + 1 < line->count ? line->items[at + 1].slot : (uint32_t)NONE;
}

uint32_t book_hall_first(const struct book *book, uint32_t hall)
{
    return line_first(book_hall_line(book, hall));
}

uint32_t book_hall_next(const struct book *book, uint32_t slot)
{
    if (!book_slot_used(book, slot)) {
        return NONE;
    }
    uint32_t hall = book->timetable->rooms[book->entries[slot].at.room].hall;
    return line_next(book, &book->halls[hall], slot);
}

uint32_t book_instructor_first(const struct book *book, uint32_t instructor)
{
    return line_first(book_instructor_line(book, instructor));
}

uint32_t book_instructor_next(const struct book *book, uint32_t slot, uint32_t instructor)
{
    if (!book_slot_used(book, slot)) {
        return NONE;
    }
    return line_next(book, book_instructor_line(book, instructor), slot);
}

uint32_t book_series_first(const struct book *book, int64_t series_id)
{
    return line_first(book_series_line(book, series_id));
}

uint32_t book_series_next(const struct book *book, uint32_t slot)
{
    if (!book_slot_used(book, slot)) {
        return NONE;
    }
    return line_next(book, book_series_line(book, book->entries[slot].at.series_id), slot);
}

uint32_t book_course_first(const struct book *book, uint32_t course)
{
    return line_first(book_course_line(book, course));
}

uint32_t book_course_next(const struct book *book, uint32_t slot)
{
    if (!book_slot_used(book, slot)) {
        return NONE;
    }
    return line_next(book, &book->courses[book->entries[slot].at.course], slot);
}
