/* Every figure of the reports, recomputed in plain SQL by queries that share nothing with reports/: over 200
 * seeded random databases. */
#include "base/date.h"
#include "recount_city.h"
#include "reports/dashboard.h"
#include "reports/freeze.h"
#include "reports/report.h"
#include "tests/reports/recount_sql.h"

#include <jansson.h>

enum {
    SEEDS = 200
};

struct scene {
    struct recount_city city;
    struct store *store;
    struct timetable *tt;
    sqlite3 *db;
    struct report_query query;
    uint64_t seed;
};

/* ---- two lists of lines ---- */

struct lines {
    char **items;
    size_t count;
};

static void line_add(struct lines *lines, const char *text)
{
    lines->items = realloc(lines->items, (lines->count + 1) * sizeof *lines->items);
    assert_non_null(lines->items);
    lines->items[lines->count] = strdup(text);
    assert_non_null(lines->items[lines->count++]);
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void lines_sort(struct lines *lines)
{
    if (lines->count > 0) {
        qsort(lines->items, lines->count, sizeof *lines->items, compare_lines);
    }
}

static void lines_finish(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        free(lines->items[i]);
    }
    free(lines->items);
}

static void lines_compare(const struct scene *scene, const char *what, struct lines *got,
                          struct lines *wanted)
{
    lines_sort(got);
    lines_sort(wanted);
    for (size_t i = 0; i < got->count || i < wanted->count; i++) {
        const char *left = i < got->count ? got->items[i] : "(nothing)";
        const char *right = i < wanted->count ? wanted->items[i] : "(nothing)";
        if (strcmp(left, right) != 0) {
            fail_msg("seed %llu, %s: the report says %s, SQL says %s", (unsigned long long)scene->seed, what,
                     left, right);
        }
    }
    lines_finish(got);
    lines_finish(wanted);
}

/* Columns of a table by their keys ("code,rate"), joined by "|". */
static void table_lines(const struct report_table *table, const char *keys, struct lines *lines)
{
    for (size_t row = 0; row < table->row_count; row++) {
        struct text line;
        text_init(&line, 10000);
        for (const char *at = keys; *at != '\0';) {
            size_t length = strcspn(at, ",");
            int column = 0;
            while (column < table->column_count && (strlen(table->columns[column].key) != length ||
                                                    strncmp(table->columns[column].key, at, length) != 0)) {
                column++;
            }
            assert_true(column < table->column_count);
            char buffer[REPORT_NUMBER_SIZE];
            text_add(&line, at == keys ? "" : "|");
            text_add(&line, report_show(&table->columns[column], report_at(table, row, column), buffer));
            at += length;
            at += *at == ',';
        }
        line_add(lines, text_string(&line));
        text_finish(&line);
    }
}

static void bind_text(sqlite3_stmt *rows, const char *name, const char *value)
{
    int at = sqlite3_bind_parameter_index(rows, name);
    if (at > 0) {
        assert_int_equal(sqlite3_bind_text(rows, at, value, -1, SQLITE_STATIC), SQLITE_OK);
    }
}

static void sql_lines(const struct scene *scene, const char *sql, const char *level, struct lines *lines)
{
    sqlite3_stmt *rows = NULL;
    if (sqlite3_prepare_v2(scene->db, sql, -1, &rows, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sqlite3_errmsg(scene->db), sql);
    }
    bind_text(rows, ":level", level);
    int at = sqlite3_bind_parameter_index(rows, ":minimum");
    if (at > 0) {
        assert_int_equal(sqlite3_bind_int(rows, at, scene->query.minimum), SQLITE_OK);
    }
    while (sqlite3_step(rows) == SQLITE_ROW) {
        const unsigned char *text = sqlite3_column_text(rows, 0);
        line_add(lines, text != NULL ? (const char *)text : "(null)");
    }
    assert_int_equal(sqlite3_finalize(rows), SQLITE_OK);
}

