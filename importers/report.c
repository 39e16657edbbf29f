#include "importers/report.h"

#include "base/limits.h"
#include "base/vec.h"
#include "importers/ics_text.h"
#include "importers/ledger.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* A cell is shown to be recognised, not to be read. */
    SHOWN_CELL_BYTES = 200,
    /* Warnings of one code in the text form; the JSON form has all. */
    WARNINGS_SHOWN = 20
};

static const struct {
    const char *name;
    enum store_table table;
    const char *zh;
} KINDS[IMPORT_KIND_END] = {[IMPORT_AUTO] = {"auto", TABLE_COUNT, "自动"},
#define X(code, name, table, zh) [code] = {name, table, zh},
                            IMPORT_KIND_LIST(X)
#undef X
};

const char *import_kind_name(enum import_kind kind)
{
    return kind < IMPORT_KIND_END ? KINDS[kind].name : "auto";
}

const char *import_kind_zh(enum import_kind kind)
{
    return kind < IMPORT_KIND_END ? KINDS[kind].zh : "自动";
}

enum store_table import_kind_table(enum import_kind kind)
{
    return kind < IMPORT_KIND_END ? KINDS[kind].table : TABLE_COUNT;
}

bool import_kind_from_name(const char *name, enum import_kind *ret_kind)
{
    for (size_t i = 0; i < IMPORT_KIND_END; i++) {
        if (strcmp(KINDS[i].name, name) == 0 || strcmp(KINDS[i].zh, name) == 0) {
            *ret_kind = (enum import_kind)i;
            return true;
        }
    }
    return false;
}

const char *import_code_name(enum import_code code)
{
    static const char *const NAMES[IMPORT_CODE_COUNT] = {
#define X(code, name, about) [code] = name,
        IMPORT_CODE_LIST(X)
#undef X
    };
    return code < IMPORT_CODE_COUNT ? NAMES[code] : "";
}

void import_report_init(struct import_report *report)
{
    *report = (struct import_report){.file = "", .encoding = ""};
    arena_init(&report->arena);
}

void import_report_finish(struct import_report *report)
{
    if (report->has_result) {
        commit_result_finish(&report->result);
    }
    if (report->book != NULL) {
        workbook_finish(report->book);
        free(report->book);
    }
    if (report->calendar_text != NULL) {
        ics_text_finish(report->calendar_text);
        free(report->calendar_text);
    }
    ledger_destroy(report->ledger);
    free(report->sheets);
    free(report->errors.items);
    free(report->warnings.items);
    free(report->conversions.items);
    arena_finish(&report->values);
    arena_finish(&report->arena);
    import_report_init(report);
}

static const char *keep(struct import_report *report, const char *text, size_t max)
{
    if (text == NULL || *text == '\0') {
        return "";
    }
    size_t length = strlen(text);
    size_t kept = utf8_cut(text, length, max);
    return arena_copy_bytes(&report->arena, text, kept);
}

bool import_report_add(struct import_report *report, bool is_warning, const struct import_finding *finding)
{
    struct import_findings *list = is_warning ? &report->warnings : &report->errors;
    list->total++;
    if (list->count >= LIMIT_IMPORT_ERRORS) {
        return true;
    }
    struct import_finding copy = *finding;
    copy.sheet = keep(report, finding->sheet, LIMIT_NAME_BYTES);
    copy.header = keep(report, finding->header, SHOWN_CELL_BYTES);
    copy.zh = keep(report, finding->zh, LIMIT_NOTE_BYTES);
    copy.en = keep(report, finding->en, LIMIT_NOTE_BYTES);
    copy.text = keep(report, finding->text, SHOWN_CELL_BYTES);
    if (copy.sheet == NULL || copy.header == NULL || copy.zh == NULL || copy.en == NULL ||
        copy.text == NULL) {
        return false;
    }
    enum error_code code = ERR_NONE;
    VEC_PUSH(code, list, copy, LIMIT_IMPORT_ERRORS);
    return code == ERR_NONE;
}

static size_t sheet_order(const struct import_report *report, const char *name)
{
    size_t order = 0;
    while (order < report->sheet_count && strcmp(report->sheets[order].sheet->name, name) != 0) {
        order++;
    }
    return order;
}

struct finding_place {
    size_t sheet, was;
    uint32_t row;
};

static int place_compare(const void *left, const void *right)
{
    const struct finding_place *a = left;
    const struct finding_place *b = right;
    int order = (a->sheet > b->sheet) - (a->sheet < b->sheet);
    order = order != 0 ? order : (a->row > b->row) - (a->row < b->row);
    return order != 0 ? order : (a->was > b->was) - (a->was < b->was);
}

