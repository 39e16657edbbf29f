#include "store/tables.h"

#include <inttypes.h>
#include <string.h>

#define KEY(name)                                                                                            \
    {                                                                                                        \
        name, CELL_TEXT, COLUMN_KEY | COLUMN_NEEDED, 0, NULL                                                 \
    }
#define KEY_INT(name)                                                                                        \
    {                                                                                                        \
        name, CELL_INTEGER, COLUMN_KEY | COLUMN_NEEDED, 0, NULL                                              \
    }
#define NEED(name)                                                                                           \
    {                                                                                                        \
        name, CELL_TEXT, COLUMN_NEEDED, 0, NULL                                                              \
    }
#define NEED_INT(name)                                                                                       \
    {                                                                                                        \
        name, CELL_INTEGER, COLUMN_NEEDED, 0, NULL                                                           \
    }
#define TEXT(name, otherwise)                                                                                \
    {                                                                                                        \
        name, CELL_TEXT, 0, 0, otherwise                                                                     \
    }
#define INT(name, otherwise)                                                                                 \
    {                                                                                                        \
        name, CELL_INTEGER, 0, otherwise, NULL                                                               \
    }
#define MAYBE(name)                                                                                          \
    {                                                                                                        \
        name, CELL_TEXT, COLUMN_NULLABLE, 0, NULL                                                            \
    }
#define MAYBE_INT(name)                                                                                      \
    {                                                                                                        \
        name, CELL_INTEGER, COLUMN_NULLABLE, 0, NULL                                                         \
    }
#define SHOWN(name)                                                                                          \
    {                                                                                                        \
        name, CELL_TEXT, COLUMN_NEEDED | COLUMN_VISIBLE, 0, NULL                                             \
    }
#define SHOWN_TEXT(name)                                                                                     \
    {                                                                                                        \
        name, CELL_TEXT, COLUMN_VISIBLE, 0, ""                                                               \
    }
#define SHOWN_MAYBE(name)                                                                                    \
    {                                                                                                        \
        name, CELL_TEXT, COLUMN_NULLABLE | COLUMN_VISIBLE, 0, NULL                                           \
    }
#define SHOWN_MAYBE_INT(name)                                                                                \
    {                                                                                                        \
        name, CELL_INTEGER, COLUMN_NULLABLE | COLUMN_VISIBLE, 0, NULL                                        \
    }

static const struct column_info SETTING[] = {KEY("name"), SHOWN("value")};
static const struct column_info WEIGHT[] = {KEY("name"), NEED_INT("value")};
static const struct column_info TRAVEL_CLASS[] = {KEY("id"), NEED("name"), NEED_INT("detour_pct"),
                                                  NEED_INT("speed_kmh"), NEED_INT("fixed_min")};
static const struct column_info AREA[] = {KEY("id"),
                                          TEXT("code_system", "NBS"),
                                          SHOWN("level"),
                                          SHOWN("name"),
                                          SHOWN_MAYBE("parent_id"),
                                          SHOWN_MAYBE_INT("lat_e6"),
                                          SHOWN_MAYBE_INT("lon_e6"),
                                          MAYBE("travel_class_id"),
                                          INT("population", 0)};
static const struct column_info AREA_CODE[] = {KEY("code_system"), KEY("code"), NEED("area_id")};
static const struct column_info TRAVEL_OVERRIDE[] = {KEY("from_area_id"), KEY("to_area_id"),
                                                     NEED_INT("minutes")};
static const struct column_info PROVIDER[] = {KEY("id"), NEED("name"), MAYBE("area_id")};
static const struct column_info CATEGORY[] = {KEY("id"), SHOWN("name")};
static const struct column_info COURSE[] = {KEY("id"),
                                            SHOWN("name"),
                                            SHOWN("category_id"),
                                            MAYBE("provider_id"),
                                            NEED_INT("minutes"),
                                            INT("setup_min", 0),
                                            INT("clear_min", 0),
                                            TEXT("facilities", ""),
                                            TEXT("audience", ""),
                                            INT("heads", 0),
                                            INT("supply_limit", 0),
                                            INT("hall_quota", 0),
                                            TEXT("seasons", ""),
                                            TEXT("parts", ""),
                                            TEXT("tags", ""),
                                            INT("holidays_wanted", 0),
                                            INT("active", 1)};
static const struct column_info HALL[] = {KEY("id"),
                                          SHOWN("name"),
                                          SHOWN("area_id"),
                                          SHOWN_TEXT("address"),
                                          SHOWN_MAYBE_INT("lat_e6"),
                                          SHOWN_MAYBE_INT("lon_e6"),
                                          TEXT("hours", ""),
                                          MAYBE("valid_from"),
                                          MAYBE("valid_to"),
                                          INT("exempt", 0),
                                          TEXT("exempt_reason", ""),
                                          MAYBE("school_id"),
                                          INT("stars", 0)};
