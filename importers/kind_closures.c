/* Closures: when a room, a hall or all halls of an area are not to be had. */
#include "base/limits.h"
#include "importers/kinds.h"

#include <stdio.h>
#include <string.h>

enum {
    ID,
    SCOPE,
    TARGET,
    HALL,
    ROOM,
    COUNTY,
    TOWNSHIP,
    VILLAGE,
    STRENGTH,
    FROM,
    TO,
    TIME,
    FROM_TIME,
    TO_TIME,
    RULE,
    REASON,
    SOURCE,
    COLUMNS_END
};

static const struct value_word SCOPE_WORDS[] = {{"room", CLOSURE_ROOM},
                                                {"hall", CLOSURE_HALL},
                                                {"area", CLOSURE_AREA},
                                                {"场地", CLOSURE_ROOM},
                                                {"礼堂", CLOSURE_HALL},
                                                {"文化礼堂", CLOSURE_HALL},
                                                {"区域", CLOSURE_AREA},
                                                {"乡镇", CLOSURE_AREA},
                                                {"村", CLOSURE_AREA},
                                                {"县", CLOSURE_AREA},
                                                {NULL, 0}};
static const struct value_word STRENGTH_WORDS[] = {{"hard", CLOSURE_HARD},   {"soft", CLOSURE_SOFT},
                                                   {"note", CLOSURE_NOTE},   {"硬", CLOSURE_HARD},
                                                   {"软", CLOSURE_SOFT},     {"备注", CLOSURE_NOTE},
                                                   {"不可用", CLOSURE_HARD}, {"尽量避开", CLOSURE_SOFT},
                                                   {"提示", CLOSURE_NOTE},   {NULL, 0}};

