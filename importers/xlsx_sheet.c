/* One worksheet's cells and merged ranges. */
#include "base/limits.h"
#include "importers/xlsx_parts.h"

#include <stdlib.h>
#include <string.h>

enum cell_type {
    CELL_NUMBER,
    CELL_SHARED,
    CELL_INLINE,
    CELL_FORMULA_TEXT,
    CELL_BOOLEAN,
    CELL_ERROR,
    CELL_ISO_DATE
};

enum {
    /* A year has 365 dates. */
    SHOWN_COUNT = 512,
    SHOWN_VALUE_SIZE = 20
};

/* A number that came before, and how its style showed it. */
struct shown {
    char value[SHOWN_VALUE_SIZE];
    uint32_t style;
    const char *text; /* the pool's; NULL: none yet */
};

struct reading {
    struct xlsx *xlsx;
    struct sheet *sheet;
    uint32_t row, column; /* from 1; of the row and cell being read */
    bool is_row_begun;    /* in the sheet: at its first text */
    bool is_row_hidden;
    bool in_value; /* <v>, or <t> of an inline string */
    bool is_formula, has_value;
    size_t phonetic;
    enum cell_type type;
    uint32_t style;
    struct text text;
    struct shown shown[SHOWN_COUNT];
};

/* Most elements have names of one letter. */
static bool is_letter(const char *name, char letter)
{
    return name[0] == letter && name[1] == '\0';
}

/* A decimal number up to its first other character; 0 when there is none or it is too large. */
static uint32_t digits_take(const char **at)
{
    uint64_t value = 0;
    for (; **at >= '0' && **at <= '9'; ++*at) {
        value = value > UINT32_MAX ? value : value * 10 + (uint64_t)(**at - '0');
    }
    return value > UINT32_MAX ? 0 : (uint32_t)value;
}

/* "AB12": column 28, row 12. False for anything else. */
static bool address_take(const char **at, uint32_t *ret_column, uint32_t *ret_row)
{
    uint32_t column = 0;
    for (; ((**at >= 'A' && **at <= 'Z') || (**at >= 'a' && **at <= 'z')) && column < 1U << 24; ++*at) {
        column = column * 26 + (uint32_t)((**at & ~0x20) - 'A' + 1);
    }
    uint32_t row = digits_take(at);
    if (column == 0 || row == 0) {
        return false;
    }
    *ret_column = column;
    *ret_row = row;
    return true;
}

static enum cell_type type_of(const char *name)
{
    static const struct {
        const char *name;
        enum cell_type type;
    } TYPES[] = {{"s", CELL_SHARED},  {"str", CELL_FORMULA_TEXT}, {"inlineStr", CELL_INLINE},
                 {"b", CELL_BOOLEAN}, {"e", CELL_ERROR},          {"d", CELL_ISO_DATE}};
    for (size_t i = 0; name != NULL && i < sizeof TYPES / sizeof *TYPES; i++) {
        if (strcmp(TYPES[i].name, name) == 0) {
            return TYPES[i].type;
        }
    }
    return CELL_NUMBER;
}

