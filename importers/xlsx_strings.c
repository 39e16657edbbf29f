/* Shared strings: every text of the workbook once. */
#include "base/limits.h"
#include "base/vec.h"
#include "importers/xlsx_parts.h"

#include <string.h>

struct reading {
    struct xlsx *xlsx;
    struct text text; /* of the item being read */
    size_t phonetic;  /* elements open inside of <rPh> */
    bool in_text;
};

static int hex_digit(char byte)
{
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
           : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
                                        : -1;
}

/* The ASCII character of "_xHHHH_"; others are kept as they stand, for no office writes them. */
static int escaped(const char *at, size_t left)
{
    if (left < 7 || at[0] != '_' || at[1] != 'x' || at[6] != '_') {
        return -1;
    }
    int value = 0;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value > 0 && value < 0x80 ? value : -1;
}

void xlsx_unescape(struct text *text)
{
    if (text->length < 7 || memmem(text->data, text->length, "_x", 2) == NULL) {
        return;
    }
    size_t used = 0;
    for (size_t at = 0; at < text->length;) {
        int value = escaped(text->data + at, text->length - at);
        at += value < 0 ? 0 : 6;
        text->data[used++] = value < 0 ? text->data[at] : (char)value;
        at++;
    }
    text->data[used] = '\0';
    text->length = used;
}

static void keep_string(struct reading *reading, struct xml_stream *xml)
{
    struct xlsx *xlsx = reading->xlsx;
    const char *text = NULL;
    if (reading->text.failed != ERR_NONE) {
        xml_stop(xml, text_status(&reading->text, xlsx->err));
        return;
    }
    xlsx_unescape(&reading->text);
    enum error_code code = cell_pool_keep(&xlsx->book->pool, text_string(&reading->text),
                                          reading->text.length, &text, xlsx->err);
    if (code == ERR_NONE) {
        const char **strings = vec_reserve(xlsx->strings, &xlsx->string_capacity, xlsx->string_count + 1,
                                           sizeof *strings, LIMIT_IMPORT_CELLS);
        if (strings == NULL) {
            code = error_set(xlsx->err, ERR_LIMIT, "工作簿里的文字超过 %zu 条 (more than %zu shared strings)",
                             LIMIT_IMPORT_CELLS, LIMIT_IMPORT_CELLS);
        } else {
            xlsx->strings = strings;
            strings[xlsx->string_count++] = text;
        }
    }
    if (code != ERR_NONE) {
        xml_stop(xml, code);
    }
}

static void on_start(struct xml_stream *xml, void *context, const char *name, const char **attributes)
{
    struct reading *reading = context;
    (void)xml;
    (void)attributes;
    if (reading->phonetic > 0 || strcmp(name, "rPh") == 0) {
        reading->phonetic++;
    } else if (strcmp(name, "si") == 0) {
        text_clear(&reading->text);
    } else if (strcmp(name, "t") == 0) {
        reading->in_text = true;
    }
}

static void on_end(struct xml_stream *xml, void *context, const char *name)
{
    struct reading *reading = context;
    if (reading->phonetic > 0) {
        reading->phonetic--;
    } else if (strcmp(name, "t") == 0) {
        reading->in_text = false;
    } else if (strcmp(name, "si") == 0) {
        keep_string(reading, xml);
    }
}

static void on_text(struct xml_stream *xml, void *context, const char *bytes, size_t length)
{
    struct reading *reading = context;
    (void)xml;
    if (reading->in_text && reading->phonetic == 0) {
        text_add_bytes(&reading->text, bytes, length);
    }
}

enum error_code xlsx_read_strings(struct xlsx *xlsx)
{
    static const struct xml_handlers HANDLERS = {on_start, on_end, on_text};
    struct reading reading = {.xlsx = xlsx};
    text_init(&reading.text, LIMIT_IMPORT_CELL_BYTES);
    enum error_code code = package_parse(xlsx->package, xlsx->strings_part, &HANDLERS, &reading, xlsx->err);
    text_finish(&reading.text);
    return code == ERR_NOT_FOUND ? ERR_NONE : code;
}
