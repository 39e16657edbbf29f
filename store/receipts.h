/* store/receipts: which subscription fetched which revision, and when. Written by the daemon every few
 * seconds; not published data, so a write makes no revision. */
#ifndef LITANG_STORE_RECEIPTS_H
#define LITANG_STORE_RECEIPTS_H

#include "base/limits.h"
#include "store/store.h"

/* The families of calendar programs, by what they call themselves: enum, word. */
#define CLIENT_FAMILY_LIST(X)                                                                                \
    X(CLIENT_OTHER, "other")                                                                                 \
    X(CLIENT_APPLE, "apple")                                                                                 \
    X(CLIENT_GOOGLE, "google")                                                                               \
    X(CLIENT_ICSX5, "icsx5")                                                                                 \
    X(CLIENT_THUNDERBIRD, "thunderbird")                                                                     \
    X(CLIENT_OUTLOOK, "outlook")                                                                             \
    X(CLIENT_EVOLUTION, "evolution")

enum client_family {
#define X(code, name) code,
    CLIENT_FAMILY_LIST(X)
#undef X
    CLIENT_FAMILIES
};
const char *client_family_name(enum client_family family);
/* CLIENT_OTHER when unknown. */
enum client_family client_family_from_name(const char *name);

enum {
    RECEIPT_SCOPE_SIZE = 16,
    RECEIPT_TOKEN_SIZE = 17
};

struct receipt {
    char scope[RECEIPT_SCOPE_SIZE]; /* a word of feed_scope_name */
    char target[LIMIT_ID_BYTES + 1];
    char token[RECEIPT_TOKEN_SIZE]; /* the first 16 digits of the token's digest; "": the public feed */
    enum client_family family;
    uint16_t client;           /* of a public feed: 16 bits of a digest of the address; else 0 */
    int64_t first_at, last_at; /* UTC seconds */
    int64_t revision;          /* fetched last */
    int64_t fetches;
};

struct receipt_list {
    struct receipt *items; /* owned; by scope, target, token, family, client */
    size_t count, capacity;
};

/* The newest LIMIT_RECEIPTS. To be finished by the caller, also after a failure. */
enum error_code receipt_list_load(struct store *store, struct receipt_list *ret_list, struct error *err);
void receipt_list_finish(struct receipt_list *list);
/* Writes them in one transaction: a row that is there takes the later last_at, the new revision and the
 * higher fetches. Forgets what was not seen for LIMIT_RECEIPT_DAYS and the oldest past LIMIT_RECEIPTS. */
enum error_code receipts_write(struct store *store, const struct receipt *items, size_t count,
                               struct error *err);

/* Does a receipt's feed show sessions of a township: its own feed, a hall's, an instructor's who teaches
 * there? The people are found once, in one walk over the sessions. One thread. */
struct receipt_filter {
    const struct timetable *timetable; /* borrowed */
    uint32_t township;
    bool *teaches; /* owned; by instructor */
};
enum error_code receipt_filter_init(struct receipt_filter *filter, const struct timetable *timetable,
                                    uint32_t township, struct error *err);
void receipt_filter_finish(struct receipt_filter *filter);
bool receipt_filter_takes(const struct receipt_filter *filter, const struct receipt *receipt);

#endif
