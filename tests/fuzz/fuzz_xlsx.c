/* libFuzzer target: Excel workbooks. The first byte chooses the kind (0: guessed); with its upper bit the
 * rest is a whole package, otherwise the texts of sheet, shared strings, styles, workbook and relations, with
 * a zero byte between them (what is missing is taken from a good one), put into a package without
 * compression. */
#include "tests/fuzz/take_in.h"

#include <zlib.h>

enum {
    PARTS = 5,
    ROOM = 1 << 20
};

static const char *const NAMES[PARTS] = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml",
                                         "xl/workbook.xml", "xl/_rels/workbook.xml.rels"};
static const char *const GOOD[PARTS] = {
    "<worksheet/>", "<sst><si><t>日期</t></si><si><t>节日</t></si></sst>",
    "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf "
    "numFmtId=\"22\"/></cellXfs></styleSheet>",
    "<workbook><sheets><sheet name=\"A\" r:id=\"r1\"/></sheets></workbook>",
    "<Relationships><Relationship Id=\"r1\" Type=\"/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
    "<Relationship Id=\"r2\" Type=\"/sharedStrings\" Target=\"sharedStrings.xml\"/>"
    "<Relationship Id=\"r3\" Type=\"/styles\" Target=\"styles.xml\"/></Relationships>"};

struct file {
    char bytes[ROOM];
    size_t length;
};

static void put(struct file *file, size_t size, uint32_t value)
{
    for (size_t i = 0; i < size; i++) {
        file->bytes[file->length++] = (char)(value >> (8 * i) & 0xFF);
    }
}

static void put_bytes(struct file *file, const char *bytes, size_t length)
{
    memcpy(file->bytes + file->length, bytes, length);
    file->length += length;
}

/* The fields that the local and the central header share (APPNOTE 4.3.7, 4.3.12). */
static void put_head(struct file *file, const char *name, const char *text, size_t length)
{
    put(file, 2, 20);
    put(file, 2, 0);
    put(file, 2, 0);
    put(file, 4, 0x00210000);
    put(file, 4, (uint32_t)crc32(0, (const Bytef *)text, (uInt)length));
    put(file, 4, (uint32_t)length);
    put(file, 4, (uint32_t)length);
    put(file, 2, (uint32_t)strlen(name));
    put(file, 2, 0);
}

static void pack(struct file *file, const char *const texts[PARTS], const size_t lengths[PARTS])
{
    uint32_t offsets[PARTS];
    file->length = 0;
    for (size_t i = 0; i < PARTS; i++) {
        offsets[i] = (uint32_t)file->length;
        put_bytes(file, "PK\x03\x04", 4);
        put_head(file, NAMES[i], texts[i], lengths[i]);
        put_bytes(file, NAMES[i], strlen(NAMES[i]));
        put_bytes(file, texts[i], lengths[i]);
    }
    uint32_t directory = (uint32_t)file->length;
    for (size_t i = 0; i < PARTS; i++) {
        put_bytes(file, "PK\x01\x02", 4);
        put(file, 2, 20);
        put_head(file, NAMES[i], texts[i], lengths[i]);
        put(file, 2, 0);
        put(file, 2, 0);
        put(file, 2, 0);
        put(file, 4, 0);
        put(file, 4, offsets[i]);
        put_bytes(file, NAMES[i], strlen(NAMES[i]));
    }
    uint32_t size = (uint32_t)file->length - directory;
    put_bytes(file, "PK\x05\x06", 4);
    put(file, 4, 0);
    put(file, 2, PARTS);
    put(file, 2, PARTS);
    put(file, 4, size);
    put(file, 4, directory);
    put(file, 2, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct file file;
    const char *texts[PARTS];
    size_t lengths[PARTS];
    if (size == 0 || size > ROOM / 2) {
        return 0;
    }
    if ((data[0] & 0x80) != 0) {
        fuzz_file((const char *)data + 1, size - 1, data[0] & 0x7F);
        return 0;
    }
    const char *at = (const char *)data + 1;
    const char *end = (const char *)data + size;
    for (size_t i = 0; i < PARTS; i++) {
        const char *stop = at == end ? NULL : memchr(at, '\0', (size_t)(end - at));
        stop = stop == NULL ? end : stop;
        lengths[i] = (size_t)(stop - at);
        texts[i] = lengths[i] > 0 ? at : GOOD[i];
        lengths[i] = lengths[i] > 0 ? lengths[i] : strlen(GOOD[i]);
        at = stop < end ? stop + 1 : end;
    }
    pack(&file, texts, lengths);
    /* A copy of its own size, so that a read past its end is seen. */
    char *bytes = malloc(file.length);
    if (bytes != NULL) {
        memcpy(bytes, file.bytes, file.length);
        fuzz_file(bytes, file.length, data[0]);
    }
    free(bytes);
    return 0;
}
