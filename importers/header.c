/* Which row holds the headers, which kind they tell of, and which column is which. */
#include "importers/header_fit.h"

#include <stdio.h>
#include <string.h>

enum {
    /* Titles and notes above a header take a few rows. */
    HEADER_ROWS = 30,
    HEADER_TEXT_SIZE = 256,
    /* So many header words in one row are a table, even when it lacks a column: leaving such a sheet out of a
     * workbook would import half of it. */
    TABLE_WORDS = 3
};

/* Plain form without the marks that offices put around a header. */
static bool header_plain(const char *text, char *ret_plain)
{
    char plain[HEADER_TEXT_SIZE];
    if (!plain_text(text, plain, sizeof plain)) {
        return false;
    }
    size_t used = 0;
    for (const char *at = plain; *at != '\0'; at++) {
        if (strchr("_-*:'\"", *at) == NULL) {
            ret_plain[used++] = *at;
        }
    }
    ret_plain[used] = '\0';
    return used > 0;
}

/* Cuts a harmless "(人)" or "(必填)" off. Units that change the meaning are part of a synonym. */
static bool cut_parenthesis(char *plain)
{
    static const char *const HARMLESS[] = {"(人)",   "(必填)", "(选填)", "(可选)", "(分钟)",
                                           "(如有)", "(街道)", "(座)",   "(wgs84)"};
    size_t length = strlen(plain);
    for (size_t i = 0; i < sizeof HARMLESS / sizeof *HARMLESS; i++) {
        size_t size = strlen(HARMLESS[i]);
        if (length > size && strcmp(plain + length - size, HARMLESS[i]) == 0) {
            plain[length - size] = '\0';
            return true;
        }
    }
    return false;
}

enum match {
    MATCH_NONE,
    MATCH_BY_THE_WAY, /* another kind is more often meant */
    MATCH_SHARED,     /* other kinds know the word too */
    MATCH_OWN
};

static enum match synonym_match(const struct column *column, const char *plain)
{
    char name[HEADER_TEXT_SIZE];
    /* What litang itself calls the column, in exports too. */
    bool is_name = (header_plain(column->field, name) && strcmp(name, plain) == 0) ||
                   (header_plain(column->zh, name) && strcmp(name, plain) == 0);
    enum match found = is_name ? MATCH_SHARED : MATCH_NONE;
    size_t length = strlen(plain);
    for (const char *at = column->synonyms; at != NULL && *at != '\0';) {
        bool is_own = *at == '!';
        bool is_weak = *at == '?';
        at += is_own || is_weak ? 1 : 0;
        const char *end = strchr(at, '|');
        size_t size = end == NULL ? strlen(at) : (size_t)(end - at);
        if (size == length && memcmp(at, plain, size) == 0) {
            return is_own ? MATCH_OWN : is_weak ? MATCH_BY_THE_WAY : MATCH_SHARED;
        }
        at = end == NULL ? NULL : end + 1;
    }
    return found;
}

static enum match column_match(const struct kind *kind, const char *text, size_t *ret_column)
{
    char plain[HEADER_TEXT_SIZE];
    if (!header_plain(text, plain)) {
        return MATCH_NONE;
    }
    do {
        for (size_t i = 0; i < kind->column_count; i++) {
            enum match match = synonym_match(&kind->columns[i], plain);
            if (match != MATCH_NONE) {
                *ret_column = i;
                return match;
            }
        }
    } while (cut_parenthesis(plain));
    return MATCH_NONE;
}

/* ---- a header of one row, or of groups above their columns ---- */

/* The text above `column` in the upper row of two: its own, or that of the group that reaches over it. */
static const char *group_text(const struct sheet *sheet, const struct sheet_row *upper, uint32_t column)
{
    for (size_t i = 0; i < sheet->merge_count; i++) {
        const struct sheet_merge *merge = &sheet->merges[i];
        if (merge->first_row <= upper->number && merge->last_row >= upper->number &&
            merge->first_column <= column + 1 && merge->last_column >= column + 1) {
            return sheet_text(sheet, upper, merge->first_column - 1);
        }
    }
    uint32_t at = column < upper->cell_count ? column : upper->cell_count;
    while (at > 0 && *sheet_text(sheet, upper, at) == '\0') {
        at--;
    }
    return sheet_text(sheet, upper, at);
}

