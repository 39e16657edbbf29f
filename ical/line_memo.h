/* ical/line_memo: content lines that many events share (where a room is, what a course is called, when a
 * session starts), kept as bytes while the events of one timetable are written, so that libical makes each of
 * them once. A line's key is the pointers and numbers that it is made of, so a memo is good for one timetable
 * only. For ical/event; one thread. */
#ifndef LITANG_ICAL_LINE_MEMO_H
#define LITANG_ICAL_LINE_MEMO_H

#include "base/text.h"

enum {
    LINE_KEY_WORDS = 6
};

struct line_key {
    uint64_t words[LINE_KEY_WORDS]; /* the first says which line it is; never all 0 */
};

struct line_memo {
    struct line_slot *slots; /* owned; NULL until something is kept */
    struct text bytes;
};

void line_memo_init(struct line_memo *memo);
void line_memo_finish(struct line_memo *memo);
/* Appends the line if it is known. */
bool line_memo_write(const struct line_memo *memo, const struct line_key *key, struct text *out);
/* Keeps a line in the place of another if need be. Out of memory: not kept. */
void line_memo_keep(struct line_memo *memo, const struct line_key *key, const char *line, size_t length);

#endif
