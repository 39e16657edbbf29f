/* litang_bench_import: a ledger of past sessions as CSV and XLSX, and what it costs to read and check it
 * without a database. make FOLDER ROWS   writes ledger.csv and ledger.xlsx read FILE          processor time
 * of reading and of checking, rows a second, peak memory */
#include "base/date.h"
#include "importers/take_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <xlsxwriter.h>

enum {
    TOWNSHIPS = 136,
    HALLS = 3000,
    COURSES = 240,
    CATEGORIES = 12,
    INSTRUCTORS = 260,
    COLUMNS = 13,
    CELL_SIZE = 64,
    FIRST_DAY = 19723 /* 2024-01-01 */
};

static const char *const TITLES[COLUMNS] = {"序号",     "日期",     "时间", "乡镇",     "礼堂",
                                            "课程名称", "类别",     "师资", "参加人数", "其中60岁以上",
                                            "满意度",   "开展情况", "备注"};

static void check(enum error_code code, const struct error *err)
{
    if (code != ERR_NONE) {
        fprintf(stderr, "litang_bench_import: %s\n", err->text);
        exit(1);
    }
}

/* ---- the files ---- */

/* Row `i` as an office would write it; a year has 3,650 sessions at ten a day. */
static void row_write(uint32_t i, char cells[COLUMNS][CELL_SIZE])
{
    char date[DATE_TEXT_SIZE];
    uint32_t hall = i * 7 % HALLS;
    uint32_t start = 480 + i % 5 * 90;
    date_format((int32_t)(FIRST_DAY + i / 300), date);
    snprintf(cells[0], CELL_SIZE, "%u", i + 1);
    snprintf(cells[1], CELL_SIZE, "%s", date);
    snprintf(cells[2], CELL_SIZE, "%02u:%02u-%02u:%02u", start / 60, start % 60, (start + 90) / 60,
             (start + 90) % 60);
    snprintf(cells[3], CELL_SIZE, "示例%u镇", hall % TOWNSHIPS);
    snprintf(cells[4], CELL_SIZE, "示例%u村文化礼堂", hall);
    snprintf(cells[5], CELL_SIZE, "示例课程第%u讲", i * 13 % COURSES);
    snprintf(cells[6], CELL_SIZE, "示例类别%u", i * 13 % COURSES % CATEGORIES);
    snprintf(cells[7], CELL_SIZE, "示例讲师%u", i * 13 % COURSES % INSTRUCTORS);
    snprintf(cells[8], CELL_SIZE, "%u", 20 + i * 31 % 90);
    snprintf(cells[9], CELL_SIZE, "%u", 5 + i * 17 % 15);
    snprintf(cells[10], CELL_SIZE, "%u%%", 90 + i % 10);
    snprintf(cells[11], CELL_SIZE, "已开展");
    snprintf(cells[12], CELL_SIZE, "%s", i % 9 == 0 ? "雨天" : "");
}

static void make_csv(const char *path, uint32_t rows)
{
    char cells[COLUMNS][CELL_SIZE];
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    fputs("\xEF\xBB\xBF", file);
    for (uint32_t r = 0; r <= rows; r++) {
        if (r > 0) {
            row_write(r - 1, cells);
        }
        for (int c = 0; c < COLUMNS; c++) {
            fprintf(file, "%s%s", c > 0 ? "," : "", r == 0 ? TITLES[c] : cells[c]);
        }
        fputs("\r\n", file);
    }
    fclose(file);
}

/* Dates, heads and numbers are numbers there, as Excel keeps them. */
static void make_xlsx(const char *path, uint32_t rows)
{
    char cells[COLUMNS][CELL_SIZE];
    lxw_workbook *book = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "台账");
    lxw_format *date = workbook_add_format(book);
    format_set_num_format(date, "yyyy-mm-dd");
    for (lxw_col_t c = 0; c < COLUMNS; c++) {
        worksheet_write_string(sheet, 0, c, TITLES[c], NULL);
    }
    for (uint32_t r = 0; r < rows; r++) {
        row_write(r, cells);
        for (lxw_col_t c = 0; c < COLUMNS; c++) {
            if (c == 1) {
                worksheet_write_number(sheet, r + 1, c, FIRST_DAY + r / 300 + 25569, date);
            } else if (c == 0 || c == 8 || c == 9) {
                worksheet_write_number(sheet, r + 1, c, atof(cells[c]), NULL);
            } else if (cells[c][0] != '\0') {
                worksheet_write_string(sheet, r + 1, c, cells[c], NULL);
            }
        }
    }
    if (workbook_close(book) != LXW_NO_ERROR) {
        fprintf(stderr, "litang_bench_import: %s cannot be written\n", path);
        exit(1);
    }
}

static int make(const char *folder, uint32_t rows)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/ledger.csv", folder);
    make_csv(path, rows);
    snprintf(path, sizeof path, "%s/ledger.xlsx", folder);
    make_xlsx(path, rows);
    return 0;
}

/* ---- the city that the ledger speaks of ---- */

