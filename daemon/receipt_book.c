/* daemon/receipt_book: see receipt_book.h. */
#include "daemon/receipt_book.h"

#include <sodium.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    WAYS = 8,
    BUCKETS = LIMIT_RECEIPTS / WAYS
};

struct receipt_slot {
    uint64_t digest;
    bool changed;
    struct receipt receipt;
};

enum error_code receipt_book_init(struct receipt_book *book, struct error *err)
{
    *book = (struct receipt_book){0};
    randombytes_buf(book->key, sizeof book->key);
    book->slots = calloc(LIMIT_RECEIPTS, sizeof(struct receipt_slot *));
    return book->slots != NULL ? ERR_NONE : error_set(err, ERR_MEMORY, "receipts: out of memory");
}

void receipt_book_finish(struct receipt_book *book)
{
    for (size_t i = 0; book->slots != NULL && i < LIMIT_RECEIPTS; i++) {
        free(book->slots[i]);
    }
    free(book->slots);
    *book = (struct receipt_book){0};
}

static bool same_subscription(const struct receipt *a, const struct receipt *b)
{
    return a->family == b->family && a->client == b->client && strcmp(a->target, b->target) == 0 &&
           strcmp(a->token, b->token) == 0 && strcmp(a->scope, b->scope) == 0;
}

static size_t key_add(char *key, size_t at, const char *text)
{
    size_t size = strlen(text) + 1;
    memcpy(key + at, text, size);
    return at + size;
}

static uint64_t digest_of(const struct receipt_book *book, const struct receipt *receipt)
{
    char key[sizeof receipt->scope + sizeof receipt->target + sizeof receipt->token + 3];
    unsigned char digest[crypto_shorthash_BYTES];
    uint64_t value = 0;
    size_t at = 0;
    key[at++] = (char)receipt->family;
    key[at++] = (char)(receipt->client >> 8);
    key[at++] = (char)(receipt->client & 255);
    at = key_add(key, at, receipt->token);
    at = key_add(key, at, receipt->scope);
    at = key_add(key, at, receipt->target);
    crypto_shorthash(digest, (const unsigned char *)key, at, book->key);
    memcpy(&value, digest, sizeof value);
    return value;
}

/* The subscription's place: its own, else a free one, else that of who was seen longest ago. */
static struct receipt_slot **place_find(struct receipt_book *book, const struct receipt *receipt,
                                        uint64_t digest)
{
    struct receipt_slot **bucket = book->slots + (digest % BUCKETS) * WAYS;
    struct receipt_slot **best = bucket;
    for (struct receipt_slot **at = bucket; at < bucket + WAYS; at++) {
        if (*at == NULL) {
            return at; /* places fill from the front and are never emptied */
        }
        if ((*at)->digest == digest && same_subscription(&(*at)->receipt, receipt)) {
            return at;
        }
        best = (*at)->receipt.last_at < (*best)->receipt.last_at ? at : best;
    }
    return best;
}

/* The slot of a subscription, made if need be; NULL when out of memory. */
static struct receipt_slot *slot_of(struct receipt_book *book, const struct receipt *receipt,
                                    int64_t first_at)
{
    uint64_t digest = digest_of(book, receipt);
    struct receipt_slot **place = place_find(book, receipt, digest);
    struct receipt_slot *slot = *place;
    if (slot != NULL && slot->digest == digest && same_subscription(&slot->receipt, receipt)) {
        return slot;
    }
    if (slot == NULL) {
        slot = calloc(1, sizeof *slot);
        if (slot == NULL) {
            return NULL;
        }
        book->count++;
        *place = slot;
    }
    book->changed -= slot->changed;
    *slot = (struct receipt_slot){.digest = digest, .receipt = *receipt};
    slot->receipt.first_at = first_at;
    slot->receipt.fetches = 0;
    return slot;
}

void receipt_book_load(struct receipt_book *book, const struct receipt_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct receipt_slot *slot = slot_of(book, &list->items[i], list->items[i].first_at);
        if (slot != NULL) {
            slot->receipt = list->items[i];
        }
    }
}

void receipt_book_note(struct receipt_book *book, const struct receipt *seen, int64_t now_s, int64_t revision)
{
    struct receipt_slot *slot = slot_of(book, seen, now_s);
    if (slot == NULL) {
        return;
    }
    slot->receipt.last_at = now_s;
    slot->receipt.revision = revision;
    slot->receipt.fetches++;
    book->changed += !slot->changed;
    slot->changed = true;
}

size_t receipt_book_take(struct receipt_book *book, size_t max, struct receipt **ret_items)
{
    size_t wanted = book->changed < max ? book->changed : max;
    struct receipt *items = wanted > 0 ? malloc(wanted * sizeof *items) : NULL;
    size_t count = 0;
    for (size_t i = 0; items != NULL && i < LIMIT_RECEIPTS && count < wanted; i++) {
        struct receipt_slot *slot = book->slots[i];
        if (slot != NULL && slot->changed) {
            slot->changed = false;
            items[count++] = slot->receipt;
        }
    }
    book->changed -= count;
    *ret_items = items;
    return count;
}

void receipt_book_each(const struct receipt_book *book,
                       void (*visit)(void *context, const struct receipt *receipt), void *context)
{
    for (size_t i = 0; i < LIMIT_RECEIPTS; i++) {
        if (book->slots[i] != NULL) {
            visit(context, &book->slots[i]->receipt);
        }
    }
}
