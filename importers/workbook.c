#include "importers/workbook.h"

#include "base/limits.h"
#include "base/vec.h"
#include "importers/csv.h"
#include "importers/html_table.h"
#include "importers/xls.h"
#include "importers/xlsx.h"
#include "importers/xml_sheet.h"

#include <stdlib.h>
#include <string.h>

void workbook_init(struct workbook *book)
{
    *book = (struct workbook){.encoding = "", .trouble_sheet = ""};
    cell_pool_init(&book->pool);
}

void workbook_finish(struct workbook *book)
{
    for (size_t i = 0; i < book->sheet_count; i++) {
        sheet_finish(book->sheets[i]);
        free(book->sheets[i]);
    }
    free(book->sheets);
    cell_pool_finish(&book->pool);
    workbook_init(book);
}

void workbook_at(struct workbook *book, const char *sheet, uint32_t row)
{
    book->trouble_sheet = sheet;
    book->trouble_row = row;
}

enum error_code workbook_add(struct workbook *book, const char *name, struct sheet **ret_sheet,
                             struct error *err)
{
    if (book->sheet_count >= LIMIT_IMPORT_SHEETS) {
        return error_set(err, ERR_LIMIT,
                         "工作表超过 %zu 张；请拆成几个文件 (more than %zu sheets; split the file)",
                         LIMIT_IMPORT_SHEETS, LIMIT_IMPORT_SHEETS);
    }
    struct sheet **sheets = vec_reserve(book->sheets, &book->sheet_capacity, book->sheet_count + 1,
                                        sizeof *sheets, LIMIT_IMPORT_SHEETS);
    if (sheets == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    book->sheets = sheets;
    struct sheet *sheet = malloc(sizeof *sheet);
    if (sheet == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    enum error_code code = sheet_init(sheet, name, &book->pool, err);
    if (code != ERR_NONE) {
        free(sheet);
        return code;
    }
    book->sheets[book->sheet_count++] = sheet;
    *ret_sheet = sheet;
    return ERR_NONE;
}

static enum error_code read_text(struct workbook *book, const char *bytes, size_t length, struct error *err)
{
    uint32_t row = 0;
    struct decoded decoded = {.text = NULL};
    struct sheet *sheet = NULL;
    enum error_code code = encoding_decode(bytes, length, &decoded, &row, err);
    if (code != ERR_NONE) {
        book->trouble = WORKBOOK_ENCODING;
        workbook_at(book, "", row);
        return code == ERR_SYNTAX ? ERR_INPUT : code;
    }
    book->encoding = decoded.encoding;
    book->delimiter = csv_delimiter(decoded.text, decoded.length);
    memcpy(book->guess, decoded.guess, sizeof book->guess);
    code = workbook_add(book, NULL, &sheet, err);
    if (code == ERR_NONE) {
        code = csv_read(decoded.text, decoded.length, book->delimiter, sheet, &row, err);
        workbook_at(book, "", row);
    }
    free(decoded.text);
    if (code == ERR_SYNTAX) {
        book->trouble = WORKBOOK_QUOTE;
        return ERR_INPUT;
    }
    return code;
}

enum error_code workbook_read(struct workbook *book, const char *bytes, size_t length, struct error *err)
{
    typedef enum error_code reader(struct workbook *, const char *, size_t, struct error *);
    static reader *const READERS[FORMAT_COUNT] = {[FORMAT_TEXT] = read_text,
                                                  [FORMAT_XLSX] = xlsx_read,
                                                  [FORMAT_XLS] = xls_read,
                                                  [FORMAT_HTML] = html_read,
                                                  [FORMAT_XML_SHEET] = xml_sheet_read};
    book->format = format_detect(bytes, length);
    book->encoding = format_name(book->format);
    if (READERS[book->format] == NULL) {
        const char *refusal = format_refusal(book->format);
        book->trouble = book->format == FORMAT_EMPTY ? WORKBOOK_EMPTY : WORKBOOK_FORMAT;
        return error_set(
            err, ERR_INPUT, "%s",
            refusal != NULL ? refusal : "这种文件不能当表格导入 (this kind of file is not read as a table)");
    }
    enum error_code code = READERS[book->format](book, bytes, length, err);
    if (book->trouble == WORKBOOK_SOUND && code != ERR_NONE) {
        book->trouble = code == ERR_LIMIT ? WORKBOOK_LIMIT : WORKBOOK_FORMAT;
    }
    return code;
}
