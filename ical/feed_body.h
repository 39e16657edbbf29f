/* ical/feed_body: a finished calendar as a list of pieces: its own head and tail, and between them the
 * events, which stay where they are in the feed set. So an edit makes a new feed of 900 kB without copying
 * it. Made by feed_compose (ical/feed.h); immutable afterwards: any thread. */
#ifndef LITANG_ICAL_FEED_BODY_H
#define LITANG_ICAL_FEED_BODY_H

#include "base/text.h"

enum {
    FEED_DIGEST_SIZE = 16
};

struct feed_set;

struct feed_piece {
    const char *bytes; /* in the set, in `own` or static */
    size_t end;        /* of the piece, counted from the body's first byte */
};

struct feed_body {
    struct feed_set *set; /* a reference, or NULL */
    struct text own;
    struct feed_piece *pieces; /* owned */
    size_t count, capacity;
    size_t length; /* of the whole, in bytes */
    /* BLAKE2b over the parts: what is the feed's own, and the digest of each event's bytes. Bodies with one
     * digest have the same bytes; a body that is made again has the same digest, on any machine. */
    unsigned char digest[FEED_DIGEST_SIZE];
};

void feed_body_init(struct feed_body *body);
void feed_body_finish(struct feed_body *body);
/* Failures (ERR_MEMORY) stick in `own`. `bytes` must outlive the body, or its set. */
void feed_body_add(struct feed_body *body, const char *bytes, size_t length);
/* Copies up to `max` bytes from position `at` on; answers how many. */
size_t feed_body_read(const struct feed_body *body, size_t at, char *ret_bytes, size_t max);
/* Appends the whole. */
void feed_body_write(const struct feed_body *body, struct text *out);

#endif
