#include "base/map.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct map_slot {
    const char *key; /* borrowed; NULL in a free slot */
    uint32_t hash;
    uint32_t value;
};

enum {
    CAPACITY_MIN = 16
};

void map_init(struct map *map)
{
    *map = (struct map){0};
}

void map_finish(struct map *map)
{
    free(map->slots);
    map_init(map);
}

/* FNV-1a of 64 bits, folded: ids of one village differ in their last byte only, and the fold
 * spreads that over the low bits that choose the slot. */
static uint32_t key_hash(const char *key)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *at = key; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    }
    hash ^= hash >> 32;
    hash *= UINT64_C(0xbf58476d1ce4e5b9);
    return (uint32_t)(hash >> 32);
}

/* The slot that holds the key, or the free slot where it belongs. At most 3/4 of the slots
 * are taken, so the walk ends. */
static struct map_slot *slot_find(struct map_slot *slots, size_t capacity, const char *key, uint32_t hash)
{
    size_t mask = capacity - 1;
    size_t at = hash & mask;
    while (slots[at].key != NULL && (slots[at].hash != hash || strcmp(slots[at].key, key) != 0)) {
        at = (at + 1) & mask;
    }
    return &slots[at];
}

static enum error_code map_reserve(struct map *map)
{
    if (map->count < map->capacity - map->capacity / 4) {
        return ERR_NONE;
    }
    size_t capacity = map->capacity == 0 ? CAPACITY_MIN : map->capacity;
    if (map->capacity > 0 && __builtin_mul_overflow(capacity, (size_t)2, &capacity)) {
        return ERR_MEMORY;
    }
    struct map_slot *slots = calloc(capacity, sizeof *slots);
    if (slots == NULL) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < map->capacity; i++) {
        const struct map_slot *old = &map->slots[i];
        if (old->key != NULL) {
            *slot_find(slots, capacity, old->key, old->hash) = *old;
        }
    }
    free(map->slots);
    map->slots = slots;
    map->capacity = capacity;
    return ERR_NONE;
}

static enum error_code map_set(struct map *map, const char *key, uint32_t value, bool overwrite)
{
    if (key == NULL) {
        return ERR_INPUT;
    }
    enum error_code code = map_reserve(map);
    if (code != ERR_NONE) {
        return code;
    }
    uint32_t hash = key_hash(key);
    struct map_slot *slot = slot_find(map->slots, map->capacity, key, hash);
    if (slot->key == NULL) {
        *slot = (struct map_slot){.key = key, .hash = hash, .value = value};
        map->count++;
        return ERR_NONE;
    }
    if (!overwrite) {
        return ERR_EXISTS;
    }
    slot->value = value;
    return ERR_NONE;
}

enum error_code map_add(struct map *map, const char *key, uint32_t value)
{
    return map_set(map, key, value, false);
}

enum error_code map_put(struct map *map, const char *key, uint32_t value)
{
    return map_set(map, key, value, true);
}

uint32_t map_get(const struct map *map, const char *key)
{
    if (key == NULL || map->count == 0) {
        return MAP_NONE;
    }
    const struct map_slot *slot = slot_find(map->slots, map->capacity, key, key_hash(key));
    return slot->key == NULL ? MAP_NONE : slot->value;
}
