/* Areas: counties, townships and villages of one or several files, in any order. */
#include "base/vec.h"
#include "importers/kinds.h"

#include <stdlib.h>
#include <string.h>

enum {
    CODE,
    NAME,
    PARENT,
    LEVEL,
    CODE_SYSTEM,
    POPULATION,
    TRAVEL_CLASS,
    LAT,
    LON,
    LAT_GCJ,
    LON_GCJ,
    DATUM,
    COLUMNS_END
};

static const struct value_word LEVEL_WORDS[] = {
    {"city", AREA_CITY},       {"county", AREA_COUNTY}, {"township", AREA_TOWNSHIP},
    {"village", AREA_VILLAGE}, {"市", AREA_CITY},       {"县", AREA_COUNTY},
    {"区", AREA_COUNTY},       {"县级", AREA_COUNTY},   {"镇", AREA_TOWNSHIP},
    {"乡", AREA_TOWNSHIP},     {"街道", AREA_TOWNSHIP}, {"乡镇", AREA_TOWNSHIP},
    {"镇街", AREA_TOWNSHIP},   {"乡级", AREA_TOWNSHIP}, {"村", AREA_VILLAGE},
    {"社区", AREA_VILLAGE},    {"村级", AREA_VILLAGE},  {NULL, 0}};

static const struct column COLUMNS[COLUMNS_END] = {
    [CODE] = {"code", "代码",
              "!代码|!行政区划代码|!区划代码|!统计用区划代码|!区域代码|!areaid|!areacode|编号|id",
              COLUMN_REQUIRED, value_code, RULE_ID, STORE_BY_KIND, NULL, 0},
    [NAME] = {"name", "名称", "名称|区域名称|行政区划名称|区划名称|单位名称", COLUMN_REQUIRED, value_name,
              RULE_NAME, STORE_TEXT, NULL, 0},
    [PARENT] = {"parent_code", "上级代码", "!上级代码|!parent|!parentid|!父级代码|countycode|townshipcode",
                COLUMN_OPTIONAL, value_code, RULE_ID, STORE_BY_KIND, NULL, 0},
    [LEVEL] = {"level",
               "层级",
               "!层级|级别",
               COLUMN_OPTIONAL,
               value_word,
               {.words = LEVEL_WORDS},
               STORE_BY_KIND,
               NULL,
               0},
    [CODE_SYSTEM] = {"code_system",
                     "代码体系",
                     "!代码体系",
                     COLUMN_OPTIONAL,
                     value_name,
                     {.max = 32},
                     STORE_BY_KIND,
                     NULL,
                     0},
    [POPULATION] = {"population", "人口", "!人口|!常住人口", COLUMN_OPTIONAL, value_count,
                    RULE_COUNT(100000000), STORE_NUMBER, NULL, 0},
    [TRAVEL_CLASS] = {"travel_class", "交通类别", "!交通类别|!travelclassid", COLUMN_OPTIONAL, value_code,
                      RULE_ID, STORE_BY_KIND, NULL, 0},
    PLACE_COLUMNS(LAT, LON, LAT_GCJ, LON_GCJ, DATUM)};

/* A parent that was given: looked up once all rows are known, since files come in any order. */
struct parent {
    const struct sheet_row *row;
    const char *code;
};

static void keep_parent(struct intake *intake, const char *code)
{
    struct parent *parents = vec_reserve(intake->kept, &intake->kept_capacity, intake->kept_count + 1,
                                         sizeof *parents, LIMIT_IMPORT_ROWS);
    if (parents == NULL) {
        intake->failed = ERR_MEMORY;
        return;
    }
    intake->kept = parents;
    parents[intake->kept_count++] = (struct parent){intake->row, code};
}

/* The level by the number of digits of the official codes: 4 city, 6 county, 9 township, 12 village. */
static bool area_level_of(struct intake *intake, enum area_level *ret_level)
{
    const char *code = intake_text(intake, CODE);
    if (intake_value(intake, LEVEL)->given) {
        *ret_level = (enum area_level)intake_value(intake, LEVEL)->number;
        return true;
    }
    size_t length = strlen(code);
    bool is_digits = strspn(code, "0123456789") == length;
    if (!is_digits || (length != 4 && length != 6 && length != 9 && length != 12)) {
        intake_error(
            intake, CODE, CODE_BAD_CODE,
            "代码“%s”不是 4、6、9 或 12 位数字，看不出层级；请核对，或加“层级”列",
            "code \"%s\" does not have 4, 6, 9 or 12 digits, so its level is not known; check it or add a "
            "column \"level\"",
            code);
        return false;
    }
    *ret_level = length == 4   ? AREA_CITY
                 : length == 6 ? AREA_COUNTY
                 : length == 9 ? AREA_TOWNSHIP
                               : AREA_VILLAGE;
    return true;
}

static const char *parent_by_prefix(struct intake *intake, const char *code)
{
    static const size_t LENGTHS[] = {9, 6, 4};
    size_t length = strlen(code);
    for (size_t i = 0; i < sizeof LENGTHS / sizeof *LENGTHS; i++) {
        if (length > LENGTHS[i] && strspn(code, "0123456789") == length) {
            char *prefix = arena_copy_bytes(&intake->arena, code, LENGTHS[i]);
            if (prefix == NULL) {
                intake->failed = ERR_MEMORY;
            }
            return prefix;
        }
    }
    return NULL;
}

static void add_parent(struct intake *intake, struct cells *cells)
{
    const char *code = intake_text(intake, CODE);
    if (intake_value(intake, PARENT)->given) {
        cells_add(cells, CELL_STR("parent_id", intake_text(intake, PARENT)));
        keep_parent(intake, intake_text(intake, PARENT));
    } else if (intake_has(intake, PARENT) || timetable_find_area(intake->base, code) == NONE) {
        cells_add(cells, CELL_STR("parent_id", parent_by_prefix(intake, code)));
    }
}