static void expect(const struct scene *scene, const char *report, const char *keys, const char *sql,
                   const char *level)
{
    struct report_table table;
    struct error err = {0};
    struct lines got = {0};
    struct lines wanted = {0};
    char what[120];
    if (report_make(report_find(report), &scene->query, &table, &err) != ERR_NONE) {
        fail_msg("seed %llu, %s: %s", (unsigned long long)scene->seed, report, err.text);
    }
    table_lines(&table, keys, &got);
    sql_lines(scene, sql, level, &wanted);
    snprintf(what, sizeof what, "%s by %s, %s, at least %d", report, group_by_name(scene->query.by),
             coverage_name(scene->query.definition), scene->query.minimum);
    lines_compare(scene, what, &got, &wanted);
    report_table_finish(&table);
}

/* ---- coverage ---- */

static void coverage_checks(struct scene *scene)
{
    static const char KEYS[] = "code,numerator,denominator,rate,exempt,closed,sessions,meetings";
    static const char *const BY_PLACE[COVERAGE_COUNT] = {
        [COVERAGE_HALLS_PLANNED] = SQL_COVERAGE_HALLS("planned >= :minimum"),
        [COVERAGE_HALLS_HELD] = SQL_COVERAGE_HALLS("held >= :minimum"),
        [COVERAGE_HALLS_PAIRED] = SQL_COVERAGE_HALLS("paired"),
        [COVERAGE_VILLAGES] = SQL_COVERAGE_AREAS("village"),
        [COVERAGE_TOWNSHIPS] = SQL_COVERAGE_AREAS("township")};
    for (int d = 0; d < COVERAGE_COUNT; d++) {
        scene->query.definition = (enum coverage_definition)d;
        scene->query.by = BY_COUNTY;
        expect(scene, "coverage", KEYS, BY_PLACE[d], "county");
        scene->query.by = BY_TOWNSHIP;
        expect(scene, "coverage", KEYS, BY_PLACE[d], "township");
    }
    scene->query.definition = COVERAGE_HALLS_PLANNED;
    scene->query.by = BY_CATEGORY;
    expect(scene, "coverage", KEYS, SQL_COVERAGE_COURSES("k.id = s.category_id", "category k", "k.id"), "");
    scene->query.by = BY_PROVIDER;
    expect(scene, "coverage", KEYS, SQL_COVERAGE_PROVIDERS, "");
    scene->query.by = BY_TAG;
    expect(scene, "coverage", "code,numerator,denominator,rate,exempt,closed", SQL_COVERAGE_TAGS, "");
    scene->query.by = BY_MONTH;
    expect(scene, "coverage", "code,numerator,denominator", SQL_COVERAGE_MONTHS, "");
    scene->query.by = BY_COUNT;
    scene->query.lists = true;
    for (enum coverage_standing s = STANDING_REACHED; s <= STANDING_CLOSED; s++) {
        scene->query.standing = s;
        expect(scene, "coverage", "code,sessions",
               s == STANDING_REACHED     ? SQL_LIST("standing = 'counts' AND planned >= :minimum")
               : s == STANDING_UNREACHED ? SQL_LIST("standing = 'counts' AND planned < :minimum")
               : s == STANDING_EXEMPT    ? SQL_LIST("standing = 'exempt'")
                                         : SQL_LIST("standing = 'closed'"),
               "");
    }
    scene->query.lists = false;
}

/* ---- sums ---- */