static const struct column COLUMNS[COLUMNS_END] = {
    [ID] = {"closure_id", "停用编号", "!停用编号|编号|id", COLUMN_OPTIONAL, value_code, RULE_ID,
            STORE_BY_KIND, NULL, 0},
    [SCOPE] = {"scope",
               "范围",
               "!范围|!停用范围",
               COLUMN_OPTIONAL,
               value_word,
               {.words = SCOPE_WORDS},
               STORE_BY_KIND,
               NULL,
               0},
    [TARGET] = {"target", "对象", "!对象|!停用对象|!targetid", COLUMN_OPTIONAL, value_reference, RULE_NAME,
                STORE_BY_KIND, NULL, 0},
    [HALL] = {"hall", "礼堂", "礼堂|礼堂名称|礼堂编号|文化礼堂|hallid|hallname|地点", COLUMN_OPTIONAL,
              value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [ROOM] = {"room", "场地", "场地|roomid|厅室", COLUMN_OPTIONAL, value_reference, RULE_NAME, STORE_BY_KIND,
              NULL, 0},
    [COUNTY] = {"county", "县(市、区)", "县|县(市、区)|县市区|区县|countycode", COLUMN_OPTIONAL,
                value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [TOWNSHIP] = {"township", "乡镇", "乡镇|镇街|乡镇(街道)|街道|townshipcode|乡镇代码", COLUMN_OPTIONAL,
                  value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [VILLAGE] = {"village", "村", "村|行政村|村居|村代码|villagecode|area|areaid|区域", COLUMN_OPTIONAL,
                 value_reference, RULE_NAME, STORE_BY_KIND, NULL, 0},
    [STRENGTH] = {"strength",
                  "强度",
                  "!强度|!程度|!停用强度",
                  COLUMN_OPTIONAL,
                  value_word,
                  {.words = STRENGTH_WORDS},
                  STORE_BY_KIND,
                  NULL,
                  0},
    [FROM] = {"from", "开始日期",
              "开始日期|fromdate|起始日期|!停用开始|!停用日期|!停用起止日期|日期|date|startdate|start",
              COLUMN_REQUIRED, value_date, RULE_DAYS, STORE_BY_KIND, NULL, 0},
    [TO] = {"to", "结束日期", "结束日期|todate|截止日期|!停用结束|enddate|end", COLUMN_OPTIONAL, value_date,
            RULE_NONE, STORE_BY_KIND, NULL, 0},
    [TIME] = {"time", "时间", "时间|时段|每日时段|停用时间", COLUMN_OPTIONAL, value_time, RULE_NONE,
              STORE_BY_KIND, NULL, 0},
    [FROM_TIME] = {"from_time", "开始时间", "开始时间|starttime", COLUMN_OPTIONAL, value_time, RULE_NONE,
                   STORE_BY_KIND, NULL, 0},
    [TO_TIME] = {"to_time", "结束时间", "结束时间|endtime", COLUMN_OPTIONAL, value_time, RULE_NONE,
                 STORE_BY_KIND, NULL, 0},
    [RULE] = {"rule", "规则", "!规则|!重复规则|!市日|!逢几", COLUMN_OPTIONAL, value_rule_text, RULE_NONE,
              STORE_TEXT, NULL, 0},
    [REASON] = {"reason", "原因", "原因|!停用原因|事由|备注", COLUMN_OPTIONAL, value_note, RULE_NOTE,
                STORE_TEXT, NULL, 0},
    [SOURCE] = {"source", "来源", "!来源|!信息来源", COLUMN_OPTIONAL, value_note, RULE_NOTE, STORE_TEXT, NULL,
                0}};

static const struct area_columns AREA_COLUMNS = {INTAKE_NO_COLUMN, COUNTY, TOWNSHIP, VILLAGE};

struct target {
    enum closure_scope scope;
    const char *id;
};

static bool room_target(struct intake *intake, uint32_t hall, struct target *ret)
{
    const struct timetable *base = intake->base;
    const char *text =
        intake_value(intake, ROOM)->given ? intake_text(intake, ROOM) : intake_text(intake, TARGET);
    uint32_t found = timetable_find_room(base, text);
    for (uint32_t i = 0; found == NONE && hall != NONE && i < base->halls[hall].room_count; i++) {
        uint32_t room = base->halls[hall].first_room + i;
        found = strcmp(base->rooms[room].name, text) == 0 ? room : NONE;
    }
    if (found == NONE) {
        intake_error(intake, intake_value(intake, ROOM)->given ? ROOM : TARGET, CODE_UNKNOWN,
                     "没有场地“%s”；请写场地编号，或同时写明礼堂",
                     "there is no room \"%s\"; give its id, or the hall too", text);
        return false;
    }
    *ret = (struct target){CLOSURE_ROOM, base->rooms[found].id};
    return true;
}

/* A target without its scope: a hall if one is meant, else an area. */
static bool plain_target(struct intake *intake, uint32_t area, struct target *ret)
{
    const struct timetable *base = intake->base;
    const struct value *scope = intake_value(intake, SCOPE);
    const char *text = intake_text(intake, TARGET);
    struct lookup_answer answer = {.count = 0};
    struct lookup_filter filter = {.within = area};
    bool is_area = scope->given && scope->number == CLOSURE_AREA;
    bool is_hall = scope->given && scope->number == CLOSURE_HALL;
    if (!scope->given && lookup_by_id(base, LOOKUP_HALLS, text) == NONE) {
        if (lookup_find(intake->lookup, LOOKUP_HALLS, text, &filter, &answer) != ERR_NONE) {
            intake->failed = ERR_MEMORY;
        }
        is_area = answer.count == 0 || lookup_by_id(base, LOOKUP_AREAS, text) != NONE;
    }
    if (is_area && !is_hall) {
        uint32_t found = reference_find(intake, TARGET, LOOKUP_AREAS, text);
        *ret = (struct target){CLOSURE_AREA, found == NONE ? NULL : base->areas[found].id};
        return found != NONE;
    }
    uint32_t hall = reference_hall(intake, TARGET, area);
    *ret = (struct target){CLOSURE_HALL, hall == NONE ? NULL : base->halls[hall].id};
    return hall != NONE;
}

static bool find_target(struct intake *intake, struct target *ret)
{
    const struct timetable *base = intake->base;
    size_t before = intake->row_errors;
    uint32_t area = reference_area(intake, &AREA_COLUMNS);
    if (intake->row_errors > before) {
        return false;
    }
    uint32_t hall = intake_value(intake, HALL)->given ? reference_hall(intake, HALL, area) : NONE;
    if (intake->row_errors > before) {
        return false;
    }
    const struct value *scope = intake_value(intake, SCOPE);
    bool is_room = scope->given && scope->number == CLOSURE_ROOM;
    if (intake_value(intake, ROOM)->given || (is_room && intake_value(intake, TARGET)->given)) {
        return room_target(intake, hall, ret);
    }
    if (intake_value(intake, TARGET)->given) {
        return plain_target(intake, area, ret);
    }
    if (hall != NONE || area != NONE) {
        *ret = hall != NONE ? (struct target){CLOSURE_HALL, base->halls[hall].id}
                            : (struct target){CLOSURE_AREA, base->areas[area].id};
        if (!scope->given || (enum closure_scope)scope->number == ret->scope) {
            return true;
        }
        intake_error(intake, SCOPE, CODE_CONFLICT, "范围与所填的对象不一致",
                     "the scope does not fit what the row names", NULL);
        return false;
    }
    static const size_t NAMED[] = {TARGET, HALL, ROOM, COUNTY, TOWNSHIP, VILLAGE};
    for (size_t i = 0; i < sizeof NAMED / sizeof *NAMED; i++) {
        if (intake_filled(intake, NAMED[i])) {
            return false; /* its fault was reported */
        }
    }
    intake_error(intake, intake_has(intake, TARGET) ? TARGET : HALL, CODE_MISSING,
                 "要写明停用的礼堂、场地或区域", "the hall, room or area that closes is needed", NULL);
    return false;
}

static const char *closure_id(struct intake *intake, const struct target *target, const struct span *span)
{
    if (intake_value(intake, ID)->given) {
        return intake_text(intake, ID);
    }
    char when[96];
    (void)snprintf(when, sizeof when, "%d %d %d %d", span->from_day, span->to_day, span->from_min,
                   span->to_min);
    const char *const parts[] = {target->scope == CLOSURE_ROOM   ? "room"
                                 : target->scope == CLOSURE_HALL ? "hall"
                                                                 : "area",
                                 target->id, when, intake_text(intake, RULE)};
    return intake_derive(intake, "closure", parts, sizeof parts / sizeof *parts);
}

static void closure_row(struct intake *intake)
{
    static const char *const SCOPES[] = {"room", "hall", "area"};
    static const char *const STRENGTHS[] = {"note", "soft", "hard"};
    static const struct span_columns SPAN = {FROM, TO, TIME, FROM_TIME, TO_TIME};
    struct target target = {CLOSURE_HALL, NULL};
    struct span span;
    struct cells cells = {.count = 0};
    bool has_target = find_target(intake, &target);
    if (!intake_value(intake, FROM)->given || !intake_days_spread(intake, &SPAN) ||
        !intake_span(intake, &SPAN, &span) || !has_target || intake->row_errors > 0) {
        return;
    }
    const struct value *strength = intake_value(intake, STRENGTH);
    const char *id = closure_id(intake, &target, &span);
    intake_claim(intake, intake_has(intake, ID) ? ID : INTAKE_NO_COLUMN, id);
    cells_add(&cells, CELL_STR("id", id));
    cells_add(&cells, CELL_STR("scope", SCOPES[target.scope]));
    cells_add(&cells, CELL_STR("target_id", target.id));
    cells_add(&cells, CELL_STR("strength", STRENGTHS[strength->given ? strength->number : CLOSURE_HARD]));
    cells_add_span(&cells, intake, &span);
    cells_add_stored(&cells, intake);
    if (intake->row_errors == 0) {
        intake_put(intake, TABLE_CLOSURE, &cells);
    }
}

static const struct form_word SCOPE_FORMS[] = {
    {"room", "场地"}, {"hall", "礼堂"}, {"area", "区域"}, {NULL, NULL}};
static const struct form_word STRENGTH_FORMS[] = {
    {"hard", "硬"}, {"soft", "软"}, {"note", "备注"}, {NULL, NULL}};

/* In words when the importer reads the same rule back from them. */
static void show_rule(const struct showing *showing, const struct column_form *form, struct text *out)
{
    const char *stored = show_string(showing, form->stored);
    struct day_rule rule;
    struct day_rule again;
    struct text words;
    struct text canonical;
    struct text back;
    struct value value = VALUE_NONE;
    struct fault fault;
    struct value_context context = {.arena = &(struct arena){0}};
    text_init(&words, LIMIT_RULE_BYTES);
    text_init(&canonical, LIMIT_RULE_BYTES);
    text_init(&back, LIMIT_RULE_BYTES);
    bool is_read = *stored != '\0' && day_rule_parse(stored, &rule, NULL) == ERR_NONE;
    if (is_read) {
        day_rule_zh(&rule, &words);
        day_rule_format(&rule, &canonical);
        is_read =
            value_rule_text(&(struct value_rule){.max = 0}, text_string(&words), &context, &value, &fault) &&
            day_rule_parse(value.text, &again, NULL) == ERR_NONE;
    }
    if (is_read) {
        day_rule_format(&again, &back);
        is_read = strcmp(text_string(&canonical), text_string(&back)) == 0;
    }
    text_add(out, is_read ? text_string(&words) : stored);
    text_finish(&back);
    text_finish(&canonical);
    text_finish(&words);
    arena_finish(context.arena);
}

static const struct column_form FORMS[COLUMNS_END] = {
    [ID] = {.show = show_plain,
            .stored = "id",
            .help = "留空则自动编号 / empty: made from the row",
            .example = {"【示例】TY001", "【示例】TY002"}},
    [SCOPE] = {.show = show_word,
               .stored = "scope",
               .words = SCOPE_FORMS,
               .choice = CHOICE_WORDS,
               .help = "停用的是场地、整个礼堂还是整个区域 / what closes",
               .example = {"礼堂", "区域"}},
    [TARGET] = {.show = show_plain,
                .stored = "target_id",
                .choice = CHOICE_HALLS,
                .help = "它的编号、代码或名称 / its id, code or name",
                .example = {"示例文化礼堂", "331081105"}},
    [STRENGTH] = {.show = show_word,
                  .stored = "strength",
                  .words = STRENGTH_FORMS,
                  .choice = CHOICE_WORDS,
                  .help = "硬：不能用；软：尽量避开；备注：只提示；留空为硬 / hard, soft or note",
                  .example = {"硬", "软"}},
    [FROM] = {.show = show_plain,
              .stored = "from_date",
              .help = "第一天 / the first day",
              .example = {"2027-05-01", "2027-01-01"}},
    [TO] = {.show = show_plain,
            .stored = "to_date",
            .help = "最后一天，留空为一天 / the last day, empty: one day",
            .example = {"2027-05-02", "2027-12-31"}},
    [FROM_TIME] = {.show = show_minute,
                   .stored = "from_min",
                   .help = "每天从几点，留空为 0:00 / each day from",
                   .example = {NULL, "06:00"}},
    [TO_TIME] = {.show = show_minute,
                 .stored = "to_min",
                 .help = "每天到几点，留空为 24:00 / each day to",
                 .example = {NULL, "12:00"}},
    [RULE] = {.show = show_rule,
              .stored = "rule",
              .help = "只在其中某些天时填，如 逢三、八 / only some days of it",
              .example = {NULL, "农历逢三、八"}},
    [REASON] = {.help = "为什么 / why", .example = {"婚宴", "市日"}},
    [SOURCE] = {.help = "谁说的 / who said so", .example = {"礼堂管理员", "镇政府"}}};

static void show_target(const struct showing *showing, const struct column_form *form, struct text *out)
{
    (void)form;
    const char *scope = show_string(showing, "scope");
    const char *id = show_string(showing, "target_id");
    if (strcmp(scope, "area") == 0) {
        show_area_names(showing, id, out);
    } else if (strcmp(scope, "hall") == 0) {
        show_other(showing, TABLE_HALL, id, "name", out);
    } else {
        const struct stored_row *room = showing_find(showing, TABLE_ROOM, id);
        const struct stored_table *rooms = &showing->rows->tables[TABLE_ROOM];
        show_other(showing, TABLE_HALL, room == NULL ? "" : stored_cell(rooms, room, "hall_id").text, "name",
                   out);
        text_add(out, " ");
        show_other(showing, TABLE_ROOM, id, "name", out);
    }
}

static const struct info_column INFOS[] = {{INFO_MARK "对象名称", show_target, NULL}};

const struct kind KIND_CLOSURES = {.kind = IMPORT_CLOSURES,
                                   .columns = COLUMNS,
                                   .column_count = COLUMN_COUNT(COLUMNS),
                                   .any_of = {COLUMN_BIT(TARGET) | COLUMN_BIT(HALL) | COLUMN_BIT(ROOM) |
                                                  COLUMN_BIT(TOWNSHIP) | COLUMN_BIT(VILLAGE),
                                              COLUMN_BIT(STRENGTH) | COLUMN_BIT(RULE) | COLUMN_BIT(REASON) |
                                                  COLUMN_BIT(SCOPE) | COLUMN_BIT(ID)},
                                   .row = closure_row,
                                   .forms = FORMS,
                                   .infos = INFOS,
                                   .info_count = COLUMN_COUNT(INFOS),
                                   .shown = STORED_BIT(TABLE_CLOSURE) | STORED_BIT(TABLE_HALL) |
                                            STORED_BIT(TABLE_ROOM) | STORED_BIT(TABLE_AREA),
                                   .key = ID,
                                   .wholes = {COLUMN_BIT(SCOPE) | COLUMN_BIT(TARGET) | COLUMN_BIT(HALL) |
                                                  COLUMN_BIT(ROOM) | COLUMN_BIT(COUNTY) |
                                                  COLUMN_BIT(TOWNSHIP) | COLUMN_BIT(VILLAGE),
                                              COLUMN_BIT(FROM) | COLUMN_BIT(TO) | COLUMN_BIT(TIME) |
                                                  COLUMN_BIT(FROM_TIME) | COLUMN_BIT(TO_TIME)}};