static void area_row(struct intake *intake)
{
    static const char *const LEVEL_NAMES[] = {"city", "county", "township", "village"};
    enum area_level level = AREA_CITY;
    struct cells cells = {.count = 0};
    const char *code = intake_text(intake, CODE);
    if (!intake_value(intake, CODE)->given || !area_level_of(intake, &level)) {
        return;
    }
    intake_claim(intake, CODE, code);
    if (strcmp(code, intake_text(intake, PARENT)) == 0) {
        intake_error(intake, PARENT, CODE_CONFLICT, "上级代码“%s”就是本行代码",
                     "the parent \"%s\" is the area itself", code);
    }
    cells_add(&cells, CELL_STR("id", code));
    cells_add(&cells, CELL_STR("level", LEVEL_NAMES[level]));
    cells_add_stored(&cells, intake);
    cells_add_place(&cells, intake, &(struct place_columns){LAT, LON, LAT_GCJ, LON_GCJ, DATUM});
    if (intake_value(intake, CODE_SYSTEM)->given) {
        cells_add(&cells, CELL_STR("code_system", intake_text(intake, CODE_SYSTEM)));
    } else if (intake_has(intake, CODE_SYSTEM)) {
        cells_add(&cells, CELL_STR("code_system", "NBS"));
    }
    if (intake_value(intake, TRAVEL_CLASS)->given) {
        const char *travel_class = intake_text(intake, TRAVEL_CLASS);
        if (map_get(&intake->base->travel_class_ids, travel_class) == MAP_NONE) {
            intake_error(intake, TRAVEL_CLASS, CODE_UNKNOWN, "没有交通类别“%s”",
                         "there is no travel class \"%s\"", travel_class);
        }
        cells_add(&cells, CELL_STR("travel_class_id", travel_class));
    } else if (intake_has(intake, TRAVEL_CLASS)) {
        cells_add(&cells, CELL_NIL("travel_class_id"));
    }
    if (intake->row_errors == 0) {
        add_parent(intake, &cells);
        intake_put(intake, TABLE_AREA, &cells);
    }
}

static void area_finish(struct intake *intake)
{
    const struct parent *parents = intake->kept;
    for (size_t i = 0; i < intake->kept_count; i++) {
        if (map_get(intake->keys, parents[i].code) == MAP_NONE &&
            timetable_find_area(intake->base, parents[i].code) == NONE) {
            intake_warn_row(
                intake, parents[i].row, PARENT, CODE_UNKNOWN_PARENT,
                "上级“%s”不在表中也不在库中；已按原样保留，计算时按代码归到最近的上级",
                "parent \"%s\" is neither in the file nor in the database; kept as given, and counted "
                "under the nearest area by code",
                parents[i].code);
        }
    }
}

static const struct form_word LEVEL_FORMS[] = {
    {"city", "市"}, {"county", "县"}, {"township", "乡镇"}, {"village", "村"}, {NULL, NULL}};

static const struct column_form FORMS[COLUMNS_END] = {
    [CODE] = {.show = show_plain,
              .stored = "id",
              .help = "统计用区划代码，必须是文本 / the official code, as text",
              .example = {"【示例】331081105201"}},
    [NAME] = {.help = "全称 / full name", .example = {"示例村"}},
    [PARENT] = {.show = show_plain,
                .stored = "parent_id",
                .help = "留空则按代码前几位找上级 / empty: found by the code's first digits",
                .example = {"331081105"}},
    [LEVEL] = {.show = show_word,
               .stored = "level",
               .words = LEVEL_FORMS,
               .choice = CHOICE_WORDS,
               .help = "留空则按代码位数 / empty: by the number of digits",
               .example = {"村"}},
    [CODE_SYSTEM] = {.show = show_plain,
                     .stored = "code_system",
                     .help = "NBS 统计局，MCA 民政部 / whose code it is",
                     .example = {"NBS"}},
    [POPULATION] = {.help = "常住人口 / inhabitants", .example = {"1200"}},
    [TRAVEL_CLASS] = {.show = show_plain,
                      .stored = "travel_class_id",
                      .choice = CHOICE_TRAVEL_CLASSES,
                      .help = "海岛、山区等；留空同上级 / islands, hills; empty: as its parent"},
    [LAT] = {.show = show_degrees,
             .stored = "lat_e6",
             .help = "度，WGS-84 / degrees, WGS-84",
             .example = {"28.372100"}},
    [LON] = {.show = show_degrees,
             .stored = "lon_e6",
             .help = "度，WGS-84 / degrees, WGS-84",
             .example = {"121.386500"}},
    [DATUM] = {.help = "坐标不是 WGS-84 时填 GCJ-02 / GCJ-02 when they are not WGS-84"}};

static const struct info_column INFOS[] = {{INFO_MARK "上级", show_area_path, "parent_id"}};

const struct kind KIND_AREAS = {.kind = IMPORT_AREAS,
                                .columns = COLUMNS,
                                .column_count = COLUMN_COUNT(COLUMNS),
                                .row = area_row,
                                .finish = area_finish,
                                .forms = FORMS,
                                .infos = INFOS,
                                .info_count = COLUMN_COUNT(INFOS),
                                .shown = STORED_BIT(TABLE_AREA),
                                .key = CODE,
                                .wholes = {COLUMN_BIT(LAT) | COLUMN_BIT(LON) | COLUMN_BIT(LAT_GCJ) |
                                           COLUMN_BIT(LON_GCJ) | COLUMN_BIT(DATUM)}};
