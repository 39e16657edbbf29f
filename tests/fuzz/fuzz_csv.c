/* libFuzzer target: any bytes as an office file of any kind, against a small snapshot, without a database:
 * encoding, CSV, headers, every cell parser and every kind's rows. The first byte chooses the kind (0:
 * guessed). */
#include "importers/csv.h"
#include "importers/encoding.h"
#include "importers/intake.h"

#include "base/date.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What rows can refer to: one area, hall with a room, course and instructor. */
static struct timetable *small_city(void)
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

static void take_in(struct timetable *city, struct sheet *sheet, enum import_kind kind)
{
    struct import_report report;
    struct header header;
    import_report_init(&report);
    report.sheet = sheet;
    struct intake intake = {.sheet = sheet, .header = &header, .base = city, .report = &report};
    arena_init(&intake.arena);
    map_init(&intake.keys);
    map_init(&intake.made);
    intake.lookup = lookup_create(city);
    if (intake.lookup != NULL && change_set_create("fuzz", "fuzz", "fuzz", &intake.set, NULL) == ERR_NONE &&
        header_find(sheet, kind, &report, &header)) {
        intake_run(&intake);
        struct text out;
        text_init(&out, 1 << 22);
        import_report_write(&report, IMPORT_BOTH, &out);
        import_report_write_bad_rows(&report, &out);
        if (!utf8_valid(text_string(&out), out.length)) {
            abort();
        }
        text_finish(&out);
    }
    change_set_destroy(intake.set);
    lookup_destroy(intake.lookup);
    free(intake.kept);
    map_finish(&intake.made);
    map_finish(&intake.keys);
    arena_finish(&intake.arena);
    import_report_finish(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct timetable *city; /* lives as long as the fuzzer */
    city = city == NULL ? small_city() : city;
    struct decoded decoded;
    uint32_t row = 0;
    if (size == 0 || encoding_decode((const char *)data + 1, size - 1, &decoded, &row, NULL) != ERR_NONE) {
        return 0;
    }
    if (!utf8_valid(decoded.text, decoded.length)) {
        abort();
    }
    struct sheet *sheet = malloc(sizeof *sheet);
    if (sheet == NULL || sheet_init(sheet, NULL, NULL) != ERR_NONE) {
        free(sheet);
        free(decoded.text);
        return 0;
    }
    char delimiter = csv_delimiter(decoded.text, decoded.length);
    enum error_code code = csv_read(decoded.text, decoded.length, delimiter, sheet, &row, NULL);
    free(decoded.text);
    if (code != ERR_NONE) {
        sheet_finish(sheet);
        free(sheet);
        return 0;
    }
    take_in(city, sheet, (enum import_kind)(data[0] % IMPORT_KIND_END));
    return 0;
}
