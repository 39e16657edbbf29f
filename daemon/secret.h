/* daemon/secret: the tokens in secret addresses. After secret_library_init, any thread. */
#ifndef LITANG_DAEMON_SECRET_H
#define LITANG_DAEMON_SECRET_H

#include "store/receipts.h"
#include "store/tokens.h"

enum {
    SECRET_BYTES = 20, /* 160 bits */
    SECRET_SIZE = 33   /* as base32 (RFC 4648 §6) in small letters, and the NUL */
};

/* Once per process. False: there is no source of randomness. */
bool secret_library_init(void);
void secret_new(char ret_token[SECRET_SIZE]);
/* The digest that the database keeps: BLAKE2b-256, in hex. False: `token` has not the form of one. */
bool secret_hash(const char *token, char ret_hash[TOKEN_HASH_SIZE]);

/* What kind of calendar program names itself so; NULL: none. Google names no product but the fetcher. */
enum client_family client_family_of(const char *user_agent);
/* Who asks: an address as 4 or 16 bytes, or what a proxy wrote instead of one; length 0: unknown. */
struct client_key {
    unsigned char bytes[46];
    size_t length;
};
/* 16 bits of a digest (SipHash-2-4) of an address and a feed: tells the subscribers of one feed apart, and no
 * more; the same phone has other bits at another feed. */
uint16_t client_mark(const struct client_key *client, const char *scope, const char *target);

#endif
