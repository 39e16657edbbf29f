#include "importers/ole_stream.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_BYTES = 512,
    ENTRY_BYTES = 128,
    HEADER_FAT_SECTORS = 109,
    MINI_SHIFT = 6,
    STREAM = 2,
    ROOT = 5
};

/* [MS-CFB] 2.1: larger numbers are marks, not sectors. */
static const uint32_t SECTOR_MAX = 0xFFFFFFFA;

struct file {
    const char *bytes;
    size_t length;
    size_t shift;     /* of a sector's size */
    uint32_t sectors; /* that lie in the file, the last may be cut */
    uint32_t *fat;    /* owned; the next sector of each */
    uint32_t fat_count;
    uint32_t mini_cutoff; /* shorter streams lie in the mini stream */
};

static uint32_t u16(const char *at)
{
    return (uint32_t)(unsigned char)at[0] | (uint32_t)(unsigned char)at[1] << 8;
}

static uint32_t u32(const char *at)
{
    return u16(at) | u16(at + 2) << 16;
}

/* The bytes of a sector; *ret_size is less than a sector at the file's end. NULL: outside. */
static const char *sector_at(const struct file *file, uint32_t sector, size_t *ret_size)
{
    if (sector >= file->sectors) {
        return NULL;
    }
    size_t at = ((size_t)sector + 1) << file->shift;
    size_t size = (size_t)1 << file->shift;
    *ret_size = file->length - at < size ? file->length - at : size;
    return file->bytes + at;
}

static bool fat_take(struct file *file, uint32_t sector)
{
    size_t size = 0;
    const char *at = sector_at(file, sector, &size);
    for (size_t i = 0; at != NULL && i + 4 <= size && file->fat_count < file->sectors; i += 4) {
        file->fat[file->fat_count++] = u32(at + i);
    }
    return at != NULL;
}

/* The FAT's own sectors are named in the header, and in a chain of further sectors after that. */
static enum error_code fat_read(struct file *file)
{
    uint32_t next = u32(file->bytes + 68);
    file->fat = calloc((size_t)file->sectors + 1, sizeof *file->fat);
    if (file->fat == NULL) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < HEADER_FAT_SECTORS; i++) {
        uint32_t sector = u32(file->bytes + 76 + 4 * i);
        if (sector < SECTOR_MAX && !fat_take(file, sector)) {
            return ERR_SYNTAX;
        }
    }
    for (uint32_t steps = 0; next < SECTOR_MAX && steps < file->sectors; steps++) {
        size_t size = 0;
        const char *at = sector_at(file, next, &size);
        if (at == NULL || size < (size_t)1 << file->shift) {
            return ERR_SYNTAX;
        }
        for (size_t i = 0; i + 8 <= size; i += 4) {
            uint32_t sector = u32(at + i);
            if (sector < SECTOR_MAX && !fat_take(file, sector)) {
                return ERR_SYNTAX;
            }
        }
        next = u32(at + size - 4);
    }
    return ERR_NONE;
}

static uint32_t fat_next(const struct file *file, uint32_t sector)
{
    return sector < file->fat_count ? file->fat[sector] : SECTOR_MAX;
}

/* A chain of sectors, at most `max` bytes of it. */
static enum error_code chain_read(const struct file *file, uint32_t first, size_t max, char **ret_bytes,
                                  size_t *ret_length)
{
    size_t room = max < file->length ? max : file->length;
    char *bytes = malloc(room + 1);
    size_t length = 0;
    if (bytes == NULL) {
        return ERR_MEMORY;
    }
    for (uint32_t sector = first, steps = 0; sector < SECTOR_MAX && length < room && steps < file->sectors;
         sector = fat_next(file, sector), steps++) {
        size_t size = 0;
        const char *at = sector_at(file, sector, &size);
        if (at == NULL) {
            break; /* cut off: what is there may be enough */
        }
        size = size < room - length ? size : room - length;
        memcpy(bytes + length, at, size);
        length += size;
    }
    *ret_bytes = bytes;
    *ret_length = length;
    return ERR_NONE;
}