/* Is a text under `column` of the upper row a column of a group, rather than a value below its header? */
static bool is_grouped(const struct sheet *sheet, const struct sheet_row *upper,
                       const struct sheet_row *lower, uint32_t column)
{
    const char *above = sheet_text(sheet, upper, column);
    if (*above == '\0') {
        return true;
    }
    return column + 1 < lower->cell_count && *sheet_text(sheet, upper, column + 1) == '\0' &&
           *sheet_text(sheet, lower, column + 1) != '\0';
}

static bool begins_group(const struct sheet *sheet, const struct sheet_row *upper,
                         const struct sheet_row *lower)
{
    size_t under = 0;
    for (uint32_t c = 0; c < lower->cell_count; c++) {
        const char *text = sheet_text(sheet, lower, c);
        if (*text == '\0' || strcmp(text, sheet_text(sheet, upper, c)) == 0) {
            continue; /* merged downwards, or written twice */
        }
        if (!is_grouped(sheet, upper, lower, c)) {
            return false;
        }
        under++;
    }
    return under >= 2;
}

/* Two rows right below each other, the lower one with the columns of the upper one's groups. */
static bool is_pair(const struct sheet *sheet, size_t row_index)
{
    if (row_index + 1 >= sheet->row_count) {
        return false;
    }
    const struct sheet_row *upper = &sheet->rows[row_index];
    const struct sheet_row *lower = upper + 1;
    return lower->number == upper->number + 1 && upper->cell_count > 0 && lower->cell_count > 0 &&
           begins_group(sheet, upper, lower);
}

const char *header_text(const struct sheet *sheet, const struct header *header, uint32_t column)
{
    const char *text = sheet_text(sheet, &sheet->rows[header->row_index + header->row_count - 1], column);
    return *text != '\0' || header->row_count == 1
               ? text
               : sheet_text(sheet, &sheet->rows[header->row_index], column);
}

uint32_t header_width(const struct sheet *sheet, const struct header *header)
{
    uint32_t width = 0;
    for (size_t r = header->row_index; r < header_end(header); r++) {
        width = sheet->rows[r].cell_count > width ? sheet->rows[r].cell_count : width;
    }
    return width;
}

/* 开始 above 时间 is 开始时间 first, then 时间. */
static enum match title_match(const struct sheet *sheet, const struct header *header, uint32_t column,
                              size_t *ret_column)
{
    const char *text = header_text(sheet, header, column);
    if (header->row_count == 2 && *sheet_text(sheet, &sheet->rows[header->row_index + 1], column) != '\0') {
        char both[HEADER_TEXT_SIZE];
        const char *group = group_text(sheet, &sheet->rows[header->row_index], column);
        int size = snprintf(both, sizeof both, "%s%s", group, text);
        enum match match = strcmp(group, text) == 0 || size >= (int)sizeof both
                               ? MATCH_NONE
                               : column_match(header->kind, both, ret_column);
        if (match != MATCH_NONE) {
            return match;
        }
    }
    return column_match(header->kind, text, ret_column);
}

/* 备注 stands for a column such as 原因 only where that has no header of its own; then it is a column that
 * the kind does not know. */
static bool is_remark(const struct sheet *sheet, const struct header *header, uint32_t at,
                      const struct column *column)
{
    return strcmp(column->zh, "备注") != 0 && strcmp(header_text(sheet, header, at), "备注") == 0;
}

