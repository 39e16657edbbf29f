/* importers/workbook_write: see workbook_write.h. */
#include "importers/workbook_write.h"

#include "base/date.h"
#include "base/limits.h"
#include "importers/guard.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum {
    /* Rows of a template that have its drop-down lists. */
    TEMPLATE_ROWS = 2000,
    WORDS_MAX = 16,
    WIDTH_NARROW = 12,
    WIDTH_TEXT = 20
};

/* libxlsxwriter 1.1.4 does not free the formula of a drop-down list, 7 bytes each; LeakSanitizer asks for
 * this name and nobody else does. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:lxw_strdup";
}

struct book {
    int fd; /* of the memory that the workbook is written into */
    lxw_workbook *workbook;
    lxw_format *header, *needed, *aside, *text, *number, *date, *note, *grey;
};

static enum error_code trouble(lxw_error code, struct error *err)
{
    switch (code) {
    case LXW_NO_ERROR:
        return ERR_NONE;
    case LXW_ERROR_MEMORY_MALLOC_FAILED:
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    case LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED:
        return error_set(
            err, ERR_LIMIT,
            "有单元格超过 %d 个字，Excel 放不下；请导出为 CSV (a cell of more than %d characters does "
            "not fit into a workbook; export CSV)",
            LIMIT_XLSX_CELL_CHARS, LIMIT_XLSX_CELL_CHARS);
    default:
        return error_set(err, ERR_IO, "工作簿写不出来：%s (the workbook cannot be written)",
                         lxw_strerror(code));
    }
}

static void formats_make(struct book *book)
{
    book->header = workbook_add_format(book->workbook);
    book->needed = workbook_add_format(book->workbook);
    book->aside = workbook_add_format(book->workbook);
    lxw_format *const heads[] = {book->header, book->needed, book->aside};
    const lxw_color_t colours[] = {0xDDEBF7, 0xFFE699, 0xE7E6E6};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        format_set_bold(heads[i]);
        format_set_bg_color(heads[i], colours[i]);
        format_set_num_format(heads[i], "@");
        format_set_border(heads[i], LXW_BORDER_THIN);
    }
    /* Text, so that a typed code stays one, and so that editing a cell never makes a formula of it. */
    book->text = workbook_add_format(book->workbook);
    format_set_num_format(book->text, "@");
    book->grey = workbook_add_format(book->workbook);
    format_set_num_format(book->grey, "@");
    format_set_font_color(book->grey, 0x7F7F7F);
    book->number = workbook_add_format(book->workbook);
    format_set_num_format(book->number, "General");
    book->date = workbook_add_format(book->workbook);
    format_set_num_format(book->date, "yyyy-mm-dd");
    book->note = workbook_add_format(book->workbook);
    format_set_text_wrap(book->note);
    format_set_align(book->note, LXW_ALIGN_VERTICAL_TOP);
}

