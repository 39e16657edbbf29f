/* What closes sample halls: weddings, opera, works, a shelter (hard), markets, farm seasons (soft), and what
 * is only worth a note. Whatever is hard is remembered for the requests. */
#include "importers/demo_city.h"

#include <stdio.h>

static const char SOURCE[] = "示例数据";

struct closure_row {
    const char *scope, *target, *strength, *rule, *reason;
    struct demo_span span;
    int32_t from_min, to_min;
};

static void put_closure(struct demo_city *city, const struct closure_row *row)
{
    struct demo *demo = city->demo;
    char id[DEMO_CODE_SIZE];
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    snprintf(id, sizeof id, "C%07u", ++demo->next_closure);
    date_format(row->span.from_day, from);
    date_format(row->span.to_day, to);
    demo_put(demo, TABLE_CLOSURE,
             (struct cell[]){
                 CELL_STR("id", id), CELL_STR("scope", row->scope), CELL_STR("target_id", row->target),
                 CELL_STR("strength", row->strength), CELL_STR("from_date", from), CELL_STR("to_date", to),
                 CELL_INT("from_min", row->from_min), CELL_INT("to_min", row->to_min),
                 CELL_STR("rule", row->rule), CELL_STR("reason", row->reason), CELL_STR("source", SOURCE)},
             11);
    demo->summary.closures++;
}

static struct demo_span year_span(const struct demo *demo)
{
    return (struct demo_span){demo->first_day, demo->last_day};
}

/* Cut to the year. */
static struct demo_span span_of(const struct demo *demo, int32_t from, int32_t days)
{
    from = from < demo->first_day ? demo->first_day : from > demo->last_day ? demo->last_day : from;
    int32_t to = from + days - 1 > demo->last_day ? demo->last_day : from + days - 1;
    return (struct demo_span){from, to};
}

/* A hard closure of a whole hall. With `rule` the row says the year and the rule, and `span` is what it
 * means. */
static void close_hall(struct demo_city *city, struct demo_hall *hall, struct demo_span span,
                       const char *rule, const char *reason)
{
    if (hall->span_count == DEMO_SPANS_MAX) {
        return;
    }
    hall->spans[hall->span_count++] = span;
    put_closure(city, &(struct closure_row){"hall", hall->code, "hard", rule, reason,
                                            rule[0] == '\0' ? span : year_span(city->demo), 0, DAY_MINUTES});
}

static void close_for_weddings(struct demo_city *city, struct demo_hall *hall)
{
    const struct demo *demo = city->demo;
    int32_t count = demo_between(&city->rng, 0, hall->people > 1500 ? 3 : 1);
    for (int32_t i = 0; i < count; i++) {
        int32_t day = demo_between(&city->rng, demo->first_day, demo->last_day);
        if (demo_chance(&city->rng, 60)) {
            day = date_week_start(day) + 5; /* Saturday */
        }
        close_hall(city, hall, span_of(demo, day, demo_between(&city->rng, 1, 2)), "", "村民婚宴（示例）");
    }
}

/* Three or four days and nights from a lunar date, the same every year. */
static void close_for_opera(struct demo_city *city, struct demo_hall *hall)
{
    static const uint8_t MONTHS[] = {2, 3, 8, 9, 10};
    int32_t month = MONTHS[rng_below(&city->rng, sizeof MONTHS)];
    int32_t day = demo_between(&city->rng, 1, 25);
    int32_t count = demo_between(&city->rng, 3, 4);
    int32_t from = 0;
    if (!day_from_lunar(city->demo->options.year, month, false, day, &from)) {
        return;
    }
    char rule[96];
    int length = 0;
    for (int32_t i = 0; i < count; i++) {
        length += snprintf(rule + length, sizeof rule - (size_t)length, "%slunardate:%d-%d",
                           i == 0 ? "" : "|", month, day + i);
    }
    close_hall(city, hall, span_of(city->demo, from, count), rule, "社戏（示例）");
}

static void close_for_works(struct demo_city *city, struct demo_hall *hall)
{
    const struct demo *demo = city->demo;
    if (hall->state == HALL_SHUT) {
        close_hall(city, hall, year_span(demo), "", "危房改造，全年停用（示例）");
    } else if (hall->state != HALL_ASKS) {
        return;
    } else if (demo_chance(&city->rng, 3)) {
        int32_t from = demo_between(&city->rng, demo->first_day, demo->last_day - 120);
        close_hall(city, hall, span_of(demo, from, demo_between(&city->rng, 30, 120)), "",
                   "修缮改造（示例）");
    }
}

static void close_room_for_repair(struct demo_city *city, struct demo_hall *hall)
{
    char id[DEMO_CODE_SIZE];
    uint32_t last = hall->room_count - 1U;
    int32_t from = demo_between(&city->rng, city->demo->first_day, city->demo->last_day - 60);
    hall->rooms[last].under_repair = true;
    snprintf(id, sizeof id, "%s-%u", hall->code, last + 1);
    put_closure(city, &(struct closure_row){"room", id, "hard", "", "设备检修（示例）",
                                            span_of(city->demo, from, demo_between(&city->rng, 14, 60)), 0,
                                            DAY_MINUTES});
}

