#include "importers/xml_sheet.h"

#include "base/limits.h"
#include "base/text.h"
#include "importers/number_style.h"
#include "importers/xml_stream.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* Styles that carry a number format; a workbook has a few. */
    STYLES_MAX = 256,
    STYLE_NAME_SIZE = 32
};

struct style {
    char name[STYLE_NAME_SIZE];
    struct number_style number;
};

enum data_type {
    DATA_TEXT,
    DATA_NUMBER,
    DATA_DATE,
    DATA_BOOLEAN
};

struct reading {
    struct workbook *book;
    struct error *err;
    struct sheet *sheet;
    struct style styles[STYLES_MAX];
    size_t style_count;
    struct number_style number; /* of the cell being read */
    uint32_t row, column;       /* from 1; of the row and cell being read */
    uint32_t across, down;      /* cells that it is merged with */
    bool is_row_begun, is_row_hidden, in_data, has_formula;
    enum data_type type;
    struct text text;
};

static uint32_t number_of(const char *text, uint32_t otherwise)
{
    char *end = NULL;
    unsigned long value = text == NULL ? 0 : strtoul(text, &end, 10);
    return text == NULL || end == text || value > UINT32_MAX / 2 ? otherwise : (uint32_t)value;
}

static void style_start(struct reading *reading, const char **attributes)
{
    const char *name = xml_attribute(attributes, "ID");
    if (name == NULL || reading->style_count >= STYLES_MAX || strlen(name) >= STYLE_NAME_SIZE) {
        return;
    }
    struct style *style = &reading->styles[reading->style_count++];
    memcpy(style->name, name, strlen(name) + 1);
    style->number = (struct number_style){.kind = NUMBER_PLAIN};
}

static struct number_style format_style(const char *format)
{
    static const struct {
        const char *name;
        enum number_kind kind;
    } NAMES[] = {{"Short Date", NUMBER_DATE},  {"Long Date", NUMBER_DATE},
                 {"Medium Date", NUMBER_DATE}, {"General Date", NUMBER_DATE_TIME},
                 {"Short Time", NUMBER_TIME},  {"Medium Time", NUMBER_TIME},
                 {"Long Time", NUMBER_TIME},   {"Percent", NUMBER_PERCENT}};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (strcmp(NAMES[i].name, format) == 0) {
            return (struct number_style){.kind = NAMES[i].kind};
        }
    }
    return number_style_parse(format);
}

static void sheet_start(struct reading *reading, struct xml_stream *xml, const char **attributes)
{
    const char *name = xml_attribute(attributes, "Name");
    enum error_code code =
        workbook_add(reading->book, name == NULL ? "" : name, &reading->sheet, reading->err);
    reading->row = 0;
    if (code != ERR_NONE) {
        xml_stop(xml, code);
        return;
    }
    workbook_at(reading->book, reading->sheet->name, 0);
}

static void row_start(struct reading *reading, const char **attributes)
{
    const char *hidden = xml_attribute(attributes, "Hidden");
    reading->row = number_of(xml_attribute(attributes, "Index"), reading->row + 1);
    reading->column = 0;
    reading->across = 0;
    reading->is_row_begun = false;
    reading->is_row_hidden = hidden != NULL && strcmp(hidden, "1") == 0;
    workbook_at(reading->book, reading->sheet->name, reading->row);
}

static void cell_start(struct reading *reading, const char **attributes)
{
    const char *style = xml_attribute(attributes, "StyleID");
    uint32_t next = reading->column + reading->across + 1;
    reading->column = number_of(xml_attribute(attributes, "Index"), next);
    reading->across = number_of(xml_attribute(attributes, "MergeAcross"), 0);
    reading->down = number_of(xml_attribute(attributes, "MergeDown"), 0);
    reading->number = (struct number_style){.kind = NUMBER_PLAIN};
    for (size_t i = 0; style != NULL && i < reading->style_count; i++) {
        reading->number =
            strcmp(reading->styles[i].name, style) == 0 ? reading->styles[i].number : reading->number;
    }
    reading->type = DATA_TEXT;
    reading->has_formula = xml_attribute(attributes, "Formula") != NULL;
    text_clear(&reading->text);
}

static void data_start(struct reading *reading, const char **attributes)
{
    const char *type = xml_attribute(attributes, "Type");
    reading->in_data = true;
    reading->type = type == NULL                    ? DATA_TEXT
                    : strcmp(type, "Number") == 0   ? DATA_NUMBER
                    : strcmp(type, "DateTime") == 0 ? DATA_DATE
                    : strcmp(type, "Boolean") == 0  ? DATA_BOOLEAN
                                                    : DATA_TEXT;
}

static void on_start(struct xml_stream *xml, void *context, const char *name, const char **attributes)
{
    struct reading *reading = context;
    if (strcmp(name, "Worksheet") == 0) {
        sheet_start(reading, xml, attributes);
    } else if (strcmp(name, "Style") == 0) {
        style_start(reading, attributes);
    } else if (strcmp(name, "NumberFormat") == 0 && reading->style_count > 0) {
        const char *format = xml_attribute(attributes, "Format");
        reading->styles[reading->style_count - 1].number = format_style(format == NULL ? "" : format);
    } else if (reading->sheet == NULL) {
        return;
    } else if (strcmp(name, "Row") == 0) {
        row_start(reading, attributes);
    } else if (strcmp(name, "Cell") == 0) {
        cell_start(reading, attributes);
    } else if (strcmp(name, "Data") == 0) {
        data_start(reading, attributes);
    }
}

