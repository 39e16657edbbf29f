#include "importers/xml_stream.h"

#include "base/limits.h"
#include "importers/xml_scan.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

struct xml_stream {
    struct xml_handlers handlers;
    void *context;
    struct xml_scan *scan; /* owned; one of the two after the first bytes */
    XML_Parser parser;     /* owned */
    bool is_expat;         /* asked for */
    size_t depth;          /* the parser's */
    size_t fed;
    enum error_code stopped;
    bool is_doctype, is_deep;
};

static const char *local_name(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon == NULL ? name : colon + 1;
}

const char *xml_attribute(const char **attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2) {
        if (strcmp(local_name(attributes[0]), name) == 0) {
            return attributes[1];
        }
    }
    return NULL;
}

void xml_stop(struct xml_stream *xml, enum error_code code)
{
    if (xml->stopped == ERR_NONE) {
        xml->stopped = code;
        if (xml->parser != NULL) {
            (void)XML_StopParser(xml->parser, XML_FALSE);
        }
    }
}

/* ---- both readers' handlers ---- */

static bool scan_start(void *data, const char *name, const char **attributes)
{
    struct xml_stream *xml = data;
    if (xml->handlers.start != NULL) {
        xml->handlers.start(xml, xml->context, name, attributes);
    }
    return xml->stopped == ERR_NONE;
}

static bool scan_end(void *data, const char *name)
{
    struct xml_stream *xml = data;
    if (xml->handlers.end != NULL) {
        xml->handlers.end(xml, xml->context, name);
    }
    return xml->stopped == ERR_NONE;
}

static bool scan_text(void *data, const char *bytes, size_t length)
{
    struct xml_stream *xml = data;
    xml->handlers.text(xml, xml->context, bytes, length);
    return xml->stopped == ERR_NONE;
}

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    struct xml_stream *xml = data;
    if (++xml->depth > LIMIT_XML_DEPTH) {
        xml->is_deep = true;
        xml_stop(xml, ERR_SYNTAX);
    }
    if (xml->stopped == ERR_NONE) {
        (void)scan_start(xml, local_name(name), attributes);
    }
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
    struct xml_stream *xml = data;
    xml->depth--;
    if (xml->stopped == ERR_NONE) {
        (void)scan_end(xml, local_name(name));
    }
}

static void XMLCALL on_text(void *data, const XML_Char *bytes, int length)
{
    struct xml_stream *xml = data;
    if (xml->stopped == ERR_NONE) {
        (void)scan_text(xml, bytes, (size_t)length);
    }
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int has_subset)
{
    struct xml_stream *xml = data;
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_subset;
    xml->is_doctype = true;
    xml_stop(xml, ERR_SYNTAX);
}

struct xml_stream *xml_open(const struct xml_handlers *handlers, void *context, bool is_expat)
{
    struct xml_stream *xml = calloc(1, sizeof *xml);
    if (xml != NULL) {
        xml->handlers = *handlers;
        xml->context = context;
        xml->is_expat = is_expat;
    }
    return xml;
}

void xml_close(struct xml_stream *xml)
{
    if (xml != NULL) {
        xml_scan_close(xml->scan);
        if (xml->parser != NULL) {
            XML_ParserFree(xml->parser);
        }
        free(xml);
    }
}

/* Which reader, by the first bytes. */
static bool begin(struct xml_stream *xml, const char *bytes, size_t length)
{
    if (!xml->is_expat && xml_scan_fits(bytes, length)) {
        const struct xml_scan_handlers handlers = {scan_start, scan_end,
                                                   xml->handlers.text == NULL ? NULL : scan_text};
        xml->scan = xml_scan_open(&handlers, xml);
        return xml->scan != NULL;
    }
    xml->parser = XML_ParserCreate(NULL);
    if (xml->parser == NULL) {
        return false;
    }
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, on_start, on_end);
    if (xml->handlers.text != NULL) {
        XML_SetCharacterDataHandler(xml->parser, on_text);
    }
    XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
    return true;
}

