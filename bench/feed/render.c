/* litang_bench_feed_render: what feeds cost in a city of many sessions: all rendered, nothing changed, one
 * session moved, one hall renamed, and the memory. Processor time of one thread. --help says how. */
#include "base/date.h"
#include "ical/feed.h"

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
    TODAY = 20500, /* 2026-02-16 */
    DAYS = 365,
    ID_SIZE = 64
};

struct city {
    int64_t sessions, halls, instructors;
    int64_t moved;   /* index of the session that is on another day, -1: none */
    int64_t renamed; /* index of the hall with another name, -1: none */
};

static void check(enum error_code code, const struct error *err)
{
    if (code != ERR_NONE) {
        fprintf(stderr, "litang_bench_feed_render: %s\n", err->text);
        exit(1);
    }
}

/* Of this thread: other work on the machine does not count, but for the cache that it takes. */
static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void add_areas(struct timetable *tt)
{
    struct error err = {0};
    uint32_t index = 0;
    for (int i = 0; i < COUNTIES + TOWNSHIPS; i++) {
        char id[ID_SIZE];
        char name[ID_SIZE];
        char parent[ID_SIZE];
        snprintf(id, sizeof id, "a%04d", i);
        snprintf(name, sizeof name, "示例%s%d", i < COUNTIES ? "县" : "镇", i);
        snprintf(parent, sizeof parent, "a%04d", i % COUNTIES);
        const struct area area = {.id = id,
                                  .code_system = "示例",
                                  .name = name,
                                  .parent_id = i < COUNTIES ? NULL : parent,
                                  .level = i < COUNTIES ? AREA_COUNTY : AREA_TOWNSHIP,
                                  .travel_class = NONE};
        check(timetable_add_area(tt, &area, &index, &err), &err);
    }
}

static void add_courses(struct timetable *tt)
{
    struct error err = {0};
    uint32_t index = 0;
    char id[ID_SIZE];
    char name[ID_SIZE];
    for (int i = 0; i < PROVIDERS; i++) {
        snprintf(id, sizeof id, "p%d", i);
        snprintf(name, sizeof name, "示例社区学校%d", i);
        check(timetable_add_provider(tt, &(struct provider){id, name, COUNTIES + (uint32_t)i}, &index, &err),
              &err);
    }
    for (int i = 0; i < CATEGORIES; i++) {
        snprintf(id, sizeof id, "k%d", i);
        snprintf(name, sizeof name, "示例类别%d", i);
        check(timetable_add_category(tt, &(struct category){id, name}, &index, &err), &err);
    }
    for (uint32_t i = 0; i < COURSES; i++) {
        snprintf(id, sizeof id, "c%u", i);
        snprintf(name, sizeof name, "示例课程, 第%u讲", i);
        const struct course course = {.id = id,
                                      .name = name,
                                      .category = i % CATEGORIES,
                                      .provider = i % PROVIDERS,
                                      .minutes = 90,
                                      .audience = NONE,
                                      .active = true};
        check(timetable_add_course(tt, &course, &index, &err), &err);
    }
}

static void add_halls(struct timetable *tt, const struct city *city)
{
    struct error err = {0};
    uint32_t index = 0;
    for (int64_t i = 0; i < city->halls; i++) {
        char id[ID_SIZE];
        char name[ID_SIZE];
        char address[ID_SIZE];
        uint32_t hall_index = 0;
        snprintf(id, sizeof id, "h%lld", (long long)i);
        snprintf(name, sizeof name, "示例%s文化礼堂%lld", i == city->renamed ? "新" : "", (long long)i);
        snprintf(address, sizeof address, "示例路%lld号", (long long)i);
        const struct hall hall = {.id = id,
                                  .name = name,
                                  .area = COUNTIES + (uint32_t)(i % TOWNSHIPS),
                                  .address = address,
                                  .place = {28000000 + (int32_t)i, 121000000 + (int32_t)i, true},
                                  .valid_from = DATE_MIN,
                                  .valid_to = DATE_MAX,
                                  .school = NONE};
        check(timetable_add_hall(tt, &hall, &hall_index, &err), &err);
        snprintf(id, sizeof id, "r%lld", (long long)i);
        check(timetable_add_room(tt, &(struct room){.id = id, .name = "大礼堂", .hall = hall_index}, &index,
                                 &err),
              &err);
    }
}

