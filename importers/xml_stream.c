#include "importers/xml_stream.h"

#include "base/limits.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

struct xml_stream {
    XML_Parser parser;
    struct xml_handlers handlers;
    void *context;
    size_t depth;
    size_t fed;
    enum error_code stopped;
    bool is_refused; /* a document type or too deep */
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
        (void)XML_StopParser(xml->parser, XML_FALSE);
    }
}

static void refuse(struct xml_stream *xml)
{
    xml->is_refused = true;
    xml_stop(xml, ERR_SYNTAX);
}

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    struct xml_stream *xml = data;
    if (++xml->depth > LIMIT_XML_DEPTH) {
        refuse(xml);
    }
    if (xml->stopped == ERR_NONE && xml->handlers.start != NULL) {
        xml->handlers.start(xml, xml->context, local_name(name), attributes);
    }
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
    struct xml_stream *xml = data;
    xml->depth--;
    if (xml->stopped == ERR_NONE && xml->handlers.end != NULL) {
        xml->handlers.end(xml, xml->context, local_name(name));
    }
}

static void XMLCALL on_text(void *data, const XML_Char *bytes, int length)
{
    struct xml_stream *xml = data;
    if (xml->stopped == ERR_NONE && xml->handlers.text != NULL) {
        xml->handlers.text(xml, xml->context, bytes, (size_t)length);
    }
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int has_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_subset;
    refuse(data);
}

struct xml_stream *xml_open(const struct xml_handlers *handlers, void *context)
{
    struct xml_stream *xml = calloc(1, sizeof *xml);
    if (xml == NULL) {
        return NULL;
    }
    xml->parser = XML_ParserCreate(NULL);
    if (xml->parser == NULL) {
        free(xml);
        return NULL;
    }
    xml->handlers = *handlers;
    xml->context = context;
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, on_start, on_end);
    if (handlers->text != NULL) {
        XML_SetCharacterDataHandler(xml->parser, on_text);
    }
    XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
    return xml;
}

void xml_close(struct xml_stream *xml)
{
    if (xml != NULL) {
        XML_ParserFree(xml->parser);
        free(xml);
    }
}

static enum error_code syntax_error(const struct xml_stream *xml, struct error *err)
{
    if (XML_GetErrorCode(xml->parser) == XML_ERROR_NO_MEMORY) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    return error_set(
        err, ERR_SYNTAX,
        "表格里的 XML 有错（第 %lu 行），文件已损坏；请在 Excel 或 WPS 中打开、另存后再导入 (the XML "
        "is broken at line %lu: open the file in Excel or WPS, save it anew and import that)",
        XML_GetCurrentLineNumber(xml->parser), XML_GetCurrentLineNumber(xml->parser));
}

static enum error_code parse(struct xml_stream *xml, const char *bytes, size_t length, bool is_last,
                             struct error *err)
{
    enum XML_Status status = XML_Parse(xml->parser, bytes, (int)length, is_last);
    xml->fed += length;
    if (xml->stopped != ERR_NONE && !xml->is_refused) {
        return xml->stopped;
    }
    if (xml->is_refused) {
        return error_set(err, ERR_SYNTAX,
                         "表格里的 XML 带有文档类型声明或嵌套过深，不是 Excel 写的；请在 Excel 或 WPS "
                         "中打开、另存后再导入 (the XML has a document type or is nested too deeply, which "
                         "Excel never writes; open the file in Excel or WPS and save it anew)");
    }
    if (status != XML_STATUS_OK) {
        return syntax_error(xml, err);
    }
    XML_Index done = XML_GetCurrentByteIndex(xml->parser);
    if (!is_last && done >= 0 && xml->fed > (size_t)done + LIMIT_XML_TOKEN_BYTES) {
        return error_set(
            err, ERR_LIMIT,
            "表格里有超过 %zu 字节的 XML 标记，不能读取；请在 Excel 或 WPS 中打开、另存后再导入 (an "
            "XML tag of more than %zu bytes; open the file in Excel or WPS and save it anew)",
            LIMIT_XML_TOKEN_BYTES, LIMIT_XML_TOKEN_BYTES);
    }
    return ERR_NONE;
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
    do {
        size_t size = length < PIECE_BYTES ? length : PIECE_BYTES;
        enum error_code code = parse(xml, bytes, size, is_last && size == length, err);
        if (code != ERR_NONE) {
            return code;
        }
        bytes += size;
        length -= size;
    } while (length > 0);
    return ERR_NONE;
}
