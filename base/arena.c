#include "base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next; /* owned */
    size_t size;              /* bytes of data */
    size_t used;
    alignas(max_align_t) unsigned char data[];
};

enum {
    BLOCK_MIN = 4096,
    /* Blocks double up to this; a larger request gets a block of its own. */
    BLOCK_MAX = 1024 * 1024,
    ALIGNMENT = alignof(max_align_t)
};

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

void arena_finish(struct arena *arena)
{
    struct arena_block *block = arena->head;
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    arena_init(arena);
}

static struct arena_block *block_new(size_t size)
{
    if (size > SIZE_MAX - sizeof(struct arena_block)) {
        return NULL;
    }
    /* calloc: memory is zeroed, and untouched pages of a large block cost nothing. */
    struct arena_block *block = calloc(1, sizeof *block + size);
    if (block != NULL) {
        block->size = size;
    }
    return block;
}

static struct arena_block *arena_grow(struct arena *arena, size_t size)
{
    struct arena_block *head = arena->head;
    size_t common = head == NULL || head->size < BLOCK_MIN ? BLOCK_MIN : head->size * 2;
    common = common > BLOCK_MAX ? BLOCK_MAX : common;
    bool own = size > common / 2;
    struct arena_block *block = block_new(own ? size : common);
    if (block == NULL) {
        return NULL;
    }
    arena->reserved += block->size;
    if (own && head != NULL) {
        /* Behind the head, whose rest stays usable. */
        block->next = head->next;
        head->next = block;
    } else {
        block->next = head;
        arena->head = block;
    }
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t wanted = size == 0 ? 1 : size;
    if (wanted > SIZE_MAX - ALIGNMENT) {
        return NULL;
    }
    wanted = (wanted + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct arena_block *block = arena->head;
    if (block == NULL || block->size - block->used < wanted) {
        block = arena_grow(arena, wanted);
    }
    if (block == NULL) {
        return NULL;
    }
    void *memory = block->data + block->used;
    block->used += wanted;
    arena->used += wanted;
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t item_size)
{
    size_t size = 0;
    if (__builtin_mul_overflow(count, item_size, &size)) {
        return NULL;
    }
    return arena_alloc(arena, size);
}

char *arena_copy_text(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_copy_bytes(arena, text, strlen(text));
}

char *arena_copy_bytes(struct arena *arena, const char *bytes, size_t length)
{
    if (length == SIZE_MAX) {
        return NULL;
    }
    char *copy = arena_alloc(arena, length + 1);
    if (copy != NULL && length > 0) {
        memcpy(copy, bytes, length);
    }
    return copy;
}
