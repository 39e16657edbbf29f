/* Workbooks made in memory for tests, part by part, so that a test can also make what Excel never would. */
#ifndef LITANG_TESTS_IMPORTERS_PACKAGE_H
#define LITANG_TESTS_IMPORTERS_PACKAGE_H

#include "base/limits.h"
#include "base/text.h"
#include "importers/workbook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

struct part {
    const char *name, *text;
    size_t length; /* 0: strlen(text) */
};

/* The parts as a ZIP archive; malloc'd. */
static inline char *package_make(const struct part *parts, size_t count, size_t *ret_length)
{
    zip_error_t trouble;
    zip_error_init(&trouble);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &trouble);
    assert_non_null(target);
    zip_source_keep(target);
    zip_t *archive = zip_open_from_source(target, ZIP_TRUNCATE, &trouble);
    assert_non_null(archive);
    for (size_t i = 0; i < count; i++) {
        size_t length = parts[i].length == 0 ? strlen(parts[i].text) : parts[i].length;
        zip_source_t *source = zip_source_buffer(archive, parts[i].text, length, 0);
        assert_non_null(source);
        assert_true(zip_file_add(archive, parts[i].name, source, ZIP_FL_ENC_UTF_8) >= 0);
    }
    assert_int_equal(zip_close(archive), 0);
    assert_int_equal(zip_source_open(target), 0);
    assert_int_equal(zip_source_seek(target, 0, SEEK_END), 0);
    zip_int64_t size = zip_source_tell(target);
    assert_true(size > 0);
    assert_int_equal(zip_source_seek(target, 0, SEEK_SET), 0);
    char *bytes = malloc((size_t)size);
    assert_non_null(bytes);
    assert_int_equal(zip_source_read(target, bytes, (zip_uint64_t)size), size);
    zip_source_close(target);
    zip_source_free(target);
    zip_error_fini(&trouble);
    *ret_length = (size_t)size;
    return bytes;
}

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define XML_MAIN " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define XML_RELS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

/* A workbook of one sheet 表一: what stands in its <worksheet>, in its <sst> and in its <styleSheet>. */
static inline char *workbook_make(const char *sheet, size_t sheet_length, const char *strings,
                                  const char *styles, const char *properties, size_t *ret_length)
{
    struct text book;
    text_init(&book, 10000);
    text_addf(&book,
              XML_HEAD "<workbook" XML_MAIN " xmlns:r=\"" XML_RELS "\"><workbookPr %s/><sheets><sheet "
                       "name=\"表一\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
              properties);
    static const char RELATIONS[] = XML_HEAD
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        "<Relationship Id=\"rId1\" Type=\"" XML_RELS "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
        "<Relationship Id=\"rId2\" Type=\"" XML_RELS "/styles\" Target=\"/xl/styles.xml\"/>"
        "<Relationship Id=\"rId3\" Type=\"" XML_RELS "/sharedStrings\" Target=\"sharedStrings.xml\"/>"
        "</Relationships>";
    const struct part parts[] = {{"xl/workbook.xml", text_string(&book), 0},
                                 {"xl/_rels/workbook.xml.rels", RELATIONS, 0},
                                 {"xl/styles.xml", styles, 0},
                                 {"xl/sharedStrings.xml", strings, 0},
                                 {"xl/worksheets/sheet1.xml", sheet, sheet_length}};
    char *bytes = package_make(parts, sizeof parts / sizeof *parts, ret_length);
    text_finish(&book);
    return bytes;
}

#define STRINGS(items) XML_HEAD "<sst" XML_MAIN ">" items "</sst>"
#define STYLES(items)  XML_HEAD "<styleSheet" XML_MAIN ">" items "</styleSheet>"
#define SHEET(items)   XML_HEAD "<worksheet" XML_MAIN ">" items "</worksheet>"

/* The text of a cell by its row's number and its column from 1; "" when there is none. */
static inline const char *cell_at(const struct sheet *sheet, uint32_t row, uint32_t column)
{
    size_t index = sheet_row_from(sheet, row);
    return index < sheet->row_count && sheet->rows[index].number == row
               ? sheet_text(sheet, &sheet->rows[index], column - 1)
               : "";
}

#endif