/* ---- what went wrong ---- */

static enum error_code out_of_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

static enum error_code broken(unsigned long line, struct error *err)
{
    return error_set(err, ERR_SYNTAX,
                     "表格里的 XML 有错（第 %lu 行），文件已损坏；请在 Excel 或 WPS 中打开、另存后再导入 "
                     "(the XML is broken at "
                     "line %lu: open the file in Excel or WPS, save it anew and import that)",
                     line, line);
}

static enum error_code never_written(struct error *err)
{
    return error_set(
        err, ERR_SYNTAX,
        "表格里的 XML 带有文档类型声明或嵌套过深，不是 Excel 写的；请在 Excel 或 WPS "
        "中打开、另存后再导入 (the XML has a document type or is nested too deeply, which Excel never "
        "writes; open the file in Excel or WPS and save it anew)");
}

static enum error_code too_large(struct error *err)
{
    return error_set(
        err, ERR_LIMIT,
        "表格里有超过 %zu 字节的 XML 标记，不能读取；请在 Excel 或 WPS 中打开、另存后再导入 (an XML tag "
        "of more than %zu bytes; open the file in Excel or WPS and save it anew)",
        LIMIT_XML_TOKEN_BYTES, LIMIT_XML_TOKEN_BYTES);
}

static enum error_code scan_piece(struct xml_stream *xml, const char *bytes, size_t length, bool is_last,
                                  struct error *err)
{
    switch (xml_scan_feed(xml->scan, bytes, length, is_last)) {
    case SCAN_DONE:
        return ERR_NONE;
    case SCAN_STOPPED:
        return xml->stopped;
    case SCAN_DOCTYPE:
    case SCAN_DEEP:
        return never_written(err);
    case SCAN_LARGE:
        return too_large(err);
    case SCAN_MEMORY:
        return out_of_memory(err);
    default:
        return broken(xml_scan_line(xml->scan), err);
    }
}

static enum error_code parse_piece(struct xml_stream *xml, const char *bytes, size_t length, bool is_last,
                                   struct error *err)
{
    enum XML_Status status = XML_Parse(xml->parser, bytes, (int)length, is_last);
    xml->fed += length;
    if (xml->is_doctype || xml->is_deep) {
        return never_written(err);
    }
    if (xml->stopped != ERR_NONE) {
        return xml->stopped;
    }
    if (status != XML_STATUS_OK) {
        return XML_GetErrorCode(xml->parser) == XML_ERROR_NO_MEMORY
                   ? out_of_memory(err)
                   : broken(XML_GetCurrentLineNumber(xml->parser), err);
    }
    XML_Index done = XML_GetCurrentByteIndex(xml->parser);
    bool is_stuck = !is_last && done >= 0 && xml->fed > (size_t)done + LIMIT_XML_TOKEN_BYTES;
    return is_stuck ? too_large(err) : ERR_NONE;
}

enum error_code xml_feed(struct xml_stream *xml, const char *bytes, size_t length, bool is_last,
                         struct error *err)
{
    enum {
        PIECE_BYTES = 64 * 1024
    };
    if (xml->stopped != ERR_NONE) {
        return xml->stopped;
    }
    if (xml->scan == NULL && xml->parser == NULL && !begin(xml, bytes, length)) {
        return out_of_memory(err);
    }
    do {
        size_t size = length < PIECE_BYTES ? length : PIECE_BYTES;
        bool is_end = is_last && size == length;
        enum error_code code = xml->scan != NULL ? scan_piece(xml, bytes, size, is_end, err)
                                                 : parse_piece(xml, bytes, size, is_end, err);
        if (code != ERR_NONE) {
            return code;
        }
        bytes += size;
        length -= size;
    } while (length > 0);
    return ERR_NONE;
}
