#include "importers/html_table.h"

#include "base/limits.h"
#include "importers/html_token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* Pages that lay themselves out by tables nest four or five. */
    DEPTH_MAX = 16,
    /* HTML 4.9.11: larger spans count as this. */
    ROWSPAN_MAX = 65534
};

/* One open <table>. */
struct table {
    struct sheet *sheet; /* NULL until it has text; the workbook's */
    uint32_t row;        /* the current one, from 1; 0: none yet */
    uint32_t column;     /* of the open cell, from 1 */
    uint32_t rowspan, colspan;
    bool in_row, in_cell, is_row_begun, is_row_hidden;
    uint32_t taken[LIMIT_IMPORT_COLUMNS + 1]; /* rows that a cell above still reaches into, by column */
    uint32_t taken_width;
    struct text text; /* of the open cell */
};

struct page {
    struct workbook *book;
    struct error *err;
    struct table *tables; /* owned; DEPTH_MAX */
    size_t depth;
    size_t rows; /* of all tables */
};

static enum error_code sheet_of(struct page *page, struct table *table)
{
    char name[32];
    if (table->sheet != NULL) {
        return ERR_NONE;
    }
    (void)snprintf(name, sizeof name, "表格%zu", page->book->sheet_count + 1);
    return workbook_add(page->book, name, &table->sheet, page->err);
}

static enum error_code put_cell(struct page *page, struct table *table)
{
    enum error_code code = sheet_of(page, table);
    if (code == ERR_NONE && !table->is_row_begun) {
        table->is_row_begun = true;
        code = sheet_row_begin(table->sheet, table->row, page->err);
        if (table->is_row_hidden) {
            table->sheet->hidden_row = table->sheet->hidden_rows == 0 ? table->row : table->sheet->hidden_row;
            table->sheet->hidden_rows++;
        }
    }
    if (code == ERR_NONE) {
        workbook_at(page->book, table->sheet->name, table->row);
        code =
            sheet_cell(table->sheet, table->column, text_string(&table->text), table->text.length, page->err);
    }
    if (code == ERR_NONE && (table->rowspan > 1 || table->colspan > 1)) {
        code = sheet_add_merge(table->sheet,
                               (struct sheet_merge){table->row, table->row + table->rowspan - 1,
                                                    table->column, table->column + table->colspan - 1},
                               page->err);
    }
    return code;
}

static enum error_code cell_end(struct page *page, struct table *table)
{
    if (!table->in_cell) {
        return ERR_NONE;
    }
    table->in_cell = false;
    enum error_code code = text_status(&table->text, page->err);
    if (code != ERR_NONE && table->sheet != NULL) {
        workbook_at(page->book, table->sheet->name, table->row);
    }
    if (code == ERR_NONE && table->text.length > 0) {
        code = put_cell(page, table);
    }
    for (uint32_t c = table->column; c < table->column + table->colspan && c <= LIMIT_IMPORT_COLUMNS; c++) {
        table->taken[c] = table->rowspan;
        table->taken_width = c > table->taken_width ? c : table->taken_width;
    }
    table->column += table->colspan - 1;
    text_clear(&table->text);
    return code;
}

static enum error_code row_end(struct page *page, struct table *table)
{
    enum error_code code = cell_end(page, table);
    if (table->in_row) {
        for (uint32_t c = 1; c <= table->taken_width; c++) {
            table->taken[c] -= table->taken[c] > 0 ? 1 : 0;
        }
    }
    table->in_row = false;
    return code;
}

static enum error_code row_start(struct page *page, struct table *table, bool is_hidden)
{
    enum error_code code = row_end(page, table);
    if (code != ERR_NONE) {
        return code;
    }
    if (++page->rows > LIMIT_IMPORT_ROWS) {
        return error_set(page->err, ERR_LIMIT, "表格超过 %zu 行 (more than %zu rows)", LIMIT_IMPORT_ROWS,
                         LIMIT_IMPORT_ROWS);
    }
    table->row++;
    table->column = 0;
    table->in_row = true;
    table->is_row_begun = false;
    table->is_row_hidden = is_hidden;
    return ERR_NONE;
}

static enum error_code cell_start(struct page *page, struct table *table, const struct html_token *token)
{
    enum error_code code = table->in_row ? cell_end(page, table) : row_start(page, table, false);
    if (code != ERR_NONE) {
        return code;
    }
    do {
        table->column++;
    } while (table->column <= LIMIT_IMPORT_COLUMNS && table->taken[table->column] > 0);
    table->colspan = html_number(token, "colspan", 1);
    table->colspan = table->colspan == 0 ? 1 : table->colspan;
    table->colspan = table->colspan > LIMIT_IMPORT_COLUMNS ? LIMIT_IMPORT_COLUMNS : table->colspan;
    table->rowspan = html_number(token, "rowspan", 1);
    table->rowspan = table->rowspan == 0 || table->rowspan > ROWSPAN_MAX ? ROWSPAN_MAX : table->rowspan;
    table->in_cell = true;
    return ERR_NONE;
}