static struct fit kind_fit(const struct sheet *sheet, size_t row_index, size_t row_count,
                           const struct kind *kind)
{
    struct fit fit = {.header = {.kind = kind, .row_index = row_index, .row_count = row_count},
                      .double_of = NONE,
                      .is_whole = true};
    uint32_t width = header_width(sheet, &fit.header);
    for (size_t i = 0; i < INTAKE_COLUMNS_MAX; i++) {
        fit.header.columns[i] = NONE;
    }
    for (uint32_t c = 0; c < width; c++) {
        size_t column = 0;
        enum match match = title_match(sheet, &fit.header, c, &column);
        if (match == MATCH_NONE) {
            continue;
        }
        uint32_t taken = fit.header.columns[column];
        if (taken != NONE && is_remark(sheet, &fit.header, c, &kind->columns[column])) {
            continue;
        }
        if (taken != NONE && !is_remark(sheet, &fit.header, taken, &kind->columns[column])) {
            fit.double_of = c;
            continue;
        }
        fit.header.columns[column] = c;
        fit.present |= UINT64_C(1) << column;
        fit.matched++;
        /* Columns that find their use tell more than one word. */
        fit.score += match == MATCH_OWN ? 5 : match == MATCH_SHARED ? 3 : 1;
    }
    for (size_t i = 0; i < kind->column_count; i++) {
        fit.is_whole =
            fit.is_whole && (kind->columns[i].need == COLUMN_OPTIONAL || fit.header.columns[i] != NONE);
    }
    for (size_t i = 0; i < sizeof kind->any_of / sizeof *kind->any_of; i++) {
        fit.is_whole = fit.is_whole && (kind->any_of[i] == 0 || (kind->any_of[i] & fit.present) != 0);
    }
    return fit;
}

/* Does the row look like (a part of) a header: at least two cells, and half of them, are header words of some
 * kind? */
static bool row_is_headers(const struct sheet *sheet, size_t row_index)
{
    const struct sheet_row *row = &sheet->rows[row_index];
    size_t texts = 0;
    size_t words = 0;
    for (uint32_t c = 0; c < row->cell_count; c++) {
        const char *text = sheet_text(sheet, row, c);
        bool is_word = false;
        for (int kind = IMPORT_AUTO + 1; kind < IMPORT_KIND_END && !is_word && *text != '\0'; kind++) {
            size_t column = 0;
            is_word = column_match(kind_find((enum import_kind)kind), text, &column) != MATCH_NONE;
        }
        texts += *text != '\0' ? 1 : 0;
        words += is_word ? 1 : 0;
    }
    return words >= 2 && words * 2 >= texts;
}

static bool rows_equal(const struct sheet *sheet, size_t left, size_t right)
{
    const struct sheet_row *a = &sheet->rows[left];
    const struct sheet_row *b = &sheet->rows[right];
    bool is_equal = a->cell_count == b->cell_count;
    for (uint32_t c = 0; c < a->cell_count && is_equal; c++) {
        is_equal = strcmp(sheet_text(sheet, a, c), sheet_text(sheet, b, c)) == 0;
    }
    return is_equal;
}

bool header_has_more_rows(const struct sheet *sheet, const struct header *header)
{
    size_t first = header->row_index;
    size_t end = header_end(header);
    bool below = end < sheet->row_count && row_is_headers(sheet, end) && !rows_equal(sheet, first, end) &&
                 !rows_equal(sheet, end - 1, end);
    bool above = first > 0 && row_is_headers(sheet, first - 1) && !rows_equal(sheet, first, first - 1);
    return below || above;
}

static bool refuse_personal(struct import_report *report, const struct sheet *sheet, size_t row_index)
{
    return header_refuse(
        report, sheet, CODE_PERSONAL, sheet->rows[row_index].number, 0, NULL,
        "这是签到表或名单，含有姓名、电话、签名等个人信息；系统只要人数（个人信息保护法：不多收），请不要导入"
        "名单，"
        "改为每场一行填写“人数”",
        "a list of who came, with names, telephone numbers or signatures; only head counts are taken (PIPL): "
        "write one row a session with its number of people",
        NULL);
}

