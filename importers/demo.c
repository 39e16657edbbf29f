#include "importers/demo.h"

#include "importers/demo_city.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    YEAR_MIN = 2001,
    YEAR_MAX = 2099
};

static const uint64_t HASH_START = UINT64_C(0xcbf29ce484222325);
static const uint64_t HASH_PRIME = UINT64_C(0x100000001b3);

struct demo_options demo_options_default(void)
{
    return (struct demo_options){.seed = 1, .sessions = 10000, .year = 2027};
}

void demo_fail(struct demo *demo, enum error_code code, const char *sentence)
{
    if (demo->failed == ERR_NONE) {
        demo->failed = error_set(demo->err, code, "示例城市 (sample city): %s", sentence);
    }
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ at[i]) * HASH_PRIME;
    }
    return hash;
}

/* Byte order does not matter: numbers are hashed from their low byte up. */
static uint64_t hash_number(uint64_t hash, uint64_t number)
{
    for (int i = 0; i < 8; i++) {
        hash = (hash ^ ((number >> (8 * i)) & 0xff)) * HASH_PRIME;
    }
    return hash;
}

void demo_put(struct demo *demo, enum store_table table, const struct cell *cells, size_t count)
{
    if (demo->failed != ERR_NONE) {
        return;
    }
    uint64_t hash = hash_number(demo->summary.content_hash, (uint64_t)table);
    for (size_t i = 0; i < count; i++) {
        hash = hash_number(hash, (uint64_t)cells[i].type);
        if (cells[i].type == CELL_TEXT) {
            hash = hash_bytes(hash, cells[i].text, strlen(cells[i].text) + 1);
        } else if (cells[i].type == CELL_INTEGER) {
            hash = hash_number(hash, (uint64_t)cells[i].integer);
        }
    }
    demo->summary.content_hash = hash;
    demo->failed = change_set_put(demo->set, table, cells, count, demo->err);
}

static bool column_is_integer(const char *column)
{
    static const char *const NAMES[] = {"detour_pct",   "speed_kmh",  "fixed_min",      "minutes",
                                        "setup_min",    "clear_min",  "heads",          "is_off",
                                        "supply_limit", "hall_quota", "holidays_wanted"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (strcmp(NAMES[i], column) == 0) {
            return true;
        }
    }
    return false;
}

/* The menu's supply is for 10,000 sessions a year; a larger demand has more of it. */
static uint32_t course_supply(const struct demo *demo, size_t course)
{
    uint64_t sessions = demo->options.sessions < 10000 ? 10000 : demo->options.sessions;
    return (uint32_t)((uint64_t)demo->base.courses[course].supply_limit * sessions / 10000);
}

static size_t row_cells(const struct demo_table *rows, size_t row, struct cell cells[DEMO_COLUMNS_MAX])
{
    for (size_t i = 0; i < rows->column_count; i++) {
        const char *text = rows->cells[row * rows->column_count + i];
        cells[i] = column_is_integer(rows->columns[i]) ? CELL_INT(rows->columns[i], strtol(text, NULL, 10))
                                                       : CELL_STR(rows->columns[i], text);
    }
    return rows->column_count;
}

void demo_put_table(struct demo *demo, enum store_table table, const struct demo_table *rows)
{
    struct cell cells[DEMO_COLUMNS_MAX];
    for (size_t row = 0; row < rows->row_count; row++) {
        size_t count = row_cells(rows, row, cells);
        demo_put(demo, table, cells, count);
    }
}

void demo_put_courses(struct demo *demo, const char *provider_id)
{
    struct cell cells[DEMO_COLUMNS_MAX + 1];
    for (size_t row = 0; row < demo->base.course_count; row++) {
        size_t count = row_cells(&demo->base.courses_table, row, cells);
        for (size_t i = 0; i < count; i++) {
            if (strcmp(cells[i].column, "supply_limit") == 0) {
                cells[i].integer = course_supply(demo, row);
            }
        }
        cells[count] = CELL_STR("provider_id", provider_id);
        demo_put(demo, TABLE_COURSE, cells, count + 1);
    }
}

bool demo_chance(struct rng *rng, uint32_t percent)
{
    return rng_below(rng, 100) < percent;
}

int32_t demo_between(struct rng *rng, int32_t from, int32_t to)
{
    return from + (int32_t)rng_below(rng, (uint32_t)(to - from + 1));
}

uint32_t demo_weighted(struct rng *rng, const uint8_t *weights, uint32_t count)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += weights[i];
    }
    uint32_t draw = rng_below(rng, sum);
    uint32_t i = 0;
    while (i + 1 < count && draw >= weights[i]) {
        draw -= weights[i++];
    }
    return i;
}

