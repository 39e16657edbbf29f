/* cli/likely: see likely.h. */
#include "cli/likely.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    WORD_BYTES_MAX = 24,
    PREFIX_BYTES_MIN = 3,
    SHORT_WORD_BYTES = 4
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: at[i][j] is the distance of the first i bytes of a to the first j of b. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t at[WORD_BYTES_MAX + 1][WORD_BYTES_MAX + 1];
    for (size_t i = 0; i <= a_length; i++) {
        for (size_t j = 0; j <= b_length; j++) {
            if (i == 0 || j == 0) {
                at[i][j] = i + j;
                continue;
            }
            size_t best = at[i - 1][j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0);
            best = smaller(best, smaller(at[i - 1][j], at[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                best = smaller(best, at[i - 2][j - 2] + 1);
            }
            at[i][j] = best;
        }
    }
    return at[a_length][b_length];
}

void likely_try(struct likely *likely, const char *known)
{
    size_t length = strlen(known);
    if (likely->length > WORD_BYTES_MAX || length > WORD_BYTES_MAX) {
        return;
    }
    bool begins = likely->length >= PREFIX_BYTES_MIN && strncmp(known, likely->typed, likely->length) == 0;
    size_t far = begins ? 0 : distance(likely->typed, likely->length, known, length);
    size_t allowed = likely->length <= SHORT_WORD_BYTES ? 1 : 2;
    if (far <= allowed && (likely->best == NULL || far < likely->distance)) {
        likely->best = known;
        likely->distance = far;
    }
}

void likely_say(const struct likely *likely, const char *prefix)
{
    if (likely->best != NULL) {
        fprintf(stderr, "也许是 / perhaps: %s%s\n", prefix, likely->best);
    }
}
