/* base/map: text -> uint32_t, open addressing, for finding dense indices by id. Keys are
 * borrowed and must outlive the map. Reads from any thread once nobody writes. */
#ifndef LITANG_BASE_MAP_H
#define LITANG_BASE_MAP_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum {
    MAP_NONE = UINT32_MAX
};

struct map_slot;

struct map {
    struct map_slot *slots; /* owned */
    size_t capacity;        /* a power of two, or 0 */
    size_t count;
};

void map_init(struct map *map);
void map_finish(struct map *map);
/* ERR_EXISTS when the key is there already (the old value stays), ERR_MEMORY. */
enum error_code map_add(struct map *map, const char *key, uint32_t value);
/* Adds or overwrites. */
enum error_code map_put(struct map *map, const char *key, uint32_t value);
/* MAP_NONE when absent; key may be NULL. */
uint32_t map_get(const struct map *map, const char *key);

#endif
