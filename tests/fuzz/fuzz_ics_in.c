/* libFuzzer target: any bytes as an iCalendar file, against a small snapshot, without a database: encoding,
 * lines, zones, rules, meetings, rows of every kind. The first byte chooses kind and target. */
#include "importers/calendar.h"

#include "base/date.h"
#include "importers/take_in.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct timetable *small_city(void)
{
    struct timetable *city = timetable_create();
    uint32_t index = 0;
    struct area area = {.id = "339901101",
                        .code_system = "NBS",
                        .name = "示例镇",
                        .level = AREA_TOWNSHIP,
                        .travel_class = NONE};
    struct hall hall = {
        .id = "H", .name = "示例文化礼堂", .valid_from = DATE_MIN, .valid_to = DATE_MAX, .school = NONE};
    struct room room = {.id = "H-1", .name = "礼堂"};
    struct instructor person = {.id = "T",
                                .name = "示例甲",
                                .provider = NONE,
                                .home_area = NONE,
                                .valid_from = DATE_MIN,
                                .valid_to = DATE_MAX};
    if (city == NULL || timetable_add_area(city, &area, &index, NULL) != ERR_NONE ||
        timetable_add_hall(city, &hall, &index, NULL) != ERR_NONE ||
        timetable_add_room(city, &room, &index, NULL) != ERR_NONE ||
        timetable_add_instructor(city, &person, &index, NULL) != ERR_NONE ||
        timetable_set_city(city, "示例", "Asia/Shanghai", "example", "", "") != ERR_NONE ||
        timetable_seal(city, NULL) != ERR_NONE) {
        abort();
    }
    return city;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        struct calendar_options calendar;
        enum import_kind kind;
    } WAYS[] = {{{0}, IMPORT_AUTO},
                {{.hall = "H"}, IMPORT_CLOSURES},
                {{.instructor = "T"}, IMPORT_AUTO},
                {{0}, IMPORT_HOLIDAYS},
                {{.hall = "H", .is_followed = true}, IMPORT_AUTO}};
    static struct timetable *city;
    if (city == NULL) {
        city = small_city();
    }
    struct import_report report;
    struct header *headers = NULL;
    struct change_set *set = NULL;
    size_t way = size == 0 ? 0 : data[0] % (sizeof WAYS / sizeof *WAYS);
    struct calendar_options calendar = WAYS[way].calendar;
    calendar.now_s = 1795737600; /* 2026-11-27 */
    import_report_init(&report);
    report.file = "fuzz.ics";
    const char *bytes = size == 0 ? "" : (const char *)data + 1;
    if (calendar_read(city, bytes, size == 0 ? 0 : size - 1, &calendar, WAYS[way].kind, &report, &headers,
                      NULL) == ERR_NONE &&
        change_set_create("fuzz", "fuzz", "fuzz", &set, NULL) == ERR_NONE) {
        (void)take_in_rows(headers, city, set, &report, NULL);
        (void)calendar_settle(&calendar, city, set, &report, NULL);
    }
    change_set_destroy(set);
    free(headers);
    import_report_finish(&report);
    return 0;
}
