/* base/vec: growth of a plain array, with overflow and a ceiling checked. Any thread. */
#ifndef LITANG_BASE_VEC_H
#define LITANG_BASE_VEC_H

#include <stddef.h>

/* Makes room for `need` items in the malloc'd array `items` of `*capacity` items. Grows by
 * half, at least to 16; refuses more than `max` items. Answers the (moved) array, or NULL
 * with the old array untouched when memory is out or `need > max`. */
void *vec_reserve(void *items, size_t *capacity, size_t need, size_t item_size, size_t max);

/* VEC_PUSH(error_code_lvalue, struct with .items .count .capacity, value, max):
 * appends, or sets the lvalue to ERR_MEMORY and leaves the array as it was. */
#define VEC_PUSH(ret_code, vec, value, max)                                                                  \
    do {                                                                                                     \
        void *vec_grown_ =                                                                                   \
            vec_reserve((vec)->items, &(vec)->capacity, (vec)->count + 1, sizeof *(vec)->items, (max));      \
        if (vec_grown_ == NULL) {                                                                            \
            (ret_code) = (vec)->count + 1 > (size_t)(max) ? ERR_LIMIT : ERR_MEMORY;                          \
        } else {                                                                                             \
            (vec)->items = vec_grown_;                                                                       \
            (vec)->items[(vec)->count++] = (value);                                                          \
            (ret_code) = ERR_NONE;                                                                           \
        }                                                                                                    \
    } while (0)

#endif
