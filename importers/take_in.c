#include "importers/take_in.h"

#include "importers/export.h"
#include "importers/layout.h"
#include "importers/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum error_code out_of_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

enum error_code take_in_fail(struct import_report *report, enum error_code code, enum import_code about,
                             const char *sheet, uint32_t row, const char *sentence, struct error *err)
{
    char zh[ERROR_TEXT_MAX];
    char en[ERROR_TEXT_MAX];
    (void)snprintf(zh, sizeof zh, "%s", sentence);
    (void)snprintf(en, sizeof en, "%s", sentence);
    size_t length = strlen(zh);
    char *open = strstr(zh, " (");
    if (open != NULL && zh[length - 1] == ')') {
        (void)snprintf(en, sizeof en, "%.*s", (int)(zh + length - 1 - (open + 2)), open + 2);
        *open = '\0';
    }
    struct import_finding finding = {.code = about, .sheet = sheet, .row = row, .zh = zh, .en = en};
    if (!import_report_add(report, false, &finding)) {
        return out_of_memory(err);
    }
    return error_set(err, code, "%s: %s", report->file, sentence);
}

/* Bytes to a workbook in the report. */
static enum error_code read_book(const char *bytes, size_t length, struct import_report *report,
                                 struct error *err)
{
    static const enum import_code ABOUT[] = {[WORKBOOK_FORMAT] = CODE_FORMAT,
                                             [WORKBOOK_ENCODING] = CODE_ENCODING,
                                             [WORKBOOK_EMPTY] = CODE_EMPTY,
                                             [WORKBOOK_QUOTE] = CODE_QUOTE,
                                             [WORKBOOK_LIMIT] = CODE_LIMIT};
    struct error inner = {.text = ""};
    struct workbook *book = malloc(sizeof *book);
    if (book == NULL) {
        return out_of_memory(err);
    }
    workbook_init(book);
    report->book = book;
    enum error_code code = workbook_read(book, bytes, length, &inner);
    report->encoding = book->encoding;
    if (code == ERR_INPUT || code == ERR_LIMIT) {
        return take_in_fail(report, code, ABOUT[book->trouble], book->trouble_sheet, book->trouble_row,
                            inner.text, err);
    }
    if (code == ERR_NONE && book->guess[0] != '\0') {
        struct import_finding finding = {
            .code = CODE_ASSUMED,
            .zh = "按 GB18030 读取，但也可能是别的编码（如繁体 BIG5）；请在预览中核对文字",
            .en = "read as GB18030, but it may be another encoding such as BIG5; check the preview",
            .text = book->guess};
        return import_report_add(report, true, &finding) ? ERR_NONE : out_of_memory(err);
    }
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "%s", inner.text);
}

enum error_code take_in_refuse(const struct import_report *report, struct error *err)
{
    const struct import_finding *first = report->errors.count > 0 ? &report->errors.items[0] : NULL;
    return error_set(err, ERR_INPUT, "%s:%u: %s (%s)；共 %zu 处错误，未导入 (%zu errors, nothing imported)",
                     report->file, first == NULL ? 0 : first->row, first == NULL ? "" : first->zh,
                     first == NULL ? "" : first->en, report->errors.total, report->errors.total);
}

static bool say(struct import_report *report, const struct sheet *sheet, uint32_t row, enum import_code code,
                const char *zh, const char *en)
{
    struct import_finding finding = {.code = code, .sheet = sheet->name, .row = row, .zh = zh, .en = en};
    return import_report_add(report, true, &finding);
}

/* The pages of notes and lists in our own exports and templates need no word. */
static bool is_ours(const struct sheet *sheet)
{
    return strcmp(sheet->name, EXPORT_NOTES_SHEET) == 0 || strcmp(sheet->name, EXPORT_LISTS_SHEET) == 0;
}

static bool say_unknown(struct import_report *report, const struct sheet *sheet)
{
    return is_ours(sheet) || say(report, sheet, 0, CODE_IGNORED_SHEET, "这张工作表没有认得的表头，已跳过",
                                 "this sheet has no known header and was skipped");
}

