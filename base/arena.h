/* base/arena: memory that lives and dies together; a snapshot's life. One thread at a time. */
#ifndef LITANG_BASE_ARENA_H
#define LITANG_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *head; /* owned */
    size_t used;              /* bytes handed out */
    size_t reserved;          /* bytes taken from malloc */
};

/* An arena of zero bytes is a valid empty arena; init sets just that. */
void arena_init(struct arena *arena);
/* Frees everything; the arena is empty and usable again. */
void arena_finish(struct arena *arena);
/* Zeroed memory aligned for any type, or NULL when malloc fails or size overflows. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_array(struct arena *arena, size_t count, size_t item_size);
/* Copies; NULL when memory is out. arena_copy_text(NULL) answers NULL. */
char *arena_copy_text(struct arena *arena, const char *text);
char *arena_copy_bytes(struct arena *arena, const char *bytes, size_t length);

#endif