static enum error_code book_open(struct book *book, struct error *err)
{
    char path[40];
    *book = (struct book){.fd = memfd_create("litang-export", MFD_CLOEXEC)};
    if (book->fd < 0) {
        return error_set(err, ERR_IO, "内存文件：%s (memory file)", strerror(errno));
    }
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", book->fd);
    book->workbook = workbook_new(path);
    if (book->workbook == NULL) {
        (void)close(book->fd);
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    formats_make(book);
    return ERR_NONE;
}

static enum error_code bytes_take(int fd, struct exported *exported, struct error *err)
{
    off_t size = lseek(fd, 0, SEEK_END);
    if (size < 0 || (uintmax_t)size > LIMIT_IMPORT_BYTES) {
        return error_set(err, ERR_LIMIT, "工作簿超过 64 MB (a workbook of more than 64 MB)");
    }
    char *bytes = malloc((size_t)size + 1);
    size_t length = 0;
    if (bytes == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    while (length < (size_t)size) {
        ssize_t got = pread(fd, bytes + length, (size_t)size - length, (off_t)length);
        if (got <= 0 && errno != EINTR) {
            free(bytes);
            return error_set(err, ERR_IO, "内存文件：%s (memory file)", strerror(errno));
        }
        length += got > 0 ? (size_t)got : 0;
    }
    exported->bytes = bytes;
    exported->length = length;
    return ERR_NONE;
}

/* Ends the workbook and takes its bytes; after a failure before it, only ends it. */
static enum error_code book_close(struct book *book, lxw_error failed, struct exported *exported,
                                  struct error *err)
{
    lxw_error closed = workbook_close(book->workbook);
    enum error_code code = trouble(failed != LXW_NO_ERROR ? failed : closed, err);
    if (code == ERR_NONE) {
        code = bytes_take(book->fd, exported, err);
    }
    (void)close(book->fd);
    return code;
}

static lxw_format *form_format(const struct book *book, enum cell_form form)
{
    return form == CELL_FORM_DATE ? book->date : form == CELL_FORM_NUMBER ? book->number : book->text;
}

static double form_width(const struct column *column)
{
    bool is_narrow = column_cell_form(column) != CELL_FORM_TEXT || column->parse == value_boolean ||
                     column->parse == value_word;
    size_t header = strlen(column->zh) * 2 / 3 + 4;
    size_t width = is_narrow ? WIDTH_NARROW : WIDTH_TEXT;
    return (double)(header > width ? header : width);
}

/* "_x0041_" is how a workbook writes the character U+0041; a text that holds just that has its first mark
 * written so (ECMA-376 part 1, 22.9.2.19). libxlsxwriter does it for control characters only. */
static void escape_add(struct text *out, const char *text)
{
    for (; *text != '\0'; text++) {
        bool is_escape = text[0] == '_' && text[1] == 'x' &&
                         strspn(text + 2, "0123456789abcdefABCDEF") >= 4 && text[6] == '_';
        text_add(out, is_escape ? "_x005F_" : "");
        if (!is_escape) {
            text_add_char(out, *text);
        }
    }
}

static lxw_error text_write(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t at, const char *text,
                            struct text *guarded, lxw_format *format)
{
    struct text escaped;
    text_clear(guarded);
    guard_add(guarded, text, false);
    if (strstr(text_string(guarded), "_x") == NULL) {
        return worksheet_write_string(sheet, row, at, text_string(guarded), format);
    }
    text_init(&escaped, LIMIT_IMPORT_CELL_BYTES);
    escape_add(&escaped, text_string(guarded));
    lxw_error failed = escaped.failed == ERR_NONE
                           ? worksheet_write_string(sheet, row, at, text_string(&escaped), format)
                           : LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED;
    text_finish(&escaped);
    return failed;
}

/* One cell in its column's form; what is no number or date stays text. */
static lxw_error cell_write(const struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t at,
                            enum cell_form form, const char *text, struct text *guarded)
{
    char *end = NULL;
    int32_t day = 0;
    if (*text == '\0') {
        return LXW_NO_ERROR;
    }
    if (form == CELL_FORM_DATE && date_parse(text, &day)) {
        struct civil civil = date_to_civil(day);
        lxw_datetime date = {.year = civil.year, .month = civil.month, .day = civil.day};
        return worksheet_write_datetime(sheet, row, at, &date, book->date);
    }
    double number = form == CELL_FORM_NUMBER ? strtod(text, &end) : 0.0;
    if (end != NULL && *end == '\0') {
        return worksheet_write_number(sheet, row, at, number, book->number);
    }
    return text_write(sheet, row, at, text, guarded, book->text);
}

/* ---- exports ---- */

static lxw_error rows_header(const struct book *book, lxw_worksheet *sheet, const struct kind *kind,
                             lxw_col_t *ret_columns)
{
    lxw_col_t at = 0;
    lxw_error failed = LXW_NO_ERROR;
    for (size_t i = 0; i < kind->column_count && failed == LXW_NO_ERROR; i++) {
        if (kind_shows(kind, i)) {
            enum cell_form form = column_cell_form(&kind->columns[i]);
            (void)worksheet_set_column(sheet, at, at, form_width(&kind->columns[i]), form_format(book, form));
            failed = worksheet_write_string(sheet, 0, at++, kind->columns[i].zh, book->header);
        }
    }
    for (size_t i = 0; i < kind->info_count && failed == LXW_NO_ERROR; i++) {
        (void)worksheet_set_column(sheet, at, at, WIDTH_TEXT, book->grey);
        failed = worksheet_write_string(sheet, 0, at++, kind->infos[i].header, book->aside);
    }
    if (failed == LXW_NO_ERROR) {
        (void)worksheet_set_column(sheet, at, at, WIDTH_TEXT, book->grey);
        failed = worksheet_write_string(sheet, 0, at++, EXPORT_STAMP_HEADER, book->aside);
    }
    *ret_columns = at;
    return failed;
}

static lxw_error row_write(const struct book *book, lxw_worksheet *sheet, const struct kind *kind,
                           const struct showing *showing, lxw_row_t row, const char *stamp,
                           struct text *shown, struct text *guarded)
{
    lxw_col_t at = 0;
    lxw_error failed = LXW_NO_ERROR;
    for (size_t i = 0; i < kind->column_count && failed == LXW_NO_ERROR; i++) {
        if (kind_shows(kind, i)) {
            text_clear(shown);
            kind_show(kind, i, showing, shown);
            failed = cell_write(book, sheet, row, at++, column_cell_form(&kind->columns[i]),
                                text_string(shown), guarded);
        }
    }
    for (size_t i = 0; i < kind->info_count && failed == LXW_NO_ERROR; i++) {
        const struct column_form form = {.stored = kind->infos[i].stored};
        text_clear(shown);
        kind->infos[i].show(showing, &form, shown);
        failed = shown->length == 0 ? LXW_NO_ERROR
                                    : text_write(sheet, row, at, text_string(shown), guarded, book->grey);
        at++;
    }
    return failed == LXW_NO_ERROR ? worksheet_write_string(sheet, row, at, stamp, book->grey) : failed;
}

static lxw_error notes_write(const struct book *book, const char *const *lines, size_t count)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book->workbook, EXPORT_NOTES_SHEET);
    lxw_error failed = sheet == NULL ? LXW_ERROR_MEMORY_MALLOC_FAILED : LXW_NO_ERROR;
    if (failed == LXW_NO_ERROR) {
        (void)worksheet_set_column(sheet, 0, 0, 100, book->note);
    }
    for (size_t i = 0; i < count && failed == LXW_NO_ERROR; i++) {
        failed = worksheet_write_string(sheet, (lxw_row_t)i, 0, lines[i], book->note);
    }
    return failed;
}

