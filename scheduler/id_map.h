/* scheduler/id_map: 64-bit number -> uint32_t, open addressing with removal; session and series numbers to
 * places in a book. Reads from any thread once nobody writes. */
#ifndef LITANG_SCHEDULER_ID_MAP_H
#define LITANG_SCHEDULER_ID_MAP_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum {
    ID_MAP_NONE = UINT32_MAX
};

struct id_map_slot;

struct id_map {
    struct id_map_slot *slots; /* owned */
    size_t capacity;           /* a power of two, or 0 */
    size_t count;
};

void id_map_init(struct id_map *map);
void id_map_finish(struct id_map *map);
/* Makes room for `count` keys in all, so that puts up to there cannot fail; ERR_MEMORY. */
enum error_code id_map_reserve(struct id_map *map, size_t count);
/* Adds or overwrites; the value is never ID_MAP_NONE. ERR_MEMORY. */
enum error_code id_map_put(struct id_map *map, int64_t key, uint32_t value);
/* ID_MAP_NONE when absent. */
uint32_t id_map_get(const struct id_map *map, int64_t key);
/* Nothing happens when the key is absent. */
void id_map_remove(struct id_map *map, int64_t key);

#endif
