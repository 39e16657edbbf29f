/* importers/cell_pool: the texts of a workbook's cells, packed, and how much of its ceilings a workbook has
 * used. A text that was seen lately is kept once, so that equal cells mostly share a pointer. One thread at a
 * time. */
#ifndef LITANG_IMPORTERS_CELL_POOL_H
#define LITANG_IMPORTERS_CELL_POOL_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum {
    CELL_POOL_RECENT = 8192 /* a power of two */
};

struct cell_pool_block;

struct cell_pool {
    struct cell_pool_block *head; /* owned */
    size_t text_bytes;            /* of LIMIT_IMPORT_TEXT_BYTES */
    size_t cells;                 /* of LIMIT_IMPORT_CELLS; counted by importers/sheet.c */
    size_t merges;                /* of LIMIT_IMPORT_MERGES; the same */
    struct {
        const char *text;
        uint32_t length;
    } recent[CELL_POOL_RECENT];
};

void cell_pool_init(struct cell_pool *pool);
void cell_pool_finish(struct cell_pool *pool);

/* The text without surrounding blanks (also U+00A0, U+3000, U+200B, U+FEFF), NUL-terminated, valid until
 * cell_pool_finish; "" when nothing is left. ERR_LIMIT: LIMIT_IMPORT_CELL_BYTES or LIMIT_IMPORT_TEXT_BYTES;
 * ERR_MEMORY. `err` says it without a place. */
enum error_code cell_pool_keep(struct cell_pool *pool, const char *bytes, size_t length,
                               const char **ret_text, struct error *err);

/* Moves both ends past the blanks that cell_pool_keep takes off. */
void cell_trim(const char **bytes, size_t *length);

/* A number that equal texts of pools share; only for a text that cell_pool_keep handed out and that is not
 * "". */
uint32_t cell_pool_hash(const char *text);

#endif
