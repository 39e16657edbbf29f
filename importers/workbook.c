#include "importers/workbook.h"

#include "base/limits.h"
#include "base/vec.h"
#include "importers/csv.h"

#include <stdlib.h>
#include <string.h>

void workbook_init(struct workbook *book)
{
    *book = (struct workbook){.encoding = "", .trouble_sheet = ""};
}

void workbook_finish(struct workbook *book)
{
    for (size_t i = 0; i < book->sheet_count; i++) {
        sheet_finish(book->sheets[i]);
        free(book->sheets[i]);
    }
    free(book->sheets);
    workbook_init(book);
}

enum error_code workbook_fail(struct workbook *book, enum workbook_trouble trouble, const char *sheet,
                              uint32_t row)
{
    book->trouble = trouble;
    book->trouble_sheet = sheet;
    book->trouble_row = row;
    return trouble == WORKBOOK_LIMIT ? ERR_LIMIT : ERR_INPUT;
}

enum error_code workbook_add(struct workbook *book, const char *name, struct sheet **ret_sheet,
                             struct error *err)
{
    if (book->sheet_count >= LIMIT_IMPORT_SHEETS) {
        (void)error_set(err, ERR_LIMIT,
                        "工作表超过 %zu 张；请拆成几个文件 (more than %zu sheets; split the file)",
                        LIMIT_IMPORT_SHEETS, LIMIT_IMPORT_SHEETS);
        return workbook_fail(book, WORKBOOK_LIMIT, "", 0);
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
    enum error_code code = sheet_init(sheet, name, err);
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
        return code == ERR_SYNTAX ? workbook_fail(book, WORKBOOK_ENCODING, "", row) : code;
    }
    book->encoding = decoded.encoding;
    book->delimiter = csv_delimiter(decoded.text, decoded.length);
    memcpy(book->guess, decoded.guess, sizeof book->guess);
    code = workbook_add(book, NULL, &sheet, err);
    if (code == ERR_NONE) {
        code = csv_read(decoded.text, decoded.length, book->delimiter, sheet, &row, err);
    }
    free(decoded.text);
    if (code == ERR_SYNTAX || code == ERR_LIMIT) {
        return workbook_fail(book, code == ERR_LIMIT ? WORKBOOK_LIMIT : WORKBOOK_QUOTE, "", row);
    }
    return code;
}

enum error_code workbook_read(struct workbook *book, const char *bytes, size_t length, struct error *err)
{
    typedef enum error_code reader(struct workbook *, const char *, size_t, struct error *);
    static reader *const READERS[FORMAT_COUNT] = {[FORMAT_TEXT] = read_text};
    book->format = format_detect(bytes, length);
    book->encoding = format_name(book->format);
    if (READERS[book->format] == NULL) {
        const char *refusal = format_refusal(book->format);
        (void)error_set(
            err, ERR_INPUT, "%s",
            refusal != NULL ? refusal : "这种文件不能当表格导入 (this kind of file is not read as a table)");
        return workbook_fail(book, book->format == FORMAT_EMPTY ? WORKBOOK_EMPTY : WORKBOOK_FORMAT, "", 0);
    }
    return READERS[book->format](book, bytes, length, err);
}