static void findings_sort(const struct import_report *report, struct import_findings *list)
{
    struct finding_place *places = calloc(list->count + 1, sizeof *places);
    struct import_finding *items = calloc(list->count + 1, sizeof *items);
    for (size_t i = 0; places != NULL && i < list->count; i++) {
        places[i] = (struct finding_place){sheet_order(report, list->items[i].sheet), i, list->items[i].row};
    }
    /* Without memory they stay as they are: all are there. */
    if (places != NULL && items != NULL && list->count > 0) {
        qsort(places, list->count, sizeof *places, place_compare);
        memcpy(items, list->items, list->count * sizeof *items);
        for (size_t i = 0; i < list->count; i++) {
            list->items[i] = items[places[i].was];
        }
    }
    free(items);
    free(places);
}

void import_report_sort(struct import_report *report)
{
    findings_sort(report, &report->errors);
    findings_sort(report, &report->warnings);
}

bool import_report_convert(struct import_report *report, const struct import_conversion *conversion)
{
    struct import_conversions *list = &report->conversions;
    list->total++;
    if (list->count >= LIMIT_IMPORT_CONVERSIONS) {
        return true;
    }
    struct import_conversion copy = *conversion;
    copy.sheet = keep(report, conversion->sheet, LIMIT_NAME_BYTES);
    copy.header = keep(report, conversion->header, SHOWN_CELL_BYTES);
    copy.written = keep(report, conversion->written, SHOWN_CELL_BYTES);
    copy.understood = keep(report, conversion->understood, SHOWN_CELL_BYTES);
    if (copy.sheet == NULL || copy.header == NULL || copy.written == NULL || copy.understood == NULL) {
        return false;
    }
    enum error_code code = ERR_NONE;
    VEC_PUSH(code, list, copy, LIMIT_IMPORT_CONVERSIONS);
    return code == ERR_NONE;
}

void import_finding_write(const struct import_report *report, const struct import_finding *finding,
                          enum import_language language, struct text *out)
{
    text_add(out, report->file);
    if (*finding->sheet != '\0') {
        text_addf(out, "[%s]", finding->sheet);
    }
    if (finding->row > 0) {
        text_addf(out, ":%" PRIu32, finding->row);
    }
    if (finding->column > 0) {
        text_addf(out, ":%" PRIu32, finding->column);
    }
    text_add(out, ": ");
    if (*finding->header != '\0') {
        text_addf(out, "%s: ", finding->header);
    }
    text_add(out, language == IMPORT_EN ? finding->en : finding->zh);
    if (language == IMPORT_BOTH) {
        text_addf(out, " (%s)", finding->en);
    }
    text_addf(out, " [%s]", import_code_name(finding->code));
}

static void write_more(size_t more, const char *prefix, enum import_language language, struct text *out)
{
    if (more > 0) {
        text_addf(out, language == IMPORT_EN ? "%s… and %zu more\n" : "%s……另有 %zu 条\n", prefix, more);
    }
}

/* All errors are listed. Of warnings of one code, as of a thousand sessions outside opening hours, the first
 * ones tell enough. */
static void write_list(const struct import_report *report, const struct import_findings *list, const char *zh,
                       const char *en, size_t most_of_code, enum import_language language, struct text *out)
{
    size_t shown[IMPORT_CODE_COUNT] = {0};
    size_t hidden = list->total - list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (shown[list->items[i].code]++ >= most_of_code) {
            hidden++;
            continue;
        }
        text_add(out, language == IMPORT_EN ? en : zh);
        import_finding_write(report, &list->items[i], language, out);
        text_add_char(out, '\n');
    }
    write_more(hidden, language == IMPORT_EN ? en : zh, language, out);
}

static const char *outcome(const struct import_report *report, bool chinese)
{
    if (report->is_committed) {
        return report->rows_bad > 0
                   ? (chinese ? "好的行已导入，错误的行未导入" : "good rows imported, bad rows left out")
                   : (chinese ? "已导入" : "imported");
    }
    if (report->dry_run) {
        return chinese ? "预览，未写入任何数据" : "preview, nothing written";
    }
    return chinese ? "未导入任何数据" : "nothing imported";
}