static enum error_code table_start(struct page *page)
{
    if (page->depth >= DEPTH_MAX) {
        return error_set(
            page->err, ERR_LIMIT,
            "网页的表格嵌套过深；请在 Excel 或 WPS 中打开，另存为“Excel 工作簿（*.xlsx）”再导入 (tables "
            "nested too deeply; open the file in Excel or WPS and save it as .xlsx)");
    }
    struct table *table = &page->tables[page->depth++];
    struct text text = table->text;
    memset(table, 0, sizeof *table);
    table->text = text;
    text_clear(&table->text);
    return ERR_NONE;
}

static enum error_code table_end(struct page *page)
{
    if (page->depth == 0) {
        return ERR_NONE;
    }
    enum error_code code = row_end(page, &page->tables[page->depth - 1]);
    page->depth--;
    return code;
}

/* <br> and the ends of blocks are line breaks. */
static bool is_break(const struct html_token *token)
{
    static const char *const BLOCKS[] = {"p", "div", "li"};
    for (size_t i = 0; i < sizeof BLOCKS / sizeof *BLOCKS; i++) {
        if (strcmp(token->name, BLOCKS[i]) == 0) {
            return true;
        }
    }
    return strcmp(token->name, "br") == 0;
}

static bool is_cell(const struct html_token *token)
{
    return strcmp(token->name, "td") == 0 || strcmp(token->name, "th") == 0 ||
           strcmp(token->name, "caption") == 0;
}

static enum error_code take_open(struct page *page, struct table *table, const struct html_token *token)
{
    if (strcmp(token->name, "tr") == 0) {
        return row_start(page, table, html_is_hidden(token));
    }
    return is_cell(token) ? cell_start(page, table, token) : ERR_NONE;
}

static enum error_code take_close(struct page *page, struct table *table, const struct html_token *token)
{
    if (strcmp(token->name, "tr") == 0 || strcmp(token->name, "caption") == 0) {
        return row_end(page, table);
    }
    return is_cell(token) ? cell_end(page, table) : ERR_NONE;
}

static enum error_code take(struct page *page, const struct html_token *token)
{
    struct table *table = page->depth == 0 ? NULL : &page->tables[page->depth - 1];
    bool is_table = token->kind != HTML_TEXT && strcmp(token->name, "table") == 0;
    if (is_table) {
        return token->kind == HTML_OPEN ? table_start(page) : table_end(page);
    }
    if (table == NULL) {
        return ERR_NONE;
    }
    if (token->kind == HTML_TEXT) {
        if (table->in_cell) {
            html_add_text(&table->text, token->bytes, token->length);
        }
        return ERR_NONE;
    }
    if (is_break(token)) {
        if (table->in_cell && table->text.length > 0) {
            text_add_char(&table->text, '\n');
        }
        return ERR_NONE;
    }
    return token->kind == HTML_OPEN ? take_open(page, table, token) : take_close(page, table, token);
}

static enum error_code read_page(struct page *page, const char *text, size_t length)
{
    struct html_reader reader = {text, text + length};
    enum error_code code = ERR_NONE;
    for (;;) {
        struct html_token token = html_next(&reader);
        if (token.kind == HTML_END) {
            break;
        }
        code = take(page, &token);
        if (code != ERR_NONE) {
            return code;
        }
    }
    while (page->depth > 0 && code == ERR_NONE) {
        code = table_end(page);
    }
    if (code == ERR_NONE && page->book->sheet_count == 0) {
        return error_set(
            page->err, ERR_INPUT,
            "文件内容是网页（HTML），里面没有表格；请在表格软件中打开原文件，另存为“Excel "
            "工作簿（*.xlsx）”再导入 (a web page without a table; open the original in a spreadsheet "
            "program and save it as .xlsx)");
    }
    return code;
}

enum error_code html_read(struct workbook *book, const char *bytes, size_t length, struct error *err)
{
    uint32_t row = 0;
    struct decoded decoded = {.text = NULL};
    struct page page = {.book = book, .err = err};
    enum error_code code = encoding_decode_page(bytes, length, &decoded, &row, err);
    if (code == ERR_SYNTAX) {
        book->trouble = WORKBOOK_ENCODING;
        return ERR_INPUT;
    }
    if (code != ERR_NONE) {
        return code;
    }
    book->encoding = decoded.encoding;
    page.tables = calloc(DEPTH_MAX, sizeof *page.tables);
    for (size_t i = 0; page.tables != NULL && i < DEPTH_MAX; i++) {
        text_init(&page.tables[i].text, LIMIT_IMPORT_CELL_BYTES);
    }
    code = page.tables == NULL ? error_set(err, ERR_MEMORY, "内存不足 (out of memory)")
                               : read_page(&page, decoded.text, decoded.length);
    for (size_t i = 0; page.tables != NULL && i < DEPTH_MAX; i++) {
        text_finish(&page.tables[i].text);
    }
    free(page.tables);
    free(decoded.text);
    return code;
}
