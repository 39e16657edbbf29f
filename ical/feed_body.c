#include "ical/feed_body.h"

#include "base/limits.h"
#include "base/vec.h"
#include "ical/feed_set.h"

#include <stdlib.h>
#include <string.h>

enum {
    PIECES_PER_SESSION = 3
};

void feed_body_init(struct feed_body *body)
{
    *body = (struct feed_body){0};
    text_init(&body->own, LIMIT_CALENDAR_BYTES);
}

void feed_body_finish(struct feed_body *body)
{
    free(body->pieces);
    text_finish(&body->own);
    feed_set_unref(body->set);
    *body = (struct feed_body){0};
}

void feed_body_add(struct feed_body *body, const char *bytes, size_t length)
{
    if (length == 0 || body->own.failed != ERR_NONE) {
        return;
    }
    struct feed_piece *pieces = vec_reserve(body->pieces, &body->capacity, body->count + 1, sizeof *pieces,
                                            (size_t)LIMIT_ROWS * PIECES_PER_SESSION + 2);
    if (pieces == NULL) {
        body->own.failed = ERR_MEMORY;
        return;
    }
    body->length += length;
    body->pieces = pieces;
    body->pieces[body->count++] = (struct feed_piece){bytes, body->length};
}

/* The piece in which position `at` lies. */
static size_t piece_find(const struct feed_body *body, size_t at)
{
    size_t from = 0;
    size_t to = body->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (body->pieces[middle].end <= at) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

size_t feed_body_read(const struct feed_body *body, size_t at, char *ret_bytes, size_t max)
{
    size_t done = 0;
    for (size_t i = piece_find(body, at); i < body->count && done < max; i++) {
        size_t start = i == 0 ? 0 : body->pieces[i - 1].end;
        size_t skip = at + done - start;
        size_t length = body->pieces[i].end - start - skip;
        length = length < max - done ? length : max - done;
        memcpy(ret_bytes + done, body->pieces[i].bytes + skip, length);
        done += length;
    }
    return done;
}

void feed_body_write(const struct feed_body *body, struct text *out)
{
    size_t at = 0;
    for (size_t i = 0; i < body->count; i++) {
        text_add_bytes(out, body->pieces[i].bytes, body->pieces[i].end - at);
        at = body->pieces[i].end;
    }
}
