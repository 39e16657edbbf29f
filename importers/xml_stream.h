/* importers/xml_stream: expat with bounds, for the parts of a workbook and for Excel's XML sheets: no
 * document type (so no entities that multiply), a bounded depth and token, and whoever reads can stop it with
 * a sentence. Names come without their prefix. One thread at a time. */
#ifndef LITANG_IMPORTERS_XML_STREAM_H
#define LITANG_IMPORTERS_XML_STREAM_H

#include "importers/workbook.h"

#include <stdbool.h>

struct xml_stream;

/* `depth` is 1 for the root. Text comes in pieces. NULL: not wanted. */
struct xml_handlers {
    void (*start)(struct xml_stream *xml, void *context, const char *name, const char **attributes);
    void (*end)(struct xml_stream *xml, void *context, const char *name);
    void (*text)(struct xml_stream *xml, void *context, const char *bytes, size_t length);
};

/* NULL when memory is out. `context` is handed to the handlers. `is_expat`: expat whatever the encoding, for
 * the fuzz target that compares. */
struct xml_stream *xml_open(const struct xml_handlers *handlers, void *context, bool is_expat);
void xml_close(struct xml_stream *xml);
/* Feeds a piece; `is_last` ends the document. ERR_SYNTAX: not well-formed, with a document type, or too deep;
 * ERR_LIMIT: one token is larger than LIMIT_XML_TOKEN_BYTES; what xml_stop was told; ERR_MEMORY. `err` says
 * it, except after xml_stop. */
enum error_code xml_feed(struct xml_stream *xml, const char *bytes, size_t length, bool is_last,
                         struct error *err);
/* From a handler: nothing more is parsed and xml_feed answers `code`. The first one stays. */
void xml_stop(struct xml_stream *xml, enum error_code code);

/* The value of the attribute whose name, without prefix, is this; NULL when it is absent. */
const char *xml_attribute(const char **attributes, const char *name);

#endif
