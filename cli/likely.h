/* cli/likely: which known word a mistyped one may have meant. Pure; any thread. */
#ifndef LITANG_CLI_LIKELY_H
#define LITANG_CLI_LIKELY_H

#include <stddef.h>

/* Begin with the typed word (borrowed; `length` bytes of it) and the rest zero. */
struct likely {
    const char *typed;
    size_t length;
    const char *best; /* borrowed from likely_try; NULL: nothing is near */
    size_t distance;  /* of best: letters put in, left out, changed or swapped with their neighbour; 0 when it
                         begins so */
};

/* Keeps `known` when it is nearer than what is kept: one letter off in words of up to four, else two; or when
 * it begins with the typed letters (three at least). Of equally near ones the first stays. Words of more than
 * 24 bytes are near to nothing. */
void likely_try(struct likely *likely, const char *known);

/* Says what is kept on stderr, on a line of its own, `prefix` before it; nothing when nothing is kept. */
void likely_say(const struct likely *likely, const char *prefix);

#endif
