#include "importers/format.h"

#include "base/limits.h"
#include "importers/encoding.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

enum {
    /* What is looked at of a text: a page's head with its styles may come before the first table. */
    HEAD_BYTES = 4096,
    /* ZIP, APPNOTE 4.3: end record, central directory header. */
    ZIP_END_BYTES = 22,
    ZIP_ENTRY_BYTES = 46,
    ZIP_COMMENT_BYTES = 65535,
    /* [MS-CFB] 2.2, 2.6: header, and directory entries of 128 bytes on their own boundaries. */
    OLE_HEADER_BYTES = 512,
    OLE_ENTRY_BYTES = 128
};

const char *format_name(enum format format)
{
    static const char *const NAMES[FORMAT_COUNT] = {
#define X(code, name, refusal) [code] = name,
        FORMAT_LIST(X)
#undef X
    };
    return format < FORMAT_COUNT ? NAMES[format] : "";
}

const char *format_refusal(enum format format)
{
    static const char *const REFUSALS[FORMAT_COUNT] = {
#define X(code, name, refusal) [code] = refusal,
        FORMAT_LIST(X)
#undef X
    };
    return format < FORMAT_COUNT ? REFUSALS[format] : NULL;
}

static uint32_t little(const char *bytes, size_t size)
{
    uint32_t value = 0;
    for (size_t i = size; i > 0; i--) {
        value = value << 8 | (unsigned char)bytes[i - 1];
    }
    return value;
}

/* The end record lies before a comment of at most 64 KiB; NULL when the file was cut. */
static const char *zip_end(const char *bytes, size_t length)
{
    for (size_t back = ZIP_END_BYTES; back <= length && back <= ZIP_END_BYTES + ZIP_COMMENT_BYTES; back++) {
        if (memcmp(bytes + length - back, "PK\x05\x06", 4) == 0) {
            return bytes + length - back;
        }
    }
    return NULL;
}

static enum format zip_entry_format(const char *name, size_t length)
{
    static const struct {
        const char *name;
        enum format format;
    } PARTS[] = {{"xl/workbook.xml", FORMAT_XLSX},      {"xl/workbook.bin", FORMAT_XLSB},
                 {"word/document.xml", FORMAT_WORD},    {"ppt/presentation.xml", FORMAT_SLIDES},
                 {"META-INF/manifest.xml", FORMAT_ODS}, {"EncryptedPackage", FORMAT_ENCRYPTED}};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        if (strlen(PARTS[i].name) == length && strncasecmp(PARTS[i].name, name, length) == 0) {
            return PARTS[i].format;
        }
    }
    return FORMAT_ARCHIVE;
}

static enum format detect_zip(const char *bytes, size_t length)
{
    const char *end = zip_end(bytes, length);
    if (end == NULL) {
        return FORMAT_DAMAGED;
    }
    size_t at = little(end + 16, 4);
    size_t count = little(end + 10, 2);
    size_t limit = (size_t)(end - bytes);
    enum format format = FORMAT_ARCHIVE;
    for (size_t i = 0; i < count && at + ZIP_ENTRY_BYTES <= limit; i++) {
        const char *entry = bytes + at;
        size_t name = little(entry + 28, 2);
        if (memcmp(entry, "PK\x01\x02", 4) != 0 || at + ZIP_ENTRY_BYTES + name > limit) {
            return FORMAT_DAMAGED;
        }
        enum format told = zip_entry_format(entry + ZIP_ENTRY_BYTES, name);
        if (told != FORMAT_ARCHIVE && told != FORMAT_ODS) {
            return told;
        }
        format = told == FORMAT_ODS ? told : format;
        at += ZIP_ENTRY_BYTES + name + little(entry + 30, 2) + little(entry + 32, 2);
    }
    return format;
}

/* Is the directory entry's name (UTF-16LE, its size with the ending zero at offset 64) this one? */
static bool ole_entry_is(const char *entry, const char *name)
{
    size_t length = strlen(name);
    if (little(entry + 64, 2) != 2 * (length + 1)) {
        return false;
    }
    for (size_t i = 0; i <= length; i++) {
        if (entry[2 * i] != name[i] || entry[2 * i + 1] != '\0') {
            return false;
        }
    }
    return true;
}

static enum format detect_ole(const char *bytes, size_t length)
{
    static const struct {
        const char *name;
        enum format format;
    } STREAMS[] = {{"EncryptedPackage", FORMAT_ENCRYPTED},
                   {"Workbook", FORMAT_XLS},
                   {"Book", FORMAT_XLS},
                   {"WordDocument", FORMAT_WORD},
                   {"PowerPoint Document", FORMAT_SLIDES}};
    size_t best = sizeof STREAMS / sizeof *STREAMS;
    for (size_t at = OLE_HEADER_BYTES; at + OLE_ENTRY_BYTES <= length; at += OLE_ENTRY_BYTES) {
        for (size_t i = 0; i < best; i++) {
            best = ole_entry_is(bytes + at, STREAMS[i].name) ? i : best;
        }
    }
    return best < sizeof STREAMS / sizeof *STREAMS ? STREAMS[best].format : FORMAT_DAMAGED;
}

