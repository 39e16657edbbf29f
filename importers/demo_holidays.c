/* Public holidays of the sample year: the example files of 2026 (the published notice) and 2027, and the
 * regulation's own days for any other year. */
#include "importers/demo_city.h"

#include <stdlib.h>
#include <string.h>

/* 清明 of the 21st century: the widely used integer form of the solar term's date; right for 2001 … 2099. */
static int32_t qingming(int32_t year)
{
    int32_t y = year % 100;
    int32_t day = (y * 2422 + 48100) / 10000 - y / 4;
    return date_from_civil((struct civil){year, 4, day});
}

static int32_t lunar_day(int32_t year, int32_t month, int32_t day)
{
    int32_t found = 0;
    return day_from_lunar(year, month, false, day, &found)
               ? found
               : date_from_civil((struct civil){year, month, day});
}

struct holiday_list {
    struct demo_holiday *items;
    size_t count;
};

static bool list_has(const struct holiday_list *list, int32_t day)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].day == day) {
            return true;
        }
    }
    return false;
}

/* `days` days from `day`, then one working day for each that falls on Saturday or Sunday, or on another
 * holiday. */
static void list_add(struct holiday_list *list, const char *name, int32_t day, int32_t days)
{
    int32_t owed = 0;
    int32_t at = day;
    for (; at < day + days; at++) {
        if (list_has(list, at)) {
            owed++; /* 中秋 within 国庆: a further day off */
            continue;
        }
        if (list->count == DEMO_HOLIDAYS_MAX) {
            return;
        }
        owed += date_weekday(at) >= 6 ? 1 : 0;
        list->items[list->count++] = (struct demo_holiday){at, name};
    }
    for (; owed > 0 && list->count < DEMO_HOLIDAYS_MAX; at++) {
        if (date_weekday(at) < 6 && !list_has(list, at)) {
            list->items[list->count++] = (struct demo_holiday){at, name};
            owed--;
        }
    }
}

size_t demo_holidays_by_rule(int32_t year, struct demo_holiday ret[DEMO_HOLIDAYS_MAX])
{
    if (year < 2001 || year > 2099) {
        return 0;
    }
    struct holiday_list list = {ret, 0};
    list_add(&list, "元旦", date_from_civil((struct civil){year, 1, 1}), 1);
    list_add(&list, "春节", lunar_day(year, 1, 1) - 1, 4);
    list_add(&list, "清明节", qingming(year), 1);
    list_add(&list, "劳动节", date_from_civil((struct civil){year, 5, 1}), 2);
    list_add(&list, "端午节", lunar_day(year, 5, 5), 1);
    list_add(&list, "国庆节", date_from_civil((struct civil){year, 10, 1}), 3);
    list_add(&list, "中秋节", lunar_day(year, 8, 15), 1);
    return list.count;
}

static void remember(struct demo *demo, int32_t day, const char *name)
{
    if (demo->off_day_count < sizeof demo->off_days / sizeof *demo->off_days) {
        demo->off_days[demo->off_day_count++] = (struct demo_holiday){day, name};
    }
}

static void put_by_rule(struct demo *demo)
{
    struct demo_holiday days[DEMO_HOLIDAYS_MAX];
    size_t count = demo_holidays_by_rule(demo->options.year, days);
    for (size_t i = 0; i < count; i++) {
        char date[DATE_TEXT_SIZE];
        char name[64] = "";
        date_format(days[i].day, date);
        strncat(name, days[i].name, 20);
        strncat(name, "（示例）", 20);
        demo_put(demo, TABLE_HOLIDAY,
                 (struct cell[]){CELL_STR("date", date), CELL_STR("name", name), CELL_INT("is_off", 1)}, 3);
        remember(demo, days[i].day, days[i].name);
    }
    demo->summary.holidays += (uint32_t)count;
}

void demo_holidays_build(struct demo *demo)
{
    demo->spring_day = lunar_day(demo->options.year, 1, 1);
    for (size_t i = 0; i < 2; i++) {
        const struct demo_table *table = &demo->base.holidays[i];
        demo_put_table(demo, TABLE_HOLIDAY, table);
        demo->summary.holidays += (uint32_t)table->row_count;
        for (size_t row = 0; row < table->row_count; row++) {
            int32_t day = 0;
            if (date_parse(demo_table_cell(table, row, "date"), &day) &&
                date_year(day) == demo->options.year &&
                strcmp(demo_table_cell(table, row, "is_off"), "1") == 0) {
                remember(demo, day, demo_table_cell(table, row, "name"));
            }
        }
    }
    if (demo->off_day_count == 0) {
        put_by_rule(demo);
    }
}