static void add_instructors(struct timetable *tt, const struct city *city)
{
    struct error err = {0};
    uint32_t index = 0;
    for (int64_t i = 0; i < city->instructors; i++) {
        char id[ID_SIZE];
        char name[ID_SIZE];
        snprintf(id, sizeof id, "i%lld", (long long)i);
        snprintf(name, sizeof name, "示例讲师%lld", (long long)i);
        const struct instructor instructor = {.id = id,
                                              .name = name,
                                              .provider = NONE,
                                              .home_area = NONE,
                                              .valid_from = DATE_MIN,
                                              .valid_to = DATE_MAX};
        check(timetable_add_instructor(tt, &instructor, &index, &err), &err);
    }
}

static struct timetable *city_create(const struct city *city)
{
    struct error err = {0};
    struct timetable *tt = timetable_create();
    if (tt == NULL) {
        fprintf(stderr, "litang_bench_feed_render: out of memory\n");
        exit(1);
    }
    check(timetable_set_city(tt, "示例市", NULL, "litang.example", "示例社区学院", "https://litang.example"),
          &err);
    add_areas(tt);
    add_courses(tt);
    add_halls(tt, city);
    add_instructors(tt, city);
    for (int64_t i = 0; i < city->sessions; i++) {
        int64_t mixed = (i + 1) * 2654435761 % 4294967296;
        bool moved = i == city->moved;
        const struct session session = {
            .at = {.session_id = i + 1,
                   .course = (uint32_t)(mixed / 7 % COURSES),
                   .room = (uint32_t)(mixed / 11 % city->halls),
                   .instructors = {(uint32_t)(mixed / 13 % city->instructors)},
                   .instructor_count = 1,
                   .day = TODAY - 60 + (int32_t)(mixed / 17 % DAYS) + (moved ? 1 : 0),
                   .start_min = 480 + 15 * (int32_t)(mixed / 19 % 40),
                   .minutes = 90,
                   .request = NONE},
            .status = SESSION_CONFIRMED,
            .sequence = moved ? 1 : 0,
            .created_at = 1767225600 + i / 1000,
            .changed_at = moved ? 1771200000 : 1767225600 + i / 1000,
            .counts_as = 1};
        check(timetable_add_session(tt, &session, &err), &err);
    }
    return tt;
}

/* One feed anew, as the daemon makes it: its pieces in order, and its tag. Answers how many bytes. */
static size_t compose_time(struct feed_set *set, enum feed_scope scope, uint32_t index, double *ret_ms)
{
    struct feed_body body;
    struct error err = {0};
    double from = now_ms();
    check(feed_compose(set, scope, index, NULL, &body, NULL, &err), &err);
    *ret_ms = now_ms() - from;
    size_t length = body.length;
    feed_body_finish(&body);
    return length;
}

/* The same, and all its bytes copied into one piece. */
static size_t copy_time(const struct feed_set *set, enum feed_scope scope, uint32_t index, bool english,
                        struct text *out, double *ret_ms)
{
    const struct feed_options options = {.english = english, .category = NONE};
    struct error err = {0};
    text_clear(out);
    double from = now_ms();
    check(feed_render(set, scope, index, &options, out, NULL, &err), &err);
    *ret_ms = now_ms() - from;
    return out->length;
}

