#include "importers/cell_pool.h"

#include "base/limits.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_BYTES = 256 * 1024
};

struct cell_pool_block {
    struct cell_pool_block *next; /* owned */
    size_t size, used;
    char data[];
};

void cell_pool_init(struct cell_pool *pool)
{
    *pool = (struct cell_pool){.head = NULL};
}

void cell_pool_finish(struct cell_pool *pool)
{
    struct cell_pool_block *block = pool->head;
    while (block != NULL) {
        struct cell_pool_block *next = block->next;
        free(block);
        block = next;
    }
    cell_pool_init(pool);
}

static size_t blank_length(const char *bytes, size_t length)
{
    static const char *const BLANKS[] = {"\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\x8B", "\xEF\xBB\xBF"};
    if (length > 0 && (*bytes == ' ' || (*bytes >= '\t' && *bytes <= '\r'))) {
        return 1;
    }
    for (size_t i = 0; i < sizeof BLANKS / sizeof *BLANKS; i++) {
        size_t size = strlen(BLANKS[i]);
        if (length >= size && memcmp(bytes, BLANKS[i], size) == 0) {
            return size;
        }
    }
    return 0;
}

/* The first and last bytes that a blank can have: most cells are ruled out by one look at each. */
enum {
    BEGINS_BLANK = 1,
    ENDS_BLANK = 2,
    IS_BLANK = BEGINS_BLANK | ENDS_BLANK
};
static const uint8_t EDGES[256] = {
    ['\t'] = IS_BLANK,     ['\n'] = IS_BLANK,     ['\v'] = IS_BLANK,     ['\f'] = IS_BLANK,
    ['\r'] = IS_BLANK,     [' '] = IS_BLANK,      [0xC2] = BEGINS_BLANK, [0xE3] = BEGINS_BLANK,
    [0xE2] = BEGINS_BLANK, [0xEF] = BEGINS_BLANK, [0xA0] = ENDS_BLANK,   [0x80] = ENDS_BLANK,
    [0x8B] = ENDS_BLANK,   [0xBF] = ENDS_BLANK};

static bool may_begin_blank(char byte)
{
    return (EDGES[(unsigned char)byte] & BEGINS_BLANK) != 0;
}

static bool may_end_blank(char byte)
{
    return (EDGES[(unsigned char)byte] & ENDS_BLANK) != 0;
}

void cell_trim(const char **bytes, size_t *length)
{
    size_t size = 1;
    while (size > 0 && *length > 0 && may_begin_blank(**bytes)) {
        size = blank_length(*bytes, *length);
        *bytes += size;
        *length -= size;
    }
    size = 1;
    while (size > 0 && *length > 0 && may_end_blank((*bytes)[*length - 1])) {
        const char *end = *bytes + *length;
        size = 0;
        for (size_t back = 1; back <= 3 && back <= *length && size == 0; back++) {
            size = blank_length(end - back, back) == back ? back : 0;
        }
        *length -= size;
    }
}

static char *room(struct cell_pool *pool, size_t size)
{
    struct cell_pool_block *head = pool->head;
    if (head == NULL || head->size - head->used < size) {
        size_t data = size > BLOCK_BYTES / 4 ? size : BLOCK_BYTES;
        struct cell_pool_block *block = malloc(sizeof *block + data);
        if (block == NULL) {
            return NULL;
        }
        *block = (struct cell_pool_block){.size = data, .used = 0};
        bool is_own = head != NULL && data != BLOCK_BYTES;
        if (is_own) { /* behind the head, whose rest stays usable */
            block->next = head->next;
            head->next = block;
            block->used = size;
            return block->data;
        }
        block->next = head;
        pool->head = block;
        head = block;
    }
    head->used += size;
    return head->data + head->used - size;
}

/* Eight bytes at a time, the last ones once more when they do not fill a word; equal texts must agree,
 * nothing else is asked of it. */
static uint32_t hash_of(const char *bytes, size_t length)
{
    uint64_t hash = length * UINT64_C(0x9E3779B97F4A7C15);
    uint64_t word = 0;
    if (length < sizeof word) {
        for (size_t i = 0; i < length; i++) {
            word = word << 8 | (unsigned char)bytes[i];
        }
    } else {
        for (size_t at = 0; at + sizeof word < length; at += sizeof word) {
            memcpy(&word, bytes + at, sizeof word);
            hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
            hash ^= hash >> 32;
        }
        memcpy(&word, bytes + length - sizeof word, sizeof word);
    }
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    /* The last bytes of a text are the upper ones of its last word: once more, so that they reach all bits.
     */
    hash = (hash ^ hash >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(hash >> 32);
}

uint32_t cell_pool_hash(const char *text)
{
    uint32_t hash = 0;
    memcpy(&hash, text - sizeof hash, sizeof hash);
    return hash;
}

enum error_code cell_pool_keep(struct cell_pool *pool, const char *bytes, size_t length,
                               const char **ret_text, struct error *err)
{
    cell_trim(&bytes, &length);
    if (length == 0) {
        *ret_text = "";
        return ERR_NONE;
    }
    if (length > LIMIT_IMPORT_CELL_BYTES) {
        return error_set(err, ERR_LIMIT, "单元格超过 %zu 字节 (a cell of more than %zu bytes)",
                         LIMIT_IMPORT_CELL_BYTES, LIMIT_IMPORT_CELL_BYTES);
    }
    uint32_t hash = hash_of(bytes, length);
    size_t slot = hash & (CELL_POOL_RECENT - 1);
    if (pool->recent[slot].length == length && memcmp(pool->recent[slot].text, bytes, length) == 0) {
        *ret_text = pool->recent[slot].text;
        return ERR_NONE;
    }
    if (sizeof hash + length + 1 > LIMIT_IMPORT_TEXT_BYTES - pool->text_bytes) {
        size_t mb = LIMIT_IMPORT_TEXT_BYTES / (1024 * 1024);
        return error_set(err, ERR_LIMIT,
                         "文字总量超过 %zu MB；请拆成几个文件 (more than %zu MB of text; split the file)", mb,
                         mb);
    }
    char *text = room(pool, sizeof hash + length + 1);
    if (text == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    memcpy(text, &hash, sizeof hash);
    text += sizeof hash;
    memcpy(text, bytes, length);
    text[length] = '\0';
    pool->text_bytes += sizeof hash + length + 1;
    pool->recent[slot].text = text;
    pool->recent[slot].length = (uint32_t)length;
    *ret_text = text;
    return ERR_NONE;
}