static void sum_checks(struct scene *scene)
{
    static const struct {
        enum group_by by;
        const char *groups, *level;
    } CASES[] = {{BY_CITY, SQL_GROUPS_CITY, ""},
                 {BY_COUNTY, SQL_GROUPS_AREA, "county"},
                 {BY_TOWNSHIP, SQL_GROUPS_AREA, "township"},
                 {BY_CATEGORY, SQL_GROUPS_CATEGORY, ""},
                 {BY_PROVIDER, SQL_GROUPS_PROVIDER, ""},
                 {BY_TAG, SQL_GROUPS_TAG, ""},
                 {BY_MONTH, SQL_GROUPS_MONTH, ""}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char sql[8000];
        scene->query.by = CASES[i].by;
        assert_true(snprintf(sql, sizeof sql, "%s %s", CASES[i].groups, SQL_SUM_SESSIONS) < (int)sizeof sql);
        expect(scene, "sessions",
               "code,planned,sessions,meetings,held,held_meetings,heads,heads_60,heads_entered,heads_average,"
               "satisfaction_sum,satisfaction_entered,satisfaction",
               sql, CASES[i].level);
        assert_true(snprintf(sql, sizeof sql, "%s %s", CASES[i].groups, SQL_SUM_HELD) < (int)sizeof sql);
        expect(scene, "held", "code,planned,held,outside,not_held,unknown,cancelled,held_meetings,rate", sql,
               CASES[i].level);
    }
    scene->query.by = BY_COUNT;
}

static void list_checks(struct scene *scene)
{
    expect(scene, "halls", "hall_id,sessions,meetings,held,outside,minutes,days,heads,first,last", SQL_HALLS,
           "");
    expect(scene, "load", "instructor_id,sessions,meetings,led,held,minutes,days,travel_min,heads", SQL_LOAD,
           "");
    expect(scene, "ledger", "township,hall,date,course,category,heads", SQL_LEDGER, "");
    expect(scene, "equity", "code,halls,population,sessions,meetings,per_hall,per_1000,gaps,lowest",
           SQL_EQUITY, "");
    expect(scene, "gaps", "township_code,category_id", SQL_GAPS, "");
    scene->query.by = BY_TOWNSHIP;
    expect(scene, "requests", "code,requests,withdrawn,asked,placed,held,missing,rate", SQL_REQUESTS,
           "township");
    scene->query.by = BY_COUNTY;
    expect(scene, "requests", "code,requests,withdrawn,asked,placed,held,missing,rate", SQL_REQUESTS,
           "county");
    scene->query.by = BY_COUNT;
    expect(scene, "refused", "request_id,asked,placed,missing", SQL_REFUSED, "");
}

/* ---- frozen figures and the dashboard ---- */

static void freeze_checks(struct scene *scene)
{
    struct freeze_figures figures;
    struct error err = {0};
    struct lines got = {0};
    struct lines wanted = {0};
    assert_int_equal(
        freeze_compute(scene->tt, scene->query.from_day, scene->query.to_day, 1, NONE, &figures, &err),
        ERR_NONE);
    for (size_t i = 0; i < figures.count; i++) {
        char line[200];
        const struct freeze_figure *figure = &figures.items[i];
        snprintf(line, sizeof line, "%s|%s|%lld", figure->area_id, figure->name, (long long)figure->value);
        line_add(&got, line);
    }
    sql_lines(scene, SQL_FROZEN, "", &wanted);
    lines_compare(scene, "frozen figures", &got, &wanted);
    freeze_figures_finish(&figures);
}

/* Members of each item of an array, joined by "|", against SQL. */
static void array_check(const struct scene *scene, const json_t *json, const char *name,
                        const char *const members[], const char *sql, const char *level)
{
    struct lines got = {0};
    struct lines wanted = {0};
    char what[60];
    size_t at;
    json_t *item;
    json_array_foreach(json_object_get(json, name), at, item)
    {
        struct text line;
        text_init(&line, 1000);
        for (int i = 0; members[i] != NULL; i++) {
            const json_t *value = json_object_get(item, members[i]);
            assert_non_null(value);
            text_add(&line, i == 0 ? "" : "|");
            if (json_is_string(value)) {
                text_add(&line, json_string_value(value));
            } else {
                text_addf(&line, "%lld", (long long)json_integer_value(value));
            }
        }
        line_add(&got, text_string(&line));
        text_finish(&line);
    }
    sql_lines(scene, sql, level, &wanted);
    snprintf(what, sizeof what, "dashboard %s", name);
    lines_compare(scene, what, &got, &wanted);
}

