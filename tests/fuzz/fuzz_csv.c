/* libFuzzer target: any bytes as an office file of any kind, against a small snapshot, without a database:
 * encoding, CSV, headers, every cell parser and every kind's rows. The first byte chooses the kind (0:
 * guessed). */
#include "importers/take_in.h"

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

static void take_in(struct timetable *city, struct import_report *report, const char *bytes, size_t length,
                    enum import_kind kind)
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct timetable *city; /* lives as long as the fuzzer */
    city = city == NULL ? small_city() : city;
    if (size == 0) {
        return 0;
    }
    struct import_report report;
    import_report_init(&report);
    take_in(city, &report, (const char *)data + 1, size - 1, (enum import_kind)(data[0] % IMPORT_KIND_END));
    struct text out;
    text_init(&out, 1 << 22);
    import_report_write(&report, IMPORT_BOTH, &out);
    import_report_write_bad_rows(&report, &out);
    if (!utf8_valid(text_string(&out), out.length)) {
        abort();
    }
    text_finish(&out);
    import_report_finish(&report);
    return 0;
}
