/* What the fuzz targets of the readers share: a small snapshot, and any bytes as an office file against it,
 * without a database: reader, layout, headers, every cell parser and every kind's rows; every text that comes
 * out must be UTF-8. */
#ifndef LITANG_TESTS_FUZZ_TAKE_IN_H
#define LITANG_TESTS_FUZZ_TAKE_IN_H

#include "importers/take_in.h"

#include "base/date.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What rows can refer to: one area, hall with a room, course and instructor. */
static inline struct timetable *small_city(void)
{
    struct timetable *city = timetable_create();
    uint32_t index = 0;
    uint32_t courses[1] = {0};
    if (city == NULL) {
        abort();
    }
    struct area area = {.id = "339901101",
                        .code_system = "NBS",
                        .name = "示例镇",
                        .level = AREA_TOWNSHIP,
                        .travel_class = NONE};
    struct category category = {.id = "类", .name = "类"};
    struct course course = {
        .id = "K", .name = "课", .provider = NONE, .minutes = 90, .audience = NONE, .active = true};
    struct hall hall = {
        .id = "H", .name = "示例文化礼堂", .valid_from = DATE_MIN, .valid_to = DATE_MAX, .school = NONE};
    struct room room = {.id = "H-1", .name = "礼堂"};
    struct instructor person = {.id = "T",
                                .name = "示例甲",
                                .provider = NONE,
                                .home_area = NONE,
                                .valid_from = DATE_MIN,
                                .valid_to = DATE_MAX,
                                .courses = courses,
                                .course_count = 1};
    if (timetable_add_area(city, &area, &index, NULL) != ERR_NONE ||
        timetable_add_category(city, &category, &index, NULL) != ERR_NONE ||
        timetable_add_course(city, &course, &index, NULL) != ERR_NONE ||
        timetable_add_hall(city, &hall, &index, NULL) != ERR_NONE ||
        timetable_add_room(city, &room, &index, NULL) != ERR_NONE ||
        timetable_add_instructor(city, &person, &index, NULL) != ERR_NONE ||
        timetable_seal(city, NULL) != ERR_NONE) {
        abort();
    }
    return city;
}

static inline void take_in(struct timetable *city, struct import_report *report, const char *bytes,
                           size_t length, enum import_kind kind)
{
    struct header *headers = NULL;
    struct change_set *set = NULL;
    if (take_in_book(bytes, length, kind, report, &headers, NULL) != ERR_NONE) {
        return;
    }
    if (change_set_create("fuzz", "fuzz", "fuzz", &set, NULL) == ERR_NONE) {
        (void)take_in_rows(headers, city, set, report, NULL);
    }
    change_set_destroy(set);
    free(headers);
}

static inline void check_texts(const struct workbook *book)
{
    for (size_t s = 0; book != NULL && s < book->sheet_count; s++) {
        const struct sheet *sheet = book->sheets[s];
        for (size_t r = 0; r < sheet->row_count; r++) {
            for (size_t c = 0; c < sheet->rows[r].cell_count; c++) {
                const char *text = sheet_text(sheet, &sheet->rows[r], c);
                if (!utf8_valid(text, strlen(text))) {
                    abort();
                }
            }
        }
    }
}

/* One file of the kind (0: guessed), from its bytes to the report. */
static inline void fuzz_file(const char *bytes, size_t length, uint8_t kind)
{
    static struct timetable *city; /* lives as long as the fuzzer */
    city = city == NULL ? small_city() : city;
    struct import_report report;
    struct text out;
    import_report_init(&report);
    take_in(city, &report, bytes, length, (enum import_kind)(kind % IMPORT_KIND_END));
    check_texts(report.book);
    text_init(&out, 1 << 22);
    import_report_write(&report, IMPORT_BOTH, &out);
    import_report_write_bad_rows(&report, &out);
    if (!utf8_valid(text_string(&out), out.length)) {
        abort();
    }
    text_finish(&out);
    import_report_finish(&report);
}

#endif
