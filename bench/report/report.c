/* litang_bench_report [SESSIONS [HALLS]]: processor time of each report and of the dashboard's data over a
 * generated snapshot; no database is read. */
#include "reports/report.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/rng.h"
#include "reports/dashboard.h"
#include "reports/report_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    COUNTIES = 9,
    TOWNSHIPS = 136,
    CATEGORIES = 12,
    PROVIDERS = 60,
    COURSES = 240,
    PEOPLE = 2600,
    FIRST_DAY = 20819, /* 2027-01-01 */
    DAYS = 365,
    ID_SIZE = 48
};

static void check(enum error_code code, const struct error *err)
{
    if (code != ERR_NONE) {
        fprintf(stderr, "litang_bench_report: %s\n", err->text);
        exit(1);
    }
}

static void areas_add(struct timetable *tt)
{
    struct error err = {0};
    for (int i = 0; i < COUNTIES + TOWNSHIPS; i++) {
        char id[ID_SIZE];
        char parent[ID_SIZE];
        uint32_t index = 0;
        snprintf(id, sizeof id, "a%04d", i);
        snprintf(parent, sizeof parent, "a%04d", i % COUNTIES);
        const struct area area = {.id = id,
                                  .code_system = "示例",
                                  .name = "示例镇",
                                  .parent_id = i < COUNTIES ? NULL : parent,
                                  .level = i < COUNTIES ? AREA_COUNTY : AREA_TOWNSHIP,
                                  .place = {28000000 + i * 5000, 121000000 + i * 7000, true},
                                  .travel_class = NONE,
                                  .population = 20000 + i};
        check(timetable_add_area(tt, &area, &index, &err), &err);
    }
}

static void menu_add(struct timetable *tt)
{
    static const char *const TAGS[] = {NULL, "能者为师", "系列课;能者为师"};
    struct error err = {0};
    char id[ID_SIZE];
    uint32_t index = 0;
    for (int i = 0; i < PROVIDERS; i++) {
        snprintf(id, sizeof id, "p%04d", i);
        const struct provider provider = {.id = id, .name = "示例学校", .area = NONE};
        check(timetable_add_provider(tt, &provider, &index, &err), &err);
    }
    for (int i = 0; i < CATEGORIES; i++) {
        snprintf(id, sizeof id, "k%04d", i);
        const struct category category = {.id = id, .name = "示例类别"};
        check(timetable_add_category(tt, &category, &index, &err), &err);
    }
    for (uint32_t i = 0; i < COURSES; i++) {
        snprintf(id, sizeof id, "x%04u", i);
        const struct course course = {.id = id,
                                      .name = "示例课程",
                                      .category = i % CATEGORIES,
                                      .provider = i % PROVIDERS,
                                      .minutes = 90,
                                      .audience = NONE,
                                      .tags = TAGS[i % 3],
                                      .active = true};
        check(timetable_add_course(tt, &course, &index, &err), &err);
    }
    for (uint32_t i = 0; i < PEOPLE; i++) {
        snprintf(id, sizeof id, "t%05u", i);
        const struct instructor instructor = {.id = id,
                                              .name = "示例甲",
                                              .provider = i % PROVIDERS,
                                              .home_area = COUNTIES + i % TOWNSHIPS,
                                              .valid_from = DATE_MIN,
                                              .valid_to = DATE_MAX};
        check(timetable_add_instructor(tt, &instructor, &index, &err), &err);
    }
}

static void halls_add(struct timetable *tt, uint32_t halls)
{
    struct error err = {0};
    char id[ID_SIZE];
    uint32_t index = 0;
    for (uint32_t i = 0; i < halls; i++) {
        snprintf(id, sizeof id, "h%06u", i);
        const struct hall hall = {
            .id = id,
            .name = "示例文化礼堂",
            .area = COUNTIES + i % TOWNSHIPS,
            .place = {28000000 + (int32_t)(i % 900) * 900, 121000000 + (int32_t)(i % 700) * 1100, true},
            .valid_from = DATE_MIN,
            .valid_to = DATE_MAX,
            .exempt = i % 300 == 7,
            .school = i % 3 == 0 ? 0 : NONE};
        check(timetable_add_hall(tt, &hall, &index, &err), &err);
        snprintf(id, sizeof id, "r%06u", i);
        const struct room room = {.id = id, .name = "大礼堂", .hall = index};
        check(timetable_add_room(tt, &room, &index, &err), &err);
    }
}

