/* daemon/receipt_book: who fetched which revision, in memory; what is new goes to the database in batches.
 * Bounded by LIMIT_RECEIPTS: eight places for each of many digests, and in a full eight the one seen longest
 * ago gives way. Loop thread only, but for the batch that was taken. */
#ifndef LITANG_DAEMON_RECEIPT_BOOK_H
#define LITANG_DAEMON_RECEIPT_BOOK_H

#include "store/receipts.h"

struct receipt_slot;

struct receipt_book {
    struct receipt_slot **slots; /* owned, LIMIT_RECEIPTS of them; NULL: free */
    unsigned char key[16];       /* of the digests, random: nobody can aim at one place */
    size_t count, changed;
};

/* ERR_MEMORY. After sodium_init. */
enum error_code receipt_book_init(struct receipt_book *book, struct error *err);
void receipt_book_finish(struct receipt_book *book);
/* What the database knew. */
void receipt_book_load(struct receipt_book *book, const struct receipt_list *list);
/* A fetch: `seen` is the subscription (its times, revision and count are ignored). Out of memory: not noted.
 */
void receipt_book_note(struct receipt_book *book, const struct receipt *seen, int64_t now_s,
                       int64_t revision);
/* Moves up to `max` changed ones into a malloc'd array; 0 and NULL when none is. */
size_t receipt_book_take(struct receipt_book *book, size_t max, struct receipt **ret_items);
/* Walks over all of them, in no order. */
void receipt_book_each(const struct receipt_book *book,
                       void (*visit)(void *context, const struct receipt *receipt), void *context);

#endif
