/* daemon/reply_cache: see reply_cache.h. */
#include "daemon/reply_cache.h"

#include "base/limits.h"
#include "base/vec.h"

#include <stdlib.h>

void reply_cache_init(struct reply_cache *cache)
{
    *cache = (struct reply_cache){0};
    map_init(&cache->by_address);
}

void reply_cache_finish(struct reply_cache *cache)
{
    for (size_t i = 0; i < cache->count; i++) {
        reply_destroy(cache->items[i]);
    }
    free(cache->items);
    map_finish(&cache->by_address);
    *cache = (struct reply_cache){0};
}

struct reply *reply_cache_find(const struct reply_cache *cache, const char *address)
{
    uint32_t at = map_get(&cache->by_address, address);
    return at != MAP_NONE ? cache->items[at] : NULL;
}

bool reply_cache_keep(struct reply_cache *cache, struct reply *reply, bool variant)
{
    size_t bytes = reply_bytes(reply);
    if (cache->bytes + bytes > LIMIT_REPLY_CACHE_BYTES ||
        (variant && cache->variant_bytes + bytes > LIMIT_REPLY_VARIANT_BYTES)) {
        return false;
    }
    struct reply **items =
        vec_reserve(cache->items, &cache->capacity, cache->count + 1, sizeof *items, LIMIT_ROWS);
    if (items == NULL) {
        return false;
    }
    cache->items = items;
    if (map_add(&cache->by_address, reply->address, (uint32_t)cache->count) != ERR_NONE) {
        return false;
    }
    cache->items[cache->count++] = reply;
    cache->bytes += bytes;
    cache->variant_bytes += variant ? bytes : 0;
    return true;
}
