/* Headers that cannot be used: which sentence tells what to mend. */
#include "base/text.h"
#include "importers/header_fit.h"

#include <string.h>

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strcmp(text, *words) == 0) {
            return true;
        }
    }
    return false;
}

bool header_is_summary(const struct sheet *sheet, const struct header *header)
{
    static const char *const WHERE[] = {
        "序号", "乡镇",   "镇街",         "街道",       "乡镇（街道）", "乡镇(街道)", "县",
        "区县", "县市区", "县（市、区）", "县(市、区)", "单位",         "村",         "地区",
        "区域", "月份",   "季度",         "类别",       "备注",         "排名",       NULL};
    static const char *const SUMS[] = {"场次",     "人次",     "人数",     "次数",   "覆盖率", "合计",
                                       "小计",     "总计",     "上半年",   "下半年", "全年",   "第一季度",
                                       "第二季度", "第三季度", "第四季度", "完成率", "占比",   "比例",
                                       "目标",     "本月",     "累计",     "总场次", "总人次", NULL};
    size_t sums = 0;
    uint32_t width = header_width(sheet, header);
    for (uint32_t c = 0; c < width; c++) {
        const char *text = header_text(sheet, header, c);
        bool is_sum = is_one_of(text, SUMS);
        if (*text != '\0' && !is_sum && !is_one_of(text, WHERE)) {
            return false;
        }
        sums += is_sum ? 1 : 0;
    }
    return sums > 0;
}

bool header_refuse(struct import_report *report, const struct sheet *sheet, enum import_code code,
                   uint32_t row, uint32_t column, const char *header, const char *zh, const char *en,
                   const char *shown)
{
    struct fault fault;
    (void)fault_set(&fault, code, zh, en, shown);
    (void)import_report_add(report, false,
                            &(struct import_finding){.code = code,
                                                     .sheet = sheet->name,
                                                     .row = row,
                                                     .column = column,
                                                     .header = header,
                                                     .zh = fault.zh,
                                                     .en = fault.en,
                                                     .text = shown});
    return false;
}

static void missing_fields(const struct fit *fit, bool chinese, struct text *out)
{
    const struct kind *kind = fit->header.kind;
    for (size_t i = 0; i < kind->column_count; i++) {
        const struct column *column = &kind->columns[i];
        bool is_missing = column->need == COLUMN_REQUIRED && fit->header.columns[i] == NONE;
        const char *separator = out->length == 0 ? "" : ", ";
        text_addf(out, "%s%s", is_missing ? separator : "",
                  !is_missing ? ""
                  : chinese   ? column->zh
                              : column->field);
    }
    for (size_t s = 0; s < sizeof kind->any_of / sizeof *kind->any_of; s++) {
        const char *separator = out->length == 0 ? "" : ", ";
        for (size_t i = 0; i < kind->column_count && (kind->any_of[s] & fit->present) == 0; i++) {
            if ((kind->any_of[s] >> i & 1U) != 0) {
                text_addf(out, "%s%s", separator, chinese ? kind->columns[i].zh : kind->columns[i].field);
                separator = chinese ? "或" : " or ";
            }
        }
    }
}

bool header_refuse_none(const struct sheet *sheet, const struct fit *best, struct import_report *report)
{
    if (best->header.kind == NULL || best->matched == 0) {
        return header_refuse(report, sheet, CODE_NO_HEADER, 0, 0, NULL,
                             "前 30 行中没有认得的表头；请核对列名，或用 --kind 指明表格种类",
                             "none of the first 30 rows holds known headers; check them or give --kind",
                             NULL);
    }
    uint32_t row = sheet->rows[best->header.row_index].number;
    if (header_is_summary(sheet, &best->header)) {
        return header_refuse(
            report, sheet, CODE_NO_HEADER, row, 0, NULL,
            "这是汇总表（按乡镇或月份合计的场次、人次），不是逐条记录，不能导入；请导入逐场次的台账，合计由"
            "本系统从场次统计",
            "these are sums by township or month, not records; import the ledger with a row for "
            "each session, the sums are counted from it",
            NULL);
    }
    if (header_has_more_rows(sheet, &best->header)) {
        return header_refuse(report, sheet, CODE_TWO_ROW_HEADER, row, 0, NULL,
                             "表头的几行对不到一起（合并单元格）；请把表头改成一行再导入",
                             "the rows of the header do not fit together (merged cells); make it one row",
                             NULL);
    }
    struct text zh;
    struct text en;
    text_init(&zh, FAULT_TEXT_SIZE);
    text_init(&en, FAULT_TEXT_SIZE);
    text_addf(&zh, "表头像是“%s”，但缺少列：", import_kind_zh(best->header.kind->kind));
    text_addf(&en, "the headers look like %s, but lack: ", import_kind_name(best->header.kind->kind));
    struct text fields;
    text_init(&fields, FAULT_TEXT_SIZE);
    missing_fields(best, true, &fields);
    text_add(&zh, text_string(&fields));
    text_clear(&fields);
    missing_fields(best, false, &fields);
    text_add(&en, text_string(&fields));
    (void)header_refuse(report, sheet, CODE_NO_HEADER, row, 0, NULL, text_string(&zh), text_string(&en),
                        NULL);
    text_finish(&fields);
    text_finish(&en);
    text_finish(&zh);
    return false;
}