enum error_code workbook_write_rows(const struct kind *kind, struct showing *showing, const char *stamp,
                                    struct exported *exported, struct error *err)
{
    static const char *const NOTES[] = {
        "改好后保存，用 litang import 导入；只有改过的单元格会写入。 Edit, save, and import: only edited "
        "cells are "
        "written.",
        "编号列决定改的是哪一条记录，请勿改动；新增一行时编号可以留空，“" EXPORT_STAMP_HEADER
        "”也留空。 Ids say which record a row is: leave them. A new row may leave its id and mark empty.",
        "带“" INFO_MARK "”的列只供查看，改了也不导入。 Columns with " INFO_MARK " are for reading only.",
        "“" EXPORT_STAMP_HEADER "”记着导出时的版本：导出后别人改过的内容不会被盖掉；两边都改了同一格会列为冲"
        "突。 The mark remembers the "
        "revision: what others changed since is kept, and a cell changed on both sides is named as a "
        "conflict.",
        "删去一行不会删除记录。 Removing a row deletes nothing.",
        ("开头是 = + - @ 的文字前加了一个单引号，导入时会去掉。 An apostrophe before = + - @ is taken off "
         "again.")};
    const struct stored_table *table = &showing->rows->tables[showing->own];
    struct book book;
    struct text shown;
    struct text guarded;
    lxw_col_t columns = 0;
    enum error_code code = book_open(&book, err);
    if (code != ERR_NONE) {
        return code;
    }
    text_init(&shown, LIMIT_IMPORT_CELL_BYTES);
    text_init(&guarded, LIMIT_IMPORT_CELL_BYTES + 1);
    lxw_worksheet *sheet = workbook_add_worksheet(book.workbook, import_kind_zh(kind->kind));
    lxw_error failed =
        sheet == NULL ? LXW_ERROR_MEMORY_MALLOC_FAILED : rows_header(&book, sheet, kind, &columns);
    for (size_t i = 0; i < table->count && failed == LXW_NO_ERROR; i++) {
        showing->row = &table->rows[i];
        failed = row_write(&book, sheet, kind, showing, (lxw_row_t)(i + 1), stamp, &shown, &guarded);
    }
    if (failed == LXW_NO_ERROR) {
        worksheet_freeze_panes(sheet, 1, 0);
        failed = worksheet_autofilter(sheet, 0, 0, (lxw_row_t)table->count, (lxw_col_t)(columns - 1));
    }
    if (failed == LXW_NO_ERROR) {
        failed = notes_write(&book, NOTES, sizeof NOTES / sizeof *NOTES);
    }
    failed = failed == LXW_NO_ERROR && (shown.failed == ERR_LIMIT || guarded.failed == ERR_LIMIT)
                 ? LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED
                 : failed;
    text_finish(&guarded);
    text_finish(&shown);
    return book_close(&book, failed, exported, err);
}