static bool is_true(const char *value)
{
    return value != NULL && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

static void row_start(struct reading *reading, const char **attributes)
{
    const char *number = xml_attribute(attributes, "r");
    reading->row = number == NULL ? reading->row + 1 : digits_take(&number);
    reading->column = 0;
    reading->is_row_begun = false;
    reading->is_row_hidden = is_true(xml_attribute(attributes, "hidden"));
    workbook_at(reading->xlsx->book, reading->sheet->name, reading->row);
}

static void cell_start(struct reading *reading, const char **attributes)
{
    const char *address = NULL;
    const char *type = NULL;
    reading->style = 0;
    for (; attributes[0] != NULL; attributes += 2) {
        if (is_letter(attributes[0], 'r')) {
            address = attributes[1];
        } else if (is_letter(attributes[0], 't')) {
            type = attributes[1];
        } else if (is_letter(attributes[0], 's')) {
            const char *style = attributes[1];
            reading->style = digits_take(&style);
        }
    }
    uint32_t row = 0;
    reading->column++;
    if (address != NULL) {
        (void)address_take(&address, &reading->column, &row);
    }
    reading->type = type_of(type);
    reading->is_formula = false;
    reading->has_value = false;
    text_clear(&reading->text);
}

static void merge_start(struct reading *reading, struct xml_stream *xml, const char **attributes)
{
    const char *at = xml_attribute(attributes, "ref");
    struct sheet_merge merge = {0};
    if (at == NULL || !address_take(&at, &merge.first_column, &merge.first_row) || *at++ != ':' ||
        !address_take(&at, &merge.last_column, &merge.last_row)) {
        return;
    }
    enum error_code code = sheet_add_merge(reading->sheet, merge, reading->xlsx->err);
    if (code != ERR_NONE) {
        xml_stop(xml, code);
    }
}

static void on_start(struct xml_stream *xml, void *context, const char *name, const char **attributes)
{
    struct reading *reading = context;
    if (reading->phonetic > 0) {
        reading->phonetic++;
    } else if (is_letter(name, 'c')) {
        cell_start(reading, attributes);
    } else if (is_letter(name, 'v')) {
        reading->in_value = reading->type != CELL_INLINE;
        reading->has_value = true;
    } else if (is_letter(name, 't')) {
        reading->in_value = reading->type == CELL_INLINE;
    } else if (is_letter(name, 'f')) {
        reading->is_formula = true;
    } else if (strcmp(name, "row") == 0) {
        row_start(reading, attributes);
    } else if (strcmp(name, "rPh") == 0) {
        reading->phonetic++;
    } else if (strcmp(name, "mergeCell") == 0) {
        merge_start(reading, xml, attributes);
    }
}

static void on_text(struct xml_stream *xml, void *context, const char *bytes, size_t length)
{
    struct reading *reading = context;
    (void)xml;
    if (reading->in_value && reading->phonetic == 0) {
        text_add_bytes(&reading->text, bytes, length);
    }
}

static enum error_code row_begin(struct reading *reading)
{
    if (reading->is_row_begun) {
        return ERR_NONE;
    }
    reading->is_row_begun = true;
    if (reading->is_row_hidden) {
        reading->sheet->hidden_row =
            reading->sheet->hidden_rows == 0 ? reading->row : reading->sheet->hidden_row;
        reading->sheet->hidden_rows++;
    }
    return sheet_row_begin(reading->sheet, reading->row, reading->xlsx->err);
}

static enum error_code put_text(struct reading *reading, const char *bytes, size_t length)
{
    enum error_code code = length == 0 ? ERR_NONE : row_begin(reading);
    return code != ERR_NONE || length == 0
               ? code
               : sheet_cell(reading->sheet, reading->column, bytes, length, reading->xlsx->err);
}

static enum error_code put_kept(struct reading *reading, const char *text)
{
    enum error_code code = *text == '\0' ? ERR_NONE : row_begin(reading);
    return code != ERR_NONE || *text == '\0'
               ? code
               : sheet_cell_kept(reading->sheet, reading->column, text, reading->xlsx->err);
}

static enum error_code put_shared(struct reading *reading, const char *value)
{
    uint32_t index = digits_take(&value);
    if (*value != '\0' || index >= reading->xlsx->string_count) {
        return error_set(reading->xlsx->err, ERR_INPUT, "%s", format_refusal(FORMAT_DAMAGED));
    }
    return put_kept(reading, reading->xlsx->strings[index]);
}

static size_t shown_slot(const char *value, size_t length, uint32_t style)
{
    uint32_t hash = style;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)value[i]) * 16777619U;
    }
    return (hash >> 16 ^ hash) % SHOWN_COUNT;
}