static const struct column_info ROOM[] = {KEY("id"),          SHOWN("hall_id"),       SHOWN("name"),
                                          INT("capacity", 0), TEXT("facilities", ""), INT("whole_hall", 0)};
static const struct column_info INSTRUCTOR[] = {
    KEY("id"),           SHOWN("name"),       MAYBE("provider_id"), MAYBE("home_area_id"),
    MAYBE_INT("lat_e6"), MAYBE_INT("lon_e6"), TEXT("hours", ""),    INT("max_day", 0),
    INT("max_week", 0),  INT("max_month", 0), INT("max_year", 0),   MAYBE("valid_from"),
    MAYBE("valid_to"),   TEXT("kind", "")};
static const struct column_info QUALIFICATION[] = {KEY("instructor_id"), KEY("course_id")};
static const struct column_info HOLIDAY[] = {KEY("date"), NEED("name"), NEED_INT("is_off")};
static const struct column_info CLOSURE[] = {KEY("id"),          NEED("scope"),       NEED("target_id"),
                                             NEED("strength"),   NEED("from_date"),   NEED("to_date"),
                                             INT("from_min", 0), INT("to_min", 1440), TEXT("rule", ""),
                                             TEXT("reason", ""), TEXT("source", "")};
static const struct column_info ABSENCE[] = {KEY("id"),         NEED("instructor_id"), NEED("from_date"),
                                             NEED("to_date"),   INT("from_min", 0),    INT("to_min", 1440),
                                             TEXT("reason", "")};
static const struct column_info REQUEST[] = {KEY("id"),
                                             MAYBE("hall_id"),
                                             MAYBE("area_id"),
                                             NEED("course_id"),
                                             INT("sessions", 1),
                                             INT("is_series", 0),
                                             TEXT("holiday_rule", "shift"),
                                             NEED("from_date"),
                                             NEED("to_date"),
                                             TEXT("weekdays", ""),
                                             TEXT("parts", ""),
                                             INT("priority", 5),
                                             INT("heads", 0),
                                             INT("withdrawn", 0)};
static const struct column_info ATTENDANCE[] = {
    KEY_INT("session_id"),     NEED_INT("held"),       MAYBE_INT("heads"),    MAYBE_INT("heads_60"),
    MAYBE_INT("satisfaction"), TEXT("note", ""),       INT("recorded_at", 0), INT("outside", 0),
    TEXT("reason", ""),        TEXT("recorded_by", "")};
static const struct column_info FROZEN_PERIOD[] = {KEY("id"),       NEED("from_date"), NEED("to_date"),
                                                   NEED("area_id"), INT("minimum", 1), NEED_INT("revision"),
                                                   NEED("reason"),  NEED("actor"),     NEED_INT("at")};
static const struct column_info FROZEN_FIGURE[] = {KEY("period_id"), KEY("area_id"), KEY("name"),
                                                   NEED_INT("value")};
static const struct column_info CORRECTION[] = {
    KEY("period_id"), KEY("area_id"), KEY("name"),    KEY_INT("revision"), NEED_INT("difference"),
    NEED("reason"),   NEED("actor"),  NEED_INT("at"), INT("by_hand", 0)};

#define COUNT(columns) ((int)(sizeof(columns) / sizeof *(columns)))

enum {
    BOTH = TABLE_IN_SNAPSHOT | TABLE_IN_RULES
};