static void on_text(struct xml_stream *xml, void *context, const char *bytes, size_t length)
{
    struct reading *reading = context;
    (void)xml;
    if (reading->in_data) {
        text_add_bytes(&reading->text, bytes, length);
    }
}

/* "2024-05-12T14:30:00.000": the parts that the cell shows. A bare time counts from 1899-12-31. */
static size_t date_text(const struct reading *reading, char ret_text[NUMBER_TEXT_SIZE])
{
    const char *text = text_string(&reading->text);
    if (reading->text.length < 19 || text[10] != 'T') {
        return 0;
    }
    bool has_time = memcmp(text + 11, "00:00:00", 8) != 0;
    bool is_time = strncmp(text, "1899-12-3", 9) == 0 || reading->number.kind == NUMBER_TIME;
    size_t clock = memcmp(text + 17, "00", 2) == 0 ? 5 : 8;
    size_t length = 0;
    if (!is_time) {
        memcpy(ret_text, text, 10);
        length = 10;
    }
    if (is_time || (has_time && reading->number.kind != NUMBER_DATE)) {
        if (length > 0) {
            ret_text[length++] = ' ';
        }
        memcpy(ret_text + length, text + 11, clock);
        length += clock;
    }
    ret_text[length] = '\0';
    return length;
}

static enum error_code put(struct reading *reading, const char *bytes, size_t length)
{
    enum error_code code = ERR_NONE;
    if (length == 0) {
        return ERR_NONE;
    }
    if (!reading->is_row_begun) {
        reading->is_row_begun = true;
        code = sheet_row_begin(reading->sheet, reading->row, reading->err);
        if (reading->is_row_hidden) {
            reading->sheet->hidden_row =
                reading->sheet->hidden_rows == 0 ? reading->row : reading->sheet->hidden_row;
            reading->sheet->hidden_rows++;
        }
    }
    if (code == ERR_NONE) {
        code = sheet_cell(reading->sheet, reading->column, bytes, length, reading->err);
    }
    if (code == ERR_NONE && reading->row <= LIMIT_IMPORT_ROWS && reading->column <= LIMIT_IMPORT_COLUMNS) {
        code = sheet_add_merge(reading->sheet,
                               (struct sheet_merge){reading->row, reading->row + reading->down,
                                                    reading->column, reading->column + reading->across},
                               reading->err);
    }
    return code;
}

static enum error_code cell_end(struct reading *reading)
{
    char text[NUMBER_TEXT_SIZE];
    size_t length = 0;
    enum error_code code = text_status(&reading->text, reading->err);
    if (code != ERR_NONE) {
        return code;
    }
    const char *value = text_string(&reading->text);
    char *end = NULL;
    if (reading->type == DATA_NUMBER) {
        double number = strtod(value, &end);
        length = end != value && *end == '\0' ? number_text(number, reading->number, false, text) : 0;
    } else if (reading->type == DATA_DATE) {
        length = date_text(reading, text);
    } else if (reading->type == DATA_BOOLEAN) {
        return strcmp(value, "1") == 0 ? put(reading, "TRUE", 4) : put(reading, "FALSE", 5);
    }
    return length > 0 ? put(reading, text, length) : put(reading, value, reading->text.length);
}

static void on_end(struct xml_stream *xml, void *context, const char *name)
{
    struct reading *reading = context;
    if (strcmp(name, "Data") == 0) {
        reading->in_data = false;
    } else if (strcmp(name, "Cell") == 0 && reading->sheet != NULL) {
        enum error_code code = cell_end(reading);
        if (code != ERR_NONE) {
            xml_stop(xml, code);
        }
    }
}

enum error_code xml_sheet_read(struct workbook *book, const char *bytes, size_t length, struct error *err)
{
    static const struct xml_handlers HANDLERS = {on_start, on_end, on_text};
    struct reading *reading = calloc(1, sizeof *reading);
    struct xml_stream *xml = reading == NULL ? NULL : xml_open(&HANDLERS, reading, false);
    enum error_code code = ERR_NONE;
    if (xml == NULL) {
        code = error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
        goto done;
    }
    reading->book = book;
    reading->err = err;
    text_init(&reading->text, LIMIT_IMPORT_CELL_BYTES);
    /* Blanks before <?xml are no XML, but some systems write them. */
    size_t skip = 0;
    while (skip < length && (bytes[skip] == ' ' || (bytes[skip] >= '\t' && bytes[skip] <= '\r'))) {
        skip++;
    }
    code = xml_feed(xml, bytes + skip, length - skip, true, err);
    text_finish(&reading->text);
    if (code == ERR_NONE && book->sheet_count == 0) {
        code = error_set(err, ERR_INPUT, "%s", format_refusal(FORMAT_XML_OTHER));
    }
done:
    xml_close(xml);
    free(reading);
    return code == ERR_SYNTAX ? ERR_INPUT : code;
}
