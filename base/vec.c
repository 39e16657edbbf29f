#include "base/vec.h"

#include <stdint.h>
#include <stdlib.h>

enum {
    CAPACITY_MIN = 16
};

static size_t capacity_grown(size_t capacity, size_t need, size_t max)
{
    size_t grown = capacity > SIZE_MAX - capacity / 2 ? SIZE_MAX : capacity + capacity / 2;
    grown = grown < CAPACITY_MIN ? CAPACITY_MIN : grown;
    grown = grown < need ? need : grown;
    grown = grown > max ? max : grown;
    /* An array of nothing is still an array, not a failure. */
    return grown == 0 ? 1 : grown;
}

void *vec_reserve(void *items, size_t *capacity, size_t need, size_t item_size, size_t max)
{
    if (need > max || item_size == 0) {
        return NULL;
    }
    if (items != NULL && need <= *capacity) {
        return items;
    }
    size_t grown = capacity_grown(*capacity, need, max);
    size_t bytes = 0;
    if (__builtin_mul_overflow(grown, item_size, &bytes)) {
        return NULL;
    }
    void *moved = realloc(items, bytes);
    if (moved != NULL) {
        *capacity = grown;
    }
    return moved;
}