static bool contains(const char *text, const char *word)
{
    return strcasestr(text, word) != NULL;
}

static enum format detect_markup(const char *head)
{
    static const char *const TAGS[] = {"<html", "<!doctype html", "<table", "<tr",    "<meta", "<head",
                                       "<body", "<style",         "<div",   "<tbody", NULL};
    bool is_xml = strncasecmp(head, "<?xml", 5) == 0;
    if (contains(head, "schemas-microsoft-com:office:spreadsheet") && contains(head, "<workbook") &&
        !contains(head, "<html")) {
        return FORMAT_XML_SHEET;
    }
    if (contains(head, "office:document")) {
        return FORMAT_ODS;
    }
    for (size_t i = 0; TAGS[i] != NULL; i++) {
        if (contains(head, TAGS[i])) {
            return FORMAT_HTML;
        }
    }
    return is_xml ? FORMAT_XML_OTHER : FORMAT_TEXT;
}

/* The beginning as ASCII: marks, zero bytes of UTF-16 and blanks before the first character are left out. */
static bool text_head(const char *bytes, size_t length, char ret_head[HEAD_BYTES + 1])
{
    bool is_wide = encoding_utf16(bytes, length) != NULL;
    size_t at = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    at = length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0) ? 2 : at;
    size_t used = 0;
    bool has_zero = false;
    for (; at < length && used < HEAD_BYTES; at++) {
        bool is_blank = bytes[at] == ' ' || (bytes[at] >= '\t' && bytes[at] <= '\r');
        has_zero = has_zero || bytes[at] == '\0';
        if (bytes[at] != '\0' && !(used == 0 && is_blank)) {
            ret_head[used++] = bytes[at];
        }
    }
    ret_head[used] = '\0';
    return is_wide || !has_zero;
}

static enum format detect_text(const char *bytes, size_t length)
{
    char head[HEAD_BYTES + 1];
    bool is_text = text_head(bytes, length, head);
    if (head[0] == '\0') {
        return FORMAT_EMPTY;
    }
    if (strncasecmp(head, "BEGIN:VCALENDAR", 15) == 0) {
        return FORMAT_ICS;
    }
    if (strncasecmp(head, "MIME-Version:", 13) == 0) {
        return FORMAT_MHTML;
    }
    if (head[0] == '<') {
        return detect_markup(head);
    }
    return is_text ? FORMAT_TEXT : FORMAT_OTHER;
}

enum format format_detect(const char *bytes, size_t length)
{
    static const struct {
        size_t offset, size;
        const char *magic;
        enum format format;
    } MAGICS[] = {{0, 5, "%PDF-", FORMAT_PDF},
                  {0, 5, "{\\rtf", FORMAT_WORD},
                  {0, 4, "\x89PNG", FORMAT_IMAGE},
                  {0, 3, "\xFF\xD8\xFF", FORMAT_IMAGE},
                  {0, 5, "GIF87", FORMAT_IMAGE},
                  {0, 5, "GIF89", FORMAT_IMAGE},
                  {0, 4, "II*\x00", FORMAT_IMAGE},
                  {0, 4, "MM\x00*", FORMAT_IMAGE},
                  {8, 4, "WEBP", FORMAT_IMAGE},
                  {4, 8, "ftypheic", FORMAT_IMAGE},
                  {6, 4, "\x00\x00\x00\x00", FORMAT_IMAGE}, /* with "BM", see below */
                  {0, 4, "Rar!", FORMAT_ARCHIVE},
                  {0, 6, "7z\xBC\xAF\x27\x1C", FORMAT_ARCHIVE},
                  {0, 3, "\x1F\x8B\x08", FORMAT_ARCHIVE},
                  /* BOF records of BIFF2, 3 and 4 without a container. */
                  {0, 4, "\x09\x00\x04\x00", FORMAT_XLS_OLD},
                  {0, 4, "\x09\x02\x06\x00", FORMAT_XLS_OLD},
                  {0, 4, "\x09\x04\x06\x00", FORMAT_XLS_OLD}};
    for (size_t i = 0; i < sizeof MAGICS / sizeof *MAGICS; i++) {
        bool is_there = length >= MAGICS[i].offset + MAGICS[i].size &&
                        memcmp(bytes + MAGICS[i].offset, MAGICS[i].magic, MAGICS[i].size) == 0;
        bool is_bitmap = MAGICS[i].offset != 6 || memcmp(bytes, "BM", 2) == 0;
        if (is_there && is_bitmap) {
            return MAGICS[i].format;
        }
    }
    if (length >= 4 && (memcmp(bytes, "PK\x03\x04", 4) == 0 || memcmp(bytes, "PK\x05\x06", 4) == 0)) {
        return detect_zip(bytes, length);
    }
    if (length >= 8 && memcmp(bytes, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0) {
        return detect_ole(bytes, length);
    }
    return detect_text(bytes, length);
}