static bool header_accept(const struct sheet *sheet, const struct fit *fit, bool is_tied,
                          struct import_report *report, struct header *ret_header)
{
    const struct sheet_row *row = &sheet->rows[fit->header.row_index];
    if (header_is_personal(sheet, &fit->header)) {
        return refuse_personal(report, sheet, fit->header.row_index);
    }
    if (is_tied) {
        return header_refuse(report, sheet, CODE_AMBIGUOUS_KIND, row->number, 0, NULL,
                             "表头同时符合几种表格，请用 --kind 指明种类",
                             "the headers fit several kinds; give --kind", NULL);
    }
    if (header_has_more_rows(sheet, &fit->header)) {
        return header_refuse(report, sheet, CODE_TWO_ROW_HEADER, row->number, 0, NULL,
                             "表头的几行对不到一起（合并单元格）；请把表头改成一行再导入",
                             "the rows of the header do not fit together (merged cells); make it one row",
                             NULL);
    }
    if (fit->double_of != NONE) {
        const char *text = header_text(sheet, &fit->header, fit->double_of);
        return header_refuse(report, sheet, CODE_DUPLICATE_COLUMN, row->number, fit->double_of + 1, text,
                             "列“%s”与前面的列含义相同，请删去一列",
                             "column \"%s\" means the same as one before it; drop one", text);
    }
    *ret_header = fit->header;
    return true;
}

/* What the rows at `row_index` are the header of. */
struct guess {
    struct fit best;  /* of the kinds that lack nothing */
    struct fit rival; /* of those that do: when it says more, the sheet is that kind with a column missing */
    bool is_tied;
};

/* `best_part` remembers the best of those that lack something, over all rows. */
static struct guess kind_guess(const struct sheet *sheet, size_t row_index, size_t row_count,
                               enum import_kind forced, struct fit *best_part)
{
    struct guess guess = {.is_tied = false};
    struct fit *best = &guess.best;
    for (int k = IMPORT_AUTO + 1; k < IMPORT_KIND_END; k++) {
        if (forced != IMPORT_AUTO && (int)forced != k) {
            continue;
        }
        struct fit fit = kind_fit(sheet, row_index, row_count, kind_find((enum import_kind)k));
        if (fit.matched > best_part->matched) {
            *best_part = fit;
        }
        if (!fit.is_whole) {
            guess.rival = fit.score > guess.rival.score ? fit : guess.rival;
            continue;
        }
        bool is_better = !best->is_whole || fit.score > best->score;
        bool is_equal = fit.score == best->score && !fit.header.kind->yields;
        guess.is_tied = !is_better && (guess.is_tied || is_equal);
        *best = is_better ? fit : *best;
    }
    return guess;
}

enum header_found header_find(const struct sheet *sheet, enum import_kind forced, bool is_only,
                              struct import_report *report, struct header *ret_header)
{
    struct fit best_part = {.matched = 0};
    size_t rows = sheet->row_count < HEADER_ROWS ? sheet->row_count : HEADER_ROWS;
    for (size_t r = 0; r < rows; r++) {
        struct guess guess = kind_guess(sheet, r, 1, forced, &best_part);
        struct guess pair = {.is_tied = false};
        if (is_pair(sheet, r)) {
            pair = kind_guess(sheet, r, 2, forced, &best_part);
        }
        if (pair.best.is_whole && (!guess.best.is_whole || pair.best.score > guess.best.score) &&
            (row_is_headers(sheet, r) ||
             pair.best.score > kind_fit(sheet, r + 1, 1, pair.best.header.kind).score)) {
            guess = pair; /* otherwise the upper row is a title */
        }
        if (!guess.best.is_whole) {
            continue;
        }
        if (guess.rival.score > guess.best.score) {
            /* A list of requests without its dates names halls too, and is no list of halls. */
            (void)header_refuse_none(sheet, &guess.rival, report);
            return HEADER_REFUSED;
        }
        return header_accept(sheet, &guess.best, guess.is_tied, report, ret_header) ? HEADER_FOUND
                                                                                    : HEADER_REFUSED;
    }
    struct header none = {.kind = NULL};
    if (header_is_personal(sheet, &none)) {
        (void)refuse_personal(report, sheet, 0);
        return HEADER_REFUSED;
    }
    if (!is_only && (best_part.matched < TABLE_WORDS || header_is_summary(sheet, &best_part.header))) {
        return HEADER_ABSENT;
    }
    (void)header_refuse_none(sheet, &best_part, report);
    return HEADER_REFUSED;
}