static enum error_code put_number(struct reading *reading, const char *value, size_t length)
{
    static const struct number_style PLAIN = {.kind = NUMBER_PLAIN};
    char text[NUMBER_TEXT_SIZE];
    char *end = NULL;
    const struct xlsx *xlsx = reading->xlsx;
    struct number_style style = reading->style < xlsx->style_count ? xlsx->styles[reading->style] : PLAIN;
    /* Most numbers are short and whole. */
    if (style.kind == NUMBER_PLAIN && length < 16 && strspn(value, "0123456789") == length &&
        (value[0] != '0' || length == 1)) {
        return put_text(reading, value, length);
    }
    struct shown *shown = &reading->shown[shown_slot(value, length, reading->style)];
    if (shown->text != NULL && shown->style == reading->style && strcmp(shown->value, value) == 0) {
        return put_kept(reading, shown->text);
    }
    double number = strtod(value, &end);
    if (end == value || *end != '\0') {
        return put_text(reading, value, length); /* what a broken writer put there; the column will judge */
    }
    size_t size = number_text(number, style, xlsx->is_1904, text);
    const char *kept = NULL;
    enum error_code code = cell_pool_keep(reading->sheet->pool, text, size, &kept, xlsx->err);
    if (code != ERR_NONE) {
        return code;
    }
    if (length < sizeof shown->value) {
        memcpy(shown->value, value, length + 1);
        shown->style = reading->style;
        shown->text = kept;
    }
    return put_kept(reading, kept);
}

/* "2024-05-12T14:30:00Z" as a number cell would give it. */
static enum error_code put_iso_date(struct reading *reading, const char *value, size_t length)
{
    char text[NUMBER_TEXT_SIZE];
    if (length < sizeof "2024-05-12T14:30" - 1 || length >= sizeof text || value[10] != 'T') {
        return put_text(reading, value, length);
    }
    memcpy(text, value, length + 1);
    text[10] = ' ';
    bool has_seconds = length >= 19 && memcmp(text + 17, "00", 2) != 0;
    size_t size = memcmp(text + 11, "00:00", 5) == 0 && !has_seconds ? 10 : has_seconds ? 19 : 16;
    return put_text(reading, text, size);
}

static enum error_code cell_put(struct reading *reading)
{
    const char *value = text_string(&reading->text);
    size_t length = reading->text.length;
    bool is_counted = reading->has_value && (length > 0 || reading->type == CELL_FORMULA_TEXT);
    if (reading->is_formula && !is_counted) {
        /* Written by a program (openpyxl: <v></v>) and never counted by Excel, whose empty results are texts:
         * an empty cell would be a lie. */
        return put_text(reading, "#CALC!", strlen("#CALC!"));
    }
    switch (reading->type) {
    case CELL_SHARED:
        return length == 0 ? ERR_NONE : put_shared(reading, value);
    case CELL_INLINE:
    case CELL_FORMULA_TEXT:
        xlsx_unescape(&reading->text);
        return put_text(reading, text_string(&reading->text), reading->text.length);
    case CELL_BOOLEAN:
        return length == 0 ? ERR_NONE
                           : put_text(reading, is_true(value) ? "TRUE" : "FALSE", is_true(value) ? 4 : 5);
    case CELL_ISO_DATE:
        return put_iso_date(reading, value, length);
    case CELL_ERROR:
        return put_text(reading, value, length);
    default:
        return length == 0 ? ERR_NONE : put_number(reading, value, length);
    }
}

static void on_end(struct xml_stream *xml, void *context, const char *name)
{
    struct reading *reading = context;
    if (reading->phonetic > 0) {
        reading->phonetic--;
    } else if (is_letter(name, 'v') || is_letter(name, 't')) {
        reading->in_value = false;
    } else if (is_letter(name, 'c')) {
        enum error_code code = text_status(&reading->text, reading->xlsx->err);
        code = code == ERR_NONE ? cell_put(reading) : code;
        if (code != ERR_NONE) {
            xml_stop(xml, code);
        }
    }
}

enum error_code xlsx_read_sheet(struct xlsx *xlsx, const char *part, struct sheet *sheet)
{
    static const struct xml_handlers HANDLERS = {on_start, on_end, on_text};
    struct reading *reading = calloc(1, sizeof *reading);
    if (reading == NULL) {
        return error_set(xlsx->err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    reading->xlsx = xlsx;
    reading->sheet = sheet;
    workbook_at(xlsx->book, sheet->name, 0);
    text_init(&reading->text, LIMIT_IMPORT_CELL_BYTES);
    enum error_code code = package_parse(xlsx->package, part, &HANDLERS, reading, xlsx->err);
    text_finish(&reading->text);
    free(reading);
    return code;
}
