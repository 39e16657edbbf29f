/* libFuzzer target: our XML scanner beside expat. What expat accepts, the scanner accepts and reads alike,
 * whatever the pieces in which it comes. The first byte is the size of a piece. */
#include "base/limits.h"
#include "base/text.h"
#include "importers/xml_scan.h"
#include "importers/xml_stream.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_start(struct xml_stream *xml, void *context, const char *name, const char **attributes)
{
    (void)xml;
    text_addf(context, "<%s", name);
    for (; attributes[0] != NULL; attributes += 2) {
        text_addf(context, " %s=\"%s\"", attributes[0], attributes[1]);
    }
    text_add_char(context, '>');
}

static void on_end(struct xml_stream *xml, void *context, const char *name)
{
    (void)xml;
    text_addf(context, "</%s>", name);
}

static void on_text(struct xml_stream *xml, void *context, const char *bytes, size_t length)
{
    (void)xml;
    text_add_bytes(context, bytes, length);
}

static enum error_code read_all(const char *bytes, size_t length, size_t piece, bool is_expat,
                                struct text *out)
{
    static const struct xml_handlers HANDLERS = {on_start, on_end, on_text};
    struct xml_stream *xml = xml_open(&HANDLERS, out, is_expat);
    enum error_code code = ERR_NONE;
    while (code == ERR_NONE && xml != NULL) {
        size_t part = length < piece ? length : piece;
        code = xml_feed(xml, bytes, part, part == length, NULL);
        if (part == length) {
            break;
        }
        bytes += part;
        length -= part;
    }
    xml_close(xml);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text ours;
    struct text theirs;
    if (size < 2) {
        return 0;
    }
    const char *bytes = (const char *)data + 1;
    size_t piece = data[0] == 0 ? size : data[0];
    /* The first piece must show the encoding. */
    piece = piece < 200 ? 200 + piece : piece;
    if (!xml_scan_fits(bytes, size - 1)) {
        return 0;
    }
    text_init(&ours, 1 << 20);
    text_init(&theirs, 1 << 20);
    enum error_code code = read_all(bytes, size - 1, piece, false, &ours);
    if (read_all(bytes, size - 1, size, true, &theirs) == ERR_NONE &&
        (code != ERR_NONE || strcmp(text_string(&ours), text_string(&theirs)) != 0)) {
        abort();
    }
    text_finish(&theirs);
    text_finish(&ours);
    return 0;
}
