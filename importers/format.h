/* importers/format: what a file is, told by its content and never by its name: coordinators rename files, and
 * government systems send web pages that are called .xls. Pure functions; any thread. */
#ifndef LITANG_IMPORTERS_FORMAT_H
#define LITANG_IMPORTERS_FORMAT_H

#include <stddef.h>

/* code, stable name, what to tell the coordinator when it cannot be read: "中文 (English)", or NULL */
#define FORMAT_LIST(X)                                                                                                                                    \
    /* A reader exists. */                                                                                                                                \
    X(FORMAT_TEXT, "csv", NULL)                                                                                                                           \
    X(FORMAT_XLSX, "xlsx", NULL)                                                                                                                          \
    X(FORMAT_XLS, "xls", NULL)                                                                                                                            \
    X(FORMAT_HTML, "html", NULL)                                                                                                                          \
    X(FORMAT_XML_SHEET, "xml", NULL)                                                                                                                      \
    X(FORMAT_ICS, "ics", NULL)                                                                                                                            \
    /* Refused. */                                                                                                                                        \
    X(FORMAT_EMPTY, "empty",                                                                                                                              \
      "文件是空的；请在表格软件中打开原文件，确认有内容并保存后再导入 (the file is empty; open the "                       \
      "original, make sure that it holds rows, save it and import it again)")                                                                             \
    X(FORMAT_ENCRYPTED, "encrypted",                                                                                                                      \
      "工作簿设有打开密码，读不了；请在 Excel 或 WPS 中打开，取消密码（文件→信息→保护工作簿）后另存再导入 " \
      "(the workbook is encrypted; open it in Excel or WPS, remove the password, save it and import it "                                                  \
      "again)")                                                                                                                                           \
    X(FORMAT_XLSB, "xlsb",                                                                                                                                \
      "这是 Excel 二进制工作簿（xlsb），读不了；请在 Excel 或 WPS 中打开，另存为“Excel "                                       \
      "工作簿（*.xlsx）”再导入 (a binary Excel workbook, xlsb; open it and save it as .xlsx)")                                                            \
    X(FORMAT_XLS_OLD, "xls-old",                                                                                                                          \
      "这是 1995 年以前的 Excel 表格，读不了；请在 Excel 或 WPS 中打开，另存为“Excel "                                           \
      "工作簿（*.xlsx）”再导入 (an Excel sheet from before 1995; open it and save it as .xlsx)")                                                          \
    X(FORMAT_ODS, "ods",                                                                                                                                  \
      "这是 OpenDocument 表格（ods），读不了；请用 LibreOffice 或 WPS 打开，另存为“Excel "                                          \
      "工作簿（*.xlsx）”再导入 (an OpenDocument file; open it and save it as .xlsx)")                                                                     \
    X(FORMAT_PDF, "pdf",                                                                                                                                  \
      "这是 PDF，不是表格；请向发来的人要原来的 Excel 表格，或把内容抄进模板再导入 (a PDF is no table; ask "              \
      "for the Excel file that it was made from, or copy the rows into a template)")                                                                      \
    X(FORMAT_IMAGE, "image",                                                                                                                              \
      "这是图片，不是表格；请向发来的人要原来的 Excel 表格，或把内容抄进模板再导入 (a picture is no table; "            \
      "ask for the Excel file, or copy the rows into a template)")                                                                                        \
    X(FORMAT_WORD, "word",                                                                                                                                \
      "这是 Word 文档，不是表格；请在 Word 或 WPS 中选中表格，复制到新的 Excel 工作簿，保存为 xlsx 再导入 "             \
      "(a Word document; copy its table into a new Excel workbook, save it as .xlsx and import that)")                                                    \
    X(FORMAT_SLIDES, "slides",                                                                                                                            \
      "这是演示文稿，不是表格；请把表格复制到新的 Excel 工作簿，保存为 xlsx 再导入 (a presentation; copy "                 \
      "its table into a new Excel workbook, save it as .xlsx and import that)")                                                                           \
    X(FORMAT_ARCHIVE, "archive",                                                                                                                          \
      "这是压缩包；请先解压，再逐个导入里面的表格 (an archive; unpack it first, then import the files in "                           \
      "it)")                                                                                                                                              \
    X(FORMAT_MHTML, "mhtml",                                                                                                                              \
      "这是单个文件网页（mht），读不了；请在 Excel 或 WPS 中打开，另存为“Excel 工作簿（*.xlsx）”再导入 (a "          \
      "web archive; open it in Excel or WPS and save it as .xlsx)")                                                                                       \
    X(FORMAT_XML_OTHER, "xml-other",                                                                                                                      \
      "文件内容是 XML，但不是 Excel 的表格；请在 Excel 或 WPS 中打开，另存为“Excel "                                             \
      "工作簿（*.xlsx）”再导入 (XML, but no Excel sheet; open it in Excel or WPS and save it as .xlsx)")                                                  \
    X(FORMAT_DAMAGED, "damaged",                                                                                                                          \
      "文件不完整或已损坏，可能没有下载完；请重新下载，或在 Excel 或 WPS 中打开、另存后再导入 (the file is "         \
      "damaged or was not downloaded to its end; download it again, or open it and save it anew)")                                                        \
    X(FORMAT_OTHER, "other",                                                                                                                              \
      "文件不是表格，也不是日历；能导入的是 xlsx、xls、csv 和 ics (neither a table nor a calendar; xlsx, "                           \
      "xls, csv and ics can be imported)")

enum format {
#define X(code, name, refusal) code,
    FORMAT_LIST(X)
#undef X
    FORMAT_COUNT
};

enum format format_detect(const char *bytes, size_t length);
/* "xlsx"; stable, for reports. */
const char *format_name(enum format format);
/* NULL when there is a reader. */
const char *format_refusal(enum format format);

#endif
