#include "scheduler/id_map.h"

#include <stdlib.h>

struct id_map_slot {
    int64_t key;
    uint32_t value; /* ID_MAP_NONE: an empty slot */
};

enum {
    ID_MAP_CAPACITY_MIN = 64
};

void id_map_init(struct id_map *map)
{
    *map = (struct id_map){.slots = NULL};
}

void id_map_finish(struct id_map *map)
{
    free(map->slots);
    id_map_init(map);
}

/* The finalizer of splitmix64: neighbouring numbers land far apart. */
static size_t home_of(const struct id_map *map, int64_t key)
{
    uint64_t x = (uint64_t)key + UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (size_t)(x ^ (x >> 31)) & (map->capacity - 1);
}

/* The slot of the key, or the empty one where it belongs. The table is never full, so this ends. */
static size_t slot_of(const struct id_map *map, int64_t key)
{
    size_t at = home_of(map, key);
    while (map->slots[at].value != ID_MAP_NONE && map->slots[at].key != key) {
        at = (at + 1) & (map->capacity - 1);
    }
    return at;
}

static enum error_code grow_to(struct id_map *map, size_t capacity)
{
    struct id_map grown = {.capacity = capacity, .count = map->count};
    if (capacity > SIZE_MAX / sizeof *grown.slots) {
        return ERR_MEMORY;
    }
    grown.slots = malloc(capacity * sizeof *grown.slots);
    if (grown.slots == NULL) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < capacity; i++) {
        grown.slots[i] = (struct id_map_slot){.value = ID_MAP_NONE};
    }
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->slots[i].value != ID_MAP_NONE) {
            grown.slots[slot_of(&grown, map->slots[i].key)] = map->slots[i];
        }
    }
    free(map->slots);
    *map = grown;
    return ERR_NONE;
}

enum error_code id_map_reserve(struct id_map *map, size_t count)
{
    size_t capacity = map->capacity == 0 ? ID_MAP_CAPACITY_MIN : map->capacity;
    while (capacity / 2 < count) {
        if (capacity > SIZE_MAX / 2) {
            return ERR_MEMORY;
        }
        capacity *= 2;
    }
    return capacity == map->capacity ? ERR_NONE : grow_to(map, capacity);
}

enum error_code id_map_put(struct id_map *map, int64_t key, uint32_t value)
{
    enum error_code code = id_map_reserve(map, map->count + 1);
    if (code != ERR_NONE) {
        return code;
    }
    struct id_map_slot *slot = &map->slots[slot_of(map, key)];
    map->count += slot->value == ID_MAP_NONE ? 1 : 0;
    *slot = (struct id_map_slot){.key = key, .value = value};
    return ERR_NONE;
}

uint32_t id_map_get(const struct id_map *map, int64_t key)
{
    return map->capacity == 0 ? (uint32_t)ID_MAP_NONE : map->slots[slot_of(map, key)].value;
}

/* Closes the gap by moving later keys of the same run back, so that no markers of dead keys gather. */
void id_map_remove(struct id_map *map, int64_t key)
{
    if (id_map_get(map, key) == ID_MAP_NONE) {
        return;
    }
    size_t mask = map->capacity - 1;
    size_t hole = slot_of(map, key);
    for (size_t at = (hole + 1) & mask; map->slots[at].value != ID_MAP_NONE; at = (at + 1) & mask) {
        size_t home = home_of(map, map->slots[at].key);
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            map->slots[hole] = map->slots[at];
            hole = at;
        }
    }
    map->slots[hole].value = ID_MAP_NONE;
    map->count--;
}