static void dashboard_checks(struct scene *scene)
{
    struct dashboard_options options = {.definition = COVERAGE_HALLS_PLANNED,
                                        .from_day = scene->query.from_day,
                                        .to_day = scene->query.to_day,
                                        .minimum = scene->query.minimum,
                                        .area = NONE,
                                        .as_of_day = scene->query.to_day};
    struct text text;
    struct error err = {0};
    struct lines got = {0};
    struct lines wanted = {0};
    text_init(&text, LIMIT_DASHBOARD_BYTES);
    assert_int_equal(dashboard_json(scene->tt, &options, &text, &err), ERR_NONE);
    json_t *json = json_loads(text_string(&text), 0, NULL);
    assert_non_null(json);
    size_t at;
    json_t *item;
    static const char *const PLACE[] = {"code",     "numerator", "denominator", "sessions",
                                        "meetings", "held",      "heads",       NULL};
    array_check(scene, json, "townships", PLACE, SQL_DASHBOARD_AREAS, "township");
    array_check(scene, json, "counties", PLACE, SQL_DASHBOARD_AREAS, "county");
    json_array_foreach(json_object_get(json, "halls"), at, item)
    {
        char line[200];
        snprintf(line, sizeof line, "%s|%s|%lld", json_string_value(json_object_get(item, "id")),
                 json_string_value(json_object_get(item, "standing")),
                 json_integer_value(json_object_get(item, "sessions")));
        line_add(&got, line);
    }
    sql_lines(scene, SQL_DASHBOARD_HALLS, "", &wanted);
    lines_compare(scene, "dashboard halls", &got, &wanted);
    static const char *const CATEGORY[] = {"id", "name", "sessions", "meetings", "held", "heads", NULL};
    static const char *const MONTH[] = {"month", "numerator", "denominator", "planned",
                                        "held",  "heads",     NULL};
    array_check(scene, json, "categories", CATEGORY, SQL_DASHBOARD_CATEGORIES, "");
    array_check(scene, json, "months", MONTH, SQL_DASHBOARD_MONTHS, "");
    json_decref(json);
    text_finish(&text);
}

/* ---- the run ---- */

static void scene_begin(struct scene *scene, uint64_t seed)
{
    struct error err = {0};
    *scene = (struct scene){.seed = seed};
    recount_city_make(&scene->city, seed);
    if (store_open(scene->city.path, STORE_READ_ONLY, city_clock(), &scene->store, &err) != ERR_NONE ||
        store_snapshot(scene->store, &scene->tt, &err) != ERR_NONE) {
        fail_msg("seed %llu: %s", (unsigned long long)seed, err.text);
    }
    assert_int_equal(sqlite3_open(scene->city.path, &scene->db), SQLITE_OK);
    city_run(scene->db, SQL_PREPARE);
    scene->query = (struct report_query){.timetable = scene->tt,
                                         .store = scene->store,
                                         .minimum = 1 + (int32_t)(seed % 2),
                                         .area = NONE,
                                         .hall = NONE,
                                         .instructor = NONE,
                                         .by = BY_COUNT};
    assert_true(date_parse(CITY_FROM, &scene->query.from_day));
    assert_true(date_parse(CITY_TO, &scene->query.to_day));
    scene->query.as_of_day = scene->query.to_day;
}

static void scene_end(struct scene *scene)
{
    sqlite3_close(scene->db);
    timetable_unref(scene->tt);
    store_close(scene->store);
    recount_city_drop(&scene->city);
}

static void every_figure_is_recomputed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct scene scene;
        scene_begin(&scene, seed);
        coverage_checks(&scene);
        sum_checks(&scene);
        list_checks(&scene);
        freeze_checks(&scene);
        dashboard_checks(&scene);
        scene_end(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_figure_is_recomputed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