static void sessions_add(struct timetable *tt, uint32_t sessions, uint32_t halls)
{
    struct error err = {0};
    struct rng rng;
    rng_seed(&rng, 1);
    for (uint32_t i = 0; i < sessions; i++) {
        bool past = rng_below(&rng, 2) == 0;
        const struct session session = {
            .at = {.session_id = i + 1,
                   .course = (uint32_t)rng_below(&rng, COURSES),
                   .room = (uint32_t)rng_below(&rng, halls - halls / 40),
                   .instructors = {(uint32_t)rng_below(&rng, PEOPLE)},
                   .instructor_count = 1,
                   .day = FIRST_DAY + (int32_t)rng_below(&rng, DAYS),
                   .start_min = 480 + 15 * (int32_t)rng_below(&rng, 44),
                   .minutes = 90,
                   .request = NONE,
                   .held = past ? (enum held_state)(1 + rng_below(&rng, 3)) : HELD_UNKNOWN},
            .status = rng_below(&rng, 20) == 0 ? SESSION_CANCELLED : SESSION_CONFIRMED,
            .counts_as = 1,
            .turnout = {.heads = (int32_t)rng_below(&rng, 90), .heads_60 = -1, .satisfaction = -1}};
        check(timetable_add_session(tt, &session, &err), &err);
    }
}

static struct timetable *city_make(uint32_t sessions, uint32_t halls)
{
    struct error err = {0};
    struct timetable *tt = timetable_create();
    if (tt == NULL) {
        check(error_set(&err, ERR_MEMORY, "out of memory"), &err);
        return NULL;
    }
    areas_add(tt);
    menu_add(tt);
    halls_add(tt, halls);
    sessions_add(tt, sessions, halls);
    check(timetable_seal(tt, &err), &err);
    return tt;
}

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1000.0 + (double)now.tv_nsec / 1e6;
}

/* The best of three: what the machine's other work adds is not ours. */
static void report_time(struct timetable *tt, const char *name, enum group_by by)
{
    struct error err = {0};
    double best = 1e12;
    size_t rows = 0;
    size_t bytes = 0;
    for (int i = 0; i < 3; i++) {
        struct report_query query = {.timetable = tt,
                                     .from_day = FIRST_DAY,
                                     .to_day = FIRST_DAY + DAYS - 1,
                                     .as_of_day = FIRST_DAY,
                                     .minimum = 1,
                                     .area = NONE,
                                     .hall = NONE,
                                     .instructor = NONE,
                                     .by = by};
        struct report_table table;
        struct text out;
        double began = cpu_ms();
        check(report_make(report_find(name), &query, &table, &err), &err);
        text_init(&out, LIMIT_REPORT_BYTES);
        report_write_csv(&table, true, &out);
        check(text_status(&out, &err), &err);
        double took = cpu_ms() - began;
        best = took < best ? took : best;
        rows = table.row_count;
        bytes = out.length;
        text_finish(&out);
        report_table_finish(&table);
    }
    printf("%-10s %-9s %9.1f ms %9zu rows %12zu bytes\n", name, by == BY_COUNT ? "" : group_by_name(by), best,
           rows, bytes);
}

static void dashboard_time(struct timetable *tt)
{
    struct dashboard_options options = dashboard_defaults(FIRST_DAY + 200);
    struct error err = {0};
    double best = 1e12;
    size_t bytes = 0;
    for (int i = 0; i < 5; i++) {
        struct text out;
        text_init(&out, LIMIT_DASHBOARD_BYTES);
        double began = cpu_ms();
        check(dashboard_json(tt, &options, &out, &err), &err);
        double took = cpu_ms() - began;
        best = took < best ? took : best;
        bytes = out.length;
        text_finish(&out);
    }
    printf("%-20s %9.1f ms %9s      %12zu bytes\n", "dashboard", best, "", bytes);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        enum group_by by;
    } RUNS[] = {{"coverage", BY_COUNTY},   {"coverage", BY_TOWNSHIP}, {"coverage", BY_CATEGORY},
                {"coverage", BY_PROVIDER}, {"coverage", BY_TAG},      {"coverage", BY_MONTH},
                {"sessions", BY_MONTH},    {"sessions", BY_TOWNSHIP}, {"held", BY_PROVIDER},
                {"load", BY_COUNT},        {"halls", BY_COUNT},       {"requests", BY_COUNT},
                {"equity", BY_COUNT},      {"gaps", BY_COUNT},        {"ledger", BY_COUNT}};
    uint32_t sessions = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1000000;
    uint32_t halls = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 3000;
    if (sessions == 0 || halls < 100 || argc > 3) {
        fprintf(stderr, "usage: litang_bench_report [SESSIONS [HALLS]]\n");
        return 2;
    }
    struct timetable *tt = city_make(sessions, halls);
    printf("%u sessions, %u halls; processor time of figures and CSV, best of three\n", sessions, halls);
    for (size_t i = 0; i < sizeof RUNS / sizeof RUNS[0]; i++) {
        report_time(tt, RUNS[i].name, RUNS[i].by);
    }
    dashboard_time(tt);
    timetable_unref(tt);
    return 0;
}
