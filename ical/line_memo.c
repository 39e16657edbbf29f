#include "ical/line_memo.h"

#include <stdlib.h>
#include <string.h>

enum {
    SLOTS = 8192, /* a power of two: a city's rooms, courses and days */
    BYTES_MAX = 4 * 1024 * 1024
};

struct line_slot {
    struct line_key key;
    uint32_t at, length; /* in the memo's bytes */
};

void line_memo_init(struct line_memo *memo)
{
    *memo = (struct line_memo){0};
    text_init(&memo->bytes, BYTES_MAX);
}

void line_memo_finish(struct line_memo *memo)
{
    free(memo->slots);
    text_finish(&memo->bytes);
    memo->slots = NULL;
}

static struct line_slot *slot_of(const struct line_memo *memo, const struct line_key *key)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < LINE_KEY_WORDS; i++) {
        hash = (hash ^ key->words[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return &memo->slots[hash & (SLOTS - 1)];
}

bool line_memo_write(const struct line_memo *memo, const struct line_key *key, struct text *out)
{
    const struct line_slot *slot = memo->slots == NULL ? NULL : slot_of(memo, key);
    if (slot == NULL || memcmp(&slot->key, key, sizeof *key) != 0) {
        return false;
    }
    text_add_bytes(out, memo->bytes.data + slot->at, slot->length);
    return true;
}

void line_memo_keep(struct line_memo *memo, const struct line_key *key, const char *line, size_t length)
{
    if (memo->bytes.length + length > BYTES_MAX) { /* begins anew rather than grow for ever */
        text_clear(&memo->bytes);
        free(memo->slots);
        memo->slots = NULL;
    }
    if (memo->slots == NULL) {
        memo->slots = calloc(SLOTS, sizeof *memo->slots);
    }
    size_t at = memo->bytes.length;
    text_add_bytes(&memo->bytes, line, length);
    if (memo->slots != NULL && memo->bytes.failed == ERR_NONE) {
        *slot_of(memo, key) = (struct line_slot){*key, (uint32_t)at, (uint32_t)length};
    }
}