static void write_summary_zh(const struct import_report *report, struct text *out)
{
    if (report->encoding[0] == '\0') { /* it was not read that far */
        text_addf(out, "%s：%s\n", report->file, outcome(report, true));
        return;
    }
    text_addf(out, "%s：%s（%s）：%s\n", report->file, import_kind_zh(report->kind), report->encoding,
              outcome(report, true));
    if (report->calendar_events > 0) {
        text_addf(out, "  日历：%zu 个日程，其中有误 %zu 个；每一次算一行\n", report->calendar_events,
                  report->calendar_bad);
    }
    text_addf(out, "  读取 %zu 行，错误 %zu 行，跳过 %zu 行（标题、合计、说明等）\n", report->rows_read,
              report->rows_bad, report->rows_skipped);
    if (report->has_result) {
        text_addf(out, "  新增 %zu，更新 %zu，未变 %zu（含相关记录共新增 %zu、更新 %zu、删除 %zu）\n",
                  report->created, report->updated, report->unchanged, report->result.created,
                  report->result.updated, report->result.dropped);
    }
    if (report->has_result && report->result.reflagged.count > 0) {
        text_addf(out, "  注意：%zu 个已发布的场次因此发生冲突，请用 check 查看\n",
                  report->result.reflagged.count);
    }
}

static void write_summary_en(const struct import_report *report, struct text *out)
{
    if (report->encoding[0] == '\0') {
        text_addf(out, "%s: %s\n", report->file, outcome(report, false));
        return;
    }
    text_addf(out, "%s: %s (%s): %s\n", report->file, import_kind_name(report->kind), report->encoding,
              outcome(report, false));
    if (report->calendar_events > 0) {
        text_addf(out, "  a calendar of %zu events, %zu of them faulty; each meeting is a row\n",
                  report->calendar_events, report->calendar_bad);
    }
    text_addf(out, "  %zu rows read, %zu bad, %zu skipped (titles, sums, notes)\n", report->rows_read,
              report->rows_bad, report->rows_skipped);
    if (report->has_result) {
        text_addf(out,
                  "  %zu created, %zu updated, %zu unchanged (with related rows: %zu created, %zu updated, "
                  "%zu dropped)\n",
                  report->created, report->updated, report->unchanged, report->result.created,
                  report->result.updated, report->result.dropped);
    }
    if (report->has_result && report->result.reflagged.count > 0) {
        text_addf(out, "  note: %zu published sessions now clash; see check\n",
                  report->result.reflagged.count);
    }
}

static bool has_warning(const struct import_report *report, enum import_code code)
{
    for (size_t i = 0; i < report->warnings.count; i++) {
        if (report->warnings.items[i].code == code) {
            return true;
        }
    }
    return false;
}

/* One line: what the coordinator does now. */
static void write_next(const struct import_report *report, bool chinese, struct text *out)
{
    const char *zh = NULL;
    const char *en = NULL;
    if (report->is_committed && report->rows_bad > 0) {
        zh = "改好错误行的文件后再导入一次即可；要撤回这次导入用 undo";
        en = "mend the file of bad rows and import it; undo takes this import back";
    } else if (report->is_committed && report->created + report->updated > 0) {
        zh = has_warning(report, CODE_SET_ASIDE) ? "请看一眼提醒；要撤回这次导入用 undo"
                                                 : "要撤回这次导入用 undo";
        en = has_warning(report, CODE_SET_ASIDE) ? "have a look at the warnings; undo takes this import back"
                                                 : "undo takes this import back";
    } else if (report->errors.total > 0 && report->rows_good > 0) {
        zh = "按上面的位置改好再导入；或加 --partial 先导入正确的行，错误行另存为文件";
        en = "mend the places above and import again; or give --partial: good rows go in, bad ones into a "
             "file";
    } else if (report->errors.total > 0) {
        zh = "按上面的位置改好再导入";
        en = "mend the places above and import again";
    } else if (report->dry_run && report->rows_good > 0) {
        zh = "核对预览无误后，去掉 --dry-run 再执行一次";
        en = "when the preview is right, run it again without --dry-run";
    }
    if (zh != NULL) {
        text_addf(out, chinese ? "下一步：%s\n" : "next: %s\n", chinese ? zh : en);
    }
}

void import_report_write(const struct import_report *report, enum import_language language, struct text *out)
{
    if (language != IMPORT_EN) {
        write_summary_zh(report, out);
    }
    if (language != IMPORT_ZH) {
        write_summary_en(report, out);
    }
    write_list(report, &report->errors, "错误 ", "error ", LIMIT_IMPORT_ERRORS, language, out);
    write_list(report, &report->warnings, "提醒 ", "warning ", WARNINGS_SHOWN, language, out);
    if (language != IMPORT_EN) {
        write_next(report, true, out);
    }
    if (language != IMPORT_ZH) {
        write_next(report, false, out);
    }
}