static bool name_is(const char *entry, const char *name)
{
    size_t length = strlen(name);
    bool is_it = u16(entry + 64) == 2 * (length + 1);
    for (size_t i = 0; i <= length && is_it; i++) {
        is_it = u16(entry + 2 * i) == (uint32_t)(unsigned char)name[i];
    }
    return is_it;
}

static const char *entry_find(const char *directory, size_t length, int type, const char *name)
{
    for (size_t at = 0; at + ENTRY_BYTES <= length; at += ENTRY_BYTES) {
        if (directory[at + 66] == type && (name == NULL || name_is(directory + at, name))) {
            return directory + at;
        }
    }
    return NULL;
}

/* A short stream: pieces of 64 bytes of the root's stream, chained by a FAT of their own. */
static enum error_code mini_read(const struct file *file, const char *root, uint32_t first, size_t size,
                                 char **ret_bytes, size_t *ret_length)
{
    char *store = NULL;
    char *fat = NULL;
    char *bytes = malloc(size + 1);
    size_t store_length = 0;
    size_t fat_length = 0;
    size_t length = 0;
    enum error_code code = bytes == NULL ? ERR_MEMORY : ERR_NONE;
    if (code == ERR_NONE) {
        code = chain_read(file, u32(root + 116), u32(root + 120), &store, &store_length);
    }
    if (code == ERR_NONE) {
        code = chain_read(file, u32(file->bytes + 60), file->length, &fat, &fat_length);
    }
    for (uint32_t piece = first; code == ERR_NONE && length < size;) {
        size_t at = (size_t)piece << MINI_SHIFT;
        if (piece >= SECTOR_MAX || at >= store_length) {
            break;
        }
        size_t part = store_length - at < 1U << MINI_SHIFT ? store_length - at : 1U << MINI_SHIFT;
        part = part < size - length ? part : size - length;
        memcpy(bytes + length, store + at, part);
        length += part; /* rises each time, so that a circle ends */
        piece = (size_t)piece * 4 + 4 <= fat_length ? u32(fat + (size_t)piece * 4) : SECTOR_MAX;
    }
    free(store);
    free(fat);
    if (code != ERR_NONE) {
        free(bytes);
        return code;
    }
    *ret_bytes = bytes;
    *ret_length = length;
    return ERR_NONE;
}

static enum error_code stream_find(const struct file *file, const char *name, char **ret_stream,
                                   size_t *ret_length)
{
    char *directory = NULL;
    size_t length = 0;
    enum error_code code = chain_read(file, u32(file->bytes + 48), file->length, &directory, &length);
    if (code != ERR_NONE) {
        return code;
    }
    const char *entry = entry_find(directory, length, STREAM, name);
    const char *root = entry_find(directory, length, ROOT, NULL);
    if (entry == NULL) {
        code = ERR_NOT_FOUND;
    } else if (u32(entry + 120) >= file->mini_cutoff) {
        code = chain_read(file, u32(entry + 116), u32(entry + 120), ret_stream, ret_length);
    } else if (root == NULL) {
        code = ERR_SYNTAX;
    } else {
        code = mini_read(file, root, u32(entry + 116), u32(entry + 120), ret_stream, ret_length);
    }
    free(directory);
    return code;
}

enum error_code ole_stream_read(const char *bytes, size_t length, const char *name, char **ret_stream,
                                size_t *ret_length)
{
    if (length < HEADER_BYTES) {
        return ERR_SYNTAX;
    }
    struct file file = {
        .bytes = bytes, .length = length, .shift = u16(bytes + 30), .mini_cutoff = u32(bytes + 56)};
    if ((file.shift != 9 && file.shift != 12) || u16(bytes + 32) != MINI_SHIFT || file.mini_cutoff > 4096) {
        return ERR_SYNTAX;
    }
    size_t size = (size_t)1 << file.shift;
    file.sectors = length <= size ? 0 : (uint32_t)((length - size + size - 1) >> file.shift);
    enum error_code code = fat_read(&file);
    if (code == ERR_NONE) {
        code = stream_find(&file, name, ret_stream, ret_length);
    }
    free(file.fat);
    return code;
}