/* The feeds in which the session stands. */
static void touched_feeds(struct feed_set *set, size_t session_index, struct text *out, double set_ms)
{
    const struct timetable *tt = feed_set_timetable(set);
    const struct placement *at = &tt->sessions[session_index].at;
    uint32_t hall = tt->rooms[at->room].hall;
    const struct {
        enum feed_scope scope;
        uint32_t index;
    } feeds[] = {{FEED_HALL, hall},
                 {FEED_INSTRUCTOR, at->instructors[0]},
                 {FEED_TOWNSHIP, timetable_hall_township(tt, hall)},
                 {FEED_PROVIDER, tt->courses[at->course].provider},
                 {FEED_CATEGORY, tt->courses[at->course].category},
                 {FEED_COUNTY, timetable_hall_county(tt, hall)}};
    double total_ms = set_ms;
    double copied_ms = set_ms;
    for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++) {
        double ms = 0;
        size_t bytes = compose_time(set, feeds[i].scope, feeds[i].index, &ms);
        total_ms += ms;
        double copy_ms = 0;
        copy_time(set, feeds[i].scope, feeds[i].index, false, out, &copy_ms);
        copied_ms += copy_ms;
        printf("    %-10s %8zu bytes %8.3f ms, copied into one piece %.3f ms\n",
               feed_scope_name(feeds[i].scope), bytes, ms, copy_ms);
    }
    printf("    set and six feeds, with their tags %.3f ms, copied into one piece each %.3f ms\n", total_ms,
           copied_ms);
    double ms = 0;
    size_t bytes = copy_time(set, FEED_COUNTY, timetable_hall_county(tt, hall), true, out, &ms);
    printf("    county, in English %7zu bytes %8.3f ms\n", bytes, ms);
}

static int compare_double(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The set for `city` after `previous`, made `rounds` times: the median, and the last one. */
static struct feed_set *set_time(const char *what, const struct city *city, const struct feed_set *previous,
                                 int rounds, double *ret_ms)
{
    enum {
        ROUNDS_MAX = 64
    };
    struct error err = {0};
    struct feed_set *set = NULL;
    double times[ROUNDS_MAX];
    struct timetable *tt = city_create(city);
    double seal_from = now_ms();
    check(timetable_seal(tt, &err), &err);
    double seal_ms = now_ms() - seal_from;
    for (int i = 0; i < rounds && i < ROUNDS_MAX; i++) {
        feed_set_unref(set);
        double from = now_ms();
        check(feed_set_create(tt, TODAY, previous, &set, &err), &err);
        times[i] = now_ms() - from;
    }
    timetable_unref(tt);
    qsort(times, (size_t)rounds, sizeof *times, compare_double);
    struct feed_set_stats stats = feed_set_stats(set);
    *ret_ms = times[rounds / 2];
    printf(
        "%-24s median %8.3f ms, best %8.3f, worst %8.3f; rendered %zu, %zu kB; snapshot sealed in %.1f ms\n",
        what, *ret_ms, times[0], times[rounds - 1], stats.rendered, stats.bytes / 1024, seal_ms);
    return set;
}

int main(int argc, char **argv)
{
    struct city city = {100000, 5000, 1500, -1, -1};
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || argc > 4)) {
        printf("litang_bench_feed_render [SESSIONS [HALLS [INSTRUCTORS]]]\n");
        return 0;
    }
    int64_t *const numbers[] = {&city.sessions, &city.halls, &city.instructors};
    for (int i = 1; i < argc; i++) {
        *numbers[i - 1] = strtoll(argv[i], NULL, 10);
        if (*numbers[i - 1] < 1 || *numbers[i - 1] > 1000000) {
            fprintf(stderr, "litang_bench_feed_render: %s: 1 … 1000000\n", argv[i]);
            return 2;
        }
    }
    feed_library_init();
    struct text out;
    text_init(&out, LIMIT_CALENDAR_BYTES);
    double ms = 0;
    struct feed_set *first = set_time("all rendered", &city, NULL, 1, &ms);
    double city_ms = 0;
    size_t bytes = copy_time(first, FEED_CITY, 0, false, &out, &city_ms);
    compose_time(first, FEED_CITY, 0, &ms);
    printf("%-24s %zu bytes in %.1f ms, copied into one piece %.1f ms\n", "the city's download", bytes, ms,
           city_ms);
    feed_set_unref(set_time("nothing changed", &city, first, 21, &ms));
    city.moved = city.sessions / 2;
    struct feed_set *second = set_time("one session moved", &city, first, 21, &ms);
    touched_feeds(second, (size_t)city.moved, &out, ms);
    city.moved = -1;
    city.sessions--;
    feed_set_unref(set_time("one session gone", &city, first, 5, &ms));
    city.sessions++;
    city.renamed = city.halls / 2;
    feed_set_unref(set_time("one hall renamed", &city, first, 21, &ms));
    feed_set_unref(second);
    feed_set_unref(first);
    text_finish(&out);
    return 0;
}