/* ---- templates ---- */

static lxw_error template_header(const struct book *book, lxw_worksheet *sheet, const struct kind *kind)
{
    char header[LIMIT_NAME_BYTES];
    lxw_col_t at = 0;
    lxw_error failed = LXW_NO_ERROR;
    for (size_t i = 0; i < kind->column_count && failed == LXW_NO_ERROR; i++) {
        if (template_has(kind, i)) {
            const struct column *column = &kind->columns[i];
            bool is_needed = template_needs(kind, i);
            (void)snprintf(header, sizeof header, "%s%s", column->zh, is_needed ? "*" : "");
            (void)worksheet_set_column(sheet, at, at, form_width(column),
                                       form_format(book, column_cell_form(column)));
            failed = worksheet_write_string(sheet, 0, at++, header, is_needed ? book->needed : book->header);
        }
    }
    return failed;
}

static lxw_error template_rows(const struct book *book, lxw_worksheet *sheet, const struct kind *kind)
{
    struct text guarded;
    lxw_error failed = LXW_NO_ERROR;
    text_init(&guarded, LIMIT_IMPORT_CELL_BYTES);
    for (size_t row = 0; row < template_examples(kind); row++) {
        lxw_col_t at = 0;
        for (size_t i = 0; i < kind->column_count && failed == LXW_NO_ERROR; i++) {
            const char *example = kind->forms[i].example[row];
            if (template_has(kind, i)) {
                failed =
                    cell_write(book, sheet, (lxw_row_t)(row + 1), at++, column_cell_form(&kind->columns[i]),
                               example != NULL ? example : "", &guarded);
            }
        }
    }
    text_finish(&guarded);
    return failed;
}

/* Anything may be typed where a name or an id of a new record is as good; a fixed word may not. */
static lxw_error list_inline(lxw_worksheet *sheet, lxw_col_t at, const struct column_form *form)
{
    /* libxlsxwriter wants its texts writable. */
    char texts[WORDS_MAX][32] = {"是", "否"};
    char title[] = "请从列表中选";
    char message[] = "这里只能填列表中的词。 Only a word of the list.";
    char *words[WORDS_MAX + 1] = {texts[0], texts[1], NULL};
    size_t count = 0;
    while (form->choice == CHOICE_WORDS && form->words[count].stored != NULL && count < WORDS_MAX) {
        (void)snprintf(texts[count], sizeof texts[count], "%s", form->words[count].zh);
        words[count] = texts[count];
        words[++count] = NULL;
    }
    lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_LIST,
                                .value_list = words,
                                .error_title = title,
                                .error_message = message};
    return worksheet_data_validation_range(sheet, 1, at, TEMPLATE_ROWS, at, &rule);
}

static lxw_error list_named(struct book *book, lxw_worksheet *sheet, lxw_worksheet *lists, lxw_col_t at,
                            lxw_col_t column, const struct template_list *list)
{
    char name[32];
    char range[96];
    char formula[40];
    char title[] = "不在列表中";
    char message[] = "列表中没有这一项，确定要用吗？ Not in the list. Use it anyway?";
    char cell[LXW_MAX_COL_NAME_LENGTH];
    struct text guarded;
    lxw_error failed = LXW_NO_ERROR;
    text_init(&guarded, LIMIT_IMPORT_CELL_BYTES);
    for (size_t i = 0; i < list->count && failed == LXW_NO_ERROR; i++) {
        failed = text_write(lists, (lxw_row_t)i, column, list->items[i], &guarded, book->text);
    }
    text_finish(&guarded);
    lxw_col_to_name(cell, column, 1);
    (void)snprintf(name, sizeof name, "list_%u", (unsigned)column + 1);
    (void)snprintf(range, sizeof range, "='%s'!%s$1:%s$%zu", EXPORT_LISTS_SHEET, cell, cell, list->count);
    (void)snprintf(formula, sizeof formula, "=%s", name);
    if (failed == LXW_NO_ERROR) {
        failed = workbook_define_name(book->workbook, name, range);
    }
    lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
                                .value_formula = formula,
                                .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
                                .error_title = title,
                                .error_message = message};
    return failed == LXW_NO_ERROR ? worksheet_data_validation_range(sheet, 1, at, TEMPLATE_ROWS, at, &rule)
                                  : failed;
}

