/* importers/xml_scan: XML in UTF-8 by a scanner of our own, for the large parts of workbooks: four times as
 * fast as expat, which takes over when a document is in another encoding (importers/xml_stream.c chooses; a
 * fuzz target holds both against each other). Not read: document types. Not checked: what only a validating
 * reader would miss (an attribute given twice, "]]>" in a text). One thread at a time. */
#ifndef LITANG_IMPORTERS_XML_SCAN_H
#define LITANG_IMPORTERS_XML_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum xml_scan_result {
    SCAN_DONE,   /* all that can be read so far was read */
    SCAN_BROKEN, /* not well-formed, or no UTF-8 */
    SCAN_DOCTYPE,
    SCAN_DEEP,  /* past LIMIT_XML_DEPTH */
    SCAN_LARGE, /* a token past LIMIT_XML_TOKEN_BYTES */
    SCAN_STOPPED,
    SCAN_MEMORY
};

/* Handlers answer false to stop. Names have no prefix; strings live until the handler returns. */
struct xml_scan_handlers {
    bool (*start)(void *context, const char *name, const char **attributes);
    bool (*end)(void *context, const char *name);
    bool (*text)(void *context, const char *bytes, size_t length); /* NULL: not wanted */
};

struct xml_scan;

struct xml_scan *xml_scan_open(const struct xml_scan_handlers *handlers, void *context);
void xml_scan_close(struct xml_scan *scan);
enum xml_scan_result xml_scan_feed(struct xml_scan *scan, const char *bytes, size_t length, bool is_last);
/* The line that was reached, from 1. */
size_t xml_scan_line(const struct xml_scan *scan);

/* Does a document that begins so call for UTF-8? */
bool xml_scan_fits(const char *bytes, size_t length);

#endif
