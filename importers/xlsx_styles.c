/* Which cell styles are dates, times, percentages or codes: number formats, and the formats of cells that
 * point to them. */
#include "base/limits.h"
#include "base/vec.h"
#include "importers/xlsx_parts.h"

#include <stdlib.h>
#include <string.h>

struct own_format {
    uint32_t id;
    struct number_style style;
};

struct reading {
    struct xlsx *xlsx;
    struct {
        struct own_format *items; /* owned */
        size_t count, capacity;
    } formats;
    bool in_cell_formats;
};

static uint32_t number_of(const char *text)
{
    unsigned long value = text == NULL ? 0 : strtoul(text, NULL, 10);
    return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static struct number_style style_of(const struct reading *reading, uint32_t id)
{
    /* A workbook's own format of a built-in number comes first; a few hundred at most. */
    for (size_t i = reading->formats.count; i > 0; i--) {
        if (reading->formats.items[i - 1].id == id) {
            return reading->formats.items[i - 1].style;
        }
    }
    return number_style_builtin(id);
}

static enum error_code too_many(struct xlsx *xlsx)
{
    return error_set(
        xlsx->err, ERR_LIMIT,
        "工作簿的单元格样式过多，不能读取；请把表格复制到新的工作簿再导入 (too many cell styles; copy "
        "the table into a new workbook and import that)");
}

static void add_format(struct reading *reading, struct xml_stream *xml, const char **attributes)
{
    enum {
        FORMATS_MAX = 2000
    };
    const char *code = xml_attribute(attributes, "formatCode");
    if (code == NULL) {
        return;
    }
    struct own_format format = {number_of(xml_attribute(attributes, "numFmtId")), number_style_parse(code)};
    enum error_code result = ERR_NONE;
    VEC_PUSH(result, &reading->formats, format, FORMATS_MAX);
    if (result != ERR_NONE) {
        xml_stop(xml, result == ERR_LIMIT ? too_many(reading->xlsx) : result);
    }
}

static void add_style(struct reading *reading, struct xml_stream *xml, const char **attributes)
{
    struct xlsx *xlsx = reading->xlsx;
    struct number_style *styles = vec_reserve(xlsx->styles, &xlsx->style_capacity, xlsx->style_count + 1,
                                              sizeof *styles, LIMIT_IMPORT_STYLES);
    if (styles == NULL) {
        xml_stop(xml, too_many(xlsx));
        return;
    }
    xlsx->styles = styles;
    styles[xlsx->style_count++] = style_of(reading, number_of(xml_attribute(attributes, "numFmtId")));
}

static void on_start(struct xml_stream *xml, void *context, const char *name, const char **attributes)
{
    struct reading *reading = context;
    if (strcmp(name, "cellXfs") == 0) {
        reading->in_cell_formats = true;
    } else if (strcmp(name, "numFmt") == 0) {
        add_format(reading, xml, attributes);
    } else if (reading->in_cell_formats && strcmp(name, "xf") == 0) {
        add_style(reading, xml, attributes);
    }
}

static void on_end(struct xml_stream *xml, void *context, const char *name)
{
    struct reading *reading = context;
    (void)xml;
    reading->in_cell_formats = reading->in_cell_formats && strcmp(name, "cellXfs") != 0;
}

enum error_code xlsx_read_styles(struct xlsx *xlsx)
{
    static const struct xml_handlers HANDLERS = {on_start, on_end, NULL};
    struct reading reading = {.xlsx = xlsx};
    enum error_code code = package_parse(xlsx->package, xlsx->styles_part, &HANDLERS, &reading, xlsx->err);
    free(reading.formats.items);
    return code == ERR_NOT_FOUND ? ERR_NONE : code;
}
