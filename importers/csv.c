#include "importers/csv.h"

#include "base/limits.h"

#include <csv.h>
#include <stdbool.h>
#include <string.h>

enum {
    DETECT_ROWS = 20,
    DETECT_BYTES = 64 * 1024,
    /* Parsed in pieces, so that a broken limit stops the work at once. */
    PIECE_BYTES = 16 * 1024
};

struct delimiter_count {
    char delimiter;
    uint32_t rows[DETECT_ROWS];
};

/* How many rows share the most common count (of at least one); that count breaks ties. */
static uint64_t delimiter_score(const struct delimiter_count *count, size_t row_count)
{
    uint64_t best = 0;
    for (size_t i = 0; i < row_count; i++) {
        uint64_t same = 0;
        for (size_t j = 0; j < row_count; j++) {
            same += count->rows[i] == count->rows[j] ? 1 : 0;
        }
        uint64_t score = count->rows[i] == 0 ? 0 : (same << 32) + count->rows[i];
        best = score > best ? score : best;
    }
    return best;
}

char csv_delimiter(const char *text, size_t length)
{
    struct delimiter_count counts[] = {{.delimiter = ','}, {.delimiter = '\t'}, {.delimiter = ';'}};
    size_t row = 0;
    bool is_quoted = false;
    bool has_text = false;
    for (size_t i = 0; i < length && i < DETECT_BYTES && row < DETECT_ROWS; i++) {
        if (text[i] == '"') {
            is_quoted = !is_quoted;
        } else if (!is_quoted && (text[i] == '\n' || text[i] == '\r')) {
            row += has_text ? 1 : 0;
            has_text = false;
            continue;
        }
        has_text = true;
        for (size_t d = 0; d < 3 && !is_quoted; d++) {
            counts[d].rows[row] += text[i] == counts[d].delimiter ? 1 : 0;
        }
    }
    row += has_text && row < DETECT_ROWS ? 1 : 0;
    size_t best = 0;
    for (size_t d = 1; d < 3; d++) {
        best = delimiter_score(&counts[d], row) > delimiter_score(&counts[best], row) ? d : best;
    }
    return counts[best].delimiter;
}

struct reading {
    struct sheet *sheet;
    uint32_t row, column; /* the record being read, and its cells so far */
    bool is_open;         /* the row was begun in the sheet */
    bool after_cr;        /* a LF right now belongs to the CR before it */
    enum error_code code;
    struct error *err;
};

static void take_cell(const char *bytes, size_t length, struct reading *reading)
{
    reading->after_cr = false;
    if (reading->code != ERR_NONE) {
        return;
    }
    if (!reading->is_open) {
        reading->code = sheet_row_begin(reading->sheet, reading->row, reading->err);
        reading->is_open = true;
    }
    reading->column++;
    if (reading->code == ERR_NONE && length > 0) {
        reading->code = sheet_cell(reading->sheet, reading->column, bytes, length, reading->err);
    }
}

static void on_cell(void *bytes, size_t length, void *context)
{
    take_cell(bytes, length, context);
}

static void on_row(int terminator, void *context)
{
    struct reading *reading = context;
    if (reading->code != ERR_NONE) {
        return; /* the row stays where it went wrong */
    }
    if (terminator == '\n' && reading->after_cr) {
        reading->after_cr = false;
        return;
    }
    reading->after_cr = terminator == '\r';
    reading->row++;
    reading->column = 0;
    reading->is_open = false;
}

static enum error_code quote_error(const struct reading *reading, bool is_open_end, struct error *err)
{
    return is_open_end
               ? error_set(err, ERR_SYNTAX,
                           "第 %u 行的引号没有闭合 (row %u: a quotation mark is never closed)", reading->row,
                           reading->row)
               : error_set(
                     err, ERR_SYNTAX,
                     "第 %u 行的引号位置不对：引号应包住整个单元格，单元格内的引号要写成两个 (row %u: a "
                     "quotation mark is misplaced; quote whole cells and double the marks inside)",
                     reading->row, reading->row);
}

static bool is_space(char byte, char delimiter)
{
    return (byte == ' ' || byte == '\t') && byte != delimiter;
}