static bool say_hidden(struct import_report *report, const struct sheet *sheet)
{
    return is_ours(sheet) ||
           say(report, sheet, 0, CODE_IGNORED_SHEET, "这张工作表是隐藏的，已跳过；要导入请先取消隐藏",
               "this sheet is hidden and was skipped; unhide it to import it");
}

/* Hidden rows are read: a filter that someone left on must not lose them. */
static bool say_hidden_rows(struct import_report *report, const struct sheet *sheet)
{
    char zh[160];
    char en[160];
    (void)snprintf(zh, sizeof zh, "表里有 %" PRIu32 " 个隐藏的行（从第 %" PRIu32 " 行起），也已读取",
                   sheet->hidden_rows, sheet->hidden_row);
    (void)snprintf(en, sizeof en, "%" PRIu32 " hidden rows (from row %" PRIu32 " on) were read too",
                   sheet->hidden_rows, sheet->hidden_row);
    return sheet->hidden_rows == 0 || say(report, sheet, sheet->hidden_row, CODE_ASSUMED, zh, en);
}

/* Hidden sheets hold lists for drop-downs and old copies; they count only when nothing else is there. */
static bool is_considered(const struct workbook *book, const struct sheet *sheet)
{
    bool has_visible = false;
    for (size_t i = 0; i < book->sheet_count; i++) {
        has_visible = has_visible || (book->sheets[i]->row_count > 0 && !book->sheets[i]->is_hidden);
    }
    return sheet->row_count > 0 && !(sheet->is_hidden && has_visible);
}

static const struct sheet *first_considered(const struct workbook *book, size_t *ret_count)
{
    const struct sheet *first = NULL;
    *ret_count = 0;
    for (size_t i = 0; i < book->sheet_count; i++) {
        if (is_considered(book, book->sheets[i])) {
            first = first == NULL ? book->sheets[i] : first;
            ++*ret_count;
        }
    }
    return first;
}

/* Which sheets are imported: every one with a known header. One that looks like a table but cannot be used
 * stops the import; the rest is named as skipped. */
static enum error_code choose_sheets(enum import_kind kind, struct import_report *report,
                                     struct header *ret_headers, struct error *err)
{
    const struct workbook *book = report->book;
    const size_t errors_before = report->errors.total; /* of a calendar's events */
    size_t considered = 0;
    const struct sheet *first = first_considered(book, &considered);
    if (first == NULL) {
        return take_in_fail(report, ERR_INPUT, CODE_EMPTY, NULL, 0, format_refusal(FORMAT_EMPTY), err);
    }
    report->sheets = calloc(considered, sizeof *report->sheets);
    bool is_kept = report->sheets != NULL;
    for (size_t i = 0; i < book->sheet_count && is_kept; i++) {
        const struct sheet *sheet = book->sheets[i];
        struct header *header = &ret_headers[report->sheet_count];
        if (!is_considered(book, sheet)) {
            is_kept = sheet->row_count == 0 || say_hidden(report, sheet);
            continue;
        }
        enum header_found found = header_find(sheet, kind, considered == 1, report, header);
        if (found == HEADER_FOUND) {
            report->sheets[report->sheet_count++] =
                (struct import_sheet){.sheet = sheet,
                                      .kind = header->kind->kind,
                                      .header_row = sheet->rows[header->row_index].number,
                                      .header_last = sheet->rows[header_end(header) - 1].number};
            is_kept = say_hidden_rows(report, sheet);
        } else if (found == HEADER_ABSENT) {
            is_kept = say_unknown(report, sheet);
        }
    }
    if (!is_kept) {
        return out_of_memory(err);
    }
    if (report->sheet_count == 0 && report->errors.total == errors_before) {
        struct header none;
        (void)header_find(first, kind, true, report, &none);
    }
    if (report->errors.total > errors_before) {
        return take_in_refuse(report, err);
    }
    report->kind = report->sheets[0].kind;
    report->header_row = report->sheets[0].header_row;
    return ERR_NONE;
}

