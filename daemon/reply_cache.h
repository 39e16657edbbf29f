/* daemon/reply_cache: the replies made from one snapshot so far, by address. Of one thread at a time: filled
 * by the worker that makes the snapshot, then by the loop thread. */
#ifndef LITANG_DAEMON_REPLY_CACHE_H
#define LITANG_DAEMON_REPLY_CACHE_H

#include "base/map.h"
#include "daemon/reply.h"

struct reply_cache {
    struct reply **items; /* owned */
    size_t count, capacity, bytes;
    size_t variant_bytes; /* the part of `bytes` that is variants */
    struct map by_address;
};

void reply_cache_init(struct reply_cache *cache);
void reply_cache_finish(struct reply_cache *cache);
struct reply *reply_cache_find(const struct reply_cache *cache, const char *address);
/* Takes the reply over; false when the cache is full and the caller keeps it. `variant`: an address with
 * options that a client can make up at will; variants have a share of their own, so that they cannot push the
 * rest out. */
bool reply_cache_keep(struct reply_cache *cache, struct reply *reply, bool variant);

#endif
