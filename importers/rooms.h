/* importers/rooms: the rooms of a hall in one cell: "大礼堂 120；讲堂(40人)；排练室", and as exports write it
 * "大礼堂 120 整堂 [投影；音响] 〔H1-1〕": seats, books the whole hall, its own facilities, its id. A name
 * (or word, or id) with a mark that means something here stands in quotation marks. One thread at a time. */
#ifndef LITANG_IMPORTERS_ROOMS_H
#define LITANG_IMPORTERS_ROOMS_H

#include "importers/intake.h"

enum {
    /* More bookable rooms than any hall has. */
    HALL_ROOMS_MAX = 50,
    ROOM_CAPACITY_MAX = 100000
};

struct room_draft {
    const char *id; /* NULL: not said. Texts are in the intake's arena */
    const char *name;
    int64_t capacity;       /* -1: not said */
    const char *facilities; /* joined by ';'; NULL: not said */
    bool whole_hall;
};

/* The rooms of a cell of the current row; a fault is reported at `column` and ends or shortens the list. */
size_t rooms_read(struct intake *intake, size_t column, struct room_draft rooms[HALL_ROOMS_MAX]);

/* Showers of a hall's row: its rooms, and the facilities when all rooms have the same. */
void rooms_show(const struct showing *showing, const struct column_form *form, struct text *out);
void rooms_show_facilities(const struct showing *showing, const struct column_form *form, struct text *out);

#endif