/* A line without a quotation mark, and not within one: its cells are what stands between the delimiters.
 * libcsv takes forty instructions a byte for it, which was half of the time of an import. */
static void take_plain_line(const char *line, size_t length, char delimiter, struct reading *reading)
{
    const char *end = line + length;
    size_t blanks = 0;
    while (blanks < length && is_space(line[blanks], delimiter)) {
        blanks++;
    }
    for (const char *at = line; blanks < length && reading->code == ERR_NONE;) {
        const char *stop = memchr(at, delimiter, (size_t)(end - at));
        stop = stop == NULL ? end : stop;
        take_cell(at, (size_t)(stop - at), reading);
        if (stop == end) {
            break;
        }
        at = stop + 1;
    }
    if (reading->code == ERR_NONE) {
        reading->after_cr = false;
        reading->row++;
        reading->column = 0;
        reading->is_open = false;
    }
}

static enum error_code parse_pieces(struct csv_parser *parser, const char *text, size_t length,
                                    struct reading *reading, struct error *err)
{
    for (size_t at = 0; at < length && reading->code == ERR_NONE; at += PIECE_BYTES) {
        size_t size = length - at < PIECE_BYTES ? length - at : PIECE_BYTES;
        if (csv_parse(parser, text + at, size, on_cell, on_row, reading) != size) {
            return csv_error(parser) == CSV_EPARSE ? quote_error(reading, false, err)
                                                   : error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
        }
        /* An open quotation mark would otherwise swallow the file as one cell. */
        if (csv_get_buffer_size(parser) > LIMIT_IMPORT_CELL_BYTES + 2 * PIECE_BYTES &&
            parser->entry_pos > LIMIT_IMPORT_CELL_BYTES) {
            return error_set(err, ERR_LIMIT,
                             "第 %u 行：单元格超过 %zu 字节，可能是引号没有闭合 (row %u: a cell of more than "
                             "%zu bytes; perhaps a quotation mark is not closed)",
                             reading->row, LIMIT_IMPORT_CELL_BYTES, reading->row, LIMIT_IMPORT_CELL_BYTES);
        }
    }
    return reading->code;
}

/* Lines with quotation marks, the lines that these go on to, and lone CRs are libcsv's. */
static enum error_code parse_lines(struct csv_parser *parser, const char *text, size_t length, char delimiter,
                                   struct reading *reading, struct error *err)
{
    enum error_code code = ERR_NONE;
    bool is_between = true; /* no row is open in the parser */
    for (size_t at = 0; at < length && code == ERR_NONE;) {
        const char *line = text + at;
        const char *end = memchr(line, '\n', length - at);
        size_t size = end == NULL ? length - at : (size_t)(end - line) + 1;
        size_t plain = size - (end != NULL ? 1 : 0);
        plain -= plain > 0 && end != NULL && line[plain - 1] == '\r' ? 1 : 0;
        bool is_plain = end != NULL && is_between && memchr(line, '"', plain) == NULL &&
                        memchr(line, '\r', plain) == NULL;
        if (is_plain) {
            take_plain_line(line, plain, delimiter, reading);
            code = reading->code;
        } else {
            code = parse_pieces(parser, line, size, reading, err);
            is_between = code == ERR_NONE && end != NULL && !reading->is_open && parser->pstate == 0;
        }
        at += size;
    }
    return code;
}

enum error_code csv_read(const char *text, size_t length, char delimiter, struct sheet *sheet,
                         uint32_t *ret_row, struct error *err)
{
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    csv_set_delim(&parser, (unsigned char)delimiter);
    csv_set_blk_size(&parser, 4096);
    struct reading reading = {.sheet = sheet, .row = 1, .err = err};
    enum error_code code = parse_lines(&parser, text, length, delimiter, &reading, err);
    if (code == ERR_NONE && csv_fini(&parser, on_cell, on_row, &reading) != 0) {
        code = csv_error(&parser) == CSV_EPARSE ? quote_error(&reading, true, err)
                                                : error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    csv_free(&parser);
    code = code == ERR_NONE ? reading.code : code;
    if (code != ERR_NONE) {
        *ret_row = reading.row;
    }
    return code;
}