static const struct table_info TABLES[TABLE_COUNT] = {
    [TABLE_SETTING] = {"setting", "设置", TABLE_IN_SNAPSHOT, SETTING, COUNT(SETTING), 1},
    [TABLE_WEIGHT] = {"weight", "权重", 0, WEIGHT, COUNT(WEIGHT), 1},
    [TABLE_TRAVEL_CLASS] = {"travel_class", "交通类别", BOTH, TRAVEL_CLASS, COUNT(TRAVEL_CLASS), 1},
    [TABLE_AREA] = {"area", "区域", BOTH, AREA, COUNT(AREA), 1},
    [TABLE_AREA_CODE] = {"area_code", "区域代码", 0, AREA_CODE, COUNT(AREA_CODE), 2},
    [TABLE_TRAVEL_OVERRIDE] = {"travel_override", "路程时间", BOTH, TRAVEL_OVERRIDE, COUNT(TRAVEL_OVERRIDE),
                               2},
    [TABLE_PROVIDER] = {"provider", "开课单位", TABLE_IN_SNAPSHOT, PROVIDER, COUNT(PROVIDER), 1},
    [TABLE_CATEGORY] = {"category", "课程类别", TABLE_IN_SNAPSHOT, CATEGORY, COUNT(CATEGORY), 1},
    [TABLE_COURSE] = {"course", "课程", BOTH, COURSE, COUNT(COURSE), 1},
    [TABLE_HALL] = {"hall", "礼堂", BOTH, HALL, COUNT(HALL), 1},
    [TABLE_ROOM] = {"room", "场地", BOTH, ROOM, COUNT(ROOM), 1},
    [TABLE_INSTRUCTOR] = {"instructor", "讲师", BOTH, INSTRUCTOR, COUNT(INSTRUCTOR), 1},
    [TABLE_QUALIFICATION] = {"qualification", "授课资格", BOTH, QUALIFICATION, COUNT(QUALIFICATION), 2},
    [TABLE_HOLIDAY] = {"holiday", "节假日", TABLE_IN_SNAPSHOT, HOLIDAY, COUNT(HOLIDAY), 1},
    [TABLE_CLOSURE] = {"closure", "停用", BOTH, CLOSURE, COUNT(CLOSURE), 1},
    [TABLE_ABSENCE] = {"absence", "请假", BOTH, ABSENCE, COUNT(ABSENCE), 1},
    [TABLE_REQUEST] = {"request", "点单", TABLE_IN_SNAPSHOT, REQUEST, COUNT(REQUEST), 1},
    [TABLE_ATTENDANCE] = {"attendance", "登记", TABLE_IN_SNAPSHOT, ATTENDANCE, COUNT(ATTENDANCE), 1},
    [TABLE_FROZEN_PERIOD] = {"frozen_period", "已上报时段", 0, FROZEN_PERIOD, COUNT(FROZEN_PERIOD), 1},
    [TABLE_FROZEN_FIGURE] = {"frozen_figure", "已上报数字", 0, FROZEN_FIGURE, COUNT(FROZEN_FIGURE), 3},
    [TABLE_CORRECTION] = {"correction", "更正", 0, CORRECTION, COUNT(CORRECTION), 4},
};

const struct table_info *table_info(enum store_table table)
{
    return &TABLES[table];
}

enum store_table table_from_name(const char *name)
{
    int table = 0;
    while (table < TABLE_COUNT && strcmp(TABLES[table].name, name) != 0) {
        table++;
    }
    return (enum store_table)table;
}

int table_column(const struct table_info *info, const char *name)
{
    for (int i = 0; i < info->column_count; i++) {
        if (strcmp(info->columns[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

bool value_equal(const struct value *a, const struct value *b)
{
    if (a->type != b->type) {
        return false;
    }
    switch (a->type) {
    case CELL_INTEGER:
        return a->integer == b->integer;
    case CELL_TEXT:
        return strcmp(a->text, b->text) == 0;
    case CELL_NULL:
        break;
    }
    return true;
}

bool record_equal(const struct table_info *info, const struct record *a, const struct record *b)
{
    for (int i = 0; i < info->column_count; i++) {
        if (!value_equal(&a->at[i], &b->at[i])) {
            return false;
        }
    }
    return true;
}

static void value_json(const struct value *value, struct text *out)
{
    switch (value->type) {
    case CELL_INTEGER:
        text_addf(out, "%" PRId64, value->integer);
        break;
    case CELL_TEXT:
        text_add_json(out, value->text);
        break;
    case CELL_NULL:
        text_add(out, "null");
        break;
    }
}

void record_key_json(const struct table_info *info, const struct record *record, struct text *out)
{
    for (int i = 0; i < info->key_count; i++) {
        text_add(out, i == 0 ? "[" : ",");
        value_json(&record->at[i], out);
    }
    text_add(out, "]");
}

void record_json(const struct table_info *info, const struct record *record, struct text *out)
{
    for (int i = 0; i < info->column_count; i++) {
        text_add(out, i == 0 ? "{" : ",");
        text_add_json(out, info->columns[i].name);
        text_add(out, ":");
        value_json(&record->at[i], out);
    }
    text_add(out, "}");
}

static void key_add(const struct table_info *info, const struct record *record, struct text *out)
{
    for (int i = 0; i < info->key_count; i++) {
        const struct value *value = &record->at[i];
        text_add(out, i == 0 ? " " : "/");
        if (value->type == CELL_INTEGER) {
            text_addf(out, "%" PRId64, value->integer);
        } else {
            text_add(out, value->type == CELL_TEXT ? value->text : "");
        }
    }
}

void record_name(const struct table_info *info, const struct record *record, struct text *out)
{
    text_add(out, info->zh);
    key_add(info, record, out);
    text_addf(out, " (%s", info->name);
    key_add(info, record, out);
    text_add(out, ")");
}