static void close_hall_days(struct demo_city *city, struct demo_hall *hall)
{
    const struct demo *demo = city->demo;
    close_for_works(city, hall);
    if (hall->state == HALL_SHUT || hall->state == HALL_EXEMPT) {
        return;
    }
    if (demo_chance(&city->rng, 40)) {
        int32_t from = demo->spring_day - demo_between(&city->rng, 2, 7);
        int32_t to = demo->spring_day + demo_between(&city->rng, 3, 15);
        close_hall(city, hall, span_of(demo, from, to - from + 1), "", "春节、村晚及走亲用堂（示例）");
    }
    close_for_weddings(city, hall);
    if (demo_chance(&city->rng, 12)) {
        close_for_opera(city, hall);
    }
    if (demo_chance(&city->rng, 2)) {
        int32_t sunday = date_week_start(demo->first_day + demo_between(&city->rng, 70, 300)) + 6;
        close_hall(city, hall, span_of(demo, sunday, 1), "", "村民代表补选投票（示例）");
    }
    if (hall->room_count > 1 && demo_chance(&city->rng, 2)) {
        close_room_for_repair(city, hall);
    }
}

/* Market mornings of a township, in each of the four ways in which they are reckoned. */
static void put_market(struct demo_city *city, const char *town)
{
    char rule[64];
    uint32_t kind = rng_below(&city->rng, 10);
    uint32_t draw = rng_below(&city->rng, 60);
    if (kind < 6) {
        snprintf(rule, sizeof rule, "lunarday:%u,%u", draw % 5 + 1, draw % 5 + 6);
    } else if (kind < 8) {
        snprintf(rule, sizeof rule, "monthday:%u,%u", draw % 5 + 1, draw % 5 + 6);
    } else if (kind == 8) {
        snprintf(rule, sizeof rule, "weekly:%u", draw % 7 + 1);
    } else {
        snprintf(rule, sizeof rule, "branch:%u,%u", draw % 6, draw % 6 + 6);
    }
    put_closure(city, &(struct closure_row){"area", town, "soft", rule, "市日（示例）", year_span(city->demo),
                                            300, 690});
}

struct season_closure {
    uint32_t trait;
    const char *strength, *reason;
    uint8_t from_month, from_day, to_month, to_day;
    int16_t from_min, to_min;
};

static const struct season_closure SEASON_CLOSURES[] = {
    {TRAIT_RICE, "soft", "双抢农忙（示例）", 7, 15, 8, 8, 300, 1080},
    {TRAIT_BAYBERRY, "soft", "杨梅采摘（示例）", 6, 5, 7, 5, 240, 720},
    {TRAIT_CITRUS, "soft", "柑橘采收（示例）", 10, 20, 12, 5, 420, 1020},
    {TRAIT_LOQUAT, "soft", "枇杷采摘（示例）", 5, 5, 6, 5, 300, 720},
    {TRAIT_COAST, "note", "伏季休渔，渔民在家（示例）", 5, 1, 8, 16, 0, 1440},
};

static void put_town_closures(struct demo_city *city, uint32_t township)
{
    const struct demo *demo = city->demo;
    char town[DEMO_CODE_SIZE];
    demo_town_code(city, township, town);
    if (demo_chance(&city->rng, 70)) {
        put_market(city, town);
    }
    if (demo_chance(&city->rng, 40)) {
        char rule[64];
        snprintf(rule, sizeof rule, "lunardate:%d-%d", demo_between(&city->rng, 2, 10),
                 demo_between(&city->rng, 1, 28));
        put_closure(city, &(struct closure_row){"area", town, "soft", rule, "会市（示例）", year_span(demo),
                                                0, DAY_MINUTES});
    }
    for (size_t i = 0; i < sizeof SEASON_CLOSURES / sizeof *SEASON_CLOSURES; i++) {
        const struct season_closure *season = &SEASON_CLOSURES[i];
        if ((demo->base.townships[township].traits & season->trait) == 0) {
            continue;
        }
        struct demo_span span = {
            date_from_civil((struct civil){demo->options.year, season->from_month, season->from_day}),
            date_from_civil((struct civil){demo->options.year, season->to_month, season->to_day})};
        put_closure(city, &(struct closure_row){"area", town, season->strength, "", season->reason, span,
                                                season->from_min, season->to_min});
    }
}

/* A typhoon in August: every hall of up to three coastal townships is a shelter for three days. */
static void put_shelters(struct demo_city *city)
{
    const struct demo *demo = city->demo;
    int32_t day = date_from_civil((struct civil){demo->options.year, 8, demo_between(&city->rng, 5, 22)});
    uint32_t start = rng_below(&city->rng, (uint32_t)demo->base.township_count);
    for (uint32_t i = 0, found = 0; i < demo->base.township_count; i++) {
        uint32_t township = (start + i) % (uint32_t)demo->base.township_count;
        city->town_shelter[township] = (struct demo_span){1, 0};
        if (found == 3 || (demo->base.townships[township].traits & TRAIT_COAST) == 0) {
            continue;
        }
        char town[DEMO_CODE_SIZE];
        demo_town_code(city, township, town);
        city->town_shelter[township] = span_of(demo, day, 3);
        put_closure(city, &(struct closure_row){"area", town, "hard", "", "台风避灾安置点启用（示例）",
                                                city->town_shelter[township], 0, DAY_MINUTES});
        found++;
    }
}

void demo_closures_build(struct demo_city *city)
{
    const struct demo *demo = city->demo;
    /* 腊月二十三 to 正月十五: people are busy everywhere. */
    put_closure(city, &(struct closure_row){"area", city->code, "soft", "", "春节前后（示例）",
                                            span_of(demo, demo->spring_day - 7, 22), 0, DAY_MINUTES});
    put_shelters(city);
    for (uint32_t i = 0; i < demo->base.township_count; i++) {
        put_town_closures(city, i);
    }
    for (uint32_t i = 0; i < city->hall_count; i++) {
        close_hall_days(city, &city->halls[i]);
    }
}
