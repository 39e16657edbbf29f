/* libFuzzer target: old Excel workbooks. The first byte chooses the kind (0: guessed); with its upper bit the
 * rest is a whole compound file, otherwise the workbook's stream, put into one. */
#include "tests/fuzz/take_in.h"

enum {
    SECTOR = 512
};

static void put32(char *at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++) {
        at[i] = (char)(value >> (8 * i) & 0xFF);
    }
}

/* Header, one FAT sector, directory, stream: enough for 60 kB. */
static char *wrap(const uint8_t *stream, size_t length, size_t *ret_length)
{
    static const char NAME[] = "W\0o\0r\0k\0b\0o\0o\0k\0\0";
    size_t sectors = length < 4096 ? 8 : (length + SECTOR - 1) / SECTOR;
    char *file = calloc(3 + sectors, SECTOR);
    if (file == NULL || sectors > 120) {
        free(file);
        return NULL;
    }
    memcpy(file, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    file[30] = 9;
    file[32] = 6;
    put32(file + 44, 1);
    put32(file + 48, 1);
    put32(file + 56, 4096);
    put32(file + 60, 0xFFFFFFFE);
    put32(file + 68, 0xFFFFFFFE);
    memset(file + 76, 0xFF, SECTOR - 76);
    put32(file + 76, 0);
    memset(file + SECTOR, 0xFF, SECTOR);
    put32(file + SECTOR, 0xFFFFFFFD);
    put32(file + SECTOR + 4, 0xFFFFFFFE);
    for (size_t i = 0; i < sectors; i++) {
        put32(file + SECTOR + 8 + 4 * i, i + 1 == sectors ? 0xFFFFFFFE : (uint32_t)i + 3);
    }
    memcpy(file + 2 * SECTOR, NAME, sizeof NAME);
    file[2 * SECTOR + 64] = 18;
    file[2 * SECTOR + 66] = 2;
    put32(file + 2 * SECTOR + 116, 2);
    put32(file + 2 * SECTOR + 120, (uint32_t)(sectors * SECTOR));
    memcpy(file + 3 * SECTOR, stream, length);
    *ret_length = (3 + sectors) * SECTOR;
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t length = 0;
    if (size == 0) {
        return 0;
    }
    if ((data[0] & 0x80) != 0) {
        fuzz_file((const char *)data + 1, size - 1, data[0] & 0x7F);
        return 0;
    }
    char *file = wrap(data + 1, size - 1, &length);
    if (file != NULL) {
        fuzz_file(file, length, data[0]);
    }
    free(file);
    return 0;
}