static lxw_error template_choices(struct book *book, lxw_worksheet *sheet, const struct kind *kind,
                                  const struct template_lists *lists)
{
    lxw_worksheet *page = workbook_add_worksheet(book->workbook, EXPORT_LISTS_SHEET);
    lxw_error failed = page == NULL ? LXW_ERROR_MEMORY_MALLOC_FAILED : LXW_NO_ERROR;
    lxw_col_t at = 0;
    lxw_col_t column = 0;
    for (size_t i = 0; i < kind->column_count && failed == LXW_NO_ERROR; i++) {
        const struct column_form *form = &kind->forms[i];
        if (!template_has(kind, i)) {
            continue;
        }
        if (form->choice == CHOICE_WORDS || form->choice == CHOICE_YES_NO) {
            failed = list_inline(sheet, at, form);
        } else if (lists->of[form->choice].count > 0) {
            failed = list_named(book, sheet, page, at, column++, &lists->of[form->choice]);
        }
        at++;
    }
    if (page != NULL) {
        worksheet_hide(page);
    }
    return failed;
}

static lxw_error template_help(const struct book *book, const struct kind *kind)
{
    static const char *const LINES[] = {
        "带 * 的列必须填写。第一格以“" EXAMPLE_MARK "”开头的行是示例，导入时跳过，可以删去。",
        "Columns with * must be filled. Rows whose first cell begins with " EXAMPLE_MARK
        " are examples; import skips them, delete them if you like."};
    lxw_worksheet *sheet = workbook_add_worksheet(book->workbook, EXPORT_NOTES_SHEET);
    lxw_error failed = sheet == NULL ? LXW_ERROR_MEMORY_MALLOC_FAILED : LXW_NO_ERROR;
    lxw_row_t row = 0;
    if (failed == LXW_NO_ERROR) {
        (void)worksheet_set_column(sheet, 0, 0, WIDTH_TEXT, NULL);
        (void)worksheet_set_column(sheet, 1, 1, 80, book->note);
    }
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES && failed == LXW_NO_ERROR; i++) {
        failed = worksheet_write_string(sheet, row++, 0, LINES[i], NULL);
    }
    row++;
    for (size_t i = 0; i < kind->column_count && failed == LXW_NO_ERROR; i++) {
        if (template_has(kind, i)) {
            failed = worksheet_write_string(sheet, row, 0, kind->columns[i].zh,
                                            template_needs(kind, i) ? book->needed : book->header);
            if (failed == LXW_NO_ERROR) {
                failed = worksheet_write_string(sheet, row, 1, kind->forms[i].help, book->note);
            }
            row++;
        }
    }
    return failed;
}

enum error_code workbook_write_template(const struct kind *kind, const struct template_lists *lists,
                                        struct exported *exported, struct error *err)
{
    struct book book;
    enum error_code code = book_open(&book, err);
    if (code != ERR_NONE) {
        return code;
    }
    lxw_worksheet *sheet = workbook_add_worksheet(book.workbook, import_kind_zh(kind->kind));
    lxw_error failed = sheet == NULL ? LXW_ERROR_MEMORY_MALLOC_FAILED : template_header(&book, sheet, kind);
    if (failed == LXW_NO_ERROR) {
        worksheet_freeze_panes(sheet, 1, 0);
        failed = template_rows(&book, sheet, kind);
    }
    if (failed == LXW_NO_ERROR) {
        failed = template_help(&book, kind);
    }
    if (failed == LXW_NO_ERROR) {
        failed = template_choices(&book, sheet, kind, lists);
    }
    return book_close(&book, failed, exported, err);
}