void demo_numeral(uint32_t number, char *ret_text, size_t size)
{
    static const char *const DIGITS[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    uint32_t hundreds = number / 100 % 10;
    uint32_t tens = number / 10 % 10;
    uint32_t ones = number % 10;
    snprintf(ret_text, size, "%s%s%s%s%s", hundreds > 0 ? DIGITS[hundreds] : "", hundreds > 0 ? "百" : "",
             tens > 1 || (tens == 1 && hundreds > 0) ? DIGITS[tens]
             : tens == 0 && hundreds > 0 && ones > 0 ? "零"
                                                     : "",
             tens > 0 ? "十" : "", ones > 0 ? DIGITS[ones] : "");
}

static void put_setting(struct demo *demo, const char *name, const char *value)
{
    demo_put(demo, TABLE_SETTING, (struct cell[]){CELL_STR("name", name), CELL_STR("value", value)}, 2);
}

/* What all cities share. */
static void put_common(struct demo *demo)
{
    put_setting(demo, "city_name", "台州市（示例）");
    put_setting(demo, "organizer", "台州社区大学（示例）");
    put_setting(demo, "uid_domain", "litang.example");
    put_setting(demo, "tzid", "Asia/Shanghai");
    put_setting(demo, "public_instructors", "1"); /* nobody in this city exists */
    demo_put_table(demo, TABLE_TRAVEL_CLASS, &demo->base.travel_classes);
    demo_put_table(demo, TABLE_CATEGORY, &demo->base.categories);
    demo->summary.categories = (uint32_t)demo->base.category_count;
    demo->summary.courses = (uint32_t)demo->base.course_count;
    demo_holidays_build(demo);
}

static uint32_t halls_wanted(uint32_t sessions)
{
    uint32_t halls = sessions / 10 * 3;
    halls = halls < 30 ? 30 : halls;
    bool one_city = sessions <= 12000;
    return one_city && halls > DEMO_HALLS_PER_CITY ? DEMO_HALLS_PER_CITY : halls;
}

/* Share `number` of `count` of the total; shares differ by one at most and add up to it. */
static uint32_t share(uint32_t total, uint32_t number, uint32_t count)
{
    return (uint32_t)((uint64_t)total * (number + 1) / count - (uint64_t)total * number / count);
}

/* Further cities are laid in a grid to the north-west, on land and with valid coordinates. */
static void city_init(struct demo_city *city, struct demo *demo, uint32_t number, uint32_t city_count)
{
    memset(city, 0, sizeof *city);
    city->demo = demo;
    city->number = number;
    if (number == 0) {
        snprintf(city->code, sizeof city->code, "%.7s", demo->base.city_code);
    } else {
        char numeral[24];
        snprintf(city->code, sizeof city->code, "9%03u", number % 1000);
        demo_numeral(number + 1, numeral, sizeof numeral);
        snprintf(city->prefix, sizeof city->prefix, "示例%s市·", numeral);
        city->lat_shift_e6 = (int32_t)(number % 10) * 1200000;
        city->lon_shift_e6 = -(int32_t)(number / 10) * 1900000;
    }
    uint32_t sessions = demo->options.sessions;
    city->sessions_wanted = share(sessions + sessions / 100 + 1, number, city_count);
    city->hall_count = share(halls_wanted(sessions), number, city_count);
    uint32_t people = share(sessions / 28, number, city_count);
    city->instructor_count = people < 18 ? 18 : people;
    for (size_t i = 0; i < demo->base.course_count; i++) {
        /* Four fifths may be asked for, so that supply is not what makes the year hard. */
        city->supply_limit[i] = course_supply(demo, i) * 4 / 5 / city_count;
    }
    rng_seed(&city->rng, demo->options.seed * UINT64_C(0x9e3779b97f4a7c15) + number);
}

static void city_finish(struct demo_city *city)
{
    free(city->halls);
    free(city->instructors);
    free(city->teachers);
    free(city->quota_used);
}

static void city_build(struct demo_city *city)
{
    static void (*const STAGES[])(struct demo_city *) = {
        demo_places_build, demo_closures_build, demo_people_build, demo_requests_build, demo_unmet_build};
    struct demo *demo = city->demo;
    city->halls = calloc(city->hall_count, sizeof *city->halls);
    city->instructors = calloc(city->instructor_count, sizeof *city->instructors);
    city->teachers = calloc((size_t)city->instructor_count * demo->base.course_count, sizeof *city->teachers);
    city->quota_used = calloc((size_t)city->hall_count * demo->base.course_count, 1);
    if (city->halls == NULL || city->instructors == NULL || city->teachers == NULL ||
        city->quota_used == NULL) {
        demo_fail(demo, ERR_MEMORY, "out of memory");
        return;
    }
    for (size_t i = 0; i < sizeof STAGES / sizeof *STAGES && demo->failed == ERR_NONE; i++) {
        STAGES[i](city);
    }
}

static enum error_code options_check(const struct demo_options *options, struct error *err)
{
    if (options->sessions < DEMO_SESSIONS_MIN || options->sessions > DEMO_SESSIONS_MAX) {
        return error_set(err, ERR_INPUT, "示例场次须为%d至%d，不能是%u (sessions must be %d to %d, not %u)",
                         DEMO_SESSIONS_MIN, DEMO_SESSIONS_MAX, options->sessions, DEMO_SESSIONS_MIN,
                         DEMO_SESSIONS_MAX, options->sessions);
    }
    if (options->year < YEAR_MIN || options->year > YEAR_MAX) {
        return error_set(err, ERR_INPUT, "示例年份须为%d至%d，不能是%d (the year must be %d to %d, not %d)",
                         YEAR_MIN, YEAR_MAX, options->year, YEAR_MIN, YEAR_MAX, options->year);
    }
    return ERR_NONE;
}

static enum error_code build(struct demo *demo)
{
    enum error_code code = demo_hours_init(demo, demo->err);
    if (code != ERR_NONE) {
        return code;
    }
    put_common(demo);
    uint32_t halls = halls_wanted(demo->options.sessions);
    uint32_t city_count = (halls + DEMO_HALLS_PER_CITY - 1) / DEMO_HALLS_PER_CITY;
    for (uint32_t i = 0; i < city_count && demo->failed == ERR_NONE; i++) {
        struct demo_city city;
        city_init(&city, demo, i, city_count);
        city_build(&city);
        city_finish(&city);
    }
    demo->summary.cities = city_count;
    return demo->failed;
}

enum error_code demo_build(const struct demo_options *options, struct change_set *set,
                           struct demo_summary *ret_summary, struct error *err)
{
    enum error_code code = options_check(options, err);
    if (code != ERR_NONE) {
        return code;
    }
    struct demo *demo = calloc(1, sizeof *demo);
    if (demo == NULL) {
        return error_set(err, ERR_MEMORY, "out of memory");
    }
    demo->options = *options;
    demo->set = set;
    demo->err = err;
    demo->summary.content_hash = HASH_START;
    demo->first_day = date_from_civil((struct civil){options->year, 1, 1});
    demo->last_day = date_from_civil((struct civil){options->year, 12, 31});
    code = demo_base_init(&demo->base, err);
    if (code == ERR_NONE) {
        code = build(demo);
        demo_base_finish(&demo->base);
    }
    if (code == ERR_NONE) {
        *ret_summary = demo->summary;
    }
    free(demo);
    return code;
}

/* What `init` was given stays: the sample brings its own name and zone where nobody has set one. */
static enum error_code given_keep(struct store *store, struct change_set *set, struct error *err)
{
    static const char *const NAMES[] = {"city_name", "organizer", "uid_domain", "tzid"};
    struct text value;
    enum error_code code = ERR_NONE;
    text_init(&value, LIMIT_NOTE_BYTES);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES && code == ERR_NONE; i++) {
        bool given = false;
        code = store_setting(store, NAMES[i], &value, &given, err);
        if (code == ERR_NONE && given) {
            const struct cell cells[] = {CELL_STR("name", NAMES[i]), CELL_STR("value", text_string(&value))};
            code = change_set_put(set, TABLE_SETTING, cells, 2, err);
        }
    }
    text_finish(&value);
    return code;
}

enum error_code demo_fill(struct store *store, const struct demo_options *options, const char *actor,
                          struct demo_summary *ret_summary, struct error *err)
{
    bool empty = false;
    enum error_code code = store_is_empty(store, &empty, err);
    if (code != ERR_NONE) {
        return code;
    }
    if (!empty) {
        return error_set(
            err, ERR_EXISTS,
            "数据库已有数据，示例只能放入空数据库 (the database holds data already; the sample city "
            "goes into an empty one)");
    }
    struct change_set *set = NULL;
    code = change_set_create(actor, "示例城市 (sample city)", "demo", &set, err);
    if (code != ERR_NONE) {
        return code;
    }
    struct demo_summary summary;
    code = demo_build(options, set, &summary, err);
    if (code == ERR_NONE) {
        code = given_keep(store, set, err);
    }
    if (code == ERR_NONE) {
        struct commit_result result = {0};
        code = store_commit(store, set, false, &result, err);
        commit_result_finish(&result);
    }
    change_set_destroy(set);
    if (code == ERR_NONE) {
        *ret_summary = summary;
    }
    return code;
}