static void add_places(struct timetable *city)
{
    struct error err = {.text = ""};
    uint32_t index = 0;
    char id[CELL_SIZE];
    char name[CELL_SIZE];
    for (uint32_t i = 0; i < TOWNSHIPS; i++) {
        snprintf(id, sizeof id, "3399%05u", i);
        snprintf(name, sizeof name, "示例%u镇", i);
        const struct area area = {
            .id = id, .code_system = "NBS", .name = name, .level = AREA_TOWNSHIP, .travel_class = NONE};
        check(timetable_add_area(city, &area, &index, &err), &err);
    }
    for (uint32_t i = 0; i < HALLS; i++) {
        snprintf(id, sizeof id, "H%u", i);
        snprintf(name, sizeof name, "示例%u村文化礼堂", i);
        const struct hall hall = {.id = id,
                                  .name = name,
                                  .area = i % TOWNSHIPS,
                                  .valid_from = DATE_MIN,
                                  .valid_to = DATE_MAX,
                                  .school = NONE};
        check(timetable_add_hall(city, &hall, &index, &err), &err);
        snprintf(id, sizeof id, "H%u-1", i);
        const struct room room = {.id = id, .name = "礼堂", .hall = i};
        check(timetable_add_room(city, &room, &index, &err), &err);
    }
}

static void add_courses(struct timetable *city)
{
    struct error err = {.text = ""};
    uint32_t index = 0;
    char id[CELL_SIZE];
    char name[CELL_SIZE];
    for (uint32_t i = 0; i < CATEGORIES; i++) {
        snprintf(id, sizeof id, "k%u", i);
        snprintf(name, sizeof name, "示例类别%u", i);
        check(timetable_add_category(city, &(struct category){.id = id, .name = name}, &index, &err), &err);
    }
    for (uint32_t i = 0; i < COURSES; i++) {
        snprintf(id, sizeof id, "c%u", i);
        snprintf(name, sizeof name, "示例课程第%u讲", i);
        const struct course course = {.id = id,
                                      .name = name,
                                      .category = i % CATEGORIES,
                                      .provider = NONE,
                                      .minutes = 90,
                                      .audience = NONE,
                                      .active = true};
        check(timetable_add_course(city, &course, &index, &err), &err);
    }
    for (uint32_t i = 0; i < INSTRUCTORS; i++) {
        uint32_t courses[] = {i % COURSES};
        snprintf(id, sizeof id, "t%u", i);
        snprintf(name, sizeof name, "示例讲师%u", i);
        const struct instructor person = {.id = id,
                                          .name = name,
                                          .provider = NONE,
                                          .home_area = NONE,
                                          .valid_from = DATE_MIN,
                                          .valid_to = DATE_MAX,
                                          .courses = courses,
                                          .course_count = 1};
        check(timetable_add_instructor(city, &person, &index, &err), &err);
    }
}

static struct timetable *city_make(void)
{
    struct error err = {.text = ""};
    struct timetable *city = timetable_create();
    if (city == NULL) {
        exit(1);
    }
    add_courses(city);
    add_places(city);
    check(timetable_seal(city, &err), &err);
    return city;
}

/* ---- reading ---- */

static double processor_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double peak_mb(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static char *file_read(const char *path, size_t *ret_length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(1);
    }
    size_t size = (size_t)ftell(file);
    char *bytes = malloc(size + 1);
    rewind(file);
    if (bytes == NULL || fread(bytes, 1, size, file) != size) {
        perror(path);
        exit(1);
    }
    fclose(file);
    *ret_length = size;
    return bytes;
}

static int read_ledger(const char *path)
{
    struct error err = {.text = ""};
    struct import_report report;
    struct header *headers = NULL;
    struct change_set *set = NULL;
    size_t length = 0;
    struct timetable *city = city_make();
    double city_mb = peak_mb();
    char *bytes = file_read(path, &length);
    import_report_init(&report);
    report.file = "ledger";
    report.today = FIRST_DAY + 10000;
    double start = processor_s();
    enum error_code code = take_in_book(bytes, length, IMPORT_AUTO, &report, &headers, &err);
    double read = processor_s();
    if (code == ERR_NONE) {
        check(change_set_create("bench", "bench", "bench", &set, &err), &err);
        code = take_in_rows(headers, city, set, &report, &err);
    }
    double done = processor_s();
    double rows = (double)report.rows_read;
    printf("{\"file\":\"%s\",\"kind\":\"%s\",\"rows\":%zu,\"bad\":%zu,\"read_s\":%.3f,\"check_s\":%.3f,"
           "\"rows_per_s\":%.0f,"
           "\"read_rows_per_s\":%.0f,\"peak_mb\":%.1f,\"city_mb\":%.1f}\n",
           strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1, import_kind_name(report.kind),
           report.rows_read, report.rows_bad, read - start, done - read, rows / (done - start),
           rows / (read - start), peak_mb(), city_mb);
    bool is_good = code == ERR_NONE && report.rows_bad == 0 && report.rows_read > 0;
    if (!is_good) {
        struct text text;
        text_init(&text, 1 << 24);
        import_report_write(&report, IMPORT_EN, &text);
        fprintf(stderr, "%.4000s\n", text_string(&text));
        text_finish(&text);
    }
    change_set_destroy(set);
    free(headers);
    import_report_finish(&report);
    free(bytes);
    timetable_unref(city);
    return is_good ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "make") == 0) {
        return make(argv[2], (uint32_t)strtoul(argv[3], NULL, 10));
    }
    if (argc == 3 && strcmp(argv[1], "read") == 0) {
        return read_ledger(argv[2]);
    }
    fprintf(stderr, "usage: litang_bench_import make FOLDER ROWS | read FILE\n");
    return 2;
}
