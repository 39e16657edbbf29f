#include "importers/xlsx.h"

#include "base/limits.h"
#include "importers/xlsx_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_true(const char *value)
{
    return value != NULL &&
           (strcmp(value, "1") == 0 || strcmp(value, "true") == 0 || strcmp(value, "on") == 0);
}

static void sheet_entry(struct xlsx *xlsx, struct xml_stream *xml, const char **attributes)
{
    const char *name = xml_attribute(attributes, "name");
    const char *state = xml_attribute(attributes, "state");
    const char *relation = xml_attribute(attributes, "id");
    if (name == NULL || relation == NULL) {
        return;
    }
    if (xlsx->sheet_count >= LIMIT_IMPORT_SHEETS) {
        xml_stop(xml, error_set(xlsx->err, ERR_LIMIT,
                                "工作表超过 %zu 张；请拆成几个文件 (more than %zu sheets; split the file)",
                                LIMIT_IMPORT_SHEETS, LIMIT_IMPORT_SHEETS));
        return;
    }
    struct xlsx_sheet *sheet = &xlsx->sheets[xlsx->sheet_count++];
    (void)snprintf(sheet->name, sizeof sheet->name, "%.*s",
                   (int)utf8_cut(name, strlen(name), sizeof sheet->name - 1), name);
    (void)snprintf(sheet->relation, sizeof sheet->relation, "%s", relation);
    sheet->is_hidden = state != NULL && strcmp(state, "visible") != 0;
}

static void workbook_start(struct xml_stream *xml, void *context, const char *name, const char **attributes)
{
    struct xlsx *xlsx = context;
    if (strcmp(name, "workbookPr") == 0) {
        xlsx->is_1904 = is_true(xml_attribute(attributes, "date1904"));
    } else if (strcmp(name, "sheet") == 0) {
        sheet_entry(xlsx, xml, attributes);
    }
}

/* Targets are relative to xl/, or absolute. */
static void part_path(const char *target, char ret_part[XLSX_NAME_BYTES])
{
    bool is_absolute = *target == '/';
    target += is_absolute ? 1 : strncmp(target, "./", 2) == 0 ? 2 : 0;
    (void)snprintf(ret_part, XLSX_NAME_BYTES, "%s%s", is_absolute ? "" : "xl/", target);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t size = strlen(end);
    return length >= size && strcmp(text + length - size, end) == 0;
}

static void relation_start(struct xml_stream *xml, void *context, const char *name, const char **attributes)
{
    struct xlsx *xlsx = context;
    const char *id = xml_attribute(attributes, "Id");
    const char *type = xml_attribute(attributes, "Type");
    const char *target = xml_attribute(attributes, "Target");
    (void)xml;
    if (strcmp(name, "Relationship") != 0 || id == NULL || type == NULL || target == NULL) {
        return;
    }
    if (ends_with(type, "/sharedStrings")) {
        part_path(target, xlsx->strings_part);
    } else if (ends_with(type, "/styles")) {
        part_path(target, xlsx->styles_part);
    }
    for (size_t i = 0; i < xlsx->sheet_count && ends_with(type, "/worksheet"); i++) {
        if (strcmp(xlsx->sheets[i].relation, id) == 0) {
            part_path(target, xlsx->sheets[i].part);
        }
    }
}

static enum error_code read_parts(struct xlsx *xlsx)
{
    static const struct xml_handlers WORKBOOK = {.start = workbook_start};
    static const struct xml_handlers RELATIONS = {.start = relation_start};
    enum error_code code = package_parse(xlsx->package, "xl/workbook.xml", &WORKBOOK, xlsx, xlsx->err);
    if (code == ERR_NONE) {
        code = package_parse(xlsx->package, "xl/_rels/workbook.xml.rels", &RELATIONS, xlsx, xlsx->err);
    }
    if (code == ERR_NONE && xlsx->styles_part[0] != '\0') {
        code = xlsx_read_styles(xlsx);
    }
    if (code == ERR_NONE && xlsx->strings_part[0] != '\0') {
        code = xlsx_read_strings(xlsx);
    }
    for (size_t i = 0; i < xlsx->sheet_count && code == ERR_NONE; i++) {
        struct sheet *sheet = NULL;
        if (xlsx->sheets[i].part[0] == '\0') {
            continue;
        }
        code = workbook_add(xlsx->book, xlsx->sheets[i].name, &sheet, xlsx->err);
        if (code == ERR_NONE) {
            sheet->is_hidden = xlsx->sheets[i].is_hidden;
            code = xlsx_read_sheet(xlsx, xlsx->sheets[i].part, sheet);
        }
    }
    return code;
}

enum error_code xlsx_read(struct workbook *book, const char *bytes, size_t length, struct error *err)
{
    struct xlsx xlsx = {.book = book, .err = err};
    enum error_code code = package_open(bytes, length, &xlsx.package, err);
    xlsx.sheets = calloc(LIMIT_IMPORT_SHEETS, sizeof *xlsx.sheets);
    if (code == ERR_NONE && xlsx.sheets == NULL) {
        code = error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    if (code == ERR_NONE) {
        code = read_parts(&xlsx);
    }
    if (code == ERR_NOT_FOUND) {
        code = error_set(err, ERR_INPUT, "%s", format_refusal(FORMAT_DAMAGED));
    }
    free(xlsx.styles);
    free(xlsx.strings);
    free(xlsx.sheets);
    package_close(xlsx.package);
    return code;
}