enum error_code take_in_book(const char *bytes, size_t length, enum import_kind forced,
                             struct import_report *report, struct header **ret_headers, struct error *err)
{
    enum error_code code = read_book(bytes, length, report, err);
    return code != ERR_NONE ? code : take_in_sheets(forced, report, ret_headers, err);
}

enum error_code take_in_sheets(enum import_kind forced, struct import_report *report,
                               struct header **ret_headers, struct error *err)
{
    struct header *headers = calloc(report->book->sheet_count + 1, sizeof *headers);
    if (headers == NULL) {
        return out_of_memory(err);
    }
    enum error_code code = choose_sheets(forced, report, headers, err);
    if (code != ERR_NONE) {
        free(headers);
        return code;
    }
    *ret_headers = headers;
    return ERR_NONE;
}

static void run_sheet(struct intake *intake, struct import_sheet *part)
{
    const struct import_report *report = intake->report;
    intake->part = part;
    intake->context.year = report->year;
    intake->years_known = report->year != 0;
    part->year = report->year;
    part->year_source = report->year != 0 ? YEAR_OPTION : YEAR_UNKNOWN;
    part->rows_read = report->rows_read;
    part->rows_good = report->rows_good;
    part->rows_bad = report->rows_bad;
    part->rows_skipped = report->rows_skipped;
    intake_run(intake);
    part->rows_read = report->rows_read - part->rows_read;
    part->rows_good = report->rows_good - part->rows_good;
    part->rows_bad = report->rows_bad - part->rows_bad;
    part->rows_skipped = report->rows_skipped - part->rows_skipped;
    free(intake->memos);
    free(intake->kept);
    intake->memos = NULL;
    intake->kept = NULL;
    intake->kept_count = 0;
    intake->kept_capacity = 0;
}

static uint32_t sheet_index(const struct workbook *book, const struct sheet *sheet)
{
    uint32_t index = 0;
    while (book->sheets[index] != sheet) {
        index++;
    }
    return index;
}

enum error_code take_in_rows(const struct header *headers, struct timetable *base, struct change_set *set,
                             struct import_report *report, struct error *err)
{
    return take_in_edited_rows(headers, base, NULL, set, report, err);
}

enum error_code take_in_edited_rows(const struct header *headers, struct timetable *base,
                                    struct origin *origin, struct change_set *set,
                                    struct import_report *report, struct error *err)
{
    struct map keys[IMPORT_KIND_END] = {0};
    struct intake intake = {.report = report,
                            .base = base,
                            .set = set,
                            .origin = origin,
                            .lookup = lookup_create(base),
                            .references = reference_memos_create()};
    arena_init(&intake.arena);
    map_init(&intake.made);
    intake.failed = intake.lookup == NULL || intake.references == NULL ? ERR_MEMORY : ERR_NONE;
    for (size_t i = 0; i < report->sheet_count && intake.failed == ERR_NONE; i++) {
        intake.sheet = report->sheets[i].sheet;
        intake.sheet_index = sheet_index(report->book, intake.sheet);
        intake.header = &headers[i];
        intake.failed = layout_settle(report->book->sheets[intake.sheet_index], &headers[i], report);
        intake.keys = &keys[report->sheets[i].kind];
        run_sheet(&intake, &report->sheets[i]);
    }
    enum error_code code = intake.failed;
    lookup_destroy(intake.lookup);
    free(intake.references);
    ledger_index_destroy(intake.sessions);
    map_finish(&intake.made);
    for (size_t i = 0; i < IMPORT_KIND_END; i++) {
        map_finish(&keys[i]);
    }
    report->values = intake.arena; /* rows of the ledger point into it */
    return code == ERR_NONE ? ERR_NONE
                            : error_set(err, code, "%s: %s", report->file, error_sentence_zh(code));
}
